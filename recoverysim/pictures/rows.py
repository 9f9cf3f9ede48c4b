"""The frame of pictures that have a line for each row: a label, marks on one axis, the numbers."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from recoverysim import words
from recoverysim.pictures.differences import GREY, INK, PALE, SOFT

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

WIDTH, LINE, HEAD, FOOT = 9.0, 0.32, 0.4, 0.4  # inches
TITLE_LINE, CAPTION_LINE = 0.22, 0.15  # inches
LEFT, RIGHT = 0.40, 0.735  # of the width: where marks are drawn
LONGEST_LABEL, TITLE_WIDTH, CAPTION = 48, 84, 138  # characters


class Frame(NamedTuple):
    """What stands around a picture: its title, and paragraphs under it."""

    title: str
    said: tuple[str, ...]


class Line(NamedTuple):
    """What stands left and right of a row; `sure` whether it can be told from noise."""

    label: str
    numbers: str
    sure: bool = True


def of_rows(
    frame: Frame, lines: Sequence[Line], heading: str
) -> tuple[matplotlib.figure.Figure, matplotlib.axes.Axes]:
    """A figure and its axis, a unit of height for each row, the first on top.

    `heading` stands over the numbers. What cannot be told from noise is written soft, and its
    marks are left to be drawn hollow.
    """
    from matplotlib.figure import Figure

    title = textwrap.wrap(frame.title, TITLE_WIDTH)
    caption = [line for part in frame.said for line in textwrap.wrap(part, CAPTION)]
    head, foot = HEAD + TITLE_LINE * len(title), FOOT + CAPTION_LINE * (len(caption) + 1)
    size = LINE * len(lines)
    height = head + size + foot
    figure = Figure(figsize=(WIDTH, height), dpi=120)
    axis = figure.add_axes((LEFT, foot / height, RIGHT - LEFT, size / height))
    axis.set_ylim(len(lines) - 0.5, -0.5)
    axis.set_yticks([])
    axis.tick_params(colors=SOFT, labelsize=8.5)
    axis.patch.set_visible(False)
    axis.spines[["top", "right", "left"]].set_visible(False)
    axis.spines["bottom"].set_color("#C5CDD3")
    for place, line in enumerate(lines):
        if place % 2 == 0:
            _band(axis, place)
        colour = INK if line.sure else SOFT
        _beside(axis, 0.01, place, _wrapped(line.label), "left", colour)
        _beside(axis, RIGHT + 0.02, place, line.numbers, "left", colour)
    from_top = head - 0.12
    figure.text(RIGHT + 0.02, 1 - from_top / height, heading, fontsize=8.5, color=SOFT, va="center")
    for number, one in enumerate(title):
        figure.text(
            0.01, 1 - TITLE_LINE * (number + 1) / height, one, fontsize=12.5, fontweight="bold",
            color=INK,
        )  # fmt: skip
    figure.text(
        0.01, 0.08 / height, "\n".join(caption), fontsize=8.5, color=SOFT, va="bottom"
    )  # fmt: skip
    return figure, axis


def zero_line(axis: matplotlib.axes.Axes) -> None:
    """A dashed line at zero, and zero within the axis."""
    low, high = axis.get_xlim()
    axis.set_xlim(min(low, 0.0), max(high, 0.0))
    axis.axvline(0, color=GREY, linewidth=1, linestyle=(0, (4, 3)), zorder=1)


def scale(axis: matplotlib.axes.Axes, ends: Sequence[float | None], name: str) -> None:
    """Limits that hold these numbers, a few ticks, and the name of the axis."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    there = [end for end in ends if end is not None] or [0.0]
    low, high = min(there), max(there)
    room = 0.04 * (high - low) or 1.0
    axis.set_xlim(low - room, high + room)
    axis.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axis.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.6g}".replace("-", "−")))
    axis.set_xlabel(name, fontsize=8.5, color=SOFT, labelpad=2)


def simulated(basis: str) -> str:
    """The last paragraph under every picture."""
    return f"Simulated, not observed: {basis} {words.SIMULATED}"


def _wrapped(label: str) -> str:
    """On two lines where it is long: a grade has the second to itself."""
    if len(label) <= LONGEST_LABEL or "\n" in label:
        return label
    name, bracket, grade = label.partition(" (")
    return f"{name}\n({grade}" if bracket else "\n".join(textwrap.wrap(label, LONGEST_LABEL))


def _beside(
    axis: matplotlib.axes.Axes, x: float, place: float, said: str, side: str, colour: str
) -> None:
    from matplotlib.transforms import blended_transform_factory

    assert axis.figure is not None
    across = blended_transform_factory(axis.figure.transFigure, axis.transData)
    axis.text(
        x, place, said, transform=across, va="center", ha=side, fontsize=8.5, color=colour,
        linespacing=1.05,
    )  # fmt: skip


def _band(axis: matplotlib.axes.Axes, place: int) -> None:
    """A pale ground for every second row, from edge to edge."""
    from matplotlib.patches import Rectangle
    from matplotlib.transforms import blended_transform_factory

    assert axis.figure is not None
    across = blended_transform_factory(axis.figure.transFigure, axis.transData)
    axis.add_patch(
        Rectangle(
            (0, place - 0.5), 1, 1, transform=across, color=PALE, linewidth=0, zorder=0,
            clip_on=False,
        )
    )  # fmt: skip
