"""Many texts to be compared by the thousand: what `reading.read` says of each, in flat arrays.

The quick lane. `dedupe.facts.reading` is the readable one and says what everything means; both read alike.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe.facts import features, reading
from dedupe.facts.lexicon import Floats, Ints, Known, Shelf


class Packed(NamedTuple):
    """Texts as they are compared.

    Attributes:
        bounds: Of shape (6, texts + 1): where each text's part of the next six begins.
        stems: Content stems in order.
        kept: Distinct ones, those that are compared.
        names: Stems of names.
        bigrams: Pairs of stems that follow each other, ascending.
        grams: Runs of four letters, hashed, ascending.
        trigrams: Runs of three letters of a word, ascending.
        shares: Weight of each of these.
        marks: `NEGATIVE`, `MODAL` of each text.
        lengths: Length of its vector of trigrams.
        number_ends: Where its numbers begin.
        numbers: Distinct ones, ascending.
    """

    bounds: Ints
    stems: Ints
    kept: Ints
    names: Ints
    bigrams: Ints
    grams: npt.NDArray[np.uint64]
    trigrams: Ints
    shares: Floats
    marks: Ints
    lengths: Floats
    number_ends: Ints
    numbers: Ints


def read(found: Sequence[str], shelf: Shelf) -> tuple[Packed, Known]:
    """Read texts. Cost: 10 us for one of twenty words, 3 us more where the shelf lacks it."""
    from dedupe.facts import kernels  # numba, 0.4 s: only where there is a crowd to compare

    places = shelf.places(found)
    ends, words, opening = shelf.spelled(places)
    numbers = shelf.numbers(places)
    known = shelf.lexicon.known()
    made = kernels.pack(
        ends, words, opening, known.form, known.stem, known.bits, known.share, known.ends, known.letters
    )
    return Packed._make((*made, *numbers)), known


def compare(found: Sequence[str], pairs: Sequence[tuple[int, int]], shelf: Shelf) -> Floats:
    """Features of pairs of texts that are weighed among one another: as `features.compare`, a row a pair.

    Args:
        found: Texts, each in at least one pair.
        pairs: Numbers of two texts.
        shelf: Of the language they are read in.

    Cost: 10 us a pair of sentences of twenty words, and reading each text once.
    """
    from dedupe.facts import kernels

    packed, known = read(found, shelf)
    vectors = reading.vectors()
    weighed = kernels.weigh(packed.bounds[1], packed.kept, known.weight, known.row, vectors.uses, len(found))
    sides = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    left, right = np.ascontiguousarray(sides[:, 0]), np.ascontiguousarray(sides[:, 1])
    base = kernels.compare(left, right, *packed, *weighed, known.row, vectors.meanings, known.ends, known.letters)
    return features.products(np.round(base, features.DIGITS))
