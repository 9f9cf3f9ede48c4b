"""What happened to each participant of a simulated study, week by week, and visits to look at it.

A follow-up visit sees a participant so many weeks after the start, or after first leaving care, and
may look back over a window, as a self-report does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from recoverysim.codes import COMPLETED, DEAD, DETOX, MEDICATION, TREATMENT
from recoverysim.world import World

NOT_YET = -1


@dataclass(frozen=True)
class History:
    """Arrays of shape (weeks + 1, participants): row w is how things stood after w weeks.

    `met`: whether there was a meeting in the week that ends there. `met_on_the_premises`: whether
    somebody had sat in on one in this episode, where they stayed. `left_care`: for each
    participant, the first row after leaving care, or NOT_YET; `left_as_planned`: whether that was
    the planned end. `entry`: their rows in the table of
    clients as they entered. For whoever died, `last_stage` and `last_modality` are where they died,
    and `cause` of what.
    """

    stage: np.ndarray
    modality: np.ndarray
    use: np.ndarray
    weeks_abstinent: np.ndarray
    attendance: np.ndarray
    involvement: np.ndarray
    met: np.ndarray
    met_on_the_premises: np.ndarray
    episodes: np.ndarray
    left_care: np.ndarray
    left_as_planned: np.ndarray
    entry: np.ndarray
    last_stage: np.ndarray
    last_modality: np.ndarray
    cause: np.ndarray

    @property
    def weeks(self) -> int:
        """Weeks lived."""
        return len(self.stage) - 1

    @property
    def participants(self) -> int:
        """How many people are watched."""
        return self.stage.shape[1]

    def dies(self) -> np.ndarray:
        """Whether this is the row in which somebody is first dead."""
        dead = self.stage == DEAD
        dead[1:] &= self.stage[:-1] != DEAD
        return dead

    def lived_in(self) -> tuple[np.ndarray, np.ndarray]:
        """Stage and modality in which each week was lived, that of death included.

        Whoever moves in a week and dies in it, dies where they have moved to.
        """
        dies = self.dies()
        stage = np.where(dies, self.last_stage, self.stage)
        return stage, np.where(dies, self.last_modality, self.modality)


# Columns that are watched week by week, in types as narrow as they can be.
WATCHED = {
    "stage": "i1", "modality": "i1", "use": "i1", "weeks_abstinent": "i2", "attendance": "i1",
    "involvement": "f4", "episodes": "i2", "met_on_the_premises": "?",
}  # fmt: skip
BYTES_A_WEEK = sum(np.dtype(kind).itemsize for kind in WATCHED.values()) + 2  # met, discharged


def watch(world: World, weeks: int, who: np.ndarray | None = None) -> History:
    """Live so many weeks and keep what studies ask about, of everybody or of the rows `who`.

    The world keeps a journal (`journeys=True`), which says where people died.
    """
    chosen = slice(None) if who is None else who
    entry = world.clients[chosen].copy()
    shape = (weeks + 1, len(entry))
    kept = {name: np.zeros(shape, kind) for name, kind in WATCHED.items()}
    met, discharged = np.zeros(shape, bool), np.zeros(shape, bool)
    for week in range(weeks + 1):
        if week > 0:
            world.run_for(1)
        now = world.clients
        for name, column in kept.items():
            column[week] = now[name][chosen]
        met_now = now["ever_attended"] & (now["weeks_since_meeting"] == 0)
        met[week] = met_now[chosen] & (week > 0)
        discharged[week] = now["discharged"][chosen]
    left = np.where(discharged.any(axis=0), discharged.argmax(axis=0), NOT_YET)
    last_stage, last_modality = _last_stays(world)
    return History(
        **kept, met=met, left_care=left, left_as_planned=_planned_ends(world, left, chosen),
        entry=entry, last_stage=last_stage[chosen],
        last_modality=last_modality[chosen], cause=world.clients["cause"][chosen].copy(),
    )  # fmt: skip


def _last_stays(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Stage and modality of everybody's last finished stay: of the dead, where they died."""
    stage = np.full(len(world.clients), NOT_YET, np.int8)
    modality = np.full(len(world.clients), NOT_YET, np.int8)
    stays = world.stays()
    rows = stays["client"].astype(np.int64) - 1
    # Stays are written in the order of weeks, so the last of each client is the one that stays.
    stage[rows], modality[rows] = stays["stage"], stays["modality"]
    return stage, modality


