"""A list of addresses (a .urls file) -> the pages to fetch, politely, as if a feed had named them."""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from flows.config import Config, Outlet
from flows.sources import Capture, Reject, SourceError, Tell, Visit
from flows.sources.addresses import canonical
from storage.tables import Store

ENDING = ".urls"
_LONGEST = 8_192  # characters of one line: no address that a server takes is longer


def read(
    path: Path, *, config: Config, clock: Callable[[], datetime], store: Store | None, notice: Tell
) -> Iterator[Capture | Reject | Visit]:
    """The pages of a list that were not captured before; each belongs to the outlet with its host, else to the host.

    One address a line; empty lines and lines that begin with # are left out, a line that is no web address is a reject.

    Raises:
        SourceError: The file cannot be read.
    """
    from flows.sources import web  # httpx, only where something is fetched

    listed: list[tuple[str, Outlet]] = []
    try:
        lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError as error:
        raise SourceError(f"{path} cannot be read ({error.strerror}); check it and its rights") from error
    for number, line in enumerate(lines, 1):
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        url = canonical(said) if len(said) <= _LONGEST else None
        if url is None:
            locator = f"{path.name}:{number}"
            reason = f"{locator} is {said[:80]!r}; expected a web address, such as https://example.org/page"
            yield Reject(locator, None, "bad_line", reason)
        else:
            listed.append((url, Outlet((urlsplit(url).hostname or "").removeprefix("www."))))
    silent = tuple(dataclasses.replace(outlet, feeds=(), sitemaps=()) for outlet in config.outlets)
    only = dataclasses.replace(config, outlets=silent)
    yield from web.gather(only, clock=clock, store=store, notice=notice, listed=listed)
