"""What became of the groups of an earlier run: which merged, split, went or got another origin, and why.

Copy groups and stories alike. A group is named after its earliest article, so it keeps its id while articles are added
to it; what this cannot keep is told here, row by row, so that a reader who held an id finds where its members went.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from dedupe.judgements import latest
from storage import ids

CHANGES = {
    "change_id": pl.String(),
    "level": pl.String(),
    "kind": pl.String(),
    "old_id": pl.String(),
    "new_id": pl.String(),
    "article_n": pl.Int32(),
    "old_origin": pl.String(),
    "new_origin": pl.String(),
    "reason": pl.String(),
}
_NAMED = 3  # articles that a reason names; how many more there are is said


def anchored_id(prefix: str, articles: Iterable[str], published: Mapping[str, Any]) -> str:
    """The id of a group of articles: that of its earliest one, so that it lives on when later ones join.

    Args:
        prefix: Of the id ("c", "s").
        articles: The members' ids, at least one.
        published: Article -> published_at; an article without a time counts as the latest.
    """

    def when(article: str) -> tuple[bool, str, str]:
        at = published.get(article)
        return at is None, "" if at is None else at.isoformat(), article

    return ids.group_id(prefix, [min(articles, key=when)])


def between(
    before: pl.DataFrame, after: pl.DataFrame, judgements: pl.DataFrame, *, level: str, state: str = ""
) -> pl.DataFrame:
    """The changes from one grouping to the next.

    Args:
        before: group_id, article_id and, for copy groups, role and origin_basis: what is stored.
        after: The same, as it is to be. An article is in one group at most.
        judgements: `storage.schema.Judgements`, also withdrawn ones: what a reason may name.
        level: "copies" or "stories".
        state: Names the stored grouping; the same change of the same state has the same ``change_id``.

    Returns:
        `storage.schema.Changes` without changed_at and run_id, sorted by change_id. A group to which articles were only
        added is not changed. ``merged``: its members went over, whole, into a group that holds others too; ``renamed``:
        whole, into a new one; ``split``: one row for every other group that members went to; ``dissolved``: no member
        is in a group any more; ``origin_changed``: of a group whose origin was decided.

    Cost: joins over the two groupings, about 2 us an article; a changed group costs its members.
    """
    home = after.select("article_id", new="group_id")
    moved = before.select("article_id", old="group_id").join(home, on="article_id", how="left")
    went = moved.group_by("old", "new").agg(pl.col("article_id").sort()).sort("old", "new", nulls_last=True)
    went = went.with_columns(ways=pl.len().over("old"), sources=pl.len().over("new"))
    left = went.filter(pl.col("new").is_null() | (pl.col("old") != pl.col("new")))
    others = _other_origins(before, after, moved) if "role" in before.columns else []
    told = _reasons(before, after, judgements, {*left["old"], *(row[0] for row in others)})
    rows: list[tuple[Any, ...]] = []
    for old, new, articles, ways, sources in left.iter_rows():
        apart = ways > 1 or new is None
        kind = "split" if ways > 1 else "dissolved" if new is None else "merged" if sources > 1 else "renamed"
        reason = told.apart(old) if apart else told.together(old, new)
        rows.append((kind, old, new, len(articles), None, None, reason))
    for old, new, size, was, is_now in others:
        rows.append(("origin_changed", old, new, size, was, is_now, told.together(old, new)))
    named = [(ids.content_id("x", level, state, *row[:3]), level, *row) for row in rows]
    return pl.DataFrame(named, schema=CHANGES, orient="row").sort("change_id")


def _other_origins(before: pl.DataFrame, after: pl.DataFrame, moved: pl.DataFrame) -> list[tuple[Any, ...]]:
    """Groups whose origin was decided and is another one, or none, where most of their members are now."""
    most = (
        moved.drop_nulls("new").group_by("old", "new").len().sort("old", "len", "new", descending=[False, True, False])
    )
    heirs = most.unique("old", keep="first", maintain_order=True)
    then, now = (
        frame.drop_nulls("origin_basis").group_by("group_id").agg(
            origin=pl.col("article_id").filter(pl.col("role") == "origin").sort().first()
        )
        for frame in (before, after)
    )  # fmt: skip
    pairs = (
        heirs.join(then, left_on="old", right_on="group_id")
        .join(now, left_on="new", right_on="group_id", how="left", suffix="_now")
        .filter(~pl.col("origin").eq_missing(pl.col("origin_now")))
        .sort("old")
    )
    return pairs.select("old", "new", "len", "origin", "origin_now").rows()


def _reasons(before: pl.DataFrame, after: pl.DataFrame, judgements: pl.DataFrame, changed: set[str]) -> "_Reasons":
    """The reasons for changes of these groups, from their articles and those they are with now."""
    theirs = before.filter(pl.col("group_id").is_in(pl.Series(sorted(changed), dtype=pl.String).implode()))
    now = after.join(theirs.select("article_id"), on="article_id", how="semi").select("group_id").unique()
    found = after.join(now, on="group_id", how="semi")
    seen = pl.concat([theirs.select("article_id"), found.select("article_id")]).unique()
    then = before.join(seen, on="article_id", how="semi")
    return _Reasons(then, found, latest(judgements))


class _Reasons:
    """What can have brought a change about, in one sentence."""

    def __init__(self, before: pl.DataFrame, after: pl.DataFrame, judged: pl.DataFrame) -> None:
        self._then = dict(before.select("article_id", "group_id").iter_rows())
        self._now = dict(after.select("article_id", "group_id").iter_rows())
        self._had = dict(before.group_by("group_id").agg(pl.col("article_id").sort()).iter_rows())
        self._held = dict(after.group_by("group_id").agg(pl.col("article_id").sort()).iter_rows())
        self._judged = judged.select("left", "right", "same").rows()

    def apart(self, old: str) -> str:
        """Why members of a group are no longer together."""
        return self._word(set(self._had[old]), together=False) or self._arrived(
            {self._now.get(article) for article in self._had[old]}
        )

    def together(self, old: str, new: str) -> str:
        """Why the members of a group are in another one, or have another origin."""
        return self._word({*self._had[old], *self._held[new]}, together=True) or self._arrived({new})

    def _word(self, articles: set[str], *, together: bool) -> str:
        """The judgement, or its withdrawal, that asked for just this."""
        for left, right, same in self._judged:
            if left in articles and right in articles and same is not (not together):
                then = self._then.get(left, left) == self._then.get(right, right)
                now = self._now.get(left, left) == self._now.get(right, right)
                if then != now and now is together:
                    said = (
                        "judgement withdrawn on" if same is None else "judged the same" if same else "judged different"
                    )
                    return f"{said}: {left} {right}"
        return ""

    def _arrived(self, groups: set[str | None]) -> str:
        """The articles that are in these groups and were in none."""
        came = sorted(
            article for name in groups if name is not None for article in self._held[name] if article not in self._then
        )
        if not came:
            return "the pairs, times or settings are others"
        more = f" and {len(came) - _NAMED} more" if len(came) > _NAMED else ""
        return f"came in: {' '.join(came[:_NAMED])}{more}"
