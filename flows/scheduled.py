"""Prefect around the same stages: flows, tasks, schedules and artifacts. The only module that imports Prefect.

A run here is `flows.job` with a task around every stage. What travels between tasks are counts, never frames; results
are neither persisted nor cached, because the store itself knows what is done. Prefect says when, and shows what
happened; whether a run may write is decided by the store's own lease, also when a server believes a dead run alive.
"""

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

# Read when Prefect is imported, here and in the processes it starts. A user's own values stand.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")  # its 20 s are short on two cores

import httpx
import prefect
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, State, TaskRun
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound, PrefectException
from prefect.runtime import flow_run
from prefect.schedules import Cron, Schedule
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.tasks import Task
from prefect.types.entrypoint import EntrypointType

from flows import artifacts, job, server, stages
from flows.config import ConfigError
from flows.desk import Desk
from flows.sources import GatherError
from storage.tables import StoreError

R = TypeVar("R")

_TAG = "copydesk"
_DELAYS_S: Mapping[str, list[float]] = {"gather": [30, 120], "publish": [10, 60]}  # what waits for a net, for a disk
_DELAY_S: list[float] = [10]  # every other stage: one more try
_MAY_PASS = (StoreError, OSError, GatherError)  # a full disk, another writer, no net; never a wrong setting or a defect
_OUTLETS = 200  # rows of the table artifact; its description says of how many


def _run_name() -> str:
    """`{store name} {scheduled time}`: tells the runs of several stores apart in one list."""
    return f"{Path(flow_run.parameters['store']).name} {flow_run.scheduled_start_time:%Y-%m-%d %H:%M}Z"


@prefect.flow(name="copydesk", flow_run_name=_run_name, persist_result=False)
def copydesk(paths: list[str], store: str, config: str | None = None) -> dict[str, int]:
    """Take articles in, compare them, publish the tables, and show what each outlet alone reports.

    Args:
        paths: Files and folders of articles; none: the outlets of the configuration are fetched.
        store: Folder of the stored and published tables.
        config: TOML of outlets and settings.

    Returns:
        Rows each stage wrote, and `rejected`: items that could not be used. They do not fail the run.

    Raises:
        ConfigError: A fault of the configuration; not tried again, as `SourceError`.
        SourceError: Nothing to read from.
        StoreError: The store cannot be used, or another run holds it.
    """
    with job.desk(_job(paths, store, config), _voice()) as desk:
        counts = {stage.__name__: _task(desk, stage.__name__, stage.__doc__ or "")() for stage in stages.FLOW}
    _show(desk)
    return counts | {"rejected": sum(step.counts.get("rejected", 0) for step in desk.run.steps)}


@prefect.flow(name="copydesk-backfill", flow_run_name=_run_name, persist_result=False)
def backfill(paths: list[str], store: str, since: date, until: date, config: str | None = None) -> None:
    """Take in the articles published from `since` to `until` (UTC days, both included), as `copydesk backfill` does.

    One task, not one a day and stage: the store knows which days are done, so a second try goes on where the first was.
    """
    asked = _job(paths, store, config, (since, until))

    @_stage("backfill", "Every stage, day by day")
    def days() -> None:
        job.run(asked, voice=_voice())

    days()


def _job(paths: Sequence[str], store: str, config: str | None, days: tuple[date, date] | None = None) -> job.Job:
    return job.Job(tuple(map(Path, paths)), Path(store), Path(config) if config else None, days=days)


def _voice() -> job.Voice:
    """What a person should know goes into the log of the run; progress does not, the tasks show it."""
    logger = prefect.get_run_logger()
    return job.Voice(line=lambda line: logger.info(str(line)))


def _stage(name: str, doc: str) -> Callable[[Callable[[], R]], Task[[], R]]:
    """The options every task has: one name, tags, retries where a second try may help, nothing persisted or cached."""
    delays = _DELAYS_S.get(name, _DELAY_S)
    return prefect.task(
        name=name,
        task_run_name=name,
        description=doc,
        tags=[_TAG, name],
        retries=len(delays),
        retry_delay_seconds=delays,
        retry_condition_fn=_may_pass,
        persist_result=False,
        cache_policy=NO_CACHE,
    )


