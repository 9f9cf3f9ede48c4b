"""What is promised of every result: twins, threads, weeks one by one, and nobody else's luck."""

import math
from functools import cache

import networkx as nx
import numpy as np
import pytest

import recoverysim as rs
from recoverysim.codes import INTENSIVE
from recoverysim.outcomes import AT, COUNTS
from recoverysim.plan import Plan
from recoverysim.scenario import shipped
from recoverysim.studies.repeats import live
from tests.worlds import a_world, odds_ratio, switched_off

OUTCOMES_OF_RECOVERY = [
    AT[name]
    for name in COUNTS
    if name.startswith(("stage_", "use_", "abstinent", "since", "at_least", "treatment", "deaths"))
    or name in ("readmissions", "medication_abstinent")
]


def same_history(one, other):
    return all(
        getattr(one, part).tobytes() == getattr(other, part).tobytes()
        for part in ("clients", "ties", "counts")
    ) and (one.stays().tobytes() == other.stays().tobytes())


@pytest.mark.parametrize("scenario", shipped())
def test_a_week_at_a_time_is_the_same_history_as_all_at_once(scenario):
    at_once = a_world(scenario, 200, 120, years=3, journeys=True, panel=True)
    by_week = a_world(scenario, 200, 0, years=3, journeys=True, panel=True)
    for _ in range(120):
        by_week.run_for(1)
    assert same_history(at_once, by_week)
    assert at_once.panel.tobytes() == by_week.panel.tobytes()


def test_a_longer_run_begins_with_the_shorter_one():
    short, long = a_world(weeks=52), a_world(weeks=156)
    assert (short.counts[:53] == long.counts[:53]).all()


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_change_nothing(threads):
    plan = Plan(100, 1, 6, threads=threads)
    alone = live(rs.load("peer-introduction"), Plan(100, 1, 6, threads=1))
    assert (live(rs.load("peer-introduction"), plan).counts == alone.counts).all()


def test_repeats_differ_from_one_another():
    counts = live(rs.load("baseline"), Plan(200, 1, 20, knowledge="none")).counts
    assert len({run.tobytes() for run in counts}) == 20


def test_the_same_scenario_twice_differs_by_exactly_nothing():
    found = rs.compare(["baseline", "baseline"], clients=100, years=2, repeats=6)
    for row in found.contrasts[0].rows:
        if row.difference is not None:
            assert (row.difference, row.low, row.high, row.luck_low, row.luck_high) == (0,) * 5
    assert "no difference" in found.headline()


# Workers think better of mutual aid where they see somebody recover: clients meet through them too.
STEADY = {
    "practitioners.own_clients_recover_adds_attitude": 0,
    "mechanisms.group_life": False,  # and in groups, of which a larger cohort has more
}


@pytest.mark.parametrize("seed", range(20))
def test_an_isolated_client_added_changes_nobody_elses_history(seed):
    graph = nx.watts_strogatz_graph(150, 4, 0.1, seed=seed)
    larger = graph.copy()
    larger.add_node("somebody new")
    world, joined = (
        a_world(
            "peer-introduction",
            150,
            104,
            seed,
            graph=one,
            years=2,
            journeys=True,
            panel=True,
            settings=STEADY,
        )
        for one in (graph, larger)
    )
    assert len(joined.clients) == 151
    assert joined.clients[:150].tobytes() == world.clients.tobytes()
    assert joined.ties[:150].tobytes() == world.ties.tobytes()
    assert (joined.panel[:, :150] == world.panel).all()
    stays = joined.stays()
    theirs = stays[stays["client"] != joined.clients["key"][150]]
    assert (theirs == world.stays()).all()
    assert 0 < len(theirs) < len(stays)


def test_an_added_client_with_ties_does_change_others():
    """The test above can fail: somebody who is known to others matters to them."""
    graph = nx.watts_strogatz_graph(150, 4, 0.1, seed=1)
    larger = graph.copy()
    larger.add_edges_from(("somebody new", other) for other in range(0, 40, 10))
    world = a_world(weeks=104, graph=graph, years=2)
    joined = a_world(weeks=104, graph=larger, years=2)
    assert joined.clients[:150].tobytes() != world.clients.tobytes()


def test_without_company_a_lever_moves_only_those_whom_it_reaches():
    """Company is still seen, and counted, so what is seen of friends whom it reaches may differ."""
    settings = switched_off("company") | STEADY
    today = a_world(clients=20_000, weeks=104, settings=settings, years=2).clients
    peers = a_world("peer-introduction", 20_000, 104, settings=settings, years=2).clients
    columns = [name for name in today.dtype.names if name != "seen_company"]
    moved = np.any([today[name] != peers[name] for name in columns], axis=0)
    # One episode, and so one link at most, of the same kind in both worlds: not reached.
    unreached = (today["link"] == peers["link"]) & (today["episodes"] == 1)
    unreached &= peers["episodes"] == 1
    assert unreached.sum() > 5000
    assert (unreached & (today["link"] == INTENSIVE)).sum() > 100  # asked before a peer
    assert not moved[unreached].any()
    assert moved.sum() > 5000


