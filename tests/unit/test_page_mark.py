"""Marking within a page: what is kept, what is not, and that nothing is lost."""

import polars as pl
import pytest
from marked import SETTINGS, body, frame, read

from dedupe import page
from dedupe.page.tiles import squeezed

PARAGRAPHS = [
    "The harbour board approved the new breakwater on Tuesday after four hours of debate in a crowded hall.",
    "Engineers expect the work to take two summers, and to cost about 14 million euros before storm repairs.",
    "Fishermen had asked for a wider entrance, which the board said it would study again once the wall stands.",
]
BODY = "\n".join(PARAGRAPHS)
LEDES = [
    (
        "Ferry line adds a night crossing in June",
        (
            "The company said on Monday that a third boat would sail at eleven at night from the first weekend in June "
            "as islanders had asked for since the wint"
        ),
    ),
    (
        "Lighthouse keeper retires after forty years",
        (
            "When the lamp was still lit by hand, she climbed the two hundred steps twice a day, and she says that she "
            "has never missed a single evening in all of th"
        ),
    ),
    (
        "Town hall to reopen with a smaller chamber",
        (
            "Masons finished the last of the vaulting on Friday, and the council will meet in the restored rooms "
            "from the autumn, although with room for only thirty p"
        ),
    ),
]


def roles(frame: pl.DataFrame) -> list[tuple[str, str]]:
    return [(row["role"], row["text"].strip()) for row in frame.iter_rows(named=True) if row["text"].strip()]


def test_a_clean_body_is_kept_whole():
    page, blocks = read(f"Board approves breakwater\n{BODY}\n")
    assert page.title == "Board approves breakwater"
    assert body(blocks) == BODY


def test_a_second_copy_is_a_repeat_of_the_first():
    _, blocks = read(f"Board approves breakwater\n{BODY}\nComments (3)\n{BODY}\n")
    repeats = blocks.filter(pl.col("role") == "repeat")
    assert repeats["text"].str.strip_chars().to_list() == PARAGRAPHS
    assert (
        blocks.filter(pl.col("block").is_in(repeats["repeat_of"].to_list()))["text"].str.strip_chars().to_list()
        == PARAGRAPHS
    )
    assert body(blocks) == BODY


def test_a_copy_with_other_paragraph_breaks_is_found():
    resplit = BODY.replace("\n", " ").replace(" after four", "\nafter four").replace(" and to cost", "\nand to cost")
    _, blocks = read(f"Board approves breakwater\n{BODY}\n{resplit}\n")
    assert body(blocks) == BODY


def test_both_copies_in_one_line_are_cut_apart():
    line = " ".join(PARAGRAPHS)
    _, blocks = read(f"Board approves breakwater\n{line} {line}\n")
    assert body(blocks) == line


def test_teasers_cut_at_one_length_go_with_and_without_a_heading():
    teasers = "\n".join(f"{head}\n{lede[:140]}" for head, lede in LEDES)
    for heading in ("Related articles\n", "Lesen Sie auch\n", ""):
        _, blocks = read(f"Board approves breakwater\n{BODY}\n{heading}{teasers}\n")
        assert body(blocks) == BODY, heading


def test_teasers_between_paragraphs_leave_the_rest_of_the_body():
    teasers = "\n".join(f"{head}\n{lede[:120]}…" for head, lede in LEDES)
    text = (
        f"Board approves breakwater\n{PARAGRAPHS[0]}\n{PARAGRAPHS[1]}\nRelated articles\n{teasers}\n{PARAGRAPHS[2]}\n"
    )
    _, blocks = read(text)
    assert body(blocks) == BODY


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("Share on Facebook", "widget"),
        ("Partager sur Facebook", "widget"),
        ("12 Kommentare", "widget"),
        ("0/500", "widget"),
        ("Anzeige", "widget"),
        ("Publicidad", "widget"),
        ("Sign up for our newsletter to get the news every morning.", "widget"),
        ("Abonnez-vous pour lire la suite", "widget"),
        ("Potrebbe interessarti anche", "related_heading"),
        ("Leia também", "related_heading"),
        ("Lees ook", "related_heading"),
        ("Startseite", "navigation"),
        ("Photo: Jane Roe/Harbour News", "caption"),
        ("(Reporting by Jane Roe; Editing by John Doe)", "signoff"),
        ("© 2026 The Associated Press. All rights reserved.", "credit"),
        ("The Associated Press", "credit"),
    ],
)
def test_furniture_has_its_role_in_seven_languages(line, role):
    _, blocks = read(f"Board approves breakwater\n{PARAGRAPHS[0]}\n{line}\n{PARAGRAPHS[1]}\n{PARAGRAPHS[2]}\n")
    assert (role, line) in roles(blocks)
    assert body(blocks) == BODY


