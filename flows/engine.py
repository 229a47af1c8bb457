"""Where the pages of a run are cleaned: in this process or in a pool of processes."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_POOL_PAYS_FROM = 64  # items; starting two workers costs about a second, an HTML page about 35 ms
_CHUNK = 8  # items that travel together: one round trip each 8 pages, and at most 8 pages repeated after a crash


def map_items(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    workers: int,
    lost: Callable[[Item], Result],
) -> Iterator[Result]:
    """Apply a function to every item, one result an item, in order.

    Args:
        function: A picklable function that turns faults of its own into results.
        items: Any number of them; at most ``4 * workers * 8`` are held at a time.
        workers: Processes. 1, or fewer than 64 items: this process does the work.
        lost: The result for an item whose worker process died (out of memory, a crash in a C library). The others of
            its chunk are done again one by one, so that one bad item costs one item.

    Cost: the function's; a worker starts in about a second.
    """
    stream = iter(items)
    head = list(islice(stream, _POOL_PAYS_FROM))
    if workers <= 1 or len(head) < _POOL_PAYS_FROM:
        yield from map(function, head)
        yield from map(function, stream)
        return
    yield from _pooled(function, _chunks(head, stream), workers, lost)


def _chunks(head: list[Item], stream: Iterator[Item]) -> Iterator[list[Item]]:
    for begin in range(0, len(head), _CHUNK):
        yield head[begin : begin + _CHUNK]
    while chunk := list(islice(stream, _CHUNK)):
        yield chunk


def _many(function: Callable[[Item], Result], chunk: list[Item]) -> list[Result]:
    return [function(item) for item in chunk]


def _pool(workers: int) -> ProcessPoolExecutor:
    # spawn, not fork: polars and lxml hold threads and locks that a forked child would inherit in any state.
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def _submit(pool: ProcessPoolExecutor, function: Callable[[Item], Result], chunk: list[Item]) -> Future[list[Result]]:
    try:
        return pool.submit(_many, function, chunk)
    except BrokenProcessPool as broken:  # the pool died between two results: the chunk's turn will mend it
        failed: Future[list[Result]] = Future()
        failed.set_exception(broken)
        return failed


def _pooled(
    function: Callable[[Item], Result],
    chunks: Iterator[list[Item]],
    workers: int,
    lost: Callable[[Item], Result],
) -> Iterator[Result]:
    pool = _pool(workers)
    waiting: list[tuple[list[Item], Future[list[Result]]]] = []
    try:
        while True:
            free = islice(chunks, 4 * workers - len(waiting))
            waiting.extend((chunk, _submit(pool, function, chunk)) for chunk in free)
            if not waiting:
                return
            chunk, future = waiting.pop(0)
            try:
                yield from future.result()
            except BrokenProcessPool:
                pool.shutdown(cancel_futures=True)
                yield from _one_by_one(function, chunk, lost)
                pool = _pool(workers)
                waiting = [(chunk, _submit(pool, function, chunk)) for chunk, _ in waiting]
    finally:
        pool.shutdown(cancel_futures=True)


def _one_by_one(
    function: Callable[[Item], Result], chunk: list[Item], lost: Callable[[Item], Result]
) -> Iterator[Result]:
    """Each item in a worker of its own: only the item that kills its worker is lost."""
    with _pool(1) as pool:
        try:
            pool.submit(abs, 0).result()
        except BrokenProcessPool as broken:
            message = "no worker process can be started; run with run.workers = 1 (a script needs a `__main__` guard)"
            raise RuntimeError(message) from broken
    for item in chunk:
        with _pool(1) as pool:
            try:
                yield pool.submit(function, item).result()
            except BrokenProcessPool:
                yield lost(item)
