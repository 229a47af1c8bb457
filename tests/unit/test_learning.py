"""What an outlet's pages teach, trap by trap: what is cut, what stays, and what is said when a layout changes."""

import datetime as dt
import random

import outlet as made
import polars as pl
import pytest

from dedupe import page
from dedupe.settings import PageSettings

SETTINGS = PageSettings()
NOTICE = "The Ledger is printed on recycled paper; whoever wants to advertise in its columns writes to the front desk."
TEASED = (
    "Orchard owners ask for hail nets",
    "Nine growers along the upper valley want public money before the blossom opens aga",
)


def articles(count, seed=1):
    picker = random.Random(seed)
    return [made.article("en", picker, 6) for _ in range(count)]


def taught(texts):
    """Residue, and what is kept of each text as lines."""
    pages, blocks = made.read(texts)
    lines = page.lines_of(blocks, pages, SETTINGS)
    residue = page.learn(lines, SETTINGS)
    marked = page.mark(blocks, SETTINGS, page.applied(lines, residue))
    kept = dict(marked.filter("kept").group_by("capture_id").agg(pl.col("text").str.join("")).iter_rows())
    return residue, [kept.get(key, "").split("\n") for key in pages["capture_id"]], marked


def test_a_notice_is_cut_from_the_third_text_on():
    for count, gone in ((2, False), (3, True)):
        texts = [(title, [*body, NOTICE]) for title, body in articles(count)]
        _, kept, marked = taught(texts)
        assert [NOTICE not in lines for lines in kept] == [gone] * count
        assert not gone or "3 or more of the outlet's 3 or more texts" in marked.filter(role="widget")["reason"][0]


def test_titles_and_leads_of_other_articles_are_teasers_and_stay_in_their_own():
    texts = articles(4)
    teased, lead = texts[0][0], texts[0][1][0][:80]
    page_text = (texts[1][0], [*texts[1][1][:2], teased, f"{lead}…", *texts[1][1][2:]])
    _, kept, marked = taught([texts[0], page_text, *texts[2:]])
    assert kept[1] == texts[1][1]
    assert kept[0] == texts[0][1]
    reasons = marked.filter(role="teaser")["reason"].to_list()
    assert reasons == ["the title of another article of the outlet", "the lead of another article of the outlet"]


def test_a_teaser_of_an_article_never_captured_is_known_by_its_pages():
    texts = [
        (title, [*body[:3], *TEASED, *body[3:]] if at < 3 else body) for at, (title, body) in enumerate(articles(8))
    ]
    _, kept, _ = taught(texts)
    assert kept == [body for _, body in articles(8)]


def test_one_text_at_many_addresses_is_no_notice():
    title, body = articles(1)[0]
    same = [(title, [*body, f"Printed in edition {number} of the week."]) for number in range(6)]
    others = articles(6, seed=2)
    _, kept, _ = taught([*same, *others])
    assert kept[:6] == [lines for _, lines in same]


def test_revisions_that_grow_are_one_text():
    title, body = articles(1)[0]
    grown = [(title, body[: 2 + at]) for at in range(5)]
    _, kept, _ = taught([*grown, *articles(5, seed=3)])
    assert kept[:5] == [lines for _, lines in grown]


def test_a_follow_up_keeps_the_paragraphs_it_took_over():
    (old_title, old), (new_title, new), *others = articles(6)
    lead = "Parliament in Arvania passed a budget of two billion crowns on Monday after a debate of eleven hours."
    more = "Two parties of the opposition voted against the bill because it cuts subsidies for farmers."
    first = (old_title, [lead, *old, more])
    follow_up = (new_title, [*new[:3], lead, more, *new[3:]])
    _, kept, _ = taught([first, follow_up, *others])
    assert kept[1] == follow_up[1]
    teased = (new_title, [*new[:3], lead, *new[3:]])
    _, kept, _ = taught([first, teased, *others])
    assert kept[1] == new


@pytest.mark.parametrize("standing", [
    "Good evening from the harbour: here is what moved the town today, told in two minutes.",
    "NORVIK, May 3 -",
    "Why it matters",
])  # fmt: skip
def test_standing_openings_and_short_headings_stay(standing):
    texts = [(title, [standing, body[0]]) for title, body in articles(8)]
    _, kept, _ = taught(texts)
    assert kept == [lines for _, lines in texts]


def test_the_rows_of_a_table_stay():
    table = ["Index Last Change Since January Volume", "Halden 120 31.40 0.00", "Norvik 88 12.10 0.00"]
    texts = [(title, [*body[:3], *table, *body[3:]]) for title, body in articles(6)]
    residue, kept, _ = taught(texts)
    assert kept == [lines for _, lines in texts]
    assert set(residue["role"].to_list()) == {None}


def test_background_that_several_texts_share_stays_among_its_own_words():
    background = "Parliament in Arvania passed a budget of two billion crowns on Monday after a debate of eleven hours."
    about = (
        "The budget of two billion crowns, which parliament passed",
        "In Arvania the debate on the billion took hours",
    )
    texts = [(title, [*body[:2], background, *(f"{one}: {body[0]}" for one in about), *body[2:]])
             for title, body in articles(6)]  # fmt: skip
    residue, kept, _ = taught(texts)
    assert kept == [lines for _, lines in texts]
    assert residue["reason"][0].endswith("kept: its words are theirs, or too few")


def test_every_line_of_the_table_says_how_often_and_where():
    texts = [(title, [*body, NOTICE]) for title, body in articles(7)]
    residue, _, _ = taught(texts)
    row = residue.row(0, named=True)
    assert (row["page_n"], row["of_n"], row["share"], row["role"]) == (7, 7, 1.0, "widget")
    assert row["first_seen"] == made.AT
    assert row["last_seen"] == made.AT + dt.timedelta(minutes=6)
    assert row["window"] == "2026-Q2"


def layouts(texts):
    pages, blocks = made.read(texts)
    return page.layouts(page.lines_of(blocks, pages, SETTINGS), SETTINGS)


def test_a_sudden_change_of_layout_is_told_with_numbers():
    furniture = [f"A standing line of the page number {at} of six" for at in range(6)]
    texts = articles(40)
    same = [(title, [*body, *furniture]) for title, body in texts]
    assert layouts(same).is_empty()
    changed = [*same[:30], *((title, [*body, *[f"{title} widget {n} of {title}" for n in range(20)]])
                             for title, body in texts[30:])]  # fmt: skip
    told = layouts(changed)
    assert set(told["measure"]) == {"lines", "standing_lines"}
    row = told.filter(measure="standing_lines").row(0, named=True)
    assert (row["before"], row["recent"], row["page_n"], row["recent_n"]) == (1.0, 0.0, 40, 10)
    assert row["since"] == made.AT + dt.timedelta(minutes=30)


def test_extraction_that_breaks_is_a_change_of_layout():
    pages, blocks = made.read([(title, [*body, *body]) for title, body in articles(40)])
    last = pages["capture_id"].sort()[-10:].implode()
    broken = pl.when(pl.col("capture_id").is_in(last) & (pl.col("begin") > 0)).then(pl.lit("other"))
    blocks = blocks.with_columns(hint=broken.otherwise("hint"))
    told = page.layouts(page.lines_of(blocks, pages, SETTINGS), SETTINGS)
    assert told.filter(measure="body_share")["recent"][0] < 0.5
