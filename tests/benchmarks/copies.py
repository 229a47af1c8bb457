"""Copydesk's copy detection beside its peers, on one corpus in one run.

    python tests/benchmarks/copies.py CORPUS.parquet [--rows 20000] [--only NAME ...] [--growth 5000 20000 100000]
                                      [--window 100000 1000000]

CORPUS has id, outlet, title, text, published_at and, for recall, group, kind and source_id (what
../shared/eval/make_corpus.py writes). Every system runs in a process of its own, one after another, one thread each.
One line a system: documents a CPU-second from text to groups, the same as a multiple of datasketch's ordinary use, peak
memory of its process, pairwise precision and recall, recall by kind. Peers that are not installed are named and left
out. Then what growth of the corpus, and a large window beside a thousand new articles, cost Copydesk.
"""

import argparse
import importlib.util
import json
import math
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from dedupe import buckets, copies, match, sketch
from dedupe.displaced import displaced
from dedupe.settings import CopySettings
from storage import postings
from storage.tables import Store

Groups = dict[str, str]
THRESHOLD = 0.5
ORDINARY_ROWS = 2_000  # datasketch one update at a time is timed on this many rows: 3 to 4 ms a document


def shingles(text: str) -> list[bytes]:
    """What the peers are fed: the corpus baseline's own shingling."""
    tokens = re.findall(r"\w+", text.lower())
    return [" ".join(tokens[at : at + 5]).encode() for at in range(max(1, len(tokens) - 4))]


def connected(names: list[str], near: Callable[[str], list[str]]) -> Groups:
    """Groups as the peers' documentation makes them: connected candidates, nothing verified."""
    head = {name: name for name in names}

    def root(name: str) -> str:
        while head[name] != name:
            head[name] = head[head[name]]
            name = head[name]
        return name

    for name in names:
        for other in near(name):
            head[root(other)] = root(name)
    return {name: root(name) for name in names}


SETTINGS = CopySettings()
NO_JUDGEMENTS = pl.DataFrame(
    schema={"left_id": pl.String, "right_id": pl.String, "same": pl.Boolean, "judged_at": pl.Datetime("us", "UTC")}
)


def as_articles(corpus: pl.DataFrame) -> pl.DataFrame:
    at = pl.col("published_at").dt.cast_time_unit("us").dt.replace_time_zone("UTC")
    return corpus.select(
        pl.col("id").alias("article_id"), "outlet", "title", "text", at, at.alias("captured_at"),
        pl.lit("instant").alias("published_precision"),
    )  # fmt: skip


def by_copydesk(corpus: pl.DataFrame) -> Groups:
    articles = as_articles(corpus)
    made = sketch.sketch(articles, SETTINGS)
    candidates, _ = match.candidates(made, made.clear(), SETTINGS)
    del made
    pairs = match.verify(candidates, articles, SETTINGS)
    groups = copies.group(articles, pairs, NO_JUDGEMENTS, SETTINGS)
    return dict(groups.select("article_id", "copy_group").iter_rows())


def by_datasketch(corpus: pl.DataFrame, *, bulk: bool) -> Groups:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=THRESHOLD, num_perm=128)
    texts = dict(corpus.select("id", "text").iter_rows())
    values = {}
    if bulk:
        values = dict(zip(texts, MinHash.bulk([shingles(text) for text in texts.values()], num_perm=128), strict=True))
    else:
        for name, text in texts.items():
            values[name] = MinHash(num_perm=128)
            for shingle in shingles(text):
                values[name].update(shingle)
    for name, value in values.items():
        index.insert(name, value)
    return connected(list(texts), lambda name: index.query(values[name]))


def by_rensa(corpus: pl.DataFrame) -> Groups:
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=THRESHOLD, num_perm=125, num_bands=25)
    names, values = corpus["id"].to_list(), []
    for text in corpus["text"]:
        value = RMinHash(num_perm=125, seed=1)
        value.update([shingle.decode() for shingle in shingles(text)])
        index.insert(len(values), value)
        values.append(value)
    place = {name: at for at, name in enumerate(names)}
    return connected(names, lambda name: [names[at] for at in index.query(values[place[name]])])


