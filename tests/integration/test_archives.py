"""Web archives: what is asked for is taken, what is not is counted, what is damaged costs only itself."""

import gzip
import random
import resource
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows import config
from flows.config import ConfigError
from flows.job import Job, run
from flows.sources import Capture, Reject, files
from storage.publish import read_published

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
PAGE = b"<html><head><title>Fire %d</title></head><body><article><h1>Fire %d</h1>%s</article></body></html>"
TEXT = b"<p>A fire broke out in warehouse %d of the harbour on Tuesday evening, officials of the city said.</p>" * 12


def page(number: int) -> bytes:
    return PAGE % (number, number, TEXT.replace(b"%d", b"%d" % number))


def record(url: str, body: bytes, *, status: str = "200 OK", media: str = "text/html; charset=utf-8",
           head: str = "", at: str = "2026-03-04T08:00:00Z", kind: str = "response") -> bytes:  # fmt: skip
    http = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\n{head}\r\n".encode() + body
    about = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {at}\r\n"
        f"WARC-Record-ID: <urn:uuid:{zlib.crc32(url.encode()):08x}-0000-4000-8000-000000000000>\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return about.encode() + http + b"\r\n\r\n"


def read(path: Path, told: list[str] | None = None, **settings: str):
    chosen = config.load(overrides={f"gather.{name}": value for name, value in settings.items()})
    lines: list[str] = [] if told is None else told
    return list(files.read([path], config=chosen, clock=lambda: NOW, notice=lines.append))


def put(path: Path, *records: bytes, packed: bool = False) -> Path:
    path.write_bytes(b"".join(gzip.compress(one) if packed else one for one in records))
    return path


def test_pages_are_taken_and_the_rest_is_counted(tmp_path: Path):
    records = [
        record("https://www.courier.example/1", page(1)),
        record("https://www.courier.example/1", b"GET / HTTP/1.1", kind="request"),
        record("https://www.courier.example/gone", b"no", status="404 Not Found"),
        record("https://www.courier.example/a.jpg", b"jpg", media="image/jpeg"),
        record("https://echo.example/2", gzip.compress(page(2)), head="Content-Encoding: gzip\r\n"),
        record("https://echo.example/3", b"5\r\n<p>Hi\r\n4\r\n</p>\r\n0\r\n", head="Transfer-Encoding: chunked\r\n"),
        record("https://echo.example/4", page(4), head="Content-Encoding: br\r\n", at="2026-03-09T08:00:00Z"),
        record("https://echo.example/5", b"\x8b\x00nonsense", head="Content-Encoding: br\r\n"),
        record("https://echo.example/6", b""),
        record("dns:echo.example", b"1.2.3.4"),
    ]
    told: list[str] = []
    for path in (put(tmp_path / "a.warc", *records), put(tmp_path / "b.warc.gz", *records, packed=True)):
        found = read(path, told)
        pages = [one for one in found if isinstance(one, Capture)]
        assert [(one.outlet, one.locator.rpartition(":")[2]) for one in pages] == [
            ("courier.example", "1"), ("echo.example", "5"), ("echo.example", "6"), ("echo.example", "7"),
        ]  # fmt: skip
        assert [one.content for one in pages[1:3]] == [page(2), b"<p>Hi</p>"]
        assert pages[3].captured_at == datetime(2026, 3, 9, 8, tzinfo=UTC)
        assert {one.outcome for one in found if isinstance(one, Reject)} == {"unreadable", "empty"}
        assert "1 of status 404" in told[-1]
        assert "1 of other media types" in told[-1]
        assert "1 without a web address" in told[-1]


def test_hosts_and_days(tmp_path: Path):
    days = [record(f"https://news.echo.example/{n}", page(n), at=f"2026-03-0{n}T08:00:00Z") for n in range(1, 6)]
    path = put(tmp_path / "a.warc", *days, record("https://notecho.example/9", page(9)))
    told: list[str] = []
    found = read(path, told, archive_hosts='["echo.example"]', archive_since="2026-03-02", archive_until="2026-03-03")
    assert [one.url for one in found] == ["https://news.echo.example/2", "https://news.echo.example/3"]
    assert told == ["a.warc: 6 records; not taken: 3 of other days, 1 of other hosts"]
    with pytest.raises(ConfigError, match=r'archive_since is "March"; expected date'):
        read(path, archive_since="March")


@pytest.mark.parametrize("packed", [False, True])
def test_of_a_cut_archive_what_was_whole_is_kept(tmp_path: Path, packed: bool):
    records = [record(f"https://echo.example/{n}", page(n)) for n in range(4)]
    whole = put(tmp_path / "whole.warc.gz", *records, packed=packed).read_bytes()
    assert len(read(tmp_path / "whole.warc.gz")) == 4
    ends = [len(put(tmp_path / "x", *records[:n], packed=packed).read_bytes()) for n in range(1, 5)]
    rng = random.Random(1)
    for size in (*(rng.randrange(3, len(whole)) for _ in range(25)), len(whole) - 1, len(whole) - 5, ends[1] + 3):
        path = tmp_path / "cut.warc.gz"
        path.write_bytes(whole[:size])
        found = read(path)
        pages = [one.url for one in found if isinstance(one, Capture)]
        sound = sum(end <= size for end in ends)
        assert [f"https://echo.example/{n}" for n in range(sound)] == pages[:sound]
        assert len(pages) <= sound + (size >= len(whole) - 8 or any(end - 8 <= size < end for end in ends))
        assert any(isinstance(one, Reject) and one.outcome == "unreadable" for one in found) is (size not in ends)


def test_what_is_no_archive_is_a_reject(tmp_path: Path):
    for name, content in (("a.warc", b"nonsense " * 900), ("b.warc.gz", gzip.compress(b"nonsense " * 900)),
                          ("c.warc", b""), ("d.warc.gz", b"\x1f\x8b" + b"\x00" * 500)):  # fmt: skip
        (tmp_path / name).write_bytes(content)
        assert [one.outcome for one in read(tmp_path / name)] == ["unreadable"], name


def test_a_bomb_costs_its_page_only_and_memory_is_flat(tmp_path: Path):
    bomb = record("https://echo.example/b", gzip.compress(b"a" * 60_000_000, 9), head="Content-Encoding: gzip\r\n")
    records = [record(f"https://echo.example/{n}", page(n)) for n in range(2)]
    path = put(tmp_path / "a.warc.gz", records[0], bomb, records[1], packed=True)
    found = read(path, max_page_bytes="1000000")
    assert [one.outcome if isinstance(one, Reject) else "page" for one in found] == ["page", "too_large", "page"]
    with (tmp_path / "many.warc.gz").open("wb") as file:
        for number in range(1_500):
            noise = random.Random(number).randbytes(20_000).hex().encode()  # 60 MB in all
            file.write(gzip.compress(record(f"https://echo.example/{number}", b"<p>" + noise), 1))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    taken = sum(1 for one in files.read([tmp_path / "many.warc.gz"], config=config.load(), clock=lambda: NOW))
    assert taken == 1_500
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # kB


def test_an_archive_runs_through_in_the_fast_lane(tmp_path: Path):
    path = put(tmp_path / "a.warc.gz", *(record(f"https://echo.example/{n}", page(n)) for n in range(3)), packed=True)
    manifest = run(Job((path,), tmp_path / "store"), clock=lambda: NOW)
    assert manifest["status"] == "published"
    assert read_published(tmp_path / "store", "articles")["outlet"].to_list() == ["echo.example"] * 3
