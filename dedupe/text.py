"""Sentences, words and stems of a text, as offsets into it. Nothing is rewritten: a span is a pair of code points.

Splitting works for any script with sentence stops; stems and stop words exist for the seven languages of `LANGUAGES`.
"""

import functools
import importlib.resources
import json
import re
import unicodedata
from collections.abc import Sequence

import snowballstemmer  # type: ignore[import-untyped]  # the package ships no types

_DATA = json.loads(importlib.resources.files("dedupe").joinpath("text.json").read_text(encoding="utf-8"))

STOP: dict[str, frozenset[str]] = {language: frozenset(words) for language, words in _DATA["stop"].items()}
"""Function words by language: what carries grammar and no content."""

LANGUAGES: tuple[str, ...] = tuple(sorted(STOP))
"""ISO 639-1 codes with stop words, a stemmer and clause grammar."""

NOUNS_CAPITAL: frozenset[str] = frozenset(("de",))
"""Languages in which every noun has a capital: there a capital alone makes no name."""

_NEVER = frozenset(_DATA["abbreviations"]["never"])
_MAY = frozenset(_DATA["abbreviations"]["may"])
_OWN = {language: frozenset(words) for language, words in _DATA["own_abbreviations"].items()}  # words of another one
_STEMMERS = {
    "de": "german", "en": "english", "es": "spanish", "fr": "french",
    "it": "italian", "nl": "dutch", "pt": "portuguese",
}  # fmt: skip

_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u200c\u200d"
)  # combining signs inside words of scripts that `\w` would cut in two
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # written without spaces: every sign is a word
_WORD = re.compile(
    rf"[{_CJK}]|(?:[A-Za-z]\.){{2,}}|\d+(?:[.,]\d+)+|(?:(?![{_CJK}])[^\W_]|[{_MARKS}])+(?:['’](?:(?![{_CJK}])[^\W_])+)*"
)
_PLAIN_WORD = re.compile(  # first what most words are: it only makes these quicker to tell
    r"[A-Za-z]{2,}+(?=[ ,\n-])|(?:[A-Za-z]\.){2,}|\d+(?:[.,]\d+)+|[^\W_]++(?:['’][^\W_]++)*+"
)
_COMPLEX = re.compile(rf"[{_CJK}{_MARKS}]")
_CUT, _PLAIN_CUT = (re.compile(f"({pattern.pattern})") for pattern in (_WORD, _PLAIN_WORD))
_SIGNED, _PLAIN_SIGNED = (re.compile(rf"(?:{pattern.pattern})[.!?:]?|\x1e") for pattern in (_WORD, _PLAIN_WORD))

_ELIDING = frozenset(("fr", "it"))
_ELIDED = re.compile(
    r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|dell|all|dall|nell|sull|un|quell|quest|gl|tutt|anch|com|dov|c|v)['’]",
    re.IGNORECASE,
)

_CLOSERS = "\"'”’»›)\\]」』）】〉》"
_OPENERS = "\"'“‘«‹([「『（【„‚¿¡-–—•*"
_FULL = "。！？．｡؟۔।"  # stops after which no space is written
_STOPS = re.compile(  # a stop first, what stands around it second: most characters are passed over at a glance
    rf"[.!?…{_FULL}\n](?:(?<=\n)\n*(?:[ \t\r]*\n)*|(?<=[{_FULL}])[{_FULL}]*[{_CLOSERS}]*"
    rf"|(?<=[.!?…])(?<![.!?…]{{2}})[.!?…]*+(?:[ \u00a0\u202f]»(?=\s|$)|[{_CLOSERS}“‘«])*+(?=\s|$)"
    r"|(?P<stuck>(?<=[a-zà-ÿ]{2}[.!?])[”\"]?(?=[A-ZÀ-Þ][a-zà-ÿ]+[ ,])))"
)
_BEFORE = re.compile(r"[^\s\"'“‘«(\[„/–—]*$")
_AFTER = re.compile(rf"\s*[{re.escape(_OPENERS)}]*\s*")
_INITIAL = re.compile(r"(?:[^\W\d_]|[A-Z]\.(?:[A-Z]\.?)*|[A-Z]\.-[A-Z])")
_STARTER = re.compile(
    r"(?:The|A|An|He|She|It|They|We|I|In|On|At|But|And|This|That|These|Those|There|If|As|For|When|While|After|Its|His|Her|Their|"
    r"What|Who|Why|How|No|Not|With|Since|Also|However|Meanwhile|Still|So|Yet|By|To|From|Der|Die|Das|Le|La|Les|El|Los|Il|De|Het)\b"
)


