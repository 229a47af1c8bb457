"""Outlet x day: how much is copied, how much is reported alone or first, who cites whom."""

import datetime as dt
import functools
import math
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from dedupe import text as texts
from storage import schema

_REPORT = re.compile(
    r"^(?:an? |the )?(?:\w+ )?(?:report|story|article|account|interview)s? (?:from|by|in|with|of) ", re.IGNORECASE
)


NEEDS = ("articles", "copies", "mentions", "facts", "coverage", "unique_facts", "attributions")
"""The tables an outlet's day is counted from."""


_DAYS = {"article_id": pl.String, "day": pl.Date}
_Z = 1.959964  # standard normal quantile: intervals hold the true value in 95 % of samples


def per_day(tables: Mapping[str, pl.DataFrame], aliases: Mapping[str, str] | None = None) -> pl.DataFrame:
    """Every outlet on every day it published or was cited: the columns of `schema.Outlets` without run_id, by its key.

    Args:
        tables: Those of `NEEDS` by name, whole: a day's figures count all stories of the day.
        aliases: Other name -> name of an outlet, from the configuration: "AP" is cited where The Associated Press is.

    Cost: about 5 us a row of coverage. Source of intervals: Wilson 1927 for shares; ranks by the binomial law for
    medians (Conover 1999, 3.2).
    """
    wanted = {name: dtype for name, dtype in schema.columns("outlets").items() if name != "run_id"}
    found = pl.DataFrame(rows(tables, aliases), schema=wanted)
    return found.sort(schema.keys("outlets"))


def wilson(hits: int, n: int) -> tuple[float | None, float | None]:
    """The 95 % interval of a share of which `hits` of `n` were seen; null where nothing was counted.

    Unlike hits / n plus or minus an error it stays within 0..1 and is not empty at 0 or n hits.
    """
    if not n:
        return None, None
    share, square = hits / n, _Z * _Z / n
    middle = (share + square / 2) / (1 + square)
    half = _Z / (1 + square) * math.sqrt(share * (1 - share) / n + square / (4 * n))
    return (0.0 if hits == 0 else middle - half), (1.0 if hits == n else middle + half)


def median_interval(values: Sequence[float]) -> tuple[float | None, float | None]:
    """The 95 % interval of a median, between two of the values; null for fewer than six: no two of them are sure."""
    n, below, rank = len(values), 0.0, 0
    while rank < n // 2:
        below += math.exp(math.lgamma(n + 1) - math.lgamma(rank + 1) - math.lgamma(n - rank + 1) - n * math.log(2))
        if below > 0.025:
            break
        rank += 1
    if not rank:
        return None, None
    ordered = sorted(values)
    return ordered[rank - 1], ordered[n - rank]


@functools.lru_cache(maxsize=1 << 14)
def plain(name: str) -> str:
    """A source's name as it is compared: no "the", no "a report from", no case, no punctuation."""
    name = _REPORT.sub("", name)
    words = [texts.normal(name[begin:end]) for begin, end in texts.words(name)]
    return " ".join(words[1:] if len(words) > 1 and words[0] in {"the", "a", "an"} else words)


