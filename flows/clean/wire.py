"""The wire lane: an item of a wire message -> its paragraphs as blocks, and what the wire says of it."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from dedupe import revision_marks
from flows.clean import Page, Rejected, language
from flows.sources.wires import MessageError, Paragraph, WireItem, messages

_HINTS = {"nonpublic": "other"}  # what `dedupe.page.mark` calls it


def clean_item(capture: Mapping[str, Any]) -> Page | Rejected:
    """An item as a page; a kill or a withheld item is a page too: `dedupe.items` makes a notice of it, no article."""
    try:
        item = messages.read(capture["content"], capture["media_type"])
    except MessageError as error:
        return Rejected(error.outcome, f"The item {error.reason}.")
    change = revision_marks.of(item.signals, item.title, item.slugline, item.ednote)
    status, basis = _status(item, change)
    lines = _lines(item)
    if status == "usable" and not any(hint == "main" for hint, _ in lines):
        what = f"{item.kind} item {item.name or capture['locator']}"
        return Rejected("no_article", f"The {what} holds no text; expected one with a body, so it is left out.")
    if status != "usable" and item.name is None:
        return Rejected("no_article", f"An item without an identity is {status}; which one is meant cannot be told.")
    text, blocks = _tiled(lines)
    at, precision = _published(item, capture)
    kept = change if change and change.change in ("update", "correction", "refile", "repeat") else None
    return Page(
        capture_id=capture["capture_id"],
        outlet=capture["outlet"],
        external_id=item.name,
        url=None,
        captured_at=capture["captured_at"],
        lane="wire",
        title=item.title,
        dek=item.dek,
        byline=item.byline,
        language=language.from_tag(item.language) or language.guess(text),
        published_at=at,
        published_precision=precision,
        published_source="wire" if at else None,
        modified_at=None,
        text=text,
        blocks=blocks,
        item_name=item.name,
        status=status,
        targets=list(item.targets),
        credit=item.credit,
        version=item.version,
        versioned_at=item.versioned_at,
        item_created_at=item.created_at,
        change=kept.change if kept else None,
        change_basis=kept.basis if kept else basis,
        embargo_until=item.embargo_until,
        urgency=item.urgency,
        slugline=item.slugline,
        dateline=item.dateline,
        ednote=item.ednote,
        rights=item.rights,
        info_source=item.info_source,
        keywords=list(item.keywords),
    )


def _status(item: WireItem, change: revision_marks.Change | None) -> tuple[str, str | None]:
    """Status and where it is said: the publishing status, else a mark or words that kill or withhold."""
    if item.status != "usable":
        return item.status, f"status: {item.status}"
    said = {"kill": "killed", "withhold": "withheld"}.get(change.change) if change else None
    return (said, change.basis) if said and change else ("usable", None)


def _lines(item: WireItem) -> list[Paragraph]:
    """Title, stand-first and authors as the item gives them, then the body; the dateline opens the first paragraph."""
    head = [(hint, text) for hint, text in (("title", item.title), ("dek", item.dek), ("byline", item.byline)) if text]
    stated = set(head)
    body = [one for one in item.body if one not in stated]
    first = next((at for at, (hint, _) in enumerate(body) if hint == "main"), None)
    opened = any(text.startswith(item.dateline or "") for hint, text in body if hint == "main")
    if item.dateline and first is not None and not opened:
        between = " " if item.dateline[-1] in "-–—:_" else " - "
        body[first] = ("main", f"{item.dateline}{between}{body[first][1]}")
    return [*head, *body]


def _tiled(lines: list[Paragraph]) -> tuple[str, tuple[tuple[int, int, str, str], ...]]:
    """The captured text, a line a paragraph, and the blocks that tile it."""
    blocks, begin = [], 0
    for hint, text in lines:
        blocks.append((begin, begin + len(text) + 1, "p", _HINTS.get(hint, hint)))
        begin += len(text) + 1
    return "".join(f"{text}\n" for _, text in lines), tuple(blocks)


def _published(item: WireItem, capture: Mapping[str, Any]) -> tuple[datetime | None, str]:
    """When this version came out: when it was made, but not before its embargo ended."""
    made = item.versioned_at or item.created_at or capture.get("given_published_at")
    if made is None:
        return item.embargo_until, "instant" if item.embargo_until else "none"
    at: datetime = max(made, item.embargo_until) if item.embargo_until else made
    return at, "day" if at.timetz() == time(tzinfo=UTC) else "instant"
