"""How many dead, hurt, arrested, missing or moved an article gives for its event, and whose counts cannot both hold.

Two texts give a toll in words that need not be alike ("Dozen hurt as ferry hits reef", "Fourteen people were injured
when ..."), so their mentions may not be linked. What makes the two counts one slot is that each is what its article
counts *first*, and one of them stands in a title or the opening of a text. Without that bound, 15 of 35 differences
found among 12,000 articles were of one event; with it, 7 of 9.
"""

import datetime as dt
import functools
import importlib.resources
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, NamedTuple

from dedupe import text as texts
from dedupe.facts import parts, values
from dedupe.facts.reports import Report

Row = dict[str, Any]
Quantity = Mapping[str, Any]

KINDS = ("dead", "hurt", "arrested", "missing", "moved")

_FIELDS = {"title": 0, "dek": 1, "text": 2}
_REACH = 5  # words between a number and what is said of those it counts
_APART = 3.0  # one event's counts differ by no more than this factor: beyond it one is a sum over years or places
_DAY = 86_400  # seconds
_RECENT = 14  # days within which an event is still the one reported
_OPENING = 600  # code points of a text in which it says what happened: two or three paragraphs
_AGE = re.compile(r", \d{1,3},|[^,]{2}\d{1,3} ?-")  # "Jane Roe, 34, ...", "a 16-year-old"
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


class Toll(NamedTuple):
    """What an article counts: the mention that says so, its quantity, and the thing counted where it is named."""

    row: Row
    quantity: Quantity
    head: str


class Difference(NamedTuple):
    """Two articles' tolls of one kind that cannot both hold. ``alike``: both count the same thing, by its name."""

    kind: str
    one: Toll
    other: Toll
    alike: bool


@functools.cache
def _lists(language: str) -> dict[str, str]:
    """Word, as `dedupe.text.normal` has it -> which list of tolls.json it stands in."""
    raw = json.loads(importlib.resources.files("dedupe.facts").joinpath("tolls.json").read_text(encoding="utf-8"))
    return {word: name for name, lists in raw.items() for word in lists.get(language, "").split()}


def differences(
    rows: Iterable[Row], known: Mapping[str, Report], most: int, counts: Counter[str]
) -> Iterator[Difference]:
    """Tolls of the articles of each story, two by two, that cannot both hold.

    Args:
        rows: Mentions of any number of stories, as rows of `schema.Mentions`; a language without word lists has none.
        known: Every article as a report: texts of one origin are not set against each other.
        most: Different counts of one kind in a story that are compared: those most articles give.
        counts: Gains ``tolls_capped``: counts that this left out.

    Yields:
        In a fixed order; for two counts, their earliest articles of different origins.

    Cost: 3 us a mention with a number.
    """
    told: dict[tuple[str, str], list[Toll]] = defaultdict(list)
    for article in _by_article(rows).values():
        for kind, toll in _first(article, known):
            told[toll.row["story_id"], kind].append(toll)
    for (_, kind), tolls in sorted(told.items(), key=lambda item: item[0]):
        by_count: dict[tuple[float | None, ...], list[Toll]] = defaultdict(list)
        for toll in sorted(tolls, key=lambda toll: _when(toll, known)):
            by_count[tuple(toll.quantity[key] for key in ("value", "low", "high"))].append(toll)
        kept = sorted(by_count.values(), key=lambda found: (-len(found), _when(found[0], known)))
        counts["tolls_capped"] += max(0, len(kept) - most)
        for some, others in combinations(kept[:most], 2):
            found = next((d for one in some for other in others if (d := _differ(kind, one, other, known))), None)
            if found:
                yield found


