"""Assessment: how soon care starts after somebody asks for it, and what it starts with."""

from recoverysim.codes import (
    ABSTINENCE,
    ABSTINENT,
    DETOX,
    MEDICATION,
    OPIOIDS,
    PSYCHOSOCIAL,
    RESIDENTIAL,
    SUBSTANCES,
    TREATMENT,
    WAITING,
)
from recoverysim.compiled import rule
from recoverysim.dice import happens, question
from recoverysim.quantities import by, parameters, quantity

parameters(
    "care",
    started_within_a_week_share=quantity(
        0.98, "share", 0.90, 1.0, lever=True, source="ndtms-wait", grade="moderate",
        studied="England: mean wait of 1.8 days, 98 to 99% within three weeks",
    ),
    detox_first_share=by(
        SUBSTANCES,
        alcohol=quantity(0.35, "share", 0.20, 0.50, lever=True),
        opioids=quantity(0.06, "share", 0.03, 0.12, lever=True),
        stimulants=quantity(0.03, "share", 0, 0.06, lever=True),
    ),
    detox_first_if_abstinence_is_the_goal_ratio=quantity(1.5, "ratio", 1.0, 2.0),
    residential_share=by(
        SUBSTANCES,
        alcohol=quantity(0.04, "share", 0.02, 0.08, lever=True),
        opioids=quantity(0.03, "share", 0.01, 0.05, lever=True),
        stimulants=quantity(0.03, "share", 0.01, 0.05, lever=True),
    ),
    medication_share=quantity(
        0.85, "share", 0.75, 0.95, lever=True,
        note="of people with opioid dependence not in residential care",
    ),
)  # fmt: skip

STARTED = question("is care started this week")
DETOX_FIRST = question("does care start with detox")
TO_RESIDENTIAL = question("is treatment residential")
ON_MEDICATION = question("is medication started")


@rule
def starts_care_now(client, today, dice):
    """Whether somebody who waits is assessed, and starts, this week."""
    return client.stage == WAITING and happens(
        dice, STARTED, today.care.started_within_a_week_share
    )


@rule
def choose_care(client, today, dice):
    """What a person starts with: detox, for whoever uses, or one of the treatments."""
    detox = today.care.detox_first_share[client.substance]
    if client.goal == ABSTINENCE:
        detox *= today.care.detox_first_if_abstinence_is_the_goal_ratio
    if client.use != ABSTINENT and happens(dice, DETOX_FIRST, detox):
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
