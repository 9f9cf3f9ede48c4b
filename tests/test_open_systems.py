"""Places, queues and people who come week by week: what holds in every such world."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import recoverysim as rs
from recoverysim.cells import GROUPS
from recoverysim.clients import TRAITS
from recoverysim.codes import (
    ABSTINENT,
    CARE,
    DEAD,
    DETOX,
    DIED_OVERDOSE,
    GAVE_UP_WAITING,
    IN_DETOX,
    LEFT,
    NEVER,
    NO_CARE,
    NO_MODALITY,
    NOT_COME,
    STAGES,
    TREATMENT,
    USES,
    WAITING,
)
from recoverysim.knowledge import central_values
from recoverysim.outcomes import AT
from recoverysim.plan import Plan
from recoverysim.quantities import all_quantities
from recoverysim.scenario import ScenarioError
from recoverysim.studies.journey import journey
from recoverysim.studies.pricing import cost
from recoverysim.studies.reckoning import reckon_world, stacked, weeks_reckoned
from recoverysim.studies.repeats import live
from recoverysim.studies.trial_files import load_trial
from tests.test_promises import STEADY
from tests.test_queueing import NOBODY_DIES
from tests.test_store import MOVES
from tests.worlds import a_world

WEEKS, YEARS = 104, 2

# Deadly, impatient and busy, so that what seldom happens does.
OFTEN = {
    "deaths.overdose_level": 20, "using.alcohol.seeks_help_per_week": 0.2,
    "using.opioids.seeks_help_per_week": 0.2, "using.stimulants.seeks_help_per_week": 0.2,
    "treatment.asks_for_detox_per_week": 0.1, "treatment.changes_to_medication_per_week": 0.2,
    "linkage.peer.offered_share": 0.7,
}  # fmt: skip


@st.composite
def an_area(draw):
    """What a scenario may say of arrivals, places and peers: limits that begin, change and end."""
    set_here = dict(OFTEN)
    for care in draw(st.sets(st.sampled_from(CARE))):
        change = {"value": draw(st.sampled_from([0, 5, 20, 60, 1500]))}
        change["from_week"] = draw(st.sampled_from([0, 0, 20]))
        change["until_week"] = draw(st.sampled_from([None, 60]))
        set_here[f"places.{care}.per_1000"] = {
            key: value for key, value in change.items() if value is not None
        }
    if draw(st.booleans()):
        set_here["peers.introductions_per_1000_a_week"] = draw(st.sampled_from([0, 3, 30]))
    set_here["arrivals.over_weeks"] = draw(st.sampled_from([0, 1, 30, 150]))
    set_here["arrivals.at_the_start_share"] = draw(st.sampled_from([0, 0.3]))
    set_here["places.people_at_risk_first"] = draw(st.sampled_from([0, 1]))
    set_here["waiting.gives_up_per_week"] = draw(st.sampled_from([0, 0.2]))
    return set_here


def some_areas(examples):
    def try_on(test):
        few = settings(max_examples=examples, deadline=None, derandomize=True,
                       suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
        return few(given(an_area())(test))

    return try_on


def week_by_week(changes, clients=120, **more):
    """A world that has lived two years, and everybody's row at the start and after every week."""
    world = a_world(
        clients=clients, settings=changes, years=YEARS, journeys=True, panel=True, **more
    )
    rows = [world.clients.copy()]
    for _ in range(WEEKS):
        world.run_for(1)
        rows.append(world.clients.copy())
    return world, np.stack(rows)


def place_taken(rows):
    """The kind of care whose place each person takes up."""
    care = np.where(rows["stage"] == TREATMENT, rows["modality"], NO_CARE)
    return np.where(rows["stage"] == DETOX, IN_DETOX, care)


@some_areas(15)
def test_nobody_is_in_two_places_and_places_are_never_exceeded(changes):
    world, rows = week_by_week(changes)
    assert ((rows["modality"] != NO_MODALITY) == (rows["stage"] == TREATMENT)).all()
    waits = rows["waits_for"] != NO_CARE
    assert np.isin(rows["stage"][waits], (WAITING, TREATMENT)).all()
    assert np.isin(rows["stage"][rows["waits_for_a_peer"]], (DETOX, TREATMENT)).all()
    assert (rows["waits_for"] != place_taken(rows))[waits].all()
    inside = place_taken(rows)
    for week in range(WEEKS + 1):
        per_1000 = world.table[min(max(week - 1, 0), len(world.table) - 1)]["places"]["per_1000"]
        for care in range(len(CARE)):
            here = inside[week] == care
            entered = here & (rows["weeks_in_stage"][week] == 0)
            if per_1000[care] < 1_000_000 and entered.any():
                assert here.sum() <= int(per_1000[care] * 0.12 + 0.5)


