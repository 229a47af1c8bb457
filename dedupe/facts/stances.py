"""In which sense a word of tone stands: a hope or "signs of hope", a claim or a claimed life, "should" as a wish.

English only. The words are those of `tone.lexicon`; here is what must stand beside them for it to hold.
"""

from collections.abc import Sequence

from dedupe.facts.grammar import CAPITAL, FIN, REPORT, UPPER, Tokens
from dedupe.facts.tone import ALLEGED, BACKGROUND, CAUSE, CONDITIONAL, DENIED, OPINION, PLAN, WILL

_BEFORE_VERB = frozenset(("to", "that"))
_NOUNS = frozenset(
    ("hope", "hopes", "aim", "aims", "designed", "promised", "prepared", "prepare", "prepares", "intended")
)
"""Plans only with what is planned behind them: "hopes to win", not "signs of hope"."""
_GOAL = frozenset(("is", "was", "to"))
_CLAIMING = frozenset(("claim", "claimed", "claims"))
_PRAISE = frozenset(("best", "great", "important"))
_SET = frozenset(("to", "for"))
_PLANS = frozenset(("plan", "plans"))
_OWNED = frozenset(("the", "a", "his", "her", "its", "their", "that", "this", "under", "tax"))
_LIKELY = frozenset(("is", "are", "was", "were", "be", "will", "would", "most", "very", "more", "less", "not", "it"))
_ABOUT = frozenset(("on", "about", "over", "of", "to"))
_LONG = frozenset(("year", "years", "month", "months", "decade", "decades", "century"))
_SEEMS = frozenset(("to", "that", "as", "likely"))
_SEEMING = frozenset(("appear", "appears", "appeared"))
_SEEM = frozenset(("seem", "seems"))
_DEGREES = frozenset(("very", "so", "quite", "rather", "really", "pretty", "too", "especially"))
_SAID = frozenset(("claim", "claims", "allegation", "allegations", "accusation", "accusations", "accusing", "report",
    "reports", "suggestion", "suggestions", "charge", "charges", "notion", "idea", "assertion", "assertions", "that",
    "rumors", "rumours", "criticism", "any", "having"))  # fmt: skip
_TURNED = frozenset(("dismissed", "dismisses", "rejected", "rejects", "disputed", "disputes"))
_TAKEN = frozenset(("lives", "life", "victory", "asylum", "responsibility", "credit", "title", "prize", "benefits"))
_CLAIMS = frozenset(("jobless", "unemployment", "insurance", "legal", "benefit", "damage", "asylum"))
_BEING = frozenset(("is", "are", "was", "were", "be", "been", "being", "it"))
_PRAISED = _BEING | {"more", "most", "very", "really"}
_SINCE = frozenset(("then", "at", "last", "january", "february", "march", "april", "may", "june", "july", "august",
    "september", "october", "november", "december"))  # fmt: skip
_PAST = frozenset(("said", "told", "announced", "reported", "wrote", "added", "confirmed", "predicted", "promised",
    "vowed", "pledged", "warned", "estimated", "insisted", "stated", "tweeted", "noted", "says", "say"))  # fmt: skip
_GIVEN = frozenset(("if", "unless", "were"))
_TURNING = (
    _NOUNS
    | _SEEMING
    | _SEEM
    | _TURNED
    | _CLAIMING
    | _PRAISE
    | _PLANS
    | frozenset(
        (
            "scheduled",
            "planned",
            "likely",
            "whether",
            "goal",
            "potential",
            "possible",
            "denied",
            "thanks",
            "began",
            "earlier",
            "since",
        )
    )
)
"""Words of tone that lose it by their neighbours: those of `_unsaid`."""
_REACH = 14  # words between "said" and the "would" that tells what was then to come
_FEW = 4  # words behind "rejected" among which stands what was said


def settle(words: Tokens, tones: list[int], starts: frozenset[int], bounds: Sequence[tuple[int, int]]) -> None:
    """Take from words of tone what they do not say where they stand. Changes `tones` in place. Cost: linear."""
    lower, flags = words.lower, words.flags
    count = len(lower)
    toned = [at for at, bits in enumerate(tones) if bits]
    for first, last in bounds:
        for at in words.among(toned, first, last):
            word = lower[at]
            before = lower[at - 1] if at > first else ""
            after = lower[at + 1] if at + 1 < count else ""
            if flags[at] & CAPITAL and not flags[at] & UPPER and at not in starts and (before or word == "may"):
                quoted = words.gaps[at].rstrip().endswith(('"', "“", "‘"))
                tones[at] = tones[at] if quoted else 0  # part of a name, or the month
            elif words.gaps[at + 1] == "-":
                tones[at] = 0  # "a must-pass bill"
            elif word == "should" and at > first:
                tones[at] &= ~CONDITIONAL
            elif (
                word == "would" and after != "have" and _told(words, first, at) and _GIVEN.isdisjoint(lower[first:last])
            ):
                tones[at] = tones[at] & ~CONDITIONAL | WILL
            elif word == "expected" and after == "to" and (before == "not" or before.endswith("n't")):
                tones[at] |= WILL  # "is not expected to close": of the future, as "will not close"
            elif word in _TURNING:
                tones[at] &= ~_unsaid(word, before, after, lower[at + 1 : at + 1 + _FEW])


def _told(words: Tokens, first: int, at: int) -> bool:
    """Whether "would" stands in what somebody said, as the past of "will"."""
    return any(words.lower[k] in _PAST and words.flags[k] & (FIN | REPORT) for k in range(max(first, at - _REACH), at))


def _unsaid(word: str, before: str, after: str, behind: Sequence[str]) -> int:
    """The bits of tone that a word loses by its neighbours."""
    lost = {
        PLAN: (word in _NOUNS and after not in _BEFORE_VERB)
        or (word == "goal" and after not in _GOAL)
        or (word == "scheduled" and after not in _SET)
        or (word in _PLANS and (after not in _SET or before in _OWNED))
        or word == "designed"
        or (word == "planned" and before == "as"),
        CONDITIONAL: (word in _SEEMING and after not in _SEEMS)
        or (word in _SEEM and before != "it" and after in _DEGREES)  # "seems very fond": how one looks
        or word == "potential"
        or (word == "likely" and after not in _BEFORE_VERB and before not in _LIKELY)
        or (word == "whether" and before in _ABOUT)
        or (word == "possible" and before not in _BEING),
        DENIED: (word in _TURNED and _SAID.isdisjoint(behind))
        or (word == "denied" and before in _BEING and after != "by"),  # "was denied entry"
        ALLEGED: word in _CLAIMING and (before in _CLAIMS or not _TAKEN.isdisjoint(behind)),
        CAUSE: word == "thanks" and after != "to",
        BACKGROUND: word == "began"
        or (word == "earlier" and before not in _LONG)
        or (word == "since" and not after[:1].isdigit() and after not in _SINCE),
        OPINION: word in _PRAISE and before not in _PRAISED,
    }
    return sum(bit for bit, holds in lost.items() if holds)
