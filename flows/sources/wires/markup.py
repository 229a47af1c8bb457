"""XML that is safe to read, and the paragraphs of a marked-up text (XHTML, HTML or NITF)."""

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5

from lxml import etree, html

from flows.sources.charset import decode
from flows.sources.wires import MessageError, Paragraph

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>\s*")
_DOCTYPE = re.compile(r"(?>\s+|<!--.*?-->|<\?.*?\?>)*+<!DOCTYPE\s[^<>\[]*(\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_XML = {"amp", "lt", "gt", "quot", "apos"}
_ROOT = re.compile(r"(?>\s+|<!--.*?-->|<\?.*?\?>)*+<([A-Za-z_][\w.:-]*)", re.DOTALL)
_SPACE = re.compile(r"\s+")
# What begins a line of its own. Source: HTML 15.3 (display: block) and NITF 3.x block.content.
_BLOCKS = frozenset(
    re.findall(
        r"\S+",
        "address article aside blockquote bq body.content block caption dd div dl dt fieldset figcaption figure footer "
        "form h1 h2 h3 h4 h5 h6 header hedline hl1 hl2 hr li main media media-caption media-producer nav note ol p pre "
        "section table tbody tfoot thead tr ul dateline byline bytag distributor abstract tagline br body html infobox "
        "fn credit datasource",
    )
)
_BESIDE = 20  # characters, such as "(archived)"
_CELLS = frozenset(("td", "th"))
_SKIPPED = frozenset(
    ("script", "style", "head", "template", "noscript", "media-reference", "media-metadata", "media-object")
)
_ROLES = {"figcaption": "caption", "caption": "caption", "media-caption": "caption", "media-producer": "caption",
          "hl1": "title", "byline": "byline", "bytag": "byline", "nav": "navigation", "footer": "other",
          "datasource": "caption", "form": "widget", "tagline": "other"}  # fmt: skip


def parse(content: bytes) -> etree._Element:
    """The root of an XML document; no entity is resolved, nothing is fetched.

    The document is decoded here and its DOCTYPE is cut before lxml sees it: no entity can be declared, so neither an
    entity bomb nor the inclusion of a file exists. HTML's named characters are replaced by what they name. libxml2's
    own bounds hold: 256 elements deep, 10 MB a text.

    Raises:
        MessageError: incomplete (the root is never closed), unreadable (no XML).
    """
    text = decode(content, None).lstrip("\ufeff \t\r\n\x00")
    if not text:
        raise MessageError("incomplete", "is empty; expected XML")
    text = _DECLARATION.sub("", text)
    if doctype := _DOCTYPE.match(text):
        if "<!ENTITY" in doctype[0].upper():
            raise MessageError(
                "unreadable", "declares entities of its own, which are not read; deliver it without them"
            )
        text = text[doctype.end() :]
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True, remove_comments=True
    )
    try:
        return etree.fromstring(_NAMED.sub(_character, text).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        if _is_cut(text):
            raise MessageError("incomplete", f"ends before its XML does ({_said(error)})") from error
        raise MessageError("unreadable", f"is no XML that can be read ({_said(error)}); write it anew") from error


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True, remove_comments=True
    )


def _said(error: etree.XMLSyntaxError) -> str:
    return _SPACE.sub(" ", str(error.msg or "no reason given"))[:200]


def _is_cut(text: str) -> bool:
    """Whether the end tag of the root is missing at the end of the document."""
    bare = text.rstrip(" \t\r\n\x00")
    root = _ROOT.match(text)
    if root is None:
        return not bare or (bare.startswith("<") and not bare.endswith(">"))
    return re.search(rf"</{re.escape(root[1])}\s*>(?>\s+|<!--.*?-->)*+$", bare[-2000:], re.DOTALL) is None


def _character(found: re.Match[str]) -> str:
    name = found[1]
    if name in _XML:
        return found[0]
    # An unknown name is text: the ampersand is written out, the rest stands as it came.
    return html5.get(f"{name};", f"&amp;{name};") if f"{name};" in html5 else f"&amp;{name};"


def local(node: etree._Element) -> str:
    """An element's name without its namespace, in lower case; "" for what is no element."""
    return etree.QName(node).localname.lower() if isinstance(node.tag, str) else ""


def child(node: etree._Element | None, name: str) -> etree._Element | None:
    """The first child of that name, whatever its namespace and case."""
    return next(children(node, name), None)


