"""One stored table's files and its Delta log: read a version, commit on exactly that version, or say what went wrong.

Polars writes and reads the Parquet files; Delta's log decides which files are the table. We do not use the log
library's own writer: replacing rows by a predicate of 50,000 values overflows its stack and kills the process.
"""

import contextlib
import errno
import json
import os
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import deltalake
import polars as pl
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, CommitProperties, RemoveAction, Transaction

_LOG_CONFIG = {
    # Statistics would copy the first characters of every text into the log; readers of ours do not use them.
    "delta.dataSkippingNumIndexedCols": "0",
    "delta.checkpointInterval": "20",
    "delta.logRetentionDuration": "interval 7 days",
    "delta.setTransactionRetentionDuration": "interval 7 days",
}
# Another writer's commit on the same version shows up as one; so does one whose acknowledgement was lost.
_WRITER = "copydesk"


class StoreError(Exception):
    """One clear sentence for the user: the value seen, the value expected, what to do."""


def complain(what: str, error: Exception) -> NoReturn:
    """Turn an error of the file system, Delta or polars into a `StoreError` that says what to do.

    Raises:
        StoreError: Always.
    """
    text = str(error)
    code = error.errno if isinstance(error, OSError) else None
    if code in {errno.ENOSPC, errno.EDQUOT} or "No space left" in text or "quota exceeded" in text:
        advice = "the disk is full: free some space and run again; what was stored before is whole"
    elif code in {errno.EACCES, errno.EPERM, errno.EROFS} or "ermission denied" in text or "ead-only file" in text:
        advice = "no permission to write there: make the store's folder writable or choose another with --store"
    else:
        advice = " ".join(text.split())[:300] or type(error).__name__
    raise StoreError(f"{what}: {advice}") from error


@contextlib.contextmanager
def saying(what: str) -> Iterator[None]:
    """Errors inside become a `StoreError` that begins with `what`; a commit lost to another writer passes through."""
    try:
        yield
    except CommitFailedError:
        raise
    except (OSError, DeltaError, pl.exceptions.PolarsError) as error:
        complain(what, error)


