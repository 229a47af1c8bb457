"""The configured outlets on the web: their feeds, and the pages these name, fetched politely and each page once.

Hosts are asked at the same time, each one page after the other. What a server does wrong is a reject; the rest goes on.
"""

import asyncio
import contextlib
import importlib.metadata
import queue
import random
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import polars as pl

from flows.config import Config, Outlet
from flows.sources import Capture, GatherError, Reject, Tell, Visit, log
from flows.sources.gathering import Asked, Gathering, Item, Line, Taken
from flows.sources.http import Client
from storage.tables import Store

_HELD = 64  # pages fetched and not yet taken by the caller: then fetching waits


@dataclass(frozen=True, slots=True)
class Web:
    """The configured outlets as a `flows.sources.Source`."""

    config: Config
    clock: Callable[[], datetime]
    store: Store | None = None
    notice: Tell = log

    def captures(self) -> Iterator[Capture | Reject | Visit]:
        """See `gather`."""
        return gather(self.config, store=self.store, clock=self.clock, notice=self.notice)


def gather(
    config: Config,
    *,
    clock: Callable[[], datetime],
    store: Store | None = None,
    asked: Asked | None = None,
    rng: random.Random | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    notice: Tell = log,
    since: datetime | None = None,
    listed: Sequence[tuple[str, Outlet]] = (),
) -> Iterator[Capture | Reject | Visit]:
    """Every new page that the outlets' feeds and sitemaps name.

    Args:
        config: Outlets with `feeds` and `sitemaps`, and the bounds of [gather].
        clock: Asked for each page: when it was captured.
        store: Where earlier captures and visits are looked up; nothing is written to it.
        asked: What was captured before, in place of the store's word.
        rng: Jitter of the rests between retries; it only has to differ from host to host, so the default is seeded.
        transport: What carries the requests; None: connections to public addresses.
        notice: Told one line an outlet, and what is left for later.
        since: Pages of sitemaps from before are left out; None: `gather.sitemap_days` before now.
        listed: Further pages, each with the outlet to call it by where no configured one has its host.

    Yields:
        Captures and rejects as they come: in the order of the feeds within a host, in no fixed order across hosts. A
        `Visit` follows the pages of its feed once all of them are settled. Stored after them, it makes sure that a run
        that is killed loses nothing and fetches no page twice. At most 64 pages are held: the caller's pace is the pace
        of fetching.

    Cost: the slowest host decides: its pages x (rest + answer).
    """
    held: queue.Queue[Item | BaseException | None] = queue.Queue(_HELD)

    async def put(item: Item | BaseException | None) -> None:
        while True:
            try:
                return held.put_nowait(item)
            except queue.Full:
                await asyncio.sleep(0.02)

    job = Gathering(config, clock, asked or remembered(store), put, since, listed)

    async def work() -> None:
        client = Client(config.gather, rng or random.Random(0), version(), transport)  # noqa: S311  (jitter)
        try:
            await job.run(client)
        finally:
            await client.close()

    loop = asyncio.new_event_loop()
    worker = threading.Thread(target=_carry_out, args=(loop, work(), put), name="copydesk-gather", daemon=True)
    worker.start()
    try:
        while (item := _next(held, worker)) is not None:
            if isinstance(item, BaseException):
                raise item
            if isinstance(item, Line):
                notice(item.text)
            else:
                yield item
    finally:
        with contextlib.suppress(RuntimeError):  # the loop is closed: all is done
            loop.call_soon_threadsafe(_cancel_all, loop)
        worker.join()


def _next(held: queue.Queue[Item | BaseException | None], worker: threading.Thread) -> Item | BaseException | None:
    """What comes next; None at the end, also where the worker died without a word."""
    while True:
        alive = worker.is_alive()
        try:
            return held.get(timeout=1)
        except queue.Empty:
            if not alive:
                return GatherError("gathering stopped without a result; run it again")


def remembered(store: Store | None) -> Asked:
    """What a store knows of the web: pages captured, and the last visit to each feed. Memory: 500 bytes a page."""
    if store is None:
        return Asked()
    captures = store.scan("captures").filter(pl.col("source").is_in(["web", "feed"]))
    columns = ("captured_at", "url", "final_url", "etag", "last_modified")
    pages = captures.select(columns).collect().sort("captured_at")
    visits = store.scan("visits").select("url", "etag", "last_modified").collect().rows()
    taken = {
        address: Taken(at, etag, modified)
        for at, url, final, etag, modified in pages.iter_rows()
        for address in (url, final)
        if address is not None
    }
    return Asked(taken, {url: (etag, modified) for url, etag, modified in visits})


def _carry_out(
    loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, None], put: Callable[[Any], Coroutine[Any, Any, None]]
) -> None:
    """Run the work to its end in this thread; its last word is None, after the fault where there was one."""

    async def whole() -> None:
        try:
            await work
        except Exception as fault:  # noqa: BLE001  (raised again in the caller's thread)
            await put(fault)
        await put(None)

    try:
        for part in (whole(), loop.shutdown_asyncgens()):
            with contextlib.suppress(asyncio.CancelledError):  # the caller stopped listening, perhaps at the very end
                loop.run_until_complete(part)
    finally:
        loop.close()


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()


def version() -> str:
    """Of this installation, for the User-Agent."""
    try:
        return importlib.metadata.version("copydesk")
    except importlib.metadata.PackageNotFoundError:  # run from a folder that was never installed
        return "0"
