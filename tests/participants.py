"""Small histories made by hand, for tests of what studies measure."""

from __future__ import annotations

from typing import Any

import numpy as np

from recoverysim.clients import empty_table
from recoverysim.codes import COMMUNITY, DEAD, DETOX, NO_MODALITY, TREATMENT
from recoverysim.studies.asked import MEASURES
from recoverysim.studies.histories import NOT_YET, WATCHED, History, Visit, alive, visit

WEEKS, PEOPLE = 6, 4


def history(*, weeks: int = WEEKS, people: int = PEOPLE, **changes: Any) -> History:
    """Four participants over six weeks: three leave care in week 2, one never; the third dies in 5.

    `changes` are lists of cells (row, person, value) of a column, or a whole array; `entry` is a
    mapping of trait to one value each.
    """
    made: dict[str, Any] = {
        name: np.zeros((weeks + 1, people), kind) for name, kind in WATCHED.items()
    }
    made |= {
        "met": np.zeros((weeks + 1, people), bool), "left_care": np.array([2, 2, 2, NOT_YET]),
        "entry": empty_table(people), "last_stage": np.full(people, COMMUNITY),
        "last_modality": np.full(people, NO_MODALITY), "cause": np.zeros(people, int),
        "left_as_planned": np.zeros(people, bool),
    }  # fmt: skip
    made["modality"][:] = NO_MODALITY
    made["episodes"][:] = 1
    made["stage"][:] = COMMUNITY
    if people == PEOPLE:
        made["stage"][:2] = DETOX
        made["stage"][:, 3] = TREATMENT
        made["stage"][5:, 2] = DEAD
    else:
        made["left_care"] = np.full(people, NOT_YET)
    for trait, values in changes.pop("entry", {}).items():
        made["entry"][trait] = values
    for name, cells in changes.items():
        if isinstance(cells, np.ndarray):
            made[name] = cells
        else:
            for row, who, value in cells:
                made[name][row, who] = value
    return History(**made)


def seen(week: int, *, after_care: bool = True, window: int | None = None, **changes: Any) -> Visit:
    """A visit of those four."""
    return alive(visit(history(**changes), week, after_care=after_care, window=window))


def measured(name: str, week: int, **more: Any) -> list[Any]:
    """What those four answer."""
    found: list[Any] = MEASURES[name].answer(seen(week, **more)).tolist()
    return found
