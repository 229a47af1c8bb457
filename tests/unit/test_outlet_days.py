"""An outlet's day: shares with intervals, medians, citations by name and alias."""

import datetime as dt

import polars as pl
import pytest

from dedupe.facts import outlets
from storage import schema

DAY = dt.datetime(2031, 5, 4, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (1, 10, 0.0179, 0.4042), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0),
     (500, 1000, 0.469, 0.531)],
)  # fmt: skip
def test_wilson_as_published(hits: int, n: int, low: float, high: float):
    assert outlets.wilson(hits, n) == pytest.approx((low, high), abs=1e-3)


def test_nothing_counted_has_no_interval():
    assert outlets.wilson(0, 0) == (None, None)


@pytest.mark.parametrize(
    ("n", "ranks"), [(0, None), (5, None), (6, (1, 6)), (8, (1, 8)), (9, (2, 8)), (20, (6, 15)), (100, (40, 61))]
)
def test_the_median_lies_between_two_ranks(n: int, ranks: tuple[int, int] | None):
    # the ranks of the binomial law at .5, as tables of the sign test give them
    values = [float(value) for value in range(n, 0, -1)]
    assert outlets.median_interval(values) == (ranks or (None, None))


def day(cited: list[tuple[str, str, int]], aliases: dict[str, str]) -> dict[str, dict[str, object]]:
    """What each outlet's day says when these articles (of x) cite: article, name, offset."""
    tables = {name: schema.empty(name) for name in outlets.NEEDS}
    articles = [("a", "x"), ("b", "x"), ("c", "The Bay Post"), ("d", "Northern Wire")]
    tables["articles"] = pl.DataFrame(
        {"article_id": [a for a, _ in articles], "outlet": [o for _, o in articles]}
    ).with_columns(published_at=pl.lit(DAY), captured_at=pl.lit(DAY))
    rows = [(article, "x", name, begin, n) for n, (article, name, begin) in enumerate(cited)]
    tables["attributions"] = pl.DataFrame(
        rows, schema=["article_id", "outlet", "cited", "begin", "mention_id"], orient="row"
    )
    return {str(row["outlet"]): row for row in outlets.per_day(tables, aliases).iter_rows(named=True)}


def test_citations_are_counted_by_place_and_known_by_alias():
    cited = [("a", "NW", 10), ("a", "NW", 10), ("a", "the Bay Post", 80), ("b", "police", 5), ("b", "Far Agency", 50)]
    rows = day(cited, {"NW": "Northern Wire", "Far Agency": "Far Agency"})
    assert (rows["x"]["citations_out"], rows["x"]["outlets_cited_n"]) == (4, 3)
    assert rows["Northern Wire"]["citations_in"] == rows["The Bay Post"]["citations_in"] == 1
    assert (rows["Far Agency"]["article_n"], rows["Far Agency"]["copy_low"]) == (0, None)
    assert rows["x"]["original_share"] == 1.0
    assert rows["x"]["original_low"] == pytest.approx(0.342, abs=1e-3)
