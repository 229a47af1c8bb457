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
        "locator": locator,
        "captured_at": T0 + timedelta(hours=hour),
        "capture_id": f"c-{name}",
    }


FRAME = {"article_id": pl.String, "outlet": pl.String, "url": pl.String, "external_id": pl.String, "locator": pl.String,
         "captured_at": pl.Datetime("us", "UTC"), "capture_id": pl.String}  # fmt: skip


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


def test_a_killed_revision_stays_killed() -> None:
    known = items.revise(frame([article("1", "u", 0)]), none_known()).with_columns(status=pl.lit("killed"))
    revised = items.revise(frame([article("2", "u", 1)]), known)
    assert dict(revised.select("article_id", "status").iter_rows()) == {"a-1": "killed", "a-2": "usable"}


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
    digests = dict(items.story_digests(stories, copies, "h").select("story_id", "digest").iter_rows())
    again = dict(items.story_digests(stories.reverse(), copies.reverse(), "h").select("story_id", "digest").iter_rows())
    assert digests == again
    alone = dict(items.story_digests(stories, copies.head(0), "h").select("story_id", "digest").iter_rows())
    other = dict(items.story_digests(stories, copies, "i").select("story_id", "digest").iter_rows())
    assert alone["s"] != digests["s"]
    assert alone["t"] == digests["t"]
    assert other["t"] != digests["t"]
