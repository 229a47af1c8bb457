"""Pages per CPU-second: trafilatura, resiliparse and both lanes of Copydesk over the same pages in one run.

    python tests/benchmarks/pages.py [FOLDER ...] [--every N]

FOLDER holds pages (*.html, *.html.gz); without one, the evaluation pages beside the repository are taken. A page goes
all the way from bytes to body, title, byline, dates and language in Copydesk; to the body alone in the others. Each
tool sees two pages first, so that nothing is imported or compiled while time is taken.
"""

import argparse
import datetime as dt
import gzip
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from dedupe.settings import CleanSettings
from flows.clean import clean

SHARED = Path(__file__).parents[3] / "shared" / "data"
SETS = (SHARED / "scrapinghub" / "html", SHARED / "fundus_pages" / "html")


def pages(folders: list[Path], every: int) -> list[bytes]:
    """The pages of some folders, one in `every`."""
    paths = [path for folder in folders for path in sorted(folder.glob("*.html*"))][::every]
    return [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in paths]


def lane(name: Literal["html", "fast"]) -> Callable[[bytes], object]:
    """A lane of Copydesk."""
    settings, at = CleanSettings(lane=name), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    row = {"capture_id": "c", "outlet": "o", "media_type": "text/html", "captured_at": at}
    return lambda content: clean(row | {"content": content}, settings)


def tools() -> dict[str, Callable[[bytes], object]]:
    """What is compared."""
    import trafilatura
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    return {
        "trafilatura": lambda content: trafilatura.extract(content, include_comments=False),
        "resiliparse": lambda content: extract_plain_text(
            HTMLTree.parse_from_bytes(content, detect_encoding(content)), main_content=True
        ),
        "copydesk html": lane("html"),
        "copydesk fast": lane("fast"),
    }


def main() -> None:
    """Time every tool on every page, the tools in turn, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, default=[])
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take one page in N")
    said = parser.parse_args()
    found = pages(said.folders or list(SETS), said.every)
    if not found:
        parser.error("no page found; name a folder of *.html or *.html.gz")
    compared = tools()
    spent = dict.fromkeys(compared, 0.0)
    for name, run in compared.items():
        for content in found[:: max(1, len(found) - 1)]:
            run(content)
        if name.startswith("copydesk"):  # linked data with a body calls code of its own
            run(
                b'<p>x</p><script type="application/ld+json">{"@type":"NewsArticle","articleBody":"%s"}</script>'
                % (b"word " * 99)
            )
    for content in found:
        for name, run in compared.items():
            begin = time.process_time()
            run(content)
            spent[name] += time.process_time() - begin
    size = sum(map(len, found)) / len(found) / 1000
    print(f"{len(found)} pages, {size:.0f} KB on average")
    for name, seconds in spent.items():
        ratio = spent["trafilatura"] / seconds
        print(f"{name:14} {len(found) / seconds:7.1f} pages per CPU-second, {ratio:5.2f} x trafilatura")


if __name__ == "__main__":
    main()
