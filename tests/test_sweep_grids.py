"""Grids: interactions, surfaces, thresholds and the leaderboard against what is known."""

import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from recoverysim.studies.sweeps.analyses.interaction import interaction
from recoverysim.studies.sweeps.analyses.leaderboard import leaderboard
from recoverysim.studies.sweeps.analyses.missing import CannotAnalyse
from recoverysim.studies.sweeps.analyses.ranges import over_repeats
from recoverysim.studies.sweeps.analyses.surface import surface
from recoverysim.studies.sweeps.analyses.thresholds import crossing, thresholds
from recoverysim.studies.sweeps.factors import Factor
from tests.sweep_made import BASELINE, MEASURE, PEERS, even, found, grid, named


def only(table: pl.DataFrame, **where: str) -> dict:
    for column, value in where.items():
        table = table.filter(pl.col(column) == value)
    (row,) = table.to_dicts()
    return row


# --- interaction --------------------------------------------------------------------------


def test_a_product_does_more_together():
    """3 x + 2 y + 5 x y from 0 to 1: alone 3 and 2, together 10, so 5 are left."""
    made = found(
        grid(3, 4, 2), lambda p: 3 * p[:, 0] + 2 * p[:, 1] + 5 * p[:, 0] * p[:, 1] + 7 * p[:, 2],
        design="grid", repeats=11,
    )  # fmt: skip
    row = only(interaction(made), a="x1", b="x2")
    assert (row["a_alone"], row["b_alone"]) == pytest.approx((3, 2))
    assert (row["sum_of_each"], row["together"]) == pytest.approx((5, 10))
    assert (row["interaction"], row["low"], row["high"]) == pytest.approx((5, 5, 5))
    assert row["told"]
    row = only(interaction(made), a="x1", b="x3")
    # At the mean of x2, x1 does 3 + 5/2 alone.
    assert (row["a_alone"], row["interaction"]) == pytest.approx((5.5, 0))
    assert interaction(made).height == 3


def test_few_repeats_that_are_alike_by_chance_give_no_range():
    """Five sets of few people may all say 7.5 more; eleven that do are taken at their word."""
    assert over_repeats(np.full(5, 7.5)) == (7.5, None, None)
    assert over_repeats(np.zeros(5)) == (0, 0, 0)  # nothing moved: twins that stay the same
    assert over_repeats(np.full(11, 7.5)) == (7.5, 7.5, 7.5)


def test_what_a_scenario_adds_where_a_factor_is_high():
    made = found(
        grid(3, 2), lambda p: np.column_stack([9 * p[:, 0], 9 * p[:, 0] + 1 + 4 * p[:, 1]]),
        design="grid", repeats=2, scenarios=(BASELINE, PEERS),
    )  # fmt: skip
    row = only(interaction(made), a="scenario", b="x2")
    assert (row["a_alone"], row["interaction"]) == pytest.approx((1, 4))
    assert only(interaction(made), a="scenario", b="x1")["interaction"] == pytest.approx(0)


def test_a_failed_corner_takes_its_neighbours_out():
    """Without point 0 (all at their lowest) x1 and x2 are crossed at the other value of x3 only."""
    made = found(
        grid(2, 2, 2), lambda p: 5 * p[:, 0] * p[:, 1] * (1 + p[:, 2]), design="grid", gone=(0,)
    )
    assert only(interaction(made), a="x1", b="x2")["interaction"] == pytest.approx(10)
    assert only(interaction(made), a="x1", b="x2")["low"] is None  # one repeat


def test_sums_seldom_look_like_products():
    told = []
    for seed in range(100):
        made = found(
            grid(2, 2), lambda p: p[:, 0] + p[:, 1], design="grid", luck=1.0, repeats=5, seed=seed
        )
        told += interaction(made)["told"].to_list()
    assert np.mean(told) < 0.12


# --- surface ------------------------------------------------------------------------------


def test_cells_are_means_over_repeats_and_other_factors():
    kinds = Factor("kind", sets=("kind",), values=("peer", "leaflet"))
    places = grid(2, 2, 2)
    places[:, 1] = np.where(places[:, 1] == 1, 0.75, 0.25)  # the middles of two kinds
    made = found(
        places, lambda p: 10 * p[:, 0] + 4 * p[:, 1] + p[:, 2], design="grid", luck=0.5,
        repeats=4, factors=(named(1)[0], kinds, Factor("x3", sets=("x3",))), gone=(7,),
    )  # fmt: skip
    table = surface(made)
    row = only(table, a="x1", b="kind", a_value="0", b_value="peer")
    by_repeat = (
        made.runs.filter(pl.col("point").is_in([0, 1])).group_by("repeat").agg(pl.mean(MEASURE))
    )
    assert row["mean"] == pytest.approx(by_repeat[MEASURE].mean())
    half = 3.182446 * by_repeat[MEASURE].std() / 2  # t of 3 degrees of freedom, √4 repeats
    assert row["high"] - row["mean"] == pytest.approx(half, rel=1e-5)
    assert table.height == 3 * 4
    assert table["mean"].null_count() == 0