@some_areas(15)
def test_everybody_who_has_come_is_in_one_stage_and_moves_along_the_arrows(changes):
    world, rows = week_by_week(changes)
    come = rows["stage"] != NOT_COME
    stages = world.counts[..., : len(STAGES)].sum(axis=(1, 2))
    assert (stages == come.sum(axis=1)).all()
    assert (come == (world.clients["arrives"] <= np.arange(WEEKS + 1)[:, None])).all()
    traits = [trait.name for trait in TRAITS]
    assert (rows[traits] == rows[traits][0]).all()
    stays = np.sort(world.stays(), order=["client", "stay"])
    after = stays["client"][1:] == stays["client"][:-1]
    assert (stays["week_in"][1:] == stays["week_out"][:-1])[after].all()
    assert (stays["week_in"] <= stays["week_out"]).all()
    moves = zip(stays["stage"][:-1][after], stays["stage"][1:][after], strict=True)
    assert all(STAGES[new] in MOVES[STAGES[old]] for old, new in moves)
    last = {int(stay["client"]): stay for stay in stays}
    for client, stay in last.items():
        now = int(world.clients["stage"][client - 1])
        assert STAGES[now] in MOVES[STAGES[stay["stage"]]]
    for _, first in stays[["stay", "stage"]][stays["stay"] == 0]:
        assert first == WAITING


def read_off(world, rows):
    """Names of counts with, for everybody in every week, what they add to them (0 or more)."""
    alive = (rows["stage"] != DEAD) & (rows["stage"] != NOT_COME)
    well = alive & (rows["use"] == ABSTINENT)
    going = alive & (rows["attendance"] != NEVER) & (rows["attendance"] != LEFT)
    gave_up = np.zeros(rows.shape, int)
    for stay in world.stays():
        if stay["ended"] == GAVE_UP_WAITING:
            gave_up[stay["week_out"] :, int(stay["client"]) - 1] += 1
    return {
        **{f"stage_{name}": rows["stage"] == code for code, name in enumerate(STAGES)},
        **{f"use_{name}": alive & (rows["use"] == code) for code, name in enumerate(USES)},
        **{f"treatment_{name}": (rows["stage"] == TREATMENT) & (rows["modality"] == code)
           for code, name in enumerate(CARE[:IN_DETOX])},
        "abstinent_90_days": well & (rows["weeks_abstinent"] >= 13),
        "attending": going,
        "ever_attended": rows["ever_attended"],
        "offered": rows["ever_offered"],
        "connected": rows["connected"],
        "engaged": rows["engaged"],
        "episodes": rows["episodes"],
        "readmissions": np.maximum(rows["episodes"] - 1, 0),
        "gave_up_waiting": gave_up,
        "deaths_overdose": rows["cause"] == DIED_OVERDOSE,
    }  # fmt: skip


def by_weeks_since_they_came(world, values):
    """Everybody's values moved to begin as they came: sums over those followed so long."""
    found = np.zeros((WEEKS + 1, values.shape[1]), int)
    for row, came in enumerate(world.clients["arrives"]):
        if came <= WEEKS:
            found[: WEEKS + 1 - came, row] = values[came:, row]
    return found


@some_areas(12)
def test_counts_are_what_is_read_off_the_people_in_the_area_and_at_their_own_anniversaries(changes):
    world, rows = week_by_week(changes)
    followed = world.followed()
    for name, values in read_off(world, rows).items():
        since = by_weeks_since_they_came(world, values)
        for member in GROUPS.values():
            some = member[world.clients["cell"]]
            here = world.counts[:, member, AT[name]].sum(axis=1)
            assert (here == values[:, some].sum(axis=1)).all(), name
            then = followed[:, member, AT[name]].sum(axis=1)
            assert (then == since[:, some].sum(axis=1)).all(), name


