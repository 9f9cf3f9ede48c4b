"""The long battery: the classic Mesa model, written separately, lives the same lives on average."""

import subprocess
import sys
from pathlib import Path

import pytest

EQUAL = Path(__file__).parent.parent / "benchmarks" / "equal.py"


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
