"""Two lives beside each other: in order, whole, what is shared once, and a summary that agrees."""

import re

import numpy as np
import pytest

import recoverysim as rs
from recoverysim import codes, story, story_of_twins
from recoverysim.codes import (
    ABSTINENT,
    COMMUNITY,
    DEAD,
    INVOLVED,
    LAPSED,
    LEFT,
    REGULAR,
    TRYING,
)
from recoverysim.plan import Plan
from recoverysim.studies.journey import journey
from recoverysim.studies.life import year_of
from recoverysim.studies.telling import years_of
from recoverysim.studies.twins import STEPS, Row, Twins
from tests.lives import a_life, counting, told_beside

PLAN = Plan(clients=120, years=3, repeats=4, knowledge="prior")  # where enough of them part
TODAY, PEER = rs.load("baseline"), rs.load("peer-introduction")


@pytest.fixture(scope="module")
def pairs():
    return [journey(TODAY, client, PLAN, versus=PEER) for client in range(1, 61)]


def week_of(row):
    """The week of a row; None for a row that goes on with the week above it, or ends a year."""
    found = re.fullmatch(r"Week (\d+)|At the start", row.when)
    return int(found[1] or 0) if found else None


# --- simulated pairs -----------------------------------------------------------------------


def test_the_same_world_twice_never_parts():
    found = journey(TODAY, 5, PLAN, versus=TODAY.replace({}, name="again"))
    assert found.parting() == (None, None)
    assert all(year.both and not year.rows for year in found.twins.years())
    assert found.twins.summary() == ["The two lives are the same, week by week."]
    assert "is not one of those" in found.twins.offers()


def test_twins_part_by_the_first_step_at_which_their_states_differ(pairs):
    for pair in pairs:
        week, step = pair.parting()
        one, other = (life.rows for life in pair.lives)
        if week is None:
            assert (one == other).all()
            continue
        assert (one[: week + 1] == other[: week + 1]).all()
        assert any(one[week + 1][name] != other[week + 1][name] for name in STEPS[step])
    steps = {pair.parting()[1] for pair in pairs}
    assert {"offered", None} < steps | {None}


def test_a_change_that_reaches_only_others_parts_twins_through_others(pairs):
    """Some clients are never linked otherwise and part by their company alone."""
    through = [pair for pair in pairs if pair.parting()[1] == "through others"]
    assert through
    for pair in through:
        week = pair.parting()[0]
        assert pair.lives[0].rows[week + 1]["link"] == pair.lives[1].rows[week + 1]["link"]
        assert "other people first" in " ".join(pair.twins.summary())


def test_weeks_stand_in_order_a_row_each_and_the_end_of_the_year_last(pairs):
    for pair in pairs:
        for year in pair.twins.years():
            weeks = [week for row in year.rows if (week := week_of(row)) is not None]
            assert weeks == sorted(set(weeks))
            assert all(year_of(week) == year.year for week in weeks)
            ends = [row.when for row in year.rows if row.when.startswith("End of")]
            assert ends == ([f"End of year {year.year}"] if year.rows and year.year < 3 else [])
            assert not ends or year.rows[-1].when == ends[0]


def test_twins_are_told_whole_and_what_is_shared_only_once(pairs):
    differing = 0
    for pair in pairs:
        one, other = (life.events() for life in pair.lives)
        for year in pair.twins.years():
            if year.both:
                told = years_of(pair.lives[0])[year.year - 1]
                assert told == years_of(pair.lives[1])[year.year - 1] == year.both
                continue
            for life, told in zip((one, other), told_beside(year.rows, one), strict=True):
                whole = {}
                for event in life:
                    if year_of(event.week) == year.year:
                        whole.setdefault(event.week, []).extend(event.told.split("; "))
                assert {w: sorted(said) for w, said in told.items()} == {
                    w: sorted(said) for w, said in whole.items()
                }
            shared = {(e.week, e.event) for e in one} & {(e.week, e.event) for e in other}
            for week, event in shared:
                if year_of(week) == year.year:
                    rows = _rows_of(week, year.rows)
                    assert sum(event in row.one for row in rows) == 1
                    assert sum(event in row.other.split("; ") for row in rows) == 0
            differing += 1
    assert differing > 10


