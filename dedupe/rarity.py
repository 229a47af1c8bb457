"""How much a shared word tells: the weight of a stem, from a packaged table of how many articles hold it.

The table is fixed, so that what two articles have in common does not depend on what else a run happens to hold: a story
or a fact found today is found again tomorrow, alone or in a batch of 12,000. Cost of the choice: a word that is common
only in today's news (a president's name) weighs what it weighed in the table's years.
"""

import functools
import importlib.resources
import json
import math

UNSEEN_FLOOR = 5.0
"""Weight (nats) of a one-letter stem that the table does not hold."""

UNSEEN_STEP = 0.5
"""Weight added per letter: in languages without a table, long words are rare words (Zipf 1935)."""


@functools.cache
def _table() -> tuple[dict[str, float], float]:
    raw = json.loads(importlib.resources.files("dedupe").joinpath("rarity.json").read_text(encoding="utf-8"))
    weights = {stem: float(weight) for weight, stems in raw["classes"].items() for stem in stems.split()}
    return weights, math.log(raw["articles"] / raw["floor"])


def weight(stem: str) -> float:
    """Inverse document frequency of a stem in nats: 0 = in every article; about 9 = a name never met before.

    A number, or a stem that is not in the table, weighs by its length, at least as much as the rarest stems of the
    table once it has a few letters, at most two nats more.

    Cost: 0.1 us; the table is read once (10 ms). Source: `tests/benchmarks/fit_rarity.py`.
    """
    weights, rarest = _table()
    known = weights.get(stem)
    if known is not None:
        return known
    return min(rarest + 1.5, UNSEEN_FLOOR + UNSEEN_STEP * len(stem))


def known(stem: str) -> bool:
    """Whether the table holds the stem: an ordinary word of news English, not a new name or a foreign word."""
    return stem in _table()[0]


def stems() -> frozenset[str]:
    """The stems the table holds."""
    return frozenset(_table()[0])
