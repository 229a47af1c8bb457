"""Numbers, money, percents, measures, durations, dates: what a text measures, with value, bounds and unit.

`value` is what the text states, `low` and `high` bound what it asserts; null is open or not stated:

| text | value | low | high |
|---|---|---|---|
| "12", "$50 billion" | v | v | v |
| "at least 12", "more than 12" | v | v | null |
| "up to 12", "fewer than 12" | v | null | v |
| "nearly 12" | v | v - 10 % | v |
| "about 12" | v | v - 10 % | v + 10 % |
| "from 7 % to 9 %" | null | 7 | 9 |
| "hundreds of millions" | null | 2e8 | 1e9 |
| "nine-figure" | null | 1e8 | 1e9 |
| a month, a year, last week | null | first day | last day |
| "02/03/04" | null | null | null |

Kinds and units: money (ISO 4217), percent ("%"; "pp" percentage points, "bp" basis points), duration (second ...
decade), measure (km, GW, ...), date ("day": days since 1970-01-01), time ("hour" of the local day), score (low:high as
written), number (no unit). A version like "1.2.3", an ordinal, or a number inside a name ("F-16") is no quantity.
"""

import datetime as dt
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dedupe import text as texts
from dedupe.facts import dates
from dedupe.facts.amounts import DIGITS, LEADS, Amount, Grammar, amount_at, grammar_of, unit_at
from dedupe.facts.numerals import count, small

_NEAR = 0.1  # "about", "nearly": a tenth either way; looser words than the rounding of news figures need no finer bound


@dataclass(frozen=True, slots=True)
class Quantity:
    """One measured thing in a text; begin and end are offsets in it (half-open code points)."""

    kind: str
    value: float | None
    low: float | None
    high: float | None
    unit: str | None
    begin: int
    end: int


_VAGUE = re.compile(
    r"\b(?:(tens|dozens|scores|hundreds|thousands|millions|billions|trillions)"
    r"(?: of (thousands|millions|billions|trillions))?"
    r"(?: (?:of|in) (?:U\.?S\.? )?(dollars|euros|pounds|yen|yuan|rupees))?)\b",
    re.IGNORECASE,
)
_VAGUE_SIZE = {
    "tens": (20, 100), "dozens": (24, 120), "scores": (40, 200), "hundreds": (200, 1e3),
    "thousands": (2e3, 1e6), "millions": (2e6, 1e9), "billions": (2e9, 1e12), "trillions": (2e12, 1e15),
}  # fmt: skip
_FIGURE = re.compile(r"\b(four|five|six|seven|eight|nine|ten|eleven|twelve)-figure\b", re.IGNORECASE)
_FIGURES = {"four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}
_FRACTION = re.compile(
    r"\b(?:(a|one|two|three|four)[ -](third|quarter|fifth|tenth|half|thirds|quarters|fourths|fifths|tenths)"
    r"(?= of\b| the\b)"
    r"|(two|three|four|one)-(thirds?|quarters?|fourths?|fifths|tenths?)|half(?= of\b| the\b| its\b| their\b| a million)"
    r"|(one|two|three|four|nine|\d{1,6}) (?:in|out of) (?:every )?"
    r"(three|four|five|six|seven|eight|nine|ten|10|20|100))\b",
    re.IGNORECASE,
)
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10}
_SCORE = re.compile(
    r"(?<![\w.,$/:-])(\d{1,3})[-–](\d{1,3})(?!\w|[-–]\d|[.,]\d"
    r"| ?(?:percent|per cent|%|million|billion|years?|days?|miles?)\b)"
)
_COLON = re.compile(r"(?<![\w.,$/:-])(\d{1,2}):(\d)(?![\d:]|[.,]\d)")  # "2:1" in German
_SCORING = re.compile(
    r"\b(?:vote|voted|won|win|beat|lost|lose|loss|lead|led|victory|defeat|score|passed|decision|tie|ruling|majority|\d:\d"
    r"|victoire|défaite|battu|bat|gagné|nul|victoria|derrota|empate|gana|ganó|venció|perdió|vittoria|sconfitta|pareggio|batte"
    r"|vince|wint|verliest|verloor|gelijk|zege|nederlaag|versloeg|vitória|venceu|perdeu|placar)\b",
    re.IGNORECASE,
)
_VAGUE_MONEY = {"dollars": "USD", "euros": "EUR", "pounds": "GBP", "yen": "JPY", "yuan": "CNY", "rupees": "INR"}
_PHRASES = frozenset(
    {*_VAGUE_SIZE, *_FIGURES, *small("en"), "half", *(part + end for part in _PARTS for end in ("", "s"))} - {"a"}
)
_DESIGNATED = re.compile(
    r"(?:Proposition|Prop\.|Section|Article|Chapter|Title|Flight|Room|Channel|Route|Highway|Interstate|Boeing|Airbus|Apollo"
    r"|Windows|Resolution|Amendment|Phase|Level|Grade|District|Ward|Precinct|Terminal|Pier|Platform|Area|Figure|Fig\."
    r"|Volume|Vol\.|Episode|No\.|Bill|Rule|Act|Form|Group|Bowl|H\.R\.|HB|SB|Formula|Catch|S&P|FTSE|CAC|DAX|Nikkei"
    r"|Nasdaq|Russell|Fortune|ASX|Stoxx) ?$"
)
_MODEL = re.compile(r"\b(?:the|its|a|an|his|her|their|of) [A-Z]\w+ $")
_ADDRESS = re.compile(
    r" (?:[NSEW]\.? )?(?:[A-Z][\w.]+ ){1,3}(?:St|Ave|Avenue|Street|Road|Rd|Blvd|Boulevard|Drive|Lane|Highway|Parkway)\b"
)
_INSIDE = re.compile(r"[a-z,] $")
_HALF = re.compile(r"\s?(a\.?m|p\.?m)\b\.?", re.IGNORECASE)
_HOURS = 12
_LINK = re.compile(r" (?:de|di|d['’]) ?")
_TRAIL = re.compile(r"\+|-plus\b| or (?:more|fewer|less|so|higher|above|below)\b| and (?:over|above)\b")


