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


def test_stories_of_ecbplus_dev(scorers):
    import stories as judge

    docs = pl.read_parquet(SHARED / "data/ecbplus/docs.parquet").filter(pl.col("split") == "dev")
    empty = {n: pl.lit(None, pl.String) for n in ("title", "dek")}
    when = pl.lit(None, pl.Datetime("us", "UTC"))
    table = docs.select(
        pl.col("doc_id").alias("article_id"),
        pl.col("doc_id").alias("outlet"),
        "text",
        published_at=when,
        captured_at=when,
        **empty,
    )
    made = stories.group(table, schema.empty("copies"), schema.empty("judgements"), StorySettings())
    gold = dict(docs.select("doc_id", "subtopic").iter_rows())
    figures = judge.measures(gold, dict(made.select("article_id", "story_id").iter_rows()))
    assert figures["bcubed_f1"] >= 0.87  # measured .882
