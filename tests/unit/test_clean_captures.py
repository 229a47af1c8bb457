"""Cleaning a capture: lanes, encodings, metadata, and input that is no article."""

import datetime as dt
import time

import pytest
from marked import CLEAN, SETTINGS, body, capture, frame, read

from dedupe import page
from dedupe.settings import CleanSettings
from flows.clean import Page, Rejected, clean, dates, language
from flows.clean.decode import decode

PARAGRAPHS = [
    "The harbour board approved the new breakwater on Tuesday after four hours of debate in a crowded hall.",
    "Engineers expect the work to take two summers, and to cost about 14 million euros before storm repairs.",
    "Fishermen had asked for a wider entrance, which the board said it would study again once the wall stands.",
]
HTML = (
    '<html lang="en-GB"><head><title>Board approves breakwater | Harbour News</title>'
    '<link rel="canonical" href="/news/1"><meta property="og:site_name" content="Harbour News">%s</head><body>'
    '<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><main><article><h1>Board approves breakwater</h1>'
    '<p class="byline">By Jane Roe and John Doe</p><p class="date">3 May 2026, 9:05 am GMT</p>%s</article></main>'
    "<footer><p>Terms of use</p></footer></body></html>"
)
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)


def test_an_html_page_gives_its_parts():
    found, blocks = read(HTML % ("", BODY), "text/html", url="https://news.example/1?utm_source=x")
    assert (found.title, found.byline, found.language) == ("Board approves breakwater", "Jane Roe; John Doe", "en")
    assert found.url == "https://news.example/news/1"
    assert found.published_at == dt.datetime(2026, 5, 3, 9, 5, tzinfo=dt.UTC)
    assert (found.published_precision, found.published_source) == ("instant", "text")
    assert body(blocks) == "\n".join(PARAGRAPHS)
    roles = dict(zip(blocks["text"].str.strip_chars(), blocks["role"], strict=True))
    assert roles["Home Sport"] == "navigation"
    assert roles["By Jane Roe and John Doe"] == "byline"


def test_json_ld_comes_before_meta_and_its_instant_is_kept():
    head = (
        '<script type="application/ld+json">{"@graph": [{"@type": "WebPage"}, {"@type": "NewsArticle", "headline": '
        '"Board approves breakwater", "datePublished": "2026-05-03T09:05:30+02:00", "dateModified": "2026-05-04", '
        '"author": [{"@type": "Person", "name": "Ann Poe"}]}]}</script>'
        '<meta property="article:published_time" content="2026-05-01T00:00:00Z">'
    )
    found, _ = read(HTML % (head, BODY), "text/html")
    assert found.published_at == dt.datetime(2026, 5, 3, 7, 5, 30, tzinfo=dt.UTC)
    assert (found.published_precision, found.published_source, found.byline) == ("instant", "jsonld", "Ann Poe")
    assert found.modified_at == dt.datetime(2026, 5, 4, tzinfo=dt.UTC)


@pytest.mark.parametrize("other", ['{"@type": "Thing"}', '{"@type": "NewsArticle"}', '{"item": {"@graph": [{}]}}'])
def test_an_article_behind_any_number_of_other_objects_is_found(other):
    begun = time.process_time()
    last = '{"@type": "NewsArticle", "headline": "Board approves breakwater", "author": "Ann Poe"}'
    data = f'{{"@graph": [{f"{other}, " * 60_000}{last}]}}'
    found, _ = read(HTML % (f'<script type="application/ld+json">{data}</script>', BODY), "text/html")
    assert found.byline == "Ann Poe"
    assert time.process_time() - begun < 10


def test_a_body_only_in_json_ld_is_captured():
    text = "\\n\\n".join(PARAGRAPHS)
    data = f'{{"@type": "NewsArticle", "headline": "B", "articleBody": "{text}"}}'
    head = f'<script type="application/ld+json">{data}</script>'
    found, blocks = read(HTML % (head, f"<p>{PARAGRAPHS[0]}</p><p>Subscribe to read the full story.</p>"), "text/html")
    assert body(blocks) == "\n".join(PARAGRAPHS)
    assert {tag for _, _, tag, _ in found.blocks} >= {"jsonld"}


