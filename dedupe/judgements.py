"""Which judgements hold: the latest on each pair, unless it was withdrawn. What a person says beats any score."""

import polars as pl


def latest(judgements: pl.DataFrame) -> pl.DataFrame:
    """The last word on each pair.

    Args:
        judgements: `storage.schema.Judgements`, in any order.

    Returns:
        left, right (the smaller and the larger id), same, judged_at; one row a pair, sorted by left, right. ``same`` is
        null where the last word withdrew what was said before. Of two words at one instant a withdrawal holds, then
        "different".
    """
    ordered = judgements.select(
        "same",
        "judged_at",
        left=pl.min_horizontal("left_id", "right_id"),
        right=pl.max_horizontal("left_id", "right_id"),
    ).sort(["left", "right", "judged_at", "same"], descending=[False, False, True, False], nulls_last=False)
    return ordered.unique(["left", "right"], keep="first", maintain_order=True)


def standing(judgements: pl.DataFrame) -> pl.DataFrame:
    """The rows of the judgements that hold, one a pair, none withdrawn: what every level is given.

    Args:
        judgements: `storage.schema.Judgements`.

    Returns:
        Rows of the same columns, sorted by judged_at, left_id, right_id.
    """
    pairs = pl.min_horizontal("left_id", "right_id"), pl.max_horizontal("left_id", "right_id")
    held = latest(judgements).drop_nulls("same")
    return (
        judgements.with_columns(left=pairs[0], right=pairs[1])
        .join(held, on=["left", "right", "same", "judged_at"], how="semi")
        .sort("judged_at", "left_id", "right_id")
        .unique(["left", "right"], keep="first", maintain_order=True)
        .select(judgements.columns)
    )
