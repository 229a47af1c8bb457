import datetime as dt

import polars as pl

from dedupe.facts import align
from dedupe.settings import FactSettings
from storage import schema

COLUMNS = {name: kind for name, kind in schema.columns("mentions").items() if name not in {"fact_id", "run_id"}}
NONE = schema.empty("copies"), FactSettings(), schema.empty("judgements")


def story(*said: tuple[str, str, str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Mentions (article, field, text) of one story, each a sentence of its own, and their articles."""
    texts: dict[tuple[str, str], str] = {}
    rows = []
    for article, field, text in said:
        before = texts.get((article, field), "")
        begin = len(before)
        texts[article, field] = before + text + " "
        rows.append(
            {
                **dict.fromkeys(COLUMNS),
                "mention_id": f"m-{article}-{field}-{begin}",
                "story_id": "s-1",
                "article_id": article,
                "outlet": article.upper(),
                "field": field,
                "begin": begin,
                "end": begin + len(text),
                "text": text,
                "kind": "event" if field == "text" else "headline",
                "modality": "asserted",
                "quantities": [],
                "attribution": [],
                "sentence_begin": begin,
                "sentence_end": begin + len(text),
                "names": [],
                "language": "en",
            }
        )
    ids = sorted({article for article, _, _ in said})
    articles = pl.DataFrame(
        {
            "article_id": ids,
            "outlet": [i.upper() for i in ids],
            **{f: [texts.get((i, f)) for i in ids] for f in ("title", "dek", "text")},
        }
    )
    return pl.DataFrame(rows, schema=COLUMNS), articles.cast(pl.String)


STORY = (
    ("a", "title", "Port Lira ferry terminal to close"),
    ("a", "text", "The transport ministry will close the ferry terminal of Port Lira in autumn."),
    ("a", "text", "Some 300 dockers would lose their work, the union said."),
    ("b", "text", "In autumn the transport ministry is to close Port Lira's ferry terminal."),
    ("b", "text", "A new library opened in the old town on Monday."),
    ("c", "text", "Some 300 dockers would lose their work, the union said."),
)


def together(mentions: pl.DataFrame) -> set[frozenset[str]]:
    return {frozenset(part["mention_id"]) for _, part in mentions.group_by("fact_id")}


def test_mentions_of_one_fact_share_it_and_a_headline_stands_with_its_body():
    mentions, articles = story(*STORY)
    made, links = align.align(mentions, articles, *NONE)
    groups = together(made)
    assert frozenset({"m-a-title-0", "m-a-text-0", "m-b-text-0"}) in groups
    assert any({"m-c-text-0"} < group for group in groups)
    assert frozenset({f"m-b-text-{len(STORY[3][2]) + 1}"}) in groups
    assert set(links["relation"]) <= {"same", "more_specific", "less_specific", "partial", "differs"}
    assert (links["mention_a"] < links["mention_b"]).all()


def test_facts_do_not_depend_on_row_order():
    mentions, articles = story(*STORY)
    made = align.align(mentions, articles, *NONE)
    turned = align.align(mentions.reverse(), articles.reverse(), *NONE)
    assert made[0].equals(turned[0])
    assert made[1].equals(turned[1])


def test_numbers_that_cannot_be_equal_keep_facts_apart():
    text = "The flood in Tarqan destroyed {} houses along the river, officials said."
    mentions, articles = story(("a", "text", text.format(40)), ("b", "text", text.format(75)))
    keys = ("kind", "value", "low", "high", "unit", "begin", "end")
    values = [[dict(zip(keys, ("number", n, n, n, None, 31, 33), strict=True))] for n in (40.0, 75.0)]
    mentions = mentions.with_columns(pl.Series("quantities", values, dtype=COLUMNS["quantities"]))
    made, links = align.align(mentions, articles, *NONE)
    assert made["fact_id"].n_unique() == 2
    assert links["relation"].to_list() == ["differs"]


def test_a_judgement_joins_and_parts():
    mentions, articles = story(*STORY)
    when = dt.datetime(2031, 1, 1, tzinfo=dt.UTC)
    library = f"m-b-text-{len(STORY[3][2]) + 1}"
    said = pl.DataFrame(
        {
            "left_id": ["m-a-text-0", library],
            "right_id": ["m-b-text-0", "m-c-text-0"],
            "same": [False, True],
            "judged_at": [when, when],
            "note": [None, None],
        }
    )
    made, _ = align.align(mentions, articles, NONE[0], NONE[1], said)
    fact = dict(made.select("mention_id", "fact_id").iter_rows())
    assert fact["m-a-text-0"] != fact["m-b-text-0"]
    assert fact[library] == fact["m-c-text-0"]


def test_what_a_limit_cuts_is_counted():
    mentions, articles = story(*STORY)
    found = align.aligned(mentions, articles, NONE[0], FactSettings(postings=1), NONE[2])
    assert found.counts["stems_capped"] > 0
    few = align.aligned(mentions, articles, NONE[0], FactSettings(candidates=1), NONE[2])
    all_of_them = align.aligned(mentions, articles, NONE[0], FactSettings(candidates=1_000), NONE[2])
    assert all_of_them.counts["pairs_capped"] == 0
    assert few.counts["pairs"] + few.counts["pairs_capped"] == all_of_them.counts["pairs"]
