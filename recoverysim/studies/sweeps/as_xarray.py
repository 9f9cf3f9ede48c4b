"""The runs of a sweep as labelled arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from recoverysim.studies.reckoning import years_within
from recoverysim.studies.sweeps.found import Found

if TYPE_CHECKING:
    import xarray

RUN = ("scenario", "point", "repeat", "year")


def as_xarray(found: Found, stamp: Mapping[str, Any]) -> xarray.Dataset:
    """A variable for each measure, float64 of (scenario, point, repeat, year), with what each
    factor is along the points; of a grid (scenario, each factor, repeat, year), its factors in the
    order of the plan. Whatever no run says is NaN.

    Units stand in `attrs`, as do the version that made the runs and the hash of the plan, both from
    their `stamp`. Raises ImportError without xarray (the extra `notebook`).
    """
    try:
        import xarray as xr
    except ImportError as fault:
        raise ImportError(
            "to_xarray needs xarray: pip install 'recoverysim[notebook]'"
        ) from fault  # fmt: skip
    plan = found.plan
    years = years_within(plan.years)
    labels: tuple[list[Any], ...] = (
        list(plan.names), found.points["point"].to_list(), list(range(plan.repeats)), list(years),
    )  # fmt: skip
    at = tuple(_places(found.runs[name], here) for name, here in zip(RUN, labels, strict=True))
    shape = tuple(len(here) for here in labels)
    grid = plan.design == "grid"
    axes = tuple(factor.name for factor in plan.factors) if grid else ("point",)
    sizes = tuple(len(factor.values) for factor in plan.factors) if grid else shape[1:2]
    dims = ("scenario", *axes, "repeat", "year")
    variables = {}
    for measure in plan.measures:
        values = np.full(shape, np.nan)
        if measure in found.runs.columns:
            values[at] = found.runs[measure].cast(pl.Float64).fill_null(np.nan).to_numpy()
        # The points of a grid are numbered with the last factor first, as an array is laid out.
        values = values.reshape(shape[0], *sizes, *shape[2:])
        variables[measure] = xr.Variable(dims, values, {"units": found.units.get(measure, "")})
    coordinates: dict[str, Any] = dict(zip(RUN, map(_labels, labels), strict=True))
    if grid:
        del coordinates["point"]
    for factor in plan.factors:
        along = list(factor.values) if grid else found.points[factor.name].to_list()
        coordinates[factor.name] = xr.Variable(
            factor.name if grid else "point", _labels(along), {"units": factor.unit}
        )
    return xr.Dataset(
        variables, coordinates,
        {
            "name": plan.name, "question": plan.question, "recoverysim": stamp["version"],
            "plan": stamp["plan"],
        },
    )  # fmt: skip


def _places(column: pl.Series, labels: list[Any]) -> np.ndarray:
    place = {one: number for number, one in enumerate(labels)}
    return np.array([place[one] for one in column], np.int64)


def _labels(several: list[Any]) -> np.ndarray:
    """Numbers as numbers and names as names; values of several kinds side by side as they are."""
    alike = len({type(one) for one in several}) == 1
    return np.array(several) if alike else np.array(several, object)
