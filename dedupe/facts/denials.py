"""Whether one text denies, or only hedges, what another asserts: the word denied, and what stands around it in both.

"The ship was not carrying weapons" and "the ship was carrying weapons" differ by one word, and so lie close for any
measure of likeness. Here the word behind the mark ("carrying") is looked for in the other text, with the same words
before it and behind it, and without a mark of its own.
"""

from typing import NamedTuple

from dedupe import rarity
from dedupe import text as texts
from dedupe.facts.doubts import BEFORE, Marks, Words, holds_denial, irregular_of, marks_of, negative, places, read, says
from dedupe.facts.speech import DETERMINERS

_MARK_BEHIND = frozenset({"de", "fr", "nl"})  # languages that deny behind the verb, too: "ne transportait pas"
_NEAR = 4  # content words to either side that say who does what
_LIGHT = 4.0  # nats of rarity below which a word tells so little that two of those around it must be the same
_CLAUSE = 8  # content words behind a mark that it hedges, at most
_RESTATED = 3  # the same, as words
_SHARE = 0.3  # share of them that a headline must hold to say the same
_OPEN = frozenset(("may", "might", "could", "likely"))  # what these leave open a text must tell as done: "may have"
_DEGREE = frozenset(("more", "less", "most", "least"))  # "more likely to be": compared, not hedged
_PARTS = frozenset(
    ["since", "because", "as", "of", "for", "with", "from", "by", "in", "on", "at", "than", "that"]
)  # what follows is another part
_COUNTED = frozenset(
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "several", "many", "some"]
)
_SEEMS = frozenset(("appear", "appears", "appeared", "seem", "seems", "seemed"))  # hedge what "to" brings
_WHOLE = 0.66  # share of the words of a denial that the other text holds, if it says the very thing that is denied
_OBJECT = 2  # words of what is denied ("denies downing the plane") that the other text must hold


class Span(NamedTuple):
    """Half-open offsets into a text."""

    begin: int
    end: int


class Contrast(NamedTuple):
    """The marked words of one text and the words of the other that lack the mark."""

    marked: Span
    plain: Span


def denied(one: str, other: str, language: str) -> Contrast | None:
    """What `one` says is not so and `other` says is; null where nothing, or where both deny.

    Args:
        one: A clause or sentence.
        other: Another one.
        language: One of `text.LANGUAGES`; of another nothing is found.

    Cost: 20 us a text that holds a mark, 1 us otherwise.
    """
    marks = marks_of(language)
    if marks is None or not holds_denial(one, language):
        return None
    left, right = read(one, language), read(other, language)
    for at, word in enumerate(left.lower):
        if word in marks.deny:
            found = _object(left, at, right, marks)
        elif _denies(left, at, marks):
            own = marks.negative | marks.absent | marks.deny
            found = _predicate(left, at, right, own, loose=False, strict=word in marks.none, pronouns=marks.pronoun)
        else:
            continue
        if found:
            return found
    return None


def _denies(words: Words, at: int, marks: Marks) -> bool:
    """Whether a word of a text says that what follows is not so."""
    word, following = words.lower[at], words.lower[at + 1 : at + 2]
    if word in marks.fail and following == ["to"]:
        return marks.absent.isdisjoint(words.lower[at + 1 :])
    if not negative(word, marks) or words.lower[max(0, at - 1) : at] in (["or"], ["ou"], ["oder"]):
        return False  # "believe it or not"
    if words.lower[max(0, at - 1) : at] in (["a"], ["an"], ["the"]):
        return False  # "a not yet fixed price"
    return marks.absent.isdisjoint(words.lower[at:]) and not any(but in marks.but for but in following)


