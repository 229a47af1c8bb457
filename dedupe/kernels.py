"""One compiled pass over the bytes of a text column. The quick lane; `dedupe.words` is the readable one.

Importing this module imports numba (about 0.4 s) and the first call loads or builds machine code (cached beside the
module, or in the user's cache folder where that is read-only; about 4 s once a machine). `dedupe.sketch` and
`dedupe.passages` come here only from a size on at which that pays. Nothing here allocates per word or per shingle.
"""

import numba
import numpy as np

from dedupe.words import BODY_BASE, SHINGLE_BASE, TABLE_SIZE, U8, U32, U64, WORD_BASE

_WORD = np.uint64(WORD_BASE)
_SHINGLE = np.uint64(SHINGLE_BASE)
_BODY = np.uint64(BODY_BASE)
_ONE = np.uint64(1)
_S33 = np.uint64(33)
_S32 = np.uint64(32)
_M1 = np.uint64(0xFF51AFD7ED558CCD)
_M2 = np.uint64(0xC4CEB9FE1A85EC53)
_F1 = np.uint32(0x85EBCA6B)
_F2 = np.uint32(0xC2B2AE35)
_SEPARATOR, _LETTER, _SOLO, _MARK = 0, 1, 2, 3
_TABLE = TABLE_SIZE


@numba.njit(cache=True, inline="always")  # type: ignore[untyped-decorator]
def _mix(value):  # type: ignore[no-untyped-def]
    value ^= value >> _S33
    value *= _M1
    value ^= value >> _S33
    value *= _M2
    return value ^ (value >> _S33)


@numba.njit(cache=True)  # type: ignore[untyped-decorator]
def cut_words(data, begin, end, kinds, folded, hashes, begins, ends, flags):  # type: ignore[no-untyped-def]
    """Words of ``data[begin:end]`` (UTF-8) into the four arrays; returns their number. Offsets are code points."""
    count = 0
    state = _SEPARATOR
    at = begin
    place = 0  # code points so far
    total = np.uint64(0)
    power = _ONE
    last = 0
    flag = 0
    while at < end:
        code = np.uint32(data[at])
        if code < 0x80:
            at += 1
        elif code < 0xE0:
            code = ((code & np.uint32(0x1F)) << np.uint32(6)) | (np.uint32(data[at + 1]) & np.uint32(0x3F))
            at += 2
        elif code < 0xF0:
            code = (
                ((code & np.uint32(0x0F)) << np.uint32(12))
                | ((np.uint32(data[at + 1]) & np.uint32(0x3F)) << np.uint32(6))
                | (np.uint32(data[at + 2]) & np.uint32(0x3F))
            )
            at += 3
        else:
            code = (
                ((code & np.uint32(0x07)) << np.uint32(18))
                | ((np.uint32(data[at + 1]) & np.uint32(0x3F)) << np.uint32(12))
                | ((np.uint32(data[at + 2]) & np.uint32(0x3F)) << np.uint32(6))
                | (np.uint32(data[at + 3]) & np.uint32(0x3F))
            )
            at += 4
        if code < _TABLE:
            marked = int(kinds[code])
            code = folded[code]
        else:
            marked = _SOLO if code <= 0x3FFFF else _SEPARATOR
        kind = marked & 7
        if kind == _LETTER and state == _LETTER:
            total += (np.uint64(code) + _ONE) * power
            power *= _WORD
            flag |= marked & 8
            last = place + 1
        elif kind == _LETTER or kind == _SOLO:
            if state != _SEPARATOR:
                hashes[count] = _mix(total)
                ends[count] = last
                flags[count] = flag
                count += 1
            begins[count] = place
            total = np.uint64(code) + _ONE
            power = _WORD
            flag = marked & 24
            last = place + 1
            state = kind
        elif kind == _MARK:
            if state != _SEPARATOR:
                total += (np.uint64(code) + _ONE) * power
                power *= _WORD
                flag |= marked & 8
                last = place + 1
        elif kind == _SEPARATOR and state != _SEPARATOR:
            hashes[count] = _mix(total)
            ends[count] = last
            flags[count] = flag
            count += 1
            state = _SEPARATOR
        place += 1
    if state != _SEPARATOR:
        hashes[count] = _mix(total)
        ends[count] = last
        flags[count] = flag
        count += 1
    return count


@numba.njit(cache=True)  # type: ignore[untyped-decorator]
def shingle_into(hashes, count, size, out):  # type: ignore[no-untyped-def]
    """Hash of every run of ``size`` words into ``out``; returns their number. Rolling: two multiplications each."""
    if count == 0:
        return 0
    size = min(size, count)
    # Weights ascend with the place in the shingle, so the window rolls from the end of the text to its beginning.
    top = _ONE
    for _ in range(size - 1):
        top *= _SHINGLE
    total = np.uint64(0)
    for place in range(count - 1, count - 1 - size, -1):
        total = total * _SHINGLE + hashes[place]
    made = count - size + 1
    out[made - 1] = _mix(total)
    for place in range(made - 2, -1, -1):
        total = (total - hashes[place + size] * top) * _SHINGLE + hashes[place]
        out[place] = _mix(total)
    return made