def rows(tables: Mapping[str, pl.DataFrame], aliases: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Rows of the outlets table from the tables of `NEEDS`; what a wire has killed or withholds counts for nothing."""
    articles = tables["articles"]
    if "status" in articles.columns:
        articles = articles.filter(pl.col("status").fill_null("usable").is_in(["killed", "withheld"]).not_())
    role = dict(tables["copies"].select("article_id", "role").iter_rows())
    day_of: dict[str, dt.date] = {}
    counts: dict[tuple[str, dt.date], Counter[str]] = defaultdict(Counter)
    lags: dict[tuple[str, dt.date], list[float]] = defaultdict(list)
    when = pl.coalesce("published_at", "captured_at").dt.date().alias("day")
    for article, outlet, day in articles.select("article_id", "outlet", when).iter_rows():
        day_of[article] = day
        cell = counts[outlet, day]
        cell["article_n"] += 1
        cell["copy_n"] += role.get(article) in {"copy", "edited_copy", "excerpt"}
        cell["original_n"] += article not in role or role[article] == "origin"
    for outlet, day, told, wait in _told(tables, day_of):
        counts[outlet, day].update(told)
        lags[outlet, day] = wait
    for (outlet, day), cited in _citations(articles, tables["attributions"], day_of, aliases or {}).items():
        counts[outlet, day].update(cited)
    return [_row(outlet, day, cell, lags.get((outlet, day), [])) for (outlet, day), cell in counts.items()]


def _told(
    tables: Mapping[str, pl.DataFrame], day_of: Mapping[str, dt.date]
) -> Iterator[tuple[str, dt.date, dict[str, int], list[float]]]:
    """Facts that each outlet carries on a day, by what they are, and how long it had waited for them.

    Counted on the day of its coverage, as the facts it is a share of: an outlet may tell a story on two days.
    """
    facts = tables["facts"].select("fact_id", "status").unique("fact_id")
    days = pl.DataFrame({"article_id": list(day_of), "day": list(day_of.values())}, schema=_DAYS)
    own = tables["unique_facts"].select("fact_id", "outlet", alone=pl.lit(value=True)).unique()
    cells = (
        tables["coverage"]
        .filter("carried")
        .select("fact_id", "outlet", "mention_id", "first", "lag_s")
        .join(tables["mentions"].select("mention_id", "article_id"), on="mention_id")
        .join(days, on="article_id")
        .join(facts, on="fact_id", how="left")
        .filter(pl.col("status").ne_missing("withdrawn"))
        .join(own, on=["fact_id", "outlet"], how="left")
        .with_columns(compared=pl.col("status").is_in(["shared", "unique", "uncertain"]))
    )
    n = {
        "fact_n": pl.len(),
        "compared_fact_n": pl.col("compared").sum(),
        "unique_fact_n": (pl.col("compared") & pl.col("alone").fill_null(value=False)).sum(),
        "first_n": (pl.col("compared") & pl.col("first").fill_null(value=False)).sum(),
    }
    found = cells.group_by("outlet", "day").agg(**n, lag_s=pl.col("lag_s").drop_nulls())
    for row in found.iter_rows(named=True):
        yield row["outlet"], row["day"], {name: row[name] for name in n}, row["lag_s"]


def _citations(
    articles: pl.DataFrame, attributions: pl.DataFrame, day_of: Mapping[str, dt.date], aliases: Mapping[str, str]
) -> dict[tuple[str, dt.date], Counter[str]]:
    """How often each outlet cites and is cited: a source counts once for each place at which a text names it."""
    names = {plain(alias): outlet for alias, outlet in sorted(aliases.items(), reverse=True)}
    names |= {plain(outlet): outlet for outlet in sorted(set(articles["outlet"]), reverse=True)}
    found: dict[tuple[str, dt.date], Counter[str]] = defaultdict(Counter)
    places = attributions.select("article_id", "outlet", "cited", "begin").unique()
    for article, outlet, cited, _ in places.filter(pl.col("article_id").is_in(list(day_of))).iter_rows():
        day, source = day_of[article], names.get(plain(cited))
        found[outlet, day]["citations_out"] += 1
        if source is not None and source != outlet:
            found[outlet, day]["outlets_cited_n"] += 1
            found[source, day]["citations_in"] += 1
    return found


def _row(outlet: str, day: dt.date, cell: Counter[str], wait: list[float]) -> dict[str, Any]:
    total, facts = cell["article_n"], cell["compared_fact_n"]
    shares = {
        "copy": (cell["copy_n"], total),
        "original": (cell["original_n"], total),
        "unique": (cell["unique_fact_n"], facts),
        "first": (cell["first_n"], facts),
    }
    row: dict[str, Any] = {"outlet": outlet, "day": day, "article_n": total}
    for name, (hits, n) in shares.items():
        row[f"{name}_share"] = hits / n if n else 0.0
        row[f"{name}_low"], row[f"{name}_high"] = wilson(hits, n)
    row["median_lag_s"] = statistics.median(wait) if wait else None
    row["lag_low_s"], row["lag_high_s"] = median_interval(wait)
    counted = (
        "fact_n",
        "compared_fact_n",
        "unique_fact_n",
        "first_n",
        "citations_in",
        "citations_out",
        "outlets_cited_n",
    )
    return row | {name: cell[name] for name in counted}
