import datetime as dt
from collections import Counter
from typing import Any

import polars as pl
import pytest

from dedupe.facts import coverage, outlets
from dedupe.settings import FactSettings
from storage import schema

TYPES = {name: kind for name, kind in schema.columns("mentions").items() if name != "run_id"}
LINKS = {"mention_a": pl.String, "mention_b": pl.String, "p": pl.Float64, "relation": pl.String}
START = dt.datetime(2031, 5, 6, 8, tzinfo=dt.UTC)
CLAIMS = (
    "The harbour of Port Lira closed after a crane fell.",
    "Insurers expect damage of twelve million euros.",
    "Ferries sail from Osk quay until further notice.",
)


def world(
    articles: dict[str, tuple[str, float | None]],
    said: dict[str, list[str]],
    *,
    precision: str = "instant",
    copies: list[tuple[str, str, str | None]] = (),
    links: list[tuple[str, str, float, str]] = (),
    status: dict[str, str] | None = None,
    cited: dict[str, str] | None = None,
    settings: FactSettings | None = None,
    counts: Counter[str] | None = None,
) -> dict[str, pl.DataFrame]:
    """One story: articles {id: (outlet, hours after the start)}, facts {fact: articles that carry it}."""
    ids = sorted(articles)
    claim = dict(zip(said, CLAIMS, strict=False))
    body = {i: " ".join(claim[f] for f, carriers in said.items() if i in carriers) or "A text." for i in ids}
    when = [None if articles[i][1] is None else START + dt.timedelta(hours=articles[i][1]) for i in ids]
    table = pl.DataFrame(
        {
            "article_id": ids,
            "outlet": [articles[i][0] for i in ids],
            "url": [f"https://{articles[i][0]}.test/{i}" for i in ids],
            "text": [body[i] for i in ids],
            "status": [(status or {}).get(i, "usable") for i in ids],
            "credit": [None] * len(ids),
            "published_at": when,
            "published_precision": ["none" if w is None else precision for w in when],
            "captured_at": [START] * len(ids),
        },
        schema_overrides={"published_at": pl.Datetime("us", "UTC"), "credit": pl.String},
    )
    rows: list[dict[str, Any]] = []
    for fact, carriers in said.items():
        for article in carriers:
            begin = body[article].index(claim[fact])
            end = begin + len(claim[fact])
            source = (cited or {}).get(article)
            chain = [{"cited": source, "verb": "said", "begin": 0, "end": 3, "hop": 0}] if source else []
            rows.append(
                {
                    **dict.fromkeys(TYPES),
                    "mention_id": f"m-{fact}-{article}",
                    "fact_id": fact,
                    "story_id": "s-1",
                    "article_id": article,
                    "outlet": articles[article][0],
                    "field": "text",
                    "begin": begin,
                    "end": end,
                    "text": claim[fact],
                    "kind": "event",
                    "modality": "asserted",
                    "quantities": [],
                    "attribution": chain,
                    "names": [],
                    "sentence_begin": begin,
                    "sentence_end": end,
                }
            )
    groups = pl.DataFrame(
        [(g, a, articles[a][0], r) for g, a, r in copies],
        schema={"copy_group": pl.String, "article_id": pl.String, "outlet": pl.String, "role": pl.String},
        orient="row",
    )
    story = pl.DataFrame({"story_id": ["s-1"] * len(ids), "article_id": ids, "outlet": table["outlet"]})
    mentions = pl.DataFrame(rows, schema=TYPES)
    tied = pl.DataFrame(list(links), schema=LINKS, orient="row")
    made = coverage.cover(mentions, tied, table, groups, story, settings or FactSettings(), counts)
    return made | {"outlets": outlets.per_day({"articles": table, "copies": groups, "mentions": mentions, **made})}


def fact(made: dict[str, pl.DataFrame], name: str) -> dict[str, Any]:
    return made["facts"].row(by_predicate=pl.col("fact_id") == name, named=True)


def test_every_table_has_the_columns_of_the_schema():
    made = world({"a": ("x", 0), "b": ("y", 3)}, {"f": ["a"], "g": ["a", "b"]})
    assert sorted(made) == ["attributions", "conflicts", "coverage", "facts", "outlets", "unique_facts"]
    for name, frame in made.items():
        assert [*frame.columns, "run_id"] == list(schema.columns(name))
        schema.conform(name, frame.with_columns(run_id=pl.lit("r")))


def test_what_one_origin_reports_and_another_could_have_is_unique():
    made = world({"a": ("x", 0), "b": ("y", 3)}, {"f": ["a"], "g": ["a", "b"]})
    assert fact(made, "f")["status"] == "unique"
    assert fact(made, "g")["status"] == "shared"
    row = made["unique_facts"].row(0, named=True)
    assert (row["outlet"], row["had_chance_n"], row["confidence"]) == ("x", 1, "times")
    assert row["reported_at"] == START


