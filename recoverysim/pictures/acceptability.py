"""How likely each change is worth its cost, by what a year of life in full health may cost."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from recoverysim import words
from recoverysim.cost_words import A_DEATH
from recoverysim.pictures.differences import CAPTION_WIDTH, GREY, INK, SOFT

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure

    from recoverysim.studies.compare import Comparison
    from recoverysim.studies.contrast import Contrast

MOST, STEP = 50_000, 500  # pounds per QALY
COLOURS = ("#0072B2", "#A64B00", "#00785A", "#8A3A78")
DASHES = ("-", (0, (8, 3)), (0, (6, 2, 1, 2)), (0, (3, 2)), (0, (1, 1.5)))
APART = 0.045  # of the height, between names at the ends of lines


def draw(comparison: Comparison) -> matplotlib.figure.Figure:
    """A matplotlib figure of the last reported year; save it with `.savefig`."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, PercentFormatter

    figure = Figure(figsize=(9, 5.6), dpi=120, layout="constrained")
    axis = figure.subplots()
    lines = [
        line
        for number, one in enumerate(comparison.contrasts)
        if (line := _line(axis, one, number)) is not None
    ]
    _name(axis, lines)
    for at in _marked(comparison):
        axis.axvline(at, color=GREY, linewidth=0.8, linestyle=(0, (1, 3)), zorder=0)
    axis.axhline(0.5, color=GREY, linewidth=1, linestyle=(0, (4, 3)), zorder=0)
    axis.set_xlim(0, MOST)
    axis.set_ylim(0, 1)
    axis.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"£{x:,.0f}"))
    axis.yaxis.set_major_formatter(PercentFormatter(1))
    axis.set_xlabel("what a QALY may cost", fontsize=9, color=SOFT)
    axis.tick_params(colors=SOFT, labelsize=9)
    axis.spines[["top", "right"]].set_visible(False)
    _say_what_it_is(figure, comparison, named=len(lines))
    return figure


def _marked(comparison: Comparison) -> list[float]:
    return list(comparison.contrasts[0].appraisal.thresholds)


def _line(
    axis: matplotlib.axes.Axes, contrast: Contrast, number: int
) -> tuple[float, str, str] | None:
    """One curve: where it ends, its name and colour; None where there is nothing to draw, or where
    people are worse off: a saving bought with lives is not drawn as worth it."""
    if contrast.difference("qalys", contrast.years[-1], "all").mean() < 0:
        return None
    thresholds = range(0, MOST + 1, STEP)
    chances = contrast.appraisal.chances(contrast.years[-1], thresholds=thresholds)
    told = [(at, chance) for at, chance in zip(thresholds, chances, strict=True)
            if chance is not None]  # fmt: skip
    if not told:
        return None
    colour = COLOURS[number % len(COLOURS)]
    dashes = DASHES[number // len(COLOURS) % len(DASHES)]
    axis.plot(*zip(*told, strict=True), color=colour, linestyle=dashes, linewidth=1.8)
    return told[-1][1], contrast.scenario.scenario.name, colour


def _name(axis: matplotlib.axes.Axes, lines: list[tuple[float, str, str]]) -> None:
    """Names at the ends of lines, pushed apart where they would lie on each other."""
    lowest = APART * (len(lines) - 1)
    place = 1.0 + APART
    for left, (end, name, colour) in enumerate(sorted(lines, reverse=True)):
        place = max(min(end, place - APART), lowest - APART * left)
        axis.text(1.01, place, name, transform=axis.transAxes, va="center", fontsize=9.5,
                  color=colour)  # fmt: skip


def _say_what_it_is(
    figure: matplotlib.figure.Figure, comparison: Comparison, *, named: int
) -> None:
    first = comparison.contrasts[0]
    year = first.years[-1]
    later = f"; years after the third are {words.EXTRAPOLATED}" if year > words.TRIALS_REACH else ""
    figure.suptitle(
        f"How likely each change is worth its cost after {words.years(year)}, beside "
        f"“{comparison.baseline.scenario.name}”",
        x=0.01, ha="left", fontsize=13, fontweight="bold", color=INK,
    )  # fmt: skip
    over = "luck alone" if first.plan.knowledge == "none" else "luck and what is not known"
    missing = len(comparison.contrasts) - named
    said = (
        f"Share of what may be true ({over}) in which net benefit is above 0, in "
        f"{first.appraisal.pounds}; counted: {first.appraisal.counted}{later}. "
        f"Dotted: {_thresholds(comparison)} pounds per QALY. {A_DEATH}"
        + (
            f" Not drawn, for worse lives, no difference or too few repeats: {missing}."
            if missing
            else ""
        ),
        f"Simulated, not observed: {words.basis(comparison.stamp)}",
    )
    figure.supxlabel(
        "\n".join(textwrap.fill(part, CAPTION_WIDTH) for part in said),
        x=0.01, ha="left", fontsize=8.5, color=SOFT,
    )  # fmt: skip


def _thresholds(comparison: Comparison) -> str:
    return " and ".join(f"{at:,.0f}" for at in _marked(comparison))
