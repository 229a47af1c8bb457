"""Level 2, second half: sketches -> candidate pairs -> verified pairs.

Candidates come from two indexes: LSH bands (resemblance; short texts) and an inverted index of the scaled sketches
(containment: excerpts, heavy edits, articles inside a roundup). Bodies that are equal word for word are collapsed
first, so that no frequency cap can lose a story that hundreds of outlets run. A bucket is never expanded into all its
pairs: its members meet its *leaders*, the first few by time, one lot for each stretch of the window. What that leaves
out is counted.
"""

from collections.abc import Iterable

import numpy as np
import polars as pl

from dedupe import sketch as sketches_of
from dedupe.explanation import explain
from dedupe.inverted import Posted, meet
from dedupe.passages import Alignment, align_pairs
from dedupe.relation import Verdict, judge
from dedupe.settings import CopySettings
from storage import schema

__all__ = ["candidates", "current", "explain", "spread", "verify"]

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
    "title_similarity": pl.Float64(),
}
SPREAD = {"key": pl.UInt64(), "first_at": pl.Datetime("us", "UTC"), "last_at": pl.Datetime("us", "UTC")}

_HASH_PARTS = 8  # the inverted index is joined in this many ranges of hashes: bounds memory


def candidates(new: pl.DataFrame, window: pl.DataFrame, settings: CopySettings) -> tuple[pl.DataFrame, dict[str, int]]:
    """Pairs of a new article with any other that may share text.

    Args:
        new: Sketches of the articles of this run.
        window: Sketches of earlier articles; rows that are also in ``new`` are ignored.
        settings: window_days, leaders, candidate_containment, ...

    Returns:
        `storage.schema.Candidates` without ``run_id``, article_a < article_b, sorted; and the counts of what was found
        and left out: ``exact_pairs``, ``band_pairs``, ``scaled_pairs``, ``candidates``, ``collapsed_articles`` (equal
        bodies represented by another article), ``band_pairs_capped``, ``scaled_pairs_capped`` (pairs of crowded
        buckets that were not expanded), ``empty_articles``.

    Raises:
        ValueError: The sketches were made under different schemes.

    Cost: about 20 us a new article at 100,000; memory about 300 bytes a sketch.
    """
    columns = ["article_id", "scheme", "shingle_n", "signature", "scaled", "body_hash", "published_at"]
    frames = [new.select(columns), window.select(columns).join(new.select("article_id"), on="article_id", how="anti")]
    _check_schemes(frames, settings)
    everything = pl.concat(
        [frame.with_columns(is_new=pl.lit(fresh)) for frame, fresh in zip(frames, (True, False), strict=True)]
    ).sort("article_id")
    spoken = everything.filter(pl.col("shingle_n") > 0)
    rows = _rows(spoken, settings).with_columns(spoken["is_new"])
    counts = {"empty_articles": len(everything) - len(spoken)}
    heads, exact = _collapse(rows, settings)
    counts["collapsed_articles"] = len(rows) - len(heads)
    head_rows = spoken[heads["index"].to_numpy()] if len(heads) else spoken.clear()
    band, counts["band_pairs_capped"] = _pairs_of_bands(head_rows, heads, settings)
    scaled, counts["scaled_pairs_capped"] = _pairs_of_scaled(head_rows, heads, settings)
    found = pl.concat([exact, band, scaled]).group_by("left", "right").agg(pl.col("by").unique().sort())
    counts |= {"exact_pairs": len(exact), "band_pairs": len(band), "scaled_pairs": len(scaled)}
    counts["candidates"] = len(found)
    ids = spoken["article_id"]
    result = pl.DataFrame(
        {
            "article_a": ids.gather(found["left"]),
            "article_b": ids.gather(found["right"]),
            "found_by": found["by"],
        },
        schema=CANDIDATES,
    )
    return result.sort("article_a", "article_b"), counts


def _check_schemes(frames: Iterable[pl.DataFrame], settings: CopySettings) -> None:
    wanted = sketches_of.scheme(settings)
    for frame in frames:
        for found in frame["scheme"].unique().sort().to_list():
            if found != wanted:
                raise ValueError(
                    f"sketches of scheme {found!r} cannot be compared with {wanted!r}: sketch the articles again"
                )


