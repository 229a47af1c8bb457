"""What the commands share: their options, exit codes, and how an expected fault ends one: in a sentence."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click

from storage.tables import StoreError

OK, FAILED, USAGE, REJECTED = 0, 1, 2, 3
P = ParamSpec("P")


def plainly(command: Callable[P, int]) -> Callable[P, None]:
    """Run a command: an expected fault becomes one sentence and an exit code, never a traceback."""

    @wraps(command)
    def inner(*args: P.args, **kwargs: P.kwargs) -> None:
        from flows.config import ConfigError
        from flows.sources import SourceError

        try:
            code = command(*args, **kwargs)
        except (ConfigError, SourceError) as fault:
            click.echo(f"copydesk: {fault}", err=True)
            code = USAGE
        except StoreError as fault:
            click.echo(f"copydesk: {fault}", err=True)
            code = FAILED
        except BrokenPipeError:  # `copydesk show facts | head`: the reader has seen enough
            sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (until the process ends)
            code = FAILED
        except OSError as fault:
            click.echo(f"copydesk: {fault.strerror or fault}: {fault.filename or 'no file named'}", err=True)
            code = FAILED
        except KeyboardInterrupt:
            click.echo("copydesk: stopped; the next run takes up where this one was.", err=True)
            code = FAILED
        sys.exit(code)

    return inner


store_option = click.option(
    "--store", type=click.Path(path_type=Path, file_okay=False), default=Path("copydesk-store"), show_default=True,
    help="Folder of the stored and published tables.",
)  # fmt: skip
config_option = click.option(
    "--config", "config_path", type=click.Path(path_type=Path), default=None, help="TOML of outlets and settings."
)
set_option = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="One setting, e.g. --set facts.tie_s=900. Repeatable.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def pairs(overrides: tuple[str, ...]) -> dict[str, str]:
    """KEY=VALUE options as a mapping; flows.config checks keys and values."""
    from flows.config import ConfigError

    found = {}
    for text in overrides:
        key, sign, value = text.partition("=")
        if not sign:
            message = f"--set {text!r} has no '='; write --set KEY=VALUE, e.g. --set facts.tie_s=900."
            raise ConfigError(message)
        found[key.strip()] = value.strip()
    return found
