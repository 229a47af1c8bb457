"""Numbers, money, percents, dates: value, bounds and unit."""

import datetime as dt

import pytest

from dedupe.facts.quantities import find

DAY = dt.date(2026, 4, 13)  # a Monday
INF = None


def days(year: int, month: int, day: int) -> float:
    return float((dt.date(year, month, day) - dt.date(1970, 1, 1)).days)


@pytest.mark.parametrize(
    ("text", "kind", "value", "low", "high", "unit"),
    [
        ("$50 billion", "money", 5e10, 5e10, 5e10, "USD"),
        ("a fifty-billion-dollar deal", "money", 5e10, 5e10, 5e10, "USD"),
        ("US$3.5bn", "money", 3.5e9, 3.5e9, 3.5e9, "USD"),
        ("at least 12 people", "number", 12, 12, INF, None),
        ("up to 6 inches", "measure", 6, INF, 6, "inch"),
        ("nearly $2 million", "money", 2e6, 1.8e6, 2e6, "USD"),
        ("hundreds of millions of dollars", "money", INF, 2e8, 1e9, "USD"),
        ("nine-figure deals", "number", INF, 1e8, 1e9, None),
        ("from 7 % to 9 %", "percent", INF, 7, 9, "%"),
        ("$5-6 million", "money", INF, 5e6, 6e6, "USD"),
        ("between two and three years", "duration", INF, 2, 3, "year"),
        ("two gigawatts of power", "measure", 2, 2, 2, "GW"),
        ("25 basis points", "percent", 25, 25, 25, "bp"),
        ("two hundred and fifty thousand", "number", 250_000, 250_000, 250_000, None),
        ("50 or more", "number", 50, 50, INF, None),
        ("a 219-211 vote", "score", INF, 219, 211, None),
        ("2 p.m.", "time", 14, 14, 14, "hour"),
        ("March 3, 2019", "date", days(2019, 3, 3), days(2019, 3, 3), days(2019, 3, 3), "day"),
        ("March 2020", "date", INF, days(2020, 3, 1), days(2020, 3, 31), "day"),
        ("on Tuesday", "date", days(2026, 4, 7), days(2026, 4, 7), days(2026, 4, 7), "day"),
        ("will meet on Friday", "date", days(2026, 4, 17), days(2026, 4, 17), days(2026, 4, 17), "day"),
        ("yesterday", "date", days(2026, 4, 12), days(2026, 4, 12), days(2026, 4, 12), "day"),
        ("02/03/04", "date", INF, INF, INF, "day"),
        ("13/02/2020", "date", days(2020, 2, 13), days(2020, 2, 13), days(2020, 2, 13), "day"),
    ],
)
def test_english(text: str, kind: str, value: float, low: float, high: float, unit: str) -> None:
    (found,) = find(text, DAY)
    assert (found.kind, found.unit) == (kind, unit)
    assert [found.value, found.low, found.high] == pytest.approx([value, low, high])
    assert text[found.begin : found.end] in text


def test_fractions_are_percents() -> None:
    third, two_thirds, fifth = find("a third of voters, a two-thirds majority, one in five", DAY)
    assert third.value == pytest.approx(100 / 3)
    assert two_thirds.value == pytest.approx(200 / 3)
    assert (fifth.value, fifth.unit) == (20, "%")


@pytest.mark.parametrize("text", ["version 1.2.3", "an F-16", "GPT-4", "5G", "the 16th", "one of them", "24/7", "9/11"])
def test_what_is_no_quantity(text: str) -> None:
    assert find(text, DAY) == []


@pytest.mark.parametrize(
    ("language", "text", "value", "unit"),
    [
        ("de", "1.234,5 Millionen Euro", 1_234_500_000, "EUR"),
        ("de", "mindestens 12 Prozent", 12, "%"),
        ("fr", "20 millions d’euros", 2e7, "EUR"),
        ("es", "1.200 millones de dólares", 1.2e9, "USD"),
        ("it", "5 miliardi di euro", 5e9, "EUR"),
        ("pt", "2,5 bilhões de dólares", 2.5e9, "USD"),
        ("nl", "2,5 miljard euro", 2.5e9, "EUR"),
    ],
)
def test_other_languages(language: str, text: str, value: float, unit: str) -> None:
    (found,) = find(text, DAY, language)
    assert (found.value, found.unit) == (value, unit)


def test_dates_of_other_languages_and_ordinals() -> None:
    assert find("am 3. Oktober 2025", DAY, "de")[0].value == days(2025, 10, 3)
    assert find("le 3 mars 2020", DAY, "fr")[0].value == days(2020, 3, 3)
    assert find("im 16. Jahrhundert", DAY, "de") == []


def test_unknown_language_reads_digits_only() -> None:
    assert [found.value for found in find("1,234 and 5% and twelve", None, None)] == [1234, 5]


def test_without_a_publication_date_a_weekday_has_no_value() -> None:
    (found,) = find("on Tuesday", None)
    assert (found.kind, found.value) == ("date", None)


def test_absurd_digits_are_bounded() -> None:
    assert find("9" * 100_000) == []


