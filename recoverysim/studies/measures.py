"""From weekly counts of people to the measures that are reported, one number a repeat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recoverysim.codes import KINDS, SUBSTANCES, WEEKS_A_YEAR
from recoverysim.outcomes import AT, DEFINITIONS, SHARE_OF_DAYS, WITHOUT_MEDICATION

if TYPE_CHECKING:
    from recoverysim.studies.repeats import Repeats

REPORTED_YEARS = (1, 2, 5, 10, 16)

ALL = "all"
GROUPS = (ALL, *(f"substance={name}" for name in SUBSTANCES))

PER_1000 = "people per 1,000 who started"
READMISSIONS = "episodes of care after the first, per 1,000 who started"


class Measure(NamedTuple):
    """One measure in one group at one time: `values` holds a number for each repeat."""

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


def years_within(years: int) -> tuple[int, ...]:
    """The reported years as far as a run reaches, and its last year."""
    return tuple(year for year in REPORTED_YEARS if year < years) + (years,)


def measure(repeats: Repeats, definition: str) -> Iterator[Measure]:
    """Every measure of a scenario, for everybody and by substance."""
    for group in GROUPS:
        yield from _Group(repeats, group, definition).measures()


class _Group:
    """The counts of one group of people in all repeats."""

    def __init__(self, repeats: Repeats, group: str, definition: str) -> None:
        self.group = group
        self.definition = definition
        self.priced = repeats.priced
        self.years = years_within(repeats.plan.years)
        self.places = [SUBSTANCES.index(group.split("=")[1])] if group != ALL else [0, 1, 2]
        self.by_substance = repeats.counts[:, :, self.places, :]
        self.counts = self.by_substance.sum(axis=2)
        stages = slice(AT["stage_using"], AT["stage_dead"] + 1)
        self.started = self.counts[:, 0, stages].sum(axis=1)

    def week(self, name: str, week: int) -> np.ndarray:
        """People counted under a name in a week, per repeat."""
        return self.counts[:, week, AT[name]].astype(float)

    def per_1000(self, people: np.ndarray) -> np.ndarray:
        """Per 1,000 of everybody in the group who started, the dead included."""
        return 1000 * people / np.maximum(self.started, 1)

    def measures(self) -> Iterator[Measure]:
        for year in self.years:
            week = year * WEEKS_A_YEAR
            for definition in (self.definition, *beside(self.definition)):
                found = self.in_recovery(week, definition)
                yield Measure("in_recovery", definition, self.group, year, *found)
            for name, counted in (
                ("deaths", "stage_dead"),
                ("deaths_overdose", "deaths_overdose"),
                ("offered", "offered"),
                ("connected", "connected"),
                ("engaged", "engaged"),
                ("offers_not_followed", "offers_not_followed"),
                ("ever_attended", "ever_attended"),
                ("attending", "attending"),
            ):
                yield self.row(name, year, PER_1000, self.per_1000(self.week(counted, week)))
            yield self.row(
                "readmissions", year, READMISSIONS, self.per_1000(self.week("readmissions", week))
            )
            yield Measure(
                "weeks_in_recovery", self.definition, self.group, year,
                "weeks per person who started", self.weeks_in_recovery(week),
            )  # fmt: skip
            yield self.row("cost", year, "pounds per person who started", self.each(week, _cost))
            yield self.row("qalys", year, "QALYs per person who started", self.each(week, _qalys))
        for name, week in (("attending_3_months", 13), ("attending_12_months", WEEKS_A_YEAR)):
            if week < self.counts.shape[1]:
                yield self.row(name, None, PER_1000, self.per_1000(self.week("attending", week)))

    def row(self, name: str, year: int | None, unit: str, values: np.ndarray) -> Measure:
        """A measure that does not depend on the definition of recovery."""
        return Measure(name, None, self.group, year, unit, values)

    def in_recovery(self, week: int, definition: str) -> tuple[str, np.ndarray]:
        """Unit and values by a definition."""
        if not definition.startswith(SHARE_OF_DAYS):
            return PER_1000, self.per_1000(self.week(definition, week))
        well = self.not_using(definition)[:, :week].sum(axis=1)
        alive = self.alive()[:, :week].sum(axis=1)
        return "days not using per 1,000 days alive", 1000 * well / np.maximum(alive, 1)

    def not_using(self, definition: str) -> np.ndarray:
        """People not using in each week lived, protected care included."""
        well = self.counts[:, 1:, AT["use_abstinent"]]
        if definition.endswith(WITHOUT_MEDICATION):
            return well - self.counts[:, 1:, AT["medication_abstinent"]]
        return well

    def alive(self) -> np.ndarray:
        return self.started[:, None] - self.counts[:, 1:, AT["stage_dead"]]

    def weeks_in_recovery(self, week: int) -> np.ndarray:
        """Weeks in recovery by the definition, up to this week, per person who started."""
        if self.definition.startswith(SHARE_OF_DAYS):
            weeks = self.not_using(self.definition)[:, :week].sum(axis=1)
        else:
            weeks = self.counts[:, 1 : week + 1, AT[self.definition]].sum(axis=1)
        return weeks / np.maximum(self.started, 1)

    def each(self, week: int, priced: Callable[..., float]) -> np.ndarray:
        """A discounted sum per person for each repeat, at that repeat's own prices."""
        sums = [
            priced(self.by_substance[r, : week + 1], self.places, self.priced[r])
            for r in range(len(self.priced))
        ]
        return np.array(sums) / np.maximum(self.started, 1)


