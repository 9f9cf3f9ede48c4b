"""Arrivals: a closed cohort starts together; in an open system people come week by week.

Who has not come yet is somebody outside who uses, whom others may know.
"""

from recoverysim.compiled import rule
from recoverysim.dice import happens, question, throw
from recoverysim.quantities import parameters, quantity

parameters(
    "arrivals",
    over_weeks=quantity(
        0, "weeks", whole_run=True, bounds=(0, 1040), grade="design", lever=True,
        note="in which people first ask for help; 0: a closed cohort, all in the first week",
    ),
    at_the_start_share=quantity(
        0, "share", whole_run=True, grade="design", lever=True,
        note="of people of an open system who ask in the first week all the same",
    ),
)  # fmt: skip

COMES_AT_THE_START = question("asks for help in the first week")
COMES_IN_WEEK = question("in which week is help first asked for")


@rule
def week_of_arrival(today, dice):
    """The week as which somebody first asks for help: any of them is as likely."""
    weeks = today.arrivals.over_weeks
    if weeks <= 0 or happens(dice, COMES_AT_THE_START, today.arrivals.at_the_start_share):
        return 0
    return int(throw(dice, COMES_IN_WEEK) * weeks)
