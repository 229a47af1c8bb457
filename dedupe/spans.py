"""Shared passages of two texts, word for word, and what differs in between: the algorithm, written once.

Plain functions over integers. A few pairs run them as they are, over lists; many pairs run them compiled, over arrays
(`dedupe.kernels`). Both are the same source and a test compares their results. Everything compiled together stands in
this file, because numba reuses machine code for as long as one file is unchanged.
"""

from typing import Any, TypeAlias

import numpy as np

Integers: TypeAlias = Any  # a list or an array of integers
Reals: TypeAlias = Any  # of floats

# What `align_pair` counts, by column.
COMMON, OWN_COMMON, MATCHED_A, MATCHED_B, SPAN_N, LONGEST = 0, 1, 2, 3, 4, 5
NUMBER_SWAPS, NAME_SWAPS, WORD_SWAPS, GAPS, LOOSE_A, LOOSE_B = 6, 7, 8, 9, 10, 11
NUMBERS_COMMON, NAMES_COMMON = 12, 13
QUOTED_BY_A, QUOTED_BY_B = 14, 15  # common, and a quotation in that text only
REST_B, REST_A, REST_COMMON_B, REST_COMMON_A = 16, 17, 18, 19  # names outside the spans; of them, in the other text
OWN_A, OWN_B, LIFTED_A, LIFTED_B = 20, 21, 22, 23  # words in the spans that are own text; of them, quoted by one side
HEAD_SWAPS = 24  # of the number swaps, those before the first shared passage: a page's date and time stand there
FOLLOWED_A, FOLLOWED_B = 25, 26  # words of the short gaps that stand in the other text's gap too
COUNTS = 27

_TRIES = 8  # places of b tried for one shingle of a: bounds texts that repeat themselves
_SWAP_WORDS = 16  # a gap of at most this many words on both sides is a substitution; longer ones are other text


def chunk_ends(a: Integers, b: Integers, sizes: Integers, seen: Integers, most: int, ends: Integers) -> int:
    """Where runs of the pairs (a[i], b[i]) end that need more than ``most`` of ``sizes``, each text once; how many."""
    count = 0
    total = 0
    for pair in range(len(a)):
        for text in (a[pair], b[pair]):
            if seen[text] <= count:
                seen[text] = count + 1
                total += sizes[text]
        if total > most and pair + 1 < len(a):
            ends[count] = pair + 1
            count += 1
            total = 0
    return count


def table_room(size: int) -> int:
    """Slots of the hash table for ``size`` shingles: a power of two, at most a quarter full."""
    room = 16
    while room < 4 * size:
        room *= 2
    return room


def index_shingles(shingles: Integers, slots: Integers, mask: int, chain: Integers, last: Integers) -> int:
    """Hash table of a text's shingles: slot -> first place, chain -> next place; returns how many are distinct.

    ``last``: of a first place the last one with the same shingle, else -1.
    """
    distinct = 0
    for place in range(len(shingles)):
        value = shingles[place]
        slot = value & mask
        while slots[slot] >= 0 and shingles[slots[slot]] != value:
            slot = (slot + 1) & mask
        chain[place] = -1
        head = slots[slot]
        if head < 0:
            slots[slot] = place
            last[place] = place
            distinct += 1
        else:
            chain[last[head]] = place
            last[head] = place
            last[place] = -1
    return distinct


def find_shared(
    a: Integers,
    a_marks: Integers,
    b: Integers,
    b_marks: Integers,
    slots: Integers,
    mask: int,
    last: Integers,
    heads: Integers,
    hit: Integers,
    counts: Integers,
) -> None:
    """Where each shingle of ``a`` first stands in ``b`` (else -1) into ``heads``; counts distinct common ones.

    A common shingle is *own* text unless it is background or a list's (mark 1) on one side, or a quotation (mark 2) on
    both: what one text quotes and the other one writes comes from the other one.
    """
    common, own, quoted_by_a, quoted_by_b = 0, 0, 0, 0
    head = -1
    for place in range(len(a)):
        value = a[place]
        after = head + 1
        if 0 < after < len(b) and b[after] == value and last[after] >= 0:
            head = after  # a passage goes on: nothing to look up
        else:
            slot = value & mask
            while slots[slot] >= 0 and b[slots[slot]] != value:
                slot = (slot + 1) & mask
            head = slots[slot]
        heads[place] = head
        if head >= 0 and hit[head] == 0:
            hit[head] = 1
            common += 1
            ours = a_marks[place]
            theirs = b_marks[head]
            if ((ours | theirs) & 1) == 0 and (ours & theirs & 2) == 0:
                own += 1
                if ours & 2:
                    quoted_by_a += 1
                elif theirs & 2:
                    quoted_by_b += 1
    counts[0], counts[1], counts[14], counts[15] = common, own, quoted_by_a, quoted_by_b


