"""The probability that two texts assert the same fact, or that one of them reports what the other asserts."""

import functools
import importlib.metadata
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from dedupe.facts import features, models, presence, reading, regression

CONTRARY = 0.3
"""What is left of the probability where two texts give one slot two values: in STSb 1 such pair in 28 is the same."""

Scorer = Callable[[list[str], list[str]], Sequence[float]]

GROUP = "copydesk.scorers"
"""Entry-point group: a package that offers ``name = "module:function"`` in it offers a scorer."""


def probability(rows: Sequence[Sequence[float]] | npt.NDArray[np.float64], language: str | None = "en") -> list[float]:
    """Probabilities that pairs assert the same, from their features (`features.compare`).

    A language whose words have no vectors may be scored by a fit of the same sets read without them: by the other
    one, half of what is the same scores below .3.
    """
    name = "align" if reading.rows(language) else "align_plain"
    return regression.load(name, features.NAMES).probability(rows)


def lexical(
    left: list[str], right: list[str], context: Iterable[str] | None = None, language: str | None = "en"
) -> list[float]:
    """The scorer that ships: words by rarity and use, names, numbers, order. Symmetric; needs no model."""
    read = {text: presence.read(text, language) for text in dict.fromkeys([*left, *right])}
    told = [found.reading for found in read.values()] if context is None else _read(context, language)
    among = reading.Context(told)
    weighed = {text: among.weigh(found.reading) for text, found in read.items()}
    pairs = [(min(a, b), max(a, b)) for a, b in zip(left, right, strict=True)]  # equal stems tell no shorter one
    said = probability([features.compare(weighed[a], weighed[b]) for a, b in pairs], language)
    return [_unless_contrary(p, read[a], read[b]) for (a, b), p in zip(pairs, said, strict=True)]


def _read(context: Iterable[str], language: str | None) -> list[reading.Reading]:
    return [reading.read(text, language) for text in context]


def reporting(facts: list[str], texts: list[str], context: Iterable[str], language: str | None) -> list[float]:
    """The probability that a text reports a fact, for each pair facts[i], texts[i]. Not symmetric; needs no model."""
    read = {text: presence.read(text, language) for text in dict.fromkeys([*facts, *texts])}
    among = reading.Context(_read(context, language))
    weighed = {text: found.among(among) for text, found in read.items()}
    pairs = list(zip(facts, texts, strict=True))
    rows = [presence.compare(weighed[fact], weighed[text]) for fact, text in pairs]
    said = regression.load("presence", presence.NAMES).probability(rows)
    return [_unless_contrary(p, read[fact], read[text]) for (fact, text), p in zip(pairs, said, strict=True)]


def _unless_contrary(p: float, one: presence.Told, other: presence.Told) -> float:
    """What gives one slot two values is not the same, however like the rest of the words is."""
    return round(p * CONTRARY, 6) if presence.contrary(one, other) else p


@functools.cache
def named(name: str) -> Scorer:
    """The scorer of that name.

    Args:
        name: "lexical"; "encoder:FOLDER" or "entailment:FOLDER" (`dedupe.facts.models`); or the name of one that an
            installed package offers in the group `GROUP`.

    Raises:
        LookupError: No installed package offers it, or the folder holds no such model; the message says what there is.
    """
    if name == "lexical":
        return lexical
    kind, _, path = name.partition(":")
    if kind in models.KINDS and path:
        return models.load(kind, path, lexical)
    found = importlib.metadata.entry_points(group=GROUP)
    for entry in found:
        if entry.name == name:
            loaded: Scorer = entry.load()
            return loaded
    offered = ", ".join(
        sorted({"lexical", *(entry.name for entry in found), *(f"{kind}:FOLDER" for kind in models.KINDS)})
    )
    message = f"no scorer {name!r} is installed; there are: {offered}"
    raise LookupError(message)


def label(name: str) -> str:
    """How the tables call a scorer: a model by its folder's own name, wherever it lies on this machine."""
    kind, _, path = name.partition(":")
    return f"{kind}:{path.replace(chr(92), '/').rstrip('/').rpartition('/')[2]}" if path else name
