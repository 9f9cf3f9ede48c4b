"""Being connected: at least one meeting soon after care, which services are asked to report."""

from recoverysim.codes import DETOX, FIRST_CONNECTED, MEDICATION, TREATMENT
from recoverysim.compiled import rule

CONNECTED_AFTER_DISCHARGE_WEEKS = 4
CONNECTED_ON_MEDICATION_WEEKS = 12


@rule
def note_a_connection(client):
    """A meeting connects a person who has just left care or started medication."""
    if not client.connected and is_in_the_window(client):
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
