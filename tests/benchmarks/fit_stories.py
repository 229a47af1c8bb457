"""Fit dedupe/likeness.json: how much each measure of two articles says about whether they tell one event.

    python tests/benchmarks/fit_stories.py [--shared ../shared] [--check]

Fitted on the part "train" of ECB+ (575 articles, 25 topics with two look-alike events each); "dev" and AllSides are
never read here. `--check` holds topics out by fives and prints the B-cubed F1 at several thresholds. Logistic
regression with an L2 penalty. Needs scikit-learn.
"""

import json
import pathlib
import random
import sys

import numpy as np
import polars as pl
from sklearn.linear_model import LogisticRegression

from dedupe import gist, likeness, linkage
from dedupe.settings import StorySettings

FOLDS = 5
JOINS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55)


def main(shared: pathlib.Path, *, check: bool) -> None:
    docs = pl.read_parquet(shared / "data/ecbplus/docs.parquet").filter(pl.col("split") == "train").sort("doc_id")
    settings = StorySettings()
    gists = [gist.read({"text": text}, settings) for text in docs["text"]]
    undated = np.tile([-np.inf, 0.0], (docs.height, 1))
    found = likeness.pairs(gists, undated, settings)
    x = likeness.measures(found, gists, settings)
    story, topic = docs["subtopic"].to_numpy(), docs["topic"].to_numpy()
    y = story[found.left] == story[found.right]
    if check:
        _held_out(found, x, y, story, topic)
    mean, scale, weight, intercept = _fit(x, y)
    table = {
        "measures": list(likeness.NAMES),
        "mean": mean.round(5).tolist(),
        "scale": scale.round(5).tolist(),
        "weight": weight.round(5).tolist(),
        "intercept": round(intercept, 5),
    }
    out = pathlib.Path(__file__).parents[2] / "dedupe" / "likeness.json"
    out.write_text(json.dumps(table, indent=0) + "\n", encoding="utf-8")
    print({name: round(float(w), 2) for name, w in zip(likeness.NAMES, weight, strict=True)}, len(y), "pairs")


def _fit(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    mean, scale = x.mean(axis=0), x.std(axis=0)
    scale[scale == 0] = 1.0
    model = LogisticRegression(C=1.0, max_iter=1000).fit((x - mean) / scale, y)
    return mean, scale, model.coef_[0], float(model.intercept_[0])


def _held_out(found: likeness.Pairs, x: np.ndarray, y: np.ndarray, story: np.ndarray, topic: np.ndarray) -> None:
    """B-cubed F1 with each topic judged by weights that saw none of it, mean of three divisions."""
    scores: dict[float, list[float]] = {join: [] for join in JOINS}
    for seed in range(3):
        names = sorted(set(topic))
        random.Random(seed).shuffle(names)
        fold = np.array([names.index(name) % FOLDS for name in topic])
        most = np.maximum(fold[found.left], fold[found.right])
        p = np.zeros(len(y))
        for k in range(FOLDS):
            seen = (fold[found.left] != k) & (fold[found.right] != k)
            mean, scale, weight, intercept = _fit(x[seen], y[seen])
            p[most == k] = 1 / (1 + np.exp(-(((x[most == k] - mean) / scale) @ weight + intercept)))
        for join in JOINS:
            edges: linkage.Edges = [{} for _ in story]
            for a, b, value in zip(found.left.tolist(), found.right.tolist(), p.tolist(), strict=True):
                edges[a][b] = edges[b][a] = value
            scores[join].append(_bcubed(story, np.array(linkage.average(edges, join, set()))))
    print({join: round(float(np.mean(values)), 3) for join, values in scores.items()}, "B-cubed F1, topics held out")


def _bcubed(gold: np.ndarray, said: np.ndarray) -> float:
    """Bagga and Baldwin 1998."""
    same, together = gold[:, None] == gold[None, :], said[:, None] == said[None, :]
    hits = (same & together).sum(axis=1)
    precision, recall = (hits / together.sum(axis=1)).mean(), (hits / same.sum(axis=1)).mean()
    return float(2 * precision * recall / (precision + recall))


if __name__ == "__main__":
    given = sys.argv[sys.argv.index("--shared") + 1] if "--shared" in sys.argv else None
    where = pathlib.Path(given) if given else pathlib.Path(__file__).parents[2].parent / "shared"
    main(where, check="--check" in sys.argv)
