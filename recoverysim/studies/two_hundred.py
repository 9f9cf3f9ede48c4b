"""Two hundred simulated people who together stand, in both of two worlds, as all people do.

The shares of all people become whole dots (`pictures/dots.py`), and then real simulated people are
chosen for them, the same ones for both worlds: a small problem in whole numbers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array

from recoverysim.pictures.dots import DOTS, Dot, dots
from recoverysim.shown import Standing
from recoverysim.studies.months import GOING
from recoverysim.studies.sides import KINDS
from recoverysim.studies.whereabouts import PLACE

TRAIN = len(PLACE)  # the first of the kinds that are on the train, one a quarter of a year
# What one dot too many or too few costs: of a place, and of a quarter of a year on the train.
OF_A_PLACE, OF_A_SPOT, OF_A_PAIR = 1000.0, 30.0, 1.0
ROUNDS_OF_FITTING = 200
ROUNDS_OF_SETTLING, MOST_CANDIDATES = 4, 300


def place_of(spot: int) -> int:
    """The place of PLACES that a spot (`months.Months`) belongs to."""
    kind = spot % GOING
    return PLACE["train"] if kind >= TRAIN else kind


def is_well(spot: int) -> bool:
    """In recovery: on the train or arrived."""
    return place_of(spot) in (PLACE["train"], PLACE["arrived"])


def quotas(standing: Standing) -> dict[int, int]:
    """How many of the dots have each spot: the dots that the line draws, and those who died."""
    made = dots(standing)
    found = Counter(_spot(dot) for dot in made)
    if len(made) < DOTS:
        found[PLACE["died"]] = DOTS - len(made)
    return dict(found)


def _spot(dot: Dot) -> int:
    place, _, stretch = dot.cell.partition(" ")
    return (TRAIN + int(stretch) if stretch else PLACE[place]) + GOING * dot.going


@dataclass(frozen=True, eq=False)
class Chosen:
    """Who was chosen: places in the pool, in its order, and how many dots are not as wanted."""

    people: np.ndarray
    off_by: int


def choose(
    one: np.ndarray, other: np.ndarray, wanted: tuple[dict[int, int], dict[int, int]]
) -> Chosen:
    """People of a pool who fill the wanted numbers of spots in both worlds.

    `one` and `other` are everybody's spots in the two worlds, of shape (people,). Who stands where
    in one world and where in the other is as in the pool, as nearly as whole people can be: nobody
    is chosen for changing.
    """
    pairs, inverse, pool = np.unique(
        np.stack([one, other], axis=1), axis=0, return_inverse=True, return_counts=True
    )
    inverse = inverse.ravel()
    expected = _fitted(pairs, pool.astype(float), wanted)
    numbers, off_by = _whole(pairs, pool, expected, wanted)
    chosen = []
    for pair, number in enumerate(numbers):
        if number:
            there = np.flatnonzero(inverse == pair)
            # Spread over the pool, and so over the repeats.
            chosen.append(there[(np.arange(number) * len(there)) // number])
    people = np.sort(np.concatenate(chosen)) if chosen else np.zeros(0, int)
    return Chosen(people, off_by)


def settle(
    people: np.ndarray, spots: np.ndarray, alike: np.ndarray, aims: np.ndarray
) -> np.ndarray:
    """Exchange chosen people for others who stand in the same spots at the end, so that all of them
    together stand nearly as everybody does in earlier months too.

    `people` are places in the pool, `spots` where all of the pool are at some looks: (looks, pool).
    `alike` says who stands in the same spots at the end, (pool,). `aims` are how many of the chosen
    should be in each place, going or not: (looks, places, 2).
    """
    looks = np.arange(len(spots))[:, None]
    code = np.array([_place_and_going(spot) for spot in range(2 * GOING)])
    where = code[spots]
    over = -aims.reshape(len(spots), -1)
    np.add.at(over, (looks, where[:, people]), 1)
    chosen, free = people.copy(), np.ones(spots.shape[1], bool)
    free[people] = False
    others = {one: np.flatnonzero(alike == one) for one in np.unique(alike[people]).tolist()}
    for _ in range(ROUNDS_OF_SETTLING):
        for number, person in enumerate(chosen.tolist()):
            group = others[int(alike[person])]
            free[person] = True
            some = group[free[group]][:: max(1, len(group) // MOST_CANDIDATES)]
            some = np.append(some, person)
            np.add.at(over, (looks, where[:, [person]]), -1)
            best = int(some[over[looks, where[:, some]].sum(axis=0).argmin()])
            np.add.at(over, (looks, where[:, [best]]), 1)
            chosen[number], free[best] = best, False
    return np.sort(chosen)


def _place_and_going(spot: int) -> int:
    kind = spot % GOING
    return 2 * (place_of(spot) if kind < KINDS else 0) + (spot >= GOING)


def _fitted(
    pairs: np.ndarray, pool: np.ndarray, wanted: tuple[dict[int, int], dict[int, int]]
) -> np.ndarray:
    """How many of each pair there would be in parts of people, with the sums as wanted."""
    fitted = pool * sum(wanted[0].values()) / pool.sum()
    for _ in range(ROUNDS_OF_FITTING):
        for world in (0, 1):
            spots, where = np.unique(pairs[:, world], return_inverse=True)
            sums = np.bincount(where, fitted)
            aims = np.array([wanted[world].get(int(spot), 0) for spot in spots], float)
            fitted = fitted * np.divide(aims, sums, out=np.zeros_like(aims), where=sums > 0)[where]
    return fitted


def _whole(
    pairs: np.ndarray,
    pool: np.ndarray,
    expected: np.ndarray,
    wanted: tuple[dict[int, int], dict[int, int]],
) -> tuple[np.ndarray, int]:
    """Whole people of each pair, and the largest number of dots that a spot is off by.

    Wanted sums come first, of places before spots; then who is in which place in both worlds.
    """
    rows: list[np.ndarray] = []
    least: list[float] = []
    most: list[float] = []
    costs: list[float] = []

    def want(members: np.ndarray, low: float, high: float, cost: float) -> None:
        rows.append(members.astype(float))
        least.append(low)
        most.append(high)
        costs.append(cost)

    places = np.vectorize(place_of)(pairs) if len(pairs) else pairs
    for world in (0, 1):
        of_place: dict[int, int] = {}
        for spot, number in wanted[world].items():
            of_place[place_of(spot)] = of_place.get(place_of(spot), 0) + number
        for spot in np.union1d(pairs[:, world], list(wanted[world])).astype(int):
            number = wanted[world].get(int(spot), 0)
            want(pairs[:, world] == spot, number, number, OF_A_SPOT)
        for place in PLACE.values():
            number = of_place.get(place, 0)
            want(places[:, world] == place, number, number, OF_A_PLACE)
    together = len(PLACE) * places[:, 0] + places[:, 1]
    for pair in np.unique(together):
        exact = expected[together == pair].sum()
        low, high = np.floor(exact + 1e-6), np.ceil(exact - 1e-6)
        want(together == pair, low, high, OF_A_PAIR)
    numbers = _least_cost(np.array(rows), np.array(least), np.array(most), costs, pool, expected)
    off_by = max(
        abs(int(numbers[pairs[:, world] == spot].sum()) - number)
        for world in (0, 1)
        for spot, number in wanted[world].items()
    )
    return numbers, off_by


def _least_cost(
    rows: np.ndarray,
    least: np.ndarray,
    most: np.ndarray,
    costs: list[float],
    pool: np.ndarray,
    expected: np.ndarray,
) -> np.ndarray:
    """The whole numbers that break the wanted sums least, every one of the pool at most once."""
    wants, pairs = rows.shape
    slack = np.eye(wants)
    table = csr_array(np.hstack([rows, slack, -slack]))
    upper = np.minimum(pool, np.ceil(expected) + 1)
    likely = expected / max(1.0, float(expected.max(initial=0.0)))
    cost = np.concatenate([-1e-3 * likely + 1e-9 * np.arange(pairs), costs, costs])
    dots = np.full(2 * wants, np.inf)
    found = milp(
        cost, integrality=np.concatenate([np.ones(pairs), np.zeros(2 * wants)]),
        bounds=(np.zeros(pairs + 2 * wants), np.concatenate([upper, dots])),
        constraints=LinearConstraint(table, least, most),
    )  # fmt: skip
    return np.round(found.x[:pairs]).astype(int)
