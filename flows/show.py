"""What can be asked of the published tables: the rows of `copydesk show` and the result of a run, as data."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from dedupe import judgements
from storage.publish import read_published
from storage.tables import Store, StoreError


def rows(store: Path, what: str, *, outlet: str | None = None, story: str | None = None) -> pl.DataFrame:
    """The rows of one view of the published tables.

    Args:
        store: The store's folder.
        what: One of `VIEWS`.
        outlet: Only rows of this outlet.
        story: Only rows of this story (its id or the beginning of it).

    Raises:
        StoreError: Nothing is published yet, or no such outlet or story.
    """
    frame = _VIEWS[what](store)
    if outlet is not None:
        _known(store, outlet)
        names = [name for name in ("outlet", "outlet_a", "outlet_b", "outlets") if name in frame.columns]
        if not names:
            message = f"`show {what}` has no outlet to choose by; leave --outlet out."
            raise StoreError(message)
        frame = frame.filter(pl.any_horizontal(_names(frame, name, outlet) for name in names))
    if story is not None:
        if "story_id" not in frame.columns:
            message = f"`show {what}` has no story to choose by; leave --story out."
            raise StoreError(message)
        if read_published(store, "stories").filter(pl.col("story_id").str.starts_with(story)).is_empty():
            message = f"no story id begins with {story!r}; `copydesk show stories` lists them."
            raise StoreError(message)
        frame = frame.filter(pl.col("story_id").str.starts_with(story))
    return frame


def _names(frame: pl.DataFrame, column: str, outlet: str) -> pl.Expr:
    is_list = isinstance(frame.schema[column], pl.List)
    return pl.col(column).list.contains(outlet) if is_list else pl.col(column) == outlet


def _known(store: Path, outlet: str) -> None:
    outlets = read_published(store, "articles").get_column("outlet").unique().sort().to_list()
    if outlet not in outlets:
        from rapidfuzz import process

        near = process.extractOne(outlet, outlets)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        message = f"no outlet is named {outlet!r} in this store{hint}"
        raise StoreError(message)


def _stories(store: Path) -> pl.DataFrame:
    articles = read_published(store, "articles").select("article_id", "title", "published_at", "captured_at")
    facts = read_published(store, "facts").group_by("story_id").agg(
        fact_n=pl.len(),
        shared_n=(pl.col("status") == "shared").sum(),
        unique_n=(pl.col("status") == "unique").sum(),
    )  # fmt: skip
    return (
        read_published(store, "stories")
        .join(articles, on="article_id")
        .sort("published_at", "captured_at", "article_id", nulls_last=True)
        .group_by("story_id", maintain_order=True)
        .agg(
            first_at=pl.col("published_at").min(),
            article_n=pl.len(),
            outlets=pl.col("outlet").unique().sort(),
            title=pl.col("title").drop_nulls().first(),
        )
        .join(facts, on="story_id", how="left")
        .sort("article_n", "first_at", "story_id", descending=[True, True, False])
    )


def _facts(store: Path) -> pl.DataFrame:
    carried = (
        read_published(store, "coverage")
        .filter("carried")
        .group_by("fact_id")
        .agg(outlets=pl.col("outlet").unique().sort())
    )
    order = pl.Enum(["shared", "unique", "uncertain", "uncompared", "withdrawn"])
    return (
        read_published(store, "facts")
        .join(carried, on="fact_id", how="left")
        .sort("story_id", pl.col("status").cast(order), pl.col("origin_n") * -1, "fact_id")
        .select("story_id", "fact_id", "status", "outlets", "origin_n", "root_n", "first_outlet", "first_at",
                "first_basis", "text")
    )  # fmt: skip


def _shared(store: Path) -> pl.DataFrame:
    return _facts(store).filter(status="shared")


def _unique(store: Path) -> pl.DataFrame:
    return (
        read_published(store, "unique_facts")
        .with_columns(place=pl.col("field").replace_strict({"title": 0, "dek": 1, "text": 2}, default=3))
        .sort("outlet", "story_id", "article_id", "place", "begin")
        .select(
            "outlet",
            "story_id",
            "fact_id",
            "field",
            "begin",
            "end",
            "text",
            "context",
            "sentence",
            "reported_at",
            "had_chance_n",
            "confidence",
        )
    )


def _omissions(store: Path) -> pl.DataFrame:
    facts = _facts(store).select("fact_id", "origin_n", "text", carried_by="outlets")
    return (
        read_published(store, "coverage")
        .filter("omitted")
        .select("outlet", "story_id", "fact_id")
        .join(facts, on="fact_id")
        .sort("outlet", "story_id", pl.col("origin_n") * -1, "fact_id")
    )


def _copies(store: Path) -> pl.DataFrame:
    titles = read_published(store, "articles").select("article_id", "title", "published_at")
    return (
        read_published(store, "copies")
        .join(titles, on="article_id", how="left")
        .sort("copy_group", "published_at", "article_id", nulls_last=True)
        .select("copy_group", "article_id", "outlet", "role", "origin_basis", "lag_s", "title")
    )


def _conflicts(store: Path) -> pl.DataFrame:
    said = read_published(store, "mentions").select("mention_id", "field", "text")
    rows = read_published(store, "conflicts")
    for side in ("a", "b"):
        of_side = said.select(pl.all().name.suffix(f"_{side}")).rename({f"mention_id_{side}": f"mention_{side}"})
        rows = rows.join(of_side, on=f"mention_{side}", how="left")
    return rows.sort("story_id", "slot", "mention_a", "mention_b")


def _outlets(store: Path) -> pl.DataFrame:
    rows = read_published(store, "outlets", dated=True).sort("outlet", "date")
    return rows.select("outlet", "date", pl.all().exclude("outlet", "date"))


def _uncorrected(store: Path) -> pl.DataFrame:
    return (
        read_published(store, "uncorrected")
        .sort("since", "item_id", "outlet", "article_id", "field", "begin", nulls_last=True)
        .select(
            "wire",
            "kind",
            "outlet",
            "article_id",
            "url",
            "field",
            "begin",
            "end",
            "text",
            "correct",
            "since",
            "item_id",
        )
    )


def _notices(store: Path) -> pl.DataFrame:
    return (
        read_published(store, "notices")
        .sort("noticed_at", "notice_id")
        .select("noticed_at", "outlet", "kind", "external_id", "version", "text", "basis", "item_id")
    )


def _rejects(store: Path) -> pl.DataFrame:
    return read_published(store, "rejects").sort("outcome", "source").select("outcome", "source", "reason")


def _runs(store: Path) -> pl.DataFrame:
    from storage.runs import manifests

    return pl.DataFrame(
        [
            {
                "run_id": one["run_id"],
                "started_at": one["started_at"],
                "status": one["status"],
                "seconds": round(sum(step["seconds"] for step in one["steps"]), 1),
                "counts": json.dumps({step["step"]: step["counts"] for step in one["steps"] if step["counts"]}),
            }
            for one in manifests(store)
        ],
        schema={
            "run_id": pl.String,
            "started_at": pl.String,
            "status": pl.String,
            "seconds": pl.Float64,
            "counts": pl.String,
        },
    )


def _changes(store: Path) -> pl.DataFrame:
    rows = Store.open(store, create=False).scan("changes").collect()
    return rows.sort("changed_at", "level", "change_id", descending=[True, False, False]).select(
        "changed_at", "level", "kind", "old_id", "new_id", "article_n", "old_origin", "new_origin", "reason", "run_id"
    )


def _judgements(store: Path) -> pl.DataFrame:
    rows = Store.open(store, create=False).scan("judgements").collect()
    key = ["left_id", "right_id", "about", "judged_at"]
    held = judgements.standing(rows).select(key).with_columns(holds=True)
    said = pl.col("same").replace_strict({True: "same", False: "different"}, default="undo", return_dtype=pl.String)
    return (
        rows.join(held, on=key, how="left")
        .sort("judged_at", "left_id", "right_id", "about", descending=[True, False, False, False])
        .select("judged_at", "left_id", "right_id", "about", said.alias("said"), pl.col("holds").fill_null(value=False),
                "judged_by", "note")
    )  # fmt: skip


def _residue(store: Path) -> pl.DataFrame:
    rows = Store.open(store, create=False).scan("residue").collect()
    return rows.sort("outlet", "window", "page_n", "text", descending=[False, True, True, False]).select(
        "outlet", "window", "role", "page_n", "of_n", "share", "foreign", "text", "reason", "first_seen", "last_seen",
        kept_n=pl.col("own").list.len(),
    )  # fmt: skip


def _layouts(store: Path) -> pl.DataFrame:
    rows = Store.open(store, create=False).scan("layouts").collect()
    return rows.sort("since", "outlet", "measure", descending=[True, False, False]).drop("run_id")


_VIEWS = {
    "stories": _stories,
    "facts": _facts,
    "shared": _shared,
    "unique": _unique,
    "omissions": _omissions,
    "copies": _copies,
    "conflicts": _conflicts,
    "outlets": _outlets,
    "uncorrected": _uncorrected,
    "notices": _notices,
    "rejects": _rejects,
    "runs": _runs,
    "changes": _changes,
    "judgements": _judgements,
    "residue": _residue,
    "layouts": _layouts,
}
VIEWS = tuple(_VIEWS)


def result(store: Path, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What a run came to: the answer to "who uniquely reports what", as plain data.

    Returns:
        run_id, status, steps (rows, seconds, counts), totals, per outlet counts, and every unique fact.
    """
    facts = read_published(store, "facts")
    by_outlet = (
        read_published(store, "articles")
        .group_by("outlet")
        .agg(articles=pl.len())
        .join(
            read_published(store, "unique_facts").group_by("outlet").agg(unique_facts=pl.len()), on="outlet", how="left"
        )
        .with_columns(pl.col("unique_facts").fill_null(0))
        .sort("unique_facts", "outlet", descending=[True, False])
    )
    return {
        "run_id": manifest["run_id"],
        "status": manifest["status"],
        "published": str(store / "published" / "latest"),
        "steps": manifest["steps"],
        "articles": int(by_outlet["articles"].sum()),
        "stories": read_published(store, "stories").get_column("story_id").n_unique(),
        "stories_compared": facts.filter(pl.col("status") != "uncompared").get_column("story_id").n_unique(),
        "facts": dict(facts.group_by("status").len().sort("status").iter_rows()),
        "outlets": by_outlet.to_dicts(),
        "unique_facts": _unique(store).to_dicts(),
    }


def as_json(value: object, *, line: bool = False) -> str:
    """JSON as every command prints it: times in ISO 8601, readable or on one line."""
    return json.dumps(value, ensure_ascii=False, indent=None if line else 2, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
