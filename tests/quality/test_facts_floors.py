"""Floors of stories and of the same-fact score on ../shared. Lowering one needs a line in docs/decisions.md."""

import json
import pathlib
import sys

import polars as pl
import pytest

from dedupe import stories
from dedupe.facts import align
from dedupe.settings import StorySettings
from storage import schema

SHARED = pathlib.Path(__file__).parents[2].parent / "shared"
pytestmark = pytest.mark.skipif(not (SHARED / "eval").exists(), reason="needs ../shared (evaluation sets)")


@pytest.fixture
def scorers(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(SHARED / "eval"), *sys.path])
    import _common

    return _common


def test_nanco_pairs_are_told_apart(scorers):
    # AUC per question, mean; .93 when fitted without this set (tests/benchmarks/fit_align.py --check)
    found = []
    for entry in json.loads((SHARED / "data/nanco/questions.json").read_text(encoding="utf-8")):
        answers = entry["answers"]
        pairs = [(a, b) for n, a in enumerate(answers) for b in answers[n + 1 :]]
        scores = align.score([a["answer"] for a, _ in pairs], [b["answer"] for _, b in pairs])
        found.append(scorers.auc([int(a["cluster"] == b["cluster"]) for a, b in pairs], scores))
    assert sum(found) / len(found) >= 0.92


def test_short_facts_are_found_in_summaries(scorers):
    # .902 when fitted without the documents (tests/benchmarks/fit_presence.py --check); word containment .843
    pairs = pl.read_parquet(SHARED / "data/scu_pyrxsum/pairs.parquet")
    scores = align.reports(pairs["scu"].to_list(), pairs["text"].to_list())
    assert scorers.auc(pairs["present"].to_list(), scores) >= 0.90


def bcubed(table: pl.DataFrame, gold: dict[str, str]) -> float:
    import stories as judge

    empty = {name: pl.lit(None, pl.String) for name in ("dek",)}
    made = stories.group(
        table.with_columns(captured_at="published_at", **empty),
        schema.empty("copies"),
        schema.empty("judgements"),
        StorySettings(),
    )
    return float(judge.measures(gold, dict(made.select("article_id", "story_id").iter_rows()))["bcubed_f1"])


def test_stories_of_ecbplus_dev(scorers):
    docs = pl.read_parquet(SHARED / "data/ecbplus/docs.parquet").filter(pl.col("split") == "dev")
    table = docs.select(
        "text",
        article_id="doc_id",
        outlet="doc_id",
        title=pl.lit(None, pl.String),
        published_at=pl.lit(None, pl.Datetime("us", "UTC")),
    )
    assert bcubed(table, dict(docs.select("doc_id", "subtopic").iter_rows())) >= 0.94  # measured .979, 16 stories


def test_stories_of_allsides(scorers):
    docs = pl.read_parquet(SHARED / "data/allsides/allsides_dated.parquet")
    when = pl.col("date").str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="us", time_zone="UTC")
    table = docs.select("outlet", "title", article_id="doc_id", text="lede", published_at=when)
    assert bcubed(table, dict(docs.select("doc_id", "story").iter_rows())) >= 0.84  # measured .849
