"""What of a story is compared: equal mentions once, attributions with their clause, pairs that share rare words."""

import functools
import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from dedupe import rarity
from dedupe import text as texts
from dedupe.facts import reading, senses
from dedupe.facts.lexicon import Flags, Floats, Ints, Shelves, taken
from dedupe.settings import FactSettings

_BLOCK = 1024  # units compared with all others at a time: bounds memory, decides nothing

_LISTS = ("quantities", "attribution", "names")

Row = Mapping[str, Any]


class Unit(NamedTuple):
    """Mentions of a story that are word for word equal: compared once."""

    ids: list[str]
    origins: set[str]
    text: str
    sentence: str
    language: str | None
    body: bool
    quantities: Sequence[Row]
    begin: int = 0
    names: Sequence[str] = ()


class Units(NamedTuple):
    """The units of a story, and the distinct stems of each, by number: where each unit's begin, they, their rarity.

    ``rows``: of their vectors (`reading.vectors`); the last one where a stem has none.
    """

    found: list[Unit]
    ends: Ints
    stems: Ints
    rarity: Floats
    rows: Ints

    @property
    def home(self) -> Ints:
        """Which origin each unit is counted to, by number: equal for equal ones."""
        place: dict[str, int] = {}
        return np.array([place.setdefault(min(unit.origins), len(place)) for unit in self.found], dtype=np.int64)


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


