"""The Mesa shell: a thin model around a world, and clients as views made on demand.

This is the one file that touches Mesa. State lives in the table of clients; a `Client` is a table
and a row, so a hundred thousand agents cost nothing until somebody asks for them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import mesa
import numpy as np

from recoverysim.clients import COLUMNS
from recoverysim.codes import (
    ATTENDANCE,
    ENDINGS,
    FAITHS,
    FELLOWSHIPS,
    GOALS,
    KINDS,
    MODALITIES,
    NOT_COME,
    STAGES,
    SUBSTANCES,
    USES,
)
from recoverysim.knowledge import central_values
from recoverysim.outcomes import AT, DEFAULT_DEFINITION
from recoverysim.plan import Plan
from recoverysim.scenario import Scenario, load
from recoverysim.world import World, seed_of_repeat

NAMES = {
    "stage": STAGES, "use": USES, "substance": SUBSTANCES, "attendance": ATTENDANCE, "link": KINDS,
    "faith": FAITHS, "goal": GOALS, "modality": MODALITIES, "wants": STAGES,
    "wants_modality": MODALITIES, "ending": ENDINGS, "cause": ENDINGS,
    "fellowship": FELLOWSHIPS,
}  # fmt: skip
NONE_OF_THEM = -1  # no modality, no fellowship, nothing wanted
NAMES_OF_COLUMNS = frozenset(column.name for column in COLUMNS)


def _in_words(names: tuple[str, ...], code: int) -> str | None:
    return None if code == NONE_OF_THEM else names[code] or None


class Client(mesa.Agent):
    """One simulated person: a view of a row of the table.

    Columns read as attributes, codes as words or None: ``client.stage`` is ``"community"``,
    ``client.cause`` None, ``client.involvement`` a number. `unique_id` is the row's number plus 1.
    """

    def __init__(self, model: RecoveryModel, row: int) -> None:
        # No call to mesa.Agent.__init__: it would register the view and give it a new number.
        self.model = model
        self.row = row
        self.unique_id = row + 1
        self.pos = None

    def __getattr__(self, name: str) -> Any:
        if name not in NAMES_OF_COLUMNS:
            raise AttributeError(f"a client has no {name!r}")
        value = self.model.world.clients[self.row][name].item()
        return _in_words(NAMES[name], value) if name in NAMES else value

    def __setattr__(self, name: str, value: Any) -> None:
        if name in NAMES_OF_COLUMNS:
            raise AttributeError(f"{name}: a client's state is set by the rules, not from outside")
        object.__setattr__(self, name, value)

    @property
    def on_medication(self) -> bool:
        """In medication treatment now."""
        return self.modality == "medication"

    @property
    def company(self) -> list[Client]:
        """The other clients that this person is in touch with, of those who have come so far."""
        slots = self.model.world.ties[self.row]
        come = self.model.world.clients["stage"] != NOT_COME
        return [Client(self.model, int(row)) for row in slots if row >= 0 and come[row]]

    def step(self) -> None:
        """Clients live their week together, in `RecoveryModel.step`."""

    def remove(self) -> None:
        """Clients are never removed: who dies stays in the table, and in every denominator."""
        raise NotImplementedError("clients stay in the model; who dies is in the stage 'dead'")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Client) and other.model is self.model and other.row == self.row

    def __hash__(self) -> int:
        return hash((id(self.model), self.row))

    def __repr__(self) -> str:
        return f"Client({self.unique_id}, {self.substance}, {self.stage})"


class Clients(mesa.agent.AgentSet):
    """All clients, or some of them, as an AgentSet whose members are made when asked for."""

    def __init__(self, model: RecoveryModel, rows: np.ndarray) -> None:
        # No call to AgentSet.__init__: it keeps weak references, and views would vanish at once.
        self.model = model
        self.rows = np.asarray(rows, dtype=np.int64)

    @property
    def random(self) -> Any:
        """The model's generator, as Mesa's own sets have it."""
        return self.model.random

    @random.setter
    def random(self, value: Any) -> None:
        raise AttributeError("the set draws from its model's generator")

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Client]:
        return (Client(self.model, int(row)) for row in self.rows)

    def __contains__(self, agent: object) -> bool:
        return isinstance(agent, Client) and agent.model is self.model and agent.row in self.rows

    def __getitem__(self, item: int | slice) -> Client | list[Client]:
        if isinstance(item, slice):
            return [Client(self.model, int(row)) for row in self.rows[item]]
        return Client(self.model, int(self.rows[item]))

    def to_list(self) -> list[Client]:
        """The clients as a list."""
        return list(self)

    def _column(self, name: str) -> Any:
        """A column for these clients, codes as words."""
        values = self.model.world.clients[name][self.rows]
        if name in NAMES:
            return [_in_words(NAMES[name], code) for code in values]
        return values.tolist()

    def select(
        self,
        filter_func: Callable[[Client], bool] | None = None,
        at_most: int | float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> Clients:
        """Those clients for whom `filter_func` holds, at most so many (a share if a float <= 1)."""
        if agent_type is not None and not issubclass(Client, agent_type):
            chosen = self.rows[:0]
        elif filter_func is None:
            chosen = self.rows
        else:
            chosen = np.array([c.row for c in self if filter_func(c)], dtype=np.int64)
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(self.rows) * at_most)
        if at_most != float("inf"):
            chosen = chosen[: int(at_most)]
        if inplace:
            self.rows = chosen
            return self
        return Clients(self.model, chosen)

    def shuffle(self, inplace: bool = False) -> Clients:
        """The same clients in random order (of the model's generator, not of its dice)."""
        rows = self.model.rng.permutation(self.rows)
        if inplace:
            self.rows = rows
            return self
        return Clients(self.model, rows)

    def sort(
        self, key: Callable[[Client], Any] | str, ascending: bool = False, inplace: bool = False
    ) -> Clients:
        """The same clients sorted by an attribute or a function."""
        by = operator.attrgetter(key) if isinstance(key, str) else key
        rows = np.array([c.row for c in sorted(self, key=by, reverse=not ascending)], np.int64)
        if inplace:
            self.rows = rows
            return self
        return Clients(self.model, rows)

    def get(
        self,
        attr_names: str | list[str],
        handle_missing: str = "error",
        default_value: Any = None,
    ) -> list[Any]:
        """One attribute of every client, or a list of several for each."""
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing is error or default, not {handle_missing!r}")
        if isinstance(attr_names, str):
            if attr_names in NAMES_OF_COLUMNS:
                return list(self._column(attr_names))
            if handle_missing == "default":
                return [getattr(c, attr_names, default_value) for c in self]
            return [getattr(c, attr_names) for c in self]
        columns = [self.get(name, handle_missing, default_value) for name in attr_names]
        return [list(values) for values in zip(*columns, strict=True)]

    def set(self, attr_name: str, value: Any) -> Clients:
        """Refused: a client's state follows from its journey."""
        raise AttributeError(f"{attr_name}: a client's state is set by the rules, not from outside")

    def agg(self, attribute: str, func: Any) -> Any:
        """An attribute of all clients, summed up by one function or several."""
        values = self.get(attribute)
        return [one(values) for one in func] if isinstance(func, Iterable) else func(values)

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        """The result of a method or function for every client."""
        if isinstance(method, str):
            return [getattr(c, method)(*args, **kwargs) for c in self]
        return [method(c, *args, **kwargs) for c in self]

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> Clients:
        """Call a method or function for every client."""
        self.map(method, *args, **kwargs)
        return self

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> Clients:
        """Call a method or function for every client, in random order."""
        self.shuffle().do(method, *args, **kwargs)
        return self

    def groupby(self, by: Callable[[Client], Any] | str, result_type: str = "agentset") -> Any:
        """Clients by an attribute or function, as Mesa's GroupBy of sets or lists."""
        try:
            from mesa.agent import GroupBy
        except ImportError:  # Mesa 3.5 and newer
            from mesa.agentset import GroupBy

        keys = self.get(by) if isinstance(by, str) else [by(c) for c in self]
        rows: dict[Any, list[int]] = {}
        for key, row in zip(keys, self.rows, strict=True):
            rows.setdefault(key, []).append(int(row))
        groups: dict[Any, Any] = {
            key: Clients(self.model, np.array(some, np.int64)) for key, some in rows.items()
        }
        if result_type == "list":
            groups = {key: some.to_list() for key, some in groups.items()}
        return GroupBy(groups)

    def count(self) -> int:
        """How many clients these are."""
        return len(self)

    def add(self, agent: object) -> None:
        """Refused: who takes part, and who comes when, is settled at the start."""
        raise NotImplementedError(
            "which clients come is settled at the start; give RecoveryModel more"
        )

    discard = remove = add

    def __getstate__(self) -> dict[str, Any]:
        return {"model": self.model, "rows": self.rows}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.model, self.rows = state["model"], state["rows"]

    def __repr__(self) -> str:
        return f"Clients({len(self)} of {len(self.model.world.clients)})"


class RecoveryModel(mesa.Model):
    """A world as a Mesa model.

    `scenario` is a Scenario, a shipped name or a path; `clients` people start at week 0, or come
    week by week in an open system (500, or as many as `graph` holds); `rng` (or `seed`, which
    older code uses) fixes their luck; `graph` is any networkx graph and replaces the
    scenario's network. `values` are the parameters' values today, by default the declared ones.
    `step()` lives one week and collects data, `run_for(weeks)` lives many without coming back to
    Python; the history is the same to the byte.
    """

    scenario: Any = None  # newer versions of Mesa keep a scenario of their own under this name

    def __init__(
        self,
        scenario: Scenario | str = "baseline",
        clients: int | None = None,
        seed: int | None = None,
        *,
        rng: int | None = None,
        graph: Any = None,
        values: Any = None,
        years: int = 10,
    ) -> None:
        chosen = seed if rng is None else rng
        chosen = 1 if chosen is None else chosen
        if clients is None:
            clients = 500 if graph is None else len(graph)
        elif graph is not None and len(graph) != clients:
            raise ValueError(f"the graph holds {len(graph)} people, and clients is {clients}")
        Plan(clients=clients, years=years, repeats=1, seed=chosen)  # refuses what cannot be
        super().__init__(rng=chosen)
        self.scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
        self.world = World(
            self.scenario, central_values() | dict(values or {}), clients,
            seed_of_repeat(chosen, 0),
            years=years, graph=graph, journeys=True,
        )  # fmt: skip
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "week": lambda model: model.world.week,
                "in_recovery": lambda model: model.now(DEFAULT_DEFINITION),
                "attending": lambda model: model.now("attending"),
                "dead": lambda model: model.now("stage_dead"),
            }
        )
        self.datacollector.collect(self)

    def step(self) -> None:
        """One week, and the model's own data collected."""
        self.world.run_for(1)  # Mesa counts this step itself
        self.datacollector.collect(self)

    def run_for(self, duration: int) -> None:
        """So many weeks in one go."""
        if int(duration) != duration or duration < 0:
            raise ValueError(f"run_for takes a whole number of weeks; found {duration}")
        self.world.run_for(int(duration))
        for clock in ("steps", "time"):
            if hasattr(self, clock):
                setattr(self, clock, getattr(self, clock) + int(duration))

    def now(self, name: str) -> int:
        """How many people are counted now under a name of `outcomes.COUNTS`."""
        return int(self.world.counts[self.world.week, :, AT[name]].sum())

    @property
    def week(self) -> int:
        """Weeks lived so far."""
        return self.world.week

    @property
    def agents(self) -> Clients:
        """Everybody who has come so far, the dead included."""
        if self.world.is_open:
            return Clients(self, np.flatnonzero(self.world.clients["stage"] != NOT_COME))
        return Clients(self, np.arange(len(self.world.clients)))

    @property
    def agents_by_type(self) -> dict[type, Clients]:
        """Everybody, under the one type of agent there is."""
        return {Client: self.agents}

    @property
    def agent_types(self) -> list[type]:
        """The one type of agent there is."""
        return [Client]
