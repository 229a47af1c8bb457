"""Which names a byline holds: where one ends and the next begins, what is a person's, what is the outlet's own."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

_NOISE = re.compile(
    r"^(?:by|von|par|por|di|de|door|text|texto|testo|texte|av|af|da|written by|story by|author|autor|autore"
    r"|auteur)\b[:\s]+",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:;|\||\s(?:and|und|et|y|e|en|och|og|&)\s|,(?!\s*(?:jr|sr|ph\.?d|md|m\.d|esq|ii|iii)\b)|&|\s/\s|\+)\s*",
    re.IGNORECASE,
)
_TIGHT = re.compile(r"(?<=[^\W\d_]{2})/(?=[^\W\d_]{2})")  # "Jane Doe/John Roe", never "dpa/jd" alone: see split_names
_LONGEST = 300  # characters of a byline


def split_names(text: str) -> list[str]:
    """The names in "By Jane Doe and John Roe". Addresses and handles are no names; nor are a name's long titles."""
    bare = _NOISE.sub("", text.strip())
    if not bare or bare.startswith(("http", "@", "/")) or len(bare) > _LONGEST:
        return []
    names = []
    for part in _SPLIT.split(bare):
        pieces = _TIGHT.split(part)
        for piece in pieces if all(is_name(one.strip()) for one in pieces) else [part]:
            name = re.sub(r"\s*\([^()]{0,60}\)?$", "", _NOISE.sub("", piece)).strip(" .,-–—")
            if (
                name
                and not name.startswith(("http", "@"))
                and "@" not in name
                and len(name) <= 80
                and any(c.isalpha() for c in name)
            ):
                names.append(name)
    if any(
        map(is_name, names)
    ):  # beside a person, "professor at the faculty of law of X" and "site.org" are no authors
        names = [name for name in names if len(name.split()) <= 5 and not _is_address(name)]
    return list(dict.fromkeys(names))


def is_outlet(name: str, sites: Sequence[str]) -> bool:
    """Whether an author is the outlet itself: one of its names, its initials, or an address."""
    bare = name.lower()
    for site in (site.lower().lstrip("@") for site in sites):
        if fuzz.ratio(bare, site) >= 75 or (len(bare) >= 3 and bare in site.split()):
            return True
        if bare in (_initials(site), site.split(".")[0]) or _initials(bare) == site.split(".")[0]:
            return True
    return _is_address(name)


def is_name(text: str) -> bool:
    """Two to five words with capitals and no digit; in scripts without spaces and capitals, two to five characters."""
    words = text.split()
    if len(words) == 1:
        return 2 <= len(text) <= 5 and all(char > "\u2e80" for char in text)
    return (
        2 <= len(words) <= 5
        and not any(char.isdigit() for char in text)
        and sum(word[:1].isupper() or word[:1] > "\u2e80" for word in words) >= 2
    )


def _initials(text: str) -> str:
    words = text.split()
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def _is_address(name: str) -> bool:
    return " " not in name and "." in name.strip(".")
