"""Where articles come from. A source yields captures, and rejects for what could not be taken."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Protocol

import polars as pl

from storage import ids, schema

_LOG = logging.getLogger("copydesk.sources")


class SourceError(Exception):
    """The caller asked for something that cannot be read at all, such as a path that does not exist (exit code 2)."""


class GatherError(Exception):
    """A source cannot go on although it was asked properly, such as when no connection can be made (exit code 1)."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One fetch of one URL, or one input file or row: the columns of `storage.schema.Captures` without `run_id`.

    Attributes:
        capture_id: From outlet, URL (else external id, else locator) and content: the same input has the same id.
        source: files, wire, warc, web or feed.
        locator: Path relative to the path given, with ``:N`` for row N of a delivery; for the web, the URL.
        content: The bytes as they came, content encodings such as gzip undone. A row's text is UTF-8.
        charset: What the source declared; null where it said nothing.
        tdm: What the publisher reserves against text and data mining, where it was taken all the same.
        given_origin: The publisher a feed names as the source of an entry (RSS ``<source>``).
        given_published_at: UTC; midnight where `given_precision` is "day".
        given_source: "input", "feed" or "wire": who said the `given_*` values.
    """

    capture_id: str
    source: str
    locator: str
    outlet: str
    captured_at: datetime
    media_type: str
    content: bytes
    external_id: str | None = None
    url: str | None = None
    final_url: str | None = None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    tdm: str | None = None
    given_title: str | None = None
    given_dek: str | None = None
    given_byline: str | None = None
    given_language: str | None = None
    given_published_at: datetime | None = None
    given_precision: str | None = None
    given_origin: str | None = None
    given_source: str | None = None

    def row(self) -> dict[str, Any]:
        """Column -> value, as a row of the stored table read back gives it (without `run_id`)."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class Reject:
    """Input that could not be used: a row of `storage.schema.Rejects`, never an exception.

    Attributes:
        source: The path, row or URL.
        url: Its URL where known.
        outcome: One word a reader can filter on: empty, too_large, http_404, timeout, robots_disallowed, ...
        reason: One sentence: the value seen, the value expected, what to do. The same fault gives the same sentence.
        capture_id: The capture, where there was one.
    """

    source: str
    url: str | None
    outcome: str
    reason: str
    capture_id: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A feed whose pages are all settled (taken, known or refused for good): what the next conditional GET sends.

    It comes after the pages the feed named, and is to be stored after them: a run that is killed in between fetches the
    feed again and loses nothing. A row of `storage.schema.Visits` without `run_id`.
    """

    url: str
    outlet: str
    visited_at: datetime
    etag: str | None
    last_modified: str | None
    entry_n: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that is still being written: left for the next run. It is counted; no row is made of it.

    Attributes:
        source: Its locator.
        reason: Why it is taken to be unfinished.
    """

    source: str
    reason: str


Tell = Callable[[str], object]  # told one line about input that was read only in part: no row, but nothing silent


def log(line: str) -> None:
    """Where such lines go unless the caller wants them: the log."""
    _LOG.warning("%s", line)


class Source(Protocol):
    """A way of getting captures. The kinds here are `flows.sources.files.Files` and `flows.sources.web.Web`."""

    def captures(self) -> Iterator[Capture | Reject | Visit | Waiting]:
        """What there is now, in a fixed order as far as the source has one.

        Raises:
            SourceError: What was asked for cannot be read at all; raised before the first capture.
        """
        ...


def capture_id(outlet: str, url: str | None, external_id: str | None, locator: str, content: bytes) -> str:
    """The id of a capture: the outlet, what the outlet calls the article, and the bytes."""
    return ids.content_id("c", outlet, url or external_id or locator, content)


def frame(captures: Sequence[Capture]) -> pl.DataFrame:
    """Captures as rows of `storage.schema.Captures` without `run_id`, in the order given."""
    return _rows("captures", captures)


def visits(seen: Sequence[Visit]) -> pl.DataFrame:
    """Visits as rows of `storage.schema.Visits` without `run_id`, in the order given."""
    return _rows("visits", seen)


def _rows(table: str, values: Sequence[Capture] | Sequence[Visit]) -> pl.DataFrame:
    wanted = {name: dtype for name, dtype in schema.columns(table).items() if name != "run_id"}
    return pl.DataFrame({name: [getattr(one, name) for one in values] for name in wanted}, schema=wanted)
