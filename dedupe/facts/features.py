"""What two texts have in common, as numbers: words by rarity and use, names, numbers, order, negation, modality.

Every feature is symmetric: swapping the two texts changes nothing.
"""

import math

import numpy as np
import numpy.typing as npt

from dedupe.facts.reading import Floats, Reading

LONGEST = 60  # stems: word order is compared in the first 60
NOISE = 0.2  # cosine of two unrelated stems in meanings.json: 99 % of random pairs lie below .33, nine tenths below .17
FULL = 127.0 * 127.0  # product of two vectors of one direction
ALIKE_SHARE = 0.6  # of the longer of two stems that they have in common from their beginning where they are of one root
MEANT_ALIKE = 0.7  # what a stem counts at most that only means the like of another one

_PLAIN: tuple[str, ...] = (
    "cover_max", "cover_min", "cosine", "trigrams", "grams", "jaccard", "bigrams", "order_short", "order_long",
    "length_ratio", "shorter", "shared_weight", "shared_rarest", "numbers_equal", "numbers_odd", "numbers_conflict",
    "names_equal", "names_odd", "names_conflict", "negation", "modality", "odd_rarest_max", "odd_rarest_min",
    "shared_n", "odd_weight_max", "odd_weight_min", "same_opening",
)  # fmt: skip
_SOFT: tuple[str, ...] = (
    "use", "soft_max", "soft_min", "soft_short", "grams_short", "missing_short", "missing_long", "rarest_short",
    "weakest_short", "names_short",
)  # fmt: skip
_PRODUCTS: tuple[str, ...] = (
    "use", "soft_min", "soft_short", "grams_short", "missing_short", "missing_long", "rarest_short", "weakest_short",
    "names_short", "grams", "order_long", "length_ratio", "shorter", "numbers_equal", "numbers_odd",
    "numbers_conflict",
)  # fmt: skip
BASE = len(_PLAIN) + len(_SOFT)
"""How many features come before the products."""
DIGITS = 9
"""Digits to which features are rounded: two ways to add up the same numbers give the same."""
CROSSED = [(_PLAIN + _SOFT).index(name) for name in _PRODUCTS]
"""Which of them stand in the products too."""
_RATIO, _SHORTER = _PLAIN.index("length_ratio"), _PLAIN.index("shorter")

NAMES: tuple[str, ...] = (
    *_PLAIN,
    *_SOFT,
    *(f"{name} x length_ratio" for name in _PRODUCTS),
    *(f"{name} x shorter" for name in _PRODUCTS),
)
"""Names of the features, in the order of `compare`. Products let one fit serve a short fact in a long text too."""


def alike(left: str, right: str) -> float:
    """Likeness of two stems of one root: the share of a common prefix of at least four letters; else 0."""
    longest = max(len(left), len(right))
    same = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        same += 1
    return same / longest if same >= 4 and same >= ALIKE_SHARE * longest else 0.0


def likeness(a: Reading, b: Reading) -> Floats:
    """Likeness of each stem of ``a`` (rows) to each of ``b``: 1 for the same, less for one that means the like."""
    table: Floats = np.clip(
        (a.meanings @ b.meanings.T / np.float32(FULL) - np.float32(NOISE)) / np.float32(1 - NOISE), 0.0, 1.0
    ) * np.float32(MEANT_ALIKE)
    column = {stem: j for j, stem in enumerate(b.weight)}
    heads: dict[str, list[tuple[str, int]]] = {}
    for stem, j in column.items():
        heads.setdefault(stem[:4], []).append((stem, j))
    for i, stem in enumerate(a.weight):
        same = column.get(stem)
        if same is not None:
            table[i, same] = 1.0
        elif len(stem) >= 4:
            for other, j in heads.get(stem[:4], ()):
                table[i, j] = max(table[i, j], MEANT_ALIKE * alike(stem, other))
    return table


def _order(left: tuple[str, ...], right: tuple[str, ...]) -> int:
    """Length of the longest common subsequence."""
    if not left or not right:
        return 0
    row = [0] * (len(right) + 1)
    for a in left:
        diagonal = 0
        for j, b in enumerate(right, 1):
            above = row[j]
            row[j] = diagonal + 1 if a == b else max(above, row[j - 1])
            diagonal = above
    return row[-1]


