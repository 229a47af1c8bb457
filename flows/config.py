"""One TOML file -> outlets and settings, each value with where it came from. An unknown key is an error, not a shrug.

The tables [clean], [page], [copies], [stories] and [facts] are the dataclasses of `dedupe.settings`; [gather] and
[run] are below; [[outlet]] is one publisher, [[source]] a source of an
installed package. Types, units and ranges come from the dataclass fields, so a setting is
declared once.
"""

import dataclasses
import hashlib
import json
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from dedupe.settings import Settings
from flows.typed import ConfigError, fill, leaves, parse, read_toml, refuse_unknown, shown

__all__ = [
    "Config",
    "ConfigError",
    "Explained",
    "GatherSettings",
    "Outlet",
    "PluginSource",
    "RunSettings",
    "by_name",
    "explain",
    "load",
    "read_outlets",
]

T = TypeVar("T")
_LEVELS = tuple(field.name for field in dataclasses.fields(Settings))
_TABLES = (*_LEVELS, "gather", "run")


def _setting(
    default: T,
    doc: str,
    *,
    unit: str = "",
    source: str = "",
    low: float | None = None,
    high: float | None = None,
    result: bool = False,
) -> T:
    """A field of [gather] or [run]; `result` says that the value decides what the tables hold, so it is hashed."""
    metadata = {"doc": doc, "unit": unit, "source": source, "low": low, "high": high, "result": result}
    return dataclasses.field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Outlet:
    """A publisher we read: one [[outlet]] of the TOML.

    Attributes:
        name: The word for it in every table.
        owner: The company behind it; outlets of one owner are not independent of each other.
        aliases: Other names it goes by in deliveries and in attributions ("AP" for "Associated Press").
        domains: Hosts of its pages, without scheme; sub-domains belong to them.
        feeds: RSS or Atom addresses.
        sitemaps: Addresses of sitemaps or of indexes of sitemaps.
        text: Where its articles' text is taken from: "auto" is the feed where that carries the whole text, else the
            page; "page" and "feed" are always one of the two.
        wire: True for an agency whose text others print.
        files: Globs of its files, relative to the folder of the TOML file.
    """

    name: str
    owner: str | None = None
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    text: typing.Literal["auto", "page", "feed"] = "auto"
    wire: bool = False
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PluginSource:
    """A source that an installed package brings: one [[source]] of the TOML.

    Attributes:
        kind: Name of its entry point in the group `copydesk.sources`.
        options: The other keys of the table, for the package to judge.
    """

    kind: str
    options: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GatherSettings:
    """Step 1, gather: how files are read, and how politely and how far the web is asked."""

    contact: str = _setting("", "address or web page a publisher can write to; sent in the User-Agent")
    known_outlets: bool = _setting(False, "refuse input whose outlet no [[outlet]] names", result=True)
    max_file_bytes: int = _setting(
        20_000_000,
        "a larger text or HTML file, row or line is not read",
        unit="bytes",
        low=1,
        result=True,
        source="nine times the largest of 439 news pages (2.2 MB)",
    )
    settle_s: float = _setting(
        60.0,
        "an unfinished .xml or .json file that changed less than this ago waits for the next run; else a reject",
        unit="seconds",
        low=0,
        source="an FTP transfer that rests for a minute has broken off",
    )
    archive_hosts: tuple[str, ...] = _setting(
        (), "hosts whose pages are taken from web archives, sub-domains with them; empty: all", result=True
    )
    archive_since: date | None = _setting(  # noqa: RUF009 - it makes a field, as the others do
        None, "first UTC day taken from web archives, such as 2026-03-04; not set: no bound", result=True
    )
    archive_until: date | None = _setting(  # noqa: RUF009
        None, "last UTC day taken from web archives; not set: no bound", result=True
    )
    max_page_bytes: int = _setting(
        10_000_000, "a larger page or feed is refused, counted after decompression", unit="bytes", low=1, result=True
    )
    delay_s: float = _setting(
        1.0, "rest between two requests to one host; robots.txt may ask for more", unit="seconds", low=0, high=3600
    )
    max_crawl_delay_s: float = _setting(
        60.0, "a host whose robots.txt asks for a longer rest is left alone", unit="seconds", low=0
    )
    total_s: float = _setting(
        30.0, "a request may take this long in all, however slowly it drips", unit="seconds", low=0.05
    )
    hosts: int = _setting(16, "hosts asked at the same time; each one by one", unit="count", low=1, high=1000)
    redirects: int = _setting(
        5, "redirects followed for one URL", unit="count", low=0, high=20, source="RFC 9309, 2.3.1.2"
    )
    retries: int = _setting(
        2, "further tries after a refused connection, a broken answer, 429 or 5xx", unit="count", low=0, high=10
    )
    backoff_s: float = _setting(
        1.0, "rest before the first retry; doubled each time, with jitter", unit="seconds", low=0
    )
    max_retry_after_s: float = _setting(
        120.0, "a longer Retry-After is not waited for: the next run tries again", unit="seconds", low=0
    )
    host_failures: int = _setting(
        5, "failures in a row after which a host is left alone for this run", unit="count", low=1
    )
    max_entries: int = _setting(
        500, "pages taken from one feed; more are counted and left for later", unit="count", low=1, result=True
    )
    max_sitemaps: int = _setting(
        50, "sitemaps read of one index, the last changed first; more are counted", unit="count", low=0, result=True
    )
    sitemap_days: int = _setting(
        7, "pages of a sitemap that appeared or changed longer ago are counted and not fetched", unit="days", low=1,
        result=True,
    )  # fmt: skip
    full_text_chars: int = _setting(
        1_000, "a feed's text of at least so many characters, whole paragraphs to the end, is taken for the article",
        unit="characters", low=1, result=True,
    )  # fmt: skip
    tdm: typing.Literal["refuse", "record"] = _setting(
        "refuse", "pages whose rights are reserved against text and data mining (TDMRep): refuse, or take and record",
        source="W3C TDM Reservation Protocol, 2024", result=True,
    )  # fmt: skip
    allow_loopback: bool = _setting(False, "fetch from this machine too, for tests; other private addresses never")


