"""A sentence to clauses: spans that each hold one assertion, tile the sentence's words and stay readable as evidence.

The grammar is a table of small word classes (`grammar.json`) and rules on the words beside a possible cut: punctuation,
coordination, subordination, relative clauses, appositions, participles, purpose, quotes. No parser, no model.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from dedupe.facts.grammar import (
    ADVERB,
    CAPITAL,
    CLAUSAL,
    COMMA,
    CONJ,
    DET,
    ED,
    FIN,
    FRONT,
    LED,
    MARKERS,
    NOTING,
    PREP,
    PRON,
    REL,
    REPORT,
    SUB,
    THAT,
    Tokens,
    phrases,
)

STRONG, MIDDLE, WEAK = 3, 2, 1

_DASH = re.compile(r"[—–]|\s-+\s|--")
_FIXED = frozenset({"such", "well", "as", "so", "just", "even", "same", "only"})  # "such as", "just after"
_THIRD = re.compile(r"[^aiusy]s$")  # a word that may be a verb in the third person
_QUOTE = 4  # words from which a quotation is a clause of its own
_BACK = 60  # words looked back for a finite verb
_HEAD = 4  # content words from which the head of a report ("X informed staff in a memo") is a clause of its own
_PREDICATE = 12  # words behind "and the ..." among which a verb makes it a clause, not a second object
_IDLE = 2  # content words that "It comes as", "The move came days after" have behind the verb, at most
_INDEFINITE = frozenset(("a", "an"))
_LIGHT = frozenset(("come", "comes", "came"))  # verbs that say nothing of their own: what follows is the news
_RESUMED = 0.7  # share of that for a verb whose subject ends a longer piece: what it joins must still be one fact
_WHOLE = 2  # a subject and its verb stay together up to this many times the content words of a long clause
_TRIM = " \t\r\n\u00a0,;:—–-"


class _Sentence:
    """The rules for one sentence: words first..last (half-open) of a text."""

    __slots__ = ("english", "first", "fronted", "headline", "language", "last", "phrases", "text", "words")

    def __init__(self, text: str, words: Tokens, first: int, last: int, *, language: str, headline: bool) -> None:
        self.text, self.words, self.first, self.last = text, words, first, last
        self.language, self.english = language, language == "en"
        self.headline = headline
        self.phrases = phrases(language)
        self.fronted = bool(words.flags[first] & (FRONT | SUB | CLAUSAL)) or self._participle(first)

    def cuts(self) -> list[tuple[int, int]]:
        """(word index, strength) of every place where a new clause begins."""
        words = self.words
        found: list[tuple[int, int]] = []
        since = self.first
        gaps, flags = words.gaps, words.flags
        for i in words.among(words.cuts, self.first + 1, self.last):
            gap = gaps[i]
            strength = self._after_space(i, since) if gap == " " else self._after_mark(i, gap, since)
            if strength:
                place = i - 1 if flags[i] & REL and flags[i - 1] & PREP and gap == " " else i
                found.append((place, strength))
                since = i
        return found

    def _after_mark(self, i: int, gap: str, since: int) -> int:
        if gap == ", ":
            return self._after_comma(i)
        if ";" in gap or ": " in gap or _DASH.search(gap):
            return STRONG
        if "," in gap:
            return self._after_comma(i)
        if "(" in gap or ")" in gap:
            return WEAK
        if gap.isspace() and (self.words.flags[i] & MARKERS):
            return self._after_space(i, since)
        return 0

    def _after_comma(self, i: int) -> int:
        if self.fronted and self._enclosed(i):
            return 0  # "At Cape Osk, Karvale, the mayor ...": the second comma closes what stands in front
        fronted, self.fronted = self.fronted, False  # only the first comma closes what stands in front
        flag = self.words.flags[i]
        strength = 0
        if flag & CONJ:
            following = self.words.flags[i + 1] if i + 1 < self.last else 0
            object_ = not following & DET
            strength = STRONG if self._finite_ahead(i + 1, 8) else 0 if object_ else WEAK
        elif flag & (SUB | REL | COMMA | CLAUSAL | LED) or self._participle(i):
            strength = MIDDLE
        elif fronted or (flag & PRON and self._finite_ahead(i + 1, 3)):
            strength = STRONG
        elif self.headline or (flag & FIN and not flag & REPORT and i > self.first + 1):
            strength = MIDDLE
        elif flag & DET:
            strength = WEAK
        elif flag & CAPITAL and self._finite_ahead(i + 1, 5):
            strength = MIDDLE
        return strength

    def _after_space(self, i: int, since: int) -> int:
        words = self.words
        flag = words.flags[i]
        if (flag & LED and self._phrase(i)) or (flag & SUB and self.english):
            return 0 if words.flags[i - 1] & CONJ and i - 1 > self.first else MIDDLE
        if not self.english:  # German puts a comma before every clause
            return MIDDLE if flag & SUB and self.language != "de" else 0
        if flag & CONJ:
            return self._coordinated(i)
        if flag & REL:
            return 0 if words.flags[i - 1] & (CONJ | REPORT) else MIDDLE
        if flag & THAT:
            return self._that(i, since)
        if flag & CLAUSAL and words.lower[i - 1] not in _FIXED:
            if words.lower[i] == "as":
                following = words.flags[i + 1] if i + 1 < self.last else 0
                clausal = bool(following & (DET | PRON)) or self._capital(i + 1)
                return MIDDLE if clausal and self._finite_ahead(i + 2, 6) else 0
            following_ing = i + 1 < self.last and words.lower[i + 1].endswith("ing")
            return MIDDLE if following_ing or self._finite_ahead(i + 1, 7) else 0
        return 0

    def _phrase(self, i: int) -> bool:
        lower = self.words.lower
        rests = self.phrases.get(lower[i], ())
        return any(tuple(lower[i + 1 : i + 1 + len(rest)]) == rest and i + len(rest) < self.last for rest in rests)

    def _enclosed(self, i: int) -> bool:
        """Whether word i stands alone between commas with a capital, or two words: the rest of a place's name."""
        for k in (i, i + 1):
            if k + 1 >= self.last or not self._capital(k):
                return False
            gap = self.words.gaps[k + 1]
            if gap != " ":
                return "," in gap
        return False

    def _coordinated(self, i: int) -> int:
        """As in "... and has said", "... and they left": a second predicate or a second clause, not a second noun."""
        words = self.words
        if words.lower[i] == "yet" and words.flags[i - 1] & (FIN | CONJ | COMMA):
            return 0  # "has not yet left", "does not yet have"
        j = i + 1
        while j < self.last and (words.lower[j].endswith("ly") or words.flags[j] & ADVERB):
            j += 1
        if j >= self.last:
            return 0
        if words.flags[j] & PRON and self._finite_ahead(j + 1, 2):
            return STRONG
        if not self._finite_between(max(self.first, i - _BACK), i):
            return 0
        if words.flags[j] & FIN or (words.flags[j] & ED and self._predicate(j)):
            return MIDDLE
        if (
            _THIRD.search(words.lower[j])
            and j + 1 < self.last
            and (words.flags[j + 1] & (DET | THAT) or words.lower[j + 1] == "to")
        ):
            return MIDDLE
        paired = any(words.lower[k] in {"between", "both"} for k in range(max(self.first, i - 10), i))
        if not words.flags[j] & DET or paired:
            return 0
        object_ = words.lower[j] in _INDEFINITE and not self._finite_ahead(j + 1, _PREDICATE)
        return 0 if object_ else WEAK  # "... and a new plan to sell it" stays with its verb

    def _predicate(self, j: int) -> bool:
        """Whether a word in -ed is followed by what follows a verb (an object, a preposition), not by its noun."""
        if j + 1 >= self.last:
            return True
        return bool(self.words.flags[j + 1] & (DET | PRON | PREP | THAT | FIN)) or self._capital(j + 1)

    def _that(self, i: int, since: int) -> int:
        """As in "said that ...". A relative "that" needs a verb right after it, and long sides."""
        words = self.words
        following = words.flags[i + 1] if i + 1 < self.last else 0
        if any(words.flags[j] & REPORT for j in range(max(self.first, i - 7), i)) and not following & FIN:
            # "The memo says that ..." reads as one; a head that says more of its own stands alone.
            return MIDDLE if words.content[i] - words.content[since] >= _HEAD else 0
        if i + 1 < self.last and words.flags[i + 1] & FIN:
            return WEAK
        return 0

    def _participle(self, i: int) -> bool:
        """As in ", placing the company ...", ", formerly led by ...": a participle begins a clause."""
        if not self.english:
            return False
        lower, flags = self.words.lower, self.words.flags
        if lower[i].endswith("ly") and i + 1 < self.last:
            i += 1
        word = lower[i]
        if len(word) > 4 and word.endswith("ing"):
            return not flags[i] & NOTING
        return (
            len(word) > 3
            and word.endswith(("ed", "wn", "ung", "ade", "uilt", "eld", "ritten"))
            and i + 1 < self.last
            and bool(flags[i + 1] & PREP)
        )

    def _capital(self, i: int) -> bool:
        return i < self.last and self.words.flags[i] & CAPITAL != 0

    def _finite_ahead(self, begin: int, reach: int, *, seen: bool = False) -> bool:
        """Whether a finite verb comes within `reach` words, before the next comma or stop.

        Few verbs of other languages are known: there it may come, unless one must be ``seen``.
        """
        gaps, flags = self.words.gaps, self.words.flags
        finite = FIN if self.english else FIN | REPORT
        for j in range(begin, min(self.last, begin + reach)):
            flag = flags[j]
            if j > begin and (flag & (THAT | REL) or (len(gaps[j]) > 1 and not gaps[j].isspace())):
                return False
            if flag & finite or (flag & ED and not flags[j - 1] & (DET | PREP)):
                return True
        return not self.english and not seen

    def _finite_between(self, begin: int, end: int) -> bool:
        return any(flag & (FIN | ED) for flag in self.words.flags[begin:end])


