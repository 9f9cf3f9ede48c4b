"""What a plug-in sees of a world, and what it may do in it.

Columns of the table of clients are numpy arrays, a number for each client. Those that other things
depend on (where people are, what they use, what has been counted) can be read and not written: they
change through the verbs of `Week`, which follow the model's own rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from recoverysim.clients import COLUMNS
from recoverysim.codes import (
    ABSTINENT,
    COMMUNITY,
    DEAD,
    DETOX,
    GOALS,
    IN_USE,
    LAPSED,
    LEFT,
    NEVER,
    NO_NEWS,
    NOWHERE,
    OUTSIDER_IN_RECOVERY,
    OUTSIDER_USING,
    RESIDENTIAL,
    SOUGHT_HELP,
    USING,
    WAITING,
)
from recoverysim.compiled import rule, whole_week
from recoverysim.dice import dice_of_the_week, question, throw
from recoverysim.mutual_aid.attendance import attend_a_meeting, begin_to_go, leave
from recoverysim.mutual_aid.standing import is_going
from recoverysim.outcomes import FOLLOWED, count_news
from recoverysim.quantities import UP_TO_ONE
from recoverysim.use import lapse

if TYPE_CHECKING:
    from recoverysim.world import World

# Columns that a mechanism may write: rules read them, and nothing else hangs on them.
WRITABLE = (
    "readiness", "frailty", "fit", "suits", "goal", "builds_sober_ties", "mood", "involvement",
    "pull", "worker_leans", "delivered", "capital", "identity", "tolerance",
)  # fmt: skip
# Of standard deviations and logarithms: beyond 20 a chance is nothing or certain anyway.
FARTHEST = 20.0
NOT_ASKED = 1.0  # no throw is as high, so that it never happens
VERBS = "go_to_a_meeting, stop_going, lapse, ask_for_help, meet_somebody_in_recovery"


def _allowed(name: str) -> tuple[float, float]:
    """The lowest and highest value that a writable column may hold."""
    unit = next(column.unit for column in COLUMNS if column.name == name)
    if name == "goal":
        return 0, len(GOALS) - 1
    if unit == "":
        return 0, 1  # yes or no
    return (0.0, 1.0) if unit in UP_TO_ONE else (-FARTHEST, FARTHEST)


ALLOWED = {name: _allowed(name) for name in WRITABLE}


class Columns:
    """The table of clients by column; those that may not be written are locked."""

    def __init__(self, clients: np.ndarray, writable: tuple[str, ...]) -> None:
        self._clients = clients
        self._writable = frozenset(writable)
        self._views: dict[str, np.ndarray] = {}
        self.handed_out: set[str] = set()

    def __getitem__(self, name: str) -> np.ndarray:
        if name in self._writable:
            self.handed_out.add(name)
        if name not in self._views:
            if name not in (self._clients.dtype.names or ()):
                raise ValueError(f"there is no column {name!r}; recoverysim/clients.py lists all")
            view = self._clients[name]
            view.flags.writeable = name in self._writable
            self._views[name] = view
        return self._views[name]

    def __setitem__(self, name: str, values: Any) -> None:
        self[name][...] = values

    def __len__(self) -> int:
        return len(self._clients)


class Today:
    """The numbers in force: ``today.phone_calls.goes_share``, the model's own and plug-ins'."""

    def __init__(self, *rows: np.void) -> None:
        self._rows = rows

    def __getattr__(self, name: str) -> Any:
        for row in self._rows:
            if name in (row.dtype.names or ()):
                found = row[name]
                return Today(found) if isinstance(found, np.void) else found
        raise AttributeError(f"there is no number or section {name!r}")


class Now:
    """A world as it stands, to be read: what an outcome is given."""

    _writable: tuple[str, ...] = ()

    def __init__(self, world: World, added: np.ndarray, kept: dict[str, np.ndarray]) -> None:
        self._world = world
        self._added = added
        self._kept = kept
        self.number = world.week
        self.clients = Columns(world.clients, self._writable)
        self.ties: np.ndarray = world.ties.view()
        self.ties.flags.writeable = False

    @property
    def today(self) -> Today:
        """The numbers in force in this week; as an outcome is asked, those of the week before."""
        week = self.number if isinstance(self, Week) else max(self.number - 1, 0)
        tables = (self._added, self._world.table)
        return Today(*(table[min(week, table.size - 1)] for table in tables))

    @property
    def alive(self) -> np.ndarray:
        """Whether each client is alive, and has come: bool, of shape (clients,)."""
        return np.asarray(self.clients["stage"] < DEAD)

    @property
    def going(self) -> np.ndarray:
        """Whether each client is alive and goes to mutual aid, trying it or as a member."""
        attendance = self.clients["attendance"]
        return np.asarray(self.alive & (attendance != NEVER) & (attendance != LEFT))

    @property
    def out_of_care(self) -> np.ndarray:
        """Whether each client is alive, and neither in care nor waiting for it."""
        stage = self.clients["stage"]
        return np.asarray((stage == USING) | (stage == COMMUNITY))

    def column(self, name: str) -> np.ndarray:
        """A column of the plug-in's own: float64 of shape (clients,), 0 at first, kept throughout.

        State belongs here and not in a variable of the file: worlds live side by side in threads.
        """
        if name not in self._kept:
            self._kept[name] = np.zeros(len(self.clients))
        return self._kept[name]


class Week(Now):
    """A week that is about to be lived: what a mechanism is given.

    `number` counts weeks from 0. Masks (`who`, `among`) are bool, of shape (clients,).
    """

    _writable = WRITABLE

    def __init__(
        self, world: World, added: np.ndarray, kept: dict[str, np.ndarray], mechanism: str
    ) -> None:
        super().__init__(world, added, kept)
        self._mechanism = mechanism
        self._questions: dict[str, np.uint64] = {}

    def throw(self, asked: str, among: np.ndarray | None = None) -> np.ndarray:
        """Each client's throw for a question: float64, from 0 to under 1; 1 for who is not asked.

        The same client throws the same in the same week, for the same question of this mechanism,
        in every scenario.
        """
        if asked not in self._questions:
            self._questions[asked] = question(f"{self._mechanism}: {asked}")
        chosen = np.ones(len(self.clients), bool) if among is None else self._mask(among, "among")
        thrown = np.full(len(self.clients), NOT_ASKED)
        _throw(self._world.clients, self.number, self._questions[asked], chosen, thrown)
        return thrown

    def happens(self, asked: str, chance: Any, among: np.ndarray | None = None) -> np.ndarray:
        """Whether something of this chance (one, or one for each client) happens to each client."""
        if not np.all((np.asarray(chance) >= 0) & (np.asarray(chance) <= 1)):
            raise ValueError(f"the chance that {asked!r} should be from 0 to 1")
        return np.asarray(self.throw(asked, among) < chance)

    def go_to_a_meeting(self, who: np.ndarray) -> None:
        """They go to a meeting; whoever was not going tries it from now on.

        It counts in the week that ends now, and is reported with the one that begins.
        """
        rows, world = self._rows(who), self._world
        world.clients["news"][rows] = NO_NEWS  # what was new last week has been counted
        _attend(world.clients, rows, self._today(), world.counted, self.number)

    def stop_going(self, who: np.ndarray) -> None:
        """Whoever of them goes to mutual aid leaves it."""
        rows = self._rows(who, self.going)
        _stop_going(self._world.clients, rows, self._today(), self.number)

    def lapse(self, who: np.ndarray) -> None:
        """Whoever of them is abstinent, and not in detox or residential care, has a lapse."""
        now = self._world.clients
        protected = (now["stage"] == DETOX) | (now["modality"] == RESIDENTIAL)
        _lapse(now, self._rows(who, (now["use"] == ABSTINENT) & ~protected))

    def ask_for_help(self, who: np.ndarray) -> None:
        """Whoever of them is out of care, and uses or has lapsed, asks for help in this week."""
        now = self._world.clients
        rows = self._rows(who, self.out_of_care & np.isin(now["use"], (IN_USE, LAPSED)))
        rows = rows[now["wants"][rows] == NOWHERE]
        now["wants"][rows] = WAITING
        now["ending"][rows] = SOUGHT_HELP

    def meet_somebody_in_recovery(self, who: np.ndarray) -> None:
        """Somebody outside the cohort who uses, in their company, gives way to one in recovery."""
        rows, ties = self._rows(who), self._world.ties
        slots = ties[rows] == OUTSIDER_USING
        has_one = slots.any(axis=1)
        ties[rows[has_one], slots[has_one].argmax(axis=1)] = OUTSIDER_IN_RECOVERY

    def _today(self) -> np.void:
        return self._world.table[min(self.number, self._world.table.size - 1)]

    def _rows(self, who: np.ndarray, possible: np.ndarray | None = None) -> np.ndarray:
        """The rows of those of a mask who are alive, and to whom it can happen."""
        chosen = self._mask(who, "who") & self.alive
        return np.flatnonzero(chosen if possible is None else chosen & possible)

    def _mask(self, mask: Any, name: str) -> np.ndarray:
        if getattr(mask, "dtype", None) != np.bool_ or mask.shape != (len(self.clients),):
            raise ValueError(f"{name} should be True or False for each client, as a numpy array")
        return np.asarray(mask)

    def check(self) -> None:
        """ValueError where a column that was handed out holds what no client can have."""
        for name in self.clients.handed_out:
            (low, high), values = ALLOWED[name], self._world.clients[name]
            # Of NaN neither holds.
            if not (values.min() >= low and values.max() <= high):
                wrong = np.flatnonzero(~((values >= low) & (values <= high)))
                raise ValueError(
                    f"wrote {values[wrong[0]]:g} into {name!r} of client {wrong[0] + 1:,} (of "
                    f"{len(wrong):,} in all); allowed are {low:g} to {high:g}"
                )
        self.clients.handed_out.clear()


@whole_week
def _throw(clients, week, asked, chosen, thrown):  # type: ignore[no-untyped-def]
    for row in range(clients.size):
        if chosen[row]:
            thrown[row] = throw(dice_of_the_week(clients[row].luck, week), asked)


@whole_week
def _attend(clients, rows, today, counts, week):  # type: ignore[no-untyped-def]
    for row in rows:
        client = clients[row]
        if is_going(client):
            attend_a_meeting(client)
        else:
            begin_to_go(client, today, dice_of_the_week(client.luck, week))
        count_now(client, counts, week)


@rule
def count_now(client, counts, week):  # type: ignore[no-untyped-def]
    """Count what has happened before the week is lived with what happens in it."""
    count_news(client, counts[0, week + 1], 1)
    if counts.shape[0] == FOLLOWED + 1:
        count_news(client, counts[FOLLOWED, week + 1 - client.arrives], 1)
        if client.arrives > 0:  # what is carried on ends where following ends
            count_news(client, counts[FOLLOWED, counts.shape[1] - client.arrives], -1)


@whole_week
def _stop_going(clients, rows, today, week):  # type: ignore[no-untyped-def]
    for row in rows:
        client = clients[row]
        leave(client, today, dice_of_the_week(client.luck, week))


@whole_week
def _lapse(clients, rows):  # type: ignore[no-untyped-def]
    for row in rows:
        lapse(clients[row])
