"""Laws of the whole flow: how articles are delivered does not change what the tables say."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from flows.job import Job, run
from storage.schema import PUBLISHED

Reader = Callable[[Path, str], pl.DataFrame]
NAMES = ("Gazette", "Courier", "Echo", "Herald")
FIRE = [
    "A fire broke out in a warehouse in the harbour of Norvik on Tuesday evening, the city's fire service said.",
    "At least 12 people were taken to hospital with burns, according to the police.",
    "The blaze started shortly after 8 p.m. in a hall where a furniture maker keeps varnish and solvents.",
    "Sixty firefighters worked through the night to keep the flames from a school nearby.",
    "The company Halden, which employs 340 people in the city, said production would stop for two weeks.",
    "Mayor Ida Berg told reporters that the harbour road would stay closed until Friday.",
]
VOTE = [
    "Parliament in Arvania passed a budget of $2.4 billion on Monday after a debate of eleven hours.",
    "Finance minister Jon Lund said the deficit would fall to 3 percent of output next year.",
    "Two parties of the opposition voted against the bill because it cuts subsidies for farmers.",
    "The budget raises spending on hospitals by 7 percent, the ministry said in a statement.",
    "Farmers in the north have announced a strike for Thursday, their union told the Courier.",
]


def articles() -> list[dict[str, str]]:
    """Nine articles: two stories, one wire text run by three outlets, one edited."""
    late = "A vote in the second chamber is due in June."
    told_by = [
        ("Gazette", FIRE),
        ("Courier", FIRE),
        ("Echo", FIRE[:4]),
        ("Herald", [FIRE[5], FIRE[1], FIRE[3]]),
        ("Gazette", VOTE),
        ("Courier", VOTE[::-1]),
        ("Echo", [*VOTE[1:4], late]),
        ("Herald", [VOTE[0], "The second chamber has to agree before July."]),
    ]
    rows = []
    for number, (outlet, picked) in enumerate(told_by):
        told = datetime(2026, 3, 4, 6, tzinfo=UTC) + timedelta(minutes=95 * number)
        event = "Norvik warehouse fire" if picked[0] in FIRE else "Arvania passes budget"
        rows.append(
            {"id": str(number), "outlet": outlet, "title": f"{event}: {outlet} report", "text": "\n\n".join(picked),
             "published_at": told.isoformat()}
        )  # fmt: skip
    return rows


def tables(store: Path, published: Reader) -> dict[str, pl.DataFrame]:
    """Every published table but `runs`, sorted, without when we captured."""
    found = {}
    for name in PUBLISHED:
        if name != "runs":
            rows = published(store, name).drop("captured_at", strict=False)
            found[name] = rows.sort([column for column, dtype in rows.schema.items() if not dtype.is_nested()])
    return found


def deliver(
    folder: Path, batches: list[list[dict[str, str]]], published: Reader, *overrides: tuple[str, str]
) -> dict[str, pl.DataFrame]:
    """Run the batches one after the other into one store."""
    folder.mkdir()
    at = datetime(2026, 3, 5, tzinfo=UTC)
    for number, batch in enumerate(batches):
        path = folder / "articles.jsonl"  # one name: where a delivery lies is no part of what an article is
        path.write_text("".join(json.dumps(row) + "\n" for row in batch), encoding="utf-8")
        times = iter(at + timedelta(hours=number, seconds=tick) for tick in range(10_000))
        manifest = run(Job((path,), folder / "store", overrides=overrides), clock=lambda times=times: next(times))
        assert manifest["status"] == "published"
    return tables(folder / "store", published)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, published: Reader) -> dict[str, pl.DataFrame]:
    return deliver(tmp_path_factory.mktemp("flow") / "whole", [articles()], published)


def test_the_example_has_copies_stories_and_facts(whole: dict[str, pl.DataFrame]) -> None:
    assert whole["stories"]["story_id"].n_unique() == 2
    assert whole["copies"].height >= 4
    assert {"shared", "unique"} <= set(whole["facts"]["status"])


@pytest.mark.parametrize("seed", [1, 2])
def test_batches_and_order_do_not_matter(
    whole: dict[str, pl.DataFrame], tmp_path: Path, published: Reader, seed: int
) -> None:
    rows = articles()
    random.Random(seed).shuffle(rows)
    cut = 3 * seed - 1
    again = deliver(tmp_path / "split", [rows[:cut], rows[cut:]], published)
    for name, rows in whole.items():
        assert again[name].equals(rows), name


def test_crowds_and_the_windows_edge_do_not_depend_on_batches(tmp_path: Path, published: Reader) -> None:
    chance = random.Random(7)
    few = (("copies.leaders", "2"), ("copies.band_leaders", "1"), ("copies.window_days", "2"))
    rows = []
    for number in range(36):
        text = [*FIRE, VOTE[0]] if number % 3 else [*chance.sample(FIRE, 5), f"Edition {number}."]
        told = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=chance.choice([0, 24, 47, 48, 49, 96, 97]))
        rows.append(
            {"id": str(number), "outlet": NAMES[number % 4], "title": "Norvik fire", "text": "\n\n".join(text),
             "published_at": told.isoformat()}
        )  # fmt: skip
    whole = deliver(tmp_path / "whole", [rows], published, *few)
    chance.shuffle(rows)
    again = deliver(tmp_path / "parts", [rows[at : at + 9] for at in range(0, 36, 9)], published, *few)
    assert whole["copies"].height > 20
    for name, frame in whole.items():
        assert again[name].equals(frame), name


def test_same_articles_in_two_stores_are_the_same_bytes(tmp_path: Path, published: Reader) -> None:
    files = []
    for name, order in (("one", 1), ("two", -1)):
        deliver(tmp_path / name, [articles()[::order]], published)
        latest = tmp_path / name / "store" / "published" / "latest"
        files.append(
            {
                path.relative_to(latest): path.read_bytes()
                for path in latest.rglob("*.parquet")
                if "runs" not in path.parts[-3:]
            }
        )
    assert files[0] == files[1]


def test_unique_shared_uncertain_uncompared_are_all(whole: dict[str, pl.DataFrame]) -> None:
    assert set(whole["facts"]["status"]) <= {"shared", "unique", "uncertain", "uncompared", "withdrawn"}
    assert set(whole["unique_facts"]["fact_id"]) == set(whole["facts"].filter(status="unique")["fact_id"])
    assert set(whole["mentions"]["fact_id"]) == set(whole["facts"]["fact_id"])
    texts = {row["article_id"]: row for row in whole["articles"].to_dicts()}
    for row in whole["mentions"].to_dicts():
        assert texts[row["article_id"]][row["field"]][row["begin"] : row["end"]] == row["text"]
