"""Published snapshots: complete or not there, the same bytes for the same rows, readable by anyone."""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import dataframely as dy
import polars as pl
import pytest

from storage import days, schema
from storage import publish as publishing
from storage.publish import publish, read_published
from storage.runs import Run
from storage.tables import Store, StoreError

NO_DATE = "date=__HIVE_DEFAULT_PARTITION__"
LINKED = [
    table for table in schema.PUBLISHED if table not in {"articles", "notices", "blocks", "outlets", "rejects", "runs"}
]


def at(day: int, hour: int = 12) -> dt.datetime:
    return dt.datetime(2026, 1, day, hour, tzinfo=dt.UTC)


def rows(table: str, *given: dict[str, object]) -> pl.DataFrame:
    """Rows with the given values; the rest is made up, the same every time."""
    made = schema.conform(table, schema.STORED[table].sample(len(given), generator=dy.random.Generator(seed=7)))
    columns = {name: pl.Series([row[name] for row in given], dtype=made.schema[name]) for name in given[0]}
    return made.with_columns(**columns)


def tables() -> dict[str, pl.DataFrame]:
    """Four articles on four days; a2 was published on the 2nd, whatever its capture; a4 has no publication time."""
    return {
        "articles": rows(
            "articles",
            *(
                {"article_id": f"a{n}", "capture_id": f"c{n}", "published_at": time, "captured_at": at(9)}
                for n, time in enumerate((at(1), at(2, 0), at(3, 23), None), 1)
            ),
        ),
        "blocks": rows(
            "blocks",
            *({"article_id": a, "block": n, "capture_id": c} for a, c in [("a1", "c1"), ("a1", "late"), ("a2", "c2")]
              for n in range(3)),
        ),
        "pairs": rows("pairs", {"article_a": "a1", "article_b": "a2"}, {"article_a": "a3", "article_b": "a4"}),
        "copies": rows("copies", {"copy_group": "g", "article_id": "a3"}, {"copy_group": "g", "article_id": "a2"}),
        "stories": rows("stories", *({"story_id": f"s{n % 2}", "article_id": f"a{n}"} for n in (1, 2, 3, 4))),
        "mentions": rows(
            "mentions",
            {"mention_id": "m1", "fact_id": "f1", "article_id": "a3"},
            {"mention_id": "m2", "fact_id": "f1", "article_id": "a2"},
            {"mention_id": "m3", "fact_id": "f2", "article_id": "a4"},
        ),
        "facts": rows("facts", {"fact_id": "f1"}, {"fact_id": "f2"}),
        "coverage": rows("coverage", {"fact_id": "f1", "outlet": "x"}, {"fact_id": "f2", "outlet": "x"}),
        "unique_facts": rows("unique_facts", {"fact_id": "f2", "outlet": "x"}),
        "conflicts": rows("conflicts", {"mention_a": "m1", "mention_b": "m3"}),
        "attributions": rows("attributions", {"article_id": "a3", "mention_id": "m1", "hop": 0}),
        "notices": rows("notices", {"notice_id": "n1", "noticed_at": at(7)}),
        "uncorrected": rows("uncorrected", {"item_id": "i", "article_id": "a2"}),
        "outlets": rows("outlets", {"outlet": "x", "day": dt.date(2026, 1, 5)}),
        "rejects": rows("rejects", {"source": "s", "outcome": "empty", "reason": "r", "captured_at": at(6)}),
    }  # fmt: skip


