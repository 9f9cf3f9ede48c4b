"""The parameters in force in each week, as one table that the rules read.

``table[week].linkage.first_meeting[kind]``: a row a week, the last row for ever after. The layout
follows from the declarations beside the rules, so adding a number there adds it here. Numbers of
plug-ins, which are declared later, have a table of their own: compiled rules do not read it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

# Imported for their declarations: every file that declares numbers.
from recoverysim import (
    costs,
    mortality,
    motivation,
    population,
    services,
    staff_time,
    structure,
    use,
    week,
    wider_costs,
)
from recoverysim.mutual_aid import fellowships
from recoverysim.quantities import SECTIONS, By, Quantity, all_quantities

__all__ = [
    "LAYOUT", "MECHANISMS", "Change", "all_quantities", "path_of", "tabulate", "tabulate_added",
]  # fmt: skip

_DECLARED = (
    costs, mortality, motivation, population, services, staff_time, structure, use, week,
    wider_costs, fellowships,
)  # fmt: skip

MECHANISMS = {
    "mutual_aid_effect": "mutual aid protects, and changes company, capital and identity",
    "involvement": "involvement grows with membership",
    "company": "company changes and protects, and recovery that can be seen brings people to care",
    "capital": "recovery capital and identity protect",
    "readiness": "motivation moves attending, staying well, stopping and seeking help alike",
    "use_makes_leaving": "people who use leave mutual aid more",
    "state_dependence": "having been to meetings changes the next decision to go",
    "duration_dependence": "hazards change with the time that something has lasted",
    "remission_without_help": "some people stop for good without help",
    "fidelity_drift": "what a new programme adds to offers and fidelity fades",
    "practitioners": "whether a link is offered depends on the worker and on whom it seems to suit",
    "places": "places, and the time of peers, have the limits that a scenario sets",
    "group_life": "people choose among fellowships and go to groups, which open, close and differ",
    "stigma_of_medication": "in some groups people on medication meet stigma, or pressure to stop",
    "fit": "how well mutual aid suits a person moves going and staying",
    "lost_tolerance": "use is more dangerous where opioid tolerance was lost in abstinence",
    "medication_protection": "medication lowers deaths and use",
    "aftercare": "people who have left care have check-ups",
    "recovery_housing": "people who leave a bed abstinent may live in recovery housing",
    "recovery_centres": "people in the community visit recovery centres",
    "naloxone": "overdose deaths depend on how many people carry naloxone",
    "medication_policy": "how a service treats people on medication moves staying and coming back",
    "close_ties": "close ties count for more and change less than loose ones",
}

# What a programme adds to these fades, over so many half-lives.
DRIFTING = frozenset(
    f"linkage.{kind}.{name}"
    for kind in ("clinician", "intensive", "peer")
    for name in ("offered_share", "fidelity")
)
HALF_LIVES = 10


def _of_sections(sections: Mapping[str, Mapping[str, Quantity | By]]) -> list[tuple[str, np.dtype]]:
    return [
        (
            section,
            np.dtype(
                [
                    (name, "f8", len(entry.members)) if isinstance(entry, By) else (name, "f8")
                    for name, entry in fields.items()
                ],
                align=True,
            ),
        )
        for section, fields in sorted(sections.items())  # whatever was imported first
    ]


def _layout() -> np.dtype:
    switches = np.dtype([(name, "?") for name in MECHANISMS], align=True)
    reach = ("reach", fellowships.REACH)
    return np.dtype([*_of_sections(SECTIONS), ("mechanisms", switches), reach], align=True)


LAYOUT = _layout()


class Path(NamedTuple):
    """Where a key stands in the table."""

    section: str
    name: str
    member: int | None


def path_of(key: str) -> Path:
    """The place of a dotted key; KeyError if there is none."""
    section, *rest = key.split(".")
    entry = SECTIONS[section][rest[-1]]
    if len(rest) == 2 and isinstance(entry, By):
        return Path(section, rest[1], entry.members.index(rest[0]))
    if len(rest) == 1 and not isinstance(entry, By):
        return Path(section, rest[0], None)
    raise KeyError(key)


def _place_of(key: str) -> int:
    """Which of a row's numbers a key is: all have eight bytes, and a row is a multiple of that."""
    path = path_of(key)
    assert LAYOUT.fields is not None
    section, first, *_ = LAYOUT.fields[path.section]
    assert section.fields is not None
    _, offset, *_ = section.fields[path.name]
    return (first + offset) // 8 + (path.member or 0)


