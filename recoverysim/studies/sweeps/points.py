"""The points of a sweep: what each lever is set to there, and what each uncertain number is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from recoverysim.store import tables
from recoverysim.studies.sweeps import designs
from recoverysim.studies.sweeps.factors import Setting
from recoverysim.studies.sweeps.plan import SweepPlan
from recoverysim.studies.sweeps.runs import AtPoint, Point, run_of

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, eq=False)
class Points:
    """Every point of a plan; `places` are float64 of (points, factors), from 0 to 1."""

    plan: SweepPlan
    places: np.ndarray
    rows: tuple[tuple[Setting, ...], ...]

    @classmethod
    def of(cls, plan: SweepPlan) -> Points:
        """The points as the design draws them."""
        return cls(plan, designs.draw(plan), designs.rows_of(plan))

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.places)

    @cached_property
    def sent(self) -> SweepPlan:
        """The plan as workers need it: without the points of the others."""
        return replace(self.plan, rows=())

    def one(self, point: int) -> Point:
        """A point as a worker needs it."""
        factors, places = self.plan.factors, self.places[point]
        uncertain = np.array([factor.uncertain for factor in factors], bool)
        if self.rows:
            return Point(self.rows[point], places[uncertain])
        settings = tuple(
            factor.at(place)
            for factor, place in zip(factors, places.tolist(), strict=True)
            if not factor.uncertain
        )
        return Point(settings, places[uncertain])

    def at(self, numbers: Iterable[int]) -> dict[int, Point]:
        """Each point at which one of these runs lives."""
        several = dict.fromkeys(run_of(self.plan, int(one)).point for one in numbers)
        return {point: self.one(point) for point in several}

    def settings_of(self, point: int) -> dict[str, Setting]:
        """What each factor is at a point, by its name."""
        at = self.one(point)
        levers = [factor for factor in self.plan.factors if not factor.uncertain]
        drawn = [factor for factor in self.plan.factors if factor.uncertain]
        found: dict[str, Setting] = {
            factor.name: setting for factor, setting in zip(levers, at.settings, strict=True)
        }
        if drawn:
            values = AtPoint(self.plan, point, at).drawn
            found |= {factor.name: values[factor.name] for factor in drawn}
        return found

    def table(self) -> pa.Table:
        """Every point with what each factor is there."""
        each = [self.settings_of(point) for point in range(self.count)]
        columns: dict[str, list[Any]] = {
            factor.name: [one[factor.name] for one in each] for factor in self.plan.factors
        }
        return tables.points({one.name: one.unit for one in self.plan.factors}, columns)

    def places_table(self) -> pa.Table:
        """Every point with the place of each factor, as the design drew it."""
        names = {one.name: "0 to 1" for one in self.plan.factors}
        columns = {name: list(column) for name, column in zip(names, self.places.T, strict=True)}
        return tables.points(names, columns)
