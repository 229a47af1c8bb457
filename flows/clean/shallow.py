# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, check-untyped-defs=False
# ruff: noqa: ANN001, ANN201, ANN202, C901, PLR0912, PLR0915, PLR1714, SIM109 - numba infers types; one long loop
"""What the fast lane measures of a line, and the trees that judge it: compiled, over the arrays of `scan`.

The measures are those of `features` that need no reading (size, form, links, place, company, names of classes), taken
in one pass; `judge` walks packaged trees. `covered` says which lines stand in another text.
"""

import numpy as np

from dedupe.compiling import compiled
from flows.clean import dom, scan, tags

_BITS = 14  # names of classes: bits 0 to 13 of `tags`
_INSIDE = (
    dom.ARTICLE, dom.MAIN, dom.ASIDE, dom.NAV, dom.FOOTER, dom.HEADER, dom.FIGURE, dom.FORM, dom.LIST, dom.TABLE,
    dom.QUOTE, dom.HIDDEN, dom.HEADING,
)  # fmt: skip
_NEAR = ("log_chars", "link_share", "ends_sentence", "same_parent", "same_tag")
NAMES = (
    "log_chars", "words", "word_chars", "ends_sentence", "sentences", "commas", "digit_share", "upper_share",
    "link_share", "link_n", "quote_start", "colon_end", "elided", "tag", "inline", "broken",
    *(f"inside_{number}" for number in range(len(_INSIDE))),
    *(f"own_{number}" for number in range(_BITS)),
    *(f"above_{number}" for number in range(_BITS)),
    "article_body", "negative_steps", "positive_steps", "depth", "in_core", "depth_to_core", "core_share", "core_chars",
    "parent_share", "parent_link_share", "parent_lines", "parent_mean", "branch_share", "branch_link_share",
    "branch_lines", "class_share", "class_lines", "class_mean", "class_link_share", "place", "place_chars",
    "from_title", "before_title", "from_first", "from_last", "between", "page_lines", "page_chars", "like_title",
    "seen_before", "linked_share", "has_linked", *(f"before_{name}" for name in _NEAR),
    *(f"behind_{name}" for name in _NEAR), "before2_log_chars", "behind2_log_chars",
)  # fmt: skip
# What the trees see of a tag: a small number, ordered from paragraph to furniture.
_ORDER = ("p", "div", "blockquote", "h2", "h3", "h4", "h5", "h6", "h1", "li", "dd", "dt", "td", "th", "figcaption")
KINDS = np.array([_ORDER.index(name) + 1 if name in _ORDER else 0 for name in tags.NAMES], dtype=np.int64)
_FIRST = ("strong", "b", "em", "i", "span", "a")
INLINES = np.array([_FIRST.index(name) + 1 if name in _FIRST else 0 for name in tags.NAMES], dtype=np.int64)
INSIDE = np.array(_INSIDE, dtype=np.int64)

_TAG, _PARENT, _DEPTH, _IN, _NAMED, _CLASS = scan.TAG, scan.PARENT, scan.DEPTH, scan.INSIDE, scan.NAMES, scan.KIND
_NODE, _LINK_CHARS, _LINK_N, _INLINE, _BROKEN = scan.NODE, scan.LINK_CHARS, scan.LINK_N, scan.INLINE_TAG, scan.BROKEN
_WIDTH, _SEEN = len(NAMES), NAMES.index("seen_before")
_POSITIVE, _AGAINST, _ARTICLE_BODY = tags.POSITIVE, tags.AGAINST, scan.ARTICLE_BODY
_H1, _H2 = tags.ID["h1"], tags.ID["h2"]
_LONG = 80  # characters from which an unlinked line counts as a paragraph when the page's middle is looked for
_CORE = 0.6  # a child that holds this share of its parent's paragraphs is walked into
_STEPS = 30
_LEVELS = 64  # of elements between a line and the core that are asked for names
_A_MIX = np.uint64(0x9E3779B97F4A7C15)
_B_MIX = np.uint64(0xFF51AFD7ED558CCD)
_S33 = np.uint64(33)


