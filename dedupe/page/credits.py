"""Typed pieces inside the body: citation markers, datelines, credits and sign-offs. Each becomes a row of its own.

Traps this avoids (measured on real pages): a wire's name in brackets anywhere is not a credit ("(AP Photo/...)" and
"© AFP" credit a photo); "X contributed to this report" is no copy; "told CNN" is a quotation's origin.
"""

import re

from dedupe.page.tiles import Tile

WIRES = (
    r"AP|Associated Press|The Associated Press|Reuters|REUTERS|Thomson Reuters|AFP|Agence France-Presse|dpa|DPA"
    r"|UPI|EFE|ANSA|APA|ATS|SDA|Keystone-SDA"
    r"|KEYSTONE-SDA|Bloomberg|Xinhua|TASS|Interfax|PA|PA Media|Press Association|CP|The Canadian Press|AAP|ANI"
    r"|PTI|IANS|Kyodo|Kyodo News|Yonhap"
    r"|Lusa|Belga|ANP|BELGA|AP\s*[/–-]\s*AFP|sid|SID|KNA|epd|EPD|PRNewswire|Business Wire"
    r"|Anadolu|AA|Europa Press|LaPresse|Adnkronos|AGI|NTB|TT|Ritzau|STT"
)
MARKER = re.compile(r"\[\s?(?:\d{1,3}|note \d{1,3}|citation needed)\s?\]")
_PLACE = r"[^\W\d_a-zß-öø-ÿ][\w.'’\-]*(?:[ /][\w.'’\-]+){0,4}"
_DESK = r"(?:\s?/\s?[\w.-]{2,12}){0,2}"  # "(dpa/lno)"
_WHERE = rf"(?:{_PLACE}(?:,\s*[\w.’' ]{{2,30}}){{0,3}},?\s*)?"
_DASH = r"\s*[-–—_:.]+\s*"
# A dash parts a dateline from the text; without one, a name in brackets is an abbreviation ("The party (PA) said").
DATELINE = re.compile(
    rf"\s*{_WHERE}[(\[]\s*(?P<credit>{WIRES}){_DESK}\s*[)\]]{_DASH}"
    rf"|\s*(?:{_PLACE}),\s*\d{{1,2}}\.?\s*\w{{3,10}}\.?,?\s*[(\[]\s*(?P<credit2>{WIRES}){_DESK}\s*[)\]]{_DASH}"
    rf"|\s*(?:[A-ZÀ-Þ][A-ZÀ-Þ.'’ -]{{2,30}})(?:,\s*[\w.’' ]{{2,30}}){{0,3}},?\s*[(\[]\s*(?P<credit3>{WIRES})\s*[)\]]\s+"
    rf"|\s*{_WHERE}/\s?(?P<credit4>PRNewswire|Business Wire|PRNewswire-\w+|GLOBE NEWSWIRE)\s?/{_DASH}"
)
SIGNOFF = re.compile(
    r"[(\[]?\s*(?:(?:additional |further )?(?:reporting|writing|editing|compiled|written|reported|translated"
    r"|produced|edited)(?: and \w+)? by\b"
    r"|\(?(?:reportage|rédigé|édité|bearbeitet|redigiert|geschrieben|editado|reporte|redacción|editing"
    r"|a cura) (?:de|par|von|por|di)\b)[^\n]{2,400}?[)\]]?\s*$",
    re.IGNORECASE,
)
SIGNOFF_INLINE = re.compile(
    r"\s*[(\[]\s*(?:(?:additional |further )?(?:reporting|writing|editing|compiled"
    r"|written)(?: and \w+)? by\b)[^()\[\]]{2,400}[)\]]\s*$",
    re.IGNORECASE,
)
_THE = r"(?:the |(?i:agencia|agence|agenzia|agentur|nachrichtenagentur) )?"
_RESERVED = r"(?:(?i:riproduzione riservata|alle rechte vorbehalten|tous droits réservés|all rights reserved)[.,]? )?"
CREDIT_LINE = re.compile(
    rf"(?i:by|von|par|por|di|da|door|from|source:?|quelle:?|fuente:?|fonte:?|bron:?|credit:?) {_THE}(?P<by>{WIRES})[.]?"
    rf"|(?i:by|von|par|por|di|da|door) [^\W\d_][^,;/]{{2,50}}(?:, ?|/| / )(?P<by2>{WIRES})"
    rf"|(?:—|–|-|\()?\s*{_THE}(?P<credit>{WIRES})(?:\s*[/,|]\s*\w[\w ]{{0,20}})?\)?\s*[.]?"
    rf"|{_RESERVED}(?:(?i:©|\(c\)|copyright) ?){{1,2}}(?:\d{{4}})?,? ?(?:[Tt]he )?(?P<rights>{WIRES})\b.{{0,300}}"
)
CONTRIBUTED = re.compile(
    r".{2,250}\bcontributed (?:to|reporting to|reporting for) this (?:report|story|article)\b.{0,40}", re.IGNORECASE
)
_COPYRIGHT_LINE = re.compile(
    r"(?:©|\(c\)|copyright(?: ?©)?)\s*(?:\d{4}[,.]?\s*)?.{2,80}?\ball rights reserved\b.{0,300}"
    r"|.{0,60}this material may not be published.{0,200}",
    re.IGNORECASE,
)
_JOINS = {
    "additional", "further", "reporting", "writing", "editing", "compiled", "written", "reported", "translated",
    "produced", "edited", "and", "by", "for", "in", "at", "with", "from", "the", "of", "reportage", "rédigé",
    "édité", "bearbeitet", "redigiert", "geschrieben", "editado", "reporte", "redacción", "a", "cura", "de", "par",
    "von", "por", "di", "und", "et", "y", "e", "en", "la", "le", "les", "des", "du", "del", "della", "van", "der",
    "den", "het", "z", "contributing", "newsroom", "bureau", "staff",
}  # fmt: skip
_PROSE = 8  # words from which a line is a paragraph rather than a credit
_WIRE_BY = re.compile(rf"(?:by|von|par|por|di|door)\s+(?P<credit>{WIRES})", re.IGNORECASE)


