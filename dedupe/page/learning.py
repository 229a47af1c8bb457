"""Which lines of a page its outlet's other pages give away: counted, never listed. Depends on the set of captures only.

Two kinds of evidence. A line that is the title, stand-first or lead of another article of the outlet, or the beginning
of one, names that article. A line that stands in several different texts and whose words stand nowhere else in them
belongs to the outlet, not to the texts. Copies and revisions of one text count once, so a syndicated body is never
frequent; what begins an article is never cut from it.
"""

from collections.abc import Iterable

import polars as pl

from dedupe.page.lines import LEAD_LINES
from dedupe.settings import PageSettings
from storage import schema
from storage.ids import content_id

_SCOPE = ["outlet", "window"]
_LINE = [*_SCOPE, "text"]
_HEADS = ("title", "dek", "start", "lead", "headline")
_NAMES = dict(zip(_HEADS, ("the title", "the stand-first", "the lead", "the lead", "the title and lead"), strict=True))
_OWN = ("title", "dek", "start")
_ROWS = {name: dtype for name, dtype in schema.columns("residue").items() if name != "run_id"}
_FIRST_WORDS = r"^(\S+ \S+ \S+ \S+)"
_SHARED_WORDS = 8  # words of a line that makes two articles related: shorter ones are shared by chance
_LETTERS = 4  # of a word that says what a text is about


def learn(lines: pl.DataFrame, settings: PageSettings) -> pl.DataFrame:
    """The frequencies of the lines of outlets, and which of them are cut from the bodies that hold them.

    Args:
        lines: `schema.Lines`: every line of the outlets and windows in question.
        settings: Thresholds.

    Returns:
        The columns of `schema.Residue` but run_id, sorted by key: the lines that stand in the bodies of `learn_pages`
        texts or more, those cut from any, and for all of them why.

    Cost: about 1 s for 2,000 captures of 60 lines.
    """
    lines = _with_texts(lines.sort(schema.keys("lines")), settings)
    met = _met(lines, settings)
    counted = _counted(lines).join(_told(met), on=_LINE, how="left")
    enough = (pl.col("stands_n") >= settings.learn_pages) & (pl.col("page_n") >= 2)
    broken_off = (pl.col("page_n") == 2) & ~pl.col("closed") & (pl.col("word_n") >= settings.learn_broken_words)
    asked = counted.with_columns(often=enough | broken_off).filter(pl.col("often") | pl.col("of").is_not_null())
    asked = asked.join(_foreign(lines, asked, settings), on=_LINE, how="left").with_columns(_apart(settings))
    rows = (
        asked.with_columns(teases=pl.col("of").is_not_null() & _teases(settings))
        .join(_kin(lines, met, asked.filter("apart").select(_LINE)), on=_LINE, how="left")
        .join(_own(lines), on=_LINE, how="left")
    )
    return _judged(rows).select(list(_ROWS)).sort(schema.keys("residue"))


def applied(lines: pl.DataFrame, residue: pl.DataFrame) -> pl.DataFrame:
    """What is learned of single pages.

    Args:
        lines: `schema.Lines` of the captures in question.
        residue: What `learn` returned for their outlets and windows.

    Returns:
        capture_id, text, role, reason, sorted: what `mark` takes.
    """
    cut = residue.filter(pl.col("role").is_not_null()).select(*_SCOPE, "text", "role", "reason", "own")
    return (
        lines.filter(place="body")
        .select("capture_id", "text", *_SCOPE)
        .join(cut, on=_LINE)
        .filter(~pl.col("own").list.contains(pl.col("capture_id")))
        .select("capture_id", "text", "role", "reason")
        .sort("capture_id", "text")
    )


def digests(applied: pl.DataFrame) -> pl.DataFrame:
    """capture_id, digest: of all that is learned of a page's lines. A page of which nothing is learned has no row."""
    rows: dict[str, list[str]] = {}
    for capture_id, *told in applied.sort("capture_id", "text").iter_rows():
        rows.setdefault(capture_id, []).extend(told)
    found = [(capture_id, content_id("d", *told)) for capture_id, told in rows.items()]
    return pl.DataFrame(found, schema={"capture_id": pl.String, "digest": pl.String}, orient="row")


