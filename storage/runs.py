"""Runs: one at a time (lease), each with a manifest of its steps under STORE/runs, and the clock everything is told."""

import contextlib
import datetime as dt
import fcntl
import importlib.metadata
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from storage import ids, schema
from storage.commits import StoreError, complain, write_file

Clock = Callable[[], dt.datetime]
Status = Literal["running", "published", "unchanged", "failed", "stopped"]

# The libraries that decide results; their versions go into every manifest.
_LIBRARIES = (
    "copydesk",
    "polars",
    "deltalake",
    "dataframely",
    "datasketch",
    "numpy",
    "numba",
    "rapidfuzz",
    "trafilatura",
    "resiliparse",
    "lxml",
)
_GRACE_S = 0.3  # `manifests` holds the lease for an instant to see whether it is free: look again before giving up
_POLL_S = 0.05


# A forked worker shares the lock: it would keep the lease of a run that was killed. It closes its copy when it starts.
_open_leases: set[int] = set()


def _forget_leases() -> None:
    while _open_leases:
        os.close(_open_leases.pop())


os.register_at_fork(after_in_child=_forget_leases)


def system_clock() -> dt.datetime:
    """The time now, UTC. The only place that reads the clock; everything else is given a `Clock`."""
    return dt.datetime.now(dt.UTC)  # noqa: TID251 - this is the clock that is passed in


def versions() -> dict[str, str]:
    """Versions of Copydesk, its schema and the libraries that decide results, read without importing them."""
    found = {"schema": schema.SCHEMA_VERSION}
    for name in _LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "absent"
    return dict(sorted(found.items()))


@contextlib.contextmanager
def lease(root: Path, *, run_id: str = "", clock: Clock = system_clock, wait_s: float = 0.0) -> Iterator[None]:
    """Hold a store for one run. The kernel lets go when the process ends, killed or not.

    Args:
        root: The store's folder; it must exist.
        run_id: Who holds it, for the message another run gets.
        clock: Says since when.
        wait_s: How long to wait for a holder to finish, seconds.

    Raises:
        StoreError: Another run holds the store (the sentence says which process, run and since when), or the file
            cannot be written.
    """
    path = root / "lease"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        complain(f"{path} cannot be opened", error)
    _open_leases.add(handle)
    held = False
    try:
        give_up = time.monotonic() + max(wait_s, _GRACE_S)
        while not _lock(handle, fcntl.LOCK_EX):
            if time.monotonic() >= give_up:
                raise StoreError(_in_use(root, _holder(path)))
            time.sleep(_POLL_S)
        held = True
        told = {"pid": os.getpid(), "run_id": run_id, "since": clock().isoformat(timespec="seconds")}
        try:
            os.ftruncate(handle, 0)
            os.pwrite(handle, json.dumps(told).encode() + b"\n", 0)
        except OSError as error:
            complain(f"{path} cannot be written", error)
        yield
    finally:
        if handle in _open_leases:  # not in a forked worker, where the number may be another file by now
            if held:
                with contextlib.suppress(OSError):
                    os.ftruncate(handle, 0)  # a lease nobody holds names nobody; a full disk does not matter here
            _open_leases.discard(handle)
            os.close(handle)


