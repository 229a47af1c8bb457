"""Whether a text reports a fact, as numbers: how much of the fact the text holds, where, and what is missing.

Not symmetric: a text reports a fact where it holds all of it, whatever else it says (`dedupe.facts.features` asks of
two texts whether they say the same).
"""

import functools
import itertools
import math
from dataclasses import dataclass, replace

import numpy as np

from dedupe import text as texts
from dedupe.facts import denials, features, reading
from dedupe.facts.amounts import grammar_of
from dedupe.facts.reading import Context, Floats, Reading
from dedupe.facts.speech import lexicon_of

_TOLD_ALIKE = 0.8  # likeness of two words of saying: "warned", "said"
_SHORT_ALIKE = 0.9  # likeness of initials and a word of the name they stand for
_FOUND = 0.4  # likeness from which a word of the fact counts as found at a place of the text
_BESIDE = 2  # content words apart at most where two words that follow each other in the fact stand together
_ZEROS = 2  # zeros at its end from which a number may be rounded: 2000 may, 2020 is a year
_ROUNDED = 0.05  # share of itself that a rounded number may be off
_INITIALS = range(2, 6)  # words of a name that is written by its initials
_BETWEEN = frozenset(("of", "the", "and", "for", "de", "des", "du", "la", "der", "und", "di", "van"))
_TELLING = {
    "en": ("according", "inform", "informed", "information", "news", "report", "statement"),
    "de": ("information", "informationen", "nachricht", "bericht", "angaben", "mitteilung", "laut"),
    "fr": ("information", "informations", "nouvelle", "rapport", "déclaration", "communiqué", "selon"),
    "es": ("información", "noticia", "informe", "declaración", "comunicado", "según"),
    "it": ("informazione", "informazioni", "notizia", "rapporto", "dichiarazione", "comunicato", "secondo"),
    "pt": ("informação", "notícia", "relatório", "declaração", "comunicado", "segundo"),
    "nl": ("informatie", "nieuws", "rapport", "verklaring", "bericht", "volgens"),
}  # beside the verbs of saying: "the police provided this information" is in "police say"
_OTHERWISE = frozenset(("state", "states", "stated"))  # a verb of saying whose stem is mostly no verb

_SHARES = ("weight", "words", "least", "second", "first", "last", "behind", "missing", "missing_all")
"""Of the words of the fact: the share found by rarity, the plain share, the two worst found, the first, the last, all
but the first; the weightiest that is missing, and all that is missing."""

