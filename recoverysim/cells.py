"""Cells: everybody belongs to one, by main substance, sex, age and mental-health need at entry.

People are counted by cell, so that every outcome can be told for each of these groups.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from recoverysim.codes import SUBSTANCES
from recoverysim.compiled import rule

# Age at entry, in bands that hold some 30 to 40% of people each.
AGES = ("under 35", "35 to 49", "50 and over")
MIDDLE_AGE, OLDER_AGE = 35, 50

SHAPE = (len(SUBSTANCES), 2, len(AGES), 2)  # substance, is a woman, age, has a need
CELLS = 36
EACH_SUBSTANCE, EACH_SEX, EACH_AGE = 12, 6, 2  # cells


@rule
def cell_of(client: Any) -> Any:
    """The cell of somebody as they enter."""
    age = 0
    if client.age >= MIDDLE_AGE:
        age = 1
    if client.age >= OLDER_AGE:
        age = 2
    cell = EACH_SUBSTANCE * client.substance + EACH_SEX * int(client.female)
    return cell + EACH_AGE * age + int(client.psychiatric_need)


def by_substance(counts: np.ndarray) -> np.ndarray:
    """Counts by main substance: the last axis but one goes from cells to substances."""
    *before, _, measures = counts.shape
    return counts.reshape(*before, len(SUBSTANCES), EACH_SUBSTANCE, measures).sum(axis=-2)


def _where(axis: int, place: int) -> np.ndarray:
    return np.moveaxis(np.indices(SHAPE), 0, -1)[..., axis].ravel() == place


ALL = "all"
# Which cells make up each group that outcomes are told for: bool of CELLS.
GROUPS: dict[str, np.ndarray] = {
    ALL: np.ones(CELLS, bool),
    **{f"substance={name}": _where(0, place) for place, name in enumerate(SUBSTANCES)},
    "sex=women": _where(1, 1),
    "sex=men": _where(1, 0),
    **{f"age={name}": _where(2, place) for place, name in enumerate(AGES)},
    "mental_health_need=yes": _where(3, 1),
    "mental_health_need=no": _where(3, 0),
}
