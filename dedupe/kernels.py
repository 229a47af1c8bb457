# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# ruff: noqa: ANN001, ANN201, ANN202, C901, PLR0915 - numba infers types; a kernel is one long loop
"""One compiled pass over the bytes of a text column. The quick lane; `dedupe.words` is the readable one.

Importing this module imports numba (about 0.4 s) and the first call loads or builds machine code (cached beside the
module, or in the user's cache folder where that is read-only; about 6 s once a machine). `dedupe.sketch` and
`dedupe.passages` come here only from a size on at which that pays. Nothing here allocates per word or per shingle.
"""

from typing import Any

import numba.extending
import numpy as np

from dedupe import passages, spans
from dedupe.compiling import compiled
from dedupe.words import (
    BODY_BASE,
    LIST_LETTERS,
    LIST_REACH,
    LIST_TIMES,
    QUOTE_WORDS,
    SHINGLE_BASE,
    STEM_LETTERS,
    TABLE_SIZE,
    U8,
    U32,
    U64,
    WORD_BASE,
    powers,
)

_WORD = np.uint64(WORD_BASE)
_SHINGLE = np.uint64(SHINGLE_BASE)
_BODY = np.uint64(BODY_BASE)
_BODY4 = np.uint64(pow(BODY_BASE, 4, 1 << 64))
_ONE = np.uint64(1)
_NONE = np.uint64(0)
_WIDE, _BLOCK = np.uint64(16), 64  # bytes read at once; scratch comes in blocks, with room for a read beyond the end
_K2, _K3, _K4, _K5, _K6, _K7, _K8 = (np.uint64(k) for k in range(2, 9))
_POWERS = powers(WORD_BASE, 17)
_WEIGHTS, _LATER_WEIGHTS = (  # of letters 0 to 7 and 8 to 15, for words that have 0, 1, ... 8 of these
    np.array([_POWERS[first + k] if k < size else 0 for size in range(9) for k in range(8)], dtype=np.uint64)
    for first in (0, 8)
)
_DIGITS = np.uint64(0x0808080808080808)  # the mark of a digit, in eight marks at once
_S33 = np.uint64(33)
_S32 = np.uint64(32)
_M1 = np.uint64(0xFF51AFD7ED558CCD)
_M2 = np.uint64(0xC4CEB9FE1A85EC53)
_F1 = np.uint32(0x85EBCA6B)
_F2 = np.uint32(0xC2B2AE35)
_SEPARATOR, _LETTER, _SOLO, _MARK, _SKIPPED = 0, 1, 2, 3, 4
_TABLE = TABLE_SIZE
_SPANS = 50_000  # spans found at a time
_HANDFUL = 12  # values up to which insertion is the quickest way to sort
_FEW = 512  # values up to which parting them first is
_BRIEF = 2048  # values up to which repeats are looked for one by one
_SUSPECTS = 64  # so many of them at most
_SEEN = 512  # words of that table of bits
_SIEVE = 4096  # slots of the sieve that tells most words from names at a glance: it stays in the nearest cache
_QUOTE_WORDS = QUOTE_WORDS
_STEM = np.uint64(STEM_LETTERS)
_LIST_TIMES, _LIST_REACH, _LIST_LETTERS = LIST_TIMES, LIST_REACH, LIST_LETTERS


def _inlined(function):
    return compiled(function, inline="always")


@_inlined
def _mix(value):
    value ^= value >> _S33
    value *= _M1
    value ^= value >> _S33
    value *= _M2
    return value ^ (value >> _S33)


@compiled
def _opens_quote(code, before, is_open, is_low):
    """As `dedupe.words.opens_quote`; a copy, because numba does not see when a callee in another file changes."""
    if code == 0x22:
        spaced = before <= 0x28 and before not in (0x21, 0x22, 0x25, 0x27)
        return spaced or before in (0x2D, 0x5B, 0xA0, 0x2013, 0x2014)
    if code == 0x201C:
        return not is_low
    if code in (0xAB, 0xBB):
        return not is_open
    return code in (0x201E, 0x300C)


@compiled
def _room(size):
    """Slots of a hash table at most half full: a power of two."""
    room = 16
    while room < 2 * size:
        room *= 2
    return room


@compiled
def _decode(data, at):
    """The code point at ``at``, and where the next one begins."""
    code, tail, six = np.uint32(data[at]), np.uint32(0x3F), np.uint32(6)
    if code < 0x80:
        return code, at + _ONE
    size = 2 if code < 0xE0 else (3 if code < 0xF0 else 4)
    code &= np.uint32(0x7F) >> np.uint32(size)
    for _ in range(1, size):
        at += _ONE
        code = (code << six) | (np.uint32(data[at]) & tail)
    return code, at + _ONE


