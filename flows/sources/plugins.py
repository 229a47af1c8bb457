"""Sources that installed packages bring, by the entry-point group `copydesk.sources`; one that fails is a reject."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from importlib.metadata import entry_points
from typing import Protocol, cast

from flows.config import Config, ConfigError
from flows.sources import Capture, Reject, Source, SourceError, Visit

GROUP = "copydesk.sources"


class Factory(Protocol):
    """What an entry point names: a class or function that makes a `flows.sources.Source`."""

    def __call__(self, options: Mapping[str, object], *, config: Config, clock: Callable[[], datetime]) -> Source:
        """Make a source.

        Args:
            options: The keys of the [[source]] table but `kind`.
            config: Outlets and settings in force.
            clock: When a capture is taken.

        Raises:
            ConfigError: An option that is missing, unknown or of a wrong type, in one sentence.
        """
        ...


def load(config: Config, clock: Callable[[], datetime]) -> list[tuple[str, Source]]:
    """The configured sources of installed packages, ready to be read, with their kinds.

    Raises:
        ConfigError: No installed package brings a kind; the nearest one is named.
    """
    installed = {one.name: one for one in entry_points(group=GROUP)}
    found = []
    for source in config.sources:
        if source.kind not in installed:
            near = difflib.get_close_matches(source.kind, installed, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"installed: {', '.join(sorted(installed)) or 'none'}"
            message = f"[[source]] kind = {source.kind!r}: no installed package brings it ({GROUP}); {hint}"
            raise ConfigError(message)
        factory = cast("Factory", installed[source.kind].load())
        found.append((source.kind, factory(source.options, config=config, clock=clock)))
    return found


def captures(config: Config, clock: Callable[[], datetime]) -> Iterator[Capture | Reject | Visit]:
    """What the configured sources of installed packages bring, one source after the other.

    A source that breaks off, or gives something else than captures, is a reject (source_failed): what it had given
    stays, and the others go on.
    """
    for kind, source in load(config, clock):
        try:
            for one in cast("Iterator[object]", source.captures()):  # nothing has checked what it gives
                if not isinstance(one, Capture | Reject | Visit):
                    message = f"gave a {type(one).__name__}, expected a Capture, a Reject or a Visit"
                    raise TypeError(message)
                yield one
        except SourceError:
            raise
        except Exception as fault:  # noqa: BLE001  (foreign code: whatever it raises must not end the run)
            said = f"{type(fault).__name__}: {fault}"
            reason = f"source {kind} broke off ({said[:200]}); what it gave before stays; ask the package's makers"
            yield Reject(f"source:{kind}", None, "source_failed", reason)
