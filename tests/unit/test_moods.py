"""Auxiliaries whose clause decides what they say: a future or a passive, hearsay or a condition."""

import polars as pl
import pytest

from dedupe.facts import mentions
from dedupe.settings import FactSettings

CASES = [
    ("de", "Das Gesetz wird am Freitag verabschiedet.", "asserted"),
    ("de", "Raser müssen nach dem Urteil härter bestraft werden.", "asserted"),
    ("de", "Die Partei wird die Reform im Bundesrat ablehnen.", "will"),
    ("de", "Der Mann soll zwei Menschen getötet haben.", "reportedly"),
    ("de", "Die Bauarbeiten sollen im Mai am Hafen beginnen.", "asserted"),
    ("fr", "Le chauffeur aurait perdu le contrôle du car.", "reportedly"),
    ("fr", "Une telle mesure aurait un effet immédiat sur les prix.", "conditional"),
    ("fr", "Il aurait pu partir avant la fin du match.", "conditional"),
    ("it", "Il ministro avrebbe già annunciato un sopralluogo.", "reportedly"),
    ("it", "Un crollo della banca avrebbe un impatto grave.", "conditional"),
    ("es", "El hombre habría matado a dos personas.", "reportedly"),
    ("pt", "O motorista teria fugido depois do acidente.", "reportedly"),
    ("nl", "De man zou zijn telefoon in de hand hebben gehad.", "reportedly"),
    ("nl", "Dat zou voor de stad een ramp zijn.", "conditional"),
    ("nl", "De trein rijdt sinds maandag weer naar Zandwijk.", "asserted"),
    ("nl", "De vrouw werkt als arts in het ziekenhuis.", "asserted"),
]


@pytest.mark.parametrize(("language", "text", "wanted"), CASES)
def test_what_an_auxiliary_says(language, text, wanted):
    article = {"article_id": "a", "outlet": "Courier", "title": "", "text": text, "language": language}
    found = mentions.extract(pl.DataFrame([article]), FactSettings())
    assert found["modality"].to_list() == [wanted]
