"""Which words around a speech verb name the source: a noun phrase without its office, title and appositions.

No parser: punctuation, capitals and the word classes of the clause grammar tell where a phrase begins and ends.
"""

from dedupe import text as texts
from dedupe.facts.grammar import CAPITAL, CONJ, FIN, PREP, REL, SAYS, SUB, THAT, Tokens
from dedupe.facts.speech import ARTICLES, BODIES, COURTESY, DAYS, DETERMINERS, NOBODY, VOICES, lexicon_of

_CLOSING = frozenset(',"”’»;—–')
_WHEN = DAYS | {"on", "in", "from", "late", "early", "last", "this", "next", "morning", "afternoon", "evening", "night"}
_APART = frozenset({"in", "at", "and", "from"})
_OWN = frozenset({"a", "an", "his", "her", "its", "their"})
_PLACED = frozenset({"at", "in", "from", "with"})
_REPORTS = frozenset(("report", "reports", "story", "article", "investigation", "analysis", "reporting"))
_PERSON = 4  # words of a person's name at most, titles included
NAME = 8  # words of a cited name at most


class Phrases:
    """The noun phrases of one sentence: words first..last (half-open) of a text. A phrase is a range of words.

    ``closing``: whether the subject found last closes what was said (`..., Smith said`). ``floor``: the word behind
    the last opener and its name; no phrase begins before it.
    """

    __slots__ = ("closing", "first", "floor", "language", "last", "lex", "outlets", "text", "words")

    def __init__(
        self, text: str, words: Tokens, first: int, last: int, *, language: str, outlets: frozenset[str]
    ) -> None:
        self.text, self.words, self.first, self.last, self.outlets = text, words, first, last, outlets
        self.language, self.lex = language, lexicon_of(language)
        self.closing = False  # of the subject found last
        self.floor = first  # the word behind the last opener and its name

    @property
    def joins(self) -> frozenset[str]:
        """Words that go on a name: "of", "the"; in English a place is no part of it."""
        return self.lex.link - _PLACED if self.lex.strict else self.lex.link

    def gap(self, i: int) -> str:
        """What stands between word i - 1 and word i."""
        return self.words.gaps[i]

    def plain(self, i: int) -> bool:
        """Whether words i - 1 and i belong to one phrase as far as punctuation tells."""
        gap = self.words.gaps[i]
        return gap in {" ", "-", " & ", "’ ", "' ", "\u00a0", "/"} or (
            gap == ". " and len(self.words.lower[i - 1]) <= 4
        )

    def capital(self, i: int) -> bool:
        """Whether word i is written with a capital."""
        return self.words.flags[i] & CAPITAL != 0

    def verb_second(self, begin: int, i: int) -> bool:
        """Whether word i ends a German noun phrase: nouns have a capital, what follows one without is the verb."""
        if self.language != "de" or self.capital(i) or self.words.lower[i] in self.lex.link:
            return False
        return any(self.capital(k) for k in range(begin, i))

    def source_noun(self, span: tuple[int, int]) -> bool:
        """Whether a phrase names what can be cited: a report, a document, people."""
        return any(
            word in self.lex.nominal or word in self.lex.artefact for word in self.words.lower[span[0] : span[1]]
        )

    def inside(self, i: int) -> bool:
        """Whether word i can go on a noun phrase: no verb, no conjunction that begins a clause."""
        word = self.words.lower[i]
        if word in self.lex.link or self.capital(i):
            return True
        return word not in self.lex.says and (
            word not in self.lex.stop or word in {"with", "by", "his", "her", "its", "their", "a", "an"}
        )

    def nested(self, begin: int, end: int) -> tuple[int, int] | None:
        """As in "a report from the Courier": the name behind the report."""
        lower = self.words.lower
        for i in range(begin, end - 2):
            if lower[i] in self.lex.nominal and lower[i + 1] in {
                "from",
                "by",
                "in",
                "with",
                "von",
                "de",
                "di",
                "van",
                "der",
                "des",
                "del",
                "do",
                "da",
            }:
                name = self.name(i + 2, end)
                if name and self.capital(name[0]):
                    return name
        return None

    def name(self, begin: int, end: int) -> tuple[int, int] | None:
        """The name in a noun phrase: without determiner and titles where it is a name, else the phrase itself."""
        lower, lex = self.words.lower, self.lex
        while end > begin and lower[end - 1] in lex.stop and not self.capital(end - 1):
            end -= 1
        while begin < end and lower[begin] in lex.stop and (not self.capital(begin) or begin == self.first):
            begin += 1
        if begin >= end:
            return None
        if not self.capital(end - 1):
            return begin, min(end, begin + NAME)
        run = end - 1
        while run > begin and (
            self.capital(run - 1) or (lower[run - 1] in self.joins and run - 1 > begin and self.capital(run - 2))
        ):
            run -= 1
        title = self._untitled(run, end)
        if title >= end or lower[title] in lex.link:
            title = run  # "Sprecher der Polizei": the office is all there is of a name
        if (
            self.lex.strict
            and not COURTESY.isdisjoint(lower[max(begin, title - 1) : title])
            and "of" in lower[title:end]
        ):
            end = lower.index("of", title)  # "Ms. Doe of Karvale"
        return title, end

    def _untitled(self, run: int, end: int) -> int:
        """Where the name begins in a run of capitals that ends at `end`: behind its owner and its office."""
        lower = self.words.lower
        owned = next((k for k in range(end - 1, run, -1) if lower[k - 1].endswith("'s")), run)
        if owned > run and lower[end - 1] not in BODIES:
            run = owned  # "the Courier's Jane Doe"
        title = run
        if lower[end - 1] not in BODIES:
            for k in range(run, end - 1):
                if lower[k] in self.lex.roles and not (k > run and lower[k - 1] in COURTESY):
                    title = k + 1
        return title

    def finds(self, span: tuple[int, int], i: int) -> bool:
        """Whether "found" is what a study says, or is followed by what was found out: "found that ..."."""
        if i + 1 < self.last and self.words.flags[i + 1] & THAT:
            return True
        words = self.words.lower[span[0] : span[1]]
        return words[-1] in BODIES - {"police"} or any(w in self.lex.nominal or w in self.lex.artefact for w in words)

    def speaks(self, span: tuple[int, int]) -> bool:
        """Whether a subject can say something: a name, a document, a role; "the shift indicates ..." cites nobody."""
        words = self.words.lower[span[0] : span[1]]
        return (
            words[-1] in self.lex.pronoun
            or any(self.capital(k) for k in range(*span))
            or any(
                word in self.lex.nominal or word in self.lex.artefact or word in self.lex.roles or word in VOICES
                for word in words
            )
        )

    def subject(self, i: int) -> tuple[int, int] | None:
        """The noun phrase before a verb, appositions between commas or brackets skipped."""
        j = i
        lower = self.words.lower
        while j > self.floor + 1 and self._skipped(lower[j - 1]) and self.gap(j) == " ":
            j -= 1
        dated = j  # "Jane Doe on Monday outlined": when she did stands before what she did
        while dated > self.floor + 1 and lower[dated - 1] in _WHEN and self.gap(dated) == " ":
            dated -= 1
        if not DAYS.isdisjoint(lower[dated:j]):
            j = dated
        if j <= self.floor:
            # "The Courier, citing two people, reported": the name stands before what opened in between.
            return self._headed(j) if self.floor > self.first and "," in self.gap(j) else None
        gap = self.gap(j)
        if ")" in gap:
            while j > max(self.floor, i - 40) and "(" not in self.gap(j):
                j -= 1
            if j <= self.floor or "(" not in self.gap(j):
                return None
        elif "," in gap and not any(mark in gap for mark in '"”»“'):
            return self._headed(j)
        elif gap != " ":
            return None
        return self._phrase_before(j)

    def of_outlet(self, begin: int, end: int) -> tuple[int, int]:
        """The outlet whose report is cited: "a Bay Times report", by the registry or by its form."""
        if not self.lex.strict or end - begin < 2 or self.words.lower[end - 1] not in _REPORTS or self.capital(end - 1):
            return begin, end
        named = all(self.capital(k) for k in range(begin, end - 1))
        known = texts.normal(self.text[self.words.begins[begin] : self.words.ends[end - 2]]) in self.outlets
        return (begin, end - 1) if named and (known or self.words.lower[end - 2] in self.lex.media) else (begin, end)

    def adverb_behind(self, i: int) -> bool:
        """Whether a name ends before an adverb at word i: "an interview with Jane Doe even ..."."""
        return self.capital(i - 1) and not self.capital(i) and self._skipped(self.words.lower[i])

    def parted(self, i: int) -> tuple[int, int] | None:
        """The name of `Jane Doe, told the Courier ...`, parted from its verb by a comma that belongs to nothing."""
        if i == self.first or self.gap(i) != ", " or not all(self.capital(k) for k in range(self.first, i)):
            return None
        whole = i - self.first <= NAME and all(self.plain(k) for k in range(self.first + 1, i))
        return self.name(self.first, i) if whole else None

    def _skipped(self, word: str) -> bool:
        return word in self.lex.skip or (self.lex.strict and word.endswith("ly") and word != "family")

    def _phrase_before(self, j: int) -> tuple[int, int] | None:
        begin, lower = j - 1, self.words.lower
        while begin > self.floor and j - begin < NAME + 2 and self.plain(begin) and self._subject_word(begin - 1):
            begin -= 1
        self.closing = begin > self.first and bool(_CLOSING & set(self.gap(begin)))
        if begin == j - 1 and lower[begin] in self.lex.pronoun:
            return begin, j
        if self.lex.strict and lower[j - 1] == "who" and j - 1 > self.floor and self.gap(j - 1) in {", ", " "}:
            return self._phrase_before(j - 1)  # "Jane Doe, who has said"
        if self.lex.strict and lower[j - 1].replace("’", "'").split("'")[0] in NOBODY:
            return None  # "as I've said before"
        if lower[j - 1] in self.lex.stop and not self.capital(j - 1):
            return None
        if self.lex.strict and begin - 2 >= self.floor and lower[begin - 1] in _PLACED and self.plain(begin):
            head = lower[begin - 2]
            if self.plain(begin - 1) and (head in VOICES or head in self.lex.nominal):
                return begin - 2, j  # "officials in Karvale"
        return self.name(begin, j)

    def _headed(self, j: int) -> tuple[int, int] | None:
        """The head of `Jane Doe, who ..., of ..., said`: the first piece between commas that is a bare noun phrase."""
        low = max(self.floor if j > self.floor else self.first, j - 40)
        starts = [k for k in range(low + 1, j) if set('",”“;—()') & set(self.gap(k))]
        pieces = list(zip([low, *starts], [*starts, j], strict=True))
        if len(pieces) < 2:
            return None
        for at, (begin, end) in enumerate(pieces[:-1]):
            flags = self.words.flags[begin:end]
            noun = (
                end - begin <= NAME + 2
                and not any(flag & (FIN | SUB | REL) for flag in flags)
                and not flags[0] & (PREP | CONJ)
            )
            definite = DETERMINERS if self.lex.strict else DETERMINERS | ARTICLES
            if noun and (self.capital(end - 1) or self.words.lower[begin] in definite or self._many(begin)):
                if not self.capital(end - 1) and self._many(begin):
                    return self.name(begin, end)
                return self._appended(pieces, at) or self._phrase_before(end)
        return None

    def _many(self, begin: int) -> bool:
        """Whether a phrase names speakers without an article: "executives from several firms"."""
        return self.lex.strict and self.words.lower[begin] in VOICES

    def _appended(self, pieces: list[tuple[int, int]], at: int) -> tuple[int, int] | None:
        """The name behind an office: "the institute's director, Dr. Jane Doe, said"."""
        begin, end = pieces[at]
        if self.lex.strict and self.words.lower[begin] in DETERMINERS and at + 1 < len(pieces):
            low, high = pieces[at + 1]
            if 1 < high - low <= _PERSON and all(self.capital(k) for k in range(low, high)):
                return self.name(low, high)  # "the delegate in Karvale, Jane Doe, said"
        if self.capital(end - 1) or self.words.lower[end - 1] not in self.lex.roles or at + 1 >= len(pieces):
            return None
        low, high = pieces[at + 1]
        named = high - low <= _PERSON and all(self.capital(k) for k in range(low, high))
        return self.name(low, high) if named else None

    def _subject_word(self, i: int) -> bool:
        word, flag = self.words.lower[i], self.words.flags[i]
        if flag & CAPITAL and i > self.first:
            return not flag & SAYS
        if word == "and" and self.capital(i + 1) and i > self.first and self.capital(i - 1):
            return True
        if word == "with":
            return i > self.first and self.words.lower[i - 1] == "familiar"
        return (
            (word in self.lex.link and word not in _APART) or not (flag & SAYS or word in self.lex.stop) or word in _OWN
        )
