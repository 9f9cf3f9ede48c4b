"""Meetings on the premises: given this client and this throw, expect docs/model.md, 7.4 and 7.5."""

import math

import pytest

from recoverysim.codes import (
    CLINICIAN,
    DETOX,
    INTENSIVE,
    LEAFLET,
    NEVER,
    NONE,
    PEER,
    PSYCHOSOCIAL,
    RESIDENTIAL,
    TREATMENT,
)
from recoverysim.compiled import plain
from recoverysim.mutual_aid.attendance import hazard_of_a_first_meeting
from recoverysim.mutual_aid.linkage import link_to_mutual_aid
from recoverysim.mutual_aid.on_the_premises import (
    HELD_HERE,
    SIT_IN,
    perhaps_meet_on_the_premises,
)
from recoverysim.stages.detox import a_week_of_detox
from recoverysim.stages.treatment import a_week_of_treatment
from tests.rules import CURVES, SOME_DICE, TODAY, answered, dice_that_answer, somebody

approx = pytest.approx
A_WEEK = -math.log(1 - 0.42)  # hazard of sitting in for average motivation


def sitting(person, *, yes=()):
    """A week in a bed: what the dice were asked."""
    with dice_that_answer(yes=yes) as asked:
        plain(perhaps_meet_on_the_premises)(person, TODAY, SOME_DICE)
    return asked


def test_whether_meetings_are_held_is_asked_in_the_first_week_of_a_stay_alone():
    person = somebody(stage=DETOX)
    assert sitting(person, yes=[HELD_HERE])[HELD_HERE] == 0.2
    assert person.meetings_held_here
    later = somebody(stage=DETOX, weeks_in_stage=1, meetings_held_here=True)
    assert HELD_HERE not in sitting(later)
    elsewhere = somebody(stage=DETOX, meetings_held_here=True)  # the next stay is asked anew
    sitting(elsewhere)
    assert not elsewhere.meetings_held_here


def test_nobody_sits_in_where_none_are_held_or_twice():
    for state in ({}, {"meetings_held_here": True, "met_on_the_premises": True}):
        assert sitting(somebody(stage=DETOX, weeks_in_stage=1, **state)) == {}


@pytest.mark.parametrize(
    ("link", "delivered", "ratio"),
    [(NONE, 1, 1), (LEAFLET, 1, 1), (CLINICIAN, 0.5, 1.3), (INTENSIVE, 0.6, 1.36),
     (PEER, 0.25, 1.15)],
)  # fmt: skip
def test_an_introduction_brings_more_people_as_far_as_it_was_delivered(link, delivered, ratio):
    person = somebody(
        stage=DETOX, weeks_in_stage=1, meetings_held_here=True, link=link, delivered=delivered
    )
    hazard, inclined = sitting(person)[SIT_IN]
    assert (hazard, inclined) == (approx(A_WEEK * ratio), approx(0))


def test_who_is_inclined_sits_in_more():
    person = somebody(
        stage=DETOX, weeks_in_stage=1, meetings_held_here=True, readiness=1.0, fit=2.0,
        earlier_contact=True,
    )  # fmt: skip
    _, inclined = sitting(person, yes=[SIT_IN])[SIT_IN]
    assert inclined == approx(0.5 + 0.3 * 2 + 0.4)
    assert person.met_on_the_premises
    assert person.attendance == NEVER
    assert not person.ever_attended


def test_sitting_in_makes_a_first_meeting_outside_likelier_until_the_next_link():
    state = {"episodes": 1, "weeks_since_link": 3, "pull": -0.5}
    person = somebody(met_on_the_premises=True, **state)
    expected = math.log(1 + math.exp(-0.5 + 0.6)) / 12
    assert plain(hazard_of_a_first_meeting)(person, TODAY) == approx(expected)
    person.link_due = True
    answered(link_to_mutual_aid, person, TODAY, SOME_DICE)
    assert not person.met_on_the_premises


@pytest.mark.parametrize(
    ("rule", "state", "asked_here"),
    [
        (a_week_of_detox, {"stage": DETOX}, True),
        (a_week_of_treatment, {"stage": TREATMENT, "modality": RESIDENTIAL}, True),
        (a_week_of_treatment, {"stage": TREATMENT, "modality": PSYCHOSOCIAL}, False),
    ],
)
def test_they_are_held_where_people_stay(rule, state, asked_here):
    with dice_that_answer(throws={}) as asked:
        plain(rule)(somebody(**state), TODAY, CURVES, SOME_DICE)
    assert (HELD_HERE in asked) == asked_here
