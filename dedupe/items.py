"""Which articles are revisions of one item, which revision is current, and what a wire's notices do to them."""

import polars as pl

from storage import schema
from storage.ids import content_id

_ORDER = ("version", "versioned_at", "captured_at")  # of the revisions of an item; nulls come first
_NOTICES = {name: dtype for name, dtype in schema.columns("notices").items() if name != "run_id"}


def item_id(outlet: str, name: str, *, of_wire: bool) -> str:
    """The id of an item: outlet and name; of a wire whose name is a URI, the name alone.

    A URI names the item wherever it comes from, so that a kill reaches it although it says less of its sender.
    """
    return content_id("i", "" if of_wire and ":" in name else outlet, name)


def item_ids(articles: pl.DataFrame) -> pl.DataFrame:
    """Give every article the id of its item: a wire's name for it, else URL, the input's id, or the place it came from.

    Args:
        articles: With outlet, url, external_id, locator (a path relative to the input, for a file) and item_name.

    Returns:
        The same rows with `item_id`.
    """
    named = articles.select(
        "outlet",
        pl.coalesce("item_name", "url", "external_id", "locator").alias("name"),
        pl.col("item_name").is_not_null().alias("wire"),
    )
    ids = [item_id(outlet, name, of_wire=wire) for outlet, name, wire in named.iter_rows()]
    return articles.with_columns(pl.Series("item_id", ids, dtype=pl.String))


