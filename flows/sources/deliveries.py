"""Deliveries: one article a row, as JSON lines or Parquet, read in a stream."""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, cast

import polars as pl

from flows.sources import Capture, Reject, extractors
from flows.sources.rows import COLUMNS, Delivery, Tally, article, kind
from flows.typed import nearest

_BATCH = 512  # rows of a Parquet file held at a time: about 2 MB of news text
_HOPELESS = 1_000  # rows: a file that has given nothing but faults by then is one reject, not a million

_PLAIN = (pl.String, pl.Categorical, pl.Enum, pl.Null)
_FIT: Mapping[str, tuple[type[pl.DataType] | pl.DataType, ...]] = {
    "id": (*_PLAIN, pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64),
    "html": (*_PLAIN, pl.Binary),
    "byline": (*_PLAIN, pl.List(pl.String)),
    "authors": (*_PLAIN, pl.List(pl.String)),
    "published_at": (*_PLAIN, pl.Date, pl.Datetime, pl.Int64, pl.Float64),
}


def read_jsonl(delivery: Delivery) -> Iterator[Capture | Reject]:
    """One JSON object a line, UTF-8. A broken line is a reject; the rest goes on."""
    tally = Tally()
    yield from _unless_hopeless(_jsonl(delivery, tally), delivery)
    tally.tell(delivery)


def read_parquet(delivery: Delivery) -> Iterator[Capture | Reject]:
    """A Parquet file, in batches of rows. A column of a wrong type is a reject; it is left out, or the file is."""
    tally = Tally()
    yield from _parquet(delivery, tally)
    tally.tell(delivery)


def _jsonl(delivery: Delivery, tally: Tally) -> Iterator[Capture | Reject]:
    where = delivery.locator
    number = 0
    try:
        with _open(delivery.path) as file:
            while line := file.readline(delivery.limit + 1):
                number += 1
                locator = f"{where}:{number}"
                if len(line) > delivery.limit:
                    _skip_line(file, line)
                    limit = f"{delivery.limit:,} bytes (gather.max_file_bytes)"
                    reason = f"{locator} has more than {limit}; split it or raise the limit"
                    yield Reject(locator, None, "too_large", reason)
                elif line.strip():
                    yield _line(line, number, delivery, tally)
    except (OSError, EOFError, zlib.error) as error:
        after = f" after line {number}" if number else ""
        reason = f"{where} cannot be read{after} ({getattr(error, 'strerror', None) or error}); check it and its rights"
        yield Reject(where, None, "unreadable", reason)
    if not number:
        yield Reject(where, None, "empty", f"{where} is empty; expected one JSON object a line")


