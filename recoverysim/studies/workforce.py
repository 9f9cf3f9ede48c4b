"""What a service spends on its workers and premises, for each person who came.

Not a count of people: shares of workers trained and taken to open meetings, weeks in care met by
champions, and weeks in beds where meetings are held. What one worker costs is shared by a caseload
(`staff_time.clients_per_worker`), so that it does not depend on how many people are simulated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from recoverysim.cells import GROUPS
from recoverysim.codes import MODALITIES, WEEKS_A_YEAR
from recoverysim.outcomes import AT

if TYPE_CHECKING:
    from recoverysim.world import World

TRAINED: Final = 0
TAKEN: Final = 1
CHAMPION_WEEKS: Final = 2
HOSTED_WEEKS: Final = 3
KINDS_OF_WORK: Final = 4

BEDS = (AT["stage_detox"], AT["treatment_residential"])
IN_CARE = (AT["stage_detox"], *(AT[f"treatment_{name}"] for name in MODALITIES))


def workforce(
    world: World, counts: np.ndarray, started: np.ndarray, worth: np.ndarray
) -> np.ndarray:
    """Sums from the first week to each, for each person who came: without and with discounting.

    `counts` are those of `World.followed`, `started` (weeks + 1, groups) are people followed so
    long, `worth` (weeks,) is what a pound of each week is worth. Returns float64 of (weeks, groups,
    KINDS_OF_WORK, 2).
    """
    weekly = _each_week(world, counts[1:], started)
    both = np.stack([weekly, weekly * worth[:, None, None]], axis=-1)
    return np.cumsum(both, axis=0)


def _each_week(world: World, counts: np.ndarray, started: np.ndarray) -> np.ndarray:
    """The same of each week; a week stands as it is at its end."""
    members = np.array(list(GROUPS.values()), float)
    in_care, in_beds = (
        sum(counts[..., one] for one in columns) @ members.T / np.maximum(started[1:], 1)
        for columns in (IN_CARE, BEDS)
    )
    in_force = np.minimum(np.arange(len(counts)), len(world.table) - 1)
    workers = world.table["practitioners"][in_force]
    found = np.empty((*in_care.shape, KINDS_OF_WORK))
    for kind, lever in ((TRAINED, "trained_share"), (TAKEN, "taken_to_a_meeting_share")):
        found[..., kind] = _turns(world, workers[lever])[:, None]
    found[..., CHAMPION_WEEKS] = in_care * _champions(world, workers)[:, None]
    held = world.when_followed(world.table["on_the_premises"]["held_share"])[:-1]
    found[..., HOSTED_WEEKS] = in_beds * held[:, None]
    return found


def _turns(world: World, share: np.ndarray) -> np.ndarray:
    """The share of workers whose turn comes in each week: once, when the lever reaches them."""
    so_far = np.maximum.accumulate(share)
    reached = (world.workers["turn"] < so_far[:, None]).mean(axis=1)
    return np.diff(reached, prepend=0)


def _champions(world: World, numbers: np.ndarray) -> np.ndarray:
    """The share of workers who are champions in each week, as `practitioners.role_of` has it."""
    leaning = world.workers["leaning_to_a_role"]
    refuse = numbers["do_not_refer_share"] + numbers["more_do_not_refer_share"]
    champions = 1 - numbers["champions_share"] - numbers["more_champions_share"]
    return np.asarray((leaning >= np.maximum(refuse, champions)[:, None]).mean(axis=1))


def weeks_worth(weeks: int, discount_per_year: float) -> np.ndarray:
    """What a pound of each week is worth at the start: float64 of (weeks,)."""
    return np.asarray((1 + discount_per_year) ** -(np.arange(1, weeks + 1) / WEEKS_A_YEAR))
