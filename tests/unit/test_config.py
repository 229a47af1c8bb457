"""One TOML: what is read, what is refused, and what the refusal says."""

import dataclasses
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import config, typed

ROOT = Path(__file__).parents[2]


def written(folder: Path, text: str) -> Path:
    path = folder / "desk.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_need_no_file():
    found = config.load()
    assert found.outlets == ()
    assert found.settings.copies.window_days == 30
    assert set(found.origins.values()) == {"default"}
    assert len(found.settings_hash) == 20


def test_file_then_command_line(tmp_path: Path):
    path = written(tmp_path, "[copies]\nwindow_days = 14\n[gather]\ndelay_s = 2\n")
    found = config.load(path, {"copies.window_days": "7"})
    assert found.settings.copies.window_days == 7
    assert found.gather.delay_s == 2.0
    assert isinstance(found.gather.delay_s, float)
    assert found.origins["copies.window_days"] == "command line"
    assert found.origins["gather.delay_s"] == str(path)
    assert found.origins["copies.seed"] == "default"
    assert found.root == tmp_path


def test_the_example_desk_is_loaded():
    found = config.load(ROOT / "docs" / "desk.toml")
    assert [outlet.name for outlet in found.outlets] == ["Example Wire", "Example Times", "Example Archive"]
    assert found.outlets[0].wire
    assert config.by_name(found.outlets)["exw"].name == "Example Wire"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[copies]\nwindw_days = 3\n", "unknown key windw_days in [copies]; did you mean window_days?"),
        ("[copeis]\n", "unknown table or key copeis; did you mean copies?"),
        ("[copies]\nwindow_days = 'x'\n", 'copies.window_days is "x"; expected a whole number (days)'),
        ("[copies]\nwindow_days = true\n", "copies.window_days is true; expected a whole number (days)"),
        ("[copies]\nwindow_days = -1\n", "copies.window_days is -1; expected 0 or more"),
        ("[gather]\ndelay_s = nan\n", "gather.delay_s is nan; expected 0 or more and 3600 or less"),
        ("[gather]\nallow_loopback = 1\n", "gather.allow_loopback is 1; expected true or false"),
        ("gather = 3\n", "gather is 3; expected a table, written [gather]"),
        ("[outlet]\nname = 'x'\n", "expected [[outlet]]"),
        ("[[outlet]]\nowner = 'x'\n", "[[outlet]] has no name; write name = ..."),
        ("[[outlet]]\nname = ' '\n", "an [[outlet]] has an empty name"),
        ("[[outlet]]\nname = 'x'\nfeed = ['http://a/']\n", "unknown key feed in [outlet]; did you mean feeds?"),
        (
            "[[outlet]]\nname = 'x'\nfeeds = 'http://a/'\n",
            'outlet.feeds is "http://a/"; expected a list, written ["http://a/"]',
        ),
        (
            "[[outlet]]\nname = 'x'\nfeeds = ['a.xml']\n",
            'outlet x has "a.xml"; expected an http:// or https:// address',
        ),
        ("[[outlet]]\nname = 'x'\ndomains = ['http://a.org']\n", "expected a host such as example.org"),
        ("[[outlet]]\nname = 'x'\n[[outlet]]\nname = 'y'\naliases = ['X']\n", '"X" names both x and y'),
        ("[copies\n", "is not TOML"),
    ],
)
def test_what_is_refused_and_how(tmp_path: Path, text: str, said: str):
    path = written(tmp_path, text)
    with pytest.raises(config.ConfigError) as fault:
        config.load(path)
    assert said in str(fault.value)
    assert str(fault.value).startswith(str(path))
    assert "\n" not in str(fault.value)


def test_a_file_that_cannot_be_read(tmp_path: Path):
    with pytest.raises(config.ConfigError, match=r"none\.toml does not exist"):
        config.load(tmp_path / "none.toml")
    with pytest.raises(config.ConfigError, match="cannot be read"):
        config.load(tmp_path)
    (tmp_path / "bad.toml").write_bytes(b"a = '\xff'")
    with pytest.raises(config.ConfigError, match="is not UTF-8"):
        config.load(tmp_path / "bad.toml")


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("copies.windw", "did you mean"),
        ("copies", "names no key"),
        ("nothing.at_all", "unknown table"),
        ("outlet.x", "unknown"),
    ],
)
def test_overrides_are_checked_too(key: str, said: str):
    with pytest.raises(config.ConfigError, match=said) as fault:
        config.load(None, {key: "1"})
    assert str(fault.value).startswith("command line")


