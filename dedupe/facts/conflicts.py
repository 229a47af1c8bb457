"""Slots on which two outlets differ: numbers that cannot both hold, denials, hedges that fall away, names, quotations.

Each finder looks at two mentions that speak of one thing and returns the slot and the characters of both. Nothing
here knows a topic: a slot is a unit, a noun, a role word, never an entity.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from dedupe import text as texts
from dedupe.facts import denials, namings, quotations, tolls, values
from dedupe.facts.reports import Report
from dedupe.settings import FactSettings

Row = dict[str, Any]
Span = tuple[int, int]


class Tie(NamedTuple):
    """How closely two mentions are linked."""

    relation: str
    close: bool
    same: bool
    sure: bool = False


class Slot(NamedTuple):
    """What two mentions differ on, as characters of each (offsets in the mention's text).

    ``firm``: both values cannot hold of one time. ``grows``: a count, or a state, that can have changed from the one
    text to the other; ``first_larger``: and then the left one has to be the later.
    """

    slot: str
    one: Span
    other: Span
    unit: str | None = None
    firm: bool = False
    grows: bool = False
    first_larger: bool = False


class Told(NamedTuple):
    """What a story's texts say beside the two mentions: which articles carry a notice of correction."""

    notices: set[str]
    tie_s: float


_CORRECTS = re.compile(
    r"\b(correct(?:s|ed|ion|ing)|an earlier version|misstated|clarif(?:y|ies|ied|ication))\b", re.IGNORECASE
)
_NOTICE = re.compile(
    r"\b(?:an? (?:earlier|previous) version of (?:this|the)|corrections?:|corrects|clarification:|misstated|"
    r"in einer früheren (?:version|fassung)|korrektur:|berichtigung:|une version précédente de|rectificatif|"
    r"una versión anterior de|fe de erratas|corrección:)",
    re.IGNORECASE,
)
_SURE_TIE = 0.9  # probability of one fact from which two days are days of one thing
_PAST = frozenset(("didn't", "did", "wasn't", "weren't", "never"))  # what was not so then is not so later


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
    outlets = mentions.group_by("story_id").agg(pl.col("outlet").n_unique().alias("n")).filter(pl.col("n") > 1)
    shared = pl.col("story_id").is_in(outlets["story_id"].implode())
    wanted = pl.col("mention_id").is_in(linked) | shared
    row_of = {row["mention_id"]: row for row in mentions.filter(wanted).iter_rows(named=True)}
    beside = Told({a for a, text in mentions.select("article_id", "text").iter_rows() if _NOTICE.search(text)},
                  settings.tie_s)  # fmt: skip
    found: dict[tuple[str, str], Row] = {}
    stories = set(outlets["story_id"])
    several = [row for row in row_of.values() if row["story_id"] in stories]
    for left, right, slot in _quotations(several, articles, counts):
        _add(found, left, right, slot, known, beside)
    said = _links(links, row_of, settings)
    names_of = _names(several)
    upheld = _upheld(said)
    once: set[tuple[str, ...]] = set()
    for left, right, tie in said:
        if (first := _first(left, right, tie, names_of, upheld, once)) is not None:
            _add(found, left, right, first, known, beside)
    told = (*namings.spellings(several), *namings.authors(several, settings.role_names, counts))
    for left, right, naming in told:
        if (named := _written(left, right, naming)) is not None:
            _add(found, left, right, named, known, beside)
    for toll in tolls.differences(several, known, settings.role_names, counts):
        _add(found, toll.one.row, toll.other.row, _toll(toll), known, beside)
    return [found[key] for key in sorted(found)]


def _links(links: pl.DataFrame, row_of: Mapping[str, Row], settings: FactSettings) -> list[tuple[Row, Row, Tie]]:
    """Linked mentions of two articles, or of a headline and its body."""
    out = []
    for a, b, p, relation in links.sort("mention_a", "mention_b").iter_rows():
        left, right = row_of[a], row_of[b]
        if left["article_id"] != right["article_id"] or (left["field"] == "text") != (right["field"] == "text"):
            out.append(
                (left, right, Tie(relation, close=p >= settings.near, same=p >= settings.same, sure=p >= _SURE_TIE))
            )
    return out


def _first(
    left: Row,
    right: Row,
    tie: Tie,
    names_of: Mapping[str, Mapping[str, frozenset[str]]],
    upheld: Mapping[str, set[str]],
    once: set[tuple[str, ...]],
) -> Slot | None:
    """The first slot on which two linked mentions differ. A difference in naming is told once a story."""
    slot = _numbers(left, right, tie) or _polarity(left, right, tie) or _hedge(left, right, tie, upheld)
    if slot is not None or left["article_id"] == right["article_id"]:
        return slot
    naming = namings.standing(left, right)
    if naming is None:
        naming = namings.respelled(left, right, names_of.get(left["story_id"], {}))
    if naming is None and tie.close:
        naming = namings.named(left, right)
    if naming is None:
        return None
    key = (left["story_id"], naming.slot, *sorted((naming.one.casefold(), naming.other.casefold())))
    if key in once:
        return None
    once.add(key)
    return _written(left, right, naming)


def _names(rows: Iterable[Row]) -> dict[str, dict[str, frozenset[str]]]:
    """Story -> article -> the names it holds."""
    held: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        held[row["story_id"]][row["article_id"]].update(namings.borne(row))
    return {
        story: {article: frozenset(names) for article, names in found.items()} for story, found in sorted(held.items())
    }


def _written(left: Row, right: Row, naming: namings.Naming) -> Slot | None:
    """A naming as characters of its mentions."""
    spans = [_place(row, value) for row, value in ((left, naming.one), (right, naming.other))]
    return None if spans[0] is None or spans[1] is None else Slot(naming.slot, spans[0], spans[1])


def _place(row: Row, value: str) -> Span | None:
    at = str(row["text"]).find(value)
    if at < 0:  # a name as it is written without its initials
        words = value.split()
        at, last = str(row["text"]).find(words[0]), str(row["text"]).rfind(words[-1])
        return (at, last + len(words[-1])) if 0 <= at <= last else None
    return at, at + len(value)


def _toll(found: tolls.Difference) -> Slot:
    """Two articles' counts of the dead, the hurt ...: both may have been right if the later one is the larger."""
    one, other = found.one, found.other
    larger = values.size(one.quantity) > values.size(other.quantity)
    spans = _inside(one.row, one.quantity), _inside(other.row, other.quantity)
    return Slot(found.kind, *spans, firm=found.alike, grows=True, first_larger=larger)


def _add(
    found: dict[tuple[str, str], Row], left: Row, right: Row, slot: Slot, known: dict[str, Report], beside: Told
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


def _kind(left: Row, right: Row, slot: Slot, known: dict[str, Report], told: Told) -> str:
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


def _grown(a: Report, b: Report, slot: Slot, tie_s: float) -> bool:
    """Whether the larger count stands in the later text: both can have been right when they came out."""
    larger, smaller = (a, b) if slot.first_larger else (b, a)
    return larger.end is None or smaller.begin is None or larger.end - smaller.begin > tie_s


def _inside(row: Row, quantity: Mapping[str, Any]) -> Span:
    """Characters of the mention, by offsets in the field, as far as the mention holds them."""
    return max(0, quantity["begin"] - row["begin"]), max(0, quantity["end"] - row["begin"])


def _numbers(left: Row, right: Row, tie: Tie) -> Slot | None:
    """Values of one thing that cannot both hold; in one outlet's texts also those that can, as a toll that grew."""
    if not tie.close or _other_people(left, right):
        return None
    if (left["modality"] == "conditional") != (right["modality"] == "conditional"):
        return None  # "could be sentenced to five years", "was sentenced to ten"
    for clash in values.clashes(left, right):
        again = left["outlet"] == right["outlet"] and left["article_id"] != right["article_id"]
        if clash.holds and (not again or clash.one["kind"] == "date"):
            continue
        if not tie.same and (clash.one["value"] is None) != (clash.other["value"] is None):
            continue  # "billions", "$285 million": as good as never of one thing
        if clash.one["kind"] == "date" and not (
            tie.same and values.one_event(left, clash.one, right, clash.other, sure=tie.sure)
        ):
            continue
        plans = {left["kind"], right["kind"]} & {"plan", "opinion"}
        return Slot(
            " ".join(_shared(left, right)[:4]) or clash.one["kind"],
            _inside(left, clash.one),
            _inside(right, clash.other),
            clash.one["unit"],
            firm=not plans,
            grows=clash.grows,
            first_larger=values.size(clash.one) > values.size(clash.other),
        )
    return None


def _other_people(left: Row, right: Row) -> bool:
    """Whether each names someone or some place that the other does not, and they share no name: other referents."""
    sources = {s["cited"] for row in (left, right) for s in row["attribution"] or []}
    names = [
        {word for name in row["names"] or [] if name not in sources for word in name.split()} for row in (left, right)
    ]
    return bool(names[0] and names[1] and not names[0] & names[1])


_SURE = frozenset({"asserted", "will"})


def _polarity(left: Row, right: Row, tie: Tie) -> Slot | None:
    """One says that what the other says is not so: "has not agreed", "denies having agreed", "agreed"."""
    if not tie.same or left["article_id"] == right["article_id"] or _other_people(left, right):
        return None
    for row, other in ((left, right), (right, left)):
        language = row.get("language") or "en"
        found = denials.denied(row["text"], other["text"], language)
        if found is None or other["modality"] not in _SURE:
            continue
        if denials.speaks(other["text"][slice(*found.plain)], language):
            continue
        if row["modality"] not in {other["modality"], "denied"}:
            continue
        spans: dict[int, Span] = {id(row): found.marked, id(other): found.plain}
        mark = row["text"][slice(*found.marked)].lower().replace("’", "'").split()[0]
        before = row["text"][: found.marked.begin].lower().split()[-1:]
        then = mark in _PAST or before == ["did"] or mark.startswith("didn")
        return Slot(
            " ".join(_shared(left, right)[:4]) or other["text"][slice(*found.plain)],
            spans[id(left)],
            spans[id(right)],
            firm=True,
            grows=not then,
            first_larger=other is left,
        )
    return None


def _shared(left: Row, right: Row) -> list[str]:
    """Content words both mentions hold, as the left one writes them, in its order."""
    there = set(texts.content_stems(right["text"], right.get("language") or "en"))
    out = []
    for begin, end in texts.words(left["text"]):
        word = left["text"][begin:end]
        if texts.stem(word, left.get("language") or "en") in there and not word[0].isdigit():
            out.append(word.casefold())
    return list(dict.fromkeys(out))


def _hedge(left: Row, right: Row, tie: Tie, upheld: Mapping[str, set[str]]) -> Slot | None:
    """One asserts what the other hedges; within an article, a headline or dek against its body."""
    if not tie.same or tie.relation == "differs":
        return None
    one_article = left["article_id"] == right["article_id"]
    for row, other in ((left, right), (right, left)):
        if other["modality"] != "asserted" or row["modality"] in {"denied", "asserted", "will"}:
            continue
        if other["text"].rstrip("\"'”’ ").endswith("?") or other["kind"] in {"attribution", "aside", "opinion"}:
            continue
        headline = one_article and other["field"] != "text"
        if one_article and not headline:
            continue  # a headline may hedge what its body says
        found = denials.hedged(row["text"], other["text"], row.get("language") or "en", loose=headline)
        if found is None:
            continue
        word = texts.stem(other["text"][slice(*found.plain)], row.get("language") or "en")
        if headline and word in upheld.get(other["mention_id"], ()):
            continue  # the body says it outright elsewhere
        spans: dict[int, Span] = {id(row): found.marked, id(other): found.plain}
        return Slot("hedge", spans[id(left)], spans[id(right)])
    return None


def _upheld(said: Sequence[tuple[Row, Row, Tie]]) -> dict[str, set[str]]:
    """Headline -> stems of what its own body asserts of the same."""
    found: dict[str, set[str]] = defaultdict(set)
    for left, right, tie in said:
        if left["article_id"] == right["article_id"] and tie.same:
            head, body = (right, left) if left["field"] == "text" else (left, right)
            if body["modality"] == "asserted":
                found[head["mention_id"]].update(texts.content_stems(body["text"], body.get("language") or "en"))
    return found


def _quotations(
    rows: Sequence[Row], articles: pl.DataFrame | None, counts: Counter[str]
) -> Iterator[tuple[Row, Row, Slot]]:
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
                yield left, right, Slot("quotation", one, other)


def _within(row: Row, span: Span) -> Span:
    """A span of the field as far as a mention holds it, in offsets of the mention."""
    return max(span[0], row["begin"]) - row["begin"], min(span[1], row["end"]) - row["begin"]
