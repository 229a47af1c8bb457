"""Level 2, first half: articles -> sketches -> bands.

A sketch is a MinHash signature (resemblance), a scaled sketch (containment) and a hash of the whole body (identity) of
one text. Signatures equal, bit for bit, those of ``datasketch.MinHash(num_perm=settings.permutations,
seed=settings.seed, scheme="affine32", hashfunc=hash_shingle)`` updated with `shingles`, and load into its
``LeanMinHash`` and ``MinHashLSH`` (`lean_minhash`). Sketches carry their scheme and are never compared across schemes.

Sources: Broder 1997 (resemblance, containment); Irber et al. 2022 (scaled MinHash: keep the hashes below 2^64 / scale).
"""

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from dedupe import words
from dedupe.settings import CopySettings

if TYPE_CHECKING:
    from datasketch import LeanMinHash

_POINTS = 2_000  # of an integral over resemblance; the shapes are those of datasketch, which integrates adaptively
_READABLE_CHARS = (
    2_000_000  # up to here the readable lane is quicker than starting the compiled one (0.1 against 0.8 s)
)
_JOINED_ROWS = 1_000  # sketches read at once: they stay in the cache, and the memory beside the result is bounded
_BATCH_BYTES = 2_000_000  # of text in one compiled call: bounds the scratch at about 25 MB

SCHEMA = {
    "article_id": pl.String(),
    "scheme": pl.String(),
    "shingle_n": pl.Int32(),
    "signature": pl.Binary(),
    "scaled": pl.Binary(),
    "body_hash": pl.Int64(),
    "published_at": pl.Datetime("us", "UTC"),
}
_MADE = pl.Schema({name: SCHEMA[name] for name in ("shingle_n", "signature", "scaled", "body_hash")})


def scheme(settings: CopySettings) -> str:
    """What a sketch was made with, as stored: scheme, seed, permutations, words a shingle, scale, normaliser."""
    s = settings
    return f"affine32/{s.seed}/{s.permutations}/w{s.shingle}/s{s.scale}/{words.NORMALISER}"


def shingles(text: str, size: int = 5) -> list[str]:
    """The distinct shingles of a text, sorted: runs of ``size`` normalised words joined by a space.

    A text of fewer words is one shingle; a text without words has none. For people, tests and datasketch; `sketch`
    never builds these strings.
    """
    cut = words.cut(text)
    if not cut:
        return []
    size = min(size, len(cut))
    return sorted({" ".join(cut[at : at + size]) for at in range(len(cut) - size + 1)})


def hash_shingle(shingle: bytes) -> int:
    """The 32-bit hash of one shingle (UTF-8): ``hashfunc`` for datasketch. The upper half of its 64-bit hash."""
    found = words.words(shingle.decode()).hashes
    return int(words.shingle_hashes(found, len(found))[0]) >> 32 if len(found) else 0


def lean_minhash(signature: bytes, settings: CopySettings) -> "LeanMinHash":
    """A stored signature as datasketch's own object, for its indexes and estimators."""
    from datasketch import LeanMinHash  # imports scipy (0.5 s), which a run does not need

    values = np.frombuffer(signature, dtype="<u4")
    return LeanMinHash(seed=settings.seed, hashvalues=values, scheme="affine32")


def sketch(articles: pl.DataFrame, settings: CopySettings) -> pl.DataFrame:
    """Sketch every article.

    Args:
        articles: article_id, text, published_at, captured_at; any other column is ignored. A null text is an empty one.
        settings: seed, permutations, shingle size, scale.

    Returns:
        `storage.schema.Sketches` without ``run_id``, one row per article, sorted by article_id. ``published_at`` is
        ``captured_at`` where the publication time is unknown.

    Cost: one pass over the bytes, about 5 ns a character on one core (60 ns below 2 million characters, where no
    compiled code is loaded); memory of one batch of 2 MB of text beside the result (512 bytes + 1 byte a character).
    """
    ordered = articles.sort("article_id")
    texts = ordered["text"].fill_null("")
    lane = _readable if int(texts.str.len_bytes().sum()) <= _READABLE_CHARS else _compiled
    made = pl.concat([_MADE.to_frame(), *(pl.DataFrame(lane(each, settings), _MADE) for each in _batches(texts))])
    return made.select(
        ordered["article_id"],
        pl.lit(scheme(settings)).alias("scheme"),
        "shingle_n",
        "signature",
        "scaled",
        "body_hash",
        ordered.select(published_at=pl.coalesce("published_at", "captured_at")).to_series(),
    ).cast(SCHEMA)  # type: ignore[arg-type]


