"""Who says so: sources of a sentence, chains over sentences."""

from bisect import bisect_left

import pytest

from dedupe import text as texts
from dedupe.facts import attribution
from dedupe.facts.grammar import tokens


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


def spoken(text: str, language: str = "en") -> list[list[str]]:
    """Who is cited in every sentence of a text, outermost first."""
    words = tokens(text, language)
    sentences = texts.sentences(text, language)
    bounds = [(bisect_left(words.begins, begin), bisect_left(words.begins, end)) for begin, end in sentences]
    chains = attribution.chains(text, words, sentences, bounds, language=language)
    return [[source.cited for source in attribution.number(chain)] for chain in chains]


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("“It will go on,” the institute’s director, Dr. Jane Doe, said in a statement.", ["Jane Doe"]),
        ("Governor Jane Doe on Monday outlined plans to open the port.", ["Jane Doe"]),
        ("A study from September showed that the water rose.", ["study"]),
        ("The chief defended the plan, saying officers had no choice.", ["chief"]),
        ("The Osk County Attorney’s Office, which leads the case, issued a statement saying that it would go on.",
         ["Osk County Attorney’s Office"]),
        ("The port had been closed for a week, a friend told the AP.", ["AP", "friend"]),
        ("Roe told the FBI that he had left.", ["Roe"]),
        ("The pair responded to a report of a theft in Osk.", []),
        ("The orders are expected in most U.S. states by May.", []),
        ("Despite palace claims, the port still lacks a plan.", []),
        ("Police found a boat in the harbour.", []),
        ("A review of the port found rust in every crane.", ["review of the port"]),
        ("Smith and Jones said they would stay.", ["Smith and Jones"]),
    ],
)  # fmt: skip
def test_who_speaks_is_read_from_the_words_around_the_verb(text: str, cited: list[str]) -> None:
    assert [source.cited for source in attribution.find(text)] == cited


def test_a_quotation_of_several_sentences_has_one_speaker() -> None:
    text = "“I know that tempers run high. But we must keep to the facts and the law,” Attorney Ada Lund said."
    assert spoken(text) == [["Ada Lund"], ["Ada Lund"]]


def test_he_is_whom_the_text_was_about_last() -> None:
    text = (
        "“This is not ours,” said spokesman Bo Hale. President Ada Lund has given varying figures for the harbour. "
        "As recently as Friday, she said that fewer than ten cranes would fall."
    )
    assert spoken(text)[2] == ["Ada Lund"]


def test_they_are_not_one_person() -> None:
    text = "“It is over,” said Ada Lund. They argued that the port must stay open."
    assert spoken(text) == [["Ada Lund"], []]


@pytest.mark.parametrize(
    ("language", "text", "cited"),
    [
        ("de", "„Das geht nicht“, kritisierte Ministerin Ada Lund am Montag.", ["Ada Lund"]),
        ("fr", "« C’est fini », a averti la ministre Ada Lund.", ["Ada Lund"]),
        ("es", "El puerto seguirá cerrado, advirtió la ministra Ada Lund.", ["Ada Lund"]),
        ("it", "Il porto resta chiuso, ha avvertito la ministra Ada Lund.", ["Ada Lund"]),
        ("pt", "O porto continua fechado, alertou a ministra Ada Lund.", ["Ada Lund"]),
        ("nl", "De haven blijft dicht, benadrukte minister Ada Lund.", ["Ada Lund"]),
    ],
)
def test_speech_verbs_of_other_languages(language: str, text: str, cited: list[str]) -> None:
    assert [source.cited for source in attribution.find(text, language=language)] == cited


def test_a_transcript_is_said_by_its_labels() -> None:
    text = (
        "MARLOW: The crane fell on Monday. It was old.\nREPORTER: Who saw it?\n"
        "MARLOW: Nobody, the harbour master told me.\nQ: And now?\nA: Now we wait."
    )
    assert spoken(text) == [["MARLOW"], ["MARLOW"], ["REPORTER"], ["MARLOW", "harbour master"], [], []]
    assert spoken("Related: The crane fell.\nIt was old.\nThe port is shut.") == [[], [], []]


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("The bridge had been shut for a week, said Sgt. Jane Doe, who leads the unit.", ["Jane Doe"]),
        ("Ann Roe, 66, of Osk, was walking home when the car hit her, said Sgt. Jane Doe.", ["Jane Doe"]),
        (
            "Residents from several streets, however, said that the port would close.",
            ["Residents from several streets"],
        ),
        ("Mr. King of Osk said that the port would close.", ["King"]),
        ("The Justice Department said that the port would close.", ["Justice Department"]),
        ("General Motors Corporation announced that it would build a plant.", ["General Motors Corporation"]),
        ("CNN’s Ida Berg noted that the port was shut.", ["Ida Berg"]),
        ("Roe falsely claimed that the port was shut.", ["Roe"]),
        ("As I’ve said before, the port is shut.", []),
        ("Roe insisted on a second vote.", []),
        ("The port will offer the ten boats declared the best of the year.", []),
        ("The spokesman was quoted as saying that the port was shut.", ["spokesman"]),
        ("The port was shut, KCNA said, citing a ministry spokesman.", ["KCNA", "ministry spokesman"]),
    ],
)
def test_names_offices_and_orders_of_words(text: str, cited: list[str]) -> None:
    assert [source.cited for source in attribution.find(text)] == cited


