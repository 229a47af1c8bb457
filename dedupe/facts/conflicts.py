"""Slots on which outlets differ."""

from typing import Any

import polars as pl

from dedupe.facts.reports import Report
from dedupe.settings import FactSettings


def find(
    mentions: pl.DataFrame, links: pl.DataFrame, known: dict[str, Report], settings: FactSettings
) -> list[dict[str, Any]]:
    """Rows of the conflicts table."""
    return []
