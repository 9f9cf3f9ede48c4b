"""Who knows whom: real ties of real worlds, the same people at the same places in each."""

import numpy as np
import pytest

from recoverysim import load
from recoverysim.codes import ABSTINENT, DEAD, LEFT, NEVER
from recoverysim.plan import Plan
from recoverysim.studies import acquaintances
from recoverysim.studies.acquaintances import PEOPLE, who_knows_whom
from recoverysim.world import World, seed_of_repeat

PLAN = Plan(clients=300, years=2, repeats=4, seed=5)
DEFINITION = "abstinent_90_days"


@pytest.fixture(scope="module")
def found():
    return who_knows_whom([load("baseline"), load("intensive-referral")], DEFINITION, PLAN, 2)


def test_people_stand_at_one_place_and_hang_together(found):
    assert 100 < len(found.x) <= PEOPLE
    assert len(found.x) == len(found.y)
    assert min(found.x) == min(found.y) == 0
    assert max(found.x) == max(found.y) == 1
    assert len(set(zip(found.x, found.y, strict=True))) == len(found.x)
    tied = {person for world in found.worlds for pair in world.ties for person in pair}
    assert tied == set(range(len(found.x)))


def test_ties_and_states_are_those_of_the_world(found):
    """By another route: the world lived here, its people told by who has died, goes, recovered."""
    world = World(
        load("baseline"), PLAN.parameter_sets()[0], PLAN.clients, seed_of_repeat(PLAN.seed, 0),
        years=PLAN.years,
    )  # fmt: skip
    world.run_for(104)
    clients, ties = world.clients, world.ties
    pairs = {
        (row, other) for row in range(len(ties)) for other in ties[row].tolist() if other > row
    }
    one = found.worlds[0]
    assert one.name == "baseline"
    assert 0 < len(one.ties) <= len(pairs)
    dead = clients["stage"] == DEAD
    going = ~dead & (clients["attendance"] != NEVER) & (clients["attendance"] != LEFT)
    recovered = (clients["use"] == ABSTINENT) & (clients["weeks_abstinent"] >= 13) & ~dead
    triples = {
        (bool(going[row]), bool(recovered[row]), bool(dead[row])) for pair in pairs for row in pair
    }
    assert set(zip(one.going, one.in_recovery, one.died, strict=True)) <= triples
    assert sum(one.in_recovery) <= recovered.sum()


def test_a_whole_small_world_is_shown_whole():
    """Where everybody hangs together and there are few, everybody and every tie is there."""
    scenario = load("baseline").replace({"mechanisms.company": False}, name="baseline")
    found = who_knows_whom([scenario], DEFINITION, Plan(clients=40, years=1, repeats=1), 1)
    world = World(
        scenario, Plan(repeats=1).parameter_sets()[0], 40, seed_of_repeat(1, 0), years=1
    )  # fmt: skip
    assert len(found.x) == 40
    assert len(found.worlds[0].ties) == (world.ties >= 0).sum() / 2


def test_the_same_world_twice_is_the_same_picture():
    twice = who_knows_whom([load("baseline")] * 2, DEFINITION, PLAN, 1)
    assert twice.worlds[0] == twice.worlds[1]
    assert twice == who_knows_whom([load("baseline")] * 2, DEFINITION, PLAN, 1)


def test_nobody_where_nobody_knows_anybody():
    alone = load("baseline").replace({"network.kind": "none"})
    found = who_knows_whom([alone], DEFINITION, Plan(clients=30, years=1, repeats=1), 1)
    assert (found.x, found.y, found.worlds[0].ties) == ((), (), ())


def test_a_year_that_is_not_lived_is_refused():
    with pytest.raises(ValueError, match="1 to 2; found 3"):
        who_knows_whom([load("baseline")], DEFINITION, PLAN, 3)


def test_of_a_large_group_the_nearest_are_taken():
    """A chain of 20 with a knot at one end: the knot and the chain's beginning."""
    import networkx as nx

    graph = nx.path_graph(20)
    graph.add_edges_from([(0, 30), (0, 31), (0, 32)])
    graph.add_edges_from([(50, 51), (51, 52)])
    assert acquaintances._groups(graph, 6) == [[0, 1, 2, 30, 31, 32]]
    everybody = acquaintances._groups(graph, 100)
    assert [len(group) for group in everybody] == [23, 3]
    assert np.array(acquaintances._places(graph, everybody)).shape == (26, 2)