NAMES: tuple[str, ...] = (
    *(f"same {name}" for name in _SHARES),
    *(f"alike {name}" for name in _SHARES),
    "grams", "trigrams", "names", "names_n", "numbers", "numbers_missing", "numbers_clash", "days_clash", "denied",
    "negation", "negation_there", "modality", "size", "weight", "rarest", "mean", "text_size", "spread", "reach",
    "order", "beside", "place",
)  # fmt: skip
"""Names of the features, in the order of `compare`."""


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A fact, or a text in which one is looked for. ``places``: content words at which each stem stands."""

    text: str
    language: str | None
    reading: Reading
    numbers: frozenset[str]
    months: frozenset[int]
    weekdays: frozenset[int]
    places: dict[str, list[int]]
    telling: frozenset[str]  # stems by which somebody says something
    initials: dict[str, tuple[str, ...]]  # of the names in it: "eu" -> the stems of European Union
    shorts: dict[str, str]  # stems that may be initials, by their letters

    def among(self, context: Context) -> "Told":
        """The same with its stems weighed among the texts of a story."""
        return replace(self, reading=context.weigh(self.reading))


@functools.lru_cache(maxsize=1 << 13)
def read(text: str, language: str | None = "en") -> Told:
    """Read a fact or a text. Cost: about 100 us a sentence; kept for the last 8,192 texts."""
    read = reading.read(text, language)
    places: dict[str, list[int]] = {}
    for at, stem in enumerate(read.stems):
        places.setdefault(stem, []).append(at)
    initials: dict[str, tuple[str, ...]] = {}
    shorts: dict[str, str] = {}
    run: list[tuple[str, str]] = []
    lower = text.islower()
    grammar = grammar_of(language)
    small, calendar = grammar.small, grammar.dates
    numbers, months, weekdays = set(read.numbers), set[int](), set[int]()
    for begin, end in texts.words(text):
        found = reading.word(text[begin:end], language or "")
        if found.stem is not None and found.capital:
            run.append((found.form[0], found.stem))
        elif run and found.form not in _BETWEEN:
            initials |= _initials(run)
            run = []
        if found.stem is not None and (found.upper or lower):
            letters = found.stem.replace(".", "")
            if len(letters) in _INITIALS:
                shorts[letters] = found.stem
        if found.form in small and small[found.form] > 1:
            numbers.add(str(small[found.form]))
        if text[begin].isupper() or language != "en":  # "may" is no month
            for table, held in ((calendar.months, months), (calendar.weekdays, weekdays)):
                if found.form in table:
                    held.add(table[found.form])
    telling = (read.weight.keys() - read.names) & _tellers(language or "")
    names = initials | _initials(run)
    return Told(
        text=text,
        language=language,
        reading=read,
        numbers=frozenset(numbers),
        months=frozenset(months),
        weekdays=frozenset(weekdays),
        places=places,
        telling=frozenset(telling),
        initials=names,
        shorts=shorts,
    )


@functools.cache
def _tellers(language: str) -> frozenset[str]:
    """Stems of the words of saying."""
    if language not in _TELLING:
        return frozenset()
    found = lexicon_of(language)
    forms = found.says - found.weak - _OTHERWISE | {*_TELLING[language]}
    return frozenset(texts.stem(form, language) for form in forms)


def _initials(run: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Initials of the names within a run of capitalised words, each given by its letter and its stem."""
    return {
        "".join(letter for letter, _ in run[at : at + size]): tuple(stem for _, stem in run[at : at + size])
        for size in _INITIALS
        for at in range(len(run) - size + 1)
    }


def compare(fact: Told, text: Told) -> list[float]:
    """Features of a fact and a text that may report it, in the order of `NAMES`. Cost: about 80 us."""
    a, b = fact.reading, text.reading
    if not a.weight or not b.weight:
        return [0.0] * len(NAMES)
    table = _likeness(fact, text)
    best, column = table.max(1), table.argmax(1)
    weights = np.array(list(a.weight.values()))
    stems = list(b.weight)
    found = {stem: stems[column[i]] for i, stem in enumerate(a.weight) if best[i] >= _FOUND}
    trigrams = sum([share for gram, share in a.trigrams.items() if gram in b.trigrams])
    return [
        *_shares((best == 1.0).astype(np.float32), weights),
        *_shares(best, weights),
        len(a.grams & b.grams) / max(1, len(a.grams)),
        trigrams / (sum(a.trigrams.values()) or 1.0),
        len(a.names & b.weight.keys()) / len(a.names) if a.names else 0.5,
        min(len(a.names), 6) / 6,
        min(len(fact.numbers & text.numbers), 3),
        min(len(fact.numbers - text.numbers), 3),
        _clash(fact.numbers, text.numbers),
        float(_other_day(fact, text)),
        float(_denied(fact, text)),
        float(a.negative and not b.negative),
        float(b.negative and not a.negative),
        float(b.modal and not a.modal),
        math.log1p(len(weights)),
        math.log1p(float(weights.sum())),
        float(weights.max()) / 10,
        float(weights.mean()) / 10,
        math.log1p(len(b.stems)),
        *_places(fact, text, found),
    ]


def contrary(one: Told, other: Told) -> bool:
    """Whether two texts give one slot two values, as far as words tell: no number or day in common, or a denial.

    Cost: 1 us, 40 us where one holds a word that may deny something.
    """
    return _other_numbers(one, other) or _other_day(one, other) or _denied(one, other)


