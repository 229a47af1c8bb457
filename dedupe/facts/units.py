"""What of a story is compared: equal mentions once, attributions with their clause, pairs that share rare words."""

import functools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from dedupe import rarity
from dedupe import text as texts
from dedupe.facts import reading
from dedupe.settings import FactSettings

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_WORDS = 1 << 17  # words of a language kept at hand
_BLOCK = 1024  # units compared with all others at a time: bounds memory, decides nothing


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
    begin: int = 0
    names: Sequence[str] = ()


class Texts:
    """The fields of the articles; a field is taken out of its column when it is first asked for."""

    def __init__(self, articles: pl.DataFrame) -> None:
        self._articles = articles
        self._row = {article: n for n, article in enumerate(articles["article_id"])}
        self._fields: dict[str, list[str | None]] = {}

    def cut(self, article: str, field: str, begin: int, end: int) -> str:
        """Characters of a field."""
        if field not in self._fields:
            self._fields[field] = self._articles[field].to_list()
        return (self._fields[field][self._row[article]] or "")[begin:end]


class _Forms(dict[str, tuple[str, str | None]]):
    """Form and stem of the words of one language: as `reading.word`, looked up a million times."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, written: str) -> tuple[str, str | None]:
        if len(self) >= _WORDS:
            self.clear()
        word = reading.word(written, self._language)
        self[written] = found = (word.form, word.stem)
        return found


@functools.cache
def _forms(language: str) -> _Forms:
    return _Forms(language)


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
    weights: dict[str, float] = {}
    for row in rows:
        text, language = row["text"], row["language"] or "en"
        origin = origin_of.get(row["article_id"], row["article_id"])
        forms = _forms(language)
        words = [forms[text[begin:end]] for begin, end in texts.words(text)]
        key = " ".join([form for form, _ in words]) or row["mention_id"]
        unit = found.get(key)
        if unit is None:
            weight = {}
            for stem in sorted({stem for _, stem in words if stem}):
                if stem not in weights:
                    weights[stem] = rarity.weight(stem)
                weight[stem] = weights[stem]
            body = row["field"] == "text"
            around = (row["article_id"], row["field"], row["sentence_begin"], row["sentence_end"])
            sentence = text if around[2:] == (row["begin"], row["end"]) else text_of.cut(*around)
            quantities = row["quantities"] or []
            told = (quantities, weight, row["begin"], row["names"] or ())
            found[key] = Unit([row["mention_id"]], {origin}, text, sentence, language, body, *told)
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
    one = len({origin for unit in compared for origin in unit.origins}) == 1
    if one and len({unit.body for unit in compared}) == 1:
        return []
    index: dict[str, list[int]] = defaultdict(list)
    for n, unit in enumerate(compared):
        for stem in unit.weight:
            index[stem].append(n)
    full = math.log(len(compared) + 1)
    weight = {stem: value for unit in compared for stem, value in unit.weight.items()}
    often = {n: 1 - math.log(n) / full for n in set(map(len, index.values()))}
    worth = {stem: weight[stem] * often[len(found)] for stem, found in index.items()}
    total = np.array([sum(worth[stem] for stem in unit.weight) or 1.0 for unit in compared])
    proposing: dict[str, int] = {}
    for stem, found in index.items():
        if weight[stem] < settings.stem_floor or len(found) == 1:
            continue
        if len(found) > settings.postings:
            counts["stems_capped"] += 1
            continue
        proposing[stem] = len(proposing)
    home_of: dict[str, int] = {}
    home = np.array([home_of.setdefault(min(unit.origins), len(home_of)) for unit in compared])
    if one:
        left, right, rank = _restated(compared, {stem: index[stem] for stem in proposing}, worth, total, settings)
        return _best(left, right, rank, home, settings, counts)
    left, right, rank = _sharing(compared, proposing, worth, total, settings.shared_floor)
    own = [
        compared[a].body == compared[b].body and not compared[a].origins.isdisjoint(compared[b].origins)
        for a, b in zip(left.tolist(), right.tolist(), strict=True)
    ]
    apart = ~np.array(own, dtype=bool)
    return _best(left[apart], right[apart], rank[apart], home, settings, counts)


def _best(
    left: Ints, right: Ints, rank: Floats, home: Ints, settings: FactSettings, counts: Counter[str]
) -> list[tuple[int, int]]:
    """The pairs that are scored."""
    kept = _limited(left, right, rank, home, settings)
    counts["pairs_capped"] += len(left) - len(kept)
    return list(zip(left[kept].tolist(), right[kept].tolist(), strict=True))


def overlaps(compared: Sequence[Unit], pairs: Sequence[tuple[int, int]]) -> list[float]:
    """How much of the shorter text of each pair stands in the other: of the two texts that the units come from.

    The share of its stems by rarity, the larger way: two texts that say much the same say any one thing alike sooner.

    Cost: 1 us a pair, 1 ms for 1,000 pairs of texts.
    """
    homes = sorted({origin for unit in compared for origin in unit.origins})
    if len(homes) == 1:
        return [1.0] * len(pairs)
    from scipy import sparse  # 0.1 s: only where there is something to compare

    place = {origin: n for n, origin in enumerate(homes)}
    column: dict[str, int] = {}
    held: list[set[int]] = [set() for _ in homes]
    for unit in compared:
        stems = [column.setdefault(stem, len(column)) for stem in unit.weight]
        for origin in unit.origins:
            held[place[origin]].update(stems)
    weight = np.array([rarity.weight(stem) for stem in column] or [0.0])
    columns = np.array([stem for stems in held for stem in sorted(stems)], dtype=np.int32)
    ends = np.cumsum([0, *map(len, held)])
    holds = sparse.csr_array((np.ones(len(columns)), columns, ends), shape=(len(homes), len(weight)))
    weighed = holds * weight[None, :]
    total = np.maximum(holds @ weight, 1e-9)
    at = np.array([[place[min(compared[n].origins)] for n in pair] for pair in pairs], dtype=np.int64).reshape(-1, 2)
    found = np.zeros(len(pairs))
    for begin in range(0, len(homes), _BLOCK):
        rows = np.flatnonzero((at[:, 0] >= begin) & (at[:, 0] < begin + _BLOCK))
        if len(rows):
            common = (weighed[begin : begin + _BLOCK] @ holds.T).toarray()[at[rows, 0] - begin, at[rows, 1]]
            found[rows] = common / np.minimum(total[at[rows, 0]], total[at[rows, 1]])
    return [round(value, 6) for value in found.tolist()]


def _restated(
    compared: Sequence[Unit],
    index: dict[str, list[int]],
    worth: dict[str, float],
    total: Floats,
    settings: FactSettings,
) -> tuple[Ints, Ints, Floats]:
    """As `_sharing` in a story of one origin: a headline with its body, nothing else."""
    found = []
    totals = total.tolist()
    for a, unit in enumerate(compared):
        if unit.body:
            continue
        shared: dict[int, float] = defaultdict(float)
        for stem in unit.weight:
            for b in index.get(stem, ()):
                if compared[b].body:
                    shared[b] += worth[stem]
        for b, value in shared.items():
            share = value / min(totals[a], totals[b])
            if share >= settings.shared_floor:
                found.append((min(a, b), max(a, b), value * share))
    found.sort()
    left, right = (np.array([pair[side] for pair in found], dtype=np.int64) for side in (0, 1))
    return left, right, np.array([pair[2] for pair in found], dtype=np.float64).round(9)


def _sharing(
    compared: Sequence[Unit], proposing: dict[str, int], worth: dict[str, float], total: Floats, floor: float
) -> tuple[Ints, Ints, Floats]:
    """Pairs left < right that share enough, by left and right; and how much they share, as they are ranked."""
    from scipy import sparse  # 0.1 s: only where there is a crowd to compare

    found = [[proposing[stem] for stem in unit.weight if stem in proposing] for unit in compared]
    columns = np.array([column for row in found for column in row], dtype=np.int32)
    ends = np.cumsum([0, *map(len, found)])
    shape = (len(compared), max(1, len(proposing)))
    holds = sparse.csr_array((np.ones(len(columns)), columns, ends), shape=shape)
    weighed = holds * np.array([[worth[stem] for stem in proposing] or [0.0]])
    lefts, rights, ranks = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)]
    for begin in range(0, len(compared), _BLOCK):
        product = (weighed[begin : begin + _BLOCK] @ holds.T).tocoo()
        left, right = product.row.astype(np.int64) + begin, product.col.astype(np.int64)
        share = product.data / np.minimum(total[left], total[right])
        keep = (left < right) & (share >= floor)
        lefts.append(left[keep])
        rights.append(right[keep])
        ranks.append(np.round(product.data[keep] * share[keep], 9))
    left, right = np.concatenate(lefts), np.concatenate(rights)
    order = np.lexsort((right, left))
    return left[order], right[order], np.concatenate(ranks)[order]


def _limited(left: Ints, right: Ints, rank: Floats, home: Ints, settings: FactSettings) -> Ints:
    """Pairs that are among the best of a unit in one article, and its best in all: cost linear in the mentions."""
    pair = np.tile(np.arange(len(left)), 2)
    one, place = np.concatenate([left, right]), home[np.concatenate([right, left])]
    for alone, most in ((False, settings.candidates), (True, settings.candidates_all)):
        keys = (one,) if alone else (place, one)
        order = np.lexsort((pair, -rank[pair], *keys))
        fresh = np.ones(len(order), dtype=bool)
        fresh[1:] = np.any([key[order][1:] != key[order][:-1] for key in keys], axis=0)
        first = np.flatnonzero(fresh)
        kept = order[np.arange(len(order)) - first[np.cumsum(fresh) - 1] < most]
        pair, one, place = pair[kept], one[kept], place[kept]
    return np.unique(pair)
