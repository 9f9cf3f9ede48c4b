"""What services add around the journey: given this client and this throw, expect docs/model.md,
7.19."""

import math

import numpy as np
import pytest

from recoverysim.assessment import STARTED
from recoverysim.cells import CELLS, EACH_SUBSTANCE
from recoverysim.codes import (
    ABSTINENCE,
    ABSTINENT,
    ALCOHOL,
    COMMUNITY,
    DEAD,
    DETOX,
    IN_USE,
    LAPSED,
    LEFT,
    LEFT_EARLY,
    MEDICATION,
    NEVER,
    OPIOIDS,
    PSYCHOSOCIAL,
    REGULAR,
    RESIDENTIAL,
    STABILITY,
    TAKEN_OFF,
    TREATMENT,
    USING,
    WAITING,
)
from recoverysim.compiled import plain
from recoverysim.mortality import highest_overdose, overdose_rate
from recoverysim.mutual_aid.attendance import hazard_of_a_first_meeting
from recoverysim.outcomes import AT, COUNTS, count, count_by_shares
from recoverysim.recovery_capital import recovery_capital_changes
from recoverysim.services import allot_places
from recoverysim.stages import treatment
from recoverysim.stages.community import ASK_EARLY, a_week_in_the_community
from recoverysim.stages.using import SEEK_HELP, a_week_of_using
from recoverysim.supports.after_care import supports_end
from recoverysim.supports.aftercare import OFFER_AFTERCARE
from recoverysim.supports.medication_policy import TAKEN_OFF_NOW
from recoverysim.supports.naloxone import naloxone_ratio
from recoverysim.supports.recovery_centres import REACH
from recoverysim.supports.recovery_housing import OFFER_HOUSING
from recoverysim.use import AT_ONCE, FIRST_USE
from tests.rules import (
    CURVES,
    NO_JOURNAL,
    SINGLE,
    SOME_DICE,
    TODAY,
    WORKERS,
    answered,
    somebody,
    state_of,
    today,
)

approx = pytest.approx

SUPPORTS = ("in_aftercare", "housed", "visits_centre")
NOW = ("in_aftercare", "housed", "visiting_centre")
OFFERS = {OFFER_AFTERCARE: 0.06, OFFER_HOUSING: 0.08, REACH: 0.07}

# --- what is on offer to whom -------------------------------------------------------------


def leaving(yes=(), now=TODAY, **state):
    """Somebody who moves this week, and what was asked."""
    person = somebody(weeks_since_discharge=9, **{"wants": COMMUNITY, "goal": ABSTINENCE} | state)
    asked = answered(allot_places, person, now, 3, SOME_DICE, *NO_JOURNAL, WORKERS, yes=yes)
    return person, {one: odds for one, odds in asked.items() if one in OFFERS}


@pytest.mark.parametrize(
    ("state", "offers"),
    [
        ({"stage": DETOX}, [OFFER_AFTERCARE, OFFER_HOUSING, REACH]),
        ({"stage": TREATMENT, "modality": RESIDENTIAL}, [OFFER_AFTERCARE, OFFER_HOUSING, REACH]),
        ({"stage": DETOX, "goal": STABILITY}, [OFFER_AFTERCARE, REACH]),
        ({"stage": TREATMENT, "modality": PSYCHOSOCIAL}, [OFFER_AFTERCARE, REACH]),
        ({"stage": TREATMENT, "modality": MEDICATION}, [OFFER_AFTERCARE, REACH]),
        ({"stage": DETOX, "use": IN_USE, "wants": USING}, [OFFER_AFTERCARE]),
        ({"stage": TREATMENT, "modality": PSYCHOSOCIAL, "use": LAPSED}, [OFFER_AFTERCARE]),
        # No care is left here.
        ({"stage": DETOX, "wants": TREATMENT, "wants_modality": PSYCHOSOCIAL}, []),
        ({"stage": USING, "use": ABSTINENT}, []),
        ({"stage": COMMUNITY, "use": IN_USE, "wants": USING, "discharged": True}, []),
    ],
)
def test_whoever_leaves_care_is_asked_each_by_itself(state, offers):
    person, asked = leaving(**state)
    assert asked == {one: OFFERS[one] for one in offers}
    assert state_of(person, *SUPPORTS) == (False, False, False)
    person, _ = leaving(yes=OFFERS, **state)
    assert state_of(person, *SUPPORTS) == tuple(one in offers for one in OFFERS)


