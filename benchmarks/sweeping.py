"""What a sweep costs beyond the runs that it is made of.

The same runs, in one sitting, by as many processes: lived and forgotten, by plain processes that
were started and warmed before the clock; as `rs.sweep` keeps them, from the call to the last part
on the disk and the content hash, processes started within; and the same on a Dask cluster of as
many workers of one thread, which stands already. What is said at the end of a sweep (`analyse`) is
no part of it.

    python benchmarks/sweeping.py [--runs 10000] [--clients 500] [--years 5] [--workers 2]
        [--times 2] [--quick]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from record import record

from recoverysim.scenario import load
from recoverysim.studies.sweeps.factors import Factor
from recoverysim.studies.sweeps.guard import KINDNESS, warm_up
from recoverysim.studies.sweeps.plan import SweepPlan
from recoverysim.studies.sweeps.points import Points
from recoverysim.studies.sweeps.runs import Chunk, live_chunk, runs_a_part
from recoverysim.studies.sweeps.sweep import sweep

LEVER = Factor("peers", ("linkage.peer.first_meeting",), low=0.1, high=0.9)
BEGINS = 60  # seconds that a scheduler may take


def chunks_of(plan: SweepPlan) -> list[Chunk]:
    """As large as a sweep makes them."""
    points, size = Points.of(plan), runs_a_part(plan)
    several = [
        range(first, min(plan.points, first + size)) for first in range(0, plan.points, size)
    ]
    return [Chunk(points.sent, tuple(numbers), points.at(numbers)) for numbers in several]


def begin() -> None:
    os.nice(KINDNESS)  # as the processes of a sweep
    warm_up()


def live(chunk: Chunk) -> None:
    live_chunk(chunk)


@contextmanager
def plain_processes(workers: int, first: Chunk) -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), begin) as pool:
        list(pool.map(live, [first] * (4 * workers)))  # everything is imported and compiled
        yield pool


@contextmanager
def a_cluster(workers: int) -> Iterator[str]:
    """The address of a scheduler with so many workers of one thread."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scheduler.json"
        dask = [sys.executable, "-m", "dask"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        scheduler = subprocess.Popen(
            [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
             "--scheduler-file", file], **quiet,
        )  # fmt: skip
        worker = subprocess.Popen(
            [*dask, "worker", "--scheduler-file", file, "--nworkers", str(workers), "--nthreads",
             "1", "--no-dashboard"], **quiet,
        )  # fmt: skip
        try:
            until = time.monotonic() + BEGINS
            while not (file.exists() and file.read_text().rstrip().endswith("}")):
                if time.monotonic() > until:
                    raise SystemExit(f"no Dask scheduler within {BEGINS} seconds")
                time.sleep(0.1)
            yield json.loads(file.read_text())["address"]
        finally:
            for one in (worker, scheduler):
                one.terminate()
                one.wait()


def swept(plan: SweepPlan, workers: int, scheduler: str | None = None) -> str | None:
    with tempfile.TemporaryDirectory() as folder:
        found = sweep(plan, out=Path(folder) / "out", workers=workers, scheduler=scheduler)
        assert found.manifest["runs"]["done"] == plan.points
        return found.content_hash


def spent(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--runs", type=int, default=10_000)
    asked.add_argument("--clients", type=int, default=500)
    asked.add_argument("--years", type=int, default=5)
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--times", type=int, default=2)
    asked.add_argument("--quick", action="store_true", help="small, once: to see it work")
    given = asked.parse_args()
    runs, clients, years, times = given.runs, given.clients, given.years, given.times
    if given.quick:
        runs, clients, years, times = 40, 50, 1, 1
    plan = SweepPlan("sweeping", "", (load("peer-introduction"),), (LEVER,), "latin-hypercube",
                     points=runs, clients=clients, years=years)  # fmt: skip
    chunks = chunks_of(plan)
    warm_up()

    alone, here, there = [], [], []
    with a_cluster(given.workers) as address:
        for _ in range(times):
            with plain_processes(given.workers, chunks[0]) as pool:
                alone.append(spent(lambda pool=pool: list(pool.map(live, chunks))))
            here.append(spent(lambda: swept(plan, given.workers)))
            there.append(spent(lambda: swept(plan, given.workers, address)))

    size = f"{runs:,} runs of {clients} people × {years} years by {given.workers} processes"
    record("sweeping", size, min(alone), "s")
    record("sweeping", f"{size}, as a sweep", min(here), "s")
    record("sweeping", f"{size}, as a sweep on a cluster", min(there), "s")
    what = "overhead over the runs themselves"
    record("sweeping", what, min(here) / min(alone) - 1, "ratio")
    record("sweeping", f"{what}, on a cluster of two workers", min(there) / min(alone) - 1, "ratio")


if __name__ == "__main__":
    main()
