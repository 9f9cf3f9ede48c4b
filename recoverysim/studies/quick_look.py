"""A quick look: an answer while a lever is still moving, from few people and few repeats.

It is `compare` in small, with every side kept that was lived before: a lever that moves leaves
today's side as it was. What it says is as wide as so few people allow, and says so.
"""

from __future__ import annotations

from collections import OrderedDict

from recoverysim.outcomes import DEFAULT_DEFINITION
from recoverysim.plan import Plan
from recoverysim.scenario import Scenario
from recoverysim.studies.compare import Comparison, refuse_what_cannot_be_compared
from recoverysim.studies.contrast import Contrast
from recoverysim.studies.repeats import Repeats, live
from recoverysim.studies.stamp import stamp

QUICK = Plan(clients=500, years=10, repeats=8)
SIDES_KEPT = 32  # some 6 MB each


class QuickLook:
    """Looks at scenarios beside `today`, one after another, from the same people and luck."""

    def __init__(self, today: Scenario, plan: Plan = QUICK) -> None:
        self.today = today
        self.plan = plan
        self._sides: OrderedDict[str, Repeats] = OrderedDict()

    def look(self, *scenarios: Scenario, definition: str = DEFAULT_DEFINITION) -> Comparison:
        """Scenarios compared with today: what `compare` would say of so few people and repeats.

        A side that was looked at lately is not lived again. Raises what `compare` raises.
        """
        refuse_what_cannot_be_compared(self.today, scenarios)
        first = self._side(self.today)
        contrasts = tuple(Contrast(first, self._side(one), definition) for one in scenarios)
        return Comparison(stamp([self.today, *scenarios], self.plan), first, contrasts, definition)

    def _side(self, scenario: Scenario) -> Repeats:
        key = f"{scenario.name} {scenario.hash()}"
        if key not in self._sides:
            self._sides[key] = live(scenario, self.plan)
            while len(self._sides) > SIDES_KEPT:
                self._sides.popitem(last=False)
        self._sides.move_to_end(key)
        return self._sides[key]
