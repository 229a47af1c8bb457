"""One event told by many: what is looked at is bounded, what is cut is counted, no bound changes a small story."""

from collections import Counter

import crowd
import polars as pl
import pytest

from dedupe.facts import align, coverage, elsewhere, mentions
from dedupe.facts.reports import Chances, Report
from dedupe.settings import FactSettings
from storage import schema


def told(n: int, settings: FactSettings) -> tuple[dict[str, pl.DataFrame], Counter[str]]:
    table = crowd.articles(n)
    copies = crowd.copy_groups(table)
    members = table.select("article_id", "outlet", story_id=pl.lit("s-1"))
    said = mentions.extract(table, settings).join(members.select("article_id", "story_id"), on="article_id")
    found = align.aligned(said, table, copies, settings, schema.empty("judgements"))
    counts = Counter(found.counts)
    return coverage.cover(found.mentions, found.links, table, copies, members, settings, counts), counts


def test_the_bounds_of_a_crowd_hold_and_are_counted():
    made, counts = told(60, FactSettings(candidates_all=4, coverage_rows=1000))
    assert made["coverage"].filter(~pl.col("carried")).height <= 1000
    assert counts["coverage_capped"] > 0
    assert counts["pairs_capped"] > 0
    assert counts["pairs"] <= 4 * 60 * 25  # mentions of an article: fewer than 25
    assert set(made["coverage"].filter("carried")["fact_id"]) == set(made["facts"]["fact_id"])


def test_a_small_story_meets_no_bound():
    made, counts = told(8, FactSettings())
    assert not counts["coverage_capped"] + counts["pairs_capped"] + counts["roles_capped"]
    assert made["coverage"].height == made["facts"].height * made["coverage"]["outlet"].n_unique()


def test_a_fact_is_looked_for_in_the_articles_that_hold_most_of_it():
    asked = [elsewhere.Asked(frozenset({"o"}), "The crane fell on Osk quay.", "The crane fell on Osk quay.", 0.0)]
    bodies = [elsewhere.Told(f"p{n}", (f"Sunshine number {n} in Lira.",)) for n in range(30)]
    bodies += [elsewhere.Told("q", ("A crane fell on the quay of Osk.",)), elsewhere.Told("o", (asked[0].sentence,))]
    few, all_of_them = (elsewhere.look(asked, bodies, "en", most) for most in (1, 40))
    assert few.found.tolist() == all_of_them.found.tolist()
    assert few.sentences == ["A crane fell on the quay of Osk."]


@pytest.mark.parametrize(
    ("lead", "wanted"),
    [
        (None, {"w": "assumed", "x": "assumed", "y": "assumed", "z": "assumed"}),
        (5.0, {"w": "days", "x": "times", "y": "assumed"}),  # z came out before, v is killed
        (2.0, {"w": "days", "x": "times", "y": "assumed", "z": "times"}),  # z within the tie window
    ],
)
def test_chances_of_outlets_are_those_of_their_articles(lead: float | None, wanted: dict[str, str]):
    def report(name: str, outlet: str, at: float | None, *, day: bool = False, usable: bool = True) -> Report:
        end = None if at is None else at + (86400.0 if day else 0.0)
        return Report(name, outlet, outlet, None, True, at, end, end, None, True, usable, None)

    found = [
        report("a", "x", 0.0), report("b", "x", 90.0), report("c", "y", None), report("d", "z", 1.0),
        report("e", "w", 0.0, day=True), report("f", "v", 99.0, usable=False),
    ]  # fmt: skip
    first = None if lead is None else report("g", "u", lead)
    named = ("times", "days", "assumed")
    assert {o: named[n] for o, n in Chances(found).after(first, 2.0).items()} == wanted
