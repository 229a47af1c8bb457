"""A TOML table -> a frozen dataclass, each value checked against the field's type, unit and range.

A fault is one sentence that names the file, the key, the value seen and what to write instead.
"""

import dataclasses
import math
import tomllib
import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
_COUNTED = {"bytes", "characters", "count", "days", "hours", "milliseconds", "minutes", "seconds", "words"}
_WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "text in quotes", type(None): "nothing"}


class ConfigError(Exception):
    """The configuration cannot be used: file, key, value seen, what to write instead (exit code 2)."""


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML document.

    Raises:
        ConfigError: It cannot be read, or is not TOML; the message names the line.
    """
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        message = f"{path} does not exist; name a TOML file such as docs/desk.toml"
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror or error}); name a TOML file you may read"
    except UnicodeDecodeError as error:
        message = f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8"
    except tomllib.TOMLDecodeError as error:
        message = f"{path} is not TOML: {error}"
    raise ConfigError(message)


def refuse_unknown(names: Iterable[str], known: Sequence[str], table: str, where: str) -> None:
    """Nothing, where every name is known.

    Raises:
        ConfigError: One is not; the nearest known one is named.
    """
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = f"did you mean {near}?" if near else f"known here: {', '.join(known) or 'none'}"
            place = f"key {name} in [{table}]" if table else f"table or key {name}"
            raise ConfigError(f"{where}: unknown {place}; {hint}")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that a misspelt one most likely means; None where nothing is near."""
    from rapidfuzz import fuzz, process  # needed for error messages only

    found = process.extractOne(word, sorted(known), scorer=fuzz.ratio, score_cutoff=50)
    return str(found[0]) if found else None


def fill(kind: type[T], table: object, name: str, where: str) -> T:
    """An instance of a dataclass from one TOML table; keys that are not given keep their defaults.

    Args:
        kind: A dataclass; a field may be bool, int, float, str, Literal, Path, a tuple of those, a mapping from text to
            those, a further dataclass, or one of them or None. `metadata` may hold unit, low and high (inclusive).
        table: What TOML gave.
        name: Dotted name of the table, for messages.
        where: The file, for messages.

    Raises:
        ConfigError: An unknown key, a wrong type, a value out of range, a required key that is missing.
    """
    if not isinstance(table, dict):
        raise ConfigError(f"{where}: {name} is {shown(table)}; expected a table, written [{name}]")
    fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]  # T is a dataclass
    refuse_unknown(table, list(fields), name, where)
    hints = typing.get_type_hints(kind)
    values = {
        key: value(hints[key], given, f"{name}.{key}", where, fields[key].metadata) for key, given in table.items()
    }
    missing = [
        key
        for key, field in fields.items()
        if key not in values and field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise ConfigError(f"{where}: [[{name}]] has no {' and no '.join(missing)}; write {missing[0]} = ...")
    try:
        return kind(**values)
    except ValueError as error:
        raise ConfigError(f"{where}: [{name}] {error}") from error


def value(hint: Any, given: object, key: str, where: str, metadata: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """A TOML value as the type a field declares.

    Raises:
        ConfigError: It is of another type or out of range.
    """
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return fill(hint, given, key, where)
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        return value(next(part for part in parts if part is not type(None)), given, key, where, metadata)
    if origin is typing.Literal:
        if given not in parts:
            raise ConfigError(f"{where}: {key} is {shown(given)}; expected one of {', '.join(map(str, parts))}")
        return given
    if origin in {tuple, frozenset, list}:
        if not isinstance(given, list):
            raise ConfigError(f"{where}: {key} is {shown(given)}; expected a list, written [{shown(given)}]")
        return origin(value(parts[0], one, key, where, metadata) for one in given)
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(given, dict):
            raise ConfigError(f"{where}: {key} is {shown(given)}; expected a table, written [{key}]")
        return {name: value(parts[1], one, f"{key}.{name}", where, metadata) for name, one in given.items()}
    return _plain(hint, given, key, where, metadata)


def _plain(hint: Any, given: object, key: str, where: str, metadata: Mapping[str, Any]) -> Any:  # noqa: ANN401
    unit = str(metadata.get("unit") or "")
    if hint is float and isinstance(given, int) and not isinstance(given, bool):
        given = float(given)
    if hint is Path and isinstance(given, str):
        return Path(given)
    if type(given) is not hint:
        word = _WORDS.get(hint, hint.__name__) + (f" ({unit})" if unit and hint in {int, float} else "")
        raise ConfigError(f"{where}: {key} is {shown(given)}; expected {word}")
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        _in_range(given, key, where, metadata)
    return given


def _in_range(given: float, key: str, where: str, metadata: Mapping[str, Any]) -> None:
    unit = str(metadata.get("unit") or "")
    low, high = metadata.get("low"), metadata.get("high")
    share = unit == "share" or "0..1" in unit
    low = (0 if share or unit in _COUNTED else None) if low is None else low
    high = (1 if share else None) if high is None else high
    if not math.isfinite(given) or (low is not None and given < low) or (high is not None and given > high):
        bounds = [f"{limit:g} or {word}" for limit, word in ((low, "more"), (high, "less")) if limit is not None]
        raise ConfigError(f"{where}: {key} is {given}; expected {' and '.join(bounds) or 'a finite number'}")


def parse(text: str) -> object:
    """A value typed on the command line: TOML where it is TOML (14, true, ["a"]), else the text itself."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def leaves(settings: object, table: str) -> Iterator[tuple[str, Mapping[str, Any], object]]:
    """(dotted key, metadata, value) of every field of a dataclass, further dataclasses unfolded."""
    for field in dataclasses.fields(settings):  # type: ignore[arg-type]  # a dataclass instance
        held = getattr(settings, field.name)
        if dataclasses.is_dataclass(held):
            yield from leaves(held, f"{table}.{field.name}")
        else:
            yield f"{table}.{field.name}", field.metadata, held


def shown(held: object) -> str:
    """A value as it would be written in TOML, shortened."""
    if isinstance(held, bool):
        return "true" if held else "false"
    if isinstance(held, str):
        return f'"{held}"' if len(held) <= 60 else f'"{held[:57]}..."'
    if isinstance(held, (list, tuple, frozenset)):
        return "[" + ", ".join(map(shown, sorted(held) if isinstance(held, frozenset) else held)) + "]"
    if isinstance(held, dict):
        return "{" + ", ".join(f"{key} = {shown(one)}" for key, one in held.items()) + "}"
    return "" if held is None else str(held)