DAYS = {
    "articles": {"a1": 1, "a2": 2, "a3": 3, "a4": 9},
    "blocks": {"a1": 1, "a2": 2},
    "pairs": {"a1": 1, "a3": 3},
    "copies": {"a2": 2, "a3": 2},
    "stories": {"a1": 1, "a2": 2, "a3": 1, "a4": 2},
    "mentions": {"m1": 3, "m2": 2, "m3": 9},
    "facts": {"f1": 2, "f2": 9},
    "coverage": {"f1": 2, "f2": 9},
    "unique_facts": {"f2": 9},
    "conflicts": {"m1": 3},
    "attributions": {"a3": 3},
    "notices": {"n1": 7},
    "uncorrected": {"a2": 2},
    "outlets": {"x": 5},
    "rejects": {"s": 6},
    "runs": {},
}
NAMED = {"pairs": "article_a", "conflicts": "mention_a", "coverage": "fact_id", "unique_facts": "fact_id",
         "attributions": "article_id", "copies": "article_id", "stories": "article_id",
         "uncorrected": "article_id"}  # fmt: skip


def fill(store: Store, *, order: int = 1, batches: int = 1) -> None:
    for table, frame in list(tables().items())[::order]:
        for n in range(batches):
            store.append(table, frame[n::batches][::order], run_id=f"r{order}{n}")


def a_run(store: Store, second: int = 0) -> Run:
    times = (at(20) + dt.timedelta(seconds=second, milliseconds=n) for n in range(1000))
    return Run.start(store.root, clock=lambda: next(times), settings_hash="s")


def files(snapshot: Path) -> dict[str, bytes]:
    return {str(p.relative_to(snapshot)): p.read_bytes() for p in sorted(snapshot.rglob("*.parquet"))}


def content(snapshot: Path) -> dict[str, bytes]:
    return {name: data for name, data in files(snapshot).items() if not name.startswith("runs/")}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    store = Store.open(tmp_path_factory.mktemp("filled"))
    fill(store)
    return store.root


@pytest.fixture
def store(filled, tmp_path):
    shutil.copytree(filled, tmp_path / "store")
    return Store.open(tmp_path / "store")


@pytest.fixture(scope="module")
def shown(filled, tmp_path_factory):
    """A store that has published; for tests that only look."""
    store = Store(tmp_path_factory.mktemp("shown") / "store")
    shutil.copytree(filled, store.root)
    publish(store, a_run(store))
    return store


def test_every_table_is_there_with_its_columns(store, published):
    snapshot = publish(store, a_run(store))
    assert snapshot.changed
    assert set(snapshot.rows) == set(schema.PUBLISHED)
    for table in schema.PUBLISHED:
        frame = published(store.root, table)
        assert frame.drop("date").schema == pl.Schema(schema.columns(table, published=True))
        assert frame.height == snapshot.rows[table]
        assert read_published(store.root, table).equals(frame.drop("date"))
        for path in (store.root / "published" / "latest" / table).rglob("*.parquet"):
            assert "date" not in pl.read_parquet_schema(path)
    assert snapshot.rows["blocks"] == 6  # the page an article was captured from a second time is not shown


@pytest.mark.parametrize("table", [table for table in schema.PUBLISHED if table != "runs"])
def test_every_row_stands_on_its_day(shown, published, table):
    frame = published(shown.root, table)
    key = NAMED.get(table, schema.keys(table)[0])
    assert {value: day.day for value, day in frame.select(key, "date").rows()} == DAYS[table]


def test_published_rows_are_the_stored_rows(shown, published):
    for table, frame in tables().items():
        if table != "blocks":
            columns = list(schema.columns(table, published=True))
            key = schema.keys(table, published=True)
            assert published(shown.root, table).select(columns).sort(key).equals(frame.select(columns).sort(key))


def test_an_empty_store_publishes_every_table(tmp_path, published):
    store = Store.open(tmp_path)
    snapshot = publish(store, a_run(store))
    for table in schema.PUBLISHED:
        if table != "runs":
            assert snapshot.rows[table] == 0
            assert [p.name for p in (snapshot.path / table).iterdir()] == [NO_DATE]
            frame = pl.read_parquet(snapshot.path / table / NO_DATE / "part-0.parquet", hive_partitioning=False)
            assert frame.schema == pl.Schema(schema.columns(table, published=True))
            assert published(tmp_path, table).drop("date").schema == frame.schema
    fill(store)
    publish(store, a_run(store, 1))
    assert not list((tmp_path / "published" / "latest").glob(f"*/{NO_DATE}"))


