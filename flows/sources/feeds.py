"""A feed (RSS 0.9x-2.0, RDF, Atom, JSON Feed) or sitemap -> the pages it names, with what it says of them.

The document is decoded here, its DOCTYPE is cut and HTML's named characters are replaced before lxml sees it: no entity
can be declared, so neither an entity bomb nor a file inclusion exists. A damaged document is repaired and read again.
"""

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape, unescape
from html.entities import html5
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from flows.sources import dates
from flows.sources.charset import decode
from flows.sources.rows import sound

_DOCTYPE = re.compile(r"\s*(?:<!--.*?-->\s*)?<!DOCTYPE\s[^<>\[]*(\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>\s*")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_BARE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});)")
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]"  # not XML, written out or as a number
    "|&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")
_NEVER = datetime.min.replace(tzinfo=UTC)
_CHANGED = ("updated", "modified", "lastbuilddate")
_MEDIA = "{http://search.yahoo.com/mrss"
_XML = {"amp", "lt", "gt", "quot", "apos"}
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LOOKS_HTML = re.compile(
    r"</?(?:a|abbr|b|br|cite|code|em|font|i|img|p|q|small|span|strong|sub|sup|u)\b[^<>]*>", re.IGNORECASE
)


_ADDRESSES = re.compile(r"https?://\S+\s*(?:\n|\Z)")
UNPACKED = 52_428_800  # bytes a packed sitemap may have; source: sitemaps.org, 50 MB


class FeedError(Exception):
    """The document is no feed: what it is instead."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A page a feed names.

    Attributes:
        url: Absolute; None where the entry links nowhere.
        guid: The entry's own id, verbatim.
        title: Plain text.
        byline: Authors, '; ' between them.
        published_at: UTC; `precision` says whether it is an instant or a day.
        language: Of the entry, else of the feed.
        modified_at: UTC instant of the last change, where the feed states one beside the publication.
        body: HTML of the text, where the feed carries more than a summary (content:encoded, Atom content, JSON Feed).
        origin: The publisher an aggregated entry came from (RSS ``<source>``, Atom source title, news sitemaps: none).
    """

    url: str | None
    guid: str | None
    title: str | None
    byline: str | None
    language: str | None
    published_at: datetime | None
    precision: str
    modified_at: datetime | None = None
    body: str | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, a sitemap, or an index of sitemaps, which has no entries.

    Attributes:
        title: Of the feed.
        entries: In the order of the document; of a sitemap the newest first, those without a date last.
        damaged: It was no XML before it was repaired.
        sitemap: A sitemap: it names all pages there are, not the newest ones.
        maps: The sitemaps that an index names, with their last change; the last changed first.
    """

    title: str | None
    entries: tuple[Entry, ...]
    damaged: bool
    sitemap: bool = False
    maps: tuple[tuple[str, datetime | None], ...] = ()


def parse(content: bytes, url: str, charset: str | None = None) -> Feed:
    """A feed document.

    Args:
        content: The bytes, content encodings undone.
        url: Where it came from; relative links start there.
        charset: What the HTTP header declared.

    Raises:
        FeedError: It is empty, HTML, or some other XML or JSON; packed, and larger than `UNPACKED` when unpacked.

    Cost: 40 us an entry. Source: RSS 2.0, RSS 1.0 (RDF), RFC 4287, JSON Feed 1.1, sitemaps.org 0.9.
    """
    text = decode(_unpacked(content), charset).lstrip("\ufeff \t\r\n\x00")
    if text.startswith("{"):
        return _json_feed(text, url)
    if _ADDRESSES.match(text):  # a sitemap as plain text, an address a line
        lines = (_absolute(url, line) for line in text.splitlines() if _ADDRESSES.fullmatch(line))
        return Feed(
            None, tuple(Entry(line, None, None, None, None, None, "none") for line in lines if line), False, True
        )
    text = _DECLARATION.sub("", text)
    # Matched once, at the head: a search would take quadratic time on a hostile document.
    if doctype := _DOCTYPE.match(text):
        text = text[doctype.end() :]
    text = _ENTITY.sub(_named, text)
    root, damaged = _tree(text)
    name = _local(root)
    if name == "sitemapindex":
        return Feed(None, (), damaged, True, _maps(root, url))
    if name == "urlset":
        pages = [_sitemap_entry(node, url) for node in root.iter("{*}url")]
        return Feed(None, tuple(sorted(pages, key=lambda one: latest(one) or _NEVER, reverse=True)), damaged, True)
    if name not in {"rss", "rdf", "feed"}:
        what = "an HTML page" if name == "html" else f"XML whose root is <{name}>" if name else "no XML"
        raise FeedError(f"is {what}; expected RSS, RDF or Atom")
    base = _join(url, root.get(_BASE) or "")
    channel = root if name == "feed" else next((one for one in root if _local(one) == "channel"), root)
    language = root.get(_LANG) or channel.get(_LANG) or _plain(channel, "language")
    nodes = root.iter("{*}entry", "{*}item")
    entries = tuple(_entry(node, _join(base, channel.get(_BASE) or ""), language) for node in nodes)
    return Feed(_plain(channel, "title"), entries, damaged)


def _unpacked(content: bytes) -> bytes:
    """A document that was packed as a file (sitemap.xml.gz), unpacked within the bound of the sitemap protocol."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    unpack = zlib.decompressobj(wbits=31)
    try:
        plain = unpack.decompress(content, UNPACKED + 1)
    except zlib.error as error:
        raise FeedError("is a broken gzip file; expected a feed or sitemap") from error
    if len(plain) > UNPACKED:
        raise FeedError(f"has more than {UNPACKED:,} bytes when unpacked; expected a feed or sitemap")
    return plain


