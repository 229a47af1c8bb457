"""What the pages of an outlet teach about each other: lines counted, residue made anew, pages marked again for it.

What is learned depends on the set of captures, so a page that was marked before its outlet's other pages came is marked
again once they change what it loses, and only then: a digest of what is learned of a page's lines is kept with it.
"""

from collections.abc import Iterator

import polars as pl

from dedupe import items, page
from flows.clean import rows
from flows.desk import Desk
from storage import schema
from storage.runs import Step

_BATCH = 2_000  # captures marked again at a time
_LINES = 400_000  # lines of outlets counted at a time, unless one outlet has more: about 150 MB
_SCOPE = ["outlet", "window"]


def count(desk: Desk, step: Step) -> list[str]:
    """Count the lines of the pages that are to be marked and make the residue of their outlets anew.

    Returns:
        Captures marked before of which something else is learned now.
    """
    scopes = []
    for due in desk.pending(Step("lines"), "pages", "capture_id", ("blocks", "rejects", "notices")):
        pages, _ = items.parted(due)
        where = desk.these("captures", pages, "capture_id", "locator")
        named = items.item_ids(pages.join(where, on="capture_id"))
        lines = page.lines_of(rows.blocks(pages), named, desk.config.settings.page)
        desk.store.append("lines", lines, run_id=desk.run.run_id)
        scopes.append(lines.select(_SCOPE).unique())
    return [one for batch in _batches(desk, scopes) for one in _learn(desk, step, batch)]


def _batches(desk: Desk, scopes: list[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Outlets of one window at a time, as many as have few enough lines."""
    if not scopes:
        return
    wanted = pl.concat(scopes).unique()
    sizes = desk.store.scan("lines").join(wanted.lazy(), on=_SCOPE, how="semi").group_by(_SCOPE).len().collect()
    sizes = sizes.sort("window", "outlet").with_columns(
        batch=(pl.col("len").cum_sum() // _LINES).over("window", order_by="outlet")
    )
    for _, batch in sizes.group_by("window", "batch", maintain_order=True):
        yield batch.select(_SCOPE)


def _learn(desk: Desk, step: Step, scopes: pl.DataFrame) -> list[str]:
    """Make residue and layouts of some outlets of one window anew; the captures of which something else is learned."""
    lines = desk.store.scan("lines").join(scopes.lazy(), on=_SCOPE, how="semi").collect()
    residue = page.learn(lines, desk.config.settings.page)
    layouts = page.layouts(lines, desk.config.settings.page)
    where = {"window": scopes["window"].unique().to_list(), "outlet": scopes["outlet"].to_list()}
    desk.store.replace("residue", residue, run_id=desk.run.run_id, where=where)
    desk.store.replace("layouts", layouts, run_id=desk.run.run_id, where=where)
    desk.count(step, {"lines_cut": residue["role"].count(), "layouts_changed": layouts["outlet"].n_unique()})
    captures = lines.select("capture_id").unique()
    done = desk.store.scan("done").filter(step="mark").select(capture_id="key", before="digest")
    before = done.join(captures.lazy(), on="capture_id", how="semi").collect()
    now = page.digests(page.applied(lines, residue)).join(before, on="capture_id", how="full", coalesce=True)
    changed = now.filter(~pl.col("digest").eq_missing(pl.col("before"))).select("capture_id")
    seen = pl.concat([desk.these(table, changed, "capture_id", "run_id") for table in ("blocks", "rejects")])
    return changed.join(seen, on="capture_id", how="semi")["capture_id"].sort().to_list()


def known(desk: Desk, pages: pl.DataFrame) -> pl.DataFrame:
    """What is learned of the lines of these pages: what `dedupe.page.mark` takes."""
    lines = desk.these("lines", pages, "capture_id")
    scopes = lines.lazy().select(_SCOPE).unique()
    return page.applied(lines, desk.store.scan("residue").join(scopes, on=_SCOPE, how="semi").collect())


def note(desk: Desk, pages: pl.DataFrame, learned: pl.DataFrame) -> None:
    """Say with which lessons these pages were marked."""
    told = page.digests(learned).select(step=pl.lit("mark"), key="capture_id", digest="digest")
    where = {"step": ["mark"], "key": pages["capture_id"].to_list()}
    desk.store.replace("done", told, run_id=desk.run.run_id, where=where)


def mark_again(desk: Desk, step: Step, captures: list[str]) -> None:
    """Mark pages anew of which something else is learned now; what was made of a text that is no more, goes."""
    for begin in range(0, len(captures), _BATCH):
        given = pl.DataFrame({"capture_id": captures[begin : begin + _BATCH]})
        told = desk.these("blocks", given, "capture_id", "article_id")
        # An article is the first capture of its text: all captures of an item are looked at together.
        old = desk.these("articles", desk.these("articles", told, "article_id", "item_id"), "item_id")
        others = desk.these("blocks", old, "article_id", "capture_id").select("capture_id")
        pages = desk.these("pages", pl.concat([given, others]).unique(), "capture_id").sort("capture_id")
        learned = known(desk, pages)
        blocks = page.mark(rows.blocks(pages), desk.config.settings.page, learned)
        where = desk.these("captures", pages, "capture_id", "locator")
        made = page.assemble(pages, blocks).join(where, on="capture_id")
        found = items.item_ids(made.join(pages.select("capture_id", "item_name"), on="capture_id"))
        named = pl.concat([old["item_id"], found["item_id"]]).unique()
        rest = desk.these("articles", named.to_frame(), "item_id").join(old, on="article_id", how="anti")
        told = desk.these("notices", named.to_frame(), "item_id")
        articles = items.revise(found, rest, told)
        desk.forget(step, old.join(articles, on="article_id", how="anti")["article_id"])
        desk.compare_again(step, old, articles)
        desk.put(step, "articles", articles, by="item_id", of=named)
        desk.put(step, "rejects", schema.empty("rejects"), by="capture_id", of=found["capture_id"])
        desk.reject(step, rows.no_articles(page.bodiless(pages, blocks).join(where, on="capture_id")))
        kept = blocks.join(found.select("capture_id", "article_id"), on="capture_id")
        desk.put(step, "blocks", kept, by="capture_id", of=pages["capture_id"])
        note(desk, pages, learned)
        desk.count(step, {"marked_again": pages.height})
