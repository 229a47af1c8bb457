"""Cleaned pages as rows: of the pages table, of the blocks that `dedupe.page.mark` judges, of rejects."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dedupe.settings import CleanSettings
from flows.clean import Page, Rejected, clean
from flows.sources import Reject
from storage import schema

_PAGES = {name: dtype for name, dtype in schema.columns("pages").items() if name != "run_id"}
_BLOCKS = {
    "capture_id": pl.String, "outlet": pl.String, "block": pl.Int32, "begin": pl.Int32, "end": pl.Int32,
    "tag": pl.String, "hint": pl.String, "text": pl.String,
}  # fmt: skip


def cleaned(capture: Mapping[str, Any], settings: CleanSettings) -> Page | Rejected:
    """`flows.clean.clean`, with a fault of ours or of a library as a value: a bad page costs one page, and is told."""
    try:
        return clean(capture, settings)
    except Exception as fault:  # noqa: BLE001 - hostile markup finds faults in any library; the reject names it
        said = " ".join(str(fault).split())[:200]
        return Rejected(
            "unreadable", f"Cleaning failed with {type(fault).__name__} ({said}); leave it out or report it."
        )


def pages(results: Sequence[Page | Rejected]) -> pl.DataFrame:
    """The pages among the results: rows of `schema.Pages` without run_id."""
    named = [field.name for field in dataclasses.fields(Page)]
    rows = [
        {name: getattr(one, name) for name in named} | {"blocks": [_block(block) for block in one.blocks]}
        for one in results
        if isinstance(one, Page)
    ]
    return pl.DataFrame(rows, schema=_PAGES)


def _block(block: tuple[int, int, str, str]) -> dict[str, int | str]:
    return dict(zip(("begin", "end", "tag", "hint"), block, strict=True))


def rejects(captures: Sequence[Mapping[str, Any]], results: Sequence[Page | Rejected]) -> list[Reject]:
    """One reject for every capture that is no page."""
    return [
        Reject(one["locator"], one["url"], result.outcome, result.reason, one["capture_id"])
        for one, result in zip(captures, results, strict=True)
        if isinstance(result, Rejected)
    ]


def lost(_capture: Mapping[str, Any]) -> Page | Rejected:
    """The result for a capture whose worker process died."""
    return Rejected(
        "unreadable", "The process that cleaned it died (memory or a crash in a library); leave it out or report it."
    )


def blocks(rows: pl.DataFrame) -> pl.DataFrame:
    """Every tile of every page with its text: what `dedupe.page.mark` takes."""
    tiles = [
        (
            capture_id,
            outlet,
            at,
            tile["begin"],
            tile["end"],
            tile["tag"],
            tile["hint"],
            text[tile["begin"] : tile["end"]],
        )
        for capture_id, outlet, text, listed in rows.select("capture_id", "outlet", "text", "blocks").iter_rows()
        for at, tile in enumerate(listed)
    ]
    return pl.DataFrame(tiles, schema=_BLOCKS, orient="row")


def no_articles(bodiless: pl.DataFrame) -> list[Reject]:
    """One reject for every page of which nothing was kept (`dedupe.page.bodiless`, with locator)."""
    wanted = bodiless.select("locator", "url", "outcome", "reason", "capture_id")
    return [Reject(*row) for row in wanted.iter_rows()]
