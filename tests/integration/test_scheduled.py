"""What can be known of the Prefect side without a server; tests/e2e/test_prefect.py has one."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def python(code: str, *, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter: what is imported, and which environment is set, is its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "DO_NOT_TRACK"))}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=cwd, env={**kept, **environment, "PYTHONUTF8": "1"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def command(*words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return python(
        f"import sys; sys.argv = {['copydesk', *words]!r}; from flows.cli import main; main()", cwd=cwd, **environment
    )


def test_a_run_never_imports_prefect(tmp_path: Path) -> None:
    code = f"""
import sys
import flows.cli, flows.job, flows.stages, flows.artifacts, flows.server
sys.argv = ["copydesk", "run", {str(ROOT / "seeds")!r}, "--store", {str(tmp_path / "store")!r}]
try:
    flows.cli.main()
except SystemExit as end:
    assert end.code == 0, end.code
print(sorted(name for name in sys.modules if name.partition(".")[0] in ("prefect", "fastapi")))
"""
    done = python(code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_bad_cron_is_one_sentence(tmp_path: Path) -> None:
    done = command("serve", str(ROOT / "seeds"), "--store", "store", "--cron", "61 * * * *", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("copydesk: --cron '61 * * * *' is not a schedule; write five fields")
    assert done.stderr.count("\n") == 1


def test_a_server_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    url = "http://127.0.0.1:9/api"  # the discard port: nothing listens
    words = ("serve", str(ROOT / "seeds"), "--store", "store", "--cron", "* * * * *")
    done = command(*words, cwd=tmp_path, PREFECT_API_URL=url, PREFECT_HOME=str(tmp_path / "home"))
    assert done.returncode == 2
    assert (
        done.stderr == f"copydesk: the Prefect server at {url} does not answer; start it, or correct PREFECT_API_URL\n"
    )
    assert not (tmp_path / "store").exists()


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One look at the module from a process of its own, whose warnings and settings are not those of the tests."""
    done = python(_LOOK, cwd=tmp_path_factory.mktemp("look"), PREFECT_SERVER_ANALYTICS_ENABLED="true")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


_LOOK = """
import json, os
from pathlib import Path
from flows import scheduled, stages  # before Prefect: it sets what Prefect reads
from prefect.settings import get_current_settings
from prefect.states import Failed
from flows.config import ConfigError
from flows.sources import GatherError, SourceError
from storage.tables import StoreError

def fault(call):
    try:
        call()
    except (ConfigError, SourceError) as said:
        return f"{type(said).__name__}: {said}"

tasks = [scheduled._task(None, stage.__name__, stage.__doc__) for stage in stages.FLOW]
kinds = (StoreError, OSError, GatherError, ConfigError, SourceError, ValueError)
server = get_current_settings().server
print(json.dumps({
    "tasks": [[task.name, sorted(task.tags), task.retries, task.retry_delay_seconds] for task in tasks],
    "kept": [task.name for task in tasks if task.persist_result or task.cache_policy is not scheduled.NO_CACHE],
    "again": [kind.__name__ for kind in kinds if tasks[0].retry_condition_fn(tasks[0], None, Failed(data=kind("x")))],
    "flows": [[one.name, one.persist_result, one.parameters.required] for one in
              (scheduled.copydesk, scheduled.backfill)],
    "crons": {cron: fault(lambda: scheduled._schedule(cron)) for cron in
              ("*/15 * * * *", "0 6 * * mon-fri", "*/15 * * *", "soon", "* * * * * *", "", "R * * * *", "61 * * * *")},
    "name": fault(lambda: scheduled.serve(paths=[], store=Path("s"), cron="* * * * *", name="a/b")),
    "nowhere": fault(lambda: scheduled.serve(paths=[Path("nowhere")], store=Path("s"), cron="* * * * *")),
    "settings": [server.analytics_enabled, server.ephemeral.startup_timeout_seconds, os.environ["DO_NOT_TRACK"]],
}))
"""


def test_defaults_are_set_before_prefect_and_a_users_values_stand(found: dict[str, Any]) -> None:
    assert found["settings"] == [True, 180, "1"]


def test_a_cron_has_five_fields(found: dict[str, Any]) -> None:
    crons = found["crons"]
    assert [cron for cron, fault in crons.items() if fault is None] == ["*/15 * * * *", "0 6 * * mon-fri"]
    assert all(repr(cron) in fault and "write five fields" in fault for cron, fault in crons.items() if fault)


def test_a_wrong_path_is_said_before_anything_is_served(found: dict[str, Any]) -> None:
    assert re.match(r"SourceError: \S*nowhere does not exist; ", found["nowhere"])


def test_a_wrong_name_is_said_before_anything_is_served(found: dict[str, Any]) -> None:
    assert found["name"].startswith("ConfigError: --name 'a/b' cannot name a deployment; ")


def test_every_stage_is_a_task(found: dict[str, Any]) -> None:
    names = [name for name, *_ in found["tasks"]]
    assert names == ["gather", "clean", "mark", "sketch", "pair", "verify", "copies", "stories", "facts", "publish"]
    for name, tags, retries, delays in found["tasks"]:
        assert tags == sorted(["copydesk", name])
        assert retries == len(delays) == (2 if name in {"gather", "publish"} else 1)
    assert found["kept"] == [], "the store knows what is done: nothing is persisted or cached by Prefect"


def test_a_stage_is_tried_again_only_where_it_may_pass(found: dict[str, Any]) -> None:
    assert found["again"] == ["StoreError", "OSError", "GatherError"]


def test_parameters_are_plain(found: dict[str, Any]) -> None:
    assert found["flows"] == [
        ["copydesk", False, ["paths", "store"]],
        ["copydesk-backfill", False, ["paths", "store", "since", "until"]],
    ]
