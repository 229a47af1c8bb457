"""The command line as a user meets it: exit codes, one clear sentence for bad input, nothing half-published."""

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

Command = Callable[..., subprocess.CompletedProcess[str]]
Reader = Callable[[Path, str], pl.DataFrame]

ROOT = Path(__file__).parents[2]
FIRE = (
    "A fire broke out in a warehouse in the harbour of Norvik on Tuesday evening, the city's fire service said. "
    "At least 12 people were taken to hospital with burns.\n\n"
    "The blaze started shortly after 8 p.m. in a hall where a furniture maker keeps varnish, according to the police. "
    "Sixty firefighters worked through the night to keep the flames from a nearby school."
)
FIRE_TOO = (
    "Twelve people were hurt when a warehouse burned in Norvik's harbour on Tuesday night, fire officials said.\n\n"
    "The hall belongs to the furniture maker Halden, which employs 340 people in the city. "
    "The company said production would stop for two weeks."
)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """Two good articles on one event, from two outlets, as JSON Lines."""
    path = tmp_path / "articles.jsonl"
    told = [
        ("1", "Gazette", "Warehouse burns in Norvik", FIRE, "2026-03-03T23:50:00Z"),
        ("2", "Courier", "Twelve hurt in Norvik fire", FIRE_TOO, "2026-03-04T00:30:00Z"),
    ]
    rows = [dict(zip(("id", "outlet", "title", "text", "published_at"), row, strict=True)) for row in told]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_help_names_every_command(copydesk: Command) -> None:
    done = copydesk("--help")
    assert done.returncode == 0
    for name in ("run", "backfill", "show", "explain", "clean", "config", "doctor", "serve"):
        assert name in done.stdout


