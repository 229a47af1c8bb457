"""Level 1, within a page: which blocks are the article, which are not, and why. Nothing is deleted.

`mark` judges the blocks of captured pages; `assemble` builds articles from what was kept; `bodiless` lists the
captures of which nothing was kept. Kept + removed = the captured text, character for character.
"""

from bisect import bisect_right

import polars as pl

from dedupe.page.credits import credit_of, cut_credits, mark_credit_lines, split_markers
from dedupe.page.layout import layouts
from dedupe.page.learning import applied, digests, learn
from dedupe.page.lines import key_of, lines_of
from dedupe.page.repeats import mark_repeats
from dedupe.page.residue import inherit, mark_phrases, mark_teasers
from dedupe.page.tiles import TOKEN, Tile, squeezed
from dedupe.settings import PageSettings
from storage import ids, schema

__all__ = ["applied", "assemble", "bodiless", "digests", "layouts", "learn", "lines_of", "mark", "mark_one"]

# What `flows.clean` says a block is -> the role it keeps. "main" and "link" are body candidates and judged here.
_HINTED = {
    "title": ("title", "the headline the page shows"),
    "dek": ("dek", "the stand-first"),
    "byline": ("byline", "names the authors"),
    "date": ("date", "the date line"),
    "caption": ("caption", "stands in a figure"),
    "related_heading": ("related_heading", "heads a list of other articles"),
    "teaser": ("teaser", "a link to another article"),
    "widget": ("widget", "a form, button or share bar"),
    "navigation": ("navigation", "stands in the page's navigation"),
    "repeat": ("repeat", "stands in the body the page gives as data as well"),
    "other": ("other", "no extractor takes it for the article"),
}
# What only a wire item states: null where pages come without.
_OF_WIRES = ("credit", "version", "versioned_at", "item_created_at", "change", "change_basis", "embargo_until",
             "urgency", "slugline", "dateline", "ednote", "rights", "info_source", "keywords")  # fmt: skip
MARKED: dict[str, pl.DataType] = {
    name: dtype for name, dtype in schema.columns("blocks").items() if name not in ("article_id", "run_id")
}


def mark(blocks: pl.DataFrame, settings: PageSettings, residue: pl.DataFrame | None = None) -> pl.DataFrame:
    """Judge every block of the pages given.

    Args:
        blocks: capture_id, block, begin, end, tag, hint, text: per capture the tiles of its captured text.
        settings: Thresholds.
        residue: What the outlets' other pages teach: capture_id, text (`lines.key_of` it), role, reason, as
            `learning.applied` returns it. Body candidates of the capture with such a text are no body.

    Returns:
        The columns of `schema.Blocks` but article_id and run_id, sorted by capture_id and block. Blocks may have been
        cut in two and are numbered anew; they tile the captured text as before. `text` of the kept blocks joined in
        order is the article's text; `text_begin` is where each stands in it. A break between two kept paragraphs whose
        own line is cut (a marker or sign-off at its end) is a kept block of role "space".

    Cost: about 1 ms a page of 600 words. Rows and captures in any order give the same result.
    """
    learned: dict[str, dict[str, tuple[str, str]]] = {}
    if residue is not None:
        for row in residue.select("capture_id", "text", "role", "reason").iter_rows():
            learned.setdefault(row[0], {})[row[1]] = (row[2], row[3])
    columns: dict[str, list[object]] = {name: [] for name in MARKED}
    ordered = blocks.sort("capture_id", "begin", "end")
    for capture_id, tiles in _pages(ordered):
        _append(columns, capture_id, mark_one(tiles, settings, learned.get(capture_id)))
    return pl.DataFrame(columns, schema=MARKED)


def _pages(ordered: pl.DataFrame) -> list[tuple[str, list[Tile]]]:
    """Rows grouped by capture, in order."""
    pages: list[tuple[str, list[Tile]]] = []
    rows = ordered.select("capture_id", "begin", "end", "tag", "hint", "text").iter_rows()
    for capture_id, begin, end, tag, hint, text in rows:
        if not pages or pages[-1][0] != capture_id:
            pages.append((capture_id, []))
        pages[-1][1].append(Tile(begin, end, text, tag or "", hint or ""))
    return pages


