"""Slots on which two outlets differ: numbers that cannot both hold, hedges that fall away, roles, names, standing.

Each finder looks at two mentions that speak of one thing and returns the slot and the two values as written. Nothing
here knows a topic: a slot is a unit, a noun, a role word, never an entity.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, islice
from typing import Any, NamedTuple

import polars as pl

from dedupe import text as texts
from dedupe.facts import tone, values
from dedupe.facts.reports import Report
from dedupe.settings import FactSettings

Row = dict[str, Any]


class Tie(NamedTuple):
    """How closely two mentions are linked."""

    relation: str
    close: bool
    same: bool


class Slot(NamedTuple):
    """What two mentions differ on. ``firm`` is true where both values cannot hold of one time.

    ``grows``: a count that can have grown from the one text to the other.
    """

    slot: str
    value_a: str
    value_b: str
    unit: str | None
    firm: bool
    grows: bool = False
    first_larger: bool = False


class Told(NamedTuple):
    """What a story's texts say beside the two mentions: which articles carry a notice of correction."""

    notices: set[str]
    tie_s: float


_HEDGE = re.compile(
    # "may" in small letters only: May is a month.
    r"\b(reportedly|allegedly|alleged|purportedly|apparently|rumou?red|(?:said|thought|believed) to|(?-i:may)|might|"
    r"could)\b",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"\b(correct(?:s|ed|ion|ing)|an earlier version|misstated|clarif(?:y|ies|ied|ication))\b", re.IGNORECASE
)
_NOTICE = re.compile(
    r"\b(?:an? (?:earlier|previous) version of (?:this|the)|corrections?:|corrects|clarification:|misstated|"
    r"in einer früheren (?:version|fassung)|korrektur:|berichtigung:|une version précédente de|rectificatif|"
    r"una versión anterior de|fe de erratas|corrección:)",
    re.IGNORECASE,
)
_NOT = {
    "en": re.compile(r"(?:\b(?:not|never)|n['’]t) ", re.IGNORECASE),
    "de": re.compile(r"\b(?:nicht|nie|niemals) ", re.IGNORECASE),
    "fr": re.compile(r"\b(?:pas|jamais) ", re.IGNORECASE),
    "es": re.compile(r"\b(?:no|nunca|jamás) (?:ha |han |había |habían )?", re.IGNORECASE),
}
_TITLE = r"(?:[A-Z][\w.&'’-]*|of|and|the|head|chief|vice|senior|executive|officer|president|director|applications)"
_NAME = r"[A-ZÀ-Þ][\w'’.-]+(?: (?:[A-Z]\. )?[A-ZÀ-Þ][\w'’-]+)+"
_DONE = re.compile(
    r"\b(authored|written|led|headed|founded|signed|owned|run|chaired|directed|produced|created|built|designed|made|"
    rf"developed|managed|edited|penned|drafted|sent|issued|filed|bought|acquired|sold) by (?:{_TITLE} )*?({_NAME})"
)
_DOCUMENT = r"memo|memorandum|letter|report|email|e-mail|statement|filing|note|document|message|post|speech|interview"
_WROTE_IN = re.compile(
    rf"({_NAME}) [a-z]+(?: [\w'’-]+){{0,4}} in (?:an?|the|his|her|their)(?: [a-z-]+){{0,3}} ({_DOCUMENT})\b"
)
_WRITES = frozenset(("authored", "written", "penned", "drafted", "signed", "sent", "issued"))
_UNNAMED = re.compile(r"\b(?:an?|its|their|his|her)((?: [a-z-]+){0,2}) ([a-z]{4,})\b(?! [A-ZÀ-Þ])")


def find(
    mentions: pl.DataFrame,
    links: pl.DataFrame,
    known: dict[str, Report],
    settings: FactSettings,
    counts: Counter[str] | None = None,
) -> list[Row]:
    """Rows of the conflicts table, from linked mentions and from roles named in a story.

    Args:
        mentions: `schema.Mentions` with fact_id, without run_id.
        links: As `dedupe.facts.align.align` returns them.
        known: Every article as a report.
        settings: `FactSettings`.
        counts: Gains ``roles_capped``: names that a limit left out.

    Returns:
        One row per pair of mentions; mention_a < mention_b. kind: correction (a text says it corrects), update (same
        outlet or copy group, later), contradiction (both asserted, at one time), else differs: other wording, other
        precision, a hedge, a name, a plan, or a count that can have grown from the one text to the later one.

    Cost: 20 us a link, 5 us a mention.
    """
    linked = set(links["mention_a"]) | set(links["mention_b"])
    outlets = mentions.group_by("story_id").agg(pl.col("outlet").n_unique().alias("n")).filter(pl.col("n") > 1)
    told = mentions.filter(pl.col("story_id").is_in(outlets["story_id"].implode()) & (pl.col("names").list.len() > 0))
    needed = mentions.filter(
        pl.col("mention_id").is_in(linked) | pl.col("mention_id").is_in(told["mention_id"].implode())
    )
    row_of = {row["mention_id"]: row for row in needed.iter_rows(named=True)}
    beside = Told({a for a, text in mentions.select("article_id", "text").iter_rows() if _NOTICE.search(text)},
                  settings.tie_s)  # fmt: skip
    found: dict[tuple[str, str], Row] = {}
    for a, b, p, relation in links.sort("mention_a", "mention_b").iter_rows():
        left, right = row_of[a], row_of[b]
        tie = Tie(relation, close=p >= settings.near, same=p >= settings.same)
        same_article = left["article_id"] == right["article_id"]
        if same_article and (left["field"] == "text") == (right["field"] == "text"):
            continue
        for finder in (_numbers, _polarity, _hedge, _standing, _respelled, _naming):
            slot = finder(left, right, tie)
            if slot is not None:
                _add(found, left, right, slot, known, beside)
                break
    for left, right, slot in _authors(row_of.values(), settings.role_names, Counter() if counts is None else counts):
        _add(found, left, right, slot, known, beside)
    return [found[key] for key in sorted(found)]


