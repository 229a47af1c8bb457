"""A web archive (WARC, WARC.gz) -> a capture for each page of the hosts and days asked for, read in a stream."""

import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flows.config import Config, Outlet
from flows.sources import Capture, Reject, Tell, capture_id
from flows.sources.addresses import canonical, outlet_of

if TYPE_CHECKING:  # imported only where there is an archive
    from fastwarc.warc import WarcRecord

_PAGES = {"text/html", "application/xhtml+xml", "text/plain"}
_PIECE = 1 << 16  # bytes decoded or checked at a time
_HEADER = 1 << 20  # bytes of the headers of one record: more is no WARC


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records are taken.

    Attributes:
        hosts: Hosts, with their sub-domains; empty: all.
        since: First UTC day of the record; None: no bound.
        until: Last UTC day.
        limit: Bytes of one page.
    """

    hosts: Sequence[str]
    since: date | None
    until: date | None
    limit: int

    @classmethod
    def of(cls, config: Config) -> "Wanted":
        """What [gather] asks for."""
        gather = config.gather
        hosts = [host.lower().strip(".").removeprefix("www.") for host in gather.archive_hosts]
        return cls(hosts, gather.archive_since, gather.archive_until, gather.max_page_bytes)

    def host(self, url: str) -> bool:
        """Whether a page is of a host that is asked for."""
        name = (urlsplit(url).hostname or "").removeprefix("www.")
        return not self.hosts or any(name == host or name.endswith(f".{host}") for host in self.hosts)

    def day(self, at: datetime) -> bool:
        """Whether a record is of a day that is asked for."""
        return (self.since is None or at.date() >= self.since) and (self.until is None or at.date() <= self.until)


def read(
    path: Path, locator: str, wanted: Wanted, outlets: Sequence[Outlet], now: datetime, notice: Tell
) -> Iterator[Capture | Reject]:
    """The pages of an archive in its order.

    Args:
        path: The file; compression is told by its content.
        locator: What it is called.
        wanted: Hosts, days and sizes.
        outlets: Whose a page is: the outlet with its host, else the host.
        now: When a record says no date of its own.
        notice: Told what was left out, by reason.

    Yields:
        Answers of status 200 that hold HTML or text. What is left out as asked, or is no page, is counted in one notice
        an archive; a page that is damaged or too large is a reject. Of an archive that is cut, what was whole is taken,
        and the rest is one reject.

    Cost: FastWARC's; one record is held at a time. Source: ISO 28500 (WARC 1.1).
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType  # only where there is an archive

    left: Counter[str] = Counter()
    number = place = 0
    try:
        with path.open("rb") as file:
            records = ArchiveIterator(
                file, record_types=WarcRecordType.any_type, parse_http=True, auto_decode="none",
                max_header_len=_HEADER, fsspec_args=False,
            )  # fmt: skip
            for record in records:
                number, place = number + 1, record.stream_pos
                if record.record_type == WarcRecordType.response:
                    yield from _page(record, f"{locator}:{number}", wanted, outlets, now, left)
        cut = _cut(path, place)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        cut = f"cannot be read on ({getattr(error, 'strerror', None) or error})"
    if cut:
        what = f"after record {number}; what came before is kept, fetch the file again" if number else "; is it a WARC?"
        yield Reject(locator, None, "unreadable", f"{locator} {cut} {what}")
    if left:
        said = ", ".join(f"{count:,} {reason}" for reason, count in left.most_common())
        notice(f"{locator}: {number:,} records; not taken: {said}")


def _page(
    record: "WarcRecord", locator: str, wanted: Wanted, outlets: Sequence[Outlet], now: datetime, left: Counter[str]
) -> Iterator[Capture | Reject]:
    """The page of a response, or a reject; what is no page, or not asked for, is counted."""
    url, at = _url(record), _at(record, now)
    status = record.http_headers.status_code if record.http_headers else None
    media_type = (record.http_content_type or "").lower()
    if url is None:
        left["without a web address"] += 1
    elif not wanted.host(url):
        left["of other hosts"] += 1
    elif not wanted.day(at):
        left["of other days"] += 1
    elif status != 200:
        left[f"of status {status or 'unknown'}"] += 1
    elif media_type not in _PAGES:
        left["of other media types"] += 1
    else:
        yield _capture(record, url, at, media_type, locator, wanted.limit, outlets)


def _url(record: "WarcRecord") -> str | None:
    said = record.headers.get("WARC-Target-URI")
    return canonical(said.strip("<>")) if said else None


