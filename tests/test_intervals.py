"""Intervals against numbers whose truth is known: a mean, plus what differs between parameter
sets (knowledge), plus luck between repeats, both normal.

Seeds are fixed, so a test passes or fails for good; the false-alarm rate stated is that of a
correct program under another seed. A coverage over n simulations has a standard error of
sqrt(0.95 * 0.05 / n); tolerances are 4 of them (false alarms: 6 in 100,000 each).
"""

import math

import numpy as np
import pytest

from recoverysim import compare, load
from recoverysim.plan import Plan
from recoverysim.studies.intervals import (
    QUANTILES_FROM_REPEATS,
    Spread,
    both_interval,
    luck_interval,
    moments,
    ratio_interval,
    repeats_to_settle,
    settling,
    spread,
)

TRUTH = 3.0
FOUR = 4.0  # standard errors


def four_errors(simulations):
    """Four standard errors of a coverage of 95%."""
    return FOUR * math.sqrt(0.95 * 0.05 / simulations)


def worlds(rng, repeats, sets, knowledge_sd, luck_sd):
    """Values of one simulated study, the set of each, and what each set's truth is."""
    which = np.arange(repeats) % sets
    truths = TRUTH + knowledge_sd * rng.standard_normal(sets)
    return truths[which] + luck_sd * rng.standard_normal(repeats), which, truths


def covered(simulations, seed, study):
    """The share of simulated studies whose interval holds the truth."""
    rng = np.random.default_rng(seed)
    hits = 0
    for _ in range(simulations):
        interval, truth = study(rng)
        hits += interval is not None and interval[0] <= truth <= interval[1]
    return hits / simulations


# --- luck ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("repeats", "sets", "knowledge_sd"), [(20, 10, 0.0), (20, 10, 5.0), (6, 3, 1.0), (8, 1, 0.0)]
)
def test_the_luck_interval_holds_the_mean_of_these_sets_95_times_in_100(
    repeats, sets, knowledge_sd
):
    """4,000 simulations: four errors are 1.4 points; a coverage of 92.5 or 97.5% is seen in 99%
    of cases. What differs between sets must not widen it."""

    def study(rng):
        values, which, truths = worlds(rng, repeats, sets, knowledge_sd, 2.0)
        return luck_interval(moments(values, which)), truths[which].mean()

    assert covered(4000, 1, study) == pytest.approx(0.95, abs=four_errors(4000))


def test_without_knowledge_both_is_luck():
    values, which, _ = worlds(np.random.default_rng(2), 12, 1, 0.0, 1.0)
    found = spread(values, which, Plan(repeats=12, knowledge="none"))
    assert found.both == found.luck
    assert found.knowledge_sd == 0


# --- both ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sets", "knowledge_sd"),
    [
        (5, 0.0), (5, 1.0), (10, 0.0), (10, 0.5), (10, 1.0), (10, 4.0), (50, 0.25), (50, 0.5),
        (50, 1.0), (50, 4.0),
    ],
)  # fmt: skip
def test_both_holds_the_truth_of_a_set_never_drawn(sets, knowledge_sd):
    """How the world really is counts as one more set, so the spread between sets is to be covered
    as well as luck (luck has an sd of 1 here). 3,000 simulations with two repeats a set; wider
    than 95% is allowed, narrower than 93% is not, but for four errors (1.6 points). An interval
    of luck alone would hold 35% or fewer where the two are equal."""
    plan = Plan(repeats=2 * sets)

    def study(rng):
        values, which, _ = worlds(rng, 2 * sets, sets, knowledge_sd, 1.0)
        truth = TRUTH + knowledge_sd * rng.standard_normal()
        return both_interval(moments(values, which), plan), truth

    assert covered(3000, 3, study) >= 0.93 - four_errors(3000)


def test_with_many_repeats_both_is_the_middle_of_the_sets():
    """From 200 repeats on: 1,000 simulations of 120 sets; 92 to 97.5% allowed, and four errors
    (2.8 points). Quantiles of 120 are a little narrow; nothing more is expected."""
    plan = Plan(repeats=240)
    assert plan.repeats >= QUANTILES_FROM_REPEATS

    def study(rng):
        values, which, _ = worlds(rng, 240, 120, 1.0, 1.0)
        return spread(values, which, plan).both, TRUTH + rng.standard_normal()

    assert 0.92 - four_errors(1000) <= covered(1000, 4, study) <= 0.975 + four_errors(1000)


