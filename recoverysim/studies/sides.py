"""One world's side of an answer, lived in any pieces: its repeats, and where people stood.

Repeats are lived two of a parameter set at a time, so that what is done can tell luck from what is
not known, wherever it stops. All of them together are the very repeats that `compare` lives.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.plan import Plan
from recoverysim.scenario import Scenario
from recoverysim.shown import STRETCHES
from recoverysim.studies.reckoning import Reckoning, years_within
from recoverysim.studies.repeats import Repeats, live
from recoverysim.studies.whereabouts import PLACE, whereabouts
from recoverysim.world import World

# Where people may be: the places, and on the train one of so many stretches.
KINDS = len(PLACE) + STRETCHES


@dataclass(frozen=True, eq=False)
class Side:
    """Repeats of one world, and where people stood in them.

    `numbers` are those of the repeats in the plan, in the order of everything here; `stood` counts
    people: int64 of (repeats, reported years, KINDS, goes to mutual aid or not).
    """

    repeats: Repeats
    stood: np.ndarray
    numbers: tuple[int, ...]


def order(plan: Plan) -> list[int]:
    """The repeats of a plan, those that share a parameter set next to each other."""
    sets = len(plan.parameter_sets())
    return [number for one in range(sets) for number in range(one, plan.repeats, sets)]


def live_side(
    scenario: Scenario,
    plan: Plan,
    definition: str,
    numbers: Sequence[int],
    progress: Callable[[float], None] | None = None,
) -> Side:
    """Live some repeats of a plan, and look where people stand at the end of each reported year."""
    years = years_within(plan.years)
    at = {year * WEEKS_A_YEAR: place for place, year in enumerate(years)}
    rows = {number: row for row, number in enumerate(numbers)}
    stood = np.zeros((len(numbers), len(years), KINDS, 2), np.int64)
    lock = threading.Lock()

    def watch(repeat: int, world: World) -> None:
        if world.week in at:
            found = _standing(world, definition)
            with lock:
                stood[rows[repeat], at[world.week]] = found

    lived = live(scenario, plan, watch=watch, progress=progress, only=numbers)
    return Side(lived, stood, tuple(numbers))


def _standing(world: World, definition: str) -> np.ndarray:
    """People of each kind, by whether they go to mutual aid: int64 of (KINDS, 2)."""
    place, going, stretch = whereabouts(world.clients, definition)
    here = place >= 0
    kind = np.where(stretch >= 0, len(PLACE) + stretch, place)[here].astype(np.int64)
    return np.bincount(2 * kind + going[here], minlength=2 * KINDS).reshape(KINDS, 2)


def joined(parts: Sequence[Side]) -> Side:
    """Several parts of one side in one, in the order of their numbers.

    The plan is that of so many repeats as there are, the sets are numbered from 0.
    """
    numbers = np.concatenate([part.numbers for part in parts])
    ranks = np.argsort(numbers, kind="stable")
    first = parts[0].repeats
    every = [part.repeats for part in parts]
    _, sets = np.unique(np.concatenate([one.sets for one in every])[ranks], return_inverse=True)
    in_order = [pair for one in every for pair in zip(one.priced, one.of_plugins, strict=True)]
    repeats = Repeats(
        first.scenario,
        replace(first.plan, repeats=len(numbers)),
        np.concatenate([one.counts for one in every])[ranks],
        Reckoning(
            *(np.concatenate(arrays)[ranks] for arrays in zip(*(one.reckoned for one in every)))
        ),
        [in_order[rank][0] for rank in ranks],
        sets,
        tuple(in_order[rank][1] for rank in ranks),
    )
    stood = np.concatenate([part.stood for part in parts])[ranks]
    return Side(repeats, stood, tuple(numbers[ranks].tolist()))
