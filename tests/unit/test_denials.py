"""An assertion beside its denial, or beside its hedge."""

import pytest

from dedupe.facts import denials


def told(found: denials.Contrast | None, one: str, other: str) -> tuple[str, str] | None:
    return (one[slice(*found.marked)], other[slice(*found.plain)]) if found else None


@pytest.mark.parametrize(
    ("language", "one", "other", "marked", "plain"),
    [
        ("en", "The ship was not carrying weapons", "The ship was carrying weapons", "not carrying", "carrying"),
        ("en", "The bank did not sell its tower", "The bank sold its tower", "not sell", "sold"),
        ("en", "Halden denies polluting the Orre", "Halden polluted the Orre", "denies polluting", "polluted"),
        ("en", "No weapons were found on the ship", "Weapons were found on the ship", "No weapons", "Weapons"),
        ("de", "Das Schiff hatte keine Waffen geladen", "Das Schiff hatte Waffen geladen", "keine Waffen", "Waffen"),
        ("de", "Halden verkauft den Turm nicht", "Halden verkauft den Turm", "Turm nicht", "Turm"),
        ("fr", "Le navire ne transportait pas d'armes", "Le navire transportait des armes", "pas d'armes", "armes"),
        ("es", "El barco no llevaba armas", "El barco llevaba armas", "no llevaba", "llevaba"),
        ("it", "La nave non trasportava armi", "La nave trasportava armi", "non trasportava", "trasportava"),
        ("pt", "O navio não levava armas", "O navio levava armas", "não levava", "levava"),
        ("nl", "Het schip vervoerde geen wapens", "Het schip vervoerde wapens", "geen wapens", "wapens"),
    ],
)
def test_a_denial_is_found_with_what_it_denies(language: str, one: str, other: str, marked: str, plain: str) -> None:
    assert told(denials.denied(one, other, language), one, other) == (marked, plain)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The ship was not carrying weapons", "The ship was never carrying weapons"),
        ("Ada Lund did not plead guilty to theft in Osk", "Ada Lund pleaded not guilty to theft in Osk"),
        ("The board of Halden had no women in it", "Halden regrets the lack of women on its board"),
        ("I want to win in Osk as I have never won in Osk", "I want to win, I have never won in Osk"),
        ("Israel does not stand alone", "Whatever your party, you stand with Israel"),
        ("Ada Lund responded at once", "The campaign of Piet Oster did not respond"),
        ("It was not until Monday that Osk reported the case", "Osk reported the case on Monday"),
        ("Osk did not only close the port", "Osk did close the port"),
        ("You cannot have a fair trial without witnesses", "The court of Osk promised a fair trial"),
        ("Oster will not send the bill to the council", "The refusal of Oster to send the bill to the council"),
        ("Halden denies polluting the Orre", "Halden faces allegations of polluting the Orre"),
    ],
)
def test_what_only_looks_like_a_denial(one: str, other: str) -> None:
    assert denials.denied(one, other, "en") is None
    assert denials.denied(other, one, "en") is None


def test_a_hedge_is_found_where_the_other_says_the_same_outright() -> None:
    one, other = "Halden may have sold its tower in Osk", "Halden has sold its tower in Osk"
    assert told(denials.hedged(one, other, "en"), one, other) == ("may have sold", "sold")
    one, other = "He left over an alleged insult to a photographer", "after the insult to a photographer"
    assert told(denials.hedged(one, other, "en"), one, other) == ("alleged insult", "insult")
    one, other = "Der Minister soll Geld genommen haben", "Der Minister hat Geld genommen"
    assert denials.hedged(one, other, "de") is not None
    assert denials.hedged("They could not sell the tower in Osk", "They sold the tower in Osk", "en") is None
    assert denials.hedged("Prices in Osk could fall", "The fall of the tower made life harder", "en") is None


def test_another_language_is_not_guessed() -> None:
    assert denials.denied("statek nie przewoził broni", "statek przewoził broń", "pl") is None
    assert denials.hedged("statek może przewozić broń", "statek przewozi broń", "pl") is None
