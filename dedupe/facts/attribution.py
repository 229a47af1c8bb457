"""Who says so: the outlets, speakers and documents a text cites, and the chains they form.

A chain is ordered outermost first: "According to a report in the Courier, Ida Berg told her staff in a letter
that ..." gives the Courier (0), Ida Berg (1), letter (2). The outermost source of a chain is its root.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from dedupe import text as texts
from dedupe.facts.abroad import cite, reported
from dedupe.facts.citations import OPENED, SPOKEN, TOLD, WRITTEN, Citation, fits
from dedupe.facts.grammar import Tokens, tokens
from dedupe.facts.referents import Referents, within
from dedupe.facts.speech import CITING

_LABEL = re.compile(
    r"(?P<name>[QA]|[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+(?: [A-ZÀ-Þ][A-ZÀ-Þ.'’-]*){0,4}"
    r"|(?:[A-ZÀ-Þ][\w.'’-]+ ){1,3}[A-ZÀ-Þ][\w'’-]+):\s"
)
_LABELS = 3  # lines that open with a speaker's name from which a text is a transcript
_LABELLED = 0.4  # share of its lines, at least: an article with "UPDATE:" here and there is none
_INITIAL = 1  # letters of a label that names nobody
_QUOTES = frozenset("\"“«„‘'")
_PARTED = re.compile(r"[,;:—–”\"]|\b(?:and|but|while)\b")
_CLOSED = re.compile(r"[\"”]|[,.!?]['’](?=\s|$)")
_CLOSING = frozenset("\"”“»’'")
_LINES = 5  # sentences in which a quotation that is not closed in its line may come to its end
_LEAD = 8  # characters before the name of a longer one: "Mr. Doe tweeted shortly before ..."
_TAG = 60  # characters of a sentence that only says who spoke, at most


@dataclass(frozen=True, slots=True)
class Attribution:
    """One cited source; begin and end are offsets of its name. hop 0 is the outermost source."""

    cited: str
    verb: str | None
    begin: int
    end: int
    hop: int


def find(text: str, outlets: Collection[str] = (), language: str | None = "en") -> list[Attribution]:
    """Sources that a sentence cites, outermost first.

    Args:
        text: One sentence.
        outlets: Names and aliases of outlets; without them an outlet is known by its form ("The ...", "... Times",
        capitals).
        language: One of `text.LANGUAGES`; for another one nothing is found.
    """
    if language not in texts.LANGUAGES:
        return []
    words = tokens(text, language)
    return number(
        ordered(
            cite(text, words, 0, len(words.begins), language=language, outlets=frozenset(map(texts.normal, outlets)))
        )
    )


def ordered(citations: Sequence[Citation]) -> list[Citation]:
    """Citations of one sentence, outermost first."""
    return sorted(citations, key=lambda citation: (citation.rank, citation.word))


def number(chain: Sequence[Citation]) -> list[Attribution]:
    """A chain as attributions: hops counted from the outermost source, a source named twice counted once."""
    found: list[Attribution] = []
    for citation in chain:
        if all(citation.cited != earlier.cited for earlier in found):
            found.append(Attribution(citation.cited, citation.verb, citation.begin, citation.end, len(found)))
    return found


def chains(
    text: str, words: Tokens, sentences: Sequence[tuple[int, int]], bounds: Sequence[tuple[int, int]], *, language: str,
    outlets: frozenset[str] = frozenset(), reach: int = 3,
) -> list[list[Citation]]:  # fmt: skip
    """The open chain at every sentence of a text, outermost first.

    A chain opened by an outlet or a document reaches the sentences that follow in its paragraph, and a later sentence
    whose speaker is a pronoun, the same person or "the memo"; it closes at the end of the paragraph otherwise, at a
    new source, and after `reach` sentences that do not take it up. A pronoun stands for the last speaker; one without
    is left out. A quotation that goes on keeps its speaker.

    Args:
        text: The field.
        words: Its `grammar.tokens`.
        sentences: Spans of its sentences.
        bounds: Word range of each sentence.
        language: One of `text.LANGUAGES`.
        outlets: Names of outlets in `text.normal` form.
        reach: Sentences.

    Returns:
        One list a sentence; offsets are those of the place where the source was named.
    """
    cited = [
        cite(text, words, first, last, language=language, outlets=outlets) if first < last else []
        for first, last in bounds
    ]
    breaks = [place == 0 or "\n" in text[sentences[place - 1][1] : begin] for place, (begin, _) in enumerate(sentences)]
    labels = _labels(text, sentences, bounds)
    if labels:
        return _transcript(cited, labels)
    known = Referents(text, words, bounds, cited, language=language, outlets=outlets)
    found: list[list[Citation]] = []
    outer: list[Citation] = []
    relay: tuple[Citation, Citation] | None = None  # who cites, and whom
    since, inside = 0, False
    for place, raw in enumerate(cited):
        who, speaker, voice = known.who(raw, place), known.speaker, None
        if raw and all(within(words, c.word) for c in raw):
            voice = _voice(text, words, sentences, cited, breaks, place=place, speaker=speaker, told=False)
        own = _resolved(_nested(words, raw), who)
        opened = [citation for citation in ordered(own) if citation.rank <= TOLD]
        if own:
            taken_up = since <= reach and any(_takes_up(citation, speaker, text) for citation in raw)
            outer = opened or (outer if taken_up else [])
            chain, since, inside = ordered(own) if opened else [*outer, *ordered(own)], 0, True
            if voice is not None and voice.cited != own[0].cited:
                chain = [replace(voice, rank=OPENED), *chain]  # what a quotation cites stands inside it
        else:
            told = reported(words, *bounds[place], language)
            since = 0 if told else since + 1
            if since > reach:
                outer, speaker, known.speaker = [], None, None
            voice = _voice(text, words, sentences, cited, breaks, place=place, speaker=speaker, told=told)
            inside = voice is not None or (inside and not breaks[place])
            chain = [*outer, *([voice] if voice else [])] if inside else []
        spoken = [citation for citation in own if citation.rank == SPOKEN and voice is None]
        if len(spoken) > 1 and not _PARTED.search(text, words.ends[spoken[0].word], words.begins[spoken[-1].word]):
            spoken = spoken[:1]  # "Doe said that the guards had asked": she goes on
        if relay is not None and own and own[0].cited.split()[-1] == relay[1].cited.split()[-1]:
            chain = [relay[0], *(citation for citation in chain if citation.cited != relay[0].cited)]
        cites = [citation for citation in own if citation.verb in CITING]
        relay = (replace(spoken[0], rank=OPENED), cites[0]) if spoken and cites else relay if since <= reach else None
        known.heard(spoken, place)
        found.append(chain)
    return found


def _labels(
    text: str, sentences: Sequence[tuple[int, int]], bounds: Sequence[tuple[int, int]]
) -> dict[int, Citation | None]:
    """Sentence -> who speaks from there on in a transcript ("MARLOW: ...", "Q: ..."); empty: the text is none.

    A text is a transcript where a good part of its lines open with a label, and not all with one.
    """
    found: dict[int, Citation | None] = {}
    for place, (begin, _) in enumerate(sentences):
        match = _LABEL.match(text, begin)
        if match is not None and bounds[place][0] < bounds[place][1]:
            name = match["name"]
            one = Citation(name, ":", begin, begin + len(name), SPOKEN, bounds[place][0])
            found[place] = None if len(name) <= _INITIAL else one  # "Q" and "A" name nobody
    names = {citation.cited if citation else "" for citation in found.values()}
    lines = 1 + sum("\n" in text[end:begin] for (_, end), (begin, _) in pairwise(sentences))
    enough = max(_LABELS, _LABELLED * lines)
    turns = len(names) < len(found)  # headings ("TRAFFIC: ...") do not come again, speakers do
    return found if len(found) >= enough and turns and (len(names) > 1 or None in found.values()) else {}


def _transcript(cited: Sequence[Sequence[Citation]], labels: dict[int, Citation | None]) -> list[list[Citation]]:
    """The chains of a transcript: every sentence is said by the label before it, whoever else it cites."""
    chains: list[list[Citation]] = []
    speaker: Citation | None = None
    for place, own in enumerate(cited):
        if place in labels:
            speaker = labels[place]
        named = [citation for citation in ordered(own) if not citation.pronoun]
        chains.append(([speaker] if speaker else []) + named)
    return chains


def _voice(
    text: str, words: Tokens, sentences: Sequence[tuple[int, int]], cited: Sequence[Sequence[Citation]],
    breaks: Sequence[bool], *, place: int, speaker: Citation | None, told: bool,
) -> Citation | None:  # fmt: skip
    """Who speaks a quoted sentence that names nobody, or one in the mood of reported speech (``told``).

    Who is named where the quotation ends, else by the next words (`"Why?" Smith asked.`), else who spoke last.
    """
    if not _quoted(text, words, sentences[place]):
        return speaker if told else None
    close = _closes(text, words, sentences, place)
    if close > place:
        named = [c for c in cited[close] if c.rank == SPOKEN and not c.pronoun]
        if named:
            return named[0]
    following = max(place, close) + 1
    if following < len(sentences) and not breaks[following] and text[sentences[following][0]] not in _QUOTES:
        begin, end = sentences[following]
        tag = [c for c in cited[following] if c.rank == SPOKEN and not c.pronoun]
        if tag and (end - begin < _TAG or (end - begin < 2 * _TAG and tag[0].begin - begin < _LEAD)):
            return tag[0]
    return speaker


def _closes(text: str, words: Tokens, sentences: Sequence[tuple[int, int]], place: int) -> int:
    """The sentence in which the quotation that a sentence stands in, or opens with, comes to its end."""
    at = bisect_right(words.quotes, (sentences[place][0], len(text))) - 1
    open_ = at >= 0 and text[words.quotes[at][1] - 1] not in _CLOSING
    if at < 0 or open_ or words.quotes[at][1] <= sentences[place][0]:
        return _ends(text, sentences, place)
    end = words.quotes[at][1]
    while place + 1 < len(sentences) and sentences[place + 1][0] < end:
        place += 1
    return place


def _nested(words: Tokens, raw: Sequence[Citation]) -> list[Citation]:
    """A sentence's citations; what a quotation cites stands further in than who is quoted, and its "he" is not ours."""
    inner = [within(words, citation.word) for citation in raw]
    if all(inner) or not any(one.rank == SPOKEN and not deep for one, deep in zip(raw, inner, strict=True)):
        return list(raw)
    return [
        replace(citation, rank=WRITTEN) if deep else citation
        for citation, deep in zip(raw, inner, strict=True)
        if not (deep and citation.pronoun)
    ]


