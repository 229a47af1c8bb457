"""Whether two measured values can both hold: what they count, of when, within which bounds and rounding."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from dedupe import text as texts
from dedupe.facts import parts
from dedupe.facts.speech import DAYS, lexicon_of, roles

Row = Mapping[str, Any]
Quantity = Mapping[str, Any]

_ROUNDED = 0.05  # a round figure stands for no more than this share to either side: 2 billion for 1.9 to 2.1
_ROUND_FROM = 1000  # smaller whole numbers are counts: 40 dead are not 43
_INCLUDES = 30  # characters behind a number in which "including" stands
_BEHIND = 4  # words after a number among which the thing counted is looked for

_DATED = 2  # content words to either side of a date among which stands what happened then
_DATED_ALIKE = 0.65  # the same share of the longer one, where it is not sure that both are one fact
_DATED_SHARE = 0.45  # share of the shorter mention's content words that the other holds, for a date to be of one event


_OPENS = frozenset(
    ("that", "who", "which", "they", "he", "she", "it", "to", "as", "when", "while", "and", "dass", "que", "che")
)
"""Words behind a date at which another clause begins."""

_FAMILIES = (
    ("die kill dead death toll victim fatal casualti lives perish drown", True),
    ("injur hurt wound", True),
    ("arrest detain custodi", True),
    ("miss evacu displac rescu trap hospit", True),
    ("destroy damag burn", True),
    ("rise rose risen increas gain climb grow grew jump up", False),
    ("fall fell fallen declin drop decreas lose lost slump down", False),
)
"""Stems that say one thing of a number in different words, and whether such a number grows while an event goes on."""
_FAMILY = {stem: (n, grows) for n, (stems, grows) in enumerate(_FAMILIES) for stem in stems.split()}

_PERIOD = re.compile(
    r"\b(first|second|third|fourth|fifth|last|previous|1st|2nd|3rd|4th|january|february|march|april|may|june|july|august|"
    r"september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"erste[nrs]?|zweite[nrs]?|dritte[nrs]?|vierte[nrs]?|premier|deuxième|troisième|quatrième|primer|segundo|tercer|"
    r"cuarto|(?:19|20)\d\d)\b(?! of\b)",
    re.IGNORECASE,
)


_FEW = frozenset((2.0, 3.0, 4.0, 5.0))  # among how many a sum is told to be shared
_EACH = re.compile(
    r"\b(?:each|both|apiece|per|jeweils|beide[nr]?|chacune?|chaque|cada|ambos|ciascuno|ogni|elk|beide)\b", re.IGNORECASE
)
_PIECE_BEFORE = re.compile(r"\d $|(?<!\d)\d{1,3}, $|\d ?[:/] ?$")  # "0700 123 456", "150, 000", "8: 20 PM"
_PIECE_BEHIND = re.compile(r" ?[:/] ?\d|,? \d|,\d| ?[ap]\.? ?m\b| ?(?:GMT|UTC|BST|CET|[ECMP][SD]T)\b", re.IGNORECASE)


class Clash(NamedTuple):
    """Two values of one thing. ``holds`` is true where both can be: "at least 12" and 14. ``grows``: it may yet.

    ``told``: the same is said of what both count, not only what it is called.
    """

    one: Quantity
    other: Quantity
    holds: bool
    grows: bool
    told: bool = True


def clashes(left: Row, right: Row, sentence: Callable[[Row], Sequence[Row]] | None = None) -> Iterable[Clash]:
    """Pairs of values, one of each mention, of one kind and unit that measure the same thing and differ.

    A value that agrees with any of the other mention is in no clash ("by 120 votes to 80").

    Args:
        left: A mention: text, begin, quantities, language.
        right: Another one.
        sentence: Gives the mentions of a mention's sentence, in which its day and hour may stand; null: the mention.
    """
    if _other_time(*([row] if sentence is None else sentence(row) for row in (left, right))):
        return
    ours, theirs = ([q for q in row["quantities"] or [] if q["kind"] not in {"score", "time"}] for row in (left, right))
    for one in ours:
        same = [other for other in theirs if (other["kind"], other["unit"]) == (one["kind"], one["unit"])]
        if _partial(left, one) or _unanchored(ours, theirs, one):
            continue
        if any(equal(one, other) or (_range(other) and may_agree(one, other)) for other in same) or _part(one, theirs):
            continue
        for other in same:
            like = [mine for mine in ours if (mine["kind"], mine["unit"]) == (one["kind"], one["unit"])]
            agrees = any(equal(mine, other) or (_range(mine) and may_agree(mine, other)) for mine in like)
            if agrees and (len(like) > 1 or not _range(one)):
                continue
            if _partial(right, other) or _part(other, ours):
                continue
            if _apiece(left, one, right, other) or counted_in(left, one, other) or counted_in(right, other, one):
                continue
            grows = _one_thing(left, one, right, other)
            if grows is not None:
                told = one["kind"] == "date" or bool(_beside(left, one)[1] & _beside(right, other)[1])
                yield Clash(one, other, may_agree(one, other), grows, told)


def _unanchored(ours: Sequence[Quantity], theirs: Sequence[Quantity], one: Quantity) -> bool:
    """Whether both mentions give several values of one unit and agree on none: they count other things."""
    like = [[q for q in told if (q["kind"], q["unit"]) == (one["kind"], one["unit"])] for told in (ours, theirs)]
    return min(map(len, like)) > 1 and not any(equal(x, y) for x in like[0] for y in like[1])


def size(quantity: Quantity) -> float:
    """What a quantity is ordered by: its value, else a bound."""
    return float(next((quantity[key] for key in ("value", "high", "low") if quantity[key] is not None), 0.0))


def _range(quantity: Quantity) -> bool:
    """Whether a quantity is from one value to another, not a bound to one side."""
    return quantity["value"] is None and quantity["low"] is not None and quantity["high"] is not None


def _partial(row: Row, quantity: Quantity) -> bool:
    """Whether a number counts some of a whole ("three of the foreigners"), or is a piece of an hour or a telephone."""
    text, (begin, end) = str(row["text"]), _place(row, quantity)
    if quantity["kind"] != "date" and (_PIECE_BEFORE.search(text, 0, begin) or _PIECE_BEHIND.match(text, end)):
        return True
    return quantity["kind"] == "number" and parts.partial(text, begin, end, row.get("language") or "en")


def _apiece(left: Row, one: Quantity, right: Row, other: Quantity) -> bool:
    """Whether one value is what each of a few got of the other: "$5,000 to both", "$10,000"."""
    small, large = sorted((size(one), size(other)))
    if small <= 0 or round(large / small, 6) not in _FEW:
        return False
    return any(_EACH.search(str(row["text"])) is not None for row in (left, right))


def counted_in(row: Row, quantity: Quantity, other: Quantity) -> bool:
    """Whether a count holds one that another leaves out: "five dead, including the driver", "killed four"."""
    text, (_, end) = str(row["text"]), _place(row, quantity)
    behind = text[end : end + _INCLUDES]
    told = [texts.normal(behind[begin:stop]) for begin, stop in texts.words(behind)]
    return size(quantity) - size(other) == 1 and parts.includes(told, row.get("language") or "en")


def _part(quantity: Quantity, others: Iterable[Quantity]) -> bool:
    """Whether a plain number of the other mention is the same: "18 years", "18 of his 27 years"."""
    return any(
        other["kind"] == "number" and other["value"] is not None and other["value"] == quantity["value"]
        for other in others
    )


def equal(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities say the same, one of them rounded perhaps: 14 and 14.3 percent, 2 and 1.96 billion."""
    a, b = one["value"], other["value"]
    if a is None or b is None:
        return (one["low"], one["high"]) == (other["low"], other["high"])
    return bool(abs(a - b) <= max(_half(one), _half(other)))


