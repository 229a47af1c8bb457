import pytest

from dedupe.facts import align, presence, scorer

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


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "The ferry carried 240 passengers when it sank.", "The ferry carried 310 passengers when it sank."),
        ("en", "The trial will begin on Monday in Osk.", "The trial will begin on Thursday in Osk."),
        ("en", "Halden was founded in 2019 in Osk.", "Halden was founded in 2020 in Osk."),
        ("en", "Halden has signed the contract with Osk.", "Halden has not signed the contract with Osk."),
        ("de", "Die Fähre hatte drei Passagiere an Bord.", "Die Fähre hatte fünf Passagiere an Bord."),
        ("de", "Halden hat den Vertrag unterschrieben.", "Halden hat den Vertrag nicht unterschrieben."),
        ("fr", "Le pont ouvrira le 4 mai à Osk.", "Le pont ouvrira le 9 juin à Osk."),
        ("es", "El juicio comienza el lunes en Osk.", "El juicio comienza el jueves en Osk."),
    ],
)
def test_two_values_of_one_slot_are_not_the_same_fact(language: str, one: str, other: str):
    apart, back, equal = align.score([one, other, one], [other, one, one], context=(), language=language)
    assert apart == back < 0.5 < 0.75 < equal


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Halden lost 1.96 billion euros in Osk.", "Halden lost 2 billion euros in Osk."),
        ("The storm hit 1960 houses in Osk.", "The storm hit 2000 houses in Osk."),
        ("The trial will begin on Monday in Osk.", "The trial will begin on 4 May in Osk."),
        ("Halden may sign the contract in Osk.", "Halden may sign the contract in Osk in May."),
    ],
)
def test_values_that_can_both_be_do_not_speak_against_one_fact(one: str, other: str):
    assert not presence.contrary(presence.read(one), presence.read(other))


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
