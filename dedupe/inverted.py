"""The inverted index of the containment sketches: which articles hold the same sampled shingles.

The rule is that of the LSH bands (`dedupe.match`): in a bucket, here the articles with one hash in one stretch of the
window, every member meets the bucket's leaders, the first few by time. Written over sorted arrays, because there are
some fifty rows an article and each bucket's pairs follow from its members' ranks without a join.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dedupe.settings import CopySettings

I64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Posted:
    """The articles of the index, by row: number, instant (us), stretch of the window, whether new."""

    index: I64
    at: I64
    stretch: I64
    is_new: npt.NDArray[np.bool_]


def meet(hashes: npt.NDArray[np.uint64], owner: I64, known: Posted, settings: CopySettings) -> tuple[pl.DataFrame, int]:
    """Pairs of articles and how many hashes brought them together.

    Args:
        hashes: One hash of one article a row, in any order.
        owner: Row of that article in ``known``.
        known: The articles.
        settings: leaders, window_days.

    Returns:
        left, right (the smaller and the larger number), hits; and how many pairs of one stretch were left out.

    Cost: one sort of the rows, about 150 ns a row.
    """
    order = np.argsort(hashes, kind="stable")
    ranked = hashes[order]
    same = ranked[1:] == ranked[:-1]
    shared = np.zeros(len(ranked), dtype=bool)
    shared[1:] |= same
    shared[:-1] |= same
    rows, keys = owner[order[shared]], ranked[shared]
    bucket = np.concatenate(([0], np.cumsum(keys[1:] != keys[:-1]))) if len(keys) else np.zeros(0, np.int64)
    if not known.is_new.all():  # what is new decides the cost: a bucket without a new article makes no pair
        live = np.zeros(int(bucket[-1]) + 1 if len(bucket) else 0, dtype=bool)
        live[bucket[known.is_new[rows]]] = True
        rows, bucket = rows[live[bucket]], bucket[live[bucket]]
    inside = np.lexsort((known.index[rows], known.at[rows], known.stretch[rows], bucket))
    rows, bucket = rows[inside], bucket[inside]
    stretch = known.stretch[rows]
    fresh = np.ones(len(rows), dtype=bool)
    fresh[1:] = (bucket[1:] != bucket[:-1]) | (stretch[1:] != stretch[:-1])
    starts = np.flatnonzero(fresh)
    sizes = np.diff(np.append(starts, len(rows)))
    group = np.cumsum(fresh) - 1
    rank = np.arange(len(rows)) - starts[group]
    led = np.minimum(sizes, settings.leaders)
    rest = sizes - led
    left: list[I64] = []
    right: list[I64] = []
    here = np.minimum(rank, settings.leaders)  # every member meets the leaders before it
    _add(left, right, np.arange(len(rows)), starts[group], here)
    if len(starts) > 1:
        follows = (bucket[starts[1:]] == bucket[starts[:-1]]) & (stretch[starts[1:]] == stretch[starts[:-1]] + 1)
        later = np.append(follows, False)[group]  # rows whose bucket goes on in the next stretch
        earlier = np.insert(follows, 0, False)[group]
        ahead, behind = np.flatnonzero(later), np.flatnonzero(earlier & (rank >= settings.leaders))
        _add(left, right, ahead, starts[group[ahead] + 1], led[group[ahead] + 1])
        _add(left, right, behind, starts[group[behind] - 1], led[group[behind] - 1])
    a, b = rows[np.concatenate(left)], rows[np.concatenate(right)]
    near = np.abs(known.at[a] - known.at[b]) <= settings.window_days * 86_400_000_000
    near &= known.is_new[a] | known.is_new[b]
    one, two = known.index[a[near]], known.index[b[near]]
    keys = np.sort((np.minimum(one, two).astype(np.uint64) << np.uint64(32)) | np.maximum(one, two).astype(np.uint64))
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else np.zeros(0, np.int64)
    pairs = pl.DataFrame(
        {
            "left": (keys[first] >> np.uint64(32)).astype(np.uint32),
            "right": (keys[first] & np.uint64(0xFFFFFFFF)).astype(np.uint32),
            "hits": np.diff(np.append(first, len(keys))).astype(np.uint32),
        }
    )
    return pairs, int((rest * (rest - 1) // 2).sum())


def _add(left: list[I64], right: list[I64], rows: I64, starts: I64, counts: I64) -> None:
    """Pair each of ``rows`` with as many rows as ``counts`` says, from ``starts`` on."""
    ends = np.cumsum(counts)
    offset = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)
    left.append(np.repeat(rows, counts))
    right.append(np.repeat(starts, counts) + offset)
