"""robots.txt as RFC 9309 wants it read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.sources import robots

RFC_EXAMPLE = b"""
User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
"""


@pytest.mark.parametrize(
    ("agent", "path", "allowed"),
    [
        ("copydesk", "/publications/x", True),
        ("copydesk", "/example/page.html", False),
        ("copydesk", "/a/b.gif", False),
        ("copydesk", "/a/b.gif?x=1", True),
        ("foobot", "/example/page.html", True),
        ("FooBot", "/elsewhere", False),
        ("barbot", "/example/page.html", False),
        ("bazbot", "/example/page.html", False),
        ("bazbot", "/example/", True),
        ("quxbot", "/example/page.html", True),
        ("foobot", "/robots.txt", True),
    ],
)
def test_the_example_of_the_rfc(agent: str, path: str, allowed: bool):
    assert robots.parse(RFC_EXAMPLE, agent).allows(f"https://example.com{path}") is allowed


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /a\nAllow: /a/b", "/a/b/c", True),  # the longest wins
        ("Disallow: /a\nAllow: /a", "/a", True),  # allow wins a tie
        ("Disallow: /a/*/z$", "/a/b/c/z", False),
        ("Disallow: /a/*/z$", "/a/b/c/zz", True),
        ("Disallow: /*?", "/a?b", False),
        ("Disallow: /*?", "/a", True),
        ("Disallow: /foo/bar%3Cbaz", "/foo/bar<baz", False),
        ("Disallow: /caf\u00e9", "/caf%C3%A9/menu", False),
        ("Disallow: /%7Ejoe", "/~joe/x", False),
        ("Disallow:", "/anything", True),
        ("Disallow: /a # secret", "/a", False),
        ("disALLOW : /a", "/a", False),
        ("Disallow: /a$b", "/a$b", False),
        ("<html><body>Not found</body></html>", "/a", True),
    ],
)
def test_rules(rules: str, path: str, allowed: bool):
    found = robots.parse(f"User-agent: *\n{rules}\n".encode(), "copydesk")
    assert found.allows(f"https://example.com{path}") is allowed


def test_groups_of_one_agent_are_joined_and_the_star_is_for_the_others():
    text = (
        b"User-agent: copydesk\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n\nUser-agent: CopyDesk/2\nDisallow: /c\n"
    )
    found = robots.parse(text, "copydesk")
    assert [found.allows(f"http://x{path}") for path in ("/a", "/b", "/c")] == [False, True, False]


def test_delay_and_sitemaps():
    text = b"\xef\xbb\xbfUser-agent: *\r\nCrawl-delay: 2.5\r\nSitemap: https://x/s.xml\r\nCrawl-delay: soon\r\n"
    found = robots.parse(text, "copydesk")
    assert found.crawl_delay_s == 2.5
    assert found.sitemaps == ("https://x/s.xml",)
    assert robots.parse(b"User-agent: other\nCrawl-delay: 9\n", "copydesk").crawl_delay_s is None


def test_what_lies_beyond_the_limit_is_not_read():
    text = b"User-agent: *\n" + b"#" * robots.LIMIT + b"\nDisallow: /\n"
    assert robots.parse(text, "copydesk").allows("http://x/a")


@given(st.binary(max_size=300), st.text(max_size=30))
def test_nothing_breaks_it(content: bytes, path: str):
    robots.parse(b"User-agent: *\n" + content, "copydesk").allows(f"http://x/{path.replace('[', '').replace(']', '')}")


@given(st.text("ab*", max_size=8), st.text("ab", max_size=8), st.booleans())
def test_patterns_match_as_the_regular_expression_would(pattern: str, path: str, end: bool):
    import re

    wanted = re.match("/" + ".*".join(map(re.escape, pattern.split("*"))) + ("$" if end else ""), f"/{path}")
    found = robots.parse(f"User-agent: *\nDisallow: /{pattern}{'$' if end else ''}\n".encode(), "copydesk")
    assert found.allows(f"http://x/{path}") is (wanted is None)
