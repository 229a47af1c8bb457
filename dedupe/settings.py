"""Every threshold: unit, source, how it was measured. Frozen values; `flows.config` fills them from TOML."""

import dataclasses
from dataclasses import dataclass, field
from typing import Literal, TypeVar

T = TypeVar("T")


def setting(default: T, doc: str, *, unit: str = "", source: str = "") -> T:
    """A field of a settings class: what it decides, its unit, where the value comes from."""
    return field(default=default, metadata={"doc": doc, "unit": unit, "source": source})


@dataclass(frozen=True, slots=True)
class CleanSettings:
    """Level 1, a capture -> its text in tiles (`flows.clean`)."""

    lane: Literal["html", "fast"] = setting(
        "html", "how HTML is cleaned: html (trafilatura is heard where in doubt), fast (never)"
    )
    max_bytes: int = setting(
        32_000_000, "larger HTML captures are rejected", unit="bytes", source="40x the mean news page"
    )
    max_text_bytes: int = setting(8_000_000, "longer texts are rejected, plain or of a page: 1.6 s a MB", unit="bytes")
    vote_bytes: int = setting(3_000_000, "larger HTML is cleaned in the fast lane: time stays bounded", unit="bytes")
    vote_blocks: int = setting(20_000, "pages of more blocks are cleaned in the fast lane", unit="blocks")
    max_tags: int = setting(500_000, "HTML pages of more tags are rejected: 0.3 us and 120 bytes each", unit="tags")
    max_blocks: int = setting(40_000, "HTML pages of more blocks are rejected: 0.2 ms each", unit="blocks")
    vote_depth: int = setting(
        250, "pages nested deeper are cleaned in the fast lane", unit="elements", source="libxml2 stops reading at 255"
    )
    vote_doubt: float = setting(
        0.07,
        "trafilatura is asked where a larger share of the body is expected to be misjudged",
        unit="share",
        source="439 pages, outlets held out: asks on 3 pages in 10, F1 as when asking always",
    )
    body_probability: float = setting(0.5, "a block is body from this probability", unit="probability")
    linked_body_chars: int = setting(200, "a shorter JSON-LD articleBody is no body", unit="code points")
    linked_body_share: float = setting(0.6, "JSON-LD's body is used where the DOM shows a smaller share", unit="share")


