"""One record per stay: who was where, from when to when, and how it ended."""

import numpy as np

from recoverysim.compiled import rule

STAY = np.dtype(
    [
        ("client", "u8"),
        ("stay", "i4"),
        ("week_in", "i4"),
        ("week_out", "i4"),
        ("stage", "i1"),
        ("modality", "i1"),
        ("ended", "i2"),  # wide enough to leave no byte unused in the record
    ],
    align=True,
)


@rule
def close_stay(client, week, journal, written):
    """Write down the stay that ends in this week, where a journal is kept."""
    if written[0] < journal.size:
        record = journal[written[0]]
        record.client = client.key
        record.stay = client.stays
        record.week_in = week + 1 - client.weeks_in_stage
        record.week_out = week + 1
        record.stage = client.stage
        record.modality = client.modality
        record.ended = client.ending
        written[0] += 1
    client.stays += 1
    client.ending = 0
