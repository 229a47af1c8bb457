"""What a run works with, and the questions every stage asks: what is still to do, give me these rows, commit those."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import polars as pl

from dedupe import changes, items, judgements
from dedupe.buckets import Buckets, laid_out, posted
from dedupe.sketch import scheme
from flows.config import Config
from flows.sources import Capture, Reject, Visit, Waiting, visits
from storage import ids, postings, schema
from storage.runs import Clock, Run, Step
from storage.tables import Store

_BATCH = 2_000  # captures, pages or articles held at a time: about 200 MB of news pages
_HELD = timedelta(seconds=5)  # how long what was fetched may wait to be stored: a killed run asks for it again
_SIDES = ("article_a", "article_b")
_STORY_BATCH = 1_500  # articles whose facts are compared at a time; a story is never cut


def _silent(_step: str, _done: int, _total: int | None) -> None:
    """No progress is shown."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The store, the settings in force, the run's manifest, and where articles come from.

    Attributes:
        store: Where stored tables are read and written.
        config: Outlets and settings.
        run: This run's manifest.
        clock: The time, passed in.
        deliver: What the sources bring, from the beginning at each call.
        progress: Told (step, done, total or None) now and then.
        day: Limits marking to the pages published on one UTC day (backfill); None: every page.
    """

    store: Store
    config: Config
    run: Run
    clock: Clock
    deliver: Callable[[], Iterator[Capture | Reject | Visit | Waiting]]
    progress: Callable[[str, int, int | None], None] = _silent
    day: date | None = None

    @property
    def workers(self) -> int:
        """Processes for cleaning: as set, else one for each core."""
        return self.config.run.workers or os.cpu_count() or 1

    @property
    def names(self) -> list[str]:
        """Names and aliases of the configured outlets."""
        return list(self.aliases)

    @property
    def aliases(self) -> dict[str, str]:
        """Every name a configured outlet goes by -> the outlet."""
        return {name: outlet.name for outlet in self.config.outlets for name in (outlet.name, *outlet.aliases)}

    @property
    def due(self) -> pl.Expr:
        """Pages that are under no embargo now. The others are stored; no table that is published is made of them."""
        return pl.col("embargo_until").is_null() | (pl.col("embargo_until") <= self.clock())

    def all(self, table: str) -> pl.DataFrame:
        """Every row of a stored table."""
        return self.store.scan(table).collect()

    def these(
        self, table: str, wanted: pl.DataFrame, key: str, *columns: str, without: Sequence[str] = ()
    ) -> pl.DataFrame:
        """The rows of a table whose key is among those of `wanted`; with `columns`, the key and those columns only."""
        rows = self.store.scan(table).select(*((key, *columns) if columns else [pl.exclude(without)]))
        return rows.filter(pl.col(key).is_in(wanted.get_column(key).unique().implode())).collect()

    def one_origin(self) -> pl.DataFrame:
        """The pairs that decide copy groups, without the passages they share."""
        return self.store.scan("pairs").filter("same_origin").select(pl.exclude("spans", "reasons")).collect()

    def deliveries(self) -> Iterator[list[Capture | Reject | Visit | Waiting]]:
        """What the sources bring, in batches to be stored before the next one is asked for."""
        batch: list[Capture | Reject | Visit | Waiting] = []
        begun = self.clock()
        for one in self.deliver():
            batch.append(one)
            if len(batch) >= _BATCH or self.clock() - begun > _HELD:
                yield batch
                batch, begun = [], self.clock()
        if batch:
            yield batch

    def append(self, step: Step, table: str, rows: pl.DataFrame) -> None:
        """Commit new rows; those already stored are left alone."""
        step.rows_out += self.store.append(table, rows, run_id=self.run.run_id)

    def replace(self, step: Step, table: str, rows: pl.DataFrame) -> None:
        """Commit a whole table anew; nothing is committed where nothing changed."""
        if self.store.replace(table, rows, run_id=self.run.run_id):
            step.rows_out += rows.height

    def judged(self, about: str) -> pl.DataFrame:
        """The judgements on copies, stories or facts that hold: the last word on each pair, none withdrawn."""
        return judgements.standing(self.all("judgements").filter(about=about))

    def judged_articles(self) -> pl.DataFrame:
        """article_id and line: what is said of mentions of an article, for the digest of its story."""
        said = self.judged("facts")
        sides = pl.concat([said.with_columns(mention_id=pl.col(side)) for side in ("left_id", "right_id")])
        line = pl.concat_str("left_id", "right_id", "same", separator=" ")
        where = self.these("mentions", sides, "mention_id", "article_id")
        return sides.select("mention_id", line=line).join(where, on="mention_id").select("article_id", "line")

    def regroup(self, step: Step, table: str, group_id: str, rows: pl.DataFrame) -> None:
        """Commit the groups of articles anew; what became of groups that stood is logged first, in `changes`."""
        before, state = self.all(table), str(self.store.version(table))
        names = {group_id: "group_id"}
        found = changes.between(
            before.rename(names),
            rows.rename(names),
            self.all("judgements").filter(about=table),
            level=table,
            state=state,
        ).with_columns(changed_at=pl.lit(self.run.started_at))
        self.store.append("changes", found, run_id=self.run.run_id)
        self.count(step, dict(found.group_by("kind").len().sort("kind").iter_rows()))
        self.replace(step, table, rows)

    def put(self, step: Step, table: str, rows: pl.DataFrame, *, by: str, of: pl.Series | None = None) -> None:
        """Commit rows in place of the stored ones with the same values of `by`; `of`: all those values."""
        values = (rows.get_column(by) if of is None else of).unique().sort().to_list()
        step.rows_out += rows.height
        self.store.replace(table, rows, run_id=self.run.run_id, where={by: values})

    def supersede(self, step: Step, again: pl.Series, found: pl.DataFrame) -> None:
        """Take out what stood on candidate pairs of articles that were looked for anew and not found again.

        The verified pairs go first: a run that is killed in between finds the candidates to take out once more.
        """
        if again.is_empty():
            return
        both = list(_SIDES)
        stood = self.store.scan("candidates").filter(pl.any_horizontal(pl.col(both).is_in(again.implode())))
        gone = stood.select(both).collect().join(found, on=both, how="anti")
        if gone.is_empty():
            return
        where = {"article_a": gone["article_a"].unique().sort().to_list()}
        for table in ("pairs", "candidates"):
            kept = self.these(table, gone, "article_a").join(gone, on=both, how="anti")
            self.store.replace(table, kept, run_id=self.run.run_id, where=where)
        self.count(step, {"superseded": gone.height})

    def clean_again(self) -> None:
        """Take out all that was made of the captures: the stages that follow make it anew, and nothing is fetched.

        Blocks go first and pages last: a run that is killed in between leaves nothing that its successor takes for
        finished. Copy groups and stories stay to be compared with, and what people said; readers see the old snapshot
        until the new one is whole.
        """
        kept = {"captures", "visits", "copies", "stories", "changes", "judgements", "runs", "rejects", "pages"}
        made = sorted(set(schema.STORED) - kept, key=lambda name: (name != "blocks", name))
        for table in made:
            self.store.replace(table, schema.empty(table), run_id=self.run.run_id)
        known = self.all("rejects")
        self.store.replace("rejects", known.filter(pl.col("capture_id").is_null()), run_id=self.run.run_id)
        self.store.replace("pages", schema.empty("pages"), run_id=self.run.run_id)

    def forget(self, step: Step, articles: pl.Series) -> None:
        """Take out what was made of articles that are no more; what they were compared with is compared again.

        A candidate pair can rest on an article that stood for all with its text: without it, others take its place.
        """
        gone = articles.to_frame("article_id")
        if gone.is_empty():
            return
        self.put(step, "sketches", schema.empty("sketches"), by="article_id", of=gone["article_id"])
        met = [self.these("candidates", gone.select(pl.col("article_id").alias(side)), side) for side in _SIDES]
        for table in ("candidates", "pairs"):
            for side in _SIDES:
                self.put(step, table, schema.empty(table), by=side, of=gone["article_id"])
        again = pl.concat([gone["article_id"], *(rows[side] for rows in met for side in _SIDES)]).unique().sort()
        where = {"step": ["pair", "verify"], "key": again.to_list()}
        self.store.replace("done", schema.empty("done"), run_id=self.run.run_id, where=where)

    def count(self, step: Step, counts: Mapping[str, int]) -> None:
        """Add to what the run's manifest counts for a step: what was capped, skipped, rejected."""
        for name, value in counts.items():
            step.counts[name] = step.counts.get(name, 0) + value

    def reject(self, step: Step, rejects: Iterable[Reject]) -> None:
        """Keep what could not be used as rows, and count it."""
        wanted = {name: dtype for name, dtype in schema.columns("rejects").items() if name != "run_id"}
        rows = [(r.source, r.url, r.outcome, r.reason, self.run.started_at, r.capture_id) for r in rejects]
        frame = pl.DataFrame(rows, schema=wanted, orient="row")
        self.count(step, {"rejected": len(rows)})
        self.store.append("rejects", frame.unique(schema.keys("rejects"), keep="first", maintain_order=True),
                          run_id=self.run.run_id)  # fmt: skip

    def visits(self, seen: Sequence[Visit]) -> None:
        """Remember the last fetch of every feed whose pages are stored: the next run asks only for what changed."""
        urls = sorted({one.url for one in seen})
        if urls:
            last = visits(seen).sort("visited_at").unique("url", keep="last", maintain_order=True)
            self.store.replace("visits", last, run_id=self.run.run_id, where={"url": urls})

    def known_rejects(self, step: Step, captures: Sequence[Capture]) -> None:
        """Count delivered captures that an earlier run rejected: the same bad input is bad news every time."""
        ids = pl.DataFrame({"capture_id": [one.capture_id for one in captures]}, schema={"capture_id": pl.String})
        known = self.these("rejects", ids, "capture_id", "outcome").height
        self.count(step, {"rejected": known})

    def pending(self, step: Step, table: str, key: str, finished: Iterable[str]) -> Iterator[pl.DataFrame]:
        """The rows of a table that no finished table holds, in batches, in the order of their keys."""
        rows = self.store.scan(table)
        if table == "pages":
            rows = rows.filter(self.due)
            if self.day:
                rows = rows.filter(pl.coalesce("published_at", "captured_at").dt.date() == self.day)
        for other in finished:
            rows = rows.join(self.store.scan(other).select(key), on=key, how="anti")
        ids = rows.select(key).collect().get_column(key).sort()
        for begin in range(0, len(ids), _BATCH):
            batch = ids[begin : begin + _BATCH]
            step.rows_in += len(batch)
            self.progress(step.name, begin, len(ids))
            yield self.store.scan(table).filter(pl.col(key).is_in(batch.implode())).collect().sort(key)

    def compare_again(self, step: Step, before: pl.DataFrame, after: pl.DataFrame) -> None:
        """Forget how articles compare whose time has changed: an earlier version with the same text came late."""
        both = after.join(before.select("article_id", was="published_at"), on="article_id")
        moved = both.filter(~pl.col("published_at").eq_missing(pl.col("was")))
        self.forget(step, moved.get_column("article_id"))

    def note(self, step: Step, told: pl.DataFrame, pages: pl.DataFrame) -> None:
        """Keep what wires say of their items, and versions that came twice with different content."""
        named = pages.filter(pl.col("item_name").is_not_null()).select("item_name")
        columns = ("capture_id", "outlet", "version", "versioned_at", "captured_at", "embargo_until")
        known = self.these("pages", named, "item_name", *columns).filter(self.due)
        notes = pl.concat([told, items.same_versions(known)]).unique("notice_id", keep="first", maintain_order=True)
        if not notes.is_empty():
            self.append(step, "notices", notes)

    def embargoed(self) -> int:
        """Pages that wait for the end of their embargo."""
        return int(self.store.scan("pages").filter(~self.due).select(pl.len()).collect().item())

    def renew_pairs(self, step: Step) -> None:
        """Forget what was made with other copy settings than those in force: all of it is made again, none compared.

        Sketches of another scheme go; so do all candidates and pairs, because a verdict depends on every threshold.
        """
        limits, run_id = self.config.settings.copies, self.run.run_id
        now = ids.content_id("k", repr(limits))
        before = self.store.scan("done").filter(step="settings", key="copies").collect()["digest"].to_list()
        schemes = self.store.scan("sketches").select(pl.col("scheme").unique()).collect()["scheme"].sort()
        other = schemes.filter(schemes != scheme(limits)).to_list()
        if before not in ([], [now]) or other:
            told = self.store.scan("done").filter(pl.col("step").is_in(["pair", "verify"])).select("key").unique()
            self.count(step, {"compared_again": int(told.select(pl.len()).collect().item())})
            self.store.replace("done", schema.empty("done"), run_id=run_id, where={"step": ["pair", "verify"]})
            self.store.replace("candidates", schema.empty("candidates"), run_id=run_id)
            self.store.replace("pairs", schema.empty("pairs"), run_id=run_id)
            self.store.replace("sketches", schema.empty("sketches"), run_id=run_id, where={"scheme": other})
        if before != [now]:
            row = pl.DataFrame({"step": ["settings"], "key": ["copies"], "digest": [now]})
            self.store.replace("done", row, run_id=run_id, where={"step": ["settings"], "key": ["copies"]})

    def undone(self, step: Step, name: str) -> pl.DataFrame:
        """article_id of the sketches for which a step that may leave no row is still to do, sorted."""
        done = self.store.scan("done").filter(pl.col("step") == name).select(article_id="key")
        new = self.store.scan("sketches").select("article_id").join(done, on="article_id", how="anti").collect()
        step.rows_in += new.height
        return new.sort("article_id")

    def done(self, name: str, finished: pl.Series) -> None:
        """Say that a step is finished for these articles, also where it left no row."""
        rows = pl.DataFrame({"key": finished.unique().sort()})
        self.store.append("done", rows.select(step=pl.lit(name), key="key", digest=None), run_id=self.run.run_id)

    def buckets(self, step: Step, new: pl.DataFrame) -> Callable[[pl.DataFrame], Buckets]:
        """Sketches -> the buckets they lie in, with whom of all that is stored they share these."""
        limits = self.config.settings.copies
        index, why = postings.follow(self.store, laid_out(limits), partial(posted, settings=limits))
        if len(index) == new.filter(pl.col("shingle_n") > 0).height:  # nothing else is stored that holds a word
            return lambda sketches: Buckets.of(sketches, sketches.clear(), limits)
        if why:
            self.count(step, {f"index_{why}": len(index)})
        return lambda sketches: Buckets.stored(sketches, index, limits)

    def changed_stories(self, step: Step) -> Iterator[pl.DataFrame]:
        """Members (story_id, article_id, outlet, digest) of the stories whose facts are to be made anew, in batches.

        What stood of these stories, and of stories that no longer exist, is taken out first: an article that moved from
        one story to another is never in both. A batch is noted as done when the next one is asked for.
        """
        now = self.store.scan("stories").select("story_id", "article_id", "outlet", "digest").collect()
        done = self.store.scan("done").filter(step="facts").select("digest", story_id="key").collect()
        todo = now.join(done, on=["story_id", "digest"], how="anti")
        stood = pl.concat([done["story_id"], todo["story_id"]]).unique()
        old = stood.filter(~stood.is_in(now["story_id"].implode()) | stood.is_in(todo["story_id"].implode()))
        for table in ("mentions", "facts", "coverage", "unique_facts", "conflicts", "attributions"):
            self.put(step, table, schema.empty(table), by="story_id", of=old)
        self._facts_done(old, todo.head(0))
        sizes = todo.group_by("story_id").len().sort("story_id")
        sizes = sizes.with_columns(batch=pl.col("len").cum_sum() // _STORY_BATCH)
        step.rows_in += sizes.height
        members = 0
        for _, stories in sizes.group_by("batch", maintain_order=True):
            self.progress(step.name, members, todo.height)
            batch = todo.join(stories.select("story_id"), on="story_id").sort("story_id", "article_id")
            yield batch
            self._facts_done(stories["story_id"], batch)
            members += batch.height

    def _facts_done(self, stories: pl.Series, batch: pl.DataFrame) -> None:
        """Note from which digest the facts of these stories were made; an empty batch: from none."""
        rows = batch.select(step=pl.lit("facts"), key="story_id", digest="digest").unique().sort("key")
        where = {"step": ["facts"], "key": stories.sort().to_list()}
        self.store.replace("done", rows, run_id=self.run.run_id, where=where)
