"""What was reckoned, at each repeat's own prices and utilities. A cost never stands alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from recoverysim.codes import KINDS, OPIOIDS, SUBSTANCES, USES, WEEKS_A_YEAR
from recoverysim.evidence.price_index import PRICE_YEAR, restated
from recoverysim.knowledge import Values
from recoverysim.outcomes import AT
from recoverysim.studies.reckoning import Reckoning, of_each
from recoverysim.studies.staffing import by_a_caseload, links, peer_hours, staff_hours
from recoverysim.studies.workforce import TRAINED
from recoverysim.supports.medication_policy import AS_TODAY

# What a week in a place costs, by the count of people in it.
CARE = {
    "stage_detox": "costs.detox_week",
    "treatment_residential": "costs.residential_week",
    "treatment_psychosocial": "costs.psychosocial_week",
    "treatment_medication": "costs.medication_week",
    "in_aftercare": "costs.aftercare_week",
    "housed": "costs.recovery_housing_week",
    "visiting_centre": "costs.recovery_centre_week",
}
WELL, IN_USE = 0, 1  # places in what was reckoned off medication


def cost(reckoned: Reckoning, row: int, priced: Sequence[Values]) -> np.ndarray:
    """Discounted pounds for care and linking, per person who came: float64 of (repeats,).

    A week of care is paid for whoever is in a place as it begins; links, the time of staff and
    peers, and training in the week in which they fall. `row` is the place of the year among those
    reckoned.
    """
    price = partial(of_each, priced)
    found = sum(price(key) * reckoned.begun[:, row, AT[name]] for name, key in CARE.items())
    found = found + _by_shares(reckoned, row, price)
    for kind in KINDS:
        made = links(reckoned, row, kind, discounted=True)
        found = found + price(f"costs.{kind}.introduction") * made
    found = found + price("costs.staff_hour") * staff_hours(reckoned, row, priced, discounted=True)
    found = found + price("costs.peer_hour") * peer_hours(reckoned, row, priced, discounted=True)
    trained = by_a_caseload(reckoned, row, TRAINED, priced, discounted=True)
    found = found + price("costs.training_place") * trained
    return np.asarray(found * in_the_price_year(priced))


def _by_shares(reckoned: Reckoning, row: int, price: Callable[[str], np.ndarray]) -> np.ndarray:
    """What nobody carries as a state of their own: naloxone, and how medication is given."""
    carrying = reckoned.begun[:, row, AT["carrying_naloxone_percent"]] / 100
    centred = reckoned.begun[:, row, AT["person_centred_medication_percent"]] / 100
    centred = centred - AS_TODAY * reckoned.begun[:, row, AT["treatment_medication"]]
    return np.asarray(
        carrying * price("costs.naloxone_year") / WEEKS_A_YEAR
        + centred * price("costs.person_centred_week")
    )


def health_and_social_care(reckoned: Reckoning, row: int, priced: Sequence[Values]) -> np.ndarray:
    """Discounted pounds for health and social care outside treatment, per person who came."""
    found = np.zeros(len(priced))
    for place, name in enumerate(SUBSTANCES):
        for state, key in ((WELL, "abstinent"), (IN_USE, "using")):
            price = of_each(priced, f"wider_costs.{name}.health_week_{key}")
            found += price * weeks_of(reckoned, row, place, state)
    return found * in_the_price_year(priced)


def society(reckoned: Reckoning, row: int, priced: Sequence[Values]) -> np.ndarray:
    """Discounted pounds of crime and lost output, more than without use, per person who came."""
    found = np.zeros(len(priced))
    for place, name in enumerate(SUBSTANCES):
        price = of_each(priced, f"wider_costs.{name}.society_week_using")
        found += price * weeks_of(reckoned, row, place, IN_USE)
    return found * in_the_price_year(priced)


def weeks_of(reckoned: Reckoning, row: int, substance: int, state: int) -> np.ndarray:
    """Discounted weeks without use or in it, on medication and off, per person who came."""
    found = reckoned.off_medication[:, row, substance, state]
    if substance != OPIOIDS:
        return np.asarray(found)
    stable, unstable = _on_medication(reckoned, row)
    return np.asarray(found + (stable if state == WELL else unstable))


def in_the_price_year(priced: Sequence[Values]) -> np.ndarray:
    """What turns declared pounds into those that costs are told in."""
    return np.array([restated(1.0, PRICE_YEAR, int(v["appraisal.price_year"])) for v in priced])


def qalys(reckoned: Reckoning, row: int, priced: Sequence[Values]) -> np.ndarray:
    """Discounted quality-adjusted life years per person who came: float64 of (repeats,).

    Each week counts by the state at its end, so that whoever dies in it gains nothing from it.
    """
    price = partial(of_each, priced)
    stable, unstable = _on_medication(reckoned, row)
    found = stable * price("quality_of_life.on_medication_abstinent")
    found += unstable * price("quality_of_life.on_medication_using")
    for place, substance in enumerate(SUBSTANCES):
        for state, key in ((WELL, "abstinent"), (IN_USE, "using")):
            weeks = reckoned.off_medication[:, row, place, state]
            found += weeks * price(f"quality_of_life.{substance}.{key}")
    return np.asarray(found / WEEKS_A_YEAR)


def life_years(reckoned: Reckoning, row: int, *, discounted: bool) -> np.ndarray:
    """Years lived per person who came, as QALYs are counted: by the state at each week's end."""
    counted = reckoned.lived if discounted else reckoned.weeks
    return np.asarray(sum(counted[:, row, AT[f"use_{use}"]] for use in USES) / WEEKS_A_YEAR)


def _on_medication(reckoned: Reckoning, row: int) -> tuple[np.ndarray, np.ndarray]:
    stable = reckoned.lived[:, row, AT["medication_abstinent"]]
    return stable, reckoned.lived[:, row, AT["treatment_medication"]] - stable
