"""Articles as other extractors write them in JSON (trafilatura, news-please, Fundus, newspaper4k) -> our columns."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from flows.config import Outlet

Row = Mapping[str, Any]

# Recognised by keys that only this tool writes. Versions looked at: trafilatura 2.3, news-please 1.6, Fundus 0.5,
# newspaper4k 0.9.
_TELLING: Mapping[str, tuple[str, ...]] = {
    "trafilatura": ("source", "source-hostname", "text"),
    "news-please": ("maintext", "source_domain"),
    "newspaper4k": ("text", "publish_date", "top_image"),
    "fundus": ("publisher", "publishing_date"),
}


def adapt(row: Row, outlets: Iterable[Outlet]) -> Row | None:
    """A row with our columns, from an article of a known tool or from a row that has our columns already.

    Args:
        row: A JSON object.
        outlets: Known ones: the outlet is whose domain the page's host lies under, else the name the tool gives, else
            the host.

    Returns:
        None where the object is neither.
    """
    found = [name for name, keys in _TELLING.items() if "outlet" not in row and all(key in row for key in keys)]
    tool = found[0] if found else None
    if tool is None:
        return row if {"text", "html"} & row.keys() and "outlet" in row else None
    made = _READ[tool](row)
    return {**made, "outlet": _outlet(made, outlets)}


def _trafilatura(row: Row) -> dict[str, Any]:
    return {"title": row.get("title"), "text": row.get("text") or row.get("raw_text"), "url": row.get("source"),
            "published_at": row.get("date"), "byline": row.get("author"), "language": row.get("language"),
            "dek": row.get("excerpt"), "outlet": row.get("hostname")}  # fmt: skip


def _news_please(row: Row) -> dict[str, Any]:
    return {"title": row.get("title"), "text": row.get("maintext"), "url": row.get("url"),
            "published_at": row.get("date_publish"), "authors": _names(row.get("authors")),
            "language": row.get("language"), "dek": row.get("description"),
            "outlet": row.get("source_domain")}  # fmt: skip


def _newspaper(row: Row) -> dict[str, Any]:
    return {"title": row.get("title"), "text": row.get("text"), "url": row.get("canonical_link") or row.get("url"),
            "published_at": row.get("publish_date"), "authors": _names(row.get("authors")),
            "language": row.get("language") or row.get("meta_lang"), "dek": row.get("meta_description"),
            "outlet": row.get("meta_site_name")}  # fmt: skip


def _fundus(row: Row) -> dict[str, Any]:
    page = row.get("html")
    page = page if isinstance(page, Mapping) else {}
    publisher = row.get("publisher")
    return {"title": row.get("title"), "text": row.get("plaintext") or _sections(row.get("body")),
            "url": row.get("url") or page.get("responded_url") or page.get("requested_url"),
            "published_at": row.get("publishing_date"), "authors": _names(row.get("authors")),
            "language": row.get("lang") or row.get("language"),
            "outlet": publisher.get("name") if isinstance(publisher, Mapping) else publisher}  # fmt: skip


def _names(value: object) -> object:
    """Authors as a list of names; other shapes as they came, for the row's own check to tell."""
    if not isinstance(value, list):
        return value
    return [str(one.get("name")) if isinstance(one, Mapping) else one for one in value]


def _sections(body: object) -> str:
    """Fundus' article body: a summary, then sections of a headline and paragraphs. Each is a list of texts."""
    if isinstance(body, str):
        return body
    lines: list[str] = []

    def add(part: object) -> None:
        for one in part if isinstance(part, list) else [part]:
            if isinstance(one, str):
                lines.append(one)
            elif isinstance(one, list):
                add(one)

    if isinstance(body, Mapping):
        add(body.get("summary"))
        held = body.get("sections")
        for section in held if isinstance(held, list) else []:
            if isinstance(section, Mapping):
                add(section.get("headline"))
                add(section.get("paragraphs"))
    return "\n\n".join(line for line in lines if line.strip())


_READ: Mapping[str, Callable[[Row], dict[str, Any]]] = {
    "trafilatura": _trafilatura, "news-please": _news_please, "newspaper4k": _newspaper, "fundus": _fundus,
}  # fmt: skip


def _outlet(made: Row, outlets: Iterable[Outlet]) -> str | None:
    url = made.get("url")
    try:
        host = (urlsplit(url).hostname or "") if isinstance(url, str) else ""
    except ValueError:
        host = ""
    named = made.get("outlet")
    said = named if isinstance(named, str) and named.strip() else None
    owned = [
        (len(domain), outlet.name)
        for outlet in outlets
        for domain in (one.lower().removeprefix("www.") for one in outlet.domains)
        if host == domain or host.endswith(f".{domain}")
    ]
    return max(owned)[1] if owned else said or host.removeprefix("www.") or None
