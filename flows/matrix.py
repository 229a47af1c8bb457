"""A story as a matrix: which fact stands in which outlet, who was first, who left it out, and where outlets differ."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import polars as pl

from flows.terminal import plain, told
from storage.publish import read_published
from storage.tables import StoreError

ORDER = ("shared", "unique", "uncertain", "uncompared", "withdrawn")
_FACTS = 60  # facts printed; how many more there are is said, --json has them all
_ID = 8  # characters of a fact's id that are printed: enough for `copydesk explain`, but for rare twins
_TEXT = 34  # columns that the id and the text of a fact get at least
_LINES = 3  # lines of a fact's text that are printed
_FIRST = {
    "instant": "by times", "day": "by days", "tie": "undecided (too close to tell)",
    "unknown_time": "undecided (a time is unknown)",
}  # fmt: skip
_KEY = "1 first   x carried   o left out though two origins carry it   . not carried   blank: came out before"


def story(store: Path, wanted: str) -> dict[str, Any]:
    """A story with its outlets, its facts as each outlet has them, and its conflicts.

    Args:
        store: The store's folder.
        wanted: The story's id or the beginning of it.

    Returns:
        Plain data: story_id, title, cohesion, outlets (name, articles, copies), facts (with ``outlets``: name -> what
        `schema.Coverage` says), conflicts. Facts by status, then by origins, then as they stand in the text.

    Raises:
        StoreError: No story, or more than one, begins with `wanted`.
    """
    members = read_published(store, "stories").filter(pl.col("story_id").str.starts_with(wanted))
    found = members["story_id"].unique().sort().to_list()
    if not found:
        message = f"no story id begins with {wanted!r}; `copydesk show stories` lists them."
        raise StoreError(message)
    if len(found) > 1:
        message = f"story_id {wanted!r} is not complete: {', '.join(found[:3])} begin with it."
        raise StoreError(message)
    (name,) = found
    roles = read_published(store, "copies").select("article_id", "role")
    articles = (
        members.join(read_published(store, "articles").drop("outlet"), on="article_id")
        .join(roles, on="article_id", how="left")
        .sort("published_at", "captured_at", "article_id", nulls_last=True)
    )
    cells: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    coverage = read_published(store, "coverage").filter(story_id=name).sort("fact_id", "outlet")
    for row in coverage.drop("story_id").iter_rows(named=True):
        fact = row.pop("fact_id")
        cells[fact][row.pop("outlet")] = row
    rank = pl.col("status").replace_strict({status: n for n, status in enumerate(ORDER)}, return_dtype=pl.Int8)
    facts = read_published(store, "facts").filter(story_id=name)
    places = read_published(store, "mentions").filter(story_id=name).sort("outlet", "article_id", "field", "begin")
    facts = facts.join(
        places.select("fact_id", "outlet", "begin").unique("fact_id", keep="first", maintain_order=True), on="fact_id"
    )
    facts = facts.sort(rank, -pl.col("origin_n"), -pl.col("outlet_n"), "outlet", "begin", "fact_id")
    return {
        "story_id": name,
        "title": next((title for title in articles["title"] if title), None),
        "first_at": articles["published_at"].min(),
        "last_at": articles["published_at"].max(),
        "cohesion": articles["cohesion"][0],
        "outlets": articles.group_by("outlet")
        .agg(articles=pl.len(), copies=pl.col("role").is_in(["copy", "edited_copy", "excerpt"]).sum())
        .sort("outlet")
        .to_dicts(),
        "facts": [
            {**row, "outlets": cells[row["fact_id"]]}
            for row in facts.drop("story_id", "outlet", "begin").iter_rows(named=True)
        ],
        "conflicts": read_published(store, "conflicts")
        .filter(story_id=name)
        .drop("story_id")
        .sort("slot", "mention_a", "mention_b")
        .to_dicts(),
    }


def columns(found: dict[str, Any], most: int) -> tuple[list[list[str]], list[str]]:
    """The outlets that share a column, because all facts stand alike in them, and the outlets that get none.

    Columns with the most facts come first; where there are more than `most`, the rest is left to be counted.
    """
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for outlet in (row["outlet"] for row in found["outlets"]):
        signs = [_sign(fact["outlets"].get(outlet)) for fact in found["facts"]]
        alike[tuple(sign if sign != "1" else "x" for sign in signs)].append(outlet)
    ranked = sorted(alike.items(), key=lambda item: (-item[0].count("x"), item[1]))
    return [outlets for _, outlets in ranked[:most]], [name for _, outlets in ranked[most:] for name in outlets]


def _sign(cell: dict[str, Any] | None) -> str:
    if cell is None:
        return " "
    if cell["carried"]:
        return "1" if cell["first"] else "x"
    return "o" if cell["omitted"] else "." if cell["had_chance"] else " "


def lines(found: dict[str, Any], width: int) -> list[str]:
    """The matrix as lines of at most `width` columns."""
    import textwrap

    most = max(1, (width - _TEXT - 6) // 2)
    shown, rest = columns(found, most)
    letters = [ascii_uppercase[n] if n < len(ascii_uppercase) else str(n % 10) for n in range(len(shown))]
    room = width - 2 * len(shown) - (6 if rest else 0) - 1
    out = textwrap.wrap(f"{found['title'] or 'no title'} ({found['story_id']})", width)
    out += textwrap.wrap(f"cohesion {found['cohesion']:.2f}; {_span(found)}; {_firsts(found['facts'])}", width)
    out.append("")
    names = {row["outlet"]: row for row in found["outlets"]}
    for letter, outlets in zip(letters, shown, strict=True):
        held = [f"{name} ({_n(names[name])})" for name in outlets]
        out += textwrap.wrap(f"{letter}  {', '.join(held)}", width, subsequent_indent="   ")
    if rest:
        out += textwrap.wrap(f"+  outlets without a column: {', '.join(rest)}", width, subsequent_indent="   ")
    out += ["", *textwrap.wrap(_KEY, width)]
    for status in ORDER:
        facts = [fact for fact in found["facts"][:_FACTS] if fact["status"] == status]
        if facts:
            out += ["", f"{status:<{room}} " + " ".join(letters) + ("    +" if rest else "")]
        for fact in facts:
            out += _fact(fact, shown, rest, room)
    if (left := len(found["facts"]) - _FACTS) > 0:
        out += ["", f"{left:,} further facts: --json has them all."]
    out += _conflicts(found["conflicts"], width)
    return [plain(line).rstrip() for line in out]


def _fact(fact: dict[str, Any], shown: Sequence[Sequence[str]], rest: Sequence[str], room: int) -> list[str]:
    import textwrap

    body = " ".join(fact["text"].split())
    text = textwrap.wrap(f"{fact['fact_id'][:_ID]} {body}", room, subsequent_indent=" " * (_ID + 1), max_lines=_LINES,
                         placeholder=" …")  # fmt: skip
    signs = []
    for outlets in shown:
        held = [_sign(fact["outlets"].get(outlet)) for outlet in outlets]
        signs.append("1" if "1" in held else held[0])
    more = sum(bool(fact["outlets"].get(outlet, {}).get("carried")) for outlet in rest)
    tail = f"{more:>5}" if rest else ""
    return [f"{text[0]:<{room}} " + " ".join(signs) + tail, *text[1:]]


def _conflicts(conflicts: Sequence[dict[str, Any]], width: int) -> list[str]:
    import textwrap

    out = ["", "where they differ"] if conflicts else []
    for row in conflicts[:_FACTS]:
        said = (
            f"{row['slot']}: {row['outlet_a']} “{row['value_a']}”, {row['outlet_b']} “{row['value_b']}” ({row['kind']})"
        )
        out += textwrap.wrap(" ".join(said.split()), width, subsequent_indent="  ")
    if (left := len(conflicts) - _FACTS) > 0:
        out.append(f"{left:,} further conflicts: --json has them all.")
    return out


def _n(row: dict[str, Any]) -> str:
    copies = f", {row['copies']} of them copied" if row["copies"] else ""
    return f"{row['articles']} article{'s' if row['articles'] != 1 else ''}{copies}"


def _firsts(facts: Sequence[dict[str, Any]]) -> str:
    """By what it is known who was first with the facts that several origins carry."""
    known = [fact["first_basis"] for fact in facts if fact["status"] == "shared"]
    named = [f"{known.count(basis)} {what}" for basis, what in _FIRST.items() if basis in known]
    return f"first of {len(known)} shared: {', '.join(named)}" if named else "no fact is shared"


def _span(found: dict[str, Any]) -> str:
    first, last = found["first_at"], found["last_at"]
    if first is None:
        return "no time known"
    return f"{told(first)} to {told(last)} UTC" if last != first else f"{told(first)} UTC"
