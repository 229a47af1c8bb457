"""Copy groups, roles and origins from pairs written by hand."""

import datetime as dt
from typing import Any

import polars as pl

from dedupe import copies
from dedupe.settings import CopySettings
from storage import schema

AT = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
NO_JUDGEMENTS = pl.DataFrame(
    schema={
        "left_id": pl.String,
        "right_id": pl.String,
        "same": pl.Boolean,
        "judged_at": pl.Datetime("us", "UTC"),
        "note": pl.String,
    }
)


def people(**hours: float | None) -> pl.DataFrame:
    """Articles by name, published so many hours after the first; None: unknown."""
    at = [None if hour is None else AT + dt.timedelta(hours=hour) for hour in hours.values()]
    return pl.DataFrame(
        {
            "article_id": list(hours),
            "outlet": [f"outlet-{name}" for name in hours],
            "published_at": pl.Series(at, dtype=pl.Datetime("us", "UTC")),
            "published_precision": ["none" if each is None else "instant" for each in at],
            "credit": pl.Series([None] * len(at), dtype=pl.String),
            "item_id": [f"item-{name}" for name in hours],
            "revision": pl.Series([1] * len(at), dtype=pl.Int32),
        }
    )


def pairs(*rows: tuple[str, str, str]) -> pl.DataFrame:
    """(small, large, relation) rows; the small one lies rather in the large one."""
    return pl.DataFrame(
        [
            {
                "article_a": min(small, large),
                "article_b": max(small, large),
                "containment_a": 0.9 if small < large else 0.5,
                "containment_b": 0.5 if small < large else 0.9,
                "relation": relation,
                "same_origin": relation not in ("template", "shared_passage"),
            }
            for small, large, relation in rows
        ]
    )


def grouped(
    articles: pl.DataFrame, *rows: tuple[str, str, str], judgements: pl.DataFrame = NO_JUDGEMENTS
) -> pl.DataFrame:
    return copies.group(articles, pairs(*rows), judgements, CopySettings())


def sets(frame: pl.DataFrame) -> list[str]:
    return sorted("".join(part["article_id"].sort()) for _, part in frame.group_by("copy_group"))


def by(frame: pl.DataFrame, column: str) -> dict[str, Any]:
    return dict(frame.select("article_id", column).iter_rows())


def test_the_earliest_instant_is_the_origin() -> None:
    made = grouped(people(a=2, b=0, c=5), ("a", "b", "copy"), ("c", "b", "edited_copy"))
    assert by(made, "role") == {"a": "copy", "b": "origin", "c": "edited_copy"}
    assert by(made, "lag_s") == {"a": 7200.0, "b": 0.0, "c": 18000.0}
    assert set(made["origin_basis"]) == {"time"}
    assert set(made.columns) == set(schema.Copies.column_names()) - {"run_id"}


def test_a_tie_and_an_unknown_time_leave_the_origin_open() -> None:
    for articles in (people(a=0, b=0), people(a=0, b=None)):
        made = grouped(articles, ("a", "b", "copy"))
        assert by(made, "role") == {"a": None, "b": None}
        assert by(made, "origin_basis") == {"a": None, "b": None}
        assert by(made, "lag_s") == {"a": None, "b": None}


def test_days_decide_only_with_a_day_between() -> None:
    day = pl.lit("day").alias("published_precision")
    near = grouped(people(a=0, b=24).with_columns(day), ("b", "a", "copy"))
    far = grouped(people(a=0, b=48).with_columns(day), ("b", "a", "copy"))
    assert by(near, "role") == {"a": None, "b": None}
    assert by(far, "role") == {"a": "origin", "b": "copy"}
    assert by(far, "lag_s") == {"a": None, "b": None}


def test_without_times_the_text_all_others_were_cut_from_is_the_origin() -> None:
    made = grouped(people(a=None, b=None, c=None), ("a", "c", "excerpt"), ("b", "c", "excerpt"), ("a", "b", "copy"))
    assert by(made, "role") == {"a": "excerpt", "b": "excerpt", "c": "origin"}
    assert set(made["origin_basis"]) == {"containment"}


def test_a_credited_wire_is_the_origin_even_when_an_outlet_was_quicker() -> None:
    articles = people(a=0, b=1).with_columns(outlet=pl.Series(["Post", "AP"]), credit=pl.Series(["AP", None]))
    made = grouped(articles, ("a", "b", "copy"))
    assert by(made, "role") == {"a": "copy", "b": "origin"}
    assert by(made, "lag_s") == {"a": -3600.0, "b": 0.0}
    assert set(made["origin_basis"]) == {"credit"}


def test_a_credited_wire_that_was_never_gathered_makes_all_of_them_copies() -> None:
    articles = people(a=0, b=1).with_columns(credit=pl.Series(["AFP", "AFP"]))
    made = grouped(articles, ("a", "b", "copy"))
    assert by(made, "role") == {"a": "copy", "b": "copy"}
    assert set(made["origin_basis"]) == {"credit"}
    assert made["copy_group"].n_unique() == 1


def credited(*rows: tuple[str, str | None]) -> pl.DataFrame:
    """Articles a, b, ... an hour apart, each with its outlet and the credit in its text; all copies of a."""
    articles = people(**{"abcdefgh"[at]: float(at) for at in range(len(rows))}).with_columns(
        outlet=pl.Series([row[0] for row in rows]), credit=pl.Series([row[1] for row in rows], dtype=pl.String)
    )
    return grouped(articles, *(("abcdefgh"[at], "a", "copy") for at in range(1, len(rows))))


