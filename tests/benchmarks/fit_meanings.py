"""Make dedupe/facts/meanings.json: which stems mean the like, distilled from a sentence encoder.

    python tests/benchmarks/fit_meanings.py ENCODER WORK [--shared ../shared]

ENCODER: the folder of all-MiniLM-L6-v2 (Apache-2.0) in the form of sentence-transformers. WORK: a folder for what is
encoded once (0.3 GB, half an hour of one core; fitting takes five minutes more). Needs torch, tokenizers and
safetensors, which no run of Copydesk needs.

Texts: `articles` without those that were marked by hand, `allsides`, `meantime`: no set that same facts are scored by.
One vector a stem, such that (1) the sums of the vectors of two sentences, weighed by rarity, stand to each other as the
encoder's two vectors do, (2) so do two words, which the encoder reads alone and in two short frames; then (3) words
that contrast (contrasts.txt) are moved apart (Mrksic et al. 2016). Names take part, for sentences are about them, but
are not kept; nor are months, days and number words. Fit align.json and presence.json anew after it.
"""

import base64
import itertools
import json
import pathlib
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np
import polars as pl
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch.nn import functional

from dedupe import rarity
from dedupe import text as texts

SIZE = 64
TEXTS = 260_000  # sentences, clauses and titles
FIRST, MORE = 8, 8  # sentences of an article: its first ones, and others drawn
FRAMES = ("{}", "it was about {}", "they said {} again")
FORMS, RARE_FORM = 4, 0.08  # of a stem: at most four, none much rarer than the most frequent one
SEEN, NAMED = 2, 8  # times a word is met in lower case, or in capitals, to be learned
KEPT = 2  # forms of a stem that is kept where the encoder does not know it as a word: no handles, no misspellings
EPOCHS, BATCH, RATE = 5, 512, 0.01
WORDS = 0.3  # weight of (2) beside (1)
CLUSTERS = 300  # half of a batch is of one or two: near ones have to be told apart
ROOM, STAY, STEPS = 0.08, 0.02, 300  # cosine of contrasting words; what a vector that moves costs; steps
COUNTED = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion "
    "dozen first second third fourth fifth sixth seventh eighth ninth tenth monday tuesday wednesday thursday friday "
    "saturday sunday january february march april may june july august september october november december"
)
CUT = re.compile(
    r"[,;:—]\s+|\s(?=(?:and|but|after|while|when|which|who|that|because|as|before|until|with|for|to|in)\s)"
)
DENYING = ("un", "in", "im", "il", "ir", "dis", "non", "mis", "anti", "counter")
OPPOSED = (("over", "under"), ("pre", "post"), ("pro", "anti"), ("up", "down"), ("in", "ex"), ("inter", "intra"))
WORD = re.compile(r"[a-zà-ÿ][a-zà-ÿ'’-]*")
OPENING = re.compile(r"[.!?:\n\"“”‘]")
HERE = pathlib.Path(__file__).parent


