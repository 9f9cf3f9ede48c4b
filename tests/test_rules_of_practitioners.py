"""Practitioners: given this worker, this client and this throw, expect docs/model.md, 7.4."""

import math

import numpy as np
import pytest

from recoverysim.codes import CHAMPION, DOES_NOT_REFER, NOT_RELIGIOUS, ORDINARY, RELIGIOUS
from recoverysim.compiled import PlainTable, plain
from recoverysim.practitioners import (
    ATTITUDE,
    KNOWLEDGE,
    ROLE,
    SERVICE,
    TURN,
    WHO,
    WORKER,
    chance_of_an_offer,
    hire,
    leaning,
    meet_a_worker,
    suits,
    workers_change,
)
from tests.rules import SOME_DICE, TODAY, dice_that_answer, somebody, today
from tests.worlds import a_world

approx = pytest.approx
SPREAD = 0.3**2 + 0.5**2 + 0.4**2  # attitude, knowledge, service
AMONG = 0.05 / 0.8  # champions among workers who refer
VARIANCE = SPREAD + AMONG * (1 - AMONG) * 2**2


def workers(*several):
    """A table of workers, all else 0."""
    table = np.zeros(len(several), WORKER)
    for row, state in enumerate(several):
        for name, value in state.items():
            table[row][name] = value
    return PlainTable(table)


@pytest.mark.parametrize(
    ("thrown", "role"),
    [(0.0, DOES_NOT_REFER), (0.199, DOES_NOT_REFER), (0.201, ORDINARY), (0.949, ORDINARY),
     (0.951, CHAMPION)],
)  # fmt: skip
def test_what_kind_of_worker_somebody_is(thrown, role):
    table = workers({})
    throws = {ROLE: thrown, ATTITUDE: 0.7, KNOWLEDGE: -1.0, SERVICE: 2.0, TURN: 0.5}
    with dice_that_answer(throws=throws):
        plain(hire)(table[0], 5, 1, TODAY)
    worker = table[0]
    assert worker.role == role
    assert (worker.attitude, worker.knowledge, worker.turn) == (0.7, -1.0, 0.5)
    assert worker.expected == approx(0.4 * 2)


def test_workers_of_one_service_share_what_it_expects():
    found = a_world(clients=1).workers["expected"].reshape(-1, 8)
    assert (found == found[:, :1]).all()
    assert len(set(found[:, 0])) == 6


@pytest.mark.parametrize(
    ("state", "leans"),
    [
        ({}, 0),
        ({"attitude": 1.0, "warmed": 0.5}, 0.3 * 1.5),
        ({"knowledge": -1.0, "learnt": 0.4}, 0.5 * -0.6),
        ({"expected": 0.3, "role": CHAMPION}, 0.3 + 2),
    ],
)
def test_attitude_knowledge_and_the_service_move_what_is_offered(state, leans):
    assert plain(leaning)(workers(state)[0], TODAY) == approx(leans)


def test_care_starts_with_the_worker_who_is_met():
    table = workers({}, {"role": CHAMPION}, {"role": DOES_NOT_REFER, "knowledge": 1.0})
    person = somebody()
    with dice_that_answer(throws={WHO: 0.7}):
        plain(meet_a_worker)(person, table, TODAY, SOME_DICE)
    assert (person.worker, person.worker_role) == (2, DOES_NOT_REFER)
    assert person.worker_leans == approx(0.5)


def offered(share, now=TODAY, left=1.0, **state):
    usual = {"worker": 0, "faith": RELIGIOUS, "psychiatric_need": True, "episodes": 1}
    return plain(chance_of_an_offer)(share, left, somebody(**usual | state), now)


def by_odds(share, leans):
    among = share / 0.8
    odds = math.log(among / (1 - among)) * math.sqrt(1 + math.pi / 8 * VARIANCE)
    return 1 / (1 + math.exp(-(odds - AMONG * 2 + leans)))


SUITS = plain(suits)(somebody(faith=RELIGIOUS, psychiatric_need=True, episodes=1), TODAY)


@pytest.mark.parametrize(
    ("share", "state", "chance"),
    [
        (0.4, {}, by_odds(0.4, SUITS)),
        (0.4, {"worker_leans": 1.5}, by_odds(0.4, SUITS + 1.5)),
        (0.4, {"worker_role": DOES_NOT_REFER}, 0),
        (0.8, {"worker_leans": -3.0}, 1),  # as many as there are workers who refer: all of them
        (0.9, {"worker_role": DOES_NOT_REFER}, 0.5),
        (1.0, {"worker_role": DOES_NOT_REFER, "worker_leans": -3.0}, 1),
        (0.0, {"worker_leans": 9.0}, 0),
        (0.4, {"worker": -1, "worker_leans": 9.0}, 0.4),  # nobody has been met
    ],
)
def test_who_offers_what_to_whom(share, state, chance):
    assert offered(share, **state) == approx(chance)


