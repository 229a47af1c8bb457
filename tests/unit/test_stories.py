import dataclasses
import datetime as dt
from collections import Counter

import numpy as np
import polars as pl
import pytest

from dedupe import changes, gist, likeness, stories
from dedupe.settings import StorySettings
from storage import schema

QUAKE_A = (
    "An earthquake struck the coastal town of Marivale early on Tuesday, toppling the bell tower of its cathedral "
    "and injuring at least 40 people, the civil protection agency said. Rescuers searched the rubble of three houses."
)
QUAKE_B = (
    "Rescuers in Marivale dug through collapsed houses after Tuesday's earthquake brought down the cathedral's bell "
    "tower. The civil protection agency put the number of injured at more than 40."
)
QUAKE_ELSEWHERE = (
    "An earthquake shook the mountain province of Tarqan on Tuesday, damaging a school in Osk and cutting power to "
    "12,000 homes, the governor's office said. No one was reported hurt."
)
EARNINGS = "Halden Motors said its quarterly profit rose 14 percent to 310 million euros on strong demand for vans."
NONE = schema.empty("copies"), schema.empty("judgements")


def articles(*bodies: str, days: list[float | None] | None = None) -> pl.DataFrame:
    start = dt.datetime(2031, 3, 4, 8, tzinfo=dt.UTC)
    when = [None if d is None else start + dt.timedelta(days=d) for d in days or [0.0] * len(bodies)]
    n = len(bodies)
    return pl.DataFrame(
        {
            "article_id": [f"a-{i}" for i in range(n)],
            "outlet": [f"outlet-{i}" for i in range(n)],
            "title": [None] * n,
            "dek": [None] * n,
            "text": list(bodies),
            "published_at": when,
            "captured_at": [start + dt.timedelta(days=60)] * n,
        },
        schema_overrides={"title": pl.String, "dek": pl.String, "published_at": pl.Datetime("us", "UTC")},
    )


def told(frame: pl.DataFrame) -> set[frozenset[str]]:
    return {frozenset(part["article_id"]) for _, part in frame.group_by("story_id")}


def test_one_event_in_different_words_is_one_story_and_a_sister_event_is_not():
    found = stories.group(articles(QUAKE_A, QUAKE_B, QUAKE_ELSEWHERE, EARNINGS), *NONE, StorySettings())
    assert told(found) == {frozenset({"a-0", "a-1"}), frozenset({"a-2"}), frozenset({"a-3"})}
    assert found.filter(pl.col("article_id") == "a-3")["score"].item() == 1.0


def test_years_named_beside_known_times_of_publication_are_background():
    named = [QUAKE_A + " The last one, in 1994, killed nobody.", QUAKE_B + " Quakes of 2013 and 2015 were weaker."]
    gists = [gist.read({"text": text}, StorySettings()) for text in named]
    timed, timeless = [[0.0, 0.0], [0.1, 0.1]], [[-np.inf, 0.0], [-np.inf, 0.1]]

    def years(days: list[list[float]]) -> list[float]:
        found = likeness.pairs(gists, np.array(days), StorySettings())
        measured = likeness.measures(found, gists, StorySettings())
        return [measured[0, likeness.NAMES.index(name)] for name in ("years_differ", "last_year_differs")]

    assert years(timed) == [0.0, 0.0]
    assert years(timeless) == [1.0, 1.0]  # the years may be all that tells two such events apart


def test_the_order_of_rows_and_the_company_do_not_matter():
    both = articles(QUAKE_A, QUAKE_B, QUAKE_ELSEWHERE, EARNINGS)
    whole = stories.group(both, *NONE, StorySettings())
    assert whole.equals(stories.group(both.reverse(), *NONE, StorySettings()))
    alone = stories.group(both.head(2), *NONE, StorySettings())
    assert alone["story_id"].unique().item() in set(whole["story_id"])


@pytest.mark.parametrize(("days", "n"), [([0.0, 1.0], 1), ([0.0, 30.0], 2), ([0.0, None], 1), ([None, None], 1)])
def test_time_keeps_apart_only_where_it_is_known(days: list[float | None], n: int):
    found = stories.group(articles(QUAKE_A, QUAKE_B, days=days), *NONE, StorySettings())
    assert found["story_id"].n_unique() == n


def test_an_article_captured_before_the_other_was_published_is_older_than_it():
    late = articles(QUAKE_A, QUAKE_B, days=[90.0, None])
    assert stories.group(late, *NONE, StorySettings())["story_id"].n_unique() == 2


def test_copies_share_a_story():
    pair = articles(QUAKE_A, EARNINGS)
    copies = pl.DataFrame(
        {"copy_group": ["g", "g"], "article_id": ["a-0", "a-1"], "outlet": ["x", "y"], "role": ["origin", "excerpt"]}
    )
    assert stories.group(pair, copies, NONE[1], StorySettings())["story_id"].n_unique() == 1


def test_a_judgement_beats_the_words():
    said = pl.DataFrame(
        {
            "left_id": ["a-0", "a-1"],
            "right_id": ["a-1", "a-2"],
            "same": [False, True],
            "judged_at": [dt.datetime(2031, 4, 1, tzinfo=dt.UTC)] * 2,
            "note": [None, None],
        }
    )
    found = stories.group(articles(QUAKE_A, QUAKE_B, EARNINGS), NONE[0], said, StorySettings())
    assert told(found) == {frozenset({"a-0"}), frozenset({"a-1", "a-2"})}


