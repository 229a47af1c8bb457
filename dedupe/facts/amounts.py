"""A number where it stands: its digits or words, the scale behind it, the currency or unit around it.

Number words, scales, currencies and units of the supported languages are in `quantities.json`.
"""

import functools
import importlib.resources
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from dedupe.facts import dates

_LONGEST = 24  # digits of a number at most: a longer one is a serial number
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

    english: bool
    decimal: str
    small: dict[str, int]
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
    dates: dates.Calendar


@functools.cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(
        importlib.resources.files("dedupe.facts").joinpath("quantities.json").read_text(encoding="utf-8")
    )
    return data


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


@functools.cache
def grammar_of(language: str | None) -> Grammar:
    """The grammar of a language; of an unsupported or unknown one, digits as English writes them and no words."""
    if language not in _data()["languages"]:
        return digits_only()
    common, own = _data()["common"], _data()["languages"][language]
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
    scales = dict(own["scales"])
    digits = (
        r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
        if english
        else r"\d{1,3}(?:[.\u00a0\u202f]\d{3})+(?:,\d+)?|\d{1,3}(?: \d{3})+(?:,\d+)?(?!\d)"
        r"|\d+(?:,\d+)?|\d+\.\d{1,2}(?!\d)"
    )
    small = _either(own["small"])
    long_scales = _either(name for name in scales if len(name) > 2)
    link = r"[ -]|(?<=hundred)[ -]and[ -]|(?<=thousand)[ -]and[ -]|(?<=million)[ -]and[ -]"
    spelled = rf"(?:{small})(?:(?:{link})(?:{small}|{long_scales}))*\b"
    if english:
        spelled = rf"(?:(?:a|half a) (?:hundred|thousand|million|billion|trillion|dozen)|dozen)\b|{spelled}"
    symbols = common["symbols"]
    bound = {
        phrase: name for name in ("at_least", "more", "at_most", "less", "nearly", "about") for phrase in own[name]
    }
    days = dates.calendar_of(
        language, (tuple(own["months"]), tuple(own["short"]), tuple(own["weekdays"]), tuple(own["relative"].items()))
    )
    starts = frozenset({*own["small"], *({"half", "dozen", "a"} if english else ())})
    return Grammar(
        english=english,
        decimal="." if english else ",",
        small=own["small"],
        scales=scales,
        units=units,
        symbols=symbols,
        symbol=re.compile(rf"(?:{_either(symbols)}|\b(?:{_either(common['codes'])}))[ \u00a0]?$"),
        digits=re.compile(rf"(?:{digits})(?![.,/:]?\d)"),
        spelled=re.compile(spelled, re.IGNORECASE),
        starts=starts,
        triggers=starts | days.triggers | (dates.PHRASES if english else frozenset()),
        ordinal=re.compile(r"\. (?:[A-ZÄÖÜ][a-zäöüß]|[a-zäöüß])" if language == "de" else r"[ºª°](?!C|F)"),
        scale=re.compile(rf"[ \u00a0-]?(?P<name>{_either(scales)})\b\.?(?: d['’]| de | of )?", re.IGNORECASE),
        unit=re.compile(
            rf"(?P<gap>[ \u00a0-]?)(?:U\.?S\.?[ -]|US-|American )?(?P<name>{_either(units)})(?![^\W_])", re.IGNORECASE
        ),
        before=re.compile(
            rf"\b(?P<phrase>{_either([*bound, *LEADS])})(?:[ \u00a0](?:a |an |the |les |der |die |den )?|(?<=['’]))$",
            re.IGNORECASE,
        ),
        bound=bound,
        joint=re.compile(rf"[ ]?(?P<word>{_either(own['ranges'])})[ ]?", re.IGNORECASE),
        dates=days,
    )


@functools.cache
def digits_only() -> Grammar:
    """Digits as English writes them, units and symbols, no words."""
    return replace(grammar_of("en"), english=False, bound={}, starts=frozenset(), triggers=frozenset())


def amount_at(text: str, start: int, grammar: Grammar) -> Amount | None:
    """The number that begins at `start`, with currency, scale and unit; None inside a word ("5G", "16th")."""
    is_digit = text[start] in DIGITS
    match = (grammar.digits if is_digit else grammar.spelled).match(text, start)
    if match is None:
        return None
    begin, end = match.span()
    if end - begin > _LONGEST and is_digit:
        return None  # a serial number, and beyond what a float holds
    value, scale = (_digits(match.group(), grammar.decimal), 1.0) if is_digit else _spelled(match.group(), grammar)
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
    follow = _unit_at(text, end, grammar)
    if follow and (kind == "number" or follow[0] == "money"):
        kind, unit, end = follow if kind == "number" else (kind, unit, follow[2])
    if is_digit and grammar.ordinal.match(text, match.end()) and kind == "number":
        return None
    if is_digit and end < len(text) and (text[end].isalnum() or text[end] == "_"):
        return None
    return Amount(value, scale, kind, unit, begin, end, not is_digit)


def _unit_at(text: str, end: int, grammar: Grammar) -> tuple[str, str | None, int] | None:
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
    if decimal == "." or re.fullmatch(r"\d+\.\d{1,2}", digits):
        return float(digits.replace(",", ""))
    return float(re.sub(r"[.\s\u00a0\u202f]", "", digits).replace(",", "."))


def _spelled(words: str, grammar: Grammar) -> tuple[float, float]:
    """As in "two hundred and fifty thousand" -> (250, 1e3): the last scale is kept apart, for ranges."""
    total, group, scale = 0.0, 0.0, 1.0
    parts = re.split(r"[ -]", words.lower())
    for place, part in enumerate(parts):
        if part in {"a", "and"}:
            continue
        if part == "half":
            group = 0.5
        elif part == "dozen":
            group = (group or 1.0) * 12
        elif part in grammar.small:
            group += grammar.small[part]
        elif part in grammar.scales:
            size = grammar.scales[part]
            if place == len(parts) - 1 and not total and size >= 1e3:
                return (group or 1.0), size
            if size == 100:
                group = (group or 1.0) * size
            else:
                total, group = total + (group or 1.0) * size, 0.0
    return total + group, scale
