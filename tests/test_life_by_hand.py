"""Lives of a few weeks made by hand: what is told of them, worked out on paper."""

import pytest

from recoverysim import codes, story
from recoverysim.codes import (
    ABSTINENT,
    COMMUNITY,
    DEAD,
    DETOX,
    IN_USE,
    INVOLVED,
    LAPSED,
    LEFT,
    MEDICATION,
    NO_MODALITY,
    PSYCHOSOCIAL,
    REGULAR,
    TREATMENT,
    TRYING,
    USING,
    WAITING,
)
from recoverysim.studies.telling import ending, years_of
from tests.lives import a_life, counting

OUT = NO_MODALITY


def told(life):
    return [(event.week, event.event, event.why) for event in life.events()]


# --- a link that is not followed -----------------------------------------------------------


def linked(weeks, kind=codes.LEAFLET, **more):
    """Linked in week 1: due then, made by the end of week 2, so 12 weeks are over in week 13."""
    return a_life(
        weeks, episodes={0: 1}, link={2: kind}, weeks_since_link=counting(weeks, 1),
        **{"link_due": {0: True, 2: False}, "weeks_since_meeting": counting(weeks, 0), **more},
    )  # fmt: skip


def test_after_twelve_weeks_without_a_meeting_the_link_was_not_followed():
    assert told(linked(13)) == [
        (1, "is given a leaflet about mutual aid", ""),
        (13, "has not gone to a meeting in the 12 weeks since the leaflet", ""),
    ]


def test_a_link_not_followed_stands_alone_not_as_the_effect_of_a_lapse_in_that_week():
    life = linked(52, use={0: ABSTINENT, 13: LAPSED, 14: ABSTINENT})
    assert years_of(life)[0] == [
        "Week 1: is given a leaflet about mutual aid.",
        "Week 13: has a lapse, after 13 weeks without use.",
        "Week 13: has not gone to a meeting in the 12 weeks since the leaflet.",
        "Week 14: gets over the lapse.",
    ]


def test_another_offer_in_that_week_has_its_own_line_too():
    """The new one is due after week 13 and made in week 13, as the 12 weeks of the first end."""
    life = linked(52, use={0: ABSTINENT}, link_due={0: True, 2: False, 13: True, 14: False})
    assert years_of(life)[0][1:3] == [
        "Week 13: has not gone to a meeting in the 12 weeks since the leaflet.",
        "Week 13: is given a leaflet about mutual aid.",
    ]


def test_before_the_twelve_weeks_are_over_nothing_is_said():
    assert [week for week, *_ in told(linked(12))] == [1]


def test_no_link_cannot_be_left_unfollowed():
    assert told(linked(20, codes.NONE)) == [(1, "is offered no link to mutual aid", "")]


def test_a_link_followed_in_the_last_of_its_weeks_is_followed():
    life = linked(
        30, codes.PEER, attendance={13: TRYING, 15: LEFT}, weeks_since_meeting=counting(30, 13)
    )
    assert told(life)[1:] == [
        (13, "goes to a first meeting", "12 weeks after the offer of a peer"),
        (15, "stops going to meetings", "after 2 weeks"),
    ]


def test_a_meeting_after_the_twelve_weeks_is_ones_own_doing():
    never_before = {week: week if week < 14 else week - 14 for week in range(21)}
    life = linked(20, codes.PEER, attendance={14: TRYING}, weeks_since_meeting=never_before)
    assert [event for _, event, _ in told(life)[1:]] == [
        "has not gone to a meeting in the 12 weeks since the offer of a peer",
        "goes to a first meeting",
    ]  # fmt: skip
    assert told(life)[-1][2] == "on his own initiative"


def test_nobody_is_told_of_a_link_after_death():
    life = linked(
        20, stage={9: DEAD}, ending={9: 0}, stays=[(0, 9, COMMUNITY, OUT, codes.DIED_OTHER)]
    )
    assert [week for week, *_ in told(life)] == [1, 9]


# --- taking part, use and care -------------------------------------------------------------


def test_taking_part_is_told_as_it_begins_and_as_it_ends():
    life = a_life(
        40, attendance={3: TRYING, 5: REGULAR, 20: INVOLVED, 30: REGULAR, 33: INVOLVED, 38: LEFT},
        female={0: True}, use={0: ABSTINENT},
    )  # fmt: skip
    assert told(life) == [
        (3, "goes to a first meeting", "on her own initiative"),
        (5, "becomes a regular member", ""),
        (20, "takes on a home group, a sponsor or a task", "17 weeks after the first meeting"),
        (30, "takes less part than before", "still going regularly"),
        (33, "takes on a home group, a sponsor or a task", "30 weeks after the first meeting"),
        (38, "stops going to meetings, and with it taking part", "after 35 weeks"),
    ]
    spent = life.weeks()
    assert (spent.going, spent.taking_part) == (35, 15)


