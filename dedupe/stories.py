"""Level 3: articles on the same event, in different words.

Two articles belong together with a probability (`dedupe.likeness`), faded by the time between them. Groups grow by
average linkage, so that one digest that touches two events does not glue them (no chaining), and a story depends on
nothing outside its connected component. A story is made anew from its articles, whatever order they came in: one that
has become two comes out as two.
"""

import datetime as dt
import importlib.resources
import math
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dedupe import gist, linkage, settled
from dedupe.changes import anchored_id
from dedupe.settings import StorySettings
from storage.ids import content_id

_SCHEMA: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("story_id", "article_id", "outlet"), pl.String),
    **dict.fromkeys(("score", "cohesion"), pl.Float64),
}
_RULES = "2"  # to be raised by a change of code that puts the same articles into other stories
_TABLES = ("likeness.json", "rarity.json", "rarities.json", "text.json")
_FIRST, _WIDER = 1.0, 4.0  # windows beyond a change's reach that are looked at first; by how much more where a story
# goes on there


def group(
    articles: pl.DataFrame,
    copies: pl.DataFrame,
    judgements: pl.DataFrame,
    settings: StorySettings,
    counts: Counter[str] | None = None,
) -> pl.DataFrame:
    """Put articles on one event together; every article is in exactly one story, alone or not.

    Args:
        articles: article_id, outlet, title, dek, text, published_at, captured_at (and language where known).
        copies: `schema.Copies` without run_id. The members of a copy group are one text here: they share a story.
        judgements: `schema.Judgements`; rows about two articles join or separate their stories.
        settings: `StorySettings`.
        counts: Gets ``pairs_capped``, the pairs of crowds that were left out.

    Returns:
        story_id, article_id, outlet, score, cohesion; sorted by story_id, article_id. ``score`` is the mean probability
        that the article and another text of the story tell one event, ``cohesion`` the mean of it over all pairs of
        its texts; both are 1 for a story of one text.

    Cost: about 1.5 ms an article, most of it reading words; memory is bounded by the similar pairs, not by n x n.
    Source: average linkage (Sokal and Michener 1958); weights: `tests/benchmarks/fit_stories.py`.
    """
    return _link(articles, copies, judgements, settings, counts if counts is not None else Counter()).rows()


def regroup(
    articles: pl.DataFrame,
    copies: pl.DataFrame,
    judgements: pl.DataFrame,
    before: pl.DataFrame,
    read: Callable[[pl.DataFrame], pl.DataFrame],
    settings: StorySettings,
    counts: Counter[str],
) -> pl.DataFrame:
    """What `group` says of all articles, found from the texts around what changed since an earlier run.

    Args:
        articles: As of `settled.known`: every article, its text is not needed.
        copies: As of `group`.
        judgements: As of `group`; those that hold.
        before: The result of the earlier run; empty: there was none.
        read: article_id -> the rows of these articles as `group` wants them.
        settings: `StorySettings`.
        counts: Gets ``pairs_capped``, and ``linked``: articles whose texts were read and linked.

    Returns:
        The columns of `group`, and ``made_of``, to be kept for the next run.

    Cost: that of `group` for the articles within nine windows of a change, and 5 us for every other one.
    """
    now = settled.known(articles, copies, judgements, _rules(settings))
    far = settled.distances(now, before)
    window, beyond = settings.window_days, _FIRST
    if far is None:
        far, beyond = np.zeros(now.height), math.inf
    ids = now["article_id"]
    near = set(ids.filter(pl.Series(far <= settled.CHANGED * window)))
    while True:
        sure = (settled.CHANGED + beyond) * window  # what lies nearer is linked as it would be among all
        seen = ids.filter(pl.Series(far <= sure + settled.SEEN * window))
        tally: Counter[str] = Counter(linked=len(seen))
        linked = _link(read(seen.to_frame()), copies, judgements, settings, tally)
        anew = linked.beside(near)
        beyond *= _WIDER
        if len(seen) == len(ids):
            break
        if not _joined_outside(anew, set(seen), judgements, set(ids)) and anew <= set(
            ids.filter(pl.Series(far <= sure))
        ):
            break
    counts.update(tally)
    stood = before.filter(pl.col("article_id").is_in(ids.implode()) & ~pl.col("article_id").is_in(list(anew)))
    rows = pl.concat([stood.select(*_SCHEMA), linked.rows(anew)])
    return rows.join(now.select("article_id", "made_of"), on="article_id").sort("story_id", "article_id")


