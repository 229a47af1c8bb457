"""The main flow on one screen: ten short functions, each scan -> call `dedupe` -> commit. No Prefect here.

`copydesk run`, `copydesk backfill` and a Prefect schedule call the same functions. A stage finds its own work: what the
table before it holds and its own table lacks. A stage that is called again, after a crash or for fun, does only what is
missing; correctness never rests on who called it.
"""

from collections import Counter
from functools import partial

import polars as pl

from dedupe import copies as copy_groups
from dedupe import items, match, page, uncorrected
from dedupe import sketch as sketches
from dedupe import stories as story_groups
from dedupe.displaced import displaced
from dedupe.facts import align, coverage, mentions, outlets
from flows import learning, sources
from flows.clean import rows
from flows.desk import Desk
from flows.engine import map_items
from flows.sources import Capture, Reject, Visit, Waiting
from storage import publish as snapshots
from storage.runs import Step


def run(desk: Desk, until: str = "publish") -> None:
    """The whole flow, up to and with the step `until`."""
    for stage in FLOW:
        step(desk, stage.__name__)
        if stage.__name__ == until:
            return


def step(desk: Desk, name: str) -> None:
    """One step by its name, with its rows, counts and seconds in the run's manifest."""
    stage = next(stage for stage in FLOW if stage.__name__ == name)
    desk.progress(name, 0, None)
    with desk.run.step(name) as record:
        stage(desk, record)


def gather(desk: Desk, step: Step) -> None:
    """1. Sources -> captures, rejects."""
    for batch in desk.deliveries():
        captures = [one for one in batch if isinstance(one, Capture)]
        desk.reject(step, [one for one in batch if isinstance(one, Reject)])
        desk.append(step, "captures", sources.frame(captures))
        desk.visits([one for one in batch if isinstance(one, Visit)])
        desk.known_rejects(step, captures)
        desk.count(step, {"waiting": sum(isinstance(one, Waiting) for one in batch)})
        step.rows_in += len(captures)
        desk.progress(step.name, step.rows_in, None)


def clean(desk: Desk, step: Step) -> None:
    """2. Captures -> pages (blocks and metadata), rejects. Page by page, in a pool of processes when they are many."""
    one = partial(rows.cleaned, settings=desk.config.settings.clean)
    for captures in desk.pending(step, "captures", "capture_id", ("pages", "rejects")):
        given = captures.to_dicts()
        results = list(map_items(one, given, workers=desk.workers, lost=rows.lost))
        desk.reject(step, rows.rejects(given, results))
        desk.append(step, "pages", rows.pages(results))


def mark(desk: Desk, step: Step) -> None:
    """3. Pages -> blocks with role and reason -> articles assembled from the kept ones; notices; rejects for the rest.

    What an outlet's other pages teach counts; pages marked before are marked again where that has changed.
    """
    learning.mark_again(desk, step, learning.count(desk, step))
    for due in desk.pending(step, "pages", "capture_id", ("blocks", "rejects", "notices")):
        pages, told = items.parted(due)
        learned = learning.known(desk, pages)
        blocks = page.mark(rows.blocks(pages), desk.config.settings.page, learned)
        where = desk.these("captures", pages, "capture_id", "locator")
        desk.reject(step, rows.no_articles(page.bodiless(pages, blocks).join(where, on="capture_id")))
        made = page.assemble(pages, blocks).join(where, on="capture_id")
        found = items.item_ids(made.join(pages.select("capture_id", "item_name"), on="capture_id"))
        affected = pl.concat([found.select("item_id"), told.select("item_id")])
        known, before = (desk.these(name, affected, "item_id") for name in ("articles", "notices"))
        revised = items.revise(found, known, pl.concat([before.drop("run_id"), told]))
        desk.put(step, "articles", revised, by="item_id", of=affected["item_id"])
        desk.compare_again(step, known, revised)
        desk.append(step, "blocks", blocks.join(found.select("capture_id", "article_id"), on="capture_id"))
        learning.note(desk, pages, learned)
        desk.note(step, told, due)
    desk.count(step, {"embargoed": desk.embargoed()})


def sketch(desk: Desk, step: Step) -> None:
    """4. Articles -> sketches. Other copy settings than before: what was compared under those is compared again."""
    desk.renew_pairs(step)
    for articles in desk.pending(step, "articles", "article_id", ("sketches",)):
        desk.append(step, "sketches", sketches.sketch(articles, desk.config.settings.copies))


