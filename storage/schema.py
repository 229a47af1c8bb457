"""Every table: columns, types, units, keys and meaning. The contract with downstream readers; `dedupe` may import it.

A schema describes the *stored* table. A column with ``metadata={"stored_only": True}`` is lineage: it is kept in the
store and left out of the published snapshot, so that published bytes depend on the articles alone and not on the runs
that brought them. Times are UTC with microseconds; offsets are half-open code points. A listed column is never renamed
or dropped without a new major `SCHEMA_VERSION`; columns may be added.
"""

from collections.abc import Mapping
from typing import Any

import dataframely as dy
import polars as pl

SCHEMA_VERSION = "1.1"

SPAN = pl.Struct({"a_begin": pl.Int32, "a_end": pl.Int32, "b_begin": pl.Int32, "b_end": pl.Int32})


def _meta(doc: str, *, stored_only: bool = False) -> dict[str, Any]:
    return {"doc": doc, "stored_only": stored_only}


def _text(doc: str, *, key: bool = False, null: bool = False, stored_only: bool = False) -> dy.String:
    return dy.String(primary_key=key, nullable=null, metadata=_meta(doc, stored_only=stored_only))


def _instant(doc: str, *, null: bool = False, stored_only: bool = False) -> dy.Datetime:
    metadata = _meta(doc, stored_only=stored_only)
    return dy.Datetime(time_unit="us", time_zone="UTC", nullable=null, metadata=metadata)


def _int(doc: str, *, key: bool = False, null: bool = False, stored_only: bool = False) -> dy.Int32:
    return dy.Int32(primary_key=key, nullable=null, metadata=_meta(doc, stored_only=stored_only))


def _float(doc: str, *, null: bool = False) -> dy.Float64:
    return dy.Float64(nullable=null, metadata=_meta(doc))


def _bool(doc: str, *, null: bool = False) -> dy.Bool:
    return dy.Bool(nullable=null, metadata=_meta(doc))


_RUN = "the run that wrote this row (lineage)"


class Captures(dy.Schema):
    """One fetch of one URL, or one input file or row: the bytes as they came, and what the input said of them."""

    capture_id = _text("from source, locator and content", key=True)
    source = _text("the kind of source: files, web, feed, ...")
    locator = _text("the path, row or URL the capture came from")
    outlet = _text("publisher")
    external_id = _text("the id the input gave, verbatim", null=True)
    url = _text("the URL asked for", null=True)
    final_url = _text("the URL after redirects", null=True)
    captured_at = _instant("when it was taken")
    media_type = _text("text/html, text/plain or what the source said")
    charset = _text("encoding the source declared", null=True)
    etag = _text("HTTP ETag", null=True)
    last_modified = _text("HTTP Last-Modified", null=True)
    tdm = _text("rights reserved against text and data mining, with the policy's address", null=True)
    content = dy.Binary(metadata=_meta("the bytes as they came"))
    given_title = _text("title said by the input (feed entry, column)", null=True)
    given_dek = _text("stand-first said by the input", null=True)
    given_byline = _text("byline said by the input", null=True)
    given_language = _text("language said by the input", null=True)
    given_published_at = _instant("publication time said by the input", null=True)
    given_precision = _text("instant, day or none", null=True)
    given_origin = _text("publisher that a feed names as the source of an entry: evidence, no credit", null=True)
    given_source = _text("feed, wire or input: who said given_*", null=True)
    run_id = _text(_RUN)


class Visits(dy.Schema):
    """The last fetch of a feed whose pages are all settled: what the next conditional GET sends. Stored only."""

    url = _text("the feed", key=True)
    outlet = _text("publisher it is configured for")
    visited_at = _instant("when it was fetched")
    etag = _text("HTTP ETag", null=True)
    last_modified = _text("HTTP Last-Modified", null=True)
    entry_n = _int("pages it named")
    run_id = _text(_RUN)


