"""What a comparison costs beyond living the lives that it compares.

Two scenarios, compared as `recoverysim compare` does, compiled beforehand: wall seconds by all
threads, from the call to the last line of the printed answer; without, and with, who changed. Then
by one thread, in turn: the CPU of the lives alone (people met, tied, and living their weeks), and
of the whole comparison. What is more is reckoning, intervals and sentences.

    python benchmarks/comparing.py [--clients 2000] [--repeats 20] [--years 10] [--times 3]
        [--quick]
"""

from __future__ import annotations

import argparse
import contextlib
import io
import time
from collections.abc import Callable

from record import record

from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.plan import Plan
from recoverysim.scenario import load
from recoverysim.studies.compare import compare
from recoverysim.terminal import print_comparison
from recoverysim.world import World, seed_of_repeat

PAIR = ("baseline", "peer-introduction")


def lives(plan: Plan) -> None:
    """Every life of both scenarios, and nothing else."""
    sets = plan.parameter_sets()
    for scenario in map(load, PAIR):
        for repeat in range(plan.repeats):
            world = World(
                scenario, sets[repeat % len(sets)], plan.clients, seed_of_repeat(plan.seed, repeat),
                years=plan.years,
            )  # fmt: skip
            world.run_for(plan.years * WEEKS_A_YEAR)


def compared(plan: Plan, threads: int | None, who: bool) -> None:
    """The comparison, told."""
    found = compare(
        list(PAIR), clients=plan.clients, years=plan.years, repeats=plan.repeats, seed=plan.seed,
        threads=threads, who=who,
    )  # fmt: skip
    with contextlib.redirect_stdout(io.StringIO()):
        print_comparison(found)


def spent(work: Callable[[], None], clock: Callable[[], float]) -> float:
    start = clock()
    work()
    return clock() - start


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--clients", type=int, default=2_000)
    asked.add_argument("--repeats", type=int, default=20)
    asked.add_argument("--years", type=int, default=10)
    asked.add_argument("--times", type=int, default=3)
    asked.add_argument("--quick", action="store_true", help="small, once: to see it work")
    given = asked.parse_args()
    plan, times = Plan(given.clients, given.years, given.repeats), given.times
    if given.quick:
        plan, times = Plan(clients=200, years=2, repeats=4), 1

    compared(Plan(clients=20, years=1, repeats=2), None, who=True)  # compile and import first
    for who, said in ((False, ""), (True, ", with who changed")):
        took = [
            spent(lambda who=who: compared(plan, None, who), time.perf_counter)
            for _ in range(times)
        ]
        what = f"two scenarios compared, wall time{said}"
        record("comparing", what, min(took), "s", clients=plan.clients)

    alone, whole = [], []
    for _ in range(times):
        alone.append(spent(lambda: lives(plan), time.process_time))
        whole.append(spent(lambda: compared(plan, 1, who=False), time.process_time))
    what = "CPU of the lives of both scenarios"
    record("comparing", what, min(alone), "s", clients=plan.clients)
    what = "CPU of everything else over that of the lives"
    record("comparing", what, min(whole) / min(alone) - 1, "ratio", clients=plan.clients)


if __name__ == "__main__":
    main()