@dataclass(frozen=True, slots=True)
class PageSettings:
    """Level 1, within a page: what of its tiles is the article (`dedupe.page`)."""

    phrase_chars: int = setting(220, "longer lines are never judged by their wording", unit="code points")
    teaser_cut_chars: int = setting(100, "a shorter unfinished line is no cut-off lede", unit="code points")
    teaser_elided_chars: int = setting(
        300, "a longer paragraph that ends with an ellipsis was shortened by its author", unit="code points"
    )
    teaser_cut_spread: int = setting(12, "ledes cut at a word differ in length by less", unit="code points")
    teaser_word_chars: int = setting(140, "a shorter lede cut at a word is not told from a list", unit="code points")
    teaser_list_lines: int = setting(24, "lines a heading over other articles can reach", unit="lines")
    learn_words: int = setting(4, "a shorter line is not counted for its outlet", unit="words")
    learn_cut_words: int = setting(
        5, "a shorter beginning of another article's title or lead proves nothing", unit="words"
    )
    learn_pages: int = setting(
        3, "texts of an outlet a line must stand in to be cut for its frequency", unit="texts",
        source="12,000 articles of 318 outlets, lines read by hand: of those in two, half are background",
    )  # fmt: skip
    learn_same: float = setting(
        0.5, "share of its rarer lines that makes two pages one text", unit="share of characters over frequency"
    )
    learn_foreign: float = setting(
        0.5, "share of a line's words that stand nowhere else on its pages, from which it is not theirs", unit="share",
        source="the same articles: background shares its names with the page, a notice does not",
    )  # fmt: skip
    learn_foreign_long: float = setting(
        0.7, "the same for a long line and for a line of two texts only", unit="share",
        source="the same articles: speeches and glossaries that several texts quote have .5 to .7",
    )  # fmt: skip
    learn_long_words: int = setting(30, "a line of more words is long", unit="words")
    learn_broken_words: int = setting(
        12,
        "words from which an unfinished line in two texts was cut off, and a whole sentence says something",
        unit="words",
    )
    learn_open_words: int = setting(2, "such words an unfinished line must have", unit="words of 4 letters and more")
    learn_closed_words: int = setting(8, "such words a whole sentence must have", unit="words of 4 letters and more")
    learn_sample: int = setting(12, "pages on which a line's words are looked for", unit="texts")
    layout_pages: int = setting(20, "a window of fewer captures is not asked for a change of layout", unit="captures")
    layout_recent: int = setting(10, "latest captures compared with the earlier ones", unit="captures")
    layout_factor: float = setting(2.0, "a measure that grows or falls by this is a change of layout", unit="factor")
    repeat_shingle: int = setting(5, "words in a shingle when a page is aligned with itself", unit="words")
    repeat_rounds: int = setting(16, "copies of one body that are looked for", unit="copies")
    repeat_gap_words: int = setting(40, "a chain is cut where both sides jump further", unit="words")
    repeat_min_words: int = setting(12, "shortest copy when it is (nearly) the whole page", unit="words")
    repeat_whole_share: float = setting(
        0.8, "twice the copy over the page: from here the page is doubled", unit="share"
    )
    repeat_part_share: float = setting(0.2, "twice the copy over the page, for a short copy of a part", unit="share")
    repeat_words: int = setting(30, "shortest copy of a part of the body", unit="words")
    repeat_words_alone: int = setting(120, "shortest copy that does not start where the body does", unit="words")
    repeat_start_share: float = setting(0.1, "a copy from the start begins within this share of the body", unit="share")
    repeat_behind_words: int = setting(8, "words between a copy of the body's end and that end", unit="words")
    repeat_edge_share: float = setting(
        0.5, "share of a changed tile's words that stand beside what the copy repeats", unit="share"
    )
    repeat_prose_share: float = setting(0.6, "share of a copy that stands in closed paragraphs", unit="share")
    repeat_dense_share: float = setting(0.7, "a copy's words that stand earlier, its longest gap aside", unit="share")
    repeat_exact_share: float = setting(0.97, "from here a doubled page needs no prose", unit="share")
    repeat_prose_words: int = setting(8, "shortest closed paragraph that counts as prose", unit="words")
    repeat_block_share: float = setting(0.5, "share of a block's words that stand earlier too", unit="share")
    repeat_long_words: int = setting(60, "a longer paragraph is a repeat only if most of it is", unit="words")
    repeat_long_share: float = setting(0.8, "share of a long paragraph's words that stand earlier too", unit="share")
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
    leaders: int = setting(
        4,
        "articles with one sampled shingle that meet all the others with it",
        unit="articles",
        source="planted groups of 8 and of 294: no copy lost from 8 down to 4, some at 2",
    )
    band_leaders: int = setting(
        2,
        "articles with one LSH band that meet all the others with it",
        unit="articles",
        source="planted groups of 8 and of 294: no copy lost from 8 down to 1",
    )
    exact_leaders: int = setting(1, "articles with one body that meet all the others with it", unit="articles")
    candidate_hits: int = setting(2, "sampled shingles two articles must share", unit="count")
    candidate_containment: float = setting(0.1, "estimated containment from which a pair is verified", unit="0..1")
    shared_containment: float = setting(0.1, "containment from which a pair is listed", unit="0..1")
    background_days: int = setting(7, "a shingle of documents further apart is background", unit="days")
    origin_taken: float = setting(
        0.5,
        "share of the shorter text's own words in passages of the other one from which two texts have one origin",
        unit="0..1",
        source="by definition: the bulk of it",
    )
    version_taken: float = setting(
        0.45, "the same for two texts of one outlet under nearly one title within `restated_days`", unit="0..1"
    )
    version_title: float = setting(0.7, "title similarity of such versions", unit="0..1")
    side_taken: float = setting(
        0.35, "the same for texts that run side by side: below, what they share is quoted or listed", unit="0..1"
    )
    origin_containment: float = setting(
        0.42, "own containment from which reworked texts have one origin, less the gain below", unit="0..1"
    )
    woven_containment: float = setting(
        0.3, "own containment of two texts that run side by side, differing all along by a few words", unit="0..1"
    )
    woven_share: float = setting(
        0.8, "share of the shorter text's words in common passages or in gaps of a few words", unit="0..1"
    )
    followed_share: float = setting(
        0.55,
        "share of the shorter text's own words that stand in passages of the other, or in the same short gap",
        unit="0..1",
        source="609 pairs read by hand: above .5 no independent report",
    )
    reworked_gain: float = setting(
        0.15, "own containment that a text woven all along needs less", unit="0..1", source="planted edits of 30 %"
    )
    reworked_woven: float = setting(0.5, "share of words in common passages or short gaps that counts so", unit="0..1")
    reworked_gaps: int = setting(6, "places where such texts differ, at least", unit="count")
    reworked_swaps: float = setting(
        0.17, "numbers or names put for others in them, for each such place, at most", unit="count"
    )
    figures_containment: float = setting(
        0.18, "own containment of two texts that run side by side with the same numbers, three or more", unit="0..1"
    )
    figures_woven: float = setting(
        0.6,
        "share of the shorter text's words in common passages or in gaps of a few words, numbers equal",
        unit="0..1",
    )
    figures_agreement: float = setting(1.0, "share of numbers from which they count as the same", unit="0..1")
    figures_names: float = setting(
        0.8, "share of names such texts have in common", unit="0..1", source="Reuters 1987: below stand other companies"
    )
    correction_containment: float = setting(
        0.8, "own containment from which one number put for another is a correction, not a form", unit="0..1"
    )
    block_containment: float = setting(
        0.97, "own containment up to which a block behind two different beginnings is only a block", unit="0..1"
    )
    block_head: int = setting(
        100, "a text begins with other text when this much stands before the first shared passage", unit="code points"
    )
    copy_resemblance: float = setting(0.7, "resemblance from which a copy counts as lightly edited", unit="0..1")
    part_ratio: float = setting(
        0.6, "a text of at most this share of the other's shingles is a part of it", unit="0..1"
    )
    digest_ratio: float = setting(0.4, "a text of at most this share of the other's may lie in a roundup", unit="0..1")
    revision_title: float = setting(
        0.6, "title similarity from which two texts of one outlet are versions of one", unit="0..1", source="copies_dev"
    )
    form_containment: float = setting(0.3, "own containment from which a form is called a template", unit="0..1")
    form_swaps: int = setting(3, "numbers or names put for others from which a form is suspected", unit="count")
    form_agreement: float = setting(0.85, "share of numbers and of names below which texts differ in fact", unit="0..1")
    brief_words: int = setting(40, "a text of fewer words is a brief", unit="words")
    brief_containment: float = setting(0.9, "own containment from which briefs have one origin", unit="0..1")
    brief_names: float = setting(0.65, "share of names that briefs of one origin have in common", unit="0..1")
    brief_title: float = setting(0.5, "title similarity below which briefs are about others", unit="0..1")
    short_words: int = setting(110, "a text of fewer words is short", unit="words")
    short_agreement: float = setting(0.75, "share of numbers below which short texts differ in fact", unit="0..1")
    lost_taken: float = setting(
        0.75,
        "share of its own words taken from which a short text may lack numbers, if none is put for another",
        unit="0..1",
    )
    short_names: float = setting(0.6, "share of names below which short texts are about others", unit="0..1")
    others_follows: float = setting(
        0.9, "share as of `followed_share` from which names in a short text are respelled, not others", unit="0..1"
    )
    restated_title: float = setting(
        0.9, "title similarity from which figures that changed were restated, not another form's", unit="0..1"
    )
    restated_days: float = setting(1.5, "texts further apart do not restate each other's figures", unit="days")
    brief_restated: float = setting(
        0.6, "share of its own words taken from which a brief under the same title is one", unit="0..1"
    )
    dense_share: float = setting(0.2, "distinct numbers a word from which a text is a table", unit="0..1")
    dense_agreement: float = setting(0.95, "share of numbers below which tables differ in fact", unit="0..1")
    part_days: float = setting(
        4.0, "an excerpt or roundup further from a text than this does not join its group", unit="days"
    )
    copy_days: float = setting(4.0, "texts further apart must be nearly equal to have one origin", unit="days")
    apart_containment: float = setting(0.9, "own containment that is nearly equal", unit="0..1")
    block_rest: float = setting(
        0.35, "share of names around a shared block below which texts are unrelated", unit="0..1"
    )
    attach_share: float = setting(
        0.5, "share of a group's members an article must be paired with to join it", unit="0..1"
    )


