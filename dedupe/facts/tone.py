"""What sort of assertion a clause is (kind) and how firmly it is asserted (modality), from single words."""

import functools
import importlib.resources
import json
import re
from collections.abc import Sequence

_NAMES = ("denied", "alleged", "reportedly", "conditional", "will", "plan", "cause", "opinion", "background")
DENIED, ALLEGED, REPORTEDLY, CONDITIONAL, WILL, PLAN, CAUSE, OPINION, BACKGROUND = (
    1 << place for place in range(len(_NAMES))
)
_MODALITIES = (
    (DENIED, "denied"),
    (ALLEGED, "alleged"),
    (REPORTEDLY, "reportedly"),
    (CONDITIONAL, "conditional"),
    (WILL, "will"),
)
_KINDS = ((PLAN | WILL, "plan"), (CAUSE, "cause"))
_LATER_KINDS = ((OPINION, "opinion"), (BACKGROUND, "background"))


@functools.cache
def lexicon(language: str) -> dict[str, int]:
    """Words that carry tone, as bits of DENIED ... BACKGROUND."""
    raw = importlib.resources.files("dedupe.facts").joinpath("mentions.json").read_text(encoding="utf-8")
    table: dict[str, int] = {}
    for place, name in enumerate(_NAMES):
        for word in json.loads(raw)[language][name]:
            table[word] = table.get(word, 0) | (1 << place)
    return table


@functools.cache
def modality(tones: int) -> str:
    """asserted, reportedly, alleged, will, conditional or denied: the strongest hedge of a clause decides."""
    return next((name for bit, name in _MODALITIES if tones & bit), "asserted")


def kind(tones: int, kinds: Sequence[str]) -> str:
    """plan, cause, quantity, opinion, background or event.

    Args:
        tones: The clause's bits.
        kinds: Kinds of the quantities in it; dates and times do not make a clause a quantity.
    """
    for bit, name in _KINDS:
        if tones & bit:
            return name
    if any(found not in {"date", "time"} for found in kinds):
        return "quantity"
    return next((name for bit, name in _LATER_KINDS if tones & bit), "event")


PAST = re.compile(
    r"\b(formerly|former|ex-\w+|previously|once|late|outgoing|no longer|until recently|then)\b", re.IGNORECASE
)
"""English words that put what follows them in the past."""


_OVER = re.compile(r"\b(formerly|no longer|until recently)\b", re.IGNORECASE)  # "former" is often a mere title


def put_in_past(text: str) -> str | None:
    """The word that a text says was so and is no longer ("formerly led by": "led"); null where there is none."""
    mark = _OVER.search(text)
    following = text[mark.end() :].split() if mark else []
    return following[0].strip(".,;:") or None if following else None
