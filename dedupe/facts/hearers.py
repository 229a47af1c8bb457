"""Which outlet was told, where no "told" says so: "a indiqué à l'AFP", "sagte der Nordzeitung", "a la agencia EFE"."""

import re
from collections.abc import Collection

from dedupe import text as texts
from dedupe.facts.speech import lexicon_of

_NAME = r"[A-ZÀ-Þ][\w.-]*(?: (?:[A-ZÀ-Þ][\w.-]*|am|d[aeou]s?|del|della|der)){0,3}"
_KINDS = {
    "de": r"(?:nachrichten)?agentur|zeitung|tageszeitung|magazin|sender|nachrichtenmagazin|wochenzeitung",
    "fr": r"agence|quotidien|journal|chaîne|radio|télévision|hebdomadaire|magazine",
    "it": r"agenzia(?: di stampa)?|quotidiano|giornale|emittente|radio|rivista|settimanale|sito",
    "pt": r"agência(?: de notícias)?|jornal|diário|revista|rádio|emissora|site|portal|TV",
    "nl": r"persbureau|krant|dagblad|omroep|zender|weekblad|nieuwssite",
    "es": r"agencia|diario|periódico|cadena|radio|televisión|revista|emisora",
}
_TO = {
    "de": r"(?:gegenüber )?(?:der|dem|den) ",
    "fr": r"(?:à l['’]|à la |au |à )",
    "it": r"(?:all['’]|alla |allo |al )",
    "pt": r"(?:à |ao |a |para a )",
    "nl": r"(?:tegen |tegenover |aan )(?:de |het )?",
    "es": r"(?:al? |a la |a los )",
}
_TOLD = {
    language: re.compile(
        rf"(?<!\w){_TO[language]}(?P<kind>(?i:{kinds}) )?(?P<quote>[«“„\"] ?)?(?P<name>{_NAME})"
        rf"(?: ?[»“”\"])?"
    )
    for language, kinds in _KINDS.items()
}
_SHORT = re.compile(r"[A-Z]{3,5}")
_MEDIA = re.compile(
    r"(?:zeitung|post|kurier|blatt|nachrichten|anzeiger|funk|spiegel|presse|rundschau|agentur|krant|blad)$",
    re.IGNORECASE,
)


def told(text: str, begin: int, end: int, language: str, outlets: Collection[str]) -> tuple[int, int] | None:
    """Where the outlet's name stands that someone told, between two offsets; null where none is told.

    A name is an outlet's by the registry, by "agency" or the like before it, in quotation marks, by its form ("AFP",
    "Nordzeitung").

    Args:
        text: The field.
        begin: Where the speech verb ends.
        end: Where its clause ends at the latest.
        language: One of `text.LANGUAGES`; English has its own words for it.
        outlets: Names in `text.normal` form.
    """
    pattern = _TOLD.get(language)
    if pattern is None:
        return None
    media = lexicon_of(language).media
    for match in pattern.finditer(text, begin, min(end, begin + 90)):
        name = match["name"]
        first, last = match.span("name")
        if name.rsplit(" ", 1)[-1].islower():
            last = first + name.rindex(" ")
        known = texts.normal(text[first:last]) in outlets or not media.isdisjoint(name.lower().split())
        if known or match["kind"] or match["quote"] or _SHORT.fullmatch(name) or _MEDIA.search(text[first:last]):
            return first, last
    return None