@dataclass(frozen=True, slots=True)
class StorySettings:
    """Level 3, stories (`dedupe.stories`)."""

    words: int = setting(600, "words of an article that are read: the event stands at the top", unit="words")
    lead: int = setting(120, "first words that count twice", unit="words", source="ECB+ train: .872 -> .883 B-cubed F1")
    terms: int = setting(80, "weightiest stems of an article that are compared", unit="stems")
    window_days: float = setting(8.0, "articles further apart are never compared", unit="days")
    fade_days: float = setting(3.0, "similarity falls by 1/e in this time", unit="days", source="AllSides, odd stories")
    undated: float = setting(0.8, "factor on the similarity of a dated and an undated article", unit="0..1")
    link: float = setting(0.08, "cosine of their stems below which two articles are not compared", unit="0..1")
    near: float = setting(
        0.15, "cosine from which articles are neighbours: words that all of these hold say nothing", unit="0..1"
    )
    crowd: int = setting(500, "earlier articles an article is compared with: those most like it", unit="articles")
    neighbours: int = setting(60, "neighbours of an article that are looked at: the closest", unit="articles")
    join: float = setting(
        0.5,
        "mean probability of one event at which two groups are one story",
        unit="0..1",
        source="ECB+ train, topics held out: B-cubed F1 .94 from .35 to .5",
    )


