"""How many more people are in recovery, year by year, with both ranges: a block a scenario."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from recoverysim import words
from recoverysim.outcomes import in_words

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

    from recoverysim.studies.compare import Comparison
    from recoverysim.studies.contrast import Contrast
    from recoverysim.studies.ratios import Row

BLUE, PALE, GREY, INK, SOFT = "#0072B2", "#E9F1F7", "#5A6570", "#1B2A33", "#41525C"
ROW_INCHES = 0.25
CAPTION_WIDTH = 146  # characters


def draw(comparison: Comparison) -> matplotlib.figure.Figure:
    """A matplotlib figure; save it with `.savefig`."""
    from matplotlib.figure import Figure

    blocks = [(contrast, _rows(contrast)) for contrast in comparison.contrasts]
    lines = sum(len(rows) + 1 for _, rows in blocks)
    figure = Figure(figsize=(9, 2.1 + ROW_INCHES * lines), dpi=120, layout="constrained")
    axis = figure.subplots()
    place = 0
    for number, (contrast, rows) in enumerate(blocks):
        if number % 2 == 0:
            axis.axhspan(place - 0.5, place + len(rows) + 0.5, color=PALE, linewidth=0, zorder=0)
        axis.text(
            0.008, place, contrast.scenario.scenario.name, transform=axis.get_yaxis_transform(),
            va="center", fontsize=11, fontweight="bold", color=INK,
        )  # fmt: skip
        for offset, row in enumerate(rows, start=1):
            _line(axis, place + offset, row)
        place += len(rows) + 1
    _finish(axis, place, [row for _, rows in blocks for row in rows])
    _say_what_it_is(figure, comparison)
    return figure


def _rows(contrast: Contrast) -> list[Row]:
    return [contrast.row("in_recovery", year) for year in contrast.years]


def _line(axis: matplotlib.axes.Axes, place: int, row: Row) -> None:
    """One year: thin bar for both, thick for luck, a dot for the mean, the numbers at the end."""
    assert row.difference is not None  # for this measure there always is one
    extrapolated = (row.year or 0) > words.TRIALS_REACH
    if row.low is not None and row.high is not None:
        axis.plot([row.low, row.high], [place] * 2, color=BLUE, linewidth=1.3)
    if row.low is not None and row.luck_low is not None and row.luck_high is not None:
        axis.plot(
            [row.luck_low, row.luck_high], [place] * 2, color=BLUE, linewidth=6, alpha=0.45,
            solid_capstyle="butt",
        )  # fmt: skip
    face = "white" if extrapolated else BLUE
    axis.plot(row.difference, place, "o", color=BLUE, markerfacecolor=face, markersize=5.5)
    in_line: dict[str, Any] = {
        "transform": axis.get_yaxis_transform(), "va": "center", "fontsize": 9.5,
    }  # fmt: skip
    axis.text(0.02, place, words.years(row.year or 0), color=SOFT, **in_line)
    axis.text(1.055, place, words.signed(row.difference), color=INK, ha="right", **in_line)
    ends = "unknown"
    if row.low is not None:
        ends = f"{words.signed(row.low)} to {words.signed(row.high)}"
    axis.text(1.08, place, ends, color=INK, **in_line)


def _finish(axis: matplotlib.axes.Axes, lines: int, rows: list[Row]) -> None:
    from matplotlib.ticker import MaxNLocator

    ends = [end for row in rows for end in (row.difference, row.low, row.high) if end is not None]
    low, high = min(*ends, -1.0), max(*ends, 1.0)
    room = 0.28 * (high - low)  # for the names of scenarios and years, left of the bars
    axis.set_xlim(low - room, high + 0.05 * (high - low))
    axis.set_ylim(lines - 0.5, -0.5)
    axis.axvline(0, color=GREY, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    axis.set_yticks([])
    axis.tick_params(colors=SOFT, labelsize=9)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.xaxis.set_major_formatter(lambda value, _: words.signed(value))
    axis.spines[["top", "right", "left"]].set_visible(False)
    axis.spines["bottom"].set_color("#C5CDD3")
    for x, heading, side in ((1.055, "mean", "right"), (1.08, "likely range", "left")):
        axis.text(x, -0.8, heading, transform=axis.get_yaxis_transform(), ha=side, fontsize=9,
                  color=SOFT)  # fmt: skip


def _say_what_it_is(figure: matplotlib.figure.Figure, comparison: Comparison) -> None:
    stamp = comparison.stamp
    extrapolated = ""
    if comparison.baseline.plan.years > words.TRIALS_REACH:
        extrapolated = f"Hollow dot: {words.EXTRAPOLATED}."
    figure.suptitle(
        "More or fewer people in recovery in every 1,000 than with "
        f"“{comparison.baseline.scenario.name}”",
        x=0.01, ha="left", fontsize=13, fontweight="bold", color=INK,
    )  # fmt: skip
    said = (
        f"In recovery: {in_words(comparison.definition)}. Dot: mean. Thick bar: luck alone. Thin "
        "bar: luck and what is not known (95%); where the range written beside it includes 0, a "
        f"difference is not established. {extrapolated}",
        f"Simulated, not observed: {words.basis(stamp)}",
    )
    figure.supxlabel(
        "\n".join(textwrap.fill(part, CAPTION_WIDTH) for part in said),
        x=0.01, ha="left", fontsize=8.5, color=SOFT,
    )  # fmt: skip
