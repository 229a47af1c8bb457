# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# ruff: noqa: ANN001, ANN003, ANN201 - numba infers types
"""How a function becomes machine code, and where that is kept. Importing this module imports numba (0.4 s)."""

import functools

import numba


def compiled(function=None, **options):
    """Compile at the first call; machine code is kept for the next process where there is a folder to keep it in."""
    if function is None:
        return functools.partial(compiled, **options)
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:  # neither beside the module nor in the user's cache folder may be written
        return numba.njit(**options)(function)
