"""What an article is about, as it is compared with others: weightiest stems, lead, names, numbers, stated dates."""

import datetime as dt
import functools
import math
import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from dedupe import rarity
from dedupe import text as texts
from dedupe.settings import StorySettings

Weights = dict[str, float]

_LEAD = 40  # content words of the head: title, dek and the first one or two sentences
_CAPITAL, _NUMBER, _LOWER = 0, 1, 2  # a stem that is ever written small is no name
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
_MONTH_FIRST = re.compile(rf"\b([^\W\d_]{{3,10}})\.? (\d{{1,2}})(?:st|nd|rd|th)?(?: ?,)? ({_YEAR})\b")
_DAY_FIRST = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|er|º)?\.? (?:de |of )?([^\W\d_]{{3,10}})\.?,? (?:de )?({_YEAR})\b"
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
    counts, lead, sort_of = Counter[str](), Counter[str](), dict[str, int]()
    place = heading = 0
    for begin, end in texts.words(whole):
        stem, sort = _form(whole[begin:end], language)
        if not stem:
            continue
        if place + heading < _LEAD:
            lead[stem] += 1
        counts[stem] += 2 if place < settings.lead else 1
        sort_of[stem] = max(sort_of.get(stem, 0), sort)
        if begin < before:
            heading += 1
        else:
            place += 1
            if place >= settings.words:
                break
    names = Counter({stem: n for stem, n in counts.items() if sort_of[stem] == _CAPITAL})
    numbers = Counter({stem: n for stem, n in counts.items() if sort_of[stem] == _NUMBER})
    weighed = _weigh(counts)
    ordinary = {stem: w for stem, w in weighed.items() if stem not in names and stem not in numbers}
    dates = _dates(whole[:_DATED])
    return Gist(
        stems=_unit(_top(weighed, settings.terms)),
        lead=_unit(_weigh(lead)),
        names=_unit(_top(_weigh(names), _LEAD)),
        plain=_unit(_top(ordinary, settings.terms)),
        numbers=_unit(_weigh(numbers)),
        cast=_share(_top(_weigh(Counter({s: n for s, n in names.items() if s in lead})), 5)),
        point=_share(_top(_weigh(lead), 12)),
        held=frozenset(counts),
        dates=dates,
        years=frozenset(map(int, _ANY_YEAR.findall(whole[:_DATED]))),
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
    return {stem: (1 + math.log(n)) * rarity.weight(stem) for stem, n in counts.items()}


def _top(weights: Weights, n: int) -> Weights:
    return dict(sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:n])


def _unit(weights: Weights) -> Weights:
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {stem: weight / length for stem, weight in weights.items()}


def _share(weights: Weights) -> Weights:
    total = sum(weights.values()) or 1.0
    return {stem: weight / total for stem, weight in weights.items()}


def _dates(text: str) -> frozenset[int]:
    """Full dates: "May 3, 2013", "3. Mai 2013", "3 de mayo de 2013", "2013-05-03". "02/03/04" may be any of six."""
    found = [(m[3], _MONTH.get(m[1].casefold()), m[2]) for m in _MONTH_FIRST.finditer(text)]
    found += [(m[3], _MONTH.get(m[2].casefold()), m[1]) for m in _DAY_FIRST.finditer(text)]
    found += [(m[1], int(m[2]), m[3]) for m in _NUMERIC.finditer(text)]
    days = set()
    for year, month, day in found:
        if month and 1 <= month <= 12 and 1 <= int(day) <= 31:
            # The 31st of a short month is nobody's date; a day too many is near enough to compare by.
            days.add(dt.date(int(year), month, 1).toordinal() + int(day) - 1)
    return frozenset(days)
