"""Whether two mentions name one person or thing differently: its spelling, its first name, its standing, its author.

Nothing here knows a name. That two names mean one referent is told by what the mentions share, and by what the rest of
the two articles says: a writer who uses both names means two people.
"""

import functools
import importlib.resources
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import combinations, islice
from typing import Any, NamedTuple

from dedupe import text as texts
from dedupe.facts.bothsides import Sides
from dedupe.facts.speech import DAYS, DETERMINERS, roles

Row = dict[str, Any]

_ALIKE = 0.75  # likeness from which two words may be spellings of one name (Sergey, Sergei: .83; Joe, Hunter: .22)
_SPELLED = 5  # letters of a name that stands alone, at least: Iran and Iraq are no spellings of each other
_SHORT = 3  # letters of a word that stays small in a headline
_FEW = 5  # words up to which a text is not told to be a headline
_CAPITALS = 0.7  # share of capitalised words from which a text is a headline in capitals
_TAIL = 2  # letters in which two spellings may differ at their end: Macao, Macau, but not Ukraine, Ukrainian
_DERIVED = frozenset(
    ["", "a", "e", "o", "ia", "an", "ian", "ish", "ese", "ic", "in", "ine", "ina", "s", "es", "ais", "ois", "on", "ain"]
)  # Argentina, Argentine; Marseilles, Marseillais
_NAME = r"[A-ZÀ-Þ][\w'’.-]+(?: (?:[A-Z]\. )?[A-ZÀ-Þ][\w'’-]+)+"
_PAST = re.compile(r"\b(formerly|former|ex-|no longer|until recently)[ -]?(?=(?-i:[a-z]))", re.IGNORECASE)
_THEN = re.compile(r"\b(?:then|first|later|was|were|served|resign\w*|quit|stepped down|left|fired)\b", re.IGNORECASE)
_GONE = re.compile(
    r"\b(?:former\w*|ex-|then-|short-lived|outgoing|late|one-time|ousted|fired|resign\w*|stepped down|no longer|until)",
    re.IGNORECASE,
)
_EX = re.compile(r"\b(?:former|ex-)", re.IGNORECASE)
_OFFICE = 60  # characters between an office and whose it is: "former national security adviser Jane Doe"
_TITLE = r"(?:[A-Z][\w.&'’-]*|of|and|the|head|chief|vice|senior|executive|officer|president|director|applications)"
_DOCUMENT = r"memo|memorandum|letter|report|document"
_DONE = re.compile(
    rf"\b({_DOCUMENT})\b[^.;]{{0,60}}? (?:authored|written|penned|drafted|signed|sent|issued)"
    rf" by (?:{_TITLE} )*?({_NAME})"
)
_WROTE_IN = re.compile(
    rf"({_NAME}) (?:wrote|said|told|informed|announced|warned|argued|asked|urged)(?: [\w'’-]+){{0,4}}"
    rf" in (?:an?|the|his|her|their)(?: [a-z-]+){{0,3}} ({_DOCUMENT})\b"
)
_GIVEN = r"\b(?:the|an?|its|their|his|her|called|named)(?: [a-z-]+){0,3}"
_DATED = re.compile(r"\.? \d")  # "the vote Oct. 1"
_ENDS = re.compile(
    r"\W*$|[.,;:)”\"]| (?:and|or|in|on|at|of|from|to|off|for|with|by|after|before|which|that|who|was|were|is|are|has|"
    r"had|will|said|says|[a-z]+ed)\b"
)  # what follows a name that goes with the noun before it
_UNNAMED = re.compile(r"\b(?:an?|its|their|his|her)((?: [a-z-]+){0,2}) ([a-z]{4,})\b(?! [A-ZÀ-Þ])")


@functools.cache
def _words(name: str) -> frozenset[str]:
    """The words of `namings.json`.

    heads: words that end the name of an organisation or a place, before which no first name stands. titles: words
    before a name that are no part of it, beside the offices of `speech.roles`. places: first words of names of places.
    prepositions: words that stand before a name and are no noun for it ("near Osk").
    """
    raw = json.loads(importlib.resources.files("dedupe.facts").joinpath("namings.json").read_text(encoding="utf-8"))
    return frozenset(raw[name])


@functools.cache
def _nicknames() -> list[frozenset[str]]:
    """First names that stand for one another: William, Bill."""
    raw = json.loads(importlib.resources.files("dedupe.facts").joinpath("namings.json").read_text(encoding="utf-8"))
    return [frozenset(group.split()) for group in raw["short"]]