class Pages(dy.Schema):
    """A cleaned capture: its text in blocks, before any block is judged, and the page's metadata."""

    capture_id = _text("the capture", key=True)
    outlet = _text("publisher")
    external_id = _text("the id the input gave", null=True)
    url = _text("canonical URL where the page names one", null=True)
    captured_at = _instant("when it was taken")
    lane = _text("html, text or fast: how it was cleaned")
    title = _text("title, from metadata or the page", null=True)
    dek = _text("stand-first", null=True)
    byline = _text("authors, '; ' between them", null=True)
    language = _text("ISO 639-1", null=True)
    published_at = _instant("publication time", null=True)
    published_precision = _text("instant, day or none")
    published_source = _text("jsonld, meta, feed, wire, input or text", null=True)
    modified_at = _instant("time of the last change the page states", null=True)
    text = _text("the captured text: every visible character, block after block")
    blocks = dy.List(
        dy.Struct({"begin": dy.Int32(), "end": dy.Int32(), "tag": dy.String(), "hint": dy.String()}),
        metadata=_meta("tiles of `text`: HTML tag (or 'line') and what the extractor made of it (main, title, ...)"),
    )
    item_name = _text("what a wire calls the item, the same over its versions; null: not a wire item", null=True)
    status = _text("usable, withheld or killed: the wire's word on this version", null=True)
    targets = dy.List(
        dy.String(), nullable=True, metadata=_meta("items it replaces or withdraws: a kill closes them too")
    )
    credit = _text("credit line the input gave", null=True)
    version = _int("the version number the wire gave", null=True)
    versioned_at = _instant("when the wire made this version", null=True)
    item_created_at = _instant("when the wire made the item's first version", null=True)
    change = _text(
        "what the sender calls this revision: update, correction, refile (a slip, meaning unchanged), repeat; "
        "null: not said",
        null=True,
    )
    change_basis = _text(
        "where it says so: signal, instruction, headline, slugline or ednote, with the words", null=True
    )
    embargo_until = _instant("not to be published before; nothing of it is published earlier", null=True)
    urgency = _int("1 (flash) to 9, as the wire gave it", null=True)
    slugline = _text("the wire's keyword line", null=True)
    dateline = _text("place and wire as the item gives them apart from its text", null=True)
    ednote = _text("notes to editors", null=True)
    rights = _text("copyright notice and terms of use", null=True)
    info_source = _text("who wrote it, where the item names one other than the sender; '; ' between them", null=True)
    keywords = dy.List(dy.String(), nullable=True, metadata=_meta("keywords and subjects the wire gave"))
    run_id = _text(_RUN)


class Articles(dy.Schema):
    """One row per article revision: one text as one outlet published it."""

    article_id = _text("from outlet, url or external id, title and text", key=True)
    external_id = _text("the id the input gave, verbatim", null=True)
    item_id = _text("what stays the same over the revisions: wire id, else outlet and url or external id")
    revision = _int("1, 2, ... in order of the wire's versions, else of capture")
    status = _text("usable, withheld, killed or superseded")
    outlet = _text("publisher")
    url = _text("canonical URL", null=True)
    title = _text("headline", null=True)
    dek = _text("stand-first", null=True)
    byline = _text("authors, '; ' between them", null=True)
    credit = _text("wire or agency the text credits", null=True)
    language = _text("ISO 639-1", null=True)
    published_at = _instant("publication time; midnight UTC where only the day is known", null=True)
    published_precision = _text("instant, day or none")
    published_source = _text("jsonld, meta, feed, wire, input or text", null=True)
    captured_at = _instant("when this revision was first captured")
    word_n = _int("words in text")
    text = _text("the body: kept body blocks, nothing else")
    version = _int("the version number the wire gave", null=True)
    versioned_at = _instant("when the wire made this version", null=True)
    item_created_at = _instant("when the wire made the item's first version", null=True)
    change = _text(
        "what the sender calls this revision: update, correction, refile (a slip, meaning unchanged), repeat; "
        "null: not said",
        null=True,
    )
    change_basis = _text(
        "where it says so: signal, instruction, headline, slugline or ednote, with the words", null=True
    )
    embargo_until = _instant("not to be published before; nothing of it is published earlier", null=True)
    urgency = _int("1 (flash) to 9, as the wire gave it", null=True)
    slugline = _text("the wire's keyword line", null=True)
    dateline = _text("place and wire as the item gives them apart from its text", null=True)
    ednote = _text("notes to editors", null=True)
    rights = _text("copyright notice and terms of use", null=True)
    info_source = _text("who wrote it, where the item names one other than the sender; '; ' between them", null=True)
    keywords = dy.List(dy.String(), nullable=True, metadata=_meta("keywords and subjects the wire gave"))
    capture_id = _text("the capture it was first taken from", stored_only=True)
    run_id = _text(_RUN, stored_only=True)


