"""Negative controls: one cause is taken away; what hung on it has to vanish, and the rest to stay.

Every check says how often luck alone would fail it over fresh seeds (seeds here are fixed) and what
it would see at the least; and every one is tried where what should vanish is still there, so that
it is known to see it. What these controls cannot show: docs/limits.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, TypeVar

import numpy as np
import pytest

from recoverysim.codes import (
    ABSTINENT,
    DEAD,
    EMPTY,
    INVOLVED,
    OUTSIDER_IN_RECOVERY,
    REGULAR,
    TRYING,
)
from recoverysim.knowledge import Values, central_values, draw_sets
from recoverysim.scenario import load
from recoverysim.studies.ladder import Rung, ladder
from recoverysim.surroundings import GONE, OUTSIDERS, SEEN_IN_RECOVERY
from recoverysim.world import World
from tests.dealing import deal_anew, likeness, live_among_strangers
from tests.test_promises import OUTCOMES_OF_RECOVERY
from tests.worlds import a_world, odds_ratio, switched_off

ERRORS = 4  # standard errors: luck alone goes beyond them once in 16,000 looks
Z_95 = 1.959963984540054
EVERYBODY_IS_OFFERED = {
    kind: {f"linkage.{kind}.offered_share": 1, f"linkage.{kind}.fidelity": 1}
    for kind in ("peer", "intensive", "clinician")
}
PEER = EVERYBODY_IS_OFFERED["peer"]
NO_EFFECT = switched_off("mutual_aid_effect")
NO_SELECTION = switched_off("readiness", "use_makes_leaving")

Given, Found = TypeVar("Given"), TypeVar("Found")


def at_once(look: Callable[[Given], Found], several: Iterable[Given]) -> list[Found]:
    """Both cores: the compiled week lets other threads run beside it."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(look, several))


def in_recovery(world: World) -> np.ndarray:
    now = world.clients
    well = (now["use"] == ABSTINENT) & (now["weeks_abstinent"] >= 13)
    return np.asarray(well & (now["stage"] != DEAD))


def going(world: World) -> np.ndarray:
    return np.isin(world.clients["attendance"], (TRYING, REGULAR, INVOLVED))


# --- the causal effect off ------------------------------------------------------------------

SETS = [central_values(), *draw_sets(7, 2)]  # the declared values, and seven ways it may be
PAIRS, CROWD, TRIAL = 4_000, 40_000, 100_000  # people


def twins_differ(values: Values, kind: str, settings: dict[str, Any]) -> tuple[int, int]:
    """Of 4,000 people over two years, nobody or everybody offered a link: how many entries of the
    weekly counts of recovery, use, care and deaths differ, and how many more ever go."""
    nobody, everybody = (
        a_world("cut-linkage", PAIRS, 104, 1, settings | offer, values, years=2)
        for offer in ({}, EVERYBODY_IS_OFFERED[kind])
    )
    one, other = (world.counts[..., OUTCOMES_OF_RECOVERY] for world in (nobody, everybody))
    more = everybody.clients["ever_attended"].sum() - nobody.clients["ever_attended"].sum()
    return int((one != other).sum()), int(more)


def test_without_effect_an_offer_moves_going_and_nothing_else_whatever_the_numbers():
    """Vanishes: every difference in recovery, use, care and deaths between twins. Stays: more go.

    It is exactly 0 or it is not: no false alarm, and a single person moved in one week is seen.
    What intensive referral does by itself goes with the effect.
    """
    kinds = [tuple(EVERYBODY_IS_OFFERED)[place % 3] for place in range(len(SETS))]
    for differ, more in at_once(lambda one: twins_differ(*one, NO_EFFECT), zip(SETS, kinds)):
        assert differ == 0
        assert more > PAIRS / 50


def test_with_its_effect_twins_do_differ():
    """The control can fail: under each of the same sets, whose totals go from 0.26 to 0.97."""
    found = at_once(lambda values: twins_differ(values, "peer", {}), SETS)
    assert min(differ for differ, _ in found) > 0


