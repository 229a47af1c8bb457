"""Which stored articles have a key: an index beside the sketches that says what these say, whatever happened to it.

It lies in STORE/cache/postings as segments (`storage.segments`) and one small file that names them together with the
files of the sketches they were made from. A run compares these names with the table's files and reads only what is
new or gone; so nobody who writes sketches has to think of the index, a killed run leaves it as it was, and an index
that is missing, damaged or of another layout is made anew from the sketches. Segments carry checksums: a merge checks
all it reads, and every call checks a bounded share of the rest in turn, so that a flipped byte does not stay unnoticed.
"""

import json
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from storage import segments
from storage.commits import complain, write_file
from storage.segments import BOOL, I64, U64, Batch, DamagedError, Segment
from storage.tables import Store

_FORMAT = 2
_HEAD = "index.json"
_BATCH_ROWS = 50_000  # sketches posted at once: about 60 MB, and 150 MB while their keys are sorted
_RATIO = 3  # a segment is merged with the later ones when it is at most this many times as large as these together
_STRUCK = 0.05  # share of a segment's articles that may be struck out before it is written anew
_CHECKED = 4  # stretches of 16 MB that are checked by one call: 12 ms, however large the index is
_ROW_BITS = 32  # of a handle; the rest is the number of the segment
_SAME = ("article_id", "published_at", "body_hash")

Post = Callable[[pl.DataFrame], Batch]


class Postings:
    """The segments, as one index; a handle is good for as long as the object is."""

    def __init__(self, parts: Iterable[Segment]) -> None:
        self.segments = list(parts)

    def __len__(self) -> int:
        return sum(each.rows - len(each.dead) for each in self.segments)

    def first(self, kind: str, keys: U64, most: int | None) -> tuple[I64, I64, BOOL]:
        """Of each of some ascending keys the ``most`` earliest articles of every segment (None: all of them).

        Returns:
            Place of the key and handle of the article, a row for each that was found; and for each key whether there
            may be more. Among articles with one body at least the first is found.
        """
        places, handles = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        more = np.zeros(len(keys), dtype=bool)
        for number, each in enumerate(self.segments):
            place, rows, left = each.first(kind, keys, most)
            places.append(place)
            handles.append(rows | (number << _ROW_BITS))
            more |= left
        return np.concatenate(places), np.concatenate(handles), more

    def count(self, kind: str, keys: U64) -> I64:
        """How many articles, one a body and segment, have each of some ascending keys."""
        total = np.zeros(len(keys), dtype=np.int64)
        for each in self.segments:
            total += each.count(kind, keys)
        return total

    def articles(self, handles: I64) -> pl.DataFrame:
        """article_id, at (us), body (key), size of some articles, in the order of the handles."""
        numbers, rows = handles >> _ROW_BITS, handles & ((1 << _ROW_BITS) - 1)
        order, frames = [np.zeros(0, dtype=np.int64)], [_EMPTY]
        for number, each in enumerate(self.segments):
            here = np.flatnonzero(numbers == number)
            order.append(here)
            frames.append(each.articles(rows[here]))
        return pl.concat(frames)[np.argsort(np.concatenate(order))]


_EMPTY = pl.DataFrame(schema={"article_id": pl.String, "at": pl.Int64, "body": pl.UInt64, "size": pl.Int32})


def follow(store: Store, layout: str, post: Post) -> tuple[Postings, str]:
    """The index of the stored sketches, brought up to what is stored now.

    Args:
        store: The store; the caller holds its lease.
        layout: What the keys depend on beside the sketches: an index of another layout is not used.
        post: Sketches -> their articles and keys.

    Returns:
        The index, and why all of it was made anew: missing, other_layout, damaged, sketches_gone, or empty if it was
        not.

    Raises:
        StoreError: Disk full, no permission.

    Cost: reads the files of sketches that came or went since the last call.
    """
    home = store.root / "cache" / "postings"
    try:
        home.mkdir(parents=True, exist_ok=True)
        try:
            return _followed(store, home, layout, post)
        except DamagedError:  # met in the middle of it: whatever it is, all of it can be made anew
            (home / _HEAD).unlink()
            return _followed(store, home, layout, post)[0], "damaged"
    except OSError as error:
        complain(f"{home} cannot be written", error)


def _followed(store: Store, home: Path, layout: str, post: Post) -> tuple[Postings, str]:
    files = {Path(file).name: file for file in store.files("sketches")}
    known, parts, turn, why = _opened(home, layout)
    gone = [str(store.root / "tables" / "sketches" / name) for name in sorted(known - files.keys())]
    if not all(Path(file).exists() for file in gone):  # cleared away while nobody asked for the index
        known, parts, why, gone = set(), [], "sketches_gone", []
    if not why and known == files.keys():
        return Postings(parts), ""
    came = [file for name, file in sorted(files.items()) if name not in known]
    dead = _dead(store, gone, came, post) if gone else None
    parts = [_without(each, dead) for each in parts] if dead and len(dead.ids) else parts
    before = store.scan("sketches", files=gone).select(_SAME).collect()
    for rows in _batches(store, came):
        batch = post(rows.join(before, on=_SAME, how="anti"))
        if len(batch.ids):
            parts.append(_new(home, batch))
    parts = _settled(home, parts)
    _commit(home, layout, sorted(files), parts, turn)
    return Postings(parts), why if files else ""


