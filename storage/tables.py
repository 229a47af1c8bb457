"""The only door to stored tables: scan, append, replace, compact. One Delta Lake folder a table under STORE/tables.

A write is: read a version, work out what is missing, write it to a new file, commit on exactly that version, or start
again. So two writers never double a key, and a killed one leaves nothing but a file that no version names, which
`Store.compact` removes. The idempotency key of a write is the primary key of its rows: what is tried again, after a
crash or a lost acknowledgement, finds its rows stored and adds nothing.
"""

import itertools
import json
import os
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from storage import commits, ids, schema
from storage.commits import StoreError, complain, saying, write_file

__all__ = ["Store", "StoreError"]

_FORMAT = "copydesk store"
# What a store's folder may hold before store.json is written: a killed first start, or a fresh disk's mount point.
_OURS = frozenset({"tables", "runs", "published", "cache", "lease", "lost+found"})
_TRIES = 200  # commits in a row that other writers may win before we give up
_WHOLE_BYTES = 64_000_000  # a file of this size is large: it is merged with no other
_PAUSE_S = 0.25  # longest wait between two tries, seconds

_Plan = tuple[Sequence[pl.DataFrame], Sequence[str]]  # frames to add, files to remove


@dataclass(frozen=True, slots=True)
class Store:
    """A folder with the stored tables. Open it with `Store.open`; hold `storage.runs.lease` while a run writes."""

    root: Path

    @classmethod
    def open(cls, root: Path, *, create: bool = True) -> "Store":
        """Open the store in a folder; with `create`, make it where there is none and check that it can be written.

        Raises:
            StoreError: No store there (without `create`), a file or a folder of other things, another schema version,
                or (with `create`) no permission or no space to write.
        """
        if root.exists() and not root.is_dir():
            raise StoreError(f"{root} is a file, a store is a folder: choose another path with --store")
        head = root / "store.json"
        if head.exists():
            _check_version(head)
        elif not create:
            raise StoreError(f"{root} holds no store (no store.json): check --store, or run `copydesk run` first")
        else:
            _check_free(root)
        if create:
            _prepare(root, head)
        return cls(root)

    def scan(self, table: str, *, files: Sequence[str] | None = None) -> pl.LazyFrame:
        """All stored rows of a table, in no particular order, with the columns of `schema.columns(table)`.

        A column that the schema got after a file was written is null in that file's rows. With `files`, the rows of
        these, whether the table still names them or did until lately.

        Raises:
            StoreError: No such table, or its log cannot be read.
        Cost: about 3 ms to read the log; rows are read when the frame is collected.
        """
        version = None if files is not None else self._latest(table)
        return commits.read(files or [], schema.columns(table)) if version is None else version.scan()

    def files(self, table: str) -> list[str]:
        """Paths of the Parquet files that are a stored table now. No file is ever written twice under one name."""
        version = self._latest(table)
        return [] if version is None else version.files

    def version(self, table: str) -> int:
        """Version of a stored table: grows with every commit, -1 before the first one."""
        version = self._latest(table)
        return -1 if version is None else version.number

    def mark(self, table: str) -> str:
        """Which rows a stored table has: equal marks, equal rows (equal rows may have two marks). Empty: no rows."""
        version = self._latest(table)
        names = [] if version is None else [Path(uri).name for uri in version.files]
        return ids.content_id("v", *names) if names else ""

    def append(self, table: str, frame: pl.DataFrame, *, run_id: str, step: str = "") -> int:
        """Add the rows whose key is not stored yet, in one commit. A stored row is never changed.

        Args:
            table: A name of `schema.STORED`.
            frame: Its columns; `run_id` may be missing. Identical rows collapse.
            run_id: The run that writes, for the rows' lineage and the log.
            step: The step or partition that writes, for the log.

        Returns:
            Number of rows added. 0 means that nothing was committed.

        Raises:
            StoreError: A column is missing, has another type or a null; one key has two different rows; the disk is
                full or read-only.
        Cost: reads the stored keys, writes one file.
        """
        fresh = _admit(table, frame, run_id)
        if fresh.is_empty():
            return 0
        key = schema.keys(table)
        wanted = fresh.lazy().select(key)
        added = 0

        def plan(version: commits.Version) -> _Plan | None:
            nonlocal added
            stored = _collect(table, version.scan().select(key).join(wanted, on=key, how="semi"))
            missing = fresh.join(stored, on=key, how="anti", maintain_order="left")
            added = missing.height
            return None if missing.is_empty() else ([missing], [])

        return added if self._change(table, plan, {"run_id": run_id, "step": step}) else 0

    def replace(
        self,
        table: str,
        frame: pl.DataFrame,
        *,
        run_id: str,
        where: Mapping[str, Sequence[str]] | None = None,
        step: str = "",
    ) -> bool:
        """Put the frame's rows in the place of the whole table, or of the rows that `where` names, in one commit.

        Args:
            table: A name of `schema.STORED`.
            frame: The rows that shall stand there afterwards; may be empty.
            run_id: The run that writes.
            where: Column -> values, all of which must hold (values as text, days as YYYY-MM-DD). Every row of `frame`
                must lie inside. None: the whole table.
            step: The step or partition that writes, for the log.

        Returns:
            Whether anything changed. Where the rows (run_id aside) are those already stored, nothing is committed
            and the stored rows keep their run_id.

        Raises:
            StoreError: As `append`; a row outside `where`; a key that is also stored outside `where`.
        Cost: reads the rows in question and rewrites the files that hold them; other files are not touched.
        """
        fresh = _admit(table, frame, run_id)
        inside = _inside(table, where)
        outside = fresh.filter(~inside)
        if not outside.is_empty():
            named = ", ".join(where or ())
            raise StoreError(f"{table}: {outside.height} rows to write lie outside the {named} they were to replace")
        if fresh.is_empty() and self._latest(table) is None:
            return False

        def plan(version: commits.Version) -> _Plan | None:
            told = version.scan(path="_path")
            current = _collect(table, told.filter(inside))
            if _same(table, current.drop("_path"), fresh):
                return None
            _check_clash(table, told.filter(~inside), fresh)
            touched = current["_path"].unique().sort().to_list()
            kept = _collect(table, commits.read(touched, version.columns).filter(~inside))
            return [kept, fresh], touched

        return self._change(table, plan, {"run_id": run_id, "step": step})

    def compact(self, *, files: int = 16, keep_hours: int = 24) -> dict[str, int]:
        """Merge the small files of every table that has more than `files`; delete files that left long enough ago.

        Args:
            files: A table with at most this many small files is left as it is.
            keep_hours: Files that left within these hours stay, for readers that still hold them.

        Returns:
            Table -> files deleted. Those merged now are deleted by a call after `keep_hours`.
        Cost: reads and writes up to `_WHOLE_BYTES` of a table, its smallest files: a row is moved a few times in all,
            however large the table grows.
        """
        deleted: dict[str, int] = {}
        for table in schema.STORED:
            version = self._latest(table)
            if version is None:
                continue
            paths = _to_merge(version.files, files)
            if paths:
                merged = _collect(table, commits.read(paths, version.columns)).sort(schema.keys(table))
                # Where another writer is first, the table stays as it is until the next call.
                version.commit([merged], paths, {"step": "compact"}, data_change=False)
                version = commits.make(version.path, version.columns)
            deleted[table] = version.vacuum(keep_hours)
        return deleted

    def _latest(self, table: str) -> commits.Version | None:
        _check_name(table)
        return commits.latest(self.root / "tables" / table, schema.columns(table))

    def _change(self, table: str, plan: Callable[[commits.Version], _Plan | None], note: Mapping[str, str]) -> bool:
        """Commit what `plan` makes of the latest version; again on the next one while others win. False: no plan."""
        token = uuid.uuid4().hex
        base = -1
        for attempt in range(_TRIES):
            version = commits.make(self.root / "tables" / table, schema.columns(table))
            if attempt and version.landed(base, token):
                return True
            planned = plan(version)
            if planned is None:
                return False
            base = version.number
            if version.commit(*planned, {**note, "token": token}):
                return True
            time.sleep(min(0.01 * attempt, _PAUSE_S))
        raise StoreError(f"{table}: other writers won {_TRIES} commits in a row: run one `copydesk run` at a time")


