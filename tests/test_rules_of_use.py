"""Use: given this client and this throw, expect what docs/model.md says in 7.8 and 7.9."""

import math

import pytest

from recoverysim import use
from recoverysim.codes import (
    ABSTINENT,
    ALCOHOL,
    IN_USE,
    INTENSIVE,
    INVOLVED,
    LAPSED,
    LEFT,
    MEDICATION,
    OPIOIDS,
    PEER,
    PSYCHOSOCIAL,
    REGULAR,
    STIMULANTS,
    TRYING,
)
from recoverysim.compiled import plain
from recoverysim.surroundings import gained_by_company
from tests.rules import CURVES, SINGLE, SOME_DICE, TODAY, answered, somebody, state_of, today

approx = pytest.approx

TOTAL, TOTAL_FOR_OPIOIDS = 0.6, 0.6 * 0.5
FULLY_INVOLVED = {"attendance": INVOLVED, "involvement": 1.0}


def risk(now=TODAY, **state):
    return plain(use.risk_of_use)(somebody(**state), now, CURVES)


# --- what protects and what endangers -----------------------------------------------------


@pytest.mark.parametrize(
    ("state", "log_ratio"),
    [
        ({}, 0),
        ({"frailty": 0.5}, 0.5),
        ({"psychiatric_need": True}, 0.15),
        ({"readiness": 1.0}, -0.35),
        ({"mood": 1.0}, -0.35),
        ({"substance": OPIOIDS}, 0.2),
        ({"substance": STIMULANTS}, -0.1),
        # Going: being there as a member, and taking part.
        ({"attendance": REGULAR}, -TOTAL * 0.15),
        (FULLY_INVOLVED, -TOTAL * (0.15 + 0.40)),
        ({"attendance": TRYING, "involvement": 0.5}, -TOTAL * 0.40 * 0.5),
        ({"attendance": LEFT, "involvement": 0.5}, 0),
        (FULLY_INVOLVED | {"substance": STIMULANTS}, -0.1 - TOTAL * 0.55),
        (FULLY_INVOLVED | {"substance": OPIOIDS}, 0.2 - TOTAL_FOR_OPIOIDS * 0.55),
        # Company: the whole share at what members reach, and never more.
        ({"seen_company": 0.45}, -TOTAL * 0.25 / 2),
        ({"seen_company": 0.70}, -TOTAL * 0.25),
        ({"seen_company": 1.00}, -TOTAL * 0.25),
        ({"seen_company": 0.00}, TOTAL * 0.25 * 0.2 / 0.5),
        # Capital and identity, above and below what they were at entry.
        ({"capital": 1.0, "identity": 1.0}, -TOTAL * 0.20),
        ({"capital": 1.0}, -TOTAL * 0.20 * 0.4),
        ({"identity": 1.0}, -TOTAL * 0.20 * 0.6),
        ({"capital": 0.0, "identity": 0.0}, TOTAL * 0.20 * 0.2 / 0.8),
        # The sessions of intensive referral, for 26 weeks, as far as they are delivered.
        ({"link": INTENSIVE, "delivered": 0.6, "weeks_since_link": 25}, -0.1 * 0.6),
        ({"link": INTENSIVE, "delivered": 0.6, "weeks_since_link": 26}, 0),
        ({"link": PEER, "weeks_since_link": 1}, 0),
    ],
)
def test_what_protects_from_a_first_use_and_what_endangers(state, log_ratio):
    assert risk(**state) == approx(log_ratio, abs=SINGLE)


def test_if_the_total_is_negative_everything_that_would_protect_does_harm():
    harm = today({"mutual_aid.total_log_hazard_ratio": -0.3})
    assert risk(harm, **FULLY_INVOLVED) == approx(0.3 * 0.55)
    assert risk(harm, seen_company=0.7) == approx(0.3 * 0.25)
    assert risk(harm, capital=1.0, identity=1.0) == approx(0.3 * 0.20)


@pytest.mark.parametrize(("seen", "gained"), [(0.2, 0), (0.7, 0.25), (1.0, 0.25), (0.0, -0.1)])
def test_company_gains_its_share_of_the_effect_and_no_more(seen, gained):
    found = plain(gained_by_company)(somebody(seen_company=seen), TODAY, CURVES)
    assert found == approx(gained, abs=SINGLE)


# --- abstinent ----------------------------------------------------------------------------


def in_this_week(weeks, scale):
    """Log-logistic: H(t + 1) - H(t), with H(t) = ln(1 + (t/s)^1.05)."""
    until, after = (math.log(1 + (t / scale) ** 1.05) for t in (weeks, weeks + 1))
    return after - until


