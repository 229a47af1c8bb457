"""A polite, bounded GET: robots.txt, a rest between requests to a host, redirects, retries, bounded time and size."""

import asyncio
import random
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from flows.config import GatherSettings
from flows.sources import robots, tdm
from flows.sources.network import AddressError, PublicTransport

AGENT = "copydesk"
_TRANSIENT = {408, 425, 429, 500, 502, 503, 504}  # worth another try, now or in the next run
_REDIRECTS = {301, 302, 303, 307, 308}


class _EncodingError(Exception):
    """A content encoding that was not asked for, or is broken."""


_FAULTS = (
    _EncodingError,
    AddressError,
    OSError,  # TimeoutError and ssl.SSLError too
    UnicodeError,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a URL gave: status 200 with content, or 304 without."""

    url: str
    status: int
    headers: httpx.Headers
    content: bytes


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a URL gave nothing.

    Attributes:
        outcome: robots_disallowed, http_404, timeout, too_large, forbidden_address, fetch_failed, ...
        reason: One sentence without the URL; the same fault gives the same sentence.
        passing: Another run may have more luck.
    """

    outcome: str
    reason: str
    passing: bool


@dataclass(slots=True)
class _Host:
    """One host: its requests run one by one, each after a rest."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_at: float = 0.0
    rest_s: float = 0.0
    failures: int = 0
    left: str | None = None  # why it is left alone for the rest of this run


class Client:
    """Fetches URLs within the bounds of [gather]. One for a run; used within one event loop.

    Args:
        settings: Bounds and manners.
        rng: Jitter of the rests between retries.
        version: For the User-Agent.
        transport: What carries the requests; None: connections to public addresses.
    """

    def __init__(
        self,
        settings: GatherSettings,
        rng: random.Random,
        version: str,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        contact = f" (+{settings.contact})" if settings.contact else ""
        self._settings, self._rng = settings, rng
        self._hosts: dict[str, _Host] = {}
        self._robots: dict[str, asyncio.Task[robots.Robots | Failure]] = {}
        self._tdm: dict[str, asyncio.Task[tdm.Rules]] = {}
        self._client = httpx.AsyncClient(
            transport=transport or PublicTransport(allow_loopback=settings.allow_loopback),
            headers={
                "User-Agent": f"{AGENT}/{version}{contact}",
                "Accept": "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, */*;q=0.5",
                "Accept-Encoding": "gzip, deflate",  # what can be undone in bounded pieces with the standard library
            },
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=settings.total_s,
            trust_env=False,
            follow_redirects=False,
        )

    async def close(self) -> None:
        """Close every connection."""
        for task in (*self._robots.values(), *self._tdm.values()):
            task.cancel()
        await self._client.aclose()

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer | Failure:
        """The answer to one URL, after robots.txt was asked at each host on the way.

        Never raises for what a server does. Takes at most (1 + redirects) x (1 + retries) x `total_s`, and the rests.
        """
        at = url
        for _ in range(self._settings.redirects + 1):
            refused = await self._refused(at)
            answer = refused or await self._patiently(at, headers or {})
            if isinstance(answer, Failure) or answer.status not in _REDIRECTS:
                return answer
            target = _target(at, answer.headers.get("location"))
            if target is None:
                return Failure("fetch_failed", "redirects to no web address; check the URL", passing=False)
            at = target
        many = f"redirects more than {self._settings.redirects} times (gather.redirects)"
        return Failure("too_many_redirects", f"{many}; check the URL", passing=False)

    async def allowed(self, url: str) -> bool:
        """Whether the robots.txt of its host lets us fetch a page."""
        return await self._refused(url) is None

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of a page's host names."""
        await self._refused(url)
        parts = urlsplit(url)
        rules = self._robots[f"{parts.scheme}://{parts.netloc}"].result()
        return rules.sitemaps if isinstance(rules, robots.Robots) else ()

    async def reservation(self, url: str) -> tdm.Reservation | None:
        """What the file of a page's host reserves against text and data mining. The file is asked for once a host."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._tdm:
            self._tdm[origin] = asyncio.create_task(self._read_reservations(origin))
        return tdm.of_host(await asyncio.shield(self._tdm[origin]), url)

    async def _read_reservations(self, origin: str) -> tdm.Rules:
        """The rules of an origin; where no file is to be had, nothing is reserved."""
        answer = await self.get(origin + tdm.PLACE)
        return tdm.parse(answer.content) if isinstance(answer, Answer) else ()

    async def _refused(self, url: str) -> Failure | None:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = asyncio.create_task(self._read_robots(origin))
        rules = await asyncio.shield(self._robots[origin])
        if isinstance(rules, Failure):
            return rules
        if not rules.allows(url):
            return Failure("robots_disallowed", "is disallowed by the robots.txt of its host", passing=False)
        if (rules.crawl_delay_s or 0) > self._settings.max_crawl_delay_s:
            asked = f"robots.txt asks for {rules.crawl_delay_s:g} s between requests"
            limit = f"more than {self._settings.max_crawl_delay_s:g} s (gather.max_crawl_delay_s)"
            return Failure("robots_delay", f"is left alone: {asked}, {limit}", passing=False)
        return None

    async def _read_robots(self, origin: str) -> robots.Robots | Failure:
        """The rules of an origin. Missing: all is allowed; not to be had: nothing is (RFC 9309, 2.3.1)."""
        at = f"{origin}/robots.txt"
        for _ in range(6):  # RFC 9309, 2.3.1.2: at least five redirects
            answer = await self._patiently(at, {}, limit=robots.LIMIT, cut=True)
            if isinstance(answer, Answer) and answer.status in _REDIRECTS:
                target = _target(at, answer.headers.get("location"))
                if target is None:
                    return robots.Robots()
                at = target
                continue
            if isinstance(answer, Answer):
                rules = robots.parse(answer.content, AGENT)
                self._host(origin).rest_s = max(self._settings.delay_s, rules.crawl_delay_s or 0)
                return rules
            if answer.outcome.startswith("http_4") and not answer.passing:
                return robots.Robots()
            if answer.outcome == "forbidden_address":
                return answer
            return Failure(
                "robots_unreachable", f"is not fetched: robots.txt of its host {answer.reason}", passing=True
            )
        return robots.Robots()

    async def _patiently(
        self, url: str, headers: Mapping[str, str], limit: int | None = None, *, cut: bool = False
    ) -> Answer | Failure:
        """One URL, no redirect followed, tried again where that may help."""
        host, settings = self._host(url), self._settings
        limit = limit or settings.max_page_bytes
        result: Answer | Failure = Failure("fetch_failed", "was not tried", passing=True)
        for attempt in range(settings.retries + 1):
            async with host.lock:
                if host.failures >= settings.host_failures:
                    host.left = f"failed {settings.host_failures} times in a row (gather.host_failures)"
                if host.left:
                    return Failure("host_down", f"is left for the next run: its host {host.left}", passing=True)
                await asyncio.sleep(max(0.0, host.next_at - _now()))
                result, wait_s = await self._once(url, headers, limit, cut=cut)
                host.next_at = _now() + max(host.rest_s, wait_s or 0)
                if not isinstance(result, Failure) or not result.passing:
                    host.failures = 0
                    return result
                if wait_s is not None and wait_s > settings.max_retry_after_s:
                    limit_s = settings.max_retry_after_s
                    host.left = f"asked for a rest of more than {limit_s:g} s (gather.max_retry_after_s)"
                    return result
                if result.outcome == "timeout" or attempt == settings.retries:
                    break
                pause = settings.backoff_s * 2**attempt * (0.5 + self._rng.random())
                host.next_at = max(host.next_at, _now() + pause)
        host.failures += 1
        return result

    async def _once(
        self, url: str, headers: Mapping[str, str], limit: int, *, cut: bool
    ) -> tuple[Answer | Failure, float | None]:
        """One request; with what Retry-After said, in seconds."""
        total_s = self._settings.total_s
        try:
            async with asyncio.timeout(total_s):
                return await self._request(url, headers, limit, cut=cut)
        except (httpx.HTTPError, httpx.InvalidURL, *_FAULTS) as error:
            return _failure(error, total_s), None

    async def _request(
        self, url: str, headers: Mapping[str, str], limit: int, *, cut: bool
    ) -> tuple[Answer | Failure, float | None]:
        request = self._client.build_request("GET", url, headers=dict(headers))
        response = await self._client.send(request, stream=True)
        try:
            if response.status_code in _REDIRECTS or response.status_code == 304:
                return Answer(url, response.status_code, response.headers, b""), None
            if response.status_code != 200:
                return _status(response.status_code), _retry_after(response.headers)
            content, whole = await _bounded(response, limit)
        finally:
            await response.aclose()
        if not whole and not cut:
            return Failure("too_large", f"has more than {limit:,} bytes (gather.max_page_bytes)", passing=False), None
        return Answer(url, 200, response.headers, content), None

    def _host(self, url: str) -> _Host:
        """The host of a URL; ports other than the usual ones are hosts of their own."""
        parts = urlsplit(url)
        usual = {None: True, 80: True, 443: True}
        name = (parts.hostname or "") + ("" if parts.port in usual else f":{parts.port}")
        return self._hosts.setdefault(name, _Host(rest_s=self._settings.delay_s))


async def _bounded(response: httpx.Response, limit: int) -> tuple[bytes, bool]:
    """The decoded body up to a limit, and whether that is all of it. Never holds more than the limit and one piece."""
    encodings = [word.strip().lower() for word in response.headers.get("content-encoding", "").split(",")]
    encodings = [word for word in encodings if word not in {"", "identity"}]
    if len(encodings) > 1 or not set(encodings) <= {"gzip", "x-gzip", "deflate"}:
        raise _EncodingError(f"it comes as {', '.join(encodings)}, which was not asked for")
    raw = response.aiter_raw()
    parts = _inflated(raw, limit) if encodings else raw
    content = bytearray()
    async for part in parts:
        content += part
        if len(content) > limit:
            return bytes(content[:limit]), False
    return bytes(content), True


async def _inflated(raw: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes]:
    """Decompressed pieces of at most 64 KiB: a bomb is met piece by piece, not in one breath."""
    piece, taken = 65_536, 0
    inflate = zlib.decompressobj(wbits=47)  # gzip or zlib, by the header
    begun = False
    async for part in raw:
        taken += len(part)
        if taken > limit:
            yield b"\0" * (limit + 1)  # compressed it is too large already
            return
        rest = part
        while rest:
            try:
                out = inflate.decompress(rest, piece)
            except zlib.error as error:
                if begun:
                    raise _EncodingError("its compression is broken") from error
                inflate = zlib.decompressobj(wbits=-15)  # "deflate" without the zlib header, as some servers send it
                begun = True
                continue
            begun = True
            rest = inflate.unconsumed_tail
            if inflate.eof and inflate.unused_data.strip(b"\0"):  # gzip members one after another
                rest, inflate = inflate.unused_data, zlib.decompressobj(wbits=47)
            yield out
            if inflate.eof:
                break
    while not inflate.eof and (out := inflate.decompress(inflate.unconsumed_tail, piece)):
        yield out
    if not inflate.eof and begun:
        raise _EncodingError("its compression ends too early")


def _status(status: int) -> Failure:
    passing = status in _TRANSIENT
    hint = "; the next run tries again" if passing else "; check the URL" if status in {404, 410} else ""
    return Failure(f"http_{status}", f"is answered with HTTP {status}{hint}", passing=passing)


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds a server asks us to wait, from a number or a date measured against the server's own clock."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        return max(0.0, (parsedate_to_datetime(said) - parsedate_to_datetime(headers.get("date", ""))).total_seconds())
    except (ValueError, TypeError):  # absent, or no date
        return None


def _target(at: str, location: str | None) -> str | None:
    try:
        target = urljoin(at, location or "").partition("#")[0]
        parts = urlsplit(target)
        return target if location and parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def _failure(error: Exception, total_s: float) -> Failure:
    """A fault on the way, in words that are the same for the same fault."""
    if isinstance(error, (TimeoutError, httpcore.TimeoutException, httpx.TimeoutException)):
        return Failure("timeout", f"takes longer than {total_s:g} s (gather.total_s)", passing=True)
    if isinstance(error, AddressError):
        return Failure("forbidden_address", f"is not fetched: {error}", passing=False)
    if isinstance(error, _EncodingError):
        return Failure("fetch_failed", f"cannot be fetched: {error}", passing=False)
    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol, httpcore.UnsupportedProtocol, UnicodeError)):
        return Failure("bad_url", "is no web address that can be asked; check it", passing=False)
    text = str(error)
    if isinstance(error, (httpcore.ReadError, httpcore.WriteError)):
        said = "the connection was cut"
    elif isinstance(error, httpcore.ProtocolError):
        said = "the answer is not HTTP or ends too early"
    elif "certificate" in text.lower() or "ssl" in text.lower():
        said = f"no secure connection ({text[:120]})"
    else:
        said = "the name of the host is not known" if "not known" in text else "no connection"
    return Failure("fetch_failed", f"cannot be fetched: {said}", passing=True)


def _now() -> float:
    return asyncio.get_running_loop().time()
