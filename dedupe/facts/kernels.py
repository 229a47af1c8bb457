# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# ruff: noqa: ANN001, ANN201, ANN202, C901, PLR0912, PLR0915 - numba infers types; a kernel is one long loop
"""What two texts have in common, compiled: `reading.read` and `features.compare` for thousands of pairs at once.

The quick lane. `dedupe.facts.reading` and `dedupe.facts.features` are the readable one, and the tests hold both to the
same numbers. Importing this module imports numba; the first call loads or builds machine code (10 s once a machine).
"""

import math

import numpy as np

from dedupe.compiling import compiled
from dedupe.facts import features, reading
from dedupe.facts.lexicon import CAPITAL, KNOWN, MODAL, NEGATIVE, UPPER

_STEMS = reading.STEMS
_LEAST = reading.Context.LEAST
_HALF = reading.Context.HALF
_LONGEST = features.LONGEST
_FULL = np.float32(features.FULL)
_NOISE = np.float32(features.NOISE)
_REST = np.float32(1 - features.NOISE)
_MEANT_ALIKE = features.MEANT_ALIKE
_ALIKE_SHARE = features.ALIKE_SHARE
_WIDTH = features.BASE
_GRAM = np.uint64(0x9E3779B97F4A7C15)  # of runs of four letters: odd, so that no two likely runs meet
_SPACE = 32
_HEAD, _TAIL = 94, 36  # "^", "$"


@compiled
def pack(ends, words, opening, form, stem, bits, share, string_ends, letters):
    """Texts as words -> what is compared of each (`packed.Packed`), each kind with where every text's part begins."""
    texts, size = len(ends) - 1, len(words)
    room = size + texts + 1
    for at in range(size):
        room += string_ends[form[words[at]] + 1] - string_ends[form[words[at]]]
    bounds = np.zeros((6, texts + 1), np.int64)
    stems, kept, names = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    bigrams, grams = np.empty(size, np.int64), np.empty(room, np.uint64)
    trigrams, shares = np.empty(room, np.int64), np.empty(room, np.float64)
    marks, lengths = np.zeros(texts, np.int64), np.ones(texts, np.float64)
    run = np.empty(room, np.uint64)
    keys, values = np.empty(room, np.int64), np.empty(room, np.float64)
    seen = np.full(len(string_ends), -1, np.int64)
    named = np.full(len(string_ends), -1, np.int64)
    n_stem = n_kept = n_name = n_bi = n_gram = n_tri = 0
    for text in range(texts):
        first_stem, first_kept, first_bi, first_gram, first_tri = n_stem, n_kept, n_bi, n_gram, n_tri
        width = count = 0
        run[0] = np.uint64(_SPACE)
        width = 1
        for at in range(ends[text], ends[text + 1]):
            word = words[at]
            found, flags, spelled = stem[word], bits[word], form[word]
            marks[text] |= flags & (NEGATIVE | MODAL)
            begin, end = string_ends[spelled], string_ends[spelled + 1]
            for place in range(begin, end):
                run[width] = np.uint64(letters[place])
                width += 1
            run[width] = np.uint64(_SPACE)
            width += 1
            if found < 0:
                continue
            stems[n_stem] = found
            n_stem += 1
            if flags & CAPITAL and (not opening[at] or flags & UPPER or not flags & KNOWN) and named[found] != text:
                named[found] = text
                names[n_name] = found
                n_name += 1
            if seen[found] != text and n_kept - first_kept < _STEMS:
                seen[found] = text
                kept[n_kept] = found
                n_kept += 1
            before, here = np.int64(_HEAD), np.int64(letters[begin]) if begin < end else np.int64(_TAIL)
            for place in range(begin, end):
                after = np.int64(letters[place + 1]) if place + 1 < end else np.int64(_TAIL)
                keys[count] = before << 42 | here << 21 | after
                values[count] = share[word]
                count += 1
                before, here = here, after
        if n_stem == first_stem:  # no word carries content: all of them are compared
            for at in range(ends[text], ends[text + 1]):
                spelled = form[words[at]]
                if seen[spelled] != text and n_kept - first_kept < _STEMS:
                    seen[spelled] = text
                    kept[n_kept] = spelled
                    n_kept += 1
        if ends[text] == ends[text + 1]:
            run[1] = np.uint64(_SPACE)  # " " + "" + " "
            width = 2
        for at in range(first_stem + 1, n_stem):
            bigrams[n_bi] = stems[at - 1] << 32 | stems[at]
            n_bi += 1
        n_bi = _distinct(bigrams, first_bi, n_bi)
        for at in range(width - 3):
            mixed = np.uint64(0)
            for place in range(at, at + 4):
                mixed = mixed * _GRAM + run[place]
            grams[n_gram] = mixed
            n_gram += 1
        n_gram = _distinct(grams, first_gram, n_gram)
        order = np.argsort(keys[:count], kind="mergesort")
        for place in order:
            if n_tri > first_tri and trigrams[n_tri - 1] == keys[place]:
                shares[n_tri - 1] += values[place]
            else:
                trigrams[n_tri], shares[n_tri] = keys[place], values[place]
                n_tri += 1
        square = 0.0
        for at in range(first_tri, n_tri):
            square += shares[at] * shares[at]
        lengths[text] = math.sqrt(square) if square > 0.0 else 1.0
        bounds[0, text + 1], bounds[1, text + 1], bounds[2, text + 1] = n_stem, n_kept, n_name
        bounds[3, text + 1], bounds[4, text + 1], bounds[5, text + 1] = n_bi, n_gram, n_tri
    return (
        bounds, stems[:n_stem], kept[:n_kept], names[:n_name], bigrams[:n_bi], grams[:n_gram], trigrams[:n_tri],
        shares[:n_tri], marks, lengths,
    )  # fmt: skip


