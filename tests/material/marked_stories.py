"""Stories of three outlets whose sentences one reader marked as unique or shared: run the fact level on them, count.

The marks are tests/golden/unique_sentences.json; the articles lie in ../shared. A sentence is *said
unique* where unique facts cover more than half of its mentions' characters (``most``), or one covers any (``any``).
"""

import json
import pathlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import Any

import polars as pl

from dedupe.facts import align, coverage, mentions
from dedupe.settings import FactSettings
from storage import schema

MARKS = json.loads((pathlib.Path(__file__).parents[1] / "golden/unique_sentences.json").read_text(encoding="utf-8"))
STORIES: dict[str, dict[str, dict[str, list[list[int]]]]] = MARKS["stories"]
HELD_OUT: list[str] = MARKS["held_out"]
FRESH: list[str] = MARKS["fresh"]
READ_APART: list[str] = MARKS["read_apart"]
Place = tuple[str, int]


def links(story: str) -> dict[frozenset[Place], str] | None:
    """Sentences (article, offset) that say the same, and how far (shared, mixed); null where none were marked."""
    found = MARKS["links"].get(story)
    return None if found is None else {frozenset([(a, b), (c, d)]): how for a, b, c, d, how in found}


def marks(story: str, article: str, begin: int, end: int, sentence: int) -> tuple[str, str]:
    """The mark of a mention's sentence, and its own: of the marked clause that holds it, else its sentence's."""
    own = STORIES[story][article]
    mark = next((m for m, found in own.items() if any(a <= sentence < b for a, b in found)), "none")
    clauses = MARKS["clauses"].get(story, {}).get(article, {})
    for named, spans in clauses.items():
        if any(2 * (min(end, high) - max(begin, low)) >= end - begin for low, high in spans):
            return mark, named
    low, high = next((span for found in own.values() for span in found if span[0] <= sentence < span[1]), (0, 0))
    cut = clauses and any(low <= a < high for spans in clauses.values() for a, _ in spans)
    whole = (begin, end) == (low, high) or mark in ("unique", "no_fact") or not clauses
    return mark, mark if whole and not cut else "none"


def marks_of(story: str, row: dict[str, Any]) -> tuple[str, str]:
    """As `marks`, of a row of mentions."""
    return marks(story, row["article_id"], row["begin"], row["end"], row["sentence_begin"])


def articles(shared: pathlib.Path, story: str) -> pl.DataFrame:
    """The articles of a marked story."""
    found = pl.read_parquet(shared / "data/articles/articles.parquet").filter(pl.col("id").is_in(list(STORIES[story])))
    when = pl.lit(None, pl.Datetime("us", "UTC"))
    return found.select(
        pl.col("id").alias("article_id"),
        "outlet",
        "url",
        "title",
        "text",
        dek=pl.lit(None, pl.String),
        language=pl.lit("en"),
        published_at=when,
        published_precision=pl.lit("none"),
        captured_at=when,
    )


def tables(table: pl.DataFrame, settings: FactSettings) -> dict[str, pl.DataFrame]:
    """The tables of the fact level for one story, with its mentions."""
    none = schema.empty("copies")
    told = table.select("article_id", "outlet", story_id=pl.lit("s-1"))
    said = mentions.extract(table, settings).join(told.select("article_id", "story_id"), on="article_id")
    found = align.aligned(said, table, none, settings, schema.empty("judgements"))
    return {**coverage.cover(found.mentions, found.links, table, none, told, settings), "mentions": found.mentions}


def counted(
    shared: pathlib.Path, settings: FactSettings, stories: Iterable[str]
) -> tuple[dict[str, Counter[tuple[str, bool]]], Counter[str]]:
    """What is said of sentences, and what of facts.

    For ``most`` and ``any``: how many sentences of each mark are said to be unique, and how many are not; for
    ``shared``: how many hold a mention of a fact of several outlets. And, of stories with links: how many ``facts`` of
    several outlets there are, how many hold two sentences that were marked as saying the same (``right``), how many
    ``links`` wholly so there are, and how many of these some fact holds (``found``).
    """
    said: dict[str, Counter[tuple[str, bool]]] = {"most": Counter(), "any": Counter(), "shared": Counter()}
    told: Counter[str] = Counter()
    for story in stories:
        made = tables(articles(shared, story), settings)
        alone = set(made["unique_facts"]["fact_id"])
        several = set(made["facts"].filter(status="shared")["fact_id"])
        body = made["mentions"].filter(pl.col("field") == "text")
        places: dict[str, set[Place]] = defaultdict(set)
        for article, spans in STORIES[story].items():
            own = body.filter(article_id=article).select("begin", "end", "fact_id").rows()
            for mark, sentences in spans.items():
                for low, high in sentences:
                    inside = [(min(high, e) - max(low, b), f) for b, e, f in own if b < high and e > low]
                    unique = sum(size for size, fact in inside if fact in alone)
                    said["any"][mark, unique > 0] += 1
                    said["most"][mark, 2 * unique > sum(size for size, _ in inside)] += 1
                    said["shared"][mark, any(fact in several for _, fact in inside)] += 1
                    for _, fact in inside:
                        places[fact].add((article, low))
        known = links(story)
        if known is not None:
            pairs = {fact: {frozenset(p) for p in combinations(found, 2)} for fact, found in places.items()}
            across = [
                found for fact, found in pairs.items() if fact in several and len({a for a, _ in places[fact]}) > 1
            ]
            told["facts"] += len(across)
            told["right"] += sum(not found.isdisjoint(known) for found in across)
            told["links"] += sum(how == "shared" for how in known.values())
            held = set().union(*across)
            told["found"] += sum(how == "shared" and pair in held for pair, how in known.items())
    return said, told


def figures(found: Counter[tuple[str, bool]], mark: str) -> tuple[float, float]:
    """Precision and recall of sentences said to be ``mark``; mixed ones and those that state no fact are left out."""
    other = "shared" if mark == "unique" else "unique"
    right, wrong, missed = found[mark, True], found[other, True], found[mark, False]
    return right / max(1, right + wrong), right / max(1, right + missed)
