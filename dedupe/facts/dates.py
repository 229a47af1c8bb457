"""Dates and times of a text, resolved against the day it was published where they name no year or only a weekday."""

import calendar
import datetime as dt
import functools
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dedupe.facts import calendars
from dedupe.facts.numerals import ORDINALS, count, either, small

_EPOCH = dt.date(1970, 1, 1)
_SLASH = re.compile(r"(?<![\w/.,-])(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?![\w/])")
_ISO = re.compile(r"(?<![\w-])(\d{4})-(\d{2})-(\d{2})(?![\d-])")
_DOTTED = re.compile(r"(?<![\w.,])(\d{1,2})\.(\d{1,2})\.(\d{4})(?![\w]|\.\d)")
_CLOCK = re.compile(
    r"(?<![\w:.,$£€])(?:(\d{1,2})(?:[:.](\d{2}))?\s?(a\.?m\b\.?|p\.?m\b\.?)"
    r"|([01]?\d|2[0-3])(?::(\d{2})(?![:\d])| ?[Uu]hr\b|h(\d{2})?\b))",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"(?<![\w$£€¥.,/:#-])((?:19|20)\d\d)(?![\w/:%]|[-–,.]\d| ?(?:percent|per cent|dollars|people|euros))"
)
_YEARS = re.compile(r"(?<![\w$£€¥.,/:#-])((?:19|20)\d\d)[-–]((?:19|20)\d\d)(?![\w/:%-])")
_SHORT_YEARS = re.compile(r"(?<![\w$£€¥.,/:#-])((?:19|20)\d\d)[-–](\d\d)(?![\w/:%-]|[.,]\d)")
_ZONED = re.compile(r"(?<![\w:.,$£€-])([01]\d|2[0-3])([0-5]\d) ?(?:GMT|BST|UTC|EST|EDT|CST|CDT|PST|PDT|CET|CEST|IST)\b")
_FIRST_DAY = re.compile(r"(?<![\w.,$£€/:-])(\d{1,2})[-–]$")
_LAST_DAY = re.compile(r"[-–](\d{1,2})(?![\w%:/-])")
_AGO = re.compile(rf"\b(an?|{either(small('en'))}|\d{{1,3}}) (day|week|month|year|decade)s? ago\b", re.IGNORECASE)
_SPAN = re.compile(r"\b(last|this|next) (week|month|year)\b", re.IGNORECASE)
_QUARTER = re.compile(r"\b(?:Q([1-4])|(first|second|third|fourth) quarter)(?: of)?(?: fiscal)? ((?:19|20)\d\d)\b")
_COMING = re.compile(
    r"\b(?:will|shall|next|upcoming|coming|scheduled|expected|set to|due|plans? to|would|until|by)\b[^.!?\n]{0,60}$"
)
_ENGLISH_MONTHS = frozenset({"march", "may"})  # words of their own in small letters
_DONE = re.compile(
    r"\b(?:was|were|had|did|after|[a-z]{2,}ed|said|told|won|lost|began|took|made|left|came|went|ran)\b[^.!?\n]*$"
)
_PAST = frozenset(("last", "letzten", "vergangenen", "pasado", "scorso", "passado", "afgelopen"))
_LAST = re.compile("last|past")
_ORDINAL_DAYS = frozenset(("segunda", "terça", "quarta", "quinta", "sexta"))  # "na quarta", but "a quarta parte"
_PORTUGUESE_DAY = re.compile(r"\b(?:na|nesta|desta|próxima|última|até|a partir de|de) $", re.IGNORECASE)
_NO_NOUN = re.compile(r"\s*(?:[,.;:!?)]|$|\n| à | de (?:manhã|madrugada|tarde)| e )")
_FEIRA = "-feira"
_IN_BRACKETS = re.compile(r" \((\d{1,2})\)")  # "nesta segunda-feira (17)"
_BESIDE = 6  # code points between a weekday and its date
_JOINED = re.compile(r",? (?:den |der |the |le |el |il |de )?")
_PART = re.compile(r"\b(first|second|third|fourth|last|final) (month|quarter|half) of (?:the )?$", re.IGNORECASE)
_MONTHS = {"month": 1, "quarter": 3, "half": 6}
_PLACES = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1, "final": -1}
PHRASES = frozenset({"ago", "last", "this", "next", "quarter", "q1", "q2", "q3", "q4", "noon", "midnight"})


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or time found in a text; days are counted from 1970-01-01, times in hours of the local day."""

    kind: str  # date or time
    value: float | None
    low: float | None
    high: float | None
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """Calendar words of a language and the patterns around them."""

    months: dict[str, int]
    weekdays: dict[str, int]
    relative: dict[str, int]
    day_month: re.Pattern[str]
    month_day: re.Pattern[str] | None
    month_year: re.Pattern[str]
    full: frozenset[str]  # the months' whole names: "in May", not "in Mar"
    before: re.Pattern[str]  # what stands before a month that is named alone
    language: str
    spoken: calendars.Spoken | None

    @property
    def triggers(self) -> frozenset[str]:
        """Words that may be part of a date."""
        phrases = self.spoken.triggers if self.spoken else frozenset()
        return frozenset({*self.months, *self.weekdays, *self.relative}) | phrases


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _number(day: dt.date) -> float:
    return float((day - _EPOCH).days)


@functools.cache
def calendar_of(
    language: str,
    names: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[tuple[str, int], ...]],
    after: tuple[str, ...],
    durations: tuple[tuple[str, str], ...],
) -> Calendar:
    """Compiled patterns of a language.

    Args:
        language: Its code.
        names: Its month names, their short forms, weekdays and relative days.
        after: Words behind which a month stands alone ("in", "since").
        durations: Words for lengths of time and the unit of each.
    """
    full, short, weekdays, relative = names
    months = {name: place for place, name in enumerate(full, 1)}
    for place, forms in enumerate(short, 1):
        months.update(dict.fromkeys(forms.split("|"), place))
    month = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    of = {"es": r"(?: del?)?", "pt": r"(?: de)?", "en": r"(?: of)?"}.get(language, "")
    flags = 0 if language == "en" else re.IGNORECASE
    if language == "en":
        month = "|".join(sorted((re.escape(name.title()) for name in months), key=len, reverse=True))
    day = r"(?<![\w.,$£€:/])(?<!\D-)(\d{1,2})(?:st|nd|rd|th|er|º|°|\.)?"
    stop = r"\.?" if language == "en" else r"(?:\.(?= ?[\d,;a-zà-ÿ]))?"  # "12 de octubre.": the sentence's own stop
    spoken = calendars.spoken(language, weekdays, durations)
    days = {name: place for place, name in enumerate(weekdays)}
    if spoken:
        days |= {part: days[whole] for part, whole in spoken.weekdays.items()}
    return Calendar(
        language=language,
        spoken=spoken,
        months=months,
        weekdays=days | {name.split("-")[0]: place for name, place in days.items()},
        relative={**dict(relative), **(spoken.relative if spoken else {})},
        day_month=re.compile(rf"{day}{of} ({month})\b{stop}(?:{of},? ((?:1[0-9]|20)\d\d)\b)?", flags),
        month_day=re.compile(
            rf"\b({month})\.? (\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.,]\d|%| ?(?:percent|million|billion))"
            r"(?:,? ((?:19|20)\d\d)\b)?"
        )
        if language == "en"
        else None,
        month_year=re.compile(rf"\b({month})\.?(?:{of},?| of) ((?:19|20)\d\d)\b", flags),
        full=frozenset(full),
        before=re.compile(rf"(?<!\w)(?:{either(after)})(?: |(?<=['’])|-)$", re.IGNORECASE),
    )


def find(
    text: str, begins: Sequence[int], lower: Sequence[str], marked: Sequence[int], *, published: dt.date | None,
    names: Calendar, english: bool,
) -> list[Moment]:  # fmt: skip
    """Dates and times, in order of their begin.

    A date that cannot be told ("02/03/04", a weekday in a text without a date) has no value; a month or a year has low
    and high. A day and month without a year is the one nearest to the publication. A weekday is the last one, or the
    next one where the words before it speak of the future.

    Args:
        text: Any text.
        begins: Where its words begin.
        lower: Its words in lower case.
        marked: Indices of the words that may begin or hold a date.
        published: The day it was published; one in the first or last year of the calendar counts as unknown.
        names: The calendar words of its language.
        english: Whether phrases like "two weeks ago" are read.
    """
    if published is not None and not dt.MINYEAR < published.year < dt.MAXYEAR:
        published = None  # the calendar has no year before or after: nothing can be resolved against such a day
    found: list[Moment | None] = []
    for i in marked:
        begin, word = begins[i], lower[i]
        if "0" <= word[0] <= "9":
            found.append(_spoken(text, begin, published, names) or _numeric(text, begin))
        elif names.spoken and (moment := _spoken(text, begin, published, names)):
            found.append(moment)
        elif word in names.months:
            found.append(_named(text, begins, i, published, names))
        elif word in names.weekdays or word in names.relative:
            found.append(_loose(text, begin, word, published, names))
        elif english and word in PHRASES:
            found.append(_relative(text, begins, i, word, published))
    return _unweekdayed([_days(text, moment) for moment in found if moment is not None], text)


def _days(text: str, moment: Moment) -> Moment:
    """The days from the first to the last of "28-29 June" and "June 28-29", where a date is one of them."""
    day = moment.value
    if day is None or moment.kind != "date" or moment.low != moment.high:
        return moment
    own = _EPOCH + dt.timedelta(days=int(day))
    before = _FIRST_DAY.search(text, max(0, moment.begin - 4), moment.begin)
    after = _LAST_DAY.match(text, moment.end)
    if before and text[moment.begin].isdigit() and 0 < int(before[1]) < own.day:
        return Moment("date", None, day - own.day + int(before[1]), day, before.start(), moment.end)
    last = int(after[1]) if after and text[moment.end - 1].isdigit() else 0
    if after and own.day < last <= calendar.monthrange(own.year, own.month)[1]:
        return Moment("date", None, day, day - own.day + last, moment.begin, after.end())
    return moment


def _unweekdayed(found: list[Moment], text: str) -> list[Moment]:
    """Without the weekday of a full date ("jeudi 1er juin"): two readings of one day may differ."""
    days = [moment for moment in found if moment.kind == "date"]
    named = {
        id(day)
        for day, full in itertools.pairwise(days)
        if day.end <= full.begin <= day.end + _BESIDE
        and text[full.begin].isdigit()
        and not text[day.begin].isdigit()
        and full.low == full.high
        and _JOINED.fullmatch(text, day.end, full.begin)
    }
    return [moment for moment in found if id(moment) not in named]


def _spoken(text: str, begin: int, published: dt.date | None, names: Calendar) -> Moment | None:
    """A phrase of a language other than English: "18.30 Uhr", "la semaine dernière", "hace dos años"."""
    words = names.spoken
    if words is None:
        return None
    if hour := calendars.clock(text, begin, words, names.language):
        return Moment("time", hour[0], hour[0], hour[0], begin, hour[1])
    if past := calendars.ago(text, begin, words, names.language):
        return _before_now(*past, begin, published)
    match = words.span.match(text, begin)
    if match is None:
        return None
    if published is None:
        return _exact(None, *match.span())
    unit, step = words.spans[match.group().lower()]
    return _interval(*_around(published, unit, step), *match.span())


def _interval(low: dt.date, high: dt.date, begin: int, end: int) -> Moment:
    return Moment("date", None, _number(low), _number(high), begin, end)


def _exact(day: dt.date | None, begin: int, end: int) -> Moment:
    value = None if day is None else _number(day)
    return Moment("date", value, value, value, begin, end)


def _numeric(text: str, begin: int) -> Moment | None:
    if match := _ISO.match(text, begin):
        day = _day(int(match[1]), int(match[2]), int(match[3]))
        return _exact(day, *match.span()) if day else None
    if match := _DOTTED.match(text, begin):
        day = _day(int(match[3]), int(match[2]), int(match[1]))
        return _exact(day, *match.span()) if day else None
    if match := _SLASH.match(text, begin):
        return _slashed(match)
    if match := _YEARS.match(text, begin):
        first, last = int(match[1]), int(match[2])
        return _interval(dt.date(first, 1, 1), dt.date(last, 12, 31), *match.span()) if first <= last else None
    if match := _SHORT_YEARS.match(text, begin):
        first, last = int(match[1]), int(match[1][:2] + match[2])
        return _interval(dt.date(first, 1, 1), dt.date(last, 12, 31), *match.span()) if first < last else None
    if match := _ZONED.match(text, begin):
        hour = int(match[1]) + int(match[2]) / 60
        return Moment("time", hour, hour, hour, *match.span())
    if match := _YEAR.match(text, begin):
        return _interval(dt.date(int(match[1]), 1, 1), dt.date(int(match[1]), 12, 31), *match.span())
    match = _CLOCK.match(text, begin)
    return _clock(match) if match else None


def _slashed(match: re.Match[str]) -> Moment:
    """A date only where one order of day, month and year makes sense."""
    one, two, three = (int(part) for part in match.groups())
    year = three if len(match[3]) == 4 else 2000 + three
    readings = {_day(year, one, two), _day(year, two, one)}
    if len(match[3]) == 2:
        readings.add(_day(2000 + one, two, three))
    days = [day for day in readings if day]
    return _exact(days[0] if len(days) == 1 else None, *match.span())


def _nearest(month: int, day: int, published: dt.date | None) -> dt.date | None:
    if published is None:
        return None
    days = [
        found for year in (published.year - 1, published.year, published.year + 1) if (found := _day(year, month, day))
    ]
    return min(days, key=lambda found: (abs((found - published).days), found), default=None)


def _named(text: str, begins: Sequence[int], i: int, published: dt.date | None, names: Calendar) -> Moment | None:
    """A date around a month's name: "3 March 2020", "March 3", "March 2020"."""
    for back in (1, 2):
        match = names.day_month.match(text, begins[i - back]) if i >= back else None
        if match and match.start(2) == begins[i]:
            return _day_of(match, match[1], match[2], match[3], published=published, names=names)
    if names.month_day and (match := names.month_day.match(text, begins[i])):
        return _day_of(match, match[2], match[1], match[3], published=published, names=names)
    if match := names.month_year.match(text, begins[i]):
        year, month = int(match[2]), names.months[match[1].lower()]
        return _interval(*_whole(year, month), *match.span())
    return _alone(text, begins[i], published, names)


