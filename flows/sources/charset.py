"""XML bytes -> text, whatever they declare."""

import codecs
import re

_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
         (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\x00\x00\x00<", "utf-32-be"),
         (b"<\x00\x00\x00", "utf-32-le"), (b"\x00<\x00", "utf-16-be"), (b"<\x00", "utf-16-le"))  # fmt: skip
# What such labels mean in practice. Source: WHATWG Encoding Standard, 4.2
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252",
          "ascii": "cp1252", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "shift_jis": "cp932", "tis-620": "cp874",
          "iso-8859-9": "cp1254"}  # fmt: skip
_TEXT = re.compile(r"(?:utf-(?:8|16|32)|cp|iso|koi8|euc|big5|gb|shift|mac|tis|hz|johab|kz|ascii)")


def decode(content: bytes, charset: str | None) -> str:
    """An XML document as text: by its byte order mark, as UTF-8 where it is that throughout, as declared, by a guess.

    UTF-8 comes before the declarations: hardly any other text is valid UTF-8 by chance, and declarations often lie.

    Args:
        content: The document.
        charset: What the HTTP header declared. Source: RFC 7303, 3.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    found = _ENCODING.search(content[:512])
    declared = [name for name in (charset, found[1].decode("ascii") if found else None) if name]
    looks_ascii = any(name.lower().startswith(("iso-2022", "hz")) for name in declared)
    for label in declared if looks_ascii else ("utf-8", *declared):
        if codec := _known(label):
            try:
                return content.decode(codec)
            except UnicodeDecodeError:  # it lies: the next one
                continue
    return content.decode(_guess(content), "replace")


def _known(label: str) -> str | None:
    """The codec a label means; None where it names none, or one that is no charset (Python also knows ``punycode``)."""
    try:
        name = codecs.lookup(_WIDER.get(label.lower(), label)).name
    except LookupError:
        return None
    return name if _TEXT.match(name) else None


def _guess(content: bytes) -> str:
    from resiliparse.parse.encoding import detect_encoding  # undeclared text only

    return _known(detect_encoding(content) or "cp1252") or "cp1252"
