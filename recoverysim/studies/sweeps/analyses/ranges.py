"""The 95% interval of a mean over points and repeats."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from recoverysim.studies.intervals import around
from recoverysim.studies.sweeps.analyses.answers import over

MANY_ENOUGH = 10  # numbers that are all alike are so by chance where there are fewer
FEWEST_BLOCKS = 4.0  # below it nobody can say how much they differ


class Ranged(NamedTuple):
    """A number and the ends of its 95% interval; None where there is too little to give one."""

    mean: float
    low: float | None
    high: float | None

    @property
    def holds_zero(self) -> bool:
        """Whether it cannot be told from zero; also where there is no interval."""
        if self.low is None or self.high is None:
            return True
        return self.low <= 0 <= self.high


def over_repeats(by_repeat: np.ndarray) -> Ranged:
    """Of one number a repeat: mean ± t × its standard error."""
    there = by_repeat[np.isfinite(by_repeat)]
    if not len(there):
        return Ranged(math.nan, None, None)
    mean = float(there.mean())
    if len(there) < 2:
        return Ranged(mean, None, None)
    if len(there) < MANY_ENOUGH and mean != 0 and not np.ptp(there):
        return Ranged(mean, None, None)  # few people, few repeats: alike by chance, not for sure
    return Ranged(mean, *around(mean, len(there) - 1, float(there.var(ddof=1)) / len(there)))


def over_points(
    values: np.ndarray, weights: np.ndarray, together: np.ndarray, *, sampled: bool
) -> Ranged:
    """A weighted sum over points of (points, repeats), with weights such as 1/n, or 1/n of the
    high ones and -1/m of the low ones; points without an answer have to have no weight.

    Points of a grid are the whole question, so only repeats tell how sure it is. Drawn points
    (`sampled`) are drawn again in thought, block by block (`together`, a cluster-robust variance),
    and what the repeats have in common at every point is added where there are two or more; that
    counts the luck within points twice, so the interval is rather too wide than too narrow.
    Degrees of freedom: Satterthwaite (1946).
    """
    mean = over(values, 1)
    used = (weights != 0) & np.isfinite(mean)
    total = float((weights[used] * mean[used]).sum())
    repeats = _by_repeat(values[used], weights[used])
    luck = float(repeats.var(ddof=1)) / len(repeats) if len(repeats) > 1 else None
    if not sampled:
        return Ranged(total, None, None) if luck is None else over_repeats(repeats)
    drawn, freedom = _clustered(mean[used], weights[used], together[used])
    if freedom == 0:
        return Ranged(total, None, None)
    variance = drawn + (luck or 0.0)
    if variance == 0:
        return Ranged(total, total, total)
    spread = drawn**2 / freedom + (0.0 if luck is None else luck**2 / (len(repeats) - 1))
    return Ranged(total, *around(total, variance**2 / spread, variance))


def _by_repeat(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The same sum in each repeat that finished everywhere."""
    whole = np.isfinite(values).all(axis=0)
    return np.asarray(weights @ values[:, whole])


def _clustered(mean: np.ndarray, weights: np.ndarray, together: np.ndarray) -> tuple[float, float]:
    """Variance of the sum by the draw of blocks of points, and its degrees of freedom.

    Blocks count by what they weigh: where one or two carry nearly everything, a few stray points
    of others do not make it sure.
    """
    away = np.zeros(len(mean))
    blocks = float(len(mean))
    for side in (weights > 0, weights < 0):
        if side.any():
            whole = float(weights[side].sum())
            away[side] = weights[side] * (mean[side] - (weights[side] * mean[side]).sum() / whole)
            shares = np.bincount(together[side], weights[side]) / whole
            blocks = min(blocks, 1 / float((shares**2).sum()))
    if blocks < FEWEST_BLOCKS:
        return 0.0, 0.0
    sums = np.bincount(together, away)
    return float((sums**2).sum()) * blocks / (blocks - 1), blocks - 1
