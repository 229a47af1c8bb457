"""One capture -> its text in tiles, what each tile seems to be, and the metadata the page states.

The captured text is a ledger: every visible character of the page is in exactly one block. What a block is called here
(`hint`) is a proposal of the extractors; `dedupe.page.mark` judges. `clean` is a pure function of bytes and settings,
so a page cleans the same in any process; the HTML libraries are imported on the first HTML page only.
"""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dedupe.settings import CleanSettings
from flows.clean import language, plain
from flows.clean.dates import Moment
from flows.clean.decode import BinaryError, decode

_VISIBLE = re.compile(r"[^\s\x00]")

__all__ = ["Page", "Rejected", "clean"]


@dataclass(frozen=True, slots=True)
class Page:
    """A cleaned capture: the columns of `storage.schema.Pages` but run_id. `blocks`: (begin, end, tag, hint)."""

    capture_id: str
    outlet: str
    external_id: str | None
    url: str | None
    captured_at: datetime
    lane: str
    title: str | None
    dek: str | None
    byline: str | None
    language: str | None
    published_at: datetime | None
    published_precision: str
    published_source: str | None
    modified_at: datetime | None
    text: str
    blocks: tuple[tuple[int, int, str, str], ...]
    item_name: str | None = None
    status: str | None = None
    targets: list[str] | None = None
    credit: str | None = None
    version: int | None = None
    versioned_at: datetime | None = None
    item_created_at: datetime | None = None
    change: str | None = None
    change_basis: str | None = None
    embargo_until: datetime | None = None
    urgency: int | None = None
    slugline: str | None = None
    dateline: str | None = None
    ednote: str | None = None
    rights: str | None = None
    info_source: str | None = None
    keywords: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A capture that cannot be used: a value, not an exception. `reason`: value seen, value expected, what to do."""

    outcome: str
    reason: str


def clean(capture: Mapping[str, Any], settings: CleanSettings) -> Page | Rejected:
    """Clean one capture.

    Args:
        capture: A row of `storage.schema.Captures`. `media_type` text/html (or xhtml) takes the HTML lane, text/plain
            the text lane, an item of a wire message the wire lane. What the input said (`given_*`) is used where the
            page itself states nothing better.
        settings: Thresholds; `lane` "fast" leaves the slower extractor out.

    Returns:
        The page, or why it is none (outcome too_large, empty, unreadable or no_article).

    Cost: text about 0.2 ms; HTML of 280 KB about 12 ms, in the fast lane about 4 ms. Bounds per page (`settings`), on
        two shared cores, cleaned and marked: `max_bytes` of HTML, `max_tags`, `max_blocks`, `max_text_bytes` of text:
        about 13 s and 1 GB at the worst of them. Above `vote_bytes`, `vote_blocks` or `vote_depth` trafilatura is not
        asked. Elements may be nested to any depth.
    """
    content: bytes = capture["content"]
    media_type = (capture.get("media_type") or "text/plain").split(";")[0].strip().lower()
    markup = media_type in ("text/html", "application/xhtml+xml", "application/xml", "text/xml")
    limit = settings.max_bytes if markup else settings.max_text_bytes
    if len(content) > limit:
        reason = f"{len(content):,} bytes, expected at most {limit:,}; split it, or raise the limit in [clean]."
        return Rejected("too_large", reason)
    if media_type.startswith("application/vnd.iptc."):
        from flows.clean import wire

        return wire.clean_item(capture)
    if not markup and not media_type.startswith("text/"):
        return Rejected(
            "unreadable", f"media type {media_type!r}, expected text/html or text/plain; leave it out of the input."
        )
    try:
        text, encoding = decode(content, capture.get("charset"), markup=markup)
    except BinaryError as error:
        return Rejected("unreadable", f"the content is {error}, expected {media_type} text; leave it out of the input.")
    if not _VISIBLE.search(text):
        return Rejected(
            "empty",
            f"{len(content):,} bytes without a visible character, expected an article; remove it or fetch it again.",
        )
    if markup:
        from flows.clean import page

        if capture.get("source") == "warc":  # archives are large: the fast lane
            settings = replace(settings, lane="fast")
        return page.clean_html(capture, text, _as_utf8(content, text, encoding), settings)
    return _clean_text(capture, text)


def _as_utf8(content: bytes, text: str, encoding: str) -> bytes:
    """The text in UTF-8 without null bytes: the page's own bytes where they are just that."""
    if encoding == "utf-8" and "\ufffd" not in text and b"\x00" not in content:
        return content.removeprefix(codecs.BOM_UTF8)
    return text.replace("\x00", "").encode("utf-8", "replace")


def _clean_text(capture: Mapping[str, Any], text: str) -> Page | Rejected:
    """The text lane: the decoded text verbatim, a block a line."""
    spans = plain.tile(text)
    head = plain.read_head(text, spans, capture.get("given_title"))
    blocks = tuple((a, b, "line", head.hints.get(at, "main")) for at, (a, b) in enumerate(spans))
    published_at, precision, source = published(capture, head.published, "text")
    return Page(
        capture_id=capture["capture_id"],
        outlet=capture["outlet"],
        external_id=capture.get("external_id"),
        url=capture.get("final_url") or capture.get("url"),
        captured_at=capture["captured_at"],
        lane="text",
        title=head.title or capture.get("given_title"),
        dek=head.dek or capture.get("given_dek"),
        byline=capture.get("given_byline") or head.byline,
        language=language.from_tag(capture.get("given_language")) or language.guess(text),
        published_at=published_at,
        published_precision=precision,
        published_source=source,
        modified_at=None,
        text=text,
        blocks=blocks,
    )


def published(
    capture: Mapping[str, Any], stated: Moment | None, source: str | None
) -> tuple[datetime | None, str, str | None]:
    """Publication time, precision and source: what the page states, unless only the input knows the time of day."""
    given, precision = capture.get("given_published_at"), capture.get("given_precision") or "none"
    if given is not None and precision != "none":
        better = stated is None or source == "text" or (precision == "instant" and stated.precision == "day")
        if better:
            return given, precision, capture.get("given_source") or "input"
    if stated is None:
        return None, "none", None
    return stated.at, stated.precision, source
