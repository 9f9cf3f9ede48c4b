"""Recovery housing: a home among people in recovery, after detox or residential care.

One hazard ratio stands for all that it does, the company of the house included: nothing is added
to the ties of whoever lives there, or the same would count twice.
"""

from recoverysim.codes import ABSTINENCE, ABSTINENT, IN_USE
from recoverysim.compiled import rule
from recoverysim.dice import happens, question
from recoverysim.quantities import parameters, quantity

parameters(
    "recovery_housing",
    offered_share=quantity(
        0.05, "share", 0, 0.15, lever=True,
        note="of people who leave detox or residential care abstinent and want abstinence; offered "
        "a place and moving in",
    ),
    lasts_weeks=quantity(
        26, "weeks", 13, 52, lever=True, bounds=(0, 30_000),
        note="at most, where use does not end it",
    ),
    first_use_hazard_ratio=quantity(
        0.7, "hazard ratio", 0.4, 1.0,
        note="while living there. In a US trial of self-run houses, not in the register, 31% used "
        "at two years against 65%: a far larger effect, for other people in another country",
    ),
)  # fmt: skip

OFFER_HOUSING = question("is recovery housing offered after care")


@rule
def offer_recovery_housing(client, from_a_bed, today, dice):
    """Asked once of whoever has just left detox or residential care abstinent and wants to be."""
    client.housed = (
        today.mechanisms.recovery_housing
        and from_a_bed
        and client.use == ABSTINENT
        and client.goal == ABSTINENCE
        and happens(dice, OFFER_HOUSING, today.recovery_housing.offered_share)
    )


@rule
def recovery_housing_ends(client, today):
    """With a return to use (a lapse alone ends nothing), or when its time is up."""
    in_time = client.weeks_since_discharge < today.recovery_housing.lasts_weeks
    client.housed = in_time and client.use != IN_USE
