"""Given this client and this throw, expect: rules one at a time, as plain Python."""

from types import SimpleNamespace

import numpy as np
import pytest

from recoverysim import codes
from recoverysim.clients import empty_table
from recoverysim.compiled import PlainRow, plain
from recoverysim.knowledge import central_values
from recoverysim.mortality import lose_the_cover_of_medication, other_rate, overdose_rate
from recoverysim.mutual_aid.attendance import attachment, is_pulled_by_a_link
from recoverysim.mutual_aid.benefit import gained_by_going
from recoverysim.mutual_aid.connection import is_in_the_window
from recoverysim.mutual_aid.linkage import pull_of
from recoverysim.scenario import load
from recoverysim.surroundings import gained_by_company
from recoverysim.use import care_protects, is_protected

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
    plain(lose_the_cover_of_medication)(person, TODAY)
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
    assert old_hand - nothing == pytest.approx(0.8 * 0.75 * full)


@pytest.mark.parametrize(
    ("state", "pulled"),
    [
        ({"attendance": codes.NEVER, "weeks_since_link": 11}, True),
        ({"attendance": codes.NEVER, "weeks_since_link": 12}, False),
        ({"attendance": codes.NEVER, "episodes": 0}, False),
        # Went after this link, or in its very week, and left: the link has done its work.
        ({"attendance": codes.LEFT, "weeks_since_link": 8, "weeks_since_meeting": 5}, False),
        ({"attendance": codes.LEFT, "weeks_since_link": 8, "weeks_since_meeting": 8}, False),
        # Left long ago, and was linked anew.
        ({"attendance": codes.LEFT, "weeks_since_link": 8, "weeks_since_meeting": 9}, True),
    ],
)
def test_a_link_pulls_whoever_has_not_followed_it_yet(state, pulled):
    assert plain(is_pulled_by_a_link)(somebody(**{"episodes": 1} | state)) == pulled


@pytest.mark.parametrize(
    ("use", "substance", "rate"),
    [
        (codes.IN_USE, codes.ALCOHOL, 33.0),
        (codes.LAPSED, codes.ALCOHOL, 33 * 0.61),
        (codes.ABSTINENT, codes.ALCOHOL, 33 * 0.35),
        (codes.ABSTINENT, codes.OPIOIDS, 8.0),
        (codes.LAPSED, codes.STIMULANTS, 6 * 0.7),
    ],
)
def test_other_deaths_by_state(use, substance, rate):
    curves = SimpleNamespace(ageing=np.ones(1200))
    person = somebody(use=use, substance=substance, modality=-1, risk_by_age_and_sex=1.0)
    assert plain(other_rate)(person, TODAY, curves, 10) == pytest.approx(rate)


@pytest.mark.parametrize(
    ("seen", "gained"), [(0.2, 0.0), (0.65, 0.30), (1.0, 0.30), (0.0, -0.30 * 0.2 / 0.45)]
)
def test_company_gains_its_share_of_the_effect_and_no_more(seen, gained):
    curves = SimpleNamespace(per_company_gained=1 / 0.45)
    found = plain(gained_by_company)(somebody(seen_company=seen), TODAY, curves)
    assert found == pytest.approx(gained)


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
