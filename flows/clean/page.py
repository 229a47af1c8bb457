"""The HTML lane: blocks of the DOM, judged by fitted trees that hear trafilatura's vote, and the page's metadata.

How the choice is made: every block is measured (`features`), and trees fitted on pages of several hundred outlets
(`forest`) give the probability that it is body. Where they are in doubt, trafilatura is asked which text it takes
(`votes`), and trees that know its answer decide; the fast lane never asks. JSON-LD's articleBody stands in where the
DOM is cut off or empty.
"""

import html as html_entities
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dedupe.page.tiles import TOKEN, ends_sentence
from dedupe.settings import CleanSettings
from flows.clean import (
    Page,
    Rejected,
    dom,
    fast,
    features,
    flat,
    forest,
    headline,
    kinds,
    language,
    metadata,
    published,
    votes,
)
from flows.clean.kinds import BODY, Line
from flows.clean.metadata import Stated

_BREAKS = re.compile(r"</?(?:p|div|br|h[1-6]|li|ul|ol|blockquote)\b[^>]{0,200}>", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]{1,300}>")
_HINT_BY_PHRASE = {
    1: "widget",
    2: "related_heading",
    3: "navigation",
    4: "teaser",
    5: "widget",
    6: "caption",
    7: "caption",
}


def clean_html(capture: Mapping[str, Any], html: str, raw: bytes, settings: CleanSettings) -> Page | Rejected:
    """Clean one HTML page; `raw` is `html` in UTF-8, without null bytes. See `flows.clean.clean` for what comes out."""
    if (tags := flat.count_tags(raw)) > settings.max_tags:
        return Rejected("too_large", f"{tags:,} tags, expected at most {settings.max_tags:,}; raise clean.max_tags.")
    base = capture.get("final_url") or capture.get("url")
    read = flat.read(raw)
    if (too_large := _too_large(read, settings)) is not None:
        return too_large
    stated = metadata.read(read, base)
    if stated.body and len(stated.body) > settings.max_text_bytes:
        return Rejected(
            "too_large",
            f"{len(stated.body):,} characters of JSON-LD articleBody, expected at most {settings.max_text_bytes:,};"
            f" raise clean.max_text_bytes.",
        )
    if not read.texts and not stated.body:
        return Rejected(
            "no_article",
            "the page shows no text, expected an article; fetch it with its scripts run, or leave it out.",
        )
    lane = "fast" if settings.lane == "fast" or _beyond_votes(read, settings) else "html"
    page = read.dom(lazy=lane == "fast")
    if lane == "fast":
        score, around = fast.judge(read, stated)
    else:
        around = votes.outside(page, stated)
        score = _judge(page, around, html, settings)
    main = [bool(value >= settings.body_probability) for value in score]
    if not any(main):
        # The page is too small, or too unlike the pages the trees know: closed paragraphs in <article> or <main>; on a
        # page that says it is an article, else the blocks that come nearest.
        main = _plain_paragraphs(page)
        if stated.is_article and not any(main) and len(score) and score.max() >= settings.body_probability / 5:
            main = [bool(value >= score.max() / 2) for value in score]
    if lane == "fast":
        around.phrase = fast.read_phrases(read, main)
    head = headline.find(page, stated, around, main)
    lines = _hints(page, around, main, head)
    lines = _with_linked_data(lines, stated, settings)
    if (why := kinds.no_article(lines, page, stated, base)) is not None:
        return why
    return _page(capture, lines, stated, head, lane)


def _too_large(read: flat.Flat, settings: CleanSettings) -> Rejected | None:
    """Why a page is beyond the bounds of time and memory, or None."""
    if (n := len(read.texts)) > settings.max_blocks:
        seen, name, limit = f"{n:,} lines of text", "max_blocks", settings.max_blocks
    elif read.text_bytes > settings.max_text_bytes:
        seen, name, limit = f"{read.text_bytes:,} bytes of text", "max_text_bytes", settings.max_text_bytes
    else:
        return None
    return Rejected("too_large", f"{seen}, expected at most {limit:,}; raise clean.{name}.")


def _beyond_votes(read: flat.Flat, settings: CleanSettings) -> bool:
    """Whether a page is so large or so deep that trafilatura is not asked."""
    return (
        len(read.raw) > settings.vote_bytes
        or len(read.texts) > settings.vote_blocks
        or read.depth > settings.vote_depth
    )