def test_the_hash_covers_results_and_nothing_else(tmp_path: Path):
    plain = config.load().settings_hash
    assert config.load(written(tmp_path, "[gather]\ndelay_s = 9\n[run]\nworkers = 3\n")).settings_hash == plain
    assert config.load(written(tmp_path, "[copies]\nwindow_days = 9\n")).settings_hash != plain
    assert config.load(written(tmp_path, "[gather]\nknown_outlets = true\n")).settings_hash != plain
    named = config.load(written(tmp_path, "[[outlet]]\nname = 'a'\n[[outlet]]\nname = 'b'\n")).settings_hash
    assert named != plain
    assert config.load(written(tmp_path, "[[outlet]]\nname = 'b'\n[[outlet]]\nname = 'a'\n")).settings_hash == named


def test_explain_names_every_key_with_its_origin(tmp_path: Path):
    path = written(tmp_path, "[[outlet]]\nname = 'x'\nwire = true\n[gather]\nhosts = 2\n")
    rows = {row.key: row for row in config.explain(config.load(path))}
    assert rows["gather.hosts"].value == "2"
    assert rows["gather.hosts"].unit == "count"
    assert rows["gather.hosts"].origin == str(path)
    assert rows["copies.window_days"].origin == "default"
    assert rows["outlet.x"].value == "wire = true"
    assert all(row.doc for row in rows.values())


def test_a_folder_s_outlets_hold_no_settings(tmp_path: Path):
    with pytest.raises(config.ConfigError, match="unknown table or key copies"):
        config.read_outlets(written(tmp_path, "[copies]\nwindow_days = 3\n"))


@dataclasses.dataclass(frozen=True, slots=True)
class Inner:
    cut: float = dataclasses.field(default=0.5, metadata={"unit": "share"})


@dataclasses.dataclass(frozen=True, slots=True)
class Many:
    lane: Literal["html", "fast"] = "html"
    words: tuple[str, ...] = ()
    weights: tuple[float, ...] = (1.0,)
    limit: int | None = None
    inner: Inner = dataclasses.field(default_factory=Inner)


def test_all_kinds_of_fields():
    found = typed.fill(
        Many, {"lane": "fast", "words": ["a"], "weights": [1, 2.5], "limit": 3, "inner": {"cut": 1}}, "many", "f"
    )
    assert found == Many("fast", ("a",), (1.0, 2.5), 3, Inner(1.0))
    for table, said in (
        ({"lane": "slow"}, "expected one of html, fast"),
        ({"inner": {"cut": 1.5}}, "many.inner.cut is 1.5; expected 0 or more and 1 or less"),
        ({"inner": {"cot": 1}}, "did you mean cut"),
        ({"words": [1]}, "many.words is 1; expected text in quotes"),
        ({"limit": "3"}, "expected a whole number"),
    ):
        with pytest.raises(config.ConfigError, match=said):
            typed.fill(Many, table, "many", "f")


@given(
    st.sampled_from(["gather.hosts", "gather.delay_s", "gather.contact", "copies.window_days"]), st.text(max_size=20)
)
def test_any_text_on_the_command_line_is_taken_or_refused(key: str, text: str):
    try:
        found = config.load(None, {key: text})
    except config.ConfigError as fault:
        assert key in str(fault)  # noqa: PT017  (either outcome is right)
    else:
        assert found.origins[key] == "command line"


def test_every_setting_passes_its_own_check_and_says_what_it_is():
    found = config.load()
    tables = {level: getattr(found.settings, level) for level in ("page", "copies", "stories", "facts")}
    for name, table in {**tables, "gather": found.gather, "run": found.run}.items():
        for key, metadata, held in typed.leaves(table, name):
            assert metadata.get("doc"), key
            said = list(held) if isinstance(held, (tuple, frozenset)) else held
            hint = typed.typing.get_type_hints(type(table)).get(key.split(".", 1)[1])
            if hint is not None and said is not None:
                assert typed.value(hint, said, key, "defaults", metadata) == held
