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
from recoverysim.studies.journey import ending, years_of
from recoverysim.studies.twins import Twins
from tests.lives import a_life, counting

OUT = NO_MODALITY


def told(life):
    return [(event.week, event.event, event.why) for event in life.events()]


# --- a link that is not followed -----------------------------------------------------------


def linked(weeks, kind=codes.LEAFLET, **more):
    """Linked in week 1: due then, made by the end of week 2, so 12 weeks are over in week 13."""
    return a_life(
        weeks, episodes={0: 1}, link_due={0: True, 2: False}, link={2: kind},
        weeks_since_link=counting(weeks, 1),
        **{"weeks_since_meeting": counting(weeks, 0), **more},
    )  # fmt: skip


def test_after_twelve_weeks_without_a_meeting_the_link_was_not_followed():
    assert told(linked(13)) == [
        (1, "is given a leaflet about mutual aid", ""),
        (13, "the link was not followed", "no meeting within 12 weeks of the offer of a leaflet"),
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
        (15, "stops going to meetings", "after 2 weeks, as many newcomers do"),
    ]


def test_a_meeting_after_the_twelve_weeks_is_ones_own_doing():
    never_before = {week: week if week < 14 else week - 14 for week in range(21)}
    life = linked(20, codes.PEER, attendance={14: TRYING}, weeks_since_meeting=never_before)
    assert [event for _, event, _ in told(life)[1:]] == [
        "the link was not followed", "goes to a first meeting",
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
        (20, "takes part: a home group, a sponsor or a task", "after 17 weeks"),
        (30, "takes less part than before", "still going regularly"),
        (33, "takes part: a home group, a sponsor or a task", "after 30 weeks"),
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
        "Week 16: has a lapse, after 12 weeks without use; in week 18 returns to use, from the "
        "lapse.",
        "Week 40: asks for help, after 22 weeks of use; starts detox, without a wait.",
        "Week 41: completes detox and starts talking treatment, after 1 week.",
    ]


def test_how_things_stand_after_the_last_year():
    """Without use from 4 to 16 and from 40 to 52; in care from 2 to 12 and from 40 on."""
    assert ending(a_year()) == [
        "After 1 year, he is 47: in talking treatment, no use for 12 weeks; not going to mutual "
        "aid; 3 of the 8 people around him in recovery.",
        "Weeks without use: 24 of 52.",
        "In care: twice (22 weeks in all).",
        "Going to mutual aid: never.",
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
    assert years_of(life)[0][0] == "A quiet year."
    assert len(years_of(life)) == 2
    last = ending(life)
    assert last[0].startswith("He lived 1 year and 26 weeks of these 2 years. A simulated death")
    without = 78 if use == ABSTINENT else 0
    assert f"Weeks without use: {without} of 78." in last


# --- two lives -----------------------------------------------------------------------------


def twins():
    """The same until week 3; a peer and a meeting in one world; use differs from week 20 to 30."""
    same = {"episodes": {0: 1}, "link_due": {0: True, 4: False}, "weeks_since_meeting": {0: 50}}
    one = a_life(
        52, name="today", link={4: codes.NONE}, pull={4: -1.0},
        use={0: ABSTINENT, 20: LAPSED, 30: ABSTINENT, 40: LAPSED}, **same,
    )  # fmt: skip
    other = a_life(
        52, name="peers", link={4: codes.PEER}, pull={4: 0.5}, attendance={6: TRYING, 8: REGULAR},
        weeks_since_link=counting(52, 3), use={0: ABSTINENT, 40: LAPSED}, **same,
    )  # fmt: skip
    return Twins(one, other)


def test_what_two_lives_share_stands_once_and_the_rest_side_by_side():
    (year,) = twins().years()
    assert year.both == ["At the end of year 1: out of care, in a lapse."]
    assert year.apart == (
        [
            "Week 3: is offered no link to mutual aid.",
            "Week 20: has a lapse, after 20 weeks without use; in week 30 gets over the lapse.",
            "Week 40: has a lapse, after 10 weeks without use.",
            "At the end of year 1: not going to mutual aid.",
        ],
        [
            "Week 3: is offered a peer who introduces mutual aid and goes along.",
            "Week 6: goes to a first meeting, 3 weeks after the offer of a peer.",
            "Week 8: becomes a regular member.",
            "Week 40: has a lapse, after 40 weeks without use.",
            "At the end of year 1: going to mutual aid.",
        ],
    )
    assert year.around == [
        "In recovery at the end of year 1, of the people around him: 3 of 8 in both worlds."
    ]


def test_the_summary_says_where_they_part_by_what_and_what_came_of_it():
    assert twins().parting() == (3, "offered")
    assert twins().summary() == [
        "The twins part in week 3, by what is offered: no link in “today”, a peer in “peers”.",
        "After that differ: going to meetings from week 6; use, or a move into or out of care "
        "from week 20.",
        "The same throughout: taking part there; what helps to stay well (recovery capital and "
        "identity); the company around.",
        "Weeks without use: 30 of 52 in “today”, 40 of 52 in “peers”.",
        "In care: once (0 weeks in all) in both worlds.",
        "Going to mutual aid: never in “today”, 46 weeks in “peers”.",
    ]


def test_the_same_kind_of_link_done_better_or_at_another_time_is_called_so():
    one, other = twins()
    other.rows["link"] = one.rows["link"]
    assert "by how well the same link is done." in Twins(one, other).summary()[0]
    other.rows["pull"] = one.rows["pull"]
    other.rows["link_due"][4:6] = True
    assert "by when a link is offered." in Twins(one, other).summary()[0]


def test_a_death_in_one_world_alone_is_said_of_that_world():
    other = twins().other
    stays = [(0, 45, COMMUNITY, OUT, codes.DIED_OTHER)]
    gone = a_life(52, stays, stage={0: COMMUNITY, 45: DEAD}, use={0: ABSTINENT})
    said = Twins(gone, other).summary()
    assert said[-3:] == [
        "In “baseline” he dies in week 45.", "In “peers” he is alive at the end.",
        story.NOBODYS_FAULT,
    ]  # fmt: skip
    (year,) = Twins(gone, other).years()
    assert year.around[0].endswith("3 of 8 in “peers”.")
    assert not any("At the end" in line for line in [*year.both, *year.apart[0]])
    assert "In both worlds he dies in week 45." in " ".join(Twins(gone, dying_too(gone)).summary())


def dying_too(life):
    """The same life with other company, so that it parts."""
    rows = life.rows.copy()
    rows["seen_company"][9:] = 0.5
    return type(life)(life.scenario, rows, life.company, life.stays)


def test_durations_are_said_in_years_and_weeks():
    assert [story.lasting(weeks) for weeks in (0, 1, 51, 52, 53, 104, 166)] == [
        "less than a week", "1 week", "51 weeks", "1 year", "1 year and 1 week", "2 years",
        "3 years and 10 weeks",
    ]  # fmt: skip
