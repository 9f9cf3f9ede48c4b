"""Scales and labels that several pictures share."""

from __future__ import annotations

import math
from collections.abc import Sequence


def step_of(most: float, ticks: int = 5) -> float:
    """A round distance between ticks: 1, 2 or 5 times a power of ten."""
    rough = max(most, 1e-9) / ticks
    power = 10 ** math.floor(math.log10(rough))
    return float(next(one * power for one in (1, 2, 5, 10) if one * power >= rough * 0.999))


def ticks_to(most: float, ticks: int = 5) -> list[float]:
    """From 0 to the first tick that is not below the largest value."""
    step = step_of(most, ticks)
    return [number * step for number in range(max(1, math.ceil(most / step - 1e-9)) + 1)]


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The places nearest to those wanted, in their order, no two closer than the gap.

    Within the ends where all fit between them; a group that would touch moves as one.
    """
    order = sorted(range(len(wanted)), key=lambda number: wanted[number])
    groups: list[list[float]] = []  # sum of wanted starts, how many
    for rank, number in enumerate(order):
        groups.append([wanted[number] - rank * gap, 1])
        while len(groups) > 1 and groups[-2][0] / groups[-2][1] > groups[-1][0] / groups[-1][1]:
            last = groups.pop()
            groups[-1] = [groups[-1][0] + last[0], groups[-1][1] + last[1]]
    starts = [total / many for total, many in groups for _ in range(int(many))]
    room = high - gap * (len(wanted) - 1)
    found = [0.0] * len(wanted)
    for rank, number in enumerate(order):
        found[number] = max(low, min(starts[rank], max(low, room))) + rank * gap
    return found