def test_who_wrote_before_the_first_report_had_no_chance():
    made = world({"a": ("x", 10), "b": ("y", 0)}, {"f": ["a"]})
    assert fact(made, "f")["status"] == "uncompared"
    assert made["coverage"].filter(pl.col("outlet") == "y")["had_chance"].to_list() == [False]


def test_without_times_the_chance_is_assumed_and_said_to_be():
    made = world({"a": ("x", None), "b": ("y", 0)}, {"f": ["a"]})
    assert made["unique_facts"]["confidence"].to_list() == ["assumed"]


def test_a_near_match_elsewhere_makes_it_uncertain():
    near = [("m-f-a", "m-g-b", 0.5, "partial")]
    made = world({"a": ("x", 0), "b": ("y", 3)}, {"f": ["a"], "g": ["b"]}, links=near)
    assert fact(made, "f")["status"] == "uncertain"
    assert made["unique_facts"].is_empty()


def test_a_story_of_one_origin_has_nothing_to_compare():
    copies = [("k", "a", "origin"), ("k", "b", "copy")]
    assert fact(world({"a": ("x", 0)}, {"f": ["a"]}), "f")["status"] == "uncompared"
    made = world({"a": ("x", 0), "b": ("y", 3)}, {"f": ["a", "b"]}, copies=copies)
    assert fact(made, "f")["status"] == "uncompared"
    assert (fact(made, "f")["outlet_n"], fact(made, "f")["origin_n"]) == (2, 1)


@pytest.mark.parametrize(
    ("hours", "precision", "expected"),
    [
        ((0, 3), "instant", ("x", "instant")),
        ((0, 0.5), "instant", (None, "tie")),
        ((0, 40), "day", ("x", "day")),
        ((0, 3), "day", (None, "tie")),
        ((None, 3), "instant", (None, "unknown_time")),
    ],
)
def test_first_only_where_the_times_allow_it(hours, precision, expected):
    if precision == "day":
        hours = tuple(h - 8 if h else -8 for h in hours)
    made = world({"a": ("x", hours[0]), "b": ("y", hours[1])}, {"f": ["a", "b"]}, precision=precision)
    assert (fact(made, "f")["first_outlet"], fact(made, "f")["first_basis"]) == expected
    assert set(made["coverage"]["first"]) == ({True, False} if expected[0] else {None})


def test_outlets_that_cite_one_source_are_one_root():
    cited = {"a": "The Gazette", "b": "a report by the Gazette"}
    made = world({"a": ("x", 0), "b": ("y", 3), "c": ("z", 5)}, {"f": ["a", "b", "c"]}, cited=cited)
    assert (fact(made, "f")["origin_n"], fact(made, "f")["root_n"]) == (3, 2)
    assert made["attributions"].height == 2


def test_a_fact_only_of_killed_articles_is_withdrawn():
    made = world({"a": ("x", 0), "b": ("y", 3)}, {"f": ["a"], "g": ["b"]}, status={"a": "killed"})
    assert fact(made, "f")["status"] == "withdrawn"


def test_what_a_wire_has_killed_counts_for_no_outlet():
    cited = {"a": "the police", "b": "the mayor"}
    articles = {"a": ("x", 0), "b": ("y", 3), "c": ("z", 5)}
    made = world(articles, {"f": ["a"], "g": ["a", "b"], "h": ["c"]}, status={"a": "killed"}, cited=cited)
    assert made["attributions"]["cited"].to_list() == ["the mayor"]
    rows = {row["outlet"]: row for row in made["outlets"].iter_rows(named=True)}
    assert "x" not in rows
    assert (rows["y"]["article_n"], rows["y"]["fact_n"], rows["y"]["first_n"]) == (1, 1, 1)
    assert made["coverage"].filter("unique").is_empty() or made["coverage"].filter("unique")["outlet"].to_list() == [
        "y"
    ]


def test_a_conflict_with_a_killed_text_is_told_of_the_one_that_says_the_same_and_stands():
    told = {"a": "14 people died in Osk.", "b": "12 people died in Osk.", "c": "14 people died in Osk."}
    numbers = {"a": 14, "b": 12, "c": 14}
    rows = [
        {
            **dict.fromkeys(TYPES),
            "mention_id": f"m-{article}",
            "fact_id": "g" if article == "b" else "f",
            "story_id": "s-1",
            "article_id": article,
            "outlet": article,
            "field": "text",
            "begin": 0,
            "end": 22,
            "text": text,
            "sentence_begin": 0,
            "sentence_end": 22,
            "kind": "event",
            "modality": "asserted",
            "language": "en",
            "attribution": [],
            "names": ["Osk"],
            "quantities": [
                {
                    "kind": "number",
                    "unit": None,
                    "value": float(numbers[article]),
                    "low": float(numbers[article]),
                    "high": float(numbers[article]),
                    "begin": 0,
                    "end": 2,
                    "text": str(numbers[article]),
                }
            ],
        }
        for article, text in told.items()
    ]
    links = pl.DataFrame([("m-a", "m-b", 0.8, "differs")], schema=LINKS, orient="row")
    for killed, expected in (((), [("m-a", "m-b")]), (("a",), [("m-b", "m-c")]), (("b",), []), (("a", "c"), [])):
        articles = pl.DataFrame(
            {"article_id": ["a", "b", "c"], "outlet": ["a", "b", "c"], "text": list(told.values())}
        ).with_columns(
            status=pl.when(pl.col("article_id").is_in(list(killed))).then(pl.lit("killed")).otherwise(pl.lit("usable")),
            published_at=pl.lit(START),
            captured_at=pl.lit(START),
            published_precision=pl.lit("instant"),
        )
        members = articles.select("article_id", "outlet", story_id=pl.lit("s-1"))
        mentions = pl.DataFrame([{k: row[k] for k in TYPES} for row in rows], schema=TYPES)
        made = coverage.cover(mentions, links, articles, schema.empty("copies"), members, FactSettings())
        assert made["conflicts"].select("mention_a", "mention_b").rows() == expected, killed