def rows_of(mentions: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Mentions as rows, in their order. A list that is empty is null, which most are: lists cost most of a row."""
    lists = [name for name in _LISTS if name in mentions.columns]
    held = mentions.with_columns(pl.when(pl.col(name).list.len() > 0).then(pl.col(name)) for name in lists)
    return held.iter_rows(named=True)


@functools.lru_cache(maxsize=1 << 13)
def weights(text: str, language: str | None) -> dict[str, float]:
    """The distinct content stems of a text, and how rare each is."""
    found = {reading.word(text[begin:end], language or "en").stem for begin, end in texts.words(text)}
    return {stem: rarity.weight(stem, language) for stem in sorted(stem for stem in found if stem)}


def tags_of(rows: Sequence[Row], kind: str) -> dict[str, list[str]]:
    """Mentions of a kind that is no fact of its own, under the clause of their sentence they serve.

    Kind attribution only says who says so ("according to the police"), aside states nothing by itself ("in response").
    They serve the clause that follows, else the one before. A sentence that holds nothing else keeps its tag as a fact.
    """
    tagged = {(row["article_id"], row["field"], row["sentence_begin"]) for row in rows if row["kind"] == kind}
    if not tagged:
        return {}
    sentences: dict[tuple[str, str, int], list[Row]] = defaultdict(list)
    for row in rows:
        place = (row["article_id"], row["field"], row["sentence_begin"])
        if place in tagged:
            sentences[place].append(row)
    found: dict[str, list[str]] = defaultdict(list)
    for sentence in sentences.values():
        clauses = [row for row in sentence if row["kind"] not in ("attribution", "aside")]
        for tag in sentence:
            if clauses and tag["kind"] == kind:
                after = [row for row in clauses if row["begin"] >= tag["end"]]
                found[(after or clauses[-1:])[0]["mention_id"]].append(tag["mention_id"])
    return found


def units_of(rows: Sequence[Row], text_of: Texts, origin_of: Mapping[str, str], shelves: Shelves) -> Units:
    """Mentions of a story, word for word equal ones together."""
    by_language: dict[str, list[int]] = defaultdict(list)
    for n, row in enumerate(rows):
        by_language[row["language"] or "en"].append(n)
    keys: list[bytes | str] = [""] * len(rows)
    for language, some in by_language.items():
        shelf = shelves[language]
        for n, form in zip(some, shelf.forms(shelf.places([rows[n]["text"] for n in some])), strict=True):
            keys[n] = form or rows[n]["mention_id"]
    found: dict[bytes | str, Unit] = {}
    for row, key in zip(rows, keys, strict=True):
        article = row["article_id"]
        origin = origin_of.get(article, article)
        unit = found.get(key)
        if unit is None:
            text, body = row["text"], row["field"] == "text"
            around = (article, row["field"], row["sentence_begin"], row["sentence_end"])
            sentence = text if around[2:] == (row["begin"], row["end"]) else text_of.cut(*around)
            told = (row["quantities"] or [], row["begin"], row["names"] or ())
            found[key] = Unit([row["mention_id"]], {origin}, text, sentence, row["language"] or "en", body, *told)
        else:
            unit.ids.append(row["mention_id"])
            unit.origins.add(origin)
            if row["field"] == "text" and not unit.body:
                found[key] = unit._replace(body=True)
    return _stemmed(list(found.values()), shelves)


def _stemmed(found: list[Unit], shelves: Shelves) -> Units:
    """Units with the stems of their texts, each read in its own language."""
    by_language: dict[str | None, list[int]] = defaultdict(list)
    for n, unit in enumerate(found):
        by_language[unit.language].append(n)
    owners, stems = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    weights, rows = [np.empty(0)], [np.empty(0, np.int64)]
    for language, some in by_language.items():
        shelf = shelves[language]
        ends, told = shelf.stems(shelf.places([found[n].text for n in some]))
        owners.append(np.repeat(np.array(some, dtype=np.int64), np.diff(ends)))
        stems.append(told)
        known = shelf.lexicon.known()
        weights.append(known.weight[told])
        rows.append(known.row[told])
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    ends = np.searchsorted(owner[order], np.arange(len(found) + 1))
    stem, weight, row = np.concatenate(stems), np.concatenate(weights), np.concatenate(rows)
    return Units(found, ends, stem[order], weight[order], row[order])


def told_alone(units: Units) -> bool:
    """Whether one origin tells the whole story."""
    return len(set(itertools.chain.from_iterable(unit.origins for unit in units.found))) == 1


def candidates(
    units: Units, settings: FactSettings, counts: Counter[str], about: Floats | None = None
) -> list[tuple[int, int]]:
    """Pairs of units worth scoring: they share rare stems, and one side shares more with few others of that origin.

    A stem weighs less the more units of the story hold it. Two places of one origin's body are never paired: they meet,
    if at all, in what another origin says. So a copy of an article changes no fact of it; and in a story of one origin
    a headline meets its body, and nothing else anything. And pairs that share few stems but are about the like, each
    among the likest in the other's text, where ``about`` says what units are about (`senses.directions`).
    """
    found, home = units.found, units.home
    body = np.array([unit.body for unit in found], dtype=bool)
    one = told_alone(units)
    if not found or (one and (body.all() or not body.any())):
        return []
    _, first, column, often = np.unique(units.stems, return_index=True, return_inverse=True, return_counts=True)
    logs = np.array([0.0, *map(math.log, range(1, int(often.max(initial=0)) + 1))])
    rare = units.rarity[first]
    worth = rare * (1 - logs[often] / math.log(len(found) + 1))
    owner = np.repeat(np.arange(len(found)), np.diff(units.ends))
    total = np.bincount(owner, weights=worth[column], minlength=len(found)).astype(np.float64)
    total[total == 0] = 1.0
    proposing = (rare >= settings.stem_floor) & (often > 1)
    counts["stems_capped"] += int((proposing & (often > settings.postings)).sum())
    proposing &= often <= settings.postings
    told = proposing[column]
    rows = np.flatnonzero(~body) if one else np.arange(len(found))
    left, right, rank = _sharing(owner[told], column[told], worth, total, rows, settings.shared_floor)
    apart = ~_one_text(found, left, right, body, home)
    pairs = _best(left[apart], right[apart], rank[apart], home, settings, counts)
    if about is None:
        return pairs
    if len(found) > settings.sense_units:
        counts["senses_capped"] += len(found)
        return pairs
    left, right = senses.mutual(about, home, body, settings.candidates, settings.sense_floor)
    apart = ~_one_text(found, left, right, body, home)
    left, right = left[apart], right[apart]
    return sorted({*pairs, *_best(left, right, senses.likeness(about, left, right), home, settings, counts)})


def _best(
    left: Ints, right: Ints, rank: Floats, home: Ints, settings: FactSettings, counts: Counter[str]
) -> list[tuple[int, int]]:
    """The pairs that are scored."""
    kept = _limited(left, right, rank, home, settings)
    counts["pairs_capped"] += len(left) - len(kept)
    return list(zip(left[kept].tolist(), right[kept].tolist(), strict=True))


def _one_text(found: Sequence[Unit], left: Ints, right: Ints, body: Flags, home: Ints) -> Flags:
    """Pairs of which both sides stand in the body, or both in the headline, of one origin's text."""
    same = home[left] == home[right]
    several = np.array([len(unit.origins) > 1 for unit in found], dtype=bool)
    for n in np.flatnonzero(~same & (several[left] | several[right])).tolist():
        same[n] = not found[left[n]].origins.isdisjoint(found[right[n]].origins)
    together: Flags = same & (body[left] == body[right])
    return together


def _sharing(
    owner: Ints, column: Ints, worth: Floats, total: Floats, rows: Ints, floor: float
) -> tuple[Ints, Ints, Floats]:
    """Pairs left < right, one of them of `rows`, that share enough, in order; and how much, as it is ranked."""
    from scipy import sparse  # 0.1 s: only where there is a crowd to compare

    size = len(total)
    ends = np.searchsorted(owner, np.arange(size + 1))
    holds = sparse.csr_array((np.ones(len(column)), column, ends), shape=(size, len(worth)))
    holding = holds.T.tocsr()
    lefts, rights, ranks = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)]
    for begin in range(0, len(rows), _BLOCK):
        some = rows[begin : begin + _BLOCK]
        at, bounds = taken(ends, some)
        weighed = sparse.csr_array((worth[column[at]], column[at], bounds), shape=(len(some), len(worth)))
        product = (weighed @ holding).tocoo()
        one, other = some[product.row], product.col.astype(np.int64)
        share = product.data / np.minimum(total[one], total[other])
        keep = ((one < other) if len(rows) == size else (one != other)) & (share >= floor)
        one, other, value = one[keep], other[keep], product.data[keep] * share[keep]
        lefts.append(np.minimum(one, other))
        rights.append(np.maximum(one, other))
        ranks.append(np.round(value, 9))
    left, right = np.concatenate(lefts), np.concatenate(rights)
    order = np.lexsort((right, left))
    return left[order], right[order], np.concatenate(ranks)[order]


