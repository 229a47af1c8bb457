"""Whether two texts quote one utterance: cut differently, joined by an ellipsis, with bracketed words, or altered.

A quotation is cut at will and stays the same. A word changed inside it is another matter: one of the two does not say
what was said, and the words that differ are told with their exact characters.
"""

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from difflib import Match, SequenceMatcher
from itertools import combinations, pairwise
from typing import Any, NamedTuple

from dedupe import rarity
from dedupe import text as texts
from dedupe.facts.amounts import grammar_of
from dedupe.facts.grammar import quoted

Row = dict[str, Any]

_LEAST = 4  # words of a quotation that is compared: shorter ones are terms
_RUN = 3  # words in a row two quotations share, at least, to be compared
_ALIKE = 0.75  # share of the words that both could hold that are the same
_TELLING = 12.0  # nats of rarity that the shared words hold: "I think it is very" is not one utterance
_APART = 6  # words altered in one quotation at most: more is another utterance
_CROWD = 30  # quotations that hold one run of words, at most, to be compared for it
_SPELLING = 0.85  # likeness from which two words are spellings of one (colour, color), not two words
_TERM = 3  # letters up to which words are compared as they are
_STOP = re.compile(r"[.!?][”’\"')]*\s")
_GAP = re.compile(r"\.\.\.|…|\. \. \.|\[[^\]\n]{0,80}\]|\([^()\n]{0,80}\)|[—–]|--")
_CONTRACTED = {
    "n't": "not", "'re": "are", "'ve": "have", "'ll": "will", "'m": "am", "'d": "would",
}  # fmt: skip
_JOINED = {"cannot": ["can", "not"], "can't": ["can", "not"], "won't": ["will", "not"], "gonna": ["going", "to"],
           "wanna": ["want", "to"], "gotta": ["got", "to"], "%": ["percent"], "ok": ["okay"], "ft": ["feet"],
           "'cause": ["because"]}  # fmt: skip
_WHOLE = {
    "jan": "january", "feb": "february", "aug": "august", "sept": "september", "sep": "september", "oct": "october",
    "nov": "november", "dec": "december", "sen": "senator", "rep": "representative", "gov": "governor",
    "gen": "general", "dept": "department", "govt": "government",
}  # fmt: skip
_NO_LETTER = re.compile(r"'s\b|[^\w]")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)$")
_FILLERS = frozenset({"uh", "um", "er", "well", "oh", "and", "so", "but", "you", "know", "that"})
"""Words that transcripts of one speech keep or drop."""


class Quotation(NamedTuple):
    """What stands between quotation marks in a field: its words, and where each stands.

    ``open``: places in the words before which something is left out (an ellipsis, a bracket, a dash). ``starts``:
    places before which a sentence ends.
    """

    words: list[str]
    spans: list[tuple[int, int]]
    open: frozenset[int]
    starts: frozenset[int] = frozenset()


class Altered(NamedTuple):
    """Offsets of the words in which two quotations of one utterance differ."""

    one: tuple[int, int]
    other: tuple[int, int]


class Quoted(NamedTuple):
    """Two articles' quotations of one utterance: their fields' keys, their runs of shared words, what differs."""

    one: tuple[str, str]
    other: tuple[str, str]
    pieces: list[tuple[int, int, int, int]]
    altered: Altered | None


def read(text: str) -> list[Quotation]:
    """The quotations of a text that have some words, in order.

    Cost: linear. A quotation that never closes is none.
    """
    found = []
    for begin, end in quoted(text):
        inner = text[begin + 1 : end - 1]
        gaps = [match.span() for match in _GAP.finditer(inner)]
        words: list[str] = []
        spans: list[tuple[int, int]] = []
        opened: set[int] = set()
        starts: set[int] = set()
        at = last = 0
        for left, right in texts.words(inner):
            while at < len(gaps) and gaps[at][1] <= left:
                opened.add(len(words))
                at += 1
            if at < len(gaps) and gaps[at][0] <= left < gaps[at][1]:
                continue  # a bracketed word is the writer's
            if _STOP.search(inner, last, left):
                starts.add(len(words))
            last = right
            for word in _expanded(inner[left:right]):
                words.append(word)
                spans.append((begin + 1 + left, begin + 1 + right))
        if at < len(gaps):
            opened.add(len(words))
        if len(words) >= _LEAST:
            found.append(Quotation(words, spans, frozenset(opened), frozenset(starts)))
    return found


