"""What an article is about, as it is compared with others: weightiest stems, lead, names, numbers, stated dates."""

import datetime as dt
import functools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dedupe import rarity
from dedupe import text as texts
from dedupe.settings import StorySettings

Weights = dict[str, float]

_LEAD = 40  # content words of the head: title, dek and the first one or two sentences
_CAST, _POINT = 5, 12  # names and stems of the head that say whom and what it is about
_CAPITAL, _NUMBER, _LOWER = 0, 1, 2  # a stem that is ever written small is no name
_REACH = 40  # code points before a year within which its day and month stand
_KEPT = 1 << 18  # forms of words kept at most: bounds memory, changes no result
_DATED = 6_000  # code points in which dates are looked for: they stand at the top, or in the first paragraphs

_MONTHS = (
    "jan januar january janvier enero gennaio janeiro januari ene genn",
    "feb februar february février fevrier febrero febbraio fevereiro februari febr fev fév",
    "mar march märz mars marzo março maart mär mrz mrt",
    "apr april avril abril aprile avr abr",
    "may mai mayo maggio maio mei mag",
    "jun june juni juin junio giugno junho giu",
    "jul july juli juillet julio luglio julho juil lug",
    "aug august août aout agosto augustus ago",
    "sep sept september septembre septiembre settembre setembro set",
    "oct october oktober octobre octubre ottobre outubro okt ott",
    "nov november novembre noviembre novembro",
    "dec december dezember décembre decembre diciembre dicembre dezembro dez dic déc",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_YEAR = r"(?:19[5-9]\d|20[0-4]\d)"
_MONTH_FIRST = re.compile(rf"\b([^\W\d_]{{3,10}})\.? (\d{{1,2}})(?:st|nd|rd|th)?(?: ?,)? ({_YEAR})\Z")
_DAY_FIRST = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|er|º)?\.? (?:de |of )?([^\W\d_]{{3,10}})\.?,? (?:de )?({_YEAR})\Z"
)
_NUMERIC = re.compile(rf"\b({_YEAR})-(\d\d)-(\d\d)\b")
_ANY_YEAR = re.compile(rf"\b{_YEAR}\b")


class Gist(NamedTuple):
    """What an article is compared by. Weights are frequency times rarity.

    Attributes:
        stems: The weightiest stems of title, dek and first words; a vector of length 1.
        lead: The same of the head alone.
        names: Stems of words written with a capital throughout; a vector of length 1.
        plain: Stems that are neither names nor numbers; a vector of length 1.
        numbers: Numbers; a vector of length 1.
        cast: The weightiest names of the head; weights sum to 1.
        point: The weightiest stems of the head; weights sum to 1.
        held: Every content stem that was read.
        dates: Full dates the text states, as proleptic ordinals.
        years: Years the text states.
    """

    stems: Weights
    lead: Weights
    names: Weights
    plain: Weights
    numbers: Weights
    cast: Weights
    point: Weights
    held: frozenset[str]
    dates: frozenset[int]
    years: frozenset[int]


