"""Detox: the taxi. Some weeks in which the body gets free; most of the journey is still ahead.

Nobody uses here, and tolerance to opioids is lost. Linkage to mutual aid can happen in the first
week. Leaving before the end often means using at once.
"""

from recoverysim.codes import (
    COMMUNITY,
    COMPLETED,
    IN_USE,
    LEFT_EARLY,
    PSYCHOSOCIAL,
    RESIDENTIAL,
    SUBSTANCES,
    TREATMENT,
    USING,
)
from recoverysim.compiled import rule
from recoverysim.curves import LAST_ROW
from recoverysim.dice import happens, question
from recoverysim.mutual_aid.attendance import go_to_mutual_aid
from recoverysim.mutual_aid.linkage import link_to_mutual_aid
from recoverysim.mutual_aid.on_the_premises import perhaps_meet_on_the_premises
from recoverysim.quantities import by, parameters, quantity
from recoverysim.recovery_capital import recovery_capital_changes
from recoverysim.use import perhaps_use_at_once

parameters(
    "detox",
    lasts_weeks=by(
        SUBSTANCES,
        alcohol=quantity(2, "weeks", source="bristol-detox", grade="weak", whole_run=True,
                         studied="community detox of 14 days, Bristol", bounds=(1, 6)),
        opioids=quantity(6, "weeks", source="smyth-compl", grade="weak", whole_run=True,
                         studied="residential detox, Ireland", bounds=(1, 6)),
        stimulants=quantity(1, "weeks", whole_run=True, bounds=(1, 6)),
    ),
    completed_share=by(
        SUBSTANCES,
        alcohol=quantity(
            0.85, "share", 0.75, 0.90, source="bristol-detox", grade="moderate", whole_run=True,
            studied="community alcohol detox, Bristol, over 450 people a year",
        ),
        opioids=quantity(
            0.32, "share", 0.25, 0.50, source="smyth-compl", grade="weak", whole_run=True,
            studied="six-week residential opioid detox, Ireland, n=109",
        ),
        stimulants=quantity(
            0.65, "share", 0.50, 0.80, source="teds-compl", grade="weak", whole_run=True,
            studied="US detox, all substances, 2005",
        ),
    ),
    goes_on_to_treatment_share=quantity(
        0.60, "share", 0.40, 0.80, lever=True, note="of people who complete"
    ),
    on_to_residential_share=quantity(
        0.25, "share", 0.10, 0.40, lever=True, note="of those who go on"
    ),
)  # fmt: skip

LEAVE_EARLY = question("leaves detox early")
END_HERE = question("does detox end this week")
GO_ON = question("goes on to treatment after detox")
WHERE_TO = question("which treatment after detox")


@rule
def a_week_of_detox(client, today, curves, dice):
    """In order: linkage, in the first week; meetings, on the ward or outside, or none; leaving
    early, in any week; in the last one, what comes next. Tolerance to opioids is lost meanwhile
    (`mortality.py`)."""
    link_to_mutual_aid(client, today, dice)
    perhaps_meet_on_the_premises(client, today, dice)
    go_to_mutual_aid(client, today, dice)
    recovery_capital_changes(client, today)
    weeks = min(client.weeks_in_stage, LAST_ROW)
    if happens(dice, LEAVE_EARLY, curves.leave_detox[client.substance, weeks]):
        leave_early(client, today, dice)
    elif happens(dice, END_HERE, curves.end_of_detox[client.substance, weeks]):
        complete_detox(client, today, dice)


@rule
def complete_detox(client, today, dice):
    """On to treatment, or home with the whole journey ahead."""
    client.ending = COMPLETED
    if happens(dice, GO_ON, today.detox.goes_on_to_treatment_share):
        client.wants = TREATMENT
        client.wants_modality = PSYCHOSOCIAL
        if happens(dice, WHERE_TO, today.detox.on_to_residential_share):
            client.wants_modality = RESIDENTIAL
    else:
        client.wants = COMMUNITY


@rule
def leave_early(client, today, dice):
    """Most people who leave early use within the week."""
    client.ending = LEFT_EARLY
    perhaps_use_at_once(client, today, dice)
    client.wants = USING if client.use == IN_USE else COMMUNITY