@functools.lru_cache(maxsize=1 << 16)
def _expanded(word: str) -> Sequence[str]:
    """A word as it was spoken: "don't" is "do not", "U.S." is "us"."""
    lower = word.lower().replace("’", "'").replace(".", "") if not word[0].isdigit() else word.replace(",", "")
    lower = _ORDINAL.sub(r"\1", _digits().get(lower, _WHOLE.get(lower, lower)))
    if lower in _JOINED:
        return _JOINED[lower]
    for ending, whole in _CONTRACTED.items():
        if lower.endswith(ending) and len(lower) > len(ending):
            return [lower.removesuffix(ending), whole]
    if lower in {"it's", "that's", "he's", "she's", "there's", "here's", "what's", "who's", "let's"}:
        return [lower[:-2], "is"]
    return [lower]


@functools.cache
def _digits() -> dict[str, str]:
    """Number words as the digits that another writer puts for them."""
    return {word: str(value) for word, value in grammar_of("en").small.items()}


def compare(one: Quotation, other: Quotation) -> tuple[list[tuple[int, int, int, int]], Altered | None] | None:
    """Whether two quotations are of one utterance.

    Returns:
        Null where they are not. Else their shared runs of words as offsets (begin, end, begin, end), and the words
        between them that differ; null where each is only cut, or leaves out what the other has at an ellipsis.

    Cost: grows with the product of their lengths at worst: a quotation has 2,000 characters at most.
    """
    matcher = SequenceMatcher(None, one.words, other.words, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    while len(blocks) > 1 and blocks[0].size < 2 and _far(blocks[0], blocks[1]):
        blocks.pop(0)
    while len(blocks) > 1 and blocks[-1].size < 2 and _far(blocks[-2], blocks[-1]):
        blocks.pop()
    if not blocks or max(block.size for block in blocks) < _RUN:
        return None
    shared = sum(block.size for block in blocks)
    changes = [(left.a + left.size, right.a, left.b + left.size, right.b) for left, right in pairwise(blocks)]
    changes = [change for change in changes if not _left_out(one, other, change)]
    edge = _edges(one, other, blocks)
    apart = edge + sum(max(a1 - a0, b1 - b0) for a0, a1, b0, b1 in changes)
    told = sum(
        rarity.weight(stem)
        for stem in {texts.stem(word) for block in blocks for word in one.words[block.a : block.a + block.size]}
        if stem not in texts.STOP["en"]
    )
    if shared < _LEAST or shared < _ALIKE * (shared + apart) or told < _TELLING or apart > _APART:
        return None
    pieces = [(*_extent(one, b.a, b.a + b.size), *_extent(other, b.b, b.b + b.size)) for b in blocks]
    crossing = any(_crosses(one, other, change) for change in changes)
    changes = [change for change in changes if _matters(one, other, change)]
    if not changes or crossing:
        return pieces, None
    a0, a1, b0, b1 = changes[0][0], changes[-1][1], changes[0][2], changes[-1][3]
    if a0 == a1 or b0 == b1:  # words that only one has: told with the word before
        a0, b0 = a0 - 1, b0 - 1
    return pieces, Altered(_extent(one, a0, a1), _extent(other, b0, b1))


def _edges(one: Quotation, other: Quotation, blocks: Sequence[Match]) -> int:
    """Words before the first shared one and behind the last that both quotations have, and that differ."""
    first, last = blocks[0], blocks[-1]
    end_a, end_b = last.a + last.size, last.b + last.size
    head = 0 if first.a in one.open or first.b in other.open else min(first.a, first.b)
    tail = 0 if end_a in one.open or end_b in other.open else min(len(one.words) - end_a, len(other.words) - end_b)
    return head + tail


def _far(left: Match, right: Match) -> bool:
    """Whether a single shared word lies off the others: chance."""
    return max(right.a - left.a - left.size, right.b - left.b - left.size) > 1


def _extent(quotation: Quotation, begin: int, end: int) -> tuple[int, int]:
    return quotation.spans[begin][0], quotation.spans[end - 1][1]


def _left_out(one: Quotation, other: Quotation, change: tuple[int, int, int, int]) -> bool:
    """Whether a difference stands at an ellipsis, a bracket or a dash of either: a cut, not a change."""
    a0, a1, b0, b1 = change
    return any(a0 <= at <= a1 for at in one.open) or any(b0 <= at <= b1 for at in other.open)


def _crosses(one: Quotation, other: Quotation, change: tuple[int, int, int, int]) -> bool:
    """Whether a sentence of one of them ends where they differ and the other goes on: a cut without a mark."""
    a0, a1, b0, b1 = change
    within = any(a0 < at < a1 for at in one.starts) or any(b0 < at < b1 for at in other.starts)
    return within or any((a in one.starts) != (b in other.starts) for a, b in ((a0, b0), (a1, b1)))


def _matters(one: Quotation, other: Quotation, change: tuple[int, int, int, int]) -> bool:
    """Whether words differ, not their spelling or a filler."""
    ours, theirs = one.words[change[0] : change[1]], other.words[change[2] : change[3]]
    if _NO_LETTER.sub("", "".join(ours)) == _NO_LETTER.sub("", "".join(theirs)):
        return False  # "health care", "healthcare"
    if set(ours) | set(theirs) <= _FILLERS:
        return False
    return not (
        len(ours) == len(theirs)
        and all(
            x == y or (len(x) > _TERM and x[-1] == y[-1] and _likeness(x, y) >= _SPELLING)
            for x, y in zip(ours, theirs, strict=True)
        )
    )


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def shared(fields: Mapping[tuple[str, str], str], counts: Counter[str] | None = None) -> list[Quoted]:
    """Quotations of one utterance in different words, or differently cut, in different articles of a story.

    Args:
        fields: The text of each (article, field).
        counts: Gains ``quotes_capped``: runs of words in more wordings than are compared.

    Returns:
        One pair for two wordings, with the first articles that hold them; by article and place.

    Cost: linear in the quoted words; a pair that shares three words in a row costs 50 us. Copies cost nothing.
    """
    held: dict[tuple[str, ...], list[tuple[tuple[str, str], Quotation]]] = defaultdict(list)
    for key in sorted(fields):
        for quotation in read(fields[key]):
            held[tuple(quotation.words)].append((key, quotation))
    wordings, stop = list(held), texts.STOP["en"]
    index: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for n, words in enumerate(wordings):
        runs = zip(*(words[k:] for k in range(_RUN)), strict=False)
        for run in dict.fromkeys(run for run in runs if not stop.issuperset(run)):
            index[run].append(n)
    pairs: set[tuple[int, int]] = set()
    for found in index.values():
        if len(found) > _CROWD and counts is not None:
            counts["quotes_capped"] += 1
        pairs.update(combinations(found[:_CROWD], 2))
    out = []
    for a, b in sorted(pairs):
        apart = ((x, y) for x in held[wordings[a]] for y in held[wordings[b]] if x[0][0] != y[0][0])
        first = next(apart, None)
        same = None if first is None else compare(first[0][1], first[1][1])
        if first is not None and same is not None:
            out.append(Quoted(first[0][0], first[1][0], *same))
    return out


def holding(mentions: Sequence[Row], begin: int, end: int) -> Row | None:
    """The mention that holds most of a span, of those of one field; null where none holds any."""
    best = max(mentions, key=lambda row: min(end, row["end"]) - max(begin, row["begin"]), default=None)
    return best if best is not None and min(end, best["end"]) > max(begin, best["begin"]) else None
