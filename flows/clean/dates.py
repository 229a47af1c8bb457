"""Publication times as pages write them -> UTC instants, or days where no time and zone are given."""

import itertools
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

# Month names and their usual short forms: en, de, fr, es, it, pt, nl, and the Nordic languages where they differ.
_MONTHS = (
    "january|jan|januar|jän|jänner|janvier|janv|enero|ene|gennaio|gen|janeiro|januari|tammikuuta",
    "february|feb|februar|februari|février|févr|fév|febrero|febbraio|febb|fevereiro|fev|helmikuuta",
    "march|mar|märz|mär|mrz|mars|marzo|março|maart|mrt|marts|maaliskuuta",
    "april|apr|avril|avr|abril|abr|aprile|huhtikuuta",
    "may|mai|mayo|maggio|mag|maio|mei|maj|toukokuuta",
    "june|jun|juni|juin|junio|giugno|giu|junho|kesäkuuta",
    "july|jul|juli|juillet|juil|julio|luglio|lug|julho|heinäkuuta",
    "august|aug|août|agosto|ago|augustus|augusti|elokuuta",
    "september|sep|sept|septembre|septiembre|setiembre|settembre|set|setembro|syyskuuta",
    "october|oct|oktober|okt|octobre|octubre|ottobre|ott|outubro|out|lokakuuta",
    "november|nov|novembre|noviembre|novembro|marraskuuta",
    "december|dec|dezember|dez|décembre|déc|diciembre|dic|dicembre|dezembro|joulukuuta",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split("|")}
