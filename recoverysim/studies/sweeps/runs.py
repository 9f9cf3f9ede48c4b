"""The runs of a sweep, lived a chunk at a time, and the record of each.

A run is one scenario at one point in one repeat; all are numbered, the scenarios of a repeat beside
each other. Its record depends on the plan, its number and the program alone: not on which chunk,
worker or machine it was lived in.
"""

from __future__ import annotations

import hashlib
import json
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np

from recoverysim.cells import ALL
from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.dice import SCHEME
from recoverysim.knowledge import Values, accepted_sets, central_values, hash_of, values_at
from recoverysim.plan import Plan
from recoverysim.plugins import loaded
from recoverysim.scenario import Scenario
from recoverysim.studies.measures import Measure, measure_of
from recoverysim.studies.outcomes_of_plugins import Found, ask_all, measure_outcomes
from recoverysim.studies.reckoning import (
    Reckoning,
    reckon_world,
    stacked,
    weeks_reckoned,
    years_within,
)
from recoverysim.studies.repeats import Repeats
from recoverysim.studies.sweeps.factors import Setting
from recoverysim.studies.sweeps.plan import TWINS, SweepPlan
from recoverysim.version import package_version
from recoverysim.world import World, seed_of_repeat

RAISED = "raised"
CLIENT_WEEKS_A_PART = 20_000_000  # some two seconds for one worker: the most that a kill loses
MOST_RUNS_A_PART = 500


class Run(NamedTuple):
    """Which world a run lives in."""

    number: int
    point: int
    repeat: int
    scenario: int  # place in the plan


class Point(NamedTuple):
    """One point: a setting for each lever, and a place for each uncertain number."""

    settings: tuple[Setting, ...]
    places: np.ndarray


@dataclass(frozen=True)
class Chunk:
    """Some runs to be lived by one worker; `points` holds each point that they need."""

    plan: SweepPlan
    numbers: tuple[int, ...]
    points: Mapping[int, Point]


class Failed(NamedTuple):
    """A run that came to nothing, and why: it raised, crashed, or took too long."""

    number: int
    scenario: str
    point: int
    repeat: int
    why: str
    said: str
    traceback: str = ""


class Done(NamedTuple):
    """A chunk that was lived: a column for each field of the records, and the runs that failed."""

    columns: dict[str, np.ndarray]
    units: dict[str, str]
    failed: tuple[Failed, ...]


class _Lived(NamedTuple):
    run: Run
    key: str
    seed: int
    priced: Values
    reckoned: Reckoning
    of_plugins: list[Found]


def run_of(plan: SweepPlan, number: int) -> Run:
    """The run of a number: scenarios within repeats within points."""
    rest, scenario = divmod(number, len(plan.scenarios))
    point, repeat = divmod(rest, plan.repeats)
    return Run(number, point, repeat, scenario)


