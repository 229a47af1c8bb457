"""Which passages two texts share, word for word, and how they differ in between. Exact; no sketch is used here.

The algorithm is written once, as plain functions over sequences of integers. A few pairs run them as they are;
many pairs run them compiled (`dedupe.kernels`). Both are the same source, and a test compares their results.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dedupe import spans as s
from dedupe import words
from dedupe.settings import CopySettings
from dedupe.sketch import utf8
from storage import schema

I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]

_READABLE_WORDS = 400_000  # words in all pairs up to which the plain functions are quicker than loading compiled ones
_CHUNK_WORDS = 250_000  # words prepared at once: some 20 MB, which the allocator hands out again and again


@dataclass(frozen=True, slots=True)
class Prepared:
    """Texts cut for comparison: flat arrays, with where each text's part begins (length n + 1)."""

    hashes: I64
    stems: I64
    begins: words.I32
    ends: words.I32
    flags: words.U8
    word_at: I64
    shingles: I64
    marks: words.U8
    shingle_at: I64
    distinct: I64
    own: I64
    own_words: I64
    numbers: I64
    number_at: I64
    names: I64
    name_at: I64


DISTINCT, OWN, WORDS, OWN_WORDS, NUMBERS, NAMES = range(6)  # columns of Alignment.sizes


@dataclass(frozen=True, slots=True)
class Alignment:
    """Measures of pairs, one row a pair: `COUNTS` counts, sizes of both texts, and all spans one pair after another."""

    counts: words.I32  # (pairs, COUNTS)
    sizes: words.I32  # (pairs, 6, 2): distinct shingles, own ones, words, own ones, numbers, names; of a, of b
    span_n: I64
    span_offsets: npt.NDArray[np.int32]  # (all spans, 4): a_begin, a_end, b_begin, b_end in code points

    @property
    def containment_a(self) -> F64:
        """Share of a's shingles found in b."""
        return _share(self.counts[:, s.COMMON], self.sizes[:, DISTINCT, 0])

    @property
    def containment_b(self) -> F64:
        """Share of b's shingles found in a."""
        return _share(self.counts[:, s.COMMON], self.sizes[:, DISTINCT, 1])

    @property
    def resemblance(self) -> F64:
        """Jaccard of the shingle sets."""
        common = self.counts[:, s.COMMON]
        return _share(common, self.sizes[:, DISTINCT].sum(axis=1) - common)

    def spans(self) -> pl.Series:
        """The spans of each pair as the schema has them."""
        columns = ("a_begin", "a_end", "b_begin", "b_end")
        flat = pl.DataFrame({name: self.span_offsets[:, at] for at, name in enumerate(columns)}).select(
            pair=pl.Series(np.repeat(np.arange(len(self.span_n)), self.span_n)), span=pl.struct(columns)
        )
        every = pl.DataFrame({"pair": np.arange(len(self.span_n))})
        lists = flat.group_by("pair", maintain_order=True).agg("span")
        joined = every.join(lists, on="pair", how="left", maintain_order="left")
        return (
            joined["span"].fill_null([]).cast(pl.List(schema.SPAN))
            if len(every)
            else pl.Series(dtype=pl.List(schema.SPAN))
        )


def _share(part: words.I32, whole: words.I32) -> F64:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)


def align_pairs(
    texts: pl.Series,
    a: I64,
    b: I64,
    settings: CopySettings,
    spread: pl.DataFrame | None = None,
    enough: F64 | None = None,
    *,
    compiled: bool | None = None,
) -> Alignment:
    """Align ``texts[a[i]]`` with ``texts[b[i]]`` for every i.

    Args:
        texts: The texts; no nulls.
        a: Places of the left texts.
        b: Places of the right texts, as many.
        settings: Words a shingle, scale, background_days.
        spread: key, first_at, last_at of sampled shingles (`dedupe.match.spread`); none: nothing is background.
        enough: For each pair, the share of the shorter text's own shingles below which its passages are not looked for:
            what they share, and numbers and names, are counted, spans and gaps are not. None: always looked for.
        compiled: Which lane; by default the size of the work decides. The results are the same.

    Cost: about 15 us a pair of 500-word texts compiled, about 3 ms plain.
    """
    sizes = texts.str.len_bytes().to_numpy().astype(np.int64)
    enough = np.zeros(len(a)) if enough is None else enough
    if compiled is None:
        compiled = int((sizes[a] + sizes[b]).sum()) // 6 > _READABLE_WORDS
    old = _old_keys(settings, spread)
    # Texts that hang together are prepared together, and pairs with one right text side by side: it is indexed once.
    order = np.lexsort((a, b, _neighbourhood(a, b, len(texts))))
    parts = []
    for chunk in _chunks(order, sizes, a, b, compiled=compiled):
        used, inverse = np.unique(np.concatenate((a[chunk], b[chunk])), return_inverse=True)
        prepared = prepare(texts.gather(used), settings, old, compiled=compiled)
        left, right = inverse[: len(chunk)].astype(np.int64), inverse[len(chunk) :].astype(np.int64)
        parts.append(_align_chunk(prepared, left, right, enough[chunk], compiled=compiled))
    return _in_order(parts, order)


