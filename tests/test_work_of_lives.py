"""What a worker does for the Journey page."""

import pickle

import pytest

from recoverysim.dashboard.work.lives import LivesAsked, TwinsAsked, live_the_lives, tell_twins
from recoverysim.dashboard.work.looks import Dropped, Reins
from recoverysim.plan import Plan
from recoverysim.scenario import load

PLAN = Plan(clients=200, years=2, repeats=3, seed=4, threads=1)
ONE, OTHER = load("baseline"), load("peer-introduction")
LIVES = LivesAsked(ONE, OTHER, "abstinent_90_days", PLAN, 2)


def test_lives_go_from_one_process_to_another_and_tell_how_far_they_are():
    told = []
    found = live_the_lives(pickle.loads(pickle.dumps(LIVES)), Reins(done=told.append))
    assert told == [1, 2, 3]
    assert pickle.loads(pickle.dumps(found)) == found
    assert len(found.worlds[0].months) == 200


def test_what_nobody_wants_is_dropped():
    told = []
    with pytest.raises(Dropped):
        live_the_lives(LIVES, Reins(drop=lambda: True, done=told.append))
    assert told == [1]
    with pytest.raises(Dropped):
        tell_twins(TwinsAsked(ONE, OTHER, PLAN, 7, 1), Reins(drop=lambda: True))


def test_twins_are_told_side_by_side():
    found = tell_twins(TwinsAsked(ONE, OTHER, PLAN, 7, 1), Reins())
    assert found.names == ("baseline", "peer-introduction")
    assert found.introduction.startswith("Client 7 is a simulated ")
    assert [one.year for one in found.years] == [1, 2]
    assert found.stands[0].when == "At the end"
    assert all(one.both or one.rows for one in found.years)
    assert found.summary
    assert pickle.loads(pickle.dumps(found)) == found


def test_other_settings_have_other_keys():
    keys = {
        LIVES.key,
        LivesAsked(OTHER, ONE, "abstinent_90_days", PLAN, 2).key,
        LivesAsked(ONE, OTHER, "at_least_1_year", PLAN, 2).key,
        LivesAsked(ONE, OTHER, "abstinent_90_days", PLAN, 1).key,
        TwinsAsked(ONE, OTHER, PLAN, 7, 1).key,
        TwinsAsked(ONE, OTHER, PLAN, 7, 2).key,
        TwinsAsked(ONE, OTHER, PLAN, 8, 1).key,
    }
    assert len(keys) == 7
