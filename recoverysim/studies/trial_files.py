"""Studies to simulate, as files: people, arms, follow-up and loss, and what was published.

A study is a difference from a scenario: `people` holds for every arm, and each arm adds its own.
Read as strictly: every fault with its line and the nearest right name.
"""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from recoverysim import yaml_strictly
from recoverysim.evidence import figures
from recoverysim.scenario import Scenario, ScenarioError, load
from recoverysim.scenario_lines import Reader
from recoverysim.studies.histories import MEASURES
from recoverysim.yaml_strictly import Fault, Value, short

KEYS = (
    "name", "question", "studied", "base", "people", "arms", "visits", "lost_share",
    "lost_count_as", "years", "figures",
)  # fmt: skip
VISITS = ("after_start", "after_care")
LOST = ("missing", "no")
LARGEST_ARM = 1_000_000


@dataclass(frozen=True)
class Arm:
    """One arm: how many were in it, and the world they lived in."""

    name: str
    size: int
    scenario: Scenario


@dataclass(frozen=True)
class Published:
    """One published figure, and what is measured to stand beside it.

    `arm` is measured, less `against` where it is a difference; `among` keeps the participants for
    whom another measure is true (or, with `not `, untrue). `size` is the number of people
    that the figure rests on.
    `known` says why a miss is expected, written before it was first seen or by a dated line in the
    changelog.
    """

    measure: str
    arm: str
    week: int
    published: float
    figure: str
    against: str | None = None
    among: str | None = None
    size: int | None = None
    known: str = ""

    @property
    def tolerance(self) -> float:
        """How far the simulated median may lie from the published figure.

        The figure's own 95% sampling error, and at least 5 points; 10 points where nothing says how
        many people it rests on. Fixed before any study was simulated.
        """
        if self.size is None:
            return 0.10
        share = min(max(self.published, 0.05), 0.95) if self.against is None else 0.5
        arms = 1 if self.against is None else 2
        return max(0.05, 1.96 * math.sqrt(arms * share * (1 - share) / self.size))


@dataclass(frozen=True)
class Trial:
    """A study, ready to be simulated."""

    name: str
    question: str
    studied: str
    arms: tuple[Arm, ...]
    after_care: bool
    lost_share: float
    lost_count_as: str
    weeks: int
    figures: tuple[Published, ...]


def shipped_trials_folder() -> Path:
    """Where the studies that come with the program are."""
    package = Path(__file__).parent.parent
    inside = package / "_experiments" / "trials"
    return inside if inside.is_dir() else package.parent / "experiments" / "trials"


def shipped_trials() -> tuple[str, ...]:
    """Names of the studies that come with the program."""
    return tuple(sorted(path.stem for path in shipped_trials_folder().glob("*.yaml")))


def load_trial(name_or_path: str | Path) -> Trial:
    """A study by the name of a shipped one, or from a YAML file; ScenarioError with every fault."""
    name = str(name_or_path)
    path = shipped_trials_folder() / f"{name}.yaml" if name in shipped_trials() else Path(name)
    if path.suffix not in (".yaml", ".yml"):
        near = difflib.get_close_matches(name, shipped_trials(), 1)
        hint = (
            f" Did you mean {near[0]!r}?" if near else f" Shipped: {', '.join(shipped_trials())}."
        )
        raise ScenarioError([Fault(short(name), 0, "", f"is no shipped study and no file.{hint}")])
    return _Study(path).read()