@pytest.mark.parametrize(
    ("mechanism", "offer"),
    [("aftercare", OFFER_AFTERCARE), ("recovery_housing", OFFER_HOUSING),
     ("recovery_centres", REACH)],
)  # fmt: skip
def test_switched_off_nobody_is_offered_it(mechanism, offer):
    person, asked = leaving(yes=OFFERS, now=today(off=[mechanism]), stage=DETOX)
    assert set(asked) == set(OFFERS) - {offer}
    assert state_of(person, *SUPPORTS) == tuple(one != offer for one in OFFERS)


ALL_THREE = dict.fromkeys(SUPPORTS, True)


@pytest.mark.parametrize(
    ("state", "left"),
    [
        ({}, (True, True, True)),
        ({"use": LAPSED}, (True, True, True)),
        ({"stage": WAITING, "use": LAPSED}, (True, True, True)),
        ({"stage": USING, "use": IN_USE}, (True, False, False)),
        ({"stage": WAITING, "use": IN_USE}, (True, False, False)),
        ({"weeks_since_discharge": 25}, (True, True, True)),
        ({"weeks_since_discharge": 26}, (True, False, True)),
        ({"weeks_since_discharge": 51}, (True, False, True)),
        ({"weeks_since_discharge": 52}, (True, False, False)),
        ({"weeks_since_discharge": 103}, (True, False, False)),
        ({"weeks_since_discharge": 104}, (False, False, False)),
    ],
)
def test_each_ends_with_care_with_its_weeks_and_two_of_them_with_use(state, left):
    person = somebody(**{"weeks_since_discharge": 5, **ALL_THREE} | state)
    plain(supports_end)(person, TODAY)
    assert state_of(person, *SUPPORTS) == left


@pytest.mark.parametrize("starts", [True, False])
def test_care_that_begins_ends_all_of_them(starts):
    """And waiting for it none."""
    person = somebody(stage=WAITING, weeks_since_discharge=5, **ALL_THREE)
    yes = [STARTED] if starts else []
    answered(allot_places, person, TODAY, 3, SOME_DICE, *NO_JOURNAL, WORKERS, yes=yes)
    assert state_of(person, "stage", *SUPPORTS) == (
        (TREATMENT, False, False, False) if starts else (WAITING, True, True, True)
    )


# --- what each does -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("supports", "ratio"),
    [({}, 1), ({"in_aftercare": True}, 0.9), ({"housed": True}, 0.7),
     ({"in_aftercare": True, "housed": True}, 0.9 * 0.7), ({"visits_centre": True}, 1)],
)  # fmt: skip
def test_check_ups_and_housing_keep_people_from_a_first_use(supports, ratio):
    asked = answered(
        a_week_in_the_community, somebody(weeks_abstinent=30, **supports), TODAY, CURVES, SOME_DICE
    )
    until = [math.log(1 + (week / 12) ** 1.05) for week in (30, 31)]
    assert asked[FIRST_USE][0] == approx((until[1] - until[0]) * ratio)


@pytest.mark.parametrize(("checked", "ratio"), [(False, 1), (True, 1.6)])
def test_with_check_ups_people_ask_for_help_sooner(checked, ratio):
    using = somebody(stage=USING, use=IN_USE, in_aftercare=checked)
    asked = answered(a_week_of_using, using, TODAY, CURVES, SOME_DICE)
    assert asked[SEEK_HELP][0] == approx(0.012 * ratio)
    lapsed = somebody(use=LAPSED, in_aftercare=checked)
    asked = answered(a_week_in_the_community, lapsed, TODAY, CURVES, SOME_DICE)
    assert asked[ASK_EARLY] == approx(1 - (1 - 0.02) ** ratio)


