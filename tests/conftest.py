"""What many tests need: the seeds run once, and the data beside the repository where it is there."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import hypothesis
import polars as pl
import pytest

# No example is judged by the clock (machines are shared), and every run tries the same ones: a red run can be repeated.
hypothesis.settings.register_profile("copydesk", deadline=None, derandomize=True)
hypothesis.settings.load_profile("copydesk")

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
Command = Callable[..., subprocess.CompletedProcess[str]]
Reader = Callable[[Path, str], pl.DataFrame]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of development data beside the repository; the test is skipped where it is absent."""
    path = ROOT.parent / "shared"
    if not (path / "data").is_dir():
        pytest.skip("needs the development data in ../shared, which is not part of the repository")
    return path


@pytest.fixture(scope="session")
def copydesk() -> Command:
    """The command line in a process of its own, as a user runs it."""

    def run(*words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "flows.cli", *words],
            cwd=cwd, capture_output=True, text=True, timeout=300, check=False, env={**os.environ, "PYTHONUTF8": "1"},
        )  # fmt: skip

    return run


@pytest.fixture(scope="session")
def published() -> Reader:
    """A reader of published tables that knows nothing of Copydesk."""

    def read(store: Path, table: str) -> pl.DataFrame:
        return pl.read_parquet(store / "published" / "latest" / table / "**" / "*.parquet", hive_partitioning=True)

    return read


@pytest.fixture(scope="session")
def seed_store(tmp_path_factory: pytest.TempPathFactory, copydesk: Command) -> Path:
    """A store after `copydesk run seeds`, by the command itself."""
    store = tmp_path_factory.mktemp("seeds") / "store"
    done = copydesk("run", str(SEEDS), "--store", str(store))
    assert done.returncode == 0, done.stderr
    return store
