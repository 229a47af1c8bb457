"""Fit dedupe/facts/elsewhere.json: is a mention of one outlet reported by another all the same, and in which sentence?

    python tests/benchmarks/fit_elsewhere.py [--shared ../shared] [--check]

Set: stories of two and three outlets that one reader marked (tests/golden/unique_sentences.json; texts in
../shared/data/articles). A body mention takes the mark of its clause where clauses are marked, else of its sentence;
what cannot be told and what states no fact is left out. The seeds and the stories held out are not read. `--check`
prints, with each story held out: precision and recall of sentences said to be unique, and of joins into the likest
sentence, for several thresholds.

A mark is mostly a sentence's, a fact is a clause's: fitted on both, the sentence decides alone, and all its clauses
share one fate. So the odds are the mean of two fits, one that sees clause and sentence, one that sees the clause only.

The place is a second fit, on the stories with marked links: by the odds (of fits without the story) and the likeness of
the likest sentence, is that sentence one that says the same?
"""

import dataclasses
import json
import pathlib
import sys
from collections import defaultdict
from typing import NamedTuple

import numpy as np
import polars as pl
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from dedupe.facts import elsewhere
from dedupe.settings import FactSettings

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "material"))
import marked_stories

CLAUSE = [n for n, name in enumerate(elsewhere.NAMES) if not name.startswith("sentence")]
STRENGTH = 0.1  # inverse of the L2 penalty


class Row(NamedTuple):
    """A body mention: its marks, whether alignment tied it to another outlet, whether its likest sentence says so."""

    story: str
    article: str
    sentence: int
    mark: str
    clause: str
    size: int
    together: bool
    linked: bool | None
    likeness: float
    idle: bool


def rows_of(shared: pathlib.Path, story: str) -> tuple[np.ndarray, list[Row]]:
    settings = dataclasses.replace(FactSettings(), joined=1.1)  # alignment alone
    table = marked_stories.articles(shared, story)
    made = marked_stories.tables(table, settings)
    body = made["mentions"].filter(pl.col("field") == "text").sort("article_id", "begin")
    text_of = dict(table.select("article_id", "text").iter_rows())
    together = set(made["facts"].filter(status="shared")["fact_id"])
    told: dict[tuple[str, str], dict[tuple[int, int], str]] = defaultdict(dict)
    asked = []
    end_of = dict(body.group_by("article_id").agg(pl.col("sentence_end").max()).iter_rows())
    for r in body.iter_rows(named=True):
        span = (r["sentence_begin"], r["sentence_end"])
        sentence = text_of[r["article_id"]][slice(*span)]
        told[r["article_id"], r["outlet"]][span] = sentence
        asked.append(
            elsewhere.Asked(frozenset([r["outlet"]]), r["text"], sentence, r["begin"] / end_of[r["article_id"]])
        )
    bodies = [elsewhere.Told(outlet, tuple(found.values())) for (_, outlet), found in told.items()]
    looked = elsewhere.look(asked, bodies, "en", settings.elsewhere_articles)
    place_of = {(a, text): span[0] for (a, _), found in told.items() for span, text in found.items()}
    links = marked_stories.links(story)
    rows = []
    for n, r in enumerate(body.iter_rows(named=True)):
        article, at = r["article_id"], (r["article_id"], r["sentence_begin"])
        mark, clause = marked_stories.marks(story, article, r["begin"], r["end"], r["sentence_begin"])
        places = [(a, place_of[a, looked.sentences[n]]) for a in text_of if (a, looked.sentences[n]) in place_of]
        linked = None if links is None else any(frozenset([at, place]) in links for place in places)
        idle = r["kind"] in ("aside", "attribution")
        size = r["end"] - r["begin"]
        likeness = float(looked.likeness[n])
        rows.append(Row(story, *at, mark, clause, size, r["fact_id"] in together, linked, likeness, idle))
    return looked.found, rows


def fit(x: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray | float]:
    mean, scale = x.mean(0), x.std(0)
    z = (x - mean) / scale
    whole = LogisticRegression(C=STRENGTH, max_iter=2000).fit(z, y)
    clause = LogisticRegression(C=STRENGTH, max_iter=2000).fit(z[:, CLAUSE], y)
    weight = whole.coef_[0].copy()
    weight[CLAUSE] += clause.coef_[0]
    intercept = float(whole.intercept_[0] + clause.intercept_[0])
    return {"mean": mean, "scale": scale, "weight": weight / 2, "intercept": intercept / 2}


def odds(model: dict, x: np.ndarray) -> np.ndarray:
    return ((x - model["mean"]) / model["scale"]) @ model["weight"] + model["intercept"]


