"""Who may take part in a study: criteria on traits and state at entry, and recruitment by them.

People enter the simulated world one after the other. A study takes those who qualify until its arm
is full; the others live on in the same world and are no participants.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recoverysim.codes import (
    DETOX,
    FAITHS,
    GOALS,
    MODALITIES,
    STAGES,
    SUBSTANCES,
    TREATMENT,
    TRYING,
)
from recoverysim.knowledge import Values, central_values
from recoverysim.scenario import Scenario
from recoverysim.structure import read_graph
from recoverysim.world import World

CARE = ("none", STAGES[DETOX], *MODALITIES)
# Criteria that name one or several of a list, that say yes or no, and that give a range.
CHOICES = {"substance": SUBSTANCES, "goal": GOALS, "faith": FAITHS, "care": CARE}
YES_OR_NO = ("female", "psychiatric_need", "injecting", "earlier_contact", "member")
RANGES = {"age": (0.0, 120.0), "readiness_seen": (-10.0, 10.0)}
CRITERIA = (*CHOICES, *YES_OR_NO, *RANGES)

FEWEST = 0.01  # of people who enter have to qualify
ASKED = 5000  # simulated people, to see how many would qualify
A_FEW_MORE = 50
MOST_TRIES = 8


@dataclass(frozen=True)
class Inclusion:
    """Criteria, all of which a participant meets; without any, everybody does.

    `choices` holds, for each criterion of CHOICES that is used, the codes allowed; `ranges` the
    least and the most.
    """

    choices: tuple[tuple[str, tuple[int, ...]], ...] = ()
    yes_or_no: tuple[tuple[str, bool], ...] = ()
    ranges: tuple[tuple[str, float, float], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.choices or self.yes_or_no or self.ranges)

    def met_by(self, entry: np.ndarray) -> np.ndarray:
        """Who of these rows of the table of clients, as they entered, qualifies."""
        met = np.ones(len(entry), bool)
        for name, codes in self.choices:
            met &= np.isin(_care(entry) if name == "care" else entry[name], codes)
        for name, wanted in self.yes_or_no:
            found = entry["attendance"] > TRYING if name == "member" else entry[name]
            met &= found == wanted
        for name, low, high in self.ranges:
            met &= (entry[name] >= low) & (entry[name] <= high)
        return met


def _care(entry: np.ndarray) -> np.ndarray:
    """What each person starts with, as a code of CARE."""
    code = np.where(entry["stage"] == DETOX, 1, 0)
    return np.where(entry["stage"] == TREATMENT, 2 + entry["modality"], code)


class NobodyQualifies(ValueError):
    """Criteria that too few people meet, in words."""


def share_who_qualify(inclusion: Inclusion, scenario: Scenario) -> float:
    """The share of people who would qualify, at the declared values."""
    entered = World(scenario, central_values(), _people(scenario, ASKED), 1, years=1).clients
    return float(inclusion.met_by(entered).mean())


def _people(scenario: Scenario, wanted: int) -> int:
    """How many people a world holds: as many as wanted, or as its own network has."""
    if scenario.network_file is None:
        return wanted
    return len(read_graph(scenario.network_file))


def recruit(
    scenario: Scenario, values: Values, size: int, seed: int, years: int, inclusion: Inclusion
) -> tuple[World, np.ndarray]:
    """A world in which `size` people qualify, and the rows of those who take part.

    Without criteria, or where the scenario brings its own network, those are the first `size` of it
    who qualify. Raises NobodyQualifies where they cannot be found.
    """
    people = _people(scenario, size)
    for _ in range(MOST_TRIES):
        world = World(scenario, values, people, seed, years=years, journeys=True)
        who = np.flatnonzero(inclusion.met_by(world.clients))[:size]
        if len(who) == size:
            last = int(who[-1]) + 1
            if last == people or scenario.network_file is not None:
                return world, who
            # Who enters does not depend on how many do: the same people, without those who would
            # have come after the study was full.
            return World(scenario, values, last, seed, years=years, journeys=True), who
        if scenario.network_file is not None:
            break
        share = max(len(who) / people, FEWEST / 2)
        people = int(size / share * 1.1) + A_FEW_MORE
    raise NobodyQualifies(
        f"“{scenario.name}” needs {size:,} participants, and of {people:,} simulated people only "
        f"{len(who):,} qualify; widen inclusion, or change the mix under people"
    )