@compiled
def _distinct(values, begin, end):
    """Sort a stretch and drop repeats; where it ends then."""
    if end - begin < 2:
        return end
    values[begin:end].sort()
    last = begin
    for at in range(begin + 1, end):
        if values[at] != values[last]:
            last += 1
            values[last] = values[at]
    return last + 1


@compiled
def weigh(bounds, kept, rarity, row, uses, among):
    """As `Context.weigh` among the first so many of these texts: weights beside `kept`, sums, lengths, mean uses."""
    texts, size = len(bounds) - 1, uses.shape[1]
    holding = np.zeros(len(rarity), np.int64)
    for at in range(bounds[among]):
        holding[kept[at]] += 1
    weight = np.empty(len(kept), np.float64)
    total, length = np.empty(texts, np.float64), np.empty(texts, np.float64)
    mean, norm = np.zeros((texts, size), np.float64), np.zeros(texts, np.float64)
    full, power = math.log(among + 1.0), among / (among + _HALF)
    for text in range(texts):
        plain = square = 0.0
        for at in range(bounds[text], bounds[text + 1]):
            string = kept[at]
            value = rarity[string]
            if among > 1:
                value *= max(_LEAST, ((full - math.log(max(1.0, float(holding[string])))) / full) ** power)
            weight[at] = value
            plain += value
            square += value * value
            for place in range(size):
                mean[text, place] += value * uses[row[string], place]
        total[text] = plain if plain > 0.0 else 1.0
        length[text] = math.sqrt(square) if square > 0.0 else 1.0
        square = 0.0
        for place in range(size):
            square += mean[text, place] * mean[text, place]
        norm[text] = math.sqrt(square)
    return weight, total, length, mean, norm


@compiled
def _spelled_before(a, b, string_ends, letters):
    """-1, 0 or 1 as one string stands before, with or after another."""
    if a == b:
        return 0
    begin, other = string_ends[a], string_ends[b]
    size, width = string_ends[a + 1] - begin, string_ends[b + 1] - other
    for at in range(min(size, width)):
        if letters[begin + at] != letters[other + at]:
            return -1 if letters[begin + at] < letters[other + at] else 1
    return -1 if size < width else 1


