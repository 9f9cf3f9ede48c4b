"""Many repeats of a scenario side by side: one thread a run, no lock held, the order irrelevant."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
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

# A look at the keyboard, and at how far a run is, after so many weeks lived: a tenth of a second.
CLIENT_WEEKS_BETWEEN_LOOKS, FEWEST_WEEKS_BETWEEN_LOOKS = 1_000_000, 4


@dataclass(frozen=True, eq=False)
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
    sample: int | None = None,
    watch: Callable[[int, World], None] | None = None,
    progress: Callable[[float], None] | None = None,
    only: Sequence[int] | None = None,
) -> Repeats:
    """Run every repeat, or `only` some of them, told in that order.

    `collect` sees each finished world that keeps journeys and panel.
    Journeys and panel are kept of at most `sample` people of each repeat, everybody unless given.
    `collect` is called in the order of repeats, whatever finishes first, so that what it writes is
    the same for any number of threads. While they live, `watch` sees the worlds now and then, and
    `progress` is told what share of a repeat was lived since it was last told; both are called by
    the thread that lives the world.
    """
    one_in = 1 if sample is None else -(-plan.clients // sample)
    kept = 0 if collect is None else -(-plan.clients // one_in)
    refuse_what_does_not_fit(plan, journeys_of=kept)
    sets = plan.parameter_sets()
    stopping = threading.Event()

    years = years_within(plan.years)
    at = weeks_reckoned(years)
    stops = _stops(plan.clients, [year * WEEKS_A_YEAR for year in years])
    reported = {year * WEEKS_A_YEAR for year in years}

    def one(repeat: int) -> tuple[World | None, np.ndarray, Values, Reckoning, list[Found]]:
        values = scenario.at_first(sets[repeat % len(sets)])
        world = World(
            scenario, sets[repeat % len(sets)], plan.clients, seed_of_repeat(plan.seed, repeat),
            years=plan.years, journeys=collect is not None, panel=collect is not None,
            one_in=one_in,
        )  # fmt: skip
        found = []
        for week in stops:
            if stopping.is_set():
                raise Interrupted
            lived = week - world.week
            world.run_for(lived)
            if week in reported:
                found.append(ask_all(world))
            if watch is not None:
                watch(repeat, world)
            if progress is not None:
                progress(lived / stops[-1])
        sums = reckon_world(world, at, values["costs.discount_per_year"])
        counts = by_substance(world.counts)
        # Nobody holds on to a world that is not to be collected: it may be large.
        return world if collect is not None else None, counts, values, sums, found

    asked = list(range(plan.repeats) if only is None else only)
    weeks = plan.years * WEEKS_A_YEAR + 1
    counts = np.empty((len(asked), weeks, len(SUBSTANCES), len(COUNTS)), np.int64)
    priced: list[Values] = []
    reckoned, of_plugins = [], []
    ahead = plan.worlds_at_a_time()
    with ThreadPoolExecutor(plan.workers()) as pool, ending_together(pool, stopping):
        waiting = [pool.submit(one, repeat) for repeat in asked[:ahead]]
        for place, repeat in enumerate(asked):
            world, counts[place], values, sums, found = waiting.pop(0).result()
            if place + ahead < len(asked):
                waiting.append(pool.submit(one, asked[place + ahead]))
            of_plugins.append(found)
            priced.append(values)
            reckoned.append(sums)
            if collect is not None and world is not None:
                collect(repeat, world)
    which = np.array(asked) % len(sets)
    return Repeats(
        scenario, plan, counts, stacked(reckoned), priced, which, tuple(of_plugins)
    )  # fmt: skip


def _stops(clients: int, reported: list[int]) -> list[int]:
    """The weeks at which a run of so many clients stops to look: the reported ones among them."""
    stretch = max(FEWEST_WEEKS_BETWEEN_LOOKS, CLIENT_WEEKS_BETWEEN_LOOKS // clients)
    return sorted({*range(stretch, reported[-1], stretch), *reported})
