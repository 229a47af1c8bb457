"""How likely two articles tell one event: what their gists have in common, weighed by coefficients that ship as data.

Two sister events share the words of their kind: two earthquakes, two trials. What tells them apart is who, where, when
and how many, and how the two articles stand to all that are like them: words that every neighbour holds say nothing,
and articles on one event are alike to the same others.
"""

import functools
import importlib.resources
import json
from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt
from scipy import sparse

from dedupe.gist import Gist
from dedupe.settings import StorySettings

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NAMES = (
    "stems", "stems_root", "lead", "names", "plain", "numbers", "cast_most", "cast_least", "point_least",
    "years_differ", "last_year_differs", "date_near", "local", "profile",
)  # fmt: skip
"""Measures of a pair, in the order of the coefficients."""

_BLOCK = 512  # articles compared at a time: bounds memory, decides nothing
_PAIRS = 50_000  # pairs measured at a time: bounds memory, decides nothing
_MANY = 5_000  # pairs from which loading compiled code pays; decides nothing else
_NEAR = 3  # days: reports of one event state dates that lie closer
_FEW, _SURE = 3, 10  # neighbours from which a profile says something, and from which it is taken at its word


class Pairs:
    """Articles within a time window that share enough words to be compared, left > right, each pair once."""

    def __init__(self, left: Ints, right: Ints, cosine: Floats, timed: Flags, capped: int = 0) -> None:
        self.left, self.right, self.cosine = left, right, cosine
        self.timed = timed  # pairs of which it is known when both were published
        self.capped = capped  # pairs of crowds that were left out


def pairs(gists: Sequence[Gist], days: Floats, settings: StorySettings) -> Pairs:
    """Pairs whose stems are at least `link` alike and whose times can lie within the window.

    Args:
        gists: One an article.
        days: Earliest and latest time of each article, in days; the earliest is -inf where it is not known.
        settings: `StorySettings`.

    Cost: an inverted index taken a block of articles at a time; memory is bounded by the pairs, and these by `crowd`
    for each article: ten thousand texts of one form share words with each other.
    """
    order = np.lexsort((days[:, 1], np.isinf(days[:, 0])))  # dated ones by time, then the undated
    matrix = _matrix([gists[i].stems for i in order])
    early, late = days[order, 0], days[order, 1]
    dated = int(np.isfinite(early).sum())
    lefts, rights, cosines = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)]
    capped = 0
    for first in range(0, len(gists), _BLOCK):
        last = min(first + _BLOCK, len(gists))
        low = int(np.searchsorted(late[:dated], late[first] - settings.window_days)) if last <= dated else 0
        product = (matrix[first:last] @ matrix[low:last].T).tocoo()
        keep = (product.data >= settings.link) & (product.col + low < product.row + first)
        left, right = product.row[keep] + first, product.col[keep] + low
        near = np.maximum(early[left] - late[right], early[right] - late[left]) <= settings.window_days
        if np.bincount(left[near] - first, minlength=1).max() > settings.crowd:
            kept = _most_alike(left[near], right[near], product.data[keep][near], settings.crowd)
            capped += int((~kept).sum())
            near[near] = kept
        lefts.append(np.maximum(order[left[near]], order[right[near]]))
        rights.append(np.minimum(order[left[near]], order[right[near]]))
        cosines.append(product.data[keep][near])
    left, right, cosine = np.concatenate(lefts), np.concatenate(rights), np.concatenate(cosines)
    place = np.lexsort((right, left))
    left, right = left[place], right[place]
    timed = np.isfinite(days[left, 0]) & np.isfinite(days[right, 0])
    return Pairs(left, right, np.minimum(1.0, cosine[place]), timed, capped)


def _most_alike(left: Ints, right: Ints, cosine: Floats, most: int) -> Flags:
    """Which pairs are among the ``most`` of their left article that are most alike."""
    order = np.lexsort((right, -cosine.round(9), left))
    rank = np.arange(len(order)) - np.searchsorted(left[order], left[order])
    kept = np.zeros(len(order), dtype=bool)
    kept[order[rank < most]] = True
    return kept


def probability(found: Pairs, gists: Sequence[Gist], settings: StorySettings) -> Floats:
    """The probability that the articles of each pair tell one event, time left aside."""
    mean, scale, weight, intercept = _coefficients()
    logit = ((measures(found, gists, settings) - mean) / scale) @ weight + intercept
    return np.asarray(1 / (1 + np.exp(-logit)))


