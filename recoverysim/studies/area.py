"""What must stand beside the numbers of a scenario that was fitted to an area's own data."""

from __future__ import annotations

from recoverysim import words
from recoverysim.quantities import all_quantities
from recoverysim.scenario import Scenario


def notes(scenario: Scenario, comparator: Scenario, clients: int) -> list[str]:
    """What was fitted, whether the comparator is of the same area, and what is out of range."""
    said = []
    if scenario.local or comparator.local:
        fitted = scenario if scenario.local else comparator
        other = comparator if scenario.local else scenario
        elsewhere = None if scenario.local == comparator.local else other.name
        said.append(words.fitted([file.kind for file in fitted.local], elsewhere))
    for key, value in scenario.at_first({}).items():
        if key.startswith("places.") and key.endswith(".per_1000") and 0 < value * clients < 1000:
            said.append(words.no_place(key, value, clients))
    for key, value in scenario.today:
        one = all_quantities()[key]
        if not one.lever and not one.low <= value <= one.high:
            said.append(words.beyond_evidence(key, value, one.low, one.high, one.unit))
    return said
