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
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from record import record

LIMIT = Path(__file__).with_name("work.json")
CLIENTS = 1000
FEW, MANY = 52, 364  # weeks; both begin with the same start, which the difference leaves out
TOLERANCE = 0.03
# A processor that valgrind knows and every compiler makes the same code for.
PLAIN = {"NUMBA_CPU_NAME": "x86-64", "NUMBA_CPU_FEATURES": "+sse2", "PYTHONHASHSEED": "0"}


def live(ours: int, kernel: int) -> None:
    """So many weeks of each, in this process."""
    import reference_kernel

    from recoverysim.knowledge import central_values
    from recoverysim.scenario import load
    from recoverysim.world import World, seed_of_repeat

    world = World(load("baseline"), central_values(), CLIENTS, seed_of_repeat(1, 0))
    world.run_for(ours)
    reference_kernel.live_through.enable_caching()
    reference_kernel.run(CLIENTS, kernel)


def kept_in(folder: str) -> dict[str, str]:
    """Where both keep their machine code."""
    return {"XDG_CACHE_HOME": folder, "NUMBA_CACHE_DIR": folder}


def instructions(weeks: tuple[int, int], cache: str) -> int:
    """What valgrind counts in a process that lives so many weeks of each."""
    with tempfile.NamedTemporaryFile() as out:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out.name}", sys.executable,
             __file__, "--live", *map(str, weeks)],
            env=os.environ | PLAIN | kept_in(cache), capture_output=True, text=True,
            check=False,
        )  # fmt: skip
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or found is None:
        raise SystemExit(f"valgrind could not count:\n{done.stderr[-2000:]}")
    return int(found[1])


def count() -> tuple[float, float]:
    """Instructions of a client-week: ours, and the reference kernel's."""
    with tempfile.TemporaryDirectory() as cache:
        # Compiled first, outside valgrind, in which it would take half an hour.
        subprocess.run(
            [sys.executable, __file__, "--live", "1", "1"], check=True,
            env=os.environ | PLAIN | kept_in(cache),
        )  # fmt: skip
        asked = ((FEW, FEW), (MANY, FEW), (FEW, MANY))
        with ThreadPoolExecutor(2) as pool:
            base, more_ours, more_kernel = pool.map(lambda one: instructions(one, cache), asked)
    lived = CLIENTS * (MANY - FEW)
    return (more_ours - base) / lived, (more_kernel - base) / lived


def main() -> int:
    """Count, record, and compare with the limit."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--live", nargs=2, type=int, metavar="WEEKS", help=argparse.SUPPRESS)
    asked.add_argument("--note", action="store_true", help="write the new limit")
    given = asked.parse_args()
    if given.live:
        live(*given.live)
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
