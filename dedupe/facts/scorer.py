"""The probability that two texts assert the same fact: a logistic regression whose coefficients ship as data."""

import functools
import importlib.metadata
import importlib.resources
import json
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from dedupe.facts import features, reading

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


def probability(rows: list[list[float]]) -> list[float]:
    """Probabilities of feature rows (`features.compare`), rounded to 6 digits so that no last bit decides."""
    if not rows:
        return []
    mean, scale, weight, intercept = _coefficients()
    logit = ((np.array(rows) - mean) / scale) @ weight + intercept
    return [round(float(value), 6) for value in 1 / (1 + np.exp(-logit))]


def lexical(left: list[str], right: list[str], context: Iterable[str] | None = None) -> list[float]:
    """The scorer that ships: words by rarity and use, names, numbers, order. Symmetric; needs no model."""
    read = {text: reading.read(text) for text in dict.fromkeys([*left, *right])}
    among = reading.Context(read.values() if context is None else [reading.read(text) for text in context])
    weighed = {text: among.weigh(found) for text, found in read.items()}
    return probability([features.compare(weighed[a], weighed[b]) for a, b in zip(left, right, strict=True)])


@functools.cache
def named(name: str) -> Scorer:
    """The scorer of that name: "lexical", or one that an installed package offers in the group `GROUP`.

    Raises:
        LookupError: No installed package offers it; the message lists those there are.
    """
    if name == "lexical":
        return lexical
    found = importlib.metadata.entry_points(group=GROUP)
    for entry in found:
        if entry.name == name:
            loaded: Scorer = entry.load()
            return loaded
    offered = ", ".join(sorted({"lexical", *(entry.name for entry in found)}))
    message = f"no scorer {name!r} is installed; there are: {offered}"
    raise LookupError(message)
