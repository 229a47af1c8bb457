"""Captures to rows: a fault while cleaning one page is a reject of that page."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dedupe.settings import CleanSettings
from flows.clean import Page, Rejected, rows
from flows.sources import Capture


def capture(content: bytes, name: str = "a.txt") -> dict[str, object]:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return Capture(f"c-{name}", "files", name, "Gazette", at, "text/plain", content).row()


def test_a_fault_is_a_value_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        message = "tree is   broken"
        raise RuntimeError(message)

    monkeypatch.setattr(rows, "clean", broken)
    found = rows.cleaned(capture(b"text"), CleanSettings())
    assert isinstance(found, Rejected)
    assert found.outcome == "unreadable"
    assert "RuntimeError (tree is broken)" in found.reason


def test_blocks_tile_the_captured_text() -> None:
    page = rows.cleaned(
        capture("Títle\n\nA first paragraph of the article, long enough.\nAnd one more.\n".encode()), CleanSettings()
    )
    assert isinstance(page, Page)
    frame = rows.blocks(rows.pages([page]))
    assert "".join(frame["text"]) == page.text
    assert frame["block"].to_list() == list(range(frame.height))


def test_rejects_name_the_capture() -> None:
    given = [capture(b"", "empty.txt"), capture(b"A line of text that is kept as it stands.", "good.txt")]
    results = [rows.cleaned(one, CleanSettings()) for one in given]
    (reject,) = rows.rejects(given, results)
    assert (reject.source, reject.capture_id, reject.outcome) == ("empty.txt", "c-empty.txt", "empty")
    assert rows.pages(results)["capture_id"].to_list() == ["c-good.txt"]
    assert Path(reject.source).suffix == ".txt"


def test_what_only_the_input_knows_is_used() -> None:
    given = {**capture(b"A paragraph that is long enough to be the body of a small article, and no headline.", "row"),
             "given_title": "A title", "given_dek": "A stand-first", "given_byline": "Ida Berg"}  # fmt: skip
    page = rows.cleaned(given, CleanSettings())
    assert isinstance(page, Page)
    assert (page.title, page.dek, page.byline) == ("A title", "A stand-first", "Ida Berg")