def _rows_of(week, rows):
    """A week's row, and the ones without a label that go on with it."""
    found, inside = [], False
    for row in rows:
        inside = week_of(row) == week if row.when else inside
        found += [row] if inside else []
    return found


SAID_OF = {
    story_of_twins.GOING: ("goes to", "goes back", "stops going"),
    story_of_twins.TAKING_PART: ("takes on", "takes less part", "stops going to meetings, and"),
    story_of_twins.USE: (
        "has a lapse", "returns to use", "the lapse becomes", "gets over", "stops using",
    ),
    story_of_twins.TREATMENT: (
        "starts ", "stops waiting", "completes ", "comes off", "leaves ", "moves on", "asks for",
    ),
}  # fmt: skip


def test_the_summary_agrees_with_the_events(pairs):
    """Another way to find when something first differs: by the events, not by the states."""
    compared = dict.fromkeys(SAID_OF, 0)
    for pair in pairs:
        end = min(life.died or len(life.rows) for life in pair.lives)
        text, told = " ".join(pair.twins.summary()), pair.twins.told_differences()
        step = pair.parting()[1]
        for what, phrases in SAID_OF.items():
            mine, others = (
                {(e.week, e.event) for e in life.events()
                 if (e.event.startswith(phrases) or ("returns to use in" in e.event and
                     what == story_of_twins.USE)) and e.week < end}
                for life in pair.lives
            )  # fmt: skip
            first = min((week for week, _ in mine ^ others), default=None)
            if what == story_of_twins.TREATMENT:  # how it is told may differ, where it leads not
                assert told[what] is None or told[what] >= first
            else:
                assert told[what] == first, (pair.client, what)
            if first is not None and told[what] is not None:
                compared[what] += 1
                if story_of_twins.BY_STEP[what] != step:
                    assert f"{what} from week {told[what]}" in text
            elif step is not None and told[what] is None:
                assert f"{what} from week" not in text
    assert all(compared[what] for what in SAID_OF if what != story_of_twins.TREATMENT)


def test_who_is_around_is_said_to_differ_only_where_the_counts_that_are_shown_do(pairs):
    said = 0
    for pair in pairs:
        text = " ".join(pair.twins.summary())
        found = re.search(r"who is around at the end of year (\d)", text)
        last = min(life.died or 156 for life in pair.lives)
        ends = [week for week in (52, 104, 156) if week <= last and
                pair.lives[0].lives_at(week) and pair.lives[1].lives_at(week) and
                pair.lives[0].company[week] != pair.lives[1].company[week]]  # fmt: skip
        assert (int(found[1]) * 52 if found else None) == (ends[0] if ends else None)
        said += bool(found)
    assert said


def test_how_it_stands_is_there_for_both_worlds_and_agrees_with_the_rows(pairs):
    for pair in pairs:
        rows = {row.when: row for row in pair.twins.how_it_stands()}
        for life, said in zip(pair.lives, rows["Weeks without use"][1:], strict=True):
            lived = life.died or len(life.rows) - 1
            without = int((life.rows["use"][:lived] == ABSTINENT).sum())
            assert said == f"{without} of {lived}"
        end = rows["At the end"]
        assert end.one
        assert end.other


# --- a pair made by hand -------------------------------------------------------------------


