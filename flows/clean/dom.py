"""The visible text of a page: one block per paragraph, heading or list entry, with where it stands in the page.

Every visible character is in one block, in page order. Runs of white space are one space, as a browser shows them;
inline elements (links, emphasis, spans) stay inside their line.
"""

import functools
import re
from dataclasses import dataclass, field

from lxml import etree

MAX_DEPTH = 250  # libxml2 stops at 255 nested elements; what is deeper is read as flat text

_SKIP = {
    "script", "style", "noscript", "template", "svg", "math", "head", "iframe", "frame", "textarea", "select",
    "option", "datalist", "object", "embed", "audio", "video", "canvas", "map", "area", "input", "param",
    "source", "track", "link", "meta", "base", "title", "progress", "meter", "dialog",
}  # fmt: skip
_INLINE = {
    "a", "b", "i", "em", "strong", "span", "sup", "sub", "u", "small", "mark", "abbr", "cite", "code", "q", "s",
    "font", "time", "label", "bdi", "bdo", "ins", "del", "kbd", "var", "acronym", "dfn", "big", "strike", "tt",
    "data", "samp", "wbr", "img", "nobr", "ruby", "rb", "rt", "rp",
}  # fmt: skip
_BREAK = frozenset(("br", "hr"))

# Bits of `Block.inside`: what a block stands in.
ARTICLE, MAIN, ASIDE, NAV, FOOTER, HEADER, FIGURE, FORM, LIST, TABLE, QUOTE, HIDDEN, SECTION, HEADING = (
    1 << at for at in range(14)
)
_BITS = {
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
_ROLES = {"navigation": NAV, "complementary": ASIDE, "dialog": ASIDE, "search": ASIDE}
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
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


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
    positive: int
    negative: int
    named: str
    key: str


@dataclass(slots=True)
class Block:
    """A line of the page: text and where it stands."""

    text: str
    node: int
    link_chars: int
    link_n: int
    inline: str
    broken: bool  # the line before it is of the same element (a <br> or an inner element parts them)


@dataclass(slots=True)
class Dom:
    """The blocks of a page in order, and the elements they stand in."""

    blocks: list[Block] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)


def tame(html: str) -> str:
    """The page without null bytes and without the attributes of oversized tags. Cost: linear."""
    return _HUGE_TAG.sub(r"<\1>", html.replace("\x00", ""))


def parse(html: str) -> etree._Element | None:
    """The tree of a page, or None where there is no element at all.

    Cost: about 2 ms for 280 KB; memory about 8 times the page.
    """
    raw = html.encode("utf-8", "replace")
    if not raw.strip():
        return None
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(raw, parser=parser)
    except etree.LxmlError:
        return None


@functools.lru_cache(maxsize=8192)
def _judge_names(names: str) -> tuple[int, int, str]:
    """Whether class and id speak for (0/1) or against (0/1) an article's text, and the special word they hold."""
    lower = names.lower()
    found = _SIGNATURE.search(lower)
    return (
        1 if _POSITIVE.search(lower) else 0,
        1 if _NEGATIVE.search(lower) else 0,
        found.group() if found else "",
    )


class _Walk:
    """One pass over a tree. State: the line being collected."""

    def __init__(self) -> None:
        self.dom = Dom()
        self.parts: list[str] = []
        self.link_chars = 0
        self.link_n = 0
        self.inline = ""
        self.last = -1

    def flush(self, node: int) -> None:
        """End the line."""
        text = " ".join("".join(self.parts).split())
        if text:
            link_chars = min(self.link_chars, len(text))
            self.dom.blocks.append(Block(text, node, link_chars, self.link_n, self.inline, node == self.last))
            self.last = node
        self.parts.clear()
        self.link_chars = self.link_n = 0
        self.inline = ""

    def element(self, element: etree._Element, tag: str, parent: int) -> int:
        """A new block-level element; its number."""
        nodes = self.dom.nodes
        above = nodes[parent]
        inside = above.inside | _BITS.get(tag, 0)
        get = element.get
        key = f"{get('class') or ''} {get('id') or ''}"
        positive, negative, named = (0, 0, "") if key == " " else _judge_names(key)
        style = get("style")
        if (style and _HIDDEN.search(style)) or get("hidden") is not None:
            inside |= HIDDEN
        role = get("role")
        if role:
            inside |= _ROLES.get(role, 0)
        if "articlebody" in (get("itemprop") or "").lower():
            positive = 2
        nodes.append(Node(tag, parent, above.depth + 1, inside, positive, negative, named, "" if key == " " else key))
        return len(nodes) - 1

    def block(self, child: etree._Element, tag: str, node: int, depth: int, linked: bool) -> None:
        """A block-level child: what was collected ends, and its own lines follow."""
        if self.parts:
            self.flush(node)
        if tag not in _BREAK and depth < MAX_DEPTH:
            inner = self.element(child, tag if isinstance(tag, str) else "div", node)
            self.visit(child, inner, depth + 1, linked)
            if self.parts:
                self.flush(inner)

    def visit(self, element: etree._Element, node: int, depth: int, linked: bool) -> None:
        """Collect an element's own text, its children and their tails."""
        parts = self.parts
        text = element.text
        if text and (parts or not text.isspace()):
            parts.append(text)
            if linked:
                self.link_chars += len(text.strip())
        after_link = False
        for child in element:
            tag = child.tag
            if tag in _INLINE:
                link = tag == "a"
                if link:
                    self.link_n += 1
                    parts.extend(" " * after_link)
                if not parts:
                    self.inline = tag
                if depth < MAX_DEPTH:
                    self.visit(child, node, depth + 1, linked or link)
            elif tag in _SKIP:
                link = False
            else:
                link = False
                self.block(child, tag, node, depth, linked)
            tail = child.tail
            if tail and (parts or not tail.isspace()):
                parts.append(tail)
                if linked:
                    self.link_chars += len(tail.strip())
            after_link = link and not tail


def read(tree: etree._Element) -> Dom:
    """The blocks of a tree. Cost: about 3 us an element."""
    walk = _Walk()
    body = tree.find("body")
    root = tree if body is None else body
    walk.dom.nodes.append(Node("body", -1, 0, 0, 0, 0, "", ""))
    walk.visit(root, 0, 0, False)
    walk.flush(0)
    return walk.dom
