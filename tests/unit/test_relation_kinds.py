"""What a pair is, for the kinds that real wires taught: captions, restated figures, forms, short rewrites."""

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest

from dedupe import match, words
from dedupe.passages import align_pairs
from dedupe.settings import CopySettings

SETTINGS = CopySettings()
AT = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
CAPTIONS = " ".join(
    f"Photos: The long strike at Larnwick harbour {what}. Picture {at} of 8"
    for at, what in enumerate(
        (
            "Dockers gather at the north gate before dawn on the first day of the walkout, 3 March",
            "A crane stands idle above the coal berth while a pilot boat waits outside the breakwater",
            "Union leader Petra Lund speaks from a lorry to some two hundred dockers and their families",
            "Mayor Ines Holt leaves the town hall after six hours of talks with both sides on 9 March",
            "Police officers close the road to the fish market, where a van had been set on fire",
            "Volunteers hand out soup in the old customs house, which has served as a strike office",
            "A container ship turns back to sea after the port authority withdrew its berth",
            "Children paint a banner for the march that ended in front of the court on 21 March",
        ),
        start=1,
    )
)
NEWS = (
    "Dockers at Larnwick voted on Friday to go back to work after the port authority offered a raise of four percent. "
    "Petra Lund, who leads the union, called the offer a first step and said that talks on shifts would go on in May. "
    "The authority said it expected all nine berths to be open by the middle of next week, tides permitting."
)
ANALYSIS = (
    "Why did a quarrel over shifts close the largest harbour of the north for three weeks? Who knows Larnwick speaks "
    "of old wounds. When the state sold its share in 2011, Ines Holt had promised that no berth would be run at night. "
    "The new owners never signed that promise, and Petra Lund never forgot it, say two who sat at the table then."
)
EARNINGS = (
    "Profit a share 71 ore against 1.18 crowns\nOperating profit 2,915,000 against 4,207,000\n"
    "Turnover 98.4 million against 91.7 million\nTwelve months\nProfit a share 1.44 crowns against 1.97 crowns\n"
    "Operating profit 5,861,000 against 7,352,000\nTurnover 304.2 million against 288.6 million\n"
    "Remark: the year before holds a gain of 1,640,000 from the sale of a warehouse in Marsk."
)
MARKET = (
    "The state bank expects the banks of Ostland to be short of about 520 million crowns this morning. It named as the "
    "main reasons that paper in its own hands falls due and that tax is paid, which together will take out some 710 "
    "million, while accounts that stand below their mark will take out around 40 million. Payments of the treasury and "
    "notes that come back are to give some 190 million and 40 million to the banks in return, the bank said."
)
BOUT = (
    "Viktor Brandt kept his three belts on Saturday night when Tom Alder was counted out in round six of a bout that "
    "had been put off twice. The champion had sent Alder to the floor with a left hook just before the bell that ended "
    "round five, and the visitor from Marsk did not get his legs back. Brandt hit him twice more from a distance, and "
    "referee Sam Weller waved his arms while Alder leaned on the ropes of the ice stadium."
)


def pair(a: str, b: str, **more: Any) -> dict[str, Any]:
    """The verified pair of two texts; by default of two outlets, an hour apart, without titles."""
    row = {"outlet": ("east", "west"), "title": (None, None), "published_at": (AT, AT + dt.timedelta(hours=1))} | more
    frame = pl.DataFrame(
        {
            "article_id": ["a", "b"],
            "outlet": row["outlet"],
            "title": pl.Series(row["title"], dtype=pl.String),
            "text": [a, b],
            "published_at": pl.Series(row["published_at"], dtype=pl.Datetime("us", "UTC")),
            "published_precision": ["instant", "instant"],
            "captured_at": pl.Series([AT, AT], dtype=pl.Datetime("us", "UTC")),
        }
    )
    return match.verify(pl.DataFrame({"article_a": ["a"], "article_b": ["b"]}), frame, SETTINGS).row(0, named=True)


def test_a_gallery_in_two_stories_of_one_outlet_makes_no_copy_of_them() -> None:
    row = pair(f"{NEWS}\n\n{CAPTIONS}\n\n{NEWS[:90]}", f"{ANALYSIS}\n\n{CAPTIONS}", outlet=("east", "east"))
    assert max(row["containment_a"], row["containment_b"]) > 0.5
    assert (row["relation"], row["same_origin"]) == ("shared_passage", False)


