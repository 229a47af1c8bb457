"""Which German words with a capital are names, and which are the nouns that all have one.

A noun is known by its ending, by its last part ("Lagerhalle"), by how common it is, by what stands before it. Wrong are
names that are common words too and stand alone ("Merkel"; countries and large towns are in `nouns.json`), and rare
nouns without an article.
"""

import functools
import importlib.resources
import json
import re
from collections.abc import Iterator

from dedupe import rarity
from dedupe import text as texts
from dedupe.facts.amounts import grammar_of
from dedupe.facts.grammar import CAPITAL, FIN, FRONT, PREP, REPORT, UPPER, Tokens
from dedupe.facts.speech import lexicon_of, roles

_ENDING = re.compile(
    r".{2,}(?:ung|ungen|heit|heiten|keit|keiten|schaft|schaften|tion|tionen|ität|itäten|ismus|nisse|nis|tum|chen|erei"
    r"|ereien|linge?|enz|anz|anzen|ologie|logen|isten|erinnen|innen|ierung|ierungen|erin|eurs?|euren?)"
)
_BEFORE = frozenset(("der", "die", "das", "dem", "den", "des", "im", "am", "zum", "zur", "vom", "beim", "ins", "mehr",
    "viele", "vielen", "wenige", "alle", "allen", "einige", "einigen", "mehrere", "mehreren", "beide", "beiden", "zwei",
    "drei", "vier", "fünf", "sechs", "pro", "je", "ohne", "per"))  # fmt: skip
_POSSESSED = re.compile(r"(?:ein|kein|mein|sein|ihr|unser|euer|dies|jed|jen|welch|manch|solch|all)(?:e|en|em|er|es)?")
_TOWN = re.compile(
    r"(?:nachbar|hafen|haupt|groß|klein|kreis|grenz|hanse|partner|heimat|industrie|küsten|provinz|universitäts)?"
    r"(?:stadt|städtchen|ort|dorf|gemeinde)"
)
_ADJECTIVE = re.compile(r".{2,}(?:[^t]e|[^t]en|er|es|em)")
_PART = 4  # letters of the last part of a compound, at least
_LEAST = 3  # letters of a name that stands alone, at least
_OF = frozenset(("von", "van", "de", "di", "zu", "al", "bin", "da", "della", "of", "the", "und", "&"))


@functools.cache
def _lists() -> dict[str, tuple[str, ...]]:
    """Countries and large towns; what names end in that is a word by itself."""
    raw = json.loads(importlib.resources.files("dedupe.facts").joinpath("nouns.json").read_text(encoding="utf-8"))
    return {name: tuple(found.split()) for name, found in raw.items()}


@functools.lru_cache(maxsize=1 << 16)
def built(word: str) -> bool:
    """Whether a lower-case word is a noun by its ending or by its last part."""
    if _ENDING.fullmatch(word):
        return True
    if word.endswith(_lists()["endings"]):
        return False
    return any(rarity.known(texts.stem(word[cut:], "de"), "de") for cut in range(3, len(word) - _PART + 1))


@functools.lru_cache(maxsize=1 << 16)
def common(word: str) -> bool:
    """Whether a lower-case word is an ordinary one."""
    return built(word) or rarity.known(texts.stem(word, "de"), "de")


def names(
    words: Tokens, starts: frozenset[int], runs: list[tuple[int, int]], known: frozenset[str]
) -> Iterator[tuple[int, int]]:
    """The names in runs of words with a capital.

    Args:
        words: The field.
        starts: Indices of the words that begin a sentence.
        runs: Word ranges, joined by nothing.
        known: Lower-case words that are names elsewhere in the article.
    """
    lower = words.lower
    with_article = {lower[begin] for begin, _ in runs if _determined(words, begin)}
    inside = {lower[i] for begin, end in runs for i in range(begin, end) if i not in starts}
    measures = frozenset(grammar_of("de").units) | frozenset(grammar_of("de").scales)
    titles, places = roles("de"), frozenset(_lists()["places"])
    for begin, end in runs:
        first = begin
        while first < end and (
            lower[first] in titles
            or (first + 1 < end and lower[first + 1] in titles)
            or lower[first] in measures
            or words.flags[first] & (FRONT | PREP)
            or (first + 1 < end and _TOWN.fullmatch(lower[first]))  # "die Hafenstadt Karvale"
            or (built(lower[first]) and not words.flags[first] & UPPER)
            or (first == begin and end - first > 1 and _determined(words, begin) and common(lower[first]))
        ):
            first += 1
        if first == end:
            continue
        word = lower[first]
        if end - first > 1:
            if not (first in starts and common(word) and end - first == 2 and common(lower[first + 1])):
                yield first, end
        elif (
            words.flags[first] & UPPER
            or word in known
            or first > begin
            or word in places
            or (
                len(word) >= _LEAST
                and not common(word)
                and word not in with_article
                and not _determined(words, first)
                and (first not in starts or word in inside)
            )
        ):
            yield first, end


def _determined(words: Tokens, i: int) -> bool:
    """Whether an article, a number or an adjective stands before a word: then it is a noun."""
    if i == 0 or words.gaps[i] not in {" ", "\u00a0"}:
        return False
    before, flags = words.lower[i - 1], words.flags[i - 1]
    if flags & CAPITAL and i > 1:
        return False
    if before in _BEFORE or _POSSESSED.fullmatch(before) or before[0].isdigit():
        return True
    verb = bool(flags & (FIN | REPORT)) or before in lexicon_of("de").says or before in texts.STOP["de"]
    return not verb and _ADJECTIVE.fullmatch(before) is not None


def joins(word: str, before: str) -> bool:
    """Whether a small word goes on with a name: "Ursula von ...", not "Einsatz von ..."."""
    return word in _OF and not common(before)
