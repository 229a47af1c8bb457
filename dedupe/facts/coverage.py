"""Fact x outlet: who carries it, who was first, who could have and did not; the tables that come of it.

Everything is counted in origins, not in articles: forty outlets that run one text are one origin.
"""

import itertools
import operator
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import polars as pl

from dedupe.facts import conflicts, outlets
from dedupe.facts.align import ELSEWHERE
from dedupe.facts.nearby import Nearby
from dedupe.facts.reports import CONFIDENCE, Chances, Report, first, origins, reports
from dedupe.facts.scorer import label
from dedupe.facts.units import Texts, rows_of
from dedupe.settings import FactSettings
from storage import schema

Row = dict[str, Any]
_READ = [
    "mention_id",
    "fact_id",
    "story_id",
    "article_id",
    "outlet",
    "field",
    "begin",
    "end",
    "text",
    "kind",
    "modality",
]
_READ += ["attribution", "sentence_begin", "sentence_end", "context_begin", "context_end", "language"]
_FIELDS = {"text": 0, "dek": 1, "title": 2}
_TAGS = ("attribution", "aside")  # kinds that are shown for a fact only where it has no other mention


class _Story(NamedTuple):
    """A story as its facts are judged in it."""

    story_id: str
    reports: list[Report]
    outlets: dict[str, list[Report]]
    chances: Chances


class _Judged(NamedTuple):
    """What was found of a fact: its status, who was first, from which report on others had the chance, which did."""

    fact_id: str
    status: str
    lead: Report | None
    opening: Report | None
    chance: dict[str, int]


_CELL = {name: kind for name, kind in schema.columns("coverage").items() if name != "run_id"}


def cover(
    mentions: pl.DataFrame,
    links: pl.DataFrame,
    articles: pl.DataFrame,
    copies: pl.DataFrame,
    stories: pl.DataFrame,
    settings: FactSettings,
    counts: Counter[str] | None = None,
) -> dict[str, pl.DataFrame]:
    """The tables of level 4 from the aligned mentions.

    Args:
        mentions: `schema.Mentions` with fact_id and story_id, without run_id.
        links: As `dedupe.facts.align.align` returns them.
        articles: `schema.Articles`; url, credit and status may be missing.
        copies: `schema.Copies` without run_id.
        stories: story_id, article_id, outlet.
        settings: `FactSettings`.
        counts: Gains what limits left out: ``coverage_capped`` rows, ``roles_capped`` names.

    Returns:
        facts, coverage, unique_facts, conflicts, attributions: the columns of `storage.schema` without run_id,
        each sorted by its key.

    Cost: about 20 us a mention. Source: DESIGN.md section 3.
    """
    known = reports(articles, copies)
    told = _stories(stories, known)
    compared = {name for name, story in told.items() if len(story.reports) > 1}
    alone = mentions.filter(~pl.col("story_id").is_in(compared))
    shared = mentions.filter(pl.col("story_id").is_in(compared))
    near, text_of = Nearby(shared, links, settings), Texts(articles)
    counts = Counter[str]() if counts is None else counts
    fact_n = dict(shared.group_by("story_id").agg(pl.col("fact_id").n_unique()).iter_rows())
    tables: dict[str, list[Row]] = {"facts": [], "unique_facts": []}
    cells: list[tuple[Any, ...]] = []
    by_fact = rows_of(shared.select(_READ).sort("fact_id", "mention_id"))  # one after the other: a crowd has many rows
    for fact, held in itertools.groupby(by_fact, operator.itemgetter("fact_id")):
        rows = list(held)
        story = told[rows[0]["story_id"]]
        room = settings.coverage_rows // fact_n[story.story_id]
        judged = _fact(fact, rows, story, known, near, text_of, settings, tables)
        cells += _cells(judged, rows, story, known, near, room, counts)
    made = {name: _frame(name, rows) for name, rows in tables.items()}
    made["coverage"] = pl.DataFrame(cells, schema=_CELL, orient="row").sort("fact_id", "outlet")
    for name, frame in _uncompared(alone, known, settings).items():
        keys = [key for key in schema.keys(name) if key in frame.columns]
        made[name] = pl.concat([made[name], frame.select(made[name].columns)]).sort(keys)
    live = _live(mentions, made["facts"], known)
    told_links = links.filter(pl.col("relation") != ELSEWHERE)
    clashes = conflicts.find(live, _live_links(told_links, mentions, live), known, settings, counts, articles)
    made["conflicts"] = _frame("conflicts", clashes)
    made["attributions"] = _attributions(live)
    return made


