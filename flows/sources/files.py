"""Articles from files: folders of text and HTML, wire messages, deliveries with one article a row, web archives."""

import gzip
import os
import stat
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flows.config import Config, ConfigError, Outlet, by_name, read_outlets
from flows.sources import Capture, Reject, SourceError, Tell, Waiting, capture_id, log
from flows.sources.deliveries import read_jsonl, read_parquet
from flows.sources.rows import Delivery
from flows.typed import nearest

_PAGES = {".txt": "text/plain", ".html": "text/html", ".htm": "text/html", ".xhtml": "text/html"}
_ROWS = {".jsonl": read_jsonl, ".ndjson": read_jsonl, ".parquet": read_parquet}
_MESSAGES = {".xml": "xml", ".nitf": "xml", ".newsml": "xml", ".json": "json"}
_OUTLETS = "outlets.toml"

_ARCHIVES = {".warc"}
_KINDS = (*_PAGES, *_ROWS, *_MESSAGES, *_ARCHIVES)
Taken = Capture | Reject | Waiting


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read: its locator, the outlet its place names (None: its rows do), the outlets known there by name.

    `claimed` says that a `files` glob names the outlet: then what the file itself says of its sender does not matter.
    `walked` says that it merely lies in a folder that was given: XML or JSON of another kind there is nobody's article.
    """

    locator: str
    outlet: str | None
    path: Path
    names: Mapping[str, Outlet]
    claimed: bool = False
    walked: bool = False


@dataclass(frozen=True, slots=True)
class Files:
    """The files under some paths as a `flows.sources.Source`."""

    paths: Sequence[Path]
    config: Config
    clock: Callable[[], datetime]
    notice: Tell = log

    def captures(self) -> Iterator[Taken]:
        """See `read`."""
        return read(self.paths, config=self.config, clock=self.clock, notice=self.notice)


def read(
    paths: Sequence[Path], *, config: Config, clock: Callable[[], datetime], notice: Tell = log
) -> Iterator[Taken]:
    """Every article under the paths, in the order of the paths, and within a folder in that of the file names.

    A folder gives its .txt, .html, .htm files (one article each), its .jsonl, .ndjson, .parquet files (one article a
    row), its .xml and .json files (wire messages, see `flows.sources.wire`, or what other extractors made of a page,
    see `flows.sources.extractors`) and its .warc files (web archives, see `flows.sources.archives`); each may be
    compressed (.gz, Parquet aside). The outlet of a file is the one whose `files` globs name it (in the folder's
    ``outlets.toml`` or the configuration), else, for a wire message, the sender it names, else the sub-folder's name,
    else the file's stem; aliases turn into names. A file or row that is met twice is taken once.

    Args:
        paths: Files and folders.
        config: Known outlets and the limits of [gather].
        clock: Asked once: all captures of one call were taken at the same time.
        notice: Told what was read only in part: files of other kinds, unknown columns, dates that are none.

    Yields:
        Captures, and rejects for what cannot be read. Memory: one file, line or batch of rows at a time, and 200 bytes
        an article for the identities already met.

    Raises:
        SourceError: A path does not exist. Raised by the call itself, before the first capture.
        ConfigError: A folder's ``outlets.toml`` cannot be used.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise SourceError(f"{path} does not exist; name a file or folder of articles")
    found, rejects = _find(paths, config, notice)
    return _once(_read_all(found, rejects, config, clock(), notice))


def configured(*, config: Config, clock: Callable[[], datetime], notice: Tell = log) -> Iterator[Taken]:
    """The files that the configuration's own outlets name by their `files` globs.

    Raises:
        ConfigError: Two outlets name one file.
    """
    root = config.root or Path()
    claimed, names = _claims(root, config.outlets, notice), by_name(config.outlets)
    found = [
        Found(_locator(path, root), claimed[path], path, names, claimed=True)
        for path in sorted(claimed, key=lambda path: _locator(path, root))
    ]
    return _once(_read_all(found, [], config, clock(), notice))


def _find(paths: Sequence[Path], config: Config, notice: Tell) -> tuple[list[Found], list[Reject]]:
    """The files to read, each once, and rejects for folders that cannot be listed."""
    found: list[Found] = []
    rejects: list[Reject] = []
    met: set[Path] = set()
    everywhere = _claims(config.root, config.outlets, lambda _: None) if config.root else {}
    for path in paths:
        folder = path if path.is_dir() else path.parent
        local = folder / _OUTLETS
        outlets = read_outlets(local) if local.is_file() else ()
        claims = {**everywhere, **_claims(folder, outlets, notice if path.is_dir() else lambda _: None)}
        names = by_name((*config.outlets, *outlets))
        files, refused = _walk(path, notice) if path.is_dir() else ([path], [])
        rejects += refused
        for file in files:
            real = file.resolve()
            if real not in met:
                met.add(real)
                outlet = claims.get(real) or _place(file, path)
                known = names.get(outlet.casefold()) if outlet else None
                name = known.name if known else outlet
                claimed = real in claims
                found.append(Found(_locator(file, folder), name, file, names, claimed, walked=path.is_dir()))
    return found, rejects


