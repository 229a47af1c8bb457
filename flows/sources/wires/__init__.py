"""Wire formats: what a message of an agency says of its items. Pure: bytes in, values out; no file is opened here."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from flows.sources import dates

Paragraph = tuple[str, str]  # (hint, text): main, title, dek, byline, caption, widget or other


class MessageError(Exception):
    """Bytes that are no wire message: outcome (incomplete, unreadable, foreign_format) and what is wrong with them."""

    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason


@dataclass(frozen=True, slots=True)
class WireItem:
    """One version of one item, whatever the format.

    Attributes:
        kind: text, picture, package, event, ...: the sender's word for what it is; "text" where it says nothing.
        name: The item's identity, the same over its versions.
        status: usable, withheld or killed.
        providers: What the sender calls itself, most telling first: names, short names, a credit line.
        signals: The sender's own marks of what this version is, such as ``sig:update`` or ``edStat:C``.
        targets: Other items that it replaces or withdraws: a kill closes them too.
        body: Paragraphs in order, each with what it is.
    """

    kind: str = "text"
    name: str | None = None
    version: int | None = None
    status: str = "usable"
    versioned_at: datetime | None = None
    created_at: datetime | None = None
    embargo_until: datetime | None = None
    title: str | None = None
    dek: str | None = None
    byline: str | None = None
    dateline: str | None = None
    slugline: str | None = None
    credit: str | None = None
    ednote: str | None = None
    rights: str | None = None
    info_source: str | None = None
    language: str | None = None
    urgency: int | None = None
    keywords: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    body: tuple[Paragraph, ...] = field(default=())


def completed(item: WireItem, inner: WireItem | None) -> WireItem:
    """An item with what only a document inside it says: title, stand-first, authors, dateline, notes."""
    if inner is None:
        return item
    names = ("title", "dek", "byline", "dateline", "slugline", "ednote", "credit", "language")
    return replace(item, **{name: getattr(item, name) or getattr(inner, name) for name in names})


def tail(code: str) -> str:
    """The last part of a code, whatever its scheme: ``stat:usable`` and ``http://cv.iptc.org/.../usable`` -> usable."""
    return code.rstrip("/").replace("/", ":").rsplit(":", 1)[-1].strip()


_STATUSES: Mapping[str, Sequence[str]] = {
    "killed": ("canceled", "cancelled", "killed", "kill", "withdrawn", "deleted", "delete", "retracted"),
    "withheld": ("withheld", "embargoed", "hold", "suspended", "embargo"),
}


def status_of(said: str | None) -> str:
    """What a publishing status means here: usable, withheld or killed; any other word counts as usable.

    Source: IPTC NewsCodes pubstatusg2 (usable, withheld, canceled); NewsML 1.2 and NITF management-status.
    """
    word = tail(said or "").casefold()
    for status, words in _STATUSES.items():
        if word in words:
            return status
    return "usable"


def embargo_of(said: object, status: str) -> tuple[str, datetime | None]:
    """Status and end of an embargo. One whose end cannot be read withholds the item: too late is the lesser error.

    A day without a time ends with that day, UTC: wherever the sender is, it has begun by then.
    """
    if said is None or said == "":
        return status, None
    at, _ = dates.read(said) if isinstance(said, str) else (None, "none")
    if at is None:
        return ("withheld" if status == "usable" else status), None
    return status, at + timedelta(days=1) if len(str(said).strip().rstrip("Z")) <= len("YYYY-MM-DD") else at


def whole(value: object) -> int | None:
    """A version or urgency as a number: 3, "3", "3.0", "0003"; None for anything else, and beyond 32 bits."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        bare = value.strip().split(".")[0]
        value = int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= 10 else None
    if isinstance(value, float):
        value = int(value) if abs(value) < 2**31 else None  # not a number is not smaller either
    return value if isinstance(value, int) and 0 <= value < 2**31 else None


def notes(texts: Iterable[str | None]) -> str | None:
    """Notes to editors, a line each; one that stands in an earlier one (of the first hundred) is left out."""
    kept: dict[str, None] = {}
    for text in texts:
        if text and not any(text in other for other in itertools.islice(kept, 100)):
            kept[text] = None
    return joined(kept)


def joined(texts: Iterable[str | None], between: str = "\n") -> str | None:
    """The texts that are there, each once, in order; None where there is none."""
    return between.join(dict.fromkeys(text for text in texts if text)) or None
