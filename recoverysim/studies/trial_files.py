"""Studies to simulate, as files: people, arms, follow-up and loss, and what was published.

A study is a difference from a scenario: `people` holds for every arm, and each arm adds its own.
Read as strictly: every fault with its line and the nearest right name. docs/studies.md says how to
write one.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from recoverysim import yaml_strictly
from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.scenario import Scenario, ScenarioError, load
from recoverysim.scenario_lines import LONGEST_NAME, SPEAKING, Reader
from recoverysim.studies.figure_lines import FigureLine
from recoverysim.studies.inclusion import (
    ASKED,
    CHOICES,
    CRITERIA,
    FEWEST,
    RANGES,
    YES_OR_NO,
    Inclusion,
    share_who_qualify,
)
from recoverysim.studies.trial_figures import Published
from recoverysim.studies.trial_reading import Lines, shown
from recoverysim.yaml_strictly import MOST_FAULTS, Fault, Value, short

KEYS = (
    "name", "question", "studied", "family", "base", "people", "inclusion", "arms", "visits",
    "years", "lost_share", "lost_count_as", "lost_ratio_while_using", "figures",
)  # fmt: skip
ARM_KEYS = ("size", "people")
RANGE_KEYS = ("at_least", "at_most")
VISITS = ("after_start", "after_care")
MISSING, USING = "missing", "using"
LOST = (MISSING, USING)
LARGEST_ARM = 1_000_000
MOST_YEARS = 20
LARGEST_RATIO = 100.0


@dataclass(frozen=True)
class Arm:
    """One arm: how many took part in it, and the world they lived in.

    `lost_share` of them are lost to follow-up.
    """

    name: str
    size: int
    scenario: Scenario
    lost_share: float = 0.0


@dataclass(frozen=True)
class Trial:
    """A study, ready to be simulated.

    Studies of one `family` share data or people: what one of them fitted, another cannot test.
    """

    name: str
    question: str
    studied: str
    family: str
    arms: tuple[Arm, ...]
    inclusion: Inclusion
    after_care: bool
    lost_count_as: str
    lost_ratio_while_using: float
    weeks: int
    figures: tuple[Published, ...]

    def arm(self, name: str) -> Arm:
        """An arm by its name."""
        return next(arm for arm in self.arms if arm.name == name)

    def altered(
        self, clients: int | None, years: int | None, differences: Mapping[str, Any]
    ) -> Trial:
        """The same study with so many in every arm, for so many years, with values laid over.

        ValueError where the years would end before the last visit, or there are too many people.
        """
        if clients is not None and clients > LARGEST_ARM:
            raise ValueError(
                f"--clients {clients}: an arm has at most {LARGEST_ARM:,} participants"
            )
        weeks = self.weeks if years is None else WEEKS_A_YEAR * years
        if years is not None and not self.weeks <= weeks <= MOST_YEARS * WEEKS_A_YEAR:
            own = self.weeks // WEEKS_A_YEAR
            raise ValueError(f"--years {years}: {self.name} takes {own} to {MOST_YEARS}")
        arms = []
        for arm in self.arms:
            scenario = arm.scenario
            if differences:
                scenario = scenario.replace(differences, told="--set")
            arms.append(replace(arm, size=clients or arm.size, scenario=scenario))
        return replace(self, arms=tuple(arms), weeks=weeks)


def shipped_trials_folder() -> Path:
    """Where the studies that come with the program are."""
    package = Path(__file__).parent.parent
    inside = package / "_experiments" / "trials"
    return inside if inside.is_dir() else package.parent / "experiments" / "trials"


def shipped_trials() -> tuple[str, ...]:
    """Names of the studies that come with the program."""
    return tuple(sorted(path.stem for path in shipped_trials_folder().glob("*.yaml")))


def is_a_study(path: Path) -> bool:
    """Whether a YAML file that can be read says what was published or who was compared."""
    try:
        top = yaml_strictly.read(path).content
    except ScenarioError:
        return False
    return "arms" in top or "figures" in top


def load_trial(name_or_path: str | Path) -> Trial:
    """A study by the name of a shipped one, or from a YAML file; ScenarioError with every fault."""
    return _Study(_find(str(name_or_path))).read()


def _find(name: str) -> Path:
    if name in shipped_trials():
        return shipped_trials_folder() / f"{name}.yaml"
    path, said = Path(name), "is no shipped study and no file."
    with suppress(OSError, ValueError):
        if path.is_dir():
            said = "is a folder; name one study, or a file in it such as "
            inside = sorted(path.glob("*.yaml"))
            said = f"{said}{inside[0]}." if inside else "is a folder without a study (.yaml) in it."
        elif path.is_file():
            return path
        elif path.suffix in (".yaml", ".yml"):
            said = "there is no such file."
    near = difflib.get_close_matches(path.stem, shipped_trials(), 1)
    hint = f"Did you mean {near[0]!r}?" if near else f"Shipped: {', '.join(shipped_trials())}."
    raise ScenarioError([Fault(short(name), 0, "", f"{said} {hint}")])


class _Study:
    """Reads one study, collecting every fault before it refuses."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.top: dict[str, Value] = yaml_strictly.read(path).content
        self.lines = Lines(str(path))

    def read(self) -> Trial:
        self.lines.known("", self.top, KEYS)
        words = {key: self.lines.words(key, self.top.get(key)) for key in KEYS[:4]}
        years = self.lines.whole("years", self.top.get("years"), 1, MOST_YEARS, 1)
        people = self.changed(self.base(), "people", self.top.get("people"))
        arms = tuple(self.arms(people))
        trial = Trial(
            words["name"] or self.path.stem, words["question"], words["studied"],
            words["family"] or words["name"] or self.path.stem, arms, self.inclusion(),
            self.lines.choice("visits", self.top.get("visits"), VISITS) == "after_care",
            self.lines.choice("lost_count_as", self.top.get("lost_count_as"), LOST),
            self.lines.number("lost_ratio_while_using", self.top.get("lost_ratio_while_using"),
                              0, LARGEST_RATIO, 1.0, above=True),
            WEEKS_A_YEAR * years, tuple(self.figures([arm.name for arm in arms], years)),
        )  # fmt: skip
        if not self.lines.faults:
            self.refuse_what_nobody_meets(trial)
        if self.lines.faults:
            raise ScenarioError(self.lines.faults)
        return trial

    def base(self) -> Scenario:
        value = self.top.get("base")
        if value is None:
            return load("baseline")
        try:
            return load(self.lines.words("base", value))
        except ScenarioError as fault:
            for one in fault.faults:
                self.lines.fault(value.line, "base", f"{one.file} {one.message}")
            return load("baseline")

    def changed(self, scenario: Scenario, key: str, value: Value | None) -> Scenario:
        """A scenario with the changes under a key laid over it."""
        reader = Reader(str(self.path), self.path.parent)
        for name, inner in self.lines.mapping(key, value, None).items():
            if name in SPEAKING:
                self.lines.fault(inner.line, f"{key}.{name}", "is not a value that can be set here")
            else:
                reader.take(name, inner)
        try:
            return reader.finish(replace(scenario, expected=None))
        except ScenarioError as fault:
            self.lines.faults += fault.faults
            return scenario

    def arms(self, people: Scenario) -> list[Arm]:
        value = self.top.get("arms")
        given = self.lines.mapping("arms", value, None)
        if not given:
            line = value.line if value else 0
            self.lines.fault(line, "arms", "should name the arms, each with its size")
        lost = self.lost(list(given))
        found = []
        for name, inner in given.items():
            if not name.isprintable() or not 1 <= len(name) <= LONGEST_NAME:
                said = f"an arm's name should be 1 to {LONGEST_NAME} characters that can be printed"
                self.lines.fault(inner.line, f"arms.{name}", said)
            arm = self.lines.mapping(f"arms.{name}", inner, ARM_KEYS)
            if "size" not in arm:
                self.lines.fault(inner.line, f"arms.{name}", "should give the size of the arm")
            size = self.lines.whole(f"arms.{name}.size", arm.get("size"), 1, LARGEST_ARM, 1)
            scenario = self.changed(people, f"arms.{name}.people", arm.get("people"))
            if scenario.is_open:
                said = (
                    "is an open system; people of a study start together (arrivals.over_weeks: 0)"
                )
                self.lines.fault(inner.line, f"arms.{name}", said)
            found.append(Arm(name, size, replace(scenario, name=name), lost[name]))
        return found

    def lost(self, arms: list[str]) -> dict[str, float]:
        """The share lost to follow-up: one for all, or one an arm."""
        value = self.top.get("lost_share")
        if value is None or not isinstance(value.content, dict):
            share = self.lines.number("lost_share", value, 0, 1)
            return dict.fromkeys(arms, share)
        given = self.lines.mapping("lost_share", value, arms)
        for name in set(arms) - set(given):
            self.lines.fault(value.line, "lost_share", f"says nothing of the arm {short(name)!r}")
        return {
            name: self.lines.number(f"lost_share.{name}", given.get(name), 0, 1) for name in arms
        }

    def inclusion(self) -> Inclusion:
        """The criteria for taking part."""
        given = self.lines.mapping("inclusion", self.top.get("inclusion"), CRITERIA)
        choices, yes_or_no, ranges = [], [], []
        for name, value in given.items():
            key = f"inclusion.{name}"
            if name in CHOICES:
                chosen = self.lines.choices(key, value, CHOICES[name])
                choices.append((name, tuple(CHOICES[name].index(one) for one in chosen)))
            elif name in YES_OR_NO:
                yes_or_no.append((name, self.lines.switch(key, value)))
            elif name in RANGES:
                ranges.append((name, *self.range(key, value, *RANGES[name])))
        return Inclusion(tuple(choices), tuple(yes_or_no), tuple(ranges))

    def range(self, key: str, value: Value, low: float, high: float) -> tuple[float, float]:
        """`{at_least: 18, at_most: 65}`, or one of the two."""
        before = len(self.lines.faults)
        given = self.lines.mapping(key, value, RANGE_KEYS)
        if not given and len(self.lines.faults) == before:
            self.lines.fault(value.line, key, f"should give {' or '.join(RANGE_KEYS)}")
        least, most = (
            self.lines.number(f"{key}.{name}", given.get(name), low, high, default)
            for name, default in zip(RANGE_KEYS, (low, high), strict=True)
        )
        if least > most:
            self.lines.fault(value.line, key, f"leaves nobody: {least:g} is above {most:g}")
        return least, most

    def refuse_what_nobody_meets(self, trial: Trial) -> None:
        """Criteria that hardly anybody of some arm meets."""
        if not trial.inclusion:
            return
        for arm in trial.arms:
            share = share_who_qualify(trial.inclusion, arm.scenario)
            if share < FEWEST:
                told = "nobody" if share == 0 else f"only {100 * share:.1f}%"
                self.lines.fault(
                    self.top["inclusion"].line, "inclusion",
                    f"of {ASKED:,} simulated people who enter the arm {arm.name!r}, {told} would "
                    f"qualify; at least {100 * FEWEST:g}% have to: widen it, or change the mix "
                    "under people",
                )  # fmt: skip
                return

    def figures(self, arms: list[str], years: int) -> list[Published]:
        value = self.top.get("figures")
        if value is None or not isinstance(value.content, list) or not value.content:
            found = "" if value is None else f"; found {shown(value)}"
            line = value.line if value else 0
            self.lines.fault(line, "figures", f"should list what was published{found}")
            return []
        read = []
        for line in value.content:
            if len(self.lines.faults) < MOST_FAULTS:
                read.append(FigureLine(self.lines, line, arms, WEEKS_A_YEAR * years).read())
        return [one for one in read if one is not None]
