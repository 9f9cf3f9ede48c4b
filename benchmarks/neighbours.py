"""The small model of `reference_kernel.py` beside its neighbours: are they equal, and how fast?

First the shares of people in each state, and of those who went to a meeting, are compared with the
compiled kernel's: the same people and ties in every repeat, luck of each one's own. The rule was
fixed before the first look: EQUAL if every difference is less than 4 standard errors (of the
differences by repeat), which two equal models fail about once in fifty runs of this script.

Then each lives in fresh processes, in turn with the kernel, on one core each; the least CPU time
counts. Making people, tying them and compiling are outside the clock.

    python benchmarks/neighbours.py [--sizes 1000 10000] [--only in_starsim] [--no-times]
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import statistics
import subprocess
import sys
import time

import numpy as np
import reference_kernel as small
from record import record

KERNEL, APART = "compiled", "compiled_apart"
SPOKEN = {
    APART: "the compiled kernel with what others see apart",
    "masks": "numpy masks",
    "in_starsim": "starsim",
    "in_starsim_lean": "starsim at its leanest",
    "in_mesa_frames": "mesa-frames",
    "mesa_by_hand": "Mesa tuned by hand",
    "mesa_tutorial": "Mesa as its tutorials do it",
}
INSTALLED_APART = {
    "in_starsim": "starsim",
    "in_starsim_lean": "starsim",
    "in_mesa_frames": "mesa_frames",
}

LIMIT_Z = 4.0
FEWEST_REPEATS = 30  # with fewer, the standard errors themselves are luck
POWER_Z = 1.28  # nine times in ten
EQUAL_REPEATS, EQUAL_CLIENTS, EQUAL_WEEKS = 40, 2000, (8, 104)

WEEKS = {1_000: 104, 10_000: 104, 100_000: 52, 1_000_000: 26}
TIMES = 5  # fresh processes of each
ENOUGH_SECONDS = 1.0  # in a process, a short run is lived again until it has taken so long
TOO_LONG_SECONDS = 60.0  # of CPU for one run of the largest population
MOST = 1_000_000 * 26
SLOW_SECONDS = 6.0  # a run that takes so long is lived in two processes only
ONE_CORE = ("POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def of(name):
    return importlib.import_module(f"neighbours.{name}")


def is_there(name):
    if importlib.util.find_spec(INSTALLED_APART.get(name, "mesa")):
        return True
    print(
        f"{SPOKEN[name]} is not installed here and is left out: benchmarks/README.md says how "
        "to install requirements/neighbours.txt in a place of its own."
    )
    return False


def shares(name, weeks, repeat):
    """The share of people in each state, and of those attending, after so many weeks."""
    module = of(name)
    people = small.everybody(EQUAL_CLIENTS, 1000 + repeat)
    model = module.prepare(people, weeks, seed_of(name, repeat))
    module.live(model)
    state, attends = module.found(model)
    counted = np.bincount(state, minlength=len(small.STATES))
    return [*(counted / EQUAL_CLIENTS), np.mean(attends)]


def seed_of(name, repeat):
    return 10_000 * (1 + [KERNEL, *SPOKEN].index(name)) + repeat


def compare(names, repeats):
    """Print the differences; the number of those that are too large for luck."""
    different = 0
    kernel = {}
    for weeks in EQUAL_WEEKS:
        kernel[weeks] = np.array([shares(KERNEL, weeks, repeat) for repeat in range(repeats)])
    print(f"per 1,000 people; {repeats} repeats of {EQUAL_CLIENTS:,}, equal if |z| < {LIMIT_Z:g}")
    print(f"{'':46} weeks            kernel     there  std. error      z  would notice")
    for name in names:
        largest = 0.0
        for weeks, here in kernel.items():
            there = np.array([shares(name, weeks, repeat) for repeat in range(repeats)])
            differences = 1000 * (there - here)
            error = differences.std(axis=0, ddof=1) / np.sqrt(repeats)
            z = differences.mean(axis=0) / error
            largest = max(largest, np.abs(z).max())
            for place, state in enumerate([*small.STATES, "attending"]):
                print(
                    f"{SPOKEN[name]:46} {weeks:5} {state:9} {1000 * here[:, place].mean():8.2f}  "
                    f"{1000 * there[:, place].mean():8.2f}  {error[place]:10.2f}  "
                    f"{z[place]:5.2f}  {(LIMIT_Z + POWER_Z) * error[place]:12.2f}"
                )
        different += largest >= LIMIT_Z
        verdict = "DIFFERENT" if largest >= LIMIT_Z else "EQUAL"
        print(f"{SPOKEN[name]}: {verdict} (largest |z| {largest:.2f})", flush=True)
    return different


def seconds_of_one(name, clients, weeks):
    """CPU seconds of the weeks: the least of two runs, or of as many as fit into ENOUGH_SECONDS.

    The first run of a process also pays for memory that it is the first to touch.
    """
    module = of(name)
    module.live(module.prepare(small.everybody(small.GROUPS, 1), 3, 1))
    found = []
    while not found or sum(found) < ENOUGH_SECONDS or (len(found) < 2 and found[0] < SLOW_SECONDS):
        model = module.prepare(small.everybody(clients, 1), weeks, 1)
        start = time.process_time()
        module.live(model)
        found.append(time.process_time() - start)
    return min(found)


def seconds(name, clients, weeks):
    """The same in a fresh process, on one core."""
    command = [sys.executable, __file__, "--one", name, str(clients), str(weeks)]
    one_core = os.environ | dict.fromkeys(ONE_CORE, "1")
    done = subprocess.run(command, capture_output=True, text=True, env=one_core, check=False)
    if done.returncode:
        raise SystemExit(f"{name} failed at {clients:,} people:\n{done.stderr}")
    return float(done.stdout.split()[-1])


def measure(names, sizes, times):
    too_slow = set()
    for clients in sizes:
        weeks = WEEKS.get(clients, 52)
        found = {name: [] for name in (KERNEL, *names) if name not in too_slow}
        for _ in range(times):
            for name, took in found.items():
                if len(took) < 2 or took[0] < SLOW_SECONDS:
                    took.append(seconds(name, clients, weeks))
        least = {name: min(took) for name, took in found.items()}
        for name, took in found.items():
            ns = [1e9 * one / (clients * weeks) for one in took]
            print(
                f"{clients:>9,} people {SPOKEN.get(name, 'the compiled kernel'):46} "
                f"{min(ns):8.1f} ns per client-week (median {statistics.median(ns):.1f})"
            )
        for name in list(least)[1:]:
            what = f"{SPOKEN[name]} over the compiled kernel"
            record("neighbours", what, least[name] / least[KERNEL], "ratio", clients=clients)
            if APART in least and name != APART:
                what += " with what others see apart"
                record("neighbours", what, least[name] / least[APART], "ratio", clients=clients)
        for name in names:
            if name in least and least[name] / (clients * weeks) * MOST > TOO_LONG_SECONDS:
                too_slow.add(name)
                print(f"{SPOKEN[name]}: not with more people, where a run takes over a minute.")


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--sizes", type=int, nargs="+", default=list(WEEKS))
    asked.add_argument("--only", choices=list(SPOKEN), nargs="+", default=list(SPOKEN))
    asked.add_argument("--repeats", type=int, default=EQUAL_REPEATS, help="of the comparison")
    asked.add_argument("--times", type=int, default=TIMES, help="processes of each, at most")
    asked.add_argument("--no-times", action="store_true", help="compare only")
    asked.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.repeats < FEWEST_REPEATS:
        asked.error(f"--repeats: {given.repeats}, where the limit holds from {FEWEST_REPEATS} on")
    if given.one:
        name, clients, weeks = given.one
        print(seconds_of_one(name, int(clients), int(weeks)))
        return 0
    names = [name for name in given.only if is_there(name)]
    different = compare(names, given.repeats)
    print(f"{different} DIFFERENT" if different else "EQUAL")
    if not different and not given.no_times:
        measure(names, given.sizes, given.times)
    return different


if __name__ == "__main__":
    raise SystemExit(main())