def twins(**other_too):
    """The same until week 3; a peer and a meeting in one world; use differs from week 20 to 30."""
    same = {"episodes": {0: 1}, "link_due": {0: True, 4: False}, "weeks_since_meeting": {0: 50}}
    one = a_life(
        52, name="today", link={4: codes.NONE}, pull={4: -1.0},
        use={0: ABSTINENT, 20: LAPSED, 30: ABSTINENT, 40: LAPSED}, **same,
    )  # fmt: skip
    other = a_life(
        52, name="peers",
        **{"link": {4: codes.PEER}, "pull": {4: 0.5}, "attendance": {6: TRYING, 8: REGULAR},
           "weeks_since_link": counting(52, 3), "use": {0: ABSTINENT, 40: LAPSED}, **same,
           **other_too},
    )  # fmt: skip
    return Twins(one, other)


def test_rows_tell_a_week_each_and_nothing_stands_where_nothing_happens():
    (year,) = twins().years()
    assert year.both == []
    assert year.rows == [
        Row("Week 3", "is offered no link to mutual aid",
            "is offered a peer who introduces mutual aid and goes along"),
        Row("Week 6", "", "goes to a first meeting, 3 weeks after the offer of a peer"),
        Row("Week 8", "", "becomes a regular member"),
        Row("Week 20", "has a lapse, after 20 weeks without use", ""),
        Row("Week 30", "gets over the lapse", ""),
        Row("Week 40", "has a lapse, after 10 weeks without use",
            "the same, after 40 weeks without use"),
    ]  # fmt: skip


def test_what_happens_in_both_worlds_stands_once_beside_what_one_has_alone():
    same = {"use": {0: ABSTINENT, 5: LAPSED}}
    one = a_life(52, name="today", **same)
    other = a_life(52, name="peers", attendance={5: TRYING}, **same)
    (year,) = Twins(one, other).years()
    assert year.rows == [
        Row("Week 5", "has a lapse, after 5 weeks without use", "the same"),
        Row("", "", "goes to a first meeting, on his own initiative"),
    ]


def test_how_it_stands_side_by_side():
    assert twins().how_it_stands() == [
        Row("At the end",
            "After 1 year, he is 47: not in treatment; in a lapse; not going to mutual aid; 3 of "
            "the 8 people around him in recovery.",
            "After 1 year, he is 47: not in treatment; in a lapse; going to mutual aid; 3 of the "
            "8 people around him in recovery."),
        Row("Weeks without use", "30 of 52", "40 of 52"),
        Row("In detox or treatment", "once (0 weeks in all)", "once (0 weeks in all)"),
        Row("Going to mutual aid", "not in these years", "46 weeks"),
    ]  # fmt: skip


def test_the_summary_says_where_they_part_by_what_and_what_came_of_it():
    assert twins().parting() == (3, "offered")
    assert twins().summary() == [
        "The twins part in week 3, by what is offered: no link in “today”, a peer in “peers”.",
        "After that differ: going to mutual aid from week 6; use from week 20.",
        "The same throughout: taking part (a home group, a sponsor or a task); treatment; recovery "
        "capital and identity (not shown above); who is around.",
    ]


def test_taking_part_counts_from_the_week_that_the_story_tells_not_from_growing_towards_it():
    """Involvement grows from week 9 on and amounts to a home group or a task in week 30."""
    found = twins(
        attendance={6: TRYING, 8: REGULAR, 30: INVOLVED},
        involvement={week: 0.01 * (week - 8) for week in range(9, 53)},
    )
    assert found.first_differences()["involved"] == 9
    assert "taking part (a home group, a sponsor or a task) from week 30" in found.summary()[1]


def test_treatment_is_named_only_where_it_differs():
    """Use moves somebody from one stage out of treatment to another; that is no treatment."""
    found = twins(stage={0: COMMUNITY, 50: codes.USING})
    assert "treatment" not in found.summary()[1]
    treated = twins(stage={0: COMMUNITY, 50: codes.TREATMENT}, modality={50: codes.MEDICATION},
                    stays=[(0, 50, COMMUNITY, -1, codes.SOUGHT_HELP)])  # fmt: skip
    assert "treatment from week 50" in treated.summary()[1]


