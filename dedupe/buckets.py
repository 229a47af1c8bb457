"""Which articles may meet the new ones of a run: the buckets the new ones lie in, and who lies there with them.

A bucket is the articles with one key (a body, an LSH band, a sampled shingle) in one stretch of time. Of the window
nothing else matters: not its other articles, and of a crowded bucket that no new article leads only the leaders. So an
index of the keys gives the same pairs as all sketches of the window, and what is new decides the cost.
"""

import bisect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from dedupe import sketch as sketches_of
from dedupe import words
from dedupe.settings import CopySettings
from storage.segments import Batch

I64 = npt.NDArray[np.int64]
U64 = npt.NDArray[np.uint64]
ROWS = npt.NDArray[np.int32]
BOOL = npt.NDArray[np.bool_]
Postings = tuple[U64, ROWS]  # keys, and the row of `Buckets.articles` that has each

_COLUMNS = ("article_id", "scheme", "shingle_n", "signature", "scaled", "body_hash", "published_at")
_TURN = np.uint64(0x9E3779B97F4A7C15)  # odd: a key has another place in the index in every stretch of time


class Index(Protocol):
    """Who has a key, of all stored sketches. `storage.postings` keeps one."""

    def first(self, kind: str, keys: U64, most: int | None) -> tuple[I64, I64, BOOL]:
        """For each of some ascending keys the ``most`` earliest articles (None: all), or a few more.

        Returns:
            Place of the key and handle of the article, a row for each that was found; and for each key whether there
            may be more.
        """
        ...

    def count(self, kind: str, keys: U64) -> I64:
        """How many articles have each of some ascending keys."""
        ...

    def articles(self, handles: I64) -> pl.DataFrame:
        """article_id, at (us), body (key), size (sampled shingles) of some articles, in the order of the handles."""
        ...


@dataclass(frozen=True)
class Buckets:
    """New articles and those they may meet.

    Attributes:
        articles: article_id, at (us), stretch, body, size (sampled shingles), is_new; in order of time, then of id.
        band: LSH bands of the articles that lead their body, or did before the new ones came.
        scaled: Sampled shingles of the same.
        empty: Articles without a word, which meet nobody.
        unread: For each kind of key the pairs of crowded buckets whose members were not even read.
    """

    articles: pl.DataFrame
    band: Callable[[], Postings]
    scaled: Callable[[], Postings]
    empty: int = 0
    unread: dict[str, int] = field(default_factory=dict)

    @property
    def leads(self) -> BOOL:
        """Whether an article is the first of its body and stretch: it stands for all that have the same."""
        return _leads(self.articles)

    @property
    def led(self) -> BOOL:
        """Whether it was that before the new articles came."""
        return _led(self.articles)

    @classmethod
    def of(cls, new: pl.DataFrame, window: pl.DataFrame, settings: CopySettings) -> "Buckets":
        """All buckets of some sketches: those of ``new`` and, where not among these, of ``window``.

        Raises:
            ValueError: The sketches were made under different schemes.
        """
        old = window.select(_COLUMNS).join(new.select("article_id"), on="article_id", how="anti")
        _check_schemes((new, old), settings)
        both = pl.concat([new.select(*_COLUMNS, is_new=pl.lit(True)), old.with_columns(is_new=pl.lit(False))])
        spoken = _spoken(both, settings)
        articles = spoken.select("article_id", "at", "stretch", "body", "size", "is_new")
        heads = np.flatnonzero(_leads(articles) | _led(articles)).astype(np.int32)
        used = spoken[heads]
        keys = {kind: partial(_keys, kind, used, heads, settings) for kind in ("band", "scaled")}
        return cls(articles, keys["band"], keys["scaled"], both.height - spoken.height)

    @classmethod
    def stored(cls, new: pl.DataFrame, index: Index, settings: CopySettings) -> "Buckets":
        """The buckets of ``new`` alone, with whom an index of all stored sketches (with or without these) finds there.

        Raises:
            ValueError: The sketches were made under a different scheme.

        Cost: 0.1 ms a new article, growing with the logarithm of the window.
        """
        _check_schemes((new,), settings)
        spoken = _spoken(new, settings).with_columns(is_new=pl.lit(True))
        mine = spoken.select("article_id", "at", "stretch", body=fold(_bodies(spoken), _stretch(spoken)), size="size")
        exact = _Reading(index, "exact", mine, settings.exact_leaders)
        exact.read(_bodies(spoken), np.arange(spoken.height, dtype=np.int32), apart=False)
        heads = np.flatnonzero(exact.heads).astype(np.int32)
        readings = {"exact": exact}
        own: dict[str, Postings] = {}
        for kind, leaders in (("band", settings.band_leaders), ("scaled", settings.leaders)):
            own[kind] = _keys(kind, spoken[heads], heads, settings)
            readings[kind] = _Reading(index, kind, mine, leaders)
            readings[kind].read(*own[kind], apart=True)
        return _assembled(new.height - spoken.height, mine, own, readings, settings)


