"""Connections to public addresses only, checked where they are made: no redirect and no DNS answer gets around it."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any

import httpcore
import httpx

Resolve = Callable[[str, int], Awaitable[list[str]]]
_TRIED = 4  # addresses of one host that are tried


class AddressError(Exception):
    """A host has no address we connect to: the addresses, and why."""


async def system_resolver(host: str, port: int) -> list[str]:
    """The addresses of a host as the system says, in its order.

    Raises:
        httpcore.ConnectError: The name does not exist or the resolver does not answer.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError("the name of the host is not known") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def forbidden(address: str, *, allow_loopback: bool) -> str | None:
    """Why we do not connect to an address; None where we do.

    An IPv6 address that stands for an IPv4 one (mapped, 6to4, Teredo, NAT64) is judged by that one.
    """
    at = ipaddress.ip_address(address.partition("%")[0])
    inner: ipaddress.IPv4Address | None = None
    if isinstance(at, ipaddress.IPv6Address):
        inner = at.ipv4_mapped or at.sixtofour or (at.teredo[1] if at.teredo else None)
        if at in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(at) & 0xFFFFFFFF)
    if inner is not None:
        return forbidden(str(inner), allow_loopback=allow_loopback)
    if at.is_loopback:
        return None if allow_loopback else "this machine (tests may set gather.allow_loopback)"
    if at.is_link_local:
        return "link-local, where cloud machines keep their metadata"
    if at.is_multicast or at.is_unspecified or at.is_reserved:
        return "no address of a server"
    return None if at.is_global else "in a private network"


class _Backend(httpcore.AsyncNetworkBackend):
    """httpcore's connections, each to an address that was resolved and judged here."""

    def __init__(self, resolve: Resolve, *, allow_loopback: bool, inner: httpcore.AsyncNetworkBackend) -> None:
        self._resolve, self._allow_loopback, self._inner = resolve, allow_loopback, inner

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._resolve(host, port)
        reasons = {address: forbidden(address, allow_loopback=self._allow_loopback) for address in addresses}
        usable = [address for address in addresses if reasons[address] is None][:_TRIED]
        if not usable:
            said = "; ".join(f"{address} is {reason}" for address, reason in reasons.items()) or "it has no address"
            raise AddressError(said)
        failed: Exception = httpcore.ConnectError("no address")
        for address in usable:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class _Body(httpx.AsyncByteStream):
    """The bytes of an answer as they come, not yet decompressed."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._response.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._response.aclose()


class PublicTransport(httpx.AsyncBaseTransport):
    """An httpx transport that connects to public addresses only.

    Args:
        allow_loopback: This machine too, for tests.
        resolve: Host and port -> addresses; asked at each new connection.
        backend: What opens the connection, for tests without a network.
    """

    def __init__(
        self,
        *,
        allow_loopback: bool,
        resolve: Resolve = system_resolver,
        backend: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        guarded = _Backend(resolve, allow_loopback=allow_loopback, inner=backend or httpcore.AnyIOBackend())
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(),
            http1=True,
            http2=False,
            max_connections=None,
            keepalive_expiry=15,
            network_backend=guarded,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request, one answer; redirects, cookies and retries are the caller's."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        answer = await self._pool.handle_async_request(
            httpcore.Request(request.method, url, headers=request.headers.raw, extensions=request.extensions)
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()
