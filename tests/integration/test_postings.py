"""The index of stored sketches says what these say: after additions, deletions, compaction, damage and a kill."""

import datetime as dt
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from dedupe import buckets, sketch
from dedupe.settings import CopySettings
from flows.job import Job, desk, run
from storage import postings, schema, segments
from storage.tables import Store

SETTINGS = CopySettings()
POST = partial(buckets.posted, settings=SETTINGS)
LAYOUT = buckets.laid_out(SETTINGS)
AT = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
WORDS = ["quay", "harbour", "mayor", "vote", "budget", "fire", "crew", "strike", "port", "council", "storm", "bridge"]


def sketches(begin: int, end: int) -> pl.DataFrame:
    """Texts that share phrases; every fifth has the body of an earlier one; some have no word."""
    chance = np.random.default_rng(5)
    texts = [" ".join(chance.choice(WORDS, 40)) for _ in range(200)]
    texts = ["..." if at % 41 == 0 else texts[at - 3] if at % 5 == 4 else text for at, text in enumerate(texts)]
    times = [AT + dt.timedelta(hours=int(hour)) for hour in chance.integers(0, 60 * 24, 200)]
    rows = [
        {"article_id": f"a-{at:03d}", "text": texts[at], "published_at": times[at], "captured_at": times[at]}
        for at in range(begin, end)
    ]
    return sketch.sketch(pl.DataFrame(rows), SETTINGS)


def answers(index: postings.Postings, of: pl.DataFrame) -> set[tuple[str, int, str]]:
    """Who has each key of some sketches, one a body."""
    batch = POST(of)
    every = {"exact": batch.body} | {kind: keys for kind, (keys, _) in batch.keys.items()}
    found = set()
    for kind, keys in every.items():
        sought = np.unique(keys)
        which, handles, _ = index.first(kind, sought, None)
        told = index.articles(handles).with_columns(key=sought[which]).sort("at", "article_id")
        if kind != "exact":  # of one body the first is enough
            told = told.unique(["key", "body"], keep="first", maintain_order=True)
        found |= {(kind, row["key"], row["article_id"]) for row in told.iter_rows(named=True)}
    return found


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store.open(tmp_path / "store")
    made.append("sketches", sketches(0, 60), run_id="r1")
    made.append("sketches", sketches(60, 100), run_id="r1")
    return made


def follow(store: Store, why: str = "") -> postings.Postings:
    """The index, made anew for this reason, as one made of nothing but the sketches."""
    index, told = postings.follow(store, LAYOUT, POST)
    assert told == why
    stored = store.scan("sketches").collect()
    assert len(index) == stored.filter(pl.col("shingle_n") > 0).height
    fresh = postings.Postings([])
    path = store.root / "fresh.segment"
    fresh.segments.append(segments.Segment(path, segments.write(path, POST(stored))))
    assert answers(index, stored) == answers(fresh, stored)
    return index


def forget(store: Store, *names: str) -> None:
    store.replace("sketches", schema.empty("sketches"), run_id="r2", where={"article_id": names})


def test_it_is_made_once_and_then_only_what_is_new_is_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    follow(store, "missing")
    read: list[int] = []
    monkeypatch.setattr(postings, "_batches", lambda store, files: read.append(len(files)) or iter([]))
    assert postings.follow(store, LAYOUT, POST)[1] == ""
    assert read == []
    monkeypatch.undo()
    store.append("sketches", sketches(100, 130), run_id="r2")
    index = follow(store)
    assert sum(each.rows for each in index.segments) == len(index)


def test_who_is_forgotten_is_followed_by_the_next_with_the_same_body(store: Store) -> None:
    index = follow(store, "missing")
    forget(store, "a-001", "a-006", "a-011", "a-050", "a-099")
    assert len(follow(store)) == len(index) - 5
    store.append("sketches", sketches(99, 140), run_id="r3")
    follow(store)
    forget(store, *[f"a-{at:03d}" for at in range(0, 140, 2)])
    index = follow(store)
    assert not any(len(each.dead) for each in index.segments)  # many are struck out: written anew
    forget(store, *[f"a-{at:03d}" for at in range(140)])
    assert len(follow(store)) == 0


