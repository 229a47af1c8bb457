"""What can be measured of a block without reading it: size, form, links, place, company, and what extractors say."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from flows.clean import dom

_END = re.compile(r"[.!?…。！？।؟۔][\"'”’»›)\]」』*]*$")
_LONG = 80  # characters from which an unlinked block counts as a paragraph when the page's middle is looked for

NAMES = (
    "log_chars", "words", "word_chars", "ends_sentence", "sentences", "commas", "digit_share", "upper_share", "link_share", "link_n", "quote_start", "colon_end", "elided",
    "is_p", "is_div", "is_li", "is_h1", "is_h2", "is_h3", "is_h4", "is_cell", "is_caption", "is_quote", "is_other", "broken", "inline_strong", "inline_em", "inline_span", "inline_a",
    "in_article", "in_main", "in_aside", "in_nav", "in_footer", "in_header", "in_figure", "in_form", "in_list", "in_table", "in_quote", "hidden", "in_heading",
    "own_positive", "own_negative", "own_named", "near_positive", "near_negative", "far_negative", "negative_steps", "named_steps",
    "depth", "depth_to_core", "in_core", "core_share", "parent_share", "parent_link_share", "parent_blocks", "parent_mean", "branch_share", "branch_link_share", "branch_blocks",
    "class_share", "class_blocks", "class_mean", "class_link_share", "place", "place_chars", "from_title", "before_title", "from_first", "from_last", "between",
    "prev_log_chars", "prev_link_share", "prev_ends", "prev_same_parent", "prev_same_tag", "next_log_chars", "next_link_share", "next_ends", "next_same_parent", "next_same_tag",
    "prev2_log_chars", "next2_log_chars", "like_title", "like_dek", "seen_before", "phrase", "ld_share", "has_ld", "vote_main", "vote_raw", "vote_near",
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
    chars = np.array([len(block.text) for block in blocks], dtype=np.float64)
    links = np.array([block.link_chars for block in blocks], dtype=np.float64) / np.maximum(chars, 1)
    ends = np.array([bool(_END.search(block.text)) for block in blocks], dtype=np.float64)
    mass = np.where((chars >= _LONG) & (links < 0.5), chars * (1 - links), 0.0)
    core, node_mass, node_chars, node_links, node_n = _core(page, chars, links, mass)
    total_mass = max(1.0, mass.sum())
    by_class: dict[tuple[str, str], list[float]] = {}
    keys: list[tuple[str, str]] = []
    for at, block in enumerate(blocks):
        node = nodes[block.node]
        key = (node.tag, node.key or nodes[node.parent].key if node.parent >= 0 else "")
        keys.append(key)
        sums = by_class.setdefault(key, [0.0, 0.0, 0.0, 0.0])
        sums[0] += mass[at]
        sums[1] += 1
        sums[2] += chars[at]
        sums[3] += links[at] * chars[at]
    ancestry = [_Ancestry(page, number, core) if False else None for number in ()]
    del ancestry
    chains = _chains(page, core)
    paragraphs = np.flatnonzero(mass > 0)
    inside_core = np.array([chains[block.node][0] for block in blocks], dtype=bool)
    core_paragraphs = paragraphs[inside_core[paragraphs]] if len(paragraphs) else paragraphs
    first = int(core_paragraphs[0]) if len(core_paragraphs) else 0
    last = int(core_paragraphs[-1]) if len(core_paragraphs) else n - 1
    titles = [
        at for at, value in enumerate(outside.like_title) if value >= 0.8 and nodes[blocks[at].node].tag in ("h1", "h2")
    ] or [at for at, value in enumerate(outside.like_title) if value >= 0.9]
    title = min(titles, key=lambda at: abs(first - at)) if titles else -1
    so_far = np.concatenate(([0.0], np.cumsum(chars)))
    votes = [np.asarray(vote, dtype=np.float64) for vote in outside.votes] or [np.zeros(n)]
    main = votes[0]
    near = np.convolve(main, [0.25, 0.25, 0, 0.25, 0.25], mode="same") if n >= 5 else main
    raw = votes[1] if len(votes) > 1 else np.zeros(n)
    seen: set[str] = set()
    log_chars = np.log1p(chars)
    rows = np.zeros((n, len(NAMES)), dtype=np.float32)
    vote_share = float((main * chars).sum() / max(1.0, chars.sum()))
    for at, block in enumerate(blocks):
        text, node = block.text, nodes[block.node]
        tag, size = node.tag, max(1, len(text))
        words = text.count(" ") + 1
        in_core, steps, branch, near_pos, near_neg, far_neg, neg_steps, named_steps = chains[block.node]
        up = node.parent if node.parent >= 0 else block.node
        sums = by_class[keys[at]]
        before, after = at - 1, at + 1
        again = text in seen
        seen.add(text)
        inside = node.inside
        rows[at] = (
            log_chars[at], min(words, 300), size / words, ends[at], text.count(". ") + text.count("? ") + text.count("。"), (text.count(",") + text.count("،") + text.count("、")) / words,
            sum(map(text.count, "0123456789")) / size if size < 400 else 0.0, sum(map(str.isupper, text[:200])) / min(size, 200), links[at], min(block.link_n, 20),
            text[0] in "\"“„«‘»–—-", text[-1] == ":", text.endswith(("...", "…", "[…]")),
            tag == "p", tag == "div", tag in ("li", "dd", "dt"), tag == "h1", tag == "h2", tag == "h3", tag in ("h4", "h5", "h6"), tag in ("td", "th"), tag in ("figcaption", "caption"), tag == "blockquote",
            tag in ("section", "article", "header", "footer", "aside", "body"), block.broken,
            block.inline.startswith(("strong", "b ")), block.inline.startswith(("em", "i ")), block.inline.startswith("span"), block.inline.startswith("a "),
            bool(inside & dom.ARTICLE), bool(inside & dom.MAIN), bool(inside & dom.ASIDE), bool(inside & dom.NAV), bool(inside & dom.FOOTER), bool(inside & dom.HEADER), bool(inside & dom.FIGURE),
            bool(inside & dom.FORM), bool(inside & dom.LIST), bool(inside & dom.TABLE), bool(inside & dom.QUOTE), bool(inside & dom.HIDDEN), bool(inside & dom.HEADING),
            node.positive, node.negative, bool(node.named), near_pos, near_neg, far_neg, neg_steps, named_steps,
            node.depth, steps, in_core, node_mass[core] / total_mass, node_mass[up] / total_mass, node_links[up] / max(1.0, node_chars[up]), min(node_n[up], 200), node_chars[up] / max(1, node_n[up]),
            node_mass[branch] / total_mass, node_links[branch] / max(1.0, node_chars[branch]), min(node_n[branch], 200),
            sums[0] / total_mass, min(sums[1], 200), sums[2] / sums[1], sums[3] / max(1.0, sums[2]),
            at / n, so_far[at] / max(1.0, so_far[-1]), min(at - title, 100) if title >= 0 else -1, title >= 0 and at < title,
            min(max(at - first, -50), 100), min(max(last - at, -50), 100), first <= at <= last,
            log_chars[before] if at else 0, links[before] if at else 0, ends[before] if at else 0, at > 0 and nodes[blocks[before].node].parent == node.parent, at > 0 and nodes[blocks[before].node].tag == tag,
            log_chars[after] if after < n else 0, links[after] if after < n else 0, ends[after] if after < n else 0, after < n and nodes[blocks[after].node].parent == node.parent, after < n and nodes[blocks[after].node].tag == tag,
            log_chars[at - 2] if at > 1 else 0, log_chars[at + 2] if at + 2 < n else 0,
            outside.like_title[at], outside.like_dek[at], again, outside.phrase[at],
            outside.in_linked_data[at] if outside.in_linked_data is not None else 0, outside.in_linked_data is not None,
            main[at], raw[at], near[at], min(n, 1000), math.log1p(so_far[-1]), math.log1p(node_mass[core]), vote_share,
        )  # fmt: skip
    return rows


def _core(
    page: dom.Dom, chars: npt.NDArray[np.float64], links: npt.NDArray[np.float64], mass: npt.NDArray[np.float64]
) -> tuple[int, list[float], list[float], list[float], list[int]]:
    """The deepest element that holds most of the page's paragraphs, and what every element holds."""
    nodes = page.nodes
    node_mass, node_chars, node_links = [0.0] * len(nodes), [0.0] * len(nodes), [0.0] * len(nodes)
    node_n = [0] * len(nodes)
    for at, block in enumerate(page.blocks):
        node_mass[block.node] += mass[at]
        node_chars[block.node] += chars[at]
        node_links[block.node] += links[at] * chars[at]
        node_n[block.node] += 1
    best = [-1] * len(nodes)  # the child that holds most
    for number in range(len(nodes) - 1, 0, -1):
        parent = nodes[number].parent
        node_mass[parent] += node_mass[number]
        node_chars[parent] += node_chars[number]
        node_links[parent] += node_links[number]
        node_n[parent] += node_n[number]
        if best[parent] < 0 or node_mass[number] >= node_mass[best[parent]]:
            best[parent] = number
    core = 0
    while best[core] >= 0 and node_mass[best[core]] >= 0.6 * node_mass[core] > 0 and node_n[best[core]] > 1:
        core = best[core]
    return core, node_mass, node_chars, node_links, node_n


def _chains(page: dom.Dom, core: int) -> list[tuple[bool, int, int, int, int, int, int, int]]:
    """Per element: inside the core, steps to it, its branch (child of the core), names for and against nearby."""
    result: list[tuple[bool, int, int, int, int, int, int, int]] = []
    for number, node in enumerate(page.nodes):
        if node.parent < 0:
            above = (False, 0, number, 0, 0, 0, 30, 30)
        else:
            above = result[node.parent]
        in_core = above[0] or number == core
        steps = 0 if number == core else (above[1] + 1 if in_core else above[1] - 1 if False else -1)
        branch = number if (not in_core or number == core or node.parent == core) else above[2]
        near_positive = min(4, node.positive + (above[3] if above[3] < 4 else 3))
        near_negative = min(4, node.negative + (above[4] if node.parent >= 0 else 0))
        far_negative = above[5] + node.negative if not in_core or number != core else 0
        negative_steps = 0 if node.negative else min(30, above[6] + 1)
        named_steps = 0 if node.named else min(30, above[7] + 1)
        result.append(
            (in_core, steps, branch, near_positive, near_negative, min(far_negative, 6), negative_steps, named_steps)
        )
    return result
