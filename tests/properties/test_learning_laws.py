"""Laws of what an outlet's pages teach: it depends on the set of captures, never on their order or their batches."""

import json
import random
from datetime import UTC, datetime, timedelta

import outlet as made
import polars as pl
import pytest

from dedupe import page
from dedupe.settings import PageSettings
from flows import show as views
from flows.job import Job, run
from storage.schema import PUBLISHED
from storage.tables import Store

SETTINGS = PageSettings()


def deliver(folder, rows, batches, published):
    """The published tables, sorted, after the rows came in batches."""
    folder.mkdir()
    for number in range(batches):
        path = folder / "articles.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows[number::batches]), encoding="utf-8")
        at = datetime(2026, 3, 5, tzinfo=UTC) + timedelta(hours=number)
        times = iter(at + timedelta(milliseconds=tick) for tick in range(100_000))
        manifest = run(Job((path,), folder / "store"), clock=lambda times=times: next(times))
    found = {}
    for name in PUBLISHED:
        if name != "runs":
            table = published(folder / "store", name).drop("captured_at", strict=False)
            found[name] = table.sort([column for column, dtype in table.schema.items() if not dtype.is_nested()])
    return found, manifest


@pytest.fixture(scope="module")
def rows():
    """Pages of two outlets, with teasers and a notice; one text stands at two addresses, one came in two revisions."""
    told = []
    for name, language in (("Ledger", "en"), ("Kurier", "de")):
        _, pages = made.outlet(language, 4, pages=9)
        for at, (title, lines, _) in enumerate(pages):
            told.append({"id": f"{name}{at}", "outlet": name, "title": title, "text": "\n\n".join(lines),
                         "published_at": f"2026-03-04T{6 + at:02}:00:00+00:00"})  # fmt: skip
    twice = told[2] | {"id": "again"}
    later = told[3] | {"text": told[3]["text"] + "\n\nThe keeper of the bridge said later that nobody was hurt."}
    return [*told, twice, later]


def test_one_batch_or_many_publish_the_same(rows, tmp_path, published):
    whole, _ = deliver(tmp_path / "whole", rows[:-1], 1, published)
    shuffled = rows[:-1]
    random.Random(3).shuffle(shuffled)
    split, manifest = deliver(tmp_path / "split", shuffled, 4, published)
    for name, table in whole.items():
        assert split[name].equals(table), name
    assert whole["blocks"].filter(role="teaser", kept=False).height >= 9
    counts = {step["step"]: step["counts"] for step in manifest["steps"]}
    assert counts["mark"]["marked_again"] > 0
    stored = Store.open(tmp_path / "split" / "store").scan("residue").collect()
    cut = stored.filter(pl.col("role").is_not_null())
    assert cut.height >= 6
    shown = views.rows(tmp_path / "split" / "store", "residue", outlet="Ledger")
    assert shown.height == stored.filter(outlet="Ledger").height
    assert views.rows(tmp_path / "split" / "store", "layouts").is_empty()
    assert cut.filter(pl.col("page_n") > pl.col("of_n")).is_empty()


def test_nothing_is_left_of_texts_that_are_no_more(rows, tmp_path, published):
    found, _ = deliver(tmp_path / "two", rows, 3, published)
    store = Store.open(tmp_path / "two" / "store")
    articles = set(store.scan("articles").collect()["article_id"])
    for table, columns in (("sketches", ("article_id",)), ("blocks", ("article_id",)),
                           ("pairs", ("article_a", "article_b"))):  # fmt: skip
        for column in columns:
            assert set(store.scan(table).collect()[column]) <= articles, table
    again, manifest = deliver_nothing(tmp_path / "two", published)
    assert manifest["status"] == "unchanged"
    for name, table in found.items():
        assert again[name].equals(table), name


def deliver_nothing(folder, published):
    """One more run over the last delivery: nothing is new."""
    at = datetime(2026, 3, 6, tzinfo=UTC)
    times = iter(at + timedelta(milliseconds=tick) for tick in range(100_000))
    manifest = run(Job((folder / "articles.jsonl",), folder / "store"), clock=lambda: next(times))
    found = {}
    for name in PUBLISHED:
        if name != "runs":
            table = published(folder / "store", name).drop("captured_at", strict=False)
            found[name] = table.sort([column for column, dtype in table.schema.items() if not dtype.is_nested()])
    return found, manifest


def test_order_of_lines_does_not_matter():
    _, pages = made.outlet("fr", 5, pages=12)
    page_rows, blocks = made.read([one[:2] for one in pages])
    lines = page.lines_of(blocks, page_rows, SETTINGS)
    whole = page.learn(lines, SETTINGS)
    for seed in (1, 2):
        assert page.learn(lines.sample(fraction=1, shuffle=True, seed=seed), SETTINGS).equals(whole)
