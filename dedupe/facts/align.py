"""Mentions of one story -> facts: one fact is one group of mentions that assert the same.

Candidates come from an inverted index on rare stems and from what clauses are about; a scorer says how probable it is
that two mentions assert the same; facts grow by average linkage, so that no chain of half-matches glues different
claims. A story's facts depend on nothing outside the story.
"""

import functools
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from dedupe import linkage
from dedupe.facts import alone, elsewhere, opposed, scorer, senses, weighing
from dedupe.facts.echoes import echoes
from dedupe.facts.lexicon import Floats, Lexicons, Shelves
from dedupe.facts.reports import homes
from dedupe.facts.units import (
    Texts,
    Unit,
    Units,
    candidates,
    rows_of,
    tags_of,
    told_alone,
    units_of,
    weights,
)  # fmt: skip
from dedupe.settings import FactSettings
from storage.ids import group_id

_MANY = 4_000  # mentions from which loading compiled code pays; decides nothing else

ELSEWHERE = "elsewhere"
"""Relation of a link: one of the two, which one origin alone has, may be said all the same where the other stands."""

LINKS = {"mention_a": pl.String, "mention_b": pl.String, "p": pl.Float64, "relation": pl.String}


class Aligned(NamedTuple):
    """What `aligned` returns."""

    mentions: pl.DataFrame
    links: pl.DataFrame
    counts: dict[str, int]


def score(
    left: list[str], right: list[str], context: Iterable[str] | None = None, language: str | None = "en"
) -> list[float]:
    """The probability that two texts assert the same fact, for each pair left[i], right[i].

    Lexical: words weighed by rarity and compared by how they are used, names, numbers, order, negation, modality; a
    logistic regression fitted on several sets (docs/methods.md). Symmetric. 0.5 is the balanced point: where as many
    pairs are the same as not, half of those that score 0.5 are. Other numbers, another day, a denial: another fact.

    Args:
        left: Texts: clauses, sentences, short paragraphs.
        right: As many texts.
        context: Texts of the same story: a word that many of them hold tells little. Null: the given texts, so that
            what all of them are about does not count as agreement; ``()``: every pair on its own.
        language: One of `dedupe.text.LANGUAGES`; in another one words are compared as they are written.

    Raises:
        ValueError: The lists differ in length.

    Cost: about 0.3 ms a pair of new sentences, 0.2 ms where both were read before.
    """
    return scorer.lexical(left, right, context, language)


def reports(
    facts: list[str], texts: list[str], context: Iterable[str] = (), language: str | None = "en"
) -> list[float]:
    """The probability that texts[i] reports facts[i]: that it holds all of the fact, whatever else it says.

    Lexical, as `score`, but one way: a summary reports what a short sentence asserts and says more. How much of the
    fact stands in the text, its rarest words, names, numbers, where and how close together. 0.5 is the balanced point.

    Args:
        facts: Short assertions: a clause, a simple sentence.
        texts: As many texts: a sentence, a headline and its lead, a short paragraph.
        context: Texts of the same story, as in `score`; ``()``: every pair on its own.
        language: One of `dedupe.text.LANGUAGES`; in another one words are compared as they are written.

    Raises:
        ValueError: The lists differ in length.

    Cost: about 0.2 ms a pair of new sentences, 0.08 ms where both were read before.
    """
    return scorer.reporting(facts, texts, context, language)


