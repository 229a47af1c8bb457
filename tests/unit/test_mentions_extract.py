"""Articles to mentions: clauses with exact offsets, kinds, modality, names, quantities, chains."""

import datetime as dt

import polars as pl
import pytest

from dedupe.facts.mentions import COLUMNS, extract
from dedupe.settings import FactSettings
from storage import schema

DAY = dt.datetime(2026, 4, 13, tzinfo=dt.UTC)


def article(text: str, **given: object) -> pl.DataFrame:
    row = {
        "article_id": "a",
        "outlet": "x",
        "title": None,
        "dek": None,
        "text": text,
        "language": "en",
        "published_at": DAY,
    }
    wanted = {"title": pl.String, "dek": pl.String, "language": pl.String}
    return pl.DataFrame([row | given], schema_overrides=wanted)


def clauses(text: str, **given: object) -> list[str]:
    return extract(article(text, **given), FactSettings())["text"].to_list()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The division led by Jane Doe was renamed Harbour Works, with the goal of building ships faster.",
            ["The division led by Jane Doe was renamed Harbour Works, with the goal of building ships faster."],
        ),
        (
            "To secure the steel for the new ferry, Acme has closed its old yard.",
            ["To secure the steel for the new ferry", "Acme has closed its old yard."],
        ),
        (
            "Acme faces stiff competition from northern rivals, which have captured market share with cheap boats.",
            ["Acme faces stiff competition from northern rivals", "which have captured market share with cheap boats."],
        ),
        (
            (
                "Doe praised the engine's quiet running and stated it is slated for delivery next spring, "
                "placing the yard ahead of every local rival."
            ),
            [
                "Doe praised the engine's quiet running",
                "and stated it is slated for delivery next spring",
                "placing the yard ahead of every local rival.",
            ],
        ),
        (
            "According to The Ledger, the ferry carries nine hundred people.",
            ["According to The Ledger", "the ferry carries nine hundred people."],
        ),
        ("The memo says that the old yard will close.", ["The memo says that the old yard will close."]),
        ("He left.", ["He left."]),
        (
            "“We will build a bigger yard,” Jane Doe, of Acme, said on Monday.",
            ["“We will build a bigger yard,”", "Jane Doe, of Acme, said on Monday."],
        ),
        (
            "Doe said that most people are “part of a deliberate plan” to close it.",
            ["Doe said that most people are “part of a deliberate plan” to close it."],
        ),
        (
            "These complaints come at a time when Corvina is readying its own ferry for the northern route.",
            ["These complaints come at a time when Corvina is readying its own ferry for the northern route."],
        ),
        (
            "Police Chief Ada Lund, who rose to the post last year, called for calm streets in the whole city.",
            [
                "Police Chief Ada Lund, who rose to the post last year",
                "called for calm streets in the whole city.",
            ],
        ),
        (
            "The old ferry, the Vesta, was sold on Friday after a long dispute over its engine.",
            ["The old ferry, the Vesta, was sold on Friday after a long dispute over its engine."],
        ),
        (
            "Speaking to reporters at Cape Osk, Karvale, Mayor Jane Doe called the closure of the yard a sad event.",
            [
                "Speaking to reporters at Cape Osk, Karvale",
                "Mayor Jane Doe called the closure of the yard a sad event.",
            ],
        ),
        (
            "Halden holds on to the northern route, using its cheap fuel and a wholly new plan to win the harbour.",
            [
                "Halden holds on to the northern route",
                "using its cheap fuel and a wholly new plan to win the harbour.",
            ],
        ),
    ],
)
def test_clauses(text: str, expected: list[str]) -> None:
    assert clauses(text) == expected


def test_what_is_said_before_its_tag_is_no_attribution() -> None:
    text = "The old rules will be dropped soon, as the harbour wall is repaired and painted, officials said on Monday."
    rows = extract(article(text), FactSettings())
    assert "attribution" not in rows["kind"].to_list()


def test_result_has_the_schema_and_verifies() -> None:
    text = "Acme bought the yard for $50 million on Tuesday. “We are very glad to own it,” Jane Doe said."
    frame = extract(article(text, title="Acme buys yard, sells old ferry", dek="A deal long expected"), FactSettings())
    wanted = schema.columns("mentions")
    assert frame.schema == pl.Schema({name: wanted[name] for name in COLUMNS})
    assert set(frame["field"]) == {"title", "dek", "text"}
    first = frame.filter(field="text").row(0, named=True)
    money = first["quantities"][0]
    assert (money["kind"], money["value"], money["unit"]) == ("money", 5e7, "USD")
    assert text[money["begin"] : money["end"]] == "$50 million"
    quote = frame.filter(kind="quote").row(0, named=True)
    assert [source["cited"] for source in quote["attribution"]] == ["Jane Doe"]
    assert (quote["sentence_begin"], quote["sentence_end"]) == (text.index("“"), len(text))


