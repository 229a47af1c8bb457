"""What a pair of articles is: identical, copy, edited_copy, excerpt, contains, revision, template or shared_passage."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dedupe import passages
from dedupe import spans as p
from dedupe.passages import Alignment
from dedupe.settings import CopySettings

_CORRECTION = (
    r"(?i)^\W*(?:correct(?:ed|s|ion)|korr(?:ektur|igiert)|berichtig|rectif|corrige|correcci|rettific|correzione)"
)
_OF_PASSAGES = (
    *(
        "taken",
        "swaps",
        "number_swaps",
        "head_swaps",
        "name_swaps",
        "word_swaps",
        "gaps",
        "woven",
        "longest",
        "spans",
        "matched",
    ),
    *("rest_n", "rest", "head"),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row a pair."""

    relation: pl.Series
    same_origin: npt.NDArray[np.bool_]
    reasons: pl.Series
    number_agreement: pl.Series
    name_agreement: pl.Series
    title_similarity: pl.Series


def judge(pairs: pl.DataFrame, aligned: Alignment, articles: pl.DataFrame, settings: CopySettings) -> Verdict:
    """Decide every pair from its measures.

    Args:
        pairs: article_a, article_b and their row numbers ``a``, ``b`` in ``articles``.
        aligned: What `dedupe.passages.align_pairs` measured, in the order of ``pairs``.
        articles: outlet, title, text, published_at and, where known, item_id.
        settings: The thresholds.
    """
    decided = decide(measure(pairs, aligned, articles), settings)
    return Verdict(
        decided["relation"],
        decided["same_origin"].to_numpy(),
        decided.select(_reasons()).to_series(),
        decided.select(_agreement("number")).to_series(),
        decided.select(_agreement("name")).to_series(),
        decided["title_similarity"],
    )


def _agreement(kind: str) -> pl.Expr:
    """Share of the numbers or names that both texts have, as reported; null where one text has none at all."""
    return pl.when(pl.col(f"{kind}_n") > 0).then(pl.col(f"{kind}s").round(4))


def decide(signals: pl.DataFrame, settings: CopySettings) -> pl.DataFrame:
    """The signals with one column a test (`TESTS`), and relation and same_origin as the tests decide."""
    tested = signals.with_columns(**_tests(settings))
    form = pl.any_horizontal("slots", "brief", "figures", "apart") | (pl.col("others") & ~pl.col("block"))
    side_by_side = pl.any_horizontal(FOR)
    same = pl.col("whole") | (side_by_side & ~form & ~pl.col("block"))
    return tested.with_columns(same_origin=same, is_form=form).with_columns(relation=_relation(settings))


