"""The way from Edinburgh to London: where people are in one year, world under world.

200 dots by quota from the averages, each 5 people in every 1,000; filled where they go to mutual
aid. Those who have died are not drawn: they are counted in the sentence under the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from recoverysim import picture_words
from recoverysim.pictures import letters, line_narrow, line_wide
from recoverysim.pictures.dots import Dot, Layout, Told, counted, dots, placed
from recoverysim.pictures.looks import INK, RETURNED, SMALL, SOFT, WAITING, look
from recoverysim.pictures.sheet import Picture, Sheet
from recoverysim.pictures.told import told
from recoverysim.shown import Answer, People, Standing

NARROW = 640.0  # px: under this the line goes from top to bottom
ABREAST = 2  # worlds side by side where it is narrow
KEY = 22.0  # px of a line of the key


class Move(NamedTuple):
    """One dot before and after."""

    x0: float
    y0: float
    x1: float
    y1: float
    sign0: str
    sign1: str
    filled0: bool
    filled1: bool


class Drawn(NamedTuple):
    """The sheet, and the dots of each world with their places on it."""

    sheet: Sheet
    rows: list[Told]
    points: list[list[tuple[float, float]]]
    radius: float


def line(
    answer: Answer, year: int, worlds: Sequence[int] = (0, 1), width: float = 1100.0,
    plain: bool = False,
) -> Picture:  # fmt: skip
    """The picture of one year; `plain`: along an axis of time, without trains.

    Raises StopIteration for a year or a measure that the answer does not tell.
    """
    drawn = _drawn(answer, year, worlds, width, plain)
    said = " ".join(
        picture_words.where(row.called, row.in_recovery, row.died, row.standing, plain)
        for row in drawn.rows
    )
    return Picture(
        name=f"line-{year}{'-plain' if plain else ''}",
        title=picture_words.line_title(year, plain),
        subtitle=picture_words.line_subtitle(answer.meaning, plain),
        description=said,
        sheet=drawn.sheet,
        table=tuple(entry for row in drawn.rows for entry in _table(row, year)),
        said=picture_words.under(answer),
        made_by=f"recoverysim {answer.stamp['version']}",
    )


def moves(
    answer: Answer, year: int, before: int, after: int, width: float, plain: bool = False
) -> list[Move]:
    """How dots go from one world's places to another's, both drawn where the first has its row.

    Matched in order along the journey from its far end, so that dot i becomes dot i. Where one
    world has more dots (fewer people have died) the rest are left out: no dot goes or comes.
    """
    drawn = _drawn(answer, year, (before, after), width, plain)
    first, second = (list(zip(row.made, at))[::-1] for row, at in zip(drawn.rows, drawn.points))
    dx, dy = _apart(drawn, width, plain)
    return [
        Move(x0, y0, x1 - dx, y1 - dy, one.sign, two.sign, one.going, two.going)
        for (one, (x0, y0)), (two, (x1, y1)) in zip(first, second)
    ][::-1]


def _drawn(answer: Answer, year: int, worlds: Sequence[int], width: float, plain: bool) -> Drawn:
    rows = [_told(answer, world, year) for world in worlds]
    sheet = Sheet(width, 0.0)
    _key(sheet, plain)
    points: list[list[tuple[float, float]]] = []
    radius = 4.0
    narrow = width < NARROW
    together = ABREAST if narrow else max(1, len(rows))
    for start in range(0, len(rows), together):
        some = rows[start : start + together]
        top, own = sheet.height, Sheet(width, 0.0)
        layouts: list[Layout]
        if narrow:
            down = line_narrow.plan(some, width)
            layouts = [line_narrow.layout(down, number) for number in range(len(some))]
            line_narrow.draw(own, down, some, plain)
            height, pitch = down.height, down.pitch
        else:
            along = line_wide.plan(some, width, plain)
            layouts = [
                line_wide.layout(along, number, counted(row.made))
                for number, row in enumerate(some)
            ]
            line_wide.draw(own, along, some, layouts, plain)
            height, pitch = along.height, along.pitch
        radius = 0.39 * pitch
        for row, blocks in zip(some, layouts):
            at = placed(row.made, blocks)
            _dots(own, row.made, at, radius, row.world)
            points.append([(x, y + top) for x, y in at])
        sheet.place(own, 0.0, top)
        sheet.height += height
    return Drawn(sheet, rows, points, radius)


def _told(answer: Answer, world: int, year: int) -> Told:
    standing = answer.standing(world, year)
    in_recovery = told(answer, world, "in_recovery", year)
    died = told(answer, world, "deaths", year)
    return Told(
        world,
        picture_words.name(world, answer.worlds[world].name),
        standing,
        standing.in_recovery if in_recovery is None else in_recovery,
        standing.died if died is None else died,
        dots(standing),
    )


def _apart(drawn: Drawn, width: float, plain: bool) -> tuple[float, float]:
    """How far the second world's row stands from the first's."""
    if width < NARROW:
        return line_narrow.plan(drawn.rows, width).column, 0.0
    along = line_wide.plan(drawn.rows, width, plain)
    return 0.0, along.track(1) - along.track(0)


def _dots(
    sheet: Sheet, made: Sequence[Dot], at: Sequence[tuple[float, float]], radius: float, world: int
) -> None:
    colour = look(world).colour
    css = f"dot world-{world}"
    for number, (dot, (x, y)) in enumerate(zip(made, at)):
        mine = {"waiting": WAITING, "off": RETURNED}.get(dot.place, colour)
        size = 0.88 * radius if dot.sign == "triangle" else radius  # they would touch
        sheet.sign(dot.sign, x, y, size, mine, filled=dot.going, css=css, key=number)


def _key(sheet: Sheet, plain: bool) -> None:
    """What signs mean, on as many lines as it takes."""
    entries = [
        ("circle", INK, True, picture_words.GOES), ("circle", INK, False, picture_words.GOES_NOT),
        ("square", WAITING, False, picture_words.ON_THE_LINE["waiting"][0].lower()),
        ("triangle", RETURNED, False, picture_words.OFF[plain]),
    ]  # fmt: skip
    x, y = 8.0, 13.0
    for sign, colour, filled, said in entries:
        wide = 14 + letters.width(said, SMALL) + 18
        if x + wide - 18 > sheet.width - 8:
            x, y = 8.0, y + KEY - 4
        sheet.sign(sign, x + 4, y - 4, 4, colour, filled=filled)
        sheet.text(x + 14, y, said, size=SMALL, colour=SOFT)
        x += wide
    sheet.height = y + KEY - 6


def _table(row: Told, year: int) -> list[dict[str, object]]:
    """Per 1,000, a row a place; the train by quarters of a year."""
    standing: Standing = row.standing
    cells: list[tuple[str, int | None, People]] = []
    for place in picture_words.PLACES:
        if place == "train":
            cells += [(place, quarter + 1, one) for quarter, one in enumerate(standing.train)]
        else:
            cells.append((place, None, getattr(standing, place)))
    rows: list[dict[str, object]] = [
        {
            "world": row.called, "year": year, "place": place, "quarter": quarter,
            "per_1000": people.all, "going_to_mutual_aid": people.going,
        }
        for place, quarter, people in cells
    ]  # fmt: skip
    dead = {"world": row.called, "year": year, "place": "died", "per_1000": standing.died}
    return [*rows, dead]