def _planned_ends(world: World, left: np.ndarray, chosen: Any) -> np.ndarray:
    """Whether the stay in care that ended as care was first left came to its planned end."""
    stays = world.stays()
    completed = stays[in_care(stays["stage"]) & (stays["ended"] == COMPLETED)]
    first_left = np.full(len(world.clients), NOT_YET)
    first_left[chosen] = left
    rows = completed["client"].astype(np.int64) - 1
    planned = np.zeros(len(world.clients), bool)
    planned[rows[completed["week_out"] == first_left[rows]]] = True
    return np.asarray(planned[chosen])


def in_care(stage: np.ndarray) -> np.ndarray:
    """Whether these stages are detox or treatment."""
    return np.isin(stage, (DETOX, TREATMENT))


def on_medication(stage: np.ndarray, modality: np.ndarray) -> np.ndarray:
    """Whether this is treatment with medication."""
    return np.asarray((stage == TREATMENT) & (modality == MEDICATION))


@dataclass(frozen=True)
class Visit:
    """A follow-up: the row at which each participant is seen, and whether there is one.

    `start` is where counting begins for each: 0, or the row after leaving care. With a `window`
    a look back covers so many weeks before the visit instead.
    """

    history: History
    start: np.ndarray
    row: np.ndarray
    there: np.ndarray
    window: int | None = None

    def now(self, name: str, weeks_before: int | np.ndarray = 0) -> np.ndarray:
        """A column of the history at the visit, or some weeks before it."""
        column = getattr(self.history, name)
        row = np.clip(self.row - weeks_before, 0, self.history.weeks)
        return np.asarray(column[row, np.arange(self.history.participants)])

    def looking_back(self, weeks: int | None = None) -> np.ndarray:
        """Rows that a look back covers, of shape (weeks + 1, participants).

        The window's; without one the last `weeks`, or everything since the start. Row 0, at which
        nothing has been lived yet, is never one of them.
        """
        window = self.window or weeks
        first = self.start if window is None else np.maximum(self.row - window, 0)
        rows = np.arange(self.history.weeks + 1)[:, None]
        return np.asarray((rows > first) & (rows <= self.row))

    def ever(self, happened: np.ndarray) -> np.ndarray:
        """Whether something happened in any week of the look back."""
        return np.asarray((happened & self.looking_back()).any(axis=0))

    def weeks_of(self, happened: np.ndarray, weeks: int | None = None) -> np.ndarray:
        """In how many weeks of the look back something happened."""
        return np.asarray((happened & self.looking_back(weeks)).sum(axis=0))

    def weeks_looked_back(self, weeks: int | None = None) -> np.ndarray:
        """How many weeks the look back covers, at least 1 so that it can be divided by."""
        return np.maximum(self.looking_back(weeks).sum(axis=0), 1)


def visit(
    history: History, week: int, *, after_care: bool, window: int | None = None
) -> Visit:  # fmt: skip
    """The visit so many weeks after the start, or after first leaving care.

    There is none for people who have not left care, or whose visit lies beyond what was lived. Who
    has died is there only for measures that ask about the dead: see `alive`.
    """
    participants = history.participants
    start = history.left_care if after_care else np.zeros(participants, int)
    row = start + week
    there = (start != NOT_YET) & (row <= history.weeks)
    return Visit(history, start, row, there, window)


def alive(seen: Visit) -> Visit:
    """The same visit, kept only by people who are alive at it."""
    return replace(seen, there=seen.there & (seen.now("stage") != DEAD))
