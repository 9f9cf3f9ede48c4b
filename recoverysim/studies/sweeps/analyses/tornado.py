"""What the measure is where a factor is low and where it is high, everything else as it comes."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from recoverysim.studies.sweeps.analyses.answers import Answer, answers, blocks, value_columns
from recoverysim.studies.sweeps.analyses.missing import CannotAnalyse
from recoverysim.studies.sweeps.analyses.ranges import Ranged, over_points
from recoverysim.studies.sweeps.found import Found

FIFTH = 0.2


def tornado(found: Found) -> pl.DataFrame:
    """Rows of (scenario, measure, factor), by measure from the widest on.

    `at_low` and `at_high`: the mean with its 95% interval over the points where the factor is in
    the lowest and highest fifth of its values (of a few values: the lowest and highest), which go
    up to `low_to` and start at `high_from`; `change` is the one less the other, and `apart` whether
    it can be told from noise.

    Raises CannotAnalyse where no factor has values that can be put on a line.
    """
    columns, together = value_columns(found), blocks(found)
    sampled = found.plan.design != "grid"
    rows: list[dict[str, Any]] = []
    for answer in answers(found):
        of = [
            row
            for name, values in columns.items()
            if (row := _row(answer, name, values, together, sampled=sampled)) is not None
        ]
        rows += sorted(of, key=lambda row: -abs(row["change"]))
    if not rows:
        raise CannotAnalyse("no factor has values that can be put on a line")
    return pl.DataFrame(rows, infer_schema_length=None)


def _row(
    answer: Answer, name: str, values: np.ndarray, together: np.ndarray, *, sampled: bool
) -> dict[str, Any] | None:
    there = answer.there
    low_to = np.quantile(values[there], FIFTH, method="lower")
    high_from = np.quantile(values[there], 1 - FIFTH, method="higher")
    if low_to == high_from:  # most points share one value
        low_to, high_from = values[there].min(), values[there].max()
    if low_to == high_from:
        return None
    low, high = there & (values <= low_to), there & (values >= high_from)
    at_low, at_high = low / low.sum(), high / high.sum()

    def over(weights: np.ndarray) -> Ranged:
        return over_points(answer.values, weights, together, sampled=sampled)

    change = over(at_high - at_low)
    return {
        "scenario": answer.scenario, "measure": answer.measure, "year": answer.year, "factor": name,
        "low_to": float(low_to), "high_from": float(high_from),
        **_named("at_low", over(at_low)), **_named("at_high", over(at_high)),
        **_named("change", change), "apart": not change.holds_zero,
        "points_low": int(low.sum()), "points_high": int(high.sum()),
    }  # fmt: skip


def _named(name: str, one: Ranged) -> dict[str, Any]:
    return {name: one.mean, f"{name}_from": one.low, f"{name}_to": one.high}