def a_trial(settings: dict[str, Any]) -> tuple[float, float, float]:
    """100,000 people offered a peer and 100,000 others offered nothing: differences in having gone
    within 12 weeks and in recovery at a year, and the standard error of the second."""

    def arm(place: int) -> tuple[float, float]:
        offer = PEER if place else {}
        world = a_world("cut-linkage", TRIAL, 12, 100 + place, settings | offer, years=1)
        went = world.clients["ever_attended"].mean()
        world.run_for(40)
        return went, in_recovery(world).mean()

    (usual, well), (moved, better) = at_once(arm, (0, 1))
    error = math.sqrt((well * (1 - well) + better * (1 - better)) / TRIAL)
    return moved - usual, better - well, error


def test_without_effect_a_trial_of_other_people_finds_going_and_no_recovery():
    """False alarm: 1 in 16,000 seeds. Seen at the least: 0.9 points of recovery, some twice what a
    peer for everybody does as declared; the twins above see less than that."""
    moved, gained, error = a_trial(NO_EFFECT)
    assert moved > 0.2
    assert abs(gained) < ERRORS * error
    assert error < 0.0023


def test_with_a_strong_effect_the_same_trial_finds_it():
    moved, gained, error = a_trial({"mutual_aid.total_log_hazard_ratio": 2})
    assert moved > 0.2
    assert gained > ERRORS * error


def association(values: Values, settings: dict[str, Any]) -> tuple[float, float]:
    """Going at 3 months against recovery at a year where nothing is offered, 40,000 people: the
    log odds ratio and its standard error."""
    world = a_world("cut-linkage", CROWD, 13, 3, settings, values, years=1)
    goes = going(world)
    world.run_for(39)
    alive = world.clients["stage"] != DEAD
    goes, well = goes[alive], in_recovery(world)[alive]
    cells = np.bincount(2 * goes + well, minlength=4)
    return math.log(odds_ratio(goes, well)), math.sqrt((1 / cells).sum())


def test_without_effect_people_who_go_still_look_better_whatever_the_numbers():
    """Stays: the crude association, above 1 under every set, by more than 1.2 over all of them.

    Standard errors 0.03 of each logarithm, below 0.01 of their mean. Without selection either the
    mean is 0: within 0.04, which luck alone would leave once in 16,000 seeds.
    """
    here = np.array(at_once(lambda values: association(values, NO_EFFECT), SETS))
    assert (here[:, 0] > 2 * here[:, 1]).all()
    assert here[:, 0].mean() > math.log(1.2)
    off = NO_EFFECT | NO_SELECTION | switched_off("fit")
    without = np.array(at_once(lambda values: association(values, off), SETS))
    error = math.sqrt((without[:, 1] ** 2).sum()) / len(SETS)
    assert abs(without[:, 0].mean()) < ERRORS * error
    assert error < 0.01


# --- selection off --------------------------------------------------------------------------

CHOOSERS = 200_000


@cache
def rungs(*off: str, people: int = CHOOSERS, drawn: int = 0) -> tuple[Rung, ...]:
    """Crude, adjusted, matched and randomised, these mechanisms off, under one of the sets."""
    nobody = load("cut-linkage").replace(switched_off(*off))
    return tuple(ladder(nobody.replace(PEER), nobody, SETS[drawn], people, 1))


def error_of(*several: Rung) -> float:
    return math.hypot(*((rung.high - rung.low) / (2 * Z_95) for rung in several))


SELECTION = ("readiness", "use_makes_leaving")


def test_without_selection_all_ways_to_ask_agree_and_the_lot_stays():
    """Vanishes: what crude, adjusted and matched show beyond the lot. Stays: what the lot shows.

    Fit is off too: it leads nobody who would do well anyway to go, but people whom it suits stay
    longer and so gain more, and they are more of those who choose than of those whom an offer
    moves. 200,000 people: standard error 0.25 points, so that 1 would be seen, where selection as
    declared is 5. False alarms: 3 in 16,000 seeds.
    """
    *choosers, lot = rungs(*SELECTION, "fit")
    for rung in choosers:
        assert abs(rung.effect - lot.effect) < ERRORS * error_of(rung, lot)
        assert rung.low > 0
        assert error_of(rung, lot) < 0.0026
    assert lot.effect > 10 * error_of(lot)


