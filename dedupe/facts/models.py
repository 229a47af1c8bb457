"""Same fact by a model the user gives by its path: a sentence encoder, or a model that judges entailment.

Nothing is downloaded: the path is a folder in the form of sentence-transformers (`copydesk[embeddings]`).
"""

import importlib
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Scorer = Callable[[list[str], list[str]], Sequence[float]]

KINDS = ("encoder", "entailment")
"""What stands before the colon of a scorer named by path: ``encoder:/models/minilm``."""

_STEEP, _MIDDLE = 4.0, 0.62  # log-odds a unit of cosine, and the cosine at which two texts are as likely same as not
_LEAST = 1e-4


def load(kind: str, path: str, lexical: Scorer) -> Scorer:
    """A scorer from a model in a folder.

    Args:
        kind: One of `KINDS`. An encoder's cosine is put beside the lexical log-odds; of an entailment model counts the
            probability that each text entails the other, the mean of both ways.
        path: The model's folder.
        lexical: The scorer that ships.

    Raises:
        LookupError: The extra is not installed, or no model can be read from the folder: one sentence says which.

    Cost: as the model; each text is encoded once a call.
    """
    try:
        library: Any = importlib.import_module("sentence_transformers")
    except ImportError as fault:
        message = f"the scorer {kind}:{path} needs `pip install copydesk[embeddings]`: {fault}"
        raise LookupError(message) from fault
    opener = library.SentenceTransformer if kind == "encoder" else library.CrossEncoder
    try:
        model = opener(path, local_files_only=True, device="cpu")
    except (OSError, ValueError) as fault:
        message = (
            f"no {kind} model can be read from {path!r}; give a folder in the form of sentence-transformers: {fault}"
        )
        raise LookupError(message) from fault
    return _encoder(model, lexical) if kind == "encoder" else _entailment(model)


def _encoder(model: Any, lexical: Scorer) -> Scorer:  # noqa: ANN401 - a class of an optional library
    def score(left: list[str], right: list[str]) -> list[float]:
        if not left:
            return []
        asked = list(dict.fromkeys([*left, *right]))
        at = {text: n for n, text in enumerate(asked)}
        vectors = np.asarray(model.encode(asked, convert_to_numpy=True, show_progress_bar=False), dtype=np.float64)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        cosine = [float(vectors[at[a]] @ vectors[at[b]]) for a, b in zip(left, right, strict=True)]
        said = lexical(left, right)
        return [blend(p, value) for p, value in zip(said, cosine, strict=True)]

    return score


def blend(probability: float, cosine: float) -> float:
    """One probability from the lexical one and an encoder's cosine, added as log-odds: neither decides alone."""
    p = min(max(probability, _LEAST), 1 - _LEAST)
    odds = math.log(p / (1 - p)) + _STEEP * (cosine - _MIDDLE)
    return round(1 / (1 + math.exp(-odds)), 6)


def _entailment(model: Any) -> Scorer:  # noqa: ANN401 - a class of an optional library
    labels = {str(name).casefold(): int(place) for place, name in (model.config.id2label or {}).items()}
    entails = next((place for name, place in labels.items() if name.startswith("entail")), None)
    if entails is None:
        message = f"the entailment model names no label 'entailment'; it has: {', '.join(labels) or 'none'}"
        raise LookupError(message)

    def score(left: list[str], right: list[str]) -> list[float]:
        if not left:
            return []
        both = [*zip(left, right, strict=True), *zip(right, left, strict=True)]
        logits: npt.NDArray[np.float64] = np.asarray(model.predict(both, show_progress_bar=False), dtype=np.float64)
        logits = logits - logits.max(axis=1, keepdims=True)
        share = np.exp(logits)[:, entails] / np.exp(logits).sum(axis=1)
        return [round(float(p), 6) for p in (share[: len(left)] + share[len(left) :]) / 2]

    return score
