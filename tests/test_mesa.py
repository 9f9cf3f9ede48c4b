"""RecoveryModel is an honest Mesa citizen: the same history however it is stepped, the same answers
from every verb of an AgentSet as Mesa's own, and agents that cost nothing until they are asked for.
"""

import copy
import gc
import inspect
import operator
import tracemalloc

import mesa
import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mesa.agent import AgentSet

from recoverysim import Client, RecoveryModel
from recoverysim.codes import STAGES
from recoverysim.scenario import shipped
from recoverysim.structure import NetworkError

COPIED = ("stage", "use", "substance", "modality", "attendance", "capital", "age", "female")


@pytest.fixture(scope="module")
def model():
    """Sixty people after two years; tests only look at them."""
    lived = RecoveryModel("peer-introduction", clients=60, seed=3, years=2)
    lived.run_for(104)
    return lived


@pytest.fixture(scope="module")
def mesas_own(model):
    """The same sixty people as ordinary Mesa agents in Mesa's own AgentSet."""

    class Ordinary(mesa.Agent):
        def older_by(self, years):
            return self.age + years

    plain = mesa.Model(rng=1)
    for client in model.agents:
        agent = Ordinary(plain)
        for name in COPIED:
            setattr(agent, name, getattr(client, name))
    assert [a.unique_id for a in plain.agents] == [c.unique_id for c in model.agents]
    return plain  # the model holds the agents; its sets hold them weakly


def history(model):
    """Everything that happened, as bytes."""
    world = model.world
    parts = (
        world.clients, world.ties, world.shown, world.counts[: world.week + 1], world.stays(),
    )  # fmt: skip
    return b"".join(np.ascontiguousarray(part).tobytes() for part in parts)


# --- one history, however it is stepped ----------------------------------------------------


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    scenario=st.sampled_from(shipped()),
    seed=st.integers(0, 2**63),
    clients=st.integers(1, 60),
    strides=st.lists(st.integers(0, 30), min_size=1, max_size=6),
)
def test_steps_and_runs_give_the_same_bytes(scenario, seed, clients, strides):
    by_steps, by_strides, at_once = (
        RecoveryModel(scenario, clients=clients, seed=seed, years=1) for _ in range(3)
    )
    for _ in range(sum(strides)):
        by_steps.step()
    for stride in strides:
        by_strides.run_for(stride)
    at_once.run_for(sum(strides))  # often beyond the year that room was made for
    assert history(by_steps) == history(by_strides) == history(at_once)


def test_a_journal_that_has_to_grow_loses_nothing():
    by_steps, at_once = (RecoveryModel(clients=15, seed=8, years=20) for _ in range(2))
    room = by_steps.world.journal.size
    for _ in range(1040):
        by_steps.step()
    at_once.run_for(1040)
    assert at_once.world.journal.size > room
    assert history(by_steps) == history(at_once)


def test_another_seed_is_another_history():
    one, other = (RecoveryModel(clients=40, seed=seed, years=1) for seed in (1, 2))
    one.run_for(26)
    other.run_for(26)
    assert history(one) != history(other)
    assert history(RecoveryModel(clients=9, seed=5)) == history(RecoveryModel(clients=9, rng=5))


def test_looking_changes_nothing():
    """Every verb between the weeks, the random ones included."""
    looked_at, left_alone = (RecoveryModel(clients=30, seed=4, years=1) for _ in range(2))
    for _ in range(20):
        looked_at.step()
        looked_at.agents.shuffle_do("step")
        looked_at.agents.shuffle().select(at_most=0.3).groupby("stage").count()
        assert all(c.company is not None for c in looked_at.agents)
    left_alone.run_for(20)
    assert history(looked_at) == history(left_alone)


def test_steps_are_weeks_also_after_a_run():
    model = RecoveryModel(clients=10, seed=1, years=1)
    model.step()
    model.run_for(12)
    assert model.week == 13
    assert model.steps == 13
    if hasattr(model, "time"):  # Mesa 3.5 and later
        assert model.time == 13


