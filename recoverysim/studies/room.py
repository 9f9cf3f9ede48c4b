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
# What others see of a client, this week and the next (2 bytes each), whose company has changed (1),
# and lists of who meets and who is restless (4 each, of which few are ever touched).
BESIDE_A_ROW = 9
STAYS_A_YEAR = 6  # at the most, with room to grow
GIB = 2**30


class NoRoom(MemoryError):
    """A run that would not fit, with what would."""


def refuse_what_does_not_fit(plan: Plan, *, scenarios: int = 1, journeys_of: int = 0) -> None:
    """NoRoom where a run needs more memory than is free, with the number that would fit.

    At its peak a run holds the counts of every repeat of every scenario, and some living worlds,
    in each of which the journeys of so many people are kept.
    """
    free = bytes_free()
    at_once = plan.worlds_at_a_time() if journeys_of else plan.workers()
    worlds = min(at_once, plan.repeats)
    client, journey = bytes_of_a_client(), bytes_of_a_journey(plan)
    people = worlds * (client * plan.clients + journey * journeys_of)
    beside, repeat = worlds * bytes_of_a_world(plan), bytes_of_counts(plan) * scenarios
    need = people + beside + repeat * plan.repeats
    if free is None or need <= free:
        return
    left = free - need + people  # for people
    if journeys_of == plan.clients:
        clients = left // (worlds * (client + journey))
    else:
        clients = (left - worlds * journey * journeys_of) // (worlds * client)
    options = [("--clients", clients), ("--repeats", (free - people - beside) // repeat)]
    if journeys_of:
        options.append(
            ("--journeys", (left - worlds * client * plan.clients) // (worlds * journey))
        )
    fit = [f"{option} {most}" for option, most in options if most > 0]
    raise NoRoom(
        f"This run needs about {need / GIB:.1f} GiB of memory, and {free / GIB:.1f} are free. "
        f"{' or '.join(fit) or 'Fewer of each'} would fit."
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


def bytes_of_a_client() -> int:
    """One client of a living world, with company."""
    return ROW.itemsize + 4 * SLOTS + BESIDE_A_ROW


def bytes_of_a_journey(plan: Plan) -> int:
    """One client's finished stays and waves of the panel, where they are kept."""
    waves = plan.years * WEEKS_A_YEAR // WEEKS_BETWEEN_WAVES + 1
    return waves * WAVE.itemsize + plan.years * STAYS_A_YEAR * STAY.itemsize


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