def test_run_publishes_and_show_reads(articles: Path, tmp_path: Path, copydesk: Command, published: Reader) -> None:
    store = tmp_path / "store"
    done = copydesk("run", str(articles), "--store", str(store), "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["articles"] == 2
    assert found["stories"] == 1
    assert {row["outlet"] for row in found["unique_facts"]} == {"Gazette", "Courier"}
    for view in ("stories", "facts", "shared", "unique", "conflicts", "outlets", "rejects", "runs"):
        rows = copydesk("show", view, "--store", str(store), "--json")
        assert rows.returncode == 0, rows.stderr
        json.loads(rows.stdout)
    printed = copydesk("show", "outlets", "--store", str(store))
    assert "2026-03-03" in printed.stdout
    told = json.loads(copydesk("show", "stories", "--store", str(store), "--json").stdout)[0]
    one = copydesk("show", "story", told["story_id"][:9], "--store", str(store))
    assert "Courier" in one.stdout
    assert all(len(line) <= 120 for line in one.stdout.splitlines())
    matrix = json.loads(copydesk("show", "story", told["story_id"], "--store", str(store), "--json").stdout)
    assert len(matrix["facts"]) == told["fact_n"]
    why = json.loads(copydesk("explain", matrix["facts"][0]["fact_id"], "--store", str(store), "--json").stdout)
    assert why["first"].startswith(("decided", "undecided", "one origin"))
    assert all(0 <= mention["score"] <= 1 for mention in why["mentions"])
    assert {row["outlet"] for row in why["coverage"]} == {row["outlet"] for row in matrix["outlets"]}
    assert copydesk("show", "story", "--store", str(store)).returncode == 2
    assert copydesk("show", "story", "s-none", "--store", str(store)).returncode == 1
    only = json.loads(copydesk("show", "unique", "--outlet", "Courier", "--store", str(store), "--json").stdout)
    assert {row["outlet"] for row in only} == {"Courier"}
    assert only == [row for row in found["unique_facts"] if row["outlet"] == "Courier"]
    fact = published(store, "unique_facts").row(0, named=True)
    why = json.loads(copydesk("explain", fact["fact_id"], "--store", str(store), "--json").stdout)
    assert fact["text"] in [mention["text"] for mention in why["mentions"]]
    by_mention = copydesk("explain", why["mentions"][0]["mention_id"][:12], "--store", str(store))
    assert by_mention.stdout.startswith(f"{fact['fact_id']}: unique, 1 outlet, 1 origin, 1 root")
    assert all(len(line) <= 120 for line in by_mention.stdout.splitlines())
    left, right = published(store, "articles")["article_id"].sort()
    pair = json.loads(copydesk("explain", right, left, "--store", str(store), "--json").stdout)
    assert pair["one_story"] is True
    assert pair["one_copy_group"] is False
    assert pair["relation"] == "none"


def test_unknown_outlet_names_the_nearest(articles: Path, tmp_path: Path, copydesk: Command) -> None:
    store = tmp_path / "store"
    copydesk("run", str(articles), "--store", str(store))
    done = copydesk("show", "unique", "--outlet", "Curier", "--store", str(store))
    assert done.returncode == 1
    assert "'Curier'" in done.stderr
    assert "Courier" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_has_seen_enough_is_no_fault(articles: Path, tmp_path: Path, copydesk: Command) -> None:
    store = tmp_path / "store"
    copydesk("run", str(articles), "--store", str(store))
    shell = f"{shlex.quote(sys.executable)} -m flows.cli show facts --json --store {shlex.quote(str(store))} | true"
    done = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stderr == ""


def test_missing_path_is_usage(tmp_path: Path, copydesk: Command) -> None:
    done = copydesk("run", str(tmp_path / "nowhere"), "--store", str(tmp_path / "store"))
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert not (tmp_path / "store").exists()


def test_nothing_to_read_is_usage(tmp_path: Path, copydesk: Command) -> None:
    done = copydesk("run", "--store", str(tmp_path / "store"))
    assert done.returncode == 2
    assert "nothing to read" in done.stderr


def test_unknown_key_names_the_nearest(articles: Path, tmp_path: Path, copydesk: Command) -> None:
    toml = tmp_path / "desk.toml"
    toml.write_text("[facts]\ntie_seconds = 60\n", encoding="utf-8")
    done = copydesk("run", str(articles), "--store", str(tmp_path / "store"), "--config", str(toml))
    assert done.returncode == 2
    assert "tie_seconds" in done.stderr
    assert "tie_s" in done.stderr.replace("tie_seconds", "")


def test_bad_files_are_rejected_and_the_rest_goes_on(tmp_path: Path, copydesk: Command, published: Reader) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_text("Warehouse burns in Norvik\n\n" + FIRE, encoding="utf-8")
    (folder / "latin.txt").write_bytes(
        ("Lagerhaus brennt in Köln\n\n" + FIRE + " Die Bürger von Köln bleiben zu Hause.").encode("cp1252")
    )
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "nobody.html").write_text("<html><head><title>x</title></head></html>", encoding="utf-8")
    (folder / "huge.txt").write_bytes(b"word " * 10_500_000)
    (folder / "rows.jsonl").write_text(
        '{"id": "1", "outlet": "A", "title": "T", "text": ""}\n{broken\n', encoding="utf-8"
    )
    pl.DataFrame({"id": ["1"], "titel": ["x"]}).write_parquet(folder / "columns.parquet")
    pl.DataFrame({"id": ["1"], "outlet": ["A"], "title": [1.5], "text": [[1]]}).write_parquet(folder / "types.parquet")
    store = tmp_path / "store"
    done = copydesk("run", str(folder), "--store", str(store))
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(published(store, "articles")["outlet"].to_list()) == ["good", "latin"]
    text = published(store, "articles").filter(outlet="latin")["text"][0]
    assert "Bürger von Köln" in text
    rejects = published(store, "rejects")
    named = " ".join(rejects["source"])
    for name in (
        "empty.txt",
        "binary.txt",
        "nobody.html",
        "huge.txt",
        "rows.jsonl",
        "columns.parquet",
        "types.parquet",
    ):
        assert name in named, name
    assert rejects.filter(pl.col("reason").str.len_chars() < 20).is_empty()
    again = copydesk("run", str(folder), "--store", str(store))
    assert again.returncode == 3, "the same bad input is bad news every time"
    assert published(store, "rejects").height == rejects.height


def test_duplicate_ids_are_rejected(articles: Path, tmp_path: Path, copydesk: Command, published: Reader) -> None:
    row = {"id": "1", "outlet": "Gazette", "title": "Another", "text": FIRE_TOO + " More."}
    articles.write_text(articles.read_text(encoding="utf-8") + json.dumps(row) + "\n", encoding="utf-8")
    store = tmp_path / "store"
    done = copydesk("run", str(articles), "--store", str(store))
    assert done.returncode == 3
    assert published(store, "rejects")["outcome"].to_list() == ["duplicate_id"]
    assert published(store, "articles").height == 2


