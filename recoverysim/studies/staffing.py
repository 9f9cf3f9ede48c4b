"""Time of staff and of peers that linking took, from what was reckoned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recoverysim.codes import KINDS
from recoverysim.knowledge import Values
from recoverysim.outcomes import AT
from recoverysim.studies.reckoning import Reckoning, of_each
from recoverysim.studies.workforce import CHAMPION_WEEKS, HOSTED_WEEKS, TAKEN, TRAINED

# Hours of a worker for each kind of work that is no link, by the place of its count.
OF_A_WORKER = {
    TRAINED: "staff_time.training_hours",
    TAKEN: "staff_time.open_meeting_hours",
    CHAMPION_WEEKS: "staff_time.champion_hours_per_week",
}


def staff_hours(
    reckoned: Reckoning, row: int, priced: Sequence[Values], *, discounted: bool = False
) -> np.ndarray:
    """Hours of workers per person who came: links, training, visits, champions, hosting."""
    found = np.zeros(len(priced))
    for kind in KINDS:
        hours = of_each(priced, f"staff_time.{kind}.link_hours")
        found += hours * links(reckoned, row, kind, discounted=discounted)
    for work, key in OF_A_WORKER.items():
        found += of_each(priced, key) * by_a_caseload(reckoned, row, work, priced, discounted)
    hosted = reckoned.workforce[:, row, HOSTED_WEEKS, int(discounted)]
    return found + of_each(priced, "staff_time.hosting_hours_per_bed_week") * hosted


def by_a_caseload(
    reckoned: Reckoning, row: int, work: int, priced: Sequence[Values], discounted: bool
) -> np.ndarray:
    """What workers did of one kind, per person who came: a worker's part of it is a caseload's."""
    done = reckoned.workforce[:, row, work, int(discounted)]
    return np.asarray(done / of_each(priced, "staff_time.clients_per_worker"))


def peer_hours(
    reckoned: Reckoning, row: int, priced: Sequence[Values], *, discounted: bool = False
) -> np.ndarray:
    """Hours of peers per person who came, for the introductions they made."""
    made = links(reckoned, row, "peer", discounted=discounted)
    return of_each(priced, "staff_time.peer_link_hours") * made


def links(reckoned: Reckoning, row: int, kind: str, *, discounted: bool = False) -> np.ndarray:
    """Links made of one kind, per person who came."""
    counted = reckoned.lived if discounted else reckoned.weeks
    return np.asarray(counted[:, row, AT[f"linked_{kind}"]])
