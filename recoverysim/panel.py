"""The panel: everybody's state every four weeks, as a survey that loses nobody would see it."""

import numpy as np

from recoverysim.compiled import rule
from recoverysim.surroundings import SEEN_IN_RECOVERY, seen_of

WEEKS_BETWEEN_WAVES = 4

WAVE = np.dtype(
    [
        ("involvement", "f4"),
        ("capital", "f4"),
        ("weeks_abstinent", "i2"),
        ("stage", "i1"),
        ("use", "i1"),
        ("modality", "i1"),
        ("meetings", "i1"),
        ("ties_in_recovery", "i1"),
    ],
    align=True,
)


@rule
def observe(clients, ties, shown, panel, weeks):
    """Write a wave, where a panel is kept, and start counting meetings anew."""
    wave = weeks // WEEKS_BETWEEN_WAVES
    for row in range(clients.size):
        client = clients[row]
        if wave < panel.shape[0]:
            seen = panel[wave, row]
            seen.involvement = client.involvement
            seen.capital = client.capital
            seen.weeks_abstinent = client.weeks_abstinent
            seen.stage = client.stage
            seen.use = client.use
            seen.modality = client.modality
            seen.meetings = client.meetings_lately
            seen.ties_in_recovery = ties_in_recovery(ties, row, shown)
        client.meetings_lately = 0


@rule
def ties_in_recovery(ties, row, shown):
    """How many of my ties are to people in recovery."""
    found = 0
    for slot in range(ties.shape[1]):
        found += seen_of(shown, ties[row, slot]) == SEEN_IN_RECOVERY
    return found
