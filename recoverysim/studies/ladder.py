"""Four ways to ask what going to mutual aid does, in one simulated population.

Comparing people who went with people who did not (crude), adjusting that for what a study can see,
matching on it, and randomising an offer: as in life, they disagree, and only the last is not bent
by who chooses to go. Each is an extra share of people in recovery per person who goes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recoverysim.codes import ABSTINENT, DEAD, WEEKS_A_YEAR
from recoverysim.knowledge import Values
from recoverysim.mutual_aid.linkage import WINDOW_WEEKS
from recoverysim.scenario import Scenario
from recoverysim.studies import contrasts
from recoverysim.studies.contrasts import TRAITS, Estimate
from recoverysim.world import World, seed_of_repeat

WEEKS_90_DAYS = 13
MATCHED_ON = ("substance", "earlier_contact", "goal", "readiness_seen")  # what a study would choose
READINGS = 20  # classes of the reading of motivation, for matching
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
    choosers, outcome, went = _who_chose(other)
    return [
        _rung("crude", contrasts.difference(outcome, went)),
        _rung("adjusted", contrasts.adjusted_difference(outcome, went, choosers.seen)),
        _rung("matched", contrasts.matched_difference(outcome, went, choosers.strata)),
        _rung("randomised (Wald)", _wald(one, other)),
    ]


def crude(not_offered: Scenario, values: Values, clients: int, seed: int) -> Estimate:
    """The first of these alone, with its standard error: people who went against the rest."""
    _, outcome, went = _who_chose(_lived(not_offered, values, clients, seed))
    return contrasts.difference(outcome, went)


def _who_chose(people: People) -> tuple[People, np.ndarray, np.ndarray]:
    """Those alive at a year, whether each is well (0 or 1), and whether each went."""
    alive = People(*(column[people.alive] for column in people))
    return alive, alive.well.astype(float), alive.went


def _lived(scenario: Scenario, values: Values, clients: int, seed: int) -> People:
    world = World(scenario, values, clients, seed_of_repeat(seed, 0), years=1)
    world.run_for(WINDOW_WEEKS)
    went = world.clients["ever_attended"].copy()
    world.run_for(WEEKS_A_YEAR - WINDOW_WEEKS)
    now = world.clients
    alive = now["stage"] != DEAD
    well = alive & (now["use"] == ABSTINENT) & (now["weeks_abstinent"] >= WEEKS_90_DAYS)
    strata = contrasts.strata(now, MATCHED_ON, READINGS)
    return People(alive, went, well, contrasts.covariates(now, TRAITS), strata)


def _wald(offered: People, other: People) -> Estimate:
    """Randomised: extra people well for each extra person who went because of the offer.

    The same people in both worlds, so that the error comes from their differences.
    """
    moved = offered.went.astype(float) - other.went
    gained = offered.well.astype(float) - other.well
    both = [np.concatenate(pair).astype(float) for pair in zip(offered[1:3], other[1:3])]
    lot = np.repeat([True, False], len(moved))
    effect = contrasts.slope(both[1], both[0], lot)
    error = (gained - effect * moved).std() / np.sqrt(len(moved)) / abs(moved.mean())
    return Estimate(effect, float(error))


def _rung(name: str, found: Estimate) -> Rung:
    effect, error = found
    return Rung(name, effect, effect - Z_95 * error, effect + Z_95 * error)