def find(text: str, published_at: dt.date | None = None, language: str | None = "en") -> list[Quantity]:
    """Quantities of a text in order of their begin; none overlaps another.

    Args:
        text: A sentence or a whole text.
        published_at: The day that "on Tuesday" and "March 3" are resolved against; null leaves them without a value.
        language: Of number and month names and of the decimal sign; an unsupported or unknown one reads digits as
        English
            does and no words.

    Cost: linear; 12,000 articles (72 MB) take about 20 s.
    """
    spans = texts.words(text)
    lower = [text[begin:end].lower() for begin, end in spans]
    marked = [i for i, word in enumerate(lower) if marks(word, language)]
    return find_in(text, [begin for begin, _ in spans], lower, marked, published_at=published_at, language=language)


def find_in(
    text: str, begins: Sequence[int], lower: Sequence[str], marked: Sequence[int], *, published_at: dt.date | None,
    language: str | None,
) -> list[Quantity]:  # fmt: skip
    """`find` for a text whose words are known: where they begin, in lower case, and which of them `marks`."""
    grammar = grammar_of(language)
    if grammar.elided:
        begins, lower, marked = _parted(begins, lower, marked, _triggers(language))
    moments = dates.find(
        text, begins, lower, marked, published=published_at, names=grammar.dates, english=grammar.english
    )
    units = {"date": "day", "time": "hour"}
    found = [Quantity(m.kind, m.value, m.low, m.high, units[m.kind], m.begin, m.end) for m in moments]
    phrases = _PHRASES if grammar.english else frozenset()
    position = 0  # dates and phrases win over the plain numbers in them, so numbers are read where those leave room
    taken = {moment.begin: moment.end for moment in moments}
    for i in marked:
        begin, word = begins[i], lower[i]
        position = max(position, taken.get(begin, 0))
        if begin < position:
            continue
        quantity = _phrase(text, begins, i, position) if word in phrases else _vague(text, begin, grammar)
        if quantity is None and (word[0] in DIGITS or word in grammar.starts):
            quantity = _score(text, begin) or _number(text, begin, grammar)
        if quantity:
            found.append(quantity)
            position = quantity.end
    found.sort(key=lambda quantity: (quantity.begin, -quantity.end))
    kept: list[Quantity] = []
    for quantity in found:
        if not kept or quantity.begin >= kept[-1].end:
            kept.append(quantity)
    return kept


