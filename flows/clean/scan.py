# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, check-untyped-defs=False
# ruff: noqa: ANN001, ANN201, ANN202, C901, PLR0911, PLR0912, PLR0915, PLR1714, SIM109 - numba infers types; one long loop
"""One compiled pass over the bytes of a page: its elements and its lines of text, in flat arrays.

The rules are those of `flows.clean.dom`: a line ends where a block-level element begins or ends; inline elements stay
inside it; scripts and the like are passed over. Tags that close others are taken as HTML 5 and libxml2 take them, so
far as the text depends on it. Nothing recurses and no search back is unbounded, so time is linear and depth has no end.
Importing this module imports numba; the first call loads or builds machine code, cached beside the module.
"""

import numpy as np

from dedupe.compiling import compiled
from flows.clean import dom, tags

# Columns of a node (a block-level element), of a line of text and of a mark (an element that states metadata).
TAG, PARENT, DEPTH, INSIDE, NAMES, CLASS_AT, CLASS_END, ID_AT, ID_END, KIND, NAME_AT, NAME_END = range(12)
NODE_COLUMNS = 12
END, NODE, LINK_CHARS, LINK_N, INLINE_TAG, BROKEN, ENTITY = range(7)
LINE_COLUMNS = 7
MARK_TAG, MARK_AT, MARK_END, MARK_CLOSE = range(4)
MARK_COLUMNS = 4

_INLINE, _SKIP, _VOID, _RAW, _BREAK = tags.INLINE, tags.SKIP, tags.VOID, tags.RAW, tags.BREAK
_ENDS_P, _HEADING, _MARK, _IN_HEAD, _FOREIGN = tags.ENDS_P, tags.HEADING, tags.MARK, tags.IN_HEAD, tags.FOREIGN
_SLOTS = tags.SLOTS
_POSITIVE, _HIDDEN = tags.POSITIVE, dom.HIDDEN
_P, _A, _BR, _HEAD, _BODY, _HTML = (tags.ID[name] for name in ("p", "a", "br", "head", "body", "html"))
_SCRIPT, _STYLE, _LINK = tags.ID["script"], tags.ID["style"], tags.ID["link"]
_NAVIGATION, _ASIDE = dom.NAV, dom.ASIDE
ARTICLE_BODY = 1 << 20  # a node's names: itemprop="articleBody"

# Attributes whose values the scan keeps, by the code of their name; columns of `spans`.
_CLASS, _ID, _ITEMPROP, _ROLE, _STYLE_ATTRIBUTE, _TYPE, _REL, _HIDDEN_ATTRIBUTE = range(8)
_ATTRIBUTES = 8
_CODES = tuple(tags.code(name) for name in ("class", "id", "itemprop", "role", "style", "type", "rel", "hidden"))
_C0, _C1, _C2, _C3, _C4, _C5, _C6, _C7 = _CODES

# The state that functions share: places in `s`.
_OUT, _LINE, _TEXT, _LINKED_TEXT, _LINK_COUNT, _FIRST_INLINE, _LAST, _ENTITY = range(8)
_NODES, _LINES, _MARKS, _TOP, _AT_NODE, _SKIPPED, _LINKED, _PENDING, _SKIP_FROM, _GAP, _PLACE, _DEEPEST = range(8, 20)
_STATE = 20
# Columns of the stack of open elements, and what kind an entry is.
_S_CODE, _S_TAG, _S_NODE, _S_KIND, _S_MARK = range(5)
STACK_COLUMNS = 5
_AS_BLOCK, _AS_INLINE, _AS_SKIP, _AS_NOTHING = range(4)
_REACH = 512  # open elements a closing tag looks back over: time stays linear in the page
_FALLBACKS = 16  # tags that never end, after which quotes are no longer heeded


