"""Wire formats: every part that the pipeline needs, from every format; what is missing or hostile costs only itself."""

import json
from datetime import UTC, datetime

import pytest
import wires
from hypothesis import given, settings
from hypothesis import strategies as st

from dedupe import revision_marks
from flows.sources.wires import MessageError, embargo_of, messages, whole
from flows.sources.wires.markup import from_html, parse, plain

AT = datetime(2026, 3, 4, 8, 30, tzinfo=UTC)


def xml(content):
    return [one for one in messages.xml_items(content) if isinstance(one, messages.Piece)]


def text(item):
    return [said for hint, said in item.body if hint == "main"]


@pytest.mark.parametrize(
    ("content", "name", "version", "dek"),
    [
        (wires.g2(wires.g2_item(at="2026-03-04T09:30:00+01:00")), "urn:fjord:1", 1, None),
        (wires.newsml1().replace(b"+0100", b"Z"), "urn:newsml:fjord.example:20260304:NORVIK-1", 2, None),
        (wires.newsml1(public=False).replace(b"+0100", b"Z"), "urn:newsml:fjord.example:20260304:NORVIK-1", 2, None),
        (wires.nitf(), "fjord-nitf-1", 3, "Café spared"),
        (wires.ninjs1(), "urn:fjord:ninjs:1", 2, None),
        (wires.ninjs3(), "urn:fjord:ninjs:3", 2, None),
        (wires.digitalwires(), "urn:newsml:fjord:1", 2, "A hall burnt down."),
    ],
    ids=["g2", "newsml1", "newsml1-without-public-identifier", "nitf", "ninjs1", "ninjs3", "digitalwires"],
)
def test_identity_version_times_and_text(content, name, version, dek):
    [piece] = xml(content) if content.startswith(b"<") else list(messages.json_items(content))
    item = piece.item
    assert (item.name, item.version, item.status, item.versioned_at) == (name, version, "usable", AT)
    assert item.title == "Fire in Norvik harbour"
    assert item.dek == dek
    assert set(wires.FIRE) <= set(text(item))
    assert "Fjord" in (*item.providers, item.credit)
    assert "fire" in item.keywords
    assert messages.read(piece.content, piece.media_type) == item


def test_the_parts_of_a_g2_item():
    item = xml(
        wires.g2(wires.g2_item(signals=("sig:update",), ednote="Updates with toll", embargo="2026-03-04T12:00:00Z"))
    )
    [item] = [one.item for one in item]
    assert (item.urgency, item.slugline, item.credit, item.rights, item.language) == (
        3, "NORVIK-FIRE", "Fjord", "(c) 2026 Fjord", "en",
    )  # fmt: skip
    assert (item.signals, item.ednote) == (("sig:update",), "Updates with toll")
    assert item.embargo_until == datetime(2026, 3, 4, 12, tzinfo=UTC)
    assert item.created_at == datetime(2026, 3, 4, 8, tzinfo=UTC)


def test_the_parts_of_nitf_and_newsml_1():
    [piece] = xml(wires.nitf(info="Updates with toll"))
    item = piece.item
    assert (item.byline, item.dateline, item.urgency, item.ednote) == ("Ida Berg", "NORVIK", 2, "Updates with toll")
    assert item.rights == "Copyright 2026 Fjord"
    assert "Hall 1 | burnt" in text(item)
    assert ("other", "Fjord desk") in item.body
    [piece] = xml(wires.newsml1())
    item = piece.item
    assert (item.byline, item.dateline, item.urgency, item.info_source) == ("Ida Berg", "NORVIK", 4, "Harbour Gazette")
    assert item.signals == ("Update",)


def test_what_only_the_document_inside_says_is_not_lost():
    inner = wires.nitf(body=("One.", "Two.")).decode("iso-8859-1")
    inner = inner[inner.index("<nitf") :].replace("&eacute;", "é")
    item = wires.g2_item(title="", body=())
    outer = item[: item.index("<inlineXML")] + f"<inlineXML>{inner}</inlineXML></contentSet></newsItem>"
    [piece] = xml(wires.g2(outer.replace("<headline></headline>", "")))
    assert (piece.item.title, piece.item.byline, piece.item.dateline) == (
        "Fire in Norvik harbour",
        "Ida Berg",
        "NORVIK",
    )
    assert text(piece.item)[:2] == ["One.", "Two."]


