"""What a sweep takes and may take, worked out before it starts: runs, time, memory, disk."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.plan import Plan
from recoverysim.store import growing, tables
from recoverysim.studies.room import GIB, NoRoom, bytes_of_a_client, bytes_of_a_world
from recoverysim.studies.sweeps.designs import how_many_points, how_many_runs
from recoverysim.studies.sweeps.guard import Means, memory_for_each, plugin_files
from recoverysim.studies.sweeps.plan import SweepPlan
from recoverysim.studies.sweeps.runs import Chunk, Point, live_chunk, runs_a_part
from recoverysim.studies.time_needed import in_words
from recoverysim.words import several

A_WORKER = 350_000_000  # bytes: the program and its libraries, as measured
A_PILOT, MOST_IN_A_PILOT = 4, 5000  # runs, people
START = 5.0  # seconds until all workers are at work
A_PART = (20, 120)  # runs that are lived to see what they take on disk

SECONDS_A_CLIENT_WEEK, SECONDS_A_RUN = 1e-7, 5e-3  # of a run, generously
LONGEST, TIMES_AS_LONG = 60.0, 30  # seconds after which a run is given up, and times its estimate


@dataclass(frozen=True)
class Needs:
    """Of a whole sweep: `seconds` on this machine, if nothing else is at work, `memory` and `disk`
    in bytes."""

    points: int
    scenarios: int
    repeats: int
    runs: int
    workers: int
    seconds: float
    memory: int
    disk: int

    def to_json(self) -> dict[str, Any]:
        """The same by name."""
        return asdict(self)

    def in_words(self) -> str:
        """The same in a few lines."""
        workers = several(self.workers, "worker")
        return (
            f"{several(self.runs, 'run')}: {several(self.points, 'point')} × "
            f"{several(self.scenarios, 'scenario')} × {several(self.repeats, 'repeat')}.\n"
            f"About {in_words(self.seconds)} with {workers} on this machine, "
            f"if nothing else is at work,\n{self.memory / 2**30:.1f} GiB of memory, and "
            f"{_bytes(self.disk)} on disk. Nothing was run."
        )


def needs(plan: SweepPlan, workers: int | None = None) -> Needs:
    """What a plan takes; a short pilot is lived first."""
    points, runs = how_many_points(plan), how_many_runs(plan)
    many = min(workers or Plan().workers(), runs)
    pilot = _chunk(plan, min(plan.clients, MOST_IN_A_PILOT), A_PILOT)
    live_chunk(pilot)  # the first may have to compile
    start = time.perf_counter()
    live_chunk(pilot)
    each = (time.perf_counter() - start) / A_PILOT * max(1, plan.clients / MOST_IN_A_PILOT)
    memory = A_WORKER + bytes_of_a_client() * plan.clients + bytes_of_a_world(plan.one_run())
    return Needs(
        points, len(plan.scenarios), plan.repeats, runs, many, START + each * runs / many,
        A_WORKER + many * memory, _disk(plan, points, runs),
    )  # fmt: skip


def means_for(
    plan: SweepPlan, workers: int | None, longest: float | None, memory: float | None, *,
    local: bool,
) -> Means:  # fmt: skip
    """What each worker may take. NoRoom where one run would not fit, ValueError for a limit that
    cannot be."""
    for name, given in (("longest", longest), ("memory", memory)):
        if given is not None and not given > 0:
            raise ValueError(f"{name} should be above 0; found {given:g}")
    weeks = plan.clients * plan.years * WEEKS_A_YEAR
    expected = SECONDS_A_RUN + SECONDS_A_CLIENT_WEEK * weeks
    share = memory_for_each(workers or Plan().workers()) if local else None
    most = int(memory * GIB) if memory is not None else share
    need = bytes_of_a_client() * plan.clients + 2 * bytes_of_a_world(plan.one_run())
    if most is not None and need > most:
        raise NoRoom(
            f"One run needs about {need / GIB:.1f} GiB of memory, and each worker may take "
            f"{most / GIB:.1f}. Fewer clients or fewer --workers would fit."
        )
    return Means(
        plugin_files(), expected, longest or max(LONGEST, TIMES_AS_LONG * expected), most
    )  # fmt: skip


def _chunk(plan: SweepPlan, clients: int, runs: int) -> Chunk:
    """So many runs of the first scenario, without any factor."""
    small = replace(
        plan, clients=clients, repeats=runs, factors=(), knowledge="none",
        scenarios=plan.scenarios[:1],
    )  # fmt: skip
    return Chunk(small, tuple(range(runs)), {0: Point((), np.empty(0))})


def _disk(plan: SweepPlan, points: int, runs: int) -> int:
    """What parts of small runs take, of few and of more, and eight bytes for each factor of each
    point, twice."""
    few, more = (_bytes_of_a_part(plan, size) for size in A_PART)
    each = (more - few) / (A_PART[1] - A_PART[0])
    parts = -(-runs // runs_a_part(plan))
    return int(parts * (few - A_PART[0] * each) + each * runs + 16 * points * len(plan.factors))


def _bytes_of_a_part(plan: SweepPlan, runs: int) -> int:
    part = live_chunk(_chunk(plan, min(plan.clients, 100), runs))
    return len(growing.as_parquet(tables.runs(part.columns, part.units)))


def _bytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size < 1e9 else f"{size / 1e9:,.1f} GB"
