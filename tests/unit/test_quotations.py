"""One utterance quoted twice: cut, joined, bracketed, or altered."""

from collections import Counter

import pytest

from dedupe.facts import quotations

WHOLE = "“We will not negotiate with the harbour board until every crane in Osk works again, and I mean every one.”"


def compared(one: str, other: str) -> tuple[str, str] | str | None:
    """Null: two utterances; "same"; else the words that differ, as written."""
    (left,), (right,) = quotations.read(one), quotations.read(other)
    same = quotations.compare(left, right)
    if same is None:
        return None
    altered = same[1]
    return (one[slice(*altered.one)], other[slice(*altered.other)]) if altered else "same"


@pytest.mark.parametrize(
    "cut",
    [
        "“will not negotiate with the harbour board until every crane in Osk works again”",
        'She said they would wait "until every crane in Osk works again, and I mean every one".',
        "„We will not negotiate with the harbour board ... and I mean every one”",
        "“We will not negotiate with [it] until every crane in Osk works again”",
        "“We won't negotiate with the harbor board until every crane in Osk works again”",
        "“WE WILL NOT NEGOTIATE with the harbour board — until every crane in Osk works again”",
    ],
)
def test_a_quotation_that_is_only_cut_is_the_same(cut: str) -> None:
    assert compared(WHOLE, cut) == "same"
    assert compared(cut, WHOLE) == "same"


def test_a_word_changed_inside_a_quotation_is_told_with_its_characters() -> None:
    other = "“We do not negotiate with the harbour board until every crane in Osk works again”"
    assert compared(WHOLE, other) == ("will", "do")
    other = "“We will not negotiate with the harbour board until each single crane in Osk works again”"
    assert compared(WHOLE, other) == ("every", "each single")
    other = "“We will not negotiate with the board until every crane in Osk works again”"
    assert compared(WHOLE, other) == ("the harbour", "the")


@pytest.mark.parametrize(
    "other",
    [
        "“We will not negotiate with the unions until the wages in Karvale fall again, and I mean all of them.”",
        "“Every crane in Osk was built by the harbour board in the last century.”",
        "“I think it is very good and I mean it is what we will do with it again.”",
    ],
)
def test_other_words_are_another_utterance(other: str) -> None:
    assert compared(WHOLE, other) is None


def test_a_quotation_that_never_closes_is_none() -> None:
    assert quotations.read("“We will not negotiate with anyone, said the mayor\n\nof Osk. " * 50) == []


def test_two_wordings_are_one_pair_however_many_copies_hold_them() -> None:
    other = WHOLE.replace("will not negotiate", "do not negotiate")
    fields = {(f"a{n:02}", "text"): f"The mayor said: {WHOLE} Then he left." for n in range(40)}
    fields |= {("b00", "text"): f"He said: {other}", ("b01", "text"): f"He said: {other}"}
    (pair,) = quotations.shared(fields)
    assert (pair.one[0], pair.other[0]) == ("a00", "b00")
    assert pair.altered is not None


def test_a_crowd_of_wordings_is_bounded_and_said() -> None:
    fields = {
        (f"a{n:02}", "text"): f"He said: “We will not negotiate with anyone {' '.join(['again'] * n)} in Osk today.”"
        for n in range(60)
    }
    counts: Counter[str] = Counter()
    assert len(quotations.shared(fields, counts)) < 60 * 59 / 2
    assert counts["quotes_capped"]
