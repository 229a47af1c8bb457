"""Articles to mentions: every assertion as exact characters of one field of one article.

Clauses decide, sentences propose: a mention is a clause with its sentence's span beside it. Its quantities, names,
tone and the open chain of who says so are read from the same words once.
"""

import datetime as dt
import functools
import operator
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from dedupe import text as texts
from dedupe.facts import (
    asides,
    attribution,
    citations,
    clauses,
    context,
    grammar,
    moods,
    names,
    quantities,
    stances,
    tags,
    tone,
    wholes,
)
from dedupe.settings import FactSettings
from storage import schema
from storage.ids import content_ids

_ABSENT = frozenset({"fact_id", "story_id", "run_id"})
COLUMNS = tuple(name for name in schema.columns("mentions") if name not in _ABSENT)
"""Columns of `extract`'s result: `schema.Mentions` without fact_id, story_id and run_id."""

FIELDS = ("title", "dek", "text")
_TRIM = " \t\r\n\u00a0\u202f,;:—–-("
_BATCH = 500  # articles whose mentions are Python objects at one time: bounds memory, changes no result
_TAG = 2  # content words behind the verb of a tag at most: "said on Monday", "said in an interview"
_INSIDE = re.compile(r"[\s\u00a0]*[-'’/&(“”\"«»„]?[\s\u00a0]*")  # between two words of one clause
_SMALL = 10  # a number in words below this one tells how many there are, seldom what is reported
_CLOSERS = "\"'”’»)]』」"


_LISTS = ("quantities", "attribution", "names")


class _Columns:
    """The result, column by column; the lists lie flat, each item with the number of its mention."""

    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []
        self.items: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _LISTS}

    def add(self, head: tuple[str, str, str, str], mention: "_Mention") -> None:
        row, items = len(self.rows), self.items
        self.rows.append(head + mention.values)
        if mention.quantities:
            items["quantities"] += [
                (row, q.kind, q.value, q.low, q.high, q.unit, q.begin, q.end) for q in mention.quantities
            ]
        if mention.chain:
            items["attribution"] += [(row, a.cited, a.verb, a.begin, a.end, a.hop) for a in mention.chain]
        if mention.names:
            items["names"] += [(row, name) for name in mention.names]

    def frame(self) -> pl.DataFrame:
        wanted = schema.columns("mentions")
        flat = {name: wanted[name] for name in COLUMNS if name not in _LISTS}
        values = list(zip(*self.rows, strict=True)) or [()] * len(flat)
        frame = pl.DataFrame(dict(zip(flat, values, strict=True)), schema=flat).with_row_index("row")
        for column, items in self.items.items():
            inner = wanted[column].inner  # type: ignore[attr-defined]
            fields = (
                {field.name: field.dtype for field in inner.fields} if isinstance(inner, pl.Struct) else {column: inner}
            )
            value = pl.struct(list(fields)).alias(column) if isinstance(inner, pl.Struct) else pl.col(column)
            lists = (
                pl.DataFrame(items, schema={"row": pl.UInt32, **fields}, orient="row")
                .select("row", value)
                .group_by("row", maintain_order=True)
                .agg(column)
            )
            frame = frame.join(lists, on="row", how="left", maintain_order="left").with_columns(
                pl.col(column).fill_null(pl.lit([], dtype=wanted[column]))
            )
        return frame.select(COLUMNS)


@dataclass(frozen=True, slots=True)
class _Mention:
    """A mention before it has an id: its scalar values in column order (begin ... language), and its lists."""

    values: tuple[int, int, str, str, str, int, int, int | None, int | None, str | None]
    quantities: list[quantities.Quantity]
    chain: list[attribution.Attribution]
    names: list[str]


