# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
# ruff: noqa: ANN001, ANN201, ANN202, C901, PLR0915 - numba infers types; a kernel is one long loop
"""How much of each text the articles of others hold, compiled: `elsewhere.look` for a crowd of mentions at once.

The quick lane; `dedupe.facts.elsewhere` is the readable one and says what everything means.
"""

import numpy as np

from dedupe.compiling import compiled

_PASSAGE = 4  # as `elsewhere.PASSAGE`
_LEVEL = 10  # values of one text in one article
_CLAUSE = 0.5  # as `elsewhere.CLAUSE`


@compiled
def _postings(texts, bounds, items, size):
    """Which of these texts hold each item: where its part begins, and their places, ascending."""
    begin = np.zeros(size + 1, np.int64)
    for text in texts:
        for at in range(bounds[text], bounds[text + 1]):
            begin[items[at] + 1] += 1
    for item in range(size):
        begin[item + 1] += begin[item]
    out, filled = np.empty(begin[size], np.int64), begin[:-1].copy()
    for place in range(len(texts)):
        for at in range(bounds[texts[place]], bounds[texts[place] + 1]):
            item = items[at]
            out[filled[item]] = place
            filled[item] += 1
    return begin, out


@compiled
def choose(around, own_ends, own, origins, body_ends, body_texts, bounds, kept, weights, strings, most):
    """As `elsewhere._where`: (article, mention) of every look, by article and mention."""
    bodies = len(origins)
    seen = np.full(strings, -1, np.int64)
    held_ends, held = np.zeros(bodies + 1, np.int64), np.empty(len(body_texts), np.int64)
    room = 0
    for body in range(bodies):
        for place in range(body_ends[body], body_ends[body + 1]):
            room += bounds[body_texts[place] + 1] - bounds[body_texts[place]]
    held, n = np.empty(room, np.int64), 0
    for body in range(bodies):
        for place in range(body_ends[body], body_ends[body + 1]):
            for at in range(bounds[body_texts[place]], bounds[body_texts[place] + 1]):
                if seen[kept[at]] != body:
                    seen[kept[at]] = body
                    held[n] = kept[at]
                    n += 1
        held_ends[body + 1] = n
    begin, holders = _postings(np.arange(bodies), held_ends, held, strings)
    out, n = np.empty((len(around) * min(most, bodies), 2), np.int64), 0
    shares = np.zeros(bodies, np.float64)
    for row in range(len(around)):
        shares[:] = 0.0
        for at in range(bounds[around[row]], bounds[around[row] + 1]):
            for place in range(begin[kept[at]], begin[kept[at] + 1]):
                shares[holders[place]] += weights[at]
        for body in range(bodies):
            shares[body] = np.rint(shares[body] * 1000.0) / 1000.0
            for place in range(own_ends[row], own_ends[row + 1]):
                if own[place] == origins[body]:
                    shares[body] = -1.0
        for body in np.argsort(-shares, kind="mergesort")[:most]:
            if shares[body] >= 0.0:
                out[n, 0], out[n, 1] = body, row
                n += 1
    out = out[:n]
    return out[np.argsort(out[:, 0], kind="mergesort")]


@compiled
def _hold(items, begin, places, weights, size, sums, squares, runs, width):
    """Add what each sentence (width 1), or each run of so many, holds of the items."""
    last = size - min(width, size)
    for at in range(len(items)):
        done = -1
        for found in range(begin[items[at]], begin[items[at] + 1]):
            place = places[found]
            if width == 1:
                sums[place] += weights[at]
                squares[place] += weights[at] * weights[at]
            else:
                first = max(done + 1, place - width + 1)
                for run in range(max(0, first), min(place, last) + 1):
                    runs[run] += weights[at]
                done = max(done, min(place, last))


