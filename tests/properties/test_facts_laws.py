"""Laws of stories, facts and coverage, on small worlds of invented sentences, in several languages and both lanes."""

import dataclasses
import datetime as dt
from unittest import mock

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dedupe.facts import align, coverage, mentions, outlets
from dedupe.settings import Settings
from storage import schema

# Of each language: plain assertions, then pairs that cannot both hold (figures, tolls, a denial, a hedge, a spelling)
# and one assertion in one piece and in two.
SENTENCES = {
    "en": (
        "The harbour of Port Lira closed on Monday after a crane fell into the basin.",
        "The regional prosecutor opened an inquiry into the collapse of the crane.",
        "Ferries to the island of Osk were moved to the old quay.",
        "At least three dock workers were killed and 12 people were injured.",
        "Two dock workers were killed and 19 people were injured, the port authority said.",
        "Insurers put the damage at the harbour at 12 million euros.",
        "Insurers put the damage at the harbour at 17 million euros.",
        "Mayor Ines Marlow knew of the broken brake before the crane fell.",
        "Mayor Ines Marlowe denied that she knew of the broken brake before the crane fell.",
        "The owner reportedly sold the crane in January.",
        "The crane was sold by its owner in January. It was a Monday.",
    ),
    "de": (
        "Der Hafen von Port Lira ist seit Montag geschlossen, nachdem ein Kran in das Becken gestürzt war.",
        "Die Staatsanwaltschaft leitete eine Untersuchung zum Einsturz des Krans ein.",
        "Die Fähren zur Insel Osk legen am alten Kai ab.",
        "Drei Hafenarbeiter kamen ums Leben, 12 Menschen wurden verletzt.",
        "Zwei Hafenarbeiter kamen ums Leben, 19 Menschen wurden verletzt, sagte die Hafenbehörde.",
        "Versicherer schätzen den Schaden im Hafen auf 12 Millionen Euro.",
        "Versicherer schätzen den Schaden im Hafen auf 17 Millionen Euro.",
        "Bürgermeisterin Ines Marlow wusste von der defekten Bremse.",
        "Bürgermeisterin Ines Marlow bestritt, dass sie von der defekten Bremse wusste.",
    ),
    "fr": (
        "Le port de Lira est fermé depuis lundi après la chute d'une grue dans le bassin.",
        "Le parquet a ouvert une enquête sur la chute de la grue.",
        "Trois dockers ont été tués et 12 personnes ont été blessées.",
        "Deux dockers ont été tués et 19 personnes blessées, a déclaré l'autorité du port.",
        "Les assureurs évaluent les dégâts à 12 millions d'euros.",
        "Les assureurs évaluent les dégâts à 17 millions d'euros.",
        "La maire Inès Marlow a démenti avoir été informée de la panne du frein.",
    ),
    "es": (
        "El puerto de Lira cerró el lunes después de que una grúa cayera en la dársena.",
        "La fiscalía abrió una investigación sobre la caída de la grúa.",
        "Tres estibadores murieron y 12 personas resultaron heridas.",
        "Dos estibadores murieron y 19 personas resultaron heridas, dijo la autoridad portuaria.",
        "Las aseguradoras calculan los daños en 12 millones de euros.",
        "Las aseguradoras calculan los daños en 17 millones de euros.",
    ),
    "fi": (  # not supported: sentences only
        "Portin satama suljettiin maanantaina, kun nosturi kaatui altaaseen.",
        "Kolme satamatyöntekijää kuoli ja 12 ihmistä loukkaantui.",
        "Kaksi satamatyöntekijää kuoli ja 19 ihmistä loukkaantui.",
        "Vakuutusyhtiöt arvioivat vahingoiksi 12 miljoonaa euroa.",
    ),
}


@dataclasses.dataclass(frozen=True)
class World:
    """What is told, in which language, and by which lane it is compared."""

    language: str
    lane: int
    told: tuple[tuple[int, ...], ...]


