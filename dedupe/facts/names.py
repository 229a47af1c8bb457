"""Names in a text by their capitals: people, organisations, places, products, as written."""

import re
from collections.abc import Callable

from dedupe import text as texts
from dedupe.facts import nouns
from dedupe.facts.amounts import grammar_of
from dedupe.facts.grammar import CAPITAL, UPPER, Tokens
from dedupe.facts.speech import COURTESY, roles

_LINKS = frozenset({"of", "the", "de", "la", "du", "des", "der", "von", "van", "bin", "al", "di", "da", "do"})
_INNER = re.compile(r" |-|\. | ?& ?|['’]")
_WORDS = frozenset(("i", "i'm", "i've", "i'd", "i'll", "a"))  # capitals that name nobody
_FORMED = ("ed", "ing", "ly", "ous", "ful", "less")  # a sentence's first word that is no part of the name behind it
_PART = 5  # letters of the second part of a given name: "Jae-in"
_TAILS = frozenset(("area", "based", "born", "era", "free", "held", "led", "like", "made", "only", "owned", "run",
    "style", "type", "wide", "and", "or", "to", "on", "of", "bound", "backed", "level", "size"))  # fmt: skip
_TITLED = 0.6  # share of capitals from which a line is in title case and its capitals say nothing


def find(
    words: Tokens,
    starts: frozenset[int],
    language: str,
    *,
    headline: bool,
    known: frozenset[str] = frozenset(),
) -> list[tuple[int, int]]:
    """Word ranges of the names of a text, in order.

    A name is a run of capitalised words, joined by "of", "the", "de" ... inside. The first word of a sentence counts
    when it is no function word and stands as a name elsewhere in the text, goes on as one, or is written in capitals.
    In German every noun has a capital: what of it is a name, `nouns` tells.

    Args:
        words: The field's tokens.
        starts: Indices of the words that begin a sentence.
        language: One of `text.LANGUAGES`.
        headline: The line may be in title case.
        known: Lower-case words that are names elsewhere in the article; in a title-case line only these are names.
    """
    lower, flags = words.lower, words.flags
    stop = texts.STOP[language] | grammar_of(language).dates.triggers  # "Tuesday" and "May" are dates
    count = len(lower)
    capitals = [i for i, flag in enumerate(flags) if flag & CAPITAL]
    titled = headline and count >= 4 and len(capitals) >= _TITLED * count
    inner = {lower[i] for i in capitals if i not in starts and lower[i] not in stop} if not titled else set()
    inner |= known
    romance = language not in texts.NOUNS_CAPITAL and language != "en"

    def named(i: int) -> bool:
        word, upper = lower[i], flags[i] & UPPER
        if not flags[i] & CAPITAL or word in _WORDS:
            return False
        if word in stop and not upper:
            # "Stati Uniti", "Los Angeles", "El País": a small word with a capital of its own
            return romance and i not in starts and not titled and i + 1 < count and bool(flags[i + 1] & CAPITAL)
        return (
            (not titled and i not in starts)
            or word.removesuffix("'s") in inner
            or (upper != 0 and words.ends[i] - words.begins[i] > 1 and not titled)
        )

    found: list[tuple[int, int]] = []
    english, nouns_too = language == "en", language in texts.NOUNS_CAPITAL
    end = 0
    for i in capitals:
        if i < end:
            continue
        opens = (
            i in starts
            and not titled
            and i + 1 < count
            and named(i + 1)
            and lower[i] not in stop
            and words.gaps[i + 1] == " "
        )
        if not named(i) and (not opens or (english and lower[i].endswith(_FORMED))):
            continue
        end = _end(words, i, starts, language, named)
        found += [(i, end)] if nouns_too else _without_titles(lower, i, end, language)
    return list(nouns.names(words, starts, found, known)) if nouns_too else found


def _end(words: Tokens, i: int, starts: frozenset[int], language: str, named: Callable[[int], bool]) -> int:
    """Where the run of capitalised words that begins at word i ends."""
    gaps, lower, count, end = words.gaps, words.lower, len(words.lower), i + 1
    while end < count and end not in starts and (gaps[end] == " " or _INNER.fullmatch(gaps[end])):
        if lower[end - 1].endswith("'s"):
            break
        given = language == "en" and end - i > 1 and gaps[end] == "-" and _given(lower[end])  # "Moon Jae-in"
        if named(end) or given:
            end += 1
            continue
        small = 2 if language in texts.NOUNS_CAPITAL and lower[end : end + 2] == ["von", "der"] else 1
        joined = lower[end] in _LINKS and not (lower[end] == "of" and _titled(lower, i, end, language))
        if language in texts.NOUNS_CAPITAL:
            joined = nouns.joins(lower[end], lower[end - 1])
        if not joined or end + small >= count or not named(end + small):
            break
        end += small + 1
    return end


def _titled(lower: list[str], begin: int, end: int, language: str) -> bool:
    """Whether a run of capitals is a person's, by an office in or before it: "Sen. Jane Doe" of Karvale."""
    return language == "en" and end - begin > 1 and not roles(language).isdisjoint(lower[max(0, begin - 1) : begin + 1])


def _given(word: str) -> bool:
    """Whether a word behind a hyphen is the second part of a given name: "Jae-in", not "Karvale-based"."""
    return len(word) <= _PART and word not in _TAILS


def _without_titles(lower: list[str], begin: int, end: int, language: str) -> list[tuple[int, int]]:
    """As in "Acme Chief Executive Jane Doe": two names. A run of two words ("General Motors") stays whole."""
    while language == "en" and begin < end - 1 and lower[begin] in COURTESY:
        begin += 1  # "Mr. Doe"
    if end - begin < 3 or (titles := roles(language)).isdisjoint(lower[begin:end]):
        return [(begin, end)]
    pieces: list[tuple[int, int]] = []
    start = begin
    for i in range(begin, end + 1):
        title = i < end and (lower[i] in titles or (lower[i] == "general" and i > begin and lower[i - 1] == "attorney"))
        if i == end or title or (i == start and lower[i] in _LINKS):
            between = title and start > begin  # "Chief Revenue Officer": part of the title
            if i > start and not between:
                pieces.append((start, i))
            start = i + 1
    return pieces or [(begin, end)]
