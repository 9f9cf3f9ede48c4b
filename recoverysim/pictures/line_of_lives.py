"""The line from Edinburgh to London for dots that move: what stands still, and room for the dots.

It is drawn like `line`, but with room in every place for the most people who are ever there, in any
month of any of the worlds, so that nothing but the dots has to move.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from recoverysim import picture_words
from recoverysim.pictures import inline, letters, line_narrow, line_wide
from recoverysim.pictures.dots import MILES, Dot, Layout, Told, counted
from recoverysim.pictures.line import NARROW
from recoverysim.pictures.looks import LARGE, RETURNED, SMALL, TRACK, look
from recoverysim.pictures.sheet import Sheet
from recoverysim.shown import PLACES, STRETCHES, People, Standing
from recoverysim.shown_lives import LETTERS, NOT_THERE, Lives

GOING = 32
KINDS = (*PLACES, *(f"train {stretch}" for stretch in range(STRETCHES)))
STACK, LENGTH = 136.0, 960.0  # px: of the tallest stack, and of the whole where it is narrow
_NO = People(0.0, 0.0)
NOBODY = Standing(0, _NO, _NO, _NO, _NO, _NO, (_NO,) * STRETCHES, _NO, 0.0)


@dataclass(frozen=True)
class Ground:
    """What stands still, as marks of SVG, and for each world the block of each cell."""

    width: float
    height: float
    marks: str
    blocks: tuple[Layout, ...]
    radius: float
    heads: tuple[tuple[float, float], ...]  # where the name of each world stands
    down: bool  # from top to bottom


def cell(letter: str) -> str | None:
    """The cell that a letter of `shown.LETTERS` stands for; None before people come and after
    they died."""
    if letter == NOT_THERE:
        return None
    kind = KINDS[LETTERS.index(letter) % GOING]
    return None if kind == "died" else kind


def ground(lives: Lives, width: float, other: int = 1) -> Ground:
    """Both worlds, under each other, or beside each other where it is narrow.

    `other` is the number of the second world among all that are compared: it has its colour.
    """
    most = _most(lives)
    rows = [
        Told(world, picture_words.name(world, one.name), NOBODY, 0.0, 0.0, most)
        for world, one in zip((0, other), lives.worlds, strict=True)
    ]
    if width < NARROW:
        return _down(rows, width)
    plan = line_wide.plan(rows, width, plain=False, tallest=STACK)
    sheet = Sheet(width, plan.height)
    many = counted(most)
    blocks = tuple(line_wide.layout(plan, row, many) for row in range(len(rows)))
    for row, told in enumerate(rows):
        _along(sheet, plan, row, told, blocks[row])
    heads = tuple((line_wide.EDGE, plan.tops[row] + 16) for row in range(len(rows)))
    return Ground(width, plan.height, _marks(sheet), blocks, 0.39 * plan.pitch, heads, down=False)


def _along(sheet: Sheet, plan: line_wide.Plan, row: int, told: Told, blocks: Layout) -> None:
    """One row without its dots and numbers."""
    y, block = plan.tops[row], blocks["off"]
    if row:
        rule = y - 7
        sheet.line([(line_wide.EDGE, rule), (plan.width - line_wide.EDGE, rule)], TRACK, 1)
    sheet.text(line_wide.EDGE, y + 16, told.called, size=LARGE, colour=look(told.world).colour,
               bold=True)  # fmt: skip
    line_wide.draw_track(sheet, plan, row, told, False)
    line_wide.draw_names(sheet, plan, row, False)
    said = picture_words.OFF[False]
    sheet.text(line_wide.EDGE, block.y - 6, said, size=SMALL, colour=RETURNED, bold=True)
    start = line_wide.EDGE + letters.width(said, SMALL, bold=True) + 10
    x, low, high = plan.edinburgh + 4, block.y - 10, plan.track(row) + 12
    curve = line_wide.bent((start, low), (x, low), (x, high))
    sheet.line(curve, RETURNED, 1.8)
    sheet.arrow(curve[-1], (x, high - 4), RETURNED, 1.8)
    sheet.text(x + 9, low + 4, picture_words.BACK[False], size=SMALL, colour=RETURNED)


def _down(rows: Sequence[Told], width: float) -> Ground:
    plan = line_narrow.plan(rows, width, len(rows), LENGTH)
    sheet = Sheet(width, plan.height)
    for row, told in enumerate(rows):
        _called(sheet, plan, row, told)
        line_narrow.draw_track(sheet, plan, row, told, False)
    line_narrow.draw_names(sheet, plan, False)
    line_narrow.draw_way_back(sheet, plan, False)
    blocks = tuple(line_narrow.layout(plan, row) for row in range(len(rows)))
    heads = tuple((line_narrow.EDGE + line_narrow.NAMES + row * plan.column, 15.0)
                  for row in range(len(rows)))  # fmt: skip
    return Ground(width, plan.height, _marks(sheet), blocks, 0.39 * plan.pitch, heads, down=True)


def _called(sheet: Sheet, plan: line_narrow.Plan, row: int, told: Told) -> None:
    """The name of a world, on two lines at most."""
    room, x = plan.column - line_narrow.GAP, line_narrow.EDGE + line_narrow.NAMES
    lines = letters.wrapped(told.called, room, LARGE - 1, bold=True)
    for number, said in enumerate([*lines[:1], " ".join(lines[1:])]):
        fits = letters.fitted(said, room, LARGE - 1, bold=True)
        sheet.text(x + row * plan.column, 15 + 17 * number, fits, size=LARGE - 1,
                   colour=look(told.world).colour, bold=True)  # fmt: skip


def _most(lives: Lives) -> list[Dot]:
    """As many dots in each cell as are ever there at once."""
    most: Counter[str] = Counter()
    for world in lives.worlds:
        for month in zip(*world.months, strict=True):
            most |= Counter(where for where in map(cell, month) if where is not None)
    found = []
    for where, many in sorted(most.items()):
        place, _, stretch = where.partition(" ")
        miles = (int(stretch) + 0.5) * MILES / STRETCHES if stretch else 0.0
        found += [Dot(place, False, miles)] * many
    return found


def _marks(sheet: Sheet) -> str:
    return "".join(map(inline.mark, sheet.marks))