_NAME = "|".join(sorted(_MONTH, key=len, reverse=True))
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|montag|dienstag|mittwoch|donnerstag"
    r"|freitag|samstag|sonnabend|sonntag|mo|di|mi|do|fr|sa|so"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
    r"|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica"
    r"|(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)"
)
_LABEL = (
    r"(?:(?:first |last |date )?(?:published|updated|posted|modified|created|issued|date)(?: on| at| date)?|datum"
    r"|veröffentlicht(?: am)?|aktualisiert(?: am)?|stand|erstellt(?: am)?|vom|am"
    r"|publié(?:e)?(?: le)?|mis à jour(?: le)?|le|publicado(?: el| em)?|actualizado(?: el)?|atualizado(?: em)?"
    r"|pubblicato(?: il)?|aggiornato(?: il)?|gepubliceerd(?: op)?|bijgewerkt(?: op)?|on|el|il|em|op)"
)
_TIME = r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?:uhr|h|hrs)?\s*(?P<half>[ap]\.?m\.?)?"
# Zone names that mean one offset. "EST" and the like are American on news pages.
_ZONES = {
    "z": 0,
    "utc": 0,
    "gmt": 0,
    "bst": 60,
    "cet": 60,
    "mez": 60,
    "cest": 120,
    "mesz": 120,
    "eet": 120,
    "eest": 180,
    "msk": 180,
    "est": -300,
    "edt": -240,
    "cst": -360,
    "cdt": -300,
    "mst": -420,
    "mdt": -360,
    "pst": -480,
    "pdt": -420,
    "jst": 540,
    "kst": 540,
    "aest": 600,
    "aedt": 660,
    "hkt": 480,
    "sgt": 480,
}
_ZONE = rf"(?P<zone>{'|'.join(_ZONES)}|(?:gmt|utc)?\s*[+-]\d{{1,2}}:?\d{{0,2}})?"
_DAYS = (
    (
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|°|\.)?\s*(?:de |of )?[-\s]?(?P<month>{_NAME})\.?,?\s*(?:de "
        rf"|del )?[-\s]?(?P<year>\d{{4}})"
    ),
    rf"(?P<month>{_NAME})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
    r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4}|\d{2}(?!\d))",
)
_SEPARATOR = r"(?:\s*[,|·•–—-]?\s*(?:at|um|à|a las|alle(?: ore)?|às|om|kl\.?|@|-|ore|T)?\s*)"
_LINES = tuple(
    re.compile(
        rf"(?:{_LABEL}\s*:?\s*)*(?:{_WEEKDAY}\.?,?\s+(?:den |the "
        rf"|le )?)?(?:{_TIME}\s*{_ZONE}{_SEPARATOR}(?:{_WEEKDAY}\.?,?\s*)?)?{day}\.?"
    )
    for day in _DAYS
) + tuple(
    re.compile(
        rf"(?:{_LABEL}\s*:?\s*)*(?:{_WEEKDAY}\.?,?\s+(?:den |the "
        rf"|le )?)?{day}\.?(?:{_SEPARATOR}{_TIME}\s*\(?{_ZONE}\)?)?"
    )
    for day in _DAYS
)
_YEAR = re.compile(r"\d{4}|\d\.\s*\d{1,2}\.\s*\d{2}")  # what every one of them holds
_ISO = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})(?:[T ](?P<time>\d{1,2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s*(?P<zone>Z|UTC|GMT"
    r"|[+-]\d{2}(?::?\d{2})?)?)?",
    re.IGNORECASE,
)
_RFC = re.compile(
    r"(?:\w{3,9},?\s+)?(?P<day>\d{1,2})\s+(?P<month>[A-Za-z]{3,9})\.?\s+(?P<year>\d{4})\s+(?P<time>\d{1,2}:\d{2}(?::\d{2})?)\s*(?P<zone>GMT|UTC|Z|[+-]\d{4})?"
)
_JS = re.compile(
    r"\w{3}\s+(?P<month>[A-Za-z]{3})\s+(?P<day>\d{1,2})\s+(?:(?P<year>\d{4})\s+)?(?P<time>\d{1,2}:\d{2}:\d{2})\s*(?P<zone>GMT|UTC|Z|[A-Z]{3,4})?(?P<offset>[+-]\d{4})?(?:\s+(?P<late>\d{4}))?"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A publication time: UTC; precision "instant" (time and zone known) or "day" (midnight UTC of the day written)."""

    at: datetime
    precision: str


def _zone(name: str | None) -> timezone | None:
    """A zone as written, or None where there is none."""
    if not name:
        return None
    bare = name.strip().lower()
    if bare in _ZONES:
        return timezone(timedelta(minutes=_ZONES[bare]))
    match = re.fullmatch(r"(?:gmt|utc)?\s*([+-])(\d{1,2}):?(\d{2})?", bare)
    if not match:
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    if minutes > 14 * 60:
        return None
    return timezone(timedelta(minutes=minutes if match[1] == "+" else -minutes))


def _moment(
    year: int, month: int, day: int, clock: tuple[int, int, int] | None, zone: timezone | None
) -> Moment | None:
    """A moment, or None for an impossible date. Midnight to the second is how a day is written by machines."""
    try:
        if clock and zone is not None and clock != (0, 0, 0):
            return Moment(datetime(year, month, day, *clock, tzinfo=zone).astimezone(UTC), "instant")
        return Moment(datetime(year, month, day, tzinfo=UTC), "day")
    except (ValueError, OverflowError):
        return None


def _clock(time: str | None) -> tuple[int, int, int] | None:
    """Hour, minute and second of "9:05" or "09:05:30"."""
    if not time:
        return None
    parts = [int(part) for part in time.split(":")]
    return (parts[0], parts[1], parts[2] if len(parts) > 2 else 0)


def parse_machine(value: str) -> Moment | None:
    """A time as metadata write it: ISO 8601, RFC 2822, JavaScript, epoch seconds or milliseconds.

    Returns:
        The moment; precision "day" where the time or the zone is missing. None where the value is no date or lies
        outside 1980 to 2100.
    """
    bare = value.strip()
    moment: Moment | None = None
    if match := _ISO.match(bare):
        year, month, day = (int(part) for part in match["day"].split("-"))
        moment = _moment(year, month, day, _clock(match["time"]), _zone(match["zone"]))
    elif re.fullmatch(r"1\d{9}(?:\d{3})?", bare):
        seconds = int(bare) / (1000 if len(bare) == 13 else 1)
        moment = Moment(datetime.fromtimestamp(seconds, UTC), "instant")
    elif (match := _RFC.match(bare)) or (match := _JS.match(bare)):
        groups = match.groupdict()
        month_n = _MONTH.get(groups["month"].lower())
        year_s = groups["year"] or groups.get("late")
        if month_n and year_s:
            zone = _zone(groups.get("offset") or groups["zone"])
            moment = _moment(int(year_s), month_n, int(groups["day"]), _clock(groups["time"]), zone)
    else:
        moment = parse_line(bare)
    return moment if moment and 1980 <= moment.at.year <= 2100 else None


def parse_head(line: str) -> Moment | None:
    """The date in a line from the head of a page that holds more ("27 Jan 2026 • Jane Roe • 3 min", "Created: ...").

    Pieces between bars and bullets are tried, two neighbours together first, then what a piece begins with.
    """
    if not _YEAR.search(line):
        return None
    pieces = [piece for piece in re.split(r"\s*[|•·–—]\s*", line.strip()) if piece]
    pairs = [f"{a} {b}" for a, b in itertools.pairwise(pieces)]
    for candidate in [line, *pairs, *pieces, line.partition(", ")[2]]:
        if moment := parse_line(candidate):
            return moment
    for piece in pieces:
        bare = re.sub(r"\s+", " ", piece.lower())[:80]
        found = [
            match.end()
            for pattern in _LINES
            if (match := pattern.match(bare)) and not bare[match.end() :][:1].isalnum()
        ]
        if found and (moment := parse_line(bare[: max(found)])):
            return moment
    return None


def parse_line(line: str) -> Moment | None:
    """A line that is a date and nothing else ("Updated: 13 April 2026, 9:05 am GMT"), in the languages of the lists.

    Days as numbers are read only where their order is plain (2026-04-13, 13.4.2026): 02/03/2004 is not guessed.
    """
    bare = re.sub(r"\s+", " ", line.strip().lower()).strip(" |·•–—-")
    if len(bare) > 90 or not _YEAR.search(bare):
        return None
    for pattern in _LINES:
        match = pattern.fullmatch(bare)
        if not match:
            continue
        groups = match.groupdict()
        month = _MONTH[groups["month"]] if groups["month"] in _MONTH else int(groups["month"])
        clock = None
        if groups.get("hour"):
            hour, half = int(groups["hour"]), (groups.get("half") or "").replace(".", "")
            hour = hour % 12 + 12 * (half == "pm") if half else hour
            clock = (hour, int(groups["minute"]), int(groups.get("second") or 0))
        year = int(groups["year"]) + (2000 if len(groups["year"]) == 2 else 0)
        return _moment(year, month, int(groups["day"]), clock, _zone(groups.get("zone")))
    return None
