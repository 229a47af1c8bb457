"""Level 2, second half: sketches -> candidate pairs -> verified pairs.

Candidates come from two indexes: LSH bands (resemblance; short texts) and an inverted index of the scaled sketches
(containment: excerpts, heavy edits, articles inside a roundup). Bodies that are equal word for word are collapsed
first, so that no frequency cap can lose a story that hundreds of outlets run. A bucket is never expanded into all its
pairs: its members meet its *leaders*, the first few by time, one lot for each stretch of the window. What that leaves
out is counted.
"""

import numpy as np
import polars as pl

from dedupe import inverted
from dedupe import sketch as sketches_of
from dedupe.buckets import Buckets, Postings
from dedupe.explanation import explain
from dedupe.inverted import Posted, meet
from dedupe.passages import Alignment, align_pairs
from dedupe.relation import Verdict, days_apart, judge
from dedupe.settings import CopySettings
from storage import schema

__all__ = ["among", "candidates", "explain", "spread", "verify"]

CANDIDATES = {"article_a": pl.String(), "article_b": pl.String(), "found_by": pl.List(pl.String())}
PAIRS = {
    "article_a": pl.String(),
    "article_b": pl.String(),
    "resemblance": pl.Float64(),
    "containment_a": pl.Float64(),
    "containment_b": pl.Float64(),
    "relation": pl.String(),
    "same_origin": pl.Boolean(),
    "reasons": pl.List(pl.String()),
    "spans": pl.List(schema.SPAN),
    "number_agreement": pl.Float64(),
    "name_agreement": pl.Float64(),
    "title_similarity": pl.Float64(),
}
SPREAD = {"key": pl.UInt64(), "first_at": pl.Datetime("us", "UTC"), "last_at": pl.Datetime("us", "UTC")}

_DAY_US = 86_400_000_000
_FOUND_BY = ("exact", "band", "scaled")


def candidates(new: pl.DataFrame, window: pl.DataFrame, settings: CopySettings) -> tuple[pl.DataFrame, dict[str, int]]:
    """Pairs of a new article with any other that may share text.

    Args:
        new: Sketches of the articles of this run.
        window: Sketches of earlier articles: all of the stretches (`dedupe.displaced.stretch`) that the new ones lie
            in and of the ones beside these; rows that are also in ``new`` are ignored.
        settings: window_days, leaders, band_leaders, candidate_containment, ...

    Returns:
        `storage.schema.Candidates` without ``run_id``, article_a < article_b, sorted; and the counts of what was found
        and left out: ``exact_pairs``, ``band_pairs``, ``scaled_pairs``, ``candidates``, ``collapsed_articles`` (equal
        bodies represented by another article), ``band_pairs_capped``, ``scaled_pairs_capped`` (pairs of crowded
        buckets that were not expanded), ``empty_articles``.

    Raises:
        ValueError: The sketches were made under different schemes.

    Cost: 7 us a new article at 20,000, 12 us at 100,000, and 3 us a sketch of the window; memory about 1.5 kB each.
    """
    return among(Buckets.of(new, window, settings), settings)


def among(found: Buckets, settings: CopySettings) -> tuple[pl.DataFrame, dict[str, int]]:
    """The same of the buckets that new articles lie in, whether read from sketches or from an index of them."""
    articles = found.articles
    known = Posted(*(articles[name].to_numpy() for name in ("at", "stretch", "is_new")))
    leads = found.leads
    window_us = settings.window_days * _DAY_US
    bodies, rows = articles["body"].to_numpy().view(np.uint64), np.arange(articles.height, dtype=np.int32)
    exact = meet(bodies, rows, known, settings.exact_leaders, window_us, apart=False)
    band = meet(*_led(found.band(), leads), known, settings.band_leaders, window_us)
    scaled = meet(*_led(found.scaled(), leads), known, settings.leaders, window_us)
    sizes = articles["size"].to_numpy()
    smaller = np.minimum(sizes[scaled.left], sizes[scaled.right])
    near = (scaled.hits >= settings.candidate_hits) & (scaled.hits >= settings.candidate_containment * smaller)
    left, right, by = _together(
        (exact.left, exact.right),
        (band.left, band.right),
        (scaled.left[near], scaled.right[near]),
    )
    ids = articles["article_id"]
    sides = pl.DataFrame({"left": ids.gather(left), "right": ids.gather(right)})
    result = sides.select(
        article_a=pl.min_horizontal("left", "right"),
        article_b=pl.max_horizontal("left", "right"),
        found_by=by,
    ).cast(CANDIDATES)  # type: ignore[arg-type]
    counts = {
        "empty_articles": found.empty,
        "collapsed_articles": len(leads) - int(leads.sum()),
        "band_pairs_capped": band.capped + found.unread.get("band", 0),
        "scaled_pairs_capped": scaled.capped + found.unread.get("scaled", 0),
        "exact_pairs": len(exact.left),
        "band_pairs": len(band.left),
        "scaled_pairs": int(near.sum()),
        "candidates": len(result),
    }
    return result.sort("article_a", "article_b"), counts


