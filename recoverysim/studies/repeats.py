"""Many repeats of a scenario side by side: one thread a run, no lock held, the order irrelevant."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from recoverysim.cells import by_substance
from recoverysim.codes import SUBSTANCES, WEEKS_A_YEAR
from recoverysim.knowledge import Values
from recoverysim.outcomes import COUNTS
from recoverysim.plan import Plan
from recoverysim.scenario import Scenario
from recoverysim.studies.outcomes_of_plugins import Found, ask_all
from recoverysim.studies.reckoning import (
    Reckoning,
    reckon_world,
    stacked,
    weeks_reckoned,
    years_within,
)
from recoverysim.studies.room import refuse_what_does_not_fit
from recoverysim.world import World, seed_of_repeat

WEEKS_BETWEEN_LOOKS = 4


@dataclass(frozen=True)
class Repeats:
    """All repeats of one scenario.

    `counts` are people in each week of the run, int64 of shape (repeats, weeks + 1, substances,
    outcomes.COUNTS). `reckoned` holds, with an axis of repeats first, what the measures need, at
    the weeks of `reckoning.weeks_reckoned`. `priced` are for each repeat the parameter values in
    force at week 0, the scenario's own laid over; `sets` the number of its parameter set.
    `of_plugins` is what the outcomes of plug-ins found: for each repeat, at each reported year.
    """

    scenario: Scenario
    plan: Plan
    counts: np.ndarray
    reckoned: Reckoning
    priced: list[Values]
    sets: np.ndarray
    of_plugins: tuple[list[Found], ...] = ()


class Interrupted(Exception):
    """The run was interrupted from the keyboard."""


@contextmanager
def ending_together(pool: ThreadPoolExecutor, stopping: threading.Event) -> Iterator[None]:
    """Whatever goes wrong, or is interrupted, ends all threads of a pool before it is told."""
    try:
        yield
    except BaseException as fault:
        stopping.set()
        pool.shutdown(cancel_futures=True)
        if isinstance(fault, KeyboardInterrupt):
            raise Interrupted from None
        raise


def live(
    scenario: Scenario,
    plan: Plan,
    *,
    collect: Callable[[int, World], Any] | None = None,
    progress: Callable[[], None] | None = None,
) -> Repeats:
    """Run every repeat. `collect` sees each finished world that keeps journeys and panel.

    `collect` is called in the order of repeats, whatever finishes first, so that what it writes is
    the same for any number of threads.
    """
    refuse_what_does_not_fit(plan, journeys=collect is not None)
    sets = plan.parameter_sets()
    stopping = threading.Event()

    years = years_within(plan.years)
    at = weeks_reckoned(years)
    reported = {year * WEEKS_A_YEAR for year in years}

    def one(repeat: int) -> tuple[World, Values, Reckoning, list[Found]]:
        values = scenario.at_first(sets[repeat % len(sets)])
        world = World(
            scenario, sets[repeat % len(sets)], plan.clients, seed_of_repeat(plan.seed, repeat),
            years=plan.years, journeys=collect is not None, panel=collect is not None,
        )  # fmt: skip
        found = []
        while world.week < plan.years * WEEKS_A_YEAR and not stopping.is_set():
            world.run_for(WEEKS_BETWEEN_LOOKS)  # a look at the keyboard now and then
            if world.week in reported:
                found.append(ask_all(world))
        if stopping.is_set():
            raise Interrupted
        return world, values, reckon_world(world, at, values["costs.discount_per_year"]), found

    weeks = plan.years * WEEKS_A_YEAR + 1
    counts = np.empty((plan.repeats, weeks, len(SUBSTANCES), len(COUNTS)), np.int64)
    priced: list[Values] = []
    reckoned, of_plugins = [], []
    ahead = plan.worlds_at_a_time()
    with ThreadPoolExecutor(plan.workers()) as pool, ending_together(pool, stopping):
        waiting = [pool.submit(one, repeat) for repeat in range(min(ahead, plan.repeats))]
        for repeat in range(plan.repeats):
            world, values, sums, found = waiting.pop(0).result()
            if repeat + ahead < plan.repeats:
                waiting.append(pool.submit(one, repeat + ahead))
            counts[repeat] = by_substance(world.counts)
            of_plugins.append(found)
            priced.append(values)
            reckoned.append(sums)
            if collect is not None:
                collect(repeat, world)
            if progress is not None:
                progress()
    which = np.arange(plan.repeats) % len(sets)
    return Repeats(
        scenario, plan, counts, stacked(reckoned), priced, which, tuple(of_plugins)
    )  # fmt: skip
