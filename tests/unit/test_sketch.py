"""Sketches: equal to datasketch's, equal in both lanes, defined on every kind of text."""

import datetime as dt
import random
import subprocess
import sys

import numpy as np
import polars as pl
import pytest
from datasketch import MinHash, MinHashLSH

from dedupe import sketch, words
from dedupe.passages import prepare
from dedupe.settings import CopySettings

SETTINGS = CopySettings()
AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
STORY = (
    "The harbour board said on Tuesday that the north quay will close for two years while its piers are rebuilt. "
    "Ferries to the islands are to leave from the old fish market, a mile to the west, from 4 May. Traders there said "
    "they had not been asked."
)
TEXTS = {
    "a-story": STORY,
    "b-three": "Quay to close",
    "c-empty": "",
    "d-signs": "... --- !!!",
    "e-same": "buffalo " * 400,
    "f-han": "港口管理局周二表示，北码头将关闭两年，以便重建其桥墩。前往各岛的渡轮将从旧鱼市场出发。",
    "g-thai": "คณะกรรมการท่าเรือกล่าวเมื่อวันอังคารว่าท่าเรือด้านเหนือจะปิดเป็นเวลาสองปี",
    "h-kana": "港湾局は火曜日、北埠頭を二年間閉鎖すると発表した。フェリーは旧魚市場から出る。",
    "i-odd": "Don’t\u00ad STOP: “Größe” cafe\u0301 café \u202eabc\u202c 1,234.50 €7m 👩‍🚀 İstanbul ﬁne हिन्दी 𠀀",
    "k-long": "x" * 63 + "é" + "y" * 80 + "-" + "z" * 64 + " " + "ab" * 32 + "\u0301c 北" + "d" * 66 + "北\u0301e",
    "j-quotes": '"We will not go," she said. «Jamais», dit-il. „Nie“, sagte er. 「いいえ」 Old (@some) May 4\nThe "end',
}


