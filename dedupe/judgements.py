"""Which judgements hold: the latest on each pair, unless it was withdrawn. What a person says beats any score."""

import polars as pl


def latest(judgements: pl.DataFrame) -> pl.DataFrame:
    """The last word on each pair.

    Args:
        judgements: `storage.schema.Judgements`, in any order.

    Returns:
        left, right (the smaller and the larger id), about, same, judged_at; one row a pair and what is said of it,
        sorted. ``same`` is null where the last word withdrew what was said before. Of two words at one instant a
        withdrawal holds, then "different".
    """
    return _last(judgements).select(*_pair(judgements), "same", "judged_at")


def standing(judgements: pl.DataFrame) -> pl.DataFrame:
    """The rows of the judgements that hold, one a pair, none withdrawn: what every level is given.

    Args:
        judgements: `storage.schema.Judgements`.

    Returns:
        Rows of the same columns, sorted by judged_at and ids.
    """
    held = _last(judgements).drop_nulls("same").sort("judged_at", *_pair(judgements))
    return held.select(judgements.columns)


def _pair(judgements: pl.DataFrame) -> list[str]:
    """What a word is said of; rows without `about` are all about one thing."""
    return ["left", "right", *(["about"] if "about" in judgements.columns else [])]


def _last(judgements: pl.DataFrame) -> pl.DataFrame:
    """The last row on each pair."""
    pair = _pair(judgements)
    sides = judgements.with_columns(
        left=pl.min_horizontal("left_id", "right_id"), right=pl.max_horizontal("left_id", "right_id")
    )
    latest_first = sides.sort(*pair, "judged_at", "same", descending=[*(False for _ in pair), True, False])
    return latest_first.unique(pair, keep="first", maintain_order=True)
