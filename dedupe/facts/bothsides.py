"""Whether an article itself tells what another one seems to contradict: the other number, the denial, the hedge.

A writer who gives both counts, "pleaded not guilty" and "pleaded guilty", the charge and who makes it, knows of both:
they are of two times, two referents or two sources, and no difference between outlets.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from dedupe.facts import denials, doubts, values

Row = Mapping[str, Any]
_SURE = frozenset({"asserted", "will"})
_SAID = 0.4  # share of the words of an assertion that an article holds in one clause, if it says as much


class Sides:
    """All that each article says, asked before one of its mentions is said to differ from another article's.

    Args:
        rows: The mentions of any number of articles.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows: dict[str, list[Row]] = defaultdict(list)
        self._sentences: dict[tuple[str, str, int], list[Row]] = defaultdict(list)
        for row in rows:
            self._rows[row["article_id"]].append(row)
            self._sentences[row["article_id"], row["field"], row["sentence_begin"]].append(row)
        self._articles: dict[str, dict[str, None]] = defaultdict(dict)
        for article, held in self._rows.items():
            self._articles[held[0]["story_id"]][article] = None
        self._stems: dict[str, dict[str, list[Row]]] = {}
        self._writing: dict[tuple[str, tuple[str, ...]], frozenset[str]] = {}

    def sentence(self, row: Row) -> list[Row]:
        """The mentions of the sentence that a mention stands in, itself among them."""
        return self._sentences[row["article_id"], row["field"], row["sentence_begin"]]

    def gives(self, article: str, row: Row, quantity: Mapping[str, Any]) -> bool:
        """Whether an article gives the value that another article's mention ``row`` gives of the same thing."""
        return any(
            (own["kind"], own["unit"]) == (quantity["kind"], quantity["unit"])
            and values.equal(own, quantity)
            and values.alike(mine, own, row, quantity)
            for mine in self._rows[article]
            for own in mine["quantities"] or ()
        )

    def varies(self, row: Row, quantity: Mapping[str, Any]) -> bool:
        """Whether an article gives several values of what one of its own mentions measures: a distance that changes."""
        return any(
            (own["kind"], own["unit"]) == (quantity["kind"], quantity["unit"])
            and not values.equal(own, quantity)
            and values.alike(mine, own, row, quantity)
            for mine in self._rows[row["article_id"]]
            if mine is not row
            for own in mine["quantities"] or ()
        )

    def denies(self, article: str, stem: str, language: str) -> bool:
        """Whether an article says of a word anywhere that it is not so."""
        return any(
            row["modality"] == "denied" or doubts.doubted(row["text"], stem, language, hedges=False)
            for row in self._holding(article, stem, language)
        )

    def affirms(self, article: str, stem: str, assertion: str, language: str) -> bool:
        """Whether an article that denies something also says it, much as another one does: "pleaded guilty"."""
        return any(
            row["modality"] in _SURE and not doubts.doubted(row["text"], stem, language, hedges=False)
            for row in self._like(article, stem, assertion, language)
        )

    def hedges(self, article: str, stem: str, assertion: str, language: str) -> bool:
        """Whether an article that asserts something hedges it elsewhere, or leaves it to a source."""
        return any(
            row["attribution"]
            or row["modality"] not in _SURE
            or doubts.doubted(row["text"], stem, language, hedges=True)
            for row in self._like(article, stem, assertion, language)
        )

    def _like(self, article: str, stem: str, assertion: str, language: str) -> Iterator[Row]:
        """The mentions of an article that hold a word and much of what else an assertion says."""
        said = doubts.stems(assertion, language)
        for row in self._holding(article, stem, language):
            if len(said & doubts.stems(row["text"], language)) >= max(2.0, _SAID * len(said)):
                yield row

    def asserts(self, article: str, hedged: str, language: str, besides: Row) -> bool:
        """Whether an article's text also says outright what a mention of its own hedges, in other places than one."""
        return any(
            row["field"] == "text"
            and row["modality"] == "asserted"
            and row is not besides
            and denials.hedged(hedged, row["text"], language) is not None
            for row in self._rows[article]
        )

    def writing(self, story: str, words: Sequence[str]) -> frozenset[str]:
        """The articles of a story of which some mention holds one of the words as it is written.

        Cost: the mentions of the story, once for the same words: a crowd asks for the same few names again and again.
        """
        key = story, tuple(words)
        if key not in self._writing:
            pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")
            self._writing[key] = frozenset(
                article
                for article in self._articles[story]
                if any(pattern.search(row["text"]) for row in self._rows[article])
            )
        return self._writing[key]

    def some(self, article: str, test: Callable[[str], bool]) -> bool:
        """Whether some mention of an article passes a test of its text."""
        return any(test(row["text"]) for row in self._rows[article])

    def _holding(self, article: str, stem: str, language: str) -> Iterator[Row]:
        if article not in self._stems:
            found: dict[str, list[Row]] = defaultdict(list)
            for row in self._rows[article]:
                for one in doubts.stems(row["text"], language):
                    found[one].append(row)
            self._stems[article] = found
        yield from self._stems[article].get(stem, ())
