"""A body that stands twice on its page: found by aligning the page with itself, whatever the paragraph breaks.

What is repeated on purpose (a refrain, a quotation, an entry of a liveblog, a row of a table) is short or stands
alone. A second copy is a long chain of passages in the same order as their first occurrence. So single matches decide
nothing: they are chained, a chain is cut where both sides jump, and only a chain that is long and close enough is a
copy. The first occurrence is kept.
"""

import itertools
import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

from dedupe.page.tiles import TOKEN, Tile, ends_sentence, is_elided, plain_word, squeezed
from dedupe.settings import PageSettings

_STOP = re.compile(r"[.!?…।؟][\"'”’»›)\]]*\s|[。！？]")
_OPENING = "“‘«„‚([{「『¿¡"


@dataclass(frozen=True, slots=True)
class _Run:
    """Tokens [later, later + n) equal tokens [earlier, earlier + n)."""

    earlier: int
    later: int
    n: int


def mark_repeats(tiles: list[Tile], settings: PageSettings) -> list[Tile]:
    """Mark second and later copies of the body.

    Args:
        tiles: A page's tiles in order; only unjudged tiles take part.
        settings: The thresholds `repeat_*`.

    Returns:
        The tiles, some cut in two where a copy begins or ends inside one. Repeats get role "repeat" and the offset of
        what they repeat.

    Cost: linear in the tokens of the page but for the chain, O(r log r) in the number r of equal passages.
    """
    for _ in range(settings.repeat_rounds):
        again = _one_round(tiles, settings)
        if again is None:
            break
        tiles = again
    return _mark_neighbours(tiles, settings)


def _one_round(tiles: list[Tile], settings: PageSettings) -> list[Tile] | None:
    """One copy marked, or None where there is none."""
    owners: list[Tile] = []
    spans: list[tuple[int, int]] = []
    words: list[str] = []
    for tile in tiles:
        if tile.role:
            continue
        for match in TOKEN.finditer(tile.text):
            owners.append(tile)
            spans.append(match.span())
            words.append(plain_word(match.group()))
    k = settings.repeat_shingle
    if len(words) < 2 * settings.repeat_min_words:
        return None
    grams = list(zip(*(words[i:] for i in range(k)), strict=False))
    if len(set(grams)) == len(grams):
        return None
    runs = _runs(grams, k)
    for chain in _segments(_chain(runs, len(words)), settings):
        if _is_copy(chain, owners, len(words), settings):
            covered = _covered(runs, chain)
            return _apply(tiles, chain, covered, _Words(words, owners, spans), settings)
    return None


def _runs(grams: list[tuple[str, ...]], k: int) -> list[_Run]:
    """Maximal equal passages, each against the first occurrence of its shingles."""
    first: dict[tuple[str, ...], int] = {}
    runs: list[_Run] = []
    earlier = later = length = 0
    for j, gram in enumerate(grams):
        i = first.setdefault(gram, j)
        if i == j:
            continue
        if length and i == earlier + length and j == later + length:
            length += 1
            continue
        if length:
            runs.append(_Run(earlier, later, length + k - 1))
        earlier, later, length = i, j, 1
    if length:
        runs.append(_Run(earlier, later, length + k - 1))
    # A passage that overlaps its own first occurrence (one word over and over) counts up to where it meets itself.
    return [_Run(r.earlier, r.later, min(r.n, r.later - r.earlier)) for r in runs]


def _chain(runs: list[_Run], size: int) -> list[_Run]:
    """The heaviest chain of runs whose two sides both move forward. Fenwick tree over the earlier side."""
    best: list[tuple[int, int]] = [(0, -1)] * (size + 2)
    weight: list[int] = []
    before: list[int] = []
    for index, run in enumerate(runs):
        at, found = run.earlier + 1, (0, -1)
        while at > 0:
            found = max(found, best[at])
            at -= at & -at
        weight.append(found[0] + run.n)
        before.append(found[1])
        at = run.earlier + 2
        while at <= size + 1:
            best[at] = max(best[at], (weight[index], index))
            at += at & -at
    at = max(range(len(runs)), key=lambda i: (weight[i], -i), default=-1)
    chain: list[_Run] = []
    while at >= 0:
        chain.append(runs[at])
        at = before[at]
    return chain[::-1]