@dataclass(frozen=True, slots=True)
class RunSettings:
    """How a run is carried out; nothing here changes a result."""

    workers: int = _setting(0, "processes for cleaning; 0: one for each core", unit="count", low=0, high=1024)
    keep_snapshots: int = _setting(3, "published snapshots kept", unit="count", low=1)


@dataclass(frozen=True, slots=True)
class Config:
    """Everything a run is told.

    Attributes:
        outlets: In the order of the file.
        sources: Of installed packages, in the order of the file.
        settings: The levels (`dedupe.settings`).
        gather: [gather].
        run: [run].
        origins: Dotted key -> "default", the file or "command line", for every key.
        settings_hash: 20 hex digits over all that decides results: the levels, the outlets, and what of [gather]
            keeps input out. The same on every machine; delays, workers and addresses of feeds are not in it.
        root: Folder of the TOML file; globs of `files` start here.
    """

    outlets: tuple[Outlet, ...] = ()
    sources: tuple[PluginSource, ...] = ()
    settings: Settings = dataclasses.field(default_factory=Settings)
    gather: GatherSettings = dataclasses.field(default_factory=GatherSettings)
    run: RunSettings = dataclasses.field(default_factory=RunSettings)
    origins: Mapping[str, str] = dataclasses.field(default_factory=dict)
    settings_hash: str = ""
    root: Path | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """A key in force: `copydesk config` prints one line each."""

    key: str
    value: str
    unit: str
    origin: str
    doc: str


def load(path: Path | None = None, overrides: Mapping[str, str] | None = None) -> Config:
    """The configuration in force: defaults, then the file, then `overrides`.

    Args:
        path: A TOML file; None: defaults only.
        overrides: Dotted key -> value as typed on the command line, such as ``{"copies.window_days": "14"}``.

    Raises:
        ConfigError: No such file, not TOML, an unknown key (the nearest one is named), a wrong type, a value out of
            range, two outlets of one name.
    """
    where = str(path) if path else "defaults"
    document = read_toml(path) if path else {}
    refuse_unknown(document, ["outlet", "source", *_TABLES], "", where)
    tables = {name: document.get(name, {}) for name in _TABLES}
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise ConfigError(f"{where}: {name} is {shown(table)}; expected a table, written [{name}]")
    hints = {**typing.get_type_hints(Settings), "gather": GatherSettings, "run": RunSettings}
    for name in _TABLES:  # the file's own faults first, under the file's name
        fill(hints[name], tables[name], name, where)
    origins = {key: where for name in _TABLES for key in _keys(tables[name], name)}
    for key, text in (overrides or {}).items():
        _override(tables, key, parse(text))
        origins[key] = "command line"
    filled = {name: fill(hints[name], tables[name], name, "command line") for name in _TABLES}
    settings = Settings(**{name: filled[name] for name in _LEVELS})
    outlets = _outlets(document.get("outlet", []), where)
    origins |= {f"outlet.{outlet.name}": where for outlet in outlets}
    for section in (*((name, filled[name]) for name in _TABLES),):
        for key, _, _ in leaves(section[1], section[0]):
            origins.setdefault(key, "default")
    gather, run = filled["gather"], filled["run"]
    sources = _sources(document.get("source", []), where)
    return Config(
        outlets, sources, settings, gather, run, origins, _hash(filled, outlets), path.parent if path else None
    )


