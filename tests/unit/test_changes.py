"""What is told of groups that an earlier run had: merged, split, renamed, dissolved, another origin, and why."""

import datetime as dt

import polars as pl

from dedupe import changes, judgements
from storage import schema

AT = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)


def groups(**members: str) -> pl.DataFrame:
    """Groups by name: one letter an article; a capital is the origin."""
    rows = [
        (name, letter.lower(), "origin" if letter.isupper() else "copy", "time" if letters != letters.lower() else None)
        for name, letters in members.items()
        for letter in letters
    ]
    return pl.DataFrame(rows, schema=["group_id", "article_id", "role", "origin_basis"], orient="row").cast(pl.String)


def judged(*rows: tuple[str, str, bool | None]) -> pl.DataFrame:
    told = [(a, b, "copies", same, AT + dt.timedelta(minutes=at), None, None) for at, (a, b, same) in enumerate(rows)]
    return pl.DataFrame(told, schema=schema.columns("judgements"), orient="row")


def told(before: pl.DataFrame, after: pl.DataFrame, words: pl.DataFrame | None = None) -> list[tuple[object, ...]]:
    found = changes.between(before, after, judged() if words is None else words, level="copies")
    return found.sort("old_id", "kind", "new_id").select("kind", "old_id", "new_id", "article_n", "reason").rows()


def test_a_group_that_only_grew_is_not_changed() -> None:
    assert told(groups(g="Ab"), groups(g="Abc")) == []
    assert told(groups(), groups(g="Ab")) == []


def test_a_group_that_goes_into_another_is_merged_because_of_what_came_in() -> None:
    assert told(groups(g="ab", h="cd"), groups(g="abcde")) == [("merged", "h", "g", 2, "came in: e")]


def test_a_group_under_a_new_name_is_renamed() -> None:
    assert told(groups(g="ab"), groups(n="zab")) == [("renamed", "g", "n", 2, "came in: z")]


def test_a_group_that_falls_apart_is_split_or_dissolved() -> None:
    rows = told(groups(g="abcd", h="ef"), groups(g="ab", n="cd"), judged(("b", "c", False)))
    assert rows == [
        ("split", "g", "n", 2, "judged different: b c"),
        ("dissolved", "h", None, 2, "the pairs, times or settings are others"),
    ]


def test_a_withdrawn_judgement_is_named_as_the_reason() -> None:
    rows = told(groups(g="ab", h="cd"), groups(g="abcd"), judged(("b", "c", False), ("c", "b", None)))
    assert rows == [("merged", "h", "g", 2, "judgement withdrawn on: b c")]


def test_another_origin_is_told_with_both() -> None:
    found = changes.between(groups(g="aBc"), groups(g="Abc"), judged(), level="copies").to_dicts()
    assert [(row["kind"], row["old_origin"], row["new_origin"]) for row in found] == [("origin_changed", "b", "a")]
    assert told(groups(g="abc"), groups(g="Abc")) == []  # decided for the first time


def test_one_change_of_one_state_has_one_id() -> None:
    one, two, later = (
        changes.between(groups(g="ab", h="cd"), groups(g="abcd"), judged(), level="copies", state=state)["change_id"]
        for state in ("4", "4", "5")
    )
    assert one.to_list() == two.to_list() != later.to_list()


def test_a_group_is_named_after_its_earliest_article() -> None:
    at = {"a": AT, "b": AT - dt.timedelta(hours=1), "c": None}
    assert changes.anchored_id("c", "abc", at) == changes.anchored_id("c", "b", at) != changes.anchored_id("c", "a", at)
    assert changes.anchored_id("c", "ca", at) == changes.anchored_id("c", "a", at)


def test_the_last_word_on_a_pair_stands_unless_withdrawn() -> None:
    words = judged(("a", "b", True), ("b", "a", False), ("a", "c", True), ("c", "a", None), ("d", "e", True))
    assert judgements.standing(words).select("left_id", "right_id", "same").rows() == [
        ("b", "a", False),
        ("d", "e", True),
    ]
