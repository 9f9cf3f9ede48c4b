"""Scenarios ranked by the first measure, with honest ties."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from recoverysim import sweep_words
from recoverysim.studies.sweeps.analyses.answers import Answer, blocks, lived
from recoverysim.studies.sweeps.analyses.missing import CannotAnalyse
from recoverysim.studies.sweeps.analyses.ranges import Ranged, over_points
from recoverysim.studies.sweeps.found import Found


def leaderboard(found: Found) -> pl.DataFrame:
    """A row for each scenario, the best first: `mean` of the plan's first measure in the last year
    over points and repeats; how much `more_than_first` it has than the plan's first scenario and
    `behind_best`: how much it has less than the best, both twin by twin with 95% intervals;
    `tie_with_best` whether it cannot be told apart from it; `best_in` the share of points in which
    it is best, ties shared. Of deaths and costs the lowest is the best.

    Only runs count that finished in every scenario. Raises CannotAnalyse of a single scenario.
    """
    told = lived(found, found.plan.measures[0])
    if len(told) < 2:
        raise CannotAnalyse("it takes two scenarios")
    everywhere = np.isfinite([one.values for one in told]).all(axis=0)
    if not everywhere.any():
        raise CannotAnalyse("no run finished in every scenario")
    told = [
        Answer(one.scenario, one.measure, one.year, np.where(everywhere, one.values, np.nan))
        for one in told
    ]
    sign = -1.0 if told[0].measure in sweep_words.LESS_IS_BETTER else 1.0
    means = np.array([one.mean for one in told])
    there = told[0].there
    ranked = sorted(told, key=lambda one: -sign * float(one.mean[there].mean()))
    shares = dict(
        zip([one.scenario for one in told], _best_in(sign * means[:, there]), strict=True)
    )
    together, sampled = blocks(found), found.plan.design != "grid"
    weights = there / there.sum()

    def mean(values: np.ndarray) -> Ranged:
        return over_points(values, weights, together, sampled=sampled)

    first = next(one for one in told if one.scenario == told[0].scenario)
    rows: list[dict[str, Any]] = []
    for rank, one in enumerate(ranked, 1):
        behind = mean(sign * (ranked[0].values - one.values))
        rows.append(
            {
                "rank": rank, "scenario": one.scenario, "measure": one.measure, "year": one.year,
                **_named("mean", mean(one.values)),
                **_named("more_than_first", mean(one.values - first.values)),
                **_named("behind_best", behind),
                "tie_with_best": rank > 1 and behind.holds_zero,
                "best_in": float(shares[one.scenario]), "points": int(there.sum()),
            }
        )  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def _best_in(means: np.ndarray) -> np.ndarray:
    """Of (scenarios, points): the share of points in which each is best, ties shared."""
    best = means == means.max(axis=0)
    return np.asarray((best / best.sum(axis=0)).mean(axis=1))


def _named(name: str, one: Ranged) -> dict[str, Any]:
    return {name: one.mean, f"{name}_low": one.low, f"{name}_high": one.high}
