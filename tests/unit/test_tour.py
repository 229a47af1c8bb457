"""The Python examples of docs/tour.md run as printed."""

import re
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from flows.config import Config

TOUR = (Path(__file__).parents[2] / "docs" / "tour.md").read_text(encoding="utf-8")
DOOR = re.findall(r"```python\n(.*?)```", TOUR.split("## The Python door")[1], flags=re.DOTALL)
TEXT = (
    "A fire broke out in a warehouse in the harbour of Norvik on Tuesday evening, the fire service said. "
    "Sixty firefighters worked through the night to keep the flames from a school nearby. "
    "The company Halden, which employs 340 people, said production would stop for two weeks."
)


def frame() -> pl.DataFrame:
    at = datetime(2026, 3, 3, 20, tzinfo=UTC)
    rows = [
        {"article_id": f"a-{outlet}", "outlet": outlet, "title": "Warehouse burns in Norvik", "dek": None, "text": text,
         "language": "en", "published_at": at, "published_precision": "instant", "captured_at": at, "credit": None,
         "item_id": f"i-{outlet}", "revision": 1, "status": "usable", "url": None}
        for outlet, text in (("Gazette", TEXT), ("Courier", TEXT + " The road stays closed."))
    ]  # fmt: skip
    instant = pl.Datetime("us", "UTC")
    types = {"published_at": instant, "captured_at": instant, "dek": pl.String, "credit": pl.String, "url": pl.String}
    return pl.DataFrame(rows, schema_overrides=types)


def test_scores_are_probabilities() -> None:
    names: dict[str, object] = {}
    exec(DOOR[0].replace("score([", "found = score(["), names)
    (found,) = names["found"]
    assert 0 < found < 1


def test_the_source_of_a_package_of_ones_own(tmp_path: Path) -> None:
    names: dict[str, object] = {}
    exec(re.findall(r"```python plugin\n(.*?)```", TOUR, flags=re.DOTALL)[0], names)
    (tmp_path / "a.txt").write_text("Title\n\nText of the release.\n", encoding="utf-8")
    (tmp_path / "b.txt").touch()
    at = datetime(2026, 3, 3, tzinfo=UTC)
    source = names["Inbox"]({"folder": str(tmp_path)}, config=Config(), clock=lambda: at)
    capture, reject = source.captures()
    assert (capture.outlet, capture.content) == ("Press office", b"Title\n\nText of the release.\n")
    assert reject.outcome == "empty"


def test_frames_in_frames_out() -> None:
    names: dict[str, object] = {"given": frame()}
    code, count = re.subn(r"articles = pl\.DataFrame\(\.\.\.\).*", "articles = given", DOOR[1])
    assert count == 1
    exec(code, names)
    assert names["pairs"]["relation"].to_list() == ["copy"]
    assert names["groups"].height == 2
    assert names["told"]["story_id"].n_unique() == 1