def extract(articles: pl.DataFrame, settings: FactSettings, outlets: Iterable[str] | None = None) -> pl.DataFrame:
    """Mentions of every article.

    Args:
        articles: Columns of `schema.Articles`, of which article_id, outlet, title and text are needed; dek, language
        and
            published_at are used where present. A missing language is guessed from the function words.
        settings: clause_words, clause_long, sentence_words and chain_reach are used.
        outlets: Names and aliases of outlets, so that "told X" is known to name one.

    Returns:
        Columns `COLUMNS`, sorted by article_id, field, begin. The mentions of a sentence do not overlap, each holds
        whole words, and together they hold every word of it; ``text == article[field][begin:end]``. Mentions of an
        article in a language outside `text.LANGUAGES` are whole sentences with `language` null: their kind and
        modality say nothing.

    Cost: linear; about 6 ms for an article of 1,000 words. A sentence of any length is bounded (`sentence_words`).
    """
    known = frozenset(texts.normal(name) for name in outlets or ())
    frames = []
    for batch in articles.sort("article_id").iter_slices(_BATCH):
        columns = _Columns()
        for article in batch.iter_rows(named=True):
            _article(article, settings, known, columns)
        frames.append(columns.frame())
    return pl.concat(frames or [_Columns().frame()]).sort("article_id", "field", "begin", "end")


def _article(article: Mapping[str, Any], settings: FactSettings, outlets: frozenset[str], columns: _Columns) -> None:
    language = _language(article)
    published = article.get("published_at")
    day = published.date() if isinstance(published, dt.datetime) else published
    known: frozenset[str] = frozenset()
    for field in reversed(FIELDS):  # the text first: its names tell which capitals of a title-case headline are names
        content = article.get(field)
        if not content:
            continue
        reader = _Field(content, field, language, day=day, settings=settings, outlets=outlets, known=known)
        if field == "text":
            known = reader.name_words()
        article_id, outlet = article["article_id"], article["outlet"]
        named = content_ids("m", article_id, field)
        for mention in reader.mentions():
            mention_id = named(str(mention.values[0]), str(mention.values[1]))
            columns.add((mention_id, article_id, outlet, field), mention)


def _language(article: Mapping[str, Any]) -> str | None:
    given = article.get("language")
    if given:
        code = str(given).lower().replace("_", "-").split("-")[0]
        return code if code in texts.LANGUAGES else None
    return texts.guess_language(article.get("text") or article.get("title") or "")


