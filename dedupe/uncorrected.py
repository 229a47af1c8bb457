"""Which outlets' copies still carry text that its wire has withdrawn or corrected, with the exact characters."""

import itertools
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from dedupe.passages import align_pairs
from dedupe.settings import CopySettings
from storage import schema

_WORD = re.compile(r"\w+")
_CONTEXT = 3  # words on each side of a change that must stand in the copy too: fewer fit by chance, more miss edits
_ADDED = 8  # words: what a correction adds beyond that is an update in passing, and its absence no error
_FIELDS = ("text", "title")
_CLOSED = (pl.col("status") == "killed") | (pl.col("change") == "correction")
_COLUMNS = {name: dtype for name, dtype in schema.columns("uncorrected").items() if name != "run_id"}

Row = dict[str, Any]
_Gap = tuple[tuple[int, int], tuple[int, int]]  # places of words: begin and end in the one text, in the other


class _Words(NamedTuple):
    """A text's words in lower case, with where they stand."""

    words: list[str]
    spans: list[tuple[int, int]]


class _Wrong(NamedTuple):
    """A passage of a corrected revision that its correction says differently: words as searched, both as written."""

    searched: tuple[tuple[str, ...], ...]
    wrong: str
    correct: str | None


def concerned(articles: pl.LazyFrame, copies: pl.DataFrame) -> pl.DataFrame:
    """article_id of the killed and corrected items, all their revisions, and their copies: what `find` has to read."""
    closed = articles.filter(_CLOSED).select("item_id")
    revisions = (
        articles.select("article_id", "item_id").join(closed, on="item_id", how="semi").select("article_id").collect()
    )
    groups = copies.join(revisions, on="article_id", how="semi").select("copy_group")
    members = copies.join(groups, on="copy_group", how="semi").select("article_id")
    return pl.concat([revisions, members]).unique().sort("article_id")


def find(articles: pl.DataFrame, copies: pl.DataFrame, notices: pl.DataFrame, settings: CopySettings) -> pl.DataFrame:
    """Copies of killed items, and copies of corrected ones that still say what was wrong.

    Args:
        articles: `schema.Articles`, at least those that are `concerned`.
        copies: `schema.Copies`: who runs whose text.
        notices: `schema.Notices`.
        settings: How texts are aligned.

    Returns:
        `schema.Uncorrected` without run_id, sorted by its key. A kill: the longest passage that the copy shares with
        the killed revision. A correction: every passage that the correction says differently, where the copy has its
        words with some of the words around them.

    Cost: only articles in a copy group with a killed or corrected item are looked at; about 10 ms a copy.
    """
    closed = articles.filter(_CLOSED)
    if closed.is_empty():
        return pl.DataFrame(schema=_COLUMNS)
    revisions = articles.join(closed.select("item_id").unique(), on="item_id", how="semi")
    since = dict(_kills(notices).iter_rows())
    rows: list[Row] = []
    for (item,), part in revisions.sort("item_id", "outlet", "revision").group_by("item_id", maintain_order=True):
        held = part.to_dicts()
        takers = _takers(part, articles, copies)
        if any(row["status"] == "killed" for row in held):
            rows += _of_kill(held, takers, since.get(item), settings)
        else:
            rows += _of_corrections(held, takers, settings)
    keys = [key for key in schema.keys("uncorrected") if key in _COLUMNS]
    return pl.DataFrame(rows, schema=_COLUMNS).unique(keys, keep="first", maintain_order=True).sort(keys)


def _kills(notices: pl.DataFrame) -> pl.DataFrame:
    return notices.filter(kind="kill").group_by("item_id").agg(pl.col("noticed_at").min()).sort("item_id")


def _takers(revisions: pl.DataFrame, articles: pl.DataFrame, copies: pl.DataFrame) -> list[Row]:
    """Standing articles of other outlets in a copy group with a revision of the item."""
    groups = copies.join(revisions.select("article_id"), on="article_id", how="semi").select("copy_group").unique()
    members = copies.join(groups, on="copy_group", how="semi").select("article_id").unique()
    others = articles.join(members, on="article_id", how="semi").join(
        revisions.select("outlet").unique(), on="outlet", how="anti"
    )
    return others.filter(status="usable").sort("article_id").to_dicts()


def _row(kind: str, revision: Row, copy: Row, since: datetime | None, **more: object) -> Row:
    return {"item_id": revision["item_id"], "wire": revision["outlet"], "kind": kind,
            "wrong_article_id": revision["article_id"],
            "article_id": copy["article_id"], "outlet": copy["outlet"], "url": copy["url"], "since": since,
            **more}  # fmt: skip


