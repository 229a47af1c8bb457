"""What only repeats another article of its group is found, stands for that one, and is compared no more."""

import datetime as dt

import polars as pl

from dedupe.facts import align, conflicts, mentions
from dedupe.facts.echoes import echoes
from dedupe.facts.reports import homes, reports
from dedupe.settings import FactSettings
from storage import schema

SETTINGS = FactSettings()
HURT = "The crane fell into the harbour on Monday. At least 12 dock workers were injured in the fall of the crane."
FEWER = "The crane fell into the harbour on Monday. Seven dock workers were injured in the fall of the crane."


def world(*told: tuple[str, str, str | None, str | None]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Articles (id, text, group, role), their copies table and their mentions, in one story."""
    ids, texts, groups, roles = zip(*told, strict=True)
    when = [dt.datetime(2031, 9, 1, 6 + n, tzinfo=dt.UTC) for n in range(len(told))]
    articles = pl.DataFrame(
        {"article_id": ids, "outlet": [f"paper {name}" for name in ids], "title": None, "dek": None, "text": texts,
         "language": "en", "published_at": when, "published_precision": "instant", "captured_at": when},
        schema_overrides={"title": pl.String, "dek": pl.String, "published_at": pl.Datetime("us", "UTC")},
    )  # fmt: skip
    table = pl.DataFrame({"copy_group": groups, "article_id": ids, "outlet": articles["outlet"], "role": roles},
                         schema_overrides={"copy_group": pl.String, "role": pl.String})  # fmt: skip
    said = mentions.extract(articles, SETTINGS).with_columns(story_id=pl.lit("s"))
    return articles, table.drop_nulls("copy_group"), said


def test_copies_stand_for_their_source_and_edited_ones_for_themselves():
    articles, copies, said = world(
        ("b", HURT, "g", "copy"), ("c", HURT, "g", "origin"), ("d", FEWER, "g", "edited_copy"), ("e", HURT, None, None)
    )
    found = echoes(said, homes(articles, copies))
    of = dict(said.select("mention_id", "article_id").iter_rows())
    text = dict(said.select("mention_id", "text").iter_rows())
    assert {(of[echo], of[stand]) for echo, stand in found.iter_rows()} == {("b", "c")}
    assert all(text[echo] == text[stand] for echo, stand in found.iter_rows())
    assert found.height == said.filter(article_id="b").height


def test_where_no_origin_is_known_the_first_stands_for_the_others():
    articles, copies, said = world(("c", HURT, "g", "copy"), ("b", HURT, "g", "copy"), ("d", HURT, "h", "copy"))
    of = dict(said.select("mention_id", "article_id").iter_rows())
    found = echoes(said, homes(articles, copies))
    assert {(of[echo], of[stand]) for echo, stand in found.iter_rows()} == {("c", "b")}


def test_an_echo_has_the_fact_of_what_it_repeats_and_a_word_on_it_holds():
    articles, copies, said = world(("a", HURT, None, None), ("b", HURT, "g", "origin"), ("c", HURT, "g", "copy"))
    none = schema.empty("judgements")
    made, _ = align.align(said, articles, copies, SETTINGS, none)
    assert made["fact_id"].null_count() == 0
    assert made.group_by("text").agg(pl.col("fact_id").n_unique())["fact_id"].to_list() == [1] * said["text"].n_unique()
    left, right = (made.filter(article_id=name).sort("begin")["mention_id"][0] for name in ("a", "c"))
    word = pl.DataFrame([{"left_id": left, "right_id": right, "same": False, "judged_at": articles["captured_at"][0]}])
    apart, _ = align.align(said, articles, copies, SETTINGS, word)
    assert apart["fact_id"].null_count() == 0
    facts = dict(made.select("mention_id", "fact_id").iter_rows())
    again = dict(apart.select("mention_id", "fact_id").iter_rows())
    assert again[right] == again[made.filter(article_id="b").sort("begin")["mention_id"][0]]
    assert facts[left] == facts[right]


def test_a_link_that_names_an_echo_is_one_of_what_it_repeats():
    articles, copies, said = world(("b", HURT, "g", "origin"), ("c", HURT, "g", "copy"), ("d", FEWER, None, None))
    made, _ = align.align(said, articles, copies, SETTINGS, schema.empty("judgements"))
    (echo,), (other,) = (
        made.filter(pl.col("article_id") == name, pl.col("text").str.contains("injured"))["mention_id"].to_list()
        for name in ("c", "d")
    )
    left, right = sorted((echo, other))
    links = pl.DataFrame({"mention_a": [left], "mention_b": [right], "p": [0.95], "relation": ["same"]})
    rows = conflicts.find(made, links, reports(articles, copies), SETTINGS)
    assert {row["outlet_a"] for row in rows} | {row["outlet_b"] for row in rows} == {"paper b", "paper d"}