def test_a_story_copied_with_its_gallery_or_without_is_a_copy() -> None:
    assert pair(f"{NEWS}\n\n{CAPTIONS}", f"{NEWS}\n\n{CAPTIONS}\n\nAll rights reserved.")["same_origin"]
    assert pair(f"{NEWS}\n\n{CAPTIONS}", NEWS)["same_origin"]


def test_figures_that_their_sender_changes_within_hours_are_a_later_version() -> None:
    titles = ("LINDAL STORES <LDS> FOURTH QUARTER", "CORRECTED - LINDAL STORES <LDS> FOURTH QUARTER")
    changed = EARNINGS.replace("2,915,000", "2,951,000").replace("5,861,000", "5,897,000")
    row = pair(EARNINGS, changed, title=titles, outlet=("wire", "wire"))
    assert (row["relation"], row["same_origin"]) == ("revision", True)
    later = (AT, AT + dt.timedelta(days=3))
    assert not pair(EARNINGS, changed, title=titles, outlet=("wire", "wire"), published_at=later)["same_origin"]
    assert not pair(EARNINGS, changed, title=("LINDAL STORES FOURTH QUARTER", "WEXLEY MILLS YEAR"))["same_origin"]


def test_a_short_form_of_another_day_is_none_although_most_of_its_numbers_stay() -> None:
    other = MARKET.replace("around 40 million", "around 25 million").replace("and 40 million", "and 30 million")
    row = pair(MARKET, other, published_at=(AT, AT + dt.timedelta(days=2)), outlet=("wire", "wire"))
    assert (row["relation"], row["same_origin"]) == ("template", False)


def test_a_short_text_with_other_names_in_it_is_another_companys() -> None:
    form = (
        "{0} has a new issue of 60 million crowns that runs until April 2031 and pays 4.25 percent, {1} said. It leads "
        "the banks behind the issue. The paper cannot be called back early, comes in pieces of 5,000 crowns and will "
        "be traded in Marsk. Of the fees, 1.25 percent go to those who sell it. {2} help to place it."
    )
    kingdom = form.format("The Kingdom of Ostland", "Nimmo Haldane", "Alder Weir and Corrow Trust")
    society = form.format("Brix Building Society", "Chace Tolland", "Merrow Pike").replace("60 million", "75 million")
    assert not pair(kingdom, society)["same_origin"]


def test_numbers_left_out_of_a_short_copy_are_no_other_facts() -> None:
    first = "Brandt, 36, has now won 58 of 61 fights, 51 of them early, and Alder, 40, lost for the third time in 39."
    row = pair(f"{BOUT} {first}", BOUT.replace("Saturday night", "Saturday") + " The bell rang at 22:56 and 23:04.")
    assert row["same_origin"]


def test_a_brief_of_one_sentence_with_two_words_changed_is_a_copy() -> None:
    one = (
        "A former neighbour has been charged with setting the 1974 fire in Tern Bay that killed two sisters, though "
        "the court says that the man is too ill to be tried and may not live until spring."
    )
    row = pair(one, one.replace("A former", "A onetime").replace("says", "said"))
    assert row["same_origin"]
    assert not pair(one, one.replace("1974", "1971"))["same_origin"]


def test_the_date_line_of_a_page_is_no_slot_of_a_form() -> None:
    row = pair(f"Posted 12/19/2025 3:36 PM\n{NEWS}", f"Edited on Mon Dec 22 25 03:49\n{NEWS}")
    assert row["same_origin"]


def test_a_brief_that_opens_a_longer_story_lies_in_it() -> None:
    brief = (
        "A bomb went off on Friday at the Weir Bank in Tern Bay, killing an officer and a technician, the mayor said."
    )
    row = pair(brief, f"{brief.replace('said', 'says')} {ANALYSIS} {NEWS}")
    assert (row["relation"], row["same_origin"]) == ("contains", True)


def test_a_payout_weeks_later_is_another_companys_although_one_word_differs() -> None:
    text = "Quarterly payout 10 ore against 10 ore before, paid on April 30 to holders of record on April {}"
    titles = ("Dime Savings of Wexley payout", "Corrow Paper sets dividend")
    later = (AT, AT + dt.timedelta(days=23))
    assert not pair(text.format("Three"), text.format(21), title=titles, published_at=later)["same_origin"]


