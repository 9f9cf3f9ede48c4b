"""Moves and places: given this client and this throw, expect docs/model.md, 7.11."""

import pytest

from recoverysim.assessment import DETOX_FIRST, ON_MEDICATION, STARTED, TO_RESIDENTIAL
from recoverysim.codes import (
    ABSTINENCE,
    ABSTINENT,
    ALCOHOL,
    CARE_BEGUN,
    COMMUNITY,
    DETOX,
    IN_USE,
    LAPSED,
    MEDICATION,
    NO_MODALITY,
    NOWHERE,
    OPIOIDS,
    PSYCHOSOCIAL,
    READMITTED,
    RESIDENTIAL,
    STABILITY,
    STIMULANTS,
    TREATMENT,
    USING,
    WAITING,
)
from recoverysim.services import allot_places
from tests.rules import NO_JOURNAL, SOME_DICE, TODAY, WORKERS, answered, somebody, state_of

approx = pytest.approx

CLOCKS = ("weeks_in_stage", "weeks_since_help", "weeks_since_discharge", "weeks_abstinent",
          "weeks_using", "weeks_since_link", "weeks_since_meeting", "head_start")  # fmt: skip


@pytest.mark.parametrize(
    ("before", "wants", "reset", "use_after"),
    [
        ((USING, NO_MODALITY, IN_USE), WAITING,
         ["weeks_in_stage", "weeks_since_help", "weeks_using"], IN_USE),
        ((COMMUNITY, NO_MODALITY, LAPSED), WAITING,
         ["weeks_in_stage", "weeks_since_help", "weeks_using"], LAPSED),
        ((TREATMENT, MEDICATION, IN_USE), DETOX,
         ["weeks_in_stage", "weeks_abstinent", "weeks_using"], ABSTINENT),
        ((DETOX, NO_MODALITY, ABSTINENT), (TREATMENT, RESIDENTIAL),
         ["weeks_in_stage", "weeks_abstinent", "weeks_using"], ABSTINENT),
        ((TREATMENT, PSYCHOSOCIAL, IN_USE), (TREATMENT, MEDICATION), ["weeks_in_stage"], IN_USE),
        ((DETOX, NO_MODALITY, ABSTINENT), COMMUNITY,
         ["weeks_in_stage", "weeks_since_discharge"], ABSTINENT),
        ((TREATMENT, PSYCHOSOCIAL, IN_USE), USING,
         ["weeks_in_stage", "weeks_since_discharge"], IN_USE),
        ((USING, NO_MODALITY, ABSTINENT), COMMUNITY, ["weeks_in_stage"], ABSTINENT),
    ],
)  # fmt: skip
def test_a_move_sets_these_clocks_to_nought_and_no_other(before, wants, reset, use_after):
    stage, modality = wants if isinstance(wants, tuple) else (wants, NO_MODALITY)
    person = somebody(
        stage=before[0], modality=before[1], use=before[2], wants=stage, wants_modality=modality,
        **dict.fromkeys(CLOCKS, 9),
    )  # fmt: skip
    answered(allot_places, person, TODAY, 3, SOME_DICE, *NO_JOURNAL, WORKERS)
    assert state_of(person, "stage", "modality", "use") == (stage, modality, use_after)
    assert [name for name in CLOCKS if getattr(person, name) == 0] == [
        name for name in CLOCKS if name in reset
    ]
    assert state_of(person, "wants", "wants_modality") == (NOWHERE, NO_MODALITY)


@pytest.mark.parametrize(
    ("left_before", "used_before", "state", "used_after"),
    [
        (False, False, ABSTINENT, False),
        (False, False, LAPSED, True),
        (False, False, IN_USE, True),
        (True, False, ABSTINENT, False),
        (True, True, ABSTINENT, True),
    ],
)
def test_leaving_care_for_the_first_time_starts_abstinence_since_discharge(
    left_before, used_before, state, used_after
):
    person = somebody(
        stage=TREATMENT, modality=PSYCHOSOCIAL, use=state, wants=COMMUNITY, discharged=left_before,
        used_since_discharge=used_before,
    )  # fmt: skip
    answered(allot_places, person, TODAY, 3, SOME_DICE, *NO_JOURNAL, WORKERS)
    assert state_of(person, "discharged", "used_since_discharge") == (True, used_after)


