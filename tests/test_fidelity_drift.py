"""What a programme adds to offers and fidelity fades, by docs/model.md, 7.16."""

import math

import numpy as np
import pytest

from recoverysim.knowledge import central_values
from recoverysim.settings import Change, tabulate

VALUES = central_values() | {
    "fidelity_drift.kept_share": 0.6,
    "fidelity_drift.half_life_weeks": 8.0,
}
TODAY = VALUES["linkage.peer.offered_share"]
PEER, KIND = "linkage.peer.offered_share", 4


def offered(changes, *, drifts=True, key="offered_share", kind=KIND):
    table = tabulate(VALUES, changes, {"fidelity_drift": drifts})
    return table["linkage"][key][:, kind]


def test_what_is_added_fades_from_the_week_in_which_it_is_first_there():
    found = offered({PEER: (Change(0.6, from_week=3),)})
    added = 0.6 - TODAY
    assert found[:3] == pytest.approx([TODAY] * 3)
    for week in (3, 4, 11, 19, 50):
        left = 0.6 + 0.4 * 0.5 ** ((week - 3) / 8)
        assert found[week] == pytest.approx(TODAY + added * left)


def test_it_stops_changing_after_ten_half_lives_so_the_last_row_can_hold_for_ever():
    found = offered({PEER: (Change(0.6, from_week=3),)})
    assert len(found) == 3 + 80 + 1
    assert found[-1] == pytest.approx(TODAY + (0.6 - TODAY) * (0.6 + 0.4 * 0.5**10))


def test_a_ramp_rises_while_it_fades_and_an_end_ends_it():
    change = Change(0.5, from_week=2, ramp_weeks=4, until_week=8)
    found = offered({PEER: (change,)})
    risen = (0.5 - TODAY) * np.array([0.25, 0.5, 0.75, 1, 1, 1])
    left = 0.6 + 0.4 * 0.5 ** (np.arange(6) / 8)
    assert found[2:8] == pytest.approx(TODAY + risen * left)
    assert found[8:] == pytest.approx([TODAY] * (len(found) - 8))


def test_after_a_pause_it_begins_anew():
    changes = (Change(0.6, until_week=4), Change(0.6, from_week=10))
    found = offered({PEER: changes})
    assert found[4:10] == pytest.approx([TODAY] * 6)
    assert found[10] == pytest.approx(0.6)
    assert found[18] == pytest.approx(TODAY + (0.6 - TODAY) * 0.8)


@pytest.mark.parametrize("value", [0.0, TODAY / 2, TODAY])
def test_what_is_taken_away_does_not_come_back(value):
    assert offered({PEER: (Change(value),)}) == pytest.approx([value] * 81)


def test_switched_off_nothing_fades():
    assert offered({PEER: (Change(0.6),)}, drifts=False) == pytest.approx([0.6])


def test_only_reach_and_fidelity_of_active_kinds_fade():
    for key, name, kind in (
        ("linkage.leaflet.offered_share", "offered_share", 1),
        ("linkage.peer.first_meeting", "first_meeting", 4),
    ):
        found = offered({PEER: (Change(0.6),), key: (Change(0.9),)}, key=name, kind=kind)
        assert found == pytest.approx([0.9] * len(found))
    fidelity = offered({"linkage.intensive.fidelity": (Change(1.0),)}, key="fidelity", kind=3)
    today = VALUES["linkage.intensive.fidelity"]
    assert fidelity[8] == pytest.approx(today + (1 - today) * 0.8)


def test_a_scenario_may_set_how_it_fades():
    """Kept in full, as with supervision."""
    changes = {PEER: (Change(0.6),), "fidelity_drift.kept_share": (Change(1.0),)}
    assert offered(changes) == pytest.approx([0.6] * 81)
    changes = {PEER: (Change(0.6),), "fidelity_drift.half_life_weeks": (Change(2.0),)}
    found = offered(changes)
    assert len(found) == math.ceil(20) + 1
    assert found[2] == pytest.approx(TODAY + (0.6 - TODAY) * 0.8)