@pytest.mark.parametrize(
    ("state", "hazard"),
    [
        ({}, in_this_week(0, 12)),
        ({"weeks_abstinent": 3}, in_this_week(3, 12)),
        ({"weeks_abstinent": 3, "head_start": 52}, in_this_week(55, 12)),
        ({"weeks_abstinent": 3, "substance": OPIOIDS}, in_this_week(3, 4)),
        ({"weeks_abstinent": 3, "substance": STIMULANTS}, in_this_week(3, 6)),
        ({"modality": MEDICATION}, 0.35 * in_this_week(0, 12)),
        ({"modality": PSYCHOSOCIAL}, 0.7 * in_this_week(0, 12)),
    ],
)
def test_first_use_falls_with_time_abstinent_and_care_protects(state, hazard):
    person = somebody(frailty=0.7, **state)
    asked = answered(use.stay_abstinent_or_use, person, TODAY, CURVES, SOME_DICE)
    severity = {ALCOHOL: 0, OPIOIDS: 0.2, STIMULANTS: -0.1}[person.substance]
    assert asked == {use.FIRST_USE: approx((hazard, 0.7 + severity))}
    assert person.weeks_abstinent == state.get("weeks_abstinent", 0) + 1
    assert person.head_start == state.get("head_start", 0)


@pytest.mark.parametrize("discharged", [True, False])
@pytest.mark.parametrize(
    ("substance", "lapse_share"), [(ALCOHOL, 0.75), (OPIOIDS, 0.40), (STIMULANTS, 0.70)]
)
@pytest.mark.parametrize(
    ("yes", "after"),
    [((use.IS_A_LAPSE,), (LAPSED, 9)), ((), (IN_USE, 0))],
    ids=["lapse", "return to use"],
)
def test_a_first_use_is_a_lapse_or_a_return_and_ends_time_abstinent_and_head_start(
    substance, lapse_share, yes, after, discharged
):
    person = somebody(
        substance=substance, weeks_abstinent=20, head_start=52, weeks_using=9, discharged=discharged
    )
    asked = answered(
        use.stay_abstinent_or_use, person, TODAY, CURVES, SOME_DICE, yes=(use.FIRST_USE, *yes)
    )
    assert asked[use.IS_A_LAPSE] == lapse_share
    assert state_of(person, "use", "weeks_using") == after
    assert state_of(person, "weeks_abstinent", "head_start") == (0, 0)
    assert person.used_since_discharge == discharged


# --- in a lapse, and using ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("substance", "goes_on"), [(ALCOHOL, 0.25), (OPIOIDS, 0.60), (STIMULANTS, 0.30)]
)
@pytest.mark.parametrize(
    ("yes", "after"),
    [
        ((use.GET_OVER_IT,), (ABSTINENT, 0, 0)),
        ((use.LAPSE_GOES_ON,), (IN_USE, 0, 0)),
        ((), (LAPSED, 0, 9)),
    ],
    ids=["got over", "a return", "not settled"],
)
def test_a_lapse_is_got_over_or_goes_on_or_is_not_settled_yet(substance, goes_on, yes, after):
    person = somebody(use=LAPSED, weeks_using=9, substance=substance)
    asked = answered(use.settle_a_lapse, person, TODAY, SOME_DICE, yes=yes)
    assert asked.pop(use.GET_OVER_IT) == 0.35
    assert asked == ({} if use.GET_OVER_IT in yes else {use.LAPSE_GOES_ON: goes_on})
    assert state_of(person, "use", "weeks_abstinent", "weeks_using") == after


@pytest.mark.parametrize(
    ("state", "hazard", "log_ratio"),
    [
        ({"weeks_using": 5}, 0.040 * (1 + 5 / 8) ** -0.3, 0),
        ({"weeks_using": 0, "substance": OPIOIDS}, 0.055, 0),
        ({"weeks_using": 0, "substance": STIMULANTS}, 0.100, 0),
        ({"readiness": 0.5, "mood": 0.7}, 0.040, 0.25 * 1.2),
        ({"modality": PSYCHOSOCIAL}, 0.040 * 1.5, 0),
        ({"modality": MEDICATION}, 0.040 * 1.5, 0),
        # What mutual aid does is for first use alone.
        (FULLY_INVOLVED | {"seen_company": 0.7, "capital": 1.0}, 0.040, 0),
    ],
)
def test_stopping_is_likeliest_soon_and_for_who_is_ready(state, hazard, log_ratio):
    person = somebody(use=IN_USE, **state)
    asked = answered(use.try_to_stop, person, TODAY, CURVES, SOME_DICE)
    assert asked == {use.STOP: approx((hazard, log_ratio))}
    assert state_of(person, "use", "weeks_using") == (IN_USE, state.get("weeks_using", 0) + 1)
    answered(use.try_to_stop, person, TODAY, CURVES, SOME_DICE, yes=(use.STOP,))
    assert state_of(person, "use", "weeks_abstinent", "weeks_using") == (ABSTINENT, 0, 0)
