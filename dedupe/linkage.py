"""Groups from pairwise likeness without chaining: average linkage over the pairs that are alike.

Two groups merge while the mean likeness of all pairs between them is high enough; a pair that is not listed counts as
0. So A-B and B-C do not put A and C together unless the three agree as a whole. (Pairs of one home are another matter:
see `average`.)
"""

import heapq
from collections.abc import Sequence

Edges = list[dict[int, float]]
"""Likeness of each node to others: edges[a][b] == edges[b][a]."""


def average(edges: Edges, join: float, forbidden: set[tuple[int, int]], home: Sequence[str] | None = None) -> list[int]:
    """Group nodes.

    Args:
        edges: Likeness of pairs, 0..1. Not changed.
        join: Mean likeness at which two groups still merge.
        forbidden: Pairs (smaller, larger) that must not share a group, nor do the groups that come to hold them.
        home: Where each node comes from. Two nodes of one home that are not listed do not count against a merge: an
            article says a thing in several places, which are compared with other articles, not with each other.

    Returns:
        The label of each node: the number of a node of its group, the same for all of them. Depends on the order of
        nodes only where two merges are equally good: the pair of smaller numbers goes first.

    Cost: O(E log E) for E pairs. Source: Sokal and Michener 1958.
    """
    version, label = [0] * len(edges), list(range(len(edges)))
    foes: list[set[int]] = [set() for _ in edges]
    for a, b in forbidden:
        foes[a].add(b)
        foes[b].add(a)
    heap = [(-w, a, b, 0, 0) for a, row in enumerate(edges) for b, w in row.items() if a < b and w >= join]
    if not heap:
        return label
    groups = _Groups(edges, home)
    heapq.heapify(heap)
    while heap:
        _, a, b, at_a, at_b = heapq.heappop(heap)
        if version[a] != at_a or version[b] != at_b or b in foes[a]:
            continue
        keep, gone = (a, b) if len(groups.total[a]) >= len(groups.total[b]) else (b, a)
        groups.merge(keep, gone)
        for foe in foes[gone]:
            foes[foe].discard(gone)
            foes[foe].add(keep)
            foes[keep].add(foe)
        label[gone] = keep
        version[keep] += 1
        version[gone] = -1
        for other in groups.total[keep]:
            mean = groups.mean(keep, other)
            if mean >= join:
                x, y = min(keep, other), max(keep, other)
                heapq.heappush(heap, (-mean, x, y, version[x], version[y]))
    for node in range(len(label)):
        root = node
        while label[root] != root:
            root = label[root]
        label[node] = root
    return label


class _Groups:
    """Sums of likeness between groups, and how many pairs of nodes each sum stands for."""

    def __init__(self, edges: Edges, home: Sequence[str] | None) -> None:
        self.total = [dict(row) for row in edges]
        self.size = [1] * len(edges)
        self.members: list[dict[str, int]] = [{home[n]: 1} if home else {} for n in range(len(edges))]
        # Listed pairs of one home count as pairs of their own: a headline and the body it restates.
        self.kin = [{b: 1 for b in row if home and home[a] == home[b]} for a, row in enumerate(edges)]

    def merge(self, keep: int, gone: int) -> None:
        """Make two groups one."""
        for sums in (self.total, self.kin):
            for other, value in sums[gone].items():
                del sums[other][gone]
                if other != keep:
                    sums[keep][other] = sums[other][keep] = sums[keep].get(other, 0) + value  # type: ignore[assignment]
            sums[gone] = {}
        self.size[keep] += self.size[gone]
        for place, n in self.members[gone].items():
            self.members[keep][place] = self.members[keep].get(place, 0) + n
        self.members[gone] = {}

    def mean(self, a: int, b: int) -> float:
        """Mean likeness of the pairs of nodes between two groups that count."""
        few, many = sorted((self.members[a], self.members[b]), key=len)
        same = sum(n * many[place] for place, n in few.items() if place in many)
        pairs = self.size[a] * self.size[b] - same + self.kin[a].get(b, 0)
        return self.total[a][b] / pairs
