"""What a scheduled run shows: counts that add up, and words of articles that stay words."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from flows import artifacts
from storage import schema
from storage.runs import Run


def tables(unique: list[tuple[str, str]], rejects: int = 0) -> dict[str, pl.DataFrame]:
    """Published tables of two outlets and one that reports nothing alone, with the columns a report reads."""
    kinds = schema.columns("unique_facts", published=True)
    rows = [
        {**dict.fromkeys(kinds), "outlet": outlet, "story_id": "s", "fact_id": f"f{n}", "field": "text", "text": text,
         "begin": n, "end": n + 1} for n, (outlet, text) in enumerate(unique)
    ]  # fmt: skip
    return {
        "articles": pl.DataFrame({"outlet": ["North", "South", "East", "North"]}),
        "facts": pl.DataFrame({"status": ["unique"] * len(unique) + ["shared"]}),
        "coverage": pl.DataFrame({"outlet": ["North", "South", "South"], "carried": [True, True, False]}),
        "unique_facts": pl.DataFrame(rows, schema=kinds),
        "rejects": pl.DataFrame({
            "source": [f"file{n}.txt" for n in range(rejects)],
            "outcome": ["empty"] * rejects,
            "reason": ["it holds no text"] * rejects,
        }, schema={"source": pl.String, "outcome": pl.String, "reason": pl.String}),
    }  # fmt: skip


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch):
    def made(held: dict[str, pl.DataFrame]) -> str:
        for module in ("flows.artifacts", "flows.show"):
            monkeypatch.setattr(f"{module}.read_published", lambda _store, table: held[table])
        return artifacts.report(Path("store"))

    return made


def test_what_each_outlet_alone_reports(report) -> None:
    text = report(tables([("North", "A"), ("North", "B"), ("South", "C")]))
    assert text.index("## North: 2") < text.index("- A") < text.index("- B") < text.index("## South: 1")
    assert "East" not in text
    assert "Could not be used" not in text
    assert "1 shared, 3 unique" in text


def test_what_is_left_out_is_counted(report) -> None:
    text = report(tables([("North", f"fact number {n}") for n in range(14)], rejects=13))
    assert text.count("- fact number") == 10
    assert "- and 4 more" in text
    assert "## Could not be used: 13" in text
    assert "- and 3 more" in text


def test_words_stay_words(report) -> None:
    text = report(tables([("North", "a <script>x</script> | `b` [c](d)\n# e")]))
    assert "<script>" not in text.replace("\\<", "")
    assert r"\[c\](d) \# e" in text
    assert not any(line.startswith("# e") for line in text.splitlines())


def test_nothing_alone_is_said(report) -> None:
    assert "No fact is reported by one outlet alone." in report(tables([]))


@pytest.mark.parametrize(
    ("folder", "key"),
    [("copydesk-store", "copydesk-store"), ("My Desk", "copydesk-my-desk"), ("Ö", "copydesk"), ("a_b", "copydesk-a-b")],
)
def test_keys_are_what_prefect_takes(folder: str, key: str) -> None:
    assert artifacts.key(Path("/x") / folder) == key


def test_steps_are_rows_second_tries_too(tmp_path: Path) -> None:
    run = Run.start(tmp_path, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC), settings_hash="h")
    with pytest.raises(OSError, match="gone"), run.step("publish"):
        raise OSError("the disk is gone")
    with run.step("publish") as step:
        step.rows_out = 7
        step.counts.update(capped=2, rejected=1)
    rows = artifacts.steps(run)
    assert [(row["step"], row["rows_out"], row["counts"]) for row in rows] == [
        ("publish", 0, ""),
        ("publish", 7, "capped 2, rejected 1"),
    ]
    assert "the disk is gone" in rows[0]["error"]
    assert rows[1]["error"] == ""