def may_agree(one: Quantity, other: Quantity) -> bool:
    """Whether some value lies within both: "at least 12" and 14, "dozens" and 36, "between 10 and 20" and 15."""
    (low_a, high_a), (low_b, high_b) = _bounds(one), _bounds(other)
    return low_a <= high_b and low_b <= high_a


def _bounds(quantity: Quantity) -> tuple[float, float]:
    value, low, high = quantity["value"], quantity["low"], quantity["high"]
    room = 0.0 if value is None else _half(quantity)
    if low is None and high is None and value is None:
        return -math.inf, math.inf
    return (-math.inf if low is None else low - room), (math.inf if high is None else high + room)


def _half(quantity: Quantity) -> float:
    """Half a unit of the last digit that a value is given to: what rounding can have taken away."""
    value = abs(quantity["value"])
    if quantity["kind"] == "date" or value == 0:
        return 0.0
    whole = value == int(value)
    if whole and value < _ROUND_FROM:
        # A percentage or a sum without decimals is rounded; a count is exact.
        return 0.5 if quantity["unit"] is not None and quantity["kind"] != "number" else 0.0
    if whole:
        digits = str(int(value))
        return float(min(0.5 * 10.0 ** (len(digits) - len(digits.rstrip("0"))), _ROUNDED * value))
    decimals = len(f"{value:.6f}".rstrip("0").split(".")[1])
    return 0.5 * 10.0**-decimals


def _other_time(left: Sequence[Row], right: Sequence[Row]) -> bool:
    """Whether two sentences speak of different times: "in May" and "in June", "by 11 p.m." and "at 2 a.m."."""
    if not any(q["kind"] not in {"date", "time"} for row in left for q in row["quantities"] or []):
        return False
    for kind in ("date", "time"):
        told = [{(q["low"], q["high"]) for row in rows for q in row["quantities"] or []
                 if q["kind"] == kind and q["value"] is not None} for rows in (left, right)]  # fmt: skip
        if all(told) and not told[0] & told[1]:
            return True
    said = [{found.casefold() for row in rows for found in _PERIOD.findall(row["text"])} for rows in (left, right)]
    return all(said) and not said[0] & said[1]


