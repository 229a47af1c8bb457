"""Which words of a text deny or hedge what stands beside them, in each language: "not", "denied", "may"."""

import functools
import importlib.resources
import json
from collections.abc import Iterator
from typing import NamedTuple

from dedupe import text as texts
from dedupe.facts.speech import lexicon_of

_LISTS = ("not", "deny", "without", "report", "hedge", "alleged", "opinion", "but", "none", "apart", "fail",
          "pronoun")  # fmt: skip
_ELIDING = frozenset({"fr", "it"})  # languages that write articles as part of the word: "d'armes", "dell'arma"
BEFORE = 7  # words before an assertion among which a mark of its own would stand
_MODAL = frozenset(("shouldn't", "wouldn't", "mustn't", "couldn't", "can't", "needn't"))


class Words(NamedTuple):
    """The words of a text: in lower case, where they stand, stems of those with content (empty: a function word)."""

    lower: list[str]
    spans: list[tuple[int, int]]
    stems: list[str]
    language: str


class Marks(NamedTuple):
    """The words of a language that deny, and those that hedge.

    ``negative`` stands before what is not so, ``deny`` is the act, ``absent`` speaks against an assertion beside it.
    ``report`` hedges a whole clause ("reportedly"), ``hedge`` the word behind it ("may"), ``alleged`` the noun. An
    assertion behind one of ``opinion`` is none ("they suspect that"). A negative before one of ``but`` denies nothing
    ("not until Monday", "not only"). One of ``apart`` in one of two texts sets them at other times ("had", "until").
    ``fail`` before "to" denies. What a ``pronoun`` stands for is not known from a clause.
    """

    negative: frozenset[str]
    deny: frozenset[str]
    absent: frozenset[str]
    report: frozenset[str]
    hedge: frozenset[str]
    alleged: frozenset[str]
    opinion: frozenset[str]
    but: frozenset[str]
    none: frozenset[str]
    apart: frozenset[str]
    fail: frozenset[str]
    pronoun: frozenset[str]

    @property
    def unsure(self) -> frozenset[str]:
        """Every word that hedges."""
        return self.report | self.hedge | self.alleged


@functools.cache
def _tables() -> dict[str, Marks]:
    raw = json.loads(importlib.resources.files("dedupe.facts").joinpath("doubts.json").read_text(encoding="utf-8"))
    return {language: Marks(*(frozenset(own[name]) for name in _LISTS)) for language, own in raw.items()}


@functools.lru_cache(maxsize=1 << 14)
def holds_denial(text: str, language: str) -> bool:
    """Whether a text holds a word that may deny something."""
    marks = _tables().get(language)
    if marks is None:
        return False
    lower = " " + text.lower().replace("’", "'") + " "
    if language == "en" and "n't" in lower:
        return True
    return any(f" {mark} " in lower for mark in marks.negative | marks.deny | marks.fail)


def hedging(text: str, language: str) -> bool:
    """Whether a text holds a word that hedges."""
    marks = _tables().get(language)
    return marks is not None and not (marks.unsure | {"possible"}).isdisjoint(read(text, language).lower)


def speaks(word: str, language: str) -> bool:
    """Whether a word only says that somebody said something: "did not say" denies nothing that another text reports."""
    return texts.stem(word, language) in says(language)


@functools.cache
def says(language: str) -> frozenset[str]:
    """Stems of the speech verbs of a language: that two people said something is nothing they have in common."""
    return frozenset(texts.stem(word, language) for word in lexicon_of(language).says)


def marks_of(language: str) -> Marks | None:
    """The marks of a language; null without word lists."""
    return _tables().get(language)


def stems(text: str, language: str) -> frozenset[str]:
    """Stems of the words of a text as denials compare them; none of a language without word lists."""
    return frozenset(read(text, language).stems) - {""} if language in _tables() else frozenset()


def stem_of(word: str, language: str) -> str:
    """The stem of one word as denials compare it: "sold" is "sell"."""
    return irregular_of(language).get(word.lower()) or texts.stem(word.lower(), language)


def reported(text: str, begin: int, language: str) -> bool:
    """Whether a word of speech stands before a place in a text: what follows is somebody's."""
    return not says(language).isdisjoint(read(text[:begin], language).stems)


def doubted(text: str, stem: str, language: str, *, hedges: bool) -> bool:
    """Whether a text denies a word, or hedges it too: one of those marks stands a few words before it."""
    marks = _tables().get(language)
    if marks is None:
        return False
    words = read(text, language)
    own = marks.negative | marks.absent | marks.deny | (marks.unsure | marks.opinion if hedges else frozenset())
    for place in places(words, stem):
        around = words.lower[max(0, place - BEFORE) : place] + words.lower[place + 1 : place + 2]
        if any(word in own or word.endswith("n't") for word in around):
            return True
    return False


def negative(word: str, marks: Marks) -> bool:
    """Whether a word says that something is not so; "should not" and "cannot" say what ought to be or can be."""
    return word in marks.negative or (word.endswith("n't") and word not in _MODAL)


@functools.cache
def irregular_of(language: str) -> dict[str, str]:
    """Forms of irregular verbs -> the stem of their first form: "sold" is "sell"."""
    raw = json.loads(importlib.resources.files("dedupe.facts").joinpath("doubts.json").read_text(encoding="utf-8"))
    verbs = (verb.split() for verb in raw[language].get("irregular", ()))
    return {form: texts.stem(forms[0], language) for forms in verbs for form in forms}


@functools.lru_cache(maxsize=4096)
def read(text: str, language: str) -> Words:
    """The words of a text of a language with word lists.

    Cost: 10 us a sentence, nothing the second time.
    """
    spans = texts.words(text)
    lower = [text[begin:end].lower().replace("’", "'") for begin, end in spans]
    bare = [word.rsplit("'", 1)[-1] for word in lower] if language in _ELIDING else lower
    stop = texts.STOP[language]
    marks = _tables()[language]
    idle, irregular = marks.negative | marks.unsure, irregular_of(language)
    stems = [
        ""
        if word in stop or word in idle or word.endswith("n't")
        else irregular.get(word) or texts.stem(word, language)
        for word in bare
    ]
    return Words(lower, spans, stems, language)


def places(words: Words, stem: str) -> Iterator[int]:
    """Where a stem stands in a text, as positions in its words."""
    return (at for at, found in enumerate(words.stems) if found == stem)
