"""Outlet x day: how much is copied, how much is reported alone or first, who cites whom."""

import datetime as dt
import re
import statistics
from collections import Counter, defaultdict
from typing import Any

import polars as pl

from dedupe import text as texts
from storage import schema

_REPORT = re.compile(
    r"^(?:an? |the )?(?:\w+ )?(?:report|story|article|account|interview)s? (?:from|by|in|with|of) ", re.IGNORECASE
)


NEEDS = ("articles", "copies", "mentions", "coverage", "unique_facts", "attributions")
"""The tables an outlet's day is counted from, in the order `per_day` takes them."""


def per_day(
    articles: pl.DataFrame,
    copies: pl.DataFrame,
    mentions: pl.DataFrame,
    coverage: pl.DataFrame,
    unique_facts: pl.DataFrame,
    attributions: pl.DataFrame,
) -> pl.DataFrame:
    """Every outlet on every day it published: the columns of `schema.Outlets` without run_id, sorted by its key.

    All tables whole: a day's figures count all stories of the day. Cost: about 5 us a row of coverage.
    """
    made = {"coverage": coverage, "unique_facts": unique_facts, "attributions": attributions}
    wanted = {name: dtype for name, dtype in schema.columns("outlets").items() if name != "run_id"}
    found = pl.DataFrame(rows(articles, copies, mentions, made), schema=wanted)
    return found.sort(schema.keys("outlets"))


def plain(name: str) -> str:
    """A source's name as it is compared: no "the", no "a report from", no case, no punctuation."""
    name = _REPORT.sub("", name)
    words = [texts.normal(name[begin:end]) for begin, end in texts.words(name)]
    return " ".join(words[1:] if len(words) > 1 and words[0] in {"the", "a", "an"} else words)


def rows(
    articles: pl.DataFrame, copies: pl.DataFrame, mentions: pl.DataFrame, made: dict[str, pl.DataFrame]
) -> list[dict[str, Any]]:
    """Rows of the outlets table from the articles, the copies and the tables of facts already made."""
    role = dict(copies.select("article_id", "role").iter_rows())
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
    article_of = dict(mentions.select("mention_id", "article_id").iter_rows())
    for row in made["coverage"].filter("carried").iter_rows(named=True):
        day = day_of[article_of[row["mention_id"]]]
        cell = counts[row["outlet"], day]
        cell["fact_n"] += 1
        cell["first_n"] += bool(row["first"])
        if row["lag_s"] is not None:
            lags[row["outlet"], day].append(row["lag_s"])
    for row in made["unique_facts"].iter_rows(named=True):
        counts[row["outlet"], day_of[row["article_id"]]]["unique_fact_n"] += 1
    names = {plain(outlet): outlet for outlet in sorted(set(articles["outlet"]), reverse=True)}
    for row in made["attributions"].iter_rows(named=True):
        day = day_of[row["article_id"]]
        counts[row["outlet"], day]["citations_out"] += 1
        cited = names.get(plain(row["cited"]))
        if cited is not None and cited != row["outlet"]:
            counts[cited, day]["citations_in"] += 1
    out = []
    for (outlet, day), cell in counts.items():
        total = cell["article_n"]
        wait = lags.get((outlet, day))
        out.append(
            {
                "outlet": outlet,
                "day": day,
                "article_n": total,
                "copy_share": cell["copy_n"] / total if total else 0.0,
                "original_share": cell["original_n"] / total if total else 0.0,
                "median_lag_s": statistics.median(wait) if wait else None,
                **{n: cell[n] for n in ("fact_n", "unique_fact_n", "first_n", "citations_in", "citations_out")},
            }
        )
    return out
