"""Laws of the copies level: both lanes agree, order and batches do not matter, spans are what they say."""

import dataclasses
import datetime as dt
import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from dedupe import buckets, copies, groups, inverted, match, passages, relation, sketch, words
from dedupe.buckets import Buckets
from dedupe.displaced import displaced
from dedupe.inverted import Posted
from dedupe.settings import CopySettings
from storage import postings, segments

SETTINGS = CopySettings()
AT = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
NO_JUDGEMENTS = pl.DataFrame(
    schema={
        "left_id": pl.String,
        "right_id": pl.String,
        "same": pl.Boolean,
        "judged_at": pl.Datetime("us", "UTC"),
        "note": pl.String,
    }
)
ANY_TEXT = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_categories=["Cs"]),
        st.sampled_from(list('aAéß1 ,."\n“”«»„「」@(-\u00ad\u0301北ก่')),
    ),
    max_size=120,
)
SENTENCES = [
    "The quay at Larnwick closes on Monday for repairs that will take two years.",
    "Ferries to the islands leave from the old fish market until the work is done.",
    "Mayor Ines Holt said 310 stalls would have to move before the first of May.",
    "“Nobody asked us what we thought of it,” one of the traders told the council.",
    "Engineers found cracks in eleven of the nineteen piers after a bitter winter.",
    "A third of the 84 million crowns comes from the state, the harbour board said.",
    "Parliament rejected the budget by four votes after two members stayed away.",
    "Finance minister Paul Brandt promised a new draft within the next ten days.",
]
BODY = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=7).map(" ".join)
DESK = st.lists(st.tuples(BODY, st.integers(0, 20)), min_size=2, max_size=7)


def desk(rows: list[tuple[str, int]]) -> pl.DataFrame:
    at = pl.Series([AT + dt.timedelta(hours=3 * hours) for _, hours in rows], dtype=pl.Datetime("us", "UTC"))
    return pl.DataFrame(
        {
            "article_id": [f"a{place}" for place in range(len(rows))],
            "outlet": [f"outlet-{place % 3}" for place in range(len(rows))],
            "title": [text[:30] for text, _ in rows],
            "text": [text for text, _ in rows],
            "published_at": at,
            "published_precision": ["instant"] * len(rows),
            "captured_at": at,
        }
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(ANY_TEXT, min_size=1, max_size=4))
def test_the_two_lanes_sketch_alike(texts: list[str]) -> None:
    plain = sketch._readable(pl.Series(texts), SETTINGS)
    quick = sketch._compiled(pl.Series(texts), SETTINGS)
    assert all(list(plain[name]) == list(quick[name]) for name in plain)


@settings(max_examples=40, deadline=None)
@given(ANY_TEXT)
def test_signatures_are_datasketchs(text: str) -> None:
    made = sketch._readable(pl.Series([text]), SETTINGS)["signature"][0]
    theirs = MinHash(num_perm=128, seed=1, scheme="affine32", hashfunc=sketch.hash_shingle)
    theirs.update_batch([shingle.encode() for shingle in sketch.shingles(text)])
    assert bytes(made) == theirs.hashvalues.astype("<u4").tobytes()


@settings(max_examples=60, deadline=None)
@given(ANY_TEXT)
def test_words_lie_in_the_text_and_are_stable(text: str) -> None:
    found = words.words(text)
    assert (found.begins[1:] >= found.ends[:-1]).all()
    assert (found.ends > found.begins).all()
    assert words.cut(" ".join(words.cut(text))) == words.cut(text)