def test_what_is_not_to_be_published_is_no_note():
    [piece] = messages.json_items(wires.digitalwires())
    assert piece.item.ednote == "fj ib\nNotes"
    assert piece.item.dateline == "Norvik (Fjord) -"
    assert "Numbers: one hall." in text(piece.item)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (wires.nitf(status="embargoed", release="20260304T120000Z"), ("usable", datetime(2026, 3, 4, 12, tzinfo=UTC))),
        (wires.nitf(status="embargoed"), ("withheld", None)),
        (wires.nitf(status="canceled"), ("killed", None)),
        (wires.newsml1(status="Embargoed", until="20260304T120000Z"), ("usable", datetime(2026, 3, 4, 12, tzinfo=UTC))),
        (wires.newsml1(status="Embargoed"), ("withheld", None)),
        (wires.newsml1(status="Canceled"), ("killed", None)),
        (wires.g2(wires.g2_item(status="withheld")), ("withheld", None)),
        (wires.g2(wires.g2_item(embargo="soon")), ("withheld", None)),
    ],
)
def test_status_and_embargo(content, expected):
    [piece] = xml(content)
    assert (piece.item.status, piece.item.embargo_until) == expected


def test_an_embargo_that_cannot_be_read_withholds():
    assert embargo_of(None, "usable") == ("usable", None)
    assert embargo_of("tonight", "usable") == ("withheld", None)
    assert embargo_of({"at": "noon"}, "usable") == ("withheld", None)
    assert embargo_of("tonight", "killed") == ("killed", None)
    assert embargo_of("9999-12-31", "usable") == ("withheld", None)
    assert embargo_of("2026-03-04", "usable") == ("usable", datetime(2026, 3, 5, tzinfo=UTC))
    assert embargo_of("2026-03-04T00:00:00Z", "usable") == ("usable", datetime(2026, 3, 4, tzinfo=UTC))


def test_a_message_goes_on_after_a_part_that_is_no_item():
    planning = f'<planningItem xmlns="{wires.NAR}" guid="p"/>'
    found = list(messages.xml_items(wires.g2(wires.g2_item(), planning, wires.g2_item("urn:fjord:2"))))
    assert [one.item.name if isinstance(one, messages.Piece) else one.outcome for one in found] == [
        "urn:fjord:1", "no_article", "urn:fjord:2",
    ]  # fmt: skip


def test_an_item_has_the_same_bytes_in_every_envelope():
    [one] = xml(wires.g2(wires.g2_item()))
    [two] = xml(wires.g2(wires.g2_item(), head='<header xmlns:x="urn:x"><sent>2027-01-01T00:00:00Z</sent></header>'))
    [alone] = xml(wires.g2_item().encode())
    assert one.content == two.content == alone.content


def test_entities_and_files_are_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret words")
    bomb = '<!DOCTYPE nitf [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    inclusion = f'<!DOCTYPE nitf [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    remote = '<!DOCTYPE nitf SYSTEM "http://127.0.0.1:9/nitf.dtd">'
    body = "<nitf><body><body.content><p>Words &b; &x; end</p></body.content></body></nitf>"
    for doctype in (bomb, inclusion):
        with pytest.raises(MessageError, match="declares entities"):
            parse((doctype + body).encode())
    [piece] = xml((remote + body).encode())
    assert text(piece.item) == ["Words &b; &x; end"]


@pytest.mark.parametrize("content", [b"<!--a-->" * 40 + b"<nitf>", b"<!DOCTYPE nitf [" + b"]" * 5_000, b"<nitf>" * 400,
                                     b"<nitf><body>" + b"<p>" * 100_000, b"\x00" * 100, b"<" * 100_000])  # fmt: skip
def test_hostile_xml_is_refused_at_once(content):
    with pytest.raises(MessageError):
        list(messages.xml_items(content))


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"uri": ' + b"9" * 6_000 + b"}", b"nonsense", b'{"uri": "x",}'])
def test_hostile_json_is_refused_at_once(content):
    with pytest.raises(MessageError):
        list(messages.json_items(content))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 2_000))
def test_a_message_that_is_cut_anywhere_is_incomplete(size):
    for content, read in ((wires.g2(wires.g2_item()), messages.xml_items), (wires.ninjs1(), messages.json_items)):
        cut = content[: min(size, len(content) - 1)]
        with pytest.raises(MessageError) as fault:
            list(read(cut))
        assert fault.value.outcome == "incomplete"


@settings(max_examples=60, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=20),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
                        st.sampled_from(["uri", "version", "headlines", "bodies", "body_html", "embargoed", "ednotes",
                                         "subject", "role", "value", "contentType", "notepad", "public_html", "by"]),
                        inner, max_size=6), max_leaves=20))  # fmt: skip