def _walk(root: Path, notice: Tell) -> tuple[list[Path], list[Reject]]:
    """Readable kinds of files under a folder in the order of their locators; the others are counted in one notice."""
    rejects: list[Reject] = []
    files: list[Path] = []
    others: list[str] = []

    def refused(error: OSError) -> None:
        where = _locator(Path(error.filename), root)
        rejects.append(
            Reject(where, None, "unreadable", f"{where} cannot be listed ({error.strerror}); allow reading it")
        )

    for folder, below, names in os.walk(root, onerror=refused):
        linked = [name for name in below if Path(folder, name).is_symlink()]
        below[:] = [name for name in below if not name.startswith(".") and name not in linked]
        others += [_locator(Path(folder, name), root) for name in linked]
        for name in names:
            path = Path(folder, name)
            if _kind(path) and not name.startswith("."):
                files.append(path)
            elif path != root / _OUTLETS:
                others.append(_locator(path, root))
    if others:
        sample = ", ".join(sorted(others)[:3]) + (", ..." if len(others) > 3 else "")
        notice(f"{root.name or root}: {len(others)} other file(s) not read: {sample}")
    if not files:
        notice(f"{root.name or root}: no article in it; expected files such as {', '.join(_KINDS)}")
    return sorted(files, key=lambda path: _locator(path, root)), sorted(rejects, key=lambda one: one.source)


def _kind(path: Path) -> str | None:
    """The ending that says how a file is read, without .gz; None where it is of no kind we read."""
    ending = path.suffix.lower()
    if ending == ".gz":
        ending = Path(path.stem).suffix.lower()
        return ending if ending in _KINDS and ending != ".parquet" else None
    return ending if ending in _KINDS else None


def _place(file: Path, given: Path) -> str | None:
    """What the place of a file says about its outlet: its sub-folder, else its stem; None for a delivery of rows."""
    inside = file.relative_to(given).parts if given.is_dir() else ()
    if len(inside) > 1:
        return _sound(inside[0])
    if _kind(file) in _ROWS or _kind(file) in _ARCHIVES:
        return None
    if _kind(file) in _MESSAGES:  # where a message names no sender: the folder it was dropped in
        return _sound(file.resolve().parent.name) or None
    return _sound(Path(file.stem).stem if file.suffix.lower() == ".gz" else file.stem)


def _claims(root: Path | None, outlets: Iterable[Outlet], notice: Tell) -> dict[Path, str]:
    """Resolved path -> outlet, for the files that `files` globs name."""
    claims: dict[Path, str] = {}
    root = root or Path()
    for outlet in outlets:
        for pattern in outlet.files:
            try:
                matched = [path.resolve() for path in root.glob(pattern) if path.is_file()]
            except (ValueError, NotImplementedError) as error:  # an empty or an absolute pattern
                raise ConfigError(
                    f"outlet {outlet.name}: files has {pattern!r} ({error}); write a glob such as x/*.txt"
                ) from error
            if not matched:
                notice(f"outlet {outlet.name}: files has {pattern!r}, which names no file in {root}")
            for path in matched:
                other = claims.setdefault(path, outlet.name)
                if other != outlet.name:
                    raise ConfigError(
                        f"{path.name} belongs to both {other} and {outlet.name}; make their files globs differ"
                    )
    return claims


def _read_all(
    found: Sequence[Found], rejects: Sequence[Reject], config: Config, now: datetime, notice: Tell
) -> Iterator[Taken]:
    yield from rejects
    foreign: list[str] = []
    for one in found:
        kind = _kind(one.path)
        taken: Iterable[Taken]
        if kind is None:
            kinds = ", ".join(_KINDS)
            taken = [
                Reject(one.locator, None, "unreadable", f"{one.locator} is of no kind that is read; expected {kinds}")
            ]
        elif kind in _ROWS:
            delivery = Delivery(one.path, one.locator, one.outlet, one.names, now, config.gather.max_file_bytes, notice)
            taken = _ROWS[kind](delivery)
        elif kind in _ARCHIVES:
            taken = _archive(one, config, now, notice)
        elif kind in _MESSAGES:
            taken = _message(one, _MESSAGES[kind], config, now, notice)
        else:
            taken = [_page(one, _PAGES[kind], config.gather.max_file_bytes, now)]
        for item in taken:
            stray = isinstance(item, Reject) and (item.outcome, item.source) == ("foreign_format", one.locator)
            if isinstance(item, Reject) and stray and one.walked and not one.claimed:
                foreign.append(item.reason)
            else:
                yield _named(item, one.names, config) if isinstance(item, Capture) else item
    if foreign:
        more = f"; and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        notice(f"{len(foreign)} XML or JSON file(s) of another kind not read: {foreign[0]}{more}")


