"""Costs beside lives: the measures of an economic appraisal, and whether a change is worth it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from recoverysim.evidence.price_index import in_words
from recoverysim.knowledge import Values
from recoverysim.plan import Plan
from recoverysim.quantities import all_quantities
from recoverysim.scenario import Scenario
from recoverysim.studies.intervals import chance_above_zero
from recoverysim.studies.pricing import cost, health_and_social_care, life_years, qalys, society
from recoverysim.studies.reckoning import Reckoning, of_each
from recoverysim.studies.staffing import peer_hours, staff_hours
from recoverysim.wider_costs import HEALTH_AND_SOCIAL_CARE, SOCIETY

EACH = "per person who started"
A_THOUSAND = "per 1,000 who started"
THRESHOLDS = tuple(range(0, 50_001, 5_000))  # pounds per QALY

# What two worlds have to share, or their costs are not in the same money.
SHARED = ("appraisal.price_year", "appraisal.perspective", "appraisal.lower_threshold",
          "appraisal.upper_threshold", "costs.discount_per_year")  # fmt: skip


def perspective(priced: Sequence[Values]) -> int:
    """Whose costs are counted: a place in `wider_costs.PERSPECTIVES`."""
    return int(priced[0]["appraisal.perspective"])


def price_year(priced: Sequence[Values]) -> str:
    """The year in whose pounds costs are told: '2023/24'."""
    return in_words(int(priced[0]["appraisal.price_year"]))


def costs_shown(counted: int) -> tuple[str, ...]:
    """The measures of cost in a perspective, the whole last where it has parts."""
    if counted < HEALTH_AND_SOCIAL_CARE:
        return ("cost",)
    parts = ("cost", "cost_health_and_social_care", "cost_society")[: counted + 1]
    return (*parts, "cost_in_perspective")


def appraised(
    reckoned: Reckoning, row: int, priced: Sequence[Values]
) -> Iterator[tuple[str, str, np.ndarray]]:
    """Name, unit and values of every measure of an appraisal, of one group up to one year."""
    pounds = f"pounds of {price_year(priced)} {EACH}"
    paid = _paid(reckoned, row, priced)
    for name, values in paid.items():
        yield name, pounds, values
    for name, discounted in (("life_years", True), ("life_years_undiscounted", False)):
        lived = 1000 * life_years(reckoned, row, discounted=discounted)
        yield name, f"years of life {A_THOUSAND}", lived
    gained = qalys(reckoned, row, priced)
    yield "qalys", f"QALYs {EACH}", gained
    whole = paid[costs_shown(perspective(priced))[-1]]
    for end in ("lower", "upper"):
        worth = of_each(priced, f"appraisal.{end}_threshold") * gained - whole
        yield f"net_benefit_{end}", pounds, worth
    staff = 1000 * staff_hours(reckoned, row, priced)
    yield "staff_hours", f"hours of staff {A_THOUSAND}", staff
    peers = 1000 * peer_hours(reckoned, row, priced)
    yield "peer_hours", f"hours of peers {A_THOUSAND}", peers
    displaced = staff / of_each(priced, "staff_time.hours_per_contact")
    yield "consultations_displaced", f"sessions {A_THOUSAND}", displaced


def _paid(reckoned: Reckoning, row: int, priced: Sequence[Values]) -> dict[str, np.ndarray]:
    """Costs by who bears them, and their sum where there is more than one."""
    counted = perspective(priced)
    found = {"cost": cost(reckoned, row, priced)}
    if counted >= HEALTH_AND_SOCIAL_CARE:
        found["cost_health_and_social_care"] = health_and_social_care(reckoned, row, priced)
    if counted >= SOCIETY:
        found["cost_society"] = society(reckoned, row, priced)
    if len(found) > 1:
        found["cost_in_perspective"] = np.sum(list(found.values()), axis=0)
    return found


def acceptability(
    dearer: np.ndarray, better: np.ndarray, sets: np.ndarray, plan: Plan,
    thresholds: Sequence[float] = THRESHOLDS,
) -> list[float | None]:  # fmt: skip
    """The chance, over luck and knowledge, that a change is worth its cost at each threshold.

    `dearer` is the difference in cost and `better` that in QALYs, paired, one a repeat. None where
    there are too few repeats to say, or no difference at all.
    """
    return [chance_above_zero(each * better - dearer, sets, plan) for each in thresholds]


def refuse_other_money(one: Scenario, other: Scenario) -> None:
    """ValueError where two scenarios do not tell their costs alike."""
    for key in SHARED:
        mine, theirs = (_set_to(scenario, key) for scenario in (one, other))
        if mine != theirs:
            raise ValueError(
                f"{key} is {mine:g} in {one.name!r} and {theirs:g} in {other.name!r}, so that "
                f"their costs cannot be compared. Set it for both: --set {key}={theirs:g}"
            )


def _set_to(scenario: Scenario, key: str) -> float:
    changes = dict(scenario.changes).get(key)
    return changes[0].value if changes else all_quantities()[key].value
