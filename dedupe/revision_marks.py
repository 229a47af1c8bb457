"""What its sender calls a revision: update, correction, refile, repeat, or a kill. Marks first, words second."""

import re
from collections.abc import Iterable
from typing import NamedTuple

# Source: the wires' own rules (Reuters handbook "Corrections, refiles, kills, repeats and embargoes", dpa stylebook,
# AP's Ld-Writethru practice, IPTC NewsCodes "signal", NewsML 1.2 Instruction). A signal is the last part of its code.
_SIGNALS = {
    "update": ("update", "updated", "writethru", "lead", "new lead", "u"),
    "correction": ("correction", "corrected", "correct", "rectify", "rectification", "c"),
    "refile": ("refile",),
    "repeat": ("repeat", "rpt", "resend"),
    "kill": ("kill", "withdraw", "withdrawn", "withdrawal", "delete", "cancel", "canceled", "retract", "d"),
    "withhold": ("hold", "withhold"),
}
_OF_SIGNAL = {word: change for change, words in _SIGNALS.items() for word in words}
_SHORT = {"u", "c", "d"}  # single letters mean this in schemes of editorial status only (edStat:C)
_ORDER = ("kill", "withhold", "correction", "refile", "repeat", "update")  # of several marks the gravest holds

# Headlines: the mark at the head, before a dash, colon or slash, or in brackets. In capitals or as a title, because a
# story may be about an update; kills in capitals only.
_MARKS = {
    "correction": "CORRECTED CORRECTION KORREKTUR BERICHTIGUNG CORRECTIF RECTIFICATIF CORRECCIÓN CORREZIONE RETTELSE",
    "refile": "REFILE",
    "repeat": "RPT REPEAT WDHLG WIEDERHOLUNG",
    "update": "UPDATE AKTUALISIERUNG ACTUALISATION LEAD WRAPUP",
}


def _mark(words: str) -> str:
    either = "|".join(f"{word}|{word.capitalize()}" for word in words.split())
    return rf"\(?(?:\d+(?:st|nd|rd|th)\s+)?(?:{either})(?:-[A-Z]+)?\s*\d*\s*[-–—:)/]"


_HEAD = (
    ("kill", r"(?:(?:MANDATORY|BULLETIN|URGENT)\s+)?KILL(?:\s*[-–—:/]|(?:[\s,]+KILL)+\b|$)"),
    ("kill", r"\(?STORY\s+WITHDRAWN\b|WITHDRAWN\s*(?:[-–—:]|$)"),
    ("kill", r"(?:ANNULATION|ANNULE|ZURÜCKGEZOGEN|ANULADA|ANNULLATA)\s*(?:[-–—:]|$)"),
    ("withhold", r"HOLD(?:[\s,]+HOLD)+\b|HOLD\s*[-–—:]"),
    *((change, _mark(words)) for change, words in _MARKS.items()),
)
_SLUG = (
    ("kill", r"[,\s(-]KILL(?:ED)?\)?$"),
    ("correction", r"[\s,(-](?:CORRECTION|CORRECTED|CORRECTIVE|Correction)\b"),
    ("update", r"\b\d+(?:st|nd|rd|th)\s+(?:Ld|Lead)\b|\bLd-Writethru\b|\(UPDATE\s*\d*\)|\b(?:LEAD|Lead|LD)\s+\d+\b"),
)
_NOTE = (
    ("kill", r"(?:MANDATORY\s+)?KILL\b"),
    ("kill", r"(?:This|The)\s+(?:story|item|article)\s+(?:has\s+been|is|was)\s+(?:withdrawn|killed)\b"),
    ("kill", r"(?:Please\s+)?(?:kill|disregard|do\s+not\s+use)\s+(?:this|the)\s+(?:story|item|article)\b"),
    ("correction", r"(?:Eds?\.?:\s*)?(?:CORRECTS|Corrects|Correcting|CORRECTION|Correction|Berichtigung|Korrigiert)\b"),
    ("correction", r"(?:Im|In)\s.{0,80}?\bwurden?\s+(?:berichtigt|korrigiert)\b"),
    ("refile", r"(?:Eds?\.?:\s*)?(?:REFILES?|Refiles?|Refiling)\b"),
    ("repeat", r"(?:Eds?\.?:\s*)?(?:REPEATS?|Repeats?|RPTS?|Repeating|Wiederholung)\b"),
    (
        "update",
        r"(?:Eds?\.?:\s*)?(?:UPDATES?|Updates?|Updating|Adds|ADDS|Recasts|RECASTS|Aktualisierung)\b",
    ),
)
_PLACES = tuple(
    (place, tuple((change, re.compile(form)) for change, form in forms))
    for place, forms in (("headline", _HEAD), ("slugline", _SLUG), ("ednote", _NOTE))
)
_LONGEST = 300  # characters of a headline, slugline or line of a note that are looked at


class Change(NamedTuple):
    """What a revision is called, and where it is said, with the words: ``signal: sig:correction``."""

    change: str
    basis: str


def of(signals: Iterable[str], headline: str | None, slugline: str | None, ednote: str | None) -> Change | None:
    """What the sender calls this revision; None where it does not say.

    Args:
        signals: Coded marks, such as ``sig:update``, ``edStat:C``, ``Rectify``.
        headline: A headline that begins with the mark: ``UPDATE 2-...``, ``CORRECTED-...``.
        slugline: The keyword line: ``BC-Quake, 3rd Ld-Writethru``.
        ednote: Notes to editors, a line each.

    A signal beats words; of several signals a kill beats a correction, and that an update. Words are looked for in the
    headline first, then slugline and notes: ``Corrects second paragraph``, ``Berichtigung``.
    """
    named = [(_ORDER.index(change), code, change) for code in signals if (change := _signal(code))]
    if named:
        _, code, change = min(named)
        return Change(change, f"signal: {code}")
    for (place, forms), text in zip(_PLACES, (headline, slugline, ednote), strict=True):
        for line in (text or "").split("\n")[:50]:
            bare = line.strip()[:_LONGEST]
            for change, form in forms:
                found = form.search(bare) if place == "slugline" else form.match(bare)
                if found:
                    return Change(change, f"{place}: {found[0].strip()}")
    return None


def _signal(code: str) -> str | None:
    scheme, _, last = code.rstrip("/").replace("/", ":").rpartition(":")
    word = last.strip().casefold()
    if word in _SHORT and not scheme.casefold().endswith("stat"):
        return None
    return _OF_SIGNAL.get(word)
