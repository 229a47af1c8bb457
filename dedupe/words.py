"""Words, their hashes and their places: what a shingle is made of. The readable lane (numpy).

`dedupe.kernels` does the same in one compiled pass; the two are proved equal by tests, so that a run over a few
articles never pays for a compilation. The rules, which `NORMALISER` names in every stored sketch:

* A word is a run of letters and digits, lower-cased, accents folded (NFKD without combining marks), everything else
  separates. "Don't" is two words, "1,234" is two words: both sides of a comparison are cut alike.
* In scripts written without spaces (Han, kana, Thai, Lao, Khmer, Myanmar, Tibetan) every character is a word, together
  with the marks that follow it. A shingle of five words is then five characters.
* Soft hyphens, zero-width characters and combining accents are skipped: they do not count in a word and do not end it.

Offsets are half-open code points of the text as given.
"""

import functools
import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

NORMALISER = "n1"

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I32 = npt.NDArray[np.int32]

# Character classes (low bits of the class table) and marks on them.
SEPARATOR, LETTER, SOLO, MARK, SKIPPED = 0, 1, 2, 3, 4
DIGIT, UPPER = 8, 16  # also the flags of a word: holds a digit; begins with a capital
SIGN = 64  # mark of a separator that may open or end a quotation
QUOTED = 32  # flag of a word: between quotation marks, or in a line signed like a post on a network: "(@name)"
LISTED = 4  # flag of a word, set where texts are compared: in a list whose entries all carry one formula (captions)
NAME = 128  # flag of a word, set where texts are compared: its text never writes it in lower case
STEM_LETTERS = 4  # names that begin with these letters are taken for spellings of one name
QUOTE_WORDS = 150  # a passage that is longer is no quotation but a mark that was never closed
LIST_TIMES = 5  # a formula (one shingle) that comes back as often ...
LIST_REACH = 80  # ... each time within so many words makes a list: photo captions, boards, menus. Prose has none
LIST_LETTERS = 16  # code points a formula has at least
TABLE_SIZE = 0x20000  # above: ideographs (SOLO) up to 0x3FFFF, separators after

MASK64 = (1 << 64) - 1
WORD_BASE = 0x9E3779B97F4A7C15  # odd, so that no power of it is 0 mod 2^64 (golden ratio, Knuth vol. 3, 6.4)
SHINGLE_BASE = 0xD6E8FEB86659FD93  # odd; another multiplier for words in a shingle (Evensen's rrmxmx)
BODY_BASE = 0xA0761D6478BD642F  # odd; a third one for words in a body (wyhash secret)

_SOLO_RANGES = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x0F00, 0x0FFF),  # Tibetan
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),  # Katakana phonetic extensions
    (0x3400, 0x4DBF),  # Han, extension A
    (0x4E00, 0x9FFF),  # Han
    (0xA9E0, 0xA9FF),  # Myanmar extended B
    (0xAA60, 0xAA7F),  # Myanmar extended A
    (0xF900, 0xFAFF),  # Han, compatibility
    (0xFF66, 0xFF9F),  # half-width Katakana
    (0x1B000, 0x1B16F),  # kana supplement
)
_QUOTE_SIGNS = (0x0A, 0x22, 0x40, 0xAB, 0xBB, 0x201C, 0x201D, 0x201E, 0x300C, 0x300D)  # \n " @ and quotation marks
_SKIPPED = frozenset((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))


def fold(code: int) -> int:
    """The code point a letter is hashed as: lower case, without its accent; itself where that is no single letter."""
    lowered = chr(code).lower()
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    if len(bare) == 1:
        return ord(bare.lower()) if len(bare.lower()) == 1 else ord(bare)
    return ord(lowered) if len(lowered) == 1 else code


def classify(code: int) -> int:
    """Class of a code point with its DIGIT and UPPER marks; see the module's rules."""
    if code >= TABLE_SIZE:
        return SOLO if code <= 0x3FFFF else SEPARATOR
    if code in _SKIPPED or 0x0300 <= code <= 0x036F:
        return SKIPPED
    character = chr(code)
    category = unicodedata.category(character)
    if category[0] == "M":
        return MARK
    if category[0] not in "LN":
        return SEPARATOR | (SIGN if code in _QUOTE_SIGNS else 0)
    if category[0] == "L" and any(first <= code <= last for first, last in _SOLO_RANGES):
        return SOLO
    return LETTER | (DIGIT if category == "Nd" else 0) | (UPPER if category in ("Lu", "Lt") else 0)


