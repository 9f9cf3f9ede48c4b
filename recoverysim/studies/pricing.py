"""What was reckoned, at each repeat's own prices and utilities. A cost never stands alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from recoverysim.codes import KINDS, SUBSTANCES, WEEKS_A_YEAR
from recoverysim.knowledge import Values
from recoverysim.outcomes import AT
from recoverysim.studies.reckoning import Reckoning
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


def cost(reckoned: Reckoning, row: int, priced: Sequence[Values]) -> np.ndarray:
    """Discounted pounds for care and introductions, per person who came: float64 of (repeats,).

    A week of care is paid for whoever is in a place as it begins. `row` is the place of the year
    among those reckoned.
    """
    price = partial(_of_each, priced)
    found = sum(price(key) * reckoned.begun[:, row, AT[name]] for name, key in CARE.items()) + sum(
        price(f"costs.{kind}.introduction") * reckoned.lived[:, row, AT[f"linked_{kind}"]]
        for kind in KINDS
    )
    return np.asarray(found + _by_shares(reckoned, row, price))


def _by_shares(reckoned: Reckoning, row: int, price: Callable[[str], np.ndarray]) -> np.ndarray:
    """What nobody carries as a state of their own: naloxone, and how medication is given."""
    carrying = reckoned.begun[:, row, AT["carrying_naloxone_percent"]] / 100
    centred = reckoned.begun[:, row, AT["person_centred_medication_percent"]] / 100
    centred = centred - AS_TODAY * reckoned.begun[:, row, AT["treatment_medication"]]
    return np.asarray(
        carrying * price("costs.naloxone_year") / WEEKS_A_YEAR
        + centred * price("costs.person_centred_week")
    )


def qalys(reckoned: Reckoning, row: int, priced: Sequence[Values]) -> np.ndarray:
    """Discounted quality-adjusted life years per person who came: float64 of (repeats,).

    Each week counts by the state at its end, so that whoever dies in it gains nothing from it.
    """
    price = partial(_of_each, priced)
    stable = reckoned.lived[:, row, AT["medication_abstinent"]]
    unstable = reckoned.lived[:, row, AT["treatment_medication"]] - stable
    found = stable * price("quality_of_life.on_medication_abstinent")
    found += unstable * price("quality_of_life.on_medication_using")
    for place, substance in enumerate(SUBSTANCES):
        well, in_use = (reckoned.off_medication[:, row, place, state] for state in (0, 1))
        found += well * price(f"quality_of_life.{substance}.abstinent")
        found += in_use * price(f"quality_of_life.{substance}.using")
    return np.asarray(found / WEEKS_A_YEAR)


def _of_each(priced: Sequence[Values], key: str) -> np.ndarray:
    return np.array([values[key] for values in priced])
