"""Where two outlets differ, and where they only seem to: small invented stories through the whole of level 4."""

import datetime as dt

import polars as pl
import pytest

from dedupe.facts import align, coverage, mentions
from dedupe.settings import Settings
from storage import schema

SETTINGS = Settings()
START = dt.datetime(2031, 9, 1, 6, tzinfo=dt.UTC)
COPIES = dict.fromkeys(("copy_group", "article_id", "outlet", "role"), pl.String)


def differ(
    one: str,
    other: str,
    *,
    outlets: tuple[str, str] = ("x", "y"),
    hours: float = 0.5,
    title: str | None = None,
    language: str = "en",
) -> list[tuple[str, str, str]]:
    """The conflicts of a story of two articles: kind and the values, those of the first article first."""
    table = pl.DataFrame(
        {
            "article_id": ["a", "b"],
            "outlet": list(outlets),
            "url": [None] * 2,
            "title": [title, None],
            "dek": [None] * 2,
            "text": [one, other],
            "language": [language] * 2,
            "published_at": [START, START + dt.timedelta(hours=hours)],
            "published_precision": ["instant"] * 2,
            "captured_at": [START + dt.timedelta(days=3)] * 2,
        },
        schema_overrides=dict.fromkeys(("url", "title", "dek"), pl.String) | {"published_at": pl.Datetime("us", "UTC")},
    )
    story = table.select("article_id", "outlet", story_id=pl.lit("s"))
    copies = pl.DataFrame(schema=COPIES)
    told = mentions.extract(table, SETTINGS.facts).join(story.select("article_id", "story_id"), on="article_id")
    made, links = align.align(told, table, copies, SETTINGS.facts, schema.empty("judgements"))
    rows = coverage.cover(made, links, table, copies, story, SETTINGS.facts)["conflicts"]
    article = dict(made.select("mention_id", "article_id").iter_rows())
    return [
        (row["kind"], *((row["value_a"], row["value_b"]) if article[row["mention_a"]] == "a"
                        else (row["value_b"], row["value_a"])))
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Turnout in Osk was 61 percent.", "Turnout in Osk was 48 percent.",
         ("contradiction", "61 percent", "48 percent")),
        ("The flood in Osk killed 12 people.", "The flood in Osk killed 14 people.", ("contradiction", "12", "14")),
        ("Between 10 and 20 houses burned down in Karvale.", "Forty houses burned down in Karvale.",
         ("contradiction", "10 and 20", "Forty")),
        ("Dozens of people were hurt when the train derailed near Osk.",
         "3 people were hurt when the train derailed near Osk.", ("contradiction", "Dozens", "3")),
        ("Jane Doe, 34, was named chief executive of Halden.", "Jane Doe, 43, was named chief executive of Halden.",
         ("contradiction", "34", "43")),
        ("The ship was carrying weapons, officials said.", "The ship was not carrying weapons, officials said.",
         ("contradiction", "carrying", "not carrying")),
        ("Halden expects to sell 12,000 vans this year.", "Halden sold 15,000 vans this year.",
         ("differs", "12,000", "15,000")),
        ("Halden has reportedly agreed to buy Corvina.", "Halden has agreed to buy Corvina.",
         ("differs", "reportedly agreed", "agreed")),
        ("The suspect, Paul Hurst, was arrested in Osk.", "The suspect, Peter Hurst, was arrested in Osk.",
         ("differs", "Paul Hurst", "Peter Hurst")),
        ("Minister Sergey Kolvanov resigned in Osk on Monday.", "Minister Sergei Kolvanov resigned in Osk on Monday.",
         ("differs", "Sergey Kolvanov", "Sergei Kolvanov")),
        ("“We will never close the harbour of Osk to the fleet,” Marlow said.",
         "Marlow said: “We would never close the harbour of Osk to the fleet.”", ("differs", "will", "would")),
        ("Halden denied selling the tower in Osk to Corvina.", "Halden sold the tower in Osk to Corvina.",
         ("differs", "denied selling", "sold")),
        ("Marlow says the bridge in Osk was not closed.", "Oster says the bridge in Osk was closed.",
         ("differs", "not closed", "closed")),
    ],
)  # fmt: skip
def test_what_differs_is_told(one: str, other: str, expected: tuple[str, str, str]):
    assert expected in differ(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Halden bought Corvina for about $2 billion in cash.", "Halden bought Corvina for $1.96 billion in cash."),
        ("Halden sold 12,000 vans.", "Halden sold 12,340 vans."),
        ("Profit of Halden rose 14 percent.", "Profit of Halden rose 14.3 percent."),
        ("Between 10 and 20 houses burned down in Karvale.", "Fifteen houses burned down in Karvale."),
        ("At least 12 people have died in the flood in Osk.", "The flood in Osk has killed 14 people."),
        ("Dozens of people were hurt when the train derailed.", "36 people were hurt when the train derailed."),
        ("The bridge over the Orre is 5 miles long.", "The bridge over the Orre is 8 kilometres long."),
        ("The city paid $11 million for the stadium.", "The city paid 10 million euros for the stadium."),
        ("Twelve people died when the ferry sank off Osk.", "12 people died when the ferry sank off Osk."),
        ("The blast in Osk killed 4 people.", "The blast in Osk injured 20 people."),
        ("The fire destroyed 40 houses in Karvale.", "The fire destroyed 3 schools in Karvale."),
        ("Police arrested 12 men in Osk on Monday.", "Police arrested 3 men in Karvale on Monday."),
        ("Halden sold 12,000 vans in May.", "Halden sold 15,000 vans in June."),
        ("Halden earned 3 million euros in 2029.", "Halden earned 5 million euros in 2030."),
        ("Sales rose 5 percent in the first quarter.", "Sales rose 8 percent in the third quarter."),
        ("Parliament passed the budget by 120 votes to 80.", "Parliament passed the budget by 120 votes."),
        ("The rate was raised from 7 percent to 9 percent.", "The rate was raised to 9 percent."),
        ("The summit opened in May in Osk.", "The summit opened in Osk."),
        ("President Ada Lund opened the bridge in Osk.", "Ms. Lund opened the bridge in Osk."),
        ("Ada Lund opened the bridge in Osk. Bo Lund came.", "Bo Lund opened the bridge in Osk with Ada Lund."),
        ("The union met Halden on Tuesday in Osk.", "The union warned Halden on Thursday of a strike in Osk."),
        ("“We will never close the harbour of Osk to the fleet,” Marlow said.",
         "Marlow promised they would “never close the harbour of Osk”."),
        ("The crew could not leave the burning ferry off Osk.", "The crew left the burning ferry off Osk."),
    ],
)  # fmt: skip
def test_what_can_both_hold_is_no_conflict(one: str, other: str):
    assert differ(one, other) == []