def test_another_time_of_the_same_article_takes_the_place_of_the_first(store: Store) -> None:
    follow(store, "missing")
    later = sketches(10, 11).with_columns(pl.col("published_at") + pl.duration(days=45))
    store.replace("sketches", later, run_id="r2", where={"article_id": ["a-010"]})
    follow(store)


def test_compaction_of_the_sketches_is_nothing_to_the_index(store: Store) -> None:
    for at in range(100, 160, 3):
        store.append("sketches", sketches(at, at + 3), run_id=f"r{at}")
    index = follow(store, "missing")
    assert store.compact(files=4)["sketches"] == 0
    assert len(store.files("sketches")) < 5
    again = follow(store)
    assert [each.path for each in again.segments] == [each.path for each in index.segments]
    store.compact(files=4, keep_hours=0)
    follow(store)


def test_many_small_runs_leave_few_segments(store: Store) -> None:
    follow(store, "missing")
    for at in range(100, 160, 2):
        store.append("sketches", sketches(at, at + 2), run_id=f"r{at}")
        assert len(postings.follow(store, LAYOUT, POST)[0].segments) < 6
    index = follow(store)
    kept = {each.path.name for each in index.segments} | {"index.json"}
    assert {path.name for path in (store.root / "cache" / "postings").iterdir()} == kept


def test_another_layout_is_another_index(store: Store) -> None:
    follow(store, "missing")
    other = CopySettings(window_days=3)
    index, why = postings.follow(store, buckets.laid_out(other), partial(buckets.posted, settings=other))
    assert (why, len(index)) == ("other_layout", len(follow(store, "other_layout")))


def shorten(home: Path) -> None:
    path = next(home.glob("*.segment"))
    path.write_bytes(path.read_bytes()[:-8])


def lose(home: Path) -> None:
    next(home.glob("*.segment")).unlink()


def garble(home: Path) -> None:
    (home / "index.json").write_text("{", encoding="utf-8")


def misname(home: Path) -> None:
    told = json.loads((home / "index.json").read_bytes())
    told["segments"][0]["parts"]["at"] = [1 << 40, 7, "<i8"]
    (home / "index.json").write_text(json.dumps(told), encoding="utf-8")


def flip(path: Path, share: float) -> None:
    content = bytearray(path.read_bytes())
    content[int(share * (len(content) - 1))] ^= 4
    path.write_bytes(content)


def flip_begin(home: Path) -> None:
    flip(next(home.glob("*.segment")), 0)


def flip_middle(home: Path) -> None:
    flip(next(home.glob("*.segment")), 0.5)


def flip_end(home: Path) -> None:
    flip(next(home.glob("*.segment")), 1)


def revive(home: Path) -> None:
    told = json.loads((home / "index.json").read_bytes())
    told["segments"][0]["dead"] = [1]
    (home / "index.json").write_text(json.dumps(told), encoding="utf-8")


@pytest.mark.parametrize("harm", [shorten, lose, garble, misname, flip_begin, flip_middle, flip_end, revive])
def test_a_damaged_index_is_made_anew(store: Store, harm: Callable[[Path], None]) -> None:
    follow(store, "missing")
    harm(store.root / "cache" / "postings")
    follow(store, "damaged")
    follow(store)


def test_of_a_large_index_every_stretch_has_its_turn(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "_STRETCH", 512)
    monkeypatch.setattr(postings, "_CHECKED", 3)
    monkeypatch.setattr(postings, "_RATIO", 0)  # nothing is merged: a merge would check it all
    follow(store, "missing")
    path = max((store.root / "cache" / "postings").glob("*.segment"), key=lambda one: one.stat().st_size)
    stretches = -(-path.stat().st_size // 512)
    flip(path, 1)
    for turn in range(stretches):
        store.append("sketches", sketches(100 + turn, 101 + turn), run_id=f"r{turn + 2}")
        if postings.follow(store, LAYOUT, POST)[1]:
            break
    assert 1 < turn < stretches
    follow(store)


def test_a_merge_signs_nothing_that_has_changed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "_CHECKED", 0)
    follow(store, "missing")
    flip_middle(store.root / "cache" / "postings")
    store.append("sketches", sketches(100, 150), run_id="r2")
    follow(store, "damaged")