@pytest.mark.parametrize(
    ("substance", "wants", "after"),
    [
        (OPIOIDS, COMMUNITY, 0.25), (OPIOIDS, USING, 0.25), (OPIOIDS, DETOX, 0.25),
        (OPIOIDS, (TREATMENT, PSYCHOSOCIAL), 1.0), (ALCOHOL, COMMUNITY, 1.0),
    ],
)  # fmt: skip
def test_whoever_leaves_medication_for_anything_but_treatment_loses_its_cover(
    substance, wants, after
):
    stage, modality = wants if isinstance(wants, tuple) else (wants, NO_MODALITY)
    person = somebody(
        stage=TREATMENT,
        modality=MEDICATION,
        substance=substance,
        wants=stage,
        wants_modality=modality,
    )
    answered(allot_places, person, TODAY, 3, SOME_DICE, *NO_JOURNAL, WORKERS)
    assert person.tolerance == approx(after)


FIRST = {ALCOHOL: 0.35 * 1.5, OPIOIDS: 0.06 * 1.5, STIMULANTS: 0.02 * 1.5}
AWAY = {ALCOHOL: 0.04, OPIOIDS: 0.03, STIMULANTS: 0.05}


@pytest.mark.parametrize("substance", FIRST)
@pytest.mark.parametrize(
    ("state", "yes", "after"),
    [
        (IN_USE, [DETOX_FIRST], (DETOX, NO_MODALITY, ABSTINENT)),
        (LAPSED, [DETOX_FIRST], (DETOX, NO_MODALITY, ABSTINENT)),
        (LAPSED, [TO_RESIDENTIAL], (TREATMENT, RESIDENTIAL, ABSTINENT)),
        (IN_USE, [ON_MEDICATION], (TREATMENT, MEDICATION, IN_USE)),
        (IN_USE, [], (TREATMENT, PSYCHOSOCIAL, IN_USE)),
        # Abstinent while waiting: no detox first, whatever was thrown.
        (ABSTINENT, [DETOX_FIRST], (TREATMENT, PSYCHOSOCIAL, ABSTINENT)),
    ],
)
def test_what_care_starts_with(substance, state, yes, after):
    person = somebody(stage=WAITING, use=state, substance=substance, goal=ABSTINENCE)
    asked = answered(
        allot_places, person, TODAY, 3, SOME_DICE, *NO_JOURNAL, WORKERS, yes=[STARTED, *yes]
    )
    order = {STARTED: 0.98, DETOX_FIRST: FIRST[substance], TO_RESIDENTIAL: AWAY[substance]}
    if state == ABSTINENT:
        del order[DETOX_FIRST]
    if substance == OPIOIDS:
        order[ON_MEDICATION] = 0.85
    elif ON_MEDICATION in yes:  # there is none for other substances
        after = (TREATMENT, PSYCHOSOCIAL, IN_USE)
    assert list(asked.items()) == list(order.items())[: len(asked)]
    assert state_of(person, "stage", "modality", "use") == after
    assert state_of(person, "episodes", "link_due", "news") == (1, True, CARE_BEGUN)


def test_detox_comes_first_less_often_where_the_goal_is_stability():
    person = somebody(stage=WAITING, use=IN_USE, goal=STABILITY)
    asked = answered(allot_places, person, TODAY, 3, SOME_DICE, *NO_JOURNAL, WORKERS, yes=[STARTED])
    assert asked[DETOX_FIRST] == 0.35


def test_from_the_second_episode_on_it_is_a_readmission():
    person = somebody(stage=WAITING, use=IN_USE, episodes=1)
    answered(allot_places, person, TODAY, 3, SOME_DICE, *NO_JOURNAL, WORKERS, yes=[STARTED])
    assert state_of(person, "episodes", "news") == (2, CARE_BEGUN | READMITTED)


@pytest.mark.parametrize(
    ("state", "asked", "stage"),
    [
        ({"stage": WAITING}, {STARTED: 0.98}, WAITING),
        # Whoever gave up waiting is not found a place in that week; whoever asked this week may be.
        ({"stage": WAITING, "wants": USING}, {}, USING),
        ({"stage": USING, "wants": WAITING}, {STARTED: 0.98}, WAITING),
    ],
)
def test_a_place_is_looked_for_by_who_is_waiting_after_all_moves(state, asked, stage):
    person = somebody(use=IN_USE, **state)
    assert answered(allot_places, person, TODAY, 3, SOME_DICE, *NO_JOURNAL, WORKERS) == asked
    assert state_of(person, "stage", "episodes", "link_due") == (stage, 0, False)
