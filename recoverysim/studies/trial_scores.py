"""How well simulated studies foretell a published figure, beyond whether it was met.

A model that says little is seldom wrong: so beside how often figures lie inside a range stands a
score that rewards being near and being narrow at once, the continuous ranked probability score
(Gneiting and Raftery 2007, J Am Stat Assoc 102:359-78). It is told in units of the figure's
tolerance, so that rows can be averaged: 0 is perfect, and 1 a certain forecast off by one
tolerance.
"""

from __future__ import annotations

import numpy as np

from recoverysim.studies.trial_figures import Published

MIDDLE_90 = (0.05, 0.95)
STEPS = 41  # of the normal distribution by which a study's people may differ


def allowing(one: Published, simulated: np.ndarray) -> np.ndarray:
    """Simulated figures, each spread out by how far a right model may lie off: on the scale on
    which the figure is judged, `STEPS` times as many."""
    from scipy.special import ndtri

    found = _judged(one, simulated)
    if one.model_error == 0:
        return found
    steps = ndtri((np.arange(STEPS) + 0.5) / STEPS)
    return np.asarray((found[:, None] + one.model_error * steps).ravel())


def _judged(one: Published, values: np.ndarray) -> np.ndarray:
    """Ratios as logarithms; those of 0, where nobody was in a group, are left out."""
    if not one.is_ratio:
        return values
    return np.asarray(np.log(values[values > 0]))


def inside_allowed(one: Published, simulated: np.ndarray) -> bool | None:
    """Whether the published figure lies in the middle 90% of what `allowing` gives."""
    found = allowing(one, simulated)
    if len(found) == 0:
        return None
    low, high = np.quantile(found, MIDDLE_90)
    return bool(low <= _judged(one, np.array([one.published]))[0] <= high)


def score(one: Published, simulated: np.ndarray) -> float | None:
    """The continuous ranked probability score of the simulated figures, people's differences
    allowed for, over the tolerance."""
    found = np.sort(allowing(one, simulated))
    many = len(found)
    if many == 0:
        return None
    off = np.abs(found - _judged(one, np.array([one.published]))[0]).mean()
    # Half the mean distance of two draws, from their ranks.
    apart = float(((2 * np.arange(1, many + 1) - many - 1) * found).sum()) / many**2
    return float(off - apart) / one.tolerance
