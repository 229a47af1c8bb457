"""The words of a text with the small grammatical classes the facts are read by: verbs that agree, openers, articles.

The classes are word lists per language (`grammar.json`): no parser, no model.
"""

import functools
import importlib.resources
import json
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from dedupe import text as texts
from dedupe.facts import quantities, speech, tone

_CLASSES = (
    "conj",
    "sub",
    "clausal",
    "comma",
    "rel",
    "that",
    "det",
    "pron",
    "fin",
    "report",
    "front",
    "noting",
    "prep",
    "adverb",
)
_BIT = {name: 1 << place for place, name in enumerate(_CLASSES)}
CONJ, SUB, CLAUSAL, COMMA, REL, THAT, DET, PRON, FIN, REPORT, FRONT, NOTING, PREP, ADVERB = _BIT.values()
CAPITAL, UPPER, CONTENT, ED, LED, SAYS, CITES, MEASURES = (1 << len(_BIT) + place for place in range(8))
"""What else a word says by itself: begins with a capital, has capitals only, is no function word, ends in "ed", may be
the first of a phrase that begins a clause, is a speech verb, may cite, may begin or hold a quantity or a date."""

MARKERS = CONJ | SUB | CLAUSAL | REL | THAT | LED
_FORMS = 1 << 18  # forms of words kept at most: bounds memory, changes no result

_QUOTED = re.compile(
    r"“[^“”\n]{1,2000}”|\"[^\"“”\n]{1,2000}[\"”]|\"[^\"\n]{1,2000}\"|“[^“”\"\n]{1,2000}\"|(?m:^)[“\"][^“”\"\n]{1,2000}(?=\n+[“\"])|«[^«»\n]{1,2000}»|„[^„“”\n]{1,2000}[“”]|「[^「」\n]{1,2000}」"
    r"|(?<![\w])['‘](?=[A-Z])[^\n“”\"]{20,2000}?[,.!?]['’](?=\s|$)|(?m:^)['‘](?=[A-Z])[^\n“”\"]{1,2000}(?=\n+['‘])"
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a text: where they begin and end, in lower case, with their classes and a count of content words."""

    begins: list[int]
    ends: list[int]
    gaps: list[str]  # gaps[i]: what stands before word i; the last one behind the last word
    lower: list[str]
    flags: list[int]
    tones: list[int]  # `tone.lexicon`
    content: list[int]  # content[i]: content words among the first i words
    quotes: list[tuple[int, int]]  # quoted passages, quotation marks included
    cuts: list[int]  # words before which a clause may begin: behind more than a space, or of a class that begins one
    citing: list[int]  # words that may cite

    @staticmethod
    def among(places: Sequence[int], first: int, last: int) -> Sequence[int]:
        """Those of ascending word indices that lie in first..last (half-open)."""
        low = bisect_left(places, first)
        return places[low : bisect_left(places, last, low)]


@functools.cache
def _grammar() -> dict[str, dict[str, list[str]]]:
    raw = importlib.resources.files("dedupe.facts").joinpath("grammar.json").read_text(encoding="utf-8")
    grammar: dict[str, dict[str, list[str]]] = json.loads(raw)
    return grammar


@functools.cache
def _lexicon(language: str) -> dict[str, int]:
    lexicon: dict[str, int] = {}
    for name, members in _grammar()[language].items():
        for word in members if name in _BIT else ():
            lexicon[word] = lexicon.get(word, 0) | _BIT[name]
    return lexicon


class _Vocabulary(dict[str, tuple[str, int, int]]):
    """A word as it is written -> in lower case, its classes, its tone; every form is looked up once."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def __missing__(self, word: str) -> tuple[str, int, int]:
        if len(self) >= _FORMS:
            self.clear()
        language, lower = self.language, word.lower().replace("’", "'")
        cites = speech.lexicon_of(language)
        told = (
            (CAPITAL, texts.bare(word, language)[0].isupper()),
            (UPPER, word.isupper()),
            (CONTENT, lower.removesuffix("'s") not in texts.STOP[language]),
            (ED, lower.endswith("ed")),
            (LED, lower in phrases(language)),
            (SAYS, lower in cites.says),
            (CITES, lower in cites.triggers),
            (MEASURES, quantities.marks(lower, language)),
        )
        flags = _lexicon(language).get(lower, 0) | sum(bit for bit, holds in told if holds)
        if word == "May" and language == "en":
            flags &= ~FIN  # the month is no verb
        self[word] = found = lower, flags, tone.lexicon(language).get(lower, 0)
        return found


@functools.cache
def _vocabulary(language: str) -> _Vocabulary:
    return _Vocabulary(language)


@functools.cache
def phrases(language: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Phrases that begin a clause, by their first word."""
    table: dict[str, list[tuple[str, ...]]] = {}
    for phrase in _grammar()[language]["purpose"]:
        first, *rest = phrase.split()
        table.setdefault(first, []).append(tuple(rest))
    return {first: tuple(rests) for first, rests in table.items()}


def tokens(text: str, language: str) -> Tokens:
    """Words of a text with the classes that all readings of it need. Cost: linear, 0.5 us a word."""
    parts = texts.cut(text)
    words, gaps, places = parts[1::2], parts[::2], list(accumulate(map(len, parts)))
    known = _vocabulary(language)
    told = [known[word] for word in words]
    flags = [flag for _, flag, _ in told]
    return Tokens(
        begins=places[:-1:2],
        ends=places[1::2],
        gaps=gaps,
        lower=[lower for lower, _, _ in told],
        flags=flags,
        tones=[tones for _, _, tones in told],
        content=[0, *accumulate([flag & CONTENT != 0 for flag in flags])],
        quotes=quoted(text),
        cuts=[i for i, flag in enumerate(flags) if gaps[i] != " " or flag & MARKERS],
        citing=[i for i, flag in enumerate(flags) if flag & CITES],
    )


def quoted(text: str) -> list[tuple[int, int]]:
    """What stands between quotation marks, the marks included. Cost: linear.

    One that never closes quotes nothing, but for the paragraph it opens where the next one opens with a mark too.
    """
    return [match.span() for match in _QUOTED.finditer(text)]