@compiled
def _code_before(data, begin, end):
    """The code point that ends at `end`, and where it begins."""
    at = end - 1
    while at > begin and (data[at] & 0xC0) == 0x80:
        at -= 1
    first = np.int64(data[at])
    if first < 0x80:
        return first, at
    if first < 0xE0:
        code = first & 0x1F
    elif first < 0xF0:
        code = first & 0x0F
    else:
        code = first & 0x07
    for place in range(at + 1, end):
        code = (code << 6) | (np.int64(data[place]) & 0x3F)
    return code, at


@compiled
def _closes(code):
    """Quotation marks and brackets that may stand behind the end of a sentence."""
    return (
        code == 0x22 or code == 0x27 or code == 0x29 or code == 0x5D or code == 0x2A or code == 0x201D
        or code == 0x2019 or code == 0xBB or code == 0x203A or code == 0x300D or code == 0x300F
    )  # fmt: skip


@compiled
def _stops(code):
    """Marks that end a sentence."""
    return (
        code == 0x2E or code == 0x21 or code == 0x3F or code == 0x2026 or code == 0x3002 or code == 0xFF01
        or code == 0xFF1F or code == 0x964 or code == 0x61F or code == 0x6D4
    )  # fmt: skip


@compiled
def _opens(first, second, third):
    """Whether a line begins with a quotation mark or a dash."""
    if first == 0x22 or first == 0x2D:
        return True
    if first == 0xC2:
        return second == 0xAB or second == 0xBB
    return first == 0xE2 and second == 0x80 and third in (0x93, 0x94, 0x98, 0x9C, 0x9E)


@compiled
def _form(data, begin, end, row):
    """The measures of a line's own text, into columns 0 to 12 (links aside). Returns its characters, and its hash."""
    chars = spaces = sentences = commas = digits = uppers = 0
    total = np.uint64(1469598103934665603)
    for at in range(begin, end):
        char = data[at]
        total = (total ^ np.uint64(char)) * np.uint64(1099511628211)
        if (char & 0xC0) == 0x80:
            continue
        chars += 1
        if char == 32:
            spaces += 1
            if at > begin and (data[at - 1] == 46 or data[at - 1] == 63):
                sentences += 1
        elif char == 44:
            commas += 1
        elif 48 <= char <= 57:
            digits += 1
        elif chars <= 200 and 65 <= char <= 90:
            uppers += 1
        elif char >= 0xC3 and at + 1 < end:
            following = data[at + 1]
            if char == 0xD8 and following == 0x8C:
                commas += 1
            elif char == 0xE3 and following == 0x80 and at + 2 < end:
                commas += data[at + 2] == 0x81
                sentences += data[at + 2] == 0x82
            elif chars <= 200 and (
                (char == 0xC3 and following <= 0x9E)
                or (char == 0xD0 and following <= 0xAF)
                or (char == 0xCE and 0x91 <= following <= 0xA9)
            ):
                uppers += 1
    at = end
    closing = True
    while closing and at > begin and end - at < 12:
        code, start = _code_before(data, begin, at)
        closing = _closes(code)
        if closing:
            at = start
    code = np.int64(0)
    if at > begin:
        code, start = _code_before(data, begin, at)
    last, start = _code_before(data, begin, end)
    words = spaces + 1
    row[0] = np.log1p(chars)
    row[1] = min(words, 300)
    row[2] = chars / words
    row[3] = _stops(code)
    row[4] = sentences
    row[5] = commas / words
    row[6] = digits / chars if chars < 400 else 0.0
    row[7] = uppers / min(chars, 200)
    second = data[begin + 1] if begin + 1 < end else np.uint8(0)
    third = data[begin + 2] if begin + 2 < end else np.uint8(0)
    row[10] = _opens(data[begin], second, third)
    row[11] = last == 58
    dots = end - begin >= 3 and data[end - 1] == 46 and data[end - 2] == 46 and data[end - 3] == 46
    row[12] = dots or last == 0x2026 or (last == 0x5D and row[3] > 0)
    return chars, total


