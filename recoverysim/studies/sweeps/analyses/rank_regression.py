"""Which factors matter where points are drawn at random: partial rank correlation (PRCC).

Marino et al. (2008): the correlation of what is left of the ranks of a factor and of the measure
once all other factors are taken out linearly. The interval is Fisher's with the standard error for
ranks of Bonett and Wright (2000), and the luck that all points share.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl

from recoverysim.studies.sweeps.analyses.answers import answers, kinds, value_columns
from recoverysim.studies.sweeps.analyses.missing import CannotAnalyse
from recoverysim.studies.sweeps.analyses.shared_luck import SharedLuck, shared_luck
from recoverysim.studies.sweeps.found import Found

SPARE = 10  # points beyond those that the other factors use up
WELL_APART = 1e5  # condition number below which columns can be inverted all at once
GONE = 1e-9  # of a variance of 1: what is left of a column that others make up


def rank_regression(found: Found) -> pl.DataFrame:
    """Rows of (scenario, measure, factor), by measure from the strongest on: `prcc` between -1 and
    1 with its 95% interval, `apart` whether it can be told from noise, and `points` used. Null
    where a factor cannot be told apart from others that go with it. Kinds are taken out of the
    others and have no row.

    Raises CannotAnalyse where there are too few points for so many factors.
    """
    columns = value_columns(found)
    if not columns:
        raise CannotAnalyse("no factor has values that can be put on a line")
    others = _dummies(found)
    fewest = len(columns) + others.shape[1] + 3 + SPARE
    rows: list[dict[str, Any]] = []
    for answer in answers(found):
        points = int(answer.there.sum())
        if points < fewest or np.ptp(answer.mean[answer.there]) == 0:
            continue
        there = answer.there
        of_factors, of_kinds = np.column_stack(list(columns.values()))[there], others[there]
        told = _partial(answer.mean[there], of_factors, of_kinds)
        luck = _luck(answer.values[there], of_factors, of_kinds)
        freedom = points - (len(columns) - 1 + others.shape[1]) - 3
        of = [
            {
                "scenario": answer.scenario, "measure": answer.measure, "year": answer.year,
                "factor": name, "prcc": one, **_interval(one, freedom, luck, place),
                "points": points,
            }
            for place, (name, one) in enumerate(zip(columns, told, strict=True))
        ]  # fmt: skip
        rows += sorted(of, key=lambda row: -abs(row["prcc"] or 0.0))
    if not rows:
        raise CannotAnalyse(
            f"{fewest} points with different answers are the fewest for so many factors"
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def _dummies(found: Found) -> np.ndarray:
    """A column of 0 and 1 for each kind but the first of each factor."""
    columns = [
        [float(one == kind) for one in values]
        for values in kinds(found).values()
        for kind in sorted(set(values))[1:]
    ]
    return np.array(columns).T if columns else np.empty((found.points.height, 0))


def _luck(values: np.ndarray, columns: np.ndarray, others: np.ndarray) -> SharedLuck:
    """What luck that all points share does to the transformed (Fisher) correlations."""

    def transformed(measured: np.ndarray) -> np.ndarray:
        told = _partial(measured, columns, others)
        return np.array([0.0 if one is None else _fisher(one) for one in told])

    return shared_luck(values, transformed)


def _partial(measure: np.ndarray, columns: np.ndarray, others: np.ndarray) -> list[float | None]:
    """The partial rank correlation of each column."""
    from scipy.stats import rankdata

    ranks = _standard(rankdata(columns, axis=0))
    measured = _standard(rankdata(measure)[:, None])
    kind = _standard(others)
    whole = np.hstack([measured, ranks, kind])
    if np.linalg.cond(whole) < WELL_APART:
        inverse = np.linalg.inv(whole.T @ whole)
        size = np.sqrt(np.diag(inverse))
        return [float(one) for one in (-inverse[0] / size[0] / size)[1 : ranks.shape[1] + 1]]
    return [
        _correlation(ranks[:, place], measured[:, 0], np.hstack([np.delete(ranks, place, 1), kind]))
        for place in range(ranks.shape[1])
    ]


def _standard(columns: np.ndarray) -> np.ndarray:
    away = columns - columns.mean(axis=0)
    length = np.sqrt((away**2).sum(axis=0))
    return np.asarray(away / np.where(length > 0, length, 1.0))


def _correlation(one: np.ndarray, other: np.ndarray, held: np.ndarray) -> float | None:
    """What is left of two once the others are taken out; None where nothing is left."""
    both = np.column_stack([one, other])
    if held.shape[1]:
        both = both - held @ np.linalg.lstsq(held, both, rcond=None)[0]
    size = (both**2).sum(axis=0)
    if (size < GONE).any():
        return None
    return float(both[:, 0] @ both[:, 1] / math.sqrt(size[0] * size[1]))


def _fisher(prcc: float) -> float:
    return math.atanh(min(max(prcc, -1 + 1e-12), 1 - 1e-12))


def _interval(prcc: float | None, freedom: int, luck: SharedLuck, place: int) -> dict[str, Any]:
    if prcc is None:
        return {"low": None, "high": None, "apart": None}
    variance = (1 + prcc**2 / 2) / freedom
    low, high = map(math.tanh, luck.around(place, _fisher(prcc), variance, math.inf))
    return {"low": low, "high": high, "apart": not low <= 0 <= high}