@compiled
def _mark_quoted(data, begin, signs, sign_n, flags):
    """Set QUOTED as `dedupe.words` does; ``signs``: the words before each sign << 32 | its byte after ``begin``."""
    opened, low, line = np.int64(-1), False, np.int64(0)
    for each in range(sign_n):
        at = np.uint64(begin) + (signs[each] & np.uint64(0xFFFFFFFF))
        count = np.int64(signs[each] >> _S32)
        code, _ = _decode(data, at)
        if code == 0x0A:
            line = count
            continue
        before = np.uint32(0)
        if at > np.uint64(begin):
            back = at - _ONE
            while data[back] & np.uint8(0xC0) == 0x80:
                back -= _ONE
            before, _ = _decode(data, back)
        if code == 0x40:
            if before == 0x28 and count - line <= _QUOTE_WORDS:
                for word in range(line, count):
                    flags[word] |= 32
            continue
        if opened >= 0 and count - opened <= _QUOTE_WORDS:
            for word in range(opened, count):
                flags[word] |= 32
        opens = _opens_quote(code, before, opened >= 0, low)
        opened = count if opens else np.int64(-1)
        low = opens and code == 0x201E


@compiled
def cut_words(data, begin, end, kinds, folded, room, hashes, stems, begins, ends, flags, signs):
    """Words of ``data[begin:end]`` (UTF-8) into the five arrays; returns their number. Offsets are code points.

    With None for the last five only hashes are made: numba leaves the rest out. The arrays need one slot more than
    there are words, ``signs`` (scratch) one for each byte and one more; ``room`` is `_cutting_room`.
    """
    codes, marks, inside, edges, longer = room
    place_n, sign_n = _read_plain(data, begin, end, kinds, folded, codes, marks, signs)
    if place_n < 0:
        return _cut_any(data, begin, end, kinds, folded, hashes, stems, begins, ends, flags, signs)
    count = _find_edges(marks, place_n, inside, edges)
    _hash_words(codes, edges, count, hashes, stems, longer)
    if flags is not None:
        _flag_words(marks, place_n, edges, count, begins, ends, flags)
        word = 0
        for each in range(sign_n):
            place = np.int64(signs[each] >> _S32)
            while word < count and begins[word] < place:
                word += 1
            signs[each] = (np.uint64(word) << _S32) | (signs[each] & np.uint64(0xFFFFFFFF))
        _mark_quoted(data, begin, signs, sign_n, flags)
    return count


