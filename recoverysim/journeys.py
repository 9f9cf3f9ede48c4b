"""One record per stay: who was where, from when to when, and how it ended.

Journeys may be kept of a sample: one in every so many clients, evenly through the table. Who is in
it depends on nothing that happens to anybody.
"""

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

# What `written` holds: how many records there are, and that one client in so many is in the sample.
RECORDS, ONE_IN = 0, 1


@rule
def in_the_sample(clients, written):
    """How many of these clients, a number, are in the sample."""
    return (clients + written[ONE_IN] - 1) // written[ONE_IN]


@rule
def close_stay(client, week, journal, written):
    """Write down the stay that ends in this week, where a journal is kept and for the sample."""
    if written[RECORDS] < journal.size and (client.key - 1) % written[ONE_IN] == 0:
        record = journal[written[RECORDS]]
        record.client = client.key
        record.stay = client.stays
        record.week_in = week + 1 - client.weeks_in_stage
        record.week_out = week + 1
        record.stage = client.stage
        record.modality = client.modality
        record.ended = client.ending
        written[RECORDS] += 1
    client.stays += 1
    client.ending = 0
