"""Moves: who is moved where, once a week, in one place.

Rules never move a person: they set what the client `wants`.

Care without a limit is got in the week of the assessment; for care with a limit a queue is joined.
"""

from recoverysim.assessment import choose_care, starts_care_now
from recoverysim.codes import (
    ABSTINENT,
    CARE_BEGUN,
    COMMUNITY,
    COMPLETED,
    DETOX,
    IN_DETOX,
    MEDICATION,
    MOVED_ON,
    NO_CARE,
    NO_MODALITY,
    NOWHERE,
    PLACE_FOUND,
    READMITTED,
    SOUGHT_HELP,
    STILL_THERE,
    TREATMENT,
    USING,
    WAITING,
)
from recoverysim.compiled import rule
from recoverysim.journeys import close_stay
from recoverysim.mortality import lose_the_cover_of_medication
from recoverysim.places import care_wanted, is_limited
from recoverysim.practitioners import meet_a_worker
from recoverysim.supports.after_care import (
    has_just_left_care,
    offer_supports,
    supports_end_with_care,
)
from recoverysim.use import become_abstinent, is_protected, turn_to_help


@rule
def allot_places(client, today, week, dice, journal, written, workers):
    """Move everybody who wants to move; whoever waits is assessed, and starts or joins a queue."""
    if client.wants != NOWHERE:
        care = care_wanted(client)
        if care != NO_CARE and is_limited(care, today):
            join_the_queue(client, care)
            return
        if client.modality == MEDICATION and client.wants != TREATMENT:
            lose_the_cover_of_medication(client, today)
        from_a_bed = is_protected(client)
        move(client, week, journal, written)
        if has_just_left_care(client):
            offer_supports(client, from_a_bed, today, dice)
    if client.waits_for == NO_CARE and starts_care_now(client, today, dice):
        choose_care(client, today, dice)
        care = care_wanted(client)
        if is_limited(care, today):
            join_the_queue(client, care)
        else:
            start_care(client, care, workers, today, dice, week, journal, written)


@rule
def start_care(client, care, workers, today, dice, week, journal, written):
    """A place is got: the first of an episode, or, for somebody in care, another one."""
    client.wants = DETOX if care == IN_DETOX else TREATMENT
    client.wants_modality = NO_MODALITY if care == IN_DETOX else care
    if client.stage == WAITING:
        client.ending = PLACE_FOUND
        if not client.comes_from_detox:  # else the episode goes on
            begin_an_episode(client, workers, today, dice)
    else:
        client.ending = COMPLETED if client.stage == DETOX else MOVED_ON
        if client.modality == MEDICATION and client.wants != TREATMENT:
            lose_the_cover_of_medication(client, today)
    move(client, week, journal, written)


@rule
def begin_an_episode(client, workers, today, dice):
    """Care begins with one of the workers, who may link this person to mutual aid."""
    client.news |= CARE_BEGUN
    if client.episodes > 0:
        client.news |= READMITTED
    client.episodes += 1
    client.link_due = True
    supports_end_with_care(client)
    meet_a_worker(client, workers, today, dice)


@rule
def join_the_queue(client, care):
    """Wait for a place from now on, wherever one is; the queues move at the end of the week."""
    client.waits_for = care
    client.comes_from_detox = client.comes_from_detox or client.stage == DETOX
    client.wants = NOWHERE
    client.wants_modality = NO_MODALITY
    client.ending = STILL_THERE


@rule
def wait_at_home(client, care, week, journal, written):
    """Detox is over, and there is no place yet in what follows."""
    client.wants = COMMUNITY
    client.ending = COMPLETED
    move(client, week, journal, written)
    client.wants = WAITING
    client.ending = SOUGHT_HELP
    move(client, week, journal, written)
    client.comes_from_detox = True
    join_the_queue(client, care)


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
    client.waits_for = NO_CARE
    client.weeks_in_queue = 0
    client.comes_from_detox = False
    is_in_care = client.stage == DETOX or client.stage == TREATMENT
    client.waits_for_a_peer = client.waits_for_a_peer and is_in_care
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
