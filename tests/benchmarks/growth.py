"""Stories and facts of ever more real articles, beside cleaning as many pages: CPU seconds, their growth, memory.

    python tests/benchmarks/growth.py ARTICLES.parquet [--rows 1500 3000 6000 12000] [--store FOLDER]

The articles are taken in once, up to copies (FOLDER keeps them for the next time). A sample is the first so many by id,
that is, drawn by chance from all days: the more there are, the more of them tell one event. Every size runs in a
process of its own, through the stages and tables of a run. Evaluation pages beside the repository are cleaned in
between, some after each part: a machine is not always equally quick. The digest is of what the tables say: the same
before and after a change that is to change nothing.
"""

import argparse
import hashlib
import itertools
import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pages
import polars as pl

from dedupe import stories
from dedupe.facts import align, coverage, mentions, outlets
from flows import job, stages
from storage.tables import Store

PARTS: tuple[tuple[ModuleType, str], ...] = (
    (stories, "regroup"),
    (mentions, "extract"),
    (align, "aligned"),
    (coverage, "cover"),
    (outlets, "per_day"),
)
"""What the two stages call; the rest of their time is reading and writing tables."""

PAGES = 40  # cleaned after each part

TOLD = ("stories", "mentions", "facts", "coverage", "unique_facts", "conflicts", "attributions", "outlets")


class Cleaning:
    """The default lane, a few pages now and then."""

    def __init__(self) -> None:
        self._run, found = pages.lane("html"), pages.pages(list(pages.SETS), 1)
        mixed = random.Random(1).sample(found, len(found))  # both sets, small pages and large ones, from the first on
        self._pages = itertools.cycle(mixed)
        self.seconds, self.n = 0.0, 0
        for content in mixed[:3]:
            self._run(content)

    def some(self) -> None:
        begin = time.process_time()
        for content in itertools.islice(self._pages, PAGES):
            self._run(content)
        self.seconds += time.process_time() - begin
        self.n += PAGES


def taken_in(source: Path, folder: Path) -> None:
    """A store of the articles with their copy groups."""
    if not (folder / "store.json").exists():
        job.run(job.Job((source,), folder), until="copies")


def timed(took: dict[str, float], name: str, call: Callable[..., Any], between: Cleaning) -> Callable[..., Any]:
    """The function; the CPU seconds of its calls are added up, and pages are cleaned after each."""

    def run(*args: Any, **kwargs: Any) -> Any:
        begin = time.process_time()
        try:
            return call(*args, **kwargs)
        finally:
            took[name] = took.get(name, 0.0) + time.process_time() - begin
            between.some()

    return run


def measure(folder: Path, rows: int, source: Path) -> dict[str, Any]:
    """CPU seconds of both stages on the first so many articles, by parts; peak memory in GB; a digest of the tables."""
    whole = Store.open(folder, create=False)
    some = whole.scan("articles").sort("article_id").head(rows).drop("run_id").collect()
    copies = whole.scan("copies").drop("run_id").collect()
    copies = copies.filter(pl.col("article_id").is_in(some["article_id"].implode()))
    with tempfile.TemporaryDirectory() as made, job.desk(job.Job((source,), Path(made))) as desk:
        desk.store.append("articles", some, run_id="sample")
        desk.store.append("copies", copies, run_id="sample")
        took: dict[str, float] = {}
        cleaned = Cleaning()
        for module, name in PARTS:
            setattr(
                module,
                name,
                timed(took, f"{module.__name__.rpartition('.')[2]}.{name}", getattr(module, name), cleaned),
            )
        begin = time.process_time()
        stages.step(desk, "stories")
        stages.step(desk, "facts")
        took["all"] = time.process_time() - begin - cleaned.seconds
        told = {name: desk.all(name).drop("run_id") for name in TOLD}
        counts = {name: value for step in desk.run.steps for name, value in step.counts.items()}
    tally = hashlib.sha256()
    for frame in told.values():
        tally.update(frame.select(sorted(frame.columns)).sort(pl.all().exclude(pl.List)).write_json().encode())
    members = told["stories"].group_by("story_id").agg(pl.col("outlet").n_unique().alias("n"), pl.len())
    return {
        "rows": some.height,
        "page": cleaned.seconds / cleaned.n,
        "took": {name: round(seconds, 1) for name, seconds in took.items()},
        "stories": members.height,
        "several": int((members["n"] > 1).sum()),
        "in_several": int(members.filter(pl.col("n") > 1)["len"].sum()),
        "counts": counts,
        "peak_gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
        "digest": tally.hexdigest()[:16],
    }


def main() -> None:
    """Take the articles in, then time every size and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("--rows", nargs="*", type=int, default=[1500, 3000, 6000, 12000])
    parser.add_argument("--store", type=Path, help="where the articles taken in are kept")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.one:
        print(json.dumps(measure(said.store, said.rows[0], said.source)))
        return
    with tempfile.TemporaryDirectory() as made:
        folder = said.store or Path(made)
        taken_in(said.source, folder)
        before: tuple[int, float] | None = None
        for rows in said.rows:
            command = [sys.executable, __file__, str(said.source), "--one", "--store", str(folder), "--rows", str(rows)]
            one = os.environ | {"OPENBLAS_NUM_THREADS": "1"}  # as `flows` sets it, which comes too late here
            found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=one).stdout)
            spent, page = found["took"].pop("all"), found.pop("page")
            line = f"{found['rows']:6} articles: {spent:6.1f} CPU-s, {spent / found['rows'] / page:.2f} x cleaning"
            line += f" at {1000 * page:.1f} CPU-ms a page"
            if before:
                grown = math.log(spent / before[1]) / math.log(found["rows"] / before[0])
                line += f", exponent {grown:.2f} from {before[0]}"
            print(line, {name: value for name, value in found.items() if name != "rows"}, flush=True)
            before = found["rows"], spent


if __name__ == "__main__":
    main()
