"""The long battery: what speed is measured against says the same, on average."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
EQUAL = BENCHMARKS / "equal.py"


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["baseline", "intensive-referral", "cut-linkage"])
def test_the_classic_mesa_model_says_the_same(scenario):
    """False alarm: one in 1,000 (over fresh seeds); what would be seen is in the last column."""
    done = subprocess.run(
        [sys.executable, EQUAL, "--repeats", "20", "--scenario", scenario],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().endswith("\nEQUAL")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("growth", "exponent with slots for ties"),
        ("memory", "slope of the peak between so many and twice"),
        ("start_up", "compiling before the first words"),
        ("side_by_side", "one thread over one a core, every core busy"),
        ("comparing", "CPU of everything else over that of the lives"),
        ("dashboard", "burst of 20 presses, from the last"),
        ("sweeping", "overhead over the runs themselves, on a cluster of two workers"),
    ],
)
def test_a_benchmark_can_be_tried_without_being_recorded(name, says):
    results = BENCHMARKS / "results.csv"
    before = results.read_bytes() if results.exists() else None
    done = subprocess.run(
        [sys.executable, BENCHMARKS / f"{name}.py", "--quick"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f": {says}: " in done.stdout
    assert (results.read_bytes() if results.exists() else None) == before


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["baseline", "intensive-referral"])
def test_the_mesa_model_tuned_by_hand_says_the_same(scenario):
    """False alarm: one in 1,000, as above."""
    done = subprocess.run(
        [sys.executable, EQUAL, "--model", "tuned", "--repeats", "20", "--scenario", scenario],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().endswith("\nEQUAL")


@pytest.mark.slow
def test_the_neighbours_of_the_small_model_say_the_same():
    """False alarm: one in fifty (over fresh seeds). Those that are not installed are left out."""
    done = subprocess.run(
        [sys.executable, BENCHMARKS / "neighbours.py", "--no-times"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().endswith("\nEQUAL")
