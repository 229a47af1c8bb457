"""Feeds: what they name, in whichever form, encoding and state they come; and the times they give."""

import contextlib
import gzip
import json
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.config import Outlet
from flows.sources import addresses, dates, feeds, fulltext

BASE = "https://example.org/feeds/main.xml"
AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


def rss(items: str, head: str = '<?xml version="1.0"?>') -> bytes:
    return f'{head}<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'.encode()


def only(content: bytes, charset: str | None = None) -> feeds.Entry:
    (entry,) = feeds.parse(content, BASE, charset).entries
    return entry


def test_rss():
    entry = only(
        rss(
            "<language>en-gb</language><item><title>A &amp;amp; B &lt;b&gt;now&lt;/b&gt;</title>"
            "<link> ../a.html </link>"
            "<guid isPermaLink='false'>17</guid><author>desk@example.org (Ann Ex)</author>"
            "<pubDate>Mon, 02 Mar 2026 09:30:00 +0100</pubDate></item>"
        )
    )
    assert entry == feeds.Entry("https://example.org/a.html", "17", "A & B now", "Ann Ex", "en-gb", AT, "instant")


def test_atom():
    entry = only(
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="/news/"><entry><id>tag:1</id>'
        b'<title type="html">Gr&amp;uuml;n</title><link rel="self" href="s"/><link rel="alternate" href="a.html"/>'
        b"<author><name>Ann</name></author><author><name>Bob</name></author>"
        b"<updated>2026-03-02T09:00:00Z</updated><published>2026-03-02T08:30:00Z</published></entry></feed>"
    )
    changed = AT + timedelta(minutes=30)
    assert entry == feeds.Entry(
        "https://example.org/news/a.html", "tag:1", "Grün", "Ann; Bob", "de", AT, "instant", changed
    )


def test_rdf_and_sitemap():
    entry = only(
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        b'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/><item><title>R</title><link>http://x.org/r</link>'
        b"<dc:creator>Cy</dc:creator><dc:date>2026-03-02</dc:date></item></rdf:RDF>"
    )
    assert (entry.url, entry.byline, entry.precision) == ("http://x.org/r", "Cy", "day")
    entry = only(
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">'
        b"<url><loc>http://x.org/s</loc><lastmod>2026-05-05</lastmod><n:news><n:publication><n:name>X</n:name>"
        b"<n:language>en</n:language></n:publication><n:publication_date>2026-03-02T08:30:00Z</n:publication_date>"
        b"<n:title>S</n:title></n:news></url></urlset>"
    )
    assert (entry.url, entry.title, entry.language, entry.published_at) == ("http://x.org/s", "S", "en", AT)


def test_json_feed():
    authors = [{"name": "Ann"}, {"name": "Bob"}, 4]
    one = {"id": "1", "url": "/a", "title": "A\n b", "date_published": "2026-03-02T08:30:00Z", "authors": authors}
    two = {"id": 2, "url": 5, "title": None, "author": {"name": "Cy"}}
    document = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "language": "en", "items": [3, one, two]}
    feed = feeds.parse(json.dumps(document).encode(), BASE)
    assert feed.entries[0] == feeds.Entry("https://example.org/a", "1", "A b", "Ann; Bob", "en", AT, "instant")
    assert feed.entries[1].byline == "Cy"
    assert len(feed.entries) == 2


@pytest.mark.parametrize("label", ["punycode", "unicode_escape", "utf-7", "rot13", "no-such"])
def test_labels_that_are_no_charset_are_passed_over(label: str):
    text = f'<?xml version="1.0" encoding="{label}"?><rss><channel><item><title>Gr\xfcn</title></item></channel></rss>'
    assert only(text.encode("cp1252"), "cp1252").title == "Gr\xfcn"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig", "cp1252", "shift_jis", "iso-2022-jp", "koi8-r"])
def test_encodings(encoding: str):
    title = {"shift_jis": "日本語の記事", "iso-2022-jp": "日本語の記事", "koi8-r": "Новости дня"}.get(
        encoding, "Größe & Naïve Œuvre"
    )
    text = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?><rss><channel><item><title>{title.replace("&", "&amp;")}</title><link>http://x/</link></item></channel></rss>'  # noqa: E501
    assert only(text.encode(encoding)).title == title


