"""A person's word on two articles or two mentions: kept, obeyed by the next run, explained, withdrawn."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from flows import cli
from flows.job import Job, run
from storage.tables import Store

Reader = Callable[[Path, str], pl.DataFrame]
QUAY = (
    "The quay at Larnwick closes on Monday for repairs that will take two years, the harbour board said. "
    "Ferries to the islands leave from the old fish market until the work is done. Mayor Ines Holt said 310 stalls "
    "would have to move before the first of May. Engineers found cracks in eleven of the nineteen piers after a bitter "
    "winter. A third of the 84 million crowns comes from the state."
)
OWN = (
    "Larnwick has to do without its quay for two years. The board blames cracks in eleven piers, and wants 310 stalls "
    "gone by 1 May, Mayor Ines Holt told this newspaper. The islands' ferries move to the fish market on Monday."
)


@pytest.fixture
def desk(tmp_path: Path) -> tuple[Path, Callable[[], None]]:
    """A store of three articles (Gazette and Courier run one text, Echo its own), and a run over them."""
    at = datetime(2026, 3, 4, 6, tzinfo=UTC)
    texts = {"Gazette": QUAY, "Courier": QUAY + " A ferry timetable hangs at the pier.", "Echo": OWN}
    rows = [
        {"id": outlet, "outlet": outlet, "title": "Larnwick quay closes", "text": text,
         "published_at": (at + timedelta(hours=hour)).isoformat()}
        for hour, (outlet, text) in enumerate(texts.items())
    ]  # fmt: skip
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    def again() -> None:
        run(Job((path,), tmp_path / "store"))

    again()
    return tmp_path / "store", again


def called(*words: object, code: int = 0) -> str:
    found = CliRunner().invoke(cli.main, [str(word) for word in words])
    assert found.exit_code == code, found.output
    return found.output


def together(store: Path, published: Reader) -> set[frozenset[str]]:
    groups = published(store, "copies").group_by("copy_group").agg("outlet")
    return {frozenset(outlets) for outlets in groups["outlet"].to_list()}


def test_the_groups_obey_until_the_word_is_withdrawn(desk: tuple[Path, Callable[[], None]], published: Reader) -> None:
    store, again = desk
    ids = dict(published(store, "articles").select("outlet", "article_id").iter_rows())
    both, every = {frozenset({"Gazette", "Courier"})}, {frozenset({"Gazette", "Courier", "Echo"})}
    assert together(store, published) == both
    pair, other = (ids["Gazette"], ids["Courier"]), (ids["Courier"], ids["Echo"])
    for words, expected in (
        ((*pair, "different", "--why", "two desks", "--by", "Ines"), set()),
        ((*pair, "undo"), both),
        ((*other, "same"), every),
        ((*other, "different"), both),
    ):
        called("judge", *words, "--store", store)
        again()
        assert together(store, published) == expected, words
    changes = json.loads(called("show", "changes", "--json", "--store", store))
    assert [row["kind"] for row in changes if row["level"] == "copies"] == ["split", "dissolved"]
    assert "judged different" in changes[-1]["reason"]
    said = json.loads(called("show", "judgements", "--json", "--store", store))
    assert [(row["said"], row["holds"]) for row in said] == [
        ("different", True), ("same", False), ("undo", False), ("different", False),
    ]  # fmt: skip
    assert {(row["judged_by"], row["note"]) for row in said} == {("Ines", "two desks"), (None, None)}
    explained = json.loads(called("explain", *other, "--json", "--store", store))
    assert [(word["about"], word["same"]) for word in explained["judgements"]] == [("copies", False)]
    assert {explained["article_a"]["outlet"], explained["article_b"]["outlet"]} == {"Courier", "Echo"}


def test_an_explanation_reads_from_the_verdict_down(desk: tuple[Path, Callable[[], None]], published: Reader) -> None:
    store, _ = desk
    ids = dict(published(store, "articles").select("outlet", "article_id").iter_rows())
    told = called("explain", ids["Gazette"], ids["Courier"], "--store", store)
    order = ["Gazette", "copy: one origin; in one copy group", "+ enough of", "A ferry timetable hangs at the pier",
             "A threshold that would have changed", "Signals", "own_containment", "Thresholds", "0.42"]  # fmt: skip
    places = [told.index(words) for words in order]
    assert places[1:] == sorted(places[1:])
    strict = called(
        "explain", ids["Gazette"], ids["Courier"], "--set", "copies.copy_resemblance=0.99", "--store", store
    )
    assert "edited_copy: one origin" in strict


def test_other_copy_settings_compare_everything_again(desk: tuple[Path, Callable[[], None]], published: Reader) -> None:
    store, again = desk
    before = published(store, "pairs"), Store.open(store).scan("sketches").collect()["scheme"].unique().to_list()
    for change in (("copies.shingle", "4"), ("copies.copy_resemblance", "0.99")):
        manifest = run(Job((store.parent / "articles.jsonl",), store, overrides=(change,)))
        counts = {step["step"]: step["counts"] for step in manifest["steps"]}
        assert counts["sketch"]["compared_again"] == 3, change
        assert not published(store, "pairs").equals(before[0]), change
    assert Store.open(store).scan("sketches").collect()["scheme"].unique().to_list() == before[1]
    again()
    assert published(store, "pairs").equals(before[0])


def test_an_earlier_word_does_not_hold_against_a_later_one(desk: tuple[Path, Callable[[], None]]) -> None:
    store, _ = desk
    a, b, _ = sorted(Store.open(store).scan("articles").collect()["article_id"])
    called("judge", a, b, "different", "--when", "2026-03-05", "--store", store)
    said = called("judge", b, a, "same", "--when", "2026-03-04", "--store", store)
    assert "a later word on the pair holds" in said
    assert "at this very time" in called("judge", a, b, "same", "--when", "2026-03-04", "--store", store, code=1)


def test_words_that_make_no_sense_are_refused_with_a_sentence(desk: tuple[Path, Callable[[], None]]) -> None:
    store, _ = desk
    article = Store.open(store).scan("articles").collect()["article_id"].min()
    mention = Store.open(store).scan("mentions").collect()["mention_id"].min()
    for words, sentence in (
        ((article, article, "same"), "one and the same"),
        ((article, mention, "same"), "an article and a mention"),
        (("a-nowhere", article, "same"), "no article_id begins with 'a-nowhere'"),
        (("a-", article, "same"), "is not complete"),
    ):
        assert sentence in called("judge", *words, "--store", store, code=1)
    assert "nothing to withdraw" in called("judge", *_two(store), "undo", "--store", store, code=1)
    called("judge", *_two(store), "perhaps", "--store", store, code=2)


def _two(store: Path) -> list[str]:
    return sorted(Store.open(store).scan("articles").collect()["article_id"])[:2]


def test_a_word_on_two_mentions_reaches_the_facts_of_a_story_that_did_not_change(
    desk: tuple[Path, Callable[[], None]], published: Reader
) -> None:
    store, again = desk
    mentions = published(store, "mentions")
    a = mentions.filter(pl.col("outlet") == "Echo", field="text").sort("begin").row(0, named=True)
    b = mentions.filter(
        pl.col("outlet") == "Gazette", pl.col("fact_id") != a["fact_id"], field="text"
    ).sort("begin").row(-1, named=True)  # fmt: skip

    def facts() -> tuple[str, ...]:
        home = dict(published(store, "mentions").select("mention_id", "fact_id").iter_rows())
        return home[a["mention_id"]], home[b["mention_id"]]

    before = facts()
    called("judge", a["mention_id"], b["mention_id"], "same", "--store", store)
    again()
    assert len(set(facts())) == 1
    called("judge", a["mention_id"], b["mention_id"], "undo", "--store", store)
    again()
    assert facts() == before


def test_articles_judged_different_as_copies_stay_in_one_story(
    desk: tuple[Path, Callable[[], None]], published: Reader
) -> None:
    store, again = desk
    ids = dict(published(store, "articles").select("outlet", "article_id").iter_rows())
    called("judge", ids["Gazette"], ids["Courier"], "different", "--store", store)
    again()
    assert published(store, "stories")["story_id"].n_unique() == 1
    called("judge", ids["Gazette"], ids["Echo"], "different", "--story", "--store", store)
    again()
    assert published(store, "stories")["story_id"].n_unique() == 2