class Notices(dy.Schema):
    """A wire's word on one of its items that is no article: killed, withheld; or a version that came with two texts."""

    notice_id = _text("from item, kind, version and words", key=True)
    item_id = _text("the item it is about")
    outlet = _text("the wire")
    external_id = _text("the item's id as the wire gives it", null=True)
    kind = _text("kill (closes every revision for good), withhold (until a later version), same_version")
    version = _int("the version number the wire gave", null=True)
    noticed_at = _instant("when the wire made the notice, else when it was captured")
    text = _text("its words: note to editors, else headline")
    basis = _text("where it says so: status, signal, headline, ..., with the words")
    capture_id = _text("the capture it was taken from", stored_only=True)
    run_id = _text(_RUN, stored_only=True)


class Uncorrected(dy.Schema):
    """An outlet's copy that still carries text which its wire has withdrawn or corrected."""

    item_id = _text("the wire item", key=True)
    wire = _text("who withdrew or corrected it")
    kind = _text("kill or correction")
    wrong_article_id = _text("the revision whose text it is", key=True)
    article_id = _text("the copy", key=True)
    outlet = _text("who runs the copy")
    url = _text("its URL", null=True)
    field = _text("title, dek or text", key=True)
    begin = _int("offset in the copy's field", key=True)
    end = _int("offset in the copy's field")
    text = _text("the exact characters: article[field][begin:end]")
    wrong = _text("the passage of the withdrawn or corrected revision")
    correct = _text("what stands there since the correction; null: withdrawn, or nothing", null=True)
    since = _instant("when the wire withdrew or corrected it", null=True)
    run_id = _text(_RUN, stored_only=True)


class Blocks(dy.Schema):
    """A piece of a captured page. The blocks of an article tile its captured text: kept + removed = captured."""

    article_id = _text("the article the page became", key=True)
    block = _int("0, 1, ... in page order", key=True)
    begin = _int("offset in the captured text (code points)")
    end = _int("offset in the captured text (code points)")
    role = _text(
        "body, title, dek, byline, date, dateline, caption, credit, signoff, teaser, related_heading, widget, "
        "navigation, citation_marker, repeat, space, other"
    )
    kept = _bool("true: part of article.text")
    reason = _text("why it has this role")
    repeat_of = _int("for a repeat: the block it repeats", null=True)
    text = _text("captured_text[begin:end]")
    text_begin = _int("where a kept block starts in article.text", null=True)
    capture_id = _text("the capture whose text it is", key=True, stored_only=True)
    run_id = _text(_RUN, stored_only=True)


class Lines(dy.Schema):
    """A distinct line of a captured page, as the block frequencies of its outlet count it. Stored only."""

    capture_id = _text("the capture", key=True)
    place = _text("body, other, title, dek, lead, start or headline (title and lead in one)", key=True)
    text = _text("its words alone, lower case, at most 400 code points", key=True)
    outlet = _text("publisher")
    window = _text("calendar quarter of the capture, e.g. 2026-Q4: what is learned is learned within one")
    item = _text("what stays the same over the revisions, as articles.item_id")
    captured_at = _instant("when the capture was taken")
    at = _int("where it stands among the lines of its place, from 0")
    word_n = _int("words")
    char_n = _int("code points as captured")
    closed = _bool("ends as a sentence does")
    tabular = _bool("a row of numbers, or next to one")
    run_id = _text(_RUN, stored_only=True)


class Residue(dy.Schema):
    """Line that stands on several pages of an outlet, or leads another article, and whether it is cut. Stored only."""

    outlet = _text("publisher", key=True)
    window = _text("calendar quarter of the captures", key=True)
    text = _text("its words alone, lower case, at most 400 code points", key=True)
    role = _text("teaser or widget; null: it stays in the bodies that hold it", null=True)
    reason = _text("what decided; the reason of the blocks that are cut")
    page_n = _int("different texts of the outlet in whose body it stands")
    of_n = _int("different texts of the outlet in the window")
    share = _float("page_n over of_n, 0..1")
    foreign = _float("share of its words that are rare and stand nowhere else on its pages, 0..1", null=True)
    first_seen = _instant("first capture that holds it")
    last_seen = _instant("last capture that holds it")
    own = dy.List(dy.String(), metadata=_meta("captures that keep it: it is their article's own"))
    run_id = _text(_RUN, stored_only=True)


