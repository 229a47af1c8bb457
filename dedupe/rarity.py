"""How much a shared word tells: the weight of a stem, from packaged tables of how many articles hold it.

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
"""Weight added per letter: long words are rare words (Zipf 1935)."""


class Weights(dict[str, float]):
    """The weights of the stems of the table; one that it does not hold is weighed by its length when asked for."""

    most = 0.0  # nats, of a stem that is not in the table

    def __missing__(self, stem: str) -> float:
        return min(self.most, UNSEEN_FLOOR + UNSEEN_STEP * len(stem))


@functools.cache
def _english() -> Weights:
    raw = json.loads(importlib.resources.files("dedupe").joinpath("rarity.json").read_text(encoding="utf-8"))
    found = Weights({stem: float(weight) for weight, stems in raw["classes"].items() for stem in stems.split()})
    found.most = math.log(raw["articles"] / raw["floor"]) + 1.5
    return found


@functools.cache
def weights(language: str | None = "en") -> Weights:
    """Inverse document frequency of stems in nats: 0 = in every article; about 9 = a name never met before.

    A number, or a stem that is not in the table of its language, weighs by its length, at least as much as the rarest
    stems of the English table once it has a few letters, at most two nats more.

    Args:
        language: One of `dedupe.text.LANGUAGES`; another one, or null, is weighed as English.

    Cost: 0.03 us a stem; the tables are read once (10 ms each). Source: `tests/benchmarks/fit_rarity.py`,
    `fit_rarities.py`.
    """
    if language in {None, "", "en"}:
        return _english()
    raw = json.loads(importlib.resources.files("dedupe").joinpath("rarities.json").read_text(encoding="utf-8"))
    classes = raw.get(language)
    if not isinstance(classes, dict):
        return _english()
    found = Weights({stem: float(weight) for weight, stems in classes.items() for stem in stems.split()})
    found.most = _english().most
    return found


def weight(stem: str, language: str | None = "en") -> float:
    """The weight of one stem, as `weights` gives it."""
    return weights(language)[stem]


def known(stem: str, language: str | None = "en") -> bool:
    """Whether the table holds the stem: an ordinary word of the news, not a new name or a foreign word."""
    return stem in weights(language)


def stems() -> frozenset[str]:
    """The stems the table holds."""
    return frozenset(_english())
