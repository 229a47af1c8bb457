"""Whether the configured feeds and sitemaps give what a run needs: reachable, allowed, dated, articles behind them."""

import asyncio
import dataclasses
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from flows import clean
from flows.config import Config, Outlet
from flows.sources import Reject, feeds, fulltext
from flows.sources.gathering import Asked, Gathering, Item
from flows.sources.http import Client, Failure

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json", "text/xml")
_USUAL = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")  # asked where a page names no feed
_MAPS = ("/sitemap_news.xml", "/news-sitemap.xml", "/sitemap-news.xml", "/sitemap.xml")


@dataclass(frozen=True, slots=True)
class Found:
    """One configured feed or sitemap: a row of `copydesk sources check`.

    Attributes:
        outlet: Its name.
        address: Feed or sitemap.
        ok: It answered, names pages, robots.txt lets us fetch them, and every sample is an article.
        said: What is wrong, in one sentence; else "ok".
        entries: Pages it names.
        newest: The latest time it gives.
        full_text: Share of its entries that carry the whole text.
        timed: Share of its entries with a time of day and zone.
        disallowed: Share of its pages that robots.txt keeps from us.
        sampled: Pages that were fetched and cleaned.
        rejected: Of these, those that are no article, each with its reason.
        page_timed: Share of the sampled articles whose page states a time of day and zone.
    """

    outlet: str
    address: str
    ok: bool
    said: str
    entries: int = 0
    newest: datetime | None = None
    full_text: float | None = None
    timed: float | None = None
    disallowed: float | None = None
    sampled: int = 0
    rejected: tuple[str, ...] = ()
    page_timed: float | None = None

    def line(self) -> str:
        """The row as a person reads it."""
        if not self.entries:
            return self.said
        newest = f"{self.newest:%Y-%m-%d %H:%M}Z" if self.newest else "never"
        return (
            f"{self.said}; {self.entries:,} pages, newest {newest}, {self.timed:.0%} with a time of day, "
            f"{self.full_text:.0%} with the whole text, {self.disallowed:.0%} disallowed; of {self.sampled} fetched "
            f"{len(self.rejected)} no article"
        )


def check(
    config: Config, *, clock: Callable[[], datetime], version: str, pages: int = 3,
    transport: httpx.AsyncBaseTransport | None = None,
) -> list[Found]:  # fmt: skip
    """Ask every configured feed and sitemap, and some pages of each, and say what they give. Nothing is stored.

    Args:
        config: Outlets and the bounds of [gather].
        clock: The time.
        version: For the User-Agent.
        pages: Newest pages of each feed that are fetched and cleaned.
        transport: What carries the requests; None: connections to public addresses.

    Returns:
        A row for each address, in the order of the configuration.

    Cost: (2 + pages) requests an address, with the rests between.
    """

    async def work() -> list[Found]:
        client = Client(config.gather, random.Random(0), version, transport)  # noqa: S311  (jitter)
        try:
            asked = [(outlet, at) for outlet in config.outlets for at in (*outlet.feeds, *outlet.sitemaps)]
            return list(await asyncio.gather(*(_check(client, config, clock, one, at, pages) for one, at in asked)))
        finally:
            await client.close()

    return asyncio.run(work())


async def _check(
    client: Client, config: Config, clock: Callable[[], datetime], outlet: Outlet, address: str, pages: int
) -> Found:
    answer = await client.get(address)
    if isinstance(answer, Failure):
        return Found(outlet.name, address, ok=False, said=answer.reason)
    try:
        feed = await asyncio.to_thread(feeds.parse, answer.content, answer.url, None)
    except feeds.FeedError as error:
        return Found(outlet.name, address, ok=False, said=str(error))
    if feed.maps:
        found = await _check(client, config, clock, outlet, feed.maps[0][0], pages)
        return dataclasses.replace(found, address=address, said=f"an index; of its newest sitemap: {found.said}")
    entries = list(feeds.addresses(feed))
    if not entries:
        return Found(outlet.name, address, ok=False, said="names no page")
    free = [await client.allowed(entry.url or "") for entry in entries]
    times = [at for entry in entries if (at := feeds.latest(entry)) is not None]
    faults: list[str] = []
    timed = sampled = 0
    for entry in [one for one, allowed in zip(entries, free, strict=True) if allowed][:pages]:
        fault, exact = await _sample(client, config, clock, outlet, entry)
        sampled, timed, faults = sampled + 1, timed + exact, faults + ([fault] if fault else [])
    said = (
        "robots.txt keeps every page from us" if not any(free)
        else faults[0] if faults
        else "gives no times" if not times else "ok"
    )  # fmt: skip
    return Found(
        outlet.name, address, ok=any(free) and not faults, said=said, entries=len(entries),
        newest=max(times, default=None), sampled=sampled, rejected=tuple(faults),
        full_text=_share(fulltext.whole(one, outlet, config.gather.full_text_chars) is not None for one in entries),
        timed=_share(one.precision == "instant" for one in entries), disallowed=_share(not one for one in free),
        page_timed=timed / sampled if sampled else None,
    )  # fmt: skip


async def _sample(
    client: Client, config: Config, clock: Callable[[], datetime], outlet: Outlet, entry: feeds.Entry
) -> tuple[str | None, bool]:
    """Why one page gives no article, if so; and whether the page itself states an instant."""
    got: list[Item] = []

    async def put(item: Item) -> None:
        got.append(item)

    one = Gathering(config, clock, Asked(), put, datetime.min.replace(tzinfo=UTC))
    item = await one.single(client, outlet, entry)
    if isinstance(item, Reject):
        return item.reason, False
    if item is None:
        return f"{entry.url} gave nothing", False
    bare = {name: None if name.startswith("given_") else said for name, said in item.row().items()}
    page = clean.clean(bare, config.settings.clean)
    if isinstance(page, clean.Rejected):
        return f"{entry.url}: {page.reason}", False
    return None, page.published_precision == "instant"


def _share(said: Iterable[bool]) -> float:
    values = list(said)
    return sum(values) / len(values)