@dataclass(slots=True)
class Step:
    """What one step of a run did. Filled in inside `with run.step(name) as step`."""

    name: str
    rows_in: int = 0
    rows_out: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A run and its manifest, STORE/runs/RUN_ID.json, which is rewritten whole after every step."""

    root: Path
    run_id: str
    started_at: dt.datetime
    settings_hash: str
    versions: Mapping[str, str]
    inputs: Mapping[str, Any]
    clock: Clock
    steps: list[Step]

    @classmethod
    def start(
        cls,
        root: Path,
        *,
        clock: Clock,
        settings_hash: str,
        salt: str = "",
        inputs: Mapping[str, Any] | None = None,
    ) -> "Run":
        """Begin a run and write its first manifest.

        Args:
            root: The store's folder.
            clock: Tells the start and end.
            settings_hash: Of every setting in force.
            salt: Tells two runs of one microsecond and one set of settings apart.
            inputs: What was asked for (paths, configuration, dates), as JSON values, for the manifest.

        Raises:
            StoreError: The folder cannot be written.
        """
        started = clock().astimezone(dt.UTC)
        mark = ids.content_id("r", started.isoformat(), settings_hash, salt).removeprefix("r-")[:8]
        run = cls(
            root=root,
            run_id=f"{started:%Y%m%dT%H%M%S.%fZ}-{mark}",
            started_at=started,
            settings_hash=settings_hash,
            versions=versions(),
            inputs=dict(inputs or {}),
            clock=clock,
            steps=[],
        )
        try:
            (root / "runs").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            complain(f"{root / 'runs'} cannot be made", error)
        run._write("running")
        return run

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Time a step and write the manifest when it ends, also when it fails; the error goes on."""
        step = Step(name)
        self.steps.append(step)
        begin = time.monotonic()
        try:
            yield step
        except BaseException as error:
            step.error = " ".join(f"{type(error).__name__}: {error}".split())[:1000]
            raise
        finally:
            step.seconds = round(time.monotonic() - begin, 3)
            self._write("running")

    def counts(self) -> str:
        """Rows, counts and seconds of every step so far, as JSON: the `counts` column of the `runs` table."""
        return json.dumps([_told(step) for step in self.steps], ensure_ascii=False)

    def finish(self, status: Literal["published", "unchanged", "failed", "stopped"], reason: str = "") -> None:
        """Close the manifest.

        Raises:
            StoreError: It cannot be written.
        """
        self._write(status, reason)

    def _write(self, status: Status, reason: str = "") -> None:
        ended = None if status == "running" else self.clock().astimezone(dt.UTC).isoformat()
        manifest = {
            "run_id": self.run_id,
            "status": status,
            "reason": reason,
            "pid": os.getpid(),
            "started_at": self.started_at.isoformat(),
            "ended_at": ended,
            "settings_hash": self.settings_hash,
            "versions": dict(self.versions),
            "inputs": dict(self.inputs),
            "steps": [_told(step) for step in self.steps],
        }
        data = json.dumps(manifest, ensure_ascii=False, indent=1, default=str).encode("utf-8", "backslashreplace")
        write_file(self.root / "runs" / f"{self.run_id}.json", data + b"\n")


def manifests(root: Path) -> list[dict[str, Any]]:
    """The manifests of all runs of a store, oldest first, as written.

    A run that says "running" while its process does not hold the lease was killed: its status is "died". A file that
    is no manifest is listed with status "unreadable" and its reason.
    """
    holder = _alive(root)
    found: list[dict[str, Any]] = []
    for path in sorted((root / "runs").glob("*.json")):
        if not re.match(r"\d{8}T", path.name):
            continue
        try:
            manifest = dict(json.loads(path.read_bytes()))
        except (OSError, ValueError, TypeError) as error:
            manifest = {"run_id": path.stem, "status": "unreadable", "reason": str(error), "steps": []}
        alive = holder.get("run_id") == manifest.get("run_id") or holder.get("pid") == manifest.get("pid")
        if manifest.get("status") == "running" and not (holder and alive):
            manifest["status"] = "died"
            manifest["reason"] = "the process ended before the run did"
        found.append(manifest)
    return found


def _told(step: Step) -> dict[str, Any]:
    told: dict[str, Any] = {
        "step": step.name,
        "rows_in": step.rows_in,
        "rows_out": step.rows_out,
        "counts": dict(sorted(step.counts.items())),
        "seconds": step.seconds,
    }
    return told | ({"error": step.error} if step.error else {})


def _lock(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _in_use(root: Path, who: Mapping[str, Any]) -> str:
    # A lease may be taken before the run has a name: its process leads to it.
    run_id = who.get("run_id") or "".join(
        [m["run_id"] for m in manifests(root) if m.get("status") == "running" and m.get("pid") == who.get("pid")][-1:]
    )
    return (
        f"{root} is in use by process {who.get('pid', '?')} (run {run_id or '?'}, since {who.get('since', '?')}): "
        "wait until it ends, or stop it"
    )


def _holder(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}  # the holder is just writing it; the message then says "?"
    return told if isinstance(told, dict) else {}


def _alive(root: Path) -> dict[str, Any]:
    """Who holds the lease; empty when nobody does."""
    path = root / "lease"
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return {}
    try:
        return {} if _lock(handle, fcntl.LOCK_SH) else _holder(path)
    finally:
        os.close(handle)
