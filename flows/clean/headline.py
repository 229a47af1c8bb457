"""The head of a page: which blocks show its title, dek, authors and date, and which of several stated titles is it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from dedupe.page.tiles import squeezed
from flows.clean.bylines import is_name, is_outlet, split_names
from flows.clean.dates import Moment, parse_head, parse_line
from flows.clean.dom import Dom
from flows.clean.features import Outside
from flows.clean.metadata import Stated

_BYLINE = re.compile(
    r"(?:by|von|par|por|di|de|door|text|texto|testo|texte|tekst|av|af|auteur|autore|author|written by|story by"
    r"|autor(?:in)?(?:/autor(?:in)?)?)\b[:\s]+(?=\w)",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"(?:authors?|autor(?:in)?(?:/autor(?:in)?)?|auteure?s?|autore|written by|redactie)\b[:\s]+(?=\w)", re.IGNORECASE
)
_DATE_LABEL = re.compile(
    r"(?:date|datum|fecha|data|published|publi[ée]|publicado|pubblicato|erschienen|veröffentlicht)\b", re.IGNORECASE
)
_AFTER_NAME = re.compile(r"\s+(?:\d.*|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.? \d.*)$", re.IGNORECASE)
_DEK_NAMES = (
    "dek",
    "subtitle",
    "standfirst",
    "summary",
    "lead",
    "lede",
    "intro",
    "deck",
    "vorspann",
    "chapo",
    "bajada",
    "entradilla",
)
_REACH = 25  # blocks around the title in which a date or byline is looked for
_SUFFIX = re.compile(r"\s+[|–—·•:»-]\s+|\s*[|ㅣ]\s*|\s+-\s*|\s*::\s*")


@dataclass(slots=True)
class Head:
    """What was found; `hints`: block number -> title, dek, byline or date."""

    title: str | None = None
    dek: str | None = None
    authors: list[str] = field(default_factory=list)
    published: Moment | None = None
    hints: dict[int, str] = field(default_factory=dict)


def find(page: Dom, stated: Stated, around: Outside, main: Sequence[bool]) -> Head:
    """The head of a page. `main` says which blocks are taken for body. Cost: about 0.3 ms."""
    head = Head()
    first = next((at for at, value in enumerate(main) if value), len(main))
    at = _title_block(page, stated, around, first)
    head.title = _title(page, stated, at)
    if at is not None:
        head.hints[at] = "title"
    start = at if at is not None else max(0, first - _REACH)
    reach = range(max(0, start - 8), min(len(page.blocks), max(first + 3, start + _REACH)))
    _dek(head, page, around, main, range(start + 1 if at is not None else start, min(first + 1, len(main))))
    _marks(head, page, main, reach)
    if stated.published is None:
        head.published = _published(page, main, reach)
    head.authors = _authors(head, page, stated, reach, main)
    return head


def _title_block(page: Dom, stated: Stated, around: Outside, first: int) -> int | None:
    """The block that shows the title: an h1 like a stated title, else the h1 before the body, else a line like it."""
    heads = [at for at, block in enumerate(page.blocks) if block.tag == "h1"]
    like = [at for at in heads if around.like_title[at] >= 0.6]
    if like:
        return max(
            like, key=lambda at: (around.like_title[at] >= 0.95, len(page.blocks[at].text) > 12, -abs(first - at))
        )
    shared = [
        at
        for at in heads
        if len(page.blocks[at].text) > 12
        and any(fuzz.token_set_ratio(page.blocks[at].text.lower(), title.lower()) >= 60 for title in stated.titles[:5])
    ]
    if shared:
        return min(shared, key=lambda at: abs(first - at))
    exact = [at for at, value in enumerate(around.like_title) if value >= 0.9 and at <= first + 2]
    if exact:
        return max(exact, key=lambda at: (around.like_title[at], at))
    plain = [at for at in heads if at <= first and len(page.blocks[at].text) > 12]
    return plain[-1] if plain else None


def _title(page: Dom, stated: Stated, at: int | None) -> str | None:
    """The title: as stated, without the outlet's name; in the page's own characters where it shows the same.

    Outlets state the title an article is known by (feeds, search) in their metadata; the heading on the page may be
    a longer or shorter variant. It decides where nothing is stated, or only the outlet's name.
    """
    shown = page.blocks[at].text if at is not None else None
    if not stated.titles:
        return shown
    title = strip_site(stated.titles[0], stated)
    if shown is None:
        return title
    if stated.sites and fuzz.ratio(title.lower(), stated.sites[0].lower()) >= 85:
        return shown
    short, long = squeezed(shown), squeezed(title)
    if short == long or (len(short) >= 15 and long.startswith(short) and _SUFFIX.match(title[len(shown) :])):
        return shown
    return title


def strip_site(title: str, stated: Stated) -> str:
    """A title without the outlet's name: what follows the last bar or dash, where it is the site or no title has it."""
    cuts = [match.span() for match in _SUFFIX.finditer(title)]
    for begin, end in reversed(cuts):
        front, back = title[:begin].strip(), title[end:].strip()
        if front in stated.titles[1:] or (stated.sites and fuzz.ratio(back.lower(), stated.sites[0].lower()) >= 80):
            return front
        if len(back) <= 0.4 * len(front) and len(back.split()) <= 4 and len(front) >= 15 and "." in back:
            return front
    return title