@pytest.mark.parametrize("repeats", [2, 4, 20, 21, 240])
def test_both_is_never_narrower_than_luck_and_an_area_is_widest(repeats):
    rng = np.random.default_rng(5)
    sets = max(1, repeats // 2)
    for _ in range(50):
        values, which, _ = worlds(rng, repeats, sets, rng.choice([0.0, 0.3, 3.0]), 1.0)
        found = spread(values, which, Plan(repeats=repeats))
        assert found.luck is not None
        assert found.luck[0] <= found.mean <= found.luck[1]
        if sets > 1:
            assert found.both[0] <= found.luck[0] <= found.luck[1] <= found.both[1]
            assert found.area[1] - found.area[0] > 0
        else:
            assert found.both is None


# --- the split ----------------------------------------------------------------------------


@pytest.mark.parametrize(("repeats", "sets"), [(20, 10), (30, 10), (9, 4), (21, 10)])
def test_the_variance_is_split_without_bias(repeats, sets):
    """6,000 simulations, knowledge variance 9 beside luck variance 4, so that the floor at 0 is
    hardly ever touched. Tolerance: four standard errors of the simulated mean, about 3% of it."""
    rng = np.random.default_rng(6)
    knowledge, luck = [], []
    for _ in range(6000):
        values, which, _ = worlds(rng, repeats, sets, 3.0, 2.0)
        found = moments(values, which)
        mean_size = np.mean(1 / np.bincount(which))
        knowledge.append(found.between - found.within * mean_size)
        luck.append(found.luck)
        assert found.knowledge >= 0
    for estimates, truth in ((knowledge, 9.0), (luck, 4.0)):
        error = np.std(estimates) / math.sqrt(len(estimates))
        assert np.mean(estimates) == pytest.approx(truth, abs=FOUR * error)


@pytest.mark.parametrize("repeats", [5, 9, 20, 21])
def test_luck_in_the_means_of_uneven_sets_is_taken_out_exactly(repeats):
    """Over sets of n repeats each, luck adds the mean of 1/n to the variance of their means."""
    sets = repeats // 2
    values, which, _ = worlds(np.random.default_rng(7), repeats, sets, 9.0, 2.0)
    found = moments(values, which)
    expected = found.between - found.within * np.mean(1 / np.bincount(which))
    assert found.knowledge == pytest.approx(expected, rel=1e-9)


def test_moments_are_those_of_an_analysis_of_variance():
    found = moments(np.array([1.0, 10.0, 3.0, 14.0]), np.array([0, 1, 0, 1]))
    assert found.mean == 7
    assert found.within == (1 + 1 + 4 + 4) / 2
    assert found.between == (2 - 12) ** 2 / 2


# --- ratios -------------------------------------------------------------------------------


@pytest.mark.parametrize(("luck_only", "simulations"), [(True, 800), (False, 400)])
def test_fiellers_interval_holds_the_true_ratio(luck_only, simulations):
    """Top and below share luck. Four errors: 3.1 points of 800, 4.4 of 400 (there from 92%, as for
    `both` with much knowledge). Dividing the ends of two intervals would hold over 99%."""
    plan = Plan(repeats=20)

    def study(rng):
        shared, which, _ = worlds(rng, 20, 10, 0.0, 1.0)
        knowledge = (0.0 if luck_only else 6.0) * rng.standard_normal(10)[which]
        below = 8 + shared - TRUTH + 0.5 * rng.standard_normal(20)
        top = 5 * below + knowledge + 2 * rng.standard_normal(20)
        truth = 5.0 if luck_only else 5.0 + 6 * rng.standard_normal() / 8
        return ratio_interval(top, below, which, plan, luck_only=luck_only), truth

    share = covered(simulations, 8, study)
    low = 0.95 if luck_only else 0.92
    assert (
        low - four_errors(simulations)
        <= share
        <= (0.95 if luck_only else 0.98) + four_errors(simulations)
    )


def test_a_ratio_is_unbounded_where_below_may_be_nothing():
    rng = np.random.default_rng(9)
    top, which, _ = worlds(rng, 20, 10, 1.0, 1.0)
    below = top - top.mean() + 0.01
    for luck_only in (True, False):
        assert ratio_interval(top, below, which, Plan(), luck_only=luck_only) is None
    assert ratio_interval(top, 0 * top, which, Plan(), luck_only=True) is None


def test_the_ends_of_a_ratio_are_where_the_difference_just_reaches_zero():
    values, which, _ = worlds(np.random.default_rng(10), 20, 10, 0.5, 1.0)
    below = values + 20
    top = 2 * below + np.random.default_rng(11).standard_normal(20)
    low, high = ratio_interval(top, below, which, Plan(), luck_only=True)
    assert low < top.mean() / below.mean() < high
    assert luck_interval(moments(top - low * below, which))[0] == pytest.approx(0, abs=1e-6)
    assert luck_interval(moments(top - high * below, which))[1] == pytest.approx(0, abs=1e-6)


def test_a_settled_difference_always_has_a_number_needed():
    """Also from 200 repeats on, where the range is read off the sets and may be lopsided."""
    rng = np.random.default_rng(12)
    plan = Plan(repeats=400)
    below = rng.gamma(2.0, 1.0, 200)[np.arange(400) % 200] + 0.3 + rng.normal(0, 0.3, 400)
    which = np.arange(400) % 200
    found = spread(below, which, plan)
    assert found.both[0] > 0
    assert both_interval(moments(below, which), plan)[0] < 0  # the symmetrical one would not settle
    top = np.full(400, 200.0) + rng.normal(0, 5, 400)
    low, high = ratio_interval(top, below, which, plan, luck_only=False)
    assert 0 < low < top.mean() / below.mean() < high < np.inf


# --- ends of the scale --------------------------------------------------------------------


def test_no_difference_has_intervals_of_no_width():
    found = spread(np.zeros(20), np.arange(20) % 10, Plan(repeats=20))
    assert found == Spread(0.0, (0.0, 0.0), (0.0, 0.0), (0.0, 0.0), 0.0, 0.0)


def test_a_world_against_itself_differs_by_exactly_nothing():
    twin = load("baseline").replace({}, name="twin")
    pair = compare(["baseline", twin], clients=40, years=1, repeats=6, threads=1)
    for row in pair.contrasts[0].rows:
        if row.difference is not None:
            ends = (row.low, row.high, row.luck_low, row.luck_high, row.area_low, row.area_high)
            assert (row.difference, *ends) == (0.0,) * 7, row.measure
    assert "no difference in recovery" in pair.headline()


def test_one_repeat_gives_no_interval():
    found = spread(np.array([4.0]), np.array([0]), Plan(repeats=1))
    assert found == Spread(4.0, None, None, None, None, None)
    assert (
        ratio_interval(np.array([4.0]), np.array([2.0]), np.array([0]), Plan(), luck_only=True)
        is None
    )


def test_repeats_to_settle():
    """Luck's half width shrinks with the root of the repeats; a tenth of the effect is enough."""

    def wanted(effect, half):
        return repeats_to_settle(effect, Spread(effect, None, (-half, half), None, None, 1.0), 20)

    assert wanted(10.0, 2.0) == 80
    assert wanted(-10.0, 2.0) == 80
    assert wanted(10.0, 3.0) == 180
    assert wanted(10.0, 1.0) is None  # settled
    assert wanted(0.0, 1.0) is None  # never
    assert repeats_to_settle(5.0, Spread(5.0, None, None, None, None, None), 1) is None
    for half in (1.3, 2.7, 9.9):
        needed = wanted(7.0, half)
        assert half * math.sqrt(20 / needed) <= 0.7 < half * math.sqrt(20 / (needed - 1))


def uncertain(mean, knowledge_sd, luck_sd):
    return Spread(mean, None, None, None, knowledge_sd, luck_sd)


def test_repeats_that_tell_a_difference_from_zero_by_luck_alone():
    """By hand: a mean of 2.5 is shown as more than nothing while the half width is at most 2. With
    a standard deviation of 4 that is t × 4 / √repeats: 2.131 with 16 (t of 15 degrees 2.131) and
    1.989 with 18 (t of 17 degrees 2.110)."""
    plan = Plan(repeats=8, knowledge="none")
    assert settling(uncertain(2.5, 0.0, 4.0), plan, 1) == (18, False)
    assert settling(uncertain(-2.5, 0.0, 4.0), plan, 1) == (18, False)


def test_repeats_that_tell_a_difference_from_zero_where_knowledge_matters():
    """By hand, without luck and with an sd of 1 between sets: the half width is t × √(1 + 1/sets)
    with one degree fewer than sets. A mean of 3.46 leaves 2.96: five sets give 2.776 × 1.095 =
    3.041, six give 2.571 × 1.080 = 2.777; two repeats a set."""
    assert settling(uncertain(3.46, 1.0, 0.0), Plan(repeats=200), 100) == (12, False)


def test_from_200_repeats_on_luck_is_taken_out_of_what_the_sets_say():
    """By hand. Sets differ with an sd of 1, so that 1.96 stays. A mean of 2.6 leaves 2.1: with an
    sd of luck of 2 and 198 repeats, eight degrees of freedom still give 2.3 × 1.01; at 200 the
    range is that of the sets. With an sd of luck of 20 a mean of 3 leaves 2.5, which luck alone
    needs: 1.979 × 20 / √252 = 2.493, and 2.503 with 250."""
    assert settling(uncertain(2.6, 1.0, 2.0), Plan(repeats=20), 10) == (200, True)
    assert settling(uncertain(3.0, 1.0, 20.0), Plan(repeats=20), 10) == (252, True)


@pytest.mark.parametrize(
    ("mean", "knowledge_sd", "by_knowledge"),
    [
        (0.0, 1.0, True), (1.9, 1.0, True), (-1.9, 1.0, True), (2.3, 1.0, True),
        (0.3, 0.1, False), (0.3, 0.2, True),
    ],
)  # fmt: skip
def test_no_number_of_repeats_settles_what_knowledge_leaves_open(mean, knowledge_sd, by_knowledge):
    """1.96 standard deviations of knowledge stay. 2.3 leaves 0.34 then, which is shown as zero; 0.3
    is shown as nothing whatever stays."""
    found = settling(uncertain(mean, knowledge_sd, 5.0), Plan(repeats=20), 10)
    assert found == (None, by_knowledge)


def test_few_sets_may_hide_that_knowledge_reaches_to_zero():
    """By hand, without luck: the 5% point of chi-square with 9 degrees is 3.325, so that ten sets
    with an sd of 1 allow one of √(9 / 3.325) = 1.645, of which 3.22 stays; a hundred (99 degrees,
    77.05) allow 1.134, and 2.22. With a variance of luck of 2, half of it in each mean, between is
    2 and may be 5.41, of which 4.41 is knowledge: 1.96 × 2.10 = 4.12."""
    for mean, luck, sets, may in (
        (3.7, 0.0, 10, True), (3.8, 0.0, 10, False), (2.7, 0.0, 100, True),
        (2.8, 0.0, 100, False), (4.6, math.sqrt(2), 10, True), (4.7, math.sqrt(2), 10, False),
    ):  # fmt: skip
        found = settling(uncertain(mean, 1.0, luck), Plan(repeats=2 * sets), sets)
        assert found.by_knowledge == may, (mean, luck, sets)
        assert found.repeats is not None


def test_what_settles_is_not_told_where_variances_are_unknown():
    assert settling(uncertain(3.0, None, 1.0), Plan(repeats=3), 1) is None
    assert settling(uncertain(3.0, None, None), Plan(repeats=1), 1) is None


def test_the_headline_says_what_would_settle_it():
    pair = compare(
        ["baseline", "peer-introduction"], clients=100, years=1, repeats=6, threads=2,
        knowledge="prior",
    )  # fmt: skip
    contrast = pair.contrasts[0]
    assert contrast.to_settle
    assert contrast.headline.endswith(contrast.to_settle)
    assert "settle it" in contrast.to_settle