@pytest.mark.parametrize(
    ("use", "said"), [({0: ABSTINENT, 5: LAPSED}, True), ({0: ABSTINENT, 40: LAPSED}, False)]
)
def test_a_direction_against_expectation_is_pointed_out(use, said):
    """5 or 40 weeks without use with 46 weeks of meetings, against 30 without any."""
    text = " ".join(twins(use=use).summary())
    comment = "Here the world with more weeks of mutual aid, “peers”, has fewer weeks without use"
    assert (comment in text) == said
    assert ("over many people the difference is what recoverysim compare says" in text) == said


def test_whether_this_person_is_one_of_those_offered_something_else():
    assert twins().offers() == (
        "He is one of those offered another kind of link: no link in “today”, a peer in “peers”."
    )
    assert twins(link={4: codes.NONE}).offers() == (
        "He is not one of those offered another kind of link."
    )
    names, she = ("a", "b"), story.pronouns(True)
    later = [(codes.LEAFLET, codes.LEAFLET), (codes.NONE, codes.PEER)]
    assert story_of_twins.offers_to(later, names, she) == (
        "She is one of those offered another kind of link, though not at first: no link in “a”, a "
        "peer in “b”."
    )


def test_the_same_kind_of_link_done_better_or_at_another_time_is_called_so():
    one, other = twins()
    other.rows["link"] = one.rows["link"]
    assert "by how well the same link is done." in Twins(one, other).summary()[0]
    other.rows["pull"] = one.rows["pull"]
    other.rows["link_due"][4:6] = True
    assert "by when a link is offered." in Twins(one, other).summary()[0]


def gone():
    """A life that ends in week 45."""
    stays = [(0, 45, COMMUNITY, -1, codes.DIED_OTHER)]
    return a_life(52, stays, stage={0: COMMUNITY, 45: DEAD}, use={0: ABSTINENT})


def test_a_death_in_one_world_alone_is_said_of_that_world():
    found = Twins(gone(), twins().other)
    assert found.summary()[-2:] == [
        "In “baseline” he dies in week 45.", "In “peers” he is alive at the end.",
    ]  # fmt: skip
    end = found.how_it_stands()[0]
    assert end.one == (
        "He lived 45 weeks of this year, and had not used for 45 weeks when he died. It is "
        "nobody’s fault."
    )
    assert end.other.startswith("After 1 year, he is 47")


def test_twins_who_part_by_a_death_are_said_to():
    alive = a_life(52, name="today", use={0: ABSTINENT})
    assert Twins(gone(), alive).summary()[0] == "The twins part in week 45, by a death."


def test_offers_that_lead_nowhere_are_all_that_differs():
    found = twins(attendance={}, use={0: ABSTINENT, 20: LAPSED, 30: ABSTINENT, 40: LAPSED})
    found.other.rows["weeks_since_link"] = 0
    assert found.summary()[1:] == [
        "In what is shown here, nothing but what is offered ever differs."
    ]


def test_a_death_in_both_worlds_is_said_once():
    life = gone()
    rows = life.rows.copy()
    rows["seen_company"][9:] = 0.5  # other company, so that the lives part
    also = type(life)(life.scenario, rows, life.company, life.stays)
    assert "In both worlds he dies in week 45." in Twins(life, also).summary()


def test_a_year_without_events_says_in_both_columns_what_held():
    """No events in the second year in either world, but the standing differs."""
    one = a_life(104, name="today", use={0: ABSTINENT})
    other = a_life(104, name="peers", use={0: ABSTINENT}, attendance={6: TRYING, 8: REGULAR})
    (_, second) = Twins(one, other).years()
    assert second.rows == [Row("All year", "no lapse", "going to mutual aid; no lapse")]
    assert np.array_equal(one.rows["use"], other.rows["use"])


def test_leaving_meetings_differs_for_whoever_leaves():
    found = twins(attendance={6: TRYING, 8: REGULAR, 33: LEFT})
    (year,) = found.years()
    assert Row("Week 33", "", "stops going to meetings, after 27 weeks") in year.rows
