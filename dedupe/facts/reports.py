"""An article as a report of facts: whose text it is (its origin), when it came out, how sure that time is."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol, TypeVar

import numpy as np
import polars as pl

_DAY = 86400.0
_ZERO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Report:
    """One article of a story.

    ``begin`` and ``end`` bound its publication in seconds since 1970: equal for an instant, a day apart for a day, null
    where unknown. ``origin`` is whose text it is: an outlet, or a copy group whose origin is not known. ``open_until``
    is the latest time at which its text could take up a fact: for a copy, that of the text it was copied from.
    """

    article_id: str
    outlet: str
    origin: str
    group: str | None
    source: bool
    begin: float | None
    end: float | None
    open_until: float | None
    url: str | None
    full: bool
    usable: bool
    credit: str | None

    @property
    def instant(self) -> bool:
        """Whether the publication is known to the second."""
        return self.begin is not None and self.begin == self.end


class Home(NamedTuple):
    """Whose text an article is; ``source``: it is nobody's copy; ``usable``: its wire has not killed it."""

    outlet: str
    origin: str
    group: str | None
    source: bool
    usable: bool

    @property
    def own(self) -> set[str]:
        """The origins that what it says does not confirm."""
        return {self.origin, self.outlet} if self.source else {self.origin}


def homes(articles: pl.DataFrame, copies: pl.DataFrame) -> dict[str, Home]:
    """Whose text each article is.

    The origin of an article outside every copy group is its outlet: an outlet that repeats itself confirms nothing. In
    a copy group it is the outlet of the group's origin; where that is not known, the group itself.
    """
    group_of: dict[str, str] = {}
    source_of: dict[str, tuple[str, str]] = {}
    outlets_of: dict[str, set[str]] = defaultdict(set)
    for group, article, outlet, role in copies.select("copy_group", "article_id", "outlet", "role").iter_rows():
        group_of[article] = group
        outlets_of[group].add(outlet)
        if role == "origin":
            source_of[group] = (article, outlet)
    status = articles["status"] if "status" in articles.columns else [None] * articles.height
    out = {}
    for article, outlet, standing in zip(articles["article_id"], articles["outlet"], status, strict=True):
        group = group_of.get(article)
        origin = outlet
        if group is not None and len(outlets_of[group]) > 1:
            origin = source_of[group][1] if group in source_of else group
        source = group is None or source_of.get(group, ("", ""))[0] == article
        out[article] = Home(outlet, origin, group, source, standing in (None, "usable"))
    return out


def reports(articles: pl.DataFrame, copies: pl.DataFrame) -> dict[str, Report]:
    """Every article as a report; whose text it is by `homes`."""
    home_of = homes(articles, copies)
    optional = {"url": pl.String, "credit": pl.String}
    table = articles.with_columns(
        pl.lit(None, kind).alias(n) for n, kind in optional.items() if n not in articles.columns
    )
    wanted = ["article_id", "published_at", "published_precision", "url", "credit"]
    out = {}
    for row in table.select(*wanted, (pl.col("text").fill_null("").str.len_chars() > 0).alias("full")).iter_rows(
        named=True
    ):
        article = row["article_id"]
        home = home_of[article]
        begin, end = _times(row["published_at"], row["published_precision"])
        out[article] = Report(
            article_id=article,
            outlet=home.outlet,
            origin=home.origin,
            group=home.group,
            source=home.source,
            begin=begin,
            end=end,
            open_until=end,
            url=row["url"],
            full=row["full"],
            usable=home.usable,
            credit=row["credit"],
        )
    return _copies_close_with_their_origin(out)


def _copies_close_with_their_origin(known: dict[str, Report]) -> dict[str, Report]:
    """A copy had no chance that its original did not have: it repeats a text that was finished before."""
    groups: dict[str, list[Report]] = defaultdict(list)
    for report in known.values():
        if report.group is not None and (report.source or report.origin != report.outlet):
            groups[report.group].append(report)
    for found in groups.values():
        sources = [report for report in found if report.source]
        until = min((report.end for report in sources or found if report.end is not None), default=None)
        for report in found:
            known[report.article_id] = replace(report, open_until=until)
    return known


def _times(published: dt.datetime | None, precision: str | None) -> tuple[float | None, float | None]:
    if published is None or precision == "none":
        return None, None
    begin = (published - _ZERO).total_seconds()
    return (begin, begin + _DAY) if precision == "day" else (begin, begin)


class _Placed(Protocol):
    @property
    def outlet(self) -> str: ...

    @property
    def origin(self) -> str: ...


_Any = TypeVar("_Any", bound=_Placed)


def origins(found: Iterable[_Any]) -> dict[str, list[_Any]]:
    """Independent origins among the reports of one fact, each with its reports.

    A copy group of unknown origin is one origin together with the outlets that carry the fact in it *and* in a text of
    their own: that text may rest on the copy.
    """
    by_origin: dict[str, list[_Any]] = defaultdict(list)
    for report in found:
        by_origin[report.origin].append(report)
    for key in sorted(by_origin):
        if all(report.origin != report.outlet for report in by_origin[key]):
            for outlet in sorted({report.outlet for report in by_origin[key]}):
                if outlet in by_origin and outlet != key:
                    by_origin[key] += by_origin.pop(outlet)
    return dict(by_origin)


