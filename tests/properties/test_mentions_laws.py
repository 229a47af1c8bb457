"""Laws of mentions: offsets verify, words are covered once, order does not matter."""

from itertools import pairwise

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from dedupe import text as texts
from dedupe.facts.mentions import extract
from dedupe.facts.quantities import find
from dedupe.settings import FactSettings

PIECES = [
    "Acme", "Jane Doe", "said", "that", "the", "yard", "will", "close", ",", ".", "and", "which", "“", "”", '"',
    "$5 million", "according to", "The Ledger", "told", "reportedly", "in 2019", "while", "(", ")", "—", "\n", "\n\n",
    "1.2.3", "12 %", "it", "a harbour worker", "to build", "München", "東京。", "U.S.", "he", "because", ";",
    "02/03/04",
    "Tuesday",
]  # fmt: skip
prose = st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join)
anything = st.one_of(prose, st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
languages = st.sampled_from(["en", "de", "fr", "es", "it", "pt", "nl", "fi", None])


def frame(rows: list[tuple[str, str | None]]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "article_id": [f"a{place}" for place in range(len(rows))],
            "outlet": ["x"] * len(rows),
            "title": [text[:40] for text, _ in rows],
            "text": [text for text, _ in rows],
            "language": [language for _, language in rows],
        },
        schema_overrides={"language": pl.String, "text": pl.String, "title": pl.String},
    )


@settings(max_examples=150, deadline=None)
@given(anything, languages)
def test_every_mention_verifies_and_words_are_covered_once(text: str, language: str | None) -> None:
    mentions = extract(frame([(text, language)]), FactSettings())
    fields = {"text": text, "title": text[:40]}
    for field, begin, end, found in mentions.select("field", "begin", "end", "text").iter_rows():
        assert fields[field][begin:end] == found
    spans = mentions.filter(field="text").select("begin", "end").rows()
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    for begin, end in texts.words(text):
        assert sum(left <= begin and end <= right for left, right in spans) == 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(prose, languages), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_order_of_articles_does_not_matter(rows: list[tuple[str, str | None]], random: object) -> None:
    articles = frame(rows)
    order = list(range(articles.height))
    random.shuffle(order)  # type: ignore[attr-defined]
    whole = extract(articles, FactSettings())
    assert whole.equals(extract(articles[order], FactSettings()))
    apart = pl.concat([extract(articles[place : place + 1], FactSettings()) for place in range(articles.height)])
    assert whole.equals(apart.sort("article_id", "field", "begin", "end"))


@settings(max_examples=100, deadline=None)
@given(prose, languages)
def test_quantities_lie_in_order_and_bounds_hold(text: str, language: str | None) -> None:
    found = find(text, None, language)
    assert all(one.end <= two.begin for one, two in pairwise(found))
    for quantity in found:
        assert 0 <= quantity.begin < quantity.end <= len(text)
        if quantity.kind != "score" and quantity.low is not None and quantity.high is not None:
            assert quantity.low <= quantity.high
            assert quantity.value is None or quantity.low <= quantity.value <= quantity.high


@settings(max_examples=100, deadline=None)
@given(prose, prose, languages)
def test_sentences_tile_and_concatenation_holds(one: str, two: str, language: str | None) -> None:
    for text in (one, two, f"{one}\n\n{two}"):
        spans = texts.sentences(text, language)
        assert all(left[1] <= right[0] for left, right in pairwise(spans))
        outside = [
            text[a:b] for a, b in zip([0, *(s[1] for s in spans)], [*(s[0] for s in spans), len(text)], strict=True)
        ]
        assert not "".join(outside).strip()
