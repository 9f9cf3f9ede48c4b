"""Plug-ins in one world: their weeks, their columns, and what is said when one goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from recoverysim.plugins.faults import PluginFailed, line_in, place, told
from recoverysim.plugins.registry import Mechanism, Outcome, loaded
from recoverysim.plugins.view import VERBS, WRITABLE, Now, Week
from recoverysim.scenario import Scenario, ScenarioError
from recoverysim.settings import all_quantities, tabulate_added
from recoverysim.yaml_strictly import Fault

if TYPE_CHECKING:
    from recoverysim.world import World

LOCKED = "read-only"  # as numpy says it


def plug_in(world: World, scenario: Scenario, values: Mapping[str, float]) -> Plugged | None:
    """The plug-ins of a world; None where none is loaded, and the world costs what it did.

    Raises ScenarioError for a scenario that sets what only a plug-in knows that is gone.
    """
    known = all_quantities()
    faults = [
        Fault(scenario.name, 0, key, "is the number of a plug-in that is not loaded")
        for key, _ in scenario.changes if key not in known
    ]  # fmt: skip
    if faults:
        raise ScenarioError(faults)
    return Plugged(world, scenario, values) if loaded() else None


class Plugged:
    """The plug-ins of one world."""

    def __init__(self, world: World, scenario: Scenario, values: Mapping[str, float]) -> None:
        self._world = world
        self._added = tabulate_added(values, dict(scenario.changes))
        self._kept: dict[str, dict[str, np.ndarray]] = {}
        self._begun = -1
        off = {name for name, on in scenario.mechanisms if not on}
        self._weeks = [
            (one, Week(world, self._added, self._columns_of(one.file), one.name))
            for plugin in loaded() for one in plugin.mechanisms.values() if one.name not in off
        ]  # fmt: skip

    def _columns_of(self, file: str) -> dict[str, np.ndarray]:
        return self._kept.setdefault(file, {})

    def begin(self, week: int, last: int) -> int:
        """Let every mechanism begin this week, once; up to which week to live in one go."""
        if not self._weeks:
            return last
        if week > self._begun:
            for one, seen in self._weeks:
                seen.number = week
                self._call(one, partial(_live, one, seen))
            self._begun = week
        return week + 1

    def differs(self, other: Plugged) -> set[str]:
        """Names of numbers' sections, and of mechanisms, that are not the same in another world."""
        found = {one.name for one, _ in self._weeks} ^ {one.name for one, _ in other._weeks}
        for name in self._added.dtype.names or ():
            mine, theirs = self._added[name], other._added[name]
            if mine.tobytes() != theirs.tobytes():
                found.add(name)
        return found

    def answer(self, one: Outcome) -> Any:
        """What an outcome finds now: a float, or bool of shape (clients,)."""
        return self._call(one, partial(self._checked, one))

    def _checked(self, one: Outcome) -> Any:
        now = Now(self._world, self._added, self._columns_of(one.file))
        found = np.asarray(one.function(now))
        if found.dtype == bool and found.shape == (len(now.clients),):
            return found
        if found.shape != () or found.dtype.kind not in "iuf" or not np.isfinite(found):
            raise ValueError("should give a number, or True or False for each client")
        if one.unit is None:
            raise ValueError('gives a number, so it needs a unit: @outcome("…", "calls each")')
        return float(found)

    def _call(self, one: Mechanism | Outcome, ask: Callable[[], Any]) -> Any:
        """Ask a plug-in something; PluginFailed, with the place, where it goes wrong."""
        try:
            return ask()
        except (Exception, SystemExit) as fault:
            code = one.function.__code__
            line = line_in(fault, code.co_filename) or code.co_firstlineno
            why = told(fault).rstrip(".")
            if LOCKED in why:
                why = (
                    f"{why}. A mechanism may write {', '.join(WRITABLE)}; other things change "
                    f"through verbs of the week: {VERBS}"
                )
            raise PluginFailed(
                f"{place(one.file, line)}, in {one.name} (week {self._world.week}, "
                f"{len(self._world.clients):,} simulated people): {why}."
            ) from fault


def _live(one: Mechanism, week: Week) -> None:
    one.function(week)
    week.check()
