"""Which clauses of a story are about the like though they share few words: a direction each, by uses and meanings.

Two outlets that wrote apart from each other share few rare words. What their words stand near in the news and what can
stand in their place (`reading.vectors`), added up over a clause, still points the same way where both say one thing.
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from dedupe.facts import reading
from dedupe.facts.lexicon import Flags, Floats, Ints

if TYPE_CHECKING:
    from dedupe.facts.units import Units

LANGUAGE = "en"  # of the vectors: in another language a chance stem would speak for the whole clause
_MEANT = 1.5  # weight of meanings beside uses
_MIDDLE = 0.5  # of what all clauses of the story are about, taken away: it tells none of them from another
_BLOCK = 1024  # clauses compared with all others at a time: bounds memory, decides nothing
_PAIRS = 1 << 16  # pairs at a time, likewise
_DIGITS = 5  # to which likeness is rounded, so that ties do not hang on how sums are added up


def directions(units: "Units") -> Floats:
    """A direction each unit of a story: of shape (units, 128), rows of length 1; zeros where no word is known.

    The sum over its stems, each weighed by rarity and the less the more units of the story hold it.

    Cost: 3 us a unit.
    """
    from scipy import sparse  # 0.1 s: only where there is something to compare

    known = reading.vectors()
    size = len(units.found)
    _, column, often = np.unique(units.stems, return_inverse=True, return_counts=True)
    worth = units.rarity * (1 - np.log(often) / math.log(size + 1))[column]
    spoken = np.array([unit.language == LANGUAGE for unit in units.found], dtype=bool)
    rows = np.where(np.repeat(spoken, np.diff(units.ends)), units.rows, len(known.at))
    holds = sparse.csr_array((worth, rows, units.ends), shape=(size, len(known.uses)))
    found = _length_1(np.hstack([holds @ known.uses, _MEANT * (holds @ known.meanings)]))
    speaks = found.any(axis=1, keepdims=True)
    return _length_1((found - _MIDDLE * found.mean(axis=0)) * speaks)


def _length_1(rows: Floats) -> Floats:
    made: Floats = rows / np.maximum(np.sqrt((rows**2).sum(axis=1, keepdims=True)), 1e-9)
    return made


def likeness(found: Floats, left: Ints, right: Ints) -> Floats:
    """Cosine of the directions of each pair. Cost: 0.2 us a pair."""
    out = np.empty(len(left))
    for begin in range(0, len(left), _PAIRS):
        some = slice(begin, begin + _PAIRS)
        out[some] = (found[left[some]] * found[right[some]]).sum(axis=1)
    rounded: Floats = np.round(out, _DIGITS)
    return rounded


def mutual(found: Floats, home: Ints, may: Flags, most: int, least: float) -> tuple[Ints, Ints]:
    """Pairs left < right of two homes that are among the `most` likest of each other there, and `least` alike.

    Args:
        found: `directions`.
        home: Of each unit, the text it comes from, by number.
        may: Which units take part.
        most: Units of one home that a unit may choose.
        least: Cosine.

    Cost: 0.02 us a pair of units, most of it one product of matrices.
    """
    place = np.flatnonzero(may & found.any(axis=1))
    place = place[np.argsort(home[place], kind="stable")]
    rows, homes = found[place].astype(np.float32), home[place]
    starts = np.flatnonzero(np.diff(homes, prepend=-1))
    ends = np.append(starts[1:], len(place))
    slack = 2 * 10.0**-_DIGITS  # what rounding can make of two values
    ones, others, alikes = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.float32)]
    for begin in range(0, len(place), _BLOCK):
        table = rows[begin : begin + _BLOCK] @ rows.T
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            part = table[:, start:end]
            bar = np.partition(part, -most, axis=1)[:, -most] if end - start > most else np.full(len(part), -1.0)
            one, other = np.nonzero(part >= np.maximum(bar, least)[:, None] - slack)
            alike = np.round(part[one, other], _DIGITS)
            near = (alike >= least) & (homes[begin + one] != homes[start])
            ones.append(begin + one[near])
            others.append(start + other[near])
            alikes.append(alike[near])
    one, other, alike = np.concatenate(ones), np.concatenate(others), np.concatenate(alikes)
    order = np.lexsort((other, -alike, homes[other], one))
    one, other = one[order], other[order]
    fresh = np.ones(len(one), dtype=bool)
    fresh[1:] = (one[1:] != one[:-1]) | (homes[other[1:]] != homes[other[:-1]])
    first = np.flatnonzero(fresh)
    chosen = np.arange(len(one)) - first[np.cumsum(fresh) - 1] < most
    one, other = place[one[chosen]], place[other[chosen]]
    size = len(found) + 1
    both = np.intersect1d(one * size + other, other * size + one)
    left, right = both // size, both % size
    return left[left < right], right[left < right]