def _discounted(weekly: np.ndarray, values: dict[str, float]) -> float:
    """The sum of a weekly series (float64 of weeks), discounted by years since the start."""
    years = np.arange(1, len(weekly) + 1) / WEEKS_A_YEAR
    return float(np.sum(weekly / (1 + values["costs.discount_per_year"]) ** years))


def _cost(counts: np.ndarray, places: list[int], values: dict[str, float]) -> float:
    """Pounds for care and introductions; `counts` is (weeks + 1, substances, COUNTS) of one repeat.

    A week of care is paid for whoever is in a place as it begins, which the row before says: places
    are got at the end of a week, the first of them before week 0.
    """
    care = {
        "stage_detox": values["costs.detox_week"],
        "treatment_residential": values["costs.residential_week"],
        "treatment_psychosocial": values["costs.psychosocial_week"],
        "treatment_medication": values["costs.medication_week"],
    }
    people = counts.sum(axis=1)
    weekly = sum(price * people[:-1, AT[name]] for name, price in care.items())
    weekly += sum(
        values[f"costs.{kind}.introduction"] * people[1:, AT[f"linked_{kind}"]] for kind in KINDS
    )
    return _discounted(weekly, values)


def _qalys(counts: np.ndarray, places: list[int], values: dict[str, float]) -> float:
    """Quality-adjusted life years: abstinent, on medication with or without use, or using.

    Each week counts by the state at its end, so that whoever dies in it gains nothing from it.
    """
    counts = counts[1:]
    weekly = np.zeros(len(counts))
    for column, place in enumerate(places):
        substance = SUBSTANCES[place]
        here = counts[:, column, :]
        medicated = here[:, AT["treatment_medication"]]
        stable = here[:, AT["medication_abstinent"]]
        well = here[:, AT["use_abstinent"]] - stable
        in_use = here[:, AT["use_lapsed"]] + here[:, AT["use_using"]] - (medicated - stable)
        weekly += well * values[f"quality_of_life.{substance}.abstinent"]
        weekly += in_use * values[f"quality_of_life.{substance}.using"]
        weekly += stable * values["quality_of_life.on_medication_abstinent"]
        weekly += (medicated - stable) * values["quality_of_life.on_medication_using"]
    return _discounted(weekly / WEEKS_A_YEAR, values)
