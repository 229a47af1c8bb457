"""Pieces of a text that state nothing by themselves: they are mentions, and no facts of their own."""

import datetime as dt

import polars as pl
import pytest

from dedupe.facts import align, asides, coverage, mentions
from dedupe.settings import FactSettings
from storage import schema

SETTINGS = FactSettings()


def said(text: str, language: str = "en") -> list[tuple[str, str]]:
    table = pl.DataFrame(
        {"article_id": ["a"], "outlet": ["o"], "title": [None], "text": [text], "language": [language]}
    )
    return mentions.extract(table, SETTINGS).select("text", "kind").rows()


@pytest.mark.parametrize(
    "text",
    [
        "Will the harbour ever open again?",
        "Hide Caption 4 of 12 Photos",
        "Sign up for our daily newsletter.",
        "(Photo: Jane Doe/Getty Images)",
        "By Jane Doe and John Roe",
        "A second look",
        "READ MORE: What the harbour master knew.",
        "Copyright 2031 The Port Lira Post. All rights reserved.",
    ],
)
def test_a_sentence_that_states_nothing_is_an_aside(text):
    assert {kind for _, kind in said(text)} == {"aside"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Melden Sie sich für den Newsletter an.", "de"),
        ("Lire aussi : le port de Lira rouvre lundi", "fr"),
        ("Lea también: el puerto de Lira reabre el lunes", "es"),
        ("Leggi anche: il porto di Lira riapre", "it"),
        ("Leia também: o porto de Lira reabre", "pt"),
        ("Lees ook: de haven van Lira gaat open", "nl"),
    ],
)
def test_promotions_are_told_in_seven_languages(text, language):
    assert {kind for _, kind in said(text, language)} == {"aside"}


@pytest.mark.parametrize(
    "text",
    [
        "The crane fell.",
        "Two came from Iraq.",
        "Ferries sail again.",
        "Insurers fear losses.",
        "They fled.",
        "“Is it safe?” the mayor asked the engineers of the port on Monday.",
        "The agency signed up for a review of every crane in the harbour.",
        "Read the law: the mayor said on Monday that it forbids night work at the quay.",
    ],
)
def test_short_statements_and_reported_questions_are_none(text):
    assert "aside" not in {kind for _, kind in said(text)}


def test_an_introductory_phrase_is_an_aside_beside_its_clause():
    rows = said("In response, the port authority closed the basin to all ships until Friday.")
    kinds = dict(rows)
    assert len(rows) == 1 or kinds["In response"] == "aside"
    assert asides.promotion("Subscribe to our newsletter", "en")
    assert not asides.promotion("The port authority closed the basin to all ships until Friday.", "en")


def test_asides_are_never_unique_and_go_with_the_clause_they_serve():
    texts = {
        "a": "Beyond all that, with a heavy heart, the harbour master resigned on Monday over the fallen crane.\n\n"
        "Sign up for our daily newsletter.\n\nWho will follow him?",
        "b": "Ferries to the island of Osk sail from the old quay until the end of the summer.\n\n"
        "Sign up for our daily newsletter.",
    }
    when = dt.datetime(2031, 9, 1, 6, tzinfo=dt.UTC)
    table = pl.DataFrame(
        {
            "article_id": list(texts),
            "outlet": ["x", "y"],
            "title": [None, None],
            "dek": [None, None],
            "text": list(texts.values()),
            "language": ["en", "en"],
            "published_at": [when, when],
            "published_precision": ["instant", "instant"],
            "captured_at": [when, when],
        },
        schema_overrides={
            "captured_at": pl.Datetime("us", "UTC"),
            "title": pl.String,
            "dek": pl.String,
            "published_at": pl.Datetime("us", "UTC"),
        },
    )
    none = schema.empty("copies")
    told = table.select("article_id", "outlet", story_id=pl.lit("s-1"))
    found = mentions.extract(table, SETTINGS).join(told.select("article_id", "story_id"), on="article_id")
    made, links = align.align(found, table, none, SETTINGS, schema.empty("judgements"))
    tables = coverage.cover(made, links, table, none, told, SETTINGS)
    status = dict(tables["facts"].select("text", "status").iter_rows())
    assert status["Who will follow him?"] == "uncompared"
    assert status["Sign up for our daily newsletter."] == "uncompared"
    assert sum(state == "unique" for state in status.values()) >= 2
    assert not any(
        text.startswith(("Sign", "Who", "Beyond")) and len(text) < 40 for text in tables["unique_facts"]["text"]
    )
    served = made.filter(pl.col("text").str.starts_with("Beyond")).join(made, on="fact_id")
    assert served["text_right"].str.contains("resigned").any()