def _live(mentions: pl.DataFrame, facts: pl.DataFrame, known: dict[str, Report]) -> pl.DataFrame:
    """Mentions that stand: not of an article its wire has killed, nor of a fact that fell with one."""
    withdrawn = facts.filter(status="withdrawn")["fact_id"]
    killed = [article for article, report in known.items() if not report.usable]
    return mentions.filter(~pl.col("fact_id").is_in(withdrawn.implode()) & ~pl.col("article_id").is_in(killed))


def _live_links(links: pl.DataFrame, mentions: pl.DataFrame, live: pl.DataFrame) -> pl.DataFrame:
    """Links between mentions that stand.

    A link names one of several mentions that are word for word equal: where that one fell, another takes its place.
    """
    if live.height == mentions.height:
        return links
    words = pl.col("text").str.to_lowercase().str.replace_all(r"[\W_]+", " ").str.strip_chars()
    heirs = live.group_by("fact_id", words.alias("words")).agg(pl.col("mention_id").min().alias("heir"))
    fallen = mentions.join(live, on="mention_id", how="anti").select("mention_id", "fact_id", words.alias("words"))
    heir = dict(fallen.join(heirs, on=["fact_id", "words"]).select("mention_id", "heir").iter_rows())
    standing = set(live["mention_id"])
    turned = {"more_specific": "less_specific", "less_specific": "more_specific"}
    kept = []
    for left, right, p, relation in links.iter_rows():
        a, b = heir.get(left, left), heir.get(right, right)
        if a in standing and b in standing and a != b:
            kept.append((a, b, p, relation) if a < b else (b, a, p, turned.get(relation, relation)))
    return (
        pl.DataFrame(kept, schema=links.schema, orient="row")
        .unique(subset=["mention_a", "mention_b"], keep="first", maintain_order=True)
        .sort("mention_a", "mention_b")
    )


def _uncompared(mentions: pl.DataFrame, known: dict[str, Report], settings: FactSettings) -> dict[str, pl.DataFrame]:
    """Facts and coverage of stories of one article: nothing to compare, so no fact is looked at on its own."""
    micro = pl.Datetime("us", "UTC")
    times = pl.DataFrame(
        {
            "article_id": list(known),
            "first_at": [None if r.begin is None else round(r.begin * 1_000_000) for r in known.values()],
            "usable": [r.usable for r in known.values()],
        },
        schema={"article_id": pl.String, "first_at": pl.Int64, "usable": pl.Boolean},
    ).with_columns(pl.col("first_at").cast(pl.Datetime("us")).dt.replace_time_zone("UTC").cast(micro))
    order = [
        pl.col("field").replace_strict(_FIELDS),
        pl.col("kind").is_in(_TAGS),
        pl.col("modality") != "asserted",
    ]
    facts = (
        mentions.sort(*order, -pl.col("text").str.len_chars().cast(pl.Int64), "mention_id")
        .group_by("fact_id", maintain_order=True)
        .agg(
            pl.first("story_id", "text", "outlet", "article_id", "mention_id"),
            pl.len().cast(pl.Int32).alias("mention_n"),
        )
        .join(times, on="article_id", how="left")
        .with_columns(
            pl.when("usable").then(pl.lit("uncompared")).otherwise(pl.lit("withdrawn")).alias("status"),
            *(pl.lit(1, pl.Int32).alias(name) for name in ("outlet_n", "origin_n", "root_n")),
            pl.col("outlet").alias("first_outlet"),
            pl.lit("only_origin").alias("first_basis"),
            pl.lit(label(settings.scorer)).alias("scorer"),
            pl.lit(value=True).alias("carried"),
            pl.lit(value=False).alias("unique"),
            pl.lit(value=True).alias("first"),
            pl.lit(value=True).alias("had_chance"),
            pl.lit(value=False).alias("omitted"),
            pl.when(pl.col("first_at").is_not_null()).then(0.0).alias("lag_s"),
        )
    )
    return {"facts": facts, "coverage": facts}


