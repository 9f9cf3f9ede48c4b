"""What two things do together, against the sum of what each does apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from recoverysim.studies.sweeps.analyses.answers import Answer, answers, over
from recoverysim.studies.sweeps.analyses.grids import Grid, grid_of, other_axes
from recoverysim.studies.sweeps.analyses.missing import CannotAnalyse
from recoverysim.studies.sweeps.analyses.ranges import over_repeats
from recoverysim.studies.sweeps.found import Found

SCENARIO = "scenario"


def interaction(found: Found) -> pl.DataFrame:
    """Rows of (scenario, measure, a, b): the change of the told measure from the lowest (or first)
    to the highest (or last) value of `a` alone, of `b` alone, of both `together`, the sum of the
    two (`sum_of_each`), and `interaction`: what is left, with its 95% interval over repeats, null
    of one.

    Other factors are averaged over, where all four corners have an answer. Where scenarios are
    told as differences there are rows with `a` "scenario": how much more (or less) the scenario
    does where the factor is at its highest.

    Raises CannotAnalyse where nothing can be crossed.
    """
    grid = grid_of(found)
    rows: list[dict[str, Any]] = []
    for answer in answers(found):
        block = grid.block(answer)
        if found.plan.compares:
            rows += [_with_scenario(answer, grid, block, axis) for axis in range(len(grid.factors))]
        rows += [_of_two(answer, grid, block, a, b) for a, b in grid.pairs]
    if not rows:
        raise CannotAnalyse("it takes two factors, or two scenarios and a factor")
    return pl.DataFrame(rows, infer_schema_length=None)


def _of_two(answer: Answer, grid: Grid, block: np.ndarray, a: int, b: int) -> dict[str, Any]:
    corners = other_axes(block, a, b)[[0, -1]][:, [0, -1]]
    whole = np.isfinite(corners).all(axis=(0, 1))  # the four belong together
    neither, only_b, only_a, both = (
        over(np.where(whole, corners[i, j], np.nan), 0) for i, j in ((0, 0), (0, 1), (1, 0), (1, 1))
    )
    return _row(
        answer, grid, (a, b), only_a - neither, only_b - neither, both - neither
    )  # fmt: skip


def _with_scenario(answer: Answer, grid: Grid, block: np.ndarray, axis: int) -> dict[str, Any]:
    """The difference that the scenario makes, at the lowest and highest value of a factor."""
    ends = other_axes(block, axis)[[0, -1]]
    whole = np.isfinite(ends).all(axis=0)
    low, high = (over(np.where(whole, one, np.nan), 0) for one in ends)
    left = over_repeats(high - low)
    return {
        **_named(answer, SCENARIO, grid.factors[axis].name),
        "a_from": "", "a_to": answer.scenario,
        "b_from": grid.told(axis, 0), "b_to": grid.told(axis, -1),
        "a_alone": float(np.mean(_there(low))), "b_alone": None,
        "sum_of_each": None, "together": None,
        "interaction": left.mean, "low": left.low, "high": left.high,
        "told": not left.holds_zero, "repeats": len(_there(high - low)),
    }  # fmt: skip


def _row(
    answer: Answer, grid: Grid, axes: tuple[int, int],
    a_alone: np.ndarray, b_alone: np.ndarray, together: np.ndarray,
) -> dict[str, Any]:  # fmt: skip
    a, b = axes
    left = over_repeats(together - a_alone - b_alone)
    mean_a, mean_b, mean = (float(np.mean(_there(one))) for one in (a_alone, b_alone, together))
    return {
        **_named(answer, grid.factors[a].name, grid.factors[b].name),
        "a_from": grid.told(a, 0), "a_to": grid.told(a, -1),
        "b_from": grid.told(b, 0), "b_to": grid.told(b, -1),
        "a_alone": mean_a, "b_alone": mean_b, "sum_of_each": mean_a + mean_b, "together": mean,
        "interaction": left.mean, "low": left.low, "high": left.high,
        "told": not left.holds_zero, "repeats": len(_there(together)),
    }  # fmt: skip


def _named(answer: Answer, a: str, b: str) -> dict[str, Any]:
    return {
        "scenario": answer.scenario, "measure": answer.measure, "year": answer.year, "a": a, "b": b
    }  # fmt: skip


def _there(values: np.ndarray) -> np.ndarray:
    there = values[np.isfinite(values)]
    return there if len(there) else np.array([np.nan])
