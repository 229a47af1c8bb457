"""The command line: parse, call stages, print. Exit codes: 0 ok, 1 failed, 2 usage, 3 finished with rejected items."""

import dataclasses
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows import asking
from flows.options import (
    FAILED,
    OK,
    REJECTED,
    config_option,
    json_option,
    pairs,
    plainly,
    set_option,
    store_option,
)

if TYPE_CHECKING:  # `copydesk --help` need not wait for polars
    from flows.job import Job

STEPS = ("gather", "clean", "mark", "sketch", "pair", "verify", "copies", "stories", "facts", "publish")
_until = click.option(
    "--until", "until_step", type=click.Choice(STEPS), default="publish", help="Stop after this step."
)
_dry = click.option("--dry-run", is_flag=True, help="Read the input and say what would be done; write nothing.")
_verbose = click.option("-v", "--verbose", is_flag=True, help="Say what every step did.")
_paths = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="copydesk")
def main() -> None:
    """Compare what news outlets publish: who copied whom, and which facts each outlet reports alone."""


for _command in (asking.show, asking.explain, asking.judge):
    main.add_command(_command)


@main.command()
@_paths
@store_option
@config_option
@set_option
@_until
@json_option
@_dry
@click.option("--reclean", is_flag=True, help="Clean all stored captures anew; without PATHS nothing is fetched.")
@_verbose
@plainly
def run(
    paths: tuple[Path, ...], store: Path, config_path: Path | None, overrides: tuple[str, ...], until_step: str,
    as_json: bool, dry_run: bool, reclean: bool, verbose: bool,
) -> int:  # fmt: skip
    """Take articles in, compare them, publish the tables, print what each outlet alone reports.

    PATHS are folders of .txt and .html files, .jsonl and .parquet files of articles, wire messages (.xml, .json), web
    archives (.warc) or lists of addresses to fetch (.urls); all but Parquet may be packed (.gz). With --config and no
    path, the configured outlets are fetched.
    """
    asked = _job(paths, store, config_path, overrides, reclean=reclean)
    return _dry_run(asked, as_json) if dry_run else _run(asked, until_step, as_json=as_json, verbose=verbose)


@main.command()
@_paths
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First UTC day, YYYY-MM-DD.")
@click.option(
    "--until", "until_day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Last UTC day, YYYY-MM-DD."
)
@store_option
@config_option
@set_option
@json_option
@_dry
@_verbose
@plainly
def backfill(
    paths: tuple[Path, ...], since: datetime, until_day: datetime, store: Path, config_path: Path | None,
    overrides: tuple[str, ...], as_json: bool, dry_run: bool, verbose: bool,
) -> int:  # fmt: skip
    """Take in the articles published from --since to --until, day by day; a stopped backfill goes on where it was."""
    asked = _job(paths, store, config_path, overrides, (since.date(), until_day.date()))
    return _dry_run(asked, as_json) if dry_run else _run(asked, "publish", as_json=as_json, verbose=verbose)


@main.command()
@store_option
@config_option
@set_option
@json_option
@_verbose
@plainly
def gather(store: Path, config_path: Path | None, overrides: tuple[str, ...], as_json: bool, verbose: bool) -> int:
    """Fetch what is new from the configured outlets and sources and store it, for a later run to clean and compare."""
    return _run(_job((), store, config_path, overrides), "gather", as_json=as_json, verbose=verbose)


@main.group()
def sources() -> None:
    """Check the configured feeds and sitemaps, and find those of a site."""


@sources.command()
@click.option("--pages", default=3, show_default=True, help="Newest pages of each feed that are fetched and cleaned.")
@config_option
@set_option
@json_option
@plainly
def check(pages: int, config_path: Path | None, overrides: tuple[str, ...], as_json: bool) -> int:
    """Ask every configured feed and sitemap, and some of its pages; exit code 3 where one is at fault."""
    from flows.config import load
    from flows.show import as_json as dump
    from flows.sources import survey
    from storage.runs import system_clock

    found = survey.check(load(config_path, pairs(overrides)), clock=system_clock, version=_version(), pages=pages)
    if as_json:
        click.echo(dump([dataclasses.asdict(one) for one in found]))
    for one in () if as_json else found:
        click.echo(f"{'ok  ' if one.ok else 'FAIL'} {one.outlet}: {one.address}: {one.line()}")
    return OK if all(one.ok for one in found) else REJECTED


@sources.command()
@click.argument("url")
@click.option("--name", help="The outlet's name, where the site's own is not wanted.")
@config_option
@set_option
@json_option
@plainly
def add(url: str, name: str | None, config_path: Path | None, overrides: tuple[str, ...], as_json: bool) -> int:
    """Find the feeds and sitemaps of a site; with --config, write its entry to the end of that file, else print it."""
    from flows.config import by_name, load
    from flows.show import as_json as dump
    from flows.sources import discovery

    known = config_path is not None and config_path.exists()
    config = load(config_path if known else None, pairs(overrides))
    try:
        outlet, lines = discovery.find(url, config, version=_version())
    except LookupError as fault:
        click.echo(f"copydesk: {fault}", err=True)
        return FAILED
    outlet = dataclasses.replace(outlet, name=name or outlet.name)
    for line in lines:
        click.echo(line, err=True)
    named = by_name(config.outlets).get(outlet.name.casefold())
    if named or any(set(outlet.domains) & set(one.domains) for one in config.outlets):
        click.echo(
            f"copydesk: {config_path} has {outlet.name} ({outlet.domains[0]}) already; nothing written.", err=True
        )
        return FAILED
    text = discovery.entry(outlet)
    if config_path:
        before = config_path.read_text(encoding="utf-8") if known else ""
        config_path.write_text(before + ("\n" if before else "") + text, encoding="utf-8")
    click.echo(dump(dataclasses.asdict(outlet)) if as_json else text.rstrip())
    return OK


