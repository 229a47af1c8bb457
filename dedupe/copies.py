"""Level 2, result: verified pairs and judgements -> copy groups, with who is the origin, on which evidence."""

import itertools
import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from dedupe import groups
from dedupe.changes import anchored_id
from dedupe.judgements import latest
from dedupe.settings import CopySettings

COPIES = {
    "copy_group": pl.String(),
    "article_id": pl.String(),
    "outlet": pl.String(),
    "role": pl.String(),
    "origin_basis": pl.String(),
    "lag_s": pl.Float64(),
}
_READ = ("article_id", "outlet", "published_at", "published_precision", "credit", "item_id", "revision")
_ORIGINS = {"copy_group": pl.String(), "start": pl.String(), "origin_basis": pl.String()}
_DAY_US = 86_400_000_000
_PART = (
    "excerpt",
    "contains",
)  # the shorter text lies in the longer one; of all others, either may stand for the other

_WIRES = {
    **dict.fromkeys(("associated press", "ap news", "apnews"), "ap"),
    **dict.fromkeys(("thomson reuters", "reuters news"), "reuters"),
    **dict.fromkeys(("agence france-presse", "agence france presse"), "afp"),
    **dict.fromkeys(("deutsche presse-agentur", "dpa international"), "dpa"),
    **dict.fromkeys(("press association", "pa media"), "pa"),
    **dict.fromkeys(("united press international", "upi"), "upi"),
    "canadian press": "cp",
    "kyodo news": "kyodo",
    "keystone-sda": "sda",
    "agencia efe": "efe",
}


def group(
    articles: pl.DataFrame, pairs: pl.DataFrame, judgements: pl.DataFrame, settings: CopySettings
) -> pl.DataFrame:
    """Group articles that have one origin and say which is the origin.

    Args:
        articles: article_id, outlet, published_at, published_precision and, where known, credit, item_id, revision.
            Only articles that are in a pair or a judgement are looked at.
        pairs: `storage.schema.Pairs`.
        judgements: `storage.schema.Judgements`; "same" and "different" beat any score.
        settings: attach_share, part_days.

    Returns:
        `storage.schema.Copies` without ``run_id``: one row per article of a group of two or more, sorted by article_id.
        ``origin_basis`` says what decided the origin: ``credit`` (the texts credit a wire; where that wire's own item
        was never gathered, no row has the role origin and all are copies of it), ``wire_item`` (versions of one item),
        ``time`` (the earliest, where precision allows), ``containment`` (the one text all others were cut from). Where
        nothing decides, ``role`` and ``origin_basis`` are null. The rows of a connected component of pairs and
        judgements depend on that component alone.

    Cost: linear in pairs, about 5 us each.
    """
    edges = _edges(pairs)
    sides = (edges["small"], edges["large"], judgements["left_id"], judgements["right_id"])
    read = [name for name in _READ if name in articles.columns]
    seen = articles.select(read).filter(pl.col("article_id").is_in(pl.concat(sides).unique().implode()))
    peers = edges.filter(~pl.col("relation").is_in(_PART)).select("relation", left="small", right="large")
    equal = peers.filter(pl.col("relation") == "identical")
    placed = groups.group(peers, seen["article_id"], judgements, equal, attach_share=settings.attach_share)
    parts = _near_in_time(edges.filter(pl.col("relation").is_in(_PART)), seen, settings)
    joined = _attach_parts(placed, parts, judgements)
    members = joined.join(seen, left_on="node", right_on="article_id").filter(pl.len().over("group_id") > 1)
    return _with_origins(_named(members.rename({"node": "article_id", "group_id": "copy_group"})), edges)


def _named(members: pl.DataFrame) -> pl.DataFrame:
    """The members with the id of their group: that of its earliest article."""
    first = (
        members.sort("published_at", "article_id", nulls_last=True)
        .group_by("copy_group", maintain_order=True)
        .agg(pl.col("article_id").first())
    )
    named = {name: anchored_id("c", [article], {}) for name, article in first.iter_rows()}
    return members.with_columns(pl.col("copy_group").replace_strict(named, return_dtype=pl.String))


