"""Which weights put pairs of mentions on one line: prior, overlap, sense, size and lead of `FactSettings`.

    python tests/benchmarks/fit_pairs.py [--shared ../shared]

Sets: the real stories with marked links and the invented ones that `fit_elsewhere.py` fits on; those held out are not
read. For each weight and several values of it, all else as it ships: average precision over the pairs of sentences of
all stories, each pair at the odds of its best pair of mentions, and the share of marked links found where pairs are
right in .85, for all stories and for each group. Links that are no candidates count as missed, pairs that say the same
in part are left out. One line has to serve all: the figure over all stories is what counts, not that of any group.
"""

import dataclasses
import pathlib
import sys
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from fit_elsewhere import Marked, invented, real

from dedupe.facts import weighing
from dedupe.settings import FactSettings

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "material"))
import marked_stories

TRIED: dict[str, tuple[float, ...]] = {
    "overlap": (0.0, 1.75, 3.5),
    "sense": (0.0, 1.0, 2.0, 3.0, 4.0),
    "size": (0.0, 0.25, 0.5, 0.75, 1.0),
    "lead": (0.0, 0.25, 0.5, 0.75, 1.0),
    "lead_most": (1.0, 2.0, 4.0),
}
LINE = 0.85  # precision at which recall is shown


class Told(NamedTuple):
    """What alignment combines for one story, which pair of sentences each pair of mentions belongs to, the truth."""

    group: str
    given: tuple[Any, ...]
    keys: list[frozenset[tuple[str, int]]]
    same: set[frozenset[tuple[str, int]]]
    partly: set[frozenset[tuple[str, int]]]


def told(story: Marked) -> Told:
    seen = []
    combined = weighing.combined

    def kept(*given: Any) -> list[float]:
        seen.append(given[:-1])
        return combined(*given)

    weighing.combined = kept
    try:
        made = marked_stories.tables(story.articles, FactSettings())
    finally:
        weighing.combined = combined
    (given,) = seen
    place = {
        r["mention_id"]: (r["article_id"], r["sentence_begin"])
        for r in made["mentions"].iter_rows(named=True)
        if r["field"] == "text"
    }
    known = marked_stories.links(story.name) or dict.fromkeys(story.links or (), "shared")
    links = {how: {pair for pair, mark in known.items() if mark == how} for how in ("shared", "mixed")}
    keys = []
    for a, b in given[1]:
        sides = [[place[one] for one in given[0].found[n].ids if one in place] for n in (a, b)]
        every = [frozenset((x, y)) for x in sides[0] for y in sides[1]] or [frozenset()]
        keys.append(next((key for key in every if key in links["shared"]), every[0]))
    return Told(story.group, given, keys, links["shared"], links["mixed"])


def figures(stories: Iterable[Told], settings: FactSettings) -> str:
    said, total = [], 0
    for n, story in enumerate(stories):
        best: dict[tuple[int, frozenset[tuple[str, int]]], float] = {}
        for key, p in zip(story.keys, weighing.combined(*story.given, settings), strict=True):
            if key and key not in story.partly:
                best[n, key] = max(p, best.get((n, key), 0.0))
        said += [(p, key in story.same) for (_, key), p in best.items()]
        total += len(story.same)
    said.sort(key=lambda one: -one[0])
    same = np.array([one[1] for one in said])
    right = np.cumsum(same)
    precision = right / (1 + np.arange(len(said)))
    line = np.flatnonzero(precision >= LINE)
    found, at = (right[line[-1]] / total, said[line[-1]][0]) if len(line) else (0.0, 1.0)
    return f"AP {(precision * same).sum() / total:.3f} R {found:.2f} from {at:.2f}"


def main(shared: pathlib.Path) -> None:
    stories = [told(story) for story in (*real(shared), *invented()) if story.links is not None]
    groups = sorted({story.group for story in stories})
    for name, values in TRIED.items():
        for value in values:
            settings = dataclasses.replace(FactSettings(), **{name: value})
            shown = [f"{group}: {figures([s for s in stories if s.group == group], settings)}" for group in groups]
            mark = "*" if value == getattr(FactSettings(), name) else " "
            print(f"{mark} {name} {value}: {figures(stories, settings)} |", " | ".join(shown), flush=True)


if __name__ == "__main__":
    where = sys.argv[sys.argv.index("--shared") + 1] if "--shared" in sys.argv else None
    main(pathlib.Path(where) if where else pathlib.Path(__file__).parents[2].parent / "shared")
