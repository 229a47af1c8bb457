"""One immutable file of an index: who has a key, sorted by key and time; only the pages a search touches are read.

A segment holds some articles in order of time (instant, id) and, for each kind of key, the keys ascending with the row
of the article that has each. Of articles with one body only the first is listed under the other keys; all of them are
listed under `exact`, the body itself. An article that is struck out is followed by the next with its body.
"""

import contextlib
import mmap
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

I64 = npt.NDArray[np.int64]
U64 = npt.NDArray[np.uint64]
I32 = npt.NDArray[np.int32]
BOOL = npt.NDArray[np.bool_]
Layout = Mapping[str, tuple[int, int, str]]  # part -> where it begins (bytes), how many values, numpy's name of a value

_EXACT = "exact"
_CHUNK = 2_000_000  # keys merged at once: bounds the memory at about 100 MB
_STRETCH = 1 << 24  # bytes under one checksum: 16 MB, 3 ms to check
_MARKS = 8  # marks for a key: a key that nobody has is looked for in vain once in 8 to 16 times


@dataclass(frozen=True, slots=True)
class Batch:
    """Articles and their keys, as they come: in order of time or not.

    Attributes:
        ids: article ids.
        at: Instants (us).
        body: A key of the whole body, one an article.
        size: Sampled shingles.
        keys: Kind -> keys, and the row of the article that has each.
    """

    ids: pl.Series
    at: I64
    body: U64
    size: I32
    keys: Mapping[str, tuple[U64, I32]]


class DamagedError(ValueError):
    """A segment does not hold what was written."""