# Of the model's own numbers; a plug-in's stand in a table of their own.
_PLACES = {key: _place_of(key) for key in all_quantities()}


class Change(NamedTuple):
    """A lever's new value: from a week, reached in a straight line over a ramp, until a week.

    `until_week` None is for ever; at its end the lever goes back to what it was before.
    """

    value: float
    from_week: int = 0
    ramp_weeks: int = 0
    until_week: int | None = None

    @property
    def last_week(self) -> int:
        """The last week in which this change alters anything."""
        return max(self.from_week + self.ramp_weeks, self.until_week or 0)


def tabulate(
    values: Mapping[str, float],
    changes: Mapping[str, tuple[Change, ...]],
    mechanisms: Mapping[str, bool],
) -> np.ndarray:
    """The table for one run.

    `values` gives each key its value today, `changes` what a scenario does to some of them.
    Returns a structured array of LAYOUT, one row a week up to the last change.
    """
    last = max((c.last_week for several in changes.values() for c in several), default=0)
    fading = mechanisms.get("fidelity_drift", True) and not DRIFTING.isdisjoint(changes)
    half_life = _for_the_run("fidelity_drift.half_life_weeks", values, changes)
    if fading:
        last += math.ceil(HALF_LIVES * half_life)
    table = np.zeros(last + 1, LAYOUT)
    for name in LAYOUT["mechanisms"].names or ():
        table["mechanisms"][name] = mechanisms.get(name, True)
    numbers = table.view(float).reshape(len(table), -1)
    numbers[:, list(_PLACES.values())] = [values[key] for key in _PLACES]
    for key in _PLACES.keys() & changes:
        column = numbers[:, _PLACES[key]]
        for change in changes[key]:
            _apply(column, change)
        if fading and key in DRIFTING:
            kept = _for_the_run("fidelity_drift.kept_share", values, changes)
            _fade(column, values[key], kept, half_life)
    table["reach"] = fellowships.reach(table)
    return table


def tabulate_added(
    values: Mapping[str, float], changes: Mapping[str, tuple[Change, ...]]
) -> np.ndarray:
    """The same table for the numbers that plug-ins declare; a number without a value today, as
    in sets that were drawn without the plug-in, has the declared one."""
    sections = {
        name: fields for name, fields in SECTIONS.items() if name not in (LAYOUT.names or ())
    }
    keys = [key for key in all_quantities() if path_of(key).section in sections]
    last = max((c.last_week for key in keys for c in changes.get(key, ())), default=0)
    table = np.zeros(last + 1, np.dtype(_of_sections(sections), align=True))
    for key in keys:
        value = values.get(key, all_quantities()[key].value)
        path = path_of(key)
        column = table[path.section][path.name]
        if path.member is not None:
            column = column[:, path.member]
        column[:] = value
        for change in changes.get(key, ()):
            _apply(column, change)
    return table


def _for_the_run(key: str, values: Mapping[str, float], changes: Mapping[str, Any]) -> float:
    """A number that holds for the whole run: the scenario's own, or today's."""
    return changes[key][-1].value if key in changes else values[key]


def _fade(column: np.ndarray, today: float, kept: float, half_life: float) -> None:
    """Let what a scenario adds to today's practice fade from its beginning; anew after a pause."""
    more = column > today
    weeks = np.arange(column.size)
    begins = more & ~np.concatenate([[False], more[:-1]])
    since = weeks - np.maximum.accumulate(np.where(begins, weeks, 0))
    left = kept + (1 - kept) * 0.5 ** (np.minimum(since, HALF_LIVES * half_life) / half_life)
    column[more] = today + ((column - today) * left)[more]


def _apply(column: np.ndarray, change: Change) -> None:
    """Write one change into a lever's weeks."""
    end = column.size if change.until_week is None else change.until_week
    for at in range(change.from_week, end):
        so_far = at + 1 - change.from_week
        if so_far < change.ramp_weeks:
            column[at] += (change.value - column[at]) * so_far / change.ramp_weeks
        else:
            column[at] = change.value