@pytest.mark.parametrize(
    ("text", "kind", "modality"),
    [
        ("Acme will build a new northern yard.", "plan", "will"),
        ("The harbour reportedly closed its northern gate.", "event", "reportedly"),
        ("Acme allegedly dumped waste near the harbour.", "event", "alleged"),
        ("The yard could close before winter comes.", "event", "conditional"),
        ("Doe denied taking the harbour money.", "event", "denied"),
        ("The yard built 12 boats there.", "quantity", "asserted"),
        ("If these claims are accurate, everything changes there.", "event", "conditional"),
        ("The group, formerly owned by northern shipbuilders.", "background", "asserted"),
    ],
)
def test_kind_and_modality(text: str, kind: str, modality: str) -> None:
    row = extract(article(text), FactSettings()).row(0, named=True)
    assert (row["kind"], row["modality"]) == (kind, modality)


def test_the_tag_behind_a_quotation_is_an_attribution() -> None:
    frame = extract(article("“We will build a bigger yard,” Jane Doe, of Acme, said on Monday."), FactSettings())
    assert frame["kind"].to_list() == ["quote", "attribution"]


def test_names_are_read_without_titles() -> None:
    text = "Yesterday Acme Chief Executive Jane Doe met the Department of Harbours in New York. Ships came."
    names = extract(article(text, title="Acme Boss Jane Doe Meets Harbour Staff Today"), FactSettings())
    assert names.filter(field="text")["names"].explode().drop_nulls().to_list() == [
        "Acme", "Jane Doe", "Department of Harbours", "New York",
    ]  # fmt: skip
    assert "Jane Doe" in " ".join(names.filter(field="title")["names"].explode().drop_nulls())


def test_unsupported_language_is_said_and_not_guessed() -> None:
    frame = extract(
        article("Acme osti telakan, koska se oli halpa ja lähellä, sanoi Doe.", language="fi"), FactSettings()
    )
    assert frame["language"].to_list() == [None]
    assert frame["attribution"].to_list() == [[]]
    assert frame.height == 1


def test_german_clauses() -> None:
    text = "Die Werft schließt im Herbst, weil die großen Aufträge aus dem Norden fehlen."
    assert clauses(text, language="de") == [
        "Die Werft schließt im Herbst",
        "weil die großen Aufträge aus dem Norden fehlen.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "word and the, which is said that Doe, " * 2_000,
        "“" * 50_000 + "x",
        '" a ' * 20_000,
        "." * 100_000,
        "1 " * 10_000,
        "according to " * 4_000,
        "a\x00b " * 10_000,
        "\u202eשלום עולם. مرحبا بالعالم؟ " * 500,
        "U.S." * 20_000,
        "a, " * 20_000,
    ],
    ids=["endless", "quotes", "open quotes", "dots", "digits", "openers", "null", "rtl", "acronyms", "commas"],
)
def test_hostile_text_verifies(text: str) -> None:
    frame = extract(article(text), FactSettings())
    assert all(text[begin:end] == found for begin, end, found in frame.select("begin", "end", "text").iter_rows())


def test_empty_frames_and_texts() -> None:
    assert extract(article(""), FactSettings()).height == 0
    assert extract(article("x").clear(), FactSettings()).height == 0


def read_by(text: str) -> dict[str, str | None]:
    found = extract(article(text), FactSettings())
    return {
        row["text"]: None if row["context_begin"] is None else text[row["context_begin"] : row["context_end"]]
        for row in found.iter_rows(named=True)
    }


@pytest.mark.parametrize(
    ("text", "clause", "context"),
    [
        (
            "Karvale signed a treaty with its northern neighbours in March, which holds a promise of two new ferries.",
            "which holds a promise of two new ferries.",
            "Karvale signed a treaty with its northern neighbours in March",
        ),
        (
            "The mayor opened the new harbour market on Monday. She then walked to the old lighthouse.",
            "She then walked to the old lighthouse.",
            "The mayor opened the new harbour market on Monday.",
        ),
        (
            "The driver turned around and hit the old fence twice, dragging the gate ten metres along the road.",
            "dragging the gate ten metres along the road.",
            "The driver turned around and hit the old fence twice",
        ),
        ("The driver hit the fence. The mayor opened the market.", "The mayor opened the market.", None),
    ],
)
def test_a_clause_that_needs_them_has_the_words_it_is_read_by(text: str, clause: str, context: str | None) -> None:
    assert read_by(text)[clause] == context


def test_a_quotation_is_read_by_who_says_it() -> None:
    found = read_by(
        "“Nobody was told about the closure of the yard before the vote,” Jane Doe said on Friday at the gate."
    )
    assert found["“Nobody was told about the closure of the yard before the vote,”"] == "Jane Doe said"


@pytest.mark.parametrize(
    "sentence",
    [
        "The yard that feeds the whole island, which Jane Doe built in the old harbour, will close for good next year.",
        "The union asked the owners whether they had known about the fire before the insurers came to the yard.",
        "If the owners sell the yard to the bank, the union will go to court.",
        "The old yard on the northern shore of the island of Karvale was sold to the bank.",
    ],
)
def test_what_asserts_nothing_alone_is_not_cut_off(sentence: str) -> None:
    for clause in clauses(sentence):
        assert not clause.startswith(("whether", "that feeds", "if "))
        assert clause.rstrip(".").split()[-1] not in {"the", "of", "about", "whether", "by"}
    assert clauses(sentence)[-1].count(" ") > 3
