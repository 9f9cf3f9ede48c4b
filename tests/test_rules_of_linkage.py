"""Linkage and first meetings: given this client and this throw, expect docs/model.md, 7.4, 7.5."""

import math

import pytest

from recoverysim.codes import (
    CLINICIAN,
    COMMUNITY,
    DETOX,
    FIRST_CONNECTED,
    FIRST_MEETING_EVER,
    FIRST_OFFER,
    INTENSIVE,
    LEAFLET,
    LEFT,
    LINK_MADE,
    MEDICATION,
    NEVER,
    NO_NEWS,
    NONE,
    PEER,
    PSYCHOSOCIAL,
    RESIDENTIAL,
    TREATMENT,
    TRYING,
    USING,
    WAITING,
)
from recoverysim.compiled import plain
from recoverysim.mutual_aid.attendance import (
    FIRST_MEETING,
    MEETING,
    go_to_mutual_aid,
    hazard_of_a_first_meeting,
    inclination,
    is_pulled_by_a_link,
)
from recoverysim.mutual_aid.linkage import (
    OFFER_CLINICIAN,
    OFFER_INTENSIVE,
    OFFER_LEAFLET,
    OFFER_PEER,
    link_to_mutual_aid,
)
from tests.rules import SOME_DICE, TODAY, answered, somebody, state_of

approx = pytest.approx


def log_odds(p):
    return math.log(p / (1 - p))


# --- linkage ------------------------------------------------------------------------------

ORDER = {OFFER_INTENSIVE: 0.02, OFFER_PEER: 0.10, OFFER_CLINICIAN: 0.49, OFFER_LEAFLET: 0.44}


@pytest.mark.parametrize(
    ("yes", "kind", "asked", "first_meeting", "fidelity", "is_an_offer"),
    [
        (OFFER_INTENSIVE, INTENSIVE, 1, 0.54, 0.6, True),
        (OFFER_PEER, PEER, 2, 0.62, 0.8, True),
        (OFFER_CLINICIAN, CLINICIAN, 3, 0.44, 0.5, True),
        (OFFER_LEAFLET, LEAFLET, 4, 0.31, 1.0, False),
        (0, NONE, 4, 0.30, 1.0, False),
    ],
)
@pytest.mark.parametrize("been", [{}, {"earlier_contact": True}, {"ever_attended": True}])
def test_linkage_offers_the_most_active_kind_first_and_pulls_as_far_as_it_is_delivered(
    yes, kind, asked, first_meeting, fidelity, is_an_offer, been
):
    person = somebody(stage=DETOX, link_due=True, weeks_since_link=70, link=PEER, **been)
    found = answered(link_to_mutual_aid, person, TODAY, SOME_DICE, yes=(yes,))
    assert list(found.items()) == list(ORDER.items())[:asked]
    assert state_of(person, "link", "weeks_since_link", "link_due") == (kind, 0, False)
    added = fidelity * (log_odds(first_meeting) - log_odds(0.30))
    assert person.pull == approx(log_odds(0.30) + added * (0.75 if been else 1))
    assert person.ever_offered == is_an_offer
    assert person.news == LINK_MADE + (FIRST_OFFER if is_an_offer else 0)


def test_a_second_offer_is_no_first_offer():
    person = somebody(stage=DETOX, link_due=True, ever_offered=True)
    answered(link_to_mutual_aid, person, TODAY, SOME_DICE, yes=(OFFER_PEER,))
    assert state_of(person, "link", "ever_offered", "news") == (PEER, True, LINK_MADE)


def test_linkage_comes_once_in_an_episode():
    person = somebody(stage=TREATMENT, weeks_since_link=5, link=CLINICIAN, pull=0.3)
    assert answered(link_to_mutual_aid, person, TODAY, SOME_DICE, yes=(OFFER_PEER,)) == {}
    assert state_of(person, "link", "weeks_since_link", "pull") == approx((CLINICIAN, 5, 0.3))