def test_a_declaration_that_lies():
    item = "<item><title>Größe</title><link>http://x/</link></item>"
    lying = f'<?xml version="1.0" encoding="us-ascii"?><rss><channel>{item}</channel></rss>'
    assert only(lying.encode(), "iso-8859-1").title == "Größe"
    undeclared = f"<rss><channel>{item * 3}</channel></rss>".encode("latin-1")
    assert feeds.parse(undeclared, BASE, "latin-1").entries[0].title == "Größe"


@pytest.mark.parametrize(
    "item",
    [
        "<item><title>Q & A</title><link>http://x/?a=1&b=2</link></item>",
        "<item><title>Q &nbsp;&amp; A</title><link>http://x/?a=1&amp;b=2</link></item>",
        "<item><title>Q & A\x0c</title><link>http://x/?a=1&b=2</link><media:thumb/></item>",
        "<item><title>Q &amp; A</title><link>http://x/?a=1&amp;b=2</link></item><item><title>cut of",
    ],
)
def test_damage_is_repaired(item: str):
    feed = feeds.parse(rss(item).removesuffix(b"</channel></rss>") if "cut" in item else rss(item), BASE)
    assert feed.entries[0].url == "http://x/?a=1&b=2"
    assert feed.entries[0].title == "Q & A"


def test_leading_rubbish_is_passed_over():
    assert only(b"\r\n  warning: line 3\n" + rss("<item><link>http://x/</link></item>")).url == "http://x/"


def test_entities_are_neither_expanded_nor_fetched(tmp_path):
    (tmp_path / "secret").write_text("SECRET", encoding="utf-8")
    bomb = "<!DOCTYPE r [<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
    )
    bomb += f"<!ENTITY x SYSTEM 'file://{tmp_path}/secret'>]>"
    feed = feeds.parse(rss("<item><title>&j;&x;</title><link>http://x/</link></item>", head=bomb), BASE)
    assert "SECRET" not in str(feed)
    assert len(str(feed)) < 1_000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "is an HTML page"),
        (b'{"version": "1"}', "is JSON, and no JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1"', "cut or broken"),
        (b"hello", "begins with 'hello'"),
        (b"<opml><body/></opml>", "whose root is <opml>"),
        (b"\x00\x01\x02\x03", "expected RSS"),
    ],
)
def test_what_is_no_feed(content: bytes, said: str):
    with pytest.raises(feeds.FeedError, match=said):
        feeds.parse(content, BASE)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_feed_or_a_feed_error(noise: bytes):
    for content in (
        noise,
        b"<rss><channel><item><link>http://x/</link><title>" + noise + b"</title></item></channel></rss>",
    ):
        try:
            feed = feeds.parse(content, BASE)
        except feeds.FeedError:
            continue
        for entry in feed.entries:
            assert entry.url is None or entry.url.startswith(("http://", "https://"))
            (entry.title or "").encode()


def test_a_page_is_named_once_and_pictures_do_not_count():
    item = "<item><link>http://x/a</link><m:title xmlns:m='http://search.yahoo.com/mrss/'>picture</m:title><title>A</title></item>"
    feed = feeds.parse(rss(item * 3 + "<item><title>no link</title></item>"), BASE)
    assert len(feed.entries) == 4
    assert [entry.title for entry in feeds.addresses(feed)] == ["A"]


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("HTTP://User:pw@EXAMPLE.org:80/a?utm_source=x&b=1&fbclid=2#top", "http://example.org/a?b=1"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org:444/a?q=%C3%A9&q=", "https://example.org:444/a?q=%C3%A9&q="),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("ftp://example.org/a", None),
        ("http://", None),
        ("http://example.org:port/", None),
        ("javascript:alert(1)", None),
    ],
)
def test_one_spelling_for_each_page(url: str, wanted: str | None):
    assert addresses.canonical(url) == wanted
    assert wanted is None or addresses.canonical(wanted) == wanted