def by_gaoya(corpus: pl.DataFrame) -> Groups:
    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(
        hash_size=32, jaccard_threshold=THRESHOLD, num_bands=25, band_size=5, num_hashes=125, analyzer="word",
        lowercase=True, ngram_range=(5, 5),
    )  # fmt: skip
    names, texts = corpus["id"].to_list(), corpus["text"].to_list()
    index.par_bulk_insert_docs(list(range(len(names))), texts)
    found = index.par_bulk_query(texts)
    place = {name: at for at, name in enumerate(names)}
    return connected(names, lambda name: [names[at] for at in found[place[name]]])


SYSTEMS: dict[str, tuple[str | None, Callable[[pl.DataFrame], Groups]]] = {
    "copydesk": (None, by_copydesk),
    "datasketch, bulk": (None, lambda corpus: by_datasketch(corpus, bulk=True)),
    "datasketch, ordinary": (None, lambda corpus: by_datasketch(corpus.head(ORDINARY_ROWS), bulk=False)),
    "rensa": ("rensa", by_rensa),
    "gaoya": ("gaoya", by_gaoya),
}


def score(corpus: pl.DataFrame, said: Groups) -> str:
    """Pairwise precision and recall, and recall by kind; empty where the corpus carries no truth."""
    if "group" not in corpus.columns:
        return ""
    ids = corpus["id"].to_list()
    put = [said.get(name, f"alone {name}") for name in ids]
    right = pairs_in(zip(put, corpus["group"], strict=True))
    precision, recall = right / max(1, pairs_in(put)), right / max(1, pairs_in(corpus["group"]))
    home = dict(zip(ids, put, strict=True))
    found: dict[str, list[bool]] = {}
    for name, kind, source in corpus.select("id", "kind", "source_id").iter_rows():
        if source in home and kind not in ("template", "digest", "retell"):
            found.setdefault(kind, []).append(home[name] == home[source])
    kinds = "  ".join(f"{kind} {sum(each) / len(each):.3f}" for kind, each in sorted(found.items()))
    return f"precision {precision:.4f}  recall {recall:.4f}  {kinds}"


def pairs_in(keys: object) -> int:
    return sum(comb(count, 2) for count in Counter(keys).values())  # type: ignore[call-overload]


def measure(name: str, corpus: pl.DataFrame) -> dict[str, Any]:
    """Run one system here: rows, CPU seconds, peak memory (GB) and score."""
    run = SYSTEMS[name][1]
    if name == "copydesk":
        run(corpus.head(5_000))  # machine code is built or loaded before the clock starts, as for the peers' wheels
    before = time.process_time()
    said = run(corpus)
    spent = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform != "darwin" else 1e9)
    return {"rows": len(corpus), "cpu_s": spent, "peak_gb": peak, "score": score(corpus, said)}


