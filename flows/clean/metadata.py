"""What a page states about itself: JSON-LD first, then meta elements, then the page's own marks.

Source: schema.org NewsArticle, the Open Graph protocol, and the meta names news sites use. A time with a zone beats an
earlier source's day; a title that the page shows as its heading beats one with the outlet's name behind it.
"""

import html as html_entities
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urljoin

from flows.clean.bylines import is_name, is_outlet, split_names
from flows.clean.dates import Moment, parse_machine
from flows.clean.language import from_tag

_ARTICLE = re.compile(r"(?:Article|Posting|Report|Review|LiveBlog|Reportage|Recipe|Blog)\w*$")
_STRONG = re.compile(r"(?:Article|Posting)$")
_SPACE = re.compile(r"\s+")
_TAGS = re.compile(r"<[^>]{1,200}>")
_PUBLISHED = (
    "article:published_time", "datepublished", "article.published", "og:published_time",
    "og:article:published_time", "publish_date", "published_at", "published_time",
    "pubdate", "sailthru.date", "parsely-pub-date", "article_date_original", "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime", "dcterms.created", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date",
    "dc.created", "date", "originalpublicationdate", "vr:published_time", "bt:pubdate", "article:published",
    "og:pubdate", "last-published", "ptime", "creation_date", "release_date", "uploaddate", "displaydate",
    "rnews:datepublished", "iso-8601-publish-date", "analyticsattributes.articledate",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time",
    "datemodified",
    "og:updated_time",
    "last-modified",
    "lastmod",
    "dcterms.modified",
    "dc.date.modified",
    "article:modified",
    "revised",
)
_TITLES = (
    "og:title",
    "twitter:title",
    "dc.title",
    "dcterms.title",
    "headline",
    "title",
    "parsely-title",
    "sailthru.title",
)
_AUTHORS = (
    "author", "article:author", "article:author_name", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "byl", "cxenseparse:author", "dc.contributor", "article.author", "twitter:data1", "authors",
    "creator", "byline", "og:author", "og:article:author", "vr:author", "shareaholic:article_author_name",
)  # fmt: skip
_HOLDERS = ("@graph", "mainEntity", "mainEntityOfPage", "item")  # not lists and live blogs: those are other articles
_DEKS = ("og:description", "description", "twitter:description", "dc.description")


_NO_LETTER = re.compile(r"[^a-z0-9]")
# Sites spell one name in many ways (article:published_time, article:published:time, articlePublishedTime): only letters
# and digits are compared.
_KNOWN = {
    _NO_LETTER.sub("", name): name
    for name in (
        *_PUBLISHED, *_MODIFIED, *_TITLES, *_AUTHORS, *_DEKS, "og:type", "og:url", "og:site_name", "application-name",
        "twitter:site", "twitter:label1", "og:locale", "content-language", "language",
    )
}  # fmt: skip


class Element(Protocol):
    """An element as metadata need it (`flows.clean.flat.Mark`)."""

    @property
    def text(self) -> str | None:
        """What stands before the first child."""

    def get(self, name: str) -> str | None:
        """The value of an attribute, or None."""

    def itertext(self) -> Iterable[str]:
        """The text of the element and of those inside it, in order."""


class Tree(Protocol):
    """A page as metadata need it: the attributes of <html>, and its elements by name.

    The elements asked for: meta, script, time, title, link; where no person is stated, a, span, div, p, address too.
    """

    def get(self, name: str) -> str | None:
        """The value of an attribute of <html>, or None."""

    def iter(self, tag: str) -> Iterable[Element]:
        """The elements of one name, in order."""