def frame(texts: dict[str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        {"article_id": list(texts), "text": list(texts.values())},
    ).with_columns(
        published_at=pl.lit(None, dtype=pl.Datetime("us", "UTC")), captured_at=pl.lit(AT).dt.cast_time_unit("us")
    )


@pytest.mark.parametrize("name", TEXTS)
def test_signature_equals_datasketch(name: str) -> None:
    made = sketch.sketch(frame({name: TEXTS[name]}), SETTINGS).row(0, named=True)
    theirs = MinHash(num_perm=128, seed=1, scheme="affine32", hashfunc=sketch.hash_shingle)
    theirs.update_batch([shingle.encode() for shingle in sketch.shingles(TEXTS[name])])
    assert np.frombuffer(made["signature"], "<u4").tolist() == theirs.hashvalues.tolist()
    assert made["shingle_n"] == len(sketch.shingles(TEXTS[name]))


def test_signatures_load_into_datasketch_indexes() -> None:
    made = sketch.sketch(frame({"a": STORY, "b": STORY + " They may sue.", "c": TEXTS["f-han"]}), SETTINGS)
    index = MinHashLSH(threshold=0.5, num_perm=128)
    lean = {row["article_id"]: sketch.lean_minhash(row["signature"], SETTINGS) for row in made.iter_rows(named=True)}
    for name, value in lean.items():
        index.insert(name, value)
    assert sorted(index.query(lean["a"])) == ["a", "b"]


@pytest.mark.parametrize("permutations", [16, 128, 200])
def test_permutations_and_bands_are_datasketchs(permutations: int) -> None:
    settings = CopySettings(permutations=permutations)
    theirs = MinHash(num_perm=permutations, seed=1, scheme="affine32").permutations
    assert np.array_equal(np.array(sketch.permutations(settings)), np.array(theirs))
    index = MinHashLSH(threshold=settings.lsh_threshold, num_perm=permutations)
    assert sketch.band_shape(settings) == (index.b, index.r)


def test_both_lanes_are_equal() -> None:
    column = pl.Series(list(TEXTS.values()))
    plain = sketch._readable(column, SETTINGS)
    quick = sketch._compiled(column, SETTINGS)
    for name in plain:
        assert list(plain[name]) == list(quick[name]), name


def test_scaled_sketch_is_the_sorted_low_share_of_the_hashes() -> None:
    settings = CopySettings(scale=2)
    made = sketch.sketch(frame({"a": STORY}), settings).row(0, named=True)
    every = np.unique(words.shingle_hashes(words.words(STORY).hashes, 5))
    assert np.frombuffer(made["scaled"], "<u8").tolist() == every[every < np.uint64(1 << 63)].tolist()


def test_words_of_scripts_without_spaces_are_characters() -> None:
    assert words.cut("北码头 quay") == ["北", "码", "头", "quay"]
    assert words.cut("ท่าเรือ")[:2] == ["ท่", "า"]


def test_words_keep_their_places_and_ignore_case_accents_and_hidden_characters() -> None:
    text = "Caf\u00e9 CAFE\u0301 so\u00adft"
    found = words.words(text)
    assert [text[b:e] for b, e in zip(found.begins, found.ends, strict=True)] == ["Café", "CAFE\u0301", "so\u00adft"]
    assert words.cut(text) == ["cafe", "cafe", "soft"]
    assert found.hashes[0] == found.hashes[1]


def test_body_hash_tells_order_and_ignores_layout() -> None:
    made = sketch.sketch(frame({"a": "one two three", "b": "One, two\n\nthree!", "c": "three two one"}), SETTINGS)
    a, b, c = made["body_hash"].to_list()
    assert a == b != c


def test_rows_are_sorted_and_carry_scheme_and_time() -> None:
    made = sketch.sketch(frame({"z": STORY, "a": STORY}), SETTINGS)
    assert made["article_id"].to_list() == ["a", "z"]
    assert made["scheme"].unique().to_list() == ["affine32/1/128/w5/s8/n1"]
    assert made["published_at"].to_list() == [AT, AT]
    assert made.schema == sketch.SCHEMA


def test_no_articles() -> None:
    made = sketch.sketch(frame({}), SETTINGS)
    assert made.is_empty()
    assert made.schema == sketch.SCHEMA
    assert sketch.bands(made, SETTINGS).is_empty()


def test_bands_leave_out_texts_without_words() -> None:
    made = sketch.sketch(frame({"a": STORY, "c": "..."}), SETTINGS)
    keys = sketch.bands(made, SETTINGS)
    assert keys["article_id"].unique().to_list() == ["a"]
    assert keys["band"].to_list() == list(range(25))


def test_compiled_code_works_where_no_folder_can_be_written() -> None:
    script = (
        "import numba.core.caching as caching; caching.CacheImpl._locator_classes = []\n"
        "import numpy as np; from dedupe import kernels, words\n"
        "one = np.array([1], np.uint64)\n"
        "assert kernels._mix(one[0]) == words.mix(one)[0]"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=120)


def test_both_lanes_cut_long_words_repeats_and_all_kinds_of_blocks_alike() -> None:
    """The compiled lane reads sixteen bytes, eight letters and up to 2,048 shingles at once: what lies across?"""
    chance = random.Random(20260302)
    letters = "abcXYZ019éÉжЖ" + ' \n.,“”"@'
    mixed = ["".join(chance.choices(letters, k=chance.randint(0, 90))) for _ in range(60)]
    long = ["a" * size + " b" * (size % 3) + "é" * size for size in range(40)]
    hidden = ["in\u00adside a\u200b b", "\u200b start", "e\u0301 é", "tail \ufeff", "x\ufe0f y", "1 \u0301x"]
    crowd = " ".join(str(chance.randint(1, 10**9)) for _ in range(3000))
    texts = [*mixed, *long, *hidden, "a b " * 3000, crowd, f"{crowd} {crowd}", f"{STORY} {STORY}"]
    plain, quick = (lane(pl.Series(texts), CopySettings()) for lane in (sketch._readable, sketch._compiled))
    assert all(list(plain[name]) == list(quick[name]) for name in plain)
    for name in ("hashes", "stems", "begins", "ends", "flags", "marks", "distinct", "own", "numbers", "names"):
        prepared = (
            prepare(pl.Series(texts), CopySettings(), np.zeros(0, np.uint64), compiled=c) for c in (False, True)
        )
        one, other = (getattr(each, name) for each in prepared)
        assert np.array_equal(one, other), name


def test_both_lanes_leave_rare_ideographs_as_they_are() -> None:
    """U+2F800 and its like decompose to common ideographs; the compiled lane's table ends before them."""
    texts = pl.Series(["\U0002f800\U0002f801 ab", "\U00020000 ab", "\U0003134a", "\uf900 ab"])
    plain, quick = sketch._readable(texts, CopySettings()), sketch._compiled(texts, CopySettings())
    assert all(list(plain[name]) == list(quick[name]) for name in plain)
