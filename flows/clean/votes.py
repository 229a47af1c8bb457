"""What other extractors, and what the page says of itself, make of each block: one value from 0 to 1 a block."""

import functools
import logging
import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from dedupe.page import phrases
from flows.clean import dom
from flows.clean.dom import Dom
from flows.clean.features import Outside
from flows.clean.metadata import Stated

_TOKEN = re.compile(r"\w+")


def align(lines: Sequence[str], chosen: str) -> list[float]:
    """Per line, the share of its words that stand in `chosen` in the same company (four in a row).

    A line of fewer than four words counts as chosen only where it is a whole line of `chosen`. Cost: linear.
    """
    words = _TOKEN.findall(chosen)
    grams = set(zip(words, words[1:], words[2:], words[3:], strict=False))
    whole = {tuple(_TOKEN.findall(line)) for line in chosen.split("\n")}
    votes: list[float] = []
    for line in lines:
        tokens = _TOKEN.findall(line)
        if len(tokens) < 4:
            votes.append(1.0 if tuple(tokens) in whole and tokens else 0.0)
            continue
        hits = sum(gram in grams for gram in zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False))
        votes.append(hits / (len(tokens) - 3))
    return votes


def by_trafilatura(page: Dom, html: str) -> list[float]:
    """The text trafilatura takes, without its slower fallbacks: the vote is one of several.

    Its `deduplicate` is never used: it is global to the process and depends on the order of pages.
    """
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    import trafilatura

    found = trafilatura.bare_extraction(dom.tame(html), fast=True, include_comments=False, with_metadata=False)
    text = str(getattr(found, "text", "") or "")
    return align([block.text for block in page.blocks], text)


def outside(page: Dom, stated: Stated) -> Outside:
    """What the metadata and the phrase lists say of each block."""
    lines = [block.text for block in page.blocks]
    titles = list(dict.fromkeys(title.lower() for title in stated.titles[:6]))[:4]
    dek = (stated.dek or "").lower()
    longest = 2.5 * max(map(len, titles), default=0)
    like_title = [
        max((_like(lower, title) for title in titles), default=0.0) if 4 < len(line) <= longest else 0.0
        for line in lines
        for lower in (line.lower() if len(line) <= longest else "",)
    ]
    like_dek = [_like(line.lower(), dek) if 20 <= len(line) <= 2.5 * len(dek) else 0.0 for line in lines]
    linked = align(lines, stated.body) if stated.body and len(stated.body) > 200 else None
    return Outside(like_title, like_dek, linked, [phrase(line) for line in lines], [])


def _like(line: str, text: str) -> float:
    """Similarity of a line to a title or dek; lengths far apart are not compared."""
    if not 0.4 <= len(line) / max(1, len(text)) <= 2.5:
        return 0.0
    return float(fuzz.ratio(line, text, score_cutoff=60)) / 100


@functools.lru_cache(maxsize=8192)
def phrase(line: str) -> float:
    """Which phrase list a short line is on; 0 for none."""
    if len(line) > 120:
        return 0.0
    folded = phrases.fold(line)
    for value, pattern in (
        (1, phrases.WIDGET),
        (2, phrases.RELATED_HEADING),
        (3, phrases.NAVIGATION),
        (6, phrases.CAPTION),
    ):
        if pattern.fullmatch(folded):
            return float(value)
    if phrases.IN_TEXT_LINK_START.match(folded):
        return 4.0
    if phrases.NOTICE_START.match(folded):
        return 5.0
    return 7.0 if phrases.PHOTO_CREDIT_END.search(line) else 0.0