@compiled
def _flush(s, lines, out, node):
    """End the line, if there is one."""
    if s[_OUT] > s[_LINE]:
        at = s[_LINES]
        lines[at, END] = s[_OUT]
        lines[at, NODE] = node
        lines[at, LINK_CHARS] = min(s[_LINKED_TEXT], s[_TEXT])
        lines[at, LINK_N] = s[_LINK_COUNT]
        lines[at, INLINE_TAG] = s[_FIRST_INLINE]
        lines[at, BROKEN] = node == s[_LAST]
        lines[at, ENTITY] = s[_ENTITY]
        s[_LINES] += 1
        s[_LAST] = node
        out[s[_OUT]] = 10
        s[_OUT] += 1
        s[_LINE] = s[_OUT]
        s[_GAP] = 1
    if s[_GAP]:
        s[_GAP] = 0
        s[_TEXT] = 0
        s[_LINKED_TEXT] = 0
        s[_LINK_COUNT] = 0
        s[_FIRST_INLINE] = 0
        s[_ENTITY] = 0
    s[_PENDING] = 0


@compiled
def _pop(s, stack, opened, nodes, lines, marks, out):
    """Close the innermost open element."""
    s[_TOP] -= 1
    top = s[_TOP]
    kind = stack[top, _S_KIND]
    tag = stack[top, _S_TAG]
    opened[tag] -= 1
    if stack[top, _S_MARK] >= 0:
        marks[stack[top, _S_MARK], MARK_CLOSE] = s[_PLACE]
    if kind == _AS_BLOCK:
        node = np.int64(stack[top, _S_NODE])
        _flush(s, lines, out, node)
        s[_AT_NODE] = nodes[node, PARENT]
    elif kind == _AS_INLINE:
        if tag == _A:
            s[_LINKED] -= 1
    elif kind == _AS_SKIP:
        s[_SKIPPED] -= 1


@compiled
def _push(s, stack, opened, code, tag, node, kind):
    """Open an element."""
    top = s[_TOP]
    stack[top, _S_CODE] = code
    stack[top, _S_TAG] = tag
    stack[top, _S_NODE] = node
    stack[top, _S_KIND] = kind
    stack[top, _S_MARK] = -1
    opened[tag] += 1
    s[_TOP] = top + 1
    s[_DEEPEST] = max(s[_DEEPEST], top + 1)


@compiled
def _find(s, stack, rank, code, tag, limit):
    """Place on the stack of the innermost open element of this name; -1 where none is in reach. Unnamed: by code."""
    at = s[_TOP] - 1
    last = max(0, at - _REACH)
    while at >= last:
        if stack[at, _S_TAG] == tag and (tag != 0 or stack[at, _S_CODE] == code):
            return at
        if rank[stack[at, _S_TAG]] > limit:
            return -1
        at -= 1
    return -1


@compiled
def _says(data, begin, end, word):
    """Whether ``data[begin:end]`` holds a word (lower case, white space in the data passed over)."""
    first = word[0]
    size = len(word)
    for start in range(begin, end - size + 1):
        if (data[start] | 32) == first:
            at = start
            held = 0
            while at < end and held < size:
                char = data[at]
                if char > 32:
                    if (char | 32) != word[held] and char != word[held]:
                        break
                    held += 1
                at += 1
            if held == size:
                return True
    return False


@compiled
def _read_names(data, begin, end, state, letters, steps, said):
    """Bits of the words in a name, and the automaton's state behind it."""
    found = np.int64(said[state])
    for at in range(begin, end):
        state = steps[state, letters[data[at]]]
        found |= said[state]
    state = steps[state, 29]
    return found | said[state], state