def mark_one(
    tiles: list[Tile], settings: PageSettings, learned: dict[str, tuple[str, str]] | None = None
) -> list[Tile]:
    """The judged tiles of one page. The order of the rules matters: residue first, so that it joins no copy."""
    for tile in tiles:
        if not tile.text.strip():
            tile.judge("space", "white space")
        elif tile.hint in _HINTED:
            tile.judge(*_HINTED[tile.hint])
        elif learned and (found := learned.get(key_of(tile.text))):
            tile.judge(*found)
    _mark_second_titles(tiles)
    mark_credit_lines(tiles)
    mark_phrases(tiles, settings)
    mark_teasers(tiles, settings)
    inherit(tiles)
    tiles = mark_repeats(tiles, settings)
    tiles = split_markers(cut_credits(tiles))
    for tile in tiles:
        if not tile.role:
            tile.judge("body", "a paragraph of the article", kept=True)
    if not any(tile.kept and tile.words() for tile in tiles):
        for tile in tiles:
            if tile.kept:
                tile.judge("other", "no word in all that is left")
    return _trim(tiles)


def _mark_second_titles(tiles: list[Tile]) -> None:
    """The title once more, as a line of its own, is a repeat."""
    titles = {squeezed(tile.text): tile for tile in reversed(tiles) if tile.role == "title"}
    for tile in tiles:
        if not tile.role and len(tile.text) <= 400 and (source := titles.get(squeezed(tile.text))):
            tile.judge("repeat", "the title once more", repeat_at=source.begin)


def _trim(tiles: list[Tile]) -> list[Tile]:
    """White space cut off the ends of titles, deks and the body; what parts two kept paragraphs stays with the text."""
    cut: list[Tile] = []
    kept = [at for at, tile in enumerate(tiles) if tile.kept and tile.text.strip()]
    for at, tile in enumerate(tiles):
        text = tile.text
        named = tile.role in ("title", "dek")
        left = len(text) - len(text.lstrip()) if named or (kept and at == kept[0]) else 0
        right = len(text.rstrip()) if named or (kept and at == kept[-1]) else len(text)
        pieces = tile.cut(left, right) if left < right else [tile]
        for piece in pieces:
            if not piece.text.strip():
                between = bool(kept) and kept[0] < at < kept[-1] and piece.kept
                piece.judge("space", "parts two kept paragraphs" if between else "white space", kept=between)
        cut.extend(pieces)
    return _part(cut)


def _part(tiles: list[Tile]) -> list[Tile]:
    """Keep one line break between two kept pieces that only removed text parts: they are two paragraphs."""
    result: list[Tile] = []
    broken = True  # whether the kept text so far ends with a line break (or nothing is kept yet)
    for tile in tiles:
        if tile.kept and tile.text.strip():
            if not broken:
                _give_break(result)
            broken = "\n" in tile.text[len(tile.text.rstrip()) :]
        elif tile.kept:
            broken = broken or "\n" in tile.text
        result.append(tile)
    return result


def _give_break(result: list[Tile]) -> None:
    """Cut the last line break that was removed since the last kept piece out of its tile, and keep it."""
    for at in range(len(result) - 1, -1, -1):
        tile = result[at]
        if tile.kept:
            return
        if "\n" in tile.text:
            bare = len(tile.text.rstrip())
            begin = bare if "\n" in tile.text[bare:] else tile.text.rindex("\n")
            pieces = tile.cut(begin, len(tile.text) if begin == bare else begin + 1)
            for piece in pieces:
                if piece.begin == tile.begin + begin:
                    piece.judge("space", "parts two kept paragraphs", kept=True)
            result[at : at + 1] = pieces
            return


def _append(columns: dict[str, list[object]], capture_id: str, tiles: list[Tile]) -> None:
    """The rows of one page."""
    begins = [tile.begin for tile in tiles]
    text_begin = 0
    for block, tile in enumerate(tiles):
        values = {
            "block": block,
            "begin": tile.begin,
            "end": tile.end,
            "role": tile.role,
            "kept": tile.kept,
            "reason": tile.reason,
            "repeat_of": None if tile.repeat_at is None else bisect_right(begins, tile.repeat_at) - 1,
            "text": tile.text,
            "text_begin": text_begin if tile.kept else None,
            "capture_id": capture_id,
        }
        text_begin += len(tile.text) if tile.kept else 0
        for name, value in values.items():
            columns[name].append(value)


