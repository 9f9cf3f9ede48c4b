"""Every lever can be moved from a week, over a ramp, until a week: nothing before, something after,
and at the end the number is what it was. And every lever that was promised is there."""

import fnmatch

import numpy as np
import pytest

from recoverysim.quantities import all_quantities
from recoverysim.scenario import ScenarioError, load
from recoverysim.settings import path_of
from tests.directions import lines
from tests.pairs import lived

FROM, RAMP, UNTIL, WEEKS = 20, 4, 44, 52
LINES = {line.key: line for line in lines()}
LEVERS = {key: one for key, one in all_quantities().items() if one.lever}
FOR_THE_WHOLE_RUN = [key for key, one in LEVERS.items() if one.whole_run]
BY_WEEK = [key for key in LEVERS if key not in FOR_THE_WHOLE_RUN]


def elsewhere(key):
    """The end of the range of the lever's line that is further from what it is there."""
    line = LINES[key]
    now = line.where.get(key, LEVERS[key].value)
    return max((line.low, line.high), key=lambda value: abs(value - now))


def column(world, key):
    """A number in each week of the run."""
    path = path_of(key)
    found = world.table[path.section][path.name]
    found = found if path.member is None else found[:, path.member]
    return found[np.minimum(np.arange(WEEKS), len(found) - 1)]


@pytest.mark.parametrize("key", BY_WEEK)
def test_a_lever_acts_from_its_week_over_its_ramp_until_its_end(key):
    line = LINES[key]
    where = line.where | {"mechanisms.fidelity_drift": False}  # so that the ramp is straight
    change = {"value": elsewhere(key), "from_week": FROM, "ramp_weeks": RAMP, "until_week": UNTIL}
    world = lived(where | {key: change}, WEEKS, 0)
    without = lived(where, WEEKS, 0)
    # The counts of row 20 are those before week 20, the first in which the lever is moved.
    assert world.counts[: FROM + 1].tobytes() == without.counts[: FROM + 1].tobytes()
    assert world.counts[FROM + 1 :].tobytes() != without.counts[FROM + 1 :].tobytes()
    moved, still = column(world, key), column(without, key)
    assert (moved[:FROM] == still[:FROM]).all()
    assert (moved[FROM:UNTIL] != still[FROM:UNTIL]).all()
    steps = np.diff(moved[FROM - 1 : FROM + RAMP])
    assert steps == pytest.approx(np.full(RAMP, steps[0]))
    assert (moved[UNTIL:] == still[UNTIL:]).all()


@pytest.mark.parametrize("key", FOR_THE_WHOLE_RUN)
def test_a_lever_for_the_whole_run_acts_from_the_start_and_not_from_a_week(key):
    line, value = LINES[key], elsewhere(key)
    world, without = lived(line.where | {key: value}, 1, 0), lived(line.where, 1, 0)
    assert world.counts[0].tobytes() != without.counts[0].tobytes()
    with pytest.raises(ScenarioError, match=f"{key}: fixes a curve or a trait"):
        load("baseline").replace({key: {"value": value, "from_week": FROM}})


PROMISED = {
    "linkage coverage, and the mix of kinds": ["linkage.*.offered_share"],
    "fidelity and follow-up": ["linkage.*.fidelity"],
    "on-site meetings": ["on_the_premises.held_share"],
    "peer workers": ["peers.introductions_per_1000_a_week"],
    "staff time": ["staff_time.taken_from_sessions_share"],
    "practitioner training": ["practitioners.trained_share"],
    "open-meeting visits": ["practitioners.taken_to_a_meeting_share"],
    "champions": ["practitioners.more_champions_share"],
    "workers who do not refer": ["practitioners.more_do_not_refer_share"],
    "new groups and fellowships": ["fellowships.*.meetings_ratio"],
    "sponsors": ["groups.sponsored_per_experienced"],
    "opening to medication": ["fellowships.*.open_to_medication_share"],
    "opening to people without a faith": ["fellowships.*.open_to_non_believers_share"],
    "detox and treatment places, and cuts": ["places.*.per_1000", "places.people_at_risk_first"],
    "how soon care starts": ["care.started_within_a_week_share"],
    "what care starts with": [
        "care.*.detox_first_share", "care.*.residential_share", "care.medication_share",
    ],
    "what follows it": [
        "detox.goes_on_to_treatment_share", "detox.on_to_residential_share",
        "treatment.changes_to_medication_per_week",
    ],
    "medication policy from punitive to person-centred": ["medication_policy.person_centred"],
    "moving people off medication": ["medication_policy.taken_off_per_week"],
    "aftercare check-ups": ["aftercare.offered_share", "aftercare.lasts_weeks"],
    "recovery housing": ["recovery_housing.offered_share", "recovery_housing.lasts_weeks"],
    "recovery community centres": ["recovery_centres.reach_share"],
    "naloxone": ["naloxone.carried_share"],
    "how people come": ["arrivals.over_weeks", "arrivals.at_the_start_share"],
}  # fmt: skip


def test_every_lever_that_was_promised_is_there_and_every_other_one_is_told():
    found = {
        name: [key for pattern in several for key in fnmatch.filter(LEVERS, pattern)]
        for name, several in PROMISED.items()
    }
    assert [name for name, keys in found.items() if len(keys) < len(PROMISED[name])] == []
    assert {key for keys in found.values() for key in keys} == set(LEVERS)


@pytest.mark.parametrize("key", ["linkage.peer.first_meeting", "linkage.intensive.first_meeting"])
def test_rates_of_first_meetings_can_be_set_by_week_too(key):
    """They are what is known of a kind, not what a service decides; a scenario may move them."""
    scenario = load("baseline").replace({key: {"value": 0.9, "from_week": 2}})
    assert dict(scenario.changes)[key][0].from_week == 2
