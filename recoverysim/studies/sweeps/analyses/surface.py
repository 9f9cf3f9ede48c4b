"""Response surfaces: a grid of two factors with the mean and interval of each cell."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from recoverysim.studies.sweeps.analyses.answers import answers
from recoverysim.studies.sweeps.analyses.grids import averaged, grid_of
from recoverysim.studies.sweeps.analyses.missing import CannotAnalyse
from recoverysim.studies.sweeps.analyses.ranges import over_repeats
from recoverysim.studies.sweeps.found import Found


def surface(found: Found) -> pl.DataFrame:
    """Rows of (scenario, measure, a, b, a_value, b_value), values as they are written: `mean` over
    all other factors and repeats, `low` and `high` of its 95% interval over repeats, null of one.

    Raises CannotAnalyse where there are not two factors.
    """
    grid = grid_of(found)
    if not grid.pairs:
        raise CannotAnalyse("it takes two factors")
    rows: list[dict[str, Any]] = []
    for answer in answers(found):
        block = grid.block(answer)
        for a, b in grid.pairs:
            cells = averaged(block, a, b)
            for i, j in np.ndindex(cells.shape[:2]):
                one = over_repeats(cells[i, j])
                rows.append(
                    {
                        "scenario": answer.scenario, "measure": answer.measure, "year": answer.year,
                        "a": grid.factors[a].name, "b": grid.factors[b].name,
                        "a_value": grid.told(a, i), "b_value": grid.told(b, j),
                        "mean": one.mean, "low": one.low, "high": one.high,
                        "repeats": int(np.isfinite(cells[i, j]).sum()),
                    }
                )  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None).with_columns(pl.col("mean").fill_nan(None))
