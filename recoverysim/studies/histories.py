"""What happened to each participant of a simulated study, week by week, and what is measured of it.

A follow-up visit sees a participant so many weeks after the start, or after first leaving care. A
measure says something of each participant at their visit, from the history up to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from recoverysim.codes import (
    ABSTINENT,
    DEAD,
    DETOX,
    IN_USE,
    LEFT,
    TREATMENT,
    TRYING,
    WEEKS_A_YEAR,
)
from recoverysim.world import World

NOT_YET = -1
WEEKS_OF_A_MONTH, WEEKS_OF_90_DAYS = 4, 13
WEEKLY_IS = 3  # weeks with a meeting, of the last four


@dataclass(frozen=True)
class History:
    """Arrays of shape (weeks + 1, participants): row w is how things stood after w weeks.

    `met`: whether there was a meeting in the week that ends there. `left_care`: for each
    participant, the first row after leaving care, or NOT_YET.
    """

    stage: np.ndarray
    use: np.ndarray
    weeks_abstinent: np.ndarray
    attendance: np.ndarray
    met: np.ndarray
    left_care: np.ndarray

    @property
    def weeks(self) -> int:
        """Weeks lived."""
        return len(self.stage) - 1


def watch(world: World, weeks: int) -> History:
    """Live so many weeks and keep what studies ask about."""
    rows = []
    for week in range(weeks + 1):
        if week > 0:
            world.run_for(1)
        now = world.clients
        met = now["ever_attended"] & (now["weeks_since_meeting"] == 0) & (week > 0)
        columns = (now["stage"], now["use"], now["weeks_abstinent"], now["attendance"], met)
        rows.append(tuple(column.copy() for column in columns) + (now["discharged"].copy(),))
    stage, use, abstinent, attendance, met, discharged = (np.array(one) for one in zip(*rows))
    left = np.where(discharged.any(axis=0), discharged.argmax(axis=0), NOT_YET)
    return History(stage, use, abstinent, attendance, met, left)


@dataclass(frozen=True)
class Visit:
    """A follow-up: the row at which each participant is seen, and whether there is one.

    `start` is where counting begins for each: 0, or the row after leaving care.
    """

    history: History
    start: np.ndarray
    row: np.ndarray
    there: np.ndarray

    def now(self, name: str, weeks_before: int = 0) -> np.ndarray:
        """A column of the history at the visit, or some weeks before it."""
        column = getattr(self.history, name)
        row = np.clip(self.row - weeks_before, 0, self.history.weeks)
        return column[row, np.arange(column.shape[1])]

    def ever(self, happened: np.ndarray, *, before_start: bool = False) -> np.ndarray:
        """Whether something happened in any week from the start (or before it) to the visit."""
        rows = np.arange(len(happened))[:, None]
        inside = rows <= self.start if before_start else (rows > self.start) & (rows <= self.row)
        return np.asarray((happened & inside).any(axis=0))


def visit(history: History, week: int, *, after_care: bool) -> Visit:
    """The visit so many weeks after the start, or after first leaving care.

    There is none for people who have not left care, whose visit lies beyond what was lived, or who
    have died.
    """
    participants = history.stage.shape[1]
    start = history.left_care if after_care else np.zeros(participants, int)
    row = start + week
    there = (start != NOT_YET) & (row <= history.weeks)
    found = Visit(history, start, row, there)
    return replace(found, there=there & (found.now("stage") != DEAD))


def _use(seen: Visit) -> np.ndarray:
    return seen.history.use != ABSTINENT


def _abstinent(weeks: int) -> Callable[[Visit], np.ndarray]:
    return lambda seen: (seen.now("use") == ABSTINENT) & (seen.now("weeks_abstinent") >= weeks)


def _abstinent_a_year_ago(least: int, most: int) -> Callable[[Visit], np.ndarray]:
    def then(seen: Visit) -> np.ndarray:
        weeks = seen.now("weeks_abstinent", WEEKS_A_YEAR)
        abstinent = seen.now("use", WEEKS_A_YEAR) == ABSTINENT
        out_of_care = ~np.isin(seen.now("stage", WEEKS_A_YEAR), (DETOX, TREATMENT))
        return abstinent & out_of_care & (weeks >= least) & (weeks < most)

    return then


def _weekly(seen: Visit) -> np.ndarray:
    met = sum(seen.now("met", weeks).astype(int) for weeks in range(4))
    return np.asarray(met >= WEEKLY_IS)


# What can be asked of each participant at a visit: yes or no.
MEASURES: dict[str, tuple[str, Callable[[Visit], np.ndarray]]] = {
    "attended_in_care": (
        "a meeting before leaving care", lambda v: v.ever(v.history.met, before_start=True),
    ),
    "attended": ("a meeting since the start of follow-up", lambda v: v.ever(v.history.met)),
    "attending_weekly": ("a meeting in three of the last four weeks", _weekly),
    "stopped_attending": ("no longer goes", lambda v: v.now("attendance") == LEFT),
    "a_member_then": (
        "went regularly at the start", lambda v: v.history.attendance[0] > TRYING,
    ),
    "used": ("any use since the start of follow-up", lambda v: v.ever(_use(v))),
    "not_used": ("no use since the start of follow-up", lambda v: ~v.ever(_use(v))),
    "returned_to_use": (
        "a return to use since the start of follow-up", lambda v: v.ever(v.history.use == IN_USE),
    ),
    "not_returned_to_use": (
        "no return to use since the start of follow-up",
        lambda v: ~v.ever(v.history.use == IN_USE),
    ),
    "abstinent": ("abstinent now", _abstinent(0)),
    "abstinent_30_days": ("abstinent for 30 days", _abstinent(WEEKS_OF_A_MONTH)),
    "abstinent_90_days": ("abstinent for 90 days", _abstinent(WEEKS_OF_90_DAYS)),
    "still_in_first_treatment": (
        "has not left care",
        lambda v: (v.history.left_care == NOT_YET) | (v.history.left_care > v.row),
    ),
    "abstinent_another_year": (
        "has stayed abstinent for a year more",
        lambda v: v.now("weeks_abstinent") >= v.now("weeks_abstinent", WEEKS_A_YEAR) + WEEKS_A_YEAR,
    ),
    "abstinent_under_a_year_then": (
        "had been abstinent for less than a year, a year ago", _abstinent_a_year_ago(4, 52),
    ),
    "abstinent_1_to_3_years_then": (
        "had been abstinent for 1 to 3 years, a year ago", _abstinent_a_year_ago(52, 156),
    ),
    "abstinent_3_years_then": (
        "had been abstinent for 3 years or more, a year ago", _abstinent_a_year_ago(156, 10_000),
    ),
}  # fmt: skip
