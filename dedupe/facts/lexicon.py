"""Texts as words by number: each word is looked up once for all texts that hold it, each text read once a story."""

import itertools
from array import array
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe import rarity
from dedupe import text as texts
from dedupe.facts import reading

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

CAPITAL, UPPER, KNOWN, NEGATIVE, MODAL, SMALL = 1, 2, 4, 8, 16, 32
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
        weight: Rarity of each string in the language of the words.
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


class _Column:
    """Numbers to which more are added, as an array without copying those that stood."""

    def __init__(self, kind: str, first: Iterable[float] = ()) -> None:
        self._new = array(kind, first)
        self._room: npt.NDArray[Any] = np.empty(1 << 12, dtype=np.float64 if kind == "d" else np.int64)
        self._size = 0
        self.append, self.extend = self._new.append, self._new.extend

    def values(self) -> npt.NDArray[Any]:
        size = self._size + len(self._new)
        if size > len(self._room):
            room = np.empty(2 * size, dtype=self._room.dtype)
            room[: self._size] = self._room[: self._size]
            self._room = room
        self._room[self._size : size] = self._new
        self._size = size
        del self._new[:]
        return self._room[:size]


class _Strings(dict[str, int]):
    """Stems and forms by number, those of all languages."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []
        self.ends, self.letters = _Column("q", [0]), _Column("q")
        self._end = 0

    def __missing__(self, string: str) -> int:
        self[string] = number = len(self)
        self.written.append(string)
        self.letters.extend(map(ord, string))
        self._end += len(string)
        self.ends.append(self._end)
        return number


class Lexicon(dict[str, int]):
    """The words of one language by number.

    A word as `texts.tokens` has it -> twice its number, and one more where the sign behind it opens a sentence; -1 for
    what stands between two texts.
    """

    def __init__(self, language: str | None, strings: _Strings | None = None) -> None:
        super().__init__()
        self.language = language or ""
        self.strings = _Strings() if strings is None else strings
        self._words: dict[str, int] = {}
        self._figures: dict[str, int] = {}
        self["\x1e"] = -1
        self._weight, self._row, self._weighed = _Column("d"), _Column("q"), 0
        self._form, self._stem, self._bits, self._share = _Column("q"), _Column("q"), _Column("q"), _Column("d")
        self.small: dict[int, int] = {}

    def __missing__(self, token: str) -> int:
        begin, end = texts.words(token)[0]
        written = token[begin:end]
        if written not in self._words:
            self._words[written] = len(self._words)
            self._know(self._words[written], written)
        self[token] = number = 2 * self._words[written] + (token[end:] in reading.OPENING)
        return number

    def _know(self, number: int, written: str) -> None:
        found = reading.word(written, self.language)
        form = found.form
        self._form.append(self.strings[form])
        self._stem.append(-1 if found.stem is None else self.strings[found.stem])
        number_of, language = reading.small(self.language), self.language
        small = form in number_of
        mood = (reading.negative(form, language), reading.modal(form, language))
        bits = (found.capital, found.upper, found.known, *mood, small)
        self._bits.append(sum(1 << place for place, bit in enumerate(bits) if bit))
        self._share.append(found.share)
        if small:
            self.small[number] = self.figure(number_of[form])

    def known(self) -> Known:
        """Everything known so far. What is known later stands in other arrays. Cost: that of what came since."""
        of, rows = self.strings, reading.rows(self.language)
        rare, none = rarity.weights(self.language), len(reading.vectors().at)
        for string in of.written[self._weighed :]:
            self._weight.append(rare[string])
            self._row.append(rows.get(string, none))
        self._weighed = len(of.written)
        words = (self._form, self._stem, self._bits, self._share, of.ends, of.letters, self._weight, self._row)
        return Known(*(column.values() for column in words))

    def figure(self, number: str) -> int:
        """A number of the text by number: equal ones have the same."""
        return self._figures.setdefault(number, len(self._figures))


class Shelf:
    """Texts of one language as the numbers of their words; each is read once."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._at: dict[str, int] = {}
        self._texts: list[str] = []
        self._words, self._opening = np.empty(0, np.int64), np.empty(0, np.bool_)
        self._ends = np.zeros(1, np.int64)

    def places(self, found: Sequence[str]) -> Ints:
        """Where these texts stand; those that do not yet are read. Cost: 3 us for one of twenty words."""
        lacking = list(dict.fromkeys([text for text in found if text not in self._at]))
        if lacking:
            self._read(lacking)
        return np.array([self._at[text] for text in found], dtype=np.int64)

    def _read(self, found: list[str]) -> None:
        self._at.update(zip(found, range(len(self._texts), len(self._texts) + len(found)), strict=True))
        self._texts += found
        tokens = texts.tokens(found)
        numbers = np.fromiter(map(self.lexicon.__getitem__, tokens), dtype=np.int64, count=len(tokens))
        between = np.flatnonzero(numbers < 0)
        words = np.delete(numbers, between)
        ends = np.append(between - np.arange(len(between)), len(words))
        opening = np.ones(len(words), dtype=np.bool_)
        opening[1:] = words[:-1] & 1
        opening[ends[:-1][ends[:-1] < len(words)]] = True
        self._ends = np.concatenate([self._ends, len(self._words) + ends])
        self._words = np.concatenate([self._words, words >> 1])
        self._opening = np.concatenate([self._opening, opening])

    def spelled(self, places: Ints) -> tuple[Ints, Ints, Flags]:
        """Words of the texts that stand there: where each text's begin, they, which of them open a sentence."""
        at, ends = taken(self._ends, places)
        return ends, self._words[at], self._opening[at]

    def forms(self, places: Ints) -> list[bytes]:
        """What is equal for texts that are word for word equal; empty where there is no word."""
        ends, words, _ = self.spelled(places)
        forms = self.lexicon.known().form[words].tobytes()
        bounds = (8 * ends).tolist()
        return [forms[begin:end] for begin, end in itertools.pairwise(bounds)]

    def stems(self, places: Ints) -> tuple[Ints, Ints]:
        """The distinct content stems of each text in the order they come: where each text's begin, and they."""
        ends, words, _ = self.spelled(places)
        owner = np.repeat(np.arange(len(places)), np.diff(ends))
        stem = self.lexicon.known().stem[words]
        told = (stem >= 0) & (stem != self.lexicon.strings[""])
        owner, stem = owner[told], stem[told]
        _, first = np.unique(owner << 32 | stem, return_index=True)
        first.sort()
        return np.searchsorted(owner[first], np.arange(len(places) + 1)), stem[first]

    def numbers(self, places: Ints) -> tuple[Ints, Ints]:
        """The distinct numbers of each text: where they begin, and they."""
        figure, found = self.lexicon.figure, [self._texts[place] for place in places.tolist()]
        joined = "\n".join(found)
        starts = np.cumsum([0, *(len(text) + 1 for text in found)])
        written = [(at, figure(number)) for at, number in reading.figures(joined, self.lexicon.language)]
        ends, words, _ = self.spelled(places)
        small = self.lexicon.small
        at_small = np.flatnonzero(self.lexicon.known().bits[words] & SMALL)
        spelled = [(at, small[word]) for at, word in zip(at_small.tolist(), words[at_small].tolist(), strict=True)]
        texts_of = np.concatenate(
            [
                np.searchsorted(starts, np.array([at for at, _ in written], dtype=np.int64), side="right"),
                np.searchsorted(ends, np.array([at for at, _ in spelled], dtype=np.int64), side="right"),
            ]
        )
        values = np.array([value for _, value in (*written, *spelled)], dtype=np.int64)
        pairs = np.unique(texts_of - 1 << 32 | values)
        return np.searchsorted(pairs >> 32, np.arange(len(found) + 1)), pairs & (1 << 32) - 1


def taken(ends: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Where the items of some rows stand, row after row, and where each row's begin then."""
    sizes = ends[rows + 1] - ends[rows]
    bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    return np.arange(bounds[-1]) + np.repeat(ends[rows] - bounds[:-1], sizes), bounds


class Shelves(dict[str | None, Shelf]):
    """The texts of one story, a shelf a language; the words that were looked up for other stories stay known."""

    def __init__(self, lexicons: "Lexicons") -> None:
        super().__init__()
        self._lexicons = lexicons

    def __missing__(self, language: str | None) -> Shelf:
        self[language] = made = Shelf(self._lexicons[language])
        return made


class Lexicons(dict[str | None, Lexicon]):
    """The lexicon of each language that is asked for; stems have one number in all of them."""

    def __init__(self) -> None:
        super().__init__()
        self._strings = _Strings()

    def __missing__(self, language: str | None) -> Lexicon:
        self[language] = made = Lexicon(language, self._strings)
        return made