def _segments(chain: list[_Run], settings: PageSettings) -> list[list[_Run]]:
    """The chain cut where both sides jump, the longest segment first.

    A jump on one side alone is a paragraph left out of, or residue put between, one of the copies.
    """
    parts: list[list[_Run]] = []
    for run in chain:
        if parts:
            last = parts[-1][-1]
            gap_earlier = run.earlier - (last.earlier + last.n)
            gap_later = run.later - (last.later + last.n)
            if min(gap_earlier, gap_later) <= settings.repeat_gap_words and run.earlier < parts[-1][0].later:
                parts[-1].append(run)
                continue
        parts.append([run])
    for part in parts:
        while len(part) > 1 and _is_stray(part[0], part[0], part[1], settings):
            del part[0]
        while len(part) > 1 and _is_stray(part[-1], part[-2], part[-1], settings):
            del part[-1]
    return sorted(parts, key=lambda part: (-sum(run.n for run in part), part[0].later))


def _is_stray(run: _Run, before: _Run, after: _Run, settings: PageSettings) -> bool:
    """Whether a short run at an end of a chain, far from the next, is a phrase the text uses more than once."""
    gap = max(after.earlier - before.earlier - before.n, after.later - before.later - before.n)
    return run.n < settings.repeat_min_words and gap > settings.repeat_gap_words


def _is_copy(chain: list[_Run], owners: list[Tile], size: int, settings: PageSettings) -> bool:
    """Whether a chain is a second copy of (a part of) the body rather than something said twice on purpose."""
    matched = sum(run.n for run in chain)
    share = 2 * matched / size
    by_tile = Counter(id(owners[at]) for run in chain for at in range(run.later, run.later + run.n))
    tiles = {id(owners[at]): owners[at] for run in chain for at in range(run.later, run.later + run.n)}
    prose = sum(n for key, n in by_tile.items() if _is_prose(tiles[key], settings))
    # Recipes, tables, results and programmes repeat whole groups of lines on purpose; what they repeat is no prose.
    if prose < settings.repeat_prose_share * matched and share < settings.repeat_exact_share:
        return False
    gaps = sorted(b.later - a.later - a.n for a, b in itertools.pairwise(chain))
    span = chain[-1].later + chain[-1].n - chain[0].later
    if matched < settings.repeat_dense_share * (
        span - (gaps[-1] if gaps and gaps[-1] > settings.repeat_gap_words else 0)
    ):
        return False
    if share >= settings.repeat_whole_share and matched >= settings.repeat_min_words:
        return True
    if matched < settings.repeat_words or (
        share < settings.repeat_part_share and matched < settings.repeat_words_alone
    ):
        return False
    sources = {id(owners[at]) for run in chain for at in (run.earlier, run.earlier + run.n - 1)}
    from_start = chain[0].earlier <= settings.repeat_start_share * size
    if len(sources) < 2:
        return matched >= settings.repeat_words_alone and from_start
    # The end of the body once more, right behind it: the copy begins where what it repeats ends.
    behind = 0 <= chain[0].later - (chain[-1].earlier + chain[-1].n) <= settings.repeat_behind_words
    return from_start or behind or matched >= settings.repeat_words_alone


def _is_prose(tile: Tile, settings: PageSettings) -> bool:
    """Whether a tile is a closed paragraph, or so many in one line that its last words need not close a sentence.

    Hidden copies for machines hold a whole body in one line, often with a link or a heading at its end.
    """
    n = tile.words()
    if n < settings.repeat_prose_words:
        return False
    if ends_sentence(tile.text):
        return True
    return n >= settings.repeat_long_words and len(_STOP.findall(tile.text)) * settings.repeat_long_words >= n


def _covered(runs: list[_Run], chain: list[_Run]) -> dict[int, int]:
    """Tokens of the copy that stand earlier too -> where. Any earlier place counts, not only those in the chain."""
    begin, end, limit = chain[0].later, chain[-1].later + chain[-1].n, chain[0].later
    covered: dict[int, int] = {}
    for run in runs:
        for step in range(run.n):
            if begin <= run.later + step < end and run.earlier + step < limit:
                covered.setdefault(run.later + step, run.earlier + step)
    for run in chain:
        for step in range(run.n):
            covered[run.later + step] = run.earlier + step
    return covered


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of the unjudged tiles in order: the word, its tile, where it stands in the tile's text."""

    word: list[str]
    owner: list[Tile]
    span: list[tuple[int, int]]


