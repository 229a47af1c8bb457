"""Amounts, clocks and days as German, French, Spanish, Italian, Portuguese and Dutch news write them."""

import datetime as dt

import pytest

from dedupe.facts import quantities

WEDNESDAY = dt.date(2026, 5, 6)

AMOUNTS = {
    "de": {
        "eine halbe Million Euro": ("money", 5e5, 5e5, 5e5, "EUR"),
        "mehr als dreieinhalb Millionen Euro": ("money", 3.5e6, 3.5e6, None, "EUR"),
        "ein Dutzend Helfer": ("number", None, 10.8, 13.2, None),
        "gewann 3:1 gegen": ("score", None, 3, 1, None),
        "gegen 18.30 Uhr": ("time", 18.5, 18.5, 18.5, "hour"),
        "30.000 $": ("money", 3e4, 3e4, 3e4, "USD"),
    },
    "fr": {
        "une vingtaine d'autres": ("number", None, 18, 22, None),
        "un demi-million d'euros": ("money", 5e5, 5e5, 5e5, "EUR"),
        "un million et demi d’euros": ("money", 1.5e6, 1.5e6, 1.5e6, "EUR"),
        "peu après 7 heures": ("time", 7, 7, 7, "hour"),
        "pendant 7 heures": ("duration", 7, 7, 7, "hour"),
        "à 14 h 30": ("time", 14.5, 14.5, 14.5, "hour"),
        "une hausse de l'1,5 %": ("percent", 1.5, 1.5, 1.5, "%"),
    },
    "es": {
        "medio millón de euros": ("money", 5e5, 5e5, 5e5, "EUR"),
        "2.700 millones de US$": ("money", 2.7e9, 2.7e9, 2.7e9, "USD"),
        "a las 10.30": ("time", 10.5, 10.5, 10.5, "hour"),
        "dos de cada tres": ("percent", 200 / 3, 200 / 3 - 1, 200 / 3 + 1, "%"),
        "el medio ambiente": None,
    },
    "it": {
        "un calo dell'8,04%": ("percent", 8.04, 8.04, 8.04, "%"),
        "due milioni e mezzo": ("number", 2.5e6, 2.5e6, 2.5e6, None),
        "alle ore 14.30": ("time", 14.5, 14.5, 14.5, "hour"),
        "tra il 7 e il 9%": ("percent", None, 7, 9, "%"),
    },
    "pt": {
        "meio milhão de reais": ("money", 5e5, 5e5, 5e5, "BRL"),
        "por volta das 9h30": ("time", 9.5, 9.5, 9.5, "hour"),
        "de 7% para 9%": ("percent", None, 7, 9, "%"),
    },
    "nl": {
        "anderhalf miljoen euro": ("money", 1.5e6, 1.5e6, 1.5e6, "EUR"),
        "om 18.40 uur": ("time", 18 + 40 / 60, 18 + 40 / 60, 18 + 40 / 60, "hour"),
        "kort voor zeven uur": ("time", 7, 7, 7, "hour"),
        "gedaald tot 9694,73": ("number", 9694.73, 9694.73, 9694.73, None),
    },
}
DAYS = {
    "de": {
        "am 1. Juli 1867": ("1867-07-01", "1867-07-01"),
        "am Dienstagmorgen": ("2026-05-05", "2026-05-05"),
        "bis einschließlich Montag": ("2026-05-11", "2026-05-11"),
        "in der vergangenen Woche": ("2026-04-27", "2026-05-03"),
        "heute Morgen": ("2026-05-06", "2026-05-06"),
    },
    "fr": {
        "jeudi 1er juin": ("2026-06-01", "2026-06-01"),
        "l'an dernier": ("2025-01-01", "2025-12-31"),
        "vendredi prochain": ("2026-05-08", "2026-05-08"),
    },
    "es": {"hace dos días": ("2026-05-04", "2026-05-04"), "el próximo viernes": ("2026-05-08", "2026-05-08")},
    "it": {"due giorni fa": ("2026-05-04", "2026-05-04"), "l'8 maggio": ("2026-05-08", "2026-05-08")},
    "pt": {
        "nesta terça-feira (5)": ("2026-05-05", "2026-05-05"),
        "na segunda parte": None,
        "na semana passada": ("2026-04-27", "2026-05-03"),
    },
    "nl": {"donderdagavond": ("2026-04-30", "2026-04-30"), "drie dagen geleden": ("2026-05-03", "2026-05-03")},
}


def cases(table):
    return [(language, text, found) for language, texts in table.items() for text, found in texts.items()]


@pytest.mark.parametrize(("language", "text", "wanted"), cases(AMOUNTS))
def test_amounts_and_hours(language, text, wanted):
    found = quantities.find(text, WEDNESDAY, language)
    assert len(found) == (wanted is not None)
    if wanted:
        kind, value, low, high, unit = wanted
        one = found[0]
        assert (one.kind, one.unit) == (kind, unit)
        for got, want in ((one.value, value), (one.low, low), (one.high, high)):
            assert got == (None if want is None else pytest.approx(want))


@pytest.mark.parametrize(("language", "text", "wanted"), cases(DAYS))
def test_days(language, text, wanted):
    found = quantities.find(text, WEDNESDAY, language)
    assert [one.kind for one in found] == ["date"] * (wanted is not None)
    if wanted:
        low, high = (dt.date(1970, 1, 1) + dt.timedelta(days=day) for day in (found[0].low, found[0].high))
        assert (str(low), str(high)) == wanted


def test_words_of_one_language_measure_nothing_in_another():
    assert quantities.find("um die halbe Welt", WEDNESDAY, "de") == []
    assert quantities.find("gegen 18.30 Uhr", WEDNESDAY, "xx")[0].kind == "number"
