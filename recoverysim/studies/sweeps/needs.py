"""What a sweep will take, worked out before it starts: runs, time, memory, disk."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from recoverysim.plan import Plan
from recoverysim.store import growing, tables
from recoverysim.studies.room import bytes_of_a_client, bytes_of_a_world
from recoverysim.studies.sweeps.designs import how_many_points
from recoverysim.studies.sweeps.plan import SweepPlan
from recoverysim.studies.sweeps.points import Points
from recoverysim.studies.sweeps.runs import Chunk, live_chunk
from recoverysim.studies.time_needed import in_words, seconds_needed

A_WORKER = 350_000_000  # bytes: the program and its libraries, as measured
A_PART = 50  # runs that are lived to see what they take on disk


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
        return (
            f"{self.runs:,} runs: {self.points:,} points × {self.scenarios} scenarios × "
            f"{self.repeats} repeats.\n"
            f"About {in_words(self.seconds)} with {self.workers} workers on this machine, if "
            f"nothing else is at work,\n{self.memory / 2**30:.1f} GiB of memory, and "
            f"{_bytes(self.disk)} on disk. Nothing was run."
        )


def how_many_runs(plan: SweepPlan) -> int:
    """Runs of a plan, without drawing its points."""
    return how_many_points(plan) * plan.repeats * len(plan.scenarios)


def needs(plan: SweepPlan, workers: int | None = None) -> Needs:
    """What a plan takes; a short pilot is lived first."""
    points, runs = how_many_points(plan), how_many_runs(plan)
    many = min(workers or Plan().workers(), runs)
    whole = replace(plan.one_run(), repeats=min(runs, 100_000), threads=many)
    each = seconds_needed(plan.scenarios[0], whole) / whole.repeats
    memory = A_WORKER + bytes_of_a_client() * plan.clients + bytes_of_a_world(plan.one_run())
    return Needs(
        points, len(plan.scenarios), plan.repeats, runs, many, each * runs,
        A_WORKER + many * memory, _disk(plan, points, runs),
    )  # fmt: skip


def _disk(plan: SweepPlan, points: int, runs: int) -> int:
    """As a part of small runs takes it, and eight bytes for each factor of each point, twice."""
    small = replace(
        plan, clients=min(plan.clients, 100), repeats=A_PART, factors=(), design="rows",
        rows=((),), knowledge="none",
    )  # fmt: skip
    part = live_chunk(Chunk(small, tuple(range(A_PART)), {0: Points.of(small).one(0)}))
    each = len(growing.as_parquet(tables.runs(part.columns, part.units))) / A_PART
    return int(each * runs + 16 * points * len(plan.factors))


def _bytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB" if size < 1e9 else f"{size / 1e9:,.1f} GB"
