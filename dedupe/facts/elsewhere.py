"""Whether what one outlet states alone may stand in another's article all the same, in pieces or in other words.

Alignment asks of two clauses whether they are one fact. Before a fact is called unique another question is asked: how
much of it, and of its sentence, does any one other article hold as a whole? Words by rarity, names, numbers and runs of
letters are looked up in the best sentence, in the best two sentences that follow each other, and in the whole article.
"""

import functools
import importlib.resources
import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe.facts import reading
from dedupe.facts.reading import Floats, Reading

_LEVEL = ("one", "two", "all", "cosine", "grams", "grams_one", "grams_all", "missing", "names", "numbers")
"""What is measured of one text in one article: shares of its words (by rarity) in the best sentence, in the best two,
in the article; the best cosine; runs of four letters, both ways and its own, in the best sentence, and in the article;
the rarest word that is missing (negative); its names and its numbers."""

NAMES: tuple[str, ...] = (*(f"clause {name}" for name in _LEVEL), *(f"sentence {name}" for name in _LEVEL))
"""Features of a mention, in the order of `look`: of its clause, of its sentence."""

_MISSING = _LEVEL.index("missing")

_PASSAGE = 4  # sentences that follow each other: of a whole long article any text finds most of its words

Ids = npt.NDArray[np.int32]


class _Numbered:
    """Texts of a story with their stems and letter runs as numbers, so that sets meet as rows of a matrix."""

    def __init__(self) -> None:
        self._stems: dict[str, int] = {}
        self._grams: dict[str, int] = {}

    def stems(self, found: Iterable[str]) -> Ids:
        table = self._stems
        return np.array([table.setdefault(stem, len(table)) for stem in found], dtype=np.int32)

    def grams(self, found: Iterable[str]) -> Ids:
        table = self._grams
        return np.array([table.setdefault(gram, len(table)) for gram in found], dtype=np.int32)

    @property
    def sizes(self) -> tuple[int, int]:
        return len(self._stems), len(self._grams)


class _Text:
    """A text to look for, or to look in."""

    __slots__ = ("grams", "names", "numbers", "stems", "weights")

    def __init__(self, read: Reading, numbered: _Numbered) -> None:
        self.stems = numbered.stems(read.weight)
        self.weights = np.fromiter(read.weight.values(), dtype=np.float32, count=len(read.weight))
        self.grams = numbered.grams(sorted(read.grams))
        self.names = numbered.stems(sorted(read.names))
        self.numbers = read.numbers


class _Body:
    """An article to look in: one row a sentence."""

    def __init__(self, sentences: Sequence[_Text], sizes: tuple[int, int]) -> None:
        self.stem_at, self.stems = _rows([text.stems for text in sentences], sizes[0])
        self.gram_at, self.grams = _rows([text.grams for text in sentences], sizes[1])
        self.gram_n = np.array([len(text.grams) for text in sentences], dtype=np.float32)
        self.lengths = np.array([np.sqrt((text.weights**2).sum()) or 1.0 for text in sentences], dtype=np.float32)
        self.pairs = _windows(self.stems, 2)
        self.passages, self.gram_passages = _windows(self.stems, _PASSAGE), _windows(self.grams, _PASSAGE)
        self.numbers = frozenset[str]().union(*(text.numbers for text in sentences))


def _rows(found: Sequence[Ids], size: int) -> tuple[Ids, Floats]:
    """Columns that these sets use (-1: none), and a row of ones and zeros for each set."""
    at = np.full(size, -1, dtype=np.int32)
    used = np.unique(np.concatenate([*found, np.zeros(0, dtype=np.int32)]))
    at[used] = np.arange(len(used), dtype=np.int32)
    rows = np.zeros((len(found), len(used)), dtype=np.float32)
    for row, ids in zip(rows, found, strict=True):
        row[at[ids]] = 1
    return at, rows


def _windows(rows: Floats, size: int) -> Floats:
    """What each run of so many rows holds; all rows together where they are fewer."""
    size = max(1, min(size, len(rows)))
    held = rows[: len(rows) - size + 1]
    for at in range(1, size):
        held = np.maximum(held, rows[at : len(rows) - size + 1 + at])
    return held


def _spread(found: Sequence[Ids], values: Sequence[Floats] | None, at: Ids, width: int) -> Floats:
    """Rows over the columns of a body; what the body does not hold falls away."""
    rows = np.zeros((len(found), width), dtype=np.float32)
    which = np.repeat(np.arange(len(found)), [len(ids) for ids in found])
    columns = at[np.concatenate([*found, np.zeros(0, dtype=np.int32)])]
    held = columns >= 0
    rows[which[held], columns[held]] = 1 if values is None else np.concatenate(values)[held]
    return rows


