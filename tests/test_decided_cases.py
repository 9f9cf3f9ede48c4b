"""Given this client and this throw, expect: rules one at a time, as plain Python."""

import numpy as np
import pytest

from recoverysim import codes
from recoverysim.clients import empty_table
from recoverysim.compiled import PlainRow, plain
from recoverysim.knowledge import central_values
from recoverysim.mortality import leave_medication, overdose_rate
from recoverysim.mutual_aid.attendance import attachment, is_in_the_window
from recoverysim.mutual_aid.benefit import gained_by_going
from recoverysim.mutual_aid.linkage import pull_of
from recoverysim.scenario import load
from recoverysim.services import is_protected
from recoverysim.use import care_protects

TODAY = PlainRow(load("baseline").table(central_values())[0])


def somebody(**state):
    """A client with this state, all else as in an empty row."""
    table = empty_table(1)
    for name, value in state.items():
        table[0][name] = value
    return PlainRow(table[0])


@pytest.mark.parametrize(
    ("state", "gained"),
    [
        ({"attendance": codes.NEVER, "involvement": 0.5}, 0.0),
        ({"attendance": codes.LEFT, "involvement": 0.5}, 0.0),
        ({"attendance": codes.TRYING}, 0.0),
        ({"attendance": codes.REGULAR}, 0.15),
        ({"attendance": codes.INVOLVED, "involvement": 1.0}, 0.15 + 0.40),
    ],
)
def test_what_is_gained_by_going(state, gained):
    assert plain(gained_by_going)(somebody(**state), TODAY) == pytest.approx(gained)


@pytest.mark.parametrize(
    ("state", "rate"),
    [
        ({"use": codes.IN_USE, "tolerance": 1.0}, 7.0),
        ({"use": codes.IN_USE, "tolerance": 0.0}, 28.0),
        ({"use": codes.ABSTINENT, "tolerance": 0.0}, 0.2),
        ({"stage": codes.TREATMENT, "modality": codes.MEDICATION, "weeks_in_stage": 1}, 5.0),
        ({"stage": codes.TREATMENT, "modality": codes.MEDICATION, "weeks_in_stage": 5}, 2.5),
    ],
)
def test_overdose_by_state_of_a_person_with_opioid_dependence(state, rate):
    person = somebody(substance=codes.OPIOIDS, **state)
    assert plain(overdose_rate)(person, TODAY) == pytest.approx(rate)


def test_leaving_medication_is_dangerous_for_who_uses_then():
    person = somebody(substance=codes.OPIOIDS, use=codes.IN_USE, tolerance=1.0)
    plain(leave_medication)(person, TODAY)
    assert plain(overdose_rate)(person, TODAY) == pytest.approx(7 * (1 + 3 * 0.75))


def test_protected_care_is_detox_and_residential():
    assert plain(is_protected)(somebody(stage=codes.DETOX))
    assert plain(is_protected)(somebody(stage=codes.TREATMENT, modality=codes.RESIDENTIAL))
    assert not plain(is_protected)(somebody(stage=codes.TREATMENT, modality=codes.MEDICATION))


def test_medication_and_sessions_protect_from_use_and_nothing_does_outside_care():
    for modality, ratio in ((codes.MEDICATION, 0.35), (codes.PSYCHOSOCIAL, 0.7), (-1, 1.0)):
        assert plain(care_protects)(somebody(modality=modality), TODAY) == ratio


def test_an_offer_pulls_less_where_people_have_been_before_and_by_its_fidelity():
    newcomer, old_hand = (plain(pull_of)(codes.PEER, been, TODAY) for been in (False, True))
    nothing = plain(pull_of)(codes.NONE, False, TODAY)
    full = np.log(0.622 / 0.378) - np.log(0.3 / 0.7)
    assert newcomer - nothing == pytest.approx(0.8 * full)
    assert old_hand - nothing == pytest.approx(0.4 * full)


def test_a_good_fit_keeps_people_and_a_poor_one_does_not():
    assert plain(attachment)(somebody(fit=1.0), TODAY) == pytest.approx(0.8)
    assert plain(attachment)(somebody(fit=-1.0), TODAY) == pytest.approx(-0.8)


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        ({"stage": codes.COMMUNITY, "discharged": True, "weeks_since_discharge": 3}, True),
        ({"stage": codes.COMMUNITY, "discharged": True, "weeks_since_discharge": 4}, False),
        ({"stage": codes.TREATMENT, "modality": 2, "weeks_in_stage": 11}, True),
        ({"stage": codes.TREATMENT, "modality": 2, "weeks_in_stage": 12}, False),
        ({"stage": codes.TREATMENT, "modality": 1, "weeks_in_stage": 0}, False),
        ({"stage": codes.DETOX}, False),
    ],
)
def test_the_window_of_connection(state, counts):
    assert plain(is_in_the_window)(somebody(**state)) == counts