class Naming(NamedTuple):
    """What two mentions name differently, and how each writes it."""

    slot: str
    one: str
    other: str


def respelled(left: Row, right: Row, sides: Sides) -> Naming | None:
    """One surname with two first names, of which neither can be short for the other.

    Args:
        left: A mention: text, names, article_id, story_id, language.
        right: One of another article.
        sides: All that the articles of the story say: a writer who uses both first names means two people.
    """
    if _titled(left["text"]) or _titled(right["text"]):
        return None
    for one, words in _persons(left).items():
        for other, others in _persons(right).items():
            if words[-1] != others[-1] or min(len(words), len(others)) < 2 or set(words) & set(others[:-1]):
                continue
            if any(_variant(given, twin) for given in words[:-1] for twin in others[:-1]):
                continue
            if not _meet(words[:-1], others[:-1], left, right, sides):
                return Naming(f"first name {words[-1]}", one, other)
    return None


def _titled(text: str) -> bool:
    """Whether a text is written as a headline is, in which every word looks like a name."""
    words = [text[begin:end] for begin, end in texts.words(text) if end - begin > _SHORT]
    return len(words) > _FEW and sum(word[0].isupper() for word in words) > _CAPITALS * len(words)


def _meet(given: Sequence[str], twins: Sequence[str], left: Row, right: Row, sides: Sides) -> bool:
    """Whether an article holds first names of both sides: "Ann and Bob Marlow"."""
    ours, theirs = (sides.writing(left["story_id"], words) for words in (given, twins))
    return left["article_id"] in theirs or right["article_id"] in ours or not ours.isdisjoint(theirs)


def spellings(rows: Iterable[Row]) -> Iterator[tuple[Row, Row, Naming]]:
    """Names of a story that two outlets spell differently: "Sergey Kolvan", "Sergei Kolvan".

    One row for each two spellings, with the first mentions of them in articles that do not use the other one.

    Cost: linear in the names; spellings of one name have their consonants in common.
    """
    held: dict[tuple[str, ...], dict[str, dict[str, Row]]] = defaultdict(lambda: defaultdict(dict))
    given: dict[tuple[str, str], set[str]] = defaultdict(set)  # first names with a surname in an article
    for row in sorted(rows, key=lambda r: r["mention_id"]):
        for name, words in _persons(row).items():
            given[row["article_id"], words[-1]].update(words[:-1][-1:])
            key = (row["story_id"], *(_sound(word) for word in words))
            held[key][name].setdefault(row["article_id"], row)
    told: set[tuple[str, tuple[str, str]]] = set()
    for key, found in sorted(held.items(), key=lambda item: (-len(item[0]), item[0])):
        for one, other in combinations(sorted(found), 2):
            pairs = [(x, y) for x, y in zip(one.split(), other.split(), strict=True) if x != y]
            if len(pairs) != 1 or not _spelling(*pairs[0]) or (key[0], pairs[0]) in told or _derived(one, other):
                continue  # the surname alone is not told again
            told.add((key[0], pairs[0]))
            firsts = [{first for article in found[name] for first in given[article, name]} for name in (one, other)]
            if " " not in one and _two_people(*firsts):
                continue
            ours, theirs = ([row for article, row in found[name].items() if article not in found[twin]]
                            for name, twin in ((one, other), (other, one)))  # fmt: skip
            apart = ((x, y) for x in ours for y in theirs if x["outlet"] != y["outlet"])
            for left, right in islice(apart, 1):
                yield left, right, Naming("spelling", one, other)


def _two_people(left: Iterable[str], right: Iterable[str]) -> bool:
    """Whether first names that stand with two surnames tell their bearers apart: Ann Marlow, Bob Merlow."""
    ours, theirs = list(left), list(right)
    return bool(ours and theirs) and not any(x == y or _variant(x, y) for x in ours for y in theirs)


_SOUND = str.maketrans(
    {"c": "k", "q": "k", "z": "s", "f": "v", "w": "v", **dict.fromkeys("aeiouyjhäöüéèáíóúàêîôûëï", "")}
)


@functools.lru_cache(maxsize=1 << 14)
def _sound(word: str) -> str:
    """The consonants of a name as they sound: what spellings of it have in common."""
    plain = word.lower().removesuffix("'s").removeprefix("al-").replace("ph", "f").translate(_SOUND)
    return re.sub(r"(.)\1+", r"\1", plain)


def _persons(row: Row) -> Mapping[str, list[str]]:
    """Names without their titles and initials, and their words."""
    names = row["names"]
    return _bare(tuple(names), row.get("language") or "en") if names else {}


