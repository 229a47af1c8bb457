"""Make dedupe/rarities.json: how rare the stems of other languages than English are in an article.

    python tests/benchmarks/fit_rarities.py        # needs the package wordfreq (development only)

How often a word stands among a million is turned into the share of articles of `WORDS` words that hold it, the unit of
`rarity.json` (on English, where both are known, the two differ by .8 nats on average and by none in the mean). The
`STEMS` commonest stems of each language are kept. Stop words are left out: nobody asks for them. The counts are those
of wordfreq 3.1.1 (Robyn Speer; CC BY-SA 4.0): so is this table.
"""

import json
import math
import pathlib
import warnings
from collections import Counter, defaultdict

from dedupe import text as texts

WORDS = 600  # words of an article: makes the English weights of both sources agree in the mean
STEMS = 5_000
STEP = 0.5  # nats
LICENCE = "Word counts: wordfreq 3.1.1, Robyn Speer and sources, CC BY-SA 4.0; this file under the same licence."


def weights(language: str) -> dict[str, float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import wordfreq

        often: Counter[str] = Counter()
        for word in wordfreq.top_n_list(language, 40_000):
            if word.isalpha() and len(word) > 1 and word not in texts.STOP[language]:
                often[texts.stem(word, language)] += wordfreq.word_frequency(word, language)
    return {stem: -math.log(1 - math.exp(-share * WORDS)) for stem, share in often.most_common(STEMS)}


def main() -> None:
    table: dict[str, object] = {"licence": LICENCE}
    for language in texts.LANGUAGES:
        if language == "en":
            continue
        classes: defaultdict[float, list[str]] = defaultdict(list)
        for stem, weight in weights(language).items():
            classes[round(weight / STEP) * STEP].append(stem)
        table[language] = {f"{weight:g}": " ".join(sorted(stems)) for weight, stems in sorted(classes.items())}
    out = pathlib.Path(__file__).parents[2] / "dedupe" / "rarities.json"
    out.write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