def earliest(found: list[Report]) -> Report | None:
    """The report an origin is dated by: its source article where it is one of them, else the earliest of known time.

    Null where no time is known, or where two are equally early and of different outlets.
    """
    sources = [report for report in found if report.source and report.begin is not None]
    own = [report for report in sources if report.group is not None] or [r for r in found if r.begin is not None]
    if not own:
        return None
    return min(own, key=lambda r: (r.end or 0.0, r.begin or 0.0, r.article_id))


def first(by_origin: dict[str, list[Report]], tie_s: float) -> tuple[Report | None, str]:
    """Who reported first and why, or null and why not: only_origin, instant, day, tie, unknown_time."""
    dated = {key: earliest(found) for key, found in by_origin.items()}
    if len(by_origin) == 1:
        (found,) = by_origin.values()
        lead = dated[next(iter(dated))]
        if len({report.outlet for report in found}) == 1:
            return lead or min(found, key=lambda r: r.article_id), "only_origin"
        sources = [report for report in found if report.source]
        return (sources[0] if sources else lead), "only_origin"
    times = [report for report in dated.values() if report is not None]
    if len(times) < len(dated):
        return None, "unknown_time"
    times.sort(key=lambda r: (r.end or 0.0, r.begin or 0.0, r.article_id))
    lead, rest = times[0], times[1:]
    gap = min(other.begin or 0.0 for other in rest) - (lead.end or 0.0)
    exact = lead.instant and all(other.instant for other in rest)
    if exact:
        return (lead, "instant") if gap > tie_s else (None, "tie")
    return (lead, "day") if gap >= 0 else (None, "tie")


CONFIDENCE = ("times", "days", "assumed")
"""What a chance rests on, surest first."""


class Chances:
    """Which outlets of a story could have carried what one of them reported."""

    def __init__(self, found: Iterable[Report]) -> None:
        """Take the story's articles; those without a text, and killed ones, give no chance."""
        self._reports = sorted((r for r in found if r.usable and r.full), key=lambda r: (r.outlet, r.article_id))
        outlet = [report.outlet for report in self._reports]
        self._starts = np.array([n for n, name in enumerate(outlet) if not n or name != outlet[n - 1]], dtype=np.int64)
        self._outlets = [outlet[n] for n in self._starts]
        self._until = np.array([np.nan if r.open_until is None else r.open_until for r in self._reports])
        self._instant = np.array([report.instant for report in self._reports], dtype=bool)
        places: dict[str, int] = {}
        self._origin = np.array([places.setdefault(r.origin, len(places)) for r in self._reports], dtype=np.int64)
        self._place = places
        self._after: dict[tuple[float, bool, float], dict[str, int]] = {}  # facts of one report have one answer
        self._foreign: dict[frozenset[int], list[str]] = {}

    def after(self, lead: Report | None, tie_s: float) -> dict[str, int]:
        """Outlets that could have carried what ``lead`` reported; on which of `CONFIDENCE` that rests.

        Cost: 20 us, and 0.1 us an article, once a time.
        """
        if not self._outlets:
            return {}
        assumed = CONFIDENCE.index("assumed")
        if lead is None or lead.begin is None:
            return dict.fromkeys(self._outlets, assumed)
        key = (lead.begin, lead.instant, tie_s)
        if key not in self._after:
            self._after[key] = self._since(lead.begin - tie_s, instant=lead.instant)
        return self._after[key]

    def _since(self, begin: float, *, instant: bool) -> dict[str, int]:
        assumed = CONFIDENCE.index("assumed")
        basis = np.where(self._instant & instant, 0, 1)
        basis = np.where(self._until >= begin, basis, len(CONFIDENCE))
        basis = np.where(np.isnan(self._until), assumed, basis)
        best = np.minimum.reduceat(basis, self._starts).tolist()
        return {outlet: n for outlet, n in zip(self._outlets, best, strict=True) if n < len(CONFIDENCE)}

    def others(self, chance: dict[str, int], by_origin: dict[str, list[Report]]) -> list[str]:
        """Outlets with a chance that do not carry a fact of one origin, and have a text that is not that origin's."""
        if not self._outlets:
            return []
        (mine,) = by_origin.values()
        own = frozenset(self._place[report.origin] for report in mine if report.origin in self._place)
        if own not in self._foreign:
            foreign = np.logical_or.reduceat(~np.isin(self._origin, list(own)), self._starts).tolist()
            self._foreign[own] = [outlet for outlet, yes in zip(self._outlets, foreign, strict=True) if yes]
        carriers = {report.outlet for report in mine}
        return [outlet for outlet in self._foreign[own] if outlet in chance and outlet not in carriers]
