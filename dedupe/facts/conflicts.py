"""Slots on which two outlets differ: numbers that cannot both hold, denials, hedges that fall away, names, quotations.

Each finder looks at two mentions that speak of one thing and returns the slot and the characters of both. Nothing
here knows a topic: a slot is a unit, a noun, a role word, never an entity.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from dedupe.facts import namings, quotations, slots, tolls, values
from dedupe.facts.bothsides import Sides
from dedupe.facts.echoes import echoes
from dedupe.facts.reports import Report
from dedupe.facts.units import rows_of
from dedupe.settings import FactSettings

Row = dict[str, Any]
Span = slots.Span


class Told(NamedTuple):
    """What a story's texts say beside the two mentions: which articles carry a notice of correction."""

    notices: set[str]
    tie_s: float


_CORRECTS = re.compile(
    r"\b(correct(?:s|ed|ion|ing)|an earlier version|misstated|clarif(?:y|ies|ied|ication))\b", re.IGNORECASE
)
_NOTICE = (
    r"(?i)\b(?:an? (?:earlier|previous) version of (?:this|the)|corrections?:|corrects|clarification:|misstated|"
    r"in einer früheren (?:version|fassung)|korrektur:|berichtigung:|une version précédente de|rectificatif|"
    r"una versión anterior de|fe de erratas|corrección:)"
)
_SURE_TIE = 0.9  # probability of one fact from which two days are days of one thing


def find(
    mentions: pl.DataFrame,
    links: pl.DataFrame,
    known: dict[str, Report],
    settings: FactSettings,
    counts: Counter[str] | None = None,
    articles: pl.DataFrame | None = None,
) -> list[Row]:
    """Rows of the conflicts table, from linked mentions, and from quotations and roles that a story names twice.

    Args:
        mentions: `schema.Mentions` with fact_id, without run_id.
        links: As `dedupe.facts.align.align` returns them.
        known: Every article as a report.
        settings: `FactSettings`.
        counts: Gains ``roles_capped``, ``tolls_capped``, ``quotes_capped``: names, counts, quotations a limit left out.
        articles: article_id and text, of which quotations are read; null: none are.

    Returns:
        One row per pair of mentions; mention_a < mention_b; the values are characters of the mentions' fields. kind:
        correction (a text says it corrects), update (same outlet or copy group, later), contradiction (both asserted,
        of one time), else differs: other wording, other precision, a hedge, a name, a plan, an altered quotation, what
        two sources say, or what can have changed from the one text to the later one.

    Cost: 20 us a link, 5 us a mention; quotations 0.3 ms an article.
    """
    counts = Counter[str]() if counts is None else counts
    linked = set(links["mention_a"]) | set(links["mention_b"])
    repeated = echoes(mentions, known)
    mentions = mentions.join(repeated, on="mention_id", how="anti")
    stands = dict(repeated.filter(pl.col("mention_id").is_in(linked)).iter_rows())
    linked |= set(stands.values())
    outlets = mentions.group_by("story_id").agg(pl.col("outlet").n_unique().alias("n")).filter(pl.col("n") > 1)
    shared = pl.col("story_id").is_in(outlets["story_id"].implode())
    wanted = pl.col("mention_id").is_in(linked) | shared
    row_of = {row["mention_id"]: row for row in rows_of(mentions.filter(wanted))}
    beside = Told(set(mentions.filter(pl.col("text").str.contains(_NOTICE))["article_id"]), settings.tie_s)
    found: dict[tuple[str, str], Row] = {}
    stories = set(outlets["story_id"])
    several = [row for row in row_of.values() if row["story_id"] in stories]
    for left, right, altered in _quotations(several, articles, counts):
        _add(found, left, right, altered, known, beside)
    said = _links(links, row_of, stands, settings)
    sides = Sides(row_of.values())
    once: set[tuple[str, ...]] = set()
    for left, right, tie in said:
        slot = slots.differing(left, right, tie, sides) or _naming(left, right, tie, sides, once)
        if slot is not None:
            _add(found, left, right, slot, known, beside)
    told = (*namings.spellings(several), *namings.authors(several, settings.role_names, counts))
    for left, right, naming in told:
        if (named := slots.written(left, right, naming)) is not None:
            _add(found, left, right, named, known, beside)
    for toll in tolls.differences(several, known, settings.role_names, counts):
        one, other = toll.one, toll.other
        if not (sides.gives(one.row["article_id"], other.row, other.quantity)
                or sides.gives(other.row["article_id"], one.row, one.quantity)):  # fmt: skip
            _add(found, one.row, other.row, _toll(toll), known, beside)
    return [found[key] for key in sorted(found)]


def _links(
    links: pl.DataFrame, row_of: Mapping[str, Row], stands: Mapping[str, str], settings: FactSettings
) -> list[tuple[Row, Row, slots.Tie]]:
    """Linked mentions of two articles, or of a headline and its body."""
    out = []
    for a, b, p, relation in links.sort("mention_a", "mention_b").iter_rows():
        left, right = row_of[stands.get(a, a)], row_of[stands.get(b, b)]
        if left["article_id"] != right["article_id"] or (left["field"] == "text") != (right["field"] == "text"):
            out.append(
                (
                    left,
                    right,
                    slots.Tie(relation, close=p >= settings.near, same=p >= settings.same, sure=p >= _SURE_TIE),
                )
            )
    return out


