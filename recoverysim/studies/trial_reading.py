"""Reading the lines of a study file strictly: every fault is noted with its line and its remedy."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from recoverysim import yaml_strictly
from recoverysim.scenario_lines import nearest
from recoverysim.yaml_strictly import MOST_FAULTS, Fault, Quoted, Value, short

LAST_WEEK = 20 * 52


class Lines:
    """Takes values one by one; what is wrong is noted, and a default stands in for it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def fault(self, line: int, key: str, message: str) -> None:
        """Note one thing that is wrong."""
        self.faults.append(Fault(self.file, line, key, message))

    def mapping(
        self, key: str, value: Value | None, known: Iterable[str] | None
    ) -> dict[str, Value]:
        """The lines under a key; `known` names those that may stand there, None: any."""
        if value is None:
            return {}
        if not isinstance(value.content, dict):
            self.fault(value.line, key, f"should hold 'key: value' lines; found {shown(value)}")
            return {}
        self.known(key, value.content, known)
        return value.content

    def known(self, key: str, given: Mapping[str, Value], known: Iterable[str] | None) -> None:
        """Note every key that is not known, with the nearest right one."""
        if known is None:
            return
        names = tuple(known)
        for name, inner in given.items():
            if len(self.faults) >= MOST_FAULTS:
                return
            if name not in names:
                where = f"{key}.{name}" if key else name
                self.fault(inner.line, where, f"is not known.{nearest(name, names)}")

    def words(self, key: str, value: Value | None) -> str:
        """Words on one line; none where nothing is given."""
        if value is None:
            return ""
        if not isinstance(value.content, str):
            self.fault(value.line, key, f"should be words; found {shown(value)}")
            return ""
        if not all(one.isprintable() or one in "\t\n" for one in value.content):
            self.fault(value.line, key, "holds characters that cannot be printed")
            return ""
        return " ".join(value.content.split())

    def choice(
        self, key: str, value: Value | None, allowed: Iterable[str], default: str | None = None
    ) -> str:
        """One of some names; the default (by default the first) where nothing is given."""
        names = tuple(allowed)
        fallback = names[0] if default is None else default
        if value is None:
            return fallback
        if not isinstance(value.content, str) or value.content not in names:
            # A long list is not printed: the nearest name is enough.
            said = (
                f"should be one of {', '.join(names)}; found {shown(value)}"
                if len(names) <= 8
                else f"{shown(value)} is not known.{nearest(str(value.content), names)}"
            )
            self.fault(value.line, key, said)
            return fallback
        return str(value.content)

    def choices(self, key: str, value: Value | None, allowed: Iterable[str]) -> tuple[str, ...]:
        """One name or a list of them, none of them twice."""
        if value is None:
            return ()
        several = value.content if isinstance(value.content, list) else [value]
        if not several:
            self.fault(value.line, key, f"should name at least one of {', '.join(allowed)}")
        found = [self.choice(key, one, allowed, "") for one in several]
        known = [one for one in found if one]
        if len(set(known)) < len(known):
            self.fault(value.line, key, "names the same twice; keep one")
        return tuple(dict.fromkeys(known))

    def switch(self, key: str, value: Value) -> bool:
        """True or false."""
        if not isinstance(value.content, bool):
            self.fault(value.line, key, f"should be true or false; found {shown(value)}")
            return False
        return value.content

    def number(
        self, key: str, value: Value | None, low: float, high: float, default: float = 0.0,
        what: str = "", *, above: bool = False,
    ) -> float:  # fmt: skip
        """A number within bounds (`above` its lower one); the default where there is none."""
        if value is None:
            return default
        found: Any = value.content
        if isinstance(found, Quoted) and yaml_strictly.NUMBER.match(found):
            self.fault(value.line, key, f"is a number in quotes; write {short(found)} without them")
        elif isinstance(found, bool) or not isinstance(found, int | float):
            self.fault(value.line, key, f"should be a number{_range(low, high, above)}{what}; "
                       f"found {shown(value)}")  # fmt: skip
        elif not math.isfinite(found) or not low <= found <= high or (above and found == low):
            self.fault(
                value.line,
                key,
                f"is {found:g}; allowed are numbers{_range(low, high, above)}{what}",
            )
        else:
            return float(found)
        return default

    def whole(self, key: str, value: Value | None, low: int, high: int, default: int = 0) -> int:
        """A whole number within bounds; the default where there is none."""
        if value is None:
            return default
        found = value.content
        if isinstance(found, bool) or not isinstance(found, int) or not low <= found <= high:
            said = f"should be a whole number from {low:,} to {high:,}; found {shown(value)}"
            self.fault(value.line, key, said)
            return default
        return found

    def week(self, key: str, value: Value | None, default: int | None = None) -> int | None:
        """A week of follow-up."""
        return default if value is None else self.whole(key, value, 0, LAST_WEEK)


def _range(low: float, high: float, above: bool) -> str:
    start = f"above {low:g}" if above else f"from {low:g}"
    if math.isinf(high):
        if math.isinf(low):
            return ""
        return f" {start}" if above else f" {start} upwards"
    return f" {start} to {high:g}"


def shown(value: Value) -> str:
    """What was found, fit to be shown."""
    content = value.content
    if content is None:
        return "nothing"
    if isinstance(content, dict):
        return "a mapping"
    if isinstance(content, list):
        return "a list"
    if isinstance(content, bool):
        return "true" if content else "false"
    return repr(short(content)) if isinstance(content, str) else short(content)
