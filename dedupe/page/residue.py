"""What stands among the paragraphs and is not the article: teasers of other articles, widgets, notices, captions.

Three signals, none of which knows an outlet: the small phrase lists of `phrases` (whole short lines only), form (a
headline followed by a lede that was cut off) and position (before, between or after the paragraphs).
"""

import itertools
import re
from collections import Counter

from dedupe.page import buttons, phrases
from dedupe.page.tiles import Tile, is_elided, is_heading_like, squeezed
from dedupe.settings import PageSettings

_SPEAKER = re.compile(r"\s*[^\W\d_][\w.'’ -]{0,40}:\s")  # a line of a conversation
_YEAR = re.compile(r"\b(?:19|20)\d\d$")
_POST = re.compile(r"\(@\w{2,30}\)[^()]{0,40}$|\bpic\.twitter\.com/\S+$|https?://\S+$")


def mark_phrases(tiles: list[Tile], settings: PageSettings) -> None:
    """Judge short lines whose wording gives them away: headings over related articles, widgets, notices, captions."""
    for tile in tiles:
        if tile.role:
            continue
        bare = tile.text.strip()
        if not bare or len(bare) > settings.phrase_chars:
            continue
        line = phrases.fold(bare)
        if not line:
            continue
        if phrases.WIDGET.fullmatch(line) or buttons.BUTTON.fullmatch(line):
            tile.judge("widget", "a counter, share, comment or advertisement line")
        elif phrases.RELATED_HEADING.fullmatch(line):
            tile.judge("related_heading", "heads a list of other articles")
        elif phrases.NAVIGATION.fullmatch(line):
            tile.judge("navigation", "a menu entry")
        elif phrases.IN_TEXT_LINK_START.match(line):
            tile.judge("teaser", "a link to another article, set between the paragraphs")
        elif phrases.NOTICE_START.match(line) or buttons.ADDRESS.match(line):
            tile.judge("widget", "a subscription, cookie or rights notice")
        elif phrases.CAPTION.fullmatch(line) or buttons.PICTURE.fullmatch(line):
            tile.judge("caption", "a photo credit")
        elif bare[-1] in ")]" and phrases.PHOTO_CREDIT_END.search(bare):
            tile.judge("caption", "ends with a photo credit")


def mark_teasers(tiles: list[Tile], settings: PageSettings) -> None:
    """Judge lists of other articles: under a heading that says so, or given away by ledes cut off at one length."""
    lines = [tile for tile in tiles if tile.text.strip() and tile.role in ("", "other", "related_heading")]
    cuts = _cut_ledes(lines, settings)
    at = 0
    while at < len(lines):
        if lines[at].role == "related_heading":
            at = _mark_under_heading(lines, at + 1, cuts, settings)
        elif at + 1 < len(lines) and id(lines[at + 1]) in cuts and id(lines[at]) not in cuts:
            lines[at].judge("teaser", "headline of another article: a lede cut off follows")
            lines[at + 1].judge("teaser", "lede of another article, cut off")
            at += 2
        else:
            at += 1


def _cut_ledes(lines: list[Tile], settings: PageSettings) -> set[int]:
    """The ledes that were cut off: unfinished paragraphs behind headlines, several of them cut in one way.

    One way is: at exactly one length, or with an ellipsis, or (three and more) at a word near one length. One
    unfinished paragraph alone proves nothing: lists, tables and verse have such lines.
    """
    found: list[Tile] = []
    for head, lede in itertools.pairwise(lines):
        text = lede.text.strip()
        short = head.words() >= 2 and is_heading_like(head) and len(head.text.strip()) < len(text)
        if (
            head.role != "related_heading"
            and lede.role != "related_heading"
            and settings.teaser_cut_chars <= len(text)
            and short
            and _is_cut(text, settings)
            and not (_SPEAKER.match(text) and _SPEAKER.match(head.text))
        ):
            found.append(lede)
    lengths = Counter(map(len, {lede.text.strip() for lede in found}))
    elided = len({lede.text for lede in found if is_elided(lede.text)})
    cuts: set[int] = set()
    for lede in found:
        length = len(lede.text.strip())
        near = sum(n for other, n in lengths.items() if abs(other - length) <= settings.teaser_cut_spread)
        by_word = near >= 3 and length >= settings.teaser_word_chars and not lede.text.strip()[-1].isdecimal()
        if lengths[length] >= 2 or by_word or (elided >= 2 and is_elided(lede.text)):
            cuts.add(id(lede))
    return cuts