def children(node: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """Every child of that name, whatever its namespace and case."""
    return (one for one in ([] if node is None else node) if local(one) == name.lower())


def below(node: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """Every descendant of that name, in document order, whatever its namespace and case."""
    return (one for one in ([] if node is None else node.iter()) if local(one) == name.lower())


def words(node: etree._Element | None) -> str | None:
    """All text in an element on one line; None where there is none."""
    return None if node is None else line("".join(node.itertext()))


def line(text: str | None) -> str | None:
    """A text on one line; None where nothing is left."""
    return _SPACE.sub(" ", text or "").strip() or None


def first(node: etree._Element | None, *names: str) -> str | None:
    """The words of the first child of the first name that has any."""
    return next((said for name in names for one in children(node, name) if (said := words(one))), None)


def paragraphs(node: etree._Element) -> list[Paragraph]:
    """The text of marked-up content in document order, one entry a block: (hint, text). No visible character is lost.

    A table row is a line, its cells parted by bars. Text that stands in no block is a line of its own.
    """
    return _Walk().through(node)


class _Walk:
    """One walk through marked-up content; iterative, because depth is the sender's choice."""

    def __init__(self) -> None:
        self._found: list[Paragraph] = []
        self._held: list[str] = []
        self._open: list[tuple[str, bool]] = [("main", True)]  # hint, and whether it is a line of its own

    def through(self, node: etree._Element) -> list[Paragraph]:
        skipped: etree._Element | None = None
        for event, one in etree.iterwalk(node, events=("start", "end")):
            if skipped is None and event == "start":
                skipped = one if not self._begin(one) else None
            elif event == "end" and skipped in (None, one):
                if skipped is None:
                    self._end(local(one))
                skipped = None
                self._held.append((one.tail or "") if one is not node else "")
        self._flush()
        return self._found

    def _begin(self, one: etree._Element) -> bool:
        """Enter an element; whether what is in it is to be walked through."""
        name = local(one)
        if name in _SKIPPED or not name:
            return False
        named = _ROLES.get(name) or _by_class(one) or ("teaser" if name == "li" and _is_link(one) else None)
        hint, own = named or self._open[-1][0], name in _BLOCKS or named is not None
        if own:
            self._flush()
        if name == "pre":  # its line breaks are its own
            self._found += [(hint, text) for part in "".join(one.itertext()).splitlines() if (text := line(part))]
            return False
        self._open.append((hint, own))
        self._held.append(one.text or "")
        if name == "img" and (alt := line(one.get("alt"))):
            self._held.append(f" {alt} ")
        return True

    def _end(self, name: str) -> None:
        if self._open[-1][1]:
            self._flush()
        elif name in _CELLS:
            self._held.append(" | ")
        self._open.pop()

    def _flush(self) -> None:
        if text := line("".join(self._held)):
            self._found.append((self._open[-1][0], text.strip("| ")))
        self._held.clear()


def _by_class(node: etree._Element) -> str | None:
    """What the sender's class of an element says of it."""
    named = (node.get("class") or "").casefold().split()
    if "np-nonpublic" in named or "nonpublic" in named:
        return "nonpublic"
    if "slugline" in named or "publicationdate" in named or "genre" in named:
        return "other"
    if "byline" in named:
        return "byline"
    if "linkbox" in named:
        return "widget"
    return "other" if "teaser" in named and local(node) != "p" else None


def _is_link(entry: etree._Element) -> bool:
    """Whether a list's entry is nothing but a link, a word or two behind it aside."""
    beside = (entry.text or "") + "".join(child.tail or "" for child in entry)
    return len(entry) > 0 and all(local(child) == "a" for child in entry) and len(beside.strip()) <= _BESIDE


def from_html(text: str) -> list[Paragraph]:
    """The paragraphs of a piece of HTML that stands in a message as text."""
    if not text.strip():
        return []
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.fragment_fromstring(text.replace("\x00", ""), create_parent="div", parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return _bare(text)
    # libxml2 gives up on what is nested deeper than 256 elements: then the tags are cut out.
    return paragraphs(root) or _bare(text)


def _bare(text: str) -> list[Paragraph]:
    return plain(unescape(re.sub(r"<[^<>]{0,2000}>", " ", text)))


def plain(text: str) -> list[Paragraph]:
    """The paragraphs of plain text: parted by blank lines, or where there is none by line breaks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    parts = re.split(r"\n[ \t]*\n", text) if re.search(r"\n[ \t]*\n", text.strip()) else text.split("\n")
    return [("main", said) for part in parts if (said := line(part))]