def _parted(
    begins: Sequence[int], lower: Sequence[str], marked: Sequence[int], triggers: frozenset[str]
) -> tuple[list[int], list[str], list[int]]:
    """Words with an elided article as two, where a number or a date may begin behind it: "dell'8", "d'un million"."""
    left, right, places = list(begins), list(lower), []
    for i in marked:
        at = i + len(left) - len(begins)  # those before it that were parted have pushed it on
        word = lower[i]
        rest = _elided(word)
        if rest and word not in triggers and _begins(rest, triggers):
            cut = len(word) - len(rest)
            left[at : at + 1] = begins[i], begins[i] + cut
            right[at : at + 1] = word[:cut], rest
            places += [at, at + 1] if _begins(word[:cut], triggers) else [at + 1]
        else:
            places.append(at)
    return left, right, places


def _elided(word: str) -> str:
    """What stands behind the last apostrophe of a word; nothing where there is none."""
    cut = max(word.find("'"), word.find("’")) + 1
    return word[cut:] if cut else ""


def _begins(word: str, triggers: frozenset[str]) -> bool:
    return word in triggers or word[0] in DIGITS


def marks(word: str, language: str | None) -> bool:
    """Whether a lower-case word may begin a quantity, or hold a date."""
    triggers = _triggers(language)
    rest = _elided(word) if grammar_of(language).elided else ""
    return _begins(word, triggers) or (rest != "" and _begins(rest, triggers))


@functools.cache
def _triggers(language: str | None) -> frozenset[str]:
    grammar = grammar_of(language)
    return grammar.triggers | (_PHRASES if grammar.english else frozenset())


def _number(text: str, begin: int, grammar: Grammar) -> Quantity | None:
    first = amount_at(text, begin, grammar)
    if first is None or (begin > 1 and text[begin - 1] in grammar.glue and text[begin - 2].isalnum()):
        return None
    if grammar.english and _names(text, first):
        return None
    return _ranged(text, first, grammar) or _bounded(text, first, grammar)


def _names(text: str, amount: Amount) -> bool:
    """Whether a number is part of a name or address: "Section 230", "#42", "200 Main Street", "Three Rivers"."""
    if amount.kind != "number" or amount.scale != 1.0:
        return False
    behind = text[amount.end : amount.end + 40]
    if amount.spelled:
        return (
            text[amount.begin].isupper()
            and bool(_INSIDE.search(text, max(0, amount.begin - 2), amount.begin))
            and (behind[:1] == " " and behind[1:2].isupper())
        )
    before = text[max(0, amount.begin - 24) : amount.begin]
    listed = behind.startswith(". ") and (not before or before.endswith("\n"))
    return (
        listed
        or before.endswith("#")
        or bool(_MODEL.search(before) or _DESIGNATED.search(before) or _ADDRESS.match(behind))
    )


def _ranged(text: str, first: Amount, grammar: Grammar) -> Quantity | None:
    """As in "from 7 % to 9 %", "$5-6 million", "between two and three years"."""
    joint = grammar.joint.match(text, first.end)
    if joint is None:
        return None
    start = joint.end()
    while start < len(text) and text[start] in "$€£¥₹":
        start += 1
    second = amount_at(text, start, grammar) if start < len(text) else None
    if second is None:
        return None
    lead = grammar.before.search(text, max(0, first.begin - 16), first.begin)
    led = lead is not None and lead["phrase"].lower() in LEADS
    if second.spelled and second.value == 1 and second.scale == 1.0:
        return None  # "$ 82 miljard en een ...": an article
    word = joint["word"].lower()
    if word in {"and", "und", "et", "y", "e", "en"} and not led:
        return None
    kind, unit = (second.kind, second.unit) if first.kind == "number" else (first.kind, first.unit)
    if second.kind not in {kind, "number"} or (second.kind == kind and second.unit not in {unit, None}):
        return None
    scale_one = second.scale if first.scale == 1.0 and first.value < 1000 else first.scale
    scale_two = (
        first.scale if second.scale == 1.0 and second.kind == "number" and first.kind != "number" else second.scale
    )
    one, two = first.value * scale_one, second.value * scale_two
    half = _HALF.match(text, second.end) if kind == "number" and grammar.english else None
    if half and max(one, two) <= _HOURS:
        noon = _HOURS if half[1][0] in "pP" else 0
        hours = [hour % _HOURS + noon for hour in (one, two)]
        return Quantity("time", None, min(hours), max(hours), "hour", first.begin, half.end())
    if one > two and not led:
        return None
    begin = first.begin
    return Quantity(kind, None, min(one, two), max(one, two), unit, begin, second.end)


