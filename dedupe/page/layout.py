"""Whether an outlet has changed its layout: its latest captures against the earlier ones of a window, in numbers."""

import polars as pl

from dedupe.settings import PageSettings
from storage import schema

_SCOPE = ["outlet", "window"]
_ROWS = {name: dtype for name, dtype in schema.columns("layouts").items() if name != "run_id"}
_STANDING = 3  # lines on half of the earlier pages that make a layout known by them


def layouts(lines: pl.DataFrame, settings: PageSettings) -> pl.DataFrame:
    """Sudden changes of layout: what a page's lines are, before and now.

    Three measures: the share of a page's characters that extraction takes for body, the number of its lines, and how
    many of the lines that stood on half of the earlier pages or more still stand on one. The median of the latest
    captures is compared with that of the earlier ones, and must lie outside what nine in ten of those show.

    Args:
        lines: `schema.Lines` of the outlets and windows in question.
        settings: Thresholds.

    Returns:
        The columns of `schema.Layouts` but run_id, sorted by key: one row per measure that changed by `layout_factor`.

    Cost: linear in the lines.
    """
    shown = lines.filter(pl.col("place").is_in(["body", "other"]))
    pages = shown.group_by(*_SCOPE, "capture_id").agg(
        at=pl.col("captured_at").first(),
        lines=pl.len().cast(pl.Float64),
        body_share=pl.col("char_n").filter(pl.col("place") == "body").sum() / pl.col("char_n").sum(),
    )
    pages = (
        pages.sort(*_SCOPE, "at", "capture_id")
        .with_columns(page_n=pl.len().over(_SCOPE), left=pl.int_range(pl.len()).reverse().over(_SCOPE))
        .filter(pl.col("page_n") >= settings.layout_pages)
        .with_columns(recent=pl.col("left") < settings.layout_recent)
    )
    pages = _with_standing(shown, pages)
    long = pages.unpivot(["body_share", "lines", "standing_lines"], index=[*_SCOPE, "at", "page_n", "recent"],
                         variable_name="measure", value_name="value").drop_nulls("value")  # fmt: skip
    early = pl.col("value").filter(~pl.col("recent"))
    told = long.group_by(*_SCOPE, "measure").agg(
        before=early.median(),
        low=early.quantile(0.05),
        high=early.quantile(0.95),
        recent=pl.col("value").filter("recent").median(),
        recent_n=pl.col("recent").sum().cast(pl.Int32),
        page_n=pl.col("page_n").first().cast(pl.Int32),
        since=pl.col("at").filter("recent").min(),
    )
    outside = (pl.col("recent") < pl.col("low")) | (pl.col("recent") > pl.col("high"))
    grown = pl.max_horizontal("recent", "before") >= settings.layout_factor * pl.min_horizontal("recent", "before")
    return told.filter(outside & grown).select(list(_ROWS)).sort(schema.keys("layouts"))


def _with_standing(shown: pl.DataFrame, pages: pl.DataFrame) -> pl.DataFrame:
    """The pages with the share of the standing lines (those on half of the earlier pages) that they hold."""
    early = pages.filter(~pl.col("recent"))
    early_n = early.group_by(_SCOPE).agg(early_n=pl.len())
    standing = (
        shown.join(early.select("capture_id"), on="capture_id", how="semi")
        .group_by(*_SCOPE, "text")
        .agg(n=pl.col("capture_id").n_unique())
        .join(early_n, on=_SCOPE)
        .filter(pl.col("n") >= 0.5 * pl.col("early_n"))
        .select(*_SCOPE, "text")
    )
    wanted = standing.group_by(_SCOPE).agg(standing_n=pl.len()).filter(pl.col("standing_n") >= _STANDING)
    held = shown.join(standing, on=[*_SCOPE, "text"], how="semi").group_by("capture_id").agg(
        held=pl.col("text").n_unique()
    )  # fmt: skip
    return (
        pages.join(wanted, on=_SCOPE, how="left")
        .join(held, on="capture_id", how="left")
        .with_columns(standing_lines=pl.col("held").fill_null(0) / pl.col("standing_n"))
    )
