"""Every benchmark in turn, each in a process of its own; one that fails does not stop the others.

Leave the machine alone meanwhile. `--quick` runs each at small sizes, to see that it works; what it
finds is printed and not kept.

    python benchmarks/all.py [--quick] [--only NAME ...]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from record import ONLY_TRIED

HERE = Path(__file__).parent

# A name, and what it is called with where it is meant and where it is only tried.
BENCHMARKS = {
    "start_up": ([], ["--quick"]),
    "phases": ([], ["--clients", "500", "--years", "1", "--times", "1"]),
    "comparing": ([], ["--quick"]),
    "side_by_side": ([], ["--quick"]),
    "sweeping": ([], ["--quick"]),
    "growth": ([], ["--quick"]),
    "memory": (["--nation"], ["--quick"]),
    "quick_look": ([], ["--looks", "2"]),
    "dashboard": ([], ["--quick"]),
    "work": ([], []),
    "in_c": ([], ["--clients", "500", "--times", "1"]),
    "neighbours": ([], ["--sizes", "1000", "--repeats", "2", "--times", "1"]),
    "against_mesa": ([], ["--clients", "500", "--times", "1"]),
}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--quick", action="store_true", help="small sizes: to see them work")
    asked.add_argument("--only", nargs="+", choices=BENCHMARKS, help="these alone")
    given = asked.parse_args()
    environment = os.environ | ({ONLY_TRIED: "yes"} if given.quick else {})
    failed = []
    for name in given.only or BENCHMARKS:
        script = HERE / f"{name}.py"
        if not script.exists():
            print(f"{name}: not here", flush=True)
            continue
        start = time.perf_counter()
        words = [sys.executable, script, *BENCHMARKS[name][given.quick]]
        done = subprocess.run(words, env=environment, check=False)
        print(f"{name}: {time.perf_counter() - start:.0f} s", flush=True)
        if done.returncode:
            failed.append(name)
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
