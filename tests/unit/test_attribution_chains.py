"""Who says so: sources of a sentence, chains over sentences."""

from bisect import bisect_left

import pytest

from dedupe import text as texts
from dedupe.facts import attribution
from dedupe.facts.clauses import tokens


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        (
            "According to a report from The Ledger, Acme CEO Jane Doe informed staff in an internal memo that it is.",
            ["The Ledger", "Jane Doe", "an internal memo"],
        ),
        ("Roe told the Bay Sentinel, according to The Ledger.", ["The Ledger", "Bay Sentinel", "Roe"]),
        ("“We want more,” Minority Leader Jane Doe (D-Calif.) said before the vote.", ["Jane Doe"]),
        ("Security adviser John Roe, who declared it a troika, said the policy is bad.", ["John Roe"]),
        ("“It is,” said Florida Republican Sen. John Roe, who left.", ["John Roe"]),
        ("The Bay Times reported on Monday, citing people familiar with the matter, that he left.",
         ["Bay Times", "people familiar with the matter"]),
        ("Internal estimates suggested that it was costly.", ["Internal estimates"]),
        ("Police said two men died.", ["Police"]),
        ("Acme’s reported losses grew in the United States.", []),
        ("The shift indicates a growing reliance on ships.", []),
        ("Doe praised the plan and said it would pass.", ["Doe"]),
    ],
)  # fmt: skip
def test_sentence(text: str, cited: list[str]) -> None:
    found = attribution.find(text)
    assert [source.cited for source in found] == cited
    assert [source.hop for source in found] == list(range(len(cited)))
    assert all(text[source.begin : source.end] == source.cited for source in found)


def test_registry_knows_outlets_that_their_form_does_not_tell() -> None:
    text = "Roe told Ledger that he left."
    assert [source.cited for source in attribution.find(text)] == ["Roe"]
    assert [source.cited for source in attribution.find(text, {"Ledger"})] == ["Ledger", "Roe"]


@pytest.mark.parametrize(
    ("language", "text", "cited"),
    [
        (
            "de",
            "Laut einem Bericht der Süddeutschen Post sagte Kanzler Roe, dass er geht.",
            ["Süddeutschen Post", "Roe"],
        ),
        ("fr", "Selon Le Courrier, le ministre a déclaré que oui.", ["Le Courrier", "ministre"]),
        ("es", "Según El Correo, el presidente dijo que no.", ["El Correo", "presidente"]),
        ("fi", "Roe sanoi, että hän lähtee.", []),
        ("en", "The Courier, citing two people familiar with the matter, reported Friday that it will sell its tower.",
         ["Courier", "two people familiar with the matter"]),
        ("en", "Citing court documents, the Ledger said that Hurst had fled.", ["Ledger", "court documents"]),
        ("en", "Per CNN, 40 per cent of the deal is off.", ["CNN"]),
        ("en", "Hale told the Sun Sentinel, according to The Associated Press, that the pool would close.",
         ["The Associated Press", "Sun Sentinel", "Hale"]),
        ("de", "Wie die Nordzeitung unter Berufung auf Ermittler berichtet, wurden drei Männer festgenommen.",
         ["Nordzeitung", "Ermittler"]),
        ("de", "Laut Polizei starben zwei Menschen.", ["Polizei"]),
        ("de", "Nach Angaben der Feuerwehr brannte das Haus aus.", ["Feuerwehr"]),
        ("de", "„Wir prüfen das“, sagte ein Sprecher der Polizei.", ["Sprecher der Polizei"]),
        ("de", "Dies teilte die Staatsanwaltschaft am Montag mit.", ["Staatsanwaltschaft"]),
        ("de", "Das sagte Müller der „Bild am Sonntag“.", ["Bild am Sonntag", "Müller"]),
        ("fr", "Selon Le Courrier, qui cite des sources policières, trois hommes ont été arrêtés.",
         ["Le Courrier", "sources policières"]),
        ("fr", "Le ministre a indiqué à l'AFP que le pont serait fermé.", ["AFP", "ministre"]),
        ("fr", "Le ministre a déclaré à Paris que le pont serait fermé.", ["ministre"]),
        ("es", "Según informó El Correo, que cita fuentes policiales, tres hombres fueron detenidos.",
         ["El Correo", "fuentes policiales"]),
        ("es", "El presidente aseguró a la agencia EFE que no dimitirá.", ["EFE", "presidente"]),
        ("es", "El presidente aseguró a Pedro Rojas que no dimitirá.", ["presidente"]),
    ],
)  # fmt: skip
def test_other_languages(language: str, text: str, cited: list[str]) -> None:
    assert [source.cited for source in attribution.find(text, (), language)] == cited


def open_chains(text: str, language: str = "en") -> list[list[str]]:
    words, spans = tokens(text, language), texts.sentences(text)
    bounds = [(bisect_left(words.begins, begin), bisect_left(words.begins, end)) for begin, end in spans]
    found = attribution.chains(text, words, spans, bounds, language=language)
    return [[source.cited for source in attribution.number(chain)] for chain in found]


def test_a_chain_reaches_what_follows_until_it_closes() -> None:
    text = (
        "According to The Ledger, Jane Doe told staff that the ship was ready. Doe highlighted its speed. "
        "She stressed that it was safe. It has nine decks.\n\nThe harbour opened in May."
    )
    assert open_chains(text) == [
        ["The Ledger", "Jane Doe"], ["The Ledger", "Doe"], ["The Ledger", "Doe"], ["The Ledger"], [],
    ]  # fmt: skip


def test_a_new_source_closes_the_chain() -> None:
    text = "According to The Ledger, the ship was ready. John Roe said it was not."
    assert open_chains(text) == [["The Ledger"], ["John Roe"]]


def test_quotations_carry_their_speaker() -> None:
    text = "“We are late,” Doe said. “We will be later.” The ship left.\n\n“Why now?” Roe asked."
    assert open_chains(text) == [["Doe"], ["Doe"], [], ["Roe"], ["Roe"]]


def test_a_pronoun_without_a_speaker_cites_nobody() -> None:
    assert open_chains("He said that it was late.") == [[]]


@pytest.mark.parametrize(
    ("language", "text", "cited"),
    [
        ("es", "El presidente aseguró a la agencia EFE que no dimitirá. Añadió que el gobierno seguirá.",
         [["EFE", "presidente"], ["EFE", "presidente"]]),
        ("fr", "« Nous enquêtons », a déclaré le procureur Jean Roux. D'après lui, l'affaire est grave.",
         [["Jean Roux"], ["Jean Roux"]]),
        ("de", "Laut der Nordzeitung wurden drei Männer festgenommen. Sie waren maskiert.\n\nEs regnet.",
         [["Nordzeitung"], ["Nordzeitung"], []]),
    ],
)  # fmt: skip
def test_chains_reach_on_in_other_languages(language: str, text: str, cited: list[list[str]]) -> None:
    assert open_chains(text, language) == cited
