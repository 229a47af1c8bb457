"""The door to stored tables: what goes in comes out once, whatever is tried again, killed or done at the same time."""

import errno
import json
import os
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import dataframely as dy
import deltalake
import polars as pl
import pytest

from storage import commits, schema
from storage.tables import Store, StoreError


def sample(table: str, rows: int, seed: int = 1) -> pl.DataFrame:
    return schema.conform(table, schema.STORED[table].sample(rows, generator=dy.random.Generator(seed=seed)))


def stories(*rows: tuple[str, str]) -> pl.DataFrame:
    ids = pl.DataFrame(rows, schema=["story_id", "article_id"], orient="row")
    return ids.with_columns(
        outlet=pl.lit("o"), score=pl.lit(1.0), cohesion=pl.lit(1.0), digest=pl.lit("d"), made_of=pl.lit("-")
    )


def stored(store: Store, table: str) -> pl.DataFrame:
    return store.scan(table).collect().sort(schema.keys(table))


@pytest.fixture
def store(tmp_path):
    return Store.open(tmp_path / "store")


@pytest.mark.parametrize("table", list(schema.STORED))
def test_nothing_stored_is_an_empty_table(store, table):
    frame = store.scan(table).collect()
    assert frame.is_empty()
    assert dict(frame.schema) == schema.columns(table)
    assert store.version(table) == -1


@pytest.mark.parametrize("table", list(schema.STORED))
def test_what_goes_in_comes_out(store, table):
    frame = sample(table, 20)
    assert store.append(table, frame, run_id="r") == 20
    assert stored(store, table).equals(frame.sort(schema.keys(table)))
    assert dict(stored(store, table).schema) == schema.columns(table)


def test_append_twice_adds_nothing_and_makes_no_version(store):
    frame = sample("articles", 10)
    store.append("articles", frame, run_id="r1")
    version = store.version("articles")
    assert store.append("articles", frame.reverse(), run_id="r2") == 0
    assert store.append("articles", frame.clear(), run_id="r2") == 0
    assert store.version("articles") == version


def test_append_adds_only_what_is_new_and_never_changes_a_row(store):
    store.append("stories", stories(("s1", "a1"), ("s1", "a2")), run_id="r1")
    assert store.append("stories", stories(("s9", "a2"), ("s2", "a3")), run_id="r2") == 1
    assert stored(store, "stories").select("story_id", "article_id", "run_id").rows() == [
        ("s1", "a1", "r1"),
        ("s1", "a2", "r1"),
        ("s2", "a3", "r2"),
    ]


def test_identical_rows_collapse_and_different_ones_are_refused(store):
    twice = pl.concat([stories(("s1", "a1")), stories(("s1", "a1"), ("s1", "a2"))])
    assert store.append("stories", twice, run_id="r") == 2
    lineage = stories(("s3", "a3"), ("s3", "a3")).with_columns(run_id=pl.Series(["r2", "r1"]))
    assert store.append("stories", lineage, run_id="r") == 1
    assert stored(store, "stories")["run_id"].to_list() == ["r", "r", "r1"]
    with pytest.raises(StoreError, match=r"^stories: two different rows have the key article_id=a4"):
        store.append("stories", stories(("s1", "a4"), ("s2", "a4")), run_id="r")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f.drop("score"), "stories: column score is missing"),
        (lambda f: f.with_columns(score=pl.lit("high")), "stories: column score: 2 of 2 values (String) do not fit"),
        (lambda f: f.with_columns(score=pl.Series([1.0, None])), "stories: column score breaks nullability in 1 of 2"),
        (lambda f: f.with_columns(article_id=pl.Series(["a", None])), "column article_id breaks nullability in 1"),
        (lambda f: f.with_columns(score=pl.Series(["1.5", "x"])), "stories: column score: 1 of 2 values (String)"),
    ],
)
def test_a_bad_column_is_named_with_its_count(store, change, said):
    with pytest.raises(StoreError) as error:
        store.append("stories", change(stories(("s", "a1"), ("s", "a2"))), run_id="r")
    assert said in str(error.value)
    assert store.version("stories") == -1


