"""From local feeds to published unique facts, with one page failing: the command as a user runs it, twice."""

from pathlib import Path

import polars as pl
import pytest
from sites import site

pytestmark = pytest.mark.server


def test_local_feeds_to_unique_facts(tmp_path: Path, copydesk, published):
    site.build(tmp_path)
    site.name_in_feed(tmp_path, 1, "/broken.html")
    store = tmp_path / "store"
    with site.serve(tmp_path) as hosts:
        (tmp_path / "desk.toml").write_text(site.desk(hosts), encoding="utf-8")
        words = ("run", "--config", str(tmp_path / "desk.toml"), "--store", str(store))
        first = copydesk(*words)
        assert first.returncode == 3, first.stderr
        latest = (store / "published" / "latest").resolve()
        asked = sum(len(host.requests) for host in hosts)
        second = copydesk(*words)
        assert second.returncode == 3, second.stderr
        pages = [path for host in hosts for path, _ in host.requests if path.endswith(".html")]
        assert (
            sum(len(host.requests) for host in hosts) == asked + 3 * len(("robots", "feed")) + 1 + 3
        )  # tdmrep, 3 tries
        assert len([path for path in pages if path != "/broken.html"]) == 30
    assert (store / "published" / "latest").resolve() == latest

    articles = published(store, "articles")
    assert articles.height == 30
    assert set(articles["outlet"]) == set(site.OUTLETS)
    assert set(articles["published_precision"]) == {"instant"}
    stories = published(store, "stories").group_by("story_id").agg(pl.col("outlet").n_unique(), pl.len())
    assert stories.select("outlet", "len").rows() == [(3, 3)] * 10
    alone = published(store, "unique_facts").group_by("outlet").len()
    assert set(alone["outlet"]) == set(site.OUTLETS)
    assert published(store, "rejects").select("outcome", "url").rows() == [("http_500", f"{hosts[1].base}/broken.html")]