class Layouts(dy.Schema):
    """Sudden change of an outlet's layout between its latest captures and the earlier ones of a window. Stored only."""

    outlet = _text("publisher", key=True)
    window = _text("calendar quarter of the captures", key=True)
    measure = _text("body_share, lines or standing_lines: what changed", key=True)
    before = _float("its value on the earlier captures")
    recent = _float("its value on the latest captures")
    page_n = _int("captures of the window")
    recent_n = _int("latest captures compared with the others")
    since = _instant("the earliest of the latest captures")
    run_id = _text(_RUN, stored_only=True)


class Sketches(dy.Schema):
    """MinHash signature and containment sketch of an article's text. Compared only within one scheme."""

    article_id = _text("the article", key=True)
    scheme = _text("scheme, seed, permutations, shingle size and normaliser version, e.g. affine32/1/128/w5/n1")
    shingle_n = _int("distinct shingles")
    signature = dy.Binary(metadata=_meta("permutations x uint32, little endian; equals datasketch.MinHash.hashvalues"))
    scaled = dy.Binary(metadata=_meta("sorted uint64, little endian: shingle hashes below 2^64 / scale"))
    body_hash = dy.Int64(metadata=_meta("hash of the normalised words: equal bodies have equal values"))
    published_at = _instant("the article's published_at, else captured_at: the window is cut on it")
    run_id = _text(_RUN, stored_only=True)


class Candidates(dy.Schema):
    """Pair of articles that may share text; article_a < article_b."""

    article_a = _text("smaller article id", key=True)
    article_b = _text("larger article id", key=True)
    found_by = dy.List(dy.String(), metadata=_meta("band, scaled, title, exact"))
    run_id = _text(_RUN, stored_only=True)


class Pairs(dy.Schema):
    """Verified pair of articles; article_a < article_b."""

    article_a = _text("smaller article id", key=True)
    article_b = _text("larger article id", key=True)
    resemblance = _float("exact Jaccard of the shingle sets, 0..1")
    containment_a = _float("share of a's shingles found in b, 0..1")
    containment_b = _float("share of b's shingles found in a, 0..1")
    relation = _text(
        "identical, copy, edited_copy, excerpt, contains, revision, template or shared_passage; for excerpt and "
        "contains the larger containment says which side lies in the other"
    )
    same_origin = _bool("the bulk of the shorter text comes from the other or from a common wire text")
    reasons = dy.List(dy.String(), metadata=_meta("the signals that decided, as name=value"))
    spans = dy.List(
        dy.Struct({k: dy.Int32() for k in ("a_begin", "a_end", "b_begin", "b_end")}),
        metadata=_meta("aligned equal passages, offsets in the two texts; none where days lie between unequal texts"),
    )
    number_agreement = _float(
        "numbers both texts have, as a share of those of the text with fewer, 0..1; null where it has none", null=True
    )
    name_agreement = _float(
        "names (capitalised words) both texts have, as a share of those of the text with fewer, 0..1; null where none",
        null=True,
    )
    title_similarity = _float(
        "rapidfuzz token_set_ratio of the titles, 0..1; null where a title is missing, or as for spans", null=True
    )
    run_id = _text(_RUN, stored_only=True)


class Copies(dy.Schema):
    """Article in a copy group (groups of one are not listed)."""

    copy_group = _text("id of the group")
    article_id = _text("the article", key=True)
    outlet = _text("publisher")
    role = _text("origin, copy, edited_copy, excerpt or revision", null=True)
    origin_basis = _text("credit, wire_item, containment, time; null: undecided", null=True)
    lag_s = _float("seconds after the origin; null where either time is not an instant", null=True)
    run_id = _text(_RUN, stored_only=True)


class Stories(dy.Schema):
    """Article in a story: articles on one event."""

    story_id = _text("id of the story")
    article_id = _text("the article", key=True)
    outlet = _text("publisher")
    score = _float("mean probability that it and another text of the story tell one event; 1 for a story of one")
    cohesion = _float("mean of that over all pairs of the story's texts: near the threshold, a story falling apart")
    digest = _text("of the story's members and their copy groups: what its facts depend on", stored_only=True)
    made_of = _text(
        "day of the article's copy group, and a digest of all its story depends on", null=True, stored_only=True
    )
    run_id = _text(_RUN, stored_only=True)


