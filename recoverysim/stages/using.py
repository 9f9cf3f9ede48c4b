"""Using: out of care and using. A person may stop, stop for good, or ask for help.

Untreated improvement is large. A lasting stop is simulated as a stop with a head start: from its
first day it is as stable as a long abstinence, and it can still end.
"""

from recoverysim.codes import (
    BECAME_ABSTINENT,
    COMMUNITY,
    IN_USE,
    REMITTED,
    SOUGHT_HELP,
    SUBSTANCES,
    WAITING,
)
from recoverysim.compiled import rule
from recoverysim.curves import LAST_ROW
from recoverysim.dice import question, strikes, strikes_at_risk
from recoverysim.motivation import motivation
from recoverysim.mutual_aid.attendance import go_to_mutual_aid
from recoverysim.quantities import by, parameters, quantity
from recoverysim.recovery_capital import recovery_capital_changes
from recoverysim.supports.medication_policy import coming_back_by_policy
from recoverysim.surroundings import more_recovery_than_usual
from recoverysim.use import become_abstinent, try_to_stop

parameters(
    "using",
    seeks_help_per_week=by(
        SUBSTANCES,
        alcohol=quantity(
            0.012, "per week", 0.006, 0.020, source="alc-24m; bristol-detox", grade="weak",
            studied="France: 56% readmitted within two years; Bristol: 6 of 12 within nine months",
        ),
        opioids=quantity(0.020, "per week", 0.010, 0.030),
        stimulants=quantity(0.008, "per week", 0.004, 0.014),
    ),
    seeks_help_per_readiness_log_ratio=quantity(
        0.3, "log hazard ratio per sd", 0.1, 0.5, bounds=(-5, 5)
    ),
    seeks_help_when_seeing_recovery_log_ratio=quantity(
        0.5, "log hazard ratio", 0, 1, bounds=(-5, 5),
        note="for each whole share of company in recovery above what is usual at entry",
    ),
)  # fmt: skip

parameters(
    "remission_without_help",
    half_life_years=by(
        SUBSTANCES,
        alcohol=quantity(
            14, "years", 10, 20, source="halflife", grade="weak", bounds=(0.1, 1000),
            whole_run=True,
            studied="US general population, NESARC wave 1: any remission, helped or not",
        ),
        opioids=quantity(15, "years", 8, 25, bounds=(0.1, 1000), whole_run=True),
        stimulants=quantity(
            5, "years", 3, 8, source="halflife", grade="weak", bounds=(0.1, 1000), whole_run=True,
            studied="cocaine dependence, US general population, NESARC wave 1: any remission",
        ),
    ),
    crisis_peak_per_week=quantity(
        0.018, "per week", 0.010, 0.030, whole_run=True,
        note="soon after a crisis that makes people seek help, on top of the background",
    ),
    crisis_half_life_weeks=quantity(13, "weeks", 6, 26, whole_run=True, bounds=(0.1, 1000)),
    head_start_weeks=quantity(
        52, "weeks", 26, 104, bounds=(0, 1000),
        note="a lasting stop is as stable from its first day as this long an abstinence",
    ),
)  # fmt: skip

SEEK_HELP = question("seeks help")
STOP_FOR_GOOD = question("stops for good without help")


@rule
def a_week_of_using(client, today, curves, dice):
    """In order: meetings or none; capital wears away; stopping, or for good; asking for help."""
    go_to_mutual_aid(client, today, dice)
    recovery_capital_changes(client, today)
    stop_for_good(client, today, curves, dice)
    if client.use != IN_USE:
        go_to_the_community(client, REMITTED)
        return
    try_to_stop(client, today, curves, dice)
    if client.use != IN_USE:
        go_to_the_community(client, BECAME_ABSTINENT)
        return
    seek_help(client, today, dice)


@rule
def stop_for_good(client, today, curves, dice):
    """Remission without help: rare at any time, likelier soon after the crisis of seeking help."""
    if not today.mechanisms.remission_without_help:
        return
    hazard = curves.remission[client.substance]
    hazard += curves.crisis[min(client.weeks_since_help, LAST_ROW)]
    if strikes(dice, STOP_FOR_GOOD, hazard):
        become_abstinent(client)
        client.head_start = int(today.remission_without_help.head_start_weeks)


@rule
def seek_help(client, today, dice):
    """Likelier for people who are ready, where recovery can be seen in one's company, with
    check-ups after care, and where services treat people on medication well."""
    ready = today.using.seeks_help_per_readiness_log_ratio * motivation(client, today)
    seeing = today.using.seeks_help_when_seeing_recovery_log_ratio * more_recovery_than_usual(
        client, today
    )
    hazard = today.using.seeks_help_per_week[client.substance]
    if client.in_aftercare:
        hazard *= today.aftercare.asks_for_help_hazard_ratio
    treated_well = coming_back_by_policy(client, today)
    if strikes_at_risk(dice, SEEK_HELP, hazard, ready + seeing + treated_well):
        client.wants = WAITING
        client.ending = SOUGHT_HELP


@rule
def go_to_the_community(client, ending):
    """Out of care and no longer using."""
    client.wants = COMMUNITY
    client.ending = ending