def _open(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if path.suffix.lower() == ".gz" else path.open("rb")


def _skip_line(file: IO[bytes], line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = file.readline(1 << 20)


def _line(line: bytes, number: int, delivery: Delivery, tally: Tally) -> Capture | Reject:
    locator = f"{delivery.locator}:{number}"
    try:
        row = json.loads(line.removeprefix(b"\xef\xbb\xbf").decode() if number == 1 else line.decode())
    except UnicodeDecodeError as error:
        return Reject(
            locator, None, "bad_line", f"{locator} is not UTF-8 (byte {error.start}); expected one JSON object a line"
        )
    except (ValueError, RecursionError) as error:
        said = getattr(error, "msg", None) or (
            "it is nested too deeply" if isinstance(error, RecursionError) else error
        )
        place = f" at character {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        return Reject(locator, None, "bad_line", f"{locator} is not JSON ({said}{place}); expected one object a line")
    if not isinstance(row, dict):
        return Reject(locator, None, "bad_line", f"{locator} is {kind(row)}; expected one JSON object a line")
    if (adapted := extractors.adapt(row, delivery.names.values())) is None or adapted is row:
        tally.unknown.update(row.keys() - set(COLUMNS))
    return article(adapted or row, number, delivery, tally)


def _parquet(delivery: Delivery, tally: Tally) -> Iterator[Capture | Reject]:
    where = delivery.locator
    number = 0
    try:
        if not delivery.path.stat().st_size:
            yield Reject(where, None, "empty", f"{where} is empty; expected a Parquet file")
            return
        schema = pl.read_parquet_schema(delivery.path)
        tally.unknown.update(schema.keys() - set(COLUMNS))
        taken, rejects, usable = _fitting(schema, delivery)
        yield from rejects
        if not usable:
            return
        rows = pl.scan_parquet(delivery.path, glob=False, hive_partitioning=False).select(taken)
        for batch in rows.collect_batches(chunk_size=_BATCH, maintain_order=True):
            for row in batch.iter_rows(named=True):
                number += 1
                yield article(row, number, delivery, tally)
    except OSError as error:
        reason = f"{where} cannot be read ({error.strerror or error}); check it and its rights"
        yield Reject(where, None, "unreadable", reason)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        after = f" after row {number}" if number else ""
        said = (str(error).strip().splitlines() or ["no reason given"])[0]
        yield Reject(
            where, None, "unreadable", f"{where} is no Parquet file that can be read{after} ({said}); write it anew"
        )


def _fitting(schema: Mapping[str, pl.DataType], delivery: Delivery) -> tuple[list[pl.Expr], list[Reject], bool]:
    """The columns to take, rejects for those of a wrong type, and whether there are articles to be had at all."""
    where, taken, wrong, rejects = delivery.locator, list[pl.Expr](), set[str](), list[Reject]()
    for name in (name for name in COLUMNS if name in schema):
        dtype = schema[name]
        if any(dtype == fit for fit in _FIT.get(name, _PLAIN)):
            taken.append(_column(name, dtype))
        else:
            wrong.add(name)
            reason = (
                f"{where} has column {name} of type {dtype}; expected {'a time' if name == 'published_at' else 'text'}"
            )
            rejects.append(Reject(where, None, "bad_column", f"{reason}: it is left out, convert it"))
    for needed in (("text", "html"), ("outlet",)):
        if not any(name in schema for name in needed) and not (needed == ("outlet",) and delivery.outlet):
            near = next(
                (found for name in schema if (found := nearest(name.lower(), needed)) and name not in COLUMNS), None
            )
            hint = f"rename the one that holds it to {near or needed[0]}"
            has = ", ".join(schema) or "no column"
            reason = f"{where} has no column {' or '.join(needed)} (it has: {has}); {hint}"
            rejects.append(Reject(where, None, "bad_column", reason))
            return [], rejects, False
    texts = {"text", "html"} & schema.keys() - wrong
    return taken, rejects, bool(texts) and ("outlet" not in wrong or delivery.outlet is not None)


def _column(name: str, dtype: pl.DataType) -> pl.Expr:
    """A column as Python values that always exist: a calendar beyond the year 9999 must not stop the file."""
    column = pl.col(name)
    if isinstance(dtype, pl.Date):
        return pl.struct(days=column.cast(pl.Int32)).alias(name)
    if isinstance(dtype, pl.Datetime):
        return pl.struct(us=column.dt.epoch("us")).alias(name)
    return column if dtype in {pl.Binary, pl.Float64} or isinstance(dtype, pl.List) else column.cast(pl.String)


def _unless_hopeless(items: Iterator[Capture | Reject], delivery: Delivery) -> Iterator[Capture | Reject]:
    """The items; one single reject where the first thousand rows hold no article, as with a file of another kind."""
    held: list[Reject] = []
    for item in items:
        if isinstance(item, Capture):
            yield from held
            yield item
            yield from items
            return
        held.append(item)
        if len(held) == _HOPELESS:
            reason = (
                f"{delivery.locator} gives no article in {_HOPELESS:,} rows and is left there; first: {held[0].reason}"
            )
            yield Reject(delivery.locator, None, "unreadable", reason)
            return
    yield from held
