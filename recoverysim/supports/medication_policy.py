"""How people on opioid medication are treated by their service: punitive, or person-centred.

The scale runs from 0, punitive (missed appointments end it, doses are cut for use on top, the
chemist is far away), to 1, person-centred (the dose that works, decided together, for as long as
it helps). Today is in the middle, by definition. What it moves is how long people stay, how they
leave, and whether they come back; deaths follow from that.
"""

import math

from recoverysim.codes import OPIOIDS
from recoverysim.compiled import rule
from recoverysim.dice import at_ratio, happens, question
from recoverysim.quantities import parameters, quantity

AS_TODAY = 0.5  # by definition of the scale

parameters(
    "medication_policy",
    person_centred=quantity(
        AS_TODAY, "0 to 1", lever=True, grade="design", bounds=(0, 1),
        note="0 punitive, 0.5 as today, 1 person-centred",
    ),
    leaving_log_hazard_ratio=quantity(
        -0.7, "log hazard ratio", -1.4, 0, bounds=(-5, 5),
        note="of leaving medication, over the whole scale; no study gives a slope",
    ),
    planned_exit_log_odds=quantity(
        1.0, "log odds", 0, 2, bounds=(-5, 5),
        note="that an exit without use is a planned reduction, over the whole scale",
    ),
    asks_for_help_log_hazard_ratio=quantity(
        0.5, "log hazard ratio", 0, 1, bounds=(-5, 5),
        note="of people with opioid dependence who use, out of care, over the whole scale: people "
        "come back to a service that treats them well",
    ),
    taken_off_per_week=quantity(
        0, "per week", lever=True, grade="design",
        note="people on medication moved off it without having chosen to; they die more often, "
        "and the scenario that does it exists to show that",
    ),
)  # fmt: skip

TAKEN_OFF_NOW = question("is moved off medication")


@rule
def beyond_today(today):
    """How far the policy is from today's, from -0.5 (punitive) to 0.5 (person-centred)."""
    if not today.mechanisms.medication_policy:
        return 0.0
    return today.medication_policy.person_centred - AS_TODAY


@rule
def leaving_by_policy(chance, today):
    """The weekly chance of leaving medication, as the policy changes its hazard."""
    beyond = beyond_today(today)
    if beyond == 0.0:
        return chance
    return at_ratio(chance, math.exp(today.medication_policy.leaving_log_hazard_ratio * beyond))


@rule
def planned_by_policy(share, today):
    """The share of exits without use that are planned, as the policy changes its odds."""
    beyond = beyond_today(today)
    if beyond == 0.0 or share <= 0.0 or share >= 1.0:
        return share
    odds = share / (1.0 - share)
    odds *= math.exp(today.medication_policy.planned_exit_log_odds * beyond)
    return odds / (1.0 + odds)


@rule
def coming_back_by_policy(client, today):
    """Log hazard ratio of asking for help, for people with opioid dependence."""
    if client.substance != OPIOIDS:
        return 0.0
    return today.medication_policy.asks_for_help_log_hazard_ratio * beyond_today(today)


@rule
def is_taken_off(today, dice):
    """Whether somebody on medication is moved off it this week: only where a scenario says so."""
    per_week = today.medication_policy.taken_off_per_week
    if per_week == 0.0 or not today.mechanisms.medication_policy:
        return False
    return happens(dice, TAKEN_OFF_NOW, per_week)