@pytest.mark.parametrize(
    ("standing", "reached"), [(NEVER, 0.7), (REGULAR, 0.95)]
)  # a member reaches 0.7 + 0.25
def test_capital_grows_faster_for_whoever_visits_a_centre(standing, reached):
    for visits, ratio in ((False, 1), (True, 1.3)):
        person = somebody(attendance=standing, visits_centre=visits)
        plain(recovery_capital_changes)(person, TODAY)
        assert person.capital == approx(0.2 + 0.006 * ratio * (reached - 0.2))


@pytest.mark.parametrize(("standing", "hazard"), [(NEVER, 0.001), (LEFT, 0.004)])
def test_a_first_meeting_is_likelier_for_whoever_visits_a_centre(standing, hazard):
    for visits, ratio in ((False, 1), (True, 1.5)):
        person = somebody(attendance=standing, visits_centre=visits, weeks_since_link=300)
        assert plain(hazard_of_a_first_meeting)(person, TODAY) == approx(hazard * ratio)


# --- naloxone -----------------------------------------------------------------------------


@pytest.mark.parametrize("carried", [0.0, 0.3, 0.9, 1.0])
def test_naloxone_averts_deaths_beyond_what_today_s_coverage_averts(carried):
    now = today({"naloxone.carried_share": carried})
    ratio = (1 - carried * 0.4) / (1 - 0.3 * 0.4)
    assert plain(naloxone_ratio)(now) == approx(ratio)
    for state, rate in (
        ({"use": IN_USE}, 7),
        ({"use": ABSTINENT}, 0.2),
        ({"stage": TREATMENT, "modality": MEDICATION}, 2.5),
    ):
        person = somebody(substance=OPIOIDS, **state)
        assert plain(overdose_rate)(person, now) == approx(1.2 * rate * ratio)
    drinker = somebody(substance=ALCOHOL, use=IN_USE)
    assert plain(overdose_rate)(drinker, now) == approx(1.2 * 0.5)
    worst = somebody(substance=OPIOIDS, use=IN_USE, tolerance=0.0)
    assert plain(overdose_rate)(worst, now) <= plain(highest_overdose)(now)


def test_under_today_s_coverage_naloxone_changes_exactly_nothing():
    for averts in (0.1, 0.35, 0.6):
        assert plain(naloxone_ratio)(today({"naloxone.averts_share": averts})) == 1.0


# --- medication policy --------------------------------------------------------------------

ON_MEDICATION = {"stage": TREATMENT, "modality": MEDICATION, "substance": OPIOIDS}


@pytest.mark.parametrize(
    ("policy", "hazard", "odds", "comes_back"),
    [(0.0, math.exp(0.35), math.exp(-0.6), -0.25), (0.5, 1, 1, 0),
     (1.0, math.exp(-0.35), math.exp(0.6), 0.25)],
)  # fmt: skip
def test_a_policy_moves_leaving_planning_and_coming_back(policy, hazard, odds, comes_back):
    now = today({"medication_policy.person_centred": policy})
    person = somebody(weeks_in_stage=7, **ON_MEDICATION)
    asked = answered(
        treatment.stay_or_leave, person, now, CURVES, SOME_DICE, yes=[treatment.DROP_OUT]
    )
    stays = 0.57 ** ((8 / 52) ** 0.48 - (7 / 52) ** 0.48)
    assert asked[treatment.DROP_OUT] == approx(1 - stays**hazard)
    assert asked[treatment.AS_PLANNED] == approx(0.45 * odds / (0.45 * odds + 0.55))
    using = somebody(stage=USING, use=IN_USE, substance=OPIOIDS)
    found = answered(a_week_of_using, using, now, CURVES, SOME_DICE)
    assert found[SEEK_HELP][1] == approx(comes_back, abs=SINGLE)
    drinker = somebody(stage=USING, use=IN_USE)
    assert answered(a_week_of_using, drinker, now, CURVES, SOME_DICE)[SEEK_HELP][1] == approx(
        0, abs=SINGLE
    )
    sessions = somebody(stage=TREATMENT, modality=PSYCHOSOCIAL, weeks_in_stage=7)
    asked = answered(treatment.stay_or_leave, sessions, now, CURVES, SOME_DICE)
    assert asked[treatment.DROP_OUT] == approx(1 - 0.50 ** ((8 / 26) ** 0.8 - (7 / 26) ** 0.8))


