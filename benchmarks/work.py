"""How much work a week is: instructions counted by valgrind, not seconds, so that it does not
matter how busy the machine is. It guards against a change that makes the week do more than it did.

Both our week and that of the small reference kernel are compiled for the same plain processor and
counted in one go; the guard is the ratio of the two. Instructions are not time: a week of fewer may
take as long, where the processor guesses as many branches wrongly (docs/performance.md).

    python benchmarks/work.py             counts, and fails where the ratio is above the limit
    python benchmarks/work.py --note      writes the ratio that was counted as the new limit

Where there is no valgrind, or the processor is not an x86-64, it says so and is content.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from record import record

LIMIT = Path(__file__).with_name("work.json")
CLIENTS = 1000
WEEKS_BEFORE, WEEKS = 52, 104  # counted from a year into the run
TOLERANCE = 0.03
# A processor that valgrind knows and every compiler makes the same code for.
PLAIN = {"NUMBA_CPU_NAME": "x86-64", "NUMBA_CPU_FEATURES": "+sse2", "PYTHONHASHSEED": "0"}
# Two calls of the system that nothing else makes: valgrind counts from the one to the other.
COUNT_FROM, COUNT_TO = "getpgid", "getsid"


def live() -> None:
    """Some weeks of ours, then of the reference kernel, each between the two calls."""
    import numpy as np
    import reference_kernel

    from recoverysim.knowledge import central_values
    from recoverysim.scenario import load
    from recoverysim.world import World, seed_of_repeat

    world = World(load("baseline"), central_values(), CLIENTS, seed_of_repeat(1, 0))
    people = reference_kernel.everybody(CLIENTS, 1)
    sizes = np.bincount(people["group"], minlength=reference_kernel.GROUPS)
    reference_kernel.live_through.enable_caching()
    for weeks_of in (
        world.run_for,
        lambda weeks: reference_kernel.live_through(people, sizes, weeks),
    ):
        weeks_of(WEEKS_BEFORE)
        gc.disable()
        for weeks in (1, WEEKS):  # the first count holds what happens once, and is left out
            os.getpgid(0)
            weeks_of(weeks)
            os.getsid(0)


def count() -> tuple[float, float]:
    """Instructions of a client-week: ours, and the reference kernel's."""
    with tempfile.TemporaryDirectory() as folder:
        both = os.environ | PLAIN | {"XDG_CACHE_HOME": folder, "NUMBA_CACHE_DIR": folder}
        again = [sys.executable, __file__, "--live"]
        # Compiled first, outside valgrind, in which it would take half an hour.
        subprocess.run(again, check=True, env=both)
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/counted",
             f"--zero-before={COUNT_FROM}", f"--dump-before={COUNT_TO}", *again],
            env=both, capture_output=True, text=True, check=False,
        )  # fmt: skip
        counted = [Path(f"{folder}/counted.{part}") for part in (2, 4)]
        if done.returncode or not all(one.exists() for one in counted):
            raise SystemExit(f"valgrind could not count:\n{done.stderr[-2000:]}")
        found = [re.search(r"^summary: (\d+)", one.read_text(), re.M) for one in counted]
    ours, kernel = (int(one[1]) / (CLIENTS * WEEKS) for one in found if one)
    return ours, kernel


def main() -> int:
    """Count, record, and compare with the limit."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--live", action="store_true", help=argparse.SUPPRESS)
    asked.add_argument("--note", action="store_true", help="write the new limit")
    given = asked.parse_args()
    if given.live:
        live()
        return 0
    if shutil.which("valgrind") is None or platform.machine() != "x86_64":
        print("There is no valgrind here, or no x86-64 processor; work is not counted.")
        return 0
    ours, kernel = count()
    ratio = ours / kernel
    record("work", "instructions of a week of ours", ours, "instructions", clients=CLIENTS)
    record("work", "our instructions over the reference kernel's", ratio, "ratio", clients=CLIENTS)
    if given.note:
        LIMIT.write_text(json.dumps({"ratio": round(ratio, 3)}) + "\n", encoding="utf-8")
        return 0
    limit = json.loads(LIMIT.read_text(encoding="utf-8"))["ratio"]
    if ratio > limit * (1 + TOLERANCE):
        print(
            f"A week does more work than it did: {ratio:.3f} times the reference kernel's "
            f"instructions, and {limit} were noted. Make it leaner; or, where it is worth what it "
            "costs, say so in CHANGELOG.md and note it by `python benchmarks/work.py --note`."
        )
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
