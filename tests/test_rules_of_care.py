"""Care: given this client and this throw, expect what docs/model.md says in 7.9 and 7.10."""

import math

import pytest

from recoverysim import use
from recoverysim.codes import (
    ABSTINENCE,
    ABSTINENT,
    ALCOHOL,
    COMMUNITY,
    COMPLETED,
    DETOX,
    IN_USE,
    LAPSED,
    LEFT_EARLY,
    MEDICATION,
    NO_MODALITY,
    NOWHERE,
    OPIOIDS,
    PSYCHOSOCIAL,
    RESIDENTIAL,
    STABILITY,
    STIMULANTS,
    TREATMENT,
    USING,
)
from recoverysim.mutual_aid.attendance import FIRST_MEETING
from recoverysim.mutual_aid.linkage import (
    OFFER_CLINICIAN,
    OFFER_INTENSIVE,
    OFFER_LEAFLET,
    OFFER_PEER,
)
from recoverysim.mutual_aid.on_the_premises import HELD_HERE
from recoverysim.stages import detox, treatment
from tests.rules import CURVES, SOME_DICE, TODAY, answered, somebody, state_of, today

approx = pytest.approx

# --- detox --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("substance", "completed", "weeks"),
    [(ALCOHOL, 0.85, 2), (OPIOIDS, 0.32, 6), (STIMULANTS, 0.65, 1)],
)
def test_detox_can_be_left_in_any_week_and_ends_in_its_last(substance, completed, weeks):
    for week in range(weeks):
        person = somebody(stage=DETOX, substance=substance, weeks_in_stage=week)
        asked = answered(detox.a_week_of_detox, person, TODAY, CURVES, SOME_DICE)
        assert asked[detox.LEAVE_EARLY] == approx(1 - completed ** (1 / weeks))
        assert asked[detox.END_HERE] == (week == weeks - 1)


@pytest.mark.parametrize(
    ("yes", "asked", "after"),
    [
        ([detox.LEAVE_EARLY], {use.AT_ONCE: 0.70}, (ABSTINENT, COMMUNITY, NO_MODALITY, LEFT_EARLY)),
        ([detox.LEAVE_EARLY, use.AT_ONCE], {use.AT_ONCE: 0.70},
         (IN_USE, USING, NO_MODALITY, LEFT_EARLY)),
        ([detox.END_HERE], {detox.GO_ON: 0.60}, (ABSTINENT, COMMUNITY, NO_MODALITY, COMPLETED)),
        ([detox.END_HERE, detox.GO_ON], {detox.GO_ON: 0.60, detox.WHERE_TO: 0.25},
         (ABSTINENT, TREATMENT, PSYCHOSOCIAL, COMPLETED)),
        ([detox.END_HERE, detox.GO_ON, detox.WHERE_TO], {detox.GO_ON: 0.60, detox.WHERE_TO: 0.25},
         (ABSTINENT, TREATMENT, RESIDENTIAL, COMPLETED)),
    ],
)  # fmt: skip
def test_what_comes_after_detox(yes, asked, after):
    person = somebody(stage=DETOX, weeks_in_stage=1)
    found = answered(detox.a_week_of_detox, person, TODAY, CURVES, SOME_DICE, yes=yes)
    for own in (FIRST_MEETING, detox.LEAVE_EARLY, detox.END_HERE):
        found.pop(own, None)
    assert list(found.items()) == list(asked.items())
    assert state_of(person, "use", "wants", "wants_modality", "ending") == after


# --- treatment ----------------------------------------------------------------------------

RETENTION = {
    RESIDENTIAL: (0.55, 12, 0.7),
    PSYCHOSOCIAL: (0.50, 26, 0.8),
    MEDICATION: (0.57, 52, 0.48),
}


def treated(modality, **state):
    return somebody(stage=TREATMENT, modality=modality, **state)


@pytest.mark.parametrize("modality", RETENTION)
@pytest.mark.parametrize("week", [0, 1, 7])
def test_people_leave_treatment_by_a_weibull_curve(modality, week):
    retained, at, shape = RETENTION[modality]
    person = treated(modality, weeks_in_stage=week)
    asked = answered(treatment.a_week_of_treatment, person, TODAY, CURVES, SOME_DICE)
    grows = ((week + 1) / at) ** shape - (week / at) ** shape
    assert asked[treatment.DROP_OUT] == approx(1 - retained**grows)


@pytest.mark.parametrize(
    ("modality", "week", "ends"),
    [(RESIDENTIAL, 10, 0), (RESIDENTIAL, 11, 1), (PSYCHOSOCIAL, 24, 0), (PSYCHOSOCIAL, 25, 1),
     (PSYCHOSOCIAL, 40, 1), (MEDICATION, 1000, 0)],
)  # fmt: skip
def test_treatment_ends_in_its_planned_week(modality, week, ends):
    person = treated(modality, weeks_in_stage=week)
    asked = answered(treatment.a_week_of_treatment, person, TODAY, CURVES, SOME_DICE)
    assert asked[treatment.PLANNED_END] == ends


