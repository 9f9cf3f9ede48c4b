"""How long a run will take on this machine, worked out from a short pilot before it starts."""

from __future__ import annotations

import time
from dataclasses import replace

from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.knowledge import central_values
from recoverysim.plan import Plan
from recoverysim.scenario import Scenario
from recoverysim.world import World

PILOT_CLIENTS, PILOT_WEEKS = 2000, 26
# Beyond what the processor keeps near it, a week takes longer: by this much where it was measured
# (docs/performance.md, growth with people).
LARGE_FROM, LARGE_TAKES = 100_000, 1.4


def seconds_needed(scenario: Scenario, plan: Plan) -> float:
    """Seconds to live every repeat of a scenario; as good as the machine is steady.

    A pilot of a few milliseconds is lived first, twice, since the first may have to compile.
    Threads count in full, so a machine that is busy, or shares a core between two, takes longer.
    """
    took = min(_pilot(scenario) for _ in range(2))
    a_client_week = took / (PILOT_CLIENTS * PILOT_WEEKS)
    if plan.clients >= LARGE_FROM:
        a_client_week *= LARGE_TAKES
    weeks = plan.years * WEEKS_A_YEAR * plan.clients * plan.repeats
    return a_client_week * weeks / min(plan.workers(), plan.repeats)


def _pilot(scenario: Scenario) -> float:
    small = replace(scenario, network_file=None)  # which is of so many people and no fewer
    world = World(small, central_values(), PILOT_CLIENTS, 1, years=1)
    start = time.perf_counter()
    world.run_for(PILOT_WEEKS)
    return time.perf_counter() - start


def in_words(seconds: float) -> str:
    """A time to wait, as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    minutes = seconds / 60
    if minutes < 90:
        return f"{minutes:.0f} minutes"
    return f"{minutes / 60:.1f} hours"