def posted(sketches: pl.DataFrame, settings: CopySettings) -> Batch:
    """The articles of some sketches and all their keys, as an index holds them; those without a word have none."""
    _check_schemes((sketches,), settings)
    spoken = _spoken(sketches.select(_COLUMNS), settings)
    rows = np.arange(spoken.height, dtype=np.int32)
    stretch_of = _stretch(spoken)
    keys = {kind: _keys(kind, spoken, rows, settings) for kind in ("band", "scaled")}
    return Batch(
        ids=spoken["article_id"],
        at=spoken["at"].to_numpy(),
        body=fold(_bodies(spoken), stretch_of),
        size=spoken["size"].to_numpy(),
        keys={kind: (fold(each, stretch_of[owner]), owner) for kind, (each, owner) in keys.items()},
    )


def laid_out(settings: CopySettings) -> str:
    """What the keys of an index depend on beside its sketches: with another value of this it is another index."""
    band_n, row_n = sketches_of.band_shape(settings)
    return f"{sketches_of.scheme(settings)}/b{band_n}x{row_n}/d{settings.window_days}"


def stretch(settings: CopySettings) -> pl.Expr:
    """The number of the stretch of time, as long as the window, that ``published_at`` lies in."""
    return (pl.col("published_at").dt.epoch("us") // (settings.window_days * 86_400_000_000)).cast(pl.Int32)


def fold(keys: U64, stretch_of: I64) -> U64:
    """The same keys in other stretches of time as keys of their own: what is sought is found by one search."""
    return words.mix(keys ^ (stretch_of.astype(np.uint64) * _TURN))


class _Reading:
    """What an index says of the buckets of one kind of key that new articles lie in."""

    def __init__(self, index: Index, kind: str, mine: pl.DataFrame, leaders: int) -> None:
        self.index, self.kind, self.mine, self.leaders = index, kind, mine, leaders
        self.keys: list[U64] = []
        self.handles: list[I64] = []
        self.unread = 0
        self.heads = np.zeros(mine.height, dtype=bool)

    def read(self, keys: U64, rows: ROWS, *, apart: bool) -> None:
        """Read the buckets of the new articles' keys, and with ``apart`` those of the stretches beside them.

        Where stored articles lead, their first ones are enough: the others meet no new article. Where a new one is
        among the leaders it meets everybody, so everybody is read.
        """
        stretch_of = _stretch(self.mine)[rows]
        own, one, of = np.unique(fold(keys, stretch_of), return_index=True, return_inverse=True)
        raw, where, members = keys[one], stretch_of[one], np.bincount(of, minlength=len(own))
        which, handles, more = self.index.first(self.kind, own, self.leaders)
        earliest = np.full(len(own), self.mine.height, dtype=np.int64)
        np.minimum.at(earliest, of, rows)
        before = self._before(which, handles, earliest)
        self.heads[rows] = (earliest[of] == rows) & (before[of] == 0)
        leading = before < self.leaders
        self._keep(raw, which, handles)
        left = np.flatnonzero(~leading & more)
        beyond = self.index.count(self.kind, own[left]) - members[left] - self.leaders
        self.unread = int((np.maximum(beyond, 0) * members[left]).sum())
        whole = [(own[leading & more], raw[leading & more])]
        first: list[tuple[U64, U64]] = []
        for step in (-1, 1) if apart else ():
            beside = fold(raw, where + step)
            whole.append((beside[leading], raw[leading]))
            first.append((beside[~leading], raw[~leading]))
        self._also(whole, None)
        self._also(first, self.leaders)

    def _before(self, which: I64, handles: I64, earliest: I64) -> I64:
        """How many stored articles, one a body, stand in each bucket before the first new one."""
        once, of = np.unique(handles, return_inverse=True)
        found = self.index.articles(once)
        old = ~found["article_id"].is_in(self.mine["article_id"].implode()).to_numpy()
        early = old[of] & (_places(found, self.mine)[of] <= earliest[which])
        if self.kind == "exact":
            return np.bincount(which[early], minlength=len(earliest))
        _, body = np.unique(found["body"].to_numpy(), return_inverse=True)
        apart = np.unique((which[early] << 32) | body[of[early]])
        return np.bincount(apart >> 32, minlength=len(earliest))

    def _also(self, sought: list[tuple[U64, U64]], most: int | None) -> None:
        if sought:
            folded, raw = (np.concatenate(each) for each in zip(*sought, strict=True))
            order = np.argsort(folded)
            which, handles, _ = self.index.first(self.kind, folded[order], most)
            self._keep(raw[order], which, handles)

    def _keep(self, raw: U64, which: I64, handles: I64) -> None:
        self.keys.append(raw[which])
        self.handles.append(handles)


def _assembled(
    empty: int, mine: pl.DataFrame, own: dict[str, Postings], readings: dict[str, _Reading], settings: CopySettings
) -> Buckets:
    """New articles and what was read, one frame in the order of time."""
    index = readings["exact"].index
    handles = np.unique(np.concatenate([each for reading in readings.values() for each in reading.handles]))
    read = index.articles(handles)
    ids = read["article_id"]
    window_us = settings.window_days * 86_400_000_000
    old = read.join(mine, on="article_id", how="anti").with_columns(
        stretch=pl.col("at") // window_us, is_new=pl.lit(False)
    )
    articles = (
        pl.concat([mine.with_columns(is_new=pl.lit(True)), old.select(*mine.columns, "is_new")])
        .unique("article_id", keep="first", maintain_order=True)
        .sort("at", "article_id")
    )
    numbered = articles.select("article_id", row=pl.int_range(pl.len(), dtype=pl.Int32))
    row_of = ids.to_frame().join(numbered, on="article_id", how="left", maintain_order="left")["row"].to_numpy()
    place = np.flatnonzero(articles["is_new"].to_numpy()).astype(np.int32)  # of each new article among all
    heir = np.full(articles.height, -1, dtype=np.int32)
    leads, led = _leads(articles), _led(articles)
    # Who led a body until a new article came has that article's keys.
    body = articles["body"].to_numpy()
    lost = np.flatnonzero(led & ~leads)
    by_body = np.flatnonzero(leads)[np.argsort(body[leads])]
    heir[by_body[np.searchsorted(body[by_body], body[lost])]] = lost

    def together(kind: str) -> Postings:
        keys, rows = own[kind][0], place[own[kind][1]]
        followed = heir[rows] >= 0
        found = row_of[np.searchsorted(handles, np.concatenate(readings[kind].handles))]
        every = np.concatenate([keys, keys[followed], *readings[kind].keys])
        owners = np.concatenate([rows, heir[rows[followed]], found])
        order = np.lexsort((owners, every))
        every, owners = every[order], owners[order]
        once = np.ones(len(every), dtype=bool)
        once[1:] = (every[1:] != every[:-1]) | (owners[1:] != owners[:-1])
        return every[once], owners[once]

    unread = {kind: reading.unread for kind, reading in readings.items()}
    return Buckets(articles, partial(together, "band"), partial(together, "scaled"), empty, unread)


def _check_schemes(frames: Iterable[pl.DataFrame], settings: CopySettings) -> None:
    wanted = sketches_of.scheme(settings)
    for frame in frames:
        for found in frame["scheme"].unique().sort().to_list():
            if found != wanted:
                raise ValueError(
                    f"sketches of scheme {found!r} cannot be compared with {wanted!r}: sketch the articles again"
                )


def _spoken(sketches: pl.DataFrame, settings: CopySettings) -> pl.DataFrame:
    """Sketches of texts that hold a word, in order of time, with what `Buckets.articles` says of them."""
    return (
        sketches.filter(pl.col("shingle_n") > 0)
        .sort("published_at", "article_id")
        .with_columns(
            at=pl.col("published_at").dt.epoch("us"),
            stretch=stretch(settings).cast(pl.Int64),
            body="body_hash",
            size=(pl.col("scaled").bin.size() // 8).cast(pl.Int32),
        )
    )


def _keys(kind: str, sketches: pl.DataFrame, rows: ROWS, settings: CopySettings) -> Postings:
    """The keys of some sketches, each beside the number in ``rows`` of the article that has it."""
    if kind == "band":
        keys = sketches_of.band_keys(sketches, settings)
        return keys.reshape(-1), np.repeat(rows, keys.shape[1])
    hashes, sizes = sketches_of.scaled_hashes(sketches)
    return hashes, np.repeat(rows, sizes)


def _bodies(spoken: pl.DataFrame) -> U64:
    return spoken["body_hash"].to_numpy().view(np.uint64)


def _stretch(articles: pl.DataFrame) -> I64:
    return articles["stretch"].to_numpy()


def _leads(articles: pl.DataFrame) -> BOOL:
    return articles.select(pl.struct("body", "stretch").is_first_distinct()).to_series().to_numpy()


def _led(articles: pl.DataFrame) -> BOOL:
    if articles["is_new"].all():
        return np.zeros(articles.height, dtype=bool)
    first = pl.struct("body", "stretch", "is_new").is_first_distinct()
    return articles.select(first & ~pl.col("is_new")).to_series().to_numpy()


def _places(found: pl.DataFrame, mine: pl.DataFrame) -> I64:
    """How many of the new articles stand before each of those found, in order of time, then of id."""
    known, at = mine["at"].to_numpy(), found["at"].to_numpy()
    begin, end = np.searchsorted(known, at, side="left"), np.searchsorted(known, at, side="right")
    names = mine["article_id"].to_list()
    for tied in np.flatnonzero(begin < end).tolist():
        begin[tied] = bisect.bisect_left(names, found["article_id"][tied], begin[tied], end[tied])
    return begin
