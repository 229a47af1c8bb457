"""Why two articles are, or are not, one origin: every signal, every threshold, the passages side by side."""

import dataclasses
from typing import Any

import numpy as np
import polars as pl

from dedupe import words
from dedupe.passages import align_pairs
from dedupe.relation import FOR, MEANING, SIGNALS, TESTS, decide, measure
from dedupe.settings import CopySettings

_NEEDED: dict[str, Any] = {"outlet": "", "title": None, "published_at": None, "published_precision": "none"}
# The settings each signal is held against: what is tried when asking what would have changed the verdict.
_HELD_AGAINST = {
    "taken": ("origin_taken", "version_taken", "side_taken", "lost_taken", "brief_restated", "brief_containment"),
    "own_containment": (
        *("origin_containment", "woven_containment", "figures_containment", "form_containment"),
        *("brief_containment", "correction_containment", "apart_containment", "block_containment"),
    ),
    "follows": ("followed_share", "others_follows"),
    "woven": ("woven_share", "reworked_woven", "figures_woven"),
    "gaps": ("reworked_gaps",),
    "head": ("block_head",),
    "swaps": ("form_swaps",),
    "numbers": ("form_agreement", "short_agreement", "dense_agreement", "figures_agreement"),
    "names": ("form_agreement", "figures_names", "short_names", "brief_names"),
    "shorter_words": ("brief_words", "short_words"),
    "days": ("copy_days", "restated_days"),
    "rest": ("block_rest",),
    "ratio": ("part_ratio", "digest_ratio"),
    "resemblance": ("copy_resemblance",),
    "title_similarity": ("revision_title", "brief_title", "version_title", "restated_title"),
}


def explain(
    a: dict[str, Any], b: dict[str, Any], settings: CopySettings, spread: pl.DataFrame | None = None
) -> dict[str, Any]:
    """Everything that decided about a pair, as plain data.

    Args:
        a: An article: article_id, text and, where known, outlet, title, published_at, published_precision, item_id.
        b: The other one.
        settings: The thresholds in force.
        spread: As in `dedupe.match.verify`.

    Returns:
        ``relation`` (as in the pairs table; "none" where the two share too little to be listed there), ``same_origin``;
        ``because``: the tests that fired, as sentences, those for one origin with "+", those against it with "-";
        ``signals`` {name: value} and what they mean, ``signal_docs``; ``tests`` {name: true or false} (see
        `dedupe.relation`); ``thresholds`` {setting: {value, doc, unit}}; ``passages``: the two texts side by side, in
        the order of a, each {kind, a_begin, a_end, b_begin, b_end, a, b} with kind ``same``, ``changed``, ``dropped``
        (only in a) or ``added`` (only in b); ``would_change``: for single settings, {setting, value, at, relation,
        same_origin}: the value measured here at which this one setting would have given another verdict.

    Cost: about 10 ms.
    """
    rows = [{**_NEEDED, **article} for article in (a, b)]
    frame = pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in ("article_id", "outlet", "title", "text", "item_id")},
        schema={name: pl.String() for name in ("article_id", "outlet", "title", "text", "item_id")},
    ).with_columns(published_at=pl.Series([row["published_at"] for row in rows], dtype=pl.Datetime("us", "UTC")))
    pairs = pl.DataFrame({"a": np.array([0]), "b": np.array([1])})
    aligned = align_pairs(frame["text"].fill_null(""), np.array([0]), np.array([1]), settings, spread, compiled=False)
    signals = measure(pairs, aligned, frame)
    decided = decide(signals, settings).row(0, named=True)
    listed = decided["containment"] >= settings.shared_containment  # below, `verify` lists no pair
    return {
        "article_a": rows[0]["article_id"],
        "article_b": rows[1]["article_id"],
        "relation": decided["relation"] if listed else "none",
        "same_origin": decided["same_origin"],
        "because": _because(decided),
        "signals": {name: decided[name] for name in signals.columns},
        "signal_docs": SIGNALS,
        "tests": {name: bool(decided[name]) for name in TESTS},
        "thresholds": _thresholds(settings),
        "passages": _side_by_side(rows[0]["text"] or "", rows[1]["text"] or "", aligned.spans().to_list()[0]),
        "would_change": _would_change(signals, decided, settings),
    }


def _because(decided: dict[str, Any]) -> list[str]:
    """What decided, in words."""
    if decided["whole"]:
        return ["+ word for word the same text"]
    found = [f"{'+' if name in FOR else '-'} {MEANING[name]} ({name})" for name in TESTS if decided[name]]
    if not any(decided[name] for name in FOR):
        why = "too little of the shorter text's own words is shared"
        if decided["lent"] >= 0.5:
            why += ", and most of what is shared is quoted or a list (captions, boards)"
        found.append(f"- no test speaks for one origin: {why}")
    return found


def _thresholds(settings: CopySettings) -> dict[str, dict[str, Any]]:
    return {
        each.name: {
            "value": getattr(settings, each.name),
            "doc": each.metadata["doc"],
            "unit": each.metadata["unit"],
        }
        for each in dataclasses.fields(settings)
    }


def _would_change(signals: pl.DataFrame, decided: dict[str, Any], settings: CopySettings) -> list[dict[str, Any]]:
    out = []
    for signal, names in _HELD_AGAINST.items():
        value = decided[signal]
        if value is None:
            continue
        for name in names:
            for tried in (value, value + 1e-9):  # at the value itself, and just past it: one of them crosses the line
                other = decide(signals, dataclasses.replace(settings, **{name: tried})).row(0, named=True)
                verdict = {key: other[key] for key in ("relation", "same_origin")}
                if verdict != {key: decided[key] for key in verdict}:
                    out.append({"setting": name, "value": getattr(settings, name), "at": round(value, 4), **verdict})
                    break
    return out


def _side_by_side(a: str, b: str, spans: list[dict[str, int]]) -> list[dict[str, Any]]:
    """Shared passages and what stands between them; passages that b has elsewhere stand where a has them."""
    out: list[dict[str, Any]] = []
    at_a = at_b = 0
    for span in sorted(spans, key=lambda each: each["a_begin"]):
        if span["b_begin"] >= at_b:
            out += _between(a, b, (at_a, span["a_begin"]), (at_b, span["b_begin"]))
            at_b = span["b_end"]
        else:  # b has this passage further up: nothing of b is passed over
            out += _between(a, b, (at_a, span["a_begin"]), (at_b, at_b))
        at_a = span["a_end"]
        out.append(_piece("same", a, b, (span["a_begin"], span["a_end"]), (span["b_begin"], span["b_end"])))
    return [*out, *_between(a, b, (at_a, len(a)), (at_b, len(b)))]


def _between(a: str, b: str, in_a: tuple[int, int], in_b: tuple[int, int]) -> list[dict[str, Any]]:
    ours, theirs = len(words.words(a[slice(*in_a)]).hashes) > 0, len(words.words(b[slice(*in_b)]).hashes) > 0
    if not ours and not theirs:
        return []
    kind = "changed" if ours and theirs else "dropped" if ours else "added"
    return [_piece(kind, a, b, in_a, in_b)]


def _piece(kind: str, a: str, b: str, in_a: tuple[int, int], in_b: tuple[int, int]) -> dict[str, Any]:
    return {
        "kind": kind,
        "a_begin": in_a[0],
        "a_end": in_a[1],
        "b_begin": in_b[0],
        "b_end": in_b[1],
        "a": a[slice(*in_a)],
        "b": b[slice(*in_b)],
    }