def _by_article(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Mentions of each article in its order of reading."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["language"] in texts.LANGUAGES:
            found[row["article_id"]].append(row)
    for told in found.values():
        told.sort(key=lambda row: (_FIELDS[row["field"]], row["begin"], row["mention_id"]))
    return dict(sorted(found.items()))


def _first(article: list[Row], known: Mapping[str, Report]) -> Iterator[tuple[str, Toll]]:
    """The first count of each kind that an article gives for its event."""
    counting = [row for row in article if any(_counts_people(q) for q in row["quantities"] or ())]
    sentences: dict[tuple[str, int], str] = defaultdict(str)
    for row in article if counting else ():
        sentences[row["field"], row["sentence_begin"]] += f" {row['text']}"
    seen: set[str] = set()
    for row in counting:
        for kind, toll in _tolls(row):
            if kind not in seen and not _elsewhen(sentences[row["field"], row["sentence_begin"]], row, known):
                seen.add(kind)
                yield kind, toll


def _counts_people(quantity: Quantity) -> bool:
    return quantity["kind"] == "number" and quantity["unit"] is None


def _elsewhen(sentence: str, row: Row, known: Mapping[str, Report]) -> bool:
    """Whether a sentence speaks of another time than the event's, or sums up: "in 1998", "since May", "in total"."""
    lists = _lists(row["language"])
    if any(lists.get(texts.normal(sentence[begin:end])) == "whole" for begin, end in texts.words(sentence)):
        return True
    begin = known[row["article_id"]].begin
    days = [q["high"] for q in row["quantities"] or () if q["kind"] == "date" and q["high"] is not None]
    if begin is not None and days and max(days) < begin / _DAY - _RECENT:
        return True  # "in December, three people were killed when another train derailed"
    year = None if begin is None else dt.datetime.fromtimestamp(begin, dt.UTC).year
    return any(int(found) != year for found in _YEAR.findall(sentence))


def _tolls(row: Row) -> Iterator[tuple[str, Toll]]:
    """Numbers of a mention that count the dead, the hurt ...: each goes with the nearest such word, and it with one."""
    text, lists = str(row["text"]), _lists(row["language"])
    places = texts.words(text)
    forms = [texts.normal(text[begin:end]) for begin, end in places]
    said = [lists.get(form, "") for form in forms]
    marks = [n for n, name in enumerate(said) if name in KINDS]
    if not marks and "toll" not in said:
        return
    numbers: list[tuple[int, int, Quantity]] = []
    for quantity in row["quantities"] or ():
        begin, end = quantity["begin"] - row["begin"], quantity["end"] - row["begin"]
        inside = [n for n, place in enumerate(places) if place[0] < end and begin < place[1]]
        if not inside or not _counts_people(quantity):
            continue
        if parts.partial(text, places[inside[0]][0], places[inside[-1]][1], row["language"]):
            continue
        if not _AGE.match(text, max(0, places[inside[0]][0] - 2)):
            numbers.append((inside[0], inside[-1], quantity))
    if "toll" in said and len(numbers) == 1:
        yield "dead", Toll(row, numbers[0][2], "")  # "the death toll from ... has risen to 37"
        return
    near = sorted(
        (mark - last - 1 if last < mark else first - mark - 1, last > mark, at, mark)
        for at, (first, last, _) in enumerate(numbers)
        for mark in marks
    )
    given: dict[int, int] = {}
    for apart, _, at, mark in near:
        if apart <= _REACH and at not in given and mark not in given.values():
            given[at] = mark
    for at, mark in given.items():
        # "killed eight students and two teachers": neither number is the toll.
        if any(mark == m and a not in given and apart <= _REACH for apart, _, a, m in near):
            continue
        _, last, quantity = numbers[at]
        follows = last + 1 < len(said) and not said[last + 1]
        stop = texts.STOP[row["language"]]
        head = texts.stem(forms[last + 1], row["language"]) if follows and forms[last + 1] not in stop else ""
        yield said[mark], Toll(row, quantity, head)


def _opens(row: Row) -> bool:
    return bool(row["field"] != "text" or row["begin"] <= _OPENING)


def _places(one: Toll, other: Toll) -> bool:
    """Whether one count is of all places that the other names, and of more: "shootings in Osk and in Karvale"."""
    names = [set(toll.row["names"] or ()) for toll in (one, other)]
    more = names[0] - names[1]
    return names[1] < names[0] and bool(names[1]) and any(f"and {name}" in one.row["text"] for name in more)


def _when(toll: Toll, known: Mapping[str, Report]) -> tuple[float, str]:
    begin = known[toll.row["article_id"]].begin
    return (float("inf") if begin is None else begin), str(toll.row["mention_id"])


def _differ(kind: str, one: Toll, other: Toll, known: Mapping[str, Report]) -> Difference | None:
    """The difference of two tolls; null where both can hold, they count different things, or one origin gives both."""
    if known[one.row["article_id"]].origin == known[other.row["article_id"]].origin:
        return None
    if one.row["outlet"] == other.row["outlet"] or one.row["language"] != other.row["language"]:
        return None
    sizes = sorted(values.size(toll.quantity) for toll in (one, other))
    if not _opens(one.row) and not _opens(other.row):
        return None
    if values.may_agree(one.quantity, other.quantity) or sizes[1] > _APART * max(1.0, sizes[0]):
        return None
    if one.head and other.head and one.head != other.head:
        return None
    if _places(one, other) or _places(other, one):
        return None
    if any(values.counted_in(x.row, x.quantity, y.quantity) for x, y in ((one, other), (other, one))):
        return None
    return Difference(kind, one, other, alike=one.head == other.head)
