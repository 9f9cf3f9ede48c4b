"""Answers at several values of one number that nobody knows, where a scenario asks for it.

Both worlds are lived at each value, so that what is told is a difference between twins there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from recoverysim import words
from recoverysim.studies.repeats import live

if TYPE_CHECKING:
    from recoverysim.studies.contrast import Contrast
    from recoverysim.studies.ratios import Row

TOLD = ("deaths", "deaths_overdose", "in_recovery")


class Condition(NamedTuple):
    """One value of the number, and the difference of each of TOLD in the last year there."""

    value: float
    rows: tuple[Row, ...]


def conditions(contrast: Contrast) -> tuple[Condition, ...]:
    """The answer at each value for which the scenario's file asks; none for others."""
    from recoverysim.studies.contrast import Contrast

    asked = contrast.scenario.scenario.conditional
    if asked is None:
        return ()
    found = []
    for value in asked.values:
        before, after = (
            live(one.scenario.replace({asked.key: value}), contrast.plan)
            for one in (contrast.baseline, contrast.scenario)
        )
        pair = Contrast(before, after, contrast.definition)
        rows = tuple(pair.row(name, pair.years[-1]) for name in TOLD)
        found.append(Condition(value, rows))
    return tuple(found)


def told(contrast: Contrast, *, alone: bool = True) -> list[str]:
    """The same in words, a line each; where it is not compared `alone`, how to be told."""
    asked = contrast.scenario.scenario.conditional
    if asked is None:
        return []
    if not alone:
        return [words.asked_alone(asked.key, contrast.scenario.scenario.name)]
    found = [
        (one.value, [(row.measure, row.difference, row.low, row.high) for row in one.rows])
        for one in contrast.conditions
    ]
    return words.conditional(asked.key, asked.why, contrast.years[-1], found)


def to_json(contrast: Contrast) -> list[dict[str, Any]]:
    """The same as rows: the key, its value, and the row of each measure."""
    asked = contrast.scenario.scenario.conditional
    return [
        {"key": asked.key, "at": one.value, **vars(row)}
        for one in contrast.conditions
        for row in one.rows
        if asked is not None
    ]
