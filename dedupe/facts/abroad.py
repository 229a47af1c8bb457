"""Who speaks where other languages than English put the verb or the source elsewhere: verb second, verb last, behind.

The words are in `abroad.json`: verbs in two parts ("teilte ... mit"), postpositions ("zufolge"), openings behind which
the subject follows the verb, forms of reported speech.
"""

import functools
import importlib.resources
import json
import re
from dataclasses import dataclass, replace

from dedupe import text as texts
from dedupe.facts import calendars
from dedupe.facts.citations import NULL_SUBJECT, OPENED, SPOKEN, Citation, Reader
from dedupe.facts.grammar import CONJ, DET, FIN, PREP, PRON, REL, SUB, THAT, Tokens
from dedupe.facts.phrases import NAME
from dedupe.facts.speech import ARTICLES

_ELIDED = re.compile(r"(?:[ldnsmct]|qu|dell|all|dall|nell|sull|un|quell|quest)['’]", re.IGNORECASE)
_REFLEXIVE = re.compile(r" (?:s['’](?:est|était)|s['’]|se)$")
_CLOSED = re.compile(r"[”»“\"'’]\s*,\s*|,\s*[”»“\"]\s*")  # the end of a quotation before its tag
_PARTICIPLE = re.compile(r"\w{0,6}ge\w+[dtn]")
_PARTICLE = 14  # words behind a verb within which its second part stands
_TAGGED = 5  # words behind a quotation in which the speaker is named
_GENERAL = "general"  # an office, and the first word of companies
_HE = frozenset(("er", "sie", "hij", "ze", "zij"))
_OBJECTS = frozenset(("lo", "l'ha", "l'a", "l'hanno", "l'aveva", "l'ont", "l'avait", "comme", "como", "come"))
_GIVEN = frozenset(("a", "al", "à", "au", "aux", "alla", "all"))
_APART = frozenset(("este", "esta", "nesta", "neste", "ce", "questa", "questo", "deze", "am", "el", "le", "na", "no"))


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of one language; see `abroad.json`."""

    postposed: frozenset[str]
    tags: frozenset[str]
    separable: dict[str, frozenset[str]]
    auxiliaries: frozenset[str]
    done: frozenset[str]
    nouns: frozenset[str]
    opens: frozenset[str]
    prepositions: frozenset[str]
    perfect: re.Pattern[str]
    reported: frozenset[str]
    not_reported: frozenset[str]


@functools.cache
def _words(language: str) -> _Words | None:
    raw = json.loads(importlib.resources.files("dedupe.facts").joinpath("abroad.json").read_text(encoding="utf-8"))
    own = raw.get(language)
    if own is None:
        return None
    separable = {verb: frozenset(parts) for verb, parts in own.pop("separable").items()}
    perfect = re.compile(own.pop("perfect", None) or r"(?!)")
    return _Words(separable=separable, perfect=perfect, **{name: frozenset(found) for name, found in own.items()})


def cite(text: str, words: Tokens, first: int, last: int, *, language: str, outlets: frozenset[str]) -> list[Citation]:
    """Citations in the sentence of words first..last, in the order of the text. Cost: linear, 3 us a speech verb."""
    if language == "en" and not words.among(words.citing, first, last):
        return []
    return _reader(text, words, first, last, language, outlets).citations()


def opening(
    text: str, words: Tokens, first: int, last: int, *, language: str, outlets: frozenset[str]
) -> Citation | None:
    """The person whom the sentence of words first..last opens with, as its subject; null where none does."""
    return _reader(text, words, first, last, language, outlets).opening()


def reported(words: Tokens, first: int, last: int, language: str) -> bool:
    """Whether a sentence is in the mood of reported speech: "Die Zahl sei gestiegen". German only."""
    own = _words(language)
    if own is None or not own.reported:
        return False
    inside = words.lower[first:last]
    return not own.reported.isdisjoint(inside) and own.not_reported.isdisjoint(inside)


def _reader(text: str, words: Tokens, first: int, last: int, language: str, outlets: frozenset[str]) -> Reader:
    own = _words(language)
    if own is None:
        return Reader(text, words, first, last, language=language, outlets=outlets)
    return _Abroad(text, words, first, last, language=language, outlets=outlets)


class _Abroad(Reader):
    """Reads who is cited in a language whose subject may follow its verb."""

    __slots__ = ("own",)

    def __init__(
        self, text: str, words: Tokens, first: int, last: int, *, language: str, outlets: frozenset[str]
    ) -> None:
        super().__init__(text, words, first, last, language=language, outlets=outlets)
        found = _words(language)
        assert found is not None
        self.own = found

    def citations(self) -> list[Citation]:
        found = super().citations()
        lower = self.words.lower[self.first : self.last]
        for word in self.own.postposed & set(lower):
            if citation := self._before(self.first + lower.index(word), word):
                found.append(citation)
        if not any(citation.rank == SPOKEN for citation in found):
            found += self._tagged()
        return found

    def _before(self, i: int, verb: str) -> Citation | None:
        """The source before a postposition: "dem Nordkurier zufolge"."""
        begin = i
        while begin > self.first and i - begin < NAME and (begin == i or self.plain(begin)):
            word = self.words.lower[begin - 1]
            if not self.capital(begin - 1) and (word not in self.lex.link or begin == i):
                break
            begin -= 1
        while begin < i and (not self.capital(begin) or self.words.lower[begin] in self.lex.stop):
            begin += 1
        if begin == i:
            return None
        span = self.nested(begin, i) or (begin, i)
        if (
            begin + 2 < i
            and self.words.lower[begin] in self.lex.nominal
            and self.words.lower[begin + 1] in self.lex.link
        ):
            span = (begin + 2, i)
        return self._citation(*span, verb, OPENED, i)

    def _tagged(self) -> list[Citation]:
        """As in `», relate Jane Doe`: whoever is named right behind a quotation and one word speaks."""
        words = self.words
        for i in range(self.first + 1, self.last - 1):
            gap = self.gap(i)
            word = words.lower[i]
            named = self.capital(i + 1) or words.lower[i + 1] in ARTICLES
            tag = word in self.own.tags and "," in gap and named
            if not (tag or _CLOSED.fullmatch(gap)) or self.capital(i) or self.gap(i + 1) != " ":
                continue
            verb = word.isalpha() and not words.flags[i] & (CONJ | SUB | REL | THAT | DET | FIN | PREP)
            if (tag or (verb and word not in self.lex.stop)) and (span := self._behind(i)):
                self.closing = True
                return [self._citation(*span, word, SPOKEN, i)]
        return []

    def _verb(self, i: int) -> bool:
        lower = self.words.lower
        word, before = lower[i], lower[i - 1] if i > self.first else ""
        if word in self.own.nouns and self.words.flags[i - 1] & DET and self.gap(i) == " " and i > self.first:
            return False
        if word in self.own.separable and not self._particle(i):
            return False
        if self.own.perfect.fullmatch(word) and self.own.auxiliaries.isdisjoint(lower[max(self.first, i - 3) : i]):
            return False  # "dicho coste"
        if word in self.own.done and _PARTICIPLE.fullmatch(word) and not self._perfect(i):
            return False  # "werden gemeldet"
        return super()._verb(i) and not (before in ARTICLES and word.endswith(("e", "en")) and word in self.own.nouns)

    def _particle(self, i: int) -> int:
        """Where the second part of a verb stands ("teilte ... mit"); 0 where it does not."""
        parts = self.own.separable[self.words.lower[i]]
        for k in range(i + 1, min(self.last, i + _PARTICLE)):
            if self.words.lower[k] in parts:
                return k
        return 0

    def _citation(self, begin: int, end: int, verb: str, rank: int, word: int, *, pronoun: bool = False) -> Citation:
        made = super()._citation(begin, end, verb, rank, word, pronoun=pronoun)
        elided = _ELIDED.match(made.cited)
        left = made.begin + (elided.end() if elided else 0)
        title = _bare(self.words.lower[begin])
        if end - begin > 1 and title in self.lex.roles and title != _GENERAL and self.capital(begin + 1):
            left = self.words.begins[begin + 1]  # "Mme Binet"
        right = made.end
        if tail := _REFLEXIVE.search(self.text, left, right):
            right = tail.start()
        return replace(made, cited=self.text[left:right], begin=left, end=right)

    def subject(self, i: int) -> tuple[int, int] | None:
        if self._perfect(i):
            return self._verb_last(i)
        if self._inverted(i):
            return None
        found = self._without_places(super().subject(i))
        if found is not None and self.words.lower[i] in self.lex.weak and not self.speaks(found):
            return None  # "El balance lo ha confirmado ...": whoever stands behind
        if found is not None and self.words.lower[found[0]].startswith("qu'"):
            return None  # "pour qu'il précise"
        return self._named(found) if found else None

    def _without_places(self, span: tuple[int, int] | None) -> tuple[int, int] | None:
        """What stands before "in ...", "bei ...": "Topmensen bij enkele bedrijven" for "bedrijven"."""
        while span is not None and span[0] - 1 > self.first and self.gap(span[0]) == " ":
            begin = span[0] - 1
            while begin > self.first and self.words.lower[begin] in ARTICLES | self.lex.stop and self.plain(begin):
                if self.words.lower[begin] in self.own.prepositions:
                    break
                begin -= 1
            before = self.words.lower[begin]
            if before not in self.own.prepositions or before in self.lex.link or begin == self.first:
                break
            outer = self._phrase_before(begin) if self.gap(begin) == " " else None
            if outer is None:
                break
            span = outer
        return span

    def _spoken(self, i: int) -> list[Citation]:
        found = super()._spoken(i)
        lower, first = self.words.lower, self.first
        if not found and first < i and all(word in self.lex.skip for word in lower[first:i]):
            said = i + 1 < self.last and (lower[i + 1] in NULL_SUBJECT or self.gap(i + 1) != " ")
            if said:  # "Ha aggiunto che ...": who spoke last
                found = [self._citation(i, i + 1, lower[i], SPOKEN, i, pronoun=True)]
        return found

    def _inverted(self, i: int) -> bool:
        """Whether the subject stands behind the verb: "In Kassel sagte ...", "Zugleich sagte ..."."""
        if not self.own.prepositions or i + 1 >= self.last:
            return False
        begin = i
        while begin > self.first and self.gap(begin) in {" ", "-"} and not self.words.flags[begin - 1] & CONJ:
            begin -= 1
        word = self.words.lower[begin]
        alone = i - begin == 1 and word in self.own.opens
        return alone or (i > begin and word in self.own.prepositions)

    def _named(self, span: tuple[int, int]) -> tuple[int, int]:
        """The name between commas behind an office: "le ministre de la Défense, Jane Doe," for "Défense"."""
        begin, end = span
        lower = self.words.lower
        start = begin
        while start > self.first and self.plain(start) and begin - start < NAME:
            start -= 1
        office = any(_bare(word) in self.lex.roles for word in lower[start:end])
        if not office or end >= self.last or "," not in self.gap(end):
            return span
        stop = end
        while stop < self.last and stop - end < NAME // 2 and self.capital(stop) and (stop == end or self.plain(stop)):
            stop += 1
        return (end, stop) if stop > end + 1 else span

    def _appended(self, pieces: list[tuple[int, int]], at: int) -> tuple[int, int] | None:
        begin, end = pieces[at]
        office = any(_bare(word) in self.lex.roles for word in self.words.lower[begin:end])
        if not office or at + 1 >= len(pieces):
            return super()._appended(pieces, at)
        low, high = pieces[at + 1]
        named = high - low <= NAME // 2 and all(self.capital(k) for k in range(low, high))
        return (low, high) if named else super()._appended(pieces, at)

    def _behind(self, i: int) -> tuple[int, int] | None:
        if self.words.lower[i] in self.own.separable and self._particle(i) == i + 1:
            i += 1  # "a fait savoir la préfecture"
        if i > self.first and self.words.flags[i - 1] & PRON and self.gap(i) == " ":
            return None  # "Wir fordern die EU auf"
        if self.own.prepositions and i + 1 < self.last and self.words.lower[i + 1] in _HE and self.gap(i + 1) == " ":
            return i + 1, i + 2  # "sagt er", "zei hij"
        if not self.own.prepositions and not self._may_follow(i):
            return None  # "ha aggiunto il software ...": an object
        days = calendars.days(self.language)
        while i + 2 < self.last and (self.words.lower[i + 1] in days or self._dated(i + 1, days)):
            i += 1
        found = super()._behind(i)
        if (
            found is None
            and i + 2 < self.last
            and self.words.lower[i + 1] in ARTICLES
            and self.plain(i + 1)
            and (self._tag(i) or self._inverted(i))
        ):
            end = i + 2
            while end < self.last and end - i < NAME and self.plain(end) and self.inside(end):
                end += 1
            found = self.name(i + 1, end)
        return self._named(found) if found else None

    def _may_follow(self, i: int) -> bool:
        """Whether a subject may stand behind the verb: behind what was said, a pronoun for it, or at the beginning."""
        before = self.words.lower[max(self.first, i - 3) : i]
        object_ = not _OBJECTS.isdisjoint(before) and before[-1:] != ["que"]
        following = self.words.lower[i + 1] if i + 1 < self.last else ""
        given = following in _GIVEN and self.language != "pt"  # "dijo a la BBC": who was told
        relative = any(flag & (REL | THAT) for flag in self.words.flags[max(self.first, i - 3) : i])
        return not given and not relative and (object_ or self._tag(i) or i - self.first <= 1)

    def _dated(self, i: int, days: frozenset[str]) -> bool:
        return self.words.lower[i] in _APART and i + 1 < self.last and self.words.lower[i + 1] in days

    def _tag(self, i: int) -> bool:
        """Whether the verb at word i, or its auxiliary, closes what was said."""
        before = i
        while before > self.first + 1 and self.gap(before) == " " and i - before < 2:
            before -= 1
        return any(mark in self.gap(k) for k in range(before, i + 1) if k > self.first for mark in ',"”»“')

    def _perfect(self, i: int) -> bool:
        """Whether the verb at word i closes a clause that an auxiliary opens: "Das hat Jane Doe am Montag gesagt"."""
        if self.words.lower[i] not in self.own.done or (i + 1 < self.last and self.gap(i + 1) == " "):
            return False
        return not self.own.auxiliaries.isdisjoint(self.words.lower[max(self.first, i - 2 * NAME) : i])

    def _verb_last(self, i: int) -> tuple[int, int] | None:
        found = super()._verb_last(i)
        if found or self.words.lower[i] not in self.own.done:
            return found
        for k in range(i - 1, max(self.first, i - 2 * NAME) - 1, -1):
            if self.words.lower[k] in self.own.auxiliaries:
                return self.subject(k) or self._behind(k)
        return None

    def nested(self, begin: int, end: int) -> tuple[int, int] | None:
        """Where nouns are small, a capital makes an institution of one: "Corpo de Bombeiros da Polícia Militar"."""
        named = any(self.capital(i) and self.words.lower[i] in self.lex.nominal for i in range(begin, end))
        return None if named and self.language not in texts.NOUNS_CAPITAL else super().nested(begin, end)

    def name(self, begin: int, end: int) -> tuple[int, int] | None:
        """With the institution before it: "ministère de l'Intérieur"."""
        found = super().name(begin, end)
        if found is None or found[0] - 1 < begin:
            return found
        start, lower = found[0], self.words.lower
        if lower[start - 1] == _GENERAL and self.capital(start - 1):
            return start - 1, found[1]  # "General Motors"
        behind = start - 2 >= begin and lower[start - 1] in self.lex.link
        whole = behind and lower[start - 2] in self.lex.nominal - self.lex.artefact
        return (start - 2, found[1]) if whole else found

    def inside(self, i: int) -> bool:
        """A noun phrase ends where an article begins the next one: "secondo gli inquirenti l'uomo ..."."""
        word, before = self.words.lower[i], self.words.lower[i - 1]
        if word[0].isdigit() or (word in calendars.days(self.language) and not self.capital(i)):
            return False
        if self.language == "nl" and self.capital(i - 1) and not self.capital(i) and word not in self.lex.link:
            return False  # "volgens Associated Press steeg ..."
        article = bool(self.words.flags[i] & DET) or _ELIDED.match(word) is not None
        if (
            article
            and not self.capital(i)
            and not self.words.flags[i - 1] & (PREP | DET)
            and before not in self.lex.link | self.lex.says
        ):
            return False
        return super().inside(i)


def _bare(word: str) -> str:
    return word.rsplit("'", 1)[-1]
