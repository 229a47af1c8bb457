"""Edges and judgements -> groups. Members are verified against a representative; nothing is glued by a chain.

The result for a connected component depends on that component alone, and on nothing but the sets of its edges and
judgements: not on row order, batches or earlier results.
"""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from dedupe.judgements import latest

I64 = npt.NDArray[np.int64]
GROUPS = {"node": pl.String(), "group_id": pl.String()}
_HEADS = {"node": pl.String(), "head": pl.String()}


def group(
    edges: pl.DataFrame,
    nodes: pl.Series,
    judgements: pl.DataFrame,
    equal: pl.DataFrame | None = None,
    *,
    attach_share: float = 0.5,
) -> pl.DataFrame:
    """Group nodes.

    Args:
        edges: left, right: verified pairs that belong together. Order and direction do not matter.
        nodes: Every node to be placed; a node without an edge is a group of one. Edges to other nodes are ignored.
        judgements: `storage.schema.Judgements`; the latest of a pair holds. "Same" puts two nodes together whatever the
            edges say, "different" keeps them apart. Where judgements contradict each other (a same b, b same c,
            a different c) the later ones hold.
        equal: left, right: nodes that are one and the same text. Equality is transitive, so these do chain, except
            across a judgement "different".
        attach_share: A node without an edge to the representative joins when it has one to this share of the members.

    Returns:
        node, group_id: one row per node, sorted by node. A group is named after its smallest node.

    Cost: linear in edges, about 0.3 us each, 5 us where a component has no node that is verified against all others.
    Source: representative linkage ("star" clustering, Aslam et al. 2004).
    """
    placed = nodes.unique().sort()
    known = set(placed.to_list())
    together, apart = judged_sets(judgements, known)
    if equal is not None:
        _join_equal(equal, known, together, apart)
    heads = pl.DataFrame(
        {"node": placed, "head": [together[node] for node in placed.to_list()]}, schema_overrides=_HEADS
    )
    linked = _between_heads(edges, heads)
    easy = _whole_components(linked, heads["head"].unique().sort(), apart)
    hard = heads["head"].filter(~heads["head"].is_in(easy["node"].implode())).unique().sort()
    links = _links(linked.filter(pl.col("left").is_in(hard.implode())))
    out = [
        (member, min(members))  # heads are the smallest of their sets
        for component in components(hard, links)
        for members in _stars(component, links, apart, attach_share)
        for member in members
    ]
    named = pl.concat([easy, pl.DataFrame(out, schema=GROUPS, orient="row")])
    return heads.join(named, left_on="head", right_on="node").select("node", "group_id").sort("node")


class Union:
    """Which nodes a person has put together: each set is known by its smallest node."""

    def __init__(self, nodes: Iterable[str]) -> None:
        self._head = {node: node for node in nodes}
        self._sets: dict[str, set[str]] = {}

    def __getitem__(self, node: str) -> str:
        return self._head[node]

    def values(self) -> Iterable[str]:
        """The heads."""
        return self._head.values()

    def items(self) -> Iterable[tuple[str, str]]:
        """The nodes, each with its head."""
        return self._head.items()

    def members(self, head: str) -> set[str]:
        """All nodes of a set."""
        return self._sets.get(head, {head})

    def join(self, left: str, right: str) -> tuple[str, str]:
        """Put two sets together; returns (head kept, head gone)."""
        keep, gone = sorted((self._head[left], self._head[right]))
        moved = self._sets.pop(gone, {gone})
        self._sets.setdefault(keep, {keep}).update(moved)
        for node in moved:
            self._head[node] = keep
        return keep, gone


def judged_sets(judgements: pl.DataFrame, known: set[str]) -> tuple[Union, dict[str, set[str]]]:
    """Sets of nodes said to be the same, and which of them must stay apart; the latest judgement is heard first."""
    together = Union(known)
    apart: dict[str, set[str]] = {}
    rows = latest(judgements).sort(["judged_at", "left", "right"], descending=[True, False, False])
    for left_id, right_id, same in rows.select("left", "right", "same").iter_rows():
        if same is None or left_id not in known or right_id not in known:
            continue  # withdrawn, or about something else
        left, right = together[left_id], together[right_id]
        if left == right:
            continue
        if not same:
            apart.setdefault(left, set()).add(right)
            apart.setdefault(right, set()).add(left)
        else:
            join_sets(left, right, together, apart)
    return together, apart


def join_sets(left: str, right: str, together: Union, apart: dict[str, set[str]]) -> None:
    """Put two sets together unless they are to stay apart; what stays apart from one stays apart from both."""
    if left == right or right in apart.get(left, ()):
        return
    keep, gone = together.join(left, right)
    for other in apart.pop(gone, set()):
        apart[other].discard(gone)
        apart[other].add(keep)
        apart.setdefault(keep, set()).add(other)