def test_sketches_cleared_away_while_nobody_asked_are_read_again(store: Store) -> None:
    follow(store, "missing")
    forget(store, "a-003")
    store.compact(keep_hours=0)
    follow(store, "sketches_gone")


@pytest.mark.parametrize("killed_in", ["segments.write", "segments.merge", "write_file"])
def test_killed_while_it_is_written_it_is_what_it_was(
    store: Store, monkeypatch: pytest.MonkeyPatch, killed_in: str
) -> None:
    follow(store, "missing")
    store.append("sketches", sketches(100, 150), run_id="r2")
    forget(store, "a-003")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"storage.postings.{killed_in}", killed)
    with pytest.raises(KeyboardInterrupt):
        postings.follow(store, LAYOUT, POST)
    monkeypatch.undo()
    follow(store)
    assert len(list((store.root / "cache" / "postings").glob("*.segment"))) == 1


STORY = "The quay at {} closes on Monday for repairs that will take two years, its harbour board said. " * 3
TOWNS = ("Larnwick", "Norvik", "Larnwick", "Egmond", "Larnwick", "Norvik")


def deliver(folder: Path, count: int) -> tuple[dict[str, pl.DataFrame], dict[str, int]]:
    """Run the first articles up to the copies: the tables that come of it, and what the step counted."""
    rows = [
        {"id": str(at), "outlet": f"Outlet {at}", "title": f"Quay of {town}", "text": STORY.format(town, town, town),
         "published_at": (AT + dt.timedelta(hours=at)).isoformat()}
        for at, town in enumerate(TOWNS[:count])
    ]  # fmt: skip
    path = folder / "articles.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    manifest = run(Job((path,), folder / "store"), until="copies")
    store = Store.open(folder / "store")
    tables = {name: store.scan(name).drop("run_id").collect() for name in ("candidates", "pairs", "copies")}
    counts = next(step["counts"] for step in manifest["steps"] if step["step"] == "pair")
    return {name: rows.sort(schema.keys(name)) for name, rows in tables.items()}, counts


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    tables, _ = deliver(tmp_path_factory.mktemp("whole"), 6)
    assert not any(rows.is_empty() for rows in tables.values())
    return tables


@pytest.mark.parametrize(
    "killed_in", ["storage.postings.follow", "storage.postings.write_file", "flows.desk.Desk.done"]
)
def test_a_run_killed_around_the_index_is_made_up_for_by_the_next(
    whole: dict[str, pl.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_in: str
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    deliver(tmp_path, 3)
    monkeypatch.setattr(killed_in, killed)
    with pytest.raises(KeyboardInterrupt):
        deliver(tmp_path, 6)
    monkeypatch.undo()
    for name, rows in deliver(tmp_path, 6)[0].items():
        assert rows.equals(whole[name]), name


def test_a_run_says_that_it_made_the_index_anew_and_why(whole: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    assert not any(name.startswith("index") for name in deliver(tmp_path, 3)[1])
    lose(tmp_path / "store" / "cache" / "postings")
    tables, counts = deliver(tmp_path, 6)
    assert counts["index_damaged"] == 6
    assert all(rows.equals(whole[name]) for name, rows in tables.items())


def test_articles_without_a_word_do_not_hide_what_is_stored(tmp_path: Path) -> None:
    old, new = sketches(1, 3), pl.concat([sketches(0, 1), sketches(41, 42), sketches(82, 83), sketches(4, 5)])
    with desk(Job((tmp_path,), tmp_path / "store")) as one, one.run.step("pair") as step:
        one.append(step, "sketches", pl.concat([old, new]))
        found = one.buckets(step, new)(new)
    assert found.empty == 3
    assert found.articles["article_id"].to_list() == ["a-001", "a-004"]  # the one has the body of the other
