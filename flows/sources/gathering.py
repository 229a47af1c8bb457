"""One gathering: feeds and sitemaps first, then the pages they name, host by host."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from flows.config import Config, Outlet
from flows.sources import Capture, Reject, Visit, addresses, capture_id, feeds, fulltext, tdm
from flows.sources.http import Answer, Client, Failure

_PAGES = {"text/html", "application/xhtml+xml", "text/plain"}


@dataclass(frozen=True, slots=True)
class Line:
    """Something a person should know that is no row."""

    text: str


Item = Capture | Reject | Visit | Line
Put = Callable[[Item], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Taken:
    """A page that was captured: when, and what a conditional GET sends."""

    at: datetime
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked before.

    Attributes:
        pages: URL that was captured -> its last capture. It is asked for again only where its feed says that it changed
            since; then with a conditional GET.
        feeds: URL of a feed -> ETag and Last-Modified of its last visit, for a conditional GET.
    """

    pages: Mapping[str, Taken] = field(default_factory=dict)
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
    before: Taken | None = None


class Gathering:
    """Feeds, then pages, within one event loop.

    Args:
        config: Outlets and bounds.
        clock: When a page was captured.
        asked: What was asked before.
        put: Takes each capture, reject, visit and line; may make us wait.
        since: Pages of sitemaps that appeared and changed before are left out; None: `gather.sitemap_days` ago.
        listed: Pages that a person names, each with the outlet to call it by where no configured one has its host.
    """

    def __init__(
        self,
        config: Config,
        clock: Callable[[], datetime],
        asked: Asked,
        put: Put,
        since: datetime | None = None,
        listed: Sequence[tuple[str, Outlet]] = (),
    ) -> None:
        self._listed = listed
        self._config, self._clock, self._asked, self._put = config, clock, asked, put
        self._since = since or clock() - timedelta(days=config.gather.sitemap_days)
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
            reads = [group.create_task(self._all(client, feed, some)) for feed in found.values()]
        read = [one for task in reads for one in task.result()]
        for url, outlet in self._listed:
            entry = feeds.Entry(url, None, None, None, None, None, "none")
            read.append((_Feed(outlet, url), [entry]))
        found = {feed.url: feed for feed, _ in read}
        hosts: dict[str, list[_Page]] = {}
        for page in await self._pages(read):
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

    async def single(self, client: Client, outlet: Outlet, entry: feeds.Entry) -> Capture | Reject | None:
        """One page that a feed names, as a run would take it; None where it did not change."""
        url = addresses.canonical(entry.url or "") or ""
        item, _ = await self._page(client, _Page(url, outlet.name, entry))
        return item

    async def _all(
        self, client: Client, feed: _Feed, some: asyncio.Semaphore
    ) -> list[tuple[_Feed, Sequence[feeds.Entry]]]:
        """A feed and the pages it names; of an index of sitemaps, the sitemaps that may hold something new.

        An index is read anew each time: many never change although the sitemaps they name do.
        """
        entries, maps = await self._read(client, feed, some)
        if not maps:
            return [(feed, entries)]
        new = [address for address, changed in maps if changed is None or changed >= self._since]
        limit = self._config.gather.max_sitemaps
        if len(maps) > len(new):
            days = self._config.gather.sitemap_days
            self._count(feed.outlet.name, f"sitemap(s) unchanged for {days} days", len(maps) - len(new))
        if len(new) > limit:
            self._count(feed.outlet.name, "sitemap(s) left out (gather.max_sitemaps)", len(new) - limit)
        read: list[tuple[_Feed, Sequence[feeds.Entry]]] = []
        for address in new[:limit]:
            one = _Feed(feed.outlet, address)
            entries, inner = await self._read(client, one, some)
            if inner:
                reason = f"sitemap {address} is an index inside an index; expected a sitemap"
                await self._put(Reject(address, address, "not_a_feed", reason))
            read.append((one, entries))
        return read

    async def _read(
        self, client: Client, feed: _Feed, some: asyncio.Semaphore
    ) -> tuple[Sequence[feeds.Entry], Sequence[tuple[str, datetime | None]]]:
        """The pages and the sitemaps a feed names; none where it did not change since the last visit."""
        async with some:
            answer = await client.get(feed.url, _conditions(*self._asked.feeds.get(feed.url, (None, None))))
        if isinstance(answer, Failure):
            return await self._no_feed(feed, answer.outcome, f"feed {feed.url} {answer.reason}")
        if answer.status == 304:
            self._count(feed.outlet.name, "unchanged feed(s)")
            return (), ()
        try:
            read = await asyncio.to_thread(feeds.parse, answer.content, answer.url, _charset(answer.headers))
        except feeds.FeedError as error:
            return await self._no_feed(feed, "not_a_feed", f"feed {feed.url} {error}")
        if read.maps:
            return (), read.maps
        entries = list(feeds.addresses(read))
        if read.sitemap:
            old = [one for one in entries if (at := feeds.latest(one)) is not None and at < self._since]
            if old:
                self._count(feed.outlet.name, f"page(s) of sitemaps from before {self._since:%Y-%m-%d}", len(old))
                entries = [one for one in entries if one not in old]
        said = answer.headers.get("etag"), answer.headers.get("last-modified")
        feed.visit = Visit(feed.url, feed.outlet.name, self._clock(), *said, len(entries))
        if read.damaged:
            await self._put(Line(f"feed {feed.url} is damaged XML; it was repaired and names {len(entries)} page(s)"))
        return entries, ()

    async def _no_feed(self, feed: _Feed, outcome: str, reason: str) -> tuple[tuple[()], tuple[()]]:
        self._count(feed.outlet.name, "failed feed(s)")
        await self._put(Reject(feed.url, feed.url, outcome, reason))
        return (), ()

    async def _pages(self, read: Sequence[tuple[_Feed, Sequence[feeds.Entry]]]) -> list[_Page]:
        """The pages to fetch, each once, in the order of the feeds.

        Pages captured before are left out unless they changed; a text that the feed carries whole is taken from there.
        """
        pages: dict[str, _Page] = {}
        for feed, entries in read:
            new = 0
            for entry in entries:
                url = addresses.canonical(entry.url or "")
                if url is None:
                    reason = f"feed {feed.url} names {entry.url!r}, which is no web address"
                    await self._put(Reject(feed.url, entry.url, "bad_url", reason))
                elif (before := self._asked.pages.get(url)) and not (
                    entry.modified_at and entry.modified_at > before.at
                ):
                    self._count(feed.outlet.name, "known page(s)")
                elif new < self._config.gather.max_entries:
                    new += 1
                    outlet = addresses.outlet_of(url, feed.outlet, self._config.outlets)
                    text = fulltext.whole(entry, feed.outlet, self._config.gather.full_text_chars)
                    if text is None:
                        feed.pages.append(url)
                        pages.setdefault(url, _Page(url, outlet, entry, before))
                    elif url not in self._met or before:
                        self._met.add(url)
                        self._count(outlet, "text(s) taken from the feed")
                        await self._put(self._capture(_Page(url, outlet, entry), "feed", text.encode(), "text/html"))
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
                if item is None:
                    self._count(page.outlet, "known page(s) that did not change")
                    continue
                if isinstance(item, Capture) and page.before is None and self._elsewhere(item):
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

    async def _page(self, client: Client, page: _Page) -> tuple[Capture | Reject | None, bool]:
        """The page as it is, why not, or None: unchanged; and whether the next run may have more luck."""
        said = await client.reservation(page.url)
        if said and said.reserved and self._config.gather.tdm == "refuse":
            return _reserved(page.url, said), False
        conditions = _conditions(page.before.etag, page.before.last_modified) if page.before else {}
        answer = await client.get(page.url, conditions)
        if isinstance(answer, Answer) and answer.status == 304 and page.before:
            return None, False
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
        said = tdm.of_answer(answer.headers, answer.content) or said
        if said and said.reserved and self._config.gather.tdm == "refuse":
            return _reserved(page.url, said), False
        return self._capture(page, "web", answer.content, media_type, answer, said), False

    def _capture(
        self, page: _Page, source: str, content: bytes, media_type: str, answer: Answer | None = None,
        said: tdm.Reservation | None = None,
    ) -> Capture:  # fmt: skip
        entry = page.entry
        given = any((entry.title, entry.byline, entry.language, entry.published_at))
        return Capture(
            capture_id=capture_id(page.outlet, page.url, entry.guid, page.url, content),
            source=source,
            locator=page.url,
            outlet=page.outlet,
            captured_at=self._clock(),
            media_type=media_type,
            content=content,
            external_id=entry.guid,
            url=page.url,
            final_url=answer.url if answer else page.url,
            charset=_charset(answer.headers) if answer else "utf-8",
            etag=answer.headers.get("etag") if answer else None,
            last_modified=answer.headers.get("last-modified") if answer else None,
            tdm=str(said) if said and said.reserved else None,
            given_title=entry.title,
            given_byline=entry.byline,
            given_language=entry.language,
            given_published_at=entry.published_at,
            given_precision=entry.precision if given else None,
            given_origin=entry.origin,
            given_source="feed" if given else None,
        )

    def _count(self, outlet: str, what: str, number: int = 1) -> None:
        self._counts.setdefault(outlet, Counter())[what] += number


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The headers of a conditional GET; none where nothing is known, or what is known cannot be sent."""
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: said for name, said in headers.items() if said and said.isascii()}


def _reserved(url: str, said: tdm.Reservation) -> Reject:
    policy = f"; its policy: {said.policy}" if said.policy else ""
    reason = f"{url} is not used: its publisher reserves text and data mining (gather.tdm){policy}"
    return Reject(url, url, "tdm_reserved", reason)


def _charset(headers: httpx.Headers) -> str | None:
    return httpx.Response(200, headers=headers).charset_encoding
