"""Being connected, in two tiers, which services are asked to report.

Connected: at least one meeting soon after care. Engaged: meetings in 8 of 13 weeks.
"""

from recoverysim.codes import (
    CAME_CONNECTED,
    CAME_ENGAGED,
    DETOX,
    FIRST_CONNECTED,
    FIRST_ENGAGED,
    MEDICATION,
    TREATMENT,
)
from recoverysim.compiled import rule

CONNECTED_AFTER_DISCHARGE_WEEKS = 4
CONNECTED_ON_MEDICATION_WEEKS = 12
ENGAGED_WEEKS = 8
LAST_13_WEEKS = 2**13 - 1  # one bit a week


@rule
def note_a_connection(client):
    """A meeting connects a person who has just left care or started medication."""
    if is_in_the_window(client):
        client.came_of_link |= CAME_CONNECTED
        if not client.connected:
            client.connected = True
            client.news |= FIRST_CONNECTED


@rule
def is_in_the_window(client):
    """Within 4 weeks of leaving care, or within 12 of starting medication."""
    if client.stage == TREATMENT:
        on_medication = client.modality == MEDICATION
        return on_medication and client.weeks_in_stage < CONNECTED_ON_MEDICATION_WEEKS
    if client.stage == DETOX or not client.discharged:
        return False
    return client.weeks_since_discharge < CONNECTED_AFTER_DISCHARGE_WEEKS


@rule
def note_engagement(client):
    """Once somebody has gone weekly for long enough: ever, and since the last link."""
    if not client.engaged and weeks_with_a_meeting(client.meetings) >= ENGAGED_WEEKS:
        client.engaged = True
        client.news |= FIRST_ENGAGED
    if not client.came_of_link & CAME_ENGAGED:
        since_the_link = LAST_13_WEEKS
        if client.weeks_since_link < 13:
            since_the_link = 2 ** (client.weeks_since_link + 1) - 1
        if weeks_with_a_meeting(client.meetings & since_the_link) >= ENGAGED_WEEKS:
            client.came_of_link |= CAME_ENGAGED


@rule
def weeks_with_a_meeting(bits):
    """How many bits are set, one a week."""
    found = 0
    while bits != 0:
        bits &= bits - 1
        found += 1
    return found
