"""Networks: made straight into slots, or taken from any graph, edge list or GraphML file."""

import networkx as nx
import numpy as np
import pytest

from recoverysim.codes import EMPTY, OUTSIDER_IN_RECOVERY
from recoverysim.scenario import load
from recoverysim.structure import (
    NetworkError,
    configuration_model,
    empty_slots,
    from_graph,
    read_graph,
    small_world,
)
from tests.worlds import a_world, switched_off


def as_graph(ties: np.ndarray) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(range(len(ties)))
    graph.add_edges_from((row, int(o)) for row, slots in enumerate(ties) for o in slots if o >= 0)
    return graph


def test_the_small_world_is_that_of_networkx():
    """3,000 people: mean ties exactly, clustering and path length within 5%."""
    ties = empty_slots(3000, 8)
    small_world(ties, 4, 0.1, np.uint64(1))
    ours, theirs = as_graph(ties), nx.watts_strogatz_graph(3000, 4, 0.1, seed=1)
    assert ours.number_of_edges() == theirs.number_of_edges()
    for measure in (nx.average_clustering, lambda g: nx.approximation.diameter(g)):
        assert measure(ours) == pytest.approx(measure(theirs), rel=0.15)


def test_without_rewiring_the_small_world_is_a_ring():
    ties = empty_slots(50, 8)
    small_world(ties, 4, 0.0, np.uint64(1))
    assert nx.is_isomorphic(as_graph(ties), nx.watts_strogatz_graph(50, 4, 0))


def test_the_configuration_model_has_geometric_numbers_of_ties():
    """20,000 people, mean 4 before at most 8 are kept: standard error 0.02."""
    ties = empty_slots(20_000, 8)
    configuration_model(ties, 4.0, np.uint64(2))
    degrees = (ties >= 0).sum(axis=1)
    tail = 0.8 ** np.arange(1, 9)  # P(at least k) of a geometric number of mean 4
    assert degrees.mean() == pytest.approx(tail.sum(), abs=0.15)
    assert degrees.max() == 8
    assert (degrees == 0).mean() == pytest.approx(0.2, abs=0.03)


@pytest.mark.parametrize("seed", [1, 2])
def test_another_seed_is_another_network_and_the_same_seed_the_same(seed):
    one, same, other = (a_world(clients=100, seed=s).ties for s in (seed, seed, seed + 1))
    assert (one == same).all()
    assert (one != other).any()


def test_any_networkx_graph_will_do():
    graph = nx.MultiDiGraph([("ann", "ben"), ("ben", "ann"), ("ben", "ben"), ("cat", "ann")])
    ties = from_graph(graph, 3)
    assert ties.tolist() == [[1, 2, EMPTY], [0, EMPTY, EMPTY], [0, EMPTY, EMPTY]]


def test_more_ties_than_slots_make_more_slots_and_a_crowd_is_refused():
    assert from_graph(nx.star_graph(12), 8).shape == (13, 12)
    with pytest.raises(NetworkError, match="65 ties; at most 64"):
        from_graph(nx.star_graph(65), 8)


@pytest.mark.parametrize("suffix", ["graphml", "edges"])
def test_a_scenario_brings_its_network_in_a_file(tmp_path, suffix):
    graph = nx.watts_strogatz_graph(60, 4, 0.1, seed=1)
    file = tmp_path / f"people.{suffix}"
    (nx.write_graphml if suffix == "graphml" else nx.write_edgelist)(graph, file)
    scenario = tmp_path / "local.yaml"
    scenario.write_text(f"extends: baseline\nname: local\nnetwork: {{file: {file.name}}}\n")
    read = as_graph(a_world(str(scenario), 60).ties)
    assert nx.is_isomorphic(read, graph)
    with pytest.raises(NetworkError, match=r"holds 60 people, and the run has 61.*--clients 60"):
        a_world(str(scenario), 61)


def test_a_changed_network_file_is_a_changed_scenario(tmp_path):
    scenario, file = tmp_path / "local.yaml", tmp_path / "people.edges"
    scenario.write_text("extends: baseline\nnetwork: {file: people.edges}\n")
    file.write_text("1 2\n")
    before = load(scenario).hash()
    file.write_text("1 3\n")
    assert load(scenario).hash() != before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.graphml", "<graphml"),
        ("a.graphml", ""),
        ("a.edges", "one\n"),
        ("a.edges", ""),
        ("a.edges", "0 1\n1 Ann Smith\n"),
        ("a.edges", "0,1\n"),
    ],
)
def test_a_file_that_is_no_network_is_refused_in_words(tmp_path, name, content):
    file = tmp_path / name
    file.write_text(content)
    with pytest.raises(NetworkError, match=r"cannot be read as|holds nobody|is no tie"):
        read_graph(file)


def test_weights_comments_and_what_networkx_writes_are_read(tmp_path):
    file = tmp_path / "a.edges"
    file.write_text("# people\n0 1\n1 2 0.5  # close\n\n2 3 {'since': 2020}\n")
    assert sorted(read_graph(file).edges) == [("0", "1"), ("1", "2"), ("2", "3")]


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(NetworkError, match="there is no network file"):
        read_graph(tmp_path / "nothing.edges")


def test_company_at_entry_is_in_recovery_as_declared_and_no_network_is_nobody():
    """20,000 people with 8 in company, 4 of them clients who use: standard error 0.001. A close tie
    counts for three: of the ten that 4 loose ones leave of 14, 0.2 · 14 / 10 are in recovery."""
    alike = a_world(clients=20_000, settings=switched_off("close_ties"))
    assert (alike.ties == OUTSIDER_IN_RECOVERY).mean() == pytest.approx(0.20, abs=0.005)
    world = a_world(clients=20_000)
    assert world.clients["seen_company"].mean() == pytest.approx(0.20, abs=0.005)
    seen = (world.ties == OUTSIDER_IN_RECOVERY).mean()
    assert seen == pytest.approx(0.28 * 4 / 8, abs=0.005)
    alone = a_world(clients=50, weeks=52, settings={"network.kind": "none"})
    assert (alone.ties == EMPTY).all()


def test_members_come_to_keep_sober_company_and_people_who_use_do_not():
    world = a_world(clients=20_000, weeks=156, years=3)
    now = world.clients
    sober = (world.ties == OUTSIDER_IN_RECOVERY).mean(axis=1)
    alive, builds = now["stage"] != 5, now["builds_sober_ties"]
    member = (now["attendance"] == 2) | (now["attendance"] == 3)
    using = now["use"] == 2
    assert sober[alive & member & builds].mean() > sober[alive & using & ~member].mean() + 0.05