def test_an_unknown_table_is_named(store):
    with pytest.raises(StoreError, match="there is no table 'story'; the tables are captures, "):
        store.scan("story")
    with pytest.raises(StoreError, match="there is no table 'story'"):
        store.append("story", pl.DataFrame(), run_id="r")


def test_replace_the_whole_table(store):
    assert store.replace("stories", stories(("s1", "a1"), ("s1", "a2")), run_id="r1")
    version = store.version("stories")
    assert not store.replace("stories", stories(("s1", "a2"), ("s1", "a1")), run_id="r2")
    assert store.version("stories") == version
    assert set(stored(store, "stories")["run_id"]) == {"r1"}
    assert store.replace("stories", stories(("s1", "a1")), run_id="r3")
    assert stored(store, "stories").select("article_id", "run_id").rows() == [("a1", "r3")]
    assert store.replace("stories", stories().cast({"story_id": pl.String, "article_id": pl.String}), run_id="r4")
    assert stored(store, "stories").is_empty()


def test_replace_nothing_by_nothing(store):
    assert not store.replace("stories", schema.empty("stories"), run_id="r")
    assert not store.replace("stories", schema.empty("stories"), run_id="r", where={"story_id": ["s"]})
    assert store.version("stories") == -1


def test_replace_some_rows_leaves_the_others(store):
    for n in range(3):
        store.append("stories", stories((f"s{n}", f"a{n}"), (f"s{n}", f"b{n}")), run_id="r1")
    assert store.replace("stories", stories(("s1", "a1"), ("s1", "c1")), run_id="r2", where={"story_id": ["s1", "s7"]})
    found = stored(store, "stories").select("story_id", "article_id", "run_id").sort("story_id", "article_id")
    assert found.rows() == [
        ("s0", "a0", "r1"), ("s0", "b0", "r1"), ("s1", "a1", "r2"), ("s1", "c1", "r2"), ("s2", "a2", "r1"),
        ("s2", "b2", "r1"),
    ]  # fmt: skip
    version = store.version("stories")
    assert not store.replace("stories", stories(("s1", "a1"), ("s1", "c1")), run_id="r3", where={"story_id": ["s1"]})
    assert store.version("stories") == version
    assert store.replace("stories", schema.empty("stories"), run_id="r4", where={"story_id": ["s0", "s2"]})
    assert stored(store, "stories")["article_id"].to_list() == ["a1", "c1"]


def test_replace_by_a_day_and_by_two_columns(store):
    frame = sample("outlets", 4).with_columns(
        outlet=pl.Series(["x", "x", "y", "y"]), day=pl.Series(["2026-01-01", "2026-01-02"] * 2).str.to_date()
    )
    store.append("outlets", frame, run_id="r")
    assert store.replace("outlets", schema.empty("outlets"), run_id="r", where={"day": ["2026-01-02"], "outlet": ["y"]})
    assert stored(store, "outlets").height == 3


@pytest.mark.parametrize("value", ["it's", 'a "b"', "back\\slash", "line\nbreak", "", "ünï", "%_", "a' OR '1'='1"])
def test_replace_by_any_text(store, value):
    store.append("stories", stories((value, "a1"), ("other", "a2")), run_id="r1")
    assert store.replace("stories", schema.empty("stories"), run_id="r2", where={"story_id": [value]})
    assert stored(store, "stories")["story_id"].to_list() == ["other"]


def test_replace_by_a_hundred_thousand_values(store):
    rows = [(f"s{n}", f"a{n}") for n in range(1000)]
    store.append("stories", stories(*rows), run_id="r1")
    where = {"story_id": [f"s{n}" for n in range(1, 100_000)]}
    assert store.replace("stories", schema.empty("stories"), run_id="r2", where=where)
    assert stored(store, "stories")["story_id"].to_list() == ["s0"]


