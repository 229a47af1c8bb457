"""What can be measured of a block without reading it: size, form, links, place, company, and what extractors say."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from flows.clean import dom

_END = re.compile(r"[.!?…。！？।؟۔][\"'”’»›)\]」』*]*$")
_LONG = 80  # characters from which an unlinked block counts as a paragraph when the page's middle is looked for

NAMES = (
    "log_chars", "words", "word_chars", "ends_sentence", "sentences", "commas", "digit_share", "upper_share",
    "link_share", "link_n", "quote_start", "colon_end", "elided", "is_p", "is_div", "is_li", "is_h1", "is_h2",
    "is_h3", "is_h4", "is_cell", "is_caption", "is_quote", "is_other", "broken", "inline_strong", "inline_em",
    "inline_span", "inline_a", "in_article", "in_main", "in_aside", "in_nav", "in_footer", "in_header", "in_figure",
    "in_form", "in_list", "in_table", "in_quote", "hidden", "in_heading", "own_positive", "own_negative",
    "own_named", "near_positive", "near_negative", "far_negative", "negative_steps", "named_steps", "depth",
    "depth_to_core", "in_core", "core_share", "parent_share", "parent_link_share", "parent_blocks", "parent_mean",
    "branch_share", "branch_link_share", "branch_blocks", "class_share", "class_blocks", "class_mean",
    "class_link_share", "place", "place_chars", "from_title", "before_title", "from_first", "from_last", "between",
    "prev_log_chars", "prev_link_share", "prev_ends", "prev_same_parent", "prev_same_tag", "next_log_chars",
    "next_link_share", "next_ends", "next_same_parent", "next_same_tag", "prev2_log_chars", "next2_log_chars",
    "like_title", "like_dek", "seen_before", "phrase", "ld_share", "has_ld", "vote_main", "vote_near",
    "page_blocks", "page_chars", "core_chars", "vote_n_share",
)  # fmt: skip


@dataclass(slots=True)
class Outside:
    """What is known of a page's blocks from elsewhere; one value a block."""

    like_title: Sequence[float]
    like_dek: Sequence[float]
    in_linked_data: Sequence[float] | None
    phrase: Sequence[float]
    votes: Sequence[Sequence[float]]


def measure(page: dom.Dom, outside: Outside) -> npt.NDArray[np.float32]:
    """One row per block, one column per name in `NAMES`. Cost: about 6 us a block."""
    blocks, nodes = page.blocks, page.nodes
    n = len(blocks)
    table = np.zeros((len(NAMES), n), dtype=np.float32)
    if n == 0:
        return table.T
    put = dict(zip(NAMES, table, strict=True))
    own = np.array([block.node for block in blocks], dtype=np.int64)
    parent = np.array([node.parent for node in nodes], dtype=np.int64)
    up = np.where(parent[own] >= 0, parent[own], own)
    form = np.array([_form(block.text) for block in blocks], dtype=np.float64)
    chars = form[:, 0]
    links = np.array([block.link_chars for block in blocks], dtype=np.float64) / np.maximum(chars, 1)
    ends = form[:, 2]
    _put_form(put, form, links, blocks)
    _put_place_in_tree(put, page, own)
    mass = np.where((chars >= _LONG) & (links < 0.5), chars * (1 - links), 0.0)
    sums = _sums(page, own, parent, chars, links, mass)
    branch, in_core = _put_core(put, page, sums, own, up)
    _put_company(put, page, own, chars, links, mass)
    _put_order(put, page, outside, chars, mass, in_core)
    put["branch_share"][:] = sums.mass[branch] / sums.total
    put["branch_link_share"][:] = sums.links[branch] / np.maximum(1.0, sums.chars[branch])
    put["branch_blocks"][:] = np.minimum(sums.n[branch], 200)
    _put_neighbours(put, page, own, parent, np.log1p(chars), links, ends)
    _put_outside(put, outside, chars)
    return np.ascontiguousarray(table.T)