def parted(pages: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pages that may become articles, and the `notices` of those that close items instead."""
    closing = pl.col("status").is_in(["killed", "withheld"]).fill_null(value=False)
    return pages.filter(~closing), notices(pages.filter(closing))


def notices(pages: pl.DataFrame) -> pl.DataFrame:
    """What wires say of their items without giving an article: kills and withheld versions.

    Args:
        pages: `schema.Pages` whose status is killed or withheld; text and blocks are not needed.

    Returns:
        `schema.Notices` without run_id, sorted by notice_id: one row for every item that a page is about.
    """
    rows = []
    for page in pages.iter_rows(named=True):
        kind = "kill" if page["status"] == "killed" else "withhold"
        text = page["ednote"] or page["title"] or ""
        others = page["targets"] or [] if kind == "kill" else []
        for name in dict.fromkeys([page["item_name"], *others]):
            about = item_id(page["outlet"], name, of_wire=True)
            at = page["versioned_at"] or page["captured_at"]
            rows.append(_notice(page, about, name, kind, at, text, page["change_basis"] or f"status: {page['status']}"))
    return _noticed(rows)


def same_versions(pages: pl.DataFrame) -> pl.DataFrame:
    """Versions that a wire sent with two contents under one number: which of them holds, nobody can tell.

    Args:
        pages: `schema.Pages` of whole items; text and blocks are not needed.

    Returns:
        `schema.Notices` without run_id, of kind same_version.
    """
    numbered = pages.filter(pl.col("item_name").is_not_null() & pl.col("version").is_not_null())
    keys = ["item_name", "outlet", "version"]
    twice = numbered.filter(pl.col("capture_id").n_unique().over(keys) > 1).sort(*keys, "versioned_at", "capture_id")
    rows = []
    for page in twice.unique(keys, keep="first", maintain_order=True).iter_rows(named=True):
        about = item_id(page["outlet"], page["item_name"], of_wire=True)
        text = f"version {page['version']} came again with other content"
        at = page["versioned_at"] or page["captured_at"]
        rows.append(_notice(page, about, page["item_name"], "same_version", at, text, "version and content"))
    return _noticed(rows)


def _notice(
    page: dict[str, object], about: str, name: str, kind: str, at: object, text: object, basis: object
) -> dict[str, object]:
    return {
        "notice_id": content_id(
            "n", about, kind, str(page["version"] if kind == "same_version" else page["capture_id"])
        ),
        "item_id": about,
        "outlet": page["outlet"],
        "external_id": name,
        "kind": kind,
        "version": page["version"],
        "noticed_at": at,
        "text": text,
        "basis": basis,
        "capture_id": page["capture_id"],
    }


def _noticed(rows: list[dict[str, object]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=_NOTICES)
    return frame.sort("notice_id", "noticed_at", "capture_id").unique("notice_id", keep="first", maintain_order=True)


def revise(found: pl.DataFrame, known: pl.DataFrame, told: pl.DataFrame | None = None) -> pl.DataFrame:
    """Number the revisions of every item and say which is current. Whichever order they come in, the result is one.

    The order of revisions is that of the wire's version numbers, then of its version times, then of capture (then of
    id, where one run captured two).

    Args:
        found: New articles with `item_id`; a text met twice counts once, its first version stays: a repeat is no new
            publication.
        known: Stored articles of the same items.
        told: Notices about these items, whenever they came.

    Returns:
        All rows of these items, with the columns of both frames, `revision` (1, 2, ... for each outlet) and `status`:
        the last one usable, earlier ones superseded. A kill closes every revision, also those that come after it. A
        withheld version closes the last revision until a later one comes.
    """
    columns = [name for name in found.columns if name in known.columns and name not in {"revision", "status"}]
    rows = pl.concat([known.select(columns), found.select(columns)], how="vertical_relaxed")
    order = [name for name in _ORDER if name in columns]
    rows = rows.sort(*order, "capture_id").unique("article_id", keep="first", maintain_order=True)
    line = ["item_id", "outlet"]
    rows = rows.sort(*line, *order, "article_id").with_columns(
        revision=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over(line),
        last=pl.int_range(pl.len(), dtype=pl.Int32).over(line) == pl.len().over(line) - 1,
    )
    rows = rows.with_columns(status=pl.when("last").then(pl.lit("usable")).otherwise(pl.lit("superseded"))).drop("last")
    return rows if told is None or told.is_empty() else _closed(rows, told)


def _closed(rows: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """The rows with the status that kills and withheld versions leave them."""
    killed = told.filter(kind="kill").select("item_id").unique()["item_id"]
    holds = (
        told.filter(kind="withhold")
        .sort("version", "noticed_at")
        .group_by("item_id")
        .agg(hold=pl.last("version"), held_at=pl.col("noticed_at").max())
    )
    at = pl.coalesce("versioned_at", "captured_at")
    held = pl.coalesce(pl.col("hold") >= pl.col("version"), pl.col("held_at") >= at).fill_null(value=False)
    status = (
        pl.when(pl.col("item_id").is_in(killed.implode()))
        .then(pl.lit("killed"))
        .when((pl.col("status") == "usable") & held)
        .then(pl.lit("withheld"))
        .otherwise("status")
    )
    joined = rows.join(holds, on="item_id", how="left", maintain_order="left")
    return joined.with_columns(status=status).drop("hold", "held_at")


def standing(articles: pl.DataFrame) -> pl.DataFrame:
    """What stories are made of: the revision of every item that stands, and every revision that was killed.

    A copy may rest on any revision of a killed item: what it has from there is withdrawn too.
    """
    return articles.filter(pl.col("status").is_in(["usable", "killed"]))


def story_digests(
    stories: pl.DataFrame,
    copies: pl.DataFrame,
    settings_hash: str,
    articles: pl.DataFrame,
    judged: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Give the rows of every story a digest of all that its facts depend on: members, copy groups, words, settings.

    Args:
        stories: Rows of `schema.Stories` without digest.
        copies: Copy groups of any articles.
        settings_hash: Of the settings in force.
        articles: article_id, status and published_at, which a wire can change after the fact.
        judged: article_id, line: what people say of mentions of an article.

    Returns:
        The same rows with `digest`; equal inputs give equal digests in any row order.
    """
    known = articles.select("article_id", "status", at=pl.col("published_at").dt.epoch("us").cast(pl.String))
    joined = stories.join(copies.select("article_id", "copy_group", "role"), on="article_id", how="left")
    said = ("article_id", "copy_group", "role", "status", "at")
    lines = joined.join(known, on="article_id", how="left").select(
        "story_id", line=pl.concat_str(*said, separator=" ", ignore_nulls=True)
    )
    if judged is not None:
        lines = pl.concat([lines, stories.join(judged, on="article_id").select("story_id", "line")]).unique()
    digests = lines.sort("story_id", "line").group_by("story_id", maintain_order=True).agg("line")
    values = [content_id("d", settings_hash, *members) for members in digests["line"].to_list()]
    return stories.join(digests.select("story_id", pl.Series("digest", values, dtype=pl.String)), on="story_id")