def measure(pairs: pl.DataFrame, aligned: Alignment, articles: pl.DataFrame) -> pl.DataFrame:
    """Every signal of every pair, one column each; the shorter text is the one with fewer distinct shingles.

    Null is what the passages would tell where `align_pairs` was not asked to look at them, and the titles then; and
    ``days`` where one time is not known.
    """
    c, sizes = aligned.counts, aligned.sizes
    a_shorter = sizes[:, passages.DISTINCT, 0] <= sizes[:, passages.DISTINCT, 1]
    shorter = np.where(a_shorter[:, None], sizes[:, :, 0], sizes[:, :, 1])
    smaller, larger = shorter[:, passages.DISTINCT], sizes[:, passages.DISTINCT].max(axis=1)
    own = shorter[:, passages.OWN] + np.where(a_shorter, c[:, p.QUOTED_BY_A], c[:, p.QUOTED_BY_B])
    shorter_words = shorter[:, passages.WORDS]
    own_matched = np.where(a_shorter, c[:, p.OWN_A], c[:, p.OWN_B])
    own_words = shorter[:, passages.OWN_WORDS] + np.where(a_shorter, c[:, p.LIFTED_A], c[:, p.LIFTED_B])
    word_n, number_n, name_n = (sizes[:, each] for each in (passages.WORDS, passages.NUMBERS, passages.NAMES))
    number_n, name_n = number_n.min(axis=1), name_n.min(axis=1)
    rest_n = np.where(a_shorter, c[:, p.REST_A], c[:, p.REST_B])
    looked_at = (c[:, p.SPAN_N] > 0) | (c[:, p.COMMON] == 0)  # what has a shingle in common has a passage in common
    a, b = pairs["a"], pairs["b"]
    corrects = _corrects(articles)
    outlet, item = articles["outlet"], articles["item_id" if "item_id" in articles.columns else "article_id"]
    return pl.DataFrame(
        {
            "containment": c[:, p.COMMON] / np.maximum(smaller, 1),
            "resemblance": aligned.resemblance,
            "own_containment": np.minimum(c[:, p.OWN_COMMON] / np.maximum(own, 1), 1.0),
            "taken": own_matched / np.maximum(own_words, 1),
            "lent": 1 - own_matched / np.maximum(np.where(a_shorter, c[:, p.MATCHED_A], c[:, p.MATCHED_B]), 1),
            "follows": (own_matched + np.where(a_shorter, c[:, p.FOLLOWED_A], c[:, p.FOLLOWED_B]))
            / np.maximum(own_words, 1),
            "ratio": smaller / np.maximum(larger, 1),
            "whole": (c[:, p.SPAN_N] == 1) & (c[:, [p.MATCHED_A]] == word_n).all(axis=1),
            "swaps": c[:, p.NUMBER_SWAPS] + c[:, p.NAME_SWAPS],
            "number_swaps": c[:, p.NUMBER_SWAPS] - c[:, p.HEAD_SWAPS],
            "head_swaps": c[:, p.HEAD_SWAPS],
            "name_swaps": c[:, p.NAME_SWAPS],
            "word_swaps": c[:, p.WORD_SWAPS],
            "gaps": c[:, p.GAPS],
            "woven": 1 - np.where(a_shorter, c[:, p.LOOSE_A], c[:, p.LOOSE_B]) / np.maximum(shorter_words, 1),
            "longest": c[:, p.LONGEST],
            "spans": c[:, p.SPAN_N],
            "matched": c[:, p.MATCHED_A],
            "shorter_words": shorter_words,
            "numbers": _agreeing(c[:, p.NUMBERS_COMMON], number_n),
            "number_n": number_n,
            "names": _agreeing(c[:, p.NAMES_COMMON], name_n),
            "name_n": name_n,
            "rest_n": rest_n,
            "rest": np.where(a_shorter, c[:, p.REST_COMMON_A], c[:, p.REST_COMMON_B]) / np.maximum(rest_n, 1),
            "head": _heads(aligned),
            "corrects": corrects.gather(a) != corrects.gather(b),
            "days": days_apart(articles["published_at"], a, b),
            "same_outlet": outlet.gather(a) == outlet.gather(b),
            "same_item": item.gather(a) == item.gather(b),
            "title_similarity": _titles(articles["title"], a, b, looked_at),
        }
    ).with_columns(pl.when(pl.Series(looked_at)).then(pl.col(_OF_PASSAGES)))


def days_apart(times: pl.Series, a: pl.Series, b: pl.Series) -> pl.Series:
    """Days between times[a[i]] and times[b[i]]; null where one is not known."""
    return (times.gather(a) - times.gather(b)).dt.total_seconds().abs() / 86_400


