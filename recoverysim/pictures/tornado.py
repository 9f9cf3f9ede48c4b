"""What the measure is where a factor is low and where it is high: the widest on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from recoverysim import sweep_words
from recoverysim.pictures.differences import BLUE, GREY, INK
from recoverysim.pictures.rows import Frame, Line, of_rows, scale

if TYPE_CHECKING:
    from collections.abc import Sequence

    import matplotlib.axes
    import matplotlib.figure

Ends = tuple[float, float | None, float | None]
APART = 0.16  # of a row: low above the middle, high below it


class Swing(NamedTuple):
    """One factor: mean, and ends of the 95% interval (None where unknown), where low and high."""

    label: str
    at_low: Ends
    at_high: Ends
    sure: bool


def draw(swings: Sequence[Swing], frame: Frame, axis_name: str) -> matplotlib.figure.Figure:
    """A matplotlib figure; save it with `.savefig`, or `save_svg`."""
    places = sweep_words.places_for([end for one in swings for end in (one.at_low, one.at_high)])
    lines = [
        Line(
            one.label,
            "\n".join(sweep_words.ranged(*end, places) for end in (one.at_low, one.at_high)),
            one.sure,
        )
        for one in swings
    ]
    figure, axis = of_rows(frame, lines, "low (95%)\nhigh (95%)")
    scale(axis, [end for one in swings for end in (*one.at_low, *one.at_high)], axis_name)
    left, right = axis.get_xlim()
    if left < 0 < right:
        axis.axvline(0, color=GREY, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    for place, one in enumerate(swings):
        axis.plot(
            [one.at_low[0], one.at_high[0]], [place - APART, place + APART], color=GREY,
            linewidth=0.8, zorder=2,
        )  # fmt: skip
        _end(axis, place - APART, one.at_low, marker="o", face="white")
        _end(axis, place + APART, one.at_high, marker="D", face=BLUE)
    return figure


def _end(axis: matplotlib.axes.Axes, place: float, one: Ends, **look: Any) -> None:
    mean, low, high = one
    if low is not None and high is not None:
        axis.plot([low, high], [place] * 2, color=INK, linewidth=1.2, zorder=3)
    axis.plot(
        mean, place, look["marker"], color=BLUE, markerfacecolor=look["face"], markersize=5.5,
        zorder=4,
    )  # fmt: skip
