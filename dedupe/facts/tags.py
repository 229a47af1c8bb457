"""Which pieces of a sentence only say who speaks or when: "Late Sunday, Mr. Doe told reporters", "as the Post reports".

Told strictly: a piece with one word that is no name, no hearer and no time says something. English only: elsewhere
too few verbs are known to tell a name from a statement.
"""

import functools
import importlib.resources
import json
import re

from dedupe.facts import asides, speech
from dedupe.facts.grammar import ADVERB, CAPITAL, CLAUSAL, DET, FIN, FRONT, PREP, PRON, REL, SUB, THAT, Tokens

_LEAD = 14  # words before the verb at most
_TOLD = frozenset(("told", "tells", "asked", "asks"))
_MARKS = re.compile(r"[\"“”«»]|(?<!\w)['‘]|[.,!?]['’](?!\w)")
_COMMA = re.compile(r"\s*,")


@functools.cache
def _lists() -> tuple[dict[str, frozenset[str]], re.Pattern[str]]:
    """Words that speak, times and hearers, titles of persons; and wordings of an opener without a verb."""
    raw = json.loads(importlib.resources.files("dedupe.facts").joinpath("asides.json").read_text(encoding="utf-8"))
    found = raw["tags"]
    return {name: frozenset(found[name]) for name in ("says", "times", "hearers", "titles", "never")}, re.compile(
        "|".join(found["openers"]), re.IGNORECASE
    )


def only_tells_who(text: str, words: Tokens, first: int, last: int, language: str) -> bool:
    """Whether a piece of a sentence holds a speaker or a time of speaking and nothing that was said.

    Args:
        text: The piece, with its punctuation.
        words: The field.
        first: Index of the piece's first word.
        last: One past its last word.
        language: One of `text.LANGUAGES`.

    Cost: linear in the words of the piece.
    """
    if language != "en" or first == last or _MARKS.search(text):
        return False
    lists, openers = _lists()
    lower, flags = words.lower, words.flags
    if openers.fullmatch(text.strip(" \u00a0\n.,:;—–-")):
        return True
    named = [bool(flag & CAPITAL) for flag in flags[first:last]]
    if all(named) and lower[first].rstrip(".") in lists["titles"] and last - first > 1:
        return not any(flag & FIN for flag in flags[first:last])  # "Sen. Jane Doe (D-Ohio)"
    if last - first > 2 and lower[first : first + 2] == ["according", "to"]:
        return not any(
            flags[at] & (REL | SUB) or lower[at] in lists["never"] or lower[at].endswith("ing")
            or (not flags[at] & CAPITAL and asides.verb(words, at, first, last, loose=True))
            for at in range(first + 2, last)
        )  # fmt: skip
    verb = next((at for at in range(first, min(last, first + _LEAD)) if lower[at] in lists["says"]), None)
    if verb is None or not _leads(words, first, verb, lists):
        return False
    hearing = lower[verb] in _TOLD
    known = speech.lexicon_of(language).media
    for at in range(verb + 1, last):
        word = lower[at]
        if word in lists["times"] or word in lists["hearers"] or word.isdigit():
            continue
        if not flags[at] & CAPITAL and not (hearing and word in known):
            return False
        if not hearing and verb > first:
            return False
    return verb > first or last - first > 1


def _leads(words: Tokens, first: int, verb: int, lists: dict[str, frozenset[str]]) -> bool:
    """Whether what stands before the verb names a speaker: no verb of its own, and before a comma names or times."""
    comma = next((at for at in range(first + 1, verb) if _COMMA.match(words.gaps[at])), first)
    for at in range(first, verb):
        flag, word = words.flags[at], words.lower[at]
        if word in lists["never"] or flag & (REL | SUB) or (at > first and flag & (CLAUSAL | THAT)):
            return False
        if word == "to" and at == verb - 1:
            return False  # "too early to say"
        if flag & ADVERB and first < at < verb - 1 and not words.flags[at + 1] & ADVERB:
            return False  # "lawyers also rely on a ruling Doe wrote"
        subject = flag & PRON and not flag & DET and at == verb - 1
        if not (subject or flag & CAPITAL) and asides.verb(words, at, first, verb):
            return False
        if at < comma and not (flag & CAPITAL or word in lists["times"]):
            return False
    if words.lower[verb].startswith("continu") and first < verb and not words.flags[verb - 1] & (CAPITAL | PRON):
        return False  # "as the count continues"
    opening = words.flags[first] if first < verb else 0
    return not opening & (FRONT | PREP) or comma > first or words.lower[first] == "as"