_LI, _DEEP, _CELL, _CAPTION = ("li", "dd", "dt"), ("h4", "h5", "h6"), ("td", "th"), ("figcaption", "caption")
_OUTER = ("section", "article", "header", "footer", "aside", "body")
_TAG_COLUMN = {
    "p": "is_p",
    "div": "is_div",
    "h1": "is_h1",
    "h2": "is_h2",
    "h3": "is_h3",
    "blockquote": "is_quote",
    **dict.fromkeys(_LI, "is_li"),
    **dict.fromkeys(_DEEP, "is_h4"),
    **dict.fromkeys(_CELL, "is_cell"),
    **dict.fromkeys(_CAPTION, "is_caption"),
    **dict.fromkeys(_OUTER, "is_other"),
}
_BIT_COLUMN = {
    "in_article": dom.ARTICLE,
    "in_main": dom.MAIN,
    "in_aside": dom.ASIDE,
    "in_nav": dom.NAV,
    "in_footer": dom.FOOTER,
    "in_header": dom.HEADER,
    "in_figure": dom.FIGURE,
    "in_form": dom.FORM,
    "in_list": dom.LIST,
    "in_table": dom.TABLE,
    "in_quote": dom.QUOTE,
    "hidden": dom.HIDDEN,
    "in_heading": dom.HEADING,
}
_DIGITS = str.maketrans("", "", "0123456789")
_QUOTES = frozenset('"“„«‘»–—-')


def _form(text: str) -> tuple[float, ...]:
    """Size, words, ends a sentence, sentences, commas, digits, capitals, opening quote, colon, ellipsis."""
    size, words, head = len(text), text.count(" ") + 1, text[:200]
    return (
        size,
        words,
        bool(_END.search(text, max(0, size - 12))),
        text.count(". ") + text.count("? ") + text.count("。"),
        (text.count(",") + text.count("،") + text.count("、")) / words,
        (size - len(text.translate(_DIGITS))) / size if size < 400 else 0.0,
        len(_CAPITALS.findall(head)) / len(head),
        text[0] in _QUOTES,
        text[-1] == ":",
        text.endswith(("...", "…", "[…]")),
    )


def _put_form(
    put: dict[str, npt.NDArray[np.float32]],
    form: npt.NDArray[np.float64],
    links: npt.NDArray[np.float64],
    blocks: Sequence[dom.Block],
) -> None:
    """What a block looks like."""
    chars, words = form[:, 0], form[:, 1]
    put["log_chars"][:] = np.log1p(chars)
    put["words"][:] = np.minimum(words, 300)
    put["word_chars"][:] = chars / words
    columns = (
        "ends_sentence",
        "sentences",
        "commas",
        "digit_share",
        "upper_share",
        "quote_start",
        "colon_end",
        "elided",
    )
    for column, values in zip(columns, form.T[2:], strict=True):
        put[column][:] = values
    put["link_share"][:] = links
    put["link_n"][:] = [min(block.link_n, 20) for block in blocks]
    put["broken"][:] = [block.broken for block in blocks]
    for at, block in enumerate(blocks):
        if block.inline:
            tag = block.inline.partition(" ")[0]
            inline = _INLINE_COLUMN.get(tag)
            if inline:
                put[inline][at] = 1.0


_CAPITALS = re.compile(r"[A-ZÀ-ÖØ-ÞА-ЯЁĀĂĄĆČĎĐĒĘĚĞĢĪİĶĹĻĽŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŹŻŽΑ-Ω]")
_INLINE_COLUMN = {
    "strong": "inline_strong",
    "b": "inline_strong",
    "em": "inline_em",
    "i": "inline_em",
    "span": "inline_span",
    "a": "inline_a",
}


def _put_place_in_tree(put: dict[str, npt.NDArray[np.float32]], page: dom.Dom, own: npt.NDArray[np.int64]) -> None:
    """Tags, ancestors and the words in class names."""
    nodes = page.nodes
    for at, number in enumerate(own.tolist()):
        column = _TAG_COLUMN.get(nodes[number].tag)
        if column:
            put[column][at] = 1.0
    inside = np.array([node.inside for node in nodes], dtype=np.int64)[own]
    for column, bit in _BIT_COLUMN.items():
        put[column][:] = (inside & bit) > 0
    positive = np.array([node.positive for node in nodes], dtype=np.float32)
    negative = np.array([node.negative for node in nodes], dtype=np.float32)
    put["own_positive"][:] = positive[own]
    put["own_negative"][:] = negative[own]
    put["own_named"][:] = np.array([bool(node.named) for node in nodes])[own]
    put["depth"][:] = np.array([node.depth for node in nodes])[own]


@dataclass(frozen=True, slots=True)
class _Sums:
    """What every element holds, its descendants included."""

    mass: npt.NDArray[np.float64]
    chars: npt.NDArray[np.float64]
    links: npt.NDArray[np.float64]
    n: npt.NDArray[np.float64]
    total: float
    core: int


