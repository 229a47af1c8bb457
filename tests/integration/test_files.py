"""Articles from files: outlets, ids, order, and one clear sentence for whatever cannot be read."""

import gzip
import json
import os
import random
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import config, sources
from flows.config import Config
from flows.sources import Capture, Reject, SourceError, files
from storage import schema

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
Item = Capture | Reject


def read(*paths: Path, using: Config | None = None, lines: list[str] | None = None) -> list[Item]:
    told: list[str] = [] if lines is None else lines
    return list(files.read(paths, config=using or config.load(), clock=lambda: NOW, notice=told.append))


def captures(items: list[Item]) -> list[Capture]:
    return [one for one in items if isinstance(one, Capture)]


def rejects(items: list[Item]) -> list[tuple[str, str]]:
    return [(one.source, one.outcome) for one in items if isinstance(one, Reject)]


def put(path: Path, content: str | bytes = "Some text.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows(path: Path, *values: dict[str, Any]) -> Path:
    return put(path, "".join(json.dumps(value) + "\n" for value in values))


def article(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"a{number}", "outlet": "Courier", "title": f"Title {number}", "text": f"Text {number}.", **more}


def test_the_seeds_are_two_outlets():
    lines: list[str] = []
    found = captures(read(ROOT / "seeds", lines=lines))
    assert [one.outlet for one in found] == ["seed-000", "seed-002"]
    assert [one.locator for one in found] == ["000_a860ad978062184c.txt", "002_76b3e9ed546a63f1.txt"]
    assert found[0].content == (ROOT / "seeds" / found[0].locator).read_bytes()
    assert lines == ["seeds: 1 other file(s) not read: README.md"]
    assert captures(read(ROOT / "seeds" / found[1].locator)) == [found[1]]


def test_outlets_come_from_globs_folders_and_stems(tmp_path: Path):
    put(tmp_path / "outlets.toml", '[[outlet]]\nname = "The Wire"\naliases = ["wire"]\nfiles = ["w_*.txt"]\n')
    for name in ("w_1.txt", "other.htm", "wire/deep/a.txt", "paper/b.html", "paper/c.xhtml"):
        put(tmp_path / name, f"Text of {name}.")
    put(tmp_path / "paper" / "scan.pdf")
    put(tmp_path / ".git" / "x.txt")
    found = {one.locator: (one.outlet, one.media_type) for one in captures(read(tmp_path))}
    assert found == {
        "other.htm": ("other", "text/html"),
        "paper/b.html": ("paper", "text/html"),
        "paper/c.xhtml": ("paper", "text/html"),
        "w_1.txt": ("The Wire", "text/plain"),
        "wire/deep/a.txt": ("The Wire", "text/plain"),
    }
    assert list(found) == sorted(found)


def test_two_outlets_cannot_own_one_file(tmp_path: Path):
    put(tmp_path / "outlets.toml", '[[outlet]]\nname = "a"\nfiles = ["*"]\n[[outlet]]\nname = "b"\nfiles = ["x.txt"]\n')
    put(tmp_path / "x.txt")
    with pytest.raises(config.ConfigError, match=r"x\.txt belongs to both a and b"):
        read(tmp_path)


def test_ids_are_the_same_from_another_folder(tmp_path: Path):
    put(tmp_path / "one" / "paper" / "a.txt")
    rows(tmp_path / "one" / "paper" / "rows.jsonl", article(1), article(2))
    shutil.copytree(tmp_path / "one", tmp_path / "far" / "two")
    first, second = read(tmp_path / "one"), read(tmp_path / "far" / "two")
    assert first == second
    assert len(first) == 3


def test_the_same_file_twice_is_taken_once(tmp_path: Path):
    one = put(tmp_path / "in" / "a.txt")
    put(tmp_path / "in" / "b.txt", "Other text.")
    (tmp_path / "in" / "link.txt").symlink_to(one)
    assert len(read(tmp_path / "in", one, tmp_path / "in")) == 2
    shutil.copytree(tmp_path / "in", tmp_path / "again", symlinks=True)
    assert len(read(tmp_path / "in", tmp_path / "again")) == 2


def test_a_path_that_does_not_exist_is_said_at_once(tmp_path: Path):
    with pytest.raises(SourceError, match=r"nowhere does not exist; name a file or folder"):
        files.read([put(tmp_path / "a.txt"), tmp_path / "nowhere"], config=config.load(), clock=lambda: NOW)


def test_files_that_cannot_be_used(tmp_path: Path):
    put(tmp_path / "empty.txt", b"")
    put(tmp_path / "good.txt")
    put(tmp_path / "large.html", b"x" * 2_000)
    put(tmp_path / "torn.txt.gz", gzip.compress(b"Some text that was cut.")[:-9])
    put(tmp_path / "bomb.txt.gz", gzip.compress(b"x" * 1_000_000))
    put(tmp_path / "packed.txt.gz", gzip.compress(b"Packed text."))
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nothing")
    found = read(tmp_path, using=config.load(None, {"gather.max_file_bytes": "1000"}))
    assert rejects(found) == [
        ("bomb.txt.gz", "too_large"),
        ("empty.txt", "empty"),
        ("gone.txt", "unreadable"),
        ("large.html", "too_large"),
        ("pipe.txt", "unreadable"),
        ("torn.txt.gz", "unreadable"),
    ]
    assert [(one.locator, one.outlet, one.content) for one in captures(found)] == [
        ("good.txt", "good", b"Some text."),
        ("packed.txt.gz", "packed", b"Packed text."),
    ]
    for one in found:
        assert isinstance(one, Capture) or (one.reason.startswith(one.source) and "\n" not in one.reason)


def test_a_given_file_of_another_kind_is_a_reject(tmp_path: Path):
    found = read(put(tmp_path / "a.pdf"), put(tmp_path / "b.txt"))
    assert rejects(found) == [("a.pdf", "unreadable")]
    assert len(captures(found)) == 1


def test_names_that_are_no_text(tmp_path: Path):
    try:
        put(Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")))
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    put(tmp_path / "cafe\u0301.txt")
    assert [one.locator for one in captures(read(tmp_path))] == ["caf\\xe9.txt", "caf\u00e9.txt"]


def test_a_row_with_everything(tmp_path: Path):
    path = rows(
        tmp_path / "in.jsonl",
        article(
            1,
            url="http://x/1",
            published_at="2026-03-02T09:00:00+01:00",
            byline=" Ann ",
            language="en",
            dek="In short.",
        ),
        article(2, published_at="2026-03-02", authors=["Ann", " Bob "], text=None, html="<p>Hi"),
        article(3, id=7, byline="", authors="Cy"),
    )
    one, two, three = captures(read(path))
    assert (one.external_id, one.url, one.given_byline, one.given_language, one.given_dek) == ("a1", "http://x/1", "Ann", "en", "In short.")  # fmt: skip  # noqa: E501
    assert (one.given_published_at, one.given_precision) == (datetime(2026, 3, 2, 8, tzinfo=UTC), "instant")
    assert (one.content, one.media_type, one.charset, one.given_title) == (b"Text 1.", "text/plain", "utf-8", "Title 1")
    assert (two.content, two.media_type, two.given_byline) == (b"<p>Hi", "text/html", "Ann; Bob")
    assert (two.given_published_at, two.given_precision) == (datetime(2026, 3, 2, tzinfo=UTC), "day")
    assert (three.external_id, three.given_byline, three.given_precision) == ("7", "Cy", "none")
    assert {x.given_source for x in (one, two, three)} == {"input"}
    assert one.locator == "in.jsonl:1"


def test_the_same_rows_as_jsonl_and_parquet_are_the_same_captures(tmp_path: Path):
    values = [article(n, published_at=date(2026, 3, n + 1), authors=["Ann"]) for n in range(5)]
    pl.DataFrame(values).write_parquet(tmp_path / "in.parquet")
    rows(tmp_path / "in.jsonl", *({**value, "published_at": str(value["published_at"])} for value in values))
    first, second = captures(read(tmp_path / "in.parquet")), captures(read(tmp_path / "in.jsonl"))
    assert [one.capture_id for one in first] == [one.capture_id for one in second]
    assert [one.given_published_at for one in first] == [one.given_published_at for one in second]
    assert first[0].locator == "in.parquet:1"


def test_aliases_and_unknown_outlets(tmp_path: Path):
    path = rows(tmp_path / "in.jsonl", article(1, outlet="the courier"), article(2, outlet="Couriers"))
    desk = put(
        tmp_path / "desk.toml",
        '[[outlet]]\nname = "Courier"\naliases = ["The Courier"]\n[gather]\nknown_outlets = true\n',
    )
    found = read(path, using=config.load(desk))
    assert [one.outlet for one in captures(found)] == ["Courier"]
    (reject,) = (one for one in found if isinstance(one, Reject))
    assert reject.outcome == "unknown_outlet"
    assert "did you mean Courier?" in reject.reason


def test_broken_lines_and_odd_values(tmp_path: Path):
    good = json.dumps(article(1)).encode()
    lines: list[str] = []
    path = put(
        tmp_path / "in.jsonl",
        b"\n".join(
            [
                b"\xef\xbb\xbf" + good,
                b'{"id": "x", ',
                b"",
                b"[1, 2]",
                b'{"id": "\xff"}',
                b"[" * 100_000,
                json.dumps(article(1, text="Other.")).encode(),
                json.dumps(article(2, text="  ", title=3, published_at="soon", colour="red")).encode(),
                json.dumps(article(3, text="")).encode(),
                json.dumps(article(4, text=5)).encode(),
                json.dumps(article(5, outlet=" ")).encode(),
                json.dumps({"id": "6", "outlet": "Courier", "body": "x"}).encode(),
                json.dumps(article(7, text="x" * 3_000)).encode(),
                rb'{"id": "8", "outlet": " A\u0000 \nC", "text": "half \ud83d a character", "title": "\ud83d\ude00"}',
            ]
        ),
    )
    found = read(path, using=config.load(None, {"gather.max_file_bytes": "2000"}), lines=lines)
    assert rejects(found) == [
        ("in.jsonl:2", "bad_line"),
        ("in.jsonl:4", "bad_line"),
        ("in.jsonl:5", "bad_line"),
        ("in.jsonl:6", "too_large"),
        ("in.jsonl:7", "duplicate_id"),
        ("in.jsonl:9", "empty"),
        ("in.jsonl:10", "bad_column"),
        ("in.jsonl:11", "bad_column"),
        ("in.jsonl:12", "bad_column"),
        ("in.jsonl:13", "too_large"),
    ]
    kept = captures(found)
    assert [one.external_id for one in kept] == ["a1", "a2", "8"]
    assert kept[2].outlet == "A C"
    assert kept[2].content.decode() == "half \ufffd a character"
    assert kept[2].given_title == "\U0001f600"
    assert lines == [
        "in.jsonl: unknown column(s) kept out: body, colour",
        'in.jsonl: published_at cannot be used in 1 row(s), such as "soon"; those articles have none',
        "in.jsonl: title cannot be used in 1 row(s), such as 3; those articles have none",
    ]
    assert sources.frame(kept).height == 3


def test_a_file_of_another_kind_is_one_reject(tmp_path: Path):
    noise = random.Random(1).randbytes(200_000).replace(b"\n", b"\n\n\n")
    assert rejects(read(put(tmp_path / "noise.jsonl", noise * 3))) == [("noise.jsonl", "unreadable")]
    assert rejects(read(put(tmp_path / "noise.parquet", noise))) == [("noise.parquet", "unreadable")]
    assert rejects(read(put(tmp_path / "none.jsonl", b""))) == [("none.jsonl", "empty")]
    assert rejects(read(put(tmp_path / "none.parquet", b""))) == [("none.parquet", "empty")]
    pl.DataFrame([article(1)]).write_parquet(tmp_path / "torn.parquet")
    put(tmp_path / "torn.parquet", (tmp_path / "torn.parquet").read_bytes()[:-40])
    assert rejects(read(tmp_path / "torn.parquet")) == [("torn.parquet", "unreadable")]


@pytest.mark.parametrize(
    ("change", "said", "kept"),
    [
        (lambda frame: frame.drop("text"), "has no column text or html", 0),
        (lambda frame: frame.rename({"text": "txt"}), "rename the one that holds it to text", 0),
        (lambda frame: frame.drop("outlet"), "has no column outlet (it has: id, title, text)", 0),
        (lambda frame: frame.with_columns(text=pl.lit(3)), "has column text of type Int32; expected text", 0),
        (lambda frame: frame.with_columns(title=pl.lit(value=True)), "has column title of type Boolean", 2),
        (lambda frame: frame.with_columns(published_at=pl.lit(value=True)), "expected a time: it is left out", 2),
        (lambda frame: frame.with_columns(id=pl.lit("same")), 'has the id "same" of row 1', 1),
        (lambda frame: frame.with_columns(outlet=pl.lit(None, pl.String)), "names no outlet", 0),
    ],
)
def test_parquet_with_missing_columns_or_wrong_types(
    tmp_path: Path, change: Callable[[pl.DataFrame], pl.DataFrame], said: str, kept: int
):
    change(pl.DataFrame([article(1), article(2)])).write_parquet(tmp_path / "in.parquet")
    found = read(tmp_path / "in.parquet", put(tmp_path / "good.txt"))
    assert len(captures(found)) == kept + 1
    assert any(isinstance(one, Reject) and said in one.reason for one in found), found


def test_parquet_types_that_fit(tmp_path: Path):
    frame = pl.DataFrame([article(n) for n in range(3)]).with_columns(
        id=pl.Series([1, 2, 3], dtype=pl.UInt16),
        outlet=pl.col("outlet").cast(pl.Categorical),
        html=pl.Series([b"<p>\xe9", None, b""]),
        language=pl.lit(None),
        published_at=pl.Series(["2026-03-02 09:30", "2026-03-02 00:00", None]).str.to_datetime(
            time_zone="Europe/Berlin"
        ),
    )
    frame.write_parquet(tmp_path / "in.parquet")
    one, two, three = captures(read(tmp_path / "in.parquet"))
    assert (one.external_id, one.outlet, one.content, one.charset) == ("1", "Courier", b"<p>\xe9", None)
    assert (one.given_published_at, one.given_precision) == (NOW, "instant")
    assert (two.content, two.given_published_at) == (b"Text 1.", datetime(2026, 3, 1, 23, tzinfo=UTC))
    assert (three.given_published_at, three.given_language) == (None, None)
    far = pl.DataFrame([article(1)]).with_columns(published_at=pl.Series([10**18]).cast(pl.Datetime("us")))
    far.write_parquet(tmp_path / "far.parquet")
    lines: list[str] = []
    assert captures(read(tmp_path / "far.parquet", lines=lines))[0].given_published_at is None
    assert "published_at cannot be used in 1 row(s)" in lines[0]


def test_an_article_delivered_twice_under_two_ids(tmp_path: Path):
    path = rows(tmp_path / "in.jsonl", article(1, url="http://x/1"), article(1, id="b", url="http://x/1"))
    assert rejects(read(path)) == [("in.jsonl:2", "duplicate")]


def test_configured_files(tmp_path: Path):
    put(tmp_path / "archive" / "a.txt")
    desk = put(tmp_path / "desk.toml", '[[outlet]]\nname = "Old"\nfiles = ["archive/*.txt", "none/*"]\n')
    lines: list[str] = []
    found = list(files.configured(config=config.load(desk), clock=lambda: NOW, notice=lines.append))
    assert [(one.outlet, one.locator) for one in captures(found)] == [("Old", "archive/a.txt")]
    assert "names no file" in lines[0]
    assert captures(read(tmp_path / "archive", using=config.load(desk)))[0].outlet == "Old"


def test_a_stream_holds_one_batch(tmp_path: Path):
    pl.DataFrame([article(n) for n in range(5_000)]).write_parquet(tmp_path / "in.parquet", row_group_size=500)
    stream = files.read([tmp_path / "in.parquet"], config=config.load(), clock=lambda: NOW)
    assert isinstance(next(stream), Capture)
    assert sum(1 for _ in stream) == 4_999


def test_captures_fit_the_schema(tmp_path: Path):
    found = captures(read(rows(tmp_path / "in.jsonl", article(1)), put(tmp_path / "a.txt")))
    frame = sources.frame(found).with_columns(run_id=pl.lit("r"))
    assert frame.schema == pl.Schema(schema.columns("captures"))
    schema.Captures.validate(frame)
    assert sources.frame([]).columns == sources.frame(found).columns
    assert found[0].row() == sources.frame(found).row(0, named=True)


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(8)), st.integers(1, 7))
def test_neither_order_nor_split_of_a_delivery_matters(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], cut: int
):
    folder = tmp_path_factory.mktemp("rows")
    values = [article(n, outlet=f"o{n % 3}") for n in order]
    whole = captures(read(rows(folder / "whole.jsonl", *values)))
    split = captures(read(rows(folder / "1.jsonl", *values[:cut]), rows(folder / "2.jsonl", *values[cut:])))
    plain = captures(read(rows(folder / "plain.jsonl", *(article(n, outlet=f"o{n % 3}") for n in range(8)))))
    assert {one.capture_id for one in whole} == {one.capture_id for one in split} == {one.capture_id for one in plain}