def _naming(left: Row, right: Row, tie: slots.Tie, sides: Sides, once: set[tuple[str, ...]]) -> slots.Slot | None:
    """A name that two linked mentions of two articles write differently, told once a story."""
    if left["article_id"] == right["article_id"]:
        return None
    naming = namings.standing(left, right, sides, sure=tie.sure) or namings.respelled(left, right, sides)
    if naming is None and tie.same:
        naming = namings.named(left, right, sides)
    if naming is None:
        return None
    key = (left["story_id"], naming.slot, *sorted((naming.one.casefold(), naming.other.casefold())))
    if key in once:
        return None
    once.add(key)
    return slots.written(left, right, naming)


def _toll(found: tolls.Difference) -> slots.Slot:
    """Two articles' counts of the dead, the hurt ...: both may have been right if the later one is the larger."""
    one, other = found.one, found.other
    larger = values.size(one.quantity) > values.size(other.quantity)
    spans = slots.inside(one.row, one.quantity), slots.inside(other.row, other.quantity)
    return slots.Slot(found.kind, *spans, firm=found.alike, grows=True, first_larger=larger)


def _add(
    found: dict[tuple[str, str], Row], left: Row, right: Row, slot: slots.Slot, known: dict[str, Report], beside: Told
) -> None:
    if left["mention_id"] > right["mention_id"]:
        left, right = right, left
        slot = slot._replace(one=slot.other, other=slot.one, first_larger=not slot.first_larger)
    found.setdefault(
        (left["mention_id"], right["mention_id"]),
        {
            "story_id": left["story_id"],
            "slot": slot.slot,
            "mention_a": left["mention_id"],
            "mention_b": right["mention_id"],
            "outlet_a": left["outlet"],
            "outlet_b": right["outlet"],
            "value_a": left["text"][slice(*slot.one)],
            "value_b": right["text"][slice(*slot.other)],
            "begin_a": left["begin"] + slot.one[0],
            "end_a": left["begin"] + slot.one[1],
            "begin_b": right["begin"] + slot.other[0],
            "end_b": right["begin"] + slot.other[1],
            "unit": slot.unit,
            "kind": _kind(left, right, slot, known, beside),
        },
    )


def _kind(left: Row, right: Row, slot: slots.Slot, known: dict[str, Report], told: Told) -> str:
    a, b = known[left["article_id"]], known[right["article_id"]]
    if not slot.firm:
        return "differs"
    if _CORRECTS.search(left["text"]) or _CORRECTS.search(right["text"]):
        return "correction"
    apart = a.begin is not None and b.begin is not None and a.begin != b.begin
    if (
        apart
        and a.article_id != b.article_id
        and (a.outlet == b.outlet or (a.group is not None and a.group == b.group))
    ):
        later = a if (a.begin or 0.0) > (b.begin or 0.0) else b
        return "correction" if later.article_id in told.notices else "update"
    if slot.grows and _grown(a, b, slot, told.tie_s):
        return "differs"
    if _speakers(left) and _speakers(right) and not _speakers(left) & _speakers(right):
        return "differs"  # what two sources say, each reported as said
    both = left["modality"] == right["modality"] == "asserted"
    return "contradiction" if both else "differs"


def _speakers(row: Row) -> set[str]:
    """The sources of a mention, by the last word of each."""
    return {str(source["cited"]).removesuffix("’s").removesuffix("'s").split()[-1].casefold()
            for source in row["attribution"] or []}  # fmt: skip


def _grown(a: Report, b: Report, slot: slots.Slot, tie_s: float) -> bool:
    """Whether the larger count stands in the later text: both can have been right when they came out."""
    larger, smaller = (a, b) if slot.first_larger else (b, a)
    return larger.end is None or smaller.begin is None or larger.end - smaller.begin > tie_s


def _quotations(
    rows: Sequence[Row], articles: pl.DataFrame | None, counts: Counter[str]
) -> Iterator[tuple[Row, Row, slots.Slot]]:
    """Quotations of one utterance in which a word differs."""
    if articles is None:
        return
    text_of = dict(articles.select("article_id", "text").iter_rows())
    stories: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row["field"] == "text":
            stories[row["story_id"]][row["article_id"]].append(row)
    for _, held in sorted(stories.items()):
        fields = {(article, "text"): text_of.get(article) or "" for article in held}
        for pair in quotations.shared(fields, counts):
            if pair.altered is None:
                continue
            left = quotations.holding(held[pair.one[0]], *pair.altered.one)
            right = quotations.holding(held[pair.other[0]], *pair.altered.other)
            if left is None or right is None or (_speakers(left) and _speakers(right)
                                                 and not _speakers(left) & _speakers(right)):  # fmt: skip
                continue
            one, other = _within(left, pair.altered.one), _within(right, pair.altered.other)
            if left["text"][slice(*one)] != right["text"][slice(*other)]:  # the clause may end before the change
                yield left, right, slots.Slot("quotation", one, other)


def _within(row: Row, span: Span) -> Span:
    """A span of the field as far as a mention holds it, in offsets of the mention."""
    return max(span[0], row["begin"]) - row["begin"], min(span[1], row["end"]) - row["begin"]