_QUANTITY = dy.Struct(
    {
        "kind": dy.String(),
        "value": dy.Float64(nullable=True),
        "low": dy.Float64(nullable=True),
        "high": dy.Float64(nullable=True),
        "unit": dy.String(nullable=True),
        "begin": dy.Int32(),
        "end": dy.Int32(),
    }
)
_ATTRIBUTION = dy.Struct(
    {
        "cited": dy.String(),
        "verb": dy.String(nullable=True),
        "begin": dy.Int32(),
        "end": dy.Int32(),
        "hop": dy.Int32(),
    }
)


class Mentions(dy.Schema):
    """One assertion in one article: text == article[field][begin:end]."""

    mention_id = _text("from article, field and offsets", key=True)
    fact_id = _text("the fact it asserts")
    story_id = _text("the story of its article")
    article_id = _text("the article")
    outlet = _text("publisher")
    field = _text("title, dek or text")
    begin = _int("offset in the field")
    end = _int("offset in the field")
    text = _text("the exact characters")
    kind = _text("event, quantity, quote, plan, cause, background, opinion, attribution, headline or aside")
    modality = _text("asserted, reportedly, alleged, will, conditional or denied")
    quantities = dy.List(_QUANTITY, metadata=_meta("numbers, money, percents, dates; offsets in the field"))
    attribution = dy.List(_ATTRIBUTION, metadata=_meta("who says so, outermost first; offsets in the field"))
    sentence_begin = _int("where its sentence begins in the field")
    sentence_end = _int("where its sentence ends in the field")
    context_begin = _int("where the words begin by which it is read, in the field; null: it needs none", null=True)
    context_end = _int("where they end; they are no part of the mention and no evidence", null=True)
    names = dy.List(dy.String(), metadata=_meta("names in it, as written, in order, repeats left out"))
    language = _text("whose grammar was used; null: none, sentences only, kind and modality not judged", null=True)
    run_id = _text(_RUN, stored_only=True)


class Facts(dy.Schema):
    """A claim: the mentions that assert the same. We never say that it is true."""

    fact_id = _text("the fact", key=True)
    story_id = _text("its story")
    text = _text("the text of its representative mention, verbatim")
    status = _text("shared, unique, uncertain, uncompared (one article, or an aside that stands alone) or withdrawn")
    outlet_n = _int("outlets that carry it")
    origin_n = _int("independent origins: a copy is not a corroboration")
    root_n = _int("first sources the origins name; an origin that names none counts as its own root")
    mention_n = _int("mentions")
    first_outlet = _text("who reported it first; null: undecided", null=True)
    first_at = _instant("when", null=True)
    scorer = _text("who said which mentions assert the same: lexical, or the name of a scorer or model")
    first_basis = _text("why first_outlet is set, or is not: instant, day, only_origin, tie, unknown_time", null=True)
    run_id = _text(_RUN, stored_only=True)


class Coverage(dy.Schema):
    """Fact x outlet of its story."""

    fact_id = _text("the fact", key=True)
    story_id = _text("its story")
    outlet = _text("an outlet of the story", key=True)
    carried = _bool("the outlet has a mention of the fact")
    unique = _bool("the outlet's origin alone carries it (status unique)")
    first = _bool("the outlet reported it first; null: undecided", null=True)
    had_chance = _bool("it could have reported it: full text, at or after the first report or within the tie window")
    omitted = _bool("at least two origins carry it, the outlet had the chance, does not, and says nothing near it")
    lag_s = _float("seconds after the first report; null where a time is not known", null=True)
    mention_id = _text("its mention, the most specific where it has several", null=True)
    run_id = _text(_RUN, stored_only=True)


class UniqueFacts(dy.Schema):
    """Fact only one origin reports although another outlet of the story had the chance to."""

    story_id = _text("the story")
    outlet = _text("the outlet that reports it alone", key=True)
    fact_id = _text("the fact", key=True)
    article_id = _text("the article with the evidence")
    url = _text("its URL", null=True)
    field = _text("title, dek or text")
    begin = _int("offset in the field")
    end = _int("offset in the field")
    text = _text("the exact characters: article[field][begin:end]")
    sentence = _text("the sentence it stands in, to read it by: no evidence; null: it is the whole sentence", null=True)
    context = _text(
        "the words by which it is read (what it hangs on, the sentence before); null: needs none", null=True
    )
    reported_at = _instant("publication time of the article", null=True)
    had_chance_n = _int("other outlets that had the chance")
    confidence = _text("times: the chance was decided on instants; days: on days; assumed: times unknown")
    run_id = _text(_RUN, stored_only=True)


