"""From what was reckoned of each repeat to the measures that are reported, one number a repeat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recoverysim.cells import GROUPS
from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.outcomes import AT, DEFINITIONS, SHARE_OF_DAYS, WITHOUT_MEDICATION
from recoverysim.studies.appraisal import appraised
from recoverysim.studies.reckoning import (
    AFTER_3_MONTHS,
    AFTER_12_MONTHS,
    Reckoning,
    weeks_reckoned,
    years_within,
)

if TYPE_CHECKING:
    from recoverysim.studies.repeats import Repeats

PER_1000 = "people per 1,000 who started"
READMISSIONS = "episodes of care after the first, per 1,000 who started"
WAITED = "weeks waited for each episode of care begun"

# Measures that are people counted under a name, per 1,000 who started.
COUNTED = {
    "deaths": "stage_dead",
    "deaths_overdose": "deaths_overdose",
    "offered": "offered",
    "connected": "connected",
    "engaged": "engaged",
    "offers_not_followed": "offers_not_followed",
    "ever_attended": "ever_attended",
    "attending": "attending",
    "waiting": "stage_waiting",
    "gave_up_waiting": "gave_up_waiting",
}


# Measures of one time only, and their weeks.
MEASURED_AT = {"attending_3_months": AFTER_3_MONTHS, "attending_12_months": AFTER_12_MONTHS}


class Measure(NamedTuple):
    """One measure in one group at one time: `values` holds a number for each repeat.

    NaN where a repeat cannot say, since nobody of the group has been followed that long.
    """

    name: str
    definition: str | None
    group: str
    year: int | None
    unit: str
    values: np.ndarray


def definitions() -> tuple[str, ...]:
    """Every definition of recovery by name."""
    names = (*(definition.name for definition in DEFINITIONS), SHARE_OF_DAYS)
    return (*names, *(name + WITHOUT_MEDICATION for name in names))


def beside(definition: str) -> tuple[str, ...]:
    """What is always shown beside a definition: a year or more, and people without medication."""
    others = ("at_least_1_year", definition.removesuffix(WITHOUT_MEDICATION) + WITHOUT_MEDICATION)
    return tuple(other for other in others if other != definition)


def measure(repeats: Repeats, definition: str) -> Iterator[Measure]:
    """Every measure of a scenario, for everybody and for each group of `cells.GROUPS`."""
    for group in GROUPS:
        yield from measure_of(group, repeats, definition)


def measure_of(group: str, repeats: Repeats, definition: str) -> Iterator[Measure]:
    """Every measure of one group."""
    place = list(GROUPS).index(group)
    yield from _Group(repeats, place, group, definition).measures()


class _Group:
    """What was reckoned of one group of people in all repeats."""

    def __init__(self, repeats: Repeats, place: int, group: str, definition: str) -> None:
        self.group = group
        self.definition = definition
        self.priced = repeats.priced
        self.years = years_within(repeats.plan.years)
        self.at = {week: row for row, week in enumerate(weeks_reckoned(self.years))}
        self.reckoned = Reckoning(*(array[:, :, place] for array in repeats.reckoned))

    def now(self, name: str, week: int) -> np.ndarray:
        """People counted under a name in a week, per 1,000 of everybody in the group who came at
        least that long ago, the dead included."""
        row = self.at[week]
        people = self.reckoned.now[:, row, AT[name]]
        return 1000 * people / np.maximum(self.reckoned.started[:, row], 1)

    def weeks(self, name: str, week: int) -> np.ndarray:
        """Weeks up to this one under a name, per person who came."""
        return np.asarray(self.reckoned.weeks[:, self.at[week], AT[name]])

    def measures(self) -> Iterator[Measure]:
        """Every measure; NaN in a repeat in which nobody of the group is followed that long."""
        for one in self.counted():
            week = one.year * WEEKS_A_YEAR if one.year else MEASURED_AT[one.name]
            nobody = self.reckoned.started[:, self.at[week]] == 0
            yield one._replace(values=np.where(nobody, np.nan, one.values))

    def counted(self) -> Iterator[Measure]:
        """Every measure, with nought where there is nobody to count."""
        for year in self.years:
            week = year * WEEKS_A_YEAR
            for definition in (self.definition, *beside(self.definition)):
                found = self.in_recovery(week, definition)
                yield Measure("in_recovery", definition, self.group, year, *found)
            for name, counted in COUNTED.items():
                yield self.row(name, year, PER_1000, self.now(counted, week))
            yield self.row("readmissions", year, READMISSIONS, self.now("readmissions", week))
            yield self.row("weeks_waited", year, WAITED, self.weeks_waited(week))
            yield Measure(
                "weeks_in_recovery", self.definition, self.group, year,
                "weeks per person who started", self.weeks_in_recovery(week),
            )  # fmt: skip
            for name, unit, values in appraised(self.reckoned, self.at[week], self.priced):
                yield self.row(name, year, unit, values)
        for name, week in MEASURED_AT.items():
            yield self.row(name, None, PER_1000, self.now("attending", week))

    def row(self, name: str, year: int | None, unit: str, values: np.ndarray) -> Measure:
        """A measure that does not depend on the definition of recovery."""
        return Measure(name, None, self.group, year, unit, values)

    def in_recovery(self, week: int, definition: str) -> tuple[str, np.ndarray]:
        """Unit and values by a definition."""
        if not definition.startswith(SHARE_OF_DAYS):
            return PER_1000, self.now(definition, week)
        alive = week - self.weeks("stage_dead", week)
        share = 1000 * self.not_using(week, definition) / np.maximum(alive, 1e-9)
        return "days not using per 1,000 days alive", share

    def not_using(self, week: int, definition: str) -> np.ndarray:
        """Weeks without use, protected care included, per person who came."""
        well = self.weeks("use_abstinent", week)
        if definition.endswith(WITHOUT_MEDICATION):
            return well - self.weeks("medication_abstinent", week)
        return well

    def weeks_in_recovery(self, week: int) -> np.ndarray:
        """Weeks in recovery by the definition, up to this week, per person who came."""
        if self.definition.startswith(SHARE_OF_DAYS):
            return self.not_using(week, self.definition)
        return self.weeks(self.definition, week)

    def weeks_waited(self, week: int) -> np.ndarray:
        """Weeks spent waiting for each episode of care begun; a place got at once is no wait."""
        begun = self.now("episodes", week) / 1000
        return self.weeks("stage_waiting", week) / np.where(begun > 0, begun, np.nan)
