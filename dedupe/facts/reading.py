"""A text as it is compared: its stems, their weights, uses and meanings, names, numbers, negation and modality."""

import base64
import functools
import importlib.resources
import itertools
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe import rarity
from dedupe import text as texts
from dedupe.facts import numerals, tone

Floats = npt.NDArray[np.float32]

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_NUMBER_ABROAD = re.compile(r"\d{1,3}(?:[.\u00a0\u202f' ]\d{3})+(?:,\d+)?(?!\d)|\d+(?:,\d+)?")
_THOUSANDS = re.compile(r"[.\u00a0\u202f' ]")
_SMALL = {"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9"}
_SMALL |= {"zero": "0", "ten": "10", "eleven": "11", "twelve": "12"}
_MODAL = frozenset(("may", "might", "could", "would", "should", "will", "plan", "planned", "expect", "expected",
    "likely", "hope", "propose", "proposed", "if", "consider", "considering", "seek", "aim", "intend"))  # fmt: skip
_NEGATIVE = frozenset(("not", "no", "never", "none", "without", "cannot", "deny", "denied", "denies", "nor",
    "neither", "refuse", "refused", "fail", "failed"))  # fmt: skip
OPENING = frozenset(".!?:")
STEMS = 120  # distinct stems of a text that are compared: bounds the cost of a pair


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A text, read for comparison. ``uses`` and ``meanings`` have a row for each stem of ``weight``, else zeros."""

    stems: tuple[str, ...]
    weight: dict[str, float]
    uses: Floats
    meanings: Floats
    total: float
    length: float
    names: frozenset[str]
    numbers: frozenset[str]
    negative: bool
    modal: bool
    bigrams: frozenset[tuple[str, str]]
    grams: frozenset[str]
    trigrams: dict[str, float]
    trigram_length: float


class Vectors(NamedTuple):
    """Two vectors a stem: whole numbers to 127, so that sums of products are exact. The last row: neither is known.

    Attributes:
        at: Row of each stem.
        uses: What stands near it in the news: names among the rest. Tells what a text is about.
        meanings: What can be said in its place. No names, months or number words; words that contrast
            (killed, injured) lie apart. Zeros for the others.
    """

    at: dict[str, int]
    uses: Floats
    meanings: Floats


@functools.cache
def vectors() -> Vectors:
    """The vectors that ship. Cost: 40 ms, once. Source: `tests/benchmarks/fit_vectors.py`, `fit_meanings.py`."""
    folder = importlib.resources.files("dedupe.facts")
    raw = [json.loads(folder.joinpath(name).read_text("utf-8")) for name in ("vectors.json", "meanings.json")]
    stems = [table["stems"].split() for table in raw]
    at = {stem: row for row, stem in enumerate(dict.fromkeys(itertools.chain(*stems)))}
    made = []
    for table, found in zip(raw, stems, strict=True):
        signed = np.frombuffer(base64.b64decode(table["vectors"]), dtype=np.int8).reshape(len(found), table["size"])
        rows = np.zeros((len(at) + 1, table["size"]), dtype=np.float32)
        rows[[at[stem] for stem in found]] = signed
        made.append(rows)
    return Vectors(at, *made)


class Word(NamedTuple):
    """What is known of a word wherever it stands: looked up once for a run, not once a text."""

    form: str
    stem: str | None  # null: carries no content
    capital: bool
    upper: bool
    known: bool
    trigrams: tuple[str, ...]
    share: float


@functools.lru_cache(maxsize=1 << 17)
def word(written: str, language: str) -> Word:
    """A word as it is compared. Cost: 0.1 us for a known one."""
    written = texts.bare(written, language)
    form = texts.normal(written)
    if form in texts.STOP.get(language, texts.STOP["en"]):
        return Word(form, None, capital=False, upper=False, known=True, trigrams=(), share=0.0)
    stem = texts.stem(written, language)
    padded = f"^{form}$"
    trigrams = tuple([padded[at : at + 3] for at in range(len(padded) - 2)])
    share = rarity.weight(stem, language) / max(1, len(trigrams))
    known, upper = rarity.known(stem, language), written.isupper()
    capital = written[0].isupper() and (upper or not known or language not in texts.NOUNS_CAPITAL)
    return Word(form, stem, capital, upper, known, trigrams, share)


def figures(text: str, language: str | None) -> Iterator[tuple[int, str]]:
    """The numbers of a text as they are compared, and where they begin: "1.200,5" of German is "1200.5" of English."""
    if language not in texts.LANGUAGES or language == "en":
        for match in _NUMBER.finditer(text):
            yield match.start(), match.group().replace(",", "").rstrip(".")
    else:
        for match in _NUMBER_ABROAD.finditer(text):
            yield match.start(), _THOUSANDS.sub("", match.group()).replace(",", ".")


@functools.cache
def small(language: str | None) -> dict[str, str]:
    """Number words of a language that are one word, and the number of each."""
    if language not in texts.LANGUAGES or language == "en":
        return _SMALL
    found = numerals.small(str(language)).items()
    return {word: f"{value:g}" for word, value in found if value > 1 and word.isalpha()}


@functools.cache
def rows(language: str | None) -> dict[str, int]:
    """Row of each stem in `vectors`: those of English, and in another language none: a Brand there is no brand."""
    return vectors().at if language in {None, "", "en"} else {}


@functools.cache
def _moods(language: str | None) -> tuple[frozenset[str], frozenset[str]]:
    """Words that deny, and words that say that something may or shall be."""
    if language not in texts.LANGUAGES or language == "en":
        return _NEGATIVE, _MODAL
    raw = json.loads(importlib.resources.files("dedupe.facts").joinpath("doubts.json").read_text("utf-8"))
    own, told = raw[language], tone.lexicon(str(language))
    may = tone.WILL | tone.CONDITIONAL | tone.PLAN
    return frozenset(own["not"] + own["deny"] + own["none"]), frozenset(word for word in told if told[word] & may)


def negative(form: str, language: str | None = "en") -> bool:
    """Whether a word denies what it stands with."""
    return form in _moods(language)[0] or form.endswith("n't")


def modal(form: str, language: str | None = "en") -> bool:
    """Whether a word says that something may or shall be, not that it is."""
    return form in _moods(language)[1]


@functools.lru_cache(maxsize=1 << 14)
def grams(text: str, language: str | None = "en") -> frozenset[str]:
    """Runs of four letters of a text: `Reading.grams`. Cost: 15 us for one of twenty words."""
    return _grams([word(text[begin:end], language or "").form for begin, end in texts.words(text)])


def _grams(plain: Iterable[str]) -> frozenset[str]:
    joined = f" {' '.join(plain)} "
    return frozenset([joined[at : at + 4] for at in range(len(joined) - 3)])


@functools.lru_cache(maxsize=1 << 14)
def read(text: str, language: str | None = "en") -> Reading:
    """Read a text for comparison. Cost: about 50 us a sentence; kept for the last 16,384 texts."""
    plain: list[str] = []
    stems: list[str] = []
    names: set[str] = set()
    trigrams: dict[str, float] = {}
    opening = True
    for begin, end in texts.words(text):
        found = word(text[begin:end], language or "")
        plain.append(found.form)
        if found.stem is not None:
            stems.append(found.stem)
            if found.capital and (not opening or found.upper or not found.known):
                names.add(found.stem)
            for gram in found.trigrams:
                trigrams[gram] = trigrams.get(gram, 0.0) + found.share
        opening = text[end : end + 1] in OPENING
    kept = list(dict.fromkeys(stems or plain))[:STEMS]
    weight = {stem: rarity.weight(stem, language) for stem in kept}
    known, at, words = vectors(), rows(language), small(language)
    found_at = [at.get(stem, -1) for stem in kept]
    return Reading(
        stems=tuple(stems),
        weight=weight,
        uses=known.uses[found_at],
        meanings=known.meanings[found_at],
        total=sum(weight.values()) or 1.0,
        length=math.sqrt(sum(w * w for w in weight.values())) or 1.0,
        names=frozenset(names),
        numbers=frozenset(figure for _, figure in figures(text, language))
        | {words[form] for form in plain if form in words},
        negative=any(negative(form, language) for form in plain),
        modal=any(modal(form, language) for form in plain),
        bigrams=frozenset(itertools.pairwise(stems)),
        grams=_grams(plain),
        trigrams=trigrams,
        trigram_length=math.sqrt(sum(w * w for w in trigrams.values())) or 1.0,
    )


class Context:
    """The texts a pair is judged among: what many of them say tells little about any two of them.

    In a story every sentence holds the name it is about. Where ``d`` of ``n`` texts hold a stem, it keeps
    ``(ln((n + 1) / d) / ln(n + 1)) ** (n / (n + 20))`` of its weight: nearly all of it among a few texts, in a crowd a
    share that falls to `LEAST`. On SuperPAL dev this lifts the cosine of two propositions from AP .316 to .41 without
    any fit.
    """

    LEAST = 0.1
    HALF = 20  # texts at which the crowd counts half

    def __init__(self, readings: Iterable[Reading]) -> None:
        found = list(readings)
        self._n = len(found)
        self._holding = Counter(stem for reading in found for stem in reading.weight)

    def weigh(self, reading: Reading) -> Reading:
        """The reading with its stems weighed among the texts of this context."""
        if self._n < 2:
            return reading
        full = math.log(self._n + 1)
        power = self._n / (self._n + self.HALF)
        weight = {}
        for stem, value in reading.weight.items():
            share = (full - math.log(max(1, self._holding[stem]))) / full
            weight[stem] = value * max(self.LEAST, share**power)
        length = math.sqrt(sum(w * w for w in weight.values())) or 1.0
        return replace(reading, weight=weight, total=sum(weight.values()) or 1.0, length=length)