def hedged(one: str, other: str, language: str, *, loose: bool = False) -> Contrast | None:
    """What `one` hedges ("may have left", "the alleged theft") and `other` says outright.

    Args:
        one: A clause.
        other: Another one.
        language: As for `denied`.
        loose: What follows the word decides: for a headline, which leaves out who or says it in other words.
    """
    marks = marks_of(language)
    if marks is None:
        return None
    words = one.lower().replace("’", "'")
    if not any(mark in words for mark in marks.unsure):
        return None
    left, right = read(one, language), read(other, language)
    own = marks.unsure | marks.negative | marks.absent | marks.opinion
    for at, word in enumerate(left.lower):
        if word not in marks.unsure or (word == "may" and one[left.spans[at][0]] == "M" and at):
            continue
        if _idle(left, at, marks) or (word in _OPEN and not loose and _foretells(left, at)):
            continue
        found = _predicate(left, at, right, own, loose=loose or word in marks.alleged)
        if found and (word not in _OPEN or _done(other[slice(*found.plain)].lower(), language)):
            return found
        if loose and word in marks.report and own.isdisjoint(right.lower) and (found := _common(left, at, right)):
            return found
    return None


def _idle(words: Words, at: int, marks: Marks) -> bool:
    """Whether a word that may hedge hedges nothing here."""
    word, following = words.lower[at], "".join(words.lower[at + 1 : at + 2])
    if negative(following, marks) or following in marks.absent or following in _COUNTED:
        return True  # "could not breathe", "alleged two counts"
    if following in (texts.STOP[words.language] if word in marks.alleged else DETERMINERS):
        return True  # "those they suspected to be", "apparently a sprain"
    if word in _SEEMS and following not in {"to", "that", "as"}:
        return True  # "appeared before the judge"
    return at > 0 and words.lower[at - 1] in _DEGREE


def _foretells(words: Words, at: int) -> bool:
    """Whether a word says what may yet come, true also when it has: "may leave"; "could have left" says it did not."""
    return words.lower[at] == "could" or words.lower[at + 1 : at + 2] != ["have"]


def _done(word: str, language: str) -> bool:
    """Whether a word tells what has happened: "enriched", "left"; not "enrichment", "wearing", "think"."""
    first = irregular_of(language).get(word)
    return language != "en" or word.endswith("ed") or (first is not None and texts.stem(word, language) != first)


def _common(left: Words, mark: int, right: Words) -> Contrast | None:
    """What a clause hedged as a whole has in common with the headline that says it in other words."""
    told = [at for at, stem in enumerate(left.stems) if stem and at > mark and stem not in says(left.language)][
        :_CLAUSE
    ]
    stems = {left.stems[at] for at in told} & set(right.stems)
    if len(stems) < max(_RESTATED, _SHARE * len(told)):
        return None
    there = [at for at, stem in enumerate(right.stems) if stem in stems]
    return Contrast(Span(*left.spans[mark]), Span(right.spans[there[0]][0], right.spans[there[-1]][1]))


def tells(one: str, other: str, found: Contrast, language: str) -> bool:
    """Whether two texts speak of one time and way: neither alone has "until" or "had", or only tells of a wish "to"."""
    left, right = read(one, language), read(other, language)
    marks = marks_of(language)
    if marks is None:
        return True
    denied = one[slice(*found.marked)].lower().split()[0] in marks.deny  # "denied that it had paid"
    if not denied and marks.apart.intersection(left.lower) != marks.apart.intersection(right.lower):
        return False
    wish = [
        text[: span.begin].lower().split()[-1:] == ["to"] for text, span in ((one, found.marked), (other, found.plain))
    ]
    return language != "en" or denied or wish[1] <= wish[0]


def _near(words: Words, at: int, step: int) -> list[str]:
    """Stems of the nearest content words on one side of a word."""
    places = range(at - 1, -1, -1) if step < 0 else range(at + 1, len(words.stems))
    found = (words.stems[place] for place in places if words.stems[place])
    return [stem for stem, _ in zip(found, range(_NEAR), strict=False)]


def _target(words: Words, mark: int) -> int | None:
    """The word a mark bears on: the next with content, adverbs passed over ("has not yet formally agreed")."""
    for at in range(mark + 1, min(len(words.stems), mark + 6)):
        if words.language == "en" and words.lower[at] in _PARTS:
            return None
        if len(words.stems[at]) > 1 and not (words.language == "en" and words.lower[at].endswith("ly")):
            return at
    return None


