"""Web addresses: one spelling for each page, and the outlet a host belongs to."""

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from flows.config import Outlet

_TRACKING = (
    "utm_",
    "mc_cid",
    "mc_eid",
    "pk_",
    "piwik_",
    "at_medium",
    "at_campaign",
    "fbclid",
    "gclid",
    "dclid",
    "msclkid",
    "igshid",
    "yclid",
    "cmpid",
    "ncid",
)  # fmt: skip  (who sent the reader: never another page)


def canonical(url: str) -> str | None:
    """The address to ask for: lower-case host, no user name, no usual port, no fragment, no tracking parameters.

    Returns:
        None where it is no web address. Parameters keep their order and spelling. Source: RFC 3986, 6.2.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:  # such as a port of letters
        return None
    scheme = parts.scheme.lower()
    if scheme not in {"http", "https"} or not host or port == 0:
        return None
    if ":" in host:
        host = f"[{host}]"
    if port is not None and port != {"http": 80, "https": 443}[scheme]:
        host = f"{host}:{port}"
    query = "&".join(part for part in parts.query.split("&") if part and not _tracks(part))
    return urlunsplit((scheme, host, parts.path or "/", query, ""))


def _tracks(part: str) -> bool:
    names = parse_qsl(part, keep_blank_values=True)
    return bool(names) and names[0][0].lower().startswith(_TRACKING)


def outlet_of(url: str, named_by: Outlet, outlets: Sequence[Outlet]) -> str:
    """The outlet a page belongs to: the one with the longest matching domain, else the one whose feed names it."""
    host = urlsplit(url).hostname or ""
    owned = [
        (len(domain), outlet.name)
        for outlet in outlets
        for domain in (one.lower().removeprefix("www.") for one in outlet.domains)
        if host == domain or host.endswith(f".{domain}")
    ]
    return max(owned)[1] if owned else named_by.name
