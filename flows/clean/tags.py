"""What the names of elements and classes mean to the compiled scan: tables, made once a process.

The lists of names are those of `flows.clean.dom`; ranks follow libxml2 (an end tag never closes an element of a higher
rank), with the sectioning elements of HTML 5 at the rank of <div>.
"""

import functools
from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from flows.clean import dom

# Bits of `Tables.kind`: how the scan treats an element.
INLINE, SKIP, VOID, RAW, BREAK, ENDS_P, HEADING, MARK, IN_HEAD, FOREIGN = (1 << at for at in range(10))
SLOTS = 1024  # of the table of names; a power of two

# What `metadata.read` asks for is a MARK; so is any element that names an author.
_KINDS = {
    VOID: "area base br col embed hr img input link meta param source track wbr",
    RAW: "script style textarea title iframe noscript noembed noframes",
    BREAK: "br hr",
    ENDS_P: "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre section summary table ul li dd dt",
    HEADING: "h1 h2 h3 h4 h5 h6",
    MARK: "meta link time title script html",
    IN_HEAD: "meta link script style title base noscript template head html",
    FOREIGN: "svg math",
    INLINE: " ".join(sorted(dom.INLINE)),
    SKIP: " ".join(sorted(dom.SKIP)),
}
_RANKS = {
    50: " ".join(sorted(dom.INLINE)),
    140: "ul ol dl",
    150: "div article section main aside header footer nav form blockquote figure figcaption details fieldset center"
    " address",
    160: "td th caption",
    170: "tr",
    180: "thead tbody tfoot",
    190: "table",
}
_RANK = {name: rank for rank, names in _RANKS.items() for name in names.split()}
# An opening tag closes an open element of these names, unless one of a higher rank stands between.
_CLOSES = {
    "li": "li",
    "dd": "dd dt",
    "dt": "dd dt",
    "td": "td th",
    "th": "td th",
    "tr": "tr",
    "tbody": "thead tbody tfoot",
    "thead": "thead tbody tfoot",
    "tfoot": "thead tbody tfoot",
    "option": "option",
    "a": "a",
}
_OTHER = "p body head li dd dt td th tr button pre summary hgroup menu dir picture"
_ALL = (_OTHER, *_KINDS.values(), *_RANKS.values(), *_CLOSES, *_CLOSES.values(), *dom.BITS)
NAMES = tuple(sorted({"", *(name for names in _ALL for name in names.split())}))
ID = {name: number for number, name in enumerate(NAMES)}

# Bits of a node's names: what its class and id say. "<" and ">" stand for the edge of a word.
(POSITIVE, COMMENT, SHARE, RELATED, PROMO, NAVIGATION, WIDGET, CAPTION, AUTHOR, DATE, TITLE, DEK, TAGS, PICTURE) = (
    1 << at for at in range(14)
)
AGAINST = COMMENT | SHARE | RELATED | PROMO | NAVIGATION | WIDGET | TAGS
_WORDS = {
    POSITIVE: "article body content entry story post text main paragraph richtext prose copy texte artikel articulo"
    " articolo materia noticia cuerpo corpo",
    COMMENT: "comment disqus kommentar comentario reaktion",
    SHARE: "share sharing social follow",
    RELATED: "related recirc recommend more- readmore read-more teaser popular trending mostread most-read verwandt"
    " mehr- lire-aussi relacionad correlat outbrain taboola leesook <also",
    PROMO: "promo newsletter subscri signup sign-up advert <ads> <ad> _ad> _ads> ad- sponsor paywall cookie consent"
    " modal popup banner login account donat",
    NAVIGATION: "navig <nav menu breadcrumb footer foot- masthead sidebar toolbar tools",
    WIDGET: "widget print copyright disclaimer infobox carousel gallery slider playlist player button embed rating",
    CAPTION: "caption legend bildunterschrift",
    PICTURE: "credit photo image figure picture media",
    AUTHOR: "byline author autor auteur writer contributor",
    DATE: "dateline date time publish updated meta",
    TITLE: "headline title kicker eyebrow rubrik",
    DEK: "<dek subtitle standfirst summary <lead <lede intro deck vorspann chapo bajada entradilla excerpt abstract",
    TAGS: "tag> tags> topic> topics> keyword",
}
_LETTERS = 31  # a-z, "-", "_", digit, edge, anything else


