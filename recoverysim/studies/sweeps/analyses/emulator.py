"""A Gaussian process in place of the simulation: answers at settings that were not run, with its
error.

Rasmussen and Williams (2006): a Matern kernel (5/2) with a length for each factor, and white noise
for luck. The error is found on points that were held out, the kernel fitted anew without them.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from recoverysim.studies.sweeps.analyses.answers import Answer, answers, blocks, value_columns
from recoverysim.studies.sweeps.analyses.missing import CannotAnalyse, MissingLibrary
from recoverysim.studies.sweeps.found import Found

MOST_FACTORS, FEWEST_POINTS, MOST_POINTS = 12, 30, 300
FOLDS, SEED = 5, 1
Z_95 = 1.959963984540054
NEAR_EDGE = 1e-9


class Error(NamedTuple):
    """How good an emulator is on points that it had not seen: root of the mean square error in the
    measure's unit, share of 95% intervals that held what was simulated with an interval of its own
    (Wilson 1927), share of the variance explained (below 0: worse than the mean), and the points it
    was tried on."""

    rmse: float
    coverage: float
    coverage_low: float
    coverage_high: float
    explained: float
    points: int


@dataclass(frozen=True)
class Emulator:
    """Answers of one measure of one scenario between the points that were run.

    `ranges` has the lowest and highest value of each factor; beyond them nothing is answered.
    """

    scenario: str
    measure: str
    year: int
    ranges: dict[str, tuple[float, float]]
    error: Error
    process: Any

    def predict(self, points: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of what a point run there would answer, its luck included:
        float64 of (points,) each. `points` has a column of values for each factor.

        Raises ValueError where a factor is missing or a value lies beyond the range that was run.
        """
        return _predicted(self.process, scaled(points, self.ranges))


def scaled(points: pl.DataFrame, ranges: dict[str, tuple[float, float]]) -> np.ndarray:
    """Between 0 and 1 within the ranges, float64 of (points, factors); ValueError beyond."""
    columns = []
    for name, (low, high) in ranges.items():
        if name not in points.columns:
            raise ValueError(f"points should have a column {name}; found {points.columns}")
        values = points[name].cast(pl.Float64).to_numpy()
        inside = (values - low) / (high - low)
        beyond = ~((inside >= -NEAR_EDGE) & (inside <= 1 + NEAR_EDGE))
        if beyond.any():
            raise ValueError(
                f"{name} should be {low:g} to {high:g}, the range that was run; "
                f"found {values[beyond][0]:g}"
            )
        columns.append(inside)
    return np.column_stack(columns)


def emulators(found: Found) -> list[Emulator]:
    """One for each told scenario, of the plan's first measure.

    Raises MissingLibrary without scikit-learn, CannotAnalyse where factors are kinds, more than
    twelve, or fewer than thirty points have an answer.
    """
    try:
        import sklearn.gaussian_process  # noqa: F401
    except ImportError as missing:
        raise MissingLibrary("scikit-learn") from missing
    columns = value_columns(found)
    varied = [one for one in found.plan.factors if found.points[one.name].n_unique() > 1]
    if len(columns) != len(varied) or not 1 <= len(columns) <= MOST_FACTORS:
        raise CannotAnalyse(
            f"it takes 1 to {MOST_FACTORS} factors, all with values that can be put on a line"
        )
    told = [one for one in answers(found) if one.measure == found.plan.measures[0]]
    enough = [
        one for one in told if one.there.sum() >= FEWEST_POINTS and np.ptp(one.mean[one.there])
    ]
    if not enough:
        raise CannotAnalyse(f"{FEWEST_POINTS} points with different answers are the fewest")
    return [_emulator(found, one, columns) for one in enough]


def _emulator(found: Found, answer: Answer, columns: dict[str, np.ndarray]) -> Emulator:
    kept = np.flatnonzero(answer.there)
    if len(kept) > MOST_POINTS:  # its time grows with the cube of the points
        kept = kept[np.linspace(0, len(kept) - 1, MOST_POINTS).round().astype(int)]
    some = {name: values[kept] for name, values in columns.items()}
    some = {name: values for name, values in some.items() if np.ptp(values) > 0}
    ranges = {name: (float(one.min()), float(one.max())) for name, one in some.items()}
    places, values = scaled(pl.DataFrame(some), ranges), answer.mean[kept]
    process = _fitted(places, values)
    error = _error(places, values, blocks(found)[kept], process.kernel_)
    return Emulator(answer.scenario, answer.measure, answer.year, ranges, error, process)


def _fitted(places: np.ndarray, values: np.ndarray, start: Any = None) -> Any:
    """The process with its kernel fitted, from a kernel to start at where there is one."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
    from threadpoolctl import threadpool_limits

    factors = places.shape[1]
    kernel = start or ConstantKernel(1.0, (1e-3, 1e4)) * Matern(
        np.ones(factors), [(0.05, 100.0)] * factors, nu=2.5
    ) + WhiteKernel(0.1, (1e-8, 10.0))
    process = GaussianProcessRegressor(kernel, normalize_y=True, random_state=SEED)
    # On matrices this small, threads wait for each other, and for whatever else runs here.
    with warnings.catch_warnings(), threadpool_limits(limits=1):
        # A factor that does nothing has a length at the end of its bounds, as it should.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return process.fit(places, values)


def _predicted(process: Any, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mean, sd = process.predict(places, return_std=True)
    return np.asarray(mean), np.asarray(sd)


def _error(places: np.ndarray, values: np.ndarray, together: np.ndarray, start: Any) -> Error:
    """On every point, held out together with those that were drawn with it."""
    from scipy.stats import binomtest

    names, block = np.unique(together, return_inverse=True)
    fold = np.random.default_rng(SEED).permutation(len(names))[block] % FOLDS
    mean, sd = np.empty(len(values)), np.empty(len(values))
    for one in np.unique(fold):
        out = fold == one
        mean[out], sd[out] = _predicted(_fitted(places[~out], values[~out], start), places[out])
    away = values - mean
    held = int((np.abs(away) <= Z_95 * sd).sum())
    ends = binomtest(held, len(values)).proportion_ci(method="wilson")
    return Error(
        float(np.sqrt((away**2).mean())),
        held / len(values),
        float(ends.low),
        float(ends.high),
        float(1 - (away**2).mean() / values.var()),
        len(values),
    )
