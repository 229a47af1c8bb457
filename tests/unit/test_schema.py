"""The contract with downstream readers: columns, types and keys of every table."""

import polars as pl
import pytest

from storage import schema

# The published columns as they were promised. Columns may be added to a table; one of these never goes away or
# changes its name without a new major schema version.
PROMISED = {
    "articles": "article_id external_id item_id revision status outlet url title dek byline credit language "
    "published_at published_precision published_source captured_at word_n text version versioned_at item_created_at "
    "change change_basis embargo_until urgency slugline dateline ednote rights info_source keywords",
    "notices": "notice_id item_id outlet external_id kind version noticed_at text basis",
    "uncorrected": "item_id wire kind wrong_article_id article_id outlet url field begin end text wrong correct since",
    "blocks": "article_id block begin end role kept reason repeat_of text text_begin",
    "pairs": "article_a article_b resemblance containment_a containment_b relation same_origin reasons spans",
    "copies": "copy_group article_id outlet role origin_basis lag_s",
    "stories": "story_id article_id outlet score",
    "mentions": "mention_id fact_id story_id article_id outlet field begin end text kind modality quantities "
    "attribution",
    "facts": "fact_id story_id text status outlet_n origin_n root_n mention_n first_outlet first_at first_basis",
    "coverage": "fact_id story_id outlet carried unique first had_chance lag_s mention_id",
    "unique_facts": "story_id outlet fact_id article_id url field begin end text reported_at had_chance_n confidence",
    "conflicts": "story_id slot mention_a mention_b outlet_a outlet_b value_a value_b unit kind",
    "attributions": "article_id outlet fact_id mention_id cited verb begin end hop",
    "outlets": "outlet article_n copy_share original_share fact_n unique_fact_n first_n median_lag_s citations_in "
    "citations_out",
    "rejects": "source url outcome reason captured_at",
    "runs": "run_id started_at ended_at status settings_hash versions counts",
}


def leaves(dtype: pl.DataType) -> list[pl.DataType]:
    if isinstance(dtype, pl.List):
        return leaves(dtype.inner)
    if isinstance(dtype, pl.Struct):
        return [leaf for field in dtype.fields for leaf in leaves(field.dtype)]
    return [dtype]


@pytest.mark.parametrize("table", sorted(PROMISED))
def test_promised_columns_are_published(table):
    published = schema.columns(table, published=True)
    assert set(PROMISED[table].split()) <= set(published)


def test_every_published_table_is_promised():
    assert set(schema.PUBLISHED) == set(PROMISED)


@pytest.mark.parametrize("table", list(schema.STORED))
def test_types_survive_delta_and_parquet(table):
    # Categorical and Enum panic in Delta, unsigned 64-bit numbers fail, nanoseconds become microseconds.
    allowed = {pl.String, pl.Int32, pl.Int64, pl.Float64, pl.Boolean, pl.Binary, pl.Date, pl.Datetime}
    for name, dtype in schema.columns(table).items():
        for leaf in leaves(dtype):
            assert type(leaf) in allowed, name
            if isinstance(leaf, pl.Datetime):
                assert (leaf.time_unit, leaf.time_zone) == ("us", "UTC"), name


@pytest.mark.parametrize("table", list(schema.STORED))
def test_every_table_has_a_key_and_every_column_a_meaning(table):
    assert schema.keys(table)
    for name, column in schema.STORED[table].columns().items():
        assert (column.metadata or {})["doc"], name
    assert schema.STORED[table].__doc__


@pytest.mark.parametrize("table", [table for table in schema.PUBLISHED if table != "runs"])
def test_published_rows_carry_no_run(table):
    assert "run_id" in schema.columns(table)
    assert "run_id" not in schema.columns(table, published=True)


def test_empty_and_conform_agree():
    for table in schema.STORED:
        assert dict(schema.empty(table).schema) == schema.columns(table)
        assert schema.conform(table, schema.empty(table)).schema == schema.empty(table).schema


def test_conform_casts_orders_and_leaves_out():
    frame = pl.DataFrame(
        {"extra": [1], "score": [1], "cohesion": [1], "outlet": ["o"], "story_id": ["s"], "article_id": ["a"]}
    )
    frame = frame.with_columns(digest=pl.lit("d"), made_of=pl.lit("-"), run_id=pl.lit("r"))
    fitted = schema.conform("stories", frame)
    assert dict(fitted.schema) == schema.columns("stories")
    assert fitted["score"].to_list() == [1.0]


def test_conform_says_what_does_not_fit():
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        schema.conform("stories", pl.DataFrame({"story_id": ["s"]}))
    frame = schema.STORED["stories"].sample(2).with_columns(score=pl.lit("high"))
    with pytest.raises(pl.exceptions.InvalidOperationError):
        schema.conform("stories", frame)
