"""NewsML-G2: what a newsItem or packageItem says of itself. Source: IPTC NewsML-G2 2.x specification."""

from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from flows.sources import dates
from flows.sources.wires import Paragraph, WireItem, completed, embargo_of, joined, nitf, notes, status_of, tail, whole
from flows.sources.wires.markup import below, child, children, first, from_html, line, local, paragraphs, plain, words

ITEMS = ("newsitem", "packageitem")
OTHERS = ("planningitem", "conceptitem", "knowledgeitem", "catalogitem", "catalog", "hop", "scheme")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CODES = ("qcode", "uri", "literal", "value", "code")
_REPLACED = ("previousversion", "replaces", "kills", "cancels", "withdraws", "deletes")


def is_item(root: etree._Element) -> bool:
    """Whether a root is an item or a message of items."""
    return local(root) == "newsmessage" or local(root) in ITEMS + OTHERS


def split(root: etree._Element) -> Iterator[etree._Element]:
    """The items of a message; of a document that is one item, that."""
    if local(root) != "newsmessage":
        yield root
        return
    for items in children(root, "itemSet"):
        yield from (one for one in items if local(one))


def read(item: etree._Element) -> WireItem:
    """One item. What is missing is None; no part is needed but the element itself."""
    about, content, legal = (child(item, name) for name in ("itemMeta", "contentMeta", "rightsInfo"))
    kind = _code(child(about, "itemClass"))
    versioned, created = _at(first(about, "versionCreated")), _at(first(about, "firstCreated"))
    status, embargo = embargo_of(first(about, "embargoed"), status_of(_code(child(about, "pubStatus"))))
    headlines = [*children(content, "headline")]
    title = next((said for one in sorted(headlines, key=_side) if (said := words(one))), None)
    body = _body(item)
    found = WireItem(
        kind="package" if local(item) == "packageitem" else tail(kind or "text").casefold(),
        name=line(item.get("guid")),
        version=whole(item.get("version")),
        status=status,
        versioned_at=versioned,
        created_at=created,
        embargo_until=embargo,
        title=title or _shown(body, "title") or (first(about, "title") if local(item) == "newsitem" else None),
        dek=_dek(content),
        byline=joined(_texts(content, "by"), "; ") or _shown(body, "byline"),
        dateline=first(content, "dateline"),
        slugline=first(content, "slugline"),
        credit=first(content, "creditline"),
        ednote=_ednotes(about),
        rights=joined([*_texts(legal, "copyrightNotice"), *_texts(legal, "usageTerms")]),
        info_source=_sources(content),
        language=next((one.get("tag") for one in children(content, "language") if one.get("tag")), item.get(_LANG)),
        urgency=whole(first(content, "urgency")),
        keywords=tuple(dict.fromkeys([*_texts(content, "keyword"), *_names(content, "subject")])),
        providers=_providers(about, content, legal),
        signals=tuple(code for one in children(about, "signal") if (code := _code(one))),
        targets=_targets(about),
        body=tuple(body),
    )
    document = next((one for content in children(item, "contentSet") for one in below(content, "nitf")), None)
    return completed(found, None if document is None else nitf.read(document))


def _at(text: str | None) -> datetime | None:
    return dates.read(text)[0]


def _side(headline: etree._Element) -> bool:
    """Whether a headline is not the main one: short forms and alternatives carry a role."""
    return tail(headline.get("role") or "main").casefold() not in ("main", "headline", "head", "title")


def _code(node: etree._Element | None) -> str | None:
    """What a coded property says: its code in the first form it has, else its words."""
    if node is None:
        return None
    return next((said for name in _CODES if (said := line(node.get(name)))), None) or words(node)


def _texts(node: etree._Element | None, name: str) -> list[str]:
    return [said for one in children(node, name) if (said := words(one))]


def _names(node: etree._Element | None, name: str) -> list[str]:
    """The first name of each coded property, or its literal."""
    return [said for one in children(node, name) if (said := first(one, "name") or line(one.get("literal")))]


def _dek(content: etree._Element | None) -> str | None:
    """The stand-first: a description that is a teaser or summary, not a caption."""
    for one in children(content, "description"):
        if tail(one.get("role") or "").casefold() in ("summary", "teaser", "standfirst", "abstract", "lead", ""):
            return words(one)
    return None


def _ednotes(about: etree._Element | None) -> str | None:
    """Notes to editors, a line each; what is said twice stands once, what is not to be published (contacts) is out."""
    said: list[str] = []
    for note in children(about, "edNote"):
        private = "contact" in (note.get("role") or "").casefold() or "nonpublic" in (note.get("pubconstraint") or "")
        said += [text for hint, text in paragraphs(note) if not private and hint != "nonpublic"]
    return notes(said)


def _sources(content: etree._Element | None) -> str | None:
    """Who wrote it: infoSource, those named as content source or original provider before the others."""
    found = [(tail(one.get("role") or "").casefold(), name) for one in children(content, "infoSource")
             if (name := first(one, "name") or tail(_code(one) or ""))]  # fmt: skip
    wrote = [name for role, name in found if role in ("source", "origprov", "contentsource", "origcont", "")]
    return joined(wrote or [name for _, name in found], "; ")


def _providers(
    about: etree._Element | None, content: etree._Element | None, legal: etree._Element | None
) -> tuple[str, ...]:
    """The sender by name and by code, then the credit line and the holder of the rights."""
    named = [child(about, "provider"), child(legal, "copyrightHolder")]
    codes = [
        tail(code) for node in named if node is not None and (code := line(node.get("qcode") or node.get("literal")))
    ]
    full = [said for node in named if node is not None and (said := first(node, "name"))]
    return tuple(
        dict.fromkeys(one for one in (*codes[:1], *full[:1], first(content, "creditline"), *codes, *full) if one)
    )


def _targets(about: etree._Element | None) -> tuple[str, ...]:
    """Other items that this one says to replace or withdraw: a kill closes them too."""
    return tuple(
        ref for one in children(about, "link")
        if tail(one.get("rel") or "").casefold() in _REPLACED and (ref := line(one.get("residref")))
    )  # fmt: skip


def _shown(body: list[Paragraph], hint: str) -> str | None:
    return next((text for what, text in body if what == hint), None)


def _body(item: etree._Element) -> list[Paragraph]:
    """The text: markup before plain text, and of several renditions the one with most characters of text."""
    marked: list[list[Paragraph]] = []
    bare: list[list[Paragraph]] = []
    for one in (each for content in children(item, "contentSet") for each in content):
        if local(one) == "inlinexml":
            if (document := next(below(one, "nitf"), None)) is not None:
                marked.append(list(nitf.read(document).body))
            elif (document := next(below(one, "html"), None)) is not None:
                marked.append(paragraphs(document))
            elif any(local(each) in ("p", "div", "section", "body", "article") for each in one):
                marked.append(paragraphs(one))
        elif local(one) == "inlinedata" and one.get("encoding") is None and _is_body(one):
            text = "".join(one.itertext())
            bare.append(from_html(text) if "html" in (one.get("contenttype") or "") else plain(text))
    found = [body for body in marked if body] or [body for body in bare if body]
    return max(found, key=lambda body: sum(len(text) for hint, text in body if hint == "main"), default=[])


def _is_body(data: etree._Element) -> bool:
    """Whether inline data is the text: renditions such as a headline or a note are parts that stand elsewhere."""
    rendition = tail(data.get("rendition") or "text").casefold()
    return rendition in ("text", "body", "main", "content", "web", "print", "full", "plain", "html", "story")
