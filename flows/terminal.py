"""How rows look to a person: which columns, short ids, plain times; as a table, or line by line where it is narrow."""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import polars as pl

_PIPED = 160  # columns of a table that is not printed on a terminal
_NARROW = 100  # columns below which a row is printed as lines: a table would break every word
_SHOWN = 100  # rows of a run's result printed in full; how many more there are is said, `show` prints them all
_OUTLETS = 40  # outlets of a run's result; how many more there are is said
_CHUNK = 1_000  # rows laid out at once: a long table begins at once, and its head stands again now and then
_ID = 10  # characters of an id that are printed: commands take the beginning of an id
_WIDE = {"text", "title", "reason", "counts", "reported alone", "reported first by", "a", "b", "left out"}
_IDS = re.compile(r"[acfgms]-[0-9a-f]{20}")
# What would steer the terminal, or turn around what stands beside it: control characters and bidirectional overrides.
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_UNDECIDED = {"tie": "too close to tell", "unknown_time": "a time is unknown"}


def plain(text: str) -> str:
    """Text on one line that no terminal obeys: what would steer it becomes U+FFFD."""
    return _STEERING.sub("\ufffd", text.replace("\r\n", " ").translate(_SPACES))


_SPACES = dict.fromkeys(map(ord, "\n\r\t\x0b\x0c\x85\u2028\u2029"), " ")


def width() -> int:
    """Columns of the terminal; 120 where there is none."""
    import shutil

    return shutil.get_terminal_size((120, 24)).columns if sys.stdout.isatty() else 120


def told(value: object) -> str:
    """A value as a person reads it: a time in UTC to the minute, the day alone where it is midnight; ids cut short."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1_000 or value.is_integer() else f"{value:.3g}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {told(inner)}" for name, inner in value.items() if inner is not None)
    if isinstance(value, list):
        return ", ".join(told(one) for one in value)
    text = plain(str(value))
    return text[:_ID] if _IDS.fullmatch(text) else text


def shown(view: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of a view as they are printed: fewer columns than `--json` has, under the heads a person reads."""
    columns = _COLUMNS.get(view)
    if columns is None:
        return rows
    given = [{head: of(row) for head, of in columns.items()} for row in rows.iter_rows(named=True)]
    frame = pl.DataFrame(given, schema=dict.fromkeys(columns, pl.String))
    one_story = "story" in frame.columns and frame["story"].n_unique() == 1
    return frame.drop("story") if one_story and view != "stories" else frame


def _first(row: Mapping[str, Any]) -> str:
    """Who reported a fact first, and by what that is known."""
    if row["first_outlet"] is None:
        return f"undecided: {_UNDECIDED.get(row['first_basis'], 'no outlet of its one origin can be named')}"
    at = "" if row["first_at"] is None else f", {told(row['first_at'])}"
    return f"{told(row['first_outlet'])}{at}{', by days' if row['first_basis'] == 'day' else ''}"


def _place(row: Mapping[str, Any]) -> str:
    return f"{row['field']} {row['begin']}-{row['end']}"


def _quoted(row: Mapping[str, Any], side: str) -> str:
    value, text = told(row[f"value_{side}"]), told(row[f"text_{side}"])
    return f"{told(row[f'outlet_{side}'])}: “{value}”" + (f" in: {text}" if text != value else "")


def _share(row: Mapping[str, Any], of: str) -> str:
    """A share of a day with its 95 % interval, in percent."""
    share, low, high = (row[f"{of}_{name}"] for name in ("share", "low", "high"))
    within = "" if low is None or high is None else f" ({100 * low:.0f}-{100 * high:.0f})"
    return "" if share is None else f"{100 * share:.0f} %{within}"


def _many(names: Sequence[str]) -> str:
    return ", ".join(map(plain, names[:6])) + (f" and {len(names) - 6} more" if len(names) > 6 else "")


def _column(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: told(row[name])


_FACTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "story": _column("story_id"), "fact": _column("fact_id"), "status": _column("status"),
    "origins": _column("origin_n"), "outlets": lambda row: _many(row["outlets"] or []), "reported first by": _first,
    "text": _column("text"),
}  # fmt: skip
_COLUMNS: dict[str, dict[str, Callable[[Mapping[str, Any]], str]]] = {
    "stories": {
        "story": _column("story_id"), "from": _column("first_at"), "articles": _column("article_n"),
        "outlets": lambda row: _many(row["outlets"]), "facts": _column("fact_n"), "shared": _column("shared_n"),
        "unique": _column("unique_n"), "title": _column("title"),
    },
    "facts": _FACTS,
    "shared": {head: of for head, of in _FACTS.items() if head != "status"},
    "unique": {
        "outlet": _column("outlet"), "story": _column("story_id"), "fact": _column("fact_id"), "where": _place,
        "reported alone": lambda row: told(row["text"]) + (f" [in: {told(row['sentence'])}]" * bool(row["sentence"])),
        "reported": _column("reported_at"), "had chance": _column("had_chance_n"), "decided by": _column("confidence"),
    },
    "omissions": {
        "outlet": _column("outlet"), "story": _column("story_id"), "fact": _column("fact_id"),
        "origins": _column("origin_n"), "carried by": lambda row: _many(row["carried_by"] or []),
        "left out": _column("text"),
    },
    "conflicts": {
        "story": _column("story_id"), "kind": _column("kind"), "slot": _column("slot"),
        "a": lambda row: _quoted(row, "a"), "b": lambda row: _quoted(row, "b"), "unit": _column("unit"),
        "mention a": _column("mention_a"), "mention b": _column("mention_b"),
    },
    "outlets": {
        "outlet": _column("outlet"), "day": _column("date"), "articles": _column("article_n"),
        "copied": lambda row: _share(row, "copy"), "facts": _column("fact_n"), "compared": _column("compared_fact_n"),
        "alone": _column("unique_fact_n"), "alone %": lambda row: _share(row, "unique"), "first": _column("first_n"),
        "first %": lambda row: _share(row, "first"), "lag (s)": _column("median_lag_s"),
        "cited": _column("citations_in"), "cites": _column("citations_out"),
    },
}  # fmt: skip
"""View -> head -> what is printed under it. A view that is not here is printed as it is."""


