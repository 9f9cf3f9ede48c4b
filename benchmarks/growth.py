"""Whether cost grows in a straight line: with people, weeks, repeats and ties.

Each is varied by itself and its CPU time fitted by a straight line in logarithms, whose slope is
the exponent: 1 where twice as much takes twice as long. Beside it stands how many times as much the
dearest client-week (or week, repeat, slot) costs as the cheapest. Every number of people lives the
same weeks, so that all live the same phase of their lives; few people live them in more worlds, so
that each takes about as long. Of several rounds, sizes in turn, the quickest counts.

Exponents below 1 are not surprising with weeks, since people who have died cost next to nothing,
and with slots, since a week is more than a look at company.

    python benchmarks/growth.py [--largest 10000000] [--weeks 52] [--rounds 3] [--quick]
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import reference_kernel
from record import record

from recoverysim.knowledge import central_values
from recoverysim.plan import Plan
from recoverysim.scenario import Scenario, load
from recoverysim.studies.repeats import live
from recoverysim.studies.room import bytes_free, bytes_of_a_client
from recoverysim.world import World, seed_of_repeat

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
WEEKS = (52, 104, 260, 520, 1040)
REPEATS = (8, 16, 32, 64, 128, 256, 512)
SLOTS = (4, 8, 16, 32, 64)
CLIENTS, CLIENTS_A_REPEAT, YEARS_A_REPEAT = 10_000, 500, 2
WEEKS_OF_TIES = 260
CLIENT_WEEKS = 50_000_000  # lived in a round by each number of people, some three seconds


def seconds(scenario: Scenario, clients: int, weeks: int, worlds: int = 1) -> float:
    """CPU seconds of all weeks of so many worlds, meeting people not counted."""
    spent = 0.0
    for number in range(worlds):
        world = World(
            scenario, central_values(), clients, seed_of_repeat(1, number), years=-(-weeks // 52)
        )
        start = time.process_time()
        world.run_for(weeks)
        spent += time.process_time() - start
    return spent / worlds


def of_repeats(scenario: Scenario, repeats: int) -> float:
    """CPU seconds of so many repeats side by side, all threads together."""
    plan = Plan(clients=CLIENTS_A_REPEAT, years=YEARS_A_REPEAT, repeats=repeats)
    start = time.process_time()
    live(scenario, plan)
    return time.process_time() - start


def quickest(sizes, rounds, measure):
    """The least that each size took, sizes in turn."""
    took = [[measure(size) for size in sizes] for _ in range(rounds)]
    return dict(zip(sizes, np.min(took, axis=0).tolist(), strict=True))


def exponent(took: dict[int, float]) -> float:
    """Slope of the line through logarithms of time over size."""
    return float(np.polyfit(np.log(list(took)), np.log(list(took.values())), 1)[0])


def tell(of: str, took: dict[int, float]) -> None:
    for size, spent in took.items():
        print(f"    {size:>12,} {of}: {spent:.4g} s of CPU")
    each = [spent / size for size, spent in took.items()]
    record("growth", f"exponent with {of}", exponent(took), "exponent")
    record("growth", f"dearest over cheapest with {of}", max(each) / min(each), "ratio")


def people(scenario, largest, weeks, rounds, client_weeks):
    needs = bytes_of_a_client()
    fit = min(largest, (bytes_free() or largest * needs) // (2 * needs))
    sizes = [size for size in SIZES if size <= fit]
    if fit < largest:
        print(f"growth: memory is free for {fit:,} people and no more")
    took = quickest(
        sizes, rounds,
        lambda size: seconds(scenario, size, weeks, max(1, client_weeks // (size * weeks))),
    )  # fmt: skip
    a_week = {size: 1e9 * spent / (size * weeks) for size, spent in took.items()}
    for size, nanoseconds in a_week.items():
        record("growth", "CPU of a client-week", nanoseconds, "ns", clients=size)
    tell("people", took)
    if 1_000_000 in a_week:
        ratio = a_week[1_000_000] / a_week[10_000]
        record("growth", "a client-week at 1,000,000 people over one at 10,000", ratio, "ratio")


def against_the_kernel(scenario, clients, rounds):
    """Our client-week over that of the small compiled model, in turn."""
    weeks, ours, theirs = 520, [], []
    for _ in range(max(rounds, 2)):
        ours.append(seconds(scenario, clients, weeks))
        theirs.append(reference_kernel.seconds(clients, weeks))
    what = "our week over the compiled reference kernel's"
    record("growth", what, min(ours) / min(theirs), "ratio", clients=clients)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--largest", type=int, default=10_000_000, help="most people")
    asked.add_argument(
        "--weeks", type=int, default=52, help="weeks that each number of people lives"
    )
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--quick", action="store_true", help="small sizes, once: to see it work")
    given = asked.parse_args()
    baseline = load("baseline")
    of_repeats(baseline, 2)  # compile and import first
    few = 2 if given.quick else None
    largest, rounds = (10_000, 1) if given.quick else (given.largest, given.rounds)
    client_weeks = CLIENT_WEEKS // 50 if given.quick else CLIENT_WEEKS

    against_the_kernel(baseline, 1_000 if given.quick else CLIENTS, rounds)
    people(baseline, largest, given.weeks, rounds, client_weeks)
    tell("weeks", quickest(WEEKS[:few], rounds, lambda weeks: seconds(baseline, CLIENTS, weeks)))
    tell("repeats", quickest(REPEATS[:few], rounds, lambda some: of_repeats(baseline, some)))

    def with_ties(slots):
        tied = baseline.replace({"company.slots": slots, "network.mean_ties": slots // 2})
        return seconds(tied, CLIENTS, WEEKS_OF_TIES)

    tell("slots for ties", quickest(SLOTS[:few], rounds, with_ties))


if __name__ == "__main__":
    main()
