"""The text lane: plain text as it came -> lines as blocks, with what its head states (title, dek, byline, date)."""

import itertools
import re
from dataclasses import dataclass, field

from flows.clean.dates import Moment, parse_line

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]*(?:\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]|$)")
_BYLINE = re.compile(
    r"(?:by|von|par|por|di|de|door|af|av)\s+(?P<names>[^\W\d_a-z][\w.'’\-]*(?:(?:\s+|,\s*|\s*&\s*)(?:and |und "
    r"|et |y |e |en |de |van |von |del |della |da |dos )*[^\W\d_a-z][\w.'’\-]*){0,11})"
    r"(?:\s*[|,–—-].{0,60})?",
    re.IGNORECASE,
)
_TERMINAL = re.compile(r"[.!?…。！？:;,][\"'”’»)\]]*$")
_STOP = re.compile(r"[.…。:;,][\"'”’»)\]]*$")


@dataclass(slots=True)
class Head:
    """What the first lines of a text state."""

    title: str | None = None
    dek: str | None = None
    byline: str | None = None
    published: Moment | None = None
    hints: dict[int, str] = field(default_factory=dict)  # block number -> hint


def tile(text: str) -> list[tuple[int, int]]:
    """Blocks that tile a text: a line with its line break and the blank lines behind it.

    Text broken at a fixed width (most lines about as long, few of them the end of a sentence) is tiled by paragraphs,
    which blank lines part. Blank lines before the first line are a block of their own.
    """
    lines = [match.span() for match in _LINE.finditer(text) if match.end() > match.start()]
    wrapped = _is_wrapped([text[a:b] for a, b in lines])
    blocks: list[list[int]] = []
    open_paragraph = False
    for begin, end in lines:
        blank = not text[begin:end].strip()
        leading = len(blocks) == 1 and not text[: blocks[0][1]].strip()
        if blocks and (blank or (wrapped and open_paragraph and not leading)):
            blocks[-1][1] = end
        else:
            blocks.append([begin, end])
        open_paragraph = not blank
    return [(a, b) for a, b in blocks]


def _is_wrapped(lines: list[str]) -> bool:
    """Whether line breaks were set at a fixed width rather than between paragraphs."""
    bare = [line.rstrip() for line in lines]
    inner = [a for a, b in itertools.pairwise(bare) if a.strip() and b.strip()]
    if len(inner) < 6:
        return False
    lengths = sorted(len(line) for line in inner)
    middle = lengths[len(lengths) // 2]
    near = sum(1 for n in lengths if 0.75 * middle <= n <= 1.25 * middle)
    closed = sum(1 for line in inner if _TERMINAL.search(line))
    return 40 <= middle <= 100 and near >= 0.75 * len(inner) and closed <= 0.35 * len(inner)


def read_head(text: str, blocks: list[tuple[int, int]], given_title: str | None) -> Head:
    """Title, dek, byline and date of a text's first lines.

    A first line that is no closed sentence and stands before a paragraph is the title; with a title given by the input
    only a line that says the same is. Between the title and the first paragraph, a date line and a byline are known by
    their form, and one more unclosed line is the dek.
    """
    head = Head()
    lines = [(at, text[a:b].strip()) for at, (a, b) in enumerate(blocks) if text[a:b].strip()][:8]
    rest = lines
    if lines:
        first = lines[0][1]
        if given_title:
            if _same(first, given_title):
                head.title, head.hints[lines[0][0]], rest = first, "title", lines[1:]
        elif len(lines) > 1 and _is_title(first) and any(len(line) > len(first) for _, line in lines[1:]):
            head.title, head.hints[lines[0][0]], rest = first, "title", lines[1:]
    _read_under_title(head, rest, dek_allowed=head.title is not None)
    return head


def _read_under_title(head: Head, lines: list[tuple[int, str]], *, dek_allowed: bool) -> None:
    """Date, byline and dek, up to the first line that is none of them."""
    for place, (at, line) in enumerate(lines):
        if head.published is None and (moment := parse_line(line)):
            head.published, head.hints[at] = moment, "date"
        elif parse_line(line):
            head.hints[at] = "date"
        elif head.byline is None and len(line) <= 120 and (match := _BYLINE.fullmatch(line)) and line[:1].isupper():
            head.byline, head.hints[at] = match["names"].strip(), "byline"
        elif dek_allowed and head.dek is None and _is_dek(line, [text for _, text in lines[place + 1 :]]):
            head.dek, head.hints[at] = line, "dek"
        else:
            break


def _is_title(line: str) -> bool:
    """A line that can be a headline: short, and not closed by a full stop, colon or comma."""
    return (
        len(line) <= 250
        and len(line.split()) <= 40
        and (not _STOP.search(line) or line.endswith("..."))
        and any(c.isalpha() for c in line)
    )


def _is_dek(line: str, following: list[str]) -> bool:
    """An unclosed line between title and body; a closed one only where a date or byline stands behind it."""
    if len(line) > 400 or len(line.split()) < 4 or not following:
        return False
    if not _STOP.search(line):
        return len(following[0]) > len(line) or _is_mark(following[0])
    return _is_mark(following[0]) and len(following) > 1


def _is_mark(line: str) -> bool:
    """A date line or a byline."""
    return parse_line(line) is not None or (len(line) <= 120 and bool(_BYLINE.fullmatch(line)) and line[:1].isupper())


def _same(left: str, right: str) -> bool:
    """Equal but for case and everything that is no letter or digit."""
    return re.sub(r"[\W_]+", "", left.lower()) == re.sub(r"[\W_]+", "", right.lower())