def _sums(
    page: dom.Dom,
    own: npt.NDArray[np.int64],
    parent: npt.NDArray[np.int64],
    chars: npt.NDArray[np.float64],
    links: npt.NDArray[np.float64],
    mass: npt.NDArray[np.float64],
) -> _Sums:
    """Sums per element, and the core: the deepest element that holds most of the page's paragraphs."""
    size = len(page.nodes)
    held = [np.bincount(own, weights=values, minlength=size).tolist() for values in (mass, chars, links * chars)]
    node_mass, node_chars, node_links = held
    node_n = np.bincount(own, minlength=size).tolist()
    parents = parent.tolist()
    best = [-1] * size  # the child that holds most
    for number in range(size - 1, 0, -1):
        above = parents[number]
        if node_n[number]:
            node_mass[above] += node_mass[number]
            node_chars[above] += node_chars[number]
            node_links[above] += node_links[number]
            node_n[above] += node_n[number]
        if best[above] < 0 or node_mass[number] >= node_mass[best[above]]:
            best[above] = number
    core = 0
    while best[core] >= 0 and node_mass[best[core]] >= _CORE * node_mass[core] > 0 and node_n[best[core]] > 1:
        core = best[core]
    arrays = [np.array(values, dtype=np.float64) for values in (node_mass, node_chars, node_links, node_n)]
    return _Sums(arrays[0], arrays[1], arrays[2], arrays[3], max(1.0, float(mass.sum())), core)


_CORE = 0.6  # a child that holds this share of its parent's paragraphs is walked into