def _with_texts(lines: pl.DataFrame, settings: PageSettings) -> pl.DataFrame:
    """The lines with the text their item belongs to: items of which one holds most of the other's rarer lines are one.

    A line's weight is its length over the number of items that hold it. Every line leads to the first item that holds
    it, so the cost is linear; a notice on a thousand pages weighs nothing, a body copied ten times all there is.
    """
    body = lines.filter(place="body").group_by(*_SCOPE, "item", "text").agg(pl.col("char_n").max())
    seen = body.group_by(_LINE).agg(item_n=pl.len(), hub=pl.col("item").min())
    body = body.join(seen, on=_LINE).with_columns(weight=pl.col("char_n") / pl.col("item_n"))
    total = body.group_by(*_SCOPE, "item").agg(total=pl.col("weight").sum())
    pairs = (
        body.filter((pl.col("item_n") > 1) & (pl.col("item") != pl.col("hub")))
        .group_by(*_SCOPE, "hub", "item")
        .agg(shared=pl.col("weight").sum())
        .join(total, on=[*_SCOPE, "item"])
        .join(total.rename({"item": "hub", "total": "hub_total"}), on=[*_SCOPE, "hub"])
        # A sum of floats depends on its order: a hair below the line counts as on it.
        .filter(pl.col("shared") >= settings.learn_same * pl.min_horizontal("total", "hub_total") - 1e-6)
    )
    one = _one_name(pairs.select("hub", "item").iter_rows())
    return lines.with_columns(page=pl.col("item").replace(one))