def _may_pass(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether a second try may help."""
    return isinstance(state.data, _MAY_PASS)


def _task(desk: Desk, name: str, doc: str) -> Task[[], int]:
    """One stage as a task. It closes over the desk, so that Prefect neither looks through the store nor copies it."""

    @_stage(name, doc)
    def stage() -> int:
        stages.step(desk, name)
        return desk.run.steps[-1].rows_out

    return stage


def _show(desk: Desk) -> None:
    """The result as artifacts. They only show what is published: where no server takes them, the run is still good."""
    root = desk.store.root
    key, outlets = artifacts.key(root), artifacts.outlets(root)
    shown = outlets.head(_OUTLETS)
    try:
        create_markdown_artifact(artifacts.report(root), f"{key}-unique-facts", f"Tables: {root / 'published'}")
        create_table_artifact(
            shown.to_dicts(), f"{key}-outlets", f"Facts by outlet, {shown.height} of {outlets.height}"
        )
        create_table_artifact(artifacts.steps(desk.run), f"{key}-steps", f"Run {desk.run.run_id}")
    except (httpx.HTTPError, PrefectException) as fault:
        prefect.get_run_logger().warning("The tables are published, but the server took no artifact: %s", fault)


def serve(
    *, paths: Sequence[Path], store: Path, config_path: Path | None = None, cron: str, name: str = "copydesk"
) -> None:
    """Run on a schedule, from this process, until it is stopped.

    Serves two deployments: `copydesk/NAME` with the schedule, and `copydesk-backfill/NAME` to be started by hand. A run
    that is due while the one before it is still running is cancelled: the next takes what both would have taken.

    Args:
        paths: As for `copydesk run`; made absolute.
        store: Folder of the tables; made absolute.
        config_path: TOML; made absolute.
        cron: Five fields, UTC.
        name: Name of the deployments.

    Raises:
        ConfigError: Not a schedule, not a name, a fault of the configuration, or a Prefect server that does not answer.
        SourceError: Nothing to read from.
    """
    schedule = _schedule(cron)
    if not name.strip() or set(name) & set("/%&<>"):
        message = (
            f"--name {name!r} cannot name a deployment; write letters, digits, spaces, dots, dashes or underscores"
        )
        raise ConfigError(message)
    given: dict[str, Any] = {
        "paths": [str(path.absolute()) for path in paths],
        "store": str(store.absolute()),
        "config": str(config_path.absolute()) if config_path else None,
    }
    asked = _job(**given)
    asked.check(asked.config())  # said now, not by every run of the night
    both: dict[str, Any] = {"parameters": given, "tags": [_TAG], "entrypoint_type": EntrypointType.MODULE_PATH}
    one = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    with server.ready(PREFECT_API_URL.value()) as url, temporary_settings({PREFECT_API_URL: url}):
        os.environ["PREFECT_API_URL"] = url  # for the processes of the runs
        try:
            prefect.serve(
                RunnerDeployment.from_flow(copydesk, name, schedule=schedule, concurrency_limit=one, **both),
                RunnerDeployment.from_flow(backfill, name, **both),
                pause_on_shutdown=False,
            )
        finally:
            _pause(name)


def _pause(name: str) -> None:
    """A schedule that nobody serves makes no runs.

    Prefect's own pausing runs inside the loop that is being torn down, and is lost where the signal falls into a task.
    """
    try:
        with get_client(sync_client=True) as client:
            for flow in (copydesk, backfill):
                with contextlib.suppress(ObjectNotFound):  # stopped before it was registered
                    client.pause_deployment(client.read_deployment_by_name(f"{flow.name}/{name}").id)
    except httpx.HTTPError as fault:
        message = f"the Prefect server no longer answers ({fault}): pause the schedule of {name!r} there"
        raise ConfigError(message) from fault


def _schedule(cron: str) -> Schedule:
    advice = 'write five fields (minute, hour, day, month, weekday), such as "*/15 * * * *"'
    if len(cron.split()) != 5:  # of six, the last would be read as seconds
        message = f"--cron {cron!r} has {len(cron.split())} fields; {advice}"
        raise ConfigError(message)
    try:
        CronSchedule(cron=cron)
    except ValueError as fault:
        message = f"--cron {cron!r} is not a schedule; {advice}"
        raise ConfigError(message) from fault
    return Cron(cron, timezone="UTC")
