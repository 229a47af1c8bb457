"""Items in, results out, in order; a worker that dies costs one item."""

import os

from flows.engine import map_items


def _double(item: int) -> int:
    if item == 13:
        os._exit(1)  # what a crash in a C library or the kernel's out-of-memory killer looks like
    return 2 * item


def _lost(item: int) -> int:
    return -item


def test_few_items_stay_in_this_process() -> None:
    seen = []

    def note(item: int) -> int:
        seen.append(item)  # a list of this process: a pool could not fill it
        return item

    assert list(map_items(note, range(5), workers=2, lost=_lost)) == list(range(5))
    assert seen == list(range(5))


def test_results_come_in_order_and_a_dead_worker_costs_one_item() -> None:
    found = list(map_items(_double, range(100), workers=2, lost=_lost))
    assert found == [-13 if item == 13 else 2 * item for item in range(100)]


def test_no_items() -> None:
    assert list(map_items(_double, [], workers=2, lost=_lost)) == []