@functools.cache
def _character(code: int) -> tuple[int, int]:
    kind = classify(code)
    # Beyond the tables nothing is folded, as the compiled lane does: those ideographs have no case and no accent.
    return kind, fold(code) if code < TABLE_SIZE and kind & 7 in (LETTER, SOLO) else code


@functools.cache
def tables() -> tuple[U8, U32]:
    """Class and folded code point of the first 0x20000 code points. Cost: about 0.3 s, once a process."""
    kinds = np.empty(TABLE_SIZE, dtype=np.uint8)
    folded = np.empty(TABLE_SIZE, dtype=np.uint32)
    for code in range(TABLE_SIZE):
        kinds[code], folded[code] = _character(code)
    return kinds, folded


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one text, in order: hash, hash of the first letters, place (code points) and flags. One length."""

    hashes: U64
    stems: U64
    begins: I32
    ends: I32
    flags: U8


def mix(values: U64) -> U64:
    """MurmurHash3's 64-bit finaliser: every input bit reaches every output bit. Source: Appleby 2011."""
    values = values ^ (values >> np.uint64(33))
    values = values * np.uint64(0xFF51AFD7ED558CCD)
    values = values ^ (values >> np.uint64(33))
    values = values * np.uint64(0xC4CEB9FE1A85EC53)
    return values ^ (values >> np.uint64(33))


def powers(base: int, size: int) -> U64:
    """1, base, base^2, ... mod 2^64."""
    out = np.full(size, base, dtype=np.uint64)
    if size:
        out[0] = 1
    return np.multiply.accumulate(out) if size else out


