"""A wire's drop folder over several runs: updates, a correction, a kill, an embargo, files that are half written."""

import json
import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
import wires

from flows import show
from flows.job import Job, run
from storage.publish import read_published
from storage.schema import PUBLISHED
from storage.tables import Store

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
WRONG = wires.FIRE[1].replace("12 people", "21 people")
FIRST = (wires.FIRE[0], WRONG, wires.FIRE[2])
SECRET = "The ministry of fisheries will close the Norvik yard with its 340 jobs at the end of June, a letter shows."
LETTER = (SECRET, "The letter was signed by minister Jon Lund on Monday, two people who have read it told Fjord.")


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def go(drop: Path, store: Path, minutes: int = 0):
    return run(Job((drop,), store), clock=lambda: at(minutes))


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def copy(outlet: str, body, minutes: int) -> dict[str, str]:
    url = f"https://{outlet.lower()}.example/fire"
    return {"id": f"{outlet}-{minutes}", "outlet": outlet, "url": url, "title": "Fire in Norvik harbour",
            "text": "\n\n".join(body), "published_at": at(minutes).isoformat()}  # fmt: skip


def articles(store: Path, *columns: str) -> list[tuple]:
    found = read_published(store, "articles").filter(outlet="fjord").sort("external_id", "revision")
    return found.select(columns).rows()


def visible(store: Path) -> str:
    """Everything a reader can see: every published table, and every view of `copydesk show`."""
    tables = [read_published(store, name) for name in PUBLISHED]
    views = [show.rows(store, name) for name in show.VIEWS]
    said = "\n".join(json.dumps(frame.to_dicts(), default=str) for frame in (*tables, *views))
    return said + "".join(path.read_text() for path in store.glob("published/**/*.json"))


def test_updates_correction_and_kill_over_three_runs(tmp_path: Path):
    drop, store = tmp_path / "drop", tmp_path / "store"
    put(drop / "1.xml", wires.g2(wires.g2_item(version=1, body=FIRST)))
    put(drop / "others.jsonl", "\n".join(
        json.dumps(one) for one in (copy("Courier", FIRST, 20), copy("Echo", (*FIRST, wires.FIRE[3]), 25))
    ).encode())  # fmt: skip
    go(drop, store)
    assert articles(store, "version", "revision", "status", "change") == [(1, 1, "usable", None)]

    put(drop / "2.xml", wires.g2(wires.g2_item(
        version=2, body=(*FIRST, wires.FIRE[3]), at="2026-03-04T08:20:00Z", signals=("sig:update",))))  # fmt: skip
    put(drop / "3.xml", wires.g2(wires.g2_item(
        version=3, body=wires.FIRE, at="2026-03-04T08:40:00Z", title="CORRECTED-Fire in Norvik harbour",
        ednote="Corrects number of injured in second paragraph")))  # fmt: skip
    manifest = go(drop, store, 60)
    assert next(step for step in manifest["steps"] if step["step"] == "gather")["rows_out"] == 2
    assert articles(store, "version", "revision", "status", "change") == [
        (1, 1, "superseded", None), (2, 2, "superseded", "update"), (3, 3, "usable", "correction"),
    ]  # fmt: skip
    assert len({item for (item,) in articles(store, "item_id")}) == 1
    uncorrected = show.rows(store, "uncorrected").filter(field="text")
    assert sorted(uncorrected["outlet"]) == ["Courier", "Echo"]
    for row in uncorrected.iter_rows(named=True):
        text = read_published(store, "articles").filter(article_id=row["article_id"])["text"].item()
        assert row["text"] == text[row["begin"] : row["end"]]
        assert "21 people" in row["text"]
        assert "12" in row["correct"]
    stories = read_published(store, "stories")
    assert stories["story_id"].n_unique() == 1  # never a second article of the item in a story
    assert stories.filter(outlet="fjord").height == 1

    kill = {"status": "canceled", "body": ("Do not use.",), "ednote": "Source withdrew"}
    put(drop / "4.xml", wires.g2(wires.g2_item(version=4, at="2026-03-04T09:40:00Z", **kill)))
    go(drop, store, 120)
    assert {status for (status,) in articles(store, "status")} == {"killed"}
    assert set(read_published(store, "facts")["status"]) == {"withdrawn"}
    notice = show.rows(store, "notices").row(0, named=True)
    assert (notice["kind"], notice["text"], notice["basis"]) == ("kill", "Source withdrew", "status: killed")
    live = show.rows(store, "uncorrected")
    assert sorted(live["outlet"]) == ["Courier", "Echo"]
    assert set(live["kind"]) == {"kill"}
    assert live["since"].to_list() == [datetime(2026, 3, 4, 9, 40, tzinfo=UTC)] * 2
    assert read_published(store, "unique_facts").is_empty()
    assert "Do not use." not in read_published(store, "articles")["text"].to_list()
    assert go(drop, store, 180)["status"] == "unchanged"


