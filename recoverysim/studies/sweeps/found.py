"""What came of a sweep, as analyses take it: the points, and a row for each run and year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from recoverysim.studies.sweeps.plan import SweepPlan


@dataclass(frozen=True)
class Found:
    """All runs of a sweep that finished.

    `places` says where each factor stands at each point, between 0 and 1: float64 of (points,
    factors), as the design drew it. `points` has a column `point`, and one for each factor with its
    value. `runs` has the columns `scenario`, `point`, `repeat`, `year`, and one for each measure:
    a row for each run and reported year. `units` are those of the measures.
    """

    plan: SweepPlan
    places: np.ndarray
    points: pl.DataFrame
    runs: pl.DataFrame
    units: Mapping[str, str] = field(default_factory=dict)

    def told(self) -> pl.DataFrame:
        """The runs as the sweep tells them: where several scenarios live side by side, what each
        other one has more than the first, twin by twin; else the runs themselves."""
        if not self.plan.compares:
            return self.runs
        first = self.plan.names[0]
        by = ["point", "repeat", "year"]
        measures = [name for name in self.runs.columns if name not in ("scenario", *by)]
        base = self.runs.filter(pl.col("scenario") == first).drop("scenario")
        others = self.runs.filter(pl.col("scenario") != first)
        joined = others.join(base, on=by, suffix=" of the first")
        return joined.select(
            "scenario", *by, *(pl.col(one) - pl.col(f"{one} of the first") for one in measures)
        )