def _idle(row: Row) -> bool:
    """Whether a mention is a sentence that states nothing: a question, a heading, a promotion."""
    whole = row["begin"] == row["sentence_begin"] and row["end"] == row["sentence_end"]
    return bool(row["kind"] == "aside" and whole)


def representative(rows: Iterable[Row]) -> Row:
    """The mention that stands for a fact: of a body, no mere attribution, asserted, the longest; the smallest id."""

    def rank(row: Row) -> tuple[int, bool, bool, int, str]:
        tag = row["kind"] in _TAGS
        return _FIELDS[row["field"]], tag, row["modality"] != "asserted", -len(row["text"]), row["mention_id"]

    return min(rows, key=rank)


def _stories(stories: pl.DataFrame, known: dict[str, Report]) -> dict[str, _Story]:
    members: dict[str, list[Report]] = defaultdict(list)
    for story, article in stories.select("story_id", "article_id").sort("story_id", "article_id").iter_rows():
        if article in known:
            members[story].append(known[article])
    told = {}
    for story, found in members.items():
        by_outlet: dict[str, list[Report]] = defaultdict(list)
        for report in found:
            by_outlet[report.outlet].append(report)
        told[story] = _Story(story, found, dict(sorted(by_outlet.items())), Chances(found))
    return told


def _fact(
    fact: str,
    rows: list[Row],
    story: _Story,
    known: dict[str, Report],
    near: Nearby,
    text_of: Texts,
    settings: FactSettings,
    tables: dict[str, list[Row]],
) -> _Judged:
    """Judge one fact; add its rows to the tables."""
    carrying = [known[article] for article in sorted({row["article_id"] for row in rows})]
    # A copy of a text that its wire has killed stands for nothing of its own: what both carry is withdrawn.
    killed = {report.group for report in carrying if not report.usable and report.group is not None}
    live = [report for report in carrying if report.usable and report.group not in killed]
    by_origin = origins(live or carrying)
    lead, basis = first(by_origin, settings.tie_s)
    opening = lead or _opening(by_origin)
    own = {report.article_id for found in by_origin.values() for report in found} | {r.article_id for r in carrying}
    chance = story.chances.after(opening, settings.tie_s)
    others = story.chances.others(chance, by_origin) if len(by_origin) == 1 else []
    if not live:
        status = "withdrawn"
    elif all(map(_idle, rows)):
        status = "uncompared"
    elif len(by_origin) > 1:
        status = "shared"
    elif not others or all(row["kind"] == "aside" for row in rows):
        status = "uncompared"
    else:
        (only,) = by_origin.values()
        mine = {report.origin for report in only} | {report.outlet for report in only if report.source}
        close = any(known[a].origin not in mine for a in near.articles(fact, close=True) if a not in own)
        status = "uncertain" if close else "unique"
    best = representative([row for row in rows if known[row["article_id"]].usable] or rows)
    tables["facts"].append(
        {
            "fact_id": fact,
            "story_id": story.story_id,
            "text": best["text"],
            "status": status,
            "outlet_n": len({report.outlet for report in carrying}),
            "origin_n": len(by_origin),
            "root_n": _roots(rows, by_origin),
            "mention_n": len(rows),
            "first_outlet": lead.outlet if lead else None,
            "first_at": lead.begin if lead else None,
            "first_basis": basis,
            "scorer": label(settings.scorer),
        }
    )
    if status == "unique":
        evidence = [row for row in rows if lead is not None and row["article_id"] == lead.article_id] or rows
        shown = representative(evidence)
        report = known[shown["article_id"]]
        around = (shown["sentence_begin"], shown["sentence_end"])
        whole = around == (shown["begin"], shown["end"])
        context = (shown["context_begin"], shown["context_end"])
        tables["unique_facts"].append(
            {
                **{k: shown[k] for k in ("outlet", "article_id", "field", "begin", "end", "text")},
                "story_id": story.story_id,
                "fact_id": fact,
                "url": report.url,
                "sentence": None if whole else text_of.cut(shown["article_id"], shown["field"], *around),
                "context": None if context[0] is None else text_of.cut(shown["article_id"], shown["field"], *context),
                "reported_at": report.begin,
                "had_chance_n": len(others),
                "confidence": CONFIDENCE[min(chance[outlet] for outlet in others)],
            }
        )
    return _Judged(fact, status, lead, opening, chance)