LIMITS = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LANES = st.sampled_from([0, 10**9])  # mentions from which the compiled lane is taken


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A language, a lane, and the sentences of each article; where two or more stand, some hour between them."""
    language = draw(st.sampled_from(["en", "en", "en", "de", "fr", "es", "fi"]))
    some = st.lists(st.integers(0, len(SENTENCES[language]) - 1), min_size=2, max_size=6, unique=True)
    told = draw(st.lists(some, min_size=2, max_size=4))
    return World(language, draw(LANES), tuple(tuple(one) for one in told))


WORLDS = worlds()
START = dt.datetime(2031, 9, 1, 6, tzinfo=dt.UTC)
SETTINGS = Settings()
TABLES = ("facts", "coverage", "unique_facts", "conflicts", "attributions", "outlets", "mentions")
COPIES = {"copy_group": pl.String, "article_id": pl.String, "outlet": pl.String, "role": pl.String}


def articles(world: World, extra: int = 0, names: dict[int, str] | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """An article per entry, and ``extra`` copies of the first one in outlets of their own."""
    texts = [" ".join(SENTENCES[world.language][i] for i in picked) for picked in world.told]
    rows = [(f"a-{n}", (names or {}).get(n, f"outlet-{n}"), text, n * 2.0) for n, text in enumerate(texts)]
    for n in range(extra):  # whole or cut, and with ids before and behind those of the others
        cut = " ".join(SENTENCES[world.language][i] for i in world.told[0][: -(n % 3 == 2) or None])
        rows.append((f"{'0b'[n % 2]}-{n:02}", f"paper-{n:02}", cut, 30.0 + n))
    table = pl.DataFrame(
        {
            "article_id": [r[0] for r in rows],
            "outlet": [r[1] for r in rows],
            "url": [None] * len(rows),
            "title": [None] * len(rows),
            "dek": [None] * len(rows),
            "text": [r[2] for r in rows],
            "language": [world.language] * len(rows),
            "published_at": [START + dt.timedelta(hours=r[3]) for r in rows],
            "published_precision": ["instant"] * len(rows),
            "captured_at": [START + dt.timedelta(days=5)] * len(rows),
        },
        schema_overrides=dict.fromkeys(("url", "title", "dek"), pl.String) | {"published_at": pl.Datetime("us", "UTC")},
    )
    group = [("g", r[0], r[1], "origin" if r[0] == "a-0" else "copy") for r in rows if r[0] == "a-0" or r[0][0] != "a"]
    return table, pl.DataFrame(group if extra else [], schema=COPIES, orient="row")


def run(table: pl.DataFrame, copies: pl.DataFrame, lane: int) -> dict[str, pl.DataFrame]:
    none = schema.empty("judgements")
    # One story: the laws of stories are in test_story_laws.py.
    told = table.select(pl.lit("s-1").alias("story_id"), "article_id", "outlet")
    with mock.patch.object(align, "_MANY", lane):
        found = mentions.extract(table, SETTINGS.facts).join(told.select("article_id", "story_id"), on="article_id")
        made = align.aligned(found, table, copies, SETTINGS.facts, none)
        said = coverage.cover(made.mentions, made.links, table, copies, told, SETTINGS.facts)
    tables = {**said, "mentions": made.mentions, "stories": told}
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


def differing(made: dict[str, pl.DataFrame], back: dict[str, str] | None = None) -> list[tuple[object, ...]]:
    """The conflicts between the first outlets, side by side as texts say it."""
    said = dict(made["mentions"].select("mention_id", "text").iter_rows())
    rows = []
    for row in made["conflicts"].iter_rows(named=True):
        outlets = {s: (back or {}).get(row[f"outlet_{s}"], row[f"outlet_{s}"]) for s in ("a", "b")}
        sides = sorted((outlets[s], row[f"value_{s}"], said[row[f"mention_{s}"]]) for s in outlets)
        if all(outlet.startswith("outlet-") for outlet in outlets.values()):
            rows.append((row["slot"], row["kind"], row["unit"], *sides))
    return sorted(rows, key=str)


@LIMITS
@given(WORLDS)
@example(World("en", 0, ((0, 1), (2, 0), (2, 8))))
@example(World("en", 0, ((0, 1), (0, 2), (1, 8))))
@example(World("en", 10**9, ((0, 1, 3), (0, 4))))
def test_forty_syndicated_copies_confirm_nothing(world):
    alone, crowded = run(*articles(world), world.lane), run(*articles(world, extra=40), world.lane)
    assert judged(alone) == judged(crowded)
    assert carried(alone) == carried(crowded)
    names = ("outlet", "unique_fact_n", "compared_fact_n", "first_n", "median_lag_s", "original_share")
    figures = [made["outlets"].filter(pl.col("outlet").str.starts_with("outlet-")).select(names).sort("outlet")
               for made in (alone, crowded)]  # fmt: skip
    assert figures[0].equals(figures[1])
    assert differing(alone) == differing(crowded)


@LIMITS
@given(WORLDS, st.randoms(use_true_random=False))
def test_the_order_of_articles_does_not_matter(world, random):
    table, copies = articles(world, extra=2)
    made = run(table, copies, world.lane)
    order = list(range(table.height))
    random.shuffle(order)
    turned = run(table[order], copies.reverse(), world.lane)
    for name in TABLES:
        assert made[name].equals(turned[name]), name


@LIMITS
@given(WORLDS)
def test_both_lanes_make_the_same_tables(world):
    table, copies = articles(world, extra=2)
    readable, compiled = run(table, copies, 10**9), run(table, copies, 0)
    for name in TABLES:
        assert readable[name].equals(compiled[name]), name


@LIMITS
@given(WORLDS)
def test_renaming_outlets_renames_rows(world):
    made = run(*articles(world), world.lane)
    new = {n: f"zeitung-{9 - n}" for n in range(len(world.told))}
    renamed = run(*articles(world, names=new), world.lane)
    back = {name: f"outlet-{n}" for n, name in new.items()}
    for name, columns in {
        "coverage": ("fact_id", "outlet", "carried", "unique", "first", "had_chance", "omitted", "lag_s"),
        "unique_facts": ("fact_id", "outlet", "article_id", "begin", "end", "had_chance_n", "confidence"),
        "attributions": ("article_id", "outlet", "mention_id", "cited", "begin", "end", "hop"),
        "facts": ("fact_id", "first_outlet", "status", "origin_n", "root_n", "first_basis"),
    }.items():
        left = made[name].select(columns).rows()
        outlet = "first_outlet" if name == "facts" else "outlet"
        right = renamed[name].select(columns).with_columns(pl.col(outlet).replace(back)).rows()
        assert sorted(map(str, left)) == sorted(map(str, right)), name
    assert differing(made) == differing(renamed, back)


@LIMITS
@given(WORLDS)
def test_every_fact_has_one_status_and_every_row_its_characters(world):
    table, copies = articles(world, extra=1)
    made = run(table, copies, world.lane)
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
    place = dict(made["mentions"].select("mention_id", "article_id").iter_rows())
    for row in made["conflicts"].iter_rows(named=True):
        for side in ("a", "b"):
            found = text_of[place[row[f"mention_{side}"]]][row[f"begin_{side}"] : row[f"end_{side}"]]
            assert found == row[f"value_{side}"]
    for article, begin, end, cited in made["attributions"].select("article_id", "begin", "end", "cited").iter_rows():
        assert text_of[article][begin:end] == cited


@pytest.mark.parametrize(("language", "plain"), [("en", 3), ("de", 3), ("fr", 2), ("es", 2)])
def test_the_worlds_hold_what_the_laws_are_about(language, plain):
    every = range(plain, len(SENTENCES[language]))
    made = run(*articles(World(language, 10**9, ((*range(plain), *every[::2]), (0, *every[1::2])))), 10**9)
    assert {"shared", "unique"} <= set(made["facts"]["status"])
    assert not made["conflicts"].is_empty()