def split(
    text: str,
    words: Tokens,
    first: int,
    last: int,
    language: str,
    *,
    minimum: int,
    longest: int,
    headline: bool = False,
    fixed: frozenset[int] = frozenset(),
) -> list[tuple[int, int]]:
    """Clauses of one sentence.

    Args:
        text: The field.
        words: Its `tokens`.
        first: Index of the sentence's first word.
        last: One past its last word.
        language: One of `text.LANGUAGES`.
        minimum: Content words a clause has at least; a smaller piece joins its neighbour.
        longest: Content words above which a clause is also cut at weak places.
        headline: Every comma divides ("X wins, Y resigns").
        fixed: Words where a clause begins whatever its size (openers of an attribution).

    Returns:
        Half-open word ranges (indices into `words`) that tile first..last in order.

    Cost: linear in the words of the sentence (the look-ahead is bounded).
    """
    clauses: list[tuple[int, int]] = []
    parts = [first, *sorted(place for place in fixed if first < place < last), last]
    for begin, end in pairwise(parts):
        sentence = _Sentence(text, words, begin, end, language=language, headline=headline)
        cuts = dict(sentence.cuts())
        if words.quotes:
            cuts |= _quote_cuts(text, words, begin, end)
        if not cuts:
            clauses.append((begin, end))
            continue
        places = [begin, *sorted(cuts), end]
        strengths = [STRONG, *[cuts[place] for place in places[1:-1]], STRONG]
        pieces = _merge(places, strengths, words.content, minimum, longest)
        whole = language == "en" and not headline and len(pieces) > 1
        clauses += _whole(words, pieces, _WHOLE * longest) if whole else pieces
    return clauses


