"""From the weekly counts of one world to what its measures need, for each group of people.

In a closed cohort everybody is followed to the end. In an open system people come week by week, and
what is told of a year is told of everybody who came at least that long ago; sums over years take
each week from those who are followed that long.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from recoverysim.cells import CELLS, EACH_SUBSTANCE, GROUPS
from recoverysim.codes import SUBSTANCES, WEEKS_A_YEAR
from recoverysim.knowledge import Values
from recoverysim.outcomes import AT
from recoverysim.studies.workforce import KINDS_OF_WORK, weeks_worth, workforce
from recoverysim.world import World

REPORTED_YEARS = (1, 2, 5, 10, 16)
MEMBERS = np.array(list(GROUPS.values()), float)  # (groups, CELLS)
# The same by substance, whose cells stand together: (substances, groups, EACH_SUBSTANCE).
MEMBERS_BY_SUBSTANCE = MEMBERS.reshape(-1, len(SUBSTANCES), EACH_SUBSTANCE).swapaxes(0, 1)
AT_A_TIME = 100_000  # people
AFTER_3_MONTHS, AFTER_12_MONTHS = 13, WEEKS_A_YEAR  # weeks


class Reckoning(NamedTuple):
    """What the measures need, at each of some weeks and for each of `cells.GROUPS`.

    `started` (weeks, groups) are people who came at least that long ago, `now` (weeks, groups,
    COUNTS) people counted then. Per person who came, summed from the first week to then: `lived` by
    the end of each week, `begun` by its beginning, both discounted, and `weeks` by its end, not
    discounted; float64 of (weeks, groups, COUNTS). `workforce` is that of `studies/workforce.py`.
    """

    started: np.ndarray
    now: np.ndarray
    lived: np.ndarray
    begun: np.ndarray
    weeks: np.ndarray
    off_medication: np.ndarray
    workforce: np.ndarray


def reckon_world(world: World, at: tuple[int, ...], discount_per_year: float) -> Reckoning:
    """The reckoning of a world that has been lived to its end."""
    people = followed_people(world)
    worth = weeks_worth(len(people) - 1, discount_per_year)
    counts = world.followed()
    found = reckon(counts, people, at, discount_per_year)
    spent = workforce(world, counts, people @ MEMBERS.T, worth)[[week - 1 for week in at]]
    return found._replace(workforce=spent)


def followed_people(world: World) -> np.ndarray:
    """How many people are followed for each number of weeks: int64 of (weeks + 1, CELLS)."""
    came = np.zeros(len(world.counts) * CELLS, np.int64)
    for first in range(0, len(world.clients), AT_A_TIME):  # a nation has no room for copies
        some = world.clients[first : first + AT_A_TIME]
        seen = world.week - some["arrives"].astype(np.int64)
        place = seen * CELLS + some["cell"]
        came += np.bincount(place[seen >= 0], minlength=came.size)
    return came.reshape(-1, CELLS)[::-1].cumsum(axis=0)[::-1]


def reckon(
    counts: np.ndarray, people: np.ndarray, at: tuple[int, ...], discount_per_year: float
) -> Reckoning:
    """The same from counts (weeks + 1, CELLS, COUNTS) of people (weeks + 1, CELLS).

    Counts say nothing of what was spent on workers: `workforce` is nought.
    """
    grouped = np.matmul(MEMBERS, counts)
    started = people @ MEMBERS.T
    each = grouped / np.maximum(started, 1)[..., None]
    chosen = list(at)
    worth = weeks_worth(len(counts) - 1, discount_per_year)[:, None, None]
    sums = (
        _summed(worth * each[1:], at),
        _summed(worth * each[:-1], at),
        _summed(each[1:], at),
        _summed(worth[..., None] * _off_medication(counts, started)[1:], at),
    )
    spent = np.zeros((len(chosen), len(GROUPS), KINDS_OF_WORK, 2))
    return Reckoning(started[chosen], grouped[chosen], *sums, spent)


def _off_medication(counts: np.ndarray, started: np.ndarray) -> np.ndarray:
    """People off medication, without use and with it, per person of each group and substance."""
    stable = counts[..., AT["medication_abstinent"]]
    well = counts[..., AT["use_abstinent"]] - stable
    in_use = counts[..., AT["use_lapsed"]] + counts[..., AT["use_using"]]
    in_use -= counts[..., AT["treatment_medication"]] - stable
    states = np.stack([well, in_use], axis=-1)  # (weeks + 1, CELLS, 2)
    of_each = states.reshape(len(states), len(SUBSTANCES), EACH_SUBSTANCE, 2)
    found = np.matmul(MEMBERS_BY_SUBSTANCE, of_each).swapaxes(1, 2)
    return np.asarray(found / np.maximum(started, 1)[..., None, None])


def _summed(weekly: np.ndarray, at: tuple[int, ...]) -> np.ndarray:
    """Sums from the first week to each of some weeks, along the first axis.

    Added up between one of them and the next, by numpy alone: threads of a linear-algebra library
    would wait for one another where every core has a run to live, and add in another order.
    """
    between = np.add.reduceat(weekly[: at[-1]], (0, *at[:-1]), axis=0)
    return np.cumsum(between, axis=0)


def stacked(several: list[Reckoning]) -> Reckoning:
    """Those of many repeats in one, with an axis of repeats before the others."""
    return Reckoning(*(np.stack(arrays) for arrays in zip(*several, strict=True)))


def of_each(priced: Sequence[Values], key: str) -> np.ndarray:
    """One parameter in each repeat."""
    return np.array([values[key] for values in priced])


def years_within(years: int) -> tuple[int, ...]:
    """The reported years as far as a run reaches, and its last year."""
    return tuple(year for year in REPORTED_YEARS if year < years) + (years,)


def weeks_reckoned(years: tuple[int, ...]) -> tuple[int, ...]:
    """The weeks at which measures are read: 3 and 12 months, and the reported years."""
    return tuple(
        sorted({AFTER_3_MONTHS, AFTER_12_MONTHS, *(WEEKS_A_YEAR * year for year in years)})
    )