def pair(desk: Desk, step: Step) -> None:
    """5. New sketches x the stored ones that share a key -> candidate pairs. Capped buckets are counted."""
    if (todo := desk.undone(step, "pair")).is_empty():
        return
    new = desk.these("sketches", todo, "article_id")
    look, limits = desk.buckets(step, new), desk.config.settings.copies
    found = look(new)
    again = displaced(found, limits)  # a late, earlier article took their lead: looked at anew
    if len(again):
        found = look(pl.concat([new, desk.these("sketches", again.to_frame(), "article_id")]))
    pairs, counts = match.among(found, limits)
    desk.count(step, counts)
    desk.append(step, "candidates", pairs)
    desk.supersede(step, again, pairs)
    desk.done("pair", new["article_id"])


def verify(desk: Desk, step: Step) -> None:
    """6. Candidates + articles -> pairs with scores, relation and reasons."""
    if (new := desk.undone(step, "verify")["article_id"]).is_empty():
        return
    found_now = pl.any_horizontal(pl.col("article_a", "article_b").is_in(new.implode()))
    todo = desk.store.scan("candidates").filter(found_now).collect()
    sides = pl.concat([todo["article_a"], todo["article_b"]]).unique().alias("article_id").to_frame()
    articles = desk.these("articles", sides, "article_id")
    desk.append(step, "pairs", match.verify(todo, articles, desk.config.settings.copies))
    desk.done("verify", new)


def copies(desk: Desk, step: Step) -> None:
    """7. Pairs (+ judgements) -> copy groups, origin, role, lag; which copies still carry corrected text."""
    pairs, judged = desk.one_origin(), desk.judged("copies")
    step.rows_in = pairs.height
    sides = pl.concat([pairs["article_a"], pairs["article_b"], judged["left_id"], judged["right_id"]])
    articles = desk.these("articles", sides.alias("article_id").to_frame(), "article_id", without=["text"])
    groups = copy_groups.group(articles, pairs, judged, desk.config.settings.copies)
    desk.regroup(step, "copies", "copy_group", groups)
    concerned = uncorrected.concerned(desk.store.scan("articles"), groups)
    told = desk.these("articles", concerned, "article_id")
    desk.replace(step, "uncorrected", uncorrected.find(told, groups, desk.all("notices"), desk.config.settings.copies))


def stories(desk: Desk, step: Step) -> None:
    """8. Articles + copy groups -> stories. Texts are read around what is new, gone or changed."""
    standing = items.standing(desk.store.scan("articles").select(pl.exclude("text")).collect())
    step.rows_in = standing.height
    counts: Counter[str] = Counter()
    before, copied, limits = desk.all("stories"), desk.all("copies"), desk.config.settings.stories
    read = partial(desk.these, "articles", key="article_id")
    groups = story_groups.regroup(standing, copied, desk.judged("stories"), before, read, limits, counts)
    desk.count(step, counts)
    words = desk.judged_articles()
    digests = items.story_digests(groups, copied, desk.config.settings_hash, standing, words)
    desk.regroup(step, "stories", "story_id", digests)


def facts(desk: Desk, step: Step) -> None:
    """9. Mentions of the stories that changed -> facts -> coverage, unique_facts, conflicts, attributions, outlets."""
    limits, judged = desk.config.settings.facts, desk.judged("facts")
    for members in desk.changed_stories(step):
        articles = desk.these("articles", members, "article_id")
        groups = desk.these("copies", members, "article_id")
        said = mentions.extract(articles, limits, desk.names).join(members.drop("outlet", "digest"), on="article_id")
        found = align.aligned(said, articles, groups, limits, judged)
        counts = Counter(found.counts)
        tables = coverage.cover(found.mentions, found.links, articles, groups, members, limits, counts)
        desk.count(step, counts)
        for name in ("facts", "coverage", "unique_facts", "conflicts", "attributions"):
            desk.put(step, name, tables[name], by="story_id", of=members["story_id"])
        desk.put(step, "mentions", found.mentions, by="story_id", of=members["story_id"])
    desk.replace(step, "outlets", outlets.per_day({name: desk.all(name) for name in outlets.NEEDS}, desk.aliases))


def publish(desk: Desk, step: Step) -> None:
    """10. One atomic swap makes the run visible to readers."""
    snapshot = snapshots.publish(desk.store, desk.run, keep=desk.config.run.keep_snapshots)
    step.rows_out = sum(snapshot.rows.values())
    step.counts["changed"] = int(snapshot.changed)
    if snapshot.changed:
        step.counts["files_removed"] = sum(desk.store.compact().values())


FLOW = (gather, clean, mark, sketch, pair, verify, copies, stories, facts, publish)
