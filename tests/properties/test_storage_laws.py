"""Laws of storage: what is written is what is read, in any order, in any batches, however often."""

import itertools
import tempfile
from pathlib import Path

import dataframely as dy
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import schema
from storage.ids import content_id, group_id
from storage.tables import Store

few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
tables = st.sampled_from(list(schema.STORED))
# Whatever Parquet and Delta might stumble over: NUL, quotes, astral characters, controls, the empty text.
texts = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(["\x00", "'", '"', "\\", "NaN", "null"])


def sample(table: str, rows: int, seed: int) -> pl.DataFrame:
    return schema.conform(table, schema.STORED[table].sample(rows, generator=dy.random.Generator(seed=seed)))


def stored(store: Store, table: str) -> pl.DataFrame:
    return store.scan(table).collect().sort(schema.keys(table))


@few
@given(table=tables, rows=st.integers(0, 30), seed=st.integers(0, 10**6), cuts=st.lists(st.integers(0, 30), max_size=3))
def test_batches_and_their_order_do_not_matter(table, rows, seed, cuts):
    frame = sample(table, rows, seed)
    shuffled = frame.sample(fraction=1, shuffle=True, seed=seed)
    bounds = sorted({0, rows, *(min(cut, rows) for cut in cuts)})
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder))
        batches = [shuffled.slice(begin, end - begin) for begin, end in itertools.pairwise(bounds)]
        added = sum(store.append(table, batch, run_id="r") for batch in reversed(batches))
        assert added == rows
        assert stored(store, table).equals(frame.sort(schema.keys(table)))
        assert store.append(table, frame, run_id="r") == 0


@few
@given(values=st.lists(st.tuples(texts, st.none() | texts), max_size=20, unique_by=lambda pair: pair[0]))
def test_any_text_survives(values):
    frame = pl.DataFrame(values, schema={"source": pl.String, "url": pl.String}, orient="row").with_columns(
        outcome=pl.lit("empty"), reason=pl.col("source"), capture_id=pl.col("url"),
        captured_at=pl.lit(0).cast(pl.Datetime("us", "UTC")), run_id=pl.lit("r"),
    )  # fmt: skip
    frame = schema.conform("rejects", frame)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder))
        store.append("rejects", frame, run_id="r")
        assert stored(store, "rejects").equals(frame.sort(schema.keys("rejects")))
        assert not store.replace("rejects", frame, run_id="r", where={"source": [value for value, _ in values]})


@few
@given(table=tables, seeds=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 8)), min_size=1, max_size=4))
def test_replace_leaves_what_it_was_given(table, seeds):
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder))
        for seed, rows in seeds:
            frame = sample(table, rows, seed)
            before, version = stored(store, table), store.version(table)
            changed = store.replace(table, frame, run_id="r")
            assert (
                stored(store, table)
                .drop("run_id", strict=False)
                .equals(frame.sort(schema.keys(table)).drop("run_id", strict=False))
            )
            assert changed == (store.version(table) > max(version, -1))
            if not changed:
                assert stored(store, table).equals(before)


@few
@given(
    first=st.dictionaries(st.integers(0, 12), st.sampled_from("abc"), max_size=10),
    second=st.dictionaries(st.integers(0, 12), st.sampled_from("abc"), max_size=10),
    where=st.sets(st.sampled_from("abcd"), min_size=1),
)
def test_replace_where_is_what_a_dictionary_does(first, second, where):
    def frame(rows: dict[int, str]) -> pl.DataFrame:
        ids = pl.DataFrame(
            [(f"a{n}", story) for n, story in rows.items()],
            schema={"article_id": pl.String, "story_id": pl.String}, orient="row",
        )  # fmt: skip
        return ids.with_columns(
            outlet=pl.lit("o"), score=pl.lit(1.0), cohesion=pl.lit(1.0), digest=pl.lit("d"), made_of=pl.lit("-")
        )

    kept = {n: story for n, story in first.items() if story not in where}
    new = {n: story for n, story in second.items() if story in where and n not in kept}
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder))
        store.append("stories", frame(first), run_id="r1")
        changed = store.replace("stories", frame(new), run_id="r2", where={"story_id": sorted(where)})
        found = dict(stored(store, "stories").select("article_id", "story_id").rows())
        assert found == {f"a{n}": story for n, story in (kept | new).items()}
        assert changed == ({n: s for n, s in first.items() if s in where} != new)


@given(members=st.lists(texts), seed=st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_a_group_id_depends_on_the_set(members, seed):
    mixed = [*members, *members[:1]]
    seed.shuffle(mixed)
    assert group_id("g", mixed) == group_id("g", members)


@given(left=st.lists(st.none() | texts, max_size=4), right=st.lists(st.none() | texts, max_size=4))
@settings(max_examples=200, deadline=None)
def test_content_ids_are_equal_exactly_where_the_parts_are(left, right):
    assert (content_id("x", *left) == content_id("x", *right)) == (left == right)
