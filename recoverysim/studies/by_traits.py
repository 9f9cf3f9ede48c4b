"""Outcomes by sex, age and mental-health need: everybody looked at again at each reported year.

By main substance everything is counted week by week. By these traits only what can be read off the
people themselves at a reported year: who is in recovery, has died, was offered, connected, goes. Of
costs, QALYs and weeks in recovery nothing is said by them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from recoverysim.codes import ABSTINENT, DEAD, DIED_OVERDOSE, LEFT, MEDICATION, NEVER
from recoverysim.outcomes import DEFINITIONS, SHARE_OF_DAYS, WITHOUT_MEDICATION
from recoverysim.studies.measures import PER_1000, READMISSIONS, Measure, beside, years_within

if TYPE_CHECKING:
    from recoverysim.studies.repeats import Repeats

Who = Callable[[np.ndarray], np.ndarray]

# Age at entry, and in bands that hold some 30 to 40% of people each.
TRAIT_GROUPS: dict[str, Who] = {
    "sex=women": lambda people: people["female"],
    "sex=men": lambda people: ~people["female"],
    "age=under 35": lambda people: people["age"] < 35,
    "age=35 to 49": lambda people: (people["age"] >= 35) & (people["age"] < 50),
    "age=50 and over": lambda people: people["age"] >= 50,
    "mental_health_need=yes": lambda people: people["psychiatric_need"],
    "mental_health_need=no": lambda people: ~people["psychiatric_need"],
}


def _abstinent_for(weeks: int) -> Who:
    def well(people: np.ndarray) -> np.ndarray:
        return _well(people) & (people["weeks_abstinent"] >= weeks)

    return well


def _well(people: np.ndarray) -> np.ndarray:
    return np.asarray((people["stage"] != DEAD) & (people["use"] == ABSTINENT))


def _since_discharge(people: np.ndarray) -> np.ndarray:
    return _well(people) & people["discharged"] & ~people["used_since_discharge"]


def _going(people: np.ndarray) -> np.ndarray:
    going = (people["attendance"] != NEVER) & (people["attendance"] != LEFT)
    return np.asarray(going & (people["stage"] != DEAD))


RECOVERY: dict[str, Who] = {
    one.name: _since_discharge if one.name == "since_discharge" else _abstinent_for(one.weeks)
    for one in DEFINITIONS
}
COUNTED: dict[str, Who] = {
    "deaths": lambda people: people["stage"] == DEAD,
    "deaths_overdose": lambda people: people["cause"] == DIED_OVERDOSE,
    "offered": lambda people: people["ever_offered"],
    "connected": lambda people: people["connected"],
    "engaged": lambda people: people["engaged"],
    "ever_attended": lambda people: people["ever_attended"],
    "attending": _going,
    "readmissions": lambda people: np.maximum(people["episodes"] - 1, 0),
}
NAMES = (*RECOVERY, *(name + WITHOUT_MEDICATION for name in RECOVERY), *COUNTED)


def started(people: np.ndarray) -> np.ndarray:
    """How many people are in each group: int64 of shape (groups,)."""
    return np.array([who(people).sum() for who in TRAIT_GROUPS.values()], np.int64)


def tally(people: np.ndarray) -> np.ndarray:
    """What is counted of each group now: int64 of shape (groups, NAMES)."""
    off_medication = people["modality"] != MEDICATION
    well = [who(people) for who in RECOVERY.values()]
    columns = [*well, *(one & off_medication for one in well)]
    columns += [who(people) for who in COUNTED.values()]
    return np.array(
        [[column[group(people)].sum() for column in columns] for group in TRAIT_GROUPS.values()],
        np.int64,
    )


def measure_by_traits(repeats: Repeats, definition: str) -> Iterator[Measure]:
    """Every measure of these groups; recovery as a share of days is not among them."""
    if repeats.by_traits is None or repeats.started_by_traits is None:
        return
    many = np.maximum(repeats.started_by_traits, 1)
    for place, year in enumerate(years_within(repeats.plan.years)):
        for row, group in enumerate(TRAIT_GROUPS):
            per_1000 = {
                name: 1000 * repeats.by_traits[:, place, row, column] / many[:, row]
                for column, name in enumerate(NAMES)
            }
            for one in (definition, *beside(definition)):
                if not one.startswith(SHARE_OF_DAYS):
                    yield Measure("in_recovery", one, group, year, PER_1000, per_1000[one])
            for name in COUNTED:
                unit = READMISSIONS if name == "readmissions" else PER_1000
                yield Measure(name, None, group, year, unit, per_1000[name])
