"""Recovery community centres: a place to go, for people in the community who do not use.

What is done there builds recovery capital; and members of mutual aid are met there.
"""

from recoverysim.codes import ABSTINENT, IN_USE
from recoverysim.compiled import rule
from recoverysim.dice import happens, question
from recoverysim.quantities import parameters, quantity

parameters(
    "recovery_centres",
    reach_share=quantity(
        0.05, "share", 0, 0.15, lever=True,
        note="of people who leave care abstinent: those who come to visit one",
    ),
    lasts_weeks=quantity(
        52, "weeks", 13, 104, bounds=(0, 30_000), note="of visits, where use does not end them"
    ),
    capital_growth_ratio=quantity(
        1.3, "ratio", 1.0, 2.0, note="of recovery capital, while visiting; no trial was found"
    ),
    first_meeting_hazard_ratio=quantity(
        1.5, "hazard ratio", 1.0, 3.0,
        note="of a first meeting, or one after leaving, on one's own; no trial was found",
    ),
)  # fmt: skip

REACH = question("does a recovery centre reach this person")


@rule
def reach_by_a_centre(client, today, dice):
    """Asked once of whoever has just left care abstinent."""
    client.visits_centre = (
        today.mechanisms.recovery_centres
        and client.use == ABSTINENT
        and happens(dice, REACH, today.recovery_centres.reach_share)
    )


@rule
def visits_end(client, today):
    """With a return to use (a lapse alone ends nothing), or when their time is up."""
    in_time = client.weeks_since_discharge < today.recovery_centres.lasts_weeks
    client.visits_centre = in_time and client.use != IN_USE