@compiled
def _cutting_room(longest):
    """Scratch of `cut_words` for texts of at most so many bytes: codes, marks, insides, edges, long words."""
    size = (longest + 2 * _BLOCK) // _BLOCK * _BLOCK
    return (
        np.empty(size, dtype=np.uint32),
        np.empty(size, dtype=np.uint8),
        np.empty(size, dtype=np.uint8),
        np.empty(size, dtype=np.int32),
        np.empty(size // 2, dtype=np.int32),
    )


@compiled
def _read_plain(data, begin, end, kinds, folded, codes, marks, signs):
    """Code points of a text: letters folded and one added, other characters 0; and their marks, LETTER among them.

    Returns how many there are, and how many may open or end a quotation: code point << 32 | byte after ``begin`` into
    ``signs``. -1 where a word is more than a run of letters (`_cut_any`): scripts without spaces, marks in words.
    """
    at, stop, place, sign_n = np.uint64(begin), np.uint64(end), _NONE, _NONE
    while at < stop:
        till = min(at + _WIDE, stop)
        other = np.uint8(0)
        for byte in range(at, till):
            other |= data[byte]
        if till == at + _WIDE and other < np.uint8(0x80):
            signed = np.uint8(0)
            for k in range(_NONE, _WIDE):  # no table and no branch: one instruction for all sixteen
                code = data[at + k]
                upper = np.uint8(np.uint8(code - np.uint8(0x41)) < np.uint8(26))
                lower = np.uint8(np.uint8((code | np.uint8(0x20)) - np.uint8(0x61)) < np.uint8(26))
                digit = np.uint8(np.uint8(code - np.uint8(0x30)) < np.uint8(10))
                sign = np.uint8(code == np.uint8(0x0A)) | np.uint8(code == np.uint8(0x22))
                sign |= np.uint8(code == np.uint8(0x40))
                letter = lower | digit
                inside = np.uint8(np.uint8(0) - letter)  # all ones for a letter, else none
                codes[place + k] = np.uint32(np.uint8(code + (upper << np.uint8(5)) + np.uint8(1)) & inside)
                mark = letter | (digit << np.uint8(3)) | (upper << np.uint8(4)) | (sign << np.uint8(6))
                marks[place + k] = mark
                signed |= mark
            if signs is not None and signed & np.uint8(64):
                for k in range(_NONE, _WIDE):
                    signs[sign_n] = ((place + k) << _S32) | (at + k - np.uint64(begin))
                    sign_n += np.uint64(marks[place + k] >> np.uint8(6))
            at += _WIDE
            place += _WIDE
            continue
        while at < till:
            here = at
            code, at = _decode(data, at)
            mark = np.uint8(_SOLO if code <= 0x3FFFF else _SEPARATOR)
            if code < _TABLE:
                mark = kinds[code]
                code = folded[code]
            kind = np.int64(mark) & 7
            if kind >= _MARK:  # or skipped
                if place > _NONE and marks[place - _ONE] & np.uint8(1):
                    return np.int64(-1), np.int64(0)
                mark = np.uint8(0)
            elif kind == _SOLO:
                return np.int64(-1), np.int64(0)
            codes[place] = (np.uint32(code) + np.uint32(1)) * np.uint32(mark & np.uint8(1))
            marks[place] = mark
            if signs is not None:
                signs[sign_n] = (place << _S32) | (here - np.uint64(begin))
                sign_n += np.uint64(mark >> np.uint8(6))
            place += _ONE
    return np.int64(place), np.int64(sign_n)


@compiled
def _find_edges(marks, size, inside, edges):
    """Where words begin and end, in turn, into ``edges``; returns how many words there are. ``inside`` is scratch."""
    if size == 0:
        return 0
    last = np.uint64(size)
    inside[0] = marks[0] & np.uint8(1)
    for place in range(_ONE, last):
        inside[place] = (marks[place] ^ marks[place - _ONE]) & np.uint8(1)
    found = _NONE
    for place in range(_NONE, last):
        edges[found] = place
        found += np.uint64(inside[place])
    edges[found] = size
    return np.int64((found + _ONE) >> _ONE)


@_inlined
def _eight_letters(codes, at, weights, row):
    """Sum of the next eight codes, each times its weight: of the first four, and of the other four. No branch."""
    first = np.uint64(codes[at]) * weights[row] + np.uint64(codes[at + _ONE]) * weights[row + _ONE]
    first += np.uint64(codes[at + _K2]) * weights[row + _K2] + np.uint64(codes[at + _K3]) * weights[row + _K3]
    other = np.uint64(codes[at + _K4]) * weights[row + _K4] + np.uint64(codes[at + _K5]) * weights[row + _K5]
    other += np.uint64(codes[at + _K6]) * weights[row + _K6] + np.uint64(codes[at + _K7]) * weights[row + _K7]
    return first, other


@compiled
def _hash_words(codes, edges, count, hashes, stems, longer):
    """Hash every word, and its first letters where ``stems`` is given. ``longer`` is scratch.

    Eight letters at a time, with weight 0 behind the end: the length of a word, which nobody foresees, is no branch.
    """
    long_n = _NONE
    for word in range(_NONE, np.uint64(count)):
        at = np.uint64(edges[word + word])
        size = np.uint64(edges[word + word + _ONE]) - at
        stem, other = _eight_letters(codes, at, _WEIGHTS, min(size, _K8) * _K8)
        hashes[word] = stem + other
        if stems is not None:
            stems[word] = stem
        longer[long_n] = word
        long_n += np.uint64(size > _K8)
    for each in range(_NONE, long_n):
        which = np.uint64(longer[each])
        at, end = np.uint64(edges[which + which]) + _K8, np.uint64(edges[which + which + _ONE])
        more, most = _eight_letters(codes, at, _LATER_WEIGHTS, min(end - at, _K8) * _K8)
        total, power = hashes[which] + more + most, _POWERS[16]
        for place in range(at + _K8, end):
            total += np.uint64(codes[place]) * power
            power *= _WORD
        hashes[which] = total
    for word in range(_NONE, np.uint64(count)):
        hashes[word] = _mix(hashes[word])
    if stems is not None:
        for word in range(_NONE, np.uint64(count)):
            stems[word] = _mix(stems[word])


@compiled
def _flag_words(marks, size, edges, count, begins, ends, flags):
    """Places and flags of the words: DIGIT where any letter is one, UPPER by the first; 0 for all other flags."""
    for word in range(_NONE, np.uint64(count)):
        begins[word] = edges[word + word]
        ends[word] = edges[word + word + _ONE]
    for word in range(_NONE, np.uint64(count)):
        flags[word] = marks[np.uint64(begins[word])] & np.uint8(16)
    eights = marks.view(np.uint64)
    word = 0
    for step in range(_NONE, (np.uint64(size) + _K7) // _K8):
        if eights[step] & _DIGITS:
            for place in range(step * _K8, min(step * _K8 + _K8, np.uint64(size))):
                if marks[place] & np.uint8(8):
                    while ends[word] <= np.int64(place):
                        word += 1
                    flags[word] |= 8


@compiled
def _cut_any(data, begin, end, kinds, folded, hashes, stems, begins, ends, flags, signs):
    """`cut_words` for any text, one character after another."""
    at, stop, place, first = np.uint64(begin), np.uint64(end), _NONE, _NONE
    count, letters, total, stem, power = _NONE, _NONE, _NONE, _NONE, _ONE
    solo = False
    flag, sign_n = _NONE, _NONE
    while at < stop:
        is_open = letters != _NONE
        here = at
        code, at = _decode(data, at)
        marked = np.uint64(_SOLO if code <= 0x3FFFF else _SEPARATOR)
        if code < _TABLE:
            marked = np.uint64(kinds[code])
            code = folded[code]
        kind = np.int64(marked) & 7
        if kind == _SEPARATOR:
            count += np.uint64(is_open)
            letters, total, solo = _NONE, _NONE, False
            if flags is not None:
                signs[sign_n] = (count << _S32) | (here - np.uint64(begin))
                sign_n += marked >> np.uint64(6)
        elif kind == _SKIPPED or (kind == _MARK and not is_open):
            if flags is not None and is_open:
                ends[count] = place + _ONE
        else:
            if is_open and (kind == _MARK or (kind == _LETTER and not solo)):
                power *= _WORD
                total += (np.uint64(code) + _ONE) * power
                letters += _ONE
                flag |= marked & np.uint64(8)
            else:
                count += np.uint64(is_open)
                total, power, letters, solo = np.uint64(code) + _ONE, _ONE, _ONE, kind == _SOLO
                first, flag = place, marked & np.uint64(24)
            hashes[count] = total
            if flags is not None:
                stem = total if letters <= _STEM else stem
                stems[count], begins[count], ends[count], flags[count] = stem, first, place + _ONE, flag
        place += _ONE
    count += np.uint64(letters != _NONE)
    for word in range(_NONE, count):
        hashes[word] = _mix(hashes[word])
    if flags is not None:
        for word in range(_NONE, count):
            stems[word] = _mix(stems[word])
        _mark_quoted(data, begin, signs, np.int64(sign_n), flags)
    return np.int64(count)


@compiled
def shingle_into(hashes, count, size, out):
    """Hash of every run of ``size`` words into ``out``; returns their number. Word after word, for all runs at once."""
    if count == 0:
        return 0
    size = min(size, count)
    made = np.uint64(count - size + 1)
    for place in range(_NONE, made):
        out[place] = hashes[place]
    weight = _ONE
    for ahead in range(_ONE, np.uint64(size)):
        weight *= _SHINGLE
        for place in range(_NONE, made):
            out[place] += hashes[place + ahead] * weight
    for place in range(_NONE, made):
        out[place] = _mix(out[place])
    return np.int64(made)


@compiled
def _hash_body(hashes, count):
    """As `dedupe.words.body_hash`; four sums side by side, so that no product waits for the one before it."""
    first, second, third, fourth, power = _NONE, _NONE, _NONE, _NONE, _ONE
    whole = np.uint64(count - count % 4)
    for place in range(_NONE, whole, np.uint64(4)):
        first += hashes[place] * power
        second += hashes[place + _ONE] * power
        third += hashes[place + _K2] * power
        fourth += hashes[place + _K3] * power
        power *= _BODY4
    total = first + _BODY * (second + _BODY * (third + _BODY * fourth))
    for place in range(whole, np.uint64(count)):
        total += hashes[place] * power
        power *= _BODY
    return np.int64(_mix(total))


@_inlined
def _slot(value, table, stamps, stamp, mask):
    """Where the value stands, or where it would be put: slots stamped earlier are free."""
    slot = value & mask
    while stamps[slot] >= stamp and table[slot] != value:
        slot = (slot + _ONE) & mask
    return slot


@compiled
def _distinct(values, count, table, stamps, stamp, mask, out):
    """Each value once into ``out``, in order of first appearance; returns their number. Open addressing."""
    kept = 0
    for place in range(count):
        value = values[place]
        slot = _slot(value, table, stamps, stamp, mask)
        if stamps[slot] != stamp:
            stamps[slot] = stamp
            table[slot] = value
            out[kept] = value
            kept += 1
    return kept


@compiled
def _find_repeats(values, count, seen, out):
    """Places of values that stand earlier too, into ``out``; -1 where the values are many or repeat themselves much.

    Nearly every value is told from all others by one bit of ``seen``; the few that are not are looked for.
    """
    if count > _BRIEF:
        return -1
    seen[:] = 0
    met = _NONE
    for place in range(_NONE, np.uint64(count)):
        value = values[place]
        slot, bit = value & np.uint64(_SEEN - 1), value >> np.uint64(58)
        out[met] = place
        met += (seen[slot] >> bit) & _ONE
        seen[slot] |= _ONE << bit
    if met > np.uint64(_SUSPECTS):
        return -1
    kept = 0
    for each in range(met):
        here, same = np.uint64(out[each]), 0
        for other in range(_NONE, here):
            same += values[other] == values[here]
        out[kept] = here
        kept += same > 0
    return kept


@compiled
def _sort(values, shift, turned):
    """Sort in place. Few values, spread evenly: first into 64 parts by the bits from ``shift`` on, then by insertion.

    ``turned``: 32 where the highest of these bits is a sign, else 0.
    """
    if len(values) > _FEW:
        values.sort()
        return
    if len(values) > _HANDFUL:
        ends, parted = np.zeros(65, dtype=np.int32), np.empty(_FEW, dtype=values.dtype)
        for place in range(len(values)):
            ends[((np.int64(values[place] >> shift) & 63) ^ turned) + 1] += 1
        for part in range(64):
            ends[part + 1] += ends[part]
        for place in range(len(values)):
            part = (np.int64(values[place] >> shift) & 63) ^ turned
            parted[ends[part]] = values[place]
            ends[part] += 1
        values[:] = parted[: len(values)]
    for place in range(1, len(values)):
        value = values[place]
        at = place
        while at > 0 and values[at - 1] > value:
            values[at] = values[at - 1]
            at -= 1
        values[at] = value


@_inlined
def _fmix32(value):
    h = np.uint32(value >> _S32)
    h ^= h >> np.uint32(16)
    h = np.uint32(h * _F1)
    h ^= h >> np.uint32(13)
    h = np.uint32(h * _F2)
    return np.uint32(h ^ (h >> np.uint32(16)))


@compiled
def _sign(values, count, a, b, out):
    """Sign by datasketch's affine32 scheme over the upper half of each hash: fmix32, then min of a * h + b mod 2^32.

    Eight shingles a round over the permutations, so that a, b and the minima are loaded once for eight products.
    """
    whole = count - count % 8
    for at in range(0, whole, 8):
        h0, h1, h2, h3 = (
            _fmix32(values[at]),
            _fmix32(values[at + 1]),
            _fmix32(values[at + 2]),
            _fmix32(values[at + 3]),
        )
        at += 4  # noqa: PLW2901
        h4, h5, h6, h7 = (
            _fmix32(values[at]),
            _fmix32(values[at + 1]),
            _fmix32(values[at + 2]),
            _fmix32(values[at + 3]),
        )
        for k in range(out.shape[0]):
            x, y = a[k], b[k]
            low = min(np.uint32(x * h0 + y), np.uint32(x * h1 + y), np.uint32(x * h2 + y), np.uint32(x * h3 + y))
            high = min(np.uint32(x * h4 + y), np.uint32(x * h5 + y), np.uint32(x * h6 + y), np.uint32(x * h7 + y))
            out[k] = min(out[k], low, high)
    for at in range(whole, count):
        h = _fmix32(values[at])
        for k in range(out.shape[0]):
            out[k] = min(out[k], np.uint32(a[k] * h + b[k]))


@compiled
def sketch_batch(data, offsets, kinds, folded, size, a, b, limit, signatures, bodies, shingle_n, scaled, scaled_n):
    """Sketch the texts ``data[offsets[i]:offsets[i + 1]]``; fills the outputs, returns how many scaled hashes.

    ``scaled`` must have room for one hash a byte at most; it is filled text after text, each text's sorted.
    """
    n = len(offsets) - 1
    longest = 1
    for i in range(n):
        longest = max(longest, offsets[i + 1] - offsets[i])
    hashes = np.empty(longest + 1, dtype=np.uint64)
    rolled = np.empty(longest + 1, dtype=np.uint64)
    single = np.empty(longest + 1, dtype=np.uint64)
    cutting = _cutting_room(longest)
    room = _room(longest)
    table = np.empty(room, dtype=np.uint64)
    stamps = np.zeros(room, dtype=np.int32)
    seen = np.empty(_SEEN, dtype=np.uint64)
    repeats = np.empty(_BRIEF + 1, dtype=np.int32)
    shift = 0
    while limit >> np.uint64(shift + 6):
        shift += 1
    used = 0
    for i in range(n):
        count = cut_words(
            data, offsets[i], offsets[i + 1], kinds, folded, cutting, hashes, None, None, None, None, None
        )
        bodies[i] = _hash_body(hashes, count)
        made = shingle_into(hashes, count, size, rolled)
        repeat_n = _find_repeats(rolled, made, seen, repeats)
        kept = made
        every = rolled
        if repeat_n < 0:
            kept = _distinct(rolled, made, table, stamps, np.int32(i + 1), np.uint64(_room(made) - 1), single)
            every, repeat_n = single, 0
        shingle_n[i] = kept - repeat_n
        _sign(every, kept, a, b, signatures[i])
        begin = used
        for place in range(kept):
            scaled[used] = every[place]
            used += every[place] <= limit
        _sort(scaled[begin:used], np.uint64(shift), 0)
        if repeat_n:
            used = begin + _once(scaled[begin:used])
        scaled_n[i] = used - begin
    return used


def sketch_bytes(
    data: U8, offsets: np.ndarray, kinds: U8, folded: U32, size: int, permutations: tuple[U32, U32], limit: int
) -> tuple[U32, np.ndarray, np.ndarray, U64, np.ndarray]:
    """Sketch a batch of texts that lie one after another in ``data``.

    Returns:
        signatures (n, permutations), body hashes, distinct shingles, all scaled hashes one text after another, and how
        many of them each text has.

    Cost: about 4 ns a character on one core; scratch of some 50 bytes a byte of the longest text.
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


@compiled
def _prepare_batch(
    data,
    offsets,
    kinds,
    folded,
    size,
    limit,
    old,
    hashes,
    stems,
    begins,
    ends,
    flags,
    starts,
    rolled,
    stale,
    sizes,
    picked,
):
    """Cut texts one after another into flat arrays.

    ``starts`` (n + 1, 4): where each text's words, shingles, numbers and names begin. ``sizes`` (n, 3): distinct
    shingles, those of them that are not stale, and own words. ``picked`` (2, words): numbers and names of each text,
    ascending.
    """
    n = len(offsets) - 1
    longest = 1
    for i in range(n):
        longest = max(longest, offsets[i + 1] - offsets[i])
    room = _room(longest)
    table = np.empty(room, dtype=np.uint64)
    stamps = np.zeros(room, dtype=np.int32)
    signs = np.empty(longest + 1, dtype=np.uint64)
    cutting = _cutting_room(longest)
    seen = np.empty(_SEEN, dtype=np.uint64)
    repeats = np.empty(_BRIEF + 1, dtype=np.int32)
    sieve = np.empty(_SIEVE, dtype=np.uint8)
    places = np.empty(longest + 1, dtype=np.int32)
    returns = np.empty((room, 3), dtype=np.int32)
    stamp = np.int32(0)
    for i in range(n):
        word, shingle, number, name = starts[i]
        words, stem, mark = hashes[word:], stems[word:], flags[word:]
        count = cut_words(
            *(data, offsets[i], offsets[i + 1], kinds, folded, cutting),
            *(words, stem, begins[word:], ends[word:], mark, signs),
        )
        made = shingle_into(words, count, size, rolled[shingle:])
        _mark_stale(rolled[shingle : shingle + made], limit, old, stale[shingle : shingle + made])
        middle = min(size, count) // 2
        for place in range(made):
            stale[shingle + place] |= (mark[place + middle] & np.uint8(32)) >> np.uint8(4)
        stamp += np.int32(1)
        repeat_n = _find_repeats(rolled[shingle:], made, seen, repeats)
        if repeat_n < 0:
            _count_distinct(rolled[shingle : shingle + made], stale[shingle:], table, stamps, stamp, sizes[i])
        else:
            own = 0
            for place in range(made):
                own += stale[shingle + place] == 0
            for each in range(repeat_n):
                own -= stale[shingle + repeats[each]] == 0
            sizes[i, 0], sizes[i, 1] = made - repeat_n, own
        if made - sizes[i, 0] >= _LIST_TIMES - 1:  # few texts repeat a shingle so often
            stamp += np.int32(1)
            _mark_lists(
                *(rolled[shingle : shingle + made], begins[word:], ends[word:], min(size, count)),
                *(mark, table, stamps, stamp, returns),
            )
            for place in range(made):
                stale[shingle + place] |= (mark[place + middle] & np.uint8(4)) >> np.uint8(2)
            stamp += np.int32(1)
            _count_distinct(rolled[shingle : shingle + made], stale[shingle:], table, stamps, stamp, sizes[i])
        own = 0
        for place in range(count):
            own += (mark[place] & np.uint8(36)) == 0
        sizes[i, 2] = own
        found = picked[0, number:]
        number_n = 0
        for place in range(count):
            found[number_n] = np.int64(words[place])
            number_n += (mark[place] & 8) >> 3
        number_n = _unique(found, number_n)
        name_n = _pick_names(words, mark, count, table, stamps, stamp + np.int32(1), sieve, places, picked[1, name:])
        stamp += np.int32(2)
        starts[i + 1, 0] = word + count
        starts[i + 1, 1] = shingle + made
        starts[i + 1, 2] = number + number_n
        starts[i + 1, 3] = name + name_n


@compiled
def _unique(values, count):
    """Sort the first ``count`` values and keep each once; returns how many are left."""
    _sort(values[:count], 58, 32)
    return _once(values[:count])


@compiled
def _once(values):
    """Move each value of a sorted array to the front, once; returns how many there are."""
    kept = 0
    for place in range(len(values)):
        values[kept] = values[place]
        kept += place + 1 == len(values) or values[place + 1] != values[place]
    return kept


@_inlined  # called, not inlined, the whole pass costs half as much again
def _pick_names(words, flags, word_n, table, stamps, stamp, sieve, places, out):
    """The capitalised words that the text never writes in lower case, ascending, each once; returns their number.

    The words that are names get NAME. A sieve of one byte a slot lets nearly every other word pass without a branch.

    ``stamp``: of words that may be names; one above it, of those that were met in lower case.
    """
    upper, distinct = 0, 0
    for place in range(word_n):
        places[upper] = place
        upper += (flags[place] & 16) >> 4
    mask = np.uint64(min(len(stamps), _room(2 * upper)) - 1)
    sieve[:] = 0
    for each in range(upper):
        value = words[places[each]]
        sieve[value & np.uint64(_SIEVE - 1)] = 16
        slot = _slot(value, table, stamps, stamp, mask)
        if stamps[slot] != stamp:
            stamps[slot] = stamp
            table[slot] = value
            out[distinct] = np.int64(value)
            distinct += 1
    capitals = upper
    for place in range(word_n):
        places[upper] = place
        upper += (sieve[words[place] & np.uint64(_SIEVE - 1)] & ~flags[place] & 16) >> 4
    for each in range(capitals, upper):
        slot = _slot(words[places[each]], table, stamps, stamp, mask)
        stamps[slot] += stamps[slot] == stamp
    for each in range(capitals):
        named = stamps[_slot(words[places[each]], table, stamps, stamp, mask)] == stamp
        flags[places[each]] |= np.uint8(128) * np.uint8(named)
    kept = 0
    for each in range(distinct):
        out[kept] = out[each]
        kept += stamps[_slot(np.uint64(out[each]), table, stamps, stamp, mask)] == stamp
    _sort(out[:kept], 58, 32)
    return kept


@compiled
def _count_distinct(values, marks, table, stamps, stamp, sizes):
    """Count the distinct values, and those of them whose first one has no mark, into the two ``sizes``."""
    mask = np.uint64(_room(len(values)) - 1)
    distinct, own = 0, 0
    for place in range(len(values)):
        value = values[place]
        slot = _slot(value, table, stamps, stamp, mask)
        if stamps[slot] != stamp:
            stamps[slot] = stamp
            table[slot] = value
            distinct += 1
            own += marks[place] == 0
    sizes[0], sizes[1] = distinct, own


@compiled
def _mark_lists(shingles, begins, ends, size, flags, table, stamps, stamp, returns):
    """What `dedupe.words.mark_lists` does. ``returns``, by slot: a formula's first place, its last one, times."""
    mask = np.uint64(_room(len(shingles)) - 1)
    for place in range(len(shingles)):
        if ends[place + size - 1] - begins[place] < _LIST_LETTERS:
            continue
        slot = _slot(shingles[place], table, stamps, stamp, mask)
        if stamps[slot] != stamp or place - returns[slot, 1] > _LIST_REACH:
            stamps[slot] = stamp
            table[slot] = shingles[place]
            returns[slot, 0], returns[slot, 1], returns[slot, 2] = place, place, 1
            continue
        begin = returns[slot, 1]
        returns[slot, 1] = place
        returns[slot, 2] += 1
        if returns[slot, 2] < _LIST_TIMES:
            continue
        if returns[slot, 2] == _LIST_TIMES:
            begin = returns[slot, 0]
        for word in range(begin, place + size):
            flags[word] |= np.uint8(4)


@compiled
def _mark_stale(shingles, limit, old, stale):
    """1 where the nearest sampled shingle (the left one of two equally near) is in ``old``, else 0."""
    before = -1
    for place in range(len(shingles)):
        stale[place] = 0
    if len(old) == 0:
        return
    mark = 0
    for place in range(len(shingles)):
        if shingles[place] > limit:
            continue
        where = np.searchsorted(old, shingles[place])
        now = 1 if where < len(old) and old[where] == shingles[place] else 0
        middle = 0 if before < 0 else (before + place) // 2 + 1
        for at in range(before + 1 if before >= 0 else 0, place):
            stale[at] = now if at >= middle else mark
        stale[place] = now
        before = place
        mark = now
    for at in range(before + 1, len(shingles)):
        stale[at] = mark


def prepare_bytes(
    data: U8, offsets: np.ndarray, tables: tuple[U8, U32], size: int, limit: int, old: U64
) -> tuple[Any, ...]:
    """The fields of `dedupe.passages.Prepared`, in order, for the texts of a batch. Cost: about 7 ns a character."""
    # A word is at least one byte and a separator, or one character of three bytes. Pages never written stay unclaimed.
    n, room = len(offsets) - 1, len(data) // 2 + len(offsets)
    hashes, stems = np.empty(room, np.int64), np.empty(room, np.int64)
    begins, ends = np.empty(room, np.int32), np.empty(room, np.int32)
    flags, rolled, marks = np.empty(room, np.uint8), np.empty(room, np.int64), np.empty(room, np.uint8)
    starts, sizes, picked = np.zeros((n + 1, 4), np.int64), np.zeros((n, 3), np.int64), np.empty((2, room), np.int64)
    _prepare_batch(
        *(data, offsets, *tables, size, np.uint64(limit), old),
        *(hashes.view(np.uint64), stems.view(np.uint64), begins, ends, flags),
        *(starts, rolled.view(np.uint64), marks, sizes, picked),
    )
    word_n, shingle_n, number_n, name_n = starts[-1].tolist()
    at = [np.ascontiguousarray(starts[:, column]) for column in range(4)]
    return (
        *(hashes[:word_n], stems[:word_n], begins[:word_n], ends[:word_n], flags[:word_n], at[0]),
        *(rolled[:shingle_n], marks[:shingle_n], at[1], *(sizes[:, column].copy() for column in range(3))),
        *(picked[0, :number_n], at[2], picked[1, :name_n], at[3]),
    )


for _called in (
    *(spans.index_shingles, spans.find_shared, spans.find_spans, spans.count_own, spans.compare_gaps),
    *(spans.has_other, spans.has, spans.is_other, spans.count_common, spans.count_rest, spans.table_room),
):
    numba.extending.register_jitable(_called)
# Compiled from the file of the functions it calls: numba keeps machine code as long as that one file is unchanged.
_align_batch = compiled(spans.align_batch)
chunk_ends = compiled(spans.chunk_ends)


def align_many(
    texts: passages.Prepared, a: passages.I64, b: passages.I64, enough: passages.F64
) -> tuple[passages.I64, passages.I64]:
    """Counts (pairs, COUNTS) and span triples (all spans, 3) of the pairs (a[i], b[i])."""
    widest = int(np.diff(texts.shingle_at).max()) if len(texts.shingle_at) > 1 else 1
    room = np.empty(3 * max(_SPANS, widest + 1), dtype=np.int64)
    counts = np.zeros((len(a), spans.COUNTS), dtype=np.int64)
    triples, done = [], 0
    while done < len(a):
        step, used = _align_batch(
            *(texts.hashes, texts.stems, texts.flags, texts.word_at, texts.shingles, texts.marks, texts.shingle_at),
            *(texts.distinct, texts.own, texts.numbers, texts.number_at, texts.names, texts.name_at),
            *(a[done:], b[done:], enough[done:], counts[done:], room),
        )
        triples.append(room[: 3 * used].reshape(-1, 3).copy())
        done += step
    return counts, np.concatenate(triples) if triples else np.zeros((0, 3), np.int64)
