"""Two worlds of the same people, lived side by side: where everybody is every four weeks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.panel import WEEKS_BETWEEN_WAVES
from recoverysim.plan import Plan
from recoverysim.scenario import Scenario, refuse_without_twins
from recoverysim.studies.reckoning import years_within
from recoverysim.studies.repeats import ending_together
from recoverysim.studies.room import refuse_what_does_not_fit
from recoverysim.studies.sides import KINDS
from recoverysim.studies.whereabouts import PLACE, whereabouts
from recoverysim.world import World, seed_of_repeat

MOST_PEOPLE_KEPT = 40_000  # of whom months are kept, in all repeats: enough to choose 200 from
NOT_HERE = -1
GOING = 32  # added to a kind for whoever goes to mutual aid; kinds are fewer

TRAITS = ("key", "age", "substance", "goal", "female", "psychiatric_need")


@dataclass(frozen=True, eq=False)
class Months:
    """Where people are every four weeks, in two worlds.

    A spot is a kind of `sides.KINDS`, and GOING more for who goes to mutual aid; NOT_HERE before
    somebody comes. `spots`: int8 of (worlds, months + 1, people kept), the same people in both.
    `counted`: everybody of all repeats, int64 of (worlds, months + 1, KINDS, going or not).
    `flows`: everybody between the places of each of `years` and the next, int64 of (worlds,
    years - 1, places, places). `people`: traits of those kept, and `repeat`. `unwelcome`: who was
    seen in a group that is not open to their medication, bool of (worlds, people kept).
    """

    years: tuple[int, ...]
    spots: np.ndarray
    counted: np.ndarray
    flows: np.ndarray
    people: np.ndarray
    unwelcome: np.ndarray

    @property
    def weeks(self) -> range:
        """The weeks after which everybody was looked at."""
        return range(0, self.spots.shape[1] * WEEKS_BETWEEN_WAVES, WEEKS_BETWEEN_WAVES)


def live_months(
    one: Scenario,
    other: Scenario,
    plan: Plan,
    definition: str,
    year: int,
    progress: Callable[[float], None] | None = None,
) -> Months:
    """Live both worlds of every repeat up to the end of a year.

    They are the repeats that `compare` lives. `progress` is called after each repeat, by the thread
    that called. Raises ValueError where people have no twins, and for a year that the
    plan does not reach.
    """
    refuse_without_twins(other, one)
    if not 1 <= year <= plan.years:
        raise ValueError(f"year should be from 1 to {plan.years}; found {year}")
    refuse_what_does_not_fit(plan, scenarios=2)
    sets = plan.parameter_sets()
    keep = min(plan.clients, -(-MOST_PEOPLE_KEPT // plan.repeats))
    years = (0, *(reported for reported in years_within(plan.years) if reported < year), year)
    stopping = threading.Event()

    def pair(repeat: int) -> list[_Lived]:
        return [
            _live(
                World(scenario, sets[repeat % len(sets)], plan.clients,
                      seed_of_repeat(plan.seed, repeat), years=plan.years),
                definition, years, keep, stopping,
            )
            for scenario in (one, other)
        ]  # fmt: skip

    found = []
    with ThreadPoolExecutor(plan.workers()) as pool, ending_together(pool, stopping):
        for done in pool.map(pair, range(plan.repeats)):
            found.append(done)
            if progress is not None:
                progress(1)
    people = np.concatenate([_people(repeat, both[0]) for repeat, both in enumerate(found)])
    spots = [np.concatenate([both[world].spots for both in found], axis=1) for world in (0, 1)]
    unwelcome = [np.concatenate([both[world].unwelcome for both in found]) for world in (0, 1)]
    return Months(
        years,
        np.stack(spots),
        np.stack([sum(both[world].counted for both in found) for world in (0, 1)]),
        np.stack([sum(both[world].flows for both in found) for world in (0, 1)]),
        people,
        np.stack(unwelcome),
    )


@dataclass(frozen=True, eq=False)
class _Lived:
    """One world of one repeat; shapes are those of Months without worlds."""

    spots: np.ndarray
    counted: np.ndarray
    flows: np.ndarray
    unwelcome: np.ndarray
    clients: np.ndarray


def _live(
    world: World, definition: str, years: tuple[int, ...], keep: int, stopping: threading.Event
) -> _Lived:
    weeks = range(0, years[-1] * WEEKS_A_YEAR + 1, WEEKS_BETWEEN_WAVES)
    spots = np.empty((len(weeks), keep), np.int8)
    counted = np.zeros((len(weeks), KINDS, 2), np.int64)
    unwelcome = np.zeros(keep, bool)
    at_years = []
    for month, week in enumerate(weeks):
        if stopping.is_set():
            break
        world.run_for(week - world.week)
        place, going, stretch = whereabouts(world.clients, definition)
        kind = np.where(stretch >= 0, len(PLACE) + stretch, place)
        here = kind >= 0
        pairs = 2 * kind[here].astype(np.int64) + going[here]
        counted[month] = np.bincount(pairs, minlength=2 * KINDS).reshape(KINDS, 2)
        spots[month] = np.where(here, kind + GOING * going, NOT_HERE)[:keep]
        unwelcome |= world.clients["meets_stigma"][:keep]
        if week % WEEKS_A_YEAR == 0 and week // WEEKS_A_YEAR in years:
            at_years.append(place)
    flows = [_flow(before, after) for before, after in pairwise(at_years)]
    clients = world.clients[:keep][list(TRAITS)].copy()
    return _Lived(spots, counted, np.array(flows), unwelcome, clients)


def _flow(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """How many people went from place to place, of those who were there before."""
    places = len(PLACE)
    there = before >= 0
    pairs = places * before[there].astype(np.int64) + after[there]
    return np.bincount(pairs, minlength=places**2).reshape(places, places)


def _people(repeat: int, lived: _Lived) -> np.ndarray:
    """The people kept of one repeat, with its number."""
    names = [(name, lived.clients.dtype[name].str) for name in TRAITS]
    people = np.zeros(len(lived.clients), np.dtype([*names, ("repeat", "i4")]))
    for name in TRAITS:
        people[name] = lived.clients[name]
    people["repeat"] = repeat
    return people