class _Field:
    """One field of one article, read once: sentences, words, quantities, names, chains."""

    def __init__(
        self, text: str, field: str, language: str | None, *, day: dt.date | None, settings: FactSettings,
        outlets: frozenset[str], known: frozenset[str],
    ) -> None:  # fmt: skip
        self.text, self.field, self.language, self.settings = text, field, language, settings
        self.sentences = texts.sentences(text, language)
        self.words = grammar.tokens(text, language or "en")
        words = self.words
        self.bounds = [
            (bisect_left(words.begins, begin), bisect_left(words.begins, end)) for begin, end in self.sentences
        ]
        self._cut_long(settings.sentence_words)
        marked = (
            [i for i, flag in enumerate(words.flags) if flag & grammar.MEASURES]
            if language
            else [i for i, word in enumerate(words.lower) if quantities.marks(word, None)]
        )
        self.amounts = quantities.find_in(text, words.begins, words.lower, marked, published_at=day, language=language)
        self.amount_begins = [amount.begin for amount in self.amounts]
        self.names: list[tuple[int, int]] = []
        self.chains: list[list[citations.Citation]] = [[] for _ in self.sentences]
        self.tones = words.tones if language else [0] * len(words.begins)
        self.starts = frozenset(first for first, _ in self.bounds)
        if language:
            moods.settle(words.lower, self.tones, self._clause_ends(), language)
            self.names = names.find(words, self.starts, language, headline=field != "text", known=known)
            self.chains = attribution.chains(
                text, words, self.sentences, self.bounds, language=language, outlets=outlets, reach=settings.chain_reach
            )
            if field == "text" and language == "en":
                stances.settle(words, self.tones, self.starts, self.bounds)
        self.name_begins = [begin for begin, _ in self.names]

    def _cut_long(self, longest: int) -> None:
        """A sentence of more than `longest` words becomes several: what follows may cost its square."""
        words, spans, bounds = self.words, [], []
        for (begin, end), (first, last) in zip(self.sentences, self.bounds, strict=True):
            starts = range(first, max(last, first + 1), longest)
            for start in starts:
                stop = min(last, start + longest)
                left = begin if start == first else words.begins[start]
                spans.append((left, end if stop == last else words.ends[stop - 1]))
                bounds.append((start, stop))
        self.sentences, self.bounds = spans, bounds

    def _clause_ends(self) -> list[int]:
        """One past the last word before each comma, stop or the like."""
        gaps = self.words.gaps
        last = len(self.words.begins)
        return [*(i for i in range(1, last) if gaps[i] != " " and not _INSIDE.fullmatch(gaps[i])), last]

    def name_words(self) -> frozenset[str]:
        return frozenset(word for begin, end in self.names for word in self.words.lower[begin:end])

    def mentions(self) -> Iterable[_Mention]:
        for place, (first, last) in enumerate(self.bounds):
            if first == last:
                continue
            tiles = self._tiles(place, first, last)
            spans = self._spans(place, tiles)
            idle = self._asides(place, tiles, spans)
            found = [
                self._mention(place, tile, begin, end, aside=aside, alone=all(idle))
                for tile, (begin, end), aside in zip(tiles, spans, idle, strict=True)
            ]
            yield from self._read_by(place, tiles, spans, found)

    def _read_by(
        self, place: int, tiles: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]], found: list[_Mention]
    ) -> Iterable[_Mention]:
        """The mentions of a sentence of the body, each with the words around it by which it is read."""
        if self.language is None or self.field != "text":
            yield from found
            return
        how = [
            context.standing(self.text, self.words, *tile, self.language, opens=k == 0) for k, tile in enumerate(tiles)
        ]
        idle = [mention.values[3] == "attribution" for mention in found]
        before = self.sentences[place - 1] if place else None
        for k, mention in enumerate(found):
            span = context.around(how, spans, idle, k, before)
            if span is None and mention.values[3] == "quote":
                span = context.speaker(self.words, self._chain(place, *tiles[k]), spans[k])
            if span is None:
                yield mention
            else:
                values = (*mention.values[:7], *span, *mention.values[9:])
                yield _Mention(values, mention.quantities, mention.chain, mention.names)

    def _asides(
        self, place: int, tiles: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]]
    ) -> list[bool]:  # fmt: skip
        """Which pieces of a sentence of the body state nothing by themselves."""
        if self.language is None or self.field != "text":
            return [False] * len(tiles)
        sentence = self.text[slice(*self.sentences[place])]
        cited = any(tiles[0][0] <= citation.word < tiles[-1][1] for citation in self.chains[place])
        if asides.promotion(sentence, self.language) or (not cited and asides.question(sentence)):
            return [True] * len(tiles)
        ended = sentence.rstrip(_CLOSERS + " \u00a0\u202f").endswith((".", "!", "…", ":")) if len(tiles) == 1 else None
        pieces = [self.text[slice(*span)] for span in spans]
        return [
            asides.label(piece)
            or asides.fragment(self.words, *tile, self.language, ended=ended)
            or tags.only_tells_who(piece, self.words, *tile, self.language)
            for piece, tile in zip(pieces, tiles, strict=True)
        ]

    def _tiles(self, place: int, first: int, last: int) -> list[tuple[int, int]]:
        settings = self.settings
        if self.language is None:
            return [(first, last)]
        heads = [citation for citation in self.chains[place] if citation.rank == citations.OPENED]
        fixed = frozenset(self._openers(heads, first, last))
        return clauses.split(
            self.text, self.words, first, last, self.language,
            minimum=settings.clause_words, longest=settings.clause_long, headline=self.field != "text", fixed=fixed,
        )  # fmt: skip

    def _openers(self, heads: Sequence[citations.Citation], first: int, last: int) -> Iterable[int]:
        """Where an opener ("According to X,") begins and ends: it stands alone."""
        words = self.words
        for citation in heads:
            if not first <= citation.word < last or (" " not in citation.verb and citation.verb not in _PREPOSED):
                continue
            end = bisect_left(words.begins, citation.end)
            led = self.language == "en" or self.text[words.ends[citation.word - 1] : words.begins[citation.word]] != " "
            if led and first < citation.word and words.content[citation.word] - words.content[first] >= 1:
                yield citation.word
            if end < last and ("," in self.text[words.ends[end - 1] : words.begins[end]]):
                yield end

    def _spans(self, place: int, tiles: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Characters of the tiles: with opening and closing quotation marks, without the punctuation between tiles."""
        words, text = self.words, self.text
        low, high = self.sentences[place]
        begins = [low, *(self._opening(words.ends[first - 1], words.begins[first]) for first, _ in tiles[1:])]
        spans = []
        for k, begin in enumerate(begins):
            stop = begins[k + 1] if k + 1 < len(begins) else high
            end = (
                max(words.ends[tiles[k][1] - 1], begin + len(text[begin:stop].rstrip(_TRIM)))
                if k + 1 < len(begins)
                else high
            )
            spans.append((begin, end))
        return spans

    def _opening(self, end: int, begin: int) -> int:
        """Where the characters of a word's tile begin: after the last space or dash of the gap before it."""
        gap = self.text[end:begin]
        if gap == " ":
            return begin
        cut = max(gap.rfind(mark) for mark in " \n\t\u00a0—–-") + 1
        rest = gap[cut:]
        return begin - len(rest.lstrip(_CLOSERS)) if cut == 0 else begin - len(rest)

    def _mention(
        self, place: int, tile: tuple[int, int], begin: int, end: int, *, aside: bool, alone: bool
    ) -> _Mention:  # fmt: skip
        first, last = tile
        low, high = bisect_left(self.amount_begins, begin), bisect_left(self.amount_begins, end)
        amounts = [amount for amount in self.amounts[low:high] if amount.end <= end] if low < high else []
        chain = self._chain(place, first, last) if self.chains[place] else []
        tones = functools.reduce(operator.or_, self.tones[first:last], 0)
        kind = self._kind(tile, (begin, end), tones, amounts, chain)
        if aside and (kind != "attribution" or alone):
            kind = "aside"  # a sentence that says no more than who speaks is no fact, with nothing to go with
        opener = tone.lexicon(self.language).get(self.words.lower[first], 0) if self.language else 0
        modality = "conditional" if opener & tone.CONDITIONAL else tone.modality(tones)
        sentence = self.sentences[place]
        return _Mention(
            (begin, end, self.text[begin:end], kind, modality, *sentence, None, None, self.language),
            amounts,
            attribution.number(chain) if chain else [],
            self._names(first, last),
        )

    def _names(self, first: int, last: int) -> list[str]:
        words, text = self.words, self.text
        low, high = bisect_left(self.name_begins, first), bisect_left(self.name_begins, last)
        if low == high:
            return []
        found = (text[words.begins[a] : words.ends[min(b, last) - 1]] for a, b in self.names[low:high])
        bare = (texts.bare(name, self.language) for name in found)
        return list(dict.fromkeys(name.removesuffix("'s").removesuffix("’s") for name in bare))

    def _chain(self, place: int, first: int, last: int) -> list[citations.Citation]:
        """The sentence's chain as it holds for a clause.

        Where two people speak, the one in the clause or nearest before it. A speaker named further on speaks for the
        clause only when the verb closes what was said (`..., Smith said`), not inside it (`a model that Smith said
        would ...`).
        """
        here, end = self.bounds[place]
        chain = [citation for citation in self.chains[place] if not self._embedded(citation, here, first, last)]
        spoken = [citation for citation in chain if citation.rank == citations.SPOKEN]
        if not spoken:
            return chain
        inside = [c for c in spoken if first <= c.word < last]
        before = [c for c in spoken if c.word < first or not here <= c.word < end]
        after = [c for c in spoken if c.word >= last and c.closing]
        chosen = next(iter(inside or before[-1:] or after), None)
        return [citation for citation in chain if citation.rank != citations.SPOKEN or citation is chosen]

    def _embedded(self, citation: citations.Citation, here: int, first: int, last: int) -> bool:
        """Whether a source speaks inside a clause only: "a wall that Doe had promised", "a lawsuit alleging theft"."""
        if self.language != "en" or not here <= citation.word:
            return False
        if citation.rank == citations.WRITTEN and citation.verb.endswith("ing") and citation.verb != "citing":
            return citation.word >= last
        name = bisect_left(self.words.begins, citation.begin)
        inner = first < name - 1 < last and self.words.flags[name - 1] & (grammar.REL | grammar.THAT)
        lead = any(flag & grammar.REPORT for flag in self.words.flags[max(here, name - 6) : name - 1])
        behind = any(flag & grammar.REL for flag in self.words.flags[max(first + 1, citation.word - 3) : citation.word])
        return (bool(inner) and not lead and not citation.closing) or (behind and name < citation.word < last)

    def _kind(
        self, tile: tuple[int, int], span: tuple[int, int], tones: int, amounts: Sequence[quantities.Quantity],
        chain: Sequence[citations.Citation],
    ) -> str:  # fmt: skip
        begin, end = span
        if self.field != "text":
            return "headline"
        if self.words.quotes:
            quoted = sum(max(0, min(end, right) - max(begin, left)) for left, right in self._quotes(begin, end))
            if 2 * quoted > end - begin:
                return "quote"
        if chain and self._only_cites(tile, chain):
            return "attribution"
        first = tile[0]
        if self.language == "en" and self.words.lower[first] == "to" and first in self.starts:
            return "cause"  # "To secure ..., X did": the purpose in front
        return tone.kind(tones, [amount.kind for amount in amounts if self._telling(amount)])

    def _telling(self, amount: quantities.Quantity) -> bool:
        """Whether a quantity can be what a clause is about: no age, no "two men", no "over the next two years"."""
        written = self.text[amount.begin : amount.end]
        bounded = amount.value is None or amount.low != amount.value or amount.high != amount.value
        if amount.kind not in {"number", "duration"} or bounded:
            return True
        age = (
            self.text[max(0, amount.begin - 2) : amount.begin] == ", " and self.text[amount.end : amount.end + 1] == ","
        )
        aged = self.text[amount.end : amount.end + 4] == "-old" or self.text.endswith("aged ", 0, amount.begin)
        return not (age or aged) and (written[:1].isdigit() or (amount.value or 0) >= _SMALL)

    def _quotes(self, begin: int, end: int) -> list[tuple[int, int]]:
        quotes = self.words.quotes
        at = max(0, bisect_left(quotes, (begin, 0)) - 1)
        found = []
        while at < len(quotes) and quotes[at][0] < end:
            if quotes[at][1] - quotes[at][0] > 20:
                found.append(quotes[at])
            at += 1
        return found

    def _only_cites(self, tile: tuple[int, int], chain: Sequence[citations.Citation]) -> bool:
        """Whether a clause holds a citation and next to nothing else, or is the tag behind what was said.

        A tag (`..., Jane Doe, of Acme, said on Monday`) has its verb near its end or its speaker behind the verb.
        """
        words = self.words
        first, last = tile
        own = [citation for citation in chain if first <= citation.word < last]
        if not own:
            return False
        size = words.content[last] - words.content[first]
        cited = 0
        for citation in own:
            left, right = bisect_left(words.begins, citation.begin), bisect_left(words.begins, citation.end)
            cited += max(0, words.content[min(right, last)] - words.content[max(left, first)])
            verb = len(citation.verb.split())
            cited += words.content[min(last, citation.word + verb)] - words.content[citation.word]
        if size - cited <= 1:
            return True
        final = own[-1]
        name = bisect_left(words.begins, final.begin), bisect_left(words.begins, final.end)
        after = max(final.word + 1, min(last, name[1]))
        if words.content[last] - words.content[after] > _TAG:
            return False
        lead = min(min(citation.word, bisect_left(words.begins, citation.begin)) for citation in own)
        if words.content[max(lead, first)] - words.content[first] <= 1 and first not in self.starts and final.closing:
            return True
        return self.language == "en" and self._heads(first, final.word, *name)

    def _heads(self, first: int, verb: int, begin: int, end: int) -> bool:
        """Whether words first..verb only lead up to who says it: "In March, the group's chair, Jane Doe of Acme, said".

        What stands before the name, and between name and verb, holds no verb of its own.
        """
        words = self.words
        if verb < first or not first <= begin < end or self._quotes(words.begins[first], words.ends[verb]):
            return False
        comma = next(
            (k for k in range(begin, first, -1) if "," in self.text[words.ends[k - 1] : words.begins[k]]), first
        )
        if comma > first and not words.flags[first] & (grammar.FRONT | grammar.PREP):
            return False  # what was said, or somebody else, stands before
        spans = ((first, begin), (end, verb)) if begin < verb else ((first, verb),)
        return not any(wholes.predicated(words, low, high) for low, high in spans if low < high)


_PREPOSED = frozenset({"citing", "laut", "selon", "según", "secondo", "segundo", "conforme", "volgens", "aldus"})