@compiled
def look(
    pairs, clause, around, body_ends, body_texts, bounds, kept, names, name_ends, grams, gram_ends, weights, totals,
    lengths, number_ends, numbers, strings, n_grams, n_numbers, found,
):  # fmt: skip
    """Fill `found` with the most any article holds of each clause and sentence; the likest sentence of each mention."""
    mentions = len(clause)
    likest, likeness = np.zeros(mentions, np.float64), np.zeros(mentions, np.float64)
    best = np.full((mentions, 2), -1, np.int64)
    told = np.zeros(n_numbers, np.bool_)
    ones = np.ones(1 + max_part(gram_ends), np.float64)
    at = 0
    while at < len(pairs):
        body = pairs[at, 0]
        texts = body_texts[body_ends[body] : body_ends[body + 1]]
        size = len(texts)
        stem_begin, stem_places = _postings(texts, bounds, kept, strings)
        gram_begin, gram_places = _postings(texts, gram_ends, grams, n_grams)
        told[:] = False
        for text in texts:
            for place in range(number_ends[text], number_ends[text + 1]):
                told[numbers[place]] = True
        sums, squares = np.empty(size, np.float64), np.empty(size, np.float64)
        twos, runs = np.empty(size, np.float64), np.empty(size, np.float64)
        counts, spare, gram_runs = np.empty((2, size), np.float64), np.zeros(size), np.empty(size, np.float64)
        while at < len(pairs) and pairs[at, 0] == body:
            row = pairs[at, 1]
            at += 1
            for side in range(2):
                text = clause[row] if side == 0 else around[row]
                begin, end = bounds[text], bounds[text + 1]
                sums[:], squares[:], twos[:], runs[:] = 0.0, 0.0, 0.0, 0.0
                stems, weight = kept[begin:end], weights[begin:end]
                _hold(stems, stem_begin, stem_places, weight, size, sums, squares, runs, 1)
                _hold(stems, stem_begin, stem_places, weight, size, sums, squares, twos, 2)
                _hold(stems, stem_begin, stem_places, weight, size, sums, squares, runs, _PASSAGE)
                shared = counts[side]
                shared[:], gram_runs[:] = 0.0, 0.0
                own = grams[gram_ends[text] : gram_ends[text + 1]]
                _hold(own, gram_begin, gram_places, ones, size, shared, spare, gram_runs, 1)
                _hold(own, gram_begin, gram_places, ones, size, shared, spare, gram_runs, _PASSAGE)
                gram_n = float(max(1, len(own)))
                cosine = both = 0.0
                for place in range(size):
                    cosine = max(cosine, squares[place] / lengths[texts[place]])
                    there = gram_ends[texts[place] + 1] - gram_ends[texts[place]]
                    both = max(both, 2.0 * shared[place] / (gram_n + there))
                absent = 0.0
                for place in range(len(stems)):
                    if stem_begin[stems[place]] == stem_begin[stems[place] + 1]:
                        absent = max(absent, weight[place])
                named = name_ends[text + 1] - name_ends[text]
                met = 0
                for place in range(name_ends[text], name_ends[text + 1]):
                    met += stem_begin[names[place]] < stem_begin[names[place] + 1]
                figures = number_ends[text + 1] - number_ends[text]
                equal = 0
                for place in range(number_ends[text], number_ends[text + 1]):
                    equal += told[numbers[place]]
                line = found[row, side * _LEVEL : side * _LEVEL + _LEVEL]
                line[0] = max(line[0], sums.max() / totals[text])
                line[1] = max(line[1], twos.max() / totals[text])
                line[2] = max(line[2], runs.max() / totals[text])
                line[3] = max(line[3], cosine / lengths[text])
                line[4] = max(line[4], both)
                line[5] = max(line[5], shared.max() / gram_n)
                line[6] = max(line[6], gram_runs.max() / gram_n)
                line[7] = max(line[7], -absent / 10.0)
                line[8] = max(line[8], met / named if named else 0.5)
                line[9] = max(line[9], equal / figures if figures else 0.5)
            wide = gram_ends[around[row] + 1] - gram_ends[around[row]]
            narrow = float(max(1, gram_ends[clause[row] + 1] - gram_ends[clause[row]]))
            top, place_of_top, like_of_top = -1.0, -1, 0.0
            for place in range(size):
                there = gram_ends[texts[place] + 1] - gram_ends[texts[place]]
                like = 2.0 * counts[1, place] / max(1, wide + there)
                rank = like + _CLAUSE * counts[0, place] / narrow
                if rank > top:
                    top, place_of_top, like_of_top = rank, place, like
            if top > likest[row]:
                likest[row], likeness[row] = top, like_of_top
                best[row, 0], best[row, 1] = body, place_of_top
    return best, likeness


@compiled
def max_part(ends):
    """The longest part."""
    longest = 0
    for at in range(len(ends) - 1):
        longest = max(longest, ends[at + 1] - ends[at])
    return longest
