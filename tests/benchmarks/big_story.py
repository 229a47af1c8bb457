"""CPU seconds and memory of the story and fact levels on one event told by ever more articles.

    python tests/benchmarks/big_story.py 250 500 1000 2000

Sizes run one after the other in one process; memory is the peak so far.
"""

import pathlib
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

import polars as pl

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "material"))

import crowd

from dedupe import stories
from dedupe.facts import align, coverage, mentions, outlets
from dedupe.settings import Settings
from storage import schema

T = TypeVar("T")


def timed(took: dict[str, float], name: str, call: Callable[[], T]) -> T:
    """What the call returns; its CPU seconds go into `took`."""
    begin = time.process_time()
    made = call()
    took[name] = round(time.process_time() - begin, 1)
    return made


def measure(n: int) -> None:
    """Run both levels on a story of so many articles and print what each part took."""
    settings, judged, took = Settings(), schema.empty("judgements"), dict[str, float]()
    table = crowd.articles(n)
    copies = crowd.copy_groups(table)
    told = timed(took, "stories", lambda: stories.group(table, copies, judged, settings.stories))
    members = told.with_columns(pl.lit("s-1").alias("story_id")).select("story_id", "article_id", "outlet")
    said = timed(took, "mentions", lambda: mentions.extract(table, settings.facts)).join(
        members.select("article_id", "story_id"), on="article_id"
    )
    found = timed(took, "align", lambda: align.aligned(said, table, copies, settings.facts, judged))
    counts = Counter(found.counts)
    made = timed(
        took,
        "cover",
        lambda: coverage.cover(found.mentions, found.links, table, copies, members, settings.facts, counts),
    )
    given = {"articles": table, "copies": copies, "mentions": found.mentions, **made}
    timed(took, "outlets", lambda: outlets.per_day(given))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    sizes = {name: frame.height for name, frame in made.items()}
    print(n, "articles,", told["story_id"].n_unique(), "stories;", took, "sum", round(sum(took.values()), 1))
    print("   ", len(said), "mentions", len(found.links), "links", sizes, dict(counts))
    print(f"    peak {peak:.2f} GB", flush=True)


if __name__ == "__main__":
    for size in sys.argv[1:]:
        measure(int(size))
