"""How a run speaks to a person: bars on a terminal, plain lines when piped. Always on stderr; results are on stdout."""

import contextlib
import sys
from collections.abc import Iterator

import click

from flows.job import Voice


@contextlib.contextmanager
def voice(*, verbose: bool) -> Iterator[Voice]:
    """A voice for a run, for as long as the run lasts.

    On a terminal every step that takes a while shows a bar. Piped, a line is printed when a step begins (with
    `verbose`, whenever it reports).
    """
    if not sys.stderr.isatty():
        yield Voice(line=_say, progress=_lines(verbose=verbose))
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:8}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, transient=not verbose, redirect_stdout=False) as bars:
        tasks = {}

        def show(step: str, done: int, total: int | None) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        yield Voice(line=bars.console.print, progress=show)


def _say(line: str) -> None:
    click.echo(f"copydesk: {line}", err=True)


def _lines(*, verbose: bool) -> "_Lines":
    return _Lines(verbose=verbose)


class _Lines:
    """One line when a step begins; with `verbose`, one for every report after it."""

    def __init__(self, *, verbose: bool) -> None:
        self.verbose = verbose
        self.step = ""

    def __call__(self, step: str, done: int, total: int | None) -> None:
        if step != self.step:
            _say(step)
        elif self.verbose:
            _say(f"{step}: {done:,}" + (f" of {total:,}" if total is not None else ""))
        self.step = step
