"""Reservations against text and data mining: where they may stand, and which of them counts."""

import json

import pytest

from flows.sources import tdm

POLICY = "https://example.org/policy.json"
FILE = json.dumps([
    {"location": "/free/*", "tdm-reservation": 0},
    {"location": "/*.html$", "tdm-reservation": "1", "tdm-policy": POLICY},
    {"location": "/other", "tdm-reservation": 7},
    "nonsense",
]).encode()  # fmt: skip


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/free/a.html", tdm.Reservation(reserved=False)),
        ("/news/a.html", tdm.Reservation(reserved=True, policy=POLICY)),
        ("/news/a.html?x=1", None),
        ("/other", None),
    ],
)
def test_the_first_rule_of_the_host_that_matches_counts(path, said):
    assert tdm.of_host(tdm.parse(FILE), f"https://example.org{path}") == said


@pytest.mark.parametrize("content", [b"", b"<html>", b"[[[[", b"7", b"[" * 100_000, b'{"location": 1}'])
def test_a_broken_file_reserves_nothing(content):
    assert tdm.parse(content) == ()


@pytest.mark.parametrize(
    ("headers", "page", "said"),
    [
        ({}, b"<p>", None),
        ({"tdm-reservation": "1", "tdm-policy": POLICY}, b"<p>", tdm.Reservation(reserved=True, policy=POLICY)),
        ({"tdm-reservation": "1"}, b'<meta name="tdm-reservation" content="0">', tdm.Reservation(reserved=False)),
        ({}, b"<meta content=1 name='TDM-Reservation'>", tdm.Reservation(reserved=True)),
        ({"tdm-reservation": "maybe"}, b'<meta name="other" content="1">', None),
    ],
)
def test_the_page_counts_before_its_headers(headers, page, said):
    assert tdm.of_answer(headers, page) == said
