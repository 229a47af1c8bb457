"""What the tests of page cleaning share: a capture, the page it becomes, its marked blocks, the body."""

import datetime as dt

import polars as pl

from dedupe import page
from dedupe.settings import CleanSettings, PageSettings
from flows.clean import Page, clean

CLEAN, SETTINGS = CleanSettings(), PageSettings()


def capture(content, media_type="text/plain", **given):
    """A row of captures as a source makes it."""
    row = dict.fromkeys(("external_id", "url", "final_url", "charset", "given_title", "given_byline", "given_language"))
    row |= dict.fromkeys(("given_published_at", "given_precision", "given_source"))
    row |= {"capture_id": "c-1", "outlet": "o", "captured_at": dt.datetime(2026, 5, 3, tzinfo=dt.UTC)}
    raw = content if isinstance(content, bytes) else content.encode()
    return row | {"media_type": media_type, "content": raw} | given


def frame(one):
    """The blocks of a page, as the stage hands them to `mark`."""
    rows = [("c-1", "o", n, a, b, tag, hint, one.text[a:b]) for n, (a, b, tag, hint) in enumerate(one.blocks)]
    columns = ["capture_id", "outlet", "block", "begin", "end", "tag", "hint", "text"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def read(content, media_type="text/plain", **given):
    """A page and its marked blocks."""
    found = clean(capture(content, media_type, **given), CLEAN)
    assert isinstance(found, Page), found
    return found, page.mark(frame(found), SETTINGS)


def body(blocks):
    """The article's text."""
    return "".join(blocks.filter(pl.col("kept"))["text"])