@functools.lru_cache(maxsize=4096)
def _bare(names: tuple[str, ...], language: str) -> dict[str, list[str]]:
    titles = roles(language) | _words("titles")
    found = {}
    for name in names:
        words = name.replace("’", "'").split()
        for at, word in enumerate(words[:-1]):
            plain = word.strip(".,").lower().replace(".", "")
            if plain in titles or plain.removesuffix("s") in titles:
                words = [*[""] * (at + 1), *words[at + 1 :]]
        words = [word for word in words if word and not re.fullmatch(r"[A-Z]\.?", word)]
        plain = words[-1].lower() if words else ""
        if words and (words[0].lower() in _words("places") or words[0][1:2] == "-" or words[0].isupper()):
            continue  # "San Salvador", "R-California", a headline in capitals
        if words and plain not in _words("heads") and plain not in titles and len(words) < 4:
            found[" ".join(words)] = words
    return found


def _variant(one: str, other: str) -> bool:
    """Whether two first names may be one: short for the other, spelled otherwise, or without its accents."""
    names = {one.lower(), other.lower()}
    if any(names <= group for group in _nicknames()):
        return True
    return _short(one, other) or _spelling(one, other) or _unaccented(one) == _unaccented(other)


def _short(one: str, other: str) -> bool:
    """Whether one first name can be short for the other: Mike, Michael; an initial; a title that was not known."""
    short, full = sorted((one.rstrip(".").lower(), other.rstrip(".").lower()), key=len)
    return full.startswith(short) or _called(short, full)


def _called(short: str, full: str) -> bool:
    """Whether a name is short for one that begins alike: Andy, Andrew."""
    if short[:3] == full[:3] and short.endswith(("y", "ie")):
        return True
    return short[:2] == full[:2] and len(short) <= 4 and not _spelling(short, full)


def _unaccented(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", word) if not unicodedata.combining(sign))


def _spelling(one: str, other: str) -> bool:
    """Whether two words are spellings of one name, and not a country and its people."""
    a, b = (word.lower().removesuffix("'s").removeprefix("al-").removeprefix("el-") for word in (one, other))
    if (
        min(len(a), len(b)) < _SPELLED
        or _unaccented(a) == _unaccented(b)
        or a.startswith(b)
        or b.startswith(a)
        or a.endswith(b)
        or b.endswith(a)
        or a[-2:] == b[-2:] == "es"
        or _british(a) == _british(b)
    ):
        return False
    common = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), 0)
    tails = a[common:], b[common:]
    if a[-1] != b[-1] and (max(map(len, tails)) > _TAIL):
        return False
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= _ALIKE


def _derived(one: str, other: str) -> bool:
    """Whether one name that stands alone is made from another: a country and its people, a man's and a woman's."""
    common = next((n for n, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), min(len(one), len(other)))
    return {one[common:], other[common:]} <= _DERIVED


def _british(word: str) -> str:
    """A word as American English spells it: that is no other spelling of a name."""
    return re.sub(r"re$", "er", word.replace("our", "or").replace("is", "iz"))


def standing(left: Row, right: Row, sides: Sides, *, sure: bool = True) -> Naming | None:
    """One puts in the past ("formerly led by", "former envoy Jane Doe") what the other says of the same person.

    An article that puts it in the past anywhere only leaves the word out; of what is past, the office of that time is
    told as often as not, so that an office is asked of clauses that are ``sure`` to be one.
    """
    names = [name for name in left["names"] or [] if " " in name and name in (right["names"] or [])]
    marks = [_PAST.search(row["text"]) for row in (left, right)]
    if not names or (marks[0] is None) == (marks[1] is None):
        return None
    row, other, mark = (left, right, marks[0]) if marks[0] else (right, left, marks[1])
    language = row.get("language") or "en"
    following = re.match(r"[\w'’-]+", row["text"][mark.end() :]) if mark else None
    if mark is None or following is None or _THEN.search(other["text"]) or _EX.search(other["text"]):
        return None
    if sides.some(
        other["article_id"], lambda text: bool(_GONE.search(text)) and any(n.split()[-1] in text for n in names)
    ):
        return None
    word, stem = following.group(), texts.stem(following.group(), language)
    titled = mark.group(1).lower() in {"former", "ex-"}
    if (
        stem in texts.STOP.get(language, ())
        or (titled and not sure)
        or (titled and not _beside(row["text"], mark.end(), names))
    ):
        return None
    for begin, end in texts.words(other["text"]):
        if texts.stem(other["text"][begin:end], language) == stem and (
            not titled or _beside(other["text"], end, names)
        ):
            said = row["text"][mark.start() : mark.end() + len(word)]
            values = {id(row): said, id(other): other["text"][begin:end]}
            return Naming(f"{word} {names[0]}", values[id(left)], values[id(right)])
    return None