@some_areas(5)
def test_weeks_one_by_one_and_two_at_a_time_are_those_lived_at_once(changes):
    at_once = a_world(
        clients=120, weeks=WEEKS, settings=changes, years=YEARS, journeys=True, panel=True
    )
    world, _ = week_by_week(changes)
    by_two = a_world(clients=120, settings=changes, years=YEARS, journeys=True, panel=True)
    for _ in range(WEEKS // 2):
        by_two.run_for(2)
    for other in (world, by_two):
        for part in ("clients", "ties", "counted", "panel"):
            assert getattr(at_once, part).tobytes() == getattr(other, part).tobytes(), part
        assert at_once.stays().tobytes() == other.stays().tobytes()


@some_areas(4)
def test_threads_change_nothing_in_an_open_system(changes):
    scenario = rs.load("baseline").replace(changes)
    one, two = (live(scenario, Plan(100, 1, 4, threads=threads)) for threads in (1, 2))
    assert one.counts.tobytes() == two.counts.tobytes()
    for mine, theirs in zip(one.reckoned, two.reckoned, strict=True):
        assert mine.tobytes() == theirs.tobytes()


@pytest.mark.parametrize("scenario", ["local-area", "local-area-more-detox"])
def test_plain_rules_of_queues_live_the_same_lives_as_compiled_ones(scenario):
    few = {f"places.{care}.per_1000": 40 for care in CARE} | {"arrivals.over_weeks": 60}
    few["peers.introductions_per_1000_a_week"] = 4
    worlds = [a_world(scenario, 60, 0, years=2, journeys=True, settings=few) for _ in range(2)]
    worlds[0].run_for(80)
    worlds[1].run_for(80, plainly=True)
    for part in ("clients", "ties", "counted"):
        assert getattr(worlds[0], part).tobytes() == getattr(worlds[1], part).tobytes(), part
    assert worlds[0].stays().tobytes() == worlds[1].stays().tobytes()


# --- money --------------------------------------------------------------------------------

PRICES = central_values() | {key: 0.0 for key in all_quantities() if key.startswith("costs.")}
PRICES |= {
    "costs.detox_week": 1000.0, "costs.residential_week": 300.0, "costs.psychosocial_week": 20.0,
    "costs.medication_week": 7.0,
}  # fmt: skip
A_WEEK = (300.0, 20.0, 7.0, 1000.0)  # by the codes of care


@some_areas(6)
def test_costs_are_weeks_in_places_at_their_prices_from_those_followed_so_long(changes):
    """A place is paid for as a week begins, so the week in which it is got from a queue is not."""
    world, rows = week_by_week(changes)
    at = weeks_reckoned((1, 2))
    reckoned = stacked([reckon_world(world, at, 0.05)])
    paid = np.zeros(rows.shape)
    for care, price in enumerate(A_WEEK):
        paid += price * (place_taken(rows) == care)
    arrives = world.clients["arrives"].astype(int)
    for year in (1, 2):
        expected = 0.0
        for week in range(1, 52 * year + 1):
            there = np.flatnonzero(arrives + week - 1 <= WEEKS)
            if there.size:
                mean = paid[arrives[there] + week - 1, there].mean()
                expected += mean / 1.05 ** (week / 52)
        everybody = type(reckoned)(*(array[:, :, 0] for array in reckoned))
        found = cost(everybody, at.index(52 * year), [PRICES])
        assert found == pytest.approx(expected)


# --- nobody else --------------------------------------------------------------------------

ENOUGH = {f"places.{care}.per_1000": 2000 for care in CARE}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("places", [{}, ENOUGH], ids=["unlimited", "enough"])
def test_somebody_who_joins_an_open_system_without_ties_changes_nobody_else(seed, places):
    graph = nx.watts_strogatz_graph(120, 4, 0.1, seed=seed)
    larger = graph.copy()
    larger.add_node("somebody new")
    changes = STEADY | places | {"arrivals.over_weeks": 80}
    world, joined = (
        a_world("peer-introduction", len(one), WEEKS, seed, graph=one, years=YEARS,
                journeys=True, settings=changes)
        for one in (graph, larger)
    )  # fmt: skip
    assert joined.clients[:120].tobytes() == world.clients.tobytes()
    assert joined.ties[:120].tobytes() == world.ties.tobytes()


def test_with_few_places_somebody_who_joins_does_change_others():
    """The test above can fail: where places are few, somebody is in somebody's way."""
    changes = STEADY | {"places.psychosocial.per_1000": 40, "network.kind": "none"}  # 12 places
    world, joined = (
        a_world(clients=n, weeks=WEEKS, years=YEARS, settings=changes) for n in (300, 310)
    )
    assert joined.clients[:300].tobytes() != world.clients.tobytes()


def test_limits_that_nobody_meets_change_nobodys_life():
    """But that places are got at the end of a week, after that week's deaths and tolerance."""
    changes = NOBODY_DIES | {"network.kind": "none", "arrivals.over_weeks": 80}
    changes |= {f"deaths.{name}.excess_using": 0 for name in ("opioids", "stimulants")}
    free, limited = (
        a_world(clients=2000, weeks=WEEKS, years=YEARS, settings=changes | limits, journeys=True)
        for limits in ({}, ENOUGH)
    )
    for name in free.clients.dtype.names:
        if name != "tolerance":
            assert (free.clients[name] == limited.clients[name]).all(), name
    mine, theirs = (np.sort(world.stays(), order=["client", "stay"]) for world in (free, limited))
    assert (mine == theirs).all()


# --- people who have not come yet ---------------------------------------------------------


def test_mesa_shows_those_who_have_come():
    model = rs.RecoveryModel("local-area", clients=300, years=2)
    for weeks in (0, 60):
        model.run_for(weeks)
        come = int((model.world.clients["arrives"] <= model.week).sum())
        assert len(model.agents) == come < 300
        assert {agent.stage for agent in model.agents} <= set(STAGES)
        assert sum(model.agents.groupby("stage").count().values()) == come
        friends = {friend.unique_id for agent in model.agents for friend in agent.company}
        assert friends <= {agent.unique_id for agent in model.agents}


def test_an_open_system_is_followed_for_the_years_that_it_was_made_for():
    world = a_world("local-area", 100, 52, years=1)
    with pytest.raises(ValueError, match="made for"):
        world.run_for(1)


def test_tables_hold_those_who_have_come():
    result = rs.run("local-area", clients=200, years=1, repeats=2)
    people = result.clients()
    assert people["arrives"].max() <= 52
    assert 0 < len(people) < 2 * 200
    for table in (result.journeys(), result.panel()):
        come = people.join(table, on=["repeat", "client"], how="semi")
        assert len(come) == len(people)
        assert len(table.join(people, on=["repeat", "client"], how="anti")) == 0
    first = result.journeys().filter(stay=0).join(people, on=["repeat", "client"])
    assert (first["week_in"] == first["arrives"]).all()
    seen = result.panel().join(people, on=["repeat", "client"])
    assert (seen["week"] >= seen["arrives"]).all()


def test_what_nobody_has_been_followed_for_is_unknown_and_not_nought():
    late = rs.load("baseline").replace({"arrivals.over_weeks": 600})
    result = rs.run(late, clients=60, years=2, repeats=4, journeys=False)
    rows = {
        (row["measure"], row["year"]): row for row in result.measures() if row["group"] == "all"
    }
    told = rows["deaths", 2]
    assert told["value"] is told["low"] is told["luck_high"] is None


def test_worlds_with_other_arrivals_hold_no_twins():
    with pytest.raises(ValueError, match="nobody has a twin"):
        rs.compare(["baseline", "local-area"], clients=50, years=1, repeats=2)
    same = rs.load("baseline").replace({"arrivals.over_weeks": 0}, name="said-so")
    assert rs.compare(["baseline", same], clients=50, years=1, repeats=2).headline()


def test_against_names_the_comparator():
    found = rs.compare("local-area-more-detox", clients=60, years=1, repeats=2)
    assert found.baseline.scenario.name == "local-area"


# --- journeys and studies -----------------------------------------------------------------


def somebody_who_comes(weeks, years=2):
    """The first client of `local-area` who comes in one of these weeks, and the week."""
    plan = Plan(200, years, 2)
    world = a_world("local-area", 200, 0, years=years, values=plan.parameter_sets()[0])
    arrives = world.clients["arrives"].astype(int)
    row = int(np.flatnonzero(np.isin(arrives, weeks))[0])
    return plan, row + 1, int(arrives[row])


def test_a_life_in_an_open_system_is_told_by_the_weeks_since_somebody_came():
    plan, client, came = somebody_who_comes(range(20, 60))
    found = journey(rs.load("local-area"), client, plan)
    (life,) = found.lives
    assert f"Comes in week {came} of the run" in found.introduction()
    assert len(life.rows) == WEEKS - came + 1
    assert life.rows[0]["stage"] != NOT_COME
    assert life.stays["week_in"][0] == 0
    told = found.to_json()["worlds"][0]
    assert {event["week"] for event in told["events"]} <= set(range(len(life.rows)))
    assert told["story"]


def test_a_life_that_has_not_begun_by_the_end_is_refused():
    plan, client, came = somebody_who_comes(range(WEEKS + 1, 521))
    with pytest.raises(ValueError, match=f"in week {came}, and the run ends with week {WEEKS}"):
        journey(rs.load("local-area"), client, plan)


def test_twins_of_other_arrivals_are_refused():
    with pytest.raises(ValueError, match="nobody has a twin"):
        journey(rs.load("local-area"), 1, Plan(50, 1, 2), versus=rs.load("baseline"))


def test_twins_may_part_by_a_place():
    plan = Plan(60, 1, 2, knowledge="none")
    few = rs.load("baseline").replace({"places.psychosocial.per_1000": 20}, name="few-places")
    parted = {
        journey(rs.load("baseline"), client, plan, versus=few).parting()[1]
        for client in range(1, 9)
    }
    assert "place" in parted


def test_people_of_a_study_start_together(tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text(
        "name: study\nquestion: x\npeople: {arrivals.over_weeks: 52}\narms: {one: {size: 50}}\n"
        "visits: after_start\nyears: 1\nfigures: []\n"
    )
    with pytest.raises(ScenarioError, match="people of a study start together"):
        load_trial(path)
