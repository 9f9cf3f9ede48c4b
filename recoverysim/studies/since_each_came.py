"""Where people stand in an open system: so many years after each came, as all else is told."""

from __future__ import annotations

import numpy as np

from recoverysim.cells import ALL, GROUPS
from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.outcomes import AT
from recoverysim.shown import STRETCHES
from recoverysim.studies.reckoning import weeks_reckoned, years_within
from recoverysim.studies.repeats import Repeats
from recoverysim.studies.whereabouts import PLACE, definition_of_persons

QUARTERS_A_YEAR = 4
EVERYBODY = list(GROUPS).index(ALL)


def since_each_came(repeats: Repeats, seen: np.ndarray, definition: str, year: int) -> np.ndarray:
    """Where people stand so many years after each came, per 1,000: float64 of (KINDS, 2).

    Counted by that time are the dead, who waits, is in detox, is in recovery, for a year, for five,
    and who goes to mutual aid. How those divide further is taken from everybody who has come, as
    they stand in that week of the calendar: `seen`, int64 of (KINDS, 2).
    """
    row = weeks_reckoned(years_within(repeats.plan.years)).index(year * WEEKS_A_YEAR)
    started = np.maximum(repeats.reckoned.started[:, row, EVERYBODY], 1)

    def told(name: str) -> float:
        people = repeats.reckoned.now[:, row, EVERYBODY, AT[name]]
        return float((1000.0 * people / started).mean())

    name = definition_of_persons(definition)
    recovered, arrived = told(name), min(told("at_least_5_years"), told(name))
    first_year = max(0.0, recovered - max(told("at_least_1_year"), arrived))
    counted = {
        "waiting": told("stage_waiting"), "taxi": told("stage_detox"), "arrived": arrived,
        "died": told("stage_dead"),
    }  # fmt: skip
    rest = max(0.0, 1000.0 - sum(counted.values()) - (recovered - arrived))
    parts = [([PLACE[place]], people) for place, people in counted.items()]
    parts += [
        ([PLACE[place] for place in ("station", "platform", "off")], rest),
        (list(range(len(PLACE), len(PLACE) + QUARTERS_A_YEAR)), first_year),
        (
            list(range(len(PLACE) + QUARTERS_A_YEAR, len(PLACE) + STRETCHES)),
            recovered - arrived - first_year,
        ),
    ]
    found = np.zeros(seen.shape)
    for kinds, people in parts:
        here = seen[kinds]
        found[kinds] = people * (here / here.sum() if here.sum() else 0.5 / len(kinds))
    found[PLACE["died"]] = 0.0, counted["died"]
    alive = found.sum() - counted["died"]
    going, asked = found[:, 1].sum() - counted["died"], min(told("attending"), alive)
    if 0 < going < alive:
        more = asked > going
        moved = found[:, 0] if more else found[:, 1].copy()
        moved = np.where(np.arange(len(found)) == PLACE["died"], 0.0, moved)
        part = (asked - going) / (alive - going if more else going)
        found[:, 1] += part * moved
        found[:, 0] -= part * moved
    return found
