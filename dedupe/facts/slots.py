"""On what two linked mentions differ: a number, a denial, a hedge, a name; only where neither article tells both.

A slot is a unit, a noun, a word denied, never an entity.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from dedupe import text as texts
from dedupe.facts import denials, doubts, namings, values
from dedupe.facts.bothsides import Sides

Row = dict[str, Any]
Span = tuple[int, int]

_SURE = frozenset({"asserted", "will"})
_PAST = frozenset(("didn't", "did", "wasn't", "weren't", "never"))  # what was not so then is not so later
_OPEN = frozenset(("if", "could", "may", "might", "unless", "should"))
_NAMED = 25  # characters behind a denied word in which its object is named
_SAME_CLAUSE = 0.5  # share of the shorter clause's content words that the other holds, for one to deny the other


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


def differing(left: Row, right: Row, tie: Tie, sides: Sides) -> Slot | None:
    """The first slot on which two linked mentions differ, other than a name.

    Cost: 50 us a pair that has a number or a mark; what else an article says is asked only of what differs.
    """
    return _numbers(left, right, tie, sides) or _polarity(left, right, tie, sides) or _hedge(left, right, tie, sides)


def inside(row: Row, quantity: Mapping[str, Any]) -> Span:
    """Characters of the mention, by offsets in the field, as far as the mention holds them."""
    return max(0, quantity["begin"] - row["begin"]), max(0, quantity["end"] - row["begin"])


def written(left: Row, right: Row, naming: namings.Naming) -> Slot | None:
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


def _numbers(left: Row, right: Row, tie: Tie, sides: Sides) -> Slot | None:
    """Values of one thing that cannot both hold; in one outlet's texts also those that can, as a toll that grew."""
    if not tie.close or _other_people(left, right):
        return None
    if _open(left) != _open(right):
        return None  # "could be sentenced to five years", "was sentenced to ten"
    for clash in values.clashes(left, right, sides.sentence):
        again = left["outlet"] == right["outlet"] and left["article_id"] != right["article_id"]
        if clash.holds and (not again or clash.one["kind"] == "date"):
            continue
        if not tie.same and (clash.one["value"] is None) != (clash.other["value"] is None):
            continue  # "billions", "$285 million": as good as never of one thing
        if clash.one["kind"] == "date" and not (
            tie.same and values.one_event(left, clash.one, right, clash.other, sure=tie.sure)
        ):
            continue
        if (not clash.told and not tie.sure) or _both_given(left, right, clash, sides):
            continue
        plans = {left["kind"], right["kind"]} & {"plan", "opinion"}
        return Slot(
            " ".join(_shared(left, right)[:4]) or clash.one["kind"],
            inside(left, clash.one),
            inside(right, clash.other),
            clash.one["unit"],
            firm=not plans,
            grows=clash.grows,
            first_larger=values.size(clash.one) > values.size(clash.other),
        )
    return None


def _open(row: Row) -> bool:
    """Whether a mention leaves open whether it is so; what a source said it "would" do is what it will do."""
    if row["modality"] != "conditional":
        return False
    words = {str(row["text"])[begin:end].lower() for begin, end in texts.words(row["text"])}
    return not row["attribution"] or "would" not in words or not words.isdisjoint(_OPEN)


def _both_given(left: Row, right: Row, clash: values.Clash, sides: Sides) -> bool:
    """Whether one of the articles gives the other's value as well, or measures it more than once.

    In one article: whether its body gives both.
    """
    given = [(right["article_id"], left, clash.one), (left["article_id"], right, clash.other)]
    if left["article_id"] == right["article_id"]:
        given = [one for one in given if one[1]["field"] != "text"]
    if clash.one["kind"] == "measure" and (sides.varies(left, clash.one) or sides.varies(right, clash.other)):
        return True
    return any(sides.gives(article, row, quantity) for article, row, quantity in given)


def _other_people(left: Row, right: Row) -> bool:
    """Whether each names someone or some place that the other does not, and they share no name: other referents."""
    sources = {s["cited"] for row in (left, right) for s in row["attribution"] or []}
    names = [
        {word for name in row["names"] or [] if name not in sources for word in name.split()} for row in (left, right)
    ]
    return bool(names[0] and names[1] and not names[0] & names[1])