def _predicate(
    left: Words,
    mark: int,
    right: Words,
    own: frozenset[str],
    *,
    loose: bool,
    strict: bool = False,
    pronouns: frozenset[str] | None = None,
) -> Contrast | None:
    """The marked word of the left text where the right one says it of the same, without a mark of its own."""
    targets = [_target(left, mark)]
    behind = left.spans[mark - 1][1] + 1 == left.spans[mark][0] if mark else False  # no comma between them
    if left.language in _MARK_BEHIND and behind and left.stems[mark - 1]:
        targets.append(mark - 1)
    for at in targets:
        place = None if at is None else _said(left, mark, at, right, own, loose=loose, strict=strict, pronouns=pronouns)
        if at is not None and place is not None:
            begin, end = min(mark, at), max(mark, at)
            return Contrast(Span(left.spans[begin][0], left.spans[end][1]), Span(*right.spans[place]))
    return None


def _said(
    left: Words,
    mark: int,
    at: int,
    right: Words,
    own: frozenset[str],
    *,
    loose: bool,
    strict: bool,
    pronouns: frozenset[str] | None,
) -> int | None:
    """Where the right text says word `at` of the same; null where it does not, or says it with a mark as well.

    ``loose``: what follows decides. ``strict``: both sides must agree, or be empty in both. ``pronouns``: given for a
    denial, which a text says, too, that holds nearly all of it, wherever the words stand.
    """
    before, after = _near(left, min(mark, at), -1), _near(left, max(mark, at), 1)
    telling = left.stems[at] not in says(left.language) and rarity.weight(left.stems[at], left.language) >= _LIGHT
    needed = 1 if telling else 2
    whole = pronouns is not None and _holds_all(left, min(mark, at), right, pronouns)
    found: list[int] = []
    for place in places(right, left.stems[at]):
        # What follows counts, too: "pleaded not guilty" denies as "did not plead guilty" does.
        around = right.lower[max(0, place - BEFORE) : place] + right.lower[place + 1 : place + 2]
        there = _near(right, place, -1), _near(right, place, 1)
        shared = [len(set(x) & set(y)) for x, y in zip((before, after), there, strict=True)]
        ends = [n > 0 or (not (x or y) if strict or not telling else not (x and y))
                for x, y, n in zip((before, after), there, shared, strict=True)]  # fmt: skip
        if (
            (loose and shared[1] >= needed)
            or (all(ends) and sum(shared) >= needed)
            or (whole and before[0] in there[0])
        ):
            if strict and right.lower[max(0, place - 1) : place] and right.lower[place - 1] in DETERMINERS:
                continue  # "no community", "my community"
            if any(word in own or word.endswith("n't") for word in around):
                return None  # both texts deny or hedge it, whatever else one of them says
            found.append(place)
    return found[0] if found else None


def _holds_all(left: Words, mark: int, right: Words, pronouns: frozenset[str]) -> bool:
    """Whether a text holds nearly all of a denial that names who does not do it."""
    told = {stem for stem in left.stems if stem}
    if len(told) < 2 or len(told.intersection(right.stems)) < _WHOLE * len(told):
        return False
    named = max((at for at in range(mark) if left.stems[at]), default=None)
    return named is not None and pronouns.isdisjoint(left.lower[named + 1 : mark])


def _object(left: Words, mark: int, right: Words, marks: Marks) -> Contrast | None:
    """As in "denies downing the plane": what is denied stands in the other text, which denies nothing."""
    own = marks.negative | marks.absent | marks.deny
    if any(word in own or word.endswith("n't") for word in right.lower):
        return None
    what = [at for at in range(mark + 1, len(left.stems)) if left.stems[at]][:_NEAR]
    held = [(at, place) for at in what for place in places(right, left.stems[at])]
    if (
        len({left.stems[at] for at, _ in held}) < min(_OBJECT, len(what))
        or not held
        or what[0] not in {at for at, _ in held}
        or not _done(right.lower[held[0][1]], right.language)
    ):
        return None
    at, place = held[0]
    return Contrast(Span(left.spans[mark][0], left.spans[at][1]), Span(*right.spans[place]))
