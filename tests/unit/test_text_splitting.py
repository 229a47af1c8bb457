"""Sentences, words and stems."""

import pytest

from dedupe import text as texts


def cut(text: str, language: str | None = "en") -> list[str]:
    return [text[begin:end] for begin, end in texts.sentences(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. Smith paid $1.5 million to J. K. Rowe of Acme Inc. in May.", 1),
        ("The U.S. economy grew. It was late.", 2),
        ("The deal was struck in the U.S. The market rose.", 2),
        ("He left at 3 p.m. Monday.", 1),
        ("“Why?” he asked. Nobody knew.", 2),
        ("See www.example.org for v1.2.3 now.", 1),
        ("It was too late.Doe then left.", 2),
        ("A headline without a stop\n\nThe text begins. And ends.", 3),
        ("Wait... he said. No!", 2),
        ("", 0),
        (" \n \t", 0),
    ],
)
def test_sentences(text: str, expected: int) -> None:
    assert len(cut(text)) == expected


def test_german_ordinals_and_foreign_stops() -> None:
    assert cut("Das war am 3. Oktober so. Danach kam z. B. nichts.", "de")[0] == "Das war am 3. Oktober so."
    assert cut("世界。你好！再见") == ["世界。", "你好！", "再见"]


def test_hard_wrapped_lines_are_no_breaks() -> None:
    line = "the committee met again on the question of the harbour and its"
    wrapped = "\n".join([line, line, line, line, line, "walls. The end came."])
    assert len(cut(wrapped)) == 2


def test_words_keep_offsets() -> None:
    text = "The U.S. paid 1,234.5 in Acme’s two-year deal"
    found = [text[begin:end] for begin, end in texts.words(text)]
    assert found == ["The", "U.S.", "paid", "1,234.5", "in", "Acme’s", "two", "year", "deal"]
    assert [begin for begin, _ in texts.words("東京2020")] == [0, 1, 2]


def test_normal_forms_and_stems() -> None:
    assert texts.normal("Acme’s") == texts.normal("ACME") == "acme"
    assert texts.normal("US") == texts.normal("U.S.") != texts.normal("us")
    assert texts.stem("announcements") == texts.stem("announced")
    assert texts.stem("Häuser", "de") == texts.stem("Haus", "de")
    assert texts.stem("слово", "ru") == "слово"
    assert texts.content_stems("The firm’s fifty-billion-dollar deal") == ["firm", "fifti", "billion", "dollar", "deal"]


def test_language_is_guessed_only_when_clear() -> None:
    assert texts.guess_language("Der Mann ist mit dem Hund und der Katze nach Hause gegangen") == "de"
    assert texts.guess_language("The man has gone home with the dog and with the cat") == "en"
    assert texts.guess_language("Mies meni kotiin koiran ja kissan kanssa eilen illalla myöhään") is None
    assert texts.guess_language("Hello") is None


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("de", "Vgl. Abb. 3 im Text. Der Mann (geb. 1960) starb. Die Fa. Meier hilft.", 3),
        ("de", "Er ging. »Nein«, sagte sie. »Doch.« Sie kam.", 4),
        ("de", "„Das ist gut.“ Sie ging. „Warum?“, fragte er. „Nein!“ rief sie.", 4),
        ("fr", "« C'est bien. » Elle partit. « Pourquoi ? » demanda-t-il. Env. 30 personnes.", 4),
        ("es", "D. José y Dña. Ana vinieron. El Gral. Pérez calló. En EE. UU. hay fiesta.", 3),
        ("it", "L'art. 5 del d.lgs. 81 vale. A pag. 4 c'è tutto.", 2),
        ("nl", "Drs. Bos en ir. Vos spraken. Enz. Hij kwam.", 2),
        ("pt", "O cel. Souza e o ten. Lima. Aprox. 30 pessoas.", 2),
        ("en", "He won ten. Then he left. It was an env. Nobody knew.", 4),
    ],
)
def test_abbreviations_and_quotation_marks_of_a_language(language, text, wanted):
    assert len(texts.sentences(text, language)) == wanted
