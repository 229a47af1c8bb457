"""Floors for stories that hundreds of outlets run: groups stay whole, pairs grow with the copies, not their square."""

import datetime as dt
import random

import polars as pl
import pytest

from dedupe import copies, match, sketch
from dedupe.settings import CopySettings

SETTINGS = CopySettings()
OUTLETS = 400
# Midnight between two stretches of the window: half of the copies lie on either side.
_STRETCH = dt.timedelta(days=SETTINGS.window_days)
EDGE = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + _STRETCH * 685
NO_JUDGEMENTS = pl.DataFrame(
    schema={"left_id": pl.String, "right_id": pl.String, "same": pl.Boolean, "judged_at": pl.Datetime("us", "UTC")}
)


def _words(chance: random.Random, count: int) -> list[str]:
    letters = "bdfgklmnprstvz", "aeiou"
    return ["".join(chance.choice(letters[at % 2]) for at in range(chance.randint(4, 9))) for _ in range(count)]


def _version(chance: random.Random, body: list[str]) -> list[str]:
    """The body as one outlet prints it: as it is, framed, edited, cut to its first half, or embedded."""
    kind, own = chance.randrange(6), _words(chance, 60)
    if kind == 0:
        return body
    if kind == 1:
        return [*own[:15], *body, *own[15:40]]
    if kind == 2:
        return body[: len(body) // 2]
    if kind == 3:
        return [*own, *body, *own[::-1]]
    out = list(body)
    for _ in range(len(body) // (40 if kind == 4 else 14)):
        at = chance.randrange(len(out) - 3)
        out[at : at + 3] = _words(chance, chance.randint(1, 3))
    return out


def _articles(texts: list[str], minutes: list[float]) -> pl.DataFrame:
    at = pl.Series([EDGE + dt.timedelta(minutes=each) for each in minutes], dtype=pl.Datetime("us", "UTC"))
    return pl.DataFrame(
        {
            "article_id": [f"a{number:06d}" for number in range(len(texts))],
            "outlet": [f"outlet-{number}" for number in range(len(texts))],
            "title": [f"{text[:40]}" for text in texts],
            "text": texts,
            "published_at": at,
            "published_precision": ["instant"] * len(texts),
            "captured_at": at,
        }
    )


def _groups(articles: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    made = sketch.sketch(articles, SETTINGS)
    candidates, _ = match.candidates(made, made.clear(), SETTINGS)
    pairs = match.verify(candidates, articles, SETTINGS)
    return copies.group(articles, pairs, NO_JUDGEMENTS, SETTINGS), pairs


@pytest.mark.parametrize("seed", [3, 17])
def test_floor_stories_of_400_outlets_stay_whole(seed: int) -> None:
    """Three stories at once, each by 400 outlets in five forms within a day, across the edge of a stretch."""
    chance = random.Random(seed)
    bodies = [_words(chance, 260) for _ in range(3)]
    story = [number % 3 for number in range(3 * OUTLETS)]
    texts = [" ".join(_version(chance, bodies[each])) for each in story]
    articles = _articles(texts, [chance.uniform(-720, 720) for _ in story])
    groups, _ = _groups(articles)
    home = groups.join(articles.select("article_id", story=pl.Series(story)), on="article_id")
    assert (home.group_by("copy_group").agg(pl.col("story").n_unique())["story"] == 1).all()
    largest = home.group_by("story", "copy_group").len().group_by("story").agg(pl.col("len").max())
    assert (largest["len"] >= 0.99 * OUTLETS).all()


def test_copies_of_one_text_are_one_group_at_linear_cost() -> None:
    text = " ".join(_words(random.Random(5), 120))
    groups, pairs = _groups(_articles([text] * 5_000, [number / 10 for number in range(5_000)]))
    assert groups["copy_group"].n_unique() == 1
    assert groups.height == 5_000
    assert pairs.height <= 2 * SETTINGS.exact_leaders * 5_000
    assert groups.filter(pl.col("role") == "origin")["article_id"].to_list() == ["a000000"]
