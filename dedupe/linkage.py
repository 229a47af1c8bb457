"""Groups from pairwise likeness without chaining: average linkage over the pairs that are alike.

Two groups merge while the mean likeness of all pairs between them is high enough; a pair that is not listed counts as
0. So A-B and B-C do not put A and C together unless the three agree as a whole.
"""

import heapq

Edges = list[dict[int, float]]
"""Likeness of each node to others: edges[a][b] == edges[b][a]."""


def average(edges: Edges, join: float, forbidden: set[tuple[int, int]]) -> list[int]:
    """Group nodes.

    Args:
        edges: Likeness of pairs, 0..1. Not changed.
        join: Mean likeness at which two groups still merge.
        forbidden: Pairs (smaller, larger) that must not share a group, nor do the groups that come to hold them.

    Returns:
        The label of each node: the number of a node of its group, the same for all of them. Depends on the order of
        nodes only where two merges are equally good: the pair of smaller numbers goes first.

    Cost: O(E log E) for E pairs. Source: Sokal and Michener 1958.
    """
    total = [dict(row) for row in edges]
    size, version, label = [1] * len(edges), [0] * len(edges), list(range(len(edges)))
    foes: list[set[int]] = [set() for _ in edges]
    for a, b in forbidden:
        foes[a].add(b)
        foes[b].add(a)
    heap = [(-w, a, b, 0, 0) for a, row in enumerate(edges) for b, w in row.items() if a < b and w >= join]
    heapq.heapify(heap)
    while heap:
        _, a, b, at_a, at_b = heapq.heappop(heap)
        if version[a] != at_a or version[b] != at_b or b in foes[a]:
            continue
        keep, gone = (a, b) if len(total[a]) >= len(total[b]) else (b, a)
        for other, weight in total[gone].items():
            del total[other][gone]
            if other != keep:
                total[keep][other] = total[other][keep] = total[keep].get(other, 0.0) + weight
        total[gone] = {}
        for foe in foes[gone]:
            foes[foe].discard(gone)
            foes[foe].add(keep)
            foes[keep].add(foe)
        label[gone] = keep
        size[keep] += size[gone]
        version[keep] += 1
        version[gone] = -1
        for other, weight in total[keep].items():
            mean = weight / (size[keep] * size[other])
            if mean >= join:
                x, y = min(keep, other), max(keep, other)
                heapq.heappush(heap, (-mean, x, y, version[x], version[y]))
    for node in range(len(label)):
        root = node
        while label[root] != root:
            root = label[root]
        label[node] = root
    return label
