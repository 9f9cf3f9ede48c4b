"""Pairs of worlds that differ in one thing, with the same people and the same luck, and by how much
an outcome differs between them, in standard errors."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.knowledge import central_values
from recoverysim.scenario import Scenario, load
from recoverysim.world import World, seed_of_repeat

PEOPLE = 1000
SEED = 1  # never another: no result is had by choosing seeds
# Looks are after so many repeats. Far beyond the bound it is enough; else more repeats are lived.
LOOKS = (5, 10, 20)
ENOUGH, BOUND = 6.0, 3.0  # standard errors
THREADS = 2  # the compiled loop lets other threads run beside it


def lived(settings: dict[str, Any], weeks: int, repeat: int, **more: Any) -> World:
    """The world of one repeat after so many weeks, settings laid over the baseline."""
    scenario: Scenario = load("baseline").replace(settings)
    world = World(
        scenario, central_values(), PEOPLE, seed_of_repeat(SEED, repeat),
        years=math.ceil(weeks / WEEKS_A_YEAR), **more,
    )  # fmt: skip
    world.run_for(weeks)
    return world


def standard_errors(differences: np.ndarray) -> float:
    """The mean difference in paired standard errors; endless if all differ by the same."""
    mean, error = differences.mean(), differences.std(ddof=1) / math.sqrt(differences.size)
    if error == 0:
        return math.copysign(math.inf, mean) if mean else 0.0
    return float(mean / error)


def moved(difference: Callable[[int], float], looks: tuple[int, ...] = LOOKS) -> float:
    """By how many standard errors an outcome moves; `difference` lives one repeat both ways."""
    found: list[float] = []
    with ThreadPoolExecutor(THREADS) as pool:
        for look in looks:
            found += pool.map(difference, range(len(found), look))
            moves = standard_errors(np.array(found))
            if abs(moves) > ENOUGH:
                break
    return moves
