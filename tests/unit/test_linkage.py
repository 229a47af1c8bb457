"""Average linkage: no chaining, judgements obeyed, places of one article not held against each other."""

from dedupe import linkage


def edges(size: int, alike: dict[tuple[int, int], float]) -> linkage.Edges:
    rows: linkage.Edges = [{} for _ in range(size)]
    for (a, b), value in alike.items():
        rows[a][b] = rows[b][a] = value
    return rows


def groups(labels: list[int]) -> set[frozenset[int]]:
    return {frozenset(n for n, label in enumerate(labels) if label == one) for one in set(labels)}


def test_a_bridge_does_not_chain() -> None:
    chained = edges(3, {(0, 1): 0.9, (1, 2): 0.8})
    assert groups(linkage.average(chained, 0.5, set())) == {frozenset({0, 1}), frozenset({2})}


def test_two_places_of_one_article_meet_in_a_third() -> None:
    # 0 and 2 stand in one article and say parts of what 1 says elsewhere: nothing speaks against one group.
    met = edges(3, {(0, 1): 0.9, (1, 2): 0.8})
    assert groups(linkage.average(met, 0.5, set(), ["a", "b", "a"])) == {frozenset({0, 1, 2})}


def test_places_of_other_articles_still_count() -> None:
    # 3 stands in a third article and is like 1 only: with 0 and 2 it shares nothing.
    met = edges(4, {(0, 1): 0.9, (1, 2): 0.9, (1, 3): 0.9})
    found = groups(linkage.average(met, 0.5, set(), ["a", "b", "a", "c"]))
    assert frozenset({0, 1, 2}) in found
    assert frozenset({3}) in found


def test_a_forbidden_pair_keeps_groups_apart() -> None:
    alike = edges(3, {(0, 1): 0.9, (1, 2): 0.9, (0, 2): 0.9})
    found = groups(linkage.average(alike, 0.5, {(0, 2)}))
    assert not any({0, 2} <= group for group in found)


def test_nothing_alike_stays_alone() -> None:
    assert groups(linkage.average(edges(3, {(0, 1): 0.4}), 0.5, set())) == {frozenset({n}) for n in range(3)}
