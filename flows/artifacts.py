"""What a scheduled run shows of its result: Markdown for a person, rows for a table. Prefect only carries them."""

import re
from pathlib import Path
from typing import Any

import polars as pl

from flows import show
from storage.publish import read_published
from storage.runs import Run

_OUTLETS = 25  # of a report; how many more there are is said
_FACTS = 10  # per outlet
_REJECTS = 10


def key(store: Path) -> str:
    """What the keys of a store's artifacts begin with; Prefect takes lower-case letters, digits and dashes."""
    name = re.sub(r"[^a-z0-9]+", "-", store.name.lower()).strip("-")
    return name if name.startswith("copydesk") else f"copydesk-{name}".strip("-")


def outlets(store: Path) -> pl.DataFrame:
    """Per outlet: outlet, article_n, fact_n (facts it carries), unique_fact_n; most unique facts first."""
    carried = read_published(store, "coverage").filter("carried").group_by("outlet").agg(fact_n=pl.len())
    alone = read_published(store, "unique_facts").group_by("outlet").agg(unique_fact_n=pl.len())
    return (
        read_published(store, "articles")
        .group_by("outlet")
        .agg(article_n=pl.len())
        .join(carried, on="outlet", how="left")
        .join(alone, on="outlet", how="left")
        .with_columns(pl.col("fact_n", "unique_fact_n").fill_null(0))
        .sort("unique_fact_n", "outlet", descending=[True, False])
    )


def steps(run: Run) -> list[dict[str, Any]]:
    """Per step of a run, in order, second tries too: step, rows_in, rows_out, seconds, counts, error."""
    return [
        {
            "step": step.name,
            "rows_in": step.rows_in,
            "rows_out": step.rows_out,
            "seconds": step.seconds,
            "counts": ", ".join(f"{name} {count}" for name, count in sorted(step.counts.items())),
            "error": step.error,
        }
        for step in run.steps
    ]


def report(store: Path) -> str:
    """Markdown: what each outlet alone reports, the first facts of each, and what could not be used.

    Args:
        store: A store that has published.

    Raises:
        StoreError: Nothing is published.
    """
    facts = read_published(store, "facts").group_by("status").len().sort("status").iter_rows()
    found = outlets(store).filter(pl.col("unique_fact_n") > 0).select("outlet", "unique_fact_n")
    unique, rejects = show.rows(store, "unique"), show.rows(store, "rejects")
    lines = ["# What each outlet alone reports", ""]
    lines += ["Facts: " + (", ".join(f"{count:,} {status}" for status, count in facts) or "none") + ".", ""]
    if found.is_empty():
        lines += ["No fact is reported by one outlet alone.", ""]
    for outlet, count in found.head(_OUTLETS).iter_rows():
        texts = unique.filter(pl.col("outlet") == outlet).get_column("text").head(_FACTS)
        lines += [f"## {_plain(outlet)}: {count:,}", "", *(f"- {_plain(text)}" for text in texts)]
        lines += [*_more(count - _FACTS), ""]
    lines += [f"{found.height - _OUTLETS:,} further outlets report facts alone.", ""] * (found.height > _OUTLETS)
    if not rejects.is_empty():
        first = rejects.head(_REJECTS).select("source", "outcome", "reason").iter_rows()
        lines += [f"## Could not be used: {rejects.height:,}", ""]
        lines += [f"- {_plain(source)} ({_plain(outcome)}): {_plain(reason)}" for source, outcome, reason in first]
        lines += [*_more(rejects.height - _REJECTS), ""]
    return "\n".join(lines)


def _more(count: int) -> list[str]:
    return [f"- and {count:,} more"] if count > 0 else []


def _plain(text: str) -> str:
    """Words of an article as words in Markdown: one line, none of it mark-up or HTML."""
    return re.sub(r"([\\`*_{}\[\]<>#|~!&$])", r"\\\1", " ".join(text.split()))
