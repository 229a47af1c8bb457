"""Candidates and verified pairs on small texts written for the purpose."""

import dataclasses
import datetime as dt
from typing import Any

import polars as pl
import pytest

from dedupe import match, sketch, words
from dedupe.buckets import Buckets
from dedupe.displaced import displaced
from dedupe.settings import CopySettings

SETTINGS = CopySettings()
AT = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)

QUAY = (
    "The harbour board of Larnwick said on Tuesday that the north quay will close for two years while its piers are "
    "rebuilt. Ferries to the islands are to leave from the old fish market, a mile to the west, from 4 May. Traders "
    "there said they had not been asked, and that 310 stalls would have to move. Mayor Ines Holt promised to meet them "
    "this week. The work will cost 84 million crowns, a third of it paid by the state, and engineers found cracks in "
    "eleven of the nineteen piers during a survey last autumn that followed a long and bitter winter."
)
VOTE = (
    "Parliament in Oststadt rejected the budget by four votes late on Wednesday after two members of the governing "
    "party stayed away. Finance minister Paul Brandt said he would present a new draft within ten days. The opposition "
    "called for early elections, which are not due before the spring of next year. Markets opened little changed, and "
    "the central bank said it saw no reason to act. Brandt has led the ministry since 2021 and had staked his name on "
    "cuts to fuel subsidies that farmers in the south had fought for months with slow tractors on the main roads."
)
SHIP = (
    "A container ship that lost power off Cape Sorrow was taken in tow on Thursday by two tugs from the naval station. "
    "No one was hurt and no oil was seen in the water, the coast guard said. The vessel, built in 2009, was bound for "
    "the port of Almena with 2,400 containers. Its owner said a fuel pump had failed in heavy swell some thirty miles "
    "from the shore and that the crew of twenty had tried to mend it for six hours before they called for help."
)


def articles(*rows: dict[str, Any]) -> pl.DataFrame:
    full = [
        {"outlet": f"outlet-{at}", "title": None, "published_at": AT, "published_precision": "instant"} | row
        for at, row in enumerate(rows)
    ]
    return pl.DataFrame(
        {
            "article_id": [row["article_id"] for row in full],
            "outlet": [row["outlet"] for row in full],
            "title": pl.Series([row["title"] for row in full], dtype=pl.String),
            "text": [row["text"] for row in full],
            "published_at": pl.Series([row["published_at"] for row in full], dtype=pl.Datetime("us", "UTC")),
            "published_precision": [row["published_precision"] for row in full],
            "captured_at": pl.Series([AT] * len(full), dtype=pl.Datetime("us", "UTC")),
        }
    )


def found(frame: pl.DataFrame, settings: CopySettings = SETTINGS) -> pl.DataFrame:
    made = sketch.sketch(frame, settings)
    return match.candidates(made, made.clear(), settings)[0]


def pair(a: str, b: str, **more: Any) -> dict[str, Any]:
    rows = [{"article_id": "a", "text": a}, {"article_id": "b", "text": b}]
    for name, (left, right) in more.items():
        rows[0][name], rows[1][name] = left, right
    frame = articles(*rows)
    candidates = pl.DataFrame({"article_a": ["a"], "article_b": ["b"]})
    made = match.verify(candidates, frame, SETTINGS)
    assert len(made) == 1, "no pair"
    return made.row(0, named=True)


def edited(text: str) -> str:
    return text.replace("said on Tuesday", "announced this morning").replace("a long and bitter winter", "hard frosts")


