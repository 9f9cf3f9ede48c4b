"""How long a run will take on this machine, worked out from a short pilot before it starts."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.knowledge import central_values
from recoverysim.plan import Plan
from recoverysim.scenario import Scenario
from recoverysim.world import World

PILOT_CLIENTS = 500
# The more people, the further from the processor they are kept: how many times as long as in the
# pilot a week of one of them takes, as measured (docs/performance.md), by their logarithm between.
PEOPLE = (10_000, 100_000, 1_000_000, 10_000_000)
TAKES = (1.0, 1.2, 1.6, 1.9)


def seconds_needed(scenario: Scenario, plan: Plan) -> float:
    """Seconds to live every repeat of a scenario; as good as the machine is steady.

    A pilot of some hundredths of a second is lived first, twice, since the first may have to
    compile. Threads count in full, so a machine that is busy, or shares a core between two, takes
    longer.
    """
    took = min(_pilot(scenario, plan.years) for _ in range(2)) / PILOT_CLIENTS
    took *= float(np.interp(np.log(plan.clients), np.log(PEOPLE), TAKES))
    return took * plan.clients * plan.repeats / min(plan.workers(), plan.repeats)


def _pilot(scenario: Scenario, years: int) -> float:
    """Seconds in which few people live as long as those of the run will."""
    small = replace(scenario, network_file=None)  # which is of so many people and no fewer
    world = World(small, central_values(), PILOT_CLIENTS, 1, years=years)
    start = time.perf_counter()
    world.run_for(years * WEEKS_A_YEAR)
    return time.perf_counter() - start


def in_words(seconds: float) -> str:
    """A time to wait, as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    minutes = seconds / 60
    if minutes < 90:
        return f"{minutes:.0f} minutes"
    return f"{minutes / 60:.1f} hours"
