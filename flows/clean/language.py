"""Which language a text is in, from its small words or its script. None where that cannot be told."""

import re
import unicodedata
from collections import Counter

_WORDS = {
    "en": (
        "the of and to in that is was for on with as it by at from his her he has have an are this not "
        "but they which who will"
    ),
    "de": (
        "der die und das den von zu mit ist des im für auf nicht ein eine dem sich auch es an als "
        "werden aus er hat dass sie nach bei"
    ),
    "fr": (
        "de la le les et des en un une du dans que pour est au qui par sur pas plus avec son ce il sont "
        "aux cette ses ont"
    ),
    "es": "de la que el en y los del se las por un con una su para es al lo como más o fue ha sus pero este entre",
    "it": "di il che la e un per in del della è una con sono non le dei si da al più come nel alla gli ha anche i lo",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como foi ao das ele à seu sua ou são",
    "nl": (
        "de van het een en in is dat op te met voor zijn niet aan er om ook als door maar bij uit naar "
        "heeft worden over die"
    ),
    "sv": "och att det i en som på är av för med till den har inte ett om han de men var sig från så vi kan",
    "da": "og at det er en til på af for med den har ikke der de som et var han men vi kan om sig fra så",
    "no": "og i det er på til som av en for at med har ikke de den et var han om men seg fra så vi kan ble etter",
    "pl": "w i na z do się nie to jest że o po od za jak przez dla są tym ma jego oraz był ale co może",
    "tr": "ve bir bu da de için ile olarak çok daha olan gibi kadar sonra ne var olduğu dedi en ancak her",
    "fi": "ja on ei se että hän oli joka mutta ovat kun myös niin sen kuin tai mukaan olla jos vuoden",
    "cs": "a v se na je že s z do o to i ve za k pro by jsem jako jeho po ale si od jsou nebo však",
    "hu": "a az és hogy nem is egy volt meg ez de el már csak még mint kell azt ki vagy szerint között",
    "ro": "de și în a la cu pe nu o din că este un pentru care se mai au fi să al lui sunt după",
    "id": "yang dan di ini itu dengan untuk dari pada tidak dalam akan juga ke oleh karena ada sebagai",
}
_BY_WORD: dict[str, list[str]] = {}
for _language, _line in _WORDS.items():
    for _word in _line.split():
        _BY_WORD.setdefault(_word, []).append(_language)
_SCRIPTS = {
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "THAI": "th",
    "GREEK": "el",
    "HEBREW": "he",
    "DEVANAGARI": "hi",
    "TAMIL": "ta",
    "BENGALI": "bn",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
}
_WIDE = re.compile("[^\x00-\u024f]")  # beyond Latin letters
_TAG = re.compile(r"([a-z]{2})(?:[-_].*)?", re.IGNORECASE)
_OLD = {"iw": "he", "in": "id", "nb": "no", "nn": "no"}


def from_tag(tag: str | None) -> str | None:
    """The language of a tag ("de-AT" -> "de"); None for anything that is no language tag."""
    match = _TAG.fullmatch((tag or "").strip())
    return _OLD.get(match[1].lower(), match[1].lower()) if match else None


def guess(text: str) -> str | None:
    """ISO 639-1 code of a text's language from its first 4,000 characters.

    Small words decide among languages in Latin script; the script decides where it belongs to one language. Cyrillic
    and Arabic script are told apart by the letters only some of their languages have. A text with too few small words
    has no answer: nothing is guessed.
    """
    sample = text[:4000]
    wide = [char for char in _WIDE.findall(sample, 0, 1500) if char.isalpha()]
    scripts = Counter(unicodedata.name(char, "?").split(" ")[0] for char in wide)
    latin = sum(map(str.isalpha, sample[:1500])) - len(wide) if wide else 0
    if scripts and scripts.total() > latin:
        return _by_script(sample, scripts)
    hits: Counter[str] = Counter()
    words = Counter(re.findall(r"[^\W\d_]+", sample.lower()))
    for word in words.keys() & _BY_WORD.keys():
        for language in _BY_WORD[word]:
            hits[language] += words[word]
    ranked = sorted(hits.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or ranked[0][1] < max(3, 0.08 * words.total()):
        return None
    if len(ranked) > 1 and ranked[1][1] == ranked[0][1]:
        return None
    return ranked[0][0]


def _by_script(sample: str, scripts: Counter[str]) -> str | None:
    """The language of a text not in Latin script."""
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > 0.1 * scripts.total():
        return "ja"
    name = max(sorted(scripts), key=lambda script: scripts[script])
    if name == "CJK":
        return "zh"
    if name == "CYRILLIC":
        return "uk" if re.search("[їєґіЇЄҐІ]", sample) else "ru"
    if name == "ARABIC":
        return "ur" if re.search("[ٹڈڑےں]", sample) else "fa" if re.search("[پچژگ]", sample) else "ar"
    return _SCRIPTS.get(name)