def test_citation_markers_are_rows_and_leave_no_gap():
    text = f"Board approves breakwater\n{PARAGRAPHS[0]}[1][2] {PARAGRAPHS[1]} [12]\n{PARAGRAPHS[2]}[3]\n"
    _, blocks = read(text)
    assert blocks.filter(pl.col("role") == "citation_marker").height == 4
    assert body(blocks) == f"{PARAGRAPHS[0]} {PARAGRAPHS[1]}\n{PARAGRAPHS[2]}"


def test_a_number_in_brackets_inside_a_sentence_stays():
    sentence = "“She had [5] boats,” the harbour master said of the widow who ran the yard for thirty years."
    _, blocks = read(f"Board approves breakwater\n{sentence}\n{BODY}\n")
    assert body(blocks).startswith(sentence)


def test_a_dateline_is_typed_and_kept_and_names_the_credit():
    text = f"Board approves breakwater\nLISBON, May 3 (Reuters) - {PARAGRAPHS[0]}\n{PARAGRAPHS[1]}\n{PARAGRAPHS[2]}\n"
    _, blocks = read(text)
    assert blocks.filter(pl.col("role") == "dateline")["text"].to_list() == ["LISBON, May 3 (Reuters) - "]
    assert body(blocks).startswith("LISBON, May 3 (Reuters) - The harbour")


def test_a_sign_off_behind_a_paragraph_leaves_the_paragraph_break():
    text = f"Board approves breakwater\n{PARAGRAPHS[0]} (Reporting by Jane Roe; Editing by John Doe)\n{PARAGRAPHS[1]}\n"
    _, blocks = read(text)
    assert body(blocks) == f"{PARAGRAPHS[0]}\n{PARAGRAPHS[1]}"


def test_what_repeats_on_purpose_stays():
    refrain = "“We will not give up this harbour, and we will not give up its people.”"
    speech = f"{PARAGRAPHS[0]}\n{refrain}\n{PARAGRAPHS[1]}\n{refrain}\n{PARAGRAPHS[2]}\n{refrain}"
    _, blocks = read(f"A speech in full\n{speech}\n")
    assert body(blocks) == speech
    table = "\n".join(
        f"Row {at}\nSalt, 1 tsp.\nFlour, 2 cups\nStir for ten minutes and let it rest" for at in range(12)
    )
    _, blocks = read(f"Bread for the week\n{PARAGRAPHS[0]}\n{table}\n{PARAGRAPHS[1]}\n")
    assert body(blocks) == f"{PARAGRAPHS[0]}\n{table}\n{PARAGRAPHS[1]}"


def test_learned_residue_of_the_outlet_is_body():
    line = "You are reading the evening edition of the Harbour News"
    found, _ = read(f"Board approves breakwater\n{BODY}\n{line}\n")
    learned = pl.DataFrame(
        {"capture_id": ["c-1"], "text": [squeezed(line)], "role": ["widget"], "reason": ["on 40 of 40 pages"]}
    )
    assert body(page.mark(frame(found), SETTINGS)) == f"{BODY}\n{line}"
    assert body(page.mark(frame(found), SETTINGS, learned)) == BODY


def test_a_preview_that_was_cut_off_gives_way_to_the_whole_paragraph():
    cut = "\n".join([*PARAGRAPHS[:2], PARAGRAPHS[2][:60].rsplit(" ", 1)[0]])
    _, blocks = read(f"{cut}…\n{BODY}")
    assert body(blocks).split("\n") == PARAGRAPHS


def test_paragraphs_an_author_shortened_are_no_teasers():
    digest = [
        "Ada Merrow, Harbour Post",
        (
            "“The board had every reason to wait, and it chose not to; whoever reads the minutes sees that nobody asked"
            " what the second crossing would cost, or who would pay for it once the summer was over…"
        ),
        "Jon Pike, Island Herald",
        (
            "“What the council calls a plan is a list of wishes, each of them dearer than the last, and not one is"
            " anywhere near what the harbour needs before the storms come back…"
        ),
    ]
    posts = [
        "The ferry is late again and nobody says a word about it — Ida Holm (@idaholm) March 3, 2019",
        (
            "Two hours on the quay in the rain with three children, and the harbour office says to call tomorrow —"
            " Ida Holm (@idaholm) March 4, 2019"
        ),
        "Still no ferry, still no word. Do they know we see the boat from here? — Ida Holm (@idaholm) March 5, 2019",
        (
            "Half of the island stands on the quay now, and the harbour office has closed its window for the whole day"
            " — Ida Holm (@idaholm) March 6, 2019"
        ),
    ]
    for lines in (digest, posts):
        _, blocks = read("\n".join([PARAGRAPHS[0], *lines, PARAGRAPHS[1]]))
        assert body(blocks).split("\n") == [PARAGRAPHS[0], *lines, PARAGRAPHS[1]]
