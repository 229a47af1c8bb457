"""The docs tell the truth: generated pages are up to date, links lead somewhere, every table and command is named."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from flows import asking, cli, show
from storage import schema

ROOT = Path(__file__).parents[2]
CONTRACT = {
    "articles": [
        "article_id",
        "external_id",
        "item_id",
        "revision",
        "status",
        "outlet",
        "url",
        "title",
        "dek",
        "byline",
        "credit",
        "language",
        "published_at",
        "published_precision",
        "published_source",
        "captured_at",
        "word_n",
        "text",
    ],
    "blocks": ["article_id", "block", "begin", "end", "role", "kept", "reason", "repeat_of", "text", "text_begin"],
    "pairs": [
        "article_a",
        "article_b",
        "resemblance",
        "containment_a",
        "containment_b",
        "relation",
        "same_origin",
        "reasons",
        "spans",
    ],
    "copies": ["copy_group", "article_id", "outlet", "role", "origin_basis", "lag_s"],
    "stories": ["story_id", "article_id", "outlet", "score"],
    "mentions": [
        "mention_id",
        "fact_id",
        "story_id",
        "article_id",
        "outlet",
        "field",
        "begin",
        "end",
        "text",
        "kind",
        "modality",
        "quantities",
        "attribution",
    ],
    "facts": [
        "fact_id",
        "story_id",
        "text",
        "status",
        "outlet_n",
        "origin_n",
        "root_n",
        "mention_n",
        "first_outlet",
        "first_at",
        "first_basis",
    ],
    "coverage": ["fact_id", "story_id", "outlet", "carried", "unique", "first", "had_chance", "lag_s", "mention_id"],
    "unique_facts": [
        "story_id",
        "outlet",
        "fact_id",
        "article_id",
        "url",
        "field",
        "begin",
        "end",
        "text",
        "reported_at",
        "had_chance_n",
        "confidence",
    ],
    "conflicts": [
        "story_id",
        "slot",
        "mention_a",
        "mention_b",
        "outlet_a",
        "outlet_b",
        "value_a",
        "value_b",
        "unit",
        "kind",
    ],
    "attributions": ["article_id", "outlet", "fact_id", "mention_id", "cited", "verb", "begin", "end", "hop"],
    "outlets": [
        "outlet",
        "article_n",
        "copy_share",
        "original_share",
        "fact_n",
        "unique_fact_n",
        "first_n",
        "median_lag_s",
        "citations_in",
        "citations_out",
    ],
    "rejects": ["source", "url", "outcome", "reason", "captured_at"],
    "runs": ["run_id", "started_at", "ended_at", "status", "settings_hash", "versions", "counts"],
}
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_tables_page_is_generated(generate: ModuleType) -> None:
    page = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert page == generate.tables(), "run `python docs/generate.py`"
    for table in schema.STORED:
        assert f"## {table}\n" in page


def test_commands_page_is_generated(generate: ModuleType) -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert page == generate.commands(), "run `python docs/generate.py`"
    for command in cli.main.commands:
        assert f"## copydesk {command}\n" in page


def test_house_page_is_generated_and_every_module_says_what_it_decides(generate: ModuleType) -> None:
    page = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
    assert page == generate.house(), "run `python docs/generate.py`"
    assert " |  |" not in page, "a module has no docstring"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), target


def test_command_line_offers_every_view() -> None:
    assert set(asking.VIEWS) - {"story"} == set(show.VIEWS)


def test_command_line_offers_every_step() -> None:
    from flows import stages

    assert tuple(stage.__name__ for stage in stages.FLOW) == cli.STEPS


def test_every_column_is_explained() -> None:
    for table, declared in schema.STORED.items():
        for name, column in declared.columns().items():
            assert (column.metadata or {}).get("doc"), f"{table}.{name} has no doc"


def test_contract_columns_are_there() -> None:
    # The published columns downstream readers were promised with schema 1.0: columns may be added, none may go.
    for table, names in CONTRACT.items():
        missing = set(names) - set(schema.columns(table, published=True))
        assert not missing, f"{table}: {missing}"