def _sorted(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort([name for name, kind in frame.schema.items() if not kind.is_nested()])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whichever_order_they_arrive_in_the_tables_are_the_same(tmp_path: Path, seed: int):
    items = [
        wires.g2_item(version=1, body=FIRST),
        wires.g2_item(version=2, body=(*FIRST, wires.FIRE[3]), at="2026-03-04T08:20:00Z", signals=("sig:update",)),
        wires.g2_item(version=3, body=FIRST, at="2026-03-04T08:25:00Z", signals=("sig:repeat",)),
        wires.g2_item("urn:fjord:2", version=1, body=LETTER, title="Yard to close"),
        wires.g2_item("urn:fjord:2", version=2, status="canceled", body=(), at="2026-03-04T08:50:00Z", ednote="Hoax"),
    ]

    def tables(order: list[int], cut: int, name: str) -> dict[str, pl.DataFrame]:
        drop, store = tmp_path / name, tmp_path / f"{name}-store"
        for place, number in enumerate(order):
            put(drop / f"{place}.xml", wires.g2(items[number]))
            if place in (cut, len(order) - 1):
                go(drop, store, place)
        found = {table: read_published(store, table) for table in PUBLISHED if table != "runs"}
        return {table: _sorted(frame.drop("captured_at", strict=False)) for table, frame in found.items()}

    order = list(range(len(items)))
    random.Random(seed).shuffle(order)
    straight, shuffled = tables(list(range(len(items))), len(items) - 1, "straight"), tables(order, seed, "shuffled")
    for table, frame in straight.items():
        assert frame.equals(shuffled[table]), table


def test_a_kill_under_a_name_of_its_own_that_comes_before_the_item(tmp_path: Path):
    drop, store = tmp_path / "drop", tmp_path / "store"
    kill = wires.g2_item("urn:fjord:kill", title="STORY WITHDRAWN-Yard to close", body=("Withdrawn.",))
    link = '<link rel="irel:replaces" residref="urn:fjord:2"/></itemMeta>'
    put(drop / "1.xml", wires.g2(kill.replace("</itemMeta>", link)))
    put(drop / "2.xml", wires.g2(wires.g2_item()))
    go(drop, store)
    put(drop / "3.xml", wires.g2(wires.g2_item("urn:fjord:2", body=LETTER, title="Yard to close")))
    go(drop, store, 10)
    assert articles(store, "external_id", "status") == [("urn:fjord:1", "usable"), ("urn:fjord:2", "killed")]
    assert show.rows(store, "notices")["basis"].unique().to_list() == ["headline: STORY WITHDRAWN"]
    letter = read_published(store, "facts").filter(pl.col("text").str.contains("letter"))
    assert set(letter["status"]) == {"withdrawn"}


def test_an_embargo_holds_until_its_time_and_not_longer(tmp_path: Path):
    drop, store = tmp_path / "drop", tmp_path / "store"
    put(drop / "open.xml", wires.g2(wires.g2_item()))
    held = {"body": LETTER, "title": "Yard to close", "slug": "NORVIK-YARD", "embargo": "2026-03-04T12:00:00+01:00"}
    put(drop / "held.xml", wires.g2(wires.g2_item("urn:fjord:2", **held)))
    manifest = go(drop, store)
    assert next(step for step in manifest["steps"] if step["step"] == "mark")["counts"]["embargoed"] == 1
    assert Store.open(store).scan("pages").collect().height == 2  # it is stored
    for word in ("fisheries", "Jon Lund", "Yard to close", "NORVIK-YARD"):
        assert word not in visible(store)
    go(drop, store, 119)
    assert "fisheries" not in visible(store)
    go(drop, store, 120)
    assert "fisheries" in visible(store)
    [(published,)] = [row for row in articles(store, "published_at") if row[0] > at(0)]
    assert published == at(120)  # nobody had it before


def test_a_half_written_file_waits_and_is_taken_once(tmp_path: Path):
    drop, store = tmp_path / "drop", tmp_path / "store"
    whole = wires.g2(wires.g2_item())
    put(drop / "a.xml", whole[: len(whole) // 2])
    put(drop / "b.json", wires.ninjs1()[:-20])
    put(drop / "c.xml", b"")
    put(drop / "d.json", wires.ninjs3(body=LETTER))
    written = (drop / "a.xml").stat().st_mtime
    soon = datetime.fromtimestamp(written, tz=UTC) + timedelta(seconds=5)
    manifest = run(Job((drop,), store), clock=lambda: soon)
    counts = next(step for step in manifest["steps"] if step["step"] == "gather")["counts"]
    assert (counts["waiting"], counts["rejected"]) == (3, 0)
    assert read_published(store, "articles").height == 1
    put(drop / "a.xml", whole)
    put(drop / "b.json", wires.ninjs1())
    manifest = run(Job((drop,), store), clock=lambda: soon)
    assert next(step for step in manifest["steps"] if step["step"] == "gather")["rows_out"] == 2
    assert read_published(store, "articles").height == 3
    os.utime(drop / "c.xml", (written - 3_600, written - 3_600))
    run(Job((drop,), store), clock=lambda: soon)
    [(outcome, reason)] = read_published(store, "rejects").select("outcome", "reason").rows()
    assert outcome == "empty"
    assert "c.xml" in reason


def test_one_version_with_two_contents_is_reported(tmp_path: Path):
    drop, store = tmp_path / "drop", tmp_path / "store"
    put(drop / "1.xml", wires.g2(wires.g2_item(version=2)))
    put(drop / "2.xml", wires.g2(wires.g2_item(version=2)))  # a resend is no news
    go(drop, store)
    assert read_published(store, "notices").is_empty()
    put(drop / "3.xml", wires.g2(wires.g2_item(version=2, body=FIRST)))
    go(drop, store, 10)
    [row] = show.rows(store, "notices").to_dicts()
    assert (row["kind"], row["version"], row["external_id"]) == ("same_version", 2, "urn:fjord:1")


def test_cleaning_is_done_anew_from_the_store(tmp_path: Path):
    drop, store = tmp_path / "drop", tmp_path / "store"
    for name, item in (
        ("1.xml", wires.g2_item(version=1, body=FIRST)),
        ("2.xml", wires.g2_item(version=2, body=wires.FIRE, at="2026-03-04T08:20:00Z", signals=("sig:correction",))),
        ("3.xml", wires.g2_item("urn:fjord:2", body=LETTER, title="Yard to close")),
        ("4.xml", wires.g2_item("urn:fjord:2", version=2, status="canceled", body=(), ednote="Hoax")),
        ("5.xml", wires.g2_item("urn:fjord:3", body=())),  # no text: a reject of cleaning
    ):
        put(drop / name, wires.g2(item))
    put(drop / "others.jsonl", json.dumps(copy("Courier", FIRST, 20)).encode())
    go(drop, store)
    before = {table: read_published(store, table) for table in PUBLISHED if table != "runs"}
    for path in drop.iterdir():
        path.unlink()
    Store.open(store).replace("articles", Store.open(store).scan("articles").head(1).collect(), run_id="harm")
    manifest = run(Job((), store, reclean=True), clock=lambda: NOW)
    assert next(step for step in manifest["steps"] if step["step"] == "clean")["rows_in"] == 6
    for table, frame in before.items():
        assert read_published(store, table).equals(frame), table