def test_replace_refuses_what_would_break_the_table(store):
    store.append("stories", stories(("s1", "a1"), ("s2", "a2")), run_id="r1")
    with pytest.raises(StoreError, match="1 rows to write lie outside the story_id they were to replace"):
        store.replace("stories", stories(("s2", "a9")), run_id="r2", where={"story_id": ["s1"]})
    with pytest.raises(StoreError, match="key article_id=a2 is also stored outside the rows to replace"):
        store.replace("stories", stories(("s1", "a2")), run_id="r2", where={"story_id": ["s1"]})
    with pytest.raises(StoreError, match="stories has no column 'story' to replace by"):
        store.replace("stories", stories(("s1", "a2")), run_id="r2", where={"story": ["s1"]})
    # An article that moves from one story to another: both are replaced together.
    assert store.replace("stories", stories(("s1", "a2")), run_id="r2", where={"story_id": ["s1", "s2"]})


def test_replace_touches_only_the_files_that_hold_the_rows(store):
    for n in range(4):
        store.append("stories", stories((f"s{n}", f"a{n}")), run_id="r")
    before = set(deltalake.DeltaTable(store.root / "tables" / "stories").file_uris())
    store.replace("stories", stories(("s2", "b")), run_id="r", where={"story_id": ["s2"]})
    after = set(deltalake.DeltaTable(store.root / "tables" / "stories").file_uris())
    assert len(before & after) == 3


def test_a_lost_acknowledgement_is_found_out(store, monkeypatch):
    real = deltalake.DeltaTable.create_write_transaction

    def landed_but_said_no(self, *args, **kwargs):
        real(self, *args, **kwargs)
        monkeypatch.setattr(deltalake.DeltaTable, "create_write_transaction", real)
        raise deltalake.exceptions.CommitFailedError("connection lost")

    monkeypatch.setattr(deltalake.DeltaTable, "create_write_transaction", landed_but_said_no)
    assert store.append("stories", stories(("s1", "a1")), run_id="r") == 1
    monkeypatch.setattr(deltalake.DeltaTable, "create_write_transaction", landed_but_said_no)
    assert store.replace("stories", stories(("s2", "a1")), run_id="r")
    assert stored(store, "stories")["story_id"].to_list() == ["s2"]


def test_a_commit_lost_to_another_writer_is_tried_on_the_next_version(store, monkeypatch):
    other = Store.open(store.root)
    real = commits.Version.commit

    def second(self, *args, **kwargs):
        monkeypatch.setattr(commits.Version, "commit", real)
        other.append("stories", stories(("s1", "a1"), ("s1", "a2")), run_id="other")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(commits.Version, "commit", second)
    assert store.append("stories", stories(("s1", "a2"), ("s1", "a3")), run_id="mine") == 1
    assert stored(store, "stories")["run_id"].to_list() == ["other", "other", "mine"]


def test_a_column_added_to_the_schema_is_null_in_old_rows(store, monkeypatch):
    class Wider(schema.Stories):
        topic = dy.String(nullable=True, metadata={"doc": "new"})

    store.append("stories", stories(("s1", "a1")), run_id="r1")
    monkeypatch.setitem(schema.STORED, "stories", Wider)
    assert stored(store, "stories")["topic"].to_list() == [None]
    store.append("stories", stories(("s1", "a2")).with_columns(topic=pl.lit("t")), run_id="r2")
    assert stored(store, "stories")["topic"].to_list() == [None, "t"]
    monkeypatch.undo()
    assert stored(store, "stories").columns == list(schema.columns("stories"))
    assert deltalake.DeltaTable(store.root / "tables" / "stories").schema().fields[-1].name == "topic"