def align(
    mentions: pl.DataFrame,
    articles: pl.DataFrame,
    copies: pl.DataFrame,
    settings: FactSettings,
    judgements: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Put the mentions of each story into facts. As `aligned`, without the counts."""
    found = aligned(mentions, articles, copies, settings, judgements)
    return found.mentions, found.links


def aligned(
    mentions: pl.DataFrame,
    articles: pl.DataFrame,
    copies: pl.DataFrame,
    settings: FactSettings,
    judgements: pl.DataFrame,
) -> Aligned:
    """Put the mentions of each story into facts.

    Args:
        mentions: `schema.Mentions` without fact_id and run_id; every mention of a story, or none.
        articles: article_id and outlet at least.
        copies: `schema.Copies` without run_id.
        settings: `FactSettings`.
        judgements: `schema.Judgements`; rows about two mentions of a story decide.

    Returns:
        ``mentions`` with fact_id; ``links``: pairs of mentions of a story worth a look, with the probability ``p``
        that they assert the same and their ``relation`` (same; more_specific: mention_a says more; less_specific;
        partial; differs: one slot, two values; elsewhere: `ELSEWHERE`). Mentions that are word for word equal are
        linked through the first of each that is no copy. ``counts``: candidate pairs, and what limits cut.

    Cost: 0.1 ms a mention and 0.15 ms a candidate pair.
    """
    counts: Counter[str] = Counter(pairs=0, pairs_capped=0, stems_capped=0, senses_capped=0)
    wanted = ["mention_id", "article_id", "field", "begin", "end", "text", "language", "kind"]
    wanted += ["sentence_begin", "sentence_end", "quantities", "names"]
    text_of, home_of = Texts(articles), homes(articles, copies)
    # Copies come last and stand under the article they copy, so that whatever is taken of the first of several, or of
    # the smallest, is what it is without them.
    lead = dict(copies.filter(role="origin").select("copy_group", "article_id").iter_rows())
    origin_of = {article: lead.get(group, group) for article, group in copies.select("article_id", "copy_group").rows()}
    copied = pl.col("article_id").is_in([article for article, home in home_of.items() if not home.source])
    repeated = echoes(mentions, home_of)
    said = _judged(judgements, mentions, repeated)
    ids: list[str] = []
    numbers: list[int] = []
    links: list[tuple[str, str, float, str]] = []
    compared = mentions.join(repeated, on="mention_id", how="anti")
    rows = compared.sort("story_id", copied, "article_id", "field", "begin", "mention_id")
    sizes = rows.group_by("story_id", maintain_order=True).len()["len"]
    quick, lexicons = rows.height >= _MANY, Lexicons()
    every = rows_of(rows.select(wanted))
    for size in sizes:
        told = list(itertools.islice(every, size))
        tags = tags_of(told, "attribution")
        tagged = {mention for named in tags.values() for mention in named}
        shelves = Shelves(lexicons)
        clauses = [row for row in told if row["mention_id"] not in tagged]
        of_story = units_of(clauses, text_of, origin_of, shelves)
        about = None if told_alone(of_story) else senses.directions(of_story)
        pairs = candidates(of_story, settings, counts, about)
        counts["pairs"] += len(pairs)
        units, compiled = of_story.found, shelves if quick else None
        edges, found, likest = _scored(of_story, pairs, about, settings, compiled)
        links += found
        home = [min(unit.origins) for unit in units]
        forbidden = _obey(units, edges, said)
        labels = linkage.average(edges, settings.same, forbidden, home)
        labels = _beside(units, labels, tags_of(told, "aside"))
        apart = functools.partial(_apart, units, forbidden)
        labels, ties = alone.settle(units, labels, told, text_of, home_of, apart, likest, settings, compiled)
        links += _tied(units, ties, {(a, b) for a, b, p, _ in found if p >= settings.close}, settings)
        members: dict[int, list[str]] = defaultdict(list)
        for unit, label in zip(units, labels, strict=True):
            members[label] += unit.ids + [tag for mention in unit.ids for tag in tags.get(mention, ())]
        for group in members.values():
            numbers += [numbers[-1] + 1 if numbers else 0] * len(group)
            ids += group
    fact_of = _named(ids, numbers, repeated)
    joined = mentions.drop("fact_id", strict=False).join(fact_of, on="mention_id", how="left").sort("mention_id")
    return Aligned(joined, _frame(links), dict(counts))


def _beside(units: Sequence[Unit], labels: Sequence[int], asides: dict[str, list[str]]) -> list[int]:
    """Asides that no other origin has go with the clause they serve."""
    if not asides:
        return list(labels)
    host_of = {aside: host for host, served in asides.items() for aside in served}
    origins: dict[int, set[str]] = defaultdict(set)
    for unit, label in zip(units, labels, strict=True):
        origins[label] |= unit.origins
    label_of = {mention: label for unit, label in zip(units, labels, strict=True) for mention in unit.ids}
    return [
        label_of.get(host_of.get(unit.ids[0], ""), label) if len(origins[label]) == 1 else label
        for unit, label in zip(units, labels, strict=True)
    ]


def _scored(
    of_story: Units,
    pairs: list[tuple[int, int]],
    about: Floats | None,
    settings: FactSettings,
    shelves: Shelves | None,
) -> tuple[linkage.Edges, list[tuple[str, str, float, str]], Floats]:
    """Likeness of the candidate pairs; the links worth keeping; log-odds of each unit's likest pair elsewhere."""
    units = of_story.found
    edges: linkage.Edges = [{} for _ in units]
    if not pairs:
        return edges, [], np.full(len(units), elsewhere.FAR)
    links = []
    language = units[0].language
    clauses, _ = weighing.evidence([unit.text for unit in units], pairs, language, settings, shelves)
    around = list(dict.fromkeys(unit.sentence for unit in units))
    at = {sentence: n for n, sentence in enumerate(around)}
    # A pair whose own words speak against it by more than any sentence can make up for is dropped here.
    floor = settings.clause_floor_unread if about is None or not about.any() else settings.clause_floor
    kept = np.flatnonzero(clauses >= floor).tolist()
    pairs, clauses = [pairs[n] for n in kept], clauses[kept]
    between = [(at[units[a].sentence], at[units[b].sentence]) for a, b in pairs]
    wanted = {pair: n for n, pair in enumerate(sorted({(min(pair), max(pair)) for pair in between}))}
    odds, runs = weighing.evidence(around, list(wanted), language, settings, shelves)
    known = settings.sentence * odds + settings.runs * runs
    sentences = known[[wanted[min(pair), max(pair)] for pair in between]]
    chances = weighing.combined(of_story, pairs, clauses, sentences, about, settings)
    for (a, b), p in zip(pairs, chances, strict=True):
        if p < settings.near:
            continue
        clash = opposed.clash(units[a], units[b]) or (
            p >= settings.same and (opposed.denied(units[a], units[b]) or opposed.another_day(units[a], units[b]))
        )
        if not clash:
            edges[a][b] = edges[b][a] = p
        links.append(_ordered(units[a], units[b], p, _relation(units[a], units[b], p, settings, clash=clash)))
    return edges, links, _likest(of_story, pairs, chances)


def _likest(of_story: Units, pairs: list[tuple[int, int]], chances: list[float]) -> Floats:
    """Log-odds that each unit is one fact with the likest of another origin's body; `elsewhere.FAR` at least."""
    found, home = np.full(len(of_story.found), elsewhere.FAR), of_story.home
    sides = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    body = np.array([unit.body for unit in of_story.found], dtype=bool)
    odds = np.round(weighing.logit(np.array(chances)), 3)
    for one, other in ((0, 1), (1, 0)):
        told = body[sides[:, other]] & (home[sides[:, 0]] != home[sides[:, 1]])
        np.maximum.at(found, sides[told, one], odds[told])
    return found


def _frame(links: list[tuple[str, str, float, str]]) -> pl.DataFrame:
    """Links by their mentions; of two links of one pair, one of them `ELSEWHERE`, that one comes last."""
    frame = pl.DataFrame(links, schema=LINKS, orient="row")
    doubtful = pl.col("relation") == ELSEWHERE
    return frame.sort("mention_a", "mention_b", doubtful, -pl.col("p")).unique(
        subset=["mention_a", "mention_b", "relation"], keep="first", maintain_order=True
    )


def _ordered(a: Unit, b: Unit, p: float, relation: str) -> tuple[str, str, float, str]:
    """A link, the smaller id first."""
    first, second = a.ids[0], b.ids[0]
    if first > second:
        first, second = second, first
        relation = {"more_specific": "less_specific", "less_specific": "more_specific"}.get(relation, relation)
    return first, second, p, relation


def _tied(
    units: list[Unit], ties: list[alone.Tie], close: set[tuple[str, str]], settings: FactSettings
) -> list[tuple[str, str, float, str]]:
    """The links of what `alone.settle` tied, but for doubts about pairs that are linked as ``close`` already."""
    links = []
    for tie in ties:
        a, b = units[tie.unit], units[tie.other]
        relation = _relation(a, b, tie.p, settings, clash=False) if tie.joined else ELSEWHERE
        link = _ordered(a, b, tie.p, relation)
        if tie.joined or link[:2] not in close:
            links.append(link)
    return links


def _apart(units: Sequence[Unit], forbidden: set[tuple[int, int]], a: int, b: int) -> bool:
    return (min(a, b), max(a, b)) in forbidden or any(
        speaks(units[a], units[b]) for speaks in (opposed.clash, opposed.denied, opposed.another_day)
    )


def _relation(a: Unit, b: Unit, p: float, settings: FactSettings, *, clash: bool) -> str:
    """How two units relate."""
    if clash:
        return "differs"
    if p < settings.same:
        return "partial"
    left, right = (weights(unit.text, unit.language) for unit in (a, b))
    shared = sum(weight for stem, weight in left.items() if stem in right)
    more, less = (shared / (sum(weight.values()) or 1.0) for weight in (left, right))
    if abs(more - less) < 0.25:
        return "same"
    return "less_specific" if more > less else "more_specific"


def _named(ids: list[str], numbers: list[int], repeated: pl.DataFrame) -> pl.DataFrame:
    """The fact of each mention, named after all of its mentions, those that only repeat another one among them."""
    found = pl.DataFrame({"mention_id": ids, "fact": numbers}, schema={"mention_id": pl.String, "fact": pl.Int64})
    echoed = repeated.join(found.rename({"mention_id": "stands"}), on="stands").select("mention_id", "fact")
    members = pl.concat([found, echoed]).group_by("fact").agg("mention_id")
    names = pl.Series([group_id("f", group) for group in members["mention_id"].to_list()], dtype=pl.String)
    return members.select("mention_id", fact_id=names).explode("mention_id")


def _judged(judgements: pl.DataFrame, mentions: pl.DataFrame, repeated: pl.DataFrame) -> dict[tuple[str, str], bool]:
    """The latest word on each pair of mentions; one that only repeats another is that other."""
    ids = set(mentions["mention_id"]) if len(judgements) else set()
    stands = dict(repeated.iter_rows()) if len(judgements) else {}
    said = {}
    for left, right, same in judgements.sort("judged_at").select("left_id", "right_id", "same").iter_rows():
        if left in ids and right in ids:
            pair = stands.get(left, left), stands.get(right, right)
            said[min(pair), max(pair)] = same
    return said


def _obey(units: list[Unit], edges: linkage.Edges, said: dict[tuple[str, str], bool]) -> set[tuple[int, int]]:
    """Put people's words into the edges; "different" forbids."""
    forbidden: set[tuple[int, int]] = set()
    if not said:
        return forbidden
    node = {mention: n for n, unit in enumerate(units) for mention in unit.ids}
    for (left, right), same in said.items():
        a, b = node.get(left), node.get(right)
        if a is None or b is None or a == b:
            continue
        if same:
            edges[a][b] = edges[b][a] = 1.0
        else:
            forbidden.add((min(a, b), max(a, b)))
    return forbidden
