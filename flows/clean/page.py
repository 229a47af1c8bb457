"""The HTML lane, thin version: blocks from the DOM, trafilatura says which are the article."""

from collections.abc import Mapping
from typing import Any

import trafilatura

from dedupe.page.tiles import squeezed
from dedupe.settings import PageSettings
from flows.clean import Page, Rejected, dom, language, published
from flows.clean.dates import parse_machine


def clean_html(capture: Mapping[str, Any], html: str, settings: PageSettings) -> Page | Rejected:
    """Clean one HTML page."""
    rows = dom.blocks(html)
    found = trafilatura.bare_extraction(html, include_comments=False, with_metadata=True)
    if not rows or found is None:
        return Rejected("no_article", "no block of text in the page, expected an article; check its address.")
    wanted = {squeezed(line) for line in (found.text or "").splitlines()}
    title = squeezed(found.title or "")
    text, blocks = [], []
    at = 0
    for tag, line in rows:
        key = squeezed(line)
        hint = "title" if key == title and tag in ("h1", "h2") else "main" if key in wanted else "other"
        text.append(line + "\n")
        blocks.append((at, at + len(line) + 1, tag, hint))
        at += len(line) + 1
    moment = parse_machine(found.date) if found.date else None
    published_at, precision, source = published(capture, moment, "meta")
    return Page(
        capture_id=capture["capture_id"],
        outlet=capture["outlet"],
        external_id=capture.get("external_id"),
        url=found.url or capture.get("final_url") or capture.get("url"),
        captured_at=capture["captured_at"],
        lane="html",
        title=found.title or capture.get("given_title"),
        dek=None,
        byline=found.author or capture.get("given_byline"),
        language=language.guess(found.text or ""),
        published_at=published_at,
        published_precision=precision,
        published_source=source,
        modified_at=None,
        text="".join(text),
        blocks=tuple(blocks),
    )
