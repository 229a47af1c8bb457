"""Whether a number counts only some of what is told of elsewhere: "three of the injured", "12 more"."""

import functools
import importlib.resources
import json
from collections.abc import Iterable
from itertools import pairwise

from dedupe import text as texts

_BEHIND = 2  # words behind a number: "of", and of what
_WHOLE = 5  # words before a whole among which its part stands: "40 of the region's 60"
_BEFORE = 2  # words before a number among which "among", "including" stand


@functools.cache
def _lists(language: str) -> dict[str, frozenset[str]]:
    """The lists of parts.json, of words as `dedupe.text.normal` has them.

    of: words that alone make the number before them a part. from: those that do so before one of whole, or a number.
    besides: words before a number that counts some of those told of.
    """
    raw = json.loads(importlib.resources.files("dedupe.facts").joinpath("parts.json").read_text(encoding="utf-8"))
    return {name: frozenset(lists.get(language, "").split()) for name, lists in raw.items()}


def partial(text: str, begin: int, end: int, language: str) -> bool:
    """Whether the number at ``[begin, end)`` counts some of a whole, or is the whole of such a part ("28 of 55").

    Cost: linear in the text. A language without word lists has no such number.
    """
    lists = _lists(language)
    before = [texts.normal(text[left:right]) for left, right in texts.words(text[:begin])[-_BEFORE:]]
    behind = [texts.normal(text[end + left : end + right]) for left, right in texts.words(text[end:])[:_BEHIND]]
    if not lists["besides"].isdisjoint(before) or not lists["of"].isdisjoint(behind[:1]):
        return True
    if behind and behind[0] in lists["from"] and behind[1:] and (behind[1] in lists["whole"] or behind[1][0].isdigit()):
        return True
    said = [texts.normal(text[left:right]) for left, right in texts.words(text[:begin])[-_WHOLE:]]
    return any(one[:1].isdigit() and other in lists["from"] for one, other in pairwise(said))


def includes(words: Iterable[str], language: str) -> bool:
    """Whether one of some words says that what follows is among those counted: "including", "among"."""
    return not _lists(language)["besides"].isdisjoint(words)