def _version() -> str:
    """For the User-Agent."""
    from flows.sources.web import version

    return version()


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write JSON lines to this file.")
@config_option
@set_option
@json_option
@plainly
def clean(paths: tuple[Path, ...], output: Path | None, config_path: Path | None, overrides: tuple[str, ...],
          as_json: bool) -> int:  # fmt: skip
    """Clean pages without a store: one JSON object a file. Without --json or -o, print title and text."""
    from flows import job
    from flows.show import as_json as dump

    code = OK
    with click.open_file(str(output) if output else "-", "w", encoding="utf-8") as out:
        for found in job.cleaned(_job(paths, Path(), config_path, overrides)):
            if "outcome" in found:
                click.echo(f"copydesk: {found['path']}: {found['reason']}", err=True)
                code = REJECTED
            if as_json or output:
                out.write(dump(found, line=True) + "\n")
            elif "outcome" not in found:
                out.write(f"{found['title'] or found['path']}\n\n{found['text']}\n\n")
    return code


@main.command()
@config_option
@set_option
@json_option
@plainly
def config(config_path: Path | None, overrides: tuple[str, ...], as_json: bool) -> int:
    """Print the settings in force and where each value comes from."""
    import polars as pl

    from flows import config as configuration
    from flows.show import as_json as dump
    from flows.terminal import print_rows

    rows = configuration.explain(configuration.load(config_path, pairs(overrides)))
    if as_json:
        click.echo(dump([dataclasses.asdict(row) for row in rows]))
    else:
        print_rows(pl.DataFrame(rows), title="settings in force", empty="")
    return OK


@main.command()
@store_option
@json_option
@plainly
def doctor(store: Path, as_json: bool) -> int:
    """Check the installation, the store and its schema version."""
    from flows.doctor import checks
    from flows.show import as_json as dump

    found = list(checks(store))
    if as_json:
        click.echo(dump([one._asdict() for one in found]))
    else:
        for one in found:
            click.echo(f"{'ok  ' if one.ok else 'FAIL'} {one.name}: {one.said}")
    return OK if all(one.ok for one in found) else FAILED


@main.command()
@_paths
@click.option("--cron", required=True, help='When to run, e.g. "*/15 * * * *" (UTC).')
@click.option("--name", default="copydesk", show_default=True, help="Name of the deployment.")
@store_option
@config_option
@plainly
def serve(paths: tuple[Path, ...], cron: str, name: str, store: Path, config_path: Path | None) -> int:
    """Run on a schedule: serves a Prefect deployment from this process until it is stopped."""
    from flows.scheduled import serve as serve_deployment

    serve_deployment(paths=paths, store=store, config_path=config_path, cron=cron, name=name)
    return OK


def _job(paths: tuple[Path, ...], store: Path, config_path: Path | None, overrides: tuple[str, ...],
         days: tuple[date, date] | None = None, *, reclean: bool = False) -> "Job":  # fmt: skip
    from flows.job import Job

    return Job(paths, store, config_path, tuple(pairs(overrides).items()), days, reclean)


def _run(asked: "Job", until: str, *, as_json: bool, verbose: bool) -> int:
    """Run the job and print what it came to."""
    from flows import job, terminal
    from flows import show as views
    from flows.progress import voice

    with voice(verbose=verbose) as speaking:
        manifest = job.run(asked, until=until, voice=speaking)
    rejected = terminal.rejected(manifest)
    if until != "publish":
        click.echo(views.as_json(manifest) if as_json else f"Stopped after {until}, as asked; nothing was published.")
    elif as_json:
        click.echo(views.as_json(views.result(asked.store, manifest)))
    else:
        terminal.print_result(views.result(asked.store, manifest))
    return REJECTED if rejected else OK


def _dry_run(asked: "Job", as_json: bool) -> int:
    """Say what a run would do."""
    from flows import job
    from flows.show import as_json as dump

    found = job.dry_run(asked)
    if as_json:
        click.echo(dump(found))
    elif found["would_fetch"]:
        for outlet, feeds in found["would_fetch"].items():
            click.echo(f"would fetch {outlet}: {', '.join(feeds)}")
    else:
        for one in found["rejected"]:
            click.echo(f"would reject {one['source']}: {one['reason']}")
        click.echo(
            f"{found['new']:,} new, {found['known']:,} known, {len(found['rejected']):,} rejected; nothing was written."
        )
    return REJECTED if found["rejected"] else OK


if __name__ == "__main__":
    main()