class Segment:
    """A written segment, mapped: opening it reads nothing, but for one that was just written and has no checksums yet.

    Raises:
        OSError, ValueError: There is no such file, or it does not hold what the layout says.
    """

    def __init__(self, path: Path, layout: Layout, dead: Sequence[int] = (), sums: Sequence[int] | None = None) -> None:
        self.path, self.layout = path, layout
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._parts = {
            name: np.frombuffer(self._map, dtype, count, begin) for name, (begin, count, dtype) in layout.items()
        }
        self.rows = layout["at"][1]
        self.dead = np.array(sorted(dead), dtype=np.int64)
        self._next = self._followers()
        self.sums = [self._sum(at) for at in range(-(-len(self._map) // _STRETCH))] if sums is None else list(sums)

    def check(self, stretches: Iterable[int]) -> None:
        """Compare some stretches of the file with the checksums they were written with.

        Raises:
            DamagedError: One has changed since.

        Cost: 3 ms a stretch of 16 MB, and reading it.
        """
        for at in stretches:
            if self._sum(at) != self.sums[at]:
                raise DamagedError(f"{self.path} has changed around byte {at * _STRETCH:,}")

    def _sum(self, at: int) -> int:
        with memoryview(self._map) as whole, whole[at * _STRETCH : (at + 1) * _STRETCH] as stretch:
            found = zlib.crc32(stretch)
        self.let_go()
        return found

    @property
    def kinds(self) -> list[str]:
        """The kinds of keys it has."""
        return [part.removesuffix(".keys") for part in self.layout if part.endswith(".keys")]

    def part(self, name: str) -> npt.NDArray[Any]:
        """One of its arrays, without reading it."""
        return self._parts[name]

    def let_go(self) -> None:
        """Give back the memory of the pages read so far; they can be read again."""
        self._map.madvise(mmap.MADV_DONTNEED)

    def count(self, kind: str, keys: U64) -> I64:
        """How many rows have each of some ascending keys, those struck out among them."""
        have = self.part(f"{kind}.keys")
        return np.searchsorted(have, keys, side="right") - np.searchsorted(have, keys, side="left")

    def first(self, kind: str, keys: U64, most: int | None) -> tuple[I64, I64, BOOL]:
        """Place of the key and row of the article for the ``most`` earliest of each of some ascending keys.

        Also for each key whether there may be more. A bucket whose first ones are struck out is read whole.

        Cost: 0.05 us a key that nobody has, 0.5 us another; the pages they lie on.
        """
        have, owners = self.part(f"{kind}.keys"), self.part(f"{kind}.rows")
        live = np.flatnonzero(self._may_have(kind, keys))
        begin, more = np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=bool)
        begin[live] = np.searchsorted(have, keys[live])
        end = begin.copy()
        for _ in range(1 if most is None else most):
            live = live[end[live] < len(have)]
            live = live[have[end[live]] == keys[live]]
            end[live] += 1
        if most is None:
            end[live] = np.searchsorted(have, keys[live], side="right")
        else:
            more[live] = True
        which, rows = _expanded(begin, end, owners)
        struck = np.isin(rows, self.dead)
        if struck.any():
            again = np.unique(which[struck & more[which]])
            end[again], more[again] = np.searchsorted(have, keys[again], side="right"), False
            which, rows = _expanded(begin, end, owners)
            rows = self.standing(kind, rows)
            which, rows = which[rows >= 0], rows[rows >= 0]
        self.let_go()
        return which, rows, more

    def articles(self, rows: I64) -> pl.DataFrame:
        """article_id, at (us), body, size of some rows."""
        return pl.DataFrame(
            {"article_id": _ids(self, rows), "at": self.part("at")[rows], "body": self.part("body")[rows],
             "size": self.part("size")[rows]}
        )  # fmt: skip

    def _may_have(self, kind: str, keys: U64) -> BOOL:
        """False for keys that no article has, and now and then true for one: most keys of a new article are its own."""
        seen = self.part(f"{kind}.seen")
        at = _mark(keys, (len(seen) * 8).bit_length() - 1)
        marked: BOOL = (seen[at >> 3] >> (at & 7).astype(np.uint8)) & 1 == 1
        return marked

    def standing(self, kind: str, rows: I64) -> I64:
        """The rows in place, those struck out followed by the next with the same body; -1 where none is."""
        struck = np.isin(rows, self.dead)
        rows[struck] = -1 if kind == _EXACT else self._next[np.searchsorted(self.dead, rows[struck])]
        return rows

    def _followers(self) -> I64:
        """For each row struck out the next in place with its body; -1 where there is none, or where it led no body."""
        have, owners = self.part(f"{_EXACT}.keys"), self.part(f"{_EXACT}.rows")
        body = self.part("body")[self.dead]
        at = np.searchsorted(have, body)
        followers = np.full(len(at), -1, dtype=np.int64)
        sought = np.flatnonzero(owners[at] == self.dead)  # another leads the others: they are listed under no other key
        while len(sought):
            at[sought] += 1
            sought = sought[at[sought] < len(have)]
            sought = sought[have[at[sought]] == body[sought]]
            standing = ~np.isin(owners[at[sought]], self.dead)
            followers[sought[standing]] = owners[at[sought[standing]]]
            sought = sought[~standing]
        return followers


def write(path: Path, batch: Batch) -> Layout:
    """Write some articles as a segment.

    Raises:
        OSError: Disk full, no permission.

    Cost: a sort of the keys; memory of twice the batch.
    """
    order = _by_time(batch.at, batch.ids)
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    body = batch.body[order]
    heads = _heads(body)
    file = _Writer(path)
    with file.done():
        file.articles(batch.at[order], batch.ids.gather(order), body, batch.size[order])
        every = np.arange(len(order), dtype=np.int32)
        for kind, (keys, owners) in {**batch.keys, _EXACT: (batch.body, every)}.items():
            rows = place[owners]
            kept = np.ones(len(rows), dtype=bool) if kind == _EXACT else heads[rows]
            file.keys(kind, int(kept.sum()))
            file.add(kind, *_ranked(keys[kept], rows[kept]), 0, 1)
    return file.layout


def merge(path: Path, segments: Sequence[Segment]) -> Layout:
    """Write some segments as one, without what is struck out.

    Raises:
        DamagedError: One of them has changed since it was written.
        OSError: Disk full, no permission.

    Cost: about 40 ns a key; memory of `_CHUNK` keys beside 60 bytes an article.
    """
    for each in segments:  # all of them is read now anyway, and what is wrong would be signed as right
        each.check(range(len(each.sums)))
    alive = [np.setdiff1d(np.arange(each.rows), each.dead) for each in segments]
    at, body, size = (
        np.concatenate([each.part(name)[rows] for each, rows in zip(segments, alive, strict=True)])
        for name in ("at", "body", "size")
    )
    ids = pl.concat([_ids(each, rows) for each, rows in zip(segments, alive, strict=True)])
    order = _by_time(at, ids)
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    heads = _heads(body[order])
    moved: list[I32] = []  # of each segment: row -> row in the merged one, -1 where struck out
    begin = 0
    for each, rows in zip(segments, alive, strict=True):
        to = np.full(each.rows, -1, dtype=np.int32)
        to[rows] = place[begin : begin + len(rows)]
        begin += len(rows)
        moved.append(to)
    file = _Writer(path)
    with file.done():
        file.articles(at[order], ids.gather(order), body[order], size[order])
        for kind in segments[0].kinds:
            file.keys(kind, sum(each.layout[f"{kind}.keys"][1] for each in segments))
            pieces = 1 << (sum(each.layout[f"{kind}.keys"][1] for each in segments) // _CHUNK).bit_length()
            for piece, (keys, owners) in enumerate(_merged(kind, segments, moved, pieces)):
                kept = (owners >= 0) if kind == _EXACT else (owners >= 0) & heads[owners]
                file.add(kind, *_ranked(keys[kept], owners[kept]), piece, pieces)
    return file.layout


def _merged(kind: str, segments: Sequence[Segment], moved: Sequence[I32], pieces: int) -> Iterator[tuple[U64, I32]]:
    """Keys and rows in the merged segment, one range of keys after another: they are spread evenly."""
    fences = np.array([((1 << 64) // pieces) * piece for piece in range(pieces)], dtype=np.uint64)
    cuts = [
        np.append(np.searchsorted(each.part(f"{kind}.keys"), fences), each.layout[f"{kind}.keys"][1])
        for each in segments
    ]
    for piece in range(pieces):
        keys: list[U64] = []
        rows: list[I32] = []
        for each, to, cut in zip(segments, moved, cuts, strict=True):
            here = slice(int(cut[piece]), int(cut[piece + 1]))
            keys.append(each.part(f"{kind}.keys")[here])
            alive = each.standing(kind, each.part(f"{kind}.rows")[here].astype(np.int64))
            rows.append(np.where(alive >= 0, to[alive], np.int32(-1)))
        yield np.concatenate(keys), np.concatenate(rows)
        for each in segments:
            each.let_go()


class _Writer:
    """A segment's file while it is written: parts of a known greatest length, filled piece by piece."""

    def __init__(self, path: Path) -> None:
        self.layout: dict[str, tuple[int, int, str]] = {}
        self._path, self._end = path, 0
        self._file = path.open("wb")

    @contextlib.contextmanager
    def done(self) -> Iterator[None]:
        """Whole and on the disk at the end, or not there."""
        try:
            with self._file:
                yield
                self._file.truncate(max(self._end, 1))
                self._file.flush()
                os.fsync(self._file.fileno())
        except BaseException:
            self._path.unlink(missing_ok=True)
            raise

    def articles(self, at: I64, ids: pl.Series, body: U64, size: I32) -> None:
        names = np.array(ids.cast(pl.Binary).to_list(), dtype="S")
        for name, values in (("at", at), ("body", body), ("size", size.astype(np.int32)), ("ids", names)):
            self._reserve(name, values.dtype.str, len(values))
            self._put(name, values)

    def keys(self, kind: str, most: int) -> None:
        self._reserve(f"{kind}.keys", "<u8", most)
        self._reserve(f"{kind}.rows", "<i4", most)
        self._bits = (_MARKS * most // 8).bit_length() + 3
        self._reserve(f"{kind}.seen", "|u1", 1 << (self._bits - 3))

    def add(self, kind: str, keys: U64, rows: I32, piece: int, pieces: int) -> None:
        """The keys of one of so many equal ranges, with their marks."""
        self._put(f"{kind}.keys", keys)
        self._put(f"{kind}.rows", rows)
        marks = np.zeros((1 << self._bits) // pieces, dtype=bool)
        marks[_mark(keys, self._bits) - piece * len(marks)] = True
        self._put(f"{kind}.seen", np.packbits(marks, bitorder="little"))

    def _reserve(self, name: str, dtype: str, most: int) -> None:
        self.layout[name] = (self._end, 0, dtype)
        self._end += -(-most * np.dtype(dtype).itemsize // 8) * 8

    def _put(self, name: str, values: npt.NDArray[Any]) -> None:
        begin, count, dtype = self.layout[name]
        self._file.seek(begin + count * values.dtype.itemsize)
        self._file.write(np.ascontiguousarray(values, dtype=dtype).data)
        self.layout[name] = (begin, count + len(values), dtype)


def _by_time(at: I64, ids: pl.Series) -> I64:
    frame = pl.DataFrame({"at": at, "id": ids}).with_row_index("row")
    return frame.sort("at", "id")["row"].to_numpy().astype(np.int64)


def _heads(body: U64) -> BOOL:
    """Whether an article is the first with its body."""
    heads = np.zeros(len(body), dtype=bool)
    heads[np.unique(body, return_index=True)[1]] = True
    return heads


def _ranked(keys: U64, rows: I32) -> tuple[U64, I32]:
    """Ascending by key, then by row."""
    order = np.argsort(keys, kind="stable")  # a merge where sorted runs come one after another
    keys, rows = keys[order], rows[order]
    same = keys[1:] == keys[:-1]
    tied = np.zeros(len(keys), dtype=bool)
    tied[1:] = same
    tied[:-1] |= same
    among = np.flatnonzero(tied)
    rows[among] = rows[among][np.lexsort((rows[among], keys[among]))]
    return keys, rows


def _mark(keys: U64, bits: int) -> I64:
    """Where the marks of keys are: their leading bits."""
    return (keys >> np.uint64(64 - bits)).astype(np.int64)


def _expanded(begin: I64, end: I64, owners: npt.NDArray[Any]) -> tuple[I64, I64]:
    sizes = end - begin
    which = np.repeat(np.arange(len(begin)), sizes)
    at = np.arange(len(which)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + begin[which]
    return which, owners[at].astype(np.int64)


def _ids(segment: Segment, rows: I64) -> pl.Series:
    return pl.Series("article_id", segment.part("ids")[rows].tolist(), dtype=pl.Binary).cast(pl.String)
