"""Many hosts, every fault, and a run that is killed again and again: the same store, and nothing is asked twice."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sites import site

from storage.tables import Store

pytestmark = [pytest.mark.server, pytest.mark.slow]
FAULTS = (
    "/broken.html", "/gone.html", "/slow.html", "/huge.html", "/bomb.html", "/cut.html", "/loop.html", "/inside.html",
    "/paper.html", "/later.html", "/private/secret.html", "/missing.html",
)  # fmt: skip
OUTLETS = tuple(f"host{number:02} Gazette" for number in range(len(FAULTS)))
GOOD = 6
TEXT = "The council of {0} met on day {1} and decided that wall {1} of the harbour is to be built anew before spring."


def build(folder: Path) -> None:
    """A folder for each host: good pages, a feed that names them and one fault, and a private corner."""
    for outlet, fault in zip(OUTLETS, FAULTS, strict=True):
        root = folder / outlet.split()[0]
        root.mkdir()
        (root / "robots.txt").write_text("User-agent: *\nDisallow: /private/\n", encoding="utf-8")
        for number in range(GOOD):
            paragraphs = "".join(f"<p>{TEXT.format(outlet, number)} {word}</p>" for word in ("One.", "Two.", "Three."))
            html = f"<html><body><article><h1>Wall {number}</h1>{paragraphs}</article></body></html>"
            (root / f"{number}.html").write_text(html, encoding="utf-8")
        names = [f"/{number}.html" for number in range(GOOD)]
        # In the middle; a host that asks for an hour's rest is not asked for what comes behind.
        names.insert(GOOD if fault == "/later.html" else GOOD // 2, fault)
        items = "".join(f"<item><link>{{base}}{name}</link></item>" for name in names)
        (root / "feed.xml").write_text(f"<rss><channel>{items}</channel></rss>", encoding="utf-8")


def stored(store: Path) -> list[tuple[str, bytes]]:
    return sorted(Store.open(store).scan("captures").select("url", "content").collect().rows())


def test_killed_again_and_again_it_ends_with_the_same_store(tmp_path: Path, copydesk) -> None:
    build(tmp_path)
    rng = random.Random(7)
    with site.serve(tmp_path, OUTLETS) as hosts:
        desk = tmp_path / "desk.toml"
        desk.write_text(
            site.desk(hosts, OUTLETS, delay_s="0.05", total_s="3.0", max_page_bytes="1_000_000"), encoding="utf-8"
        )
        words = ("gather", "--config", str(desk), "--store")
        begun = time.monotonic()
        whole = copydesk(*words, str(tmp_path / "whole"))
        assert whole.returncode == 3, whole.stderr
        assert time.monotonic() - begun < 120
        wanted = stored(tmp_path / "whole")
        assert len(wanted) == len({url for url, _ in wanted}) == GOOD * len(OUTLETS), "every good page once"
        for host in hosts:
            assert not host.asked("/private/secret.html")
            pauses = [later - earlier for earlier, later in zip(host.times, host.times[1:], strict=False)]
            assert min(pauses) > 0.045, "a rest between any two requests"
        rejects = Store.open(tmp_path / "whole").scan("rejects").collect()
        assert sorted("/" + url.split("/", 3)[3] for url in rejects["url"]) == sorted(FAULTS), rejects.rows()

        killed = 0
        for _ in range(4):
            process = subprocess.Popen(
                [sys.executable, "-m", "flows.cli", *words, str(tmp_path / "cut")],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            time.sleep(rng.uniform(1.0, 5.0))
            process.send_signal(signal.SIGKILL)
            killed += process.wait() == -signal.SIGKILL
        assert killed >= 2, "the kills met a run at work"
        held = Counter(url for url, _ in stored(tmp_path / "cut"))
        asked = {host.base + path: host.asked(path) for host in hosts for path, _ in host.requests}
        last = copydesk(*words, str(tmp_path / "cut"))
        assert last.returncode == 3, last.stderr
        assert stored(tmp_path / "cut") == wanted
        again = {
            url for url in held if sum(host.base + p == url for host in hosts for p, _ in host.requests) > asked[url]
        }
        assert not again, "what was stored is not asked for again"