def test_compact_keeps_the_rows_and_deletes_old_files(store):
    for n in range(6):
        store.append("stories", stories((f"s{n}", f"a{n}")), run_id=f"r{n}")
    before = stored(store, "stories")
    folder = store.root / "tables" / "stories"
    (folder / "part-left-by-a-killed-writer.zstd.parquet").write_bytes(b"half")
    deleted = store.compact(files=3, keep_hours=0)
    assert deleted == {"stories": 7}
    assert len(list(folder.glob("*.parquet"))) == 1
    assert stored(store, "stories").equals(before)
    assert store.append("stories", before.drop("run_id"), run_id="r") == 0
    version = store.version("stories")
    assert store.compact(files=3, keep_hours=0) == {"stories": 0}
    assert not store.replace("stories", before, run_id="r")
    assert stored(store, "stories").equals(before)
    assert store.version("stories") == version


def test_compact_moves_small_files_only(store, monkeypatch):
    store.append("stories", stories(*((f"old{n:05d}", f"a{n:05d}") for n in range(20_000))), run_id="r")
    [large] = store.files("stories")
    monkeypatch.setattr("storage.tables._WHOLE_BYTES", Path(large).stat().st_size)
    for n in range(6):
        store.append("stories", stories((f"s{n}", f"b{n}")), run_id=f"r{n}")
    before = stored(store, "stories")
    store.compact(files=6)
    assert len(store.files("stories")) == 7
    store.compact(files=3)
    assert len(store.files("stories")) == 2
    assert large in store.files("stories")
    assert stored(store, "stories").equals(before)


def test_compact_leaves_what_a_reader_may_still_hold(store):
    store.append("stories", stories(("s1", "a1")), run_id="r")
    reader = store.scan("stories")
    store.replace("stories", stories(("s2", "a2")), run_id="r")
    store.compact(files=1)
    assert reader.collect()["story_id"].to_list() == ["s1"]


def test_deletion_vectors_of_another_engine_are_not_overlooked(store):
    folder = store.root / "tables" / "stories"
    columns = pl.Schema(schema.columns("stories"))
    deltalake.DeltaTable.create(folder, deltalake.Schema.from_arrow(columns),
                                configuration={"delta.enableDeletionVectors": "true"})  # fmt: skip
    with pytest.raises(StoreError, match="deletion vectors of another engine"):
        store.scan("stories")


# Opening


def test_open_again(store):
    store.append("stories", stories(("s1", "a1")), run_id="r")
    assert stored(Store.open(store.root, create=False), "stories").height == 1
    assert json.loads((store.root / "store.json").read_text())["schema_version"] == schema.SCHEMA_VERSION


def test_open_refuses_what_is_no_store(tmp_path):
    (tmp_path / "file").write_text("x")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_text("x")
    with pytest.raises(StoreError, match="file is a file, a store is a folder"):
        Store.open(tmp_path / "file")
    with pytest.raises(StoreError, match=r"photos holds other things \(cat\.jpg\)"):
        Store.open(tmp_path / "photos")
    with pytest.raises(StoreError, match="holds no store"):
        Store.open(tmp_path / "absent", create=False)
    with pytest.raises(StoreError, match="cannot be made a store"):
        Store.open(tmp_path / "file" / "below")
    assert not (tmp_path / "absent").exists()


def test_open_an_empty_folder_and_what_a_killed_start_left(tmp_path):
    (tmp_path / "lost+found").mkdir()
    (tmp_path / "tables").mkdir()
    (tmp_path / ".store.json.0.tmp").write_text("{")
    assert Store.open(tmp_path).scan("facts").collect().is_empty()


@pytest.mark.parametrize("version", ["2.0", "0.9", "10.0"])
def test_open_refuses_another_major_version(store, version):
    head = {"format": "copydesk store", "schema_version": version}
    (store.root / "store.json").write_text(json.dumps(head))
    for create in (True, False):
        with pytest.raises(StoreError, match=f"is a store of schema version {version}, this Copydesk reads 1"):
            Store.open(store.root, create=create)


def test_open_takes_another_minor_version_and_notes_ours(store):
    (store.root / "store.json").write_text(json.dumps({"format": "copydesk store", "schema_version": "1.999"}))
    Store.open(store.root, create=False)
    assert "1.999" in (store.root / "store.json").read_text()
    Store.open(store.root)
    assert schema.SCHEMA_VERSION in (store.root / "store.json").read_text()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "copydesk store"}', '{"schema_version": "1.0"}'])
