"""By which words around it a clause is read: the clause it hangs on, the sentence before a pronoun, who is quoted.

A context is a span of the field, shown apart from the mention and never as a quotation of it: nothing in it counts
as evidence. A clause that can be read by itself has none.
"""

from collections.abc import Sequence

from dedupe.facts import asides, wholes
from dedupe.facts.citations import SPOKEN, Citation
from dedupe.facts.grammar import (
    ADVERB,
    CLAUSAL,
    COMMA,
    CONJ,
    FIN,
    FRONT,
    NOTING,
    PREP,
    PRON,
    REL,
    REPORT,
    SUB,
    THAT,
    Tokens,
)

ALONE, ANAPHORIC, DEPENDENT = 0, 1, 2
"""How a clause is read: by itself; with what was named before ("He left"); with the clause it hangs on ("who left")."""

_SELF = frozenset(("i", "we", "you", "there", "here", "ich", "wir", "man", "je", "j", "nous", "on", "ik", "wij"))
_POINTING = frozenset(("his", "her", "its", "their", "these", "those", "this", "such", "both", "neither", "either"))
_ANY = frozenset(("a", "an", "one", "another"))
_REACH = 12  # words of an opening phrase before the comma that closes it
_LONG = 600  # characters of a context at most: a sentence before it that is longer is left out


def standing(text: str, words: Tokens, first: int, last: int, language: str, *, opens: bool) -> int:
    """How the words first..last are read.

    Args:
        text: The field.
        words: Its tokens.
        first: Index of the clause's first word.
        last: One past its last word.
        language: One of `text.LANGUAGES`.
        opens: Whether the clause begins its sentence.
    """
    at = first
    while at < last - 1 and (words.flags[at] & (CONJ | ADVERB) or words.lower[at].endswith("ly")):
        at += 1
    front = FRONT | PREP | SUB | CLAUSAL | COMMA
    if words.flags[at] & front or _participle(words, at, last):
        behind = _behind_front(text, words, at, last) if opens else 0
        if not behind:
            gerund = opens and words.lower[at].endswith("ing") and any(f & FIN for f in words.flags[at:last])
            return ALONE if gerund else DEPENDENT
        at = behind
    flag, word = words.flags[at], words.lower[at].split("'")[0]
    if at == first and not opens and flag & (REL | THAT):
        return DEPENDENT
    if flag & REL and not opens:
        return DEPENDENT
    if (flag & FIN or (language == "en" and (flag & REPORT or word == "to"))) and not opens:
        return DEPENDENT
    if at > first and not opens and asides.verb(words, at, first, last) and not flag & PRON:
        return DEPENDENT  # "and signed it": the subject stands before
    if (flag & PRON and word not in _SELF) or word in _POINTING or (word in {"he", "she", "it", "they"}):
        return ANAPHORIC
    return DEPENDENT if not opens and language == "en" and _apposed(words, first, at, last) else ALONE


def _apposed(words: Tokens, first: int, at: int, last: int) -> bool:
    """Whether a piece has no verb of its own: "a yard expected to close"."""
    if words.lower[at] in _ANY and not any(flags & FIN for flags in words.flags[at:last]):
        return True
    return not wholes.predicated(words, first, last)


def _participle(words: Tokens, at: int, last: int) -> bool:
    word = words.lower[at]
    if word.endswith("ing") and len(word) > 4:
        return not words.flags[at] & NOTING
    return word.endswith(("ed", "wn")) and at + 1 < last and bool(words.flags[at + 1] & PREP)


def _behind_front(text: str, words: Tokens, at: int, last: int) -> int:
    """The word behind the comma that closes an opening phrase, where a clause follows in the same piece; else 0."""
    for k in range(at + 1, min(last, at + _REACH)):
        if "," in text[words.ends[k - 1] : words.begins[k]] and any(
            words.flags[j] & (FIN | REPORT) or words.lower[j].endswith("ed") for j in range(k, last)
        ):
            return k
    return 0


def around(
    how: Sequence[int], spans: Sequence[tuple[int, int]], idle: Sequence[bool], at: int, before: tuple[int, int] | None
) -> tuple[int, int] | None:
    """The context of clause `at` of a sentence; null where it needs none, or nothing stands around it.

    Args:
        how: `standing` of the sentence's clauses.
        spans: Their characters.
        idle: Which of them only say who says so.
        at: The clause.
        before: The characters of the sentence before; null: there is none.
    """
    if how[at] == ALONE:
        return None
    low, high = spans[at]
    if how[at] == DEPENDENT:
        told = [k for k in range(at) if how[k] != DEPENDENT and not idle[k]] or [k for k in range(at) if not idle[k]]
        head = told[-1] if told else (0 if at else None)
        if head is None:
            behind = [k for k in range(at + 1, len(spans)) if how[k] != DEPENDENT and not idle[k]]
            return spans[behind[0]] if behind else None
        begin, end = spans[head][0], spans[at - 1][1]
        if how[head] == ALONE or head > 0:
            return begin, end
        low, high = begin, end
    else:
        told = [k for k in range(at) if how[k] == ALONE and not idle[k]]
        if told:
            return spans[told[-1]][0], spans[at - 1][1]
        low, high = (spans[0][0], spans[at - 1][1]) if at else (0, 0)
    if before is None or before[1] - before[0] > _LONG:
        return (low, high) if high else None
    return before[0], max(before[1], high)


def speaker(words: Tokens, chain: Sequence[Citation], span: tuple[int, int]) -> tuple[int, int] | None:
    """Who says a quotation, with the verb where that stands beside the name: "Jane Doe said".

    Null where nobody does, or the characters of the quotation hold it.
    """
    spoken = [citation for citation in chain if citation.rank == SPOKEN] or list(chain)
    if not spoken:
        return None
    said = spoken[-1]
    verb = words.begins[said.word], words.ends[said.word]
    low, high = min(verb[0], said.begin), max(verb[1], said.end)
    if high - low > verb[1] - verb[0] + said.end - said.begin + 2:
        low, high = said.begin, said.end  # something stands between them
    return None if span[0] <= low < span[1] else (low, high)