def _whole(year: int, month: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])


def _alone(text: str, begin: int, published: dt.date | None, names: Calendar) -> Moment | None:
    """A month without a day or a year ("in May", "since November"): the one nearest to the publication."""
    end = next((k for k in range(begin, min(len(text), begin + 12)) if not text[k].isalpha()), begin + 12)
    word, before = text[begin:end].lower(), names.before.search(text, max(0, begin - 16), begin)
    capital = text[begin].isupper() or word not in _ENGLISH_MONTHS
    if word not in names.full or before is None or not capital:
        return None
    if published is None:
        return _exact(None, begin, end)
    middle = {year: dt.date(year, names.months[word], 15) for year in range(published.year - 1, published.year + 2)}
    past = before.group().strip().lower() in _PAST
    if names.language == "en" and names.months[word] != published.month:
        # "was fired in March": a month to come is spoken of as one, by "will", "next", "expected"
        done = _DONE.search(text, max(0, begin - 120), begin) is not None
        past = past or (done and not _COMING.search(text[max(0, begin - 80) : begin]))
    years = [year for year in middle if not past or middle[year] < published]
    nearest = min(years, key=lambda year: (abs((middle[year] - published).days), year))
    return _interval(*_whole(nearest, names.months[word]), begin, end)


def _day_of(
    match: re.Match[str],
    day_text: str,
    month_text: str,
    year_text: str | None,
    *,
    published: dt.date | None,
    names: Calendar,
) -> Moment | None:
    month, day = names.months[month_text.lower()], int(day_text)
    if not _day(2024, month, day):
        return None
    exact = _day(int(year_text), month, day) if year_text else _nearest(month, day, published)
    return _exact(exact, *match.span())