def window_cost(corpus: pl.DataFrame, size: int, folder: Path) -> dict[str, Any]:
    """CPU seconds to add a thousand articles to a store of ``size`` sketches within one window of time.

    From their texts to verified pairs, with what is stored for the next run. Beyond the corpus the store holds sketches
    of texts that nobody wrote: nine shingles in ten are nobody else's, every tenth is one of the corpus.
    """
    days = pl.datetime(2026, 1, 7, time_unit="us", time_zone="UTC") + pl.duration(
        minutes=pl.int_range(pl.len()) * 29 * 1440 // pl.len()
    )
    articles = as_articles(corpus).with_columns(published_at=days)
    known = sketch.sketch(articles.head(-3_000), SETTINGS)
    store = Store.open(folder)
    for number in range(-(-size // len(known))):
        part = known if not number else unwritten(known, number)
        store.append("sketches", part.head(size - number * len(known)), run_id="stored")
    post = partial(buckets.posted, settings=SETTINGS)
    layout = buckets.laid_out(SETTINGS)
    begun = time.process_time()
    postings.follow(store, layout, post)
    made = time.process_time() - begun
    spent = []
    for begin in (-3_000, -2_000, -1_000):
        fresh = articles[len(articles) + begin : len(articles) + begin + 1_000]
        begun = time.process_time()
        new = sketch.sketch(fresh, SETTINGS)
        store.append("sketches", new, run_id=f"new {begin}")
        index, _ = postings.follow(store, layout, post)
        found = buckets.Buckets.stored(new, index, SETTINGS)
        displaced(found, SETTINGS)
        candidates, _ = match.among(found, SETTINGS)
        spent.append(time.process_time() - begun)
        written = pl.all_horizontal(pl.col("article_a", "article_b").is_in(articles["article_id"].implode()))
        begun = time.process_time()
        match.verify(candidates.filter(written), articles, SETTINGS)
        spent[-1] += time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform != "darwin" else 1e9)
    return {"rows": size, "cpu_s": min(spent), "made_s": made, "peak_gb": peak}


def unwritten(known: pl.DataFrame, number: int) -> pl.DataFrame:
    """Sketches of texts that nobody wrote, made from those of real ones by moving nine shingles in ten."""
    factor = np.uint64(2 * number + 1)
    limit = np.uint64((1 << 64) // SETTINGS.scale)
    scaled = []
    for each in known["scaled"]:
        hashes = np.frombuffer(each, "<u8")
        scaled.append(np.sort(np.where(hashes % np.uint64(10) == 0, hashes, hashes * factor % limit)).tobytes())
    moved = [(np.frombuffer(each, "<u4") * np.uint32(factor)).tobytes() for each in known["signature"]]
    return known.with_columns(
        pl.concat_str(pl.lit(f"z{number}-"), "article_id").alias("article_id"),
        pl.Series("signature", moved),
        pl.Series("scaled", scaled),
        pl.Series("body_hash", (known["body_hash"].to_numpy().view(np.uint64) * factor).view(np.int64)),
        pl.col("published_at") + pl.duration(seconds=number),
    )


def alone(corpus: str, *told: str) -> dict[str, Any]:
    """The same in a process of its own, one thread."""
    threads = ("POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS")
    done = subprocess.run(
        [sys.executable, __file__, corpus, "--here", *told],
        env=os.environ | dict.fromkeys(threads, "1"),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    made: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return made


def compare(corpus: str, rows: int, names: list[str]) -> None:
    speed: dict[str, float] = {}
    for name in names:
        module = SYSTEMS[name][0]
        if module and importlib.util.find_spec(module) is None:
            print(f"{name:22} not installed", flush=True)
            continue
        few = min(rows, ORDINARY_ROWS) if "ordinary" in name else rows
        made = alone(corpus, "--system", name, "--rows", str(few))
        speed[name] = made["rows"] / made["cpu_s"]
        print(f"{name:22} {speed[name]:8.0f} docs/CPU-s  peak {made['peak_gb']:.2f} GB  {made['score']}", flush=True)
    for name, value in speed.items():
        ratios = [f"{value / speed[base]:.1f}x {base}" for base in ("datasketch, ordinary", "gaoya") if base in speed]
        print(f"{name:22} {', '.join(ratios)}", flush=True)


def grow(corpus: str, sizes: list[int]) -> None:
    """CPU seconds at several sizes, and the exponent between the smallest and the largest."""
    spent = []
    for size in sizes:
        made = alone(corpus, "--system", "copydesk", "--rows", str(size))
        spent.append((made["rows"], made["cpu_s"]))
        print(f"growth {made['rows']:8} {made['cpu_s']:8.2f} CPU-s  peak {made['peak_gb']:.2f} GB", flush=True)
    (few, first), (many, last) = spent[0], spent[-1]
    if many > few:
        print(f"growth exponent {math.log(last / first) / math.log(many / few):.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--only", nargs="+", choices=list(SYSTEMS), default=list(SYSTEMS))
    parser.add_argument("--growth", nargs="*", type=int, default=[])
    parser.add_argument("--window", nargs="*", type=int, default=[])
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--system", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        corpus = pl.scan_parquet(options.corpus).head(options.rows).collect()
        if options.system:
            made = measure(options.system, corpus)
        else:
            with tempfile.TemporaryDirectory() as folder:
                made = window_cost(corpus, options.window[0], Path(folder))
        print(json.dumps(made))
        return
    if options.rows:
        compare(options.corpus, options.rows, options.only)
    if options.growth:
        grow(options.corpus, options.growth)
    for size in options.window:
        made = alone(options.corpus, "--rows", "20000", "--window", str(size))
        cost, peak = made["cpu_s"], made["peak_gb"]
        anew = made["made_s"]
        print(f"1,000 new beside {size:8} {cost:8.3f} CPU-s  peak {peak:.2f} GB  (index: {anew:.1f} CPU-s)", flush=True)


if __name__ == "__main__":
    main()
