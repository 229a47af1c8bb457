"""The fast lane: how likely each line is body, and what the titles and phrase lists say of it, without a tree or votes.

Archives are read in this lane. It measures the same things as the HTML lane with compiled code (`shallow`), judges by
trees of their own, and reads the wording only of lines near the body.
"""

import functools
import json
from collections.abc import Sequence
from importlib import resources

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from flows.clean import shallow, votes
from flows.clean.features import Outside
from flows.clean.flat import Flat
from flows.clean.metadata import Stated

_NEAR = 12  # lines before and behind the body whose wording is looked at
_TITLES = 3  # stated titles that lines are compared with
_Trees = tuple[
    npt.NDArray[np.int32],
    npt.NDArray[np.float32],
    npt.NDArray[np.int32],
    npt.NDArray[np.int32],
    npt.NDArray[np.float64],
    npt.NDArray[np.int32],
    float,
]


@functools.cache
def trees() -> _Trees:
    """The packaged trees in flat arrays, as `shallow.judge` takes them.

    Raises:
        ValueError: They were fitted to other measures than this version takes.
    """
    raw = json.loads(resources.files("flows.clean").joinpath("forest_shallow.json").read_text(encoding="utf-8"))
    if tuple(raw["features"]) != shallow.NAMES:
        message = "forest_shallow.json knows other measures than flows.clean.shallow; fit it again (flows.clean.fit)."
        raise ValueError(message)
    return flatten(raw)


def flatten(raw: dict[str, list[dict[str, list[float]]]]) -> _Trees:
    """Trees as `fit.export` writes them, in flat arrays."""
    columns: dict[str, list[float]] = {key: [] for key in ("feature", "threshold", "left", "right", "value")}
    roots = []
    for tree in raw["trees"]:
        base = len(columns["feature"])
        roots.append(base)
        for key, held in columns.items():
            held.extend(base + child if key in ("left", "right") else child for child in tree[key])
    return (
        np.array(columns["feature"], dtype=np.int32),
        np.array(columns["threshold"], dtype=np.float32),
        np.array(columns["left"], dtype=np.int32),
        np.array(columns["right"], dtype=np.int32),
        np.array(columns["value"], dtype=np.float64),
        np.array(roots, dtype=np.int32),
        float(raw["bias"]),  # type: ignore[arg-type]
    )


def measure(page: Flat, stated: Stated) -> tuple[npt.NDArray[np.float32], Outside]:
    """The measures of every line, and what the stated titles, dek and body say of it (phrases not yet)."""
    lower = "\n".join(page.texts).lower().split("\n")
    titles = list(dict.fromkeys(title.lower() for title in stated.titles[: 2 * _TITLES]))[:_TITLES]
    like_title = _like(titles, lower)
    like_dek = _like([stated.dek.lower()], lower) if stated.dek else np.zeros(len(lower), dtype=np.float32)
    data = np.frombuffer(("\n".join(page.texts) + "\n").encode(), dtype=np.uint8)
    has_linked = bool(stated.body) and len(stated.body or "") > 200
    body = np.frombuffer((stated.body or "").encode("utf-8", "replace"), dtype=np.uint8)
    linked = shallow.covered(data, body) if has_linked else np.zeros(len(lower), dtype=np.float32)
    rows = shallow.measure(
        data, page.lines, page.nodes, like_title, linked, has_linked, shallow.KINDS, shallow.INLINES, shallow.INSIDE
    )
    return rows, Outside(like_title.tolist(), like_dek.tolist(), linked.tolist() if has_linked else None, [], [])


def share_in(text: str, other: str) -> float:
    """The share of a text's words that stand in another in the same company (four in a row). Cost: 3 ns a byte."""
    line = text.replace("\n", " ").encode("utf-8", "replace") + b"\n"
    whole = other.encode("utf-8", "replace")
    return float(shallow.covered(np.frombuffer(line, dtype=np.uint8), np.frombuffer(whole, dtype=np.uint8))[0])


def _like(wanted: Sequence[str], lines: Sequence[str]) -> npt.NDArray[np.float32]:
    """Per line, its greatest similarity to any of some texts, 0 to 1; below .6 it is 0."""
    if not wanted:
        return np.zeros(len(lines), dtype=np.float32)
    alike = process.cdist(wanted, lines, scorer=fuzz.ratio, score_cutoff=60, dtype=np.float32)
    return np.asarray(alike.max(axis=0) / 100, dtype=np.float32)


def judge(page: Flat, stated: Stated) -> tuple[npt.NDArray[np.float32], Outside]:
    """Probability per line that it is body, and what is known of the lines. Cost: about 3 us a line."""
    rows, around = measure(page, stated)
    return shallow.judge(rows, *trees()), around


def read_phrases(page: Flat, main: Sequence[bool]) -> list[float]:
    """Which phrase list a line is on, for the lines around the body that are not in it; 0 elsewhere."""
    taken = [at for at, value in enumerate(main) if value]
    said = [0.0] * len(main)
    if taken:
        for at in range(max(0, taken[0] - _NEAR), min(len(main), taken[-1] + _NEAR)):
            said[at] = 0.0 if main[at] else votes.phrase(page.texts[at])
    return said
