"""Motivation: half a lasting trait, half a passing state; it moves attending and staying well.

This is how self-selection enters: people who go to meetings are readier in the first place, so
they would do better anyway. Only a noisy reading of motivation is ever seen by a study.
"""

import math

from recoverysim.compiled import rule
from recoverysim.dice import nudge, question
from recoverysim.quantities import parameters, quantity

parameters(
    "motivation",
    half_life_weeks=quantity(
        12, "weeks", 6, 26, shape=True, bounds=(0.1, 1000),
        note="how long a passing change of heart lasts; half the variance is lasting, half passes",
    ),
    reading_noise=quantity(
        1.0, "sd", 0.5, 1.5, shape=True,
        note="of a questionnaire; a perfect reading would remove confounding, as none ever does",
    ),
)  # fmt: skip

DRIFT = question("motivation drifts")
HALF = math.sqrt(0.5)


@rule
def motivation_drifts(client, curves, dice):
    """The passing half of motivation wanders, and is drawn back to its mean."""
    keeps = curves.mood_kept
    client.mood = keeps * client.mood + curves.mood_moved * nudge(dice, DRIFT)


@rule
def motivation(client, today):
    """Motivation this week: mean 0 and variance 1 over everybody."""
    if not today.mechanisms.readiness:
        return 0.0
    return HALF * (client.readiness + client.mood)
