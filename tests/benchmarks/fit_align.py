"""Fit dedupe/facts/align.json, the coefficients of `dedupe.facts.align.score`, and print leave-one-out figures.

And align_plain.json: the same sets read without vectors of words, for languages that have none.

    python tests/benchmarks/fit_align.py [--shared ../shared] [--check] [--held-out FOLDER]

Sets (in ../shared/data): MRPC, STSb news (a pair scored >= 4 is the same, <= 2.8 is not, between is left out), SuperPAL
dev (every pair of propositions of a topic), NAnCo (every pair of answers to a question), ECB+ train (sentences of two
documents of a story whose event chains agree, or share none). Each set is weighed as a whole (`WEIGHTS`), its positives
and negatives alike. The seeds are not read. `--check` prints figures for a fit without each topic (SuperPAL) or
question (NAnCo), and for a fit without the whole set.
`--held-out` writes superpal.jsonl (a fit without the topic) and nanco.jsonl (a fit without the set) as the scripts of
../shared/eval read them. A short fact in a longer text is scored by `fit_presence.py`.
"""

import dataclasses
import itertools
import json
import pathlib
import random
import sys
from collections import defaultdict

import numpy as np
import polars as pl
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

from dedupe.facts import features, presence, reading, scorer

WEIGHTS = {"superpal": 6.0, "nanco": 1.0, "ecb": 0.2, "mrpc": 0.1, "sts": 0.2}
STORIES = {"superpal", "nanco"}  # sets whose groups are stories: their texts are read together
STRENGTH = 0.01  # inverse of the L2 penalty
Row = tuple[str, str, int, str]  # left, right, same, what is left out together


def lines(path: pathlib.Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def mrpc(data: pathlib.Path) -> list[Row]:
    return [(r["s1"], r["s2"], int(r["label"]), "mrpc") for r in lines(data / "mrpc/train.jsonl")]


def sts(data: pathlib.Path) -> list[Row]:
    rows = lines(data / "stsb_news/train.jsonl") + lines(data / "stsb_news/dev.jsonl")
    kept = [r for r in rows if not 2.8 < float(r["score"]) < 4]
    return [(r["s1"], r["s2"], int(float(r["score"]) >= 4), r["file"]) for r in kept]


def superpal(data: pathlib.Path) -> list[Row]:
    table = pl.read_csv(data / "superpal/dev.csv", infer_schema_length=0)
    rows: list[Row] = []
    for (topic,), part in table.group_by("topic", maintain_order=True):
        same = set(zip(part["summarySpanText"], part["docSpanText"], strict=True))
        left, right = (list(dict.fromkeys(part[c])) for c in ("summarySpanText", "docSpanText"))
        rows += [(a, b, int((a, b) in same), str(topic)) for a in left for b in right]
    return rows


def nanco(data: pathlib.Path) -> list[Row]:
    rows: list[Row] = []
    for entry in json.loads((data / "nanco/questions.json").read_text(encoding="utf-8")):
        for a, b in itertools.combinations(entry["answers"], 2):
            rows.append((a["answer"], b["answer"], int(a["cluster"] == b["cluster"]), entry["qid"]))
    return rows


def pyrxsum(data: pathlib.Path) -> list[Row]:
    table = pl.read_parquet(data / "scu_pyrxsum/pairs.parquet")
    fold = {doc: str(i % 5) for i, doc in enumerate(sorted(table["doc"].unique()))}
    return [(r["scu"], r["text"], int(r["present"]), fold[r["doc"]]) for r in table.iter_rows(named=True)]


def ecb(data: pathlib.Path) -> list[Row]:
    docs = pl.read_parquet(data / "ecbplus/docs.parquet").filter(pl.col("split") == "train").select("doc_id")
    found = pl.read_parquet(data / "ecbplus/mentions.parquet").join(docs, on="doc_id")
    chains: dict[tuple, set[str]] = defaultdict(set)
    for r in found.filter(pl.col("is_event") & pl.col("validated")).sort("doc_id", "sentence").iter_rows(named=True):
        chains[r["subtopic"], r["doc_id"], r["sentence_text"]].add(r["chain"])
    rows: list[Row] = []
    stories: dict[str, list] = defaultdict(list)
    for (story, doc, text), events in chains.items():
        stories[story].append((doc, text, events))
    for story, sentences in stories.items():
        for (doc_a, a, events_a), (doc_b, b, events_b) in itertools.combinations(sentences, 2):
            shared = len(events_a & events_b)
            fits = shared == min(len(events_a), len(events_b)) and 2 * shared >= max(len(events_a), len(events_b))
            if doc_a != doc_b and (fits or not shared):
                rows.append((a, b, int(fits), story))
    random.Random(0).shuffle(rows)
    return rows[:6000]


SETS = {"mrpc": mrpc, "sts": sts, "superpal": superpal, "nanco": nanco, "ecb": ecb}
Read = dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]


def fit(sets: Read, weights: dict[str, float] = WEIGHTS) -> dict[str, object]:
    x = np.concatenate([rows for rows, _, _ in sets.values()])
    y = np.concatenate([same for _, same, _ in sets.values()])
    weight = np.concatenate(
        [
            weights[name] * 1000 / len(same) * np.where(same, 0.5 / same.mean(), 0.5 / (1 - same.mean()))
            for name, (_, same, _) in sets.items()
        ]
    )
    mean = np.average(x, axis=0, weights=weight)
    scale = np.sqrt(np.average((x - mean) ** 2, axis=0, weights=weight))
    scale[scale == 0] = 1.0  # a feature that says nothing: `use` where no vectors are known
    model = LogisticRegression(C=STRENGTH, max_iter=3000).fit((x - mean) / scale, y, sample_weight=weight)
    return {"mean": mean, "scale": scale, "weight": model.coef_[0], "intercept": float(model.intercept_[0])}


