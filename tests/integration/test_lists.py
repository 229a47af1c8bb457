"""A list of addresses: every page once, through the same polite gathering as a feed's."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sites import site

from flows.job import Job, run
from storage.publish import read_published
from storage.tables import Store

NOW = datetime(2026, 3, 20, 8, 30, tzinfo=UTC)
pytestmark = pytest.mark.server


def test_the_pages_of_a_list_are_fetched_once_and_by_the_rules(tmp_path: Path):
    site.build(tmp_path)
    with site.serve(tmp_path) as hosts:
        pages = [f"{hosts[0].base}/{path.name}" for path in sorted(tmp_path.rglob("*.html"))][:3]
        desk = tmp_path / "desk.toml"
        desk.write_text(site.desk(hosts), encoding="utf-8")
        listed = tmp_path / "pages.urls"
        lines = ["# a comment", "", *pages, pages[0], f"{hosts[0].base}/private/secret.html", "no address"]
        listed.write_text("\n".join(lines), encoding="utf-8")
        job = Job((listed,), tmp_path / "store", desk)
        run(job, clock=lambda: NOW)
        asked = [path for path, _ in hosts[0].requests]
        run(job, clock=lambda: NOW)
        again = [path for path, _ in hosts[0].requests][len(asked) :]
    captured = Store.open(tmp_path / "store").scan("captures").collect()
    assert sorted(captured["url"]) == sorted(pages)
    assert sorted(path for path in asked if path.endswith(".html")) == sorted(
        url.removeprefix(hosts[0].base) for url in pages
    )
    assert not any(path.endswith((".html", "feed.xml")) for path in again)
    rejects = read_published(tmp_path / "store", "rejects").select("outcome", "reason").sort("outcome").rows()
    assert [outcome for outcome, _ in rejects] == ["bad_line", "robots_disallowed"]
    assert "pages.urls:8 is 'no address'; expected a web address" in rejects[0][1]
