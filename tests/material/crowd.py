"""One event told by as many outlets as asked: facts in varied words, details of an article's own, some copies."""

import datetime as dt
import random

import polars as pl

_PLACES = ("Harrow Point", "Lindal", "Marsk", "Oldgate", "Tern Bay", "Wexley", "Corrow", "Anholm")
_PEOPLE = ("Ida Marrow", "Jonas Feld", "Petra Lund", "Samir Haddad", "Nora Quill", "Tomas Brandt", "Lea Osei")
_ROLES = ("harbour master", "fire chief", "mayor", "union leader", "port engineer", "minister", "coroner")
_FACTS = tuple(
    tuple(line.split(" | "))
    for line in """\
A fire broke out in the grain store at Tern Bay shortly before dawn on Tuesday | \
Flames were first seen at the Tern Bay grain store before sunrise on Tuesday | \
The blaze at the Tern Bay silos began early on Tuesday
Fourteen workers were killed | The fire claimed the lives of 14 workers | The death toll stands at 14
Another 32 people were taken to hospital with burns | 32 injured were brought to hospitals in Marsk
The harbour was closed to all ships until Friday | No vessel may enter the port before Friday
Fire chief Ida Marrow said a conveyor belt had overheated | \
According to fire chief Ida Marrow an overheated belt was to blame
The company that runs the store, Corrow Grain, was fined 2 million dollars in 2019 | \
Regulators fined Corrow Grain $2 million for dust in its silos
More than 200 firefighters fought the flames for nine hours | \
It took 200 firefighters nine hours to put the fire out
Residents within two kilometres were told to keep their windows shut | \
People living near the port were asked to stay indoors with closed windows
Prosecutors in Marsk have opened an investigation | An inquiry was opened by the Marsk public prosecutor
Wheat prices rose 4 percent after the news | Wheat futures gained four percent within hours
The mayor, Jonas Feld, declared three days of mourning | Three days of mourning were announced by mayor Feld
The union had warned of missing sprinklers in March | Missing sprinklers were the subject of a union letter in March
The government promised 50 million dollars for rebuilding | The state will pay $50m to rebuild the terminal
Two night guards saw smoke but did not call for help at once | \
Guards noticed smoke and waited before they raised the alarm
The terminal handles a third of the country's grain exports | \
One third of all exported grain passes through Tern Bay
Corrow Grain said it would help the families | The operator offered support to relatives of the dead
""".splitlines()
)
_DETAILS = """\
fisherman,nurse,crane driver,shopkeeper,teacher,retired pilot,student,baker,priest,diver
watched,filmed,described,remembered,heard,noticed,sketched,reported
sparks,sirens,a collapsing roof,falling beams,black smoke,shattered windows,a burning barge,dust
from the pier,behind the station,near the old chapel,on the bridge,by the market,at the school
and ran home,and called a brother,before closing the shop,and waited for the ferry,and wept
bar,den,fol,gri,hal,kem,lor,mun,nor,pel,quin,ros,sten,tor,ul,ver,win,yas,zel,ock
"""
_WHO, _DID, _WHAT, _WHERE, _THEN, _SYLLABLES = (line.split(",") for line in _DETAILS.splitlines())


def articles(n: int, *, copies: float = 0.1, seed: int = 1) -> pl.DataFrame:
    """`n` articles of half as many outlets over three days; the columns of `schema.Articles` that the levels read."""
    draw = random.Random(seed)
    start = dt.datetime(2026, 3, 3, 6, tzinfo=dt.UTC)
    rows: list[dict[str, object]] = []
    for number in range(n):
        if rows and draw.random() < copies:
            text, title = (str(draw.choice(rows)[key]) for key in ("text", "title"))
        else:
            kicker = draw.choice(("Tern Bay fire", "Tern Bay grain blaze"))
            title = f"{kicker}: {draw.choice(_FACTS[draw.randrange(2)])}"
            text = "\n\n".join(_sentences(draw))
        at = start + dt.timedelta(seconds=draw.randrange(3 * 86_400))
        row = {"article_id": f"a-{number:06d}", "outlet": f"outlet {number % max(2, n // 2):04d}", "title": title}
        rows.append(row | {"text": text, "published_at": at, "captured_at": at})
    frame = pl.DataFrame(rows).with_columns(pl.col("published_at", "captured_at").cast(pl.Datetime("us", "UTC")))
    return frame.with_columns(
        dek=pl.lit(None, pl.String),
        url=pl.lit(None, pl.String),
        language=pl.lit("en"),
        published_precision=pl.lit("second"),
    )


def copy_groups(table: pl.DataFrame) -> pl.DataFrame:
    """Articles of one text as copies of the first of them: `copy_group`, `article_id`, `outlet`, `role`."""
    found = table.sort("published_at", "article_id").with_columns(
        pl.first("article_id").over("text").alias("lead"), pl.len().over("text").alias("n")
    )
    role = pl.when(pl.col("article_id") == pl.col("lead")).then(pl.lit("origin")).otherwise(pl.lit("copy"))
    return found.filter(pl.col("n") > 1).select(
        pl.concat_str(pl.lit("c-"), "lead").alias("copy_group"), "article_id", "outlet", role.alias("role")
    )


def _sentences(draw: random.Random) -> list[str]:
    told = [f"{draw.choice(ways)}." for ways in (*_FACTS[:2], *draw.sample(_FACTS[2:], 8))]
    parts = (_DID, _WHAT, _WHERE, _THEN)
    own = [f"{_name(draw)}, a {draw.choice(_WHO)}, {' '.join(draw.choice(part) for part in parts)}." for _ in range(2)]
    who, role, place = draw.choice(_PEOPLE), draw.choice(_ROLES), draw.choice(_PLACES)
    said = f"{who}, the {role} of {place}, said {draw.randrange(3, 99)} trucks had left the yard that night."
    alone = " ".join(_name(draw) for _ in range(4)).capitalize() + "."
    mixed = [*told[2:], *own, said, alone]
    draw.shuffle(mixed)
    return [" ".join(part) for part in (told[:2], mixed[:4], mixed[4:8], mixed[8:])]


def _name(draw: random.Random) -> str:
    return " ".join("".join(draw.choices(_SYLLABLES, k=2)).capitalize() for _ in range(2))
