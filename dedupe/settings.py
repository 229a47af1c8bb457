"""Every threshold: unit, source, how it was measured. Frozen values; `flows.config` fills them from TOML."""

import dataclasses
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


def setting(default: T, doc: str, *, unit: str = "", source: str = "") -> T:
    """A field of a settings class: what it decides, its unit, where the value comes from."""
    return field(default=default, metadata={"doc": doc, "unit": unit, "source": source})


@dataclass(frozen=True, slots=True)
class PageSettings:
    """Level 1, within a page (`flows.clean`, `dedupe.page`)."""


@dataclass(frozen=True, slots=True)
class CopySettings:
    """Level 2, copies (`dedupe.sketch`, `match`, `groups`, `copies`)."""

    permutations: int = setting(128, "MinHash permutations", unit="count", source="datasketch's default")
    seed: int = setting(1, "MinHash seed", source="datasketch's default")
    shingle: int = setting(5, "words in a shingle", unit="words")
    scale: int = setting(8, "one shingle hash in this many is kept for containment", source="Irber et al. 2022")
    lsh_threshold: float = setting(0.5, "resemblance the LSH bands are laid out for", unit="0..1")
    window_days: int = setting(30, "articles further apart are never compared", unit="days")


@dataclass(frozen=True, slots=True)
class StorySettings:
    """Level 3, stories (`dedupe.stories`)."""


@dataclass(frozen=True, slots=True)
class FactSettings:
    """Level 4, facts (`dedupe.facts`)."""

    tie_s: int = setting(3600, "reports closer than this are a tie: nobody is first", unit="seconds")


@dataclass(frozen=True, slots=True)
class Settings:
    """All levels. `flows.config` fills it from TOML; the figures in docs/methods.md were measured with the defaults."""

    page: PageSettings = dataclasses.field(default_factory=PageSettings)
    copies: CopySettings = dataclasses.field(default_factory=CopySettings)
    stories: StorySettings = dataclasses.field(default_factory=StorySettings)
    facts: FactSettings = dataclasses.field(default_factory=FactSettings)
