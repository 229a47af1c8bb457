"""Which pieces of a body state nothing by themselves: introductory phrases, fragments, questions, captions, promotions.

An aside is a mention like any other, with its characters. Alone it is no fact anyone reports; where another outlet
says the same it may be one ("a new AI group, led by Jane Doe").
"""

import functools
import importlib.resources
import json
import re

from dedupe.facts.grammar import DET, FIN, FRONT, PREP, PRON, REPORT, THAT, Tokens

_CLOSERS = "\"'”’»)]』」 \u00a0\u202f"
_LONG = 40  # words above which a sentence is no promotion, whatever it opens with
_FRAGMENT = 5  # content words of a fragment at most: a longer piece tells something, or holds a verb that is not known
_THIRD = re.compile(r"[^aiusy]s$")
_PAST = re.compile(r"[a-z]{2}ed$")
_HANGING = frozenset(("is", "was", "are", "were", "be", "been", "being", "to", "whether", "how", "why", "what", "who",
    "which", "when", "where", "because", "if", "than", "as", "and", "or", "but"))  # fmt: skip
_NONE, _MAYBE, _ENDED, _SURE = range(4)  # a word's form: no verb's, as of "reports", as of "reported", a verb's
_SHORT_FORM = re.compile(r"'(?:re|ve|ll|d|m)$|n't$|^(?:that|it|he|she|there|here|what|who|let)'s$")


@functools.cache
def _phrases() -> tuple[dict[str, re.Pattern[str]], dict[str, "_Held"], frozenset[str]]:
    """Per language: what promotions open with, what they hold; and English verbs the clause grammar does not list."""
    raw = json.loads(importlib.resources.files("dedupe.facts").joinpath("asides.json").read_text(encoding="utf-8"))
    opens, holds = {}, {}
    for language, found in raw["promotions"].items():
        opens[language] = re.compile(rf"\W*(?:{'|'.join(found['opens'])})(?!\w)", re.IGNORECASE)
        holds[language] = _Held("|".join(found["holds"]))
    return opens, holds, frozenset(raw["verbs"])


class _Held:
    """Phrases looked for anywhere in a sentence, as whole words."""

    def __init__(self, phrases: str) -> None:
        self._whole = re.compile(rf"(?<!\w)(?:{phrases})(?!\w)", re.IGNORECASE)
        self._quick = re.compile(f"(?:{phrases})")  # finds more, and needs a tenth of the time to find nothing

    def within(self, sentence: str) -> bool:
        return self._quick.search(sentence.lower()) is not None and self._whole.search(sentence) is not None


def promotion(sentence: str, language: str) -> bool:
    """Whether a sentence is a caption's label, a credit, a call to read, watch, follow or sign up."""
    opens, holds, _ = _phrases()
    for code in (language, "en") if language != "en" else ("en",):
        if opens[code].match(sentence) or holds[code].within(sentence):
            return len(sentence.split()) <= _LONG
    return False


@functools.cache
def _wholes() -> re.Pattern[str]:
    raw = json.loads(importlib.resources.files("dedupe.facts").joinpath("asides.json").read_text(encoding="utf-8"))
    return re.compile("|".join(raw["wholes"]), re.IGNORECASE)


def label(piece: str) -> bool:
    """Whether a piece is an address, "2 hours ago", the line under a post, an agency's letters, and nothing else."""
    return _wholes().fullmatch(piece.strip(" \u00a0\n.,:;()")) is not None


def question(sentence: str) -> bool:
    """Whether a sentence asks."""
    return sentence.rstrip(_CLOSERS).endswith("?")


def fragment(words: Tokens, first: int, last: int, language: str, *, ended: bool | None) -> bool:
    """Whether a piece lacks what makes a statement: a verb, or the end of its sentence.

    Args:
        words: The field.
        first: Index of the piece's first word.
        last: One past its last word.
        language: One of `text.LANGUAGES`. Outside English few verbs are known: headings and openings only.
        ended: Of a piece that is its whole sentence, whether it closes with a stop: one that does is a statement, with
            a verb or without. Null for a part of a sentence.
    """
    size = words.content[last] - words.content[first]
    if ended:
        return language == "en" and size <= 1 and last - first <= 1  # "Yes!"
    if language != "en":
        verbs = any(flag & (FIN | REPORT | PRON) for flag in words.flags[first:last])
        opening = ended is not None or bool(words.flags[first] & (PREP | FRONT))
        return size <= _FRAGMENT and opening and not verbs
    hanging = words.lower[last - 1] in _HANGING or bool(words.flags[last - 1] & (THAT | DET))
    if hanging and ended is None and words.gaps[last].isspace():
        return True
    loose = ended is not None
    return size <= _FRAGMENT and not any(verb(words, at, first, last, loose=loose) for at in range(first, last))


def verb(words: Tokens, at: int, first: int, last: int, *, loose: bool = False) -> bool:
    """Whether a word is, or with `loose` may be, a finite verb."""
    flag, form = words.flags[at], _form(words.lower[at])
    if flag & (FIN | REPORT) or form == _SURE:
        return True
    before = words.flags[at - 1] if at > first else 0
    if flag & PRON and not flag & DET and at + 1 < last and not before & PREP:
        return True  # a subject: "they left"
    if form == _ENDED:
        return loose or not before & (DET | PREP)
    if form == _MAYBE and at > first:
        following = words.flags[at + 1] if at + 1 < last else 0
        return loose or bool(following & (DET | THAT | PRON)) or (at + 1 < last and words.lower[at + 1] == "to")
    return False


@functools.lru_cache(maxsize=1 << 18)
def _form(word: str) -> int:
    """What a word's form says of its being a finite verb."""
    if word in _phrases()[2] or _SHORT_FORM.search(word):
        return _SURE
    return _ENDED if _PAST.search(word) else _MAYBE if _THIRD.search(word) else _NONE
