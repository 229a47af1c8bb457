"""Revisions of one item, whichever order they come in."""

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from dedupe import items

T0 = datetime(2026, 1, 1, tzinfo=UTC)


def article(name: str, url: str | None, hour: int, *, locator: str = "a.txt") -> dict[str, object]:
    return {
        "article_id": f"a-{name}",
        "outlet": "Gazette",
        "url": url,
        "external_id": None,
        "item_name": None,
        "locator": locator,
        "captured_at": T0 + timedelta(hours=hour),
        "capture_id": f"c-{name}",
    }


FRAME = {"article_id": pl.String, "outlet": pl.String, "url": pl.String, "external_id": pl.String,
         "item_name": pl.String, "locator": pl.String, "captured_at": pl.Datetime("us", "UTC"),
         "capture_id": pl.String, "version": pl.Int32, "versioned_at": pl.Datetime("us", "UTC")}  # fmt: skip


def frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    return items.item_ids(pl.DataFrame(rows, schema=FRAME))


def none_known() -> pl.DataFrame:
    return frame([]).with_columns(revision=pl.lit(None, pl.Int32), status=pl.lit(None, pl.String))


def test_item_is_url_else_place() -> None:
    rows = frame([article("1", "u", 0), article("2", "u", 1), article("3", None, 0), article("4", None, 1),
                  article("5", None, 2, locator="b.txt")])  # fmt: skip
    one, two, three, four, five = rows["item_id"].to_list()
    assert one == two
    assert three == four
    assert len({one, three, five}) == 3


def test_last_capture_is_current() -> None:
    revised = items.revise(frame([article("1", "u", 0), article("2", "u", 2), article("3", "u", 1)]), none_known())
    assert dict(revised.select("article_id", "revision").iter_rows()) == {"a-1": 1, "a-3": 2, "a-2": 3}
    assert dict(revised.select("article_id", "status").iter_rows()) == {
        "a-1": "superseded", "a-3": "superseded", "a-2": "usable",
    }  # fmt: skip


def versioned(name: str, version: int | None, hour: int, *, came: int = 0, outlet: str = "Wire") -> dict[str, object]:
    at = T0 + timedelta(hours=hour)
    return {
        **article(name, None, came),
        "outlet": outlet,
        "item_name": "urn:w:1",
        "version": version,
        "versioned_at": at,
    }


def notice(kind: str, version: int | None, hour: int) -> dict[str, object]:
    return {"item_id": items.item_id("Wire", "urn:w:1", of_wire=True), "kind": kind, "version": version,
            "noticed_at": T0 + timedelta(hours=hour)}  # fmt: skip


def told(*rows: dict[str, object]) -> pl.DataFrame:
    types = {"item_id": pl.String, "kind": pl.String, "version": pl.Int32, "noticed_at": pl.Datetime("us", "UTC")}
    return pl.DataFrame(rows, schema=types)


def statuses(revised: pl.DataFrame) -> dict[str, tuple[int, str]]:
    return {name: (number, status) for name, number, status in
            revised.select("article_id", "revision", "status").iter_rows()}  # fmt: skip


def test_versions_decide_the_order_whichever_came_first() -> None:
    rows = [versioned("3", 3, 3, came=0), versioned("1", 1, 1, came=1), versioned("2", 2, 2, came=2)]
    expected = {"a-1": (1, "superseded"), "a-2": (2, "superseded"), "a-3": (3, "usable")}
    assert statuses(items.revise(frame(rows), none_known())) == expected
    first = items.revise(frame(rows[:1]), none_known())
    assert statuses(items.revise(frame(rows[1:]), first)) == expected


def test_a_repeat_of_a_text_is_its_first_version() -> None:
    rows = [versioned("1", 4, 4, came=0), {**versioned("1", 2, 2, came=1), "capture_id": "c-other"}]
    [row] = items.revise(frame(rows), none_known()).to_dicts()
    assert (row["version"], row["versioned_at"], row["revision"]) == (2, T0 + timedelta(hours=2), 1)


def test_a_kill_closes_every_revision_also_later_ones() -> None:
    rows = [versioned("1", 1, 1), versioned("3", 3, 3), versioned("4", 2, 2, outlet="Reseller")]
    killed = items.revise(frame(rows), none_known(), told(notice("kill", 2, 2)))
    assert {status for _, status in statuses(killed).values()} == {"killed"}
    assert items.standing(killed).height == 3


def test_a_withheld_version_holds_until_a_later_one() -> None:
    rows = [versioned("1", 1, 1), versioned("3", 3, 3)]
    held = items.revise(frame(rows[:1]), none_known(), told(notice("withhold", 2, 2)))
    assert statuses(held) == {"a-1": (1, "withheld")}
    lifted = items.revise(frame(rows[1:]), held, told(notice("withhold", 2, 2)))
    assert statuses(lifted) == {"a-1": (1, "superseded"), "a-3": (2, "usable")}
    untimed = items.revise(frame([versioned("1", None, 1)]), none_known(), told(notice("withhold", None, 2)))
    assert statuses(untimed) == {"a-1": (1, "withheld")}


def test_two_senders_of_one_item_do_not_supersede_each_other() -> None:
    rows = [versioned("1", 1, 1), versioned("2", 2, 2), versioned("4", 1, 1, outlet="Reseller")]
    found = statuses(items.revise(frame(rows), none_known()))
    assert found == {"a-1": (1, "superseded"), "a-2": (2, "usable"), "a-4": (1, "usable")}


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(6)), st.integers(1, 5))
def test_batches_and_order_do_not_matter(order: list[int], cut: int) -> None:
    rows = [article(str(n), "u" if n % 2 else "v", n) for n in range(6)]
    whole = items.revise(frame(rows), none_known()).sort("article_id")
    mixed = [rows[n] for n in order]
    first = items.revise(frame(mixed[:cut]), none_known())
    both = items.revise(frame(mixed[cut:]), first).sort("article_id")
    kept = pl.concat([first.filter(~pl.col("item_id").is_in(both["item_id"].implode())), both]).sort("article_id")
    assert kept.equals(whole)


def test_story_digest_depends_on_members_copies_and_settings_not_on_order() -> None:
    stories = pl.DataFrame({"story_id": ["s", "s", "t"], "article_id": ["1", "2", "3"]})
    copies = pl.DataFrame({"article_id": ["1", "2"], "copy_group": ["g", "g"], "role": ["origin", "copy"]})
    articles = pl.DataFrame(
        {"article_id": ["1", "2", "3"], "status": ["usable"] * 3, "published_at": [T0, T0, T0]},
        schema_overrides={"published_at": pl.Datetime("us", "UTC")},
    )
    digests = dict(items.story_digests(stories, copies, "h", articles).select("story_id", "digest").iter_rows())
    turned = items.story_digests(stories.reverse(), copies.reverse(), "h", articles.reverse())
    again = dict(turned.select("story_id", "digest").iter_rows())
    assert digests == again
    alone = dict(items.story_digests(stories, copies.head(0), "h", articles).select("story_id", "digest").iter_rows())
    other = dict(items.story_digests(stories, copies, "i", articles).select("story_id", "digest").iter_rows())
    assert alone["s"] != digests["s"]
    assert alone["t"] == digests["t"]
    assert other["t"] != digests["t"]
    killed = articles.with_columns(status=pl.lit("killed"))
    assert items.story_digests(stories, copies, "h", killed).filter(story_id="t")["digest"].item() != digests["t"]
