"""Write docs/tables.md, docs/cli.md and docs/house.md from the code: `python docs/generate.py`."""

import ast
from pathlib import Path

import click
import polars as pl

from flows import cli
from storage import schema

HERE = Path(__file__).parent
_PREFACE = f"""Schema version {schema.SCHEMA_VERSION}. Published tables lie in
`STORE/published/latest/<table>/date=YYYY-MM-DD/*.parquet`: plain hive-partitioned Parquet. `date` is the UTC day of
`published_at` where known, else of `captured_at`; for a story, fact or pair, that of its earliest article. Times are
UTC with microseconds, offsets half-open code points. Columns may be added; a listed one is never renamed or dropped
without a new major schema version."""


def tables() -> str:
    """The data dictionary: every published table, then the stored ones."""
    lines = [
        "# Tables",
        "",
        "Generated from `storage/schema.py` by `python docs/generate.py`; do not edit.",
        "",
        _PREFACE,
        "",
        "```python",
        "import polars as pl",
        'unique = pl.scan_parquet("copydesk-store/published/latest/unique_facts", hive_partitioning=True)',
        "```",
        "",
    ]
    for table in schema.PUBLISHED:
        lines += _table(table, published=True)
    lines += [
        "# Stored tables",
        "",
        "Delta Lake tables in `STORE/tables`, for Copydesk itself: read the published ones.",
        "",
    ]
    for table in schema.STORED:
        if table not in schema.PUBLISHED:
            lines += _table(table, published=False)
    return "\n".join(lines)


def _table(table: str, *, published: bool) -> list[str]:
    meaning = " ".join((schema.STORED[table].__doc__ or "").split())
    keys = schema.keys(table, published=published)
    found = schema.STORED[table].columns()
    lines = [f"## {table}", "", meaning, "", "| column | type | null | meaning |", "|---|---|---|---|"]
    for name, dtype in schema.columns(table, published=published).items():
        shown = f"**{name}**" if name in keys else name
        doc = str((found[name].metadata or {}).get("doc", "")).replace("|", "\\|")
        lines.append(f"| {shown} | {_type(dtype)} | {'yes' if found[name].nullable else ''} | {doc} |")
    return [*lines, "", f"Key: {', '.join(keys)}." if keys else "No key.", ""]


def _type(dtype: pl.DataType) -> str:
    if isinstance(dtype, pl.List):
        return f"list of {_type(dtype.inner)}"  # type: ignore[arg-type]
    if isinstance(dtype, pl.Struct):
        return "{" + ", ".join(f"{field.name}: {_type(field.dtype)}" for field in dtype.fields) + "}"  # type: ignore[arg-type]
    return str(dtype).replace("Datetime(time_unit='us', time_zone='UTC')", "Datetime[us, UTC]")


def commands() -> str:
    """Every command with its help, as `--help` prints it 100 columns wide."""
    lines = [
        "# Command line",
        "",
        "Generated from `flows/cli.py` and `flows/asking.py` by `python docs/generate.py`; do not edit.",
        "",
    ]
    lines += ["Exit codes: 0 ok, 1 failed, 2 usage, 3 finished with rejected items.", ""]
    names = cli.main.context_settings["help_option_names"]
    parent = click.Context(cli.main, info_name="copydesk", terminal_width=100, help_option_names=names)
    for name in sorted(cli.main.commands):
        command = cli.main.commands[name]
        context = click.Context(command, info_name=name, parent=parent, terminal_width=100)
        lines += [f"## copydesk {name}", "", "```text", command.get_help(context), "```", ""]
    return "\n".join(lines)


def house() -> str:
    """Every module with the first sentence of its docstring: where a line has its home."""
    lines = ["# The house", "", "Generated from the modules' docstrings by `python docs/generate.py`; do not edit.", ""]
    lines += ["Imports go one way: `flows -> dedupe -> storage`. `dedupe` is pure: frames in, frames out.", ""]
    for room, meaning in (
        ("storage", "what we keep"),
        ("dedupe", "what is the same"),
        ("flows", "when and from where"),
    ):
        lines += [f"## {room}: {meaning}", "", "| module | what it decides |", "|---|---|"]
        for path in sorted((HERE.parent / room).rglob("*.py")):
            said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            first = " ".join(said.split("\n\n")[0].split()).replace("|", "\\|")
            lines.append(f"| `{path.relative_to(HERE.parent).as_posix()}` | {first} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    (HERE / "house.md").write_text(house(), encoding="utf-8")
    (HERE / "tables.md").write_text(tables(), encoding="utf-8")
    (HERE / "cli.md").write_text(commands(), encoding="utf-8")