def _add(
    found: dict[tuple[str, str], Row], left: Row, right: Row, slot: Slot, known: dict[str, Report], beside: Told
) -> None:
    if left["mention_id"] > right["mention_id"]:
        left, right = right, left
        slot = slot._replace(value_a=slot.value_b, value_b=slot.value_a, first_larger=not slot.first_larger)
    found.setdefault(
        (left["mention_id"], right["mention_id"]),
        {
            "story_id": left["story_id"],
            "slot": slot.slot,
            "mention_a": left["mention_id"],
            "mention_b": right["mention_id"],
            "outlet_a": left["outlet"],
            "outlet_b": right["outlet"],
            "value_a": slot.value_a,
            "value_b": slot.value_b,
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
    both = left["modality"] == right["modality"] == "asserted"
    return "contradiction" if both else "differs"


def _grown(a: Report, b: Report, slot: Slot, tie_s: float) -> bool:
    """Whether the larger count stands in the later text: both can have been right when they came out."""
    larger, smaller = (a, b) if slot.first_larger else (b, a)
    return larger.end is None or smaller.begin is None or larger.end - smaller.begin > tie_s


def _written(row: Row, begin: int, end: int) -> str:
    """Characters of the field, by offsets in the field, as far as the mention holds them."""
    return str(row["text"])[max(0, begin - row["begin"]) : max(0, end - row["begin"])]


def _numbers(left: Row, right: Row, tie: Tie) -> Slot | None:
    """Values of one thing that cannot both hold; in one outlet's texts also those that can, as a toll that grew."""
    if not tie.close or _other_people(left, right):
        return None
    for clash in values.clashes(left, right):
        if clash.holds and left["outlet"] != right["outlet"]:
            continue
        if clash.one["kind"] == "date" and not tie.same:
            continue
        slot = " ".join(_shared(left, right)[:4]) or clash.one["kind"]
        plans = {left["kind"], right["kind"]} & {"plan", "opinion"}
        return Slot(
            slot,
            _written(left, clash.one["begin"], clash.one["end"]),
            _written(right, clash.other["begin"], clash.other["end"]),
            clash.one["unit"],
            firm=not plans,
            grows=clash.grows,
            first_larger=_size(clash.one) > _size(clash.other),
        )
    return None


def _size(quantity: Mapping[str, Any]) -> float:
    return float(next((quantity[key] for key in ("value", "high", "low") if quantity[key] is not None), 0.0))


def _other_people(left: Row, right: Row) -> bool:
    """Whether each names someone or some place that the other does not, and they share no name: other referents."""
    sources = {s["cited"] for row in (left, right) for s in row["attribution"] or []}
    names = [
        {word for name in row["names"] or [] if name not in sources for word in name.split()} for row in (left, right)
    ]
    return bool(names[0] and names[1] and not names[0] & names[1])


def _polarity(left: Row, right: Row, tie: Tie) -> Slot | None:
    """One says of the other's word that it is not so: "has not agreed", "agreed"."""
    language = left.get("language") or "en"
    pattern = _NOT.get(language)
    if pattern is None or not tie.same or "denied" in {left["modality"], right["modality"]}:
        return None
    marks = [pattern.search(row["text"]) for row in (left, right)]
    if (marks[0] is None) == (marks[1] is None) or _other_people(left, right):
        return None
    row, other, mark = (left, right, marks[0]) if marks[0] else (right, left, marks[1])
    if mark is None:
        return None
    following = texts.words(row["text"][mark.end() :])
    if not following:
        return None
    begin, end = (mark.end() + place for place in following[0])
    stem = texts.stem(row["text"][begin:end], language)
    for first, last in texts.words(other["text"]):
        word = other["text"][first:last]
        if texts.stem(word, language) == stem and stem not in texts.STOP.get(language, ()):
            said = {id(row): row["text"][mark.start() : end].lstrip(), id(other): word}
            return Slot(" ".join(_shared(left, right)[:4]) or word, said[id(left)], said[id(right)], None, firm=True)
    return None


def _respelled(left: Row, right: Row, tie: Tie) -> Slot | None:
    """Both name a person by one surname, with first names of which neither can be short for the other."""
    if not tie.same:
        return None
    for one in left["names"] or []:
        for other in right["names"] or []:
            a, b = one.split(), other.split()
            if len(a) > 1 and len(b) > 1 and a[-1] == b[-1] and a[0] != b[0]:
                short, full = sorted((a[0].rstrip("."), b[0].rstrip(".")), key=len)
                if not full.startswith(short) and one not in right["text"] and other not in left["text"]:
                    return Slot(f"first name {a[-1]}", one, other, None, firm=False)
    return None


def _shared(left: Row, right: Row) -> list[str]:
    """Content words both mentions hold, as the left one writes them, in its order."""
    there = set(texts.content_stems(right["text"], right.get("language") or "en"))
    out = []
    for begin, end in texts.words(left["text"]):
        word = left["text"][begin:end]
        if texts.stem(word) in there and not word[0].isdigit() and word.casefold() not in out:
            out.append(word.casefold())
    return out


def _hedge(left: Row, right: Row, tie: Tie) -> Slot | None:
    """One asserts what the other hedges; within an article, a headline or dek against its body."""
    if (
        not tie.same
        or tie.relation == "differs"
        or (left["modality"] == "asserted") == (right["modality"] == "asserted")
    ):
        return None
    if {left["modality"], right["modality"]} & {"will", "denied"}:
        return None
    values = []
    for row in (left, right):
        word = _HEDGE.search(row["text"])
        if row["modality"] != "asserted" and word is None:
            return None
        values.append("asserted" if row["modality"] == "asserted" or word is None else word.group())
    return Slot("hedge", values[0], values[1], None, firm=False)


def _standing(left: Row, right: Row, _tie: Tie) -> Slot | None:
    """Both name someone or something; one puts it in the past ("formerly led by"), the other does not."""
    names = [name for name in left["names"] or [] if name in (right["names"] or []) and " " in name]
    past = [tone.PAST.search(row["text"]) for row in (left, right)]
    if not names or (past[0] is None) == (past[1] is None):
        return None
    for row, mark in ((left, past[0]), (right, past[1])):
        if mark is not None:
            other = right if row is left else left
            following = row["text"][mark.end() :].split()
            word = following[0].strip(".,") if following else ""
            if not word or texts.stem(word) not in texts.content_stems(other["text"]):
                return None
            at = other["text"].casefold().find(word.casefold())
            values = {
                id(row): f"{mark.group()} {word}",
                id(other): other["text"][at : at + len(word)] if at >= 0 else word,
            }
            return Slot(f"{word} {names[0]}", values[id(left)], values[id(right)], None, firm=False)
    return None


def _naming(left: Row, right: Row, tie: Tie) -> Slot | None:
    """One gives a name to what the other only describes: "a coastal ferry", "the ferry Vesta"."""
    if not tie.close:
        return None
    for row, other in ((left, right), (right, left)):
        for match in _UNNAMED.finditer(row["text"]):
            noun = match.group(2)
            named = re.search(rf"\b{re.escape(noun)},? ({_NAME}|[A-ZÀ-Þ][\w'’-]+)", other["text"])
            if named and named.group(1) not in row["text"]:
                values = {id(row): match.group(), id(other): named.group()}
                return Slot(noun, values[id(left)], values[id(right)], None, firm=False)
    return None


def _authors(rows: Iterable[Row], most: int, counts: Counter[str]) -> Iterator[tuple[Row, Row, Slot]]:
    """Different people named for one role in a story: who wrote the document, who leads the group.

    One row for each two names, with the first mentions of them that stand in different outlets. Of more than ``most``
    names those that most outlets give.
    """
    held: dict[tuple[str, str], dict[str, dict[str, Row]]] = defaultdict(lambda: defaultdict(dict))
    for row in sorted(rows, key=lambda r: r["mention_id"]):
        for role, name in _roles(row):
            held[row["story_id"], role][name].setdefault(row["outlet"], row)
    for (_, role), named in sorted(held.items()):
        counts["roles_capped"] += max(0, len(named) - most)
        for name, other in combinations(sorted(named, key=lambda name: -len(named[name]))[:most], 2):
            if set(name.split()) & set(other.split()):
                continue
            told = (named[name].values(), named[other].values())
            apart = ((x, y) for x in told[0] for y in told[1] if x["outlet"] != y["outlet"])
            for left, right in islice(apart, 1):
                yield left, right, Slot(role, name, other, None, firm=False)


def _roles(row: Row) -> Iterator[tuple[str, str]]:
    people = [match.group(2) for match in _DONE.finditer(row["text"]) if match.group(1) in _WRITES]
    people += [match.group(1) for match in _WROTE_IN.finditer(row["text"])]
    for written in people:
        # The pattern takes titles along ("Chief Executive Jane Roe"); the mention knows the name itself.
        name = next((known for known in row["names"] or [] if " " in known and known in written), written)
        yield "author of the document", name