def sentences(text: str, language: str | None = None) -> list[tuple[int, int]]:
    """Sentences of a text, in order, without the white space around them.

    A blank line or a line end is a break (a headline needs no stop), unless the text is hard-wrapped. A stop is no
    break after an abbreviation, an initial, a German ordinal, inside a number or an address, or before a lower-case
    word.

    Args:
        text: Any text; offsets are code points of it.
        language: ISO 639-1 where known. Only German ordinals ("3. Oktober") depend on it.

    Returns:
        Half-open spans, ascending, disjoint; every character outside them is white space.

    Cost: linear, about 70 MB/s of plain prose divided by the density of stops (12,000 articles: 3 s).
    """
    wrapped = _hard_wrapped(text)
    spans: list[tuple[int, int]] = []
    begin = 0
    for stop in _STOPS.finditer(text):
        end = stop.end()
        if stop.group()[0] == "\n":
            if wrapped and "\n" not in stop.group()[1:]:
                continue
        elif stop["stuck"] is None and not _breaks(text, stop.start(), end, language):
            continue
        _push(text, begin, end, spans)
        begin = end
    _push(text, begin, len(text), spans)
    return spans


def _push(text: str, begin: int, end: int, spans: list[tuple[int, int]]) -> None:
    piece = text[begin:end]
    left = len(piece) - len(piece.lstrip())
    size = len(piece.strip())
    if size:
        spans.append((begin + left, begin + left + size))


def _breaks(text: str, start: int, end: int, language: str | None) -> bool:
    """Whether the stop at text[start:end] ends a sentence."""
    mark = text[end - 1] if text[end - 1] in ".!?…" else text[start]
    if text[start] in _FULL:
        return True
    here = _AFTER.match(text, end)
    after = here.end() if here else end
    if after >= len(text) or "\n" in text[end:after]:
        return True
    follows = text[after]
    if follows.islower() or follows in ",;:":
        return False
    if mark != "." or text[start : start + 2] == "..":
        return True
    return _full_stop(text, start, after, language)


def _full_stop(text: str, start: int, after: int, language: str | None) -> bool:
    """Whether the full stop at `start` ends a sentence; `after` is where the next one would begin."""
    found = _BEFORE.search(text, max(0, start - 24), start)
    before = found.group() if found else ""
    lower = before.lower()
    if not before or lower in _NEVER or lower in _OWN.get(language or "", ()):
        return not before
    if lower in _MAY or (len(before) > 2 and "." in before and _INITIAL.fullmatch(before)):
        return _STARTER.match(text, after) is not None
    if len(before) == 1 and before.isalpha():
        return before == "I"
    if before.isdigit() and len(before) <= 3:
        # "1. Name" at the start of a line is a list item; "3. Oktober" is a date.
        at_start = start - len(before) == 0 or text[start - len(before) - 1] == "\n"
        return not at_start and not (language == "de" and len(before) <= 2)
    return True


def _hard_wrapped(text: str) -> bool:
    """Whether line ends are typographic: most lines are full, of nearly one length, and end mid-sentence."""
    head = text[:4000].split("\n")
    lines = [line.rstrip() for line in head[:-1] if line.strip()]
    if len(lines) < 4:
        return False
    full = [line for line in lines if 45 <= len(line) <= 100]
    open_ended = sum(line[-1] not in ".!?…:”\"'’)" for line in full)
    return len(full) >= 0.6 * len(lines) and open_ended >= 0.6 * len(full)


