"""Stories that two or three invented outlets tell in words of their own, each sentence marked with what it reports.

tests/golden/paraphrased_stories.txt, reworded.txt (short, with look-alikes) and stories_in_other_languages.txt:
``# story`` (there with its language first; with "(fitted)" behind it where coefficients were fitted on it),
``## outlet | time | title``, then a sentence a line behind the keys of what it shares: two sentences with a key in
common report one fact, one without keys has what no other outlet has. Written and marked before any output was looked
at.
"""

import datetime as dt
import pathlib
import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import marked_stories
import polars as pl

from dedupe import text as texts
from dedupe.settings import FactSettings


class Sentence(NamedTuple):
    """A sentence of an article, and the keys of what it shares."""

    article: str
    begin: int
    end: int
    keys: frozenset[str]


class Story(NamedTuple):
    """The articles of a story as a frame, and their marked sentences; ``fitted``: coefficients were fitted on it."""

    name: str
    articles: pl.DataFrame
    sentences: list[Sentence]
    fitted: bool

    def text(self, one: Sentence) -> str:
        """The characters of a sentence."""
        return dict(self.articles.select("article_id", "text").iter_rows())[one.article][one.begin : one.end]


def stories(name: str = "paraphrased_stories") -> list[Story]:
    """All stories of a file of tests/golden, in its order."""
    raw = (pathlib.Path(__file__).parents[1] / f"golden/{name}.txt").read_text(encoding="utf-8")
    return [_story(part) for part in re.split(r"(?m)^# ", raw) if part.strip()]


def _story(part: str) -> Story:
    name, *told = re.split(r"(?m)^## |\n## ", part)
    rows, sentences = [], []
    for article in told:
        head, *lines = article.strip().split("\n")
        outlet, when, title = head.split(" | ", 2)
        text = ""
        for line in lines:
            keys, sentence = line.removeprefix("[").split("] ", 1)
            text += "\n\n" * bool(text)
            sentences.append(Sentence(outlet, len(text), len(text) + len(sentence), frozenset(keys.split())))
            text += sentence
        at = dt.datetime.fromisoformat(when)
        rows.append({"article_id": outlet, "outlet": outlet, "url": None, "title": title, "text": text, "dek": None,
                     "language": texts.guess_language(text), "published_at": at, "published_precision": "instant",
                     "captured_at": at})  # fmt: skip
    frame = pl.DataFrame(rows, schema_overrides={"url": pl.String, "dek": pl.String})
    return Story(name.strip().removesuffix(" (fitted)"), frame, sentences, name.strip().endswith("(fitted)"))


def counted(settings: FactSettings, told: Iterable[Story] | None = None) -> Counter[str]:
    """Sentences that are unique, are said to be (unique facts cover more than half), and are rightly said to be;
    pairs of sentences of two outlets that report one fact, are put into one, and rightly."""
    found: Counter[str] = Counter()
    for story in stories() if told is None else told:
        made = marked_stories.tables(story.articles, settings)
        body = made["mentions"].filter(pl.col("field") == "text")
        alone = set(made["unique_facts"]["fact_id"])
        facts: list[set[str]] = []
        for one in story.sentences:
            here = body.filter(article_id=one.article).filter(pl.col("begin") >= one.begin, pl.col("end") <= one.end)
            inside = here.select("begin", "end", "fact_id").rows()
            facts.append({fact for _, _, fact in inside})
            said = 2 * sum(e - b for b, e, fact in inside if fact in alone) > one.end - one.begin
            found["unique"] += not one.keys
            found["said"] += said
            found["right"] += said and not one.keys
        for a, one in enumerate(story.sentences):
            for b, other in enumerate(story.sentences[:a]):
                if one.article != other.article:
                    same, linked = bool(one.keys & other.keys), bool(facts[a] & facts[b])
                    found["pairs"] += same
                    found["linked"] += linked
                    found["rightly"] += same and linked
    return found
