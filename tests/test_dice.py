"""Chance: known answers, a stated battery over neighbouring keys, and the same dice when plain."""

import hashlib
import math

import numpy as np
import pytest
from scipy import stats

from recoverysim import dice
from recoverysim.compiled import plain, whole_week
from recoverysim.population import AT_ENTRY
from recoverysim.world import seed_of_repeat

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


# --- what old results were made with never changes -----------------------------------------
# Written out a second time, from the description of the scheme alone.

EVERY_BIT = 2**64 - 1
GAMMA = 0x9E3779B97F4A7C15


def key_of(name):
    """The first 64 bits of the SHA-256 of a name."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:16], 16)


def mixed(z):
    """The finaliser of SplitMix64."""
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & EVERY_BIT
    z = (z ^ z >> 27) * 0x94D049BB133111EB & EVERY_BIT
    return z ^ z >> 31


def test_the_scheme_has_its_name():
    assert dice.SCHEME == "splitmix64-keyed-1"


@pytest.mark.parametrize(
    ("name", "key"),
    [("dies", 18445039938198423526), ("leaves mutual aid", 16160226614910151812)],
)
def test_a_question_is_known_by_its_name(name, key):
    assert int(dice.question(name)) == key == key_of(name)


@pytest.mark.parametrize(
    ("seed", "client", "week", "luck", "of_the_week", "thrown", "first"),
    [
        (1, 2, 3, 17405687883870564846, 8566811186491711777,
         0.5734348096070747, 0.4644077649833718),
        (0, 0, 0, 5197578548964807871, 3746585686858627171,
         0.3040881855065257, 0.20310281705476096),
        (2**64 - 1, 2**40, 2**31 - 1, 13381973860237990411, 6357574121170444924,
         0.7161736926756429, 0.34464478369553087),
    ],
)  # fmt: skip
def test_a_throw_is_a_function_of_seed_client_week_and_question(
    seed, client, week, luck, of_the_week, thrown, first
):
    """The question is "dies"."""
    assert mixed(mixed((seed + GAMMA) & EVERY_BIT) + client * GAMMA & EVERY_BIT) == luck
    assert mixed(luck + week * GAMMA & EVERY_BIT) == of_the_week
    assert (mixed(of_the_week ^ key_of("dies")) >> 11) / 2**53 == thrown
    assert (of_the_week >> 11) / 2**53 == first
    assert dice.luck_of_plainly(seed, client) == luck
    assert dice.dice_of_the_week_plainly(luck, week) == of_the_week
    assert dice.throw_plainly(of_the_week, dice.question("dies")) == thrown
    assert dice.first_throw_plainly(of_the_week) == first


def test_numbers_drawn_are_pinned():
    """A normal number by Box and Muller, from this throw and that of the dice mixed once more; a
    nudge from the sum of both halves of the bits, standardised."""
    week, asked = 8566811186491711777, dice.question("dies")
    bits, more = (mixed(one ^ key_of("dies")) for one in (week, mixed(week)))
    one, other = bits >> 11, more >> 11
    radius = math.sqrt(-2 * math.log((one + 1) / 2**53 * (1 - 2**-53)))
    normal = radius * math.cos(2 * math.pi * other / 2**53)
    assert plain(dice.normal)(week, asked) == pytest.approx(normal, rel=1e-14)
    assert normal == pytest.approx(-0.967588139621596, rel=1e-14)
    nudge = ((bits % 2**32) + (bits >> 32) - (2**32 - 1)) / math.sqrt((2**64 - 1) / 6)
    assert plain(dice.nudge)(week, asked) == pytest.approx(nudge, rel=1e-14)
    assert nudge == pytest.approx(0.5482144236387672, rel=1e-14)


def test_compiled_throws_are_pinned_too():
    """Seed 1, client 3, week 7, the question "one question"."""
    now = mixed(mixed(mixed(1 + GAMMA) + 3 * GAMMA & EVERY_BIT) + 7 * GAMMA & EVERY_BIT)
    assert GRID[3, 7] == (mixed(now ^ key_of("one question")) >> 11) / 2**53 == 0.7214578848364706


@pytest.mark.parametrize(
    ("seed", "repeat", "its_own"),
    [
        (1, 0, 13830413928045401970), (1, 1, 6869446166584666695),
        (0, 99_999, 17297770044813663983), (2**64 - 1, 7, 14280446381420479295),
    ],
)  # fmt: skip
def test_the_seed_of_a_repeat(seed, repeat, its_own):
    assert mixed(mixed(seed) + (repeat + 1) * GAMMA & EVERY_BIT) == its_own
    assert seed_of_repeat(seed, repeat) == its_own


def test_traits_are_thrown_in_a_week_that_no_run_reaches():
    assert AT_ENTRY == 2**31 - 1
