"""Places: who asked for what, and who is moved where, once a week, in one place.

Places are unlimited in this version, so whoever is assessed gets what they asked for in the same
week; the queue will stand here. Rules never move a person: they set what the client `wants`.
"""

from recoverysim.codes import (
    ABSTINENCE,
    ABSTINENT,
    COMMUNITY,
    DETOX,
    MEDICATION,
    NO_MODALITY,
    NOWHERE,
    OPIOIDS,
    PLACE_FOUND,
    PSYCHOSOCIAL,
    READMITTED,
    RESIDENTIAL,
    SUBSTANCES,
    TREATMENT,
    USING,
    WAITING,
)
from recoverysim.compiled import rule
from recoverysim.dice import happens, question
from recoverysim.journeys import close_stay
from recoverysim.mortality import leave_medication
from recoverysim.quantities import by, parameters, quantity

parameters(
    "care",
    started_within_a_week_share=quantity(
        0.98, "share", 0.90, 1.0, source="ndtms-wait", grade="moderate",
        studied="England: mean wait of 1.8 days, 98 to 99% within three weeks",
    ),
    detox_first_share=by(
        SUBSTANCES,
        alcohol=quantity(0.35, "share", 0.20, 0.50),
        opioids=quantity(0.06, "share", 0.03, 0.12),
        stimulants=quantity(0.03, "share", 0, 0.06),
    ),
    detox_first_if_abstinence_is_the_goal_ratio=quantity(1.5, "ratio", 1.0, 2.0),
    residential_share=by(
        SUBSTANCES,
        alcohol=quantity(0.04, "share", 0.02, 0.08),
        opioids=quantity(0.03, "share", 0.01, 0.05),
        stimulants=quantity(0.03, "share", 0.01, 0.05),
    ),
    medication_share=quantity(
        0.85, "share", 0.75, 0.95, note="of people with opioid dependence not in residential care"
    ),
)  # fmt: skip

STARTED = question("is care started this week")
DETOX_FIRST = question("does care start with detox")
TO_RESIDENTIAL = question("is treatment residential")
ON_MEDICATION = question("is medication started")


@rule
def allot_places(client, today, week, dice, journal, written):
    """Move everybody who wants to move; a new place is found for whoever waits."""
    if client.wants != NOWHERE:
        if client.modality == MEDICATION and client.wants != TREATMENT:
            leave_medication(client, today)
        move(client, week, journal, written)
    if client.stage == WAITING and happens(dice, STARTED, today.care.started_within_a_week_share):
        choose_care(client, today, dice)
        client.ending = PLACE_FOUND
        if client.episodes > 0:
            client.news |= READMITTED
        client.episodes += 1
        client.link_due = True
        move(client, week, journal, written)


@rule
def choose_care(client, today, dice):
    """What a person who has been assessed starts with: detox, or one of the treatments."""
    detox = today.care.detox_first_share[client.substance]
    if client.goal == ABSTINENCE:
        detox *= today.care.detox_first_if_abstinence_is_the_goal_ratio
    if happens(dice, DETOX_FIRST, detox):
        client.wants = DETOX
        return
    client.wants = TREATMENT
    client.wants_modality = choose_modality(client, today, dice)


@rule
def choose_modality(client, today, dice):
    """Residential, psychosocial in the community, or medication."""
    if happens(dice, TO_RESIDENTIAL, today.care.residential_share[client.substance]):
        return RESIDENTIAL
    if client.substance == OPIOIDS and happens(dice, ON_MEDICATION, today.care.medication_share):
        return MEDICATION
    return PSYCHOSOCIAL


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
        client.weeks_using = 0  # asking for help starts the count anew, as it does at entry
    elif is_protected(client):
        stop_for_now(client)
    elif was_in_care and (client.stage == COMMUNITY or client.stage == USING):
        discharge(client)


@rule
def is_protected(client):
    """In detox or residential care, where there is no use and abstinence is not yet one's own."""
    return client.stage == DETOX or client.modality == RESIDENTIAL


@rule
def stop_for_now(client):
    """No use in protected care; time abstinent starts to count on leaving it."""
    client.use = ABSTINENT
    client.weeks_abstinent = 0
    client.weeks_using = 0
    client.head_start = 0


@rule
def discharge(client):
    """Out of care: the window of connection opens, and abstinence since discharge counts."""
    client.weeks_since_discharge = 0
    if not client.discharged:
        client.discharged = True
        client.used_since_discharge = client.use != ABSTINENT