def test_a_wire_has_one_name_whichever_is_used() -> None:
    made = credited(("Post", "AP"), ("Sun", "The Associated Press"), ("AP News", None))
    assert [name for name, role in by(made, "role").items() if role == "origin"] == ["c"]
    assert set(made["origin_basis"]) == {"credit"}


def test_one_wrong_credit_does_not_undo_the_others() -> None:
    made = credited(("Post", "AFP"), ("Sun", "Reuters"), ("Echo", "REUTERS"), ("Star", None))
    assert set(made["origin_basis"]) == {"credit"}
    assert set(made["role"]) == {"copy"}


def test_two_credits_that_contradict_leave_the_origin_open_unless_the_wires_are_there() -> None:
    assert set(credited(("Post", "AFP"), ("Sun", "Reuters"), ("Echo", None))["role"]) == {None}
    crossed = credited(("Post", "AFP"), ("Reuters", "AFP"), ("AFP", "Reuters"), ("Sun", "Reuters"))
    assert [name for name, role in by(crossed, "role").items() if role == "origin"] == ["b"]
    assert set(crossed["origin_basis"]) == {"time"}


def test_an_outlet_that_ran_its_text_twice_at_once_was_first_all_the_same() -> None:
    articles = people(a=0, b=0, c=2).with_columns(outlet=pl.Series(["Post", "Post", "Sun"]))
    made = grouped(articles, ("b", "a", "copy"), ("c", "a", "copy"))
    assert by(made, "role") == {"a": "origin", "b": "copy", "c": "copy"}


def test_a_day_long_after_the_first_instant_does_not_hide_it() -> None:
    precision = pl.Series("published_precision", ["instant", "instant", "day"])
    far = grouped(people(a=0, b=1, c=64).with_columns(precision), ("b", "a", "copy"), ("c", "a", "copy"))
    near = grouped(people(a=0, b=1, c=16).with_columns(precision), ("b", "a", "copy"), ("c", "a", "copy"))
    assert by(far, "role")["a"] == "origin"
    assert by(far, "lag_s") == {"a": 0.0, "b": 3600.0, "c": None}
    assert set(near["role"]) == {None}


def test_forty_outlets_with_one_wire_text_are_one_origin() -> None:
    names = [f"n{at:02d}" for at in range(40)]
    articles = people(**{name: float(at) for at, name in enumerate(names)}).with_columns(
        credit=pl.Series(["Reuters" if at % 4 == 0 else None for at in range(40)], dtype=pl.String)
    )
    made = grouped(articles, *((name, names[0], "edited_copy") for name in names[1:]))
    assert made["copy_group"].n_unique() == 1
    assert set(made["role"]) == {"copy"}
    assert set(made["origin_basis"]) == {"credit"}


def test_versions_of_one_item() -> None:
    articles = people(a=3, b=0).with_columns(item_id=pl.lit("i"), revision=pl.Series([2, 1], dtype=pl.Int32))
    made = grouped(articles, ("a", "b", "revision"))
    assert by(made, "role") == {"a": "revision", "b": "origin"}
    assert set(made["origin_basis"]) == {"wire_item"}


def test_a_digest_of_unrelated_stories_joins_none_and_glues_none() -> None:
    made = grouped(
        people(a=0, b=1, c=0, d=1, z=2),
        ("b", "a", "copy"),
        ("d", "c", "copy"),
        *((each, "z", "contains") for each in "abcd"),
    )
    assert sets(made) == ["ab", "cd"]


def test_a_roundup_of_one_known_story_joins_it() -> None:
    made = grouped(people(a=0, b=1, z=2), ("b", "a", "copy"), ("a", "z", "contains"), ("b", "z", "contains"))
    assert sets(made) == ["abz"]
    assert by(made, "role")["z"] == "edited_copy"


def test_a_roundup_that_looks_back_days_later_does_not() -> None:
    made = grouped(people(a=0, b=1, z=24 * 6), ("b", "a", "copy"), ("a", "z", "contains"))
    assert sets(made) == ["ab"]


def test_templates_and_shared_passages_make_no_group() -> None:
    assert grouped(people(a=0, b=1, c=2), ("a", "b", "template"), ("b", "c", "shared_passage")).is_empty()


def test_equal_texts_take_the_role_of_their_twin() -> None:
    made = grouped(people(a=0, b=1, c=2), ("b", "a", "edited_copy"), ("c", "b", "identical"))
    assert by(made, "role") == {"a": "origin", "b": "edited_copy", "c": "edited_copy"}


def test_judgements_are_obeyed_for_excerpts_too() -> None:
    different = pl.DataFrame([("z", "a", False, AT, None)], schema=NO_JUDGEMENTS.schema, orient="row")
    made = grouped(people(a=0, b=1, z=2), ("b", "a", "copy"), ("z", "a", "excerpt"), judgements=different)
    assert sets(made) == ["ab"]
    same = pl.DataFrame([("c", "a", True, AT, None)], schema=NO_JUDGEMENTS.schema, orient="row")
    assert sets(grouped(people(a=0, b=1, c=2), ("b", "a", "template"), judgements=same)) == ["ac"]


def test_no_pairs() -> None:
    made = copies.group(people(a=0), pairs(("a", "b", "copy")).clear(), NO_JUDGEMENTS, CopySettings())
    assert made.is_empty()
    assert made.schema == copies.COPIES
