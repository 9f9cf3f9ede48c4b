"""A funnel of places: the share linked to mutual aid, against how many people each had."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from recoverysim import words

if TYPE_CHECKING:
    import matplotlib.figure
    import polars

    from recoverysim.studies.result import Result

BLUE, GREY, INK, SOFT = "#0072B2", "#8A949B", "#1B2A33", "#41525C"
CAPTION_WIDTH = 118  # characters
LIMITS = {"95": (0, (4, 3)), "99_8": "solid"}
SAID = {
    "offered": "were offered an active link",
    "connected": "were at a meeting soon after care",
    "engaged": "went in 8 of 13 weeks",
    "not_followed": "did not follow an offer",
}


def draw(result: Result, *, by: str, measure: str, repeat: int) -> matplotlib.figure.Figure:
    """One repeat's services or workers as dots, each against what is expected of its people.

    Raises ValueError for a measure or repeat that there is not.
    """
    import polars as pl
    from matplotlib.figure import Figure

    if measure not in SAID:
        raise ValueError(f"measure should be one of {', '.join(SAID)}; found {measure!r}")
    table = result.linkage_quality(by).filter(measure=measure, repeat=repeat).sort("people")
    if table.is_empty():
        raise ValueError(f"repeat {repeat} has no {by} with 20 people or more")
    weights = table["people"].to_numpy()
    overall = float(np.average(table["expected"].to_numpy(), weights=weights))
    moved = overall - pl.col("expected")
    columns = ("share", *(f"{end}_{level}" for level in LIMITS for end in ("low", "high")))
    table = table.with_columns((pl.col(*columns) + moved) * 100)
    figure = Figure(figsize=(8, 5.2), dpi=120, layout="constrained")
    axis = figure.subplots()
    axis.axhline(100 * overall, color=GREY, linewidth=1)
    for level, style in LIMITS.items():
        people, low, high = _smooth(table, overall, level)
        for ends in (low, high):
            axis.plot(people, ends, color=GREY, linewidth=1, linestyle=style)
    axis.plot(table["people"], table["share"], "o", color=BLUE, markersize=6, alpha=0.85)
    axis.set_xlabel(f"people whose last link was with this {by}", color=SOFT)
    axis.set_ylabel(f"in every 100, {SAID[measure]}", color=SOFT)
    axis.set_ylim(0, min(100, max(1.25 * table["share"].to_numpy().max(), 10)))
    axis.tick_params(colors=SOFT)
    axis.spines[["top", "right"]].set_visible(False)
    _say_what_it_is(figure, result, by, measure, repeat)
    return figure


def _smooth(table: polars.DataFrame, overall: float, level: str) -> tuple[Any, Any, Any]:
    """Limits around the average over all sizes: each is some error over the root of people."""
    people = table["people"].to_numpy()
    half = (table[f"high_{level}"] - 100 * overall).to_numpy() * np.sqrt(people)
    error = float(np.median(half))
    sizes = np.linspace(people.min(), people.max(), 100)
    low, high = (100 * overall + side * error / np.sqrt(sizes) for side in (-1, 1))
    return sizes, np.clip(low, 0, 100), np.clip(high, 0, 100)


def _say_what_it_is(
    figure: matplotlib.figure.Figure, result: Result, by: str, measure: str, repeat: int
) -> None:
    figure.suptitle(
        f"Linked to mutual aid: how it differs between {by}s",
        x=0.01, ha="left", fontsize=13, fontweight="bold", color=INK,
    )  # fmt: skip
    said = (
        "Adjusted for main substance, earlier contact, mental-health need and goal; 20 people or "
        "more. Dashed: 95 of 100 places that are like all others would be inside; solid: 998 of "
        "1,000, allowing for how much places differ anyway. A dot outside is a reason to ask why, "
        "never a judgement of a worker; nobody has to go to mutual aid, and a target invites "
        "pressure.",
        f"Simulated, not observed: “{result.repeats.scenario.name}”, repeat {repeat}. "
        f"{words.basis(result.stamp)}",
    )
    figure.supxlabel(
        "\n".join(textwrap.fill(part, CAPTION_WIDTH) for part in said),
        x=0.01, ha="left", fontsize=8.5, color=SOFT,
    )  # fmt: skip
