import pytest

from dedupe.facts import align, scorer

SAME = (
    "The ministry will close the Port Lira ferry terminal.",
    "Port Lira's ferry terminal is to be shut by the ministry.",
)
OTHER = "The mayor of Port Lira opened a new library on Monday."


def test_a_restatement_scores_above_another_fact_of_the_same_place():
    same, other = align.score([SAME[0], SAME[0]], [SAME[1], OTHER])
    assert same > 0.5 > other


def test_scores_are_probabilities_and_symmetric():
    texts = [*SAME, OTHER, "", "§", "12 people", "x" * 2000]
    left = [a for a in texts for _ in texts]
    right = texts * len(texts)
    there, back = align.score(left, right), align.score(right, left)
    assert there == back
    assert all(0 <= p <= 1 for p in there)


def test_another_number_lowers_the_score():
    text = "The fire in Osk killed {} people and destroyed the market hall."
    equal, other = align.score([text.format(12)] * 2, [text.format(12), text.format(31)], context=())
    assert equal > other


def test_without_context_a_pair_is_judged_alone():
    alone = align.score([SAME[0]], [SAME[1]], context=())
    among = align.score([SAME[0], OTHER], [SAME[1], SAME[0]], context=())
    assert alone[0] == among[0]


def test_lists_of_different_length_are_refused():
    with pytest.raises(ValueError, match="zip"):
        align.score(["a"], [])


def test_an_unknown_scorer_names_those_there_are():
    with pytest.raises(LookupError, match="lexical"):
        scorer.named("none-such")