def _edges(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs of one origin: small, large (which text lies rather in which), relation."""
    a_small = pl.col("containment_a") >= pl.col("containment_b")
    return pairs.filter("same_origin").select(
        "relation",
        small=pl.when(a_small).then("article_a").otherwise("article_b"),
        large=pl.when(a_small).then("article_b").otherwise("article_a"),
    )


def _near_in_time(parts: pl.DataFrame, articles: pl.DataFrame, settings: CopySettings) -> pl.DataFrame:
    """Without the roundups that look back on a story: those come days later and make no part of its copies."""
    at = articles.select("article_id", "published_at")
    days = (pl.col("published_at") - pl.col("published_at_large")).dt.total_seconds().abs() / 86_400
    return (
        parts.join(at, left_on="small", right_on="article_id")
        .join(at, left_on="large", right_on="article_id", suffix="_large")
        .filter((days <= settings.part_days).fill_null(value=True))
    )


def _attach_parts(placed: pl.DataFrame, parts: pl.DataFrame, judgements: pl.DataFrame) -> pl.DataFrame:
    """Join excerpts with the text they lie in, unless that text is a digest of several unrelated ones.

    A longer text that holds two or more texts that have nothing to do with each other is a digest or a roundup of known
    stories: it joins none of them. (Except: single excerpts of a text that several outlets run.)
    """
    at_home = placed.rename({"node": "article_id"})
    held = (
        parts.join(at_home.rename({"article_id": "small", "group_id": "inner"}), on="small")
        .join(at_home.rename({"article_id": "large", "group_id": "outer"}), on="large")
        .filter(pl.col("inner") != pl.col("outer"))
        .select("inner", "outer")
        .unique()
    )
    inside: dict[str, set[str]] = {}  # group of the longer text -> groups that lie in it
    for inner, outer in held.iter_rows():
        inside.setdefault(outer, set()).add(inner)
    touched = pl.concat([held["inner"], held["outer"]]).unique().sort()
    sizes = placed.filter(pl.col("group_id").is_in(touched.implode())).group_by("group_id").len()
    member_n: dict[str, int] = dict(sizes.iter_rows())
    accepted = [
        (each, large)
        for large, smalls in inside.items()
        if _is_one_story(smalls, inside) or (member_n[large] > 1 and all(member_n[each] == 1 for each in smalls))
        for each in smalls
    ]
    united = groups.Union(touched)
    apart = _apart(judgements, placed)
    for left, right in sorted(accepted):
        groups.join_sets(united[left], united[right], united, apart)
    moved = {name: united[name] for name in touched}  # a group is named after its smallest node until `_named`
    return placed.with_columns(pl.col("group_id").replace(moved)) if moved else placed


def _is_one_story(smalls: set[str], inside: Mapping[str, set[str]]) -> bool:
    """Whether the groups that lie in one longer text hang together among themselves."""
    links: dict[str, set[str]] = {}
    for each in smalls:
        for other in inside.get(each, set()) & smalls:
            links.setdefault(each, set()).add(other)
            links.setdefault(other, set()).add(each)
    return len(list(groups.components(sorted(smalls), links))) == 1


def _apart(judgements: pl.DataFrame, placed: pl.DataFrame) -> dict[str, set[str]]:
    """Groups that a person has said to be different, by the latest judgement of each pair of articles."""
    judged = pl.concat([judgements["left_id"], judgements["right_id"]]).unique()
    home: dict[str, str] = dict(placed.filter(pl.col("node").is_in(judged.implode())).iter_rows())
    out: dict[str, set[str]] = {}
    for left_id, right_id in latest(judgements).filter(~pl.col("same")).select("left", "right").iter_rows():
        left, right = home.get(left_id), home.get(right_id)
        if left is not None and right is not None and left != right:
            out.setdefault(left, set()).add(right)
            out.setdefault(right, set()).add(left)
    return out


@dataclass(frozen=True, slots=True)
class _Origin:
    article_id: str | None
    basis: str | None


def _with_origins(members: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """Role, basis and lag of every member."""
    missing = [name for name in ("credit", "item_id", "revision") if name not in members.columns]
    members = members.with_columns(pl.lit(None).alias(name) for name in missing)
    head = _same_text(members["article_id"], edges)
    members = members.with_columns(text=pl.col("article_id").replace(head))
    said = _said(edges, members)
    starts = _earliest_elsewhere(members)
    asked = members.join(starts, on="copy_group", how="anti").sort("copy_group", "article_id")
    told = said.filter(pl.col("text").is_in(asked["text"].unique().implode()))
    roles = {(text, other): role for text, other, role in told.iter_rows()}
    found = [
        (str(name), origin.article_id, origin.basis)
        for name, part in itertools.groupby(asked.iter_rows(named=True), key=operator.itemgetter("copy_group"))
        for origin in (_origin(list(part), roles),)
    ]
    origins = pl.concat([starts, pl.DataFrame(found, schema=_ORIGINS, orient="row")])
    return _roles(members.join(origins, on="copy_group"), said).select(*COPIES).sort("article_id")


def _said(edges: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """What a text is when another one is the origin: text, other, role; where several pairs say so, the last."""
    own = members.select("article_id", "text")
    known = (
        edges.join(own.rename({"article_id": "small", "text": "inner"}), on="small")
        .join(own.rename({"article_id": "large", "text": "outer"}), on="large")
        .sort("relation", "small", "large")
        .with_row_index("order")
    )
    role = pl.col("relation").replace({"contains": "excerpt", "identical": "copy"})
    back = pl.when(pl.col("relation").is_in(_PART)).then(pl.lit("edited_copy")).otherwise(role)
    return (
        pl.concat(
            [
                known.select("order", side=pl.lit(0), text="inner", other="outer", role=role),
                known.select("order", side=pl.lit(1), text="outer", other="inner", role=back),
            ]
        )
        .sort("order", "side")
        .unique(["text", "other"], keep="last", maintain_order=True)
        .select("text", "other", "role")
    )


def _earliest_elsewhere(members: pl.DataFrame) -> pl.DataFrame:
    """The origins (`_ORIGINS`) of the groups that `_by_time` decides, all at once: nothing ranks before it there.

    That is, no text credits a wire and not all are of one item.
    """
    at, group = pl.col("published_at"), "copy_group"
    untold = (pl.col("credit").fill_null("") == "").all() & (
        pl.col("item_id").is_null().any() | (pl.col("item_id").n_unique() > 1)
    )
    timed = ~(at.is_null() | (pl.col("published_precision") == "none").fill_null(value=False)).any()
    ordered = members.sort(group, "published_at", "article_id").filter((untold & timed).over(group))
    first = {name: pl.col(name).first().over(group) for name in ("article_id", "outlet", "published_precision")}
    exact = (pl.col("published_precision") == "instant") & (first["published_precision"] == "instant")
    late = (at - at.first().over(group)).dt.total_microseconds() > pl.when(exact).then(0).otherwise(_DAY_US)
    rest, elsewhere = pl.col("article_id") != first["article_id"], pl.col("outlet").ne_missing(first["outlet"])
    other = rest & (elsewhere | ~elsewhere.any().over(group))
    return (
        ordered.with_columns(late=late.fill_null(value=False) | ~other)
        .group_by(group, maintain_order=True)
        .agg(start=pl.col("article_id").first(), late=pl.col("late").all())
        .filter("late")
        .select(group, "start", origin_basis=pl.lit("time"))
    )


def _roles(members: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """Members of groups whose origin is known (or not: start is null), with role and lag."""
    places = members.select("article_id", other="text", at="published_at", precision="published_precision")
    known = members.join(places, left_on="start", right_on="article_id", how="left", maintain_order="left").join(
        said, on=["text", "other"], how="left", maintain_order="left"
    )
    exact = (pl.col("published_precision") == "instant") & (pl.col("precision") == "instant")
    role = (
        pl.when(pl.col("origin_basis").is_null())
        .then(None)
        .when(pl.col("start").is_null())
        .then(pl.lit("copy"))
        .when(pl.col("article_id") == pl.col("start"))
        .then(pl.lit("origin"))
        .when(pl.col("text") == pl.col("other"))
        .then(pl.lit("copy"))
        .otherwise(pl.col("role").fill_null("edited_copy"))
    )
    lag = (pl.col("published_at") - pl.col("at")).dt.total_microseconds() / 1e6
    return known.with_columns(role=role, lag_s=pl.when(exact).then(lag))


def _same_text(articles: pl.Series, edges: pl.DataFrame) -> dict[str, str]:
    """The articles whose text has a smaller id as well: the smallest of those with that text."""
    known = articles.implode()
    equal = edges.filter(
        (pl.col("relation") == "identical") & pl.col("small").is_in(known) & pl.col("large").is_in(known)
    )
    united = groups.Union(pl.concat([equal["small"], equal["large"]]).to_list())
    for small, large in equal.select("small", "large").iter_rows():
        if united[small] != united[large]:
            united.join(small, large)
    return {article: head for article, head in united.items() if head != article}


def _origin(people: list[dict[str, Any]], said: Mapping[tuple[str, str], str]) -> _Origin:
    """Who was first in line. Order of trust: credit, item, time, containment."""
    return (_by_credit(people) or _by_item(people) or _by_time(people) or _by_containment(people, said)) or _Origin(
        None, None
    )


def _by_credit(people: list[dict[str, Any]]) -> _Origin | None:
    """The wire that the texts credit: its own article where there is one, else a text nobody gathered.

    Where they credit several, the one that twice as many outlets name as any other. Else only the credited wires' own
    articles can be the origin, by their times; without two of these nothing is decided.
    """
    said: dict[str, set[str]] = {}
    for person in people:
        if person["credit"]:
            said.setdefault(wire(person["credit"]), set()).add(person["outlet"])
    if not said:
        return None
    ranked = sorted(said, key=lambda name: (-len(said[name]), name))
    if len(ranked) > 1 and len(said[ranked[0]]) < 2 * len(said[ranked[1]]):
        wires = [person for person in people if wire(person["outlet"]) in said]
        found = _by_time(wires) if len({person["outlet"] for person in wires}) > 1 else None
        return found or _Origin(None, None)
    own = [person for person in people if wire(person["outlet"]) == ranked[0]]
    if own:
        return _Origin(_earliest(own)["article_id"], "credit")
    several = len({person["outlet"] for person in people}) > 1
    return _Origin(None, "credit") if several else None


def wire(name: str) -> str:
    """One name for a wire, whichever of its names a text or a configuration uses; other names in lower case."""
    bare = name.casefold().strip().removeprefix("the ").removesuffix(".com").removesuffix(".org")
    return _WIRES.get(bare, bare)


def _by_item(people: list[dict[str, Any]]) -> _Origin | None:
    items = {person["item_id"] for person in people}
    if len(items) != 1 or None in items:
        return None
    first = min(people, key=lambda person: (person["revision"] or 0, person["article_id"]))
    return _Origin(first["article_id"], "wire_item")


def _by_time(people: list[dict[str, Any]]) -> _Origin | None:
    """The earliest by instants; by days only where more than a day lies before the next (dates err by one).

    The next is the first of another outlet: an outlet that ran its text twice was first whichever of the two it was.
    """
    if any(person["published_at"] is None or person["published_precision"] == "none" for person in people):
        return None
    first, *rest = sorted(people, key=lambda person: (person["published_at"], person["article_id"]))
    others = [person for person in rest if person["outlet"] != first["outlet"]] or rest
    for other in others:
        exact = first["published_precision"] == other["published_precision"] == "instant"
        if (other["published_at"] - first["published_at"]).total_seconds() <= (0 if exact else 86_400):
            return None
    return _Origin(first["article_id"], "time")


def _by_containment(people: list[dict[str, Any]], said: Mapping[tuple[str, str], str]) -> _Origin | None:
    """The one text of which every other one is an excerpt, where only one article has it."""
    texts = sorted({person["text"] for person in people})
    whole = [text for text in texts if all(said.get((other, text)) == "excerpt" for other in texts if other != text)]
    if len(texts) < 2 or len(whole) != 1:
        return None
    owners = [person["article_id"] for person in people if person["text"] == whole[0]]
    return _Origin(owners[0], "containment") if len(owners) == 1 else None


def _earliest(people: Iterable[dict[str, Any]]) -> dict[str, Any]:
    def when(person: dict[str, Any]) -> tuple[bool, str, str]:
        at = person["published_at"]
        return at is None, "" if at is None else at.isoformat(), person["article_id"]

    return min(people, key=when)
