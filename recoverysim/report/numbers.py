"""What scenarios set, and what each number rests on, as a page tells it."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from recoverysim import grounds
from recoverysim.quantities import ASSUMED
from recoverysim.scenario import Scenario, declared
from recoverysim.settings import all_quantities


class Graded(NamedTuple):
    """Numbers of one kind: what they rest on, how many, and which, section by section."""

    heading: str
    how_many: int
    keys: str


def numbers(keys: list[str], *, sources: bool, in_short: bool = False) -> list[Graded]:
    """These numbers by what they rest on: those with a source first, each grade apart.

    `sources`: with the ids of what was published. `in_short`: of those without a source only how
    many there are in each section, which are then all the others of it.
    """
    found = [(f"{grade} evidence", grade) for grade in grounds.SOURCED]
    found += [(ASSUMED, ASSUMED), ("a choice or a definition", "design")]
    return [
        Graded(
            heading, len(some),
            _counted(some) if in_short and grade not in grounds.SOURCED
            else _listed(some, sources=sources and grade in grounds.SOURCED),
        )
        for heading, grade in found
        if (some := grounds.of_grade(keys, grade))
    ]  # fmt: skip


def _counted(keys: list[str]) -> str:
    """'9 of attendance, 6 of involvement'."""
    sections = Counter(key.partition(".")[0] for key in keys)
    return ", ".join(f"{many} of {section}" for section, many in sections.items())


def _listed(keys: list[str], *, sources: bool) -> str:
    """'linkage: peer.first_meeting (manning-engl), …; attendance: …'."""
    sections: dict[str, list[str]] = {}
    for key in keys:
        section, _, name = key.partition(".")
        source = f" ({all_quantities()[key].source})" if sources else ""
        sections.setdefault(section, []).append(name + source)
    return "; ".join(f"{section}: {', '.join(names)}" for section, names in sections.items())


def differences(scenario: Scenario, base: Scenario) -> list[str]:
    """What a scenario sets otherwise than another, a line each: 'key 0.6 (not 0.1)'."""
    mine, theirs = scenario.differences(), base.differences()
    found = []
    for key in scenario.differences(base):
        here, there = (_in_short(one.get(key, declared(key))) for one in (mine, theirs))
        found.append(f"{key} {here} (not {there})")
    return found


def _in_short(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ", then ".join(map(_one_change, value))
    return f"{value:g}" if isinstance(value, float | int) else str(value)


def _one_change(change: dict[str, Any]) -> str:
    said = f"{change['value']:g} from week {change['from_week']}"
    if change["ramp_weeks"]:
        said += f" over {change['ramp_weeks']} weeks"
    return said if change["until_week"] is None else f"{said} until week {change['until_week']}"
