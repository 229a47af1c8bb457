"""One gathering: feeds first, then the pages they name, host by host."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from flows.config import Config, Outlet
from flows.sources import Capture, Reject, Visit, addresses, capture_id, feeds
from flows.sources.http import Answer, Client, Failure

_PAGES = {"text/html", "application/xhtml+xml", "text/plain"}


@dataclass(frozen=True, slots=True)
class Line:
    """Something a person should know that is no row."""

    text: str


Item = Capture | Reject | Visit | Line
Put = Callable[[Item], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked before.

    Attributes:
        pages: URLs that were captured; they are not asked for again.
        feeds: URL of a feed -> ETag and Last-Modified of its last visit, for a conditional GET.
    """

    pages: AbstractSet[str] = frozenset()
    feeds: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)


@dataclass(slots=True)
class _Feed:
    """A feed in this run. Its visit is stored once every page it named is settled; else it is read anew next time."""

    outlet: Outlet
    url: str
    visit: Visit | None = None
    pages: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page to fetch, and what the first feed that named it says of it."""

    url: str
    outlet: str
    entry: feeds.Entry


class Gathering:
    """Feeds, then pages, within one event loop.

    Args:
        config: Outlets and bounds.
        clock: When a page was captured.
        asked: What was asked before.
        put: Takes each capture, reject, visit and line; may make us wait.
    """

    def __init__(self, config: Config, clock: Callable[[], datetime], asked: Asked, put: Put) -> None:
        self._config, self._clock, self._asked, self._put = config, clock, asked, put
        self._counts: dict[str, Counter[str]] = {}
        self._unsettled: set[str] = set()
        self._met: set[str] = set(asked.pages)

    async def run(self, client: Client) -> None:
        """Everything the outlets have now."""
        found = {
            url: _Feed(outlet, url) for outlet in self._config.outlets for url in (*outlet.feeds, *outlet.sitemaps)
        }
        if found and not self._config.gather.contact:
            await self._put(
                Line("gather.contact is not set: publishers cannot write to you; give an address or web page")
            )
        some = asyncio.Semaphore(self._config.gather.hosts)
        async with asyncio.TaskGroup() as group:
            reads = [group.create_task(self._read(client, feed, some)) for feed in found.values()]
        hosts: dict[str, list[_Page]] = {}
        for page in await self._pages(
            [(feed, read.result()) for feed, read in zip(found.values(), reads, strict=True)]
        ):
            hosts.setdefault(urlsplit(page.url).netloc, []).append(page)
            self._met.add(page.url)
        waiting = {feed.url: feed for feed in found.values() if feed.visit}
        await self._settle(waiting, {page.url for pages in hosts.values() for page in pages})
        async with asyncio.TaskGroup() as group:
            for pages in hosts.values():
                group.create_task(self._host(client, pages, some))
        await self._settle(waiting, self._unsettled)
        for outlet in self._config.outlets:
            if counts := self._counts.get(outlet.name):
                said = ", ".join(f"{number} {what}" for what, number in sorted(counts.items()))
                await self._put(Line(f"outlet {outlet.name}: {said}"))

    async def _read(self, client: Client, feed: _Feed, some: asyncio.Semaphore) -> Sequence[feeds.Entry]:
        """The pages a feed names; none where it did not change since the last visit."""
        etag, last_modified = self._asked.feeds.get(feed.url, (None, None))
        headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        sendable = {name: said for name, said in headers.items() if said and said.isascii()}
        async with some:
            answer = await client.get(feed.url, sendable)
        if isinstance(answer, Failure):
            return await self._no_feed(feed, answer.outcome, f"feed {feed.url} {answer.reason}")
        if answer.status == 304:
            self._count(feed.outlet.name, "unchanged feed(s)")
            return ()
        try:
            read = await asyncio.to_thread(feeds.parse, answer.content, answer.url, _charset(answer.headers))
        except feeds.FeedError as error:
            return await self._no_feed(feed, "not_a_feed", f"feed {feed.url} {error}")
        entries = list(feeds.addresses(read))
        said = answer.headers.get("etag"), answer.headers.get("last-modified")
        feed.visit = Visit(feed.url, feed.outlet.name, self._clock(), *said, len(entries))
        if read.damaged:
            await self._put(Line(f"feed {feed.url} is damaged XML; it was repaired and names {len(entries)} page(s)"))
        return entries

    async def _no_feed(self, feed: _Feed, outcome: str, reason: str) -> Sequence[feeds.Entry]:
        self._count(feed.outlet.name, "failed feed(s)")
        await self._put(Reject(feed.url, feed.url, outcome, reason))
        return ()

    async def _pages(self, read: Sequence[tuple[_Feed, Sequence[feeds.Entry]]]) -> list[_Page]:
        """The pages to fetch, each once, in the order of the feeds; those captured before are left out."""
        pages: dict[str, _Page] = {}
        for feed, entries in read:
            new = 0
            for entry in entries:
                url = addresses.canonical(entry.url or "")
                if url is None:
                    reason = f"feed {feed.url} names {entry.url!r}, which is no web address"
                    await self._put(Reject(feed.url, entry.url, "bad_url", reason))
                elif url in self._asked.pages:
                    self._count(feed.outlet.name, "known page(s)")
                elif new < self._config.gather.max_entries:
                    new += 1
                    feed.pages.append(url)
                    outlet = addresses.outlet_of(url, feed.outlet, self._config.outlets)
                    pages.setdefault(url, _Page(url, outlet, entry))
                else:
                    self._unsettled.add(url)
                    feed.pages.append(url)
                    self._count(feed.outlet.name, "page(s) left for the next run (gather.max_entries)")
        return list(pages.values())

    async def _settle(self, waiting: dict[str, _Feed], open_pages: AbstractSet[str]) -> None:
        """Give out the visits of feeds none of whose pages is open any more."""
        for url, feed in list(waiting.items()):
            if feed.visit and open_pages.isdisjoint(feed.pages) and self._unsettled.isdisjoint(feed.pages):
                await self._put(feed.visit)
                del waiting[url]

    async def _host(self, client: Client, pages: Sequence[_Page], some: asyncio.Semaphore) -> None:
        async with some:
            for page in pages:
                item, passing = await self._page(client, page)
                if passing:
                    self._unsettled.add(page.url)
                if isinstance(item, Capture) and self._elsewhere(item):
                    self._count(page.outlet, "page(s) that lead to another page")
                    continue
                self._count(page.outlet, "page(s) taken" if isinstance(item, Capture) else "page(s) not taken")
                await self._put(item)

    def _elsewhere(self, capture: Capture) -> bool:
        """Whether a redirect ended at a page that is taken under its own address, or was already."""
        end = addresses.canonical(capture.final_url or "")
        if end is None or end == capture.url:
            return False
        met = end in self._met
        self._met.add(end)
        return met

    async def _page(self, client: Client, page: _Page) -> tuple[Capture | Reject, bool]:
        """The page as it is, or why not; and whether the next run may have more luck."""
        answer = await client.get(page.url)
        if isinstance(answer, Answer) and answer.status != 200:
            answer = Failure(f"http_{answer.status}", f"is answered with HTTP {answer.status} unasked", passing=False)
        if isinstance(answer, Failure):
            return Reject(page.url, page.url, answer.outcome, f"{page.url} {answer.reason}"), answer.passing
        media_type = answer.headers.get("content-type", "text/html").partition(";")[0].strip().lower() or "text/html"
        if media_type not in _PAGES:
            reason = f"{page.url} comes as {media_type}; expected {' or '.join(sorted(_PAGES))}"
            return Reject(page.url, page.url, "not_a_page", reason), False
        if not answer.content.strip():
            return Reject(page.url, page.url, "empty", f"{page.url} has no content; expected a page"), True
        entry = page.entry
        given = any((entry.title, entry.byline, entry.language, entry.published_at))
        capture = Capture(
            capture_id=capture_id(page.outlet, page.url, entry.guid, page.url, answer.content),
            source="web",
            locator=page.url,
            outlet=page.outlet,
            captured_at=self._clock(),
            media_type=media_type,
            content=answer.content,
            external_id=entry.guid,
            url=page.url,
            final_url=answer.url,
            charset=_charset(answer.headers),
            etag=answer.headers.get("etag"),
            last_modified=answer.headers.get("last-modified"),
            given_title=entry.title,
            given_byline=entry.byline,
            given_language=entry.language,
            given_published_at=entry.published_at,
            given_precision=entry.precision if given else None,
            given_source="feed" if given else None,
        )
        return capture, False

    def _count(self, outlet: str, what: str) -> None:
        self._counts.setdefault(outlet, Counter())[what] += 1


def _charset(headers: httpx.Headers) -> str | None:
    return httpx.Response(200, headers=headers).charset_encoding
