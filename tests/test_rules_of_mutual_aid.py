"""Mutual aid: given this client and this throw, expect what docs/model.md says in 7.5 to 7.8."""

import pytest

from recoverysim.codes import (
    CLINICIAN,
    CONCAVE,
    FIRST_ENGAGED,
    IN_USE,
    INTENSIVE,
    INVOLVED,
    INVOLVEMENT_ONLY,
    LAPSED,
    LEAFLET,
    LEFT,
    NEVER,
    OFFER_NOT_FOLLOWED,
    PEER,
    REGULAR,
    TRYING,
)
from recoverysim.compiled import plain
from recoverysim.mutual_aid.attendance import (
    LEAVE,
    MEETING,
    SETTLE,
    go_to_mutual_aid,
)
from recoverysim.mutual_aid.benefit import gained_by_going
from recoverysim.recovery_capital import recovery_capital_changes
from tests.rules import SOME_DICE, TODAY, answered, somebody, state_of, today

approx = pytest.approx


# --- trying it, and going regularly -------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "hazard", "log_ratio"),
    [
        ({"attendance": TRYING}, 0.10, 0),
        ({"attendance": TRYING, "involvement": 0.5}, 0.10, 0),
        ({"attendance": TRYING, "use": IN_USE}, 0.10 * 3, 0),
        ({"attendance": TRYING, "use": LAPSED}, 0.10, 0),
        ({"attendance": TRYING, "fit": 1.0}, 0.10, -0.8),
        ({"attendance": TRYING, "readiness": 1.0, "mood": 0.5}, 0.10, -0.2 * 1.5),
        ({"attendance": REGULAR}, 0.006, 0),
        ({"attendance": REGULAR, "use": IN_USE}, 0.006 * 3, 0),
        ({"attendance": INVOLVED, "use": LAPSED, "involvement": 0.5}, 0.006, -1.2 * 0.5),
        ({"attendance": REGULAR, "fit": -1.0, "involvement": 0.5}, 0.006, 0.8 - 1.2 * 0.5),
        ({"attendance": INVOLVED, "readiness": 1.0}, 0.006, -0.2),
    ],
)
def test_use_makes_people_leave_and_fit_readiness_and_taking_part_hold_them(
    state, hazard, log_ratio
):
    person = somebody(**state)
    asked = answered(go_to_mutual_aid, person, TODAY, SOME_DICE, yes=(LEAVE,))
    assert asked == {LEAVE: approx((hazard, log_ratio))}
    assert person.attendance == LEFT
    assert state_of(person, "weeks_since_meeting", "meetings") == (1, 0)
    assert person.involvement == state.get("involvement", 0)


@pytest.mark.parametrize(
    ("attendance", "yes", "asked", "after", "met"),
    [
        (TRYING, (), {SETTLE: 0.07, MEETING: 0.6}, TRYING, False),
        (TRYING, (MEETING,), {SETTLE: 0.07, MEETING: 0.6}, TRYING, True),
        (TRYING, (SETTLE,), {SETTLE: 0.07}, REGULAR, True),
        (REGULAR, (), {MEETING: 0.95}, REGULAR, False),
        (REGULAR, (MEETING,), {MEETING: 0.95}, REGULAR, True),
    ],
)
def test_a_week_of_who_stays(attendance, yes, asked, after, met):
    """Involvement stands still while trying it, and grows with membership, meeting or not."""
    person = somebody(attendance=attendance, involvement=0.2, weeks_since_meeting=3)
    found = answered(go_to_mutual_aid, person, TODAY, SOME_DICE, yes=yes)
    assert list(found.items())[1:] == list(asked.items())
    assert person.attendance == after
    assert state_of(person, "weeks_since_meeting", "ever_attended") == (
        (0, True) if met else (4, False)
    )
    grown = 0.2 if attendance == TRYING else 0.2 + 0.05 * (0.55 - 0.2)
    assert person.involvement == approx(grown)


@pytest.mark.parametrize(
    ("state", "level"),
    [
        ({}, 0.55),
        ({"fit": 1.0}, 0.55 + 0.15),
        ({"readiness": 1.0, "mood": 1.0}, 0.55 + 0.1 * 2),
        ({"link": INTENSIVE, "delivered": 0.6, "weeks_since_link": 200}, 0.55 + 0.3 * 0.6),
        ({"link": PEER}, 0.55),
        ({"fit": 9.0}, 1.0),
        ({"fit": -9.0}, 0.0),
    ],
)
def test_involvement_grows_towards_a_level_of_ones_own(state, level):
    person = somebody(attendance=REGULAR, involvement=0.3, **state)
    answered(go_to_mutual_aid, person, TODAY, SOME_DICE)
    assert person.involvement == approx(0.3 + 0.05 * (level - 0.3))


@pytest.mark.parametrize(
    ("before", "involvement", "after"),
    [(REGULAR, 0.392, REGULAR), (REGULAR, 0.393, INVOLVED), (INVOLVED, 0.2, REGULAR)],
)
def test_involved_is_whoever_takes_part_enough(before, involvement, after):
    """The border is 0.4: 0.392 becomes 0.3999, and 0.393 becomes 0.4009."""
    person = somebody(attendance=before, involvement=involvement)
    answered(go_to_mutual_aid, person, TODAY, SOME_DICE)
    assert person.attendance == after


