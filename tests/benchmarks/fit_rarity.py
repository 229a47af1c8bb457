"""Make dedupe/rarity.json: how many of a collection's articles hold each stem.

    python tests/benchmarks/fit_rarity.py [--shared ../shared]

The counts say how much a shared word tells; they hold no text. Read: `articles` (12,000, 2010-2020) and every fourth of
`reuters21578` (1987), so that no single year decides; about 2,000 words of each. A stem in fewer than `FLOOR` articles
is left out: to the reader of the table it is as rare as a word can be. No file that a scorer of ../shared/eval judges
facts or stories by is read.
"""

import json
import math
import pathlib
import sys
from collections import Counter, defaultdict

import polars as pl

from dedupe.text import content_stems

FLOOR = 12  # articles: rarer stems are mostly names of the day
STEP = 0.25  # nats: finer steps change no decision and triple the file


def main(shared: pathlib.Path) -> None:
    counts: Counter[str] = Counter()
    read = 0
    wire = pl.read_parquet(shared / "data/reuters21578/reuters21578.parquet")["body"].drop_nulls().gather_every(4)
    for text in [*pl.read_parquet(shared / "data/articles/articles.parquet")["text"], *wire]:
        counts.update(set(content_stems(text[:12_000])))
        read += 1
    classes: defaultdict[float, list[str]] = defaultdict(list)
    for stem, n in counts.items():
        if n >= FLOOR and not any(c.isdigit() for c in stem):
            classes[round(math.log(read / n) / STEP) * STEP].append(stem)
    table = {
        "articles": read,
        "floor": FLOOR,
        "classes": {f"{weight:g}": " ".join(sorted(stems)) for weight, stems in sorted(classes.items())},
    }
    out = pathlib.Path(__file__).parents[2] / "dedupe" / "rarity.json"
    out.write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{read} articles, {sum(map(len, classes.values()))} stems, {out.stat().st_size} bytes")


if __name__ == "__main__":
    given = sys.argv[sys.argv.index("--shared") + 1] if "--shared" in sys.argv else None
    main(pathlib.Path(given) if given else pathlib.Path(__file__).parents[2].parent / "shared")
