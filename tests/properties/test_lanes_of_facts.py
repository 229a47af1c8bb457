"""The quick lane of the fact level and the readable one say the same, to the last digit kept."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dedupe import text as texts
from dedupe.facts import elsewhere, features, lexicon, packed, reading, units

_WORDS = """
the a not won't said Tern Bay TERN fire fires fired burning 14 1,234.5 fourteen twelve U.S. US NASA mayor's Élan
Straße été naïve 五月 ไทย may could officials official harbour harbours 3.5 -- “quote” (x) No. never Ida Marrow\u0301
"""
_TEXT = st.lists(st.sampled_from([*_WORDS.split(), ".", ",", ":", "\n", "?"]), max_size=60).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(_TEXT, min_size=2, max_size=8), st.sampled_from(["en", "de", "fr", None]))
def test_compiled_features_are_those_of_the_readable_lane(found: list[str], language: str | None) -> None:
    pairs = [(a, b) for a in range(len(found)) for b in range(len(found))]
    quick = packed.compare(found, pairs, lexicon.Shelf(lexicon.Lexicon(language)))
    read = [reading.read(text, language) for text in found]
    among = reading.Context(read)
    weighed = [among.weigh(one) for one in read]
    slow = np.array([features.compare(weighed[a], weighed[b]) for a, b in pairs])
    assert quick.shape == (len(pairs), len(features.NAMES))
    assert np.abs(quick - slow).max() <= 10.0**-features.DIGITS * 2


def test_a_long_text_is_compared_by_its_first_stems_in_both_lanes() -> None:
    found = [" ".join(f"word{n}x" for n in range(start, start + 300)) for start in (0, 50, 119, 120)]
    pairs = [(0, 1), (0, 2), (3, 0), (2, 2)]
    read = [reading.read(text) for text in found]
    among = reading.Context(read)
    weighed = [among.weigh(one) for one in read]
    slow = np.array([features.compare(weighed[a], weighed[b]) for a, b in pairs])
    assert np.allclose(packed.compare(found, pairs, lexicon.Shelf(lexicon.Lexicon("en"))), slow, atol=2e-9)


def test_a_word_is_looked_up_once_for_all_texts() -> None:
    words = lexicon.Lexicon("en")
    packed.read(["The harbour burned.", "the harbour"], lexicon.Shelf(words))
    size = len(words)
    packed.read(["harbour The"], lexicon.Shelf(words))
    assert len(words) == size


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.one_of(_TEXT, st.text(alphabet="aB9.,:!?' \n\x1e’五é\u0301_-", max_size=30)), min_size=1, max_size=6)
)
def test_texts_on_a_shelf_have_the_words_and_stems_of_each_text_alone(found: list[str]) -> None:
    shelf = lexicon.Shelf(lexicon.Lexicon("en"))
    shelf.places(found[:2])  # what is read later stands behind
    places = shelf.places(found)
    ends, words, opening = shelf.spelled(places)
    number, known = shelf.lexicon.strings, shelf.lexicon.known()
    stem_ends, stems = shelf.stems(places)
    for n, text in enumerate(found):
        spans = texts.words(text)
        forms = [reading.word(text[begin:end], "en") for begin, end in spans]
        inside = slice(ends[n], ends[n + 1])
        assert known.form[words[inside]].tolist() == [number[form.form] for form in forms]
        after = [text[end : end + 1] in reading.OPENING for _, end in spans]
        assert opening[inside].tolist() == [True, *after][: len(spans)]
        told = dict.fromkeys(number[form.stem] for form in forms if form.stem)
        assert stems[stem_ends[n] : stem_ends[n + 1]].tolist() == list(told)
        assert set(units.weights(text, "en")) == {form.stem for form in forms if form.stem}
    spelled = [" ".join(texts.normal(text[begin:end]) for begin, end in texts.words(text)) for text in found]
    assert [form == shelf.forms(places)[0] for form in shelf.forms(places)] == [one == spelled[0] for one in spelled]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.lists(_TEXT, min_size=1, max_size=7)), min_size=1, max_size=6),
    st.lists(st.tuples(st.sets(st.sampled_from("abcd"), max_size=2), _TEXT, _TEXT), min_size=1, max_size=6),
    st.integers(1, 4),
)
def test_both_lanes_find_the_same_elsewhere(
    articles: list[tuple[str, list[str]]], questions: list[tuple[set[str], str, str]], most: int
) -> None:
    told = [elsewhere.Told(origin, tuple(sentences)) for origin, sentences in articles]
    asked = [elsewhere.Asked(frozenset(own), clause, sentence, 0.5) for own, clause, sentence in questions]
    quick = elsewhere.look(asked, told, "en", most, lexicon.Shelves(lexicon.Lexicons()))
    slow = elsewhere.look(asked, told, "en", most)
    assert np.abs(quick.found - slow.found).max() < 1e-12
    assert quick.sentences == slow.sentences
    assert np.abs(quick.likeness - slow.likeness).max() < 1e-12
