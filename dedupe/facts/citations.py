"""How a sentence cites: the names around speech verbs ("said", "told") and openers ("according to", "citing").

Word lists per language are in `attribution.json`; the subject of a verb is read from punctuation, capitals
and word classes.
"""

from dataclasses import dataclass, replace

from dedupe import text as texts
from dedupe.facts.clauses import CONJ, FIN, PREP, REL, REPORT, SUB, Tokens
from dedupe.facts.hearers import told
from dedupe.facts.speech import ARTICLES, CITING, DAYS, DETERMINERS, VOICES, lexicon_of

OPENED, TOLD, SPOKEN, WRITTEN = 0, 1, 2, 3  # how a source is cited; smaller is further out
_NULL_SUBJECT = frozenset({"que", "che"})
_CLOSING = frozenset(',"”’»;—–')
_NAME = 8  # words of a cited name at most


@dataclass(frozen=True, slots=True)
class Citation:
    """A source as one sentence cites it: its name's span, the verb, the place of the citing words, the way."""

    cited: str
    verb: str
    begin: int
    end: int
    rank: int
    word: int  # index of the verb or opener
    pronoun: bool = False
    closing: bool = False  # the citing words close what was said: `..., Smith said`


def cite(text: str, words: Tokens, first: int, last: int, *, language: str, outlets: frozenset[str]) -> list[Citation]:
    """Citations in the sentence of words first..last, in the order of the text. Cost: linear, 3 us a speech verb."""
    return _Reader(text, words, first, last, language=language, outlets=outlets).citations()


