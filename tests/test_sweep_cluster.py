"""Sweeps on a real Dask cluster: `dask scheduler` and `dask worker` on loopback."""

import os
import pickle
import signal
import time
from dataclasses import replace

import numpy as np
import psutil
import pytest
from distributed import Client

from recoverysim import plugins
from recoverysim.plugins import PluginError
from recoverysim.scenario import load
from recoverysim.studies.sweeps import cluster as clusters_side
from recoverysim.studies.sweeps import cluster_worker
from recoverysim.studies.sweeps.cluster import on_cluster
from recoverysim.studies.sweeps.cluster_faults import ClusterLost, OtherProgram, unprotected
from recoverysim.studies.sweeps.cluster_worker import end_processes, processes_for
from recoverysim.studies.sweeps.factors import Factor
from recoverysim.studies.sweeps.guard import Broken, Means, PluginFile, plugin_files
from recoverysim.studies.sweeps.plan import SweepPlan
from recoverysim.studies.sweeps.points import Points
from recoverysim.studies.sweeps.runs import Chunk, live_chunk
from tests.clusters import a_cluster, all_gone

MEANS = Means((), expected=0.1, longest=60, memory=None)
LEVER = Factor("peers", ("linkage.peer.first_meeting",), low=0.1, high=0.9)


def a_plan(points, *factors, **more):
    return SweepPlan(
        "try", "", (load("peer-introduction"),), factors or (LEVER,), "latin-hypercube",
        points=points, **({"clients": 60, "years": 1} | more),
    )  # fmt: skip


def chunks_of(plan, size=4):
    points = Points.of(plan)
    runs = points.count * plan.repeats * len(plan.scenarios)
    for first in range(0, runs, size):
        numbers = tuple(range(first, min(runs, first + size)))
        yield Chunk(points.sent, numbers, points.at(numbers))


def lived(engine, chunks, after=lambda count: None):
    """What an engine made of these chunks, by the first number of each; each comes once."""
    more = iter(chunks)
    found = {}
    for chunk, came in engine(lambda: next(more, None)):
        assert chunk.numbers[0] not in found
        found[chunk.numbers[0]] = came
        after(len(found))
    return found


def columns(found):
    several = [found[first].columns for first in sorted(found)]
    return {name: np.concatenate([one[name] for one in several]) for name in several[0]}


def assert_same(found, plan, size=4):
    here = columns({chunk.numbers[0]: live_chunk(chunk) for chunk in chunks_of(plan, size)})
    there = columns(found)
    assert list(there) == list(here)
    for name, column in here.items():
        assert column.dtype == there[name].dtype
        assert column.tobytes() == there[name].tobytes(), name


@pytest.fixture(autouse=True)
def _no_plugin_stays():
    yield
    plugins.unload()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Two workers that a nanny watches each."""
    with a_cluster(tmp_path_factory.mktemp("cluster")) as one:
        one.add("--nanny")
        one.add("--nanny")
        wait_for_workers(one, 2)
        yield one


@pytest.fixture
def own_cluster(tmp_path):
    """Two workers without a nanny: nobody starts them again."""
    with a_cluster(tmp_path / "cluster") as one:
        one.add("--no-nanny")
        one.add("--no-nanny")
        wait_for_workers(one, 2)
        yield one


def wait_for_workers(one, many):
    with Client(one.address, set_as_default=False) as client:
        client.wait_for_workers(many, timeout=30)


def pids_of_workers(one):
    with Client(one.address, set_as_default=False) as client:
        return client.run(os.getpid)


def write(tmp_path, body):
    path = tmp_path / "mine.py"
    path.write_text(f"from recoverysim.plugins import *\n{body}\n", encoding="utf-8")
    return path


def test_a_cluster_gives_what_this_machine_gives(cluster):
    before = cluster.everybody()
    theirs = []

    def look(count):
        if count == 3:
            theirs.extend(one.environ() for one in cluster.everybody() if one not in before)

    plan = a_plan(30)
    assert_same(lived(on_cluster(cluster.address, MEANS), chunks_of(plan), look), plan)
    # Dask's own thrift with memory, set by the nanny, would slow every run down.
    assert theirs
    assert not any("MALLOC_TRIM_THRESHOLD_" in one for one in theirs)
    # The processes beside the workers went with the sweep.
    assert all_gone([one for one in cluster.everybody() if one not in before])


def test_a_client_of_ones_own_stays_open(cluster):
    plan = a_plan(3)
    with Client(cluster.address, set_as_default=False) as client:
        for _ in range(2):
            assert_same(lived(on_cluster(client, MEANS), chunks_of(plan)), plan)
        assert client.status == "running"
        assert not client.futures


TRAP = """
parameters("trap", kind=quantity(0, "people", 0, 9, lever=True))

