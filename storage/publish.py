"""Published tables: a complete snapshot of plain Parquet files, swapped in atomically, equal content = equal bytes.

STORE/published/latest is a link to snapshots/NAME; inside, TABLE/date=YYYY-MM-DD/part-0.parquet and manifest.json.
Rows are sorted by key and every file is written from freshly gathered rows, so that bytes depend on the rows alone:
neither on the order they were stored in, nor on chunks or threads.
"""

import datetime as dt
import functools
import hashlib
import io
import json
import os
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from storage import schema
from storage.commits import complain, saying, write_file
from storage.days import Dates, batches, parts
from storage.runs import Run
from storage.tables import Store, StoreError

_NO_DATE = "__HIVE_DEFAULT_PARTITION__"  # how every hive reader spells a null partition value
_GROUP_ROWS = 50_000  # rows of a Parquet row group: fixed, or bytes would follow the writer's chunks
_THREADS = 4  # writers; a small file takes 0.5 ms, half of it outside Python

# The tables whose stored versions decide a published one: its own and those its `date` comes from.
_MADE_FROM: Mapping[str, tuple[str, ...]] = {
    "articles": ("articles",),
    "notices": ("notices",),
    "blocks": ("blocks", "articles"),
    "pairs": ("pairs", "articles"),
    "copies": ("copies", "articles"),
    "uncorrected": ("uncorrected", "articles"),
    "stories": ("stories", "articles"),
    "mentions": ("mentions", "articles"),
    "facts": ("facts", "mentions", "articles"),
    "coverage": ("coverage", "mentions", "articles"),
    "unique_facts": ("unique_facts", "mentions", "articles"),
    "conflicts": ("conflicts", "mentions", "articles"),
    "attributions": ("attributions", "articles"),
    "outlets": ("outlets",),
    "rejects": ("rejects",),
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What `latest` shows: its folder, whether this call changed it, rows and digest per table."""

    path: Path
    changed: bool
    rows: Mapping[str, int]
    digests: Mapping[str, str]


def publish(store: Store, run: Run, *, keep: int = 3) -> Snapshot:
    """Make the stored tables visible: write a whole snapshot and swap `latest` to it; nothing new, nothing touched.

    Args:
        store: The store; the caller holds its lease.
        run: The run in progress; it becomes a row of the published `runs` table, where anything changed.
        keep: Snapshots to keep, the new one included; readers of older ones have that long to finish.

    Returns:
        The snapshot `latest` now shows. `changed` is False where all tables but `runs` are what they were: then
        nothing on disk was touched.

    Raises:
        StoreError: Disk full, no permission. `latest` still shows the old snapshot, whole.

    Cost: reads the tables that changed since the last snapshot; writes the days that changed, links the others.
    """
    made_at = run.clock().astimezone(dt.UTC)
    home = store.root / "published"
    snapshots = home / "snapshots"
    before = _manifest(home / "latest")
    made_from = _versions(store)
    if before and before.get("made_from") == made_from:
        return _snapshot((home / "latest").resolve(), before, changed=False)

    name = _free_name(snapshots, run.run_id)
    staging = snapshots / f".{name}.partial"
    with saying(f"{home} cannot be written"):
        snapshots.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(home)
        try:
            tables = _write_tables(store, staging, home, before, made_from)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)  # on a full disk it may be what fills it
            raise
        if before and all(tables[table]["digest"] == before["tables"][table]["digest"] for table in tables):
            shutil.rmtree(staging)
            return _snapshot((home / "latest").resolve(), before, changed=False)
        history = _runs(store, home, before, run, made_at)
        tables["runs"] = _write_runs(history, staging)
        manifest = {
            "schema_version": schema.SCHEMA_VERSION,
            "run_id": run.run_id,
            "made_at": made_at.isoformat(),
            "tables": {table: tables[table] for table in schema.PUBLISHED},
            "made_from": made_from,
        }
        write_file(staging / "manifest.json", json.dumps(manifest, indent=1).encode() + b"\n")
        os.sync()  # thousands of small files: one sync of the disk instead of one each; then the name, then the link
        staging.rename(snapshots / name)
        _link(home / "manifest.json", "latest/manifest.json")
        _link(home / "latest", f"snapshots/{name}")
        store.append("runs", history, run_id=run.run_id, step="publish")
        _remove_old(home, keep)
    return _snapshot(snapshots / name, manifest, changed=True)


def read_published(root: Path, table: str, *, dated: bool = False) -> pl.DataFrame:
    """A published table as any reader would read it; with ``dated`` also the `date` of its folders.

    A column that was added since it was published is null.

    Raises:
        StoreError: The store has published nothing yet, is of another schema version, or a file cannot be read.
    """
    store = Store.open(root, create=False)
    latest = (store.root / "published" / "latest").resolve()  # one snapshot, although `latest` may move meanwhile
    if not latest.exists():
        raise StoreError(f"{root} has published nothing yet: `copydesk run` publishes at its end")
    files = sorted((latest / table).glob("*/*.parquet"))
    with saying(f"published {table} of {root} cannot be read"):
        rows = pl.read_parquet(files, hive_partitioning=dated)
        named = schema.columns(table, published=True)
        added = [pl.lit(None, kind).alias(name) for name, kind in named.items() if name not in rows.columns]
        return rows.with_columns(added).select(*named, *(["date"] if dated else []))


def _snapshot(path: Path, manifest: Mapping[str, Any], *, changed: bool) -> Snapshot:
    tables = manifest["tables"]
    return Snapshot(
        path=path,
        changed=changed,
        rows={table: told["rows"] for table, told in tables.items()},
        digests={table: told["digest"] for table, told in tables.items()},
    )


def _manifest(snapshot: Path) -> dict[str, Any] | None:
    """The manifest of a snapshot; None where there is none that can be used (then everything is written anew)."""
    try:
        told = json.loads((snapshot / "manifest.json").read_bytes())
    except (OSError, ValueError):
        return None
    whole = isinstance(told, dict) and set(schema.PUBLISHED) <= set(told.get("tables", {}))
    return told if whole else None


def _versions(store: Store) -> dict[str, str]:
    """Every stored version that decides what is published, and the writer that decides its bytes."""
    tables = sorted({source for sources in _MADE_FROM.values() for source in sources})
    writer = f"schema {schema.SCHEMA_VERSION}, polars {pl.__version__}"
    return {"writer": writer} | {table: store.mark(table) for table in tables}


@dataclass(frozen=True, slots=True)
class _Previous:
    """A table in the snapshot before: its files by path, and whether nothing it is made from has changed."""

    folder: Path
    files: Mapping[str, Mapping[str, Any]]
    current: bool


def _previous(home: Path, before: dict[str, Any] | None, table: str, made_from: Mapping[str, str]) -> _Previous:
    if not before or before.get("made_from", {}).get("writer") != made_from["writer"]:
        return _Previous(home / "latest", {}, current=False)
    files = {file["path"]: file for file in before["tables"][table]["files"]}
    same = all(before["made_from"].get(source) == made_from[source] for source in _MADE_FROM[table])
    return _Previous(home / "latest", files, current=same)


def _write_tables(
    store: Store, staging: Path, home: Path, before: dict[str, Any] | None, made_from: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """Write or link the files of every table but `runs`; what the manifest says of each."""
    dates = Dates.of(store)
    told: dict[str, dict[str, Any]] = {}
    with ThreadPoolExecutor(_THREADS) as pool:
        for table in schema.PUBLISHED:
            if table == "runs":
                continue
            previous = _previous(home, before, table, made_from)
            if previous.current:
                for name in previous.files:
                    _reuse(previous.folder / name, staging / name)
                told[table] = _told([dict(file) for file in previous.files.values()])
                continue
            write = functools.partial(_write_part, table, staging, previous)
            told[table] = _told(
                [file for frame in batches(store, table, dates) for file in pool.map(write, parts(frame))]
            )
    return told


def _write_runs(history: pl.DataFrame, staging: Path) -> dict[str, Any]:
    frame = history.with_columns(pl.col("started_at").dt.date().alias("date")).sort("date", "run_id")
    nothing = _Previous(staging, {}, current=False)
    return _told([_write_part("runs", staging, nothing, part) for part in parts(frame)])


def _told(files: list[dict[str, Any]]) -> dict[str, Any]:
    files = sorted(files, key=lambda file: str(file["path"]))
    lines = "".join(f"{file['path']} {file['rows']} {file['digest']}\n" for file in files)
    return {"rows": sum(file["rows"] for file in files), "digest": _digest(lines.encode()), "files": files}


def _write_part(
    table: str, staging: Path, previous: _Previous, part: tuple[dt.date | None, pl.DataFrame]
) -> dict[str, Any]:
    """Write one day of one table, or link it where the snapshot before has the same; what the manifest says of it."""
    day, rows = part
    name = f"{table}/date={_NO_DATE if day is None else day.isoformat()}/part-0.parquet"
    known = previous.files.get(name)
    # Cheaper than the Parquet file by far; a validity mask that masks nothing may make equal rows look different here,
    # never different rows equal.
    content = io.BytesIO()
    rows.write_ipc_stream(content, compat_level=pl.CompatLevel.oldest())
    mark = _digest(content.getbuffer())
    if known and known["content"] == mark:
        _reuse(previous.folder / name, staging / name)
        return dict(known)
    buffer = io.BytesIO()
    rows.write_parquet(buffer, compression="zstd", row_group_size=_GROUP_ROWS)
    data = buffer.getvalue()
    digest = _digest(data)
    if known and known["digest"] == digest:
        _reuse(previous.folder / name, staging / name)
    else:
        path = staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return {"path": name, "rows": rows.height, "bytes": len(data), "digest": digest, "content": mark}


def _reuse(old: Path, new: Path) -> None:
    new.parent.mkdir(parents=True, exist_ok=True)
    try:
        new.hardlink_to(old.resolve())
    except OSError:
        shutil.copyfile(old, new)  # a file system without links


def _digest(data: bytes | memoryview) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _runs(store: Store, home: Path, before: dict[str, Any] | None, run: Run, now: dt.datetime) -> pl.DataFrame:
    """Every run that was ever published, and this one."""
    row = {
        "run_id": run.run_id,
        "started_at": run.started_at,
        "ended_at": now,
        "status": "published",
        "settings_hash": run.settings_hash,
        "versions": json.dumps(dict(run.versions), sort_keys=True),
        "counts": run.counts(),
    }
    known = [store.scan("runs").collect()]
    if before:
        # A run killed between the swap and its row in the store is in the snapshot only.
        known += [
            pl.read_parquet(home / "latest" / file["path"], hive_partitioning=False)
            for file in before["tables"]["runs"]["files"]
        ]
    current = pl.DataFrame([row], schema=schema.columns("runs"))
    frames = [schema.conform("runs", frame) for frame in (*known, current)]
    return pl.concat(frames).unique("run_id", keep="last", maintain_order=True).sort("run_id")


def _free_name(snapshots: Path, run_id: str) -> str:
    number = 1
    name = run_id
    while (snapshots / name).exists():
        number += 1
        name = f"{run_id}-{number}"
    return name


def _link(link: Path, target: str) -> None:
    temporary = link.with_name(f".{link.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    temporary.replace(link)


def _shown(home: Path) -> str:
    """Name of the snapshot `latest` points to, empty where there is none."""
    try:
        return (home / "latest").readlink().name
    except FileNotFoundError:
        return ""
    except OSError as error:
        complain(f"{home / 'latest'} is not the link it should be", error)


def _remove_leftovers(home: Path) -> None:
    """What a killed publish left: half snapshots, and whole ones that were never swapped in (newer than `latest`)."""
    shown = _shown(home)
    for path in sorted((home / "snapshots").iterdir()):
        if path.name.startswith(".") or path.name > shown:
            shutil.rmtree(path)
    for path in home.glob(".*.tmp"):
        path.unlink()


def _remove_old(home: Path, keep: int) -> None:
    shown = _shown(home)
    others = sorted((path for path in (home / "snapshots").iterdir() if path.name != shown), reverse=True)
    for path in others[max(keep - 1, 0) :]:
        shutil.rmtree(path)
