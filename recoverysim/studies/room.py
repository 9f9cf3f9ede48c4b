"""Room for a run: what it will need in memory, worked out before it starts."""

from __future__ import annotations

import os
from pathlib import Path

from recoverysim.cells import CELLS, GROUPS
from recoverysim.clients import ROW
from recoverysim.codes import SUBSTANCES, WEEKS_A_YEAR
from recoverysim.journeys import STAY
from recoverysim.outcomes import COUNTS
from recoverysim.panel import WAVE, WEEKS_BETWEEN_WAVES
from recoverysim.plan import Plan
from recoverysim.studies.reckoning import weeks_reckoned, years_within

BYTES_OF_A_COUNT = 8
SLOTS = 8  # of four bytes each; a network from a file may have more
BESIDE_A_ROW = 12  # what others see of a client, this week and the next, and who is restless
STAYS_A_YEAR = 6  # at the most, with room to grow
GIB = 2**30


class NoRoom(MemoryError):
    """A run that would not fit, with what would."""


def refuse_what_does_not_fit(plan: Plan, *, scenarios: int = 1, journeys: bool = False) -> None:
    """NoRoom where a run needs more memory than is free, with the number that would fit.

    At its peak a run holds the counts of every repeat of every scenario, and some living worlds.
    """
    free = bytes_free()
    worlds = min(plan.worlds_at_a_time(), plan.repeats)
    counts, client = bytes_of_counts(plan), bytes_of_a_client(plan, journeys=journeys)
    people = worlds * client * plan.clients
    history = counts * scenarios * plan.repeats + worlds * bytes_of_a_world(plan)
    if free is None or people + history <= free:
        return
    clients = (free - history) // (worlds * client)
    repeats = (free - people - worlds * bytes_of_a_world(plan)) // (counts * scenarios)
    fit = [f"{option} {most}" for option, most in (("--clients", clients), ("--repeats", repeats))
           if most > 0]  # fmt: skip
    raise NoRoom(
        f"This run needs about {(people + history) / GIB:.1f} GiB of memory, and {free / GIB:.1f} "
        f"are free. {' or '.join(fit) or 'Fewer of both'} would fit."
    )


def bytes_of_counts(plan: Plan) -> int:
    """What is kept of one repeat: its weekly counts by substance, and what is reckoned of them."""
    weeks = plan.years * WEEKS_A_YEAR + 1
    reckoned = 5 * len(weeks_reckoned(years_within(plan.years))) * len(GROUPS)
    return (weeks * len(SUBSTANCES) + reckoned) * len(COUNTS) * BYTES_OF_A_COUNT


def bytes_of_a_world(plan: Plan) -> int:
    """The counts of one living world, by cell, and a copy to reckon with.

    As of an open system, which counts everybody twice; a closed cohort needs some half of it.
    """
    weeks = plan.years * WEEKS_A_YEAR + 1
    return 3 * weeks * CELLS * len(COUNTS) * BYTES_OF_A_COUNT


def bytes_of_a_client(plan: Plan, *, journeys: bool) -> int:
    """One client of a living world, with company and, where they are kept, journeys and panel."""
    size = ROW.itemsize + 4 * SLOTS + BESIDE_A_ROW
    if journeys:
        waves = plan.years * WEEKS_A_YEAR // WEEKS_BETWEEN_WAVES + 1
        size += waves * WAVE.itemsize + plan.years * STAYS_A_YEAR * STAY.itemsize
    return size


def bytes_free() -> int | None:
    """Memory that this process may still take; None where nobody can say."""
    limits = []
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                limits.append(int(line.split()[1]) * 1024)
        import resource

        most = resource.getrlimit(resource.RLIMIT_AS)[0]
        if most != resource.RLIM_INFINITY:
            pages = int(Path("/proc/self/statm").read_text().split()[0])
            limits.append(max(0, most - pages * os.sysconf("SC_PAGE_SIZE")))
    except (OSError, ValueError, ImportError):
        pass
    return min(limits, default=None)