@outcome("Sprung", unit="traps")
def sprung(now):
    import os, signal
    if now.today.trap.kind == 1:
        os._exit(3)
    if now.today.trap.kind == 2:
        os.kill(os.getpid(), signal.SIGSEGV)
    if now.today.trap.kind == 3:
        while True:
            pass
    return now.today.trap.kind
"""


def test_a_run_that_crashes_or_hangs_takes_no_worker_with_it(cluster, tmp_path):
    plugins.load(write(tmp_path, TRAP))
    kinds = Factor("trap", ("trap.kind",), values=(0, 1, 2, 3, 4, 5))
    plan = SweepPlan("try", "", (load("baseline"),), (kinds,), "grid", clients=60, years=1,
                     measures=("in_recovery", "sprung"))  # fmt: skip
    means = Means(plugin_files(), expected=0.01, longest=2, memory=None)
    before = pids_of_workers(cluster)
    found = lived(on_cluster(cluster.address, means), chunks_of(plan, 1))
    assert pids_of_workers(cluster) == before
    broken = {first: came for first, came in found.items() if isinstance(came, Broken)}
    assert broken == {
        1: Broken("crashed", "its process ended with code 3"),
        2: Broken("crashed", "its process was ended by SIGSEGV"),
        3: Broken("took too long", "not finished within 2 seconds"),
    }
    assert [found[kind].columns["sprung"].item() for kind in (0, 4, 5)] == [0, 4, 5]


def test_a_plug_in_need_not_be_on_the_machine_of_a_worker(cluster, tmp_path):
    plugins.load(path := write(tmp_path, TRAP))
    plan = a_plan(3, measures=("in_recovery", "sprung"))
    here = {chunk.numbers[0]: live_chunk(chunk) for chunk in chunks_of(plan)}
    means = Means(plugin_files(), 0.1, 60, None)
    for nothing_there in (False, True):  # other bytes at that path, then none
        path.unlink() if nothing_there else path.write_text("changed since\n", encoding="utf-8")
        found = lived(on_cluster(cluster.address, means), chunks_of(plan))
        assert columns(found)["key"].tolist() == columns(here)["key"].tolist()


def test_a_plug_in_that_cannot_be_used_there_is_named(cluster):
    means = Means((PluginFile("/nowhere/mine.py", b"import not_there_at_all"),), 0.1, 60, None)
    with pytest.raises(PluginError, match=r"on the Dask worker tcp://.*mine.py, line 1: Module"):
        lived(on_cluster(cluster.address, means), chunks_of(a_plan(2)))


@pytest.mark.parametrize(
    ("first", "says"),
    [
        (
            "import recoverysim.version as v; v.package_version = lambda: '0.0.7'",
            r"The Dask worker (tcp://\S+) has recoverysim 0\.0\.7 \(source \w{16}\)\n"
            r"Here is recoverysim \S+ \(source \w{16}\)\. Install the same on every worker\.",
        ),
        (
            "import sys; sys.modules['recoverysim'] = None",
            r"The Dask worker (tcp://\S+) cannot load recoverysim \(.*recoverysim.*\)\nHere is",
        ),
    ],
)
def test_a_worker_with_another_program_is_refused(cluster, first, says):
    def at_the_start():
        lived(on_cluster(cluster.address, MEANS), chunks_of(a_plan(2)))

    def in_the_middle(count):
        if count == 1:
            cluster.add("--no-nanny", first=first)
            wait_for_workers(cluster, 3)

    try:
        with pytest.raises(OtherProgram, match=says):
            lived(on_cluster(cluster.address, MEANS), chunks_of(a_plan(400), 1), in_the_middle)
        with pytest.raises(OtherProgram, match=says):
            at_the_start()
    finally:
        for stranger in cluster.workers[2:]:
            stranger.terminate()
            stranger.wait(20)
        del cluster.workers[2:]
    at_the_start()


def test_processes_beside_a_worker_go_when_nobody_comes_back(monkeypatch):
    """As after a client was killed, which says no farewell."""
    monkeypatch.setattr(cluster_worker, "IDLE", 0.5)
    mine = processes_for("worker", pickle.dumps(MEANS), threads=1, memory=None)
    (chunk,) = chunks_of(a_plan(2))
    assert mine.live(chunk).columns["number"].tolist() == [0, 1]
    begun = time.monotonic()
    while not mine.gone:
        assert time.monotonic() < begun + 10
        time.sleep(0.05)
    assert processes_for("worker", pickle.dumps(MEANS), 1, None) is not mine
    end_processes("worker", pickle.dumps(MEANS))


def test_processes_beside_a_worker_share_its_memory():
    mine = processes_for("worker", pickle.dumps(MEANS), threads=4, memory=100_000_000)
    assert mine.means.memory == 20_000_000  # four fifths of it, in four
    end_processes("worker", pickle.dumps(MEANS))
    assert mine.gone


def test_another_sweep_takes_the_place_of_one_that_is_idle():
    means = [pickle.dumps(replace(MEANS, longest=longest)) for longest in (1.0, 2.0)]
    first, elsewhere = (processes_for(name, means[0], 1, None) for name in ("worker", "another"))
    second = processes_for("worker", means[1], 1, None)
    assert (first.gone, second.gone, elsewhere.gone) == (True, False, False)
    end_processes("worker", means[1])
    end_processes("another", means[0])


def test_a_worker_that_is_killed_costs_nothing(own_cluster):
    """And one that comes later is given work."""
    lost = []

    def strike(count):
        if count == 3:
            victim = psutil.Process(own_cluster.workers[0].pid)
            lost.extend([victim, *victim.children(recursive=True)])
            victim.send_signal(signal.SIGKILL)
            own_cluster.workers[0].wait(10)
            own_cluster.add("--no-nanny")

    plan = a_plan(120)
    found = lived(on_cluster(own_cluster.address, MEANS), chunks_of(plan), strike)
    assert sorted(found) == list(range(0, 120, 4))
    assert_same(found, plan)
    # Two or more: it was at work, and what it had started went with it.
    assert len(lost) >= 2
    assert all_gone(lost)


def test_a_chunk_whose_workers_die_too_often_is_given_up(tmp_path):
    none = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with a_cluster(tmp_path / "cluster", **none) as one:
        one.add("--no-nanny")
        one.add("--no-nanny")
        wait_for_workers(one, 2)

        def strike(count):
            if count == 3:
                one.workers[0].kill()

        found = lived(on_cluster(one.address, MEANS), chunks_of(a_plan(120)), strike)
    assert sorted(found) == list(range(0, 120, 4))
    broken = [came for came in found.values() if isinstance(came, Broken)]
    assert 1 <= len(broken) <= 4  # what one of two workers may have had
    assert set(broken) == {Broken("crashed", "the Dask workers that had it died, 1 in turn")}


def test_a_scheduler_that_is_killed_is_noticed(own_cluster, capfd):
    killed = []

    def strike(count):
        if count == 2:
            own_cluster.scheduler.kill()
            own_cluster.scheduler.wait(10)
            killed.append(time.monotonic())

    with pytest.raises(ClusterLost, match=r"at tcp://127\.0\.0\.1:\d+ is gone or no longer answer"):
        lived(on_cluster(own_cluster.address, MEANS), chunks_of(a_plan(400)), strike)
    assert time.monotonic() - killed[0] < 60
    assert capfd.readouterr() == ("", "")


def test_a_scheduler_that_stands_still_is_noticed(own_cluster, monkeypatch):
    monkeypatch.setattr(clusters_side, "ANSWER", 2.0)
    monkeypatch.setattr(clusters_side, "LOOK", 0.5)
    stopped = []

    def strike(count):
        if count == 2:
            own_cluster.scheduler.send_signal(signal.SIGSTOP)
            stopped.append(time.monotonic())

    with pytest.raises(ClusterLost, match="no longer answers"):
        lived(on_cluster(own_cluster.address, MEANS), chunks_of(a_plan(400)), strike)
    assert time.monotonic() - stopped[0] < 20


def test_no_workers_at_all_are_not_waited_for_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(clusters_side, "PATIENCE", 1.0)
    monkeypatch.setattr(clusters_side, "LOOK", 0.5)
    with (
        a_cluster(tmp_path / "cluster") as alone,
        pytest.raises(
            ClusterLost, match=r"has had no worker for 1 seconds\. Start some with: dask"
        ),
    ):
        lived(on_cluster(alone.address, MEANS), chunks_of(a_plan(4)))


def test_a_first_worker_is_waited_for(tmp_path):
    plan = a_plan(4)
    with a_cluster(tmp_path / "cluster") as one:

        def chunks():
            one.add("--no-nanny")
            yield from chunks_of(plan, 2)

        assert_same(lived(on_cluster(one.address, MEANS), chunks()), plan, 2)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://127.0.0.1:9", "::::"])
def test_an_address_where_nobody_answers_is_told(address, monkeypatch):
    monkeypatch.setattr(clusters_side, "CONNECT", 1.0)
    with pytest.raises(ClusterLost, match="No Dask scheduler answers at"):
        lived(on_cluster(address, MEANS), chunks_of(a_plan(2)))


def test_certificates_that_are_missing_are_told():
    with pytest.raises(ValueError, match=r"needs certificates, .* names none: distributed\.comm"):
        lived(on_cluster("tls://127.0.0.1:9", MEANS), chunks_of(a_plan(2)))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://127.0.0.1:8786", False), ("tcp://[::1]:8786", False), ("localhost:8786", False),
        ("tls://10.0.0.7:8786", False), ("inproc://10.0.0.7/1/1", False),
        ("tcp://10.0.0.7:8786", True), ("node7:8786", True), ("tcp://[2001:db8::1]:8786", True),
    ],
)  # fmt: skip
def test_an_open_address_is_warned_of(address, said):
    assert bool(unprotected(address)) == said
