"""Whether what one outlet states alone may stand in another's article all the same, in pieces or in other words.

Alignment asks of two clauses whether they are one fact. Of a clause it leaves to one origin another question is asked:
how much of it, and of its sentence, does any one other article hold as a whole? Words by rarity, names, numbers and
runs of letters are looked up in the best sentence, in the best two sentences that follow each other, and in the whole
article; the sentence that is likest is where it may stand.
"""

import functools
import importlib.resources
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe.facts import packed, reading
from dedupe.facts.lexicon import Shelf, Shelves
from dedupe.facts.reading import Reading

if TYPE_CHECKING:
    from scipy import sparse

_LEVEL = ("one", "two", "all", "cosine", "grams", "grams_one", "grams_all", "missing", "names", "numbers")
"""What is measured of one text in one article: shares of its words (by rarity) in the best sentence, in the best two,
in the article; the best cosine; runs of four letters, both ways and its own, in the best sentence, and in the article;
the rarest word that is missing (negative); its names and its numbers."""

_ASKED = ("depth", "pair", "around", "room")
NAMES: tuple[str, ...] = (*(f"clause {name}" for name in _LEVEL), *(f"sentence {name}" for name in _LEVEL), *_ASKED)
"""Features of a mention, in the order of `look`: of its clause, of its sentence; and what the question says of it: how
deep in its article it stands (a news text says first what others say too), the pair that alignment finds likest."""

FAR = -5.0
"""Log-odds of one fact, at least: of a mention that alignment pairs with none."""

_MISSING = _LEVEL.index("missing")

_CLAUSE = 0.5  # likeness of the clause, beside that of its sentence, where the likest sentence is looked for
_BLOCK = 512  # mentions for which articles are chosen at a time: bounds memory, decides nothing
_PASSAGE = 4  # sentences that follow each other: of a whole long article any text finds most of its words

Ids = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]


class _Numbered:
    """The stems and letter runs of a story's texts as numbers, so that sets of them meet as rows of sparse matrices."""

    def __init__(self) -> None:
        self._stems: dict[str, int] = {}
        self._grams: dict[str, int] = {}

    def text(self, read: Reading) -> "_Text":
        stems, grams = self._stems, self._grams
        at = stems.setdefault
        return _Text(
            stems=np.array([at(stem, len(stems)) for stem in read.weight], dtype=np.int32),
            weights=np.fromiter(read.weight.values(), dtype=np.float64, count=len(read.weight)),
            grams=np.array([grams.setdefault(gram, len(grams)) for gram in read.grams], dtype=np.int32),
            names=np.array([at(name, len(stems)) for name in read.names], dtype=np.int32),
            numbers=read.numbers,
        )

    @property
    def sizes(self) -> tuple[int, int]:
        return len(self._stems), len(self._grams)


class _Text(NamedTuple):
    """A text to look for, or to look in."""

    stems: Ids
    weights: Floats
    grams: Ids
    names: Ids
    numbers: frozenset[str]


class _Body:
    """An article to look in: one row a sentence, or a run of sentences."""

    def __init__(self, sentences: Sequence[_Text], sizes: tuple[int, int]) -> None:
        stems, grams = [text.stems for text in sentences], [text.grams for text in sentences]
        self.stems, self.pairs, self.passages = (_held(_runs(stems, n), sizes[0]) for n in (1, 2, _PASSAGE))
        self.grams, self.gram_passages = (_held(_runs(grams, n), sizes[1]) for n in (1, _PASSAGE))
        self.gram_n = np.array([len(text.grams) for text in sentences], dtype=np.float64)
        self.lengths = np.array([_length(text.weights) for text in sentences], dtype=np.float64)
        self.numbers = frozenset[str]().union(*(text.numbers for text in sentences))
        self.held = np.unique(np.concatenate([*stems, np.zeros(0, dtype=np.int32)]))


def _length(weights: Floats) -> float:
    return float(np.sqrt((weights**2).sum())) or 1.0


def _runs(found: Sequence[Ids], size: int) -> list[Ids]:
    """What each run of so many sets holds; all together where they are fewer."""
    size = max(1, min(size, len(found)))
    if size == 1:
        return list(found)
    return [np.unique(np.concatenate(found[at : at + size])) for at in range(len(found) - size + 1)]


