"""Fit dedupe/facts/elsewhere.json: how probable it is that a mention of one outlet is reported by another all the same.

    python tests/benchmarks/fit_elsewhere.py [--shared ../shared] [--check]

Set: the stories of three outlets that one reader marked by sentence (tests/golden/unique_sentences.json; texts in
../shared/data/articles). Every body mention of a sentence takes the sentence's mark; mixed sentences and those that
state no fact are left out. The seeds are not read. `--check` prints precision and recall by sentence with each story
held out, for several thresholds.

A mark is a sentence's, a fact is a clause's: fitted on both, the sentence decides alone, and all its clauses share one
fate. So the odds are the mean of two fits, one that sees clause and sentence, one that sees the clause only.
"""

import json
import pathlib
import sys
from collections import defaultdict

import numpy as np
import polars as pl
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from dedupe.facts import elsewhere
from dedupe.settings import FactSettings

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "material"))
import marked_stories

CLAUSE = len(elsewhere.NAMES) // 2  # features of the clause alone come first
STRENGTH = 0.1  # inverse of the L2 penalty
Row = tuple[str, str, int, str, int, bool]  # story, article, sentence, mark, characters, aligned with another outlet


def rows_of(shared: pathlib.Path, story: str) -> tuple[np.ndarray, list[Row]]:
    settings = FactSettings()
    table = marked_stories.articles(shared, story)
    made = marked_stories.tables(table, settings)
    body = made["mentions"].filter(pl.col("field") == "text").sort("article_id", "begin")
    text_of = dict(table.select("article_id", "text").iter_rows())
    together = set(made["facts"].filter(status="shared")["fact_id"])
    told: dict[tuple[str, str], dict[tuple[int, int], str]] = defaultdict(dict)
    asked, rows = [], []
    for r in body.iter_rows(named=True):
        span = (r["sentence_begin"], r["sentence_end"])
        sentence = text_of[r["article_id"]][slice(*span)]
        told[r["article_id"], r["outlet"]][span] = sentence
        marks = marked_stories.STORIES[story][r["article_id"]]
        mark = next((m for m, found in marks.items() if any(a <= span[0] < b for a, b in found)), "none")
        asked.append(elsewhere.Asked(frozenset([r["outlet"]]), r["text"], sentence))
        size = r["end"] - r["begin"]
        rows.append((story, r["article_id"], r["sentence_begin"], mark, size, r["fact_id"] in together))
    bodies = [elsewhere.Told(outlet, tuple(found.values())) for (_, outlet), found in told.items()]
    return elsewhere.look(asked, bodies, "en", settings.elsewhere_articles), rows


def fit(x: np.ndarray, y: np.ndarray) -> dict[str, object]:
    mean, scale = x.mean(0), x.std(0)
    z = (x - mean) / scale
    whole = LogisticRegression(C=STRENGTH, max_iter=2000).fit(z, y)
    clause = LogisticRegression(C=STRENGTH, max_iter=2000).fit(z[:, :CLAUSE], y)
    weight = whole.coef_[0].copy()
    weight[:CLAUSE] += clause.coef_[0]
    intercept = float(whole.intercept_[0] + clause.intercept_[0])
    return {"mean": mean, "scale": scale, "weight": weight / 2, "intercept": intercept / 2}


def predict(model: dict, x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-(((x - model["mean"]) / model["scale"]) @ model["weight"] + model["intercept"])))


def by_sentence(rows: list[Row], said: np.ndarray, how: str) -> str:
    found: dict[tuple[str, int, str], list[tuple[int, bool]]] = defaultdict(list)
    for (_, article, sentence, mark, size, _), unique in zip(rows, said, strict=True):
        found[article, sentence, mark].append((size, bool(unique)))
    right = wrong = missed = 0
    for (_, _, mark), parts in found.items():
        share = sum(size for size, unique in parts if unique) / sum(size for size, _ in parts)
        unique = share > (0.5 if how == "most" else 0)
        right += unique and mark == "unique"
        wrong += unique and mark == "shared"
        missed += not unique and mark == "unique"
    return f"{how}: P {right / max(1, right + wrong):.3f} R {right / max(1, right + missed):.3f}"


def check(x: np.ndarray, rows: list[Row]) -> None:
    story, mark = np.array([row[0] for row in rows]), np.array([row[3] for row in rows])
    known, together = np.isin(mark, ["unique", "shared"]), np.array([row[5] for row in rows])
    p = np.zeros(len(rows))
    for held in sorted(set(story)):
        seen = known & (story != held)
        p[story == held] = predict(fit(x[seen], mark[seen] == "shared"), x[story == held])
    print(f"AUC of clauses {roc_auc_score(mark[known] == 'shared', p[known]):.3f}")
    for most in (0.15, 0.2, 0.25, 0.27, 0.3, 0.35, 0.4, 0.5):
        said = ~together & (p <= most)
        print(f"{most:.2f}", by_sentence(rows, said, "most"), by_sentence(rows, said, "any"))


def main(shared: pathlib.Path, *, checked: bool) -> None:
    made = [rows_of(shared, story) for story in marked_stories.STORIES]
    x, rows = np.concatenate([found for found, _ in made]), [row for _, found in made for row in found]
    if checked:
        check(x, rows)
    known = np.array([row[3] in ("unique", "shared") for row in rows])
    model = fit(x[known], np.array([row[3] == "shared" for row in rows])[known])
    table = {
        "features": elsewhere.NAMES,
        "mentions": int(known.sum()),
        **{key: [round(float(v), 6) for v in model[key]] for key in ("mean", "scale", "weight")},
        "intercept": round(model["intercept"], 6),
    }
    out = pathlib.Path(__file__).parents[2] / "dedupe/facts/elsewhere.json"
    out.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    given = sys.argv[sys.argv.index("--shared") + 1] if "--shared" in sys.argv else None
    root = pathlib.Path(given) if given else pathlib.Path(__file__).parents[2].parent / "shared"
    main(root, checked="--check" in sys.argv)
