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
DOT, SMALLER = 0.39, 0.88  # radius by the pitch; a triangle's by that of other dots


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
    """The sheet, and what each world's row shows."""

    sheet: Sheet
    rows: list[Told]


class Replay(NamedTuple):
    """One row in which dots go from one world's places to another's.

    `before` and `after` are the row as it stands in each, of one size, without its dots.
    """

    before: Picture
    after: Picture
    moves: list[Move]
    radius: float  # px, of a dot; of a triangle SMALLER times as much


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
    return _picture(answer, year, plain, drawn, said)


def _picture(
    answer: Answer, year: int, plain: bool, drawn: Drawn, said: str, kind: str = ""
) -> Picture:
    return Picture(
        name=f"line-{year}{'-plain' if plain else ''}{kind}",
        title=picture_words.line_title(year, plain),
        subtitle=picture_words.line_subtitle(answer.meaning, plain),
        description=said,
        sheet=drawn.sheet,
        table=tuple(entry for row in drawn.rows for entry in _table(row, year)),
        said=picture_words.under(answer),
        made_by=f"recoverysim {answer.stamp['version']}",
    )


def replay(
    answer: Answer, year: int, before: int, after: int, width: float = 1100.0, plain: bool = False
) -> Replay:
    """A change as it is played on one row, large enough for both worlds.

    Dots are matched in order along the journey from its far end, so that dot i becomes dot i.
    Where one world has more (fewer people have died) the rest are left out: no dot goes or comes.
    """
    rows = [_told(answer, world, year) for world in (before, after)]
    pictures, sides = [], []
    radius = 4.0
    for row in rows:
        sheet = Sheet(width, 0.0)
        _key(sheet, plain)
        top, own = sheet.height, Sheet(width, 0.0)
        blocks, height, pitch = _one_of(own, rows, row, width, plain)
        radius = DOT * pitch
        sides.append([(dot, x, y + top) for dot, (x, y) in zip(row.made, placed(row.made, blocks))])
        sheet.place(own, 0.0, top)
        sheet.height += height
        said = picture_words.where(row.called, row.in_recovery, row.died, row.standing, plain)
        pictures.append(_picture(answer, year, plain, Drawn(sheet, [row]), said, "-replay"))
    matched = zip(reversed(sides[0]), reversed(sides[1]))
    going = [
        Move(x0, y0, x1, y1, one.sign, two.sign, one.going, two.going)
        for (one, x0, y0), (two, x1, y1) in matched
    ]
    return Replay(pictures[0], pictures[1], going[::-1], radius)


def _one_of(
    own: Sheet, rows: Sequence[Told], row: Told, width: float, plain: bool
) -> tuple[Layout, float, float]:
    """Draw one row by itself, as large as any needs; its blocks, height and pitch."""
    if width < NARROW:
        down = line_narrow.plan(rows, width, 1)
        line_narrow.draw(own, down, [row], plain)
        return line_narrow.layout(down, 0), down.height, down.pitch
    along = line_wide.plan(rows, width, plain)
    blocks = line_wide.layout(along, 0, counted(row.made))
    line_wide.draw(own, along, [row], [blocks], plain)
    return blocks, along.height / len(rows), along.pitch


def _drawn(answer: Answer, year: int, worlds: Sequence[int], width: float, plain: bool) -> Drawn:
    rows = [_told(answer, world, year) for world in worlds]
    sheet = Sheet(width, 0.0)
    _key(sheet, plain)
    narrow = width < NARROW
    together = ABREAST if narrow else max(1, len(rows))
    for start in range(0, len(rows), together):
        some = rows[start : start + together]
        own = Sheet(width, 0.0)
        layouts: list[Layout]
        if narrow:
            down = line_narrow.plan(some, width, min(len(rows), ABREAST))
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
        for row, blocks in zip(some, layouts):
            _dots(own, row.made, placed(row.made, blocks), DOT * pitch, row.world)
        sheet.place(own, 0.0, sheet.height)
        sheet.height += height
    return Drawn(sheet, rows)


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


def _dots(
    sheet: Sheet, made: Sequence[Dot], at: Sequence[tuple[float, float]], radius: float, world: int
) -> None:
    colour = look(world).colour
    css = f"dot world-{world}"
    for number, (dot, (x, y)) in enumerate(zip(made, at)):
        mine = {"waiting": WAITING, "off": RETURNED}.get(dot.place, colour)
        size = SMALLER * radius if dot.sign == "triangle" else radius  # they would touch
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
