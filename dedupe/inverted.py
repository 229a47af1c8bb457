"""Which articles meet: those that share a key (a body, an LSH band, a sampled shingle), found by sorting.

A bucket is the articles with one key in one stretch of the window. It is never expanded into all its pairs: every
member meets the bucket's leaders, the first few by time, and those of the neighbouring stretches. Written over sorted
arrays, because there are some eighty keys an article and a bucket's pairs follow from its members' ranks without a
join. Many keys take the compiled lane (`dedupe.meeting`).
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

I64 = npt.NDArray[np.int64]
U64 = npt.NDArray[np.uint64]
ROWS = npt.NDArray[np.int32]
BOOL = npt.NDArray[np.bool_]

_READABLE_ROWS = 200_000  # up to here, some 3,000 articles, the readable lane is quicker than loading the compiled one
_PART_ROWS = 400_000  # rows sorted at once: they stay in the cache, and the memory beside them is bounded
_MEETINGS = 1_000_000  # of pairs that are counted at once
_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Posted:
    """The articles of the index, ordered by time: instant (us), stretch of the window, whether new."""

    at: I64
    stretch: I64
    is_new: BOOL

    def only(self, rows: I64) -> "Posted":
        """Some of them; ``rows`` ascends."""
        return Posted(self.at[rows], self.stretch[rows], self.is_new[rows])


@dataclass(frozen=True, slots=True)
class Met:
    """Pairs of articles, each once: numbers of both (left before right in time), and in how many buckets they met."""

    left: I64
    right: I64
    hits: I64
    capped: int  # pairs of crowded buckets that were left out


def meet(
    keys: U64,
    rows: ROWS,
    known: Posted,
    leaders: int,
    window_us: int,
    *,
    apart: bool = True,
    compiled: bool | None = None,
) -> Met:
    """Pairs of articles that share a key.

    Args:
        keys: One key of one article a row, in any order.
        rows: Number of that article in ``known``.
        known: The articles.
        leaders: How many members of a bucket meet all the others.
        window_us: Articles further apart in time never meet.
        apart: Whether neighbouring stretches meet too.
        compiled: Which lane; by default the number of keys decides. The results are the same.

    Cost: 40 ns a row compiled, else 90 ns; memory some 20 bytes a row and 8 for each of `_MEETINGS`.
    """
    if not known.is_new.all():
        kept = _sieved(keys, keys[known.is_new[rows]])
        keys, rows = keys[kept], rows[kept]
    lane = _quick if (len(keys) > _READABLE_ROWS if compiled is None else compiled) else _plain
    found: list[tuple[U64, I64]] = []
    waiting: list[U64] = []
    capped = 0
    for pairs, left_out in lane(keys, rows, known, leaders, window_us, apart=apart):
        waiting.append(pairs)
        capped += left_out
        if sum(map(len, waiting)) > _MEETINGS:
            found.append(_counted(waiting))
            waiting = []
    found.append(_counted(waiting))
    once, total = found[0]
    if len(found) > 1:
        every, count = (np.concatenate(column) for column in zip(*found, strict=True))
        order = np.argsort(every)
        first = np.flatnonzero(_changes(every[order]))
        once, total = every[order[first]], np.add.reduceat(count[order], first) if len(first) else count
    return Met((once >> _HALF).astype(np.int64), (once & _LOW).astype(np.int64), total, capped)


def _counted(pairs: list[U64]) -> tuple[U64, I64]:
    """Every pair once, ascending, and how often it is there."""
    ordered = np.concatenate(pairs) if pairs else np.zeros(0, np.uint64)
    ordered.sort()
    first = np.flatnonzero(_changes(ordered))
    return ordered[first], np.diff(np.append(first, len(ordered)))


def _plain(
    keys: U64, rows: ROWS, known: Posted, leaders: int, window_us: int, *, apart: bool
) -> Iterator[tuple[U64, int]]:
    """Pairs of the keys of one part after another, and how many were left out."""
    parts = 1 << min(8, max(0, (len(keys) // _PART_ROWS).bit_length()))
    which = keys.view(np.uint8)[::8] & np.uint8(parts - 1)  # the lowest byte of each
    for part in range(parts):
        chosen = np.flatnonzero(which == part)
        yield _pairs(keys[chosen], rows[chosen], known, leaders, window_us, apart=apart)


def _quick(
    keys: U64, rows: ROWS, known: Posted, leaders: int, window_us: int, *, apart: bool
) -> Iterator[tuple[U64, int]]:
    from dedupe import meeting  # imports numba (0.4 s)

    keys, rows, starts = meeting.deal(*meeting.sieve(keys, rows))
    room = np.empty(3 * leaders * int(np.diff(starts).max()), dtype=np.uint64)
    told = (known.at, known.stretch, known.is_new, leaders, window_us, apart, room)
    for begin, end in itertools.pairwise(starts.tolist()):
        used, left_out = meeting.pairs(keys[begin:end], rows[begin:end], *told)
        yield room[:used].copy(), left_out


def _pairs(keys: U64, rows: ROWS, known: Posted, leaders: int, window_us: int, *, apart: bool) -> tuple[U64, int]:
    """Every meeting of a leader with a member, as left << 32 | right; and how many pairs were left out."""
    rows, bucket = _shared(keys, rows, known)
    stretch = known.stretch[rows]
    fresh = _changes(bucket)
    fresh[1:] |= stretch[1:] != stretch[:-1]
    starts = np.flatnonzero(fresh)
    sizes = np.diff(np.append(starts, len(rows)))
    group = np.cumsum(fresh) - 1
    rank = np.arange(len(rows)) - starts[group]
    led = np.minimum(sizes, leaders)
    rest = sizes - led
    member, leader = _cross(np.arange(len(rows)), starts[group], np.minimum(rank, leaders))
    met = [_pack(rows[leader], rows[member])]  # rows ascend with time inside a bucket
    if apart and len(starts) > 1:
        follows = (bucket[starts[1:]] == bucket[starts[:-1]]) & (stretch[starts[1:]] == stretch[starts[:-1]] + 1)
        later = np.append(follows, False)[group]  # rows whose bucket goes on in the next stretch
        earlier = np.insert(follows, 0, False)[group]
        ahead, behind = np.flatnonzero(later), np.flatnonzero(earlier & (rank >= leaders))
        member, leader = _cross(ahead, starts[np.minimum(group[ahead] + 1, len(starts) - 1)], led[group[ahead] + 1])
        met.append(_near(rows[member], rows[leader], known, window_us))
        member, leader = _cross(behind, starts[group[behind] - 1], led[group[behind] - 1])
        met.append(_near(rows[leader], rows[member], known, window_us))
    pairs = np.concatenate(met)
    if not known.is_new.all():
        pairs = pairs[known.is_new[(pairs >> _HALF).astype(np.int64)] | known.is_new[(pairs & _LOW).astype(np.int64)]]
    return pairs, int((rest * (rest - 1) // 2).sum())


def _sieved(keys: U64, fresh: U64) -> I64:
    """The rows whose key may be a new article's: what is new decides the cost, a bucket of old ones makes no pair."""
    mask = np.uint64((16 << max(10, len(fresh).bit_length())) - 1)
    sieve = np.zeros(int(mask) + 1, dtype=bool)
    sieve[fresh & mask] = True
    return np.flatnonzero(sieve[keys & mask])