def _together(*found: tuple[inverted.I64, inverted.I64]) -> tuple[inverted.I64, inverted.I64, pl.Series]:
    """Every pair once: left, right, and which of `_FOUND_BY` found it."""
    pairs = np.concatenate(
        [(left.astype(np.uint64) << np.uint64(32)) | right.astype(np.uint64) for left, right in found]
    )
    once, where = np.unique(pairs, return_inverse=True)
    bits = np.zeros(len(once), dtype=np.int64)
    np.bitwise_or.at(bits, where, np.repeat([1 << at for at in range(len(found))], [len(left) for left, _ in found]))
    named = [sorted(name for at, name in enumerate(_FOUND_BY) if bit >> at & 1) for bit in range(1 << len(found))]
    left, right = (once >> np.uint64(32)).astype(np.int64), (once & np.uint64(0xFFFFFFFF)).astype(np.int64)
    return left, right, pl.Series(named, dtype=CANDIDATES["found_by"]).gather(bits)


def _led(postings: Postings, leads: inverted.BOOL) -> Postings:
    """Those of articles that stand for all with their body."""
    keys, rows = postings
    if leads[rows].all():
        return keys, rows
    return keys[leads[rows]], rows[leads[rows]]


def spread(sketches: pl.DataFrame) -> pl.DataFrame:
    """How far apart in time the documents of a shingle lie: background and forms live long, news does not.

    Args:
        sketches: Sketches of the window (new and old).

    Returns:
        key (UInt64 shingle hash), first_at, last_at: one row per scaled hash that occurs on more than one day, sorted.
    """
    hashes, sizes = sketches_of.scaled_hashes(sketches)
    rows = pl.DataFrame({"key": hashes, "owner": np.repeat(np.arange(len(sizes)), sizes)})
    rows = rows.filter(pl.len().over("key") > 1)
    return (
        rows.with_columns(at=sketches["published_at"].gather(rows["owner"]))
        .group_by("key")
        .agg(first_at=pl.col("at").min(), last_at=pl.col("at").max())
        .filter(pl.col("last_at") - pl.col("first_at") >= pl.duration(days=1))
        .cast(SPREAD)  # type: ignore[arg-type]
        .sort("key")
    )


def verify(
    candidates: pl.DataFrame, articles: pl.DataFrame, settings: CopySettings, spread: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Measure every candidate pair exactly and say what it is.

    Args:
        candidates: article_a, article_b.
        articles: article_id, outlet, title, text, published_at, published_precision, captured_at and, where known,
            credit, item_id and revision, of (at least) every candidate. Other columns are ignored.
        settings: The thresholds of `dedupe.relation`.
        spread: Result of `spread` over the window; without it no shared text counts as background.

    Returns:
        `storage.schema.Pairs` without ``run_id``, sorted by article_a, article_b. Pairs that share less than
        ``settings.shared_containment`` of the shorter text are not pairs and are left out.
        For every span, the words of text_a[a_begin:a_end] equal those of text_b[b_begin:b_end]. Pairs that `copy_days`
        lie between and that are not nearly equal (the test "apart") have no spans, and of the reasons those that a look
        at the passages gives are not told: `explain` gives them.

    Cost: about 15 us a pair (compiled, from 400,000 words on; below, about 3 ms a pair without any compilation).
    """
    wanted = pl.concat([candidates["article_a"], candidates["article_b"]]).unique().sort()
    known = articles.filter(pl.col("article_id").is_in(wanted.implode())).sort("article_id")
    missing = len(wanted) - len(known)
    if missing:
        raise ValueError(f"{missing} candidate articles are not in the articles frame")
    place = pl.DataFrame({"article_id": known["article_id"], "place": np.arange(len(known), dtype=np.int64)})
    pairs = (
        candidates.select("article_a", "article_b")
        .join(place.rename({"article_id": "article_a", "place": "a"}), on="article_a")
        .join(place.rename({"article_id": "article_b", "place": "b"}), on="article_b")
        .sort("article_a", "article_b")
    )
    a, b = pairs["a"].to_numpy(), pairs["b"].to_numpy()
    # Days apart, texts that are not nearly equal have two origins whatever passages they share: none is looked for.
    far = (
        (days_apart(known["published_at"], pairs["a"], pairs["b"]) > settings.copy_days)
        .fill_null(value=False)
        .to_numpy()
    )
    enough = np.where(far, settings.apart_containment, 0.0)
    aligned = align_pairs(known["text"].fill_null(""), a, b, settings, spread, enough)
    verdict = judge(pairs, aligned, known, settings)
    return _pairs_frame(pairs, aligned, verdict, settings)


def _pairs_frame(pairs: pl.DataFrame, aligned: Alignment, verdict: Verdict, settings: CopySettings) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "article_a": pairs["article_a"],
            "article_b": pairs["article_b"],
            "resemblance": aligned.resemblance,
            "containment_a": aligned.containment_a,
            "containment_b": aligned.containment_b,
            "relation": verdict.relation,
            "same_origin": verdict.same_origin,
            "reasons": verdict.reasons,
            "spans": aligned.spans(),
            "number_agreement": verdict.number_agreement,
            "name_agreement": verdict.name_agreement,
            "title_similarity": verdict.title_similarity,
        },
        schema=PAIRS,
    )
    return frame.filter(pl.max_horizontal("containment_a", "containment_b") >= settings.shared_containment)
