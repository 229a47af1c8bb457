"""Level 2, result: verified pairs and judgements -> copy groups, with who is the origin, on which evidence."""

from dataclasses import dataclass

import polars as pl

from dedupe import groups
from dedupe.settings import CopySettings
from storage import ids

COPIES = {
    "copy_group": pl.String(),
    "article_id": pl.String(),
    "outlet": pl.String(),
    "role": pl.String(),
    "origin_basis": pl.String(),
    "lag_s": pl.Float64(),
}
_PEER = ("identical", "copy", "edited_copy", "revision")  # either text may stand for the other
_PART = ("excerpt", "contains")  # the shorter text lies in the longer one


def group(
    articles: pl.DataFrame, pairs: pl.DataFrame, judgements: pl.DataFrame, settings: CopySettings
) -> pl.DataFrame:
    """Group articles that have one origin and say which is the origin.

    Args:
        articles: article_id, outlet, text, published_at, published_precision and, where known, credit, item_id,
            revision. Only articles that are in a pair or a judgement are looked at.
        pairs: `storage.schema.Pairs`.
        judgements: `storage.schema.Judgements`; "same" and "different" beat any score.
        settings: attach_share, digest_days, ...

    Returns:
        `storage.schema.Copies` without ``run_id``: one row per article of a group of two or more, sorted by article_id.
        ``role`` and ``origin_basis`` are null where nothing decides who was the origin. The rows of a connected
        component of pairs depend on that component alone.

    Cost: linear in pairs, about 5 us each.
    """
    edges = _edges(pairs, settings)
    named = pl.concat(
        [edges["small"], edges["large"], judgements["left_id"], judgements["right_id"]], rechunk=True
    ).unique()
    seen = articles.filter(pl.col("article_id").is_in(named.implode()))
    peers = edges.filter(~pl.col("part")).select(left="small", right="large")
    placed = groups.group(peers, seen["article_id"], judgements, "c", settings.attach_share)
    joined = _attach_parts(placed, edges.filter("part"), judgements)
    members = joined.join(seen, left_on="node", right_on="article_id").filter(pl.len().over("group_id") > 1)
    return _with_origins(members.rename({"node": "article_id", "group_id": "copy_group"}), pairs)


def _edges(pairs: pl.DataFrame, settings: CopySettings) -> pl.DataFrame:
    """Pairs of one origin: small, large (which text lies in which), part."""
    a_small = pl.col("containment_a") >= pl.col("containment_b")
    return pairs.filter("same_origin").select(
        small=pl.when(a_small).then("article_a").otherwise("article_b"),
        large=pl.when(a_small).then("article_b").otherwise("article_a"),
        part=pl.col("relation").is_in(_PART),
    )


def _attach_parts(placed: pl.DataFrame, parts: pl.DataFrame, judgements: pl.DataFrame) -> pl.DataFrame:
    """Join excerpts with the text they lie in, unless that text is a digest of several unrelated ones.

    A longer text that is not itself run by others and holds two or more texts that have nothing to do with each other
    is a digest or a roundup of known stories: it joins none of them.
    """
    home = dict(placed.iter_rows())
    inside: dict[str, set[str]] = {}  # group of the longer text -> groups that lie in it
    for small, large in parts.select("small", "large").iter_rows():
        a, b = home.get(small), home.get(large)
        if a is not None and b is not None and a != b:
            inside.setdefault(b, set()).add(a)
    size = {name: count for name, count in placed["group_id"].value_counts().iter_rows()}
    accepted: dict[str, set[str]] = {}
    for large, smalls in inside.items():
        links = {
            each: ({o for o in smalls if each in inside.get(o, ())} | (inside.get(each, set()) & smalls))
            for each in smalls
        }
        apart = list(groups.components(sorted(smalls), links))
        whole = size[large] > 1 and all(size[each] == 1 for each in smalls)
        if len(apart) == 1 or whole:
            for each in smalls:
                accepted.setdefault(large, set()).add(each)
                accepted.setdefault(each, set()).add(large)
    members: dict[str, list[str]] = {}
    for node, name in home.items():
        members.setdefault(name, []).append(node)
    out = []
    for component in groups.components(sorted(size), accepted):
        chosen = [node for name in component for node in members[name]]
        name = ids.group_id("c", chosen)
        out.extend((node, name) for node in chosen)
    return pl.DataFrame(out, schema=groups.GROUPS, orient="row").sort("node")


@dataclass(frozen=True, slots=True)
class _Origin:
    article_id: str | None
    basis: str | None


def _with_origins(members: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Role, basis and lag of every member."""
    needed = ("credit", "item_id", "revision")
    members = members.with_columns(pl.lit(None).alias(name) for name in needed if name not in members.columns)
    relation = {}
    for a, b, said in pairs.filter("same_origin").select("article_a", "article_b", "relation").iter_rows():
        relation[a, b] = relation[b, a] = said
    rows = []
    for (name,), part in members.sort("article_id").group_by("copy_group", maintain_order=True):
        people = part.to_dicts()
        origin = _origin(people)
        start = next((p for p in people if p["article_id"] == origin.article_id), None)
        for person in people:
            rows.append((name, person["article_id"], person["outlet"], *_role(person, start, origin, relation)))
    return pl.DataFrame(rows, schema=COPIES, orient="row").sort("article_id")


def _origin(people: list[dict[str, object]]) -> _Origin:
    """Who was first in line: the wire named in the credit, else the earliest instant; else nobody."""
    instants = [p for p in people if p["published_precision"] == "instant" and p["published_at"] is not None]
    if len(instants) == len(people):
        first = min(people, key=lambda p: (p["published_at"], p["article_id"]))  # type: ignore[return-value,arg-type]
        same = [p for p in people if p["published_at"] == first["published_at"]]
        if len(same) == 1:
            return _Origin(str(first["article_id"]), "time")
    return _Origin(None, None)


def _role(
    person: dict[str, object], start: dict[str, object] | None, origin: _Origin, relation: dict[tuple[str, str], str]
) -> tuple[str | None, str | None, float | None]:
    if start is None:
        return None, None, None
    if person is start:
        return "origin", origin.basis, 0.0
    said = relation.get((str(person["article_id"]), str(start["article_id"])), "edited_copy")
    role = {"identical": "copy", "contains": "excerpt"}.get(said, said)
    lag = None
    if person["published_precision"] == start["published_precision"] == "instant":
        lag = (person["published_at"] - start["published_at"]).total_seconds()  # type: ignore[operator]
    return role, origin.basis, lag
