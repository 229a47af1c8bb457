"""Which feeds and sitemaps a site offers: what its page links to, its robots.txt names, or usual addresses hold."""

import asyncio
import random
import re
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

import httpx
from lxml import etree
from lxml import html as lxml_html

from flows.config import Config, Outlet
from flows.sources import addresses, feeds
from flows.sources.http import Answer, Client, Failure

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json", "text/xml")
_USUAL = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")  # asked where a page names no feed
_MAPS = ("/sitemap_news.xml", "/news-sitemap.xml", "/sitemap-news.xml", "/sitemap.xml")


def find(
    site: str, config: Config, *, version: str, transport: httpx.AsyncBaseTransport | None = None
) -> tuple[Outlet, list[str]]:
    """The outlet behind an address, with the feeds and news sitemaps it offers.

    Args:
        site: Address of a site or of one of its pages.
        config: The bounds of [gather].
        version: For the User-Agent.
        transport: What carries the requests; None: connections to public addresses.

    Returns:
        The outlet, and a line for each thing a person should know (what was asked in vain, robots.txt).

    Raises:
        LookupError: The address gives no page, or no feed or sitemap is found; one sentence.
    """

    async def work() -> tuple[Outlet, list[str]]:
        client = Client(config.gather, random.Random(0), version, transport)  # noqa: S311  (jitter)
        try:
            return await _find(client, site)
        finally:
            await client.close()

    return asyncio.run(work())


async def _find(client: Client, site: str) -> tuple[Outlet, list[str]]:
    address = addresses.canonical(site if "://" in site else f"https://{site}")
    if address is None:
        raise LookupError(f"{site!r} is no web address; give one such as https://news.example")
    answer = await client.get(address)
    if isinstance(answer, Failure):
        raise LookupError(f"{address} {answer.reason}")
    lines: list[str] = []
    named = await _feed(client, answer.url, answer)
    name, offered = _offered(answer) if named is None else (None, [answer.url])
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(answer.url))
    found, maps = await _usable(client, offered or [origin + path for path in _USUAL], lines)
    if not offered and found:
        lines.append("the page names no feed; these were found at usual addresses")
    stated = await client.sitemaps(answer.url)
    news = [one for one in stated if "news" in one.lower()] or list(stated) or [origin + path for path in _MAPS]
    _, more = await _usable(client, news, lines if stated else [])
    maps += [one for one in more if one not in maps]
    if not found and not maps:
        raise LookupError(f"{address} offers no feed and no sitemap that can be read; give a feed's own address")
    host = (urlsplit(answer.url).hostname or "").removeprefix("www.")
    title = name or (named.title if named else None) or host
    return Outlet(title, domains=(host,), feeds=tuple(found), sitemaps=() if found else tuple(maps)), lines


async def _feed(client: Client, address: str, answer: Answer | None = None) -> feeds.Feed | None:
    """The feed or sitemap at an address, or None."""
    got = answer or await client.get(address)
    if isinstance(got, Failure):
        return None
    try:
        return await asyncio.to_thread(feeds.parse, got.content, got.url, None)
    except feeds.FeedError:
        return None


async def _usable(client: Client, offered: Sequence[str], lines: list[str]) -> tuple[list[str], list[str]]:
    """Of the addresses offered, the feeds and the sitemaps that name pages."""
    found: list[str] = []
    maps: list[str] = []
    for address in dict.fromkeys(offered):
        feed = await _feed(client, address)
        if feed is None or not (feed.entries or feed.maps):
            if address in offered and len(offered) < len(_USUAL):
                lines.append(f"{address} is offered and gives no feed; left out")
        else:
            (maps if feed.sitemap else found).append(address)
    return found, maps


def _offered(answer: Answer) -> tuple[str | None, list[str]]:
    """The site's name as a page states it, and the feeds it links to; comment feeds are left out."""
    try:
        tree = lxml_html.document_fromstring(answer.content)
    except (ValueError, etree.ParserError):
        return None, []
    names = tree.xpath("//meta[@property='og:site_name' or @name='application-name']/@content")
    links = [
        urljoin(answer.url, link.get("href") or "")
        for link in tree.iter("link")
        if "alternate" in (link.get("rel") or "").lower() and (link.get("type") or "").lower() in _FEED_TYPES
        and "comment" not in f"{link.get('title')} {link.get('href')}".lower()
        and not re.search(r"/wp-json/|oembed", link.get("href") or "")
    ]  # fmt: skip
    return (names[0].strip() if names else None), links


def entry(outlet: Outlet) -> str:
    """An outlet as an [[outlet]] of the TOML."""

    def text(said: str) -> str:
        return '"' + said.replace("\\", "\\\\").replace('"', '\\"') + '"'

    lists = {key: getattr(outlet, key) for key in ("domains", "feeds", "sitemaps")}
    lines = [f"{key} = [{', '.join(map(text, said))}]" for key, said in lists.items() if said]
    return "\n".join(["[[outlet]]", f"name = {text(outlet.name)}", *lines]) + "\n"
