"""Is this installation sound? One check a line: import names, versions, store."""

import importlib.metadata
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from storage.schema import SCHEMA_VERSION
from storage.tables import Store, StoreError

_OURS = ("dedupe", "flows", "storage")
_WANTED = ("polars", "deltalake", "datasketch", "rapidfuzz", "trafilatura", "numba", "prefect", "fastapi", "sqlalchemy")


class Check(NamedTuple):
    """One thing looked at: its name, whether it is sound, and a sentence."""

    name: str
    ok: bool
    said: str


def checks(store: Path) -> Iterator[Check]:
    """Every check, cheap ones first. Opens no network and changes nothing."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check("python", sys.version_info >= (3, 11), f"{version} (3.11 or newer is needed)")
    yield from _owners()
    yield from _requirements()
    yield _store(store)


def _owners() -> Iterator[Check]:
    # Another project on PyPI installs the import name `dedupe`; beside ours each overwrites the other's files.
    owners = importlib.metadata.packages_distributions()
    for name in _OURS:
        found = sorted(set(owners.get(name, [])))
        foreign = [owner for owner in found if owner != "copydesk"]
        said = f"also installed by {', '.join(foreign)}: uninstall it, or give copydesk an environment of its own"
        yield Check(f"import {name}", not foreign, said if foreign else "has one owner")


def _requirements() -> Iterator[Check]:
    from packaging.requirements import Requirement

    needed = {}
    for line in importlib.metadata.requires("copydesk") or []:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            needed[requirement.name.lower()] = requirement
    for name in _WANTED:
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield Check(name, ok=False, said="is not installed; install copydesk with pip, with its constraints.txt")
            continue
        fits = name not in needed or needed[name].specifier.contains(version, prereleases=True)
        wanted = f" (wanted {needed[name].specifier}; install with constraints.txt)" if not fits else ""
        yield Check(name, fits, version + wanted)


def _store(path: Path) -> Check:
    if not path.exists():
        return Check("store", ok=True, said=f"{path} does not exist yet; the first run makes it")
    try:
        store = Store.open(path, create=False)
        rows = int(store.scan("articles").select(pl.len()).collect().item())
    except StoreError as fault:
        return Check("store", ok=False, said=str(fault))
    return Check("store", ok=True, said=f"{path}: schema {SCHEMA_VERSION}, {rows:,} articles")
