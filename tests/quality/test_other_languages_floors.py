"""Floors for stories in German, French, Spanish, Italian, Dutch and Portuguese, each told by three outlets.

tests/golden/stories_in_other_languages.txt; marked before any output was seen.
"""

import paraphrased
import polars as pl
import pytest

from dedupe import stories
from dedupe.settings import FactSettings, StorySettings
from storage import schema

FLOORS = {
    "far": {"unique_precision": 0.53, "unique_recall": 0.66, "shared_precision": 0.87, "shared_recall": 0.42},
    "near": {"unique_precision": 0.92, "unique_recall": 0.92, "shared_precision": 0.95, "shared_recall": 0.9},
}
"""Far: two sister events a language in words chosen to differ, measured .56 .69 .92 .45; English, which has vectors of
its words, reaches more. Near: one event a language as news is rewritten, measured 1 1 1 .97; written last."""


@pytest.fixture(scope="module")
def told():
    return paraphrased.stories("stories_in_other_languages")


@pytest.fixture(scope="module")
def figures(told):
    made = {}
    for kind in FLOORS:
        found = paraphrased.counted(
            FactSettings(), [one for one in told if ("3" in one.name.split()) == (kind == "near")]
        )
        made[kind] = {
            "unique_precision": found["right"] / found["said"],
            "unique_recall": found["right"] / found["unique"],
            "shared_precision": found["rightly"] / found["linked"],
            "shared_recall": found["rightly"] / found["pairs"],
        }
    return made


def test_the_language_of_every_article_is_told(told):
    assert len(told) == 18
    for story in told:
        assert set(story.articles["language"]) == {story.name[:2]}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in FLOORS for name in sorted(FLOORS[kind])])
def test_facts_of_other_languages(figures, kind, name):
    assert figures[kind][name] >= FLOORS[kind][name], figures


def test_sister_events_stay_apart_and_most_reports_of_one_event_meet(told):
    named = [story.articles.with_columns(article_id=pl.lit(f"{story.name}/") + pl.col("article_id")) for story in told]
    found = stories.group(pl.concat(named), schema.empty("copies"), schema.empty("judgements"), StorySettings())
    event = [article.rsplit("/", 1)[0] for article in found["article_id"]]
    story = found["story_id"].to_list()
    both = [sum((e, s) == pair for pair in zip(event, story, strict=True)) for e, s in zip(event, story, strict=True)]
    precision = sum(n / story.count(s) for n, s in zip(both, story, strict=True)) / len(both)
    recall = sum(n / event.count(e) for n, e in zip(both, event, strict=True)) / len(both)
    assert precision == 1.0
    assert recall >= 0.8  # B-cubed, measured .88; .69 where words of other languages weighed by their length alone
