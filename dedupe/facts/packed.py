"""Many texts read at once, to be compared by the thousand: what `reading.read` says of each, in flat arrays.

The quick lane. `dedupe.facts.reading` is the readable one and says what everything means; both read alike.
"""

from array import array
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe import rarity
from dedupe import text as texts
from dedupe.facts import features, reading

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

CAPITAL, UPPER, KNOWN, NEGATIVE, MODAL = 1, 2, 4, 8, 16
"""What is known of a word, as bits."""


class Known(NamedTuple):
    """What is known of words, and of strings (stems and forms), by their numbers.

    Attributes:
        form: String of each word's form.
        stem: String of its stem; -1: it carries no content.
        bits: `CAPITAL` and so on.
        share: Weight of each of its trigrams.
        ends: Where the letters of each string begin, and where the last ones end.
        letters: Code points.
        weight: Rarity of each string.
        row: Row of its vectors; the last one where it has none.
    """

    form: Ints
    stem: Ints
    bits: Ints
    share: Floats
    ends: Ints
    letters: Ints
    weight: Floats
    row: Ints


class _Strings(dict[str, int]):
    def __init__(self) -> None:
        super().__init__()
        self.weight, self.row = array("d"), array("q")
        self.ends, self.letters = array("q", [0]), array("q")
        self._rows = reading.vectors().at

    def __missing__(self, string: str) -> int:
        self[string] = number = len(self)
        self.weight.append(rarity.weight(string))
        self.row.append(self._rows.get(string, len(self._rows)))
        self.letters.extend(map(ord, string))
        self.ends.append(len(self.letters))
        return number


class Lexicon(dict[str, int]):
    """Words of one language by number: each is looked up once for all texts that hold it."""

    def __init__(self, language: str | None) -> None:
        super().__init__()
        self._language = language or ""
        self._strings = _Strings()
        self._figures: dict[str, int] = {}
        self._form, self._stem, self._bits, self._share = array("q"), array("q"), array("q"), array("d")
        self.small: dict[int, int] = {}

    def __missing__(self, written: str) -> int:
        found = reading.word(written, self._language)
        self[written] = number = len(self)
        form = found.form
        self._form.append(self._strings[form])
        self._stem.append(-1 if found.stem is None else self._strings[found.stem])
        bits = (found.capital, found.upper, found.known, reading.negative(form), reading.modal(form))
        self._bits.append(sum(1 << place for place, bit in enumerate(bits) if bit))
        self._share.append(found.share)
        if form in reading.SMALL:
            self.small[number] = self.figure(reading.SMALL[form])
        return number

    def known(self) -> Known:
        """Everything known so far. Cost: a copy of it, 1 ms for 100,000 words."""
        of = self._strings
        words = (self._form, self._stem, self._bits, self._share, of.ends, of.letters, of.weight, of.row)
        return Known(*(np.array(column) for column in words))

    def figure(self, number: str) -> int:
        """A number of the text by number: equal ones have the same."""
        return self._figures.setdefault(number, len(self._figures))


class Lexicons(dict[str | None, Lexicon]):
    """The lexicon of each language that is asked for."""

    def __missing__(self, language: str | None) -> Lexicon:
        self[language] = made = Lexicon(language)
        return made


class Packed(NamedTuple):
    """Texts as they are compared.

    Attributes:
        bounds: Of shape (6, texts + 1): where each text's part of the next six begins.
        stems: Content stems in order.
        kept: Distinct ones, those that are compared.
        names: Stems of names.
        bigrams: Pairs of stems that follow each other, ascending.
        grams: Runs of four letters, hashed, ascending.
        trigrams: Runs of three letters of a word, ascending.
        shares: Weight of each of these.
        marks: `NEGATIVE`, `MODAL` of each text.
        lengths: Length of its vector of trigrams.
        number_ends: Where its numbers begin.
        numbers: Distinct ones, ascending.
    """

    bounds: Ints
    stems: Ints
    kept: Ints
    names: Ints
    bigrams: Ints
    grams: npt.NDArray[np.uint64]
    trigrams: Ints
    shares: Floats
    marks: Ints
    lengths: Floats
    number_ends: Ints
    numbers: Ints


def read(found: Sequence[str], lexicon: Lexicon) -> tuple[Packed, Known]:
    """Read texts. Cost: 15 us for one of twenty words."""
    from dedupe.facts import kernels  # numba, 0.4 s: only where there is a crowd to compare

    joined = "\n".join(found)
    ends = np.cumsum([0, *(len(text) + 1 for text in found)])
    spans = texts.words(joined)
    words = [lexicon[joined[begin:end]] for begin, end in spans]
    bounds = np.searchsorted(np.array([begin for begin, _ in spans], dtype=np.int64), ends)
    opening = np.ones(len(words) + 1, dtype=np.bool_)
    opening[1:] = [joined[end : end + 1] in reading.OPENING for _, end in spans]
    opening[bounds] = True
    number_ends, numbers = _numbers(joined, ends, words, bounds, lexicon)
    known = lexicon.known()
    made = kernels.pack(
        bounds, np.array(words, dtype=np.int64), opening, known.form, known.stem, known.bits, known.share, known.ends,
        known.letters,
    )  # fmt: skip
    return Packed._make((*made, number_ends, numbers)), known


def _numbers(joined: str, ends: Ints, words: Sequence[int], bounds: Ints, lexicon: Lexicon) -> tuple[Ints, Ints]:
    """The distinct numbers of each text: where they begin, and they."""
    written = [
        (match.start(), lexicon.figure(reading.figure(match.group()))) for match in reading.NUMBER.finditer(joined)
    ]
    spelled = [(at, lexicon.small[word]) for at, word in enumerate(words) if word in lexicon.small]
    texts_of = np.concatenate(
        [
            np.searchsorted(ends, np.array([at for at, _ in written], dtype=np.int64), side="right"),
            np.searchsorted(bounds, np.array([at for at, _ in spelled], dtype=np.int64), side="right"),
        ]
    )
    values = np.array([value for _, value in (*written, *spelled)], dtype=np.int64)
    pairs = np.unique(np.column_stack([texts_of - 1, values]), axis=0) if len(values) else np.empty((0, 2), np.int64)
    return np.searchsorted(pairs[:, 0], np.arange(len(ends))), np.ascontiguousarray(pairs[:, 1])


def compare(found: Sequence[str], pairs: Sequence[tuple[int, int]], lexicon: Lexicon) -> Floats:
    """Features of pairs of texts that are weighed among one another: as `features.compare`, a row a pair.

    Args:
        found: Texts, each in at least one pair.
        pairs: Numbers of two texts.
        lexicon: Of the language they are read in.

    Cost: 10 us a pair of sentences of twenty words, and reading each text once.
    """
    from dedupe.facts import kernels

    packed, known = read(found, lexicon)
    vectors = reading.vectors()
    weighed = kernels.weigh(packed.bounds[1], packed.kept, known.weight, known.row, vectors.uses, len(found))
    sides = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    left, right = np.ascontiguousarray(sides[:, 0]), np.ascontiguousarray(sides[:, 1])
    base = kernels.compare(left, right, *packed, *weighed, known.row, vectors.meanings, known.ends, known.letters)
    return features.products(np.round(base, features.DIGITS))
