"""An outlet of many pages, made of own words in several languages: articles, its notices, teasers of other articles."""

import datetime as dt
import random

import polars as pl

AT = dt.datetime(2026, 5, 3, tzinfo=dt.UTC)

# Small words of a language, and syllables that its long words are made of: what is said is nonsense, its form is not.
_SMALL = {
    "en": ("the a of and to in that for with on was by as at from had its who but after over under"),
    "de": ("der die das und in zu mit von auf ist im dem nicht ein eine als auch nach bei aus wird"),
    "fr": ("le la les de et des un une dans pour que qui sur avec par est sont plus son ses au"),
    "es": ("el la los de y en que un una por con para del las su como más pero sobre entre hasta"),
}
_SYLLABLES = {
    "en": ("har bour coun cil stor bri dge mar ket rail fes ti val lib ra ry fac tor mus eum fer tun nel"),
    "de": ("ha fen ge mein sturm brü cke schul bahn kran haus fest spiel werk stadt turm wal see berg zoll"),
    "fr": ("por con seil tem pête école mar ché che min fê te usi ne bar ra ge ver ger thé âtre gla cier"),
    "es": ("puer con se jo tor men ta puen es cue mer ca do fies ta fá bri ca em bal se huer to fa ro"),
}
NOTICES = {
    "en": "The Evening Ledger is an independent paper. Subscribers receive our letter every morning before breakfast.",
    "de": "Der Abendkurier ist eine unabhängige Zeitung. Abonnenten erhalten jeden Morgen unseren Rundbrief kostenlos.",
    "fr": "Le Courrier du Soir est un journal indépendant. Nos abonnés reçoivent chaque matin notre lettre gratuite.",
    "es": "El Correo de la Tarde es un diario independiente. Cada mañana nuestros suscriptores reciben el boletín.",
}


def article(language: str, picker: random.Random, paragraphs: int = 8) -> tuple[str, list[str]]:
    """A title and paragraphs, of words of its own and words that the whole outlet uses."""
    common = random.Random(language)
    usual = [_word(language, common) for _ in range(800)]
    own = [_word(language, picker) for _ in range(30)]

    def phrase(length: int) -> list[str]:
        return [
            picker.choice(_SMALL[language].split() if at % 5 in (0, 2) else own if picker.random() < 0.4 else usual)
            for at in range(length)
        ]

    def sentence() -> str:
        said = " ".join(phrase(picker.randrange(9, 26)))
        return f"{said[0].upper()}{said[1:]}{picker.choice(('.', '.', '.', '?', '.”'))}"

    title = " ".join(phrase(picker.randrange(7, 11)))
    body = [" ".join(sentence() for _ in range(picker.randrange(1, 5))) for _ in range(paragraphs)]
    return title[0].upper() + title[1:], body


def _word(language: str, picker: random.Random) -> str:
    return "".join(picker.choice(_SYLLABLES[language].split()) for _ in range(picker.randrange(2, 4)))


def cut(text: str, picker: random.Random) -> str:
    """A lead as sites show it: whole, cut at a character, at a word, or with an ellipsis."""
    kind, length = picker.choice(("whole", "character", "word", "ellipsis")), picker.randrange(70, 110)
    if kind == "whole" or len(text) <= length + 5:
        return text
    if kind == "character":
        return text[:length]
    short = text[:length].rsplit(" ", 1)[0]
    return short if kind == "word" else f"{short}{picker.choice(('…', '...', ' [...]'))}"


def outlet(
    language: str, seed: int, pages: int = 20, *, notice: bool = True
) -> tuple[list[tuple[str, list[str]]], list[tuple[str, list[str], list[str]]]]:
    """Articles of one outlet, and their pages: (title, paragraphs) and (title, lines of the page, planted lines).

    Half of the teasers are of articles that are among the pages, half of others, each on three pages at least.
    """
    picker = random.Random(f"{language} {seed}")
    articles = [article(language, picker, picker.randrange(4, 12)) for _ in range(pages)]
    others = [article(language, picker) for _ in range(max(1, pages // 5))]
    plan: dict[int, list[str]] = {at: [] for at in range(pages)}
    for title, body in others:
        told = picker.choice(([title], [cut(body[0], picker)], [title, cut(body[0], picker)]))
        for at in picker.sample(range(pages), picker.randrange(3, 6)):
            plan[at].extend(told)
    for at in range(pages):
        title, body = articles[picker.choice([one for one in range(pages) if one != at])]
        plan[at].extend(picker.choice(([title], [cut(body[0], picker)], [title, cut(body[0], picker)])))
        if notice:
            plan[at].append(NOTICES[language])
    made = []
    for at, (title, body) in enumerate(articles):
        where = picker.choice((len(body), picker.randrange(1, len(body) + 1)))
        made.append((title, [*body[:where], *plan[at], *body[where:]], plan[at]))
    return articles, made


def read(texts: list[tuple[str, list[str]]], name: str = "o") -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pages and blocks of texts whose every line is a body candidate."""
    pages, blocks = [], []
    for number, (title, lines) in enumerate(texts):
        key, at = f"{name}-{number:03}", 0
        pages.append((key, name, AT + dt.timedelta(minutes=number), title, None, f"i-{key}"))
        for line in lines:
            blocks.append((key, at, at + len(line) + 1, "p", "main", f"{line}\n"))
            at += len(line) + 1
    columns = ["capture_id", "outlet", "captured_at", "title", "dek", "item_id"]
    tiles = pl.DataFrame(blocks, schema=["capture_id", "begin", "end", "tag", "hint", "text"], orient="row")
    return pl.DataFrame(pages, schema=columns, orient="row"), tiles.with_columns(block=pl.int_range(pl.len()))
