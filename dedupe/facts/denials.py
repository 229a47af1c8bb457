"""Whether one text denies, or only hedges, what another asserts: the word denied, and what stands around it in both.

"The ship was not carrying weapons" and "the ship was carrying weapons" differ by one word, and so lie close for any
measure of likeness. Here the word behind the mark ("carrying") is looked for in the other text, with the same words
before it and behind it, and without a mark of its own.
"""

import functools
import importlib.resources
import json
from collections.abc import Iterator
from typing import NamedTuple

from dedupe import rarity
from dedupe import text as texts
from dedupe.facts.speech import lexicon_of

_ELIDING = frozenset({"fr", "it"})  # languages that write articles as part of the word: "d'armes", "dell'arma"
_MARK_BEHIND = frozenset({"de", "fr", "nl"})  # languages that deny behind the verb, too: "ne transportait pas"
_NEAR = 4  # content words to either side that say who does what
_BEFORE = 7  # words before an assertion among which a mark of its own would stand
_LIGHT = 4.0  # nats of rarity below which a word tells so little that two of those around it must be the same
_SHARE = 0.2  # share of a clause hedged as a whole that a headline must hold to say the same
_MODAL = frozenset(("shouldn't", "wouldn't", "mustn't", "couldn't", "can't", "needn't"))
_OPEN = frozenset(("may", "might", "could", "likely"))  # what these leave open another text must tell as done
_DEGREE = frozenset(("more", "less", "most", "least"))  # "more likely to be": compared, not hedged
_PARTS = frozenset(
    ["since", "because", "as", "of", "for", "with", "from", "by", "in", "on", "at", "than", "that"]
)  # what follows is another part
_OBJECT = 2  # words of what is denied ("denies downing the plane") that the other text must hold


class Span(NamedTuple):
    """Half-open offsets into a text."""

    begin: int
    end: int


class Contrast(NamedTuple):
    """The marked words of one text and the words of the other that lack the mark."""

    marked: Span
    plain: Span


class _Words(NamedTuple):
    """The words of a text: in lower case, where they stand, stems of those with content (empty: a function word)."""

    lower: list[str]
    spans: list[tuple[int, int]]
    stems: list[str]
    language: str


class _Marks(NamedTuple):
    """The words of a language that deny, and those that hedge.

    ``negative`` stands before what is not so, ``deny`` is the act, ``absent`` speaks against an assertion beside it.
    ``report`` hedges a whole clause ("reportedly"), ``hedge`` the word behind it ("may"), ``alleged`` the noun. An
    assertion behind one of ``opinion`` is none ("they suspect that"). A negative before one of ``but`` denies nothing
    ("not until Monday", "not only"). One of ``apart`` in one of two texts sets them at other times ("had", "until").
    """

    negative: frozenset[str]
    deny: frozenset[str]
    absent: frozenset[str]
    report: frozenset[str]
    hedge: frozenset[str]
    alleged: frozenset[str]
    opinion: frozenset[str]
    but: frozenset[str]
    none: frozenset[str]
    apart: frozenset[str]

    @property
    def unsure(self) -> frozenset[str]:
        """Every word that hedges."""
        return self.report | self.hedge | self.alleged


@functools.cache
def _tables() -> dict[str, _Marks]:
    raw = json.loads(importlib.resources.files("dedupe.facts").joinpath("denials.json").read_text(encoding="utf-8"))
    return {
        language: _Marks(
            *(
                frozenset(own[name])
                for name in ("not", "deny", "without", "report", "hedge", "alleged", "opinion", "but", "none", "apart")
            )
        )
        for language, own in raw.items()
    }


def denied(one: str, other: str, language: str) -> Contrast | None:
    """What `one` says is not so and `other` says is; null where nothing, or where both deny.

    Args:
        one: A clause or sentence.
        other: Another one.
        language: One of `text.LANGUAGES`; of another nothing is found.

    Cost: 20 us a text that holds a mark, 1 us otherwise.
    """
    marks = _tables().get(language)
    if marks is None or not holds_denial(one, language):
        return None
    left, right = _read(one, language), _read(other, language)
    for at, word in enumerate(left.lower):
        if word in marks.deny:
            found = _object(left, at, right, marks)
        elif (
            _negative(word, marks)
            and marks.absent.isdisjoint(left.lower[at:])
            and left.lower[at + 1 : at + 2] not in ([but] for but in marks.but)
        ):
            own = marks.negative | marks.absent | marks.deny
            found = _predicate(left, at, right, own, loose=False, strict=word in marks.none)
        else:
            continue
        if found:
            return found
    return None


