"""Which simulated people changed between two worlds: who is in recovery in one of them only.

Both worlds of each repeat are lived in step, week by week, and every person is compared with their
twin. Twins illustrate: who of them changes is partly luck, and somebody is well in one simulated
world only. What can be estimated is the sum over many people.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from recoverysim import story_of_changes
from recoverysim.codes import ABSTINENT, DEAD, MEDICATION, WEEKS_A_YEAR
from recoverysim.outcomes import DEFINITIONS, SHARE_OF_DAYS, WITHOUT_MEDICATION
from recoverysim.plan import Plan
from recoverysim.scenario import Scenario
from recoverysim.studies.parting import Partings
from recoverysim.studies.reckoning import years_within
from recoverysim.studies.repeats import ending_together
from recoverysim.studies.room import refuse_what_does_not_fit
from recoverysim.world import World, seed_of_repeat

# One person who changed by a reported year since they came. `gain`: 1 for in recovery in the other
# world only, -1 for in the first world only. `step` and `week`: as in `parting.Partings`.
# `offered`: ever offered an active link by then, 1 in the other world only, -1 in the first only, 0
# in both or in neither; `connected` likewise.
CHANGED = np.dtype(
    [
        ("client", "u8"),
        ("repeat", "i4"),
        ("week", "i4"),
        ("arrives", "i4"),
        ("year", "i2"),
        ("gain", "i1"),
        ("step", "i1"),
        ("offered", "i1"),
        ("connected", "i1"),
    ]
)


@dataclass(frozen=True, repr=False)
class WhoChanged:
    """Everybody who changed between two worlds, in all repeats.

    `people` are of type CHANGED, in order of repeat, year and client: somebody who has changed at
    two reported years is there twice. A year is told of whoever came at least that long ago:
    `started` are so many. `offered` and `connected`: how many more of them ever were in the other
    world. All three are int64 of shape (repeats, years).
    """

    plan: Plan
    definition: str
    people: np.ndarray
    started: np.ndarray
    offered: np.ndarray
    connected: np.ndarray

    @property
    def years(self) -> tuple[int, ...]:
        """The years that are reported."""
        return years_within(self.plan.years)


def can_be_told(definition: str) -> bool:
    """Whether a person is in recovery or not by this definition; a share of days is neither."""
    return not definition.startswith(SHARE_OF_DAYS)


def who_changed(
    one: Scenario,
    other: Scenario,
    plan: Plan,
    definition: str,
    progress: Callable[[float], None] | None = None,
) -> WhoChanged:
    """Live both worlds of every repeat in step and note who changed.

    The order in which repeats end, and the number of threads, change nothing. ValueError for a
    definition that no person meets or fails.
    """
    if not can_be_told(definition):
        raise ValueError(story_of_changes.no_person_meets(definition))
    refuse_what_does_not_fit(plan)
    sets = plan.parameter_sets()
    stopping = threading.Event()

    def pair(repeat: int) -> tuple[np.ndarray, np.ndarray]:
        worlds = [
            World(scenario, sets[repeat % len(sets)], plan.clients,
                  seed_of_repeat(plan.seed, repeat), years=plan.years)
            for scenario in (one, other)
        ]  # fmt: skip
        people, counted = _live_in_step(
            worlds[0], worlds[1], years_within(plan.years), definition, stopping
        )
        people["repeat"] = repeat
        return people, counted

    found = []
    with ThreadPoolExecutor(plan.workers()) as pool, ending_together(pool, stopping):
        for done in pool.map(pair, range(plan.repeats)):
            found.append(done)
            if progress is not None:
                progress(1)
    people = np.concatenate([changed for changed, _ in found])
    started, offered, connected = np.moveaxis(np.array([counted for _, counted in found]), 2, 0)
    return WhoChanged(plan, definition, people, started, offered, connected)


def _live_in_step(
    one: World, other: World, years: tuple[int, ...], definition: str, stopping: threading.Event
) -> tuple[np.ndarray, np.ndarray]:
    """Two worlds of one repeat: who changed, and what `totals` says of each reported year."""
    worlds = one, other
    partings = Partings(one, other)
    seen = [Followed(world.clients, years, definition) for world in worlds]
    while True:
        partings.look()
        for world, of in zip(worlds, seen, strict=True):
            of.look(world.clients, world.week)
        if one.week == years[-1] * WEEKS_A_YEAR or stopping.is_set():
            return changed_people(seen[0], seen[1], partings), totals(seen[0], seen[1])
        for world in worlds:
            world.run_for(1)


class Followed:
    """How everybody in one world stands at each reported year since they came.

    Bools of shape (years, clients); False for whoever is not followed that long.
    """

    def __init__(self, clients: np.ndarray, years: tuple[int, ...], definition: str) -> None:
        self.years = years
        self.definition = definition
        self.key = clients["key"].copy()
        self.arrives = clients["arrives"].astype(np.int32)
        self._order = np.argsort(self.arrives, kind="stable")
        self._in_order = self.arrives[self._order]
        shape = len(years), len(clients)
        self.there, self.recovered, self.offered, self.connected = (
            np.zeros(shape, bool) for _ in range(4)
        )

    def look(self, clients: np.ndarray, week: int) -> None:
        """See whoever came a reported number of years before this week."""
        for place, year in enumerate(self.years):
            came = week - year * WEEKS_A_YEAR
            first, end = np.searchsorted(self._in_order, [came, came + 1])
            if first == end:
                continue
            rows = self._order[first:end]
            people = clients[rows]
            self.there[place, rows] = True
            self.recovered[place, rows] = in_recovery(people, self.definition)
            self.offered[place, rows] = people["ever_offered"]
            self.connected[place, rows] = people["connected"]


def totals(one: Followed, other: Followed) -> np.ndarray:
    """For each year: people followed that long, more ever offered, more ever connected."""
    return np.stack(
        [
            one.there.sum(axis=1),
            other.offered.sum(axis=1) - one.offered.sum(axis=1),
            other.connected.sum(axis=1) - one.connected.sum(axis=1),
        ],
        axis=1,
    )


def changed_people(one: Followed, other: Followed, partings: Partings) -> np.ndarray:
    """Who is in recovery in one of the two worlds only, by year and client, of type CHANGED."""
    places, rows = np.nonzero(one.recovered != other.recovered)
    found = np.zeros(len(rows), CHANGED)
    found["client"], found["arrives"] = one.key[rows], one.arrives[rows]
    found["year"] = np.array(one.years)[places]
    found["step"], found["week"] = partings.step[rows], partings.week[rows]
    for name, before, after in (
        ("gain", one.recovered, other.recovered),
        ("offered", one.offered, other.offered),
        ("connected", one.connected, other.connected),
    ):
        found[name] = after[places, rows].astype(np.int8) - before[places, rows]
    return found


def in_recovery(clients: np.ndarray, definition: str) -> np.ndarray:
    """Who is in recovery by a definition that a person meets or fails, as `outcomes.count` has it.

    `clients` is a table of shape (clients,); bool of the same shape.
    """
    name = definition.removesuffix(WITHOUT_MEDICATION)
    found: np.ndarray = (clients["stage"] != DEAD) & (clients["use"] == ABSTINENT)
    if name == "since_discharge":
        found &= clients["discharged"] & ~clients["used_since_discharge"]
    else:
        shortest = next(one.weeks for one in DEFINITIONS if one.name == name)
        found &= clients["weeks_abstinent"] >= shortest
    if name != definition:
        found &= clients["modality"] != MEDICATION
    return found