def _at(record: "WarcRecord", now: datetime) -> datetime:
    try:
        at = record.record_date
    except ValueError:
        return now
    return at.astimezone(UTC) if isinstance(at, datetime) else now


def _capture(
    record: "WarcRecord", url: str, at: datetime, media_type: str, locator: str, limit: int, outlets: Sequence[Outlet]
) -> Capture | Reject:
    def refuse(outcome: str, reason: str) -> Reject:
        return Reject(locator, url, outcome, f"{locator} ({url}) {reason}")

    too_large = f"has more than {limit:,} bytes (gather.max_page_bytes); raise the limit or leave it out"
    size = record.content_length
    if size > limit:
        return refuse("too_large", too_large)
    content = record.reader.read(size) if size else b""
    if len(content) < size:
        return refuse("unreadable", f"has {len(content):,} of {size:,} bytes: the archive is cut here")
    headers = {name.lower(): said for name, said in record.http_headers.items()}
    try:
        content = _decoded(content, headers, limit)
    except (zlib.error, ValueError) as error:
        return refuse("unreadable", f"cannot be decoded ({error}); leave it out")
    if len(content) > limit:
        return refuse("too_large", too_large)
    if not content:
        return refuse("empty", "is empty; expected a page")
    host = Outlet((urlsplit(url).hostname or "").removeprefix("www."))
    outlet = outlet_of(url, host, outlets)
    return Capture(
        capture_id=capture_id(outlet, url, None, locator, content),
        source="warc",
        locator=locator,
        outlet=outlet,
        captured_at=at,
        media_type=media_type,
        content=content,
        url=url,
        final_url=url,
        charset=record.http_charset,
        etag=headers.get("etag"),
        last_modified=headers.get("last-modified"),
    )


def _decoded(content: bytes, headers: Mapping[str, str], limit: int) -> bytes:
    """The page without its transfer and content codings; at most one byte more than the limit.

    Crawlers differ: some store what was sent, some what it meant, and keep the header. So a coding that the content
    does not show is not there.
    """
    if "chunked" in headers.get("transfer-encoding", "").lower():
        content = _unchunked(content)
    for coding in reversed([one.strip().lower() for one in headers.get("content-encoding", "").split(",")]):
        if coding in ("gzip", "x-gzip"):
            content = _inflated(content, 31, limit) if content[:2] == b"\x1f\x8b" else content
        elif coding == "deflate":
            zlib_head = content[:1] == b"\x78"
            content = _inflated(content, 15 if zlib_head else -15, limit)
        elif coding not in ("", "identity") and content.lstrip()[:1] != b"<":
            raise ValueError(f"content coding {coding} is not known")
    return content


def _inflated(content: bytes, wbits: int, limit: int) -> bytes:
    inflate = zlib.decompressobj(wbits)
    return inflate.decompress(content, limit + 1)


def _unchunked(content: bytes) -> bytes:
    """A chunked body put together; a body that shows no chunk comes as it is. Source: RFC 9112, 7.1."""
    parts: list[bytes] = []
    at = 0
    while at < len(content):
        end = content.find(b"\r\n", at, at + 64)
        head = content[at:end].split(b";")[0].strip() if end >= 0 else b""
        if not head or not all(one in b"0123456789abcdefABCDEF" for one in head):
            return content if not parts else b"".join(parts)
        size = int(head, 16)
        parts.append(content[end + 2 : end + 2 + size])
        if size == 0:
            break
        at = end + 2 + size + 2
    return b"".join(parts)


def _cut(path: Path, place: int) -> str | None:
    """Whether an archive stops before its end: FastWARC ends without a word there. `place`: its last record."""
    if not path.stat().st_size:
        return "is empty"
    with path.open("rb") as file:
        if file.read(2) != b"\x1f\x8b":
            file.seek(max(0, path.stat().st_size - 4))
            return None if file.read() == b"\r\n\r\n" else "is cut off"
        file.seek(place)
        if file.read(2) != b"\x1f\x8b":  # compressed as one piece: its records have no place of their own
            place = 0
        file.seek(place)
        inflate, tail = zlib.decompressobj(31), b""
        while not inflate.eof:
            piece = inflate.unconsumed_tail or file.read(_PIECE)
            out = inflate.decompress(piece, _PIECE)
            if not piece and not out:
                return "is cut off"
            tail = (tail + out)[-4:]
        rest = inflate.unused_data + file.read(1)
        return None if tail == b"\r\n\r\n" and not rest.strip(b"\x00") else "is cut off"
