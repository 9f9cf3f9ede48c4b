"""A plan of a sweep from its file, read strictly: every fault with its line and its remedy."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from recoverysim import yaml_strictly
from recoverysim.outcomes import DEFAULT_DEFINITION
from recoverysim.plugins import outcomes
from recoverysim.quantities import ASSUMED, all_quantities
from recoverysim.scenario import Scenario, ScenarioError, load, shipped
from recoverysim.scenario_lines import nearest
from recoverysim.settings import MECHANISMS
from recoverysim.studies.measures import definitions
from recoverysim.studies.sweeps.factors import Factor, Setting, uncertain_factors
from recoverysim.studies.sweeps.plan import (
    DESIGNS,
    INDEPENDENT,
    MEASURES,
    MOST_RUNS,
    TWINS,
    SweepPlan,
)
from recoverysim.studies.trial_files import shipped_trials_folder
from recoverysim.studies.trial_reading import Lines, shown
from recoverysim.words import MEASURES as MODEL_MEASURES
from recoverysim.yaml_strictly import Fault, Value, short

KEYS = (
    "question", "scenarios", "design", "points", "levels", "uncertain", "factors", "rows",
    "clients", "years", "repeats", "repeats_are", "seed", "knowledge", "definition", "measures",
    "worth_from",
)  # fmt: skip
FACTOR_KEYS = ("sets", "low", "high", "steps", "values")
ALL = "all"
OF_RECOVERY = ("in_recovery_at_least_1_year", "in_recovery_without_medication")
MOST_VALUES, MOST_POINTS, MOST_ROWS = 1000, 10_000_000, 1_000_000
LARGEST_CSV = 256 * 1024 * 1024


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


def load_plan(name_or_path: str | Path) -> SweepPlan:
    """A plan by the name of a shipped one, or from a YAML file.

    Raises ScenarioError with every fault found: file, line, key, what was found, what is allowed.
    """
    return _Reader(_find(str(name_or_path))).read()


def _find(name: str) -> Path:
    path = shipped_folder() / f"{name}.yaml" if name in shipped_plans() else Path(name)
    if not path.is_file():
        said = f"is no shipped plan and no file.{nearest(name, shipped_plans())}"
        raise ScenarioError([Fault(short(name), 0, "", said)])
    return path


def known_measures() -> tuple[str, ...]:
    """Every measure that a sweep can keep."""
    return (*MODEL_MEASURES, *OF_RECOVERY, *(one.name for one in outcomes()))


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines = Lines(str(path))
        self.top: dict[str, Value] = yaml_strictly.read(path).content

    def read(self) -> SweepPlan:
        lines, top = self.lines, self.top
        lines.known("", top, KEYS)
        for key in ("question", "design"):
            if key not in top:
                lines.fault(0, key, "is missing")
        design = lines.choice("design", top.get("design"), DESIGNS)
        scenarios = self.scenarios()
        factors = self.factors(design, scenarios)
        rows: tuple[tuple[Setting, ...], ...] = ()
        if design == "rows":
            factors, rows = self.rows(factors)
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
        if lines.faults:
            raise ScenarioError(lines.faults)
        try:
            plan = SweepPlan(self.path.stem, question, scenarios, factors, rows=rows, **given)
            self.refuse_too_many(plan)
            self.try_settings(plan)
        except ScenarioError:
            raise
        except ValueError as fault:
            raise ScenarioError([Fault(str(self.path), 0, "", str(fault))]) from None
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
            beside = self.path.parent / one.content
            try:
                known = one.content in shipped() or not beside.is_file()
                scenario = load(one.content if known else beside)
            except ScenarioError as fault:
                self.lines.faults += [
                    each._replace(file=str(self.path), line=one.line, key="scenarios")
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
        return self.lines.whole("points", value, 2, MOST_POINTS, 2)

    def factors(self, design: str, scenarios: tuple[Scenario, ...]) -> tuple[Factor, ...]:
        value = self.top.get("factors")
        levers = tuple(
            one
            for name, inner in self.lines.mapping("factors", value, None).items()
            if (one := self.lever(design, name, inner, scenarios)) is not None
        )
        drawn = self.uncertain(design)
        if design == "accepted":
            drawn = uncertain_factors()
        if not (levers or drawn) and design != "rows" and not self.lines.faults:
            line = value.line if value else 0
            self.lines.fault(
                line, "factors", "should name what varies, or give `uncertain: all`"
            )  # fmt: skip
        return (*levers, *drawn)

    def lever(
        self, design: str, name: str, value: Value, scenarios: tuple[Scenario, ...]
    ) -> Factor | None:
        """One factor that is set: its own key or those of `sets`, and its values or ends."""
        key = f"factors.{name}"
        if not name.isprintable() or len(name) > 100:
            self.lines.fault(value.line, key, "should have a name of at most 100 characters")
        empty = value.content is None
        given = {} if empty else self.lines.mapping(key, value, FACTOR_KEYS)
        sets, only_in = self.keys_set(key, name, value, given.get("sets"), scenarios)
        if not sets:
            return None
        if "values" in given:
            for other in ("low", "high", "steps"):
                if other in given:
                    said = "stands beside values; give one or the other"
                    self.lines.fault(given[other].line, f"{key}.{other}", said)
            return Factor(
                name, sets, self.values(f"{key}.values", given["values"]), only_in=only_in
            )
        if any(one in all_quantities() for one in sets):
            low, high = self.ends(key, value.line, sets, given)
            if design != "grid":
                return Factor(name, sets, low=low, high=high, only_in=only_in)
            steps = self.lines.whole(f"{key}.steps", given.get("steps"), 2, MOST_VALUES, 0)
            if not steps:
                said = "needs `values`, or `steps` from low to high: the design is a grid"
                self.lines.fault(value.line, key, said)
                return None
            each = tuple(low + (high - low) * step / (steps - 1) for step in range(steps))
            return Factor(name, sets, each, low, high, only_in=only_in)
        if any(one.startswith("mechanisms.") for one in sets):
            return Factor(name, sets, (True, False))
        self.lines.fault(value.line, key, "needs `values`")
        return None

    def keys_set(
        self, key: str, name: str, value: Value, sets: Value | None,
        scenarios: tuple[Scenario, ...],
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:  # fmt: skip
        """The keys that a factor sets, and where each is set in one scenario only, in which."""
        known = (
            *all_quantities(), *(f"mechanisms.{one}" for one in MECHANISMS), "network.kind",
        )  # fmt: skip
        if sets is not None and isinstance(sets.content, dict):
            names = [scenario.name for scenario in scenarios]
            pairs = [
                (one, where)
                for where, inner in self.lines.mapping(f"{key}.sets", sets, names).items()
                for one in self.lines.choices(f"{key}.sets.{where}", inner, known)
            ]
            return tuple(one for one, _ in pairs), tuple(where for _, where in pairs)
        if sets is not None:
            return self.lines.choices(f"{key}.sets", sets, known), ()
        if name not in known:
            said = (
                f"is not known.{nearest(name, known)} A name of your own needs `sets`: the keys "
                "that it sets"
            )
            self.lines.fault(value.line, key, said)
            return (), ()
        return (name,), ()

    def values(self, key: str, value: Value) -> tuple[Setting, ...]:
        content = value.content
        if not isinstance(content, list) or not 1 <= len(content) <= MOST_VALUES:
            said = f"should list 1 to {MOST_VALUES} values; found {shown(value)}"
            self.lines.fault(value.line, key, said)
            return ()
        found = []
        for one in content:
            if isinstance(one.content, bool | int | float):
                kind: Setting = (
                    one.content if isinstance(one.content, bool) else float(one.content)
                )  # fmt: skip
                found.append(kind)
            elif isinstance(one.content, str):
                found.append(str(one.content))
            else:
                said = f"should be a number, true, false or a name; found {shown(one)}"
                self.lines.fault(one.line, key, said)
        if len(set(found)) < len(found):
            self.lines.fault(value.line, key, "lists the same value twice; keep one")
        return tuple(found)

    def ends(
        self, key: str, line: int, sets: tuple[str, ...], given: dict[str, Value]
    ) -> tuple[float, float]:
        """From where to where: as given, else the range that the evidence gives."""
        several = [all_quantities()[one] for one in sets if one in all_quantities()]
        bounds = max(q.bounds[0] for q in several), min(q.bounds[1] for q in several)
        low, high = (
            self.lines.number(f"{key}.{end}", given.get(end), *bounds, getattr(several[0], end))
            for end in ("low", "high")
        )
        if not {"low", "high"} <= given.keys() and len({(q.low, q.high) for q in several}) > 1:
            said = "needs low and high: the ranges of what it sets differ"
            self.lines.fault(line, key, said)
        elif not given.keys() & {"low", "high"} and low == high:
            said = f"has no range in the evidence, which has {low:g}; give low and high"
            self.lines.fault(line, key, said)
        elif low >= high:
            self.lines.fault(line, key, f"needs low below high; found {low:g} and {high:g}")
        return low, high

    def uncertain(self, design: str) -> tuple[Factor, ...]:
        """`all`, or names of numbers, or of whole sections, that the evidence leaves open."""
        value = self.top.get("uncertain")
        if value is None:
            return ()
        if design in ("grid", "rows", "accepted"):
            said = (
                f"cannot be crossed with the design {design}: uncertain numbers are drawn, not set"
            )
            self.lines.fault(value.line, "uncertain", said)
            return ()
        every = [one.name for one in uncertain_factors()]
        if value.content in (ALL, ASSUMED):
            assumed = value.content == ASSUMED
            keys = [one for one in every if not assumed or all_quantities()[one].grade == ASSUMED]
            return uncertain_factors(tuple(keys))
        sections = list(dict.fromkeys(one.split(".")[0] for one in every))
        names = self.lines.choices("uncertain", value, (ALL, *sections, *every))
        return uncertain_factors(
            tuple(one for one in every if one in names or one.split(".")[0] in names)
        )

    def rows(
        self, factors: tuple[Factor, ...]
    ) -> tuple[tuple[Factor, ...], tuple[tuple[Setting, ...], ...]]:
        """The points from a CSV file beside the plan: a column a factor, a row a point."""
        value = self.top.get("rows")
        if value is None or not isinstance(value.content, str):
            line = value.line if value else 0
            self.lines.fault(line, "rows", "should name a CSV file: a column for each factor")
            return factors, ()
        path = self.path.parent / value.content
        if not path.is_file() or path.stat().st_size > LARGEST_CSV:
            said = f"there is no such file beside the plan: {short(value.content)}"
            self.lines.fault(value.line, "rows", said)
            return factors, ()
        named = {factor.name: factor for factor in factors}
        try:
            with path.open(newline="", encoding="utf-8-sig") as file:
                heading, *lines = csv.reader(file)
        except (ValueError, csv.Error) as fault:
            said = f"{path.name} is no CSV file with a heading ({fault})"
            self.lines.fault(value.line, "rows", said)
            return factors, ()
        return self.columns(path.name, heading, lines, named)

    def columns(
        self, name: str, heading: list[str], lines: list[list[str]], named: dict[str, Factor]
    ) -> tuple[tuple[Factor, ...], tuple[tuple[Setting, ...], ...]]:
        found: list[Factor] = []
        for column in heading:
            if column in named:
                found.append(named[column])
            else:
                keys, _ = self.keys_set(f"{name}: {column}", column, Value(1, None), None, ())
                found.append(Factor(column, keys or (column,)))
        missing = sorted(set(named) - set(heading))
        if missing:
            self.lines.fault(1, name, f"has no column {', '.join(missing)}")
        if len(set(heading)) < len(heading):
            self.lines.fault(1, name, "names a column twice")
        if not lines or len(lines) > MOST_ROWS:
            self.lines.fault(0, name, f"holds {len(lines):,} rows; 1 to {MOST_ROWS:,} are read")
        rows = []
        for number, cells in enumerate(lines, 2):
            if len(cells) != len(heading):
                said = f"has {len(cells)} cells, and the heading {len(heading)}"
                self.lines.fault(number, name, said)
            rows.append(tuple(_cell(cell) for cell in cells))
            if len(self.lines.faults) >= yaml_strictly.MOST_FAULTS:
                break
        if self.lines.faults:
            return tuple(found), ()
        return tuple(
            _spanning(factor, [row[place] for row in rows]) for place, factor in enumerate(found)
        ), tuple(rows)

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
        names = [one.name for one in factors]
        if len(set(names)) < len(names):
            twice = sorted({one for one in names if names.count(one) > 1})
            lines.fault(0, "factors", f"{', '.join(twice)} varies twice: set, and as uncertain")

    def refuse_too_many(self, plan: SweepPlan) -> None:
        from recoverysim.studies.sweeps.designs import how_many_points

        runs = how_many_points(plan) * plan.repeats * len(plan.scenarios)
        if runs > MOST_RUNS:
            raise ValueError(f"asks for {runs:,} runs; at most {MOST_RUNS:,} can be numbered")

    def try_settings(self, plan: SweepPlan) -> None:
        """Set each value of each lever once, so that what cannot be set is found before it runs."""
        from recoverysim.studies.sweeps.designs import rows_of

        for place, factor in enumerate(one for one in plan.factors if not one.uncertain):
            if plan.design in ("grid", "rows"):
                tried: Iterable[Setting] = dict.fromkeys(row[place] for row in rows_of(plan))
            else:
                tried = factor.values or (factor.low, factor.high)
            for one in tried:
                told = f"{self.path}: factors.{factor.name}"
                for scenario in plan.scenarios:
                    scenario.replace(dict.fromkeys(factor.keys_in(scenario.name), one), told=told)


def _cell(cell: str) -> Setting:
    if yaml_strictly.NUMBER.match(cell.strip()):
        return float(cell)
    return {"true": True, "false": False}.get(cell.strip().lower(), cell.strip())


def _spanning(factor: Factor, settings: list[Setting]) -> Factor:
    """A factor whose ends are those of the rows."""
    numbers = [one for one in settings if isinstance(one, int | float)]
    if len(numbers) < len(settings) or any(isinstance(one, bool) for one in settings):
        return replace(factor, values=tuple(dict.fromkeys(settings)))
    return replace(factor, low=float(min(numbers)), high=float(max(numbers)))