def _one_thing(left: Row, one: Quantity, right: Row, other: Quantity) -> bool | None:
    """Whether two numbers count one thing, told by the words beside them; if so, whether the count can grow."""
    if one["kind"] == "date":
        return False
    beside = [_beside(left, one), _beside(right, other)]
    heads = [head for head, _ in beside]
    if one["kind"] == "number" and all(heads) and heads[0] != heads[1]:
        return None
    shared = beside[0][1] & beside[1][1]
    families = [{mark for mark in said if mark[0] == "#"} for _, said in beside]
    if all(families) and not families[0] & families[1]:
        return None  # killed 4 people, injured 20 people
    if not shared and (not heads[0] or heads[0] != heads[1]):
        return None
    return any(n < len(_FAMILIES) and _FAMILIES[n][1] for n in (_number(mark) for mark in shared))


def alike(left: Row, one: Quantity, right: Row, other: Quantity) -> bool:
    """Whether two quantities of one unit are of the same thing, as far as the words beside them say."""
    if one["kind"] == "date":
        return bool(_acts(left, _place(left, one)) & _acts(right, _place(right, other)))
    return _one_thing(left, one, right, other) is not None


def _number(mark: str) -> int:
    return int(mark[1:]) if mark.startswith("#") else len(_FAMILIES)


def _beside(row: Row, quantity: Quantity) -> tuple[str, set[str]]:
    """The stem of what is counted, and what is said of it: the nearest content word before, the ones right after."""
    text, language = str(row["text"]), row.get("language") or "en"
    begin, end = quantity["begin"] - row["begin"], quantity["end"] - row["begin"]
    before = texts.content_stems(text[max(0, begin - 60) : max(0, begin)], language)
    after = texts.content_stems(text[end:], language)[:_BEHIND]
    before, after = ([stem for stem in part if not stem[0].isdigit() and not _PERIOD.fullmatch(stem)]
                     for part in (before, after))  # fmt: skip
    head = after[0] if after and quantity["kind"] == "number" else ""
    near = [*before[-1:], *after[1:2]] if head else [*before[-2:], *after[:1]]
    # Only what has a family is read further off, the nearest one: "12 people, among them two children, died".
    families = [(n, stem) for part in (before[::-1], after) for n, stem in enumerate(part) if stem in _FAMILY]
    near += [stem for _, stem in sorted(families)[:1]]
    return head, {f"#{_FAMILY[stem][0]}" if stem in _FAMILY else stem for stem in near}


def _place(row: Row, quantity: Quantity) -> tuple[int, int]:
    return max(0, quantity["begin"] - row["begin"]), max(0, quantity["end"] - row["begin"])


def one_event(left: Row, one: Quantity, right: Row, other: Quantity, *, sure: bool = True) -> bool:
    """Whether two days are days of one thing: written differently, beside the same word that is no name or office."""
    spans = _place(left, one), _place(right, other)
    written = [str(row["text"])[slice(*span)].casefold() for row, span in ((left, spans[0]), (right, spans[1]))]
    days = [{q["low"] for q in row["quantities"] or [] if q["kind"] == "date"} for row in (left, right)]
    if (one["value"] is None) != (other["value"] is None):
        return False  # a year, a day
    if set(written[0].split()) <= set(written[1].split()) or set(written[1].split()) <= set(written[0].split()):
        return False  # "May", "May 2016"
    if len(days[0] - days[1]) > 1 or len(days[1] - days[0]) > 1:
        return False
    stems = [set(texts.content_stems(row["text"], row.get("language") or "en")) for row in (left, right)]
    needed = _DATED_SHARE * min(map(len, stems)) if sure else _DATED_ALIKE * max(map(len, stems))
    if len(stems[0] & stems[1]) < max(2, needed):
        return False
    return bool(_acts(left, spans[0]) & _acts(right, spans[1]))


def _acts(row: Row, span: tuple[int, int]) -> set[str]:
    """Stems of the words beside a date that are no names, offices, days or verbs of saying."""
    text, language = str(row["text"]), row.get("language") or "en"
    idle = texts.STOP.get(language, frozenset()) | roles(language) | DAYS
    idle |= lexicon_of(language).says if language in texts.LANGUAGES else frozenset()  # one speaks on many days
    names = {word for name in row["names"] or [] for word in name.split()}
    words = [(text[begin:end], begin) for begin, end in texts.words(text) if text[begin - 1 : begin] not in {"@", "#"}]
    plain = [(word, begin) for word, begin in words if word.lower() not in idle and not word[0].isdigit()]
    near = [word for word, begin in plain if begin < span[0]][-_DATED:]
    stop = next((begin for word, begin in words if begin >= span[1] and word.lower() in _OPENS), len(text))
    near += [word for word, begin in plain if span[1] <= begin < stop][:_DATED]
    return {texts.stem(word, language) for word in near if word not in names and not word[0].isupper()}