@pytest.mark.parametrize(
    ("modality", "state", "yes", "asked", "after"),
    [
        (PSYCHOSOCIAL, ABSTINENT, [], {}, (ABSTINENT, COMMUNITY, LEFT_EARLY)),
        (PSYCHOSOCIAL, IN_USE, [], {}, (IN_USE, USING, LEFT_EARLY)),
        (RESIDENTIAL, ABSTINENT, [], {use.AT_ONCE: 0.70}, (ABSTINENT, COMMUNITY, LEFT_EARLY)),
        (RESIDENTIAL, ABSTINENT, [use.AT_ONCE], {use.AT_ONCE: 0.70}, (IN_USE, USING, LEFT_EARLY)),
        # On medication an exit may be planned, but only without use.
        (MEDICATION, ABSTINENT, [treatment.AS_PLANNED, use.AT_ONCE],
         {treatment.AS_PLANNED: 0.45}, (ABSTINENT, COMMUNITY, COMPLETED)),
        (MEDICATION, ABSTINENT, [use.AT_ONCE], {treatment.AS_PLANNED: 0.45, use.AT_ONCE: 0.70},
         (IN_USE, USING, LEFT_EARLY)),
        (MEDICATION, LAPSED, [treatment.AS_PLANNED], {}, (LAPSED, COMMUNITY, LEFT_EARLY)),
        (MEDICATION, IN_USE, [treatment.AS_PLANNED], {}, (IN_USE, USING, LEFT_EARLY)),
    ],
)  # fmt: skip
def test_who_leaves_early_and_who_uses_at_once(modality, state, yes, asked, after):
    person = treated(modality, use=state)
    found = answered(
        treatment.stay_or_leave, person, TODAY, CURVES, SOME_DICE, yes=[treatment.DROP_OUT, *yes]
    )
    found.pop(treatment.DROP_OUT)
    assert list(found.items()) == list(asked.items())
    assert state_of(person, "use", "wants", "ending") == after


@pytest.mark.parametrize(("state", "wants"), [(ABSTINENT, COMMUNITY), (IN_USE, USING)])
def test_a_planned_end_completes_treatment_whether_somebody_uses_or_not(state, wants):
    person = treated(PSYCHOSOCIAL, use=state, weeks_in_stage=25)
    yes = [treatment.PLANNED_END]
    answered(treatment.stay_or_leave, person, TODAY, CURVES, SOME_DICE, yes=yes)
    assert state_of(person, "use", "wants", "ending") == (state, wants, COMPLETED)


CHANGE, ASK = {treatment.CHANGE: 0.02}, {treatment.ASK_FOR_DETOX: 0.003}


@pytest.mark.parametrize(
    ("modality", "state", "yes", "asked", "wants"),
    [
        (PSYCHOSOCIAL, {"substance": OPIOIDS}, [treatment.CHANGE, treatment.ASK_FOR_DETOX], CHANGE,
         (TREATMENT, MEDICATION)),
        (PSYCHOSOCIAL, {"substance": OPIOIDS}, [treatment.ASK_FOR_DETOX], CHANGE | ASK,
         (DETOX, NO_MODALITY)),
        (PSYCHOSOCIAL, {"substance": OPIOIDS, "goal": STABILITY}, [treatment.ASK_FOR_DETOX], CHANGE,
         (NOWHERE, NO_MODALITY)),
        (PSYCHOSOCIAL, {"substance": ALCOHOL}, [treatment.CHANGE], ASK, (NOWHERE, NO_MODALITY)),
        (MEDICATION, {"substance": OPIOIDS}, [treatment.CHANGE, treatment.ASK_FOR_DETOX], ASK,
         (DETOX, NO_MODALITY)),
        (MEDICATION, {"substance": OPIOIDS, "goal": STABILITY}, [treatment.ASK_FOR_DETOX], {},
         (NOWHERE, NO_MODALITY)),
        (MEDICATION, {"substance": OPIOIDS, "use": LAPSED}, [treatment.ASK_FOR_DETOX], {},
         (NOWHERE, NO_MODALITY)),
    ],
)  # fmt: skip
def test_who_uses_in_treatment_may_move_to_other_care(modality, state, yes, asked, wants):
    """Medication for opioid dependence; else detox, for those whose goal is abstinence."""
    person = treated(modality, **{"use": IN_USE, "goal": ABSTINENCE, "weeks_using": 3} | state)
    found = answered(treatment.a_week_of_treatment, person, TODAY, CURVES, SOME_DICE, yes=yes)
    moves = {one: odds for one, odds in found.items() if one in CHANGE | ASK}
    assert list(moves.items()) == list(asked.items())
    assert state_of(person, "wants", "wants_modality") == wants


@pytest.mark.parametrize(
    ("week", "state", "then"),
    [
        (detox.a_week_of_detox, {"stage": DETOX}, [detox.LEAVE_EARLY, detox.END_HERE]),
        (treatment.a_week_of_treatment, {"stage": TREATMENT, "modality": RESIDENTIAL},
         [treatment.DROP_OUT, treatment.PLANNED_END]),
        (treatment.a_week_of_treatment, {"stage": TREATMENT, "modality": PSYCHOSOCIAL},
         [use.FIRST_USE, treatment.DROP_OUT, treatment.PLANNED_END]),
        (treatment.a_week_of_treatment, {"stage": TREATMENT, "modality": MEDICATION},
         [use.FIRST_USE, treatment.DROP_OUT, treatment.PLANNED_END]),
    ],
)  # fmt: skip
def test_a_first_week_in_care_asks_in_this_order(week, state, then):
    """Linkage, meetings on the premises where people stay, then a meeting (its pull is of this
    week), then use where people may use."""
    linkage = [OFFER_INTENSIVE, OFFER_PEER, OFFER_CLINICIAN, OFFER_LEAFLET]
    here = [] if use.FIRST_USE in then else [HELD_HERE]
    person = somebody(link_due=True, episodes=1, weeks_since_link=300, **state)
    asked = answered(week, person, today(off=["group_life"]), CURVES, SOME_DICE)
    assert list(asked) == [*linkage, *here, FIRST_MEETING, *then]
    assert asked[FIRST_MEETING] == approx(math.log(1 / (1 - 0.30)) / 12)
