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
    own = np.where(a_shorter, aligned.own_a + c[:, p.QUOTED_BY_A], aligned.own_b + c[:, p.QUOTED_BY_B])
    shorter_words = np.where(a_shorter, aligned.word_a, aligned.word_b)
    left, right = articles[pairs["a"].to_numpy()], articles[pairs["b"].to_numpy()]
    gap = (left["published_at"] - right["published_at"]).dt.total_seconds().abs()
    item = "item_id" if "item_id" in articles.columns else "article_id"
    return pl.DataFrame(
        {
            "containment": c[:, p.COMMON] / np.maximum(smaller, 1),
            "resemblance": aligned.resemblance,
            "own_containment": np.minimum(c[:, p.OWN_COMMON] / np.maximum(own, 1), 1.0),
            "own_share": own / np.maximum(smaller, 1),
            "ratio": smaller / np.maximum(larger, 1),
            "whole": (c[:, p.SPAN_N] == 1)
            & (c[:, p.MATCHED_A] == aligned.word_a)
            & (c[:, p.MATCHED_A] == aligned.word_b),
            "swaps": c[:, p.NUMBER_SWAPS] + c[:, p.NAME_SWAPS],
            "number_swaps": c[:, p.NUMBER_SWAPS],
            "name_swaps": c[:, p.NAME_SWAPS],
            "word_swaps": c[:, p.WORD_SWAPS],
            "gaps": c[:, p.GAPS],
            "woven": 1 - np.where(a_shorter, c[:, p.LOOSE_A], c[:, p.LOOSE_B]) / np.maximum(shorter_words, 1),
            "longest": c[:, p.LONGEST],
            "spans": c[:, p.SPAN_N],
            "matched": c[:, p.MATCHED_A],
            "shorter_words": shorter_words,
            "numbers": c[:, p.NUMBERS_COMMON] / np.maximum(np.minimum(aligned.number_a, aligned.number_b), 1),
            "number_n": np.minimum(aligned.number_a, aligned.number_b),
            "names": c[:, p.NAMES_COMMON] / np.maximum(np.minimum(aligned.name_a, aligned.name_b), 1),
            "name_n": np.minimum(aligned.name_a, aligned.name_b),
            "rest_n": np.where(a_shorter, c[:, p.REST_A], c[:, p.REST_B]),
            "rest": np.where(a_shorter, c[:, p.REST_COMMON_A], c[:, p.REST_COMMON_B])
            / np.maximum(np.where(a_shorter, c[:, p.REST_A], c[:, p.REST_B]), 1),
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


def _form(settings: CopySettings) -> pl.Expr:
    """The same form with other facts: what a wire sends every day with new figures, or of every company.

    Four tests, any of which decides. *Slots*: where the texts differ, numbers and names are put for others and little
    else, and the texts agree on too few of their numbers or names. *Brief*: a text of one or two sentences is a form
    unless nearly all of it is found again. *Figures*: a short text, or one dense with numbers, whose numbers differ.
    *Apart*: the texts lie days apart and are not nearly equal; news is copied within days, forms come back.
    """
    s = settings
    differ = (pl.col("numbers") < s.form_agreement) | (pl.col("names") < s.form_agreement)
    slots = (
        (pl.col("swaps") >= s.form_swaps)
        & (pl.col("swaps") >= 0.5 * pl.col("gaps"))
        & (pl.col("swaps") > 2 * pl.col("word_swaps"))
        & differ
    )
    brief = (pl.col("shorter_words") < s.brief_words) & (
        (pl.col("own_containment") < s.brief_containment) | (pl.col("numbers") < 1) | (pl.col("names") < 0.75)
    )
    enough = pl.col("number_n") >= 3
    dense = pl.col("number_n") > s.dense_share * pl.col("shorter_words")
    figures = enough & (
        (dense & (pl.col("numbers") < s.dense_agreement))
        | ((pl.col("shorter_words") < s.short_words) & (pl.col("numbers") < s.short_agreement))
    )
    apart = (pl.col("days") > s.copy_days).fill_null(value=False) & (pl.col("own_containment") < s.apart_containment)
    return slots | brief | figures | apart


def _block(settings: CopySettings) -> pl.Expr:
    """One block in otherwise unrelated texts: a form, a sidebar, a biography; the names around it have nothing shared."""
    return (
        (pl.col("longest") >= 0.9 * pl.col("matched"))
        & (pl.col("own_containment") < 0.8)
        & (pl.col("rest_n") >= 5)
        & (pl.col("rest") < settings.block_rest)
    )


def _same_origin(settings: CopySettings) -> pl.Expr:
    woven = (pl.col("woven") >= settings.woven_share) & (pl.col("own_containment") >= settings.woven_containment)
    enough = (pl.col("own_containment") >= settings.origin_containment) | woven
    return pl.col("whole") | (enough & ~_form(settings) & ~_block(settings))


def _relation(settings: CopySettings) -> pl.Expr:
    part = pl.col("ratio") <= settings.part_ratio
    return (
        pl.when(pl.col("whole"))
        .then(pl.lit("identical"))
        .when((pl.col("own_containment") >= settings.form_containment) & _form(settings))
        .then(pl.lit("template"))
        .when(~_same_origin(settings))
        .then(pl.lit("shared_passage"))
        .when(part & (pl.col("ratio") <= settings.digest_ratio) & (pl.col("own_containment") >= 0.6))
        .then(pl.lit("contains"))
        .when(pl.col("same_item") | (pl.col("same_outlet") & (pl.col("title_similarity") >= 0.6)))
        .then(pl.lit("revision"))
        .when(part)
        .then(pl.lit("excerpt"))
        .when(pl.col("resemblance") >= settings.copy_resemblance)
        .then(pl.lit("copy"))
        .otherwise(pl.lit("edited_copy"))
    )


def _reasons() -> pl.Expr:
    shown = ("containment", "own_containment", "ratio", "numbers", "names", "swaps", "gaps", "days")
    known = pl.concat_list([pl.format("{}={}", pl.lit(name), pl.col(name).round(3)) for name in shown])
    return known.list.drop_nulls()  # what is not known of a pair (days between them) is no reason
