"""Whether a text reports a fact: all of it, whatever else the text says."""

import pytest

from dedupe.facts import align, presence

FACT = "Two people died in the fire in Osk."
LONG = "A fire in Osk killed two people and destroyed a school, the mayor said on Sunday after a long night."


def told(fact: str, *texts: str, language: str = "en") -> list[float]:
    return align.reports([fact] * len(texts), list(texts), language=language)


def test_a_longer_text_reports_the_fact_and_the_fact_does_not_report_the_text() -> None:
    assert told(FACT, LONG)[0] > 0.5 > told(LONG, FACT)[0]


@pytest.mark.parametrize(
    ("language", "fact", "same", "other"),
    [
        ("en", FACT, LONG, LONG.replace("two", "five")),
        ("en", "The minister resigned on Monday.", "The minister of Osk resigned on Monday after a long row.",
         "The minister of Osk resigned on Friday after a long row."),
        ("en", "The ship was carrying weapons.", "The ship was carrying weapons, officials said.",
         "The ship was not carrying weapons, officials said."),
        ("en", "Halden will not sell the tower.", "Halden will not sell the tower in Osk, a spokesman said.",
         "Halden will sell the tower in Osk, a spokesman said."),
        ("de", "Drei Menschen starben bei dem Brand.", "Bei dem Brand in Osk starben drei Menschen.",
         "Bei dem Brand in Osk starben fünf Menschen."),
        ("de", "Der Minister trat am Montag zurück.", "Der Minister trat am Montag nach langem Streit zurück.",
         "Der Minister trat am Freitag nach langem Streit zurück."),
        ("fr", "Le navire transportait des armes.", "Le navire transportait des armes, selon la police.",
         "Le navire ne transportait pas d'armes, selon la police."),
        ("fr", "Trois personnes sont mortes.", "Trois personnes sont mortes dans un incendie à Osk.",
         "Neuf personnes sont mortes dans un incendie à Osk."),
        ("es", "El barco llevaba armas.", "El barco llevaba armas, según la policía.",
         "El barco no llevaba armas, según la policía."),
        ("es", "El ministro dimitió en marzo.", "El ministro de Osk dimitió en marzo tras una larga disputa.",
         "El ministro de Osk dimitió en junio tras una larga disputa."),
    ],
)  # fmt: skip
def test_another_number_another_day_or_a_denial_is_another_fact(
    language: str, fact: str, same: str, other: str
) -> None:
    there, not_there = told(fact, same, other, language=language)
    assert there > 0.5 > not_there


def test_a_name_is_found_by_its_initials_both_ways() -> None:
    long, short = "The Harbour Workers Union called a strike.", "HWU called a strike."
    other = "BKT called a strike."
    for fact, text in ((long, short), (short, long)):
        assert told(fact, text)[0] > told(fact, other)[0]
    assert presence.read("the Union of Harbour Workers").initials["uhw"] == ("union", "harbour", "worker")
    assert presence.read("the hwu said so").shorts == {"hwu": "hwu", "said": "said"}  # nothing is written in capitals
    assert presence.read("Ada Lund saw it").shorts == {}


def test_who_tells_is_found_in_any_word_of_saying() -> None:
    fact = "Police provided this information."
    said, silent = told(fact, "The bridge is closed, police say.", "The bridge is closed, police cars stood there.")
    assert said > silent


def test_words_of_the_whole_story_tell_less() -> None:
    story = [f"The Osk fire: report {n} on the Osk fire" for n in "abcdefghijklmnopqrstuvwxyz"]
    fact, text = ["The Osk fire started in a bakery."], ["The Osk fire was put out."]
    assert align.reports(fact, text, context=story)[0] < align.reports(fact, text)[0]


@pytest.mark.parametrize("text", ["", "§", "12", "the", "x" * 3000, "一二三", "EU EU EU", "n't 1.2.3 02/03/04"])
def test_any_text_gets_a_probability(text: str) -> None:
    for language in ("en", "de", "xx"):
        assert all(0 <= p <= 1 for p in (*told(text, FACT, language=language), *told(FACT, text, language=language)))


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        align.reports(["a"], [])
