"""How much memory: bytes a client, of a comparison, and of a nation.

Each is the peak of a fresh process (`ru_maxrss`), with everything it imports. The slope between one
and two million people leaves out what does not grow with them.

    python benchmarks/memory.py [--clients 1000000] [--nation] [--quick]

`--nation` also lives ten years of ten million people: some six minutes, and 3 GiB or more.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time

from record import record

KIB = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is in KiB, on a Mac in bytes
MIB = 2**20
NATION, NATION_YEARS = 10_000_000, 10


def lived(clients: int, years: int) -> None:
    """One repeat of the baseline, journeys off."""
    from recoverysim.studies.result import run

    run("baseline", clients=clients, years=years, repeats=1, threads=1, journeys=False)


def compared(clients: int, years: int, repeats: int) -> None:
    """Two scenarios, and the sentence on them."""
    from recoverysim.studies.compare import compare

    compare(
        ["baseline", "peer-introduction"], clients=clients, years=years, repeats=repeats
    ).headline()


WORK = {"lived": lived, "compared": compared}


def peak(work: str, *sizes: int) -> tuple[float, float]:
    """Most bytes in memory, and wall seconds, of one kind of work in a process of its own."""
    words = [sys.executable, __file__, "--alone", work, *map(str, sizes)]
    start = time.perf_counter()
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    took = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"memory: {work} {sizes} failed: {done.stderr.strip().splitlines()[-1]}")
    return float(done.stdout), took


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--clients", type=int, default=1_000_000, help="and twice as many")
    asked.add_argument("--nation", action="store_true", help="ten million people, ten years")
    asked.add_argument("--quick", action="store_true", help="small sizes: to see it work")
    asked.add_argument("--alone", nargs="+", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.alone:
        work, *sizes = given.alone
        WORK[work](*map(int, sizes))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB)
        return

    clients = 20_000 if given.quick else given.clients
    peak("lived", 20, 1)  # compile first: the compiler takes memory too
    few, many = peak("lived", clients, 1)[0], peak("lived", 2 * clients, 1)[0]
    record("memory", "peak of a run of one year", few / MIB, "MiB", clients=clients)
    record("memory", "peak of a run of one year", many / MIB, "MiB", clients=2 * clients)
    slope = (many - few) / clients
    record("memory", "slope of the peak between so many and twice", slope, "bytes", clients=clients)

    sizes = (200, 2, 4) if given.quick else (2_000, 10, 20)
    what = f"peak of a comparison of two, {sizes[2]} repeats of {sizes[1]} years"
    record("memory", what, peak("compared", *sizes)[0] / MIB, "MiB", clients=sizes[0])

    if given.nation:
        most, took = peak("lived", NATION, NATION_YEARS)
        record("memory", "peak of a nation of ten years", most / MIB, "MiB", clients=NATION)
        record("memory", "wall time of a nation of ten years", took / 60, "min", clients=NATION)


if __name__ == "__main__":
    main()
