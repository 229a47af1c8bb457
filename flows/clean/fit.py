"""Fit the trees of `forest` on pages whose body is known. Development only: needs scikit-learn.

    python -m flows.clean.fit [--only LANE] HTML_DIR TRUTH.json [HTML_DIR TRUTH.json ...]

HTML_DIR holds PAGE.html.gz; TRUTH.json maps PAGE to its body (paragraphs parted by line breaks). Writes
forest_html.json (with trafilatura's vote), forest_fast.json (without) and forest_shallow.json (the fast lane's) beside
this file. What was fitted on, and how it was checked on pages of other
outlets, stands in docs/methods.md.
"""

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from flows.clean import dom, fast, features, flat, metadata, shallow, votes

_TOKEN = re.compile(r"\w+")
_SHAPES = {
    "html": {"max_iter": 120, "max_leaf_nodes": 16, "max_depth": 7, "learning_rate": 0.08, "max_features": 0.3},
    "fast": {"max_iter": 110, "max_leaf_nodes": 14, "max_depth": 7, "learning_rate": 0.1},
    "shallow": {"max_iter": 70, "max_leaf_nodes": 14, "max_depth": 6, "learning_rate": 0.12},
}
_SHARE = 0.6  # of a block's four-word shingles that stand in the body: from here the block is body


def labels(lines: list[str], body: str) -> npt.NDArray[np.int8]:
    """1 body, 0 not, -1 no word in the line."""
    whole = {tuple(_TOKEN.findall(line)) for line in body.split("\n")}
    words = _TOKEN.findall(body)
    grams = Counter(zip(words, words[1:], words[2:], words[3:], strict=False))
    result = []
    for line in lines:
        tokens = _TOKEN.findall(line)
        if not tokens:
            result.append(-1)
        elif tuple(tokens) in whole:
            result.append(1)
        else:
            own = list(zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False))
            result.append(int(bool(own) and sum(gram in grams for gram in own) >= _SHARE * len(own)))
    return np.array(result, dtype=np.int8)


def _page(html: str, lane: str) -> tuple[dom.Dom, npt.NDArray[np.float32]]:
    read = flat.read(html.encode())
    page, stated = read.dom(), metadata.read(read, None)
    if lane == "shallow":
        return page, fast.measure(read, stated)[0]
    around = votes.outside(page, stated)
    around.votes = [votes.by_trafilatura(page, html)] if lane == "html" else []
    return page, features.measure(page, around)


def fit(sets: list[tuple[Path, dict[str, str]]], lane: str) -> HistGradientBoostingClassifier:
    """The classifier over every page of every set; a page weighs the same however long it is."""
    rows, truth, weights = [], [], []
    for folder, bodies in sets:
        for name, body in sorted(bodies.items()):
            found = _page(gzip.decompress((folder / f"{name}.html.gz").read_bytes()).decode("utf-8", "replace"), lane)
            if not found[0].blocks:
                continue
            lines = [block.text for block in found[0].blocks]
            known = labels(lines, body)
            weight = np.sqrt(np.minimum([len(line) for line in lines], 400) + 10.0)
            rows.append(found[1][known >= 0])
            truth.append(known[known >= 0])
            weights.append(weight[known >= 0] / weight[known >= 0].sum())
    model = HistGradientBoostingClassifier(
        min_samples_leaf=30, l2_regularization=1.0, random_state=0, early_stopping=False, **_SHAPES[lane]
    )
    weight = np.concatenate(weights)
    return model.fit(np.concatenate(rows), np.concatenate(truth), sample_weight=weight * (len(weight) / weight.sum()))


def export(model: HistGradientBoostingClassifier, names: Sequence[str]) -> dict[str, object]:
    """The trees as JSON values, with the names of what they were fitted to."""
    trees, depth = [], 0
    for (predictor,) in model._predictors:  # noqa: SLF001 - scikit-learn has no public door to its trees
        nodes = predictor.nodes
        leaf = nodes["is_leaf"].astype(bool)
        own = np.arange(len(nodes))
        trees.append(
            {
                "feature": np.where(leaf, 0, nodes["feature_idx"]).tolist(),
                "threshold": [
                    0.0 if end else float(f"{x:.7g}") for x, end in zip(nodes["num_threshold"], leaf, strict=True)
                ],
                "left": np.where(leaf, own, nodes["left"]).tolist(),
                "right": np.where(leaf, own, nodes["right"]).tolist(),
                "value": [float(f"{x:.5g}") if end else 0.0 for x, end in zip(nodes["value"], leaf, strict=True)],
            }
        )
        depth = max(depth, int(nodes["depth"].max()))
    bias = float(np.ravel(model._baseline_prediction)[0])  # noqa: SLF001
    return {"features": list(names), "bias": bias, "depth": depth, "trees": trees}


def main(arguments: list[str]) -> None:
    """Fit all trees, or one lane's, and write them."""
    lanes = list(_SHAPES)
    if arguments[:1] == ["--only"]:
        lanes, arguments = [arguments[1]], arguments[2:]
    sets = [
        (Path(folder), json.loads(Path(truth).read_text(encoding="utf-8")))
        for folder, truth in zip(arguments[::2], arguments[1::2], strict=True)
    ]
    for lane in lanes:
        out = Path(__file__).with_name(f"forest_{lane}.json")
        names = shallow.NAMES if lane == "shallow" else features.NAMES
        out.write_text(json.dumps(export(fit(sets, lane), names), separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
