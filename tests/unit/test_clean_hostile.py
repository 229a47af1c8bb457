"""Pages made to cost time or memory, or to hide text: bounded in both lanes, and never lost without a word."""

import time

import pytest
from marked import capture

from dedupe.settings import CleanSettings
from flows.clean import Page, Rejected, clean, flat

SENTENCES = [
    f"The harbour board met for the {n}th time and approved the new breakwater after four hours of debate in the hall."
    for n in range(1, 9)
]
BODY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
LANES = ["html", "fast"]
SECONDS = 5.0  # of processor time; each takes well under one, the first of all also builds machine code
KEPT = {
    "tags nested deeper than a parser's stack": "<div>" * 100_000 + BODY + "</div>" * 100_000,
    "tags never closed": "<div><p>" * 50_000 + BODY,
    "inline tags never closed": "<span>" * 100_000 + BODY,
    "closing tags of nothing": "<b><table><td>" + "<i>" * 20_000 + "</b>" * 20_000 + BODY,
    "a million attributes": "<p " + " ".join(f"a{n}=1" for n in range(1_000_000)) + ">x</p>" + BODY,
    "titles never closed": "<title>" * 50_000 + BODY,
    "a comment never closed": "<!-- open " + BODY,
    "a script never closed": BODY + "<script>if (a<b) {" * 10_000,
    "a head never closed": "<head><meta name=x content=y>" + BODY,
    "a quote never closed": BODY + '<p class="x>and so on',
    "entities": BODY + "<p>" + "&amp;&lt;&#8217;&nbsp;&eacute;&unknown; " * 20_000,
    "null bytes": BODY.replace("harbour", "har\x00bour"),
    "authors in authors": BODY + "<div itemprop=author>" * 20_000,
    "tags without an end": BODY + '<a =">"' * 20_000,
}


@pytest.fixture(scope="module", autouse=True)
def machine_code():
    """Built once, so that no test pays for it."""
    for lane in LANES:
        clean(capture(f"<html><body>{BODY}</body></html>", "text/html"), CleanSettings(lane=lane))


@pytest.mark.parametrize("lane", LANES)
@pytest.mark.parametrize("name", sorted(KEPT))
def test_the_text_of_a_hostile_page_is_kept_in_bounded_time(name, lane):
    begin = time.process_time()
    found = clean(capture(f"<html><body>{KEPT[name]}", "text/html"), CleanSettings(lane=lane))
    assert time.process_time() - begin < SECONDS
    assert isinstance(found, Page), found
    main = [found.text[a:b].strip() for a, b, _, hint in found.blocks if hint == "main"]
    assert [line for line in SENTENCES if line not in main] == []
    assert "".join(found.text[a:b] for a, b, _, _ in found.blocks) == found.text


@pytest.mark.parametrize("lane", LANES)
@pytest.mark.parametrize(
    ("html", "outcome", "said"),
    [
        ("<p>" + "one line of a page without an end, " * 300_000, "too_large", "clean.max_text_bytes"),
        ("<b>x</b>" * 260_000, "too_large", "clean.max_tags"),
        ("<p>line</p>" * 40_001, "too_large", "clean.max_blocks"),
        ('<script type="application/ld+json">{"@type":"NewsArticle","headline":"x","articleBody":"%s"}</script>'
         % ("word " * 1_700_000), "too_large", "clean.max_text_bytes"),
        ("<script>var a = 1;" + BODY, "no_article", "no text"),
    ],
)  # fmt: skip
def test_what_is_beyond_a_bound_is_rejected_with_the_setting_that_bounds_it(html, outcome, said, lane):
    begin = time.process_time()
    found = clean(capture(f"<html><body>{html}", "text/html"), CleanSettings(lane=lane))
    assert time.process_time() - begin < SECONDS
    assert isinstance(found, Rejected)
    assert (found.outcome, said in found.reason) == (outcome, True), found.reason


