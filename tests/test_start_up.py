"""What each command imports: a library is paid for only by those who need it.

Each command runs by itself in a fresh process, at tiny sizes.
"""

import subprocess
import sys

import pytest

from tests.sweeping import TINY as SWEEP
from tests.sweeping import write_plan

# By weight: what takes a twentieth of a second or more, or drags in something that does.
HEAVY = (
    "dask", "distributed", "IPython", "matplotlib", "matplotlib.pyplot", "mesa", "networkx",
    "numba", "numpy", "pandas", "polars", "pyarrow", "rich", "scipy.linalg", "scipy.optimize",
    "scipy.special", "scipy.stats", "solara", "xarray", "yaml",
)  # fmt: skip

READS_SCENARIOS = {"numba", "numpy", "yaml"}
# Distributions and intervals are scipy's special functions; numba itself looks for scipy.linalg.
LIVES = READS_SCENARIOS | {"scipy.linalg", "scipy.special"}
SHOWS = LIVES | {"rich"}
WRITES = SHOWS | {"pandas", "pyarrow"}  # pyarrow looks for pandas by itself

# scikit-learn, which looks for boxes where something does not work, brings both of scipy.
ANALYSES = WRITES | {"matplotlib", "polars", "scipy.optimize", "scipy.stats"}

TINY = "--clients 20 --years 1 --repeats 2"
TINY_SWEEP = SWEEP | {"clients": 20, "repeats": 2}
PAIR = f"baseline peer-introduction {TINY}"

MAY_IMPORT = {
    "--version": set(),
    "--help": set(),
    "compare --help": set(),
    "scenarios template clients": set(),
    "scenarios list": READS_SCENARIOS,
    "scenarios show baseline": READS_SCENARIOS,
    "scenarios check baseline": READS_SCENARIOS,
    "scenarios diff peer-introduction": READS_SCENARIOS,
    "evidence linkage": READS_SCENARIOS | {"rich"},
    "evidence --json": READS_SCENARIOS,
    "doctor": READS_SCENARIOS,
    "dashboard --help": set(),
    f"run baseline {TINY}": SHOWS,
    f"run baseline {TINY} --csv": LIVES,
    f"run baseline {TINY} --out OUT": WRITES,
    f"compare {PAIR}": SHOWS,
    f"compare {PAIR} --json --no-who": LIVES,
    f"compare {PAIR} --csv --out OUT": WRITES | {"matplotlib"},
    f"report {PAIR} --out OUT --quiet": LIVES,
    f"report {PAIR} --docx OUT --quiet": LIVES | {"matplotlib"},
    f"journey baseline --client 3 {TINY}": SHOWS,
    f"journey baseline --versus peer-introduction --client 3 {TINY} --json": LIVES,
    "seek check-ups-for-five-more --clients 20 --repeats 2": SHOWS,
    "seek check-ups-for-five-more --clients 20 --repeats 2 --json": LIVES,
    "sweep PLAN --dry-run": WRITES,
    "sweep PLAN --out OUT --workers 1": ANALYSES,
    "trial timko-2006 --clients 20 --repeats 2": SHOWS,
    "validate timko-2006 --repeats 2 --json": LIVES,
}

ASK = f"import sys; print(*sorted(set({HEAVY}) & set(sys.modules)), file=sys.stderr)"
RUN = f"""
import atexit, sys
atexit.register(lambda: exec({ASK!r}))
sys.argv = ["recoverysim", *sys.argv[1:]]
from recoverysim.command import main
main()
"""


def heavy_after(code: str, *words: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, timeout=600
    )
    assert done.returncode in (0, 4), done.stderr  # 4: a study was missed, as it may be so small
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("command", MAY_IMPORT)
def test_a_command_imports_only_what_it_needs(command, tmp_path):
    made = {"OUT": tmp_path / "out", "PLAN": write_plan(tmp_path, TINY_SWEEP)}
    words = [str(made.get(word, word)) for word in command.split()]
    assert heavy_after(RUN, *words) <= MAY_IMPORT[command]


@pytest.mark.parametrize("name", ["recoverysim; dir(recoverysim)", "recoverysim.command"])
def test_a_name_imports_nothing_heavy(name):
    assert heavy_after(f"import {name}; {ASK}") == set()


def test_what_is_heavy_is_seen():
    """The tests above would pass if nobody looked."""
    assert heavy_after(f"import recoverysim.model; {ASK}") >= {"mesa", "numba"}
