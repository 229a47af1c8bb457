"""Teasers without a heading, measured: how many the other pages of an outlet give away, and what clean bodies lose.

    python tests/benchmarks/teasers.py ARTICLES.parquet [PAGES_AN_OUTLET] [SEED]

ARTICLES: outlet, title, text (paragraphs on lines of their own). Per outlet of at least 20 articles, that many pages
are drawn; into each of them titles and leads of other articles of the outlet are set, between the paragraphs or at the
end: whole, cut at a character, at a word, or with an ellipsis; half of them of articles that are not among the pages,
each of which is teased on several. Reported: the share of the planted lines that are marked (by kind), and the
characters of bodies without planted lines that learning takes away.
"""

import datetime as dt
import random
import sys
from collections import Counter

import polars as pl

from dedupe import page
from dedupe.settings import PageSettings

SETTINGS = PageSettings()
AT = dt.datetime(2026, 5, 3, tzinfo=dt.UTC)
CUTS = ("whole", "character", "word", "ellipsis")


def cut(text: str, kind: str, picker: random.Random) -> str:
    """A lead as a site shows it."""
    length = picker.randrange(90, 180)
    if kind == "whole" or len(text) <= length + 10:
        return text
    short = text[:length]
    if kind == "character":
        return short
    short = short.rsplit(" ", 1)[0]
    return short if kind == "word" else f"{short}{picker.choice(['…', '...', ' …', ' [...]'])}"


def planted(article: tuple[str, str], picker: random.Random) -> list[tuple[str, str]]:
    """(kind, line) of one teaser: a title, a lead, or both."""
    title, text = article
    lead = next((line for line in text.split("\n") if len(line) > 60), text)
    kind = picker.choice(CUTS)
    shape = picker.choice(("title", "lead", "both"))
    lines = []
    if shape in ("title", "both"):
        lines.append((f"title, {shape}", title))
    if shape in ("lead", "both"):
        lines.append((f"lead, {kind}, {shape}", cut(lead.strip(), kind, picker)))
    return lines


def pages_of(texts: list[tuple[str, list[str]]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pages and blocks of plain texts, every line a body candidate."""
    pages, blocks = [], []
    for number, (title, lines) in enumerate(texts):
        capture_id, at = f"c-{number:06}", 0
        pages.append((capture_id, "outlet", AT + dt.timedelta(seconds=number), title, None, f"i-{number:06}"))
        for block, line in enumerate(lines):
            blocks.append((capture_id, block, at, at + len(line) + 1, "p", "main", f"{line}\n"))
            at += len(line) + 1
    return (
        pl.DataFrame(pages, schema=["capture_id", "outlet", "captured_at", "title", "dek", "item_id"], orient="row"),
        pl.DataFrame(
            blocks, schema=["capture_id", "block", "begin", "end", "tag", "hint", "text"], orient="row"
        ).with_columns(pl.col("block", "begin", "end").cast(pl.Int32)),
    )


def marked(texts: list[tuple[str, list[str]]], *, learned: bool) -> dict[str, pl.DataFrame]:
    """Per capture, its marked blocks."""
    pages, blocks = pages_of(texts)
    found = None
    if learned:
        lines = page.lines_of(blocks, pages, SETTINGS)
        found = page.applied(lines, page.learn(lines, SETTINGS))
    done = page.mark(blocks, SETTINGS, found)
    return {key[0]: rows for key, rows in done.group_by("capture_id", maintain_order=True)}


def kept(rows: pl.DataFrame) -> str:
    return "".join(rows.filter("kept")["text"])


class Tally:
    """What was planted, found and lost, over all outlets."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.hits: Counter[str] = Counter()
        self.cut: Counter[str] = Counter()
        self.missed: list[str] = []
        self.lost = self.total = 0

    def clean(self, texts: list[tuple[str, list[str]]]) -> None:
        """Bodies as they are: what learning takes away. Real texts hold notices of their outlets: read the list."""
        plain, learned = marked(texts, learned=False), marked(texts, learned=True)
        for key, rows in learned.items():
            before, after = kept(plain[key]), kept(rows)
            self.total += len(before)
            self.lost += len(before) - len(after)
            gone = rows.filter(pl.col("reason").str.contains("of the outlet|the outlet's") & ~pl.col("kept"))
            for text, reason in gone.select("text", "reason").iter_rows():
                self.cut[f"{text.strip()[:110]} | {reason}"] += 1

    def dirty(
        self, texts: list[tuple[str, list[str]]], plan: dict[int, list[tuple[str, str]]], where: list[int]
    ) -> None:
        """Bodies with planted lines: which of them are gone."""
        made = [
            (title, [*lines[: where[at]], *(line for _, line in plan[at]), *lines[where[at] :]])
            for at, (title, lines) in enumerate(texts)
        ]
        done = marked(made, learned=True)
        for at, told in plan.items():
            stays = kept(done[f"c-{at:06}"])
            for kind, line in told:
                gone = line.strip() not in stays or line in texts[at][1]
                self.asked[kind] += 1
                self.hits[kind] += gone
                if not gone:
                    self.missed.append(f"{kind} | {line[:150]}")


def planned(
    inside: list[tuple[str, str]], outside: list[tuple[str, str]], picker: random.Random
) -> dict[int, list[tuple[str, str]]]:
    """Per page, its teasers: of articles that were captured, and of some that were not, each on three to five pages."""
    plan: dict[int, list[tuple[str, str]]] = {at: [] for at in range(len(inside))}
    for teased in outside:
        lines = planted(teased, picker)
        for at in picker.sample(range(len(inside)), picker.randrange(3, 6)):
            plan[at].extend((f"outside: {kind}", line) for kind, line in lines)
    for at in range(len(inside)):
        for _ in range(picker.randrange(1, 4)):
            other = picker.choice([one for one in range(len(inside)) if one != at])
            plan[at].extend((f"inside: {kind}", line) for kind, line in planted(inside[other], picker))
    return plan


def main() -> None:
    articles = pl.read_parquet(sys.argv[1]).filter(pl.col("text").str.len_chars() > 400)
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    picker = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    tally = Tally()
    for _, rows in articles.sort("id").group_by("outlet", maintain_order=True):
        listed = [(title, text) for title, text in rows.select("title", "text").iter_rows() if title]
        if len(listed) < count + count // 4:
            continue
        picker.shuffle(listed)
        texts = [(title, [line for line in text.split("\n") if line.strip()]) for title, text in listed[:count]]
        tally.clean(texts)
        plan = planned(listed[:count], listed[count : count + count // 4], picker)
        where = [picker.choice((len(lines), picker.randrange(1, len(lines) + 1))) for _, lines in texts]
        tally.dirty(texts, plan, where)
    for kind in sorted(tally.asked):
        print(f"{kind:40} {tally.hits[kind]:5} of {tally.asked[kind]:5} {tally.hits[kind] / tally.asked[kind]:.3f}")
    print(f"recall {tally.hits.total() / tally.asked.total():.4f} of {tally.asked.total()}")
    print(f"clean bodies lose {tally.lost} of {tally.total} characters, {100 * tally.lost / tally.total:.4f} %")
    for line, n in tally.cut.most_common(60):
        print(n, line)
    for line in picker.sample(tally.missed, min(25, len(tally.missed))):
        print("missed", line)


if __name__ == "__main__":
    main()