def _other_numbers(one: Told, other: Told) -> bool:
    """Whether both hold numbers, and none of them can be the same."""
    if not one.numbers or not other.numbers or not one.numbers.isdisjoint(other.numbers):
        return False
    return not any(_rounded(x, y) or _rounded(y, x) for x in one.numbers for y in other.numbers)


def _rounded(exact: str, written: str) -> bool:
    """Whether a number stands for another one that is written with more digits: 2 for 1.96, 2000 for 1960."""
    whole, _, part = written.partition(".")
    zeros = len(whole) - len(whole.rstrip("0"))
    unit = 10.0 ** -len(part) if part or zeros < _ZEROS else 10.0**zeros
    value = float(written)
    return abs(float(exact) - value) <= min(0.5 * unit, _ROUNDED * abs(value))


def _clash(wanted: frozenset[str], there: frozenset[str]) -> float:
    """Whether the text says something else instead."""
    return float(bool(wanted - there and there - wanted))


def _other_day(one: Told, other: Told) -> bool:
    """Whether both name months or days of the week, and none of them is the same."""
    pairs = ((one.months, other.months), (one.weekdays, other.weekdays))
    return any(a and b and a.isdisjoint(b) for a, b in pairs)


def _denied(one: Told, other: Told) -> bool:
    """Whether one says that what the other says is not so."""
    if one.language is None or one.language != other.language:
        return False
    return any(denials.denied(a.text, b.text, one.language) for a, b in ((one, other), (other, one)))


def _likeness(fact: Told, text: Told) -> Floats:
    """As `features.likeness`; and words of saying are like each other, a name is like its initials."""
    a, b = fact.reading, text.reading
    table = features.likeness(a, b)
    initials = fact.initials.keys() & text.shorts.keys(), text.initials.keys() & fact.shorts.keys()
    pairs = [(one, other, _TOLD_ALIKE) for one in fact.telling for other in text.telling]
    pairs += [(stem, text.shorts[key], _SHORT_ALIKE) for key in initials[0] for stem in fact.initials[key]]
    pairs += [(fact.shorts[key], stem, _SHORT_ALIKE) for key in initials[1] for stem in text.initials[key]]
    if pairs:
        row, column = ({stem: at for at, stem in enumerate(read.weight)} for read in (a, b))
        for one, other, value in pairs:
            if one in row and other in column:
                table[row[one], column[other]] = max(table[row[one], column[other]], value)
    return table


def _shares(best: Floats, weights: Floats) -> list[float]:
    missing = weights * (1 - best)
    worst = np.sort(best)[:2]
    return [
        float(weights @ best / weights.sum()),
        float(best.mean()),
        float(worst[0]),
        float(worst[-1]),
        float(best[0]),
        float(best[-1]),
        float(best[1:].mean()) if len(best) > 1 else float(best[0]),
        float(missing.max()) / 10,
        math.log1p(float(missing.sum())),
    ]


def _places(fact: Told, text: Told, found: dict[str, str]) -> list[float]:
    """How what is found stands in the text: spread over how many content words, in order, beside each other, where."""
    told = [text.places[stem] for stem in found.values() if stem in text.places]
    if not told:
        return [3.0, math.log1p(40), 0.5, 0.0, 1.0]
    firsts = [places[0] for places in told]
    reach = max(firsts) - min(firsts) + 1
    beside = 0
    stems = fact.reading.stems
    for left, right in itertools.pairwise(stems):
        if left in found and right in found:
            here, there = text.places.get(found[left], ()), text.places.get(found[right], ())
            beside += any(abs(i - j) <= _BESIDE for i in here for j in there)
    rising = [a < b for a, b in itertools.pairwise(firsts)]
    return [
        min(reach / len(firsts), 8.0),
        math.log1p(reach),
        sum(rising) / len(rising) if rising else 0.5,
        beside / max(1, len(stems) - 1),
        min(firsts) / len(text.reading.stems),
    ]