@dataclass(slots=True)
class Stated:
    """Metadata of a page, each with the best value found."""

    titles: list[str] = field(default_factory=list)
    dek: str | None = None
    authors: list[str] = field(default_factory=list)
    organised: bool = False  # the authors are organisations, not persons
    language: str | None = None
    url: str | None = None
    sites: list[str] = field(default_factory=list)  # what the page calls its outlet, best first
    published: Moment | None = None
    published_source: str | None = None
    modified: Moment | None = None
    body: str | None = None
    kinds: tuple[str, ...] = ()
    paywalled: bool = False
    is_article: bool | None = None
    things: frozenset[str] = frozenset()  # every JSON-LD type of the page, and its og:type


def read(tree: Tree, base: str | None) -> Stated:
    """Metadata of a tree. Nothing is fetched. Cost: about 0.5 ms; broken JSON-LD is repaired once, then passed over."""
    stated = Stated()
    metas = _metas(tree)
    items = list(_linked_data(tree))
    article = _best(items)
    _from_article(stated, article)
    _dates(stated, article, items, metas, tree)
    _titles(stated, metas, tree)
    stated.sites = [
        *(metas[name][0] for name in ("og:site_name", "application-name", "twitter:site") if name in metas),
        *stated.sites,
    ]
    _authors(stated, metas, tree)
    stated.dek = stated.dek or next((metas[name][0] for name in _DEKS if name in metas), None)
    stated.language = _language(tree, article, metas)
    stated.url = _canonical(tree, metas, base)
    kind = metas.get("og:type", [""])[0].lower()
    stated.is_article = True if article is not None or kind.endswith("article") else (False if kind else None)
    stated.things = frozenset({kind, *(kind for item in items for kind in _kinds(item))})
    return stated


def _clean(value: object) -> str:
    """A value as one line of text: entities and tags undone."""
    if not isinstance(value, str):
        return ""
    text = html_entities.unescape(value)
    if "<" in text:
        text = _TAGS.sub("", text)
    if "&" in text:
        text = html_entities.unescape(text)
    return _SPACE.sub(" ", text.replace("\u200b", "").replace("\u00ad", "")).strip()


def _metas(tree: Tree) -> dict[str, list[str]]:
    """Meta elements by name, property or itemprop, in the spelling of the lists above; empty values left out."""
    found: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        get = meta.get
        said = get("property") or get("name") or get("itemprop") or get("http-equiv")
        content = get("content")
        if said and content and (name := _KNOWN.get(_NO_LETTER.sub("", said.lower()))) and (value := _clean(content)):
            found.setdefault(name, []).append(value)
    return found


def _linked_data(tree: Tree) -> Iterator[dict[str, Any]]:
    """Every object of the page's JSON-LD, outer ones first."""
    for script in tree.iter("script"):
        kind = (script.get("type") or "").lower()
        if "ld+json" not in kind:
            continue
        queue = deque([_loads(script.text or "")])
        while queue:  # ends: JSON is a tree, and a page's bytes are bounded
            item = queue.popleft()
            if isinstance(item, list):
                queue.extend(item)
            elif isinstance(item, dict):
                yield item
                queue.extend(item[key] for key in _HOLDERS if isinstance(item.get(key), dict | list))


_NO_JSON = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>"
    r"|/\*\s*\]\]>\s*\*/|\]\]>)\s*;?\s*$"
)
_CONTROL = re.compile(r"[\x00-\x1f]+")
_STRAY_COMMA = re.compile(r",\s*([}\]])")


def _loads(raw: str) -> object:
    """JSON as pages write it: with comments, CDATA marks, raw line breaks and stray commas. None where it is broken."""
    text = raw.strip()
    if not text.startswith(("{", "[")) or not text.endswith(("}", "]")):
        text = _NO_JSON.sub("", text).strip().rstrip(";")
    for repaired in (False, True):
        try:
            return json.loads(_STRAY_COMMA.sub(r"\1", _CONTROL.sub(" ", text)) if repaired else text, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _kinds(item: dict[str, Any]) -> list[str]:
    kinds = item.get("@type")
    return [str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])]


