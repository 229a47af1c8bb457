"""Times as deliveries and feeds write them -> UTC, with the precision they really have."""

import re
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime

_DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}Z?")
_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})[T ]+(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d+))?)?\s*([zZ]|[+-]\d{2}:?\d{2}|UTC|GMT)?"
)
_ZONE = re.compile(r"\b(?:GMT|UTC?)\s*([+-])(\d{1,2})(?::?(\d{2}))?$")  # "GMT+9": seen in feeds, unknown to RFC 822
_LONGEST = 100  # characters: the longest form seen has 45; a longer one is no date and not worth a parser's time
_YEARS = range(1600, 2201)  # newspapers begin in 1605; 0001 and 9999 are what programs write where a time is missing
_MILLISECONDS = 100_000_000_000  # as seconds, the year 5138: larger numbers are milliseconds


def read(value: object) -> tuple[datetime | None, str]:
    """A publication time.

    Args:
        value: A date, a datetime, seconds or milliseconds since 1970, or text: ISO 8601 or the form of RFC 822 (feeds).

    Returns:
        The instant in UTC and "instant"; midnight UTC and "day" where only the day is known; (None, "none") where the
        value is empty, no time at all, or outside 1600 to 2200. A time of exactly midnight without a zone or in UTC
        counts as "day": tables write days so, and a day is the weaker claim. Another time without a zone is taken as
        UTC.

    Cost: 2 us for ISO text. Source: ISO 8601-1:2019, RFC 5322 3.3.
    """
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return _instant(datetime.combine(value, time(), tzinfo=UTC))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _epoch(value)
    if isinstance(value, str) and 0 < len(value.strip()) <= _LONGEST:
        return _text(value.strip())
    return None, "none"


def _instant(value: datetime) -> tuple[datetime | None, str]:
    if value.year not in _YEARS:
        return None, "none"
    naive_or_utc = value.utcoffset() is None or not value.utcoffset()
    at = value.astimezone(UTC) if value.utcoffset() is not None else value.replace(tzinfo=UTC)
    return at, "day" if naive_or_utc and at.timetz() == time(tzinfo=UTC) else "instant"


def _epoch(value: float) -> tuple[datetime | None, str]:
    try:
        return _instant(datetime.fromtimestamp(value / 1000 if abs(value) > _MILLISECONDS else value, tz=UTC))
    except (OverflowError, OSError, ValueError):  # beyond the calendar, or not a number
        return None, "none"


def _text(text: str) -> tuple[datetime | None, str]:
    try:
        if _DAY.fullmatch(text):
            return _instant(datetime.combine(date.fromisoformat(text.rstrip("Z")), time(), tzinfo=UTC))
        if found := _ISO.fullmatch(text):
            year, month, day, hour, minute, second, fraction, zone = found.groups()
            clock = f"{hour}:{minute}:{second or '00'}.{(fraction or '')[:6]:0<6}"
            offset = "+00:00" if zone and zone[0] in "zZUG" else zone or ""
            return _instant(datetime.fromisoformat(f"{year}-{month}-{day}T{clock}{offset}"))
        return _instant(parsedate_to_datetime(_ZONE.sub(_offset, text)))
    except (ValueError, TypeError, IndexError, OverflowError):  # not a date: the caller says so with the value
        return None, "none"


def _offset(found: re.Match[str]) -> str:
    sign, hours, minutes = found.groups()
    return f"{sign}{int(hours):02}{minutes or '00'}"