def _whole(words: Tokens, pieces: list[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    """Join what cannot be read alone: a subject without its verb, a verb without its subject, "It comes as".

    Only pieces of one sentence's main clause are joined, up to `most` content words.
    """
    kept: list[tuple[int, int]] = []
    for begin, end in pieces:
        if kept:
            first, last = kept[-1]
            size = words.content[end] - words.content[first]
            subject = len(kept) == 1 and not _predicated(words, first, last) and not words.flags[first] & (FRONT | PREP)
            led = size <= most and (subject or _light(words, first, last))
            if led or (size <= most * _RESUMED and _resumed(words, begin, first)):
                kept[-1] = (first, end)
                continue
        kept.append((begin, end))
    return kept


def _predicated(words: Tokens, first: int, last: int) -> bool:
    """Whether a piece holds what can be its verb."""
    return any(flag & (FIN | REPORT | THAT | ED) for flag in words.flags[first:last]) or any(
        words.lower[at].endswith("ing")
        or (at > first and words.flags[at - 1] & ADVERB and _THIRD.search(words.lower[at]))
        for at in range(first, last)
    )


def _light(words: Tokens, first: int, last: int) -> bool:
    """Whether a piece only leads up to what follows: "The talks come at a moment", "It comes as"."""
    for at in range(first, min(last, first + 8)):
        if words.lower[at] in _LIGHT:
            return words.content[last] - words.content[at + 1] <= _IDLE
    return False


def _resumed(words: Tokens, begin: int, first: int) -> bool:
    """Whether a piece is the verb of a subject that an apposition or a relative clause has parted from it."""
    if not words.flags[begin] & FIN or words.flags[begin] & REPORT:
        return False
    return not words.flags[first] & (CONJ | SUB)


def _quote_cuts(text: str, words: Tokens, first: int, last: int) -> dict[int, int]:
    """A quotation of four words or more stands alone, unless its words go on with the sentence around it."""
    cuts = {}
    begins = words.begins
    low, high = begins[first], words.ends[last - 1]
    at = max(0, bisect_left(words.quotes, (low, 0)) - 1)
    while at < len(words.quotes) and words.quotes[at][0] <= high:
        begin, end = words.quotes[at]
        at += 1
        left, right = bisect_left(begins, begin, first, last), bisect_left(begins, end, first, last)
        if right - left < _QUOTE:
            continue
        if first < left < last and (
            text[begins[left]].isupper() or text[max(0, begin - 2) : begin].rstrip().endswith((",", ":"))
        ):
            cuts[left] = STRONG
        if first < right < last and (text[end - 2] in ",.!?…" or text[end : end + 1] == ","):
            cuts[right] = STRONG
    return cuts


def _merge(
    places: list[int], strengths: list[int], content: Sequence[int], minimum: int, longest: int
) -> list[tuple[int, int]]:
    """Drop cuts until every piece has `minimum` content words: the weaker side of a small piece goes first."""

    def size(k: int) -> int:
        return content[places[k + 1]] - content[places[k]]

    # A weak cut holds only where it divides a long piece into two that can stand alone.
    k = 1
    while k < len(places) - 1:
        left, right = size(k - 1), size(k)
        if strengths[k] == WEAK and (left + right <= longest or min(left, right) < minimum):
            del places[k], strengths[k]
        else:
            k += 1
    k = 0
    while k < len(places) - 1 and len(places) > 2:
        if size(k) >= minimum:
            k += 1
            continue
        # The piece joins the neighbour across the weaker cut; the one before it on a tie.
        drop = k if k > 0 and (k + 1 == len(places) - 1 or strengths[k] <= strengths[k + 1]) else k + 1
        del places[drop], strengths[drop]
        k = max(0, drop - 1)
    return list(pairwise(places))
