"""The command line: parse, call stages, print. Exit codes: 0 ok, 1 failed, 2 usage, 3 finished with rejected items."""

import dataclasses
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

import click

from storage.tables import StoreError

if TYPE_CHECKING:  # `copydesk --help` need not wait for polars
    from flows.job import Job

OK, FAILED, USAGE, REJECTED = 0, 1, 2, 3
STEPS = ("gather", "clean", "mark", "sketch", "pair", "verify", "copies", "stories", "facts", "publish")
VIEWS = ("stories", "facts", "unique", "omissions", "copies", "conflicts", "uncorrected", "notices", "rejects", "runs",
         "changes", "judgements", "residue", "layouts")  # fmt: skip
P = ParamSpec("P")


def _plainly(command: Callable[P, int]) -> Callable[P, None]:
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
        except OSError as fault:
            click.echo(f"copydesk: {fault.strerror or fault}: {fault.filename or 'no file named'}", err=True)
            code = FAILED
        except KeyboardInterrupt:
            click.echo("copydesk: stopped; the next run takes up where this one was.", err=True)
            code = FAILED
        sys.exit(code)

    return inner


_store = click.option(
    "--store", type=click.Path(path_type=Path, file_okay=False), default=Path("copydesk-store"), show_default=True,
    help="Folder of the stored and published tables.",
)  # fmt: skip
_config = click.option(
    "--config", "config_path", type=click.Path(path_type=Path), default=None, help="TOML of outlets and settings."
)
_set = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="One setting, e.g. --set facts.tie_s=900. Repeatable.",
)
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
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


@main.command()
@_paths
@_store
@_config
@_set
@_until
@_as_json
@_dry
@click.option("--reclean", is_flag=True, help="Clean all stored captures anew; without PATHS nothing is fetched.")
@_verbose
@_plainly
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
@_store
@_config
@_set
@_as_json
@_dry
@_verbose
@_plainly
def backfill(
    paths: tuple[Path, ...], since: datetime, until_day: datetime, store: Path, config_path: Path | None,
    overrides: tuple[str, ...], as_json: bool, dry_run: bool, verbose: bool,
) -> int:  # fmt: skip
    """Take in the articles published from --since to --until, day by day; a stopped backfill goes on where it was."""
    asked = _job(paths, store, config_path, overrides, (since.date(), until_day.date()))
    return _dry_run(asked, as_json) if dry_run else _run(asked, "publish", as_json=as_json, verbose=verbose)


@main.command()
@_store
@_config
@_set
@_as_json
@_verbose
@_plainly
def gather(store: Path, config_path: Path | None, overrides: tuple[str, ...], as_json: bool, verbose: bool) -> int:
    """Fetch what is new from the configured outlets and sources and store it, for a later run to clean and compare."""
    return _run(_job((), store, config_path, overrides), "gather", as_json=as_json, verbose=verbose)


@main.group()
def sources() -> None:
    """Check the configured feeds and sitemaps, and find those of a site."""


@sources.command()
@click.option("--pages", default=3, show_default=True, help="Newest pages of each feed that are fetched and cleaned.")
@_config
@_set
@_as_json
@_plainly
def check(pages: int, config_path: Path | None, overrides: tuple[str, ...], as_json: bool) -> int:
    """Ask every configured feed and sitemap, and some of its pages; exit code 3 where one is at fault."""
    from flows import show as views
    from flows.config import load
    from flows.sources import survey
    from storage.runs import system_clock

    found = survey.check(load(config_path, _pairs(overrides)), clock=system_clock, version=_version(), pages=pages)
    if as_json:
        click.echo(views.as_json([dataclasses.asdict(one) for one in found]))
    for one in () if as_json else found:
        click.echo(f"{'ok  ' if one.ok else 'FAIL'} {one.outlet}: {one.address}: {one.line()}")
    return OK if all(one.ok for one in found) else REJECTED


@sources.command()
@click.argument("url")
@click.option("--name", help="The outlet's name, where the site's own is not wanted.")
@_config
@_set
@_as_json
@_plainly
def add(url: str, name: str | None, config_path: Path | None, overrides: tuple[str, ...], as_json: bool) -> int:
    """Find the feeds and sitemaps of a site; with --config, write its entry to the end of that file, else print it."""
    from flows import show as views
    from flows.config import by_name, load
    from flows.sources import discovery

    known = config_path is not None and config_path.exists()
    config = load(config_path if known else None, _pairs(overrides))
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
    click.echo(views.as_json(dataclasses.asdict(outlet)) if as_json else text.rstrip())
    return OK


def _version() -> str:
    """For the User-Agent."""
    from flows.sources.web import version

    return version()


@main.command()
@click.argument("view", type=click.Choice(("story", *VIEWS)))
@click.argument("wanted", metavar="[ID]", required=False)
@click.option("--outlet", help="Only this outlet.")
@click.option("--story", help="Only this story: its id or the beginning of it.")
@_store
@_as_json
@_plainly
def show(view: str, wanted: str | None, outlet: str | None, story: str | None, store: Path, as_json: bool) -> int:
    """Print a published table, one story, or what the store keeps beside them.

    story ID: which fact stands in which outlet, as a matrix; stories, facts, unique, copies, conflicts, rejects, runs;
    omissions: facts of two origins that an outlet of the story left out; uncorrected: copies that still carry what
    their wire withdrew or corrected; notices: what wires said of their items; changes: groups that merged, split or got
    another origin; judgements: what people said; residue: lines that stand on several
    pages of an outlet, and which of them are cut; layouts: outlets whose pages suddenly look different.
    """
    from flows import show as views

    if view == "story":
        from flows import matrix

        if wanted is None:
            raise click.UsageError("show story needs the story's id: `copydesk show stories` lists them.")
        found = matrix.story(store, wanted)
        click.echo(views.as_json(found) if as_json else "\n".join(matrix.lines(found, views.width())))
        return OK
    if wanted is not None:
        raise click.UsageError(f"`show {view}` takes no id; choose by --outlet or --story.")
    rows = views.rows(store, view, outlet=outlet, story=story)
    if as_json:
        click.echo(views.as_json(rows.to_dicts()))
    else:
        views.print_rows(rows, title=f"{view} ({rows.height:,})", empty=f"No {view}.")
    return OK


