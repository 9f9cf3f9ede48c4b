"""What a second thread is worth, when the machine is idle and when it is not.

Repeats of one scenario are lived by one thread and by one for each core, in turn; the quickest of
each counts. Once on the machine as it is (leave it idle), and once beside a busy process on every
core, where threads that wait by spinning would make things worse. Then one world's work is given to
as many threads: what it burns beyond one core is burnt by waiting.

    python benchmarks/side_by_side.py [--clients 2000] [--repeats 20] [--years 10] [--times 3]
        [--quick]
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from record import record

from recoverysim.plan import Plan
from recoverysim.scenario import load
from recoverysim.studies.repeats import live


def spin() -> None:
    while True:
        pass


@contextmanager
def busy(cores: int) -> Iterator[None]:
    """Somebody else's work, on every core."""
    others = [multiprocessing.Process(target=spin, daemon=True) for _ in range(cores)]
    for one in others:
        one.start()
    try:
        yield
    finally:
        for one in others:
            one.kill()
            one.join()


def took(plan: Plan) -> tuple[float, float]:
    """Wall and CPU seconds of all repeats of the baseline."""
    wall, spent = time.perf_counter(), time.process_time()
    live(load("baseline"), plan)
    return time.perf_counter() - wall, time.process_time() - spent


def gain(one: Plan, many: Plan, times: int) -> float:
    """Wall time of one thread over that of many, in turn."""
    both = [(took(one)[0], took(many)[0]) for _ in range(times)]
    return min(pair[0] for pair in both) / min(pair[1] for pair in both)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--clients", type=int, default=2_000)
    asked.add_argument("--repeats", type=int, default=20)
    asked.add_argument("--years", type=int, default=10)
    asked.add_argument("--times", type=int, default=3)
    asked.add_argument("--quick", action="store_true", help="small, once: to see it work")
    given = asked.parse_args()
    clients, repeats, years, times = given.clients, given.repeats, given.years, given.times
    if given.quick:
        clients, repeats, years, times = 500, 8, 2, 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()

    def plan(threads: int, repeats: int = repeats) -> Plan:
        return Plan(clients=clients, years=years, repeats=repeats, threads=threads)

    took(Plan(clients=20, years=1, repeats=2))  # compile first
    idle = gain(plan(1), plan(cores), times)
    record("side_by_side", "one thread over one a core, idle", idle, "ratio", clients=clients)
    with busy(cores):
        beside = gain(plan(1), plan(cores), times)
    what = "one thread over one a core, every core busy"
    record("side_by_side", what, beside, "ratio", clients=clients)

    burnt = []
    for _ in range(times):
        wall, spent = took(plan(max(cores, 2), repeats=1))
        burnt.append(spent / wall)
    what = "CPU over wall time, one world given to several threads"
    record("side_by_side", what, max(burnt), "ratio", clients=clients)


if __name__ == "__main__":
    main()
