"""Why: two articles side by side with every signal and threshold, or one fact with who carries it in which words."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from dedupe import judgements
from dedupe.settings import CopySettings
from storage.tables import Store, StoreError

if TYPE_CHECKING:  # `explain --json` need not wait for them
    from rich.console import Console
    from rich.table import Table

_WIDTH_PIPED = 160  # columns of a table that is not printed on a terminal
_SHOWN = 120  # characters at each end of an equal passage that are printed


def one(store: Store, table: str, key: str, wanted: str) -> dict[str, Any]:
    """The row whose id begins with `wanted`; exactly one must."""
    rows = store.scan(table).filter(pl.col(key).str.starts_with(wanted)).sort(key).head(3).collect()
    if rows.height == 1:
        return rows.to_dicts()[0]
    message = f"no {key} begins with {wanted!r}; `copydesk show` lists the ids."
    if rows.height:
        message = f"{key} {wanted!r} is not complete: {', '.join(rows[key].to_list())} all begin with it."
    raise StoreError(message)


def articles(path: Path, left: str, right: str, settings: CopySettings) -> dict[str, Any]:
    """Are two articles copies of each other? The signals, the thresholds, the shared passages, the verdict.

    Raises:
        StoreError: An id that no article, or more than one, begins with.
    """
    from dedupe import match

    store = Store.open(path, create=False)
    a, b = sorted((one(store, "articles", "article_id", left), one(store, "articles", "article_id", right)),
                  key=lambda row: str(row["article_id"]))  # fmt: skip
    found = match.explain(a, b, settings)
    stories = store.scan("stories").filter(pl.col("article_id").is_in([a["article_id"], b["article_id"]])).collect()
    groups = store.scan("copies").filter(pl.col("article_id").is_in([a["article_id"], b["article_id"]])).collect()
    shown = ("article_id", "outlet", "title", "published_at")
    return {
        **found,
        "article_a": {name: a[name] for name in shown},
        "article_b": {name: b[name] for name in shown},
        "judgements": _words(store, a["article_id"], b["article_id"]),
        "one_copy_group": groups.height == 2 and groups["copy_group"].n_unique() == 1,
        "one_story": stories.height == 2 and stories["story_id"].n_unique() == 1,
    }


def _words(store: Store, a: str, b: str) -> list[dict[str, Any]]:
    """What people say of a pair, a < b: the words that hold, one for each thing they are about."""
    rows = store.scan("judgements").filter(left_id=a, right_id=b).collect()
    return judgements.standing(rows).select("about", "same", "judged_at", "judged_by", "note").to_dicts()


_BASIS = {
    "instant": "decided by times that are known to the second: the next origin came later than a tie allows",
    "day": "decided by days: the next origin came on a later one",
    "only_origin": "one origin alone carries it",
    "tie": "undecided: two origins came too close together to tell",
    "unknown_time": "undecided: the time of an origin that carries it is not known",
}
"""What `first_basis` means, for a person."""


_LIKELY = 500  # texts of a story that are scored as the nearest of a fact
_SCORED = {"text": pl.String, "score": pl.Float64}


def fact(path: Path, wanted: str) -> dict[str, Any]:
    """Who carries a fact, in which exact words, and how it came by its status.

    Raises:
        StoreError: An id that no fact, or more than one, begins with.
    """
    from dedupe.facts import align

    store = Store.open(path, create=False)
    row = one(store, "facts", "fact_id", wanted)
    titles = store.scan("articles").select("article_id", "title", "url", "published_at").collect()
    mentions = (
        store.scan("mentions").filter(fact_id=row["fact_id"]).collect().join(titles, on="article_id", how="left")
        .sort("published_at", "article_id", "field", "begin", nulls_last=True)
    )  # fmt: skip
    coverage = store.scan("coverage").filter(fact_id=row["fact_id"]).collect().sort("outlet")
    story = (
        store.scan("mentions")
        .filter(pl.col("story_id") == row["story_id"], pl.col("fact_id") != row["fact_id"])
        .collect()
    )
    others = story.filter(~pl.col("outlet").is_in(mentions["outlet"].unique().implode()))
    texts = _likeliest(row["text"], others["text"].unique().sort().to_list())
    scores = pl.DataFrame({"text": texts, "score": align.score([row["text"]] * len(texts), texts)}, schema=_SCORED)
    near = others.join(scores, on="text").sort("score", "mention_id", descending=[True, False]).head(3)
    roles = store.scan("copies").select("article_id", "copy_group", "role").collect()
    likeness = align.score([row["text"]] * mentions.height, mentions["text"].to_list())
    mentions = mentions.with_columns(score=pl.Series("score", likeness, dtype=pl.Float64))
    mentions = mentions.join(roles, on="article_id", how="left", maintain_order="left")
    keep = (
        *(
            "mention_id",
            "outlet",
            "article_id",
            "title",
            "url",
            "published_at",
            "field",
            "begin",
            "end",
            "text",
            "kind",
        ),
        *("modality", "attribution", "quantities", "names", "copy_group", "role", "score"),
    )
    held = pl.Series(mentions["mention_id"]).implode()
    conflicts = (
        store.scan("conflicts").filter(pl.col("mention_a").is_in(held) | pl.col("mention_b").is_in(held)).collect()
    )
    return {
        "fact": {name: value for name, value in row.items() if name != "run_id"},
        "first": _BASIS[row["first_basis"]],
        "mentions": mentions.select(keep).to_dicts(),
        "coverage": coverage.select(
            "outlet", "carried", "unique", "first", "had_chance", "omitted", "lag_s"
        ).to_dicts(),
        "conflicts": conflicts.sort("slot", "mention_a", "mention_b")
        .select("slot", "outlet_a", "value_a", "outlet_b", "value_b", "kind")
        .to_dicts(),
        "nearest_elsewhere": near.select("outlet", "text", "score", "fact_id").to_dicts(),
    }


def _likeliest(text: str, others: list[str]) -> list[str]:
    """Those that share most words with a text: as many as are scored, so that a story of thousands answers at once."""
    from dedupe.text import content_stems

    own = set(content_stems(text))
    return sorted(others, key=lambda other: -len(own.intersection(content_stems(other))))[:_LIKELY]


def print_found(found: Mapping[str, Any]) -> None:
    """Print an explanation for a person: a pair of articles with the texts side by side, or all there is of a fact."""
    from rich.console import Console

    if "passages" in found:
        _print_pair(found, Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH_PIPED))
        return
    console = Console(highlight=False, soft_wrap=True)
    for name, value in found.items():
        if isinstance(value, list):
            console.print(f"{name}:", markup=False)
            for row in value:
                console.print(f"  - {_line(row)}", markup=False)
        else:
            console.print(f"{name}: {_line(value)}", markup=False)


def _print_pair(found: Mapping[str, Any], console: "Console") -> None:
    """The verdict first, then what decided, the texts, what would have changed it, and every value."""
    for side in ("a", "b"):
        one = found[f"article_{side}"]
        at = one["published_at"] or "no time"
        console.print(f"{side}  {one['article_id']}  {one['outlet']}  {at}  {one['title'] or ''}", markup=False)
    origin = "one origin" if found["same_origin"] else "not one origin"
    groups = "in one copy group" if found["one_copy_group"] else "in no common copy group"
    story = "in one story" if found["one_story"] else "in no common story"
    console.print(f"\n{found['relation']}: {origin}; {groups}; {story}")
    for reason in found["because"]:
        console.print(f"  {reason}", markup=False)
    for word in found["judgements"]:
        console.print(f"  ! judged: {_line(word)}", markup=False)
    console.print()
    console.print(_passages(found["passages"]))
    console.print("\nA threshold that would have changed the verdict:" if found["would_change"] else
                  "\nNo single threshold would have changed the verdict.")  # fmt: skip
    for row in found["would_change"]:
        verdict = f"{row['relation']}, {'one origin' if row['same_origin'] else 'not one origin'}"
        console.print(
            f"  {row['setting']} = {_line(row['at'])} instead of {_line(row['value'])}: {verdict}", markup=False
        )
    console.print("\nSignals")
    for name, value in found["signals"].items():
        shown = "unknown" if value is None else _line(value)
        console.print(f"  {name:<18}{shown:<9}{found['signal_docs'][name]}", markup=False)
    console.print("\nThresholds")
    for name, one in found["thresholds"].items():
        console.print(f"  {name:<24}{one['value']!s:<8}{one['unit']:<12}{one['doc']}", markup=False)


def _passages(pieces: Sequence[Mapping[str, Any]]) -> "Table":
    """The two texts side by side; of what is the same, the beginning and the end."""
    from rich.markup import escape
    from rich.table import Table

    table = Table("", "a", "b", show_edge=False, pad_edge=False, show_lines=True)
    for column in table.columns[1:]:
        column.ratio, column.overflow = 1, "fold"
    for piece in pieces:
        short = [piece[side].strip().replace("\n", " ") for side in ("a", "b")]
        if piece["kind"] == "same":
            short = [_ends(text) for text in short]
        table.add_row(piece["kind"], *map(escape, short))
    return table


def _ends(text: str) -> str:
    cut = len(text) - 2 * _SHOWN
    return text if cut <= 0 else f"{text[:_SHOWN]} [... {cut:,} characters ...] {text[-_SHOWN:]}"


def _line(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={_line(inner)}" for name, inner in value.items() if inner is not None)
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, str):
        return value.replace("\n", " ")
    return str(value)
