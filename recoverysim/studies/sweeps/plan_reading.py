"""A plan of a sweep from its file, read strictly: every fault with its line and its remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from recoverysim import yaml_strictly
from recoverysim.evidence.accepted import accepted_file
from recoverysim.outcomes import DEFAULT_DEFINITION
from recoverysim.plugins import outcomes
from recoverysim.scenario import Scenario, ScenarioError, as_value, load, shipped
from recoverysim.scenario_lines import nearest
from recoverysim.store.columns import RUNS
from recoverysim.studies.measures import definitions
from recoverysim.studies.sweeps.factors import Factor, Setting
from recoverysim.studies.sweeps.plan import (
    DESIGNS,
    INDEPENDENT,
    MEASURES,
    MOST_RUNS,
    TWINS,
    SweepPlan,
)
from recoverysim.studies.sweeps.plan_factors import FactorLines
from recoverysim.studies.sweeps.plan_rows import read_rows
from recoverysim.studies.trial_files import shipped_trials_folder
from recoverysim.studies.trial_reading import Lines, shown
from recoverysim.words import MEASURES as MODEL_MEASURES
from recoverysim.yaml_strictly import Fault, Value, short

KEYS = (
    "name", "question", "scenarios", "design", "points", "levels", "uncertain", "factors", "rows",
    "clients", "years", "repeats", "repeats_are", "seed", "knowledge", "definition", "measures",
    "worth_from",
)  # fmt: skip
OF_TWO_RUNS = ("number_needed_", "cost_per_")
OF_RECOVERY = ("in_recovery_at_least_1_year", "in_recovery_without_medication")
MOST_POINTS = 10_000_000


def shipped_folder() -> Path:
    """Where the plans that come with the program are."""
    return shipped_trials_folder().parent


def shipped_plans() -> tuple[str, ...]:
    """The names of the plans of sweeps that come with the program."""
    return tuple(
        sorted(
            path.stem
            for path in shipped_folder().glob("*.yaml")
            if "design:" in path.read_text("utf-8")
        )
    )


def load_plan(plan: str | Path | Mapping[str, Any]) -> SweepPlan:
    """A plan by the name of a shipped one, from a YAML file, or from a mapping that holds what such
    a file would.

    Raises ScenarioError with every fault found: file, line, key, what was found, what is allowed.
    """
    if isinstance(plan, Mapping):
        return _Reader("plan", Path.cwd(), as_value(plan).content).read()
    path = _find(str(plan))
    return _Reader(str(path), path.parent, yaml_strictly.read(path).content).read()


def _find(name: str) -> Path:
    path = shipped_folder() / f"{name}.yaml" if name in shipped_plans() else Path(name)
    if not path.is_file():
        said = f"is no shipped plan and no file.{nearest(name, shipped_plans())}"
        raise ScenarioError([Fault(short(name), 0, "", said)])
    return path


def known_measures() -> tuple[str, ...]:
    """Every measure that a sweep can keep: those that one run has by itself."""
    of_a_run = (one for one in MODEL_MEASURES if not one.startswith(OF_TWO_RUNS))
    return (*of_a_run, *OF_RECOVERY, *(one.name for one in outcomes()))


class _Reader:
    def __init__(self, file: str, folder: Path, top: dict[str, Value]) -> None:
        self.file = file
        self.folder = folder
        self.top = top
        self.lines = Lines(file)

    def read(self) -> SweepPlan:
        lines, top = self.lines, self.top
        lines.known("", top, KEYS)
        for key in ("question", "design"):
            if key not in top:
                lines.fault(0, key, "is missing")
        design = lines.choice("design", top.get("design"), DESIGNS)
        scenarios = self.scenarios()
        if lines.faults:  # what follows from them is no fault of its own
            raise ScenarioError(lines.faults)
        factors = FactorLines(lines, top, design, scenarios).read()
        rows: tuple[tuple[Setting, ...], ...] = ()
        if design == "rows":
            factors, rows = read_rows(lines, self.folder, top.get("rows"), factors)
        elif "rows" in top:
            lines.fault(top["rows"].line, "rows", "belongs to the design rows")
        default = "none" if any(one.uncertain for one in factors) else "accepted"
        given: dict[str, Any] = {
            "design": design,
            "points": self.points(design),
            "levels": lines.whole("levels", top.get("levels"), 2, 100, 4),
            "clients": lines.whole("clients", top.get("clients"), 1, 20_000_000, 500),
            "years": lines.whole("years", top.get("years"), 1, 20, 5),
            "repeats": lines.whole("repeats", top.get("repeats"), 1, 100_000, 1),
            "repeats_are": lines.choice(
                "repeats_are", top.get("repeats_are"), (TWINS, INDEPENDENT)
            ),
            "seed": lines.whole("seed", top.get("seed"), 0, 2**63, 1),
            "knowledge": lines.choice(
                "knowledge", top.get("knowledge"), ("accepted", "prior", "none"), default
            ),
            "definition": lines.choice(
                "definition", top.get("definition"), definitions(), DEFAULT_DEFINITION
            ),
            "measures": lines.choices("measures", top.get("measures"), known_measures())
            or MEASURES,
            "worth_from": (
                lines.number("worth_from", top["worth_from"], -1e9, 1e9)
                if "worth_from" in top
                else None
            ),
        }
        self.refuse_what_does_not_go_together(given, factors)
        question = lines.words("question", top.get("question"))
        name = lines.words("name", top.get("name")) or Path(self.file).stem
        if lines.faults:
            raise ScenarioError(lines.faults)
        try:
            plan = SweepPlan(name, question, scenarios, factors, rows=rows, **given)
            self.refuse_too_many(plan)
            self.try_settings(plan)
        except ScenarioError:
            raise
        except ValueError as fault:
            raise ScenarioError([Fault(self.file, 0, "", str(fault))]) from None
        return plan

    def scenarios(self) -> tuple[Scenario, ...]:
        """The worlds, by name or as files beside the plan; the baseline where none is named."""
        value = self.top.get("scenarios")
        if value is None:
            return (load("baseline"),)
        several = value.content if isinstance(value.content, list) else [value]
        found: dict[str, Scenario] = {}
        for one in several:
            if not isinstance(one.content, str):
                said = f"should be names of scenarios; found {shown(one)}"
                self.lines.fault(one.line, "scenarios", said)
                continue
            beside = self.folder / one.content
            try:
                known = one.content in shipped() or not beside.is_file()
                scenario = load(one.content if known else beside)
            except ScenarioError as fault:
                self.lines.faults += [
                    each._replace(file=self.file, line=one.line, key="scenarios")
                    if not each.line
                    else each
                    for each in fault.faults
                ]
                continue
            if scenario.name in found:
                self.lines.fault(one.line, "scenarios", f"names {scenario.name!r} twice; keep one")
            found[scenario.name] = scenario
        if not several:
            self.lines.fault(value.line, "scenarios", "should name at least one scenario")
        return tuple(found.values())

    def points(self, design: str) -> int:
        value = self.top.get("points")
        if design in ("grid", "rows"):
            if value is not None:
                said = f"is given by the {'values' if design == 'grid' else 'file'}; leave it out"
                self.lines.fault(value.line, "points", said)
            return 0
        if value is None:
            self.lines.fault(0, "points", f"is missing; the design {design} needs it: "
                             f"{DESIGNS[design]}")  # fmt: skip
        most = len(accepted_file().rows) if design == "accepted" else MOST_POINTS
        return self.lines.whole("points", value, 2, most, 2)

    def refuse_what_does_not_go_together(
        self, given: dict[str, Any], factors: tuple[Factor, ...]
    ) -> None:
        lines = self.lines
        if "levels" in self.top and given["design"] != "morris":
            lines.fault(self.top["levels"].line, "levels", "belongs to the design morris")
        if given["design"] == "morris" and given["levels"] % 2:
            lines.fault(self.top["levels"].line, "levels", "should be an even number")
        if any(one.uncertain for one in factors) and given["knowledge"] != "none":
            lines.fault(
                self.top["knowledge"].line, "knowledge",
                "cannot be given where uncertain numbers vary: they vary by the design",
            )  # fmt: skip
        if given["design"] == "sobol" and given["points"] & (given["points"] - 1):
            said = f"should be a power of two, as 64 or 128; found {given['points']}"
            lines.fault(self.top["points"].line, "points", said)
        levers = [one for one in factors if not one.uncertain]
        for lever in levers:
            hidden = {one.name for one in factors if one.uncertain} & {*lever.sets} - {lever.name}
            if hidden and not lever.only_in:
                lines.fault(
                    self.top["factors"].line, f"factors.{lever.name}",
                    f"sets {', '.join(sorted(hidden))}, so that it cannot vary as uncertain too",
                )  # fmt: skip
        names = [one.name for one in factors]
        if len(set(names)) < len(names):
            twice = sorted({one for one in names if names.count(one) > 1})
            lines.fault(0, "factors", f"{', '.join(twice)} varies twice: set, and as uncertain")
        for taken in sorted({*names} & {*(one.name for one in RUNS), *given["measures"]}):
            said = "is the name of a column of the results"
            if taken in given["measures"]:
                said = "is also a measure that is kept"
                said += ", unless `measures` names others" if "measures" not in self.top else ""
            said += "; give the factor another name"
            lines.fault(self.top["factors"].line, f"factors.{taken}", said)

    def refuse_too_many(self, plan: SweepPlan) -> None:
        from recoverysim.studies.sweeps.designs import how_many_runs

        runs = how_many_runs(plan)
        if runs > MOST_RUNS:
            raise ValueError(f"asks for {runs:,} runs; at most {MOST_RUNS:,} can be numbered")

    def try_settings(self, plan: SweepPlan) -> None:
        """Set each value of each lever once, so that what cannot be set is found before it runs."""
        from recoverysim.studies.sweeps.designs import rows_of

        for place, factor in enumerate(one for one in plan.factors if not one.uncertain):
            if plan.design in ("grid", "rows"):
                column = [row[place] for row in rows_of(plan)]
                tried: Iterable[Setting] = dict.fromkeys(column)
            else:
                tried = factor.values or (factor.low, factor.high)
            for one in tried:
                told = f"{self.file}: factors.{factor.name}"
                if plan.design == "rows":
                    told = f"{self.top['rows'].content}, line {column.index(one) + 2}"
                for scenario in plan.scenarios:
                    scenario.replace(dict.fromkeys(factor.keys_in(scenario.name), one), told=told)
