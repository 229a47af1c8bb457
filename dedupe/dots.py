# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# ruff: noqa: ANN001, ANN201 - numba infers types
"""Dot products of rows of two sparse matrices, pair by pair, compiled: millions of pairs of a crowd of articles.

Importing this module imports numba; the first call loads or builds machine code (1 s once a machine).
"""

import numpy as np

from dedupe.compiling import compiled


@compiled
def rows(ends, columns, values, a, other_ends, other_columns, other_values, b):
    """The dot product of row a[i] of the one and row b[i] of the other; columns ascend within a row."""
    out = np.zeros(len(a), np.float64)
    for pair in range(len(a)):
        i, last = ends[a[pair]], ends[a[pair] + 1]
        j, end = other_ends[b[pair]], other_ends[b[pair] + 1]
        total = 0.0
        while i < last and j < end:
            if columns[i] == other_columns[j]:
                total += values[i] * other_values[j]
                i += 1
                j += 1
            elif columns[i] < other_columns[j]:
                i += 1
            else:
                j += 1
        out[pair] = total
    return out