def _one_name(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Connected items -> the smallest id among them."""
    above: dict[str, str] = {}

    def top(item: str) -> str:
        while above.get(item, item) != item:
            above[item] = above.get(above[item], above[item])
            item = above[item]
        return item

    for a, b in pairs:
        low, high = sorted((top(a), top(b)))
        above[high] = low
    return {item: top(item) for item in above}


def _counted(lines: pl.DataFrame) -> pl.DataFrame:
    """Per line that stands in a body: how many texts hold it, how it is written there, where it stands."""
    rows = lines.filter(pl.col("place").is_in(["body", "other"]))
    of = lines.group_by(_SCOPE).agg(of_n=pl.col("page").n_unique().cast(pl.Int32))
    counts = rows.group_by(_LINE).agg(
        stands_n=pl.col("page").n_unique().cast(pl.Int32),
        page_n=pl.col("page").filter(pl.col("place") == "body").n_unique().cast(pl.Int32),
        first_seen=pl.col("captured_at").min(),
        last_seen=pl.col("captured_at").max(),
        word_n=pl.col("word_n").max(),
        closed=pl.col("closed").filter(pl.col("place") == "body").mean() > 0.5,
        tabular=pl.col("tabular").filter(pl.col("place") == "body").mean() >= 0.5,
    ).filter(pl.col("page_n") > 0)  # fmt: skip
    places = _places(lines.filter(place="body"), counts.filter(pl.col("page_n") > 1))
    return counts.join(of, on=_SCOPE).join(places, on=_LINE, how="left")


def _places(body: pl.DataFrame, often: pl.DataFrame) -> pl.DataFrame:
    """Per line of several bodies: the share of captures in which it opens the text, and in which it stands behind it.

    Behind: no line follows that stands in this text only.
    """
    marked = body.join(often.select(*_SCOPE, "text", often=True), on=_LINE, how="left")
    last = marked.filter(pl.col("often").is_null()).group_by("capture_id").agg(last=pl.col("at").max())
    held = marked.filter(pl.col("often")).join(last, on="capture_id", how="left")
    return held.group_by(_LINE).agg(
        opens=(pl.col("at") == 0).mean(), behind=(pl.col("at") > pl.col("last")).fill_null(value=True).mean()
    )


def _met(lines: pl.DataFrame, settings: PageSettings) -> pl.DataFrame:
    """Lines that are, or begin, the title, stand-first or lead of another text: holder and owner, capture and place."""
    heads = lines.filter(pl.col("place").is_in(_HEADS)).select(*_SCOPE, "place", owner="page", head="text")
    heads = heads.unique().with_columns(start=pl.col("head").str.extract(_FIRST_WORDS, 1))
    whole = pl.col("text") == pl.col("head")
    begins = (pl.col("word_n") >= settings.learn_cut_words) & pl.col("head").str.starts_with(pl.col("text"))
    return (
        lines.filter(pl.col("place") == "body", ~pl.col("tabular"))
        .with_columns(start=pl.col("text").str.extract(_FIRST_WORDS, 1))
        .select(*_LINE, "word_n", "start", "capture_id", "at", holder="page")
        .join(heads, on=[*_SCOPE, "start"])
        .filter((pl.col("holder") != pl.col("owner")) & (whole | begins))
        # Two articles may share a paragraph near the top: neither has it from the other.
        .filter((pl.col("place") != "lead") | (pl.col("at") >= LEAD_LINES))
    )


def _told(met: pl.DataFrame) -> pl.DataFrame:
    """Per line, of what it is the whole or the beginning: the first of title, stand-first, lead, title and lead."""
    order = pl.col("place").replace_strict({name: at for at, name in enumerate(_HEADS)}, return_dtype=pl.Int8)
    found = met.group_by(_LINE).agg(of=order.min())
    return found.with_columns(of=pl.col("of").replace_strict(dict(enumerate(_HEADS)), return_dtype=pl.String))


def _kin(lines: pl.DataFrame, met: pl.DataFrame, frequent: pl.DataFrame) -> pl.DataFrame:
    """Per line, the captures that keep it because they share more with its owner: a follow-up takes paragraphs over.

    What counts as shared is a whole sentence from below the owner's lead that is rare, and itself neither frequent nor
    the beginning of an article: two pages that carry the same teasers are not related.
    """
    body = lines.filter(place="body").select(*_LINE, "page", "closed", "word_n", "at")
    below = (
        body.filter(pl.col("closed"), pl.col("word_n") >= _SHARED_WORDS, pl.col("at") >= LEAD_LINES)
        .join(pl.concat([met.select(_LINE).unique(), frequent]), on=_LINE, how="anti")
        .select(*_LINE, owner="page")
        .unique()
    )
    below = below.join(_scarce(below), on=_LINE, how="semi")
    pairs = met.select(*_SCOPE, "holder", "owner").unique()
    held = body.select(*_LINE, holder="page").join(below.select(_LINE).unique(), on=_LINE, how="semi").unique()
    kin = (
        pairs.join(held, on=[*_SCOPE, "holder"])
        .join(below, on=[*_SCOPE, "owner", "text"], how="semi")
        .select(*_SCOPE, "holder", "owner")
        .unique()
    )
    return (
        met.join(kin, on=[*_SCOPE, "holder", "owner"], how="semi")
        .group_by(_LINE)
        .agg(kin=pl.col("capture_id").unique().sort())
    )


def _scarce(shared: pl.DataFrame) -> pl.DataFrame:
    """Lines too rare to be a notice: what two articles share of them, one took from the other."""
    return shared.group_by(_LINE).agg(n=pl.len()).filter(pl.col("n") <= 5).drop("n")


def _own(lines: pl.DataFrame) -> pl.DataFrame:
    """Per line: the captures of texts it begins, or is the title or stand-first of. They keep it."""
    heads = lines.filter(pl.col("place").is_in(_OWN)).select(*_SCOPE, "page", head="text").unique()
    heads = heads.with_columns(start=pl.col("head").str.extract(_FIRST_WORDS, 1))
    body = lines.filter(place="body").with_columns(start=pl.col("text").str.extract(_FIRST_WORDS, 1))
    return (
        body.select(*_SCOPE, "page", "start", "text", "capture_id")
        .join(heads, on=[*_SCOPE, "page", "start"])
        .filter(pl.col("head").str.starts_with(pl.col("text")))
        .group_by(_LINE)
        .agg(own=pl.col("capture_id").unique().sort())
    )


def _foreign(lines: pl.DataFrame, asked: pl.DataFrame, settings: PageSettings) -> pl.DataFrame:
    """Per line in question: how many of its words, and which share, stand nowhere else on the pages that hold it.

    The first `learn_sample` texts by id are looked at. Lines in question are no part of the rest of a page.
    """
    sample = (
        lines.filter(place="body")
        .join(asked.select(_LINE), on=_LINE, how="semi")
        .sort(*_SCOPE, "text", "page", "capture_id")
        .unique([*_SCOPE, "text", "page"], keep="first", maintain_order=True)
        .group_by(*_SCOPE, "text", maintain_order=True)
        .head(settings.learn_sample)
    )
    rest = (
        lines.filter(pl.col("place").is_in(["body", "title", "dek"]))
        .join(sample.select("capture_id").unique(), on="capture_id", how="semi")
        .join(asked.select(_LINE), on=_LINE, how="anti")
    )
    words: dict[str, set[str]] = {}
    for capture_id, text in rest.select("capture_id", "text").iter_rows():
        words.setdefault(capture_id, set()).update(text.split(" "))
    told: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    for outlet, window, text, capture_id in sample.select(*_SCOPE, "text", "capture_id").iter_rows():
        telling = {word for word in text.split(" ") if len(word) >= _LETTERS or not word.isascii()}
        alone = telling - words.get(capture_id, set())
        told.setdefault((outlet, window, text), []).append((len(alone), len(alone) / max(1, len(telling))))
    found = [(*key, *(sum(column) / len(each) for column in zip(*each, strict=True))) for key, each in told.items()]
    names = {**dict.fromkeys((*_SCOPE, "text"), pl.String), "foreign_n": pl.Float64, "foreign": pl.Float64}
    return pl.DataFrame(found, schema=names, orient="row")


def _apart(settings: PageSettings) -> pl.Expr:
    """Whether a line of several texts is none of theirs: no table's row, not their opening, and of other words."""
    words = pl.when("closed").then(settings.learn_closed_words).otherwise(settings.learn_open_words)
    own = pl.col("tabular") | (pl.col("opens") >= 0.5).fill_null(value=False)
    behind = pl.col("behind") >= 0.5
    long = pl.col("word_n") > settings.learn_long_words
    much = long | (pl.col("page_n") == 2)
    share = pl.when(much).then(settings.learn_foreign_long).otherwise(settings.learn_foreign)
    told = behind | (pl.col("foreign_n") >= words)
    return (pl.col("often") & ~own & (pl.col("foreign") >= share) & told).fill_null(value=False).alias("apart")


def _teases(settings: PageSettings) -> pl.Expr:
    """Whether the beginning of another article names it here. A whole lead among its own words may be taken over."""
    lead = pl.col("of").is_in(["start", "lead"]) & pl.col("closed") & (pl.col("word_n") >= settings.learn_broken_words)
    return ~lead | (pl.col("foreign") >= settings.learn_foreign)


def _judged(rows: pl.DataFrame) -> pl.DataFrame:
    """The lines with role and reason, their counts, and the captures that keep them."""
    many, all_of = _rounded(pl.col("stands_n")), _rounded(pl.col("of_n"))
    seen = pl.format("stands in {} or more of the outlet's {} or more texts", many, all_of)
    of = pl.col("of").replace_strict(_NAMES, default=None, return_dtype=pl.String)
    choices = (
        (pl.col("teases"), "teaser", pl.format("{} of another article of the outlet", of)),
        (pl.col("apart") & (pl.col("behind") >= 0.5), "widget", pl.format("{}, behind their own words", seen)),
        (pl.col("apart") & ~pl.col("closed"), "teaser", pl.format("{}, between words that are not its own", seen)),
        (pl.col("apart"), "widget", pl.format("{}, between words that are not its own", seen)),
        (pl.col("tabular"), None, pl.format("{}; kept: a row of a table", seen)),
        (pl.col("opens") >= 0.5, None, pl.format("{}; kept: texts begin with it", seen)),
        (pl.lit(value=True), None, pl.format("{}; kept: its words are theirs, or too few", seen)),
    )
    role, reason = pl.lit(None, dtype=pl.String), pl.lit(None, dtype=pl.String)
    for condition, name, why in reversed(choices):
        role = pl.when(condition.fill_null(value=False)).then(pl.lit(name, dtype=pl.String)).otherwise(role)
        reason = pl.when(condition.fill_null(value=False)).then(why).otherwise(reason)
    empty = pl.lit([], dtype=pl.List(pl.String))
    kept = pl.col("own").fill_null(empty).list.concat(pl.col("kin").fill_null(empty)).list.unique().list.sort()
    return rows.with_columns(
        role=role, reason=reason, own=kept, page_n=pl.col("stands_n"), share=pl.col("stands_n") / pl.col("of_n")
    )


def _rounded(count: pl.Expr) -> pl.Expr:
    """A count rounded down to 1, 2, 3, 5, 10, 20, 50 ...: a reason is not another one with every page that comes."""
    steps = [1, 2, 3, *(digit * 10**power for power in range(7) for digit in (5, 10, 20))]
    rounded = pl.lit(0, dtype=pl.Int32)
    for step in steps:
        rounded = pl.when(count >= step).then(pl.lit(step, dtype=pl.Int32)).otherwise(rounded)
    return rounded
