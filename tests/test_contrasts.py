"""One group against another, by hand on small tables; the adjusted ones by another route."""

import numpy as np
import pytest
from scipy.special import expit

from recoverysim.clients import empty_table
from recoverysim.codes import ABSTINENCE, ALCOHOL, OPIOIDS, STABILITY, STIMULANTS
from recoverysim.studies import contrasts

NONE = np.zeros((20, 0))


def table(yes: int, no: int, other_yes: int, other_no: int):
    """Outcome and exposure of so many people."""
    outcome = [1] * yes + [0] * no + [1] * other_yes + [0] * other_no
    exposed = [True] * (yes + no) + [False] * (other_yes + other_no)
    return np.array(outcome, float), np.array(exposed)


# --- crude --------------------------------------------------------------------------------


def test_crude_contrasts_of_6_in_10_against_3_in_10():
    outcome, exposed = table(6, 4, 3, 7)
    found = contrasts.difference(outcome, exposed)
    assert found.effect == pytest.approx(0.3)
    assert found.error == pytest.approx((0.6 * 0.4 / 10 + 0.3 * 0.7 / 10) ** 0.5)
    assert contrasts.risk_ratio(outcome, exposed) == pytest.approx(2)
    assert contrasts.odds_ratio(outcome, exposed) == pytest.approx((6 / 4) / (3 / 7))


def test_a_table_with_an_empty_cell_gets_a_half_in_each():
    outcome, exposed = table(5, 0, 2, 3)
    assert contrasts.odds_ratio(outcome, exposed) == pytest.approx((5.5 * 3.5) / (0.5 * 2.5))
    assert contrasts.risk_ratio(outcome, exposed) == pytest.approx((5.5 / 6) / (2.5 / 6))


def test_with_nobody_to_compare_nothing_is_known():
    outcome, exposed = table(3, 2, 0, 0)
    traits, stratum = np.zeros((5, 0)), np.zeros(5, int)
    for found in (
        contrasts.difference(outcome, exposed).effect,
        contrasts.risk_ratio(outcome, exposed),
        contrasts.odds_ratio(outcome, exposed),
        contrasts.adjusted_difference(outcome, exposed, traits).effect,
        contrasts.adjusted_odds_ratio(outcome, exposed, traits),
        contrasts.adjusted_risk_ratio(outcome, exposed, traits),
        contrasts.matched_difference(outcome, exposed, stratum).effect,
        contrasts.matched_risk_ratio(outcome, exposed, stratum),
        contrasts.matched_odds_ratio(outcome, exposed, stratum),
        contrasts.slope(outcome, outcome, exposed),
        contrasts.share_mediated(outcome, exposed, outcome, traits),
    ):
        assert np.isnan(found)


# --- adjusted and matched: one trait that decides it --------------------------------------

# Two kinds of people. Of the first 8 of 10 do well exposed and 4 of 5 not; of the second 1 of 5
# exposed and 2 of 10 not. Within a kind exposure does nothing; crude, it looks like much.
ALIKE = [table(8, 2, 4, 1), table(1, 4, 2, 8)]
OUTCOME, EXPOSED = (np.concatenate(several) for several in zip(*ALIKE, strict=True))
KIND = np.array([0] * 15 + [1] * 15)


def test_what_a_trait_decides_is_gone_once_it_is_adjusted_for_or_matched():
    assert contrasts.difference(OUTCOME, EXPOSED).effect == pytest.approx(9 / 15 - 6 / 15)
    traits = KIND[:, None].astype(float)
    assert contrasts.adjusted_difference(OUTCOME, EXPOSED, traits).effect == pytest.approx(0)
    assert contrasts.adjusted_odds_ratio(OUTCOME, EXPOSED, traits) == pytest.approx(1)
    assert contrasts.adjusted_risk_ratio(OUTCOME, EXPOSED, traits) == pytest.approx(1)
    assert contrasts.matched_difference(OUTCOME, EXPOSED, KIND).effect == pytest.approx(0)
    assert contrasts.matched_risk_ratio(OUTCOME, EXPOSED, KIND) == pytest.approx(1)
    assert contrasts.matched_odds_ratio(OUTCOME, EXPOSED, KIND) == pytest.approx(1)


def test_matched_contrasts_weigh_strata_as_the_first_group():
    """6 of 10 against 3 of 10, and 1 of 5 against 2 of 20: weights 10 and 5 of 15."""
    parts = [table(6, 4, 3, 7), table(1, 4, 2, 18)]
    outcome, exposed = (np.concatenate(several) for several in zip(*parts, strict=True))
    stratum = np.array([0] * 20 + [1] * 25)
    found = contrasts.matched_difference(outcome, exposed, stratum)
    assert found.effect == pytest.approx((10 * 0.3 + 5 * 0.1) / 15)
    variance = (10 / 15) ** 2 * (0.24 / 10 + 0.21 / 10) + (5 / 15) ** 2 * (0.16 / 5 + 0.09 / 20)
    assert found.error == pytest.approx(variance**0.5)
    ratio = contrasts.matched_risk_ratio(outcome, exposed, stratum)
    assert ratio == pytest.approx((10 * 0.6 + 5 * 0.2) / (10 * 0.3 + 5 * 0.1))
    # Mantel and Haenszel: (6 * 7 / 20 + 1 * 18 / 25) / (4 * 3 / 20 + 4 * 2 / 25)
    assert contrasts.matched_odds_ratio(outcome, exposed, stratum) == pytest.approx(2.82 / 0.92)


def test_whoever_has_nobody_alike_is_left_out():
    outcome, exposed = table(6, 4, 3, 7)
    lonely = np.append(outcome, [1.0, 1.0]), np.append(exposed, [True, True])
    stratum = np.array([0] * 20 + [1] * 2)
    assert contrasts.matched_difference(*lonely, stratum).effect == pytest.approx(0.3)


