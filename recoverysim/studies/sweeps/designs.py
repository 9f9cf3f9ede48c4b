"""Where the points of a sweep lie: every design gives each factor a place between 0 and 1."""

from __future__ import annotations

import itertools
import math

import numpy as np

from recoverysim.knowledge import accepted_sets
from recoverysim.studies.sweeps.factors import Factor, Setting
from recoverysim.studies.sweeps.plan import SweepPlan


def rows_of(plan: SweepPlan) -> tuple[tuple[Setting, ...], ...]:
    """The settings of every point of a design that names them: a grid, or the rows of a file."""
    if plan.design == "grid":
        return tuple(itertools.product(*(factor.values for factor in plan.factors)))
    return plan.rows


def how_many_points(plan: SweepPlan) -> int:
    """Points of a plan, without drawing them."""
    if plan.design == "grid":
        return math.prod(len(factor.values) for factor in plan.factors)
    if plan.design == "rows":
        return len(plan.rows)
    if plan.design == "morris":
        return plan.points * (len(plan.factors) + 1)
    if plan.design == "sobol":
        return plan.points * (len(plan.factors) + 2)
    return plan.points


def how_many_runs(plan: SweepPlan) -> int:
    """Runs of a plan, without drawing its points."""
    return how_many_points(plan) * plan.repeats * len(plan.scenarios)


def draw(plan: SweepPlan) -> np.ndarray:
    """The place of each factor at each point: float64 of (points, factors), from 0 to 1.

    The same plan gives the same places. Raises MissingLibrary for Morris and Sobol without SALib.
    """
    if plan.design in ("grid", "rows"):
        columns = zip(*rows_of(plan), strict=True)
        return np.array([_places(factor, one) for factor, one in zip(plan.factors, columns)]).T
    if plan.design == "accepted":
        sets = accepted_sets(plan.points, plan.seed)
        drawn = np.array([[values[factor.name] for factor in plan.factors] for values in sets])
        return (drawn.argsort(axis=0).argsort(axis=0) + 0.5) / len(drawn)
    if plan.design == "latin-hypercube":
        from scipy.stats import qmc

        return np.asarray(qmc.LatinHypercube(len(plan.factors), rng=plan.seed).random(plan.points))
    return _by_salib(plan)


def problem(factors: tuple[Factor, ...]) -> dict[str, object]:
    """The factors as SALib wants them told, all between 0 and 1."""
    names = [factor.name for factor in factors]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _by_salib(plan: SweepPlan) -> np.ndarray:
    try:
        from SALib.sample import morris, sobol
    except ImportError as fault:  # its neighbours import polars, which drawing does not need
        from recoverysim.studies.sweeps.analyses.missing import MissingLibrary

        raise MissingLibrary("SALib") from fault
    asked = problem(plan.factors)
    if plan.design == "morris":
        found = morris.sample(asked, plan.points, num_levels=plan.levels, seed=plan.seed)
    else:
        found = sobol.sample(asked, plan.points, calc_second_order=False, seed=plan.seed)
    return np.asarray(found)


def _places(factor: Factor, settings: tuple[Setting, ...]) -> list[float]:
    """Places of settings that a plan names: along the line, or where there is none, in order."""
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in settings):
        kinds = list(dict.fromkeys(settings))
        settings = tuple(kinds.index(one) for one in settings)
    numbers = np.array(settings, float)
    width = np.ptp(numbers)
    return list((numbers - numbers.min()) / width if width else np.zeros(len(numbers)))
