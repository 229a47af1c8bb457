"""What a pair of articles is: identical, copy, edited_copy, excerpt, contains, revision, template or shared_passage."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dedupe import passages as p
from dedupe.passages import Alignment
from dedupe.settings import CopySettings


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row a pair."""

    relation: pl.Series
    same_origin: npt.NDArray[np.bool_]
    reasons: pl.Series
    title_similarity: pl.Series


def judge(pairs: pl.DataFrame, aligned: Alignment, articles: pl.DataFrame, settings: CopySettings) -> Verdict:
    """Decide every pair from its measures.

    Args:
        pairs: article_a, article_b and their row numbers ``a``, ``b`` in ``articles``.
        aligned: What `dedupe.passages.align_pairs` measured, in the order of ``pairs``.
        articles: outlet, title, published_at, published_precision and, where known, item_id.
        settings: The thresholds.
    """
    signals = measure(pairs, aligned, articles, settings)
    decided = signals.with_columns(relation=_relation(settings), same_origin=_same_origin(settings))
    return Verdict(
        decided["relation"],
        decided["same_origin"].to_numpy(),
        decided.select(_reasons()).to_series(),
        decided["title_similarity"],
    )


def measure(pairs: pl.DataFrame, aligned: Alignment, articles: pl.DataFrame, settings: CopySettings) -> pl.DataFrame:
    """Every signal of every pair, one column each; the shorter text is the one with fewer distinct shingles."""
    c = aligned.counts
    a_shorter = aligned.distinct_a <= aligned.distinct_b
    smaller = np.minimum(aligned.distinct_a, aligned.distinct_b)
    larger = np.maximum(aligned.distinct_a, aligned.distinct_b)
    fresh = np.where(a_shorter, aligned.fresh_a, aligned.fresh_b)
    left, right = articles[pairs["a"].to_numpy()], articles[pairs["b"].to_numpy()]
    gap = (left["published_at"] - right["published_at"]).dt.total_seconds().abs()
    item = "item_id" if "item_id" in articles.columns else "article_id"
    return pl.DataFrame(
        {
            "containment": c[:, p.COMMON] / np.maximum(smaller, 1),
            "resemblance": aligned.resemblance,
            "fresh_containment": np.minimum(c[:, p.FRESH_COMMON] / np.maximum(fresh, 1), 1.0),
            "fresh_share": fresh / np.maximum(smaller, 1),
            "ratio": smaller / np.maximum(larger, 1),
            "whole": (c[:, p.SPAN_N] == 1)
            & (c[:, p.MATCHED_A] == aligned.word_a)
            & (c[:, p.MATCHED_A] == aligned.word_b),
            "swaps": c[:, p.NUMBER_SWAPS] + c[:, p.NAME_SWAPS],
            "number_swaps": c[:, p.NUMBER_SWAPS],
            "name_swaps": c[:, p.NAME_SWAPS],
            "word_swaps": c[:, p.WORD_SWAPS],
            "gaps": c[:, p.GAPS],
            "loose": np.minimum(c[:, p.LOOSE_A], c[:, p.LOOSE_B]),
            "longest": c[:, p.LONGEST],
            "spans": c[:, p.SPAN_N],
            "matched": c[:, p.MATCHED_A],
            "shorter_words": np.minimum(aligned.word_a, aligned.word_b),
            "numbers": c[:, p.NUMBERS_COMMON] / np.maximum(np.minimum(aligned.number_a, aligned.number_b), 1),
            "number_n": np.minimum(aligned.number_a, aligned.number_b),
            "names": c[:, p.NAMES_COMMON] / np.maximum(np.minimum(aligned.name_a, aligned.name_b), 1),
            "name_n": np.minimum(aligned.name_a, aligned.name_b),
            "days": gap / 86_400,
            "same_outlet": left["outlet"] == right["outlet"],
            "same_item": left[item] == right[item],
            "title_similarity": _titles(left["title"], right["title"]),
        }
    )


def _titles(left: pl.Series, right: pl.Series) -> pl.Series:
    from rapidfuzz import fuzz, process, utils  # noqa: PLC0415 - 0.1 s, only where there are pairs

    a, b = left.fill_null("").to_list(), right.fill_null("").to_list()
    scores = process.cpdist(a, b, scorer=fuzz.token_set_ratio, processor=utils.default_process) if a else np.zeros(0)
    score = pl.Series(np.round(scores.astype(np.float64) / 100, 4))
    missing = (left.fill_null("").str.strip_chars() == "") | (right.fill_null("").str.strip_chars() == "")
    return pl.select(pl.when(~missing).then(score)).to_series()


def _template() -> pl.Expr:
    """The same form with other facts: numbers and names are put for others at most places where the texts differ."""
    return (
        (pl.col("swaps") >= 3)
        & (pl.col("swaps") >= 0.5 * pl.col("gaps"))
        & (pl.col("swaps") > 2 * pl.col("word_swaps"))
    )


def _same_origin(settings: CopySettings) -> pl.Expr:
    return (pl.col("whole") | (pl.col("fresh_containment") >= settings.origin_containment) & ~_template()).fill_null(
        value=False
    )


def _relation(settings: CopySettings) -> pl.Expr:
    part = pl.col("ratio") <= settings.part_ratio
    return (
        pl.when(pl.col("whole"))
        .then(pl.lit("identical"))
        .when(_template())
        .then(pl.lit("template"))
        .when(~_same_origin(settings))
        .then(pl.lit("shared_passage"))
        .when(pl.col("same_item") | pl.col("same_outlet"))
        .then(pl.lit("revision"))
        .when(part & (pl.col("ratio") <= 0.4))
        .then(pl.lit("contains"))
        .when(part)
        .then(pl.lit("excerpt"))
        .when(pl.col("resemblance") >= settings.copy_resemblance)
        .then(pl.lit("copy"))
        .otherwise(pl.lit("edited_copy"))
    )


def _reasons() -> pl.Expr:
    shown = ("containment", "fresh_containment", "ratio", "numbers", "names", "swaps", "gaps", "days")
    return pl.concat_list([pl.format("{}={}", pl.lit(name), pl.col(name).round(3)) for name in shown])
