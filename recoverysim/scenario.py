"""Scenarios: a baseline, and a few lines of difference from it.

A scenario changes parameters (from a week, over a ramp, until a week), switches mechanisms off,
and may bring a network of its own. It is frozen and hashable; what it leaves alone is uncertain as
the evidence says, what it sets is set.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from recoverysim import settings, yaml_strictly
from recoverysim.local import data as local_data
from recoverysim.local.data import LocalData
from recoverysim.scenario_lines import SPEAKING, Reader, nearest
from recoverysim.scenario_words import Conditional, Expectation
from recoverysim.settings import Change
from recoverysim.yaml_strictly import Fault, FileFault, Value, short

ScenarioError = FileFault

LONGEST_CHAIN = 20
OF_LINKING = ("linkage.", "practitioners.", "on_the_premises.")


@dataclass(frozen=True)
class Scenario:
    """A named set of differences from the declared values. Make one with `load` or `replace`.

    `against` names the scenario that it is compared with where nobody says otherwise. `local` is
    what was read of an area's own files, and `today` the values that follow from it: they stand in
    place of the declared ones, and the changes are laid over them.
    """

    name: str
    against: str = "baseline"
    question: str = ""
    description: str = ""
    expected: Expectation | None = None
    conditional: Conditional | None = None
    changes: tuple[tuple[str, tuple[Change, ...]], ...] = ()
    mechanisms: tuple[tuple[str, bool], ...] = ()
    network: str = "small-world"
    network_file: Path | None = field(default=None, compare=False)
    network_sha256: str | None = None
    local: tuple[LocalData, ...] = ()
    today: tuple[tuple[str, float], ...] = ()
    altered: tuple[str, ...] = field(default=(), compare=False)

    def replace(
        self, differences: Mapping[str, Any], name: str | None = None, *, told: str | None = None
    ) -> Scenario:
        """The same scenario with other values, by dotted key: ``{"linkage.peer.fidelity": 1}``.

        A value may be a number, true or false for ``mechanisms.NAME``, a kind of network for
        ``network.kind``, or a mapping of value, from_week, ramp_weeks and until_week. Raises
        ScenarioError for anything unknown or out of bounds; `told` is what its faults name as
        their place (by default the scenario).
        """
        reader = Reader(told or self.name, Path.cwd())
        altered = tuple(f"{key}={value}" for key, value in differences.items())
        for key, value in differences.items():
            if key in SPEAKING or key in local_data.KEYS:
                reader.fault(0, key, "is not a value that can be set; write it in a scenario file")
            else:
                reader.take(key, as_value(value))
        # What was expected of the scenario as it was says nothing of an altered one.
        changed = replace(self, name=name or self.name, expected=None)
        return reader.finish(replace(changed, altered=self.altered + altered))

    def table(self, values: Mapping[str, float]) -> np.ndarray:
        """The parameters in force in each week, this scenario's changes laid over `values`.

        What its local data say is today's takes the place of those values first.
        """
        here = dict(values) | dict(self.today)
        return settings.tabulate(here, dict(self.changes), dict(self.mechanisms))

    def at_first(self, values: Mapping[str, float]) -> dict[str, float]:
        """The same by key, a value each: of what changes by week the first that it changes to."""
        return dict(values) | dict(self.today) | _at_first(self.changes)

    def local_report(self) -> list[str]:
        """What was read of local data and what it sets, a line each; nothing without any."""
        return local_data.report(self.local, _at_first(self.changes))

    @property
    def arrivals(self) -> dict[str, float]:
        """How people come: in worlds that differ in it nobody has a twin."""
        set_here = {key: several[0].value for key, several in self.changes}
        return {
            key: set_here.get(key, quantity.value)
            for key, quantity in settings.all_quantities().items()
            if key.startswith("arrivals.")
        }

    @property
    def is_open(self) -> bool:
        """Whether people come week by week, in place of all in the first week."""
        return self.arrivals["arrivals.over_weeks"] > 0

    @property
    def is_of_linking(self) -> bool:
        """Whether it changes linking and the people who do it, and nothing else."""
        return all(key.startswith(OF_LINKING) for key, _ in self.changes)

    @property
    def has_limits(self) -> bool:
        """Whether some places, or the time of peers, are limited at any time."""
        keys = [key for key, _ in (*self.changes, *self.today)]
        limits = (".per_1000", ".introductions_per_1000_a_week")
        return any(key.endswith(limits) for key in keys)

    def hash(self) -> str:
        """SHA-256 of what this scenario does; its name and words do not count."""
        content: list[Any] = [self.changes, self.mechanisms, self.network, self.network_sha256]
        if self.today:
            content.append(self.today)
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    def differences(self, other: Scenario | None = None) -> dict[str, Any]:
        """What this scenario sets differently from another (default: the declared values)."""
        mine, theirs = _flat(self), _flat(other) if other else {}
        return {
            key: mine.get(key)
            for key in sorted({*mine, *theirs})
            if mine.get(key) != theirs.get(key)
        }


def refuse_without_twins(one: Scenario, other: Scenario) -> None:
    """ValueError where people do not come at the same times in two scenarios."""
    if one.arrivals != other.arrivals:
        raise ValueError(
            f"people do not come at the same times in {one.name!r} and {other.name!r}, so nobody "
            f"has a twin. Compare an open system with one that has the same `arrivals`: name it, "
            f"or write `against: NAME` into the file."
        )


def declared(key: str) -> Any:
    """What a key is where no scenario sets it."""
    if key in settings.all_quantities():
        return settings.all_quantities()[key].value
    if key.startswith("network."):
        return "none" if key == "network.file" else Scenario.network
    return True


def _flat(scenario: Scenario) -> dict[str, Any]:
    flat: dict[str, Any] = dict(scenario.today)
    for key, several in scenario.changes:
        plain = len(several) == 1 and several[0] == Change(several[0].value)
        flat[key] = several[0].value if plain else [change._asdict() for change in several]
    flat.update({f"mechanisms.{name}": on for name, on in scenario.mechanisms if not on})
    if scenario.network_file is not None:
        flat["network.file"] = scenario.network_file.name
    elif scenario.network != "small-world":
        flat["network.kind"] = scenario.network
    return flat


def _at_first(changes: tuple[tuple[str, tuple[Change, ...]], ...]) -> dict[str, float]:
    return {key: several[0].value for key, several in changes}


def as_value(content: Any) -> Value:
    """What Python holds, as if it had been read from a file."""
    if isinstance(content, Mapping):
        return Value(0, {str(key): as_value(inner) for key, inner in content.items()})
    if isinstance(content, list | tuple):
        return Value(0, [as_value(inner) for inner in content])
    return Value(0, content)


def shipped_folder() -> Path:
    """Where the scenarios that come with the program are."""
    inside = Path(__file__).parent / "_scenarios"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "scenarios"


def shipped() -> tuple[str, ...]:
    """Names of the scenarios that come with the program, the baseline first."""
    names = sorted(path.stem for path in shipped_folder().glob("*.yaml"))
    return tuple(sorted(names, key=lambda name: name != "baseline"))


def load(name_or_path: str | Path) -> Scenario:
    """A scenario by the name of a shipped one, or from a YAML file.

    Raises ScenarioError with every fault found: file, line, key, what was found, what is allowed.
    """
    return _load(_find(str(name_or_path)), ())


def _find(name: str) -> Path:
    if name in shipped():
        return shipped_folder() / f"{name}.yaml"
    path = Path(name)
    with suppress(OSError, ValueError):
        if path.suffix in (".yaml", ".yml") or path.exists():
            return path
    raise ScenarioError(
        [
            Fault(
                short(name),
                0,
                "",
                f"is no shipped scenario and no file.{nearest(name, shipped())}",
            )
        ]
    )


def _load(path: Path, coming_from: tuple[Path, ...]) -> Scenario:
    try:
        path = path.resolve()
    except (OSError, ValueError, RuntimeError) as fault:
        raise ScenarioError([Fault(short(path), 0, "", "cannot be followed to a file")]) from fault
    if path in coming_from or len(coming_from) >= LONGEST_CHAIN:
        chain = " extends ".join(p.name for p in (*coming_from, path))
        what = "goes round in a circle" if path in coming_from else "is a chain too long to follow"
        raise ScenarioError([Fault(str(path), 0, "extends", f"{what}: {short(chain)}")])
    top = yaml_strictly.read(path)
    reader = Reader(str(path), path.parent)
    parent = Scenario(path.stem)
    for key, value in top.content.items():
        reader.take(key, value)
    extends = top.content.get("extends")
    if extends is not None and isinstance(extends.content, str):
        try:
            parent = _load(_path_of_parent(reader, extends), (*coming_from, path))
        except ScenarioError as fault:
            raise ScenarioError([*fault.faults, *reader.faults]) from None
    own = {
        "name": path.stem,
        "against": "baseline",
        "question": "",
        "description": "",
        "expected": None,
        "conditional": None,
    } | reader.words
    return reader.finish(replace(parent, **own))


def _path_of_parent(reader: Reader, extends: Value) -> Path:
    """A shipped name, or a file in the same folder."""
    if extends.content in shipped() and not (reader.folder / extends.content).is_file():
        return shipped_folder() / f"{extends.content}.yaml"
    try:
        return reader.inside(extends.content)
    except ValueError as fault:
        message = f"{fault}.{nearest(extends.content, shipped())}"
        raise ScenarioError([Fault(reader.name, extends.line, "extends", message)]) from None
