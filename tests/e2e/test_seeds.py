"""`copydesk run seeds`: the two given articles, from the files to the published tables."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

Command = Callable[..., subprocess.CompletedProcess[str]]
Reader = Callable[[Path, str], pl.DataFrame]
SEEDS = Path(__file__).parents[2] / "seeds"
FIRST, SECOND = sorted(SEEDS.glob("*.txt"))
DIGESTS = {
    "000_a860ad978062184c.txt": "a9cdf84be59d4bf19a74cb17d1ae7ddcd4de7477333b3ff4086d966ac8c779f9",
    "002_76b3e9ed546a63f1.txt": "27afb47aed083968cf2fd3492faeb4fb378f06109e41961a115552cd836a56f4",
}


@pytest.fixture(scope="module")
def articles(seed_store: Path, published: Reader) -> dict[str, dict[str, object]]:
    return {row["outlet"]: row for row in published(seed_store, "articles").to_dicts()}


def raw(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def test_seeds_are_the_given_files() -> None:
    # Byte for byte: these digests are those of the files as they were given.
    import hashlib

    assert hashlib.sha256(FIRST.read_bytes()).hexdigest() == DIGESTS[FIRST.name]
    assert hashlib.sha256(SECOND.read_bytes()).hexdigest() == DIGESTS[SECOND.name]


def test_first_seed_is_parsed(articles: dict[str, dict[str, object]], seed_store: Path, published: Reader) -> None:
    article = articles["seed-000"]
    lines = raw(FIRST).split("\n")
    assert article["title"] == lines[0]
    assert article["dek"] == lines[1]
    assert str(article["published_at"])[:10] == "2026-04-13"
    assert article["published_precision"] == "day"
    assert article["published_source"] == "text"
    body = "\n".join(lines[4:])
    assert article["text"] == re.sub(r"\[\d+\]", "", body).strip()
    markers = published(seed_store, "blocks").filter(
        pl.col("role") == "citation_marker", pl.col("article_id") == article["article_id"]
    )
    assert sum(len(re.findall(r"\[\d+\]", text)) for text in markers["text"]) == len(re.findall(r"\[\d+\]", body))


def test_second_seed_keeps_its_body_once(
    articles: dict[str, dict[str, object]], seed_store: Path, published: Reader
) -> None:
    article = articles["seed-002"]
    lines = raw(SECOND).split("\n")
    assert article["title"] == lines[0]
    assert [line for line in str(article["text"]).split("\n") if line] == [lines[1], lines[3], lines[4]]
    blocks = published(seed_store, "blocks").filter(pl.col("article_id") == article["article_id"])
    roles = dict(blocks.select(pl.col("text").str.strip_chars(), "role").iter_rows())
    assert roles["Related article"] == "related_heading"
    assert roles["Comments (0)"] == "widget"
    assert roles["Home"] == "navigation"
    repeats = blocks.filter(role="repeat")
    assert repeats.height >= 3
    kept = dict(blocks.filter("kept").select("block", "text").iter_rows())
    for text, of in repeats.select("text", "repeat_of").iter_rows():
        assert kept[of].strip() == text.strip()
    teasers = blocks.filter(role="teaser")["text"].to_list()
    assert any("243.38 billion yuan" in text for text in teasers)


@pytest.mark.parametrize(("outlet", "path"), [("seed-000", FIRST), ("seed-002", SECOND)])
def test_ledger_is_complete(
    articles: dict[str, dict[str, object]], seed_store: Path, outlet: str, path: Path, published: Reader
) -> None:
    article = articles[outlet]
    blocks = published(seed_store, "blocks").filter(pl.col("article_id") == article["article_id"]).sort("block")
    captured = raw(path)
    assert "".join(blocks["text"]) == captured
    assert blocks["begin"].to_list() == [0, *blocks["end"].to_list()[:-1]]
    kept = blocks.filter("kept")
    assert "".join(kept["text"]) == article["text"]
    for text, begin in kept.select("text", "text_begin").iter_rows():
        assert str(article["text"])[begin : begin + len(text)] == text


def test_one_story_and_no_copies(seed_store: Path, published: Reader) -> None:
    assert published(seed_store, "stories")["story_id"].n_unique() == 1
    assert published(seed_store, "copies").is_empty()


def test_evidence_is_exact(articles: dict[str, dict[str, object]], seed_store: Path, published: Reader) -> None:
    by_id = {row["article_id"]: row for row in articles.values()}
    for table in ("mentions", "unique_facts"):
        rows = published(seed_store, table).to_dicts()
        assert rows
        for row in rows:
            assert by_id[row["article_id"]][row["field"]][row["begin"] : row["end"]] == row["text"]


def test_no_teaser_becomes_a_fact(seed_store: Path, published: Reader) -> None:
    said = "\n".join(published(seed_store, "mentions")["text"])
    for word in ("243.38", "Musk", "Qwen", "Alibaba", "California jurors", "April 22"):
        assert word not in said


def test_each_outlet_reports_something_alone(seed_store: Path, published: Reader) -> None:
    alone = dict(published(seed_store, "unique_facts").group_by("outlet").len().iter_rows())
    assert alone["seed-000"] > alone["seed-002"] > 0
    status = dict(published(seed_store, "facts").group_by("status").len().iter_rows())
    assert status["shared"] > 0


def test_money_in_words_and_figures_is_one_value(seed_store: Path, published: Reader) -> None:
    found = published(seed_store, "mentions").explode("quantities").unnest("quantities", separator="_")
    dollars = found.filter(pl.col("quantities_value") == 50e9, pl.col("quantities_unit") == "USD")
    assert {"$50 billion", "fifty-billion-dollar"} <= {
        text[row["quantities_begin"] - row["begin"] : row["quantities_end"] - row["begin"]]
        for row in dollars.to_dicts()
        for text in [row["text"]]
    }


def test_root_of_the_chain(seed_store: Path, published: Reader) -> None:
    cited = published(seed_store, "attributions").filter(outlet="seed-002")
    assert "The Information" in cited.filter(hop=0)["cited"].to_list()


def test_second_run_changes_nothing(seed_store: Path, copydesk: Command) -> None:
    latest = (seed_store / "published" / "latest").resolve()
    before = {path.relative_to(latest): path.read_bytes() for path in latest.rglob("*") if path.is_file()}
    again = copydesk("run", str(SEEDS), "--store", str(seed_store))
    assert again.returncode == 0, again.stderr
    latest = (seed_store / "published" / "latest").resolve()
    after = {path.relative_to(latest): path.read_bytes() for path in latest.rglob("*") if path.is_file()}
    assert before == after


def test_run_prints_who_reports_what(seed_store: Path, copydesk: Command) -> None:
    done = copydesk("run", str(SEEDS), "--store", str(seed_store))
    assert "What each outlet alone reports" in done.stdout
    assert "seed-000" in done.stdout
    assert "seed-002" in done.stdout


def test_run_does_not_import_prefect_and_opens_no_network(tmp_path: Path) -> None:
    code = (
        "import socket, sys\n"
        "def refuse(*a, **k): raise AssertionError('network')\n"
        "socket.socket.connect = refuse; socket.getaddrinfo = refuse\n"
        "from flows.cli import main\n"
        f"try: main(['run', {str(SEEDS)!r}, '--store', {str(tmp_path / 'store')!r}])\n"
        "except SystemExit as done: assert not done.code, done.code\n"
        "assert 'prefect' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
