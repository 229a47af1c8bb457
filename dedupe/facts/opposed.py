"""Whether two mentions cannot be one fact, however alike: by their numbers, by a denial, by another day."""

from dedupe import text as texts
from dedupe.facts import denials, tone, values
from dedupe.facts.units import Row, Unit, weights

_DATED = ("text", "language", "begin", "quantities", "names")  # what is read of a mention to find what a day belongs to


def clash(a: Unit, b: Unit) -> bool:
    """Whether two units cannot be one fact: by their numbers, or as one puts in the past what the other says is so.

    Numbers speak against one fact where both hold some of one kind and unit, and none of them can be equal. Days do
    only where they are days of one thing (`another_day`): most say when somebody spoke.
    """
    past = tone.put_in_past(a.text), tone.put_in_past(b.text)
    if (past[0] is None) != (past[1] is None):
        other = b if past[0] else a
        if texts.stem(past[0] or past[1] or "") in weights(other.text, other.language):
            return True
    for kind in {(q["kind"], q["unit"]) for q in a.quantities}:
        left = [_bounds(q) for q in a.quantities if (q["kind"], q["unit"]) == kind]
        right = [_bounds(q) for q in b.quantities if (q["kind"], q["unit"]) == kind]
        known = [(x, y) for x in left if x for y in right if y]
        if known and not any(x[0] <= y[1] and y[0] <= x[1] for x, y in known):
            return True
    return False


def denied(a: Unit, b: Unit) -> bool:
    """Whether one says that what the other says is not so: an assertion and its denial are two facts."""
    language = a.language or "en"
    return any(denials.denied(one.text, other.text, language) is not None for one, other in ((a, b), (b, a)))


def another_day(a: Unit, b: Unit) -> bool:
    """Whether both say on which day one thing is or was done, and the days differ."""
    days = [[q for q in unit.quantities if q["kind"] == "date" and q["low"] is not None] for unit in (a, b)]
    if not all(days) or any(x["low"] <= y["high"] and y["low"] <= x["high"] for x in days[0] for y in days[1]):
        return False
    left, right = ({name: getattr(unit, name) for name in _DATED} for unit in (a, b))
    return values.one_event(left, days[0][0], right, days[1][0])


def _bounds(quantity: Row) -> tuple[float, float] | None:
    """Smallest and largest value a quantity can mean, with a hundredth of room for rounding."""
    value = quantity["value"]
    low = quantity["low"] if quantity["low"] is not None else value
    high = quantity["high"] if quantity["high"] is not None else value
    if low is None and high is None:
        return None
    low, high = (float("-inf") if low is None else low), (float("inf") if high is None else high)
    return low - 0.005 * abs(low), high + 0.005 * abs(high)