def _held(found: Sequence[Ids], width: int, values: Sequence[Floats] | None = None) -> "sparse.csr_array":
    """A row of ones (or values) for each set."""
    from scipy import sparse  # 0.1 s: only where there is something to look for

    ends = np.cumsum([0, *(len(ids) for ids in found)])
    columns = np.concatenate([*found, np.zeros(0, dtype=np.int32)])
    filled = np.ones(len(columns), dtype=np.float64) if values is None else np.concatenate(values)
    return sparse.csr_array((filled, columns, ends), shape=(len(found), width))


def _best(wanted: "sparse.csr_array", rows: "sparse.csr_array") -> Floats:
    """How much of each wanted text each row holds."""
    table: Floats = (wanted @ rows.T).toarray()
    return table


def _look(wanted: Sequence[_Text], body: _Body) -> tuple[Floats, Floats]:
    """How much of each text the body holds: a row of `_LEVEL` a text; and its letter runs common with each sentence."""
    kept = [text.stems for text in wanted]
    weights = _held(kept, body.stems.shape[1], [text.weights for text in wanted])
    squares = _held(kept, body.stems.shape[1], [text.weights**2 for text in wanted])
    grams = _held([text.grams for text in wanted], body.grams.shape[1])
    total = np.array([text.weights.sum() or 1.0 for text in wanted], dtype=np.float64)
    length = np.array([_length(text.weights) for text in wanted], dtype=np.float64)
    gram_n = np.array([len(text.grams) or 1 for text in wanted], dtype=np.float64)
    common = _best(grams, body.grams)
    found = np.zeros((len(wanted), len(_LEVEL)), dtype=np.float64)
    found[:, 0] = _best(weights, body.stems).max(1) / total
    found[:, 1] = _best(weights, body.pairs).max(1) / total
    found[:, 2] = _best(weights, body.passages).max(1) / total
    found[:, 3] = (_best(squares, body.stems) / body.lengths).max(1) / length
    found[:, 4] = (2 * common / (gram_n[:, None] + body.gram_n)).max(1)
    found[:, 5] = common.max(1) / gram_n
    found[:, 6] = _best(grams, body.gram_passages).max(1) / gram_n
    holds = np.zeros(body.stems.shape[1], dtype=np.bool_)
    holds[body.held] = True
    for row, text in zip(found, wanted, strict=True):
        absent = text.weights[~holds[text.stems]]
        row[_MISSING] = -absent.max() / 10 if len(absent) else 0.0
        row[_MISSING + 1] = holds[text.names].mean() if len(text.names) else 0.5
        row[_MISSING + 2] = len(text.numbers & body.numbers) / len(text.numbers) if text.numbers else 0.5
    return found, common


class Model(NamedTuple):
    """What tests/benchmarks/fit_elsewhere.py found: of `look`; and of a place, by (log-odds of `look`, likeness)."""

    mean: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]
    weight: npt.NDArray[np.float64]
    intercept: float
    place: tuple[float, float, float]


@functools.cache
def _model() -> Model:
    raw = json.loads(importlib.resources.files("dedupe.facts").joinpath("elsewhere.json").read_text(encoding="utf-8"))
    if tuple(raw["features"]) != NAMES:
        message = "dedupe/facts/elsewhere.json was fitted on other features: run tests/benchmarks/fit_elsewhere.py"
        raise ValueError(message)
    mean, scale, weight = (np.array(raw[key], dtype=np.float64) for key in ("mean", "scale", "weight"))
    return Model(mean, scale, weight, float(raw["intercept"]), tuple(raw["place"]))


def _odds(found: Floats) -> npt.NDArray[np.float64]:
    model = _model()
    odds: npt.NDArray[np.float64] = ((found - model.mean) / model.scale) @ model.weight
    return odds + model.intercept


class Told(NamedTuple):
    """An article of a story: whose text it is, and its sentences, headline included."""

    origin: str
    sentences: tuple[str, ...]


