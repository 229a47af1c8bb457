"""What sort of assertion a clause is (kind) and how firmly it is asserted (modality), from single words."""

import functools
import importlib.resources
import json
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