def test_a_count_that_can_have_grown_only_differs_and_one_that_shrank_contradicts():
    few, more = "The flood in Osk killed 12 people.", "The flood in Osk killed 14 people."
    assert differ(few, more, hours=10) == [("differs", "12", "14")]
    assert differ(more, few, hours=10) == [("contradiction", "14", "12")]


def test_what_one_outlet_says_later_is_an_update_or_a_correction():
    few, more = "The sinking killed at least 12 people, police said.", "The sinking killed 14 people, police said."
    assert differ(few, more, outlets=("x", "x"), hours=6) == [("update", "at least 12", "14")]
    notice = " Correction: An earlier version of this article misstated the number of dead."
    assert ("correction", "at least 12", "14") in differ(few, more + notice, outlets=("x", "x"), hours=6)


def test_a_headline_that_drops_the_hedge_of_its_body():
    body = "Mayor Ines Marlow allegedly took bribes from builders, prosecutors said on Monday."
    told = differ(body, "The port of Lira closed.", title="Mayor Ines Marlow took bribes from builders")
    assert {"took", "allegedly took"} in [{one, other} for kind, one, other in told if kind == "differs"]


def test_a_headline_is_no_drift_where_its_body_says_it_outright_too():
    body = (
        "Mayor Ines Marlow took bribes from builders, the court of Osk found on Monday. "
        "Mayor Ines Marlow allegedly took bribes from builders in Karvale as well."
    )
    told = differ(body, "The port of Lira closed.", title="Mayor Ines Marlow took bribes from builders")
    assert told == []


