"""What a visitor asks: scenarios, the area they are set in, and how the answer is told.

It is all that a link holds. It is frozen: each change is a new one, which is what undo goes back
to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from recoverysim import dashboard_words as said
from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.dashboard.levers import levers_moved
from recoverysim.dashboard.work.looks import Look
from recoverysim.outcomes import DEFAULT_DEFINITION
from recoverysim.plan import Plan
from recoverysim.scenario import Scenario, load, shipped
from recoverysim.studies.quick_look import QUICK
from recoverysim.studies.reckoning import REPORTED_YEARS

MOST_SCENARIOS = 4
BASELINE = "baseline"
PARTS_OFF = "today-parts-off"  # the same where only parts of the model are switched off
AREA = "your-area"  # what today's world is called where numbers of an area are laid over it
FIRST = "peer-introduction"
YEARS = tuple(year for year in REPORTED_YEARS if year <= QUICK.years)
DEFINITIONS = ("abstinent_30_days", DEFAULT_DEFINITION, "at_least_1_year")
LONGEST_NAME = 40  # characters
NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9 _.-]{{0,{LONGEST_NAME - 1}}}")
MOST_CHANGES = 60
ALONE = (
    "It names another file, and only the scenario file itself can be opened here. "
    "`recoverysim compare` reads both."
)
OTHER_TIMES = (
    "People do not come at the same times as in today’s world, so nobody has a twin. "
    "Set it for both under “Your area”."
)
LIMITED = replace(QUICK, clients=2000, repeats=4)  # a quick look where places are limited
MADE_HERE = "changed"

Pairs = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Mix:
    """One scenario: a shipped one, and what was changed of it here.

    `lasts` is for how many years the way of linking goes on, None for good. `name` is only needed
    where something was changed.
    """

    base: str = FIRST
    changes: Pairs = ()
    lasts: int | None = None
    called: str = ""

    @property
    def name(self) -> str:
        """How it is called: the shipped name, or that of what was changed."""
        if not self.changes and self.lasts is None:
            return self.called or self.base
        return self.called or f"{self.base}-{MADE_HERE}"

    def effective(self) -> dict[str, Any]:
        """What it sets beside the declared values: the shipped file and what was changed."""
        return self._shipped().differences() | dict(self.changes)

    def set(self, changes: Mapping[str, Any]) -> Mix:
        """The same with other values; a value that the shipped file gives is no change."""
        given = self._shipped().differences()
        merged = dict(self.changes) | dict(changes)
        kept = {key: value for key, value in merged.items() if given.get(key, _NOTHING) != value}
        return replace(self, changes=tuple(sorted(kept.items())))

    def scenario(self) -> Scenario:
        """The scenario to live; ScenarioError for what cannot be set."""
        first = self._shipped()
        changes = dict(self.changes)
        if self.lasts is not None:
            until = self.lasts * WEEKS_A_YEAR
            linking = {
                key: value
                for key, value in (first.differences() | changes).items()
                if key.startswith(("linkage.", "practitioners."))
            }
            for key, value in linking.items():
                if isinstance(value, int | float):
                    changes[key] = {"value": value, "until_week": until}
        if not changes and self.name == first.name:
            return first
        made = first.replace(changes, name=self.name)
        asks = said.changed(self.base, levers_moved(dict(self.changes)), self.lasts)
        return replace(made, altered=(), question=asks, description="")

    def _shipped(self) -> Scenario:
        """What it begins from. ValueError for any other: a browser may send anything, and a path
        would be read from this machine."""
        if self.base not in shipped():
            raise ValueError(f"{self.base[:LONGEST_NAME]} is no shipped scenario")
        return load(self.base)


_NOTHING = object()


@dataclass(frozen=True)
class Asked:
    """Everything that the pages show follows from this.

    `area` are numbers of the area, laid over every world; `chosen` is the scenario that the levers
    move; `a_year` people start care in the area each year, None where that was not given.
    """

    mixes: tuple[Mix, ...] = (Mix(),)
    baseline: str = BASELINE
    area: Pairs = ()
    a_year: int | None = None
    definition: str = DEFAULT_DEFINITION
    year: int = YEARS[-1]
    seed: int = 1
    chosen: int = 0
    plain: bool = False

    @property
    def mix(self) -> Mix:
        """The scenario that the levers move."""
        return self.mixes[self.chosen]

    def with_mix(self, mix: Mix) -> Asked:
        """The same, with another scenario in place of the chosen one."""
        mixes = (*self.mixes[: self.chosen], mix, *self.mixes[self.chosen + 1 :])
        return replace(self, mixes=told_apart(mixes))

    def with_another(self, mix: Mix) -> Asked:
        """The same with one more scenario, which is then chosen; one that is there is chosen."""
        if mix in self.mixes:
            return replace(self, chosen=self.mixes.index(mix))
        mixes = told_apart((*self.mixes, mix)[:MOST_SCENARIOS])
        return replace(self, mixes=mixes, chosen=len(mixes) - 1)

    def without(self, place: int) -> Asked:
        """The same without one of its scenarios; the last one stays."""
        if len(self.mixes) == 1:
            return self
        mixes = self.mixes[:place] + self.mixes[place + 1 :]
        return replace(self, mixes=mixes, chosen=min(self.chosen, len(mixes) - 1))

    def worlds(self) -> tuple[Scenario, ...]:
        """What is lived: first what is compared with, the area's numbers laid over each."""
        first, *others = (load(self.baseline), *(mix.scenario() for mix in self.mixes))
        area = dict(self.area)
        if not area:
            return (first, *others)
        only_parts = all(key.startswith("mechanisms.") for key in area)
        name = PARTS_OFF if only_parts else AREA
        here = replace(_over(first, area), name=name, altered=(), description="")
        return (here, *(replace(_over(one, area), altered=()) for one in others))

    def look(self, *, quick: bool) -> Look:
        """What is to be answered: from few people at once, or from as many as the commands take.

        ScenarioError or ValueError for what cannot be asked.
        """
        worlds = self.worlds()
        plan = Plan(seed=self.seed)
        if quick:
            # So few people have no whole place of a limited kind: more of them, fewer times.
            limited = any(one.has_limits for one in worlds)
            plan = replace(LIMITED if limited else QUICK, seed=self.seed)
        return Look(worlds, self.definition, plan, quick)


