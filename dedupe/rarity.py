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


class Weights(dict[str, float]):
    """The weights of the stems of the table; one that it does not hold is weighed by its length when asked for."""

    most = 0.0  # nats, of a stem that is not in the table

    def __missing__(self, stem: str) -> float:
        return min(self.most, UNSEEN_FLOOR + UNSEEN_STEP * len(stem))


@functools.cache
def weights() -> Weights:
    """Inverse document frequency of stems in nats: 0 = in every article; about 9 = a name never met before.

    A number, or a stem that is not in the table, weighs by its length, at least as much as the rarest stems of the
    table once it has a few letters, at most two nats more.

    Cost: 0.03 us a stem; the table is read once (10 ms). Source: `tests/benchmarks/fit_rarity.py`.
    """
    raw = json.loads(importlib.resources.files("dedupe").joinpath("rarity.json").read_text(encoding="utf-8"))
    found = Weights({stem: float(weight) for weight, stems in raw["classes"].items() for stem in stems.split()})
    found.most = math.log(raw["articles"] / raw["floor"]) + 1.5
    return found


def weight(stem: str) -> float:
    """The weight of one stem, as `weights` gives it."""
    return weights()[stem]


def known(stem: str) -> bool:
    """Whether the table holds the stem: an ordinary word of news English, not a new name or a foreign word."""
    return stem in weights()


def stems() -> frozenset[str]:
    """The stems the table holds."""
    return frozenset(weights())
