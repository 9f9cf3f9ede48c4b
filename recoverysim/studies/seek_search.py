"""Searching along one lever: the setting nearest to today's that does what is asked.

Nothing here knows what a setting does: it is told, for a place in a list of settings, whether that
one reaches the target. So the search can be tried on functions whose answer is known.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence

import numpy as np

SCANNED = 9  # settings of a first look over a range
FINEST = 40  # a range is cut into so many steps at least


def settings_between(low: float, high: float, today: float) -> list[float]:
    """The settings that may be the answer: whole steps of a one or a five with noughts, both ends,
    and today's where it lies between."""
    finest = (high - low) / FINEST
    digits = -math.floor(math.log10(finest))
    step = 10.0**-digits
    if 5 * step <= finest:
        step *= 5
    # A hair's breadth of room: a step that meets an end must not be lost to rounding.
    inside = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    found = {min(max(round(place * step, digits), low), high) for place in inside} | {low, high}
    return sorted(found | ({today} if low <= today <= high else set()))


def spread_out(first: int, last: int) -> list[int]:
    """So many places as are scanned, evenly spread, both ends among them."""
    return sorted({round(place) for place in np.linspace(first, last, SCANNED)})


def nearest_reached(
    settings: Sequence[float], today: float, looked: Sequence[int], reaches: Callable[[int], bool]
) -> list[int]:
    """On either side of today the nearest place that reaches; of two the nearer first.

    `looked` are places to look at first. Between the first of them (outwards from today) that
    reaches and the last that did not, the border is halved in; so the neighbour towards today of
    what is found does not reach. One that lies apart between two places looked at may be missed.
    """
    sides = (
        sorted(place for place in looked if settings[place] >= today),
        sorted((place for place in looked if settings[place] <= today), reverse=True),
    )
    found = []
    for outwards in sides:
        missed: int | None = None
        for place in outwards:
            if reaches(place):
                found.append(_border(missed, place, reaches))
                break
            missed = place
    return sorted(set(found), key=lambda place: abs(settings[place] - today))


def _border(missed: int | None, reached: int, reaches: Callable[[int], bool]) -> int:
    """The first place that reaches, on the way from one that does not to one that does."""
    if missed is None:
        return reached
    outwards = 1 if missed < reached else -1
    between = range(missed + outwards, reached + outwards, outwards)
    return between[bisect_left(between, True, key=reaches)]


def turning_point(
    curve: Sequence[np.ndarray], is_more: Callable[[np.ndarray], bool]
) -> tuple[int, str] | None:
    """Where a curve turns between its ends: the place, and whether it is `highest` or `lowest`
    there; None where it goes one way.

    `curve` holds a number for each repeat at each setting. `is_more` says whether such numbers are
    above zero by more than luck.
    """
    means = [float(values.mean()) for values in curve]
    for kind, sign in (("highest", 1), ("lowest", -1)):
        signed = [sign * mean for mean in means]
        place = signed.index(max(signed))
        if all(is_more(sign * (curve[place] - curve[end])) for end in (0, -1)):
            return place, kind
    return None