class Conflicts(dy.Schema):
    """Slot on which two outlets differ."""

    story_id = _text("the story")
    slot = _text("what the two values are values of")
    mention_a = _text("smaller mention id", key=True)
    mention_b = _text("larger mention id", key=True)
    outlet_a = _text("outlet of mention_a")
    outlet_b = _text("outlet of mention_b")
    value_a = _text("as written")
    value_b = _text("as written")
    begin_a = _int("offset of value_a in the field of mention_a", null=True)
    end_a = _int("offset of value_a in the field of mention_a", null=True)
    begin_b = _int("offset of value_b in the field of mention_b", null=True)
    end_b = _int("offset of value_b in the field of mention_b", null=True)
    unit = _text("unit of both; null for names", null=True)
    kind = _text("differs, update, correction or contradiction")
    run_id = _text(_RUN, stored_only=True)


class Attributions(dy.Schema):
    """Citation of a source by an article."""

    article_id = _text("the citing article")
    outlet = _text("the citing outlet")
    story_id = _text("the story of the article")
    fact_id = _text("the fact it is cited for")
    mention_id = _text("the mention it is cited in", key=True)
    cited = _text("the source, as named")
    verb = _text("according to, told, reported, ...", null=True)
    begin = _int("offset of the cited name in the mention's field")
    end = _int("offset of the cited name in the mention's field")
    hop = _int("0 = outermost source, 1 = the source it cites, ...", key=True)
    run_id = _text(_RUN, stored_only=True)


class Outlets(dy.Schema):
    """Outlet x day."""

    outlet = _text("publisher", key=True)
    day = dy.Date(primary_key=True, metadata=_meta("UTC day", stored_only=True))
    article_n = _int("articles")
    copy_share = _float("share of them that are copies of another outlet's text, 0..1")
    copy_low = _float("lower end of its 95 % interval (Wilson); null: no article", null=True)
    copy_high = _float("upper end of it", null=True)
    original_share = _float("share of them that are in no copy group or its origin, 0..1")
    original_low = _float("lower end of its 95 % interval (Wilson); null: no article", null=True)
    original_high = _float("upper end of it", null=True)
    fact_n = _int("facts carried")
    unique_fact_n = _int("facts reported alone")
    compared_fact_n = _int("those of stories that more than one origin tells")
    unique_share = _float("unique_fact_n / compared_fact_n, 0..1")
    unique_low = _float("lower end of its 95 % interval (Wilson); null: none compared", null=True)
    unique_high = _float("upper end of it", null=True)
    first_n = _int("compared facts reported first")
    first_share = _float("first_n / compared_fact_n, 0..1")
    first_low = _float("lower end of its 95 % interval (Wilson); null: none compared", null=True)
    first_high = _float("upper end of it", null=True)
    median_lag_s = _float("median seconds after the first report; null: none known", null=True)
    lag_low_s = _float("lower end of its 95 % interval (ranks); null: fewer than six known", null=True)
    lag_high_s = _float("upper end of it", null=True)
    citations_in = _int("times other outlets cite it, by its name or an alias")
    citations_out = _int("times it cites a source: places at which one is named")
    outlets_cited_n = _int("those of them that name another outlet of the store or of the configuration")
    run_id = _text(_RUN, stored_only=True)


class Rejects(dy.Schema):
    """Input that could not be used. Kept, counted, never dropped in silence."""

    source = _text("the path, row or URL", key=True)
    url = _text("its URL where known", null=True)
    outcome = _text("unreadable, too_large, empty, no_article, bad_column, duplicate_id, fetch_failed, ...", key=True)
    reason = _text("one sentence: the value seen, the value expected, what to do", key=True)
    captured_at = _instant("when it was first met")
    capture_id = _text("the capture, where there was one", null=True, stored_only=True)
    run_id = _text(_RUN, stored_only=True)


class Runs(dy.Schema):
    """One row per run that changed the published tables. Every run, failed ones too, has a manifest in STORE/runs."""

    run_id = _text("the run", key=True)
    started_at = _instant("start")
    ended_at = _instant("end of the last step before publishing", null=True)
    status = _text("published")
    settings_hash = _text("of every setting in force")
    versions = _text("JSON: versions of copydesk, schema and the libraries that decide results")
    counts = _text("JSON: rows in and out per step, what was capped, skipped and rejected, seconds per step")


