"""The visible text of a page: one block per paragraph, heading or list entry, with where it stands in the page.

Every visible character is in one block, in page order. Runs of white space are one space, as a browser shows them;
inline elements (links, emphasis, spans) stay inside their line.
"""

import functools
import re
from dataclasses import dataclass, field

from lxml import html as lxml_html
from lxml.html import HtmlElement

MAX_DEPTH = 250  # libxml2 stops at 255 nested elements; what is deeper is read as flat text

_SKIP = frozenset(
    "script style noscript template svg math head iframe frame textarea select option datalist object embed audio video"
    " canvas map area input param source track link meta base title progress meter dialog".split()
)
_INLINE = frozenset(
    "a b i em strong span sup sub u small mark abbr cite code q s font time label bdi bdo ins del kbd var acronym dfn big"
    " strike tt data samp wbr img nobr ruby rb rt rp".split()
)
_BREAK = frozenset(("br", "hr"))
_SPACE = re.compile(r"\s+")

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
_POSITIVE = re.compile(
    r"article|body|content|entry|story|post|text|main|paragraph|richtext|prose|copy|texte|artikel|articulo|articolo|materia|noticia|cuerpo|corpo"
)
_NEGATIVE = re.compile(
    r"comment|disqus|share|sharing|social|related|recirc|recommend|promo|newsletter|subscri|signup|sign-up|sidebar|widget"
    r"|navig|\bnav|menu|breadcrumb|footer|foot-|masthead|advert|\bads?\b|[-_]ads?\b|ad-|sponsor|outbrain|taboola|teaser|popular|trending|most-?read"
    r"|more-|read-?more|tags?\b|topics?\b|toolbar|tools|print|paywall|cookie|consent|modal|popup|banner|login|account|copyright|disclaimer|infobox|carousel|gallery|slider|playlist|player|verwandt|mehr-|lire-aussi|relacionad|correlat"
)
_SIGNATURE = re.compile(
    r"caption|credit|byline|author|dateline|date|time|publish|updated|meta|kicker|eyebrow|dek|subtitle|standfirst|summary|lead|lede|intro|deck|headline|title|photo|image|figure|legend|bildunterschrift|vorspann|chapo|bajada|entradilla"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


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
    broken: bool  # another line of the same element stands before it (a <br> parts them)


@dataclass(slots=True)
class Dom:
    """The blocks of a page in order, and the elements they stand in."""

    blocks: list[Block] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    deepest: int = 0
    time_tags: list[tuple[int, str]] = field(default_factory=list)


def parse(html: str) -> HtmlElement | None:
    """The tree of a page, or None where there is no element at all.

    Null bytes are dropped. Cost: about 2 ms for 280 KB; memory about 8 times the page.
    """
    raw = html.encode("utf-8", "replace")
    if b"\x00" in raw:
        raw = raw.replace(b"\x00", b"")
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return lxml_html.document_fromstring(raw, parser=parser)
    except Exception as error:  # lxml's ParserError is no subclass of anything narrower than LxmlError
        if type(error).__name__ in ("ParserError", "XMLSyntaxError"):
            return None
        raise


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
        self.seen: set[int] = set()

    def flush(self, node: int) -> None:
        """End the line."""
        if self.parts:
            text = _SPACE.sub(" ", "".join(self.parts)).strip()
            if text:
                block = Block(text, node, min(self.link_chars, len(text)), self.link_n, self.inline, node in self.seen)
                self.dom.blocks.append(block)
                self.seen.add(node)
            self.parts.clear()
        self.link_chars = self.link_n = 0
        self.inline = ""

    def element(self, element: HtmlElement, tag: str, parent: int) -> int:
        """A new block-level element; its number."""
        above = self.dom.nodes[parent] if parent >= 0 else None
        inside = (above.inside if above else 0) | _BITS.get(tag, 0)
        attributes = element.attrib
        positive = negative = 0
        named = key = ""
        if attributes:
            key = f"{attributes.get('class', '')} {attributes.get('id', '')}"
            if key != " ":
                positive, negative, named = _judge_names(key)
            if "hidden" in attributes or _HIDDEN.search(attributes.get("style", "")):
                inside |= HIDDEN
            role = attributes.get("role")
            if role == "navigation":
                inside |= NAV
            elif role in ("complementary", "dialog", "search"):
                inside |= ASIDE
            if "articlebody" in attributes.get("itemprop", "").lower():
                positive = 2
        depth = above.depth + 1 if above else 0
        self.dom.nodes.append(Node(tag, parent, depth, inside, positive, negative, named, key))
        return len(self.dom.nodes) - 1

    def visit(self, element: HtmlElement, node: int, depth: int, *, linked: bool) -> None:
        """Collect an element's own text, its children and their tails."""
        self.dom.deepest = max(self.dom.deepest, depth)
        if element.text:
            self.add(element.text, linked=linked)
        after_link = False
        for child in element:
            tag = child.tag
            if tag in _INLINE:
                if tag == "a":
                    self.link_n += 1
                    if after_link:
                        self.parts.append(" ")
                elif tag == "time":
                    self.dom.time_tags.append((len(self.dom.blocks), child.get("datetime") or ""))
                if not self.parts:
                    self.inline = f"{tag} {child.get('class') or ''}"
                if depth < MAX_DEPTH:
                    self.visit(child, node, depth + 1, linked=linked or tag == "a")
            elif tag in _BREAK:
                self.flush(node)
            elif tag not in _SKIP:
                self.flush(node)
                if depth < MAX_DEPTH:
                    inner = self.element(child, tag if isinstance(tag, str) else "div", node)
                    self.visit(child, inner, depth + 1, linked=linked)
                    self.flush(inner)
            tail = child.tail
            if tail:
                self.add(tail, linked=linked)
            after_link = tag == "a" and not tail

    def add(self, text: str, *, linked: bool) -> None:
        """More text of the line."""
        if self.parts or not text.isspace():
            self.parts.append(text)
            if linked:
                self.link_chars += len(text.strip())


def read(tree: HtmlElement) -> Dom:
    """The blocks of a tree. Cost: about 3 us an element."""
    walk = _Walk()
    body = tree.find("body")
    root = tree if body is None else body
    number = walk.element(root, "body", -1)
    walk.visit(root, number, 0, linked=False)
    walk.flush(number)
    return walk.dom
