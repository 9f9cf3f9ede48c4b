"""Ranges drawn in a line: thin for the likely range, thick for luck alone, a mark for the mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from recoverysim import words

if TYPE_CHECKING:
    from recoverysim.studies.ratios import Row

WIDTH, MARGIN = 200.0, 8.0  # in the units of the drawing
ROOM_FOR_A_TICK = 11.0  # either side of its place: half of '+100'
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
MOST_TICKS = 5


class Line(NamedTuple):
    """Where things stand from left to right; None where a range is unknown."""

    zero: float
    mean: float
    likely: tuple[float, float] | None
    luck: tuple[float, float] | None


class Scale(NamedTuple):
    """One axis for all lines of a page, with zero on it: from `low` to `high` in every 1,000."""

    low: float
    high: float

    def place(self, value: float) -> float:
        """A number's place, to a tenth."""
        inside = (value - self.low) / (self.high - self.low)
        return round(MARGIN + inside * (WIDTH - 2 * MARGIN), 1)

    def ticks(self) -> list[tuple[float, str]]:
        """A few whole numbers with their places, those at the very ends left out."""
        step = next((s for s in STEPS if (self.high - self.low) / s <= MOST_TICKS), STEPS[-1])
        first, last = int(self.low // step), int(self.high // step)
        found = [step * n for n in range(first, last + 1) if self.low <= step * n <= self.high]
        placed = [(self.place(value), words.signed(value)) for value in found]
        return [
            (at, said) for at, said in placed if ROOM_FOR_A_TICK <= at <= WIDTH - ROOM_FOR_A_TICK
        ]


def scale_of(rows: Sequence[Row]) -> Scale:
    """The axis that holds these rows, and one person either way of zero."""
    ends = [
        end
        for row in rows
        for end in (row.difference, row.low, row.high, row.luck_low, row.luck_high)
        if end is not None
    ]
    return Scale(min(*ends, -1.0), max(*ends, 1.0))


def line_of(row: Row, scale: Scale) -> Line:
    """One row on that axis."""

    def ends(low: float | None, high: float | None) -> tuple[float, float] | None:
        return None if low is None or high is None else (scale.place(low), scale.place(high))

    return Line(
        scale.place(0.0), scale.place(row.difference or 0.0), ends(row.low, row.high),
        ends(row.luck_low, row.luck_high),
    )  # fmt: skip
