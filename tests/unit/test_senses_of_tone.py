"""What a word of tone, a number or a capital says where it stands."""

import datetime as dt

import polars as pl
import pytest

from dedupe.facts import quantities
from dedupe.facts.mentions import extract
from dedupe.settings import FactSettings


def first(text: str) -> dict[str, object]:
    row = {"article_id": "a-1", "outlet": "Nordpost", "title": None, "dek": None, "text": text, "language": "en"}
    table = pl.DataFrame([row], schema_overrides={"title": pl.String, "dek": pl.String})
    return extract(table, FactSettings()).sort("begin").row(0, named=True)


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Jane Doe said the yard would close in spring.", "will"),
        ("The yard would close if nobody bought it.", "conditional"),
        ("The owners should not sell the yard.", "asserted"),
        ("The council rejected the plan for the yard.", "asserted"),
        ("The council rejected claims that the yard was sold.", "denied"),
        ("Jane Doe was denied entry to the yard.", "asserted"),
        ("The storm claimed twelve lives on the coast.", "asserted"),
        ("Jane Doe claimed that the yard was sold.", "alleged"),
        ("The owner appeared in court on Monday.", "asserted"),
        ("The yard appears to be for sale.", "conditional"),
        ("The yard seems to be for sale.", "conditional"),
        ("The mayor seems very fond of the yard.", "asserted"),
        ("The yard is not expected to close in spring.", "will"),
        ("They asked 420 likely voters in Osk.", "asserted"),
    ],
)
def test_modality_hangs_on_what_stands_beside_the_word(text: str, modality: str) -> None:
    assert first(text)["modality"] == modality


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("There were few signs of hope in the harbour.", "event"),
        ("The owners hope to sell the yard.", "plan"),
        ("The owners showed their plan in Osk.", "event"),
        ("The owners plan to sell the yard.", "plan"),
        ("Ann Roe, 66, was found in the harbour.", "event"),
        ("Two men were found in the harbour.", "event"),
        ("Some 140 men were found in the harbour.", "quantity"),
        ("The fair took place at the Best Western in Osk.", "event"),
    ],
)
def test_kind_is_no_matter_of_a_single_word(text: str, kind: str) -> None:
    assert first(text)["kind"] == kind


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The envoys met Kim Lee-un in Osk.", ["Kim Lee-un", "Osk"]),
        ("The Osk-based yard belongs to Ms. Doe.", ["Osk", "Doe"]),
        ("Nobody knew what I wanted.", []),
        ("Weakened North Karvale asked for help.", ["North Karvale"]),
        ("Likewise, Karvale asked for help.", ["Karvale"]),
        ("They met Sen. Jane Doe of Karvale.", ["Jane Doe", "Karvale"]),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert first(text)["names"] == names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The fair opens from 6-9 p.m. on the quay.", [("time", None, 18.0, 21.0, "hour")]),
        ("The yard stands at 200 Main Street.", []),
        ("They struck down Proposition 8.", []),
        ("They bought the Falken 9 from Osk.", []),
        ("The fair is on 28-29 June.", [("date", None, 19902.0, 19903.0, "day")]),
        ("The fair is on June 28-29.", [("date", None, 19902.0, 19903.0, "day")]),
        ("The yard at Three Rivers was shut.", []),
        ("The ship left at 1348 GMT.", [("time", 13.8, 13.8, 13.8, "hour")]),
        ("Each can holds 222ml of paint.", [("measure", 222.0, 222.0, 222.0, "ml")]),
    ],
)
def test_numbers_of_names_and_clocks(text: str, found: list[tuple[object, ...]]) -> None:
    read = quantities.find(text, dt.date(2024, 5, 2))
    assert [(q.kind, q.value, q.low, q.high, q.unit) for q in read] == found


def test_years_that_are_cut_short_are_a_span() -> None:
    (years,) = quantities.find("They fought the war of 1950-53.", dt.date(2024, 5, 2))
    assert (years.kind, years.low, years.high) == (
        "date",
        (dt.date(1950, 1, 1) - dt.date(1970, 1, 1)).days,
        (dt.date(1953, 12, 31) - dt.date(1970, 1, 1)).days,
    )


@pytest.mark.parametrize(
    ("text", "year"),
    [("He was dismissed in March.", 2019), ("The trial will begin in March.", 2020), ("The fair is in March.", 2020)],
)
def test_a_month_alone_is_past_where_the_sentence_is(text: str, year: int) -> None:
    (month,) = quantities.find(text, dt.date(2020, 2, 14))
    assert month.low == (dt.date(year, 3, 1) - dt.date(1970, 1, 1)).days


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Trade fell in the first month of this year.", dt.date(2020, 1, 1), dt.date(2020, 1, 31)),
        ("Trade fell in the second half of last year.", dt.date(2019, 7, 1), dt.date(2019, 12, 31)),
        ("Trade fell in the final quarter of last year.", dt.date(2019, 10, 1), dt.date(2019, 12, 31)),
        ("Trade fell last year.", dt.date(2019, 1, 1), dt.date(2019, 12, 31)),
    ],
)
def test_a_part_of_a_year_is_not_all_of_it(text: str, low: dt.date, high: dt.date) -> None:
    spans = [(found.low, found.high) for found in quantities.find(text, dt.date(2020, 2, 14)) if found.kind == "date"]
    epoch = dt.date(1970, 1, 1)
    assert spans == [((low - epoch).days, (high - epoch).days)]
