import datetime as dt
from typing import Any

import polars as pl

from dedupe.facts import conflicts
from dedupe.facts.reports import reports
from dedupe.settings import FactSettings
from storage import schema

TYPES = {name: kind for name, kind in schema.columns("mentions").items() if name != "run_id"}


def found(
    left: dict[str, Any], right: dict[str, Any], *, p: float = 0.8, relation: str = "same"
) -> list[dict[str, Any]]:
    rows = []
    for name, given in (("a", left), ("b", right)):
        rows.append(
            {
                **dict.fromkeys(TYPES),
                "mention_id": f"m-{name}",
                "fact_id": "f",
                "story_id": "s",
                "article_id": name,
                "outlet": name,
                "field": "text",
                "begin": 0,
                "end": len(given["text"]),
                "kind": "event",
                "modality": "asserted",
                "quantities": [],
                "attribution": [],
                "names": [],
                "language": "en",
                **given,
            }
        )
    articles = pl.DataFrame(
        {
            "article_id": ["a", "b"],
            "outlet": [row["outlet"] for row in rows],
            "text": ["t", "t"],
            "published_at": [dt.datetime(2031, 1, day, tzinfo=dt.UTC) for day in (1, 2)],
            "published_precision": ["instant", "instant"],
        },
        schema_overrides={"published_at": pl.Datetime("us", "UTC")},
    )
    none = pl.DataFrame(schema=dict.fromkeys(("copy_group", "article_id", "outlet", "role"), pl.String))
    links = pl.DataFrame({"mention_a": ["m-a"], "mention_b": ["m-b"], "p": [p], "relation": [relation]})
    return conflicts.find(pl.DataFrame(rows, schema=TYPES), links, reports(articles, none), FactSettings())


def quantity(value: float, begin: int, end: int) -> list[dict[str, Any]]:
    return [{"kind": "number", "value": value, "low": value, "high": value, "unit": None, "begin": begin, "end": end}]


def test_numbers_that_cannot_both_hold():
    left = {"text": "The flood killed 75 people in Osk", "quantities": quantity(75, 17, 19)}
    right = {"text": "The flood killed 40 people in Osk", "quantities": quantity(40, 17, 19)}
    (row,) = found(left, right, relation="differs")
    assert (row["value_a"], row["value_b"], row["kind"]) == ("75", "40", "contradiction")
    (row,) = found(right, left, relation="differs")
    assert row["kind"] == "differs"  # a day later there can be more
    assert "flood" in row["slot"]
    (row,) = found({**left, "outlet": "x"}, {**right, "outlet": "x"}, relation="differs")
    assert row["kind"] == "update"
    (row,) = found(left, {**right, "text": "The flood killed 40 people in Osk, a corrected toll"}, relation="differs")
    assert row["kind"] == "correction"


def test_a_hedge_that_falls_away():
    left = {"text": "The bank has reportedly sold its tower", "modality": "reportedly"}
    (row,) = found(left, {"text": "The bank sold its tower"})
    assert (row["slot"], row["value_a"], row["value_b"], row["kind"]) == ("hedge", "reportedly sold", "sold", "differs")
    assert (row["begin_a"], row["end_a"], row["begin_b"], row["end_b"]) == (13, 28, 9, 13)


def test_standing_that_one_puts_in_the_past():
    left = {"text": "The institute, formerly headed by Ines Marlow", "names": ["Ines Marlow"]}
    (row,) = found(left, {"text": "the institute headed by Ines Marlow will move", "names": ["Ines Marlow"]}, p=0.35)
    assert (row["value_a"], row["value_b"]) == ("formerly headed", "headed")


def test_a_name_for_what_the_other_only_describes():
    (row,) = found({"text": "They will sail on a wooden schooner"}, {"text": "They will sail on the schooner Petrel"})
    assert (row["slot"], row["value_b"]) == ("schooner", "schooner Petrel")


def test_two_authors_of_one_document():
    left = {"text": "The letter, written by Deputy Governor Ada Lund, warns of delays", "names": ["Ada Lund"]}
    right = {"text": "Governor Piet Oster told staff in an open letter", "names": ["Piet Oster"]}
    rows = found(left, right, p=0.1)
    assert [(row["value_a"], row["value_b"]) for row in rows] == [("Ada Lund", "Piet Oster")]


def test_nothing_where_nothing_differs():
    assert found({"text": "The bank sold its tower"}, {"text": "The bank has sold its tower"}) == []
