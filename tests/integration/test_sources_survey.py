"""`copydesk gather`, `sources check` and `sources add` against a local site; sources of installed packages."""

import json
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sites import site

from flows import config
from flows.config import ConfigError
from flows.sources import Capture, Reject, plugins
from storage.tables import Store

pytestmark = pytest.mark.server


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[list]:
    site.build(tmp_path)
    with site.serve(tmp_path) as running:
        (tmp_path / "desk.toml").write_text(site.desk(running), encoding="utf-8")
        yield running


def test_gather_stores_what_a_run_then_uses(tmp_path: Path, hosts: list, copydesk):
    words = ("--config", str(tmp_path / "desk.toml"), "--store", str(tmp_path / "store"))
    done = copydesk("gather", *words)
    assert done.returncode == 0, done.stderr
    assert Store.open(tmp_path / "store").scan("captures").collect().height == 30
    assert not (tmp_path / "store" / "published" / "latest").exists()
    before = sum(len(host.requests) for host in hosts)
    again = copydesk("run", *words, "--json")
    assert again.returncode == 0, again.stderr
    assert sum(len(host.requests) for host in hosts) == before + 6, "robots.txt and an unchanged feed each"
    assert json.loads(again.stdout)["articles"] == 30


def test_check_says_what_each_source_gives(tmp_path: Path, hosts: list, copydesk):
    (hosts[1].folder / "feed.xml").write_text("<html><p>moved</p></html>", encoding="utf-8")
    (hosts[2].folder / "robots.txt").write_text("User-agent: *\nDisallow: /*.html\n", encoding="utf-8")
    done = copydesk("sources", "check", "--config", str(tmp_path / "desk.toml"), "--json")
    assert done.returncode == 3, done.stderr
    good, moved, kept = json.loads(done.stdout)
    assert (good["ok"], good["said"], good["entries"], good["sampled"], good["timed"]) == (True, "ok", 10, 3, 1.0)
    assert good["newest"].startswith("2026-03-11")
    assert (good["full_text"], good["disallowed"], good["page_timed"]) == (0.0, 0.0, 0.0)
    assert (moved["ok"], moved["said"]) == (False, "is an HTML page; expected RSS, RDF or Atom")
    assert (kept["ok"], kept["said"], kept["sampled"]) == (False, "robots.txt keeps every page from us", 0)
    shown = copydesk("sources", "check", "--config", str(tmp_path / "desk.toml"))
    assert shown.stdout.splitlines()[1].startswith("FAIL Valley Observer: ")
    assert shown.stdout.splitlines()[0].endswith(
        ": ok; 10 pages, newest 2026-03-11 08:30Z, 100% with a time of day, 0% with the whole text, 0% disallowed; "
        "of 3 fetched 0 no article"
    )


def test_check_names_pages_that_are_no_articles(tmp_path: Path, hosts: list, copydesk):
    for number in range(10):
        (hosts[0].folder / f"{number}.html").write_text(
            "<html><body><script>x</script></body></html>", encoding="utf-8"
        )
    done = copydesk("sources", "check", "--config", str(tmp_path / "desk.toml"), "--json")
    bad = json.loads(done.stdout)[0]
    assert (bad["ok"], len(bad["rejected"])) == (False, 3)


def test_add_finds_the_feeds_a_page_links_to(tmp_path: Path, hosts: list, copydesk):
    head = (
        '<meta property="og:site_name" content="Tide &quot;Table&quot;">'
        '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
        '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments.xml">'
        '<link rel="alternate" type="application/rss+xml" href="/gone.xml">'
    )
    (hosts[0].folder / "home.html").write_text(f"<html><head>{head}</head><body></body></html>", encoding="utf-8")
    desk = tmp_path / "mine.toml"
    desk.write_text("[gather]\nallow_loopback = true\ndelay_s = 0\nbackoff_s = 0.0\n", encoding="utf-8")
    done = copydesk("sources", "add", f"{hosts[0].base}/home.html", "--config", str(desk))
    assert done.returncode == 0, done.stderr
    assert "gone.xml is offered and gives no feed" in done.stderr
    written = tomllib.loads(desk.read_text(encoding="utf-8"))
    feeds = [f"{hosts[0].base}/feed.xml"]
    assert written["outlet"] == [{"name": 'Tide "Table"', "domains": ["127.0.0.1"], "feeds": feeds}]
    assert config.load(desk).outlets[0].feeds == tuple(feeds)
    twice = copydesk("sources", "add", f"{hosts[0].base}/home.html", "--config", str(desk))
    assert (twice.returncode, "already; nothing written" in twice.stderr) == (1, True)