# --- a first meeting ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "pulled"),
    [
        ({"attendance": NEVER, "weeks_since_link": 11}, True),
        ({"attendance": NEVER, "weeks_since_link": 12}, False),
        ({"attendance": NEVER, "episodes": 0}, False),
        # Went after this link, or in its very week, and left: the link has done its work.
        ({"attendance": LEFT, "weeks_since_link": 8, "weeks_since_meeting": 5}, False),
        ({"attendance": LEFT, "weeks_since_link": 8, "weeks_since_meeting": 8}, False),
        # Left long ago, and was linked anew.
        ({"attendance": LEFT, "weeks_since_link": 8, "weeks_since_meeting": 9}, True),
        ({"attendance": LEFT, "weeks_since_link": 12, "weeks_since_meeting": 90}, False),
    ],
)
def test_a_link_pulls_for_12_weeks_whoever_has_not_followed_it_yet(state, pulled):
    assert plain(is_pulled_by_a_link)(somebody(**{"episodes": 1} | state)) == pulled


@pytest.mark.parametrize(
    ("state", "hazard"),
    [
        ({"episodes": 1, "pull": 0.0}, math.log(2) / 12),
        ({"episodes": 1, "pull": -0.4, "fit": 1.0}, math.log(1 + math.exp(-0.4 + 0.3)) / 12),
        ({"episodes": 1, "weeks_since_link": 12, "fit": 1.0, "readiness": 1.0}, 0.001),
        ({"attendance": LEFT, "ever_attended": True, "fit": 1.0}, 0.004),
    ],
)
def test_a_first_meeting_comes_by_a_pull_or_later_on_ones_own(state, hazard):
    assert plain(hazard_of_a_first_meeting)(somebody(**state), TODAY) == approx(hazard)


@pytest.mark.parametrize(
    ("state", "log_ratio"),
    [
        ({}, 0),
        ({"readiness": 1.0}, 0.5),
        ({"mood": 1.0}, 0.5),
        ({"fit": 1.0}, 0.3),
        ({"earlier_contact": True}, 0.4),
        ({"ever_attended": True}, 0.4),
        ({"earlier_contact": True, "ever_attended": True}, 0.4),
    ],
)
def test_who_is_inclined_to_follow_a_link(state, log_ratio):
    assert plain(inclination)(somebody(**state), TODAY) == approx(log_ratio)


@pytest.mark.parametrize("before", [NEVER, LEFT])
@pytest.mark.parametrize("goes", [True, False])
def test_whoever_goes_is_trying_it_and_what_involvement_there_was_has_faded(before, goes):
    person = somebody(attendance=before, involvement=0.5, weeks_since_meeting=30)
    yes = (FIRST_MEETING,) if goes else ()
    assert list(answered(go_to_mutual_aid, person, TODAY, SOME_DICE, yes=yes)) == [FIRST_MEETING]
    assert person.involvement == approx(0.5 * 0.97)
    assert person.attendance == (TRYING if goes else before)
    assert state_of(person, "weeks_since_meeting", "meetings", "ever_attended") == (
        (0, 1, True) if goes else (31, 0, False)
    )


# --- being connected ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        *(({"stage": stage, "discharged": True, "weeks_since_discharge": 3}, True)
          for stage in (COMMUNITY, USING, WAITING)),
        ({"stage": COMMUNITY, "discharged": True, "weeks_since_discharge": 4}, False),
        ({"stage": COMMUNITY, "discharged": False, "weeks_since_discharge": 3}, False),
        ({"stage": TREATMENT, "modality": MEDICATION, "weeks_in_stage": 11}, True),
        ({"stage": TREATMENT, "modality": MEDICATION, "weeks_in_stage": 12}, False),
        *(({"stage": TREATMENT, "modality": care, "discharged": True}, False)
          for care in (PSYCHOSOCIAL, RESIDENTIAL)),
        ({"stage": DETOX, "discharged": True}, False),
    ],
)  # fmt: skip
def test_a_meeting_soon_after_care_or_on_medication_connects(state, counts):
    person = somebody(attendance=TRYING, **state)
    answered(go_to_mutual_aid, person, TODAY, SOME_DICE, yes=(MEETING,))
    assert person.connected == counts
    assert person.news == FIRST_MEETING_EVER + (FIRST_CONNECTED if counts else 0)
    person.news = NO_NEWS  # once it is counted, another meeting is no news
    answered(go_to_mutual_aid, person, TODAY, SOME_DICE, yes=(MEETING,))
    assert state_of(person, "news", "connected") == (NO_NEWS, counts)