def find_spans(
    a: Integers, b: Integers, heads: Integers, chain: Integers, spans: Integers, covered: Integers, counts: Integers
) -> int:
    """Longest equal runs of words, left to right in ``a``: triples (place in a, place in b, length) into ``spans``."""
    found = 0
    at = 0
    after = 0
    while at < len(heads):
        place = heads[at]
        best = 0
        where = -1
        tries = 0
        while place >= 0 and tries < _TRIES:
            size = 0
            while at + size < len(a) and place + size < len(b) and a[at + size] == b[place + size]:
                size += 1
            if size > best or (size == best and where < after <= place):
                best = size
                where = place
            place = chain[place]
            tries += 1
        if best == 0:
            at += 1
            continue
        spans[3 * found] = at
        spans[3 * found + 1] = where
        spans[3 * found + 2] = best
        found += 1
        counts[2] += best
        for word in range(where, where + best):
            if covered[word] == 0:
                covered[word] = 1
                counts[3] += 1
        counts[5] = max(counts[5], best)
        at += best
        after = where + best
    counts[4] = found
    return found


def count_own(
    a_flags: Integers, b_flags: Integers, spans: Integers, found: int, covered: Integers, counts: Integers
) -> None:
    """Words of the spans that are own text, as in `find_shared`; ``covered`` says of b's words that they were counted.

    A word that one side alone quotes was lifted by it from the other.
    """
    own_a = 0
    own_b = 0
    lifted_a = 0
    lifted_b = 0
    for each in range(found):
        begin = spans[3 * each]
        b_begin = spans[3 * each + 1]
        for word in range(spans[3 * each + 2]):  # without a branch, so that it is done for many words at once
            ours = a_flags[begin + word]
            theirs = b_flags[b_begin + word]
            own = 1 - (((ours | theirs) >> 2 | (ours & theirs) >> 5) & 1)
            first = own * (covered[b_begin + word] == 1)
            covered[b_begin + word] += first
            own_a += own
            own_b += first
            lifted_a += own & (ours >> 5)
            lifted_b += first & (theirs >> 5)
    counts[20] = own_a
    counts[21] = own_b
    counts[22] = lifted_a
    counts[23] = lifted_b


def has_other(
    a: Integers,
    a_stems: Integers,
    begin: int,
    end: int,
    b: Integers,
    b_stems: Integers,
    b_begin: int,
    b_end: int,
    flags: Integers,
) -> int:
    """What a[begin:end] has and b[b_begin:b_end] lacks, as bits: 1 a number, 2 a name, 4 another word.

    Above these three bits, in eight: how many runs of numbers and names are lacking; above these: words not lacking.
    A name that only ends otherwise is the same name in another spelling or case.
    """
    kinds = 0
    runs = 0
    followed = 0
    in_run = False
    for place in range(begin, end):
        flag = flags[place]
        same = False
        for other in range(b_begin, b_end):
            if a[place] == b[other] or ((flag & 24) == 16 and a_stems[place] == b_stems[other]):
                same = True
                break
        fact = not same and (flag & 24) != 0
        if fact and not in_run:
            runs += 1
        in_run = fact
        if same:
            followed += 1
            continue
        if flag & 8:
            kinds |= 1
        elif flag & 16:
            kinds |= 2
        else:
            kinds |= 4
    return kinds + 8 * runs + 2048 * followed


