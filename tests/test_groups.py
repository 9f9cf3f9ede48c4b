"""Groups in whole worlds: nobody is lost, nobody is in two places, and a lever reaches them."""

import numpy as np
import pytest

from recoverysim.codes import DEAD, FELLOWSHIPS, MEDICATION, NO_FELLOWSHIP, NO_GROUP
from recoverysim.outcomes import AT
from tests.worlds import a_world, switched_off

BUSY = {"groups.people_per_client": 60, "groups.crowded": 20, "groups.smallest": 4}


def going(world):
    clients = world.clients
    return (clients["stage"] != DEAD) & np.isin(clients["attendance"], (1, 2, 3))


@pytest.mark.parametrize("scenario", ["baseline", "groups-fade", "smart-and-choice"])
def test_members_are_conserved(scenario):
    """In crowded groups, many of which open, divide and close."""
    world = a_world(scenario, 1500, 0, settings=BUSY, years=4)
    ever, divided = np.zeros(len(world.groups), bool), 0
    for _ in range(52):
        before = world.groups["open"].copy()
        world.run_for(4)
        clients, groups = world.clients, world.groups
        ever |= before & ~groups["open"]
        divided += (~before & groups["open"]).sum()
        goes = going(world)
        here = goes & (clients["group"] != NO_GROUP)
        assert (clients["group"][(clients["stage"] != DEAD) & ~goes] == NO_GROUP).all()
        own = clients["group"][here]
        assert groups["open"][own].all()
        assert (groups["fellowship"][own] == clients["fellowship"][here]).all()
        assert (np.bincount(own, minlength=len(groups)) == groups["members"]).all()
        experienced = own[clients["weeks_abstinent"][here] >= 52]
        assert (np.bincount(experienced, minlength=len(groups)) == groups["experienced"]).all()
        sponsored = clients["group"][clients["sponsor"] & (clients["stage"] != DEAD)]
        assert (np.bincount(sponsored, minlength=len(groups)) == groups["sponsored"]).all()
        assert (groups["sponsored"] <= groups["can_sponsor"]).all()
        assert (groups["members"][~groups["open"]] == 0).all()
        stigma = clients["meets_stigma"] & (clients["stage"] != DEAD)
        assert (clients["modality"][stigma] == MEDICATION).all()
    assert ever.sum() > 3
    assert divided > 3


def test_off_there_is_one_mutual_aid_whatever_groups_may_be():
    wild = {"fellowships.aa.meetings_ratio": 0.1, "groups.leave_per_experienced_log_ratio": 3,
            "fellowships.stigma_of_medication": 2, "fellowships.second_try_per_week": 0.5,
            "groups.sponsor_adds_involvement": 1}  # fmt: skip
    off = switched_off("group_life")
    plain, other = (a_world(clients=800, weeks=156, settings=off | x, years=3) for x in ({}, wild))
    assert plain.counts.tobytes() == other.counts.tobytes()
    assert (plain.clients["group"] == NO_GROUP).all()
    assert (plain.clients["fellowship"] == NO_FELLOWSHIP).all()
    assert not plain.groups["open"].any()
    on = a_world(clients=800, weeks=156, years=3)
    assert on.counts.tobytes() != plain.counts.tobytes()


def total(world, name):
    return int(world.counts[-1, :, AT[name]].sum())


def on_medication(settings):
    """How many people are on medication after two years."""
    world = a_world(clients=8000, weeks=104, settings=settings, years=2)
    return int((world.clients["modality"] == MEDICATION).sum())


@pytest.mark.parametrize(
    ("settings", "counted", "sign"),
    [
        ({f"fellowships.{x}.meetings_ratio": 4 for x in FELLOWSHIPS}, "ever_attended", 1),
        ({f"fellowships.{x}.meetings_ratio": 0.1 for x in FELLOWSHIPS}, "ever_attended", -1),
        ({"fellowships.stigma_of_medication": 2}, "attending", -1),
        ({f"fellowships.{x}.open_to_medication_share": 1 for x in FELLOWSHIPS}, "attending", 1),
        ({"fellowships.second_try_per_week": 0.1}, "attending", 1),
        ({"fellowships.choice_per_fit_log_odds": 3}, "attending", 1),
        ({"groups.sponsored_per_experienced": 0, "groups.sponsor_adds_involvement": 0.6},
         "involved", -1),
        ({"groups.leaves_when_it_closes_share": 1, "groups.smallest": 12}, "attending", -1),
    ],
)  # fmt: skip
def test_a_number_moves_what_it_says(settings, counted, sign):
    """8,000 people over two years, twins: a change of 1% of those counted cannot be luck alone."""
    usual, other = (a_world(clients=8000, weeks=104, settings=x, years=2) for x in ({}, settings))
    moved = sign * (total(other, counted) - total(usual, counted))
    assert moved > 0.01 * total(usual, counted)


def test_pressure_to_stop_moves_people_off_medication():
    everywhere = {f"fellowships.{x}.open_to_medication_share": 0 for x in FELLOWSHIPS}
    everywhere |= {"fellowships.stigma_of_medication": 0}
    pressed = everywhere | {"fellowships.pressed_to_stop_hazard_ratio": 10}
    calm = everywhere | {"fellowships.pressed_to_stop_hazard_ratio": 1}
    assert on_medication(pressed) < 0.97 * on_medication(calm)
