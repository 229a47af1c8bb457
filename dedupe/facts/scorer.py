"""The probability that two texts assert the same fact: a logistic regression whose coefficients ship as data."""

import functools
import importlib.metadata
import importlib.resources
import json
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from dedupe.facts import features, models, reading

Scorer = Callable[[list[str], list[str]], Sequence[float]]

GROUP = "copydesk.scorers"
"""Entry-point group: a package that offers ``name = "module:function"`` in it offers a scorer."""


@functools.cache
def _coefficients() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64], float]:
    raw = json.loads(importlib.resources.files("dedupe.facts").joinpath("align.json").read_text(encoding="utf-8"))
    if tuple(raw["features"]) != features.NAMES:
        message = "dedupe/facts/align.json was fitted on other features: run tests/benchmarks/fit_align.py"
        raise ValueError(message)
    mean, scale, weight = (np.array(raw[key], dtype=np.float64) for key in ("mean", "scale", "weight"))
    return mean, scale, weight, float(raw["intercept"])


def probability(rows: Sequence[Sequence[float]] | npt.NDArray[np.float64]) -> list[float]:
    """Probabilities of feature rows (`features.compare`), rounded to 6 digits so that no last bit decides."""
    if not len(rows):
        return []
    mean, scale, weight, intercept = _coefficients()
    logit = ((np.asarray(rows) - mean) / scale) @ weight + intercept
    return [round(float(value), 6) for value in 1 / (1 + np.exp(-logit))]


def lexical(left: list[str], right: list[str], context: Iterable[str] | None = None) -> list[float]:
    """The scorer that ships: words by rarity and use, names, numbers, order. Symmetric; needs no model."""
    read = {text: reading.read(text) for text in dict.fromkeys([*left, *right])}
    among = reading.Context(read.values() if context is None else [reading.read(text) for text in context])
    weighed = {text: among.weigh(found) for text, found in read.items()}
    return probability([features.compare(weighed[a], weighed[b]) for a, b in zip(left, right, strict=True)])


@functools.cache
def named(name: str) -> Scorer:
    """The scorer of that name.

    Args:
        name: "lexical"; "encoder:FOLDER" or "entailment:FOLDER" (`dedupe.facts.models`); or the name of one that an
            installed package offers in the group `GROUP`.

    Raises:
        LookupError: No installed package offers it, or the folder holds no such model; the message says what there is.
    """
    if name == "lexical":
        return lexical
    kind, _, path = name.partition(":")
    if kind in models.KINDS and path:
        return models.load(kind, path, lexical)
    found = importlib.metadata.entry_points(group=GROUP)
    for entry in found:
        if entry.name == name:
            loaded: Scorer = entry.load()
            return loaded
    offered = ", ".join(
        sorted({"lexical", *(entry.name for entry in found), *(f"{kind}:FOLDER" for kind in models.KINDS)})
    )
    message = f"no scorer {name!r} is installed; there are: {offered}"
    raise LookupError(message)


def label(name: str) -> str:
    """How the tables call a scorer: a model by its folder's own name, wherever it lies on this machine."""
    kind, _, path = name.partition(":")
    return f"{kind}:{path.replace(chr(92), '/').rstrip('/').rpartition('/')[2]}" if path else name
