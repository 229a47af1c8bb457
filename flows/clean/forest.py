"""Evaluation of the fitted trees that judge blocks: plain numpy over packaged coefficients, no learning library.

The coefficients are fitted by `flows.clean.fit` and ship as JSON: per tree five lists (feature, threshold, left, right,
value). A leaf points to itself, so that every block walks every tree the same number of steps.
"""

import functools
import json
from dataclasses import dataclass
from importlib import resources

import numpy as np
import numpy.typing as npt

from flows.clean.features import NAMES


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees side by side in flat arrays; `roots` are the positions of the first nodes."""

    feature: npt.NDArray[np.int32]
    threshold: npt.NDArray[np.float32]
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    value: npt.NDArray[np.float32]
    roots: npt.NDArray[np.int32]
    depth: int
    bias: float

    def score(self, rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Probability per row. Cost: about 8 ns per row, tree and level."""
        n, width = rows.shape
        if n == 0:
            return np.zeros(0, dtype=np.float32)
        flat = rows.ravel()
        at = np.repeat(self.roots[:, None], n, axis=1)
        offsets = (np.arange(n, dtype=np.int32) * width)[None, :]
        for _ in range(self.depth):
            right = flat[offsets + self.feature[at]] > self.threshold[at]
            at = np.where(right, self.right[at], self.left[at])
        total = self.value[at].sum(axis=0) + self.bias
        probability: npt.NDArray[np.float32] = (1.0 / (1.0 + np.exp(-total))).astype(np.float32)
        return probability


@functools.cache
def load(name: str) -> Forest:
    """A packaged forest: "html" (with the vote of trafilatura) or "fast" (without).

    Raises:
        ValueError: The coefficients were fitted to other features than this version measures.
    """
    raw = json.loads(resources.files("flows.clean").joinpath(f"forest_{name}.json").read_text(encoding="utf-8"))
    if tuple(raw["features"]) != NAMES:
        message = f"forest_{name}.json knows other features than flows.clean.features; fit it again (flows.clean.fit)."
        raise ValueError(message)
    columns: dict[str, list[float]] = {key: [] for key in ("feature", "threshold", "left", "right", "value")}
    roots = []
    for tree in raw["trees"]:
        base = len(columns["feature"])
        roots.append(base)
        columns["feature"].extend(tree["feature"])
        columns["threshold"].extend(tree["threshold"])
        columns["value"].extend(tree["value"])
        columns["left"].extend(base + child for child in tree["left"])
        columns["right"].extend(base + child for child in tree["right"])
    return Forest(
        np.array(columns["feature"], dtype=np.int32),
        np.array(columns["threshold"], dtype=np.float32),
        np.array(columns["left"], dtype=np.int32),
        np.array(columns["right"], dtype=np.int32),
        np.array(columns["value"], dtype=np.float32),
        np.array(roots, dtype=np.int32),
        raw["depth"],
        raw["bias"],
    )