@compiled
def _sequence_before(left, right, string_ends, letters):
    """-1, 0 or 1 as one sequence of strings stands before, with or after another."""
    for at in range(min(len(left), len(right))):
        side = _spelled_before(left[at], right[at], string_ends, letters)
        if side:
            return side
    return 0 if len(left) == len(right) else -1 if len(left) < len(right) else 1


@compiled
def _sorted_names(names, string_ends, letters):
    out = names.copy()
    for at in range(1, len(out)):
        place = at
        while place and _spelled_before(out[place], out[place - 1], string_ends, letters) < 0:
            out[place], out[place - 1] = out[place - 1], out[place]
            place -= 1
    return out


@compiled
def _common(left, right):
    """How many values two ascending arrays share."""
    i = j = found = 0
    while i < len(left) and j < len(right):
        if left[i] == right[j]:
            found += 1
            i += 1
            j += 1
        elif left[i] < right[j]:
            i += 1
        else:
            j += 1
    return found


@compiled
def _alike(a, b, string_ends, letters):
    """As `features.alike`."""
    begin, other = string_ends[a], string_ends[b]
    size, width = string_ends[a + 1] - begin, string_ends[b + 1] - other
    longest, same = max(size, width), 0
    while same < min(size, width) and letters[begin + same] == letters[other + same]:
        same += 1
    return same / longest if same >= 4 and same >= _ALIKE_SHARE * longest else 0.0


@compiled(fastmath={"reassoc"}, inline="always")
def _dot(left, right):
    """Exact in any order: the values are whole numbers."""
    total = np.float32(0.0)
    for place in range(len(left)):
        total += left[place] * right[place]
    return total


@compiled
def _meant(own, other, row, meanings, string_ends, letters, absent):
    """As `features.likeness` of two stems that are not the same."""
    value = (_dot(meanings[row[own]], meanings[row[other]]) / _FULL - _NOISE) / _REST
    value = min(max(value, np.float32(0.0)), np.float32(1.0)) * np.float32(_MEANT_ALIKE)
    if absent:
        begin, beside = string_ends[own], string_ends[other]
        sized = string_ends[own + 1] - begin >= 4 and string_ends[other + 1] - beside >= 4
        if sized and letters[begin] == letters[beside] and letters[begin + 1] == letters[beside + 1]:
            value = max(value, np.float32(_MEANT_ALIKE * _alike(own, other, string_ends, letters)))
    return value


