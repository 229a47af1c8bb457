"""What of a page is counted for its outlet: its distinct lines, and the title and lead by which others may name it."""

import itertools

import polars as pl

from dedupe.page.credits import DATELINE
from dedupe.page.tiles import Tile, ends_sentence, is_elided, is_heading_like, squeezed
from dedupe.settings import PageSettings
from storage import schema

LINE_CHARS = (
    400  # code points of a squeezed line that are compared: longer teasers and notices do not differ further on
)
_BODY = ("main", "link")  # hints of the blocks that may become body
_CELLS = frozenset({"td", "th", "tr", "dt", "dd", "caption"})
LEAD_LINES = 3  # first lines of a body, one of which is its lead
_LEAD_WORDS = 8  # words of the shortest line that can be a lead
_ROWS = {name: dtype for name, dtype in schema.columns("lines").items() if name != "run_id"}


def key_of(text: str) -> str:
    """What two copies of a line share: its words in lower case, the first 400 code points of them."""
    return squeezed(text)[:LINE_CHARS].rstrip()


def lines_of(blocks: pl.DataFrame, pages: pl.DataFrame, settings: PageSettings) -> pl.DataFrame:
    """The lines of captured pages, as the frequencies of their outlets count them.

    Args:
        blocks: capture_id, begin, end, tag, hint, text: the tiles of the pages, as `mark` takes them.
        pages: capture_id, outlet, captured_at, title, dek, item_id: one row a capture.
        settings: Thresholds.

    Returns:
        The columns of `schema.Lines` but run_id, sorted by key. A line of fewer than `learn_words` words is left out.

    Cost: about 0.5 ms a page of 60 lines.
    """
    tiles: dict[str, list[Tile]] = {}
    wanted = blocks.sort("capture_id", "begin", "end").select("capture_id", "begin", "end", "text", "tag", "hint")
    for capture_id, begin, end, text, tag, hint in wanted.iter_rows():
        if text.strip():
            tiles.setdefault(capture_id, []).append(Tile(begin, end, text, tag or "", hint or ""))
    columns: dict[str, list[object]] = {name: [] for name in _ROWS}
    for capture_id, outlet, captured_at, title, dek, item in pages.select(
        "capture_id", "outlet", "captured_at", "title", "dek", "item_id"
    ).iter_rows():
        window = f"{captured_at.year}-Q{(captured_at.month + 2) // 3}"
        found = _of_page(tiles.get(capture_id, []), title, dek, settings)
        for (place, text), (at, word_n, char_n, closed, tabular) in found.items():
            values = (capture_id, place, text, outlet, window, item, captured_at, at, word_n, char_n, closed, tabular)
            for name, value in zip(_ROWS, values, strict=True):
                columns[name].append(value)
    return pl.DataFrame(columns, schema=_ROWS).sort(schema.keys("lines"))


_Line = tuple[int, int, int, bool, bool]  # at, word_n, char_n, closed, tabular


def _of_page(
    tiles: list[Tile], title: str | None, dek: str | None, settings: PageSettings
) -> dict[tuple[str, str], _Line]:
    """(place, text) -> the line, of one page."""
    found: dict[tuple[str, str], _Line] = {}
    body = [tile for tile in tiles if tile.hint in _BODY]
    keys = {id(tile): key_of(tile.text) for tile in tiles}
    rows = {id(tile) for tile in tiles if _is_row(tile, keys[id(tile)])}
    near = {id(other) for a, b in itertools.pairwise(body) for one, other in ((a, b), (b, a))
            if id(one) in rows}  # fmt: skip
    for place, listed in (("body", body), ("other", [tile for tile in tiles if tile.hint not in _BODY])):
        for at, tile in enumerate(listed):
            if tile.words() >= settings.learn_words:
                tabular = id(tile) in rows or (id(tile) in near and not ends_sentence(tile.text))
                line = (at, tile.words(), len(tile.text.strip()), _is_closed(tile), tabular)
                found.setdefault((place, keys[id(tile)]), line)
    heads = _heads(body, [tile for tile in tiles if tile.hint in ("title", "dek")], title, dek)
    for at, (place, text) in enumerate(sorted(heads)):
        found.setdefault((place, text), (at, text.count(" ") + 1, len(text), False, False))
    return found


def _is_closed(tile: Tile) -> bool:
    """A whole sentence; a line that was cut off, or asks or calls as headlines do, is none."""
    return ends_sentence(tile.text) and not is_elided(tile.text) and not is_heading_like(tile)


def _is_row(tile: Tile, key: str) -> bool:
    """A table's cell, or a line of which half the words are numbers."""
    if tile.tag in _CELLS:
        return True
    words = key.split(" ")
    return sum(word[:1].isdigit() for word in words) >= 0.5 * len(words) and not ends_sentence(tile.text)


def _heads(body: list[Tile], shown: list[Tile], title: str | None, dek: str | None) -> set[tuple[str, str]]:
    """What other pages may show of this article: its titles, stand-firsts, leads, and a title run into a lead.

    The lead begins at one of the first lines (a kicker or caption may stand before it), with its dateline or without.
    "start" is where the page's own words begin: its first line, and its first whole sentence of some length.
    """
    titles = {key_of(text) for text in (title, *(tile.text for tile in shown if tile.hint == "title")) if text}
    deks = {key_of(text) for text in (dek, *(tile.text for tile in shown if tile.hint == "dek")) if text}
    leads: set[str] = set()
    begins = [at for at, tile in enumerate(body[:LEAD_LINES]) if tile.words() >= _LEAD_WORDS]
    starts: set[str] = set()
    first = next((at for at in begins if _is_closed(body[at])), 0)
    for at in sorted({0, first, *begins}, key=lambda at: at not in (0, first)):
        text = _from(body, at)
        dateline = DATELINE.match(text[:200])
        leads |= {key_of(text), key_of(text[dateline.end() :] if dateline else text)}
        if at in (0, first):
            starts |= leads
    heads = {("title", text) for text in titles} | {("dek", text) for text in deks}
    heads |= {("lead", text) for text in leads} | {("start", text) for text in starts}
    heads |= {
        ("headline", f"{name} {text}"[:LINE_CHARS].rstrip())
        for name in titles
        for text in leads | deks
        if name and text
    }
    return {(place, text) for place, text in heads if text}


def _from(body: list[Tile], at: int) -> str:
    """The body from a line on, as long as lines are compared."""
    text = ""
    for tile in body[at:]:
        text += f"{tile.text}\n"
        if len(text) > 3 * LINE_CHARS:
            break
    return text