def _to_merge(files: Sequence[str], most: int) -> list[str]:
    """The smallest files, as many as make one file that is no longer small; none where few are small."""
    sizes = sorted((Path(file).stat().st_size, file) for file in files)
    small = [(size, file) for size, file in sizes if size < _WHOLE_BYTES]
    if len(small) <= max(most, 1):
        return []
    room = itertools.accumulate(size for size, _ in small)
    return [
        file for at, ((_, file), total) in enumerate(zip(small, room, strict=True)) if at < 2 or total <= _WHOLE_BYTES
    ]


def _check_version(head: Path) -> None:
    try:
        found = json.loads(head.read_bytes())
        seen = str(found["schema_version"]) if found["format"] == _FORMAT else "unknown"
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{head} is not the head of a store ({error!r}): restore it or use a new folder") from error
    if seen.split(".")[0] != schema.SCHEMA_VERSION.split(".", maxsplit=1)[0]:
        raise StoreError(
            f"{head.parent} is a store of schema version {seen}, this Copydesk reads {schema.SCHEMA_VERSION}: "
            "use the Copydesk that wrote it, or a new folder with --store"
        )


def _check_free(root: Path) -> None:
    try:
        names = sorted(path.name for path in root.iterdir()) if root.exists() else []
    except OSError as error:
        complain(f"{root} cannot be read", error)
    others = [name for name in names if name not in _OURS and not name.startswith(".store.json")]
    if others:
        seen = ", ".join(others[:3])
        raise StoreError(f"{root} holds other things ({seen}) and no store.json: give the store a folder of its own")