def test_where_others_have_been_offered_more_those_left_meet_more_workers_who_do_not_refer():
    """Half of the clients of workers who refer are left: 0.4 of 0.6 still asked."""
    among = 0.3 / (0.4 / 0.6)
    x = math.log(among / (1 - among)) * math.sqrt(1 + math.pi / 8 * VARIANCE) - AMONG * 2 + SUITS
    assert offered(0.3, left=0.5) == approx(1 / (1 + math.exp(-x)))
    assert offered(0.8, left=0.5) == 1
    assert offered(0.8, left=0.5, worker_role=DOES_NOT_REFER) == approx((0.8 - 2 / 3) / (1 / 3))


def test_a_share_of_one_is_everybody_whatever_a_scenario_makes_of_the_workers():
    now = today({"practitioners.do_not_refer_share": 0})
    assert offered(1.0, now, worker_role=DOES_NOT_REFER) == 1


def test_without_practitioners_everybody_is_offered_the_share():
    now = today(off=["practitioners"])
    assert offered(0.4, now, worker_leans=3.0) == 0.4
    assert offered(0.4, now, worker_role=DOES_NOT_REFER) == 0.4


def test_whom_it_seems_to_suit():
    """Atheists, people with a mental-health need and people in care for the first time less."""
    base = {"faith": RELIGIOUS, "psychiatric_need": False, "episodes": 1}
    at_first = plain(suits)(somebody(**base), TODAY)
    for change, more in (
        ({"faith": NOT_RELIGIOUS}, -0.45),
        ({"psychiatric_need": True}, -0.35),
        ({"episodes": 2}, 0.25),
    ):
        assert plain(suits)(somebody(**base | change), TODAY) == approx(at_first + more)


def test_what_is_gained_wears_off_and_is_gained_once():
    now = today({"practitioners.trained_share": 0.5, "practitioners.taken_to_a_meeting_share": 0.2})
    table = workers({"turn": 0.1, "seen_recover": 3, "warmed": 1.0}, {"turn": 0.4}, {"turn": 0.6})
    plain(workers_change)(table, now, 0.9, 40.0)
    assert [table[row].learnt for row in range(3)] == approx([0.7, 0.7, 0])
    assert [table[row].warmed for row in range(3)] == approx([0.9 + 3 / 40 * 0.5 + 0.9, 0, 0])
    assert table[0].seen_recover == 0
    plain(workers_change)(table, now, 0.9, 40.0)
    assert [table[row].learnt for row in range(3)] == approx([0.63, 0.63, 0])


SHARES = ("intensive", "peer", "clinician", "leaflet")
MANY_WORKERS = {
    "practitioners.number": 4000, "practitioners.no_faith_log_odds": 0,
    "practitioners.mental_health_need_log_odds": 0,
    "practitioners.been_in_care_before_log_odds": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    "shares",
    [
        {},
        {"peer": 0.6},
        {"intensive": 0.6},
        {"intensive": 0, "peer": 0, "clinician": 0.75, "leaflet": 0},
        {"intensive": 0.9, "peer": 0.5},
    ],
)
def test_the_shares_offered_are_those_of_the_whole_workforce(shares):
    """Each kind, one after the other, as it would be without workers."""
    settings = {f"linkage.{kind}.offered_share": share for kind, share in shares.items()}
    found = []
    for more in (MANY_WORKERS, {"mechanisms.practitioners": False}):
        clients = a_world(clients=100_000, weeks=1, settings=settings | more).clients
        link = clients["link"][clients["episodes"] > 0]
        found.append(np.bincount(link, minlength=5) / len(link))
    # Some 4,000 workers, whose chances have an sd of at most 0.3, make a standard error of 0.005;
    # the mean of a logistic is approximate, and who is left is a little less inclined.
    assert found[0] == approx(found[1], abs=0.03)


def test_results_do_not_depend_on_how_many_people_share_the_workers():
    """What workers gain by seeing own clients recover goes by caseload."""
    few, many = (
        a_world(clients=n, weeks=104, years=2).workers["warmed"].mean() for n in (1000, 20_000)
    )
    assert 0 < few == approx(many, rel=0.1)


def test_workers_differ_and_some_send_nobody():
    world = a_world(clients=50_000, weeks=1)
    worker, link = world.clients["worker"], world.clients["link"]
    sent = np.bincount(worker[worker >= 0], link[worker >= 0] > 1, minlength=48)
    share = sent / np.bincount(worker[worker >= 0], minlength=48)
    silent = world.workers["role"] == DOES_NOT_REFER
    assert silent.any()
    assert (share[silent] == 0).all()
    assert share[~silent].std() > 0.08


def test_more_champions_can_come_later_and_go_again():
    table = workers({"leaning_to_a_role": 0.90}, {"leaning_to_a_role": 0.5})
    for more, role in ((0.0, ORDINARY), (0.06, CHAMPION), (0.0, ORDINARY)):
        plain(workers_change)(table, today({"practitioners.more_champions_share": more}), 1.0, 1.0)
        assert [table[row].role for row in (0, 1)] == [role, ORDINARY]
