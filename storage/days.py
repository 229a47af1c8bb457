"""Which day a published row stands on, and the rows of a published table day by day.

The day is that of the article's publication (UTC) where known, else of its capture; for a story, a fact or a pair, that
of the earliest article (DESIGN.md section 3). A row whose article is not known has no day.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from storage import schema
from storage.tables import Store

_BATCH_ROWS = 200_000  # rows of one table held at a time, unless one day has more


@dataclass(frozen=True, slots=True)
class Dates:
    """The day of every article, and of every fact: that of the earliest article that mentions it."""

    article: pl.LazyFrame
    mention: pl.LazyFrame
    fact: pl.LazyFrame

    @classmethod
    def of(cls, store: Store) -> "Dates":
        """Worked out once a publish: every batch of every table joins them."""
        day = pl.coalesce("published_at", "captured_at").dt.date().alias("date")
        article = store.scan("articles").select("article_id", day).collect().lazy()
        mention = store.scan("mentions").select("mention_id", "fact_id", "article_id").join(article, on="article_id")
        fact = mention.group_by("fact_id").agg(pl.col("date").min()).collect().lazy()
        return cls(article, mention.select("mention_id", "date"), fact)


def _dated(store: Store, table: str, dates: Dates) -> pl.LazyFrame:
    """Published columns of a table and the `date` of each row (DESIGN.md section 3); null where no article is known."""
    rows = store.scan(table)
    match table:
        case "articles":
            dated = rows.join(dates.article, on="article_id")
        case "blocks":
            # An article captured twice has two pages in the store; its offsets belong to the one it was taken from.
            shown = store.scan("articles").select("article_id", "capture_id")
            dated = rows.join(shown, on=["article_id", "capture_id"], how="semi").join(dates.article, on="article_id")
        case "notices":
            dated = rows.with_columns(pl.col("noticed_at").dt.date().alias("date"))
        case "mentions" | "attributions" | "uncorrected":
            dated = rows.join(dates.article, on="article_id", how="left")
        case "copies" | "stories":
            group = "copy_group" if table == "copies" else "story_id"
            first = rows.select(group, "article_id").join(dates.article, on="article_id").group_by(group)
            dated = rows.join(first.agg(pl.col("date").min()), on=group, how="left")
        case "facts" | "coverage" | "unique_facts":
            dated = rows.join(dates.fact, on="fact_id", how="left")
        case "pairs":
            dated = _earlier(rows, dates.article, "article_id", "article_a", "article_b")
        case "conflicts":
            dated = _earlier(rows, dates.mention, "mention_id", "mention_a", "mention_b")
        case "outlets":
            dated = rows.with_columns(pl.col("day").alias("date"))
        case _:
            dated = rows.with_columns(pl.col("captured_at").dt.date().alias("date"))
    return dated.select(*schema.columns(table, published=True), "date")


def _earlier(rows: pl.LazyFrame, dates: pl.LazyFrame, key: str, left: str, right: str) -> pl.LazyFrame:
    for side in (left, right):
        rows = rows.join(dates.rename({key: side, "date": f"_{side}"}), on=side, how="left")
    return rows.with_columns(pl.min_horizontal(f"_{left}", f"_{right}").alias("date"))


def batches(store: Store, table: str, dates: Dates) -> Iterator[pl.DataFrame]:
    """The published rows of a table with their `date`, sorted, in pieces of whole days; one empty frame if none."""
    dated = _dated(store, table, dates)
    order = ["date", *schema.keys(table, published=True)]
    if store.scan(table).select(pl.len()).collect().item() <= _BATCH_ROWS:
        yield dated.collect().sort(order, nulls_last=True)
        return
    days = dated.group_by("date").len().collect().sort("date", nulls_last=True)
    batch = (pl.col("len").cum_sum() - 1) // _BATCH_ROWS
    for _, piece in days.with_columns(batch.alias("batch")).group_by("batch", maintain_order=True):
        within = pl.col("date").is_in(piece["date"].implode(), nulls_equal=True)
        yield dated.filter(within).collect().sort(order, nulls_last=True)


def parts(frame: pl.DataFrame) -> Iterator[tuple[dt.date | None, pl.DataFrame]]:
    """A sorted frame, day by day, each part gathered anew: a slice keeps buffers that show in the bytes."""
    rows = frame.drop("date")
    if frame.is_empty():
        yield None, rows
        return
    numbers = pl.int_range(frame.height, eager=True)
    days = frame.get_column("date").rle().struct.unnest()
    begin = 0
    for length, day in days.select("len", "value").iter_rows():
        yield day, rows[numbers.slice(begin, length)]
        begin += length
