"""The community: the train. Out of care, abstinent or in a lapse.

The longest part of the journey: in company, in mutual aid, in a life worth keeping. The longer it
lasts, the less likely a return to use becomes. Company changes and deaths come after the stages,
in `company.py` and `mortality.py`.
"""

from recoverysim.codes import (
    ABSTINENT,
    IN_USE,
    LAPSED,
    RETURNED_TO_USE,
    SOUGHT_HELP,
    USING,
    WAITING,
)
from recoverysim.compiled import rule
from recoverysim.dice import at_ratio, happens, question
from recoverysim.mutual_aid.attendance import go_to_mutual_aid
from recoverysim.quantities import parameters, quantity
from recoverysim.recovery_capital import recovery_capital_changes
from recoverysim.use import settle_a_lapse, stay_abstinent_or_use

parameters(
    "community",
    asks_for_help_in_a_lapse_per_week=quantity(0.02, "per week", 0.01, 0.04),
)

ASK_EARLY = question("asks for help in a lapse")


@rule
def a_week_in_the_community(client, today, curves, dice):
    """In order: go to a meeting, or not; capital and identity grow while abstinent; abstinence
    holds, or ends in a lapse or a return to use; a lapse from before is got over, goes on, or
    becomes a return to use; whoever is in a lapse may ask for help at once."""
    go_to_mutual_aid(client, today, dice)
    recovery_capital_changes(client, today)
    if client.use == ABSTINENT:
        stay_abstinent_or_use(client, today, curves, dice)
    else:
        settle_a_lapse(client, today, dice)
    if client.use == IN_USE:
        get_off_the_train(client)
    elif client.use == LAPSED:
        ask_for_help_early(client, today, dice)


@rule
def get_off_the_train(client):
    """A return to use; one can board again."""
    client.wants = USING
    client.ending = RETURNED_TO_USE


@rule
def ask_for_help_early(client, today, dice):
    """A lapse need not run its course: some people go back to care at once."""
    chance = today.community.asks_for_help_in_a_lapse_per_week
    if client.in_aftercare:
        chance = at_ratio(chance, today.aftercare.asks_for_help_hazard_ratio)
    if happens(dice, ASK_EARLY, chance):
        client.wants = WAITING
        client.ending = SOUGHT_HELP