def _shared(keys: U64, rows: ROWS, known: Posted) -> tuple[ROWS, I64]:
    """The rows whose key several articles have, by bucket and time; and the number of each row's bucket."""
    order = np.argsort(keys)
    ranked = keys[order]
    same = ranked[1:] == ranked[:-1]
    shared = np.zeros(len(ranked), dtype=bool)
    shared[1:] = same
    shared[:-1] |= same
    rows, ranked = rows[order[shared]], ranked[shared]
    bucket = np.cumsum(_changes(ranked)) - 1
    if not known.is_new.all() and len(bucket):
        live = np.zeros(int(bucket[-1]) + 1, dtype=bool)
        live[bucket[known.is_new[rows]]] = True
        rows, bucket = rows[live[bucket]], bucket[live[bucket]]
    packed = np.sort(_pack(bucket, rows))
    return (packed & _LOW).astype(np.int32), (packed >> _HALF).astype(np.int64)


def _changes(values: npt.NDArray[np.int64] | U64) -> BOOL:
    """True where a value differs from the one before it."""
    fresh = np.ones(len(values), dtype=bool)
    fresh[1:] = values[1:] != values[:-1]
    return fresh


def _pack(high: I64 | ROWS, low: I64 | ROWS) -> U64:
    return (high.astype(np.uint64) << _HALF) | low.astype(np.uint64)


def _near(left: ROWS, right: ROWS, known: Posted, window_us: int) -> U64:
    near = known.at[right] - known.at[left] <= window_us
    return _pack(left[near], right[near])


def _cross(members: I64, starts: I64, counts: I64) -> tuple[I64, I64]:
    """Each of ``members`` with as many places as ``counts`` says, from ``starts`` on."""
    ends = np.cumsum(counts)
    offset = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)
    return np.repeat(members, counts), np.repeat(starts, counts) + offset