def test_nothing_gives_nothing_and_an_empty_text_stands_alone():
    empty = articles(QUAKE_A).clear()
    assert stories.group(empty, *NONE, StorySettings()).columns == [
        "story_id",
        "article_id",
        "outlet",
        "score",
        "cohesion",
    ]
    assert stories.group(articles("", ""), *NONE, StorySettings())["story_id"].n_unique() == 2


FIRE = (
    "A fire destroyed {what} in {place} {when}. Firefighters needed {hours} hours to put out the blaze. {chief}, who "
)
FIRE += "heads the brigade, said nobody was hurt and that the cause was not yet known. Damage is put at {cost} million."
RESULTS = "{name} said its quarterly net profit rose {rise} percent to {sum} million euros. Chief executive {chief} "
RESULTS += "raised the outlook for the year and said demand in {place} was strong. Shares of {name} gained in trading."
TRIAL = "A jury in {place} found {who} guilty of the murder of {victim} on {when}. Prosecutors asked for a life "
TRIAL += "sentence. Judge {judge} will pronounce it next month. The defence said that it would appeal the verdict."


@pytest.mark.parametrize(
    ("form", "one", "other"),
    [
        (
            FIRE,
            {"what": "a sawmill", "place": "Karvale", "hours": "six", "chief": "Nils Orre", "cost": "3"},
            {"what": "a school", "place": "Bellmora", "hours": "two", "chief": "Ana Crespi", "cost": "11"},
        ),
        (
            RESULTS,
            {"name": "Halden Motors", "rise": "14", "sum": "310", "chief": "Ida Brandt", "place": "Asia"},
            {"name": "Corvina Foods", "rise": "6", "sum": "92", "chief": "Paul Rey", "place": "Brazil"},
        ),
        (
            TRIAL,
            {"place": "Ostrava", "who": "Petr Havel", "victim": "Jana Kolar", "judge": "Marie Dusek"},
            {"place": "Tampa", "who": "Dale Hurst", "victim": "Kim Lowe", "judge": "Carl Ames"},
        ),
    ],
)
def test_sister_events_told_in_one_form_stay_apart(form: str, one: dict[str, str], other: dict[str, str]):
    told_a = form.format(when="Monday", **one), "Again: " + form.format(when="Monday night", **one)
    told_b = form.format(when="Tuesday", **other), "Again: " + form.format(when="Tuesday night", **other)
    found = stories.group(articles(*told_a, *told_b), *NONE, StorySettings())
    assert told(found) == {frozenset({"a-0", "a-1"}), frozenset({"a-2", "a-3"})}
    assert (found["cohesion"] > 0.5).all()


def test_in_a_crowd_an_article_is_compared_with_those_most_like_it_and_the_rest_is_counted():
    forms = [
        RESULTS.format(when="Monday", name=f"N{n} Motors", rise=n, sum=n, chief="I", place="Asia") for n in range(9)
    ]
    counts: Counter[str] = Counter()
    stories.group(articles(*forms), *NONE, dataclasses.replace(StorySettings(), crowd=3), counts)
    assert counts["pairs_capped"] == sum(max(0, n - 3) for n in range(9))
    quakes = articles(*forms, QUAKE_A, QUAKE_B)
    found = stories.group(quakes, *NONE, dataclasses.replace(StorySettings(), crowd=3), counts)
    assert frozenset({"a-9", "a-10"}) in told(found)


def test_a_story_of_copies_coheres_wholly_and_looser_ones_say_so():
    found = stories.group(articles(QUAKE_A, QUAKE_B), *NONE, StorySettings())
    assert found["cohesion"].n_unique() == 1
    assert 0.5 <= found["cohesion"][0] < 1


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("Updated: July 6, 2031, 9: 04 PM", {(2031, 7, 6)}),
        ("6. Juli 2031 und 7 de julio de 2031", {(2031, 7, 6), (2031, 7, 7)}),
        ("2031-07-06", {(2031, 7, 6)}),
        ("02/03/04, July 2031, 45 July 2031, 7 bridges 2031", set()),
    ],
)
def test_dates_a_text_states(text: str, dates: set[tuple[int, int, int]]):
    found = gist.read({"text": text}, StorySettings()).dates
    assert found == {dt.date(*day).toordinal() for day in dates}


def test_a_story_keeps_its_id_when_articles_join_it_and_one_that_has_become_two_is_split():
    first = stories.group(articles(QUAKE_A), *NONE, StorySettings())["story_id"].item()
    grown = stories.group(articles(QUAKE_A, QUAKE_B, days=[0.0, 0.5]), *NONE, StorySettings())
    assert grown["story_id"].unique().to_list() == [first]
    judged = pl.DataFrame(
        {
            "left_id": ["a-0"],
            "right_id": ["a-1"],
            "same": [False],
            "judged_at": [dt.datetime(2031, 4, 1, tzinfo=dt.UTC)],
            "note": [None],
        }
    )
    apart = stories.group(articles(QUAKE_A, QUAKE_B, days=[0.0, 0.5]), NONE[0], judged, StorySettings())
    log = changes.between(
        grown.rename({"story_id": "group_id"}),
        apart.rename({"story_id": "group_id"}),
        judged,
        level="stories",
    )
    assert log.select("kind", "old_id").rows() == [("split", first)]