def assemble(pages: pl.DataFrame, blocks: pl.DataFrame) -> pl.DataFrame:
    """Articles from cleaned pages and their marked blocks.

    Args:
        pages: The columns of `schema.Pages` (run_id aside; text and blocks are not needed).
        blocks: What `mark` returned for them.

    Returns:
        One row per capture of which something was kept, sorted by article_id and capture_id: the columns of
        `schema.Articles` but item_id, revision, status and run_id. `title` is what the page states, in the
        characters of the block that shows it where one does; `dek` the text of its block.

    Cost: linear in the rows.
    """
    kept = (blocks.filter(pl.col("kept")).sort("capture_id", "block").group_by("capture_id", maintain_order=True)).agg(
        pl.col("text").str.join("").alias("_text")
    )
    shown = [
        blocks.filter(pl.col("role") == role)
        .sort("capture_id", "block")
        .group_by("capture_id", maintain_order=True)
        .agg(pl.col("text").first().alias(f"_{role}"))
        for role in ("title", "dek")
    ]
    credits_of = (
        blocks.filter(pl.col("role").is_in(["credit", "dateline", "byline"]))
        .sort("capture_id", "block")
        .select("capture_id", "role", "text")
    )
    credited: dict[str, str] = {}
    for capture_id, role, text in credits_of.iter_rows():
        found = credit_of(role, text)
        if found:
            credited.setdefault(capture_id, found)
    absent = {name: dtype for name, dtype in schema.columns("articles").items() if name not in pages.columns}
    pages = pages.with_columns(pl.lit(None, absent[name]).alias(name) for name in _OF_WIRES if name in absent)
    frame = pages.join(kept, on="capture_id", how="inner")
    for rows in shown:
        frame = frame.join(rows, on="capture_id", how="left")
    frame = frame.with_columns(
        pl.coalesce("_dek", "dek").alias("dek"),
        pl.col("_text").alias("text"),
        pl.coalesce(
            pl.col("capture_id").replace_strict(credited, default=None, return_dtype=pl.String), "credit"
        ).alias("credit"),
    ).sort("capture_id")
    titles = [
        shown if shown is not None and (stated is None or squeezed(shown) == squeezed(stated)) else stated
        for shown, stated in frame.select("_title", "title").iter_rows()
    ]
    frame = frame.with_columns(pl.Series("title", titles, dtype=pl.String))
    article_ids = [
        ids.content_id("a", outlet, url or external_id, title, text)
        for outlet, url, external_id, title, text in frame.select(
            "outlet", "url", "external_id", "title", "text"
        ).iter_rows()
    ]
    word_n = [sum(1 for _ in TOKEN.finditer(text)) for text in frame["text"]]
    wanted = [name for name in schema.columns("articles") if name not in ("item_id", "revision", "status", "run_id")]
    return (
        frame.with_columns(
            pl.Series("article_id", article_ids, dtype=pl.String), pl.Series("word_n", word_n, dtype=pl.Int32)
        )
        .select(wanted)
        .sort("article_id", "capture_id")
    )


def bodiless(pages: pl.DataFrame, blocks: pl.DataFrame) -> pl.DataFrame:
    """Captures of which no text was kept: they are no articles, and the stage writes them to `rejects`.

    Returns:
        capture_id, url, captured_at, outcome ("no_article"), reason, sorted by capture_id.
    """
    kept = blocks.filter(pl.col("kept")).select("capture_id").unique()
    roles = (
        blocks.filter(pl.col("role") != "space")
        .group_by("capture_id")
        .agg(pl.col("role").unique().sort().str.join(", "))
    )
    return (
        pages.join(kept, on="capture_id", how="anti")
        .join(roles, on="capture_id", how="left")
        .select(
            "capture_id",
            "url",
            "captured_at",
            pl.lit("no_article").alias("outcome"),
            pl.format(
                "The page holds no paragraph of an article (found: {}); check that its address is an article's.",
                pl.col("role").fill_null("nothing"),
            ).alias("reason"),
        )
        .sort("capture_id")
    )
