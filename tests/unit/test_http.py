"""Polite and bounded requests, and connections to public addresses only. No packet leaves the machine."""

import asyncio
import gzip
import itertools
import random
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpcore
import httpx
import pytest

from flows.config import GatherSettings
from flows.sources.http import Answer, Client, Failure
from flows.sources.network import PublicTransport, forbidden

Reply = Callable[[httpx.Request], httpx.Response]
QUICK = {"delay_s": 0.0, "backoff_s": 0.0, "total_s": 2.0, "contact": "desk@example.org"}


class Pieces(httpx.AsyncByteStream):
    """A body that comes in pieces, perhaps slowly."""

    def __init__(self, pieces: list[bytes], pause: float = 0) -> None:
        self.pieces, self.pause, self.sent = pieces, pause, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            await asyncio.sleep(self.pause)
            self.sent += len(piece)
            yield piece


def response(status: int = 200, content: bytes = b"", headers: dict[str, str] | None = None) -> httpx.Response:
    return httpx.Response(status, headers=headers, stream=Pieces([content]))


def get(reply: Reply, *urls: str, **settings: Any) -> list[Answer | Failure]:
    """What a client says to some URLs, where `reply` is the whole web; robots.txt is missing."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/robots.txt" and "robots" not in settings:
            return httpx.Response(404)
        return reply(request)

    bounds = GatherSettings(**{**QUICK, **{name: value for name, value in settings.items() if name != "robots"}})

    async def ask() -> list[Answer | Failure]:
        client = Client(bounds, random.Random(1), "9", httpx.MockTransport(answer))
        try:
            return [await client.get(url) for url in urls or ("http://x.org/a",)]
        finally:
            await client.close()

    return asyncio.run(ask())


def test_an_answer_and_who_asks():
    asked = []

    def reply(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return response(200, b"<p>hi", headers={"Set-Cookie": "a=1", "ETag": '"e"'})

    first, second = get(reply, "http://x.org/a", "http://x.org/b")
    assert isinstance(first, Answer)
    assert (first.content, first.headers["etag"]) == (b"<p>hi", '"e"')
    assert isinstance(second, Answer)
    assert asked[0].headers["user-agent"] == "copydesk/9 (+desk@example.org)"
    assert "cookie" not in asked[1].headers


@pytest.mark.parametrize(
    ("status", "outcome", "passing", "asked"),
    [(404, "http_404", False, 1), (403, "http_403", False, 1), (500, "http_500", True, 3), (503, "http_503", True, 3)],
)
def test_statuses(status: int, outcome: str, passing: bool, asked: int):
    count = []
    (failure,) = get(lambda request: count.append(request) or httpx.Response(status))
    assert isinstance(failure, Failure)
    assert (failure.outcome, failure.passing, len(count)) == (outcome, passing, asked)


def test_a_retry_may_help_and_retry_after_is_kept():
    replies = iter([httpx.Response(503, headers={"Retry-After": "1"}), response(200, b"x")])
    begun = time.monotonic()
    (answer,) = get(lambda _: next(replies))
    assert isinstance(answer, Answer)
    assert time.monotonic() - begun >= 1


def test_a_host_that_wants_us_gone_for_long_is_left_alone():
    count = []
    reply = httpx.Response(
        429, headers={"Retry-After": "Mon, 02 Mar 2026 09:00:00 GMT", "Date": "Mon, 02 Mar 2026 08:00:00 GMT"}
    )
    first, second = get(lambda request: count.append(request) or reply, "http://x.org/a", "http://x.org/b")
    assert isinstance(first, Failure)
    assert isinstance(second, Failure)
    assert (first.outcome, second.outcome, len(count)) == ("http_429", "host_down", 1)


def test_a_host_that_keeps_failing_is_left_alone():
    count = []
    urls = [f"http://x.org/{n}" for n in range(6)]
    outcomes = [
        one.outcome
        for one in get(lambda r: count.append(r) or httpx.Response(500), *urls, retries=0, host_failures=3)
        if isinstance(one, Failure)
    ]
    assert outcomes == ["http_500"] * 3 + ["host_down"] * 3
    assert len(count) == 3


def test_redirects():
    def reply(request: httpx.Request) -> httpx.Response:
        step = int(request.url.path.strip("/") or 0)
        return httpx.Response(302, headers={"Location": f"/{step + 1}"}) if step < 4 else response(200, b"end")

    (answer,) = get(reply, "http://x.org/0")
    assert isinstance(answer, Answer)
    assert answer.url == "http://x.org/4"
    (failure,) = get(reply, "http://x.org/0", redirects=3)
    assert isinstance(failure, Failure)
    assert failure.outcome == "too_many_redirects"
    for location in ("file:///etc/passwd", "http://[", ""):
        (failure,) = get(lambda _, to=location: httpx.Response(301, headers={"Location": to}))
        assert isinstance(failure, Failure)
        assert failure.reason == "redirects to no web address; check the URL"


@pytest.mark.parametrize(
    ("robots", "outcome"),
    [
        (response(200, b"User-agent: copydesk\nDisallow: /a"), "robots_disallowed"),
        (response(200, b"User-agent: *\nCrawl-delay: 100"), "robots_delay"),
        (httpx.Response(503), "robots_unreachable"),
        (httpx.Response(403), None),
        (response(200, b"<html>" + b"x" * 900_000), None),
        (httpx.Response(302, headers={"Location": "/robots.txt"}), None),
    ],
)
def test_robots(robots: httpx.Response, outcome: str | None):
    asked = []

    def reply(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return robots if request.url.path == "/robots.txt" else response(200, b"x")

    (found,) = get(reply, robots=True)
    assert (found.outcome if isinstance(found, Failure) else None) == outcome
    assert ("/a" in asked) == (outcome is None)


def test_the_robots_of_the_host_a_redirect_leads_to_are_asked():
    def reply(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/robots.txt":
            return response(200, b"User-agent: *\nDisallow: /" if request.url.host == "y.org" else b"")
        return httpx.Response(302, headers={"Location": "http://y.org/a"})

    (failure,) = get(reply, robots=True)
    assert isinstance(failure, Failure)
    assert failure.outcome == "robots_disallowed"


def test_the_rest_between_two_requests():
    times = []
    urls = [f"http://x.org/{n}" for n in range(4)]
    get(lambda _: times.append(time.monotonic()) or response(), *urls, delay_s=0.1)
    assert all(later - earlier >= 0.09 for earlier, later in itertools.pairwise(times))


def test_a_slow_drip_is_cut_off():
    begun = time.monotonic()
    (failure,) = get(lambda _: httpx.Response(200, stream=Pieces([b"x"] * 100, 0.05)), total_s=0.3)
    assert isinstance(failure, Failure)
    assert (failure.outcome, failure.passing) == ("timeout", True)
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("x-gzip", gzip.compress),
        ("deflate", lambda raw: zlib.compress(raw)[2:-4]),
    ],
)
def test_content_encodings(encoding: str, pack: Callable[[bytes], bytes]):
    body = b"".join(b"%d " % n for n in range(40_000))
    packed = pack(body)
    pieces = [packed[at : at + 1_000] for at in range(0, len(packed), 1_000)]
    headers = {"Content-Encoding": encoding}
    (answer,) = get(lambda _: httpx.Response(200, headers=headers, stream=Pieces(list(pieces))))
    assert isinstance(answer, Answer)
    assert answer.content == body
    (failure,) = get(lambda _: httpx.Response(200, headers=headers, stream=Pieces(pieces[:-2])), retries=0)
    assert isinstance(failure, Failure)
    assert "too early" in failure.reason


def test_members_of_gzip_and_what_was_not_asked_for():
    two = gzip.compress(b"one ") + gzip.compress(b"two")
    (answer,) = get(lambda _: httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=Pieces([two])))
    assert isinstance(answer, Answer)
    assert answer.content == b"one two"
    for headers, body in (({"Content-Encoding": "br"}, b"x"), ({"Content-Encoding": "gzip"}, b"no gzip at all")):
        (failure,) = get(lambda _, h=headers, b=body: httpx.Response(200, headers=h, stream=Pieces([b])))
        assert isinstance(failure, Failure)
        assert failure.outcome == "fetch_failed"


def test_bombs_and_endless_bodies_stop_at_the_limit():
    bomb = gzip.compress(b"\0" * 50_000_000)
    parts = Pieces([bomb[at : at + 500] for at in range(0, len(bomb), 500)])
    (failure,) = get(
        lambda _: httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=parts), max_page_bytes=100_000
    )
    assert isinstance(failure, Failure)
    assert failure.outcome == "too_large"
    assert parts.sent <= 1_000
    plain = Pieces([b"y" * 10_000] * 1_000)
    (failure,) = get(lambda _: httpx.Response(200, stream=plain), max_page_bytes=100_000)
    assert isinstance(failure, Failure)
    assert failure.reason == "has more than 100,000 bytes (gather.max_page_bytes)"
    assert plain.sent <= 200_000


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (httpcore.ConnectError("refused"), "no connection"),
        (httpcore.ConnectError("the name of the host is not known"), "the name of the host is not known"),
        (httpcore.ReadError("reset"), "the connection was cut"),
        (httpcore.RemoteProtocolError("no HTTP"), "not HTTP"),
        (ssl.SSLError("certificate verify failed"), "no secure connection"),
        (ConnectionResetError(), "no connection"),
    ],
)
def test_faults_of_the_connection(fault: Exception, said: str):
    def reply(_: httpx.Request) -> httpx.Response:
        raise fault

    (failure,) = get(reply)
    assert isinstance(failure, Failure)
    assert (failure.outcome, failure.passing) == ("fetch_failed", True)
    assert said in failure.reason


PRIVATE = """127.0.0.1 127.8.8.8 ::1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 fe80::1%eth0 fd00::1 0.0.0.0 ::
224.0.0.1 255.255.255.255 100.64.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: 198.18.0.1"""


@pytest.mark.parametrize("address", PRIVATE.split())
def test_addresses_that_are_not_public(address: str):
    assert forbidden(address, allow_loopback=False)


def test_addresses_that_are():
    for address in ("93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"):
        assert forbidden(address, allow_loopback=False) is None
    assert forbidden("127.0.0.1", allow_loopback=True) is None
    assert forbidden("::ffff:127.0.0.1", allow_loopback=True) is None
    assert forbidden("10.0.0.1", allow_loopback=True)


class Wire(httpcore.AsyncMockBackend):
    """Connections that go nowhere: it notes the address and answers every request alike."""

    def __init__(self, answers: list[bytes]) -> None:
        super().__init__([])
        self.answers, self.connected = answers, list[str]()

    async def connect_tcp(self, host: str, *args: Any, **kwargs: Any) -> httpcore.AsyncNetworkStream:
        self.connected.append(host)
        return httpcore.AsyncMockStream([self.answers[min(len(self.connected), len(self.answers)) - 1]])


def resolved(addresses: dict[str, list[list[str]]], wire: Wire, *urls: str) -> list[Answer | Failure]:
    """What a client says when names resolve as given, each time the next answer."""

    async def resolve(host: str, _: int) -> list[str]:
        answers = addresses[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    async def ask() -> list[Answer | Failure]:
        transport = PublicTransport(allow_loopback=False, resolve=resolve, backend=wire)
        client = Client(GatherSettings(**QUICK), random.Random(1), "9", transport)
        try:
            return [await client.get(url) for url in urls]
        finally:
            await client.close()

    return asyncio.run(ask())


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f000001", "[::1]", "127.1"])
def test_every_spelling_of_this_machine_is_refused(host: str):
    name = host.strip("[]")
    (failure,) = resolved({name: [["::1"] if ":" in name else ["127.0.0.1"]]}, wire := Wire([OK]), f"http://{host}/")
    assert isinstance(failure, Failure)
    assert (failure.outcome, failure.passing) == ("forbidden_address", False)
    assert wire.connected == []


def test_dns_that_changes_its_answer_gets_nowhere():
    wire = Wire([OK])
    names = {"x.org": [["93.184.216.34"], ["10.0.0.1"]]}  # robots.txt, then the page
    (failure,) = resolved(names, wire, "http://x.org/a")
    assert isinstance(failure, Failure)
    assert failure.reason == "is not fetched: 10.0.0.1 is in a private network"
    assert wire.connected == ["93.184.216.34"]


def test_a_redirect_inside_gets_nowhere():
    away = b"HTTP/1.1 302 Found\r\nLocation: http://meta.internal/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    wire = Wire([OK, away])
    names = {"x.org": [["93.184.216.34"]], "meta.internal": [["169.254.169.254"]]}
    (failure,) = resolved(names, wire, "http://x.org/a")
    assert isinstance(failure, Failure)
    assert "169.254.169.254 is link-local" in failure.reason
    assert set(wire.connected) == {"93.184.216.34"}


def test_only_the_public_ones_of_several_addresses_are_used():
    wire = Wire([OK])
    (answer,) = resolved({"x.org": [["10.0.0.1", "93.184.216.34"]]}, wire, "http://x.org/a")
    assert isinstance(answer, Answer)
    assert set(wire.connected) == {"93.184.216.34"}