@compiled
def _tag_end(data, at, spans, naive):
    """Read a tag's attributes from `at` on: the place behind its ">", or -1 where it never ends; 2nd: "/>" ended it."""
    size = len(data)
    slash = False
    while at < size:
        char = data[at]
        if char == 62:
            return at + 1, slash
        if char <= 32 or char == 47:
            slash = char == 47
            at += 1
            continue
        slash = False
        code = 0
        begin = at
        while at < size:
            char = data[at]
            if char <= 32 or char == 47 or char == 62 or (char == 61 and at > begin):
                break
            if 65 <= char <= 90:
                char += 32
            code = (code * 131 + char) & 0x3FFFFFFF
            at += 1
        while at < size and data[at] <= 32:
            at += 1
        value_at = at
        value_end = at
        if at < size and data[at] == 61:
            at += 1
            while at < size and data[at] <= 32:
                at += 1
            if at < size and (data[at] == 34 or data[at] == 39) and not naive:
                quote = data[at]
                at += 1
                value_at = at
                while at < size and data[at] != quote:
                    at += 1
                if at >= size:
                    return -1, False
                value_end = at
                at += 1
            else:
                value_at = at
                while at < size and data[at] > 32 and data[at] != 62:
                    at += 1
                value_end = at
        which = -1
        if code == _C0:
            which = _CLASS
        elif code == _C1:
            which = _ID
        elif code == _C2:
            which = _ITEMPROP
        elif code == _C3:
            which = _ROLE
        elif code == _C4:
            which = _STYLE_ATTRIBUTE
        elif code == _C5:
            which = _TYPE
        elif code == _C6:
            which = _REL
        elif code == _C7:
            which = _HIDDEN_ATTRIBUTE
        if which >= 0 and spans[which, 0] < 0:
            spans[which, 0] = value_at
            spans[which, 1] = value_end
    return -1, False


@compiled
def _raw_end(data, at, name_at, name_end):
    """Place of the "</name" that ends a script, style or title; -1 where there is none."""
    size = len(data)
    long = name_end - name_at
    while at < size - long - 1:
        if data[at] == 60 and data[at + 1] == 47:
            same = 0
            while same < long and (data[at + 2 + same] | 32) == (data[name_at + same] | 32):
                same += 1
            if same == long:
                behind = at + 2 + long
                if behind >= size or data[behind] <= 32 or data[behind] == 62 or data[behind] == 47:
                    return at
        at += 1
    return -1


@compiled
def _space_at(data, at):
    """Bytes of the white space at `at` beyond ASCII (a no-break space, written out or not); 0 where there is none."""
    size = len(data)
    char = data[at]
    if char == 38:
        if at + 5 < size and data[at + 1] == 110 and data[at + 2] == 98 and data[at + 3] == 115 and data[at + 4] == 112:
            return 6 if data[at + 5] == 59 else 0
        if at + 5 < size and data[at + 1] == 35 and data[at + 2] == 49 and data[at + 3] == 54 and data[at + 4] == 48:
            return 6 if data[at + 5] == 59 else 0
        return 0
    if at + 1 < size and char == 0xC2:
        return 2 if data[at + 1] == 0xA0 or data[at + 1] == 0x85 else 0
    if at + 2 < size:
        second = data[at + 1]
        third = data[at + 2]
        if char == 0xE2 and second == 0x80 and (third <= 0x8A or third == 0xA8 or third == 0xA9 or third == 0xAF):
            return 3
        if char == 0xE2 and second == 0x81 and third == 0x9F:
            return 3
        if char == 0xE3 and second == 0x80 and third == 0x80:
            return 3
        if char == 0xE1 and second == 0x9A and third == 0x80:
            return 3
    return 0


@compiled
def _text(data, at, first, out, s):
    """Copy text up to the next "<" behind `first`; runs of white space become one space. Returns where it ends."""
    size = len(data)
    to = s[_OUT]
    line = s[_LINE]
    pending = s[_PENDING] == 1
    chars = 0
    entity = 0
    while at < size:
        char = data[at]
        if char == 60 and at >= first:
            break
        if char <= 32 or char == 127:
            pending = True
            at += 1
            continue
        if char == 38 or (0xC2 <= char <= 0xE3):
            wide = _space_at(data, at)
            if wide:
                pending = True
                at += wide
                continue
            if char == 38:
                entity = 1
        if pending:
            if to > line:
                out[to] = 32
                to += 1
                chars += 1
            pending = False
        out[to] = char
        to += 1
        chars += (char & 0xC0) != 0x80
        at += 1
    s[_OUT] = to
    s[_PENDING] = pending
    s[_TEXT] += chars
    s[_ENTITY] |= entity
    if s[_LINKED] > 0:
        s[_LINKED_TEXT] += chars
    return at


