"""A logistic regression whose coefficients ship as data: features of a pair -> a probability."""

import functools
import importlib.resources
import json
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


class Regression(NamedTuple):
    """Coefficients of standardised features."""

    mean: Numbers
    scale: Numbers
    weight: Numbers
    intercept: float

    def probability(self, rows: Sequence[Sequence[float]] | Numbers) -> list[float]:
        """Probabilities of feature rows, rounded to 6 digits so that no last bit decides."""
        if not len(rows):
            return []
        odds = ((np.asarray(rows) - self.mean) / self.scale) @ self.weight + self.intercept
        return [round(value, 6) for value in (1 / (1 + np.exp(-odds))).tolist()]


@functools.cache
def load(name: str, features: tuple[str, ...]) -> Regression:
    """The coefficients of ``dedupe/facts/NAME.json``.

    Raises:
        ValueError: They were fitted on other features than these.
    """
    raw = json.loads(importlib.resources.files("dedupe.facts").joinpath(f"{name}.json").read_text(encoding="utf-8"))
    if tuple(raw["features"]) != features:
        message = f"dedupe/facts/{name}.json was fitted on other features: run tests/benchmarks/fit_{name}.py"
        raise ValueError(message)
    mean, scale, weight = (np.array(raw[key], dtype=np.float64) for key in ("mean", "scale", "weight"))
    return Regression(mean, scale, weight, float(raw["intercept"]))
