"""Treatment: the ride to the station. Residential, psychosocial in the community, or medication.

Retention falls steeply at first, then slowly. In residential care nobody uses; in the community a
person in treatment may be abstinent, lapse or use. How treatment and medication protect is in
`use.py` (from use) and `mortality.py` (from death). Medication has no planned end: people stay as
long as it helps them.
"""

from recoverysim.codes import (
    ABSTINENCE,
    ABSTINENT,
    COMMUNITY,
    COMPLETED,
    DETOX,
    IN_USE,
    LEFT_EARLY,
    MEDICATION,
    MODALITIES,
    MOVED_ON,
    NOWHERE,
    OPIOIDS,
    PSYCHOSOCIAL,
    RESIDENTIAL,
    TAKEN_OFF,
    TREATMENT,
    USING,
)
from recoverysim.compiled import rule
from recoverysim.curves import LAST_ROW
from recoverysim.dice import happens, question
from recoverysim.mutual_aid.attendance import go_to_mutual_aid
from recoverysim.mutual_aid.fellowships import is_under_pressure
from recoverysim.mutual_aid.linkage import link_to_mutual_aid
from recoverysim.mutual_aid.on_the_premises import perhaps_meet_on_the_premises
from recoverysim.quantities import by, parameters, quantity
from recoverysim.recovery_capital import recovery_capital_changes
from recoverysim.supports.medication_policy import (
    is_taken_off,
    leaving_by_policy,
    planned_by_policy,
)
from recoverysim.use import perhaps_use_at_once, use_or_not

parameters(
    "treatment",
    retention_shape=by(
        MODALITIES,
        residential=quantity(0.7, "exponent", 0.5, 0.9, whole_run=True, bounds=(0.05, 5)),
        psychosocial=quantity(0.7, "exponent", 0.5, 0.9, whole_run=True, bounds=(0.05, 5)),
        medication=quantity(
            0.48, "exponent", 0.44, 0.52, source="ost-retention", grade="moderate", whole_run=True,
            studied="63 cohorts of people on opioid medication, N=294,592", bounds=(0.05, 5),
        ),
    ),
    retained_share=by(
        MODALITIES,
        residential=quantity(
            0.55, "share", 0.38, 0.65, source="teds-compl", grade="weak", whole_run=True,
            studied="US residential treatment, 2005; long stays 38%, short ones 56%",
        ),
        psychosocial=quantity(0.50, "share", 0.40, 0.65, whole_run=True),
        medication=quantity(
            0.569, "share", 0.50, 0.64, source="ost-retention", grade="moderate", whole_run=True,
            studied="63 cohorts of people on opioid medication: 57% at a year",
        ),
    ),
    retained_at_weeks=by(
        MODALITIES,
        residential=quantity(12, "weeks", whole_run=True, bounds=(1, 520)),
        psychosocial=quantity(26, "weeks", whole_run=True, bounds=(1, 520)),
        medication=quantity(52, "weeks", whole_run=True, bounds=(1, 520)),
    ),
    planned_end_weeks=by(
        MODALITIES,
        residential=quantity(12, "weeks", whole_run=True, bounds=(1, 30000)),
        psychosocial=quantity(26, "weeks", whole_run=True, bounds=(1, 30000)),
        medication=quantity(30000, "weeks", whole_run=True, bounds=(1, 30000),
                            note="no end is planned: medication lasts as long as it helps"),
    ),
    leaves_medication_as_planned_share=quantity(
        0.45, "share", 0.33, 0.60, source="ndtms-1415", grade="weak",
        studied="England 2014/15: of all who left treatment for opiates, 30% free of dependence",
        note="of people who do not use when they leave, some six in ten of all who leave here",
    ),
    asks_for_detox_per_week=quantity(
        0.003, "per week", 0.001, 0.006, note="people whose goal is abstinence, when using"
    ),
    changes_to_medication_per_week=quantity(
        0.02, "per week", 0.01, 0.04, lever=True,
        note="people with opioid dependence who use in treatment",
    ),
)  # fmt: skip

DROP_OUT = question("leaves treatment early")
AS_PLANNED = question("is the exit from medication planned")
PLANNED_END = question("does treatment end this week")
ASK_FOR_DETOX = question("asks for detox while in treatment")
CHANGE = question("changes to medication")


@rule
def a_week_of_treatment(client, today, curves, dice):
    """In order: linkage, in the first week; meetings or none; use, but for residential care;
    staying, moving on, or leaving."""
    link_to_mutual_aid(client, today, dice)
    if client.modality == RESIDENTIAL:
        perhaps_meet_on_the_premises(client, today, dice)
    go_to_mutual_aid(client, today, dice)
    recovery_capital_changes(client, today)
    if client.modality != RESIDENTIAL:
        use_or_not(client, today, curves, dice)
    stay_or_leave(client, today, curves, dice)
    if client.wants == NOWHERE and client.use == IN_USE:
        move_to_other_care(client, today, dice)


@rule
def stay_or_leave(client, today, curves, dice):
    """Leave, be moved off medication, come to the planned end, or stay another week."""
    weeks = min(client.weeks_in_stage, LAST_ROW)
    leaves = curves.leave_treatment[client.modality, weeks]
    if client.modality == MEDICATION:
        leaves = leaving_by_policy(leaves, today)
    if is_under_pressure(client, today):
        leaves = 1.0 - (1.0 - leaves) ** today.fellowships.pressed_to_stop_hazard_ratio
    if happens(dice, DROP_OUT, leaves):
        if is_leaving_medication_as_planned(client, today, dice):
            leave_care(client, COMPLETED)
        else:
            drop_out(client, today, dice)
    elif client.modality == MEDICATION and is_taken_off(today, dice):
        be_taken_off(client, today, dice)
    elif happens(dice, PLANNED_END, curves.end_of_treatment[client.modality, weeks]):
        leave_care(client, COMPLETED)


@rule
def is_leaving_medication_as_planned(client, today, dice):
    """Some people who do not use any more leave medication by plan."""
    if client.modality != MEDICATION or client.use != ABSTINENT:
        return False
    share = planned_by_policy(today.treatment.leaves_medication_as_planned_share, today)
    return happens(dice, AS_PLANNED, share)


@rule
def drop_out(client, today, dice):
    """Leave early. Most people who leave a bed or their medication use within the week."""
    if client.use == ABSTINENT and client.modality != PSYCHOSOCIAL:
        perhaps_use_at_once(client, today, dice)
    leave_care(client, LEFT_EARLY)


@rule
def be_taken_off(client, today, dice):
    """Moved off medication without having chosen to: as dangerous as leaving it early."""
    if client.use == ABSTINENT:
        perhaps_use_at_once(client, today, dice)
    leave_care(client, TAKEN_OFF)


@rule
def leave_care(client, ending):
    """Out of care: to the community, or to using for whoever uses."""
    client.ending = ending
    client.wants = USING if client.use == IN_USE else COMMUNITY


@rule
def move_to_other_care(client, today, dice):
    """While using in treatment: start medication, or ask for detox where abstinence is the goal."""
    if (
        client.substance == OPIOIDS
        and client.modality == PSYCHOSOCIAL
        and happens(dice, CHANGE, today.treatment.changes_to_medication_per_week)
    ):
        client.wants = TREATMENT
        client.wants_modality = MEDICATION
        client.ending = MOVED_ON
    elif client.goal == ABSTINENCE and happens(
        dice, ASK_FOR_DETOX, today.treatment.asks_for_detox_per_week
    ):
        client.wants = DETOX
        client.ending = MOVED_ON
