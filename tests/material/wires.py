"""Wire messages of our own making, one builder a format. Every builder takes the same words for the same things."""

import json
from html import escape

NAR = "http://iptc.org/std/nar/2006-10-01/"
FIRE = (
    "NORVIK (Fjord) - A fire broke out in a warehouse in the harbour of Norvik on Tuesday evening, officials said.",
    "At least 12 people were taken to hospital with burns, according to the harbour police in Norvik.",
    "The blaze started shortly after 8 p.m. in a hall where a furniture maker keeps varnish and solvents.",
    "Sixty firefighters worked through the night to keep the flames away from a school nearby.",
)


def g2_item(name="urn:fjord:1", version=1, title="Fire in Norvik harbour", body=FIRE, *, at="2026-03-04T08:00:00Z",
            status="usable", signals=(), ednote="", embargo="", slug="NORVIK-FIRE",
            provider="fjord", xhtml=True):  # fmt: skip
    """A NewsML-G2 newsItem."""
    paragraphs = "".join(f"<p>{escape(one)}</p>" for one in body)
    text = "\n\n".join(body)
    inline = (
        f'<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x'
        f"</title></head><body>{paragraphs}</body></html></inlineXML>"
        if xhtml
        else f'<inlineData contenttype="text/plain">{escape(text)}</inlineData>'
    )
    return (
        f'<newsItem xmlns="{NAR}" guid="{name}" version="{version}" standard="NewsML-G2" xml:lang="en">'
        f"<rightsInfo><copyrightNotice>(c) 2026 Fjord</copyrightNotice></rightsInfo><itemMeta>"
        f'<itemClass qcode="ninat:text"/><provider qcode="nprov:{provider}"><name>Fjord News Agency</name></provider>'
        f"<versionCreated>{at}</versionCreated><firstCreated>2026-03-04T08:00:00Z</firstCreated>"
        + (f"<embargoed>{embargo}</embargoed>" if embargo else "")
        + f'<pubStatus qcode="stat:{status}"/>'
        + (f"<edNote>{escape(ednote)}</edNote>" if ednote else "")
        + "".join(f'<signal qcode="{one}"/>' for one in signals)
        + f"</itemMeta><contentMeta><urgency>3</urgency><slugline>{slug}</slugline><headline>{escape(title)}</headline>"
        f"<creditline>Fjord</creditline><keyword>fire</keyword></contentMeta><contentSet>{inline}</contentSet></newsItem>"
    )


def g2(*items, head="<header><sent>2026-03-04T09:00:00Z</sent></header>"):
    """A NewsML-G2 newsMessage of the items."""
    declared = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{declared}<newsMessage xmlns="{NAR}">{head}<itemSet>{"".join(items)}</itemSet></newsMessage>'.encode()


def newsml1(revision=2, previous=1, status="Usable", body=FIRE, instruction="Update", until="", public=True):
    """A NewsML 1.2 envelope with one NewsItem."""
    name = "urn:newsml:fjord.example:20260304:NORVIK-1"
    change = (
        f'<StatusWillChange><FutureStatus FormalName="Usable"/><DateAndTime>{until}</DateAndTime></StatusWillChange>'
        if until
        else ""
    )
    paragraphs = "".join(f"<p>{escape(one)}</p>" for one in body)
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE NewsML SYSTEM "NewsML_1.2.dtd">'
        '<NewsML Version="1.2"><NewsEnvelope><DateAndTime>20260304T090000Z</DateAndTime></NewsEnvelope><NewsItem>'
        "<Identification><NewsIdentifier><ProviderId>fjord.example</ProviderId><DateId>20260304</DateId>"
        f'<NewsItemId>NORVIK-1</NewsItemId><RevisionId PreviousRevision="{previous}" Update="N">{revision}</RevisionId>'
        + (f"<PublicIdentifier>{name}:{revision}N</PublicIdentifier>" if public else "")
        + "</NewsIdentifier></Identification><NewsManagement>"
        '<NewsItemType FormalName="News"/><FirstCreated>20260304T080000Z</FirstCreated>'
        f'<ThisRevisionCreated>20260304T083000+0100</ThisRevisionCreated><Status FormalName="{status}"/>{change}'
        f'<Urgency FormalName="4"/><Instruction FormalName="{instruction}"/></NewsManagement><NewsComponent>'
        "<NewsLines><HeadLine>Fire in Norvik harbour</HeadLine><ByLine>Ida Berg</ByLine><DateLine>NORVIK</DateLine>"
        "<CopyrightLine>(c) Fjord</CopyrightLine><SlugLine>NORVIK-FIRE</SlugLine><KeywordLine>fire</KeywordLine>"
        '</NewsLines><AdministrativeMetadata><Provider><Party FormalName="Fjord"/></Provider><Source>'
        '<Party FormalName="Harbour Gazette"/></Source></AdministrativeMetadata><DescriptiveMetadata>'
        '<Language FormalName="en"/></DescriptiveMetadata><ContentItem><MediaType FormalName="Text"/><DataContent>'
        f"<nitf><body><body.content>{paragraphs}</body.content></body></nitf></DataContent></ContentItem>"
        "</NewsComponent></NewsItem></NewsML>"
    ).encode()


