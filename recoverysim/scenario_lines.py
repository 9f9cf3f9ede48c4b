"""The lines of a scenario file, taken one by one: what may stand there, and what is wrong with it.

Every fault is collected before anything is refused, each with its line and the nearest right name.
"""

from __future__ import annotations

import difflib
import hashlib
import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from recoverysim import yaml_strictly
from recoverysim.local import data as local_data
from recoverysim.local.data import LocalData
from recoverysim.quantities import CODE, Quantity, all_quantities
from recoverysim.scenario_words import LAST_WEEK, PARTS, is_printable, is_week
from recoverysim.settings import MECHANISMS, Change
from recoverysim.structure import KINDS_OF_NETWORK, LARGEST_FILE
from recoverysim.yaml_strictly import MOST_FAULTS, Fault, FileFault, Quoted, Value, short

MOST_CHANGES = 20
LONGEST_NAME = 100
SPEAKING = ("extends", "name", "against", "question", "description", "expected", "conditional")
CHANGE_KEYS = ("value", "from_week", "ramp_weeks", "until_week")

Laid = TypeVar("Laid", bound=Any)


class Reader:
    """Takes the lines of one scenario, collecting every fault before it refuses."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder
        self.faults: list[Fault] = []
        self.changes: dict[str, tuple[Change, ...]] = {}
        self.mechanisms: dict[str, bool] = {}
        self.network: dict[str, Any] = {}
        self.local: dict[str, LocalData] = {}
        self.words: dict[str, Any] = {}

    def fault(self, line: int, key: str, message: str) -> None:
        """Note one thing that is wrong."""
        self.faults.append(Fault(self.name, line, key, message))

    def finish(self, scenario: Laid) -> Laid:
        """The scenario with everything taken laid over it, or FileFault with all faults."""
        if self.faults:
            raise FileFault(self.faults)
        changes = tuple(sorted((dict(scenario.changes) | self.changes).items()))
        local = {one.key: one for one in scenario.local} | self.local
        # Worked out anew: places for each of 1,000 people depend on how people come.
        own = {key: several[0].value for key, several in changes}
        fitted = [found.values for _, found in local_data.fit(local.values(), own)]
        return replace(
            scenario,
            changes=changes,
            local=tuple(one for _, one in sorted(local.items())),
            today=tuple(sorted(pair for values in fitted for pair in values.items())),
            # Only what is off is kept: switching on what is on changes nothing, and no hash.
            mechanisms=tuple(
                (name, on)
                for name, on in sorted((dict(scenario.mechanisms) | self.mechanisms).items())
                if not on
            ),
            **self.network,
        )

    def inside(self, name: str) -> Path:
        """A file in this folder or below; ValueError for anything else."""
        shown = short(name)
        try:
            path = (self.folder / name).resolve()
            inside, there = path.is_relative_to(self.folder.resolve()), path.is_file()
        except (OSError, ValueError, RuntimeError):
            raise ValueError(f"{shown!r} cannot be the name of a file") from None
        if not inside:
            raise ValueError(f"{shown!r} leads out of the folder of this file")
        if not there:
            raise ValueError(f"there is no scenario or file {shown!r}")
        return path

    def take(self, key: str, value: Value) -> None:
        """Take one key, dotted or nested."""
        if len(self.faults) >= MOST_FAULTS:
            return
        if key in SPEAKING:
            self.take_words(key, value)
        elif key == "mechanisms" or key.startswith("mechanisms."):
            self.take_mechanisms(key, value)
        elif key in ("network.kind", "network.file"):
            self.take_network(key, value)
        elif key in local_data.KEYS:
            self.take_local(key, value)
        elif key in all_quantities():
            self.take_change(key, value)
        elif key == "plugins":
            self.fault(
                value.line,
                key,
                "cannot stand here: a scenario is data, and runs no code. "
                "Give a plug-in on the command line, with --plugin",
            )
        elif isinstance(value.content, dict) and any(k.startswith(key + ".") for k in _known()):
            for name, inner in value.content.items():
                self.take(f"{key}.{name}", inner)
        else:
            hint = nearest(key, _known())
            self.fault(
                value.line, key, f"is not known.{hint} `recoverysim evidence` lists all; those of "
                "a plug-in are known where it is given with --plugin.",
            )  # fmt: skip

    def take_words(self, key: str, value: Value) -> None:
        """Name, comparator, question, description and what was expected."""
        if key in PARTS:
            try:
                self.words[key] = PARTS[key](value)
            except ValueError as fault:
                self.fault(value.line, key, str(fault))
        elif not isinstance(value.content, str):
            self.fault(value.line, key, f"should be words; found {_shown(value.content)}")
        elif not is_printable(value.content):
            self.fault(value.line, key, "holds characters that cannot be printed")
        elif key == "name" and not 1 <= len(value.content.strip()) <= LONGEST_NAME:
            self.fault(value.line, key, f"should have 1 to {LONGEST_NAME} characters")
        elif key != "extends":
            self.words[key] = " ".join(value.content.split())

    def take_mechanisms(self, key: str, value: Value) -> None:
        """`mechanisms: {name: false}` or `mechanisms.name`."""
        if key == "mechanisms":
            if not isinstance(value.content, dict):
                self.fault(value.line, key, "should be a list of 'name: false' lines")
                return
            for name, inner in value.content.items():
                self.take_mechanisms(f"mechanisms.{name}", inner)
            return
        name = key.removeprefix("mechanisms.")
        if name not in MECHANISMS:
            self.fault(value.line, key, f"is not known.{nearest(name, MECHANISMS)}")
        elif not isinstance(value.content, bool):
            self.fault(value.line, key, f"should be true or false; found {_shown(value.content)}")
        elif name in self.mechanisms:
            self.fault(value.line, key, "is set twice; keep one")
        else:
            self.mechanisms[name] = value.content

    def take_network(self, key: str, value: Value) -> None:
        """The kind of network, or a file that holds one."""
        if key == "network.kind":
            if value.content not in KINDS_OF_NETWORK:
                hint = ", ".join(KINDS_OF_NETWORK)
                self.fault(
                    value.line, key, f"{_shown(value.content)} is none of: {hint} (or give file:)"
                )
            else:
                self.network |= {
                    "network": value.content, "network_file": None, "network_sha256": None,
                }  # fmt: skip
            return
        try:
            if not isinstance(value.content, str):
                raise ValueError("should name a file")
            path = self.inside(value.content)
        except ValueError as fault:
            self.fault(value.line, key, str(fault))
            return
        if path.stat().st_size > LARGEST_FILE:
            self.fault(value.line, key, f"is larger than {LARGEST_FILE // 2**20} MiB")
            return
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        self.network |= {"network": "file", "network_file": path, "network_sha256": digest}

    def take_local(self, key: str, value: Value) -> None:
        """A file of an area, beside this one: who comes, or its services."""
        if key in self.local:
            self.fault(value.line, key, "is set twice; keep one")
            return
        try:
            if not isinstance(value.content, str):
                raise ValueError("should name a CSV file in the folder of this one")
            self.local[key] = local_data.read(key, self.inside(value.content))
        except FileFault as faults:
            self.faults += faults.faults
        except ValueError as fault:
            self.fault(value.line, key, str(fault))

    def take_change(self, key: str, value: Value) -> None:
        """A number, or one or several changes over time."""
        if key in self.changes:
            self.fault(value.line, key, "is set twice; keep one")
            return
        several = value.content if isinstance(value.content, list) else [value]
        if not 1 <= len(several) <= MOST_CHANGES:
            self.fault(value.line, key, f"should hold 1 to {MOST_CHANGES} changes")
            return
        changes = [self.one_change(key, one) for one in several]
        if all(change is not None for change in changes):
            self.changes[key] = tuple(change for change in changes if change is not None)

    def one_change(self, key: str, value: Value) -> Change | None:
        """One change of a lever; None, with the fault noted, where it is none."""
        quantity = all_quantities()[key]
        if not isinstance(value.content, dict):
            number = self.number(key, value, quantity)
            return None if number is None else Change(number)
        before = len(self.faults)
        for name, inner in value.content.items():
            if name not in CHANGE_KEYS:
                self.fault(
                    inner.line, f"{key}.{name}", f"is not known.{nearest(name, CHANGE_KEYS)}"
                )
        if "value" not in value.content:
            self.fault(value.line, key, "needs a value beside its weeks")
            return None
        number = self.number(key, value.content["value"], quantity)
        weeks = {
            name: self.week(f"{key}.{name}", inner)
            for name, inner in value.content.items()
            if name in CHANGE_KEYS[1:]
        }
        if len(self.faults) > before or number is None:
            return None
        change = Change(number, **weeks)
        if change.until_week is not None and change.until_week <= change.from_week:
            self.fault(value.line, key, "should end (until_week) after it begins (from_week)")
            return None
        if quantity.whole_run and change != Change(number):
            self.fault(value.line, key, "fixes a curve or a trait, so it cannot change by week")
            return None
        return change

    def number(self, key: str, value: Value, quantity: Quantity) -> float | None:
        """A number within the bounds of the quantity."""
        found = value.content
        if isinstance(found, Quoted) and yaml_strictly.NUMBER.match(found):
            self.fault(value.line, key, f"is a number in quotes; write {found} without them")
        elif isinstance(found, bool) or not isinstance(found, int | float):
            self.fault(
                value.line, key, f"should be a number ({quantity.unit}); found {_shown(found)}"
            )
        elif not math.isfinite(found):
            self.fault(value.line, key, f"is no number that can be used; found {_shown(found)}")
        elif not quantity.bounds[0] <= found <= quantity.bounds[1]:
            low, high = (f"{bound:g}" for bound in quantity.bounds)
            allowed = f"{low} or more" if high == "inf" else f"{low} to {high}"
            self.fault(value.line, key, f"is {found:g}; allowed are {allowed} ({quantity.unit})")
        elif quantity.unit == CODE and found != int(found):
            self.fault(value.line, key, f"is {found:g}; it should be a whole number")
        else:
            return float(found)
        return None

    def week(self, key: str, value: Value) -> int:
        """A week; 0, with the fault noted, where it is none."""
        if is_week(value.content):
            return int(value.content)
        self.fault(
            value.line,
            key,
            f"should be a whole number of weeks, 0 to {LAST_WEEK}; found {_shown(value.content)}",
        )
        return 0


def _known() -> tuple[str, ...]:
    switches = tuple(f"mechanisms.{name}" for name in MECHANISMS)
    return (
        *all_quantities(),
        *switches,
        "network.kind",
        "network.file",
        *local_data.KEYS,
        *SPEAKING,
    )


def _shown(content: Any) -> str:
    if content is None:
        return "nothing"
    if isinstance(content, dict | list):
        return "a list of lines"
    if content == math.inf:
        return "infinity"
    return repr(short(content)) if isinstance(content, str) else short(content)


def nearest(name: str, known: Iterable[str]) -> str:
    """' Did you mean …?' with the nearest right name, by the whole name or its last part."""
    known, name = list(known), short(name)
    found = difflib.get_close_matches(name, known, 1, 0.6)
    if not found:
        last = {key.split(".")[-1]: key for key in known}
        near = difflib.get_close_matches(name.split(".")[-1], last, 1, 0.6)
        found = [last[near[0]]] if near else []
    return (
        f" Did you mean {found[0]!r}?"
        if found
        else f" Known are, for example: {', '.join(known[:6])}."
    )