def _rows(sketches: pl.DataFrame, settings: CopySettings) -> pl.DataFrame:
    return sketches.select(
        index=pl.int_range(pl.len(), dtype=pl.UInt32),
        at=pl.col("published_at"),
        stretch=(pl.col("published_at").dt.epoch("us") // (settings.window_days * 86_400_000_000)).cast(pl.Int32),
        body=pl.col("body_hash"),
    )


def current(pairs: pl.DataFrame, sketches: pl.DataFrame, settings: CopySettings) -> pl.DataFrame:
    """Pairs that one run over everything would have looked at: without those of an article that others now stand for.

    When an article arrives late and its body is known already, it takes over as the one that stands for all with that
    body; what was stored for its predecessor is then left over from another order of arrival.

    Args:
        pairs: article_a, article_b and any other column (candidates or pairs).
        sketches: Sketches of (at least) all articles that have a body in common with an article of a pair.
        settings: window_days, exact_leaders.

    Returns:
        The pairs to keep, in the order they came in.
    """
    ordered = sketches.filter(pl.col("shingle_n") > 0).sort("article_id")
    rows = _rows(ordered, settings).with_columns(ordered["article_id"]).sort("body", "stretch", "at", "index")
    rank = pl.int_range(pl.len()).over("body", "stretch")
    known = rows.select("article_id", "body", "stretch", rank=rank)
    return (
        pairs.with_row_index("_order")
        .join(known, left_on="article_a", right_on="article_id")
        .join(known, left_on="article_b", right_on="article_id", suffix="_b")
        .filter(
            ((pl.col("rank") == 0) & (pl.col("rank_b") == 0))
            | (
                (pl.col("body") == pl.col("body_b"))
                & (pl.col("stretch") == pl.col("stretch_b"))
                & (pl.min_horizontal("rank", "rank_b") < settings.exact_leaders)
            )
        )
        .sort("_order")
        .select(pairs.columns)
    )


def _collapse(rows: pl.DataFrame, settings: CopySettings) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One article, the earliest, stands for all with its body in its stretch of the window; (heads, exact pairs)."""
    ordered = rows.sort("body", "stretch", "at", "index")
    ranked = ordered.with_columns(rank=pl.int_range(pl.len()).over("body", "stretch"))
    heads = ranked.filter(pl.col("rank") == 0).drop("rank").sort("index")
    crowd = ranked.filter(pl.len().over("body", "stretch") > 1)
    return heads, _meet(crowd, ["body"], "exact", settings, leaders=settings.exact_leaders, apart=False)[0]


def _meet(
    rows: pl.DataFrame, key: list[str], by: str, settings: CopySettings, leaders: int, *, apart: bool = True
) -> tuple[pl.DataFrame, int]:
    """Pairs of every member of a bucket with the bucket's leaders in its own and the neighbouring stretches.

    Args:
        rows: index, at, stretch, is_new and the key; one row per member of a bucket.
        key: The columns that make a bucket.
        by: How the pairs were found.
        settings: window_days.
        leaders: How many members of a bucket and stretch, by time, meet all the others.
        apart: Whether neighbouring stretches meet too.

    Returns:
        left, right, by and ``hits`` (in how many buckets the two met); and the pairs of a stretch left out.
    """
    ranked = rows.sort(*key, "stretch", "at", "index").with_columns(
        rank=pl.int_range(pl.len()).over(*key, "stretch"), size=pl.len().over(*key, "stretch")
    )
    rest = (pl.col("size").cast(pl.Int64) - leaders).clip(lower_bound=0)
    capped = ranked.filter(pl.col("rank") == 0).select((rest * (rest - 1) // 2).sum()).item() or 0
    led = ranked.filter(pl.col("rank") < leaders).select(*key, "stretch", "index", "at", "is_new")
    steps = (-1, 0, 1) if apart else (0,)
    members = ranked.select(*key, "stretch", "index", "at", "is_new")
    window = pl.duration(days=settings.window_days)
    parts = [
        members.with_columns(pl.col("stretch") + step)
        .join(led, on=[*key, "stretch"], suffix="_led")
        .filter(
            (pl.col("index") != pl.col("index_led"))
            & (pl.col("is_new") | pl.col("is_new_led"))
            & ((pl.col("at") - pl.col("at_led")).abs() <= window)
        )
        .select(
            *key,
            left=pl.min_horizontal("index", "index_led"),
            right=pl.max_horizontal("index", "index_led"),
        )
        for step in steps
    ]
    pairs = (
        pl.concat(parts)
        .unique()
        .group_by("left", "right")
        .agg(hits=pl.len().cast(pl.UInt32))
        .select("left", "right", pl.lit(by).alias("by"), "hits")
    )
    return (pairs if apart else pairs.drop("hits")), int(capped)


def _pairs_of_bands(sketches: pl.DataFrame, heads: pl.DataFrame, settings: CopySettings) -> tuple[pl.DataFrame, int]:
    keys = sketches_of.bands(sketches, settings)
    band_n, _ = sketches_of.band_shape(settings)
    at = np.repeat(np.arange(len(heads)), band_n)
    shared = keys.select(pl.len().over("key") > 1).to_series()
    rows = heads.select("index", "at", "stretch", "is_new")[at[shared.to_numpy()]]
    rows = rows.with_columns(keys["key"].filter(shared))
    if not heads["is_new"].all():  # what is new decides the cost: a bucket without a new article makes no pair
        rows = rows.filter(pl.col("is_new").any().over("key"))
    pairs, capped = _meet(rows, ["key"], "band", settings, settings.leaders)
    return pairs.drop("hits"), capped


def _pairs_of_scaled(sketches: pl.DataFrame, heads: pl.DataFrame, settings: CopySettings) -> tuple[pl.DataFrame, int]:
    kept = sketches["scaled"].to_list()
    sizes = np.array([len(each) // 8 for each in kept], dtype=np.int64)
    hashes = np.frombuffer(b"".join(kept), dtype="<u8")
    owner = np.repeat(np.arange(len(heads), dtype=np.int64), sizes)
    edges = [(part << 64) // (settings.scale * _HASH_PARTS) for part in range(_HASH_PARTS)]
    which = np.searchsorted(np.array(edges, dtype=np.uint64), hashes, side="right") - 1
    known = Posted(
        heads["index"].to_numpy().astype(np.int64),
        heads["at"].dt.epoch("us").to_numpy(),
        heads["stretch"].to_numpy().astype(np.int64),
        heads["is_new"].to_numpy(),
    )
    parts, capped = [], 0
    for part in range(_HASH_PARTS):
        chosen = np.flatnonzero(which == part)
        pairs, left_out = meet(hashes[chosen], owner[chosen], known, settings)
        parts.append(pairs)
        capped += left_out
    size = pl.DataFrame({"index": heads["index"], "size": sizes})
    found = (
        pl.concat(parts)
        .group_by("left", "right")
        .agg(pl.col("hits").sum())
        .join(size.rename({"index": "left", "size": "size_left"}), on="left")
        .join(size.rename({"index": "right", "size": "size_right"}), on="right")
        .filter(
            (pl.col("hits") >= settings.candidate_hits)
            & (pl.col("hits") >= settings.candidate_containment * pl.min_horizontal("size_left", "size_right"))
        )
    )
    return found.select("left", "right", pl.lit("scaled").alias("by")), capped


def spread(sketches: pl.DataFrame) -> pl.DataFrame:
    """How far apart in time the documents of a shingle lie: background and forms live long, news does not.

    Args:
        sketches: Sketches of the window (new and old).

    Returns:
        key (UInt64 shingle hash), first_at, last_at: one row per scaled hash that occurs on more than one day, sorted.
    """
    kept = sketches["scaled"].to_list()
    sizes = np.array([len(each) // 8 for each in kept], dtype=np.int64)
    rows = pl.DataFrame(
        {"key": np.frombuffer(b"".join(kept), dtype="<u8"), "owner": np.repeat(np.arange(len(kept)), sizes)}
    ).filter(pl.len().over("key") > 1)
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
        For every span, the words of text_a[a_begin:a_end] equal those of text_b[b_begin:b_end].

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
    aligned = align_pairs(known["text"].fill_null(""), pairs["a"].to_numpy(), pairs["b"].to_numpy(), settings, spread)
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
            "title_similarity": verdict.title_similarity,
        },
        schema=PAIRS,
    )
    return frame.filter(pl.max_horizontal("containment_a", "containment_b") >= settings.shared_containment)
