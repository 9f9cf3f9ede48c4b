"""Where every benchmark writes what it measured: a row each in `results.csv`, beside this file.

Only ratios of one run carry over to another machine; seconds and nanoseconds are there to read them
by. `docs/performance.md` shows the last row of each measurement.
What a benchmark finds that is only tried (`--quick`) is printed and not kept.
"""

from __future__ import annotations

import csv
import datetime
import os
import platform
import subprocess
import sys
from pathlib import Path

RESULTS = Path(__file__).with_name("results.csv")
ONLY_TRIED = "BENCHMARKS_ONLY_TRIED"  # set in the environment by `all.py --quick`
COLUMNS = (
    "date", "benchmark", "what", "clients", "value", "unit", "machine", "cores", "python", "commit",
)  # fmt: skip


def record(
    benchmark: str, what: str, value: float, unit: str, *, clients: int | None = None
) -> None:
    """Print one measurement and add it to the results.

    `benchmark` is the name of the script, `what` says what was measured, in words and always the
    same; `unit` is "ratio" for a ratio of one run.
    """
    size = "" if clients is None else f"{clients:,} people: "
    print(f"{benchmark}: {size}{what}: {value:.4g} {unit}", flush=True)
    if "--quick" in sys.argv or ONLY_TRIED in os.environ:
        return
    new = not RESULTS.exists()
    with RESULTS.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(COLUMNS)
        writer.writerow([
            datetime.datetime.now(datetime.UTC).date(), benchmark, what, clients, f"{value:.5g}",
            unit, processor(), len(os.sched_getaffinity(0)), platform.python_version(), commit(),
        ])  # fmt: skip


def processor() -> str:
    """The model of the processor, as the system names it."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def commit() -> str:
    """The commit that was measured, with + where files have been changed since."""
    git = ["git", "-C", str(RESULTS.parent)]
    found = subprocess.run(
        [*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    changed = subprocess.run(
        [*git, "status", "--porcelain", "--untracked-files=no", "--", "../recoverysim"],
        capture_output=True, text=True, check=False,
    ).stdout.strip()  # fmt: skip
    return found + ("+" if changed else "")
