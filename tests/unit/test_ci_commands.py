"""What CI runs is what the README tells people to run, and the pinned versions are versions and nothing else."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["MAIN", "TESTS"])
def test_ci_runs_the_commands_of_the_readme(name: str) -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    found = re.search(rf'^{name}="(.+)"$', script, flags=re.MULTILINE)
    assert found, f".ci/run sets no {name}"
    readme = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert found[1] in [line.strip().removeprefix("$ ") for line in readme]


def names(requirements: Iterable[str]) -> set[str]:
    return {re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", line)[0]).lower() for line in requirements}


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [line for line in lines if line and not line.startswith("#")]
    odd = [line for line in found if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", line)]
    assert odd == [], "a line is a name and an exact version: no addresses, paths, hashes or ranges"
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in (line.split("==") for line in found)}


def test_every_direct_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *extras["test"], *extras["dev"]]
    assert names(asked) - {"copydesk"} - set(pins()) == set()


def test_every_imported_package_is_declared() -> None:
    """A package that only another one brings is gone the day that one drops it; a venv of ours would not show it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    always, dev = names(project["dependencies"]), names(project["optional-dependencies"]["dev"])
    owners = {"sklearn": ["scikit-learn"], **packages_distributions()}  # absent where only [test] is installed
    missing = set()
    for path in [path for folder in ("flows", "dedupe", "storage") for path in (ROOT / folder).rglob("*.py")]:
        allowed = always | (dev if path.stem.startswith("fit") else set())  # scripts that fit packaged coefficients
        for module in imported(path) - set(sys.stdlib_module_names) - {"flows", "dedupe", "storage"}:
            if not names(owners.get(module, [module])) & allowed:
                missing.add(f"{path.relative_to(ROOT)}: {module}")
    assert missing == set()


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_what_prefect_breaks_on_is_held_back() -> None:
    held = {name: tuple(int(part) for part in version.split(".")[:2]) for name, version in pins().items() if name in
            {"prefect", "fastapi", "sqlalchemy"}}  # fmt: skip
    assert (3, 8) <= held["prefect"] < (4, 0)
    assert held["fastapi"] < (0, 151)
    assert held["sqlalchemy"] < (2, 1)