@pytest.mark.parametrize(
    "text",
    [
        "https://port-lira.example/ferries/2031",
        "Read or Share this story: https://port-lira.example/2CnE",
        "7 years ago",
        "Get the Harbour Stories you care about delivered to your inbox.",
        "This report contains material from Reuters.",
        "UPDATE at 11:00 ET:",
        "— Updated at 11:23 a.m.",
        "Enlarge this image toggle caption Jane Doe",
        "View photos",
        "Related Video: How the crane fell",
        "MUST WATCH The crane falls.",
        "Send tips to desk@lira.example.",
        "You can follow Jane Doe on Twitter.",
        "Start the day smarter: get all the news of the harbour.",
        "CLOSE Amateur video shows the crane as it falls.",
        "A red flag is seen on a crane near the old quay.",
        "The mayor is seen in this undated photo taken in Lira.",
        "FILE - The old quay of Lira is crowded with ferries.",
        "— Jane Doe (@janedoe) May 3, 2031",
        "Here's what we know so far:",
    ],
)
def test_furniture_states_nothing(text):
    assert {kind for _, kind in said(text)} == {"aside"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Vor 3 Stunden", "de"),
        ("Il y a 2 heures", "fr"),
        ("Hace 5 días", "es"),
        ("3 ore fa", "it"),
        ("Há 4 horas", "pt"),
        ("6 dagen geleden", "nl"),
    ],
)
def test_how_long_ago_states_nothing_in_seven_languages(text, language):
    assert {kind for _, kind in said(text, language)} == {"aside"}


@pytest.mark.parametrize(
    "text",
    [
        "The Lira Times reports:",
        "Mr. Doe said.",
        "He writes:",
        "Late Sunday, Mr. Doe told reporters.",
        "In a statement released late Sunday, Jane Doe said:",
        "Rep. Jane Doe, D-Ohio, told Lira News.",
        "According to Lira Ferries.",
        "Sen. Jane Doe (I-Vt.).",
        "That led the report to conclude that:",
    ],
)
def test_a_sentence_that_only_tells_who_speaks_is_no_fact(text):
    assert {kind for _, kind in said(text)} <= {"aside"}


@pytest.mark.parametrize(
    "text",
    [
        "Late Sunday, Mr. Doe told reporters that the basin of the port would stay closed until the crane is gone.",
        "In a statement released late Sunday, the harbour master closed the basin to all ships until Friday.",
    ],
)
def test_beside_a_clause_the_speaker_is_no_fact_and_the_clause_is(text):
    kinds = [kind for _, kind in said(text)]
    assert set(kinds) - {"attribution", "aside"}
    if len(kinds) > 1:
        assert kinds[0] in {"attribution", "aside"}


@pytest.mark.parametrize(
    "text",
    [
        "The mayor said nothing.",
        "No one told reporters.",
        "It is too early to say.",
        "Mr. Doe told the crew to leave.",
        "The strike is seen as a warning to the owners of the port.",
        "Engineers closed the basin five years ago.",
        "Doe wrote three novels.",
        "The crews rest as the slow count of the crates continues.",
        "This agrees with a survey of the sailors that asked.",
        "Losses mounted, Mr. Doe said.",
        "The company reported a loss.",
        "The crew will close the hatch at noon.",
    ],
)
def test_what_says_something_stays(text):
    assert "aside" not in {kind for _, kind in said(text)}
