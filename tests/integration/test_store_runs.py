"""Runs: one at a time, each with a manifest that is whole whenever it is read."""

import datetime as dt
import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from storage import runs
from storage.runs import Run, lease, manifests
from storage.tables import StoreError

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def ticking(start: dt.datetime = NOON) -> runs.Clock:
    times = (start + dt.timedelta(seconds=n) for n in range(1000))
    return lambda: next(times)


def start(root: Path, **changes: object) -> Run:
    given = {"clock": ticking(), "settings_hash": "s1"} | changes
    return Run.start(root, **given)


def test_the_clock_is_utc():
    assert runs.system_clock().utcoffset() == dt.timedelta(0)


def test_versions_name_what_decides_results():
    found = runs.versions()
    assert found["schema"]
    assert {"copydesk", "polars", "deltalake", "datasketch", "rapidfuzz", "trafilatura", "numba"} <= set(found)
    assert list(found) == sorted(found)
    code = (
        "import sys, storage.runs as r; r.versions(); print([m for m in ('numba', 'trafilatura') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"


def test_a_run_id_says_when_and_sorts(tmp_path):
    first = start(tmp_path)
    assert re.fullmatch(r"20260301T120000\.000000Z-[0-9a-f]{8}", first.run_id)
    assert start(tmp_path).run_id == first.run_id
    assert start(tmp_path, settings_hash="s2").run_id != first.run_id
    assert start(tmp_path, salt="2").run_id != first.run_id
    later = start(tmp_path, clock=ticking(NOON + dt.timedelta(microseconds=1)))
    assert later.run_id > first.run_id
    berlin = dt.timezone(dt.timedelta(hours=1))
    assert start(tmp_path, clock=lambda: NOON.astimezone(berlin)).run_id == first.run_id


def test_a_manifest_says_what_every_step_did(tmp_path):
    run = start(tmp_path, inputs={"paths": ["seeds"]})
    with run.step("clean") as step:
        step.rows_in, step.rows_out = 5, 4
        step.counts["rejected"] = 1
    (told,) = manifests(tmp_path)
    assert told["steps"][0] | {"seconds": 0} == {
        "step": "clean", "rows_in": 5, "rows_out": 4, "counts": {"rejected": 1}, "seconds": 0,
    }  # fmt: skip
    run.finish("published")
    (told,) = manifests(tmp_path)
    assert told["status"] == "published"
    assert told["inputs"] == {"paths": ["seeds"]}
    assert told["started_at"] < told["ended_at"]
    assert told["settings_hash"] == "s1"
    assert json.loads(run.counts())[0]["counts"] == {"rejected": 1}


def test_a_failed_step_is_told_and_its_error_goes_on(tmp_path):
    run = start(tmp_path)
    with pytest.raises(ValueError, match="no"), run.step("mark"):
        raise ValueError("no\nway")
    run.finish("failed", "no way")
    (told,) = manifests(tmp_path)
    assert (told["status"], told["reason"]) == ("failed", "no way")
    assert told["steps"][0]["error"] == "ValueError: no way"


def test_manifests_take_any_text_and_path(tmp_path):
    run = start(tmp_path, inputs={"paths": [Path("a/\udcff")], "title": "ünï"})
    run.finish("stopped", "\ud800")
    assert manifests(tmp_path)[0]["inputs"]["title"] == "ünï"


def test_a_damaged_manifest_is_listed(tmp_path):
    run = start(tmp_path)
    (tmp_path / "runs" / f"{run.run_id}.json").write_text("{")
    (tmp_path / "runs" / "notes.json").write_text("not ours")
    assert [told["status"] for told in manifests(tmp_path)] == ["unreadable"]
    assert manifests(tmp_path / "absent") == []


def test_a_run_lives_while_its_process_holds_the_lease(tmp_path):
    run = start(tmp_path)
    with lease(tmp_path, run_id=run.run_id):
        assert manifests(tmp_path)[0]["status"] == "running"
    assert manifests(tmp_path)[0]["status"] == "died"
    with lease(tmp_path):  # the lease may be taken before the run has a name
        assert manifests(tmp_path)[0]["status"] == "running"


def test_a_second_holder_is_told_who_holds_it(tmp_path):
    with lease(tmp_path, run_id="R1", clock=lambda: NOON):
        for _ in range(2):
            with pytest.raises(StoreError) as error, lease(tmp_path, run_id="R2"):
                pass
            expected = (
                f"is in use by process {os.getpid()} (run R1, since 2026-03-01T12:00:00+00:00): wait until it ends"
            )
            assert expected in str(error.value)
    with lease(tmp_path, run_id="R2"):
        pass


def test_a_lease_taken_before_the_run_has_a_name_still_names_it(tmp_path):
    with lease(tmp_path):
        run = start(tmp_path)
        with pytest.raises(StoreError, match=f"[(]run {run.run_id}, since"), lease(tmp_path):
            pass


def test_a_lease_needs_a_folder(tmp_path):
    with pytest.raises(StoreError, match="lease cannot be opened"), lease(tmp_path / "absent"):
        pass


HOLDER = """
    import sys, time
    from pathlib import Path
    from storage import runs
    root = Path(sys.argv[1])
    run = runs.Run.start(root, clock=runs.system_clock, settings_hash="x")
    with runs.lease(root, run_id=run.run_id):
        print(run.run_id, flush=True)
        time.sleep(float(sys.argv[2]))
"""


def holder(root: Path, seconds: float) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-c", textwrap.dedent(HOLDER), str(root), str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    return process, process.stdout.readline().strip()


def test_a_killed_holder_lets_go_and_its_run_died(tmp_path):
    process, run_id = holder(tmp_path, 60)
    try:
        assert manifests(tmp_path)[0]["status"] == "running"
        with pytest.raises(StoreError, match=f"in use by process {process.pid} .run {run_id}"), lease(tmp_path):
            pass
    finally:
        process.kill()
        process.communicate()
    assert manifests(tmp_path)[0]["status"] == "died"
    with lease(tmp_path, run_id="next"):
        assert manifests(tmp_path)[0]["status"] == "died"


def test_a_worker_that_outlives_a_killed_run_does_not_keep_its_lease(tmp_path):
    code = HOLDER.replace("print(run.run_id, flush=True)", """
        import os
        worker = os.fork()
        if worker == 0:
            time.sleep(20)
            os._exit(0)
        print(worker, flush=True)""")  # fmt: skip
    command = [sys.executable, "-c", textwrap.dedent(code), str(tmp_path), "60"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    worker = int(process.stdout.readline())
    try:
        with pytest.raises(StoreError, match="is in use"), lease(tmp_path):
            pass
        process.kill()
        process.wait()
        with lease(tmp_path):
            os.kill(worker, 0)  # it is still there
    finally:
        os.kill(worker, signal.SIGKILL)
        process.kill()
        process.communicate()


def test_a_lease_can_be_waited_for(tmp_path):
    process, _ = holder(tmp_path, 0.5)
    begin = time.monotonic()
    with lease(tmp_path, wait_s=30):
        assert time.monotonic() - begin < 20
    process.communicate()
