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

    lane: str = setting("html", "how HTML is cleaned: html (two extractors vote), fast (one pass, for archives)")
    max_bytes: int = setting(32_000_000, "larger captures are rejected", unit="bytes", source="40x the mean news page")
    vote_bytes: int = setting(3_000_000, "larger HTML is cleaned in the fast lane: time stays bounded", unit="bytes")
    phrase_chars: int = setting(220, "longer lines are never judged by their wording", unit="code points")
    teaser_cut_chars: int = setting(60, "a shorter unfinished line is no cut-off lede", unit="code points")
    teaser_list_lines: int = setting(24, "lines a heading over other articles can reach", unit="lines")
    repeat_shingle: int = setting(5, "words in a shingle when a page is aligned with itself", unit="words")
    repeat_rounds: int = setting(16, "copies of one body that are looked for", unit="copies")
    repeat_gap_words: int = setting(40, "a chain is cut where both sides jump further", unit="words")
    repeat_min_words: int = setting(12, "shortest copy when it is (nearly) the whole page", unit="words")
    repeat_whole_share: float = setting(0.8, "twice the copy over the page: from here the page is doubled", unit="share")
    repeat_words: int = setting(40, "shortest copy of a part of the body", unit="words")
    repeat_words_alone: int = setting(120, "shortest copy that does not start where the body does", unit="words")
    repeat_start_share: float = setting(0.1, "a copy from the start begins within this share of the body", unit="share")
    repeat_edge_words: int = setting(3, "words at the edge of a block that are not worth a cut", unit="words")
    repeat_block_share: float = setting(0.5, "share of a block's words that stand earlier too", unit="share")
    repeat_neighbour_words: int = setting(25, "shortest paragraph that repeats its neighbour by mistake", unit="words")


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
