"""Hard input for the fact level: defined results, bounded cost."""

import datetime as dt
import time
from collections import Counter

import polars as pl
import pytest

from dedupe.facts import align, coverage, lexicon, mentions, quotations, units
from dedupe.settings import FactSettings
from storage import schema

SETTINGS = FactSettings()
WHEN = dt.datetime(2031, 9, 1, 6, tzinfo=dt.UTC)
OTHER = "Ferries to the island of Osk sail from the old quay until the end of the summer."


def told(*texts: str, language: str | None = "en") -> dict[str, pl.DataFrame]:
    """The tables for one story, an outlet an article."""
    size = len(texts)
    table = pl.DataFrame(
        {
            "article_id": [f"a-{n:04}" for n in range(size)],
            "outlet": [f"o-{n}" for n in range(size)],
            "title": [None] * size,
            "dek": [None] * size,
            "text": list(texts),
            "language": [language] * size,
            "published_at": [WHEN] * size,
            "published_precision": ["instant"] * size,
            "captured_at": [WHEN] * size,
        },
        schema_overrides={"title": pl.String, "dek": pl.String, "language": pl.String},
    ).with_columns(pl.col("published_at", "captured_at").cast(pl.Datetime("us", "UTC")))
    none = schema.empty("copies")
    story = table.select("article_id", "outlet", story_id=pl.lit("s-1"))
    said = mentions.extract(table, SETTINGS).join(story.select("article_id", "story_id"), on="article_id")
    found = align.aligned(said, table, none, SETTINGS, schema.empty("judgements"))
    return {**coverage.cover(found.mentions, found.links, table, none, story, SETTINGS), "mentions": found.mentions}


@pytest.mark.parametrize(
    "text",
    [
        "Closed.",
        "- cranes\n- ferries\n- quays\n- 1.2.3\n- 02/03/04",
        "Team\tPlayed\tWon\nLira\t12\t9\nOsk\t12\t3",
        "ANCHOR: Good morning. GUEST: Thank you. ANCHOR: What fell? GUEST: A crane fell at 02/03/04, version 1.2.3.",
        "Lira beat Osk 3-2 (1-1, 2-1) on Monday. Scorers: Doe 12, 40; Roe 61.",
        "LIRA 100 up 1.2 to 4,512.30; OSK 50 down 0.4 pct at 1,020.5 by 1432 GMT.",
        "“We never closed the harbour, the mayor said. The crane fell on Monday, he said, and then “nobody moved.",
        "Der Hafen ist geschlossen. The crane fell on Monday. Le port est fermé depuis lundi.",
        "港口于周一关闭。起重机倒塌。",
        "...",
        "MARLOW: The crane fell.\nREPORTER: Who saw it?\nMARLOW: Nobody did, I said.\nQ: And 02/03/04?\nA: 1.2.3.",
        "The\u200b ship\u202e was\u2066 not\u2069 carrying\u0301\u0301 weapons, said Do\u0301e on Monday.",
        "“" * 200 + "The crane fell,” said Doe. " + '"' * 201,
        "MR JOHN " * 300,
        "not " * 500 + "n't " * 500,
        "in May " * 500 + "two hundred " * 500,
    ],
)
def test_every_status_adds_up_and_every_unique_fact_is_verbatim(text):
    made = told(text, OTHER)
    assert made["facts"]["status"].is_in(["unique", "shared", "uncertain", "uncompared"]).all()
    own = made["mentions"].filter(article_id="a-0000")
    assert all(text[b:e] == cut for b, e, cut in own.select("begin", "end", "text").iter_rows())
    for row in made["unique_facts"].iter_rows(named=True):
        assert (text, OTHER)[int(row["article_id"][-1])][row["begin"] : row["end"]] == row["text"]


def test_an_unsupported_language_is_said_and_still_compared():
    made = told("Nosturi kaatui satamassa maanantaina.", OTHER, language="fi")
    assert made["mentions"]["language"].is_null().all()
    assert set(made["facts"]["status"]) <= {"unique", "uncertain"}


def test_what_stands_in_pieces_in_another_article_is_not_unique():
    whole = "The harbour of Port Lira closed on Monday after a crane fell into the basin."
    pieces = "The harbour of Port Lira was closed. It was Monday when a crane fell. It lies in the basin."
    made = told(f"{whole} Mayor Ines Marlow resigned over unpaid bridge tolls.", pieces)
    alone = " ".join(made["unique_facts"].filter(outlet="o-0")["text"])
    assert "Marlow" in alone
    assert "harbour" not in alone


def test_a_text_of_fifty_thousand_words_and_one_without_stops_are_read():
    long = " ".join(f"Crane number {n} of the port fell on quay {n % 97}, officials said." for n in range(1000))
    made = told(long, " ".join(f"word{n % 313}" for n in range(10_000)), OTHER)
    assert len(made["facts"]) > 900


def test_pairs_of_a_crowded_story_are_bounded():
    texts = [f"Officials said that crane {n} of Port Lira fell near quay {n % 7} on Monday." for n in range(60)]
    rows = [
        {"mention_id": f"m-{n}", "article_id": f"o-{n}", "field": "text", "text": text, "language": "en", "begin": 0,
         "end": len(text), "sentence_begin": 0, "sentence_end": len(text), "quantities": [], "names": []}
        for n, text in enumerate(texts)
    ]  # fmt: skip
    made = units.units_of(
        rows, units.Texts(pl.DataFrame({"article_id": [], "text": []})), {}, lexicon.Shelves(lexicon.Lexicons())
    )
    counts: Counter[str] = Counter()
    kept = units.candidates(made, FactSettings(candidates_all=5), counts)
    assert 0 < len(kept) <= 5 * len(rows)
    assert counts["pairs_capped"] > 0


@pytest.mark.parametrize(
    "text",
    [
        "“" * 30_000 + '"' * 30_001,
        "“We never closed. " * 3000,
        "1," * 40_000 + "1." * 40_000,
        "He left, saying " * 8000,
        "half of a third of two hundred " * 5000,
        "Jane Doe and John Roe and " * 5000 + " said.",
        "a" + "\u0301" * 50_000,
        "\n".join(f"MARLOW: line {n} of the talk, he said." for n in range(3000)),
    ],
)
def test_hostile_text_costs_no_more_than_its_length(text):
    begun = time.process_time()
    made = mentions.extract(
        pl.DataFrame({"article_id": ["a"], "outlet": ["o"], "title": [None], "text": [text], "language": ["en"]},
                     schema_overrides={"title": pl.String}),
        SETTINGS,
    )  # fmt: skip
    quotations.shared({("a", "text"): text, ("b", "text"): text[7:]})
    assert made["text"].str.len_chars().sum() <= len(text)
    assert time.process_time() - begun < 1e-4 * len(text) + 2  # about twenty times what ordinary text takes
