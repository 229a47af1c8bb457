"""A local web site of three outlets, served from files: what the tests of gathering fetch, and a desk to try by hand.

Three fictitious outlets report ten fictitious events, each in its own words and each with one thing only it knows:
thirty pages. The feeds are RSS, Atom and RDF. By hand: `python tests/site/site.py FOLDER` prints the command that
fetches them.
"""

import contextlib
import gzip
import hashlib
import http.server
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

OUTLETS = ("Harbour Courier", "Valley Observer", "North Wire")
EVENTS = (
    ("Aldmere", "ferry terminal", "Brandt Lines", 48, "Ruth Okafor", "storm surge", 1200),
    ("Corrin", "glass factory", "Pellucid", 95, "Jan Wessel", "kiln fire", 340),
    ("Tarnholm", "rail bridge", "Meridian Rail", 210, "Ines Falk", "cracked girder", 15000),
    ("Osterby", "grain harvest", "Union Mills", 33, "Peter Lindqvist", "late frost", 870),
    ("Quillport", "data centre", "Halden Systems", 640, "Mara Delacroix", "power dispute", 260),
    ("Bexley Moor", "wind farm", "Skyreach", 175, "Tom Achterberg", "bird survey", 90),
    ("Fennick", "hospital wing", "Fennick Trust", 62, "Leila Haddad", "roof collapse", 410),
    ("Sorrel Bay", "cod quota", "Baywater Fleet", 18, "Olaf Neri", "stock count", 730),
    ("Dunmarrow", "copper mine", "Redvein", 320, "Carla Mbeki", "tailings leak", 2300),
    ("Irongate", "tram strike", "City Transit", 27, "Hugo Brandl", "pay talks", 5600),
)
_SHARED = (
    "{actor} said on Tuesday that the {thing} in {town} would close for {weeks} weeks after the {cause}.",
    "The {thing} at {town} is to stay shut for {weeks} weeks because of the {cause}, {actor} announced on Tuesday.",
    "{town}, Tuesday - {actor} is closing its {thing} for {weeks} weeks following the {cause}.",
)
_MONEY = (
    "Repairs and lost business will cost {cost} million crowns, according to {person}, who runs the company.",
    "{person}, the chief executive, put the bill at {cost} million crowns.",
    "The company expects a loss of {cost} million crowns, chief executive {person} told reporters.",
)
_BACKGROUND = (
    """The {thing} is the largest employer in {town} and has been run by {actor} for more than a decade. Council leaders
had asked for a plan to keep part of it open, and talks about that are to go on next week, people near them say.""",
    """Nobody was hurt. Workers will be paid in full while the gates are closed, a spokesman for {actor} said, and
suppliers are to be compensated case by case. Shops in the centre of {town} reported fewer customers that day.""",
    """It is the second time in five years that the {thing} stands still. After the earlier closure {actor} had promised
to renew the older parts of the site, work that is about half finished according to its own reports to shareholders.""",
)
_ALONE = (
    "Some {people} residents signed a petition to the town hall, the clerk of {town} told the Courier.",
    "Insurers have already refused to cover the {cause}, a letter seen by the Observer shows.",
    "The ministry will send two inspectors to {town} on Friday, an official said.",
)


def article(outlet: int, event: int) -> tuple[str, list[str]]:
    """Title and paragraphs of one event as one outlet tells it."""
    town, thing, actor, cost, person, cause, people = EVENTS[event]
    slots = {"town": town, "thing": thing, "actor": actor, "cost": cost, "person": person, "cause": cause,
             "people": f"{people:,}", "weeks": 3 + event}  # fmt: skip
    titles = ("{actor} shuts {town} {thing}", "{town} {thing} closed after {cause}", "{actor} halts {thing} at {town}")
    return titles[outlet].format(**slots), [
        part[outlet].format(**slots) for part in (_SHARED, _MONEY, _BACKGROUND, _ALONE)
    ]


def build(folder: Path) -> None:
    """Write the pages, feeds and robots.txt, one folder for each outlet; the server fills in `{base}`."""
    for number, outlet in enumerate(OUTLETS):
        root = folder / outlet.split()[0].lower()
        root.mkdir(parents=True, exist_ok=True)
        (root / "robots.txt").write_text("User-agent: *\nDisallow: /private/\n", encoding="utf-8")
        for event in range(len(EVENTS)):
            title, paragraphs = article(number, event)
            body = "\n".join(f"<p>{text}</p>" for text in paragraphs)
            page = (
                '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
                f"<title>{title} - {outlet}</title></head>\n"
                f'<body><nav><a href="/">Home</a></nav><article><h1>{title}</h1>\n{body}\n</article></body></html>\n'
            )
            (root / f"{event}.html").write_text(page, encoding="utf-8")
        (root / "feed.xml").write_text(_feed(number), encoding="utf-8")


def _feed(outlet: int, extra: tuple[str, ...] = ()) -> str:
    when = [f"2026-03-{event + 2:02}T{8 + outlet:02}:30:00Z" for event in range(len(EVENTS))]
    rows = [(article(outlet, event)[0], f"{{base}}/{event}.html", when[event]) for event in range(len(EVENTS))]
    rows += [(path, f"{{base}}{path}", when[0]) for path in extra]
    if outlet == 0:
        items = "".join(f"<item><title>{t}</title><link>{u}</link><pubDate>{w}</pubDate></item>" for t, u, w in rows)
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Courier</title>{items}</channel></rss>'
    if outlet == 1:
        items = "".join(
            f'<entry><title>{t}</title><link href="{u}"/><updated>{w}</updated></entry>' for t, u, w in rows
        )
        return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Observer</title>{items}</feed>'
    items = "".join(f"<item><title>{t}</title><link>{u}</link><dc:date>{w}</dc:date></item>" for t, u, w in rows)
    spaces = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
    spaces += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f'<?xml version="1.0"?><rdf:RDF {spaces}><channel><title>Wire</title></channel>{items}</rdf:RDF>'


