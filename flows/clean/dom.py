"""The visible text of a page, one block per line."""

import re

from lxml import html as lxml_html

_SKIP = {"script", "style", "noscript", "template", "svg", "head", "iframe", "textarea", "select", "option", "object"}
_INLINE = {
    "a",
    "b",
    "i",
    "em",
    "strong",
    "span",
    "sup",
    "sub",
    "u",
    "small",
    "mark",
    "abbr",
    "cite",
    "code",
    "q",
    "s",
    "font",
    "time",
    "label",
    "bdi",
    "ins",
    "del",
    "kbd",
    "var",
    "wbr",
    "acronym",
    "dfn",
    "big",
    "strike",
    "tt",
    "data",
}
_SPACE = re.compile(r"\s+")


def blocks(html: str) -> list[tuple[str, str]]:
    """(tag, text) in page order."""
    tree = lxml_html.document_fromstring(html.encode("utf-8", "replace"), parser=lxml_html.HTMLParser(encoding="utf-8"))
    result: list[tuple[str, str]] = []
    parts: list[str] = []
    tag = "body"

    def flush() -> None:
        line = _SPACE.sub(" ", "".join(parts)).strip()
        if line:
            result.append((tag, line))
        parts.clear()

    skipping = None
    stack = [(tree, False)]
    while stack:
        element, closing = stack.pop()
        name = element.tag if isinstance(element.tag, str) else ""
        block = name not in _INLINE and bool(name)
        if closing:
            if block:
                flush()
                tag = "div"
            if element.tail:
                parts.append(element.tail)
            continue
        if block:
            flush()
            tag = name
        if name in _SKIP or not name:
            if element.tail:
                parts.append(element.tail)
            continue
        if element.text:
            parts.append(element.text)
        stack.append((element, True))
        stack.extend((child, False) for child in reversed(element))
    flush()
    _ = skipping
    return result