@compiled
def _slot(table, key):
    """The slot of a key in a table of keys (0: free); its length is a power of two."""
    mask = np.uint64(len(table) - 1)
    slot = (key * _A_MIX >> _S33) & mask
    while table[slot] != 0 and table[slot] != key:
        slot = (slot + np.uint64(1)) & mask
    return slot


@compiled
def _room(size):
    room = 16
    while room < 2 * size:
        room *= 2
    return room


@compiled
def measure(data, lines, nodes, like_title, linked, has_linked, kinds, inlines, bits):
    """One row per line, one column per name in `NAMES`. `data`: the lines, each with its line break.

    Cost: about 1 us a line.
    """
    n = len(lines)
    size = len(nodes)
    rows = np.zeros((n, _WIDTH), dtype=np.float32)
    chars = np.zeros(n)
    shares = np.zeros(n)
    mass = np.zeros(n)
    seen = np.zeros(_room(n), dtype=np.uint64)
    kind_keys = np.zeros(_room(n), dtype=np.uint64)
    kind_sums = np.zeros((len(kind_keys), 4))
    kind_at = np.zeros(n, dtype=np.int64)
    held = np.zeros((size, 4))  # per element, with its descendants: paragraph characters, characters, linked, lines
    begin = 0
    total = 0.0
    all_chars = 0.0
    for at in range(n):
        end = begin
        while data[end] != 10:
            end += 1
        count, key = _form(data, begin, end, rows[at])
        begin = end + 1
        node = lines[at, _NODE]
        share = min(1.0, lines[at, _LINK_CHARS] / max(1, count))
        weight = count * (1 - share) if count >= _LONG and share < 0.5 else 0.0
        chars[at], shares[at], mass[at] = count, share, weight
        total += weight
        all_chars += count
        key |= np.uint64(1)
        slot = _slot(seen, key)
        rows[at, _SEEN] = seen[slot] == key
        seen[slot] = key
        named = nodes[node, _CLASS]
        if named == 0 and nodes[node, _PARENT] >= 0:
            named = nodes[nodes[node, _PARENT], _CLASS]
        key = ((np.uint64(named) << np.uint64(8)) | np.uint64(nodes[node, _TAG] & 255)) * _B_MIX | np.uint64(1)
        slot = _slot(kind_keys, key)
        kind_keys[slot] = key
        kind_at[at] = slot
        kind_sums[slot, 0] += weight
        kind_sums[slot, 1] += count
        kind_sums[slot, 2] += share * count
        kind_sums[slot, 3] += 1
        held[node, 0] += weight
        held[node, 1] += count
        held[node, 2] += share * count
        held[node, 3] += 1
    best = np.full(size, -1, dtype=np.int64)
    for node in range(size - 1, 0, -1):
        above = nodes[node, _PARENT]
        for column in range(4):
            held[above, column] += held[node, column]
        if best[above] < 0 or held[node, 0] >= held[best[above], 0]:
            best[above] = node
    core = 0
    while best[core] >= 0 and held[best[core], 0] >= _CORE * held[core, 0] > 0 and held[best[core], 3] > 1:
        core = best[core]
    total = max(1.0, total)
    # Per element: steps below the core (-1: outside), branch, names above it, steps to a name against and for it.
    walk = np.zeros((size, 5), dtype=np.int64)
    for node in range(size):
        above = nodes[node, _PARENT]
        named = nodes[node, _NAMED]
        if node == core:
            walk[node, 0], walk[node, 1], walk[node, 2] = 0, node, 0
        else:
            inside = above >= 0 and walk[above, 0] >= 0
            walk[node, 0] = walk[above, 0] + 1 if inside else -1
            walk[node, 1] = walk[above, 1] if inside and above != core else node
            walk[node, 2] = walk[above, 2] | nodes[above, _NAMED] if above >= 0 and above != core else 0
        walk[node, 3] = 0 if named & _AGAINST else (min(_STEPS, walk[above, 3] + 1) if above >= 0 else _STEPS)
        walk[node, 4] = 0 if named & _POSITIVE else (min(_STEPS, walk[above, 4] + 1) if above >= 0 else _STEPS)
    first, last = 0, n - 1
    found = False
    for at in range(n):
        if mass[at] > 0 and walk[lines[at, _NODE], 0] >= 0:
            if not found:
                first = at
                found = True
            last = at
    title = -1
    sure = False
    for at in range(n):
        tag = nodes[lines[at, _NODE], _TAG]
        heads = like_title[at] >= 0.8 and (tag == _H1 or tag == _H2)
        if (heads and not sure) or ((heads or (not sure and like_title[at] >= 0.9)) and (
            title < 0 or abs(first - at) < abs(first - title)
        )):  # fmt: skip
            title = at
            sure = sure or heads
    before = 0.0
    for at in range(n):
        node = lines[at, _NODE]
        up = nodes[node, _PARENT] if nodes[node, _PARENT] >= 0 else node
        branch = walk[node, 1]
        row = rows[at]
        row[8] = shares[at]
        row[9] = min(lines[at, _LINK_N], 20)
        row[13] = kinds[nodes[node, _TAG]]
        row[14] = inlines[lines[at, _INLINE]]
        row[15] = lines[at, _BROKEN]
        k = 16
        for number in range(len(bits)):
            row[k] = (nodes[node, _IN] & bits[number]) > 0
            k += 1
        for number in range(_BITS):
            row[k] = (nodes[node, _NAMED] >> number) & 1
            row[k + _BITS] = (walk[node, 2] >> number) & 1
            k += 1
        k += _BITS
        row[k] = (nodes[node, _NAMED] | walk[node, 2]) & _ARTICLE_BODY > 0
        row[k + 1] = walk[node, 3]
        row[k + 2] = walk[node, 4]
        row[k + 3] = min(nodes[node, _DEPTH], _LEVELS)
        row[k + 4] = walk[node, 0] >= 0
        row[k + 5] = min(walk[node, 0], _LEVELS)
        row[k + 6] = held[core, 0] / total
        row[k + 7] = np.log1p(held[core, 0])
        row[k + 8] = held[up, 0] / total
        row[k + 9] = held[up, 2] / max(1.0, held[up, 1])
        row[k + 10] = min(held[up, 3], 200)
        row[k + 11] = held[up, 1] / max(1.0, held[up, 3])
        row[k + 12] = held[branch, 0] / total
        row[k + 13] = held[branch, 2] / max(1.0, held[branch, 1])
        row[k + 14] = min(held[branch, 3], 200)
        slot = kind_at[at]
        row[k + 15] = kind_sums[slot, 0] / total
        row[k + 16] = min(kind_sums[slot, 3], 200)
        row[k + 17] = kind_sums[slot, 1] / kind_sums[slot, 3]
        row[k + 18] = kind_sums[slot, 2] / max(1.0, kind_sums[slot, 1])
        row[k + 19] = at / n
        row[k + 20] = before / max(1.0, all_chars)
        before += chars[at]
        row[k + 21] = min(at - title, 100) if title >= 0 else -1
        row[k + 22] = at < title
        row[k + 23] = min(max(at - first, -50), 100)
        row[k + 24] = min(max(last - at, -50), 100)
        row[k + 25] = first <= at <= last
        row[k + 26] = min(n, 1000)
        row[k + 27] = np.log1p(all_chars)
        row[k + 28] = like_title[at]
        row[k + 30] = linked[at]
        row[k + 31] = has_linked
        k += 32
        for step in (-1, 1):
            other = at + step
            if 0 <= other < n:
                near = lines[other, _NODE]
                row[k] = rows[other, 0]
                row[k + 1] = shares[other]
                row[k + 2] = rows[other, 3]
                row[k + 3] = nodes[near, _PARENT] == nodes[node, _PARENT]
                row[k + 4] = nodes[near, _TAG] == nodes[node, _TAG]
            k += 5
        row[k] = rows[at - 2, 0] if at >= 2 else 0.0
        row[k + 1] = rows[at + 2, 0] if at + 2 < n else 0.0
    return rows


