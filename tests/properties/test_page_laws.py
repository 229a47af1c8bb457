"""Laws of the page level: nothing is lost, marking is final, a second copy changes nothing, order does not matter."""

import random

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import CLEAN, SETTINGS, body, capture, frame, read

from dedupe import page
from flows.clean import Page, clean

WORDS = [
    "harbour",
    "board",
    "engineer",
    "summer",
    "storm",
    "wall",
    "boat",
    "island",
    "council",
    "vote",
    "money",
    "repair",
]


@st.composite
def sentences(draw):
    """Prose that no two draws share: words picked by a seeded shuffle."""
    picker = random.Random(draw(st.integers(0, 10**9)))
    return (
        " ".join(picker.choice(WORDS) + str(picker.randrange(40)) for _ in range(picker.randrange(12, 24))).capitalize()
        + "."
    )


bodies = st.lists(sentences(), min_size=3, max_size=8, unique=True)
anything = st.lists(
    st.sampled_from(
        [*"aé .,!?[1]()\n\r\t“”…©/|-語", "word", "Related article\n", "Share on X\n", "Comments (0)\n", "\r\n"]
    ),
    max_size=200,
).map("".join)


@given(anything)
@settings(max_examples=80, deadline=None)
def test_kept_and_removed_are_the_captured_text(text):
    found = clean(capture(text), CLEAN)
    if not isinstance(found, Page):
        return
    assert found.text == text
    blocks = page.mark(frame(found), SETTINGS)
    assert "".join(blocks["text"]) == text
    assert blocks["begin"].to_list() == [0, *blocks["end"].to_list()[:-1]]
    kept = body(blocks)
    assert kept == kept.strip()
    for row in blocks.filter(pl.col("kept")).iter_rows(named=True):
        assert kept[row["text_begin"] :].startswith(row["text"])
    for row in blocks.filter(pl.col("repeat_of").is_not_null()).iter_rows(named=True):
        assert row["repeat_of"] < row["block"]


@given(bodies)
@settings(max_examples=30, deadline=None)
def test_marking_what_was_kept_keeps_it(paragraphs):
    text = "\n".join(paragraphs)
    _, once = read(f"{text}\nShare on X\n{text}\n", given_title="A headline")
    _, twice = read(body(once), given_title="A headline")
    assert body(twice) == body(once) == text


@given(
    bodies,
    st.sampled_from(["\n", "\n\n", " "]),
    st.sampled_from(["", "Comments (0)\n", "Related article\n"]),
    st.data(),
)
@settings(max_examples=40, deadline=None)
def test_a_second_copy_changes_nothing_kept(paragraphs, joint, between, data):
    text = "\n".join(paragraphs)
    half = data.draw(st.integers(3, len(paragraphs)))
    copy = joint.join(paragraphs[:half])
    _, blocks = read(f"{text}\n{between}{copy}\n", given_title="A headline")
    assert body(blocks) == text


@given(st.lists(bodies, min_size=2, max_size=4), st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_of_captures_and_rows_does_not_matter(pages, order):
    frames = []
    for number, paragraphs in enumerate(pages):
        found = clean(capture("\n".join([*paragraphs, "Home", *paragraphs])), CLEAN)
        frames.append(frame(found).with_columns(pl.lit(f"c-{number}").alias("capture_id")))
    rows = pl.concat(frames)
    shuffled = rows[order.sample(range(rows.height), rows.height)]
    assert page.mark(shuffled, SETTINGS).equals(page.mark(rows, SETTINGS))
    assert pl.concat([page.mark(one, SETTINGS) for one in frames]).equals(page.mark(rows, SETTINGS))
