# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# ruff: noqa: ANN001, ANN201, ANN202 - numba infers types; a kernel is one long loop
"""Which articles meet, in machine code: the quick lane of `dedupe.inverted`, for many keys. Same pairs, same counts.

Most keys are one article's alone. Two tables of bits tell these at a glance; what is left is dealt out into parts that
fit the cache, and put into buckets there.
"""

import numpy as np

from dedupe.compiling import compiled

_ONE, _NONE = np.uint64(1), np.uint64(0)
_PART_ROWS = 8_192  # rows of a part: its table stays in the second cache
_PART_BITS = np.uint64(40)  # the key's bits from here on choose the part, the lower ones the place in its table
_HALF = np.uint64(32)


@compiled
def sieve(keys, rows):
    """The rows whose key several rows seem to have: all that have it, and one in five of the others."""
    bits = 16
    while (1 << bits) < 4 * len(keys):
        bits += 1
    mask = np.uint64((1 << bits) - 1)
    once, again = np.zeros(1 << (bits - 6), dtype=np.uint64), np.zeros(1 << (bits - 6), dtype=np.uint64)
    for row in range(np.uint64(len(keys))):
        at = keys[row] & mask
        bit = _ONE << (at & np.uint64(63))
        again[at >> np.uint64(6)] |= once[at >> np.uint64(6)] & bit
        once[at >> np.uint64(6)] |= bit
    some_keys, some_rows = np.empty(len(keys) + 1, dtype=np.uint64), np.empty(len(keys) + 1, dtype=np.int32)
    kept = _NONE
    for row in range(np.uint64(len(keys))):
        at = keys[row] & mask
        some_keys[kept], some_rows[kept] = keys[row], rows[row]
        kept += (again[at >> np.uint64(6)] >> (at & np.uint64(63))) & _ONE
    return some_keys[:kept], some_rows[:kept]


@compiled
def deal(keys, rows):
    """The rows by part, in their order; and where each part begins."""
    parts = 1
    while parts * _PART_ROWS < len(keys):
        parts *= 2
    mask = np.uint64(parts - 1)
    starts = np.zeros(parts + 1, dtype=np.int64)
    for row in range(np.uint64(len(keys))):
        starts[((keys[row] >> _PART_BITS) & mask) + _ONE] += 1
    for part in range(parts):
        starts[part + 1] += starts[part]
    dealt_keys, dealt_rows = np.empty_like(keys), np.empty_like(rows)
    to = starts[:-1].copy()
    for row in range(np.uint64(len(keys))):
        part = (keys[row] >> _PART_BITS) & mask
        dealt_keys[to[part]], dealt_rows[to[part]] = keys[row], rows[row]
        to[part] += 1
    return dealt_keys, dealt_rows, starts


@compiled
def _buckets(keys, rows):
    """The rows by key, each bucket's ascending; and where each bucket begins."""
    room = 16
    while room < 2 * len(keys):
        room *= 2
    mask = np.uint64(room - 1)
    table, bucket = np.empty(room, dtype=np.uint64), np.full(room, -1, dtype=np.int32)
    owner, count = np.empty(len(keys), dtype=np.int32), 0
    starts = np.zeros(len(keys) + 2, dtype=np.int32)
    for row in range(np.uint64(len(keys))):
        slot = keys[row] & mask
        while bucket[slot] >= 0 and table[slot] != keys[row]:
            slot = (slot + _ONE) & mask
        if bucket[slot] < 0:
            bucket[slot], table[slot] = count, keys[row]
            count += 1
        owner[row] = bucket[slot]
        starts[owner[row] + 1] += 1
    for each in range(count):
        starts[each + 1] += starts[each]
    members, to = np.empty(len(keys), dtype=np.int32), starts[:count].copy()
    for row in range(np.uint64(len(keys))):
        members[to[owner[row]]] = rows[row]
        to[owner[row]] += 1
    for each in range(count):
        mine = members[starts[each] : starts[each + 1]]
        for place in range(1, len(mine)):
            if mine[place] < mine[place - 1]:
                mine.sort()
                break
    return members, starts[: count + 1]


@compiled
def _run_end(members, begin, end, stretch):
    """Where the members of one stretch of the window end."""
    at = begin + 1
    while at < end and stretch[members[at]] == stretch[members[begin]]:
        at += 1
    return at


@compiled
def pairs(keys, rows, at, stretch, is_new, leaders, window_us, apart, out):
    """The pairs of a part into ``out``: left << 32 | right, each as often as it meets; how many, and how many left out.

    Every row meets at most the leaders of its own stretch, of the one before and of the one behind: room for as many.
    """
    members, starts = _buckets(keys, rows)
    used, capped = 0, 0
    for each in range(len(starts) - 1):
        begin, end = starts[each], starts[each + 1]
        if end - begin < 2:
            continue
        live = False
        for place in range(begin, end):
            live |= is_new[members[place]]
        if not live:
            continue
        last, last_led = begin, begin  # the run before this one, and its leaders' end
        while begin < end:
            until = _run_end(members, begin, end, stretch)
            led = min(begin + leaders, until)
            rest = until - led
            capped += rest * (rest - 1) // 2
            for place in range(begin + 1, until):
                right = members[place]
                fresh, low = is_new[right], np.uint64(right)
                for leader in range(begin, min(place, led)):
                    left = members[leader]
                    out[used] = (np.uint64(left) << _HALF) | low
                    used += fresh | is_new[left]
            if apart and last < begin and stretch[members[last]] + 1 == stretch[members[begin]]:
                for place in range(begin, until):
                    right = members[place]
                    fresh, low, earliest = is_new[right], np.uint64(right), at[right] - window_us
                    for other in range(last, begin if place < led else last_led):
                        left = members[other]
                        out[used] = (np.uint64(left) << _HALF) | low
                        used += (fresh | is_new[left]) & (at[left] >= earliest)
            last, last_led, begin = begin, led, until
    return used, capped
