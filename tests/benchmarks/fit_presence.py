"""Fit dedupe/facts/presence.json, the coefficients of `dedupe.facts.align.reports`, and print held-out figures.

    python tests/benchmarks/fit_presence.py [--shared ../shared] [--check] [--held-out PREDICTIONS.jsonl]

Sets (in ../shared/data): PyrXSum (a short fact, a summary of one or two sentences, human judgements) and, with little
weight, SuperPAL dev (every proposition of a summary with every sentence of the documents of its topic), so that whole
sentences of news count too, and the paraphrases of MRPC, also with another number or day or with a "not" in one of the
two, which the first two sets hardly hold. The seeds and the marked stories are not read. `--check` prints figures for a
fit without each fifth of the documents (PyrXSum) and each topic (SuperPAL), and for a fit without the whole set;
`--held-out` writes the former as ../shared/eval/facts_scu.py reads them.
"""

import json
import pathlib
import re
import sys

import fit_align
import numpy as np
import polars as pl
from fit_align import Row

from dedupe.facts import presence

WEIGHTS = {"pyrxsum": 2.0, "superpal": 0.1, "altered": 0.2}
NUMBERS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
NUMBER = re.compile(rf"\b(?:[2-9]|[1-9]\d\d?|{'|'.join(NUMBERS)})\b")
DAY, MONTH = (re.compile(rf"\b(?:{'|'.join(words)})\b") for words in (DAYS, MONTHS))
VERB = re.compile(r"\b(is|are|was|were|has|have|had|will|can)\b")
Read = dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]


def superpal(data: pathlib.Path) -> list[Row]:
    table = pl.read_csv(data / "superpal/dev.csv", infer_schema_length=0)
    rows: list[Row] = []
    for (topic,), part in table.group_by("topic", maintain_order=True):
        same = set(zip(part["summarySpanText"], part["docSentText"], strict=True))
        left, right = (list(dict.fromkeys(part[c])) for c in ("summarySpanText", "docSentText"))
        rows += [(a, b, int((a, b) in same), str(topic)) for a in left for b in right]
    return rows


def altered(data: pathlib.Path) -> list[Row]:
    """Paraphrases, and what no longer is one: another number or day in the text, a fact that says it is not so."""
    out: list[Row] = []
    for n, (fact, text, same, group) in enumerate(fit_align.mrpc(data)):
        if not same:
            continue
        out.append((fact, text, 1, group))
        for words, found in ((NUMBERS, NUMBER), (DAYS, DAY), (MONTHS, MONTH)):
            for word in sorted(set(found.findall(fact)) & set(found.findall(text)))[:1]:
                step = 1 + n % 5
                other = words[(words.index(word) + step) % len(words)] if word in words else str(int(word) + step)
                swap = re.compile(rf"\b{word}\b")
                out += [(swap.sub(other, fact), text, 0, group), (fact, swap.sub(other, text), 0, group)]
        for pair in ((VERB.sub(r"\1 not", fact, count=1), text), (fact, VERB.sub(r"\1 not", text, count=1))):
            if pair != (fact, text):
                out.append((*pair, 0, group))
    return out


SETS = {"pyrxsum": fit_align.pyrxsum, "superpal": superpal, "altered": altered}


def main(shared: pathlib.Path, *, checked: bool, predictions: str | None) -> None:
    sets: Read = {}
    for name, load in SETS.items():
        rows = load(shared / "data")
        read = {text: presence.read(text) for row in rows for text in row[:2]}
        x = np.array([presence.compare(read[fact], read[text]) for fact, text, _, _ in rows])
        sets[name] = (x, np.array([row[2] for row in rows]), np.array([row[3] for row in rows]))
    for name, (_, y, _) in [*sets.items()][:2] if checked else ():
        whole = fit_align.figures(y, fit_align.without(sets, name, WEIGHTS))
        held = fit_align.figures(y, fit_align.held_out(sets, name, WEIGHTS))
        print(f"{name:9s} without the set: {whole} | without its own group: {held}", flush=True)
    if predictions:
        pairs = pl.read_parquet(shared / "data/scu_pyrxsum/pairs.parquet").select("system", "scu_id").rows()
        held = fit_align.held_out(sets, "pyrxsum", WEIGHTS)
        said = zip(pairs, fit_align.shipped(fit_align.pyrxsum(shared / "data"), held), strict=True)
        lines = [json.dumps({"system": system, "scu_id": scu, "score": p}) for (system, scu), p in said]
        pathlib.Path(predictions).write_text("\n".join(lines) + "\n", encoding="utf-8")
    model = fit_align.fit(sets, WEIGHTS)
    fit_align.write("presence", presence.NAMES, {name: len(y) for name, (_, y, _) in sets.items()}, WEIGHTS, model)


if __name__ == "__main__":
    given = sys.argv[sys.argv.index("--shared") + 1] if "--shared" in sys.argv else None
    root = pathlib.Path(given) if given else pathlib.Path(__file__).parents[2].parent / "shared"
    wanted = sys.argv[sys.argv.index("--held-out") + 1] if "--held-out" in sys.argv else None
    main(root, checked="--check" in sys.argv, predictions=wanted)
