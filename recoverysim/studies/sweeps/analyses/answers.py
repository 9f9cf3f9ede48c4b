"""What the points of a sweep answered, as numbers: the input of every analysis."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import polars as pl

from recoverysim import sweep_words
from recoverysim.plan import Plan
from recoverysim.studies.sweeps.found import Found
from recoverysim.studies.sweeps.plan import SweepPlan


@dataclass(frozen=True)
class Answer:
    """One told measure of one scenario in the last year.

    `values` is float64 of (points, repeats), in the order of `Found.points`; NaN where a run did
    not finish or cannot say. Repeats that live under the same parameter set are no independent
    witnesses of what is not known: they are averaged first, and count as one.
    """

    scenario: str
    measure: str
    year: int
    values: np.ndarray

    @cached_property
    def mean(self) -> np.ndarray:
        """Over the repeats of each point, float64 of (points,); NaN where there is none."""
        return over(self.values, 1)

    @property
    def there(self) -> np.ndarray:
        """Which points have an answer."""
        return np.isfinite(self.mean)

    @property
    def missing(self) -> int:
        """Points without an answer."""
        return int((~self.there).sum())


def answers(found: Found) -> list[Answer]:
    """As the sweep tells them: measure after measure in the plan's order, scenario by scenario."""
    return _aligned(found, found.told(), list(found.plan.measures))


def lived(found: Found, measure: str) -> list[Answer]:
    """One measure of every scenario as it was lived, none taken from another."""
    return _aligned(found, found.runs, [measure])


def _aligned(found: Found, told: pl.DataFrame, measures: list[str]) -> list[Answer]:
    if told.is_empty():
        return []
    year = int(told["year"].max())  # type: ignore[arg-type]
    told = told.filter(pl.col("year") == year)
    points, repeats = found.points["point"].to_list(), sorted(told["repeat"].unique())
    place = {point: number for number, point in enumerate(points)}
    which = {repeat: number for number, repeat in enumerate(repeats)}
    names = [name for name in found.plan.names if name in set(told["scenario"])]
    by_scenario = {}
    for name in names:
        rows = told.filter(pl.col("scenario") == name)
        at = [place[point] for point in rows["point"]], [which[one] for one in rows["repeat"]]
        by_scenario[name] = rows, at
    answered = []
    for measure in measures:
        for name, (rows, at) in by_scenario.items():
            if measure not in rows.columns:
                continue
            values = np.full((len(points), len(repeats)), np.nan)
            values[at] = rows[measure].cast(pl.Float64).fill_null(np.nan).to_numpy()
            if np.isfinite(values).any():
                apart = _one_a_set(found.plan, np.array(repeats), values)
                answered.append(Answer(name, measure, year, apart))
    return answered


def _one_a_set(plan: SweepPlan, repeats: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The mean over the repeats of each parameter set; the repeats themselves where none is drawn
    for them, or each point has its own."""
    of_points = plan.design == "accepted" or any(one.uncertain for one in plan.factors)
    if plan.knowledge == "none" or of_points:
        return values
    own = repeats % _sets(plan.one_run())
    return np.column_stack([over(values[:, own == one], 1) for one in np.unique(own)])


@lru_cache(maxsize=4)
def _sets(plan: Plan) -> int:
    return len(plan.parameter_sets())


def over(values: np.ndarray, axis: int) -> np.ndarray:
    """The mean over an axis of what is there; NaN where nothing is."""
    there = np.isfinite(values)
    many = there.sum(axis=axis)
    total = np.where(there, values, 0.0).sum(axis=axis)
    return np.asarray(np.where(many > 0, total / np.maximum(many, 1), np.nan))


def value_columns(found: Found) -> dict[str, np.ndarray]:
    """The values of each factor whose values can be put on a line and differ: float64 of points."""
    columns = {
        factor.name: found.points[factor.name].cast(pl.Float64).to_numpy()
        for factor in found.plan.factors
        if factor.is_numeric and found.points[factor.name].dtype.is_numeric()
    }
    return {name: one for name, one in columns.items() if np.ptp(one) > 0}


def kinds(found: Found) -> dict[str, list[str]]:
    """The values of each other factor that differ, in words."""
    numeric = value_columns(found)
    columns = {
        factor.name: [sweep_words.value(one) for one in found.points[factor.name]]
        for factor in found.plan.factors
        if factor.name not in numeric
    }
    return {name: one for name, one in columns.items() if len(set(one)) > 1}


def blocks(found: Found) -> np.ndarray:
    """Which points were drawn together, int64 of (points,): those of a Morris trajectory or of a
    Sobol base differ in single factors only, so they are not independent of each other."""
    size = {"morris": 1, "sobol": 2}.get(found.plan.design)
    together = 1 if size is None else len(found.plan.factors) + size
    return np.arange(found.points.height) // together
