"""Which stories of an earlier run still stand: those out of reach of every article that is new, gone or changed.

How likely two articles tell one event depends on those around them in time, these on those around them, and so on, a
few windows far. What lies further away than that from every change, and is not linked with what lies nearer, comes out
as it did. An article without a time may lie beside any other: where there is one, nothing stands.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from storage.ids import content_id

CHANGED = 4
"""Windows from a change within which a probability may be another one: a crowd leaves out other pairs (1), which have
other neighbours (2), in whose eyes others are close (3), which are one side of a pair (4)."""
SEEN = 4
"""Windows around an article whose texts decide its probabilities, by the same steps."""

_SIDES = ("left_id", "right_id")
_DAY = 86_400_000_000  # microseconds
_SLACK = 0.01  # days by which a stored day may be rounded, and more


def known(articles: pl.DataFrame, copies: pl.DataFrame, judgements: pl.DataFrame, rules: str) -> pl.DataFrame:
    """All that the story of each article is made of, without reading a text.

    Args:
        articles: article_id (which stands for title and text), outlet, dek, language, published_at, captured_at.
        copies: copy_group, article_id, role.
        judgements: left_id, right_id, same: those that hold.
        rules: Stands for the settings and tables by which stories are made.

    Returns:
        article_id, day, made_of; sorted by article_id. ``day`` is the time of the article's copy group (its earliest
        member's) in days since 1970, null where none has any. ``made_of`` is "DAY DIGEST": equal where nothing changed.

    Cost: about 3 us an article.
    """
    for side in _SIDES:  # a word on an article that is gone holds no longer
        judgements = judgements.join(articles, left_on=side, right_on="article_id", how="semi")
    sides = pl.concat([judgements.select(*_SIDES, "same", article_id=side) for side in _SIDES])
    words = sides.select("article_id", word=pl.concat_str(*_SIDES, "same", separator=" ")).sort("article_id", "word")
    told = words.group_by("article_id", maintain_order=True).agg(pl.col("word").str.join(";"))
    said = ("article_id", "outlet", "dek", "language", "published_at", "captured_at", "role", "word")
    table = (
        articles.select(said[:-2])
        .join(copies.select("article_id", "copy_group", "role"), on="article_id", how="left")
        .join(told, on="article_id", how="left")
        .with_columns(node=pl.coalesce("copy_group", "article_id"))
        .sort("node", "article_id")
    )
    line = pl.concat_str([pl.col(name).cast(pl.String).fill_null("-") for name in said], separator="|")
    nodes = (
        table.select("node", line=line, at=pl.col("published_at").dt.epoch("us"))
        .group_by("node", maintain_order=True)
        .agg(pl.col("at").min(), "line")
    )
    digests = [content_id("n", rules, *members) for members in nodes["line"].to_list()]
    day = pl.col("at") / _DAY
    made_of = pl.concat_str(
        day.round(3).cast(pl.String).fill_null("-"), pl.Series(digests, dtype=pl.String), separator=" "
    )
    nodes = nodes.select("node", day=day, made_of=made_of)
    return table.select("article_id", "node").join(nodes, on="node").drop("node").sort("article_id")


def distances(now: pl.DataFrame, before: pl.DataFrame) -> npt.NDArray[np.float64] | None:
    """Days between each article and the nearest change since an earlier run.

    Args:
        now: `known`.
        before: article_id, made_of: what was known when its stories were made; null: nobody said.

    Returns:
        One a row of ``now``, infinite where nothing changed; null where an article has no time, or had none, or where
        it is not known of what the stories were made.
    """
    both = now.join(before.select("article_id", was="made_of"), on="article_id", how="full", coalesce=True)
    changed = both.filter(~pl.col("made_of").eq_missing(pl.col("was")))
    was = changed["was"].drop_nulls().str.split(" ").list.first().cast(pl.Float64, strict=False)
    if now["day"].null_count() or was.null_count() or before["made_of"].null_count():
        return None
    days = pl.concat([changed["day"].drop_nulls(), was]).sort().to_numpy()
    if not len(days):
        return np.full(now.height, np.inf)
    at = now["day"].to_numpy()
    later = np.searchsorted(days, at)
    gap = np.minimum(np.abs(at - days[np.maximum(later - 1, 0)]), np.abs(days[np.minimum(later, len(days) - 1)] - at))
    found: npt.NDArray[np.float64] = np.maximum(0.0, gap - _SLACK)
    return found
