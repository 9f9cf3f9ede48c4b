"""Which factors matter: against functions whose answer is known, and against nothing at all."""

import math
import sys

import numpy as np
import polars as pl
import pytest
from SALib.sample import morris, sobol

from recoverysim.studies.sweeps.analyses.answers import answers
from recoverysim.studies.sweeps.analyses.missing import CannotAnalyse, MissingLibrary
from recoverysim.studies.sweeps.analyses.rank_regression import rank_regression
from recoverysim.studies.sweeps.analyses.sensitivity import (
    sensitivity,
    share_of_luck,
)
from recoverysim.studies.sweeps.analyses.shared_luck import shared_luck
from recoverysim.studies.sweeps.analyses.tornado import tornado
from recoverysim.studies.sweeps.factors import Factor
from tests.sweep_made import BASELINE, MEASURE, PEERS, even, found, grid, problem


def by_factor(table: pl.DataFrame) -> dict[str, dict]:
    return {row["factor"]: row for row in table.to_dicts()}


def of_sobol(factors, bases, seed=1):
    return sobol.sample(problem(factors), bases, calc_second_order=False, seed=seed)


def ishigami(places):
    x = math.pi * (2 * places - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_shares():
    """First and total shares by the integrals of Ishigami and Homma (1990), a = 7, b = 0.1."""
    a, b, pi = 7.0, 0.1, math.pi
    alone1 = (1 + b * pi**4 / 5) ** 2 / 2
    alone2 = a**2 / 8
    together13 = b**2 * pi**8 * (1 / 18 - 1 / 50)
    whole = alone1 + alone2 + together13
    first = {"x1": alone1, "x2": alone2, "x3": 0.0}
    total = {"x1": alone1 + together13, "x2": alone2, "x3": together13}
    return ({key: one / whole for key, one in of.items()} for of in (first, total))


# --- Sobol --------------------------------------------------------------------------------


def test_sobol_finds_the_shares_of_the_function_of_ishigami():
    rows = by_factor(sensitivity(found(of_sobol(3, 1024), ishigami, design="sobol")))
    first, total = ishigami_shares()
    assert first["x1"] == pytest.approx(0.314, abs=0.001)  # as everybody prints them
    for key, row in rows.items():
        assert row["first"] == pytest.approx(first[key], abs=0.04)
        assert row["total"] == pytest.approx(total[key], abs=0.04)
        assert row["first_low"] <= first[key] <= row["first_high"]
        assert row["total_low"] <= total[key] <= row["total_high"]
    assert list(rows) == ["x1", "x2", "x3"]  # by their totals


def test_a_base_with_a_failed_point_is_dropped_and_counted():
    places = of_sobol(3, 256)
    whole = sensitivity(found(places, ishigami, design="sobol"))
    broken = sensitivity(found(places, ishigami, design="sobol", gone=(7, 8, 500)))
    assert set(whole["used"]) == {256}
    assert set(broken["drawn"]) == {256}
    assert set(broken["used"]) == {254}  # 7 and 8 are points of one base
    first, _ = ishigami_shares()
    assert by_factor(broken)["x2"]["first"] == pytest.approx(first["x2"], abs=0.1)


def test_the_same_runs_give_the_same_table():
    made = found(of_sobol(3, 64), ishigami, design="sobol", luck=1.0)
    assert sensitivity(made).equals(sensitivity(made))


def test_luck_is_told_as_a_share_of_the_variance():
    # Variance of 12 x is 144/12 = 12; of the mean of 4 runs with luck of sd 2 it is 4/4 = 1.
    made = found(even(4000, 2), lambda places: 12 * places[:, 0], luck=2.0, repeats=4)
    assert share_of_luck(answers(made)[0]) == pytest.approx(1 / 13, abs=0.01)
    alone = found(even(100, 2), lambda places: places[:, 0])
    assert share_of_luck(answers(alone)[0]) is None


# --- Morris -------------------------------------------------------------------------------


def test_morris_finds_the_slopes_of_a_line():
    slopes = np.array([6.0, -3.0, 0.0])
    made = found(morris.sample(problem(3), 10, seed=1), lambda p: p @ slopes, design="morris")
    rows = by_factor(sensitivity(made))
    for key, slope in zip(("x1", "x2", "x3"), slopes, strict=True):
        assert rows[key]["mu_star"] == pytest.approx(abs(slope))
        assert rows[key]["mu"] == pytest.approx(slope)
        assert rows[key]["sigma"] == pytest.approx(0, abs=1e-9)
        assert rows[key]["low"] == pytest.approx(abs(slope))
    assert list(rows) == ["x1", "x2", "x3"]
    assert rows["x1"]["above_luck"] is None  # one repeat cannot say


def test_the_interval_of_few_trajectories_is_students():
    places = morris.sample(problem(2), 5, num_levels=4, seed=2)
    made = found(places, lambda p: p[:, 0] * (1 + p[:, 1]), design="morris")
    # Effects of x1 are 1 + x2, of five trajectories.
    at = places.reshape(5, 3, 2)
    others = [
        1 + one[step, 1]
        for one in at
        for step in (0, 1)
        if one[step, 0] != one[step + 1, 0]
    ]  # fmt: skip
    half = 2.77644511 * np.std(others, ddof=1) / math.sqrt(5)  # t of four degrees of freedom
    row = by_factor(sensitivity(made))["x1"]
    assert row["mu_star"] == pytest.approx(np.mean(others))
    assert row["high"] - row["mu_star"] == pytest.approx(half, rel=1e-5)


def test_effects_are_those_of_salib():
    from SALib.analyze import morris as analyze

    places = morris.sample(problem(4), 12, seed=3)
    made = found(places, lambda p: p[:, 0] * p[:, 1] + np.sin(5 * p[:, 2]), design="morris")
    theirs = analyze.analyze(problem(4), places, made.runs[MEASURE].to_numpy(), seed=1)
    rows = by_factor(sensitivity(made))
    for place in range(4):
        row = rows[f"x{place + 1}"]
        for name in ("mu_star", "mu", "sigma"):
            assert row[name] == pytest.approx(theirs[name][place])


def test_effects_of_few_values_are_of_their_whole_range():
    """A design of four levels moves by two thirds; a switch is then moved as far as it can be."""
    factors = (
        Factor("switch", ("mechanisms.readiness",), (True, False)),
        Factor("three", ("x",), (1.0, 2.0, 3.0)),
        Factor("uneven", ("y",), (0.0, 1.0, 10.0)),
        Factor("kind", ("network.kind",), ("small-world", "configuration", "none")),
    )

    def answer(places):
        switch, three, uneven, kind = (
            [factor.at(place) for place in column] for factor, column in zip(factors, places.T)
        )
        return (
            7.0 * np.array(switch) + 4 * np.array(three) - np.array(uneven)
            + 3.0 * (np.array(kind) == "none")
        )  # fmt: skip

    places = morris.sample(problem(4), 20, num_levels=4, seed=1)
    rows = by_factor(sensitivity(found(places, answer, design="morris", factors=factors)))
    for name, effect in (("switch", -7), ("three", 8), ("uneven", -10)):
        assert rows[name]["mu"] == pytest.approx(effect)
        assert rows[name]["mu_star"] == pytest.approx(abs(effect))
        assert rows[name]["sigma"] == pytest.approx(0, abs=1e-9)
    assert rows["kind"]["mu_star"] == pytest.approx(3)


def test_a_trajectory_with_a_failed_point_is_dropped_and_counted():
    made = found(
        morris.sample(problem(3), 10, seed=1), lambda p: 6 * p[:, 0], design="morris", gone=(0, 39)
    )
    rows = by_factor(sensitivity(made))
    assert (rows["x1"]["used"], rows["x1"]["drawn"]) == (8, 10)
    assert rows["x1"]["mu_star"] == pytest.approx(6)


def test_too_few_trajectories_are_refused():
    made = found(
        morris.sample(problem(2), 4, seed=1), lambda p: p[:, 0], design="morris", gone=(0,)
    )
    with pytest.raises(CannotAnalyse, match="fewer than 4"):
        sensitivity(made)


def test_morris_tells_effects_from_luck_and_seldom_luck_from_effects():
    """Of factors that do nothing about one in forty may pass; ones that do something all do."""
    passed, missed = [], []
    for seed in range(40):
        places = morris.sample(problem(8), 12, seed=seed + 1)
        made = found(
            places, lambda p: 20 * p[:, 0], design="morris", luck=3.0, repeats=3, seed=seed
        )
        rows = by_factor(sensitivity(made))
        missed.append(not rows.pop("x1")["above_luck"])
        passed += [row["above_luck"] for row in rows.values()]
        assert min(row["mu_star"] for row in rows.values()) > 0.5  # though it does nothing
    assert not any(missed)
    assert np.mean(passed) < 0.05


def test_each_scenario_is_told_beside_the_first():
    places = morris.sample(problem(2), 6, seed=1)
    made = found(
        places, lambda p: np.column_stack([10 * p[:, 0], 10 * p[:, 0] + 4 * p[:, 1]]),
        design="morris", scenarios=(BASELINE, PEERS),
    )  # fmt: skip
    table = sensitivity(made)
    assert set(table["scenario"]) == {PEERS}
    assert by_factor(table)["x2"]["mu_star"] == pytest.approx(4)
    assert by_factor(table)["x1"]["mu_star"] == pytest.approx(0, abs=1e-9)


def test_without_salib_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.analyze", None)
    made = found(of_sobol(2, 8), lambda p: p[:, 0], design="sobol")
    with pytest.raises(MissingLibrary, match=r"needs SALib: pip install 'recoverysim\[analyse\]'"):
        sensitivity(made)


# --- partial rank correlation -------------------------------------------------------------


def test_ranks_that_go_together_and_those_that_do_not():
    made = found(even(300, 3), lambda p: np.exp(4 * p[:, 0]) - p[:, 1], luck=1.0)
    rows = by_factor(rank_regression(made))
    assert rows["x1"]["prcc"] > 0.9
    assert rows["x1"]["low"] < rows["x1"]["prcc"] < rows["x1"]["high"] < 1
    assert rows["x1"]["apart"]
    assert -0.6 < rows["x2"]["prcc"] < 0
    assert rows["x2"]["apart"]
    assert not rows["x3"]["apart"]


def test_one_other_factor_held_gives_the_partial_correlation_by_hand():
    from scipy.stats import spearmanr

    made = found(even(80, 2), lambda p: p[:, 0] + p[:, 1], luck=0.2)
    values = made.runs[MEASURE].to_numpy()
    xy, xz, yz = (
        spearmanr(*pair).statistic
        for pair in (
            (made.places[:, 0], values), tuple(made.places.T), (made.places[:, 1], values)
        )
    )  # fmt: skip
    by_hand = (xy - xz * yz) / math.sqrt((1 - xz**2) * (1 - yz**2))
    assert by_factor(rank_regression(made))["x1"]["prcc"] == pytest.approx(by_hand)


def test_all_at_once_is_as_one_by_one(monkeypatch):
    made = found(even(90, 4), lambda p: p[:, 0] + p[:, 1] * p[:, 2], luck=0.3)
    at_once = rank_regression(made)
    monkeypatch.setattr("recoverysim.studies.sweeps.analyses.rank_regression.WELL_APART", 0.0)
    one_by_one = rank_regression(made)
    assert at_once["factor"].equals(one_by_one["factor"])
    assert at_once["prcc"].to_list() == pytest.approx(one_by_one["prcc"].to_list())


def test_a_factor_that_follows_another_cannot_be_told_apart_from_it():
    places = even(60, 2)
    places = np.column_stack([places, places[:, 0]])
    rows = by_factor(rank_regression(found(places, lambda p: p[:, 0] + p[:, 1])))
    assert rows["x1"]["prcc"] is None
    assert rows["x3"]["prcc"] is None
    assert rows["x2"]["prcc"] is not None


def test_too_few_points_for_so_many_factors_are_refused():
    with pytest.raises(CannotAnalyse, match="18 points"):
        rank_regression(found(even(17, 5), lambda p: p[:, 0]))


def test_ranks_of_noise_pass_about_one_time_in_twenty():
    passed = []
    for seed in range(60):
        made = found(even(60, 5, seed), lambda p: 0 * p[:, 0], luck=1.0, seed=seed)
        passed += rank_regression(made)["apart"].to_list()
    assert np.mean(passed) < 0.1


def test_luck_that_all_points_share_is_no_finding():
    """Twins are lucky alike at every point: what looks like an effect at hundreds of points is the
    luck of six repeats. Taken for the draw of points alone, four in five would pass."""
    passed = []
    for seed in range(40):
        made = found(
            even(150, 3, seed), lambda p: 0 * p[:, 0], luck=1.0, shared=2.0, repeats=6, seed=seed
        )
        passed += rank_regression(made)["apart"].to_list()
    assert np.mean(passed) < 0.15
    real = found(even(150, 3), lambda p: 12 * p[:, 0], luck=1.0, shared=2.0, repeats=6)
    assert by_factor(rank_regression(real))["x1"]["apart"]


def test_shares_of_shared_luck_are_no_finding():
    passed = []
    for seed in range(40):
        made = found(
            of_sobol(3, 64), lambda p: 0 * p[:, 0], luck=0.5, shared=2.0, repeats=4,
            seed=seed, design="sobol",
        )  # fmt: skip
        passed += (sensitivity(made)["first_low"] > 0).to_list()
    assert np.mean(passed) < 0.18


def test_what_repeats_leave_open_by_hand():
    # A mean of means: the jackknife gives the variance of the mean itself.
    values = np.array([[1.0, 4.0, 10.0], [3.0, 2.0, 2.0]])
    luck = shared_luck(values, lambda mean: np.array([mean.mean(), 7.0]))
    by_repeat = values.mean(axis=0)
    assert luck.variance == pytest.approx([by_repeat.var(ddof=1) / 3, 0.0])
    assert luck.freedom == 2
    assert luck.around(1, 5.0, 0.0, 9) == (5.0, 5.0)
    low, high = luck.around(0, 5.0, 0.0, 9)
    half = 4.30265273 * math.sqrt(by_repeat.var(ddof=1) / 3)  # t of two degrees of freedom
    assert (low, high) == pytest.approx((5 - half, 5 + half))
    alone = shared_luck(values[:, :1], lambda mean: mean)
    low, high = alone.around(0, 0.0, 4.0, math.inf)
    assert (low, high) == pytest.approx((-3.919928, 3.919928))  # 1.96 times 2


# --- tornado ------------------------------------------------------------------------------


def test_low_and_high_of_a_line():
    """The mean of the lowest fifth of 0 to 1 is 0.1, of the highest 0.9."""
    table = tornado(found(even(1000, 3), lambda p: 100 + 20 * p[:, 0] - 5 * p[:, 1]))
    rows = by_factor(table)
    assert rows["x1"]["at_low"] == pytest.approx(100 + 2 - 2.5, abs=0.3)
    assert rows["x1"]["at_high"] == pytest.approx(100 + 18 - 2.5, abs=0.3)
    assert rows["x1"]["change"] == pytest.approx(16, abs=0.5)
    assert rows["x1"]["change_from"] < 16 < rows["x1"]["change_to"]
    assert rows["x2"]["change"] == pytest.approx(-4, abs=1.5)
    assert (rows["x1"]["low_to"], rows["x1"]["high_from"]) == pytest.approx((0.2, 0.8), abs=0.01)
    assert list(rows)[:2] == ["x1", "x2"]
    assert rows["x1"]["points_low"] == rows["x1"]["points_high"] == 200


def test_of_a_grid_the_ends_and_luck_between_repeats():
    made = found(grid(3, 2), lambda p: 10 * p[:, 0], design="grid", luck=1.0, repeats=6)
    row = by_factor(tornado(made))["x1"]
    low = made.runs.filter(pl.col("point").is_in([0, 1])).group_by("repeat").agg(pl.mean(MEASURE))
    assert row["at_low"] == pytest.approx(low[MEASURE].mean())
    half = 2.570582 * low[MEASURE].std() / math.sqrt(6)  # t of 5 degrees of freedom
    assert row["at_low_to"] - row["at_low"] == pytest.approx(half, rel=1e-5)
    single = by_factor(tornado(found(grid(3, 2), lambda p: 10 * p[:, 0], design="grid")))["x1"]
    assert single["at_low_from"] is None
    assert not single["apart"]


def test_repeats_under_one_parameter_set_count_as_one():
    """Six repeats live under three sets: repeat r under set r modulo 3."""
    made = found(
        grid(3, 2), lambda p: 10 * p[:, 0], design="grid", luck=1.0, repeats=6, knowledge="accepted"
    )
    row = by_factor(tornado(made))["x1"]
    low = made.runs.filter(pl.col("point").is_in([0, 1]))
    means = low.group_by(pl.col("repeat") % 3).agg(pl.mean(MEASURE))[MEASURE]
    half = 4.30265273 * means.std() / math.sqrt(3)  # t of 2 degrees of freedom
    assert row["at_low"] == pytest.approx(means.mean())
    assert row["at_low_to"] - row["at_low"] == pytest.approx(half, rel=1e-5)


def test_points_drawn_together_do_not_make_it_sure():
    """Points of a Sobol base share all factors but one; taken as independent, they would pass
    far more often than one time in twenty."""
    passed = []
    for seed in range(40):
        made = found(of_sobol(4, 32, seed + 1), lambda p: 20 * p[:, 0], design="sobol", luck=1.0)
        rows = by_factor(tornado(made))
        assert rows.pop("x1")["apart"]
        passed += [row["apart"] for row in rows.values()]
    assert np.mean(passed) < 0.06


def test_of_a_handful_of_bases_no_interval_is_given():
    """Four bases of forty factors: hundreds of points, and next to nothing known."""
    made = found(of_sobol(40, 4), lambda p: p @ np.linspace(0, 20, 40), design="sobol")
    table = tornado(made)
    assert min(table["points_low"]) > 20
    assert table["change_from"].null_count() == 40
    assert not any(table["apart"])
