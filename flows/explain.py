"""Why: two articles side by side with every signal and threshold, or one fact with who carries it in which words."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from dedupe import judgements
from dedupe.settings import CopySettings
from flows import terminal
from storage.tables import Store, StoreError

_SHOWN = 120  # characters at each end of an equal passage that are printed
_1970 = date(1970, 1, 1).toordinal()  # dates are days since then
_DIFFERENT = 500  # the same of a passage that differs


_LISTED = {
    "articles": "`copydesk show unique --json` and the published articles have them",
    "facts": "`copydesk show facts` lists them",
    "mentions": "`copydesk explain FACT_ID` and `copydesk show conflicts` list them",
}
"""Where the ids of a table are found."""


def one(store: Store, table: str, key: str, wanted: str) -> dict[str, Any]:
    """The row whose id begins with `wanted`; exactly one must."""
    rows = store.scan(table).filter(pl.col(key).str.starts_with(wanted)).sort(key).head(3).collect()
    if rows.height == 1:
        return rows.to_dicts()[0]
    message = f"no {key} begins with {wanted!r}; {_LISTED[table]}."
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

    Args:
        path: The store's folder.
        wanted: The fact's id or the beginning of it, or that of one of its mentions.

    Raises:
        StoreError: An id that no fact and no mention, or more than one, begins with.
    """
    from dedupe.facts import align

    store = Store.open(path, create=False)
    if wanted.startswith("a-"):
        raise StoreError(f"{wanted!r} is an article; give two of them, or the id of a fact or a mention")
    named = one(store, "mentions", "mention_id", wanted)["fact_id"] if wanted.startswith("m-") else wanted
    row = one(store, "facts", "fact_id", named)
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


def fact_lines(found: Mapping[str, Any]) -> list[str]:
    """All there is of a fact, for a person: what it says, who carries it in which words, who does not, what is near."""
    fact, told = found["fact"], terminal.told
    counts = [
        f"{fact[f'{name}_n']} {name}{'' if fact[f'{name}_n'] == 1 else 's'}" for name in ("outlet", "origin", "root")
    ]
    who = f"{terminal.plain(fact['first_outlet'])}, {told(fact['first_at'])}; " if fact["first_outlet"] else ""
    out = [
        f"{fact['fact_id']}: {fact['status']}, {', '.join(counts)}; story {told(fact['story_id'])}",
        f"“{terminal.plain(fact['text'])}”",
        f"first: {who}{found['first']}",
        f"which mentions assert the same was decided by: {fact['scorer']}, then judgements",
        "",
        "Carried by",
    ]
    for row in found["mentions"]:
        at = told(row["published_at"]) or "no time"
        copied = f", {row['role']} of {told(row['copy_group'])}" if row["role"] else ""
        out.append(f"  {terminal.plain(row['outlet'])}, {at}{copied}: “{terminal.plain(row['text'])}”")
        place = f"{row['field']} {row['begin']}-{row['end']} of {told(row['article_id'])}"
        out.append(
            f"    {told(row['mention_id'])}: {place}; {row['kind']}, {row['modality']}; likeness {row['score']:.2f}"
        )
        if row["attribution"]:
            chain = " < ".join(terminal.plain(one["cited"]) for one in row["attribution"])
            out.append(f"    says so (outermost first): {chain}")
        out += [f"    measures {_measured(one, row)}" for one in row["quantities"]]
    others = [row for row in found["coverage"] if not row["carried"]]
    out += ["", "Not carried by"] if others else []
    for row in others:
        why = (
            "left out"
            if row["omitted"]
            else "had the chance"
            if row["had_chance"]
            else "came out before, or has no full text"
        )
        out.append(f"  {terminal.plain(row['outlet'])}: {why}")
    out += ["", "Where they differ"] if found["conflicts"] else []
    for row in found["conflicts"]:
        sides = [f"{row[f'outlet_{side}']} “{row[f'value_{side}']}”" for side in ("a", "b")]
        out.append(terminal.plain(f"  {row['slot']}: {', '.join(sides)} ({row['kind']})"))
    out += ["", "Nearest in other outlets, with how likely it is the same fact"] if found["nearest_elsewhere"] else []
    for row in found["nearest_elsewhere"]:
        where = f"{terminal.plain(row['outlet'])}, {told(row['fact_id'])}"
        out.append(f"  {row['score']:.2f} {where}: “{terminal.plain(row['text'])}”")
    return terminal.wrapped(out)


def _measured(one: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """A quantity of a mention: its words, and the value they are read as."""
    words = row["text"][one["begin"] - row["begin"] : one["end"] - row["begin"]]
    bounds = [one[name] for name in ("value", "low", "high")]
    if one["kind"] == "date":
        bounds = [None if day is None else str(date.fromordinal(_1970 + int(day))) for day in bounds]
    value, low, high = ["unknown" if bound is None else terminal.told(bound) for bound in bounds]
    between = value if value == low == high else f"{value}, at least {low}, at most {high}"
    return f"“{terminal.plain(words)}”: {one['kind']} {between}{' ' + one['unit'] if one['unit'] else ''}"


def pair_lines(found: Mapping[str, Any]) -> list[str]:
    """The verdict on a pair first, then what decided, the texts, what would have changed it, and every value."""
    out = []
    for side in ("a", "b"):
        one = found[f"article_{side}"]
        at = terminal.told(one["published_at"]) or "no time"
        out.append(f"{side}  {one['article_id']}  {terminal.plain(one['outlet'])}  {at}  {terminal.told(one['title'])}")
    origin = "one origin" if found["same_origin"] else "not one origin"
    groups = "in one copy group" if found["one_copy_group"] else "in no common copy group"
    story = "in one story" if found["one_story"] else "in no common story"
    relation = "no relation" if found["relation"] == "none" else found["relation"]
    out += ["", f"{relation}: {origin}; {groups}; {story}", *(f"  {reason}" for reason in found["because"])]
    out += [f"  ! judged: {terminal.told(word)}" for word in found["judgements"]]
    passages = [
        {"": piece["kind"]} | {side: _ends(terminal.plain(piece[side].strip()), piece["kind"]) for side in ("a", "b")}
        for piece in found["passages"]
    ]
    shown = terminal.laid_out(pl.DataFrame(passages, schema=dict.fromkeys(("", "a", "b"), pl.String)))
    wanted = "A threshold that would have changed the verdict:"
    last = [wanted if found["would_change"] else "No single threshold would have changed the verdict."]
    for row in found["would_change"]:
        verdict = f"{row['relation']}, {'one origin' if row['same_origin'] else 'not one origin'}"
        last.append(
            f"  {row['setting']} = {terminal.told(row['at'])} instead of {terminal.told(row['value'])}: {verdict}"
        )
    last += ["", "Signals"]
    for name, value in found["signals"].items():
        last.append(
            f"  {name:<18}{'unknown' if value is None else terminal.told(value):<9}{found['signal_docs'][name]}"
        )
    last += ["", "Thresholds"]
    last += [
        f"  {name:<24}{one['value']!s:<8}{one['unit']:<12}{one['doc']}" for name, one in found["thresholds"].items()
    ]
    return [*terminal.wrapped(out), "", *shown, "", *terminal.wrapped(last)]


def _ends(text: str, kind: str) -> str:
    """The beginning and the end of what is the same, or of what is long; `--json` has all of it."""
    most = _SHOWN if kind == "same" else _DIFFERENT
    cut = len(text) - 2 * most
    return text if cut <= 0 else f"{text[:most]} [... {cut:,} characters ...] {text[-most:]}"