@dataclass(frozen=True, slots=True)
class FactSettings:
    """Level 4, facts (`dedupe.facts`)."""

    tie_s: int = setting(3600, "reports closer than this are a tie: nobody is first", unit="seconds")
    same: float = setting(
        0.4,
        "mean probability at which mentions are one fact",
        unit="0..1",
        source="twelve hand-marked stories: facts of several outlets right P .85 to .88",
    )
    clause_words: int = setting(
        3, "content words a clause has at least", unit="words", source="SuperPAL spans: overlap .718, with 4 .707"
    )
    clause_long: int = setting(
        8, "content words from which a clause is cut at weak places too", unit="words", source="SuperPAL spans"
    )
    sentence_words: int = setting(
        400, "a longer sentence is read in pieces of this size: bounds the cost of text without stops", unit="words"
    )
    chain_reach: int = setting(
        3, "sentences an attribution stays open without being taken up again", unit="sentences", source="reading"
    )
    near: float = setting(0.3, "probability from which two mentions are kept as a link", unit="0..1")
    close: float = setting(
        0.5,
        "a fact with a match of this probability in another origin is uncertain",
        unit="0..1",
        source="hand-marked stories: beside `elsewhere`, .4 costs recall .03 and gains no precision",
    )
    elsewhere: float = setting(
        0.36,
        "probability that another's article reports a fact all the same, above which it is uncertain",
        unit="0..1",
        source="hand-marked stories, each held out: unique precision .92 to .95 at recall .81 to .85 by sentence",
    )
    joined: float = setting(
        0.55,
        "probability that a sentence of another's article says what a fact of one origin says, from which it joins it",
        unit="0..1",
        source="hand-marked stories, each held out: docs/methods.md",
    )
    elsewhere_articles: int = setting(
        8, "articles a fact of one origin is looked for in: those that hold most of its words", unit="articles"
    )
    clause: float = setting(
        0.26, "weight of the log-odds that two clauses say the same", source="twelve hand-marked stories"
    )
    sentence: float = setting(
        0.26, "weight of the log-odds that their sentences say the same", source="twelve hand-marked stories"
    )
    runs: float = setting(
        8.5,
        "log-odds that two mentions gain where their sentences have all runs of four letters in common",
        source="twelve hand-marked stories, each held out: AP of candidate pairs .841 with it, .811 without",
    )
    cosine: float = setting(
        3.5,
        "log-odds that two texts gain by a cosine of 1, beside the scorer's",
        source="clauses of SuperPAL dev, topics held out: AP .515 at 2.3, .516 at 3.5, less above 5",
    )
    overlap: float = setting(
        1.75,
        "log-odds that two mentions gain where all of the one's text stands in the other's, by stems",
        source="tests/benchmarks/fit_pairs.py: any value from 0 to 3.5 does nearly the same beside `size`",
    )
    sense: float = setting(
        2.0,
        "log-odds that two mentions gain by a cosine of 1 of what they are about (`dedupe.facts.senses`)",
        source="tests/benchmarks/fit_pairs.py: any value to 3 does the same; it is what finds pairs that counts",
    )
    size: float = setting(
        0.75,
        "log-odds that two mentions lose by each factor e in the product of their texts' numbers of mentions",
        unit="nats a nat",
        source="tests/benchmarks/fit_pairs.py: long and short texts have one threshold with it",
    )
    prior: float = setting(
        -0.6,
        "log-odds of two mentions of texts of one mention each, before their words",
        source="marked stories: precision of facts of several outlets .88",
    )
    lead: float = setting(
        0.5,
        "log-odds gained by each by which a pair is better than the next one either side has in the other's article",
        unit="nats a nat",
        source="tests/benchmarks/fit_pairs.py",
    )
    lead_most: float = setting(2.0, "lead, either way, that counts", unit="nats")
    headline: float = setting(
        -2.15,
        "log-odds of a headline and what of its own body it is likest, before their words: a headline restates",
        unit="nats",
        source="by definition",
    )
    stem_floor: float = setting(2.0, "lightest stem that proposes a pair of mentions", unit="nats of rarity")
    shared_floor: float = setting(0.25, "share of the shorter mention's weight a pair must have in common", unit="0..1")
    candidates: int = setting(
        2, "mentions of one other article that a mention is compared with: those that share most", unit="mentions"
    )
    sense_floor: float = setting(
        0.1,
        "cosine of what two mentions are about from which they are compared though they share few words",
        unit="0..1",
    )
    sense_units: int = setting(
        6000, "a story of more mentions is not searched for pairs that are only about the like", unit="mentions"
    )
    candidates_all: int = setting(
        60, "mentions of all other articles together that a mention is compared with", unit="mentions"
    )
    sense_unread: float = setting(
        -0.3,
        "that cosine in a language without vectors: what it mostly is where words do not speak for a pair",
        unit="cosine",
        source="stories in six languages, precision of links .90 with it, .76 with 0 and `clause_floor`",
    )
    clause_floor: float = setting(
        -3.0,
        "log-odds of two clauses below which their sentences are not looked at",
        unit="nats",
        source="fitted stories: AP of invented ones .72, of real ones .61; at 0 .51 and .60, at -5 .78 and .61",
    )
    clause_floor_unread: float = setting(
        -0.7, "that line in a language without vectors", unit="nats", source="stories in six languages"
    )
    postings: int = setting(400, "a stem in more mentions of a story proposes no pair", unit="mentions")
    role_names: int = setting(
        30, "names given for one role in a story that are set against each other: those of most outlets", unit="names"
    )
    coverage_rows: int = setting(
        1_000_000,
        "rows of coverage of one story for outlets that do not carry a fact; those that left it out come first",
        unit="rows",
    )
    scorer: str = setting(
        "lexical",
        "who says that two mentions assert the same: lexical, encoder:FOLDER, entailment:FOLDER, or an installed name",
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """All levels. `flows.config` fills it from TOML; the figures in docs/methods.md were measured with the defaults."""

    clean: CleanSettings = dataclasses.field(default_factory=CleanSettings)
    page: PageSettings = dataclasses.field(default_factory=PageSettings)
    copies: CopySettings = dataclasses.field(default_factory=CopySettings)
    stories: StorySettings = dataclasses.field(default_factory=StorySettings)
    facts: FactSettings = dataclasses.field(default_factory=FactSettings)
