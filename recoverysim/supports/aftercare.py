"""Aftercare: check-ups for people who have left care, so that help is near when it is needed.

Somebody gets in touch every few months and asks how things are. Whoever uses again comes back to
care sooner; that it keeps people from using is less sure, and a small effect is assumed.
"""

from recoverysim.compiled import rule
from recoverysim.dice import happens, question
from recoverysim.quantities import parameters, quantity

parameters(
    "aftercare",
    offered_share=quantity(
        0.05, "share", 0, 0.10, lever=True,
        note="of everybody who leaves care, offered check-ups and taking them; few services check "
        "up on people who have left",
    ),
    lasts_weeks=quantity(
        104, "weeks", lever=True, grade="design", bounds=(0, 30_000), note="from leaving care"
    ),
    asks_for_help_hazard_ratio=quantity(
        1.6, "hazard ratio", 1.0, 2.2,
        note="of people who use, or are in a lapse. Two US trials of quarterly check-ups, not in "
        "the register, brought people back to care sooner by 0.22 and 0.41 standard deviations",
    ),
    first_use_hazard_ratio=quantity(
        0.95, "hazard ratio", 0.85, 1.05,
        note="the same two trials: days abstinent in two years moved by 0.04 and 0.29 standard "
        "deviations, return to care included. People who did not enter aftercare used sooner "
        "in Ireland (smyth-pred), but who enters it chooses to",
    ),
)  # fmt: skip

OFFER_AFTERCARE = question("are check-ups offered after care")


@rule
def offer_aftercare(client, today, dice):
    """Asked once of whoever has just left care, whatever care it was."""
    client.in_aftercare = today.mechanisms.aftercare and happens(
        dice, OFFER_AFTERCARE, today.aftercare.offered_share
    )


@rule
def aftercare_ends(client, today):
    """When its weeks are over."""
    client.in_aftercare = client.weeks_since_discharge < today.aftercare.lasts_weeks