def hedged(one: str, other: str, language: str, *, loose: bool = False) -> Contrast | None:
    """What `one` hedges ("may have left", "the alleged theft") and `other` says outright.

    Args:
        one: A clause.
        other: Another one.
        language: As for `denied`.
        loose: What follows the word decides: for a headline, which leaves out who or says it in other words.
    """
    marks = _tables().get(language)
    if marks is None:
        return None
    words = one.lower().replace("’", "'")
    if not any(mark in words for mark in marks.unsure):
        return None
    left, right = _read(one, language), _read(other, language)
    own = marks.unsure | marks.negative | marks.absent | marks.opinion
    for at, word in enumerate(left.lower):
        if word not in marks.unsure or (word == "may" and one[left.spans[at][0]] == "M" and at):
            continue
        following = left.lower[at + 1 : at + 2]
        if following and (_negative(following[0], marks) or following[0] in marks.absent):
            continue  # "could not breathe": no hedge
        if word == "could" and following == ["have"]:
            continue  # "could have faced": it did not
        if word in marks.alleged and following and following[0] in texts.STOP[language]:
            continue  # "those they suspected to be"
        if at and left.lower[at - 1] in _DEGREE:
            continue
        found = _predicate(left, at, right, own, loose=loose or word in marks.alleged)
        if found and (word not in _OPEN or _done(other[slice(*found.plain)].lower(), language)):
            return found
        if loose and word in marks.report and own.isdisjoint(right.lower) and (found := _common(left, at, right)):
            return found
    return None


def _done(word: str, language: str) -> bool:
    """Whether a word tells what has happened: "enriched", "left"; not "enrichment", "wearing", "think"."""
    first = _irregular(language).get(word)
    return language != "en" or word.endswith("ed") or (first is not None and texts.stem(word, language) != first)


def _common(left: _Words, mark: int, right: _Words) -> Contrast | None:
    """What a clause hedged as a whole has in common with the headline that says it in other words."""
    told = [at for at, stem in enumerate(left.stems) if stem and stem not in _says(left.language)]
    held = [at for at in told if left.stems[at] in right.stems]
    stems = {left.stems[at] for at in held}
    if len(stems) < max(_OBJECT, _SHARE * len(told)) or max(held) < mark:
        return None
    there = [at for at, stem in enumerate(right.stems) if stem in stems]
    return Contrast(Span(*left.spans[mark]), Span(right.spans[there[0]][0], right.spans[there[-1]][1]))


@functools.cache
def _says(language: str) -> frozenset[str]:
    """Stems of the speech verbs of a language: that two people said something is nothing they have in common."""
    return frozenset(texts.stem(word, language) for word in lexicon_of(language).says)


def holds_denial(text: str, language: str) -> bool:
    """Whether a text holds a word that may deny something."""
    marks = _tables().get(language)
    if marks is None:
        return False
    lower = text.lower().replace("’", "'")
    if language == "en" and "n't" in lower:
        return True
    return any(f" {mark} " in f" {lower} " for mark in marks.negative | marks.deny)


def speaks(word: str, language: str) -> bool:
    """Whether a word only says that somebody said something: "did not say" denies nothing that another text reports."""
    return texts.stem(word, language) in _says(language)


def tells(one: str, other: str, found: Contrast, language: str) -> bool:
    """Whether two texts speak of one time and way: neither alone has "until" or "had", or only tells of a wish "to"."""
    left, right = _read(one, language), _read(other, language)
    apart = _tables()[language].apart
    if apart.intersection(left.lower) != apart.intersection(right.lower):
        return False
    wish = [
        text[: span.begin].lower().split()[-1:] == ["to"] for text, span in ((one, found.marked), (other, found.plain))
    ]
    return language != "en" or wish[0] == wish[1]


def stems(text: str, language: str) -> frozenset[str]:
    """Stems of the words of a text as denials compare them; none of a language without word lists."""
    return frozenset(_read(text, language).stems) - {""} if language in _tables() else frozenset()


def stem_of(word: str, language: str) -> str:
    """The stem of one word as denials compare it: "sold" is "sell"."""
    return _irregular(language).get(word.lower()) or texts.stem(word.lower(), language)


def reported(text: str, begin: int, language: str) -> bool:
    """Whether a word of speech stands before a place in a text: what follows is somebody's."""
    return not _says(language).isdisjoint(_read(text[:begin], language).stems)


def doubted(text: str, stem: str, language: str, *, hedges: bool) -> bool:
    """Whether a text denies a word, or hedges it too: one of those marks stands a few words before it."""
    marks = _tables().get(language)
    if marks is None:
        return False
    words = _read(text, language)
    own = marks.negative | marks.absent | marks.deny | (marks.unsure | marks.opinion if hedges else frozenset())
    for place in _places(words, stem):
        around = words.lower[max(0, place - _BEFORE) : place] + words.lower[place + 1 : place + 2]
        if any(word in own or word.endswith("n't") for word in around):
            return True
    return False


def _negative(word: str, marks: _Marks) -> bool:
    """Whether a word says that something is not so; "should not" and "cannot" say what ought to be or can be."""
    return word in marks.negative or (word.endswith("n't") and word not in _MODAL)


