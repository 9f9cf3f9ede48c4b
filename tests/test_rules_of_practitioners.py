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


def offered(share, now=TODAY, **state):
    usual = {"worker": 0, "faith": RELIGIOUS, "psychiatric_need": True, "episodes": 1}
    return plain(chance_of_an_offer)(share, somebody(**usual | state), now)


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
    plain(workers_change)(table, now, 0.9)
    assert [table[row].learnt for row in range(3)] == approx([0.7, 0.7, 0])
    assert [table[row].warmed for row in range(3)] == approx([0.9 + 3 * 0.02 + 0.9, 0, 0])
    assert table[0].seen_recover == 0
    plain(workers_change)(table, now, 0.9)
    assert [table[row].learnt for row in range(3)] == approx([0.63, 0.63, 0])


def test_the_share_offered_is_that_of_the_whole_workforce():
    """The mean over workers stays what it is without them, but for whom it seems to suit."""
    plainly = {
        f"practitioners.{name}_log_odds": 0
        for name in ("no_faith", "mental_health_need", "been_in_care_before")
    }
    settings = plainly | {"practitioners.number": 4000, "linkage.intensive.offered_share": 0}
    for share in (0.1, 0.5, 0.7):
        settings["linkage.peer.offered_share"] = share
        world = a_world(clients=100_000, weeks=1, settings=settings)
        met = world.clients["episodes"] > 0
        found = (world.clients["link"][met] == 4).mean()
        # Some 4,000 workers, whose chances have an sd of at most 0.3: 0.02 is 4 standard errors.
        assert found == approx(share, abs=0.02)


def test_workers_differ_and_some_send_nobody():
    world = a_world(clients=50_000, weeks=1)
    worker, link = world.clients["worker"], world.clients["link"]
    sent = np.bincount(worker[worker >= 0], link[worker >= 0] > 1, minlength=48)
    share = sent / np.bincount(worker[worker >= 0], minlength=48)
    silent = world.workers["role"] == DOES_NOT_REFER
    assert silent.any()
    assert (share[silent] == 0).all()
    assert share[~silent].std() > 0.08