def read(row: Mapping[str, object], settings: StorySettings) -> Gist:
    """The gist of an article.

    Args:
        row: title, dek, text; language where it is known (else the words are read as English).
        settings: `StorySettings`.

    Cost: about 2 ms an article, nearly all of it reading words.
    """
    language = str(row.get("language") or "en")
    body = str(row.get("text") or "")[: settings.words * 12]
    head = [str(row[field]) for field in ("title", "dek") if row.get(field)]
    whole = "\n".join([*head, body])
    # A title does not use up the words of the body: both its own and the lead's count twice.
    before = sum(len(part) + 1 for part in head)
    written = texts.cut(whole)[1::2]
    known = _forms(language)
    told = [form for word in written if (form := known[word])[0]]
    above = len(texts.cut(whole[:before])) // 2 if before else 0
    heading = sum(1 for word in written[:above] if known[word][0])
    told = told[: heading + settings.words]
    stems = [stem for stem, _ in told]
    counts, lead = Counter(stems), Counter(stems[:_LEAD])
    counts.update(stems[: heading + settings.lead])
    sort_of = dict.fromkeys(counts, _CAPITAL)
    for stem, sort in set(told):
        sort_of[stem] = max(sort_of[stem], sort)
    weighed, leading = _weigh(counts, language), _weigh(lead, language)
    heaviest = _sorted(weighed)
    names = [stem for stem in heaviest if sort_of[stem] == _CAPITAL]
    ordinary = [stem for stem in heaviest if sort_of[stem] == _LOWER]
    head_text = whole[:_DATED]
    years = list(_ANY_YEAR.finditer(head_text))
    return Gist(
        stems=_unit(_these(weighed, heaviest[: settings.terms])),
        lead=_unit(leading),
        names=_unit(_these(weighed, names[:_LEAD])),
        plain=_unit(_these(weighed, ordinary[: settings.terms])),
        numbers=_unit({stem: value for stem, value in weighed.items() if sort_of[stem] == _NUMBER}),
        cast=_share(_these(weighed, [stem for stem in names if stem in lead][:_CAST])),
        point=_share(_these(leading, _sorted(leading)[:_POINT])),
        held=frozenset(counts),
        dates=_dates(head_text, years),
        years=frozenset(int(year.group()) for year in years),
    )


class _Forms(dict[str, tuple[str, int]]):
    """A word as it is written -> its stem and of which sort it is written; no stem for a stop word."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def __missing__(self, word: str) -> tuple[str, int]:
        if len(self) >= _KEPT:
            self.clear()
        written = texts.bare(word, self.language)
        plain = texts.normal(written)
        found = "", _CAPITAL
        if plain and plain not in texts.STOP.get(self.language, ()):
            found = texts.stem(written, self.language), self._sort(written)
        self[word] = found
        return found

    def _sort(self, word: str) -> int:
        if word[0].isdigit():
            return _NUMBER
        noun = self.language in texts.NOUNS_CAPITAL and rarity.known(texts.stem(word, self.language), self.language)
        return _CAPITAL if word[0].isupper() and (not noun or word.isupper()) else _LOWER


@functools.cache
def _forms(language: str) -> _Forms:
    return _Forms(language)


def _weigh(counts: Counter[str], language: str) -> Weights:
    often = {n: 1 + math.log(n) for n in set(counts.values())}
    rare = rarity.weights(language)
    return {stem: often[n] * rare[stem] for stem, n in counts.items()}


def _sorted(weights: Weights) -> list[str]:
    """The heaviest first, of equal ones the first by name."""
    return sorted(sorted(weights), key=weights.__getitem__, reverse=True)


def _these(weights: Weights, stems: Iterable[str]) -> Weights:
    return {stem: weights[stem] for stem in stems}


def _unit(weights: Weights) -> Weights:
    length = math.sqrt(sum([weight * weight for weight in weights.values()])) or 1.0
    return {stem: weight / length for stem, weight in weights.items()}


def _share(weights: Weights) -> Weights:
    total = sum(weights.values()) or 1.0
    return {stem: weight / total for stem, weight in weights.items()}


def _dates(text: str, years: Iterable[re.Match[str]]) -> frozenset[int]:
    """Full dates: "May 3, 2013", "3. Mai 2013", "3 de mayo de 2013", "2013-05-03". "02/03/04" may be any of six.

    They are looked for around the years the text states: most words are no month.
    """
    found = []
    for year in years:
        before = text[max(0, year.start() - _REACH) : year.end()]
        if match := _MONTH_FIRST.search(before):
            found.append((match[3], _MONTH.get(match[1].casefold()), match[2]))
        if match := _DAY_FIRST.search(before):
            found.append((match[3], _MONTH.get(match[2].casefold()), match[1]))
        if match := _NUMERIC.match(text, year.start()):
            found.append((match[1], int(match[2]), match[3]))
    days = set()
    for stated, month, day in found:
        if month and 1 <= month <= 12 and 1 <= int(day) <= 31:
            # The 31st of a short month is nobody's date; a day too many is near enough to compare by.
            days.add(dt.date(int(stated), month, 1).toordinal() + int(day) - 1)
    return frozenset(days)
