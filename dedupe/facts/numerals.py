"""The number words of a language, and what a run of them amounts to: "two hundred and fifty", "dreiundzwanzig".

The words are in `quantities.json`, compounds of German, Dutch, French, Spanish, Italian and Portuguese written out.
"""

import functools
import importlib.resources
import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}


class Spelled(NamedTuple):
    """What number words amount to: the last scale is kept apart, for ranges ("two to three million").

    ``end``: how many characters are read; words that make no number with those before them are not ("two eight-hour").
    """

    value: float
    scale: float
    end: int


@functools.cache
def data() -> dict[str, Any]:
    """Number words, scales, units, currencies, months and bounds of the supported languages."""
    raw = importlib.resources.files("dedupe.facts").joinpath("quantities.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(raw)
    return found


@functools.cache
def small(language: str) -> dict[str, float]:
    """Words for numbers below a million that are one word or a fixed phrase: "drei", "dreieinhalb", "medio"."""
    words: dict[str, float] = data()["languages"][language]["small"]
    return words


def count(word: str) -> int:
    """An English number word, an article or digits as a whole number."""
    lower = word.lower()
    return 1 if lower in {"a", "an"} else int(small("en").get(lower) or lower)


def either(words: Iterable[str]) -> str:
    """A regular expression for any of some words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


@functools.cache
def _token(language: str) -> re.Pattern[str]:
    own = data()["languages"][language]
    return re.compile(rf"(?:{either([*own['small'], *own['scales'], 'and', 'a', 'half', 'dozen'])})\b", re.IGNORECASE)


def amount(words: str, language: str) -> Spelled:
    """What a run of number words amounts to: (250, 1e3) for "two hundred and fifty thousand".

    Args:
        words: Number words joined by spaces, hyphens or "and".
        language: One of `text.LANGUAGES`.
    """
    own, scales = small(language), data()["languages"][language]["scales"]
    total, group, end, place = 0.0, 0.0, 0, 0
    while match := _token(language).match(words, place):
        word, place = match.group().lower(), match.end() + 1
        if word in {"a", "and"} and language == "en":
            continue
        if word == "half":
            group = 0.5
        elif word == "dozen":
            group = (group or 1.0) * 12
        elif word in scales and (group or word not in own):
            size = scales[word]
            if match.end() == len(words) and not total and size >= 1e3:
                return Spelled(group or 1.0, size, match.end())
            if size == 100:
                group = (group or 1.0) * size
            else:
                total, group = total + (group or 1.0) * size, 0.0
        else:
            joined = _joined(group, own[word])
            if joined is None:
                break
            group = joined
        end = match.end()
    return Spelled(total + group, 1.0, end)


def _joined(group: float, value: float) -> float | None:
    """A number and the one named behind it as one: hundreds and tens, tens and units; null where they make none."""
    if not group:
        return float(value)
    if value == 100 and group < 100:
        return group * value
    if group % 100 == 0 and value < 100:
        return group + value
    return group + value if group % 10 == 0 and group % 100 >= 20 and value < 10 else None
