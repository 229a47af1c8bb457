"""Numbers, money, percents, dates, durations: what a text measures, with value, bounds and unit."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """One measured thing in a text; begin and end are offsets in it."""

    kind: str
    value: float | None
    low: float | None
    high: float | None
    unit: str | None
    begin: int
    end: int


def find(text: str, published_at: dt.date | None = None, language: str | None = "en") -> list[Quantity]:
    """Quantities of a text in order of their begin."""
    return []
