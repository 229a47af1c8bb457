"""NITF 3.x: what a document says of itself. Source: IPTC NITF 3.6 (and earlier 3.x DTDs)."""

from datetime import datetime

from lxml import etree

from flows.sources import dates
from flows.sources.wires import Paragraph, WireItem, embargo_of, joined, status_of, whole
from flows.sources.wires.markup import below, child, children, first, line, local, paragraphs, words


def read(root: etree._Element) -> WireItem:
    """One document. What is missing is None."""
    head, body = child(root, "head"), child(root, "body")
    about = child(head, "docdata")
    top = child(body, "body.head")
    doc, key, message = (child(about, name) for name in ("doc-id", "du-key", "ed-msg"))
    issued, released = _norm(about, "date.issue"), _norm(about, "date.release")
    said = (about.get("management-status") if about is not None else None) or ""
    status, embargo = status_of(said), None
    if status_of(said) == "withheld" and said.strip().casefold().startswith("embargo"):  # until when, else withheld
        status, embargo = embargo_of(_attribute(child(about, "date.release"), "norm") or "not said", "usable")
    ends = list(paragraphs(end)) if (end := child(body, "body.end")) is not None else []
    text = paragraphs(content) if (content := child(body, "body.content")) is not None else []
    return WireItem(
        name=_attribute(doc, "id-string") or _attribute(key, "key"),
        version=whole(_attribute(key, "version")),
        status=status,
        versioned_at=issued or released,
        created_at=_norm(child(head, "revision-history"), None),
        embargo_until=embargo,
        title=_headline(top) or first(head, "title"),
        dek=next((words(one) for one in below(top, "hl2")), None) or first(top, "abstract"),
        byline=_bylines(top),
        dateline=_dateline(top),
        slugline=next((name for one in below(about, "fixture") if (name := _attribute(one, "fix-id"))), None)
        or _attribute(key, "key"),
        credit=first(top, "distributor"),
        ednote=_notes(top, message),
        rights=_rights(about, top),
        info_source=None,
        language=_language(root, body),
        urgency=whole(_attribute(child(about, "urgency"), "ed-urg")),
        keywords=tuple(dict.fromkeys(name for one in below(about, "keyword") if (name := _attribute(one, "key")))),
        providers=_providers(about, top, doc),
        signals=tuple(said for said in (_attribute(message, "msg-type"),) if said),
        targets=_targets(about),
        body=(*text, *(("other", text) for _, text in ends)),
    )


def is_document(root: etree._Element) -> bool:
    """Whether a root is a NITF document."""
    return local(root) == "nitf"


def _attribute(node: etree._Element | None, name: str) -> str | None:
    return None if node is None else line(node.get(name))


def _norm(node: etree._Element | None, name: str | None) -> datetime | None:
    one = child(node, name) if name else node
    return dates.read(_attribute(one, "norm"))[0]


def _headline(top: etree._Element | None) -> str | None:
    hedline = child(top, "hedline")
    return first(hedline, "hl1") or (words(hedline) if hedline is not None and not len(hedline) else None)


def _bylines(top: etree._Element | None) -> str | None:
    """Authors: the person where one is named, else the words without the title line (bytag)."""
    names = []
    for one in children(top, "byline"):
        people = [said for person in below(one, "person") if (said := words(person))]
        names += people or [said for said in (line(one.text or "") or words(one),) if said]
    return joined(names, "; ")


def _dateline(top: etree._Element | None) -> str | None:
    one = child(top, "dateline")
    return None if one is None else first(one, "location") or words(one)


def _notes(top: etree._Element | None, message: etree._Element | None) -> str | None:
    notes = [said for said in (_attribute(message, "info"),) if said]
    for note in children(top, "note"):
        if (note.get("noteclass") or "").casefold() != "cpyrt":
            notes += [text for _, text in paragraphs(note)]
    return joined(notes)


def _rights(about: etree._Element | None, top: etree._Element | None) -> str | None:
    held = children(about, "doc.copyright")
    parts = [line(f"Copyright {one.get('year') or ''} {one.get('holder') or ''}") for one in held]
    names = ("agent", "limitations", "type")
    parts += [line(one.get(name)) for one in children(about, "doc.rights") for name in names]
    parts += [words(one) for one in below(top, "rights")]
    parts += [words(one) for one in children(top, "note") if (one.get("noteclass") or "").casefold() == "cpyrt"]
    return joined(parts)


def _language(root: etree._Element, body: etree._Element | None) -> str | None:
    for node in (root, body):
        for name, value in [] if node is None else node.attrib.items():
            if etree.QName(name).localname == "lang":
                return line(value)
    return None


def _providers(about: etree._Element | None, top: etree._Element | None, doc: etree._Element | None) -> tuple[str, ...]:
    said = [first(top, "distributor")]
    said += [_attribute(one, "holder") for one in children(about, "doc.copyright")]
    said += [first(one, "rights.owner") for one in below(top, "rights")]
    said += [_attribute(doc, "regsrc")]
    return tuple(dict.fromkeys(one for one in said if one))


def _targets(about: etree._Element | None) -> tuple[str, ...]:
    """The other document that this one manages: a kill closes it too."""
    named = _attribute(about, "management-doc-idref")
    return (named,) if named else ()


def text_of(node: etree._Element) -> list[Paragraph]:
    """The paragraphs of a NITF document or a part of one that stands in a message of another format."""
    return list(read(node).body) if is_document(node) else paragraphs(node)