def test_the_fast_lane_reads_the_same_small_page():
    page_html = HTML % ("", BODY)
    found = clean(capture(page_html, "text/html"), CleanSettings(lane="fast"))
    assert isinstance(found, Page)
    assert found.lane == "fast"
    assert body(page.mark(frame(found), SETTINGS)) == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    ("content", "media_type", "outcome"),
    [
        (b"", "text/plain", "empty"),
        (b" \n\n ", "text/html", "empty"),
        (b"%PDF-1.7 ...", "text/html", "unreadable"),
        (bytes(range(256)) * 20, "text/plain", "unreadable"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "text/html", "unreadable"),
        (b"x", "application/octet-stream", "unreadable"),
        (b"<html><head><title>x</title></head></html>", "text/html", "no_article"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>", "text/html", "no_article"),
        (b"<html><body>" + b"<div>" * 100_000 + b"<p>deep</p></body></html>", "text/html", "no_article"),
        (
            b"<title>Log in</title><body><form><p>Please sign in to read on.</p></form></body>",
            "text/html",
            "no_article",
        ),
        (
            b"<title>404 Not Found</title><body><h1>Page not found</h1><p>Sorry, we could not find it.</p>",
            "text/html",
            "no_article",
        ),
        (b"a" * 2_000_001, "text/plain", "too_large"),
    ],
)
def test_what_is_no_article_is_rejected_with_one_sentence(content, media_type, outcome):
    found = clean(capture(content, media_type), CleanSettings(max_text_bytes=2_000_000))
    assert isinstance(found, Rejected), found
    assert found.outcome == outcome
    assert len(found.reason) > 20
    assert "\n" not in found.reason


def test_an_index_page_is_no_article():
    cards = "".join(f'<li><a href="/a/{n}"><h3>Story number {n} of the harbour today</h3></a></li>' for n in range(40))
    found = clean(
        capture(
            f"<title>News</title><body><main><ul>{cards}</ul></main></body>", "text/html", url="https://n.example/"
        ),
        CLEAN,
    )
    assert isinstance(found, Rejected)
    assert found.outcome == "no_article"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso-8859-1"])
def test_encodings(encoding):
    text = "Über die Mole\nDie Behörde entschied am Dienstag, dass die Mole für zwei Sommer gesperrt bleibt.\n"
    declared = encoding if encoding in ("cp1252", "iso-8859-1") else None
    found = clean(capture(text.encode(encoding), charset=declared), CLEAN)
    assert isinstance(found, Page)
    assert found.text == text


def test_a_lying_charset_does_not_win_over_bytes_that_are_utf_8():
    assert decode("Grüße — 東京".encode(), "iso-8859-1", markup=False) == ("Grüße — 東京", "utf-8")
    raw = '<meta charset="windows-1251"><p>Новость дня</p>'.encode("cp1251")
    assert decode(raw, None, markup=True)[0].endswith("<p>Новость дня</p>")


def test_line_breaks_of_plain_text_stay_as_they_came():
    text = "\r\n\r\nBoard approves breakwater\r\n" + "\r\n\r\n".join(PARAGRAPHS) + "\r\n"
    found, blocks = read(text)
    assert found.text == text
    assert body(blocks) == "\r\n\r\n".join(PARAGRAPHS)


def test_a_given_title_means_the_text_has_no_title_line():
    found, blocks = read("\n".join(["A short first line", *PARAGRAPHS]), given_title="Board approves breakwater")
    assert found.title == "Board approves breakwater"
    assert body(blocks).startswith("A short first line")


@pytest.mark.parametrize(
    ("line", "day", "precision"),
    [
        ("April 13, 2026", (2026, 4, 13), "day"),
        ("13. April 2026, 14:05 Uhr", (2026, 4, 13), "day"),
        ("Publié le 13 avril 2026 à 14h05", (2026, 4, 13), "day"),
        ("13 de abril de 2026", (2026, 4, 13), "day"),
        ("Pubblicato il 13 aprile 2026", (2026, 4, 13), "day"),
        ("maandag 13 april 2026", (2026, 4, 13), "day"),
        ("Updated: 13 Apr 2026 9:05 am GMT", (2026, 4, 13), "instant"),
        ("2026-04-13", (2026, 4, 13), "day"),
    ],
)
def test_date_lines_in_several_languages(line, day, precision):
    moment = dates.parse_line(line)
    assert moment is not None
    assert (moment.at.year, moment.at.month, moment.at.day) == day
    assert moment.precision == precision


def test_an_ambiguous_or_impossible_date_is_not_guessed():
    assert dates.parse_line("02/03/2004") is None
    assert dates.parse_line("31 February 2026") is None
    assert dates.parse_machine("2026-04-13T00:00:00Z").precision == "day"
    assert dates.parse_machine("Mon, 13 Apr 2026 09:05:00 +0200").at.hour == 7


def test_languages_are_told_or_left_open():
    assert language.guess("La reunión de los ministros en la capital no es un acuerdo para el año que viene.") == "es"
    assert language.guess("Die Mole ist für zwei Sommer nicht zu betreten, und das ist auch gut so.") == "de"
    assert language.guess("港の堤防は火曜日に承認された。") == "ja"
    assert language.guess("Xyzzy plugh") is None


def test_a_tag_with_a_hundred_thousand_attributes_costs_no_minutes():
    attributes = " ".join(f"a{n}=1" for n in range(100_000))
    _, blocks = read(HTML % ("", f"<p {attributes}>{PARAGRAPHS[0]}</p>{BODY[len(PARAGRAPHS[0]) + 7 :]}"), "text/html")
    assert body(blocks) == "\n".join(PARAGRAPHS)