def _archive(one: Found, config: Config, now: datetime, notice: Tell) -> Iterable[Taken]:
    from flows.sources import archives  # FastWARC, only where there is an archive

    outlets = list({outlet.name: outlet for outlet in one.names.values()}.values())
    return archives.read(one.path, one.locator, archives.Wanted.of(config), outlets, now, notice)


def _message(one: Found, form: str, config: Config, now: datetime, notice: Tell) -> Iterable[Taken]:
    from flows.sources import wire  # lxml, only where there is a message

    content = _content(one, config.gather.max_file_bytes)
    if isinstance(content, Reject) and content.outcome not in ("empty", "unreadable"):
        return [content]
    written = datetime.fromtimestamp(one.path.stat().st_mtime, tz=UTC) if one.path.exists() else now
    settled = (now - written).total_seconds() >= config.gather.settle_s
    if isinstance(content, Reject):  # empty, or a .gz without its end: perhaps the transfer has only begun
        return [content if settled else Waiting(one.locator, content.reason)]
    limit = config.gather.max_file_bytes
    drop = wire.Drop(one.path, one.locator, one.outlet, one.claimed, one.names, now, limit, settled, notice)
    return wire.captures(content, form, drop)


def _page(one: Found, media_type: str, limit: int, now: datetime) -> Capture | Reject:
    """A text or HTML file as it is."""
    content = _content(one, limit)
    if isinstance(content, Reject):
        return content
    outlet = one.outlet or one.path.stem
    return Capture(
        capture_id(outlet, None, None, one.locator, content), "files", one.locator, outlet, now, media_type, content
    )


def _content(one: Found, limit: int) -> bytes | Reject:
    """The bytes of a file, a .gz unpacked; bounded while it is read."""

    def refuse(outcome: str, reason: str) -> Reject:
        return Reject(one.locator, None, outcome, f"{one.locator} {reason}")

    too_large = f"has more than {limit:,} bytes (gather.max_file_bytes); split it or raise the limit"
    try:
        about = one.path.stat()
        if not stat.S_ISREG(about.st_mode):
            return refuse("unreadable", "is not a regular file; expected a text or HTML file")
        if about.st_size > limit:
            return refuse("too_large", too_large)
        with gzip.open(one.path) if one.path.suffix.lower() == ".gz" else one.path.open("rb") as file:
            content = file.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        return refuse(
            "unreadable", f"cannot be read ({getattr(error, 'strerror', None) or error}); check it and its rights"
        )
    if len(content) > limit:
        return refuse("too_large", too_large)
    return content or refuse("empty", "is empty; expected the text or HTML of an article")


def _named(capture: Capture, names: Mapping[str, Outlet], config: Config) -> Capture | Reject:
    """The capture where its outlet is known or need not be."""
    if not config.gather.known_outlets or capture.outlet.casefold() in names:
        return capture
    near = nearest(capture.outlet, sorted({outlet.name for outlet in names.values()}))
    hint = f"did you mean {near}?" if near else "add an [[outlet]], or set gather.known_outlets = false"
    reason = f"{capture.locator} is of outlet {capture.outlet!r}, which the configuration does not name; {hint}"
    return Reject(capture.locator, capture.url, "unknown_outlet", reason)


def _once(items: Iterator[Taken]) -> Iterator[Taken]:
    """Each capture once: the same outlet, URL or id, and bytes are the same capture wherever they lie.

    Wires send an item again, and crawlers fetch a page again, as a matter of course; in any other delivery an article
    that comes twice is a fault.
    """
    met: dict[str, str] = {}
    for item in items:
        if not isinstance(item, Capture):
            yield item
        elif item.capture_id not in met:
            met[item.capture_id] = item.locator
            yield item
        elif item.source not in ("wire", "warc") and (item.external_id is not None or item.url is not None):
            first = met[item.capture_id]
            reason = f"{item.locator} has the outlet, address and text of {first}; deliver an article once"
            yield Reject(item.locator, item.url, "duplicate", reason)


def _locator(path: Path, root: Path) -> str:
    """Where a file lies under a folder, the same on every machine: forward slashes, composed characters (NFC)."""
    return _sound(path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name)


def _sound(name: str) -> str:
    """A file name as text that every table can hold."""
    return unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "backslashreplace"))