def print_rows(frame: pl.DataFrame, *, title: str, empty: str) -> None:
    """Print a frame under its title; where it has no row, say so."""
    _say(empty if frame.is_empty() else title)
    for begin in range(0, frame.height, _CHUNK):
        _say(*laid_out(frame[begin : begin + _CHUNK]))


def laid_out(frame: pl.DataFrame) -> list[str]:
    """A table where there is room for one, 160 columns wide where it is piped; else each row as lines."""
    columns = width() if sys.stdout.isatty() else _PIPED
    if columns >= _NARROW:
        return _table(frame, columns)
    return [line for row in frame.iter_rows(named=True) for line in ("", *_lines(row, columns))]


def wrapped(lines: Sequence[str]) -> list[str]:
    """Lines no longer than the terminal is wide, broken between words and indented by two more than they began."""
    import textwrap

    columns = width()
    out = []
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()) + 2)
        out += textwrap.wrap(line, columns, subsequent_indent=indent, replace_whitespace=False) or [""]
    return out


def _lines(row: Mapping[str, Any], columns: int) -> list[str]:
    import textwrap

    said = ((name, told(value)) for name, value in row.items())
    return [line for name, text in said if text
            for line in textwrap.wrap(f"{name}: {text}", columns, subsequent_indent="  ")]  # fmt: skip


def _table(frame: pl.DataFrame, columns: int) -> list[str]:
    from io import StringIO

    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(show_edge=False, pad_edge=False)
    for name, dtype in frame.schema.items():
        cells = [told(value) for value in frame[name].head(_CHUNK)]
        numbers = dtype.is_numeric() or all(cell.isdigit() or not cell for cell in cells)
        table.add_column(
            escape(name), overflow="fold", justify="right" if numbers else "left", ratio=1 if name in _WIDE else None,
            no_wrap=all(_IDS.match(f"{cell:0<22}") for cell in cells),
        )  # fmt: skip
    for row in frame.iter_rows():
        table.add_row(*(escape(told(value)) for value in row))
    laid = StringIO()
    Console(file=laid, width=columns, highlight=False).print(table)
    return [line.rstrip() for line in laid.getvalue().rstrip("\n").split("\n")]


def print_result(found: Mapping[str, Any]) -> None:
    """Print what a run came to: totals, then what each outlet alone reports."""
    facts: Mapping[str, int] = found["facts"]
    said = ", ".join(f"{count:,} {status}" for status, count in facts.items()) or "none"
    _say(f"{_n(found['articles'], 'article')}, {_n(found['stories'], 'story')}, facts: {said}")
    unique: Sequence[Mapping[str, Any]] = found["unique_facts"]
    if len(unique) <= _SHOWN:
        rows = [{"outlet": row["outlet"], "reported alone": row["text"], "where": _place(row)} for row in unique]
        frame = pl.DataFrame(rows, schema={"outlet": pl.String, "reported alone": pl.String, "where": pl.String})
        print_rows(frame, title="What each outlet alone reports", empty="No fact is reported by one outlet alone.")
    else:
        outlets = pl.DataFrame(found["outlets"]).filter(pl.col("unique_facts") > 0)
        heads = {"unique_facts": "unique facts"}
        print_rows(outlets.head(_OUTLETS).rename(heads), title="Facts each outlet alone reports", empty="")
        if (left := outlets.height - _OUTLETS) > 0:
            _say(f"{_n(left, 'further outlet')} with {outlets[_OUTLETS:]['unique_facts'].sum():,} unique facts.")
        _say(f"{len(unique):,} unique facts in all: `copydesk show unique --outlet NAME` lists them.")
    if count := rejected(found):
        _say(f"{_n(count, 'item')} rejected: `copydesk show rejects` says why.")
    changed = sum(int(step["counts"].get("layouts_changed", 0)) for step in found["steps"])
    if changed:
        _say(f"The layout of {_n(changed, 'outlet')} has changed: `copydesk show layouts` says how.")
    _say(f"Tables: {found['published']}")


def rejected(manifest: Mapping[str, Any]) -> int:
    """Items a run could not use."""
    return sum(int(step["counts"].get("rejected", 0)) for step in manifest["steps"])


def _n(count: int, noun: str) -> str:
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{count:,} {noun if count == 1 else plural}"


def _say(*lines: str) -> None:
    import click

    for line in lines:
        click.echo(line)