def test_a_copy_an_excerpt_and_a_roundup_are_candidates_and_strangers_are_not() -> None:
    frame = articles(
        {"article_id": "a", "text": QUAY},
        {"article_id": "b", "text": edited(QUAY)},
        {"article_id": "c", "text": QUAY[: len(QUAY) // 2]},
        {"article_id": "d", "text": f"{SHIP}\n\n{QUAY}"},
        {"article_id": "e", "text": VOTE},
    )
    pairs = {(row["article_a"], row["article_b"]) for row in found(frame).iter_rows(named=True)}
    assert {("a", "b"), ("a", "c"), ("a", "d")} <= pairs
    assert not any("e" in each for each in pairs)


def test_relations() -> None:
    assert pair(QUAY, QUAY.upper())["relation"] == "identical"
    assert pair(QUAY, edited(QUAY))["relation"] == "copy"
    assert pair(QUAY, QUAY[: len(QUAY) // 2])["relation"] == "excerpt"
    assert pair(QUAY, f"{SHIP}\n\n{QUAY}\n\n{VOTE}")["relation"] == "contains"
    same_outlet = pair(QUAY, edited(QUAY), outlet=("x", "x"), title=("North quay to close", "North quay to close now"))
    assert same_outlet["relation"] == "revision"
    for row in (pair(QUAY, edited(QUAY)), pair(QUAY, QUAY[: len(QUAY) // 2]), same_outlet):
        assert row["same_origin"]


FURNITURE = (
    "Sign up for our morning letter and get the news of the day before breakfast. You can leave the list at any time "
    "by the link at the foot of every letter. Dana Whitlock writes about harbours and housing; she joined the paper in "
    "2014 after six years at the Northern Courier, where she won two prizes for her work on rail safety. Read more: "
    "ten things to know before you buy a boat. The best walks in the north this autumn, and why a hedge may be a crime."
)


def test_a_page_that_is_mostly_furniture_is_no_copy_of_another_one() -> None:
    ours = (
        "The harbour board of Larnwick shut the north quay on Tuesday after Mayor Ines Holt read a survey of 19 piers."
    )
    theirs = "Parliament in Oststadt lost its speaker on Friday when Paul Brandt left for the central bank at 61."
    row = pair(f"{ours}\n\n{FURNITURE}", f"{theirs}\n\n{FURNITURE}")
    assert max(row["containment_a"], row["containment_b"]) > 0.75
    assert (row["relation"], row["same_origin"]) == ("shared_passage", False)
    assert "test=block" in row["reasons"]


def test_furniture_around_one_text_leaves_it_a_copy() -> None:
    row = pair(QUAY, f"{QUAY[:200]}\n\n{FURNITURE}\n\n{QUAY[200:]}")
    assert row["same_origin"]


def test_one_number_corrected_is_no_form() -> None:
    short = QUAY[: QUAY.index("Mayor")]
    row = pair(short, short.replace("310 stalls", "130 stalls"), title=("Quay closes", "CORRECTED: Quay closes"))
    assert row["same_origin"]
    board = "One month 6.38 6.25 Two months 6.44 6.31 Three months 6.50 6.38 Six months 6.63 6.50 One year 6.81 6.69"
    assert not pair(board, board.replace("6.44", "6.45"))["same_origin"]


def test_a_text_reworked_all_along_with_its_figures_kept_is_a_copy() -> None:
    new = (
        "The harbour board of Larnwick announced that the north quay is to close for two years while its piers are "
        "renewed. Ferries to the islands will leave from the old fish market, a mile westward, from 4 May. Traders "
        "there complained they had not been asked, and that 310 stalls would need to move. Mayor Ines Holt promised to "
        "see them this week. The works cost 84 million crowns, a third of it paid by the state; engineers found cracks "
        "in eleven of the nineteen piers in a survey last autumn, which followed a long bitter winter."
    )
    row = pair(QUAY, new)
    assert max(row["containment_a"], row["containment_b"]) < SETTINGS.origin_containment
    assert row["same_origin"]


def test_a_brief_without_numbers_or_capitals_may_be_a_copy() -> None:
    line = "the council of the old town shut the bridge by the mill last night after a cart fell into the river there"
    assert pair(line, f"{line} again")["same_origin"]
    han = "市议会周四决定关闭旧城磨坊边的桥因为昨夜一辆马车掉进河里没有人受伤"
    assert pair(han, f"{han}。完")["same_origin"]


def test_agreement_of_numbers_and_names_is_reported() -> None:
    row = pair(QUAY, QUAY.replace("310 stalls", "290 stalls").replace("Ines Holt", "Rosa Lind"))
    assert row["number_agreement"] == 0.6667  # 4, 84 and one of 310 and 290
    assert 0.5 < row["name_agreement"] < 1
    plain = pair(
        *(f"{text} of rope and wood, as it was said in all the harbours of the coast that day." for text in "ab")
    )
    assert (plain["number_agreement"], plain["name_agreement"]) == (None, None)


def test_a_form_with_other_facts_is_a_template() -> None:
    form = (  # the company, its figures and a person change; the form does not
        "{0} reported a net profit of {1} crowns for the quarter, against {2} crowns a year earlier. Sales came to {3} "
        "crowns, the company said in a statement to the exchange after the close of trading. Its chief, {4}, said the "
        "board would propose a dividend of {5} crowns a share at the meeting of shareholders in May, and that the "
        "outlook for the year was unchanged."
    )
    a = form.format("Almena Steel", "412", "377", "2,904", "Rosa Lind", "4")
    b = form.format("Norrvik Paper", "98", "120", "871", "Jan Moberg", "2")
    row = pair(a, b)
    assert (row["relation"], row["same_origin"]) == ("template", False)
    assert "test=slots" in row["reasons"]


def test_a_shared_quotation_makes_no_copy() -> None:
    quote = (
        "“We never promised that the quay would be open again by the summer, and who says so was not in the room. "
        "What we said was that safety comes first, that the piers would be tested one by one, and that the board would "
        "publish what was found without leaving out a single line.”"
    )
    row = pair(f"{quote} Holt told the council in Larnwick. {VOTE}", f"{SHIP} {quote} the mayor wrote to residents.")
    assert (row["relation"], row["same_origin"]) == ("shared_passage", False)
    assert max(row["containment_a"], row["containment_b"]) > 0.25


def test_near_equal_texts_far_apart_in_time_are_still_copies_but_half_equal_ones_are_not() -> None:
    later = AT + dt.timedelta(days=9)
    assert pair(QUAY, QUAY + " (Repeats)", published_at=(AT, later))["same_origin"]
    halves = pair(f"{QUAY} {VOTE}", f"{QUAY} {SHIP}", published_at=(AT, later))
    assert not halves["same_origin"]
    assert (halves["relation"], halves["spans"]) == ("template", [])  # its passages cannot change that
    assert "test=apart" in halves["reasons"]
    assert not any(reason.startswith(("gaps=", "swaps=")) for reason in halves["reasons"])
    quoted = f"“{QUAY}”"  # no word of its own, and yet one text
    assert pair(quoted, quoted, published_at=(AT, later))["relation"] == "identical"


def test_spans_are_word_equal_and_offsets_are_code_points() -> None:
    a, b = f"👩‍🚀 İ {QUAY}", f"{SHIP}\n\nÉté: {edited(QUAY)}"
    row = pair(a, b)
    assert row["spans"]
    for span in row["spans"]:
        ours, theirs = a[span["a_begin"] : span["a_end"]], b[span["b_begin"] : span["b_end"]]
        assert words.cut(ours) == words.cut(theirs)
        assert len(words.cut(ours)) >= 5


def test_measures_are_exact() -> None:
    a, b = QUAY, f"{VOTE} {QUAY[: len(QUAY) // 2]}"
    row = pair(a, b)
    ours, theirs = set(sketch.shingles(a)), set(sketch.shingles(b))
    common = len(ours & theirs)
    assert row["resemblance"] == pytest.approx(common / len(ours | theirs))
    assert row["containment_a"] == pytest.approx(common / len(ours))
    assert row["containment_b"] == pytest.approx(common / len(theirs))


def test_pairs_beyond_the_window_are_not_compared() -> None:
    frame = articles(
        {"article_id": "a", "text": QUAY},
        {"article_id": "b", "text": QUAY, "published_at": AT + dt.timedelta(days=31)},
        {"article_id": "c", "text": QUAY, "published_at": AT + dt.timedelta(days=29)},
    )
    pairs = {(row["article_a"], row["article_b"]) for row in found(frame).iter_rows(named=True)}
    assert ("a", "c") in pairs
    assert ("a", "b") not in pairs


def test_only_pairs_with_a_new_article() -> None:
    frame = articles(*({"article_id": name, "text": QUAY + name * 3} for name in "abcd"))
    made = sketch.sketch(frame, SETTINGS)
    new, window = made.filter(pl.col("article_id") == "d"), made.filter(pl.col("article_id") != "d")
    pairs, _ = match.candidates(new, window, SETTINGS)
    assert pairs.select("article_a", "article_b").rows() == [("a", "d"), ("b", "d"), ("c", "d")]


def test_a_hundred_thousand_copies_of_one_text_meet_at_a_hub() -> None:
    one = sketch.sketch(articles({"article_id": "x", "text": QUAY}), SETTINGS)
    n = 100_000
    ids = pl.Series("article_id", [f"a{at:06d}" for at in range(n)])
    made = one.drop("article_id").select(pl.all().repeat_by(n).explode()).with_columns(ids).select(one.columns)
    pairs, counts = match.candidates(made, made.clear(), SETTINGS)
    assert len(pairs) == n - 1
    assert counts["collapsed_articles"] == n - 1
    assert pairs["article_a"].unique().to_list() == ["a000000"]


def test_crowded_buckets_are_counted_and_nobody_is_left_alone() -> None:
    frame = articles(*({"article_id": f"a{at:03d}", "text": f"{QUAY} Sent in by reader {at}."} for at in range(60)))
    made = sketch.sketch(frame, SETTINGS)
    pairs, counts = match.candidates(made, made.clear(), SETTINGS)
    assert len(pairs) < 60 * 30
    assert counts["band_pairs_capped"] > 0
    assert counts["scaled_pairs_capped"] > 0
    assert set(pairs["article_a"]) | set(pairs["article_b"]) == set(frame["article_id"])


def test_another_scheme_is_refused_with_a_sentence() -> None:
    made = sketch.sketch(articles({"article_id": "a", "text": QUAY}), SETTINGS)
    other = sketch.sketch(articles({"article_id": "b", "text": QUAY}), CopySettings(shingle=4))
    with pytest.raises(ValueError, match=r"affine32/1/128/w4/s8/n1.*cannot be compared.*w5.*sketch the articles again"):
        match.candidates(made, other, SETTINGS)


def test_odd_texts_have_defined_results() -> None:
    texts = ["", "...", "Quay to close", "Quay to close", "buffalo " * 5000, "buffalo " * 4000, "港" * 3000]
    frame = articles(*({"article_id": f"a{at}", "text": text} for at, text in enumerate(texts)))
    pairs = match.verify(found(frame), frame, SETTINGS)
    assert {row[:2] for row in pairs.rows()} == {("a2", "a3"), ("a4", "a5")}
    assert pairs["relation"].to_list()[0] == "identical"


def test_candidates_without_an_article_are_an_error() -> None:
    with pytest.raises(ValueError, match="1 candidate articles are not in the articles frame"):
        match.verify(
            pl.DataFrame({"article_a": ["a"], "article_b": ["b"]}),
            articles({"article_id": "a", "text": QUAY}),
            SETTINGS,
        )


def test_background_shared_for_weeks_is_not_news() -> None:
    background = VOTE
    frame = articles(
        {"article_id": "a", "text": f"{QUAY[:300]} {background}"},
        {"article_id": "b", "text": f"{SHIP[:300]} {background}"},
        *(
            {"article_id": f"old{at}", "text": background, "published_at": AT - dt.timedelta(days=9 * at)}
            for at in range(1, 4)
        ),
    )
    candidates = pl.DataFrame({"article_a": ["a"], "article_b": ["b"]})
    spread = match.spread(sketch.sketch(frame, SETTINGS))

    def own(pairs: pl.DataFrame) -> float:
        reasons = dict(reason.split("=") for reason in pairs["reasons"].to_list()[0] if not reason.startswith("test"))
        return float(reasons["own_containment"])

    assert own(match.verify(candidates, frame, SETTINGS)) > 0.5
    assert own(match.verify(candidates, frame, SETTINGS, spread)) < 0.1


def test_explain_says_what_decided_and_what_would_have_changed_it() -> None:
    said = match.explain({"article_id": "a", "text": QUAY}, {"article_id": "b", "text": edited(QUAY)}, SETTINGS)
    assert said["relation"] == "copy"
    assert said["tests"]["enough"]
    assert said["because"][0].startswith("+ enough of the shorter text's own words")
    assert set(said["thresholds"]) == {each.name for each in dataclasses.fields(SETTINGS)}
    kinds = [piece["kind"] for piece in said["passages"]]
    assert "same" in kinds
    assert "changed" in kinds
    for piece in said["passages"]:
        assert piece["a"] == QUAY[piece["a_begin"] : piece["a_end"]]
        assert piece["b"] == edited(QUAY)[piece["b_begin"] : piece["b_end"]]
    assert said["thresholds"]["origin_containment"]["value"] == SETTINGS.origin_containment
    changed = {each["setting"]: each for each in said["would_change"]}
    assert changed["copy_resemblance"]["relation"] == "edited_copy"
    assert list(said["signal_docs"]) == list(said["signals"])


def test_explain_says_that_what_two_texts_share_is_quoted() -> None:
    ours, theirs = (f"{text[:200]} “{SHIP[:300]}” he said." for text in (QUAY, VOTE))
    said = match.explain({"article_id": "a", "text": ours}, {"article_id": "b", "text": theirs}, SETTINGS)
    assert not said["same_origin"]
    assert "most of what is shared is quoted" in said["because"][-1]


def test_an_article_whose_body_an_earlier_one_has_is_displaced() -> None:
    late = {"article_id": "c", "text": QUAY, "published_at": AT - dt.timedelta(hours=5)}
    frame = articles({"article_id": "a", "text": QUAY}, {"article_id": "b", "text": edited(QUAY)}, late)
    made = sketch.sketch(frame, SETTINGS)
    first, second = made.filter(pl.col("article_id") != "c"), made.filter(pl.col("article_id") == "c")
    assert displaced(Buckets.of(second, first, SETTINGS), SETTINGS).to_list() == ["a"]
    assert displaced(Buckets.of(first, second, SETTINGS), SETTINGS).to_list() == []


def test_the_last_leader_of_a_full_bucket_is_displaced_by_an_earlier_article() -> None:
    times = [AT + dt.timedelta(hours=hour) for hour in range(6)]
    frame = articles(
        *(
            {"article_id": f"a{at}", "text": f"{QUAY} Edition {at}.", "published_at": time}
            for at, time in enumerate(times)
        )
    )
    made = sketch.sketch(frame, SETTINGS)
    few = dataclasses.replace(SETTINGS, leaders=3, band_leaders=3)
    many = dataclasses.replace(SETTINGS, leaders=6, band_leaders=6)
    late = pl.col("article_id") == "a1"
    lost = displaced(Buckets.of(made.filter(late), made.filter(~late), few), few).to_list()
    assert "a3" in lost
    assert not {"a0", "a1", "a2"} & set(lost)
    assert displaced(Buckets.of(made.filter(late), made.filter(~late), many), many).to_list() == []
