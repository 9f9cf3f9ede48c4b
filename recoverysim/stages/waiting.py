"""Waiting: help was asked for and no place has been found yet.

Care is chosen in `assessment.py`, and a place found there and then, or by a queue where places are
limited; today nearly everybody starts within days.
"""

from recoverysim.codes import COMMUNITY, GAVE_UP, GAVE_UP_WAITING, IN_USE, USING
from recoverysim.compiled import rule
from recoverysim.dice import happens, question
from recoverysim.mutual_aid.attendance import go_to_mutual_aid
from recoverysim.quantities import parameters, quantity
from recoverysim.recovery_capital import recovery_capital_changes
from recoverysim.use import use_or_not

parameters(
    "waiting",
    gives_up_per_week=quantity(0.03, "per week", 0.01, 0.06),
)

GIVE_UP = question("gives up waiting")


@rule
def a_week_of_waiting(client, today, curves, dice):
    """In order: meetings or none; capital; use goes on or stops; some give up waiting."""
    go_to_mutual_aid(client, today, dice)
    recovery_capital_changes(client, today)
    use_or_not(client, today, curves, dice)
    if happens(dice, GIVE_UP, today.waiting.gives_up_per_week):
        client.wants = USING if client.use == IN_USE else COMMUNITY
        client.ending = GAVE_UP_WAITING
        client.news |= GAVE_UP
