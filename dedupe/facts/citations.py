"""How a sentence cites: the names around speech verbs ("said", "told") and openers ("according to", "citing").

Word lists per language are in `attribution.json`; the subject of a verb is read from punctuation, capitals
and word classes.
"""

from dataclasses import dataclass, replace

from dedupe import text as texts
from dedupe.facts.grammar import CONJ, ED, FIN, PREP, REL, REPORT, SAYS, THAT
from dedupe.facts.hearers import told
from dedupe.facts.phrases import NAME, Phrases
from dedupe.facts.speech import ARTICLES, BODIES, CITING, DAYS, DETERMINERS

OPENED, TOLD, SPOKEN, WRITTEN = 0, 1, 2, 3  # how a source is cited; smaller is further out
NULL_SUBJECT = frozenset({"que", "che"})  # behind a verb whose subject is left out
_ANSWERS = frozenset({"responded", "responds", "replied"})
_INSISTS = frozenset({"insist", "insisted", "insists"})
_BEING = frozenset({"was", "were", "is", "are", "been"})
_ISSUED = frozenset(
    ("issued", "sent", "released", "wrote", "posted", "published", "gave", "signed", "made", "put", "read")
)
_READS = frozenset({"read", "reads"})
_PARTICLES = frozenset({"for", "on", "off", "in", "out", "up", "upon", "to", "by", "at", "back", "from", "and"})
_UNHELD = frozenset(("before", "without", "until", "declined", "refused", "requested", "sought", "cancelled"))
_SHARES = frozenset({"percent", "cent"})
_NEAR = 8  # words behind "there" among which a participle is no verb that cites
_PLURALS = frozenset({"states", "reports", "claims", "estimates"})
_MANY = DETERMINERS | {"most", "all", "other", "these", "those", "few", "both", "which", "of", "in", "across"}
_PLURAL = frozenset(("they", "them", "ils", "elles", "ellos", "ellas", "loro", "eles", "elas", "ze", "zij", "ihnen"))
_LETTERS = (2, 5)  # capitals of an outlet or agency known by its letters: AP, CNN, MSNBC
_REACH = 40  # words before "..., saying that" among which the sentence's own subject stands
_OPENING = 12  # words from the start of a sentence in which its subject and verb stand


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


def singular(citation: Citation) -> bool:
    """Whether a pronoun stands for one person."""
    return citation.cited.lower() not in _PLURAL


def several(citation: Citation) -> bool:
    """Whether a source may be called "they": two names, or no name."""
    return citation.cited.islower() or " and " in citation.cited or citation.cited.endswith("s")


def fits(pronoun: Citation, speaker: Citation) -> bool:
    """Whether a pronoun may stand for the last speaker: "it" for an organisation, "they" for several."""
    if pronoun.cited.lower() != "it":
        return singular(pronoun) or several(speaker)
    name = speaker.cited
    return name.islower() or name.isupper() or name.split()[-1].lower() in BODIES