def _is_cut(text: str, settings: PageSettings) -> bool:
    """Whether a paragraph stops in the middle: with an ellipsis, or on a letter or digit.

    A long paragraph that ends with an ellipsis, or one that ends so inside a quotation, was shortened by its author; a
    post of a social network ends with its date.
    """
    if _POST.search(text):
        return False
    if is_elided(text):
        return len(text) <= settings.teaser_elided_chars and text.count("“") <= text.count("”")
    return text[-1].isalnum() and not _YEAR.search(text)


def _mark_under_heading(lines: list[Tile], at: int, cuts: set[int], settings: PageSettings) -> int:
    """Judge what follows a related heading, up to the first line that is no headline and no headline's lede.

    Ledes are taken where one of them is cut off. Without, only lines that are links (or, in plain text, unclosed
    headlines of several words) are: a list under a heading can be the article's own.
    """
    begin = at
    zone = lines[begin : begin + settings.teaser_list_lines]
    ledes = any(id(tile) in cuts for tile in zone)
    while at < len(lines) and lines[at].role != "related_heading" and at - begin < settings.teaser_list_lines:
        tile = lines[at]
        if id(tile) in cuts:
            tile.judge("teaser", "lede of another article, cut off")
        elif _is_headline(tile) and (not ledes or (at + 1 < len(lines) and _leads(lines, at, cuts))):
            tile.judge("teaser", "headline under a heading for other articles")
        elif (
            ledes and at > begin and _is_headline(lines[at - 1]) and at + 1 < len(lines) and _is_headline(lines[at + 1])
        ):
            tile.judge("teaser", "lede of another article")
        else:
            break
        at += 1
    if at == begin and begin < len(lines):
        # Nothing under it is another article's: in a page's main text the line may be a sub-heading of its own.
        heading = lines[begin - 1]
        if heading.hint in ("main", "link") and heading.tag != "line":
            heading.judge("", "")
    return max(at, begin)


def _leads(lines: list[Tile], at: int, cuts: set[int]) -> bool:
    """Whether a headline has a lede of its own: cut off, or complete and followed by the next headline with a lede."""
    if id(lines[at + 1]) in cuts:
        return True
    return at + 3 < len(lines) and not _is_headline(lines[at + 1]) and id(lines[at + 3]) in cuts


def _is_headline(tile: Tile) -> bool:
    """A line that names another article: a link; in plain text, where links are not seen, an unclosed line."""
    if tile.hint == "link":
        return len(tile.text.strip()) <= 250
    if tile.tag not in ("line", "h2", "h3", "h4", "h5", "p", "div"):
        return False
    return tile.words() >= 4 and is_heading_like(tile)


def inherit(tiles: list[Tile]) -> None:
    """A line equal to an earlier one that was judged to be residue is the same residue."""
    known: dict[str, Tile] = {}
    for tile in tiles:
        if tile.role in ("teaser", "related_heading", "widget", "navigation"):
            known.setdefault(squeezed(tile.text), tile)
    known.pop("", None)
    for tile in tiles:
        source = known.get(squeezed(tile.text)) if not tile.role and tile.text.strip() else None
        if source is not None and source.begin < tile.begin:
            tile.judge(source.role, f"the same line as another: {source.reason}", repeat_at=source.begin)
