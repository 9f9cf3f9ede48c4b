"""Luck that all points share: under twins repeat r is as lucky, or not, wherever it is lived.

However many points there are, such luck does not average out between them: a factor that does
nothing can look as if it did, at every point alike. Only repeats tell how large that is. What it
leaves open is found by leaving out each repeat in turn (the jackknife of Tukey), and stands beside
what the draw of points leaves open. Where repeats are independent the luck within points is counted
twice, so that intervals are rather too wide than too narrow.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from recoverysim.studies.intervals import around


class SharedLuck(NamedTuple):
    """The variance of each of several statistics by luck, float64 of (statistics,), and its degrees
    of freedom: 0 where there are not two repeats to tell."""

    variance: np.ndarray
    freedom: int

    def around(
        self, place: int, told: float, variance: float, freedom: float
    ) -> tuple[float, float]:
        """The 95% interval of one statistic whose variance by the draw of points has so many
        degrees of freedom (infinite where it is known); Satterthwaite (1946)."""
        luck = float(self.variance[place]) if self.freedom else 0.0
        if variance + luck == 0:
            return told, told
        spread = variance**2 / freedom + (luck**2 / self.freedom if self.freedom else 0.0)
        together = (variance + luck) ** 2 / spread if spread > 0 else math.inf
        return around(told, together, variance + luck)


def shared_luck(values: np.ndarray, statistics: Callable[[np.ndarray], np.ndarray]) -> SharedLuck:
    """Of statistics of the mean over repeats. `values` is float64 of (points, repeats); repeats
    that did not finish at every point are left out."""
    whole = values[:, np.isfinite(values).all(axis=0)]
    repeats = whole.shape[1]
    if repeats < 2:
        return SharedLuck(np.empty(0), 0)
    total = whole.sum(axis=1)
    without = np.array([statistics((total - one) / (repeats - 1)) for one in whole.T])
    away = without - without.mean(axis=0)
    return SharedLuck((away**2).sum(axis=0) * (repeats - 1) / repeats, repeats - 1)
