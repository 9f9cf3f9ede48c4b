"""`recoverysim sweep --scheduler` while workers and the scheduler are killed."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from recoverysim.command.app import FAILED, INTERRUPTED
from recoverysim.studies.sweeps.results import Sweep
from recoverysim.studies.sweeps.sweep import sweep
from tests.clusters import ROOT, a_cluster, all_gone

SLURM = ROOT / "docs" / "examples" / "slurm_sweep.py"
RUNS = 2500  # five parts
PLAN = f"""\
question: Does anything get lost?
scenarios: [peer-introduction]
design: latin-hypercube
points: {RUNS}
factors:
  linkage.peer.first_meeting: {{low: 0.1, high: 0.9}}
clients: 30
years: 1
measures: [in_recovery, deaths]
"""
A_PART = 60  # seconds until the first one stands
TO_THE_END = 120


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    path = tmp_path_factory.mktemp("plan") / "lost.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def undisturbed(plan):
    """The content hash of the same sweep on this machine, on which nobody dies."""
    return sweep(plan, out=plan.parent / "here", workers=2).content_hash


@pytest.fixture
def cluster(tmp_path):
    with a_cluster(tmp_path / "cluster") as one:
        one.add("--no-nanny")
        one.add("--no-nanny")
        yield one


def begin(plan, out, cluster):
    """The command, once its first part stands."""
    command = subprocess.Popen(
        [
            sys.executable, "-c", "from recoverysim.command import main; main()", "sweep", plan,
            "--out", out, "--scheduler", cluster.address, "--quiet",
        ],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, encoding="utf-8",
    )  # fmt: skip
    until = time.monotonic() + A_PART
    while not list(out.glob("runs/*.parquet")):
        assert command.poll() is None, command.communicate()
        assert time.monotonic() < until
        time.sleep(0.02)
    return command


def all_there(out):
    """The content hash of a folder in which every run stands once."""
    found = Sweep(out)
    assert found.is_complete
    assert found.manifest["runs"] == {"asked": RUNS, "done": RUNS, "failed": 0}
    assert sorted(found.to_arrow()["number"].to_pylist()) == list(range(RUNS))
    return found.content_hash


def test_a_worker_is_killed(plan, undisturbed, cluster, tmp_path):
    out = tmp_path / "there"
    command = begin(plan, out, cluster)
    cluster.workers[0].kill()
    said, complained = command.communicate(timeout=TO_THE_END)
    assert (command.returncode, complained) == (0, ""), said
    assert all_there(out) == undisturbed


def test_the_scheduler_is_killed_and_the_sweep_goes_on(plan, undisturbed, cluster, tmp_path):
    out = tmp_path / "there"
    command = begin(plan, out, cluster)
    killed = time.monotonic()
    cluster.scheduler.kill()
    _, complained = command.communicate(timeout=60)
    assert time.monotonic() - killed < 60
    assert command.returncode == FAILED
    assert re.fullmatch(
        r"The Dask scheduler at tcp://\S+ is gone or no longer answers\. Runs that finished are "
        rf"kept\. Go on with: recoverysim sweep {plan} --out {out} --scheduler tcp://\S+\n",
        complained,
    )
    assert 0 < len(Sweep(out).to_arrow()) < RUNS
    cluster.end()
    with a_cluster(tmp_path / "another") as another:
        another.add("--no-nanny")
        another.add("--no-nanny")
        _, complained = begin(plan, out, another).communicate(timeout=TO_THE_END)
        assert complained == ""
    assert all_there(out) == undisturbed


def test_ctrl_c(plan, cluster, tmp_path):
    """The workers stay, and what they were at does not."""
    out = tmp_path / "there"
    command = begin(plan, out, cluster)
    theirs = cluster.everybody()
    stay = [one for one in theirs if one.pid in {mine.pid for mine in cluster.workers}]
    stay += [one for one in theirs if one.pid == cluster.scheduler.pid]
    begun = time.monotonic()
    command.send_signal(signal.SIGINT)
    _, complained = command.communicate(timeout=20)
    assert time.monotonic() - begun < 10
    assert command.returncode == INTERRUPTED
    assert complained.startswith("Interrupted. ")
    assert complained.endswith(f" --scheduler {cluster.address}\n")
    assert all(one.is_running() for one in stay)
    assert all_gone([one for one in cluster.everybody() if "spawn_main" in " ".join(one.cmdline())])


def test_without_dask(plan, tmp_path):
    done = subprocess.run(
        [
            sys.executable, "-c",
            "import sys; sys.modules['distributed'] = None\n"
            "from recoverysim.command import main; main()",
            "sweep", plan, "--out", tmp_path / "there", "--scheduler", "tcp://127.0.0.1:9",
        ],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == FAILED
    assert done.stderr == (
        "a Dask cluster needs distributed, which is not installed: "
        "pip install 'recoverysim[cluster]'\n"
    )


def slurm(folder, *words):
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, SLURM, *words], cwd=folder, capture_output=True, text=True,
        encoding="utf-8", env=os.environ | {"PYTHONPATH": path}, timeout=TO_THE_END,
    )  # fmt: skip


def test_the_example_for_slurm_runs_on_this_machine(tmp_path):
    (tmp_path / "tiny.yaml").write_text(PLAN.replace(str(RUNS), "12"), encoding="utf-8")
    done = slurm(tmp_path, "tiny.yaml", "--out", "found", "--local")
    found = Sweep(tmp_path / "found")
    assert done.stdout == (
        f"12 of 12 runs are in found, 0 failed. Content {found.content_hash}\n"
    ), done.stderr
    assert found.is_complete


def test_the_job_that_slurm_would_be_given(tmp_path):
    """As far as a machine without Slurm goes."""
    pytest.importorskip("dask_jobqueue")
    pytest.importorskip("cryptography")
    job = slurm(
        tmp_path, "tiny.yaml", "--out", "found", "--job-script", "--jobs", "20", "--cores", "32",
        "--memory", "64GB", "--walltime", "4:30:00", "--partition", "long", "--account", "study",
        "--prologue", "module load python",
    )  # fmt: skip
    lines = job.stdout.splitlines()
    for line in (
        "#SBATCH -p long", "#SBATCH -A study", "#SBATCH --cpus-per-task=32", "#SBATCH --mem=60G",
        "#SBATCH -t 4:30:00", "module load python",
    ):  # fmt: skip
        assert line in lines, job.stderr
    command = next(line for line in lines if "dask_worker" in line)
    assert command.startswith(f"{sys.executable} ")
    # Five minutes before 4.5 hours are over.
    assert re.search(r" tls://\S+ .*--nthreads 32 .*--lifetime 15900s .*--tls-key \S+", command)
    assert not (tmp_path / "found").exists()
