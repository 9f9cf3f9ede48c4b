"""Numbers needed: extra of something for each one more in recovery, with Fieller's interval.

Three of them, from the whole area to the people concerned. `number_needed_to_link` counts everybody
who is in recovery in one world only, whomever it reached through others. `…_of_the_offered` counts
the very people who were offered a link in one world only, `…_to_connect` those who were connected
in one world only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from recoverysim import story_of_changes
from recoverysim.cells import ALL
from recoverysim.plan import Plan
from recoverysim.studies.changes import Changes
from recoverysim.studies.intervals import ratio_interval


@dataclass(frozen=True)
class Row:
    """One measure compared: `difference` is value minus baseline; None is unbounded or unknown."""

    measure: str
    definition: str | None
    group: str
    year: int | None
    unit: str
    baseline: float | None
    value: float | None
    difference: float | None
    low: float | None
    high: float | None
    luck_low: float | None
    luck_high: float | None
    area_low: float | None
    area_high: float | None


AMONG = {
    "number_needed_of_the_offered": (
        "offered",
        "people newly offered any active link, per extra person in recovery among them",
    ),
    "number_needed_to_connect": (
        "connected",
        "people newly connected, per extra person in recovery among them",
    ),
}


def ratio_row(
    about: tuple[str, str | None, str, int, str],
    extra: np.ndarray,
    recovered: np.ndarray,
    sets: np.ndarray,
    plan: Plan,
) -> Row:
    """Extra of something by extra people in recovery (or QALYs), both extra or both fewer.

    `about` is measure, definition, group, year and unit. The interval is Fieller's, from the luck
    and knowledge of both means together; it is unbounded (None) wherever the difference in recovery
    cannot be told from zero.
    """
    mean = both = luck = None
    if recovered.mean() != 0 and extra.mean() / recovered.mean() > 0:
        mean = float(extra.mean() / recovered.mean())
        both, luck = (
            ratio_interval(extra, recovered, sets, plan, luck_only=only) for only in (False, True)
        )
    return Row(*about, None, mean, None, *ends(both), *ends(luck), None, None)


def ends(interval: tuple[float, float] | None) -> tuple[float | None, float | None]:
    """Both ends of an interval, or nothing twice."""
    return interval or (None, None)


def needed_among(changes: Changes) -> Iterator[Row]:
    """The numbers needed among the very people concerned, in every reported year."""
    found = changes.found
    for name, (column, unit) in AMONG.items():
        for year in found.years:
            about = name, found.definition, ALL, year, unit
            yield ratio_row(about, *changes.needed(year, column), changes.sets, found.plan)


def said_of_needed_among(changes: Changes) -> list[str]:
    """The same in a sentence each, for the years in which it can be told."""
    rows = [*needed_among(changes)]
    said = []
    for name, (column, _) in AMONG.items():
        told = [
            (row.year or 0, row.value, row.low, row.high) for row in rows if row.measure == name
        ]
        more, _ = changes.needed(changes.found.years[-1], column)
        fewer = bool(more.mean() < 0)
        said.append(story_of_changes.number_needed(name, told, changes.found.years, fewer=fewer))
    return said