def test_open_refuses_a_damaged_head(store, content):
    (store.root / "store.json").write_text(content)
    with pytest.raises(StoreError, match=r"store\.json is not the head of a store"):
        Store.open(store.root)


def test_a_damaged_log_is_said(store):
    store.append("stories", stories(("s1", "a1")), run_id="r")
    for entry in (store.root / "tables" / "stories" / "_delta_log").glob("*.json"):
        entry.write_text("{broken")
    with pytest.raises(StoreError, match="stories cannot be opened"):
        store.scan("stories")


def test_a_missing_file_is_said(store):
    store.append("stories", stories(("s1", "a1")), run_id="r")
    for part in (store.root / "tables" / "stories").glob("*.parquet"):
        part.unlink()
    with pytest.raises(StoreError, match="stories cannot be read"):
        store.append("stories", stories(("s1", "a2")), run_id="r")


# Disks


def test_a_full_disk_is_said_and_leaves_the_table_whole(store, monkeypatch):
    store.append("stories", stories(("s1", "a1")), run_id="r")

    def full(path, frame):
        path.write_bytes(b"half a file")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(commits, "_write", full)
    with pytest.raises(StoreError, match="the disk is full: free some space and run again"):
        store.append("stories", stories(("s1", "a2")), run_id="r")
    with pytest.raises(StoreError, match="the disk is full"):
        store.replace("stories", stories(("s1", "a2")), run_id="r")
    monkeypatch.undo()
    assert stored(store, "stories")["article_id"].to_list() == ["a1"]
    assert store.append("stories", stories(("s1", "a2")), run_id="r") == 1


def test_a_file_that_could_not_be_written_whole_is_removed(store):
    # A limit on the size of a file is the nearest thing to a full disk that needs no mount.
    code = """
        import resource, signal, sys
        from pathlib import Path
        import polars as pl
        from storage import schema
        from storage.tables import Store, StoreError
        store = Store.open(Path(sys.argv[1]))
        texts = [f"{n * 7919 % 99991}" for n in range(20000)]
        frame = pl.DataFrame({"story_id": texts, "article_id": [str(n) for n in range(20000)]})
        frame = frame.with_columns(outlet=pl.lit("o"), score=pl.lit(1.0), cohesion=pl.lit(1.0), digest=pl.lit("d"))
        frame = frame.with_columns(made_of=None)
        store.append("stories", frame.head(1), run_id="r")
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
        try:
            store.append("stories", frame, run_id="r")
        except StoreError as error:
            print(error)
    """
    done = child(code, str(store.root))
    assert "stories cannot be written" in done
    assert stored(store, "stories").height == 1
    assert len(list((store.root / "tables" / "stories").glob("*.parquet"))) == 1


def test_a_read_only_folder_is_said():
    # Not pytest's folder: that one belongs to its user alone, and the child below is somebody else.
    with tempfile.TemporaryDirectory() as folder:
        read_only(Path(folder))


