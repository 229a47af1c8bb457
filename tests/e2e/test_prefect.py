"""A real Prefect server, the real `copydesk serve`, and a clock that fires it: what a mock of Prefect could not show.

With other versions of its own dependencies Prefect starts, says that it is healthy, and never makes a scheduled run.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]
STEPS = ["gather", "clean", "mark", "sketch", "pair", "verify", "copies", "stories", "facts", "publish"]

pytestmark = [pytest.mark.server, pytest.mark.slow]


class Server:
    """A Prefect server of this module's own, and what a client asks of it."""

    def __init__(self, url: str, home: Path) -> None:
        self.url = url
        self.env = {**os.environ, "PREFECT_API_URL": url, "PREFECT_HOME": str(home), "PYTHONUTF8": "1"}

    def find(self, what: str, **filters: Any) -> list[dict[str, Any]]:
        answer = httpx.post(f"{self.url}/{what}/filter", json=filters, timeout=30)
        assert answer.is_success, answer.text
        return answer.json()

    def run(self, *words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words], cwd=cwd, env=self.env, capture_output=True, text=True, timeout=180, check=False
        )


@contextlib.contextmanager
def running(command: list[str], log: Path, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a session of its own that is gone at the end, with all it started, whatever happened."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *command], stdout=out, stderr=subprocess.STDOUT, start_new_session=True, **options
        )
        try:
            yield process
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def wait_for(found: Callable[[], Any], seconds: float, process: subprocess.Popen[bytes], log: Path) -> Any:
    """The first answer that is true; the process's log where none comes in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := found():
            return answer
        assert process.poll() is None, f"ended with {process.returncode}:\n{log.read_text()}"
        time.sleep(1)
    pytest.fail(f"nothing within {seconds:.0f} s:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("prefect")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    one = Server(f"http://127.0.0.1:{port}/api", folder / "home")
    environment = {**one.env, "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}

    def healthy() -> bool:
        try:
            return httpx.get(f"{one.url}/health", timeout=5).is_success
        except httpx.HTTPError:
            return False

    log = folder / "server.log"
    command = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with running(command, log, env=environment) as process:
        wait_for(healthy, 180, process, log)
        yield one


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """The seeds, and one file that is nothing."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for given in [*(ROOT / "seeds").glob("*.txt"), *(ROOT / "seeds").glob("*.toml")]:
        shutil.copy(given, folder)
    (folder / "hollow.txt").write_bytes(b"")
    return folder


def test_a_cron_run_fires_and_finishes(server: Server, articles: Path, tmp_path: Path, published) -> None:
    log = tmp_path / "serve.log"
    command = ["-m", "flows.cli", "serve", "articles", "--store", "desk", "--cron", "* * * * *", "--name", "wire"]
    with running(command, log, env=server.env, cwd=tmp_path) as process:

        def finished() -> dict[str, Any] | None:
            ended = server.find(
                "flow_runs", flow_runs={"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}}
            )
            return ended[0] if ended else None

        run = wait_for(finished, 170, process, log)
        assert run["state"]["type"] == "COMPLETED", f"{run['state']['message']}\n{log.read_text()[-4000:]}"
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, log.read_text()[-4000:]

    assert run["auto_scheduled"], "the run was made by the schedule, not by hand"
    assert run["name"].startswith("desk 20")
    assert run["name"].endswith("Z")
    assert "copydesk" in run["tags"]
    assert run["parameters"] == {"paths": [str(articles)], "store": str(tmp_path / "desk"), "config": None}

    tasks = server.find("task_runs", flow_runs={"id": {"any_": [run["id"]]}}, sort="EXPECTED_START_TIME_ASC")
    assert [task["name"] for task in tasks] == STEPS
    assert {task["state"]["type"] for task in tasks} == {"COMPLETED"}

    found = server.find("artifacts", flow_runs={"id": {"any_": [run["id"]]}})
    shown = {one["key"]: one for one in found}
    assert {key: one["type"] for key, one in shown.items()} == {
        "copydesk-desk-unique-facts": "markdown", "copydesk-desk-outlets": "table", "copydesk-desk-steps": "table",
    }  # fmt: skip
    report = shown["copydesk-desk-unique-facts"]["data"]
    assert "hollow" in report, "an item that could not be used does not fail the run and is not hidden"
    unique = published(tmp_path / "desk", "unique_facts")
    assert unique["outlet"].n_unique() == 2
    for outlet, count in unique.group_by("outlet").len().iter_rows():
        assert f"## {outlet}: {count}" in report

    (held,) = server.find(
        "deployments", flows={"name": {"any_": ["copydesk"]}}, deployments={"name": {"any_": ["wire"]}}
    )
    assert held["concurrency_options"]["collision_strategy"] == "CANCEL_NEW", (
        "never two at a time, no queue of late runs"
    )
    assert held["paused"], "a schedule that nobody serves makes no runs"
    assert server.find("deployments", flows={"name": {"any_": ["copydesk-backfill"]}})


def test_a_failed_stage_fails_the_flow_with_its_sentence(server: Server, articles: Path, tmp_path: Path) -> None:
    script = tmp_path / "failing.py"
    script.write_text(f"""
from flows import scheduled, stages
from storage.tables import StoreError

def publish(*_args, **_options):
    raise StoreError("no space is left on the disk: free some")

stages.snapshots.publish = publish
scheduled._DELAYS_S = {{"publish": [0.1, 0.1]}}
scheduled.copydesk([{str(articles)!r}], {str(tmp_path / "store")!r})
""")
    assert server.run(str(script), cwd=tmp_path).returncode == 1
    (run,) = server.find("flow_runs", flow_runs={"state": {"type": {"any_": ["FAILED"]}}})
    assert "no space is left on the disk: free some" in run["state"]["message"]
    assert not run["auto_scheduled"]
    tasks = server.find("task_runs", flow_runs={"id": {"any_": [run["id"]]}}, sort="EXPECTED_START_TIME_ASC")
    assert [task["state"]["type"] for task in tasks] == ["COMPLETED"] * 9 + ["FAILED"]
    assert tasks[-1]["run_count"] == 3, "a full disk may pass: two more tries"
    (manifest,) = (tmp_path / "store" / "runs").glob("*.json")
    said = json.loads(manifest.read_bytes())
    assert said["status"] == "failed"
    assert said["reason"].endswith("no space is left on the disk: free some")
    assert not (tmp_path / "store" / "published").exists()


def test_the_project_file_deploys_the_same_flows(server: Server, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    shutil.copy(ROOT / "prefect.yaml", project)
    made = server.run("-m", "prefect", "work-pool", "create", "--type", "process", "copydesk", cwd=project)
    assert made.returncode == 0, made.stdout + made.stderr
    done = server.run("-m", "prefect", "--no-prompt", "deploy", "--all", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    held = {one["name"]: one for one in server.find("deployments") if one["work_pool_name"] == "copydesk"}
    assert set(held) == {"every-quarter", "days"}
    main = held["every-quarter"]
    assert main["entrypoint"] == "flows.scheduled.copydesk"
    assert [one["schedule"]["cron"] for one in main["schedules"]] == ["*/15 * * * *"]
    assert main["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    assert set(main["parameters"]) == {"paths", "store", "config"}
    assert held["days"]["entrypoint"] == "flows.scheduled.backfill"
    assert held["days"]["schedules"] == []
