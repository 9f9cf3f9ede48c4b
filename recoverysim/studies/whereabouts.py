"""Which place on the line from Edinburgh to London everybody is in.

One rule for all that is shown of it: the dots, the lives of the people behind them, the totals.
"""

from __future__ import annotations

import numpy as np

from recoverysim.codes import (
    ABSTINENT,
    COMMUNITY,
    DEAD,
    DETOX,
    LEFT,
    NEVER,
    NOT_COME,
    TREATMENT,
    WAITING,
)
from recoverysim.outcomes import (
    DEFAULT_DEFINITION,
    SHARE_OF_DAYS,
    WEEKS_5_YEARS,
    WITHOUT_MEDICATION,
)
from recoverysim.shown import PLACES as PLACES
from recoverysim.shown import STRETCHES, WEEKS_A_STRETCH
from recoverysim.studies.who_changed import in_recovery

PLACE = {name: code for code, name in enumerate(PLACES)}
NOWHERE = -1  # who has not come yet is in no place, and who is not on the train on no stretch


def definition_of_persons(definition: str) -> str:
    """The definition itself; 90 days for a share of days, which no person meets or fails."""
    if definition.startswith(SHARE_OF_DAYS):
        without = WITHOUT_MEDICATION if definition.endswith(WITHOUT_MEDICATION) else ""
        return DEFAULT_DEFINITION + without
    return definition


def whereabouts(clients: np.ndarray, definition: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Everybody's place, whether they go to mutual aid, and their stretch of the line.

    `clients` is a table of shape (clients,), and so are the three: codes of PLACES (int8), bool,
    and the quarter of a year since they last used for whoever is on the train (int8, 0 to 19).
    Whoever is in recovery is on the train or has arrived, in care too. The dead go nowhere.
    """
    stage, use, weeks = clients["stage"], clients["use"], clients["weeks_abstinent"]
    recovered = in_recovery(clients, definition_of_persons(definition))
    place = np.full(len(clients), PLACE["off"], np.int8)
    place[(stage == COMMUNITY) & (use == ABSTINENT)] = PLACE["platform"]
    place[stage == WAITING] = PLACE["waiting"]
    place[stage == TREATMENT] = PLACE["station"]
    place[recovered] = PLACE["train"]
    place[recovered & (weeks >= WEEKS_5_YEARS)] = PLACE["arrived"]
    place[stage == DETOX] = PLACE["taxi"]
    place[stage == DEAD] = PLACE["died"]
    place[stage == NOT_COME] = NOWHERE
    here = (stage != DEAD) & (stage != NOT_COME)
    going = here & (clients["attendance"] != NEVER) & (clients["attendance"] != LEFT)
    stretch = np.minimum(weeks // WEEKS_A_STRETCH, STRETCHES - 1).astype(np.int8)
    return place, going, np.where(place == PLACE["train"], stretch, np.int8(NOWHERE))
