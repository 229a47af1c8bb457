"""Ids depend on content alone, and tell different content apart."""

import pytest

from storage.ids import content_id, group_id


def test_known_values_never_change():
    # Stored ids must keep their meaning from release to release: a change here breaks every store.
    assert content_id("a", "outlet", "https://example.org/1", "Title", "Text") == "a-0cb8233df5e1dd7dc81c"
    assert content_id("f") == "f-6fa1d8fcfd719046d762"
    assert group_id("s", ["b", "a"]) == "s-79cdb4c35a78d18c3ed4"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (("ab", "c"), ("a", "bc")),
        ((None,), ("",)),
        (("",), ()),
        (("", None), (None, "")),
        (("1:a",), ("a",)),
        (("é",), ("e\u0301",)),
        (("-",), (None,)),
    ],
)
def test_different_parts_have_different_ids(left, right):
    assert content_id("x", *left) != content_id("x", *right)


def test_text_and_its_bytes_are_the_same_content():
    assert content_id("x", "é") == content_id("x", "é".encode())


def test_any_text_has_an_id():
    assert content_id("x", "\ud800 a lone surrogate, as a damaged page may have").startswith("x-")
    assert len(content_id("x", "a" * 10_000_000)) == 22


def test_a_group_is_a_set():
    assert group_id("g", ["b", "a", "b"]) == group_id("g", ["a", "b"])
    assert group_id("g", ["a"]) != group_id("g", ["a", "b"])
    assert group_id("g", iter("ab")) == group_id("g", "ba")