def _cells(
    judged: _Judged,
    rows: list[Row],
    story: _Story,
    known: dict[str, Report],
    near: Nearby,
    room: int,
    counts: Counter[str],
) -> Iterator[tuple[Any, ...]]:
    """The fact's rows of coverage: every outlet that carries it, and of the others as many as there is room for.

    Those that left it out come first.
    """
    fact, status, lead, opening, chance = judged
    by_outlet: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_outlet[row["outlet"]].append(row)
    first_outlet = lead.outlet if lead else None
    for outlet, mine in by_outlet.items():
        is_first = None if lead is None else outlet == first_outlet
        standing = [row for row in mine if known[row["article_id"]].usable]
        best = representative(standing or mine)["mention_id"]
        alone = status == "unique" and bool(standing)
        lag = _lag(mine, known, opening)
        yield fact, story.story_id, outlet, True, alone, is_first, True, False, lag, best
    spoke = {known[article].outlet for article in near.articles(fact, close=False)} if status == "shared" else set()
    absent = [
        (status == "shared" and chance.get(outlet) is not None and outlet not in spoke, outlet)
        for outlet in story.outlets
        if outlet not in by_outlet
    ]
    if len(absent) > room:
        absent.sort(key=lambda one: not one[0])
        counts["coverage_capped"] += len(absent) - room
    for omitted, outlet in absent[:room]:
        could = chance.get(outlet) is not None
        yield fact, story.story_id, outlet, False, False, outlet == first_outlet, could, omitted, None, None


def _opening(by_origin: dict[str, list[Report]]) -> Report | None:
    """The earliest report of known time: the chance is counted from it even where nobody can be called first."""
    dated = [report for found in by_origin.values() for report in found if report.begin is not None]
    return min(dated, key=lambda r: (r.begin or 0.0, r.article_id), default=None)


def _roots(rows: list[Row], by_origin: dict[str, list[Report]]) -> int:
    """First sources that the origins name for the fact; an origin that names none is its own root."""
    cited: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for source in row["attribution"] or []:
            if source["hop"] == 0:
                cited[row["article_id"]].add(outlets.plain(source["cited"]))
    roots: set[tuple[str, str]] = set()
    for key, found in by_origin.items():
        named = {root for report in found for root in cited.get(report.article_id, set())}
        named = named or {outlets.plain(report.credit) for report in found if report.credit}
        roots |= {("cited", min(named))} if named else {("own", key)}
    return len(roots)


def _lag(rows: list[Row], known: dict[str, Report], opening: Report | None) -> float | None:
    """Seconds from the first report to the outlet's own."""
    times = [known[row["article_id"]].begin for row in rows]
    dated = [time for time in times if time is not None]
    if not dated or opening is None or opening.begin is None:
        return None
    return min(dated) - opening.begin


def _attributions(mentions: pl.DataFrame) -> pl.DataFrame:
    types = {name: kind for name, kind in schema.columns("attributions").items() if name != "run_id"}
    cited = mentions.filter(pl.col("attribution").list.len() > 0).rename({"begin": "_begin", "end": "_end"})
    flat = cited.explode("attribution").unnest("attribution")
    keys = [key for key in schema.keys("attributions") if key in types]
    return flat.select(pl.col(name).cast(kind) for name, kind in types.items()).sort(keys)


def _frame(table: str, rows: list[Row]) -> pl.DataFrame:
    """Rows as the table's frame without run_id, sorted by key; numbers of seconds become instants."""
    types = {name: dtype for name, dtype in schema.columns(table).items() if name != "run_id"}
    data: dict[str, pl.Series] = {}
    for name, dtype in types.items():
        values = [row[name] for row in rows]
        if isinstance(dtype, pl.Datetime):
            micro = [None if v is None else round(v * 1_000_000) for v in values]
            data[name] = pl.Series(name, micro, dtype=pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
        else:
            data[name] = pl.Series(name, values, dtype=dtype)
    keys = [key for key in schema.keys(table) if key in types]
    return pl.DataFrame(data).sort(keys)
