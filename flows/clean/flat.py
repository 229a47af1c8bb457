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


_MARK_BYTES = 4096  # of the markup in a marked element that holds others: names are short


@dataclass(frozen=True, slots=True)
class Mark:
    """An element that states metadata: its opening tag as written, and what stands in it."""

    tag: str
    inner: str
    raw: bool  # a script: its text is no markup

    @property
    def text(self) -> str:
        """The text in the element."""
        return self.inner if self.raw else html_entities.unescape(_TAG.sub("", self.inner))

    def itertext(self) -> tuple[str]:
        """The text in the element, as one piece."""
        return (self.text,)

    def get(self, name: str) -> str | None:
        """The value of an attribute, entities undone; None where the element has none."""
        for match in _ATTRIBUTE.finditer(self.tag):
            if match[1] == name or match[1].lower() == name:
                value = match[2] or match[3] or match[4] or ""
                return html_entities.unescape(value) if "&" in value else value
        return None


class Nodes(Sequence[dom.Node]):
    """The block-level elements of a page, each made when it is asked for."""

    def __init__(self, raw: bytes, rows: npt.NDArray[np.int32]) -> None:
        self._raw, self._rows = raw, rows.tolist()
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
        row, raw = self._rows[at], self._raw
        names, class_end, id_end = row[scan.NAMES], row[scan.CLASS_END], row[scan.ID_END]
        key = ""
        if class_end or id_end:
            key = f"{_text(raw[row[scan.CLASS_AT] : class_end])} {_text(raw[row[scan.ID_AT] : id_end])}"
            key = "" if key == " " else html_entities.unescape(key) if "&" in key else key
        tag = tags.NAMES[row[scan.TAG]] or _text(raw[row[scan.NAME_AT] : row[scan.NAME_END]]).lower()
        positive, negative = dom.judge_names(key)[:2] if key else (0, 0)
        positive = 2 if names & scan.ARTICLE_BODY else positive
        made = dom.Node(tag, row[scan.PARENT], row[scan.DEPTH], row[scan.INSIDE], positive, negative, key)
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

    def get(self, name: str) -> str | None:
        """An attribute of <html>."""
        return next((mark.get(name) for mark in self.iter("html")), None)

    def iter(self, tag: str) -> Iterator[Mark]:
        """The elements of one name that state metadata (of links the canonical one, of scripts the linked data)."""
        return iter(self.marks.get(tag, ()))

    def dom(self, *, lazy: bool = False) -> dom.Dom:
        """The page as the blocks of a DOM; `lazy`: elements are made when they are looked at. Cost: 2 us an element."""
        rows = zip(self.texts, *self.lines.T[1:].tolist(), strict=True)
        blocks = [
            dom.Block(text, node, min(links, len(text)), link_n, tags.NAMES[inline], broken == 1)
            for text, node, links, link_n, inline, broken, _ in rows
        ]
        nodes = Nodes(self.raw, self.nodes)
        return dom.Dom(blocks, nodes if lazy else nodes[:])


def read(raw: bytes) -> Flat:
    """The page in some bytes, which must be valid UTF-8.

    Cost: about 1.5 ns a byte and 0.5 us a line; memory twice the page and about 120 bytes a tag.
    """
    data = np.frombuffer(raw, dtype=np.uint8)
    room = int(np.count_nonzero(data == 60)) + 2
    tables = tags.tables()
    out = np.empty(len(data) + 2, dtype=np.uint8)
    nodes = np.empty((room, scan.NODE_COLUMNS), dtype=np.int32)
    lines = np.empty((room, scan.LINE_COLUMNS), dtype=np.int32)
    marks = np.empty((room, scan.MARK_COLUMNS), dtype=np.int32)
    stack = np.empty((room, scan.STACK_COLUMNS), dtype=np.int32)
    size, node_n, line_n, mark_n = scan.scan(
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
    return Flat(raw, texts, lines, nodes[:node_n].copy(), _marks(raw, marks[:mark_n]))


def _marks(raw: bytes, rows: npt.NDArray[np.int32]) -> dict[str, list[Mark]]:
    found: dict[str, list[Mark]] = {}
    for tag, at, end, close in rows.tolist():
        name = tags.NAMES[tag]
        script = name == "script"
        inner = raw[end : close if script else min(close, end + _MARK_BYTES)]
        found.setdefault(name, []).append(Mark(_text(raw[at + 1 + len(name) : end - 1]), _text(inner), script))
    return found
