"""Scorers other than the one that ships: a model by its folder, a package by its entry point."""

import importlib.metadata
import sys
import types
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from dedupe.facts import scorer


class Encoder:
    """Texts by their letters; a stand-in with the two calls that are used of sentence-transformers."""

    def __init__(self, path: str, **given: Any) -> None:
        if "none" in path:
            raise OSError("no config.json")
        assert given == {"local_files_only": True, "device": "cpu"}

    def encode(self, texts: list[str], **_: Any) -> np.ndarray:
        return np.array([[text.count(letter) for letter in "abcdefghijklmnopqrstuvwxyz"] for text in texts], np.float32)


class Entailment(Encoder):
    """Entails what it holds word for word."""

    config = types.SimpleNamespace(id2label={0: "contradiction", 1: "entailment", 2: "neutral"})

    def predict(self, pairs: list[tuple[str, str]], **_: Any) -> np.ndarray:
        return np.array([[0.0, 6.0, 0.0] if b in a else [0.0, -6.0, 0.0] for a, b in pairs])


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    given = types.ModuleType("sentence_transformers")
    given.SentenceTransformer, given.CrossEncoder = Encoder, Entailment  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", given)
    scorer.named.cache_clear()
    yield
    scorer.named.cache_clear()


PAIR = ["The harbour closed on Monday."], ["A crane fell into the harbour basin."]


def test_an_encoder_by_its_folder_moves_the_lexical_score():
    found = scorer.named("encoder:/models/letters")
    same = found(["The harbour closed."], ["The harbour closed."])[0]
    assert same > 0.9 > found(*PAIR)[0]
    assert found(*PAIR) == found(*reversed(PAIR))
    assert list(found([], [])) == []


def test_an_entailment_model_is_asked_both_ways():
    found = scorer.named("entailment:/models/words")
    assert found(["The harbour closed."], ["The harbour closed."])[0] > 0.99
    assert found(["The harbour closed."], ["harbour"])[0] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(("name", "said"), [("encoder:/models/none", "/models/none"), ("oracle", "encoder:FOLDER")])
def test_what_cannot_be_loaded_is_said_in_a_sentence(name: str, said: str):
    with pytest.raises(LookupError, match=said):
        scorer.named(name)


def test_without_the_extra_the_sentence_names_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(LookupError, match=r"copydesk\[embeddings\]"):
        scorer.named("encoder:/models/letters")


def test_a_package_offers_a_scorer_by_entry_point(monkeypatch: pytest.MonkeyPatch):
    module = types.ModuleType("oracle_of_tests")
    module.says = lambda left, right: [0.25] * len(left)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "oracle_of_tests", module)
    entry = importlib.metadata.EntryPoint("oracle", "oracle_of_tests:says", scorer.GROUP)
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda **_: (entry,))
    assert scorer.named("oracle")(["a"], ["b"]) == [0.25]


@pytest.mark.parametrize(
    ("name", "said"),
    [("lexical", "lexical"), ("oracle", "oracle"), ("encoder:/home/me/minilm/", "encoder:minilm"),
     ("entailment:C:\\models\\nli", "entailment:nli")],
)  # fmt: skip
def test_tables_name_a_model_by_its_folder(name: str, said: str):
    assert scorer.label(name) == said
