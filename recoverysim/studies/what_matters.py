"""Which unknown number matters most for an answer, lived in pieces so that it can be watched.

`unknowns` tells it from a comparison of many parameter sets; this lives such a comparison part by
part, and keeps of it only what is needed.
"""

from __future__ import annotations

from dataclasses import replace

from recoverysim.plan import Plan
from recoverysim.scenario import Scenario
from recoverysim.studies.compare import refuse_what_cannot_be_compared
from recoverysim.studies.contrast import Contrast
from recoverysim.studies.repeats import Repeats
from recoverysim.studies.sides import Side, joined, live_side, order
from recoverysim.studies.switches import without_weeks
from recoverysim.studies.unknowns import FEWEST_SETS, Unknowns, unknowns

REPEATS = 2 * FEWEST_SETS  # as many parameter sets as are needed, each lived twice
PARTS = 10


class Matters:
    """Two worlds, lived in PARTS pieces; what matters can be told once all of them are lived."""

    def __init__(self, first: Scenario, other: Scenario, definition: str, plan: Plan) -> None:
        refuse_what_cannot_be_compared(first, [other])
        self.worlds = (first, other)
        self.definition, self.plan = definition, plan
        self._lived: dict[int, tuple[Side, Side]] = {}

    def live(self, part: int) -> None:
        """Live one piece (0 to PARTS − 1) of both worlds, unless it was lived before."""
        if part in self._lived:
            return
        numbers = order(self.plan)[part::PARTS]
        first, other = (
            live_side(world, self.plan, self.definition, numbers) for world in self.worlds
        )
        self._lived[part] = _slim(first), _slim(other)

    def told(self, year: int) -> Unknowns:
        """What matters in a year; what is not lived yet is lived first. ValueError where there are
        too few parameter sets."""
        for part in range(PARTS):
            self.live(part)
        first, other = (self._side(number) for number in (0, 1))
        return unknowns(Contrast(first, other, self.definition), year)

    def _side(self, number: int) -> Repeats:
        return joined([self._lived[part][number] for part in range(PARTS)]).repeats


def _slim(side: Side) -> Side:
    return replace(side, repeats=without_weeks(side.repeats))