@compiled
def _gap(data, at):
    """The place behind a comment, declaration or instruction that begins at `at` ("<!", "<?"); -1: it never ends."""
    size = len(data)
    if at + 3 < size and data[at + 1] == 33 and data[at + 2] == 45 and data[at + 3] == 45:
        end = at + 4
        if end < size and data[end] == 62:
            return end + 1
        while end + 2 < size:
            if data[end] == 45 and data[end + 1] == 45:
                if data[end + 2] == 62:
                    return end + 3
                if data[end + 2] == 33 and end + 3 < size and data[end + 3] == 62:
                    return end + 4
            end += 1
        return -1
    end = at + 2
    while end < size and data[end] != 62:
        end += 1
    return end + 1


@compiled
def scan(
    data, keys, values, kinds, ranks, bits, closes, letters, steps, said, words, out, nodes, lines, marks, stack, opened
):
    """Read a page. `data`: its bytes, valid UTF-8; the tables are `tags.Tables`; `words`: what hides, in bytes.

    Fills out (the lines, each with a line break), nodes, lines, marks; stack and opened are room to work in. Returns
    the bytes of text, how many nodes, lines and marks there are, and the greatest depth. Cost: about 1.5 ns a byte.
    """
    size = len(data)
    s = np.zeros(_STATE, dtype=np.int64)
    s[_LAST] = -1
    s[_NODES] = 1
    nodes[0, :] = 0
    nodes[0, TAG] = _BODY
    nodes[0, PARENT] = -1
    spans = np.empty((_ATTRIBUTES, 2), dtype=np.int64)
    no_raw_end = np.zeros(len(kinds), dtype=np.uint8)
    no_comment_end = False
    fallbacks = 0
    in_head = False
    after_link = False
    last = size - 1
    while last >= 0 and data[last] != 62:
        last -= 1
    at = np.int64(0)
    while at < size:
        char = data[at]
        following = data[at + 1] if at + 1 < size else np.uint8(0)
        low = following | 32
        if char != 60 or at >= last or not (97 <= low <= 122 or following == 47 or following == 33 or following == 63):
            if s[_SKIPPED] > 0 or in_head:
                at += char == 60
                while at < size and data[at] != 60:
                    if data[at] > 32 and s[_SKIPPED] == 0:  # text ends a head that was not closed
                        in_head = False
                        break
                    at += 1
                continue
            at = _text(data, at, at + 1, out, s)
            after_link = False
            continue
        if following == 33 or following == 63:
            end = -1 if no_comment_end else _gap(data, at)
            if end < 0:  # a comment that never ends: what follows its opening is text of the page
                no_comment_end = True
                end = at + 2
                while end < size and data[end] != 62 and data[end] != 60:
                    end += 1
                end += end < size and data[end] == 62
            at = end
            continue
        s[_PLACE] = at
        closing = following == 47
        name_at = at + 2 if closing else at + 1
        name_end = name_at
        code = 0
        while name_end < size:
            char = data[name_end]
            if char <= 32 or char == 47 or char == 62:
                break
            if 65 <= char <= 90:
                char += 32
            code = (code * 131 + char) & 0x3FFFFFFF
            name_end += 1
        slot = code % _SLOTS
        while keys[slot] >= 0 and keys[slot] != code:
            slot = (slot + 1) % _SLOTS
        tag = values[slot] if keys[slot] >= 0 else 0
        kind = kinds[tag]
        if closing:
            end = name_end
            while end < size and data[end] != 62:
                end += 1
            end += 1
            linked = after_link
            after_link = False
            if tag == _HEAD:
                in_head = False
            elif tag == _BR:
                if s[_SKIPPED] == 0:
                    _flush(s, lines, out, s[_AT_NODE])
            elif tag == _BODY or tag == _HTML or (kind & _VOID):
                pass
            elif opened[tag] > 0 or (kind & _HEADING):
                found = -1
                if kind & _HEADING:  # </h2> ends an <h3>, too
                    look = s[_TOP] - 1
                    while look >= max(0, s[_TOP] - 1 - _REACH) and ranks[stack[look, _S_TAG]] <= 100:
                        if kinds[stack[look, _S_TAG]] & _HEADING:
                            found = look
                            break
                        look -= 1
                else:
                    found = _find(s, stack, ranks, code, tag, ranks[tag])
                if found >= 0:
                    while s[_TOP] > found:
                        _pop(s, stack, opened, nodes, lines, marks, out)
                    after_link = tag == _A
                elif not kind & _INLINE and s[_SKIPPED] == 0:
                    _flush(s, lines, out, s[_AT_NODE])
            elif tag == _P and s[_SKIPPED] == 0:
                _flush(s, lines, out, s[_AT_NODE])
            elif linked:
                after_link = False
            at = end
            continue
        spans[:, 0] = -1
        end, empty = _tag_end(data, name_end, spans, fallbacks >= _FALLBACKS)
        if end < 0:
            fallbacks += 1
            spans[:, 0] = -1
            end = name_end
            while end < size and data[end] != 62:
                end += 1
            end += 1
        if in_head and not kind & _IN_HEAD:
            in_head = False
        raw_end = -1
        if kind & _RAW:
            if not no_raw_end[tag]:
                raw_end = _raw_end(data, end, name_at, name_end)
                if raw_end < 0:
                    no_raw_end[tag] = 1
            if raw_end < 0 and (tag == _SCRIPT or tag == _STYLE):
                raw_end = size
        wanted = kind & _MARK > 0
        mark = np.int64(-1)
        if tag == _SCRIPT:
            wanted = spans[_TYPE, 0] >= 0 and _says(data, spans[_TYPE, 0], spans[_TYPE, 1], words[0])
        elif tag == _LINK:
            wanted = spans[_REL, 0] >= 0 and _says(data, spans[_REL, 0], spans[_REL, 1], words[4])
        elif spans[_ITEMPROP, 0] >= 0 or spans[_REL, 0] >= 0:
            for which in (_ITEMPROP, _REL):
                wanted |= spans[which, 0] >= 0 and _says(data, spans[which, 0], spans[which, 1], words[9])
        if wanted:
            mark = s[_MARKS]
            s[_MARKS] += 1
            marks[mark, MARK_TAG] = tag
            marks[mark, MARK_AT] = at
            marks[mark, MARK_END] = end
            marks[mark, MARK_CLOSE] = raw_end if raw_end >= 0 else end
        at = end
        if kind & _RAW:
            after_link = False
            if raw_end >= 0:
                at = raw_end
            continue
        if tag == _HTML or tag == _BODY:
            continue
        if tag == _HEAD:
            in_head = s[_TOP] == 0 and s[_LINES] == 0
            continue
        if s[_SKIPPED] > 0:
            if not (kind & _VOID or empty) and s[_TOP] - s[_SKIP_FROM] < _REACH - 2:
                _push(s, stack, opened, code, tag, s[_AT_NODE], np.int64(_AS_NOTHING))
            continue
        if kind & _ENDS_P and opened[_P] > 0:
            found = _find(s, stack, ranks, np.int64(0), np.int64(_P), np.int64(100))
            while found >= 0 and s[_TOP] > found:
                _pop(s, stack, opened, nodes, lines, marks, out)
        for which in range(3):
            other = closes[tag, which]
            if other >= 0 and opened[other] > 0:
                found = _find(s, stack, ranks, np.int64(0), other, ranks[tag])
                while found >= 0 and s[_TOP] > found:
                    _pop(s, stack, opened, nodes, lines, marks, out)
        if kind & _HEADING and s[_TOP] > 0 and kinds[stack[s[_TOP] - 1, _S_TAG]] & _HEADING:
            _pop(s, stack, opened, nodes, lines, marks, out)
        if kind & _SKIP:
            after_link = False
            if not (kind & _VOID or (empty and kind & _FOREIGN)):
                s[_SKIP_FROM] = s[_TOP]
                _push(s, stack, opened, code, tag, s[_AT_NODE], np.int64(_AS_SKIP))
                s[_SKIPPED] += 1
            continue
        if kind & _BREAK:
            after_link = False
            _flush(s, lines, out, s[_AT_NODE])
            continue
        if kind & _INLINE:
            if tag == _A:
                s[_LINK_COUNT] += 1
                if after_link:
                    s[_PENDING] = 1
                    s[_GAP] = 1
            after_link = False
            if s[_OUT] == s[_LINE] and not s[_GAP]:
                s[_FIRST_INLINE] = tag
            if not kind & _VOID:
                _push(s, stack, opened, code, tag, s[_AT_NODE], np.int64(_AS_INLINE))
                stack[s[_TOP] - 1, _S_MARK] = mark
                if tag == _A:
                    s[_LINKED] += 1
            continue
        after_link = False
        above = s[_AT_NODE]
        _flush(s, lines, out, above)
        number = s[_NODES]
        nodes[number, TAG] = tag
        nodes[number, PARENT] = above
        nodes[number, DEPTH] = nodes[above, DEPTH] + 1
        inside = nodes[above, INSIDE] | bits[tag]
        names = np.int64(0)
        class_hash = 0
        state = steps[0, 29]
        if spans[_CLASS, 0] >= 0:
            names, state = _read_names(data, spans[_CLASS, 0], spans[_CLASS, 1], state, letters, steps, said)
            for place in range(spans[_CLASS, 0], spans[_CLASS, 1]):
                class_hash = (class_hash * 131 + data[place]) & 0x3FFFFFFF
            nodes[number, CLASS_AT] = spans[_CLASS, 0]
            nodes[number, CLASS_END] = spans[_CLASS, 1]
        else:
            nodes[number, CLASS_AT] = 0
            nodes[number, CLASS_END] = 0
        if spans[_ID, 0] >= 0:
            more, state = _read_names(data, spans[_ID, 0], spans[_ID, 1], state, letters, steps, said)
            names |= more
            nodes[number, ID_AT] = spans[_ID, 0]
            nodes[number, ID_END] = spans[_ID, 1]
        else:
            nodes[number, ID_AT] = 0
            nodes[number, ID_END] = 0
        if spans[_STYLE_ATTRIBUTE, 0] >= 0:
            begin = spans[_STYLE_ATTRIBUTE, 0]
            if _says(data, begin, spans[_STYLE_ATTRIBUTE, 1], words[1]) or _says(
                data, begin, spans[_STYLE_ATTRIBUTE, 1], words[2]
            ):
                inside |= _HIDDEN
        if spans[_HIDDEN_ATTRIBUTE, 0] >= 0:
            inside |= _HIDDEN
        if spans[_ROLE, 0] >= 0:
            begin = spans[_ROLE, 0]
            if _says(data, begin, spans[_ROLE, 1], words[5]):
                inside |= _NAVIGATION
            elif (
                _says(data, begin, spans[_ROLE, 1], words[6])
                or _says(data, begin, spans[_ROLE, 1], words[7])
                or _says(data, begin, spans[_ROLE, 1], words[8])
            ):
                inside |= _ASIDE
        if spans[_ITEMPROP, 0] >= 0 and _says(data, spans[_ITEMPROP, 0], spans[_ITEMPROP, 1], words[3]):
            names |= _POSITIVE | ARTICLE_BODY
        nodes[number, INSIDE] = inside
        nodes[number, NAMES] = names
        nodes[number, KIND] = class_hash
        nodes[number, NAME_AT] = name_at
        nodes[number, NAME_END] = name_end
        s[_NODES] += 1
        _push(s, stack, opened, code, tag, number, np.int64(_AS_BLOCK))
        stack[s[_TOP] - 1, _S_MARK] = mark
        s[_AT_NODE] = number
    s[_PLACE] = size
    while s[_TOP] > 0:
        _pop(s, stack, opened, nodes, lines, marks, out)
    _flush(s, lines, out, np.int64(0))
    return s[_OUT], s[_NODES], s[_LINES], s[_MARKS], s[_DEEPEST]
