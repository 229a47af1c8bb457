"""Whether a publisher reserves the rights to text and data mining of a page.

Source: W3C TDM Reservation Protocol, 2024.
Three places may say so: a file of the host, a header of the answer, a meta element of the page; the nearest one counts.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from flows.sources.robots import matches, octets

PLACE = "/.well-known/tdmrep.json"
LIMIT = 512_000  # bytes of the file that are read
_HEAD = 65_536  # bytes of a page in which its meta elements are looked for
_META = re.compile(rb"<meta\b[^<>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"([a-z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reservation:
    """What is said of a page: reserved or expressly not, and where the publisher's policy stands."""

    reserved: bool
    policy: str | None = None

    def __str__(self) -> str:
        return f"reserved, policy {self.policy}" if self.policy else "reserved"


Rules = tuple[tuple[str, Reservation], ...]
"""Path pattern -> reservation, in the order of the file."""


def parse(content: bytes) -> Rules:
    """The rules of a host's file. What is no rule is passed over: a broken file reserves nothing."""
    try:
        document = json.loads(content[:LIMIT])
    except (ValueError, RecursionError):
        return ()
    found = []
    for rule in document if isinstance(document, list) else [document]:
        if (
            isinstance(rule, dict)
            and isinstance(rule.get("location"), str)
            and str(rule.get("tdm-reservation")) in "01"
        ):
            policy = rule.get("tdm-policy")
            said = Reservation(str(rule["tdm-reservation"]) == "1", policy if isinstance(policy, str) else None)
            found.append((octets(rule["location"]), said))
    return tuple(found)


def of_host(rules: Rules, url: str) -> Reservation | None:
    """What the host's file says of an address: the first rule whose pattern matches its path."""
    parts = urlsplit(url)
    path = octets((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    return next((said for pattern, said in rules if matches(pattern, path)), None)


def of_answer(headers: Mapping[str, str], content: bytes) -> Reservation | None:
    """What the answer itself says: its meta elements, else its headers."""
    said: dict[str, str] = {}
    for element in _META.findall(content[:_HEAD]):
        given = {
            name.lower(): (a or b or c).decode("utf-8", "replace") for name, a, b, c in _ATTRIBUTE.findall(element)
        }
        said.setdefault(given.get(b"name", "").strip().lower(), given.get(b"content", "").strip())
    for name in ("tdm-reservation", "tdm-policy"):
        if name not in said and headers.get(name):
            said[name] = headers[name].strip()
    if said.get("tdm-reservation") not in {"0", "1"}:
        return None
    return Reservation(said["tdm-reservation"] == "1", said.get("tdm-policy") or None)
