"""Laws of stories: order, company, copies and later articles."""

import datetime as dt

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedupe import changes, stories
from dedupe.settings import StorySettings
from storage import schema

EVENTS = (
    "A crane fell into the harbour of Port Lira on Monday and closed it. Mayor Ines Marlow asked for an inquiry.",
    "The harbour of Port Lira stayed closed after a crane fell; Ines Marlow, the mayor, wants an inquiry.",
    "Halden Motors raised its quarterly profit by 14 percent, chief executive Ida Brandt said in Osk.",
    "Quarterly profit of Halden Motors rose 14 percent. Ida Brandt, who leads it, spoke of demand in Osk.",
    "A jury in Tampa found Dale Hurst guilty of murder. Judge Carl Ames will sentence him in May.",
    "Dale Hurst is guilty of murder, a Tampa jury said. Carl Ames, the judge, sentences him in May.",
    "Seismologists measured an earthquake of magnitude 5.8 below Tarqan. A school in Tarqan was damaged.",
)
LIMITS = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ROWS = st.lists(st.tuples(st.integers(0, len(EVENTS) - 1), st.none() | st.integers(0, 40)), min_size=2, max_size=9)
START = dt.datetime(2031, 9, 1, 6, tzinfo=dt.UTC)
NONE = schema.empty("copies"), schema.empty("judgements")


def table(rows: list[tuple[int, int | None]], name: str = "a") -> pl.DataFrame:
    """An article a row: which event, and on which day (null: no time)."""
    when = [None if day is None else START + dt.timedelta(days=day) for _, day in rows]
    return pl.DataFrame(
        {
            "article_id": [f"{name}-{n:02}" for n in range(len(rows))],
            "outlet": [f"outlet-{n}" for n in range(len(rows))],
            "title": [None] * len(rows),
            "dek": [None] * len(rows),
            "text": [EVENTS[event] for event, _ in rows],
            "published_at": when,
            "captured_at": [START + dt.timedelta(days=60)] * len(rows),
        },
        schema_overrides={"title": pl.String, "dek": pl.String, "published_at": pl.Datetime("us", "UTC")},
    )


def told(articles: pl.DataFrame, copies: pl.DataFrame = NONE[0]) -> pl.DataFrame:
    return stories.group(articles, copies, NONE[1], StorySettings())


@LIMITS
@given(ROWS, st.randoms(use_true_random=False))
def test_any_order_gives_the_same_stories(rows, random):
    articles = table(rows)
    order = list(range(articles.height))
    random.shuffle(order)
    assert told(articles).equals(told(articles[order]))


@LIMITS
@given(ROWS, ROWS)
def test_what_is_published_outside_the_window_changes_nothing(rows, others):
    ours = table([(event, (day or 0) % 5) for event, day in rows])
    theirs = table([(event, 100 + (day or 0) % 5) for event, day in others], "b")
    apart = pl.concat([told(ours), told(theirs)]).sort("story_id", "article_id")
    assert told(pl.concat([theirs, ours])).equals(apart)


@LIMITS
@given(ROWS)
def test_every_article_is_in_one_story_and_its_figures_are_shares(rows):
    found = told(table(rows))
    assert sorted(found["article_id"]) == sorted(table(rows)["article_id"])
    assert found["score"].is_between(0, 1).all()
    assert (found.group_by("story_id").agg(pl.col("cohesion").n_unique())["cohesion"] == 1).all()
    assert found["cohesion"].is_between(0, 1).all()


@LIMITS
@given(ROWS, st.integers(1, 30))
def test_copies_change_no_story_but_join_it(rows, n):
    articles = table(rows)
    first = articles.head(1)
    more = pl.concat([first.with_columns(article_id=pl.lit(f"z-{k:02}"), outlet=pl.lit(f"p-{k}")) for k in range(n)])
    members = ["a-00", *more["article_id"]]
    copies = pl.DataFrame(
        {"copy_group": "c", "article_id": members, "outlet": "o", "role": ["origin", *["copy"] * n]}
    )  # fmt: skip
    before, after = told(articles), told(pl.concat([articles, more]), copies)
    assert after.filter(pl.col("article_id").str.starts_with("a-")).equals(before)
    assert after.filter(pl.col("article_id").is_in(members))["story_id"].n_unique() == 1


@LIMITS
@given(ROWS, ROWS)
def test_a_story_that_only_grew_is_no_change_and_every_other_change_is_told(rows, later):
    early = table([(event, (day or 0) % 3) for event, day in rows])
    late = table([(event, 3 + (day or 0) % 3) for event, day in later], "b")
    before, after = (frame.rename({"story_id": "group_id"}) for frame in (told(early), told(pl.concat([early, late]))))
    log = changes.between(before, after, NONE[1], level="stories")
    assert not set(log["kind"]) & {"renamed", "dissolved"}  # what comes later can only merge or split
    moved = before.join(after, on="article_id").filter(pl.col("group_id") != pl.col("group_id_right"))
    assert set(moved["group_id"]) == set(log["old_id"])