def code(name: str) -> int:
    """The hash of a name, as the scan takes it. Cost: linear."""
    value = 0
    for char in name.lower().encode():
        value = (value * 131 + char) & 0x3FFFFFFF
    return value


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything the scan looks up, in arrays. Per tag number: kind, rank, inside (bits of `dom`), closes (two tags).

    `keys` and `values` are a hash table from `code(name)` to the tag's number; `steps` and `said` are the automaton
    that reads class names: next state by state and letter, and the bits of the words that end there.
    """

    keys: npt.NDArray[np.int64]
    values: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int64]
    rank: npt.NDArray[np.int64]
    inside: npt.NDArray[np.int64]
    closes: npt.NDArray[np.int64]
    letters: npt.NDArray[np.uint8]
    steps: npt.NDArray[np.int16]
    said: npt.NDArray[np.int32]


@functools.cache
def tables() -> Tables:
    """The tables. Cost: about 5 ms, once a process."""
    keys, values = np.full(SLOTS, -1, dtype=np.int64), np.zeros(SLOTS, dtype=np.int64)
    for name, number in ID.items():
        slot = code(name) % SLOTS
        while keys[slot] >= 0:
            slot = (slot + 1) % SLOTS
        keys[slot], values[slot] = code(name), number
    kind, inside = np.zeros(len(NAMES), dtype=np.int64), np.zeros(len(NAMES), dtype=np.int64)
    for bit, names in _KINDS.items():
        for name in names.split():
            kind[ID[name]] |= bit
    for name, bit in dom.BITS.items():
        inside[ID[name]] = bit
    rank = np.array([_RANK.get(name, 100) for name in NAMES], dtype=np.int64)
    closes = np.full((len(NAMES), 3), -1, dtype=np.int64)
    for name, closed in _CLOSES.items():
        for at, one in enumerate(closed.split()):
            closes[ID[name], at] = ID[one]
    letters = np.full(256, 30, dtype=np.uint8)
    for char in range(256):
        if chr(char).isascii() and chr(char).isalpha():
            letters[char] = (char | 32) - ord("a")
        elif char in b"0123456789":
            letters[char] = 28
        elif char <= 32:
            letters[char] = 29
    letters[ord("-")], letters[ord("_")] = 26, 27
    steps, said = _automaton()
    return Tables(keys, values, kind, rank, inside, closes, letters, steps, said)


def _spellings(word: str) -> list[list[int]]:
    """A word as letters; an edge ("<", ">") is the end of the name, or a hyphen."""
    found: list[list[int]] = [[]]
    for char in word:
        options = (
            (29, 26) if char in "<>" else (26,) if char == "-" else (27,) if char == "_" else (ord(char) - ord("a"),)
        )
        found = [[*one, option] for one in found for option in options]
    return found


def _automaton() -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int32]]:
    """Aho and Corasick (1975): every word in one pass."""
    nodes: list[dict[int, int]] = [{}]
    said = [0]
    for bit, words in _WORDS.items():
        for word in words.split():
            for letters in _spellings(word):
                at = 0
                for letter in letters:
                    if letter not in nodes[at]:
                        nodes[at][letter] = len(nodes)
                        nodes.append({})
                        said.append(0)
                    at = nodes[at][letter]
                said[at] |= bit
    steps = np.zeros((len(nodes), _LETTERS), dtype=np.int16)
    fail = [0] * len(nodes)
    queue = deque(nodes[0].values())
    for letter, child in nodes[0].items():
        steps[0, letter] = child
    while queue:
        at = queue.popleft()
        said[at] |= said[fail[at]]
        steps[at] = steps[fail[at]]
        for letter, child in nodes[at].items():
            fail[child] = int(steps[fail[at], letter])
            steps[at, letter] = child
            queue.append(child)
    return steps, np.array(said, dtype=np.int32)
