"""The factors of a plan, line by line: what varies, what it sets, and from where to where."""

from __future__ import annotations

from dataclasses import dataclass

from recoverysim.quantities import ASSUMED, all_quantities
from recoverysim.scenario import Scenario
from recoverysim.scenario_lines import nearest
from recoverysim.settings import MECHANISMS
from recoverysim.studies.sweeps.factors import Factor, Setting, uncertain_factors
from recoverysim.studies.trial_reading import Lines, shown
from recoverysim.yaml_strictly import Value

FACTOR_KEYS = ("sets", "low", "high", "steps", "values")
ALL = "all"
MOST_VALUES = 1000


def what_can_be_set() -> tuple[str, ...]:
    """Every key that a factor can set."""
    mechanisms = (f"mechanisms.{one}" for one in MECHANISMS)
    return (*all_quantities(), *mechanisms, "network.kind")


@dataclass
class FactorLines:
    """Reads the factors of one plan; faults are noted in `lines`."""

    lines: Lines
    top: dict[str, Value]
    design: str
    scenarios: tuple[Scenario, ...]

    def read(self) -> tuple[Factor, ...]:
        """Levers, then uncertain numbers."""
        value = self.top.get("factors")
        levers = tuple(
            one
            for name, inner in self.lines.mapping("factors", value, None).items()
            if (one := self.lever(name, inner)) is not None
        )
        drawn = self.uncertain()
        if self.design == "accepted":
            drawn = uncertain_factors()
            if levers:
                said = (
                    "cannot be set in the design accepted, whose points are parameter sets; a grid "
                    "with `knowledge: accepted` lives each repeat under one of them"
                )
                self.lines.fault(value.line if value else 0, "factors", said)
        if not (levers or drawn) and self.design != "rows" and not self.lines.faults:
            line = value.line if value else 0
            self.lines.fault(
                line, "factors", "should name what varies, or give `uncertain: all`"
            )  # fmt: skip
        return (*levers, *drawn)

    def lever(self, name: str, value: Value) -> Factor | None:
        """One factor that is set: its own key or those of `sets`, and its values or ends."""
        key = f"factors.{name}"
        if not name.isprintable() or len(name) > 100:
            self.lines.fault(value.line, key, "should have a name of at most 100 characters")
        empty = value.content is None
        given = {} if empty else self.lines.mapping(key, value, FACTOR_KEYS)
        sets, only_in = self.keys_set(key, name, value, given.get("sets"))
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
            if self.design != "grid":
                return Factor(name, sets, low=low, high=high, only_in=only_in)
            steps = self.lines.whole(f"{key}.steps", given.get("steps"), 2, MOST_VALUES, 0)
            if not steps:
                said = "needs `values`, or `steps` from low to high: the design is a grid"
                self.lines.fault(value.line, key, said)
                return None
            width = (high - low) / (steps - 1)
            # As they would be written: 0.6, not 0.6000000000000001.
            each = tuple(float(f"{low + width * step:.12g}") for step in range(steps))
            return Factor(name, sets, each, low, high, only_in=only_in)
        if any(one.startswith("mechanisms.") for one in sets):
            return Factor(name, sets, (True, False))
        self.lines.fault(value.line, key, "needs `values`")
        return None

    def keys_set(
        self, key: str, name: str, value: Value, sets: Value | None
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:  # fmt: skip
        """The keys that a factor sets, and where each is set in one scenario only, in which."""
        known = what_can_be_set()
        if sets is not None and isinstance(sets.content, dict):
            names = [scenario.name for scenario in self.scenarios]
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
        """What a factor may be, as listed."""
        content = value.content
        if not isinstance(content, list) or not 1 <= len(content) <= MOST_VALUES:
            said = f"should list 1 to {MOST_VALUES} values; found {shown(value)}"
            self.lines.fault(value.line, key, said)
            return ()
        found: list[Setting] = []
        for one in content:
            if isinstance(one.content, bool | int | float):
                number = not isinstance(one.content, bool)
                found.append(float(one.content) if number else one.content)
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
        before = len(self.lines.faults)
        low, high = (
            self.lines.number(f"{key}.{end}", given.get(end), *bounds, getattr(several[0], end))
            for end in ("low", "high")
        )
        if len(self.lines.faults) > before:
            return low, high
        if not {"low", "high"} <= given.keys() and len({(q.low, q.high) for q in several}) > 1:
            said = "needs low and high: the ranges of what it sets differ"
            self.lines.fault(line, key, said)
        elif not given.keys() & {"low", "high"} and low == high:
            said = f"has no range in the evidence, which has {low:g}; give low and high"
            self.lines.fault(line, key, said)
        elif low >= high:
            self.lines.fault(line, key, f"needs low below high; found {low:g} and {high:g}")
        return low, high

    def uncertain(self) -> tuple[Factor, ...]:
        """`all`, or names of numbers, or of whole sections, that the evidence leaves open."""
        value = self.top.get("uncertain")
        if value is None:
            return ()
        if self.design in ("grid", "rows", "accepted"):
            said = f"numbers are drawn, not set, so they cannot be varied by a {self.design}"
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