def _agreeing(common: npt.NDArray[np.integer], of: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
    """Share that is common; 1 where there is none to disagree about (scripts without capitals have no names)."""
    return np.where(of > 0, common / np.maximum(of, 1), 1.0)


def _corrects(articles: pl.DataFrame) -> pl.Series:
    """Whether an article says at its very beginning that it corrects an earlier one."""
    return articles.select(
        pl.col("title").fill_null("").str.contains(_CORRECTION)
        | pl.col("text").fill_null("").str.slice(0, 60).str.contains(_CORRECTION)
    ).to_series()


def _heads(aligned: Alignment) -> npt.NDArray[np.int64]:
    """Code points that stand before the first shared passage, in the text where they are fewer."""
    heads = np.zeros(len(aligned.span_n), dtype=np.int64)
    found = np.flatnonzero(aligned.span_n)
    if len(found):
        first = (np.cumsum(aligned.span_n) - aligned.span_n)[found]
        begins = [np.minimum.reduceat(aligned.span_offsets[:, side], first) for side in (0, 2)]
        heads[found] = np.minimum(*begins)
    return heads


def _titles(titles: pl.Series, left: pl.Series, right: pl.Series, asked: npt.NDArray[np.bool_]) -> pl.Series:
    """Similarity of titles[left[i]] and titles[right[i]], 0..1; null where one is missing or it is not asked for."""
    from rapidfuzz import fuzz, process, utils  # 0.1 s, only where there are pairs

    named = titles.fill_null("").str.strip_chars() != ""
    asked = asked & named.gather(left).to_numpy() & named.gather(right).to_numpy()
    cleaned = [utils.default_process(title) for title in titles.fill_null("").to_list()]
    a, b = ([cleaned[place] for place in side.filter(pl.Series(asked)).to_list()] for side in (left, right))
    scores = np.full(len(asked), np.nan)
    if a:
        scores[asked] = np.round(process.cpdist(a, b, scorer=fuzz.token_set_ratio).astype(np.float64) / 100, 4)
    return pl.Series(scores, nan_to_null=True)


MEANING = {
    "enough": "enough of the shorter text's own words stand in the other one",
    "version": "one outlet, nearly one title, within a day, and nearly enough of the text: a later version",
    "woven_side": "the texts run side by side and differ all along by a few words",
    "followed": "they run side by side, and what stands between common passages is mostly in the other's gap too",
    "reworked": "they run side by side in more freely changed words; names and numbers stay",
    "same_figures": "they run side by side, all numbers and nearly all names are the same",
    "slots": "a form: where they differ, numbers and names are put for others",
    "brief": "a brief that is not found again nearly whole, numbers and names included",
    "figures": "a short text or a table whose numbers differ",
    "others": "a short text whose names are others",
    "apart": "days lie between texts that are not nearly equal",
    "block": "blocks in otherwise unrelated texts: the names around them have nothing in common",
}
"""What each test says; the first six speak for one origin, the others against it."""

SIGNALS = {
    "containment": "share of the shingles of the shorter text that the other one has",
    "resemblance": "shingles of both over shingles of either",
    "own_containment": "containment without quotations and lists",
    "taken": "share of the shorter text's own words that stand in common passages",
    "lent": "share of the words in common passages that are quoted or listed: nobody's own",
    "follows": "taken, with the words that stand in the same short gap of the other",
    "ratio": "size of the shorter text over that of the longer one, in shingles",
    "whole": "word for word the same",
    "swaps": "numbers and names put for others between common passages",
    "number_swaps": "of these, numbers behind the first common passage",
    "head_swaps": "of these, numbers before the first common passage",
    "name_swaps": "of these, names",
    "word_swaps": "short gaps that differ in other words",
    "gaps": "places where the texts differ between common passages, and short ones around them",
    "woven": "share of the shorter text's words in common passages or short gaps; below 0, far more lies loose",
    "longest": "words in the longest common passage",
    "spans": "common passages",
    "matched": "words of a in common passages",
    "shorter_words": "words of the shorter text",
    "numbers": "share of the numbers of the text that has fewer that the other one has too",
    "number_n": "different numbers of the text that has fewer",
    "names": "share of the names of the text that has fewer that the other one has too",
    "name_n": "different names of the text that has fewer",
    "rest_n": "names of the shorter text outside common passages",
    "rest": "share of these that the other text has anywhere",
    "head": "code points before the first common passage, in the text where they are fewer",
    "corrects": "one of the two says at its beginning that it corrects",
    "days": "days between the two",
    "same_outlet": "both are of one outlet",
    "same_item": "both are versions of one item",
    "title_similarity": "likeness of the titles, whatever the order of words",
}
"""What each signal measures, in the order in which `measure` gives them."""

TESTS = tuple(MEANING)
FOR = TESTS[:6]
"""The tests that speak for one origin."""


def _tests(s: CopySettings) -> dict[str, pl.Expr]:
    """The tests that decide, each true or false for a pair.

    For one origin: *enough* of the shorter text's own words (no quotations, no lists of captions) stand in passages of
    the other; nearly enough, in a later *version* by one outlet under one title; or the two run side by side
    (*woven_side*), differing all along by a few words, or single words and respelled names stand in between
    (*followed*); more may differ where names and numbers stay (*reworked*), or where all numbers and nearly all names
    are the same (*same_figures*).

    Against it, the same form with other facts, which a wire sends every day or for every company: *slots*, where the
    texts differ, numbers and names are put for others and little else; *brief*, one or two sentences that are not found
    again nearly whole, numbers and names included; *figures*, a short text or a table whose numbers differ; *others*, a
    short text with other names; *apart*, days lie between texts that are not nearly equal (news is copied within days,
    forms come back). One number put for another in a text that else stays is a correction and no form, nor are figures
    restated under one title within hours. And *block*: a few blocks in otherwise unrelated texts (a form, a sidebar, a
    biography): the names around them have nothing in common; where both texts begin with something else, the blocks may
    be nearly all there is.
    """
    differ = (pl.col("numbers") < s.form_agreement) | (pl.col("names") < s.form_agreement)
    dense = pl.col("number_n") > s.dense_share * pl.col("shorter_words")
    short = pl.col("shorter_words") < s.short_words
    own, taken = pl.col("own_containment"), pl.col("taken")
    one_corrected = (
        ((1 - pl.col("numbers")) * pl.col("number_n") < 1.5)
        & (pl.col("number_swaps") < 2)
        & (pl.col("names") >= s.form_agreement)
        & (own >= s.correction_containment)
        & (~dense | pl.col("corrects"))
    )
    titled = pl.col("title_similarity") >= s.restated_title
    restated = (
        ((titled | pl.col("corrects")) & (pl.col("days") <= s.restated_days)).fill_null(value=False)
        & (pl.col("numbers") >= s.short_agreement)
        & (pl.col("number_swaps") < s.form_swaps)
    )
    near = pl.col("days").is_null() | (pl.col("days") <= s.restated_days)
    again = pl.when(titled).then(s.brief_restated).otherwise(s.brief_containment)  # a brief under its old title
    alike = (pl.col("title_similarity") >= s.brief_title).fill_null(value=True)
    whole_brief = (own >= s.brief_containment) | (near & alike & (taken >= again))
    slots = pl.col("swaps") - pl.col("head_swaps")
    beside = taken >= s.side_taken
    one_block = pl.col("longest") >= 0.9 * pl.col("matched")
    blocks = one_block | ((pl.col("spans") <= 4) & (pl.col("swaps") + pl.col("word_swaps") == 0))
    return {
        "enough": taken >= s.origin_taken,
        "version": pl.col("same_outlet")
        & (taken >= s.version_taken)
        & ((pl.col("title_similarity") >= s.version_title) & (pl.col("days") <= s.restated_days)).fill_null(
            value=False
        ),
        "woven_side": beside & (own >= s.woven_containment) & (pl.col("woven") >= s.woven_share),
        "followed": beside & (pl.col("follows") >= s.followed_share) & (pl.col("ratio") > s.part_ratio),
        "reworked": beside
        & (own + s.reworked_gain * pl.col("woven") >= s.origin_containment)
        & (pl.col("woven") >= s.reworked_woven)
        & (pl.col("gaps") >= s.reworked_gaps)
        & (pl.col("swaps") <= s.reworked_swaps * pl.col("gaps"))
        & (pl.col("ratio") > s.part_ratio),
        "same_figures": beside
        & (own >= s.figures_containment)
        & (pl.col("woven") >= s.figures_woven)
        & (pl.col("number_n") >= 3)
        & (pl.col("numbers") >= s.figures_agreement)
        & (pl.col("names") >= s.figures_names)
        & (pl.col("ratio") > s.part_ratio),
        "slots": (slots >= pl.when(short).then(2).otherwise(s.form_swaps))
        & (slots >= 0.5 * pl.col("gaps"))
        & (slots > 2 * pl.col("word_swaps"))
        & differ
        & ~restated,
        "brief": (pl.col("shorter_words") < s.brief_words)
        & (~whole_brief | (pl.col("numbers") < 1) | (pl.col("names") < s.brief_names)),
        "figures": (
            (dense & (pl.col("numbers") < s.dense_agreement))
            | (
                short
                & (pl.col("numbers") < s.short_agreement)
                & ((pl.col("number_swaps") > 0) | (taken < s.lost_taken))
            )
            | (short & (pl.col("number_swaps") >= 2))
        )
        & (pl.col("number_n") >= 3)
        & ~one_corrected
        & ~restated,
        "others": short
        & (pl.col("name_n") >= 3)
        & (pl.col("names") < s.short_names)
        & (pl.col("follows") < s.others_follows)
        & ((pl.col("numbers") < 1) | (pl.col("number_n") < 5))
        & ~restated,
        "apart": (pl.col("days") > s.copy_days).fill_null(value=False)
        & ((own < s.apart_containment) | ~alike & (pl.col("shorter_words") < s.brief_words)),
        "block": (pl.col("spans") > 0)
        & blocks
        & (
            ((own < 0.8) & (pl.col("rest_n") >= 5))
            | ((own < s.block_containment) & (pl.col("rest_n") >= 2) & (pl.col("head") >= s.block_head))
        )
        & (pl.col("rest") < s.block_rest),
    }


def _relation(s: CopySettings) -> pl.Expr:
    part = pl.col("ratio") <= s.part_ratio
    held = (pl.col("ratio") <= s.digest_ratio) & (pl.col("own_containment") >= 0.6)
    same_title = (pl.col("title_similarity") >= s.revision_title).fill_null(value=False)
    return (
        pl.when(pl.col("whole"))
        .then(pl.lit("identical"))
        .when((pl.col("own_containment") >= s.form_containment) & pl.col("is_form"))
        .then(pl.lit("template"))
        .when(~pl.col("same_origin"))
        .then(pl.lit("shared_passage"))
        .when(pl.col("same_item") | (pl.col("same_outlet") & same_title))
        .then(pl.lit("revision"))
        .when(held)
        .then(pl.lit("contains"))
        .when(part)
        .then(pl.lit("excerpt"))
        .when(pl.col("resemblance") >= s.copy_resemblance)
        .then(pl.lit("copy"))
        .otherwise(pl.lit("edited_copy"))
    )


def _reasons() -> pl.Expr:
    shown = ("containment", "own_containment", "ratio", "numbers", "names", "swaps", "gaps", "days")
    values = [
        pl.when(pl.col(name).is_not_null()).then(pl.format("{}={}", pl.lit(name), pl.col(name).round(3)))
        for name in shown
    ]
    fired = [pl.when(pl.col(name)).then(pl.lit(f"test={name}")) for name in TESTS]
    # Joined and split again: four times as fast as a list of fifteen columns, most of them null.
    return pl.concat_str(values + fired, separator="\n", ignore_nulls=True).str.split("\n")
