"""Plans of sweeps that cannot be: refused before anything runs, in words that say what to do."""

import pytest

import recoverysim as rs
from recoverysim.store.whole import FolderError
from recoverysim.studies.sweeps.plan_reading import load_plan
from tests.sweeping import TINY

DRAWN = {"question": "?", "design": "sobol", "points": 8, "uncertain": ["mutual_aid"]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"points": 6}, "points: should be a power of two, as 64 or 128; found 6"),
        (
            {"design": "accepted", "uncertain": None, "factors": {"mechanisms.company": None}},
            "factors: cannot be set in the design accepted",
        ),
        (
            {"factors": {"deaths": {"sets": "linkage.peer.fidelity", "low": 0, "high": 1}}},
            "factors.deaths: is also a measure that is kept",
        ),
    ],
)
def test_what_cannot_be_planned(change, said):
    plan = {key: value for key, value in (DRAWN | change).items() if value is not None}
    with pytest.raises(rs.ScenarioError) as refused:
        load_plan(plan)
    assert said in str(refused.value)


def test_a_name_of_a_measure_that_is_not_kept_is_free():
    """As the shipped plan has it that calls a factor `offered`."""
    assert load_plan("where-linkage-stops-working").factors[0].name == "offered"


def test_steps_are_as_they_would_be_written():
    factor = {"linkage.peer.fidelity": {"low": 0.2, "high": 1, "steps": 5}}
    plan = load_plan({"question": "?", "design": "grid", "factors": factor})
    assert plan.factors[0].values == (0.2, 0.4, 0.6, 0.8, 1.0)


def test_another_plan_in_the_same_folder_is_refused_with_where_it_differs(tmp_path):
    small = TINY | {"repeats": 1, "scenarios": ["baseline"], "clients": 5}
    rs.sweep(small, out=tmp_path / "out", workers=1)
    factors = TINY["factors"] | {"linkage.peer.fidelity": {"values": [0.2, 0.7, 1]}}
    with pytest.raises(FolderError, match="there factors is") as refused:
        rs.sweep(small | {"factors": factors}, out=tmp_path / "out", workers=1)
    there, here = str(refused.value).split(", here ")
    assert "0.2, 0.6, 1.0" in there
    assert "0.2, 0.7, 1.0" in here