def test_nouns_respelled_all_along_leave_a_german_text_a_copy() -> None:
    text = (
        "Der Hafenausschuss von Larnwick hat am Dienstag beschlossen, die nördliche Mole für zwei Jahre zu sperren, "
        "weil in elf der neunzehn Pfeiler Risse gefunden wurden. Die Fähren zu den Inseln sollen vom alten Fischmarkt "
        "ablegen, eine Meile weiter im Westen. Die Händler dort sagten, man habe sie nicht gefragt, und 310 Stände "
        "müssten weichen. Bürgermeisterin Ines Holt versprach ein Treffen noch in dieser Woche. Die Arbeiten kosten 84 "
        "Millionen Kronen, ein Drittel davon zahlt der Staat, und die Ingenieure rechnen mit zwei harten Wintern. Der "
        "Reederverband nannte den Beschluss richtig, aber spät: Schon vor sechs Jahren habe ein Gutachter gewarnt, "
        "dass der Beton an den Fugen bröckelt. Damals fehlte das Geld, sagte Holt, und niemand wollte die Gebühren."
    )
    nouns = ("Hafenausschuss", "Dienstag", "Mole", "Pfeiler", "Inseln", "Westen", "Händler", "Stände", "Treffen")
    nouns = (
        *nouns,
        "Arbeiten",
        "Kronen",
        "Drittel",
        "Beschluss",
        "Gutachter",
        "Beton",
        "Fugen",
        "Fähren",
        "Staat",
        "Wintern",
        "Gebühren",
        "Treffen",
        "Risse",
    )
    again = text
    for noun in nouns:
        again = again.replace(noun, noun[:-1] + "ok")
    assert pair(
        text, again.replace("noch in dieser Woche", "bis Samstag").replace("man habe sie nicht", "keiner habe sie")
    )["same_origin"]
    assert pair(" ".join(text.split()[:80]), " ".join(again.split()[:80]))["same_origin"]


def test_half_of_a_texts_own_words_decides() -> None:
    kept, own = NEWS.split(". ", 1)[0], ANALYSIS.split("? ", 1)[1]
    assert pair(NEWS, f"{kept}. {own}")["same_origin"] is False
    assert pair(NEWS, f"{NEWS.rsplit('. ', 1)[0]}. {own[:150]}")["same_origin"] is True


def test_a_later_version_of_one_outlet_may_be_reworked_a_little_more() -> None:
    again = (
        "Dockers at Larnwick voted to return after the port authority offered a raise of four percent. The leader of "
        "the union, Petra Lund, called the offer a first step and said that talks on shifts would resume. All nine "
        "berths may be open by the middle of next week, tides permitting, an official at the authority said, but a "
        "ferry line fears delays for its passengers over Easter."
    )
    titles = ("Dockers at Larnwick end strike", "Larnwick dockers end their strike")
    assert pair(NEWS, again, outlet=("wire", "wire"), title=titles)["same_origin"]


@pytest.mark.parametrize("times", [4, 5, 9])
def test_a_formula_makes_a_list_from_its_fifth_return_on_in_both_lanes(times: int) -> None:
    entry = "Photos: The long strike at Larnwick harbour"
    text = " ".join(f"{entry} entry{at} {' '.join(f'w{at}x{n}' for n in range(30))}" for at in range(times))
    texts = pl.Series([f"{NEWS} {text} {ANALYSIS}", f"{ANALYSIS} {text} {NEWS}", NEWS])
    a, b = np.array([0, 0, 1]), np.array([1, 2, 2])
    plain, quick = (align_pairs(texts, a, b, SETTINGS, compiled=lane) for lane in (False, True))
    assert (plain.counts == quick.counts).all()
    assert (plain.sizes == quick.sizes).all()
    listed = len(words.cut(texts[0])) - plain.sizes[0, 3, 0]
    assert listed == (0 if times < 5 else (times - 1) * 38 + 7)


def test_a_formula_whose_returns_lie_far_apart_makes_no_list() -> None:
    text = " ".join(
        f"as the minister of the interior told us {' '.join(f'w{at}x{n}' for n in range(90))}" for at in range(9)
    )
    made = align_pairs(pl.Series([text, text]), np.array([0]), np.array([1]), SETTINGS, compiled=False)
    assert made.sizes[0, 3, 0] == made.sizes[0, 2, 0]
