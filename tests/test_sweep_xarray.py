"""Runs of a sweep as labelled arrays: each number where its labels say, NaN where there is none."""

import sys

import numpy as np
import pytest

import recoverysim as rs
from recoverysim import plugins
from recoverysim.studies.sweeps.as_xarray import as_xarray
from recoverysim.studies.sweeps.factors import Factor
from tests.sweep_made import BASELINE, MEASURE, PEERS, even, found, grid
from tests.sweeping import TINY, TROUBLE

STAMP = {"version": "9.9", "plan": "abc"}


def made_grid(**given):
    """Hundreds by the first factor, tens by the second, ones by scenario."""
    factors = (
        Factor("share", sets=("share",), values=(0.2, 0.4, 0.9)),
        Factor("kind", sets=("kind",), values=("peer", "leaflet")),
    )

    def answer(places):
        whole = 200 * places[:, 0] + 10 * places[:, 1]
        return np.column_stack([whole, whole + 1])

    return found(
        grid(3, 2), answer, design="grid", factors=factors, scenarios=(BASELINE, PEERS), **given
    )


def test_of_a_grid_each_factor_is_an_axis():
    whole = as_xarray(made_grid(repeats=2), STAMP)
    assert whole.sizes == {"scenario": 2, "share": 3, "kind": 2, "repeat": 2, "year": 3}
    assert list(whole["year"].values) == [1, 2, 3]
    at = {"repeat": 1, "year": 3}
    one = whole[MEASURE].sel(scenario=PEERS, share=0.4, kind="leaflet", **at)
    assert float(one) == 111
    assert float(whole[MEASURE].sel(scenario=BASELINE, share=0.9, kind="peer", **at)) == 200
    assert float(whole[MEASURE].sel(scenario=BASELINE, share=0.2, kind="leaflet", **at)) == 10
    assert whole[MEASURE].sel(year=1).isnull().all()  # a reported year of which no run says a thing
    assert whole.attrs["recoverysim"] == "9.9"
    assert whole.attrs["plan"] == "abc"


def test_the_order_of_rows_does_not_matter():
    made = made_grid(repeats=2)
    shuffled = type(made)(
        made.plan, made.places, made.points, made.runs.sample(fraction=1, shuffle=True, seed=1)
    )
    assert as_xarray(made, STAMP).identical(as_xarray(shuffled, STAMP))


def test_of_other_designs_factors_stand_along_the_points():
    made = found(even(7, 2), lambda places: 10 * places[:, 0] + places[:, 1], gone=(3,))
    whole = as_xarray(made, STAMP)
    assert whole[MEASURE].dims == ("scenario", "point", "repeat", "year")
    assert whole["x2"].dims == ("point",)
    last = whole[MEASURE].sel(scenario=BASELINE, repeat=0, year=3)
    expected = 10 * whole["x1"] + whole["x2"]
    assert list(last["point"].values[last.isnull()]) == [3]
    there = last["point"] != 3
    assert np.allclose(last[there], expected[there])


def test_a_failed_run_is_nan_and_units_are_those_of_the_files(tmp_path):
    """From a real sweep: of 8 runs two raise."""
    trouble = tmp_path / "trouble.py"
    trouble.write_text(TROUBLE)
    plan = TINY | {
        "factors": {  # in one of the two scenarios, so that the other finishes
            "trouble": {"sets": {"peer-introduction": "trouble.kind"}, "values": [0, 1]},
            "network.kind": {"values": ["small-world", "none"]},
        },
        "repeats": 1,
    }
    plugins.load(trouble)
    try:
        swept = rs.sweep(plan, out=tmp_path / "out", workers=1)
    finally:
        plugins.unload()
    failed = {(one["scenario"], one["settings"]["trouble"]) for one in swept.failed()}
    assert failed == {("peer-introduction", 1)}
    whole = swept.to_xarray()
    assert set(whole.data_vars) == {"in_recovery", "deaths", "attending"}
    gone = whole["in_recovery"].isnull().sel(year=1, repeat=0)
    assert gone.sel(scenario="peer-introduction", trouble=1).all()
    assert int(gone.sum()) == 2 == len(swept.failed())
    rows = swept.to_polars().filter(scenario="baseline", trouble=1.0)
    for row in rows.iter_rows(named=True):
        here = {"scenario": "baseline", "trouble": 1, "network.kind": row["network.kind"]}
        assert float(whole["attending"].sel(here | {"year": 1, "repeat": 0})) == row["attending"]
    assert whole["attending"].attrs == {"units": "people per 1,000 who started"}
    assert whole.attrs["plan"] == swept.stamp["plan"]
    assert whole.attrs["recoverysim"] == swept.stamp["version"]


def test_the_unit_of_a_factor_is_that_of_its_number():
    factors = (Factor("linkage.peer.fidelity", sets=("linkage.peer.fidelity",)),)
    made = found(even(3, 1), lambda places: places[:, 0], factors=factors)
    assert as_xarray(made, STAMP)["linkage.peer.fidelity"].attrs == {"units": "share"}


def test_without_xarray_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(ImportError, match=r"pip install 'recoverysim\[notebook\]'"):
        as_xarray(made_grid(), STAMP)