def _apply(
    tiles: list[Tile], chain: list[_Run], covered: dict[int, int], words: _Words, settings: PageSettings
) -> list[Tile]:
    """Mark every tile of the copy; cut the tile in which it begins, and the one in which it ends, between sentences."""
    first_at: dict[int, int] = {}
    last_at: dict[int, int] = {}
    for at, owner in enumerate(words.owner):
        first_at.setdefault(id(owner), at)
        last_at[id(owner)] = at + 1
    begin, end = _widened(chain, covered, words, first_at, last_at, settings)
    result: list[Tile] = []
    for tile in tiles:
        a, b = first_at.get(id(tile), -1), last_at.get(id(tile), -1)
        if tile.role or a < 0 or b <= begin or a >= end:
            result.append(tile)
            continue
        low = _sentence_edge(tile, words, a, b, begin) if begin > a else a
        high = _sentence_edge(tile, words, a, b, end) if end < b else b
        inside = [covered[at] for at in range(low, high) if at in covered]
        if end < b and low == a and (preview := _preview(words, a, end, covered)) is not None:
            # The first copy was cut off in the middle of this paragraph: here it stands whole.
            preview.judge("teaser", "the start of a paragraph that stands whole further down")
            result.append(tile)
            continue
        if low >= high or not _is_repeated(inside, low, high, covered, words, settings):
            result.append(tile)
            continue
        cuts = [_before(tile.text, words.span[at][0]) for at, inner in ((low, low > a), (high, high < b)) if inner]
        pieces = tile.cut(*cuts)
        copy = pieces[1 if low > a else 0]
        source = sorted(inside)[len(inside) // 2] if inside else chain[0].earlier
        copy.judge(
            "repeat",
            f"{len(inside)} of {high - low} words stand earlier on the page",
            repeat_at=words.owner[source].begin + words.span[source][0],
        )
        result.extend(pieces)
    return _with_marks(result)


def _widened(
    chain: list[_Run],
    covered: dict[int, int],
    words: _Words,
    first_at: dict[int, int],
    last_at: dict[int, int],
    settings: PageSettings,
) -> tuple[int, int]:
    """The copy's first word and the one behind its last, with whole tiles at its ends that were changed in places.

    A tile beside the copy belongs to it when most of its words stand in as many words beside what the copy repeats.
    Such words are added to `covered`.
    """
    begin, end = chain[0].later, chain[-1].later + chain[-1].n
    limit = begin
    source = chain[-1].earlier + chain[-1].n
    while end < len(words.word):
        size = last_at[id(words.owner[end])] - end
        found = _matched(words.word[end : end + size], words.word[source : min(source + size + 2, limit)])
        few = (  # the last words of a tile, where as many follow on the other side
            size < settings.repeat_shingle
            and first_at[id(words.owner[end])] < end
            and source + size <= last_at[id(words.owner[source - 1])]
        )
        if len(found) < settings.repeat_edge_share * size and not few:
            break
        covered.update({end + at: source + there for at, there in found})
        source, end = source + size, end + size
    source, limit = chain[0].earlier, chain[-1].earlier + chain[-1].n
    while begin > limit:
        size = begin - first_at[id(words.owner[begin - 1])]
        low = max(0, source - size - 2)
        found = _matched(words.word[begin - size : begin], words.word[low:source])
        few = (
            size < settings.repeat_shingle
            and last_at[id(words.owner[begin - 1])] > begin
            and source - size >= first_at[id(words.owner[source])]
        )
        if (len(found) < settings.repeat_edge_share * size and not few) or begin - size < limit:
            break
        covered.update({begin - size + at: low + there for at, there in found})
        source, begin = max(0, source - size), begin - size
    return begin, end


def _matched(here: list[str], there: list[str]) -> list[tuple[int, int]]:
    """Places of equal words, each word of either side once, in the order of `here`."""
    places: dict[str, list[int]] = {}
    for at in range(len(there) - 1, -1, -1):
        places.setdefault(there[at], []).append(at)
    return [(at, found.pop()) for at, word in enumerate(here) if (found := places.get(word))]


def _preview(words: _Words, a: int, end: int, covered: dict[int, int]) -> Tile | None:
    """The unfinished tile that begins as the tile at word `a` does and holds all of it up to the copy's end."""
    first, last = covered.get(a), covered.get(end - 1)
    if first is None or last is None or (first and words.owner[first - 1] is words.owner[first]):
        return None
    source = words.owner[first]
    if source is not words.owner[last] or (last + 1 < len(words.owner) and words.owner[last + 1] is source):
        return None
    return source if is_elided(source.text) or not ends_sentence(source.text) else None


def _sentence_edge(tile: Tile, words: _Words, a: int, b: int, at: int) -> int:
    """The word of the tile that begins the sentence nearest to word `at`: a copy begins and ends between sentences."""
    starts = [a, *(n for n in range(a + 1, b) if _STOP.search(tile.text[words.span[n - 1][1] : words.span[n][0]])), b]
    return min(starts, key=lambda start: (abs(start - at), start))


def _is_repeated(
    inside: list[int], low: int, high: int, covered: dict[int, int], words: _Words, settings: PageSettings
) -> bool:
    """Whether a stretch of the copy stands earlier: by its shingles, else by its words in the gap they leave there."""
    size = high - low
    if len(inside) >= settings.repeat_block_share * size:
        if size <= settings.repeat_long_words or len(inside) >= settings.repeat_long_share * size:
            return True
        ordered = sorted(inside)
        tail = len(ordered) // 10  # a phrase of the tile can stand anywhere
        first, last = ordered[tail], ordered[-1 - tail]
        there = words.word[max(0, first - size // 4) : last + size // 4]
        shared = (Counter(words.word[low:high]) & Counter(there)).total()
        return last - first <= 1.3 * size and shared >= settings.repeat_long_share * size
    before = next((covered[at] for at in range(low - 1, -1, -1) if at in covered), None)
    after = next((covered[at] for at in range(high, len(words.word)) if at in covered), None)
    if before is None or after is None or not 0 < after - before <= 3 * size + 10:
        return False
    shared = (Counter(words.word[low:high]) & Counter(words.word[before : after + 1])).total()
    return shared >= settings.repeat_block_share * size


def _with_marks(tiles: list[Tile]) -> list[Tile]:
    """What a shingle is too long to see: lines of a few words at either end of a copy, and lone punctuation in it."""
    by_end = [tile for tile in tiles if tile.text.strip()]
    for order, step in ((range(len(by_end) - 2, -1, -1), 1), (range(1, len(by_end)), -1)):
        for at in order:
            tile, beside = by_end[at], by_end[at + step]
            if tile.role or beside.role != "repeat" or beside.repeat_at is None:
                continue
            bare = squeezed(tile.text)
            source = _at(by_end, beside.repeat_at) - step
            if not bare and step < 0:
                tile.judge("repeat", "only punctuation, behind a repeat", repeat_at=beside.repeat_at)
            elif bare and 0 <= source < at and squeezed(by_end[source].text) == bare:
                tile.judge("repeat", "the same line as earlier, beside a repeat", repeat_at=by_end[source].begin)
            elif bare and _stands_between(by_end, at, source):
                tile.judge("repeat", "much the same line as earlier, between repeats", repeat_at=by_end[source].begin)
    return tiles


def _stands_between(tiles: list[Tile], at: int, source: int) -> bool:
    """Whether a changed tile has a repeat on either side, and what these repeat has one alike tile between it."""
    if not 0 < at < len(tiles) - 1 or not 0 < source < at - 1:
        return False
    for side in (-1, 1):
        beside = tiles[at + side]
        if beside.repeat_at is None or _at(tiles, beside.repeat_at) != source + side:
            return False
    here, there = squeezed(tiles[at].text).split(), squeezed(tiles[source].text).split()
    return (Counter(here) & Counter(there)).total() >= 0.4 * max(len(here), len(there))


def _at(tiles: list[Tile], offset: int) -> int:
    """The number of the tile that holds an offset."""
    return bisect_right([tile.begin for tile in tiles], offset) - 1


def _before(text: str, offset: int) -> int:
    """The offset moved in front of the quotation mark or bracket that opens there."""
    while offset > 0 and (
        text[offset - 1] in _OPENING
        or (text[offset - 1] in "\"'" and (offset == 1 or text[offset - 2].isspace() or text[offset - 2] in _OPENING))
    ):
        offset -= 1
    return offset


def _mark_neighbours(tiles: list[Tile], settings: PageSettings) -> list[Tile]:
    """A long paragraph that stands directly after itself is a slip of the page, also where nothing else is doubled."""
    last: tuple[Tile, list[str]] | None = None
    for tile in tiles:
        if tile.role:
            continue
        words = [plain_word(word) for word in TOKEN.findall(tile.text)]
        if last and len(words) >= settings.repeat_neighbour_words and words == last[1]:
            tile.judge("repeat", "equals the paragraph before it", repeat_at=last[0].begin)
            continue
        if words:
            last = (tile, words)
    return tiles
