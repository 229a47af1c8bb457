"""Make dedupe/facts/vectors.json: which stems are used near each other, learned from 12,000 articles.

    python tests/benchmarks/fit_vectors.py [--shared ../shared]

Positive pointwise mutual information of stems at most six content words apart (nearer ones count more), reduced to
`SIZE` dimensions (Levy, Goldberg and Dagan 2015), the mean and the two leading directions removed (Mu and Viswanath
2018), rows of length 1 kept as signed bytes. Reads `articles` only: no set that facts or stories are scored by.
"""

import base64
import json
import pathlib
import sys

import numpy as np
import polars as pl
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from dedupe import rarity
from dedupe.text import content_stems

SIZE = 64
REACH = 6  # content words
GAP = REACH + 2  # places left free between two articles


def main(shared: pathlib.Path) -> None:
    stems = sorted(rarity.stems())
    at = {stem: i for i, stem in enumerate(stems)}
    places: list[int] = []
    for text in pl.read_parquet(shared / "data/articles/articles.parquet")["text"]:
        places += [at.get(stem, -1) for stem in content_stems(text[:12_000])]
        places += [-1] * GAP
    ids = np.array(places, dtype=np.int32)
    n = len(stems)
    counts = sparse.csr_matrix((n, n), dtype=np.float32)
    for apart in range(1, REACH + 1):
        left, right = ids[:-apart], ids[apart:]
        both = (left >= 0) & (right >= 0)
        near = np.full(int(both.sum()), apart**-0.5, np.float32)
        once = sparse.coo_matrix((near, (left[both], right[both])), shape=(n, n)).tocsr()
        counts = counts + once + once.T
    found = counts.tocoo()
    rows = np.asarray(counts.sum(1)).ravel()
    smooth = rows**0.75 / (rows**0.75).sum()
    pmi = np.log(found.data / (rows[found.row] * smooth[found.col]))
    keep = (pmi > 0.5) & (found.data >= 1)
    matrix = sparse.csr_matrix((np.minimum(pmi[keep], 6), (found.row[keep], found.col[keep])), shape=(n, n))
    u, s, _ = randomized_svd(matrix, SIZE, n_iter=3, random_state=0)
    vectors = u * np.sqrt(s)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    vectors -= vectors.mean(0)
    leading = np.linalg.svd(vectors, full_matrices=False)[2][:2]
    vectors -= vectors @ leading.T @ leading
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    raw = np.clip(np.round(vectors * 127), -127, 127).astype(np.int8).tobytes()
    table = {"size": SIZE, "stems": " ".join(stems), "vectors": base64.b64encode(raw).decode("ascii")}
    out = pathlib.Path(__file__).parents[2] / "dedupe/facts/vectors.json"
    out.write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{n} stems, {len(ids)} places, {out.stat().st_size} bytes")


if __name__ == "__main__":
    given = sys.argv[sys.argv.index("--shared") + 1] if "--shared" in sys.argv else None
    main(pathlib.Path(given) if given else pathlib.Path(__file__).parents[2].parent / "shared")
