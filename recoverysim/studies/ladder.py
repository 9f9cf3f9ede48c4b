"""Four ways to ask what going to mutual aid does, in one simulated population.

Comparing people who went with people who did not (crude), adjusting that for what a study can see,
matching on it, and randomising an offer: as in life, they disagree, and only the last is not bent
by who chooses to go. Each is an extra share of people in recovery per person who goes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recoverysim.codes import ABSTINENT, DEAD, SUBSTANCES, WEEKS_A_YEAR
from recoverysim.knowledge import Values
from recoverysim.mutual_aid.linkage import WINDOW_WEEKS
from recoverysim.scenario import Scenario
from recoverysim.world import World, seed_of_repeat

WEEKS_90_DAYS = 13
READINGS = 20  # strata of the reading of motivation, for matching
Z_95 = 1.959963984540054


class Rung(NamedTuple):
    """One way to ask: the extra share in recovery at a year, with its 95% interval (sampling)."""

    name: str
    effect: float
    low: float
    high: float


class People(NamedTuple):
    """What a study sees: who went in 12 weeks, who is well at a year, and what people told it.

    Arrays with one entry, or one row, for each person; people who died are not well.
    """

    alive: np.ndarray
    went: np.ndarray
    well: np.ndarray
    seen: np.ndarray
    strata: np.ndarray


def ladder(
    offered: Scenario, not_offered: Scenario, values: Values, clients: int, seed: int
) -> list[Rung]:
    """Crude, adjusted, matched, and randomised (Wald) effects of going, on one scale.

    The first three compare those of `clients` people who went with those who did not, where
    nothing is offered and going is their own choice, among people alive at a year. The last is
    what an offer drawn by lot would show: the same people in both worlds, so that nothing but the
    offer differs.
    """
    one, other = (_lived(each, values, clients, seed) for each in (offered, not_offered))
    choosers = People(*(column[other.alive] for column in other))
    return [_crude(choosers), _adjusted(choosers), _matched(choosers), _wald(one, other)]


def _lived(scenario: Scenario, values: Values, clients: int, seed: int) -> People:
    world = World(scenario, values, clients, seed_of_repeat(seed, 0), years=1)
    world.run_for(WINDOW_WEEKS)
    went = world.clients["ever_attended"].copy()
    world.run_for(WEEKS_A_YEAR - WINDOW_WEEKS)
    now = world.clients
    alive = now["stage"] != DEAD
    well = alive & (now["use"] == ABSTINENT) & (now["weeks_abstinent"] >= WEEKS_90_DAYS)
    columns = [
        *(now["substance"] == code for code in range(1, len(SUBSTANCES))),
        now["goal"] == 1, now["earlier_contact"], now["psychiatric_need"], now["female"],
        now["age"] / 10, now["readiness_seen"],
    ]  # fmt: skip
    reading = np.searchsorted(
        np.quantile(now["readiness_seen"], np.linspace(0, 1, READINGS + 1)[1:-1]),
        now["readiness_seen"],
    )
    # Matched on what a study would choose: substance, earlier contact, goal, and the reading.
    kinds = now["substance"].astype(np.int64) * 4 + now["earlier_contact"] * 2 + now["goal"]
    strata = kinds * READINGS + reading
    seen = np.column_stack(columns).astype(float)
    return People(alive, went, well, seen, strata)


def _crude(people: People) -> Rung:
    """People who went against people who did not."""
    return _difference("crude", people.well[people.went], people.well[~people.went])


def _adjusted(people: People) -> Rung:
    """The same, by a linear regression on everything that a study can see (robust errors)."""
    design = np.column_stack([np.ones(len(people.went)), people.went, people.seen])
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ (design.T @ people.well)
    left_over = people.well - design @ coefficients
    middle = design.T @ (design * left_over[:, None] ** 2)
    error = float(np.sqrt((inverse @ middle @ inverse)[1, 1]))
    return _rung("adjusted", float(coefficients[1]), error)


def _matched(people: People) -> Rung:
    """Within strata of people alike, weighted as those who went."""
    kinds = int(people.strata.max()) + 1
    count = np.zeros((2, kinds))
    well = np.zeros((2, kinds))
    for group, who in enumerate((people.went, ~people.went)):
        count[group] = np.bincount(people.strata[who], minlength=kinds)
        well[group] = np.bincount(people.strata[who], people.well[who], minlength=kinds)
    both = (count > 0).all(axis=0)
    share = well[:, both] / count[:, both]
    weight = count[0, both] / count[0, both].sum()
    variance = weight**2 * (share * (1 - share) / count[:, both]).sum(axis=0)
    effect = float((weight * (share[0] - share[1])).sum())
    return _rung("matched", effect, float(np.sqrt(variance.sum())))


def _wald(offered: People, other: People) -> Rung:
    """Randomised: extra people well for each extra person who went because of the offer."""
    moved = offered.went.astype(float) - other.went
    gained = offered.well.astype(float) - other.well
    effect = gained.mean() / moved.mean()
    error = (gained - effect * moved).std() / np.sqrt(len(moved)) / abs(moved.mean())
    return _rung("randomised (Wald)", float(effect), float(error))


def _difference(name: str, one: np.ndarray, other: np.ndarray) -> Rung:
    shares = one.mean(), other.mean()
    variance = sum(
        share * (1 - share) / len(group) for share, group in zip(shares, (one, other), strict=True)
    )
    return _rung(name, float(shares[0] - shares[1]), float(np.sqrt(variance)))


def _rung(name: str, effect: float, error: float) -> Rung:
    return Rung(name, effect, effect - Z_95 * error, effect + Z_95 * error)
