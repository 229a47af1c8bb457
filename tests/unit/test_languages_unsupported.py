"""An article in a language that is not read: whole sentences, no language, no kind or modality that is guessed."""

import polars as pl
import pytest

from dedupe.facts import mentions
from dedupe.settings import FactSettings

TEXTS = {
    "zh": "周二凌晨，一艘渡轮在大雾中触礁。十二名乘客受伤，其中三人被送往医院。当局表示，调查将于周四开始。",
    "ar": "جنحت عبارة ركاب صباح الأربعاء. وأصيب اثنا عشر راكبا على الأقل. وقالت السلطات إن التحقيق سيبدأ الخميس.",
    "ru": "В среду утром паром сел на мель. Пострадали 12 человек, трое в больнице. Следствие начнётся в четверг.",
    "pl": "W środę rano prom osiadł na mieliźnie. Rannych zostało 12 osób, trzy trafiły do szpitala. Trwa śledztwo.",
    "tr": "Çarşamba sabahı bir feribot karaya oturdu. En az 12 kişi yaralandı. Soruşturma perşembe günü başlayacak.",
}


def extracted(text, language):
    article = {"article_id": "a", "outlet": "Courier", "title": "", "text": text, "language": language}
    return mentions.extract(pl.DataFrame([article], schema_overrides={"language": pl.String}), FactSettings())


@pytest.mark.parametrize("code", sorted(TEXTS))
@pytest.mark.parametrize("stated", [True, False])
def test_an_unread_language_is_said_and_its_sentences_stand_whole(code, stated):
    found = extracted(TEXTS[code], code if stated else None)
    assert found.height == 3
    assert found["language"].null_count() == 3
    assert set(found["kind"]) <= {"event", "quantity"}
    assert set(found["modality"]) == {"asserted"}
    assert found["attribution"].list.len().sum() == 0
    assert "".join(found["text"]).replace(" ", "") == TEXTS[code].replace(" ", "")


def test_a_quotation_in_another_language_leaves_the_article_in_its_own():
    text = (
        "Der Minister trat am Montag zurück. „I have nothing to hide and I will fight for my good name“, schrieb er "
        "auf Englisch. Die Opposition hatte den Schritt seit Wochen gefordert, weil er Spenden nicht gemeldet hatte."
    )
    assert set(extracted(text, None)["language"]) == {"de"}
