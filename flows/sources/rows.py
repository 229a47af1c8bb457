"""One row of a delivery -> a capture, or a reject that says why not."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flows.config import Outlet
from flows.sources import Capture, Reject, Tell, capture_id, dates
from flows.typed import shown

COLUMNS = ("id", "outlet", "title", "text", "html", "url", "published_at", "byline", "authors", "language", "dek")
_UNPRINTABLE = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f]+"
)  # an outlet's name is one line: it is typed, printed and joined on
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _UnusableError(Exception):
    """A row that gives no article: outcome and reason."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file of rows and what is known about it.

    Attributes:
        outlet: What its place says, for rows that name none.
        names: Names and aliases of known outlets, case folded.
        now: When it was taken.
        limit: Bytes of one line or article; larger ones are rejected.
    """

    path: Path
    locator: str
    outlet: str | None
    names: Mapping[str, Outlet]
    now: datetime
    limit: int
    notice: Tell


@dataclass(slots=True)
class Tally:
    """What a delivery adds up to while it is read; it ends as notices."""

    ids: dict[bytes, int] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    odd: Counter[str] = field(default_factory=Counter)
    sample: dict[str, str] = field(default_factory=dict)

    def ill(self, column: str, value: object) -> None:
        """Count a value that is left out of an article that is kept."""
        self.odd[column] += 1
        self.sample.setdefault(column, shown(value))

    def tell(self, delivery: Delivery) -> None:
        """One line for each kind of thing that was left out."""
        if self.unknown:
            names = ", ".join(sorted(self.unknown))
            delivery.notice(f"{delivery.locator}: unknown column(s) kept out: {names}")
        for column, number in sorted(self.odd.items()):
            text = (
                f"{column} cannot be used in {number} row(s), such as {self.sample[column]}; those articles have none"
            )
            delivery.notice(f"{delivery.locator}: {text}")


def article(row: Mapping[str, Any], number: int, delivery: Delivery, tally: Tally) -> Capture | Reject:
    """The article a row holds.

    Args:
        row: Column -> value; a date or datetime of Parquet comes as ``{"days": n}`` or ``{"us": n}`` since 1970.
        number: Line or row number, from 1.
        delivery: The file.
        tally: What the file adds up to; ids already met are refused.
    """
    locator = f"{delivery.locator}:{number}"
    url = _text(row, "url", tally)
    try:
        external = _id(row, number, tally)
        outlet = _outlet(row, delivery)
        media_type, content, charset = _body(row, delivery.limit)
    except _UnusableError as fault:
        outcome, reason = fault.args
        return Reject(locator, url, outcome, f"{locator} {reason}")
    at, precision = _time(row.get("published_at"), tally)
    return Capture(
        capture_id=capture_id(outlet, url, external, locator, content),
        source="files",
        locator=locator,
        outlet=outlet,
        captured_at=delivery.now,
        media_type=media_type,
        content=content,
        external_id=external,
        url=url,
        final_url=url,
        charset=charset,
        given_title=_text(row, "title", tally),
        given_dek=_text(row, "dek", tally),
        given_byline=_byline(row, tally),
        given_language=_text(row, "language", tally),
        given_published_at=at,
        given_precision=precision,
        given_source="input",
    )


def _id(row: Mapping[str, Any], number: int, tally: Tally) -> str | None:
    given = row.get("id")
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    if given is not None and not isinstance(given, str):
        raise _UnusableError("bad_column", f"has id {shown(given)}; expected text or a whole number")
    if not given:
        return None
    external = sound(given)
    first = tally.ids.setdefault(hashlib.blake2b(external.encode(), digest_size=12).digest(), number)
    if first != number:
        reason = f"has the id {shown(external)} of row {first}; give each row of a delivery its own id"
        raise _UnusableError("duplicate_id", reason)
    return external


def _outlet(row: Mapping[str, Any], delivery: Delivery) -> str:
    given = row.get("outlet")
    if given is not None and not isinstance(given, str):
        raise _UnusableError("bad_column", f"has outlet {shown(given)}; expected text")
    outlet = _UNPRINTABLE.sub(" ", sound(given or "")).strip() or delivery.outlet
    if not outlet:
        raise _UnusableError("bad_column", "names no outlet; fill the column outlet")
    known = delivery.names.get(outlet.casefold())
    return known.name if known else outlet


def _body(row: Mapping[str, Any], limit: int) -> tuple[str, bytes, str | None]:
    """Media type, bytes and charset. Where a row has both, html is the page as it came and text what was made of it."""
    column = "html" if row.get("html") else "text"
    body = row.get(column)
    if "text" not in row and "html" not in row:
        raise _UnusableError("bad_column", "has neither text nor html; expected one of them")
    if body is None or body in ("", b""):
        raise _UnusableError("empty", "has no text; expected the text or html of an article")
    if not isinstance(body, (str, bytes)):
        raise _UnusableError("bad_column", f"has {kind(body)} as {column}; expected text")
    content = body if isinstance(body, bytes) else sound(body).encode()
    if len(content) > limit:
        raise _UnusableError(
            "too_large", f"has {len(content):,} bytes of {column}; {limit:,} are read (gather.max_file_bytes)"
        )
    return "text/html" if column == "html" else "text/plain", content, None if isinstance(body, bytes) else "utf-8"


def _text(row: Mapping[str, Any], column: str, tally: Tally) -> str | None:
    value = row.get(column)
    if value is None or isinstance(value, str):
        return sound(value).strip() or None if value else None
    tally.ill(column, value)
    return None


def _byline(row: Mapping[str, Any], tally: Tally) -> str | None:
    for column in ("byline", "authors"):
        value = row.get(column)
        if isinstance(value, (list, tuple)):
            names = [sound(name).strip() for name in value if isinstance(name, str)]
            if len(names) < len(value):
                tally.ill(column, value)
            value = "; ".join(name for name in names if name)
        elif value is not None and not isinstance(value, str):
            tally.ill(column, value)
            continue
        if value and value.strip():
            return sound(value).strip()
    return None


def _time(value: object, tally: Tally) -> tuple[datetime | None, str]:
    if isinstance(value, dict):  # a Parquet date or datetime, see _column
        [(unit, number)] = value.items() if len(value) == 1 else [("", None)]
        try:
            value = (
                number
                if number is None
                else _EPOCH + timedelta(**{"days" if unit == "days" else "microseconds": number})
            )
        except (OverflowError, TypeError):
            value = f"{number} {unit} after 1970"
    at, precision = dates.read(value)
    if at is None and value not in (None, ""):
        tally.ill("published_at", value)
    return at, precision


def sound(text: str) -> str:
    """Text that every table can hold: a lone surrogate (half a character, from a broken escape) becomes U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def kind(value: object) -> str:
    """What a JSON value is, in words."""
    words = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return words.get(type(value), "a number")