def permutations(settings: CopySettings) -> tuple[words.U32, words.U32]:
    """Multipliers and summands of datasketch's affine32 scheme, drawn as it draws them (importing it: 0.4 s)."""
    return _permutations(settings.permutations, settings.seed)


@functools.cache
def _permutations(count: int, seed: int) -> tuple[words.U32, words.U32]:
    drawn = np.random.RandomState(seed)  # the scheme's generator: another one would draw other numbers
    multipliers = drawn.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return multipliers, drawn.randint(0, 1 << 32, count, dtype=np.uint32)


def band_shape(settings: CopySettings) -> tuple[int, int]:
    """(bands, rows a band) for ``settings.lsh_threshold``: the least false and missed area, as datasketch has it."""
    return _band_shape(settings.lsh_threshold, settings.permutations)


@functools.cache
def _band_shape(threshold: float, permutations: int) -> tuple[int, int]:
    points = (np.arange(_POINTS) + 0.5) / _POINTS
    below, above = points * threshold, threshold + points * (1 - threshold)
    best = (np.inf, 0, 0)
    for bands in range(1, permutations + 1):
        rows = np.arange(1, permutations // bands + 1)[:, None]
        false = threshold * (1 - (1 - below**rows) ** bands).mean(axis=1)
        missed = (1 - threshold) * ((1 - above**rows) ** bands).mean(axis=1)
        at = int(np.argmin(false + missed))
        best = min(best, (float(false[at] + missed[at]), bands, at + 1))
    return best[1], best[2]


def signatures(sketches: pl.DataFrame, settings: CopySettings) -> words.U32:
    """The signatures as one array (rows, permutations)."""
    kept = sketches["signature"].bin.reinterpret(dtype=pl.Array(pl.UInt32, settings.permutations), endianness="little")
    return kept.to_numpy().reshape(-1, settings.permutations)


def scaled_hashes(sketches: pl.DataFrame) -> tuple[words.U64, npt.NDArray[np.int64]]:
    """All scaled hashes, one article after another, and how many of them each article has."""
    sizes = (sketches["scaled"].bin.size() // 8).to_numpy().astype(np.int64)
    hashes = np.empty(int(sizes.sum()), dtype=np.uint64)
    ends = np.cumsum(sizes)
    for begin in range(0, len(sizes), _JOINED_ROWS):
        joined = b"".join(sketches["scaled"][begin : begin + _JOINED_ROWS].to_list())
        end = int(ends[min(begin + _JOINED_ROWS, len(sizes)) - 1])
        hashes[end - len(joined) // 8 : end] = np.frombuffer(joined, dtype="<u8")
    return hashes, sizes


def band_keys(sketches: pl.DataFrame, settings: CopySettings) -> words.U64:
    """LSH band keys (rows, bands): articles that agree on one key are candidates. A key holds its band's number."""
    band_n, row_n = band_shape(settings)
    weights = words.powers(words.SHINGLE_BASE, row_n)
    keys = np.empty((len(sketches), band_n), dtype=np.uint64)
    for begin in range(0, len(sketches), _JOINED_ROWS):
        values = signatures(sketches[begin : begin + _JOINED_ROWS], settings)
        bands = values[:, : band_n * row_n].reshape(-1, band_n, row_n)
        total = np.arange(band_n, dtype=np.uint64) + bands[:, :, 0]
        for row in range(1, row_n):
            total += bands[:, :, row] * weights[row]
        keys[begin : begin + _JOINED_ROWS] = words.mix(total)
    return keys


def bands(sketches: pl.DataFrame, settings: CopySettings) -> pl.DataFrame:
    """The LSH bands as rows.

    Returns:
        article_id, band (0, 1, ...), key (Int64, of the band's number too): one row per band and article with at least
        one word, sorted.
    """
    used = sketches.filter(pl.col("shingle_n") > 0).sort("article_id")
    keys = band_keys(used, settings)
    return pl.DataFrame(
        {
            "article_id": used["article_id"].gather(np.repeat(np.arange(len(used)), keys.shape[1])),
            "band": np.tile(np.arange(keys.shape[1], dtype=np.int32), len(used)),
            "key": keys.reshape(-1).view(np.int64),
        },
        schema={"article_id": pl.String(), "band": pl.Int32(), "key": pl.Int64()},
    )


def _batches(texts: pl.Series) -> Iterator[pl.Series]:
    """Slices of about `_BATCH_BYTES`."""
    ends = texts.str.len_bytes().cum_sum().to_numpy().astype(np.int64)
    begin = 0
    while begin < len(texts):
        reached = ends[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, reached + _BATCH_BYTES, side="right")))
        yield texts.slice(begin, end - begin)
        begin = end


def _limit(settings: CopySettings) -> int:
    """The largest shingle hash that the scaled sketch keeps."""
    return (1 << 64) // settings.scale - 1


def _readable(texts: pl.Series, settings: CopySettings) -> dict[str, list[bytes] | np.ndarray]:
    limit = _limit(settings)
    a, b = permutations(settings)
    made: list[bytes] = []
    scaled: list[bytes] = []
    shingle_n = np.zeros(len(texts), np.int32)
    bodies = np.zeros(len(texts), np.int64)
    for place, text in enumerate(texts):
        found = words.words(text)
        single = np.unique(words.shingle_hashes(found.hashes, settings.shingle))
        values = _fmix32((single >> np.uint64(32)).astype(np.uint32))
        signature = np.full(settings.permutations, 0xFFFFFFFF, np.uint32)
        for begin in range(0, len(values), 4096):  # bounds the table of products at 2 MB, whatever the text's length
            signature = np.minimum(signature, (values[begin : begin + 4096, None] * a + b).min(axis=0))
        made.append(signature.astype("<u4").tobytes())
        scaled.append(single[single <= np.uint64(limit)].astype("<u8").tobytes())
        shingle_n[place] = len(single)
        bodies[place] = words.body_hash(found.hashes)
    return {"signature": made, "scaled": scaled, "shingle_n": shingle_n, "body_hash": bodies}


def _compiled(texts: pl.Series, settings: CopySettings) -> dict[str, list[bytes] | np.ndarray]:
    from dedupe.kernels import sketch_bytes  # imports numba (0.4 s): see the module

    data, offsets = utf8(texts)
    kinds, folded = words.tables()
    made, bodies, shingle_n, scaled, scaled_n = sketch_bytes(
        data, offsets, kinds, folded, settings.shingle, permutations(settings), _limit(settings)
    )
    raw, width = made.astype("<u4", copy=False).tobytes(), settings.permutations * 4
    kept, ends = scaled.astype("<u8", copy=False).tobytes(), np.cumsum(scaled_n) * 8
    return {
        "signature": [raw[at : at + width] for at in range(0, len(raw), width)],
        "scaled": [kept[end - 8 * n : end] for end, n in zip(ends.tolist(), scaled_n.tolist(), strict=True)],
        "shingle_n": shingle_n,
        "body_hash": bodies,
    }


def utf8(texts: pl.Series) -> tuple[words.U8, np.ndarray]:
    """The texts as one run of UTF-8 bytes and where each begins and ends: one copy, no Python string a text."""
    joined = texts.str.join("").cast(pl.Binary).item() if len(texts) else b""
    offsets = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum(texts.str.len_bytes().to_numpy(), out=offsets[1:])
    return np.frombuffer(joined or b"\0", dtype=np.uint8), offsets


def _fmix32(values: words.U32) -> words.U32:
    """MurmurHash3's 32-bit finaliser, as datasketch applies it before permuting."""
    values = (values ^ (values >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    values = (values ^ (values >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return values ^ (values >> np.uint32(16))