def test_without_traits_adjusting_changes_nothing():
    outcome, exposed = table(6, 4, 3, 7)
    found = contrasts.adjusted_difference(outcome, exposed, NONE)
    assert found == pytest.approx(contrasts.difference(outcome, exposed))
    assert contrasts.adjusted_odds_ratio(outcome, exposed, NONE) == pytest.approx(3.5, rel=1e-6)
    assert contrasts.adjusted_risk_ratio(outcome, exposed, NONE) == pytest.approx(2, rel=1e-6)


def test_a_logistic_regression_finds_the_odds_ratio_that_people_were_made_with():
    """200,000 people, log odds ratio 0.7 beside a trait: standard error about 0.01."""
    dice = np.random.default_rng(1)
    trait = dice.normal(size=200_000)
    exposed = dice.random(200_000) < expit(trait)
    outcome = (dice.random(200_000) < expit(-0.5 + 0.7 * exposed + trait)).astype(float)
    found = contrasts.adjusted_odds_ratio(outcome, exposed, trait[:, None])
    assert np.log(found) == pytest.approx(0.7, abs=0.04)
    # Standardised: the share if all were exposed over the share if nobody were.
    ratio = expit(0.2 + trait).mean() / expit(-0.5 + trait).mean()
    assert contrasts.adjusted_risk_ratio(outcome, exposed, trait[:, None]) == pytest.approx(
        ratio, rel=0.03
    )
    assert np.log(contrasts.odds_ratio(outcome, exposed)) > 1.0  # crude, it is larger


def test_a_linear_regression_agrees_with_numpy():
    dice = np.random.default_rng(2)
    traits, exposed = dice.normal(size=(500, 3)), dice.random(500) < 0.4
    outcome = dice.normal(size=500) + traits @ [1, 2, 3] + 0.5 * exposed
    design = np.column_stack([np.ones(500), exposed, traits])
    expected = np.linalg.lstsq(design, outcome)[0][1]
    found = contrasts.adjusted_difference(outcome, exposed, traits)
    assert found.effect == pytest.approx(expected)


def test_a_trait_that_everybody_shares_or_that_says_the_same_twice_is_no_trouble():
    outcome, exposed = table(6, 4, 3, 7)
    dice = np.random.default_rng(3)
    one = dice.normal(size=20)
    twice = np.column_stack([np.ones(20), one, 2 * one])
    once = contrasts.adjusted_difference(outcome, exposed, one[:, None]).effect
    assert contrasts.adjusted_difference(outcome, exposed, twice).effect == pytest.approx(once)
    once = contrasts.adjusted_odds_ratio(outcome, exposed, one[:, None])
    assert contrasts.adjusted_odds_ratio(outcome, exposed, twice) == pytest.approx(once, rel=1e-5)


def test_an_odds_ratio_without_end_is_not_known():
    outcome, exposed = table(10, 0, 0, 10)
    assert np.isnan(contrasts.adjusted_odds_ratio(outcome, exposed, NONE))


# --- lots and paths -----------------------------------------------------------------------


def test_the_slope_of_an_offer_is_what_it_did_per_unit_of_the_other():
    """An offer moves 0.2 to 0.6, and the outcome 0.3 to 0.4: a quarter for each."""
    offered = np.array([True] * 10 + [False] * 10)
    through = np.array([1] * 6 + [0] * 4 + [1] * 2 + [0] * 8, float)
    outcome = np.array([1] * 4 + [0] * 6 + [1] * 3 + [0] * 7, float)
    assert contrasts.slope(outcome, through, offered) == pytest.approx(0.1 / 0.4)
    assert np.isnan(contrasts.slope(outcome, np.ones(20), offered))


def test_the_share_mediated_is_total_less_direct_over_total():
    """Made so: exposure raises what it runs through by 2, each of which raises the outcome by 3;
    directly it raises it by 4. So 6 of 10."""
    exposed = np.array([True, False] * 4)
    noise = np.array([0, 0, 1, 1, 0, 0, 1, 1])
    through = 2.0 * exposed + noise
    outcome = 3 * through + 4 * exposed
    found = contrasts.share_mediated(outcome, exposed, through, np.zeros((8, 0)))
    assert found == pytest.approx(0.6)


# --- traits -------------------------------------------------------------------------------


def people():
    entry = empty_table(6)
    entry["substance"] = [ALCOHOL, OPIOIDS, STIMULANTS, ALCOHOL, OPIOIDS, STIMULANTS]
    entry["goal"] = [ABSTINENCE, STABILITY] * 3
    entry["age"] = [20, 30, 40, 50, 60, 70]
    return entry


def test_traits_as_columns():
    columns = contrasts.covariates(people(), ("substance", "goal", "age"))
    assert columns.T.tolist() == [
        [0, 1, 0, 0, 1, 0], [0, 0, 1, 0, 0, 1], [0, 1, 0, 1, 0, 1], [2, 3, 4, 5, 6, 7],
    ]  # fmt: skip
    assert contrasts.covariates(people(), ()).shape == (6, 0)


def test_traits_as_strata_of_people_alike():
    def alike(on, classes=2):
        found = contrasts.strata(people(), on, classes)
        return [found.tolist().index(one) for one in found]  # the first of those alike

    assert alike(("substance",)) == [0, 1, 2, 0, 1, 2]
    assert alike(("substance", "goal")) == [0, 1, 2, 3, 4, 5]
    assert alike(("age",)) == [0, 0, 0, 3, 3, 3]
    assert alike(("goal", "age"), 3) == [0, 1, 2, 3, 4, 5]
    assert alike(()) == [0] * 6