class Reader(Phrases):
    """Reads who is cited, by which verb or opener, of one sentence."""

    __slots__ = ()

    def citations(self) -> list[Citation]:
        """Citations of the sentence, in the order of the text. Cost: linear, 3 us a speech verb."""
        found: list[Citation] = []
        lower, lex = self.words.lower, self.lex
        for i in self.words.among(self.words.citing, self.first, self.last):
            word = lower[i]
            if i < self.floor:
                continue
            after = self._opener(i) if word in lex.openers else 0
            if after:
                citation = self._after(i, after)
                found += [citation] if citation else []
            elif (word in lex.says and self._verb(i)) or (word in lex.framed and self._framed(i)):
                found += self._spoken(i)
            elif word in lex.participle:
                found += self._added(i, found)
            elif word in lex.within and found and (citation := self._document(i)):
                found.append(citation)
        if any(citation.rank == SPOKEN for citation in found):
            # "Citing court papers, the Ledger said": who cites stands further out than what is cited.
            found = [replace(one, rank=WRITTEN) if one.verb in CITING else one for one in found]
        return found

    def _verb(self, i: int) -> bool:
        """Whether a word that may be a noun ("reports", "United States") is used as a verb."""
        if self.capital(i) and i > self.first:
            return False
        words = self.words
        if words.lower[i] in _INSISTS and i + 1 < self.last and words.lower[i + 1] == "on":
            return False  # "insisted on a vote"
        if words.lower[i] in self.lex.weak and "there" in words.lower[max(self.first, i - _NEAR) : i]:
            return False  # "there were no missing people reported"
        if words.lower[i] in _ANSWERS and i + 1 < self.last and words.lower[i + 1] == "to":
            return False  # "responded to a call"
        if words.lower[i] in _PLURALS and (
            (i > self.first and words.flags[i - 1] & ED and not self.capital(i - 1))
            or (i - 1 > self.first and words.lower[i - 2] in _MANY)
            or (i + 1 < self.last and "," in self.gap(i + 1))
        ):
            return False  # "most U.S. states", "despite White House claims, ..."
        follows = i + 1 < self.last and self.gap(i + 1) == " "
        if follows and (words.lower[i + 1] in self.lex.says or words.flags[i + 1] & REPORT):
            return False  # "estimates suggested"
        if i > self.first and words.lower[i - 1].endswith("'s") and self.gap(i) == " ":
            return False  # "Acme's reported losses"
        return not (
            self.lex.strict and i > self.first and self.words.lower[i - 1] in DETERMINERS and self.gap(i) == " "
        )

    def _framed(self, i: int) -> bool:
        """Whether a word cites by what stands around it: "a statement read, ...", "which the union called reckless"."""
        lower, span = self.words.lower, self.subject(i)
        if span is None or self.capital(i):
            return False
        if lower[i] in _READS:
            paper = lower[span[1] - 1] in self.lex.nominal | self.lex.within
            return paper and (i + 1 == self.last or self.gap(i + 1) != " ")
        begin = span[0]
        while begin > self.first and span[0] - begin < NAME and self.gap(begin) == " " and lower[begin - 1] != "which":
            begin -= 1
        named = i + 1 < self.last and self.gap(i + 1) == " " and lower[i + 1] not in _PARTICLES
        which = begin > self.first and lower[begin - 1] == "which" and self.gap(begin) == " "
        return named and which and span[1] == i and not any(flag & (FIN | SAYS) for flag in self.words.flags[begin:i])

    def _opener(self, i: int) -> int:
        """Index after an opener phrase that begins at word i; 0 where there is none."""
        lower = self.words.lower
        if self.lex.strict and i > self.first and self._unheld(i):
            return 0
        for rest in self.lex.openers[lower[i]]:
            when = i + 1
            while rest[:1] == ("by",) and when < self.last and when <= i + 2 and lower[when] in DAYS | {"on"}:
                when += 1  # "reported on Sunday by ..."
            after = when + len(rest)
            if (
                after < self.last
                and tuple(lower[when:after]) == rest
                and all(self.gap(k) == " " for k in range(i + 1, after))
            ):
                return after
        return 0

    def _unheld(self, i: int) -> bool:
        """Whether what an opener at word i tells of has not happened: "can be reported by", "before an interview"."""
        lower, before = self.words.lower, i - 1
        if lower[i] == "an":
            return lower[before] in _UNHELD and self.gap(i) == " "
        while before > self.first and self._skipped(lower[before]) and self.gap(before) == " ":
            before -= 1
        return lower[before] == "be" and self.gap(i) == " "

    def _citation(self, begin: int, end: int, verb: str, rank: int, word: int, *, pronoun: bool = False) -> Citation:
        left, right = self.words.begins[begin], self.words.ends[end - 1]
        cited = self.text[left:right]
        for mark in ("'s", "’s"):
            if cited.endswith(mark):
                right -= len(mark)
        return Citation(self.text[left:right], verb, left, right, rank, word, pronoun, self.closing and rank == SPOKEN)

    def _after(self, i: int, after: int) -> Citation | None:
        """The source named behind an opener that stands at words i..after."""
        verb = " ".join(word for word in self.words.lower[i:after] if word not in DAYS and word != "on")
        if self.lex.strict and after + 2 < self.last and self.words.lower[after] in DETERMINERS | {"the"}:
            after += 2 * (self.words.lower[after + 1] in DAYS and self.gap(after + 2) == " ")  # "a Monday report"
        end = after
        while (
            end < self.last
            and end - after < NAME + 4
            and (end == after or (self.plain(end) and self.inside(end) and not self.verb_second(after, end)))
            and not (end > after and self.lex.strict and (self._released(end) or self.adverb_behind(end)))
        ):
            end += 1
        self.floor = end
        if after + 1 == end and self.words.lower[after] in self.lex.pronoun:
            return self._citation(after, end, verb, SPOKEN, i, pronoun=True)
        span = self.nested(after, end) or self.name(after, end)
        span = span and self.of_outlet(*span)
        if span is None or (verb == "per" and not self.capital(after)):
            return None
        if verb == "citing" and not self.speaks(span):
            return None
        return self._citation(*span, verb, TOLD if verb in CITING else OPENED, i)

    def _complete(self, begin: int, i: int) -> bool:
        """Whether a preposition at word i stands behind a whole name: "Jane Doe with the Karvale Institute"."""
        words = self.words
        whole = i - begin > 1 and self.capital(i - 1) and self.capital(i - 2) and words.lower[i - 1] not in BODIES
        return whole and bool(words.flags[i] & PREP)

    def _it(self, i: int) -> int | None:
        """The word "it" where it speaks: "..., it said, ...", "It also accuses ..."."""
        lower = self.words.lower
        if i > self.first and lower[i - 1] == "it" and "," in self.words.gaps[i + 1]:
            return i - 1
        low = i - 1 if i - 1 == self.first or not self._skipped(lower[i - 1]) else i - 2
        return low if low == self.first and low >= 0 and lower[low] == "it" else None

    def _released(self, i: int) -> bool:
        """Whether word i begins what is said of a source: "a poll released Saturday", "documents filed in Osk"."""
        words = self.words
        return words.lower[i] in DAYS or (bool(words.flags[i] & ED) and not self.capital(i))

    def _spoken(self, i: int) -> list[Citation]:
        """Speaker of the speech verb at word i and, behind "told", the outlet that was told."""
        lower, lex = self.words.lower, self.lex
        verb = lower[i]
        found = []
        quoted = verb == "quoted" and tuple(lower[i + 1 : i + 3]) == ("as", "saying")
        if quoted and i - 1 > self.first and lower[i - 1] in _BEING:
            span = self.subject(i - 1)
        else:
            telling = lex.strict and verb in lex.tell  # who stands behind "told" is the hearer
            span = (
                (None if telling else self._closed_by(i))
                or self.subject(i)
                or (self.parted(i) if telling else self._behind(i))
                or self._shared(i)
                or self._verb_last(i)
            )
        if span and lex.strict and lower[span[1] - 1] in _SHARES:
            span = None  # "nine percent said": a figure of a poll, no source
        if span and verb in lex.weak and not self.speaks(span):
            span = None
        if span and lex.strict and self._saying(span, i):
            span = None
        if span and verb in lex.paper and not self.finds(span, i):
            span = None
        if span:
            pronoun = span[1] - span[0] == 1 and lower[span[0]] in lex.pronoun
            named = any(self.capital(k) for k in range(*span)) and not pronoun
            outlet = named and verb in lex.reporter and not quoted
            found.append(self._citation(*span, verb, OPENED if outlet else SPOKEN, i, pronoun=pronoun))
        elif lex.strict and (it := self._it(i)) is not None:
            found.append(self._citation(it, it + 1, verb, SPOKEN, i, pronoun=True))
        if verb in lex.tell and (hearer := self._told(i + 1)):
            found.append(self._citation(*hearer, "told", TOLD, i))
        if not span and i == self.first and i + 1 < self.last and lower[i + 1] in NULL_SUBJECT:
            found.append(self._citation(i, i + 1, verb, SPOKEN, i, pronoun=True))  # "Añadió que ...": who spoke last
        heard = told(self.text, self.words.ends[i], self.words.ends[self.last - 1], self.language, self.outlets)
        if heard and found:
            name = self.text[slice(*heard)]
            found.append(Citation(name, verb, *heard, TOLD, i))
        return found

    def _saying(self, span: tuple[int, int], i: int) -> bool:
        """Whether a clause is about words and gives none: "that's what they always say"."""
        ends = i + 1 >= self.last or self.gap(i + 1) != " "
        return ends and span[0] > self.first and self.words.lower[span[0] - 1] == "what"

    def _closed_by(self, i: int) -> tuple[int, int] | None:
        """The speaker of `..., said Jane Doe, who ...` where the words before the comma are a sentence of their own."""
        if not self.lex.strict or i == self.first or "," not in self.gap(i) or i + 1 >= self.last:
            return None
        if self.words.flags[i + 1] & (PREP | THAT):
            return None
        span = self._behind(i)
        if span is None or self.words.lower[span[0]] in self.lex.pronoun:
            return None
        end, words = span[1], self.words
        ended = end == self.last or self.gap(end) != " " or words.flags[end] & PREP or words.lower[end] in DAYS
        told = False
        for k in range(self.first, i):
            if words.flags[k] & REL:
                break
            told = told or (bool(words.flags[k] & (FIN | REPORT | ED)) and k > self.first)
        return span if ended and told else None

    def _added(self, i: int, found: list[Citation]) -> list[Citation]:
        """As in "The chief defended the plan, saying ...": who acts in the sentence speaks, where nobody does yet."""
        words = self.words
        document = i > self.first and words.lower[i - 1] in self.lex.within and self.gap(i) == " "
        if document and _ISSUED.isdisjoint(words.lower[max(self.first, i - _REACH) : i]):
            return [self._citation(i - 1, i, words.lower[i], WRITTEN, i)]  # "a lawsuit alleging ..."
        after = i > self.first and ("," in self.gap(i) or words.lower[i - 1] in self.lex.within | {"statement", "by"})
        if not after or any(citation.rank in {SPOKEN, OPENED} for citation in found):
            return []
        for k in range(max(self.first + 1, i - _REACH), i):
            if words.flags[k] & (FIN | ED | SAYS):
                span = self.subject(k)
                if span and self.speaks(span):
                    pronoun = span[1] - span[0] == 1 and words.lower[span[0]] in self.lex.pronoun
                    self.closing = False
                    return [self._citation(*span, words.lower[i], SPOKEN, i, pronoun=pronoun)]
        return []

    def opening(self) -> Citation | None:
        """The person a sentence is about, where it opens with one: "President Jane Doe has given ...".

        A later "he said" means that person. Known by an office before the name; a name without one has an empty verb
        and is for the caller to judge.
        """
        words = self.words
        for k in range(self.first + 1, min(self.last, self.first + _OPENING)):
            if words.flags[k] & (FIN | ED | SAYS):
                span = self.subject(k)
                if span is None or not self.capital(span[0]) or words.lower[span[0]] in self.lex.pronoun:
                    return None
                titled = any(
                    word.rstrip(".") in self.lex.roles for word in words.lower[max(self.first, span[0] - 3) : span[0]]
                )
                return self._citation(*span, "is" if titled else "", SPOKEN, k)
        return None

    def _verb_last(self, i: int) -> tuple[int, int] | None:
        """The subject of `Wie die Nordzeitung unter Berufung auf ... berichtet`: right behind "wie"."""
        lower = self.words.lower
        if self.language != "de" or lower[i] not in self.lex.reporter:
            return None
        for k in range(i - 1, max(self.first, i - 14) - 1, -1):
            if lower[k] == "wie" and k + 1 < i:
                begin = k + 1 + (lower[k + 1] in ARTICLES)
                end = begin
                while end < i and self.capital(end) and (end == begin or self.plain(end)):
                    end += 1
                return (begin, end) if end > begin else None
        return None

    def _shared(self, i: int) -> tuple[int, int] | None:
        """The subject of `Doe praised the plan and said ...`: the sentence's own, where the verb is coordinated."""
        if i - 1 <= self.floor or not self.words.flags[i - 1] & CONJ or self.gap(i) != " ":
            return None
        for k in range(max(self.floor, i - 30), i - 1):
            if self.words.flags[k] & (FIN | REPORT | SAYS | ED):
                return self.subject(k)
        return None

    def _behind(self, i: int) -> tuple[int, int] | None:
        """The speaker behind an inverted verb: `..., said Jane Doe, who ...`."""
        if (
            i + 1 >= self.last
            or i == self.first
            or (self.lex.strict and not any(mark in self.gap(i) for mark in ',"”»“—–'))
        ):
            return None
        if not self.plain(i + 1) or self.words.lower[i + 1] in DAYS:
            return None
        end = i + 1
        while (
            end < self.last
            and end - i < NAME
            and (end == i + 1 or self.plain(end))
            and (self.capital(end) or self.inside(end) or (end == i + 1 and self.words.lower[end] in ARTICLES))
            and (end == i + 1 or not self.verb_second(i + 1, end))
            and not (self.lex.strict and self._complete(i + 1, end))
        ):
            end += 1
        if end == i + 2 and self.words.lower[i + 1] in self.lex.pronoun:
            return i + 1, end
        span = self.name(i + 1, end)
        return span if span and (self.capital(span[0]) or self.capital(span[1] - 1) or self.source_noun(span)) else None

    def _told(self, begin: int) -> tuple[int, int] | None:
        """The outlet that was told: by the registry, or by its form."""
        if begin >= self.last or not self.plain(begin):
            return None
        end = begin
        while end < self.last and end - begin < 6 and (end == begin or self.plain(end)):
            if not self.capital(end) and not (end == begin and self.words.lower[end] == "the"):
                break
            if end > begin and self.words.lower[end] in DAYS - {"today"} and self.lex.strict:
                break  # "told the Courier Friday"
            end += 1
        start = begin + (self.words.lower[begin] == "the" and not self.capital(begin))
        if end <= start:
            return None
        name = self.text[self.words.begins[start] : self.words.ends[end - 1]]
        known = texts.normal(name) in self.outlets or texts.normal(name.removeprefix("The ")) in self.outlets
        form = (
            self.words.lower[end - 1].removesuffix("'s") in self.lex.media
            or (name.isupper() and _LETTERS[0] <= len(name) <= _LETTERS[1] and name.lower() not in self.lex.bodies)
            or (name.startswith("The ") and end - start > 1)
            or tuple(self.words.lower[end : end + 3]) == ("in", "an", "interview")
        )
        return (start, end) if known or form else None

    def _document(self, i: int) -> Citation | None:
        """As in "... in a letter to staff": the document a speaker wrote or spoke in."""
        lower = self.words.lower
        if i + 1 < self.last and lower[i + 1] in self.lex.within and self.gap(i + 1) == " ":
            return None  # "a blog post": the longer one
        j = i
        while (
            j > self.first and i - j < 4 and self.gap(j) in {" ", "-"} and lower[j - 1] not in {"in", "through", "via"}
        ):
            j -= 1
        if (
            j == self.first
            or lower[j - 1] not in {"in", "through", "via"}
            or lower[j] not in {"a", "an", "the", "his", "her", "its", "their"}
        ):
            return None
        return self._citation(j, i + 1, lower[j - 1], WRITTEN, i) if i > j else None