@pytest.mark.parametrize(
    ("use", "yes", "after"),
    [
        (ABSTINENT, [TAKEN_OFF_NOW], (ABSTINENT, COMMUNITY, TAKEN_OFF)),
        (ABSTINENT, [TAKEN_OFF_NOW, AT_ONCE], (IN_USE, USING, TAKEN_OFF)),
        (IN_USE, [TAKEN_OFF_NOW], (IN_USE, USING, TAKEN_OFF)),
        (LAPSED, [TAKEN_OFF_NOW, AT_ONCE], (LAPSED, COMMUNITY, TAKEN_OFF)),
        (ABSTINENT, [treatment.DROP_OUT, TAKEN_OFF_NOW], (ABSTINENT, COMMUNITY, LEFT_EARLY)),
    ],
)
def test_who_is_moved_off_medication_may_use_at_once(use, yes, after):
    now = today({"medication_policy.taken_off_per_week": 0.05})
    person = somebody(use=use, weeks_using=3, weeks_in_stage=7, **ON_MEDICATION)
    asked = answered(treatment.stay_or_leave, person, now, CURVES, SOME_DICE, yes=yes)
    assert asked.get(TAKEN_OFF_NOW, 0.05) == 0.05
    assert state_of(person, "use", "wants", "ending") == after
    answered(allot_places, person, now, 3, SOME_DICE, *NO_JOURNAL, WORKERS)
    assert person.tolerance == approx(0.25)  # the cover is lost like on any exit


@pytest.mark.parametrize("modality", [RESIDENTIAL, PSYCHOSOCIAL])
def test_nobody_else_is_moved_off_anything(modality):
    now = today({"medication_policy.taken_off_per_week": 1.0})
    person = somebody(stage=TREATMENT, modality=modality, weeks_in_stage=7)
    asked = answered(treatment.stay_or_leave, person, now, CURVES, SOME_DICE)
    assert TAKEN_OFF_NOW not in asked
    medicated = somebody(weeks_in_stage=7, **ON_MEDICATION)
    assert TAKEN_OFF_NOW not in answered(
        treatment.stay_or_leave, medicated, TODAY, CURVES, SOME_DICE
    )


# --- counting -----------------------------------------------------------------------------


def test_who_has_what_is_counted_now():
    counts = np.zeros((CELLS, len(COUNTS)), np.int64)
    for supports in ({}, {"housed": True}, {"in_aftercare": True, "visits_centre": True}):
        plain(count)(somebody(**supports), counts, 1)
    assert [counts[:, AT[name]].sum() for name in NOW] == [1, 1, 1]


def test_naloxone_and_policy_are_counted_by_their_shares_of_people_alive():
    counts = np.zeros((CELLS, len(COUNTS)), np.int64)
    now = today({"naloxone.carried_share": 0.4, "medication_policy.person_centred": 0.75})
    cell = EACH_SUBSTANCE * OPIOIDS + 3
    for person in (
        somebody(), somebody(substance=OPIOIDS, cell=cell, use=IN_USE),
        somebody(cell=cell, **ON_MEDICATION), somebody(cell=cell, **ON_MEDICATION),
        somebody(substance=OPIOIDS, cell=cell, stage=DEAD),
    ):  # fmt: skip
        plain(count)(person, counts, 1)
    plain(count_by_shares)(counts, now)
    assert counts[:, AT["carrying_naloxone_percent"]].sum() == 3 * 40
    assert counts[:, AT["person_centred_medication_percent"]].sum() == 2 * 75