def _polarity(left: Row, right: Row, tie: Tie, sides: Sides) -> Slot | None:
    """One says that what the other says is not so: "has not agreed", "denies having agreed", "agreed"."""
    if not tie.same or left["article_id"] == right["article_id"] or _other_people(left, right):
        return None
    for row, other in ((left, right), (right, left)):
        language = row.get("language") or "en"
        found = denials.denied(row["text"], other["text"], language)
        if found is None or other["modality"] not in _SURE or row["modality"] not in {other["modality"], "denied"}:
            continue
        word = other["text"][slice(*found.plain)]
        if doubts.speaks(word, language) or not _one_clause(row, other, language):
            continue
        if not denials.tells(row["text"], other["text"], found, language):
            continue
        stem = doubts.stem_of(word, language)
        if _governed(row, other, sides, language):
            continue
        if sides.denies(other["article_id"], stem, language):
            continue
        if sides.affirms(row["article_id"], stem, other["text"], language):
            continue
        spans: dict[int, Span] = {id(row): found.marked, id(other): found.plain}
        mark = row["text"][slice(*found.marked)].lower().replace("’", "'").split()[0]
        before = row["text"][: found.marked.begin].lower().split()[-1:]
        then = mark in _PAST or before == ["did"] or mark.startswith("didn")
        return Slot(
            " ".join(_shared(left, right)[:4]) or word,
            spans[id(left)],
            spans[id(right)],
            firm=True,
            grows=not then,
            first_larger=other is left,
        )
    return None


def _governed(row: Row, other: Row, sides: Sides, language: str) -> bool:
    """Whether the sentence of the assertion denies it before ("denied that"), or that of the denial leaves it open."""
    before = [one["text"] for one in sides.sentence(other) if one["begin"] < other["begin"]]
    before += [source["verb"] or "" for source in other["attribution"] or []]
    return any(doubts.holds_denial(text, language) for text in before) or any(
        doubts.hedging(one["text"], language) for one in sides.sentence(row)
    )


def _elsewhere_named(row: Row, begin: int, other: Row) -> bool:
    """Whether what is denied is denied of a name that the other text lacks: "never went to Osk", "went to Karvale"."""
    following = row["text"][begin : begin + _NAMED]
    return any(name in following and name not in other["text"] for name in row["names"] or [])


def _one_clause(left: Row, right: Row, language: str) -> bool:
    """Whether two clauses say much the same, whatever is denied in one of them."""
    ours, theirs = doubts.stems(left["text"], language), doubts.stems(right["text"], language)
    return len(ours & theirs) >= _SAME_CLAUSE * min(len(ours), len(theirs))


def _shared(left: Row, right: Row) -> list[str]:
    """Content words both mentions hold, as the left one writes them, in its order."""
    there = set(texts.content_stems(right["text"], right.get("language") or "en"))
    out = []
    for begin, end in texts.words(left["text"]):
        word = left["text"][begin:end]
        if texts.stem(word, left.get("language") or "en") in there and not word[0].isdigit():
            out.append(word.casefold())
    return list(dict.fromkeys(out))


def _hedge(left: Row, right: Row, tie: Tie, sides: Sides) -> Slot | None:
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
        if (one_article and not headline) or other["attribution"]:
            continue  # a headline may hedge what its body says; what a source says stays the source's
        language = row.get("language") or "en"
        found = denials.hedged(row["text"], other["text"], language, loose=headline)
        if found is None:
            continue
        if doubts.reported(other["text"], len(other["text"]) if headline else found.plain.begin, language):
            continue  # "claimed that the fire was started by ..."
        word = doubts.stem_of(other["text"][slice(*found.plain)], language)
        if sides.asserts(row["article_id"], row["text"], language, besides=other) or (
            not headline and sides.hedges(other["article_id"], word, other["text"], language)
        ):
            continue
        spans: dict[int, Span] = {id(row): found.marked, id(other): found.plain}
        return Slot("hedge", spans[id(left)], spans[id(right)])
    return None