def has(values: Integers, value: int) -> bool:
    """Whether an ascending sequence holds a value."""
    low = 0
    high = len(values)
    while low < high:
        middle = (low + high) // 2
        if values[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low < len(values) and values[low] == value


def count_rest(
    text: Integers, flags: Integers, covered: Integers, others: Integers, counts: Integers, column: int
) -> int:
    """How many names of a text stand outside the shared passages; into ``counts``, how many the other text has too."""
    found = 0
    for place in range(len(text)):
        if (covered[place] == 0) & ((flags[place] & 128) != 0):  # one branch, seldom taken
            found += 1
            if has(others, text[place]):
                counts[column] += 1
    return found


def compare_gaps(
    a: Integers,
    a_stems: Integers,
    a_flags: Integers,
    b: Integers,
    b_stems: Integers,
    b_flags: Integers,
    spans: Integers,
    found: int,
    counts: Integers,
) -> None:
    """What stands between the spans, before the first and after the last.

    Short gaps: numbers or names put for others, or other words. Long ones: loose text.
    """
    for each in range(-1, found):
        if found == 0:
            return
        begin = 0
        b_begin = 0
        end = len(a)
        b_end = len(b)
        if each >= 0:
            begin = spans[3 * each] + spans[3 * each + 2]
            b_begin = spans[3 * each + 1] + spans[3 * each + 2]
        if each < found - 1:
            end = spans[3 * each + 3]
            b_end = spans[3 * each + 4]
        if b_end < b_begin or (begin == end and b_begin == b_end):
            continue
        long = end - begin > _SWAP_WORDS or b_end - b_begin > _SWAP_WORDS
        inner = 0 <= each < found - 1
        if long:
            counts[10] += end - begin
            counts[11] += b_end - b_begin
            counts[9] += inner
            continue
        counts[9] += 1
        ours = has_other(a, a_stems, begin, end, b, b_stems, b_begin, b_end, a_flags)
        theirs = has_other(b, b_stems, b_begin, b_end, a, a_stems, begin, end, b_flags)
        both = ours & theirs & 7
        rewritten = (ours ^ theirs) & 4  # a word on one side only: "about 1,200" for "1,234" is no slot of a form
        swaps = min(ours >> 3 & 255, theirs >> 3 & 255)
        counts[25] += ours >> 11
        counts[26] += theirs >> 11
        if both & 3 and swaps > 0 and not rewritten:
            counts[6 if both & 1 else 7] += swaps
            if each < 0 and both & 1:
                counts[24] += swaps
        elif (ours | theirs) & 7 != 0:
            counts[8] += 1


def count_common(a: Integers, b: Integers) -> int:
    """Values two ascending sequences have in common."""
    i = 0
    j = 0
    common = 0
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            common += 1
            i += 1
            j += 1
        elif a[i] < b[j]:
            i += 1
        else:
            j += 1
    return common


def is_other(counts: Integers, distinct_a: int, own_a: int, distinct_b: int, own_b: int, share: float) -> bool:
    """Whether less than ``share`` of the shorter text's own shingles, and not all its shingles, stand in the other."""
    if counts[0] == min(distinct_a, distinct_b):
        return False
    own = own_a + counts[14] if distinct_a <= distinct_b else own_b + counts[15]
    return bool(counts[1] / max(own, 1) < share)


def align_batch(
    hashes: Integers,
    stems: Integers,
    flags: Integers,
    word_at: Integers,
    shingles: Integers,
    marks: Integers,
    shingle_at: Integers,
    distinct: Integers,
    own: Integers,
    numbers: Integers,
    number_at: Integers,
    names: Integers,
    name_at: Integers,
    a: Integers,
    b: Integers,
    enough: Reals,
    counts: Integers,
    spans: Integers,
) -> tuple[int, int]:
    """Align pairs; ``spans`` is filled one pair after another as long as it has room. Returns pairs done, spans.

    ``enough``: for each pair, the share of own shingles below which its passages are not looked for.
    """
    longest = 1
    widest = 1
    for text in range(len(word_at) - 1):
        longest = max(longest, word_at[text + 1] - word_at[text])
        widest = max(widest, shingle_at[text + 1] - shingle_at[text])
    slots = np.empty(table_room(widest), dtype=np.int32)
    chain = np.empty(widest, dtype=np.int32)
    last = np.empty(widest, dtype=np.int32)
    heads = np.empty(widest, dtype=np.int32)
    hit = np.empty(widest, dtype=np.uint8)
    covered = np.empty(longest, dtype=np.uint8)
    right = -1
    room = 16
    used = 0
    for pair in range(len(a)):
        i, j = a[pair], b[pair]
        ours = shingles[shingle_at[i] : shingle_at[i + 1]]
        theirs = shingles[shingle_at[j] : shingle_at[j + 1]]
        if 3 * (used + len(ours)) > len(spans):
            return pair, used
        if j != right:
            right = j
            room = table_room(len(theirs))
            slots[:room] = -1
            index_shingles(theirs, slots, room - 1, chain, last)
        hit[: len(theirs)] = 0
        row = counts[pair]
        our_marks = marks[shingle_at[i] : shingle_at[i + 1]]
        their_marks = marks[shingle_at[j] : shingle_at[j + 1]]
        find_shared(ours, our_marks, theirs, their_marks, slots, room - 1, last, heads, hit, row)
        our_names, their_names = names[name_at[i] : name_at[i + 1]], names[name_at[j] : name_at[j + 1]]
        row[12] = count_common(numbers[number_at[i] : number_at[i + 1]], numbers[number_at[j] : number_at[j + 1]])
        row[13] = count_common(our_names, their_names)
        if is_other(row, distinct[i], own[i], distinct[j], own[j], enough[pair]):
            continue
        left_words, left_flags = hashes[word_at[i] : word_at[i + 1]], flags[word_at[i] : word_at[i + 1]]
        right_words, right_flags = hashes[word_at[j] : word_at[j + 1]], flags[word_at[j] : word_at[j + 1]]
        covered[: len(right_words)] = 0
        here = spans[3 * used :]
        found = find_spans(left_words, right_words, heads[: len(ours)], chain, here, covered, row)
        count_own(left_flags, right_flags, here, found, covered, row)
        left_stems, right_stems = stems[word_at[i] : word_at[i + 1]], stems[word_at[j] : word_at[j + 1]]
        compare_gaps(left_words, left_stems, left_flags, right_words, right_stems, right_flags, here, found, row)
        row[16] = count_rest(right_words, right_flags, covered, our_names, row, 18)
        covered[: len(left_words)] = 0
        for each in range(found):
            for word in range(here[3 * each], here[3 * each] + here[3 * each + 2]):
                covered[word] = 1
        row[17] = count_rest(left_words, left_flags, covered, their_names, row, 19)
        used += found
    return len(a), used
