"""In German every noun has a capital: what of it is a name."""

import pytest

from dedupe import text as texts
from dedupe.facts import grammar, names

CASES = [
    ("Der Einsatz von Wasser kostet die Regierung viel Geld.", []),
    ("Beim Beginn der Verhandlungen war das Gericht voll.", []),
    ("Am Dienstag sprach Bürgermeisterin Karin Stolte mit den Anwohnern.", ["Karin Stolte"]),
    ("Das Bistum Regensburg prüft die Vorwürfe der Familie.", ["Regensburg"]),
    ("Nach Angaben von Ursula von der Linde war die Halle leer.", ["Ursula von der Linde"]),
    ("Die Firma zahlt drei Millionen Euro an die Stadt.", []),
    ("Gestern reiste der Minister nach Frankreich und Polen.", ["Frankreich", "Polen"]),
    ("Den Bericht hatte Bönte schon im Mai gelesen.", ["Bönte"]),
    ("Der Zug fuhr in die Nachbarstadt Karvale Ost weiter.", ["Karvale Ost"]),
    ("Sie wohnt in der Hafenstadt Karvale am Fluss.", ["Karvale"]),
    ("Im Möbellager brannte es, sagte ein Sprecher der USA.", ["USA"]),
]


@pytest.mark.parametrize(("text", "wanted"), CASES)
def test_names_among_nouns(text, wanted):
    words = grammar.tokens(text, "de")
    assert len(texts.sentences(text, "de")) == 1
    found = names.find(words, frozenset({0}), "de", headline=False)
    assert [text[words.begins[a] : words.ends[b - 1]] for a, b in found] == wanted
