"""Floors for stories told in other words: what is said unique, and which sentences are said to report one fact.

The first eleven stories are in words chosen to differ; the fifteen that follow in other registers too (tabloid, blog,
trade press, newsletter), harder than any news. Nothing was fitted on those of the groups here.
"""

import paraphrased
import pytest

from dedupe.settings import FactSettings

FIRST = 11
FLOORS = {
    "first": {"unique_precision": 0.84, "unique_recall": 0.70, "shared_precision": 0.86, "shared_recall": 0.78},
    "registers": {"unique_precision": 0.35, "unique_recall": 0.25, "shared_precision": 0.90, "shared_recall": 0.50},
}
"""Unique facts, and pairs of sentences that share a fact. docs/methods.md has what is measured."""


@pytest.fixture(scope="module")
def figures():
    told = paraphrased.stories()
    groups = {"first": told[:FIRST], "registers": [story for story in told[FIRST:] if not story.fitted]}
    found = {group: paraphrased.counted(FactSettings(), some) for group, some in groups.items()}
    return {
        group: {
            "unique_precision": some["right"] / some["said"],
            "unique_recall": some["right"] / some["unique"],
            "shared_precision": some["rightly"] / some["linked"],
            "shared_recall": some["rightly"] / some["pairs"],
        }
        for group, some in found.items()
    }


@pytest.mark.parametrize("group", sorted(FLOORS))
@pytest.mark.parametrize("name", sorted(FLOORS["first"]))
def test_other_words_hide_neither_a_shared_fact_nor_a_unique_one(figures, group, name):
    assert figures[group][name] >= FLOORS[group][name], figures[group]
