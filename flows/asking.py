"""The commands that ask a store, or tell it something: show, explain, judge."""

from datetime import UTC, datetime
from pathlib import Path

import click

from flows.options import OK, config_option, json_option, pairs, plainly, set_option, store_option

VIEWS = {
    "story": "story ID: which fact stands in which outlet, as a matrix, and where outlets differ",
    "stories": "articles on one event; most articles first",
    "facts": "every fact: its status, who carries it, who was first and by what that is known",
    "shared": "facts of two origins and more",
    "unique": "facts that one origin alone reports although others had the chance to",
    "omissions": "facts of two origins that an outlet of the story left out",
    "conflicts": "what outlets differ on, with the words of both",
    "outlets": "outlet and day: share copied, reported alone, reported first, with 95 % intervals",
    "copies": "who copied whom: copy groups and their origins",
    "uncorrected": "copies that still carry what their wire withdrew or corrected",
    "notices": "what wires said of their items",
    "rejects": "what could not be used, and why",
    "runs": "every run, with what it took, counted and capped",
    "changes": "groups and stories that merged, split or got another origin",
    "judgements": "what people said",
    "residue": "lines that stand on several pages of an outlet, and which of them are cut",
    "layouts": "outlets whose pages suddenly look different",
}
"""What `copydesk show` can show, and what that is."""


def _help() -> str:
    views = "\n".join(f"{name:<12}{what}" for name, what in VIEWS.items())
    return (
        "Print a published table, one story, or what the store keeps beside them.\n\n"
        f"\b\nVIEW is one of\n{views}\n\n"
        "A terminal gets fewer columns and ids cut short (commands take the beginning of an id); --json has them all. "
        "Times are UTC; a day alone means that the time of day is not known, or is midnight."
    )


@click.command(help=_help())
@click.argument("view", type=click.Choice(tuple(VIEWS)), metavar="VIEW")
@click.argument("wanted", metavar="[ID]", required=False)
@click.option("--outlet", help="Only this outlet.")
@click.option("--story", help="Only this story: its id or the beginning of it.")
@store_option
@json_option
@plainly
def show(view: str, wanted: str | None, outlet: str | None, story: str | None, store: Path, as_json: bool) -> int:
    """Print a view."""
    from flows import show as views
    from flows import terminal

    if view == "story":
        from flows import matrix

        if wanted is None or outlet is not None:
            raise click.UsageError(
                "show story needs the story's id, and no --outlet: `copydesk show stories` lists them."
            )
        found = matrix.story(store, wanted)
        click.echo(views.as_json(found) if as_json else "\n".join(matrix.lines(found, terminal.width())))
        return OK
    if wanted is not None:
        raise click.UsageError(f"`show {view}` takes no id; choose by --outlet or --story.")
    rows = views.rows(store, view, outlet=outlet, story=story)
    if as_json:
        click.echo(views.as_json(rows.to_dicts()))
    else:
        of = "".join(f", {name} {value}" for name, value in (("outlet", outlet), ("story", story)) if value)
        empty = f"No {view}{of}."
        terminal.print_rows(terminal.shown(view, rows), title=f"{view}{of} ({rows.height:,})", empty=empty)
    return OK


@click.command()
@click.argument("ids", nargs=-1, required=True)
@store_option
@config_option
@set_option
@json_option
@plainly
def explain(
    ids: tuple[str, ...], store: Path, config_path: Path | None, overrides: tuple[str, ...], as_json: bool
) -> int:
    """Say why: ARTICLE_A ARTICLE_B (are they copies?) or FACT_ID (who carries it, in which words?).

    The id of one of its mentions names a fact too; the beginning of an id is enough.
    """
    from flows import explain as why
    from flows.config import load
    from flows.show import as_json as dump

    if len(ids) > 2:
        raise click.UsageError(f"{len(ids)} ids were given; give two article ids or one fact id.")
    if len(ids) == 2:
        found = why.articles(store, ids[0], ids[1], load(config_path, pairs(overrides)).settings.copies)
        click.echo(dump(found) if as_json else "\n".join(why.pair_lines(found)))
    else:
        told = why.fact(store, ids[0])
        click.echo(dump(told) if as_json else "\n".join(why.fact_lines(told)))
    return OK


@click.command()
@click.argument("left")
@click.argument("right")
@click.argument("word", type=click.Choice(["same", "different", "undo"]))
@click.option("--by", help="Who says so.")
@click.option("--why", help="For what reason.")
@click.option("--when", type=click.DateTime(), help="When it was said, UTC; else now. The latest word on a pair holds.")
@click.option("--story", "stories", is_flag=True, help="Of two articles: are they on one event (not: of one origin)?")
@store_option
@json_option
@plainly
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