@pytest.mark.parametrize(
    ("text", "chains"),
    [
        (
            "The port was shut, KCNA said, citing a ministry spokesman. “Nobody may enter it,” the spokesman said.",
            [["KCNA", "ministry spokesman"], ["KCNA", "spokesman"]],
        ),
        (
            (
                "Ida Berg said the port was shut. She said it would open. Paul Roe said it was safe. He said so twice. "
                "She said nothing would change."
            ),
            [["Ida Berg"], ["Ida Berg"], ["Paul Roe"], ["Paul Roe"], ["Ida Berg"]],
        ),
        (
            "“The port is shut.\n\n“It will stay so,” Ida Berg said.",
            [["Ida Berg"], ["Ida Berg"]],
        ),
        ("When Paul Roe ran for mayor, he said he would open the port.", [["Paul Roe"]]),
        ("The Harbour Board met on Monday. It is, it said, too early to tell.", [[], []]),
        ("The Harbour Board said nothing. The port is, it said, closed.", [["Harbour Board"], ["Harbour Board"]]),
        ("The mayor met his adviser, Paul Roe, who has said the port is safe.", [["Paul Roe"]]),
        ("The port is shut, according to a county survey released Friday.", [["county survey"]]),
        ("Ida Berg said so. “Paul Roe says the port is open,” she said.", [["Ida Berg"], ["Ida Berg", "Paul Roe"]]),
    ],
)
def test_whom_pronouns_and_open_quotations_belong_to(text: str, chains: list[list[str]]) -> None:
    assert open_chains(text) == chains


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("“It is shut,” said Dr. Paul Roe with the Karvale School of Law.", ["Paul Roe"]),
        ("The port is shut, the delegate in Karvale, Ida Berg, told journalists.", ["Ida Berg"]),
        ("Officials in Karvale said the port was shut.", ["Officials in Karvale"]),
        ("There were no missing people reported, and the port was open.", []),
    ],
)
def test_a_name_ends_where_a_place_begins(text: str, cited: list[str]) -> None:
    assert [source.cited for source in attribution.find(text)] == cited


def test_single_quotation_marks_carry_their_speaker_too() -> None:
    text = "‘The port is shut. It’s late,’ Ida Berg said.\n\n'All was dark.\n\n'We heard it here,' Paul Roe said."
    assert open_chains(text) == [["Ida Berg"], ["Ida Berg"], ["Paul Roe"], ["Paul Roe"]]


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        (
            "Dr Ida Berg, told the Karvale Herald at five o’clock that the port was shut.",
            ["Karvale Herald", "Ida Berg"],
        ),
        ("“It is shut,” Ida Berg, a diver and one of the owners, told the Times.", ["Times", "Ida Berg"]),
        ("Ida Berg told the Karvale Courier Friday that the port was shut.", ["Karvale Courier", "Ida Berg"]),
        ("A lost boat can be reported by friends or others at the port.", []),
        ("A list of the boats will be published by the harbour board.", []),
        ("The port is safe, that’s what they always say.", []),
        ("The call came before an interview with Secretary Berg even took place.", []),
        ("In an interview with Ida Berg even the port was praised.", ["Ida Berg"]),
        ("The port is shut, Ida Berg said in a blog post.", ["Ida Berg", "a blog post"]),
        ("The port is shut, according to a Monday Karvale Times report.", ["Karvale Times"]),
        ("The port is shut, according to a Monday survey report.", ["survey report"]),
        ("The port was shut, reported on Sunday by the Karvale news agency.", ["Karvale news agency"]),
        ("“The port is shut,” a statement read.", ["statement"]),
        ("She read, wrote and slept on the ship.", []),
        ("The toll, which the trade association called reckless, begins in May.", ["trade association"]),
        ("The union, which the mayor called on Sunday, walked out.", []),
    ],
)
def test_who_is_told_is_no_speaker_and_who_may_report_is_no_source(text: str, cited: list[str]) -> None:
    assert [source.cited for source in attribution.find(text)] == cited


def test_they_are_the_two_people_named_since_a_group_spoke() -> None:
    text = "Officials said the port was shut. Ida Berg and Paul Roe were in Osk. They said the port was safe."
    assert open_chains(text)[2] == ["Ida Berg and Paul Roe"]
    text = "Officials said the port was shut. Ida Berg was in Osk. They said the port was safe."
    assert open_chains(text)[2] == ["Officials"]