def _ends(text: str, sentences: Sequence[tuple[int, int]], place: int) -> int:
    """Where a quotation ends that its own line does not close: in the sentence that closes one it did not open."""
    if text[sentences[place][0]] not in _QUOTES:
        return place
    for later in range(place, min(place + _LINES, len(sentences))):
        begin, end = sentences[later]
        if _CLOSED.search(text, begin + 1, end):
            return later
    return place


def _resolved(raw: Sequence[Citation], speaker: Citation | None) -> list[Citation]:
    """A sentence's citations; "he" is the last speaker, named where that one was named, or is left out."""
    found: list[Citation] = []
    for citation in raw:
        if not citation.pronoun:
            found.append(citation)
            speaker = citation if citation.rank == SPOKEN else speaker
        elif speaker is not None and fits(citation, speaker):
            found.append(
                replace(speaker, verb=citation.verb, word=citation.word, pronoun=True, closing=citation.closing)
            )
    return found


def _takes_up(citation: Citation, speaker: Citation | None, text: str) -> bool:
    """Whether a source continues an open chain: a pronoun, the same surname, or a definite document."""
    if citation.pronoun:
        return True
    if speaker is not None and citation.cited.split()[-1] == speaker.cited.split()[-1]:
        return True
    before = text[max(0, citation.begin - 4) : citation.begin].lower()
    return citation.cited.islower() and " " not in citation.cited and before == "the "


def _quoted(text: str, words: Tokens, span: tuple[int, int]) -> bool:
    """Whether a sentence begins inside a quotation, or opens one."""
    if text[span[0]] in _QUOTES:
        return True
    at = bisect_right(words.quotes, (span[0], len(text))) - 1
    return at >= 0 and words.quotes[at][1] > span[0]
