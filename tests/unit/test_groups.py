"""Groups: verified against a representative, obedient to judgements, independent of order."""

import datetime as dt

import polars as pl

from dedupe import groups

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def judged(*rows: tuple[str, str, bool]) -> pl.DataFrame:
    return pl.DataFrame(
        [(a, b, same, NOON + dt.timedelta(minutes=at), None) for at, (a, b, same) in enumerate(rows)],
        schema={
            "left_id": pl.String,
            "right_id": pl.String,
            "same": pl.Boolean,
            "judged_at": pl.Datetime("us", "UTC"),
            "note": pl.String,
        },
        orient="row",
    )


def made(
    edges: list[str], nodes: str, judgements: pl.DataFrame | None = None, equal: list[str] | None = None
) -> list[str]:
    """Groups as sorted strings of their one-letter members."""

    def frame(pairs: list[str]) -> pl.DataFrame:
        return pl.DataFrame(
            [tuple(pair) for pair in pairs], schema={"left": pl.String, "right": pl.String}, orient="row"
        )

    result = groups.group(
        frame(edges),
        pl.Series(list(nodes), dtype=pl.String),
        judged() if judgements is None else judgements,
        None if equal is None else frame(equal),
    )
    assert result["node"].to_list() == sorted(set(nodes))
    return sorted("".join(part["node"].sort()) for _, part in result.group_by("group_id"))


def test_a_node_without_an_edge_is_alone() -> None:
    assert made([], "ab") == ["a", "b"]


def test_a_star_is_one_group() -> None:
    assert made(["ab", "ac", "ad"], "abcd") == ["abcd"]


def test_a_bridge_does_not_glue_two_groups() -> None:
    left, right = ["ab", "ac", "ad", "bc", "bd", "cd"], ["ef", "eg", "eh", "fg", "fh", "gh"]
    assert made([*left, *right, "dh"], "abcdefgh") == ["abcd", "efgh"]


def test_a_chain_is_cut() -> None:
    assert made(["ab", "bc", "cd", "de"], "abcde") == ["abc", "de"]


def test_most_of_a_groups_members_bring_in_one_the_representative_lacks() -> None:
    edges = ["ab", "ac", "ad", "bc", "bd", "cd", "eb", "ec", "ed"]
    assert made([each for each in edges if each != "ea"], "abcde") == ["abcde"]


def test_judgements_beat_edges_both_ways() -> None:
    assert made([], "ab", judged(("a", "b", True))) == ["ab"]
    assert made(["ab", "ac", "bc"], "abc", judged(("c", "a", False))) in (["ab", "c"], ["a", "bc"])


def test_the_latest_judgement_holds() -> None:
    assert made(["ab"], "ab", judged(("a", "b", False), ("b", "a", True))) == ["ab"]
    assert made(["ab"], "ab", judged(("a", "b", True), ("b", "a", False))) == ["a", "b"]


def test_contradicting_judgements_are_heard_latest_first() -> None:
    assert made([], "abc", judged(("a", "b", True), ("b", "c", True), ("a", "c", False))) == ["a", "bc"]


def test_different_holds_through_same() -> None:
    kept = made(["ad", "bd", "cd"], "abcd", judged(("a", "b", True), ("b", "c", False)))
    assert not any("a" in group and "c" in group for group in kept)
    assert any({"a", "b"} <= set(group) for group in kept)


def test_equal_nodes_chain_but_not_across_a_judgement() -> None:
    assert made([], "abc", equal=["ab", "bc"]) == ["abc"]
    assert made([], "abc", judged(("a", "c", False)), equal=["ab", "bc"]) == ["ab", "c"]


def test_edges_and_judgements_on_unknown_nodes_are_ignored() -> None:
    assert made(["ab", "bx"], "ab", judged(("x", "a", True))) == ["ab"]


def test_a_group_is_named_after_its_smallest_node() -> None:
    one = groups.group(pl.DataFrame({"left": ["a"], "right": ["b"]}), pl.Series(["a", "b"]), judged())
    two = groups.group(pl.DataFrame({"left": ["b"], "right": ["a"]}), pl.Series(["b", "a", "c"]), judged())
    assert one["group_id"][0] == two["group_id"][0]
    assert one["group_id"].to_list() == ["a", "a"]
