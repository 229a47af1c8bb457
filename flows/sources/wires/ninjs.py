"""News in JSON: ninjs 1.x to 3.x and dpa's digitalwires. Source: IPTC ninjs schemas, dpa digitalwires 0.9."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from flows.sources import dates
from flows.sources.wires import Paragraph, WireItem, embargo_of, joined, notes, status_of, tail, whole
from flows.sources.wires.markup import from_html, line, plain

Value = Mapping[str, Any]
_LISTS = ("entries", "items", "_items", "newsItems", "data")  # what envelopes call the list of their items
_NAMES = ("uri", "urn", "guid", "itemid")
_TELLING = ("versioncreated", "pubstatus", "headline", "headlines", "bodies", "bodytext", "bodyhtml")  # fmt: skip
_MAIN = ("main", "headline", "")


def is_item(value: object) -> bool:
    """Whether a JSON object is an item: it has an address as the standards call it, or an id and what they know."""
    if not isinstance(value, Mapping):
        return False
    known = _keys(value)
    named = any(isinstance(known.get(name), str) for name in _NAMES[:2])
    return named or (any(name in known for name in _NAMES[2:]) and any(name in known for name in _TELLING))


def split(value: object) -> Iterator[object]:
    """The items of a document: itself, the objects of a list, or those of an envelope."""
    if isinstance(value, list):
        yield from value
    elif isinstance(value, Mapping) and not is_item(value) and (held := _list_of(value)) is not None:
        yield from held
    else:
        yield value


def _list_of(value: Value) -> Sequence[object] | None:
    held = [value[name] for name in _LISTS if isinstance(value.get(name), list)]
    return held[0] if held and any(is_item(one) for one in held[0]) else None


def read(item: Value) -> WireItem:
    """One item. A value of a type the standard does not know is left out, as if it were missing."""
    known = _keys(item)
    bodies = _body(item, known)
    until = known.get("embargoed") or known.get("embargoeduntil")
    status, embargo = embargo_of(until, status_of(_text(known.get("pubstatus"))))
    source = _sources(known.get("infosources") or known.get("infosource"))
    return WireItem(
        kind=(_text(known.get("type")) or "text").casefold(),
        name=next((said for name in _NAMES if (said := _text(known.get(name)))), None),
        version=whole(known.get("version")),
        status=status,
        versioned_at=_at(known.get("versioncreated") or known.get("updated")),
        created_at=_at(known.get("firstcreated") or known.get("contentcreated")),
        embargo_until=embargo,
        title=_text(known.get("headline")) or _of_role(known.get("headlines"), _MAIN) or _text(known.get("title")),
        dek=_text(known.get("subhead")) or _text(known.get("teaser")) or _description(known),
        byline=_people(known.get("byline") or known.get("by")),
        dateline=_text(known.get("dateline")),
        slugline=_text(known.get("slugline")) or _text(known.get("kicker")),
        credit=_text(known.get("creditline")) or _text(known.get("source")),
        ednote=_ednotes(item, known),
        rights=joined((_text(known.get("copyrightnotice")), _text(known.get("usageterms")))),
        info_source=joined(source, "; "),
        language=_text(known.get("language")),
        urgency=whole(known.get("urgency")),
        keywords=_keywords(known),
        providers=_providers(known, source),
        signals=_signals(known),
        targets=(),
        body=tuple(bodies),
    )


def _keys(item: Value) -> dict[str, Any]:
    """Keys without case and underscores: ``versionCreated`` (2.x), ``versioncreated`` (1.x), ``version_created``."""
    return {str(key).replace("_", "").casefold(): held for key, held in reversed(list(item.items()))}


def _at(value: object) -> datetime | None:
    return dates.read(value)[0] if isinstance(value, str) else None


def _text(value: object) -> str | None:
    return line(value) if isinstance(value, str) else None


def _objects(value: object) -> list[Value]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, Mapping)]


def _of_role(value: object, roles: Sequence[str]) -> str | None:
    """The value of the first entry with one of the roles, else of the first entry."""
    entries = [(tail(str(one.get("role") or "")).casefold(), _text(one.get("value"))) for one in _objects(value)]
    said = [(role, text) for role, text in entries if text]
    return next((text for role, text in said if role in roles), said[0][1] if said else None)


def _description(known: Value) -> str | None:
    """The stand-first: a summary among the descriptions; a caption is none."""
    if text := _text(known.get("descriptiontext")):
        return text
    for one in _objects(known.get("descriptions")):
        if tail(str(one.get("role") or "")).casefold() in ("summary", "main", "text", "abstract", "teaser", ""):
            html = "html" in str(one.get("contentType") or one.get("contenttype") or "")
            value = one.get("value")
            return (
                line(" ".join(text for _, text in from_html(value)))
                if html and isinstance(value, str)
                else _text(value)
            )
    return None


def _people(value: object) -> str | None:
    if isinstance(value, str):
        return line(value)
    names = [said for one in _objects(value) if (said := _text(one.get("name")) or _text(one.get("byline")))]
    return joined(names, "; ")


def _sources(value: object) -> list[str]:
    """Who wrote it, content sources and original providers before others."""
    found = [(tail(str(one.get("role") or "")).casefold(), name) for one in _objects(value)
             if (name := _text(one.get("name")) or _text(one.get("literal")))]  # fmt: skip
    wrote = [name for role, name in found if role in ("source", "origprov", "contentsource", "origcont", "")]
    return list(dict.fromkeys(wrote or [name for _, name in found]))


def _ednotes(item: Value, known: Value) -> str | None:
    """Notes to editors: the standard's text, dpa's list of notes and its notepad."""
    said = [_text(known.get("ednote"))]
    public = [one for one in _objects(known.get("ednotes")) if one.get("is_publishable") is not False]
    said += [_text(one.get("ednote")) for one in public]
    pad = item.get("notepad")
    if isinstance(pad, Mapping) and isinstance(pad.get("public_html"), str):
        said += [text for _, text in from_html(pad["public_html"])]
    return notes(said)


def _keywords(known: Value) -> tuple[str, ...]:
    found: list[str] = []
    for name in ("keywords", "keywordnames", "subjects", "subject", "dpasubjectnames"):
        held = known.get(name)
        for one in held if isinstance(held, list) else []:
            said = _text(one.get("name")) if isinstance(one, Mapping) else _text(one)
            found += [said] if said else []
    return tuple(dict.fromkeys(found))


def _providers(known: Value, sources: list[str]) -> tuple[str, ...]:
    rights = known.get("rightsinfo")
    holder = known.get("copyrightholder") or (rights.get("copyrightholder") if isinstance(rights, Mapping) else None)
    said = [_text(known.get("creditline")), _text(known.get("provider")), _text(known.get("source")), _text(holder)]
    said += sources[:1]
    return tuple(dict.fromkeys(one for one in said if one))


def _signals(known: Value) -> tuple[str, ...]:
    held = [known.get("signal"), *(known.get("signals") or [] if isinstance(known.get("signals"), list) else [])]
    said = [_text(one) if isinstance(one, str) else _text(one.get("qcode") or one.get("name")) for one in held
            if isinstance(one, (str, Mapping))]  # fmt: skip
    return tuple(one for one in said if one)


def _body(item: Value, known: Value) -> list[Paragraph]:
    """The text: marked up before plain, and of several renditions the longest; an info box follows it."""
    marked = [known.get(name) for name in ("articlehtml", "bodyhtml", "bodyxhtml")]
    bare = [known.get("bodytext"), known.get("body")]
    for one in _objects(known.get("bodies")):
        kind = str(one.get("contentType") or one.get("contenttype") or one.get("role") or "").casefold()
        (marked if "html" in kind or "xml" in kind else bare).append(one.get("value"))
    for key, held in item.items():  # 1.x lets a sender name further bodies: body_main, body_new
        if key.startswith("body_") and isinstance(held, str) and not any(held is one for one in (*marked, *bare)):
            (marked if "</" in held else bare).append(held)
    found = [from_html(one) for one in marked if isinstance(one, str)] or []
    found = [one for one in found if one] or [plain(one) for one in bare if isinstance(one, str)]
    body = max(found, key=lambda one: sum(len(text) for _, text in one), default=[])
    box = known.get("infoboxhtml")
    return [*body, *(from_html(box) if isinstance(box, str) else [])]