def test_what_was_not_so_before_may_be_so_later():
    before, after = "Halden has not agreed to buy Corvina.", "Halden has agreed to buy Corvina."
    assert differ(before, after, hours=0.5) == [("contradiction", "not agreed", "agreed")]
    assert differ(before, after, hours=10) == [("differs", "not agreed", "agreed")]
    assert differ(before, after, outlets=("x", "x"), hours=10) == [("update", "not agreed", "agreed")]
    assert differ(after, before, hours=10) == [("contradiction", "agreed", "not agreed")]


def test_an_assertion_and_its_denial_are_two_facts():
    none = pl.DataFrame(schema=COPIES)
    table = pl.DataFrame(
        {"article_id": ["a", "b"], "outlet": ["x", "y"], "title": [None] * 2, "dek": [None] * 2,
         "text": ["The ship was carrying weapons to Osk.", "The ship was not carrying weapons to Osk."],
         "language": ["en"] * 2},
        schema_overrides={"title": pl.String, "dek": pl.String},
    )  # fmt: skip
    told = mentions.extract(table, SETTINGS.facts).with_columns(story_id=pl.lit("s"))
    made, links = align.align(told, table, none, SETTINGS.facts, schema.empty("judgements"))
    assert made["fact_id"].n_unique() == 2
    assert links["relation"].to_list() == ["differs"]


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Twelve passengers were hurt when a ferry hit a reef.", "The ship ran aground, injuring 14.", "differs"),
        ("Twelve people were hurt when a ferry hit a reef.", "The ship ran aground, injuring 14.", "contradiction"),
        ("The death toll of the quake has risen to 37.", "A tremor before dawn killed 31 people.", "contradiction"),
        ("Police arrested 12 people at the march.", "Officers detained 19 people when the rally ended.",
         "contradiction"),
        ("The crash killed 3 people and injured 30.", "Three were killed and 41 hurt in the collision.",
         "contradiction"),
    ],
)  # fmt: skip
def test_tolls_of_one_event_are_compared_however_they_are_worded(one: str, other: str, kind: str):
    assert kind in [found[0] for found in differ(one, other)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Twelve people were hurt when a ferry hit a reef.", "Three of the injured were flown to a hospital."),
        ("A quake killed 31 people at dawn.", "In 1998, a tremor took the lives of and killed 112 people there."),
        ("A quake killed 31 people at dawn.", "A total of 60 people have been killed by tremors since May."),
        ("A quake killed at least 31 people.", "More than 30 died in the tremor."),
        ("The blast killed ten people.", "The explosion killed eight students and two teachers."),
        ("A car hit Jane Roe, 34, killed on the spot.", "The car killed 2 people."),
        ("Four Americans died in the blast.", "The bomb killed the ambassador and three others."),
        ("A storm killed 3 people in Osk.", "The country's floods have left 400 dead."),
    ],
)
def test_parts_sums_past_events_and_ages_are_no_toll(one: str, other: str):
    assert differ(one, other) == []


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("de", "Bei dem Brand wurden 12 Menschen verletzt.", "Im Feuer gab es 14 Verletzte."),
        ("fr", "L'incendie a fait 12 morts.", "Le feu a tué 14 personnes."),
        ("es", "El incendio dejó 12 heridos.", "Las llamas causaron 14 heridos."),
        ("it", "L'incendio ha causato 12 feriti.", "Le fiamme hanno fatto 14 feriti."),
        ("pt", "O incêndio deixou 12 mortos.", "As chamas mataram e deixaram 14 mortos."),
        ("nl", "Bij de brand vielen 12 doden.", "Het vuur kostte 14 doden."),
    ],
)
def test_tolls_are_read_in_other_languages(language: str, one: str, other: str):
    assert ("12", "14") in [found[1:] for found in differ(one, other, language=language)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Halden could enrich its ore in Osk, officials said.", "Halden is ramping up enrichment of its ore in Osk."),
        ("Young drivers in Osk are more likely to be killed at night.", "Young drivers in Osk were killed at night."),
        (
            "The mayor of Osk spoke on Monday of the closed bridge.",
            "The mayor of Osk did not say when the bridge opens.",
        ),
        ("Osk has lost a great mayor and a great man.", "Osk has lost a great leader, the great Briton Jane Roe."),
    ],
)
def test_what_is_only_left_open_or_unsaid_is_no_conflict(one: str, other: str):
    assert differ(one, other) == []