def _opened(home: Path, layout: str) -> tuple[set[str], list[Segment], int, str]:
    """Files of sketches that the index holds, its segments, which stretch to check next, and why it cannot be used."""
    head = home / _HEAD
    if not head.exists():
        return set(), [], 0, "missing"
    try:
        told = json.loads(head.read_bytes())
        if told["format"] != _FORMAT or told["layout"] != layout:
            return set(), [], 0, "other_layout"
        if told.pop("sum") != _sum(told):
            return set(), [], 0, "damaged"
        parts = [_open(home, each) for each in told["segments"]]
        return set(told["files"]), parts, _checked(parts, told["turn"]), ""
    except (OSError, ValueError, KeyError, TypeError):  # whatever it is, all of it can be made anew
        return set(), [], 0, "damaged"


def _sum(told: dict[str, Any]) -> int:
    return zlib.crc32(json.dumps(told, sort_keys=True).encode())


def _open(home: Path, told: dict[str, Any]) -> Segment:
    path = home / told["name"]
    if path.stat().st_size != told["bytes"]:
        raise ValueError(f"{path} has {path.stat().st_size} bytes, not {told['bytes']}")
    layout = {part: (int(begin), int(count), str(dtype)) for part, (begin, count, dtype) in told["parts"].items()}
    return Segment(path, layout, told["dead"], told["sums"])


def _checked(parts: list[Segment], turn: int) -> int:
    """Check the next stretches in turn; returns whose turn it is then."""
    every = [(each, at) for each in parts for at in range(len(each.sums))]
    for step in range(min(_CHECKED, len(every))):
        each, at = every[(turn + step) % len(every)]
        each.check([at])
    return turn + _CHECKED if turn + _CHECKED < len(every) else 0


def _commit(home: Path, layout: str, files: list[str], parts: list[Segment], turn: int) -> None:
    """Put the index in the place of the one before, and clear away what it no longer names."""
    told = [
        {"name": each.path.name, "bytes": each.path.stat().st_size, "parts": each.layout, "dead": each.dead.tolist(),
         "sums": each.sums}
        for each in parts
    ]  # fmt: skip
    content = {"format": _FORMAT, "layout": layout, "files": [Path(file).name for file in files], "segments": told,
               "turn": turn}  # fmt: skip
    write_file(home / _HEAD, json.dumps({**content, "sum": _sum(content)}).encode() + b"\n")
    named = {each.path.name for each in parts} | {_HEAD}
    for path in home.iterdir():
        if path.name not in named:
            path.unlink()


def _new(home: Path, batch: Batch) -> Segment:
    path = home / f"{uuid.uuid4().hex}.segment"
    return Segment(path, segments.write(path, batch))


def _merged(home: Path, parts: list[Segment]) -> list[Segment]:
    if all(len(each.dead) == each.rows for each in parts):
        return []
    path = home / f"{uuid.uuid4().hex}.segment"
    return [Segment(path, segments.merge(path, parts))]


def _settled(home: Path, parts: list[Segment]) -> list[Segment]:
    """Few segments, each much larger than the later ones together, none with many articles struck out."""
    parts = sorted(parts, key=lambda each: -each.rows)
    later = 0
    begin = len(parts)
    for at in range(len(parts) - 1, -1, -1):
        if later and parts[at].rows <= _RATIO * later:
            begin = at
        later += parts[at].rows
    settled = [
        one
        for each in parts[:begin]
        for one in (_merged(home, [each]) if len(each.dead) > _STRUCK * each.rows else [each])
    ]
    return settled + (_merged(home, parts[begin:]) if begin < len(parts) else [])


def _batches(store: Store, files: list[str]) -> Iterator[pl.DataFrame]:
    for file in files:
        rows = store.scan("sketches", files=[file])
        for begin in range(0, int(rows.select(pl.len()).collect().item()), _BATCH_ROWS):
            yield rows.slice(begin, _BATCH_ROWS).collect()


def _dead(store: Store, gone: list[str], came: list[str], post: Post) -> Batch:
    """The articles whose sketches are stored no more, or are others now."""
    now = store.scan("sketches", files=came).select(_SAME)
    return post(store.scan("sketches", files=gone).join(now, on=_SAME, how="anti").collect())


def _without(segment: Segment, dead: Batch) -> Segment:
    """The segment with these articles struck out."""
    bodies = np.unique(dead.body)
    _, rows, _ = segment.first("exact", bodies, None)
    lost = pl.DataFrame({"article_id": dead.ids, "at": dead.at})
    found = segment.articles(rows).with_columns(row=rows).join(lost, on=["article_id", "at"], how="semi")
    struck = [*segment.dead.tolist(), *found["row"].to_list()]
    return Segment(segment.path, segment.layout, struck, segment.sums)