def words(text: str) -> Words:
    """Cut a text into words and hash them. Cost: about 60 ns a character, vectorised; no compilation."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    empty = np.zeros(0, dtype=np.int32)
    if not len(codes):
        return Words(np.zeros(0, np.uint64), np.zeros(0, np.uint64), empty, empty, np.zeros(0, np.uint8))
    different, where = np.unique(codes, return_inverse=True)
    known = [_character(int(code)) for code in different]
    marked = np.array([kind for kind, _ in known], dtype=np.uint8)[where]
    folded = np.array([code for _, code in known], dtype=np.uint64)[where]
    kinds = marked & 7
    # The state a character meets: that of the nearest character before it that is neither a mark nor skipped.
    decides = np.where(kinds <= SOLO, np.arange(len(codes)), -1)
    nearest = np.maximum.accumulate(decides)
    state = np.where(nearest < 0, SEPARATOR, kinds[np.maximum(nearest, 0)])
    before = np.concatenate(([SEPARATOR], state[:-1]))
    first = (kinds == SOLO) | ((kinds == LETTER) & (before != LETTER))
    counted = (kinds == LETTER) | (kinds == SOLO) | ((kinds == MARK) & (before != SEPARATOR))
    begins = np.flatnonzero(first)
    if not len(begins):
        return Words(np.zeros(0, np.uint64), np.zeros(0, np.uint64), empty, empty, np.zeros(0, np.uint8))
    places = np.flatnonzero(counted)
    owner = np.cumsum(first)[places] - 1  # the word each counted character belongs to
    starts = np.searchsorted(owner, np.arange(len(begins)))  # where each word's counted characters begin
    sizes = np.diff(np.append(starts, len(places)))
    rank = np.arange(len(places)) - np.repeat(starts, sizes)
    terms = (folded[places] + np.uint64(1)) * powers(WORD_BASE, int(sizes.max()))[rank]
    extends = np.flatnonzero(counted | ((kinds == SKIPPED) & (before != SEPARATOR)))  # an accent belongs to its letter
    last = extends[np.searchsorted(extends, np.append(begins[1:], len(codes))) - 1]
    flags = (np.bitwise_or.reduceat(marked[places] & DIGIT, starts)) | (marked[begins] & UPPER)
    _mark_quoted(codes, np.flatnonzero(marked & SIGN), begins, flags)
    return Words(
        mix(np.add.reduceat(terms, starts)),
        mix(np.add.reduceat(np.where(rank < STEM_LETTERS, terms, np.uint64(0)), starts)),
        begins.astype(np.int32),
        (last + 1).astype(np.int32),
        flags.astype(np.uint8),
    )


def _mark_quoted(codes: U32, signs: npt.NDArray[np.int64], begins: npt.NDArray[np.int64], flags: U8) -> None:
    """Set QUOTED on the words between quotation marks and in lines signed "(@name)".

    A straight mark opens after a space or a bracket and closes otherwise; a low mark (German) is closed by a high one;
    angled ones open when none is open. A new opening mark ends the passage before it (one mark a paragraph).
    """
    seen = np.searchsorted(begins, signs)
    opened, low, line = -1, False, 0
    for at, count in zip(signs.tolist(), seen.tolist(), strict=True):
        code, before = int(codes[at]), int(codes[at - 1]) if at else 0
        if code == 0x0A:
            line = count
        elif code == 0x40:
            if before == 0x28 and count - line <= QUOTE_WORDS:
                flags[line:count] |= QUOTED
        else:
            if opened >= 0 and count - opened <= QUOTE_WORDS:
                flags[opened:count] |= QUOTED
            opens = opens_quote(code, before, opened >= 0, low)
            opened, low = (count, code == 0x201E) if opens else (-1, False)


def opens_quote(code: int, before: int, is_open: bool, is_low: bool) -> bool:
    """Whether a quotation mark opens: by its shape, by what stands before it, and by what is open."""
    if code == 0x22:
        spaced = before <= 0x28 and before not in (0x21, 0x22, 0x25, 0x27)
        return spaced or before in (0x2D, 0x5B, 0xA0, 0x2013, 0x2014)
    if code == 0x201C:
        return not is_low
    if code in (0xAB, 0xBB):
        return not is_open
    return code in (0x201E, 0x300C)


def shingle_hashes(hashes: U64, size: int) -> U64:
    """64-bit hash of every run of ``size`` words, in order; of all words where there are fewer; none where none."""
    if not len(hashes):
        return hashes
    size = min(size, len(hashes))
    weights = powers(SHINGLE_BASE, size)
    total = np.zeros(len(hashes) - size + 1, dtype=np.uint64)
    for place in range(size):
        total += hashes[place : len(hashes) - size + 1 + place] * weights[place]
    return mix(total)


def mark_lists(found: Words, shingles: U64, size: int) -> None:
    """Set LISTED on the words between the returns of a formula: a shingle of ``size`` words that comes back and back.

    Shingles of a few letters (of scripts without spaces) are no formula: there five characters are but a word or two.
    """
    size = min(size, len(found.hashes))
    long = found.ends[size - 1 :] - found.begins[: len(shingles)] >= LIST_LETTERS if size else np.zeros(0, bool)
    places = np.flatnonzero(long)
    order = places[np.argsort(shingles[places], kind="stable")]
    ranked = shingles[order]
    returns = (ranked[1:] == ranked[:-1]) & (np.diff(order) <= LIST_REACH)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], returns.astype(np.int8), [0]))))
    for begin, end in edges.reshape(-1, 2).tolist():  # returns[begin:end] are all true
        if end - begin >= LIST_TIMES - 1:
            found.flags[order[begin] : order[end] + size] |= LISTED


def body_hash(hashes: U64) -> int:
    """Hash of the whole word sequence as a signed 64-bit integer: equal bodies have equal values."""
    value = mix(np.array([(hashes * powers(BODY_BASE, len(hashes))).sum(dtype=np.uint64)], dtype=np.uint64))
    return int(value.view(np.int64)[0])


def cut(text: str) -> list[str]:
    """The normalised words of a text, as strings: what is hashed. For people and tests; not on the fast path."""
    found = words(text)
    out = []
    for begin, end in zip(found.begins.tolist(), found.ends.tolist(), strict=True):
        codes = [(_character(ord(character)), ord(character)) for character in text[begin:end]]
        out.append("".join(chr(kept) for (kind, kept), _ in codes if kind & 7 not in (SEPARATOR, SKIPPED)))
    return out
