"""Small drawings that make a line of dots a journey: a taxi, a minibus, a train."""

from __future__ import annotations

from recoverysim.pictures.looks import SOFT, WHITE
from recoverysim.pictures.sheet import Sheet


def taxi(sheet: Sheet, x: float, y: float) -> None:
    """A taxi about a point, 22 px long."""
    body = [(-11, 4), (-11, -1), (-7, -2), (-4, -6), (4, -6), (8, -2), (11, 0), (11, 4)]
    sheet.area([(x + a, y + b) for a, b in body], SOFT, edge=WHITE, width=1.5)
    for left, right in ((-4.2, -0.6), (0.8, 5)):
        window = [(left, -2), (left + (1.4 if left < 0 else 0), -4.6), (right - (1.6 if left > 0
                  else 0), -4.6), (right, -2)]  # fmt: skip
        sheet.area([(x + a, y + b) for a, b in window], WHITE)
    sheet.rect(x - 2.5, y - 8.6, 5, 2.4, SOFT)
    _wheels(sheet, x, y, (-6, 6))


def minibus(sheet: Sheet, x: float, y: float) -> None:
    """A minibus about a point, 28 px long."""
    body = [(-14, 4), (-14, -7), (9, -7), (13, -2), (14, 0), (14, 4)]
    sheet.area([(x + a, y + b) for a, b in body], SOFT, edge=WHITE, width=1.5)
    for left in (-12, -6.8, -1.6, 3.6):
        sheet.rect(x + left, y - 5, 4, 3.4, WHITE)
    _wheels(sheet, x, y, (-8, 8))


def train(sheet: Sheet, x: float, y: float, colour: str) -> None:
    """Two carriages and an engine heading right, about a point, 62 px long."""
    for left in (-31, -11):
        sheet.rect(x + left, y - 6, 18, 10, colour, edge=WHITE, edge_width=1.5)
        for window in (2.2, 7, 11.8):
            sheet.rect(x + left + window, y - 4, 3.4, 3.2, WHITE)
    nose = [(9, 4), (9, -6), (21, -6), (27, -3), (31, 2), (31, 4)]
    sheet.area([(x + a, y + b) for a, b in nose], colour, edge=WHITE, width=1.5)
    sheet.area([(x + a, y + b) for a, b in ((20, -2), (20, -4), (22, -4), (25, -2))], WHITE)
    _wheels(sheet, x, y, (-27, -17, -7, 3, 13, 24), 1.7, colour)


def _wheels(
    sheet: Sheet, x: float, y: float, places: tuple[float, ...], radius: float = 2.6,
    colour: str = SOFT,
) -> None:  # fmt: skip
    for place in places:
        sheet.sign("circle", x + place, y + 4.2, radius, colour, filled=True, width=0.5)