def a_year():
    """A year: a place at the second allotment, medication, a lapse, a return to use, and help."""
    return a_life(
        52,
        stays=[
            (0, 2, WAITING, OUT, codes.PLACE_FOUND),
            (2, 12, TREATMENT, MEDICATION, codes.COMPLETED),
            (12, 18, COMMUNITY, OUT, codes.RETURNED_TO_USE),
            (18, 40, USING, OUT, codes.SOUGHT_HELP),
            (40, 40, WAITING, OUT, codes.PLACE_FOUND),
            (40, 41, DETOX, OUT, codes.COMPLETED),
        ],
        stage={0: WAITING, 2: TREATMENT, 12: COMMUNITY, 18: USING, 40: DETOX, 41: TREATMENT},
        modality={0: OUT, 2: MEDICATION, 12: OUT, 41: PSYCHOSOCIAL},
        use={0: IN_USE, 4: ABSTINENT, 16: LAPSED, 18: IN_USE, 40: ABSTINENT},
        episodes={2: 1, 40: 2},
    )  # fmt: skip


def test_a_year_in_lines():
    (lines,) = years_of(a_year())
    assert lines == [
        "Week 2: starts medication, after waiting 2 weeks.",
        "Week 4: stops using.",
        "Week 12: comes off medication as planned, after 10 weeks.",
        "Week 16: has a lapse, after 12 weeks without use; in week 18 the lapse becomes a "
        "return to use.",
        "Week 40: asks for help, 22 weeks after the return to use; starts detox, without a wait; "
        "stops using on entering.",
        "Week 41: completes detox and starts talking treatment, after 1 week.",
    ]


def test_how_things_stand_after_the_last_year():
    """Without use from 4 to 16 and from 40 to 52; in care from 2 to 12 and from 40 on."""
    assert ending(a_year()) == [
        "After 1 year, he is 47: in talking treatment; no use for 12 weeks; not going to mutual "
        "aid; 3 of the 8 people around him in recovery.",
        "Weeks without use: 24 of 52.",
        "In detox or treatment: twice (22 weeks in all).",
        "Going to mutual aid: not in these years.",
    ]


def test_leaving_care_early_and_using_in_that_week_is_told_once():
    life = a_life(
        6, stays=[(0, 4, DETOX, OUT, codes.LEFT_EARLY)], stage={0: DETOX, 4: USING},
        use={0: ABSTINENT, 4: IN_USE},
    )  # fmt: skip
    assert told(life) == [
        (4, "leaves detox early after 4 weeks and returns to use in the same week", "")
    ]


@pytest.mark.parametrize(
    ("cause", "substance", "tolerance", "use", "why"),
    [
        (codes.DIED_OVERDOSE, codes.OPIOIDS, 0.2, IN_USE, "; tolerance to opioids was low"),
        (codes.DIED_OVERDOSE, codes.OPIOIDS, 0.9, IN_USE, ""),
        (codes.DIED_OVERDOSE, codes.ALCOHOL, 0.2, IN_USE, ""),
        (codes.DIED_OTHER, codes.OPIOIDS, 0.2, ABSTINENT, ""),
    ],
)
def test_a_death_is_told_without_blame(cause, substance, tolerance, use, why):
    life = a_life(
        104, stays=[(0, 78, USING, OUT, cause)], stage={0: USING, 78: DEAD},
        use={0: use}, substance={0: substance}, tolerance={0: tolerance},
    )  # fmt: skip
    assert told(life) == [(78, story.DEATHS[cause], f"at the age of 47{why}")]
    assert (
        years_of(life)[0][0] == f"All year: {'no lapse' if use == ABSTINENT else 'use continues'}."
    )
    assert len(years_of(life)) == 2
    last = ending(life)
    before = ", and had not used for 1 year and 26 weeks when he died" if use == ABSTINENT else ""
    assert last[0] == (
        f"He lived 1 year and 26 weeks of these 2 years{before}. It is nobody’s fault."
    )
    without = 78 if use == ABSTINENT else 0
    assert f"Weeks without use: {without} of 78." in last


# --- the end of a year ---------------------------------------------------------------------


def test_a_lapse_does_not_wipe_out_the_weeks_without_use_before_it():
    """Without use from 2 to 60 and from 61 on: 50, 50 + 51 and 50 + 51 + 52 weeks at the ends."""
    life = a_life(208, use={0: IN_USE, 2: ABSTINENT, 60: LAPSED, 61: ABSTINENT})
    ends = [lines[-1] for lines in years_of(life)[:3]]
    just = a_life(104, use={0: IN_USE, 52: ABSTINENT})
    assert "not in treatment; has just stopped using; not" in years_of(just)[0][-1]
    assert "no use for 50 weeks;" in ends[0]  # in one go, so not counted once more
    assert "no use for 43 weeks (101 of 104 weeks so far without use);" in ends[1]
    assert "no use for 1 year and 43 weeks (153 of 156 weeks so far without use);" in ends[2]