def compare(a: Reading, b: Reading) -> list[float]:
    """Features of a pair, in the order of `NAMES`. Cost: about 150 us for two sentences of 20 words."""
    if (len(b.stems), b.stems, sorted(b.names)) < (len(a.stems), a.stems, sorted(a.names)):
        a, b = b, a  # a is the shorter one
    rows = [round(value, DIGITS) for value in _plain(a, b) + _soft(a, b)]
    ratio, shorter = rows[_RATIO], rows[_SHORTER]
    return [*rows, *(rows[at] * ratio for at in CROSSED), *(rows[at] * shorter for at in CROSSED)]


def products(base: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """All features of pairs from those that come before the products: of shape (pairs, BASE) -> (pairs, all)."""
    crossed = base[:, CROSSED]
    return np.hstack([base, crossed * base[:, [_RATIO]], crossed * base[:, [_SHORTER]]])


def _plain(a: Reading, b: Reading) -> list[float]:
    shared = [stem for stem in a.weight if stem in b.weight]
    weight = sum(a.weight[stem] for stem in shared)
    cover_a, cover_b = weight / a.total, weight / b.total
    trigrams = sum([share * b.trigrams[gram] for gram, share in a.trigrams.items() if gram in b.trigrams])
    grams = len(a.grams & b.grams)
    common = [stem for stem in a.stems[:LONGEST] if stem in b.weight]
    order = _order(tuple(common), tuple(stem for stem in b.stems[:LONGEST] if stem in a.weight))
    short, long = (max(1, min(LONGEST, len(text.stems))) for text in (a, b))
    names_a, names_b = a.names & b.weight.keys(), b.names & a.weight.keys()
    odd_a = max((w for stem, w in a.weight.items() if stem not in b.weight), default=0.0) / 10
    odd_b = max((w for stem, w in b.weight.items() if stem not in a.weight), default=0.0) / 10
    return [
        max(cover_a, cover_b),
        min(cover_a, cover_b),
        sum(a.weight[stem] * b.weight[stem] for stem in shared) / (a.length * b.length),
        trigrams / (a.trigram_length * b.trigram_length),
        2 * grams / max(1, len(a.grams) + len(b.grams)),
        len(shared) / max(1, len(a.weight) + len(b.weight) - len(shared)),
        len(a.bigrams & b.bigrams) / max(1, min(len(a.bigrams), len(b.bigrams))),
        order / short,
        order / long,
        short / long,
        math.log1p(min(len(a.stems), len(b.stems))),
        math.log1p(weight),
        max((a.weight[stem] for stem in shared), default=0.0) / 10,
        min(len(a.numbers & b.numbers), 3),
        min(len(a.numbers ^ b.numbers), 4),
        float(bool(a.numbers and b.numbers and not a.numbers & b.numbers)),
        min(len(names_a) + len(names_b), 6) / 6,
        min(len(a.names) - len(names_a) + len(b.names) - len(names_b), 6) / 6,
        float(bool(a.names and b.names and not names_a and not names_b)),
        float(a.negative != b.negative),
        float(a.modal != b.modal),
        max(odd_a, odd_b),
        min(odd_a, odd_b),
        min(len(shared), 8) / 8,
        math.log1p(max(0.0, max(a.total, b.total) - weight)),
        math.log1p(max(0.0, min(a.total, b.total) - weight)),
        float(bool(a.stems and b.stems and a.stems[0] == b.stems[0])),
    ]


def _soft(a: Reading, b: Reading) -> list[float]:
    if not a.weight or not b.weight:
        return [0.0] * len(_SOFT)
    table = likeness(a, b)
    weight_a, weight_b = np.array(list(a.weight.values())), np.array(list(b.weight.values()))
    best_a, best_b = table.max(1), table.max(0)
    cover_a, cover_b = float(weight_a @ best_a) / a.total, float(weight_b @ best_b) / b.total
    mean_a, mean_b = weight_a @ a.uses, weight_b @ b.uses
    lengths = float(np.linalg.norm(mean_a) * np.linalg.norm(mean_b))
    rarest = np.argsort(-weight_a, kind="stable")[:2]
    grams = len(a.grams & b.grams)
    return [
        float(mean_a @ mean_b) / lengths if lengths else 0.0,
        max(cover_a, cover_b),
        min(cover_a, cover_b),
        cover_a,
        grams / max(1, len(a.grams)),
        float((weight_a * (1 - best_a)).max()) / 10,
        float((weight_b * (1 - best_b)).max()) / 10,
        float(best_a[rarest].mean()),
        float(best_a.min()),
        len(a.names & b.weight.keys()) / len(a.names) if a.names else 0.5,
    ]