@compiled
def compare(
    left, right, bounds, stems, kept, names, bigrams, grams, trigrams, shares, marks, trigram_lengths, number_ends,
    numbers, weights, totals, lengths, means, norms, row, meanings, string_ends, letters,
):  # fmt: skip
    """As `features.compare` without the products, for pairs left[i], right[i]."""
    out = np.zeros((len(left), _WIDTH), np.float64)
    strings = len(string_ends) - 1
    in_a, in_b = np.full(strings, -1, np.int64), np.full(strings, -1, np.int64)
    steps = np.zeros(_LONGEST + 1, np.int64)
    come_a, come_b = np.empty(_LONGEST, np.int64), np.empty(_LONGEST, np.int64)
    for pair in range(len(left)):
        a, b = left[pair], right[pair]
        size_a, size_b = bounds[0, a + 1] - bounds[0, a], bounds[0, b + 1] - bounds[0, b]
        swap = size_b < size_a
        if size_a == size_b:
            side = _sequence_before(stems[bounds[0, b] : bounds[0, b + 1]], stems[bounds[0, a] : bounds[0, a + 1]],
                                    string_ends, letters)  # fmt: skip
            if side == 0:
                side = _sequence_before(
                    _sorted_names(names[bounds[2, b] : bounds[2, b + 1]], string_ends, letters),
                    _sorted_names(names[bounds[2, a] : bounds[2, a + 1]], string_ends, letters),
                    string_ends,
                    letters,
                )
            swap = side < 0
        if swap:
            a, b = b, a
            size_a, size_b = size_b, size_a
        row_of = out[pair]
        begin_a, end_a, begin_b, end_b = bounds[1, a], bounds[1, a + 1], bounds[1, b], bounds[1, b + 1]
        held_a, held_b = end_a - begin_a, end_b - begin_b
        for at in range(begin_a, end_a):
            in_a[kept[at]] = at
        for at in range(begin_b, end_b):
            in_b[kept[at]] = at

        shared, weight, dot, rarest, odd_a, odd_b = 0, 0.0, 0.0, 0.0, 0.0, 0.0
        for at in range(begin_a, end_a):
            other = in_b[kept[at]]
            if other >= 0:
                shared += 1
                weight += weights[at]
                dot += weights[at] * weights[other]
                rarest = max(rarest, weights[at])
            else:
                odd_a = max(odd_a, weights[at])
        for at in range(begin_b, end_b):
            if in_a[kept[at]] < 0:
                odd_b = max(odd_b, weights[at])
        cover_a, cover_b = weight / totals[a], weight / totals[b]

        product = 0.0
        i, j, end_i, end_j = bounds[5, a], bounds[5, b], bounds[5, a + 1], bounds[5, b + 1]
        while i < end_i and j < end_j:
            if trigrams[i] == trigrams[j]:
                product += shares[i] * shares[j]
                i += 1
                j += 1
            elif trigrams[i] < trigrams[j]:
                i += 1
            else:
                j += 1
        gram_a, gram_b = bounds[4, a + 1] - bounds[4, a], bounds[4, b + 1] - bounds[4, b]
        both = _common(grams[bounds[4, a] : bounds[4, a + 1]], grams[bounds[4, b] : bounds[4, b + 1]])
        bi_a, bi_b = bounds[3, a + 1] - bounds[3, a], bounds[3, b + 1] - bounds[3, b]
        bi = _common(bigrams[bounds[3, a] : bounds[3, a + 1]], bigrams[bounds[3, b] : bounds[3, b + 1]])

        n_a = n_b = 0
        for at in range(bounds[0, a], min(bounds[0, a + 1], bounds[0, a] + _LONGEST)):
            if in_b[stems[at]] >= 0:
                come_a[n_a] = stems[at]
                n_a += 1
        for at in range(bounds[0, b], min(bounds[0, b + 1], bounds[0, b] + _LONGEST)):
            if in_a[stems[at]] >= 0:
                come_b[n_b] = stems[at]
                n_b += 1
        steps[: n_b + 1] = 0
        for i in range(n_a):
            diagonal = 0
            for j in range(1, n_b + 1):
                above = steps[j]
                steps[j] = diagonal + 1 if come_a[i] == come_b[j - 1] else max(above, steps[j - 1])
                diagonal = above
        order = steps[n_b]
        short, long = max(1, min(_LONGEST, size_a)), max(1, min(_LONGEST, size_b))

        name_a, name_b = bounds[2, a + 1] - bounds[2, a], bounds[2, b + 1] - bounds[2, b]
        met_a = met_b = 0
        for at in range(bounds[2, a], bounds[2, a + 1]):
            met_a += in_b[names[at]] >= 0
        for at in range(bounds[2, b], bounds[2, b + 1]):
            met_b += in_a[names[at]] >= 0
        figure_a, figure_b = number_ends[a + 1] - number_ends[a], number_ends[b + 1] - number_ends[b]
        equal = _common(numbers[number_ends[a] : number_ends[a + 1]], numbers[number_ends[b] : number_ends[b + 1]])

        row_of[0], row_of[1] = max(cover_a, cover_b), min(cover_a, cover_b)
        row_of[2] = dot / (lengths[a] * lengths[b])
        row_of[3] = product / (trigram_lengths[a] * trigram_lengths[b])
        row_of[4] = 2 * both / max(1, gram_a + gram_b)
        row_of[5] = shared / max(1, held_a + held_b - shared)
        row_of[6] = bi / max(1, min(bi_a, bi_b))
        row_of[7], row_of[8], row_of[9] = order / short, order / long, short / long
        row_of[10] = math.log1p(min(size_a, size_b))
        row_of[11], row_of[12] = math.log1p(weight), rarest / 10
        row_of[13], row_of[14] = min(equal, 3), min(figure_a + figure_b - 2 * equal, 4)
        row_of[15] = figure_a > 0 and figure_b > 0 and equal == 0
        row_of[16] = min(met_a + met_b, 6) / 6
        row_of[17] = min(name_a - met_a + name_b - met_b, 6) / 6
        row_of[18] = name_a > 0 and name_b > 0 and met_a == 0 and met_b == 0
        row_of[19] = marks[a] & NEGATIVE != marks[b] & NEGATIVE
        row_of[20] = marks[a] & MODAL != marks[b] & MODAL
        row_of[21], row_of[22] = max(odd_a, odd_b) / 10, min(odd_a, odd_b) / 10
        row_of[23] = min(shared, 8) / 8
        row_of[24] = math.log1p(max(0.0, max(totals[a], totals[b]) - weight))
        row_of[25] = math.log1p(max(0.0, min(totals[a], totals[b]) - weight))
        row_of[26] = size_a > 0 and size_b > 0 and stems[bounds[0, a]] == stems[bounds[0, b]]

        if held_a and held_b:
            best_a, best_b = np.zeros(held_a, np.float32), np.zeros(held_b, np.float32)
            for i in range(held_a):
                own = kept[begin_a + i]
                same = in_b[own]
                for j in range(held_b):
                    if begin_b + j == same:
                        value = np.float32(1.0)
                    else:
                        value = _meant(own, kept[begin_b + j], row, meanings, string_ends, letters, same < 0)
                    best_a[i], best_b[j] = max(best_a[i], value), max(best_b[j], value)
            soft_a = soft_b = lack_a = lack_b = 0.0
            weakest = best_a[0]
            top, second = -1, -1  # the two rarest, of equal ones the first
            for i in range(held_a):
                own_weight = weights[begin_a + i]
                soft_a += own_weight * np.float64(best_a[i])
                lack_a = max(lack_a, own_weight * np.float64(np.float32(1.0) - best_a[i]))
                weakest = min(weakest, best_a[i])
                if top < 0 or own_weight > weights[begin_a + top]:
                    top, second = i, top
                elif second < 0 or own_weight > weights[begin_a + second]:
                    second = i
            for j in range(held_b):
                soft_b += weights[begin_b + j] * np.float64(best_b[j])
                lack_b = max(lack_b, weights[begin_b + j] * np.float64(np.float32(1.0) - best_b[j]))
            soft_a /= totals[a]
            soft_b /= totals[b]
            use = 0.0
            if norms[a] * norms[b] > 0.0:
                for place in range(means.shape[1]):
                    use += means[a, place] * means[b, place]
                use /= norms[a] * norms[b]
            row_of[27] = use
            row_of[28], row_of[29], row_of[30] = max(soft_a, soft_b), min(soft_a, soft_b), soft_a
            row_of[31] = both / max(1, gram_a)
            row_of[32], row_of[33] = lack_a / 10, lack_b / 10
            rare = best_a[top] if second < 0 else (best_a[top] + best_a[second]) / np.float32(2.0)
            row_of[34], row_of[35] = rare, weakest
            row_of[36] = met_a / name_a if name_a else 0.5
        for at in range(begin_a, end_a):
            in_a[kept[at]] = -1
        for at in range(begin_b, end_b):
            in_b[kept[at]] = -1
    return out