class Asked(NamedTuple):
    """A mention that may be said elsewhere.

    The origins that are not elsewhere, its clause, its sentence, and how deep in its article it stands: 0 to 1.
    ``pair``: log-odds that it is one fact with what alignment finds likest elsewhere, `FAR` at least; ``around``: the
    most of its sentence's mentions. ``room``: natural logarithm of the number of mentions of the longest article
    elsewhere: the likest of many is like by chance.
    """

    origins: frozenset[str]
    clause: str
    sentence: str
    depth: float
    pair: float = FAR
    around: float = FAR
    room: float = 0.0


class Chance(NamedTuple):
    """What came of a question.

    ``p``: the probability that an article of another origin reports it. ``sentence``: where it would stand, of all
    their sentences the likest; null where nothing was looked into. ``there``: the probability that it is said there.
    """

    p: float
    sentence: str | None
    there: float


def chances(
    asked: Sequence[Asked],
    told: Iterable[Told],
    language: str | None,
    most: int,
    shelves: Shelves | None = None,
) -> list[Chance]:
    """Whether and where articles of other origins report each of ``asked``; 4 digits. Cost: as `look`."""
    if not asked:
        return []
    looked = look(asked, told, language, most, shelves)
    odds = _odds(looked.found)
    base, by_odds, by_likeness = _model().place
    there = base + by_odds * odds + by_likeness * looked.likeness
    values = np.round(1 / (1 + np.exp(-np.stack([odds, there]))), 4).tolist()
    return [
        Chance(p, place, q if place is not None else 0.0)
        for p, place, q in zip(values[0], looked.sentences, values[1], strict=True)
    ]


class Looked(NamedTuple):
    """What `look` found: a row of `NAMES` a mention; the likest sentence, and how like its own sentence that is."""

    found: Floats
    sentences: list[str | None]
    likeness: Floats


def look(
    asked: Sequence[Asked],
    told: Iterable[Told],
    language: str | None,
    most: int,
    shelves: Shelves | None = None,
) -> Looked:
    """How much of each mention the articles of other origins hold, and which of their sentences is likest.

    Each value is the largest that any one article reaches. Of more than `most` articles those are looked into that hold
    most of the words of the sentence. With ``shelves`` compiled code does it; both lanes find the same.

    Cost: about 0.1 ms a mention and article, compiled 10 us, and reading each text once.
    """
    bodies = sorted(set(told), key=lambda body: (body.sentences, body.origin))  # ties must not hang on names
    if shelves is not None:
        return _look_compiled(asked, bodies, shelves[language], most)
    texts = {text for body in bodies for text in body.sentences}
    read = {text: reading.read(text, language) for text in sorted(texts)}
    among = reading.Context(read.values())
    numbered = _Numbered()
    wanted = sorted({text for one in asked for text in (one.clause, one.sentence)} | texts)
    known = {text: numbered.text(among.weigh(read.get(text) or reading.read(text, language))) for text in wanted}
    inside = [_Body([known[text] for text in body.sentences], numbered.sizes) for body in bodies]
    found = _nothing(asked)
    sentences: list[str | None] = [None] * len(asked)
    likest, likeness = np.zeros(len(asked), dtype=np.float64), np.zeros(len(asked), dtype=np.float64)
    for at, rows in enumerate(_where(asked, bodies, inside, known, most)):
        if not rows:
            continue
        clause, around = ([known[getattr(asked[row], name)] for row in rows] for name in ("clause", "sentence"))
        in_clause, of_clause = _look(clause, inside[at])
        in_sentence, of_sentence = _look(around, inside[at])
        told_of = np.hstack([in_clause, in_sentence])
        found[rows, : 2 * len(_LEVEL)] = np.maximum(found[rows, : 2 * len(_LEVEL)], told_of)
        size = np.array([len(text.grams) for text in around])[:, None]
        like = 2 * of_sentence / np.maximum(1, size + inside[at].gram_n)
        rank = like + _CLAUSE * of_clause / np.array([len(text.grams) or 1 for text in clause])[:, None]
        for n, (row, place) in enumerate(zip(rows, rank.argmax(1).tolist(), strict=True)):
            if rank[n, place] > likest[row]:
                likest[row], likeness[row] = rank[n, place], like[n, place]
                sentences[row] = bodies[at].sentences[place]
    return Looked(found, sentences, likeness)


