"""What alignment leaves to one origin: does another's article say it all the same, and in which sentence?

Clauses are compared clause by clause, and a fact told in other words, or cut in other places, stays alone. So each fact
of one origin is looked for in the articles of the others as wholes (`dedupe.facts.elsewhere`). Where it very likely
stands in one sentence it joins the fact of that sentence's nearest mention; where it may stand somewhere it is tied to
that mention as doubtful; the rest is alone.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dedupe.facts import elsewhere, reading
from dedupe.facts.lexicon import Floats, Shelves
from dedupe.facts.reports import Home, origins
from dedupe.facts.units import Texts, Unit
from dedupe.settings import FactSettings

_SHORTEST = 6  # mentions of an article: shorter ones were not fitted on, and count as ones of so many


class Tie(NamedTuple):
    """A unit and the one of another origin that may say the same; ``joined``: it does, and they are one fact."""

    unit: int
    other: int
    p: float
    joined: bool


def settle(
    units: Sequence[Unit],
    labels: Sequence[int],
    rows: Sequence[Mapping[str, Any]],
    text_of: Texts,
    home_of: Mapping[str, Home],
    apart: Callable[[int, int], bool],
    pair: Floats,
    settings: FactSettings,
    shelves: Shelves | None = None,
) -> tuple[list[int], list[Tie]]:
    """Join what stands elsewhere after all; tie what may.

    Args:
        units: Of one story.
        labels: The fact of each unit.
        rows: The story's mentions.
        text_of: The texts.
        home_of: Whose text each article is.
        apart: Whether two units cannot be one fact: by their numbers, or as a person said.
        pair: Log-odds that each unit is one fact with the likest of another origin.
        settings: `FactSettings`.
        shelves: Where there is a crowd to look for: its texts by number. The answer is the same.

    Returns:
        Labels, and at most one tie a fact. A fact joins once, and none that has joined is joined: no chains.

    Cost: as `elsewhere.look`.
    """
    if len({home_of[row["article_id"]].origin for row in rows}) < 2:
        return list(labels), []
    mentions = {row["mention_id"]: row for row in rows}
    told: dict[str, dict[tuple[str, int, int], str]] = defaultdict(dict)
    for row in mentions.values():
        span = (row["field"], row["sentence_begin"], row["sentence_end"])
        if span not in told[row["article_id"]]:
            told[row["article_id"]][span] = text_of.cut(row["article_id"], *span)
    members: dict[int, list[int]] = defaultdict(list)
    for n, label in enumerate(labels):
        members[label].append(n)
    asked = dict(_questions(units, members, mentions, home_of, pair))
    bodies = [elsewhere.Told(home_of[a].origin, tuple(dict.fromkeys(found.values()))) for a, found in told.items()]
    languages = Counter(unit.language or "" for unit in units)
    language = min(languages, key=lambda code: (-languages[code], code)) or None
    found = elsewhere.chances(list(asked.values()), bodies, language, settings.elsewhere_articles, shelves)
    hosts: dict[str, list[int]] = defaultdict(list)
    for n, unit in enumerate(units):
        hosts[unit.sentence].append(n)
    ties: dict[int, Tie] = {}
    for (n, question), chance in zip(asked.items(), found, strict=True):
        if max(chance.p, chance.there) <= settings.elsewhere:
            continue
        near = [
            other
            for other in hosts[chance.sentence or ""]
            if any(home_of[mentions[m]["article_id"]].origin not in question.origins for m in units[other].ids)
        ]
        if not near:
            continue
        other = near[_nearest(units[n], [units[m] for m in near], language)]
        # Measured on bodies: a headline joins with what of its own body it restates, and is joined by none.
        bodies_meet = units[other].body and any(units[m].body for m in members[labels[n]])
        joined = chance.there >= settings.joined and bodies_meet and not apart(n, other)
        tie = Tie(n, other, chance.there if joined else chance.p, joined)
        best = ties.get(labels[n])
        if best is None or (tie.joined, tie.p) > (best.joined, best.p):
            ties[labels[n]] = tie
    return _join(units, labels, members, ties, apart)


def _questions(
    units: Sequence[Unit],
    members: Mapping[int, list[int]],
    mentions: Mapping[str, Mapping[str, Any]],
    home_of: Mapping[str, Home],
    pair: Floats,
) -> Iterator[tuple[int, elsewhere.Asked]]:
    """The units of facts of one origin, as what is looked for elsewhere; asides, which state nothing, are left out."""
    ends: dict[str, int] = defaultdict(int)
    for row in mentions.values():
        if row["field"] == "text":
            ends[row["article_id"]] = max(ends[row["article_id"]], row["sentence_end"])

    def depth(mention: str) -> float:
        row = mentions[mention]
        return row["begin"] / ends[row["article_id"]] if row["field"] == "text" else 0.0

    around: dict[tuple[str, str], float] = defaultdict(lambda: elsewhere.FAR)
    for unit, odds in zip(units, pair.tolist(), strict=True):
        here = (min(unit.origins), unit.sentence)
        around[here] = max(around[here], odds)
    size = Counter(min(unit.origins) for unit in units if unit.body)
    longest = size.most_common(2)

    for inside in members.values():
        articles = {mentions[mention]["article_id"] for n in inside for mention in units[n].ids}
        homes = [home_of[article] for article in articles]
        if len(homes) > 1 and len(origins([home for home in homes if home.usable] or homes)) > 1:
            continue
        own = frozenset[str]().union(*(home.own for home in homes))
        for n in inside:
            if mentions[units[n].ids[0]]["kind"] != "aside":
                unit, home = units[n], min(units[n].origins)
                room = math.log(max([_SHORTEST, *(count for other, count in longest if other != home)]))
                told = (min(map(depth, unit.ids)), pair[n].item(), around[home, unit.sentence], room)
                yield n, elsewhere.Asked(own, unit.text, unit.sentence, *told)


def _nearest(unit: Unit, others: Sequence[Unit], language: str | None) -> int:
    """Which of the clauses of one sentence is likest."""
    if len(others) == 1:
        return 0
    own = reading.grams(unit.text, language)
    grams = [reading.grams(other.text, language) for other in others]
    return max(range(len(others)), key=lambda n: (len(own & grams[n]) / max(1, len(own) + len(grams[n])), -n))


def _join(
    units: Sequence[Unit],
    labels: Sequence[int],
    members: Mapping[int, list[int]],
    ties: Mapping[int, Tie],
    apart: Callable[[int, int], bool],
) -> tuple[list[int], list[Tie]]:
    """Joins, surest first: a fact that has joined takes none in, and one that took some in joins none."""
    out = list(labels)
    joined: set[int] = set()
    hosting: set[int] = set()
    settled = []
    for label, tie in sorted(ties.items(), key=lambda item: (-item[1].p, min(units[item[1].unit].ids))):
        host = labels[tie.other]
        joins = tie.joined and label != host and label not in hosting and host not in joined
        if joins and not any(apart(a, b) for a in members[label] for b in members[host]):
            joined.add(label)
            hosting.add(host)
            for n in members[label]:
                out[n] = host
            settled.append(tie)
        else:
            settled.append(tie._replace(joined=False))
    return out, settled
