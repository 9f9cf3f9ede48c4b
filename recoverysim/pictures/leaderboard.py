"""Scenarios from the best on: the mean of each, and how far it is behind, with honest ties."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recoverysim import sweep_words
from recoverysim.pictures.differences import BLUE
from recoverysim.pictures.rows import Frame, Line, of_rows, scale, zero_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    import matplotlib.figure


class Place(NamedTuple):
    """One scenario: how far it is behind the best with the ends of the 95% interval."""

    name: str
    behind: float
    low: float | None
    high: float | None
    tie: bool
    mean: str


def draw(places: Sequence[Place], frame: Frame, axis_name: str) -> matplotlib.figure.Figure:
    """A matplotlib figure; save it with `.savefig`, or `save_svg`."""
    lines = [
        Line(
            f"{number}. {one.name}" + ("\ncannot be told apart from the first" if one.tie else ""),
            one.mean if number == 1 else f"{one.mean}\n{_behind(one)}",
        )
        for number, one in enumerate(places, 1)
    ]
    figure, axis = of_rows(frame, lines, "mean (95%)\nfrom the best (95%)")
    scale(axis, [-end for one in places for end in (one.behind, one.low or 0.0, one.high or 0.0)],
          axis_name)  # fmt: skip
    zero_line(axis)
    for place, one in enumerate(places):
        if one.low is not None and one.high is not None:
            axis.plot([-one.high, -one.low], [place] * 2, color=BLUE, linewidth=1.6)
        face = "white" if one.tie else BLUE
        axis.plot(-one.behind, place, "o", color=BLUE, markerfacecolor=face, markersize=6.5)
    return figure


def _behind(one: Place) -> str:
    low, high = (None if end is None else -end for end in (one.high, one.low))
    return sweep_words.ranged(-one.behind, low, high, signed=True)


def mean_in_words(mean: float, low: float | None, high: float | None) -> str:
    """The number at the end of a row."""
    return sweep_words.ranged(mean, low, high)