def _look_compiled(asked: Sequence[Asked], bodies: Sequence[Told], shelf: Shelf, most: int) -> Looked:
    from dedupe.facts import holding, kernels  # numba, 0.4 s: only where there is a crowd to look for

    of = {text: n for n, text in enumerate(sorted({text for body in bodies for text in body.sentences}))}
    among = len(of)
    for one in asked:
        for text in (one.clause, one.sentence):
            of.setdefault(text, len(of))
    read, known = packed.read(list(of), shelf)
    weights, totals, lengths, *_ = kernels.weigh(
        read.bounds[1], read.kept, known.weight, known.row, reading.vectors().uses, among
    )
    _, stems = np.unique(np.concatenate([read.kept, read.names]), return_inverse=True)
    kept, names = stems[: len(read.kept)], stems[len(read.kept) :]
    run_n, grams = np.unique(read.grams, return_inverse=True)
    figure_n, figures = np.unique(read.numbers, return_inverse=True)
    place: dict[str, int] = {}
    origins = np.array([place.setdefault(body.origin, len(place)) for body in bodies], dtype=np.int64)
    own = [[place[origin] for origin in one.origins if origin in place] for one in asked]
    own_ends, body_ends = (np.cumsum([0, *map(len, rows)]) for rows in (own, [body.sentences for body in bodies]))
    texts = np.array([of[text] for body in bodies for text in body.sentences], dtype=np.int64)
    clause, around = (
        np.array([of[text] for text in found], dtype=np.int64)
        for found in ([one.clause for one in asked], [one.sentence for one in asked])
    )
    size = int(stems.max(initial=0)) + 1
    pairs = holding.choose(
        around, own_ends, np.array([n for row in own for n in row], dtype=np.int64), origins, body_ends, texts,
        read.bounds[1], kept, weights, size, most,
    )  # fmt: skip
    found = _nothing(asked)
    best, likeness = holding.look(
        pairs, clause, around, body_ends, texts, read.bounds[1], kept, names, read.bounds[2], grams, read.bounds[4],
        weights, totals, lengths, read.number_ends, figures, size, len(run_n), len(figure_n), found,
    )  # fmt: skip
    sentences = [bodies[body].sentences[at] if body >= 0 else None for body, at in best.tolist()]
    return Looked(found, sentences, likeness)


def _nothing(asked: Sequence[Asked]) -> Floats:
    """The row of a mention that was looked for nowhere."""
    found = np.zeros((len(asked), len(NAMES)))
    found[:, [_MISSING, _MISSING + len(_LEVEL)]] = -1.0
    found[:, 2 * len(_LEVEL) :] = [[getattr(one, name) for name in _ASKED] for one in asked]
    return found


def _where(
    asked: Sequence[Asked], bodies: Sequence[Told], inside: Sequence[_Body], known: dict[str, _Text], most: int
) -> list[list[int]]:
    """For each article the mentions that are looked for in it."""
    rows: list[list[int]] = [[] for _ in bodies]
    places: dict[str, list[int]] = {}
    for at, body in enumerate(bodies):
        places.setdefault(body.origin, []).append(at)
    width = inside[0].stems.shape[1] if inside else 0
    holds = _held([body.held for body in inside], width).T.tocsr()
    for begin in range(0, len(asked), _BLOCK):
        block = [known[one.sentence] for one in asked[begin : begin + _BLOCK]]
        weights = _held([text.stems for text in block], width, [text.weights for text in block])
        shares = np.round((weights @ holds).toarray(), 3)
        for row, (one, share) in enumerate(zip(asked[begin : begin + _BLOCK], shares, strict=True), begin):
            share[[at for origin in one.origins for at in places.get(origin, ())]] = -1.0
            # Of equal ones the first: the choice must not hang on how an array is cut.
            best = np.argsort(-share, kind="stable")[:most]
            for at in best[share[best] >= 0]:
                rows[at].append(row)
    return rows
