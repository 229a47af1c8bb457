"""One job from asking to answer: configuration, lease, run manifest, sources, stages. CLI and Prefect start here."""

import contextlib
import dataclasses
import gc
import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal

import polars as pl

from dedupe import page
from flows import clean, stages
from flows.clean import rows
from flows.config import Config, load
from flows.desk import Desk
from flows.sources import Capture, Reject, SourceError, Tell, Visit, Waiting, files, lists
from storage.runs import Clock, Run, lease, manifests, system_clock
from storage.tables import Store

_PER_DAY = ("mark", "sketch", "pair", "verify")  # what a backfill does day by day; groups and facts see all days


_COLLECT = (200_000, 20, 20)  # objects, then times: when Python looks for garbage in cycles. Rows are none


def _silent(_line: str) -> None:
    """Nothing is said."""


def _still(_step: str, _done: int, _total: int | None) -> None:
    """No progress is shown."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How a job speaks: `line` for what a person should know, `progress` for (step, done, total or None)."""

    line: Tell = _silent
    progress: Callable[[str, int, int | None], None] = _still


@dataclass(frozen=True, slots=True)
class Job:
    """What was asked for.

    Attributes:
        paths: Files and folders of articles; none: the outlets of the configuration are fetched.
        store: Folder of the stored and published tables.
        config_path: TOML of outlets and settings.
        overrides: Dotted key -> value, above the TOML.
        days: First and last UTC day of a backfill.
        reclean: Clean every stored capture anew; without paths, nothing else is read or fetched.
    """

    paths: tuple[Path, ...]
    store: Path
    config_path: Path | None = None
    overrides: tuple[tuple[str, str], ...] = ()
    days: tuple[date, date] | None = None
    reclean: bool = False

    def asked(self) -> dict[str, object]:
        """The job as JSON values, for the run's manifest."""
        return {
            "paths": [str(path) for path in self.paths],
            "config": str(self.config_path) if self.config_path else None,
            "set": dict(self.overrides),
            "days": [day.isoformat() for day in self.days] if self.days else None,
            "reclean": self.reclean,
        }

    def config(self) -> Config:
        """The configuration in force."""
        return load(self.config_path, dict(self.overrides))

    def check(self, config: Config) -> None:
        """Raise SourceError where the job cannot be done at all: no such path, nothing to read, days in reverse."""
        for path in self.paths:
            if not path.exists():
                message = f"{path} does not exist; give a folder of .txt and .html files, a .jsonl or a .parquet file."
                raise SourceError(message)
        placed = any(outlet.feeds or outlet.sitemaps or outlet.files for outlet in config.outlets)
        if not self.paths and not self.reclean and not placed and not config.sources:
            message = (
                "nothing to read: give PATHS, or --config with a [[source]] or an outlet that has feeds, sitemaps or"
                " files."
            )
            raise SourceError(message)
        if self.days and self.days[0] > self.days[1]:
            message = f"--since {self.days[0]} lies after --until {self.days[1]}; give the earlier day first."
            raise SourceError(message)


@contextlib.contextmanager
def desk(job: Job, voice: Voice | None = None, clock: Clock = system_clock) -> Iterator[Desk]:
    """Open the store, take the lease and start a run; whatever happens inside, its manifest says how it ended.

    Raises:
        ConfigError: A key or value of the configuration.
        SourceError: Nothing to read from.
        StoreError: A store of another schema version, a read-only folder, a run that holds the lease.
    """
    voice = voice or Voice()
    config = job.config()
    job.check(config)
    store = Store.open(job.store)
    with lease(store.root, clock=clock), _few_collections():
        run = Run.start(store.root, clock=clock, settings_hash=config.settings_hash, inputs=job.asked())
        left_out: Counter[str] = Counter()
        deliver = _deliver(job, config, store, voice, clock, left_out)
        try:
            yield Desk(store, config, run, clock, deliver, voice.progress)
            _tell_left_out(run, store, job, left_out, voice)
        except BaseException as fault:
            run.finish("failed" if isinstance(fault, Exception) else "stopped", f"{type(fault).__name__}: {fault}")
            raise
        run.finish(*_ending(run))


@contextlib.contextmanager
def _few_collections() -> Iterator[None]:
    """Garbage in cycles is looked for rarely: by default every 700 rows, a fifth of the facts' time."""
    before = gc.get_threshold()
    gc.set_threshold(*_COLLECT)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _ending(run: Run) -> tuple[Literal["published", "unchanged", "stopped"], str]:
    """How a run that met no fault ended."""
    if not run.steps or run.steps[-1].name != "publish":
        return "stopped", f"after {run.steps[-1].name if run.steps else 'nothing'}, as asked"
    return ("published", "") if run.steps[-1].counts["changed"] else ("unchanged", "nothing new")


def run(job: Job, *, until: str = "publish", voice: Voice | None = None, clock: Clock = system_clock) -> dict[str, Any]:
    """Do the job; returns the run's manifest."""
    with desk(job, voice, clock) as one:
        if job.reclean:
            one.clean_again()
        if job.days is None:
            stages.run(one, until)
        else:
            _backfill(one, *job.days)
    return next(found for found in manifests(job.store) if found["run_id"] == one.run.run_id)


def _backfill(desk: Desk, since: date, last: date) -> None:
    """The same stages, day by day: every finished day stays finished when the backfill is stopped and begun again."""
    stages.run(desk, until="clean")
    day = since
    while day <= last:
        for name in _PER_DAY:
            stages.step(dataclasses.replace(desk, day=day), name)
        day += timedelta(days=1)
    for name in ("copies", "stories", "facts", "publish"):
        stages.step(desk, name)