@numba.njit(cache=True)  # type: ignore[untyped-decorator]
def _distinct(values, count, table, stamps, stamp, mask, out):  # type: ignore[no-untyped-def]
    """Each value once into ``out``, in order of first appearance; returns their number. Open addressing."""
    kept = 0
    for place in range(count):
        value = values[place]
        slot = np.int64(value & mask)
        while stamps[slot] == stamp and table[slot] != value:
            slot = np.int64((np.uint64(slot) + _ONE) & mask)
        if stamps[slot] != stamp:
            stamps[slot] = stamp
            table[slot] = value
            out[kept] = value
            kept += 1
    return kept


@numba.njit(cache=True)  # type: ignore[untyped-decorator]
def _sign(values, count, a, b, out):  # type: ignore[no-untyped-def]
    """datasketch's affine32 scheme over the upper half of each hash: fmix32, then min of a * h + b mod 2^32."""
    for place in range(count):
        h = np.uint32(values[place] >> _S32)
        h ^= h >> np.uint32(16)
        h = np.uint32(h * _F1)
        h ^= h >> np.uint32(13)
        h = np.uint32(h * _F2)
        h ^= h >> np.uint32(16)
        for k in range(out.shape[0]):
            value = np.uint32(a[k] * h + b[k])
            out[k] = min(out[k], value)


@numba.njit(cache=True)  # type: ignore[untyped-decorator]
def sketch_batch(  # type: ignore[no-untyped-def]
    data, offsets, kinds, folded, size, a, b, limit, signatures, bodies, shingle_n, scaled, scaled_n
):
    """Sketch the texts ``data[offsets[i]:offsets[i + 1]]``; fills the outputs, returns how many scaled hashes.

    ``scaled`` must have room for one hash a byte at most; it is filled text after text, each text's sorted.
    """
    n = len(offsets) - 1
    longest = 1
    for i in range(n):
        longest = max(longest, offsets[i + 1] - offsets[i])
    hashes = np.empty(longest, dtype=np.uint64)
    begins = np.empty(longest, dtype=np.int32)
    ends = np.empty(longest, dtype=np.int32)
    flags = np.empty(longest, dtype=np.uint8)
    rolled = np.empty(longest, dtype=np.uint64)
    single = np.empty(longest, dtype=np.uint64)
    room = 16
    while room < 2 * longest:
        room *= 2
    table = np.empty(room, dtype=np.uint64)
    stamps = np.zeros(room, dtype=np.int32)
    used = 0
    for i in range(n):
        count = cut_words(data, offsets[i], offsets[i + 1], kinds, folded, hashes, begins, ends, flags)
        body = np.uint64(0)
        for place in range(count - 1, -1, -1):
            body = body * _BODY + hashes[place]
        bodies[i] = np.int64(_mix(body))
        made = shingle_into(hashes, count, size, rolled)
        small = 16
        while small < 2 * made:
            small *= 2
        kept = _distinct(rolled, made, table, stamps, np.int32(i + 1), np.uint64(small - 1), single)
        shingle_n[i] = kept
        _sign(single, kept, a, b, signatures[i])
        begin = used
        for place in range(kept):
            if single[place] <= limit:
                scaled[used] = single[place]
                used += 1
        scaled[begin:used].sort()
        scaled_n[i] = used - begin
    return used


def sketch_bytes(
    data: U8, offsets: np.ndarray, kinds: U8, folded: U32, size: int, permutations: tuple[U32, U32], limit: int
) -> tuple[U32, np.ndarray, np.ndarray, U64, np.ndarray]:
    """Sketch a batch of texts that lie one after another in ``data``.

    Returns:
        signatures (n, permutations), body hashes, distinct shingles, all scaled hashes one text after another, and how
        many of them each text has.

    Cost: about 10 ns a character on one core; scratch of some 50 bytes a byte of the longest text.
    """
    n = len(offsets) - 1
    a, b = permutations
    signatures = np.full((n, len(a)), 0xFFFFFFFF, dtype=np.uint32)
    bodies = np.empty(n, dtype=np.int64)
    shingle_n = np.empty(n, dtype=np.int32)
    scaled_n = np.empty(n, dtype=np.int64)
    scaled = np.empty(len(data) + 1, dtype=np.uint64)
    used = sketch_batch(
        data, offsets, kinds, folded, size, a, b, np.uint64(limit), signatures, bodies, shingle_n, scaled, scaled_n
    )
    return signatures, bodies, shingle_n, scaled[:used].copy(), scaled_n
