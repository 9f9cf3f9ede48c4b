"""Where the time of a week goes: nanoseconds of CPU a client, by part of the week.

What `recoverysim bench` prints, kept: the whole week, its parts measured one by one from a year
into the run, and the ratio to the reference kernel, all in one process. Looking at company that
has changed is not in the first part: nothing changes there while it is measured over and over.

    python benchmarks/phases.py [--clients 10000] [--years 10] [--times 5]
"""

from __future__ import annotations

import argparse

from record import record

from recoverysim.codes import WEEKS_A_YEAR
from recoverysim.scenario import load
from recoverysim.studies.bench import measure_speed


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--clients", type=int, default=10_000)
    asked.add_argument("--years", type=int, default=10)
    asked.add_argument("--times", type=int, default=5)
    given = asked.parse_args()
    found = measure_speed(
        load("baseline"), given.clients, given.years * WEEKS_A_YEAR, given.times, seed=1
    )
    whole = found["ns_per_client_week"]
    record("phases", "a client-week, the dead included", whole, "ns", clients=given.clients)
    for name, nanoseconds in found["phases"].items():
        record("phases", name, nanoseconds, "ns", clients=given.clients)
    for name, ratio in found["ratios"].items():
        record("phases", name, ratio, "ratio", clients=given.clients)


if __name__ == "__main__":
    main()
