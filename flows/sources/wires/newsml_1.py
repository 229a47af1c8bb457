"""NewsML 1.x: what a NewsItem says of itself. Source: IPTC NewsML 1.2 DTD and functional specification."""

from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from flows.sources import dates
from flows.sources.wires import Paragraph, WireItem, completed, joined, nitf, status_of, whole
from flows.sources.wires.markup import below, child, children, first, from_html, line, local, paragraphs, plain, words

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def is_item(root: etree._Element) -> bool:
    """Whether a root is a NewsML 1.x envelope (a NewsItem of its own has children that NewsML-G2 does not know)."""
    return local(root) == "newsml" or (local(root) == "newsitem" and child(root, "Identification") is not None)


def split(root: etree._Element) -> Iterator[etree._Element]:
    """The items of an envelope."""
    if local(root) == "newsitem":
        yield root
    else:
        yield from children(root, "NewsItem")


def read(item: etree._Element) -> WireItem:
    """One NewsItem. What is missing is None."""
    identity = child(child(item, "Identification"), "NewsIdentifier")
    about = child(item, "NewsManagement")
    parts = [*children(item, "NewsComponent")]
    lines = [one for part in parts for one in below(part, "NewsLines")]
    legal = [one for part in parts for one in below(part, "AdministrativeMetadata")]
    topics = [one for part in parts for one in below(part, "DescriptiveMetadata")]
    status, embargo = _status(about)
    found = WireItem(
        kind=(_formal(child(about, "NewsItemType")) or "text").casefold(),
        name=_name(identity),
        version=whole(first(identity, "RevisionId")),
        status=status,
        versioned_at=_at(first(about, "ThisRevisionCreated")),
        created_at=_at(first(about, "FirstCreated")),
        embargo_until=embargo,
        title=_line(lines, "HeadLine"),
        dek=_line(lines, "SubHeadLine"),
        byline=_line(lines, "ByLine"),
        dateline=_line(lines, "DateLine"),
        slugline=_line(lines, "SlugLine"),
        credit=_line(lines, "CreditLine"),
        ednote=_notes(about, parts),
        rights=joined(_line(lines, name) for name in ("CopyrightLine", "RightsLine")),
        info_source=joined(_parties(legal, "Source"), "; "),
        language=next((code for one in topics if (code := _formal(child(one, "Language")))), None) or _language(item),
        urgency=whole(_formal(child(about, "Urgency"))),
        keywords=tuple(
            dict.fromkeys(said for one in lines for each in children(one, "KeywordLine") if (said := words(each)))
        ),
        providers=tuple(dict.fromkeys([*_parties(legal, "Provider"), *_parties(legal, "Source"), *_host(identity)])),
        signals=tuple(
            code for one in (*children(about, "Instruction"), *below(about, "RevisionStatus")) if (code := _formal(one))
        ),
        body=tuple(_body(parts)),
    )
    document = next((one for part in parts for one in below(part, "nitf")), None)
    return completed(found, None if document is None else nitf.read(document))


def _at(text: str | None) -> datetime | None:
    return dates.read(text)[0]


def _formal(node: etree._Element | None) -> str | None:
    return None if node is None else line(node.get("FormalName")) or words(node)


def _name(identity: etree._Element | None) -> str | None:
    """The public identifier without its revision, else provider, date and item as the URN that would be one."""
    if public := first(identity, "PublicIdentifier"):
        head, _, last = public.rpartition(":")
        revision = last.rstrip("NUAnua")
        return (
            head if head and revision.isdigit() and whole(revision) == whole(first(identity, "RevisionId")) else public
        )
    parts = [first(identity, name) for name in ("ProviderId", "DateId", "NewsItemId")]
    return "urn:newsml:" + ":".join(part or "" for part in parts) if parts[-1] else None


def _status(about: etree._Element | None) -> tuple[str, datetime | None]:
    """Status, and until when an embargo holds: a status that will change to usable at a time. Else it is withheld."""
    said = (_formal(child(about, "Status")) or "").casefold()
    change = child(about, "StatusWillChange")
    at = _at(first(change, "DateAndTime"))
    becomes = status_of(_formal(child(change, "FutureStatus")))
    if said in ("embargoed", "withheld") and at is not None and becomes == "usable":
        return "usable", at
    return status_of(said), None


def _line(lines: list[etree._Element], name: str) -> str | None:
    return next((said for one in lines for each in children(one, name) if (said := words(each))), None)


def _keywords(lines: list[etree._Element]) -> tuple[str, ...]:
    said = [words(each) for one in lines for each in children(one, "KeywordLine")]
    return tuple(dict.fromkeys(one for one in said if one))


def _notes(about: etree._Element | None, parts: list[etree._Element]) -> str | None:
    """Comments on the instruction and the item, and properties that are notes to editors."""
    notes = [words(one) for one in below(about, "Comment")]
    for part in (about, *parts):
        notes += [
            line(one.get("Value")) or words(one)
            for one in below(part, "Property")
            if (one.get("FormalName") or "").casefold() in ("ednote", "editorialnote", "edmsg", "note")
        ]
        notes += [words(one) for one in children(part, "Comment")]
    return joined(notes)


def _parties(legal: list[etree._Element], role: str) -> list[str]:
    return [name for one in legal for each in children(one, role) for party in children(each, "Party")
            if (name := _formal(party))]  # fmt: skip


def _host(identity: etree._Element | None) -> list[str]:
    provider = first(identity, "ProviderId")
    return [provider] if provider else []


def _language(item: etree._Element) -> str | None:
    return next((line(one.get(_LANG)) for one in item.iter() if local(one) and one.get(_LANG)), None)


def _body(parts: list[etree._Element]) -> list[Paragraph]:
    """The text of the items of content: each in its richest form; forms that repeat one another stand once."""
    found: list[list[Paragraph]] = []
    for part in parts:
        for item in below(part, "ContentItem"):
            media = (_formal(child(item, "MediaType")) or "text").casefold()
            data = child(item, "DataContent")
            if data is None or media not in ("text", "news text", "complexdata") or child(item, "Encoding") is not None:
                continue
            found.append(_content(data))
    return max(found, key=lambda body: sum(len(text) for hint, text in body if hint == "main"), default=[])


def _content(data: etree._Element) -> list[Paragraph]:
    document = next(below(data, "nitf"), None)
    if document is not None:
        return nitf.text_of(document)
    if len(data):
        return paragraphs(data)
    text = data.text or ""
    return from_html(text) if "<p" in text.casefold() and "</" in text else plain(text)