@pytest.mark.parametrize(
    "scenario", ["baseline", "intensive-referral", "community-first", "abstinence-only"]
)
def test_plain_rules_live_the_same_lives_as_compiled_ones(scenario):
    """120 weeks of 60 people, to the byte: rows, ties, counts and journeys."""
    compiled = a_world(scenario, 60, 120, years=3, journeys=True, panel=True)
    world = a_world(scenario, 60, 0, years=3, journeys=True, panel=True)
    world.run_for(120, plainly=True)
    assert same_history(compiled, world)
    assert compiled.panel.tobytes() == world.panel.tobytes()


LINKING = ("linkage.", "practitioners.", "on_the_premises.")
OF_LINKING = [
    name
    for name in shipped()
    if name != "baseline" and all(key.startswith(LINKING) for key, _ in rs.load(name).changes)
]


def test_most_of_linking_is_tried_here():
    assert {"peer-introduction", "cut-linkage", "champions"} < set(OF_LINKING)


@pytest.mark.parametrize("scenario", OF_LINKING)
def test_without_mutual_aids_effect_linkage_changes_nobodys_recovery(scenario):
    """Its paths through company, capital and identity are cut with it: exactly 0, every week."""
    settings = switched_off("mutual_aid_effect")
    today = a_world(clients=1500, weeks=260, settings=settings, years=5)
    other = a_world(scenario, 1500, 260, settings=settings, years=5)
    assert (
        today.counts[..., OUTCOMES_OF_RECOVERY] == other.counts[..., OUTCOMES_OF_RECOVERY]
    ).all()
    attended = AT["ever_attended"]
    assert (today.counts[..., attended] != other.counts[..., attended]).any()


@cache
def association(*off: str) -> tuple[float, float]:
    """Going to mutual aid at 3 months against 90 days' abstinence at a year, 100,000 people: the
    odds ratio, and the standard error of its logarithm."""
    world = a_world(clients=100_000, settings=switched_off(*off), years=1)
    world.run_for(13)
    attending = np.isin(world.clients["attendance"], (1, 2, 3))
    world.run_for(39)
    alive = world.clients["stage"] != 5
    recovered = (world.clients["use"] == 0) & (world.clients["weeks_abstinent"] >= 13)
    one, other = attending[alive], recovered[alive]
    cells = np.bincount(2 * one + other, minlength=4)
    return odds_ratio(one, other), math.sqrt((1 / cells).sum())


def test_without_effect_attenders_still_do_better():
    """Self-selection alone: 1.30, standard error of its log 0.015. The bound was set before."""
    assert association("mutual_aid_effect")[0] > 1.2


def test_without_effect_and_selection_attenders_do_no_better():
    """Standard error 0.015: 0.95 to 1.05 would be left by chance alone once in 1,000 seeds."""
    assert 0.95 < association("mutual_aid_effect", "readiness", "use_makes_leaving")[0] < 1.05


@pytest.mark.parametrize("selection_off", [(), ("readiness", "use_makes_leaving")])
def test_with_effect_attenders_do_better_than_without(selection_off):
    """With selection 1.50 against 1.30, without it 1.17 against 1.01: by more than four standard
    errors of the difference of their logs, taken as if the two worlds were not twins."""
    with_it, error = association(*selection_off)
    without, other_error = association("mutual_aid_effect", *selection_off)
    assert math.log(with_it / without) > 4 * math.hypot(error, other_error)


def test_pairing_cuts_the_variance_of_a_difference_at_least_threefold():
    """Baseline against peer introduction at five years; the bound is 1 / (1 - correlation).

    Threefold is the promise. Ten is asked for here since it is about 65, and was 45 to 104 over
    eight seeds: a question that lost its pairing would be seen long before the promise is broken.
    """
    plan = Plan(500, 5, 40, knowledge="none")
    column = AT["abstinent_90_days"]
    today, peer = (
        live(rs.load(name), plan).counts[:, 260, :, column].sum(axis=1).astype(float)
        for name in ("baseline", "peer-introduction")
    )
    paired = np.var(peer - today, ddof=1)
    unpaired = np.var(peer, ddof=1) + np.var(today, ddof=1)
    assert unpaired / paired > 10


def test_people_are_conserved_and_the_dead_stay_dead():
    world = a_world(clients=500, weeks=520)
    stages = world.counts[..., AT["stage_using"] : AT["stage_dead"] + 1].sum(axis=(1, 2))
    assert (stages == 500).all()
    dead = world.counts[..., AT["stage_dead"]].sum(axis=1)
    assert (np.diff(dead) >= 0).all()
    assert dead[-1] > 0


def test_ties_between_clients_are_mutual():
    world = a_world(clients=500, weeks=260)
    for row, slots in enumerate(world.ties):
        others = slots[slots >= 0]
        assert len(set(others.tolist())) == len(others)
        assert row not in others
        for other in others:
            assert row in world.ties[other]
