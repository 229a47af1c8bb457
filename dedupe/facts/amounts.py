"""A number where it stands: its digits or words, the scale behind it, the currency or unit around it.

Number words, scales, currencies and units of the supported languages are in `quantities.json`.
"""

import functools
import re
from dataclasses import dataclass, replace

from dedupe.facts import dates
from dedupe.facts.numerals import amount, data, either

_ARTICLE = r"(?:(?:an?|the|les|der|die|den|il|lo|la|i|gli|el|los|las|del|os?|as|de|het) |l['’])?"
_ELIDED = frozenset(("fr", "it"))
_HALF = re.compile(r" (?:et demie?|y medi[oa]|e mezz[oa]|e mei[oa])\b", re.IGNORECASE)  # "un million et demi"
_LONGEST = 24  # digits of a number at most: a longer one is a serial number
_MYRIAD = re.compile(r"[ \u00a0]?[万萬億亿兆千百만억조]")  # scales of scripts whose numbers are not read
DIGITS = frozenset("0123456789")  # other digits (Arabic-Indic, ...) are left to the words around them
LEADS = {"between", "from", "zwischen", "von", "entre", "de", "tra", "da", "van", "tussen"}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what stands around it: currency before, scale and unit behind."""

    value: float
    scale: float
    kind: str
    unit: str | None
    begin: int
    end: int
    spelled: bool


@dataclass(frozen=True, slots=True)
class Grammar:
    """Number words, units and patterns of one language."""

    language: str
    english: bool
    elided: bool  # an article may be written together with a number: "dell'8 %"
    glue: str  # signs that, behind a letter or digit, make a number a part of something else
    decimal: str
    small: dict[str, float]
    scales: dict[str, float]
    units: dict[str, tuple[str, str]]
    symbols: dict[str, str]
    symbol: re.Pattern[str]
    digits: re.Pattern[str]
    spelled: re.Pattern[str]
    starts: frozenset[str]
    triggers: frozenset[str]
    scale: re.Pattern[str]
    ordinal: re.Pattern[str]  # what makes digits an ordinal ("16. Jahrhundert"); "16th" is told by its letters
    unit: re.Pattern[str]
    before: re.Pattern[str]
    bound: dict[str, str]
    joint: re.Pattern[str]
    phrases: dict[str, tuple[str, float, float]]  # "centaines": number, 200, 1000; "la moitié": percent, 50, 50
    phrase: re.Pattern[str] | None
    dates: dates.Calendar


@functools.cache
def grammar_of(language: str | None) -> Grammar:
    """The grammar of a language; of an unsupported or unknown one, digits as English writes them and no words."""
    if language not in data()["languages"]:
        return digits_only()
    common, own = data()["common"], data()["languages"][language]
    english = language == "en"
    units: dict[str, tuple[str, str]] = {"%": ("percent", "%")}
    for word, unit in common["measures"].items():
        units[word.lower()] = ("measure", unit)
    for word in own["percent"]:
        name, _, unit = word.partition(":")
        units[name] = ("percent", unit or "%")
    units.update({word: ("duration", unit) for word, unit in own["durations"].items()})
    units.update({word: ("money", unit) for word, unit in own["currencies"].items()})
    units.update({code.lower(): ("money", "CNY" if code == "RMB" else code) for code in common["codes"]})
    if not english:  # "30.000 $", "10 millones de US$"
        units.update({sign.lower(): ("money", code) for sign, code in common["symbols"].items() if sign != "Fr."})
    scales = dict(own["scales"])
    digits = (
        r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,2}(?:,\d{2})+,\d{3}|\d+(?:\.\d+)?"
        if english
        else r"\d{1,3}(?:['’]\d{3})+(?:\.\d+)?|\d{1,3}(?:[.\u00a0\u202f]\d{3})+(?:,\d+)?"
        r"|\d{1,3}(?: \d{3})+(?:,\d+)?(?!\d)|\d+(?:,\d+)?|\d+\.\d{1,2}(?!\d)"
    )
    small = either(own["small"])
    long_scales = either(name for name in scales if len(name) > 2)
    link = r"[ -]|(?<=hundred)[ -]and[ -]|(?<=thousand)[ -]and[ -]|(?<=million)[ -]and[ -]"
    spelled = rf"(?:{small})(?:(?:{link})(?:{small}|{long_scales}))*\b"
    if english:
        spelled = rf"(?:(?:a|half a) (?:hundred|thousand|million|billion|trillion|dozen)|dozen)\b|{spelled}"
    symbols = common["symbols"]
    bound = {
        phrase: name for name in ("at_least", "more", "at_most", "less", "nearly", "about") for phrase in own[name]
    }
    days = dates.calendar_of(
        language,
        (tuple(own["months"]), tuple(own["short"]), tuple(own["weekdays"]), tuple(own["relative"].items())),
        tuple(own["month_after"]),
        tuple(own["durations"].items()),
    )
    phrases = {word: ("number", float(low), float(high)) for word, (low, high) in own["vague"].items()}
    phrases |= {word: ("percent", float(share), float(share)) for word, share in own["fractions"].items()}
    first = {word.split()[0].split("-")[0] for word in (*own["small"], *phrases)}
    starts = frozenset(first | ({"half", "dozen", "a"} if english else set()))
    return Grammar(
        language=str(language),
        english=english,
        elided=language in _ELIDED,
        glue="-–.,/:_" if language in _ELIDED else "-–.,’'/:_",
        decimal="." if english else ",",
        small=own["small"],
        scales=scales,
        units=units,
        symbols=symbols,
        symbol=re.compile(rf"(?:{either(symbols)}|\b(?:{either(common['codes'])}))[ \u00a0]?$"),
        digits=re.compile(rf"(?:{digits})(?![.,/:]?\d)"),
        spelled=re.compile(spelled, re.IGNORECASE),
        starts=starts,
        triggers=starts | days.triggers | (dates.PHRASES if english else frozenset()),
        ordinal=re.compile(r"\. (?:[A-ZÄÖÜ][a-zäöüß]|[a-zäöüß])" if language == "de" else r"[ºª°](?!C|F)"),
        scale=re.compile(rf"[ \u00a0-]?(?P<name>{either(scales)})\b\.?(?: d['’]| de | of )?", re.IGNORECASE),
        unit=re.compile(
            rf"(?P<gap>[ \u00a0-]?)(?:U\.?S\.?[ -]|US-|American )?(?P<name>{either(units)})(?![^\W_])", re.IGNORECASE
        ),
        before=re.compile(
            rf"\b(?P<phrase>{either([*bound, *LEADS])})(?:[ \u00a0]{_ARTICLE}|(?<=['’]))$",
            re.IGNORECASE,
        ),
        bound=bound,
        phrases=phrases,
        phrase=re.compile(rf"(?:{either(phrases)})(?!\w)", re.IGNORECASE) if phrases else None,
        joint=re.compile(rf"[ ]?(?P<word>{either(own['ranges'])})[ ]?", re.IGNORECASE),
        dates=days,
    )


@functools.cache
def digits_only() -> Grammar:
    """Digits as English writes them, units and symbols, no words."""
    return replace(grammar_of("en"), english=False, bound={}, starts=frozenset(), triggers=frozenset(), phrase=None)


def amount_at(text: str, start: int, grammar: Grammar) -> Amount | None:
    """The number that begins at `start`, with currency, scale and unit; None inside a word ("5G", "16th")."""
    is_digit = text[start] in DIGITS
    match = (grammar.digits if is_digit else grammar.spelled).match(text, start)
    if match is None:
        return None
    begin, end = match.span()
    if end - begin > _LONGEST and is_digit:
        return None  # a serial number, and beyond what a float holds
    value, scale = (_digits(match.group(), grammar.decimal), 1.0) if is_digit else (0.0, 1.0)
    if not is_digit:
        value, scale, read = amount(match.group(), grammar.language)
        end = begin + read
    kind, unit = "number", None
    if is_digit:
        symbol = grammar.symbol.search(text, max(0, begin - 5), begin)
        if symbol:
            sign = symbol.group().strip()
            kind, unit, begin = "money", {"RMB": "CNY"}.get(sign, grammar.symbols.get(sign, sign)), symbol.start()
        if named := grammar.scale.match(text, end):
            name = named["name"].lower()
            if len(name) > 1 or kind == "money":
                scale, end = grammar.scales[name], named.end("name")
                end += (
                    text.startswith(".", end)
                    and text[end + 1 : end + 2] == " "
                    and name in {"mio", "mrd", "mln", "mld"}
                )
    value, end = _halved(text, value, end, told=scale > 1 and not grammar.english)
    follow = unit_at(text, end, grammar)
    if follow and (kind == "number" or follow[0] == "money"):
        kind, unit, end = follow if kind == "number" else (kind, unit, follow[2])
        value, end = _halved(text, value, end, told=kind == "duration" and not grammar.english)
    if is_digit and grammar.ordinal.match(text, match.end()) and kind == "number":
        return None
    if is_digit and end < len(text) and (text[end].isalnum() or text[end] == "_" or _MYRIAD.match(text, end)):
        return None
    return Amount(value, scale, kind, unit, begin, end, not is_digit)


def _halved(text: str, value: float, end: int, *, told: bool) -> tuple[float, int]:
    """With the half behind it: "un million et demi", "due anni e mezzo"."""
    half = _HALF.match(text, end) if told else None
    return (value + 0.5, half.end()) if half else (value, end)


def unit_at(text: str, end: int, grammar: Grammar) -> tuple[str, str | None, int] | None:
    """The kind, unit and end of what stands behind a number: "euros", "de dólares", " km"; null where nothing does."""
    start = end
    for link in (" of ", " d'", " d’", " de ", " di "):
        if text.startswith(link, end):
            start = end + len(link) - 1 if link.endswith(" ") else end + len(link)
            break
    match = grammar.unit.match(text, start)
    if match is None:
        return None
    kind, unit = grammar.units[match["name"].lower()]
    return (kind, unit, match.end()) if start == end or kind == "money" else None


def _digits(digits: str, decimal: str) -> float:
    digits = re.sub(r"['’](?=\d{3})", "", digits)
    if decimal == "." or re.fullmatch(r"\d+\.\d{1,2}", digits):
        return float(digits.replace(",", ""))
    return float(re.sub(r"[.\s\u00a0\u202f]", "", digits).replace(",", "."))
