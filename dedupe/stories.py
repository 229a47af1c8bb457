"""Level 3: articles on the same event, in different words.

An article is its weightiest stems; two articles are as similar as the cosine of their stems, faded by the time between
them. Groups grow by average linkage, so that one digest that touches two events does not glue them (no chaining), and a
story depends on nothing outside its connected component: found alone or among 12,000 others, it is the same story.
"""

import datetime as dt
import math
from collections import Counter

import numpy as np
import numpy.typing as npt
import polars as pl

from dedupe import linkage, rarity
from dedupe import text as texts
from dedupe.settings import StorySettings
from storage.ids import group_id

_BLOCK = 512  # articles compared at a time: bounds memory, decides nothing


def group(
    articles: pl.DataFrame, copies: pl.DataFrame, judgements: pl.DataFrame, settings: StorySettings
) -> pl.DataFrame:
    """Put articles on one event together; every article is in exactly one story, alone or not.

    Args:
        articles: article_id, outlet, title, dek, text, published_at, captured_at (and language where known).
        copies: `schema.Copies` without run_id. The members of a copy group are one text here: they share a story.
        judgements: `schema.Judgements`; rows about two articles join or separate their stories.
        settings: `StorySettings`.

    Returns:
        story_id, article_id, outlet, score; sorted by story_id, article_id. ``score`` is the mean similarity to the
        other texts of the story; 1 for a story of one text.

    Cost: about 2 ms an article, nearly all of it reading words; memory is bounded by the similar pairs, not by n x n.
    Source: TF-IDF (Spärck Jones 1972), average linkage (Sokal and Michener 1958).
    """
    schema = {"story_id": pl.String, "article_id": pl.String, "outlet": pl.String, "score": pl.Float64}
    if articles.is_empty():
        return pl.DataFrame(schema=schema)
    table = articles.sort("article_id")
    ids = table["article_id"].to_list()
    texts_of, members = _nodes(table, copies)
    times = _days(table)
    days = np.array([min((times[article] for article in found), key=_youth) for found in members])
    vectors = [_terms(table.row(i, named=True), settings) for i in texts_of]
    edges = _similar(vectors, days, settings)
    forbidden = _judge(edges, members, ids, judgements)
    labels = linkage.average(edges, settings.join, forbidden)
    return _rows(table, members, edges, labels, schema)


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


def _terms(row: dict[str, object], settings: StorySettings) -> dict[str, float]:
    """The weightiest stems of an article, as a vector of length 1."""
    counts: Counter[str] = Counter()
    language = row.get("language")
    language = str(language) if language else "en"
    for field in ("title", "dek"):
        for stem in texts.content_stems(str(row.get(field) or ""), language):
            counts[stem] += 2
    body = str(row.get("text") or "")[: settings.words * 12]
    for place, stem in enumerate(texts.content_stems(body, language)[: settings.words]):
        counts[stem] += 2 if place < settings.lead else 1
    weighed = sorted(((1 + math.log(n)) * rarity.weight(stem), stem) for stem, n in counts.items())[-settings.terms :]
    length = math.sqrt(sum(weight * weight for weight, _ in weighed)) or 1.0
    return {stem: weight / length for weight, stem in weighed}


def _similar(vectors: list[dict[str, float]], days: npt.NDArray[np.float64], settings: StorySettings) -> linkage.Edges:
    """Similar pairs within the time window, by an inverted index taken a block of articles at a time."""
    from scipy import sparse  # 0.1 s: only here

    vocabulary: dict[str, int] = {}
    for vector in vectors:
        for stem in vector:
            vocabulary.setdefault(stem, len(vocabulary))
    indptr = np.cumsum([0, *map(len, vectors)])
    columns = np.array([vocabulary[stem] for vector in vectors for stem in vector], dtype=np.int32)
    values = np.array([weight for vector in vectors for weight in vector.values()])
    order = np.lexsort((days[:, 1], np.isinf(days[:, 0])))  # dated ones by time, then the undated
    matrix = sparse.csr_matrix((values, columns, indptr), shape=(len(vectors), max(1, len(vocabulary))))[order]
    early, late = days[order, 0], days[order, 1]
    dated = int(np.isfinite(early).sum())
    edges: linkage.Edges = [{} for _ in vectors]
    for first in range(0, len(vectors), _BLOCK):
        last = min(first + _BLOCK, len(vectors))
        low = int(np.searchsorted(late[:dated], late[first] - settings.window_days)) if last <= dated else 0
        product = (matrix[first:last] @ matrix[low:last].T).tocoo()
        left, right = product.row + first, product.col + low
        apart = np.maximum(0.0, np.maximum(early[left] - late[right], early[right] - late[left]))
        score = product.data * np.exp(-np.maximum(0.0, apart - 1) / settings.fade_days)
        score[np.isinf(early[left]) != np.isinf(early[right])] *= settings.undated
        keep = (right < left) & (apart <= settings.window_days) & (score >= settings.link)
        for a, b, value in zip(
            order[left[keep]].tolist(), order[right[keep]].tolist(), score[keep].tolist(), strict=True
        ):
            edges[a][b] = edges[b][a] = round(min(1.0, value), 9)
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


def _rows(
    table: pl.DataFrame,
    members: list[list[int]],
    edges: linkage.Edges,
    labels: list[int],
    schema: dict[str, type[pl.DataType]],
) -> pl.DataFrame:
    ids, outlets = table["article_id"].to_list(), table["outlet"].to_list()
    stories: dict[int, list[int]] = {}
    for node, label in enumerate(labels):
        stories.setdefault(label, []).append(node)
    rows = []
    for nodes in stories.values():
        inside = set(nodes)
        story_id = group_id("s", (ids[article] for node in nodes for article in members[node]))
        for node in nodes:
            linked = sorted(weight for other, weight in edges[node].items() if other in inside)
            score = round(sum(linked) / (len(nodes) - 1), 6) if len(nodes) > 1 else 1.0
            rows += [(story_id, ids[article], outlets[article], score) for article in members[node]]
    return pl.DataFrame(rows, schema=schema, orient="row").sort("story_id", "article_id")
