"""Motivation: a lasting trait and a passing state; it moves attending and staying well.

This is how self-selection enters: people who go to meetings are readier in the first place, so
they would do better anyway. Only a noisy reading of motivation is ever seen by a study.
"""

from recoverysim.compiled import rule
from recoverysim.dice import nudge, question
from recoverysim.quantities import parameters, quantity

parameters(
    "motivation",
    half_life_weeks=quantity(
        12, "weeks", 6, 26, whole_run=True, bounds=(0.1, 1000),
        note="how long a passing change of heart lasts",
    ),
    lasting_share=quantity(
        0.5, "share", 0.3, 0.7, whole_run=True, note="of the variance between people that lasts"
    ),
    reading_noise=quantity(
        1.0, "sd", 0.5, 1.5, whole_run=True,
        note="of a questionnaire; a perfect reading would remove confounding, as none ever does",
    ),
)  # fmt: skip

DRIFT = question("motivation drifts")


@rule
def motivation_drifts(client, curves, dice):
    """The passing part of motivation wanders, and is drawn back to its mean."""
    client.mood = curves.mood_kept * client.mood + curves.mood_moved * nudge(dice, DRIFT)


@rule
def motivation(client, today):
    """Motivation this week: mean 0 and variance 1 over everybody."""
    if not today.mechanisms.readiness:
        return 0.0
    return client.readiness + client.mood
