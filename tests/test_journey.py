"""One life in words: it is the life that is kept in files, and it says where twins part."""

import dataclasses

import numpy as np
import pytest

import recoverysim as rs
from recoverysim import codes, story
from recoverysim.plan import Plan
from recoverysim.studies.journey import STEPS, is_protected, journey

PLAN = Plan(clients=120, years=3, repeats=4)
TODAY, PEER = rs.load("baseline"), rs.load("peer-introduction")


@pytest.fixture(scope="module")
def kept():
    """Every stay of the same run, as `run` keeps it."""
    return rs.run(TODAY, clients=120, years=3, repeats=4).journeys()


@pytest.fixture(scope="module")
def twins():
    return [journey(TODAY, client, PLAN, versus=PEER) for client in range(1, 41)]


@pytest.mark.parametrize(("client", "repeat"), [(1, 0), (17, 0), (60, 3), (120, 1)])
def test_it_is_the_life_that_run_keeps(kept, client, repeat):
    (life,) = journey(TODAY, client, PLAN, repeat=repeat).lives
    mine = kept.filter((kept["client"] == client) & (kept["repeat"] == repeat)).sort("stay")
    finished = mine.filter(mine["week_out"].is_not_null())
    told = [(int(s["week_in"]), int(s["week_out"]), codes.ENDINGS[s["ended"]]) for s in life.stays]
    assert told == list(finished.select("week_in", "week_out", "ended").iter_rows())


def test_every_stay_that_ends_is_told_in_the_order_of_weeks(twins):
    for life in (life for pair in twins for life in pair.lives):
        events = life.events()
        weeks = [event.week for event in events]
        assert weeks == sorted(weeks)
        for stay in life.stays:
            assert int(stay["week_out"]) in weeks
        assert all(event.event for event in events)


def test_lapses_offers_and_meetings_are_told_as_often_as_they_happen(twins):
    for life in (life for pair in twins for life in pair.lives):
        told = [event.event for event in life.events()]
        going = np.isin(life.rows["attendance"], (codes.TRYING, codes.REGULAR, codes.INVOLVED))
        assert sum("meeting" in one and one.startswith("goes") for one in told) == (
            (going[1:] & ~going[:-1]).sum()
        )
        offers = (life.rows["link_due"][:-1] & ~life.rows["link_due"][1:]).sum()
        assert sum(one in story.OFFERS.values() for one in told) == offers


def test_use_is_told_whenever_it_changes(twins):
    """Every return to use, lapse and stop, but for stopping on entering protected care."""
    for life in (life for pair in twins for life in pair.lives):
        told = [event.event for event in life.events()]
        use, protected = life.rows["use"], [is_protected(row) for row in life.rows]
        change = [(int(a), int(b), p) for a, b, p in zip(use, use[1:], protected[1:], strict=False)]
        assert sum("return" in one and "to use" in one for one in told) == sum(
            b == codes.IN_USE != a for a, b, _ in change
        )
        assert told.count("has a lapse") == sum(b == codes.LAPSED != a for a, b, _ in change)
        assert sum(one.startswith("stops using") for one in told) == sum(
            a == codes.IN_USE and b == codes.ABSTINENT and not p for a, b, p in change
        )


def test_the_same_world_twice_never_parts():
    found = journey(TODAY, 5, PLAN, versus=TODAY.replace({}, name="again"))
    assert found.parting() == (None, None)
    assert found.tells_apart_from() is None
    assert "the same" in story.parting(*found.parting())


def test_twins_part_by_the_first_step_at_which_their_states_differ(twins):
    for pair in twins:
        week, step = pair.parting()
        one, other = (life.rows for life in pair.lives)
        if week is None:
            assert (one == other).all()
            continue
        assert (one[: week + 1] == other[: week + 1]).all()
        assert any(one[week + 1][name] != other[week + 1][name] for name in STEPS[step])
    steps = {pair.parting()[1] for pair in twins}
    assert {"offered", None} < steps | {None}


def test_a_change_that_reaches_only_others_parts_twins_through_others(twins):
    """Of 40 clients some are never linked otherwise and part by their company alone."""
    through = [pair for pair in twins if pair.parting()[1] == "through others"]
    assert through
    for pair in through:
        week = pair.parting()[0]
        assert pair.lives[0].rows[week + 1]["link"] == pair.lives[1].rows[week + 1]["link"]


def test_json_holds_what_scripts_call_for(twins):
    found = twins[3].to_json()
    assert {"client", "traits", "worlds", "parted_week", "parted_because"} <= set(found)
    assert [world["scenario"] for world in found["worlds"]] == ["baseline", "peer-introduction"]
    for world in found["worlds"]:
        assert set(world) == {"scenario", "events", "story"}
        assert all(set(event) == {"week", "event", "why"} for event in world["events"])


def test_the_shared_part_and_the_two_ends_tell_everything_once(twins):
    for pair in twins:
        apart = pair.tells_apart_from()
        if apart is None:
            continue
        for life in pair.lives:
            whole = life.story().replace("\n", "")
            assert (life.story(0, apart) + life.story(apart)).replace("\n", "") == whole


@pytest.mark.parametrize("wrong", [{"client": 0}, {"client": 121}, {"client": 3, "repeat": 4}])
def test_a_client_or_repeat_that_is_not_there_is_refused(wrong):
    with pytest.raises(ValueError, match="should be from"):
        journey(TODAY, plan=PLAN, **wrong)


def test_people_who_die_are_told_of_plainly_and_nothing_happens_after():
    deadly = TODAY.replace({f"deaths.{s}.excess_using": 2000 for s in codes.SUBSTANCES})
    plan = dataclasses.replace(PLAN, clients=30, years=5)
    lives = [journey(deadly, client, plan).lives[0] for client in range(1, 11)]
    died = [life for life in lives if life.rows[-1]["stage"] == codes.DEAD]
    assert died
    for life in died:
        assert life.events()[-1].event in ("dies of another cause", "dies of an overdose")
        assert "At the end of year 5" not in life.story()