def _prepare(root: Path, head: Path) -> None:
    with saying(f"{root} cannot be made a store"):
        (root / "tables").mkdir(parents=True, exist_ok=True)
    if not os.access(root, os.W_OK):
        raise StoreError(f"{root} is read-only: make it writable or choose another folder with --store")
    content = json.dumps({"format": _FORMAT, "schema_version": schema.SCHEMA_VERSION}, indent=1).encode() + b"\n"
    if not head.exists() or head.read_bytes() != content:
        write_file(head, content)


def _check_name(table: str) -> None:
    if table not in schema.STORED:
        raise StoreError(f"there is no table {table!r}; the tables are {', '.join(schema.STORED)}")


def _collect(table: str, frame: pl.LazyFrame) -> pl.DataFrame:
    with saying(f"{table} cannot be read"):
        return frame.collect()


def _admit(table: str, frame: pl.DataFrame, run_id: str) -> pl.DataFrame:
    """The frame as the table wants it: its columns and types, checked, one row per key, sorted by key."""
    _check_name(table)
    wanted = schema.columns(table)
    if "run_id" in wanted and "run_id" not in frame.columns:
        frame = frame.with_columns(pl.lit(run_id).alias("run_id"))
    missing = [name for name in wanted if name not in frame.columns]
    if missing:
        raise StoreError(f"{table}: column {', '.join(missing)} is missing; the frame has {', '.join(frame.columns)}")
    try:
        fresh = schema.conform(table, frame)
    except pl.exceptions.PolarsError as error:
        raise StoreError(_misfit(table, frame)) from error
    fresh = _single(table, fresh)
    _, failures = schema.STORED[table].filter(fresh)
    broken = [f"{rule.replace('|', ' breaks ')} in {count}" for rule, count in sorted(failures.counts().items())]
    if broken:
        raise StoreError(f"{table}: column {'; column '.join(broken)} of {fresh.height} rows")
    return fresh.sort(schema.keys(table))


def _misfit(table: str, frame: pl.DataFrame) -> str:
    for name, dtype in schema.columns(table).items():
        values = frame[name]
        try:
            bad = values.cast(dtype, strict=False).null_count() - values.null_count()
        except pl.exceptions.PolarsError:
            bad = values.len()
        if bad:
            return f"{table}: column {name}: {bad} of {values.len()} values ({values.dtype}) do not fit {dtype}"
    return f"{table}: the frame's columns do not fit the table's"


def _single(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """One row per key: identical rows collapse, two different rows under one key are an error."""
    key = schema.keys(table)
    twice = frame.select(pl.struct(key).is_duplicated()).to_series()
    if not twice.any():
        return frame
    rows: dict[tuple[object, ...], str] = {}
    for row in frame.filter(twice).iter_rows(named=True):
        identity = tuple(row[name] for name in key)
        content = repr({name: value for name, value in row.items() if name != "run_id"})
        if rows.setdefault(identity, content) != content:
            named = ", ".join(f"{name}={value}" for name, value in zip(key, identity, strict=True))
            raise StoreError(f"{table}: two different rows have the key {named}: one key, one row")
    lineage = [name for name in frame.columns if name == "run_id"]
    return frame.sort(key + lineage).unique(subset=key, keep="first", maintain_order=True)


def _inside(table: str, where: Mapping[str, Sequence[str]] | None) -> pl.Expr:
    """True for the rows that `where` names, false for the others, never null."""
    condition = pl.lit(value=True)
    for name, values in (where or {}).items():
        if name not in schema.columns(table):
            raise StoreError(f"{table} has no column {name!r} to replace by; it has {', '.join(schema.columns(table))}")
        within = pl.col(name).cast(pl.String).is_in(pl.Series(list(values), dtype=pl.String).implode())
        condition = condition & within.fill_null(value=False)
    return condition


def _same(table: str, stored: pl.DataFrame, fresh: pl.DataFrame) -> bool:
    if stored.height != fresh.height:
        return False
    key = schema.keys(table)
    left, right = (frame.select(pl.exclude("run_id")).sort(key) for frame in (stored, fresh))
    return left.equals(right)


def _check_clash(table: str, outside: pl.LazyFrame, fresh: pl.DataFrame) -> None:
    key = schema.keys(table)
    clash = _collect(table, outside.select(key).join(fresh.lazy().select(key), on=key, how="semi").head(1))
    if not clash.is_empty():
        named = ", ".join(f"{name}={value}" for name, value in clash.row(0, named=True).items())
        raise StoreError(f"{table}: key {named} is also stored outside the rows to replace: replace both together")
