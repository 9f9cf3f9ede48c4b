"""How many times as fast as the same model in Mesa: as people write it, and tuned by hand.

Two comparisons for each: with the core of recoverysim, which is what the Mesa models say
(`equal.py`), and with everything that recoverysim's baseline has besides, which they do not say.
CPU time of the same weeks of as many people, counting included; in turn, in one process. Of Mesa's
the quickest run counts; ours is so short that its quickest would be luck: the middle one counts.

    python benchmarks/against_mesa.py [--clients 10000] [--weeks 26] [--times 5]
"""

from __future__ import annotations

import argparse
import time
from statistics import median

import classic_mesa
from equal import CORE, MODELS
from record import record

from recoverysim.knowledge import central_values
from recoverysim.scenario import load
from recoverysim.world import World, seed_of_repeat

OURS_A_TIME = 5  # runs of ours for one of Mesa's
SPOKEN = {"classic": "classic Mesa", "tuned": "Mesa tuned by hand"}


def seconds(scenario, clients, weeks, seed):
    """CPU seconds of recoverysim to live so many weeks, the start not counted."""
    world = World(scenario, central_values(), clients, seed_of_repeat(seed, 0))
    start = time.process_time()
    world.run_for(weeks)
    return time.process_time() - start


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--clients", type=int, default=10_000)
    asked.add_argument("--weeks", type=int, default=26)
    asked.add_argument("--times", type=int, default=5, help="runs of each Mesa model")
    given = asked.parse_args()
    clients, weeks = given.clients, given.weeks

    baseline = load("baseline")
    scenarios = {"its core": baseline.replace(CORE), "the whole model": baseline}
    ours = {name: [] for name in scenarios}
    mesa = {name: [] for name in MODELS}
    for scenario in scenarios.values():
        seconds(scenario, clients, 1, 1)  # compile first
    for seed in range(1, given.times + 1):
        for _ in range(OURS_A_TIME):
            for name, scenario in scenarios.items():
                ours[name].append(seconds(scenario, clients, weeks, seed))
        for name, model in MODELS.items():
            mesa[name].append(classic_mesa.seconds(clients, weeks, seed, kind_of_model=model))

    a_week = 1e9 / (clients * weeks)
    for name, took in ours.items():
        print(f"recoverysim, {name}: {median(took) * a_week:.1f} ns a client-week")
    for name, took in mesa.items():
        print(f"{SPOKEN[name]}: {min(took) * a_week:.0f} ns a client-week")
    for name, took in mesa.items():
        for scenario, mine in ours.items():
            what = f"{SPOKEN[name]} over recoverysim, {scenario}"
            record("against_mesa", what, min(took) / median(mine), "ratio", clients=clients)


if __name__ == "__main__":
    main()