def _judge(page: dom.Dom, around: features.Outside, html: str, settings: CleanSettings) -> npt.NDArray[np.float32]:
    """Probability per block that it is body. trafilatura is heard only where the trees are in doubt.

    The doubt is the share of characters that are expected to be judged wrongly. Asking on every page was measured to
    give the same F1 at twice the cost.
    """
    measured = features.measure(page, around)
    score = forest.load("fast").score(measured)
    if not page.blocks:
        return score
    chars = np.array([len(block.text) for block in page.blocks], dtype=np.float32)
    doubt = float((chars * np.minimum(score, 1 - score)).sum()) / max(1.0, float((chars * score).sum()))
    if doubt <= settings.vote_doubt:
        return score
    return forest.load("html").score(features.with_vote(measured, votes.by_trafilatura(page, html), chars))


def _plain_paragraphs(page: dom.Dom) -> list[bool]:
    """The closed paragraphs inside <article> or <main>: for pages too small for the trees to tell."""
    outer = dom.ASIDE | dom.NAV | dom.FOOTER | dom.FORM | dom.FIGURE
    return [
        block.tag == "p"
        and bool(block.inside & (dom.ARTICLE | dom.MAIN))
        and not block.inside & outer
        and ends_sentence(block.text)
        and sum(1 for _ in TOKEN.finditer(block.text)) >= 6
        and block.link_chars < 0.3 * len(block.text)
        for block in page.blocks
    ]


def _hints(page: dom.Dom, around: features.Outside, main: Sequence[bool], head: headline.Head) -> list[Line]:
    """Every block with what it seems to be."""
    lines = []
    for at, block in enumerate(page.blocks):
        if at in head.hints:
            hint = head.hints[at]
        elif main[at]:
            hint = "link" if block.link_chars > 0.7 * len(block.text) else "main"
        elif (code := int(around.phrase[at])) in _HINT_BY_PHRASE:
            hint = _HINT_BY_PHRASE[code]
        elif block.inside & (dom.NAV | dom.FOOTER):
            hint = "navigation"
        elif block.inside & dom.FIGURE:
            hint = "caption"
        elif block.inside & dom.FORM:
            hint = "widget"
        else:
            hint = "other"
        lines.append(Line(block.text, block.tag, hint))
    return lines


def _with_linked_data(lines: list[Line], stated: Stated, settings: CleanSettings) -> list[Line]:
    """The lines with JSON-LD's articleBody behind them, where the DOM shows clearly less of the article."""
    if not stated.body or len(stated.body) < settings.linked_body_chars:
        return lines
    main = "\n".join(line.text for line in lines if line.hint in BODY)
    if fast.share_in(stated.body, main) >= settings.linked_body_share:
        return lines
    body = _TAGS.sub("", _BREAKS.sub("\n", html_entities.unescape(stated.body)))
    paragraphs = [" ".join(line.split()) for line in body.splitlines()]
    paragraphs = [line for line in paragraphs if line]
    total = sum(map(len, paragraphs))
    covered = sum(n * len(line) for n, line in zip(votes.align(paragraphs, main), paragraphs, strict=True))
    if covered >= settings.linked_body_share * total:
        return lines
    in_body = votes.align([line.text for line in lines], "\n".join(paragraphs))
    if main and covered < 0.3 * len(main) and len(main) >= 0.5 * total:
        return lines  # two different texts: the page shows one, and that is the one kept
    kept = [
        Line(line.text, line.tag, "repeat" if share >= 0.5 else "other") if line.hint in BODY else line
        for line, share in zip(lines, in_body, strict=True)
    ]
    return kept + [Line(line, "jsonld", "main") for line in paragraphs]


def _page(capture: Mapping[str, Any], lines: Sequence[Line], stated: Stated, head: headline.Head, lane: str) -> Page:
    """The page's columns; a block is a line with its line break."""
    blocks, at = [], 0
    for line in lines:
        blocks.append((at, at + len(line.text) + 1, line.tag, line.hint))
        at += len(line.text) + 1
    stated_at = stated.published or head.published
    source = stated.published_source if stated.published else ("text" if head.published else None)
    published_at, precision, source = published(capture, stated_at, source)
    body = "\n".join(line.text for line in lines if line.hint in BODY)
    declared = stated.language or language.from_tag(capture.get("given_language"))
    return Page(
        capture_id=capture["capture_id"],
        outlet=capture["outlet"],
        external_id=capture.get("external_id"),
        url=stated.url or capture.get("final_url") or capture.get("url"),
        captured_at=capture["captured_at"],
        lane=lane,
        title=head.title or capture.get("given_title"),
        dek=head.dek or capture.get("given_dek"),
        byline="; ".join(head.authors) or capture.get("given_byline"),
        language=language.guess(body) or declared,
        published_at=published_at,
        published_precision=precision,
        published_source=source,
        modified_at=stated.modified.at if stated.modified else None,
        text="".join(f"{line.text}\n" for line in lines),
        blocks=tuple(blocks),
    )
