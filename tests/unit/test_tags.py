"""Noise that reads like a sentence: addresses, captions, labels, clauses that only say who speaks or when."""

import polars as pl
import pytest

from dedupe.facts import mentions
from dedupe.settings import FactSettings

SETTINGS = FactSettings()


def said(text: str, language: str = "en") -> list[tuple[str, str]]:
    table = pl.DataFrame(
        {"article_id": ["a"], "outlet": ["o"], "title": [None], "text": [text], "language": [language]}
    )
    return mentions.extract(table, SETTINGS).select("text", "kind").rows()


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
