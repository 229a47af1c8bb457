"""Which articles say something near a fact without carrying it: what makes a fact doubtful, and what is no omission."""

from collections import defaultdict
from collections.abc import Iterator

import polars as pl

from dedupe.facts.align import ELSEWHERE
from dedupe.settings import FactSettings


class Nearby:
    """Articles with a near match of a fact, outside the fact.

    A link names one of several mentions that are word for word equal; all their articles are meant. They are looked up
    fact by fact: all at once they would be as many as facts x articles.
    """

    def __init__(self, mentions: pl.DataFrame, links: pl.DataFrame, settings: FactSettings) -> None:
        """Take the mentions with fact_id, and the links as `dedupe.facts.align.align` returns them."""
        side = mentions.select("mention_id", "fact_id", "text")
        # A doubt counts for both: that the other's words are near tells of this one too.
        close = (pl.col("p") >= settings.close) | (pl.col("relation") == ELSEWHERE)
        both = pl.concat(
            [
                links.select(one="mention_a", other="mention_b", close=close),
                links.select(one="mention_b", other="mention_a", close=close),
            ]
        )
        found = (
            both.join(side.select(one="mention_id", fact="fact_id"), on="one")
            .join(side.rename({"mention_id": "other"}), on="other")
            .filter(pl.col("fact") != pl.col("fact_id"))
            .group_by("fact", "fact_id", "text")
            .agg(pl.col("close").any())
        )
        self._matches: dict[str, list[tuple[str, str, bool]]] = defaultdict(list)
        for fact, other, text, sure in found.iter_rows():
            self._matches[fact].append((other, text, sure))
        held = mentions.select("fact_id", "text", "article_id").join(found, on=["fact_id", "text"], how="semi")
        self._held: dict[tuple[str, str], list[str]] = defaultdict(list)
        for other, text, article in held.unique().iter_rows():
            self._held[other, text].append(article)

    def articles(self, fact: str, *, close: bool) -> Iterator[str]:
        """Ids, in no order, some more than once; of close matches only, or of every one that is worth a look."""
        for other, text, sure in self._matches.get(fact, ()):
            if sure or not close:
                yield from self._held[other, text]