def _look(wanted: Sequence[_Text], body: _Body) -> Floats:
    """How much of each text the body holds: a row of `_LEVEL` a text."""
    weights = _spread(
        [text.stems for text in wanted], [text.weights for text in wanted], body.stem_at, body.stems.shape[1]
    )
    total = np.array([text.weights.sum() or 1.0 for text in wanted], dtype=np.float32)
    length = np.array([np.sqrt((text.weights**2).sum()) or 1.0 for text in wanted], dtype=np.float32)
    grams = _spread([text.grams for text in wanted], None, body.gram_at, body.grams.shape[1])
    gram_n = np.array([len(text.grams) or 1 for text in wanted], dtype=np.float32)
    common = grams @ body.grams.T
    found = np.zeros((len(wanted), len(_LEVEL)), dtype=np.float32)
    found[:, 0] = (weights @ body.stems.T).max(1) / total
    found[:, 1] = (weights @ body.pairs.T).max(1) / total
    found[:, 2] = (weights @ body.passages.T).max(1) / total
    found[:, 3] = ((weights**2 @ body.stems.T) / body.lengths).max(1) / length
    found[:, 4] = (2 * common / (gram_n[:, None] + body.gram_n)).max(1)
    found[:, 5] = common.max(1) / gram_n
    found[:, 6] = (grams @ body.gram_passages.T).max(1) / gram_n
    for row, text in zip(found, wanted, strict=True):
        absent = text.weights[body.stem_at[text.stems] < 0]
        row[_MISSING] = -absent.max() / 10 if len(absent) else 0.0
        row[_MISSING + 1] = (body.stem_at[text.names] >= 0).mean() if len(text.names) else 0.5
        row[_MISSING + 2] = len(text.numbers & body.numbers) / len(text.numbers) if text.numbers else 0.5
    return found


@functools.cache
def _coefficients() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64], float]:
    raw = json.loads(importlib.resources.files("dedupe.facts").joinpath("elsewhere.json").read_text(encoding="utf-8"))
    if tuple(raw["features"]) != NAMES:
        message = "dedupe/facts/elsewhere.json was fitted on other features: run tests/benchmarks/fit_elsewhere.py"
        raise ValueError(message)
    mean, scale, weight = (np.array(raw[key], dtype=np.float64) for key in ("mean", "scale", "weight"))
    return mean, scale, weight, float(raw["intercept"])


def probability(found: Floats) -> list[float]:
    """The probability that another's article reports the mention, for each row of `look`; 4 digits."""
    mean, scale, weight, intercept = _coefficients()
    odds = ((found.astype(np.float64) - mean) / scale) @ weight + intercept
    return [round(float(value), 4) for value in 1 / (1 + np.exp(-odds))]


class Told(NamedTuple):
    """An article of a story: whose text it is, and its sentences, headline included."""

    origin: str
    sentences: tuple[str, ...]


class Asked(NamedTuple):
    """A mention that may be said elsewhere: the origins that are not elsewhere, its clause, its sentence."""

    origins: frozenset[str]
    clause: str
    sentence: str


def chances(asked: Sequence[Asked], told: Iterable[Told], language: str | None, most: int) -> list[float]:
    """The probability that an article of another origin reports the mention, for each of ``asked``; as `look`."""
    return probability(look(asked, told, language, most)) if asked else []


def look(asked: Sequence[Asked], told: Iterable[Told], language: str | None, most: int) -> Floats:
    """How much of each mention the articles of other origins hold: a row of `NAMES` a mention.

    Each value is the largest that any one article reaches. Of more than `most` articles those are looked into that hold
    most of the words of the sentence.

    Cost: about 0.1 ms a mention and article, and reading each text once.
    """
    bodies = sorted(set(told))
    texts = {text for body in bodies for text in body.sentences}
    read = {text: reading.read(text, language) for text in sorted(texts)}
    among = reading.Context(read.values())
    numbered = _Numbered()
    wanted = sorted({text for one in asked for text in (one.clause, one.sentence)} | texts)
    known = {text: _Text(among.weigh(read.get(text) or reading.read(text, language)), numbered) for text in wanted}
    inside = [_Body([known[text] for text in body.sentences], numbered.sizes) for body in bodies]
    found = np.zeros((len(asked), 2 * len(_LEVEL)), dtype=np.float32)
    found[:, [_MISSING, _MISSING + len(_LEVEL)]] = -1.0
    for at, rows in enumerate(_where(asked, bodies, inside, known, most)):
        if not rows:
            continue
        clauses = _look([known[asked[row].clause] for row in rows], inside[at])
        sentences = _look([known[asked[row].sentence] for row in rows], inside[at])
        found[rows] = np.maximum(found[rows], np.hstack([clauses, sentences]))
    return found


def _where(
    asked: Sequence[Asked], bodies: Sequence[Told], inside: Sequence[_Body], known: dict[str, _Text], most: int
) -> list[list[int]]:
    """For each article the mentions that are looked for in it."""
    rows: list[list[int]] = [[] for _ in bodies]
    size = max((len(body.stem_at) for body in inside), default=0)
    holds = np.array([body.stem_at >= 0 for body in inside]).reshape(len(inside), size).T
    origin_of = [body.origin for body in bodies]
    for row, one in enumerate(asked):
        open_to = [at for at, origin in enumerate(origin_of) if origin not in one.origins]
        if len(open_to) > most:
            text = known[one.sentence]
            share = text.weights @ holds[text.stems]
            open_to = sorted(open_to, key=lambda at: (-round(float(share[at]), 4), at))[:most]
        for at in open_to:
            rows[at].append(row)
    return rows
