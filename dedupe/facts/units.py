"""What of a story is compared: equal mentions once, attributions with their clause, pairs that share rare words."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import polars as pl

from dedupe import rarity
from dedupe import text as texts
from dedupe.facts import reading
from dedupe.settings import FactSettings


class Unit(NamedTuple):
    """Mentions of a story that are word for word equal: compared once."""

    ids: list[str]
    origins: set[str]
    text: str
    sentence: str
    language: str | None
    body: bool
    quantities: list[dict[str, Any]]
    weight: dict[str, float]


class Texts:
    """The fields of the articles, looked up without a copy of them all."""

    def __init__(self, articles: pl.DataFrame) -> None:
        self._articles = articles
        self._row = {article: n for n, article in enumerate(articles["article_id"])}

    def cut(self, article: str, field: str, begin: int, end: int) -> str:
        """Characters of a field."""
        return str(self._articles[field][self._row[article]] or "")[begin:end]


def tags_of(rows: Sequence[dict[str, Any]], kind: str) -> dict[str, list[str]]:
    """Mentions of a kind that is no fact of its own, under the clause of their sentence they serve.

    Kind attribution only says who says so ("according to the police"), aside states nothing by itself ("in response").
    They serve the clause that follows, else the one before. A sentence that holds nothing else keeps its tag as a fact.
    """
    sentences: dict[tuple[str, str, int], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        sentences[row["article_id"], row["field"], row["sentence_begin"]].append(row)
    found: dict[str, list[str]] = defaultdict(list)
    for sentence in sentences.values():
        clauses = [row for row in sentence if row["kind"] not in ("attribution", "aside")]
        for tag in sentence:
            if clauses and tag["kind"] == kind:
                after = [row for row in clauses if row["begin"] >= tag["end"]]
                found[(after or clauses[-1:])[0]["mention_id"]].append(tag["mention_id"])
    return found


def units_of(rows: Iterable[dict[str, Any]], text_of: Texts, origin_of: dict[str, str]) -> list[Unit]:
    """Mentions of a story, word for word equal ones together."""
    found: dict[str, Unit] = {}
    for row in rows:
        text, language = row["text"], row["language"] or "en"
        origin = origin_of.get(row["article_id"], row["article_id"])
        words = [reading.word(text[begin:end], language) for begin, end in texts.words(text)]
        key = " ".join([word.form for word in words]) or row["mention_id"]
        unit = found.get(key)
        if unit is None:
            stems = sorted({word.stem for word in words if word.stem})
            weight = {stem: rarity.weight(stem) for stem in stems}
            body = row["field"] == "text"
            around = (row["article_id"], row["field"], row["sentence_begin"], row["sentence_end"])
            sentence = text if around[2:] == (row["begin"], row["end"]) else text_of.cut(*around)
            quantities = row["quantities"] or []
            found[key] = Unit([row["mention_id"]], {origin}, text, sentence, language, body, quantities, weight)
        else:
            unit.ids.append(row["mention_id"])
            unit.origins.add(origin)
            if row["field"] == "text" and not unit.body:
                found[key] = unit._replace(body=True)
    return list(found.values())


def candidates(compared: list[Unit], settings: FactSettings, counts: Counter[str]) -> list[tuple[int, int]]:
    """Pairs of units worth scoring: they share rare stems, and one side shares more with few others of that origin.

    A stem weighs less the more units of the story hold it. Two places of one origin's body are never paired: they meet,
    if at all, in what another origin says. So a copy of an article changes no fact of it.
    """
    if len({origin for unit in compared for origin in unit.origins}) == 1 and all(unit.body for unit in compared):
        return []
    index: dict[str, list[int]] = defaultdict(list)
    for n, unit in enumerate(compared):
        for stem in unit.weight:
            index[stem].append(n)
    full = math.log(len(compared) + 1)
    worth = {stem: rarity.weight(stem) * (1 - math.log(len(found)) / full) for stem, found in index.items()}
    total = [sum(worth[stem] for stem in unit.weight) for unit in compared]
    shared: dict[tuple[int, int], float] = defaultdict(float)
    for stem, found in index.items():
        if rarity.weight(stem) < settings.stem_floor:
            continue
        if len(found) > settings.postings:
            counts["stems_capped"] += 1
            continue
        weight = worth[stem]
        for at, b in enumerate(found):
            for a in found[:at]:
                if compared[a].body != compared[b].body or compared[a].origins.isdisjoint(compared[b].origins):
                    shared[a, b] += weight
    home = [min(unit.origins) for unit in compared]
    near: dict[tuple[int, str], list[tuple[float, int, int]]] = defaultdict(list)
    for (a, b), weight in shared.items():
        share = weight / (min(total[a], total[b]) or 1.0)
        if share >= settings.shared_floor:
            near[a, home[b]].append((-weight * share, a, b))
            near[b, home[a]].append((-weight * share, a, b))
    kept = _limited(near, settings)
    counts["pairs_capped"] += len({pair[1:] for found in near.values() for pair in found}) - len(kept)
    return sorted(kept)


def _limited(near: dict[tuple[int, str], list[tuple[float, int, int]]], settings: FactSettings) -> set[tuple[int, int]]:
    """Pairs that are among the best of a unit in one article, and its best in all: cost linear in the mentions."""
    best: dict[int, list[tuple[float, int, int]]] = defaultdict(list)
    for (unit, _), found in near.items():
        best[unit] += sorted(found)[: settings.candidates]
    return {pair[1:] for found in best.values() for pair in sorted(found)[: settings.candidates_all]}