def _best(items: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The article's object: an Article or Posting with a headline, the one with most said of it."""
    ranked = [
        (
            any(_STRONG.search(kind) for kind in _kinds(item)),
            bool(item.get("headline") or item.get("name")),
            sum(bool(item.get(key)) for key in ("datePublished", "author", "articleBody", "headline")),
            -at,
        )
        for at, item in enumerate(items)
        if any(_ARTICLE.search(kind) for kind in _kinds(item))
    ]
    return items[-max(ranked)[3]] if ranked else None


def _from_article(stated: Stated, article: dict[str, Any] | None) -> None:
    """Title, dek, authors and body of the JSON-LD article."""
    if article is None:
        return
    for key in ("headline", "name", "alternativeHeadline"):
        if title := _clean(article.get(key)):
            stated.titles.append(title)
            break
    stated.dek = _clean(article.get("description")) or None
    value = article.get("author") or article.get("creator")
    stated.authors = _names(value)
    stated.organised = all(_is_organisation(one) for one in (value if isinstance(value, list) else [value]))
    body = article.get("articleBody") or article.get("text")
    if isinstance(body, list):
        body = "\n".join(part for part in body if isinstance(part, str))
    stated.body = body if isinstance(body, str) and body.strip() else None
    stated.kinds = tuple(_kinds(article))
    stated.paywalled = str(article.get("isAccessibleForFree", "")).lower() == "false"
    publisher = article.get("publisher")
    publisher = publisher[0] if isinstance(publisher, list) and publisher else publisher
    if isinstance(publisher, dict):
        stated.sites = [name for name in [_clean(publisher.get("name"))] if name]


def _is_organisation(value: object) -> bool:
    return isinstance(value, dict) and any("Organization" in kind for kind in _kinds(value))


def _names(value: object) -> list[str]:
    """Author names of a JSON-LD value: strings, objects, lists of either."""
    if isinstance(value, list):
        return list(dict.fromkeys(name for part in value for name in _names(part)))
    if isinstance(value, dict):
        name = value.get("name")
        if isinstance(name, list | dict):
            return _names(name)
        value = name or " ".join(str(value[key]) for key in ("givenName", "familyName") if value.get(key))
    return split_names(_clean(value))


_WRITTEN_BY = re.compile(
    r"\b(?:by|von|par|por|da|di|door|av|af|author|autor\w*|auteur|autore|yazan|kirjoittaja)\b|автор"
)


def _authors(stated: Stated, metas: dict[str, list[str]], tree: Tree) -> None:
    """Who wrote it: persons of JSON-LD, else of meta elements, else of microdata; else whom any of them names."""

    def persons(names: list[str]) -> list[str]:
        return [name for name in names if is_name(name) and not is_outlet(name, stated.sites)]

    if stated.authors and not stated.organised and not all(is_outlet(name, stated.sites) for name in stated.authors):
        return
    said = [_authors_from_meta(metas), _authors_from_marks(tree)]
    better = next((names for names in said if persons(names)), None)
    if better is not None:
        stated.authors, stated.organised = better, False
    elif not stated.authors:
        stated.authors = next((names for names in said if names), [])


def _authors_from_marks(tree: Tree) -> list[str]:
    """Authors marked in the page's body: itemprop="author" (its name, where it holds one) and rel="author"."""
    for element in (one for tag in ("a", "span", "div", "p", "address") for one in tree.iter(tag)):
        if "author" in (element.get("itemprop") or "").split() or "author" in (element.get("rel") or "").split():
            names = split_names(_clean("".join(element.itertext())))
            if names:
                return names
    return []


def _authors_from_meta(metas: dict[str, list[str]]) -> list[str]:
    """Authors from meta elements; the first element that names any."""
    for key in _AUTHORS:
        if key == "twitter:data1" and not _WRITTEN_BY.search(metas.get("twitter:label1", [""])[0].lower()):
            continue
        names = [name for value in metas.get(key, []) for name in split_names(value)]
        if names:
            return list(dict.fromkeys(names))
    return []


def _dates(
    stated: Stated,
    article: dict[str, Any] | None,
    items: list[dict[str, Any]],
    metas: dict[str, list[str]],
    tree: Tree,
) -> None:
    """Published and modified: candidates in order of trust; the first instant, else the first day."""
    found = [*_linked_dates(article, items), *_meta_dates(metas), *_time_dates(tree)]
    if found:
        chosen = found[0]
        if chosen[0].precision == "day":
            day = chosen[0].at.date()
            near = [one for one in found if one[0].precision == "instant" and abs((one[0].at.date() - day).days) <= 1]
            chosen = near[0] if near else chosen
        stated.published, stated.published_source = chosen
    changed = [(article or {}).get("dateModified"), *(value for key in _MODIFIED for value in metas.get(key, [])[:1])]
    moments = (parse_machine(value) for value in changed if isinstance(value, str))
    stated.modified = next((moment for moment in moments if moment), None)


def _linked_dates(article: dict[str, Any] | None, items: list[dict[str, Any]]) -> Iterator[tuple[Moment, str]]:
    """What JSON-LD says: the article first, then other objects."""
    others = [item for item in items if item is not article and not item.get("itemListElement")]
    for item in ([article] if article else []) + others:
        for key in ("datePublished", "dateCreated", "uploadDate") if item is article else ("datePublished",):
            if isinstance(item.get(key), str) and (moment := parse_machine(item[key])):
                yield moment, "jsonld"


def _meta_dates(metas: dict[str, list[str]]) -> Iterator[tuple[Moment, str]]:
    for key in _PUBLISHED:
        for value in metas.get(key, [])[:1]:
            if moment := parse_machine(value):
                yield moment, "meta"


def _time_dates(tree: Tree) -> Iterator[tuple[Moment, str]]:
    """<time> elements that say they are the publication time, then the page's first."""
    elements = [element for element in tree.iter("time") if element.get("datetime")]
    for element in elements:
        stamp = f"{element.get('itemprop') or ''} {element.get('class') or ''}".lower()
        if ("publi" in stamp or "created" in stamp or element.get("pubdate") is not None) and (
            moment := parse_machine(element.get("datetime") or "")
        ):
            yield moment, "meta"
    if elements and (moment := parse_machine(elements[0].get("datetime") or "")):
        yield moment, "meta"


def _titles(stated: Stated, metas: dict[str, list[str]], tree: Tree) -> None:
    """Every title the page states, in order of trust, after JSON-LD's."""
    for key in _TITLES:
        stated.titles.extend(metas.get(key, [])[:1])
    for element in tree.iter("title"):
        if title := _clean("".join(element.itertext())):
            stated.titles.append(title)
        break
    stated.titles = list(dict.fromkeys(title for title in stated.titles if title))


def _language(tree: Tree, article: dict[str, Any] | None, metas: dict[str, list[str]]) -> str | None:
    """The language the page declares."""
    said = [tree.get("lang"), tree.get("{http://www.w3.org/XML/1998/namespace}lang")]
    said += [article.get("inLanguage")] if article else []
    said += metas.get("og:locale", [])[:1] + metas.get("content-language", [])[:1] + metas.get("language", [])[:1]
    return next((code for tag in said if isinstance(tag, str) and (code := from_tag(tag))), None)


def _canonical(tree: Tree, metas: dict[str, list[str]], base: str | None) -> str | None:
    """The canonical address, absolute; None where the page names none."""
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and (href := link.get("href")):
            return _absolute(href, base)
    return _absolute(metas["og:url"][0], base) if "og:url" in metas else None


def _absolute(href: str, base: str | None) -> str | None:
    try:
        url = urljoin(base or "", href.strip())
    except ValueError:
        return None
    return url if url.startswith(("http://", "https://")) else None