def test_without_selection_they_agree_whatever_the_numbers():
    """Four sets of 100,000 people: each agrees by itself (standard error 0.4 points), and the mean
    of their differences is 0 within 0.8 points. False alarms: 5 in 16,000 seeds."""
    drawn = range(1, 5)
    found = at_once(lambda one: rungs(*SELECTION, "fit", people=100_000, drawn=one), drawn)
    apart = np.array([each[0].effect - each[-1].effect for each in found])
    errors = np.array([error_of(each[0], each[-1]) for each in found])
    assert (abs(apart) < ERRORS * errors).all()
    assert abs(apart.mean()) < ERRORS * np.sqrt((errors**2).sum()) / len(apart)


@pytest.mark.parametrize("fit", [(), ("fit",)], ids=["fit on", "fit off"])
def test_without_selection_and_effect_the_crude_association_vanishes(fit):
    """Fit, earlier contact, substance, where care begins and who waits are as declared: they move
    who goes, and choosers are nobody who would do better for any of them.

    Standard error 0.24 points: 1 would be seen. False alarms: 3 in 16,000 seeds.
    """
    *choosers, lot = rungs(*SELECTION, *fit, "mutual_aid_effect")
    for rung in choosers:
        assert abs(rung.effect) < ERRORS * error_of(rung)
    assert (lot.effect, lot.low, lot.high) == (0, 0, 0)


def test_with_selection_left_on_they_part():
    """The control can fail: readiness alone parts them by far more than it would see."""
    crude, *_, lot = rungs("use_makes_leaving", "fit", people=100_000)
    assert crude.effect - lot.effect > 2 * ERRORS * error_of(crude, lot)
    crude, *_, lot = rungs("use_makes_leaving", "fit", "mutual_aid_effect", people=100_000)
    assert crude.effect > 2 * ERRORS * error_of(crude)


def test_use_that_makes_people_leave_is_selection_too():
    """Of people who still go at 3 months, not of those who ever went: odds 1.06 without readiness.

    300,000 people, standard error 0.01; with both off they are 1, in the test further up.
    """
    settings = NO_EFFECT | switched_off("readiness", "fit")
    worlds = at_once(lambda seed: one_of_many(seed, settings), range(3))
    goes, well = (np.concatenate(parts) for parts in zip(*worlds))
    error = math.sqrt((1 / np.bincount(2 * goes + well, minlength=4)).sum())
    assert math.log(odds_ratio(goes, well)) > ERRORS * error