def _of_kill(held: list[Row], takers: list[Row], since: datetime | None, settings: CopySettings) -> Iterator[Row]:
    """For each copy, the killed revision it shares the longest passage with, and that passage."""
    for copy in takers:
        texts = pl.Series([copy["text"], *(row["text"] for row in held)])
        right = np.arange(1, len(held) + 1)
        aligned = align_pairs(texts, np.zeros(len(held), dtype=np.int64), right, settings, None, compiled=False)
        found = [(row, span) for row, spans in zip(held, aligned.spans().to_list(), strict=True) for span in spans]
        if not found:
            continue
        wrong, span = max(found, key=lambda one: (one[1]["a_end"] - one[1]["a_begin"], one[0]["revision"]))
        begin, end = span["a_begin"], span["a_end"]
        passage = wrong["text"][span["b_begin"] : span["b_end"]]
        yield _row("kill", wrong, copy, since, field="text", begin=begin, end=end, text=copy["text"][begin:end],
                   wrong=passage, correct=None)  # fmt: skip


def _of_corrections(held: list[Row], takers: list[Row], settings: CopySettings) -> Iterator[Row]:
    """For each correction, the passages of the revision before it that it changed, in the copies that have them."""
    for before, after in itertools.pairwise(held):
        if after["change"] != "correction" or before["outlet"] != after["outlet"]:
            continue
        for field in _FIELDS:
            changed = list(_changed(before[field] or "", after[field] or "", settings))
            for copy in takers:
                words = _words(copy[field] or "")
                for one in changed:
                    if (place := _place(one.searched, words)) is not None:
                        begin, end = place
                        yield _row("correction", before, copy, after["versioned_at"] or after["published_at"],
                                   field=field, begin=begin, end=end, text=(copy[field] or "")[begin:end],
                                   wrong=one.wrong, correct=one.correct)  # fmt: skip


def _words(text: str) -> _Words:
    found = list(_WORD.finditer(text))
    return _Words([match[0].casefold() for match in found], [match.span() for match in found])


def _changed(before: str, after: str, settings: CopySettings) -> Iterator[_Wrong]:
    """What a correction changed, each change with the words it is searched by."""
    old, new = _words(before), _words(after)
    whole = " ".join(["", *new.words, ""])
    for gap in _gaps(before, after, old, new, settings):
        (a, b), (c, d) = _trimmed(gap, old.words, new.words)
        if (a == b and c == d) or (a == b and d - c > _ADDED):
            continue
        reaches = ((_CONTEXT, _CONTEXT), (_CONTEXT, 0), (0, _CONTEXT)) if a < b else ((_CONTEXT, _CONTEXT),)
        cuts = [tuple(old.words[max(0, a - left) : b + right]) for left, right in reaches]
        searched = tuple(cut for cut in dict.fromkeys(cuts) if len(cut) > 1 and f" {' '.join(cut)} " not in whole)
        if searched:
            yield _Wrong(searched, _said(before, old, a, b), _said(after, new, c, d))


def _trimmed(gap: _Gap, old: list[str], new: list[str]) -> _Gap:
    """A gap without the words at its ends that are the same on both sides."""
    (a, b), (c, d) = gap
    while a < b and c < d and old[a] == new[c]:
        a, c = a + 1, c + 1
    while a < b and c < d and old[b - 1] == new[d - 1]:
        b, d = b - 1, d - 1
    return (a, b), (c, d)


def _said(text: str, words: _Words, begin: int, end: int) -> str:
    """The words with one on each side, as written: enough to see what was changed."""
    begin, end = max(0, begin - 1), min(len(words.spans), end + 1)
    return text[words.spans[begin][0] : words.spans[end - 1][1]] if begin < end else ""


def _gaps(before: str, after: str, old: _Words, new: _Words, settings: CopySettings) -> Iterator[_Gap]:
    """What stands between the passages two texts share, as places of words in both."""
    texts = pl.Series([before, after])
    first = np.zeros(1, dtype=np.int64)
    aligned = align_pairs(texts, first, first + 1, settings, None, compiled=False)
    at_a = at_b = 0
    for span in sorted(aligned.spans().to_list()[0], key=lambda each: int(each["a_begin"])):
        a, b = _at(old, span["a_begin"]), _at(new, span["b_begin"])
        if b < at_b:  # a passage that was moved: the order of the texts parts here
            continue
        yield (at_a, a), (at_b, b)
        at_a, at_b = _at(old, span["a_end"]), _at(new, span["b_end"])
    yield (at_a, len(old.words)), (at_b, len(new.words))


def _at(words: _Words, offset: int) -> int:
    """The first word that does not begin before an offset."""
    return int(np.searchsorted(np.array([begin for begin, _ in words.spans], dtype=np.int64), offset))


def _place(searched: tuple[tuple[str, ...], ...], words: _Words) -> tuple[int, int] | None:
    """Where the first of the wordings that the text has stands in it."""
    line = " ".join(["", *words.words, ""])
    for wording in searched:
        found = line.find(f" {' '.join(wording)} ")
        if found >= 0:
            first = line.count(" ", 0, found)
            return words.spans[first][0], words.spans[first + len(wording) - 1][1]
    return None
