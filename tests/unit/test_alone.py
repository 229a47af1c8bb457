import dataclasses

import polars as pl
import pytest

from dedupe.facts import align, coverage, mentions
from dedupe.settings import FactSettings
from storage import schema

SAID = (
    "The harbour master of Port Lira ordered all ferries to stay at the quay after the crane collapsed.",
    "Divers looked for two missing dock workers through the night.",
)
RETOLD = (
    "After the collapse of the crane, ferries at Port Lira had to stay at the quay, ordered the harbour master.",
    "Insurers met in the town hall of Brackwater to discuss premiums.",
)


def told(settings: FactSettings) -> dict[str, pl.DataFrame]:
    when = pl.lit(None, pl.Datetime("us", "UTC"))
    table = pl.DataFrame(
        {
            "article_id": ["a", "b"],
            "outlet": ["x", "y"],
            "url": ["u", "v"],
            "title": ["", ""],
            "dek": ["", ""],
            "text": [" ".join(SAID), " ".join(RETOLD)],
            "language": ["en", "en"],
        }
    ).with_columns(published_at=when, captured_at=when, published_precision=pl.lit("none"))
    none, story = schema.empty("copies"), table.select("article_id", "outlet", story_id=pl.lit("s-1"))
    said = mentions.extract(table, settings).with_columns(story_id=pl.lit("s-1"))
    found = align.aligned(said, table, none, settings, schema.empty("judgements"))
    made = coverage.cover(found.mentions, found.links, table, none, story, settings)
    return {**made, "mentions": found.mentions, "links": found.links}


def status(made: dict[str, pl.DataFrame], words: str) -> set[str]:
    facts = made["mentions"].filter(pl.col("text").str.contains(words))["fact_id"]
    return set(made["facts"].filter(pl.col("fact_id").is_in(facts.implode()))["status"])


UNALIGNED = dataclasses.replace(FactSettings(), same=1.1, near=1.1, close=1.1)
"""Alignment finds nothing: what is said of the rest comes from the look into whole articles."""


@pytest.mark.parametrize(("joined", "wanted"), [(0.05, "shared"), (1.1, "uncertain")])
def test_what_alignment_misses_joins_or_is_doubtful(joined, wanted):
    made = told(dataclasses.replace(UNALIGNED, joined=joined, elsewhere=0.05 if joined < 1 else 0.33))
    assert status(made, "harbour master") == {wanted}


def test_what_stands_nowhere_else_is_unique_and_has_its_sentence():
    made = told(FactSettings())
    assert status(made, "Divers") == {"unique"}
    assert status(made, "Insurers") == {"unique"}
    for text, sentence in made["unique_facts"].select("text", "sentence").iter_rows():
        assert sentence is None or text in sentence


def test_doubt_is_a_link_of_its_own_and_no_conflict():
    made = told(dataclasses.replace(UNALIGNED, joined=1.1))
    assert align.ELSEWHERE in made["links"]["relation"].to_list()
    assert made["conflicts"].is_empty()


def test_a_line_above_all_probability_asks_nothing():
    made = told(dataclasses.replace(UNALIGNED, joined=1.1, elsewhere=1.0))
    assert set(made["facts"]["status"]) <= {"unique", "uncompared"}