def _loose(text: str, begin: int, word: str, published: dt.date | None, names: Calendar) -> Moment | None:
    """A weekday, "yesterday", "today"."""
    words, end = names.spoken, begin + len(word)
    if words and _other_noun(text, begin, word, words):
        return None
    before = text[max(0, begin - 80) : begin]
    if word not in names.relative and (tail := _tail(text, end, names.language)) != end:
        end = tail
    elif word in _ORDINAL_DAYS and not (_PORTUGUESE_DAY.search(before[-16:]) and _NO_NOUN.match(text, end)):
        return None
    if published is None:
        day = None
    elif word in names.relative:
        day = published + dt.timedelta(days=names.relative[word])
    else:
        back = (published.weekday() - names.weekdays[word]) % 7
        coming = words.coming if words else _COMING
        past = words.last if words else _LAST
        near = before.rstrip().lower().rsplit(" ", 1)[-1]
        over = past.fullmatch(near) is not None or (words is not None and past.match(text, end + 1) is not None)
        if not over and (coming.search(before) or (words and words.coming_after.match(text, end))):
            day = published + dt.timedelta(days=(7 - back) % 7)
        else:
            day = published - dt.timedelta(days=7 if over and back == 0 else back)
    if (stated := _IN_BRACKETS.match(text, end)) and names.language == "pt" and published:
        days = (published + dt.timedelta(days=by) for by in sorted(range(-15, 16), key=abs))
        day = next((found for found in days if found.day == int(stated[1])), day)
        end = stated.end()
    return _exact(day, begin, end)


