"""The working form of a block while a page is being marked, and the few questions every rule asks of one."""

import itertools
import re
import unicodedata
from dataclasses import dataclass

# One token per character where words are not spaced (Chinese, Japanese, Korean, Thai ...), else per word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
# Soft hyphens, zero-width signs and combining accents inside a word part nothing.
_INNER = "\u00ad\u200b-\u200d\u0300-\u036f"
TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+(?:[{_INNER}]+[^\W{_UNSPACED}]*)*")
_INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D))
_CLOSING = "\"'”’»›)]）」』】*"
_TERMINAL = ".!?…。！？।؟۔:;"
_ELLIPSIS = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|\(\.\.\.\))\s*$")


@dataclass(slots=True)
class Tile:
    """A piece of a captured page: text is captured[begin:end]; role "" means not judged yet (a body candidate)."""

    begin: int
    end: int
    text: str
    tag: str
    hint: str
    role: str = ""
    kept: bool = False
    reason: str = ""
    repeat_at: int | None = None
    word_n: int = -1

    def judge(self, role: str, reason: str, *, kept: bool = False, repeat_at: int | None = None) -> None:
        """Give the tile its role. `repeat_at` is the offset in the captured text of what it repeats."""
        self.role, self.reason, self.kept, self.repeat_at = role, reason, kept, repeat_at

    def words(self) -> int:
        """Number of words (characters where words are not spaced). Counted once."""
        if self.word_n < 0:
            self.word_n = sum(1 for _ in TOKEN.finditer(self.text))
        return self.word_n

    def cut(self, *offsets: int) -> list["Tile"]:
        """The tile cut at offsets relative to its own text; pieces keep everything else. Empty pieces are left out."""
        edges = [0, *sorted(offsets), len(self.text)]
        return [
            Tile(
                self.begin + a,
                self.begin + b,
                self.text[a:b],
                self.tag,
                self.hint,
                self.role,
                self.kept,
                self.reason,
                self.repeat_at,
            )
            for a, b in itertools.pairwise(edges)
            if b > a
        ]


def plain_word(word: str) -> str:
    """A word as two copies of a text share it: lower case; ligatures, soft hyphens and forms of accents aside."""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFKC", word.translate(_INVISIBLE)).lower()


def squeezed(text: str) -> str:
    """A text by its tokens alone, lower case: what two copies of a line share."""
    return " ".join(map(plain_word, TOKEN.findall(text)))


def ends_sentence(text: str) -> bool:
    """Whether a line ends as a sentence does (closing quotes and brackets aside). A colon counts: a list follows."""
    bare = text.rstrip().rstrip(_CLOSING).rstrip()
    return bool(bare) and bare[-1] in _TERMINAL


def is_elided(text: str) -> bool:
    """Whether a line ends with an ellipsis."""
    return bool(_ELLIPSIS.search(text))


def is_heading_like(tile: Tile) -> bool:
    """A line that could head a section or name another article: short, and not closed like a sentence."""
    text = tile.text.strip()
    return len(text) <= 200 and 1 <= tile.words() <= 30 and (not ends_sentence(text) or text[-1] in "?!")