def split_markers(tiles: list[Tile]) -> list[Tile]:
    """Cut citation markers ("[3]") out of unjudged tiles.

    A marker follows a word, a full stop or another marker without a gap, or stands before punctuation or the end: a
    number in brackets inside a sentence ("he had [5] children") does not.
    """
    result: list[Tile] = []
    for tile in tiles:
        if tile.role or "[" not in tile.text:
            result.append(tile)
            continue
        found: list[tuple[int, int]] = []
        for match in MARKER.finditer(tile.text):
            begin, end = match.span()
            tight = begin > 0 and not tile.text[begin - 1].isspace() and tile.text[begin - 1] not in "([{\"'“‘«"
            after = tile.text[end : end + 1]
            sentence_end = tile.text[:begin].rstrip()[-1:] in set('.!?…”"»') and begin > 0
            chained = bool(found) and tile.text[found[-1][1] : begin].strip() == ""
            if tight or chained or sentence_end or (begin > 0 and after in set(".,;:!?")):
                gap = len(tile.text[:begin]) - len(tile.text[:begin].rstrip(" \u00a0"))
                found.append((begin - (gap if not tight else 0), end))
        pieces = tile.cut(*(edge for span in found for edge in span))
        spans = {(tile.begin + a, tile.begin + b) for a, b in found}
        for piece in pieces:
            if (piece.begin, piece.end) in spans:
                piece.judge("citation_marker", "a number in square brackets set behind a statement")
        result.extend(pieces)
    return result


def mark_credit_lines(tiles: list[Tile]) -> None:
    """Lines that are nothing but a wire credit, a sign-off or a copyright notice.

    "© AFP" with text behind it, or "AP" alone between two paragraphs, credits a photo.
    """
    prose = [at for at, tile in enumerate(tiles) if not tile.role and tile.words() >= _PROSE]
    first, last = (prose[0], prose[-1]) if prose else (len(tiles), -1)
    for at, tile in enumerate(tiles):
        if tile.role or len(tile.text) > 420:
            continue
        bare = tile.text.strip()
        credit = CREDIT_LINE.fullmatch(bare) if len(bare) <= 80 else None
        if bare and SIGNOFF.fullmatch(bare) and (bare[0] in "([" or (len(bare) <= 200 and _names_only(bare))):
            tile.judge("signoff", "names the reporters and editors of a wire item")
        elif credit and at < last and _is_photos(credit, bare, behind=at > first):
            tile.judge("caption", "the rights of a photo")
        elif credit:
            tile.judge("credit", "names a wire or agency and nothing else")
        elif len(bare) <= 400 and _COPYRIGHT_LINE.fullmatch(bare):
            tile.judge("credit", "a copyright line")
        elif len(bare) <= 300 and CONTRIBUTED.fullmatch(bare):
            tile.judge("signoff", "says who contributed")


def _is_photos(credit: re.Match[str], line: str, *, behind: bool) -> bool:
    """Whether a credit with a paragraph behind it is a photo's: rights, or a bare short name between two."""
    if credit["rights"]:
        return not _COPYRIGHT_LINE.fullmatch(line)
    return behind and bool(credit["credit"]) and " " not in credit["credit"]


def _names_only(line: str) -> bool:
    """Whether a line holds names and what joins them, and no word of a sentence."""
    return all(word[0].isupper() or word.lower() in _JOINS for word in re.findall(r"[^\W\d_][\w'’.-]*", line))


def cut_credits(tiles: list[Tile]) -> list[Tile]:
    """Datelines and sign-offs inside paragraphs, each cut out as a tile of its own.

    A dateline is typed only where it names a wire ("LONDON (Reuters) - "), and stays part of the text: the place is
    reporting. A sign-off in brackets at the end of a paragraph leaves the text.
    """
    return [piece for tile in tiles for piece in ([tile] if tile.role or not tile.text.strip() else _inside(tile))]


def _inside(tile: Tile) -> list[Tile]:
    """Cut a dateline with a wire's name off the front and a bracketed sign-off off the end of a paragraph."""
    text, cuts = tile.text, []
    head = DATELINE.match(text[:200]) if any(mark in text[:160] for mark in "([/") else None
    if head and len(text) - head.end() >= 20:
        cuts.append(head.end())
    tail = SIGNOFF_INLINE.search(text.rstrip()) if text.rstrip()[-1:] in ")]" else None
    if tail and (not cuts or tail.start() > cuts[0]):
        cuts.extend((tail.start(), len(text.rstrip())))
    if not cuts:
        return [tile]
    pieces = tile.cut(*cuts)
    for piece in pieces:
        if head and piece.begin == tile.begin and cuts[0] == head.end() and piece.end == tile.begin + head.end():
            piece.judge("dateline", "place and wire at the head of a paragraph", kept=True)
        elif tail and piece.begin == tile.begin + tail.start():
            piece.judge("signoff", "names the reporters and editors of a wire item")
    return pieces


def credit_of(role: str, text: str) -> str | None:
    """The wire a credit, dateline or byline tile names, or None."""
    bare = text.strip()
    if role == "dateline":
        match = DATELINE.match(text)
    elif role == "credit":
        match = CREDIT_LINE.match(bare)
    elif role == "byline":
        match = _WIRE_BY.search(bare)
    else:
        return None
    if match is None:
        return None
    return next((name for name in match.groupdict().values() if name), None)
