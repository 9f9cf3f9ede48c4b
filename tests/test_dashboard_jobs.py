"""Jobs: steps one after another, watched, stopped, superseded."""

import threading
import time

import pytest

pytest.importorskip("solara")

from recoverysim.dashboard.jobs import DONE, FAILED, STOPPED, WORKING, Job, Step
from recoverysim.dashboard.work.desk import Busy
from recoverysim.dashboard.work.looks import Dropped


class Ticket:
    def __init__(self):
        self.dropped = threading.Event()

    def drop(self):
        self.dropped.set()


class Desk:
    """Does the work in the thread that asks."""

    def __init__(self, full=False):
        self.full = full
        self.did = []

    def ticket(self):
        if self.full:
            raise Busy
        return Ticket()

    def do(self, work, asked, ticket, *, quick=False):
        if ticket.dropped.is_set():
            raise Dropped
        self.did.append(asked)
        return work(*asked, ticket)


def wait(job, state):
    for _ in range(500):
        if job.progress.value.state == state:
            return job.progress.value
        time.sleep(0.01)
    raise AssertionError(job.progress.value)


def twice(number, ticket):
    return 2 * number


def until_dropped(number, ticket):
    assert ticket.dropped.wait(5)
    raise Dropped


def test_steps_are_done_in_order():
    job = Job(Desk())
    job.begin("a", [Step(twice, (number,)) for number in (1, 2, 3)])
    now = wait(job, DONE)
    assert (now.key, now.found, now.done, now.of) == ("a", (2, 4, 6), 3, 3)


def test_stop_keeps_what_is_done():
    job = Job(Desk())
    job.begin("a", [Step(twice, (1,)), Step(until_dropped, (2,)), Step(twice, (3,))])
    while job.progress.value.done < 1:
        time.sleep(0.01)
    job.stop()
    now = wait(job, STOPPED)
    assert now.found == (2,)
    time.sleep(0.05)
    assert job.progress.value == now
    assert (3,) not in job.desk.did


def test_a_new_job_takes_the_place_of_the_one_before():
    job = Job(Desk())
    job.begin("a", [Step(until_dropped, (1,))])
    assert job.progress.value.state == WORKING
    job.begin("b", [Step(twice, (4,))])
    now = wait(job, DONE)
    assert (now.key, now.found) == ("b", (8,))


def broken(number, ticket):
    raise ValueError(f"{number} cannot be")


def test_what_goes_wrong_is_told():
    job = Job(Desk())
    job.begin("a", [Step(twice, (1,)), Step(broken, (7,))])
    now = wait(job, FAILED)
    assert (now.fault, now.found) == ("7 cannot be", (2,))
    full = Job(Desk(full=True))
    full.begin("a", [Step(twice, (1,))])
    assert wait(full, FAILED).fault == "busy"


def test_faults_of_a_scenario_come_whole_out_of_a_worker_process():
    import pickle

    from recoverysim import load
    from recoverysim.scenario import ScenarioError

    with pytest.raises(ScenarioError) as caught:
        load("baseline").replace({"linkage.peer.fidelity": 7, "no.such.key": 1})
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert again.faults == caught.value.faults
    assert len(again.faults) == 2


def test_a_page_that_is_drawn_by_what_is_shown_may_begin_the_job_anew():
    job = Job(Desk())
    begun = []

    def drawn(progress):
        if progress.state == DONE and not begun:
            begun.append(progress.key)
            job.begin("second", [Step(twice, (5,))])

    job.progress.subscribe(drawn)
    job.begin("first", [Step(twice, (3,))])
    for _ in range(500):
        now = job.progress.value
        if (now.key, now.state) == ("second", DONE):
            break
        time.sleep(0.01)
    assert (now.key, now.state, now.found) == ("second", DONE, (10,))