def test_rows_without_their_article_are_shown_without_a_day(tmp_path, published):
    store = Store.open(tmp_path)
    for table in LINKED:
        store.append(table, tables()[table], run_id="r")
    snapshot = publish(store, a_run(store))
    for table in LINKED:
        assert [p.name for p in (snapshot.path / table).iterdir()] == [NO_DATE]
        assert published(tmp_path, table).height == tables()[table].height


def test_nothing_new_touches_nothing(store):
    first = publish(store, a_run(store))
    before = {p: p.lstat().st_mtime_ns for p in (store.root / "published").rglob("*")}
    again = publish(store, a_run(store, 5))
    assert (again.changed, again.path, again.digests) == (False, first.path, first.digests)
    assert {p: p.lstat().st_mtime_ns for p in (store.root / "published").rglob("*")} == before
    # The same rows in other files: looked at, found equal, left alone.
    for table, frame in tables().items():
        store.replace(table, frame[:1], run_id="r")
        store.replace(table, frame, run_id="r")
    assert not publish(store, a_run(store, 6)).changed
    assert (store.root / "published" / "latest").resolve() == first.path.resolve()
    assert len(list((store.root / "published" / "snapshots").iterdir())) == 1


def test_order_batches_and_processes_do_not_show(store, tmp_path):
    first = publish(store, a_run(store))
    other = Store.open(tmp_path / "other")
    fill(other, order=-1, batches=2)
    second = publish(other, a_run(other, 77))
    assert content(second.path) == content(first.path)
    code = """
        import sys
        sys.path.insert(0, sys.argv[2])
        from pathlib import Path
        import test_publish as t
        store = t.Store.open(Path(sys.argv[1]))
        t.fill(store, order=-1)
        t.publish(store, t.a_run(store, 99))
    """
    third = tmp_path / "process"
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(third), str(Path(__file__).parent)],
        env={**os.environ, "PYTHONHASHSEED": "1", "POLARS_MAX_THREADS": "3"}, cwd=Path(__file__).parents[2],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert content(third / "published" / "latest") == content(first.path)


def test_bytes_do_not_depend_on_chunks(tmp_path, monkeypatch):
    # Nested columns sliced out of a larger chunk kept its buffers, and these showed in the bytes.
    frame = schema.conform("mentions", schema.STORED["mentions"].sample(3000, generator=dy.random.Generator(seed=1)))
    articles = rows("articles", *({"article_id": f"a{n}", "published_at": at(1 + n)} for n in range(5)))
    mentions = frame.with_columns(article_id=pl.Series([f"a{n % 5}" for n in range(3000)]))
    found = []
    for name, pieces, batch in (("one", 1, 10**6), ("many", 7, 500)):
        monkeypatch.setattr(days, "_BATCH_ROWS", batch)
        store = Store.open(tmp_path / name)
        store.append("articles", articles, run_id="r")
        for n in range(pieces):
            store.append("mentions", mentions[n::pieces], run_id="r")
        found.append(content(publish(store, a_run(store)).path))
    assert found[0] == found[1]


def test_days_that_did_not_change_are_linked(store):
    first = publish(store, a_run(store))
    more = rows("articles", {"article_id": "a5", "capture_id": "c5", "published_at": at(3), "captured_at": at(9)})
    store.append("articles", more, run_id="r")
    second = publish(store, a_run(store, 1))
    assert second.changed
    assert second.digests["articles"] != first.digests["articles"]
    assert {t for t in second.digests if second.digests[t] != first.digests[t]} == {"articles", "runs"}

    def inode(snapshot: Path, name: str) -> int:
        return (snapshot / name / "part-0.parquet").stat().st_ino

    assert inode(first.path, "articles/date=2026-01-01") == inode(second.path, "articles/date=2026-01-01")
    assert inode(first.path, "articles/date=2026-01-03") != inode(second.path, "articles/date=2026-01-03")
    assert inode(first.path, "facts/date=2026-01-02") == inode(second.path, "facts/date=2026-01-02")
    # Step by step or all at once: the same bytes.
    fresh = Store.open(store.root.parent / "fresh")
    fill(fresh)
    fresh.append("articles", more, run_id="x")
    assert content(publish(fresh, a_run(fresh)).path) == content(second.path)


