"""The JSON of other extractors as articles: each tool's keys, one file an article or one line an article."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows import config
from flows.sources import Capture, Reject, files

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
TEXT = "A fire broke out in a warehouse in the harbour of Norvik."
URL = "https://www.courier.example/fire"

MADE = {
    "trafilatura": {
        "title": "Fire", "author": "Ida Berg", "hostname": "courier.example", "date": "2026-03-01", "fingerprint": "f",
        "id": None, "license": None, "comments": "", "raw_text": TEXT, "text": TEXT, "language": "en", "image": None,
        "pagetype": "article", "filedate": "2026-03-02", "source": URL, "source-hostname": "The Courier",
        "excerpt": "A hall burnt.", "categories": "", "tags": "",
    },
    "news-please": {
        "authors": ["Ida Berg"], "date_download": "2026-03-02 08:00:00", "date_modify": None,
        "date_publish": "2026-03-01 10:00:00", "description": "A hall burnt.", "filename": "x.json", "image_url": None,
        "language": "en", "localpath": None, "maintext": TEXT, "source_domain": "courier.example", "title": "Fire",
        "title_page": None, "title_rss": None, "url": URL,
    },
    "newspaper4k": {
        "url": URL, "read_more_link": "", "language": "en", "title": "Fire", "top_image": "", "meta_img": "",
        "images": [], "movies": [], "keywords": [], "meta_keywords": [], "tags": None, "authors": ["Ida Berg"],
        "publish_date": "2026-03-01T10:00:00+00:00", "summary": "", "meta_description": "A hall burnt.",
        "meta_lang": "en", "meta_favicon": "", "meta_site_name": "The Courier", "canonical_link": URL, "text": TEXT,
    },
    "fundus": {
        "title": "Fire", "authors": ["Ida Berg"], "publishing_date": "2026-03-01T10:00:00+00:00",
        "publisher": "The Courier",
        "topics": [], "lang": "en", "free_access": True,
        "body": {"summary": [], "sections": [{"headline": [], "paragraphs": [TEXT]}]},
        "html": {"requested_url": URL, "responded_url": URL, "content": "<html>", "crawl_date": "2026-03-02"},
    },
}  # fmt: skip


def read(path: Path):
    return list(files.read([path], config=config.load(), clock=lambda: NOW, notice=lambda _: None))


@pytest.mark.parametrize("tool", sorted(MADE))
@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_an_article_of_a_tool(tmp_path: Path, tool: str, ending: str):
    path = tmp_path / f"one.{ending}"
    path.write_text(json.dumps(MADE[tool]) + "\n")
    [found] = read(path)
    assert isinstance(found, Capture), found
    assert (found.content.decode(), found.url, found.given_title, found.given_byline) == (TEXT, URL, "Fire", "Ida Berg")
    assert found.given_published_at is not None
    assert found.given_published_at.date().isoformat() == "2026-03-01"
    assert found.outlet in ("courier.example", "The Courier")


def test_the_outlet_is_whose_host_it_is(tmp_path: Path):
    (tmp_path / "outlets.toml").write_text('[[outlet]]\nname = "Courier"\ndomains = ["courier.example"]\n')
    for tool, made in MADE.items():
        (tmp_path / f"{tool}.json").write_text(json.dumps([made, made | {"title": "Other"}]))
    found = read(tmp_path)
    # One address and one text is one capture, whichever tool read it; that is said of every further one.
    assert {one.outlet for one in found if isinstance(one, Capture)} == {"Courier"}
    assert {one.outcome for one in found if isinstance(one, Reject)} == {"duplicate"}


def test_json_of_another_kind_is_a_reject_that_names_its_keys(tmp_path: Path):
    paths = [tmp_path / "number.json", tmp_path / "package.json"]
    paths[0].write_text("3")
    paths[1].write_text('{"name": "x", "version": "1.0"}')
    found = [one for path in paths for one in read(path)]
    assert [one.outcome for one in found if isinstance(one, Reject)] == ["foreign_format"] * 2
    assert "keys name, version" in found[1].reason
    # Where it merely lies in a folder that was given it is told, as other files are; a claimed one is a reject.
    told: list[str] = []
    assert list(files.read([tmp_path], config=config.load(), clock=lambda: NOW, notice=told.append)) == []
    assert told[0].startswith("2 XML or JSON file(s) of another kind not read: number.json is ")
    (tmp_path / "outlets.toml").write_text('[[outlet]]\nname = "Courier"\nfiles = ["p*.json"]\n')
    assert [one.outcome for one in read(tmp_path) if isinstance(one, Reject)] == ["foreign_format"]


def test_a_tool_that_found_no_text_is_a_reject(tmp_path: Path):
    (tmp_path / "a.json").write_text(json.dumps(MADE["news-please"] | {"maintext": None}))
    (tmp_path / "b.json").write_text(json.dumps(MADE["fundus"] | {"body": {"sections": ["x", {"paragraphs": 3}]}}))
    assert [one.outcome for one in read(tmp_path) if isinstance(one, Reject)] == ["empty", "empty"]
