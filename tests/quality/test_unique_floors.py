"""Floors of what is said to be unique and shared, on stories of two and three outlets that one reader marked.

The coefficients were fitted on these stories, but for those held out: ``unseen``, marked when all was decided,
``fresh``, eight of sixteen whose outlets worded them apart, and ``apart``, marked by a reader with no part in building.
tests/benchmarks/fit_elsewhere.py --check gives the figures with each story held out. Lowering a floor needs a line in
docs/decisions.md.
"""

import pathlib

import marked_stories
import pytest

from dedupe.settings import FactSettings

SHARED = pathlib.Path(__file__).parents[2].parent / "shared"
pytestmark = pytest.mark.skipif(not (SHARED / "data/articles").exists(), reason="needs ../shared (articles)")
LATEST = {*marked_stories.FRESH, *marked_stories.READ_APART}
OLD = [story for story in marked_stories.STORIES if story not in LATEST]
UNSEEN = set(marked_stories.HELD_OUT) - LATEST
GROUPS = {
    "first": [s for s in OLD if marked_stories.links(s) is None and s not in UNSEEN],
    "later": [s for s in OLD if marked_stories.links(s) is not None],
    "unseen": sorted(UNSEEN),
    "fresh": [s for s in marked_stories.FRESH if s in marked_stories.HELD_OUT],
    "apart": marked_stories.READ_APART,
}
UNIQUE = {
    ("first", "most"): (0.92, 0.75),
    ("first", "any"): (0.90, 0.81),
    ("later", "most"): (0.92, 0.78),
    ("later", "any"): (0.87, 0.82),
    ("unseen", "most"): (0.90, 0.60),
    ("unseen", "any"): (0.88, 0.68),
    ("fresh", "most"): (0.85, 0.78),
    ("fresh", "any"): (0.84, 0.81),
    ("apart", "most"): (0.92, 0.87),
    ("apart", "any"): (0.92, 0.90),
}
"""Precision and recall of sentences: more than half of a sentence, or any of its mentions."""
SHARED_SENTENCES = {
    "first": (0.87, 0.75),
    "later": (0.89, 0.80),
    "unseen": (0.85, 0.85),
    "fresh": (0.77, 0.59),
    "apart": (0.92, 0.74),
}
TOLD = {"later": (0.84, 0.60), "fresh": (0.77, 0.41), "apart": (0.85, 0.68)}
"""Facts of several outlets that are; marked links that are found."""


@pytest.fixture(scope="module")
def counted():
    return {group: marked_stories.counted(SHARED, FactSettings(), stories) for group, stories in GROUPS.items()}


@pytest.mark.parametrize(("group", "how"), sorted(UNIQUE))
def test_unique_is_rarely_wrong(counted, group, how):
    precision, recall = marked_stories.figures(counted[group][0][how], "unique")
    assert precision >= UNIQUE[group, how][0], counted[group][0]
    assert recall >= UNIQUE[group, how][1], counted[group][0]


@pytest.mark.parametrize("group", sorted(SHARED_SENTENCES))
def test_what_others_say_too_is_shared(counted, group):
    precision, recall = marked_stories.figures(counted[group][0]["shared"], "shared")
    assert precision >= SHARED_SENTENCES[group][0], counted[group][0]
    assert recall >= SHARED_SENTENCES[group][1], counted[group][0]


@pytest.mark.parametrize("group", sorted(TOLD))
def test_a_fact_of_several_outlets_holds_what_says_the_same(counted, group):
    told = counted[group][1]
    assert told["right"] / told["facts"] >= TOLD[group][0], told
    assert told["found"] / told["links"] >= TOLD[group][1], told
