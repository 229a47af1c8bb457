"""A sentence to clauses: spans that each hold one assertion, tile the sentence's words and stay readable as evidence.

The grammar is a table of small word classes (`grammar.json`) and rules on the words beside a possible cut: punctuation,
coordination, subordination, relative clauses, appositions, participles, purpose, quotes. No parser, no model.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from dedupe.facts import wholes
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

STRONG, MIDDLE, WEAK, FAINT = 4, 3, 2, 1
"""How well a sentence divides at a place. A weak cut divides long pieces only, a faint one very long ones: what stands
behind it asserts nothing without the words before."""

_DASH = re.compile(r"—|\s[–-]+|–\s|--")  # "U.S.–Korea" and "1914–18" are one
_FIXED = frozenset({"such", "well", "as", "so", "just", "even", "same", "only"})  # "such as", "just after"
_THIRD = re.compile(r"[^aiusy]s$")  # a word that may be a verb in the third person
_QUOTE = 4  # words from which a quotation is a clause of its own
_BACK = 60  # words looked back for a finite verb
_HEAD = 4  # content words from which the head of a report ("X warned its members in a letter") is a clause of its own
_PREDICATE = 12  # words behind "and the ..." among which a verb makes it a clause, not a second object
_VERY = 1.5  # times the content words of a long clause from which a piece is cut at faint places
_BOUND = frozenset(("if", "unless", "whether", "where", "like", "especially", "particularly", "not", "rather"))
"""Words whose clause or list is asserted with the words before it only, or not at all."""
_ASKING = frozenset(("whether", "how", "why"))
_DEGREES = frozenset(("most", "more", "no", "both"))


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
        if fronted and self.english and self.words.lower[self.first] in _BOUND:
            return FAINT  # "If X, Y" asserts neither X nor Y
        flag, word = self.words.flags[i], self.words.lower[i]
        strength = 0
        if flag & CONJ:
            following = self.words.flags[i + 1] if i + 1 < self.last else 0
            object_ = not following & DET or (self.english and self.words.lower[i + 1] in _DEGREES)
            strength = STRONG if self._finite_ahead(i + 1, 8) or self._led(i + 1) else 0 if object_ else WEAK
        elif self.english and word == "such" and self._follows(i, "as"):
            strength = 0
        elif self.english and word in _BOUND:
            strength = FAINT
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
        flag, word = words.flags[i], words.lower[i]
        phrase = bool(flag & LED) and self._phrase(i)
        if phrase or (flag & SUB and self.english):
            joined = words.flags[i - 1] & CONJ and i - 1 > self.first
            bound = self.english and phrase and not self._finite_ahead(i + 2, 6)
            return 0 if joined else FAINT if bound or word in _BOUND else MIDDLE
        if not self.english:  # German puts a comma before every clause
            return MIDDLE if flag & SUB and self.language != "de" else 0
        if flag & CONJ:
            return self._coordinated(i)
        if flag & REL:
            return 0 if words.flags[i - 1] & (CONJ | REPORT) else FAINT
        if flag & THAT:
            return self._that(i, since)
        return self._adverbial(i) if flag & CLAUSAL else 0

    def _adverbial(self, i: int) -> int:
        """As in "... after he left", "... before leaving", "... whether he left"."""
        words = self.words
        word, following = words.lower[i], words.flags[i + 1] if i + 1 < self.last else 0
        if word in _ASKING or words.lower[i - 1] in _FIXED:
            return 0  # "asked whether he knew": what is asked or left open is asserted by nobody
        if word == "as":
            clausal = bool(following & (DET | PRON)) or self._capital(i + 1)
            return MIDDLE if clausal and self._finite_ahead(i + 2, 6) else 0
        if self._finite_ahead(i + 1, 7):
            return FAINT if word in _BOUND else MIDDLE
        # "before leaving", "when asked": whose doing it is stands before
        return FAINT if i + 1 < self.last and words.lower[i + 1].endswith(("ing", "ed")) else 0

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
        other = words.lower[i] == "but" and self._capital(j) and self._finite_ahead(j + 1, 3)
        if other or words.flags[j] & FIN or (words.flags[j] & ED and self._predicate(j)):
            return MIDDLE
        if (
            _THIRD.search(words.lower[j])
            and j + 1 < self.last
            and (words.flags[j + 1] & (DET | THAT) or words.lower[j + 1] == "to")
        ):
            return MIDDLE
        paired = any(words.lower[k] in {"between", "both"} for k in range(max(self.first, i - 10), i))
        if not words.flags[j] & DET or paired or words.lower[j] in _DEGREES:
            return 0
        return WEAK if self._finite_ahead(j + 1, _PREDICATE) else 0  # "... and a new plan to sell it" stays whole

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
            return FAINT
        return 0

    def _follows(self, i: int, word: str) -> bool:
        return i + 1 < self.last and self.words.lower[i + 1] == word

    def _led(self, i: int) -> bool:
        """As in "and in a hearing on Monday, she was asked": a phrase in front of a second clause."""
        words = self.words
        if not self.english or i >= self.last or not words.flags[i] & (FRONT | PREP):
            return False
        for k in range(i + 1, min(self.last - 1, i + _PREDICATE)):
            if "," in self.text[words.ends[k - 1] : words.begins[k]]:
                return self._finite_ahead(k, 6)
        return False

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
            if flag & finite or (flag & ED and not flags[j - 1] & (DET | PREP) and self._predicate(j)):
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
        read = language == "en" and not headline and len(pieces) > 1
        clauses += wholes.together(text, words, pieces, longest) if read else pieces
    return clauses


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
    for weak, least in ((FAINT, _VERY * longest), (WEAK, longest)):
        k = 1
        while k < len(places) - 1:
            left, right = size(k - 1), size(k)
            if strengths[k] == weak and (left + right <= least or min(left, right) < minimum):
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