def test_store_of_another_schema_version(articles: Path, tmp_path: Path, copydesk: Command) -> None:
    store = tmp_path / "store"
    copydesk("run", str(articles), "--store", str(store))
    said = json.loads((store / "store.json").read_text(encoding="utf-8"))
    key = next(name for name in said if name == "schema_version")
    (store / "store.json").write_text(json.dumps({**said, key: "9.0"}), encoding="utf-8")
    for command in (("run", str(articles)), ("show", "facts"), ("doctor",)):
        done = copydesk(*command, "--store", str(store))
        assert done.returncode == 1, command
        assert "9.0" in done.stderr + done.stdout
        assert "Traceback" not in done.stderr


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A disk of 256 KiB, mounted for one test."""
    folder = tmp_path / "disk"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    mounted = subprocess.run(words, capture_output=True, check=False) if shutil.which("mount") else None
    if mounted is None or mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_full_disk_is_one_sentence_and_publishes_nothing(articles: Path, small_disk: Path, copydesk: Command) -> None:
    done = copydesk("run", str(articles), "--store", str(small_disk / "store"))
    assert done.returncode == 1
    assert "full" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (small_disk / "store" / "published" / "latest").exists()


def test_dry_run_writes_nothing(articles: Path, tmp_path: Path, copydesk: Command) -> None:
    store = tmp_path / "store"
    done = copydesk("run", str(articles), "--store", str(store), "--dry-run", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["new"] == 2
    assert not store.exists()


def test_until_stops_and_the_next_run_goes_on(
    articles: Path, tmp_path: Path, copydesk: Command, published: Reader
) -> None:
    store = tmp_path / "store"
    done = copydesk("run", str(articles), "--store", str(store), "--until", "mark")
    assert done.returncode == 0
    assert not (store / "published").exists() or not (store / "published" / "latest").exists()
    done = copydesk("run", str(articles), "--store", str(store))
    assert done.returncode == 0
    assert published(store, "articles").height == 2


def test_backfill_takes_its_days_and_leaves_the_others(
    articles: Path, tmp_path: Path, copydesk: Command, published: Reader
) -> None:
    store = tmp_path / "store"
    words = ("backfill", str(articles), "--store", str(store))
    done = copydesk(*words, "--since", "2026-03-04", "--until", "2026-03-05")
    assert done.returncode == 0, done.stderr
    assert published(store, "articles")["outlet"].to_list() == ["Courier"]
    assert "left out, because published outside 2026-03-04 to 2026-03-05: 1" in done.stderr
    (manifest,) = (store / "runs").glob("2*.json")
    assert json.loads(manifest.read_text(encoding="utf-8"))["steps"][0]["counts"]["outside_days"] == 1
    done = copydesk(*words, "--since", "2026-03-01", "--until", "2026-03-31")
    assert done.returncode == 0, done.stderr
    whole = tmp_path / "whole"
    copydesk("run", str(articles), "--store", str(whole))
    for table in ("stories", "facts", "unique_facts", "coverage"):
        left, right = published(store, table), published(whole, table)
        assert left.sort(left.columns).equals(right.sort(right.columns)), table


def test_backfill_days_the_wrong_way_round(articles: Path, tmp_path: Path, copydesk: Command) -> None:
    done = copydesk(
        "backfill", str(articles), "--since", "2026-03-05", "--until", "2026-03-01", "--store", str(tmp_path / "s")
    )
    assert done.returncode == 2
    assert "2026-03-05" in done.stderr


def test_clean_needs_no_store(tmp_path: Path, copydesk: Command) -> None:
    page = tmp_path / "page.txt"
    page.write_text("Warehouse burns in Norvik\n\n" + FIRE, encoding="utf-8")
    out = tmp_path / "out.jsonl"
    done = copydesk("clean", str(page), "-o", str(out), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (row,) = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    wanted = "path title dek byline published_at published_precision published_source language text blocks"
    assert set(row) >= set(wanted.split())
    assert row["title"] == "Warehouse burns in Norvik"
    assert row["text"] == FIRE
    assert "".join(block["text"] for block in row["blocks"]) == page.read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl", "page.txt"]


def test_config_says_where_a_value_comes_from(tmp_path: Path, copydesk: Command) -> None:
    toml = tmp_path / "desk.toml"
    toml.write_text("[facts]\ntie_s = 60\n", encoding="utf-8")
    done = copydesk("config", "--config", str(toml), "--set", "copies.window_days=14", "--json")
    assert done.returncode == 0, done.stderr
    rows = {row["key"]: row for row in json.loads(done.stdout)}
    assert (rows["facts.tie_s"]["value"], "desk.toml" in rows["facts.tie_s"]["origin"]) == ("60", True)
    assert (rows["copies.window_days"]["value"], rows["copies.window_days"]["origin"]) == ("14", "command line")
    assert rows["copies.seed"]["origin"] == "default"


def test_doctor(tmp_path: Path, copydesk: Command) -> None:
    done = copydesk("doctor", "--store", str(tmp_path / "none"))
    assert "ok   python" in done.stdout
    assert "dedupe" in done.stdout


def test_a_second_run_at_the_same_time_is_refused(articles: Path, tmp_path: Path, copydesk: Command) -> None:
    from datetime import UTC, datetime

    from storage.runs import lease
    from storage.tables import Store

    store = Store.open(tmp_path / "store")
    with lease(store.root, clock=lambda: datetime(2026, 3, 1, tzinfo=UTC)):
        done = copydesk("run", str(articles), "--store", str(store.root))
    assert done.returncode == 1
    assert "in use" in done.stderr