def _joined_outside(anew: set[str], seen: set[str], judgements: pl.DataFrame, ids: set[str]) -> bool:
    """Whether a person put an article that is linked anew together with one that was not read."""
    pairs = judgements.filter("same").select("left_id", "right_id").rows()
    return any((a in anew and b in ids - seen) or (b in anew and a in ids - seen) for a, b in pairs)


def _rules(settings: StorySettings) -> str:
    """Stands for all that decides stories beside the articles."""
    folder = importlib.resources.files("dedupe")
    return content_id("k", _RULES, repr(settings), *(folder.joinpath(name).read_bytes() for name in _TABLES))


def _link(
    articles: pl.DataFrame,
    copies: pl.DataFrame,
    judgements: pl.DataFrame,
    settings: StorySettings,
    counts: Counter[str],
) -> "_Linked":
    table = articles.sort("article_id")
    if table.is_empty():
        return _Linked(table, [], [], [], settings.join)
    ids = table["article_id"].to_list()
    texts_of, members = _nodes(table, copies)
    times = _days(table)
    days = np.array([min((times[article] for article in found), key=_youth) for found in members])
    wanted = [name for name in ("title", "dek", "text", "language") if name in table.columns]
    gists = [gist.read(row, settings) for row in table[texts_of].select(wanted).iter_rows(named=True)]
    edges = _edges(gists, days, settings, counts)
    forbidden = _judge(edges, members, ids, judgements)
    return _Linked(table, members, edges, linkage.average(edges, settings.join, forbidden), settings.join)


def _nodes(table: pl.DataFrame, copies: pl.DataFrame) -> tuple[list[int], list[list[int]]]:
    """Texts to compare: one per copy group (its origin where known, else its longest), one per other article."""
    at = {article: i for i, article in enumerate(table["article_id"].to_list())}
    lengths = table["text"].fill_null("").str.len_chars().to_list()
    groups: dict[str, list[int]] = {}
    origin: dict[str, int] = {}
    for copy_group, article, role in copies.select("copy_group", "article_id", "role").iter_rows():
        if article in at:
            groups.setdefault(copy_group, []).append(at[article])
            if role == "origin":
                origin[copy_group] = at[article]
    grouped = {i for found in groups.values() for i in found}
    nodes = [(i, [i]) for i in range(len(at)) if i not in grouped]
    for name, found in groups.items():
        nodes.append((origin.get(name, min(found, key=lambda i: (-lengths[i], i))), sorted(found)))
    nodes.sort()
    return [text for text, _ in nodes], [found for _, found in nodes]


def _days(table: pl.DataFrame) -> list[tuple[float, float]]:
    """Earliest and latest time each article can have been published, in days since 1970.

    Without a publication time an article may be as old as one likes, but no younger than its capture.
    """
    zero = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    spans = []
    for published, captured in table.select("published_at", "captured_at").iter_rows():
        latest = (published or captured or zero) - zero
        day = latest.total_seconds() / 86400
        spans.append((day, day) if published else (-math.inf, day))
    return spans


def _youth(span: tuple[float, float]) -> tuple[bool, float]:
    """Order in which the members of a copy group lend it their time: the dated ones first, then the earliest."""
    return math.isinf(span[0]), span[1]


