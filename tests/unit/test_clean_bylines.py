"""Who wrote an article and when it appeared, where a page says it in one of many ways."""

import datetime as dt

import pytest
from marked import read

from flows.clean import bylines

LONG = [
    "The harbour board approved the new breakwater on Tuesday after four hours of debate in a crowded hall.",
    "Engineers expect the work to take two summers, and to cost about 14 million euros before storm repairs.",
    "Fishermen had asked for a wider entrance, which the board said it would study again once the wall stands.",
]
OUTLET = '{"@type": "Organization", "name": "Harbour News"}'


def page(*, head="", above="", first="", last="", below="", author=OUTLET, day=', "datePublished": "2026-05-03"'):
    linked = f'{{"@type": "NewsArticle", "headline": "Board approves breakwater", "author": {author}{day}}}'
    text = "".join(f"<p>{one}</p>" for one in LONG)
    html = (
        '<html lang="en"><head><meta property="og:site_name" content="Harbour News">'
        f'<script type="application/ld+json">{linked}</script>{head}</head><body><main><article>'
        f"<h1>Board approves breakwater</h1>{above}{first}{text}{last}</article></main>{below}</body></html>"
    )
    return read(html, "text/html")[0]


@pytest.mark.parametrize(
    ("where", "byline"),
    [
        ({"head": '<meta name="cXenseParse:author" content="Ann Poe">'}, "Ann Poe"),
        ({"head": '<meta name="article_author" content="Ann Poe, Bo Li">'}, "Ann Poe; Bo Li"),
        ({"above": '<p><span itemprop="author"><span itemprop="name">Ann Poe</span></span></p>'}, "Ann Poe"),
        ({"above": '<p><a rel="nofollow author" href="/ann">Ann Poe</a></p>'}, "Ann Poe"),
        ({"above": "<p>By Ann Poe</p>"}, "Ann Poe"),
        ({"first": "<p><strong>Ann Poe/Bo Li</strong></p>"}, "Ann Poe; Bo Li"),
        ({"last": '<p style="text-align:right"><strong>Ann Poe</strong></p>'}, "Ann Poe"),
        ({"below": "<ul><li><b>Author</b> Ann Poe</li></ul>"}, "Ann Poe"),
        ({"first": "<p><strong>What the board said</strong></p>"}, "Harbour News"),
        ({"author": '{"@type": "Person", "name": "HN"}', "above": "<p>By Ann Poe</p>"}, "Ann Poe"),
        ({"author": '"Jane Roe"', "above": "<p>By Ann Poe</p>"}, "Jane Roe"),
        ({"author": "[]", "above": "<p>By Reuters, in Ports</p>"}, "Reuters"),
        ({"author": '"Jane Roe, Professor of the law of the sea at Port University, news.example"'}, "Jane Roe"),
        (
            {
                "author": "[]",
                "head": '<meta name="twitter:label1" content="Autor"><meta name="twitter:data1" content="Bo Li">',
            },
            "Bo Li",
        ),
        (
            {
                "author": "[]",
                "head": '<meta name="twitter:label1" content="Lesedauer"><meta name="twitter:data1" content="3 min">',
            },
            None,
        ),
    ],
)
def test_a_person_is_found_before_the_outlet_names_itself(where, byline):
    assert page(**where).byline == byline


@pytest.mark.parametrize(
    "name", ["article:published_time", "article:published:time", "articlePublishedTime", "Article_Published_Time"]
)
def test_a_meta_name_is_known_in_any_spelling(name):
    found = page(head=f'<meta name="{name}" content="2026-05-03T09:05:30Z">')
    assert found.published_at == dt.datetime(2026, 5, 3, 9, 5, 30, tzinfo=dt.UTC)
    assert found.published_precision == "instant"


def test_a_labelled_date_beats_the_date_of_a_caption():
    caption = "<p>The old breakwater, 24 April 2026</p>"
    found = page(above=caption, below="<ul><li>Date 3 May 2026</li></ul><p>1 May 2026</p>", day="")
    assert found.published_at == dt.datetime(2026, 5, 3, tzinfo=dt.UTC)


def test_the_date_line_under_the_title_beats_a_labelled_one_elsewhere():
    found = page(above="<p>3 May 2026</p>", below="<ul><li>Date 9 May 2026</li></ul>", day="")
    assert found.published_at == dt.datetime(2026, 5, 3, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Jane Roe and John Doe, Jr.", ["Jane Roe", "John Doe, Jr"]),
        ("Jane Roe/John Doe", ["Jane Roe", "John Doe"]),
        ("dpa/jr", ["dpa/jr"]),
        ("srf/hosb;kesm", ["srf/hosb", "kesm"]),
        ("Jane Roe, AP", ["Jane Roe", "AP"]),
        ("https://news.example/authors/1", []),
    ],
)
def test_names_are_split_and_addresses_are_no_names(text, names):
    assert bylines.split_names(text) == names


@pytest.mark.parametrize(
    ("name", "sites", "is_outlet"),
    [
        ("Harbour News", ["The Harbour News"], True),
        ("HN", ["Harbour News"], True),
        ("Harbour News", ["hn.example"], True),
        ("news.example", [], True),
        ("Jane Roe", ["Harbour News"], False),
        ("Reuters", ["Harbour News"], False),
    ],
)
def test_an_outlet_is_known_by_its_names_and_initials(name, sites, is_outlet):
    assert bylines.is_outlet(name, sites) is is_outlet
