"""Whether a feed's entry carries the whole article, and the article's capture where it does."""

import re
from html import escape, unescape

from flows.config import Outlet
from flows.sources.feeds import Entry

_BREAK = re.compile(r"</p\s*>|<br\b[^<>]*>|</(?:div|li|h[1-6]|blockquote)\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")
_CUT = re.compile(
    r"(?:\.{3,}|…|\[[^\]]{0,30}\]|»|→|>>|"
    r"\b(?:read (?:more|on|the full \w+|the rest\b.*)|continue reading\b.*|full (?:story|article)\b.*|weiterlesen"
    r"|mehr lesen|zum artikel|lire la suite|lire plus|leer más|seguir leyendo|sigue leyendo|leggi tutto"
    r"|continua a leggere|ler mais|leia mais|continue lendo|continuar a ler"
    r"|lees (?:meer|verder)|verder lezen))[\s.…»→>)\]]*$",
    re.IGNORECASE,
)  # how a text that goes on elsewhere ends
_ENDS = tuple(".!?。！？\"'”’»“)]")


def whole(entry: Entry, outlet: Outlet, least: int) -> str | None:
    """The text of an entry as an HTML document, or None where the page has to be asked.

    A summary is short, is one paragraph, breaks off, or says where to read on. An outlet may be set to either way.

    Args:
        entry: With `body`.
        outlet: Its `text` decides where it is "page" or "feed".
        least: Characters of running text that a whole article has at least.
    """
    if entry.body is None or outlet.text == "page":
        return None
    lines = [_SPACE.sub(" ", unescape(_TAG.sub("", line))).strip() for line in _BREAK.split(entry.body)]
    lines = [line for line in lines if line]
    if not lines:
        return None
    if outlet.text != "feed":
        text = sum(map(len, lines))
        if text < least or len(lines) < 3 or _CUT.search(lines[-1]) or not lines[-1].endswith(_ENDS):
            return None
    language = f' lang="{escape(entry.language)}"' if entry.language else ""
    title = escape(entry.title or "")
    heading = f"<h1>{title}</h1>" if title else ""
    return (
        f'<!DOCTYPE html><html{language}><head><meta charset="utf-8"><title>{title}</title></head><body><main><article>'
        f"{heading}{entry.body}</article></main></body></html>"
    )