def measures(found: Pairs, gists: Sequence[Gist], settings: StorySettings) -> Floats:
    """The measures `NAMES` of each pair: an array of shape (pairs, measures).

    Cost: about 10 us a pair.
    """
    out = np.zeros((len(found.left), len(NAMES)))
    if not len(found.left):
        return out
    stems, plain = _matrix([g.stems for g in gists]), _matrix([g.plain for g in gists])
    vocabulary = _Vocabulary()
    leads = _matrix([g.lead for g in gists], vocabulary)
    names = _matrix([g.names for g in gists], vocabulary)
    numbers = _matrix([g.numbers for g in gists], vocabulary)
    cast, point = (_matrix(rows, vocabulary) for rows in ([g.cast for g in gists], [g.point for g in gists]))
    held = _matrix([dict.fromkeys(vocabulary.keys() & g.held, 1.0) for g in gists], vocabulary)
    size = len(vocabulary)
    leads, names, numbers, cast, point, held = (_wide(m, size) for m in (leads, names, numbers, cast, point, held))
    nobody = np.array([0.0 if g.cast else 0.5 for g in gists])  # a head without names neither agrees nor differs
    near, local = _around(found, stems, len(gists), settings)
    years = _matrix([{str(y): 1.0 for y in g.years} for g in gists])
    last = np.array([max(g.years, default=0) for g in gists])
    calendar = _Vocabulary()
    stated = _matrix([{str(d): 1.0 for d in g.dates} for g in gists], calendar)
    spread = [{str(d + by): 1.0 for d in g.dates for by in range(-_NEAR, _NEAR + 1)} for g in gists]
    around = _matrix([{day: 1.0 for day in days if day in calendar} for days in spread], calendar)
    for begin in range(0, len(found.left), _PAIRS):
        a, b = found.left[begin : begin + _PAIRS], found.right[begin : begin + _PAIRS]
        cosine = found.cosine[begin : begin + _PAIRS]
        casts = _dot(cast, a, held, b) + nobody[a], _dot(cast, b, held, a) + nobody[b]
        # Years tell events apart whose time is not known; beside two times of publication they are background.
        both = (last[a] > 0) & (last[b] > 0) & ~found.timed[begin : begin + _PAIRS]
        out[begin : begin + _PAIRS] = np.column_stack(
            [
                cosine,
                np.sqrt(cosine),
                _dot(leads, a, leads, b),
                _dot(names, a, names, b),
                _dot(plain, a, plain, b),
                _dot(numbers, a, numbers, b),
                np.maximum(*casts),
                np.minimum(*casts),
                np.minimum(_dot(point, a, held, b), _dot(point, b, held, a)),
                both & (_dot(years, a, years, b) == 0),
                both & (last[a] != last[b]),
                _dot(stated, a, around, b) > 0,
                _dot(local, a, local, b),
                _profile(near, a, b),
            ]
        )
    return out


@functools.cache
def _coefficients() -> tuple[Floats, Floats, Floats, float]:
    raw = json.loads(importlib.resources.files("dedupe").joinpath("likeness.json").read_text(encoding="utf-8"))
    if tuple(raw["measures"]) != NAMES:
        message = "dedupe/likeness.json was fitted on other measures: run tests/benchmarks/fit_stories.py"
        raise ValueError(message)
    mean, scale, weight = (np.array(raw[key], dtype=np.float64) for key in ("mean", "scale", "weight"))
    return mean, scale, weight, float(raw["intercept"])


class _Vocabulary(dict[str, int]):
    """A word -> its column; one that is asked for the first time gets the next."""

    def __missing__(self, word: str) -> int:
        self[word] = column = len(self)
        return column


def _matrix(rows: Sequence[dict[str, float]], vocabulary: _Vocabulary | None = None) -> sparse.csr_matrix:
    """Rows of weights as a sparse matrix; new words are added to the vocabulary."""
    vocabulary = _Vocabulary() if vocabulary is None else vocabulary
    indptr = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter(map(vocabulary.__getitem__, chain.from_iterable(rows)), np.int32, indptr[-1])
    values = np.fromiter(chain.from_iterable(row.values() for row in rows), np.float64, indptr[-1])
    return sparse.csr_matrix((values, columns, indptr), shape=(len(rows), max(1, len(vocabulary))))


def _wide(matrix: sparse.csr_matrix, columns: int) -> sparse.csr_matrix:
    """The matrix with as many columns as the whole vocabulary has words."""
    return sparse.csr_matrix((matrix.data, matrix.indices, matrix.indptr), shape=(matrix.shape[0], max(1, columns)))