@settings(max_examples=40, deadline=None)
@given(DESK)
def test_days_apart_the_verdict_needs_no_passages(rows: list[tuple[str, int]]) -> None:
    """What is not looked at, days apart, would not have changed what the pair is."""
    frame = desk([(text, 24 * hours) for text, hours in rows])
    pairs = [(a, b) for a in range(len(rows)) for b in range(a + 1, len(rows))]
    sides = pl.DataFrame(pairs, schema={"a": pl.Int64, "b": pl.Int64}, orient="row")
    ids = frame["article_id"]
    sides = sides.with_columns(article_a=ids.gather(sides["a"]), article_b=ids.gather(sides["b"]))
    aligned = passages.align_pairs(frame["text"], sides["a"].to_numpy(), sides["b"].to_numpy(), SETTINGS)
    whole = relation.judge(sides, aligned, frame, SETTINGS)
    seen = sides.with_columns(relation=whole.relation, same_origin=pl.Series(whole.same_origin))
    seen = seen.with_columns(numbers=whole.number_agreement, names=whole.name_agreement)
    made = match.verify(sides, frame, SETTINGS).select(
        *("article_a", "article_b", "relation", "same_origin"), numbers="number_agreement", names="name_agreement"
    )
    assert made.equals(seen.drop("a", "b").join(made, on=["article_a", "article_b"], how="semi").select(made.columns))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(BODY, ANY_TEXT), min_size=2, max_size=4))
def test_the_two_lanes_align_alike(texts: list[str]) -> None:
    left, right = np.triu_indices(len(texts), 1)
    column, a, b = pl.Series(texts), left.astype(np.int64), right.astype(np.int64)
    spread = match.spread(sketch.sketch(desk([(text, 5 * at) for at, text in enumerate(texts)]), SETTINGS))
    fresh = dataclasses.replace(SETTINGS, background_days=1)
    plain = passages.align_pairs(column, a, b, fresh, spread, compiled=False)
    quick = passages.align_pairs(column, a, b, fresh, spread, compiled=True)
    for field in dataclasses.fields(plain):
        assert np.array_equal(getattr(plain, field.name), getattr(quick, field.name)), field.name


@settings(max_examples=40, deadline=None)
@given(st.one_of(BODY, ANY_TEXT), st.one_of(BODY, ANY_TEXT))
def test_spans_are_word_equal(a: str, b: str) -> None:
    one = np.zeros(1, np.int64)
    aligned = passages.align_pairs(pl.Series([a, b]), one, one + 1, SETTINGS)
    for a_begin, a_end, b_begin, b_end in aligned.span_offsets.tolist():
        assert words.cut(a[a_begin:a_end]) == words.cut(b[b_begin:b_end]) != []
    assert (aligned.containment_a <= 1).all()
    assert (aligned.resemblance <= np.minimum(aligned.containment_a, aligned.containment_b) + 1e-12).all()


def looked_for(
    new: pl.DataFrame, window: pl.DataFrame, look: Callable[[pl.DataFrame, pl.DataFrame], Buckets], limits: CopySettings
) -> tuple[pl.DataFrame, pl.Series]:
    """Candidate pairs of new articles, and the stored ones whose pairs were looked for anew."""
    again = displaced(look(new, window), limits)
    moved = pl.col("article_id").is_in(again.implode())
    found, _ = match.among(look(pl.concat([new, window.filter(moved)]), window.filter(~moved)), limits)
    return found.select("article_a", "article_b"), again


