"""Articles to mentions: every assertion as exact characters of one field of one article."""

import polars as pl

from dedupe import text as texts
from dedupe.facts import attribution, quantities
from dedupe.settings import FactSettings
from storage import schema
from storage.ids import content_id

COLUMNS = [name for name in schema.columns("mentions") if name not in {"fact_id", "story_id", "run_id"}]


def extract(articles: pl.DataFrame, settings: FactSettings, outlets: object = None) -> pl.DataFrame:
    """Mentions of every article: columns of `schema.Mentions` without fact_id, story_id and run_id."""
    rows = []
    for article in articles.sort("article_id").iter_rows(named=True):
        for field in ("title", "dek", "text"):
            content = article.get(field)
            for begin, end in texts.sentences(content) if content else []:
                rows.append(
                    {
                        "mention_id": content_id("m", article["article_id"], field, str(begin), str(end)),
                        "article_id": article["article_id"],
                        "outlet": article["outlet"],
                        "field": field,
                        "begin": begin,
                        "end": end,
                        "text": content[begin:end],
                        "kind": "event" if field == "text" else "headline",
                        "modality": "asserted",
                        "quantities": [],
                        "attribution": [],
                        "sentence_begin": begin,
                        "sentence_end": end,
                        "names": [],
                        "language": None,
                    }
                )
    wanted = schema.columns("mentions")
    return pl.DataFrame(rows, schema={name: wanted[name] for name in COLUMNS})
