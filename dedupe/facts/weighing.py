"""How likely two mentions of a story are one fact: their words, sentences and texts, what they are about, rivals."""

from collections.abc import Sequence

import numpy as np

from dedupe.facts import features, packed, reading, scorer, senses
from dedupe.facts.lexicon import Flags, Floats, Ints, Shelves
from dedupe.facts.units import Units, overlaps
from dedupe.settings import FactSettings

_COSINE, _RUNS = features.NAMES.index("cosine"), features.NAMES.index("grams")


def evidence(
    of: list[str],
    pairs: list[tuple[int, int]],
    language: str | None,
    settings: FactSettings,
    shelves: Shelves | None,
) -> tuple[Floats, Floats]:
    """Log-odds that pairs of these texts say the same, read among one another: the scorer's, and their cosine.

    And what share of their runs of four letters they have in common.
    """
    if not pairs:
        return np.empty(0), np.empty(0)
    asked = sorted({n for pair in pairs for n in pair})
    if shelves is None:
        read = {n: reading.read(of[n], language) for n in asked}
        among = reading.Context(read.values())
        weighed = {n: among.weigh(found) for n, found in read.items()}
        rows = np.array([features.compare(weighed[a], weighed[b]) for a, b in pairs])
    else:
        place = {n: at for at, n in enumerate(asked)}
        rows = packed.compare([of[n] for n in asked], [(place[a], place[b]) for a, b in pairs], shelves[language])
    said: Sequence[float] = scorer.probability(rows)  # what is added to it was fitted on one scale
    if settings.scorer != "lexical":
        said = scorer.named(settings.scorer)([of[a] for a, _ in pairs], [of[b] for _, b in pairs])
    return logit(np.asarray(said)) + settings.cosine * rows[:, _COSINE], rows[:, _RUNS]


def logit(p: Floats) -> Floats:
    """Log-odds; a probability nearer than 1e-4 to 0 or 1 counts as that near."""
    p = np.clip(p, 1e-4, 1 - 1e-4)
    odds: Floats = np.log(p / (1 - p))
    return odds


def combined(
    of_story: Units,
    pairs: list[tuple[int, int]],
    clauses: Floats,
    sentences: Floats,
    about: Floats | None,
    settings: FactSettings,
) -> list[float]:
    """Probability that two mentions are one fact: their own words, their sentences, their texts, their rivals.

    A clause alone is too short to judge ("has opened its doors"): its sentence says what it is about. Of two long
    texts any two mentions are one fact more rarely than of two short ones. And an article states a fact once, mostly: a
    pair gains by how much better it is than the next one that either side has in the other's article, and loses by how
    much worse. A headline is no rival: it restates what of its own body is likest.
    """
    units, home = of_story.found, of_story.home
    sides = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    bodies = np.array([unit.body for unit in units], dtype=bool)
    body = bodies[sides]
    headline = body[:, 0] != body[:, 1]
    for n in np.flatnonzero(headline).tolist():
        headline[n] = not units[sides[n, 0]].origins.isdisjoint(units[sides[n, 1]].origins)
    size = np.log(np.maximum(1, np.bincount(home[bodies], minlength=int(home.max(initial=0)) + 1)))
    odds = settings.clause * clauses + sentences
    apart = (
        settings.prior + settings.overlap * overlaps(of_story, sides) - settings.size * size[home[sides]].sum(axis=1)
    )
    if about is not None and about.any():
        apart += settings.sense * senses.likeness(about, sides[:, 0], sides[:, 1])
    else:
        apart += settings.sense * settings.sense_unread
    odds += np.where(headline, settings.headline, apart)
    ways = np.concatenate([sides, sides[:, ::-1]])
    leads = _leads(np.concatenate([odds, odds]), ways[:, 0] * len(units) + home[ways[:, 1]], bodies[ways[:, 1]])
    least = np.minimum(leads[: len(pairs)], leads[len(pairs) :])
    odds += np.where(headline, 0.0, settings.lead * np.clip(least, -settings.lead_most, settings.lead_most))
    chances = np.where(headline & (least < 0), 0.0, 1 / (1 + np.exp(-odds)))
    return [round(p, 6) for p in chances.tolist()]


def _leads(odds: Floats, rivals: Ints, told: Flags) -> Floats:
    """How much better each pair is than the best of its rivals, negative where that one is better.

    Rivals have one number; what is not ``told`` in a body is nobody's rival and has none.
    """
    leads = np.full(len(odds), np.inf)
    some = np.flatnonzero(told)
    order = some[np.lexsort((-odds[some], rivals[some]))]
    first = np.ones(len(order), dtype=bool)
    first[1:] = rivals[order][1:] != rivals[order][:-1]
    best = odds[order][first][np.cumsum(first) - 1] if len(order) else odds[:0]
    leads[order] = odds[order] - best
    alone_at = np.append(first[1:], True)
    follows = np.append(odds[order][1:], -np.inf)
    leads[order[first]] = np.where(alone_at, np.inf, odds[order] - follows)[first]
    return leads