def _old_keys(settings: CopySettings, spread: pl.DataFrame | None) -> words.U64:
    if spread is None:
        return np.zeros(0, dtype=np.uint64)
    apart = pl.col("last_at") - pl.col("first_at") > pl.duration(days=settings.background_days)
    return np.array(spread.filter(apart)["key"].sort().to_numpy())  # writable, as the empty one is


def _neighbourhood(a: I64, b: I64, n: int) -> I64:
    """A label for each pair; pairs that touch each other mostly share it. Decides cost alone, never a result."""
    label = np.arange(n)
    for _ in range(4):
        low = np.minimum(label[a], label[b])
        np.minimum.at(label, a, low)
        np.minimum.at(label, b, low)
    return label[b]


def _chunks(order: I64, sizes: I64, a: I64, b: I64, *, compiled: bool) -> list[I64]:
    """Runs of pairs whose texts have at most about `_CHUNK_WORDS` words, counting a text that repeats once."""
    chunk_ends = s.chunk_ends
    if compiled:
        from dedupe.kernels import chunk_ends
    ends, seen = np.empty(len(order) + 1, np.int64), np.zeros(len(sizes), np.int64)
    count = chunk_ends(a[order], b[order], sizes // 6, seen, _CHUNK_WORDS, ends)
    return np.split(order, ends[:count]) if len(order) else []


def prepare(texts: pl.Series, settings: CopySettings, old: words.U64, *, compiled: bool) -> Prepared:
    """Cut texts into words, shingles, numbers and names; mark the shingles that are background (``old``, sorted)."""
    limit = (1 << 64) // settings.scale - 1
    if compiled:
        from dedupe.kernels import prepare_bytes

        data, offsets = utf8(texts)
        return Prepared(*prepare_bytes(data, offsets, words.tables(), settings.shingle, limit, old))
    texts_cut = [_prepare_text(words.words(text), settings.shingle, limit, old) for text in texts]
    columns = list(zip(*texts_cut, strict=True))
    flat = [np.concatenate(column) for column in columns[:9]]
    starts = [_starts([len(each) for each in column]) for column in (columns[0], columns[5], columns[7], columns[8])]
    hashes, stems, begins, ends, flags, shingles, marks, numbers, names = flat
    return Prepared(
        *(hashes, stems, begins, ends, flags, starts[0], shingles, marks, starts[1]),
        *(np.array(columns[9], np.int64), np.array(columns[10], np.int64), np.array(columns[11], np.int64)),
        *(numbers, starts[2], names, starts[3]),
    )


def _starts(sizes: list[int]) -> I64:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(np.array(sizes, dtype=np.int64))))


def _prepare_text(
    found: words.Words, size: int, limit: int, old: words.U64
) -> tuple[I64, I64, words.I32, words.I32, words.U8, I64, words.U8, I64, I64, int, int, int]:
    shingles = words.shingle_hashes(found.hashes, size)
    words.mark_lists(found, shingles, size)
    stale = np.zeros(len(shingles), dtype=np.uint8)
    sampled = np.flatnonzero(shingles <= np.uint64(limit))
    if len(sampled) and len(old):  # a shingle that was not sampled counts as the nearest one that was
        known = np.minimum(np.searchsorted(old, shingles[sampled]), len(old) - 1)
        is_old = old[known] == shingles[sampled]
        middles = (sampled[1:] + sampled[:-1]) / 2
        stale = is_old[np.searchsorted(middles, np.arange(len(shingles)))].astype(np.uint8)
    middle = min(size, len(found.hashes)) // 2
    inner = found.flags[middle : middle + len(shingles)]
    marks = stale | ((inner & words.LISTED) > 0) | (((inner & words.QUOTED) > 0) * np.uint8(2))
    first = np.unique(shingles, return_index=True)[1]
    upper = (found.flags & words.UPPER) > 0
    plain = found.hashes.view(np.int64)
    names = np.setdiff1d(plain[upper], plain[~upper])
    flags = found.flags | (np.isin(plain, names) * np.uint8(words.NAME))
    return (
        *(plain, found.stems.view(np.int64), found.begins, found.ends, flags, shingles.view(np.int64), marks),
        np.unique(plain[(found.flags & words.DIGIT) > 0]),
        names,
        *(len(first), int((marks[first] == 0).sum())),
        int((flags & (words.QUOTED | words.LISTED) == 0).sum()),
    )