def nitf(
    name="fjord-nitf-1", version=3, status="usable", body=FIRE, info="", release="", head="Fire in Norvik harbour"
):
    """A NITF document with named characters of HTML and a table."""
    paragraphs = "".join(f"<p>{escape(one)}</p>" for one in body)
    return (
        '<?xml version="1.0" encoding="iso-8859-1"?><!DOCTYPE nitf PUBLIC "-//IPTC//DTD NITF 3.4//EN" "nitf-3-4.dtd">'
        f'<nitf><head><title>x</title><docdata management-status="{status}"><doc-id regsrc="Fjord" id-string="{name}"/>'
        f'<urgency ed-urg="2"/><date.issue norm="20260304T083000Z"/>'
        + (f'<date.release norm="{release}"/>' if release else "")
        + f'<doc.copyright year="2026" holder="Fjord"/><ed-msg info="{escape(info)}"/>'
        f'<du-key key="NORVIK-FIRE" version="{version}"/><key-list><keyword key="fire"/></key-list></docdata></head>'
        f"<body><body.head><hedline><hl1>{escape(head)}</hl1><hl2>Caf&eacute; spared</hl2></hedline><byline>By "
        "<person>Ida Berg</person><bytag>Harbour reporter</bytag></byline><distributor>Fjord</distributor><dateline>"
        f"<location>NORVIK</location></dateline></body.head><body.content>{paragraphs}<table><tr><td>Hall 1</td>"
        "<td>burnt</td></tr></table></body.content><body.end><tagline>Fjord desk</tagline></body.end></body></nitf>"
    ).encode("iso-8859-1")


def ninjs1(name="urn:fjord:ninjs:1", version="2", body=FIRE, **more):
    """A ninjs 1.x item."""
    html = "".join(f"<p>{escape(one)}</p>" for one in body)
    item = {"uri": name, "type": "text", "version": version, "versioncreated": "2026-03-04T08:30:00Z",
            "firstcreated": "2026-03-04T08:00:00Z", "pubstatus": "usable", "urgency": 3, "language": "en",
            "headline": "Fire in Norvik harbour", "slugline": "NORVIK-FIRE", "byline": "Ida Berg", "body_html": html,
            "copyrightnotice": "(c) Fjord", "usageterms": "Clients only", "copyrightholder": "Fjord",
            "subject": [{"name": "fire"}], "infosource": [{"name": "Harbour Gazette"}]}  # fmt: skip
    return json.dumps(item | more).encode()


def ninjs3(name="urn:fjord:ninjs:3", version=2, body=FIRE, **more):
    """A ninjs 3.x item."""
    html = "".join(f"<p>{escape(one)}</p>" for one in body)
    item = {"uri": name, "standard": {"name": "ninjs", "version": "3.0"}, "type": "text", "version": version,
            "versionCreated": "2026-03-04T08:30:00Z", "firstCreated": "2026-03-04T08:00:00Z", "pubStatus": "usable",
            "headlines": [{"role": "short", "value": "Fire"}, {"role": "main", "value": "Fire in Norvik harbour"}],
            "bodies": [{"role": "main", "contentType": "text/plain", "value": "\n\n".join(body)},
                       {"role": "rich", "contentType": "application/xhtml+xml", "value": html}],
            "by": "Ida Berg", "copyrightHolder": "Fjord", "language": "en", "edNote": "For the evening",
            "subjects": [{"name": "fire"}]}  # fmt: skip
    return json.dumps(item | more).encode()


def digitalwires(name="urn:newsml:fjord:1", version=2, body=FIRE, **more):
    """An item as dpa's digitalwires are shaped."""
    html = "<section class='main'>" + "".join(f"<p>{escape(one)}</p>" for one in body) + "</section>"
    item = {"format": "digitalwires@0.9.1", "type": "composite", "urn": name, "version": version,
            "version_created": "2026-03-04T09:30:00+01:00", "updated": "2026-03-05T00:00:00Z", "pubstatus": "usable",
            "signal": None, "embargoed": None, "urgency": 3, "headline": "Fire in Norvik harbour", "kicker": "Fires",
            "teaser": "A hall burnt down.", "byline": None, "dateline": "Norvik (Fjord) - ", "article_html": html,
            "infobox_html": "<section><p>Numbers: one hall.</p></section>", "creditline": "Fjord", "language": "en",
            "copyrightnotice": "(c) Fjord", "keyword_names": ["fire"],
            "ednotes": [{"role": "r:closing", "ednote": "fj ib", "is_publishable": True},
                        {"role": "r:contacts", "ednote": "Ida +47 1", "is_publishable": False}],
            "notepad": {"public_html": "<section class='np-public'><h4>Notes</h4></section>",
                        "nonpublic_html": "<p>Ida +47 1</p>"}}  # fmt: skip
    return json.dumps(item | more).encode()
