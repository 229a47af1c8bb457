"""The bytes of a page -> what `scan` finds in them, as the rest of cleaning needs it.

`metadata` sees the elements that state something about the page (`Flat.iter`); `Flat.dom` is the lines and the elements
they stand in. The fast lane works on the arrays, and makes the few elements it looks at when it does.
"""

import html as html_entities
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import numpy.typing as npt

from flows.clean import dom, scan, tags

_WORDS = tuple(
    np.frombuffer(word.encode(), dtype=np.uint8)
    for word in (
        "ld+json",
        "display:none",
        "visibility:hidden",
        "articlebody",
        "canonical",
        "navigation",
        "complementary",
        "dialog",
        "search",
        "author",
    )
)
_TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


_MARK_BYTES = 2048  # of the markup in a marked element that holds others: names are short


class Mark:
    """An element that states metadata: its opening tag as written, and what stands in it. Read when it is asked for."""

    __slots__ = ("_inner", "_said", "_script", "_tag")

    def __init__(self, tag: bytes, inner: bytes, *, script: bool) -> None:
        self._tag, self._inner, self._script = tag, inner, script
        self._said: dict[str, str] | None = None

    @property
    def text(self) -> str:
        """The text in the element."""
        inner = _text(self._inner)
        return inner if self._script else html_entities.unescape(_TAG.sub("", inner))

    def itertext(self) -> tuple[str]:
        """The text in the element, as one piece."""
        return (self.text,)

    def get(self, name: str) -> str | None:
        """The value of an attribute, entities undone; None where the element has none."""
        if self._said is None:
            self._said = {}
            for key, double, single, bare in _ATTRIBUTE.findall(_text(self._tag)):
                self._said.setdefault(key.lower(), double or single or bare)
        value = self._said.get(name)
        return html_entities.unescape(value) if value and "&" in value else value


class Nodes(Sequence[dom.Node]):
    """The block-level elements of a page, each made when it is asked for."""

    def __init__(self, raw: bytes, rows: npt.NDArray[np.int32]) -> None:
        self._raw, self._rows = raw, rows
        self._made: dict[int, dom.Node] = {}

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> dom.Node: ...
    @overload
    def __getitem__(self, at: slice) -> list[dom.Node]: ...
    def __getitem__(self, at: int | slice) -> dom.Node | list[dom.Node]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        node = self._made.get(at)
        return node if node is not None else self._make(at)

    def _make(self, at: int) -> dom.Node:
        row, raw = self._rows[at].tolist(), self._raw
        names, class_end, id_end = row[scan.NAMES], row[scan.CLASS_END], row[scan.ID_END]
        key = ""
        if class_end or id_end:
            key = f"{_text(raw[row[scan.CLASS_AT] : class_end])} {_text(raw[row[scan.ID_AT] : id_end])}"
            key = "" if key == " " else html_entities.unescape(key) if "&" in key else key
        tag = tags.NAMES[row[scan.TAG]] or _text(raw[row[scan.NAME_AT] : row[scan.NAME_END]]).lower()
        stated = names & scan.ARTICLE_BODY > 0
        made = dom.Node(tag, row[scan.PARENT], row[scan.DEPTH], row[scan.INSIDE], stated, key)
        self._made[at] = made
        return made


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


@dataclass(slots=True)
class Flat:
    """A page. `lines`, `nodes` and `marks`: columns as `scan` names them; `texts`: the text of each line."""

    raw: bytes
    texts: list[str]
    lines: npt.NDArray[np.int32]
    nodes: npt.NDArray[np.int32]
    marks: dict[str, list[Mark]]
    text_bytes: int
    depth: int  # of the most deeply nested element

    def get(self, name: str) -> str | None:
        """An attribute of <html>."""
        return next((mark.get(name) for mark in self.iter("html")), None)

    def iter(self, tag: str) -> Iterator[Mark]:
        """The elements of one name that state metadata (of links the canonical one, of scripts the linked data)."""
        return iter(self.marks.get(tag, ()))

    def dom(self, *, lazy: bool = False) -> dom.Dom:
        """The page as the blocks of a DOM; `lazy`: elements are made when they are looked at. Cost: 2 us an element."""
        own = self.nodes[self.lines[:, scan.NODE]]
        inside = own[:, scan.INSIDE] | np.where(own[:, scan.NAMES] & tags.CAPTION, dom.FIGURE, 0)
        names = [tags.NAMES[tag] for tag in own[:, scan.TAG].tolist()]
        for at in np.flatnonzero(own[:, scan.TAG] == 0).tolist():
            names[at] = _text(self.raw[own[at, scan.NAME_AT] : own[at, scan.NAME_END]]).lower()
        rows = zip(self.texts, *self.lines.T[1:6].tolist(), names, inside.tolist(), strict=True)
        blocks = [
            dom.Block(text, node, min(len(text), links), link_n, tags.NAMES[inline], broken == 1, *of)
            for text, node, links, link_n, inline, broken, *of in rows
        ]
        nodes = Nodes(self.raw, self.nodes)
        return dom.Dom(blocks, nodes if lazy else nodes[:])


def count_tags(raw: bytes) -> int:
    """How many tags a page can have. Cost: 0.1 ns a byte."""
    return int(np.count_nonzero(np.frombuffer(raw, dtype=np.uint8) == 60))


def read(raw: bytes) -> Flat:
    """The page in some bytes, which must be valid UTF-8.

    Cost: about 1.5 ns a byte and 0.5 us a line; memory twice the page and about 120 bytes a tag.
    """
    data = np.frombuffer(raw, dtype=np.uint8)
    room = count_tags(raw) + 2
    tables = tags.tables()
    out = np.empty(len(data) + 2, dtype=np.uint8)
    nodes = np.empty((room, scan.NODE_COLUMNS), dtype=np.int32)
    lines = np.empty((room, scan.LINE_COLUMNS), dtype=np.int32)
    marks = np.empty((room, scan.MARK_COLUMNS), dtype=np.int32)
    stack = np.empty((room, scan.STACK_COLUMNS), dtype=np.int32)
    size, node_n, line_n, mark_n, depth = scan.scan(
        data, tables.keys, tables.values, tables.kind, tables.rank, tables.inside, tables.closes, tables.letters,
        tables.steps, tables.said, _WORDS, out, nodes, lines, marks, stack, np.zeros(len(tags.NAMES), dtype=np.int64),
    )  # fmt: skip
    texts = _text(out[:size].tobytes()).split("\n")[:-1]
    lines = lines[:line_n]
    for at in np.flatnonzero(lines[:, scan.ENTITY]).tolist():
        texts[at] = " ".join(html_entities.unescape(texts[at]).split())
    if not all(texts):
        shown = np.array([bool(text) for text in texts])
        texts, lines = [text for text in texts if text], lines[shown]
    return Flat(raw, texts, lines, nodes[:node_n].copy(), _marks(raw, marks[:mark_n]), size, depth)


def _marks(raw: bytes, rows: npt.NDArray[np.int32]) -> dict[str, list[Mark]]:
    found: dict[str, list[Mark]] = {}
    for tag, at, end, close in rows.tolist():
        name = tags.NAMES[tag]
        script = name == "script"
        inner = raw[end : close if script else min(close, end + _MARK_BYTES)]
        found.setdefault(name, []).append(Mark(raw[at + 1 + len(name) : end - 1], inner, script=script))
    return found