class _Reader:
    """Reads the names around speech verbs and openers of one sentence."""

    __slots__ = ("closing", "first", "floor", "language", "last", "lex", "outlets", "text", "words")

    def __init__(
        self, text: str, words: Tokens, first: int, last: int, *, language: str, outlets: frozenset[str]
    ) -> None:
        self.text, self.words, self.first, self.last, self.outlets = text, words, first, last, outlets
        self.language, self.lex = language, lexicon_of(language)
        self.closing = False  # of the subject found last
        self.floor = first  # the word behind the last opener and its name

    def citations(self) -> list[Citation]:
        found: list[Citation] = []
        lower, lex = self.words.lower, self.lex
        if lex.triggers.isdisjoint(lower[self.first : self.last]):
            return found
        for i in range(self.first, self.last):
            word = lower[i]
            if word not in lex.triggers or i < self.floor:
                continue
            after = self._opener(i) if word in lex.openers else 0
            if after:
                citation = self._after(i, after)
                found += [citation] if citation else []
            elif word in lex.says and self._verb(i):
                found += self._spoken(i)
            elif word in lex.within and found and (citation := self._document(i)):
                found.append(citation)
        if any(citation.rank == SPOKEN for citation in found):
            # "Citing court papers, the Ledger said": who cites stands further out than what is cited.
            found = [replace(one, rank=WRITTEN) if one.verb in CITING else one for one in found]
        return found

    def _verb(self, i: int) -> bool:
        """Whether a word that may be a noun ("reports", "United States") is used as a verb."""
        if self._capital(i) and i > self.first:
            return False
        words = self.words
        follows = i + 1 < self.last and self._gap(i + 1) == " "
        if follows and (words.lower[i + 1] in self.lex.says or words.flags[i + 1] & REPORT):
            return False  # "estimates suggested"
        if i > self.first and words.lower[i - 1].endswith("'s") and self._gap(i) == " ":
            return False  # "Acme's reported losses"
        return not (
            self.lex.strict and i > self.first and self.words.lower[i - 1] in DETERMINERS and self._gap(i) == " "
        )

    def _gap(self, i: int) -> str:
        """What stands between word i - 1 and word i."""
        return self.text[self.words.ends[i - 1] : self.words.begins[i]]

    def _plain(self, i: int) -> bool:
        """Whether words i - 1 and i belong to one phrase as far as punctuation tells."""
        gap = self._gap(i)
        return gap in {" ", "-", " & ", "’ ", "' ", "\u00a0", "/"} or (
            gap == ". " and len(self.words.lower[i - 1]) <= 4
        )

    def _capital(self, i: int) -> bool:
        return self.text[self.words.begins[i]].isupper()

    def _opener(self, i: int) -> int:
        """Index after an opener phrase that begins at word i; 0 where there is none."""
        lower = self.words.lower
        for rest in self.lex.openers[lower[i]]:
            after = i + 1 + len(rest)
            if (
                after < self.last
                and tuple(lower[i + 1 : after]) == rest
                and all(self._gap(k) == " " for k in range(i + 1, after))
            ):
                return after
        return 0

    def _citation(self, begin: int, end: int, verb: str, rank: int, word: int, *, pronoun: bool = False) -> Citation:
        left, right = self.words.begins[begin], self.words.ends[end - 1]
        cited = self.text[left:right]
        for mark in ("'s", "’s"):
            if cited.endswith(mark):
                right -= len(mark)
        return Citation(self.text[left:right], verb, left, right, rank, word, pronoun, self.closing and rank == SPOKEN)

    def _after(self, i: int, after: int) -> Citation | None:
        """The source named behind an opener that stands at words i..after."""
        verb = " ".join(self.words.lower[i:after])
        end = after
        while (
            end < self.last
            and end - after < _NAME + 4
            and (end == after or (self._plain(end) and self._inside(end) and not self._verb_second(after, end)))
        ):
            end += 1
        self.floor = end
        if after + 1 == end and self.words.lower[after] in self.lex.pronoun:
            return self._citation(after, end, verb, SPOKEN, i, pronoun=True)
        span = self._nested(after, end) or self._name(after, end)
        if span is None or (verb == "per" and not self._capital(after)):
            return None
        if verb == "citing" and not any(self._capital(k) for k in range(*span)) and not self._source_noun(span):
            return None
        return self._citation(*span, verb, TOLD if verb in CITING else OPENED, i)

    def _verb_second(self, begin: int, i: int) -> bool:
        """Whether word i ends a German noun phrase: nouns have a capital, what follows one without is the verb."""
        if self.language != "de" or self._capital(i) or self.words.lower[i] in self.lex.link:
            return False
        return any(self._capital(k) for k in range(begin, i))

    def _source_noun(self, span: tuple[int, int]) -> bool:
        return any(
            word in self.lex.nominal or word in self.lex.artefact for word in self.words.lower[span[0] : span[1]]
        )

    def _inside(self, i: int) -> bool:
        """Whether word i can go on a noun phrase: no verb, no conjunction that begins a clause."""
        word = self.words.lower[i]
        if word in self.lex.link or self._capital(i):
            return True
        return word not in self.lex.says and (
            word not in self.lex.stop or word in {"with", "by", "his", "her", "its", "their", "a", "an"}
        )

    def _nested(self, begin: int, end: int) -> tuple[int, int] | None:
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
                name = self._name(i + 2, end)
                if name and self._capital(name[0]):
                    return name
        return None

    def _name(self, begin: int, end: int) -> tuple[int, int] | None:
        """The name in a noun phrase: without determiner and titles where it is a name, else the phrase itself."""
        lower, lex = self.words.lower, self.lex
        while end > begin and lower[end - 1] in lex.stop and not self._capital(end - 1):
            end -= 1
        while begin < end and lower[begin] in lex.stop and (not self._capital(begin) or begin == self.first):
            begin += 1
        if begin >= end:
            return None
        if not self._capital(end - 1):
            return begin, min(end, begin + _NAME)
        run = end - 1
        while run > begin and (
            self._capital(run - 1) or (lower[run - 1] in lex.link and run - 1 > begin and self._capital(run - 2))
        ):
            run -= 1
        title = run
        while title < end - 1 and any(word in lex.roles for word in lower[title : end - 1]):
            title += 1
        if title >= end or lower[title] in lex.link:
            title = run  # "Sprecher der Polizei": the office is all there is of a name
        return title, end

    def _spoken(self, i: int) -> list[Citation]:
        """Speaker of the speech verb at word i and, behind "told", the outlet that was told."""
        lower, lex = self.words.lower, self.lex
        verb = lower[i]
        found = []
        span = self._subject(i) or self._behind(i) or self._shared(i) or self._verb_last(i)
        if span and verb in lex.weak and not self._speaks(span):
            span = None
        if span:
            pronoun = span[1] - span[0] == 1 and lower[span[0]] in lex.pronoun
            named = any(self._capital(k) for k in range(*span)) and not pronoun
            outlet = named and verb in lex.reporter
            found.append(self._citation(*span, verb, OPENED if outlet else SPOKEN, i, pronoun=pronoun))
        if verb in lex.tell and (hearer := self._told(i + 1)):
            found.append(self._citation(*hearer, "told", TOLD, i))
        if not span and i == self.first and i + 1 < self.last and lower[i + 1] in _NULL_SUBJECT:
            found.append(self._citation(i, i + 1, verb, SPOKEN, i, pronoun=True))  # "Añadió que ...": who spoke last
        heard = told(self.text, self.words.ends[i], self.words.ends[self.last - 1], self.language, self.outlets)
        if heard and found:
            name = self.text[slice(*heard)]
            found.append(Citation(name, verb, *heard, TOLD, i))
        return found

    def _verb_last(self, i: int) -> tuple[int, int] | None:
        """The subject of `Wie die Nordzeitung unter Berufung auf ... berichtet`: right behind "wie"."""
        lower = self.words.lower
        if self.language != "de" or lower[i] not in self.lex.reporter:
            return None
        for k in range(i - 1, max(self.first, i - 14) - 1, -1):
            if lower[k] == "wie" and k + 1 < i:
                begin = k + 1 + (lower[k + 1] in ARTICLES)
                end = begin
                while end < i and self._capital(end) and (end == begin or self._plain(end)):
                    end += 1
                return (begin, end) if end > begin else None
        return None

    def _shared(self, i: int) -> tuple[int, int] | None:
        """The subject of `Doe praised the plan and said ...`: the sentence's own, where the verb is coordinated."""
        if i - 1 <= self.floor or not self.words.flags[i - 1] & CONJ or self._gap(i) != " ":
            return None
        for k in range(max(self.floor, i - 30), i - 1):
            if (
                self.words.flags[k] & (FIN | REPORT)
                or self.words.lower[k] in self.lex.says
                or self.words.lower[k].endswith("ed")
            ):
                return self._subject(k)
        return None

    def _speaks(self, span: tuple[int, int]) -> bool:
        """Whether a subject can say something: a name, a document, a role; "the shift indicates ..." cites nobody."""
        words = self.words.lower[span[0] : span[1]]
        return (
            words[-1] in self.lex.pronoun
            or any(self._capital(k) for k in range(*span))
            or any(
                word in self.lex.nominal or word in self.lex.artefact or word in self.lex.roles or word in VOICES
                for word in words
            )
        )

    def _subject(self, i: int) -> tuple[int, int] | None:
        """The noun phrase before a verb, appositions between commas or brackets skipped."""
        j = i
        while j > self.floor + 1 and self.words.lower[j - 1] in self.lex.skip and self._gap(j) == " ":
            j -= 1
        if j <= self.floor:
            # "The Courier, citing two people, reported": the name stands before what opened in between.
            return self._headed(j) if self.floor > self.first and "," in self._gap(j) else None
        gap = self._gap(j)
        if ")" in gap:
            while j > max(self.floor, i - 40) and "(" not in self._gap(j):
                j -= 1
            if j <= self.floor or "(" not in self._gap(j):
                return None
        elif "," in gap and not any(mark in gap for mark in '"”»“'):
            return self._headed(j)
        elif gap != " ":
            return None
        return self._phrase_before(j)

    def _phrase_before(self, j: int) -> tuple[int, int] | None:
        begin, lower = j - 1, self.words.lower
        while begin > self.floor and j - begin < _NAME + 2 and self._plain(begin) and self._subject_word(begin - 1):
            begin -= 1
        self.closing = begin > self.first and bool(_CLOSING & set(self._gap(begin)))
        if begin == j - 1 and lower[begin] in self.lex.pronoun:
            return begin, j
        if lower[j - 1] in self.lex.stop and not self._capital(j - 1):
            return None
        return self._name(begin, j)

    def _headed(self, j: int) -> tuple[int, int] | None:
        """The head of `Jane Doe, who ..., of ..., said`: the first piece between commas that is a bare noun phrase."""
        low = max(self.floor if j > self.floor else self.first, j - 40)
        starts = [k for k in range(low + 1, j) if set('",”“;—()') & set(self._gap(k))]
        pieces = list(zip([low, *starts], [*starts, j], strict=True))
        if len(pieces) < 2:
            return None
        for begin, end in pieces[:-1]:
            flags = self.words.flags[begin:end]
            noun = (
                end - begin <= _NAME + 2
                and not any(flag & (FIN | SUB | REL) for flag in flags)
                and not flags[0] & (PREP | CONJ)
            )
            if noun and (self._capital(end - 1) or self.words.lower[begin] in DETERMINERS):
                return self._phrase_before(end)
        return None

    def _subject_word(self, i: int) -> bool:
        word = self.words.lower[i]
        if self._capital(i) and i > self.first:
            return word not in self.lex.says
        if word == "with":
            return i > self.first and self.words.lower[i - 1] == "familiar"
        return (
            word in self.lex.link - {"in", "at", "and", "from"}
            or word not in self.lex.stop | self.lex.says
            or word in {"a", "an", "his", "her", "its", "their"}
        )

    def _behind(self, i: int) -> tuple[int, int] | None:
        """The speaker behind an inverted verb: `..., said Jane Doe, who ...`."""
        if (
            i + 1 >= self.last
            or i == self.first
            or (self.lex.strict and not any(mark in self._gap(i) for mark in ',"”»“—–'))
        ):
            return None
        if not self._plain(i + 1) or self.words.lower[i + 1] in DAYS:
            return None
        end = i + 1
        while (
            end < self.last
            and end - i < _NAME
            and (end == i + 1 or self._plain(end))
            and (self._capital(end) or self._inside(end) or (end == i + 1 and self.words.lower[end] in ARTICLES))
            and (end == i + 1 or not self._verb_second(i + 1, end))
        ):
            end += 1
        if end == i + 2 and self.words.lower[i + 1] in self.lex.pronoun:
            return i + 1, end
        span = self._name(i + 1, end)
        return (
            span if span and (self._capital(span[0]) or self._capital(span[1] - 1) or self._source_noun(span)) else None
        )

    def _told(self, begin: int) -> tuple[int, int] | None:
        """The outlet that was told: by the registry, or by its form."""
        if begin >= self.last or not self._plain(begin):
            return None
        end = begin
        while end < self.last and end - begin < 6 and (end == begin or self._plain(end)):
            if not self._capital(end) and not (end == begin and self.words.lower[end] == "the"):
                break
            end += 1
        start = begin + (self.words.lower[begin] == "the" and not self._capital(begin))
        if end <= start:
            return None
        name = self.text[self.words.begins[start] : self.words.ends[end - 1]]
        known = texts.normal(name) in self.outlets or texts.normal(name.removeprefix("The ")) in self.outlets
        form = (
            self.words.lower[end - 1].removesuffix("'s") in self.lex.media
            or (name.isupper() and 3 <= len(name) <= 5)
            or (name.startswith("The ") and end - start > 1)
            or tuple(self.words.lower[end : end + 3]) == ("in", "an", "interview")
        )
        return (start, end) if known or form else None

    def _document(self, i: int) -> Citation | None:
        """As in "... in a letter to staff": the document a speaker wrote or spoke in."""
        lower = self.words.lower
        j = i
        while (
            j > self.first and i - j < 4 and self._gap(j) in {" ", "-"} and lower[j - 1] not in {"in", "through", "via"}
        ):
            j -= 1
        if (
            j == self.first
            or lower[j - 1] not in {"in", "through", "via"}
            or lower[j] not in {"a", "an", "the", "his", "her", "its", "their"}
        ):
            return None
        return self._citation(j, i + 1, lower[j - 1], WRITTEN, i) if i > j else None
