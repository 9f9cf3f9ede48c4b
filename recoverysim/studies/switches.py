"""What an answer hangs on in the model: the same comparison with one mechanism off in both worlds.

The people, their luck and the parameter sets are those of the comparison as it was asked, so that
what a mechanism changes of the answer is paired repeat by repeat, and has a range of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from recoverysim.plan import Plan
from recoverysim.scenario import Scenario
from recoverysim.shown import Card
from recoverysim.studies.answering import card_of
from recoverysim.studies.compare import refuse_what_cannot_be_compared
from recoverysim.studies.contrast import Contrast
from recoverysim.studies.intervals import spread
from recoverysim.studies.repeats import Repeats, live

AS_ASKED = ""  # in place of the name of a mechanism: nothing is switched off
MEASURE = "in_recovery"


@dataclass(frozen=True)
class Moved:
    """By how much the difference in recovery moves, per 1,000, with its likely range (None where
    it cannot be told): the difference with the mechanism off less that with it on."""

    by: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Switched:
    """The difference in recovery in each reported year with one mechanism off; `moved` beside it,
    in the same order, empty where nothing was switched off."""

    mechanism: str
    cards: tuple[Card, ...]
    moved: tuple[Moved, ...]

    def of(self, year: int) -> tuple[Card, Moved | None]:
        """Those of one year; StopIteration for a year that is not reported."""
        place = next(place for place, card in enumerate(self.cards) if card.year == year)
        return self.cards[place], self.moved[place] if self.moved else None


class Switchboard:
    """Two worlds, compared again and again with another mechanism off in both."""

    def __init__(self, first: Scenario, other: Scenario, definition: str, plan: Plan) -> None:
        refuse_what_cannot_be_compared(first, [other])
        self.first, self.other = first, other
        self.definition, self.plan = definition, plan

    @cached_property
    def as_asked(self) -> Contrast:
        """With nothing switched off that was on."""
        return self._contrast(AS_ASKED)

    def off(self, mechanism: str) -> Switched:
        """The comparison with a mechanism off, or as it was asked. ScenarioError for an unknown
        one."""
        found = self._contrast(mechanism) if mechanism else self.as_asked
        years = found.years
        cards = tuple(card_of(found.row(MEASURE, year), 0) for year in years)
        if not mechanism:
            return Switched(mechanism, cards, ())
        return Switched(mechanism, cards, tuple(self._moved(found, year) for year in years))

    def _contrast(self, mechanism: str) -> Contrast:
        first, other = (self._live(one, mechanism) for one in (self.first, self.other))
        return Contrast(first, other, self.definition)

    def _live(self, world: Scenario, mechanism: str) -> Repeats:
        if mechanism:
            world = world.replace({f"mechanisms.{mechanism}": False}, name=world.name)
        return without_weeks(live(world, self.plan))

    def _moved(self, off: Contrast, year: int) -> Moved:
        on = self.as_asked
        change = off.difference(MEASURE, year, "all") - on.difference(MEASURE, year, "all")
        found = spread(change, on.baseline.sets, self.plan)
        low, high = found.both or (None, None)
        return Moved(found.mean, low, high)


def without_weeks(repeats: Repeats) -> Repeats:
    """Repeats without their weekly counts, which are most of them and which no difference needs."""
    return replace(repeats, counts=np.empty((len(repeats.counts), 0, 0, 0), np.int64))