def words(text: str) -> list[tuple[int, int]]:
    """Words of a text: letters and digits, with inner apostrophes.

    "U.S." and "1,234.5" are one word, "two-year" is two. In scripts without spaces
    (Chinese, Japanese) every sign is a word. Thai runs stay whole.

    Cost: linear; 12,000 articles (72 MB) take about 8 s.
    """
    pattern = _PLAIN_WORD if text.isascii() or _COMPLEX.search(text) is None else _WORD
    return [match.span() for match in pattern.finditer(text)]


def cut(text: str) -> list[str]:
    """A text in pieces that joined are the text: what stands before a word, the word, and so on; the last is no word.

    Cost: that of `words`.
    """
    pattern = _PLAIN_CUT if text.isascii() or _COMPLEX.search(text) is None else _CUT
    return pattern.split(text)


def tokens(found: Sequence[str]) -> list[str]:
    """The words of each text with the stop, colon, question or exclamation mark behind them; U+001E between two texts.

    Cost: linear; a third of `words`.
    """
    joined = "\x1e".join(found)
    if joined.count("\x1e") >= max(1, len(found)):
        joined = "\x1e".join(text.replace("\x1e", " ") for text in found)
    return (_PLAIN_SIGNED if joined.isascii() or _COMPLEX.search(joined) is None else _SIGNED).findall(joined)


@functools.lru_cache(maxsize=1 << 18)
def normal(word: str) -> str:
    """The form in which two spellings of a word are equal: NFKC, case folded, no possessive, no stops."""
    if not word.isascii():
        word = unicodedata.normalize("NFKC", word).replace("’", "'")
    if word in {"US", "U.S.", "U.S"}:
        return "u.s"  # the country, not the pronoun
    word = word.casefold() if not word.isascii() else word.lower()
    word = word.removesuffix("'s").rstrip("'")
    return word.replace(".", "") if word.endswith(".") else word


def bare(word: str, language: str | None) -> str:
    """A word without an article or the like that is written together with it: "l'accident", "dell'acqua"."""
    if language not in _ELIDING:
        return word
    found = _ELIDED.match(word)
    return word[found.end() :] if found and found.end() < len(word) else word


@functools.lru_cache(maxsize=1 << 18)
def stem(word: str, language: str = "en") -> str:
    """The Snowball stem of a word's `normal` form; the normal form itself where the language has no stemmer.

    Cost: 20 us for a new word, 0.1 us for a known one. Source: Snowball (Porter 2001), package snowballstemmer.
    """
    plain = normal(bare(word, language))
    name = _STEMMERS.get(language)
    return plain if name is None or not plain.isalpha() else _stemmed(plain, name)


@functools.lru_cache(maxsize=1 << 18)
def _stemmed(plain: str, name: str) -> str:
    return str(_stemmer(name).stemWord(plain))


@functools.cache
def _stemmer(name: str) -> "snowballstemmer.basestemmer.BaseStemmer":
    return snowballstemmer.stemmer(name)


def content_stems(text: str, language: str | None = "en") -> list[str]:
    """Stems of the words that carry content, in order, repeats kept.

    Args:
        text: A clause, a sentence, a text.
        language: One of `LANGUAGES`; another one, or null, keeps every word in its normal form.
    """
    known = language if language in STOP else None
    stop = STOP[known] if known else frozenset()
    pattern = _PLAIN_WORD if text.isascii() or _COMPLEX.search(text) is None else _WORD
    stems = []
    for word in pattern.findall(text):
        plain = normal(bare(word, known))
        if plain and plain not in stop:
            stems.append(stem(word, known) if known else plain)
    return stems


def guess_language(text: str) -> str | None:
    """The language of `LANGUAGES` whose function words the text uses; null when none is clear.

    A guess needs 40 words' worth of evidence at most: the first 2,000 characters. A language wins when at least 15 %
    of the words are its function words and it leads the next one by a quarter.
    """
    found = [text[begin:end].lower() for begin, end in words(text[:2000])]
    if len(found) < 5:
        return None
    shares = sorted(
        ((sum(word in stop for word in found) / len(found), language) for language, stop in STOP.items()), reverse=True
    )
    (best, language), (second, _) = shares[0], shares[1]
    return language if best >= 0.15 and best >= 1.25 * second else None
