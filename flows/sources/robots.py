"""robots.txt: what a host lets us fetch, and how slowly. Source: RFC 9309."""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes, urlsplit

LIMIT = 512_000  # bytes that are parsed; RFC 9309, 2.5 asks for 500 KiB at least
_TOKEN = re.compile(r"[A-Za-z_-]+")
_KEPT = "%/?&=*$!'()+,:;@~#[]-._"


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host for one agent.

    Attributes:
        rules: (allowed, path pattern), in the order of the file.
        crawl_delay_s: Seconds between two requests, where the file asks for a rest (not in the RFC, widely used).
        sitemaps: Addresses of sitemaps, whichever agent they stand under.
    """

    rules: tuple[tuple[bool, str], ...] = ()
    crawl_delay_s: float | None = None
    sitemaps: tuple[str, ...] = ()

    def allows(self, url: str) -> bool:
        """Whether the URL may be fetched: the longest pattern that matches decides, allow wins a tie, none allows."""
        parts = urlsplit(url)
        path = octets((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        if path == "/robots.txt":
            return True
        hits = [(len(pattern), allowed) for allowed, pattern in self.rules if matches(pattern, path)]
        return max(hits)[1] if hits else True


NOTHING = Robots(rules=((False, "/"),))
"""A host whose robots.txt cannot be had: nothing may be fetched (RFC 9309, 2.3.1.4)."""


def parse(content: bytes, agent: str) -> Robots:
    """The rules for one agent: those of every group that names it, else those of the groups for ``*``.

    Args:
        content: The file; what is no rule is skipped, so that HTML in its place allows everything.
        agent: Our product token, such as ``copydesk``.
    """
    groups: dict[str, list[tuple[bool, str]]] = {}
    delays: dict[str, float] = {}
    sitemaps: list[str] = []
    named: list[str] = []
    open_group = False  # user-agent lines that follow each other share what comes after them
    for line in content[:LIMIT].decode("utf-8-sig", "replace").splitlines():
        key, colon, said = line.partition("#")[0].partition(":")
        key, said = key.strip().lower(), said.strip()
        if not colon:
            continue
        if key == "user-agent":
            if not open_group:
                named = []
            open_group = True
            found = _TOKEN.match(said)
            named.append("*" if said.startswith("*") else found[0].lower() if found else "")
            groups.setdefault(named[-1], [])
        elif key in {"allow", "disallow"}:
            open_group = False
            for name in named if said else ():
                groups[name].append((key == "allow", octets(said)))
        elif key == "crawl-delay":
            open_group = False
            if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", said):
                delays.update((name, max(float(said), delays.get(name, 0))) for name in named)
        elif key == "sitemap" and said:
            sitemaps.append(said)
    name = agent.lower() if agent.lower() in groups else "*"
    return Robots(tuple(groups.get(name, ())), delays.get(name), tuple(sitemaps))


def octets(path: str) -> str:
    """A path or pattern in one spelling: unreserved characters plain, all others percent-encoded (RFC 9309, 2.2.2)."""
    parts = re.split(r"(%[0-9A-Fa-f]{2})", path)
    return "".join(
        _escape(part) if part.startswith("%") and len(part) == 3 else quote(part, safe=_KEPT) for part in parts
    )


def _escape(code: str) -> str:
    char = unquote_to_bytes(code).decode("latin-1")
    return char if char.isascii() and (char.isalnum() or char in "-._~") else code.upper()


def matches(pattern: str, path: str) -> bool:
    """Whether a pattern with ``*`` and a final ``$`` matches from the start of the path. Cost: linear, no regex."""
    anchored = pattern.endswith("$")
    first, *rest = (pattern[:-1] if anchored else pattern).split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not rest:
        return not anchored or at == len(path)
    for piece in rest[:-1]:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    last = rest[-1]
    return path.endswith(last) and len(path) - len(last) >= at if anchored else path.find(last, at) >= 0
