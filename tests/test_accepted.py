"""The accepted sets that ship: whole, within bounds, used by default, and told as they are."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from recoverysim.evidence.accepted import accepted_file, calibration
from recoverysim.knowledge import accepted_sets, central_values, draw_sets
from recoverysim.plan import Plan
from recoverysim.quantities import all_quantities
from recoverysim.scenario import load
from recoverysim.studies.calibration.acceptance import EFFECT
from recoverysim.studies.calibration.plan import load_plan
from recoverysim.studies.calibration.reference_table import uncertain
from recoverysim.studies.stamp import stamp
from recoverysim.study_words import too_few_draws

DOCS = Path(__file__).parent.parent / "docs"
SETS = np.array(accepted_file().rows)
KEYS = accepted_file().keys


def test_they_hold_every_uncertain_number_and_each_lies_where_it_may():
    """A number that was added or widened since needs `make calibrate`."""
    assert set(KEYS) == set(uncertain()), "run make calibrate"
    assert len(SETS) == load_plan("calibration").accepted == 400
    for key, column in zip(KEYS, SETS.T, strict=True):
        low, high = all_quantities()[key].bounds
        assert low <= column.min() <= column.max() <= high, key
        if key not in load_plan("calibration").parameters and "share" not in key:
            one = all_quantities()[key]
            if one.distribution in ("triangular", "uniform") and not one.moves_with:
                assert one.low * (1 - 1e-5) - 1e-9 <= column.min(), key
                assert column.max() <= one.high * (1 + 1e-5) + 1e-9, key
    shares = [column for key, column in zip(KEYS, SETS.T, strict=True)
              if all_quantities()[key].distribution == "dirichlet"]  # fmt: skip
    assert len(shares) == 4
    assert np.allclose(np.sum(shares, axis=0), 1, atol=1e-5)


def test_what_is_told_of_them_is_what_they_are():
    told = calibration()
    assert told["made_by"]["accepted"] == len(SETS)
    for one in told["parameters"]:
        column = SETS[:, KEYS.index(one["key"])]
        assert np.median(column) == pytest.approx(one["accepted"]["median"], rel=1e-3)
        ends = np.quantile(column, [0.025, 0.975])
        assert ends == pytest.approx(
            [one["accepted"]["low95"], one["accepted"]["high95"]], rel=2e-3, abs=1e-3
        )
    effect = SETS[:, KEYS.index(EFFECT)]
    assert told["effect"]["accepted_below_zero"] == pytest.approx((effect < 0).mean())


def test_they_were_made_from_what_is_fitted_now():
    fitted = [(one.figure.figure, one.trial.name) for one in load_plan("calibration").fitted]
    assert [(one["figure"], one["study"]) for one in calibration()["fitted"]] == fitted


def test_the_effect_keeps_its_width():
    """No trial says much of it in this model; a fit that made it narrow would be a mistake."""
    (effect,) = [one for one in calibration()["parameters"] if one["key"] == EFFECT]
    assert effect["narrower"] > 0.8


# --- use ----------------------------------------------------------------------------------


def test_answers_live_under_them_unless_told_otherwise():
    plan = Plan(clients=10, years=1, repeats=6)
    assert plan.knowledge == "accepted"
    sets = plan.parameter_sets()
    assert len(sets) == 3  # each serves two repeats
    rows = {tuple(row) for row in accepted_file().rows}
    assert all(tuple(one[key] for key in KEYS) in rows for one in sets)
    assert set(sets[0]) == set(central_values())
    assert stamp([load("baseline")], plan)["knowledge"] == "accepted"


def test_the_seed_says_which_come_first_and_there_are_no_more_than_there_are():
    first, second = (accepted_sets(3, seed)[0][EFFECT] for seed in (1, 2))
    assert first != second
    assert accepted_sets(3, 1) == accepted_sets(5, 1)[:3]
    every = accepted_sets(10_000, 7)
    assert len(every) == len(SETS)
    assert sorted(one[EFFECT] for one in every) == sorted(SETS[:, KEYS.index(EFFECT)])


def test_any_ten_that_follow_each_other_spread_over_the_effect():
    """Tenths of the effect among ten that follow each other: 6.5 of 10 if they were by lot."""
    tenth = SETS[:, KEYS.index(EFFECT)].argsort().argsort() * 10 // len(SETS)
    found = [
        len(set(np.take(tenth, range(first, first + 10), mode="wrap"))) for first in range(400)
    ]
    assert np.mean(found) > 8
    assert min(found) >= 6


def test_a_number_that_they_do_not_hold_is_drawn_from_its_declared_range(monkeypatch):
    """As for the numbers of plug-ins, which are declared later."""
    kept = [key for key in KEYS if key != "motivation.half_life_weeks"]
    columns = [KEYS.index(key) for key in kept]
    fewer = accepted_file()._replace(
        keys=tuple(kept), rows=tuple(tuple(row) for row in SETS[:, columns])
    )
    monkeypatch.setattr("recoverysim.knowledge.accepted_file", lambda: fewer)
    drawn = [one["motivation.half_life_weeks"] for one in accepted_sets(5, 3)]
    assert drawn == [one["motivation.half_life_weeks"] for one in draw_sets(5, 3)]
    assert len(set(drawn)) == 5


def test_what_only_moves_with_another_moves_with_the_accepted_one():
    """Naloxone as a scenario sets it is today's, whatever that is (both are declared as 0.3)."""
    for one in accepted_sets(20, 5):
        assert one["naloxone.carried_share"] == pytest.approx(one["naloxone.carried_today_share"])
    assert len({one["naloxone.carried_share"] for one in accepted_sets(20, 5)}) == 20


def test_what_moves_with_a_fitted_number_still_stands_beyond_it():
    """A leaflet brings a little more than nothing, whatever people do by themselves."""
    none, leaflet, intensive = (
        SETS[:, KEYS.index(f"linkage.{kind}.first_meeting")]
        for kind in ("none", "leaflet", "intensive")
    )
    assert (leaflet > none).all()
    assert (intensive > leaflet).mean() > 0.98


# --- words --------------------------------------------------------------------------------


def test_the_page_on_calibration_is_what_the_script_would_write():
    spec = importlib.util.spec_from_file_location("page", DOCS / "make_calibration.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.page() == (DOCS / "calibration.md").read_text(encoding="utf-8"), (
        "run: python docs/make_calibration.py"
    )


def test_too_few_draws_are_called_so():
    assert too_few_draws(64, 41).startswith("Too few draws to be used: 64 for 41 figures")
    assert too_few_draws(6345, 41) == ""
