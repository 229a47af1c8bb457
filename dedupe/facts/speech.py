"""The words with which a language cites: speech verbs, openers, documents, offices (`attribution.json`)."""

import functools
import importlib.resources
import json
from dataclasses import dataclass

from dedupe import text as texts

DETERMINERS = frozenset(
    ["a", "an", "the", "his", "her", "its", "their", "this", "that", "some", "many", "several", "two", "three"]
)
ARTICLES = frozenset(
    [
        "ein",
        "eine",
        "der",
        "die",
        "das",
        "un",
        "une",
        "le",
        "la",
        "les",
        "el",
        "los",
        "las",
        "uno",
        "una",
        "il",
        "lo",
        "gli",
        "een",
        "de",
        "het",
        "o",
        "a",
        "os",
        "as",
        "um",
    ]
)
VOICES = frozenset(
    [
        "officials",
        "officers",
        "leaders",
        "leadership",
        "executives",
        "insiders",
        "experts",
        "lawmakers",
        "company",
        "critics",
        "estimates",
        "figures",
        "data",
        "researchers",
        "investigators",
        "witnesses",
        "authorities",
        "activists",
        "advocates",
        "agency",
        "aide",
        "aides",
        "analysts",
        "board",
        "brother",
        "daughter",
        "department",
        "doctor",
        "employees",
        "doctors",
        "driver",
        "economists",
        "family",
        "father",
        "firm",
        "friend",
        "friends",
        "government",
        "group",
        "husband",
        "lawyers",
        "man",
        "members",
        "ministry",
        "mother",
        "neighbor",
        "neighbors",
        "neighbour",
        "neighbours",
        "office",
        "opponents",
        "organisation",
        "organization",
        "parents",
        "prosecutors",
        "protesters",
        "residents",
        "scientists",
        "sister",
        "son",
        "spokesmen",
        "student",
        "students",
        "supporters",
        "survivors",
        "teacher",
        "union",
        "workers",
        "victim",
        "wife",
        "witness",
        "woman",
    ]
)
"""Nouns that can speak although they are neither names nor offices."""
CITING = frozenset({"citing", "unter berufung auf", "qui cite", "citant", "que cita", "citando", "citando a"})
"""Openers by which a source that is itself named cites another: it stands further in than the one who cites."""
COURTESY = frozenset(("mr", "mrs", "ms", "dr", "sir", "rep", "sen", "gov", "dame", "lady"))
"""Titles behind which a surname stands, even one that is an office: "Mr. King"."""
BODIES = frozenset(
    [
        "administration",
        "agency",
        "alliance",
        "army",
        "assembly",
        "association",
        "authority",
        "bank",
        "board",
        "bureau",
        "caucus",
        "center",
        "centre",
        "chamber",
        "church",
        "club",
        "coalition",
        "college",
        "commission",
        "committee",
        "company",
        "congress",
        "corp",
        "corporation",
        "council",
        "court",
        "department",
        "dynamics",
        "electric",
        "federation",
        "force",
        "foundation",
        "fund",
        "government",
        "group",
        "house",
        "inc",
        "institute",
        "institution",
        "league",
        "mills",
        "ministry",
        "motors",
        "movement",
        "network",
        "office",
        "organisation",
        "organization",
        "parliament",
        "party",
        "police",
        "post",
        "press",
        "project",
        "school",
        "senate",
        "service",
        "services",
        "society",
        "system",
        "team",
        "times",
        "trust",
        "union",
        "university",
    ]
)
"""Last words of an organisation's name: what looks like an office before one is part of the name."""
NOBODY = frozenset(("i", "we", "you", "this", "that", "these", "those", "there", "what", "who", "which", "one"))
"""English words before a speech verb that name no source of the article's."""
DAYS = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "today",
        "yesterday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag",
        "sonntag",
        "heute",
        "gestern",
    ]
)
"""Words behind a speech verb that say when, not who: "reported Friday"."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words with which a language cites."""

    says: frozenset[str]
    reporter: frozenset[str]
    tell: frozenset[str]
    openers: dict[str, tuple[tuple[str, ...], ...]]
    artefact: frozenset[str]
    nominal: frozenset[str]
    within: frozenset[str]
    roles: frozenset[str]
    media: frozenset[str]
    pronoun: frozenset[str]
    link: frozenset[str]
    skip: frozenset[str]
    weak: frozenset[str]
    participle: frozenset[str]  # "..., saying that": who acts in the sentence speaks
    paper: frozenset[str]  # verbs by which a document says something and a person does not ("found")
    framed: frozenset[str]  # cite in one frame only: "a statement read, ...", "which the union called reckless"
    bodies: frozenset[str]  # capitals that are no outlet: who was told is not who reported
    stop: frozenset[str]
    triggers: frozenset[str]
    strict: bool  # a verb before its subject needs a comma or a quotation mark (English)


@functools.cache
def lexicon_of(language: str) -> Lexicon:
    """The lexicon of one of `text.LANGUAGES`."""
    raw = importlib.resources.files("dedupe.facts").joinpath("attribution.json").read_text(encoding="utf-8")
    own: dict[str, list[str]] = json.loads(raw)[language]
    openers: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(own["openers"], key=len, reverse=True):
        first, *rest = phrase.split()
        openers.setdefault(first, []).append(tuple(rest))
    names = (
        "says",
        "reporter",
        "tell",
        "artefact",
        "nominal",
        "within",
        "roles",
        "media",
        "pronoun",
        "link",
        "skip",
        "weak",
        "participle",
        "paper",
        "bodies",
    )
    sets = {name: frozenset(own[name]) for name in names}
    sets["framed"] = frozenset(own.get("framed", ()))
    return Lexicon(
        openers={first: tuple(rests) for first, rests in openers.items()},
        stop=texts.STOP[language],
        triggers=sets["says"] | sets["within"] | sets["participle"] | sets["framed"] | frozenset(openers),
        strict=language == "en",
        **sets,
    )


@functools.cache
def roles(language: str) -> frozenset[str]:
    """Words for offices and jobs that stand before a name and are no part of it."""
    return lexicon_of(language).roles - {"general", "special", "press", "police", "judge", "house", "head", "founder"}
