"""Out of care: given this client and this throw, expect what docs/model.md says in 7.10."""

import math

import pytest

from recoverysim import use
from recoverysim.codes import (
    ABSTINENT,
    ALCOHOL,
    COMMUNITY,
    DETOX,
    IN_USE,
    LAPSED,
    MEDICATION,
    NO_MODALITY,
    NOWHERE,
    OPIOIDS,
    RESIDENTIAL,
    STIMULANTS,
    TREATMENT,
    USING,
    WAITING,
)
from recoverysim.mutual_aid.attendance import FIRST_MEETING
from recoverysim.stages import community, detox, treatment, using, waiting
from tests.rules import CURVES, SINGLE, SOME_DICE, TODAY, answered, somebody, state_of

approx = pytest.approx


@pytest.mark.parametrize(("substance", "years"), [(ALCOHOL, 14), (OPIOIDS, 15), (STIMULANTS, 5)])
def test_a_lasting_stop_is_likeliest_soon_after_the_crisis_of_asking_for_help(substance, years):
    person = somebody(use=IN_USE, substance=substance, weeks_since_help=13, weeks_using=40)
    asked = answered(using.stop_for_good, person, TODAY, CURVES, SOME_DICE)
    assert asked == {using.STOP_FOR_GOOD: approx(math.log(2) / (52 * years) + 0.018 / 2)}
    assert person.use == IN_USE


def test_a_lasting_stop_has_a_head_start_of_a_year():
    person = somebody(stage=USING, use=IN_USE, weeks_using=40)
    yes = (using.STOP_FOR_GOOD,)
    answered(using.a_week_of_using, person, TODAY, CURVES, SOME_DICE, yes=yes)
    assert state_of(person, "use", "head_start", "weeks_abstinent", "weeks_using", "wants") == (
        ABSTINENT, 52, 0, 0, COMMUNITY,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "hazard", "log_ratio"),
    [
        ({}, 0.012, 0),
        ({"substance": OPIOIDS}, 0.020, 0),
        ({"substance": STIMULANTS}, 0.008, 0),
        ({"readiness": 0.5, "mood": 0.5}, 0.012, 0.3),
        ({"seen_company": 0.6}, 0.012, 0.5 * 0.4),
        ({"seen_company": 0.0}, 0.012, -0.5 * 0.2),
    ],
)
def test_help_is_asked_for_by_who_is_ready_and_by_who_sees_recovery(state, hazard, log_ratio):
    person = somebody(stage=USING, use=IN_USE, **state)
    yes = (using.SEEK_HELP,)
    asked = answered(using.a_week_of_using, person, TODAY, CURVES, SOME_DICE, yes=yes)
    assert list(asked) == [FIRST_MEETING, using.STOP_FOR_GOOD, use.STOP, using.SEEK_HELP]
    assert asked[using.SEEK_HELP] == approx((hazard, log_ratio), abs=SINGLE)
    assert person.wants == WAITING


@pytest.mark.parametrize(
    ("week", "state", "yes", "asked", "wants"),
    [
        (using.a_week_of_using, {"use": IN_USE}, [use.STOP],
         [using.STOP_FOR_GOOD, use.STOP], COMMUNITY),
        (waiting.a_week_of_waiting, {"use": IN_USE}, [waiting.GIVE_UP],
         [use.STOP, waiting.GIVE_UP], USING),
        (waiting.a_week_of_waiting, {"use": IN_USE}, [use.STOP, waiting.GIVE_UP],
         [use.STOP, waiting.GIVE_UP], COMMUNITY),
        (waiting.a_week_of_waiting, {"use": LAPSED}, [waiting.GIVE_UP],
         [use.GET_OVER_IT, use.LAPSE_GOES_ON, waiting.GIVE_UP], COMMUNITY),
        (waiting.a_week_of_waiting, {}, [], [use.FIRST_USE, waiting.GIVE_UP], NOWHERE),
        (community.a_week_in_the_community, {}, [], [use.FIRST_USE], NOWHERE),
        (community.a_week_in_the_community, {}, [use.FIRST_USE],
         [use.FIRST_USE, use.IS_A_LAPSE], USING),
        # A lapse is settled from the week after it began; help can be asked for at once.
        (community.a_week_in_the_community, {}, [use.FIRST_USE, use.IS_A_LAPSE],
         [use.FIRST_USE, use.IS_A_LAPSE, community.ASK_EARLY], NOWHERE),
        (community.a_week_in_the_community, {"use": LAPSED}, [community.ASK_EARLY],
         [use.GET_OVER_IT, use.LAPSE_GOES_ON, community.ASK_EARLY], WAITING),
        (community.a_week_in_the_community, {"use": LAPSED}, [use.GET_OVER_IT],
         [use.GET_OVER_IT], NOWHERE),
        (community.a_week_in_the_community, {"use": LAPSED}, [use.LAPSE_GOES_ON],
         [use.GET_OVER_IT, use.LAPSE_GOES_ON], USING),
    ],
)  # fmt: skip
def test_a_week_out_of_care_asks_in_this_order(week, state, yes, asked, wants):
    person = somebody(**state)
    found = answered(week, person, TODAY, CURVES, SOME_DICE, yes=yes)
    assert list(found) == [FIRST_MEETING, *asked]
    assert person.wants == wants
    assert found.get(waiting.GIVE_UP, 0.03) == 0.03
    assert found.get(community.ASK_EARLY, 0.02) == 0.02


@pytest.mark.parametrize(
    ("week", "state"),
    [
        (using.a_week_of_using, {"stage": USING}),
        (waiting.a_week_of_waiting, {"stage": WAITING}),
        (detox.a_week_of_detox, {"stage": DETOX}),
        (treatment.a_week_of_treatment, {"stage": TREATMENT, "modality": RESIDENTIAL}),
        (treatment.a_week_of_treatment, {"stage": TREATMENT, "modality": MEDICATION}),
        (community.a_week_in_the_community, {"stage": COMMUNITY}),
    ],
)
def test_in_every_stage_capital_goes_by_use_as_the_week_began(week, state):
    """Whoever stops this week has still lost capital, and whoever uses has still gained some."""
    yes = (use.STOP, use.FIRST_USE, using.STOP_FOR_GOOD)
    if state["stage"] != USING:
        person = somebody(use=ABSTINENT, **state)
        answered(week, person, TODAY, CURVES, SOME_DICE, yes=yes)
        assert person.capital == approx(0.2 + 0.006 * (0.7 - 0.2))
    if state["stage"] in (USING, WAITING) or state.get("modality", NO_MODALITY) == MEDICATION:
        person = somebody(use=IN_USE, **state)
        answered(week, person, TODAY, CURVES, SOME_DICE, yes=yes)
        assert person.capital == approx(0.2 - 0.01 * 0.2)