def name_in_feed(folder: Path, outlet: int, *paths: str) -> None:
    """Let an outlet's feed name further pages, such as those that fail."""
    (folder / OUTLETS[outlet].split()[0].lower() / "feed.xml").write_text(_feed(outlet, paths), encoding="utf-8")


@dataclass
class Host:
    """One outlet's server: its address, its folder, and every request it got as (method, path, status)."""

    base: str
    folder: Path
    requests: list[tuple[str, int]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    times: list[float] = field(default_factory=list)

    def asked(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(1 for one, _ in self.requests if one == path)


class _Handler(http.server.BaseHTTPRequestHandler):
    """Files with ETags, and a few paths that misbehave."""

    protocol_version = "HTTP/1.1"
    wbufsize = 65_536  # head and body in one packet
    host: Host
    stopping: threading.Event

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""

    def do_GET(self) -> None:
        self.host.agents.add(self.headers.get("User-Agent", ""))
        self.host.times.append(time.monotonic())
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the other side had enough
            special = _SPECIAL.get(self.path.partition("?")[0])
            special(self) if special else self._file()

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.host.requests.append((self.path, status))
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _file(self) -> None:
        path = self.host.folder / self.path.partition("?")[0].lstrip("/")
        if not path.is_file():
            return self.answer(404, b"no such page")
        body = path.read_bytes().replace(b"{base}", self.host.base.encode())
        etag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
        kind = {".html": "text/html; charset=utf-8", ".xml": "application/xml"}.get(path.suffix, "text/plain")
        if self.headers.get("If-None-Match") == etag:
            return self.answer(304, ETag=etag)
        return self.answer(200, body, Content_Type=kind, ETag=etag)

    def drip(self) -> None:
        self.host.requests.append((self.path, 200))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "100000")
        self.end_headers()
        for _ in range(600):  # one minute at most: every load is bounded
            if self.stopping.wait(0.1):
                return
            self.wfile.write(b"x")
            self.wfile.flush()

    def huge(self) -> None:
        self.host.requests.append((self.path, 200))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Connection", "close")
        self.end_headers()
        for _ in range(1_000):  # 64 MB at most
            self.wfile.write(b"y" * 65_536)

    def bomb(self) -> None:
        self.answer(200, _BOMB, Content_Type="text/html", Content_Encoding="gzip")

    def cut(self) -> None:
        self.answer(200, b"<p>short", Content_Length="5000", Connection="close")
        self.close_connection = True


_BOMB = gzip.compress(b"z" * 10_000_000, 6)  # 10 kB on the way
_SPECIAL = {
    "/broken.html": lambda self: self.answer(500, b"out of order"),
    "/gone.html": lambda self: self.answer(410),
    "/slow.html": _Handler.drip,
    "/huge.html": _Handler.huge,
    "/bomb.html": _Handler.bomb,
    "/cut.html": _Handler.cut,
    "/loop.html": lambda self: self.answer(302, Location="/loop.html"),
    "/moved.html": lambda self: self.answer(301, Location="/0.html"),
    "/inside.html": lambda self: self.answer(302, Location="http://169.254.169.254/latest/meta-data"),
    "/paper.html": lambda self: self.answer(200, b"%PDF-1.7", Content_Type="application/pdf"),
    "/later.html": lambda self: self.answer(503, Retry_After="3600"),
    "/zipped.html": lambda self: self.answer(
        200, gzip.compress(b"<p>zipped</p>"), Content_Type="text/html; charset=latin-1", Content_Encoding="gzip"),
    "/cookie.html": lambda self: self.answer(
        200, (self.headers.get("Cookie") or "none").encode(), Set_Cookie="id=1; Path=/"),
}  # fmt: skip


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """A client that goes away is what some tests are about."""


@contextlib.contextmanager
def serve(folder: Path, outlets: tuple[str, ...] = OUTLETS) -> Iterator[list[Host]]:
    """The outlets, each on a port of its own; they stop when the block ends."""
    stopping = threading.Event()
    servers, hosts = [], []
    for outlet in outlets:
        host = Host("", folder / outlet.split()[0].lower())
        handler = type("Handler", (_Handler,), {"host": host, "stopping": stopping})
        server = _Server(("127.0.0.1", 0), handler)
        host.base = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        servers.append(server)
        hosts.append(host)
    try:
        yield hosts
    finally:
        stopping.set()
        for server in servers:
            server.shutdown()
            server.server_close()


def desk(hosts: list[Host], outlets: tuple[str, ...] = OUTLETS, **gather: object) -> str:
    """A desk.toml for these hosts, quick enough for tests."""
    outlets = "".join(
        f'[[outlet]]\nname = "{name}"\nfeeds = ["{host.base}/feed.xml"]\n\n'
        for name, host in zip(outlets, hosts, strict=False)  # also for some of them
    )
    quick = {"delay_s": "0.0", "total_s": "1.0", "backoff_s": "0.01"}
    lines = {
        "contact": '"tests@example.org"',
        "allow_loopback": "true",
        **quick,
        **{name: str(value) for name, value in gather.items()},
    }
    return outlets + "[gather]\n" + "".join(f"{name} = {value}\n" for name, value in lines.items())


if __name__ == "__main__":
    root = Path(sys.argv[1])
    build(root)
    with serve(root) as running:
        (root / "desk.toml").write_text(desk(running), encoding="utf-8")
        print(f"copydesk run --config {root / 'desk.toml'} --store {root / 'store'}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