def _beside(text: str, end: int, names: Sequence[str]) -> bool:
    """Whether an office is said of one of the names: it stands a few words before it, in one phrase."""
    following = text[end : end + _OFFICE]
    return any(name in following and not set(";,.") & set(following[: following.index(name)]) for name in names)


def named(left: Row, right: Row, sides: Sides) -> Naming | None:
    """One gives a name to what the other only describes: "a coastal ferry", "the ferry Vesta".

    The other describes it throughout: an article that holds the name anywhere only does not repeat it.
    """
    stop = texts.STOP.get(left.get("language") or "en", frozenset())
    for row, other in ((left, right), (right, left)):
        if other["names"] and all(name in row["text"] for name in other["names"]):
            continue
        for match in _UNNAMED.finditer(row["text"]):
            noun = match.group(2)
            following = re.match(r" ([a-z]+)", row["text"][match.end() :])
            if following and following.group(1) not in stop:
                continue  # "a great man": no noun
            if not stop.isdisjoint(match.group(1).split()):
                continue  # "an effort to block"
            if (
                noun not in other["text"]
                or noun in _words("prepositions")
                or noun in stop
                or noun in DETERMINERS
                or noun in DAYS
                or noun.endswith("ly")
            ):
                continue
            pattern = rf"{_GIVEN} {re.escape(noun)}(?:,? (?:called|named|dubbed))? "
            found = re.search(rf"{pattern}({_NAME}|[A-ZÀ-Þ][\w'’-]+)", other["text"])
            if (
                found is None
                or "'" in found.group(1).replace("’", "'")
                or found.group(1) in row["text"]
                or found.group(1).split()[0].lower() in DAYS
            ):
                continue
            if not any(found.group(1).split()[0] in name for name in other["names"] or [found.group(1)]):
                continue
            if (
                _DATED.match(other["text"], found.end())
                or found.group(1).isupper()
                or not _ENDS.match(other["text"], found.end())
            ):
                continue  # "a bill", "the bill Democrats hope to pass"
            if row["article_id"] in sides.writing(row["story_id"], found.group(1).split()):
                continue
            begin = found.start(1) - 1
            written = other["text"][found.start() : found.end()]
            written = written[written.rindex(noun, 0, begin - found.start() + 1) :]
            values = {id(row): match.group(), id(other): written}
            return Naming(noun, values[id(left)], values[id(right)])
    return None


def authors(rows: Iterable[Row], most: int, counts: Counter[str]) -> Iterator[tuple[Row, Row, Naming]]:
    """Different people named as who wrote one document of a story.

    One row for each two names, with the first mentions of them that stand in different outlets. Of more than ``most``
    names those that most outlets give.
    """
    held: dict[tuple[str, str], dict[str, dict[str, Row]]] = defaultdict(lambda: defaultdict(dict))
    for row in sorted(rows, key=lambda r: r["mention_id"]):
        for document, written in _writers(row):
            held[row["story_id"], _LIKE.get(document, document)][written].setdefault(row["outlet"], row)
    for _, found in sorted(held.items()):
        counts["roles_capped"] += max(0, len(found) - most)
        for name, other in combinations(sorted(found, key=lambda name: -len(found[name]))[:most], 2):
            if set(name.split()) & set(other.split()):
                continue
            told = (found[name].values(), found[other].values())
            apart = ((x, y) for x in told[0] for y in told[1] if x["outlet"] != y["outlet"])
            for left, right in islice(apart, 1):
                yield left, right, Naming("author of the document", name, other)


_LIKE = {"memorandum": "memo", "document": "memo"}  # what one text calls a memo another calls a document


def _writers(row: Row) -> Iterator[tuple[str, str]]:
    """Documents that a mention names, with who wrote each."""
    people = [(match.group(1), match.group(2)) for match in _DONE.finditer(row["text"])]
    people += [(match.group(2), match.group(1)) for match in _WROTE_IN.finditer(row["text"])]
    for document, written in people:
        # The pattern takes titles along ("Chief Executive Jane Roe"); the mention knows the name itself.
        yield document, next((known for known in row["names"] or [] if " " in known and known in written), written)