class Encoder:
    """The encoder's pooled vectors of length 1, in half precision: three times as quick, the same to three digits."""

    def __init__(self, folder: pathlib.Path) -> None:
        given = load_file(folder / "model.safetensors")
        self._given = {name.removeprefix("bert."): value.to(torch.bfloat16) for name, value in given.items()}
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self._layers, self._heads = config["num_hidden_layers"], config["num_attention_heads"]
        self.size = config["hidden_size"]
        self._tokens = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokens.no_padding()
        self._tokens.enable_truncation(80)
        self.words = sorted(word for word in self._tokens.get_vocab() if re.fullmatch("[a-z]{3,}", word))

    def _linear(self, x: torch.Tensor, name: str) -> torch.Tensor:
        return functional.linear(x, self._given[f"{name}.weight"], self._given[f"{name}.bias"])

    def _norm(self, x: torch.Tensor, name: str) -> torch.Tensor:
        return functional.layer_norm(x, (self.size,), self._given[f"{name}.weight"], self._given[f"{name}.bias"], 1e-12)

    @torch.inference_mode()
    def _run(self, ids: list[list[int]]) -> np.ndarray:
        tokens = torch.tensor(ids)
        n, length = tokens.shape
        word, place, kind = (
            self._given[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")
        )
        x = self._norm(word[tokens] + place[:length] + kind[0], "embeddings.LayerNorm")
        for layer in (f"encoder.layer.{at}" for at in range(self._layers)):
            three = (self._linear(x, f"{layer}.attention.self.{part}") for part in ("query", "key", "value"))
            split = (part.view(n, length, self._heads, -1).transpose(1, 2) for part in three)
            seen = functional.scaled_dot_product_attention(*split).transpose(1, 2).reshape(n, length, self.size)
            x = self._norm(
                x + self._linear(seen, f"{layer}.attention.output.dense"), f"{layer}.attention.output.LayerNorm"
            )
            wide = functional.gelu(self._linear(x, f"{layer}.intermediate.dense"))
            x = self._norm(x + self._linear(wide, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
        return functional.normalize(x.float().mean(1), dim=1).numpy()

    def encode(self, found: list[str]) -> np.ndarray:
        ids = [entry.ids for entry in self._tokens.encode_batch(found)]
        places = sorted(range(len(ids)), key=lambda at: len(ids[at]))
        out = np.zeros((len(found), self.size), np.float16)
        for length, group in itertools.groupby(places, key=lambda at: len(ids[at])):
            same = list(group)
            step = max(1, 4096 // length)
            for begin in range(0, len(same), step):
                part = same[begin : begin + step]
                out[part] = self._run([ids[at] for at in part])
        return out


def articles(shared: pathlib.Path) -> pl.DataFrame:
    marked = json.loads((HERE.parent / "golden/unique_sentences.json").read_text(encoding="utf-8"))["stories"]
    found = pl.read_parquet(shared / "data/articles/articles.parquet").sort("id")
    return found.filter(~pl.col("id").is_in([article for story in marked.values() for article in story]))


def sentences(text: str) -> list[str]:
    return [text[begin:end] for begin, end in texts.sentences(text, "en")]


def clauses(sentence: str, draw: random.Random) -> list[str]:
    out, kept = [], ""
    for part in filter(None, CUT.split(sentence)):
        kept = f"{kept} {part}".strip()
        if len(kept.split()) >= draw.choice((5, 7, 9, 12)):
            out.append(kept)
            kept = ""
    return out


def wikinews(shared: pathlib.Path) -> list[str]:
    rows = (shared / "data/meantime/docs_en.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(row)["text"] for row in rows]


def drawn(shared: pathlib.Path) -> list[str]:
    """Titles, sentences and clauses, shuffled."""
    found: list[str] = []
    for row in articles(shared).iter_rows(named=True):
        draw = random.Random(row["id"])
        fit = [s for s in sentences(row["text"][:12_000]) if 5 <= len(s.split()) <= 60]
        rest = fit[FIRST:]
        found += [row["title"]] if row["title"] else []
        for sentence in fit[:FIRST] + draw.sample(rest, min(MORE, len(rest))):
            found.append(sentence)
            parts = clauses(sentence, draw)
            if parts and draw.random() < 0.6:
                found.append(draw.choice(parts))
    ledes = pl.read_parquet(shared / "data/allsides/allsides_dated.parquet")["lede"]
    for text in (*wikinews(shared), *filter(None, ledes)):
        found += sentences(text)
    table = pl.DataFrame({"text": found}).unique("text", maintain_order=True)
    return table.sample(fraction=1, shuffle=True, seed=0)["text"].to_list()[:TEXTS]


class Stem:
    """The forms of a stem, and how often they are met in lower case and as names."""

    def __init__(self) -> None:
        self.forms: Counter[str] = Counter()
        self.plain = self.named = 0

    def read(self) -> list[str]:
        (_, most), *_ = ranked = self.forms.most_common(FORMS)
        return [form for form, count in ranked if count >= RARE_FORM * most]


def met(text: str) -> Iterator[tuple[str, bool | None]]:
    """Words of a text, and whether they stand as names; null: they open a sentence."""
    last = 0
    for begin, end in texts.words(text):
        word, gap = text[begin:end], text[last:begin] if last else "."
        opens = not word.isupper() and OPENING.search(gap) is not None
        yield word.lower(), None if word[0].isupper() and opens else word[0].isupper()
        last = end


def vocabulary(shared: pathlib.Path, encoder: Encoder) -> dict[str, Stem]:
    counts: dict[bool, Counter[str]] = {False: Counter(), True: Counter()}
    for text in (*(text[:12_000] for text in articles(shared)["text"]), *wikinews(shared)):
        for word, named in met(text):
            if named is not None:
                counts[named][word] += 1
    found: defaultdict[str, Stem] = defaultdict(Stem)
    for named, words in counts.items():
        for word, count in words.items():
            form = texts.normal(word)
            if WORD.fullmatch(form) and form not in texts.STOP["en"]:
                entry = found[texts.stem(word, "en")]
                entry.forms[form] += count
                entry.plain += 0 if named else count
                entry.named += count if named else 0
    for word in encoder.words:
        if word not in texts.STOP["en"]:
            found[texts.stem(word, "en")].forms[word] += 1
    known = set(encoder.words)
    return {
        stem: entry
        for stem, entry in sorted(found.items())
        if entry.plain >= SEEN or entry.named >= NAMED or known & entry.forms.keys()
    }


def once(path: pathlib.Path, encoder: Encoder, found: list[str]) -> np.ndarray:
    """The encoder's vectors of these texts, from the file where it has been written."""
    if not path.exists():
        parts = [encoder.encode(found[at : at + 20_000]) for at in range(0, len(found), 20_000)]
        np.save(path, np.concatenate(parts))
    return np.load(path).astype(np.float32)


def centred(rows: np.ndarray, *, leading: int = 0) -> np.ndarray:
    rows = rows - rows.mean(0)
    if leading:
        ways = np.linalg.svd(rows, full_matrices=False)[2][:leading]
        rows -= rows @ ways.T @ ways
    return rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9)


def contrasts(at: dict[str, int]) -> np.ndarray:
    """Rows of two stems that contrast: those of contrasts.txt, and a stem with what denies or opposes it."""
    found = set()
    for line in (HERE / "contrasts.txt").read_text(encoding="utf-8").splitlines():
        sides = (
            [] if line.startswith("#") else [[texts.stem(w, "en") for w in side.split()] for side in line.split("|")]
        )
        for left, right in itertools.combinations(sides, 2):
            found |= {tuple(sorted((at[a], at[b]))) for a in left for b in right if a != b and a in at and b in at}
    for stem, row in at.items():
        other = [at[prefix + stem] for prefix in DENYING if prefix + stem in at and len(stem) >= 4]
        other += [at[b + stem.removeprefix(a)] for a, b in OPPOSED if stem.startswith(a) and b + stem[len(a) :] in at]
        found |= {tuple(sorted((row, beside))) for beside in other}
    return np.array(sorted(found))


def fit(told: np.ndarray, read: list[str], alone: np.ndarray, at: dict[str, int], plain: np.ndarray) -> np.ndarray:
    """A vector a stem: of shape (stems, `SIZE`).

    Args:
        told: The encoder's vectors of the texts, centred.
        read: The texts.
        alone: Its vectors of the stems, centred.
        at: Row of each stem.
        plain: Rows of those that are no names.
    """
    rng = np.random.default_rng(0)
    torch.manual_seed(0)
    rarities = np.array([rarity.weight(stem) for stem in at], np.float32)
    ids = [np.array([at[s] for s in dict.fromkeys(texts.content_stems(text)) if s in at], np.int64) for text in read]
    usable = np.array([n for n, found in enumerate(ids) if len(found) >= 2])
    ways = np.linalg.svd(told[rng.choice(len(told), min(len(told), 20_000), replace=False)], full_matrices=False)[2]
    start = alone @ ways[:SIZE].T
    vectors = torch.nn.Parameter(torch.tensor(start / np.linalg.norm(start, axis=1, keepdims=True)))
    centre = told[rng.choice(usable, CLUSTERS, replace=False)]
    cluster = np.concatenate([np.argmax(told[n : n + 4096] @ centre.T, 1) for n in range(0, len(told), 4096)])
    target, words = torch.tensor(told), torch.tensor(alone)
    optimiser = torch.optim.Adam([vectors], lr=RATE)
    half = BATCH // 2
    batches = EPOCHS * (len(usable) // half)
    step = 0
    for epoch in range(EPOCHS):
        order = rng.permutation(usable)
        order = order[np.argsort(rng.permutation(CLUSTERS)[cluster[order]], kind="stable")]
        losses = []
        for n in rng.permutation(len(usable) // half):
            for group in optimiser.param_groups:
                group["lr"] = RATE * max(0.02, 1 - step / batches)
            step += 1
            batch = np.concatenate([order[n * half : (n + 1) * half], rng.choice(usable, half)])
            found = [ids[text] for text in batch]
            flat = np.concatenate(found)
            begins = torch.tensor(np.cumsum([0, *map(len, found[:-1])]))
            summed = functional.embedding_bag(
                torch.from_numpy(flat), vectors, begins, mode="sum", per_sample_weights=torch.from_numpy(rarities[flat])
            )
            said = functional.normalize(summed, dim=1)
            goal = target[torch.from_numpy(batch)]
            some = torch.from_numpy(rng.choice(plain, 384))
            near = functional.normalize(vectors[some], dim=1)
            parts = (
                ((said @ said.T - goal @ goal.T) ** 2).mean(),
                ((near @ near.T - words[some] @ words[some].T) ** 2).mean(),
            )
            optimiser.zero_grad()
            (parts[0] + WORDS * parts[1]).backward()
            optimiser.step()
            losses.append([float(part) for part in parts])
        print(epoch, "sentences, words: off by", np.sqrt(np.mean(losses, 0)).round(4), flush=True)
    return vectors.detach().numpy()


def parted(vectors: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """The vectors, of length 1, with pairs that contrast at most `ROOM` alike and all else as near as can be."""
    start = functional.normalize(torch.tensor(vectors), dim=1)
    sides, moved = torch.tensor(pairs), torch.nn.Parameter(start.clone())
    optimiser = torch.optim.Adam([moved], lr=0.003)
    for _ in range(STEPS):
        length_1 = functional.normalize(moved, dim=1)
        over = torch.relu((length_1[sides[:, 0]] * length_1[sides[:, 1]]).sum(1) - ROOM)
        optimiser.zero_grad()
        ((over**2).sum() + STAY * ((moved - start) ** 2).sum()).backward()
        optimiser.step()
    return functional.normalize(moved.detach(), dim=1).numpy()


def main(folder: pathlib.Path, work: pathlib.Path, shared: pathlib.Path) -> None:
    torch.set_num_threads(1)
    encoder = Encoder(folder)
    found = vocabulary(shared, encoder)
    forms = sorted({form for entry in found.values() for form in entry.read()})
    frames = [
        once(work / f"words{n}.npy", encoder, [frame.format(form) for form in forms]) for n, frame in enumerate(FRAMES)
    ]
    framed = np.mean([centred(rows) for rows in frames], axis=0)
    place = {form: n for n, form in enumerate(forms)}
    alone = centred(
        np.stack([framed[[place[form] for form in entry.read()]].mean(0) for entry in found.values()]), leading=2
    )
    read = drawn(shared)
    told = centred(once(work / "texts.npy", encoder, read))
    at, entries = {stem: n for n, stem in enumerate(found)}, list(found.values())
    counted = {texts.stem(word, "en") for word in COUNTED.split()}
    plain = [n for n, (stem, entry) in enumerate(found.items()) if entry.named <= entry.plain and stem not in counted]
    known = set(encoder.words)
    kept = [n for n in plain if len(entries[n].forms) >= KEPT or known & entries[n].forms.keys()]
    vectors = parted(fit(told, read, alone, at, np.array(plain)), contrasts(at))[kept]
    raw = np.clip(np.round(vectors * 127), -127, 127).astype(np.int8).tobytes()
    stems = list(found)
    table = {
        "size": SIZE,
        "stems": " ".join(stems[n] for n in kept),
        "vectors": base64.b64encode(raw).decode("ascii"),
    }
    out = HERE.parents[1] / "dedupe/facts/meanings.json"
    out.write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{len(kept)} stems, {len(read)} texts, {out.stat().st_size} bytes")


if __name__ == "__main__":
    given = sys.argv[sys.argv.index("--shared") + 1] if "--shared" in sys.argv else None
    main(
        pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]),
        pathlib.Path(given) if given else HERE.parents[1].parent / "shared",
    )  # fmt: skip