def test_add_finds_a_sitemap_that_robots_txt_names(tmp_path: Path, hosts: list, copydesk):
    (hosts[0].folder / "feed.xml").unlink()
    (hosts[0].folder / "home.html").write_text("<html><body>no links</body></html>", encoding="utf-8")
    (hosts[0].folder / "robots.txt").write_text(f"Sitemap: {hosts[0].base}/map.xml\n", encoding="utf-8")
    (hosts[0].folder / "map.xml").write_text("<urlset><url><loc>{base}/0.html</loc></url></urlset>", encoding="utf-8")
    words = ("--set", "gather.allow_loopback=true", "--set", "gather.delay_s=0", "--set", "gather.backoff_s=0")
    done = copydesk("sources", "add", f"{hosts[0].base}/home.html", "--name", "Tide", *words)
    assert done.returncode == 0, done.stderr
    (found,) = tomllib.loads(done.stdout)["outlet"]
    assert found == {"name": "Tide", "domains": ["127.0.0.1"], "sitemaps": [f"{hosts[0].base}/map.xml"]}
    (hosts[0].folder / "map.xml").unlink()
    none = copydesk("sources", "add", f"{hosts[0].base}/home.html", *words)
    assert (none.returncode, "offers no feed and no sitemap" in none.stderr) == (1, True)


PLUGIN = """
from flows.sources import Capture, capture_id

class Tides:
    def __init__(self, options, *, config, clock):
        self.text, self.clock = options["text"], clock

    def captures(self):
        content = self.text.encode()
        yield Capture(capture_id("Tides", None, "1", "tides:1", content), "tides", "tides:1", "Tides", self.clock(),
                      "text/plain", content, external_id="1", given_title="Tide tables")
        if "bad" in self.text:
            yield 7
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package with one source."""
    folder = tmp_path / "site-packages"
    info = folder / "tides-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "tides_source.py").write_text(PLUGIN, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tides\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[copydesk.sources]\ntides = tides_source:Tides\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


def test_a_package_brings_a_source(tmp_path: Path, package: Path, copydesk, published):
    text = "The tide will be high at noon on Monday, the harbour office said. Boats may leave before three."
    (tmp_path / "desk.toml").write_text(f'[[source]]\nkind = "tides"\ntext = "{text}"\n', encoding="utf-8")
    done = copydesk("run", "--config", str(tmp_path / "desk.toml"), "--store", str(tmp_path / "store"))
    assert done.returncode == 0, done.stderr
    articles = published(tmp_path / "store", "articles")
    assert articles.select("outlet", "title", "text").rows() == [("Tides", "Tide tables", text)]


def test_a_source_that_breaks_off_keeps_what_it_gave(tmp_path: Path, package: Path):
    (tmp_path / "desk.toml").write_text('[[source]]\nkind = "tides"\ntext = "bad"\n', encoding="utf-8")
    found = list(plugins.captures(config.load(tmp_path / "desk.toml"), lambda: datetime(2026, 3, 2, tzinfo=UTC)))
    assert [type(one) for one in found] == [Capture, Reject]
    assert found[1].outcome == "source_failed"
    assert "gave a int" in found[1].reason


def test_a_kind_nobody_brings_names_the_nearest(tmp_path: Path, package: Path):
    (tmp_path / "desk.toml").write_text('[[source]]\nkind = "tide"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="did you mean 'tides'"):
        plugins.load(config.load(tmp_path / "desk.toml"), lambda: datetime(2026, 3, 2, tzinfo=UTC))
    (tmp_path / "desk.toml").write_text('[[source]]\ntext = "x"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="has no kind"):
        config.load(tmp_path / "desk.toml")
