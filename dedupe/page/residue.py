"""What stands among the paragraphs and is not the article: teasers of other articles, widgets, notices, captions.

Three signals, none of which knows an outlet: the small phrase lists of `phrases` (whole short lines only), form (a
headline followed by a lede that was cut off) and position (before, between or after the paragraphs).
"""

from collections import Counter

from dedupe.page import phrases
from dedupe.page.tiles import Tile, ends_sentence, is_elided, is_heading_like, squeezed
from dedupe.settings import PageSettings


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
            tile.judge("widget", "no letter or digit in it")
        elif phrases.WIDGET.fullmatch(line):
            tile.judge("widget", "a counter, share, comment or advertisement line")
        elif phrases.RELATED_HEADING.fullmatch(line):
            tile.judge("related_heading", "heads a list of other articles")
        elif phrases.NAVIGATION.fullmatch(line):
            tile.judge("navigation", "a menu entry")
        elif phrases.IN_TEXT_LINK_START.match(line):
            tile.judge("teaser", "a link to another article, set between the paragraphs")
        elif phrases.NOTICE_START.match(line):
            tile.judge("widget", "a subscription, cookie or rights notice")
        elif phrases.CAPTION.fullmatch(line):
            tile.judge("caption", "a photo credit")
        elif phrases.PHOTO_CREDIT_END.search(bare):
            tile.judge("caption", "ends with a photo credit")


def mark_teasers(tiles: list[Tile], settings: PageSettings) -> None:
    """Judge lists of other articles: under a heading that says so, or given away by ledes cut off at one length."""
    lines = [tile for tile in tiles if tile.text.strip() and tile.role in ("", "related_heading")]
    lengths = Counter(len(t.text.strip()) for t in lines if not t.role and _is_cut(t, settings))
    at = 0
    while at < len(lines):
        if lines[at].role == "related_heading":
            at = _mark_under_heading(lines, at + 1, lengths, settings)
        elif _is_cut_pair(lines, at, lengths, settings):
            lines[at].judge("teaser", "headline of another article: a lede cut off follows")
            lines[at + 1].judge("teaser", "lede of another article, cut off")
            at += 2
        else:
            at += 1


def _is_cut(tile: Tile, settings: PageSettings) -> bool:
    """A paragraph that stops in the middle: long, and closed neither by a full stop nor by a quotation mark."""
    text = tile.text.strip()
    return (
        len(text) >= settings.teaser_cut_chars
        and (is_elided(text) or not ends_sentence(text))
        and text[-1] not in ')"”»'
    )


def _is_cut_pair(lines: list[Tile], at: int, lengths: Counter[int], settings: PageSettings) -> bool:
    """A headline and a cut lede, where another lede is cut at the same length."""
    if at + 1 >= len(lines) or lines[at].role or lines[at + 1].role:
        return False
    head, lede = lines[at], lines[at + 1]
    if not is_heading_like(head) or not _is_cut(lede, settings) or len(lede.text.strip()) <= len(head.text.strip()):
        return False
    length = len(lede.text.strip())
    return lengths[length] >= 2 or sum(lengths[n] for n in range(length - 3, length + 4)) >= 3


def _mark_under_heading(lines: list[Tile], at: int, lengths: Counter[int], settings: PageSettings) -> int:
    """Judge what follows a related heading, up to the first line that is no headline and no headline's lede.

    Under a heading a lede may be complete: a paragraph right behind a headline is its lede, a second one is not. Where
    no cut lede shows that ledes are listed at all, only headlines are taken: a paragraph may be the body going on.
    """
    begin = at
    with_ledes = any(_is_cut(t, settings) for t in _zone(lines, begin, settings))
    while at < len(lines) and not lines[at].role:
        tile = lines[at]
        if _is_cut(tile, settings):
            tile.judge("teaser", "lede of another article, cut off")
        elif is_heading_like(tile) and at - begin < settings.teaser_list_lines:
            tile.judge("teaser", "headline under a heading for other articles")
        elif with_ledes and at > begin and is_heading_like(lines[at - 1]) and _more_pairs(lines, at + 1, lengths):
            tile.judge("teaser", "lede of another article")
        else:
            break
        at += 1
    return max(at, begin)


def _zone(lines: list[Tile], begin: int, settings: PageSettings) -> list[Tile]:
    """The lines after a heading in which headlines and ledes take turns."""
    zone: list[Tile] = []
    for tile in lines[begin : begin + settings.teaser_list_lines]:
        if tile.role or (zone and not is_heading_like(tile) and not is_heading_like(zone[-1])):
            break
        zone.append(tile)
    return zone


def _more_pairs(lines: list[Tile], at: int, lengths: Counter[int]) -> bool:
    """Whether another headline follows, so that the paragraph before it can be a lede."""
    return at < len(lines) and not lines[at].role and is_heading_like(lines[at])


def inherit(tiles: list[Tile]) -> None:
    """A line equal to one that was judged to be residue is the same residue."""
    known: dict[str, Tile] = {}
    for tile in tiles:
        if tile.role in ("teaser", "related_heading", "widget", "navigation"):
            known.setdefault(squeezed(tile.text), tile)
    known.pop("", None)
    for tile in tiles:
        if not tile.role and tile.text.strip():
            source = known.get(squeezed(tile.text))
            if source is not None:
                tile.judge(source.role, f"the same line as another: {source.reason}", repeat_at=source.begin)