def _tail(text: str, end: int, language: str) -> int:
    """Where a weekday of two parts ends: "terça-feira"."""
    return end + len(_FEIRA) if language == "pt" and text.startswith(_FEIRA, end) else end


def _other_noun(text: str, begin: int, word: str, words: calendars.Spoken) -> bool:
    """Whether a word for a near day is the noun here: "am Dienstag Morgen", "heute Morgen"."""
    if word not in words.nouns:
        return False
    before = text[:begin].rstrip()
    return text[begin].isupper() and bool(before) and before[-1] not in '.!?:\n„«»“"'


def _relative(text: str, begins: Sequence[int], i: int, word: str, published: dt.date | None) -> Moment | None:
    """English phrases: "two weeks ago", "last year", "second quarter of 2020", "noon"."""
    begin = begins[i]
    if word in {"noon", "midnight"}:
        hour = 12.0 if word == "noon" else 0.0
        return Moment("time", hour, hour, hour, begin, begin + len(word))
    if word == "quarter" or word[0] == "q":
        match = _QUARTER.match(text, begins[i - 1] if word == "quarter" and i else begin)
        if match is None:
            return None
        quarter, year = int(match[1]) if match[1] else ORDINALS[match[2]], int(match[3])
        last = 3 * quarter
        low, high = dt.date(year, last - 2, 1), dt.date(year, last, calendar.monthrange(year, last)[1])
        return _interval(low, high, *match.span())
    if word == "ago":
        match = _AGO.match(text, begins[i - 2]) if i >= 2 else None
        return _ago(match, published) if match else None
    match = _SPAN.match(text, begin)
    if match is None:
        return None
    if published is None:
        return _exact(None, *match.span())
    step, unit = {"last": -1, "this": 0, "next": 1}[word], match[2].lower()
    low, high = _around(published, unit, step)
    part = _PART.search(text, max(0, begin - 40), begin)
    if part is not None and unit == "year":
        size = _MONTHS[part[2].lower()]
        place = _PLACES[part[1].lower()] % (12 // size)  # "the first month of this year"
        low, high = _whole(low.year, 1 + place * size)[0], _whole(low.year, (place + 1) * size)[1]
    return _interval(low, high, *match.span())


def _ago(match: re.Match[str], published: dt.date | None) -> Moment:
    return _before_now(count(match[1]), match[2].lower(), match.end(), match.start(), published)


def _before_now(many: int, unit: str, end: int, begin: int, published: dt.date | None) -> Moment:
    days = {"day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25, "decade": 3652.5}[unit]
    if published is None:
        return _exact(None, begin, end)
    value, slack = _number(published) - round(many * days), 0 if unit == "day" else round(days / 2)
    return Moment("date", value, value - slack, value + slack, begin, end)


def _around(day: dt.date, unit: str, step: int) -> tuple[dt.date, dt.date]:
    if unit == "week":
        monday = day - dt.timedelta(days=day.weekday()) + dt.timedelta(weeks=step)
        return monday, monday + dt.timedelta(days=6)
    if unit == "year":
        return dt.date(day.year + step, 1, 1), dt.date(day.year + step, 12, 31)
    month = day.year * 12 + day.month - 1 + step
    year, place = divmod(month, 12)
    return dt.date(year, place + 1, 1), dt.date(year, place + 1, calendar.monthrange(year, place + 1)[1])


def _clock(match: re.Match[str]) -> Moment | None:
    hour_text, minute_text, half, hour24, minute24, minute_fr = match.groups()
    hour, minute = int(hour_text or hour24), int(minute_text or minute24 or minute_fr or 0)
    if minute > 59 or (half and not 1 <= hour <= 12):
        return None
    value = (hour % 12 + (12 if half[0] in "pP" else 0) if half else hour) + minute / 60
    return Moment("time", value, value, value, *match.span())
