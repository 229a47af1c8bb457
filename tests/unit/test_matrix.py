"""A story as a matrix in the terminal: every width, many outlets, nothing left out in silence."""

from typing import Any

import pytest

from flows import matrix


def cell(sign: str) -> dict[str, Any]:
    return {"carried": sign in "1x", "first": sign == "1", "omitted": sign == "o", "had_chance": sign != " "}


def story(rows: dict[str, str], outlets: list[str], conflicts: list[dict[str, Any]] = []) -> dict[str, Any]:  # noqa: B006
    """Facts told by a text and one sign an outlet."""
    facts = [
        {
            "fact_id": f"f-{n:020}",
            "text": text,
            "first_basis": "instant",
            "status": "shared" if sum(sign in "1x" for sign in signs) > 1 else "unique",
            "outlets": {outlet: cell(sign) for outlet, sign in zip(outlets, signs, strict=True)},
        }
        for n, (text, signs) in enumerate(rows.items())
    ]
    named = [{"outlet": outlet, "articles": 1, "copies": 0} for outlet in outlets]
    return {"story_id": "s-1", "title": "The harbour closes", "first_at": None, "last_at": None, "cohesion": 0.8,
            "outlets": named, "facts": facts, "conflicts": conflicts}  # fmt: skip


def test_a_matrix_says_who_was_first_who_carries_and_who_left_out():
    told = story({"The harbour closed.": "1xo", "Ferries were moved.": ".1 "}, ["Courier", "Ledger", "Post"])
    lines = matrix.lines(told, 80)
    head = next(line for line in lines if line.startswith("shared"))
    order = head.split()[1:]
    names = {line[0]: line[3:].split(" (")[0] for line in lines if line[1:3] == "  "}
    at = {names[letter]: n for n, letter in enumerate(order)}
    signs = {line[9:28].strip(): line[-5:] for line in lines if line.startswith("f-")}
    assert {name: signs["The harbour closed."][2 * n] for name, n in at.items()} == {
        "Courier": "1", "Ledger": "x", "Post": "o",
    }  # fmt: skip
    assert [line.split()[0] for line in lines if line.endswith(("1 .", "1"))]


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
@pytest.mark.parametrize("n", [2, 26, 60, 300])
def test_any_number_of_outlets_fits_any_width(width: int, n: int):
    outlets = [f"Outlet number {i}" for i in range(n)]
    rows = {f"Claim {i} of a harbour that was closed for the whole of a long and stormy night": "." * i + "x" * (n - i)
            for i in range(min(n - 1, 40))}  # fmt: skip
    rows |= {f"Only {i} says this": "." * i + "1" + "." * (n - i - 1) for i in range(min(n, 30))}
    lines = matrix.lines(story(rows, outlets), width)
    assert max(map(len, lines)) <= width
    text = " ".join(" ".join(lines).split())
    assert all(f"Outlet number {i}" in text for i in range(n))
    facts = len({*rows})
    assert (f"{facts - 60:,} further facts" in text) == (facts > 60)


def test_outlets_that_run_one_text_share_a_column():
    outlets = ["wire", *(f"paper {i}" for i in range(40)), "other"]
    told = story({"A crane fell.": "1" + "x" * 40 + "x", "It was old.": "1" + "x" * 40 + "o"}, outlets)
    shared, rest = matrix.columns(told, 10)
    assert sorted(map(len, shared)) == [1, 41]
    assert rest == []


def test_where_outlets_differ_is_told_below():
    row = {"slot": "hedge", "outlet_a": "x", "value_a": "reportedly", "outlet_b": "y", "value_b": "asserted",
           "kind": "differs"}  # fmt: skip
    lines = matrix.lines(story({"A crane fell.": "xx"}, ["x", "y"], [row]), 80)
    assert "hedge: x “reportedly”, y “asserted” (differs)" in lines
