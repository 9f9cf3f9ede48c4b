"""What plug-ins' outcomes find at each reported year, as measures beside the model's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from recoverysim.cells import ALL, GROUPS
from recoverysim.codes import NOT_COME
from recoverysim.plugins import Outcome, outcomes
from recoverysim.studies.measures import PER_1000, Measure
from recoverysim.studies.reckoning import years_within
from recoverysim.world import World

if TYPE_CHECKING:
    from recoverysim.studies.repeats import Repeats

# What was found of one outcome: for everybody, or for everybody and each group.
Found = dict[Outcome, list[float]]


def ask_all(world: World) -> Found:
    """Every outcome as things stand: a number for everybody, or people per 1,000 of each group."""
    if world.plugged is None:
        return {}
    found = {}
    for one in outcomes():
        answer = world.plugged.answer(one)
        if isinstance(answer, float):
            found[one] = [answer]
        else:
            groups = _groups(world.clients)
            found[one] = [1000 * (answer & who).sum() / max(who.sum(), 1) for who in groups]
    return found


def _groups(people: np.ndarray) -> Iterator[np.ndarray]:
    """Who, of everybody who has come, is in each of `cells.GROUPS`."""
    come = people["stage"] != NOT_COME
    yield from (come & cells[people["cell"]] for cells in GROUPS.values())


def headings_of_outcomes(repeats: Repeats) -> dict[str, str]:
    """What heads each outcome's lines in tables, by its name."""
    if not repeats.of_plugins or not repeats.of_plugins[0]:
        return {}
    return {one.name: one.words for one in repeats.of_plugins[0][0]}


def measure_outcomes(repeats: Repeats) -> Iterator[Measure]:
    """Every outcome of every plug-in, by group and reported year."""
    if not repeats.of_plugins or not repeats.of_plugins[0]:
        return
    years = years_within(repeats.plan.years)
    for one, first in repeats.of_plugins[0][0].items():
        groups: Sequence[str] = tuple(GROUPS) if len(first) > 1 else (ALL,)
        unit = PER_1000 if one.unit is None or len(first) > 1 else one.unit
        for place, group in enumerate(groups):
            for at, year in enumerate(years):
                values = [looks[at][one][place] for looks in repeats.of_plugins]
                yield Measure(one.name, None, group, year, unit, np.array(values))
