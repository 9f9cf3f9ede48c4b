"""No dead parameters: each moves something, by more than three paired standard errors, in the
direction that `directions.csv` says. That bound was fixed before any run, and so were directions.

A number that nothing reads moves nothing at all, and is always found out. One that only stirs luck
passes once in 170 times: one-sided, beyond 6 standard errors of 5 or 10 repeats, or beyond 3 of 20.
Seen is a mean of two thirds of the sd of a paired difference. Where a run contradicts a direction,
either the model or the expectation is wrong: find out which, and never turn the sign to pass.
"""

import dataclasses

import numpy as np
import pytest

from recoverysim.cells import GROUPS
from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.outcomes import AT, DEFAULT_DEFINITION
from recoverysim.plan import Plan
from recoverysim.quantities import all_quantities
from recoverysim.scenario import load
from recoverysim.studies.measures import measure
from recoverysim.studies.repeats import Repeats, live
from tests.directions import NOTHING, Line, lines
from tests.pairs import BOUND, LOOKS, PEOPLE, SEED, lived, moved, standard_errors
from tests.what_moves import READINGS, WEEKS_OF, look, needs_journeys

LINES = {line.key: line for line in lines()}
# Measures of what is paid, worked and gained: reckoned after a run, not lived.
PRICED = (
    "cost", "cost_health_and_social_care", "cost_society", "cost_in_perspective", "qalys",
    "net_benefit_lower", "net_benefit_upper", "staff_hours", "peer_hours",
    "consultations_displaced",
)  # fmt: skip


@pytest.mark.parametrize(
    ("differences", "expected"),
    [([0, 0, 0], 0), ([2, 2, 2], np.inf), ([-2, -2, -2], -np.inf), ([1, 2, 3], 2 * 3**0.5)],
)
def test_differences_in_standard_errors(differences, expected):
    """By hand: 1, 2, 3 have mean 2 and sd 1, and so a standard error of 1 / √3."""
    assert standard_errors(np.array(differences)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("differences", "repeats"), [([2, 3], 5), ([1, 2], 10), ([-1, 2], 20), ([0], 20)]
)
def test_more_repeats_are_lived_until_it_is_clear(differences, repeats):
    """2, 3, 2, 3, 2 is 9.8 standard errors from 0; 1, 2, 1, 2, 1 is 5.7, and as much again 9."""
    asked = []

    def difference(repeat):
        asked.append(repeat)
        return differences[repeat % len(differences)]

    moves = moved(difference)
    assert sorted(asked) == list(range(repeats))
    assert (moves > BOUND) == (repeats < LOOKS[-1])


def test_every_parameter_has_one_line_and_no_line_is_of_none():
    assert len(lines()) == len(LINES)
    assert set(LINES) == set(all_quantities())


def test_every_line_says_what_can_be_tried():
    known = {*AT, *(WEEKS_OF + name for name in AT), *READINGS, *PRICED, "people", "introductions"}
    for line in lines():
        low, high = all_quantities()[line.key].bounds
        if line.moves == NOTHING:
            assert low == high, line.key
            continue
        assert low <= line.low < line.high <= high, line.key
        assert line.way in (1, -1), line.key
        assert line.group in GROUPS, line.key
        assert line.key not in line.where, line.key
        assert line.moves in known, line.key


MOVING = [line for line in lines() if line.moves not in (NOTHING, *PRICED)]
PAID = [line for line in lines() if line.moves in PRICED]


@pytest.mark.parametrize("line", MOVING, ids=lambda line: line.key)
def test_every_parameter_moves_what_it_should_the_way_it_should(line):
    def difference(repeat: int) -> float:
        low, high = (
            look(
                lived(
                    line.where | {line.key: value}, line.weeks, repeat,
                    journeys=needs_journeys(line.moves),
                ),
                line.moves, line.group,
            )
            for value in (line.low, line.high)
        )  # fmt: skip
        return high - low

    assert line.way * moved(difference) > BOUND


@pytest.mark.parametrize("line", PAID, ids=lambda line: line.key)
def test_every_price_and_utility_moves_its_total(line):
    low, high = (total(line, value) for value in (line.low, line.high))
    assert line.way * standard_errors(high - low) > BOUND


def total(line: Line, value: float) -> np.ndarray:
    """The total of each repeat. What is paid and what a state is worth move nothing in a world, so
    one lived world is priced twice; only the discount has to be there from the start."""
    settings = tuple(sorted(line.where.items()))
    if line.key == "costs.discount_per_year":
        repeats = live_once((*settings, (line.key, value)), line.weeks // WEEKS_A_YEAR)
    else:
        repeats = live_once(settings, line.weeks // WEEKS_A_YEAR)
        repeats = dataclasses.replace(
            repeats, priced=[dict(values) | {line.key: value} for values in repeats.priced]
        )
    year = line.weeks // WEEKS_A_YEAR
    return next(
        one.values for one in measure(repeats, DEFAULT_DEFINITION)
        if (one.name, one.group, one.year) == (line.moves, line.group, year)
    )  # fmt: skip


LIVED: dict[tuple, Repeats] = {}


def live_once(settings: tuple, years: int) -> Repeats:
    """The same worlds for every price."""
    if (settings, years) not in LIVED:
        plan = Plan(PEOPLE, years, LOOKS[0], seed=SEED, knowledge="none")
        LIVED[settings, years] = live(load("baseline").replace(dict(settings)), plan)
    return LIVED[settings, years]