def _put_core(
    put: dict[str, npt.NDArray[np.float32]],
    page: dom.Dom,
    sums: _Sums,
    own: npt.NDArray[np.int64],
    up: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Where a block stands to the core, and the names for and against on the way; its branch (a child of the core)."""
    rows: list[tuple[int, int, int, int, int, int, int, int]] = []
    core = sums.core
    for number, node in enumerate(page.nodes):
        in_core, steps, branch, positive, negative, far, negative_steps, named_steps = (
            rows[node.parent] if node.parent >= 0 else (0, 0, number, 0, 0, 0, 30, 30)
        )
        if number == core:
            in_core, steps, branch, far = 1, 0, number, 0
        else:
            steps = steps + 1 if in_core else -1
            branch = branch if in_core and node.parent != core else number
            far = min(far + node.negative, 6)
        rows.append(
            (
                in_core,
                steps,
                branch,
                min(4, node.positive + min(positive, 3)),
                min(4, node.negative + negative),
                far,
                0 if node.negative else min(30, negative_steps + 1),
                0 if node.named else min(30, named_steps + 1),
            )
        )
    table = np.array(rows, dtype=np.int64)[own]
    columns = (
        "in_core",
        "depth_to_core",
        "",
        "near_positive",
        "near_negative",
        "far_negative",
        "negative_steps",
        "named_steps",
    )
    for column, values in zip(columns, table.T, strict=True):
        if column:
            put[column][:] = values
    put["core_share"][:] = sums.mass[core] / sums.total
    put["core_chars"][:] = math.log1p(sums.mass[core])
    put["parent_share"][:] = sums.mass[up] / sums.total
    put["parent_link_share"][:] = sums.links[up] / np.maximum(1.0, sums.chars[up])
    put["parent_blocks"][:] = np.minimum(sums.n[up], 200)
    put["parent_mean"][:] = sums.chars[up] / np.maximum(1.0, sums.n[up])
    return table[:, 2], table[:, 0] > 0


def _put_company(
    put: dict[str, npt.NDArray[np.float32]],
    page: dom.Dom,
    own: npt.NDArray[np.int64],
    chars: npt.NDArray[np.float64],
    links: npt.NDArray[np.float64],
    mass: npt.NDArray[np.float64],
) -> None:
    """What the blocks with the same tag and class are like."""
    nodes = page.nodes
    known: dict[tuple[str, str], int] = {}
    kinds = np.empty(len(own), dtype=np.int64)
    for at, number in enumerate(own.tolist()):
        node = nodes[number]
        key = (node.tag, (node.key or nodes[node.parent].key) if node.parent >= 0 else "")
        kinds[at] = known.setdefault(key, len(known))
    count = np.bincount(kinds)
    all_chars = np.bincount(kinds, weights=chars)
    put["class_share"][:] = (np.bincount(kinds, weights=mass) / max(1.0, float(mass.sum())))[kinds]
    put["class_blocks"][:] = np.minimum(count, 200)[kinds]
    put["class_mean"][:] = (all_chars / count)[kinds]
    put["class_link_share"][:] = (np.bincount(kinds, weights=links * chars) / np.maximum(1.0, all_chars))[kinds]


def _put_order(
    put: dict[str, npt.NDArray[np.float32]],
    page: dom.Dom,
    outside: Outside,
    chars: npt.NDArray[np.float64],
    mass: npt.NDArray[np.float64],
    in_core: npt.NDArray[np.bool_],
) -> None:
    """Where a block stands on the page: from the top, from the title, from the first and last paragraph."""
    n = len(chars)
    places = np.arange(n)
    paragraphs = np.flatnonzero((mass > 0) & in_core)
    first, last = (int(paragraphs[0]), int(paragraphs[-1])) if len(paragraphs) else (0, n - 1)
    like = np.asarray(outside.like_title)
    heads = [at for at in np.flatnonzero(like >= 0.8).tolist() if page.nodes[page.blocks[at].node].tag in ("h1", "h2")]
    titles = heads or np.flatnonzero(like >= 0.9).tolist()
    title = min(titles, key=lambda at: abs(first - at)) if titles else -1
    before = np.concatenate(([0.0], np.cumsum(chars)))
    put["place"][:] = places / n
    put["place_chars"][:] = before[:-1] / max(1.0, before[-1])
    put["from_title"][:] = np.minimum(places - title, 100) if title >= 0 else -1
    put["before_title"][:] = (places < title) if title >= 0 else 0
    put["from_first"][:] = np.clip(places - first, -50, 100)
    put["from_last"][:] = np.clip(last - places, -50, 100)
    put["between"][:] = (places >= first) & (places <= last)
    put["page_blocks"][:] = min(n, 1000)
    put["page_chars"][:] = math.log1p(before[-1])
    seen: set[str] = set()
    for at, block in enumerate(page.blocks):
        if block.text in seen:
            put["seen_before"][at] = 1.0
        seen.add(block.text)


def _put_neighbours(
    put: dict[str, npt.NDArray[np.float32]],
    page: dom.Dom,
    own: npt.NDArray[np.int64],
    parent: npt.NDArray[np.int64],
    log_chars: npt.NDArray[np.float64],
    links: npt.NDArray[np.float64],
    ends: npt.NDArray[np.float64],
) -> None:
    """What stands before and behind a block."""
    tags: dict[str, int] = {}
    tag = np.array([tags.setdefault(node.tag, len(tags)) for node in page.nodes])[own]
    above = parent[own]
    for side, here, there in (("prev", slice(1, None), slice(None, -1)), ("next", slice(None, -1), slice(1, None))):
        put[f"{side}_log_chars"][here] = log_chars[there]
        put[f"{side}_link_share"][here] = links[there]
        put[f"{side}_ends"][here] = ends[there]
        put[f"{side}_same_parent"][here] = above[here] == above[there]
        put[f"{side}_same_tag"][here] = tag[here] == tag[there]
    put["prev2_log_chars"][2:] = log_chars[:-2]
    put["next2_log_chars"][:-2] = log_chars[2:]


def _put_outside(put: dict[str, npt.NDArray[np.float32]], outside: Outside, chars: npt.NDArray[np.float64]) -> None:
    """Metadata, phrase lists and votes."""
    put["like_title"][:] = outside.like_title
    put["like_dek"][:] = outside.like_dek
    put["phrase"][:] = outside.phrase
    if outside.in_linked_data is not None:
        put["ld_share"][:] = outside.in_linked_data
        put["has_ld"][:] = 1
    if outside.votes:
        _put_vote(put, outside.votes[0], chars)


def _put_vote(
    put: dict[str, npt.NDArray[np.float32]], said: Sequence[float], chars: npt.NDArray[np.floating[Any]]
) -> None:
    vote = np.asarray(said, dtype=np.float64)
    put["vote_main"][:] = vote
    put["vote_near"][:] = np.convolve(vote, [0.25, 0.25, 0, 0.25, 0.25], mode="same") if len(vote) >= 5 else vote
    put["vote_n_share"][:] = float((vote * chars).sum() / max(1.0, float(chars.sum())))


def with_vote(
    measured: npt.NDArray[np.float32], said: Sequence[float], chars: npt.NDArray[np.floating[Any]]
) -> npt.NDArray[np.float32]:
    """The measures of a page with an extractor's vote, which was not asked for before."""
    table = measured.T.copy()
    _put_vote(dict(zip(NAMES, table, strict=True)), said, chars)
    return np.ascontiguousarray(table.T)
