"""Copydesk's copy detection beside its peers, on one corpus in one process.

    python tests/benchmarks/copies.py CORPUS.parquet [--rows N]

CORPUS has id, outlet, title, text, published_at and, for recall, group, kind and source_id (what
../shared/eval/make_corpus.py writes). One line a system: documents a CPU-second from text to groups, peak memory of the
process so far, pairwise precision and recall, recall by kind. Peers that are not installed are named and left out.
"""

import argparse
import importlib.util
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from math import comb

import polars as pl

from dedupe import copies, match, sketch
from dedupe.settings import CopySettings

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


def by_copydesk(corpus: pl.DataFrame) -> Groups:
    settings = CopySettings()
    at = pl.col("published_at").dt.cast_time_unit("us").dt.replace_time_zone("UTC")
    articles = corpus.select(
        pl.col("id").alias("article_id"), "outlet", "title", "text", at, at.alias("captured_at"),
        pl.lit("instant").alias("published_precision"),
    )  # fmt: skip
    made = sketch.sketch(articles, settings)
    candidates, _ = match.candidates(made, made.clear(), settings)
    pairs = match.verify(candidates, articles, settings)
    none = {"left_id": pl.String, "right_id": pl.String, "same": pl.Boolean, "judged_at": pl.Datetime("us", "UTC")}
    made = copies.group(articles, pairs, pl.DataFrame(schema=none), settings)
    return dict(made.select("article_id", "copy_group").iter_rows())


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("--rows", type=int, default=20_000)
    options = parser.parse_args()
    corpus = pl.read_parquet(options.corpus).head(options.rows)
    by_copydesk(corpus.head(3_000))  # machine code is built or loaded before the clock starts, as for the peers' wheels
    for name, (module, run) in SYSTEMS.items():
        if module and importlib.util.find_spec(module) is None:
            print(f"{name:22} not installed", flush=True)
            continue
        rows = corpus.head(ORDINARY_ROWS) if "ordinary" in name else corpus
        before = time.process_time()
        said = run(rows)
        spent = time.process_time() - before
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform != "darwin" else 1e9)
        print(f"{name:22} {len(rows) / spent:8.0f} docs/CPU-s  peak {peak:.2f} GB  {score(rows, said)}", flush=True)


if __name__ == "__main__":
    main()