# --- thresholds ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("curve", "place"),
    [([-1, 1, 3], 0.5), ([-1, -1, 3], 1.25), ([2, 1, -1], 1.5), ([1, 2, 3], None),
     ([-1, 0, 1], 1.0), ([0, 1, 2], None), ([-1, 1, -1], 0.5)],
)  # fmt: skip
def test_where_a_broken_line_goes_through_zero(curve, place):
    assert crossing(np.array([0.0, 1.0, 2.0]), np.array(curve, dtype=float)) == place


def test_a_step_is_crossed_in_the_middle_between_its_values():
    made = found(
        grid(5, 2), lambda p: np.where(p[:, 0] > 0.6, 4.0, -4.0), design="grid", repeats=6,
        luck=0.1, worth_from=0.0,
    )  # fmt: skip
    row = only(thresholds(made), factor="x1")
    assert row["crossed_at"] == pytest.approx(0.625, abs=0.02)
    assert row["low"] <= row["crossed_at"] <= row["high"]
    assert row["rising"]
    assert (row["crossings"], row["crosses"]) == (1, 1.0)
    # Over x2 the mean is (3·(−4) + 2·4)/5 = −0.8 throughout.
    row = only(thresholds(made), factor="x2")
    assert (row["crossed_at"], row["above"]) == (None, False)


def test_where_the_lowest_value_moves_nobody_the_way_is_that_of_the_crossing():
    # Nobody is offered it: no difference at all. Then −2, then +2: it rises through 0 at 0.75.
    curve = {0.0: 0.0, 0.5: -2.0, 1.0: 2.0}
    made = found(
        grid(3), lambda p: np.column_stack([0 * p[:, 0], [curve[one] for one in p[:, 0]]]),
        design="grid", scenarios=(BASELINE, PEERS),
    )  # fmt: skip
    row = thresholds(made).row(0, named=True)
    assert (row["crossed_at"], row["rising"]) == (0.75, True)


def test_the_line_is_what_would_be_worth_having():
    made = found(grid(5, 1), lambda p: 8 * p[:, 0], design="grid", worth_from=2.0)
    row = only(thresholds(made), factor="x1")
    assert row["crossed_at"] == pytest.approx(0.25)
    assert row["low"] is None  # one repeat
    with pytest.raises(CannotAnalyse, match="no line"):
        thresholds(found(grid(5, 2), lambda p: 8 * p[:, 0], design="grid"))


def test_an_interval_may_reach_beyond_the_range():
    made = found(
        grid(3, 1), lambda p: p[:, 0] - 0.95, design="grid", luck=0.6, repeats=8, seed=3,
        worth_from=0.0,
    )  # fmt: skip
    row = only(thresholds(made), factor="x1")
    assert row["crosses"] < 1
    assert math.isinf(row["high"])


def test_intervals_of_thresholds_hold_the_truth():
    held = []
    for seed in range(100):
        made = found(
            grid(6, 1), lambda p: 10 * (p[:, 0] - 0.43), design="grid", luck=1.5, repeats=5,
            seed=seed, worth_from=0.0,
        )  # fmt: skip
        row = only(thresholds(made), factor="x1")
        held.append(row["low"] <= 0.43 <= row["high"])
    assert np.mean(held) > 0.87


# --- leaderboard --------------------------------------------------------------------------


def test_scenarios_are_ranked_twin_by_twin():
    made = found(
        even(60, 2), lambda p: np.column_stack([p[:, 0], p[:, 0] + 2, p[:, 0] + 3]), luck=0.5,
        repeats=2, scenarios=(BASELINE, "leaflet-only", PEERS), gone=(3,),
    )  # fmt: skip
    table = leaderboard(made)
    assert table["scenario"].to_list() == [PEERS, "leaflet-only", BASELINE]
    best, second, last = table.to_dicts()
    assert best["more_than_first"] == pytest.approx(3, abs=0.2)
    assert second["behind_best_low"] < 1 < second["behind_best_high"]
    assert not second["tie_with_best"]
    assert last["more_than_first"] == 0
    assert sum(table["best_in"]) == pytest.approx(1)
    assert best["points"] == 59


def test_a_tie_is_called_a_tie_and_is_seldom_missed():
    missed = []
    for seed in range(60):
        made = found(
            even(30, 2, seed), lambda p: np.column_stack([p[:, 0], p[:, 0] + p[:, 1] - 0.5]),
            luck=1.0, repeats=3, seed=seed, scenarios=(BASELINE, PEERS),
        )  # fmt: skip
        missed.append(not leaderboard(made).row(1, named=True)["tie_with_best"])
    assert np.mean(missed) < 0.12


def test_of_deaths_the_fewest_are_best():
    made = found(
        even(40, 1), lambda p: np.column_stack([p[:, 0] + 5, p[:, 0]]), scenarios=(BASELINE, PEERS)
    )
    renamed = replace(
        made, runs=made.runs.rename({MEASURE: "deaths"}),
        plan=replace(made.plan, measures=("deaths",)),
    )  # fmt: skip
    table = leaderboard(renamed)
    assert table["scenario"].to_list() == [PEERS, BASELINE]
    assert table["behind_best"].to_list() == pytest.approx([0, 5])