def runs_a_part(plan: SweepPlan) -> int:
    """How many runs are lived, and written, together."""
    weeks = plan.clients * plan.years * WEEKS_A_YEAR
    return min(max(1, CLIENT_WEEKS_A_PART // weeks), MOST_RUNS_A_PART)


def live_chunk(chunk: Chunk) -> Done:
    """Live every run of a chunk. One that raises is listed, and the others go on."""
    plan = chunk.plan
    lived: list[_Lived] = []
    failed: list[Failed] = []
    here: AtPoint | None = None
    for number in chunk.numbers:
        run = run_of(plan, number)
        if here is None or here.point != run.point:
            here = AtPoint(plan, run.point, chunk.points[run.point])
        try:
            lived.append(_live(here, run))
        except (Exception, SystemExit) as fault:
            said = f"{type(fault).__name__}: {fault}"
            failed.append(failure(plan, run, RAISED, said, traceback.format_exc()))
    columns, units = _measured(plan, lived)
    return Done(columns, units, tuple(failed))


def failure(plan: SweepPlan, run: Run, why: str, said: str, trace: str = "") -> Failed:
    """What is kept of a run that came to nothing."""
    name = plan.names[run.scenario]
    return Failed(run.number, name, run.point, run.repeat, why, said, trace)


def quantiles(design: str, places: np.ndarray) -> np.ndarray:
    """The quantiles of uncertain numbers at their places. A design of Morris stands at the ends of
    ranges half of the time: there the middle 95% of what is declared is the range, or what hardly
    ever happens would decide. The very ends of a range without ends do not exist."""
    if design == "morris":
        return np.asarray(0.025 + 0.95 * places)
    return np.clip(places, 1e-4, 1 - 1e-4)


class AtPoint:
    """What holds at one point: its parameter set, and each scenario with its levers set."""

    def __init__(self, plan: SweepPlan, point: int, at: Point) -> None:
        self.plan = plan
        self.point = point
        self.at = at
        self._scenarios: dict[int, Scenario] = {}

    def scenario(self, place: int) -> Scenario:
        """A scenario of the plan with the levers of this point set, as `--set` sets them."""
        if place not in self._scenarios:
            scenario = self.plan.scenarios[place]
            levers = [factor for factor in self.plan.factors if not factor.uncertain]
            differences: dict[str, Any] = {
                key: setting
                for factor, setting in zip(levers, self.at.settings, strict=True)
                for key in factor.keys_in(scenario.name)
            }
            changed = scenario.replace(differences, told="factors") if differences else scenario
            self._scenarios[place] = changed
        return self._scenarios[place]

    @cached_property
    def drawn(self) -> Values:
        """The parameter set of a point of a design over uncertain numbers."""
        if self.plan.design == "accepted":
            return _accepted(self.plan.points, self.plan.seed, _plugged_in())[self.point]
        keys = [factor.name for factor in self.plan.factors if factor.uncertain]
        inside = quantiles(self.plan.design, self.at.places)
        return values_at(dict(zip(keys, inside.tolist(), strict=True)))

    def values(self, repeat: int) -> Values:
        """The parameter set that a repeat lives under."""
        plan = self.plan
        if len(self.at.places):
            return self.drawn
        if plan.knowledge == "none":
            return central_values()
        sets = _sets(plan.one_run(), _plugged_in())
        own = repeat if plan.repeats_are == TWINS else self.point * plan.repeats + repeat
        return sets[own % len(sets)]


def _plugged_in() -> tuple[tuple[str, str | None], ...]:
    """Which plug-ins are in force: sets hold their numbers, too."""
    return tuple((plugin.file, plugin.sha256) for plugin in loaded())


@lru_cache(maxsize=2)
def _sets(plan: Plan, _plugged_in: tuple[tuple[str, str | None], ...]) -> list[Values]:
    return plan.parameter_sets()


@lru_cache(maxsize=2)
def _accepted(
    sets: int, seed: int, _plugged_in: tuple[tuple[str, str | None], ...]
) -> list[dict[str, float]]:
    return accepted_sets(sets, seed)


def _live(here: AtPoint, run: Run) -> _Lived:
    plan, scenario = here.plan, here.scenario(run.scenario)
    values, seed = here.values(run.repeat), seed_of(plan, run)
    world = World(scenario, values, plan.clients, seed, years=plan.years)
    years = years_within(plan.years)
    found = []
    for year in years:
        world.run_for(year * WEEKS_A_YEAR - world.week)
        found.append(ask_all(world))
    sums = reckon_world(world, weeks_reckoned(years), values["costs.discount_per_year"])
    return _Lived(run, key_of_run(here, run), seed, scenario.at_first(values), sums, found)


def seed_of(plan: SweepPlan, run: Run) -> int:
    """The luck of a run: of its repeat, or where repeats are independent, of its point as well."""
    seed = plan.seed if plan.repeats_are == TWINS else seed_of_repeat(plan.seed, run.point)
    return seed_of_repeat(seed, run.repeat)


def key_of_run(here: AtPoint, run: Run) -> str:
    """The key of a run at a point."""
    scenario, values = here.scenario(run.scenario), here.values(run.repeat)
    return key_of(here.plan, scenario, values, seed_of(here.plan, run))


def key_of(plan: SweepPlan, scenario: Scenario, values: Values, seed: int) -> str:
    """What the result of a run depends on, in 32 hexadecimal digits: what the scenario does, every
    parameter, size, seed, version and plug-ins."""
    content = [
        scenario.hash(), hash_of([values]), plan.clients, plan.years, seed, package_version(),
        SCHEME, [plugin.sha256 for plugin in loaded()],
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]


def _measured(plan: SweepPlan, lived: list[_Lived]) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """A row for each run and reported year, and the unit of each measure."""
    years = years_within(plan.years)
    if not lived:
        return {}, {}
    repeats = Repeats(
        plan.scenarios[0], plan.one_run(), np.empty(0), stacked([one.reckoned for one in lived]),
        [one.priced for one in lived], np.arange(len(lived)),
        tuple(one.of_plugins for one in lived),
    )  # fmt: skip
    found: dict[str, np.ndarray] = {}
    units: dict[str, str] = {}
    for one in _every_measure(repeats, plan.definition):
        name = column_of(one, plan.definition)
        if name not in plan.measures:
            continue
        units[name] = one.unit
        column = found.setdefault(name, np.empty((len(lived), len(years))))
        column[:, slice(None) if one.year is None else years.index(one.year)] = (
            one.values[:, None] if one.year is None else one.values
        )
    for name in plan.measures:  # of a perspective that is not counted here
        if name not in found:
            found[name], units[name] = np.full((len(lived), len(years)), np.nan), ""
    units = {name: units[name] for name in plan.measures}
    each = len(years)
    columns = {
        "number": np.repeat(np.array([one.run.number for one in lived], np.int64), each),
        "key": np.repeat(np.array([one.key for one in lived]), each),
        "scenario": np.repeat(np.array([plan.names[one.run.scenario] for one in lived]), each),
        "point": np.repeat(np.array([one.run.point for one in lived], np.int32), each),
        "repeat": np.repeat(np.array([one.run.repeat for one in lived], np.int32), each),
        "seed": np.repeat(np.array([one.seed for one in lived], np.uint64), each),
        "year": np.tile(np.array(years, np.int32), len(lived)),
    }
    return columns | {name: found[name].ravel() for name in plan.measures}, units


def _every_measure(repeats: Repeats, definition: str) -> Iterator[Measure]:
    yield from measure_of(ALL, repeats, definition)
    yield from (one for one in measure_outcomes(repeats) if one.group == ALL)


def column_of(one: Measure, definition: str) -> str:
    """The column that a measure has: its name, and how it differs from the sweep's definition."""
    if one.definition in (None, definition):
        return one.name
    other = str(one.definition).removeprefix(definition).removeprefix("_")
    return f"{one.name}_{other}"