def one_of_many(seed: int, settings: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    world = a_world("cut-linkage", 100_000, 13, seed, settings, years=1)
    goes = going(world)
    world.run_for(39)
    alive = world.clients["stage"] != DEAD
    return goes[alive], in_recovery(world)[alive]


# --- ties by lot ----------------------------------------------------------------------------

# Company is most of a strong effect, so that what ties do can be seen.
CLOSELY_TIED = {
    "mutual_aid.total_log_hazard_ratio": 2, "mutual_aid.for_opioids_share": 1,
    "mutual_aid.presence_share": 0.05, "mutual_aid.involvement_share": 0.10,
    "mutual_aid.company_share": 0.80, "mutual_aid.capital_share": 0.05,
}  # fmt: skip
# No effect through company, so that all of it is direct; half are members as the run begins.
BY_GOING_ALONE = {
    "population.member_at_entry_share": 0.5, "mutual_aid.total_log_hazard_ratio": 1.2,
    "mutual_aid.presence_share": 0.3, "mutual_aid.involvement_share": 0.7,
    "mutual_aid.company_share": 0, "mutual_aid.capital_share": 0,
}  # fmt: skip
MARGIN = 0.005  # 5 in 1,000, as between this model and its reference


def test_dealing_keeps_who_is_known_outside_and_how_many_and_ties_mutual():
    """Nobody is tied to themselves or to anybody twice; and few ties are as they were."""
    ties = a_world(clients=2_000, weeks=52, years=1).ties
    before = ties.copy()
    deal_anew(ties, np.random.default_rng(1))
    known = ties >= 0
    assert (known == (before >= 0)).all()
    assert (ties[~known] == before[~known]).all()
    rows, slots = np.nonzero(known)
    pairs = set(zip(rows.tolist(), ties[rows, slots].tolist()))
    assert len(pairs) == len(rows)
    assert all(one != other and (other, one) in pairs for one, other in pairs)
    assert (ties[known] == before[known]).mean() < 0.02


def test_a_run_that_begins_looks_at_the_ties_just_dealt():
    """By hand from the slots: a deal counts in the very next week, for everybody who is alive."""
    world = a_world(clients=2_000, weeks=52, years=2, settings=switched_off("close_ties"))
    deal_anew(world.ties, np.random.default_rng(1))
    known, seen = world.ties >= 0, world.shown[OUTSIDERS:][np.maximum(world.ties, 0)]
    well = np.where(known, seen == SEEN_IN_RECOVERY, world.ties == OUTSIDER_IN_RECOVERY)
    there = np.where(known, seen != GONE, world.ties != EMPTY)
    alive = world.clients["stage"] != DEAD
    world.run_for(1)
    expected = well.sum(axis=1) / there.sum(axis=1)
    assert world.clients["seen_company"][alive] == pytest.approx(expected[alive], abs=1e-6)


@cache
def tied(by_lot: bool) -> tuple[World, np.ndarray]:
    """50,000 people after two years, and the ties that they began with."""
    world = a_world(clients=50_000, settings=CLOSELY_TIED, years=2)
    first = world.ties.copy()
    (live_among_strangers if by_lot else World.run_for)(world, 104)
    return world, first


def test_with_ties_by_lot_nobody_is_like_those_they_are_tied_to():
    """Vanishes: likeness in recovery between people who are tied, 0.15 as they choose each other.

    What was tied within the last week is not by lot: a tenth of it is allowed for that, beside
    four standard errors (0.014; 1 in 16,000 seeds).
    """
    as_it_is, error = likeness(tied(False)[0].ties, in_recovery(tied(False)[0]))
    by_lot, other_error = likeness(tied(True)[0].ties, in_recovery(tied(True)[0]))
    assert as_it_is > 10 * error
    assert abs(by_lot) < as_it_is / 10 + ERRORS * other_error


def test_with_ties_by_lot_nothing_spreads_along_them():
    """Vanishes: likeness between people who were tied as the run began. Nobody chose those ties,
    and no trait goes with them, so what likeness there is has spread: 0.05 as it is.

    Standard error 0.0032: 0.013 would be seen. False alarm: 1 in 16,000 seeds.
    """
    (as_it_is, error), (by_lot, _) = (
        likeness(first, in_recovery(world)) for world, first in (tied(False), tied(True))
    )
    assert as_it_is > 10 * error
    assert abs(by_lot) < ERRORS * error


def test_with_ties_by_lot_going_and_recovery_stay():
    """Stays: how many ever went, go, and are in recovery, within 5 in 1,000.

    The same people and luck: standard error at most 0.002 of a difference; unpaired it were 0.003.
    """
    for measured in (lambda w: w.clients["ever_attended"], going, in_recovery):
        one, other = (measured(tied(by_lot)[0]).mean() for by_lot in (False, True))
        assert other == pytest.approx(one, abs=MARGIN)


def gained_by_members(by_lot: bool, settings: dict[str, Any]) -> float:
    """Recovery at a year of those drawn to be members at entry, less that of others: 30,000."""
    world = a_world("cut-linkage", 30_000, settings=BY_GOING_ALONE | settings, years=1)
    members = world.clients["attendance"] == REGULAR
    (live_among_strangers if by_lot else World.run_for)(world, 52)
    well = in_recovery(world)
    return float(well[members].mean() - well[~members].mean())


def test_with_ties_by_lot_what_going_does_by_itself_stays():
    """Stays: what presence and involvement bring members, whom a lot made so: 12 points.

    Within 1 point; two standard errors of such a difference between others are 1.6, but these are
    twins. With no effect it is not there: 4 standard errors of 0.6 points.
    """
    as_it_is, by_lot = at_once(lambda one: gained_by_members(one, {}), (False, True))
    assert as_it_is > 0.08
    assert by_lot == pytest.approx(as_it_is, abs=0.01)
    assert abs(gained_by_members(True, NO_EFFECT)) < ERRORS * 0.0057


def test_ties_by_lot_can_be_told_from_ties_dealt_once():
    """The control can fail: dealt as the run begins and then left alone, people grow alike."""
    world = a_world(clients=50_000, settings=CLOSELY_TIED, years=2)
    deal_anew(world.ties, np.random.default_rng(1))
    first = world.ties.copy()
    world.run_for(104)
    for ties in (world.ties, first):
        alike, error = likeness(ties, in_recovery(world))
        assert alike > 10 * error