def test_a_page_belongs_to_the_outlet_of_its_domain():
    wire, paper = Outlet("Wire", domains=("wire.example",)), Outlet("Paper", domains=("www.example",))
    outlets = (wire, paper)
    assert addresses.outlet_of("http://www.wire.example/a", paper, outlets) == "Wire"
    assert addresses.outlet_of("http://sub.example/a", wire, outlets) == "Paper"
    assert addresses.outlet_of("http://notwire.example2/a", paper, outlets) == "Paper"


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("2026-03-02T08:30:00Z", (AT, "instant")),
        ("2026-03-02 08:30", (AT, "instant")),
        ("2026-03-02T09:30:00.000+01:00", (AT, "instant")),
        ("20260302T083000Z", (AT, "instant")),
        ("Mon, 02 Mar 2026 08:30:00 GMT", (AT, "instant")),
        ("Mon,2 Mar 2026 17:30:00 GMT+9", (AT, "instant")),
        ("02 Mar 26 03:30 EST", (AT, "instant")),
        ("2026-03-02", (AT.replace(hour=0, minute=0), "day")),
        ("2026-03-02T00:00:00", (AT.replace(hour=0, minute=0), "day")),
        (AT.date(), (AT.replace(hour=0, minute=0), "day")),
        (AT.astimezone(timezone(timedelta(hours=5))), (AT, "instant")),
        (AT.timestamp(), (AT, "instant")),
        (int(AT.timestamp() * 1000), (AT, "instant")),
        ("yesterday", (None, "none")),
        ("2026-02-30", (None, "none")),
        ("0001-01-01T00:00:00Z", (None, "none")),
        ("9999-12-31", (None, "none")),
        (datetime(9999, 12, 31, 23, tzinfo=UTC), (None, "none")),
        ("1815-06-18", (datetime(1815, 6, 18, tzinfo=UTC), "day")),
        ("", (None, "none")),
        (None, (None, "none")),
        (True, (None, "none")),
        (float("inf"), (None, "none")),
    ],
)
def test_times(value: object, wanted: tuple[datetime | None, str]):
    assert dates.read(value) == wanted


@given(st.one_of(st.text(max_size=30), st.datetimes(), st.dates(), st.floats(), st.integers()))
def test_every_value_is_a_time_or_none(value: object):
    at, precision = dates.read(value)
    assert (at is None) == (precision == "none")
    assert at is None or at.utcoffset() == timedelta(0)