def mix_of(scenario: Scenario, called: str | None = None) -> Mix:
    """Any scenario as the pages hold it: a shipped one by its name, others by what they set.

    Raises ValueError, with what to do, for one that no link can hold.
    """
    name = called or scenario.name
    if name in shipped() and load(name).hash() == scenario.hash():
        return Mix(name)
    if scenario.local or scenario.network_file is not None:
        raise ValueError(ALONE)
    if scenario.arrivals != load(BASELINE).arrivals:
        raise ValueError(OTHER_TIMES)
    differences = json.loads(json.dumps(scenario.differences()))
    if len(differences) > MOST_CHANGES:
        raise ValueError(f"It sets {len(differences)} numbers; at most {MOST_CHANGES} fit a link.")
    if not NAME.fullmatch(name):
        raise ValueError(said.bad_name(name, LONGEST_NAME))
    return Mix(BASELINE, tuple(sorted(differences.items())), called=name)


def _over(scenario: Scenario, area: Mapping[str, Any]) -> Scenario:
    """The area's numbers, where the scenario itself does not set them."""
    own = {key for key, _ in scenario.changes}
    mechanisms = {f"mechanisms.{name}" for name, _ in scenario.mechanisms}
    laid = {key: value for key, value in area.items() if key not in own | mechanisms}
    return scenario.replace(laid, name=scenario.name) if laid else scenario


def told_apart(mixes: tuple[Mix, ...]) -> tuple[Mix, ...]:
    """Different scenarios have different names."""
    found: list[Mix] = []
    for mix in mixes:
        taken = {one.name for one in found}
        name, number = mix.name, 2
        while name in taken or name in (BASELINE, AREA, PARTS_OFF):
            name, number = f"{mix.name}-{number}", number + 1
        found.append(mix if name == mix.name else replace(mix, called=name))
    return tuple(found)