def latest(entry: Entry) -> datetime | None:
    """When a page last appeared or changed, as far as is said."""
    return max((at for at in (entry.published_at, entry.modified_at) if at is not None), default=None)


def _maps(root: Any, url: str) -> tuple[tuple[str, datetime | None], ...]:  # noqa: ANN401
    found: dict[str, datetime | None] = {}
    for node in root.iter("{*}sitemap"):
        said = {_local(one): (one.text or "").strip() for one in node}
        if address := _absolute(url, said.get("loc", "")):
            found.setdefault(address, dates.read(said.get("lastmod"))[0])
    return tuple(sorted(found.items(), key=lambda one: one[1] or _NEVER, reverse=True))


def _named(found: re.Match[str]) -> str:
    name = found[1]
    return found[0] if name in _XML else html5.get(f"{name};", f"&amp;{name};")


def _tree(text: str) -> tuple[Any, bool]:
    """The root element, and whether the document had to be repaired."""
    options = {
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "huge_tree": False,
        "encoding": "utf-8",
    }
    try:
        raw = text.encode()
        return etree.fromstring(raw, etree.XMLParser(**options, remove_comments=True, remove_pis=True)), False
    except (etree.XMLSyntaxError, UnicodeEncodeError):
        repaired = _BARE.sub("&amp;", _CONTROL.sub("", text)).encode()
    begin = min(
        (at for at in (repaired.find(mark) for mark in (b"<rss", b"<rdf", b"<feed", b"<RDF")) if at >= 0), default=0
    )
    parser = etree.XMLParser(**options, recover=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(repaired[begin:], parser)
    except etree.XMLSyntaxError:  # nothing that looks like XML
        root = None
    if root is None:
        said = "is empty" if not text.strip() else f"begins with {text.strip()[:30]!r}"
        raise FeedError(f"{said}; expected RSS, RDF or Atom")
    return root, True


def _local(node: Any) -> str:  # noqa: ANN401  (lxml has no types here)
    tag = node.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def _entry(node: Any, base: str, language: str | None) -> Entry:  # noqa: ANN401
    base = _join(base, node.get(_BASE) or "")
    parts: dict[str, list[Any]] = {}
    for child in node:
        media = "media:" if str(child.tag).startswith(_MEDIA) else ""  # a picture's title is not the entry's
        parts.setdefault(media + _local(child), []).append(child)
    guid = next((_raw(one) for name in ("guid", "id", "identifier") for one in parts.get(name, ())), None)
    at, precision, first = None, "none", ""
    for name in ("pubdate", "published", "issued", "date", "created", *_CHANGED):
        for one in parts.get(name, ()):
            if at is None:
                (at, precision), first = dates.read(_raw(one)), name
    changed = (dates.read(_raw(one)) for name in _CHANGED for one in parts.get(name, ()) if first not in _CHANGED)
    return Entry(
        _link(parts, base, guid),
        guid,
        next((text for name in ("title", "media:title") for one in parts.get(name, ()) if (text := _text(one))), None),
        _byline(parts),
        node.get(_LANG) or next((_raw(one) for one in parts.get("language", ())), None) or language,
        at,
        precision,
        next((moment for moment, exact in changed if exact == "instant"), None),
        _body(parts),
        next((text for one in parts.get("source", ()) if (text := _plain(one, "title") or _text(one))), None),
    )


def _body(parts: dict[str, list[Any]]) -> str | None:
    """The text of an entry as HTML: content:encoded, or Atom's content in the page (not elsewhere, by `src`)."""
    for one in (*parts.get("encoded", ()), *parts.get("content", ())):
        kind = (one.get("type") or "html").lower()
        if kind in {"xhtml", "application/xhtml+xml"} and len(one):
            inner: list[str] = [etree.tostring(child, encoding="unicode", method="html") for child in one]
            return "".join(inner)
        if kind in {"html", "text/html", "text", "text/plain"} and (said := _raw(one)):
            return said if "html" in kind else _paragraphs(said)
    return None


def _paragraphs(text: str) -> str:
    """Plain text as HTML: a paragraph a line."""
    return "".join(f"<p>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip())


def _json_feed(text: str, url: str) -> Feed:
    """JSON Feed 1.0 and 1.1. A value of another type than the format says is passed over."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FeedError("is JSON that is cut or broken; expected a feed") from error
    if not isinstance(document, dict) or "jsonfeed.org" not in str(document.get("version")):
        raise FeedError("is JSON, and no JSON Feed; expected a feed")
    items = document.get("items")
    language = _line(document.get("language"))
    entries = []
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict):
            authors = item.get("authors") or [item.get("author")]
            names = [_line(one.get("name")) for one in authors if isinstance(one, dict)]
            at, precision = dates.read(item.get("date_published") or item.get("date_modified"))
            address = _absolute(url, str(item.get("url") or item.get("external_url") or ""))
            byline = "; ".join(name for name in names if name) or None
            own = _line(item.get("language")) or language
            changed, exact = dates.read(item.get("date_modified") if item.get("date_published") else None)
            plain, html = item.get("content_text"), item.get("content_html")
            body = html if isinstance(html, str) else _paragraphs(plain) if isinstance(plain, str) else None
            entries.append(Entry(
                address, _line(item.get("id")), _line(item.get("title")), byline, own, at, precision,
                changed if exact == "instant" else None, body,
            ))  # fmt: skip
    return Feed(_line(document.get("title")), tuple(entries), damaged=False)


def _line(value: object) -> str | None:
    """Text on one line; None for a value that is no text."""
    return sound(_SPACE.sub(" ", value).strip()) or None if isinstance(value, str) else None


def _sitemap_entry(node: Any, base: str) -> Entry:  # noqa: ANN401
    """A page of a sitemap. When it appeared is said by the news extension only: its last change is no publication."""
    said: dict[str, str] = {}
    for one in node.iter():
        if (text := (one.text or "").strip()) and isinstance(one.tag, str):
            said.setdefault(_local(one), text)
    at, precision = dates.read(said.get("publication_date"))
    changed, exact = dates.read(said.get("lastmod"))
    title = _line(said.get("title"))
    address = _absolute(base, said.get("loc") or "")
    return Entry(
        address, None, title, None, said.get("language"), at, precision, changed if exact == "instant" else None
    )


def _link(parts: dict[str, list[Any]], base: str, guid: str | None) -> str | None:
    """The page: FeedBurner's original link, the alternate link, a plain link, a guid that is an address."""
    found: list[tuple[int, str]] = [(0, _raw(one) or "") for one in parts.get("origlink", ())]
    for one in parts.get("link", ()):
        address, rel, kind = one.get("href") or _raw(one) or "", one.get("rel"), one.get("type") or "text/html"
        if one.get("href") is None and rel is None:
            found.append((2, address))
        elif (rel or "alternate").lower() == "alternate":
            found.append(
                (1 if "html" in kind.lower() else 3, _join(_join(base, one.get(_BASE) or ""), address.strip()))
            )
    if guid and all(
        (one.get("ispermalink") or one.get("isPermaLink") or "true") != "false" for one in parts.get("guid", ())
    ):
        found.append((4, guid))
    for _, address in sorted(found, key=lambda one: one[0]):
        if absolute := _absolute(base, address):
            return absolute
    return None


def _join(base: str, address: str) -> str:
    """An address seen from a base; the base itself where the address is broken, such as an unfinished IPv6 one."""
    try:
        return urljoin(base, address)
    except ValueError:
        return base


def _absolute(base: str, address: str) -> str | None:
    """A web address, or None where it is none."""
    try:
        absolute = urljoin(base, _SPACE.sub("", address)) if address else ""
        return absolute if urlsplit(absolute).scheme in {"http", "https"} and urlsplit(absolute).hostname else None
    except ValueError:  # such as an unfinished IPv6 address
        return None


def _byline(parts: dict[str, list[Any]]) -> str | None:
    names: list[str] = []
    for one in (*parts.get("author", ()), *parts.get("creator", ())):
        inner = next((child for child in one if _local(child) == "name"), None)
        name = _text(one if inner is None else inner) or ""
        if found := re.fullmatch(r"\S+@\S+\s+\((.+)\)", name):  # RSS: address (name)
            name = found[1]
        if name and "@" not in name and name not in names:
            names.append(name)
    return "; ".join(names) or None


def _plain(node: Any, name: str) -> str | None:  # noqa: ANN401
    return next((text for one in node if _local(one) == name and (text := _text(one))), None)


def _raw(node: Any) -> str | None:  # noqa: ANN401
    return "".join(node.itertext()).strip() or None


def _text(node: Any) -> str | None:  # noqa: ANN401
    """Plain text of a title or name: markup gone, entities of markup inside the markup resolved, one line."""
    text = "".join(node.itertext())
    if (node.get("type") or "").lower() not in {"text", "text/plain", "xhtml"} and ("&" in text or "<" in text):
        text = unescape(_TAG.sub("", text) if _LOOKS_HTML.search(text) else text)
    return sound(_SPACE.sub(" ", text).strip()) or None


def addresses(feed: Feed) -> Iterator[Entry]:
    """The entries that name a page, each page once."""
    met: set[str] = set()
    for entry in feed.entries:
        if entry.url and entry.url not in met:
            met.add(entry.url)
            yield entry
