"""A Prefect server that schedules: the one that is set, one that runs on this machine, or one started for the occasion.

Prefect's own stand-in, the ephemeral server, takes a deployment and never makes a scheduled run of it. So
`copydesk serve` needs a real one; this module sees to it, and speaks to it as any client would, without Prefect.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
from rich.console import Console

from flows.config import ConfigError

_PORT = 4200  # Prefect's own choice: where people look for its web page
_START_S = 180.0  # a first start makes the database, 20-60 s on two cores
_STOP_S = 20.0
_POLL_S = 0.5


@contextlib.contextmanager
def ready(url: str | None) -> Iterator[str]:
    """The address of a server that answers; one that was started here is stopped at the end.

    Args:
        url: What the user has set (PREFECT_API_URL or a profile), ending in /api; None: nothing.

    Raises:
        ConfigError: The one that is set does not answer, or none can be started; the sentence says what to do.

    Cost: at once where a server answers; 10 to 60 seconds where one has to be started.
    """
    if url:
        if not answers(url):
            raise ConfigError(f"the Prefect server at {url} does not answer; start it, or correct PREFECT_API_URL")
        yield url
        return
    say = Console(stderr=True, highlight=False, soft_wrap=True).print
    usual = _url(_PORT)
    if answers(usual):
        say(f"PREFECT_API_URL is not set: using the Prefect server at {usual}")
        yield usual
        return
    port = _free_port()
    say(f"PREFECT_API_URL is not set: starting a Prefect server at {_url(port)}, until this command ends")
    with _started(port):
        yield _url(port)


def answers(url: str) -> bool:
    """Whether a Prefect server answers at an address that ends in /api."""
    try:
        return httpx.get(f"{url.rstrip('/')}/health", timeout=5.0).is_success
    except httpx.HTTPError:
        return False


@contextlib.contextmanager
def _started(port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    # A session of its own: Ctrl-C is for this process, which then still needs the server to take its schedules down.
    process = subprocess.Popen(  # noqa: S603 - our own interpreter, a fixed command
        [*command, "--log-level", "WARNING"],
        env={**os.environ, "PREFECT_API_URL": _url(port)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        end = time.monotonic() + _START_S
        while not answers(_url(port)):
            if process.poll() is not None:
                raise ConfigError(
                    f"a Prefect server could not be started (it ended with {process.returncode}); run "
                    "`prefect server start` to see why, then set PREFECT_API_URL"
                )
            if time.monotonic() > end:
                raise ConfigError(
                    f"a Prefect server was started and did not answer within {_START_S:.0f} s; run `prefect server "
                    "start` in a window of its own and set PREFECT_API_URL"
                )
            time.sleep(_POLL_S)
        yield
    finally:
        process.terminate()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}/api"


def _free_port() -> int:
    """The usual port where it is free, else any."""
    for port in (_PORT, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise ConfigError("no port is free on 127.0.0.1; start a Prefect server yourself and set PREFECT_API_URL")