def _join_equal(equal: pl.DataFrame, known: set[str], together: Union, apart: dict[str, set[str]]) -> None:
    ordered = equal.select(a=pl.min_horizontal("left", "right"), b=pl.max_horizontal("left", "right")).sort("a", "b")
    for a, b in ordered.iter_rows():
        if a in known and b in known:
            join_sets(together[a], together[b], together, apart)


def _between_heads(edges: pl.DataFrame, heads: pl.DataFrame) -> pl.DataFrame:
    """The edges between sets of nodes, each once, left before right."""
    return (
        edges.join(heads.rename({"node": "left", "head": "a"}), on="left")
        .join(heads.rename({"node": "right", "head": "b"}), on="right")
        .filter(pl.col("a") != pl.col("b"))
        .select(left=pl.min_horizontal("a", "b"), right=pl.max_horizontal("a", "b"))
        .unique()
        .sort("left", "right")
    )


def _whole_components(linked: pl.DataFrame, heads: pl.Series, apart: Mapping[str, set[str]]) -> pl.DataFrame:
    """The nodes of those components that are one group at a glance, as `GROUPS`: most are.

    One node is verified against all others there, so it takes them all; and no judgement keeps any two apart.
    """
    place = pl.DataFrame({"node": heads, "at": np.arange(len(heads))})
    a = linked.join(place, left_on="left", right_on="node", maintain_order="left")["at"].to_numpy()
    b = linked.join(place, left_on="right", right_on="node", maintain_order="left")["at"].to_numpy()
    label = connected(len(heads), a, b)
    degree = np.bincount(np.concatenate((a, b)), minlength=len(heads))
    most = np.zeros(len(heads), dtype=np.int64)
    np.maximum.at(most, label, degree)
    whole = most == np.bincount(label, minlength=len(heads)) - 1
    if apart:
        whole[label[heads.is_in(list(apart)).to_numpy()]] = False
    kept = np.flatnonzero(whole[label])
    return pl.DataFrame({"node": heads[kept], "group_id": heads[label[kept]]}, schema=GROUPS)


def connected(count: int, a: I64, b: I64) -> I64:
    """The smallest node of the component of each of ``count`` nodes; edges a[i] - b[i].

    Cost: linear in edges for each round; rounds grow with the logarithm of the longest path.
    """
    label = np.arange(count)
    while True:
        before = label.copy()
        low = np.minimum(label[a], label[b])
        for side in (a, b):
            np.minimum.at(label, label[side], low)
        label = label[label]
        if np.array_equal(label, before):
            return label


def _links(linked: pl.DataFrame) -> dict[str, set[str]]:
    links: dict[str, set[str]] = {}
    for a, b in linked.select("left", "right").iter_rows():
        links.setdefault(a, set()).add(b)
        links.setdefault(b, set()).add(a)
    return links


def components(nodes: Iterable[str], links: dict[str, set[str]]) -> Iterator[list[str]]:
    """Connected components, each sorted, in order of their smallest node; ``nodes`` must be sorted."""
    seen: set[str] = set()
    for start in nodes:
        if start in seen:
            continue
        seen.add(start)
        found, open_nodes = [start], [start]
        while open_nodes:
            for other in links.get(open_nodes.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    found.append(other)
                    open_nodes.append(other)
        yield sorted(found)


def _stars(
    component: list[str], links: dict[str, set[str]], apart: dict[str, set[str]], attach_share: float
) -> Iterator[set[str]]:
    """Take the best connected node and all that are verified against it, then again among the rest."""
    left = set(component)
    degree = {node: len(links.get(node, ())) for node in component}
    for representative in sorted(component, key=lambda node: (-degree[node], node)):
        if representative not in left:
            continue
        star = (links.get(representative, set()) & left) | {representative}
        # One that is better connected elsewhere is a bridge to another group, not a member of this one.
        loyal = {
            node for node in star - {representative} if len(links[node] & star) >= len(links[node] & (left - star))
        }
        members = {representative}
        for node in sorted(loyal, key=lambda node: (-degree[node], node)):
            if not apart.get(node, set()) & members:
                members.add(node)
        reached = {node for member in members for node in links.get(member, ())} & left - members
        joined = {node for node in sorted(reached) if len(links[node] & members) >= max(2, attach_share * len(members))}
        for node in sorted(joined):
            if not apart.get(node, set()) & members:
                members.add(node)
        left -= members
        yield members