def predict(model: dict, x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-(((x - model["mean"]) / model["scale"]) @ model["weight"] + model["intercept"])))


def figures(y: np.ndarray, p: np.ndarray) -> str:
    return f"AP {average_precision_score(y, p):.3f} AUC {roc_auc_score(y, p):.3f}"


def held_out(sets: Read, name: str, weights: dict[str, float] = WEIGHTS) -> np.ndarray:
    """Each group of a set scored by a fit without it."""
    x, y, groups = sets[name]
    held = np.zeros(len(y))
    for group in sorted(set(groups)):
        out = groups == group
        held[out] = predict(fit({**sets, name: (x[~out], y[~out], groups[~out])}, weights), x[out])
    return held


def without(sets: Read, name: str, weights: dict[str, float] = WEIGHTS) -> np.ndarray:
    """A set scored by a fit on the others."""
    return predict(fit({k: v for k, v in sets.items() if k != name}, weights), sets[name][0])


def check(sets: Read) -> None:
    for name, (_, y, groups) in sets.items():
        line = f"{name:9s} without the set: {figures(y, without(sets, name))}"
        if len(set(groups)) in range(2, 10):
            line += f" | without its own group: {figures(y, held_out(sets, name))}"
        print(line, flush=True)


def shipped(rows: list[Row], held: np.ndarray) -> list[float]:
    """What `align.score` would say with these probabilities: less where one slot has two values."""
    read = {text: presence.read(text) for row in rows for text in row[:2]}
    less = [scorer.CONTRARY if presence.contrary(read[row[0]], read[row[1]]) else 1.0 for row in rows]
    return (held * less).tolist()


def predictions(data: pathlib.Path, sets: Read, folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    place: dict[str, tuple[dict[str, int], dict[str, int]]] = defaultdict(lambda: ({}, {}))
    lines = []
    rows = superpal(data)
    for (a, b, _, topic), p in zip(rows, shipped(rows, held_out(sets, "superpal")), strict=True):
        left, right = place[topic]
        i, j = left.setdefault(a, len(left)), right.setdefault(b, len(right))
        lines.append(json.dumps({"topic": topic, "i": i, "j": j, "score": p}))
    (folder / "superpal.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    pairs = [
        (entry["qid"], a["i"], b["i"])
        for entry in json.loads((data / "nanco/questions.json").read_text(encoding="utf-8"))
        for a, b in itertools.combinations(entry["answers"], 2)
    ]
    lines = [
        json.dumps({"qid": qid, "i": i, "j": j, "score": p})
        for (qid, i, j), p in zip(pairs, shipped(nanco(data), without(sets, "nanco")), strict=True)
    ]
    (folder / "nanco.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def plain(read: reading.Reading) -> reading.Reading:
    """A text as one of a language without vectors is read."""
    return dataclasses.replace(read, uses=np.zeros_like(read.uses), meanings=np.zeros_like(read.meanings))


def compared(rows: list[Row], *, by_group: bool, vectors: bool = True) -> np.ndarray:
    """Features of every pair, each read among the texts of its story where the set has stories."""
    groups: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        groups[row[3] if by_group else ""].append(at)
    x = np.zeros((len(rows), len(features.NAMES)))
    for found in groups.values():
        read = {text: reading.read(text) for at in found for text in rows[at][:2]}
        if not vectors:
            read = {text: plain(one) for text, one in read.items()}
        among = reading.Context(read.values())
        weighed = {text: among.weigh(r) for text, r in read.items()}
        for at in found:
            x[at] = features.compare(weighed[rows[at][0]], weighed[rows[at][1]])
    return x


def write(name: str, names: tuple[str, ...], sizes: dict[str, int], weights: dict[str, float], model: dict) -> None:
    table = {
        "features": names,
        "sets": sizes,
        "weights": weights,
        **{key: [round(float(v), 6) for v in model[key]] for key in ("mean", "scale", "weight")},
        "intercept": round(model["intercept"], 6),
    }
    out = pathlib.Path(__file__).parents[2] / f"dedupe/facts/{name}.json"
    out.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def main(shared: pathlib.Path, *, checked: bool, wanted: str | None) -> None:
    sets: Read = {}
    for name, load in SETS.items():
        rows = load(shared / "data")
        same, groups = np.array([row[2] for row in rows]), np.array([row[3] for row in rows])
        sets[name] = (compared(rows, by_group=name in STORIES), same, groups)
    if checked:
        check(sets)
    if wanted:
        predictions(shared / "data", sets, pathlib.Path(wanted))
    model = fit(sets)
    write("align", features.NAMES, {name: len(y) for name, (_, y, _) in sets.items()}, WEIGHTS, model)
    bare: Read = {}
    for name, (_, same, groups) in sets.items():
        bare[name] = (compared(SETS[name](shared / "data"), by_group=name in STORIES, vectors=False), same, groups)
    write("align_plain", features.NAMES, {name: len(y) for name, (_, y, _) in bare.items()}, WEIGHTS, fit(bare))
    for name, value in sorted(zip(features.NAMES, model["weight"], strict=True), key=lambda nv: -abs(nv[1])):
        print(f"{name:20s} {value:+.3f}")


if __name__ == "__main__":
    given = sys.argv[sys.argv.index("--shared") + 1] if "--shared" in sys.argv else None
    root = pathlib.Path(given) if given else pathlib.Path(__file__).parents[2].parent / "shared"
    folder = sys.argv[sys.argv.index("--held-out") + 1] if "--held-out" in sys.argv else None
    main(root, checked="--check" in sys.argv, wanted=folder)