def held_out(x: np.ndarray, rows: list[Row]) -> np.ndarray:
    """The odds of every mention by a fit without its story."""
    story, clause = np.array([row.story for row in rows]), np.array([row.clause for row in rows])
    known = np.isin(clause, ["unique", "shared"]) & ~np.array([row.idle for row in rows])
    out = np.zeros(len(rows))
    for held in sorted(set(story)):
        seen = known & (story != held)
        out[story == held] = odds(fit(x[seen], clause[seen] == "shared"), x[story == held])
    return out


def places(rows: list[Row], by: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which rows serve the second fit, its features, its truth."""
    used = np.array([
        row.linked is not None and not row.together and not row.idle and row.clause in ("unique", "shared")
        for row in rows
    ])  # fmt: skip
    return used, np.stack([by, [row.likeness for row in rows]], 1), np.array([bool(row.linked) for row in rows])


def fit_place(z: np.ndarray, y: np.ndarray) -> list[float]:
    model = LogisticRegression(C=1.0).fit(z, y)
    return [float(model.intercept_[0]), *map(float, model.coef_[0])]


def there(place: list[float], z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-(place[0] + z @ np.array(place[1:]))))


def by_sentence(rows: list[Row], said: np.ndarray, how: str) -> str:
    found: dict[tuple[str, int, str], list[tuple[int, bool]]] = defaultdict(list)
    for row, unique in zip(rows, said, strict=True):
        found[row.article, row.sentence, row.mark].append((row.size, bool(unique)))
    right = wrong = missed = 0
    for (_, _, mark), parts in found.items():
        share = sum(size for size, unique in parts if unique) / sum(size for size, _ in parts)
        unique = share > (0.5 if how == "most" else 0)
        right += unique and mark == "unique"
        wrong += unique and mark == "shared"
        missed += not unique and mark == "unique"
    return f"{how}: P {right / max(1, right + wrong):.3f} R {right / max(1, right + missed):.3f}"


def check(x: np.ndarray, rows: list[Row]) -> None:
    by = held_out(x, rows)
    p = 1 / (1 + np.exp(-by))
    clause, together = np.array([row.clause for row in rows]), np.array([row.together for row in rows])
    idle = np.array([row.idle for row in rows])
    known = np.isin(clause, ["unique", "shared"]) & ~idle
    for name, some in (("", known), ("not aligned, ", known & ~together)):
        print(f"AUC of clauses, {name}each story held out: {roc_auc_score(clause[some] == 'shared', p[some]):.3f}")
    marked = np.array([row.linked is not None for row in rows])
    for group, some in (("first eleven", ~marked), ("later ones", marked)):
        print(group)
        for most in (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5):
            said = ~together & ~idle & (p <= most)
            picked = [row for row, yes in zip(rows, some, strict=True) if yes]
            print(f"  {most:.2f}", *(by_sentence(picked, said[some], how) for how in ("most", "any")))
    used, z, y = places(rows, by)
    story = np.array([row.story for row in rows])
    q = np.zeros(len(rows))
    for held in sorted(set(story[used])):
        q[story == held] = there(fit_place(z[used & (story != held)], y[used & (story != held)]), z[story == held])
    missed = used & (clause == "shared")
    for least in (0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8):
        said = used & (q >= least)
        print(
            f"joined from {least}: {said.sum()}, {missed.sum()} missed; place right {y[said].mean():.3f}, "
            f"shared {(clause[said] == 'shared').mean():.3f}, found {(y & said).sum() / missed.sum():.3f}"
        )


def main(shared: pathlib.Path, *, checked: bool) -> None:
    made = [rows_of(shared, story) for story in marked_stories.STORIES if story not in marked_stories.HELD_OUT]
    x, rows = np.concatenate([found for found, _ in made]), [row for _, found in made for row in found]
    if checked:
        check(x, rows)
    known = np.array([row.clause in ("unique", "shared") and not row.idle for row in rows])
    model = fit(x[known], np.array([row.clause == "shared" for row in rows])[known])
    used, z, y = places(rows, held_out(x, rows))
    table = {
        "features": elsewhere.NAMES,
        "mentions": int(known.sum()),
        **{key: [round(float(v), 6) for v in model[key]] for key in ("mean", "scale", "weight")},
        "intercept": round(model["intercept"], 6),
        "place": [round(value, 6) for value in fit_place(z[used], y[used])],
    }
    out = pathlib.Path(__file__).parents[2] / "dedupe/facts/elsewhere.json"
    out.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    given = sys.argv[sys.argv.index("--shared") + 1] if "--shared" in sys.argv else None
    root = pathlib.Path(given) if given else pathlib.Path(__file__).parents[2].parent / "shared"
    main(root, checked="--check" in sys.argv)