def _bounded(text: str, amount: Amount, grammar: Grammar) -> Quantity | None:
    value = amount.value * amount.scale
    if amount.kind == "number" and amount.spelled and value <= 1:
        return None  # "ein", "medio": an article, an adjective
    before = grammar.before.search(text, max(0, amount.begin - 24), amount.begin)
    phrase = before["phrase"].lower() if before else ""
    bound = grammar.bound.get(phrase, "")
    begin = before.start() if before and bound else amount.begin
    low: float | None = value
    high: float | None = value
    end = amount.end
    trail = _TRAIL.match(text, end)
    if trail:
        end = trail.end()
        word = trail.group().split()[-1]
        bound = "at_most" if word in {"fewer", "less", "below"} else "about" if word == "so" else "at_least"
    if bound in {"at_least", "more"}:
        high = None
    elif bound in {"at_most", "less"}:
        low = None
    elif bound == "nearly":
        low = value * (1 - _NEAR)
    elif bound == "about":
        low, high = value * (1 - _NEAR), value * (1 + _NEAR)
    return Quantity(amount.kind, value, low, high, amount.unit, begin, end)


def _phrase(text: str, begins: Sequence[int], i: int, position: int) -> Quantity | None:
    """As in "hundreds of millions of dollars", "nine-figure", "a third of", "one in five"."""
    begin = begins[i]
    before = begins[i - 1] if i and begins[i - 1] >= position else begin
    if match := _VAGUE.match(text, begin):
        low, high = _VAGUE_SIZE[match[1].lower()]
        if match[2]:
            size = _VAGUE_SIZE[match[2].lower()][0] / 2
            low, high = low * size, high * size
        unit = _VAGUE_MONEY[match[3].lower()] if match[3] else None
        return Quantity("money" if unit else "number", None, low, high, unit, *match.span())
    if match := _FIGURE.match(text, begin):
        digits = _FIGURES[match[1].lower()]
        return Quantity("number", None, 10.0 ** (digits - 1), 10.0**digits, None, *match.span())
    match = _FRACTION.match(text, begin) or (_FRACTION.match(text, before) if before < begin else None)
    return _fraction(match) if match else None


def _vague(text: str, begin: int, grammar: Grammar) -> Quantity | None:
    """As in "des centaines de millions d'euros", "la moitié": phrases of languages other than English."""
    match = grammar.phrase.match(text, begin) if grammar.phrase else None
    if match is None:
        return None
    kind, low, high = grammar.phrases[match.group().lower()]
    if kind == "percent":
        return Quantity(kind, low, low - 1, low + 1, "%", *match.span())
    end, size, unit = match.end(), 1.0, None
    link = _LINK.match(text, end)
    if scaled := grammar.scale.match(text, link.end() - 1 if link else end):
        size, end = grammar.scales[scaled["name"].lower()], scaled.end("name")
    if follow := unit_at(text, end, grammar):
        kind, unit, end = follow if follow[0] == "money" else (kind, unit, end)
    return Quantity(kind, None, low * size, high * size, unit, begin, end)


def _fraction(match: re.Match[str]) -> Quantity | None:
    upper = count(match[5] or match[1] or match[3] or "one")
    part = (match[2] or match[4] or "half").lower()
    lower = count(match[6]) if match[6] else _PARTS[part.removesuffix("s")]
    value = 100.0 * upper / lower
    return Quantity("percent", value, value - 1, value + 1, "%", *match.span()) if upper < lower else None


def _score(text: str, begin: int) -> Quantity | None:
    """As in "a 219-211 vote", "won 3-1": two numbers that are no range."""
    match = _SCORE.match(text, begin) or _COLON.match(text, begin)
    if match is None:
        return None
    one, two = float(match[1]), float(match[2])
    near = text[max(0, begin - 30) : match.end() + 20]
    return Quantity("score", None, one, two, None, *match.span()) if one >= two or _SCORING.search(near) else None
