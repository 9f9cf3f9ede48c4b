"""Our week against the same rules in C++: the same bytes, and how many times as long.

`to_cpp` translates the rules as they stand, and g++ compiles them. What comes out is what a
programmer of C would have got from the same arithmetic; the aim is that ours takes at most 1.3
times as long.

    python benchmarks/in_c.py [--clients 1000 10000 100000] [--weeks 260] [--times 5]
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from record import record
from to_cpp import COMPILE, Compiled

from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.knowledge import central_values
from recoverysim.scenario import load, shipped
from recoverysim.week import live_through
from recoverysim.world import World, seed_of_repeat

Week = Callable[..., Any]
CHECKED_CLIENTS = 1_000


def world_of(scenario: str, clients: int, weeks: int, *, records: bool = False) -> World:
    """A world as it begins, with journal and panel where `records` are kept."""
    return World(
        load(scenario), central_values(), clients, seed_of_repeat(1, 0),
        years=-(-weeks // WEEKS_A_YEAR), journeys=records, panel=records,
    )  # fmt: skip


def seconds(world: World, weeks: int, by: Week) -> float:
    """CPU seconds in which this world lives so many weeks by this function."""
    with mock.patch("recoverysim.world.live_through", by):
        start = time.process_time()
        world.run_for(weeks)
        return time.process_time() - start


def differing(scenario: str, clients: int, weeks: int, by: Week) -> list[str]:
    """The arrays of a world that are not the same bytes as when our own week lives it."""
    ours, theirs = (world_of(scenario, clients, weeks, records=True) for _ in range(2))
    seconds(ours, weeks, live_through)
    seconds(theirs, weeks, by)
    return [
        name for name, mine in vars(ours).items()
        if isinstance(mine, np.ndarray) and mine.tobytes() != vars(theirs)[name].tobytes()
    ]  # fmt: skip


def check(weeks: int, in_cpp: Week) -> None:
    """Every shipped scenario, journal and panel kept; exit with what differs, if anything does."""
    found = {name: differing(name, CHECKED_CLIENTS, weeks, in_cpp) for name in shipped()}
    if any(found.values()):
        sys.exit("\n".join(f"{one}: not the same bytes: {', '.join(found[one])}" for one in found))
    print(f"{len(found)} scenarios, {CHECKED_CLIENTS:,} people, {weeks} weeks: the same bytes")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--scenario", default="baseline", help="whose week is timed")
    asked.add_argument("--clients", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    asked.add_argument("--weeks", type=int, default=5 * WEEKS_A_YEAR)
    asked.add_argument("--times", type=int, default=5, help="the quickest of so many counts")
    asked.add_argument("--keep", type=Path, help="a folder for the file in C++ and the library")
    given = asked.parse_args()
    if shutil.which(COMPILE[0]) is None:
        print("There is no g++ here, so nothing was compared.")
        return
    with tempfile.TemporaryDirectory() as folder:
        weeks = {"our week": live_through}
        weeks["the same by g++"] = in_cpp = Compiled(live_through, given.keep or Path(folder))
        check(given.weeks, in_cpp)
        print("compiled by", " ".join(COMPILE))
        for clients in given.clients:
            took: dict[str, list[float]] = {name: [] for name in weeks}
            for _ in range(given.times):
                for name, by in weeks.items():
                    world = world_of(given.scenario, clients, given.weeks)
                    took[name].append(seconds(world, given.weeks, by))
            for name, some in took.items():
                shown = ", ".join(
                    f"{1e9 * one / clients / given.weeks:.1f}" for one in sorted(some)
                )
                print(f"{clients:,} people: {name}: {shown} ns a client-week")
            ours, theirs = map(min, took.values())
            record(
                "in_c", "our week over the same rules in C++ by g++ -O3", ours / theirs, "ratio",
                clients=clients,
            )  # fmt: skip


if __name__ == "__main__":
    main()
