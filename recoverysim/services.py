"""Places: who is moved where, once a week, in one place.

Places are unlimited in this version, so whoever is assessed gets what they asked for in the same
week; the queue will stand here. Rules never move a person: they set what the client `wants`.
"""

from recoverysim.assessment import choose_care, starts_care_now
from recoverysim.codes import (
    ABSTINENT,
    COMMUNITY,
    DETOX,
    MEDICATION,
    NO_MODALITY,
    NOWHERE,
    PLACE_FOUND,
    READMITTED,
    TREATMENT,
    USING,
    WAITING,
)
from recoverysim.compiled import rule
from recoverysim.journeys import close_stay
from recoverysim.mortality import lose_the_cover_of_medication
from recoverysim.practitioners import meet_a_worker
from recoverysim.use import become_abstinent, is_protected, turn_to_help


@rule
def allot_places(client, today, week, dice, journal, written, workers):
    """Move everybody who wants to move; a new place is found for whoever waits."""
    if client.wants != NOWHERE:
        if client.modality == MEDICATION and client.wants != TREATMENT:
            lose_the_cover_of_medication(client, today)
        move(client, week, journal, written)
    if starts_care_now(client, today, dice):
        choose_care(client, today, dice)
        client.ending = PLACE_FOUND
        if client.episodes > 0:
            client.news |= READMITTED
        client.episodes += 1
        client.link_due = True
        meet_a_worker(client, workers, today, dice)
        move(client, week, journal, written)


@rule
def move(client, week, journal, written):
    """Take the client where they want to be, and note the stay that ended."""
    close_stay(client, week, journal, written)
    was_in_care = client.stage == DETOX or client.stage == TREATMENT
    client.stage = client.wants
    client.modality = client.wants_modality if client.stage == TREATMENT else NO_MODALITY
    client.weeks_in_stage = 0
    client.wants = NOWHERE
    client.wants_modality = NO_MODALITY
    if client.stage == WAITING:
        client.weeks_since_help = 0
        turn_to_help(client)
    elif is_protected(client):
        become_abstinent(client)  # time abstinent starts to count on leaving
    elif was_in_care and (client.stage == COMMUNITY or client.stage == USING):
        discharge(client)


@rule
def discharge(client):
    """Out of care: the window of connection opens, and abstinence since discharge counts."""
    client.weeks_since_discharge = 0
    if not client.discharged:
        client.discharged = True
        client.used_since_discharge = client.use != ABSTINENT