@compiled
def judge(rows, feature, threshold, left, right, value, roots, bias):
    """Probability per row, by trees in flat arrays; a leaf points to itself. Cost: about 2 ns a row, tree and level."""
    n = len(rows)
    totals = np.full(n, bias)
    for root in roots:  # a tree stays in the fastest cache while every line walks it
        for at in range(n):
            node = root
            while left[node] != node:
                node = right[node] if rows[at, feature[node]] > threshold[node] else left[node]
            totals[at] += value[node]
    return (1.0 / (1.0 + np.exp(-totals))).astype(np.float32)


@compiled
def _words(data, begin, end, hashes):
    """Hashes of the words of ``data[begin:end]`` into `hashes`; returns how many. A Han character or kana is a word."""
    count = 0
    total = np.uint64(0)
    open_word = False
    at = begin
    while at < end:
        char = data[at]
        step = 1
        letter = 48 <= char <= 57 or 65 <= char <= 90 or 97 <= char <= 122 or char == 95
        alone = False
        if char >= 0xF0:
            step, letter = 4, False
        elif char >= 0xE0:
            step = 3
            letter = not (char == 0xE2 and data[min(at + 1, end - 1)] in (0x80, 0x81)) and not (
                char == 0xE3 and data[min(at + 1, end - 1)] == 0x80
            )
            alone = letter and 0xE3 <= char <= 0xE9
        elif char >= 0xC3:
            step, letter = 2, True
        elif char == 0xC2:
            step = 2
        if (not letter or alone) and open_word:
            hashes[count] = total
            count += 1
            open_word = False
        if letter:
            if not open_word:
                total = np.uint64(1469598103934665603)
                open_word = True
            for place in range(at, min(at + step, end)):
                total = (total ^ np.uint64(data[place])) * np.uint64(1099511628211)
            if alone:
                hashes[count] = total
                count += 1
                open_word = False
        at += step
    if open_word:
        hashes[count] = total
        count += 1
    return count


@compiled
def _gram(hashes, at):
    total = np.uint64(0)
    for place in range(at, at + 4):
        total = (total ^ hashes[place]) * _B_MIX
        total ^= total >> _S33
    return total | np.uint64(1)


@compiled
def covered(data, other):
    """Per line of `data` (each with its line break), the share of its words that stand in `other` in the same company.

    Company: four in a row. A line of fewer words counts as not covered. Cost: about 3 ns a byte of both.
    """
    n = 0
    for at in range(len(data)):
        n += data[at] == 10
    hashes = np.empty(max(len(data), len(other)) + 1, dtype=np.uint64)
    count = _words(other, 0, len(other), hashes)
    table = np.zeros(_room(count), dtype=np.uint64)
    for at in range(count - 3):
        gram = _gram(hashes, at)
        table[_slot(table, gram)] = gram
    shares = np.zeros(n, dtype=np.float32)
    begin = 0
    for line in range(n):
        end = begin
        while data[end] != 10:
            end += 1
        count = _words(data, begin, end, hashes)
        hits = 0
        for at in range(count - 3):
            gram = _gram(hashes, at)
            hits += table[_slot(table, gram)] == gram
        if count >= 4:
            shares[line] = hits / (count - 3)
        begin = end + 1
    return shares
