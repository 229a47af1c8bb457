"""Which articles are revisions of one item, and which revision is current."""

import polars as pl

from storage.ids import content_id


def item_ids(articles: pl.DataFrame) -> pl.DataFrame:
    """Give every article the id of its item: outlet and URL, else the input's id, else the place it came from.

    Args:
        articles: With outlet, url, external_id and locator (a path relative to the input, for a file).

    Returns:
        The same rows with `item_id`.
    """
    named = articles.select("outlet", pl.coalesce("url", "external_id", "locator").alias("name"))
    ids = [content_id("i", outlet, name) for outlet, name in named.iter_rows()]
    return articles.with_columns(pl.Series("item_id", ids, dtype=pl.String))


def revise(found: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Number the revisions of every item and say which is current.

    The order of revisions is the order of capture (then of id, where one run captured two), so that it does not depend
    on which of them this run brought.

    Args:
        found: New articles with `item_id`; a text met twice counts once, the first capture of it stays.
        known: Stored articles of the same items.

    Returns:
        All rows of these items, with the columns of both frames, `revision` (1, 2, ...) and `status`: the last one
        usable, earlier ones superseded; a withheld or killed article keeps its status.
    """
    columns = [name for name in found.columns if name in known.columns and name not in {"revision", "status"}]
    rows = pl.concat(
        [known.select(*columns, "status"), found.select(*columns, pl.lit("usable").alias("status"))],
        how="vertical_relaxed",
    )
    rows = rows.sort("captured_at", "capture_id").unique("article_id", keep="first", maintain_order=True)
    rows = rows.sort("item_id", "captured_at", "article_id").with_columns(
        revision=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("item_id"),
        last=pl.int_range(pl.len(), dtype=pl.Int32).over("item_id") == pl.len().over("item_id") - 1,
    )
    moves = pl.col("status").is_in(["usable", "superseded"])
    current = pl.when(pl.col("last")).then(pl.lit("usable")).otherwise(pl.lit("superseded"))
    return rows.with_columns(status=pl.when(moves).then(current).otherwise("status")).drop("last")


def story_digests(
    stories: pl.DataFrame, copies: pl.DataFrame, settings_hash: str, judged: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Give the rows of every story a digest of all that its facts depend on: members, copy groups, words, settings.

    Args:
        stories: Rows of `schema.Stories` without digest.
        copies: Copy groups of any articles.
        settings_hash: Of the settings in force.
        judged: article_id, line: what people say of mentions of an article.

    Returns:
        The same rows with `digest`; equal inputs give equal digests in any row order.
    """
    joined = stories.join(copies.select("article_id", "copy_group", "role"), on="article_id", how="left")
    lines = joined.select(
        "story_id", line=pl.concat_str("article_id", "copy_group", "role", separator=" ", ignore_nulls=True)
    )
    if judged is not None:
        lines = pl.concat([lines, stories.join(judged, on="article_id").select("story_id", "line")]).unique()
    digests = lines.sort("story_id", "line").group_by("story_id", maintain_order=True).agg("line")
    values = [content_id("d", settings_hash, *members) for members in digests["line"].to_list()]
    return stories.join(digests.select("story_id", pl.Series("digest", values, dtype=pl.String)), on="story_id")
