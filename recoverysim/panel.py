"""The panel: everybody's state every four weeks, as a survey that loses nobody would see it.

It may be kept of a sample, the one of the journeys.
"""

import numpy as np

from recoverysim.compiled import rule
from recoverysim.mutual_aid.connection import weeks_with_a_meeting
from recoverysim.surroundings import SEEN_IN_RECOVERY, seen_of

WEEKS_BETWEEN_WAVES = 4
SINCE_THE_LAST_WAVE = 2**WEEKS_BETWEEN_WAVES - 1  # one bit a week

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
def observe(clients, ties, shown, panel, one_in, weeks):
    """Write a wave, where a panel is kept, of one client in every so many."""
    wave = weeks // WEEKS_BETWEEN_WAVES
    if wave >= panel.shape[0]:
        return
    for place in range(panel.shape[1]):
        row = place * one_in
        client = clients[row]
        seen = panel[wave, place]
        seen.involvement = client.involvement
        seen.capital = client.capital
        seen.weeks_abstinent = client.weeks_abstinent
        seen.stage = client.stage
        seen.use = client.use
        seen.modality = client.modality
        seen.meetings = weeks_with_a_meeting(client.meetings & SINCE_THE_LAST_WAVE)
        seen.ties_in_recovery = ties_in_recovery(ties, row, shown)


@rule
def ties_in_recovery(ties, row, shown):
    """How many of my ties are to people in recovery."""
    found = 0
    for slot in range(ties.shape[1]):
        found += seen_of(shown, ties[row, slot]) == SEEN_IN_RECOVERY
    return found