def write_file(path: Path, data: bytes) -> None:
    """Write a small file so that a reader, or a restart after a crash, sees the old content or the new, never half.

    Raises:
        StoreError: The folder is read-only, the disk is full, or the path cannot be written for another reason.
    """
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        complain(f"{path} cannot be written", error)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one table: what a read sees and a commit builds on."""

    path: Path
    columns: Mapping[str, pl.DataType]
    delta: deltalake.DeltaTable

    @property
    def number(self) -> int:
        """0 for the first commit."""
        return self.delta.version()

    @property
    def files(self) -> list[str]:
        """Paths of the Parquet files that are the table, sorted.

        Raises:
            StoreError: Another engine struck rows out with deletion vectors, which we never write.
        """
        if "deletionVectors" in (self.delta.protocol().reader_features or []):
            raise StoreError(f"{self.path} holds deletion vectors of another engine: have that engine purge them first")
        return sorted(self.delta.file_uris())

    def scan(self, *, path: str | None = None) -> pl.LazyFrame:
        """All rows, in no order; with `path`, a column of that name says which file each row is in."""
        return read(self.files, self.columns, path=path)

    def landed(self, base: int, token: str) -> bool:
        """Whether one of the commits after version `base` carries `token`: ours landed although we were told no."""
        since = self.number - base
        return since > 0 and any(commit.get("token") == token for commit in self.delta.history(since))

    def commit(
        self,
        frames: Sequence[pl.DataFrame],
        remove: Sequence[str],
        note: Mapping[str, str],
        *,
        data_change: bool = True,
    ) -> bool:
        """Add frames and remove files, as the next version after this one.

        Args:
            frames: One file is written for each that has rows.
            remove: Files of this version that leave the table (they stay on disk until `vacuum`).
            note: Goes into the commit: run_id, step, token.
            data_change: False where the same rows only move to other files.

        Returns:
            Whether the commit is in; False when another writer made the next version first.

        Raises:
            StoreError: Disk full, no permission, damaged log.
        Cost: the files, one fsync each, and about 10 ms.
        """
        now = time.time_ns() // 1_000_000  # Delta's book-keeping (vacuum by age); never a value in a row
        actions: list[AddAction | RemoveAction] = []
        with saying(f"{self.path} cannot be written"):
            for frame in frames:
                if not frame.is_empty():
                    name = f"part-{uuid.uuid4().hex}.zstd.parquet"
                    size = _write(self.path / name, frame)
                    actions.append(
                        AddAction(name, size, {}, now, data_change, json.dumps({"numRecords": frame.height}))
                    )
            actions += [RemoveAction(Path(uri).name, data_change, now) for uri in remove]
            properties = CommitProperties(
                custom_metadata=dict(note),
                max_commit_retries=0,
                app_transactions=[Transaction(_WRITER, self.number + 1, now)],
            )
            try:
                self.delta.create_write_transaction(
                    actions, mode="append", schema=self.delta.schema(), commit_properties=properties
                )
            except CommitFailedError:
                # The files stay: a commit that landed without acknowledgement names them. Vacuum removes the others.
                return False
        return True

    def vacuum(self, keep_hours: int) -> int:
        """Delete files that no version of the last `keep_hours` names; returns how many."""
        with saying(f"{self.path} cannot be cleaned"):
            # Asked first: a vacuum notes itself in the log, also when there is nothing left to delete.
            doomed = self.delta.vacuum(keep_hours, dry_run=True, enforce_retention_duration=False, full=True)
            there = sum((self.path / name).exists() for name in doomed)
            if there:
                self.delta.vacuum(keep_hours, dry_run=False, enforce_retention_duration=False, full=True)
            return there


def latest(path: Path, columns: Mapping[str, pl.DataType]) -> Version | None:
    """The latest version of the table in a folder, None where nothing was ever committed.

    Raises:
        StoreError: The log is damaged or cannot be read.
    """
    if not (path / "_delta_log").is_dir():
        return None
    try:
        return Version(path, columns, deltalake.DeltaTable(path))
    except TableNotFoundError as error:
        if any((path / "_delta_log").glob("*.json")):
            complain(f"{path} cannot be opened", error)
        return None  # killed while the table was made: a folder without a first commit
    except (OSError, DeltaError, ValueError) as error:
        complain(f"{path} cannot be opened", error)


def make(path: Path, columns: Mapping[str, pl.DataType]) -> Version:
    """The latest version of the table in a folder, made where there is none, widened where `columns` has more.

    Raises:
        StoreError: As `latest`; disk full, no permission.
    """
    wanted = deltalake.Schema.from_arrow(pl.Schema(columns))
    with saying(f"{path} cannot be made"):
        version = latest(path, columns)
        if version is None:
            path.mkdir(parents=True, exist_ok=True)
            # Two makers at the same moment: the loser opens what the winner made.
            with contextlib.suppress(CommitFailedError):
                deltalake.DeltaTable.create(path, wanted, mode="ignore", configuration=_LOG_CONFIG)
            version = Version(path, columns, deltalake.DeltaTable(path))
        known = {field.name for field in version.delta.schema().fields}
        added = [field for field in wanted.fields if field.name not in known]
        if added:
            with contextlib.suppress(CommitFailedError):
                version.delta.alter.add_columns(added)
            version = Version(path, columns, deltalake.DeltaTable(path))
    return version


def read(files: Sequence[str], columns: Mapping[str, pl.DataType], *, path: str | None = None) -> pl.LazyFrame:
    """Rows of some files with exactly `columns`; a column that a file lacks is null there."""
    if not files:
        return pl.LazyFrame(schema=dict(columns) | ({path: pl.String()} if path else {}))
    return pl.scan_parquet(
        list(files),
        schema=dict(columns),
        missing_columns="insert",
        extra_columns="ignore",
        cast_options=pl.ScanCastOptions(missing_struct_fields="insert", extra_struct_fields="ignore"),
        include_file_paths=path,
        hive_partitioning=False,
        glob=False,
    )


def _write(path: Path, frame: pl.DataFrame) -> int:
    try:
        with path.open("wb") as file:
            frame.write_parquet(file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
            return file.tell()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
