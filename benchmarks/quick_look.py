"""How long the quick look takes: 500 people, 8 repeats, ten years, today's side from the cache.

From a lever that has moved to the sentence, in wall time: new scenarios are lived, today's side is
kept, as the dashboard will do it. Every look is at a scenario that was never looked at before.

    python benchmarks/quick_look.py [--looks 15]
"""

from __future__ import annotations

import argparse
import time
from statistics import median

from record import record

from recoverysim.scenario import load
from recoverysim.studies.quick_look import QUICK, QuickLook

LEVER = "linkage.peer.offered_share"
WORDS = {1: "quick look at one scenario", 2: "quick look at two scenarios"}


def moved(look: int, place: int):
    """The lever a little further each time; a name for each of two scenarios."""
    peer = load("peer-introduction")
    return peer.replace({LEVER: 0.3 + 0.001 * (2 * look + place)}, name=f"lever-{place}")


def main() -> None:
    """Look, and record the middle and the slowest of many looks."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--looks", type=int, default=15)
    given = asked.parse_args()

    quick = QuickLook(load("baseline"))
    for scenarios, words in WORDS.items():
        took = []
        for look in range(given.looks + 1):
            chosen = [moved(look + 100 * scenarios, place) for place in range(scenarios)]
            start = time.perf_counter()
            quick.look(*chosen).headline()
            took.append(1000 * (time.perf_counter() - start))
        took = took[1:]  # the first lives today's side, or warms up
        record("quick_look", words, median(took), "ms", clients=QUICK.clients)
        record("quick_look", f"{words}, the slowest", max(took), "ms", clients=QUICK.clients)


if __name__ == "__main__":
    main()