def test_whoever_has_returned_to_use_keeps_the_weeks_without_it_and_is_still_going():
    life = a_life(
        104, attendance={3: TRYING, 5: REGULAR}, use={0: IN_USE, 2: ABSTINENT, 50: IN_USE}
    )
    assert years_of(life)[0][-1] == (
        "At the end of year 1: not in treatment; has returned to use (48 of 52 weeks so far "
        "without use); still going to mutual aid; 3 of the 8 people around him in recovery."
    )
    later = a_life(104, attendance={51: TRYING}, use={0: IN_USE, 2: ABSTINENT, 50: IN_USE})
    assert "; trying mutual aid;" in years_of(later)[0][-1]
    assert "not in treatment; using; trying" in years_of(a_life(104, attendance={51: TRYING},
                                                              use={0: IN_USE}))[0][-1]  # fmt: skip


def test_no_longer_going_is_said_in_the_year_it_changes_and_at_the_end_alone():
    life = a_life(260, attendance={3: TRYING, 60: LEFT}, use={0: ABSTINENT})
    said = [sum("no longer going" in line for line in lines) for lines in years_of(life)]
    assert said == [0, 1, 0, 0, 0]
    assert "no longer going to mutual aid" in ending(life)[0]
    never = a_life(156, use={0: ABSTINENT})
    assert [sum("not going" in line for line in lines) for lines in years_of(never)] == [1, 0, 0]


@pytest.mark.parametrize(
    ("columns", "held"),
    [
        ({"use": {0: ABSTINENT}}, "no lapse"),
        ({"stage": {0: TREATMENT}, "modality": {0: MEDICATION}, "use": {0: ABSTINENT}},
         "on medication; no lapse"),
        ({"use": {0: ABSTINENT}, "attendance": {0: INVOLVED}},
         "going to mutual aid and taking part; no lapse"),
        ({"use": {0: IN_USE}, "stage": {0: WAITING}, "attendance": {0: LEFT}},
         "waiting for treatment; use continues"),
    ],
)  # fmt: skip
def test_a_year_without_events_says_what_held(columns, held):
    assert years_of(a_life(104, **columns))[1] == [f"All year: {held}."]


def test_where_the_goal_is_stability_the_end_says_so_first():
    """In use from 0 to 10, in a lapse from 20 to 24: 42 weeks with a lapse at most, 38 without."""
    use = {0: IN_USE, 10: ABSTINENT, 20: LAPSED, 24: ABSTINENT}
    assert ending(a_life(52, use=use, goal={0: codes.STABILITY}))[1:3] == [
        "His own goal, stability rather than abstinence: no use, or no more than a lapse, in 42 "
        "of 52 weeks.",
        "Weeks without use: 38 of 52.",
    ]
    assert not any("goal" in line for line in ending(a_life(52, use=use)))


def test_a_person_who_had_returned_to_use_is_not_said_to_have_been_without():
    life = a_life(
        52, stays=[(0, 30, USING, OUT, codes.DIED_OTHER)], stage={0: USING, 30: DEAD},
        use={0: ABSTINENT, 20: IN_USE},
    )  # fmt: skip
    assert ending(life)[0] == "He lived 30 weeks of this year. It is nobody’s fault."


# --- entering care -------------------------------------------------------------------------


def test_use_that_ends_on_entering_detox_is_told_so_that_the_weeks_after_add_up():
    """At the start and in week 30; not on moving from detox to residential treatment."""
    life = a_life(
        52,
        stays=[
            (0, 0, WAITING, OUT, codes.PLACE_FOUND),
            (0, 3, DETOX, OUT, codes.COMPLETED),
            (3, 10, TREATMENT, codes.RESIDENTIAL, codes.COMPLETED),
            (10, 20, COMMUNITY, OUT, codes.RETURNED_TO_USE),
            (20, 30, USING, OUT, codes.SOUGHT_HELP),
            (30, 30, WAITING, OUT, codes.PLACE_FOUND),
            (30, 33, TREATMENT, codes.RESIDENTIAL, codes.COMPLETED),
        ],
        stage={0: DETOX, 3: TREATMENT, 10: COMMUNITY, 20: USING, 30: TREATMENT, 33: COMMUNITY},
        modality={0: OUT, 3: codes.RESIDENTIAL, 10: OUT, 30: codes.RESIDENTIAL, 33: OUT},
        use={0: ABSTINENT, 20: IN_USE, 30: ABSTINENT, 40: LAPSED},
    )  # fmt: skip
    (lines,) = years_of(life)
    assert lines == [
        "At the start: starts detox, without a wait; stops using on entering.",
        "Week 3: completes detox and starts residential treatment, after 3 weeks.",
        "Week 10: completes residential treatment, after 7 weeks.",
        "Week 20: returns to use, after 20 weeks without use.",
        "Week 30: asks for help, 10 weeks after the return to use; starts residential treatment, "
        "without a wait; stops using on entering.",
        "Week 33: completes residential treatment, after 3 weeks.",
        "Week 40: has a lapse, after 10 weeks without use.",
    ]


def test_durations_are_said_in_years_and_weeks():
    assert [story.lasting(weeks) for weeks in (0, 1, 51, 52, 53, 104, 166)] == [
        "less than a week", "1 week", "51 weeks", "1 year", "1 year and 1 week", "2 years",
        "3 years and 10 weeks",
    ]  # fmt: skip