def read_only(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store")
    store.append("stories", stories(("s1", "a1")), run_id="r")
    paths = [store.root, *store.root.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    tmp_path.chmod(0o755)
    # As root nothing is read-only: the child becomes somebody else.
    code = """
        import os, sys
        from pathlib import Path
        import polars as pl
        from storage import runs
        from storage.tables import Store, StoreError
        os.chdir(sys.argv[1])
        if os.getuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        store = Store.open(Path("store"), create=False)
        print(store.scan("stories").collect().height)
        frame = store.scan("stories").collect().with_columns(article_id=pl.lit("a2"))
        def lease():
            with runs.lease(store.root):
                pass
        for act in (
            lambda: Store.open(Path("store")),
            lambda: Store.open(Path("new")),
            lambda: store.append("stories", frame, run_id="r"),
            lambda: store.replace("stories", frame, run_id="r"),
            lambda: runs.Run.start(store.root, clock=runs.system_clock, settings_hash="x"),
            lease,
        ):
            try:
                act()
                print("no error")
            except StoreError as error:
                print(error)
    """
    try:
        said = child(code, str(tmp_path)).splitlines()
    finally:
        for path in paths:
            path.chmod(0o755)
    assert said[0] == "1"
    assert said[1].startswith("store is read-only: make it writable")
    assert len(said) == 7
    for line in said[2:]:
        assert "no permission to write there: make the store's folder writable" in line


# Other processes


def child(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


WRITER = """
    import sys
    from pathlib import Path
    import polars as pl
    from storage.tables import Store

    name, times = sys.argv[2], int(sys.argv[3])
    store = Store.open(Path(sys.argv[1]))
    for n in range(times):
        frame = pl.DataFrame({"story_id": [f"{name}{n}", "both"], "article_id": [f"{name}{n}", f"both{n}"]})
        frame = frame.with_columns(outlet=pl.lit("o"), score=pl.lit(1.0), cohesion=pl.lit(1.0), digest=pl.lit("d"))
        frame = frame.with_columns(made_of=None)
        print(store.append("stories", frame, run_id=name), flush=True)
"""


def test_two_processes_lose_nothing_and_double_nothing(tmp_path):
    command = [sys.executable, "-c", textwrap.dedent(WRITER), str(tmp_path / "store")]
    writers = [
        subprocess.Popen([*command, name, "12"], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
        for name in ("x", "y")
    ]
    added = [int(line) for writer in writers for line in writer.communicate(timeout=120)[0].split()]
    assert [writer.returncode for writer in writers] == [0, 0]
    found = Store.open(tmp_path / "store").scan("stories").collect()
    assert found["article_id"].n_unique() == found.height == 36
    assert sum(added) == 36


def test_killed_at_any_moment_the_store_is_whole(tmp_path):
    code = WRITER.replace('print(store.append("stories", frame, run_id=name), flush=True)', """
        store.append("stories", frame, run_id=name)
        store.replace("copies", pl.DataFrame({"copy_group": [f"g{n}"] * 2, "article_id": ["a", "b"]}).with_columns(
            outlet=pl.lit("o"), role=pl.lit("copy"), origin_basis=pl.lit("time"), lag_s=pl.lit(1.0)), run_id=name)
        print(n, flush=True)""")  # fmt: skip
    code = code.replace('f"{name}{n}", "both"', 'f"{name}{n}", f"{name}{n}"').replace('f"both{n}"', 'f"{name}{n}b"')
    for kill in range(5):
        writer = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code), str(tmp_path), f"k{kill}-", "1000"],
            stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        told = writer.stdout.readline()
        time.sleep(0.013 * kill)
        writer.kill()
        told += writer.communicate()[0]
        store = Store.open(tmp_path)
        found = store.scan("stories").collect()
        assert found["article_id"].n_unique() == found.height
        # Both rows of an append are there, or neither; and every append that was acknowledged.
        assert set(found.group_by("story_id").len()["len"]) == {2}
        whole = [line for line in told.splitlines(keepends=True) if line.endswith("\n")]
        mine = found.filter(pl.col("story_id").str.starts_with(f"k{kill}-"))
        assert mine.height // 2 >= len(whole)
        copies = store.scan("copies").collect()
        assert copies.height == 2
        assert copies["copy_group"].n_unique() == 1
    assert Store.open(tmp_path).append("stories", found.drop("run_id"), run_id="again") == 0


def test_a_folder_left_before_the_first_commit_is_an_empty_table(store):
    folder = store.root / "tables" / "stories"
    (folder / "_delta_log").mkdir(parents=True)
    (folder / "part-x.parquet").write_bytes(b"half")
    assert stored(store, "stories").is_empty()
    assert not store.replace("stories", schema.empty("stories"), run_id="r")
    assert store.append("stories", stories(("s1", "a1")), run_id="r") == 1


def test_a_small_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "x.json"
    commits.write_file(path, b"old")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left")))
    with pytest.raises(StoreError, match=r"x\.json cannot be written: the disk is full"):
        commits.write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
