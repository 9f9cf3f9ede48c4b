"""A sweep as it is asked for: worlds, what varies and how, how often, and what is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from recoverysim.outcomes import DEFAULT_DEFINITION
from recoverysim.plan import Plan
from recoverysim.scenario import Scenario, refuse_without_twins
from recoverysim.studies.sweeps.factors import Factor, Setting

DESIGNS = {
    "grid": "every value of each factor with every value of each other",
    "rows": "the rows of a CSV file",
    "latin-hypercube": "`points` settings that cover every range evenly",
    "morris": "`points` trajectories, a factor moved at each step: which factors matter at all",
    "sobol": "2 + factors settings for each of `points`: how much of the variance is whose",
    "accepted": "`points` of the parameter sets that calibration accepted",
}
TWINS, INDEPENDENT = "twins", "independent"
MOST_RUNS = 50_000_000
MEASURES = (
    "in_recovery", "deaths", "deaths_overdose", "offered", "connected", "attending",
    "weeks_in_recovery", "cost", "life_years", "qalys",
)  # fmt: skip


@dataclass(frozen=True)
class SweepPlan:
    """What is run, and what is kept of each run.

    `scenarios` live every point beside each other, as twins of one another: the same people with
    the same luck. `repeats_are` says whether repeat r has the same luck at every point (`twins`) or
    a luck of its own there (`independent`). `knowledge` is of every number that is no factor, as in
    `Plan`: under `accepted` and `prior` repeat r lives under a set of its own. `rows` are the
    points themselves, of the designs `grid` and `rows`.
    """

    name: str
    question: str
    scenarios: tuple[Scenario, ...]
    factors: tuple[Factor, ...]
    design: str
    points: int = 0
    levels: int = 4
    rows: tuple[tuple[Setting, ...], ...] = ()
    clients: int = 500
    years: int = 5
    repeats: int = 1
    repeats_are: str = TWINS
    seed: int = 1
    knowledge: str = "none"
    definition: str = DEFAULT_DEFINITION
    measures: tuple[str, ...] = MEASURES
    # What would count as worth having: from so much of the first measure on, in the last year.
    worth_from: float | None = None

    def __post_init__(self) -> None:
        self.one_run()  # ValueError where sizes, seed or knowledge cannot be
        for other in self.scenarios[1:]:
            refuse_without_twins(self.scenarios[0], other)

    def one_run(self) -> Plan:
        """The sizes of the runs, as other studies have them."""
        return Plan(self.clients, self.years, self.repeats, self.seed, self.knowledge, threads=1)

    @property
    def compares(self) -> bool:
        """Whether each other scenario is told as a difference from the first."""
        return len(self.scenarios) > 1

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the scenarios."""
        return tuple(scenario.name for scenario in self.scenarios)

    def settings(self) -> dict[str, Any]:
        """All that decides what is run and kept, fit for JSON; words do not count."""
        mine = asdict(self)
        for name in ("name", "question"):
            del mine[name]
        if self.design == "rows":
            mine["rows"] = hashlib.sha256(json.dumps(self.rows).encode()).hexdigest()
        mine["scenarios"] = {scenario.name: scenario.hash() for scenario in self.scenarios}
        return json.loads(json.dumps(mine))

    def hash(self) -> str:
        """SHA-256 of the same."""
        return hashlib.sha256(json.dumps(self.settings(), sort_keys=True).encode()).hexdigest()

    @classmethod
    def of_settings(cls, name: str, question: str, settings: Mapping[str, Any]) -> SweepPlan:
        """A plan from what `settings` gave: enough to analyse, not to run, since of its scenarios
        only the names are known."""
        kept = dict(settings)
        factors = tuple(
            Factor(**(one | {key: tuple(one[key]) for key in ("sets", "values", "only_in")}))
            for one in kept.pop("factors")
        )
        scenarios = tuple(Scenario(one) for one in kept.pop("scenarios"))
        kept["rows"] = ()
        kept["measures"] = tuple(kept["measures"])
        return cls(name, question, scenarios, factors, **kept)
