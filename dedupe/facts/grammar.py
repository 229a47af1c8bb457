"""The words of a text with the small grammatical classes the facts are read by: verbs that agree, openers, articles.

The classes are word lists per language (`grammar.json`): no parser, no model.
"""

import functools
import importlib.resources
import json
import re
from dataclasses import dataclass
from itertools import accumulate

from dedupe import text as texts

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

_QUOTED = re.compile(
    r"“[^“”\n]{1,2000}”|\"[^\"\n]{1,2000}\"|«[^«»\n]{1,2000}»|„[^„“”\n]{1,2000}[“”]|「[^「」\n]{1,2000}」"
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a text: where they begin and end, in lower case, with their classes and a count of content words."""

    begins: list[int]
    ends: list[int]
    lower: list[str]
    flags: list[int]
    content: list[int]  # content[i]: content words among the first i words
    quotes: list[tuple[int, int]]  # quoted passages, quotation marks included


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


@functools.cache
def phrases(language: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Phrases that begin a clause, by their first word."""
    table: dict[str, list[tuple[str, ...]]] = {}
    for phrase in _grammar()[language]["purpose"]:
        first, *rest = phrase.split()
        table.setdefault(first, []).append(tuple(rest))
    return {first: tuple(rests) for first, rests in table.items()}


def tokens(text: str, language: str) -> Tokens:
    """Words of a text with the classes that the clause rules need. Cost: linear, 0.7 us a word."""
    spans = texts.words(text)
    lower = [text[begin:end].lower().replace("’", "'") for begin, end in spans]
    lexicon, stop = _lexicon(language), texts.STOP[language]
    return Tokens(
        begins=[begin for begin, _ in spans],
        ends=[end for _, end in spans],
        lower=lower,
        flags=[lexicon.get(word, 0) for word in lower],
        content=[0, *accumulate(word.removesuffix("'s") not in stop for word in lower)],
        quotes=quoted(text),
    )


def quoted(text: str) -> list[tuple[int, int]]:
    """What stands between quotation marks, the marks included; one that never closes quotes nothing. Cost: linear."""
    return [match.span() for match in _QUOTED.finditer(text)]
