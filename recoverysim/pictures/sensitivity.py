"""Which factors matter: a bar for each with its interval, the one that matters most on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from recoverysim import sweep_words
from recoverysim.pictures.differences import BLUE, INK
from recoverysim.pictures.rows import Frame, Line, of_rows, scale, zero_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    import matplotlib.axes
    import matplotlib.figure

HIGH, APART = 0.26, 0.17  # of a row: of one bar, and of two from its middle


class Bar(NamedTuple):
    """A factor with one index, or two (`total` beside it); `sure`: can be told from noise."""

    label: str
    mean: float
    low: float
    high: float
    sure: bool
    total: tuple[float, float, float] | None = None


def draw(bars: Sequence[Bar], frame: Frame, axis_name: str) -> matplotlib.figure.Figure:
    """A matplotlib figure; save it with `.savefig`, or `save_svg`."""
    places = sweep_words.places_for([(bar.mean, bar.low, bar.high) for bar in bars])
    lines = [Line(bar.label, _numbers(bar, places), bar.sure) for bar in bars]
    two = any(bar.total for bar in bars)
    figure, axis = of_rows(frame, lines, "alone (95%)\nwith others (95%)" if two else "index (95%)")
    ends = [end for bar in bars for end in (0.0, bar.low, bar.high, *(bar.total or ()))]
    scale(axis, ends, axis_name)
    zero_line(axis)
    for place, bar in enumerate(bars):
        _bar(axis, place - (APART if bar.total else 0), bar.mean, bar.low, bar.high, sure=bar.sure)
        if bar.total:
            _bar(axis, place + APART, *bar.total, sure=bar.total[1] > 0, hatched=True)
    return figure


def _numbers(bar: Bar, places: int) -> str:
    told = sweep_words.ranged(bar.mean, bar.low, bar.high, places)
    return f"{told}\n{sweep_words.ranged(*bar.total, places)}" if bar.total else told


def _bar(
    axis: matplotlib.axes.Axes, place: float, mean: float, low: float, high: float,
    *, sure: bool, hatched: bool = False,
) -> None:  # fmt: skip
    """From zero to the index, and a thin line for its interval; hollow where it may be noise."""
    look: dict[str, Any] = {"color": BLUE, "alpha": 0.75, "linewidth": 0}
    if not sure:
        look = {"facecolor": "white", "edgecolor": BLUE, "linewidth": 0.9}
    elif hatched:
        look = {"facecolor": "white", "edgecolor": BLUE, "linewidth": 0.9, "hatch": "////"}
    axis.barh(place, mean, height=HIGH, zorder=2, **look)
    axis.plot([low, high], [place] * 2, color=INK, linewidth=1.3, zorder=3)
