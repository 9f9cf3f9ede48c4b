"""Two factors and what comes of them: a shaded table, with the numbers where there is room."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from recoverysim import sweep_words
from recoverysim.pictures.differences import INK, SOFT
from recoverysim.pictures.rows import CAPTION, TITLE_WIDTH, Frame

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

MOST_WITH_NUMBERS, MOST_WITH_RANGES = 12, 6  # columns
SHADES = 40
LIGHT, DARK = "#F4F8FB", "#00466F"
LEAST_HEIGHT, ROW = 0.9, 0.42  # inches


def draw(
    names: tuple[str, str], values: tuple[Sequence[str], Sequence[str]],
    cells: np.ndarray, frame: Frame, scale_name: str,
) -> matplotlib.figure.Figure:  # fmt: skip
    """`names` and `values` of the factor downwards and of the one across; `cells` is float64 of
    (down, across, 3): mean, low, high, NaN where unknown. Save it with `.savefig`."""
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter

    down, across = values
    title = textwrap.wrap(frame.title, TITLE_WIDTH)
    caption = [line for part in frame.said for line in textwrap.wrap(part, CAPTION)]
    size = max(LEAST_HEIGHT, ROW * len(down))
    head, foot = 0.2 + 0.22 * len(title), 0.65 + 0.15 * len(caption)
    height = head + size + foot
    figure = Figure(figsize=(9, height), dpi=120)
    axis = figure.add_axes((0.2, foot / height, 0.64, size / height))
    # By lightness alone; of so few shades that nothing is drawn as dots, which pages refuse.
    colours = LinearSegmentedColormap.from_list("amount", [LIGHT, DARK], N=SHADES)
    drawn = axis.pcolormesh(np.ma.masked_invalid(cells[:, :, 0]), cmap=colours)
    drawn.set(edgecolor="white", linewidth=0.8)
    axis.set_yticks(np.arange(len(down)) + 0.5, down)
    axis.set_xticks(np.arange(len(across)) + 0.5, across)
    axis.set_ylabel("\n".join(textwrap.wrap(names[0], 28)), fontsize=9, color=INK)
    axis.set_xlabel(names[1], fontsize=9, color=INK)
    axis.tick_params(colors=SOFT, labelsize=8.5, length=0)
    axis.spines[:].set_visible(False)
    bar = figure.colorbar(
        drawn, cax=figure.add_axes((0.865, foot / height, 0.018, size / height))
    )  # fmt: skip
    bar.ax.tick_params(colors=SOFT, labelsize=8)
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.6g}".replace("-", "−")))
    bar.set_label("\n".join(textwrap.wrap(scale_name, 34)), fontsize=8, color=SOFT)
    bar.outline.set_visible(False)
    if len(across) <= MOST_WITH_NUMBERS:
        _numbers(axis, cells, ranges=len(across) <= MOST_WITH_RANGES)
    for number, one in enumerate(title):
        figure.text(0.01, 1 - 0.22 * (number + 1) / height, one, fontsize=12.5,
                    fontweight="bold", color=INK)  # fmt: skip
    figure.text(0.01, 0.08 / height, "\n".join(caption), fontsize=8.5, color=SOFT, va="bottom")
    return figure


def _numbers(axis: matplotlib.axes.Axes, cells: np.ndarray, *, ranges: bool) -> None:
    """The mean in each cell, and its interval under it; white on dark ground."""
    mean = cells[:, :, 0]
    low, high = np.nanmin(mean), np.nanmax(mean)
    places = sweep_words.places_for(
        [
            tuple(float(one) if np.isfinite(one) else None for one in cell)
            for cell in cells.reshape(-1, 3)
        ]
    )
    for i, j in np.ndindex(mean.shape):
        if not np.isfinite(mean[i, j]):
            axis.text(j + 0.5, i + 0.5, "–", ha="center", va="center", fontsize=8.5, color=SOFT)
            continue
        dark = high > low and (mean[i, j] - low) / (high - low) > 0.62
        said = sweep_words.near(float(mean[i, j]), places)
        if ranges and np.isfinite(cells[i, j]).all():
            ends = (sweep_words.near(float(one), places) for one in cells[i, j, 1:])
            said += f"\n({' to '.join(ends)})"
        axis.text(j + 0.5, i + 0.5, said, ha="center", va="center", fontsize=8, linespacing=1.1,
                  color="white" if dark else INK)  # fmt: skip