def _dot(left: sparse.csr_matrix, a: Ints, right: sparse.csr_matrix, b: Ints) -> Floats:
    """The dot product of row a of the one and row b of the other, for each pair."""
    if len(a) < _MANY:
        return np.asarray(left[a].multiply(right[b]).sum(axis=1)).ravel()
    from dedupe import dots  # numba, 0.4 s: only where there is a crowd to compare

    left.sort_indices()
    right.sort_indices()
    found: Floats = dots.rows(left.indptr, left.indices, left.data, a, right.indptr, right.indices, right.data, b)
    return found


def _around(
    found: Pairs, stems: sparse.csr_matrix, n: int, settings: StorySettings
) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """How alike each article is to its neighbours, by stems weighed anew by how few of the neighbours hold them.

    Returns:
        The likeness of each article to each it is paired with (its profile), and the stems so weighed, length 1.
    """
    close = found.cosine >= settings.near
    a, b = found.left[close], found.right[close]
    ones = np.ones(len(a))
    beside = sparse.csr_matrix((ones, (a, b)), shape=(n, n)) + sparse.csr_matrix((ones, (b, a)), shape=(n, n))
    beside = (beside + sparse.identity(n, format="csr")).tocsr()
    held = stems.copy()
    held.data = np.ones_like(held.data)
    blocks = []
    for first in range(0, n, _BLOCK):
        rows, own = beside[first : first + _BLOCK], held[first : first + _BLOCK]
        counts = (rows @ held).multiply(own).tocsr()
        counts.sort_indices()
        size = np.repeat(np.asarray(rows.sum(axis=1)).ravel(), np.diff(counts.indptr))
        counts.data = np.log((size + 1) / counts.data)
        blocks.append(counts)
    local = stems.multiply(sparse.vstack(blocks)).tocsr()
    length = np.sqrt(np.asarray(local.multiply(local).sum(axis=1)).ravel())
    local = (sparse.diags(1 / np.where(length > 0, length, 1.0)) @ local).tocsr()
    weight = np.concatenate(
        [_dot(local, found.left[i : i + _PAIRS], local, found.right[i : i + _PAIRS])
         for i in range(0, len(found.left), _PAIRS)]
    )  # fmt: skip
    weight = np.where(close, weight, 0.0)
    near = _closest(found, weight, n, settings.neighbours)
    return near, local


def _closest(found: Pairs, weight: Floats, n: int, most: int) -> sparse.csr_matrix:
    """The likeness of each article to those most like it, at most so many of them: a story of thousands stays cheap."""
    one, other = np.concatenate([found.left, found.right]), np.concatenate([found.right, found.left])
    value = np.concatenate([weight, weight])
    order = np.lexsort((other, -value.round(9), one))
    order = order[value[order] > 0]
    first = np.searchsorted(one[order], np.arange(n))
    order = order[np.arange(len(order)) - first[one[order]] < most]
    return sparse.csr_matrix((value[order], (one[order], other[order])), shape=(n, n))


def _profile(near: sparse.csr_matrix, a: Ints, b: Ints) -> Floats:
    """Whether two articles are alike to the same others: the correlation of their likeness to all neighbours of both.

    The two themselves are left out; 0 where they have fewer than three neighbours.
    """
    left, right = near[a], near[b]
    forth, back = np.asarray(near[a, b]).ravel(), np.asarray(near[b, a]).ravel()
    held_a, held_b = left.copy(), right.copy()
    held_a.data, held_b.data = np.ones_like(left.data), np.ones_like(right.data)
    common = np.asarray(held_a.multiply(held_b).sum(axis=1)).ravel()
    n = np.diff(left.indptr) + np.diff(right.indptr) - common - (forth > 0) - (back > 0)
    sum_a, sum_b = (np.asarray(m.sum(axis=1)).ravel() - own for m, own in ((left, forth), (right, back)))
    square_a, square_b = (
        np.asarray(m.multiply(m).sum(axis=1)).ravel() - own**2 for m, own in ((left, forth), (right, back))
    )
    product = np.asarray(left.multiply(right).sum(axis=1)).ravel()
    count = np.maximum(n, 1)
    spread = np.maximum(square_a - sum_a**2 / count, 0) * np.maximum(square_b - sum_b**2 / count, 0)
    value = (product - sum_a * sum_b / count) / np.sqrt(np.where(spread > 1e-12, spread, 1.0))
    return np.where((n >= _FEW) & (spread > 1e-12), np.clip(value, -1.0, 1.0) * np.minimum(1.0, n / _SURE), 0.0)