def test_without_links_files_are_copied(store, monkeypatch):
    def no_links(self, target):
        raise OSError("not supported")

    publish(store, a_run(store))
    store.replace("facts", tables()["facts"][:1], run_id="r")
    monkeypatch.setattr(Path, "hardlink_to", no_links)
    assert content(publish(store, a_run(store, 1)).path).keys() >= {"articles/date=2026-01-01/part-0.parquet"}


def test_the_manifest_says_what_is_there(store):
    run = a_run(store)
    snapshot = publish(store, run)
    for path in (store.root / "published" / "manifest.json", snapshot.path / "manifest.json"):
        told = json.loads(path.read_bytes())
        assert told["schema_version"] == schema.SCHEMA_VERSION
        assert told["run_id"] == run.run_id
        assert dt.datetime.fromisoformat(told["made_at"]) > at(20)
        assert list(told["tables"]) == list(schema.PUBLISHED)
    named = {file["path"]: file for table in told["tables"].values() for file in table["files"]}
    assert named.keys() == files(snapshot.path).keys()
    for name, data in files(snapshot.path).items():
        assert named[name]["digest"] == publishing._digest(data)
        assert named[name]["rows"] == pl.read_parquet(snapshot.path / name, hive_partitioning=False).height


def test_runs_are_those_that_changed_something(store, published):
    runs = [a_run(store, n) for n in range(3)]
    publish(store, runs[0])
    assert not publish(store, runs[1]).changed
    store.replace("facts", tables()["facts"][:1], run_id=runs[2].run_id)
    publish(store, runs[2])
    frame = published(store.root, "runs")
    assert frame["run_id"].to_list() == [runs[0].run_id, runs[2].run_id]
    assert frame["status"].unique().to_list() == ["published"]
    assert (frame["ended_at"] > frame["started_at"]).all()
    assert store.scan("runs").collect().height == 2


def test_a_run_may_publish_twice(store, published):
    run = a_run(store)
    first = publish(store, run)
    store.replace("facts", tables()["facts"][:1], run_id=run.run_id)
    second = publish(store, run)
    assert second.changed
    assert second.path != first.path
    assert published(store.root, "runs")["run_id"].to_list() == [run.run_id]


def test_old_snapshots_go(store):
    for n in range(4):
        facts = tables()["facts"].with_columns(text=pl.lit(f"version {n}"))
        store.replace("facts", facts, run_id="r")
        publish(store, a_run(store, n), keep=2)
        snapshots = sorted(p.name for p in (store.root / "published" / "snapshots").iterdir())
        assert len(snapshots) == min(n + 1, 2)
        assert (store.root / "published" / "latest").readlink().name == snapshots[-1]


# Crashes


def changed(store: Store) -> None:
    store.replace("facts", tables()["facts"][:1], run_id="r")


