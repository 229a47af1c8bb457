"""Laws of stories, facts and coverage, on small worlds of invented sentences."""

import datetime as dt

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedupe import stories
from dedupe.facts import align, coverage, mentions, outlets
from dedupe.settings import Settings
from storage import schema

SENTENCES = (
    "The harbour of Port Lira closed on Monday after a crane fell into the basin.",
    "Three dock workers were taken to the Saint Brice hospital with broken bones.",
    "The crane had been inspected in January, the port authority said.",
    "The regional prosecutor opened an inquiry into the collapse of the crane.",
    "Ferries to the island of Osk were moved to the old quay.",
    "Insurers put the damage at the harbour at 12 million euros.",
    "Mayor Ines Marlow called for a review of every crane in the port.",
)
LIMITS = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORLDS = st.lists(
    st.lists(st.integers(0, len(SENTENCES) - 1), min_size=2, max_size=5, unique=True), min_size=2, max_size=4
)
START = dt.datetime(2031, 9, 1, 6, tzinfo=dt.UTC)
SETTINGS = Settings()
COPIES = {"copy_group": pl.String, "article_id": pl.String, "outlet": pl.String, "role": pl.String}


def articles(
    world: list[list[int]], extra: int = 0, names: dict[int, str] | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """An article per entry, and ``extra`` copies of the first one in outlets of their own."""
    texts = [" ".join(SENTENCES[i] for i in picked) for picked in world]
    rows = [(f"a-{n}", (names or {}).get(n, f"outlet-{n}"), text, n * 2.0) for n, text in enumerate(texts)]
    rows += [(f"c-{n:02}", f"paper-{n:02}", texts[0], 30.0 + n) for n in range(extra)]
    table = pl.DataFrame(
        {
            "article_id": [r[0] for r in rows],
            "outlet": [r[1] for r in rows],
            "url": [None] * len(rows),
            "title": [None] * len(rows),
            "dek": [None] * len(rows),
            "text": [r[2] for r in rows],
            "language": ["en"] * len(rows),
            "published_at": [START + dt.timedelta(hours=r[3]) for r in rows],
            "published_precision": ["instant"] * len(rows),
            "captured_at": [START + dt.timedelta(days=5)] * len(rows),
        },
        schema_overrides=dict.fromkeys(("url", "title", "dek"), pl.String) | {"published_at": pl.Datetime("us", "UTC")},
    )
    group = [("g", r[0], r[1], "origin" if r[0] == "a-0" else "copy") for r in rows if r[0] == "a-0" or r[0][0] == "c"]
    return table, pl.DataFrame(group if extra else [], schema=COPIES, orient="row")


def run(table: pl.DataFrame, copies: pl.DataFrame) -> dict[str, pl.DataFrame]:
    none = schema.empty("judgements")
    told = stories.group(table, copies, none, SETTINGS.stories)
    found = mentions.extract(table, SETTINGS.facts).join(told.select("article_id", "story_id"), on="article_id")
    made, links = align.align(found, table, copies, SETTINGS.facts, none)
    tables = {**coverage.cover(made, links, table, copies, told, SETTINGS.facts), "mentions": made, "stories": told}
    return tables | {"outlets": outlets.per_day({"articles": table, "copies": copies, **tables})}


def judged(made: dict[str, pl.DataFrame]) -> set[tuple[object, ...]]:
    """What is said of each fact, told by the texts of the first outlets, not by ids."""
    own = made["mentions"].filter(pl.col("article_id").str.starts_with("a-"))
    key = own.group_by("fact_id").agg(pl.concat_str("article_id", "text").sort().str.join("|").alias("key"))
    rows = made["facts"].join(key, on="fact_id")
    return set(rows.select("key", "status", "origin_n", "root_n", "first_outlet", "first_basis").iter_rows())


def carried(made: dict[str, pl.DataFrame]) -> list[tuple[object, ...]]:
    """What is said of the first outlets: of each fact by its text, all but its id."""
    own = made["mentions"].filter(pl.col("article_id").str.starts_with("a-"))
    key = own.group_by("fact_id").agg(pl.concat_str("article_id", "text").sort().str.join("|").alias("key"))
    rows = made["coverage"].filter(pl.col("outlet").str.starts_with("outlet-")).join(key, on="fact_id")
    names = ("key", "outlet", "carried", "unique", "first", "had_chance", "omitted", "lag_s")
    return sorted(rows.select(names).iter_rows(), key=str)


@LIMITS
@given(WORLDS)
def test_forty_syndicated_copies_confirm_nothing(world):
    alone, crowded = run(*articles(world)), run(*articles(world, extra=40))
    assert judged(alone) == judged(crowded)
    assert carried(alone) == carried(crowded)
    names = ("outlet", "unique_fact_n", "compared_fact_n", "first_n", "median_lag_s", "original_share")
    figures = [made["outlets"].filter(pl.col("outlet").str.starts_with("outlet-")).select(names).sort("outlet")
               for made in (alone, crowded)]  # fmt: skip
    assert figures[0].equals(figures[1])


@LIMITS
@given(WORLDS, st.randoms(use_true_random=False))
def test_the_order_of_articles_does_not_matter(world, random):
    table, copies = articles(world, extra=2)
    made = run(table, copies)
    order = list(range(table.height))
    random.shuffle(order)
    turned = run(table[order], copies.reverse())
    for name in ("stories", "facts", "coverage", "unique_facts", "conflicts", "attributions"):
        assert made[name].equals(turned[name]), name


@LIMITS
@given(WORLDS)
def test_renaming_outlets_renames_rows(world):
    made = run(*articles(world))
    new = {n: f"zeitung-{9 - n}" for n in range(len(world))}
    renamed = run(*articles(world, names=new))
    back = {name: f"outlet-{n}" for n, name in new.items()}
    left = made["coverage"].select("fact_id", "outlet", "carried", "unique", "first", "had_chance").rows()
    right = renamed["coverage"].select(
        "fact_id", pl.col("outlet").replace(back), "carried", "unique", "first", "had_chance"
    )
    assert sorted(map(str, left)) == sorted(map(str, right.rows()))


@LIMITS
@given(WORLDS)
def test_every_fact_has_one_status_and_every_row_its_characters(world):
    table, copies = articles(world, extra=1)
    made = run(table, copies)
    assert set(made["facts"]["status"]) <= {"shared", "unique", "uncertain", "uncompared", "withdrawn"}
    assert made["facts"]["fact_id"].is_unique().all()
    assert set(made["mentions"]["fact_id"]) == set(made["facts"]["fact_id"])
    text_of = dict(table.select("article_id", "text").iter_rows())
    for article, begin, end, text in made["mentions"].select("article_id", "begin", "end", "text").iter_rows():
        assert text_of[article][begin:end] == text
    for article, begin, end, text in made["unique_facts"].select("article_id", "begin", "end", "text").iter_rows():
        assert text_of[article][begin:end] == text
    for text, sentence in made["unique_facts"].select("text", "sentence").iter_rows():
        assert sentence is None or (text in sentence and text != sentence)
    unique = set(made["facts"].filter(pl.col("status") == "unique")["fact_id"])
    assert unique == set(made["unique_facts"]["fact_id"])
