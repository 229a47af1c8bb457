"""What a verb form says only with what follows it: a future or a passive, hearsay or a condition (`moods.json`).

"wird gewählt" is no future and "wird wählen" is one; "aurait tué" reports hearsay, "aurait un effet" imagines.
"""

import functools
import importlib.resources
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dedupe.facts import tone

_NEAR = 3  # words behind an auxiliary within which its participle stands, where it does not close the clause
_ADVERB = re.compile(
    r"\w+ment[eo]?|già|anche|poi|invece|pas|aussi|également|déjà|ainsi|donc|notamment|ya|también|además|já|também|ainda|não|no|non"
)


@dataclass(frozen=True, slots=True)
class _Forms:
    """The forms of one language.

    Attributes:
        future: Auxiliaries of the future that make passives too.
        hearsay: Auxiliaries of what is only said to be so.
        perfect: Infinitives that close a clause of hearsay behind a participle ("soll ... getötet haben").
        participle: How a participle is written.
        unreal: Participles that make it a might-have-been ("aurait pu"), and words that look like participles.
        given: Words of a condition.
        last: Whether the verb closes the clause.
    """

    future: frozenset[str]
    hearsay: frozenset[str]
    perfect: frozenset[str]
    participle: re.Pattern[str]
    unreal: frozenset[str]
    given: frozenset[str]
    last: bool


@functools.cache
def _forms(language: str) -> _Forms | None:
    raw = json.loads(importlib.resources.files("dedupe.facts").joinpath("moods.json").read_text(encoding="utf-8"))
    own = raw.get(language)
    if own is None:
        return None
    lists = {name: frozenset(own[name]) for name in ("future", "hearsay", "perfect", "unreal", "given")}
    return _Forms(participle=re.compile(own["participle"]), last=bool(own["last"]), **lists)


def settle(lower: Sequence[str], tones: list[int], ends: Sequence[int], language: str) -> None:
    """Put right, in place, the tone of the auxiliaries whose clause decides what they say.

    Args:
        lower: Words of a text.
        tones: Bits of `tone.lexicon` of each.
        ends: Where clauses end: indices one past the word before a comma or a stop, ascending, the last is the end.
        language: One of `text.LANGUAGES`; English is left as it is.

    Cost: linear, 0.1 us a word.
    """
    forms = _forms(language)
    if forms is None:
        return
    begin = 0
    for end in ends:
        clause = lower[begin:end]
        for i, word in enumerate(clause, begin):
            if word in forms.hearsay:
                tones[i] = _hearsay(clause, i - begin, forms)
            elif word in forms.future and not _future(clause, i - begin, forms):
                tones[i] &= ~(tone.WILL | tone.PLAN)
        begin = end


def _future(clause: Sequence[str], at: int, forms: _Forms) -> bool:
    """Whether an infinitive closes the clause ("wird ... wählen"), not a participle ("wird ... gewählt")."""
    final = clause[-1]
    return at < len(clause) - 1 and final.endswith("n") and forms.participle.fullmatch(final) is None


def _hearsay(clause: Sequence[str], at: int, forms: _Forms) -> int:
    if not forms.given.isdisjoint(clause):
        return tone.CONDITIONAL
    if not forms.last:
        near = [word for word in clause[at + 1 : at + 1 + _NEAR] if not _ADVERB.fullmatch(word)][:1]
        past = any(forms.participle.fullmatch(word) and word not in forms.unreal for word in near)
        return tone.REPORTEDLY if past else tone.CONDITIONAL
    past = not forms.perfect.isdisjoint(clause[-2:]) and any(forms.participle.fullmatch(word) for word in clause[-3:])
    if past:
        return tone.REPORTEDLY
    return tone.PLAN if forms.future else tone.CONDITIONAL
