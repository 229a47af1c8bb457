"""Datelines, credits and sign-offs: what is typed, what becomes the article's credit, and the traps that are none."""

import polars as pl
import pytest
from marked import read

from dedupe.page.credits import credit_of

BEFORE = "The harbour board approved the new breakwater on Tuesday after four hours of debate in a crowded hall."
AFTER = "Engineers expect the work to take two summers, and to cost about 14 million euros before storm repairs."
SAID = "The harbour board said on Tuesday that it would study the entrance again."


def roles(*lines):
    _, blocks = read("\n".join(lines), given_title="zzz")
    shown = blocks.filter(pl.col("text").str.strip_chars() != "")
    rows = shown.select(pl.col("text").str.strip_chars(), "role", "kept").rows()
    return [(text, role, kept) for text, role, kept in rows if text not in (BEFORE, AFTER)]


@pytest.mark.parametrize(
    ("line", "credit"),
    [
        ("By The Associated Press", "The Associated Press"),
        ("By the Associated Press", "Associated Press"),
        ("Agencia EFE", "EFE"),
        ("Riproduzione riservata © Copyright ANSA", "ANSA"),
        ("Von Anna Müller, dpa", "dpa"),
        ("Par Anne Dupont / AFP", "AFP"),
        ("(AP)", "AP"),
        ("© AFP", "AFP"),
        ("© 2026 AFP", "AFP"),
        ("Copyright AFP", "AFP"),
        ("Copyright 2026 The Associated Press. All rights reserved.", "Associated Press"),
    ],
)
def test_a_credit_at_the_end_is_a_row_and_the_articles_credit(line, credit):
    [(text, role, kept)] = roles(BEFORE, AFTER, line)
    assert (text, role, kept) == (line, "credit", False)
    assert credit in (credit_of(role, text) or "")


@pytest.mark.parametrize("line", ["© AFP", "Copyright AFP", "AP", "(AP)", "(AP Photo/John Miller)", "Photo: via AP"])
def test_rights_between_paragraphs_are_a_photos(line):
    assert roles(BEFORE, line, AFTER) == [(line, "caption", False)]


@pytest.mark.parametrize(
    ("head", "credit"),
    [
        ("LONDON (AP) — ", "AP"),
        ("LONDON, May 3 (Reuters) - ", "Reuters"),
        ("NEW YORK, May 3, 2026 /PRNewswire/ -- ", "PRNewswire"),
        ("Hamburg (dpa/lno) - ", "dpa"),
        ("Madrid, 3 may (EFE).- ", "EFE"),
        ("(ANSA) - ", "ANSA"),
        ("LISBOA (Lusa) - ", "Lusa"),
        ("PARIS (AFP) – ", "AFP"),
        ("WASHINGTON (AP) ", "AP"),
    ],
)
def test_a_dateline_is_typed_and_stays(head, credit):
    found = roles(BEFORE, head + SAID, AFTER)
    assert found == [(head.strip(), "dateline", True), (SAID, "body", True)]
    assert credit_of("dateline", head) == credit


@pytest.mark.parametrize(
    "line",
    [
        "(Reporting by Jane Miller; Editing by Tom Brown)",
        "Reporting by Jane Miller in London and Ahmed Ali in Cairo; editing by Tom Brown",
        "(Reportage de Jean Dupont, édité par Marie Curie)",
        "The Associated Press contributed to this report.",
        "Associated Press writers Jane Miller in London and Ahmed Ali in Cairo contributed to this report.",
    ],
)
def test_a_sign_off_is_a_row_and_no_credit(line):
    assert roles(BEFORE, AFTER, line) == [(line, "signoff", False)]
    assert credit_of("signoff", line) is None


@pytest.mark.parametrize(
    "line",
    [
        "The party (PA) said on Tuesday that it would study the entrance again after a debate.",
        "Alcoholics Anonymous (AA) said on Tuesday that it would study the entrance again.",
        "He told CNN that the wall would stand.",
        "Editing by machines worries the union.",
        "Written by the mayor in 1990, the letter was lost.",
        "He contributed to this report's chapter on harbours, she said, and to two others before it was sent.",
    ],
)
def test_a_wires_name_in_a_sentence_is_text(line):
    assert roles(BEFORE, line, AFTER) == [(line, "body", True)]