def read_outlets(path: Path) -> tuple[Outlet, ...]:
    """The outlets of an ``outlets.toml`` that lies in a folder of articles; settings have no place there.

    Raises:
        ConfigError: As `load`; also for a settings table.
    """
    document = read_toml(path)
    refuse_unknown(document, ["outlet"], "", str(path))
    return _outlets(document.get("outlet", []), str(path))


def by_name(outlets: Sequence[Outlet]) -> dict[str, Outlet]:
    """Every name and alias, case folded -> its outlet."""
    return {word.casefold(): outlet for outlet in outlets for word in (outlet.name, *outlet.aliases)}


def explain(config: Config) -> list[Explained]:
    """Every key in force, with its value, unit, origin and meaning; outlets last."""
    tables = {**{name: getattr(config.settings, name) for name in _LEVELS}, "gather": config.gather, "run": config.run}
    rows = [
        Explained(
            key, shown(held), str(meta.get("unit") or ""), config.origins.get(key, "default"), str(meta.get("doc", ""))
        )
        for name, table in tables.items()
        for key, meta, held in leaves(table, name)
    ]
    for outlet in config.outlets:
        said = ((field, getattr(outlet, field.name)) for field in dataclasses.fields(outlet)[1:])
        text = ", ".join(f"{field.name} = {shown(held)}" for field, held in said if held != field.default)
        key = f"outlet.{outlet.name}"
        rows.append(Explained(key, text, "", config.origins.get(key, "default"), "a publisher we read"))
    where = str(config.root) if config.root else "default"
    rows += [
        Explained(f"source.{one.kind}", ", ".join(f"{name} = {shown(said)}" for name, said in one.options.items()), "",
                  where, "a source of an installed package")
        for one in config.sources
    ]  # fmt: skip
    return rows


def _keys(table: Mapping[str, object], name: str) -> list[str]:
    keys = []
    for key, held in table.items():
        keys += _keys(held, f"{name}.{key}") if isinstance(held, dict) else [f"{name}.{key}"]
    return keys


def _override(tables: dict[str, dict[str, object]], dotted: str, held: object) -> None:
    first, *middle, last = dotted.split(".") if "." in dotted else (dotted, "")
    refuse_unknown([first], _TABLES, "", "command line")
    if not last:
        raise ConfigError(f"command line: {dotted} names no key; write TABLE.KEY=VALUE, such as copies.window_days=14")
    table = tables[first] = dict(tables[first])
    for name in middle:
        inner = table.get(name, {})
        table[name] = dict(inner) if isinstance(inner, dict) else {}
        table = typing.cast("dict[str, object]", table[name])
    table[last] = held


def _outlets(tables: object, where: str) -> tuple[Outlet, ...]:
    if not isinstance(tables, list):
        raise ConfigError(f"{where}: outlet is written [outlet]; expected [[outlet]], once for each outlet")
    outlets = tuple(fill(Outlet, table, "outlet", where) for table in tables)
    seen: dict[str, str] = {}
    for outlet in outlets:
        if not outlet.name.strip():
            raise ConfigError(f"{where}: an [[outlet]] has an empty name; write name = ...")
        for word in {word.casefold(): word for word in (outlet.name, *outlet.aliases)}.values():
            other = seen.setdefault(word.casefold(), outlet.name)
            if other is not outlet.name:
                raise ConfigError(
                    f"{where}: {shown(word)} names both {other} and {outlet.name}; an outlet or alias is named once"
                )
        for address in (*outlet.feeds, *outlet.sitemaps):
            if urlsplit(address).scheme not in {"http", "https"} or not urlsplit(address).netloc:
                raise ConfigError(
                    f"{where}: outlet {outlet.name} has {shown(address)}; expected an http:// or https:// address"
                )
        for domain in outlet.domains:
            if not domain or "/" in domain or ":" in domain:
                raise ConfigError(
                    f"{where}: outlet {outlet.name} has domain {shown(domain)}; expected a host such as example.org"
                )
    return outlets


def _sources(tables: object, where: str) -> tuple[PluginSource, ...]:
    if not isinstance(tables, list):
        raise ConfigError(f"{where}: source is written [source]; expected [[source]], once for each source")
    for table in tables:
        if not isinstance(table.get("kind"), str):
            raise ConfigError(f"{where}: a [[source]] has no kind; write kind = the name an installed package gives it")
    return tuple(
        PluginSource(table["kind"], {key: said for key, said in table.items() if key != "kind"}) for table in tables
    )


def _hash(tables: Mapping[str, object], outlets: Sequence[Outlet]) -> str:
    decisive = {
        key: sorted(held) if isinstance(held, frozenset) else held
        for name, table in tables.items()
        for key, meta, held in leaves(table, name)
        if name in _LEVELS or meta.get("result")
    }
    people = sorted((o.name, o.owner, o.aliases, o.domains, o.wire, o.text) for o in outlets)
    said = json.dumps([decisive, people], sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.blake2b(said.encode(), digest_size=10).hexdigest()
