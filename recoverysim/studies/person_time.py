"""Events over person-time: weeks at risk, by where people were and how long ago they left care."""

from __future__ import annotations

import numpy as np

from recoverysim.codes import DEAD, WEEKS_A_YEAR
from recoverysim.studies.histories import NOT_YET, Visit, in_care, on_medication

SINCE = ("start", "care")
WHERE = ("anywhere", "out_of_care", "in_care", "on_medication")
PER_1000_YEARS = 1000.0 * WEEKS_A_YEAR


def at_risk(
    seen: Visit, *, since: str, where: str, from_week: int, to_week: int | None
) -> np.ndarray:
    """Weeks at risk up to the visit, of shape (weeks + 1, participants).

    A week counts where it was lived, `from_week` to just under `to_week` after the start of
    follow-up, or after care was last left, while out of it. The week of death counts in full, where
    the death took place.
    """
    history = seen.history
    stage, modality = history.lived_in()
    rows = np.arange(history.weeks + 1)[:, None]
    counted = (stage != DEAD) & (rows > seen.start) & (rows <= seen.row) & (seen.start != NOT_YET)
    cared_for = in_care(stage)
    if since == "care":
        left = np.zeros_like(cared_for)
        left[1:] = ~cared_for[1:] & cared_for[:-1]
        last_left = np.maximum.accumulate(np.where(left, rows, NOT_YET), axis=0)
        counted &= ~cared_for & (last_left != NOT_YET)
        clock = rows - last_left
    else:
        clock = rows - 1 - seen.start
    counted &= clock >= from_week
    if to_week is not None:
        counted &= clock < to_week
    if where == "on_medication":
        counted &= on_medication(stage, modality)
    elif where != "anywhere":
        counted &= cared_for == (where == "in_care")
    return np.asarray(counted)


def rate(events: int, weeks: int) -> float:
    """Events per 1,000 person-years; NaN where there was no time at risk."""
    return events * PER_1000_YEARS / weeks if weeks else float("nan")
