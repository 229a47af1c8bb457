"""Fit dedupe/facts/elsewhere.json: is a mention of one outlet reported by another all the same, and in which sentence?

    python tests/benchmarks/fit_elsewhere.py [--shared ../shared] [--check]

Sets: stories of two and three outlets that one reader marked (tests/golden/unique_sentences.json; texts in
../shared/data/articles), and invented ones in other words (paraphrased_stories.txt, those that say "fitted"; they weigh
half, for they were written to be hard). A body mention takes the mark of its clause where clauses are marked, else of
its sentence; what cannot be told and what states no fact is left out. The seeds and the stories held out are not read.
`--check` prints, with each story held out: precision and recall of sentences said to be unique, and of joins into the
likest sentence, for several thresholds.

A mark is mostly a sentence's, a fact is a clause's: fitted on both, the sentence decides alone, and all its clauses
share one fate. So the odds are the mean of two fits, one that sees clause and sentence, one that sees the clause only.

The place is a second fit, on the real stories with marked links: by the odds (of fits without the story) and the
likeness of the likest sentence, is that sentence one that says the same?
"""

import dataclasses
import functools
import itertools
import json
import pathlib
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from dedupe.facts import elsewhere
from dedupe.settings import FactSettings

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "material"))
import marked_stories
import paraphrased

CLAUSE = [n for n, name in enumerate(elsewhere.NAMES) if not name.startswith("sentence")]
STRENGTH = 0.1  # inverse of the L2 penalty
WEIGHTS = {"invented": 0.3}  # of a mention


class Row(NamedTuple):
    """A body mention: its marks, whether alignment tied it to another outlet, whether its likest sentence says so."""

    group: str
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


class Marked(NamedTuple):
    """A story and the group it is shown with: its articles, the marks of a mention's sentence and clause, its links.

    Links are pairs of sentences that say the same; null where none were marked.
    """

    name: str
    articles: pl.DataFrame
    marks: Callable[[dict[str, Any]], tuple[str, str]]
    links: set[frozenset[tuple[str, int]]] | None
    group: str


def real(shared: pathlib.Path) -> Iterator[Marked]:
    for name in marked_stories.STORIES:
        if name not in marked_stories.HELD_OUT:
            known = marked_stories.links(name)
            group = "first" if known is None else "fresh" if name in marked_stories.FRESH else "later"
            told = functools.partial(marked_stories.marks_of, name)
            yield Marked(
                name, marked_stories.articles(shared, name), told, None if known is None else set(known), group
            )


def invented() -> Iterator[Marked]:
    for story in paraphrased.stories():
        if story.fitted:
            spans = [(one.article, one.begin, one.end, one.keys) for one in story.sentences]
            links = {
                frozenset([one[:2], other[:2]]) for one, other in itertools.combinations(spans, 2) if one[3] & other[3]
            }

            def told(row: dict[str, Any], spans: list[tuple] = spans) -> tuple[str, str]:
                (keys,) = [keys for a, b, e, keys in spans if a == row["article_id"] and b <= row["begin"] < e]
                return ("shared", "shared") if keys else ("unique", "unique")

            yield Marked(story.name, story.articles, told, links, "invented")


def asked_of(
    articles: pl.DataFrame, settings: FactSettings
) -> tuple[dict[str, pl.DataFrame], list[elsewhere.Asked], elsewhere.Looked]:
    """The tables of a story by alignment alone; what is asked of the mentions it leaves alone, and what is found."""
    seen = []
    chances = elsewhere.chances

    def kept(asked: list[elsewhere.Asked], *rest: Any) -> list[elsewhere.Chance]:
        seen.append((asked, elsewhere.look(asked, *rest)))
        return [elsewhere.Chance(0.0, None, 0.0)] * len(asked)

    elsewhere.chances = kept
    try:
        made = marked_stories.tables(articles, settings)
    finally:
        elsewhere.chances = chances
    return made, *seen[0]


def rows_of(story: Marked) -> tuple[np.ndarray, list[Row]]:
    _, asked, looked = asked_of(story.articles, dataclasses.replace(FactSettings(), same=1.1))  # all of them
    at = {(one.clause, one.sentence): n for n, one in enumerate(asked)}
    made, *_ = asked_of(story.articles, FactSettings())
    body = made["mentions"].filter(pl.col("field") == "text").sort("article_id", "begin")
    text_of = dict(story.articles.select("article_id", "text").iter_rows())
    together = set(made["facts"].filter(status="shared")["fact_id"])
    places: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for article, begin, end in body.select("article_id", "sentence_begin", "sentence_end").iter_rows():
        places[text_of[article][begin:end]].add((article, begin))
    rows, found = [], []
    for r in body.iter_rows(named=True):
        article, begin = r["article_id"], r["sentence_begin"]
        n = at.get((r["text"], text_of[article][begin : r["sentence_end"]]))
        if n is None:
            continue  # word for word in two outlets, or an aside
        mark, clause = story.marks(r)
        linked = None
        if story.links is not None:
            linked = any(frozenset([(article, begin), p]) in story.links for p in places[looked.sentences[n] or ""])
        told = (mark, clause, r["end"] - r["begin"], r["fact_id"] in together, linked, float(looked.likeness[n]))
        rows.append(Row(story.group, story.name, article, begin, *told, r["kind"] in ("aside", "attribution")))
        found.append(looked.found[n])
    return np.array(found), rows


def fit(x: np.ndarray, rows: list[Row]) -> dict[str, np.ndarray | float]:
    y = np.array([row.clause == "shared" for row in rows])
    share = np.array([WEIGHTS.get(row.group, 1.0) for row in rows])
    mean, scale = x.mean(0), x.std(0)
    z = (x - mean) / scale
    whole = LogisticRegression(C=STRENGTH, max_iter=2000).fit(z, y, sample_weight=share)
    clause = LogisticRegression(C=STRENGTH, max_iter=2000).fit(z[:, CLAUSE], y, sample_weight=share)
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
        seen = np.flatnonzero(known & (story != held))
        out[story == held] = odds(fit(x[seen], [rows[n] for n in seen]), x[story == held])
    return out


def places(rows: list[Row], by: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which rows serve the second fit, its features, its truth. What was reworded on purpose is like in no letters."""
    used = np.array([
        row.linked is not None and not row.together and not row.idle and row.clause in ("unique", "shared")
        and row.group != "invented"
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
    for group in sorted({row.group for row in rows}):
        some = np.array([row.group == group for row in rows])
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
    made = [rows_of(story) for story in (*real(shared), *invented())]
    x, rows = np.concatenate([found for found, _ in made]), [row for _, found in made for row in found]
    if checked:
        check(x, rows)
    known = np.array([row.clause in ("unique", "shared") and not row.idle for row in rows])
    model = fit(x[known], [row for row, yes in zip(rows, known, strict=True) if yes])
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
