"""A text as it is compared: its stems, their weights, uses and meanings, names, numbers, negation and modality."""

import base64
import functools
import importlib.resources
import itertools
import json
import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe import rarity
from dedupe import text as texts

Floats = npt.NDArray[np.float32]

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
SMALL = {"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9"}
SMALL |= {"zero": "0", "ten": "10", "eleven": "11", "twelve": "12"}
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
    form = texts.normal(written)
    if form in texts.STOP.get(language, texts.STOP["en"]):
        return Word(form, None, capital=False, upper=False, known=True, trigrams=(), share=0.0)
    stem = texts.stem(written, language)
    padded = f"^{form}$"
    trigrams = tuple([padded[at : at + 3] for at in range(len(padded) - 2)])
    share = rarity.weight(stem) / max(1, len(trigrams))
    return Word(form, stem, written[0].isupper(), written.isupper(), rarity.known(stem), trigrams, share)


def figure(written: str) -> str:
    """A number as it is compared."""
    return written.replace(",", "").rstrip(".")


def negative(form: str) -> bool:
    """Whether a word denies what it stands with."""
    return form in _NEGATIVE or form.endswith("n't")


def modal(form: str) -> bool:
    """Whether a word says that something may or shall be, not that it is."""
    return form in _MODAL


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
    weight = {stem: rarity.weight(stem) for stem in kept}
    known = vectors()
    rows = [known.at.get(stem, -1) for stem in kept]
    return Reading(
        stems=tuple(stems),
        weight=weight,
        uses=known.uses[rows],
        meanings=known.meanings[rows],
        total=sum(weight.values()) or 1.0,
        length=math.sqrt(sum(w * w for w in weight.values())) or 1.0,
        names=frozenset(names),
        numbers=frozenset(map(figure, NUMBER.findall(text))) | {SMALL[form] for form in plain if form in SMALL},
        negative=any(map(negative, plain)),
        modal=any(map(modal, plain)),
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