def _align_chunk(texts: Prepared, a: I64, b: I64, enough: F64, *, compiled: bool) -> Alignment:
    """Align the pairs (a[i], b[i]) of prepared texts."""
    if compiled:
        from dedupe.kernels import align_many

        counts, triples = align_many(texts, a, b, enough)
    else:
        counts, triples = _align_plain(texts, a, b, enough)
    span_n = counts[:, s.SPAN_N]
    left, right = np.repeat(a, span_n), np.repeat(b, span_n)
    first_a, first_b = texts.word_at[left] + triples[:, 0], texts.word_at[right] + triples[:, 1]
    length = triples[:, 2] - 1
    offsets = np.stack(
        (texts.begins[first_a], texts.ends[first_a + length], texts.begins[first_b], texts.ends[first_b + length]),
        axis=1,
    )
    word_n, number_n, name_n = (np.diff(each) for each in (texts.word_at, texts.number_at, texts.name_at))
    known = (texts.distinct, texts.own, word_n, texts.own_words, number_n, name_n)
    sizes = np.stack([np.stack((size[a], size[b]), axis=1) for size in known], axis=1)
    return Alignment(counts.astype(np.int32), sizes.astype(np.int32), span_n, offsets.astype(np.int32))


def _align_plain(texts: Prepared, a: I64, b: I64, enough: F64) -> tuple[I64, I64]:
    counts = np.zeros((len(a), s.COUNTS), dtype=np.int64)
    triples: list[int] = []
    part = _parts(texts)
    right, slots, mask = -1, [0], 0
    chain: list[int] = []
    last: list[int] = []
    for pair in range(len(a)):
        text_a, stems_a, flags_a, shingles_a, marks_a, numbers_a, names_a = part(int(a[pair]))
        text_b, stems_b, flags_b, shingles_b, marks_b, numbers_b, names_b = part(int(b[pair]))
        if b[pair] != right:
            right = int(b[pair])
            room = s.table_room(len(shingles_b))
            slots, mask, chain, last = [-1] * room, room - 1, [-1] * len(shingles_b), [0] * len(shingles_b)
            s.index_shingles(shingles_b, slots, mask, chain, last)
        row, heads, hit = [0] * s.COUNTS, [-1] * len(shingles_a), [0] * len(shingles_b)
        s.find_shared(shingles_a, marks_a, shingles_b, marks_b, slots, mask, last, heads, hit, row)
        row[s.NUMBERS_COMMON] = s.count_common(numbers_a, numbers_b)
        row[s.NAMES_COMMON] = s.count_common(names_a, names_b)
        (distinct_a, distinct_b), (own_a, own_b) = (each[[a[pair], b[pair]]] for each in (texts.distinct, texts.own))
        if s.is_other(row, distinct_a, own_a, distinct_b, own_b, enough[pair]):
            counts[pair] = row
            continue
        spans, covered = [0] * (3 * len(shingles_a)), [0] * len(text_b)
        found = s.find_spans(text_a, text_b, heads, chain, spans, covered, row)
        s.count_own(flags_a, flags_b, spans, found, covered, row)
        s.compare_gaps(text_a, stems_a, flags_a, text_b, stems_b, flags_b, spans, found, row)
        row[s.REST_B] = s.count_rest(text_b, flags_b, covered, names_a, row, s.REST_COMMON_B)
        covered = [0] * len(text_a)
        for each in range(found):
            begin, size = spans[3 * each], spans[3 * each + 2]
            covered[begin : begin + size] = [1] * size
        row[s.REST_A] = s.count_rest(text_a, flags_a, covered, names_b, row, s.REST_COMMON_A)
        counts[pair] = row
        triples.extend(spans[: 3 * found])
    return counts, np.array(triples, dtype=np.int64).reshape(-1, 3)


def _parts(texts: Prepared) -> Callable[[int], tuple[list[int], ...]]:
    """A text's words, flags, shingles, stale marks, numbers and names as lists; the last two texts are remembered."""

    @functools.lru_cache(maxsize=2)
    def part(text: int) -> tuple[list[int], ...]:
        return tuple(
            values[starts[text] : starts[text + 1]].tolist()
            for values, starts in (
                (texts.hashes, texts.word_at),
                (texts.stems, texts.word_at),
                (texts.flags, texts.word_at),
                (texts.shingles, texts.shingle_at),
                (texts.marks, texts.shingle_at),
                (texts.numbers, texts.number_at),
                (texts.names, texts.name_at),
            )
        )

    return part


def _in_order(parts: list[Alignment], order: I64) -> Alignment:
    """The alignments of all chunks in the order of the pairs as they were given."""
    if not parts:
        empty = np.zeros((0, s.COUNTS), np.int32), np.zeros((0, 6, 2), np.int32), np.zeros(0, np.int64)
        return Alignment(*empty, np.zeros((0, 4), np.int32))
    back = np.argsort(order, kind="stable")
    counts = np.concatenate([part.counts for part in parts])[back]
    sizes = np.concatenate([part.sizes for part in parts])[back]
    span_n = np.concatenate([part.span_n for part in parts])
    offsets = np.concatenate([part.span_offsets for part in parts])
    starts = np.cumsum(span_n) - span_n
    rank = np.arange(len(offsets)) - np.repeat(np.cumsum(span_n[back]) - span_n[back], span_n[back])
    return Alignment(counts, sizes, span_n[back], offsets[np.repeat(starts[back], span_n[back]) + rank])