@pytest.mark.parametrize("lane", LANES)
@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><text>A drawing</text></svg>', "no_article"),
        (b"%PDF-1.7\n1 0 obj", "unreadable"),
        (b"\x89PNG\r\n\x1a\n", "unreadable"),
        (bytes(range(256)) * 40, "unreadable"),
        (b"<html><body>\x00\x00</body></html>", "no_article"),
        (b"\x00" * 100, "unreadable"),
    ],
)
def test_what_is_no_page_is_rejected_in_both_lanes(content, outcome, lane):
    found = clean(capture(content, "text/html"), CleanSettings(lane=lane))
    assert isinstance(found, Rejected)
    assert found.outcome == outcome, found.reason


@pytest.mark.parametrize("lane", LANES)
def test_text_from_right_to_left_and_lying_charsets_are_read(lane):
    line = "הממשלה אישרה ביום שלישי את התקציב החדש לאחר דיון ארוך במיוחד בכנסת, ושר האוצר בירך על ההחלטה."
    html = "<html dir=rtl><head><meta charset=iso-8859-1></head><body><article>" + f"<p>{line}</p>" * 2
    html += f"<p>{line[::-1]}</p></article>"
    found = clean(capture(html.encode(), "text/html", charset="windows-1252"), CleanSettings(lane=lane))
    assert isinstance(found, Page), found
    assert found.text.count(line) == 2
    assert found.language == "he"


def test_a_deep_page_is_not_shown_to_a_parser_that_would_cut_it():
    found = clean(capture("<div>" * 300 + BODY, "text/html"), CleanSettings())
    assert isinstance(found, Page)
    assert found.lane == "fast"
    assert flat.read(("<div>" * 300 + BODY).encode()).depth == 301


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>one<p>two<div>three<p>four</div>five", ["one", "two", "three", "four", "five"]),
        ("<ul><li>a<li>b<ul><li>c</ul>d</ul>e", ["a", "b", "c", "d", "e"]),
        ("<table><tr><td>a<td>b<tr><td><p>c</table>d", ["a", "b", "c", "d"]),
        ("a<b>b</b> c<br>d<hr>e", ["ab c", "d", "e"]),
        ("<h2>a</h3>b<a href=x>c<a href=y>d", ["a", "bcd"]),
        ("a<script>b</script>c<style>d</style><noscript><p>e</noscript>f<svg><p>g</svg>h", ["acfh"]),
        ("a &amp; b&nbsp;c &lt;d&gt; &#x2019;&copy2", ["a & b c <d> ’©2"]),
        ("a < b, 3<4 </ b> c", ["a < b, 3<4 c"]),
        ("<P CLASS=X>a</P ><DIV\n>b</DIV\t>", ["a", "b"]),
        ("<custom-tag>a</custom-tag>b<other>c", ["a", "b", "c"]),
        ("a<!-- > b -->c<!doctype html>d<![CDATA[e]]>f<?php g ?>h", ["acdfh"]),
        ("<select><option>a</select><textarea>b</textarea><button>c</button>", ["c"]),
        ("<p>a\u00a0\u2003 b\u3000</p><p>\u00a0&nbsp;</p>", ["a b"]),
    ],
)
def test_lines_are_those_a_browser_shows(html, lines):
    assert flat.read(html.encode()).texts == lines


def test_what_a_page_states_is_found_however_it_is_written():
    page = flat.read(
        b"<!doctype html><HTML LANG=de-AT><head><TITLE>A &amp; B</TITLE><meta content='x > y' NAME=\"Author\" />"
        b"<link rel=stylesheet href=a><link href=/b?c&amp;d rel='canonical'>"
        b'<script>1</script><script type=\'application/ld+json\'>{"a": "</p>"}</script></head>'
        b"<body><div rel=author>By <b>Jane&nbsp;Roe</b></div><time datetime=2026-01-02>x</time>"
    )
    assert page.get("lang") == "de-AT"
    assert [mark.text for mark in page.iter("title")] == ["A & B"]
    assert [(mark.get("name"), mark.get("content")) for mark in page.iter("meta")] == [("Author", "x > y")]
    assert [mark.get("href") for mark in page.iter("link")] == ["/b?c&d"]
    assert [mark.text for mark in page.iter("script")] == ['{"a": "</p>"}']
    assert [mark.text for mark in page.iter("div")] == ["By Jane\u00a0Roe"]
    assert [mark.get("datetime") for mark in page.iter("time")] == ["2026-01-02"]
    assert [mark.get("pubdate") for mark in page.iter("time")] == [None]
