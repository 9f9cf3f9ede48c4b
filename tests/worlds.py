"""Worlds for tests, made in one line."""

from __future__ import annotations

from typing import Any

import numpy as np

from recoverysim.knowledge import Values, central_values
from recoverysim.scenario import load
from recoverysim.world import World, seed_of_repeat


def a_world(
    scenario: str = "baseline",
    clients: int = 300,
    weeks: int = 0,
    seed: int = 1,
    settings: dict[str, Any] | None = None,
    values: Values | None = None,
    **more: Any,
) -> World:
    """A world at the declared values, some settings laid over, after so many weeks."""
    chosen = load(scenario).replace(settings or {})
    world = World(chosen, values or central_values(), clients, seed_of_repeat(seed, 0), **more)
    world.run_for(weeks)
    return world


def switched_off(*mechanisms: str) -> dict[str, bool]:
    """Settings that switch mechanisms off."""
    return {f"mechanisms.{name}": False for name in mechanisms}


def odds_ratio(one: np.ndarray, other: np.ndarray) -> float:
    """The odds ratio between two yes-or-no columns."""
    both, first, second = (one & other).sum(), (one & ~other).sum(), (~one & other).sum()
    return float(both * (~one & ~other).sum() / (first * second))
