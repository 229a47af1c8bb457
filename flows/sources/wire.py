"""One file of a wire's drop folder -> a capture for each of its items; an unfinished file waits for the next run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from flows.config import Outlet
from flows.sources import Capture, Reject, Tell, Waiting, capture_id, extractors
from flows.sources.rows import Delivery, Tally, article
from flows.sources.wires import MessageError, WireItem, messages


@dataclass(frozen=True, slots=True)
class Drop:
    """A file and what is known about it.

    Attributes:
        outlet: What its place says.
        claimed: That the configuration says so: then it stands, whatever the message calls its sender.
        names: Names and aliases of known outlets, case folded.
        now: When it was taken.
        limit: Bytes of one article made by another extractor.
        settled: It has not changed for `gather.settle_s`: if it is unfinished, it stays so.
    """

    path: Path
    locator: str
    outlet: str | None
    claimed: bool
    names: Mapping[str, Outlet]
    now: datetime
    limit: int
    settled: bool
    notice: Tell


def captures(content: bytes, form: str, drop: Drop) -> Iterator[Capture | Reject | Waiting]:
    """The items of a message, in its order; what is none is a reject, and the rest goes on.

    Args:
        content: The file.
        form: "xml" or "json".
        drop: What is known of it.
    """
    tally = Tally()
    try:
        found = list(messages.xml_items(content) if form == "xml" else messages.json_items(content))
    except MessageError as error:
        unfinished = error.outcome == "incomplete"
        if unfinished and not drop.settled:
            yield Waiting(drop.locator, error.reason)
        else:
            hint = "; deliver it whole" if unfinished else ""
            yield _refuse(
                drop.locator, MessageError("unreadable" if unfinished else error.outcome, error.reason + hint)
            )
        return
    for number, one in enumerate(found, 1):
        locator = drop.locator if len(found) == 1 else f"{drop.locator}:{number}"
        if isinstance(one, MessageError):
            yield _refuse(locator, one)
        elif isinstance(one, messages.Piece):
            yield _capture(one, locator, drop)
        else:
            yield _extracted(one, number, locator, drop, tally)
    tally.tell(_delivery(drop))


def _refuse(locator: str, error: MessageError) -> Reject:
    return Reject(locator, None, error.outcome, f"{locator} {error.reason}")


def _capture(piece: messages.Piece, locator: str, drop: Drop) -> Capture:
    item, outlet = piece.item, _outlet(piece.item, drop)
    at = item.versioned_at or item.created_at
    day = at is not None and at.timetz() == time(tzinfo=UTC)
    return Capture(
        capture_id=capture_id(outlet, None, item.name, locator, piece.content),
        source="wire",
        locator=locator,
        outlet=outlet,
        captured_at=drop.now,
        media_type=piece.media_type,
        content=piece.content,
        external_id=item.name,
        charset="utf-8",
        given_published_at=at,
        given_precision=None if at is None else "day" if day else "instant",
        given_source="wire",
    )


def _outlet(item: WireItem, drop: Drop) -> str:
    """Who sends it: as configured, else a known outlet that message or place names, else what the message says."""
    said = (*item.providers, drop.outlet or "")
    known = [drop.names[name.casefold()].name for name in said if name.casefold() in drop.names]
    if drop.claimed and drop.outlet:
        return drop.outlet
    return next((name for name in (*known, *item.providers, drop.outlet) if name), drop.path.stem)


def _extracted(value: Mapping[str, Any], number: int, locator: str, drop: Drop, tally: Tally) -> Capture | Reject:
    """An article as another extractor writes it, or a row of our own columns in a .json file."""
    row = extractors.adapt(value, drop.names.values())
    if row is None:
        found = ", ".join(sorted(map(str, value))[:6]) or "none"
        expected = f"{messages.EXPECTED}, or an article of trafilatura, news-please, Fundus or newspaper4k"
        return Reject(locator, None, "foreign_format", f"{locator} is JSON with the keys {found}; expected {expected}")
    return article(row, number, _delivery(drop), tally)


def _delivery(drop: Drop) -> Delivery:
    return Delivery(drop.path, drop.locator, drop.outlet, drop.names, drop.now, drop.limit, drop.notice)