def _dek(head: Head, page: Dom, around: Outside, main: Sequence[bool], reach: range) -> None:
    """The stand-first: between title and body, named so or like the page's description, and no part of the body."""
    for at in reach:
        block = page.blocks[at]
        node = page.nodes[block.node]
        named = node.named in _DEK_NAMES or page.nodes[node.parent].named in _DEK_NAMES if node.parent >= 0 else False
        if at in head.hints or not 20 <= len(block.text) <= 600 or (main[at] and not named):
            continue
        if around.like_dek[at] >= 0.85 or (named and block.link_chars < 0.5 * len(block.text)):
            head.dek, head.hints[at] = block.text, "dek"
            return
    head.dek = None


def _marks(head: Head, page: Dom, main: Sequence[bool], reach: range) -> None:
    """Date lines and bylines around the title; in what is taken for body only lines that are nothing else."""
    for at in reach:
        text = page.blocks[at].text
        if at in head.hints or len(text) > 120:
            continue
        moment = parse_line(text) if main[at] else parse_head(text)
        byline = _BYLINE.match(text)
        if moment:
            whole = main[at] or parse_line(text) is not None
            head.hints[at] = "date" if whole or not _BYLINE.search(text) else "byline"
        else:
            named = page.nodes[page.blocks[at].node].named in ("byline", "author")
            names = split_names(text[byline.end() :]) if byline else []
            if (byline or named) if not main[at] else (names and all(map(is_name, names))):
                head.hints[at] = "byline"


def _published(page: Dom, main: Sequence[bool], reach: range) -> Moment | None:
    """When the page says it appeared.

    A line that is a date beats one that holds one; beside the title beats elsewhere, unless a label says which date it
    is; a time of day beats none. A caption's date is often older than the article.
    """
    ranked: list[tuple[int, int, int, Moment]] = []
    for at, (block, taken) in enumerate(zip(page.blocks, main, strict=True)):
        if len(block.text) > 120:
            continue
        near = at in reach
        if moment := parse_line(block.text):
            rank = 0 if near else 1 if _DATE_LABEL.match(block.text) else 3
            if near or not taken:
                ranked.append((rank, moment.precision == "day", at, moment))
        elif near and not taken and (moment := parse_head(block.text)):
            ranked.append((2, moment.precision == "day", at, moment))
    return min(ranked, key=lambda one: one[:3])[3] if ranked else None


def _authors(head: Head, page: Dom, stated: Stated, reach: range, main: Sequence[bool]) -> list[str]:
    """The stated authors; where none but the outlet itself is stated, those the byline on the page names."""
    if not stated.organised and any(not is_outlet(name, stated.sites) for name in stated.authors):
        return stated.authors
    found: dict[bool, list[str]] = {}
    for at in reach:
        block = page.blocks[at]
        if len(block.text) > 120 or (main[at] and head.hints.get(at) != "byline"):
            continue
        node = page.nodes[block.node]
        named = "author" in node.key.lower() or "byline" in node.key.lower()
        for piece in re.split(r"\s*[|•·]\s*", block.text):
            match = _BYLINE.match(piece)
            if match or named:
                names = [_AFTER_NAME.sub("", name) for name in split_names(piece[match.end() :] if match else piece)]
                names = [name for name in names if is_name(name) and not is_outlet(name, stated.sites)]
                if names:
                    found.setdefault(bool(match), names)
    return found.get(True) or found.get(False) or _signed(page, stated, main) or stated.authors or _agency(page, reach)


def _signed(page: Dom, stated: Stated, main: Sequence[bool]) -> list[str]:
    """Who signs the body's first or last line, or is named behind a label anywhere else on the page."""
    body = [block.text for block, taken in zip(page.blocks, main, strict=True) if taken]
    ends = [text for text in (body[0], body[-1]) if len(text) <= 60] if len(body) > 2 else []
    aside = (block.text for block, taken in zip(page.blocks, main, strict=True) if not taken and len(block.text) <= 120)
    labelled = [text[match.end() :] for text in aside if (match := _LABELLED.match(text))]
    for text in [*ends, *labelled]:
        names = split_names(text)
        if names and all(
            is_name(name) and len(name.split()) <= 4 and not is_outlet(name, stated.sites) for name in names
        ):
            return names
    return []


def _agency(page: Dom, reach: range) -> list[str]:
    """One word behind "By" in a line of its own, beside the title: an agency or a house's initials."""
    for at in reach:
        for piece in re.split(r"\s*[|•·,]\s*", page.blocks[at].text[:120]):
            match = _BYLINE.match(piece)
            if match and re.fullmatch(r"[A-Z][\w-]{1,14}", piece[match.end() :]):
                return [piece[match.end() :]]
    return []
