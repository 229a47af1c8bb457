"""Which stored articles lose the lead of a crowded bucket to a late, earlier one: their pairs are looked for anew.

In a bucket of articles that may share text, only the first few by time, the leaders, meet all others (`dedupe.match`).
One that comes late and is earlier takes a place among them; the pairs that only the displaced leader's place had made
would not be there had all come at once. Looking for the pairs of the displaced anew, as if they were new themselves,
gives exactly those that one run over everything finds.
"""

import numpy as np
import polars as pl

from dedupe.buckets import Buckets
from dedupe.settings import CopySettings


def displaced(found: Buckets, settings: CopySettings) -> pl.Series:
    """The stored articles that no longer lead where they led before the new ones came.

    Args:
        found: The buckets of the new articles.
        settings: leaders, band_leaders, exact_leaders.

    Returns:
        Their ids, sorted. Empty where every new article is later than all of its stretch.

    Cost: one look at the keys, where a new article is earlier than a stored one of its stretch.
    """
    first_new = pl.col("at").filter("is_new").min().over("stretch")
    overtaken = found.articles.select((~pl.col("is_new") & (pl.col("at") >= first_new)).any()).item()
    if not overtaken:
        return pl.Series("article_id", [], dtype=pl.String)
    rows = found.articles.select(
        "stretch",
        "is_new",
        "body",
        place=pl.int_range(pl.len()),
        leads=pl.Series(found.leads),
        led=pl.Series(found.led),
    )
    lost = set(rows.filter(pl.col("led") & ~pl.col("leads"))["place"])  # another article now stands for its body
    bodies = rows.select("place", "stretch", key="body", leads=True, led=~pl.col("is_new"))
    lost |= _fallen(bodies, settings.exact_leaders)
    is_new = rows["is_new"].to_numpy()
    for (keys, owner), leaders in ((found.band(), settings.band_leaders), (found.scaled(), settings.leaders)):
        fresh = np.unique(keys[is_new[owner]])  # no bucket without a new article changes
        used = np.flatnonzero(np.isin(keys, fresh))
        members = rows.select("place", "stretch", "leads", "led")[owner[used]].with_columns(key=pl.Series(keys[used]))
        crowded = pl.len().over("key", "stretch") > leaders
        lost |= _fallen(members.filter(crowded).sort("place"), leaders)
    return found.articles["article_id"].gather(sorted(lost)).sort()


def _fallen(members: pl.DataFrame, leaders: int) -> set[int]:
    """Members of buckets (place, stretch, key, leads, led; in the order of time) that led a bucket and do not now."""
    now = pl.col("leads").cum_sum().over("key", "stretch")
    then = pl.col("led").cum_sum().over("key", "stretch")
    fell = pl.col("led") & (then <= leaders) & (now > leaders)
    return set(members.filter(fell)["place"])