def overlaps(units: Units, pairs: Ints) -> Floats:
    """How much of the shorter text of each pair stands in the other: of the two texts that the units come from.

    The share of its stems by rarity, the larger way: two texts that say much the same say any one thing alike sooner.

    Cost: 1 us a pair, 1 ms for 1,000 pairs of texts.
    """
    homes = sorted({origin for unit in units.found for origin in unit.origins})
    if len(homes) == 1:
        return np.ones(len(pairs))
    from scipy import sparse  # 0.1 s: only where there is something to compare

    place = {origin: n for n, origin in enumerate(homes)}
    home = np.array([place[origin] for unit in units.found for origin in unit.origins], dtype=np.int64)
    row = np.repeat(np.arange(len(units.found)), [len(unit.origins) for unit in units.found])
    _, first, column = np.unique(units.stems, return_index=True, return_inverse=True)
    at, bounds = taken(units.ends, row)
    held = np.unique(np.repeat(home, np.diff(bounds)) * len(first) + column[at])
    weight = units.rarity[first]
    ends = np.searchsorted(held, np.arange(len(homes) + 1) * len(first))
    holds = sparse.csr_array((np.ones(len(held)), held % max(1, len(first)), ends), shape=(len(homes), len(weight)))
    weighed = holds * weight[None, :]
    total = np.maximum(holds @ weight, 1e-9)
    own = np.array([place[min(unit.origins)] for unit in units.found], dtype=np.int64)[pairs]
    found = np.zeros(len(pairs))
    for begin in range(0, len(homes), _BLOCK):
        rows = np.flatnonzero((own[:, 0] >= begin) & (own[:, 0] < begin + _BLOCK))
        if len(rows):
            common = (weighed[begin : begin + _BLOCK] @ holds.T).toarray()[own[rows, 0] - begin, own[rows, 1]]
            found[rows] = common / np.minimum(total[own[rows, 0]], total[own[rows, 1]])
    rounded: Floats = np.round(found, 6)
    return rounded


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
