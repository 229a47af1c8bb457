"""Bytes -> text: the encoding is decided by what the bytes can be, then by what was declared."""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]{2,40})", re.IGNORECASE
)
_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a RIFF file (WebP, WAV or AVI)"),
    (b"PK\x03\x04", "a ZIP archive (or an office document)"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x7fELF", "a program"),
    (b"\x00\x00\x00\x18ftyp", "an MP4 video"),
    (b"\x00\x00\x00\x20ftyp", "an MP4 video"),
    (b"OggS", "an Ogg file"),
    (b"ID3", "an MP3 file"),
    (b"PAR1", "a Parquet file"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
)
# What web servers call Latin-1 is cp1252 on the web: https://encoding.spec.whatwg.org/#names-and-labels
_WEB = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
}
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


class BinaryError(ValueError):
    """The bytes are no text; the message names what they look like."""


def decode(content: bytes, declared: str | None, *, markup: bool) -> tuple[str, str]:
    """The text of a capture and the encoding it was read with.

    A byte order mark wins. Bytes that are valid UTF-8 and use it are UTF-8, whatever was declared. Else the declared
    encoding (header, then `<meta charset>`) is tried, then cp1252; bytes no encoding takes become U+FFFD.

    Args:
        content: The bytes.
        declared: Encoding the transport declared, or None.
        markup: Whether a `<meta charset>` may be looked for.

    Raises:
        BinaryError: The bytes are a known binary format, or full of control characters.

    Cost: linear. Null bytes in text are dropped from markup and are a sign of UTF-16 without a mark in plain text.
    """
    for signature, name in _SIGNATURES:
        if content.startswith(signature):
            raise BinaryError(name)
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace"), encoding
    sample = content[:4096]
    if b"\x00" in sample and (guess := _wide(sample)):
        return content.decode(guess, "replace"), guess
    text, encoding = _narrow(content, declared, markup=markup)
    head = text[:4096]
    if len(_CONTROL.findall(head)) > 0.02 * len(head) + 2 or head.count("\ufffd") > 0.1 * len(head):
        raise BinaryError("bytes that are no text in any encoding tried")
    return text, encoding


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte of western text is null."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _narrow(content: bytes, declared: str | None, *, markup: bool) -> tuple[str, str]:
    """UTF-8 where the bytes are; else what was declared, else cp1252."""
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        # A page cut off inside a character is still UTF-8, and so is one with a few stray bytes.
        if error.start > len(content) - 4:
            return content.decode("utf-8", "replace"), "utf-8"
    named = [declared] if declared else []
    if markup and (found := _META.search(content[:8192])):
        named.append(found.group(1).decode("ascii"))
    for name in named:
        encoding = _WEB.get(name.strip().lower(), name.strip().lower())
        if encoding in ("utf-8", "utf8"):
            text = content.decode("utf-8", "replace")
            if text.count("\ufffd") <= 0.002 * len(text) + 2:
                return text, "utf-8"
            continue
        try:
            return content.decode(encoding), encoding
        except (LookupError, UnicodeDecodeError):
            continue
    text = content.decode("utf-8", "replace")
    wide = sum(1 for char in text[:100_000] if char > "\x7f" and char != "\ufffd")
    if wide > 4 * text[:100_000].count("\ufffd"):
        return text, "utf-8"
    return content.decode("cp1252", "replace"), "cp1252"
