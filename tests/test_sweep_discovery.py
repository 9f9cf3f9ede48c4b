"""Where a scenario does not work: known boxes found, nothing found in noise; and the emulator."""

import math
import sys

import numpy as np
import polars as pl
import pytest
from SALib.sample import sobol

from recoverysim.studies.sweeps.analyses.boxes import Box, Columns
from recoverysim.studies.sweeps.analyses.discovery import ALL_BOXES, discovery
from recoverysim.studies.sweeps.analyses.emulator import MOST_POINTS, emulators
from recoverysim.studies.sweeps.analyses.missing import CannotAnalyse, MissingLibrary
from recoverysim.studies.sweeps.factors import Factor
from tests.sweep_made import BASELINE, PEERS, even, found, named, problem

# --- discovery ----------------------------------------------------------------------------


def below_in_a_box(places):
    """−1 where x1 > 0.3 and x2 ≤ 0.4, else 1."""
    return np.where((places[:, 0] > 0.3) & (places[:, 1] <= 0.4), -1.0, 1.0)


def test_a_known_box_is_found():
    (told,) = discovery(found(even(500, 4), below_in_a_box, worth_from=0.0))
    assert (told.points, told.line) == (500, 0.0)
    assert told.cases == pytest.approx(0.7 * 0.4 * 500, abs=15)
    one, together = told.boxes.to_dicts()
    words = one["box"].split()
    assert words[:2] == ["x1", "above"]
    assert float(words[2]) == pytest.approx(0.3, abs=0.02)
    assert words[3:6] == ["and", "x2", "up"]
    assert float(words[7]) == pytest.approx(0.4, abs=0.02)
    assert (one["coverage"], one["density"]) == (1.0, 1.0)
    assert one["points"] == told.cases
    assert together["box"] == ALL_BOXES
    assert together["held_out"]
    assert together["density"] > 0.9
    assert together["density_low"] < together["density"] <= together["density_high"]


def test_coverage_and_density_are_shares_of_cases_and_of_points():
    """Half of the box is above the line by lot, and there are cases outside it: so the density is
    a half or more in it, and the coverage short of one."""
    lot = np.random.default_rng(1).random(600)

    def answer(p):
        inside = p[:, 0] > 0.5
        return np.where(np.where(inside, lot < 0.8, lot < 0.1), -1.0, 1.0)

    made = found(even(600, 2), answer, worth_from=0.0)
    (told,) = discovery(made)
    one = told.boxes.row(0, named=True)
    case = answer(made.places) < 0
    inside = made.places[:, 0] > 0.5
    assert one["density"] == pytest.approx(case[inside].mean(), abs=0.05)
    assert one["coverage"] == pytest.approx(case[inside].sum() / case.sum(), abs=0.08)


def test_in_noise_nothing_is_found():
    told = []
    for seed in range(60):
        made = found(even(150, 5, seed), lambda p: 0 * p[:, 0], luck=1.0, seed=seed, worth_from=0.0)
        (one,) = discovery(made)
        assert one.cases > 40
        told.append(not one.boxes.is_empty())
    assert sum(told) <= 2  # fewer than about one in a hundred


def test_luck_that_twins_share_is_no_finding():
    """It foretells points held out, but not repeats held out."""
    told = []
    for seed in range(30):
        made = found(
            even(120, 3, seed), lambda p: 0 * p[:, 0], luck=1.0, shared=3.0, repeats=6, seed=seed,
            worth_from=0.0,
        )  # fmt: skip
        told.append(not discovery(made)[0].boxes.is_empty())
    assert sum(told) <= 6  # it would be nearly all of them
    real = found(
        even(300, 3), lambda p: 8 * below_in_a_box(p), luck=1.0, shared=2.0, repeats=6,
        worth_from=0.0,
    )  # fmt: skip
    assert not discovery(real)[0].boxes.is_empty()


def test_where_no_point_or_every_point_is_below():
    for shift, cases in ((1.0, 0), (-2.0, 80)):
        (told,) = discovery(
            found(even(80, 2), lambda p, shift=shift: p[:, 0] + shift, worth_from=0.0)
        )
        assert (told.cases, told.boxes.height) == (cases, 0)


def test_each_scenario_against_the_plans_line_and_kinds_by_name():
    kinds = Factor("kind", sets=("kind",), values=("peer", "leaflet"))
    switch = Factor("open", sets=("open",), values=(True, False))

    def answer(p):
        more = np.where(p[:, 1] < 0.5, 5.0, 1.0)
        return np.column_stack([0 * p[:, 0], more + 0.1 * p[:, 0]])

    made = found(
        even(200, 3), answer, factors=(named(1)[0], kinds, switch), worth_from=3.0,
        scenarios=(BASELINE, PEERS), gone=(5,),
    )  # fmt: skip
    (told,) = discovery(made)
    assert (told.scenario, told.points) == (PEERS, 199)
    assert told.boxes["box"][0] in ("kind is leaflet", "kind is not peer")
    assert told.boxes["coverage"][0] == told.boxes["density"][0] == 1.0