# --- the verbs of an AgentSet, beside Mesa's own ------------------------------------------


def ids(agents):
    return [agent.unique_id for agent in agents]


def groups(grouped):
    return {name: ids(members) for name, members in grouped}


VERBS = {
    "iterate": ids,
    "length": len,
    "first and last": lambda a: ids([a[0], a[-1]]),
    "slices": lambda a: [ids(a[cut]) for cut in (slice(2, 9), slice(None, None, -7))],
    "select all": lambda a: ids(a.select()),
    "select by function": lambda a: ids(a.select(lambda c: c.stage == "community")),
    "select nobody": lambda a: ids(a.select(lambda c: c.stage == "on the moon")),
    "select one at most": lambda a: ids(a.select(at_most=1)),
    "select a share": lambda a: ids(a.select(at_most=0.37)),
    "select everybody as a share": lambda a: ids(a.select(at_most=1.0)),
    "select a share by function": lambda a: ids(a.select(lambda c: c.age > 40, at_most=0.2)),
    "select more than there are": lambda a: ids(a.select(at_most=10_000)),
    "select by type": lambda a: ids(a.select(agent_type=mesa.Agent)),
    "select by a type of nobody": lambda a: ids(a.select(agent_type=int)),
    "select by all": lambda a: ids(a.select(lambda c: c.female, 5, agent_type=mesa.Agent)),
    "sort": lambda a: ids(a.sort("capital")),
    "sort ascending": lambda a: ids(a.sort("age", ascending=True)),
    "sort by function, ties in order": lambda a: ids(a.sort(lambda c: c.substance)),
    "shuffle keeps everybody": lambda a: sorted(ids(a.shuffle())),
    "get one": lambda a: a.get("capital"),
    "get a word": lambda a: a.get("stage"),
    "get what may be absent": lambda a: a.get("modality"),
    "get several": lambda a: a.get(["stage", "capital"]),
    "get missing": lambda a: a.get("shoe_size", handle_missing="default", default_value=7),
    "get some missing": lambda a: a.get(["age", "shoe_size"], "default", None),
    "agg one": lambda a: a.agg("capital", max),
    "agg several": lambda a: a.agg("age", [min, max, np.mean]),
    "map a function": lambda a: a.map(lambda c, more, by=1: c.age * by + more, 2, by=3),
    "map a method": lambda a: a.map("step"),
    "do returns the set": lambda a: ids(a.do(operator.attrgetter("age"))),
    "shuffle_do returns the set": lambda a: ids(a.shuffle_do(operator.attrgetter("age"))),
    "chain": lambda a: ids(a.select(lambda c: c.age > 30).sort("age").select(at_most=4)),
    "groupby a column": lambda a: groups(a.groupby("substance")),
    "groupby a function": lambda a: groups(a.groupby(lambda c: c.age // 10)),
    "groupby lists": lambda a: groups(a.groupby("use", result_type="list")),
    "groups counted": lambda a: a.groupby("stage").count(),
    "groups summed up": lambda a: a.groupby("stage").agg("capital", sum),
    "groups mapped by name": lambda a: a.groupby("use").map("get", "age"),
    "groups are sets": lambda a: {k: v.agg("age", max) for k, v in a.groupby("female")},
    "number of groups": lambda a: len(a.groupby("substance")),
    "groups do": lambda a: groups(a.groupby("female").do(len)),
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_a_verb_answers_as_mesas_own_set_does(model, mesas_own, verb):
    assert verb(model.agents) == verb(mesas_own.agents)


FAULTS = {
    "get": (AttributeError, lambda a: a.get("shoe_size")),
    "get several": (AttributeError, lambda a: a.get(["age", "shoe_size"])),
    "handle missing": (ValueError, lambda a: a.get("age", handle_missing="perhaps")),
    "sort": (AttributeError, lambda a: a.sort("shoe_size")),
    "agg": (AttributeError, lambda a: a.agg("shoe_size", max)),
    "map": (AttributeError, lambda a: a.map("dance")),
    "groupby": (AttributeError, lambda a: a.groupby("shoe_size")),
}


@pytest.mark.parametrize(("fault", "verb"), FAULTS.values(), ids=FAULTS)
def test_a_verb_fails_as_mesas_own_set_does(model, mesas_own, fault, verb):
    for agents in (model.agents, mesas_own.agents):
        with pytest.raises(fault):
            verb(agents)


@pytest.mark.parametrize("verb", ["select", "sort", "shuffle"])
def test_in_place_changes_this_set_and_no_other(model, verb):
    how = {"select": {"at_most": 7}, "sort": {"key": "age"}, "shuffle": {}}[verb]
    agents, expected = model.agents, ids(getattr(model.agents, verb)(**how))
    before = ids(agents)
    assert getattr(agents, verb)(**how, inplace=True) is agents
    if verb == "shuffle":
        assert sorted(ids(agents)) == before != ids(agents)
    else:
        assert ids(agents) == expected
    assert ids(model.agents) == before


def test_shuffle_do_calls_everybody_once_and_not_in_order(model):
    called = []
    model.agents.shuffle_do(lambda client: called.append(client.unique_id))
    assert sorted(called) == ids(model.agents) != called


def test_membership(model):
    nobody = model.agents.select(at_most=0)
    other = RecoveryModel(clients=60, seed=3)
    assert model.agents[5] in model.agents
    assert model.agents[5] not in nobody
    assert other.agents[5] not in model.agents
    assert "somebody" not in model.agents
    with pytest.raises(IndexError):
        model.agents[60]
    assert ids(model.agents[3:6]) == [4, 5, 6]


@pytest.mark.parametrize("verb", ["add", "remove", "discard", "set"])
def test_what_would_change_people_is_refused_in_a_sentence(model, verb):
    client = model.agents[0]
    call = ("capital", 1.0) if verb == "set" else (client,)
    with pytest.raises((AttributeError, NotImplementedError), match=r"client.*\w+ \w+"):
        getattr(model.agents, verb)(*call)
    assert len(model.agents) == 60


def test_a_view_cannot_be_removed(model):
    with pytest.raises(NotImplementedError, match="stay"):
        model.agents[0].remove()


def test_a_view_cannot_be_written(model):
    client = model.agents[0]
    before = client.capital
    with pytest.raises(AttributeError):
        client.capital = before / 2  # would be lost without a word
    assert model.agents[0].capital == before


# --- views --------------------------------------------------------------------------------


def test_views_are_equal_when_they_show_the_same_person(model):
    one, again, other = model.agents[4], model.agents[4], model.agents[5]
    assert one == again != other
    assert {one: "here"}[again] == "here"
    assert len({*model.agents, *model.agents}) == 60
    assert copy.copy(one) == one


def test_sets_do_not_empty_when_nobody_holds_the_views(model):
    chosen = model.agents.select(lambda c: c.age > 30)
    grouped, before = model.agents.groupby("stage"), len(chosen)
    gc.collect()
    assert len(list(chosen)) == before > 0
    assert sum(len(list(members)) for _, members in grouped) == 60


def test_a_view_reads_the_table_as_it_is_now():
    model = RecoveryModel(clients=20, seed=2, years=2)
    client = model.agents[3]
    for _ in range(30):
        model.step()
        row = model.world.clients[3]
        assert client.stage == STAGES[row["stage"]]
        assert client.capital == row["capital"]
        assert client.on_medication == (row["modality"] == 2)
    with pytest.raises(AttributeError, match="shoe_size"):
        _ = client.shoe_size


def test_a_hundred_thousand_agents_cost_little():
    """The set costs its row numbers; passing over it keeps one view at a time."""
    model = RecoveryModel(clients=100_000, seed=1, years=1)
    assert sum(type(thing) is Client for thing in gc.get_objects()) < 1000  # other tests'
    tracemalloc.start()
    agents = model.agents
    held, _ = tracemalloc.get_traced_memory()
    passed = sum(1 for _ in agents)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert passed == len(agents) == 100_000
    assert held < 10 * passed  # a real agent takes hundreds of bytes
    assert most - held < 50_000


# --- what else Mesa brings ----------------------------------------------------------------


def test_the_models_own_data(model):
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame["week"].tolist() == [0]  # `run_for` collects nothing
    assert model.now("stage_dead") == model.agents.get("stage").count("dead")
    stepped = RecoveryModel(clients=25, seed=6, years=1)
    for _ in range(8):
        stepped.step()
    assert stepped.datacollector.get_model_vars_dataframe()["week"].tolist() == list(range(9))


def test_a_data_collector_of_ones_own():
    model = RecoveryModel(clients=25, seed=6, years=1)
    model.datacollector = mesa.DataCollector(
        model_reporters={"capital": lambda m: m.agents.agg("capital", np.mean)},
        agent_reporters={"stage": "stage", "older": lambda client: client.age + 1},
        agenttype_reporters={Client: {"use": "use"}},
    )
    for _ in range(5):
        model.step()
        model.datacollector.collect(model)
    agents = model.datacollector.get_agent_vars_dataframe()
    assert set(agents.index.get_level_values("AgentID")) == set(range(1, 26))
    last = agents.xs(max(agents.index.get_level_values("Step")), level="Step")
    assert last["stage"].tolist() == model.agents.get("stage")
    kinds = model.datacollector.get_agenttype_vars_dataframe(Client)
    assert kinds["use"].tolist()[-25:] == model.agents.get("use")
    assert len(model.datacollector.get_model_vars_dataframe()) >= 5


@pytest.mark.skipif(not hasattr(mesa, "batch_run"), reason="this Mesa has no batch running")
def test_mesas_batch_running():
    if "rng" in inspect.signature(mesa.batch_run).parameters:  # Mesa 3.5 and later
        how = {"parameters": {"clients": [20, 30], "years": 1}, "rng": [1, 2]}
    else:
        how = {"parameters": {"clients": [20, 30], "years": 1, "seed": [1, 2]}}
    rows = mesa.batch_run(
        RecoveryModel, **how, max_steps=6, data_collection_period=1, display_progress=False
    )
    assert len({row["RunId"] for row in rows}) == 4
    assert {(row["clients"], row["seed"]) for row in rows} == {(20, 1), (20, 2), (30, 1), (30, 2)}
    for row in rows:
        alone = RecoveryModel(clients=row["clients"], seed=row["seed"], years=1)
        alone.run_for(row["Step"])
        assert row["week"] == row["Step"]
        assert row["in_recovery"] == alone.now("abstinent_90_days")


def test_types_of_agent(model):
    assert model.agent_types == [Client]
    assert len(model.agents_by_type[Client]) == 60
    assert isinstance(model, mesa.Model)
    assert isinstance(model.agents[0], mesa.Agent)
    assert isinstance(model.agents, AgentSet)
    assert model.agents.to_list() == list(model.agents)


def test_any_networkx_graph():
    graph = nx.relabel_nodes(nx.path_graph(30), lambda node: f"person {node}")
    model = RecoveryModel(graph=graph, seed=1, years=1)
    assert len(model.agents) == 30
    assert ids(model.agents[0].company) == [2]
    assert ids(model.agents[7].company) == [7, 9]
    model.run_for(52)
    for client in model.agents:
        assert all(client in friend.company for friend in client.company)


def test_a_graph_with_somebody_too_well_connected_is_refused():
    with pytest.raises(NetworkError, match="at most 64"):
        RecoveryModel(graph=nx.star_graph(65))
