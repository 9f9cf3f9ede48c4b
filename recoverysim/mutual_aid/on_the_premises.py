"""Meetings held where people stay: on the detox ward, and in residential treatment.

Members come in and hold a meeting for whoever wants to hear them. To have sat in on one is not yet
going to mutual aid: it makes a first meeting outside somewhat likelier, and no more is claimed.
"""

import math

from recoverysim.codes import CLINICIAN
from recoverysim.compiled import rule
from recoverysim.dice import happens, question, strikes_at_risk
from recoverysim.mutual_aid.attendance import inclination
from recoverysim.quantities import parameters, quantity

parameters(
    "on_the_premises",
    held_share=quantity(
        0.2, "share", 0, 0.5, lever=True,
        note="of stays in detox and residential treatment, in places where meetings are held",
    ),
    goes_share=quantity(
        0.42, "probability", 0.35, 0.50, source="manning-ward", grade="weak",
        studied="London detox ward: 73% of people with no introduction went in their stay",
        note="in a week; average motivation, no earlier contact; their stay is taken to be some "
        "two and a half weeks",
    ),
    introduced_hazard_ratio=quantity(
        1.6, "hazard ratio", 1.0, 2.5, source="manning-ward", grade="weak",
        studied="the same ward: 88% of people with an introduction against 73%",
        note="as an introduction raises going outside, by its fidelity",
    ),
    carry_over_log_odds=quantity(
        0.5, "log odds", 0, 1.0, bounds=(-5, 5),
        note="of a first meeting outside; most of the difference seen between people who went on "
        "the ward and people who did not (manning-carry) is who they were, and the introduction",
    ),
)  # fmt: skip

HELD_HERE = question("are meetings held where this person stays")
SIT_IN = question("goes to a meeting on the premises")


@rule
def perhaps_meet_on_the_premises(client, today, dice):
    """A week in a bed: where meetings are held, some people sit in on one."""
    if client.weeks_in_stage == 0:
        client.meetings_held_here = happens(dice, HELD_HERE, today.on_the_premises.held_share)
    if client.meetings_held_here and not client.met_on_the_premises:
        hazard = -math.log(1.0 - min(today.on_the_premises.goes_share, 0.999999))
        hazard *= drawn_by_an_introduction(client, today)
        if strikes_at_risk(dice, SIT_IN, hazard, inclination(client, today)):
            client.met_on_the_premises = True


@rule
def drawn_by_an_introduction(client, today):
    """Hazard ratio of sitting in for people whom somebody introduced in this episode."""
    if client.link < CLINICIAN:
        return 1.0
    more = today.on_the_premises.introduced_hazard_ratio - 1.0
    return 1.0 + more * client.delivered