@functools.cache
def _irregular(language: str) -> dict[str, str]:
    """Forms of irregular verbs -> the stem of their first form: "sold" is "sell"."""
    raw = json.loads(importlib.resources.files("dedupe.facts").joinpath("denials.json").read_text(encoding="utf-8"))
    verbs = (verb.split() for verb in raw[language].get("irregular", ()))
    return {form: texts.stem(forms[0], language) for forms in verbs for form in forms}


@functools.lru_cache(maxsize=4096)
def _read(text: str, language: str) -> _Words:
    spans = texts.words(text)
    lower = [text[begin:end].lower().replace("’", "'") for begin, end in spans]
    bare = [word.rsplit("'", 1)[-1] for word in lower] if language in _ELIDING else lower
    stop = texts.STOP[language]
    marks = _tables()[language]
    idle, irregular = marks.negative | marks.unsure, _irregular(language)
    stems = [
        ""
        if word in stop or word in idle or word.endswith("n't")
        else irregular.get(word) or texts.stem(word, language)
        for word in bare
    ]
    return _Words(lower, spans, stems, language)


def _near(words: _Words, at: int, step: int) -> list[str]:
    """Stems of the nearest content words on one side of a word."""
    places = range(at - 1, -1, -1) if step < 0 else range(at + 1, len(words.stems))
    found = (words.stems[place] for place in places if words.stems[place])
    return [stem for stem, _ in zip(found, range(_NEAR), strict=False)]


def _target(words: _Words, mark: int) -> int | None:
    """The word a mark bears on: the next with content, adverbs passed over ("has not yet formally agreed")."""
    for at in range(mark + 1, min(len(words.stems), mark + 6)):
        if words.language == "en" and words.lower[at] in _PARTS:
            return None
        if len(words.stems[at]) > 1 and not (words.language == "en" and words.lower[at].endswith("ly")):
            return at
    return None


def _predicate(
    left: _Words, mark: int, right: _Words, own: frozenset[str], *, loose: bool, strict: bool = False
) -> Contrast | None:
    """The marked word of the left text where the right one says it of the same, without a mark of its own."""
    targets = [_target(left, mark)]
    if left.language in _MARK_BEHIND and mark and left.stems[mark - 1]:
        targets.append(mark - 1)
    for at in targets:
        place = None if at is None else _said(left, mark, at, right, own, loose=loose, strict=strict)
        if at is not None and place is not None:
            begin, end = min(mark, at), max(mark, at)
            return Contrast(Span(left.spans[begin][0], left.spans[end][1]), Span(*right.spans[place]))
    return None


def _said(
    left: _Words, mark: int, at: int, right: _Words, own: frozenset[str], *, loose: bool, strict: bool
) -> int | None:
    """Where the right text says word `at` of the same; null where it does not, or says it with a mark as well.

    ``loose``: what follows decides. ``strict``: both sides must agree, or be empty in both.
    """
    before, after = _near(left, min(mark, at), -1), _near(left, max(mark, at), 1)
    telling = left.stems[at] not in _says(left.language) and rarity.weight(left.stems[at], left.language) >= _LIGHT
    needed = 1 if telling else 2
    found: list[int] = []
    for place in _places(right, left.stems[at]):
        # What follows counts, too: "pleaded not guilty" denies as "did not plead guilty" does.
        around = right.lower[max(0, place - _BEFORE) : place] + right.lower[place + 1 : place + 2]
        there = _near(right, place, -1), _near(right, place, 1)
        shared = [len(set(x) & set(y)) for x, y in zip((before, after), there, strict=True)]
        ends = [n > 0 or (not (x or y) if strict or not telling else not (x and y))
                for x, y, n in zip((before, after), there, shared, strict=True)]  # fmt: skip
        if (loose and shared[1] >= needed) or (all(ends) and sum(shared) >= needed):
            if any(word in own or word.endswith("n't") for word in around):
                return None  # both texts deny or hedge it, whatever else one of them says
            found.append(place)
    return found[0] if found else None


def _object(left: _Words, mark: int, right: _Words, marks: _Marks) -> Contrast | None:
    """As in "denies downing the plane": what is denied stands in the other text, which denies nothing."""
    own = marks.negative | marks.absent | marks.deny
    if any(word in own or word.endswith("n't") for word in right.lower):
        return None
    what = [at for at in range(mark + 1, len(left.stems)) if left.stems[at]][:_NEAR]
    held = [(at, place) for at in what for place in _places(right, left.stems[at])]
    if (
        len({left.stems[at] for at, _ in held}) < min(_OBJECT, len(what))
        or not held
        or what[0] not in {at for at, _ in held}
        or not _done(right.lower[held[0][1]], right.language)
    ):
        return None
    at, place = held[0]
    return Contrast(Span(left.spans[mark][0], left.spans[at][1]), Span(*right.spans[place]))


def _places(words: _Words, stem: str) -> Iterator[int]:
    return (at for at, found in enumerate(words.stems) if found == stem)
