"""What an article is about, as it is compared with others: weightiest stems, lead, names, numbers, stated dates."""

import datetime as dt
import functools
import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dedupe import rarity
from dedupe import text as texts
from dedupe.settings import StorySettings

Weights = dict[str, float]

_LEAD = 40  # content words of the head: title, dek and the first one or two sentences
_CAPITAL, _NUMBER, _LOWER = 0, 1, 2  # a stem that is ever written small is no name
_REACH = 40  # code points before a year within which its day and month stand
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
    spans = texts.words(whole)
    written = [whole[begin:end] for begin, end in spans]
    form = {word: _form(word, language) for word in set(written)}
    content = [word for word in written if form[word][0]]
    above = bisect_left(spans, (before, 0))
    heading = sum(1 for word in written[:above] if form[word][0])
    content = content[: heading + settings.words]
    stems = [form[word][0] for word in content]
    counts, lead = Counter(stems), Counter(stems[:_LEAD])
    counts.update(stems[: heading + settings.lead])
    sort_of = dict.fromkeys(counts, _CAPITAL)
    for word in set(content):
        stem, sort = form[word]
        sort_of[stem] = max(sort_of[stem], sort)
    weighed, leading = _weigh(counts), _weigh(lead)
    of_sort: tuple[Weights, Weights, Weights] = ({}, {}, {})
    for stem, value in weighed.items():
        of_sort[sort_of[stem]][stem] = value
    names, numbers, ordinary = of_sort
    head_text = whole[:_DATED]
    years = list(_ANY_YEAR.finditer(head_text))
    return Gist(
        stems=_unit(_top(weighed, settings.terms)),
        lead=_unit(leading),
        names=_unit(_top(names, _LEAD)),
        plain=_unit(_top(ordinary, settings.terms)),
        numbers=_unit(numbers),
        cast=_share(_top({stem: value for stem, value in names.items() if stem in lead}, 5)),
        point=_share(_top(leading, 12)),
        held=frozenset(counts),
        dates=_dates(head_text, years),
        years=frozenset(int(year.group()) for year in years),
    )


@functools.lru_cache(maxsize=1 << 18)
def _form(word: str, language: str) -> tuple[str, int]:
    """The stem of a word and of which sort it is written; no stem for a stop word."""
    plain = texts.normal(word)
    if not plain or plain in texts.STOP.get(language, ()):
        return "", _CAPITAL
    sort = _NUMBER if word[0].isdigit() else _CAPITAL if word[0].isupper() else _LOWER
    return texts.stem(word, language), sort


def _weigh(counts: Counter[str]) -> Weights:
    often = {n: 1 + math.log(n) for n in set(counts.values())}
    return {stem: often[n] * rarity.weight(stem) for stem, n in counts.items()}


def _top(weights: Weights, n: int) -> Weights:
    heaviest = sorted(sorted(weights), key=weights.__getitem__, reverse=True)  # of equal ones the first by name
    return {stem: weights[stem] for stem in heaviest[:n]}


def _unit(weights: Weights) -> Weights:
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
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
