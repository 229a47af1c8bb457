"""A person's word on two articles or two mentions: kept for ever, obeyed by every run, withdrawn by a later word."""

from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from dedupe import judgements
from flows.explain import one
from storage.tables import Store, StoreError

WORDS = {"same": True, "different": False, "undo": None}
ABOUT = {"copies": "one origin", "stories": "one story", "facts": "one fact"}


def judge(
    path: Path, left: str, right: str, word: str, *, at: datetime, by: str | None = None, why: str | None = None,
    stories: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Keep what a person says of a pair. The next run obeys it.

    Args:
        path: The store.
        left: Id of an article or mention, or the beginning of it.
        right: That of another one of the same kind.
        word: A name of `WORDS`; "undo" withdraws what was said of the pair.
        at: When it was said; of two words on a pair the later one holds.
        by: Who says so.
        why: For what reason.
        stories: Of two articles: whether they are on one event, instead of whether they have one origin.

    Returns:
        What was kept, and ``holds``: whether no later word on the pair stands against it.

    Raises:
        StoreError: No such article or mention, an id that is not complete, two of different kinds, one and the same,
            nothing to withdraw, or another word of the same instant.
    """
    store = Store.open(path, create=False)
    ids = sorted(_found(store, each) for each in (left, right))
    kinds = {each[:1] for each in ids}
    if len(kinds) > 1 or ids[0] == ids[1]:
        seen = "one and the same" if ids[0] == ids[1] else "an article and a mention"
        raise StoreError(f"{ids[0]} and {ids[1]} are {seen}: give two articles or two mentions")
    if stories and kinds == {"m"}:
        raise StoreError("--story is said of two articles: two mentions are one fact, or not")
    about = "facts" if kinds == {"m"} else "stories" if stories else "copies"
    said = store.scan("judgements").filter(left_id=ids[0], right_id=ids[1], about=about).collect()
    if word == "undo" and judgements.standing(said).is_empty():
        raise StoreError(f"nothing is said of {ids[0]} and {ids[1]} ({about}), so there is nothing to withdraw")
    told = {"left_id": ids[0], "right_id": ids[1], "about": about, "same": WORDS[word], "judged_at": at, "note": why,
            "judged_by": by}  # fmt: skip
    row = pl.DataFrame([told], schema_overrides={"same": pl.Boolean, "note": pl.String, "judged_by": pl.String})
    if not store.append("judgements", row, run_id=""):
        raise StoreError(f"of {ids[0]} and {ids[1]} something is said at this very time, {at}: give another --when")
    later = said.filter(pl.col("judged_at") > at).height
    return {**told, "same": word, "holds": later == 0}


def _found(store: Store, wanted: str) -> str:
    """The id of the article or mention that begins so."""
    table, key = ("mentions", "mention_id") if wanted.startswith("m") else ("articles", "article_id")
    return str(one(store, table, key, wanted)[key])