def run(
    frame: pl.DataFrame, batches: list[list[str]], limits: CopySettings = SETTINGS
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pairs and groups after the articles came in these batches, as the stages of a run make them."""
    made = sketch.sketch(frame, limits)
    seen: list[str] = []
    both = ["article_a", "article_b"]
    stored = pl.DataFrame(schema=dict.fromkeys(both, pl.String))
    for batch in batches:
        new, window = (made.filter(pl.col("article_id").is_in(names)) for names in (batch, seen))
        found, again = looked_for(new, window, lambda new, window: Buckets.of(new, window, limits), limits)
        kept = stored.filter(~pl.any_horizontal(pl.col(both).is_in(again.implode())))
        stored = pl.concat([kept, found]).unique().sort(both)
        seen += batch
    pairs = match.verify(stored, frame, limits)
    return pairs, copies.group(frame, pairs, NO_JUDGEMENTS, limits)


@settings(max_examples=25, deadline=None)
@given(DESK, st.data())
def test_order_and_batches_do_not_matter(rows: list[tuple[str, int]], data: st.DataObject) -> None:
    frame = desk(rows)
    names = frame["article_id"].to_list()
    order = data.draw(st.permutations(names))
    cut = data.draw(st.integers(1, len(names)))
    whole = run(frame, [names])
    shuffled = frame.join(pl.DataFrame({"article_id": order}), on="article_id", maintain_order="right")
    for pairs, made in (run(shuffled, [list(order)]), run(frame, [list(order[:cut]), list(order[cut:])])):
        assert pairs.equals(whole[0])
        assert made.equals(whole[1])


def segment(path: Path, batch: segments.Batch) -> segments.Segment:
    return segments.Segment(path, segments.write(path, batch))


CROWD = st.lists(
    st.tuples(st.lists(st.sampled_from(SENTENCES[:5]), min_size=2, max_size=4).map(" ".join), st.integers(0, 40)),
    min_size=6,
    max_size=14,
)


@settings(max_examples=20, deadline=None)
@given(CROWD, st.integers(1, 3), st.integers(1, 4), st.data())
def test_crowded_buckets_and_the_windows_edge_do_not_depend_on_batches(
    rows: list[tuple[str, int]], leaders: int, days: int, data: st.DataObject
) -> None:
    limits = dataclasses.replace(
        SETTINGS, leaders=leaders, band_leaders=leaders, exact_leaders=data.draw(st.integers(1, 2)), window_days=days
    )
    frame = desk(rows)
    names = frame["article_id"].to_list()
    order = data.draw(st.permutations(names))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(names) - 1), max_size=len(names) - 1)))
    batches = [list(order[a:b]) for a, b in itertools.pairwise([0, *cuts, len(names)])]
    whole, parts = run(frame, [names], limits), run(frame, batches, limits)
    assert parts[0].equals(whole[0])
    assert parts[1].equals(whole[1])


@settings(max_examples=60, deadline=None)
@given(CROWD, st.integers(1, 3), st.integers(1, 4), st.data())
def test_an_index_of_the_window_gives_what_its_sketches_give(
    rows: list[tuple[str, int]], leaders: int, days: int, data: st.DataObject
) -> None:
    limits = dataclasses.replace(
        SETTINGS, leaders=leaders, band_leaders=leaders, exact_leaders=data.draw(st.integers(1, 2)), window_days=days
    )
    made = sketch.sketch(desk(rows), limits)
    cuts = sorted(data.draw(st.sets(st.integers(1, len(rows) - 1), max_size=4)))
    order = pl.Series(data.draw(st.permutations(range(len(rows)))))
    batches = [made[order[a:b]] for a, b in itertools.pairwise([0, *cuts, len(rows)])]
    with tempfile.TemporaryDirectory() as folder:
        names = (Path(folder) / str(number) for number in itertools.count())
        parts = [segment(next(names), buckets.posted(batch, limits)) for batch in batches]
        # One that comes and goes: its bodies are followed by others, its place by the next.
        dead = data.draw(st.sets(st.integers(0, parts[0].rows - 1), max_size=parts[0].rows - 1))
        gone = parts[0].articles(np.array(sorted(dead), np.int64))["article_id"]
        parts[0] = segments.Segment(parts[0].path, parts[0].layout, sorted(dead))
        new = batches[-1].filter(~pl.col("article_id").is_in(gone.implode()))
        window = pl.concat(batches[:-1] or [new.clear()]).filter(~pl.col("article_id").is_in(gone.implode()))
        if data.draw(st.booleans()):
            path = next(names)
            parts = [segments.Segment(path, segments.merge(path, parts))]
        index = postings.Postings(parts)
        by_sketches = looked_for(new, window, lambda new, window: Buckets.of(new, window, limits), limits)
        by_index = looked_for(new, window, lambda new, _: Buckets.stored(new, index, limits), limits)
    assert by_index[1].equals(by_sketches[1])
    assert by_index[0].equals(by_sketches[0])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")), max_size=14),
    st.lists(st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg"), st.booleans()), max_size=3),
    st.randoms(use_true_random=False),
)
def test_groups_do_not_depend_on_row_order_and_obey(edges, judged, chance) -> None:
    schema = {"left": pl.String, "right": pl.String}
    judgements = pl.DataFrame(
        [(a, b, same, AT + dt.timedelta(minutes=at), None) for at, (a, b, same) in enumerate(judged)],
        schema=NO_JUDGEMENTS.schema,
        orient="row",
    )
    nodes = pl.Series(list("abcdefg"))
    first = groups.group(pl.DataFrame(edges, schema=schema, orient="row"), nodes, judgements)
    mixed = [(b, a) if chance.random() < 0.5 else (a, b) for a, b in chance.sample(edges, len(edges))]
    second = groups.group(
        pl.DataFrame(mixed, schema=schema, orient="row"),
        nodes.reverse(),
        judgements.reverse() if judged else judgements,
    )
    assert first.equals(second)
    home = dict(first.iter_rows())
    a, b, same = judged[-1] if judged else ("a", "a", True)  # the latest judgement always holds
    if a != b:
        assert (home[a] == home[b]) is same


@settings(max_examples=15, deadline=None)
@given(DESK)
def test_a_copy_of_an_article_joins_its_group_and_changes_no_other(rows: list[tuple[str, int]]) -> None:
    frame = desk(rows)
    names = frame["article_id"].to_list()
    twin = frame.head(1).with_columns(article_id=pl.lit("z"), outlet=pl.lit("outlet-z"))
    made = run(pl.concat([frame, twin]), [[*names, "z"]])[1]
    home = dict(made.select("article_id", "copy_group").iter_rows())
    assert home.get("z") is not None
    assert home["z"] == home["a0"]


@settings(max_examples=200, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25), st.sampled_from([0.3, 0.5, 1.0]))
def test_components_taken_at_a_glance_are_what_the_stars_would_take(drawn: set[tuple[int, int]], share: float) -> None:
    edges = [(f"n{a}", f"n{b}") for a, b in drawn if a != b]
    nodes = [f"n{each}" for each in range(10)]
    links: dict[str, set[str]] = {}
    for a, b in edges:
        links.setdefault(a, set()).add(b)
        links.setdefault(b, set()).add(a)
    stars = {
        node: min(members)
        for component in groups.components(nodes, links)
        for members in groups._stars(component, links, {}, share)
        for node in members
    }
    frame = pl.DataFrame(edges, schema={"left": pl.String, "right": pl.String}, orient="row")
    said = groups.group(frame, pl.Series(nodes), NO_JUDGEMENTS, attach_share=share)
    assert dict(said.iter_rows()) == stars


@settings(max_examples=100, deadline=None)
@given(DESK, st.lists(st.sampled_from(["instant", "day", "none"]), min_size=7, max_size=7))
def test_origins_decided_at_once_are_those_decided_one_by_one(rows: list[tuple[str, int]], precise: list[str]) -> None:
    members = desk(rows).with_columns(
        pl.Series("published_precision", precise[: len(rows)]),
        copy_group=pl.lit("c"),
        credit=pl.lit(None, dtype=pl.String),
        item_id=pl.lit(None, dtype=pl.String),
    )
    one = copies._by_time(list(members.iter_rows(named=True)))
    at_once = copies._earliest_elsewhere(members)
    assert at_once["start"].to_list() == ([] if one is None else [one.article_id])


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 29)), max_size=120),
    st.lists(st.integers(0, 200), min_size=30, max_size=30),
    st.lists(st.booleans(), min_size=30, max_size=30),
    st.integers(1, 4),
    st.booleans(),
)
def test_the_two_lanes_meet_alike(posted, days: list[int], fresh: list[bool], leaders: int, apart: bool) -> None:
    """Buckets of any size, rows in any order, over several stretches, some articles or all of them new."""
    day_us = 86_400_000_000
    at = np.sort(np.array(days, dtype=np.int64)) * day_us
    known = Posted(at, at // (30 * day_us), np.array(fresh))
    once = sorted(set(posted), key=lambda each: (each[1] * 7 + each[0]) % 31)
    keys = words.mix(np.array([key for key, _ in once], dtype=np.uint64))
    rows = np.array([row for _, row in once], dtype=np.int32)
    for some in (known, dataclasses.replace(known, is_new=np.ones(30, dtype=bool))):
        plain, quick = (
            inverted.meet(keys, rows, some, leaders, 30 * day_us, apart=apart, compiled=each) for each in (False, True)
        )
        for field in dataclasses.fields(plain):
            assert np.array_equal(getattr(plain, field.name), getattr(quick, field.name)), field.name
