"""Laws of stories: order, company, copies and later articles."""

import datetime as dt
from collections import Counter

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


NARROW = StorySettings(window_days=1.0)
HISTORY = st.lists(
    st.lists(st.tuples(st.integers(0, len(EVENTS) - 1), st.integers(0, 45)), min_size=1, max_size=4),
    min_size=2,
    max_size=5,
)


def made(articles: pl.DataFrame, copies: pl.DataFrame, judged: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """The stories of a later run, checked against those of all articles at once."""
    counts: Counter[str] = Counter()

    def read(wanted: pl.DataFrame) -> pl.DataFrame:
        return articles.join(wanted, on="article_id")

    light = articles.drop("text").with_columns(language=pl.lit("en"))
    found = stories.regroup(light, copies, judged, before, read, NARROW, counts)
    assert found.drop("made_of").equals(stories.group(articles, copies, judged, NARROW))
    return found


@LIMITS
@given(HISTORY, st.sets(st.integers(0, 12), max_size=3), st.data())
def test_a_later_run_says_what_one_run_over_all_says(history, gone, data):
    """Articles come in any order of their days, some go, copies join and leave, people put stories together."""
    seen, copies, judged = table([(0, 0)]), NONE[0], NONE[1]
    before = made(seen, copies, judged, schema.empty("stories"))
    for n, rows in enumerate(history):
        seen = pl.concat([seen, table(rows, f"b{n}")])
        ids = seen["article_id"].to_list()
        if data.draw(st.booleans()):
            members = data.draw(st.sets(st.sampled_from(ids), min_size=2, max_size=3)) if len(ids) > 1 else set()
            copies = copies.clear().vstack(copied(sorted(members))) if members else copies.clear()
        if data.draw(st.booleans()):
            judged = said(*data.draw(st.tuples(*[st.sampled_from(ids)] * 2)), same=data.draw(st.booleans()))
        before = made(seen, copies, judged, before)
    kept = seen.filter(~pl.int_range(pl.len()).is_in(sorted(gone)))
    made(kept, copies.join(kept, on="article_id", how="semi"), judged, before)


def copied(members: list[str]) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "copy_group": ["c-1"] * len(members),
            "article_id": members,
            "role": ["origin"] + ["copy"] * (len(members) - 1),
        }
    )
    return pl.concat([NONE[0], frame], how="diagonal_relaxed").select(NONE[0].columns)


def said(left: str, right: str, *, same: bool) -> pl.DataFrame:
    frame = pl.DataFrame({"left_id": [left], "right_id": [right], "same": [same], "judged_at": [START]})
    return pl.concat([NONE[1], frame], how="diagonal_relaxed").select(NONE[1].columns)


def test_only_texts_around_the_news_are_read():
    old = table([(n % len(EVENTS), 3 * n) for n in range(60)])
    before = made(old, *NONE, schema.empty("stories"))
    new = table([(0, 150), (3, 151)], "new")
    counts: Counter[str] = Counter()
    both = pl.concat([old, new])
    wanted: list[str] = []

    def read(ids: pl.DataFrame) -> pl.DataFrame:
        wanted.extend(ids["article_id"])
        return both.join(ids, on="article_id")

    light = both.drop("text").with_columns(language=pl.lit("en"))
    found = stories.regroup(light, *NONE, before, read, NARROW, counts)
    assert found.drop("made_of").equals(stories.group(both, *NONE, NARROW))
    assert counts["linked"] == len(wanted) == 2 + sum(abs(3 * n - 150.5) <= 9.5 for n in range(60))
    wanted.clear()
    stories.regroup(light, *NONE, found, read, NARROW, counts)
    assert not wanted


def test_where_an_article_has_no_time_nothing_stands():
    old = table([(n % len(EVENTS), 3 * n) for n in range(20)])
    before = made(old, *NONE, schema.empty("stories"))
    both = pl.concat([old, table([(0, None)], "new")])
    again = made(both, *NONE, before)
    made(both.head(20), *NONE, again)
