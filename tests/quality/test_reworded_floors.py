"""Floors of same facts told in different words: 25 invented stories (tests/golden/reworded.txt), with look-alikes.

Words of like use (vectors.json alone) reached AP .75 and recall .33.
"""

import pathlib

import numpy as np
import pytest

from dedupe.facts import scorer

GOLDEN = pathlib.Path(__file__).parents[1] / "golden/reworded.txt"


def stories() -> list[list[tuple[str, str]]]:
    found: list[list[tuple[str, str]]] = []
    for line in GOLDEN.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            found.append([])
        elif not line.startswith("#"):
            left, _, right = line.partition("=")
            found[-1].append((left.strip(), right.strip()))
    return found


@pytest.fixture(scope="module")
def scored() -> tuple[np.ndarray, np.ndarray]:
    same, said = [], []
    for story in stories():
        told = set(story)
        pairs = [(a, b) for a, _ in story if a for _, b in story if b]
        context = [text for pair in story for text in pair if text]
        said += scorer.lexical([a for a, _ in pairs], [b for _, b in pairs], context)
        same += [pair in told for pair in pairs]
    return np.array(same), np.array(said)


def curve(same: np.ndarray, said: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Precision and recall where all pairs down to each score are taken, surest first; equal scores together."""
    order = np.argsort(-said, kind="stable")
    last = np.flatnonzero(np.diff(said[order], append=-np.inf))
    right = np.cumsum(same[order])[last]
    return right / (last + 1), right / same.sum()


def test_facts_in_other_words_are_told_from_look_alikes(scored: tuple[np.ndarray, np.ndarray]) -> None:
    assert scored[0].sum() == 100
    precision, recall = curve(*scored)
    assert float(precision @ np.diff(recall, prepend=0.0)) >= 0.77  # average precision, measured .81


def test_a_link_that_is_right_nine_times_in_ten_finds_many(scored: tuple[np.ndarray, np.ndarray]) -> None:
    precision, recall = curve(*scored)
    assert recall[precision >= 0.9].max() >= 0.42  # measured .50
