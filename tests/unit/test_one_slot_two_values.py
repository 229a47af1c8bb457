"""Mentions that give one slot two values are two facts, linked as `differs`, and a conflict; in four languages."""

import datetime as dt

import polars as pl
import pytest

from dedupe.facts import align, coverage, mentions
from dedupe.settings import FactSettings
from storage import schema

START = dt.datetime(2031, 9, 1, 6, tzinfo=dt.UTC)
COPIES = dict.fromkeys(("copy_group", "article_id", "outlet", "role"), pl.String)


def told(one: str, other: str, language: str) -> tuple[set[str], int, int]:
    """Relations between two articles of one sentence each, their facts, their conflicts."""
    table = pl.DataFrame(
        {"article_id": ["a", "b"], "outlet": ["x", "y"], "url": [None] * 2, "title": [None] * 2, "dek": [None] * 2,
         "text": [one, other], "language": [language] * 2, "published_at": [START] * 2,
         "published_precision": ["instant"] * 2, "captured_at": [START] * 2},
        schema_overrides=dict.fromkeys(("url", "title", "dek"), pl.String) | {"published_at": pl.Datetime("us", "UTC")},
    )  # fmt: skip
    story = table.select("article_id", "outlet", story_id=pl.lit("s"))
    copies = pl.DataFrame(schema=COPIES)
    found = mentions.extract(table, FactSettings()).join(story.select("article_id", "story_id"), on="article_id")
    made, links = align.align(found, table, copies, FactSettings(), schema.empty("judgements"))
    rows = coverage.cover(made, links, table, copies, story, FactSettings())["conflicts"]
    shared = made.group_by("fact_id").agg(pl.col("article_id").n_unique()).filter(pl.col("article_id") > 1)
    return set(links["relation"]), len(shared), len(rows)


SLOTS = [
    ("en", "The ferry carried {} passengers when it sank off Osk.", "240", "310"),
    ("en", "The new bridge over the Orre will open on {} 2032.", "4 May", "9 June"),
    ("en", "The trial of Ada Lund will begin on {} in Osk.", "Monday", "Thursday"),
    ("en", "Halden bought the tower in Osk for {}.", "$12 million", "$21 million"),
    ("en", "Halden has {} the contract with the port of Osk.", "signed", "not signed"),
    ("de", "Die neue Brücke über die Orre wird am {} 2032 eröffnet.", "4. Mai", "9. Juni"),
    ("de", "Der Prozess gegen Ada Lund beginnt am {} in Osk.", "Montag", "Donnerstag"),
    ("de", "Halden kaufte den Turm in Osk für {} Millionen Euro.", "12", "21"),
    ("de", "Halden hat den Vertrag mit dem Hafen von Osk {}.", "unterschrieben", "nicht unterschrieben"),
    ("fr", "Le nouveau pont sur l'Orre ouvrira le {} 2032.", "4 mai", "9 juin"),
    ("fr", "Halden a acheté la tour d'Osk pour {} millions d'euros.", "12", "21"),
    ("fr", "Halden {} le contrat avec le port d'Osk.", "a signé", "n'a pas signé"),
    ("es", "El nuevo puente sobre el Orre abrirá el {} de 2032.", "4 de mayo", "9 de junio"),
    ("es", "Halden compró la torre de Osk por {} millones de euros.", "12", "21"),
    ("es", "Halden {} firmado el contrato con el puerto de Osk.", "ha", "no ha"),
]


@pytest.mark.parametrize(("language", "text", "one", "other"), SLOTS)
def test_two_values_are_two_facts_and_a_conflict(language: str, text: str, one: str, other: str) -> None:
    relations, shared, conflicts = told(text.format(one), text.format(other), language)
    assert relations == {"differs"}
    assert (shared, conflicts) == (0, 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The minister said on Monday that the port of Osk will close.",
         "The minister said on Tuesday that the port of Osk will close."),
        ("The ferry carried 240 passengers when it sank off Osk.",
         "When the ferry sank off Osk it carried 240 passengers."),
        ("The trial of Ada Lund will begin on Monday in Osk.", "The trial of Ada Lund will begin in Osk."),
    ],
)  # fmt: skip
def test_one_fact_that_says_it_at_another_time_or_without_one_stays_one(one: str, other: str) -> None:
    relations, shared, conflicts = told(one, other, "en")
    assert "differs" not in relations
    assert (shared > 0, conflicts) == (True, 0)
