"""The visible text of a page: one block per paragraph, heading or list entry, with where it stands in the page.

Every visible character is in one block, in page order. Runs of white space are one space, as a browser shows them;
inline elements (links, emphasis, spans) stay inside their line.
"""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

SKIP = {
    "script", "style", "noscript", "template", "svg", "math", "head", "iframe", "frame", "textarea", "select",
    "option", "datalist", "object", "embed", "audio", "video", "canvas", "map", "area", "input", "param",
    "source", "track", "link", "meta", "base", "title", "progress", "meter", "dialog",
}  # fmt: skip
INLINE = {
    "a", "b", "i", "em", "strong", "span", "sup", "sub", "u", "small", "mark", "abbr", "cite", "code", "q", "s",
    "font", "time", "label", "bdi", "bdo", "ins", "del", "kbd", "var", "acronym", "dfn", "big", "strike", "tt",
    "data", "samp", "wbr", "img", "nobr", "ruby", "rb", "rt", "rp",
}  # fmt: skip

# Bits of `Block.inside`: what a block stands in.
ARTICLE, MAIN, ASIDE, NAV, FOOTER, HEADER, FIGURE, FORM, LIST, TABLE, QUOTE, HIDDEN, SECTION, HEADING = (
    1 << at for at in range(14)
)
BITS = {
    "article": ARTICLE,
    "main": MAIN,
    "aside": ASIDE,
    "nav": NAV,
    "footer": FOOTER,
    "header": HEADER,
    "figure": FIGURE,
    "figcaption": FIGURE,
    "form": FORM,
    "button": FORM,
    "fieldset": FORM,
    "ul": LIST,
    "ol": LIST,
    "dl": LIST,
    "table": TABLE,
    "blockquote": QUOTE,
    "section": SECTION,
    **{f"h{level}": HEADING for level in range(1, 7)},
}
_POSITIVE = re.compile(
    r"article|body|content|entry|story|post|text|main|paragraph|richtext|prose|copy|texte|artikel|articulo"
    r"|articolo|materia|noticia|cuerpo|corpo"
)
_NEGATIVE = re.compile(
    r"comment|disqus|share|sharing|social|related|recirc|recommend|promo|newsletter|subscri|signup|sign-up"
    r"|sidebar|widget"
    r"|navig|\bnav|menu|breadcrumb|footer|foot-|masthead|advert|\bads?\b|[-_]ads?\b|ad-|sponsor|outbrain|taboola"
    r"|teaser|popular|trending|most-?read"
    r"|more-|read-?more|tags?\b|topics?\b|toolbar|tools|print|paywall|cookie|consent|modal|popup|banner|login"
    r"|account|copyright|disclaimer|infobox|carousel|gallery|slider|playlist|player|verwandt|mehr-|lire-aussi"
    r"|relacionad|correlat"
)
_SIGNATURE = re.compile(
    r"caption|credit|byline|author|dateline|date|time|publish|updated|meta|kicker|eyebrow|dek|subtitle|standfirst"
    r"|summary|lead|lede|intro|deck|headline|title|photo|image|figure|legend|bildunterschrift|vorspann|chapo"
    r"|bajada|entradilla"
)


# libxml2 compares every attribute of a tag with every other: 300,000 of them took minutes. A tag of this length loses
# its attributes (an image written into its address, mostly), which the text does not need.
_HUGE_TAG = re.compile(r"<([A-Za-z][\w:-]*)[^<>]{65536,}>?")


@dataclass(slots=True)
class Node:
    """A block-level element: its place in the tree and what its names say."""

    tag: str
    parent: int
    depth: int
    inside: int
    article_body: bool  # itemprop="articleBody"
    key: str  # class and id

    @property
    def positive(self) -> int:
        """Whether its names speak for an article's text: 0, 1, or 2 where it says that it is."""
        return 2 if self.article_body else _judge_names(self.key)[0] if self.key else 0

    @property
    def negative(self) -> int:
        """Whether its names speak against an article's text: 0 or 1."""
        return _judge_names(self.key)[1] if self.key else 0

    @property
    def named(self) -> str:
        """The special word that class or id hold ("byline", "caption", ...); "" for none."""
        return _special_name(self.key) if self.key else ""


@dataclass(slots=True)
class Block:
    """A line of the page: text and where it stands."""

    text: str
    node: int
    link_chars: int
    link_n: int
    inline: str
    broken: bool  # the line before it is of the same element (a <br> or an inner element parts them)
    tag: str  # of the element it stands in
    inside: int  # of the element; FIGURE too where its class names a caption


@dataclass(slots=True)
class Dom:
    """The blocks of a page in order, and the elements they stand in."""

    blocks: list[Block]
    nodes: Sequence[Node]


def tame(html: str) -> str:
    """The page without null bytes and without the attributes of oversized tags. Cost: linear."""
    return _HUGE_TAG.sub(r"<\1>", html.replace("\x00", ""))


@functools.lru_cache(maxsize=8192)
def _judge_names(names: str) -> tuple[int, int]:
    """Whether class and id speak for (0/1) or against (0/1) an article's text."""
    lower = names.lower()
    return (1 if _POSITIVE.search(lower) else 0, 1 if _NEGATIVE.search(lower) else 0)


@functools.lru_cache(maxsize=8192)
def _special_name(names: str) -> str:
    found = _SIGNATURE.search(names.lower())
    return found.group() if found else ""
