"""A grid as a block of numbers: an axis for each factor, and one for repeats."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from recoverysim import sweep_words
from recoverysim.studies.sweeps.analyses.answers import Answer, over
from recoverysim.studies.sweeps.factors import Factor, Setting
from recoverysim.studies.sweeps.found import Found


@dataclass(frozen=True)
class Grid:
    """The factors of a grid that take several values, and where each point stands on each axis.

    `levels` has the values of each factor: from the lowest to the highest, kinds in the order of
    the plan. `at` is int64 of (factors, points).
    """

    factors: tuple[Factor, ...]
    levels: tuple[tuple[Setting, ...], ...]
    at: np.ndarray

    def block(self, answer: Answer) -> np.ndarray:
        """Float64 of (values of each factor …, repeats); NaN where nothing is known."""
        shape = [len(one) for one in self.levels]
        found = np.full((*shape, answer.values.shape[1]), np.nan)
        found[tuple(self.at)] = answer.values
        return found

    @cached_property
    def pairs(self) -> list[tuple[int, int]]:
        """Every two axes."""
        return list(combinations(range(len(self.factors)), 2))

    def told(self, axis: int, level: int) -> str:
        """A value as it stands in a table."""
        return sweep_words.value(self.levels[axis][level])


def grid_of(found: Found) -> Grid:
    """The grid that was run."""
    factors, levels, at = [], [], []
    for factor in found.plan.factors:
        values = found.points[factor.name].to_list()
        different = _in_order(factor, values)
        if len(different) > 1:
            factors.append(factor)
            levels.append(different)
            at.append([different.index(one) for one in values])
    return Grid(tuple(factors), tuple(levels), np.array(at, dtype=np.int64))


def _in_order(factor: Factor, values: list[Setting]) -> tuple[Setting, ...]:
    there = dict.fromkeys(values)
    if factor.is_numeric:
        return tuple(sorted(there))
    planned = [one for one in factor.values if one in there]
    return tuple(dict.fromkeys([*planned, *there]))


def other_axes(block: np.ndarray, *kept: int) -> np.ndarray:
    """The block with these axes first, all other factors run together, and repeats last."""
    moved = np.moveaxis(block, kept, range(len(kept)))
    shape = moved.shape[: len(kept)]
    return moved.reshape(*shape, -1, block.shape[-1])


def averaged(block: np.ndarray, *kept: int) -> np.ndarray:
    """The mean over all other factors, by repeat: float64 of (kept axes …, repeats)."""
    return over(other_axes(block, *kept), -2)
