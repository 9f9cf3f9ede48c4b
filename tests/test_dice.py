"""Chance: known answers, a stated battery over neighbouring keys, and the same dice when plain."""

import math

import numpy as np
import pytest
from scipy import stats

from recoverysim import dice
from recoverysim.compiled import plain, whole_week

# Each statistical test here raises a false alarm at most once in 100,000 fresh seeds; the keys are
# fixed, so they either hold or do not.
FALSE_ALARM = 1e-5


@whole_week
def throws(seed, keys, weeks, asked):
    """Throws of so many clients in so many weeks: float64 of (keys, weeks)."""
    found = np.empty((keys, weeks))
    for key in range(keys):
        luck = dice.luck_of(seed, np.uint64(key))
        for week in range(weeks):
            found[key, week] = dice.throw(dice.dice_of_the_week(luck, week), asked)
    return found


@whole_week
def normals(seed, keys, asked):
    found = np.empty((keys, 2))
    for key in range(keys):
        luck = dice.luck_of(seed, np.uint64(key))
        found[key, 0] = dice.normal(luck, asked)
        found[key, 1] = dice.nudge(luck, asked)
    return found


def test_the_mixing_function_gives_the_published_answers_of_splitmix64():
    """The first outputs of SplitMix64 from the seed 1234567."""
    published = [
        6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431,
        16408922859458223821,
    ]  # fmt: skip
    state, found = 1234567, []
    for _ in published:
        state = (state + int(dice.GOLDEN)) % 2**64
        found.append(dice.mix_plainly(state))
    assert found == published


A, B = dice.question("one question"), dice.question("another question")
GRID = throws(np.uint64(1), 400, 500, A)


def test_throws_are_evenly_spread():
    assert stats.kstest(GRID.ravel(), "uniform").pvalue > FALSE_ALARM
    counts = np.histogram(GRID, 256, (0, 1))[0]
    assert stats.chisquare(counts).pvalue > FALSE_ALARM


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("next client", np.roll(GRID, 1, axis=0)),
        ("next week", np.roll(GRID, 1, axis=1)),
        ("another question", throws(np.uint64(1), 400, 500, B)),
        ("next seed", throws(np.uint64(2), 400, 500, A)),
    ],
)
def test_neighbouring_keys_are_unrelated(name, other):
    """200,000 pairs: a correlation of 0.012 would be seen, and unevenness in an 8 by 8 grid."""
    assert stats.pearsonr(GRID.ravel(), other.ravel()).pvalue > FALSE_ALARM
    pairs = np.histogram2d(GRID.ravel(), other.ravel(), 8, ((0, 1), (0, 1)))[0]
    assert stats.chisquare(pairs.ravel()).pvalue > FALSE_ALARM


def test_every_bit_of_a_throw_is_fair_and_flips_half_the_time():
    bits = (GRID * 2**53).astype(np.uint64)
    for place in range(53):
        ones = int(((bits >> np.uint64(place)) & np.uint64(1)).sum())
        assert stats.binomtest(ones, bits.size).pvalue > FALSE_ALARM / 53


def test_normal_numbers_are_normal_and_nudges_have_mean_0_and_variance_1():
    found = normals(np.uint64(3), 100_000, A)
    assert stats.kstest(found[:, 0], "norm").pvalue > FALSE_ALARM
    assert abs(found[:, 1].mean()) < 5 / math.sqrt(100_000)
    assert abs(found[:, 1].var() - 1) < 5 * math.sqrt(2 / 100_000)


def test_plain_dice_are_the_compiled_dice():
    luck = [dice.luck_of_plainly(1, key) for key in range(400)]
    weeks = [[dice.dice_of_the_week_plainly(one, week) for week in range(500)] for one in luck]
    assert [[dice.throw_plainly(one, A) for one in row] for row in weeks] == GRID.tolist()
    found = normals(np.uint64(1), 400, A)
    plainly = [(plain(dice.normal)(one, A), plain(dice.nudge)(one, A)) for one in luck]
    assert plainly == [tuple(row) for row in found.tolist()]


@pytest.mark.parametrize("log_ratio", [-3.0, -0.5, 0.0, 0.9, 1.0, 2.0])
@pytest.mark.parametrize("hazard", [0.0, 0.001, 0.3, 5.0])
def test_sparing_the_exponential_changes_no_answer(hazard, log_ratio):
    strikes = plain(dice.strikes_at_risk)
    for key in range(300):
        luck = dice.luck_of_plainly(5, key)
        exact = dice.throw_plainly(luck, A) < 1 - math.exp(-hazard * math.exp(log_ratio))
        assert strikes(luck, A, hazard, log_ratio) == exact
