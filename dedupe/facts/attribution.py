"""Who says so: citations of outlets, speakers and documents in a sentence, and the chains they form."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attribution:
    """One cited source; begin and end are offsets of its name. hop 0 is the outermost source."""

    cited: str
    verb: str | None
    begin: int
    end: int
    hop: int


def find(text: str, outlets: Sequence[str] = (), language: str | None = "en") -> list[Attribution]:
    """Sources a sentence cites, outermost first."""
    return []
