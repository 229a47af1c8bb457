"""Which wire items a message holds, in which format, and what each says of itself."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from flows.sources.charset import decode
from flows.sources.wires import MessageError, WireItem, newsml_1, newsml_g2, ninjs, nitf
from flows.sources.wires.markup import local, parse

# Media types under which the store keeps single items. Sources: IPTC NewsML-G2 16.3.1 for G2; the rest are ours.
G2 = "application/vnd.iptc.g2.newsitem+xml"
NEWSML = "application/vnd.iptc.newsml+xml"
NITF = "application/vnd.iptc.nitf+xml"
NINJS = "application/vnd.iptc.ninjs+json"
_READ: Mapping[str, Callable[[Any], WireItem]] = {
    G2: newsml_g2.read, NEWSML: newsml_1.read, NITF: nitf.read, NINJS: ninjs.read,
}  # fmt: skip
MEDIA_TYPES = frozenset(_READ)
EXPECTED = "NewsML-G2, NewsML 1.x, NITF, ninjs or dpa digitalwires"


@dataclass(frozen=True, slots=True)
class Piece:
    """One item of a message: its bytes in a form that does not depend on the envelope, and what it says."""

    media_type: str
    content: bytes
    item: WireItem


def xml_items(content: bytes) -> Iterator[Piece | MessageError]:
    """The items of an XML message; a part that is none is an error among them, the rest goes on.

    Raises:
        MessageError: The message is cut off (incomplete), no XML (unreadable) or XML of another kind (foreign_format).

    Cost: about 0.5 ms an item. The bytes of an item are its canonical form (Exclusive XML Canonicalization 1.0): the
    same item in two envelopes has the same bytes.
    """
    root = parse(content)
    if nitf.is_document(root):
        media_type, nodes = NITF, iter((root,))
    elif newsml_1.is_item(root):
        media_type, nodes = NEWSML, newsml_1.split(root)
    elif newsml_g2.is_item(root):
        media_type, nodes = G2, newsml_g2.split(root)
    else:
        raise MessageError("foreign_format", f"has the root <{local(root)}>; expected {EXPECTED}")
    empty = True
    for node in nodes:
        empty = False
        if media_type == G2 and local(node) not in newsml_g2.ITEMS:
            yield MessageError(
                "no_article", f"is a {etree.QName(node).localname}; expected a newsItem, so it is left out"
            )
        else:
            node.tail = None
            yield Piece(media_type, _bytes(node), _READ[media_type](node))
    if empty:
        yield MessageError("empty", "is a message without an item; nothing is lost")


def _bytes(node: etree._Element) -> bytes:
    try:
        return bytes(etree.tostring(node, method="c14n", exclusive=True))
    except etree.C14NError:  # a namespace that is no absolute address has no canonical form
        return bytes(etree.tostring(node, encoding="utf-8"))


def json_items(content: bytes) -> Iterator[Piece | MessageError | Mapping[str, Any]]:
    """The items of a JSON document; an object that is no wire item comes as it is, for others to judge.

    Raises:
        MessageError: The document is cut off (incomplete), or is no JSON (unreadable).
    """
    for value in ninjs.split(_json(content)):
        if ninjs.is_item(value):
            said = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            yield Piece(NINJS, said.encode("utf-8", "replace"), ninjs.read(value))  # type: ignore[arg-type]
        elif isinstance(value, dict):
            yield value
        else:
            yield MessageError("foreign_format", f"is a JSON {type(value).__name__}; expected {EXPECTED}")


def _json(content: bytes) -> object:
    text = decode(content, None).lstrip("\ufeff \t\r\n\x00").rstrip(" \t\r\n\x00")
    if not text:
        raise MessageError("incomplete", "is empty; expected JSON")
    try:
        return json.loads(text, strict=False)  # senders leave line breaks in their texts unescaped
    except json.JSONDecodeError as error:
        if text[0] in "[{" and (error.pos >= len(text) or text[-1] not in "]}"):
            raise MessageError("incomplete", f"ends before its JSON does ({error.msg})") from error
        said = f"{error.msg} in line {error.lineno}"
        raise MessageError("unreadable", f"is no JSON that can be read ({said}); write it anew") from error
    except (RecursionError, ValueError) as error:  # a number of a million digits is a ValueError
        raise MessageError("unreadable", f"is JSON beyond all bounds ({str(error)[:100]}); leave it out") from error


def read(content: bytes, media_type: str) -> WireItem:
    """An item from the bytes of its `Piece`.

    Raises:
        MessageError: They are none (a store that was tampered with).
    """
    return _READ[media_type](_json(content) if media_type == NINJS else parse(content))
