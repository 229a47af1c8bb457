"""What the packaged vectors of meaning say: synonyms near, contrasts apart, names and numbers absent."""

import numpy as np
import pytest

from dedupe import text as texts
from dedupe.facts import features, reading


def likeness(left: str, right: str) -> float:
    return float(features.likeness(reading.read(left), reading.read(right))[0, 0])


def known(word: str) -> bool:
    vectors = reading.vectors()
    row = vectors.at.get(texts.stem(word, "en"))
    return row is not None and bool(vectors.meanings[row].any())


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("ship", "vessel"), ("probe", "investigation"), ("inquiry", "investigation"), ("hurt", "injured"),
        ("doctor", "physician"), ("begin", "start"), ("lawyer", "attorney"),
        ("purchase", "buy"), ("salary", "wage"), ("fog", "mist"),
    ],
)  # fmt: skip
def test_words_that_mean_the_like_count_in_part(left: str, right: str) -> None:
    assert 0.1 < likeness(left, right) < 1


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("killed", "injured"), ("rose", "fell"), ("inside", "outside"), ("guilty", "acquitted"),
        ("approve", "reject"), ("boy", "girl"), ("train", "bus"), ("gold", "silver"), ("win", "lose"),
        ("confirm", "deny"), ("oil", "gas"), ("morning", "evening"), ("increase", "decrease"), ("buy", "sell"),
        ("stable", "unstable"), ("aware", "unaware"), ("boyfriend", "girlfriend"), ("bigger", "smaller"),
    ],
)  # fmt: skip
def test_words_that_contrast_do_not_stand_for_each_other(left: str, right: str) -> None:
    assert known(left)
    assert known(right)
    assert likeness(left, right) < 0.05


@pytest.mark.parametrize("word", ["Germany", "France", "Monday", "Tuesday", "March", "seven", "million", "Obama"])
def test_names_days_and_numbers_have_no_meaning_to_be_near(word: str) -> None:
    assert not known(word)


def test_two_names_never_met_are_not_alike() -> None:
    assert likeness("Qortheim", "Vaskulaa") == 0


def test_vectors_are_whole_numbers_of_one_length() -> None:
    vectors = reading.vectors()
    assert vectors.uses.shape[0] == vectors.meanings.shape[0] == len(vectors.at) + 1
    assert not vectors.uses[-1].any()
    assert not vectors.meanings[-1].any()
    for rows in (vectors.uses, vectors.meanings):
        assert (rows == np.round(rows)).all()
        lengths = np.linalg.norm(rows[rows.any(1)], axis=1)
        assert (abs(lengths / 127 - 1) < 0.02).all()
