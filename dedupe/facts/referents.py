"""Whom a pronoun that speaks stands for ("he said"): who spoke last, or whom the sentences since then are about."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from dedupe.facts.abroad import opening
from dedupe.facts.citations import SPOKEN, Citation, singular
from dedupe.facts.grammar import Tokens
from dedupe.facts.speech import BODIES, lexicon_of

_FIRST = re.compile(
    r"(?:^|[a-z,.] )(?!(?:The|But|And|When|If|As|In|For|New|North|South|West|East|Saint|Great) )[A-Z][a-z]+ $"
)
_EDGE = re.compile(r"\b")
_FORENAME = 80  # characters before a surname in which a first name stands
_MARKED = frozenset(("he", "she"))
_KEPT = 12  # speakers among whom a pronoun of the other sex is looked for; sentences looked through for "they"


def within(words: Tokens, word: int) -> bool:
    """Whether a word is itself quoted."""
    begin = words.begins[word]
    at = bisect_right(words.quotes, (begin, begin)) - 1
    return at >= 0 and words.quotes[at][1] > begin


class Referents:
    """Who a text's pronouns may stand for, as it is read from its beginning to its end."""

    def __init__(
        self, text: str, words: Tokens, bounds: Sequence[tuple[int, int]], cited: Sequence[Sequence[Citation]], *,
        language: str, outlets: frozenset[str],
    ) -> None:  # fmt: skip
        self.text, self.words, self.bounds, self.language, self.outlets = text, words, bounds, language, outlets
        self.people = {c.cited.split()[-1] for raw in cited for c in raw if c.rank == SPOKEN and not c.pronoun}
        self.speaker: Citation | None = None  # who spoke last
        self.person: Citation | None = None  # whom the text was about last, where that is someone else
        self.unread: list[int] = []  # sentences since then that may say whom the text is about
        self.voices: list[Citation] = []
        self.sexes: dict[str, str] = {}  # surname -> the pronoun that stood for it

    def who(self, raw: Sequence[Citation], place: int) -> Citation | None:
        """Whom the pronouns of a sentence's citations stand for."""
        he = next((c for c in raw if c.pronoun and singular(c)), None)
        if he is None:
            return (self._two() if any(c.pronoun for c in raw) else None) or self.speaker
        self.person = self._about([*self.unread, place], he) or self.person
        self.unread.clear()
        found, said = self.person or self.speaker, he.cited.lower()
        if said not in _MARKED or found is None:
            return found
        if not self._may(found, said):
            others = [one for one in reversed(self.voices) if self._may(one, said)]
            found = others[0] if others else None
        if found is not None:
            self.sexes[_surname(found)] = said
        return found

    def _two(self) -> Citation | None:
        """The two people whom a sentence since someone last spoke opens with, for "they said"."""
        for earlier in reversed(self.unread[-_KEPT:]):
            first, last = self.bounds[earlier]
            subject = opening(self.text, self.words, first, last, language=self.language, outlets=self.outlets)
            names = subject.cited.split(" and ") if subject is not None else []
            if len(names) > 1 and all(self._surnamed(name.split()[-1]) for name in names if name):
                return subject
        return None

    def _may(self, one: Citation, said: str) -> bool:
        """Whether "he" or "she" may stand for a source: no one of the other sex, no "officials"."""
        several = one.cited[:1].islower() and one.cited.split()[0].endswith("s")
        return not several and self.sexes.get(_surname(one), said) == said

    def heard(self, spoken: Sequence[Citation], place: int) -> None:
        """Take note of who spoke in a sentence, or that nobody did."""
        if spoken:
            self.speaker, self.person = spoken[-1], None
            self.voices = [*self.voices[-_KEPT:], spoken[-1]]
            self.unread.clear()
        elif self.bounds[place][0] < self.bounds[place][1]:
            self.unread.append(place)

    def _about(self, places: Sequence[int], he: Citation) -> Citation | None:
        """The person whom the last of some sentences that opens with one is about: "When Doe ran, she said ..."."""
        for place in reversed(places):
            first, last = self.bounds[place]
            if first >= last:
                continue
            subject = opening(self.text, self.words, first, last, language=self.language, outlets=self.outlets)
            if subject is None or subject.word >= he.word or within(self.words, subject.word):
                continue
            if self._person(subject):
                return subject
        return None

    def _person(self, subject: Citation) -> bool:
        """Whether a name is a person's: one who speaks in the text, has an office or, somewhere, a first name."""
        surname = subject.cited.split()[-1]
        if surname.lower() in BODIES or surname.lower() in lexicon_of("en").media or surname.isupper():
            return False
        return bool(subject.verb) or self._surnamed(surname)

    def _surnamed(self, surname: str) -> bool:
        """Whether a word is a person's name: of one who speaks in the text, or somewhere behind a first name."""
        if surname in self.people:
            return True
        at = self.text.find(surname)
        while at >= 0:
            if _EDGE.match(self.text, at + len(surname)) and _FIRST.search(self.text, max(0, at - _FORENAME), at):
                return True
            at = self.text.find(surname, at + 1)
        return False


def _surname(citation: Citation) -> str:
    return citation.cited.split()[-1]