@main.command()
@click.argument("ids", nargs=-1, required=True)
@_store
@_config
@_set
@_as_json
@_plainly
def explain(
    ids: tuple[str, ...], store: Path, config_path: Path | None, overrides: tuple[str, ...], as_json: bool
) -> int:
    """Say why: ARTICLE_A ARTICLE_B (are they copies?) or FACT_ID (who carries it, in which words?)."""
    from flows import explain as why
    from flows.config import load

    if len(ids) > 2:
        click.echo(f"copydesk: {len(ids)} ids were given; give two article ids or one fact id.", err=True)
        return USAGE
    if len(ids) == 1:
        found = why.fact(store, ids[0])
    else:
        found = why.articles(store, ids[0], ids[1], load(config_path, _pairs(overrides)).settings.copies)
    if as_json:
        from flows.show import as_json as dump

        click.echo(dump(found))
    else:
        why.print_found(found)
    return OK


@main.command()
@click.argument("left")
@click.argument("right")
@click.argument("word", type=click.Choice(["same", "different", "undo"]))
@click.option("--by", help="Who says so.")
@click.option("--why", help="For what reason.")
@click.option("--when", type=click.DateTime(), help="When it was said, UTC; else now. The latest word on a pair holds.")
@click.option("--story", "stories", is_flag=True, help="Of two articles: are they on one event (not: of one origin)?")
@_store
@_as_json
@_plainly
def judge(
    left: str, right: str, word: str, by: str | None, why: str | None, when: datetime | None, stories: bool,
    store: Path, as_json: bool,
) -> int:  # fmt: skip
    """Say that two articles have one origin, or that two mentions are one fact, or that they do not; or withdraw it.

    LEFT and RIGHT are ids of two articles or of two mentions, or the beginnings of them. The word is kept for ever and
    beats any score: the next run obeys it. `copydesk show judgements` lists them all.
    """
    from flows import judge as words
    from flows.show import as_json as dump
    from storage.runs import system_clock

    at = when.replace(tzinfo=UTC) if when else system_clock()
    kept = words.judge(store, left, right, word, at=at, by=by, why=why, stories=stories)
    if as_json:
        click.echo(dump(kept))
    else:
        later = "" if kept["holds"] else "; a later word on the pair holds"
        click.echo(f"{kept['left_id']} {kept['right_id']}: {word} ({words.ABOUT[kept['about']]}){later}. "
                   "The next run obeys it.")  # fmt: skip
    return OK


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write JSON lines to this file.")
@_config
@_set
@_as_json
@_plainly
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
@_config
@_set
@_as_json
@_plainly
def config(config_path: Path | None, overrides: tuple[str, ...], as_json: bool) -> int:
    """Print the settings in force and where each value comes from."""
    import polars as pl

    from flows import config as configuration
    from flows import show as views

    rows = configuration.explain(configuration.load(config_path, _pairs(overrides)))
    if as_json:
        click.echo(views.as_json([dataclasses.asdict(row) for row in rows]))
    else:
        views.print_rows(pl.DataFrame(rows), title="settings in force", empty="")
    return OK


@main.command()
@_store
@_as_json
@_plainly
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
@_store
@_config
@_plainly
def serve(paths: tuple[Path, ...], cron: str, name: str, store: Path, config_path: Path | None) -> int:
    """Run on a schedule: serves a Prefect deployment from this process until it is stopped."""
    from flows.scheduled import serve as serve_deployment

    serve_deployment(paths=paths, store=store, config_path=config_path, cron=cron, name=name)
    return OK


def _pairs(overrides: tuple[str, ...]) -> dict[str, str]:
    """KEY=VALUE options as a mapping; flows.config checks keys and values."""
    from flows.config import ConfigError

    pairs = {}
    for text in overrides:
        key, sign, value = text.partition("=")
        if not sign:
            message = f"--set {text!r} has no '='; write --set KEY=VALUE, e.g. --set facts.tie_s=900."
            raise ConfigError(message)
        pairs[key.strip()] = value.strip()
    return pairs


def _job(paths: tuple[Path, ...], store: Path, config_path: Path | None, overrides: tuple[str, ...],
         days: tuple[date, date] | None = None, *, reclean: bool = False) -> "Job":  # fmt: skip
    from flows.job import Job

    return Job(paths, store, config_path, tuple(_pairs(overrides).items()), days, reclean)


def _run(asked: "Job", until: str, *, as_json: bool, verbose: bool) -> int:
    """Run the job and print what it came to."""
    from flows import job
    from flows import show as views
    from flows.progress import voice

    with voice(verbose=verbose) as speaking:
        manifest = job.run(asked, until=until, voice=speaking)
    rejected = views.rejected(manifest)
    if until != "publish":
        click.echo(views.as_json(manifest) if as_json else f"Stopped after {until}, as asked; nothing was published.")
    elif as_json:
        click.echo(views.as_json(views.result(asked.store, manifest)))
    else:
        views.print_result(views.result(asked.store, manifest))
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