class _Study:
    """Reads one study, collecting every fault before it refuses."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.top: dict[str, Value] = yaml_strictly.read(path).content
        self.faults: list[Fault] = []

    def fault(self, line: int, key: str, message: str) -> None:
        self.faults.append(Fault(str(self.path), line, key, message))

    def read(self) -> Trial:
        for key, value in self.top.items():
            if key not in KEYS:
                near = difflib.get_close_matches(key, KEYS, 1)
                hint = f" Did you mean {near[0]!r}?" if near else f" Known: {', '.join(KEYS)}."
                self.fault(value.line, key, f"is not known.{hint}")
        base = self.base()
        people = self.changed(base, "people", self.top.get("people"))
        arms = tuple(self.arms(people))
        trial = Trial(
            self.words("name") or self.path.stem, self.words("question"), self.words("studied"),
            arms,
            self.choice("visits", VISITS) == "after_care",
            self.number("lost_share", self.top.get("lost_share"), 0.0, 1.0, 0.0),
            self.choice("lost_count_as", LOST),
            52 * int(self.number("years", self.top.get("years"), 1, 20, 1)),
            tuple(self.figures({arm.name for arm in arms})),
        )  # fmt: skip
        for one in trial.figures:
            if one.week > trial.weeks:
                said = f"is {one.week}, after the end ({trial.weeks} weeks); give more years"
                self.fault(0, "figures.week", said)
        if self.faults:
            raise ScenarioError(self.faults)
        return trial

    def base(self) -> Scenario:
        value = self.top.get("base")
        try:
            return load(str(value.content) if value else "baseline")
        except ScenarioError as fault:
            line = value.line if value else 0
            for one in fault.faults:
                self.fault(line, "base", f"{one.file} {one.message}")
            return load("baseline")

    def changed(self, scenario: Scenario, key: str, value: Value | None) -> Scenario:
        """A scenario with the changes under a key laid over it."""
        if value is None:
            return scenario
        reader = Reader(str(self.path), self.path.parent)
        if not isinstance(value.content, dict):
            self.fault(value.line, key, "should hold 'key: value' lines")
            return scenario
        for name, inner in value.content.items():
            reader.take(name, inner)
        try:
            return reader.finish(replace(scenario, expected=None))
        except ScenarioError as fault:
            self.faults += fault.faults
            return scenario

    def arms(self, people: Scenario) -> list[Arm]:
        value = self.top.get("arms")
        if value is None or not isinstance(value.content, dict) or not value.content:
            self.fault(
                value.line if value else 0, "arms", "should name the arms, each with its size"
            )
            return []
        found = []
        for name, inner in value.content.items():
            if not isinstance(inner.content, dict) or "size" not in inner.content:
                self.fault(inner.line, f"arms.{name}", "should give the size of the arm")
                continue
            size = self.number(
                f"arms.{name}.size", inner.content["size"], 1, LARGEST_ARM, 1, whole=True
            )
            for other in set(inner.content) - {"size", "people"}:
                self.fault(
                    inner.line, f"arms.{name}.{other}", "is not known; an arm has size, people"
                )
            scenario = self.changed(people, f"arms.{name}", inner.content.get("people"))
            found.append(Arm(name, int(size), replace(scenario, name=name)))
        return found

    def figures(self, arms: set[str]) -> list[Published]:
        value = self.top.get("figures")
        if value is None or not isinstance(value.content, list) or not value.content:
            self.fault(value.line if value else 0, "figures", "should list what was published")
            return []
        return [one for line in value.content if (one := self.figure(line, arms)) is not None]

    def figure(self, line: Value, arms: set[str]) -> Published | None:
        """One line of published figures."""
        before = len(self.faults)
        if not isinstance(line.content, dict):
            self.fault(line.line, "figures", "each should be a mapping")
            return None
        given = {key: inner.content for key, inner in line.content.items()}
        for key in set(given) - set(Published.__dataclass_fields__):
            self.fault(line.line, f"figures.{key}", "is not known")
        for key, allowed in (("measure", MEASURES), ("arm", arms), ("figure", figures())):
            if given.get(key) not in allowed:
                near = difflib.get_close_matches(str(given.get(key)), list(allowed), 1)
                hint = f" Did you mean {near[0]!r}?" if near else ""
                self.fault(
                    line.line, f"figures.{key}", f"{short(given.get(key))!r} is not known.{hint}"
                )
        if given.get("against") is not None and given["against"] not in arms:
            self.fault(line.line, "figures.against", "should name another arm")
        if str(given.get("among") or next(iter(MEASURES))).removeprefix("not ") not in MEASURES:
            self.fault(line.line, "figures.among", "should be a measure, or 'not' and a measure")
        week = self.number("figures.week", line.content.get("week"), 0, 20 * 52, 0, whole=True)
        published = self.number("figures.published", line.content.get("published"), -1, 1, 0)
        if "size" in given:
            self.number("figures.size", line.content["size"], 1, 10**9, 1, whole=True)
        if len(self.faults) > before:
            return None
        return Published(**(given | {"week": int(week), "published": published}))

    def words(self, key: str) -> str:
        value = self.top.get(key)
        if value is None:
            return ""
        if not isinstance(value.content, str):
            self.fault(value.line, key, "should be words")
            return ""
        return " ".join(value.content.split())

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self.top.get(key)
        if value is not None and value.content not in allowed:
            self.fault(value.line, key, f"should be one of {', '.join(allowed)}")
        return str(value.content) if value is not None else allowed[0]

    def number(
        self, key: str, value: Value | None, low: float, high: float, default: float,
        *, whole: bool = False,
    ) -> float:  # fmt: skip
        """A number within bounds; the default where none is given, or a fault was noted."""
        if value is None:
            return default
        found: Any = value.content
        plain = isinstance(found, int | float) and not isinstance(found, bool)
        if not plain or not low <= found <= high or (whole and found != int(found)):
            kind = "a whole number" if whole else "a number"
            self.fault(value.line, key, f"should be {kind} from {low:g} to {high:g}")
            return default
        return float(found)
