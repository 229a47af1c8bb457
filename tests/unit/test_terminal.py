"""What a person sees: no text steers the terminal, who was first is said with its basis, every width holds the rows."""

import datetime as dt
import sys
from typing import Any

import polars as pl
import pytest

from flows import terminal

WHEN = dt.datetime(2031, 9, 1, 6, 12, tzinfo=dt.UTC)
FACT = "f-" + "0a" * 10


def fact(**said: Any) -> dict[str, Any]:
    return {"story_id": "s-" + "1b" * 10, "fact_id": FACT, "status": "shared", "outlets": ["Courier", "Ledger"],
            "origin_n": 2, "root_n": 2, "first_outlet": "Courier", "first_at": WHEN, "first_basis": "instant",
            "text": "The harbour closed."} | said  # fmt: skip


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ({}, "Courier, 2031-09-01 06:12"),
        ({"first_basis": "day", "first_at": WHEN.replace(hour=0, minute=0)}, "Courier, 2031-09-01, by days"),
        ({"first_basis": "tie", "first_outlet": None, "first_at": None}, "undecided: too close to tell"),
        ({"first_basis": "unknown_time", "first_outlet": None, "first_at": None}, "undecided: a time is unknown"),
    ],
)
def test_who_was_first_is_said_with_what_decided(said: dict[str, Any], first: str) -> None:
    row = terminal.shown("facts", pl.DataFrame([fact(**said)])).row(0, named=True)
    assert row["reported first by"] == first
    assert row["fact"] == FACT[:10]


def test_no_text_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    evil = "\x1b[2J\x1b]0;owned\x07 red\x9b31m \u202egnp\u2066 \r\nnext\u2028line [bold]x[/bold] \x00"
    terminal.print_rows(terminal.shown("facts", pl.DataFrame([fact(text=evil, outlets=[evil])])), title="t", empty="")
    found = capsys.readouterr().out
    assert not set(found) & set("\x1b\x07\x9b\u202e\u2066\r\x00\u2028")
    assert "[bold]x[/bold]" in " ".join(found.split())


@pytest.mark.parametrize("columns", [40, 80, 99, 100, 160, 250])
@pytest.mark.parametrize("view", ["facts", "shared"])
def test_every_width_holds_the_rows(
    columns: int, view: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(columns))
    words = " ".join(f"word{n}" for n in range(60))
    rows = terminal.shown(view, pl.DataFrame([fact(text=words), fact(text="Short.", first_outlet=None)]))
    terminal.print_rows(rows, title="facts", empty="")
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= columns
    assert all(any(f"word{n}" in line for line in lines) for n in range(60))
    assert sum(FACT[:10] in line for line in lines) == 2


def test_a_long_table_begins_before_it_is_laid_out_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "_CHUNK", 3)
    terminal.print_rows(pl.DataFrame({"outlet": [f"Paper {n}" for n in range(7)]}), title="outlets", empty="")
    lines = capsys.readouterr().out.splitlines()
    assert lines.count("outlet") == 3
    assert [line for line in lines if line.startswith("Paper")] == [f"Paper {n}" for n in range(7)]
