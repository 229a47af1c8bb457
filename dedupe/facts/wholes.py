"""Which pieces of a sentence stay together: a subject and its verb, a head and what it says, what states nothing alone.

A cut is right where both sides can be true or false on their own for a reader who knows the words before. English only:
in other languages too few verbs are known.
"""

import re

from dedupe.facts import asides
from dedupe.facts.grammar import ADVERB, CONJ, DET, FIN, FRONT, NOTING, PREP, REL, REPORT, SUB, THAT, Tokens

_BOUND = 2.5  # a piece that cannot be read alone joins up to this many times the content words of a long clause
_WHOLE = 2  # what could be read alone, badly, joins up to this many times
_RESUMED = 2  # a verb joins its subject up to this many times: with what stands between them it is still read as one
_IDLE = 2  # content words that "It comes as", "The move came days after" have behind the verb, at most
_LIGHT = frozenset(("come", "comes", "came"))  # verbs that say nothing of their own: what follows is the news
_OPEN = frozenset(("a", "an", "the", "his", "her", "its", "their", "our", "your", "my", "to", "of", "whether", "how",
    "why", "than", "as", "because", "and", "or", "but", "is", "are", "was", "were", "be", "been", "being", "about",
    "with", "for", "from", "at", "by", "during", "into", "between", "until", "including", "regarding",
    "concerning", "every", "very", "regardless"))  # fmt: skip
"""Words that lead on: what ends with one is not at its end. "in", "on", "over", "after" may close a verb."""
_THIRD = re.compile(r"[^aiusy]s$")
_PARTICIPLE = re.compile(r"(?:ed|ing|wn|ung|ade|uilt|eld|ritten)$")


def together(text: str, words: Tokens, pieces: list[tuple[int, int]], longest: int) -> list[tuple[int, int]]:
    """The pieces of one sentence, those joined that cannot be read apart.

    Args:
        text: The field.
        words: Its tokens.
        pieces: Word ranges that tile the sentence, in order.
        longest: Content words of a long clause.

    Cost: linear in the words of the sentence.
    """
    kept: list[tuple[int, int]] = []
    for begin, end in pieces:
        start = _start(text, words, kept, begin, end, longest)
        while kept and kept[-1][0] >= start:
            kept.pop()
        kept.append((start, end))
    return kept


def _start(
    text: str, words: Tokens, kept: list[tuple[int, int]], begin: int, end: int, longest: int
) -> int:  # fmt: skip
    """Where the piece begins that the words begin..end belong to."""
    if not kept:
        return begin
    first, last = kept[-1]

    def room(since: int, many: float) -> bool:
        return words.content[end] - words.content[since] <= many * longest

    spaced = text[words.ends[begin - 1] : words.begins[begin]].isspace()
    joined = text[words.ends[begin - 1] : words.begins[begin]].strip() in {"", ",", ")", "("}
    subject = len(kept) == 1 and not predicated(words, first, last) and not words.flags[first] & (FRONT | PREP)
    if _resumed(words, begin, end):
        inserted = len(kept) > 1 and _inserted(words, first)
        if inserted and room(kept[-2][0], _RESUMED):
            return kept[-2][0]
        if (subject or not words.flags[first] & (CONJ | SUB)) and room(first, _RESUMED):
            return first
    if subject and not set(";:") & set(text[words.ends[begin - 1] : words.begins[begin]]) and room(first, _BOUND):
        return first
    bare = words.flags[last - 1] & FIN and words.flags[begin] & CONJ  # "hit and killed a woman"
    if spaced and (bare or words.lower[last - 1] in _OPEN) and room(first, _BOUND):
        return first
    if _light(words, first, last) and room(first, _BOUND):
        return first
    opened = len(kept) == 1 and words.flags[first] & PREP and words.lower[first] != "to"
    if opened and _bare(words, first, last) and room(first, _WHOLE):
        return first
    hanging = joined and not predicated(words, begin, end) and not words.flags[first] & CONJ
    return first if hanging and room(first, _WHOLE) and not _quoting(text, words, begin) else begin


def predicated(words: Tokens, first: int, last: int) -> bool:
    """Whether a piece holds what can be its verb; "who", set off by a comma, tells as much, without one it does not."""
    for at in range(first, last):
        flag, word = words.flags[at], words.lower[at]
        if at > first and flag & REL:
            return words.begins[at] - words.ends[at - 1] > 1
        if at > first and flag & THAT and at + 1 < last and words.flags[at + 1] & FIN and not flag & FIN:
            return bool(words.flags[at - 1] & REPORT)  # "a cut that is sure to come" lacks a verb of its own
        if flag & (FIN | REPORT | THAT) or asides.verb(words, at, first, last):
            return True
        spaced = at + 1 < last and words.begins[at + 1] - words.ends[at] == 1
        if word.endswith("ing") and spaced and not flag & NOTING:
            return True
        if at > first and words.flags[at - 1] & ADVERB and _THIRD.search(word):
            return True
    return False


def _bare(words: Tokens, first: int, last: int) -> bool:
    """Whether an opening phrase tells nothing by itself: "By a vote of 284 to 149,"."""
    return not any(words.flags[at] & (FIN | REPORT | SUB) for at in range(first, last)) and not any(
        asides.verb(words, at, first, last) for at in range(first + 1, last)
    )


def _resumed(words: Tokens, begin: int, end: int) -> bool:
    """Whether a piece is the verb of a subject that an apposition or a relative clause has parted from it."""
    while begin < end - 1 and (words.flags[begin] & ADVERB or words.lower[begin].endswith("ly")):
        begin += 1
    return bool(words.flags[begin] & FIN and not words.flags[begin] & REPORT)


def _inserted(words: Tokens, first: int) -> bool:
    """Whether a piece that stands before a resumed verb was put between the subject and it."""
    return bool(words.flags[first] & (REL | SUB | DET)) or bool(_PARTICIPLE.search(words.lower[first]))


def _light(words: Tokens, first: int, last: int) -> bool:
    """Whether a piece only leads up to what follows: "The talks come at a moment", "It comes as"."""
    for at in range(first, min(last, first + 8)):
        if words.lower[at] in _LIGHT:
            return words.content[last] - words.content[at + 1] <= _IDLE
    return False


def _quoting(text: str, words: Tokens, begin: int) -> bool:
    """Whether a quotation begins right before a word: it stands alone, with a verb or without."""
    return text[max(0, words.begins[begin] - 1)] in '"“«„'
