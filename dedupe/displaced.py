"""Which stored articles lose the lead of a crowded bucket to a late, earlier one: their pairs are looked for anew.

In a bucket of articles that may share text, only the first few by time, the leaders, meet all others (`dedupe.match`).
One that comes late and is earlier takes a place among them; the pairs that only the displaced leader's place had made
would not be there had all come at once. Looking for the pairs of the displaced anew, as if they were new themselves,
gives exactly those that one run over everything finds.
"""

import numpy as np
import polars as pl

from dedupe import sketch as sketches_of
from dedupe.settings import CopySettings


def stretch(settings: CopySettings) -> pl.Expr:
    """The number of the stretch of time, as long as the window, that ``published_at`` lies in."""
    return (pl.col("published_at").dt.epoch("us") // (settings.window_days * 86_400_000_000)).cast(pl.Int32)


def displaced(new: pl.DataFrame, window: pl.DataFrame, settings: CopySettings) -> pl.Series:
    """The articles of the window that no longer lead where they led before the new ones came.

    Args:
        new: Sketches of the articles of this run.
        window: Sketches of earlier articles, with all in the stretches the new ones lie in; none that is also new.
        settings: leaders, band_leaders, exact_leaders, window_days, band shape.

    Returns:
        Their ids, sorted. Empty where every new article is later than all of its stretch.

    Cost: one look at the hashes of the stretches that a new article is not the last of.
    """
    both = pl.concat([new.with_columns(is_new=True), window.with_columns(is_new=False)])
    rows = both.filter(pl.col("shingle_n") > 0).with_columns(stretch=stretch(settings))
    first_new = pl.col("published_at").filter("is_new").min().over("stretch")
    overtaken = (~pl.col("is_new") & (pl.col("published_at") >= first_new)).any().over("stretch")
    rows = rows.filter(overtaken).sort("published_at", "article_id")
    if rows.is_empty():
        return pl.Series("article_id", [], dtype=pl.String)
    rows = rows.with_row_index("place").with_columns(
        leads=pl.int_range(pl.len()).over("body_hash", "stretch") == 0,
        led=~pl.col("is_new") & (pl.int_range(pl.len()).over("body_hash", "stretch", "is_new") == 0),
    )
    lost = set(rows.filter(pl.col("led") & ~pl.col("leads"))["place"])  # another article now stands for its body
    bodies = rows.select("place", "stretch", key=pl.col("body_hash"), leads=True, led=~pl.col("is_new"))
    lost |= _fallen(bodies, settings.exact_leaders)
    heads = rows.filter(pl.col("leads") | pl.col("led"))
    bands = sketches_of.band_keys(heads, settings)
    hashes, sizes = sketches_of.scaled_hashes(heads)
    places = np.arange(len(heads))
    for keys, owner, leaders in (
        (bands.reshape(-1), np.repeat(places, bands.shape[1]), settings.band_leaders),
        (hashes, np.repeat(places, sizes), settings.leaders),
    ):
        fresh = np.unique(keys[heads["is_new"].to_numpy()[owner]])  # no bucket without a new article changes
        used = np.flatnonzero(np.isin(keys, fresh))
        members = heads.select("place", "stretch", "leads", "led")[owner[used]].with_columns(key=pl.Series(keys[used]))
        crowded = pl.len().over("key", "stretch") > leaders
        lost |= _fallen(members.filter(crowded).sort("place"), leaders)
    return rows["article_id"].gather(sorted(lost)).sort()


def _fallen(members: pl.DataFrame, leaders: int) -> set[int]:
    """Members of buckets (place, stretch, key, leads, led; in the order of time) that led a bucket and do not now."""
    now = pl.col("leads").cum_sum().over("key", "stretch")
    then = pl.col("led").cum_sum().over("key", "stretch")
    fell = pl.col("led") & (then <= leaders) & (now > leaders)
    return set(members.filter(fell)["place"])