def dry_run(job: Job, clock: Clock = system_clock) -> dict[str, Any]:
    """Read the input and say what a run would do; nothing is written, nothing is fetched."""
    config = job.config()
    job.check(config)
    if not job.paths:
        asked = {outlet.name: [*outlet.feeds, *outlet.sitemaps, *outlet.files] for outlet in config.outlets}
        return {
            "would_fetch": {name: places for name, places in asked.items() if places},
            "new": None,
            "known": None,
            "rejected": [],
        }
    stored: set[str] = set()
    if (job.store / "store.json").exists():
        stored.update(Store.open(job.store, create=False).scan("captures").select("capture_id").collect()["capture_id"])
    counts: Counter[str] = Counter()
    rejected = []
    for one in _deliver(job, config, None, Voice(), clock, counts)():
        if isinstance(one, Reject):
            rejected.append({"source": one.source, "outcome": one.outcome, "reason": one.reason})
        elif isinstance(one, Capture):
            counts["known" if one.capture_id in stored else "new"] += 1
    return {"would_fetch": {}, "new": counts["new"], "known": counts["known"], "rejected": rejected,
            "outside_days": counts["outside_days"]}  # fmt: skip


def cleaned(job: Job, clock: Clock = system_clock) -> Iterator[dict[str, Any]]:
    """Clean files without a store: one mapping a file, with the article and its blocks, or outcome and reason."""
    config = job.config()
    for one in _deliver(job, config, None, Voice(), clock, Counter())():
        if isinstance(one, Reject):
            yield {"path": one.source, "outcome": one.outcome, "reason": one.reason}
        elif isinstance(one, Capture):
            yield {"path": one.locator} | _cleaned(one, config)


def _cleaned(capture: Capture, config: Config) -> dict[str, Any]:
    """One article and its blocks, or outcome and reason."""
    found = rows.cleaned(capture.row(), config.settings.clean)
    if isinstance(found, clean.Rejected):
        return {"outcome": found.outcome, "reason": found.reason}
    pages = rows.pages([found])
    blocks = page.mark(rows.blocks(pages), config.settings.page)
    for reject in page.bodiless(pages, blocks).iter_rows(named=True):
        return {"outcome": reject["outcome"], "reason": reject["reason"]}
    article = page.assemble(pages, blocks).row(0, named=True)
    wanted = ("title", "dek", "byline", "published_at", "published_precision", "published_source", "language", "text")
    listed = blocks.select("block", "begin", "end", "role", "kept", "reason", "repeat_of", "text", "text_begin")
    return {name: article[name] for name in wanted} | {"blocks": listed.to_dicts()}


def _deliver(
    job: Job, config: Config, store: Store | None, voice: Voice, clock: Clock, left_out: Counter[str]
) -> Callable[[], Iterator[Capture | Reject | Visit | Waiting]]:
    """What the sources bring, as a function that begins anew at each call; `left_out` counts what the days cut off."""

    def fetch() -> Iterator[Capture | Reject | Visit | Waiting]:
        from flows.sources import plugins, web

        yield from plugins.captures(config, clock)
        yield from files.configured(config=config, clock=clock, notice=voice.line)
        since = datetime.combine(job.days[0], time(), UTC) if job.days else None
        yield from web.gather(config, store=store, clock=clock, notice=voice.line, since=since)

    def read() -> Iterator[Capture | Reject | Visit | Waiting]:
        named = [path for path in job.paths if path.suffix.lower() == lists.ENDING and path.is_file()]
        rest = [path for path in job.paths if path not in named]
        found = [files.read(rest, config=config, clock=clock, notice=voice.line)] if rest else []
        fetched = (lists.read(path, config=config, clock=clock, store=store, notice=voice.line) for path in named)
        return itertools.chain(*found, *fetched)

    def bring() -> Iterator[Capture | Reject | Visit | Waiting]:
        if job.reclean and not job.paths:
            return iter(())
        return read() if job.paths else fetch()

    return lambda: _in_days(bring(), job.days, left_out)


def _in_days(
    delivered: Iterator[Capture | Reject | Visit | Waiting], days: tuple[date, date] | None, left_out: Counter[str]
) -> Iterator[Capture | Reject | Visit | Waiting]:
    """Leave out, and count, captures known to lie outside the days; those without a date are decided once cleaned."""
    for one in delivered:
        given = one.given_published_at if isinstance(one, Capture) else None
        if days is None or given is None or days[0] <= given.date() <= days[1]:
            yield one
        else:
            left_out["outside_days"] += 1


def _tell_left_out(run: Run, store: Store, job: Job, left_out: Counter[str], voice: Voice) -> None:
    """Say in the manifest, and to the person, what the days of a backfill left out."""
    if job.days is None:
        return
    run.steps[0].counts["outside_days"] = left_out["outside_days"]
    run.steps[0].counts["pages_waiting"] = waiting = _pages_waiting(store)
    span = f"{job.days[0]} to {job.days[1]}"
    if left_out["outside_days"]:
        voice.line(f"left out, because published outside {span}: {left_out['outside_days']:,}")
    if waiting:
        voice.line(f"cleaned pages that wait for a run over their day: {waiting:,}")


def _pages_waiting(store: Store) -> int:
    """Pages that are cleaned and not marked: those outside the days of a backfill, which the next run takes."""
    rows = store.scan("pages")
    for table in ("blocks", "rejects", "notices"):
        rows = rows.join(store.scan(table).select("capture_id").unique(), on="capture_id", how="anti")
    return int(rows.select(pl.len()).collect().item())
