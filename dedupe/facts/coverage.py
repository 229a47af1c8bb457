"""Fact x outlet: who carries it, who was first, who could have and did not; the tables that come of it.

Everything is counted in origins, not in articles: forty outlets that run one text are one origin.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

import polars as pl

from dedupe.facts import conflicts, elsewhere, outlets
from dedupe.facts.reports import Report, first, had_chance, origins, reports
from dedupe.facts.scorer import label
from dedupe.facts.units import Texts
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
_READ += ["attribution", "sentence_begin", "sentence_end", "language"]
_FIELDS = {"text": 0, "dek": 1, "title": 2}
_TAGS = ("attribution", "aside")  # kinds that are shown for a fact only where it has no other mention
_CONFIDENCE = {"times": 0, "days": 1, "assumed": 2}


class _Story(NamedTuple):
    """A story as its facts are judged in it."""

    story_id: str
    reports: list[Report]
    outlets: dict[str, list[Report]]
    origin_n: int


def cover(
    mentions: pl.DataFrame,
    links: pl.DataFrame,
    articles: pl.DataFrame,
    copies: pl.DataFrame,
    stories: pl.DataFrame,
    settings: FactSettings,
) -> dict[str, pl.DataFrame]:
    """The tables of level 4 from the aligned mentions.

    Args:
        mentions: `schema.Mentions` with fact_id and story_id, without run_id.
        links: As `dedupe.facts.align.align` returns them.
        articles: `schema.Articles`; url, credit and status may be missing.
        copies: `schema.Copies` without run_id.
        stories: story_id, article_id, outlet.
        settings: `FactSettings`.

    Returns:
        facts, coverage, unique_facts, conflicts, attributions, outlets: the columns of `storage.schema` without run_id,
        each sorted by its key.

    Cost: about 20 us a mention. Source: DESIGN.md section 3.
    """
    known = reports(articles, copies)
    told = _stories(stories, known)
    compared = {name for name, story in told.items() if len(story.reports) > 1}
    alone = mentions.filter(~pl.col("story_id").is_in(compared))
    shared = mentions.filter(pl.col("story_id").is_in(compared))
    by_fact: dict[str, list[Row]] = defaultdict(list)
    for row in shared.select(_READ).sort("mention_id").iter_rows(named=True):
        by_fact[row["fact_id"]].append(row)
    near = _near(shared, links, settings)
    likely = _elsewhere(by_fact, near, known, Texts(articles), settings)
    tables: dict[str, list[Row]] = {"facts": [], "coverage": [], "unique_facts": []}
    for fact, rows in sorted(by_fact.items()):
        story = told[rows[0]["story_id"]]
        _fact(fact, rows, story, known, near.get(fact, set()), likely.get(fact), settings, tables)
    made = {name: _frame(name, rows) for name, rows in tables.items()}
    for name, frame in _uncompared(alone, known, settings).items():
        keys = [key for key in schema.keys(name) if key in frame.columns]
        made[name] = pl.concat([made[name], frame.select(made[name].columns)]).sort(keys)
    made["conflicts"] = _frame("conflicts", conflicts.find(mentions, links, known, settings))
    made["attributions"] = _attributions(mentions)
    given = {"articles": articles, "copies": copies, "mentions": mentions}
    made["outlets"] = _frame("outlets", outlets.rows(given | made))
    return made


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
        told[story] = _Story(story, found, dict(sorted(by_outlet.items())), len(origins(found)))
    return told


def _near(mentions: pl.DataFrame, links: pl.DataFrame, settings: FactSettings) -> dict[str, set[str]]:
    """Articles with a near match of a fact, outside the fact: fact -> article ids.

    A link names one of several mentions that are word for word equal; all their articles are meant.
    """
    side = mentions.select("mention_id", "fact_id", "text")
    close = links.filter(pl.col("p") >= settings.close).select("mention_a", "mention_b")
    both = pl.concat(
        [close.rename({"mention_a": "one", "mention_b": "other"}), close.select(one="mention_b", other="mention_a")]
    )
    held = mentions.select("fact_id", "text", "article_id").unique()
    found = (
        both.join(side.select(one="mention_id", fact="fact_id"), on="one")
        .join(side.rename({"mention_id": "other"}), on="other")
        .filter(pl.col("fact") != pl.col("fact_id"))
        .join(held, on=["fact_id", "text"])
        .select("fact", "article_id")
        .unique()
    )
    near: dict[str, set[str]] = defaultdict(set)
    for fact, article in found.iter_rows():
        near[fact].add(article)
    return near


def _elsewhere(
    by_fact: dict[str, list[Row]],
    near: dict[str, set[str]],
    known: dict[str, Report],
    text_of: Texts,
    settings: FactSettings,
) -> dict[str, float]:
    """How likely each fact of one origin is reported by another all the same: the largest of its mentions.

    Facts with a near match elsewhere are left out: these are uncertain anyway.
    """
    stories: dict[str, dict[str, list[Row]]] = defaultdict(dict)
    for fact, rows in sorted(by_fact.items()):
        stories[rows[0]["story_id"]][fact] = rows
    likely: dict[str, float] = {}
    for facts in stories.values():
        spans = sorted(
            {(r["article_id"], r["field"], r["sentence_begin"], r["sentence_end"]) for f in facts.values() for r in f}
        )
        sentence = {span: text_of.cut(*span) for span in spans}
        told: dict[str, list[str]] = defaultdict(list)
        for (article, *_), text in sentence.items():
            told[article].append(text)
        of, asked, languages = [], [], Counter[str]()
        for fact, rows in facts.items():
            languages.update(row["language"] or "" for row in rows)
            mine = [known[article] for article in sorted({row["article_id"] for row in rows})]
            own = frozenset({r.origin for r in mine} | {r.outlet for r in mine if r.source})
            close = any(known[article].origin not in own for article in near.get(fact, ()))
            if close or len(origins([r for r in mine if r.usable] or mine)) > 1:
                continue
            for row in [row for row in rows if row["kind"] != "aside"] or rows:
                around = sentence[row["article_id"], row["field"], row["sentence_begin"], row["sentence_end"]]
                of.append(fact)
                asked.append(elsewhere.Asked(own, row["text"], around))
        language = min(languages, key=lambda code: (-languages[code], code)) or None
        bodies = [elsewhere.Told(known[a].origin, tuple(found)) for a, found in sorted(told.items())]
        for fact, p in zip(of, elsewhere.chances(asked, bodies, language, settings.elsewhere_articles), strict=True):
            likely[fact] = max(p, likely.get(fact, 0.0))
    return likely


def _fact(
    fact: str,
    rows: list[Row],
    story: _Story,
    known: dict[str, Report],
    near: set[str],
    likely: float | None,
    settings: FactSettings,
    tables: dict[str, list[Row]],
) -> None:
    """Judge one fact; add its rows to the tables."""
    carrying = [known[article] for article in sorted({row["article_id"] for row in rows})]
    # A copy of a text that its wire has killed stands for nothing of its own: what both carry is withdrawn.
    killed = {report.group for report in carrying if not report.usable and report.group is not None}
    live = [report for report in carrying if report.usable and report.group not in killed]
    by_origin = origins(live or carrying)
    lead, basis = first(by_origin, settings.tie_s)
    opening = lead or _opening(by_origin)
    own = {report.article_id for found in by_origin.values() for report in found} | {r.article_id for r in carrying}
    chances = {}
    for outlet, found in story.outlets.items():
        judged = [had_chance(report, opening, settings.tie_s) for report in found if report.usable]
        yes = sorted((b for chance, b in judged if chance), key=_CONFIDENCE.__getitem__)
        chances[outlet] = (bool(yes), yes[0] if yes else "times")
    others = _others(story, by_origin, chances) if len(by_origin) == 1 else []
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
        close = any(known[a].origin not in mine for a in near - own)
        status = "uncertain" if close or (likely or 0.0) > settings.elsewhere else "unique"
    best = representative([row for row in rows if known[row["article_id"]].usable] or rows)
    first_outlet = lead.outlet if lead else None
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
            "first_outlet": first_outlet,
            "first_at": lead.begin if lead else None,
            "first_basis": basis,
            "scorer": label(settings.scorer),
        }
    )
    by_outlet: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_outlet[row["outlet"]].append(row)
    for outlet in story.outlets:
        mine_rows = by_outlet.get(outlet, [])
        tables["coverage"].append(
            {
                "fact_id": fact,
                "story_id": story.story_id,
                "outlet": outlet,
                "carried": bool(mine_rows),
                "unique": status == "unique" and bool(mine_rows),
                "first": None if lead is None and mine_rows else outlet == first_outlet,
                "had_chance": bool(mine_rows) or chances[outlet][0],
                "omitted": status == "shared"
                and not mine_rows
                and chances[outlet][0]
                and near.isdisjoint(report.article_id for report in story.outlets[outlet]),
                "lag_s": _lag(mine_rows, known, opening),
                "mention_id": representative(mine_rows)["mention_id"] if mine_rows else None,
            }
        )
    if status == "unique":
        evidence = [row for row in rows if lead is not None and row["article_id"] == lead.article_id] or rows
        shown = representative(evidence)
        report = known[shown["article_id"]]
        tables["unique_facts"].append(
            {
                **{k: shown[k] for k in ("outlet", "article_id", "field", "begin", "end", "text")},
                "story_id": story.story_id,
                "fact_id": fact,
                "url": report.url,
                "reported_at": report.begin,
                "had_chance_n": len(others),
                "confidence": min((chances[o][1] for o in others), key=_CONFIDENCE.__getitem__),
            }
        )


def _opening(by_origin: dict[str, list[Report]]) -> Report | None:
    """The earliest report of known time: the chance is counted from it even where nobody can be called first."""
    dated = [report for found in by_origin.values() for report in found if report.begin is not None]
    return min(dated, key=lambda r: (r.begin or 0.0, r.article_id), default=None)


def _others(story: _Story, by_origin: dict[str, list[Report]], chances: dict[str, tuple[bool, str]]) -> list[str]:
    """Outlets of another origin that had the chance to carry the fact."""
    (mine,) = by_origin.values()
    keys = {report.origin for report in mine}
    carriers = {report.outlet for report in mine}
    return [
        outlet
        for outlet, found in story.outlets.items()
        if chances[outlet][0]
        and outlet not in carriers
        and any(report.origin not in keys and report.usable and report.full for report in found)
    ]


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