def test_a_json_item_of_any_shape_is_read(value):
    for one in messages.json_items(
        json.dumps({"uri": "urn:x:1", "headline": value, "body_text": value, "x": value}).encode()
    ):
        assert isinstance(one, messages.Piece)
    if isinstance(value, dict):
        list(messages.json_items(json.dumps(value | {"uri": "urn:x:1"}).encode()))


def test_marked_up_text_loses_no_word():
    assert from_html("<div>One <b>two</b><p>three</p> four<br>five<script>x()</script><ul><li>six</ul></div>") == [
        ("main", "One two"), ("main", "three"), ("main", "four"), ("main", "five"), ("main", "six"),
    ]  # fmt: skip
    links = "<ul><li><a href='x'>Letter</a> (archived)</li><li><a href='y'>Yard</a> closes in June, it said</li></ul>"
    assert from_html(links) == [("teaser", "Letter (archived)"), ("main", "Yard closes in June, it said")]
    assert from_html("<div>" * 5_000 + "deep &amp; lost") == [("main", "deep & lost")]
    assert from_html("<pre>a\nb</pre>") == [("main", "a"), ("main", "b")]
    assert plain("One\ntwo\n\nthree") == [("main", "One two"), ("main", "three")]


def test_numbers_as_senders_write_them():
    assert [whole(value) for value in ("3", 3, "0003", "3.0", 3.7, "x", None, True, -1, 2**40, "")] == [
        3, 3, 3, 3, 3, None, None, None, None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("signals", "headline", "slugline", "ednote", "expected"),
    [
        (("sig:update",), "x", None, None, "update"),
        (("sig:update", "sig:correction"), "x", None, None, "correction"),
        (("edStat:C",), "x", None, None, "correction"),
        (("edStat:D",), "x", None, None, "kill"),
        (("Rectify",), "x", None, None, "correction"),
        (("grade:C",), "x", None, None, None),
        ((), "UPDATE 2-Fire in Norvik", None, None, "update"),
        ((), "CORRECTED-UPDATE 1-Fire in Norvik", None, None, "correction"),
        ((), "REFILE-Fire in Norvik", None, None, "refile"),
        ((), "RPT-Fire in Norvik", None, None, "repeat"),
        ((), "LEAD 2: Fire in Norvik", None, None, "update"),
        ((), "(Berichtigung: 12 statt 21) Feuer", None, None, "correction"),
        ((), "STORY WITHDRAWN-Fire in Norvik", None, None, "kill"),
        ((), "KILL KILL KILL", None, None, "kill"),
        ((), "HOLD HOLD HOLD", None, None, "withhold"),
        ((), "Fire", "BC-Norvik Fire, 3rd Ld-Writethru", None, "update"),
        ((), "Fire", "NORVIK-FIRE (UPDATE 2)", None, "update"),
        ((), "Fire", None, "Eds: Corrects number of injured in second paragraph.", "correction"),
        ((), "Fire", None, "Im 2. Absatz wurde berichtigt: 12 (statt 21)", "correction"),
        ((), "Fire", None, "This story has been withdrawn because it was wrong.", "kill"),
        ((), "Kill Bill returns to cinemas", None, None, None),
        ((), "KILLED in action: a history", None, None, None),
        ((), "Update on the harbour fire", None, None, None),
        ((), "Correction of the market goes on", None, None, None),
        ((), "Withdrawn from the race, Berg rests", None, None, None),
        ((), None, None, None, None),
    ],
)
def test_what_a_revision_is_called(signals, headline, slugline, ednote, expected):
    found = revision_marks.of(signals, headline, slugline, ednote)
    assert (found and found.change) == expected


def test_every_shared_sample_is_read_or_explained(shared):
    counts = {}
    for path in sorted((shared / "data" / "wire_formats").glob("*/*")):
        read = messages.xml_items if path.suffix == ".xml" else messages.json_items
        folder = counts.setdefault(path.parent.name, {"item": 0, "text": 0, "other": 0, "error": 0})
        try:
            for one in read(path.read_bytes()):
                if isinstance(one, messages.Piece):
                    folder["item"] += 1
                    folder["text"] += bool(text(one.item))
                    assert messages.read(one.content, one.media_type) == one.item
                else:
                    folder["other"] += 1
        except MessageError as error:
            folder["error"] += error.outcome in ("foreign_format", "unreadable")
    assert counts["dpa-2017-06-29"] == {"item": 100, "text": 100, "other": 0, "error": 0}
    assert counts["dpa-digitalwires"] == {"item": 37, "text": 30, "other": 0, "error": 0}
    assert counts["ninjs"] == {"item": 232, "text": 32 + 8 + 2 + 1, "other": 3, "error": 4}
    assert counts["newsml-g2"] == {"item": 120, "text": 7, "other": 50, "error": 5}