class Done(dy.Schema):
    """Work that is finished although it may have left no row elsewhere: what a resumed run need not do again."""

    step = _text("mark, pair, verify, facts or settings", key=True)
    key = _text("article id; for facts: story id; for mark: capture id; for settings: whose they are", key=True)
    digest = _text(
        "for facts: of the story they were made from; for mark: of what was learned of its lines; for settings: of all "
        "their values",
        null=True,
    )
    run_id = _text(_RUN, stored_only=True)


class Judgements(dy.Schema):
    """A person's word on a pair of articles or mentions. Beats any score, kept for ever; the latest one holds."""

    left_id = _text("article or mention", key=True)
    right_id = _text("article or mention", key=True)
    about = _text("what they are said to be the same in: copies (one origin), stories or facts", key=True)
    same = _bool("true: same, false: different, null: an earlier word on the pair is withdrawn", null=True)
    judged_at = dy.Datetime(time_unit="us", time_zone="UTC", primary_key=True, metadata=_meta("when"))
    note = _text("why", null=True)
    judged_by = _text("who", null=True)


class Changes(dy.Schema):
    """What became of a group that an earlier run had published: merged, split, renamed, dissolved, another origin."""

    change_id = _text("from the kind of group, both ids and the state it changed", key=True)
    changed_at = _instant("start of the run that found it")
    level = _text("copies or stories: which table's groups")
    kind = _text("merged, split, renamed (an earlier article came late), dissolved or origin_changed")
    old_id = _text("the group as it was")
    new_id = _text("the group its members, or those that left it, are in now; null: in none", null=True)
    article_n = _int("members that went from the one to the other")
    old_origin = _text("for origin_changed: the article that was the origin", null=True)
    new_origin = _text("for origin_changed: the article that is the origin now", null=True)
    reason = _text("what brought it about: a judgement, articles that came in, other pairs")
    run_id = _text(_RUN)


STORED: Mapping[str, type[dy.Schema]] = {
    "captures": Captures,
    "visits": Visits,
    "pages": Pages,
    "articles": Articles,
    "notices": Notices,
    "blocks": Blocks,
    "lines": Lines,
    "residue": Residue,
    "layouts": Layouts,
    "sketches": Sketches,
    "candidates": Candidates,
    "pairs": Pairs,
    "copies": Copies,
    "uncorrected": Uncorrected,
    "stories": Stories,
    "mentions": Mentions,
    "facts": Facts,
    "coverage": Coverage,
    "unique_facts": UniqueFacts,
    "conflicts": Conflicts,
    "attributions": Attributions,
    "outlets": Outlets,
    "rejects": Rejects,
    "runs": Runs,
    "judgements": Judgements,
    "changes": Changes,
    "done": Done,
}

PUBLISHED: tuple[str, ...] = (
    "articles",
    "notices",
    "blocks",
    "pairs",
    "copies",
    "uncorrected",
    "stories",
    "mentions",
    "facts",
    "coverage",
    "unique_facts",
    "conflicts",
    "attributions",
    "outlets",
    "rejects",
    "runs",
)


def columns(table: str, *, published: bool = False) -> dict[str, pl.DataType]:
    """Column names and polars types of a table, in order; with `published`, without the lineage columns."""
    return {
        name: column.dtype() if isinstance(column.dtype, type) else column.dtype
        for name, column in STORED[table].columns().items()
        if not (published and (column.metadata or {}).get("stored_only"))
    }


def keys(table: str, *, published: bool = False) -> list[str]:
    """Primary key of a table; with `published`, without lineage columns."""
    wanted = columns(table, published=published)
    return [name for name in STORED[table].primary_key() if name in wanted]


def empty(table: str) -> pl.DataFrame:
    """A frame with the table's columns and no row."""
    return pl.DataFrame(schema=columns(table))


def conform(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with exactly the table's columns, cast to its types, in its order.

    Raises:
        polars.exceptions.ColumnNotFoundError: A column is missing.
        polars.exceptions.InvalidOperationError: A value does not fit its type.
    """
    return frame.select(pl.col(name).cast(dtype) for name, dtype in columns(table).items())
