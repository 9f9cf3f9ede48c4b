"""What is sought, from a file: which lever is moved, over what range, and what it should reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from recoverysim import yaml_strictly
from recoverysim.cells import ALL, GROUPS
from recoverysim.knowledge import KNOWLEDGE, central_values
from recoverysim.outcomes import DEFAULT_DEFINITION
from recoverysim.plan import MOST_CLIENTS, MOST_REPEATS, MOST_YEARS, Plan
from recoverysim.plugins import outcomes
from recoverysim.quantities import CODE, all_quantities
from recoverysim.scenario import Scenario, ScenarioError, as_value, load
from recoverysim.scenario_lines import nearest
from recoverysim.settings import Change
from recoverysim.studies.measures import COUNTED, definitions
from recoverysim.studies.reckoning import years_within
from recoverysim.studies.trial_files import shipped_trials_folder
from recoverysim.studies.trial_reading import Lines, shown
from recoverysim.yaml_strictly import Fault, Value, short

KEYS = (
    "question", "scenario", "lever", "sets", "low", "high", "target", "clients", "years",
    "repeats", "seed", "knowledge",
)  # fmt: skip
# As differences from the scenario as it is, or as levels; each in people in every 1,000.
AIMS = ("more", "fewer", "at_least", "at_most")
TARGET_KEYS = ("measure", "year", "group", "definition", *AIMS)
MOST_AIMED = 1_000_000.0  # things may be counted that happen to people more than once
IN_RECOVERY = "in_recovery"
NOT_AMOUNTS = (CODE, "0 or 1")
FROM_PYTHON = "this plan"


@dataclass(frozen=True)
class Target:
    """`amount` in every 1,000 of `measure` in a year: so many `more` or `fewer` than the scenario
    has as it is, or `at_least` or `at_most` so many."""

    measure: str
    year: int
    aim: str
    amount: float
    group: str = ALL
    definition: str = DEFAULT_DEFINITION

    @property
    def is_a_level(self) -> bool:
        """Whether it can be reached without any change."""
        return self.aim.startswith("at_")

    def margin(self, before: np.ndarray, after: np.ndarray) -> np.ndarray:
        """By how much each repeat is beyond the target, below 0 where short of it."""
        moved = after if self.is_a_level else after - before
        return (moved if self.aim in ("more", "at_least") else -moved) - self.sign * self.amount

    @property
    def sign(self) -> int:
        """At most so many is at least minus so many; fewer is as many more of the opposite."""
        return -1 if self.aim == "at_most" else 1


@dataclass(frozen=True)
class SeekPlan:
    """The lever `keys` (all to one value) of a scenario, moved from `low` to `high` for a target.

    Made by `load_plan`, which says what is wrong with one.
    """

    name: str
    question: str
    scenario: Scenario
    keys: tuple[str, ...]
    low: float
    high: float
    target: Target
    run: Plan

    @property
    def lever(self) -> str:
        """The lever as it is told: `fellowships.*.meetings_ratio` where all members are moved."""
        section, *_, name = self.keys[0].split(".")
        alike = [
            k for k in all_quantities() if k.startswith(f"{section}.") and k.endswith(f".{name}")
        ]
        if len(self.keys) > 1 and set(alike) == set(self.keys):
            return f"{section}.*.{name}"
        return " and ".join(filter(None, (", ".join(self.keys[:-1]), self.keys[-1])))

    @property
    def is_set(self) -> bool:
        """Whether the scenario sets the lever, so that it is known where it stands."""
        set_here = {*dict(self.scenario.changes), *dict(self.scenario.today)}
        return set_here.issuperset(self.keys)

    @property
    def today(self) -> float:
        """Where the lever stands in the scenario; if uncertain, its declared value."""
        return self.scenario.at_first(central_values())[self.keys[0]]

    def at(self, setting: float) -> Scenario:
        """The scenario with the lever set, known and for the whole run."""
        moved = self.scenario.replace(
            dict.fromkeys(self.keys, setting), f"{self.scenario.name} at {setting:g}"
        )
        # That it was altered is what the answer tells anyway.
        return replace(moved, altered=self.scenario.altered)

    def altered(
        self, clients: int | None = None, repeats: int | None = None, seed: int | None = None,
        threads: int | None = None, settings: Mapping[str, Any] | None = None,
    ) -> SeekPlan:  # fmt: skip
        """The same with other sizes or another seed, and values laid over the scenario.

        ValueError where they cannot be.
        """
        run = replace(
            self.run,
            clients=self.run.clients if clients is None else clients,
            repeats=self.run.repeats if repeats is None else repeats,
            seed=self.run.seed if seed is None else seed,
            threads=self.run.threads if threads is None else threads,
        )
        scenario = self.scenario
        if settings:
            scenario = scenario.replace(settings, told="--set")
            wrong = why_not_moved(scenario, self.keys)
            if wrong:
                raise ValueError(f"{self.lever} {wrong}")
        return replace(self, scenario=scenario, run=run)

    def settings(self) -> dict[str, Any]:
        """What was asked, fit for JSON."""
        aimed = {self.target.aim: self.target.amount}
        told = {"measure": self.target.measure, "year": self.target.year} | aimed
        return {
            "plan": self.name, "question": self.question, "scenario": self.scenario.name,
            "sets": list(self.keys), "today": self.today, "low": self.low, "high": self.high,
            "target": told | {"group": self.target.group, "definition": self.target.definition},
        }  # fmt: skip


def shipped_folder() -> Path:
    """Where the plans that come with the program are."""
    return shipped_trials_folder().parent / "seek"


def shipped_plans() -> tuple[str, ...]:
    """Their names."""
    return tuple(sorted(path.stem for path in shipped_folder().glob("*.yaml")))


def load_plan(given: str | Path | Mapping[str, Any]) -> SeekPlan:
    """A shipped plan by its name, one from a file, or the same lines as a mapping.

    ScenarioError with every fault.
    """
    if isinstance(given, Mapping):
        return _read(as_value(given).content, Lines(FROM_PYTHON), FROM_PYTHON)
    shipped = shipped_folder() / f"{given}.yaml"
    path = shipped if str(given) in shipped_plans() else Path(given)
    if not path.is_file():
        said = f"is no shipped plan and no file.{nearest(str(given), shipped_plans())}"
        raise ScenarioError([Fault(short(str(given)), 0, "", said)])
    return _read(yaml_strictly.read(path).content, Lines(str(path)), path.stem)


def why_not_moved(scenario: Scenario, keys: Sequence[str]) -> str:
    """Why these numbers cannot be moved together in a scenario; nothing where they can."""
    plain = dict(scenario.changes)
    for key in keys:
        several = plain.get(key, ())
        if several and several != (Change(several[0].value),):
            return f"changes by week in “{scenario.name}”; a setting here is for the whole run"
    stand = {key: scenario.at_first(central_values())[key] for key in keys}
    if len(set(stand.values())) > 1:
        told = ", ".join(f"{key} {value:g}" for key, value in stand.items())
        return f"stand at different values today ({told}), so there is no change from one of them"
    return ""


def _read(top: Mapping[str, Value], lines: Lines, name: str) -> SeekPlan:
    lines.known("", top, KEYS)
    target_lines = lines.mapping("target", top.get("target"), TARGET_KEYS)
    if "target" not in top:
        lines.fault(0, "target", "is missing: what should be reached")
    scenario = _scenario(lines, top.get("scenario"))
    keys = _keys(lines, top)
    if keys and scenario:
        wrong = why_not_moved(scenario, keys)
        if wrong:
            where = "lever" if "lever" in top else "sets"
            lines.fault(top[where].line, where, wrong)
    low, high = _range(lines, top, keys)
    year = lines.whole("target.year", target_lines.get("year"), 1, MOST_YEARS, 1)
    run = Plan(
        lines.whole("clients", top.get("clients"), 1, MOST_CLIENTS, 2000),
        lines.whole("years", top.get("years"), 1, MOST_YEARS, year),
        lines.whole("repeats", top.get("repeats"), 1, MOST_REPEATS, 200),
        lines.whole("seed", top.get("seed"), 0, 2**63, 1),
        lines.choice("knowledge", top.get("knowledge"), KNOWLEDGE),
    )
    target = _target(lines, top.get("target"), target_lines, year, run.years)
    question = lines.words("question", top.get("question"))
    if lines.faults or scenario is None:
        raise ScenarioError(lines.faults)
    return SeekPlan(name, question, scenario, keys, low, high, target, run)


def _scenario(lines: Lines, value: Value | None) -> Scenario | None:
    """A shipped scenario, or a file beside this one or where the command is given."""
    content = "baseline" if value is None else value.content
    if isinstance(content, Scenario):
        return content
    if not isinstance(content, str):
        line = value.line if value else 0
        lines.fault(line, "scenario", f"should name one; found {shown(Value(0, content))}")
        return None
    beside = Path(lines.file).parent / content
    try:
        return load(beside if beside.is_file() else content)
    except ScenarioError as fault:
        line = value.line if value else 0
        for one in fault.faults:
            lines.fault(line, "scenario", str(one))
    return None


def _keys(lines: Lines, top: Mapping[str, Value]) -> tuple[str, ...]:
    """The numbers that are moved: amounts, none of which decides when people come."""
    known = tuple(all_quantities())
    if ("lever" in top) == ("sets" in top):
        said = "give either `lever: KEY` or `sets: [KEY, …]`, what is moved"
        lines.fault(0, "lever", f"is {'given twice' if 'lever' in top else 'missing'}; {said}")
        return ()
    where = "lever" if "lever" in top else "sets"
    value = top[where]
    if where == "lever":
        one = lines.choice("lever", value, known, "")
        keys: tuple[str, ...] = (one,) if one else ()
    else:
        keys = lines.choices("sets", value, known)
    for key in keys:
        if all_quantities()[key].unit in NOT_AMOUNTS:
            lines.fault(value.line, where, f"{key} is one of several forms and no amount")
        elif key.startswith("arrivals."):
            said = f"{key} moves when people come, so that nobody would have a twin"
            lines.fault(value.line, where, said)
    return keys


def _range(
    lines: Lines, top: Mapping[str, Value], keys: tuple[str, ...]
) -> tuple[float, float]:  # fmt: skip
    """From where to where: as given, else what the evidence says of every one of the numbers."""
    moved = [all_quantities()[key] for key in keys]
    least = max((one.bounds[0] for one in moved), default=-np.inf)
    most = min((one.bounds[1] for one in moved), default=np.inf)
    without = [key for key, one in zip(keys, moved, strict=True) if one.low == one.high]
    if without and not {"low", "high"} <= set(top):
        said = f"has no range in the evidence; give both low and high ({moved[0].unit})"
        where = "lever" if "lever" in top else "sets"
        lines.fault(top[where].line, where, f"{without[0]} {said}")
        return 0.0, 1.0
    low = lines.number("low", top.get("low"), least, most, max((o.low for o in moved), default=0))
    high = lines.number(
        "high", top.get("high"), least, most, min((o.high for o in moved), default=1)
    )
    if not low < high:
        line = max((top[end].line for end in ("low", "high") if end in top), default=0)
        lines.fault(line, "high", f"is {high:g}, where it should be above low ({low:g})")
    return low, high


def _target(
    lines: Lines, value: Value | None, given: Mapping[str, Value], year: int, years: int
) -> Target:
    """What should be reached: one aim, of one measure, in a year that the run reports."""
    line = value.line if value else 0
    is_told = value is not None and isinstance(value.content, dict)
    # Outcomes of plug-ins that are counted per person are people in every 1,000 too.
    counted = [one.name for one in outcomes() if one.unit is None]
    measures = (IN_RECOVERY, *COUNTED, "readmissions", *counted)
    if is_told and "year" not in given:
        lines.fault(line, "target.year", "is missing: after how many years")
    elif year not in years_within(years):
        told = ", ".join(str(one) for one in years_within(years))
        said = f"is {year}; reported of a run of {years} are the years {told}"
        lines.fault(given["year"].line if "year" in given else line, "target.year", said)
    aims = [name for name in AIMS if name in given]
    if is_told and len(aims) != 1:
        said = f"should have one of {', '.join(AIMS)}; found {' and '.join(aims) or 'none'}"
        lines.fault(line, "target", said)
    if is_told and "measure" not in given:
        lines.fault(line, "target.measure", f"is missing, for example {IN_RECOVERY}")
    aim = aims[0] if aims else "more"
    is_a_level = aim.startswith("at_")
    return Target(
        lines.choice("target.measure", given.get("measure"), measures), year, aim,
        lines.number(
            f"target.{aim}", given.get(aim), 0, MOST_AIMED, 1, " in every 1,000",
            above=not is_a_level,
        ),
        lines.choice("target.group", given.get("group"), GROUPS),
        lines.choice(
            "target.definition", given.get("definition"), definitions(), DEFAULT_DEFINITION
        ),
    )  # fmt: skip
