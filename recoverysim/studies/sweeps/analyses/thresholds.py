"""From which value of a factor on an answer crosses what counts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl

from recoverysim.studies.sweeps.analyses.answers import Answer, answers, over
from recoverysim.studies.sweeps.analyses.grids import averaged, grid_of
from recoverysim.studies.sweeps.analyses.missing import CannotAnalyse
from recoverysim.studies.sweeps.found import Found

RESAMPLES, SEED = 4000, 1
FEWEST_REPEATS = 5  # a bootstrap of fewer is far too sure of itself
BEYOND = "beyond the range"


def thresholds(found: Found) -> pl.DataFrame:
    """Rows of (scenario, measure, factor): where the measure, all other factors averaged over,
    first goes through `line` (the plan's `worth_from` for its first measure, else zero), by
    straight lines between the values that were run; `rising` or not; `crossings` in all.

    `crossed_at` is null where it is not crossed within the range, and `above` says on which side
    it stays. `low` and `high`: 95% interval by a bootstrap of repeats, null of fewer than five;
    infinite where repeats drawn again do not cross, so that it reaches beyond the range;
    `crosses` is the share of them that do.

    Raises CannotAnalyse where there is no line to cross, or no factor with values on a line.
    """
    grid = grid_of(found)
    axes = [axis for axis, factor in enumerate(grid.factors) if factor.is_numeric]
    lines = _lines(found)
    if not axes:
        raise CannotAnalyse("no factor has values that can be put on a line")
    if not lines:
        raise CannotAnalyse("without a second scenario or worth_from there is no line to cross")
    rows: list[dict[str, Any]] = []
    for answer in answers(found):
        if answer.measure not in lines:
            continue
        block = grid.block(answer)
        for axis in axes:
            at = np.array(grid.levels[axis], dtype=float)
            curves = averaged(block, axis) - lines[answer.measure]
            there = np.isfinite(curves).any(axis=1)
            if there.sum() >= 2:  # one value alone is no line
                name, line = grid.factors[axis].name, lines[answer.measure]
                rows.append(_row(answer, name, line, at[there], curves[there]))
    if not rows:
        raise CannotAnalyse("no factor has answers at two of its values")
    return pl.DataFrame(rows, infer_schema_length=None)


def _lines(found: Found) -> dict[str, float]:
    """What each measure may cross: a level of people in recovery never crosses zero."""
    first = found.plan.measures[0]
    lines = dict.fromkeys(found.plan.measures, 0.0) if found.plan.compares else {}
    if found.plan.worth_from is not None:
        lines[first] = found.plan.worth_from
    return lines


def _row(
    answer: Answer, factor: str, line: float, at: np.ndarray, curves: np.ndarray
) -> dict[str, Any]:
    """`curves` is float64 of (values, repeats), less the line."""
    curve = over(curves, 1)
    crossed = crossing(at, curve)
    starts = curve[curve != 0][:1]  # a scenario that moves nobody there makes exactly no difference
    rising = bool(starts.size and starts[0] < 0)
    found = {
        "scenario": answer.scenario, "measure": answer.measure, "year": answer.year,
        "factor": factor, "line": line, "from": float(at[0]), "to": float(at[-1]),
        "crossed_at": crossed, "rising": None if crossed is None else rising,
        "above": None if crossed is not None else bool(curve[0] > 0 or curve[-1] > 0),
        "crossings": int((np.diff(np.sign(curve[curve != 0])) != 0).sum()),
    }  # fmt: skip
    whole = curves[:, np.isfinite(curves).all(axis=0)]
    return found | _interval(at, whole, rising=rising)


def crossing(at: np.ndarray, curve: np.ndarray) -> float | None:
    """The first place where a broken line goes through zero; None where it does not."""
    place = float(crossings(at, curve[:, None])[0])
    return None if math.isnan(place) else place


def crossings(at: np.ndarray, curves: np.ndarray) -> np.ndarray:
    """The same of many lines, float64 of (values, lines): NaN where one is not crossed."""
    one, other = curves[:-1], curves[1:]
    through = (one * other < 0) | ((other == 0) & (one != 0))
    first = through.argmax(axis=0), np.arange(curves.shape[1])
    start, end = one[first], other[first]
    with np.errstate(divide="ignore", invalid="ignore"):
        place = at[first[0]] + (at[first[0] + 1] - at[first[0]]) * start / (start - end)
    return np.where(through.any(axis=0), place, np.nan)


def _interval(at: np.ndarray, curves: np.ndarray, *, rising: bool) -> dict[str, Any]:
    """Repeats drawn again, thousands of times. One that does not cross lies below or above the
    whole range: it counts as a crossing beyond the end on the side where the crossing would be.

    The ends are quantiles further out than 2.5 and 97.5%, as far as few repeats ask for: the
    expanded percentile interval of Hesterberg (2015).
    """
    from scipy.special import ndtr, stdtrit

    repeats = curves.shape[1]
    if repeats < FEWEST_REPEATS:
        return {"low": None, "high": None, "crosses": None, "repeats": repeats}
    which = np.random.default_rng(SEED).integers(repeats, size=(RESAMPLES, repeats))
    drawn = curves[:, which].mean(axis=2)
    places = crossings(at, drawn)
    beyond = np.where((drawn.mean(axis=0) < 0) == rising, np.inf, -np.inf)
    crosses = np.isfinite(places)
    out = float(ndtr(-math.sqrt(repeats / (repeats - 1)) * stdtrit(repeats - 1, 0.975)))
    low, high = np.quantile(
        np.where(crosses, places, beyond), [out, 1 - out], method="inverted_cdf"
    )
    return {
        "low": float(low), "high": float(high),
        "crosses": float(crosses.mean()), "repeats": repeats,
    }  # fmt: skip
