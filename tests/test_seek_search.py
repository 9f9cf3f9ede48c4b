"""The search along a lever, on functions whose answer is known."""

import numpy as np
import pytest

from recoverysim.studies.seek_search import (
    nearest_reached,
    settings_between,
    spread_out,
    turning_point,
)

HUNDREDTHS = settings_between(0, 1, 0.1)


def search(reaches, settings=HUNDREDTHS, today=0.1):
    """The settings found, nearest first, and all that were asked about."""
    asked = []

    def asks(place):
        asked.append(settings[place])
        return reaches(settings[place])

    looked = sorted({*spread_out(0, len(settings) - 1), settings.index(today)})
    found = nearest_reached(settings, today, looked, asks)
    return [settings[place] for place in found], asked


@pytest.mark.parametrize(
    ("low", "high", "step"),
    [(0, 1, 0.01), (0.05, 0.15, 0.001), (0.5, 4, 0.05), (13, 52, 0.5), (0, 1000, 10)],
)
def test_settings_are_round_numbers(low, high, step):
    found = settings_between(low, high, low)
    assert (found[0], found[-1]) == (low, high)
    assert np.allclose(np.diff(found), step)
    assert len(found) > 40
    assert all(one == float(f"{one:g}") for one in found)


def test_both_ends_and_where_it_stands_are_among_the_settings():
    found = settings_between(0.005, 0.996, 0.3333)
    assert {0.005, 0.996, 0.3333, 0.34} <= set(found)
    assert 0.3333 not in settings_between(0.5, 1, 0.3333)
    assert found == sorted(set(found))


def test_what_rises_is_found_to_the_step():
    found, asked = search(lambda x: x**2 >= 0.2)  # from 0.4472… on
    assert found == [0.45]
    assert {0.44, 0.45} <= set(asked)
    assert len(set(asked)) <= 10 + 4


def test_what_falls_is_found_on_the_other_side():
    found, asked = search(lambda x: 1 - x >= 0.955)
    assert found == [0.04]
    assert 0.05 in asked


def test_a_step_is_found_at_its_foot():
    assert search(lambda x: x >= 0.73)[0] == [0.73]


def test_of_two_sides_the_nearer_comes_first():
    found, _ = search(lambda x: abs(x - 0.5) >= 0.3, today=0.6)
    assert found == [0.8, 0.2]


def test_never_and_always():
    assert search(lambda x: False)[0] == []
    assert search(lambda x: True)[0] == [0.1]


def test_a_hump_is_found_at_its_near_side():
    assert search(lambda x: 4 * x * (1 - x) >= 0.9)[0] == [0.35]  # (1 − √0.1) / 2 = 0.3419…


def test_where_it_stands_outside_the_range_the_near_end_is_nearest():
    settings = settings_between(0.5, 1, 0.1)
    looked = spread_out(0, len(settings) - 1)

    def found(reaches):
        places = nearest_reached(settings, 0.1, looked, lambda p: reaches(settings[p]))
        return [settings[place] for place in places]

    assert found(lambda x: x >= 0.3) == [0.5]
    assert found(lambda x: x >= 0.777) == [0.78]


def test_a_curve_turns_only_by_more_than_luck():
    def means(*numbers):
        return [np.array([number - 0.1, number + 0.1]) for number in numbers]

    def is_more(values):
        return values.min() > 0.5

    assert turning_point(means(0, 1, 2, 3), is_more) is None
    assert turning_point(means(0, 3, 2, 1), is_more) == (1, "highest")
    assert turning_point(means(3, 1, 0, 2), is_more) == (2, "lowest")
    assert turning_point(means(0, 3, 2.8, 2.7), is_more) is None  # within luck of the end