@pytest.mark.parametrize(
    ("shape", "attendance", "gained"),
    [
        *((shape, standing, 0) for shape in (0, 1, 2) for standing in (NEVER, LEFT)),
        (0, TRYING, 0.40 * 0.8),
        (0, REGULAR, 0.15 + 0.40 * 0.8),
        (0, INVOLVED, 0.15 + 0.40 * 0.8),
        (CONCAVE, TRYING, 0.15 * 0.25**0.75 + 0.40 * 0.8),
        (CONCAVE, REGULAR, 0.15 + 0.40 * 0.8),
        (INVOLVEMENT_ONLY, TRYING, (0.15 + 0.40) * 0.8),
        (INVOLVEMENT_ONLY, INVOLVED, (0.15 + 0.40) * 0.8),
    ],
)
def test_what_is_gained_by_going_goes_by_the_shape_of_the_dose(shape, attendance, gained):
    now = today({"mutual_aid.dose_shape": shape})
    person = somebody(attendance=attendance, involvement=0.8)
    assert plain(gained_by_going)(person, now) == approx(gained)


# --- capital and identity -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "capital", "identity"),
    [
        ({}, 0.3 + 0.006 * (0.7 - 0.3), 0.1 + 0.005 * (0.4 - 0.1)),
        ({"attendance": TRYING}, 0.3 + 0.006 * (0.7 - 0.3), 0.1 + 0.005 * (0.4 - 0.1)),
        ({"attendance": REGULAR}, 0.3 + 0.006 * (0.95 - 0.3), 0.1 + 0.04 * (1 - 0.1)),
        ({"attendance": INVOLVED}, 0.3 + 0.006 * (0.95 - 0.3), 0.1 + 0.04 * (1 - 0.1)),
        ({"attendance": REGULAR, "use": IN_USE}, 0.3 * 0.99, 0.1 * 0.99),
        ({"attendance": REGULAR, "use": LAPSED}, 0.3, 0.1),
    ],
)
def test_capital_and_identity_grow_in_abstinence_faster_in_membership(state, capital, identity):
    person = somebody(capital=0.3, identity=0.1, **state)
    plain(recovery_capital_changes)(person, TODAY)
    assert state_of(person, "capital", "identity") == approx((capital, identity))


def test_capital_reaches_one_at_most_and_drifts_back_without_membership():
    most = today({"recovery_capital.added_by_membership": 0.5})
    member, alone = (somebody(capital=0.9, attendance=one) for one in (REGULAR, LEFT))
    plain(recovery_capital_changes)(member, most)
    plain(recovery_capital_changes)(alone, most)
    assert member.capital == approx(0.9 + 0.006 * (1 - 0.9))
    assert alone.capital == approx(0.9 + 0.006 * (0.7 - 0.9))


@pytest.mark.parametrize("pattern", ["1111111", "11111111", "1011011101101", "0111111110000"])
def test_eight_weeks_of_thirteen_with_a_meeting_are_engagement(pattern):
    """One character a week, the oldest first."""
    person = somebody(attendance=REGULAR, involvement=0.5)
    for week, met in enumerate(pattern):
        assert person.engaged == (pattern[:week].count("1") >= 8)
        yes = (MEETING,) if met == "1" else ()
        answered(go_to_mutual_aid, person, TODAY, SOME_DICE, yes=yes)
    assert person.engaged == (pattern.count("1") >= 8)
    assert bool(person.news & FIRST_ENGAGED) == person.engaged
    assert bin(person.meetings)[2:].rjust(len(pattern), "0") == pattern


def test_meetings_longer_ago_than_thirteen_weeks_no_longer_count():
    person = somebody(attendance=REGULAR, meetings=0b1111111000000)
    answered(go_to_mutual_aid, person, TODAY, SOME_DICE, yes=(MEETING,))
    assert person.meetings == 0b1111110000001
    assert not person.engaged


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        ({"link": PEER}, True),
        ({"link": CLINICIAN}, True),
        ({"link": LEAFLET}, False),  # nobody was offered anything that could be followed
        ({"link": PEER, "weeks_since_link": 11}, False),
        ({"link": PEER, "weeks_since_link": 13}, False),  # counted the week before
        ({"link": PEER, "attendance": LEFT, "weeks_since_meeting": 5}, False),  # went, and left
        ({"link": PEER, "attendance": LEFT, "weeks_since_meeting": 40}, True),
        ({"link": PEER, "attendance": TRYING, "weeks_since_meeting": 2}, False),
    ],
)
def test_an_offer_that_nobody_followed_in_twelve_weeks_is_counted_once(state, counts):
    person = somebody(**{"weeks_since_link": 12, "episodes": 1} | state)
    answered(go_to_mutual_aid, person, TODAY, SOME_DICE)
    assert bool(person.news & OFFER_NOT_FOLLOWED) == counts