@pytest.mark.parametrize(
    ("language", "text", "kind", "value", "low", "high", "unit"),
    [
        ("en", "as few as 95 people", "number", 95, 95, INF, None),
        ("en", "2.5 crore rupees", "money", 2.5e7, 2.5e7, 2.5e7, "INR"),
        ("en", "Rs 12,34,567", "money", 1_234_567, 1_234_567, 1_234_567, "INR"),
        ("de", "1.234,56 Euro", "money", 1234.56, 1234.56, 1234.56, "EUR"),
        ("de", "rund 2,5 Mio. Euro", "money", 2.5e6, 2.25e6, 2.75e6, "EUR"),
        ("de", "dreiundzwanzig Menschen", "number", 23, 23, 23, None),
        ("de", "zweihundert Häuser", "number", 200, 200, 200, None),
        ("de", "Hunderte Millionen Euro", "money", INF, 2e8, 1e9, "EUR"),
        ("de", "1’200 Franken", "money", 1200, 1200, 1200, "CHF"),
        ("fr", "1 234,56 euros", "money", 1234.56, 1234.56, 1234.56, "EUR"),
        ("fr", "des centaines de millions d'euros", "money", INF, 2e8, 1e9, "EUR"),
        ("fr", "près de 3 milliards d'euros", "money", 3e9, 2.7e9, 3e9, "EUR"),
        ("fr", "quatre-vingt-dix-sept blessés", "number", 97, 97, 97, None),
        ("fr", "soixante-douze heures", "duration", 72, 72, 72, "hour"),
        ("fr", "deux cents personnes", "number", 200, 200, 200, None),
        ("es", "mil millones de euros", "money", 1e9, 1e9, 1e9, "EUR"),
        ("es", "2.500 millones de dólares", "money", 2.5e9, 2.5e9, 2.5e9, "USD"),
        ("es", "treinta y cinco heridos", "number", 35, 35, 35, None),
        ("es", "dos mil personas", "number", 2000, 2000, 2000, None),
        ("es", "miles de personas", "number", INF, 2000, 1e6, None),
        ("it", "ventitré persone", "number", 23, 23, 23, None),
        ("it", "almeno 1.200 euro", "money", 1200, 1200, INF, "EUR"),
        ("it", "centinaia di migliaia di persone", "number", INF, 2e5, 1e6, None),
        ("pt", "R$ 2,5 bi", "money", 2.5e9, 2.5e9, 2.5e9, "BRL"),
        ("pt", "trinta e duas pessoas", "number", 32, 32, 32, None),
        ("nl", "tweeëntwintig gewonden", "number", 22, 22, 22, None),
        ("nl", "ruim 3,2 miljard euro", "money", 3.2e9, 3.2e9, INF, "EUR"),
        ("de", "die Hälfte der Stimmen", "percent", 50, 49, 51, "%"),
        ("fr", "deux tiers des voix", "percent", 200 / 3, 200 / 3 - 1, 200 / 3 + 1, "%"),
    ],
)
def test_bounds_words_and_signs_of_a_language(
    language: str, text: str, kind: str, value: float, low: float, high: float, unit: str
) -> None:
    (found,) = find(text, DAY, language)
    assert (found.kind, found.unit) == (kind, unit)
    assert [found.value, found.low, found.high] == pytest.approx([value, low, high])


@pytest.mark.parametrize(
    ("language", "text", "month"),
    [("en", "in October", 10), ("en", "since last May", 5), ("de", "im Januar", 1), ("fr", "en mars", 3),
     ("es", "desde octubre", 10), ("it", "a maggio", 5), ("pt", "em dezembro", 12), ("nl", "in januari", 1)],
)  # fmt: skip
def test_a_month_alone_is_the_nearest_one(language: str, text: str, month: int) -> None:
    (found,) = find(text, DAY, language)
    years = [year for year in (2025, 2026) if found.low == days(year, month, 1)]
    assert years
    assert found.value is None
    assert find(text, None, language)[0].low is None


def test_a_month_is_read_only_where_a_date_can_stand() -> None:
    for text in ("They may leave", "Lund marched in", "April Roe left", "in may"):
        assert find(text, DAY) == []


def test_number_words_that_make_no_number_stay_apart() -> None:
    two, eight = find("the first of two eight-hour sessions", DAY)
    assert (two.value, eight.value, eight.unit) == (2, 8, "hour")


@pytest.mark.parametrize("text", ["3万人", "120 万人", "约2亿元", "1.234,56"])
def test_numbers_of_other_scripts_and_unknown_languages_are_not_guessed(text: str) -> None:
    assert find(text, DAY, "zh") == []


@pytest.mark.parametrize(
    "day", [dt.date.min, dt.date(2, 1, 1), dt.date(1900, 3, 1), dt.date(9998, 12, 31), dt.date.max]
)
def test_a_text_of_any_day_is_read(day: dt.date) -> None:
    text = "In May, on Monday, next year, last week, two decades ago, on 29 February, yesterday at noon on Feb. 30."
    assert len(find(text, day)) >= 7
