"""What two texts have in common, as numbers: words by their rarity, names, numbers, order, negation, modality.

A text is read once (`read`), a pair is compared in about 100 us (`compare`). Every feature is symmetric: swapping
the two texts changes nothing.
"""

import functools
import itertools
import math
import re
from collections import Counter
from dataclasses import dataclass

from dedupe import rarity
from dedupe import text as texts

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SMALL = {"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9"}
_SMALL |= {"zero": "0", "ten": "10", "eleven": "11", "twelve": "12"}
_MODAL = frozenset(("may", "might", "could", "would", "should", "will", "plan", "planned", "expect", "expected",
    "likely", "hope", "propose", "proposed", "if", "consider", "considering", "seek", "aim", "intend"))  # fmt: skip
_NEGATIVE = frozenset(("not", "no", "never", "none", "without", "cannot", "deny", "denied", "denies", "nor",
    "neither", "refuse", "refused", "fail", "failed"))  # fmt: skip
_LONGEST = 60  # stems: word order is compared in the first 60


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, read for comparison."""

    stems: tuple[str, ...]
    weight: dict[str, float]
    total: float
    length: float
    names: frozenset[str]
    numbers: frozenset[str]
    negative: bool
    modal: bool
    bigrams: frozenset[tuple[str, str]]
    grams: Counter[str]
    gram_n: int
    trigrams: dict[str, float]
    trigram_length: float


@functools.lru_cache(maxsize=1 << 15)
def read(text: str, language: str | None = "en") -> Reading:
    """Read a text for comparison. Cost: about 100 us a sentence; kept for the last 32,768 texts."""
    stop = texts.STOP.get(language or "", texts.STOP["en"])
    plain: list[str] = []
    stems: list[str] = []
    names: set[str] = set()
    trigrams: Counter[str] = Counter()
    opening = True
    for begin, end in texts.words(text):
        word = text[begin:end]
        form = texts.normal(word)
        plain.append(form)
        if form not in stop:
            stem = texts.stem(word, language or "")
            stems.append(stem)
            if word[0].isupper() and (not opening or word.isupper() or not rarity.known(stem)):
                names.add(stem)
            padded = f"^{form}$"
            share = rarity.weight(stem) / max(1, len(padded) - 2)
            for at in range(len(padded) - 2):
                trigrams[padded[at : at + 3]] += share
        opening = text[end : end + 1] in ".!?:"
    weight = {stem: rarity.weight(stem) for stem in stems or plain}
    joined = f" {' '.join(plain)} "
    grams = Counter(joined[at : at + 4] for at in range(len(joined) - 3))
    return Reading(
        stems=tuple(stems),
        weight=weight,
        total=sum(weight.values()) or 1.0,
        length=math.sqrt(sum(w * w for w in weight.values())) or 1.0,
        names=frozenset(names),
        numbers=frozenset(found.replace(",", "").rstrip(".") for found in _NUMBER.findall(text))
        | {_SMALL[form] for form in plain if form in _SMALL},
        negative=any(form in _NEGATIVE or form.endswith("n't") for form in plain),
        modal=any(form in _MODAL for form in plain),
        bigrams=frozenset(itertools.pairwise(stems)),
        grams=grams,
        gram_n=max(1, sum(grams.values())),
        trigrams=dict(trigrams),
        trigram_length=math.sqrt(sum(w * w for w in trigrams.values())) or 1.0,
    )


def _alike(left: str, right: str) -> float:
    """Likeness of two stems of one root: the share of a common prefix of at least four letters; else 0."""
    longest = max(len(left), len(right))
    same = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        same += 1
    return same / longest if same >= 4 and same >= 0.6 * longest else 0.0


def covered(part: Reading, whole: Reading) -> float:
    """Share of ``part``'s weighted stems that ``whole`` holds; stems of one root count 0.8 of their likeness."""
    got = 0.0
    for stem, weight in part.weight.items():
        if stem in whole.weight:
            got += weight
        elif len(stem) >= 4:
            got += 0.8 * weight * max((_alike(stem, o) for o in whole.weight if o[0] == stem[0]), default=0.0)
    return got / part.total


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


NAMES: tuple[str, ...] = (
    "cover_max", "cover_min", "soft_max", "soft_min", "cosine", "trigrams", "grams", "jaccard", "bigrams",
    "order_short", "order_long", "length_ratio", "shorter", "shared_weight", "shared_rarest", "numbers_equal",
    "numbers_odd", "numbers_conflict", "names_equal", "names_odd", "names_conflict", "negation", "modality", "odd_rarest_max",
    "odd_rarest_min", "shared_n", "odd_weight_max", "odd_weight_min", "same_opening",
)  # fmt: skip
"""Names of the features, in the order of `compare`."""


def compare(a: Reading, b: Reading) -> list[float]:
    """Features of a pair, in the order of `NAMES`. Cost: about 50 us for two sentences of 20 words."""
    shared = a.weight.keys() & b.weight.keys()
    weight = sum(a.weight[stem] for stem in shared)
    cover_a, cover_b = weight / a.total, weight / b.total
    soft_a, soft_b = covered(a, b), covered(b, a)
    small, large = (a, b) if len(a.trigrams) < len(b.trigrams) else (b, a)
    trigrams = sum(value * large.trigrams[gram] for gram, value in small.trigrams.items() if gram in large.trigrams)
    few, many = (a.grams, b.grams) if len(a.grams) < len(b.grams) else (b.grams, a.grams)
    grams = sum(min(n, many[gram]) for gram, n in few.items() if gram in many)
    order = _order(a.stems[:_LONGEST], b.stems[:_LONGEST])
    short, long = sorted((max(1, min(_LONGEST, len(a.stems))), max(1, min(_LONGEST, len(b.stems)))))
    names_a, names_b = a.names & b.weight.keys(), b.names & a.weight.keys()
    odd_a = max((w for stem, w in a.weight.items() if stem not in shared), default=0.0) / 10
    odd_b = max((w for stem, w in b.weight.items() if stem not in shared), default=0.0) / 10
    return [
        max(cover_a, cover_b),
        min(cover_a, cover_b),
        max(soft_a, soft_b),
        min(soft_a, soft_b),
        sum(a.weight[stem] ** 2 for stem in shared) / (a.length * b.length),
        trigrams / (a.trigram_length * b.trigram_length),
        2 * grams / (a.gram_n + b.gram_n),
        len(shared) / max(1, len(a.weight.keys() | b.weight.keys())),
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