def test_bounds_are_told_in_words():
    columns = Columns(("offered", "kind"), (None, "peer"), np.empty((0, 2)))
    assert Box({0: (0.3, math.inf)}).in_words(columns) == "offered above 0.3"
    assert Box({0: (0.3, 0.5)}).in_words(columns) == "offered above 0.3 and up to 0.5"
    assert Box({1: (0.5, math.inf)}).in_words(columns) == "kind is peer"
    both = Box({1: (-math.inf, 0.5)}).within(0, -math.inf, 0.2)
    assert both.in_words(columns) == "offered up to 0.2 and kind is not peer"
    assert both.within(0, -math.inf, 0.4).bounds[0] == (-math.inf, 0.2)


def test_what_discovery_needs(monkeypatch):
    with pytest.raises(CannotAnalyse, match="40 points"):
        discovery(found(even(39, 2), below_in_a_box, worth_from=0.0))
    with pytest.raises(CannotAnalyse, match="no line"):
        discovery(found(even(80, 2), below_in_a_box))
    monkeypatch.setitem(sys.modules, "sklearn.tree", None)
    with pytest.raises(MissingLibrary, match="needs scikit-learn"):
        discovery(found(even(80, 2), below_in_a_box, worth_from=0.0))


# --- emulator -----------------------------------------------------------------------------


def smooth(places):
    return 10 * np.sin(3 * places[:, 0]) + 5 * places[:, 1] * places[:, 2]


def columns(places):
    return pl.DataFrame({f"x{one + 1}": places[:, one] for one in range(places.shape[1])})


def test_a_smooth_function_is_foretold_at_new_points_with_the_error_that_is_told():
    (made,) = emulators(found(even(100, 3), smooth, luck=0.5))
    places = 0.05 + 0.9 * even(400, 3, seed=2)
    truth = smooth(places) + 0.5 * np.random.default_rng(2).standard_normal(400)
    mean, sd = made.predict(columns(places))
    error = np.sqrt(((truth - mean) ** 2).mean())
    assert error == pytest.approx(0.5, abs=0.1)  # little more than the luck of a run
    assert made.error.rmse == pytest.approx(error, rel=0.25)
    held = (np.abs(truth - mean) <= 1.96 * sd).mean()
    assert 0.88 <= held <= 0.99
    assert made.error.coverage_low <= 0.95
    assert made.error.coverage_high >= held - 0.05
    assert made.error.explained > 0.95
    assert made.error.points == 100


def test_of_noise_it_says_that_it_explains_nothing():
    (made,) = emulators(found(even(80, 2), lambda p: 0 * p[:, 0], luck=1.0))
    assert made.error.explained < 0.2


def test_it_answers_nothing_beyond_the_range():
    (made,) = emulators(found(even(60, 3), smooth))
    inside = columns(np.full((1, 3), 0.5))
    made.predict(inside)
    with pytest.raises(ValueError, match=r"x2 should be .* to .*, the range that was run; found 2"):
        made.predict(inside.with_columns(x2=2.0))
    with pytest.raises(ValueError, match=r"found nan"):
        made.predict(inside.with_columns(x2=math.nan))
    with pytest.raises(ValueError, match="should have a column x3"):
        made.predict(inside.drop("x3"))


def test_what_is_held_out_of_a_sobol_design_is_a_whole_base():
    """White noise on each base, alike at its five points: nothing foretells a base from others."""
    places = sobol.sample(problem(3), 32, calc_second_order=False, seed=1)
    alike = np.repeat(np.random.default_rng(1).standard_normal(32), 5)
    (made,) = emulators(found(places, lambda p: alike, design="sobol"))
    assert made.error.explained < 0.3


def test_what_an_emulator_needs(monkeypatch):
    with pytest.raises(CannotAnalyse, match="30 points"):
        emulators(found(even(29, 2), smooth_of_two))
    with pytest.raises(CannotAnalyse, match="1 to 12 factors"):
        emulators(found(even(40, 13), smooth_of_two))
    kinds = Factor("kind", sets=("kind",), values=("peer", "leaflet"))
    with pytest.raises(CannotAnalyse, match="on a line"):
        emulators(found(even(40, 2), smooth_of_two, factors=(named(1)[0], kinds)))
    (made,) = emulators(found(even(MOST_POINTS + 20, 2), smooth_of_two, gone=(1,)))
    assert made.error.points == MOST_POINTS
    monkeypatch.setitem(sys.modules, "sklearn.gaussian_process", None)
    with pytest.raises(MissingLibrary, match="needs scikit-learn"):
        emulators(found(even(40, 2), smooth_of_two))


def smooth_of_two(places):
    return places[:, 0] - places[:, 1]
