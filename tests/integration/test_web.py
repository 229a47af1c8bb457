"""Gathering from a local web site of three outlets: everything once, nothing forbidden, faults as rows."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sites import site

from dedupe.settings import CleanSettings
from flows import config, sources
from flows.clean import Page, clean
from flows.sources import Capture, Reject, Visit, web
from flows.sources.gathering import Asked, Taken
from storage.tables import Store

NOW = datetime(2026, 3, 20, 8, 30, tzinfo=UTC)
Item = Capture | Reject | Visit
pytestmark = pytest.mark.server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    site.build(tmp_path)
    return tmp_path


@pytest.fixture
def hosts(folder: Path) -> Iterator[list]:
    with site.serve(folder) as running:
        yield running


def gather(
    folder: Path, hosts: list, asked: Asked | None = None, lines: list[str] | None = None, **bounds: object
) -> list[Item]:
    desk = folder / "desk.toml"
    desk.write_text(site.desk(hosts, **bounds), encoding="utf-8")
    told: list[str] = [] if lines is None else lines
    return list(web.gather(config.load(desk), clock=lambda: NOW, asked=asked, notice=told.append))


def remembered(items: list[Item]) -> Asked:
    pages = {one.url: Taken(NOW, one.etag) for one in items if isinstance(one, Capture) and one.url}
    return Asked(pages, {one.url: (one.etag, one.last_modified) for one in items if isinstance(one, Visit)})


def paths(items: list[Item]) -> list[str]:
    return sorted((one.url or "").partition("/")[2].partition("/")[2] for one in items if isinstance(one, Capture))


def outcomes(items: list[Item]) -> dict[str, str]:
    return {"/" + (one.url or "").rsplit("/", 1)[1]: one.outcome for one in items if isinstance(one, Reject)}


def test_thirty_pages_once_and_then_nothing_again(folder: Path, hosts: list):
    lines: list[str] = []
    first = gather(folder, hosts, lines=lines)
    found = [one for one in first if isinstance(one, Capture)]
    assert len(found) == 30
    assert len({one.capture_id for one in found}) == 30
    assert {one.outlet for one in found} == set(site.OUTLETS)
    assert not [one for one in first if isinstance(one, Reject)]
    assert "outlet North Wire: 10 page(s) taken" in lines
    one = next(one for one in found if one.url == f"{hosts[1].base}/3.html")
    assert one.content == (hosts[1].folder / "3.html").read_bytes()
    assert (one.given_title, one.given_source, one.charset) == (
        "Osterby grain harvest closed after late frost",
        "feed",
        "utf-8",
    )
    assert (one.given_published_at, one.given_precision) == (datetime(2026, 3, 5, 9, 30, tzinfo=UTC), "instant")
    assert one.etag
    assert all(host.agents == {next(iter(host.agents))} for host in hosts)
    assert "(+tests@example.org)" in next(iter(hosts[0].agents))

    before = [len(host.requests) for host in hosts]
    again = gather(folder, hosts, remembered(first), lines=lines)
    assert again == []
    for host, count in zip(hosts, before, strict=True):
        assert host.requests[count:] == [("/robots.txt", 200), ("/feed.xml", 304)]
    assert "outlet North Wire: 1 unchanged feed(s)" in lines


def test_what_fails_is_a_row_and_is_asked_for_again(folder: Path, hosts: list):
    site.name_in_feed(folder, 1, "/broken.html", "/private/secret.html")
    first = gather(folder, hosts)
    assert len([one for one in first if isinstance(one, Capture)]) == 30
    assert outcomes(first) == {"/broken.html": "http_500", "/secret.html": "robots_disallowed"}
    assert hosts[1].asked("/private/secret.html") == 0
    assert {one.outlet for one in first if isinstance(one, Visit)} == {site.OUTLETS[0], site.OUTLETS[2]}
    count = len(hosts[1].requests)
    again = gather(folder, hosts, remembered(first))
    assert outcomes(again) == outcomes(first)
    asked = [path for path, _ in hosts[1].requests[count:]]
    assert asked == ["/robots.txt", "/feed.xml", "/.well-known/tdmrep.json"] + ["/broken.html"] * 3


def test_every_way_to_misbehave(folder: Path, hosts: list):
    bad = [path for path in site._SPECIAL if path != "/later.html"]
    site.name_in_feed(folder, 0, *bad, "/later.html")
    begun = time.monotonic()
    items = gather(folder, hosts, max_page_bytes=100_000, host_failures=20, total_s=3)
    assert time.monotonic() - begun < 30
    assert outcomes(items) == {
        "/broken.html": "http_500",
        "/gone.html": "http_410",
        "/slow.html": "timeout",
        "/huge.html": "too_large",
        "/bomb.html": "too_large",
        "/cut.html": "fetch_failed",
        "/loop.html": "too_many_redirects",
        "/inside.html": "forbidden_address",
        "/paper.html": "not_a_page",
        "/later.html": "http_503",
    }
    found = {one.url: one for one in items if isinstance(one, Capture)}
    assert len(found) == 32
    assert found[f"{hosts[0].base}/zipped.html"].content == b"<p>zipped</p>"
    assert found[f"{hosts[0].base}/zipped.html"].charset == "latin-1"
    assert found[f"{hosts[0].base}/cookie.html"].content == b"none"
    assert f"{hosts[0].base}/moved.html" not in found  # it leads to a page that is there already
    reasons = [one.reason for one in items if isinstance(one, Reject)]
    assert all("\n" not in reason and reason.startswith("http://") for reason in reasons)
    once_more = gather(folder, hosts, max_page_bytes=100_000, host_failures=20, total_s=3)
    assert sorted(reasons) == sorted(one.reason for one in once_more if isinstance(one, Reject))


def test_outlets_that_are_down_or_give_no_feed(folder: Path, hosts: list):
    (hosts[0].folder / "feed.xml").write_text("<html><body>Sign in</body></html>", encoding="utf-8")
    (hosts[1].folder / "feed.xml").unlink()
    desk = folder / "desk.toml"
    nowhere = '[[outlet]]\nname = "Down"\nfeeds = ["http://127.0.0.1:1/feed.xml"]\n'
    desk.write_text(nowhere + site.desk(hosts), encoding="utf-8")
    items = list(web.gather(config.load(desk), clock=lambda: NOW, notice=lambda _: None))
    assert sorted(one.outcome for one in items if isinstance(one, Reject)) == [
        "http_404",
        "not_a_feed",
        "robots_unreachable",
    ]
    assert len(paths(items)) == 10


def test_this_machine_is_not_asked_unless_a_test_says_so(folder: Path, hosts: list):
    items = gather(folder, hosts, allow_loopback="false")
    assert {one.outcome for one in items if isinstance(one, Reject)} == {"forbidden_address"}
    assert "gather.allow_loopback" in next(one.reason for one in items if isinstance(one, Reject))
    assert not any(host.requests for host in hosts)


def test_one_request_at_a_time_and_a_rest_between(folder: Path, hosts: list):
    gather(folder, hosts, delay_s=0.05)
    for host in hosts:
        pauses = [later - earlier for earlier, later in zip(host.times, host.times[1:], strict=False)]
        assert len(pauses) == 12
        assert min(pauses) >= 0.045


def test_a_long_feed_is_taken_run_by_run(folder: Path, hosts: list):
    lines: list[str] = []
    first = gather(folder, hosts, max_entries=4, lines=lines)
    assert len(paths(first)) == 12
    assert not [one for one in first if isinstance(one, Visit)]
    assert any("6 page(s) left for the next run (gather.max_entries)" in line for line in lines)
    second = gather(folder, hosts, remembered(first), max_entries=4)
    third = gather(folder, hosts, remembered(first + second), max_entries=4)
    urls = [one.url for one in first + second + third if isinstance(one, Capture)]
    assert len(urls) == len(set(urls)) == 30
    assert len([one for one in third if isinstance(one, Visit)]) == 3


def test_a_caller_who_stops_listening_stops_the_fetching(folder: Path, hosts: list):
    desk = folder / "desk.toml"
    desk.write_text(site.desk(hosts, delay_s=0.2), encoding="utf-8")
    stream = web.gather(config.load(desk), clock=lambda: NOW, notice=lambda _: None)
    next(stream)
    stream.close()
    count = sum(len(host.requests) for host in hosts)
    assert count < 15
    assert not [thread for thread in threading.enumerate() if thread.name == "copydesk-gather"]


def test_what_a_killed_run_had_stored_is_not_fetched_again(folder: Path, hosts: list):
    desk = folder / "desk.toml"
    desk.write_text(site.desk(hosts), encoding="utf-8")
    store = Store.open(folder / "store")
    for kept in (7, 11, 40):
        stream = web.gather(config.load(desk), clock=lambda: NOW, store=store, notice=lambda _: None)
        taken = [item for item, _ in zip(stream, range(kept), strict=False)]
        stream.close()
        store.append("captures", sources.frame([one for one in taken if isinstance(one, Capture)]), run_id="r")
        store.append("visits", sources.visits([one for one in taken if isinstance(one, Visit)]), run_id="r")
    assert store.scan("captures").collect().height == 30
    assert store.scan("visits").collect().height == 3
    assert list(web.Web(config.load(desk), lambda: NOW, store, lambda _: None).captures()) == []


def write(host: object, name: str, text: str) -> None:
    (host.folder / name).write_text(text, encoding="utf-8")


def test_an_index_of_sitemaps_is_followed_to_what_is_new(folder: Path, hosts: list):
    names = ("new.xml", "old.xml", "undated.xml", "inner.xml")
    days = ("<lastmod>2026-03-19</lastmod>", "<lastmod>2025-01-01</lastmod>", "", "")
    maps = "".join(f"<sitemap><loc>{{base}}/{n}</loc>{d}</sitemap>" for n, d in zip(names, days, strict=True))
    write(hosts[0], "feed.xml", f"<sitemapindex>{maps}</sitemapindex>")
    page = "<url><loc>{base}/%d.html</loc><lastmod>%s</lastmod></url>"
    new = [page % (0, "2026-03-19T10:00:00Z"), page % (1, "2025-12-31T10:00:00Z"), page % (2, "2026-03-18")]
    write(hosts[0], "new.xml", f"<urlset>{''.join(new)}</urlset>")
    write(hosts[0], "undated.xml", "<urlset><url><loc>{base}/3.html</loc></url></urlset>")
    write(hosts[0], "inner.xml", f"<sitemapindex>{maps}</sitemapindex>")
    lines: list[str] = []
    first = gather(folder, hosts[:1], lines=lines)
    assert [one.rsplit("/", 1)[1] for one in paths(first)] == ["0.html", "2.html", "3.html"]
    assert outcomes(first) == {"/inner.xml": "not_a_feed"}
    assert hosts[0].asked("/old.xml") == 0
    assert any("1 page(s) of sitemaps from before 2026-03-13" in line for line in lines)
    assert any("1 sitemap(s) unchanged for 7 days" in line for line in lines)
    write(hosts[0], "new.xml", f"<urlset>{''.join(new)}{page % (4, '2026-03-20T07:00:00Z')}</urlset>")
    again = gather(folder, hosts[:1], remembered(first))
    assert [one.rsplit("/", 1)[1] for one in paths(again)] == ["4.html"], "an index is read anew, its sitemaps too"
    few = gather(folder, hosts[:1], lines=lines, max_sitemaps=1)
    assert len(paths(few)) == 3
    assert any("sitemap(s) left out (gather.max_sitemaps)" in line for line in lines)


def test_a_page_that_its_feed_says_changed_is_asked_for_again(folder: Path, hosts: list):
    entry = (
        "<entry><link href='{base}/%d.html'/><published>2026-03-02T08:00:00Z</published><updated>%s</updated></entry>"
    )
    feed = '<feed xmlns="http://www.w3.org/2005/Atom">%s</feed>'
    write(hosts[0], "feed.xml", feed % "".join(entry % (n, "2026-03-02T09:00:00Z") for n in range(3)))
    first = gather(folder, hosts[:1])
    later = [
        entry % (0, "2026-03-20T09:00:00Z"),
        entry % (1, "2026-03-20T09:00:00Z"),
        entry % (2, "2026-03-19T09:00:00Z"),
    ]
    write(hosts[0], "feed.xml", feed % "".join(later))
    text = (hosts[0].folder / "1.html").read_text(encoding="utf-8")
    write(hosts[0], "1.html", text.replace("on Tuesday", "on Wednesday"))
    lines: list[str] = []
    again = [one for one in gather(folder, hosts[:1], remembered(first), lines) if isinstance(one, Capture)]
    assert [one.locator.rsplit("/", 1)[1] for one in again] == ["1.html"]
    assert b"on Wednesday" in again[0].content
    assert [status for path, status in hosts[0].requests if path == "/0.html"] == [200, 304]
    assert hosts[0].asked("/2.html") == 1, "it changed before it was taken"
    assert any("1 known page(s) that did not change" in line for line in lines)


def test_a_text_that_the_feed_carries_whole_needs_no_page(folder: Path, hosts: list):
    body = "".join(
        f"&lt;p&gt;Paragraph {n} tells at some length what the board decided, and why.&lt;/p&gt;" for n in range(20)
    )
    item = "<item><title>Wall</title><link>{base}/0.html</link><source>Tide</source><encoded>%s</encoded></item>"
    short = "<item><title>Wall 2</title><link>{base}/1.html</link><encoded>Too short.</encoded></item>"
    write(hosts[0], "feed.xml", f"<rss><channel>{item % body}{short}</channel></rss>")
    found = [one for one in gather(folder, hosts[:1]) if isinstance(one, Capture)]
    assert {one.source: one.locator.rsplit("/", 1)[1] for one in found} == {"feed": "0.html", "web": "1.html"}
    assert hosts[0].asked("/0.html") == 0
    (feed,) = (one for one in found if one.source == "feed")
    assert feed.given_origin == "Tide"
    page = clean(feed.row(), CleanSettings())
    assert isinstance(page, Page)
    assert page.title == "Wall"
    assert "Paragraph 19 tells" in page.text
    known = gather(folder, hosts[:1], remembered(found))
    assert not [one for one in known if isinstance(one, Capture)]


def test_reserved_pages_are_refused_or_recorded(folder: Path, hosts: list):
    (hosts[0].folder / ".well-known").mkdir()
    write(hosts[0], ".well-known/tdmrep.json", '[{"location": "/0.html", "tdm-reservation": 1, "tdm-policy": "/p"}]')
    marked = (hosts[0].folder / "1.html").read_text(encoding="utf-8")
    write(hosts[0], "1.html", marked.replace("<head>", '<head><meta name="tdm-reservation" content="1">'))
    first = gather(folder, hosts[:1])
    assert outcomes(first) == {"/0.html": "tdm_reserved", "/1.html": "tdm_reserved"}
    assert hosts[0].asked("/0.html") == 0
    assert len([one for one in first if isinstance(one, Capture)]) == 8
    taken = [one for one in gather(folder, hosts[:1], tdm='"record"') if isinstance(one, Capture)]
    said = {one.locator.rsplit("/", 1)[1]: one.tdm for one in taken if one.tdm}
    assert said == {"0.html": "reserved, policy /p", "1.html": "reserved"}
    assert len(taken) == 10