def test_hostile_documents_take_no_longer_than_others():
    begun = time.process_time()
    for noise in ("<!DOCTYPE a [", "<!--", "&", "&#x00", "<a ", "<![CDATA[", "&lt;b "):
        text = "<rss><channel><item><link>http://x/</link><title>" + noise * (300_000 // len(noise))
        with contextlib.suppress(feeds.FeedError):
            feeds.parse(text.encode(), BASE)
        with contextlib.suppress(feeds.FeedError):
            feeds.parse((noise * (300_000 // len(noise))).encode(), BASE)
    assert time.process_time() - begun < 30  # it takes one; a search that is quadratic takes hours


def test_real_feeds(shared: Path):
    undated = {"real-cnn.rss": 17, "rdf_UTF8.xml": 60}  # they give no time; feedparser finds none either
    paths = sorted((shared / "data" / "feeds").glob("m*/*"))
    assert len(paths) == 10
    for path in paths:
        feed = feeds.parse(path.read_bytes(), BASE)
        found = list(feeds.addresses(feed))
        assert found, path.name
        assert all(entry.title for entry in found), path.name
        assert sum(entry.published_at is None for entry in found) == undated.get(path.name, 0)
        assert not feed.damaged


def test_broken_addresses_are_passed_over():
    for address in ("http://[", "//[::1", "http://x:y/", "\u0000"):
        feed = feeds.parse(rss(f"<item><link>{address}</link><guid>{address}</guid></item>"), BASE)
        assert all(addresses.canonical(entry.url or "") is None for entry in feed.entries if entry.url != BASE)
        atom = f'<feed xml:base="{address}"><entry xml:base="{address}"><link href="{address}"/></entry></feed>'
        assert len(feeds.parse(atom.encode(), BASE).entries) == 1


LONG = "".join(
    f"<p>Paragraph {n} of the story tells what the board said about the wall, and why.</p>" for n in range(20)
)


def test_a_sitemap_index_names_sitemaps_the_last_changed_first():
    index = (
        b'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>/a.xml</loc></sitemap>'
        b"<sitemap><loc>/b.xml</loc><lastmod>2026-03-01</lastmod></sitemap>"
        b"<sitemap><loc>/c.xml.gz</loc><lastmod>2026-03-02T08:30:00Z</lastmod></sitemap></sitemapindex>"
    )
    feed = feeds.parse(index, BASE)
    assert [address for address, _ in feed.maps] == [
        f"https://example.org/{name}" for name in ("c.xml.gz", "b.xml", "a.xml")
    ]
    assert feed.maps[0][1] == AT
    assert not feed.entries


def test_sitemaps_come_packed_and_as_plain_text_and_newest_first():
    urls = b"".join(
        b"<url><loc>/%d</loc><lastmod>2026-03-0%dT00:30:00Z</lastmod></url>" % (day, day) for day in (1, 3, 2)
    )
    feed = feeds.parse(gzip.compress(b"<urlset>" + urls + b"</urlset>"), BASE)
    assert [entry.url for entry in feed.entries] == [f"https://example.org/{day}" for day in (3, 2, 1)]
    assert feed.sitemap
    assert {entry.published_at for entry in feed.entries} == {None}, "a last change is no publication"
    listed = feeds.parse(b"https://example.org/a\nhttps://example.org/b\r\n\nno address\n", BASE)
    assert [entry.url for entry in listed.entries] == ["https://example.org/a", "https://example.org/b"]
    bomb = gzip.compress(b" " * (feeds.UNPACKED + 1))
    for packed in (bomb, bomb[:20] + b"broken"):
        with pytest.raises(feeds.FeedError):
            feeds.parse(packed, BASE)


@pytest.mark.parametrize(
    ("body", "text", "whole"),
    [
        (LONG, "auto", True),
        (LONG, "page", False),
        (LONG[:300], "auto", False),
        (LONG + "<p>Continue reading</p>", "auto", False),
        (LONG + "<p>Der Rest … weiterlesen »</p>", "auto", False),
        (LONG + "<p>The board then […]</p>", "auto", False),
        (LONG + "<p>The board then</p>", "auto", False),
        ("x" * 3000, "auto", False),
        ("<p>Short, but all there is.</p>", "feed", True),
        ("<p> </p>", "feed", False),
    ],
)
def test_a_text_is_taken_from_the_feed_where_it_is_whole(body: str, text: str, whole: bool):
    entry = feeds.Entry("https://example.org/a", "1", "A & B", None, "en", AT, "instant", None, body)
    found = fulltext.whole(entry, Outlet("X", text=text), 1000)
    assert (found is not None) is whole
    assert found is None or (body in found and "<h1>A &amp; B</h1>" in found)


def test_the_text_of_an_entry_in_every_format():
    item = "<item><link>http://x.org/r</link><source url='http://w.org/f'>Wire</source><encoded>&lt;p&gt;T&lt;/p&gt;</encoded></item>"
    found = only(rss(item))
    assert (found.body, found.origin) == ("<p>T</p>", "Wire")
    atom = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="%s"%s</content></entry></feed>'
    assert only(atom % (b"html", b">&lt;p&gt;T&lt;/p&gt;")).body == "<p>T</p>"
    assert only(atom % (b"text", b">a &lt; b\nc")).body == "<p>a &lt; b</p><p>c</p>"
    assert "<b>T</b>" in (
        only(atom % (b"xhtml", b'><div xmlns="http://www.w3.org/1999/xhtml"><b>T</b></div>')).body or ""
    )
    assert only(atom % (b"html", b' src="/b">')).body is None
    document = {"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/a", "content_text": "a\nb"}]}
    assert feeds.parse(json.dumps(document).encode(), BASE).entries[0].body == "<p>a</p><p>b</p>"