def _edges(
    gists: list[gist.Gist], days: npt.NDArray[np.float64], settings: StorySettings, counts: Counter[str]
) -> linkage.Edges:
    """The probability of one event for each pair within the window, less where days lie between the two."""
    from dedupe import likeness  # scipy, 0.1 s: only here

    found = likeness.pairs(gists, days, settings)
    counts["pairs_capped"] += found.capped
    early, late, a, b = days[:, 0], days[:, 1], found.left, found.right
    apart = np.maximum(0.0, np.maximum(early[a] - late[b], early[b] - late[a]))
    value = likeness.probability(found, gists, settings)
    value *= np.exp(-np.maximum(0.0, apart - 1) / settings.fade_days)
    value[np.isinf(early[a]) != np.isinf(early[b])] *= settings.undated
    edges: linkage.Edges = [{} for _ in gists]
    for left, right, p in zip(a.tolist(), b.tolist(), value.tolist(), strict=True):
        edges[left][right] = edges[right][left] = round(p, 9)
    return edges


def _judge(
    edges: linkage.Edges, members: list[list[int]], ids: list[str], judgements: pl.DataFrame
) -> set[tuple[int, int]]:
    """Put people's words into the edges: "same" is a similarity of 1, "different" forbids."""
    node = {ids[article]: n for n, found in enumerate(members) for article in found}
    forbidden: set[tuple[int, int]] = set()
    for left, right, same in judgements.sort("judged_at").select("left_id", "right_id", "same").iter_rows():
        a, b = node.get(left), node.get(right)
        if a is None or b is None or a == b:
            continue
        pair = (min(a, b), max(a, b))
        if same:
            forbidden.discard(pair)
            edges[a][b] = edges[b][a] = 1.0
        else:
            forbidden.add(pair)
    return forbidden


@dataclass(frozen=True)
class _Linked:
    """Articles, the members of each text, the probabilities of its pairs, and the story (label) of each."""

    table: pl.DataFrame
    members: list[list[int]]
    edges: linkage.Edges
    labels: list[int]
    join: float

    def beside(self, articles: Collection[str]) -> set[str]:
        """These articles and all that pairs alike enough to merge connect with them: whose stories hang together."""
        ids = self.table["article_id"].to_list()
        todo = [node for node, found in enumerate(self.members) if any(ids[article] in articles for article in found)]
        reached = set(todo)
        while todo:
            for other, p in self.edges[todo.pop()].items():
                if p >= self.join and other not in reached:
                    reached.add(other)
                    todo.append(other)
        return {ids[article] for node in reached for article in self.members[node]}

    def rows(self, only: Collection[str] | None = None) -> pl.DataFrame:
        """The result of `group`; with `only`, the stories of these articles."""
        table, members, edges = self.table, self.members, self.edges
        if table.is_empty():
            return pl.DataFrame(schema=_SCHEMA)
        ids, outlets = table["article_id"].to_list(), table["outlet"].to_list()
        published = dict(zip(ids, table["published_at"].to_list(), strict=True))
        stories: dict[int, list[int]] = {}
        for node, label in enumerate(self.labels):
            if only is None or ids[members[node][0]] in only:
                stories.setdefault(label, []).append(node)
        rows = []
        for nodes in stories.values():
            inside = set(nodes)
            story_id = anchored_id("s", (ids[article] for node in nodes for article in members[node]), published)
            pairs = len(nodes) * (len(nodes) - 1)
            linked = [weight for node in nodes for other, weight in edges[node].items() if other in inside]
            cohesion = round(math.fsum(linked) / pairs, 6) if pairs else 1.0
            for node in nodes:
                linked = [weight for other, weight in edges[node].items() if other in inside]
                score = round(math.fsum(linked) / (len(nodes) - 1), 6) if len(nodes) > 1 else 1.0
                rows += [(story_id, ids[article], outlets[article], score, cohesion) for article in members[node]]
        return pl.DataFrame(rows, schema=_SCHEMA, orient="row").sort("story_id", "article_id")