def test_of_a_crowd_those_that_left_a_fact_out_are_listed_first_and_the_rest_is_counted():
    articles = {f"a{n}": (f"o{n}", n % 3) for n in range(12)}
    given = {"f": ["a0", "a1"], "g": ["a2"], "h": [f"a{n}" for n in range(12)]}
    whole = world(articles, given)["coverage"]
    counts: Counter[str] = Counter()
    made = world(articles, given, settings=FactSettings(coverage_rows=15), counts=counts)["coverage"]
    assert whole.filter("carried").equals(made.filter("carried"))
    assert counts["coverage_capped"] == whole.height - made.height > 0
    left_out = made.filter(~pl.col("carried"), fact_id="f")
    assert left_out.height == 5
    assert left_out["omitted"].all()


def test_outlets_count_copies_firsts_and_unique_facts():
    copies = [("k", "a", "origin"), ("k", "c", "copy")]
    made = world({"a": ("x", 0), "b": ("y", 3), "c": ("z", 4)}, {"f": ["a", "c"], "g": ["a", "b", "c"]}, copies=copies)
    rows = {row["outlet"]: row for row in made["outlets"].iter_rows(named=True)}
    assert rows["x"]["unique_fact_n"] == 1
    assert rows["x"]["first_n"] == 2
    assert (rows["z"]["copy_share"], rows["z"]["original_share"]) == (1.0, 0.0)
    assert rows["y"]["median_lag_s"] == 3 * 3600


def test_an_omission_is_what_two_origins_carry_and_an_outlet_had_the_chance_to():
    articles = {"a": ("w", 0), "b": ("x", 3), "c": ("y", 5), "d": ("z", -9)}
    made = world(articles, {"f": ["a", "b"], "g": ["a"], "h": ["c", "d"]})
    omitted = made["coverage"].filter("omitted").select("fact_id", "outlet").rows()
    assert ("f", "y") in omitted  # it came last and had the chance
    assert ("f", "z") not in omitted  # it came out nine hours before
    assert not [row for row in omitted if row[0] == "g"]  # one origin alone: a unique fact, no omission


def test_who_says_something_near_it_omits_nothing():
    links = [("m-f-a", "m-h-c", 0.4, "partial")]
    articles = {"a": ("w", 0), "b": ("x", 3), "c": ("y", 5)}
    made = world(articles, {"f": ["a", "b"], "g": ["b"], "h": ["c"]}, links=links)
    assert made["coverage"].filter("omitted").is_empty()


def test_an_outlet_that_tells_a_story_on_two_days_has_no_share_above_one():
    days = [dt.datetime(2026, 3, day, 9, tzinfo=dt.UTC) for day in (1, 2)]
    tables = {name: schema.empty(name) for name in outlets.NEEDS}

    def rows(name: str, columns: dict[str, list[object]]) -> pl.DataFrame:
        frame = pl.DataFrame(columns, schema_overrides={k: v for k, v in schema.columns(name).items() if k in columns})
        return pl.concat([tables[name], frame], how="diagonal")

    tables["articles"] = rows("articles", {
        "article_id": ["a-1", "a-2"], "outlet": ["x", "x"], "published_at": days, "captured_at": days,
    })  # fmt: skip
    tables["mentions"] = rows("mentions", {"mention_id": ["m-1"], "article_id": ["a-1"], "fact_id": ["f-1"]})
    tables["facts"] = rows("facts", {"fact_id": ["f-1"], "status": ["unique"]})
    tables["coverage"] = rows("coverage", {
        "fact_id": ["f-1"], "outlet": ["x"], "carried": [True], "mention_id": ["m-1"], "first": [True], "lag_s": [None],
    })  # fmt: skip
    tables["unique_facts"] = rows("unique_facts", {"fact_id": ["f-1"], "outlet": ["x"], "article_id": ["a-2"]})
    found = {row["day"].day: row for row in outlets.rows(tables)}
    assert (found[1]["unique_fact_n"], found[1]["unique_share"], found[2]["unique_fact_n"]) == (1, 1.0, 0)