def test_what_may_have_been_and_was_is_told():
    assert differ("The ship may have left Osk on Monday.", "The ship left Osk on Monday.", hours=2) == [
        ("differs", "may have left", "left")
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The mayor did not resign.", "The mayor resigned on Monday."),
        ("Police said the man was not armed.", "The man was armed, police said."),
        ("The talks in Osk failed to reach a deal.", "The talks in Osk reached a deal."),
        ("Halden said it would cut 1,200 jobs.", "Halden will cut 2,000 jobs."),
        ("Sunday's blast in Osk was estimated at 90 tons.", "Sunday's blast in Osk was put at about 40 tons."),
    ],
)
def test_short_texts_that_deny_or_count_otherwise_are_told(one: str, other: str):
    assert differ(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Each article is asked in all it says: one of the two knows of both.
        ("Jane Roe had pleaded not guilty. On Friday Jane Roe pleaded guilty to fraud.",
         "Jane Roe pleaded guilty to fraud."),
        ("The flood in Osk killed 14 people. On Monday officials had said the flood in Osk killed 12 people.",
         "The flood in Osk killed 12 people."),
        ("Mayor Ines Marlow allegedly took bribes from builders.",
         "Prosecutors say Mayor Ines Marlow took bribes from builders. Mayor Ines Marlow took bribes from builders."),
        ("The Halden brothers, Carl and David Halden, own the port.", "David and Carl Halden own the port of Osk."),
        # Parts, pieces of hours and telephones, hours that pass.
        ("Three of the foreigners came from Osk.", "At least 13 foreigners came from Osk."),
        ("The governor declared an emergency in 40 counties.", "It holds in 40 of the region's 60 counties."),
        ("Call the police of Osk on 0700 123 456.", "Call the police of Osk on 0700 123456."),
        ("Published in Osk on 12 March 2031, 10: 34 PM", "Published in Osk on 12 March 2031, 9: 12 PM"),
        ("At 2 a.m. the storm was 35 miles from Osk.", "By 11 p.m. the storm was 20 miles from Osk."),
        ("Five people were killed, including the driver, in Osk.", "The driver killed four people in Osk."),
        # Predictions, wishes, attributes.
        ("The storm could reach Osk on Friday.", "The storm reached Osk on Friday."),
        ("The order will not take effect until May 6.", "The order will take effect on May 6."),
        ("Marlow called on Halden to release the letters.", "Marlow scolded Halden for not releasing the letters."),
        ("Osk bought a not yet agreed amount of grain.", "Osk agreed to buy an amount of grain."),
        # Names in short, and of peoples.
        ("William Hurst, the envoy, left Osk.", "Bill Hurst, the envoy, left Osk."),
        ("The Argentine envoy left Osk.", "The envoy of Argentina left Osk."),
        ("A bill may come up on Monday in Osk.", "The bill Marlow hopes to pass may come up on Monday in Osk."),
    ],
)  # fmt: skip
def test_what_an_article_itself_explains_is_no_conflict(one: str, other: str):
    assert differ(one, other) == []
