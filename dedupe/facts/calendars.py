"""How other languages than English speak of days and times: clocks, "last week", "ago", days to come.

The words are in `calendars.json`. Month and weekday names are in `quantities.json`, English phrases in
`dedupe.facts.dates`.
"""

import functools
import importlib.resources
import json
import re
from dataclasses import dataclass
from typing import Any

from dedupe.facts.numerals import data, either, small

_BACK = 24  # code points before an hour within which the words that make it one stand ("gegen", "a las")
_NOON = 12


@dataclass(frozen=True, slots=True)
class Spoken:
    """The phrases of one language, compiled.

    Attributes:
        weekdays: Names of the parts of a weekday ("dienstagmorgen") -> the weekday's.
        relative: Words for days near today -> how many days from it.
        nouns: Words of these that mean something else with a capital ("der Morgen").
        sure: A time by itself: "18.30 Uhr", "7 Uhr", "18.40 uur".
        led: A time behind one of ``lead``: "à 7 heures", "om 7 uur".
        bare: A time behind one of ``before_bare``, without a word: "alle 9.30".
        evening: What makes a time one of the afternoon.
        spans: "letzte woche" -> unit and how many of them from now.
        ago: A number of units before now: "il y a deux ans", "due anni fa".
        units: Words for days, weeks, months and years.
        triggers: First words of the phrases.
        coming: What before a weekday says that it is still to come.
        coming_after: The same behind it.
        last: What before or behind a weekday says that it is over.
    """

    weekdays: dict[str, str]
    relative: dict[str, int]
    nouns: frozenset[str]
    sure: re.Pattern[str]
    led: re.Pattern[str] | None
    lead: re.Pattern[str] | None
    bare: re.Pattern[str]
    before_bare: re.Pattern[str] | None
    evening: re.Pattern[str]
    spans: dict[str, tuple[str, int]]
    span: re.Pattern[str]
    ago: re.Pattern[str]
    units: dict[str, str]
    triggers: frozenset[str]
    coming: re.Pattern[str]
    coming_after: re.Pattern[str]
    last: re.Pattern[str]


@functools.cache
def _data() -> dict[str, Any]:
    raw = importlib.resources.files("dedupe.facts").joinpath("calendars.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(raw)
    return found


@functools.cache
def spoken(language: str, weekdays: tuple[str, ...], durations: tuple[tuple[str, str], ...]) -> Spoken | None:
    """The phrases of a language; null for English and for one without any.

    Args:
        language: Its code.
        weekdays: Names of its weekdays, Monday first.
        durations: Words for lengths of time and the unit of each.
    """
    own = _data().get(language)
    if own is None:
        return None
    number = rf"\d{{1,3}}|{either(small(language))}"
    hour, minute = r"(?P<hour>[01]?\d|2[0-3]", r"(?:[.:](?P<minute>[0-5]\d))"
    words = own["sure"] + own["hours"]
    sure = [rf"{hour}){minute} ?(?:{either(words)})\b"] if words else []
    sure += [rf"{hour.replace('hour', 'hour2')}) ?(?:{either(own['sure'])})\b"] if own["sure"] else []
    sure += [r"(?P<hour3>[01]?\d|2[0-3]) ?[hH] ?(?P<minute3>[0-5]\d)\b"]
    units = {word: unit for word, unit in durations if unit in {"day", "week", "month", "year", "decade"}}
    ago = [rf"(?:{either(own['ago'])}) (?P<n>{number}) (?P<unit>{either(units)})\b"] if own["ago"] else []
    if own["ago_after"]:
        ago.append(rf"(?P<n2>{number}) (?P<unit2>{either(units)}) (?:{either(own['ago_after'])})\b")
    spans = {phrase: (unit, step) for phrase, (unit, step) in own["spans"].items()}
    firsts = {phrase.split()[0].split("'")[0] for phrase in (*spans, *own["ago"])} | {p.split()[0] for p in spans}
    parts = {day + part: day for day in weekdays for part in own["parts"]}
    return Spoken(
        weekdays=parts,
        relative=own["relative"],
        nouns=frozenset(own["nouns"]),
        sure=re.compile("|".join(sure), re.IGNORECASE),
        led=re.compile(rf"{hour}|{either(small(language))}) ?(?:{either(own['hours'])})\b", re.IGNORECASE)
        if own["hours"]
        else None,
        lead=_before(own["lead"]),
        bare=re.compile(rf"{hour}){minute}?(?!\d|[.,:]\d| ?[%€$]| \w)|{hour.replace('hour', 'hour2')}):(?P<m2>\d\d)\b"),
        before_bare=_before(own["bare"]),
        evening=re.compile(rf" ?(?:{either(own['evening'])})\b", re.IGNORECASE),
        spans=spans,
        span=re.compile(rf"(?:{either(spans)})\b", re.IGNORECASE),
        ago=re.compile("|".join(ago), re.IGNORECASE),
        units=units,
        triggers=frozenset(firsts | parts.keys() | own["relative"].keys()),
        coming=re.compile(rf"(?<!\w)(?:{'|'.join(own['coming'])})(?!\w)[^.!?\n,;:»“”\"]{{0,60}}$", re.IGNORECASE),
        coming_after=re.compile(rf" (?:{either(own['coming_after'])})\b" if own["coming_after"] else r"(?!)"),
        last=re.compile(rf"(?:{either(own['last'])})", re.IGNORECASE),
    )


@functools.cache
def days(language: str) -> frozenset[str]:
    """Words that say on which day: weekdays, "heute", "ayer"."""
    own = data()["languages"].get(language)
    if own is None:
        return frozenset()
    extra = _data().get(language, {"relative": {}, "parts": []})
    parts = {day + part for day in own["weekdays"] for part in extra["parts"]}
    whole = {day.split("-")[0] for day in own["weekdays"]}
    return frozenset({*own["weekdays"], *own["relative"], *extra["relative"], *parts, *whole})


def _before(words: list[str]) -> re.Pattern[str] | None:
    return re.compile(rf"(?<!\w)(?:{either(words)}) $", re.IGNORECASE) if words else None


def clock(text: str, begin: int, words: Spoken, language: str) -> tuple[float, int] | None:
    """The hour of the day that stands at an offset, and where it ends; null where none does."""
    match = words.sure.match(text, begin)
    if match is None and words.led and words.lead and words.lead.search(text, max(0, begin - _BACK), begin):
        match = words.led.match(text, begin)
    if match is None and words.before_bare and words.before_bare.search(text, max(0, begin - _BACK), begin):
        match = words.bare.match(text, begin)
    if match is None:
        return None
    named = {name.rstrip("23"): value for name, value in match.groupdict().items() if value}
    hour = named.get("hour") or match.group().split()[0]
    value = float(hour) if hour.isdigit() else float(small(language).get(hour.lower(), 99))
    if value > 2 * _NOON:
        return None
    value += int(named.get("minute") or named.get("m") or 0) / 60
    end = match.end()
    if value < _NOON and (late := words.evening.match(text, end)):
        value, end = value + _NOON, late.end()
    return value, end


def ago(text: str, begin: int, words: Spoken, language: str) -> tuple[int, str, int] | None:
    """How many of which unit before now the phrase at an offset names, and where it ends."""
    match = words.ago.match(text, begin)
    if match is None:
        return None
    named = {name.rstrip("2"): value for name, value in match.groupdict().items() if value}
    number = named["n"].lower()
    many = int(number) if number.isdigit() else int(small(language)[number])
    return many, words.units[named["unit"].lower()], match.end()