@pytest.mark.parametrize("where", ["_write_part", "_write_runs", "write_file", "_link", "_remove_old"])
def test_a_crash_anywhere_shows_the_old_snapshot_or_the_new_one(store, monkeypatch, where, published):
    first = publish(store, a_run(store))
    changed(store)

    def crash(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(publishing, where, crash)
    with pytest.raises(KeyboardInterrupt):
        publish(store, a_run(store, 1))
    monkeypatch.undo()
    latest = (store.root / "published" / "latest").resolve()
    assert (latest == first.path.resolve()) == (where != "_remove_old")
    told = json.loads((latest / "manifest.json").read_bytes())
    assert sum(len(table["files"]) for table in told["tables"].values()) == len(files(latest))
    again = publish(store, a_run(store, 2))
    assert again.changed == (where != "_remove_old")
    assert published(store.root, "facts").height == 1
    assert not list((store.root / "published").rglob(".*"))
    assert len(list((store.root / "published" / "snapshots").iterdir())) == 2


def test_a_run_killed_after_the_swap_is_remembered(store, monkeypatch, published):
    real = Store.append
    run = a_run(store)
    monkeypatch.setattr(Store, "append", lambda *a, **k: (_ for _ in ()).throw(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        publish(store, run)
    monkeypatch.setattr(Store, "append", real)
    changed(store)
    later = a_run(store, 1)
    publish(store, later)
    assert published(store.root, "runs")["run_id"].to_list() == [run.run_id, later.run_id]
    assert store.scan("runs").collect().height == 2


def test_a_full_disk_leaves_the_old_snapshot(store, monkeypatch):
    first = publish(store, a_run(store))
    changed(store)

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StoreError, match=r"published cannot be written: the disk is full"):
        publish(store, a_run(store, 1))
    assert (store.root / "published" / "latest").resolve() == first.path.resolve()


def test_a_damaged_or_missing_snapshot_is_made_anew(store):
    first = publish(store, a_run(store))
    before = content(first.path)
    (first.path / "manifest.json").write_text("{")
    assert content(publish(store, a_run(store, 1)).path) == before
    shutil.rmtree(store.root / "published" / "snapshots")
    assert content(publish(store, a_run(store, 2)).path) == before
    shutil.rmtree(store.root / "published")
    snapshot = publish(store, a_run(store, 3))
    assert content(snapshot.path) == before
    assert snapshot.rows["runs"] == 4  # the store remembers


def test_a_column_that_was_added_since_is_null(store):
    snapshot = publish(store, a_run(store))
    for file in (snapshot.path / "articles").rglob("*.parquet"):
        pl.read_parquet(file, hive_partitioning=False).drop("credit", "keywords").write_parquet(file)
    rows = read_published(store.root, "articles", dated=True)
    assert rows.columns == [*schema.columns("articles", published=True), "date"]
    assert not rows.is_empty()
    assert rows["credit"].is_null().all()
    assert rows.schema["keywords"] == schema.columns("articles")["keywords"]


def test_a_reader_sees_whole_snapshots_only(store):
    publish(store, a_run(store))
    latest = store.root / "published" / "latest"
    wrong: list[object] = []
    seen: set[str] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                folder = latest.resolve(strict=True)
                told = json.loads((folder / "manifest.json").read_bytes())
                named = {file["path"] for table in told["tables"].values() for file in table["files"]}
                if {str(p.relative_to(folder)) for p in folder.rglob("*.parquet")} != named:
                    wrong.append(folder)
                texts = pl.read_parquet(folder / "facts" / "*" / "*.parquet", hive_partitioning=False)["text"]
                seen.update(texts)
                if texts.n_unique() != 1:
                    wrong.append(texts)
            except (OSError, KeyError, ValueError, pl.exceptions.PolarsError) as error:
                wrong.append(error)

    for n in (0, 1):
        store.replace("facts", tables()["facts"].with_columns(text=pl.lit(f"start {n}")), run_id="r")
        publish(store, a_run(store, n))
    reader = threading.Thread(target=read)
    reader.start()
    for n in range(2, 6):
        store.replace("facts", tables()["facts"].with_columns(text=pl.lit(f"version {n}")), run_id="r")
        publish(store, a_run(store, n), keep=20)
    stop.set()
    reader.join()
    assert not wrong
    assert len(seen) > 1


def test_reading_what_was_never_published_is_said(tmp_path):
    store = Store.open(tmp_path)
    with pytest.raises(StoreError, match="has published nothing yet"):
        read_published(store.root, "facts")
