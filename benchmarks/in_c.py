"""Our week against the same rules in C++: the same bytes, and how many times as long.

`to_cpp` translates the rules as they stand, and g++ compiles them. What comes out is what a
programmer of C would have got from the same arithmetic; the aim is that ours takes at most 1.3 times
as long.

    python benchmarks/in_c.py [--clients 1000 10000 100000] [--weeks 260] [--times 5]
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from record import record
from to_cpp import COMPILE, Compiled

from recoverysim.knowledge import central_values
from recoverysim.scenario import load
from recoverysim.week import live_through
from recoverysim.world import World, seed_of_repeat

WEEKS_A_YEAR = 52


def world_of(scenario: str, clients: int, weeks: int, *, records: bool = False) -> World:
    """A world as it begins, with journal and panel where `records` are kept."""
    return World(
        load(scenario), central_values(), clients, seed_of_repeat(1, 0),
        years=-(-weeks // WEEKS_A_YEAR), journeys=records, panel=records,
    )  # fmt: skip


def live(world: World, weeks: int, by: Any) -> float:
    """CPU seconds of so many weeks lived by this function."""
    with mock.patch("recoverysim.world.live_through", by):
        start = time.process_time()
        world.run_for(weeks)
        return time.process_time() - start


def differing(one: World, other: World) -> list[str]:
    """The arrays of two worlds that are not the same bytes."""
    return [
        name for name, mine in vars(one).items()
        if isinstance(mine, np.ndarray) and mine.tobytes() != vars(other)[name].tobytes()
    ]  # fmt: skip


def check(scenario: str, clients: int, weeks: int, in_cpp: Any) -> None:
    """Exit with what differs, if anything does."""
    worlds = [world_of(scenario, clients, weeks, records=True) for _ in range(2)]
    for world, by in zip(worlds, (live_through, in_cpp)):
        live(world, weeks, by)
    found = differing(*worlds)
    said = "not the same bytes in " + ", ".join(found) if found else "the same bytes"
    print(f"{scenario}, {clients:,} people, {weeks} weeks: {said}", flush=True)
    if found:
        counts = worlds[0].counted.astype(np.int64) - worlds[1].counted
        sys.exit(f"{np.count_nonzero(counts)} counts differ, at most by {np.abs(counts).max()}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--scenario", default="baseline")
    asked.add_argument("--clients", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    asked.add_argument("--weeks", type=int, default=260)
    asked.add_argument("--times", type=int, default=5)
    asked.add_argument("--keep", type=Path, help="a folder for the file in C++ and the library")
    given = asked.parse_args()
    if shutil.which(COMPILE[0]) is None:
        print("There is no g++ here, so nothing was compared.")
        return
    with tempfile.TemporaryDirectory() as folder:
        in_cpp = Compiled(live_through, given.keep or Path(folder))
        check(given.scenario, 10_000, given.weeks, in_cpp)
        print("compiled by", " ".join(COMPILE))
        for clients in given.clients:
            took: list[tuple[float, float]] = []
            for _ in range(given.times):
                took.append(tuple(
                    live(world_of(given.scenario, clients, given.weeks), given.weeks, by)
                    for by in (live_through, in_cpp)
                ))  # fmt: skip
            ours, theirs = (min(some) for some in zip(*took))
            for what, seconds in (("our week", ours), ("the same rules by g++", theirs)):
                print(f"{clients:,} people: {what}: {1e9 * seconds / (clients * given.weeks):.1f} ns")
            record(
                "in_c", "our week over the same rules in C++ by g++ -O3", ours / theirs, "ratio",
                clients=clients,
            )  # fmt: skip


if __name__ == "__main__":
    main()
